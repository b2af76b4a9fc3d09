"""Facts beside the first ones: more of the built-in file, and what a ruleset declares itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kutsereeglid import Decision, Rulebook, evaluate, read_applicant
from kutsereeglid.testing import rulebook_of

Tree = dict[str, Any]

ON = date(2026, 6, 1)


def ruleset(condition: Any, **sections: Any) -> Tree:
    """A ruleset with one rule."""
    return {
        "format": 1,
        "ruleset": "test/body",
        "title": "A body",
        "in_force": {"from": "2026-01-01"},
        "languages": ["en"],
        "sources": {"law": {"title": "A law"}},
        "stages": {"application": "Application"},
        "decided_at": "application",
        "calendar": {
            "zone": "Europe/Tallinn",
            "holidays": "EE",
            "month_end": "clamp",
            "counting_back": "subtract",
            "terms_on_days_off": {"after": "stay", "before": "stay"},
        },
        "counting_time": {
            "overlaps": "once",
            "broken_runs": "calendar shares",
            "part_time": "as calendar time",
            "suspended": "counts",
        },
        "rules": {
            "asked": {
                "title": "Asked",
                "kind": "prerequisite",
                "says": {"source": "law", "at": "1"},
                "due": "2026-12-31",
                "when": condition,
            }
        },
        "qualifications": {"q": {"title": "Q", "requires": {"application": ["asked"]}}},
        **sections,
    }


def book(condition: Any, **sections: Any) -> Rulebook:
    return rulebook_of(ruleset(condition, **sections))


def answered(file: Any, condition: Any, **sections: Any) -> tuple[str, tuple[str, ...]]:
    """The status of the one finding, and what it lacks."""
    decision: Decision = evaluate(file, "q", as_of=ON, rulebook=book(condition, **sections))
    [finding] = decision.findings
    return str(finding.status), finding.missing


# The built-in file.

SIGNED = {"type": "letter", "submitted": "2026-05-01"}


@pytest.mark.parametrize(
    ("signers", "test", "status"),
    [
        ("employer", "employer", "met"),
        (["employer"], "employer", "met"),
        (["applicant", "employer"], "employer", "met"),
        (["applicant"], "employer", "open"),
        ([], "employer", "open"),
        (["applicant", "employer"], {"is_not": "applicant"}, "open"),
        (["school", "employer"], {"includes": ["employer", "school"]}, "met"),
        ("school", {"includes": ["employer", "school"]}, "open"),
    ],
)
def test_one_signer_or_several(signers: Any, test: Any, status: str) -> None:
    file = {"documents": [{**SIGNED, "signed_by": signers}]}
    assert answered(file, {"document": "letter", "signed_by": test}) == (status, ())


@pytest.mark.parametrize("signers", ["applicant", ["applicant"], ["applicant", "school"]])
def test_a_signer_of_whom_a_person_must_judge(signers: Any) -> None:
    condition = {"document": "letter", "signed_by": {"is": "employer", "judge": "applicant"}}
    file = {"documents": [{**SIGNED, "signed_by": signers}]}
    assert answered(file, condition) == ("unknown", ("documents[0].accepted",))


def test_an_unknown_signer_is_missing() -> None:
    condition = {"document": "letter", "signed_by": {"includes": ["employer", "school"]}}
    assert answered({"documents": [SIGNED]}, condition) == ("unknown", ("documents[0].signed_by",))


@pytest.mark.parametrize(
    ("records", "record", "where"),
    [
        ("education", {"kind": "master", "completed": "2020-01-01"}, {"kind": ["master", "doctor"]}),
        ("education", {"credits": 180, "completed": "2020-01-01"}, {"credits": {"at_least": 180}}),
        ("trainings", {"category": "law", "completed": "2020-01-01"}, {"category": "law"}),
        ("trainings", {"provider_kind": "school", "completed": "2020-01-01"}, {"provider_kind": "school"}),
        ("documents", {"states": ["a", "b"], "submitted": "2020-01-01"}, {"states": {"includes": ["b"]}}),
        ("results", {"passed": True, "score": 7, "date": "2020-01-01"}, {"passed": True}),
        ("payments", {"kind": "fee", "paid": "2020-01-01"}, {"kind": "fee"}),
        ("decisions", {"outcome": "refused", "date": "2020-01-01"}, {"outcome": "refused"}),
        ("languages", {"language": "et", "level": "B2", "proved": "2020-01-01"}, {"language": "et"}),
    ],
)
def test_what_was_added_to_the_file_can_be_tested(records: str, record: Tree, where: Tree) -> None:
    assert answered({records: [record]}, {"some": records, "where": where}) == ("met", ())
    unknown = {key: value for key, value in record.items() if key not in where}
    [field] = where
    assert answered({records: [unknown]}, {"some": records, "where": where}) == (
        "unknown",
        (f"{records}[0].{field}",),
    )


def test_several_signers_are_kept_as_a_tuple() -> None:
    read = read_applicant({"documents": [{"signed_by": ["a", "b"]}, {"signed_by": "a"}]})
    assert isinstance(read.documents, tuple)
    assert [one.signed_by for one in read.documents] == [("a", "b"), "a"]
