"""Whether runs of days reach a term: `dates.long_enough` over days as numbers, with bounds first.

Bounds decide most files: six months have 168 days at least and 186 at most. Between them the calendar is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from kutsereeglid.dates import (
    MONTH_SHARES,
    BrokenRuns,
    MonthEnd,
    Run,
    Term,
    Unit,
    plus_months,
    shares_until,
    union,
)
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


def shares_in(runs: Iterable[Run]) -> int:
    """`dates.shares`."""
    return sum(_SHARES[last] - _SHARES[first - 1] for first, last in runs)


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


class Length:
    """A term that records must last, each day counted once."""

    __slots__ = (
        "_days",
        "_ends",
        "_least",
        "_months",
        "_most",
        "_shares",
        "_thirty",
        "_unbroken",
        "alone",
        "key",
    )

    def __init__(self, term: Term, broken: BrokenRuns, month_end: MonthEnd, *, alone: bool) -> None:
        self.key = term, broken, month_end
        self.alone = alone
        """Each record for itself."""
        months = self._months = term.months
        self._days = term.count * (7 if term.unit is Unit.WEEKS else 1)
        self._thirty = -1
        if broken is BrokenRuns.THIRTY and months is not None:
            self._thirty = months // 12 * 365 + months % 12 * 30
        self._shares = -1
        if broken is BrokenRuns.SHARES and months is not None:
            self._shares = months * MONTH_SHARES
        self._unbroken = broken is BrokenRuns.UNBROKEN
        self._least = self._days if months is None else 28 * months
        """Fewer days are never enough."""
        if self._thirty >= 0:
            self._least = min(self._least, self._thirty)
        self._most = self._days if months is None else 31 * months
        """So many days without a break are always enough."""
        rule = MonthEnd.CLAMP if month_end is MonthEnd.REJECT else month_end
        self._ends = _Ends(months or 0, rule)

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
        if self._months is None:
            return not self._unbroken or any(last - first + 1 >= self._days for first, last in united)
        if days >= self._most and (self._shares >= 0 or len(united) == 1):
            return True
        ends = self._ends
        for first, last in united:
            if last >= ends[first]:
                return True
        if self._shares >= 0:
            return shares_in(united) >= self._shares
        return 0 <= self._thirty <= days

    def of_runs(self, runs: Sequence[Run], today: int, due: int) -> int:
        """The status of lasting records, which may be followed by others until the due day."""
        judged = today if today < due else due
        if not self.alone:
            if self.enough(runs, judged):
                return 1
        elif any(self.enough((run,), judged) for run in runs):
            return 1
        return self.of_runs_to_come(runs, today, due)

    def of_runs_to_come(self, runs: Sequence[Run], today: int, due: int) -> int:
        """The same where they do not reach the term yet."""
        if today >= due:
            return 8
        if due == LAST:
            return 2
        more = (today + 1, due)
        if self.alone:
            return 2 if any(self.enough((run,), due) for run in (*runs, more)) else 8
        return 2 if self.enough([*runs, more], due) else 8

    def first_of_runs(self, runs: Sequence[Run], today: int) -> int | None:
        """The first day, from today on, by which lasting records reach the term when they are followed by
        others; ``None`` where the calendar ends before."""

        if not self.alone:
            runs = union((first, min(last, today)) for first, last in runs if first <= today)
        counted = [min(last, today) - first + 1 for first, last in runs if first <= today]
        days = max(counted, default=0) if self.alone else sum(counted)

        def full(day: int) -> bool:
            some = runs if day == today else [*runs, (today + 1, day)]
            if self.alone:
                return any(self.enough((run,), day) for run in some)
            return self.enough(some, day)

        if full(today):
            return today
        lacking = max(today, today + self._least - days - 1)  # each day counts once
        enough = today + 6 + self._most  # where months end decides on some days more
        if not self.alone and (self._shares >= 0 or (self._months is None and not self._unbroken)):
            enough = max(lacking + 1, enough - days)
        if enough >= LAST or not full(enough):
            return None
        reached = self._grows_to(runs, today, days) if self._shares >= 0 and not self.alone else full
        while enough - lacking > 1:
            middle = (lacking + enough) // 2
            lacking, enough = (lacking, middle) if reached(middle) else (middle, enough)
        return enough

    def _grows_to(self, united: Sequence[Run], today: int, days: int) -> Callable[[int], bool]:
        """Whether runs up to today, none of them long enough by itself, reach the term in shares of months when the
        days after today up to a day are added."""
        shares = self._shares - shares_in(united) + _SHARES[today]
        end = self._ends[united[-1][0] if united and united[-1][1] == today else today + 1]

        def reached(day: int) -> bool:
            more = days + day - today
            return more >= self._least and (more >= self._most or day >= end or _SHARES[day] >= shares)

        return reached

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
