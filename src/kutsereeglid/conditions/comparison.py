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
from kutsereeglid.conditions.base import Leaf, Moment, Variable, days_of, values_of
from kutsereeglid.conditions.moving import first_of, turning_days
from kutsereeglid.dates import AHEAD, Calendar, clamped, plus_days
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import FactDay, Phrase

NO_CALENDAR: Any = None
NO_DAY: Any = None
"""For comparing what is no day: nothing is counted, whatever the judged day."""

SOMETHING_ELSE = "something else"
"""Stands for a text that no rule names."""

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "from": operator.ge,
    "by": operator.le,
    "before": operator.lt,
    "after": operator.gt,
}
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


@frozen(eq=False, repr=False)
class Test:
    """One comparison: a word and what the value is compared with."""

    word: str
    operand: Any
    """A number, a `Rung`, a tuple of values, or a `Phrase` for a day."""

    def holds(self, value: Any, facts: Facts, day: date, how: Calendar) -> bool:
        operand = self.operand
        if value is None:  # known to be none
            return self.word == "is_not"
        if self.word in ("is", "is_not"):
            given = value if isinstance(value, tuple) else (value,)
            return any(one in operand for one in given) is (self.word == "is")
        if self.word == "includes":
            return set(operand) <= set(value)
        if self.word == "includes_any":
            return not set(operand).isdisjoint(value)
        if isinstance(operand, Phrase):
            operand = operand.day(facts, day, how)
        return _ORDER[self.word](value, operand)


@frozen(eq=False, repr=False)
class Comparison:
    """Tests that one value must all pass."""

    tests: tuple[Test, ...]

    def holds(self, value: Any, facts: Facts, day: date, how: Calendar) -> bool:
        """Whether the value passes when ``day`` is the judged day."""
        return all(test.holds(value, facts, day, how) for test in self.tests)

    def phrases(self) -> Iterator[tuple[Phrase, bool]]:
        """The day phrases in it, and whether a later day makes the comparison easier."""
        for test in self.tests:
            if isinstance(test.operand, Phrase):
                yield test.operand, test.word in LATER_IS_BETTER

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
            values = list(dict.fromkeys([SOMETHING_ELSE, *about.choices, *named, *together]))
        return values if about.null is Null.NOT_KNOWN else [None, *values]

    def message(self) -> tuple[tuple[str, str], ...]:
        return tuple((test.word, shown(test.operand)) for test in self.tests)


def shown(operand: Any) -> str:
    if isinstance(operand, Fraction):
        return f"{float(operand):g}"
    return ", ".join(map(str, operand)) if isinstance(operand, tuple) else str(operand)


@frozen(eq=False, repr=False)
class Fact(Leaf):
    """``fact: exam_project.hours, at_least: 40 hours``: one fact, compared."""

    head = "fact"
    path: str
    about: About
    comparison: Comparison
    positive: bool = True

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.about.happens and self.positive

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        about = self.about
        if about.in_the_making_until not in (None, ALWAYS):
            yield FactDay(about.in_the_making_until), True
        for phrase, later_is_better in self.comparison.phrases():
            yield phrase, later_is_better is self.positive if self.path not in phrase.paths() else None
        if about.kind is Kind.DAY:
            yield FactDay(self.path), None

    def later_is_better(self, facts: Facts) -> bool | None:
        if any(phrase.may_move(facts) for phrase, _ in self.comparison.phrases()):
            return None
        return self.positive or not self.about.happens

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        if facts.value(self.path) is not ABSENT:
            return
        if self.about.kind is Kind.DAY:
            yield values_of(self.path, days_of(self.about, days), ordered=False)
        else:
            samples = self.comparison.samples(self.about)
            ordered = sorted(samples, key=lambda value: self._passes(value, facts) is self.positive)
            yield values_of(self.path, ordered)

    def _passes(self, value: Any, facts: Facts) -> bool:
        return self.comparison.holds(value, facts, NO_DAY, NO_CALENDAR)

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self._holds(facts.value(self.path), facts, day, how)

    def _holds(self, value: Any, facts: Facts, day: date, how: Calendar) -> bool:
        there = not self.about.happens or value <= day
        return (there and self.comparison.holds(value, facts, day, how)) is self.positive

    def first(self, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        about, as_of = self.about, moment.as_of
        until = about.in_the_making_until
        if until is not None:
            may_change = until == ALWAYS or as_of <= facts.value(until)
            samples = self.comparison.samples(about) if may_change else []
            return as_of if any(self._passes(one, facts) is self.positive for one in samples) else None
        if about.kind is not Kind.DAY:
            return None
        value = facts.value(self.path)
        phrases = [phrase for phrase, _ in self.comparison.phrases()]
        marks = [as_of, value, *(phrase.day(facts, as_of, clamped(how)) for phrase in phrases)]
        chosen = value != AHEAD and not (about.happens and value > as_of)
        if chosen and not any(phrase.moves(facts) for phrase in phrases):
            return None

        def can(day: date) -> bool:
            if chosen:
                return self._holds(value, facts, day, how)
            near = [phrase.day(facts, day, how) for phrase in phrases]
            days = {
                as_of,
                plus_days(as_of, 1),
                day,
                *near,
                *(plus_days(one, step) for one in near for step in (-1, 1)),
            }
            return any(self._holds(one, facts, day, how) for one in days if as_of <= one < AHEAD)

        return first_of(turning_days(phrases, marks, as_of, facts, how), can)

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
        if value == AHEAD or (self.about.happens and value > moment.day):
            return Part("not happened", (("day", moment.day.isoformat()),))
        if value is None or value == ():
            return Part("given none")
        return Part("given", (("value", shown(value)),))
