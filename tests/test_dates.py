"""Terms, due days, shares of months and sets of days against day-by-day walks and against dateutil."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from kutsereeglid import dates
from kutsereeglid.dates import (
    AHEAD,
    BrokenRuns,
    Calendar,
    CountingBack,
    Days,
    MonthEnd,
    NoCorrespondingDay,
    Run,
    Shift,
    Term,
    Unit,
)

DAY = timedelta(days=1)
some_day = st.dates(date(1996, 1, 1), date(2045, 12, 31))
boundary_day = some_day | st.builds(
    lambda year, month, back: dates.plus_months(date(year, month, 1), 1, MonthEnd.CLAMP) - back * DAY,
    st.integers(1996, 2044),
    st.integers(1, 12),
    st.integers(-1, 4),
)
terms = st.builds(Term, st.integers(0, 40), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS]))


def calendar(
    month_end: MonthEnd = MonthEnd.CLAMP,
    back: CountingBack = CountingBack.SUBTRACT,
    after: Shift = Shift.STAY,
    before: Shift = Shift.STAY,
) -> Calendar:
    return Calendar("Europe/Tallinn", "EE", month_end, back, after, before)


@given(boundary_day, st.integers(-500, 500))
def test_clamped_months_are_those_of_dateutil(day: date, months: int) -> None:
    assert dates.plus_months(day, months, MonthEnd.CLAMP) == day + relativedelta(months=months)


@given(boundary_day, st.integers(-50, 50))
def test_month_end_rules_by_walking(day: date, months: int) -> None:
    """To the first of the target month, then on by the day's number, a day at a time."""
    first = day.replace(day=1) + relativedelta(months=months)
    walked = first
    for _ in range(day.day - 1):
        walked += DAY
    assert dates.plus_months(day, months, MonthEnd.OVERFLOW) == walked
    if walked.month == first.month:
        assert dates.plus_months(day, months, MonthEnd.REJECT) == walked
    else:
        with pytest.raises(NoCorrespondingDay):
            dates.plus_months(day, months, MonthEnd.REJECT)


@given(boundary_day, terms)
def test_weeks_keep_the_weekday_and_days_are_counted(day: date, term: Term) -> None:
    end = dates.end_of_term(day, term, calendar())
    assert dates.start_of_term(end, term, calendar()) == day or term.months is not None
    if term.unit is Unit.WEEKS:
        assert end.weekday() == day.weekday()
        assert (end - day).days == 7 * term.count


@given(boundary_day, st.integers(1, 14), st.sampled_from([MonthEnd.CLAMP, MonthEnd.OVERFLOW]))
def test_the_last_fitting_day_fits_and_no_later_one_does(event: date, months: int, rule: MonthEnd) -> None:
    how = calendar(rule, CountingBack.LAST_FITTING)
    found = dates.start_of_term(event, Term(months, Unit.MONTHS), how)
    assert dates.plus_months(found, months, rule) <= event
    later = found + DAY
    while later <= event:
        assert dates.plus_months(later, months, rule) > event
        later += DAY


@pytest.mark.parametrize(
    ("exam", "due"),
    [
        ("2027-03-31", "2027-02-28"),
        ("2028-03-31", "2028-02-29"),
        ("2027-03-30", "2027-02-28"),
        ("2027-05-31", "2027-04-30"),
        ("2027-01-15", "2026-12-15"),
    ],
)
def test_one_month_before_an_exam(exam: str, due: str) -> None:
    term = Term(1, Unit.MONTHS)
    assert dates.start_of_term(date.fromisoformat(exam), term, calendar()) == date.fromisoformat(due)


def test_the_two_readings_differ_at_month_ends() -> None:
    exam, term = date(2027, 4, 30), Term(1, Unit.MONTHS)
    assert dates.start_of_term(exam, term, calendar()) == date(2027, 3, 30)
    assert dates.start_of_term(exam, term, calendar(back=CountingBack.LAST_FITTING)) == date(2027, 3, 31)


def act_on_public_holidays(year: int) -> set[date]:
    """Public Holidays Act § 2, with Easter by the anonymous Gregorian computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    easter = date(year, month, (h - m + r + month + 19) % 32)
    fixed = [(1, 1), (2, 24), (5, 1), (6, 23), (6, 24), (8, 20), (12, 24), (12, 25), (12, 26)]
    return {date(year, *day) for day in fixed} | {easter - 2 * DAY, easter, easter + 49 * DAY}


@pytest.mark.parametrize("year", range(2005, 2061))
def test_the_public_holidays_are_those_of_the_act(year: int) -> None:
    assert dates.public_holidays("EE", year) == act_on_public_holidays(year)


def test_the_table_of_public_holidays_is_what_the_library_says() -> None:
    import holidays

    for line in dates._HOLIDAYS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, year, *days = line.split()
            library = holidays.country_holidays(country, years=int(year))
            assert days == [f"{day:%m-%d}" for day in sorted(library)]


def test_a_year_or_a_country_that_the_table_lacks_comes_from_the_library() -> None:
    assert date(2100, 2, 24) in dates.public_holidays("EE", 2100)
    assert date(2026, 12, 6) in dates.public_holidays("FI", 2026)
    with pytest.raises(NotImplementedError):
        dates.public_holidays("XX", 2026)


@given(some_day)
def test_shifts_by_walking(day: date) -> None:
    def off(one: date) -> bool:
        return one.weekday() >= 5 or one in act_on_public_holidays(one.year)

    after = before = day
    while day.year >= 2005 and off(after):
        after += DAY
    while day.year >= 2005 and off(before):
        before -= DAY
    if day.year >= 2005:
        assert dates.shifted(day, Shift.NEXT, "EE") == after
        assert dates.shifted(day, Shift.PREVIOUS, "EE") == before
    assert dates.shifted(day, Shift.STAY, "EE") == day


def test_what_lies_ahead_stays_ahead() -> None:
    for term in (Term(1, Unit.MONTHS), Term(2, Unit.WEEKS), Term(3, Unit.WORKING_DAYS)):
        assert dates.start_of_term(AHEAD, term, calendar()) == AHEAD
        assert dates.end_of_term(AHEAD, term, calendar()) == AHEAD
    assert dates.shifted(AHEAD, Shift.NEXT, "EE") == AHEAD


@given(terms)
def test_the_calendars_ends_are_not_passed(term: Term) -> None:
    assert date.min <= dates.start_of_term(date(1, 1, 15), term, calendar())
    assert dates.end_of_term(date(9999, 12, 30), term, calendar()) <= date.max


# Sets of days.

runs = st.lists(
    st.tuples(st.integers(730_000, 730_400), st.integers(-3, 120)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=6,
)


def as_set(given_runs: list[Run] | Days) -> set[int]:
    return {day for first, last in given_runs for day in range(first, last + 1)}


@given(runs)
def test_a_union_has_the_days_of_its_runs_in_order_and_apart(given_runs: list[Run]) -> None:
    made = dates.union(given_runs)
    assert as_set(made) == as_set(given_runs)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(made))


@given(runs, runs)
def test_minus_has_the_days_that_are_left(given_runs: list[Run], removed: list[Run]) -> None:
    assert as_set(dates.minus(dates.union(given_runs), removed)) == as_set(given_runs) - as_set(removed)


def shares_by_walking(given_runs: list[Run] | Days) -> Fraction:
    total = Fraction()
    for first, last in given_runs:
        for ordinal in range(first, last + 1):
            day = date.fromordinal(ordinal)
            length = ((day.replace(day=28) + 4 * DAY).replace(day=1) - day.replace(day=1)).days
            total += Fraction(1, length)
    return total


@given(runs)
def test_shares_of_months_by_walking(given_runs: list[Run]) -> None:
    made = dates.union(given_runs)
    assert Fraction(dates.shares(made), dates.MONTH_SHARES) == shares_by_walking(made)


@given(boundary_day, st.integers(1, 30))
def test_an_unbroken_run_of_months(start: date, months: int) -> None:
    last = start + relativedelta(months=months) - DAY
    term = Term(months, Unit.MONTHS)
    assert dates.unbroken((start.toordinal(), last.toordinal()), term, MonthEnd.CLAMP)
    assert not dates.unbroken((start.toordinal(), last.toordinal() - 1), term, MonthEnd.CLAMP)


@given(runs, runs, terms, st.sampled_from(list(BrokenRuns)))
def test_more_days_never_make_it_shorter(
    given_runs: list[Run], more: list[Run], term: Term, rule: BrokenRuns
) -> None:
    fewer = dates.long_enough(dates.union(given_runs), term, rule, MonthEnd.CLAMP)
    assert not fewer or dates.long_enough(dates.union([*given_runs, *more]), term, rule, MonthEnd.CLAMP)


def run(first: str, last: str) -> Run:
    return date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()


SIX = Term(6, Unit.MONTHS)


@pytest.mark.parametrize(
    ("given_runs", "rule", "expected"),
    [
        ([("2026-01-15", "2026-07-14")], BrokenRuns.UNBROKEN, True),
        ([("2026-01-15", "2026-07-13")], BrokenRuns.SHARES, False),
        ([("2026-01-01", "2026-03-31"), ("2026-06-01", "2026-08-31")], BrokenRuns.SHARES, True),
        ([("2026-01-01", "2026-03-31"), ("2026-06-01", "2026-08-30")], BrokenRuns.SHARES, False),
        ([("2026-01-01", "2026-03-31"), ("2026-06-01", "2026-08-31")], BrokenRuns.UNBROKEN, False),
        ([("2024-08-12", "2025-02-10")], BrokenRuns.SHARES, True),  # a day short of unbroken: intended
        ([("2024-08-12", "2025-02-10")], BrokenRuns.UNBROKEN, False),
        ([("2026-01-01", "2026-06-29")], BrokenRuns.THIRTY, True),
        ([("2026-01-01", "2026-06-28")], BrokenRuns.THIRTY, False),
    ],
)
def test_six_months_of_broken_runs(
    given_runs: list[tuple[str, str]], rule: BrokenRuns, expected: bool
) -> None:
    counted = dates.union(run(*one) for one in given_runs)
    assert dates.long_enough(counted, SIX, rule, MonthEnd.CLAMP) is expected
