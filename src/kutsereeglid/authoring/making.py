"""Making applicants' files for a qualification: near its boundaries, with any facts missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import Any

import attrs
from attrs import Factory, define, frozen

from kutsereeglid.applicant import About, Kind, Null
from kutsereeglid.authoring.choices import Choices
from kutsereeglid.compiling import compile_qualification
from kutsereeglid.conditions.amounts import Amount, Lookup, Multiple
from kutsereeglid.conditions.balance import Balance
from kutsereeglid.conditions.chosen import ByFact, ByPicked, Chosen
from kutsereeglid.conditions.comparison import NO_FACTS, SOMETHING_ELSE, Comparison, Fact, SameAs
from kutsereeglid.conditions.items import Listed
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.measures import Counted, Measure
from kutsereeglid.conditions.picks import Looked, OfPicked, Pick, PickedDay, SamePicked
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.conditions.sharing import Need
from kutsereeglid.conditions.spells import Spells
from kutsereeglid.conditions.threshold import Threshold
from kutsereeglid.dates import (
    Calendar,
    CountingBack,
    MonthDay,
    MonthEnd,
    Shift,
    Term,
    end_of_term,
    plus_days,
    start_of_term,
)
from kutsereeglid.facts import RecordType, Vocabulary
from kutsereeglid.phrases import FactDay, FixedDay, RoundDay
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Ruleset

File = dict[str, Any]

DAY = date(2026, 3, 10)
"""The middle of the world in which generated rulesets and applicants live; terms in it are short."""

COUNTED_PLAINLY = Calendar("UTC", "EE", MonthEnd.CLAMP, CountingBack.SUBTRACT, Shift.STAY, Shift.STAY)


# What a qualification's rules speak of.


@define
class _Spoken:
    """The facts, records and values that leaves name."""

    facts: dict[str, list[Any]] = Factory(dict)
    records: dict[str, dict[str, list[Any]]] = Factory(dict)
    judgements: set[str] = Factory(set)
    terms: set[Term] = Factory(set)
    days: set[date] = Factory(set)

    def fact(self, path: str) -> list[Any]:
        return self.facts.setdefault(path, [])

    def fields(self, kind: RecordType) -> dict[str, list[Any]]:
        """The fields of a list's records that are named, with the days that date a record."""
        fields = self.records.setdefault(kind.path, {})
        for name in (*(kind.spans or ()), *((kind.dated_by,) if kind.dated_by else ())):
            fields.setdefault(name, [])
        return fields

    def field(self, kind: RecordType, name: str) -> list[Any]:
        return self.fields(kind).setdefault(name, [])

    def compared(self, comparison: Comparison, about: About, values: list[Any]) -> None:
        _note_parts(comparison, self)
        if about.kind is not Kind.DAY:
            values += [value for value in comparison.samples(about) if value != float("inf")]


def _note_parts(whole: object, spoken: _Spoken) -> None:
    inside: Iterable[Any] = ()
    if isinstance(whole, (tuple, list)):
        inside = whole
    elif isinstance(whole, Mapping):
        inside = whole.values()
    elif attrs.has(kind := type(whole)):
        inside = [getattr(whole, one.name) for one in attrs.fields(kind)]
    for one in inside:
        _note(one, spoken)


@singledispatch
def _note(part: object, spoken: _Spoken) -> None:
    """Notes what a part of a condition names, or else what it is made of."""
    _note_parts(part, spoken)


@_note.register
def _(term: Term, spoken: _Spoken) -> None:
    spoken.terms.add(term)


@_note.register
def _(phrase: FixedDay, spoken: _Spoken) -> None:
    spoken.days.add(phrase.fixed)


@_note.register
def _(phrase: FactDay, spoken: _Spoken) -> None:
    spoken.fact(phrase.path)


@_note.register
def _(phrase: RoundDay, spoken: _Spoken) -> None:
    spoken.days |= {*phrase.fixed_days()}
    _note_parts(phrase.parts(), spoken)


@_note.register
def _(phrase: PickedDay, spoken: _Spoken) -> None:
    spoken.field(phrase.pick.selection.kind, phrase.field)
    _note(phrase.pick, spoken)


@_note.register
def _(day: MonthDay, spoken: _Spoken) -> None:
    spoken.days |= {*day.near(DAY)}


@_note.register
def _(phrase: Chosen, spoken: _Spoken) -> None:
    by = phrase.by
    if isinstance(by, ByFact):
        spoken.fact(by.path).extend(phrase.table.samples(by.about))
    elif isinstance(by, ByPicked):
        kind = by.pick.selection.kind
        spoken.field(kind, by.field).extend(phrase.table.samples(kind.fields[by.field]))
        _note(by.pick, spoken)
    spoken.days |= {*phrase.fixed_days()}
    _note_parts(phrase.parts(), spoken)


@_note.register
def _(pick: Pick, spoken: _Spoken) -> None:
    _note(pick.selection, spoken)
    values = spoken.field(pick.selection.kind, pick.by)
    values += [] if pick.selection.kind.fields[pick.by].kind is Kind.DAY else [1, 3, 4, 5, 6]


@_note.register
def _(leaf: OfPicked, spoken: _Spoken) -> None:
    _note(leaf.pick, spoken)
    if leaf.name is not None and leaf.comparison is not None:
        kind = leaf.pick.selection.kind
        spoken.compared(leaf.comparison, kind.fields[leaf.name], spoken.field(kind, leaf.name))


@_note.register
def _(other: SamePicked, spoken: _Spoken) -> None:
    spoken.field(other.pick.selection.kind, other.field)
    _note(other.pick, spoken)


@_note.register
def _(other: SameAs, spoken: _Spoken) -> None:
    spoken.fact(other.path)


@_note.register
def _(leaf: Fact, spoken: _Spoken) -> None:
    spoken.compared(leaf.comparison, leaf.about, spoken.fact(leaf.path))
    for phrase, _ in leaf.phrases():
        _note(phrase, spoken)


@_note.register
def _(selection: Selection, spoken: _Spoken) -> None:
    kind = selection.kind
    fields = spoken.fields(kind)
    for test in selection.tests:
        values = fields.setdefault(test.name, [])
        spoken.compared(test.comparison, kind.fields[test.name], values)
        values += test.judge
        if test.judge and kind.verdict is not None:
            fields.setdefault(kind.verdict, [None, False, True])
        for other in test.comparison.others():
            values += kind.fields[test.name].choices
            same = [value for value in values if isinstance(value, str)]
            if isinstance(other, SamePicked):
                spoken.field(other.pick.selection.kind, other.field).extend(same)
            else:
                spoken.fact(other.path).extend(same)
    for name in selection.inner:
        fields.setdefault(name, [])
    _note_parts((selection.inner, selection.window, selection.either), spoken)


@_note.register
def _(spells: Spells, spoken: _Spoken) -> None:
    _note_parts(spells, spoken)
    kind = spells.selection.kind
    fields = spoken.fields(kind)
    if spells.each_until is not None:
        fields.setdefault(spells.each_until, [])
    if spells.in_one is not None:
        spoken.field(kind, spells.in_one).extend(_two_of(kind.fields[spells.in_one]))
    if spells.weighed:
        fields.setdefault("workload", []).extend([0.5, 1])
    if spells.inner is None and "suspensions" in kind.inner and not spells.counting.suspended_counts:
        fields.setdefault("suspensions", [])
        spoken.fields(kind.inner["suspensions"])


@_note.register
def _(measure: Counted, spoken: _Spoken) -> None:
    _note(measure.selection, spoken)
    kind = measure.selection.kind
    if measure.distinct is not None:
        spoken.field(kind, measure.distinct).extend(_two_of(kind.fields[measure.distinct]))
    if measure.in_one is not None and measure.period is None:
        spoken.field(kind, measure.in_one).extend(_two_of(kind.fields[measure.in_one]))
    if measure.cap is not None:
        _near(measure, float(measure.cap), spoken)
    if measure.summed is not None:
        usual = [0, 1, 2] if measure.worth is None else measure.worth.samples(kind.fields[measure.summed])
        spoken.field(kind, measure.summed).extend(usual)


@_note.register
def _(leaf: Measured, spoken: _Spoken) -> None:
    _note_parts((leaf.measure, leaf.needed), spoken)
    if type(leaf.needed) is Amount:
        _near(leaf.measure, float(leaf.needed.given), spoken)


@_note.register
def _(leaf: Balance, spoken: _Spoken) -> None:
    _note_parts((leaf.of_all, leaf.part), spoken)
    if leaf.weight is not None:
        spoken.field(leaf.of_all.selection.kind, leaf.weight).extend([0, 1, 2])
    if leaf.part is None:
        _near(leaf.of_all, float(leaf.bound), spoken)


@_note.register
def _(need: Need, spoken: _Spoken) -> None:
    _note(need.measure, spoken)
    _near(need.measure, float(need.needed), spoken)


def _near(measure: Measure, amount: float, spoken: _Spoken) -> None:
    """Numbers of which one or two come to an amount."""
    if isinstance(measure, Counted) and measure.summed is not None and measure.worth is None:
        steps = [max(0, amount + step) for step in (-1, -0.5, 0, 0.5)]
        spoken.field(measure.selection.kind, measure.summed).extend([*steps, amount / 2])


@_note.register
def _(amount: Multiple, spoken: _Spoken) -> None:
    spoken.fact(amount.path).extend([0.5, 1, 2])


@_note.register
def _(amount: Lookup, spoken: _Spoken) -> None:
    values = spoken.fact(amount.path)
    if amount.about.kind is not Kind.DAY:
        values += amount.table.samples(amount.about)
    spoken.days |= {*amount.days(NO_FACTS)}
    _note_parts([*amount.results(NO_FACTS)], spoken)


@_note.register
def _(amount: Looked, spoken: _Spoken) -> None:
    _note(amount.pick, spoken)
    kind = amount.pick.selection.kind
    spoken.field(kind, amount.field).extend(amount.table.samples(kind.fields[amount.field]))
    _note_parts([*amount.results(NO_FACTS)], spoken)


@_note.register
def _(leaf: Threshold, spoken: _Spoken) -> None:
    _note(leaf.needed, spoken)
    amounts = [float(amount) for amount in leaf.needed.results(NO_FACTS)] if not isinstance(leaf.needed, Multiple) else [1.0, 2.0, 4.0]  # fmt: skip
    spoken.fact(leaf.path).extend(max(0, one + step) for one in amounts for step in (-1, 0, 1))


@_note.register
def _(leaf: Listed, spoken: _Spoken) -> None:
    spoken.fact(leaf.path)


@_note.register
def _(leaf: Judged, spoken: _Spoken) -> None:
    spoken.judgements.add(leaf.question)


def _two_of(about: About) -> list[Any]:
    """Values of a field of which different ones are counted."""
    if about.kind is Kind.TEXTS:
        return [("one",), ("one", "other"), ("other",)]
    return list(about.choices[:2]) if about.kind is Kind.CHOICE else ["one", "other"]


def _spoken(ruleset: Ruleset, name: str, readings: Iterable[Mapping[str, str]]) -> _Spoken:
    made = _Spoken()
    blanks = [f"<{blank}>" for blank in sorted(ruleset.blanks)]  # as the items are named that rules speak of
    for chosen in readings:
        compiled = compile_qualification(ruleset, name, chosen)
        for path in compiled.lists:
            made.facts[path] = [*((blank,) for blank in blanks), tuple(blanks[:2])]
        for one in compiled.propositions:
            _note_parts((one.due, one.leaf), made)
    return made


# Files.


@frozen
class Forgotten:
    """A file from which one fact more is gone, and that fact's path (empty where nothing is gone yet)."""

    file: File
    path: str


class Asked:
    """What a qualification's rules speak of, from which files are made; those of its newest version, if none is
    named, under each of the readings."""

    def __init__(
        self,
        qualification: str,
        rulebook: Rulebook,
        ruleset: Ruleset | None = None,
        readings: Iterable[Mapping[str, str]] = ({},),
    ) -> None:
        newest = rulebook.find(qualification, None) if ruleset is None else ruleset
        self.spoken = _spoken(newest, qualification.rpartition(":")[2], readings)
        self.vocabulary = newest.vocabulary
        self.in_force_from = newest.in_force_from
        self.in_force_to = newest.in_force_to or date.max
        self.terms = sorted(self.spoken.terms, key=str)
        self.with_null = _with_null(self.vocabulary)

    def forgetting(self, choices: Choices, *, complete: bool = False) -> tuple[list[Forgotten], date]:
        """As the function of that name, by these choices."""
        maker = _Maker(choices, self)
        made = [Forgotten(maker.file(), "")]
        for _ in range(0 if complete else choices.one_of(0, 1, 1, 1, 2, 3)):
            file = deepcopy(made[-1].file)
            if (path := _forget(choices, file, self.with_null)) is not None:
                made.append(Forgotten(file, path))
        as_of = choices.among(maker.days) if choices.often() else maker.day()
        return made, self.in_force(as_of)

    def in_force(self, day: date) -> date:
        """The day, or the nearest on which the ruleset is in force."""
        return min(max(day, self.in_force_from), self.in_force_to)


class _Maker:
    """Makes one file; days are taken near days that are there already, or a term away from them."""

    def __init__(self, choices: Choices, asked: Asked) -> None:
        self.choices, self.asked, self.spoken = choices, asked, asked.spoken
        self.days: list[date] = [max(DAY, asked.in_force_from), *sorted(asked.spoken.days)]

    def day(self) -> date:
        anchor = self.choices.among(self.days)
        if self.asked.terms and self.choices.often():
            count = self.choices.one_of(end_of_term, start_of_term)
            anchor = count(anchor, self.choices.among(self.asked.terms), COUNTED_PLAINLY)
        made = plus_days(anchor, self.choices.one_of(0, 0, 0, -1, 1, -1, 1, 2, -2, 5, -7, 11))
        self.days.append(made)
        return made

    def file(self) -> File:
        made: File = {}
        for path, values in sorted(self.spoken.facts.items()):
            _put(made, path, self.value(self.asked.vocabulary.facts[path], values))
        for path in sorted(self.spoken.records):
            if path.rpartition(".")[0] not in self.spoken.records:
                _put(made, path, self.records(self.asked.vocabulary.records[path]))
        if self.spoken.judgements:
            made["judgements"] = {one: self.choices.often() for one in sorted(self.spoken.judgements)}
        return made

    def value(self, about: About, values: Iterable[Any]) -> Any:
        choices = self.choices
        if about.kind is Kind.DAY:
            return None if about.null is Null.AHEAD and choices.seldom() else self.day().isoformat()
        known = [value for value in values if value is not None]
        if about.kind is Kind.NUMBER:
            return choices.among(_numbers(about, known))
        if about.kind is Kind.YES_NO:
            return choices.often()
        if about.kind is Kind.TEXTS:
            return list(choices.among([*map(tuple, known), ()]))
        if about.null is not Null.NOT_KNOWN and choices.seldom():
            return None
        closed = about.kind is Kind.CHOICE
        usual = [value for value in known if not closed or value in about.choices] or list(about.choices)
        others = list(about.choices) if closed else [*about.choices, SOMETHING_ELSE]
        value = choices.among([*usual, *usual, *others])
        return list(value) if isinstance(value, tuple) else value

    def records(self, kind: RecordType) -> list[File]:
        return [self.record(kind) for _ in range(self.choices.one_of(0, 1, 1, 2, 2, 3))]

    def record(self, kind: RecordType) -> File:
        made: File = {}
        spoken = self.spoken.records[kind.path]
        for name, values in sorted(spoken.items()):
            if name in (kind.spans or ()):
                continue
            if name in kind.inner:
                made[name] = self.records(kind.inner[name])
            elif name == kind.verdict:
                verdict = self.choices.one_of(None, False, True, True)
                made |= {} if verdict is None else {name: verdict}
            else:
                made[name] = self.value(kind.fields[name], values)
        if kind.spans is not None and kind.spans[0] in spoken:
            first, last = kind.spans
            start, end = sorted([self.day(), self.day()])
            made[first] = start.isoformat()
            endless = kind.fields[last].null is not Null.NOT_KNOWN and self.choices.seldom()
            made[last] = None if endless else end.isoformat()
        return made


def _put(file: File, path: str, value: Any) -> None:
    *above, name = path.split(".")
    for one in above:
        file = file.setdefault(one, {})
    file[name] = value


def _numbers(about: About, values: Iterable[Any]) -> list[float]:
    """What a file may hold, of the values near which the answer changes."""
    numbers = [float(value) if isinstance(value, Fraction) else value for value in values]
    if about.whole:
        numbers = [int(number) for number in numbers]
    most = float("inf") if about.most is None else about.most
    least = about.least or 0
    return [*(number for number in numbers if least <= number <= most), least, least + 1]


def _with_null(vocabulary: Vocabulary) -> frozenset[str]:
    """The names of the fields in which ``null`` means something."""
    fields = [*vocabulary.facts.items()]
    fields += [item for records in vocabulary.records.values() for item in records.fields.items()]
    return frozenset(path.rpartition(".")[2] for path, about in fields if about.null is not Null.NOT_KNOWN)


def _forget(choices: Choices, file: File, with_null: frozenset[str]) -> str | None:
    """Takes one fact out of the file, or makes it ``null`` where that means not known; its path."""
    places = list(_places(file, ""))
    if not places:
        return None
    path, holder, key = choices.among(places)
    if choices.often() or key in with_null or isinstance(holder[key], dict):
        del holder[key]
    else:
        holder[key] = None
    return str(path)


def _places(value: Any, path: str) -> Iterator[tuple[str, File, str]]:
    """Every path in a file, with the mapping and the key that it ends in."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _places(one, f"{path}[{number}]")
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            yield here, value, key
            yield from _places(inner, here)
