"""Comparing one value: the comparisons that an author may write, and the family ``fact``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import total_ordering
from math import ceil, floor
from typing import Any

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT, ALWAYS, About, Kind, Null
from kutsereeglid.conditions.base import Leaf, Moment, Variable, values_of
from kutsereeglid.dates import AHEAD, Calendar, clock_of, earlier, not_after, plus_days
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import FactDay, Phrase, Window

NO_CALENDAR: Any = None
NO_DAY: Any = None
NO_FACTS: Any = None
"""For comparing what is no day: nothing is counted, whatever the judged day."""

SOMETHING_ELSE = "something else"
"""Stands for a text that no rule names."""

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
}
_DAY_ORDER: dict[str, Callable[[date, date], bool]] = {
    "from": lambda day, limit: not_after(limit, day),
    "by": not_after,
    "before": earlier,
    "after": lambda day, limit: earlier(limit, day),
}
_AMONG: dict[str, Callable[[set[Any], tuple[Any, ...]], bool]] = {
    "is": lambda operand, given: not operand.isdisjoint(given),
    "is_not": lambda operand, given: operand.isdisjoint(given),
    "includes": lambda operand, given: operand.issubset(given),
    "includes_any": lambda operand, given: not operand.isdisjoint(given),
}
OR_NONE = "or_none"
"""Beside other comparisons: that there is no value is enough."""
DAY_TESTS = ("from", "by", "before", "after")
LATER_IS_BETTER = ("by", "before")


@total_ordering
@frozen(eq=False, order=False, repr=False)
class Rung:
    """A word of a scale, which other words of it are compared with."""

    word: str
    scale: tuple[str, ...]

    @property
    def rank(self) -> int:
        return self.scale.index(self.word)

    def __eq__(self, other: object) -> bool:
        return self.word == str(other)

    def __lt__(self, other: object) -> bool:
        return self.rank < self.scale.index(str(other))

    def __hash__(self) -> int:
        return hash(self.word)

    def __str__(self) -> str:
        return self.word


@frozen
class SameAs:
    """The value of another fact of the file."""

    path: str

    def values(self, facts: Facts, day: date, how: Calendar) -> tuple[Any, ...]:
        """The values, any of which a value may be the same as."""
        value = facts.value(self.path)
        return value if isinstance(value, tuple) else (value,)

    def known(self, facts: Facts, how: Calendar) -> tuple[Any, ...]:
        """Those that are known by the day of evaluation."""
        value = facts.value(self.path)
        return () if value is ABSENT else self.values(facts, facts.as_of, how)

    def variables(self, facts: Facts, days: Sequence[date], values: Sequence[Any]) -> Iterator[Variable]:
        """What is not known of it; ``values`` are what it is compared with."""
        if facts.value(self.path) is ABSENT:
            yield values_of(self.path, list(values), ordered=False)

    def __str__(self) -> str:
        return self.path


@frozen(eq=False, repr=False)
class Test:
    """One comparison: a word and what the value is compared with."""

    word: str
    operand: Any
    """A number, a `Rung`, a tuple of values, a `Phrase` for a day, a `Window`, or `SameAs` another fact."""

    def holds(self, value: Any, facts: Facts, day: date, how: Calendar) -> bool:
        operand = self.operand
        if value is None:  # known to be none
            return self.word == "is_not"
        if isinstance(operand, SameAs):
            operand = operand.values(facts, day, how)
        if isinstance(operand, Window):
            first, last = operand.bounds(facts, day, how)
            return not_after(first, value) and not_after(value, last)
        if self.word in _AMONG:
            given = value if isinstance(value, tuple) else (value,)
            return _AMONG[self.word](set(operand), given)
        if isinstance(operand, Phrase):
            return _DAY_ORDER[self.word](value, operand.day(facts, day, how))
        return _ORDER[self.word](value, operand)


@frozen(eq=False, repr=False)
class Comparison:
    """Tests that one value must all pass."""

    tests: tuple[Test, ...]

    def holds(self, value: Any, facts: Facts, day: date, how: Calendar) -> bool:
        """Whether the value passes when ``day`` is the judged day."""
        if (value is None or value == AHEAD) and any(test.word == OR_NONE for test in self.tests):
            return True
        return all(test.holds(value, facts, day, how) for test in self.tests if test.word != OR_NONE)

    def span(self, facts: Facts, day: date, how: Calendar) -> tuple[date, date]:
        """The first and the last day that pass, when ``day`` is the judged day."""
        low, high = date.min, AHEAD
        if any(test.word == OR_NONE for test in self.tests):
            return low, high
        for test in self.tests:
            if isinstance(test.operand, Window):
                first, last = test.operand.bounds(facts, day, how)
                low, high = max(low, first), min(high, last)
            elif isinstance(test.operand, Phrase):
                limit = test.operand.day(facts, day, how)
                if test.word in LATER_IS_BETTER:
                    within = test.word == "by" or clock_of(limit) is not None
                    high = min(high, limit if within else plus_days(limit, -1))
                else:
                    within = test.word == "from" or clock_of(limit) is not None
                    low = max(low, limit if within else plus_days(limit, 1))
        return low, high

    def phrases(self) -> Iterator[tuple[Phrase, bool]]:
        """The day phrases in it, and whether a later day makes the comparison easier."""
        for test in self.tests:
            if isinstance(test.operand, Phrase):
                yield test.operand, test.word in LATER_IS_BETTER

    @property
    def hangs_on_facts(self) -> bool:
        """Whether it compares with days or with other facts, not with what the rule says alone."""
        return any(isinstance(test.operand, (Phrase, Window, SameAs)) for test in self.tests)

    def days(self) -> Iterator[Phrase]:
        """The days that it compares with, windows' ends too."""
        for test in self.tests:
            if isinstance(test.operand, Phrase):
                yield test.operand
            elif isinstance(test.operand, Window):
                yield from test.operand.phrases()

    def others(self) -> Iterator[SameAs]:
        """The facts that it compares with."""
        return (test.operand for test in self.tests if isinstance(test.operand, SameAs))

    def samples(self, about: About) -> list[Any]:
        """Values of the field's type, enough to pass and to fail wherever both are possible."""
        operands = [test.operand for test in self.tests]
        named = [value for operand in operands if isinstance(operand, tuple) for value in operand]
        if about.kind is Kind.NUMBER:
            numbers = [one for one in operands if isinstance(one, (int, float, Fraction))] + named
            low, high = about.least, about.most if about.most is not None else float("inf")
            near = {low, *(number + step for number in numbers for step in (-1, -0.5, 0, 0.5, 1))}
            if about.whole:
                near = {floor(number) for number in near} | {ceil(number) for number in near}
            if high == float("inf"):
                near.add(max(near) + 1)
            else:
                near.add(high)
            return sorted(number for number in near if low <= number <= high)
        if about.kind is Kind.YES_NO:
            return [False, True]
        if about.kind is Kind.TEXTS:
            return [(), (SOMETHING_ELSE,), *((value,) for value in named), tuple(dict.fromkeys(named))]
        if about.ordered:
            values: list[Any] = list(about.choices)
        else:
            together = [tuple(named)] if about.several else []
            other = [] if about.kind is Kind.CHOICE else [SOMETHING_ELSE]
            values = list(dict.fromkeys([*other, *about.choices, *named, *together]))
        return values if about.null is Null.NOT_KNOWN else [None, *values]

    def message(self) -> tuple[tuple[str, str], ...]:
        return tuple((test.word, shown(test.operand)) for test in self.tests)


def shown(operand: Any) -> str:
    if isinstance(operand, Fraction):
        return f"{float(operand):g}"
    return ", ".join(map(str, operand)) if isinstance(operand, tuple) else str(operand)


@frozen(eq=False, repr=False)
class Fact(Leaf):
    """``fact: exam_project.hours, at_least: 40 hours``: one fact that is no day, compared."""

    head = "fact"
    path: str
    about: About
    comparison: Comparison
    positive: bool = True

    @property
    def may_be_undone(self) -> bool:  # type: ignore[override]
        return self.about.in_the_making_until is not None

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        if self.about.in_the_making_until not in (None, ALWAYS):
            yield FactDay(self.about.in_the_making_until), True

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        if facts.value(self.path) is ABSENT:
            samples = self.comparison.samples(self.about)
            yield values_of(
                self.path, sorted(samples, key=lambda value: self._passes(value, facts) is self.positive)
            )

    def _passes(self, value: Any, facts: Facts) -> bool:
        return self.comparison.holds(value, facts, NO_DAY, NO_CALENDAR)

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self._passes(facts.value(self.path), facts) is self.positive

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        until = self.about.in_the_making_until
        if until is None or not (until == ALWAYS or moment.as_of <= facts.value(until)):
            return None
        samples = self.comparison.samples(self.about)
        return moment.as_of if any(self._passes(one, facts) is self.positive for one in samples) else None

    def negated(self) -> Fact:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        return Part(
            "fact" if self.positive else "not fact", (("fact", self.path), *self.comparison.message())
        )

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        value = facts.value(self.path)
        if value is ABSENT:
            return None
        return (
            Part("given none") if value is None or value == () else Part("given", (("value", shown(value)),))
        )
