"""Amounts that conditions decide: tables by an age, a count, a sum or a time, and cases one after another."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_language import Body, rule
from tests.test_language_further import told

COURSES = "when: {count: trainings, at_least: needed}"


def body(folder: Path, needed: str, asked: str = COURSES, more: str = "") -> Body:
    return Body(
        folder, rule("asked", f'due: "2026-06-09", {asked}'), f"{more}\ndefine:\n  needed: {needed}\n"
    )


def courses(*days: str) -> dict[str, Any]:
    return {"trainings": [{"topic": "sails", "hours": 10, "completed": day} for day in days]}


BY_AGE = "{table: {age_on: 2026-06-01}, rows: {until 30 years: 2}, otherwise: 3}"


@pytest.mark.parametrize(
    ("born", "many", "status", "missing"),
    [
        ("1995-06-02", 2, "met", ()),
        ("1995-06-01", 2, "not_met", ()),
        ("1995-06-01", 3, "met", ()),
        (None, 1, "not_met", ()),
        (None, 2, "unknown", ("birth_date",)),
        (None, 3, "met", ()),
        ("1995-06-01", None, "unknown", ("trainings",)),
    ],
)
def test_a_table_by_age(
    tmp_path: Path, born: str | None, many: int | None, status: str, missing: tuple[str, ...]
) -> None:
    file = {} if many is None else courses(*["2026-01-01"] * many)
    finding = body(tmp_path, BY_AGE).asked(file | ({"birth_date": born} if born else {})).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


@pytest.mark.parametrize(
    ("by", "rows", "file", "hours"),
    [
        ("{time: employments}", "{from 10 years: 20 hours}", {"employments": [{"start": "2010-01-01", "end": "2019-12-31"}]}, 20),
        ("{time: employments}", "{from 10 years: 20 hours}", {"employments": [{"start": "2010-01-01", "end": "2019-12-30"}]}, 40),
        ("{count: activities}", "{0: 60 hours, from 1 to 2: 20 hours}", {"activities": [{"date": "2020-01-01"}]}, 20),
        ("{count: activities}", "{0: 60 hours, from 1 to 2: 20 hours}", {"activities": []}, 60),
        ("{count: activities}", "{0: 60 hours, from 1 to 2: 20 hours}", {"activities": [{"date": "2020-01-01"}] * 3}, 40),
        ("{sum: activities.quantity}", "{2.5: 20 hours}", {"activities": [{"date": "2020-01-01", "quantity": 2.5}]}, 20),
        ("{length: {from: application.submitted, to: 2026-06-09}}", "{until 9 days: 20 hours}", {"application": {"submitted": "2026-05-31"}}, 20),
        ("{length: {from: application.submitted, to: 2026-06-09}}", "{until 9 days: 20 hours}", {"application": {"submitted": "2026-05-30"}}, 40),
        ("{fact: exam_project.hours}", "{from 5: 20 hours}", {"exam_project": {"hours": 5}}, 20),
    ],
)  # fmt: skip
def test_a_table_by_a_measure(tmp_path: Path, by: str, rows: str, file: dict[str, Any], hours: int) -> None:
    needed = f"{{table: {by}, rows: {rows}, otherwise: 40 hours}}"
    asked = body(tmp_path, needed, "when: {sum: trainings.hours, at_least: needed}")
    for taken, status in ((hours, "met"), (hours - 1, "not_met")):
        training = {"hours": taken, "completed": "2026-01-01"}
        assert asked.status({"trainings": [training], **file}) == status


CASES = """
    cases:
      - {when: {some: education, where: {level: {at_least: 7}}}, then: 1 year}
      - {when: {all: [{document: letter}, {not: other}]}, then: 2 years}
    otherwise: 3 years
"""


@pytest.mark.parametrize(
    ("level", "letter", "years"), [(7, False, 1), (7, True, 1), (6, True, 2), (6, False, 3)]
)
def test_cases_one_after_another(tmp_path: Path, level: int, letter: bool, years: int) -> None:
    rules = "\n".join(
        [
            rule("asked", 'due: "2026-06-09", when: {time: employments, at_least: needed}'),
            rule("other", "when: {document: passport}"),
        ]
    )
    asked = Body(tmp_path, rules, f"define:\n  needed:{CASES}")
    file: dict[str, Any] = {
        "education": [{"level": level, "completed": "2009-06-01"}],
        "documents": [{"type": "letter", "submitted": "2026-05-01"}] if letter else [],
    }
    for end, status in ((date(2009 + years, 12, 31), "met"), (date(2009 + years, 12, 30), "not_met")):
        jobs = [{"start": "2010-01-01", "end": end.isoformat()}]
        assert asked.status({**file, "employments": jobs}) == status


def test_an_upper_bound_by_cases(tmp_path: Path) -> None:
    asked = body(tmp_path, BY_AGE, "when: {count: results, at_most: needed}")
    for born, many, status in (
        ("1995-06-02", 2, "met"),
        ("1995-06-02", 3, "not_met"),
        ("1990-01-01", 3, "met"),
        (None, 2, "met"),
        (None, 3, "unknown"),
        (None, 4, "not_met"),
    ):
        file = {"results": [{"date": "2020-01-01"}] * many, **({"birth_date": born} if born else {})}
        assert asked.status(file) == status, (born, many)


def test_as_many_as_cases_say(tmp_path: Path) -> None:
    asked = body(tmp_path, BY_AGE, "when: {count: trainings, is: needed}")
    assert asked.status({**courses(*["2026-01-01"] * 3), "birth_date": "1995-06-02"}) == "not_met"
    assert asked.status({**courses(*["2026-01-01"] * 2), "birth_date": "1995-06-02"}) == "met"


def test_a_total_and_a_fact_by_cases(tmp_path: Path) -> None:
    rules = "\n".join(
        [
            rule("asked", "when: {total: {all: {count: trainings, worth: 1 point}}, at_least: needed}"),
            rule("scored", "when: {fact: points, at_least: needed, at_most: 100}"),
        ]
    )
    needed = "{table: {age_on: 2026-06-01}, rows: {until 30 years: 2 points}, otherwise: 3 points}"
    more = f"facts: {{points: points}}\nunits: {{points: {{kind: points}}}}\ndefine:\n  needed: {needed}\n"
    asked = Body(tmp_path, rules, more, "[asked, scored]")
    for born, status in (("1995-06-02", "met"), ("1990-01-01", "open")):
        decision = asked.asked(
            {**courses("2026-01-01", "2026-01-02"), "birth_date": born, "facts": {"points": 2}}
        )
        assert str(decision.finding("asked").status) == status
        assert str(decision.finding("scored").status) == ("met" if status == "met" else "not_met")


def test_the_window_of_a_rule_is_not_for_what_decides_an_amount(tmp_path: Path) -> None:
    needed = "{table: {count: trainings}, rows: {from 2: 1}, otherwise: 5}"
    when = "within: 1 year before 2026-06-10, when: {count: trainings, at_least: needed}"
    assert body(tmp_path, needed, when).status(courses("2010-01-01", "2026-01-01")) == "met"


@pytest.mark.parametrize(
    ("needed", "code"),
    [
        ("{table: {age: today}, rows: {until 30 years: 2}, otherwise: 3}", "no-head"),
        ("{table: {age_on: today}, rows: {until 30 hours: 2}, otherwise: 3}", "bad-term"),
        ("{table: {time: employments}, rows: {until 3 years: 2}, otherwise: 3}", "unknown-key"),
        ("{table: {count: trainings}, rows: {many: 2}, otherwise: 3}", "wrong-type"),
        ("{table: {count: trainings}, otherwise: 3}", "key-lacking"),
        ("{table: {count: trainings}, rows: {from 2: 2}}", "key-lacking"),
        ("{cases: [{when: {document: letter}}], otherwise: 3}", "key-lacking"),
        ("{cases: {document: letter}, otherwise: 3}", "wrong-type"),
        ("{cases: [{when: {document: letter}, then: 2 hours}], otherwise: 3}", "wrong-type"),
        ("{table: {count: trainings, at_least: 3}, rows: {from 2: 2}, otherwise: 1}", "comparison-lacking"),
    ],
)
def test_cases_that_are_refused(tmp_path: Path, needed: str, code: str) -> None:
    assert code in told(body(tmp_path, needed).folder)


def test_cases_in_a_cap(tmp_path: Path) -> None:
    when = "when: {total: {all: {count: trainings, worth: 1 point, at_most: needed}}, at_least: 3 points}"
    asked = body(tmp_path, "{cases: [{when: {document: letter}, then: 2}], otherwise: 3}", when)
    letter = {"documents": [{"type": "letter", "submitted": "2010-01-01"}]}
    three = courses("2010-01-01", "2010-01-02", "2010-01-03")
    assert asked.status({**three, "documents": []}) == "met"
    assert asked.status({**three, **letter}) != "met"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([1, 2, 3, 4]), min_size=2, max_size=4),
    st.lists(st.sampled_from(["sails", "knots", None]), max_size=4),
    st.sampled_from([0, 1, 2, 3, None]),
    st.sampled_from(["at_least", "at_most"]),
)
def test_cases_against_every_completion(
    tmp_path_factory: pytest.TempPathFactory,
    amounts: list[int],
    topics: list[str | None],
    voyages: int | None,
    word: str,
) -> None:
    rows = ", ".join(f"{place}: {amount}" for place, amount in enumerate(amounts[:-1]))
    needed = f"{{table: {{fact: voyages}}, rows: {{{rows}}}, otherwise: {amounts[-1]}}}"
    when = f"when: {{count: trainings, where: {{topic: sails}}, {word}: needed}}"
    asked = body(tmp_path_factory.mktemp("cases"), needed, when, "facts: {voyages: whole number}")
    file: dict[str, Any] = {
        "trainings": [{"completed": "2026-01-01", **({"topic": one} if one else {})} for one in topics],
        "facts": {} if voyages is None else {"voyages": voyages},
    }

    def enough(many: int, by: int) -> bool:
        asked_for = amounts[by] if by < len(amounts) - 1 else amounts[-1]
        return many >= asked_for if word == "at_least" else many <= asked_for

    known, unknown = topics.count("sails"), topics.count(None)
    by = [voyages] if voyages is not None else range(5)
    answers = {enough(many, one) for many in range(known, known + unknown + 1) for one in by}
    finding = asked.asked(file).finding("asked")
    expected = {True: "met", False: "not_met"}[answers.pop()] if len(answers) == 1 else "unknown"
    assert str(finding.status) == expected
    assert bool(finding.missing) is (expected == "unknown")
    if voyages is None:
        matters = any(
            len({enough(many, one) for one in by}) > 1 for many in range(known, known + unknown + 1)
        )
        assert ("facts.voyages" in finding.missing) is matters


@pytest.mark.parametrize("head", ["time", "span"])
@pytest.mark.parametrize(
    ("end", "status"),
    [("2011-12-30", "not_met"), ("2011-12-31", "met"), ("2014-12-30", "met"), ("2014-12-31", "not_met")],
)
def test_both_bounds_of_a_time(tmp_path: Path, head: str, end: str, status: str) -> None:
    when = f'due: "2026-06-09", when: {{{head}: employments, at_least: 2 years, less_than: 5 years}}'
    asked = Body(tmp_path, rule("asked", when))
    assert asked.status({"employments": [{"start": "2010-01-01", "end": end}]}) == status


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ("at_least: 2 years, less_than: 24 months", "contradiction"),
        ("at_least: 2 years, at_most: 3 years", "unknown-key"),
        ("at_least: 2 hours", "bad-term"),
    ],
)
def test_bounds_of_a_time_that_are_refused(tmp_path: Path, bounds: str, code: str) -> None:
    body = Body(tmp_path, rule("asked", f"when: {{time: employments, {bounds}}}"))
    assert told(body.folder) == [code]


NESTED = """define:
  degree: {highest: education, by: level}
  needed: {table: application.kind, rows: {first-award: by-level, renewal: by-age}, otherwise: 1}
  by-level: {table: degree.level, rows: {from 7: 1, from 4 to 6: 2}, otherwise: by-age}
  by-age: {table: {age_on: 2026-06-01}, rows: {until 30 years: 3}, otherwise: by-letter}
  by-letter: {cases: [{when: {document: letter}, then: 4}], otherwise: 5}
"""


def nested(kind: str, level: int, born: str, letter: bool) -> int:
    by_age = 3 if born >= "1995-06-02" else 4 if letter else 5
    by_level = 1 if level >= 7 else 2 if level >= 4 else by_age
    return {"first-award": by_level, "renewal": by_age}.get(kind, 1)


ALL: dict[str, list[Any]] = {
    "kind": ["first-award", "renewal", "other"],
    "level": [3, 5, 7],
    "born": ["1995-06-01", "1995-06-02"],
    "letter": [False, True],
}


@settings(max_examples=120, deadline=None)
@given(
    st.fixed_dictionaries({name: st.sampled_from([*values, None]) for name, values in ALL.items()}),
    st.integers(0, 6),
    st.sampled_from(["at_least", "at_most"]),
)
def test_a_table_in_a_table(
    tmp_path_factory: pytest.TempPathFactory, given_: dict[str, Any], many: int, word: str
) -> None:
    when = f'due: "2026-06-09", when: {{count: trainings, {word}: needed}}'
    asked = Body(tmp_path_factory.mktemp("nested"), rule("asked", when), NESTED)
    file: dict[str, Any] = courses(*["2026-01-01"] * many)
    if given_["kind"] is not None:
        file["application"] = {"kind": given_["kind"]}
    if given_["level"] is not None:
        file["education"] = [{"level": given_["level"], "completed": "2020-06-01"}]
    if given_["born"] is not None:
        file["birth_date"] = given_["born"]
    if given_["letter"] is not None:
        file["documents"] = [{"type": "letter", "submitted": "2026-01-01"}] if given_["letter"] else []
    choices = [[given_[name]] if given_[name] is not None else values for name, values in ALL.items()]
    amounts = {nested(*one) for one in product(*choices)}
    answers = {many >= one if word == "at_least" else many <= one for one in amounts}
    expected = {True: "met", False: "not_met"}[answers.pop()] if len(answers) == 1 else "unknown"
    finding = asked.asked(file).finding("asked")
    whole = None not in given_.values()
    assert str(finding.status) in ((expected,) if whole or expected == "unknown" else (expected, "unknown"))
    assert bool(finding.missing) is (str(finding.status) == "unknown")


@pytest.mark.parametrize(
    ("table", "rows", "file"),
    [
        ("application.submitted", "until 2025-12-31: other", {"application": {"submitted": "2025-12-31"}}),
        ("application.submitted", "from 2026-06-10: other", {"application": {"submitted": None}}),
        ("degree.completed", "2020-06-01: other", {"education": [{"level": 7, "completed": "2020-06-01"}]}),
        ("member", "true: other", {"facts": {"member": True}}),
        ("points", "from 0 to 9: 9, from 10: other", {"facts": {"points": 10}}),
        ("points", "12.5: other", {"facts": {"points": 12.5}}),
        ("points", "from 0.5: other", {"facts": {"points": 0.5}}),
    ],
)
def test_each_kind_of_fact_by_which_a_table_in_a_table_goes(
    tmp_path: Path, table: str, rows: str, file: dict[str, Any]
) -> None:
    define = (
        "facts: {member: yes/no, points: number}\n"
        "define:\n  degree: {highest: education, by: level}\n"
        f"  needed: {{table: {table}, rows: {{{rows}}}, otherwise: 9}}\n"
        "  other: {table: application.kind, rows: {x: 2}, otherwise: 3}\n"
    )
    asked = Body(tmp_path, rule("asked", "when: {count: trainings, at_least: needed}"), define)
    application = {"kind": "other", **file.get("application", {})}
    for many, status in ((3, "met"), (2, "open")):
        assert asked.status({**courses(*["2026-01-01"] * many), **file, "application": application}) == status


def test_tables_that_name_each_other_are_refused(tmp_path: Path) -> None:
    define = (
        "define:\n  needed: {table: application.kind, rows: {x: other}, otherwise: 1}\n"
        "  other: {table: application.kind, rows: {x: needed}, otherwise: 1}\n"
    )
    assert "circular" in told(Body(tmp_path, rule("asked", COURSES), define).folder)


@pytest.mark.parametrize(("hours", "status"), [(0.25, "not_met"), (0.5, "met")])
def test_a_band_that_begins_below_one(tmp_path: Path, hours: float, status: str) -> None:
    needed = "{table: {sum: activities.quantity}, rows: {from 0.5: 1}, otherwise: 3}"
    file = {**courses("2026-01-01"), "activities": [{"date": "2026-01-01", "quantity": hours}]}
    assert body(tmp_path, needed).status(file) == status
