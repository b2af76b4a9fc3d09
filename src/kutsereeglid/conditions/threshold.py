"""A number of the file compared with an amount that other facts decide: ``fact: points, at_least: needed``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT, ALWAYS, About
from kutsereeglid.conditions.amounts import Amount, exact
from kutsereeglid.conditions.base import Leaf, Moment, Variable, favoured, values_of
from kutsereeglid.conditions.comparison import shown
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import FactDay, Phrase


@frozen(eq=False, repr=False)
class Threshold(Leaf):
    """A fact that is a number comes to so much, where a table or another fact says how much."""

    path: str
    about: About
    needed: Amount
    more: bool = False
    """More than `needed`, not just as much."""
    positive: bool = True
    head = "fact"

    @property
    def may_be_undone(self) -> bool:  # type: ignore[override]
        return self.about.in_the_making_until is not None

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        for phrase in self.needed.phrases():
            yield phrase, None
        if self.about.in_the_making_until not in (None, ALWAYS):
            yield FactDay(self.about.in_the_making_until), True

    def later_is_better(self, facts: Facts) -> bool | None:
        moving = any(phrase.may_move(facts) for phrase in self.needed.phrases())
        return None if moving or self.needed.hangs_on_records else True

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.needed.days(facts)

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        if facts.value(self.path) is ABSENT:
            yield favoured(values_of(self.path, self._samples(facts)), self.positive)
        for variable in self.needed.variables(facts, days):
            yield favoured(variable, self.positive)

    def _samples(self, facts: Facts) -> list[Any]:
        """Numbers around every amount that may be asked for, from the least to the most."""
        least = Fraction(self.about.least)
        most = None if self.about.most is None else Fraction(self.about.most)
        steps = (Fraction(-1), Fraction(0), Fraction(1)) if self.about.whole else tuple(Fraction(one, 2) for one in range(-2, 3))  # fmt: skip
        near = {least, *(exact(amount) + step for amount in self.needed.results(facts) for step in steps)}
        near.add(max(near) + 1 if most is None else most)
        return sorted(one for one in near if least <= one and (most is None or one <= most))

    def _enough(self, value: Any, needed: Any) -> bool:
        number = value if isinstance(value, Fraction) else exact(value)
        return (number > needed if self.more else number >= needed) is self.positive

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self._enough(facts.value(self.path), self.needed.of(facts, day, how))

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of, until = moment.as_of, self.about.in_the_making_until
        making = until is not None and (until == ALWAYS or as_of <= facts.value(until))
        phrases = [*self.needed.phrases()]
        settled = not self.needed.hangs_on_records and not any(one.moves(facts) for one in phrases)
        if settled and not making:
            return None
        samples = self._samples(facts)

        def can(day: date) -> bool:
            values = samples if making else [facts.value(self.path)]
            reachable = self.needed.reachable(facts, day, as_of, how)
            return any(self._enough(value, needed) for value in values for needed in reachable)

        return first_day(can, phrases, lambda: self.known_days(facts), as_of, facts, how, by)

    def negated(self) -> Threshold:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        word = {
            (False, True): "at_least",
            (True, True): "more_than",
            (True, False): "at_most",
            (False, False): "less_than",
        }[self.more, self.positive]
        return Part("fact", (("fact", self.path), (word, str(self.needed))))

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        return Part("given", (("value", shown(facts.value(self.path))),))
