"""Facts beside the first ones: more of the built-in file, and what a ruleset declares itself."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kutsereeglid import (
    ABSENT,
    Applicant,
    ApplicantError,
    Decision,
    LanguageSkill,
    Rulebook,
    RulesetError,
    Training,
    evaluate,
    read_applicant,
)
from kutsereeglid.cli import main
from kutsereeglid.facts import Facts, each
from kutsereeglid.testing import rulebook_of
from kutsereeglid.testing.applicants import cases
from kutsereeglid.units import BUILT_IN_UNITS, Unit, UnitError, Units

pytestmark = pytest.mark.usefixtures("on_each_engine")

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


# What a ruleset declares.

LEVELS = ["A1", "A2", "B1", "B2", "C1", "C2"]
ORDER = ["bronze", "silver", "gold"]
"""A scale whose words stand in another order in a dictionary."""

DECLARED: Tree = {
    "units": {"academic hours": {"kind": "teaching", "of": "45 minutes"}, "sea miles": {"kind": "distance"}},
    "scales": {"language": LEVELS, "medal": ORDER},
    "facts": {
        "points": "number",
        "swims": "yes/no",
        "share": "percent",
        "children": "whole number",
        "coast": {"one_of": ["north", "west"]},
        "tags": {"list_of": "text"},
        "tutor": {"type": "text", "or_none": True},
        "medal": {"type": "medal", "or_none": True},
        "sworn-in": {"type": "date", "or_none": True, "happens": True, "about": "the day of the oath"},
        "pages": {"type": "whole number", "in_the_making": "exam.date"},
        "plan": {"type": "text", "in_the_making": "always"},
        "exam_project.tutor": "text",
        "voyages[]": {"miles": "sea miles", "rank": "text", "landed": "moment", "dated_by": "landed"},
        "service[]": {
            "begun": "date",
            "ended": {"type": "date", "or_none": True},
            "spans": ["begun", "ended"],
        },
        "trainings[]": {"mark": "number"},
        "languages[]": {"level": "language"},
    },
}


def asked(condition: Any, file: Tree) -> tuple[str, tuple[str, ...]]:
    return answered(file, condition, **DECLARED)


@pytest.mark.parametrize(
    ("condition", "file", "answer"),
    [
        ({"fact": "points", "at_least": 10}, {"facts": {"points": 10}}, ("met", ())),
        ({"fact": "points", "at_least": 10}, {"facts": {"points": 9.5}}, ("not_met", ())),
        ({"fact": "points", "at_least": 10}, {"facts": {"points": None}}, ("unknown", ("facts.points",))),
        ({"fact": "facts.points", "at_least": 10}, {}, ("unknown", ("facts.points",))),
        ({"fact": "points", "at_least": 0}, {}, ("met", ())),
        ({"fact": "swims", "is": True}, {"facts": {"swims": True}}, ("met", ())),
        ({"fact": "share", "more_than": "60 percent"}, {"facts": {"share": 60}}, ("not_met", ())),
        ({"fact": "children", "more_than": 2, "less_than": 3}, {}, ("not_met", ())),
        ({"fact": "coast", "is": "west"}, {"facts": {"coast": "north"}}, ("not_met", ())),
        ({"fact": "tags", "includes": "a"}, {"facts": {"tags": ["a", "b"]}}, ("met", ())),
        ({"fact": "tutor", "is": "a"}, {"facts": {"tutor": None}}, ("not_met", ())),
        ({"fact": "tutor", "is_not": "a"}, {"facts": {"tutor": None}}, ("met", ())),
        ({"fact": "medal", "at_least": "bronze"}, {"facts": {"medal": None}}, ("not_met", ())),
        ({"fact": "medal", "at_least": "bronze"}, {}, ("unknown", ("facts.medal",))),
        ({"fact": "sworn-in", "by": "2026-07-01"}, {"facts": {"sworn-in": None}}, ("open", ())),
        ({"fact": "sworn-in", "by": "2026-07-01"}, {"facts": {"sworn-in": "2026-05-01"}}, ("met", ())),
        ({"fact": "sworn-in", "by": "2026-07-01"}, {"facts": {}}, ("unknown", ("facts.sworn-in",))),
        ({"fact": "pages", "at_least": 9}, {"facts": {"pages": 3}}, ("unknown", ("exam.date",))),
        (
            {"fact": "pages", "at_least": 9},
            {"facts": {"pages": 3}, "exam": {"date": "2026-06-01"}},
            ("open", ()),
        ),
        (
            {"fact": "pages", "at_least": 9},
            {"facts": {"pages": 3}, "exam": {"date": "2026-05-31"}},
            ("not_met", ()),
        ),
        ({"not": {"fact": "pages", "at_least": 0}}, {"exam": {"date": "2026-06-01"}}, ("not_met", ())),
        ({"fact": "plan", "is": "b"}, {"facts": {"plan": "a"}}, ("open", ())),
        (
            {"fact": "exam_project.tutor", "is": "a"},
            {"exam_project": {}},
            ("unknown", ("exam_project.tutor",)),
        ),
        ({"fact": "exam_project.tutor", "is": "a"}, {"exam_project": {"tutor": "a"}}, ("met", ())),
        ({"some": "voyages"}, {"facts": {"voyages": []}}, ("open", ())),
        ({"some": "voyages"}, {"facts": {}}, ("unknown", ("facts.voyages",))),
        (
            {"some": "voyages", "where": {"rank": "mate"}},
            {"facts": {"voyages": [{"rank": "mate"}, {"landed": "2026-05-01"}]}},
            ("unknown", ("facts.voyages[0].landed", "facts.voyages[1].rank")),
        ),
        (
            {"sum": "voyages.miles", "at_least": "500 sea miles"},
            {"facts": {"voyages": [{"miles": 499.5, "landed": "2026-05-01"}]}},
            ("open", ()),
        ),
        (
            {"time": "service", "at_least": "2 months"},
            {"facts": {"service": [{"begun": "2026-04-01", "ended": None}]}},
            ("met", ()),
        ),
        (
            {"time": "service", "at_least": "2 months"},
            {"facts": {"service": [{"begun": "2026-04-01"}]}},
            ("unknown", ("facts.service[0].ended",)),
        ),
        (
            {"some": "trainings", "within": "1 year before sworn-in"},
            {"trainings": [{"completed": "2026-02-01"}]},
            ("unknown", ("facts.sworn-in",)),
        ),
        (
            {"some": "trainings", "where": {"mark": {"at_least": 4}}},
            {"trainings": [{"completed": "2026-02-01", "mark": 4}]},
            ("met", ()),
        ),
        (
            {"some": "trainings", "where": {"mark": {"at_least": 4}}},
            {"trainings": [{"completed": "2026-02-01"}]},
            ("unknown", ("trainings[0].mark",)),
        ),
    ],
)
def test_declared_facts(condition: Any, file: Tree, answer: tuple[str, tuple[str, ...]]) -> None:
    assert asked(condition, file) == answer


def told(file: Any) -> list[tuple[str, str]]:
    with pytest.raises(ApplicantError) as caught:
        asked("always", file)
    assert all(len(str(problem).splitlines()) == 1 for problem in caught.value.problems)
    return sorted((problem.code, problem.where) for problem in caught.value.problems)


def test_every_mistake_in_declared_facts_is_told_at_once_with_those_of_the_rest() -> None:
    file = {
        "exam": {"dat": "2026-06-19", "date": "19.06.2026"},
        "exam_project": {"tutors": "a", "tutor": 5},
        "facts": {
            "pionts": 3,
            "points": -1,
            "share": 101,
            "children": 2.5,
            "swims": "true",
            "coast": "south",
            "tags": "a",
            "medal": "gould",
            "sworn-in": "2026-02-30",
            "voyages": [{"mils": 3, "landed": "2026-05-01T12:00"}, 5],
            "service": [{"begun": "2026-05-01", "ended": "2026-04-01"}],
            "Mari Maasikas": 1,
        },
        "trainings": [{"mark": "5"}, {"marks": 5}],
        "languages": [{"level": "b2"}],
    }
    assert told(file) == sorted(
        [
            ("unknown-field", "exam.dat"),
            ("not-a-day", "exam.date"),
            ("unknown-field", "exam_project.tutors"),
            ("wrong-type", "exam_project.tutor"),
            ("unknown-field", "facts.pionts"),
            ("negative-amount", "facts.points"),
            ("out-of-range", "facts.share"),
            ("wrong-type", "facts.children"),
            ("wrong-type", "facts.swims"),
            ("unknown-value", "facts.coast"),
            ("wrong-type", "facts.tags"),
            ("unknown-value", "facts.medal"),
            ("no-such-day", "facts.sworn-in"),
            ("unknown-field", "facts.voyages[0].mils"),
            ("no-offset", "facts.voyages[0].landed"),
            ("wrong-type", "facts.voyages[1]"),
            ("end-before-start", "facts.service[0].ended"),
            ("unknown-field", "facts.(a key)"),
            ("wrong-type", "trainings[0].mark"),
            ("unknown-field", "trainings[1].marks"),
            ("unknown-value", "languages[0].level"),
        ]
    )


@pytest.mark.parametrize("file", [{"exam_project": [{"pages": 1}]}, {"trainings": {"marks": 1}}])
def test_of_what_is_no_record_nothing_more_is_told(file: Tree) -> None:
    assert told(file) == [("wrong-type", *file)]


def test_misspelt_names_are_told_with_the_near_one_and_no_value_is_repeated() -> None:
    with pytest.raises(ApplicantError) as caught:
        asked("always", {"facts": {"tutr": "Mari Maasikas", "tutor": ["Mari"], "coast": "Mari Maasikas"}})
    text = str(caught.value)
    assert "did you mean 'tutor'?" in text
    assert "Mari" not in text


def test_without_a_declaration_more_fields_are_refused_and_facts_are_left_as_they_are() -> None:
    assert answered({"facts": {"harbour": [1]}}, "always") == ("met", ())
    for file in ({"trainings": [{"mark": 4}]}, {"exam_project": {"tutor": "a"}}):
        with pytest.raises(ApplicantError):
            read_applicant(file)
        with pytest.raises(ApplicantError):
            answered(file, "always")


def test_an_applicant_built_directly() -> None:
    made = Applicant(
        trainings=(Training(completed=date(2026, 2, 1), extra={"mark": 4}),),
        languages=(LanguageSkill(level="B2"),),
        facts={"voyages": [{"landed": datetime(2026, 5, 1, tzinfo=UTC)}]},
    )
    for condition in (
        {"some": "trainings", "where": {"mark": {"at_least": 4}}},
        {"some": "voyages"},
    ):
        [finding] = evaluate(made, "q", as_of=ON, rulebook=book(condition, **DECLARED)).findings
        assert str(finding.status) == "met"
    wrong = Applicant(trainings=(Training(extra={"marks": 4}),), languages=(LanguageSkill(level="B7"),))
    with pytest.raises(ApplicantError) as caught:
        evaluate(wrong, "q", as_of=ON, rulebook=book("always", **DECLARED))
    assert [problem.where for problem in caught.value.problems] == [
        "trainings[0].marks",
        "languages[0].level",
    ]
    assert "4" not in repr(wrong)


def test_reading_beforehand_gives_the_same() -> None:
    vocabulary = book("always", **DECLARED).rulesets[0].vocabulary
    file = {"trainings": [{"mark": 4}], "facts": {"sworn-in": "2026-05-01", "voyages": [{"miles": 3}]}}
    read = read_applicant(file, vocabulary=vocabulary)
    assert read.facts == {"sworn-in": date(2026, 5, 1), "voyages": ({"miles": 3},)}
    assert read_applicant(json.dumps(file).encode(), vocabulary=vocabulary) == read
    condition = {"fact": "sworn-in", "by": "2026-07-01"}
    assert asked(condition, file) == answered(read, condition, **DECLARED)
    assert read != read_applicant({**file, "trainings": [{"mark": 5}]}, vocabulary=vocabulary)


def test_facts_of_another_version_are_no_mistakes() -> None:
    older = ruleset(
        "always", facts={"points": "number", "voyages[]": {"landed": "date", "dated_by": "landed"}}
    )
    newer = ruleset("always", **DECLARED, in_force={"from": "2027-01-01"})
    both = Rulebook(
        Path(),
        {
            Path("a/2026-01-01.yaml"): json.dumps(
                {**older, "in_force": {"from": "2026-01-01", "to": "2026-12-31"}}
            ),
            Path("a/2027-01-01.yaml"): json.dumps(newer),
        },
    )
    file = {"facts": {"coast": "south", "voyages": [{"miles": 3}]}, "trainings": [{"mark": 4}]}
    assert evaluate(file, "q", as_of=ON, rulebook=both).findings
    with pytest.raises(ApplicantError):
        evaluate(file, "q", as_of=date(2027, 6, 1), rulebook=both)
    with pytest.raises(ApplicantError):
        evaluate({"facts": {"costa": 1}}, "q", as_of=ON, rulebook=both)


def test_the_command_reads_declared_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    folder = tmp_path / "rulesets"
    folder.mkdir()
    condition = {"some": "trainings", "where": {"mark": {"at_least": 4}}}
    (folder / "2026-01-01.yaml").write_text(json.dumps(ruleset(condition, **DECLARED)), encoding="utf-8")
    applicant = tmp_path / "applicant.yaml"
    applicant.write_text("trainings: [{mark: 5, completed: 2026-02-01}]", encoding="utf-8")
    arguments = [
        "evaluate",
        str(applicant),
        "q",
        "--as-of",
        "2026-06-01",
        "--rulesets",
        str(folder),
        "--json",
    ]
    monkeypatch.setattr("sys.argv", ["kutsereeglid", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert json.loads(capsys.readouterr().out)["findings"][0]["status"] == "met"


def test_what_declared_facts_are_called() -> None:
    conditions = [{"fact": "sworn-in", "by": "2026-07-01"}, {"some": "voyages", "where": {"rank": "mate"}}]
    made = evaluate(
        {"facts": {"voyages": [{"landed": "2026-05-01"}]}},
        "q",
        as_of=ON,
        rulebook=book(conditions, **DECLARED, words={"voyages": "sea voyages", "mate": "first mate"}),
    )
    text = made.explain()
    assert "the day of the oath (facts.sworn-in)" in text
    assert "sea voyages 1, rank (facts.voyages[0].rank)" in text
    assert "sea voyages (rank: first mate)" in text


SPOKEN_OF = [
    {
        "any": [
            {"fact": "points", "at_least": 10},
            {"fact": "swims", "is": True},
            {"fact": "share", "at_most": 60},
        ]
    },
    {
        "any": [
            {"fact": "children", "more_than": 1},
            {"fact": "coast", "is": "west"},
            {"fact": "tags", "includes": "a"},
        ]
    },
    {
        "any": [
            {"fact": "tutor", "is": "a"},
            {"fact": "medal", "less_than": "gold"},
            {"fact": "pages", "is": 3},
        ]
    },
    {"any": [{"fact": "sworn-in", "by": "2026-07-01"}, {"fact": "exam_project.tutor", "is": "a"}]},
    {"any": [{"sum": "voyages.miles", "at_least": 500}, {"time": "service", "at_least": "2 months"}]},
    {"some": "trainings", "where": {"mark": {"at_least": 4}}},
    {"some": "languages", "where": {"level": {"at_least": "B1"}}},
]


@given(cases("q", rulebook=book(SPOKEN_OF, **DECLARED)))
def test_generated_applicants_have_declared_facts(case: tuple[Tree, date]) -> None:
    file, as_of = case
    [finding] = evaluate(file, "q", as_of=as_of, rulebook=book(SPOKEN_OF, **DECLARED)).findings
    assert (str(finding.status) == "unknown") == bool(finding.missing)


# Scales and units.


@given(
    st.sampled_from(ORDER),
    st.sampled_from(ORDER),
    st.sampled_from(["at_least", "at_most", "more_than", "less_than", "is", "is_not"]),
)
def test_a_scale_compares_by_its_order(value: str, bound: str, word: str) -> None:
    here, there = ORDER.index(value), ORDER.index(bound)
    holds = {
        "at_least": here >= there,
        "at_most": here <= there,
        "more_than": here > there,
        "less_than": here < there,
        "is": here == there,
        "is_not": here != there,
    }[word]
    status, missing = asked({"fact": "medal", word: bound}, {"facts": {"medal": value}})
    assert (status == "met", missing) == (holds, ())


AMOUNTS = st.integers(0, 10**6) | st.decimals(0, 10**4, places=2).map(float)
LADDER = {
    **BUILT_IN_UNITS,
    "academic hours": Unit("teaching", (Fraction(45), "minutes")),
    "days": Unit("teaching", (Fraction(8), "academic hours")),
    "EAP": Unit("credits", (Fraction(1), "ECTS credits")),
    "points": Unit("points"),
}


@given(
    AMOUNTS,
    st.sampled_from(["minutes", "hours", "academic hours", "days"]),
    st.sampled_from(["minutes", "hours", "academic hours", "days"]),
)
def test_conversion_is_exact_and_comes_back(amount: float, one: str, other: str) -> None:
    units = Units(LADDER)
    there = units.convert(amount, one, other)
    assert there / units.factor(one, other) == Fraction(str(amount))
    assert units.factor(one, other) * units.factor(other, one) == 1


@pytest.mark.parametrize("pair", [("hours", "points"), ("ECTS credits", "hours"), ("hours", "stars")])
def test_units_of_different_kinds_are_not_converted(pair: tuple[str, str]) -> None:
    with pytest.raises(UnitError):
        Units(LADDER).factor(*pair)


@pytest.mark.parametrize(
    ("amount", "hours", "status"),
    [
        ("40 academic hours", 30, "met"),
        ("40 academic hours", 29.99, "not_met"),
        ("1 academic hour", 0.75, "met"),
        ("90 minutes", 1.5, "met"),
        ("10 hours", 10, "met"),
    ],
)
def test_an_amount_in_another_unit(amount: str, hours: float, status: str) -> None:
    file = {"exam_project": {"hours": hours}, "exam": {"date": "2026-05-01"}}
    assert asked({"fact": "exam_project.hours", "at_least": amount}, file) == (status, ())


@pytest.mark.parametrize("amount", ["40 sea miles", "40 lessons", "2 ECTS credits"])
def test_an_amount_that_cannot_be_converted_is_refused(amount: str) -> None:
    with pytest.raises(RulesetError, match="wrong-unit"):
        asked({"fact": "exam_project.hours", "at_least": amount}, {})


@pytest.mark.parametrize(
    ("record", "amount"),
    [
        ({"hours": 40, "unit": "academic hours"}, 30),
        ({"hours": 40}, 40),
        ({"hours": 0.1, "unit": "hours"}, Fraction(1, 10)),
        ({"hours": 40, "unit": "lessons"}, None),
        ({"unit": "hours"}, ABSENT),
    ],
)
def test_a_record_says_in_which_unit_it_counts(record: Tree, amount: Any) -> None:
    one = book("always", **DECLARED).rulesets[0]
    facts = Facts(read_applicant({"trainings": [record]}), ON, ZoneInfo("UTC"), one.vocabulary)
    [made] = each(facts.records(one.vocabulary.records["trainings"]))
    assert made.amount("hours", one.units, "hours") == amount
