"""What every family of conditions answers, and how an answer is found when facts are missing.

A leaf judges complete facts (`Leaf.judge`) and names, generously, the facts that it could lack
(`Leaf.variables`). `settle` then tries completions: the answer is known when all of them agree, and a
fact is missing exactly when two completions that differ in it alone give different statuses.

Each variable orders its values from the least to the most favourable, and every leaf is monotone in
each of them; so the two extreme completions decide whether an answer is known, and a bisection over
boxes of completions finds whether a single fact matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from attrs import field, frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.dates import AHEAD, Calendar, NoCorrespondingDay
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase, UnknownDay
from kutsereeglid.status import Status


@frozen(eq=False, repr=False)
class Moment:
    """When a leaf is judged: as it stood at the earlier of the day of evaluation and its due day."""

    as_of: date
    due: date
    """``AHEAD`` when no day is named."""

    @property
    def day(self) -> date:
        return min(self.as_of, self.due)

    @property
    def in_time(self) -> bool:
        """Whether something may still be done."""
        return self.as_of <= self.due


@frozen(eq=False, repr=False)
class Verdict:
    """A leaf's answer on complete facts."""

    status: Status
    earliest: date | None = None


@frozen(eq=False, repr=False)
class Variable:
    """A fact that is not known, with its values from the least to the most favourable."""

    path: str
    size: int
    value: Callable[[int, date], Any] = field(eq=False)
    """The value at an index; the second argument is the judged day."""


def values_of(path: str, values: Sequence[Any]) -> Variable:
    return Variable(path, len(values), lambda index, _day: values[index])


def acts_of(path: str) -> Variable:
    """The unknown day of something done: after the judged day, or any day up to it."""
    size = AHEAD.toordinal()

    def value(index: int, day: date) -> date:
        if index == 0:
            return AHEAD
        return date.fromordinal(max(1, day.toordinal() - (size - 1 - index)))

    return Variable(path, size, value)


def events_of(path: str, *, later_is_better: bool = True) -> Variable:
    """An unknown day that other days hang on: every day there is, and ``AHEAD``."""
    size = AHEAD.toordinal()

    def value(index: int, _day: date) -> date:
        return date.fromordinal(index + 1 if later_is_better else size - index)

    return Variable(path, size, value)


class Leaf:
    """One condition without parts. Subclasses are frozen; each family answers its own negation."""

    __slots__ = ()
    head: str
    by_acts = False
    """Whether it rests on something handed in or done, so that a missed term may be restored."""

    def variables(self, facts: Facts) -> Iterable[Variable]:
        """The facts that it could lack, the events that days hang on first."""
        raise NotImplementedError

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Verdict:
        """The answer, with every fact that it asks for known or assumed."""
        raise NotImplementedError

    def negated(self) -> Leaf:
        raise NotImplementedError

    def asks(self) -> Part:
        """What is asked for, whatever the facts."""
        raise NotImplementedError

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        """What was found, when that says more than the status; for known facts only."""
        return None

    def paths(self) -> Iterable[str]:
        """The paths of the vocabulary that it reads."""
        return ()


@frozen(eq=False, repr=False)
class Settled:
    """A leaf's answer for one applicant."""

    status: Status
    due: date | None
    earliest: date | None
    missing: tuple[str, ...]
    late: bool
    """It held on the day of evaluation, but not on its due day."""
    complete: bool = True
    """Whether every fact that it reads is known."""

    def moment(self, as_of: date) -> Moment:
        """When it was judged, as far as its due day is known."""
        return Moment(as_of, AHEAD if self.due is None else self.due)


_BUDGET = 4000
"""Completions tried for one missing fact; beyond it the fact is named, which is the safe side."""

MONTH_END_CHOICE = "calendar.month_end"
"""The missing choice when a due day has no corresponding day and the ruleset rejects to guess."""


def settle(leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar) -> Settled:
    """The four-valued answer of a leaf that must hold by ``due``."""
    as_of = facts.as_of
    variables = {
        path: events_of(path) for path in (due.paths() if due else ()) if facts.value(path) is ABSENT
    }
    due_count = len(variables)
    for variable in leaf.variables(facts):
        variables.setdefault(variable.path, variable)
    if not variables:
        try:
            day = due.due(facts, as_of, how) if due is not None else AHEAD
            verdict = leaf.judge(facts, Moment(as_of, day), how)
        except NoCorrespondingDay:
            return Settled(Status.UNKNOWN, None, None, (MONTH_END_CHOICE,), late=False, complete=False)
        late = (
            verdict.status is Status.NOT_MET
            and leaf.by_acts
            and as_of > day
            and leaf.judge(facts, Moment(as_of, AHEAD), how).status is Status.MET
        )
        return Settled(verdict.status, None if day == AHEAD else day, verdict.earliest, (), late)
    search = _Search(leaf, due, facts, how, tuple(variables.values()), due_count)
    return search.settled()


class _Search:
    """The completions of one leaf."""

    def __init__(
        self,
        leaf: Leaf,
        due: Phrase | None,
        facts: Facts,
        how: Calendar,
        variables: tuple[Variable, ...],
        due_count: int,
    ) -> None:
        self.leaf, self.due, self.facts, self.how = leaf, due, facts, how
        self.variables = variables
        self.due_count = due_count
        self.position = {variable.path: index for index, variable in enumerate(variables)}
        self.top = tuple(variable.size - 1 for variable in variables)

    def completed(self, at: tuple[int, ...], day: date) -> Facts:
        """The facts with the variables at these indices, read for this judged day."""

        def assumed(path: str) -> Any:
            index = self.position.get(path)
            return ABSENT if index is None else self.variables[index].value(at[index], day)

        return self.facts.assuming(assumed)

    def due_day(self, facts: Facts) -> date:
        return self.due.due(facts, facts.as_of, self.how) if self.due is not None else AHEAD

    def verdict(self, at: tuple[int, ...], read_for: date | None = None) -> Verdict:
        as_of = self.facts.as_of
        try:
            moment = Moment(as_of, self.due_day(self.completed(at, as_of)))
            return self.leaf.judge(self.completed(at, read_for or moment.day), moment, self.how)
        except NoCorrespondingDay:
            return Verdict(Status.UNKNOWN)

    def settled(self) -> Settled:
        least = self.verdict((0,) * len(self.top))
        most = self.verdict(self.top)
        day: date | None = None
        try:
            known = self.due_day(self.facts)
            day = None if known == AHEAD else known
        except (UnknownDay, NoCorrespondingDay):
            pass
        if least.status is most.status and least.status is not Status.UNKNOWN:
            return Settled(most.status, day, most.earliest, (), late=False, complete=False)
        missing = [
            variable.path
            for index, variable in enumerate(self.variables)
            if self.matters(index)
        ]  # fmt: skip
        return Settled(Status.UNKNOWN, day, None, tuple(sorted(missing)) or (MONTH_END_CHOICE,), late=False, complete=False)

    def matters(self, index: int) -> bool:
        """Whether two completions that differ in this fact alone give different statuses."""
        # When the due day itself is in question, what the other facts say must stay as it is, so they
        # are read for one judged day.
        read_for = self.facts.as_of if index < self.due_count else None
        tried = 0

        def ends(at: list[int]) -> tuple[Status, Status]:
            nonlocal tried
            tried += 1
            low, high = at.copy(), at.copy()
            low[index], high[index] = 0, self.top[index]
            return self.verdict(tuple(low), read_for).status, self.verdict(tuple(high), read_for).status

        boxes = [([0] * len(self.top), list(self.top))]
        while boxes:
            low, high = boxes.pop()
            at_low, at_high = ends(low), ends(high)
            if at_low[0] is not at_low[1] or at_high[0] is not at_high[1] or tried > _BUDGET:
                return True
            if at_low[0] is at_high[1]:
                continue
            widths = [0 if place == index else high[place] - low[place] for place in range(len(low))]
            widest = max(widths)
            if widest == 0:
                continue
            place = widths.index(widest)
            middle = (low[place] + high[place]) // 2
            boxes.append((low, high[:place] + [middle] + high[place + 1 :]))
            boxes.append((low[:place] + [middle + 1] + low[place + 1 :], high))
        return False
