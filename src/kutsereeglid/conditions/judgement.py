"""The family ``judged``: what a person must say."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import Leaf, Moment, Variable, values_of
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.status import Status


@frozen(eq=False, repr=False)
class Judged(Leaf):
    """``judged: topic-fits, by: committee``: the missing fact is ``judgements.topic-fits``."""

    head = "judged"
    question: str
    by: str
    positive: bool = True

    def variables(self, facts: Facts) -> Iterable[Variable]:
        if facts.judgement(self.question) is ABSENT:
            yield values_of(f"judgements.{self.question}", (not self.positive, self.positive))

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        return Status.MET if facts.judgement(self.question) is self.positive else Status.NOT_MET

    def negated(self) -> Judged:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        return Part(
            "judged" if self.positive else "not judged", (("question", self.question), ("by", self.by))
        )
