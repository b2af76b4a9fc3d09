"""Dates against the day-by-day walks of `tests.walks`, for a sample of days; `make laws` takes them all.

The first tests hold the walks themselves to what the law says.
"""

from datetime import UTC, date, datetime
from random import Random

import dateutil.easter
import pytest

from tests import walks, walks_in_full
from tests.walks import DAY

YEARS = range(1996, 2041)
LEAP_DAYS = [one for year in YEARS if (one := date(year, 3, 1) - DAY).day == 29]
AROUND_LEAP_DAYS = [leap + by * DAY for leap in LEAP_DAYS for by in (-1, 0, 1)]
YEARS_ENDS = [one for year in YEARS for one in (date(year, 1, 1), date(year, 12, 31))]
MONTHS_ENDS = [
    month[at] for month in walks.MONTHS for at in (0, -4, -3, -2, -1) if month[at].year in (2027, 2028)
]
CHANGES = [
    one
    for zone in walks.ZONES
    for change, _ in walks.all_changes(zone)
    if (one := change.date()).year in YEARS
]


def some_days(count: int, seed: int) -> list[date]:
    """Days of 1996 to 2040, drawn by a seed."""
    every = list(walks.walk(date(1996, 1, 1), date(2040, 12, 31)))
    return Random(seed).sample(every, count)


def agree(name: str, days: list[date]) -> None:
    """The walk and the package answer alike, in every case."""
    outcome = walks_in_full.compare(name, days)
    assert outcome.cases
    assert outcome.smallest is None, str(outcome)


# The walks themselves.


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("exam", "subtracted", "last_fitting"),
    [
        ("2027-03-31", "2027-02-28", "2027-02-28"),
        ("2028-03-31", "2028-02-29", "2028-02-29"),
        ("2027-03-30", "2027-02-28", "2027-02-28"),
        ("2027-05-31", "2027-04-30", "2027-04-30"),
        ("2027-01-15", "2026-12-15", "2026-12-15"),
        ("2027-04-30", "2027-03-30", "2027-03-31"),
    ],
)
def test_the_walk_counts_a_month_back_as_the_table_says(
    exam: str, subtracted: str, last_fitting: str
) -> None:
    month = (1, "months")
    assert walks.start_of_term(day(exam), month, "clamp", "subtract") == day(subtracted)
    assert walks.start_of_term(day(exam), month, "clamp", "last fitting day") == day(last_fitting)


def test_the_walk_counts_two_weeks_as_fourteen_days() -> None:
    assert walks.start_of_term(day("2026-06-19"), (2, "weeks"), "clamp", "subtract") == day("2026-06-05")


@pytest.mark.parametrize(
    ("runs", "broken", "reached"),
    [
        ([("2026-01-15", "2026-07-14")], "not added", True),
        ([("2026-01-15", "2026-07-13")], "not added", False),
        ([("2026-01-01", "2026-03-31"), ("2026-06-01", "2026-08-31")], "calendar shares", True),
        ([("2026-01-01", "2026-03-31"), ("2026-06-01", "2026-08-30")], "calendar shares", False),
        ([("2024-08-12", "2025-02-10")], "calendar shares", True),
        ([("2024-08-12", "2025-02-10")], "not added", False),
    ],
)
def test_the_walk_measures_six_months_as_the_examples_do(
    runs: list[tuple[str, str]], broken: str, reached: bool
) -> None:
    days = [(day(first), day(last)) for first, last in runs]
    assert walks.is_long_enough(days, (6, "months"), broken, "clamp") is reached


def test_the_walk_finds_easter_where_dateutil_does() -> None:
    for year in range(1900, 2151):
        assert walks.easter(year) == dateutil.easter.easter(year)


def test_the_walk_knows_the_holidays_of_a_year() -> None:
    of_2026 = "01-01 02-24 04-03 04-05 05-01 05-24 06-23 06-24 08-20 12-24 12-25 12-26"
    assert sorted(walks.holidays(2026)) == [day(f"2026-{one}") for one in of_2026.split()]


@pytest.mark.parametrize("zone", walks.ZONES)
def test_the_changes_of_the_clocks_are_those_of_the_law(zone: str) -> None:
    for year in range(1996, walks.LAW_KNOWN_UNTIL + 1):
        assert walks.changes(zone, year) == walks.changes_in_data(zone, year)


def test_the_walk_takes_a_sunday_back_to_saturday() -> None:
    """St John's, 2009-11-01: a minute past midnight, the clocks went back to 23:01."""
    before, after = datetime(2009, 11, 1, 2, 30, 59, tzinfo=UTC), datetime(2009, 11, 1, 2, 31, tzinfo=UTC)
    assert walks.local_day(before, "America/St_Johns") == day("2009-11-01")
    assert walks.local_day(after, "America/St_Johns") == day("2009-10-31")


# The package against the walks.


def test_months_end_on_the_corresponding_day_or_where_the_month_end_rule_says() -> None:
    agree("months", MONTHS_ENDS + some_days(100, seed=1))


def test_months_years_weeks_and_days_are_those_of_dateutil() -> None:
    agree("dateutil", MONTHS_ENDS + AROUND_LEAP_DAYS + some_days(100, seed=2))


def test_due_days_by_every_unit_month_end_rule_shift_and_way_of_counting_back() -> None:
    agree("due_days", MONTHS_ENDS + some_days(60, seed=3))


def test_terms_from_and_to_leap_days() -> None:
    agree("months", AROUND_LEAP_DAYS)
    agree("due_days", LEAP_DAYS)


def test_terms_over_the_years_ends() -> None:
    agree("months", YEARS_ENDS)
    agree("due_days", YEARS_ENDS[::3])


def test_working_days_are_counted_one_by_one() -> None:
    agree("working_days", YEARS_ENDS + some_days(150, seed=4))


def test_days_off_and_shifts_on_every_day() -> None:
    agree("days_off", list(walks.walk(date(1996, 1, 1), date(2040, 12, 31))))


def test_an_unbroken_run_is_long_enough_from_its_very_day() -> None:
    agree("unbroken_runs", MONTHS_ENDS + AROUND_LEAP_DAYS + some_days(100, seed=5))


def test_two_runs_are_long_enough_from_their_very_day() -> None:
    agree("broken_runs", some_days(40, seed=6))


def test_runs_that_overlap_counted_once_or_each() -> None:
    agree("sums_of_runs", some_days(300, seed=7))


def test_each_day_is_its_share_of_its_month() -> None:
    agree("shares", AROUND_LEAP_DAYS + some_days(200, seed=8))


def test_unions_and_what_is_left_are_plain_sets_of_days() -> None:
    agree("sets_of_days", some_days(1500, seed=9))


def test_days_begin_at_local_midnight() -> None:
    agree("midnights", AROUND_LEAP_DAYS + YEARS_ENDS + CHANGES + some_days(300, seed=10))


def test_every_change_of_the_clocks() -> None:
    agree("changes_of_clocks", Random(11).sample(CHANGES, 30))
