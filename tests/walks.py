"""Counting time by walking the calendar day by day: what `kutsereeglid.dates` is compared with.

Written from the law as docs/dates.md tells it, and shares no code with the package. Words and terms are plain:
``"clamp"``, ``"last fitting day"``, ``"next working day"``, ``(6, "months")``. A run of days is its
first and its last day, both of them in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

Term = tuple[int, str]
Run = tuple[date, date]

DAY = timedelta(days=1)
MONTHS_IN = {"months": 1, "years": 12}
DAYS_IN = {"days": 1, "weeks": 7}


def walk(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last; none if the last is before the first."""
    while first <= last:
        yield first
        first += DAY


def _by_months() -> list[list[date]]:
    months: list[list[date]] = []
    for day in walk(date(1890, 1, 1), date(2150, 12, 31)):
        if day.day == 1:
            months.append([])
        months[-1].append(day)
    return months


MONTHS = _by_months()
"""The calendar, walked once: each month's days."""
MONTH_OF = {day: number for number, month in enumerate(MONTHS) for day in month}
"""The number of a day's month in ``MONTHS``."""


def month_with(day: date) -> list[date]:
    return MONTHS[MONTH_OF[day]]


# Terms.


def corresponding_day(day: date, months: int, month_end: str) -> date | None:
    """The day with the same number so many months later (earlier when negative), TsÜS § 136."""
    number = MONTH_OF[day] + months
    month, next_month = MONTHS[number], MONTHS[number + 1]
    if day.day <= len(month):
        return month[day.day - 1]
    lacking = day.day - len(month)
    return {"clamp": month[-1], "overflow": next_month[lacking - 1], "reject": None}[month_end]


def end_of_term(start: date, term: Term, month_end: str) -> date | None:
    """The last day of a term after a day; ``None`` where the rule names no day."""
    count, unit = term
    if unit == "working days":
        return working_day(start, count)
    if unit in MONTHS_IN:
        return corresponding_day(start, count * MONTHS_IN[unit], month_end)
    return start + count * DAYS_IN[unit] * DAY


def start_of_term(event: date, term: Term, month_end: str, counting_back: str) -> date | None:
    """The last day that is a term before an event; the ways of counting back speak of months."""
    count, unit = term
    if unit == "working days":
        return working_day(event, -count)
    if unit not in MONTHS_IN:
        return event - count * DAYS_IN[unit] * DAY
    months = count * MONTHS_IN[unit]
    if counting_back == "subtract":
        return corresponding_day(event, -months, month_end)
    assert counting_back == "last fitting day"
    return last_fitting_day(event, months, month_end)


def last_fitting_day(event: date, months: int, month_end: str) -> date:
    """The last day from which so many months forward do not pass the event.

    Walks back from the end of the month that lies so many months before the event's: from a later
    month, a term ends in a month after the event's.
    """
    day = MONTHS[MONTH_OF[event] - months][-1]
    while (end := corresponding_day(day, months, month_end)) is None or end > event:
        day -= DAY
    return day


# Days off.

FULL_MOONS = [
    *((4, 14), (4, 3), (3, 23), (4, 11), (3, 31), (4, 18), (4, 8), (3, 28), (4, 16), (4, 5)),
    *((3, 25), (4, 13), (4, 2), (3, 22), (4, 10), (3, 30), (4, 17), (4, 7), (3, 27)),
]
"""The Easter full moon by golden number, 1900 to 2199 (the table in the Book of Common Prayer)."""


def easter(year: int) -> date:
    """The first Sunday after the full moon."""
    day = date(year, *FULL_MOONS[year % 19]) + DAY
    while day.isoweekday() != 7:
        day += DAY
    return day


FIXED_HOLIDAYS = [(1, 1), (2, 24), (5, 1), (6, 23), (6, 24), (12, 25), (12, 26)]
HOLIDAYS_FROM = 1994
"""The first year whose holidays are known here."""


def holidays(year: int) -> set[date]:
    """Public Holidays Act § 2; 20 August since 1998, 24 December since 2005."""
    days = {date(year, *one) for one in FIXED_HOLIDAYS}
    days |= {easter(year) - 2 * DAY, easter(year), easter(year) + 49 * DAY}
    if year >= 1998:
        days.add(date(year, 8, 20))
    if year >= 2005:
        days.add(date(year, 12, 24))
    return days


HOLIDAYS = {day for year in range(HOLIDAYS_FROM, 2151) for day in holidays(year)}
DAYS_OFF = HOLIDAYS | {day for month in MONTHS for day in month if day.isoweekday() >= 6}


def is_day_off(day: date) -> bool:
    return day in DAYS_OFF


def working_day(day: date, count: int) -> date:
    """The first, second, … working day after a day (before it when negative); the day itself for 0."""
    left = abs(count)
    while left:
        day += DAY if count > 0 else -DAY
        if not is_day_off(day):
            left -= 1
    return day


def shifted(day: date, shift: str) -> date:
    """A term's last day where it is a day off, HMS § 33 (3)."""
    step = {"stay": 0 * DAY, "next working day": DAY, "previous working day": -DAY}[shift]
    while step and is_day_off(day):
        day += step
    return day


# Lengths.


def share(day: date) -> Fraction:
    """A day's share of its calendar month: a day of April is 1/30."""
    return Fraction(1, len(month_with(day)))


def days_needed(term: Term, broken: str) -> int | None:
    """How many days of any runs make the term; ``None`` where days are not counted alike."""
    count, unit = term
    if unit in DAYS_IN:
        return count * DAYS_IN[unit]
    if broken != "30-day months":
        return None
    years, months = divmod(count * MONTHS_IN[unit], 12)
    return 365 * years + 30 * months


def unbroken_until(first: date, term: Term, month_end: str) -> date:
    """The last day of the shortest unbroken run: a + N months - 1 day; a length is never refused."""
    end = end_of_term(first, term, "clamp" if month_end == "reject" else month_end)
    assert end is not None
    return end - DAY


def is_unbroken(run: Run, term: Term, month_end: str) -> bool:
    return run[1] >= unbroken_until(run[0], term, month_end)


def is_long_enough(runs: Iterable[Run], term: Term, broken: str, month_end: str) -> bool:
    """Whether the runs reach the term: one alone, or all added up as the rule says."""
    counted = list(runs)
    if term[0] == 0 or any(is_unbroken(run, term, month_end) for run in counted):
        return True
    if broken == "not added":
        return False
    days = [day for run in counted for day in walk(*run)]
    needed = days_needed(term, broken)
    if needed is not None:
        return len(days) >= needed
    assert broken == "calendar shares"
    return sum(map(share, days)) >= term[0] * MONTHS_IN[term[1]]


@lru_cache(maxsize=8)
def days_that_fill_months(before: Run, start: date) -> list[date]:
    """The day on which one run and then each day from ``start`` add up to 1, 2, … 18 months."""
    filled: list[date] = []
    day, total = start, sum(map(share, walk(*before)), share(start))
    while len(filled) < 18:
        if total >= len(filled) + 1:
            filled.append(day)
        else:
            day += DAY
            total += share(day)
    return filled


def last_day_needed(before: Run, start: date, term: Term, broken: str, month_end: str) -> date:
    """The last day of the shortest run from ``start`` that, with a run before it, reaches the term."""
    alone = unbroken_until(start, term, month_end)
    if broken == "not added":
        return alone
    needed = days_needed(term, broken)
    if needed is not None:
        days = len(list(walk(*before)))
        return min(alone, start + (needed - days - 1) * DAY)
    return min(alone, days_that_fill_months(before, start)[term[0] * MONTHS_IN[term[1]] - 1])


# Sets of days, as ordinals.


def days_of(runs: Iterable[tuple[int, int]]) -> set[int]:
    return {day for first, last in runs for day in range(first, last + 1)}


def runs_of(days: set[int]) -> tuple[tuple[int, int], ...]:
    """The unbroken runs of the days, in order."""
    firsts = sorted(day for day in days if day - 1 not in days)
    lasts = sorted(day for day in days if day + 1 not in days)
    return tuple(zip(firsts, lasts, strict=True))


# Moments, in UTC.

ZONES = {
    "Europe/Tallinn": (timedelta(hours=2), timedelta(hours=3)),
    "America/St_Johns": (timedelta(hours=-3.5), timedelta(hours=-2.5)),
    "Australia/Lord_Howe": (timedelta(hours=10.5), timedelta(hours=11)),
}
"""Offsets in winter and in summer. St John's changed its clocks a minute past midnight until 2011, so
that a Sunday's first minute was followed by Saturday's last hour; Lord Howe changes by half an hour."""
LAW_KNOWN_UNTIL = 2026
"""Later years may be changed by law; their changes are taken from the zone's data."""

Change = tuple[datetime, timedelta]
"""A moment, and the offset from then on."""


def sunday(year: int, month: int, earliest: int = 0) -> date:
    """The first Sunday from a day of a month; the month's last one if no day is given."""
    sundays = [day for day in month_with(date(year, month, 1)) if day.isoweekday() == 7]
    return next(day for day in sundays if day.day >= earliest) if earliest else sundays[-1]


def at(day: date, hour: int, minute: int, offset: timedelta) -> datetime:
    """The moment at which clocks with an offset show a time of day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - offset


def changes(zone: str, year: int) -> list[Change]:
    """When the clocks of a zone changed in a year since 1995, by law."""
    winter, summer = ZONES[zone]
    if zone == "Europe/Tallinn":
        if year in (2000, 2001):
            return []
        none = timedelta()
        return [
            (at(sunday(year, 3), 0 if year <= 1998 else 1, 0, none), summer),
            (at(sunday(year, 10), 0 if year <= 1997 else 1, 0, none), winter),
        ]
    if zone == "America/St_Johns":
        spring = sunday(year, 4, 1) if year <= 2006 else sunday(year, 3, 8)
        autumn = sunday(year, 10) if year <= 2006 else sunday(year, 11, 1)
        return [
            (at(spring, 0, 1, winter) if year <= 2011 else at(spring, 2, 0, winter), summer),
            (at(autumn, 0, 1, summer) if year <= 2010 else at(autumn, 2, 0, summer), winter),
        ]
    assert zone == "Australia/Lord_Howe"
    autumn = sunday(year, 3) if year <= 2005 or year == 2007 else sunday(year, 4, 1)
    spring = sunday(year, 8) if year == 2000 else sunday(year, 10, 0 if year <= 2007 else 1)
    return [(at(autumn, 2, 0, summer), winter), (at(spring, 2, 0, winter), summer)]


def changes_in_data(zone: str, year: int) -> list[Change]:
    """When the clocks change in a year as the zone's data have it, to the minute."""
    found = []
    for day in walk(date(year, 1, 1), date(year, 12, 31)):
        moment, next_day = at(day, 0, 0, timedelta()), at(day + DAY, 0, 0, timedelta())
        before = _offset_in_data(zone, moment)
        if before != _offset_in_data(zone, next_day):
            while (offset := _offset_in_data(zone, moment)) == before:
                moment += timedelta(minutes=1)
            found.append((moment, offset))
    return found


def _offset_in_data(zone: str, moment: datetime) -> timedelta:
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


@cache
def all_changes(zone: str) -> list[Change]:
    """The changes of 1995 to 2041."""
    years = {year: changes if year <= LAW_KNOWN_UNTIL else changes_in_data for year in range(1995, 2042)}
    return [change for year, read in years.items() for change in read(zone, year)]


def local_day(moment: datetime, zone: str) -> date:
    """The day that the zone's clocks show at a moment from 1996 to 2040."""
    offset = next(offset for change, offset in reversed(all_changes(zone)) if change <= moment)
    return (moment + offset).date()
