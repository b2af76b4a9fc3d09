"""Selecting records by their fields: ``where: {type: employment-certificate, signed_by: employer}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from attrs import field, frozen

from kutsereeglid.applicant import ABSENT, About, Kind, Null
from kutsereeglid.conditions.amounts import exact
from kutsereeglid.conditions.base import Variable, acts_of, values_of
from kutsereeglid.conditions.comparison import (
    NO_CALENDAR,
    NO_DAY,
    NO_FACTS,
    OR_NONE,
    SOMETHING_ELSE,
    Comparison,
    SameAs,
    Test,
    shown,
)
from kutsereeglid.dates import AHEAD, PLAIN, Calendar, not_after
from kutsereeglid.decision import EITHER, Part
from kutsereeglid.facts import Facts, Record, RecordType, each
from kutsereeglid.phrases import Phrase, Window
from kutsereeglid.units import Units


@frozen(eq=False, repr=False)
class FieldTest:
    """One field of a record, compared; with the values in ``judge`` a person must say."""

    name: str
    comparison: Comparison
    judge: tuple[str, ...] = ()
    units: Units | None = None
    """For a number whose records say in what unit it is; one that cannot be converted fails."""

    def value(self, record: Record) -> Any:
        """What is compared: ``ABSENT`` when it is not known, ``None`` when it cannot be converted."""
        if self.units is None:
            return record.get(self.name)
        if self._factor(record) is None:
            return None
        return record.amount(self.name, self.units, record.kind.fields[self.name].unit)

    def in_record(self, values: list[Any], record: Record) -> list[Any]:
        """Values to compare, as the record has them in its own unit."""
        factor = self._factor(record) if self.units is not None else Fraction(1)
        return values if factor in (None, 1) else [exact(value) / factor for value in values]

    def _factor(self, record: Record) -> Fraction | None:
        """How many of the field's own unit one of the record's is."""
        unit, to = record.unit_of(self.name), record.kind.fields[self.name].unit
        if self.units is None or unit is None or to is None:
            return None
        named = self.units.named(unit)
        return None if named is None or named not in self.units.alike(to) else self.units.factor(named, to)

    def judged(self, value: Any) -> bool:
        """Whether a person must say of this value."""
        return any(one in self.judge for one in (value if isinstance(value, tuple) else (value,)))


@frozen(eq=False, repr=False)
class Selection:
    """Records of one list that pass every test; ``inner`` selects among the lists inside a record."""

    kind: RecordType = field(hash=False)
    tests: tuple[FieldTest, ...] = ()
    inner: Mapping[str, Selection] = field(factory=dict, hash=False)
    window: Window | None = None
    """The days in which the record must be dated, or in which time counts."""
    either: tuple[Selection, ...] = ()
    """Further tests, of which those of one selection must be passed too."""
    having: Mapping[str, Selection] = field(factory=dict, hash=False)
    """For lists inside a record: what one of their records must pass."""

    @property
    def _parts(self) -> tuple[Selection, ...]:
        return *self.either, *self.inner.values(), *self.having.values()

    @property
    def tests_days(self) -> bool:
        """Whether a day of a record is compared."""
        return any(self.kind.fields[test.name].kind is Kind.DAY for test in self.tests) or any(
            other.tests_days for other in self.either
        )

    def phrases(self) -> Iterator[Phrase]:
        """The days that records or their fields are compared with."""
        yield from self.window.phrases() if self.window is not None else ()
        for test in self.tests:
            yield from test.comparison.days()
        for other in self._parts:
            yield from other.phrases()

    def others(self) -> Iterator[SameAs]:
        """The facts that fields are compared with."""
        for test in self.tests:
            yield from test.comparison.others()
        for other in self._parts:
            yield from other.others()

    def passes(self, record: Record, facts: Facts, day: date, how: Calendar) -> bool:
        """Whether the record is selected, its fields known or assumed, whenever it is dated."""
        verdict = self.verdict(record)
        if verdict is False:
            return False
        for test in self.tests:
            value = test.value(record)
            if value is ABSENT:  # it cannot matter: all values do alike, or another field rules it out
                if test.comparison.hangs_on_facts:
                    continue
                value = self._samples(test, self.kind.fields[test.name])[-1]
            if test.comparison.holds(value, facts, day, how):
                continue
            if not test.judge or not (verdict is True or (test.judged(value) and self.judged(record))):
                return False
        if not self._has(record, facts, day, how):
            return False
        return not self.either or any(other.passes(record, facts, day, how) for other in self.either)

    def _has(self, record: Record, facts: Facts, day: date, how: Calendar) -> bool:
        """Whether the lists inside the record have what is asked for."""
        for name, wanted in self.having.items():
            parts = record.inner(name)
            if isinstance(parts, list):
                if not any(wanted.passes(part, facts, day, how) for part in parts):
                    return False
            elif parts is False:  # assumed to have none
                return False
        return True

    def _lacks(self, record: Record, days: Sequence[date]) -> list[Variable] | None:
        """What is not known of the lists inside the record; ``None`` when they have not what is asked for."""
        found: list[Variable] = []
        for name, wanted in self.having.items():
            parts = record.inner(name)
            if parts is ABSENT:
                found.append(values_of(f"{record.path}.{name}", (False, True)))
                continue
            lacking = [one for part in each(parts) if (one := wanted.unknown(part, days)) is not None]
            if not lacking:
                return None
            if all(lacking):  # else one of them passes in any case
                found += [variable for one in lacking for variable in one]
        return found

    def verdict(self, record: Record) -> Any:
        """What the body has judged of the record: true, false, or ``ABSENT``."""
        name = self.kind.verdict
        if name is None:
            return ABSENT
        raw = getattr(record.raw, name, ABSENT)
        return ABSENT if raw is None else raw

    def judged(self, record: Record) -> bool:
        """The judgement that is assumed where a person must still say."""
        return record.facts.assumed(f"{record.path}.{self.kind.verdict}") is True

    def asked(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        """The facts that fields are compared with, when they are not known."""
        for other in dict.fromkeys(self.others()):
            known: list[Any] = []
            for record, test in product(each(facts.records(self.kind)), self.tests):
                value = record.get(test.name)
                if value is not ABSENT:
                    known.append(value)
                else:  # it may be what another test of the field asks for
                    samples = test.comparison.samples(self.kind.fields[test.name])
                    known += [one for one in samples if isinstance(one, str)]
            new = "".join([SOMETHING_ELSE, *map(str, known)])  # like none of them
            yield from other.variables(facts, days, list(dict.fromkeys([new, *known])))

    def dated(self, record: Record, days: Sequence[date]) -> Iterator[Variable]:
        """The day of the record, when it is not known."""
        dated_by = self.kind.dated_by
        if dated_by is not None and record.get(dated_by) is ABSENT:
            source = record.source_of(dated_by)
            since = record.get(self.kind.spans[0]) if self.kind.spans is not None else ABSENT
            since = date.min if since is ABSENT else since
            if self.window is None:
                yield acts_of(source, since)
            else:
                yield values_of(source, [day for day in days if day >= since], ordered=False)

    def unknown(self, record: Record, days: Sequence[date]) -> list[Variable] | None:
        """The fields that are tested and not known; ``None`` when those known rule the record out."""
        verdict = self.verdict(record)
        if verdict is False:
            return None
        unknown: list[Variable] = []
        for test in self.tests:
            about = self.kind.fields[test.name]
            value = test.value(record)
            path = record.source_of(test.name)
            accepted = f"{record.path}.{self.kind.verdict}"
            if value is ABSENT:
                if verdict is True and test.judge:
                    continue
                if test.comparison.hangs_on_facts:
                    unknown.append(values_of(path, self._any_value(test, about, record, days), ordered=False))
                elif len(values := self._samples(test, about)) > 1:
                    unknown.append(values_of(path, test.in_record(values, record)))
                if test.judge:
                    unknown.append(values_of(accepted, (False, True)))
                continue
            if test.comparison.hangs_on_facts or test.comparison.holds(value, NO_FACTS, NO_DAY, NO_CALENDAR):
                continue
            if test.judge and verdict is True:
                continue
            if not test.judged(value):
                return None
            unknown.append(values_of(accepted, (False, True)))
        inside = self._lacks(record, days)
        if inside is None:
            return None
        unknown += inside
        if self.either:
            others = [other.unknown(record, days) for other in self.either]
            if all(other is None for other in others):
                return None
            unknown += [variable for other in others for variable in other or ()]
        return unknown

    def _any_value(self, test: FieldTest, about: About, record: Record, days: Sequence[date]) -> list[Any]:
        """Values of a field that is compared with other facts."""
        if about.kind is Kind.DAY:
            lasting = self.kind.spans if self.kind.spans and test.name in self.kind.spans else None
            start, end = (record.get(name) for name in lasting) if lasting else (ABSENT, ABSENT)
            earliest, latest = date.min if start is ABSENT else start, AHEAD if end is ABSENT else end
            values = [*days, AHEAD] if about.null is not Null.NOT_KNOWN else days
            return [value for value in values if earliest <= value <= latest]
        known = [value for other in test.comparison.others() for value in other.known(record.facts, PLAIN)]
        known = [*self._samples(test, about), *known]
        if about.kind is Kind.TEXT:
            known.append("".join([SOMETHING_ELSE, *map(str, known)]))  # like none of them
        return list(dict.fromkeys(known))

    def _samples(self, test: FieldTest, about: About) -> list[Any]:
        """Values of the field, those that fail first, then those to be judged, then those that pass."""
        values = test.comparison.samples(about)
        values += [value for value in test.judge if value not in values]
        if test.comparison.hangs_on_facts:
            return values

        def favour(value: Any) -> tuple[int, bool]:
            holds = test.comparison.holds(value, NO_FACTS, NO_DAY, NO_CALENDAR)
            return 2 if holds else int(test.judged(value)), self._needs_no_day(test.name, value)

        ordered = sorted(values, key=favour)
        return ordered if favour(ordered[0])[0] != favour(ordered[-1])[0] or test.judge else ordered[-1:]

    def _needs_no_day(self, name: str, value: Any) -> bool:
        return any(about.not_needed_when == (name, value) for about in self.kind.fields.values())

    def there(self, record: Record, day: date) -> bool:
        """Whether the record is there by that day: done by it, or begun by it."""
        name = self.kind.dated_by or (self.kind.spans and self.kind.spans[0])
        return name is None or bool(record.get(name) <= day)

    def counts(self, record: Record, day: date, bounds: tuple[date, date] | None) -> bool:
        """Whether the record is there by that day, and, with a window's bounds, dated in it or lasting
        on one of its days."""
        if bounds is None:
            return self.there(record, day)
        first, last = bounds[0], min(bounds[1], day)
        if self.kind.dated_by is not None:
            dated = record.get(self.kind.dated_by)
            return not_after(first, dated) and not_after(dated, last)
        start, end = (record.get(name) for name in self.kind.spans or ())
        if end is ABSENT:  # it cannot matter: the window has no first day
            end = AHEAD
        return bool(max(first, start) <= min(last, end))

    def to_come(self, begin: date, facts: Facts, day: date, how: Calendar) -> tuple[date, date, date] | None:
        """The first and the last day on which a record may be dated, or begin, that comes from ``begin``
        on and is selected by its fields, and the last on which it may end; ``None`` when none may."""
        found = []
        for tests in [(*self.tests, *other.tests) for other in self.either] or [self.tests]:
            low, high, end = begin, AHEAD, AHEAD
            for test in tests:
                first, last = test.comparison.span(facts, day, how)
                if test.name == (self.kind.dated_by or (self.kind.spans and self.kind.spans[0])):
                    low, high = max(low, first), min(high, last)
                elif self.kind.dated_by is None and self.kind.spans and test.name == self.kind.spans[1]:
                    end = min(end, last)
                elif first > last or (first == AHEAD and self._settled(test)):  # on no day at all
                    low = AHEAD
                    high = date.min
            if low <= min(high, end):
                found.append((low, min(high, end), end))
        if not found:
            return None
        lows, highs, ends = zip(*found, strict=True)
        return min(lows), max(highs), max(ends)

    def _settled(self, test: FieldTest) -> bool:
        """Whether a field is a day that cannot be left open."""
        about = self.kind.fields[test.name]
        return about.kind is Kind.DAY and about.null is Null.NOT_KNOWN

    def bounds(self, facts: Facts, day: date, how: Calendar) -> tuple[date, date] | None:
        return None if self.window is None else self.window.bounds(facts, day, how)

    def days(self, facts: Facts) -> Iterator[date]:
        """The known days of the records that may be selected."""
        for record in each(facts.records(self.kind)):
            yield from self.days_of(record)

    def days_of(self, record: Record) -> Iterator[date]:
        tested = [test.name for test in self.tests if self.kind.fields[test.name].kind is Kind.DAY]
        for name in (*(self.kind.spans or ()), self.kind.dated_by, *tested):
            if name is not None and (value := record.get(name)) is not ABSENT:
                yield value

    def message(self) -> tuple[tuple[str, str], ...]:
        return (
            tuple(
                (_asked(test.name, part), shown(part.operand))
                for test in self.tests
                for part in test.comparison.tests
                if part.word != OR_NONE
            )
            + ((("within", str(self.window)),) if self.window is not None else ())
            + tuple(
                item for other in (*self.inner.values(), *self.having.values()) for item in other.message()
            )
            + tuple(item for other in self.either for item in (EITHER, *other.message()))
            + ((EITHER,) if self.either else ())
        )

    def asks(self, key: str, *more: tuple[str, str]) -> Part:
        return Part(key, (("records", self.kind.path), *more, *self.message()))


def _asked(name: str, test: Test) -> str:
    """The wording's key of a test: the field, and the word that compares it."""
    word = "same_as" if isinstance(test.operand, SameAs) and test.word == "is" else test.word
    return f"where {name} {word}"


_TESTABLE = (Kind.TEXT, Kind.CHOICE, Kind.TEXTS, Kind.NUMBER, Kind.YES_NO, Kind.DAY)


def testable(about: About) -> bool:
    """Whether a ``where`` may test a field of this kind."""
    return about.kind in _TESTABLE
