"""Each reading of the source page that can be computed: the one taken, the others, and what is contested."""

from datetime import date
from typing import Any

import pytest

from kutsereeglid import UsageError, evaluate
from tests.test_boundaries import EXAM, whole_file

pytestmark = pytest.mark.usefixtures("on_each_engine")

NTA, ISN, HT, IT = (
    "noorem-tarkvaraarendaja",
    "it-susteemide-nooremspetsialist",
    "it-haldustehnik",
    "it-tehnik",
)
AFTER = date(2026, 7, 1)


def statuses(
    file: dict[str, Any],
    qualification: str,
    requirement: str,
    reading: str,
    options: list[str],
    as_of: date = AFTER,
) -> list[str]:
    """The finding's status under each option, and a check that what is contested says the same."""
    found = []
    for option in options:
        finding = evaluate(file, qualification, as_of=as_of, readings={reading: option}).finding(requirement)
        found.append(str(finding.status))
    for position, option in enumerate(options):
        finding = evaluate(file, qualification, as_of=as_of, readings={reading: option}).finding(requirement)
        said = {one.option: str(one.status) for one in finding.contested if one.reading == reading}
        expected = {
            other: status
            for other, status in zip(options, found, strict=True)
            if status not in (found[position], "unknown")
        }
        assert said == expected
    return found


def test_a1_the_partial_qualification_has_no_two_week_term() -> None:
    file = whole_file(HT)
    file["documents"][1]["submitted"] = "2026-06-10"
    options = ["not-stated", "as-full"]
    assert statuses(file, HT, "experience-certificate", "A1-partial-term", options) == ["met", "not_met"]
    advice = evaluate(file, HT, as_of=AFTER).finding("partial-certificate-term")
    assert (advice.required, advice.status, advice.due) == (False, "not_met", date(2026, 6, 5))
    assert evaluate(file, HT, as_of=AFTER).outcome == "eligible"


def test_a2_an_internship_certificate_suffices() -> None:
    file = whole_file(NTA)
    file["documents"][1]["type"] = "internship-certificate"
    options = ["either", "employer-only"]
    assert statuses(file, NTA, "experience-certificate", "A2-certificate-kind", options) == ["met", "not_met"]


def test_a3_internship_is_work_experience() -> None:
    file = whole_file(NTA)
    file["employments"][0]["kind"] = "internship"
    assert statuses(file, NTA, "work-experience", "A3-internship", ["counts", "does-not"]) == [
        "met",
        "not_met",
    ]


def test_a3_a_kind_that_is_not_said_is_no_other_certain_status() -> None:
    finding = evaluate(whole_file(NTA), NTA, as_of=AFTER).finding("work-experience")
    assert (finding.status, finding.contested) == ("met", ())
    strict = evaluate(whole_file(NTA), NTA, as_of=AFTER, readings={"A3-internship": "does-not"})
    assert strict.finding("work-experience").missing == ("employments[0].kind",)


def test_a4_certificates_are_added_up() -> None:
    file = whole_file(NTA)
    first, second = dict(file["documents"][1]), dict(file["documents"][1])
    field = "software-development"
    first["positions"] = [{"field": field, "start": "2024-01-01", "end": "2024-03-31"}]
    second["positions"] = [{"field": field, "start": "2025-04-01", "end": "2025-06-30"}]
    file["documents"] = [first, second]
    options = ["added-up", "one-alone"]
    assert statuses(file, NTA, "experience-certificate", "A4-certificates", options) == ["met", "not_met"]


def test_a5_calendar_months_broken_overlapping_part_time_and_old() -> None:
    file = whole_file(NTA)
    field = "software-development"
    file["employments"] = [
        {"field": field, "start": "1999-01-01", "end": "1999-03-31", "workload": 0.1},
        {"field": field, "start": "1999-02-01", "end": "1999-03-31"},
        {"field": field, "start": "2003-06-01", "end": "2003-08-31", "suspensions": []},
    ]
    assert evaluate(file, NTA, as_of=AFTER).finding("work-experience").status == "met"
    file["employments"][2]["end"] = "2003-08-30"
    assert evaluate(file, NTA, as_of=AFTER).finding("work-experience").status == "not_met"


def test_a6_a_certificate_attests_only_the_past() -> None:
    """Six months that are full only after the certificate was issued do not count."""
    file = whole_file(NTA)
    position = {"field": "software-development", "start": "2025-11-01", "end": None}
    certificate = file["documents"][1]
    certificate.update(issued="2026-04-29", submitted="2026-06-05", positions=[position])
    assert evaluate(file, NTA, as_of=AFTER).finding("experience-certificate").status == "not_met"
    certificate["issued"] = "2026-04-30"
    assert evaluate(file, NTA, as_of=AFTER).finding("experience-certificate").status == "met"
    del certificate["issued"]  # absent: the day of submission
    assert evaluate(file, NTA, as_of=AFTER).finding("experience-certificate").status == "met"


def test_a6_full_only_between_the_due_day_and_the_exam() -> None:
    file = whole_file(NTA)
    file["employments"] = [{"field": "software-development", "start": "2025-12-10", "end": None}]
    options = ["certificate", "exam"]
    assert statuses(file, NTA, "work-experience", "A6-complete-by", options) == ["not_met", "met"]
    finding = evaluate(file, NTA, as_of=date(2026, 5, 25)).finding("work-experience")
    assert (finding.status, finding.earliest) == ("not_met", date(2026, 6, 9))
    assert "09.06.2026" in evaluate(file, NTA, as_of=date(2026, 5, 25)).explain("et")


def test_a7_experience_of_one_field_does_not_serve_the_other() -> None:
    assert evaluate(whole_file(ISN), NTA, as_of=AFTER).finding("work-experience").status == "not_met"


def test_a8_the_last_day_is_included() -> None:
    file = whole_file(NTA)
    file["documents"][1]["submitted"] = "2026-06-05"
    options = ["included", "excluded"]
    assert statuses(file, NTA, "experience-certificate", "A8-last-day", options) == ["met", "not_met"]


def test_a9_earlier_is_fine_and_the_two_ways_of_counting_back_are_told() -> None:
    file = whole_file(NTA, date(2027, 4, 30))
    file["exam_project"]["parts"][0]["submitted"] = "2027-03-31"
    options = ["subtract", "last-fitting"]
    after = date(2027, 5, 1)
    assert statuses(file, NTA, "theoretical-part", "A9-month-back", options, after) == ["not_met", "met"]
    assert evaluate(whole_file(NTA), NTA, as_of=AFTER).finding("theoretical-part").contested == ()


@pytest.mark.parametrize(
    ("exam", "submitted", "expected"),
    [
        # One month before Friday 24 July is Wednesday 24 June, a public holiday; so is the 23rd.
        ("2026-07-24", "2026-06-25", ["not_met", "met", "not_met"]),
        ("2026-07-24", "2026-06-24", ["met", "met", "not_met"]),
        ("2026-07-24", "2026-06-22", ["met", "met", "met"]),
        # One month before 20 July is Saturday 20 June.
        ("2026-07-20", "2026-06-22", ["not_met", "met", "not_met"]),
        ("2026-07-20", "2026-06-20", ["met", "met", "not_met"]),
    ],
)
def test_a10_a_due_day_on_a_day_off(exam: str, submitted: str, expected: list[str]) -> None:
    file = whole_file(NTA, date.fromisoformat(exam))
    file["exam_project"]["parts"][0]["submitted"] = submitted
    options = ["stay", "next", "previous"]
    assert statuses(file, NTA, "theoretical-part", "A10-day-off", options, date(2026, 8, 1)) == expected


def test_a10_the_exam_day_is_no_term_and_does_not_move() -> None:
    file = whole_file(NTA, date(2026, 6, 20))
    file["documents"][0]["submitted"] = "2026-06-22"
    finding = evaluate(file, NTA, as_of=AFTER, readings={"A10-day-off": "next"}).finding(
        "education-certificate"
    )
    assert (finding.status, finding.due) == ("not_met", date(2026, 6, 20))


def test_a11_the_theory_term_is_for_full_qualifications_only() -> None:
    file = whole_file(IT)
    file["exam_project"]["parts"] = []
    decision = evaluate(file, IT, as_of=AFTER)
    advice = decision.finding("partial-theory-term")
    assert (decision.outcome, advice.required, advice.status) == ("eligible", False, "not_met")
    other = evaluate(file, IT, as_of=AFTER, readings={"A11-partial-theory": "everyone"})
    assert (other.outcome, other.finding("theoretical-part").status) == ("ineligible", "not_met")


def test_a12_the_theory_may_be_filed_though_the_certificate_is_refused() -> None:
    file = whole_file(NTA)
    file["documents"] = file["documents"][:1]
    decision = evaluate(file, NTA, as_of=AFTER)
    assert decision.finding("theoretical-part").status == "met"
    assert decision.finding("experience-certificate").status == "not_met"


def test_a13_presenting_is_for_the_award() -> None:
    file = whole_file(NTA)
    file["exam_project"]["presented"] = None
    decision = evaluate(file, NTA, as_of=EXAM)
    assert decision.stages == {"application": "eligible", "admission": "eligible", "award": "pending"}


@pytest.mark.parametrize(
    ("basis", "status"), [("company-problem", "met"), ("novel-solution", "met"), ("other", "not_met")]
)
def test_a15_a_problem_or_a_novel_solution(basis: str, status: str) -> None:
    file = whole_file(NTA)
    file["exam_project"]["basis"] = basis
    assert evaluate(file, NTA, as_of=AFTER).finding("project-basis").status == status


def test_a15_at_a_company_only_is_for_the_committee_to_judge() -> None:
    file = whole_file(NTA)
    strict = {"A15-novelty": "at-company"}
    finding = evaluate(file, NTA, as_of=AFTER, readings=strict).finding("project-basis")
    assert (finding.status, finding.missing) == ("unknown", ("judgements.novelty-at-company",))
    for answer, status in ((True, "met"), (False, "not_met")):
        file["judgements"] = {"novelty-at-company": answer}
        assert evaluate(file, NTA, as_of=AFTER, readings=strict).finding("project-basis").status == status


def test_a16_partial_qualifications_ask_for_no_basis() -> None:
    decision = evaluate({}, IT, as_of=AFTER)
    assert [one.requirement for one in decision.findings if one.required] == [
        "project-topics",
        "project-volume",
    ]


def test_a17_the_full_qualifications_volume_is_advice() -> None:
    file = whole_file(NTA)
    file["exam_project"]["hours"] = 155
    decision = evaluate(file, NTA, as_of=AFTER)
    advice = decision.finding("full-project-volume")
    assert (advice.required, advice.status, decision.outcome) == (False, "not_met", "eligible")


@pytest.mark.parametrize("qualification", [IT, "kasutajatoe-tehnik"])
def test_a18_an_empty_file_may_apply(qualification: str) -> None:
    assert evaluate({}, qualification, as_of=AFTER).stages["application"] == "eligible"


@pytest.mark.parametrize(
    ("level", "expected"),
    [(1, ["met", "not_met", "not_met"]), (2, ["met", "met", "not_met"]), (4, ["met", "met", "met"])],
)
def test_a19_any_education_document(level: int, expected: list[str]) -> None:
    file = whole_file(NTA)
    file["education"] = [{"level": level, "completed": "2020-06-20"}]
    assert (
        statuses(file, NTA, "education-certificate", "A19-education", ["any", "basic", "secondary"])
        == expected
    )


def test_a20_a_lacking_education_document_is_curable() -> None:
    file = whole_file(NTA)
    file["documents"] = file["documents"][1:]
    for as_of, status in ((EXAM, "open"), (AFTER, "not_met")):
        finding = evaluate(file, NTA, as_of=as_of).finding("education-certificate")
        assert (finding.status, finding.curable, finding.kind) == (status, True, "document")


def test_a21_no_term_shorter_than_the_exam_day_is_invented() -> None:
    file = whole_file(HT)
    file["application"] = {"submitted": "2026-02-01"}
    file["documents"][1]["submitted"] = EXAM.isoformat()
    assert evaluate(file, HT, as_of=AFTER).finding("experience-certificate").status == "met"


@pytest.mark.parametrize(
    ("signed_by", "accepted", "status", "missing"),
    [
        ("employer", None, "met", ()),
        ("employer", False, "not_met", ()),
        ("applicant", None, "unknown", ("documents[1].accepted",)),
        ("applicant", True, "met", ()),
        ("applicant", False, "not_met", ()),
        ("colleague", None, "not_met", ()),
        ("colleague", True, "met", ()),
        (None, True, "met", ()),
        (None, None, "unknown", ("documents[1].accepted", "documents[1].signed_by")),
    ],
)
def test_a22_who_signed(
    signed_by: str | None, accepted: bool | None, status: str, missing: tuple[str, ...]
) -> None:
    file = whole_file(NTA)
    file["documents"][1].update(signed_by=signed_by, accepted=accepted)
    finding = evaluate(file, NTA, as_of=AFTER).finding("experience-certificate")
    assert (finding.status, finding.missing) == (status, missing)


def test_a29_each_qualification_is_evaluated_separately() -> None:
    file = whole_file(HT)
    assert evaluate(file, HT, as_of=AFTER).outcome == evaluate(file, IT, as_of=AFTER).outcome == "eligible"


def test_a30_who_does_not_know_does_not_refuse() -> None:
    decision = evaluate({}, NTA, as_of=AFTER)
    assert {str(finding.status) for finding in decision.findings} == {"unknown"}


def test_every_reading_and_option_that_is_not_declared_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        evaluate({}, NTA, as_of=AFTER, readings={"A1": "x", "A9-month-back": "sideways"})
    assert [problem.code for problem in caught.value.problems] == ["unknown-reading", "unknown-option"]
