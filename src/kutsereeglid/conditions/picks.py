"""One selected record by name, the latest or the earliest: ``exists``, its fields, and its days elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import product
from typing import Any

import attrs
from attrs import evolve, field, frozen

from kutsereeglid.applicant import ABSENT, About, Kind
from kutsereeglid.conditions.amounts import Amount, Table, size
from kutsereeglid.conditions.base import FAR, LONG_AGO, Leaf, Moment, Variable, values_of
from kutsereeglid.conditions.comparison import Comparison, SameAs, shown
from kutsereeglid.conditions.measures import Supposed
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import AHEAD, Calendar, NoCorrespondingDay, plus_days
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts, Record, each
from kutsereeglid.phrases import Phrase, Today, UnknownDay


@frozen(eq=False, repr=False)
class Imagined:
    """A record that a list which is not known may hold."""

    day: date
    values: dict[str, Any]

    def get(self, name: str) -> Any:
        """What is imagined of a field; of one that is not looked at, the day on which the record is there."""
        return self.values.get(name, self.day)


@frozen
class Pick:
    """The record with the latest, or earliest, value of a field; records that tie are all taken."""

    name: str
    selection: Selection = field(eq=False)
    by: str
    latest: bool

    def records(self, facts: Facts, day: date, how: Calendar) -> list[Any]:
        """The records taken on a judged day; none when none is selected. Raises `UnknownDay`."""
        found = facts.records(self.selection.kind)
        if found is ABSENT:
            raise UnknownDay(self.selection.kind.path)
        if isinstance(found, Supposed):
            return [one for one in found.picked if one.day <= day]
        if any(self.selection.unknown(one, ()) for one in found):  # whether it is selected
            raise UnknownDay(self.selection.kind.path)
        there: list[Any] = [
            one for one in found if self.selection.passes(one, facts, day, how) and self._there(one, day)
        ]
        if self.name in facts.taken:
            there.append(facts.taken[self.name])
        values = [one.get(self.by) for one in there]
        if any(value is ABSENT for value in values):
            raise UnknownDay(self.selection.kind.path)
        best = (max if self.latest else min)(values, default=None)
        return [one for one in there if one.get(self.by) == best]

    def _there(self, record: Record, day: date) -> bool:
        dated = [record.get(name) for name in (self.dated,) if name is not None]
        if ABSENT in dated:
            raise UnknownDay(self.selection.kind.path)
        return all(one <= day for one in dated)

    @property
    def dated(self) -> str | None:
        """The field with the day from which on a record is there."""
        kind = self.selection.kind
        return kind.dated_by or (kind.spans and kind.spans[0])

    def begin(self, as_of: date) -> date:
        """The first day of a record that may be added."""
        return as_of if self.selection.kind.dated_by else plus_days(as_of, 1)

    def may_be_taken(self, best: Any, day: date, as_of: date, *, alone: bool = False) -> bool:
        """Whether a record that is added by a day may be taken besides one with this value, or ``alone``, in
        place of it."""
        about, spans = self.selection.kind.fields[self.by], self.selection.kind.spans
        if about.kind is not Kind.DAY:
            least, most = about.least, about.most
            return best != (most if self.latest else least) if alone else True
        lasting = self.by != self.dated
        if lasting and (self.latest or spans is None or self.by != spans[1]):  # any day there is
            return not alone or best != AHEAD
        limit = day if self.latest else self.begin(as_of)
        better = limit > best if self.latest else limit < best
        return bool(better or (limit == best and not alone))

    def to_come(
        self, names: Collection[str], facts: Facts, day: date, as_of: date, how: Calendar
    ) -> Iterator[Imagined]:
        """Records that may be there by a day, from the first day that they can be or on that day alone, over
        at once or as late as can be; ``names`` are the days that are looked at."""
        coming = self.selection.to_come(self.begin(as_of), facts, day, how)
        if coming is None:
            return
        first, last, end = coming
        about = self.selection.kind.fields[self.by]
        lasting = self.dated != self.selection.kind.dated_by
        for start in dict.fromkeys((first, min(day, last))):
            if not first <= start <= min(day, last):
                continue
            others = dict.fromkeys([start, end] if lasting else [LONG_AGO, start, FAR])
            rest = [name for name in names if name != self.dated]
            for values in product(others, repeat=len(rest)):
                made: dict[str, Any] = dict(zip(rest, values, strict=True))
                if about.kind is not Kind.DAY:
                    made[self.by] = (about.most or _MOST) if self.latest else about.least
                yield Imagined(start, made if self.dated is None else {**made, self.dated: start})

    def variables(
        self, facts: Facts, days: Sequence[date], fields: dict[str, list[Any]]
    ) -> Iterator[Variable]:
        """What is not known of the records; ``fields`` are those that are looked at, with their values."""
        kind = self.selection.kind
        found = facts.records(kind)
        yield from self.selection.asked(facts, days)
        if found is ABSENT:
            yield values_of(kind.path, self._imagined(days, fields, facts.as_of), ordered=False)
        for record in each(found):
            unknown = self.selection.unknown(record, days)
            if unknown is None:
                continue
            # Which record is taken hangs on which are selected: none of their fields has an order of favour.
            yield from (evolve(variable, ordered=False) for variable in unknown)
            dated = {self.dated, self.by}
            for name in dated - {None}:
                assert name is not None
                if record.get(name) is ABSENT:
                    about = kind.fields[name]
                    path = record.source_of(name) if name == kind.dated_by else f"{record.path}.{name}"
                    yield values_of(path, _in_order(record, name, _values(about, days)), ordered=False)
            for name, values in fields.items():
                if record.get(name) is ABSENT and name not in dated:
                    known = _in_order(record, name, values or _values(kind.fields[name], days))
                    yield values_of(record.source_of(name), known, ordered=False)

    def _imagined(self, days: Sequence[date], fields: dict[str, list[Any]], as_of: date) -> list[Any]:
        about = self.selection.kind.fields
        by_day = about[self.by].kind is Kind.DAY
        numbers = [] if by_day else _values(about[self.by], days)
        made = [Supposed()]
        for name, values in (fields or {self.by: []}).items():
            for value in values or _values(about[name], days):
                since = [date.min, as_of, plus_days(as_of, 1)]
                if isinstance(value, date) and name in (self.by, self.dated):
                    ends_on = self.dated is not None and name != self.dated  # it is there from another day on
                    since = [*(day for day in since if day < value), value] if ends_on else [value]
                ends = [{}] if by_day else [{self.by: one} for one in (numbers[0], numbers[-1])]
                made += [
                    Supposed(picked=(Imagined(day, {**end, name: value}),)) for day in since for end in ends
                ]
        return made

    def days(self, facts: Facts) -> Iterator[date]:
        yield from self.selection.days(facts)
        about = self.selection.kind.fields[self.by]
        for record in each(facts.records(self.selection.kind)):
            if about.kind is Kind.DAY and (value := record.get(self.by)) is not ABSENT:
                yield value


def _in_order(record: Record, name: str, values: list[Any]) -> list[Any]:
    """The values with which a record does not end before it begins, as far as its other day is known."""
    start, end = record.kind.spans or ("", "")
    if name == start and (last := record.get(end)) is not ABSENT:
        return [one for one in values if one <= last]
    if name == end and (first := record.get(start)) is not ABSENT:
        return [one for one in values if one >= first]
    return values


_MOST = 10**6


def _values(about: About, days: Sequence[date]) -> list[Any]:
    if about.kind is Kind.DAY:
        return list(days)
    if about.kind is Kind.NUMBER:
        return list(range(1, 9)) if about.most is not None else [0, 1, 2, 1000]
    return ["something else", *about.choices]


@frozen
class PickedDay(Phrase):
    """A day of the record taken: the latest such day of those that tie, or the earliest."""

    pick: Pick
    field: str

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        days = [record.get(self.field) for record in self.pick.records(facts, today, how)]
        if any(day is ABSENT for day in days):
            raise UnknownDay(f"{self.pick.selection.kind.path}.{self.field}")
        return (max if self.pick.latest else min)(days, default=AHEAD)

    def moves(self, facts: Facts) -> bool:
        return any(day > facts.as_of for day in self.pick.days(facts))

    def may_move(self, facts: Facts) -> bool:
        return True

    def monotone(self) -> bool:
        return False

    def rests_on(self) -> Iterator[Phrase]:
        for phrase in self.pick.selection.phrases():
            yield phrase
            yield from phrase.rests_on()

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        yield from self.pick.variables(facts, days, {self.field: []})

    def known_days(self, facts: Facts) -> Iterator[date]:
        yield from self.pick.days(facts)
        for record in each(facts.records(self.pick.selection.kind)):
            if (value := record.get(self.field)) is not ABSENT:
                yield value

    def __str__(self) -> str:
        return f"{self.pick.name}.{self.field}"


@frozen
class SamePicked(SameAs):
    """The value of a field of the record taken; ``path`` is how it is written."""

    pick: Pick
    field: str

    def values(self, facts: Facts, day: date, how: Calendar) -> tuple[Any, ...]:
        return tuple(record.get(self.field) for record in self.pick.records(facts, day, how))

    def known(self, facts: Facts, how: Calendar) -> tuple[Any, ...]:
        values = [record.get(self.field) for record in each(facts.records(self.pick.selection.kind))]
        return tuple(value for value in values if value is not ABSENT)

    def variables(self, facts: Facts, days: Sequence[date], values: Sequence[Any]) -> Iterator[Variable]:
        return self.pick.variables(facts, days, {self.field: list(values)})


def in_any(
    can: Callable[[Facts, date], bool], phrases: Sequence[Phrase], facts: Facts, day: date, how: Calendar
) -> bool:
    """Whether something can be by a day, with the facts as they are or with a record to come of those that are
    taken by name; the phrases are all that hangs on these."""
    seen: list[tuple[date, ...]] = []
    for made in _with_records_to_come(phrases, facts, day, how):
        with suppress(NoCorrespondingDay):
            days = tuple([phrase.day(made, day, how) for phrase in phrases])
            if days not in seen and can(made, day):
                return True
            seen.append(days)
    return False


def _with_records_to_come(
    phrases: Sequence[Phrase], facts: Facts, day: date, how: Calendar
) -> Iterator[Facts]:
    yield facts
    looked_at: dict[Pick, set[str]] = {}
    for phrase in phrases:
        for one in _picked(phrase):
            looked_at.setdefault(one.pick, set()).add(one.field)
    for pick, names in looked_at.items():
        by = {pick.by} if pick.selection.kind.fields[pick.by].kind is Kind.DAY else set()
        for record in pick.to_come(sorted(names | by), facts, day, facts.as_of, how):
            yield facts.taking(pick.name, record)


def _picked(phrase: Phrase) -> Iterator[PickedDay]:
    """The days of picked records that a phrase hangs on."""
    if isinstance(phrase, PickedDay):
        yield phrase
    for part in phrase.parts():
        yield from _picked(part)


def with_today(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Those of the phrases that hang on a day of a record that is taken by name, with the judged day in place of
    that day, on which a record to come may be there."""
    return [_with_today(phrase) for phrase in phrases if any(True for _ in _picked(phrase))]


def _with_today(phrase: Phrase) -> Phrase:
    if isinstance(phrase, PickedDay):
        return Today()
    return phrase.with_parts(tuple(map(_with_today, phrase.parts())))


def _of_pick(phrase: Phrase, pick: Pick) -> Iterator[PickedDay]:
    """The days of a picked record that a phrase hangs on."""
    return (one for one in _picked(phrase) if one.pick == pick)


@frozen(eq=False, repr=False)
class Looked(Amount):
    """What a table says for a field of the record taken; `given` is the table's name. Where there is no
    such record, it is what the table says otherwise."""

    hangs_on_records = True
    table: Table
    pick: Pick
    field: str

    def of(self, facts: Facts, day: date, how: Calendar) -> Any:
        found = self.pick.records(facts, day, how)
        results = [self.table.look_up(record.get(self.field)) for record in found]
        return min(results, key=size) if results else self.table.otherwise

    def results(self, facts: Facts) -> Iterable[Any]:
        return {*(row.result for row in self.table.rows), self.table.otherwise}

    def reachable(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Iterable[Any]:
        about = self.pick.selection.kind.fields[self.field]
        now = self.of(facts, day, how)
        if day < self.pick.begin(as_of):
            return (now,)
        values = self.table.samples(about)
        found = self.pick.records(facts, day, how)
        if found and self.field == self.pick.by:
            best = found[0].get(self.field)
            if best is None:
                values = [] if self.pick.latest else values
            else:
                values = [value for value in values if (value >= best if self.pick.latest else value <= best)]
        elif found and not self.pick.may_be_taken(found[0].get(self.pick.by), day, as_of):
            values = []
        return (now, *map(self.table.look_up, values))

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        about = self.pick.selection.kind.fields[self.field]
        return self.pick.variables(facts, days, {self.field: self.table.samples(about)})

    def phrases(self) -> Iterator[Phrase]:
        return self.pick.selection.phrases()

    def days(self, facts: Facts) -> Iterator[date]:
        return self.pick.days(facts)


@frozen(eq=False, repr=False)
class OfPicked(Leaf):
    """``fact: last-job.kind, is: internship``, or ``exists: last-job``: there is such a record, and its
    field (that of one of those that tie) passes."""

    pick: Pick
    name: str | None = None
    comparison: Comparison | None = None
    positive: bool = True
    head = "fact"

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.pick.selection.kind.dated_by is not None and self.positive

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        days = self.comparison.days() if self.comparison is not None else ()
        for phrase in (*self.pick.selection.phrases(), *days):
            yield phrase, None

    def later_is_better(self, facts: Facts) -> bool | None:
        return None

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.pick.days(facts)

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        fields: dict[str, list[Any]] = {}
        if self.name is not None and self.comparison is not None:
            about = self.pick.selection.kind.fields[self.name]
            fields[self.name] = [] if about.kind is Kind.DAY else self.comparison.samples(about)
        return self.pick.variables(facts, days, fields)

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        found = self.pick.records(facts, day, how)
        if self.name is None or self.comparison is None:
            return bool(found) is self.positive
        values = [record.get(self.name) for record in found]
        passed = any(
            value is not ABSENT and self.comparison.holds(value, facts, day, how) for value in values
        )
        return passed is self.positive

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of, begin = moment.as_of, self.pick.begin(moment.as_of)
        phrases = [phrase for phrase, _ in self.phrases()]

        def can(day: date) -> bool:
            if self.holds(facts, day, how):
                return True
            if day < begin or (self.name is None and not self.positive):
                return False
            found = self.pick.records(facts, day, how)
            if not found:  # a new one is the only one
                return self.positive and self._may_pass(facts, day, as_of, how)
            best = found[0].get(self.pick.by)
            taken = self.pick.may_be_taken(best, day, as_of, alone=not self.positive)
            return taken and self._may_pass(facts, day, as_of, how, best)

        own = bool(self._own)

        def marks() -> Iterable[date]:
            return (begin, *self.known_days(facts), *([FAR] if own else []))

        return first_day(can, phrases, marks, as_of, facts, how, by, gradual=own)

    @property
    def _own(self) -> set[str]:
        """The fields of the same record that the field is compared with."""
        days = self.comparison.days() if self.comparison is not None else ()
        return {one.field for phrase in days for one in _of_pick(phrase, self.pick)}

    def _may_pass(self, facts: Facts, day: date, as_of: date, how: Calendar, best: Any = ABSENT) -> bool:
        """Whether the field of a record that is added by a day, and taken in place of one with a value, may
        pass."""
        if self.name is None or self.comparison is None:
            return True
        about = self.pick.selection.kind.fields[self.name]
        begin = self.pick.begin(as_of)
        if self._own:
            return self._may_pass_itself(facts, day, begin, how, best)
        if about.kind is Kind.DAY:
            near = [phrase.day(facts, day, how) for phrase in self.comparison.days()]
            values: list[Any] = [begin, day, *(plus_days(one, step) for one in near for step in (-1, 0, 1))]
        else:
            values = self.comparison.samples(about)
        spans = self.pick.selection.kind.spans
        if self.name == self.pick.dated:
            values = [one for one in values if begin <= one <= day]
        elif spans is not None and self.name == spans[1]:
            values = [one for one in values if begin <= one]
        if self.name == self.pick.by and best is not ABSENT:
            values = [one for one in (*values, best) if (one >= best if self.pick.latest else one <= best)]
        return any(self.comparison.holds(one, facts, day, how) is self.positive for one in values)

    def _may_pass_itself(self, facts: Facts, day: date, begin: date, how: Calendar, best: Any) -> bool:
        """The same where the field is compared with other days of the same record."""
        pick, name, comparison, dated = self.pick, self.name, self.comparison, self.pick.dated
        assert name is not None
        assert comparison is not None
        names = [one for one in {*self._own, name, pick.by} if one != dated]
        steps = {plus_days(end, step) for end in (begin, plus_days(day, -3)) for step in range(4)}
        for start in sorted(one for one in steps if begin <= one <= day):
            others = [start, AHEAD] if pick.selection.kind.spans else [LONG_AGO, start, FAR]
            for values in product(others, repeat=len(names)):
                fields = dict(zip(names, values, strict=True))
                made = Imagined(start, fields if dated is None else {**fields, dated: start})
                taken = made.get(pick.by)
                if best is not ABSENT and (taken < best if pick.latest else taken > best):
                    continue
                alone = facts.supposing(pick.selection.kind, Supposed(picked=(made,)))
                with suppress(NoCorrespondingDay):
                    if comparison.holds(made.get(name), alone, day, how) is self.positive:
                        return True
        return False

    def negated(self) -> OfPicked:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        compared = self.comparison.message() if self.comparison is not None else ()
        if self.name is None:
            key, values = "some", (("records", self.pick.selection.kind.path), *self.pick.selection.message())
        else:
            key, values = "fact", (("fact", f"{self.pick.name}.{self.name}"), *compared)
        return Part(key if self.positive else f"not {key}", values)

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        records = self.pick.records(facts, moment.day, how)
        if not records:
            return Part("given none")
        value = records[0].get(self.name) if self.name is not None else ABSENT
        return None if value is ABSENT else Part("given", (("value", shown(value)),))
