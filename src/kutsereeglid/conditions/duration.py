"""The family ``time``: how long records last, counted as the ruleset counts time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import Leaf, Moment, Variable, favoured, values_of
from kutsereeglid.conditions.measures import LAST, span_of, start_of
from kutsereeglid.conditions.moving import first_between, turning_days
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import (
    AHEAD,
    MONTH_SHARES,
    BrokenRuns,
    Calendar,
    CountingBack,
    MonthEnd,
    Run,
    Shift,
    Term,
    clamped,
    end_of_term,
    long_enough,
    minus,
    plus_days,
    shares,
    union,
)
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts, Record, each
from kutsereeglid.phrases import Phrase

_CLAMPED = Calendar("UTC", "EE", MonthEnd.CLAMP, CountingBack.SUBTRACT, Shift.STAY, Shift.STAY)


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

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        window = self.selection.window
        for phrase in window.phrases() if window is not None else ():
            yield phrase, None

    def later_is_better(self, facts: Facts) -> bool | None:
        window = self.selection.window
        return self.positive if window is None or not window.may_move(facts) else None

    def spell(self) -> int:
        length = end_of_term(date(2024, 1, 1), self.term, _CLAMPED) - date(2024, 1, 1)
        return length.days + 4

    def known_days(self, facts: Facts) -> Iterator[date]:
        yield from self.selection.days(facts)
        if self.inner is None:
            return
        for record in each(facts.records(self.selection.kind)):
            for part in each(record.inner(self.inner)):
                yield from self.selection.inner[self.inner].days_of(part)
            if self.each_until is not None and (value := record.get(self.each_until)) is not ABSENT:
                yield value

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        for variable in self._variables(facts, days):
            yield favoured(variable, self.positive)

    def _variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        kind = self.selection.kind
        found = facts.records(kind)
        if found is ABSENT:
            yield self._unknown_list(kind.path, days)
        yield from self.selection.asked(facts)
        anyway = attrs.evolve(self.selection, window=None)  # the window is for the time, not the record
        for record in each(found):
            unknown = anyway.unknown(record, days)
            if unknown is None:
                continue
            if self.inner is None:
                # The days of what lasts count, whenever it is dated.
                yield from unknown
                yield from self._of_span(record)
                continue
            of_record = [*unknown, *anyway.dated(record, days)]
            until = (
                self.each_until
                and record.get(self.each_until) is ABSENT
                and record.source_of(self.each_until)
            )
            yield from (variable for variable in of_record if variable.path != until)
            if until:
                own = kind.dated_by is not None and until == record.source_of(kind.dated_by)
                yield _until(until, up_to_today=own)
            parts = record.inner(self.inner)
            if parts is ABSENT:
                yield self._unknown_list(f"{record.path}.{self.inner}", days)
            selection = self.selection.inner[self.inner]
            for part in each(parts):
                of_part = selection.unknown(part, days)
                if of_part is not None:
                    yield from of_part
                    yield from self._of_span(part)

    def _unknown_list(self, path: str, days: Sequence[date]) -> Variable:
        """None of it, or so many days up to a day."""
        if self.selection.window is None:
            return Variable(path, LAST, lambda index, day: _days_up_to(day, index))
        ends = [_days_up_to(day, LAST) for day in days]
        return values_of(path, [_days_up_to(date.min, 0), *ends], ordered=False)

    def _of_span(self, record: Record) -> Iterator[Variable]:
        yield from span_of(record)
        if not self.counting.suspended_counts and "suspensions" in record.kind.inner:
            suspensions = record.inner("suspensions")
            if suspensions is ABSENT:
                yield values_of(f"{record.path}.suspensions", (LAST, 0))
            for part in each(suspensions):
                yield from (favoured(variable, False) for variable in span_of(part))

    def groups(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> list[list[Run]]:
        """The runs of days of each record up to a day, inside the window; with ``cut``, what stands in the
        way of the condition and goes on without an end ends then."""
        first, last = self.selection.bounds(facts, day, how) or (date.min, AHEAD)
        until = min(day, last)
        found = facts.records(self.selection.kind)
        if isinstance(found, tuple):
            return [_clipped([found], first, until)]
        groups = []
        for record in found:
            if not self.selection.passes(record, facts, day, how):
                continue
            if self.inner is None:
                groups.append(_clipped(self._runs(record, cut), first, until))
                continue
            if not self.selection.there(record, day):
                continue
            end = until if self.each_until is None else min(until, record.get(self.each_until))
            parts = record.inner(self.inner)
            if isinstance(parts, tuple):
                groups.append(_clipped([parts], first, end))
                continue
            selection = self.selection.inner[self.inner]
            runs = [
                run
                for part in parts
                if selection.passes(part, facts, day, how)
                for run in self._runs(part, cut)
            ]
            groups.append(_clipped(runs, first, end))
        return groups

    def _runs(self, record: Record, cut: date | None) -> list[Run]:
        start, end = (record.get(name) for name in record.kind.spans or ())
        if cut is not None and end == AHEAD and not self.positive and record.kind.may_end:
            end = max(start, cut)
        if end < start:
            # No such record, though one that is tried may come to it. It stands for one that is over
            # before the window, or without a window for the shortest that there is.
            window = self.selection.window
            if window is not None and window.first is not None:
                return []
            end = start
        run = (start.toordinal(), end.toordinal())
        if self.counting.suspended_counts or "suspensions" not in record.kind.inner:
            return [run]
        suspensions = record.inner("suspensions")
        if isinstance(suspensions, int):
            return [run] if suspensions == 0 else []
        return list(minus((run,), (self._pause(part, cut) for part in suspensions)))

    def _pause(self, part: Record, cut: date | None) -> Run:
        start, end = part.get("start"), part.get("end")
        if cut is not None and end == AHEAD and self.positive:
            end = cut
        return start.toordinal(), max(end, start).toordinal()

    def counted(self, groups: list[list[Run]]) -> list[list[Run]]:
        """The runs that are added up: one list for each sum that may reach the term alone."""
        merge = union if self.counting.overlaps_once else list
        if self.one_alone:
            return [list(merge(group)) for group in groups]
        return [list(merge([run for group in groups for run in group]))]

    def content(self, facts: Facts, moment: Moment, how: Calendar, *, ahead: bool) -> object:
        window = self.selection.window
        if ahead and window is not None and window.moves(facts):
            return None
        groups = self.groups(facts, moment.due if ahead else moment.day, how)
        if self.one_alone:
            return None if self.reached(groups, how) else ()
        return self.counted(groups)

    def reached(self, groups: list[list[Run]], how: Calendar) -> bool:
        return any(
            long_enough(runs, self.term, self.counting.broken_runs, how.month_end)
            for runs in self.counted(groups) or [[]]
        )

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self.reached(self.groups(facts, day, how), how) is self.positive

    def can(self, facts: Facts, moment: Moment, how: Calendar) -> bool:
        if self.selection.window is not None:
            return super().can(facts, moment, how)
        if not self.positive:
            return False
        # What is handed in on the day of evaluation may attest any past days.
        return (
            self.inner is not None
            or moment.due == AHEAD
            or self.full_by(moment.due, facts, moment.as_of, how)
        )

    @property
    def _many_at_once(self) -> bool:
        """Whether any number of records side by side may fill the term in one day."""
        apart = (self.one_alone and self.inner is None) or self.counting.broken_runs is BrokenRuns.UNBROKEN
        return not self.counting.overlaps_once and not apart

    def full_by(self, day: date, facts: Facts, as_of: date, how: Calendar) -> bool:
        """Whether the term is full by a day when all that can be added is: work from the day after the
        day of evaluation, or a document that attests every day."""
        groups = self.groups(facts, day, how, cut=as_of)
        first, last = self.selection.bounds(facts, day, how) or (date.min, AHEAD)
        begin = first if self.inner is not None else max(first, plus_days(as_of, 1))
        added = (begin.toordinal(), min(day, last).toordinal())
        if added[0] <= added[1]:
            if self._many_at_once:
                return True
            groups = [*groups, [added]]
        return self.reached(groups, how)

    def first(self, facts: Facts, moment: Moment, how: Calendar) -> date | None:
        as_of, window = moment.as_of, self.selection.window
        if window is None:
            if not self.positive:
                return None
            if self.inner is not None:
                return as_of
        elif not self.positive and not window.moves(facts):
            return None

        def can(day: date) -> bool:
            if self.positive:
                return self.full_by(day, facts, as_of, how)
            return not self.reached(self.groups(facts, day, how, cut=as_of), how)

        marks = [as_of, plus_days(as_of, 1)]
        phrases: tuple[Phrase, ...] = ()
        if window is not None:
            phrases = window.phrases()
            marks += [*self.known_days(facts), *window.bounds(facts, as_of, clamped(how))]
        # A term of months that overflows into the next one may need a few days more than its own.
        marks += [plus_days(end_of_term(mark, self.term, clamped(how)), 5) for mark in marks if mark != AHEAD]
        return first_between(turning_days(phrases, marks, as_of, facts, how), can)

    def negated(self) -> Time:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        key = "time" if self.positive else "not time"
        path = self.selection.kind.path + (f".{self.inner}" if self.inner else "")
        more = (("records", path), ("term", str(self.term)))
        return Part(key, (*more, *self.selection.message()))

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        sums = self.counted(self.groups(facts, moment.day, how))
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


def _until(path: str, *, up_to_today: bool) -> Variable:
    """An unknown day up to which something is attested, the later the better; when it is the day of
    handing in too, it must not be after the judged day."""
    if not up_to_today:
        return start_of(path, AHEAD, later_is_better=True)

    def value(index: int, day: date) -> date:
        return AHEAD if index == 0 else date.fromordinal(max(1, day.toordinal() - (LAST - 1 - index)))

    return Variable(path, LAST, value, if_due_is_known=True)


def _clipped(runs: Iterable[Run], first: date, last: date) -> list[Run]:
    clipped = ((max(start, first.toordinal()), min(end, last.toordinal())) for start, end in runs)
    return [run for run in clipped if run[0] <= run[1]]


def _days_up_to(day: date, length: int) -> Run:
    """So many days, the last of them the given one."""
    last = day.toordinal()
    return max(1, last - length + 1), last if length else 0
