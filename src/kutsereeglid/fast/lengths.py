"""Whether runs of days reach a term: `dates.long_enough` over days as numbers, with bounds first.

Bounds decide most files: six months have 168 days at least and 186 at most. Between them the calendar is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import field, frozen

from kutsereeglid.dates import MONTH_SHARES, BrokenRuns, MonthEnd, Run, Term, Unit, plus_months, shares_until
from kutsereeglid.fast.rows import LAST

Act = tuple[int, list[Run]]
"""Something handed in on a day, and the runs that it attests."""

_MOST_KEPT = 20_000


class _Shares(dict[int, int]):
    """`shares_until` by day: a fact of the calendar."""

    def __missing__(self, day: int) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        made = self[day] = shares_until(day) if day > 0 else 12 * MONTH_SHARES
        return made


_SHARES = _Shares()


class _Ends(dict[int, int]):
    """The last day of a term by its first."""

    def __init__(self, months: int, rule: MonthEnd) -> None:
        super().__init__()
        self.months, self.rule = months, rule

    def __missing__(self, first: int) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        end = plus_months(date.fromordinal(first), self.months, self.rule)
        made = self[first] = end.toordinal() - 1 if end < date.max else LAST + 1
        return made


@frozen(eq=False, repr=False)
class Length:
    """A term that records must last, each day counted once."""

    term: Term
    broken: BrokenRuns
    month_end: MonthEnd
    alone: bool
    """Each record for itself."""
    _ends: _Ends = field(init=False)
    _least: int = field(init=False)
    """Fewer days are never enough."""
    _most: int = field(init=False)
    """So many days without a break are always enough."""

    @_ends.default
    def _make_ends(self) -> _Ends:
        rule = MonthEnd.CLAMP if self.month_end is MonthEnd.REJECT else self.month_end
        return _Ends(self.term.months or 0, rule)

    @_least.default
    def _fewest(self) -> int:
        months = self.term.months
        if months is None:
            return self._days
        return min(28 * months, self._thirty) if self.broken is BrokenRuns.THIRTY else 28 * months

    @_most.default
    def _safe(self) -> int:
        return self._days if self.term.months is None else 31 * self.term.months

    @property
    def _days(self) -> int:
        return self.term.count * (7 if self.term.unit is Unit.WEEKS else 1)

    @property
    def _thirty(self) -> int:
        months = self.term.months or 0
        return months // 12 * 365 + months % 12 * 30

    def enough(self, runs: Sequence[Run], until: int) -> bool:
        """Whether the runs, up to a day, reach the term."""
        days, before = 0, -1  # the last day that is counted already
        united: list[Run] = []
        for first, last in runs if len(runs) == 1 else sorted(runs):
            if last > until:
                last = until
            if last <= before or first > last:
                continue
            if united and first <= before + 1:
                days += last - before
                united[-1] = united[-1][0], last
            else:
                days += last - first + 1
                united.append((first, last))
            before = last
        if days < self._least:
            return False
        if self.term.months is None:
            return self.broken is not BrokenRuns.UNBROKEN or any(
                last - first + 1 >= self._most for first, last in united
            )
        if days >= self._most and (self.broken is BrokenRuns.SHARES or len(united) == 1):
            return True
        ends = self._ends
        for first, last in united:
            if last >= ends[first]:
                return True
        if self.broken is BrokenRuns.SHARES:
            shares = _SHARES
            total = 0
            for first, last in united:
                total += shares[last] - shares[first - 1]
            return total >= self.term.months * MONTH_SHARES
        return self.broken is BrokenRuns.THIRTY and days >= self._thirty

    def of_runs(self, runs: Sequence[Run], today: int, due: int) -> int:
        """The status of lasting records, which may be followed by others until the due day."""
        if self._reached(runs, today if today < due else due):
            return 1
        if today >= due:
            return 8
        if due == LAST:
            return 2
        more = (today + 1, due)
        if self.alone:
            return 2 if self._reached([*runs, more], due) else 8
        return 2 if self.enough([*runs, more], due) else 8

    def _reached(self, runs: Sequence[Run], until: int) -> bool:
        if not self.alone:
            return self.enough(runs, until)
        return any(self.enough((run,), until) for run in runs)

    def of_acts(self, acts: Iterable[Act], today: int, due: int) -> int:
        """The status of records that are handed in, until the due day, and attest any days before."""
        judged = today if today < due else due
        if self.alone:
            reached = any(self.enough(runs, judged) for day, runs in acts if day <= judged)
        else:
            reached = self.enough([run for day, runs in acts if day <= judged for run in runs], judged)
        if reached:
            return 1
        return 2 if today <= due else 8
