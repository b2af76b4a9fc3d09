"""Applicants' files for a qualification: near its boundaries, with any facts missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import Any

from attrs import Factory, define, frozen
from hypothesis import strategies as st

from kutsereeglid.applicant import About, Kind, Null
from kutsereeglid.compiling import compile_qualification
from kutsereeglid.conditions import Leaf
from kutsereeglid.conditions.comparison import NO_FACTS, SOMETHING_ELSE, Comparison, Fact
from kutsereeglid.conditions.days import OnDay
from kutsereeglid.conditions.duration import Time
from kutsereeglid.conditions.items import Listed
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.measures import Counted
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.conditions.spells import Spells
from kutsereeglid.dates import (
    Calendar,
    CountingBack,
    MonthEnd,
    Shift,
    Term,
    end_of_term,
    plus_days,
    start_of_term,
)
from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.facts import RecordType, Vocabulary
from kutsereeglid.phrases import Phrase
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Ruleset

File = dict[str, Any]
Draw = st.DrawFn

DAY = date(2026, 3, 10)
"""The middle of the world in which generated rulesets and applicants live; terms in it are short."""

_HOW = Calendar("UTC", "EE", MonthEnd.CLAMP, CountingBack.SUBTRACT, Shift.STAY, Shift.STAY)


# What a qualification's rules speak of.


@define
class _Spoken:
    """The facts, records and values that leaves name."""

    facts: dict[str, list[Any]] = Factory(dict)
    records: dict[str, dict[str, list[Any]]] = Factory(dict)
    judgements: set[str] = Factory(set)
    terms: set[Term] = Factory(set)
    days: set[date] = Factory(set)

    def phrase(self, phrase: Phrase) -> None:
        for path in phrase.paths():
            self.facts.setdefault(path, [])
        self.terms |= {*phrase.terms()}
        self.days |= {*phrase.fixed_days()}

    def comparison(self, comparison: Comparison, about: About, values: list[Any]) -> None:
        for phrase, _ in comparison.phrases():
            self.phrase(phrase)
        if about.kind is not Kind.DAY:
            values += [value for value in comparison.samples(about) if value != float("inf")]

    def selection(self, selection: Selection) -> None:
        kind = selection.kind
        fields = self.records.setdefault(kind.path, {})
        for name in (*(kind.spans or ()), *((kind.dated_by,) if kind.dated_by else ())):
            fields.setdefault(name, [])
        for test in selection.tests:
            values = fields.setdefault(test.name, [])
            self.comparison(test.comparison, kind.fields[test.name], values)
            values += test.judge
            if test.judge and kind.verdict is not None:
                fields.setdefault(kind.verdict, [None, False, True])
        if selection.window is not None:
            for phrase in selection.window.phrases():
                self.phrase(phrase)
        for name, inner in selection.inner.items():
            fields.setdefault(name, [])
            self.selection(inner)

    def spells(self, spells: Spells) -> None:
        self.selection(spells.selection)
        fields = self.records[spells.selection.kind.path]
        if spells.each_until is not None:
            fields.setdefault(spells.each_until, [])
        if spells.weighed:
            fields.setdefault("workload", [0.5, 1])
        inside = spells.inner is None and "suspensions" in spells.selection.kind.inner
        if inside and not spells.counting.suspended_counts:
            fields.setdefault("suspensions", [])
            self.records.setdefault(f"{spells.selection.kind.path}.suspensions", {"start": [], "end": []})


@singledispatch
def _speak(leaf: Leaf, spoken: _Spoken) -> None:
    raise NotImplementedError(f"a family that generated applicants do not know: {type(leaf).__name__}")


@_speak.register
def _(leaf: Fact, spoken: _Spoken) -> None:
    spoken.comparison(leaf.comparison, leaf.about, spoken.facts.setdefault(leaf.path, []))
    for phrase, _ in leaf.phrases():
        spoken.phrase(phrase)


@_speak.register
def _(leaf: OnDay, spoken: _Spoken) -> None:
    for phrase, _ in leaf.phrases():
        spoken.phrase(phrase)


@_speak.register
def _(leaf: Measured, spoken: _Spoken) -> None:
    assert isinstance(leaf.measure, Counted)
    selection = leaf.measure.selection
    spoken.selection(selection)
    if leaf.measure.summed is not None:
        amount = float(leaf.needed.given)
        values = spoken.records[selection.kind.path].setdefault(leaf.measure.summed, [])
        values += [max(0, amount + step) for step in (-1, -0.5, 0, 0.5)] + [amount / 2, 0, 1]


@_speak.register
def _(leaf: Time, spoken: _Spoken) -> None:
    for phrase, _ in leaf.phrases():
        spoken.phrase(phrase)
    spoken.terms |= {*leaf.needed.results(NO_FACTS)}
    spoken.spells(leaf.spells)


@_speak.register
def _(leaf: Listed, spoken: _Spoken) -> None:
    spoken.facts.setdefault(leaf.path, [])


@_speak.register
def _(leaf: Judged, spoken: _Spoken) -> None:
    spoken.judgements.add(leaf.question)


def _spoken(ruleset: Ruleset, name: str) -> _Spoken:
    compiled = compile_qualification(ruleset, name, {})
    made = _Spoken()
    blanks = [f"<{blank}>" for blank in sorted(ruleset.blanks)]  # as the items are named that rules speak of
    for path in compiled.lists:
        made.facts[path] = [*((blank,) for blank in blanks), tuple(blanks[:2])]
    for one in compiled.propositions:
        if one.due is not None:
            made.phrase(one.due)
        if one.leaf is not None:
            _speak(one.leaf, made)
    return made


# Applicants.


def applicants(
    qualification: str, *, rulebook: Rulebook | None = None, complete: bool = False
) -> st.SearchStrategy[File]:
    """Applicants' files for a qualification (``id`` or ``ruleset:id``), as `cases` makes them."""
    return cases(qualification, rulebook=rulebook, complete=complete).map(lambda case: case[0])


def cases(
    qualification: str, *, rulebook: Rulebook | None = None, complete: bool = False
) -> st.SearchStrategy[tuple[File, date]]:
    """An applicant's file and a day of evaluation. Days lie near the boundaries that the newest version's
    rules set; with ``complete`` no fact is missing that they ask for."""
    most = 0 if complete else 3
    return forgetting(qualification, rulebook=rulebook, most=most).map(
        lambda made: (made[0][-1].file, made[1])
    )


@frozen
class Forgotten:
    """A file from which one fact more is gone, and that fact's path (empty where nothing is gone yet)."""

    file: File
    path: str


@st.composite
def forgetting(
    draw: Draw, qualification: str, *, rulebook: Rulebook | None = None, most: int = 3
) -> tuple[list[Forgotten], date]:
    """A complete file, the same with one fact gone, with two gone, and so on; and a day of evaluation."""
    book = rulebook if rulebook is not None else shipped_rulebook()
    newest = book.find(qualification, None)
    spoken = _spoken(newest, qualification.rpartition(":")[2])
    vocabulary = newest.vocabulary
    maker = _Maker(draw, spoken, vocabulary, max(DAY, newest.in_force_from))
    made = [Forgotten(maker.file(), "")]
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 2, 3])) if most else 0):
        file = deepcopy(made[-1].file)
        if (path := _forget(draw, file, _with_null(vocabulary))) is not None:
            made.append(Forgotten(file, path))
    as_of = maker.day() if draw(st.booleans()) else draw(st.sampled_from(maker.days))
    return made, max(as_of, newest.in_force_from)


class _Maker:
    """Draws one file; days are drawn near days that are there already, or a term away from them."""

    def __init__(self, draw: Draw, spoken: _Spoken, vocabulary: Vocabulary, middle: date) -> None:
        self.draw, self.spoken, self.vocabulary, self.middle = draw, spoken, vocabulary, middle
        self.days: list[date] = [middle, *sorted(spoken.days)]

    def day(self) -> date:
        anchor = self.draw(st.sampled_from(self.days))
        terms: list[Term] = sorted(self.spoken.terms, key=str)
        away: bool = self.draw(st.booleans())
        if terms and away:
            count = self.draw(st.sampled_from([end_of_term, start_of_term]))
            anchor = count(anchor, self.draw(st.sampled_from(terms)), _HOW)
        step = self.draw(st.sampled_from([0, 0, 0, -1, 1, -1, 1, 2, -2, 5, -7, 11]))
        made = plus_days(anchor, step)
        self.days.append(made)
        return made

    def file(self) -> File:
        made: File = {}
        for path, values in sorted(self.spoken.facts.items()):
            about = self.vocabulary.facts[path]
            holder = made
            *above, name = path.split(".")
            for one in above:
                holder = holder.setdefault(one, {})
            holder[name] = self.value(about, values)
        for path in sorted(self.spoken.records):
            if path.rpartition(".")[0] in self.spoken.records:
                continue
            holder = made
            *above, name = path.split(".")
            for one in above:
                holder = holder.setdefault(one, {})
            holder[name] = self.records(self.vocabulary.records[path])
        if self.spoken.judgements:
            made["judgements"] = {one: self.draw(st.booleans()) for one in sorted(self.spoken.judgements)}
        return made

    def value(self, about: About, values: Iterable[Any]) -> Any:
        if about.kind is Kind.DAY:
            ahead = about.null is Null.AHEAD and self.draw(st.integers(0, 4)) == 0
            return None if ahead else self.day().isoformat()
        known = [value for value in values if value is not None]
        if about.kind is Kind.NUMBER:
            return self.draw(st.sampled_from(_numbers(about, known)))
        if about.kind is Kind.YES_NO:
            return self.draw(st.booleans())
        if about.kind is Kind.TEXTS:
            return list(self.draw(st.sampled_from([*map(tuple, known), ()])))
        if about.null is not Null.NOT_KNOWN and self.draw(st.integers(0, 4)) == 0:
            return None
        closed = about.kind is Kind.CHOICE
        usual = [value for value in known if not closed or value in about.choices] or list(about.choices)
        others = list(about.choices) if closed else [*about.choices, SOMETHING_ELSE]
        return self.draw(st.sampled_from([*usual, *usual, *others]))

    def records(self, kind: RecordType) -> list[File]:
        count = self.draw(st.sampled_from([0, 1, 1, 2, 2, 3]))
        return [self.record(kind) for _ in range(count)]

    def record(self, kind: RecordType) -> File:
        made: File = {}
        spoken = self.spoken.records[kind.path]
        for name, values in sorted(spoken.items()):
            if name in (kind.spans or ()):
                continue
            if name in kind.inner:
                made[name] = self.records(kind.inner[name])
            elif name == kind.verdict:
                verdict = self.draw(st.sampled_from([None, False, True, True]))
                made |= {} if verdict is None else {name: verdict}
            else:
                made[name] = self.value(kind.fields[name], values)
        if kind.spans is not None and kind.spans[0] in spoken:
            first, last = kind.spans
            start, end = sorted([self.day(), self.day()])
            made[first] = start.isoformat()
            ongoing = kind.fields[last].null is not Null.NOT_KNOWN and self.draw(st.integers(0, 4)) == 0
            made[last] = None if ongoing else end.isoformat()
        return made


def _numbers(about: About, values: Iterable[Any]) -> list[float]:
    """What a file may hold, of the values near which the answer changes."""
    numbers = [float(value) if isinstance(value, Fraction) else value for value in values]
    if about.whole:
        numbers = [int(number) for number in numbers]
    most = float("inf") if about.most is None else about.most
    return [*(number for number in numbers if number <= most), *([1, 2] if about.least else [0, 1])]


def _with_null(vocabulary: Vocabulary) -> frozenset[str]:
    """The names of the fields in which ``null`` means something."""
    fields = [*vocabulary.facts.items()]
    fields += [item for records in vocabulary.records.values() for item in records.fields.items()]
    return frozenset(path.rpartition(".")[2] for path, about in fields if about.null is not Null.NOT_KNOWN)


def _forget(draw: Draw, file: File, with_null: frozenset[str]) -> str | None:
    """Takes one fact out of the file, or makes it ``null`` where that means not known; its path."""
    places = list(_places(file, ""))
    if not places:
        return None
    path, holder, key = draw(st.sampled_from(places))
    if draw(st.booleans()) or key in with_null or isinstance(holder[key], dict):
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
