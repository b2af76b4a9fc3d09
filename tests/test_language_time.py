"""Time within one value of a field, amounts by name in tests of fields, and what is told of cases."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kutsereeglid import RulesetError, load_rulebook
from tests.test_language import Body, rule
from tests.test_language_further import told

AT_ONE = "time: employments, in_one: employer, at_least: 12 months"
YEAR, HALF, OTHER_HALF = (
    ("2024-01-01", "2024-12-31"),
    ("2024-01-01", "2024-06-30"),
    ("2025-01-01", "2025-06-30"),
)


def asked(folder: Path, condition: str, due: str = "2026-06-09", more: str = "") -> Body:
    return Body(folder, rule("asked", f'due: "{due}", when: {{{condition}}}'), more)


def jobs(*given: tuple[str | None, tuple[str, str | None]]) -> dict[str, Any]:
    return {
        "employments": [
            {"start": start, "end": end, **({} if employer is None else {"employer": employer})}
            for employer, (start, end) in given
        ]
    }


@pytest.mark.parametrize(
    ("given", "status", "missing"),
    [
        ([("Knot", YEAR)], "met", ()),
        ([("Knot", HALF), ("Knot", OTHER_HALF)], "met", ()),
        ([("Knot", HALF), ("Sail", OTHER_HALF)], "not_met", ()),
        ([("Knot", HALF), (None, OTHER_HALF)], "unknown", ("employments[1].employer",)),
        (
            [(None, HALF), (None, OTHER_HALF)],
            "unknown",
            ("employments[0].employer", "employments[1].employer"),
        ),
        ([(None, HALF)], "not_met", ()),
        ([(None, YEAR)], "met", ()),
        ([], "not_met", ()),
    ],
)
def test_time_at_one_employer(tmp_path: Path, given: Any, status: str, missing: tuple[str, ...]) -> None:
    finding = asked(tmp_path, AT_ONE).asked(jobs(*given)).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


@pytest.mark.parametrize(
    ("condition", "given", "status"),
    [
        (AT_ONE, [("Knot", HALF), ("Sail", YEAR)], "met"),
        (AT_ONE, [("Knot", ("2024-01-01", "2024-11-30"))], "open"),
        (AT_ONE, [("Knot", HALF), ("Sail", OTHER_HALF)], "not_met"),
        (f"not: {{{AT_ONE}}}", [("Knot", HALF), ("Sail", OTHER_HALF)], "met"),
        (f"not: {{{AT_ONE}}}", [("Knot", HALF), ("Knot", OTHER_HALF)], "not_met"),
        ("time: employments, in_one: position, at_least: 7 months", [("Knot", HALF), ("Knot", YEAR)], "met"),
        (
            "time: employments, in_one: position, at_least: 7 months",
            [("Knot", HALF), ("Knot", OTHER_HALF)],
            "unknown",
        ),
    ],
)
def test_work_to_come_may_be_at_any_employer(tmp_path: Path, condition: str, given: Any, status: str) -> None:
    assert asked(tmp_path, condition, "2026-08-09").status(jobs(*given)) == status


def test_every_completion_agrees_with_the_sums(tmp_path: Path) -> None:
    """Employers that are not known are missing exactly where another one would change the answer."""
    body = asked(tmp_path, AT_ONE, "2026-05-01")
    spells = [HALF, OTHER_HALF, ("2025-07-01", "2025-09-30")]
    months = [6, 6, 3]
    names = ("Knot", "Sail", "Rope", "Mast")

    def status(employers: tuple[str, ...]) -> str:
        sums = (sum(m for m, e in zip(months, employers, strict=True) if e == name) for name in names)
        return "met" if max(sums) >= 12 else "not_met"

    for known in product(("Knot", "Sail", None), repeat=3):
        unknown = [place for place, one in enumerate(known) if one is None]
        filled = {
            combination: status(combination)
            for combination in product(*(names if one is None else (one,) for one in known))
        }
        finding = body.asked(jobs(*zip(known, spells, strict=True))).finding("asked")
        answers = set(filled.values())
        assert str(finding.status) == (answers.pop() if len(answers) == 1 else "unknown"), known
        missing = tuple(
            f"employments[{place}].employer"
            for place in unknown
            if any(
                filled[one] != filled[(*one[:place], name, *one[place + 1 :])]
                for one in filled
                for name in names
            )
        )
        assert finding.missing == missing, known


DUE, TODAY, NAMES = date(2026, 3, 31), date(2026, 1, 31), ("Knot", "Sail", "Rope")
SPELL = st.tuples(
    st.sampled_from(["Knot", "Sail", None]), st.integers(0, 75), st.one_of(st.none(), st.integers(0, 40))
)


@settings(max_examples=150, deadline=None)
@given(st.lists(SPELL, max_size=4), st.sampled_from([30, 60, 90]), st.booleans())
def test_statuses_against_every_continuation(
    tmp_path_factory: pytest.TempPathFactory, spells: Any, needed: int, negated: bool
) -> None:
    """Days counted one by one, with work for anybody from tomorrow on, for every employer that is not known."""
    start = date(2025, 11, 15)
    asked_for = f"time: employments, in_one: employer, at_least: {needed} days"
    condition = f"not: {{{asked_for}}}" if negated else asked_for
    body = asked(tmp_path_factory.mktemp("any"), condition, DUE.isoformat())
    held, records = [], []
    for employer, after, length in spells:
        first = start + timedelta(after)
        last = None if length is None else first + timedelta(length)
        held.append((first, last))
        records.append((employer, (first.isoformat(), None if last is None else last.isoformat())))

    def most(employers: tuple[str, ...], day: date, *more: tuple[str, date, date]) -> int:
        worked = [(one, first, last or DUE) for one, (first, last) in zip(employers, held, strict=True)]
        days = {
            name: {
                first + timedelta(number)
                for one, first, last in (*worked, *more)
                if one == name
                for number in range((min(last, day) - first).days + 1)
            }
            for name in (*NAMES, "Mast", "Oar", "Tar", "Tow")
        }
        return max(map(len, days.values()))

    def status(employers: tuple[str, ...]) -> str:
        now = most(employers, TODAY) >= needed
        if negated:  # it goes on, or ends today; what is there stays
            return "not_met" if now else "met"
        if now:
            return "met"
        tomorrow = TODAY + timedelta(1)
        later = (most(employers, DUE, (name, tomorrow, DUE)) for name in (*NAMES, *employers))
        return "open" if any(one >= needed for one in later) else "not_met"

    others = ("Mast", "Oar", "Tar", "Tow")
    filled = {
        one: status(one)
        for one in product(*(("Knot", "Sail", *others) if name is None else (name,) for name, *_ in spells))
    }
    finding = body.asked(jobs(*records), TODAY).finding("asked")
    answers = set(filled.values())
    assert str(finding.status) == (answers.pop() if len(answers) == 1 else "unknown")


def test_points_for_time_at_one_employer(tmp_path: Path) -> None:
    total = "total: {loyal: {time: employments, in_one: employer, worth: 2 points per full year}}, at_least: 2 points"
    body = asked(tmp_path, total)
    assert body.status(jobs(("Knot", HALF), ("Knot", OTHER_HALF))) == "met"
    assert body.status(jobs(("Knot", HALF), ("Sail", OTHER_HALF))) == "not_met"


def test_what_is_in_one_is_told(tmp_path: Path) -> None:
    finding = asked(tmp_path, AT_ONE).asked(jobs(("Knot", HALF), ("Sail", OTHER_HALF))).finding("asked")
    assert "employer" in finding.because[0].text


@pytest.mark.parametrize(
    "condition",
    [
        "time: employments, in_one: workload, at_least: 1 month",
        "time: documents.positions, in_one: field, at_least: 1 month",
    ],
)
def test_in_one_is_a_field_with_one_text(tmp_path: Path, condition: str) -> None:
    asked(tmp_path, condition)
    assert told(tmp_path) == ["unknown-word"]


def test_a_day_that_is_defined_by_a_term_after_a_fact(tmp_path: Path) -> None:
    more = """facts: {told: {type: date, or_none: true, happens: true}}
define: {mending: 10 days after told, mended: later of application.submitted and mending}
"""
    body = Body(
        tmp_path, rule("asked", "due: mended or application.submitted, when: {document: letter}"), more
    )
    for when, due in (
        (None, date(2026, 5, 10)),
        ("2026-05-20", date(2026, 6, 1)),
        ("2026-04-20", date(2026, 5, 10)),
    ):
        file = {"application": {"submitted": "2026-05-10"}, "facts": {"told": when}, "documents": []}
        finding = body.asked(file, date(2026, 6, 5)).finding("asked")
        assert (str(finding.status), finding.due) == ("not_met", due)


# Amounts by name in tests of fields.

DEFINED = """define:
  long: 8 hours
  by-kind: {table: application.kind, rows: {first-award: 9 hours, recertification: 3 hours}, otherwise: 6 hours}
  by-paper: {cases: [{when: {document: letter}, then: 3 hours}], otherwise: 9 hours}
  mark: {table: application.kind, rows: {first-award: 75}, otherwise: 50}
"""


def courses(*hours: float, **more: Any) -> dict[str, Any]:
    return {"trainings": [{"hours": one, "completed": "2026-01-10"} for one in hours], **more}


@pytest.mark.parametrize(
    ("name", "file", "status"),
    [
        ("long", courses(8), "met"),
        ("long", courses(7, 7), "not_met"),
        ("by-kind", courses(9, application={"kind": "first-award"}), "met"),
        ("by-kind", courses(8, application={"kind": "first-award"}), "not_met"),
        ("by-kind", courses(8, application={"kind": "recertification"}), "met"),
        ("by-kind", courses(9), "met"),
        ("by-kind", courses(2), "not_met"),
        ("by-kind", courses(8), "unknown"),
        ("by-paper", courses(4, documents=[{"type": "letter", "submitted": "2026-01-10"}]), "met"),
        ("by-paper", courses(4, documents=[]), "not_met"),
        ("by-paper", courses(4), "unknown"),
    ],
)
def test_a_field_is_tested_against_a_table(tmp_path: Path, name: str, file: Any, status: str) -> None:
    body = asked(tmp_path, f"some: trainings, where: {{hours: {{at_least: {name}}}}}", "2026-05-01", DEFINED)
    assert body.status(file) == status


def test_an_average_against_a_table_by_a_fact(tmp_path: Path) -> None:
    body = asked(tmp_path, "average: results.score, at_least: mark", "2026-05-01", DEFINED)
    results = [{"score": 60, "date": "2026-01-10"}]
    assert body.status({"results": results, "application": {"kind": "first-award"}}) == "not_met"
    assert body.status({"results": results, "application": {"kind": "other"}}) == "met"
    assert body.asked({"results": results}).finding("asked").missing == ("application.kind",)


def test_only_the_case_that_applies_is_told(tmp_path: Path) -> None:
    condition = "some: trainings, where: {hours: {at_least: by-kind}}"
    body = asked(tmp_path, condition, "2026-05-01", DEFINED)
    [reason] = body.asked(courses(8, application={"kind": "first-award"})).finding("asked").because
    assert "at least 9" in reason.text
    assert "at least 6" not in reason.text
    [every] = body.asked(courses(8)).finding("asked").because
    assert len(every.because) > 1


def test_only_the_amount_that_is_needed_is_told(tmp_path: Path) -> None:
    condition = "sum: trainings.hours, at_least: by-paper"
    body = asked(tmp_path, condition, "2026-05-01", DEFINED)
    [reason] = body.asked(courses(4, documents=[]), date(2026, 6, 1)).finding("asked").because
    assert "9 hours" in reason.text
    assert not reason.because


LEVELS = """scales: {language: [A1, B1, C1]}
facts: {"languages[]": {level: language}, level: language}
define:
  needed: {table: application.kind, rows: {first-award: B1}, otherwise: C1}
  by-paper: {cases: [{when: {document: letter}, then: A1}], otherwise: C1}
"""


def levels(level: str | None, kind: str | None) -> dict[str, Any]:
    language = {"proved": "2026-01-10", **({} if level is None else {"level": level})}
    return {"languages": [language], "application": {} if kind is None else {"kind": kind}}


@pytest.mark.parametrize(
    ("level", "kind", "status", "missing"),
    [
        ("B1", "first-award", "met", ()),
        ("B1", "other", "not_met", ()),
        ("C1", None, "met", ()),
        ("A1", None, "not_met", ()),
        ("B1", None, "unknown", ("application.kind",)),
        (None, "other", "unknown", ("languages[0].level",)),
        (None, None, "unknown", ("application.kind", "languages[0].level")),
    ],
)
def test_a_word_of_a_scale_by_a_table(
    tmp_path: Path, level: str | None, kind: str | None, status: str, missing: tuple[str, ...]
) -> None:
    condition = "some: languages, where: {level: {at_least: needed}}"
    finding = asked(tmp_path, condition, "2026-05-01", LEVELS).asked(levels(level, kind)).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


def test_a_fact_of_a_scale_by_cases(tmp_path: Path) -> None:
    body = asked(tmp_path, "fact: level, at_least: by-paper", "2026-05-01", LEVELS)
    letter = {"type": "letter", "submitted": "2026-01-10"}
    assert body.status({"facts": {"level": "B1"}, "documents": [letter]}) == "met"
    assert body.status({"facts": {"level": "B1"}, "documents": []}) == "not_met"


def test_a_row_that_is_no_word_of_the_scale_is_told_where_it_stands(tmp_path: Path) -> None:
    condition = "some: languages, where: {level: {at_least: needed}}"
    asked(tmp_path, condition, "2026-05-01", LEVELS.replace("B1}, otherwise", "Z9}, otherwise"))
    with pytest.raises(RulesetError) as caught:
        load_rulebook(tmp_path)
    [problem] = caught.value.problems
    assert "Z9" in problem.found


def test_a_cap_by_a_table(tmp_path: Path) -> None:
    more = "define: {cap: {table: application.kind, rows: {first-award: 2 points}, otherwise: 3 points}}"
    total = "total: {talks: {count: activities, worth: 1 point, at_most: cap}}, at_least: 3 points"
    body = asked(tmp_path, total, "2026-05-01", more)
    talks = {"activities": [{"date": "2026-01-10"}] * 4}
    assert body.status({**talks, "application": {"kind": "first-award"}}) == "not_met"
    assert body.status({**talks, "application": {"kind": "other"}}) == "met"
    assert body.status(talks) == "unknown"


@pytest.mark.parametrize(("second", "status"), [("Knot", "met"), ("Sail", "not_met")])
@pytest.mark.parametrize(
    "condition",
    [
        "span: employments, in_one: employer, at_least: 18 months",
        "unbroken: employments, ending: 2026-05-01, in_one: employer, gaps: {up_to: 2 months, count: true}, at_least: 18 months",
    ],
)
def test_on_end_with_one_employer(tmp_path: Path, condition: str, second: str, status: str) -> None:
    given = jobs(("Knot", ("2024-09-01", "2025-05-31")), (second, ("2025-07-01", "2026-05-01")))
    assert asked(tmp_path, condition, "2026-05-01").status(given) == status


# Last days that conditions decide.

NOTICES = """define:
  notice: {table: {age_on: exam.date}, rows: {until 17 years: 1 month}, otherwise: 2 weeks}
  closing: {cases: [{when: {document: card}, then: 2026-06-10}, {when: mariner, then: 2026-06-12}], otherwise: 1 week before exam.date}
  alike: {cases: [{when: {document: card}, then: 2026-06-10}], otherwise: 2026-06-10}
"""
MARINER = rule("mariner", "when: {some: qualifications, where: {id: mariner}}")


def due_by(folder: Path, due: str, more: str = "") -> Body:
    rules = rule("asked", f"due: {due}, when: {{document: letter}}{more}") + "\n" + MARINER
    return Body(folder, rules, NOTICES)


YOUNG, OLD = "2009-01-10", "1990-01-10"
LETTER = {"type": "letter", "submitted": "2026-05-22"}


@pytest.mark.parametrize(
    ("born", "papers", "status", "due", "missing"),
    [
        (YOUNG, [], "not_met", date(2026, 5, 19), ()),
        (YOUNG, [LETTER], "not_met", date(2026, 5, 19), ()),
        (OLD, [], "open", date(2026, 6, 5), ()),
        (OLD, [LETTER], "met", date(2026, 6, 5), ()),
        (None, [], "unknown", None, ("birth_date",)),
        (None, [{**LETTER, "submitted": "2026-05-01"}], "met", None, ()),
        (OLD, [{"type": "letter"}], "unknown", date(2026, 6, 5), ("documents[0].submitted",)),
    ],
)
def test_a_last_day_by_the_age(
    tmp_path: Path, born: str | None, papers: Any, status: str, due: date | None, missing: tuple[str, ...]
) -> None:
    file = {
        "exam": {"date": "2026-06-19"},
        "documents": papers,
        **({} if born is None else {"birth_date": born}),
    }
    finding = due_by(tmp_path, "notice before exam.date").asked(file, date(2026, 5, 25)).finding("asked")
    assert (str(finding.status), finding.due, finding.missing) == (status, due, missing)


CARD = {"type": "card", "submitted": "2026-01-10"}
SAILOR = {"id": "mariner", "valid_from": "2020-01-10"}


@pytest.mark.parametrize(
    ("file", "due"),
    [
        ({"documents": [CARD], "qualifications": []}, date(2026, 6, 10)),
        ({"documents": [], "qualifications": [SAILOR]}, date(2026, 6, 12)),
        ({"documents": [], "qualifications": []}, date(2026, 6, 12)),
    ],
)
def test_a_last_day_by_cases(tmp_path: Path, file: dict[str, Any], due: date) -> None:
    body = due_by(tmp_path, "closing")
    file = {"exam": {"date": "2026-06-19"}, **file}
    statuses = [str(body.asked(file, date(2026, 6, day)).finding("asked").status) for day in range(8, 15)]
    assert body.asked(file, date(2026, 6, 8)).finding("asked").due == due
    assert statuses == ["open"] * (due.day - 7) + ["not_met"] * (14 - due.day)
    assert len(body.asked(file, date(2026, 6, 8)).finding("asked").because) == 1


def test_a_last_day_that_every_case_has(tmp_path: Path) -> None:
    finding = due_by(tmp_path, "alike").asked({"documents": []}, date(2026, 6, 8)).finding("asked")
    assert (str(finding.status), finding.missing) == ("open", ())


def test_an_exception_is_judged_by_the_same_last_day(tmp_path: Path) -> None:
    body = due_by(tmp_path, "closing", ", unless: {when: {document: ban}, unless: {document: pardon}}")
    file = {"exam": {"date": "2026-06-19"}, "qualifications": []}
    ban = {"type": "ban", "submitted": "2026-05-01"}
    pardon = {"type": "pardon", "submitted": "2026-06-11"}
    late = date(2026, 6, 14)
    assert str(body.asked({**file, "documents": [LETTER]}, late).finding("asked").status) == "met"
    assert str(body.asked({**file, "documents": [LETTER, ban]}, late).finding("asked").status) == "not_met"
    assert (
        str(body.asked({**file, "documents": [LETTER, ban, pardon]}, late).finding("asked").status) == "met"
    )
    carded = {**file, "documents": [LETTER, ban, pardon, CARD]}
    assert str(body.asked(carded, late).finding("asked").status) == "not_met"


def test_a_path_that_does_not_apply_is_not_the_nearest(tmp_path: Path) -> None:
    """It could hold sooner, were the applicant somebody else."""
    rules = "\n".join(
        [
            rule("letter", 'due: "2026-01-01", when: {document: letter}'),
            rule("year", 'due: "2026-01-01", when: {time: employments, at_least: 12 months}'),
        ]
    )
    body = Body(tmp_path, rules, listed="[]")
    file = tmp_path / "2020-01-01.yaml"
    paths = """    paths:
      closed: {title: Closed, applies_when: {fact: application.kind, is: other}, requires: {award: [letter]}}
      other: {title: Other, requires: {award: [year]}}
"""
    text = file.read_text(encoding="utf-8").replace("requires: {award: []}}\n", "\n")
    text = text.replace("  q: {title: Q, ", "  q:\n    title: Q\n" + paths)
    file.write_text(text, encoding="utf-8")
    given = {"application": {"kind": "first-award"}, "documents": [], "employments": []}
    decision = body.asked(given, date(2026, 6, 1))
    assert {str(one) for one in decision.paths.values()} == {"ineligible"}
    assert decision.path == "other"
