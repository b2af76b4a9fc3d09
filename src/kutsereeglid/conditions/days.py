"""The families that compare days: a fact that is a day, ``day``, ``age_on`` and ``length``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import product
from typing import Any

import attrs
from attrs import frozen

from kutsereeglid.conditions.base import FAR, LONG_AGO, Leaf, Moment, Variable
from kutsereeglid.conditions.comparison import Comparison, Test
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.dates import (
    AHEAD,
    Calendar,
    NoCorrespondingDay,
    Unit,
    clamped,
    end_of_term,
    plus_days,
    start_of_term,
)
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import FactDay, FixedDay, Phrase, RoundDay, Today, Window

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

    def _given(self, given: Mapping[str, Phrase]) -> OnDay:
        """The same with these days in place of what lies ahead, wherever it hangs on that."""
        tests = tuple(Test(one.word, _given(one.operand, given)) for one in self.comparison.tests)
        return attrs.evolve(self, compared=_given(self.compared, given), comparison=Comparison(tests))

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of = moment.as_of
        phrases = [phrase for phrase, _ in self.phrases()]
        own = {path for path in _facts_of(self.compared) if self._ahead(path, facts, as_of)}
        paths = {path for phrase in phrases for path in _facts_of(phrase)}
        others = sorted(path for path in paths - own if self._ahead(path, facts, as_of))
        rounds = sorted({one for phrase in phrases for one in _rounds_of(phrase, facts)})
        if not own and not others and not rounds and not any(phrase.moves(facts) for phrase in phrases):
            return None

        def can(day: date) -> bool:
            if _held(self, facts, day, how):
                return True
            choices = [self._days_of(path, bool(own), facts, day, how) for path in others]
            choices += [self._round_days(bool(own), facts, day, how) for _ in rounds]
            for days in product(*choices):
                leaf = self._given(dict(zip((*others, *rounds), map(FixedDay, days), strict=True)))
                if days and _held(leaf, facts, day, how):
                    return True
                if any(
                    _held(leaf._given(given), facts, day, how)
                    for given in leaf._own_days(own, facts, day, how)
                ):
                    return True
            return False

        # What lies ahead may come on any day, as the judged day does.
        ahead = {*own, *others}
        moving = [one for one, _ in self._given(dict.fromkeys(ahead, Today())).phrases()] if ahead else []
        far = [FAR] if others else []
        far += [value for path in own if (value := facts.value(path)) != AHEAD]  # or as the file has it
        return first_day(can, [*phrases, *moving], lambda: far, as_of, facts, how, by, gradual=bool(others))

    def _ahead(self, path: str, facts: Facts, as_of: date) -> bool:
        value = facts.value(path)
        return bool(value == AHEAD or (facts.about(path).happens and value > as_of))

    def _days_of(self, path: str, own: bool, facts: Facts, day: date, how: Calendar) -> list[date]:
        """Days on which what is compared with may come, enough to tell whether it can hold on a day."""
        as_of, happens = facts.as_of, facts.about(path).happens
        near = {as_of, plus_days(as_of, 1), day, plus_days(day, 1), FAR}
        near |= set() if own else {*self._back(facts, day, how)}
        return sorted(one for one in near if as_of <= one and (one <= day or not happens))

    def _own_days(
        self, own: Collection[str], facts: Facts, day: date, how: Calendar
    ) -> Iterator[dict[str, Phrase]]:
        """Days on which what is compared may come, of several things one after another near enough to tell and
        the others with it, or as early or as late as can be."""
        as_of = facts.as_of
        near = {as_of, plus_days(as_of, 1), day, plus_days(day, 1), *self._near(facts, day, how)}
        limits = [phrase for phrase, _ in self.comparison.phrases()]
        if any(path in own for phrase in limits for path in phrase.paths()) and any(
            term.months or term.unit is Unit.WORKING_DAYS
            for phrase in (self.compared, *limits)
            for term in phrase.terms()
        ):  # terms of unequal length from the same day: any day of the year may do
            near |= {plus_days(as_of, step) for step in range(366)}
        last = {path: day if facts.about(path).happens else FAR for path in own}
        for path in own:
            for one in near:
                if not as_of <= one <= last[path]:
                    continue
                yield {other: FixedDay(min(one, last[other])) for other in own}
                if len(own) > 1:
                    for early in (True, False):
                        others = {other: FixedDay(as_of if early else last[other]) for other in own}
                        yield {**others, path: FixedDay(one)}

    def _round_days(self, own: bool, facts: Facts, day: date, how: Calendar) -> list[date]:
        """The same for a day of a round that is not chosen yet: it may be any."""
        near = set() if own else {*self._back(facts, day, how)}
        return sorted({LONG_AGO, facts.as_of, day, *near, FAR, AHEAD})

    def _near(self, facts: Facts, day: date, how: Calendar) -> Iterator[date]:
        """Days of what lies ahead near which the comparison may change."""
        for phrase, _ in self.comparison.phrases():
            with suppress(NoCorrespondingDay):
                yield from _about(phrase.day(facts, day, how), self.compared, how)

    def _back(self, facts: Facts, day: date, how: Calendar) -> Iterator[date]:
        """Days of what is compared with near which the comparison may change."""
        with suppress(NoCorrespondingDay):
            compared = self.compared.day(facts, day, how)
            for phrase, _ in self.comparison.phrases():
                yield from _about(compared, phrase, how)

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


def _held(leaf: OnDay, facts: Facts, day: date, how: Calendar) -> bool:
    try:
        return leaf.holds(facts, day, how)
    except NoCorrespondingDay:
        return False


def _about(back: date, phrase: Phrase, how: Calendar) -> Iterator[date]:
    """Days near the one of what a phrase hangs on that makes it this day."""
    terms = [*phrase.terms()]
    for term in terms:
        count = end_of_term if bool(getattr(phrase, "before", False)) else start_of_term
        back = count(back, term, clamped(how))
    reach = _ABOUT if terms else 1
    near = {back, *(day for one in phrase.yearly() for day in one.near(back))}
    yield from {plus_days(day, step) for day in near for step in range(-reach, reach + 1)}


def _facts_of(phrase: Phrase) -> Iterator[str]:
    """The facts that a phrase names, not those by which a round is found."""
    if isinstance(phrase, FactDay):
        yield phrase.path
    elif not isinstance(phrase, RoundDay):
        for part in phrase.parts():
            yield from _facts_of(part)


def _rounds_of(phrase: Phrase, facts: Facts) -> Iterator[str]:
    """The days of a round that is not chosen yet."""
    if isinstance(phrase, RoundDay) and phrase.chosen_later(facts):
        yield str(phrase)
    for part in phrase.parts():
        yield from _rounds_of(part, facts)


def _given(phrase: Any, given: Mapping[str, Phrase]) -> Any:
    """The phrase with days in place of what lies ahead."""
    if isinstance(phrase, Window):
        first, last = (end and _given(end, given) for end in (phrase.first, phrase.last))
        return attrs.evolve(phrase, first=first, last=last)
    if isinstance(phrase, (FactDay, RoundDay)) and str(phrase) in given:
        return given[str(phrase)]
    return (
        phrase.with_parts(tuple(_given(part, given) for part in phrase.parts()))
        if isinstance(phrase, Phrase) and not isinstance(phrase, RoundDay)
        else phrase
    )
