"""Dates under brute force: `kutsereeglid.dates` against the walks, for each day of 1996 to 2040.

``python -m tests.walks_in_full [--processes 2] [--first 1996] [--last 2040]`` prints the cases compared
for each property, and the smallest counterexample with exit status 1 if the two sides differ.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from itertools import product
from multiprocessing import Pool
from random import Random
from time import monotonic
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from kutsereeglid import dates
from kutsereeglid.dates import BrokenRuns, Calendar, CountingBack, MonthEnd, Shift, Unit
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import parse_day
from tests import walks
from tests.walks import DAY

Compared = Iterator[tuple[tuple[Any, ...], object, object]]
"""What was asked, the smaller first; the answer of the walk; the answer of the package."""

NO_FACTS = cast(Facts, None)
"""A fixed day hangs on no fact."""

MONTH_COUNTS = [*range(49), 59, 60, 61, 119, 120, 121, 239, 240, 360, 480, 600, 720, 1188, 1200]
COUNTS = {
    Unit.DAYS: [*range(16), 20, 27, 28, 29, 30, 31, 32, 45, 60, 90, 100, 180, 364, 365, 366, 1000],
    Unit.WEEKS: [*range(9), 10, 12, 13, 26, 52, 53, 104],
    Unit.MONTHS: [*range(15), 18, 23, 24, 25, 30, 36, 48, 60],
    Unit.YEARS: [*range(6), 8, 10, 18, 25, 60],
    Unit.WORKING_DAYS: [*range(7), 10],
}
LONG_WORKING_DAYS = [*range(16), 20, 21, 22, 30, 60, 90, 130, 250]


def terms(*units: Unit) -> Iterator[tuple[int, Unit]]:
    return ((count, unit) for unit in units or Unit for count in COUNTS[unit])


def calendar(
    month_end: MonthEnd = MonthEnd.CLAMP,
    back: CountingBack = CountingBack.SUBTRACT,
    after: Shift = Shift.STAY,
    before: Shift = Shift.STAY,
) -> Calendar:
    return Calendar("Europe/Tallinn", "EE", month_end, back, after, before)


def day_or_none(count: Callable[..., date], *given: object) -> date | None:
    """What the package says; ``None`` where no day corresponds and the rule is ``reject``."""
    try:
        return count(*given)
    except dates.NoCorrespondingDay:
        return None


# Each property compares the two sides for some days.


def months(days: Iterable[date]) -> Compared:
    """Months forward and back, by each month-end rule."""
    for day, count, rule in product(days, MONTH_COUNTS, MonthEnd):
        for by in {count, -count}:
            walked = walks.corresponding_day(day, by, rule)
            yield (count, day, by, rule), walked, day_or_none(dates.plus_months, day, by, rule)


def dateutil(days: Iterable[date]) -> Compared:
    """Clamped months and years, weeks and days as dateutil counts them."""
    how = calendar()
    for count, unit in terms(Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS):
        term, delta = dates.Term(count, unit), relativedelta(**{unit: count})
        for day in days:
            yield (count, day, unit, "after"), day + delta, dates.end_of_term(day, term, how)
            yield (count, day, unit, "before"), day - delta, dates.start_of_term(day, term, how)


CALENDARS = {
    (month_end, back, after, before): calendar(month_end, back, after, before)
    for month_end, back, after, before in product(MonthEnd, CountingBack, Shift, Shift)
}
OTHER = {Shift.STAY: Shift.NEXT, Shift.NEXT: Shift.PREVIOUS, Shift.PREVIOUS: Shift.STAY}
"""A shift for the side that is not asked about."""


def due_days(days: Iterable[date]) -> Compared:
    """A term before or after a day, as authors write it, by each calendar, with its shift."""
    for (count, unit), day in product(terms(), days):
        text = str(dates.Term(count, unit))
        after = parse_day(f"{text} after {day}", {})
        before = parse_day(f"{text} before {day}", {})
        ends = {rule: walks.end_of_term(day, (count, unit), rule) for rule in MonthEnd}
        for month_end, back in product(MonthEnd, CountingBack):
            end = ends[month_end]
            start = walks.start_of_term(day, (count, unit), month_end, back)
            for shift in Shift:
                asked = (count, day, unit, month_end, back, shift)
                if _shifts_known(end, shift):
                    how = CALENDARS[month_end, back, shift, OTHER[shift]]
                    walked = end and walks.shifted(end, shift)
                    yield (*asked, "after"), walked, day_or_none(after.due, NO_FACTS, day, how)
                if _shifts_known(start, shift):
                    how = CALENDARS[month_end, back, OTHER[shift], shift]
                    walked = start and walks.shifted(start, shift)
                    yield (*asked, "before"), walked, day_or_none(before.due, NO_FACTS, day, how)


def _shifts_known(day: date | None, shift: Shift) -> bool:
    return day is None or shift is Shift.STAY or day.year >= walks.HOLIDAYS_FROM


def working_days(days: Iterable[date]) -> Compared:
    """Longer terms of working days, after and before."""
    how = calendar()
    for count, day in product(LONG_WORKING_DAYS, days):
        term = dates.Term(count, Unit.WORKING_DAYS)
        yield (count, day, "after"), walks.working_day(day, count), dates.end_of_term(day, term, how)
        yield (count, day, "before"), walks.working_day(day, -count), dates.start_of_term(day, term, how)


def days_off(days: Iterable[date]) -> Compared:
    """Days off by the Act's list, and where each shift takes a day."""
    for day in days:
        yield (0, day, "off"), walks.is_day_off(day), dates.is_day_off(day, "EE")
        for shift in Shift:
            yield (0, day, shift), walks.shifted(day, shift), dates.shifted(day, shift, "EE")


def unbroken_runs(days: Iterable[date]) -> Compared:
    """A run that ends on, just before and just after the day on which it is long enough."""
    counted = terms(Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)
    for (count, unit), first, month_end in product(counted, days, MonthEnd):
        term = dates.Term(count, unit)
        needed = walks.unbroken_until(first, (count, unit), month_end)
        for last in (needed - DAY, needed, needed + DAY):
            walked = walks.is_unbroken((first, last), (count, unit), month_end)
            found = dates.unbroken((first.toordinal(), last.toordinal()), term, month_end)
            yield (count, first, last, unit, month_end), walked, found


PATTERNS = [(20, 1), (45, 17), (30, -10)]
"""Days of a first run, and days until a second one (which may begin before the first has ended)."""
SUMMED = [
    *((50, Unit.DAYS), (10, Unit.WEEKS), (1, Unit.YEARS)),
    *((count, Unit.MONTHS) for count in (2, 3, 4, 5, 6, 9, 12, 18)),
]


def broken_runs(days: Iterable[date]) -> Compared:
    """A second run that ends on, and just before, the day on which the two are long enough."""
    for (length, gap), first, (count, unit) in product(PATTERNS, days, SUMMED):
        whole = (first, first + (length - 1) * DAY)
        start = first + (length + gap) * DAY
        term = dates.Term(count, unit)
        for broken, month_end in product(BrokenRuns, (MonthEnd.CLAMP, MonthEnd.OVERFLOW)):
            needed = walks.last_day_needed(whole, start, (count, unit), broken, month_end)
            for last in (needed - DAY, needed):
                runs = [ordinals(whole), ordinals((start, last))]
                found = dates.long_enough(runs, term, broken, month_end)
                yield (count, first, length, last, unit, broken, month_end), last == needed, found


def ordinals(run: walks.Run) -> dates.Run:
    return run[0].toordinal(), run[1].toordinal()


def sums_of_runs(days: Iterable[date]) -> Compared:
    """Some runs that may overlap, counted once or each, and a term that they about reach."""
    for day in days:
        chance = Random(day.toordinal())
        given = []
        for _ in range(chance.randint(1, 4)):
            first = day + chance.randrange(300) * DAY
            given.append((first, first + chance.choice((0, 1, 29, 30, 59, chance.randrange(200))) * DAY))
        united = walks.runs_of(walks.days_of(map(ordinals, given)))
        once = [(date.fromordinal(first), date.fromordinal(last)) for first, last in united]
        found_once = dates.union(map(ordinals, given))
        for runs, found_runs in ((given, list(map(ordinals, given))), (once, list(found_once))):
            total = sum((walks.share(one) for run in runs for one in walks.walk(*run)), Fraction())
            yield (0, day, len(runs)), total, Fraction(dates.shares(found_runs), dates.MONTH_SHARES)
            length = sum((last - first).days + 1 for first, last in runs)
            near = {
                Unit.DAYS: length + chance.randint(0, 1),
                Unit.WEEKS: length // 7 + chance.randint(0, 1),
                Unit.MONTHS: max(0, round(total) + chance.randint(-1, 1)),
                Unit.YEARS: chance.randint(0, 2),
            }
            for (unit, count), broken in product(near.items(), BrokenRuns):
                month_end = chance.choice(list(MonthEnd))
                walked = walks.is_long_enough(runs, (count, unit), broken, month_end)
                found = dates.long_enough(found_runs, dates.Term(count, unit), broken, month_end)
                yield (count, day, len(runs), unit, broken, month_end), walked, found


def shares(days: Iterable[date]) -> Compared:
    """Shares of months of a run that grows by a day up to ten weeks."""
    for first in days:
        total = Fraction()
        for count in range(70):
            last = first + count * DAY
            total += walks.share(last)
            found = dates.shares([(first.toordinal(), last.toordinal())])
            yield (count, first), total * dates.MONTH_SHARES, found


def sets_of_days(days: Iterable[date]) -> Compared:
    """Unions of runs, and what is left of one without some others; runs may touch or be empty."""
    for day in days:
        chance = Random(day.toordinal())
        for count in range(8):
            near = 15 if count < 6 else 800
            one, other = (
                [(first, first + chance.randint(-2, near // 3)) for first in _near(day, near, chance)]
                for _ in range(2)
            )
            in_one, in_other = walks.days_of(one), walks.days_of(other)
            united = dates.union(one)
            yield (len(one), day, one), walks.runs_of(in_one), united
            left = walks.runs_of(in_one - in_other)
            yield (len(one) + len(other), day, one, other), left, dates.minus(united, other)


def _near(day: date, near: int, chance: Random) -> list[int]:
    return [day.toordinal() + chance.randrange(near) for _ in range(chance.randint(0, 5))]


def _forms(moment: datetime, zone: str) -> Iterator[tuple[str, datetime]]:
    """A moment as it may be written: in UTC, in the zone itself, and far from it on both sides."""
    yield "UTC", moment
    yield zone, moment.astimezone(ZoneInfo(zone))
    yield "+14:00", moment.astimezone(timezone(timedelta(hours=14)))
    yield "-12:00", moment.astimezone(timezone(-timedelta(hours=12)))


def _moments(moments: Iterable[datetime], zone: str) -> Compared:
    zone_info = ZoneInfo(zone)
    for moment in moments:
        walked = walks.local_day(moment, zone)
        for form, written in _forms(moment, zone):
            yield (0, moment, zone, form), walked, dates.local_day(written, zone_info)


MICROSECOND = timedelta(microseconds=1)


def midnights(days: Iterable[date]) -> Compared:
    """The last and the first moment of each day, and its noon, in each zone by each of its offsets."""
    for day, (zone, offsets) in product(days, walks.ZONES.items()):
        starts = [walks.at(day, 0, 0, offset) for offset in offsets]
        moments = [start + by for start in starts for by in (-MICROSECOND, 0 * DAY, MICROSECOND, DAY / 2)]
        yield from _moments(moments, zone)


def changes_of_clocks(days: Iterable[date]) -> Compared:
    """Each minute of the 52 hours around each change of the clocks, and the moment just before it."""
    wanted = set(days)
    for zone in walks.ZONES:
        for change, _ in walks.all_changes(zone):
            if change.date() in wanted:
                minutes = [change + timedelta(minutes=by) for by in range(-26 * 60, 26 * 60)]
                yield from _moments([*minutes, change - MICROSECOND], zone)


PROPERTIES: dict[str, Callable[[list[date]], Compared]] = {
    one.__name__: one
    for one in (
        months,
        dateutil,
        due_days,
        working_days,
        days_off,
        unbroken_runs,
        broken_runs,
        sums_of_runs,
        shares,
        sets_of_days,
        midnights,
        changes_of_clocks,
    )
}


class Outcome(NamedTuple):
    """Of one property, for some days."""

    name: str
    cases: int
    differing: int
    smallest: tuple[tuple[Any, ...], object, object] | None
    seconds: float

    def __str__(self) -> str:
        line = f"{self.name:18}{self.cases:12,} cases{self.seconds:8.1f} s"
        if self.smallest is None:
            return line
        asked, walked, found = self.smallest
        what = ", ".join(map(str, asked))
        return f"{line}  {self.differing:,} differ; the smallest: {what}: walked {walked}, found {found}"


def compare(name: str, days: Iterable[date]) -> Outcome:
    """One property, case by case; all differing cases are counted and the smallest is kept."""
    began, cases, differing, smallest = monotonic(), 0, 0, None
    for case in PROPERTIES[name](list(days)):
        cases += 1
        if case[1] != case[2]:
            differing += 1
            smallest = case if smallest is None else min(smallest, case, key=_size)
    return Outcome(name, cases, differing, smallest, monotonic() - began)


def _size(case: tuple[tuple[Any, ...], object, object]) -> tuple[Any, ...]:
    count, day, *others = case[0]
    return count, day, str(others)


def _compare_years(task: tuple[str, int, int]) -> Outcome:
    name, first, last = task
    return compare(name, walks.walk(date(first, 1, 1), date(last, 12, 31)))


def every_day(
    report: Callable[[str], object], processes: int = 2, first: int = 1996, last: int = 2040
) -> list[Outcome]:
    """Every property for each day of the years; progress goes to ``report``."""
    blocks = [(year, min(year + 4, last)) for year in range(first, last + 1, 5)]
    tasks = [(name, *block) for name in PROPERTIES for block in blocks]
    parts: dict[str, list[Outcome]] = {name: [] for name in PROPERTIES}
    whole = []
    with Pool(processes) as pool:
        for done, part in enumerate(pool.imap_unordered(_compare_years, tasks), 1):
            parts[part.name].append(part)
            if len(parts[part.name]) == len(blocks):
                whole.append(together(parts[part.name]))
                report(f"{done:4} of {len(tasks)}  {whole[-1].name}")
    return whole


def together(parts: list[Outcome]) -> Outcome:
    """The parts of one property as one."""
    found = [part.smallest for part in parts if part.smallest is not None]
    return Outcome(
        parts[0].name,
        sum(part.cases for part in parts),
        sum(part.differing for part in parts),
        min(found, key=_size) if found else None,
        sum(part.seconds for part in parts),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--first", type=int, default=1996)
    parser.add_argument("--last", type=int, default=2040)
    given = parser.parse_args()
    began = monotonic()
    outcomes = every_day(lambda line: print(line, flush=True), given.processes, given.first, given.last)
    print(*outcomes, sep="\n")
    print(f"{'in all':18}{sum(one.cases for one in outcomes):12,} cases{monotonic() - began:8.1f} s")
    return 1 if any(one.smallest for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
