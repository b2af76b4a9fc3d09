"""What a condition that is written out says besides its status: its first day, whether it came late, what was found.

It is the same as `kutsereeglid.conditions.settle` and the family's own `found` say, from what the walk through the
file has gathered. It is worked out for those who read reasons, and only where nothing is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from kutsereeglid.answers import Said
from kutsereeglid.conditions.base import Moment
from kutsereeglid.conditions.comparison import Fact
from kutsereeglid.conditions.duration import Time
from kutsereeglid.conditions.records import Measured
from kutsereeglid.dates import AHEAD, MONTH_SHARES, Calendar, Run, union
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.fast.lengths import Length, shares_in
from kutsereeglid.fast.rows import LAST

MET, NOT_MET = 1, 8

_MOST_KEPT = 1_000


@frozen(eq=False, repr=False)
class FactTold:
    """One fact, which is compared."""

    leaf: Fact
    how: Calendar

    def said(self, bit: int, kept: Any, facts: Facts, due: date | None) -> Said:
        as_of, leaf = facts.as_of, self.leaf
        moment = Moment(as_of, AHEAD if due is None else due)
        first = None if bit == MET else leaf.first(facts, moment, self.how) if bit == NOT_MET else as_of
        return first, False, leaf.found(facts, moment, self.how)


@frozen(eq=False, repr=False)
class RecordsTold:
    """One record at least that is handed in or done; what is gathered are the days of all."""

    leaf: Measured
    _numbers: dict[int, str] = field(factory=dict)

    def said(self, bit: int, kept: Sequence[int], facts: Facts, due: date | None) -> Said:
        as_of = facts.as_of
        judged = as_of if due is None or as_of < due else due
        last = judged.toordinal()
        count = len(kept) if not kept or max(kept) <= last else sum(day <= last for day in kept)
        number = self._numbers.get(count)
        if number is None:
            number = self.leaf._told(Fraction(count))
            if count < _MOST_KEPT:
                self._numbers[count] = number
        found = Part("counted", (("number", number), ("day", judged.isoformat())))
        if bit == MET:
            return None, False, found
        return as_of, bit == NOT_MET and bool(kept) and min(kept) <= as_of.toordinal(), found


@frozen(eq=False, repr=False)
class TimeTold:
    """Time of lasting records, or of what is handed in and attests it."""

    leaf: Time
    length: Length
    acts: bool

    def said(self, bit: int, kept: Any, facts: Facts, due: date | None) -> Said:
        as_of = facts.as_of
        judged = as_of if due is None or as_of < due else due
        found = self._found(self._groups(kept, judged.toordinal()), judged)
        if bit == MET:
            return None, False, found
        today = as_of.toordinal()
        if self.acts:
            held = bit == NOT_MET and judged < as_of and self.length.of_acts(kept, today, LAST) == MET
            return as_of, held, found
        first = self.length.first_of_runs(kept, today)
        return None if first is None else date.fromordinal(first), False, found

    def _groups(self, kept: Any, judged: int) -> Iterable[Iterable[Run]]:
        """What is added up, up to the judged day: each record for itself, or all of them together."""
        if self.acts:
            there: list[list[Run]] = [runs for day, runs in kept if day <= judged]
        else:
            there = [[run] for run in kept]
        clipped = [
            [(first, last if last < judged else judged) for first, last in runs if first <= judged]
            for runs in there
        ]
        return clipped if self.length.alone else [[run for runs in clipped for run in runs]]

    def _found(self, groups: Iterable[Iterable[Run]], judged: date) -> Part:
        day = judged.isoformat()
        best, most = max(((one, shares_in(one)) for one in map(union, groups)), key=_weight, default=((), 0))
        if not best:
            return Part("no time", (("day", day),))
        months = most * 100 // MONTH_SHARES / 100
        ranges = ", ".join(
            f"{date.fromordinal(first).isoformat()}–{date.fromordinal(last).isoformat()}"
            for first, last in best
        )
        return Part("time counted", (("months", f"{months:g}"), ("ranges", ranges), ("day", day)))


def _weight(weighed: tuple[Any, int]) -> int:
    return weighed[1]
