"""The families that compare days: a fact that is a day, ``day``, ``age_on`` and ``length``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import attrs
from attrs import frozen

from kutsereeglid.conditions.base import Leaf, Moment, Variable
from kutsereeglid.conditions.comparison import Comparison, Test
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.dates import AHEAD, Calendar, clamped, end_of_term, plus_days, start_of_term
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import FactDay, FixedDay, Phrase, RoundDay, Today

_ABOUT = 5
"""Days by which month ends may make a term longer or shorter than there and back."""


@frozen(eq=False, repr=False)
class OnDay(Leaf):
    """``fact: application.submitted, by: …``, or any day compared with days."""

    head: str
    compared: Phrase
    comparison: Comparison
    happens: bool = False
    """Whether it hangs on something done."""
    positive: bool = True

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.happens and self.positive

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        own = {*self.compared.paths()}
        for phrase, later_is_better in self.comparison.phrases():
            yield phrase, later_is_better is self.positive if own.isdisjoint(phrase.paths()) else None
        yield self.compared, None

    def later_is_better(self, facts: Facts) -> bool | None:
        if any(phrase.may_move(facts) for phrase, _ in self.phrases()):
            return None
        return self.positive or not self.happens

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        return ()

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        there = self.compared.happened(facts, day)
        return (
            there and self.comparison.holds(self.compared.day(facts, day, how), facts, day, how)
        ) is self.positive

    def _given(self, ahead: set[str], day: Phrase) -> OnDay:
        """The same with a day in place of what lies ahead, wherever it hangs on that."""
        tests = tuple(Test(one.word, _given(one.operand, ahead, day)) for one in self.comparison.tests)
        return attrs.evolve(self, compared=_given(self.compared, ahead, day), comparison=Comparison(tests))

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of = moment.as_of
        ahead = {path for path in self.compared.paths() if self._ahead(path, facts, as_of)}
        phrases = [phrase for phrase, _ in self.phrases()]
        if any(self._later_round(phrase, facts) for phrase, _ in self.comparison.phrases()):
            # Whatever day the round comes to have, what has not happened can still be done then.
            tried = [] if ahead else [one for phrase in phrases for one in phrase.fixed_days()]
            return as_of if ahead or any(self._on_round(one, facts, as_of, how) for one in tried) else None
        if not ahead and not any(phrase.moves(facts) for phrase in phrases):
            return None

        def can(day: date) -> bool:
            return self.holds(facts, day, how) or any(
                (one <= day or not self.happens) and self._given(ahead, FixedDay(one)).holds(facts, day, how)
                for one in {as_of, plus_days(as_of, 1), day, plus_days(day, 1), *self._near(facts, day, how)}
                if ahead and as_of <= one < AHEAD
            )

        def marks() -> Iterable[date]:
            return (day for phrase in phrases for day in phrase.known_days(facts))

        # What lies ahead may come on any day, as the judged day does.
        moving = [phrase for phrase, _ in self._given(ahead, Today()).phrases()] if ahead else []
        return first_day(can, [*phrases, *moving], marks, as_of, facts, how, by)

    def _later_round(self, phrase: Phrase, facts: Facts) -> bool:
        """Whether it hangs on a round that is not chosen yet."""
        own = isinstance(phrase, RoundDay) and phrase.chosen_later(facts)
        return own or any(self._later_round(part, facts) for part in phrase.parts())

    def _on_round(self, day: date, facts: Facts, as_of: date, how: Calendar) -> bool:
        """Whether it holds when a day of the round is that one."""
        tests = tuple(Test(test.word, _with_round(test.operand, day)) for test in self.comparison.tests)
        return attrs.evolve(self, comparison=Comparison(tests)).holds(facts, as_of, how)

    def _ahead(self, path: str, facts: Facts, as_of: date) -> bool:
        value = facts.value(path)
        return bool(value == AHEAD or (facts.about(path).happens and value > as_of))

    def _near(self, facts: Facts, day: date, how: Calendar) -> Iterator[date]:
        """Days of what lies ahead near which the comparison may change."""
        for phrase, _ in self.comparison.phrases():
            back = phrase.day(facts, day, how)
            for term in self.compared.terms():
                count = end_of_term if _before(self.compared) else start_of_term
                back = count(back, term, clamped(how))
            reach = _ABOUT if any(True for _ in self.compared.terms()) else 1
            yield from (plus_days(back, step) for step in range(-reach, reach + 1))

    def negated(self) -> OnDay:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        key = "fact" if isinstance(self.compared, FactDay) else "day"
        return Part(
            key if self.positive else f"not {key}",
            ((("fact" if key == "fact" else "whole"), str(self.compared)), *self.comparison.message()),
        )

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        if not self.compared.happened(facts, moment.day):
            return Part("not happened", (("day", moment.day.isoformat()),))
        value = self.compared.day(facts, moment.day, clamped(how))
        if value == AHEAD:
            return Part("not happened", (("day", moment.day.isoformat()),))
        return Part("given", (("value", value.isoformat()),))


@frozen(eq=False, repr=False)
class Announced(Leaf):
    """``exists: round``: the applicant's round is among those that are announced."""

    head = "exists"
    exam: RoundDay
    positive: bool = True

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        yield self.exam, None

    def later_is_better(self, facts: Facts) -> bool | None:
        return None

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        return ()

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return (self.exam.day(facts, day, how) != AHEAD) is self.positive

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        return moment.as_of if self.exam.chosen_later(facts) else None

    def negated(self) -> Announced:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        return Part("announced" if self.positive else "not announced")


def _with_round(operand: Any, day: date) -> Any:
    if isinstance(operand, RoundDay):
        return FixedDay(day)
    if isinstance(operand, Phrase):
        return operand.with_parts(tuple(_with_round(part, day) for part in operand.parts()))
    return operand


def _before(phrase: Phrase) -> bool:
    return bool(getattr(phrase, "before", False))


def _given(phrase: Phrase, ahead: set[str], day: Phrase) -> Phrase:
    """The phrase with a day in place of what lies ahead."""
    if isinstance(phrase, FactDay) and phrase.path in ahead:
        return day
    return phrase.with_parts(tuple(_given(part, ahead, day) for part in phrase.parts()))
