"""Coverage: what cases show of a ruleset, from each of its sides, and what can never be shown."""

from __future__ import annotations

import json
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kutsereeglid import evaluate, load_rulebook, read_applicant
from kutsereeglid.authoring.cases import Case
from kutsereeglid.authoring.coverage import BEYOND, DAY_AFTER, LAST_DAY, ON, Covered, Kind, Measuring
from kutsereeglid.authoring.coverage_page import page
from kutsereeglid.authoring.coverage_report import report, report_lines
from kutsereeglid.authoring.limits import limits_of
from kutsereeglid.conditions import reachable
from kutsereeglid.evaluation import compiled_for_display, examine, shipped_rulebook
from kutsereeglid.facts import Facts
from kutsereeglid.testing import cases as generated
from kutsereeglid.yaml_tree import Place
from tests.test_cli import Run
from tests.test_language import Body, rule

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
BOOK = shipped_rulebook()
QUALIFICATIONS = ("it-tehnik", "noorem-tarkvaraarendaja")
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
each_generated = given(
    st.sampled_from(QUALIFICATIONS).flatmap(lambda name: st.tuples(st.just(name), generated(name)))
)


@QUICK
@each_generated
def test_what_is_examined_is_what_was_decided(made: tuple[str, tuple[dict[str, Any], date]]) -> None:
    name, (applicant, as_of) = made
    found = examine(applicant, name, as_of=as_of, rulebook=BOOK)
    assert found.decision == evaluate(applicant, name, as_of=as_of, rulebook=BOOK)
    told = [(one.requirement, one.status) for one in found.decision.findings]
    assert told == [(one.id, found.statuses[one.proposition]) for one in found.compiled.requirements]


@QUICK
@each_generated
def test_no_condition_has_a_status_that_it_can_not_have(
    made: tuple[str, tuple[dict[str, Any], date]],
) -> None:
    name, (applicant, as_of) = made
    found = examine(applicant, name, as_of=as_of, rulebook=BOOK)
    nobody = examine({}, name, as_of=as_of, rulebook=BOOK).facts
    for number, one in enumerate(found.compiled.propositions):
        if one.leaf is None:
            continue
        assert one.how is not None
        assert found.statuses[number] in reachable(one.leaf, one.due, nobody, one.how)


@pytest.mark.parametrize(
    ("qualification", "head", "never"),
    [
        ("elektriku-taastoendamine", "judged", {"open"}),  # what a person must judge is never open
        ("elektriku-taastoendamine", "document", {"not_met"}),  # without a due day it is never too late
        ("noorem-tarkvaraarendaja", "document", set()),
    ],
)
def test_what_can_never_be(qualification: str, head: str, never: set[str]) -> None:
    _, compiled = compiled_for_display(BOOK, qualification, date(2026, 3, 10), None)
    nobody: Facts = examine({}, "it-tehnik", as_of=date(2026, 3, 10), rulebook=BOOK).facts
    [*found] = [one for one in compiled.propositions if one.leaf is not None and one.leaf.head == head]
    assert found
    for one in found:
        assert one.leaf is not None
        assert one.how is not None
        possible = reachable(one.leaf, one.due, nobody, one.how)
        assert {"met", "not_met", "open", "unknown"} - possible == never


def test_every_limit_of_a_condition_is_found() -> None:
    _, compiled = compiled_for_display(BOOK, "elektriku-taastoendamine", date(2026, 3, 10), None)
    texts = {limit.text for one in compiled.propositions if one.leaf for limit in limits_of(one.leaf)}
    assert {
        "at_least 3 years",
        "at_least 15",
        "within 5 years before application.submitted: first day",
        "within 5 years before application.submitted: last day",
        "valid_to from 1 year before application.submitted",
    } <= texts


# From both sides.


def covered(
    folder: Path, rules: str, *applicants: tuple[str, dict[str, Any]], more: str = "", listed: str = "[asked]"
) -> Covered:
    """What cases, each a day and an applicant, show of a small ruleset."""
    book = load_rulebook(Body(folder, rules, more, listed).folder)
    measuring = Measuring()
    measuring.expect(book, folder)
    for number, (day, applicant) in enumerate(applicants, 1):
        file = read_applicant(applicant, vocabulary=book.rulesets[0].vocabulary)
        case = Case(f"{number}", "q", date.fromisoformat(day), file, Place("cases.yaml", number, 1), ())
        measuring.observe(case, book)
    [found] = measuring.results()
    return found


def seen(found: Covered, kind: Kind) -> dict[str, set[str]]:
    """The sides seen of each thing of a kind."""
    return {item.what: set(item.sides) - set(item.lacking) for item in found.items if item.kind is kind}


def hours(number: float) -> dict[str, Any]:
    return {"exam": {"date": "2026-06-19"}, "exam_project": {"hours": number}}


def filed(day: str) -> dict[str, Any]:
    return {"application": {"submitted": day}}


def worked(start: str, end: str) -> dict[str, Any]:
    return {"employments": [{"start": start, "end": end}], "exam": {"date": "2026-06-19"}}


def handed_in(*days: str) -> dict[str, Any]:
    documents = [{"type": "passport", "submitted": day} for day in days]
    return {"documents": documents, "exam": {"date": "2026-06-19"}, **filed("2026-06-01")}


def studied(*levels: int) -> dict[str, Any]:
    return {"education": [{"level": level, "completed": "2020-06-20"} for level in levels]}


FIVE = "2 years before application.submitted"
LIMITS = [
    ("when: {fact: exam_project.hours, at_least: 40}", "at_least 40", hours(40), hours(39), hours(42)),
    ("when: {not: {fact: exam_project.hours, at_least: 40}}", "at_least 40", hours(40), hours(39), hours(30)),
    ("when: {fact: exam_project.hours, at_most: 40}", "at_most 40", hours(40), hours(41), hours(38)),
    ("when: {fact: application.submitted, by: 2026-03-31}", "by 2026-03-31", filed("2026-03-31"), filed("2026-04-01"), filed("2026-03-29")),
    ("when: {fact: application.submitted, after: 2026-03-31}", "after 2026-03-31", filed("2026-04-01"), filed("2026-03-31"), filed("2026-04-03")),
    ("due: 2026-06-10, when: {time: employments, at_least: 6 months}", "at_least 6 months", worked("2025-01-01", "2025-06-30"), worked("2025-01-01", "2025-06-29"), worked("2025-01-01", "2025-07-03")),
    ("due: 2026-06-10, when: {count: documents, at_least: 2}", "at_least 2", handed_in("2026-01-01", "2026-01-01"), handed_in("2026-01-01"), handed_in(*["2026-01-01"] * 4)),
    (f"when: {{some: documents, within: {FIVE}}}", f"within {FIVE}: first day", handed_in("2024-06-01"), handed_in("2024-05-31"), handed_in("2024-07-01")),
    (f"when: {{some: documents, within: {FIVE}}}", f"within {FIVE}: last day", handed_in("2026-06-01"), handed_in("2026-06-02"), handed_in("2026-05-28")),
    ("when: {some: education, where: {level: {at_least: 4}}}", "level at_least 4", studied(4), studied(3), studied(6)),
    ("due: 2026-06-10, when: {of: [{document: passport}, {fact: exam_project.hours, at_least: 40}, {some: employments}], at_least: 2}", "at least 2 of these", {**handed_in("2026-01-01"), **hours(50), "employments": []}, {"documents": [], **hours(50), "employments": []}, None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "limit", "on", "beyond", "far"), LIMITS, ids=[one[1] for one in LIMITS])
def test_a_limit_is_seen_from_the_side_on_which_a_case_lies(
    tmp_path: Path,
    body: str,
    limit: str,
    on: dict[str, Any],
    beyond: dict[str, Any],
    far: dict[str, Any] | None,
) -> None:
    for number, (applicant, sides) in enumerate(((on, {ON}), (beyond, {BEYOND}), (far, set()))):
        if applicant is None:
            continue
        found = covered(tmp_path / str(number), rule("asked", body), ("2026-06-11", applicant))
        assert seen(found, Kind.LIMIT)[limit] == sides
    both = covered(tmp_path / "both", rule("asked", body), ("2026-06-11", on), ("2026-06-11", beyond))
    assert seen(both, Kind.LIMIT)[limit] == {ON, BEYOND}


@pytest.mark.parametrize(
    ("day", "applicant", "sides"),
    [
        ("2026-06-20", handed_in("2026-06-05"), {LAST_DAY}),
        ("2026-06-20", handed_in("2026-06-06"), {DAY_AFTER}),
        ("2026-06-20", handed_in("2026-06-04"), set()),
        ("2026-06-05", handed_in(), {LAST_DAY}),
        ("2026-06-06", handed_in(), {DAY_AFTER}),
        ("2026-06-04", handed_in(), set()),
        ("2026-06-07", handed_in(), set()),
    ],
)
def test_a_due_day_is_seen_from_the_side_on_which_a_case_lies(
    tmp_path: Path, day: str, applicant: dict[str, Any], sides: set[str]
) -> None:
    rules = rule("asked", "due: 2 weeks before exam.date, when: {document: passport}")
    found = covered(tmp_path, rules, (day, applicant))
    assert seen(found, Kind.DUE_DAY) == {"asked by 2 weeks before exam.date": sides}


def test_nothing_lies_beyond_a_day_that_is_the_due_day(tmp_path: Path) -> None:
    rules = rule("asked", "due: exam.date, when: {fact: exam_project.presented, by: exam.date}")
    found = covered(tmp_path, rules)
    [limit] = [item for item in found.items if item.kind is Kind.LIMIT]
    assert set(limit.sides) == {ON}


def test_what_a_person_must_judge_is_not_asked_to_be_open(tmp_path: Path) -> None:
    found = covered(tmp_path, rule("asked", "when: {judged: fits, by: body}"))
    for item in found.items:
        assert set(item.sides) == {"met", "not_met", "unknown"}
    assert found.count.of == 6


READ = 'readings: {meaning: {about: "?", taken: strict, options: {strict: s, lax: l}, cite: {source: law, at: "1"}}}'


def test_an_option_is_seen_where_it_would_change_a_finding(tmp_path: Path) -> None:
    rules = rule(
        "asked",
        "due: 2026-06-10, when: {reading: meaning, strict: {document: passport}, lax: {fact: exam_project.hours, at_least: 40}}",
    )
    alike = covered(
        tmp_path / "1", rules, ("2026-06-10", {**handed_in("2026-01-01"), **hours(40)}), more=READ
    )
    assert seen(alike, Kind.READING) == {"meaning": {"strict"}}
    apart = covered(
        tmp_path / "2", rules, ("2026-06-11", {**handed_in("2026-01-01"), **hours(39)}), more=READ
    )
    assert seen(apart, Kind.READING) == {"meaning": {"strict", "lax"}}


def test_a_named_path_is_seen_where_it_is_taken(tmp_path: Path) -> None:
    rules = rule(
        "asked",
        "when: {any: {papers: {document: passport}, project: {fact: exam_project.hours, at_least: 40}}}",
    )
    found = covered(tmp_path / "1", rules, ("2026-06-10", {**handed_in("2026-01-01"), **hours(40)}))
    [paths] = seen(found, Kind.PATHS).values()
    assert paths == {"papers"}
    found = covered(tmp_path / "2", rules, ("2026-06-10", {"documents": [], **hours(40)}))
    [paths] = seen(found, Kind.PATHS).values()
    assert paths == {"project"}


def test_statuses_are_those_of_the_finding_and_its_conditions(tmp_path: Path) -> None:
    rules = rule(
        "asked", "due: 2026-06-10, when: [{document: passport}, {fact: exam_project.hours, at_least: 40}]"
    )
    found = covered(
        tmp_path,
        rules,
        ("2026-06-01", {"documents": [], **hours(39)}),
        ("2026-06-12", {**handed_in("2026-06-10"), **hours(40)}),
    )
    assert seen(found, Kind.REQUIREMENT) == {"asked (q)": {"open", "met"}}
    assert list(seen(found, Kind.CONDITION).values()) == [{"open", "met"}, {"open", "met"}]
    document = next(item for item in found.items if item.kind is Kind.CONDITION)
    assert document.seen["open"] == ("cases.yaml", 1, 1)
    assert document.lacking == ("not_met", "unknown")


def test_rules_for_a_time_are_counted_in_each_of_their_times(tmp_path: Path) -> None:
    rules = "\n".join(
        [
            rule("old", "concludes: asked, in_force: {to: 2026-01-31}, when: {document: passport}"),
            rule("new", "concludes: asked, in_force: {from: 2026-02-01}, when: {document: visa}"),
        ]
    )
    found = covered(tmp_path, rules)
    assert len(seen(found, Kind.CONDITION)) == 2


# The report, the page, the command.


def unbalanced(made: str) -> list[str]:
    """The elements of a page that are opened and not closed, or the other way round."""
    ahead: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag not in ("meta",):
                ahead.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if ahead[-1:] == [tag]:
                ahead.pop()
            else:
                ahead.append(f"/{tag}")

    Reader().feed(made)
    return ahead


def test_a_page_shows_the_rulesets_text_with_why_a_line_is_not_covered(tmp_path: Path) -> None:
    body = "when: {fact: exam_project.hours, at_least: 40}"
    found = covered(tmp_path, rule("asked", body), ("2026-06-10", hours(40)))
    made = page([found])
    for line in (tmp_path / "2020-01-01.yaml").read_text(encoding="utf-8").splitlines():
        assert escape(line) in made
    assert "limit at_least 40: not seen beyond the limit" in made
    assert made.count("class=part") >= 1
    assert "<script" not in made
    assert unbalanced(made) == []
    everything = page([covered(tmp_path / "none", rule("asked", body))])
    assert "class=none" in everything


def test_text_and_json_say_the_same(tmp_path: Path) -> None:
    body = "when: {fact: exam_project.hours, at_least: 40}"
    found = covered(tmp_path, rule("asked", body), ("2026-06-10", hours(40)))
    told = report([found])
    assert (told["seen"], told["of"]) == (found.count.seen, found.count.of)
    lacking = [item for one in told["rulesets"] for item in one["items"] if item["lacking"]]
    lines = [line.text for line in report_lines([found]) if "not seen" in line.text]
    assert len(lines) == len(lacking)
    for line, item in zip(lines, lacking, strict=True):
        assert line.startswith(
            f"  {item['file']}:{item['line']}:{item['column']}: {item['kind']} {item['what']}"
        )


def test_the_command(command: Run, tmp_path: Path) -> None:
    body = Body(tmp_path / "body", rule("asked", "when: {fact: exam_project.hours, at_least: 40}")).folder
    (body / "cases.yaml").write_text(
        "cases:\n"
        "  - {name: a, qualification: q, as_of: 2026-06-10, applicant: {}, expect: {asked: unknown}}\n"
        "  - {name: b, qualification: q, as_of: 2026-06-10, applicant: {exam_project: {hours: 40}}}\n",
        encoding="utf-8",
    )
    status, out, err = command("coverage", body, "--html", tmp_path / "page.html")
    assert (status, err) == (0, "")
    assert out.startswith("test/body 2020-01-01: 2 of ")  # what expects nothing does not count
    assert out.splitlines()[0].endswith(", 1 case")
    assert "not seen" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert command("coverage", body, "--fail-under", "90")[0] == 1
    assert command("coverage", body, "--fail-under", "10")[0] == 0
    assert json.loads(command("coverage", body, "--json")[1])["seen"] == 2
    assert command("coverage", body / "cases.yaml", "--json")[1] == command("coverage", body, "--json")[1]
    status, out, err = command("coverage", tmp_path / "nowhere")
    assert (status, out) == (2, "")
    assert "no-file" in err


def test_the_day_after_is_seen_of_what_can_only_change_until_then(tmp_path: Path) -> None:
    rules = rule("asked", "due: exam.date, when: {fact: exam_project.hours, at_least: 40}")
    for number, (day, sides) in enumerate((("2026-06-20", {DAY_AFTER}), ("2026-06-21", set()))):
        found = covered(tmp_path / str(number), rules, (day, hours(39)))
        assert seen(found, Kind.DUE_DAY) == {"asked by exam.date": sides}


def test_an_option_is_seen_of_its_own_reading_only(tmp_path: Path) -> None:
    more = "readings:\n" + "\n".join(
        f"  {name}: {READ.removeprefix('readings: {meaning: ').removesuffix('}')}"
        for name in ("meaning", "other")
    )
    rules = "\n".join(
        [
            rule(
                "asked", "due: 2026-06-10, when: {reading: meaning, strict: {document: passport}, lax: held}"
            ),
            rule("held", "when: {reading: other, strict: {document: visa}, lax: {document: visa}}"),
        ]
    )
    found = covered(
        tmp_path, rules, ("2026-06-11", handed_in("2026-01-01")), more=more, listed="[asked, held]"
    )
    assert seen(found, Kind.READING) == {"meaning": {"strict", "lax"}, "other": {"strict"}}


def test_an_interrupted_run_reports_what_is_done(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    observed: list[Case] = []
    whole = Measuring.observe

    def interrupted(self: Measuring, case: Case, book: Any) -> None:
        if len(observed) == 2:
            raise KeyboardInterrupt
        observed.append(case)
        whole(self, case, book)

    monkeypatch.setattr(Measuring, "observe", interrupted)
    status, out, err = command("coverage", EXAMPLE)
    assert status == 130
    assert out.splitlines()[0].endswith(", 2 cases")
    assert "interrupted: not all of the 6 cases" in err
