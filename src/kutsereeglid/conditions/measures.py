"""What records come to: how many there are, how many different ones, or the sum of a field of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from attrs import evolve, frozen

from kutsereeglid.applicant import ABSENT, Kind, Null
from kutsereeglid.conditions.amounts import Table, exact, written
from kutsereeglid.conditions.base import FAR, Variable, act_on, values_of
from kutsereeglid.conditions.comparison import (
    NO_CALENDAR,
    NO_DAY,
    NO_FACTS,
    SOMETHING_ELSE,
    Comparison,
)
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import AHEAD, Calendar, Run, plus_days
from kutsereeglid.facts import Ended, Facts, Record, each
from kutsereeglid.phrases import Phrase
from kutsereeglid.units import Units

LAST = AHEAD.toordinal()
BOUNDLESS = Fraction(10**15)
"""More than any amount that is asked for: what can be added without end."""


@frozen(eq=False, repr=False)
class Supposed:
    """Stands for a list that is not known."""

    amount: Fraction = Fraction(0)
    """What its records come to, all of them done on one day."""
    day: date = date.min
    run: Run = (1, 0)
    """The days on which its records last."""
    picked: tuple[Any, ...] = ()
    """The record that is taken by name."""

    @property
    def days(self) -> set[date]:
        """The days on which something of it is done, begins, or lasts up to."""
        last = {date.fromordinal(self.run[1])} if self.run[0] <= self.run[1] else set[date]()
        return ({self.day, *(one.day for one in self.picked)} | last) - {date.min}

    def together(self, other: Supposed) -> Supposed:
        """A list that holds what both hold."""
        lasting = max(self, other, key=lambda one: one.run[1] - one.run[0])
        done = max(self, other, key=lambda one: one.amount)
        return Supposed(done.amount, done.day, lasting.run, self.picked or other.picked)


class Measure:
    """An amount of what is in the file, which what is added to the file may increase."""

    __slots__ = ()
    by_acts = False

    def phrases(self) -> Iterator[Phrase]:
        """The days that it is measured by."""
        return iter(())

    def known_days(self, facts: Facts) -> Iterable[date]:
        """The days in the file that it looks at."""
        return ()

    def variables(self, facts: Facts, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        """The facts that it lacks, each from the least to the most; ``enough`` is the greatest amount
        that may be asked for."""
        raise NotImplementedError

    def grows(self, facts: Facts) -> bool:
        """Whether it only grows as time passes, in a window that does not move."""
        return True

    def gains(self, facts: Facts) -> bool:
        """Whether the most that it can come to is never less by a later day, in a window that does not move."""
        return False

    def amount(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> Fraction:
        """What it comes to by a day; with ``cut``, what goes on without an end ends then."""
        raise NotImplementedError

    def most(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Fraction:
        """The most that it can come to by a day, whatever is added from the day of evaluation on."""
        raise NotImplementedError

    def begin(self, as_of: date) -> date:
        """The first day of what may be added."""
        raise NotImplementedError

    def marks(self, as_of: date, how: Calendar) -> Iterable[date]:
        """Days on which it may come to enough as time passes, besides those of its phrases."""
        return ()

    def message(self) -> tuple[tuple[str, str], ...]:
        """What is measured, for the wording."""
        raise NotImplementedError


@frozen(eq=False, repr=False)
class Counted(Measure):
    """The selected records that are there: each counts one, as much as its field `summed` says, or as
    much as a table says for that field; with `distinct`, each value of that field once."""

    selection: Selection
    summed: str | None = None
    distinct: str | None = None
    worth: Table | None = None
    units: Units | None = None
    """For numbers whose records say in what unit they are; one that cannot be converted counts nothing."""
    in_one: str | None = None
    """Only the records with one value of this field count together: the value with which they are the most."""
    cap: Fraction | None = None
    """With it, the values of the field `in_one` add up, each with this at most."""
    period: str | None = None
    """With it, the field `in_one` dates the records, and the day, month or year of that day is what counts."""

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.selection.kind.dated_by is not None

    def grows(self, facts: Facts) -> bool:
        kind = self.selection.kind  # what goes on, of which the end is asked for, may end
        asked = {test.name for one in (self.selection, *self.selection.either) for test in one.tests}
        return kind.dated_by is not None or not kind.may_end or (kind.spans or ("", ""))[1] not in asked

    def gains(self, facts: Facts) -> bool:
        return True

    def phrases(self) -> Iterator[Phrase]:
        return self.selection.phrases()

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.selection.days(facts)

    # What is missing.

    def variables(self, facts: Facts, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        yield from self.selection.asked(facts, days)
        found = facts.records(self.selection.kind)
        if found is ABSENT:
            yield self._unknown_list(days, enough)
        for record in each(found):
            yield from self._of(record, facts, days, enough)

    @property
    def path(self) -> str:
        return self.selection.kind.path

    def _unknown_list(self, days: Sequence[date], enough: Fraction) -> Variable:
        path = self.selection.kind.path
        none = Supposed()
        if self._worthless:
            return values_of(path, [none])
        if self.selection.window is not None:
            return values_of(path, [none, *(Supposed(enough + 1, day) for day in days)], ordered=False)

        def value(index: int, day: date) -> Supposed:
            return none if index == 0 else Supposed(enough + 1, act_on(index, day))

        return Variable(path, LAST, value)

    def _of(self, record: Record, facts: Facts, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        kind = self.selection.kind
        unknown = self.selection.unknown(record, days)
        if unknown is None:
            return
        amount = self._unknown_amount(record, facts, enough)
        yield from (variable for variable in unknown if amount is None or variable.path != amount.path)
        if amount is not None:
            yield amount
        if self.period is not None:
            yield from self._unknown_day(record, facts, days)
            return
        if self.in_one is not None and record.get(self.in_one) is ABSENT:
            yield group_of(record, self.in_one, each(facts.records(kind)))
        yield from self.selection.dated(record, days)
        if kind.dated_by is None and kind.spans is not None:
            window = self.selection.window
            yield from span_of(record, with_end=window is not None and window.first is not None)

    def _unknown_day(self, record: Record, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        """The day of a record of which only so much counts in each period: in one with others or not, or later."""
        if self.selection.window is not None:
            yield from self.selection.dated(record, days)
        elif record.get(self.in_one or "") is ABSENT:
            known = {one.get(self.in_one or "") for one in each(facts.records(self.selection.kind))} - {
                ABSENT
            }
            apart = [date(year, 1, 1) for year in range(1, 2 + len(facts.records(self.selection.kind)))]
            values = [*apart, *sorted(known), AHEAD]
            yield evolve(
                values_of(record.source_of(self.in_one or ""), values, ordered=False), if_due_is_known=True
            )

    def _unknown_amount(self, record: Record, facts: Facts, enough: Fraction) -> Variable | None:
        """The field that is added up, when it is not known: every number that the others may need of it."""
        name = self.summed or self.distinct
        if name is None or record.get(name) is not ABSENT:
            return None
        path, about = f"{record.path}.{name}", self.selection.kind.fields[name]
        all_records = [*each(facts.records(self.selection.kind))]
        tests = [test.comparison for test in self.selection.tests if test.name == name]
        tested = [value for one in tests for value in one.samples(about)]
        others = [one.get(name) for one in all_records if one.get(name) is not ABSENT]
        if self.distinct is not None:
            # What no other record is known to have, another one that is not known may have too.
            unknown = [f"{one.path}.{name}" for one in all_records if one.get(name) is ABSENT]
            fresh = [*unknown[: unknown.index(path) + 1], *([f"{path} alone"] if len(unknown) > 1 else [])]
            if about.kind is Kind.TEXTS:  # one record may have any number of texts that no other has
                sizes = range(ceil(enough) + 3)
                new = [tuple(f"{owner} {number}" for number in sizes[1:]) for owner in fresh]
                known = [(), *tested, *others]
                texts = [(*one, *some[:size]) for one in known for some in new for size in sizes]
                return values_of(path, list(dict.fromkeys(texts)), ordered=False)
            values = list(about.choices) if about.kind is Kind.CHOICE else fresh
            return values_of(path, list(dict.fromkeys([*tested, *others, *values])), ordered=False)
        if self.worth is not None:
            samples = list(dict.fromkeys([*self.worth.samples(about), *tested]))
            samples.sort(key=self.worth.look_up)
            return values_of(path, samples, ordered=not tests)
        numbers = [exact(number) for number in tested if number != float("inf")]
        if tests and not all(_grows(one) for one in tests):
            steps = {*numbers, enough, Fraction(0)}
            finer = {max(Fraction(0), step + shift) for step in steps for shift in (Fraction(-1, 2), Fraction(0), Fraction(1, 2), Fraction(1))}  # fmt: skip
            return values_of(path, [float(number) for number in sorted(finer)], ordered=False)
        if self.units is not None and self._unit is not None:
            named = self.units.named(record.unit_of(name) or "")
            if named in self.units.alike(self._unit):
                enough = max(enough, enough / self.units.factor(named, self._unit))
        step = max(number.denominator for number in (enough, self.cap or enough, *map(exact, others)))
        size = ceil((max([enough, *numbers]) + 1) * step) + 1
        return Variable(path, size, lambda index, _day: Fraction(index, step))

    # The amount.

    def amount(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> Fraction:
        found = facts.records(self.selection.kind)
        if isinstance(found, Supposed):
            first, last = self.selection.bounds(facts, day, how) or (date.min, AHEAD)
            bounds = first, min(day, last)
            amount = min(found.amount, self._room(*bounds))
            there = bounds[0] <= found.day <= bounds[1] and self._may_be_there(facts, day, bounds, how)
            return amount if there else Fraction(0)
        counted = [found[place] for place in self._counted(found, facts, day, how, cut)]
        if self.in_one is not None:
            sums = self._sums(counted, self.in_one)
            if self.cap is None:
                return max(sums.values(), default=Fraction(0))
            return sum((min(one, self.cap) for one in sums.values()), Fraction(0))
        if self.distinct is None:
            return sum(map(self._worth, counted), Fraction(0))
        return Fraction(len(self._different(counted)))

    def marks(self, as_of: date, how: Calendar) -> Iterable[date]:
        return (FAR,) if self.period is not None else ()  # it may come to more with each period

    def _may_be_there(self, facts: Facts, day: date, bounds: tuple[date, date], how: Calendar) -> bool:
        """Whether a record may be there in these days that its own days select."""
        if not self.selection.tests_days:
            return True
        first, last = bounds
        begin = first if self.selection.kind.dated_by is not None else date.min
        coming = self.selection.to_come(begin, facts, day, how)
        return coming is not None and coming[0] <= min(last, coming[1]) and first <= coming[2]

    def _room(self, first: date, last: date) -> Fraction:
        """The most that records between two days can come to, whatever they are."""
        if self.period is not None and self.cap is not None:
            return self.cap * max(0, _number_of(last, self.period) - _number_of(first, self.period) + 1)
        possible = self._possible()
        return (
            BOUNDLESS if possible is None else len(possible) * (Fraction(1) if self.cap is None else self.cap)
        )

    def _sums(self, records: Iterable[Record], name: str) -> dict[Any, Fraction]:
        """What the records with each value of a field, or of each period, come to."""
        sums: dict[Any, Fraction] = {}
        for record in records:
            value = record.get(name) if self.period is None else _number_of(record.get(name), self.period)
            sums[value] = sums.get(value, Fraction(0)) + self._worth(record)
        return sums

    def _different(self, records: Iterable[Record]) -> set[Any]:
        values = (record.get(self.distinct or "") for record in records)
        return {one for value in values for one in (value if isinstance(value, tuple) else (value,))}

    def _possible(self) -> set[Any] | None:
        """The values that a field may have of which each counts once, or so much, where they have an end."""
        name = self.distinct if self.cap is None else self.in_one
        if name is None or self.period is not None:
            return None
        about = self.selection.kind.fields[name]
        tests = [one.comparison for one in self.selection.tests if one.name == name]
        if about.kind is Kind.TEXTS or any(one.hangs_on_facts for one in tests):
            return None
        values = Comparison(tuple(test for one in tests for test in one.tests)).samples(about)
        passing = {
            one for one in values if all(test.holds(one, NO_FACTS, NO_DAY, NO_CALENDAR) for test in tests)
        }
        return None if SOMETHING_ELSE in passing else passing

    def _counted(
        self, found: list[Record], facts: Facts, day: date, how: Calendar, cut: date | None
    ) -> list[int]:
        """The places of the records that count."""
        bounds = self.selection.bounds(facts, day, how)
        return [
            place
            for place, record in enumerate(found)
            if self.selection.passes(record, facts, day, how)
            and self.selection.counts(record, day, bounds)
            and not (cut is not None and self._lost(record, facts, day, how, cut, bounds))
        ]

    def _lost(
        self,
        record: Record,
        facts: Facts,
        day: date,
        how: Calendar,
        cut: date,
        bounds: tuple[date, date] | None,
    ) -> bool:
        """Whether a lasting record that goes on, ended on that day, counts no more."""
        kind = record.kind
        if kind.dated_by is not None or kind.spans is None or not kind.may_end:
            return False
        start, end = (record.get(name) for name in kind.spans)
        if end != AHEAD:
            return False
        last = max(start, cut)
        if bounds is not None and last < bounds[0]:
            return True
        return not self.selection.passes(Ended(facts, record.path, kind, record.raw, last), facts, day, how)

    def each_worth(self, facts: Facts, day: date, how: Calendar, cut: date | None) -> dict[int, Fraction]:
        """What each record that counts gives, by its place in the list."""
        found = facts.records(self.selection.kind)
        return {place: self._worth(found[place]) for place in self._counted(found, facts, day, how, cut)}

    def _worth(self, record: Record) -> Fraction:
        if self.summed is None:
            return Fraction(1)
        value = record.get(self.summed)
        if self.worth is not None:
            return Fraction(self.worth.look_up(value))
        if self.units is not None:
            return record.amount(self.summed, self.units, self._unit) or Fraction(0)
        return value if isinstance(value, Fraction) else exact(value)

    @property
    def _unit(self) -> str | None:
        return None if self.summed is None else self.selection.kind.fields[self.summed].unit

    def may_gain(self, facts: Facts, day: date, as_of: date, how: Calendar) -> bool:
        """Whether a record that counts by a day may be added from the day of evaluation on."""
        first, last = self.selection.bounds(facts, day, how) or (date.min, AHEAD)
        dated = self.selection.kind.dated_by is not None
        begin = max(self.begin(as_of), first) if dated else self.begin(as_of)
        if (coming := self.selection.to_come(begin, facts, day, how)) is None:
            return False
        earliest, latest, end = coming
        return earliest <= min(day, last, latest) and first <= min(day, last, AHEAD if dated else end)

    def most(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Fraction:
        if self._worthless or not self.may_gain(facts, day, as_of, how):
            return self.amount(facts, day, how)
        if self.period is not None:
            return self._most_by_period(facts, day, as_of, how)
        if (possible := self._possible()) is None:
            return BOUNDLESS
        found = facts.records(self.selection.kind)
        places = [] if isinstance(found, Supposed) else self._counted(found, facts, day, how, None)
        counted = [found[place] for place in places]
        if self.cap is None:
            return Fraction(len(possible | self._different(counted)))
        sums = self._sums(counted, self.in_one or "")
        others = [min(one, self.cap) for value, one in sums.items() if value not in possible]
        return sum(others, self.cap * len(possible))

    def _most_by_period(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Fraction:
        """The most that it can come to: as much as counts of every period that is still to come."""
        assert self.cap is not None
        assert self.period is not None
        first, last = self.selection.bounds(facts, day, how) or (date.min, AHEAD)
        coming = self.selection.to_come(max(self.begin(as_of), first), facts, day, how)
        assert coming is not None
        begin, end = coming[0], min(day, last, coming[1])
        filled = range(_number_of(begin, self.period), _number_of(end, self.period) + 1)
        found = facts.records(self.selection.kind)
        places = [] if isinstance(found, Supposed) else self._counted(found, facts, day, how, None)
        sums = self._sums([found[place] for place in places], self.in_one or "")
        others = [min(one, self.cap) for number, one in sums.items() if number not in filled]
        supposed = self.amount(facts, day, how) if isinstance(found, Supposed) else Fraction(0)
        return sum(others, supposed + self.cap * len(filled))

    @property
    def _worthless(self) -> bool:
        """Whether no record gives anything, as the table has it."""
        if self.worth is None or self.summed is None:
            return False
        about = self.selection.kind.fields[self.summed]
        return all(self.worth.look_up(value) <= 0 for value in self.worth.samples(about))

    def begin(self, as_of: date) -> date:
        # An act may be done on the day of evaluation; what lasts begins on the day after.
        return as_of if self.selection.kind.dated_by else plus_days(as_of, 1)

    @property
    def _told_cap(self) -> str:
        return written(self.cap or Fraction(0)) + (f" {self._unit}" if self._unit else "")

    def _told_groups(self) -> tuple[tuple[str, str], ...]:
        if self.cap is None:
            return ()
        if self.period is not None:
            return (("capped each", f"{self.period} {self._told_cap}"),)
        return (("capped", f"{self.in_one} {self._told_cap}"),)

    def message(self) -> tuple[tuple[str, str], ...]:
        name = self.summed or self.distinct
        return (
            ("records", self.selection.kind.path),
            *((("field", name),) if name is not None else ()),
            *((("in one", self.in_one),) if self.in_one is not None and self.cap is None else ()),
            *self._told_groups(),
            *self.selection.message(),
        )


PERIODS = ("day", "month", "year")


def _number_of(day: date, period: str) -> int:
    """The number of the day, month or year in which a day lies."""
    return {"day": day.toordinal(), "month": day.year * 12 + day.month, "year": day.year}[period]


def group_of(record: Record, name: str, records: Iterable[Record]) -> Variable:
    """The unknown value of a field by which records are taken together: one of its own, or that of another."""
    path = f"{record.path}.{name}"
    values: list[Any] = [path]
    for one in records:
        value = one.get(name)
        values.append(f"{one.path}.{name}" if value is ABSENT else value)
    return values_of(path, list(dict.fromkeys(values)), ordered=False)


def _grows(comparison: Comparison) -> bool:
    """Whether a greater number never fails where a smaller one passes."""
    return all(test.word in ("at_least", "more_than") for test in comparison.tests)


def span_of(record: Record, *, with_end: bool = True) -> Iterator[Variable]:
    """The unknown start of a lasting record, the earlier the better, and its end, the later the better.
    That it goes on still is no value of its own: it may end tomorrow, or much later."""
    first, last = record.kind.spans or ("", "")
    start, end = record.get(first), record.get(last)
    if start is ABSENT:
        yield start_of(f"{record.path}.{first}", AHEAD if end is ABSENT else end)
    if end is ABSENT and with_end:
        endless = record.kind.fields[last].null is Null.NO_END
        yield end_of(f"{record.path}.{last}", 1 if start is ABSENT else start.toordinal(), endless=endless)


def start_of(path: str, end: date, *, later_is_better: bool = False) -> Variable:
    last = end.toordinal()
    return Variable(
        path, last, lambda index, _day: date.fromordinal(index + 1 if later_is_better else last - index)
    )


def end_of(path: str, start: int, *, endless: bool) -> Variable:
    days = FAR.toordinal() - start + 1

    def value(index: int, _day: date) -> date:
        return date.fromordinal(start + index) if index < days else AHEAD

    return Variable(path, days + endless, value)
