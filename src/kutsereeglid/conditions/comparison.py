"""Comparing one value: the comparisons that an author may write, and the family ``fact``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT, About, Kind
from kutsereeglid.conditions.base import Leaf, Moment, Variable, events_of
from kutsereeglid.dates import AHEAD, Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import BUILT_IN, Facts
from kutsereeglid.phrases import Phrase
from kutsereeglid.status import Status

NO_CALENDAR: Any = None
"""For comparing what is no day: nothing is counted."""

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


@frozen(eq=False, repr=False)
class Test:
    """One comparison: a word and what the value is compared with."""

    word: str
    operand: Any
    """A number, a tuple of values, or a `Phrase` for a day."""

    def holds(self, value: Any, facts: Facts, moment: Moment, how: Calendar) -> bool:
        operand = self.operand
        if self.word in ("is", "is_not"):
            return (value in operand) is (self.word == "is")
        if self.word == "includes":
            return set(operand) <= set(value)
        if self.word == "includes_any":
            return not set(operand).isdisjoint(value)
        if isinstance(operand, Phrase):
            operand = operand.day(facts, moment.day, how)
        return _ORDER[self.word](value, operand)


@frozen(eq=False, repr=False)
class Comparison:
    """Tests that one value must all pass."""

    tests: tuple[Test, ...]

    def holds(self, value: Any, facts: Facts, moment: Moment, how: Calendar) -> bool:
        return all(test.holds(value, facts, moment, how) for test in self.tests)

    def phrases(self) -> Iterator[tuple[Phrase, bool]]:
        """The day phrases in it, and whether a later day makes the comparison easier."""
        for test in self.tests:
            if isinstance(test.operand, Phrase):
                yield test.operand, test.word in LATER_IS_BETTER

    def events(self, facts: Facts) -> Iterator[Variable]:
        for phrase, later_is_better in self.phrases():
            for path in phrase.paths():
                if facts.value(path) is ABSENT:
                    yield events_of(path, later_is_better=later_is_better)

    def samples(self, about: About) -> list[Any]:
        """Values of the field's type, enough to pass and to fail wherever both are possible."""
        operands = [test.operand for test in self.tests]
        named = [value for operand in operands if isinstance(operand, tuple) for value in operand]
        if about.kind is Kind.NUMBER:
            numbers = [operand for operand in operands if isinstance(operand, (int, float))] + named
            low, high = (1, about.most) if about.most is not None else (0, float("inf"))
            near = {low, *(number + step for number in numbers for step in (-1, -0.5, 0, 0.5, 1))}
            if high == float("inf"):
                near.add(max(near) + 1)
            else:
                near.add(high)
            return sorted(number for number in near if low <= number <= high)
        if about.kind is Kind.YES_NO:
            return [False, True]
        if about.kind is Kind.TEXTS:
            return [(), (SOMETHING_ELSE,), *((value,) for value in named), tuple(dict.fromkeys(named))]
        return list(dict.fromkeys([SOMETHING_ELSE, *about.choices, *named]))

    def first_day(self, start: date, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        """The first day from ``start`` on that passes every test."""
        near = {start}
        for phrase, _ in self.phrases():
            day = phrase.day(facts, moment.day, how)
            near |= {day} if day == AHEAD else {day, day + timedelta(days=1)}
        passing = [day for day in near if start <= day < AHEAD and self.holds(day, facts, moment, how)]
        return min(passing, default=None)

    def message(self) -> tuple[tuple[str, str], ...]:
        return tuple((test.word, shown(test.operand)) for test in self.tests)


def shown(operand: Any) -> str:
    return ", ".join(map(str, operand)) if isinstance(operand, tuple) else str(operand)


def by_favour(values: Sequence[Any], passes: Callable[[Any], bool]) -> list[Any]:
    """The values that fail first, those that pass last."""
    return sorted(values, key=passes)


@frozen(eq=False, repr=False)
class Fact(Leaf):
    """``fact: exam_project.hours, at_least: 40 hours``: one fact, compared."""

    head = "fact"
    path: str
    comparison: Comparison
    positive: bool = True

    @property
    def about(self) -> About:
        return BUILT_IN.facts[self.path]

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.about.happens and self.positive

    def variables(self, facts: Facts) -> Iterable[Variable]:
        about = self.about
        for event in (about.in_the_making_until, about.not_yet_before):
            if event is not None and facts.value(self.path) is ABSENT and facts.value(event) is ABSENT:
                yield events_of(event)
        if about.in_the_making_until is not None and facts.value(about.in_the_making_until) is ABSENT:
            yield events_of(about.in_the_making_until)
        yield from self.comparison.events(facts)
        if facts.value(self.path) is not ABSENT:
            return
        if about.kind is Kind.DAY:
            yield Variable(self.path, 2, self._sample_day(facts))
        else:
            passes = self._passes_alone(facts)
            yield _ordered(self.path, self.comparison.samples(about), passes, self.positive)

    def _passes_alone(self, facts: Facts) -> Callable[[Any], bool]:
        moment = Moment(facts.as_of, AHEAD)
        return lambda value: self.comparison.holds(value, facts, moment, NO_CALENDAR)

    def _sample_day(self, facts: Facts) -> Callable[[int, date], date]:
        """The least and the most favourable day: for what happens, not yet and on the judged day."""
        if self.about.happens:
            return lambda index, day: day if index else AHEAD
        later = any(test.word in ("from", "after") for test in self.comparison.tests)
        return lambda index, _day: date.max - timedelta(days=1) if (index == 1) is later else date.min

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        value = facts.value(self.path)
        happened = not self.about.happens or value <= moment.day
        if (happened and self.comparison.holds(value, facts, moment, how)) is self.positive:
            return Status.MET
        return Status.OPEN if self._can_change(facts, moment, how) else Status.NOT_MET

    def _can_change(self, facts: Facts, moment: Moment, how: Calendar) -> bool:
        until = self.about.in_the_making_until
        if until is not None:
            return moment.in_time and bool(moment.as_of <= facts.value(until))
        first = self.earliest(facts, moment, how)
        return first is not None and first <= moment.due

    def earliest(self, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        if self.about.in_the_making_until is not None:
            return moment.as_of if self._can_change(facts, moment, how) else None
        if not self.about.happens or not self.positive or facts.value(self.path) <= moment.day:
            return None
        return self.comparison.first_day(moment.as_of, facts, moment, how)

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
        if value == ():
            return Part("given none")
        return Part("given", (("value", shown(value)),))


def _ordered(path: str, values: Sequence[Any], passes: Callable[[Any], bool], positive: bool) -> Variable:
    ordered = by_favour(values, passes if positive else lambda value: not passes(value))
    return Variable(path, len(ordered), lambda index, _day: ordered[index])
