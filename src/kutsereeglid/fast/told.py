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
from kutsereeglid.applicant import ALWAYS
from kutsereeglid.conditions.base import Moment
from kutsereeglid.conditions.comparison import Fact
from kutsereeglid.conditions.days import OnDay
from kutsereeglid.conditions.duration import Time
from kutsereeglid.conditions.records import Measured
from kutsereeglid.dates import AHEAD, MONTH_SHARES, Calendar, Run, union
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.fast.lengths import Length, shares_in
from kutsereeglid.fast.rows import LAST

MET, OPEN, NOT_MET = 1, 2, 8

_MOST_KEPT = 1_000

_PLAIN = frozenset({str, bool, int, tuple})
"""Raw values of one fact that are told alike where they are equal: ``1.0`` is not told as ``1``."""


class _Parts(dict[Any, Part]):
    """Sentences that were made of late, by what they hang on."""

    def kept(self, key: Any, part: Part) -> Part:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[key] = part
        return part


@frozen(eq=False, repr=False)
class FactTold:
    """One fact, which is compared: some of its values pass, and some do not. What is gathered is its raw value."""

    leaf: Fact
    how: Calendar
    _parts: _Parts = field(factory=_Parts)

    def said(self, bit: int, kept: Any, facts: Facts, due: date | None) -> Said:
        first = None if bit == MET else facts.as_of
        if bit == NOT_MET and not self._may_change(facts):
            first = None
        plain = kept.__class__ in _PLAIN
        found = self._parts.get(kept) if plain else None
        if found is None:
            moment = Moment(facts.as_of, AHEAD if due is None else due)
            found = self.leaf.found(facts, moment, self.how)
            if plain and found is not None:
                self._parts.kept(kept, found)
        return first, False, found

    def _may_change(self, facts: Facts) -> bool:
        until = self.leaf.about.in_the_making_until
        return until is not None and (until == ALWAYS or bool(facts.as_of <= facts.value(until)))


@frozen(eq=False, repr=False)
class OnDayTold:
    """Something that happens by or before a day; what is gathered are the ordinals of both days."""

    leaf: OnDay
    inclusive: bool
    _parts: _Parts = field(factory=_Parts)

    def said(self, bit: int, kept: tuple[int, int], facts: Facts, due: date | None) -> Said:
        as_of, (value, bound) = facts.as_of, kept
        judged = as_of if due is None or as_of < due else due
        there = value <= judged.toordinal()
        key = there, value if there else judged
        found = self._parts.get(key)
        if found is None:
            name, day = ("value", date.fromordinal(value)) if there else ("day", judged)
            told = Part("given" if there else "not happened", ((name, day.isoformat()),))
            found = self._parts.kept(key, told)
        if bit == MET:
            return None, False, found
        today = as_of.toordinal()
        soonest = min(value, today)  # what has not happened may happen today
        can = soonest <= bound if self.inclusive else soonest < bound
        held = bit == NOT_MET and can and value <= today and self.leaf.by_acts
        return as_of if can or bit == OPEN else None, held, found


@frozen(eq=False, repr=False)
class RecordsTold:
    """One record at least that is handed in or done; what is gathered are the days of all."""

    leaf: Measured
    _numbers: dict[int, str] = field(factory=dict)
    _parts: _Parts = field(factory=_Parts)

    def said(self, bit: int, kept: Sequence[int], facts: Facts, due: date | None) -> Said:
        as_of = facts.as_of
        judged = as_of if due is None or as_of < due else due
        last = judged.toordinal()
        count = len(kept) if not kept or max(kept) <= last else sum(day <= last for day in kept)
        found = self._parts.get((count, last))
        if found is None:
            told = Part("counted", (("number", self._number(count)), ("day", judged.isoformat())))
            found = self._parts.kept((count, last), told)
        if bit == MET:
            return None, False, found
        return as_of, bit == NOT_MET and bool(kept) and min(kept) <= as_of.toordinal(), found

    def _number(self, count: int) -> str:
        number = self._numbers.get(count)
        if number is None:
            number = self.leaf._told(Fraction(count))
            if count < _MOST_KEPT:
                self._numbers[count] = number
        return number


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
        found = [(one, shares_in(one)) for one in map(union, groups)]
        best, most = max(found, key=_weight, default=((), 0)) if len(found) != 1 else found[0]
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
