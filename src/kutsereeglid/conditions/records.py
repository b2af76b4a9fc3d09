"""The families that count records: ``some``, ``none``, ``count`` and ``document``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import Leaf, Moment, Variable, acts_of, values_of
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import Calendar, plus_days
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts, each
from kutsereeglid.status import Status


@frozen(eq=False, repr=False)
class Count(Leaf):
    """At least so many selected records are there; ``some`` is one, ``document`` one of the documents."""

    head: str
    selection: Selection
    needed: int = 1
    positive: bool = True

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.selection.kind.dated_by is not None and self.positive

    def variables(self, facts: Facts) -> Iterable[Variable]:
        kind = self.selection.kind
        found = facts.records(kind)
        if found is ABSENT:
            yield favoured(values_of(kind.path, (0, self.needed)), self.positive)
        for record in each(found):
            unknown = [*self.selection.variables(record, facts)]
            if kind.dated_by is None and kind.spans is not None and record.get(kind.spans[0]) is ABSENT:
                unknown.append(acts_of(f"{record.path}.{kind.spans[0]}"))
            yield from (favoured(variable, self.positive) for variable in unknown)

    def counted(self, facts: Facts, moment: Moment, how: Calendar) -> int:
        """The number of selected records that are there by the judged day."""
        found = facts.records(self.selection.kind)
        if isinstance(found, int):
            return found
        return sum(
            self.selection.passes(record, facts, moment, how) and self.selection.happened(record, moment.day)
            for record in found
        )

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        if (self.counted(facts, moment, how) >= self.needed) is self.positive:
            return Status.MET
        return Status.OPEN if self.positive and self._next_day(moment) <= moment.due else Status.NOT_MET

    def earliest(self, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        return self._next_day(moment) if self.positive else None

    def _next_day(self, moment: Moment) -> date:
        """An act may be done on the day of evaluation; what lasts begins on the day after."""
        return moment.as_of if self.selection.kind.dated_by else plus_days(moment.as_of, 1)

    def negated(self) -> Count:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        key = self.head if self.needed == 1 else "count"
        return self.selection.asks(key if self.positive else f"not {key}", ("needed", str(self.needed)))

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        number = self.counted(facts, moment, how)
        return Part("counted", (("number", str(number)), ("day", moment.day.isoformat())))


def favoured(variable: Variable, positive: bool) -> Variable:
    """For a negation, what favours the condition disfavours it."""
    if positive:
        return variable
    top = variable.size - 1
    return Variable(variable.path, variable.size, lambda index, day: variable.value(top - index, day))
