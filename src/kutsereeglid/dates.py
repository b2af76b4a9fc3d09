"""Counting time as the law does: terms, due days, sets of days, shares of months.

Nothing here reads a clock or the system's time zone. Days are ``datetime.date``; a set of days is a
sorted tuple of disjoint, non-adjacent runs ``(first, last)`` of day ordinals, both ends included.
``AHEAD`` stands for a day that is not chosen yet: it is later than every other day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path

from attrs import evolve, frozen

from kutsereeglid.errors import ApplicantError, Problem

AHEAD = date.max
"""A day that lies ahead and is not known: an exam's day that is not yet chosen."""

_HOLIDAYS = Path(__file__).with_name("public_holidays.txt")

Run = tuple[int, int]
Days = tuple[Run, ...]
Stretch = tuple[int, int, Fraction]
"""A run of days and its share of full time."""


class Unit(StrEnum):
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    WORKING_DAYS = "working days"


class MonthEnd(StrEnum):
    """Where a term ends in a month that lacks the corresponding day (31 January and a month)."""

    CLAMP = "clamp"
    """On the month's last day."""
    OVERFLOW = "overflow"
    """As many days into the next month as are lacking."""
    REJECT = "reject"
    """Nowhere: whoever applies the rule must say."""


class CountingBack(StrEnum):
    """What "a month before the exam" means; the law has no provision."""

    SUBTRACT = "subtract"
    """The corresponding day of the month before the exam's."""
    LAST_FITTING = "last fitting day"
    """The last day from which a month forward does not pass the exam's day."""


class Shift(StrEnum):
    """Where a term's last day goes when it is a day off."""

    STAY = "stay"
    NEXT = "next working day"
    PREVIOUS = "previous working day"


class BrokenRuns(StrEnum):
    """How days of several separate runs make months."""

    SHARES = "calendar shares"
    """Each day counts for its share of its calendar month, added up exactly."""
    THIRTY = "30-day months"
    """Thirty days are a month, 365 days twelve."""
    UNBROKEN = "not added"
    """Only one unbroken run counts."""


class NoCorrespondingDay(ValueError):
    """The month lacks the day, and the month-end rule is ``reject``."""


_TERM = re.compile(r"(\d{1,5}) (day|week|month|year|working day)s?")


@frozen
class Term:
    """A length of time in the units that law uses; one month is neither 30 days nor four weeks.

    >>> str(Term.parse("2 weeks")), str(Term.parse("1 month")), Term.parse("soon")
    ('2 weeks', '1 month', None)
    """

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Term | None:
        """``6 months``, ``1 year``, ``10 working days``; anything else is ``None``."""
        found = _TERM.fullmatch(text.strip())
        return cls(int(found[1]), Unit(found[2] + "s")) if found else None

    @property
    def months(self) -> int | None:
        """The term in whole months, when it is one of months or years."""
        factor = {Unit.MONTHS: 1, Unit.YEARS: 12}.get(self.unit)
        return factor and self.count * factor

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit[:-1]}"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)})")


@frozen(order=True)
class MonthDay:
    """A day that comes every year.

    >>> str(MonthDay.parse("1 February")), MonthDay.parse("29 February"), MonthDay.parse("soon")
    ('1 February', None, None)
    """

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> MonthDay | None:
        """``1 February``; anything else is ``None``, a day that not every year has too."""
        found = _MONTH_DAY.fullmatch(text.strip())
        if found is None:
            return None
        made = cls(MONTHS.index(found[2]) + 1, int(found[1]))
        return made if 1 <= made.day <= month_length(2027, made.month) else None

    def near(self, day: date) -> list[date]:
        """The day in the year of another, the year before it and the year after it."""
        years = (year for year in (day.year - 1, day.year, day.year + 1) if 1 <= year < AHEAD.year)
        return [date(year, self.month, self.day) for year in years]

    def __str__(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]}"


@frozen(eq=False, repr=False)
class Calendar:
    """How one body counts time; no setting has a silent default (HMS § 33, TsÜS §§ 134-137)."""

    zone: str
    """IANA name; moments are turned into days here."""
    country: str
    """ISO 3166 code of the public holidays."""
    month_end: MonthEnd
    counting_back: CountingBack
    shift_after: Shift
    shift_before: Shift


PLAIN = Calendar("UTC", "EE", MonthEnd.CLAMP, CountingBack.SUBTRACT, Shift.STAY, Shift.STAY)
"""For counting where the ruleset's ways cannot matter."""


def clamped(how: Calendar) -> Calendar:
    """The calendar with the month's last day where it refuses to name a day."""
    return evolve(how, month_end=MonthEnd.CLAMP) if how.month_end is MonthEnd.REJECT else how


def local_day(value: date | datetime, zone: tzinfo) -> date:
    """The day of a moment in ``zone``; a day is itself.

    Raises `ApplicantError` for a moment without its offset: the system's zone is never asked.

    >>> from zoneinfo import ZoneInfo
    >>> local_day(datetime.fromisoformat("2026-06-05T21:00:30Z"), ZoneInfo("Europe/Tallinn"))
    datetime.date(2026, 6, 6)
    """
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            found, expected = "a moment without its offset", "a moment with its offset, or a day"
            raise ApplicantError(Problem("no-offset", "the applicant", found, expected))
        try:
            return value.astimezone(zone).date()
        except OverflowError:
            return value.date()
    return value


class TimedDay(date):
    """A day with a time of day: in every comparison of days it is that day, and `not_after` looks at the
    time."""

    clock: time | None = None

    @classmethod
    def of(cls, day: date, clock: time) -> TimedDay:
        made = cls(day.year, day.month, day.day)
        made.clock = clock
        return made


def clock_of(day: date) -> time | None:
    """The time of day, where one is said."""
    return day.clock if isinstance(day, TimedDay) else None


def plain_day(day: date) -> date:
    """The day alone."""
    return date(day.year, day.month, day.day) if isinstance(day, TimedDay) else day


def not_after(one: date, other: date) -> bool:
    """Whether the one is no later than the other; of a day without a time, some moment is enough.

    >>> noon = TimedDay.of(date(2027, 1, 15), time(12))
    >>> not_after(TimedDay.of(date(2027, 1, 15), time(12, 1)), noon), not_after(date(2027, 1, 15), noon)
    (False, True)
    """
    first, last = clock_of(one), clock_of(other)
    if one != other or first is None or last is None:
        return one <= other
    return first <= last


def earlier(one: date, other: date) -> bool:
    """Whether the one is before the other; of a day without a time, some moment is enough."""
    first, last = clock_of(one), clock_of(other)
    if one != other or (first is None and last is None):
        return one < other
    return first is None or last is None or first < last


def plus_days(day: date, count: int) -> date:
    """``count`` days later (earlier when negative), stopping at the calendar's ends."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max if count > 0 else date.min


def month_length(year: int, month: int) -> int:
    """Days in a month of the Gregorian calendar.

    >>> month_length(2028, 2), month_length(2100, 2)
    (29, 28)
    """
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def plus_months(day: date, count: int, month_end: MonthEnd) -> date:
    """The corresponding day ``count`` months later (earlier when negative), TsÜS § 136.

    Raises ``NoCorrespondingDay`` when the month lacks it and the rule is ``reject``.

    >>> plus_months(date(2027, 3, 31), -1, MonthEnd.CLAMP)
    datetime.date(2027, 2, 28)
    >>> plus_months(date(2027, 3, 31), -1, MonthEnd.OVERFLOW)
    datetime.date(2027, 3, 3)
    """
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    if not 1 <= year <= 9999:
        return date.max if count > 0 else date.min
    length = month_length(year, month)
    if day.day <= length:
        return date(year, month, day.day)
    if month_end is MonthEnd.REJECT:
        raise NoCorrespondingDay(f"{year}-{month:02} has no day {day.day}")
    last = date(year, month, length)
    return last if month_end is MonthEnd.CLAMP else plus_days(last, day.day - length)


def end_of_term(start: date, term: Term, how: Calendar) -> date:
    """The last day of a term that is counted forward from the day ``start``, before any shift.

    >>> how = Calendar("Europe/Tallinn", "EE", MonthEnd.CLAMP, CountingBack.SUBTRACT, Shift.STAY, Shift.STAY)
    >>> end_of_term(date(2026, 1, 31), Term(1, Unit.MONTHS), how)
    datetime.date(2026, 2, 28)
    """
    if start == AHEAD:
        return AHEAD
    if (months := term.months) is not None:
        return plus_months(start, months, how.month_end)
    if term.unit is Unit.WORKING_DAYS:
        return _plus_working_days(start, term.count, how.country)
    return plus_days(start, term.count * (7 if term.unit is Unit.WEEKS else 1))


def start_of_term(event: date, term: Term, how: Calendar) -> date:
    """The last day on which "at the latest ``term`` before the event" is kept, before any shift.

    >>> how = Calendar("Europe/Tallinn", "EE", MonthEnd.CLAMP, CountingBack.LAST_FITTING, Shift.STAY, Shift.STAY)
    >>> start_of_term(date(2027, 4, 30), Term(1, Unit.MONTHS), how)
    datetime.date(2027, 3, 31)
    """
    if event == AHEAD:
        return AHEAD
    months = term.months
    if months is None:
        if term.unit is Unit.WORKING_DAYS:
            return _plus_working_days(event, -term.count, how.country)
        return plus_days(event, -term.count * (7 if term.unit is Unit.WEEKS else 1))
    if how.counting_back is CountingBack.SUBTRACT:
        return plus_months(event, -months, how.month_end)
    # Forward terms grow with their start except for the few days that overflow adds: look from above.
    day = plus_days(plus_months(event, -months, MonthEnd.CLAMP), 4)
    while day > date.min and _passes(day, months, event, how.month_end):
        day = plus_days(day, -1)
    return day


def _passes(day: date, months: int, event: date, month_end: MonthEnd) -> bool:
    try:
        return plus_months(day, months, month_end) > event
    except NoCorrespondingDay:
        return True


def shifted(day: date, shift: Shift, country: str) -> date:
    """A term's last day, moved off a day off (HMS § 33 (3), TsÜS § 136 (8)); fixed days do not move.

    >>> shifted(date(2026, 6, 23), Shift.NEXT, "EE"), shifted(date(2026, 6, 23), Shift.STAY, "EE")
    (datetime.date(2026, 6, 25), datetime.date(2026, 6, 23))
    """
    if shift is Shift.STAY or day in (AHEAD, date.min):
        return day
    step = 1 if shift is Shift.NEXT else -1
    while is_day_off(day, country):
        day = plus_days(day, step)
    return day


def _plus_working_days(day: date, count: int, country: str) -> date:
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day = plus_days(day, step)
        while is_day_off(day, country):
            day = plus_days(day, step)
    return day


def is_day_off(day: date, country: str) -> bool:
    """Saturday, Sunday, or a public holiday of the country."""
    return day.weekday() >= 5 or day in public_holidays(country, day.year)


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a year, as the holidays library has them; the library itself is loaded
    for a country or a year that the table beside this module lacks.

    Raises ``NotImplementedError`` for a country that the library does not cover.

    >>> sorted(public_holidays("EE", 2026))[:2]
    [datetime.date(2026, 1, 1), datetime.date(2026, 2, 24)]
    """
    for line in _HOLIDAYS.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{country} {year} "):
            return frozenset(date.fromisoformat(f"{year}-{day}") for day in line.split()[2:])
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


def union(runs: Iterable[Run]) -> Days:
    """Overlapping and adjacent runs as one; empty ones (last before first) are left out.

    >>> union([(5, 9), (1, 3), (4, 4), (20, 19)])
    ((1, 9),)
    """
    merged: list[Run] = []
    for first, last in sorted(runs):
        if last < first:
            continue
        if merged and first <= merged[-1][1] + 1:
            if last > merged[-1][1]:
                merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return tuple(merged)


def minus(days: Days, removed: Iterable[Run]) -> Days:
    """The days without those removed.

    >>> minus(((1, 9),), [(3, 4), (9, 12)])
    ((1, 2), (5, 8))
    """
    left = list(days)
    for first, last in removed:
        if last < first:
            continue
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, first - 1)), (max(start, last + 1), end))
            if piece[0] <= piece[1]
        ]
    return tuple(left)


MONTH_SHARES = 31 * 30 * 29 * 14
"""Shares that make one month: the least number that every length of month divides."""


def shares_until(ordinal: int) -> int:
    """Shares of months in the days up to this one, from the first day of the calendar."""
    day = date.fromordinal(ordinal)
    length = month_length(day.year, day.month)
    return (day.year * 12 + day.month - 1) * MONTH_SHARES + day.day * (MONTH_SHARES // length)


def shares(runs: Iterable[Run]) -> int:
    """Shares of months in these runs, each run counted: a day of April is 1/30 of ``MONTH_SHARES``.

    >>> april = (date(2026, 4, 1).toordinal(), date(2026, 4, 30).toordinal())
    >>> shares([april]) == MONTH_SHARES
    True
    """
    return sum(shares_until(last) - shares_before(first) for first, last in runs)


def shares_before(ordinal: int) -> int:
    return shares_until(ordinal - 1) if ordinal > 1 else 12 * MONTH_SHARES


def unbroken(run: Run, term: Term, month_end: MonthEnd) -> bool:
    """Whether one run is at least as long as the term: 2026-01-15 to 2026-07-14 is six months."""
    first, last = run
    months = term.months
    if months is None:
        return last - first + 1 >= term.count * (7 if term.unit is Unit.WEEKS else 1)
    # `reject` speaks of due days; a run of days has a length under it all the same.
    rule = MonthEnd.CLAMP if month_end is MonthEnd.REJECT else month_end
    end = plus_months(date.fromordinal(first), months, rule)
    return end < date.max and last >= end.toordinal() - 1


def long_enough(runs: Iterable[Run], term: Term, broken: BrokenRuns, month_end: MonthEnd) -> bool:
    """Whether these runs (already united where overlaps count once) reach the term.

    >>> def day(text: str) -> int: return date.fromisoformat(text).toordinal()
    >>> runs = [(day("2026-01-01"), day("2026-03-31")), (day("2026-06-01"), day("2026-08-31"))]
    >>> six = Term(6, Unit.MONTHS)
    >>> long_enough(runs, six, BrokenRuns.SHARES, MonthEnd.CLAMP)
    True
    >>> long_enough(runs, six, BrokenRuns.UNBROKEN, MonthEnd.CLAMP)
    False
    """
    counted = list(runs)
    if term.count == 0 or any(unbroken(run, term, month_end) for run in counted):
        return True
    if broken is BrokenRuns.UNBROKEN:
        return False
    days = sum(last - first + 1 for first, last in counted)
    if term.months is None:
        return days >= term.count * (7 if term.unit is Unit.WEEKS else 1)
    if broken is BrokenRuns.THIRTY:
        return days >= term.months // 12 * 365 + term.months % 12 * 30
    return shares(counted) >= term.months * MONTH_SHARES


def stacked(stretches: Iterable[Stretch], most: Fraction | None) -> list[Stretch]:
    """The stretches one after another, their shares added up where they overlap, up to ``most``.

    >>> half = Fraction(1, 2)
    >>> stacked([(1, 10, half), (6, 20, half)], None) == [(1, 5, half), (6, 10, Fraction(1)), (11, 20, half)]
    True
    """
    changes: dict[int, Fraction] = {}
    for first, last, share in stretches:
        changes[first] = changes.get(first, Fraction(0)) + share
        changes[last + 1] = changes.get(last + 1, Fraction(0)) - share
    made: list[Stretch] = []
    share, start = Fraction(0), 0
    for day in sorted(changes):
        kept = share if most is None else min(share, most)
        if kept > 0 and day > start:
            if made and made[-1][1] + 1 == start and made[-1][2] == kept:
                start = made.pop()[0]
            made.append((start, day - 1, kept))
        share, start = share + changes[day], day
    return made


def weight(stretches: Iterable[Stretch]) -> Fraction:
    """The shares of months in them, each as much as its share of full time."""
    return sum((shares([(first, last)]) * share for first, last, share in stretches), Fraction(0))


def worked_enough(stretches: Iterable[Stretch], term: Term, broken: BrokenRuns, month_end: MonthEnd) -> bool:
    """Whether work, each stretch at its share of full time, reaches a term of full-time work."""
    counted = list(stretches)
    full = union((first, last) for first, last, share in counted if share >= 1)
    if term.count == 0 or any(unbroken(run, term, month_end) for run in full):
        return True
    alone: list[list[Stretch]] = [counted]
    if broken is BrokenRuns.UNBROKEN:
        runs = union((first, last) for first, last, _ in counted)
        alone = [[one for one in counted if first <= one[0] <= last] for first, last in runs]
    for some in alone:
        days = sum(((last - first + 1) * share for first, last, share in some), Fraction(0))
        if term.months is None:
            enough = days >= term.count * (7 if term.unit is Unit.WEEKS else 1)
        elif broken is BrokenRuns.THIRTY:
            enough = days >= term.months // 12 * 365 + term.months % 12 * 30
        else:
            enough = weight(some) >= term.months * MONTH_SHARES
        if enough:
            return True
    return False
