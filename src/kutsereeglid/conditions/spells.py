"""The days on which records last, as a ruleset counts time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.amounts import exact
from kutsereeglid.conditions.base import Variable, favoured, values_of
from kutsereeglid.conditions.measures import LAST, Supposed, group_of, span_of, start_of
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import (
    AHEAD,
    BrokenRuns,
    Calendar,
    MonthEnd,
    Run,
    Stretch,
    Term,
    end_of_term,
    long_enough,
    minus,
    plus_days,
    stacked,
    union,
    worked_enough,
)
from kutsereeglid.facts import Facts, Record, each
from kutsereeglid.phrases import Phrase

_VERY_MUCH = Fraction(10**6)
"""More at once than any term asks for."""

WORKLOADS = tuple(Fraction(step, 20) for step in range(21))
"""Values tried for a workload that is not known: steps of a twentieth of full time."""

_MORE_THAN_FULL = (*(Fraction(step) for step in (2, 3, 5, 10)), _VERY_MUCH)
"""Values tried besides, where more than full time counts."""


@frozen(eq=False, repr=False)
class CountingTime:
    """How a ruleset adds up time; each part is a setting of its own."""

    overlaps_once: bool
    broken_runs: BrokenRuns
    suspended_counts: bool
    full_time: bool = False
    """Part-time work counts as its share of full time."""


@frozen(eq=False, repr=False)
class Unbroken:
    """Time without a break up to a day: a gap no longer than `gap` breaks nothing."""

    ending: Phrase
    gap: Term | None
    gaps_count: bool


@frozen(eq=False, repr=False)
class Spells:
    """The selected records' days, up to the judged day.

    With `inner` the days are those of a list inside each record (``documents.positions``), and no
    further than the field `each_until` of a record.
    """

    selection: Selection
    counting: CountingTime
    inner: str | None = None
    each_until: str | None = None
    one_alone: bool = False
    """Each record for itself."""
    in_one: str | None = None
    """Only the records with one value of this field are added up: the value with which they last longest."""
    whole_span: bool = False
    """From the first day to the last, whatever lies between."""
    unbroken: Unbroken | None = None

    def phrases(self) -> Iterator[Phrase]:
        yield from self.selection.phrases()
        if self.unbroken is not None:
            yield self.unbroken.ending

    def known_days(self, facts: Facts) -> Iterator[date]:
        yield from self.selection.days(facts)
        if self.inner is None:
            return
        for record in each(facts.records(self.selection.kind)):
            for part in each(record.inner(self.inner)):
                yield from self.selection.inner[self.inner].days_of(part)
            if self.each_until is not None and (value := record.get(self.each_until)) is not ABSENT:
                yield value

    @property
    def weighed(self) -> bool:
        """Whether part-time work counts as its share; a span is from a day to a day, whatever lies between."""
        spanned = self.whole_span or self.inner is not None
        return self.counting.full_time and not spanned and "workload" in self.selection.kind.fields

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        """What is not known, each from the least time to the most."""
        kind = self.selection.kind
        found = facts.records(kind)
        if found is ABSENT:
            yield self._unknown_list(kind.path, days)
        yield from self.selection.asked(facts, days)
        anyway = attrs.evolve(self.selection, window=None)  # the window is for the time, not the record
        for record in each(found):
            unknown = anyway.unknown(record, days)
            if unknown is None:
                continue
            if self.inner is None:
                # The days of what lasts count, whenever it is dated.
                yield from unknown
                if self.in_one is not None and record.get(self.in_one) is ABSENT:
                    yield group_of(record, self.in_one, found)
                if self.weighed and record.get("workload") is ABSENT:
                    tested = any(test.name == "workload" for test in self.selection.tests)
                    more = () if self.counting.overlaps_once else _MORE_THAN_FULL
                    yield values_of(f"{record.path}.workload", (*WORKLOADS, *more), ordered=not tested)
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
        if not any(True for _ in self.phrases()):
            return Variable(path, LAST, lambda index, day: Supposed(run=_days_up_to(day, index)))
        ends = [Supposed(run=_days_up_to(day, LAST)) for day in days]
        return values_of(path, [Supposed(), *ends], ordered=False)

    def _of_span(self, record: Record) -> Iterator[Variable]:
        yield from span_of(record)
        if not self.counting.suspended_counts and "suspensions" in record.kind.inner:
            suspensions = record.inner("suspensions")
            if suspensions is ABSENT:
                yield values_of(f"{record.path}.suspensions", (LAST, 0))
            for part in each(suspensions):
                yield from (favoured(variable, False) for variable in span_of(part))

    def stretches(
        self, facts: Facts, day: date, how: Calendar, cut: date | None, *, against: bool
    ) -> Iterator[tuple[Record | None, list[Run]]]:
        """Each record with its days up to a day, inside the window; with ``cut``, what goes on without an
        end ends then: the record where its time stands in the way (``against``), else its suspension."""
        first, last = self.selection.bounds(facts, day, how) or (date.min, AHEAD)
        until = min(day, last)
        found = facts.records(self.selection.kind)
        if isinstance(found, Supposed):
            yield None, _clipped([found.run], first, until)
            return
        for record in found:
            if not self.selection.passes(record, facts, day, how):
                continue
            if self.inner is None:
                yield record, _clipped(self._runs(record, cut, against), first, until)
                continue
            if not self.selection.there(record, day):
                continue
            end = until if self.each_until is None else min(until, record.get(self.each_until))
            parts = record.inner(self.inner)
            if isinstance(parts, Supposed):
                yield None, _clipped([parts.run], first, end)
                continue
            selection = self.selection.inner[self.inner]
            runs = [
                run
                for part in parts
                if selection.passes(part, facts, day, how)
                for run in self._runs(part, cut, against)
            ]
            yield record, _clipped(runs, first, end)

    def _runs(self, record: Record, cut: date | None, against: bool) -> list[Run]:
        start, end = (record.get(name) for name in record.kind.spans or ())
        if cut is not None and end == AHEAD and against and record.kind.may_end:
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
        return list(minus((run,), (_pause(part, None if against else cut) for part in suspensions)))

    def sums(
        self,
        facts: Facts,
        day: date,
        how: Calendar,
        cut: date | None = None,
        *,
        against: bool = False,
        more: Run | None = None,
        only: str | None = None,
    ) -> list[list[Stretch]]:
        """The days that are added up, with their share of full time: one list for each sum that may reach
        a term alone. ``more`` are days that a record to come would add; ``only`` one record is looked at."""
        found = [
            (record, runs)
            for record, runs in self.stretches(facts, day, how, cut, against=against)
            if only is None or record is None or record.path.partition("]")[0] == only
        ]
        if self.many_at_once and any(record is None and runs for record, runs in found):
            return [[(1, LAST, Fraction(1))]]  # a list that is not known may hold any number of them
        groups = [[(*run, self._weight(record)) for run in runs] for record, runs in found]
        if self.in_one is not None:
            groups = self._by_value([record for record, _ in found], groups)
        if more is not None:
            added = (*more, self._most_at_once)
            # It may be of any value that is there, or of a new one.
            groups = [*([*group, added] for group in groups), [added]] if self.in_one else [*groups, [added]]
        if not self.one_alone and self.in_one is None:
            groups = [[stretch for group in groups for stretch in group]]
        return [self._shaped(group, facts, day, how) for group in groups]

    def _by_value(
        self, records: Sequence[Record | None], groups: Sequence[list[Stretch]]
    ) -> list[list[Stretch]]:
        """The days of the records with each value of the field that they have in common."""
        made: dict[object, list[Stretch]] = {}
        for record, group in zip(records, groups, strict=True):
            value = None if record is None else record.get(self.in_one or "")
            made.setdefault(value, []).extend(group)
        return [*made.values()]

    def _weight(self, record: Record | None) -> Fraction:
        return exact(record.get("workload")) if self.weighed and record is not None else Fraction(1)

    def _shaped(self, group: list[Stretch], facts: Facts, day: date, how: Calendar) -> list[Stretch]:
        runs: Sequence[Run] = [(first, last) for first, last, _ in group]
        if self.counting.overlaps_once or self.whole_span or self.unbroken is not None:
            runs = union(runs)
        if self.whole_span and runs:
            runs = [(runs[0][0], runs[-1][1])]
        if self.unbroken is not None:
            ending = min(day, self.unbroken.ending.day(facts, day, how))
            chain = _last_chain(runs, self.unbroken, ending, how)
            if self.weighed:
                group = [
                    (max(first, a), min(last, b), share) for first, last, share in group for a, b in chain
                ]
                group = [one for one in group if one[0] <= one[1]]
                group += [(*gap, Fraction(1)) for gap in minus(tuple(chain), runs)]
            runs = chain
        if self.weighed:
            return stacked(group, Fraction(1) if self.counting.overlaps_once else None)
        return [(first, last, Fraction(1)) for first, last in runs]

    def reached(self, sums: Iterable[list[Stretch]], term: Term, how: Calendar) -> bool:
        """Whether one of the sums reaches the term."""
        enough = worked_enough if self.weighed else _plainly_enough
        return any(enough(one, term, self.counting.broken_runs, how.month_end) for one in sums or [[]])

    @property
    def _most_at_once(self) -> Fraction:
        """How much may be done at once of what is added to time that reaches up to a day."""
        each = self.unbroken is not None and self.weighed and not self.one_alone
        each = each and not self.counting.overlaps_once
        return _VERY_MUCH if each and self.counting.broken_runs is not BrokenRuns.UNBROKEN else Fraction(1)

    @property
    def many_at_once(self) -> bool:
        """Whether any number of records side by side may fill the term in one day."""
        apart = (self.one_alone and self.inner is None) or self.counting.broken_runs is BrokenRuns.UNBROKEN
        shaped = self.whole_span or self.unbroken is not None
        return not self.counting.overlaps_once and not apart and not shaped

    def to_come(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Run | None:
        """The days that may be added by a day: work from the day after the day of evaluation, or all that
        a document handed in may attest."""
        first, last = self.selection.bounds(facts, day, how) or (date.min, AHEAD)
        begin = as_of if self.selection.kind.dated_by else plus_days(as_of, 1)
        coming = self.selection.to_come(begin, facts, day, how)
        if coming is None:
            return None
        earliest, latest, end = coming
        if earliest > min(day, latest):
            return None
        if self.inner is None:
            first, last = max(first, earliest), min(last, end)
        added = (first.toordinal(), min(day, last).toordinal())
        return added if added[0] <= added[1] else None

    @property
    def path(self) -> str:
        return self.selection.kind.path + (f".{self.inner}" if self.inner else "")


def _plainly_enough(sums: Iterable[Stretch], term: Term, broken: BrokenRuns, month_end: MonthEnd) -> bool:
    return long_enough([(first, last) for first, last, _ in sums], term, broken, month_end)


def _last_chain(runs: Sequence[Run], unbroken: Unbroken, ending: date, how: Calendar) -> list[Run]:
    """The runs that reach a day without too long a gap, going back from it."""
    chain: list[Run] = []
    next_start = ending.toordinal() + 1
    for first, last in reversed([(first, min(last, ending.toordinal())) for first, last in runs]):
        if first > last:
            continue
        if last + 1 < next_start and not _bridged(last, next_start, unbroken.gap, how):
            break
        chain.insert(0, (first, last))
        next_start = first
    if chain and unbroken.gaps_count:
        return [(chain[0][0], ending.toordinal())]
    return chain


def _bridged(last: int, next_start: int, gap: Term | None, how: Calendar) -> bool:
    """Whether the days between two runs are no more than the gap that breaks nothing."""
    if gap is None:
        return False
    return next_start - 1 <= end_of_term(date.fromordinal(last), gap, how).toordinal()


def _pause(part: Record, cut: date | None) -> Run:
    start, end = part.get("start"), part.get("end")
    if cut is not None and end == AHEAD:
        end = cut
    return start.toordinal(), max(end, start).toordinal()


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
