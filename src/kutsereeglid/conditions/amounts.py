"""What a measure is compared with: one amount for everybody, one looked up in a table by another fact, or
a multiple of a fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from attrs import frozen

from kutsereeglid.applicant import ABSENT, About, Kind
from kutsereeglid.conditions.base import Variable, values_of
from kutsereeglid.conditions.comparison import NO_CALENDAR
from kutsereeglid.dates import Calendar, Term, Unit, plus_days
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase, Reached

_SAMPLES = (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(1000))
"""Values of a number that is not known and only multiplies an amount: what is asked for then."""

_STEP = Fraction(1, 240)
_STEPS = 10**6 * 240
"""Amounts tried for what is asked for, a multiple of what is not known."""


@cache
def exact(number: float | Fraction) -> Fraction:
    """The number as it is written: 0.1 is a tenth.

    >>> exact(0.1) + exact(0.2) == exact(0.3)
    True
    """
    return Fraction(str(number))


@frozen(eq=False, repr=False)
class Amount:
    """One amount for everybody: a number or a term."""

    hangs_on_records = False
    """Whether it may be another amount when a record is added."""
    given: Any

    def of(self, facts: Facts, day: date, how: Calendar) -> Any:
        """The amount for one applicant on a judged day."""
        return self.given

    def reachable(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Iterable[Any]:
        """The amounts that it may be by a day, whatever is added from the day of evaluation on."""
        return (self.of(facts, day, how),)

    def results(self, facts: Facts) -> Iterable[Any]:
        """Every amount that it may come to."""
        return (self.given,)

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        """The facts that it lacks, each from the greatest amount to the least where it has an order."""
        return iter(())

    def phrases(self) -> Iterator[Phrase]:
        """The days that it hangs on."""
        return iter(())

    def days(self, facts: Facts) -> Iterator[date]:
        """The days at which it changes."""
        return iter(())

    def __str__(self) -> str:
        return written(self.given)


def written(amount: Any) -> str:
    """A number or a term as an author writes it."""
    if isinstance(amount, Fraction):
        return str(amount) if amount.denominator == 1 else f"{float(amount):g}"
    return str(amount)


@frozen(eq=False, repr=False)
class Multiple(Amount):
    """``2 x application.credits``."""

    path: str

    def of(self, facts: Facts, day: date, how: Calendar) -> Any:
        value = facts.value(self.path)
        return self.given * (value if isinstance(value, Fraction) else exact(value))

    def results(self, facts: Facts) -> Iterable[Any]:
        value = facts.value(self.path)
        return [self.given * one for one in (_SAMPLES if value is ABSENT else (exact(value),))]

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        if facts.value(self.path) is ABSENT:
            yield Variable(self.path, _STEPS + 1, lambda index, _day: (_STEPS - index) * _STEP / self.given)

    def __str__(self) -> str:
        return f"{written(self.given)} x {self.path}"


@frozen(eq=False, repr=False)
class Row:
    """One row of a table: a value, or a band of days or numbers."""

    result: Any
    values: tuple[Any, ...] = ()
    first: Any = None
    """The band's first value; ``None`` is no bound."""
    last: Any = None

    def fits(self, value: Any) -> bool:
        if self.values:
            return value in self.values
        if value is None:
            return False
        return (self.first is None or value >= self.first) and (self.last is None or value <= self.last)


@frozen(eq=False, repr=False)
class Table:
    """Results by the value of one fact or field: the first row that fits."""

    rows: tuple[Row, ...]
    otherwise: Any

    def look_up(self, value: Any) -> Any:
        return next((row.result for row in self.rows if row.fits(value)), self.otherwise)

    def samples(self, about: About) -> list[Any]:
        """Values of the fact, with each result that it may have."""
        named = [value for row in self.rows for value in row.values]
        bounds = [bound for row in self.rows for bound in (row.first, row.last) if bound is not None]
        if about.kind is Kind.YES_NO:
            return [False, True]
        if about.kind is Kind.NUMBER:
            low, high = (1, about.most) if about.most is not None else (0, max([0, *named, *bounds]) + 1)
            near = {low, high, *(one + step for one in (*named, *bounds) for step in (-1, -0.5, 0, 0.5, 1))}
            return sorted(one for one in near if low <= one <= high)
        if about.kind is Kind.DAY:
            return sorted({plus_days(one, step) for one in (*named, *bounds) for step in (-1, 0, 1)})
        return list(dict.fromkeys(["something else", *about.choices, *named]))


@frozen(eq=False, repr=False)
class Lookup(Amount):
    """What a table says for the applicant's fact; `given` is the table's name."""

    table: Table
    path: str
    about: About

    def of(self, facts: Facts, day: date, how: Calendar) -> Any:
        if self.about.kind is Kind.DAY:
            return self.table.look_up(Reached(self.path).day(facts, day, NO_CALENDAR))
        return self.table.look_up(facts.value(self.path))

    def results(self, facts: Facts) -> Iterable[Any]:
        return {*(row.result for row in self.table.rows), self.table.otherwise}

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        if self.about.kind is not Kind.DAY and facts.value(self.path) is ABSENT:
            samples = self.table.samples(self.about)
            samples.sort(key=lambda value: size(self.table.look_up(value)), reverse=True)
            yield values_of(self.path, samples)

    def phrases(self) -> Iterator[Phrase]:
        if self.about.kind is Kind.DAY:
            yield Reached(self.path)

    def days(self, facts: Facts) -> Iterator[date]:
        for row in self.table.rows:
            yield from (bound for bound in (row.first, row.last) if isinstance(bound, date))


def size(amount: Any) -> Fraction:
    """How much it is, for putting amounts of one kind in order."""
    if not isinstance(amount, Term):
        return Fraction(amount)
    month = Fraction(146097, 4800)
    days = {Unit.DAYS: Fraction(1), Unit.WEEKS: Fraction(7), Unit.MONTHS: month, Unit.YEARS: 12 * month}
    return amount.count * days[amount.unit]
