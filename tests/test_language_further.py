"""What rulesets mean: definitions, lists, rounds, thresholds, waivers, signers, windows of a rule."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kutsereeglid import ApplicantError, RulesetError, load_rulebook
from tests.test_language import DUE, Body, rule

DAY = date(2026, 6, 10)


def told(folder: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_rulebook(folder)
    return [problem.code for problem in caught.value.problems]


def letters(*signed: Any) -> dict[str, Any]:
    return {"documents": [{"type": "letter", "submitted": "2026-06-01", "signed_by": one} for one in signed]}


@pytest.mark.parametrize(
    ("asked", "signed", "status"),
    [
        ("[chair, clerk]", ["chair", "clerk", "guest"], "met"),
        ("[chair, clerk]", ["chair"], "open"),
        ("[chair, clerk]", "chair", "open"),
        ("chair", ["chair", "guest"], "met"),
        ("{is: [chair, clerk]}", "clerk", "met"),
        ("{includes_any: [chair, clerk]}", ["guest", "clerk"], "met"),
        ("{includes: chair}", "chair", "met"),
    ],
)
def test_a_list_of_signers_asks_for_all_of_them(tmp_path: Path, asked: str, signed: Any, status: str) -> None:
    body = Body(tmp_path, rule("asked", f"{DUE}, when: {{document: letter, signed_by: {asked}}}"))
    assert body.status(letters(signed)) == status
    other = Body(
        tmp_path / "other",
        rule("asked", f"{DUE}, when: {{some: documents, where: {{signed_by: {asked}}}}}"),
    )
    assert other.status(letters(signed)) == status


def courses(*days: str) -> dict[str, Any]:
    return {"trainings": [{"topic": "sails", "hours": 4, "completed": day} for day in days]}


@pytest.mark.parametrize(
    ("days", "status"), [(["2025-06-10", "2026-01-01"], "met"), (["2025-06-09", "2026-01-01"], "not_met")]
)
def test_the_window_of_a_rule_serves_every_measure_that_names_none(
    tmp_path: Path, days: list[str], status: str
) -> None:
    asked = "[{count: trainings, at_least: 2}, {sum: trainings.hours, at_least: 8}]"
    body = Body(
        tmp_path, rule("asked", f'due: "2026-06-09", within: 1 year before 2026-06-10, when: {asked}')
    )
    assert body.status(courses(*days)) == status


def test_a_window_of_its_own_goes_before_that_of_the_rule(tmp_path: Path) -> None:
    asked = '[{some: trainings, within: {from: "2020-01-01"}}, {none: activities}]'
    body = Body(tmp_path, rule("asked", f"within: 1 month before today, when: {asked}"))
    assert body.status({**courses("2020-01-01"), "activities": []}) == "met"


def test_the_window_of_a_rule_that_measures_nothing_is_told(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", "within: 1 month before today, when: {judged: fit, by: body}"))
    assert told(body.folder) == ["unused-window"]


LEVELS = [("diploma", 6, "met"), ("diploma", 5, "open")]


@pytest.mark.parametrize(
    ("level", "months", "status"),
    [(None, 35, "open"), (None, 36, "met"), (6, 24, "met"), (6, 23, "open"), (7, 12, "met"), (5, 24, "open")],
)
def test_the_time_asked_for_depends_on_the_highest_education(
    tmp_path: Path, level: int | None, months: int, status: str
) -> None:
    define = """
define:
  best: {highest: education, by: level}
  needed: {table: best.level, rows: {from 7: 1 year, from 6 to 6: 2 years}, otherwise: 3 years}
"""
    body = Body(tmp_path, rule("asked", "when: {time: employments, at_least: needed}"), define)
    start = date(2010 + (12 - months) // 12, (12 - months) % 12 + 1, 1)
    file = {
        "employments": [{"start": start.isoformat(), "end": "2010-12-31"}],
        "education": [{"level": level, "completed": "2009-06-01"}] if level else [],
    }
    assert body.status(file) == status


def test_the_education_that_decides_is_missing(tmp_path: Path) -> None:
    define = """
define:
  best: {highest: education, by: level}
  needed: {table: best.level, rows: {from 7: 1 year}, otherwise: 3 years}
"""
    body = Body(tmp_path, rule("asked", "when: {time: employments, at_least: needed}"), define)

    def asked(months: int) -> tuple[str, tuple[str, ...]]:
        end = date(2010 + months // 12, months % 12 + 1, 1)
        file = {"employments": [{"start": "2010-01-01", "end": end.isoformat()}]}
        finding = body.asked(file).finding("asked")
        return str(finding.status), finding.missing

    assert asked(6) == ("open", ())
    assert asked(13) == ("unknown", ("education",))
    assert asked(37) == ("met", ())


def test_amounts_and_terms_by_name(tmp_path: Path) -> None:
    define = (
        "define: {enough: 8 hours, notice: 2 weeks, last: notice before exam.date, page-limit: 2 x points}\n"
    )
    facts = "facts: {points: number, pages: number}\n"
    rules = "\n".join(
        [
            rule("asked", "due: last, when: {sum: trainings.hours, at_least: enough}"),
            rule("held", "when: {fact: pages, at_most: page-limit, at_least: 1}"),
        ]
    )
    body = Body(tmp_path, rules, facts + define, "[asked, held]")
    file = {
        **courses("2026-05-01", "2026-06-02"),
        "exam": {"date": "2026-06-16"},
        "facts": {"points": 4, "pages": 8},
    }
    decision = body.asked(file)
    assert (str(decision.finding("asked").status), str(decision.finding("asked").due)) == (
        "met",
        "2026-06-02",
    )
    assert str(decision.finding("held").status) == "met"
    assert body.asked({**file, "facts": {"points": 4, "pages": 9}}).finding("held").status == "not_met"
    missing = body.asked({**file, "facts": {"pages": 9}}).finding("held")
    assert (str(missing.status), missing.missing) == ("unknown", ("facts.points",))
    missing = body.asked({**file, "facts": {"points": 9}}).finding("held")
    assert (str(missing.status), missing.missing) == ("unknown", ("facts.pages",))


@pytest.mark.parametrize(
    ("kind", "points", "status"),
    [
        ("first-award", 60, "met"),
        ("first-award", 59, "not_met"),
        ("again", 40, "met"),
        ("again", 39, "not_met"),
    ],
)
def test_the_mark_asked_for_depends_on_another_fact(
    tmp_path: Path, kind: str, points: int, status: str
) -> None:
    define = "define: {pass-mark: {table: application.kind, rows: {first-award: 60}, otherwise: 40}}\n"
    body = Body(
        tmp_path,
        rule("asked", "when: {fact: points, at_least: pass-mark}"),
        "facts: {points: number}\n" + define,
    )
    assert body.status({"application": {"kind": kind}, "facts": {"points": points}}) == status


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("{lates: employments, by: end}", "unknown-definition"),
        ("{latest: employment, by: end}", "unknown-records"),
        ("{latest: employments, by: kind}", "unknown-word"),
        ("{records: employments, where: {fild: other}}", "unknown-field"),
        ("{table: aplication.kind, rows: {a: 1}, otherwise: 2}", "unknown-fact"),
        ("{table: application.kind, rows: {a: 1}}", "key-lacking"),
        ("2 weks before exam.date", "bad-day"),
        ("{list: 5}", "wrong-type"),
        ("{list: [a], records: trainings}", "unknown-definition"),
    ],
)
def test_a_definition_that_no_rule_uses_is_checked(tmp_path: Path, definition: str, code: str) -> None:
    body = Body(tmp_path, rule("asked", "when: always"), f"define: {{it: {definition}}}\n")
    assert told(body.folder) == [code]


def test_each_of_a_list_that_is_defined_or_written(tmp_path: Path) -> None:
    each = "for_each: {}, as: topic, when: {{some: trainings, where: {{topic: <topic>}}}}"
    rules = "\n".join(
        rule(name, f"when: {{{each.format(of)}}}")
        for name, of in {"asked": "basics", "written": "[sails, knots]", "filled": "<topics>"}.items()
    )
    body = Body(
        tmp_path,
        rules,
        "define: {basics: {list: [sails, knots]}}\n",
        "[asked, written, {filled: {topics: [sails]}}]",
    )
    decision = body.asked(courses("2026-05-01"))
    assert [str(decision.finding(one).status) for one in ("asked", "written", "filled")] == [
        "open",
        "open",
        "met",
    ]


@pytest.mark.parametrize(
    ("filled", "comparison", "holds"),
    [
        ("6", "at_least: 6", True), ("5", "at_least: 6", False), ("first", "is: [first, second]", True),
        ("third", "is: [first, second]", False), ("[a, b]", "includes: a", True), ("true", "is: true", True),
    ],
)  # fmt: skip
def test_what_fills_a_blank_is_compared(tmp_path: Path, filled: str, comparison: str, holds: bool) -> None:
    asked = f"applies_when: {{blank: <it>, {comparison}}}, when: never"
    body = Body(tmp_path, rule("asked", asked), listed=f"[{{asked: {{it: {filled}}}}}]")
    assert body.asked({}).finding("asked").applies is holds


def test_a_waiver_and_the_exception_to_it(tmp_path: Path) -> None:
    waiver = (
        "waived_when: {when: {holds: trainer, valid_on: today}, unless: {holds: apprentice, valid_on: today}}"
    )
    body = Body(tmp_path, rule("asked", f"{waiver}, {DUE}, when: {{document: letter}}"))

    def asked(*held: str) -> tuple[str, bool]:
        file = {
            "documents": [],
            "qualifications": [{"id": one, "valid_from": "2020-01-01", "valid_to": None} for one in held],
        }
        finding = body.asked(file).finding("asked")
        return str(finding.status), finding.applies

    assert asked() == ("open", True)
    assert asked("trainer") == ("met", False)
    assert asked("trainer", "apprentice") == ("open", True)
    assert body.asked({"documents": []}).finding("asked").missing == ("qualifications",)


ROUNDS = """
rounds:
  spring: {opens: 2026-03-01, closes: 2026-03-31, exam: 2026-05-20}
  autumn: {opens: 2026-08-01, closes: 2026-08-31, exam: 2026-10-20}
"""


@pytest.mark.parametrize(
    ("file", "status", "due"),
    [
        ({"application": {"round": "autumn", "submitted": None}}, "open", "2026-08-31"),
        ({"application": {"round": "spring", "submitted": None}, "exam": {"date": "2026-10-20"}}, "not_met", "2026-03-31"),
        ({"application": {"submitted": None}, "exam": {"date": "2026-10-20"}}, "open", "2026-08-31"),
        ({"application": {"submitted": None}, "exam": {"date": None}}, "open", None),
        ({"application": {"submitted": None}, "exam": {"date": "2026-10-21"}}, "not_met", None),
    ],
)  # fmt: skip
def test_the_round_is_the_one_named_or_that_of_the_exam(
    tmp_path: Path, file: dict[str, Any], status: str, due: str | None
) -> None:
    asked = "due: round.closes, when: {fact: application.submitted, from: round.opens, by: round.closes}"
    finding = Body(tmp_path, rule("asked", asked), ROUNDS).asked(file).finding("asked")
    assert (str(finding.status), finding.due and str(finding.due)) == (status, due)


@pytest.mark.parametrize(
    ("exam", "status"),
    [("2026-10-20", "met"), ("2026-10-21", "not_met"), (None, "open"), ("absent", "unknown")],
)
def test_whether_the_round_is_announced(tmp_path: Path, exam: str | None, status: str) -> None:
    body = Body(tmp_path, rule("asked", "when: {exists: round}"), ROUNDS)
    assert body.status({} if exam == "absent" else {"exam": {"date": exam}}) == status


def test_a_round_that_nobody_announced_is_a_mistake_in_the_file(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", "due: round.closes, when: always"), ROUNDS)
    with pytest.raises(ApplicantError, match=r"application\.round: 'sprnig'.*did you mean 'spring'"):
        body.asked({"application": {"round": "sprnig"}})


@pytest.mark.parametrize(
    ("sent", "status"), [("2026-05-31", "met"), ("2026-06-01", "not_met"), (None, "unknown")]
)
def test_what_counts_may_be_the_day_of_sending(tmp_path: Path, sent: str | None, status: str) -> None:
    body = Body(tmp_path, rule("asked", 'due: "2026-05-31", when: {document: letter, dated_by: sent}'))
    letter = {"type": "letter", "submitted": "2026-06-05", "sent": sent}
    finding = body.asked({"documents": [{key: value for key, value in letter.items() if value}]}).finding(
        "asked"
    )
    assert str(finding.status) == status
    assert finding.missing == (() if sent else ("documents[0].sent",))


@pytest.mark.parametrize(
    ("valid_to", "status"),
    [("2026-06-10", "met"), ("2026-06-09", "not_met"), (None, "met")],
)
def test_or_none(tmp_path: Path, valid_to: str | None, status: str) -> None:
    where = "valid_to: {from: today, by: 2026-12-31, or_none: true}"
    body = Body(tmp_path, rule("asked", f'due: "2026-06-10", when: {{some: trainings, where: {{{where}}}}}'))
    file = {"trainings": [{"completed": "2020-01-01", "valid_to": valid_to}]}
    assert (
        body.status(file, date(2026, 6, 11)) == status
        if valid_to != "2026-06-10"
        else body.status(file) == status
    )


def test_or_none_where_there_is_always_a_value_is_told(tmp_path: Path) -> None:
    body = Body(
        tmp_path, rule("asked", "when: {some: trainings, where: {completed: {by: today, or_none: true}}}")
    )
    assert told(body.folder) == ["wrong-comparison"]


@pytest.mark.parametrize(
    ("condition", "held", "status"),
    [
        ("{any: [{document: letter}, {document: card}]}", ["card"], "met"),
        ("[{document: letter}, {document: card}]", ["card"], "not_met"),
        ("[{document: letter}, {document: card}]", ["card", "letter"], "met"),
        ("{not: [{document: letter}, {document: card}]}", ["card"], "met"),
        ("{not: {any: [{document: letter}, {document: card}]}}", ["card"], "not_met"),
    ],
)
def test_a_part_of_a_total_for_a_condition_made_of_others(
    tmp_path: Path, condition: str, held: list[str], status: str
) -> None:
    asked = f"total: {{papers: {{if: {condition}, worth: 2 points}}}}, at_least: 2 points"
    body = Body(tmp_path, rule("asked", f'due: "2026-06-09", when: {{{asked}}}'))
    file = {"documents": [{"type": one, "submitted": "2026-06-01"} for one in held]}
    assert body.status(file) == status


@pytest.mark.parametrize(
    ("per", "hours"), [("45 minutes", 3), ("hour", 4), ("2 hours", 8), ("1 academic hour", 3)]
)
def test_what_stands_after_per_is_converted(tmp_path: Path, per: str, hours: int) -> None:
    asked = f"total: {{courses: {{sum: trainings.hours, worth: 1 point per {per}}}}}, at_least: 4 points"
    units = "units: {academic hours: {kind: teaching, of: 45 minutes}}\n"
    body = Body(tmp_path, rule("asked", f'due: "2026-06-09", when: {{{asked}}}'), units)
    for taken, status in ((hours, "met"), (hours - 0.01, "not_met")):
        assert body.status({"trainings": [{"hours": taken, "completed": "2026-06-01"}]}) == status


def test_an_unknown_unit_after_per_is_told(tmp_path: Path) -> None:
    asked = "total: {courses: {sum: trainings.hours, worth: 1 point per 3 bananas}}, at_least: 4 points"
    assert told(Body(tmp_path, rule("asked", f"when: {{{asked}}}")).folder) == ["wrong-unit"]


def test_a_record_of_the_same_employer_as_the_last_one(tmp_path: Path) -> None:
    facts = "facts: {'documents[]': {employer: text}}\n"
    define = "define: {last-job: {latest: employments, by: start}}\n"
    condition = "{document: letter, where: {employer: {same_as: last-job.employer}}}"
    body = Body(tmp_path, rule("asked", f'due: "2026-06-09", when: {condition}'), facts + define)
    jobs: list[dict[str, Any]] = [
        {"employer": "Old", "start": "2010-01-01", "end": "2012-01-01"},
        {"employer": "New", "start": "2013-01-01", "end": None},
    ]

    def asked(of: str, jobs: list[dict[str, Any]]) -> tuple[str, tuple[str, ...]]:
        letter = {"type": "letter", "submitted": "2026-06-01", "employer": of}
        finding = body.asked({"employments": jobs, "documents": [letter]}).finding("asked")
        return str(finding.status), finding.missing

    assert asked("New", jobs) == ("met", ())
    assert asked("Old", jobs) == ("not_met", ())
    assert asked("New", [jobs[0], {"start": "2013-01-01", "end": None}]) == (
        "unknown",
        ("employments[1].employer",),
    )


@pytest.mark.parametrize(
    ("field", "value"), [("documents[]': {signed_by", "chair"), ("documents[]': {type", "letter")]
)
def test_a_vocabulary_that_the_ruleset_declares(tmp_path: Path, field: str, value: str) -> None:
    facts = f"facts: {{'{field}: {{one_of: [{value}, other]}}}}}}\n"
    name = field.partition("{")[2]
    good = Body(tmp_path, rule("asked", f"when: {{some: documents, where: {{{name}: {value}}}}}"), facts)
    assert good.status({"documents": [{name: value, "submitted": "2026-06-01"}]}) == "met"
    with pytest.raises(ApplicantError, match=f"did you mean '{value}'"):
        good.asked({"documents": [{name: f"{value}s"}]})
    bad = Body(
        tmp_path / "bad", rule("asked", f"when: {{some: documents, where: {{{name}: {value}s}}}}"), facts
    )
    assert told(bad.folder) == ["unknown-value"]


def test_a_list_of_declared_words(tmp_path: Path) -> None:
    facts = "facts: {'exam_project.topics': {list_of: {one_of: [hull, sails]}}}\n"
    good = Body(tmp_path, rule("asked", "when: {fact: exam_project.topics, includes: hull}"), facts)
    assert good.status({"exam_project": {"topics": ["hull"]}}) == "met"
    with pytest.raises(ApplicantError, match=r"topics\[1\]: 'hul'.*did you mean 'hull'"):
        good.asked({"exam_project": {"topics": ["hull", "hul"]}})
    bad = Body(tmp_path / "bad", rule("asked", "when: {fact: exam_project.topics, includes: hul}"), facts)
    assert told(bad.folder) == ["unknown-value"]


NOON = '"2027-01-15 12:00"'


def filed(at: Any) -> dict[str, Any]:
    return {"application": {"submitted": at}}


@pytest.mark.parametrize(
    ("at", "as_of", "status"),
    [
        ("2027-01-15T12:00:00+02:00", 20, "met"),
        ("2027-01-15T10:00:00Z", 20, "met"),
        ("2027-01-15T12:00:01+02:00", 20, "not_met"),
        ("2027-01-14", 20, "met"),
        ("2027-01-16", 20, "not_met"),
        (None, 15, "open"),
        (None, 16, "not_met"),
        ("2027-01-15", 20, "unknown"),
    ],
)
@pytest.mark.parametrize(
    "asked",
    [
        f"when: {{fact: application.submitted, by: {NOON}}}",
        f"due: {NOON}, when: {{fact: application.submitted, by: 2027-12-31}}",
        "due: round.closes, when: {fact: application.submitted, from: round.opens, by: round.closes}",
    ],
)
def test_a_moment_is_a_last_time_of_day(tmp_path: Path, asked: str, at: Any, as_of: int, status: str) -> None:
    rounds = f"rounds: {{winter: {{opens: 2026-12-01, closes: {NOON}, exam: 2027-02-01}}}}\n"
    body = Body(tmp_path, rule("asked", asked), rounds)
    finding = body.asked({**filed(at), "exam": {"date": "2027-02-01"}}, date(2027, 1, as_of)).finding("asked")
    assert str(finding.status) == status
    assert finding.missing == (("application.submitted",) if status == "unknown" else ())
    if "due" in asked:
        assert finding.due == date(2027, 1, 15)
        assert type(finding.due) is date


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2027-01-15T11:59:59+02:00", "not_met"),
        ("2027-01-15T12:00:00+02:00", "met"),
        ("2027-01-15", "unknown"),
        ("2027-01-16", "met"),
    ],
)
def test_a_moment_is_a_first_time_of_day(tmp_path: Path, at: str, status: str) -> None:
    body = Body(tmp_path, rule("asked", f"when: {{fact: application.submitted, from: {NOON}}}"))
    assert str(body.asked(filed(at), date(2027, 1, 20)).finding("asked").status) == status


@pytest.mark.parametrize(
    "asked",
    [
        f"due: {NOON}, when: {{count: documents, at_least: 2}}",
        f"when: {{count: documents, at_least: 2, within: {{to: {NOON}}}}}",
        f"when: {{count: documents, where: {{submitted: {{by: {NOON}}}}}, at_least: 2}}",
    ],
)
def test_records_and_a_moment(tmp_path: Path, asked: str) -> None:
    body = Body(tmp_path, rule("asked", asked))

    def told(*days: str) -> tuple[str, tuple[str, ...]]:
        file = {"documents": [{"type": "letter", "submitted": day} for day in days]}
        finding = body.asked(file, date(2027, 1, 20)).finding("asked")
        return str(finding.status), finding.missing

    early, late = "2027-01-15T11:00:00+02:00", "2027-01-15T13:00:00+02:00"
    assert told(early, "2027-01-02") == ("met", ())
    assert told(early, late) == ("not_met", ())
    assert told(early, "2027-01-15")[0] == "unknown"
    assert told(early, "2027-01-15")[1] == ("documents[1].submitted",)
    assert told("2027-01-15", "2027-01-15")[1] == ("documents[0].submitted", "documents[1].submitted")
    assert told("2027-01-02", "2027-01-03", "2027-01-15") == ("met", ())


def test_a_moment_is_told_with_its_time(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", f"when: {{fact: application.submitted, by: {NOON}}}"))
    assert "15 January 2027 12:00" in body.asked(filed(None)).explain("en")


@pytest.mark.parametrize("moment", ['"2027-01-15 25:00"', '"2027-02-30 12:00"', "2027-01-15 12:00"])
def test_what_is_no_moment_is_told(tmp_path: Path, moment: str) -> None:
    body = Body(tmp_path, rule("asked", f"when: {{fact: application.submitted, by: {moment}}}"))
    [code] = told(body.folder)
    assert code in ("bad-day", "bare-moment")


POSITION = {"field": "it-systems", "start": "2020-01-01", "end": "2021-01-01"}


@pytest.mark.parametrize(
    ("positions", "status", "missing"),
    [
        ([POSITION], "met", ()),
        ([{**POSITION, "field": "other"}, POSITION], "met", ()),
        ([{**POSITION, "field": "other"}], "not_met", ()),
        ([], "not_met", ()),
        (None, "unknown", ("documents[0].positions",)),
        ([{"start": "2020-01-01"}], "unknown", ("documents[0].positions[0].field",)),
        ([POSITION, {"start": "2020-01-01"}], "met", ()),
    ],
)
def test_what_a_list_inside_a_record_holds(
    tmp_path: Path, positions: Any, status: str, missing: tuple[str, ...]
) -> None:
    asked = "{document: letter, where: {positions: {field: it-systems}}}"
    body = Body(tmp_path, rule("asked", f'due: "2026-06-09", when: {asked}'))
    letter = {"type": "letter", "submitted": "2026-06-01", "positions": positions}
    finding = body.asked({"documents": [letter]}).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


def test_a_window_by_name(tmp_path: Path) -> None:
    define = (
        "define: {lately: {from: 1 year before exam.date, to: exam.date}, year: 1 year before exam.date}\n"
    )
    for name in ("lately", "year"):
        body = Body(tmp_path / name, rule("asked", f"when: {{some: trainings, within: {name}}}"), define)
        assert body.status({**courses("2025-06-16"), "exam": {"date": "2026-06-16"}}) == "met"
        assert body.status({**courses("2025-06-15"), "exam": {"date": "2026-06-09"}}) == "met"
        assert body.status({**courses("2025-06-08"), "exam": {"date": "2026-06-09"}}) == "not_met"


def test_a_need_and_a_part_by_a_defined_amount(tmp_path: Path) -> None:
    define = (
        "define: {two: 2, enough: 4 points, by-kind: {table: application.kind, rows: {a: 1}, otherwise: 2}}\n"
    )
    needs = "used_once: trainings, for: {one: {at_least: two}, other: {where: {topic: sails}, at_least: 1}}"
    total = "total: {courses: {count: trainings, worth: 2 points, at_most: enough}}, at_least: enough"
    rules = "\n".join([rule("asked", f"when: {{{needs}}}"), rule("points", f"when: {{{total}}}")])
    body = Body(tmp_path, rules, define, "[asked, points]")
    three = courses("2026-01-01", "2026-01-02", "2026-01-03")
    assert body.status(three) == "met"
    assert str(body.asked(three).finding("points").status) == "met"
    looked_up = Body(
        tmp_path / "table", rule("asked", f"when: {{{needs.replace('two', 'by-kind')}}}"), define
    )
    two = {"trainings": [*courses("2026-01-01")["trainings"], {"completed": "2026-01-02", "topic": "sails"}]}
    assert looked_up.status({**two, "application": {"kind": "a"}}) == "met"
    assert looked_up.status({**two, "application": {"kind": "b"}}) == "open"
    assert looked_up.asked(two).finding("asked").missing == ("application.kind",)


def test_a_part_that_is_named_as_a_word_of_the_language(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", "when: {total: {reading: {sum: trainings.hours}}, at_least: 4}"))
    assert told(body.folder) == ["bad-name"]


def test_a_fact_within_a_window(tmp_path: Path) -> None:
    body = Body(
        tmp_path, rule("asked", "when: {fact: application.submitted, within: 1 month before exam.date}")
    )
    day = {"exam": {"date": "2026-06-19"}}
    assert body.status({**filed("2026-05-19"), **day}) == "met"
    assert body.status({**filed("2026-05-18"), **day}) == "not_met"
    assert body.asked(filed("2026-05-18")).finding("asked").missing == ("exam.date",)


@pytest.mark.parametrize(
    ("hours", "status", "missing"),
    [
        ([("A", 4), ("A", 4)], "met", ()),
        ([("A", 4), ("B", 4)], "not_met", ()),
        ([("A", 4), ("B", 4), ("B", 4)], "met", ()),
        ([("A", 4), (None, 4)], "unknown", ("trainings[1].provider",)),
        ([("A", 4), (None, 3)], "not_met", ()),
        ([("A", 8), (None, 3)], "met", ()),
        ([("A", 4), ("A", None)], "unknown", ("trainings[1].hours",)),
        ([("A", 4), (None, 4), (None, 4)], "unknown", ("trainings[1].provider", "trainings[2].provider")),
        ([(None, 4), (None, 4)], "unknown", ("trainings[0].provider", "trainings[1].provider")),
    ],
)
@pytest.mark.parametrize(
    "head", ["sum: trainings.hours", "total: {all: {sum: trainings.hours, in_one: provider}}"]
)
def test_the_greatest_group(
    tmp_path: Path, head: str, hours: Any, status: str, missing: tuple[str, ...]
) -> None:
    in_one = "" if "total" in head else "in_one: provider, "
    body = Body(tmp_path, rule("asked", f'due: "2026-06-09", when: {{{head}, {in_one}at_least: 8 hours}}'))
    trainings = [{"provider": one, "hours": many, "completed": "2026-01-01"} for one, many in hours]
    finding = body.asked({"trainings": trainings}).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


CAPPED = "at_most_in_one: {provider: 20 hours}"


@pytest.mark.parametrize(
    ("hours", "status", "missing"),
    [
        ([("A", 20), ("B", 10)], "met", ()),
        ([("A", 30)], "not_met", ()),
        ([("A", 15), ("A", 15), ("B", 9)], "not_met", ()),
        ([("A", 15), ("A", 15), ("B", 10)], "met", ()),
        ([("A", 15), ("A", 15), (None, 10)], "unknown", ("trainings[2].provider",)),
        ([("A", 15), ("A", 15), (None, 9)], "not_met", ()),
        ([(None, 15), (None, 15)], "unknown", ("trainings[0].provider", "trainings[1].provider")),
        ([(None, 15), (None, 15), ("C", 20)], "unknown", ("trainings[0].provider", "trainings[1].provider")),
        ([("A", 20), ("B", None)], "unknown", ("trainings[1].hours",)),
        ([("A", 20), ("A", None)], "not_met", ()),
    ],
)
@pytest.mark.parametrize(
    "head", [f"sum: trainings.hours, {CAPPED}", f"total: {{all: {{sum: trainings.hours, {CAPPED}}}}}"]
)
def test_at_most_so_much_of_each_group(
    tmp_path: Path, head: str, hours: Any, status: str, missing: tuple[str, ...]
) -> None:
    body = Body(tmp_path, rule("asked", f'due: "2026-06-09", when: {{{head}, at_least: 30 hours}}'))
    trainings = [{"provider": one, "hours": many, "completed": "2026-01-01"} for one, many in hours]
    finding = body.asked({"trainings": trainings}).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


def says_what_all_completions_say(
    body: Body,
    trainings: list[Any],
    answers: Mapping[tuple[Any, ...], bool],
    unknown: Mapping[int, str],
    values: Sequence[str],
) -> None:
    """A finding is known when all completions agree; of what is not known, by its place, that is missing which alone
    changes an answer by one of the values."""
    missing = {
        f"trainings[{place}].{field}"
        for place, field in unknown.items()
        for one, answer in answers.items()
        for other in values
        if answers[(*one[:place], other, *one[place + 1 :])] is not answer
    }
    statuses = {"met" if one else "not_met" for one in answers.values()}
    finding = body.asked({"trainings": trainings}).finding("asked")
    assert str(finding.status) == (statuses.pop() if len(statuses) == 1 else "unknown")
    assert {*finding.missing} == missing


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", None]), st.integers(0, 12)), max_size=4),
    st.sampled_from(["in_one: provider", "at_most_in_one: {provider: 5}", "at_most_in_one: {provider: 9}"]),
    st.integers(1, 25),
)
def test_groups_against_every_completion(
    tmp_path_factory: pytest.TempPathFactory, hours: list[tuple[str | None, int]], group: str, needed: int
) -> None:
    when = f"when: {{sum: trainings.hours, {group}, at_least: {needed}}}"
    body = Body(tmp_path_factory.mktemp("groups"), rule("asked", f'due: "2026-06-01", {when}'))
    trainings = [
        {"hours": many, "completed": "2026-01-01", **({"provider": one} if one else {})}
        for one, many in hours
    ]

    def enough(providers: tuple[str, ...]) -> bool:
        sums = [
            sum(many for (_, many), by in zip(hours, providers, strict=True) if by == one)
            for one in {*providers}
        ]
        cap = re.search(r"\d+", group)
        return (sum(min(int(cap[0]), one) for one in sums) if cap else max(sums, default=0)) >= needed

    unknown = [place for place, (one, _) in enumerate(hours) if one is None]
    others = ["A", "B", *(f"new {place}" for place in unknown)]
    answers = {one: enough(one) for one in product(*([by] if by else others for by, _ in hours))}
    says_what_all_completions_say(body, trainings, answers, dict.fromkeys(unknown, "provider"), others)


@pytest.mark.parametrize(("where", "status"), [("", "open"), ("where: {provider: A}, ", "not_met")])
def test_what_may_come_is_capped_too(tmp_path: Path, where: str, status: str) -> None:
    body = Body(
        tmp_path, rule("asked", f"when: {{sum: trainings.hours, {where}{CAPPED}, at_least: 30 hours}}")
    )
    a = {"provider": "A", "hours": 30, "completed": "2026-01-01"}
    assert body.status({"trainings": [a], "exam": {"date": "2026-12-19"}}) == status
    if where:
        assert body.status({"exam": {"date": "2026-12-19"}}) == status


def test_a_cap_in_a_count_and_its_words(tmp_path: Path) -> None:
    body = Body(
        tmp_path, rule("asked", "when: {count: trainings, at_most_in_one: {provider: 1}, at_least: 2}")
    )
    decision = body.asked({"trainings": [{"provider": "A", "completed": "2026-01-01"}] * 3})
    assert str(decision.finding("asked").status) == "open"
    assert "no more than 1 counted of each provider" in decision.explain("en")


@pytest.mark.parametrize(
    ("cap", "code"),
    [
        ("{provider: 0}", "impossible-number"),
        ("{hours: 5}", "unknown-word"),
        ("{provider: 5 years}", "wrong-unit"),
        ("20 hours", "wrong-type"),
        ("{provider: 20, topic: 3}", "wrong-type"),
        ("{provider: 20}, in_one: provider", "comparison-lacking"),
    ],
)
def test_caps_that_are_refused(tmp_path: Path, cap: str, code: str) -> None:
    when = f"when: {{sum: trainings.hours, at_most_in_one: {cap}, at_least: 30 hours}}"
    assert told(Body(tmp_path, rule("asked", when)).folder) == [code]


def test_the_greatest_group_is_worded(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", "when: {count: trainings, in_one: provider, at_least: 2}"))
    assert "of one provider" in body.asked({"trainings": []}).explain("en")


@pytest.mark.parametrize(
    ("card", "hours", "status", "missing"),
    [
        ({"valid_from": "2024-06-30"}, 21, "met", ()),
        ({"valid_from": "2024-07-01"}, 21, "not_met", ()),
        ({"valid_from": "2024-07-01"}, 35, "met", ()),
        ({}, 21, "unknown", ("qualifications[0].valid_from",)),
        ({}, 35, "met", ()),
        ({}, 20, "not_met", ()),
    ],
)
def test_a_table_by_a_day_of_the_record_that_is_defined(
    tmp_path: Path, card: dict[str, str], hours: int, status: str, missing: tuple[str, ...]
) -> None:
    define = (
        "define:\n"
        "  card: {latest: qualifications, where: {id: card}, by: valid_to}\n"
        "  needed: {table: card.valid_from, rows: {until 2024-06-30: 21 hours}, otherwise: 35 hours}\n"
    )
    body = Body(
        tmp_path, rule("asked", 'due: "2026-06-09", when: {sum: trainings.hours, at_least: needed}'), define
    )
    held = {"id": "card", "valid_to": None, **card}
    file = {"qualifications": [held], "trainings": [{"hours": hours, "completed": "2026-06-01"}]}
    finding = body.asked(file).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


def test_a_table_by_a_day_that_is_none_takes_otherwise(tmp_path: Path) -> None:
    define = (
        "define:\n"
        "  job: {latest: employments, by: start}\n"
        "  needed: {table: job.end, rows: {until 2024-06-30: 21 hours}, otherwise: 35 hours}\n"
    )
    body = Body(
        tmp_path, rule("asked", 'due: "2026-06-09", when: {sum: trainings.hours, at_least: needed}'), define
    )
    for hours, status in ((34, "not_met"), (35, "met")):
        file = {
            "employments": [{"start": "2020-01-01", "end": None}],
            "trainings": [{"hours": hours, "completed": "2026-06-01"}],
        }
        assert body.status(file) == status


@pytest.mark.parametrize(
    "when",
    [
        "{count: trainings, at_least: neded}",
        "{time: employments, at_least: neded}",
        "{sum: trainings.hours, at_least: neded}",
        "{average: results.score, at_least: neded}",
        "{share: trainings, of_which: {topic: sails}, at_least: neded}",
        "{fact: exam_project.hours, at_least: neded}",
        "{age_on: today, at_least: neded}",
        "{total: {all: {count: trainings, worth: 1 point}}, at_least: neded}",
        "{total: {all: {count: trainings, worth: 1 point, at_most: neded}}, at_least: 2 points}",
        "{total: {all: {count: trainings, worth: neded}}, at_least: 2 points}",
        "{total: {all: {sum: activities.kind, worth: neded}}, at_least: 2 points}",
    ],
)
def test_a_name_that_is_not_defined_where_an_amount_stands(tmp_path: Path, when: str) -> None:
    body = Body(tmp_path, rule("asked", f"when: {when}"), "define: {needed: 3}")
    with pytest.raises(RulesetError) as caught:
        load_rulebook(body.folder)
    [problem] = caught.value.problems
    assert problem.found == "`neded`, a name that is not defined"
    assert "needed" in problem.mend


@pytest.mark.parametrize("measure", ["count: trainings", "sum: trainings.hours"])
def test_so_much_for_a_bare_number(tmp_path: Path, measure: str) -> None:
    when = f"when: {{total: {{all: {{{measure}, worth: 2 points per 1}}}}, at_least: 2 points}}"
    body = Body(tmp_path, rule("asked", when))
    with pytest.raises(RulesetError) as caught:
        load_rulebook(body.folder)
    assert [problem.expected for problem in caught.value.problems] == ["an amount and its unit after `per`"]


BY_DAY = "at_most_in_one: {day: 8 hours}"


@pytest.mark.parametrize(
    ("period", "days", "hours"),
    [
        ("day", ["2026-01-01", "2026-01-01", "2026-01-02"], 13),
        ("month", ["2026-01-01", "2026-01-31", "2026-02-01"], 13),
        ("year", ["2026-01-01", "2026-02-01", "2025-12-31"], 13),
        ("year", ["2026-01-01", "2026-02-01", "2026-03-01"], 8),
    ],
)
@pytest.mark.parametrize("head", ["sum: trainings.hours, {}", "total: {{all: {{sum: trainings.hours, {}}}}}"])
def test_at_most_so_much_of_each_period(
    tmp_path: Path, head: str, period: str, days: list[str], hours: int
) -> None:
    asked = head.format(f"at_most_in_one: {{{period}: 8 hours}}")
    trainings = [{"hours": 5, "completed": day} for day in days]
    for needed, status in ((hours, "met"), (hours + 1, "not_met")):
        when = f'due: "2026-06-09", when: {{{asked}, at_least: {needed} hours}}'
        assert Body(tmp_path, rule("asked", when)).status({"trainings": trainings}) == status


@pytest.mark.parametrize(
    ("due", "needed", "status", "earliest"),
    [
        ("2026-06-10", 8, "open", "2026-06-10"),
        ("2026-06-10", 9, "not_met", "2026-06-11"),
        ("2026-06-11", 9, "open", "2026-06-11"),
        ("2026-06-12", 24, "open", "2026-06-12"),
        ("2026-06-12", 25, "not_met", "2026-06-13"),
    ],
)
def test_so_much_may_come_on_each_day(
    tmp_path: Path, due: str, needed: int, status: str, earliest: str
) -> None:
    when = f'due: "{due}", when: {{sum: trainings.hours, {BY_DAY}, at_least: {needed} hours}}'
    files: list[dict[str, Any]] = [
        {"trainings": []},
        {"trainings": [{"hours": 4, "completed": "2026-06-10"}]},
    ]
    for file in files:
        finding = Body(tmp_path, rule("asked", when)).asked(file).finding("asked")
        assert (str(finding.status), str(finding.earliest)) == (status, earliest)


@pytest.mark.parametrize(("needed", "status"), [(24, "unknown"), (25, "not_met")])
def test_a_list_that_is_not_known_has_no_more_than_its_window_holds(
    tmp_path: Path, needed: int, status: str
) -> None:
    window = "within: {from: 2026-06-01, to: 2026-06-03}"
    when = f'due: "2026-06-09", when: {{sum: trainings.hours, {BY_DAY}, {window}, at_least: {needed} hours}}'
    assert Body(tmp_path, rule("asked", when)).status({}) == status


def test_a_cap_of_each_day_is_told(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", f"when: {{sum: trainings.hours, {BY_DAY}, at_least: 9 hours}}"))
    assert "no more than 8 hours counted of each day" in body.asked({"trainings": []}).explain("en")


def test_a_cap_of_each_day_of_what_lasts_is_refused(tmp_path: Path) -> None:
    when = "when: {count: employments, at_most_in_one: {day: 1}, at_least: 2}"
    assert told(Body(tmp_path, rule("asked", when)).folder) == ["unknown-word"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["2026-01-05", "2026-01-20", "2026-02-05", None]), st.integers(0, 9)),
        max_size=4,
    ),
    st.sampled_from(["day", "month"]),
    st.integers(1, 25),
    st.sampled_from(["at_least", "at_most"]),
)
def test_periods_against_every_completion(
    tmp_path_factory: pytest.TempPathFactory,
    hours: list[tuple[str | None, int]],
    period: str,
    needed: int,
    word: str,
) -> None:
    when = f"when: {{sum: trainings.hours, at_most_in_one: {{{period}: 8 hours}}, {word}: {needed} hours}}"
    body = Body(tmp_path_factory.mktemp("periods"), rule("asked", f'due: "2026-06-01", {when}'))
    trainings = [{"hours": many, **({"completed": day} if day else {})} for day, many in hours]

    def holds(days: tuple[str, ...]) -> bool:
        sums: dict[str, int] = {}
        for (_, many), day in zip(hours, days, strict=True):
            if day < "2026-06-02":
                group = day if period == "day" else day[:7]
                sums[group] = sums.get(group, 0) + many
        total = sum(min(8, one) for one in sums.values())
        return total >= needed if word == "at_least" else total <= needed

    unknown = [place for place, (day, _) in enumerate(hours) if day is None]
    others = [
        "2026-01-05",
        "2026-01-20",
        "2026-02-05",
        "2026-07-01",
        *(f"20{place:02}-01-01" for place in unknown),
    ]
    answers = {one: holds(one) for one in product(*([day] if day else others for day, _ in hours))}
    says_what_all_completions_say(body, trainings, answers, dict.fromkeys(unknown, "completed"), others)


@pytest.mark.parametrize(
    ("gap", "start", "status"),
    [
        ("10 days", "2025-02-10", "met"),
        ("10 days", "2025-02-11", "met"),
        ("10 days", "2025-02-12", "not_met"),
        ("1 month", "2025-03-01", "met"),
        ("1 month", "2025-03-02", "not_met"),
        ("0 days", "2025-02-01", "met"),
        ("0 days", "2025-02-02", "not_met"),
    ],
)
def test_a_gap_of_just_the_term_breaks_nothing(tmp_path: Path, gap: str, start: str, status: str) -> None:
    asked = (
        f"unbroken: employments, ending: exam.date, gaps: {{up_to: {gap}, count: false}}, at_least: 1 year"
    )
    body = Body(tmp_path, rule("asked", f"due: exam.date, when: {{{asked}}}"))
    jobs = [{"start": "2024-06-01", "end": "2025-01-31"}, {"start": start, "end": "2025-12-31"}]
    assert body.status({"exam": {"date": "2025-12-31"}, "employments": jobs}) == status


@pytest.mark.parametrize(
    ("courses_done", "letters_sent", "status"), [(3, 0, "not_met"), (2, 1, "met"), (1, 2, "not_met")]
)
def test_what_is_above_the_cap_of_a_part_does_not_count(
    tmp_path: Path, courses_done: int, letters_sent: int, status: str
) -> None:
    parts = "courses: {count: trainings, worth: 2 points, at_most: 4 points}, letters: {count: documents, worth: 1 point}"
    body = Body(
        tmp_path,
        rule("asked", f'due: "2026-06-09", when: {{total: {{{parts}}}, at_least: 5 points}}'),
    )
    done = courses(*(f"2026-01-0{number + 1}" for number in range(courses_done)))
    assert body.status({**done, **letters(*["chair"] * letters_sent)}) == status


def test_different_values_count_once_each(tmp_path: Path) -> None:
    body = Body(
        tmp_path,
        rule("asked", 'due: "2026-06-09", when: {count: trainings.topic, distinct: true, at_least: 2}'),
    )
    same = courses("2026-01-01", "2026-01-02")
    assert body.status(same) == "not_met"
    other = {"topic": "ropes", "hours": 4, "completed": "2026-01-03"}
    assert body.status({"trainings": [*same["trainings"], other]}) == "met"
