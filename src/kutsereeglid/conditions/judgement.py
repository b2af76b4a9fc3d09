"""The family ``judged``: what a person must say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import Leaf, Variable, values_of
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts


@frozen(eq=False, repr=False)
class Judged(Leaf):
    """``judged: topic-fits, by: committee``: the missing fact is ``judgements.topic-fits``."""

    head = "judged"
    question: str
    by: str
    positive: bool = True

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        if facts.judgement(self.question) is ABSENT:
            yield values_of(f"judgements.{self.question}", (not self.positive, self.positive))

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return facts.judgement(self.question) is self.positive

    def negated(self) -> Judged:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        return Part(
            "judged" if self.positive else "not judged", (("question", self.question), ("by", self.by))
        )
