"""Records that may still come must pass the tests of their own days; numbers are compared in their own unit;
and how selections are told."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kutsereeglid import Decision, evaluate
from kutsereeglid.testing import rulebook_of
from tests.test_declared_facts import ruleset

ON = date(2026, 6, 1)
DAYS = st.dates(date(2026, 5, 20), date(2026, 6, 12))
COMPARED = {
    "by": lambda day, limit: day <= limit,
    "before": lambda day, limit: day < limit,
    "from": lambda day, limit: day >= limit,
    "after": lambda day, limit: day > limit,
}


def decided(condition: Any, file: dict[str, Any], **sections: Any) -> Decision:
    return evaluate(file, "q", as_of=ON, rulebook=rulebook_of(ruleset(condition, **sections)))


def status(condition: Any, file: dict[str, Any], **sections: Any) -> str:
    [finding] = decided(condition, file, **sections).findings
    return str(finding.status)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(COMPARED)), DAYS),
        min_size=1,
        max_size=2,
        unique_by=lambda one: one[0],
    ),
    DAYS | st.none(),
)
def test_an_act_still_to_come_is_dated_as_the_rule_asks(
    tests: list[tuple[str, date]], given_day: date | None
) -> None:
    def passes(day: date) -> bool:
        return all(COMPARED[word](day, limit) for word, limit in tests)

    bounds = {word: limit.isoformat() for word, limit in tests}
    condition = {"some": "documents", "where": {"type": "form", "submitted": bounds}}
    documents = [] if given_day is None else [{"type": "form", "submitted": given_day.isoformat()}]
    to_come = any(passes(ON + timedelta(days=ahead)) for ahead in range(60))
    if given_day is not None and given_day <= ON and passes(given_day):
        expected = "met"
    else:
        expected = "open" if to_come else "not_met"
    if not any(passes(date(2026, 5, 1) + timedelta(days=one)) for one in range(90)):
        return  # bounds that no day keeps are refused
    assert status(condition, {"documents": documents}) == expected


@given(DAYS)
def test_a_qualification_still_to_come_is_not_valid_before_it_begins(asked: date) -> None:
    condition = {"holds": "mariner", "valid_on": asked.isoformat()}
    # What lasts begins on the day after the day of evaluation at the earliest.
    assert status(condition, {"qualifications": []}) == ("open" if asked > ON else "not_met")


@given(DAYS)
def test_work_still_to_come_does_not_end_before_it_begins(limit: date) -> None:
    condition = {"time": "employments", "where": {"end": {"by": limit.isoformat()}}, "at_least": "1 day"}
    assert status(condition, {"employments": []}) == ("open" if limit > ON else "not_met")


MINUTES = {"academic hours": Fraction(45), "hours": Fraction(60), "minutes": Fraction(1)}
UNITS = {"academic hours": {"kind": "teaching", "of": "45 minutes"}}


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(MINUTES)),
    st.integers(1, 120),
    st.sampled_from(sorted(MINUTES)),
    st.integers(1, 120),
)
def test_a_records_number_is_compared_in_its_own_unit(
    unit: str, hours: int, asked_in: str, asked: int
) -> None:
    condition = {"some": "trainings", "where": {"hours": {"at_least": f"{asked} {asked_in}"}}}
    file = {"trainings": [{"hours": hours, "unit": unit, "completed": "2026-01-01"}]}
    enough = hours * MINUTES[unit] >= asked * MINUTES[asked_in]
    assert status(condition, file, units=UNITS) == ("met" if enough else "open")


def test_a_number_in_a_unit_that_cannot_be_converted_fails_and_is_not_asked_for() -> None:
    condition = {"some": "trainings", "where": {"hours": {"at_least": 1}}}
    for hours in {"hours": 100}, {}:
        [finding] = decided(condition, {"trainings": [{**hours, "unit": "ECTS credits"}]}).findings
        assert (str(finding.status), finding.missing) == ("open", ())


def test_hours_that_are_not_known_are_asked_for_in_any_unit() -> None:
    condition = {"some": "trainings", "where": {"hours": {"at_least": "8 academic hours"}}}
    [finding] = decided(
        condition, {"trainings": [{"unit": "academic hours", "completed": "2026-01-01"}]}, units=UNITS
    ).findings
    assert (str(finding.status), finding.missing) == ("unknown", ("trainings[0].hours",))


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (
            {"some": "documents", "where": {"type": {"is_not": "form"}}},
            "documents (type is not form): at least one",
        ),
        (
            {"some": "documents", "where": {"states": ["place", "time"]}},
            "documents (what it states: place and time): at least one",
        ),
        (
            {
                "some": "employments",
                "where_any": [{"kind": "internship", "workload": {"at_least": 1}}, {"field": "other"}],
            },
            "employments (kind: internship and workload at least 1 or field: other): at least one",
        ),
        (
            {"sum": "trainings.hours", "at_least": "8 academic hours"},
            "trainings: hours at least 8 academic hours in all",
        ),
        (
            {"total": {"talks": {"count": "activities", "worth": "2 points"}}, "at_least": "4 points"},
            "in all at least 4 points: talks; found by 1 June 2026: 2 points in all, of which talks 2",
        ),
        ("never", "never holds"),
        ("always", "no condition"),
    ],
)
def test_how_it_is_told(condition: Any, told: str) -> None:
    file = {"documents": [], "employments": [], "trainings": [], "activities": [{"date": "2026-01-01"}]}
    [finding] = decided(condition, file, units=UNITS).findings
    said = [reason.text for reason in finding.because]
    assert said[0].startswith(told), said
