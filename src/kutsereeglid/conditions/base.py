"""What every family of conditions answers, and how an answer is found when facts are missing.

A leaf judges complete facts (`Leaf.judge`) and names, generously, the facts that it could lack
(`Leaf.variables`). `settle` then tries completions: the answer is known when all of them agree, and a
fact is missing exactly when two completions that differ in it alone give different statuses.

Each variable orders its values from the least to the most favourable, and every leaf is monotone in
each of them; so the two extreme completions decide whether an answer is known, and cutting down a box
of completions tells whether a single fact matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        """The answer, with every fact that it asks for known or assumed."""
        raise NotImplementedError

    def earliest(self, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        """The first day on which it could hold, asked for when it does not; it may be after the due day."""
        return None

    def content(self, facts: Facts, moment: Moment, how: Calendar) -> object:
        """What the records give together (the union of their days, say), or ``None`` when it is no union
        of what each gives alone: a fact cannot matter that adds nothing to it."""
        return None

    def negated(self) -> Leaf:
        raise NotImplementedError

    def asks(self) -> Part:
        """What is asked for, whatever the facts."""
        raise NotImplementedError

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        """What was found, when that says more than the status; for known facts only."""
        return None


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


_BUDGET = 4_000
"""Completions judged for one missing fact; beyond it the fact is named, which is the safe side."""

MONTH_END_CHOICE = "calendar.month_end"
"""The missing choice when a due day has no corresponding day and the ruleset rejects to guess."""

_RANK = {Status.NOT_MET: 0, Status.UNKNOWN: 0, Status.OPEN: 1, Status.MET: 2}


def settle(
    leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar, *, with_missing: bool = True
) -> Settled:
    """The four-valued answer of a leaf that must hold by ``due``; finding what is missing may be left
    out where only the status is asked for."""
    as_of = facts.as_of
    variables = {
        path: events_of(path) for path in (due.paths() if due else ()) if facts.value(path) is ABSENT
    }
    due_count = len(variables)
    for variable in leaf.variables(facts):
        variables.setdefault(variable.path, variable)
    if variables:
        return _Search(leaf, due, facts, how, tuple(variables.values()), due_count).settled(with_missing)
    try:
        day = due.due(facts, as_of, how) if due is not None else AHEAD
        moment = Moment(as_of, day)
        status = leaf.judge(facts, moment, how)
    except NoCorrespondingDay:
        return Settled(Status.UNKNOWN, None, None, (MONTH_END_CHOICE,), late=False, complete=False)
    if status is Status.MET:
        return Settled(status, None if day == AHEAD else day, None, (), late=False)
    late = (
        status is Status.NOT_MET
        and leaf.by_acts
        and as_of > day
        and leaf.judge(facts, Moment(as_of, AHEAD), how) is Status.MET
    )
    return Settled(status, None if day == AHEAD else day, leaf.earliest(facts, moment, how), (), late)


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

    def moment(self, at: tuple[int, ...]) -> Moment:
        as_of = self.facts.as_of
        return Moment(as_of, self.due_day(self.completed(at, as_of)))

    def status(self, at: tuple[int, ...], read_for: date | None = None) -> Status:
        try:
            moment = self.moment(at)
            return self.leaf.judge(self.completed(at, read_for or moment.day), moment, self.how)
        except NoCorrespondingDay:
            return Status.UNKNOWN

    def content(self, at: tuple[int, ...], read_for: date | None) -> object:
        """What the leaf judges by, where it can be compared."""
        try:
            moment = self.moment(at)
        except NoCorrespondingDay:
            return None
        return self.leaf.content(self.completed(at, read_for or moment.day), moment, self.how)

    def settled(self, with_missing: bool) -> Settled:
        bottom = (0,) * len(self.top)
        least, most = self.status(bottom), self.status(self.top)
        day: date | None = None
        try:
            known = self.due_day(self.facts)
            day = None if known == AHEAD else known
        except (UnknownDay, NoCorrespondingDay):
            pass
        if least is most and least is not Status.UNKNOWN:
            earliest = None
            if most is not Status.MET:
                moment = self.moment(self.top)
                earliest = self.leaf.earliest(self.completed(self.top, moment.day), moment, self.how)
            return Settled(most, day, earliest, (), late=False, complete=False)
        missing: tuple[str, ...] = ()
        if with_missing:
            ranks = range(min(_RANK[least], _RANK[most]) + 1, max(_RANK[least], _RANK[most]) + 1)
            missing = tuple(
                sorted(
                    variable.path
                    for index, variable in enumerate(self.variables)
                    if any(_Boxes(self, index, rank).found() for rank in ranks)
                )
            ) or (MONTH_END_CHOICE,)
        return Settled(Status.UNKNOWN, day, None, missing, late=False, complete=False)


def _record_of(path: str) -> str:
    """The whole record of a list that a path leads into: ``documents[0]`` of ``documents[0].type``."""
    return path.partition("]")[0]


class _ExhaustedError(Exception):
    """Too many completions would have to be judged."""


class _Boxes:
    """Looks for two completions that differ in one fact alone, of which just one reaches a status.

    Completions are points; with the fact at its worst a point reaches the status or not (`worst`), and
    with it at its best (`best`). Both grow with every other fact, so a box of points may be cut down to
    where `best` holds and `worst` does not, one fact at a time, by bisection; what is left is split.
    """

    def __init__(self, search: _Search, index: int, rank: int) -> None:
        self.search, self.index, self.rank = search, index, rank
        # When the due day itself is in question, what the other facts say must stay as it is, so they
        # are read for one judged day.
        self.read_for = search.facts.as_of if index < search.due_count else None
        self.known: dict[tuple[int, ...], bool] = {}
        record = _record_of(search.variables[index].path)
        self.own = {place for place, one in enumerate(search.variables) if _record_of(one.path) == record}

    def reaches(self, at: list[int], value: int) -> bool:
        point = (*at[: self.index], value, *at[self.index + 1 :])
        if point not in self.known:
            if len(self.known) >= _BUDGET:
                raise _ExhaustedError
            self.known[point] = _RANK[self.search.status(point, self.read_for)] >= self.rank
        return self.known[point]

    def worst(self, at: list[int]) -> bool:
        return self.reaches(at, 0)

    def best(self, at: list[int]) -> bool:
        return self.reaches(at, self.search.top[self.index])

    def found(self) -> bool:
        try:
            return self._found()
        except _ExhaustedError:
            return True

    def _found(self) -> bool:
        low, high = [0] * len(self.search.top), list(self.search.top)
        if not self.cut(low, high):
            return False
        if any(self.best(self.highest(low, high, order)) for order in self.orders()):
            return True
        boxes = [(low, high)]
        while boxes:
            low, high = boxes.pop()
            if self.idle(low, high) or not self.cut(low, high):
                continue
            if self.best(low) or not self.worst(high):
                return True
            widths = [0 if place == self.index else high[place] - low[place] for place in range(len(low))]
            place = widths.index(max(widths))
            middle = (low[place] + high[place]) // 2
            boxes.append((low, [*high[:place], middle, *high[place + 1 :]]))
            boxes.append(([*low[:place], middle + 1, *low[place + 1 :]], high))
        return False

    def orders(self) -> Iterator[list[int]]:
        """Orders in which to improve the other facts: those of the same record first; last, and each of
        them the very last in turn (who signed, say, where the judgement on it is in question)."""
        others = [place for place in range(len(self.search.variables)) if place != self.index]
        siblings = [place for place in others if place in self.own]
        strangers = [place for place in others if place not in self.own]
        yield siblings + strangers
        for last in siblings:
            yield [*strangers, *(place for place in siblings if place != last), last]

    def highest(self, low: list[int], high: list[int], order: list[int]) -> list[int]:
        """A point of the box at which `worst` does not hold, and would if any fact were better."""
        point = low.copy()
        for place in order:
            better = [*point[:place], high[place], *point[place + 1 :]]
            if self.worst(better):
                better[place] = self.first(self.worst, point, place, point[place], high[place]) - 1
            point = better
        return point

    def cut(self, low: list[int], high: list[int]) -> bool:
        """Cuts the box down in place; false when nothing is left of it."""
        for _ in range(2):  # each further pass may gain a single day; splitting gains more
            if not self.best(high) or self.worst(low):
                return False
            for place in range(len(low)):
                if place == self.index or low[place] == high[place]:
                    continue
                first = self.first(self.best, high, place, low[place], high[place])
                last = high[place]
                if self.worst([*low[:place], last, *low[place + 1 :]]):
                    last = self.first(self.worst, low, place, low[place], last) - 1
                if first > last:
                    return False
                low[place], high[place] = first, last
        return self.best(high) and not self.worst(low)

    def idle(self, low: list[int], high: list[int]) -> bool:
        """Whether the fact adds nothing anywhere in the box: nothing to what is there in any case, with
        the days and the rest of its own record at their best."""
        point = [
            high[place] if place in self.own or place < self.search.due_count else low[place]
            for place in range(len(low))
        ]
        contents = []
        for value in (0, self.search.top[self.index]):
            point[self.index] = value
            contents.append(self.search.content(tuple(point), self.read_for))
        return contents[0] is not None and contents[0] == contents[1]

    @staticmethod
    def first(reached: Callable[[list[int]], bool], at: list[int], place: int, low: int, high: int) -> int:
        """The first index at which it is reached, with the other facts as they are; it is at ``high``."""
        point = at.copy()
        while low < high:
            point[place] = (low + high) // 2
            if reached(point):
                high = point[place]
            else:
                low = point[place] + 1
        return low
