"""Several conditions judged as one, where a measure hangs on them (the ``if`` of a ``total``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import frozen

from kutsereeglid.conditions.base import Leaf, Moment, Variable
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase


@frozen(eq=False, repr=False)
class Combined(Leaf):
    """At least ``needed`` of the parts hold on one day."""

    head = "combined"
    needed: int
    parts: tuple[Leaf, ...]

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return bool(self.parts) and all(part.by_acts for part in self.parts)

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        return (phrase for part in self.parts for phrase in part.phrases())

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        for part in self.parts:
            yield from part.variables(facts, days)

    def later_is_better(self, facts: Facts) -> bool | None:
        found = {part.later_is_better(facts) for part in self.parts}
        return found.pop() if len(found) == 1 else None

    def known_days(self, facts: Facts) -> Iterable[date]:
        return [day for part in self.parts for day in part.known_days(facts)]

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return sum(part.holds(facts, day, how) for part in self.parts) >= self.needed

    def can(self, facts: Facts, moment: Moment, how: Calendar) -> bool:
        able = (part.holds(facts, moment.due, how) or part.can(facts, moment, how) for part in self.parts)
        return sum(able) >= self.needed

    def negated(self) -> Combined:
        return Combined(len(self.parts) - self.needed + 1, tuple(part.negated() for part in self.parts))

    def asks(self) -> Part:
        return Part("at least", (("needed", str(self.needed)),))
