"""The boundary day on both sides of each term, through `evaluate`."""

from datetime import date, timedelta
from typing import Any

import pytest

from kutsereeglid import Decision, evaluate
from kutsereeglid.dates import CountingBack, MonthEnd

pytestmark = pytest.mark.usefixtures("on_each_engine")

EXAM = date(2026, 6, 19)
FULL = ("noorem-tarkvaraarendaja", "it-susteemide-nooremspetsialist")
FIELD = {
    "noorem-tarkvaraarendaja": "software-development",
    "it-susteemide-nooremspetsialist": "it-systems",
    "it-haldustehnik": "it-systems",
}
DAY = timedelta(days=1)


def whole_file(qualification: str, exam: date = EXAM) -> dict[str, Any]:
    """A file in which everything was done long before its due day."""
    field = FIELD.get(qualification, "it-systems")
    work = {"field": field, "start": "2024-01-01", "end": "2025-06-30"}
    return {
        "employments": [work],
        "documents": [
            {"type": "education-certificate", "submitted": "2026-01-10"},
            {
                "type": "employment-certificate",
                "issued": "2026-01-05",
                "submitted": "2026-01-10",
                "signed_by": "employer",
                "positions": [dict(work)],
            },
        ],
        "exam": {"date": exam.isoformat()},
        "exam_project": {
            "field": field,
            "basis": "novel-solution",
            "hours": 200,
            "parts": [{"kind": "theoretical", "submitted": "2026-01-15"}, {"kind": "practical"}],
            "presented": exam.isoformat(),
            "topics": [
                "testing",
                "service-management",
                "information-security",
                "documentation",
                "end-user-guides",
                "incident-management",
                "user-support",
                "infrastructure-development",
                "systems-administration",
                "change-management",
                "monitoring",
                "problem-management",
                "risk-management",
            ],
        },
    }


def decided(qualification: str, file: dict[str, Any], as_of: date, **more: Any) -> Decision:
    return evaluate(file, qualification, as_of=as_of, **more)


ALL = (*FULL, "it-tehnik", "kasutajatoe-tehnik", "it-haldustehnik")


@pytest.mark.parametrize("qualification", ALL)
def test_a_whole_file_is_eligible_at_every_stage_and_nothing_is_contested(qualification: str) -> None:
    decision = decided(qualification, whole_file(qualification), EXAM)
    assert {str(outcome) for outcome in decision.stages.values()} == {"eligible"}
    assert [
        finding.contested for finding in decision.findings if finding.required and finding.contested
    ] == []


DUE = {
    "work-experience": date(2026, 6, 5),
    "experience-certificate": date(2026, 6, 5),
    "education-certificate": EXAM,
    "theoretical-part": date(2026, 5, 19),
    "practical-part": EXAM,
    "project-field": EXAM,
    "project-basis": EXAM,
    "project-presented": EXAM,
}


@pytest.mark.parametrize("qualification", FULL)
@pytest.mark.parametrize(("requirement", "due"), DUE.items())
def test_due_days_of_the_full_qualifications(qualification: str, requirement: str, due: date) -> None:
    for as_of in (date(2026, 1, 20), due, due + DAY, date(2027, 1, 1)):
        assert decided(qualification, whole_file(qualification), as_of).finding(requirement).due == due


@pytest.mark.parametrize(
    "requirement",
    [
        "work-experience",
        "experience-certificate",
        "education-certificate",
        "project-topics",
        "project-volume",
    ],
)
def test_due_days_of_the_partial_qualification_are_the_exam_day(requirement: str) -> None:
    assert decided("it-haldustehnik", whole_file("it-haldustehnik"), EXAM).finding(requirement).due == EXAM


ACTS = (
    "experience-certificate",
    "education-certificate",
    "theoretical-part",
    "practical-part",
    "project-presented",
)


def with_days(qualification: str, requirement: str, day: date) -> dict[str, Any]:
    """A whole file in which one act was done on that day."""
    file = whole_file(qualification)
    if requirement == "experience-certificate":
        file["documents"][1]["submitted"] = day.isoformat()
    elif requirement == "education-certificate":
        file["documents"][0]["submitted"] = day.isoformat()
    elif requirement == "theoretical-part":
        file["exam_project"]["parts"][0]["submitted"] = day.isoformat()
    elif requirement == "practical-part":
        file["exam_project"]["parts"][1]["submitted"] = day.isoformat()
    else:
        file["exam_project"]["presented"] = day.isoformat()
    return file


@pytest.mark.parametrize("qualification", FULL)
@pytest.mark.parametrize("requirement", ACTS)
def test_an_act_counts_until_its_due_day_and_not_on_the_next(qualification: str, requirement: str) -> None:
    due = DUE[requirement]
    long_after = due + 30 * DAY
    on_time = decided(qualification, with_days(qualification, requirement, due), long_after).finding(
        requirement
    )
    late = decided(qualification, with_days(qualification, requirement, due + DAY), long_after).finding(
        requirement
    )
    assert (on_time.status, late.status) == ("met", "not_met")
    assert (on_time.late, late.late) == (False, requirement != "project-presented")


@pytest.mark.parametrize("qualification", FULL)
@pytest.mark.parametrize("requirement", ACTS)
def test_what_is_lacking_is_open_until_its_due_day(qualification: str, requirement: str) -> None:
    due = DUE[requirement]
    file = whole_file(qualification)
    if requirement in ("experience-certificate", "education-certificate"):
        file["documents"] = []
    elif requirement == "project-presented":
        file["exam_project"]["presented"] = None
    else:
        file["exam_project"]["parts"] = []
    last = decided(qualification, file, due).finding(requirement)
    after = decided(qualification, file, due + DAY).finding(requirement)
    assert (last.status, last.earliest) == ("open", due)
    assert after.status == "not_met"
    assert after.late is False


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-06-05T23:59:59.999999+03:00", "met"),
        ("2026-06-06T00:00:00+03:00", "not_met"),
        ("2026-06-05T20:59:59Z", "met"),
        ("2026-06-05T21:00:00Z", "not_met"),
        ("2026-06-05T13:00:00-08:00", "not_met"),
    ],
)
def test_a_due_day_lasts_until_midnight_in_the_rulesets_zone(moment: str, status: str) -> None:
    file = whole_file("noorem-tarkvaraarendaja")
    file["documents"][1]["submitted"] = moment
    assert decided("noorem-tarkvaraarendaja", file, EXAM).finding("experience-certificate").status == status


@pytest.mark.parametrize(
    ("end", "status"), [("2026-03-31", "met"), ("2026-03-30", "not_met"), ("2026-04-01", "met")]
)
def test_six_months_on_both_sides(end: str, status: str) -> None:
    file = whole_file("it-haldustehnik")
    file["employments"] = [{"field": "it-systems", "start": "2025-10-01", "end": end}]
    assert decided("it-haldustehnik", file, EXAM + DAY).finding("work-experience").status == status


@pytest.mark.parametrize(
    ("start", "as_of", "status", "earliest"),
    [
        ("2025-12-06", "2026-06-05", "met", None),
        ("2025-12-07", "2026-06-05", "not_met", "2026-06-06"),
        ("2025-12-07", "2026-06-04", "not_met", "2026-06-06"),
    ],
)
def test_ongoing_work_around_the_due_day(start: str, as_of: str, status: str, earliest: str | None) -> None:
    """Six months from 6 December are full on 5 June, the due day."""
    file = whole_file("noorem-tarkvaraarendaja")
    file["employments"] = [{"field": "software-development", "start": start, "end": None}]
    finding = decided("noorem-tarkvaraarendaja", file, date.fromisoformat(as_of)).finding("work-experience")
    assert (finding.status, finding.earliest) == (status, earliest and date.fromisoformat(earliest))


def test_ongoing_work_that_will_be_full_on_the_due_day_is_open() -> None:
    file = whole_file("noorem-tarkvaraarendaja")
    file["employments"] = [{"field": "software-development", "start": "2025-12-06", "end": None}]
    finding = decided("noorem-tarkvaraarendaja", file, date(2026, 6, 4)).finding("work-experience")
    assert (finding.status, finding.earliest) == ("open", date(2026, 6, 5))


@pytest.mark.parametrize(
    ("qualification", "hours"), [("it-tehnik", 40), ("kasutajatoe-tehnik", 40), ("it-haldustehnik", 76)]
)
def test_the_volume_on_both_sides(qualification: str, hours: int) -> None:
    file = whole_file(qualification)
    for given, before, after in ((hours, "met", "met"), (hours - 0.5, "open", "not_met")):
        file["exam_project"]["hours"] = given
        assert decided(qualification, file, EXAM).finding("project-volume").status == before
        assert decided(qualification, file, EXAM + DAY).finding("project-volume").status == after


@pytest.mark.parametrize(
    ("exam", "due"),
    [
        ("2027-03-31", "2027-02-28"),
        ("2028-03-31", "2028-02-29"),
        ("2027-03-30", "2027-02-28"),
        ("2027-05-31", "2027-04-30"),
        ("2027-01-15", "2026-12-15"),
        ("2027-04-30", "2027-03-30"),
    ],
)
def test_one_month_before_the_exam(exam: str, due: str) -> None:
    file = whole_file("noorem-tarkvaraarendaja", date.fromisoformat(exam))
    assert decided("noorem-tarkvaraarendaja", file, EXAM).finding(
        "theoretical-part"
    ).due == date.fromisoformat(due)


def test_settings_have_the_names_that_authors_write() -> None:
    assert [str(one) for one in MonthEnd] == ["clamp", "overflow", "reject"]
    assert [str(one) for one in CountingBack] == ["subtract", "last fitting day"]


@pytest.mark.parametrize(
    ("as_of", "status", "missing"),
    [(EXAM - DAY, "open", ()), (EXAM, "unknown", ("exam_project.presented",))],
)
def test_presenting_is_not_known_from_the_exam_day_on(
    as_of: date, status: str, missing: tuple[str, ...]
) -> None:
    """A day that is absent says "not yet" before the exam, and nothing from the exam's day on."""
    file = whole_file("noorem-tarkvaraarendaja")
    del file["exam_project"]["presented"]
    finding = decided("noorem-tarkvaraarendaja", file, as_of).finding("project-presented")
    assert (finding.status, finding.missing) == (status, missing)
    file["exam_project"]["presented"] = None
    assert decided("noorem-tarkvaraarendaja", file, as_of).finding("project-presented").status == "open"
