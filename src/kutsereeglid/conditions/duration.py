"""The family ``time``: how long records last, counted as the ruleset counts time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import Leaf, Moment, Variable, values_of
from kutsereeglid.conditions.comparison import NO_CALENDAR
from kutsereeglid.conditions.records import favoured
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import (
    AHEAD,
    MONTH_SHARES,
    BrokenRuns,
    Calendar,
    MonthEnd,
    Run,
    Term,
    end_of_term,
    long_enough,
    minus,
    plus_days,
    shares,
    union,
)
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts, Record, each
from kutsereeglid.status import Status

LAST = AHEAD.toordinal()


@frozen(eq=False, repr=False)
class CountingTime:
    """How a ruleset adds up time; each part is a setting of its own."""

    overlaps_once: bool
    broken_runs: BrokenRuns
    suspended_counts: bool


@frozen(eq=False, repr=False)
class Time(Leaf):
    """``time: employments, where: {…}, at_least: 6 months``.

    With `inner` the time is that of a list inside each record (``documents.positions``). What is in
    the records is counted up to the judged day, and no further than the field `each_until` of a record.
    """

    head = "time"
    selection: Selection
    term: Term
    counting: CountingTime
    inner: str | None = None
    each_until: str | None = None
    one_alone: bool = False
    positive: bool = True

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.inner is not None and self.positive

    def variables(self, facts: Facts) -> Iterable[Variable]:
        for variable in self._variables(facts):
            yield favoured(variable, self.positive)

    def _variables(self, facts: Facts) -> Iterator[Variable]:
        kind = self.selection.kind
        found = facts.records(kind)
        if found is ABSENT:
            yield _any_days(kind.path)
        for record in each(found):
            of_record = list(self.selection.variables(record, facts))
            if not self._may_pass(record, facts, of_record):
                continue
            yield from of_record
            if self.inner is None:
                yield from self._of_span(record)
                continue
            if self.each_until is not None and record.get(self.each_until) is ABSENT:
                source = record.source_of(self.each_until)
                if all(variable.path != source for variable in of_record):
                    yield _start(source, AHEAD, later_is_better=True)
            parts = record.inner(self.inner)
            if parts is ABSENT:
                yield _any_days(f"{record.path}.{self.inner}")
            selection = self.selection.inner[self.inner]
            for part in each(parts):
                of_part = list(selection.variables(part, facts))
                if of_part or selection.passes(part, facts, Moment(facts.as_of, AHEAD), NO_CALENDAR):
                    yield from of_part
                    yield from self._of_span(part)

    def _may_pass(self, record: Record, facts: Facts, unknown: list[Variable]) -> bool:
        return bool(unknown) or self.selection.passes(record, facts, Moment(facts.as_of, AHEAD), NO_CALENDAR)

    def _of_span(self, record: Record) -> Iterator[Variable]:
        first, last = record.kind.spans or ("", "")
        start, end = record.get(first), record.get(last)
        if start is ABSENT:
            yield _start(f"{record.path}.{first}", AHEAD if end is ABSENT else end)
        if end is ABSENT:
            yield _end(f"{record.path}.{last}", 1 if start is ABSENT else start.toordinal())
        if not self.counting.suspended_counts and "suspensions" in record.kind.inner:
            suspensions = record.inner("suspensions")
            if suspensions is ABSENT:
                yield values_of(f"{record.path}.suspensions", (LAST, 0))
            for part in each(suspensions):
                start, end = part.get("start"), part.get("end")
                if start is ABSENT:
                    yield favoured(_start(f"{part.path}.start", AHEAD if end is ABSENT else end), False)
                if end is ABSENT:
                    yield favoured(
                        _end(f"{part.path}.end", 1 if start is ABSENT else start.toordinal()), False
                    )

    def groups(self, facts: Facts, moment: Moment, how: Calendar, until: date) -> list[list[Run]]:
        """The runs of days of each record, up to ``until``."""
        found = facts.records(self.selection.kind)
        if isinstance(found, int):
            return [[_up_to(until, found)]]
        groups = []
        for record in found:
            if not self.selection.passes(record, facts, moment, how):
                continue
            if self.inner is None:
                groups.append(self._run(record, until))
                continue
            if not self.selection.happened(record, until):
                continue
            last = until if self.each_until is None else min(until, record.get(self.each_until))
            parts = record.inner(self.inner)
            if isinstance(parts, int):
                groups.append([_up_to(last, parts)])
                continue
            selection = self.selection.inner[self.inner]
            groups.append(
                [
                    run
                    for part in parts
                    if selection.passes(part, facts, moment, how)
                    for run in self._run(part, last)
                ]
            )
        return groups

    def _run(self, record: Record, until: date) -> list[Run]:
        first, last = record.kind.spans or ("", "")
        start = record.get(first).toordinal()
        run = (start, min(max(record.get(last).toordinal(), start), until.toordinal()))
        if run[1] < run[0]:
            return []
        if self.counting.suspended_counts or "suspensions" not in record.kind.inner:
            return [run]
        suspensions = record.inner("suspensions")
        if isinstance(suspensions, int):
            return [run] if suspensions == 0 else []
        off = [(part.get("start").toordinal(), part.get("end").toordinal()) for part in suspensions]
        return list(minus((run,), off))

    def counted(self, groups: list[list[Run]]) -> list[list[Run]]:
        """The runs that are added up: one list for each sum that may reach the term alone."""
        merge = union if self.counting.overlaps_once else list
        if self.one_alone:
            return [list(merge(group)) for group in groups]
        return [list(merge([run for group in groups for run in group]))]

    def content(self, facts: Facts, moment: Moment, how: Calendar) -> object:
        # Days to come count too where a record that goes on may fill the term alone.
        until = moment.due if self.inner is None and moment.in_time else moment.day
        return self.counted(self.groups(facts, moment, how, until))

    def reached(self, groups: list[list[Run]], how: Calendar) -> bool:
        return any(
            long_enough(runs, self.term, self.counting.broken_runs, how.month_end)
            for runs in self.counted(groups) or [[]]
        )

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        if self.reached(self.groups(facts, moment, how, moment.day), how) is self.positive:
            return Status.MET
        if not self.positive or moment.as_of > moment.due:
            return Status.NOT_MET
        if self.inner is not None:  # what is handed in on the day of evaluation may attest any past days
            return Status.OPEN
        can = (
            moment.due == AHEAD
            or (self._many_at_once and moment.as_of < moment.due)
            or self.full_by(moment.due, facts, moment, how)
        )
        return Status.OPEN if can else Status.NOT_MET

    @property
    def _many_at_once(self) -> bool:
        """Whether any number of records side by side may fill the term in one day."""
        apart = self.one_alone or self.counting.broken_runs is BrokenRuns.UNBROKEN
        return not self.counting.overlaps_once and not apart

    def full_by(self, day: date, facts: Facts, moment: Moment, how: Calendar) -> bool:
        """Whether the term is full by a day when work goes on from the day after the day of evaluation."""
        groups = self.groups(facts, moment, how, day)
        added = (moment.as_of.toordinal() + 1, day.toordinal())
        return self.reached([*groups, [added]] if added[0] <= added[1] else groups, how)

    def earliest(self, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        if not self.positive:
            return None
        if self.inner is not None:
            return moment.as_of
        if self._many_at_once and not self.full_by(moment.as_of, facts, moment, how):
            return plus_days(moment.as_of, 1)
        # A term of months that overflows into the next one may need a few days more than its own.
        low = moment.day.toordinal() + 1
        high = min(LAST - 1, plus_days(end_of_term(moment.as_of, self.term, _clamped(how)), 5).toordinal())
        if low > high or not self.full_by(date.fromordinal(high), facts, moment, how):
            return None
        while low < high:
            middle = (low + high) // 2
            if self.full_by(date.fromordinal(middle), facts, moment, how):
                high = middle
            else:
                low = middle + 1
        return date.fromordinal(low)

    def negated(self) -> Time:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        key = "time" if self.positive else "not time"
        path = self.selection.kind.path + (f".{self.inner}" if self.inner else "")
        more = (("records", path), ("term", str(self.term)))
        return Part(key, (*more, *self.selection.message()))

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        sums = self.counted(self.groups(facts, moment, how, moment.day))
        best = max(sums, key=shares, default=[])
        if not best:
            return Part("no time", (("day", moment.day.isoformat()),))
        months = shares(best) * 100 // MONTH_SHARES / 100
        ranges = ", ".join(
            f"{date.fromordinal(first).isoformat()}–{date.fromordinal(last).isoformat()}"
            for first, last in best
        )
        return Part(
            "time counted",
            (("months", f"{months:g}"), ("ranges", ranges), ("day", moment.day.isoformat())),
        )


def _clamped(how: Calendar) -> Calendar:
    return attrs.evolve(how, month_end=MonthEnd.CLAMP) if how.month_end is MonthEnd.REJECT else how


def _up_to(day: date, length: int) -> Run:
    """So many days, the last of them the given one."""
    last = day.toordinal()
    return max(1, last - length + 1), last if length else 0


def _any_days(path: str) -> Variable:
    """A list that is not known: none of it, or so many days up to the judged one."""
    return Variable(path, LAST, lambda index, _day: index)


def _start(path: str, end: date, *, later_is_better: bool = False) -> Variable:
    last = end.toordinal()
    return Variable(
        path, last, lambda index, _day: date.fromordinal(index + 1 if later_is_better else last - index)
    )


def _end(path: str, start: int) -> Variable:
    return Variable(path, LAST - start + 1, lambda index, _day: date.fromordinal(start + index))
