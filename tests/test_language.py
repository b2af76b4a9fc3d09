"""What rulesets mean that the shipped ones do not use yet: each test writes a small ruleset and asks it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kutsereeglid import (
    Applicant,
    ApplicantError,
    Decision,
    Exam,
    RulesetError,
    UsageError,
    evaluate,
    load_rulebook,
)
from kutsereeglid.evaluation import compiled_for_display

pytestmark = pytest.mark.usefixtures("on_each_engine")

HEAD = """\
format: 1
ruleset: test/body
title: A body
in_force: {{from: {version}}}
languages: [en]
stages: {{application: Application, award: Award}}
decided_at: award
sources: {{law: {{title: A law}}}}
calendar:
  zone: {zone}
  holidays: EE
  month_end: {month_end}
  counting_back: {counting_back}
  terms_on_days_off: {{after: {after}, before: {before}}}
counting_time: {{overlaps: {overlaps}, broken_runs: {broken_runs}, part_time: as calendar time, suspended: {suspended}}}
"""
SETTINGS = {
    "version": "2020-01-01", "zone": "Europe/Tallinn", "month_end": "clamp", "counting_back": "subtract",
    "after": "next working day", "before": "stay", "overlaps": "once", "broken_runs": "calendar shares",
    "suspended": "counts",
}  # fmt: skip
RULE = "title: {title}, kind: prerequisite, says: {{source: law, at: § 1}}"
DAY = date(2026, 6, 10)


class Body:
    """A folder with one ruleset in it."""

    def __init__(
        self, folder: Path, rules: str, more: str = "", listed: str = "[asked]", **settings: str
    ) -> None:
        values = {**SETTINGS, **settings}
        qualifications = f"qualifications:\n  q: {{title: Q, requires: {{award: {listed}}}}}\n"
        lines = (f"  {line}" for line in rules.strip().splitlines())
        text = "\n".join([HEAD.format(**values).rstrip(), more, "rules:", *lines, qualifications])
        folder.mkdir(exist_ok=True)
        (folder / f"{values['version']}.yaml").write_text(text, encoding="utf-8")
        self.folder = folder

    def asked(self, applicant: dict[str, Any] | Applicant, as_of: date = DAY, **more: Any) -> Decision:
        return evaluate(applicant, "q", as_of=as_of, rulebook=load_rulebook(self.folder), **more)

    def status(self, applicant: dict[str, Any], as_of: date = DAY) -> str:
        return str(self.asked(applicant, as_of).finding("asked").status)


def rule(name: str, body: str) -> str:
    return f"{name}: {{{RULE.format(title=name.title())}, {body}}}"


PASSPORT = {"type": "passport", "submitted": "2026-06-01"}
CARD = {"type": "card", "submitted": "2026-06-01"}
LETTER = {"type": "letter", "submitted": "2026-06-01"}
DUE = 'due: "2026-06-30"'


def documents(*held: dict[str, str]) -> dict[str, Any]:
    return {"documents": list(held)}


@pytest.mark.parametrize(
    ("condition", "held", "status"),
    [
        ("[{document: passport}, {document: card}]", [PASSPORT, CARD], "met"),
        ("[{document: passport}, {document: card}]", [PASSPORT], "open"),
        ("{any: [{document: passport}, {document: card}]}", [CARD], "met"),
        ("{of: [{document: passport}, {document: card}, {document: letter}], at_least: 2}", [CARD], "open"),
        (
            "{of: [{document: passport}, {document: card}, {document: letter}], at_least: 2}",
            [CARD, LETTER],
            "met",
        ),
        ("{not: {document: passport}}", [CARD], "met"),
        ("{not: {document: passport}}", [PASSPORT], "not_met"),
        ("{not: {not: {document: passport}}}", [PASSPORT], "met"),
        ("{not: [{document: passport}, {document: card}]}", [PASSPORT], "met"),
        ("{not: {any: [{document: passport}, {document: card}]}}", [PASSPORT], "not_met"),
        ("{none: documents, where: {type: letter}}", [CARD], "met"),
        ("{none: documents, where: {type: letter}}", [LETTER], "not_met"),
        ("{count: documents, at_least: 2}", [CARD], "open"),
        ("{count: documents, at_most: 1}", [CARD], "met"),
        ("{count: documents, at_most: 1}", [CARD, LETTER], "not_met"),
        ("{count: documents, is: 1}", [CARD], "met"),
        ("{count: documents, is: 1}", [], "open"),
        ("{count: documents, is: 1}", [CARD, CARD], "not_met"),
        ("always", [], "met"),
        ("never", [PASSPORT], "not_met"),
    ],
)
def test_conditions(tmp_path: Path, condition: str, held: list[dict[str, str]], status: str) -> None:
    body = Body(tmp_path, rule("asked", f"{DUE}, when: {condition}"))
    assert body.status(documents(*held)) == status


@pytest.mark.parametrize(
    ("held", "status"),
    [([], "not_met"), ([PASSPORT], "met"), ([PASSPORT, CARD], "not_met"), ([PASSPORT, CARD, LETTER], "met")],
)
def test_exceptions_and_exceptions_to_them(tmp_path: Path, held: list[dict[str, str]], status: str) -> None:
    exception = "unless: {when: {document: card}, unless: {document: letter}}"
    body = Body(tmp_path, rule("asked", f"{DUE}, when: {{document: passport}}, {exception}"))
    assert body.status(documents(*held), date(2026, 7, 1)) == status


def test_a_rule_that_does_not_apply_is_met_and_says_so(tmp_path: Path) -> None:
    body = Body(
        tmp_path, rule("asked", f"{DUE}, applies_when: {{document: card}}, when: {{document: passport}}")
    )
    finding = body.asked(documents(LETTER)).finding("asked")
    # The card may still be handed in, and then the passport too.
    assert (finding.status, finding.applies) == ("met", False)
    assert "does not apply" in body.asked(documents(LETTER)).explain("en")
    applying = body.asked(documents(CARD)).finding("asked")
    assert (applying.status, applying.applies) == ("open", True)


def test_several_rules_for_one_proposition(tmp_path: Path) -> None:
    rules = "\n".join(
        [
            rule("asked", f"{DUE}, when: {{document: passport}}"),
            rule(
                "other",
                f"{DUE}, concludes: asked, applies_when: {{document: letter}}, when: {{document: card}}",
            ),
        ]
    )
    body = Body(tmp_path, rules)
    assert body.status(documents(PASSPORT)) == "met"
    assert body.status(documents(LETTER, CARD)) == "met"
    assert body.status(documents(CARD)) == "open"  # the other rule does not apply, so it adds nothing
    assert body.status(documents(CARD), date(2026, 7, 1)) == "not_met"


def test_rules_chain_and_a_rules_own_due_day_wins(tmp_path: Path) -> None:
    rules = "\n".join(
        [
            rule("asked", "due: 2026-06-30, when: [middle, {document: letter}]"),
            rule("middle", "when: deep"),
            rule("deep", "due: 2026-06-05, when: {document: passport}"),
        ]
    )
    body = Body(tmp_path, rules)
    late = {**PASSPORT, "submitted": "2026-06-06"}
    assert body.status(documents(PASSPORT, LETTER)) == "met"
    assert body.status(documents(late, LETTER)) == "not_met"
    finding = body.asked(documents(PASSPORT)).finding("asked")
    assert (finding.status, finding.due) == ("open", date(2026, 6, 30))
    middle, letter = finding.because
    assert (middle.rule, middle.due) == ("middle", date(2026, 6, 30))
    assert (middle.because[0].rule, middle.because[0].due) == ("deep", date(2026, 6, 5))
    assert (letter.condition, letter.status) == ("document", "open")


def test_a_proposition_used_under_two_due_days_is_computed_for_each(tmp_path: Path) -> None:
    rules = "\n".join(
        [
            rule("asked", "due: 2026-06-05, when: shared"),
            rule("second", "due: 2026-06-30, when: shared"),
            rule("shared", "when: {document: passport}"),
        ]
    )
    decision = Body(tmp_path, rules, listed="[asked, second]").asked(documents())
    assert [str(one.status) for one in decision.findings] == ["not_met", "open"]


def test_an_open_composite_takes_its_due_and_earliest_from_what_it_lacks(tmp_path: Path) -> None:
    parts = [
        rule("one", "due: 2026-06-20, when: {document: passport}"),
        rule("two", "due: 2026-06-25, when: {document: card}"),
        rule("three", "due: 2026-06-30, when: {document: letter}"),
    ]
    for needed, due in ((1, date(2026, 6, 30)), (2, date(2026, 6, 25)), (3, date(2026, 6, 20))):
        asked = rule("asked", f"when: {{of: [one, two, three], at_least: {needed}}}")
        finding = Body(tmp_path, "\n".join([asked, *parts])).asked(documents()).finding("asked")
        assert (finding.status, finding.due, finding.earliest) == ("open", due, DAY)


def test_named_branches_tell_the_path_taken_or_nearest(tmp_path: Path) -> None:
    body = Body(
        tmp_path,
        rule("asked", f"{DUE}, when: {{any: {{abroad: {{document: passport}}, home: {{document: card}}}}}}"),
    )
    assert body.asked(documents(CARD)).finding("asked").path == "home"
    assert body.asked(documents()).finding("asked").path == "abroad"


def test_a_person_must_judge(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", f"{DUE}, when: {{judged: suitable, by: committee}}"))
    finding = body.asked({}).finding("asked")
    assert (finding.status, finding.missing) == ("unknown", ("judgements.suitable",))
    assert body.status({"judgements": {"suitable": True}}) == "met"
    assert body.status({"judgements": {"suitable": False}}) == "not_met"


READINGS = """\
readings:
  R: {about: Which document?, taken: %s, options: {first: A passport, second: A card}, cite: {source: law, at: § 2}}
"""
SWITCH = "when: {reading: R, first: {document: passport}, second: {document: card}}"


def test_a_reading_that_is_taken_leaves_the_other_contested(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", f"{DUE}, {SWITCH}"), READINGS % "first")
    [contested] = body.asked(documents(PASSPORT), date(2026, 7, 1)).finding("asked").contested
    assert (contested.reading, contested.option, contested.status) == ("R", "second", "not_met")
    assert contested.citation is not None
    assert contested.citation.source == "A law, § 2"
    assert body.asked(documents(PASSPORT, CARD)).finding("asked").contested == ()


def test_a_body_that_has_not_chosen_leaves_it_unknown_where_the_options_differ(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", f"{DUE}, {SWITCH}"), READINGS % "none")
    finding = body.asked(documents(PASSPORT)).finding("asked")
    assert (finding.status, finding.missing) == ("unknown", ("readings.R",))
    assert body.status(documents(PASSPORT, CARD)) == "met"
    assert body.status(documents()) == "open"
    decision = body.asked(documents(PASSPORT), readings={"R": "first"})
    assert (decision.finding("asked").status, decision.readings["R"]) == ("met", "first")
    assert "Which document?" in body.asked(documents(PASSPORT)).explain("en")


EXAM = {"exam": {"date": "2027-03-31"}}


@pytest.mark.parametrize(
    ("setting", "due"),
    [("clamp", date(2027, 2, 28)), ("overflow", date(2027, 3, 3)), ("reject", None)],
)
def test_month_end_rules(tmp_path: Path, setting: str, due: date | None) -> None:
    body = Body(
        tmp_path,
        rule("asked", "due: 1 month before exam.date, when: {document: passport}"),
        month_end=setting,
    )
    finding = body.asked({**EXAM, **documents()}).finding("asked")
    assert finding.due == due
    if due is None:
        assert (finding.status, finding.missing) == ("unknown", ("calendar.month_end",))


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("2 days after exam.date", date(2026, 6, 22)),  # 21 June is a Sunday
        ("4 days after exam.date", date(2026, 6, 25)),  # 23 and 24 June are public holidays
        ("2 working days after exam.date", date(2026, 6, 25)),
        ("2 working days before exam.date", date(2026, 6, 17)),
        ("1 year after exam.date", date(2027, 6, 21)),  # 19 June 2027 is a Saturday
        ("2026-06-21", date(2026, 6, 21)),  # a fixed day does not move
        ("exam.date", date(2026, 6, 19)),
    ],
)
def test_terms_after_an_event_shift_and_fixed_days_do_not(tmp_path: Path, due: str, day: date) -> None:
    body = Body(tmp_path, rule("asked", f"due: {due}, when: {{document: passport}}"))
    assert body.asked({"exam": {"date": "2026-06-19"}, **documents()}).finding("asked").due == day


def work(*spans: tuple[str, str | None], **more: Any) -> dict[str, Any]:
    return {"employments": [{"start": start, "end": end, **more} for start, end in spans]}


HALVES = (("2025-01-01", "2025-03-31"), ("2025-01-01", "2025-03-31"))
SUSPENDED = {"suspensions": [{"start": "2025-03-01", "end": "2025-03-31"}]}


@pytest.mark.parametrize(
    ("settings", "file", "status"),
    [
        ({}, work(*HALVES), "not_met"),
        ({"overlaps": "each"}, work(*HALVES), "met"),
        (
            {"broken_runs": "not added"},
            work(("2025-01-01", "2025-03-31"), ("2025-05-01", "2025-07-31")),
            "not_met",
        ),
        ({"broken_runs": "30-day months"}, work(("2025-01-01", "2025-06-29")), "met"),
        ({}, work(("2025-01-01", "2025-06-30"), **SUSPENDED), "met"),
        ({"suspended": "left out"}, work(("2025-01-01", "2025-06-30"), **SUSPENDED), "not_met"),
        ({"suspended": "left out"}, work(("2025-01-01", "2025-07-31"), **SUSPENDED), "met"),
        ({"suspended": "left out"}, work(("2025-01-01", "2025-06-30")), "unknown"),
    ],
)
def test_settings_of_counting_time(
    tmp_path: Path, settings: dict[str, str], file: dict[str, Any], status: str
) -> None:
    body = Body(
        tmp_path,
        rule("asked", 'due: "2026-06-01", when: {time: employments, at_least: 6 months}'),
        **settings,
    )
    assert body.status(file) == status


@pytest.mark.parametrize(
    ("as_of", "status", "earliest"),
    [
        (date(2026, 5, 30), "open", date(2026, 5, 31)),  # any number of jobs side by side, from tomorrow
        (date(2026, 5, 31), "open", date(2026, 6, 1)),
        (date(2026, 6, 1), "not_met", date(2026, 6, 2)),
    ],
)
def test_time_still_possible_where_each_overlap_counts(
    tmp_path: Path, as_of: date, status: str, earliest: date
) -> None:
    rules = rule("asked", "due: 2026-06-01, when: {time: employments, at_least: 6 months}")
    finding = Body(tmp_path, rules, overlaps="each").asked(work(), as_of).finding("asked")
    assert (finding.status, finding.earliest) == (status, earliest)


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-06-19", "open"), ("2026-06-20", "not_met"), ("2026-07-01", "not_met")]
)
def test_what_is_in_the_making_is_settled_after_its_own_day(tmp_path: Path, as_of: str, status: str) -> None:
    """A later due day does not bring the exam project back into the making."""
    body = Body(tmp_path, rule("asked", "due: 2026-06-30, when: {fact: exam_project.hours, at_least: 40}"))
    file = {"exam": {"date": "2026-06-19"}, "exam_project": {"hours": 39}}
    assert body.status(file, date.fromisoformat(as_of)) == status


def test_a_version_is_taken_by_the_day_or_by_name(tmp_path: Path) -> None:
    Body(tmp_path, rule("asked", f"{DUE}, when: {{document: passport}}"))
    body = Body(tmp_path, rule("asked", f"{DUE}, when: {{document: card}}"), version="2026-01-01")
    assert body.asked(documents(CARD), date(2025, 12, 31)).ruleset.version == "2020-01-01"
    assert body.asked(documents(CARD), date(2026, 1, 1)).ruleset.version == "2026-01-01"
    assert body.asked(documents(CARD), version="2020-01-01").finding("asked").status == "open"
    with pytest.raises(UsageError, match="no-version"):
        body.asked({}, date(2019, 12, 31))


def test_today_is_taken_in_the_rulesets_zone(tmp_path: Path) -> None:
    """Kiritimati is a day ahead of Pago Pago for all but an hour of the day."""
    decisions = [
        evaluate(
            {},
            "q",
            rulebook=load_rulebook(
                Body(tmp_path / str(number), rule("asked", "when: always"), zone=zone).folder
            ),
        )
        for number, zone in enumerate(("Pacific/Kiritimati", "Pacific/Pago_Pago"))
    ]
    ahead = (decisions[0].as_of - decisions[1].as_of).days
    assert ahead in (1, 2)


def test_moments_are_days_of_the_rulesets_zone(tmp_path: Path) -> None:
    late = documents({"type": "passport", "submitted": "2026-06-30T22:00:00Z"})
    for number, (zone, status) in enumerate((("Europe/Tallinn", "not_met"), ("UTC", "met"))):
        body = Body(tmp_path / str(number), rule("asked", f"{DUE}, when: {{document: passport}}"), zone=zone)
        assert body.status(late, date(2026, 7, 5)) == status


def test_a_moment_without_an_offset_is_refused_in_an_applicant_built_directly(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", "due: exam.date, when: {document: passport}"))
    naive = datetime(2026, 6, 19, 12, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ApplicantError, match="no-offset"):
        body.asked(Applicant(exam=Exam(date=naive), documents=()))


def test_a_negated_rule_says_so_in_the_reasons(tmp_path: Path) -> None:
    rules = "\n".join(
        [rule("asked", f"{DUE}, when: {{not: held}}"), rule("held", "when: {document: passport}")]
    )
    decision = Body(tmp_path, rules).asked(documents(PASSPORT))
    assert decision.finding("asked").because[0].text == "it does not hold: Held"


def test_a_list_inside_records_cannot_be_counted(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", f"{DUE}, when: {{some: documents.positions}}"))
    with pytest.raises(RulesetError, match="inner-list"):
        body.asked({})


def test_one_id_in_two_rulesets_is_asked_for_with_the_rulesets_name(tmp_path: Path) -> None:
    Body(tmp_path / "a", rule("asked", "when: always"))
    other = Body(tmp_path / "b", rule("asked", "when: never"))
    file = other.folder / "2020-01-01.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("test/body", "test/other"), encoding="utf-8")
    book = load_rulebook(tmp_path)
    with pytest.raises(UsageError, match="test/body:q, test/other:q"):
        evaluate({}, "q", as_of=DAY, rulebook=book)
    assert evaluate({}, "test/other:q", as_of=DAY, rulebook=book).outcome == "ineligible"
    assert evaluate({}, "test/body:q", as_of=DAY, rulebook=book).outcome == "eligible"


def test_a_compiled_condition_knows_where_it_stands(tmp_path: Path) -> None:
    when = "when: {any: [{document: passport}, {not: {document: visa}}]}"
    body = Body(tmp_path, rule("asked", when))
    ruleset, compiled = compiled_for_display(load_rulebook(body.folder), "q", DAY, None)
    lines = (body.folder / Path(ruleset.file).name).read_text(encoding="utf-8").splitlines()
    for one in compiled.propositions:
        if one.place is not None:
            started = lines[one.place.line - 1][one.place.column - 1 :]
            assert started.startswith("{document" if one.leaf is not None else "{any")
    assert [one.leaf.place for one in compiled.propositions if one.leaf is not None] == [
        one.place for one in compiled.propositions if one.leaf is not None
    ]
    assert len({one.place for one in compiled.propositions} - {None}) == 3


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("1 week after 2026-06-27", "2026-07-06"),  # a Saturday, moved to the next working day
        ("later of 1 week after 2026-06-27 and 2026-07-05", "2026-07-06"),
        ("earlier of 1 week after 2026-06-27 and 2026-07-05", "2026-07-05"),
        ("application.submitted or 1 week after 2026-06-27", "2026-07-06"),
        ("later of 2026-07-04 and 2026-07-05", "2026-07-05"),  # fixed days do not move
    ],
)
def test_a_term_within_a_due_day_is_moved_off_days_off(tmp_path: Path, due: str, day: str) -> None:
    body = Body(tmp_path, rule("asked", f'due: "{due}", when: {{document: passport}}'))
    asked = body.asked({"documents": [], "application": {"submitted": None}})
    assert str(asked.finding("asked").due) == day


def test_a_reading_of_the_calendar_is_contested_through_a_later_of(tmp_path: Path) -> None:
    readings = "readings: {days-off: {about: A, taken: stay, options: {stay: it stays, moves: it moves}}}"
    body = Body(
        tmp_path,
        rule("asked", 'due: "later of 1 week after 2026-06-27 and 2026-06-01", when: {document: passport}'),
        readings,
        after="{reading: days-off, stay: stay, moves: next working day}",
    )
    late = {"documents": [{"type": "passport", "submitted": "2026-07-06"}]}
    [contested] = body.asked(late, date(2026, 7, 10)).finding("asked").contested
    assert (contested.reading, str(contested.status)) == ("days-off", "met")


def test_a_ruleset_without_its_texts_file_is_told_in_one_line(tmp_path: Path) -> None:
    body = Body(tmp_path, rule("asked", "when: {document: passport}"))
    path = tmp_path / "2020-01-01.yaml"
    text = path.read_text(encoding="utf-8").replace("languages: [en]", "uses: common.yaml")
    path.write_text(text, encoding="utf-8")
    shared = "format: 1\ncommon: shared\nlanguages: [en, et]\nwords: {passport: a passport}\n"
    (tmp_path / "common.yaml").write_text(shared, encoding="utf-8")
    (tmp_path / "common.texts.et.yaml").write_text("words: {passport: pass}\n", encoding="utf-8")
    with pytest.raises(RulesetError) as caught:
        load_rulebook(body.folder)
    [problem] = caught.value.problems
    assert (problem.where, problem.code) == ("2020-01-01.yaml:1:1", "no-texts")
    assert "2020-01-01.texts.et.yaml" in problem.expected
