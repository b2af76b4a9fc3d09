"""The families that count records or add up a field of theirs: ``some``, ``none``, ``count``,
``document`` and ``sum``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import FAR, Leaf, Moment, Variable, act_on, favoured, values_of
from kutsereeglid.conditions.comparison import Comparison
from kutsereeglid.conditions.moving import first_of, turning_days
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import AHEAD, Calendar, clamped, plus_days
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts, Record, each
from kutsereeglid.phrases import Phrase

LAST = AHEAD.toordinal()


@cache
def exact(number: float | Fraction) -> Fraction:
    """The number as it is written: 0.1 is a tenth.

    >>> exact(0.1) + exact(0.2) == exact(0.3)
    True
    """
    return Fraction(str(number))


@frozen(eq=False, repr=False)
class Supposed:
    """Stands for a list that is not known: records that come to so much, all of one day."""

    amount: Fraction
    day: date


@frozen(eq=False, repr=False)
class Amount(Leaf):
    """The selected records that are there come to so much: each counts one, or as much as its field
    `summed` says. ``some`` and ``document`` ask for one record."""

    head: str
    selection: Selection
    needed: Fraction = Fraction(1)
    summed: str | None = None
    more: bool = False
    """More than `needed`, not just as much."""
    positive: bool = True

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.selection.kind.dated_by is not None and self.positive

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        window = self.selection.window
        for phrase in window.phrases() if window is not None else ():
            yield phrase, None

    def later_is_better(self, facts: Facts) -> bool | None:
        window = self.selection.window
        return self.positive if window is None or not window.may_move(facts) else None

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.selection.days(facts)

    # What is missing.

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        found = facts.records(self.selection.kind)
        if found is ABSENT:
            yield self._unknown_list(days)
        for record in each(found):
            yield from (favoured(variable, self.positive) for variable in self._of(record, facts, days))

    def _unknown_list(self, days: Sequence[date]) -> Variable:
        path, enough = self.selection.kind.path, self.needed + 1
        none = Supposed(Fraction(0), date.min)
        if self.selection.window is not None:
            return values_of(path, [none, *(Supposed(enough, day) for day in days)], ordered=False)

        def value(index: int, day: date) -> Supposed:
            return none if index == 0 else Supposed(enough, act_on(index, day))

        return favoured(Variable(path, LAST, value), self.positive)

    def _of(self, record: Record, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        kind = self.selection.kind
        unknown = list(self.selection.variables(record, facts, days))
        if not unknown and not self.selection.passes(record, facts):
            return
        amount = self._unknown_amount(record, facts)
        yield from (variable for variable in unknown if amount is None or variable.path != amount.path)
        if amount is not None:
            yield amount
        if kind.dated_by is None and kind.spans is not None:
            window = self.selection.window
            yield from span_of(record, with_end=window is not None and window.first is not None)

    def _unknown_amount(self, record: Record, facts: Facts) -> Variable | None:
        """The summed field, when it is not known: every number that the other records may need of it."""
        if self.summed is None or record.get(self.summed) is not ABSENT:
            return None
        path = f"{record.path}.{self.summed}"
        known = [self.needed, *(exact(one.get(self.summed)) for one in each(facts.records(self.selection.kind)) if one.get(self.summed) is not ABSENT)]  # fmt: skip
        tests = [test.comparison for test in self.selection.tests if test.name == self.summed]
        about = self.selection.kind.fields[self.summed]
        if tests and not all(_grows(one) for one in tests):
            samples = {number for one in tests for number in one.samples(about) if number != float("inf")}
            steps = {exact(number) for number in samples} | {self.needed, Fraction(0)}
            finer = {max(Fraction(0), step + shift) for step in steps for shift in (Fraction(-1, 2), Fraction(0), Fraction(1, 2), Fraction(1))}  # fmt: skip
            return values_of(path, [float(number) for number in sorted(finer)], ordered=False)
        step = max(number.denominator for number in known)
        most = max([self.needed, *(exact(number) for one in tests for number in one.samples(about) if number != float("inf"))])  # fmt: skip
        size = ceil((most + 1) * step) + 1
        return Variable(path, size, lambda index, _day: Fraction(index, step))

    # The answer.

    def counted(self, facts: Facts, day: date, how: Calendar, *, cut: date | None = None) -> Fraction:
        """What the selected records come to by a day; with ``cut``, what goes on without an end ends then."""
        found = facts.records(self.selection.kind)
        bounds = self.selection.bounds(facts, day, how)
        if isinstance(found, Supposed):
            first, last = bounds or (date.min, AHEAD)
            return found.amount if first <= found.day <= min(day, last) else Fraction(0)
        return sum(
            (
                self._worth(record)
                for record in found
                if self.selection.passes(record, facts)
                and self.selection.counts(record, day, bounds)
                and not (bounds is not None and cut is not None and _over(record, cut, bounds[0]))
            ),
            Fraction(0),
        )

    def _worth(self, record: Record) -> Fraction:
        if self.summed is None:
            return Fraction(1)
        value = record.get(self.summed)
        return value if isinstance(value, Fraction) else exact(value)

    def _enough(self, amount: Fraction) -> bool:
        return amount > self.needed if self.more else amount >= self.needed

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self._enough(self.counted(facts, day, how)) is self.positive

    def first(self, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        as_of, window = moment.as_of, self.selection.window
        # An act may be done on the day of evaluation; what lasts begins on the day after.
        begin = as_of if self.selection.kind.dated_by else plus_days(as_of, 1)
        if window is None:
            return begin if self.positive else None
        if not self.positive and not window.moves(facts):
            return None

        def can(day: date) -> bool:
            first, last = window.bounds(facts, day, how)
            if self.positive and max(begin, first) <= min(day, last):
                return True
            cut = None if self.positive else as_of
            return self._enough(self.counted(facts, day, how, cut=cut)) is self.positive

        marks = [begin, *self.known_days(facts), *window.bounds(facts, as_of, clamped(how))]
        return first_of(turning_days(window.phrases(), marks, as_of, facts, how), can)

    def negated(self) -> Amount:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        more: tuple[tuple[str, str], ...] = (("needed", _shown(self.needed)),)
        key = self.head if self.needed == 1 else "count"
        if self.summed is not None:
            key, more = "sum more" if self.more else "sum", (("field", self.summed), *more)
        return self.selection.asks(key if self.positive else f"not {key}", *more)

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        number = self.counted(facts, moment.day, how)
        return Part("counted", (("number", _shown(number)), ("day", moment.day.isoformat())))


def _grows(comparison: Comparison) -> bool:
    """Whether a greater number never fails where a smaller one passes."""
    return all(test.word in ("at_least", "more_than") for test in comparison.tests)


def _over(record: Record, cut: date, first: date) -> bool:
    """Whether a lasting record that goes on, ended on that day, is over before a window begins."""
    if record.kind.dated_by is not None or record.kind.spans is None:
        return False
    start, end = (record.get(name) for name in record.kind.spans)
    return bool(end == AHEAD and record.kind.may_end and max(start, cut) < first)


def _shown(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def span_of(record: Record, *, with_end: bool = True) -> Iterator[Variable]:
    """The unknown start of a lasting record, the earlier the better, and its end, the later the better.
    That it goes on still is no value of its own: it may end tomorrow, or much later."""
    first, last = record.kind.spans or ("", "")
    start, end = record.get(first), record.get(last)
    if start is ABSENT:
        yield start_of(f"{record.path}.{first}", AHEAD if end is ABSENT else end)
    if end is ABSENT and with_end:
        yield end_of(f"{record.path}.{last}", 1 if start is ABSENT else start.toordinal())


def start_of(path: str, end: date, *, later_is_better: bool = False) -> Variable:
    last = end.toordinal()
    return Variable(
        path, last, lambda index, _day: date.fromordinal(index + 1 if later_is_better else last - index)
    )


def end_of(path: str, start: int) -> Variable:
    size = FAR.toordinal() - start + 1
    return Variable(path, size, lambda index, _day: date.fromordinal(start + index))
