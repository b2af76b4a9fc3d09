"""What a qualification can be made of: paths, one application for several things, rules for a time."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kutsereeglid import ApplicantError, Decision, RulesetError, evaluate, load_rulebook
from kutsereeglid.evaluation import compiled_for_display
from kutsereeglid.rendering import checklist
from kutsereeglid.rulebook import Rulebook

pytestmark = pytest.mark.usefixtures("on_each_engine")

DAY = date(2026, 6, 10)
HEAD = """\
format: 1
ruleset: test/body
title: A body
in_force: {from: 2026-01-01, to: 2029-12-31}
languages: [en]
stages: {application: Application, award: Award}
decided_at: award
sources: {law: {title: A law}}
calendar:
  zone: Europe/Tallinn
  holidays: EE
  month_end: clamp
  counting_back: subtract
  terms_on_days_off: {after: stay, before: stay}
counting_time: {overlaps: once, broken_runs: calendar shares, part_time: as calendar time, suspended: counts}
"""
SAYS = "kind: document, says: {source: law, at: § 1}"


def rule(name: str, body: str, title: str | None = None) -> str:
    return f"{name}: {{title: {title or name.title()}, {SAYS}, {body}}}"


def written(folder: Path, rules: list[str], qualifications: str, more: str = "") -> Path:
    lines = "\n".join(f"  {line}" for line in rules)
    own = "\n".join(f"  {line}" for line in qualifications.strip("\n").splitlines())
    text = f"{HEAD}{more}\nrules:\n{lines}\nqualifications:\n{own}\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "2026-01-01.yaml").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, rules: list[str], qualifications: str, more: str = "") -> Rulebook:
    return load_rulebook(written(folder, rules, qualifications, more))


def mistakes(folder: Path, rules: list[str], qualifications: str, more: str = "") -> dict[str, str]:
    """The code of every mistake, with its line."""
    with pytest.raises(RulesetError) as caught:
        read(folder, rules, qualifications, more)
    return {problem.code: str(problem) for problem in caught.value.problems}


def held(*types: str, **more: Any) -> dict[str, Any]:
    documents = [{"type": one, "submitted": "2026-06-01"} for one in types]
    return {"documents": documents, "qualifications": [], **more}


# Paths.

PATHS = """
q:
  title: Q
  with: {last-day: 2026-06-30}
  requires: {application: [photo]}
  paths:
    degree:
      title: By a degree
      applies_when: {not: {some: qualifications, where: {id: barred}}}
      with: {paper: diploma}
      requires: {application: [paper], award: [thesis]}
    experience:
      title: By experience
      with: {paper: letter, last-day: 2026-06-05}
      requires: {application: [paper]}
      advises: {award: [thesis]}
like-q: {title: Like Q, like: q, paths: {experience: {requires: {award: [card]}}}}
"""
RULES = [
    rule("photo", 'due: "2026-06-30", when: {document: photo}'),
    rule("paper", "due: <last-day>, when: {document: <paper>}", "A <paper> by the last day"),
    rule("thesis", 'due: "2026-06-30", when: {document: thesis}'),
    rule("card", 'due: "2026-06-30", when: {document: card}'),
]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return read(tmp_path_factory.mktemp("paths") / "body", RULES, PATHS)


def asked(book: Rulebook, file: dict[str, Any], name: str = "q", **more: Any) -> Decision:
    return evaluate(file, name, rulebook=book, **{"as_of": DAY, **more})


@pytest.mark.parametrize(
    ("file", "outcome", "path", "of_each"),
    [
        (held("photo", "diploma", "thesis"), "eligible", "degree", ("eligible", "ineligible")),
        (held("photo", "letter"), "eligible", "experience", ("pending", "eligible")),
        (held("photo", "letter", "diploma", "thesis"), "eligible", "degree", ("eligible", "eligible")),
        (held("diploma", "thesis"), "pending", "degree", ("eligible", "ineligible")),
        (held("photo"), "pending", "degree", ("pending", "ineligible")),
        (held("photo", "diploma", qualifications=[{"id": "barred", "valid_from": "2020-01-01"}]),
         "ineligible", "experience", ("ineligible", "ineligible")),
        ({**held("photo", "diploma", "thesis"), "qualifications": None},
         "undetermined", "degree", ("undetermined", "ineligible")),
    ],
)  # fmt: skip
def test_one_path_is_enough(
    paths: Rulebook, file: dict[str, Any], outcome: str, path: str, of_each: tuple[str, str]
) -> None:
    decision = asked(paths, file)
    assert (decision.outcome, decision.path) == (outcome, path)
    assert decision.paths == dict(zip(("degree", "experience"), of_each, strict=True))


def test_each_path_has_its_own_documents_and_due_days(paths: Rulebook) -> None:
    decision = asked(paths, held("photo"))
    of = {(one.of_path, one.requirement): one for one in decision.findings}
    assert list(of) == [
        (None, "photo"),
        ("degree", "applies_when"), ("degree", "paper"), ("degree", "thesis"),
        ("experience", "paper"), ("experience", "thesis"),
    ]  # fmt: skip
    assert (of["degree", "paper"].title, of["degree", "paper"].due) == (
        "A diploma by the last day",
        date(2026, 6, 30),
    )
    assert (of["experience", "paper"].status, of["experience", "paper"].due) == ("not_met", date(2026, 6, 5))
    assert decision.finding("paper").of_path == "degree"
    assert decision.finding("paper", of_path="experience").due == date(2026, 6, 5)
    with pytest.raises(KeyError):
        decision.finding("card", of_path="degree")


def test_paths_are_asked_for_the_stage(paths: Rulebook) -> None:
    decision = asked(paths, held("photo", "diploma"), stage="application")
    assert (decision.outcome, decision.path) == ("eligible", "degree")
    assert decision.stages == {"application": "eligible", "award": "pending"}
    assert asked(paths, held("photo", "diploma")).outcome == "pending"


def test_what_decides_whether_a_path_applies_may_be_missing(paths: Rulebook) -> None:
    decision = asked(paths, {**held("photo", "diploma", "thesis"), "qualifications": None})
    finding = decision.finding("applies_when")
    assert (finding.status, finding.missing, finding.of_path) == ("unknown", ("qualifications",), "degree")


def test_a_decision_without_paths_says_so(tmp_path: Path) -> None:
    book = read(tmp_path / "body", [RULES[0]], "q: {title: Q, requires: {award: [photo]}}")
    decision = asked(book, held("photo"))
    assert (decision.path, dict(decision.paths), decision.findings[0].of_path) == (None, {}, None)


def test_paths_survive_json_and_pickle(paths: Rulebook) -> None:
    decision = asked(paths, held("photo"))
    assert Decision.from_json(decision.to_json()) == decision == pickle.loads(pickle.dumps(decision))
    assert decision.to_dict()["paths"] == {"degree": "pending", "experience": "ineligible"}


def test_the_text_names_the_path_and_what_the_others_lack(paths: Rulebook) -> None:
    text = asked(paths, held("photo", "diploma", "thesis")).explain("en")
    assert "» path: By a degree: the conditions are met" in text
    assert "lacks: A letter by the last day – not met" in text
    assert "the path “By a degree” is open to the applicant" in text
    assert "✗ A letter" not in text
    shown = "\n".join(line.text for line in checklist(*compiled_for_display(paths, "q", DAY, None), "en"))
    assert "Any one of these paths is enough" in shown
    assert "By experience" in shown


def test_a_path_of_a_qualification_that_is_like_another(paths: Rulebook) -> None:
    assert asked(paths, held("photo", "letter"), "like-q").path == "degree"
    decision = asked(paths, held("photo", "letter", "card"), "like-q")
    assert (decision.outcome, decision.path) == ("eligible", "experience")
    assert "» path: By experience" in decision.explain("en")


def test_contested_readings_within_a_path(tmp_path: Path) -> None:
    more = """
readings:
  R: {about: What counts?, taken: one, options: {one: This, other: That}, cite: {source: law, at: "2"}}
"""
    switched = "when: {reading: R, one: {document: photo}, other: {document: card}}"
    qualification = """
q:
  title: Q
  paths:
    one: {title: One, requires: {award: [photo]}}
    two: {title: Two, requires: {award: [photo]}, applies_when: {reading: R, one: never, other: always}}
"""
    book = read(tmp_path / "body", [rule("photo", f'due: "2026-06-05", {switched}')], qualification, more)
    decision = asked(book, held("card"))
    found = {(one.of_path, one.requirement): one for one in decision.findings}
    assert [one.status for one in found["one", "photo"].contested] == ["met"]
    assert [one.status for one in found["two", "applies_when"].contested] == ["met"]
    assert asked(book, held("card"), readings={"R": "other"}).path == "one"


def test_a_blank_may_stand_in_the_condition_of_a_path_alone(tmp_path: Path) -> None:
    qualification = """
q:
  title: Q
  with: {age: 30 years before today}
  paths:
    old: {title: Old, applies_when: {fact: birth_date, by: <age>}, requires: {award: [photo]}}
    young: {title: Young, applies_when: {fact: birth_date, after: <age>}, requires: {award: [card]}}
"""
    book = read(tmp_path / "body", [RULES[0], RULES[3]], qualification)
    assert asked(book, held("photo", birth_date="1990-01-01")).path == "old"
    assert asked(book, held("card", birth_date="2001-01-01")).path == "young"


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        ("{one: {title: One, requires: {award: [photo]}}}", "too-few-paths"),
        ("{one: {requires: {award: [photo]}}, two: {title: Two}}", "key-lacking"),
        ("{one: {title: One, applies: always}, two: {title: Two}}", "unknown-key"),
        ("{one: {title: One, requires: {awards: [photo]}}, two: {title: Two}}", "unknown-stage"),
        ("{one: {title: One, requires: {award: [foto]}}, two: {title: Two}}", "unknown-rule"),
        ("{one: {title: One, requires: {award: [photo, photo]}}, two: {title: Two}}", "listed-twice"),
        ("{one: {title: One, with: {papier: x}}, two: {title: Two}}", "unknown-blank"),
        ("{one: {title: One, requires: {award: [paper]}}, two: {title: Two}}", "blank-not-filled"),
        ("{one: {title: One, applies_when: {some: document}}, two: {title: Two}}", "unknown-records"),
        ("[one, two]", "wrong-type"),
    ],
)
def test_mistakes_in_paths(tmp_path: Path, paths: str, code: str) -> None:
    assert code in mistakes(tmp_path / "body", RULES, f"q:\n  title: Q\n  paths: {paths}")


def test_what_is_taken_over_is_not_overridden_silently(tmp_path: Path) -> None:
    more = "other: {title: Other, like: q, paths: {degree: {title: Anew, applies_when: always}}}"
    assert "defined-twice" in mistakes(tmp_path / "body", RULES, PATHS + more)


# Rules for a time.

SPRING = "in_force: {from: 2026-03-01, to: 2026-05-31}"


@pytest.mark.parametrize(
    ("day", "applies", "status"),
    [
        (date(2026, 2, 28), False, "met"),
        (date(2026, 3, 1), True, "open"),
        (date(2026, 5, 31), True, "open"),
        (date(2026, 6, 1), False, "met"),
    ],
)
def test_a_rule_for_a_time(tmp_path: Path, day: date, applies: bool, status: str) -> None:
    rules = [rule("photo", f"{SPRING}, when: {{document: photo}}")]
    book = read(tmp_path / "body", rules, "q: {title: Q, requires: {award: [photo]}}")
    decision = asked(book, held(), as_of=day)
    [finding] = decision.findings
    assert (finding.applies, finding.status) == (applies, status)
    assert ("in force only from 1 March 2026 until 31 May 2026" in decision.explain("en")) is not applies


def test_rules_that_follow_each_other(tmp_path: Path) -> None:
    rules = [
        rule(
            "a", "concludes: paper, in_force: {to: 2026-05-31}, curable: true, when: {document: old}", "Old"
        ),
        rule("b", "concludes: paper, in_force: {from: 2026-06-01}, when: {document: new}", "New"),
        rule("c", "concludes: paper, applies_when: {document: card}, when: {document: card}", "Card"),
        rule("none-of-it", "when: {not: paper}"),
    ]
    book = read(tmp_path / "body", rules, "q: {title: Q, requires: {award: [paper, none-of-it]}}")
    for day, mine, title, curable in [
        (date(2026, 5, 31), "old", "Old", True),
        (date(2026, 6, 1), "new", "New", False),
    ]:
        own = {"documents": [{"type": mine, "submitted": "2026-01-05"}]}
        found = asked(book, own, as_of=day).finding("paper")
        assert (found.status, found.title, found.curable, found.applies) == ("met", title, curable, True)
        assert asked(book, own, as_of=day).finding("none-of-it").status == "not_met"
        other = {"documents": [{"type": {"old": "new", "new": "old"}[mine], "submitted": "2026-01-05"}]}
        assert asked(book, other, as_of=day).finding("paper").status == "open"
        assert asked(book, {"documents": []}, as_of=day).finding("none-of-it").status == "met"


def test_of_rules_none_of_which_is_in_force_the_requirement_does_not_apply(tmp_path: Path) -> None:
    rules = [
        rule("a", f"concludes: paper, {SPRING}, when: {{document: old}}"),
        rule("b", "concludes: paper, in_force: {from: 2027-01-01}, when: {document: new}"),
        rule("none-of-it", "when: {not: paper}"),
    ]
    book = read(tmp_path / "body", rules, "q: {title: Q, requires: {award: [paper, none-of-it]}}")
    paper, none = asked(book, {}).findings
    assert (paper.status, paper.applies, paper.missing) == ("met", False, ())
    assert (none.status, none.missing) == ("not_met", ())


def test_rules_out_of_force_are_checked_too(tmp_path: Path) -> None:
    rules = [rule("photo", "in_force: {from: 2029-01-01}, when: {documents: photo}")]
    assert "no-head" in mistakes(tmp_path / "body", rules, "q: {title: Q, requires: {award: [photo]}}")


def test_a_shared_rule_may_be_in_force_in_one_version_only(tmp_path: Path) -> None:
    folder = written(tmp_path / "body", [RULES[0]], "q: {title: Q, requires: {award: [photo, old]}}")
    old = rule("old", "in_force: {to: 2025-12-31}, when: {document: old}")
    (folder / "common.yaml").write_text(f"format: 1\ncommon: c\nrules:\n  {old}\n", encoding="utf-8")
    file = folder / "2026-01-01.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "uses: common.yaml\n", encoding="utf-8")
    assert not asked(load_rulebook(folder), held("photo")).finding("old").applies


# One application for several things.

EACH = """
guide:
  title: Guide
  each: {tongue: application.asks}
  requires:
    application: [photo, exam-in]
    award: [{knows: {topic: <tongue>}}]
"""
EACH_RULES = [
    RULES[0],
    rule("exam-in", 'due: "2026-06-30", when: {judged: <tongue>-exam, by: committee}', "Exam in <tongue>"),
    rule("knows", "when: {some: trainings, where: {topic: <topic>}}", "Training"),
]


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return read(tmp_path_factory.mktemp("each") / "body", EACH_RULES, EACH)


def tongues(*asks: str, knows: tuple[str, ...] = (), passed: dict[str, bool] | None = None) -> dict[str, Any]:
    trainings = [{"topic": one, "completed": "2026-01-05", "hours": 1} for one in knows]
    judgements = {f"{name}-exam": said for name, said in (passed or {}).items()}
    return {**held("photo"), "application": {"asks": list(asks)}, "trainings": trainings, "judgements": judgements}  # fmt: skip


def test_one_answer_for_each_thing_asked_for(guides: Rulebook) -> None:
    file = tongues("finnish", "latvian", knows=("finnish", "latvian"), passed={"finnish": True, "latvian": False})  # fmt: skip
    decision = asked(guides, file, "guide")
    assert decision.each == {"finnish": "eligible", "latvian": "ineligible"}
    assert decision.outcome == "ineligible"
    assert [(one.requirement, one.of) for one in decision.findings] == [
        ("application.asks", None), ("photo", None), ("exam-in", "finnish"), ("exam-in", "latvian"),
        ("knows", "finnish"), ("knows", "latvian"),
    ]  # fmt: skip
    assert decision.finding("exam-in", of="latvian").title == "Exam in latvian"
    assert decision.finding("exam-in", of="latvian").status == "not_met"
    text = decision.explain("en")
    assert "    finnish: the conditions are met" in text
    assert "Training (latvian): met" in text
    assert Decision.from_json(decision.to_json()) == decision
    assert asked(guides, tongues("finnish", knows=("finnish",), passed={"finnish": True}), "guide").each == {
        "finnish": "eligible"
    }


def test_what_is_missing_for_one_thing(guides: Rulebook) -> None:
    decision = asked(guides, tongues("finnish", "latvian", passed={"finnish": True}), "guide", stage="application")  # fmt: skip
    assert decision.each == {"finnish": "eligible", "latvian": "undetermined"}
    assert decision.finding("exam-in", of="latvian").missing == ("judgements.latvian-exam",)
    assert (decision.outcome, decision.stages["award"]) == ("undetermined", "undetermined")


@pytest.mark.parametrize("application", [{}, {"application": {}}, {"application": {"asks": None}}])
def test_a_list_that_is_absent_is_missing(guides: Rulebook, application: dict[str, Any]) -> None:
    decision = asked(guides, {**held("photo"), **application}, "guide")
    assert (decision.outcome, dict(decision.each)) == ("undetermined", {})
    assert [(one.requirement, one.missing) for one in decision.findings] == [
        ("application.asks", ("application.asks",)), ("photo", ()),
    ]  # fmt: skip


def test_an_empty_list_asks_for_nothing_and_says_so(guides: Rulebook) -> None:
    decision = asked(guides, tongues(), "guide")
    assert (decision.outcome, dict(decision.each)) == ("eligible", {})
    assert [one.requirement for one in decision.findings] == ["application.asks", "photo"]
    assert "the list is empty" in decision.explain("en")


@pytest.mark.parametrize(
    "value", ["<topic>", "<tongue>", "never", "photo", "{0}", "2026-06-30", "a, b", " a  b"]
)
def test_what_is_asked_for_is_text_and_nothing_else(guides: Rulebook, value: str) -> None:
    decision = asked(guides, tongues(value, value, knows=(value,), passed={value: True}), "guide")
    assert decision.each == {value: "eligible"}
    decision.explain("en")


@pytest.mark.parametrize("value", ["", "  "])
def test_an_item_without_a_name_is_the_files_mistake(guides: Rulebook, value: str) -> None:
    with pytest.raises(ApplicantError, match="unreadable-item"):
        asked(guides, tongues(value), "guide")


def test_compiled_variants_do_not_pile_up(guides: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kutsereeglid.plans._MOST_PLANS", 50)
    for number in range(60):
        asked(guides, tongues(f"tongue {number}", knows=("x",)), "guide", stage="application")
    assert len(guides.rulesets[0].plans) <= 50


def test_each_thing_by_a_path_of_its_own(tmp_path: Path) -> None:
    qualification = """
q:
  title: Q
  each: {tongue: application.asks}
  paths:
    exam: {title: Exam, requires: {award: [exam-in]}}
    training: {title: Training, with: {topic: <tongue>}, requires: {award: [knows]}}
"""
    book = read(tmp_path / "body", EACH_RULES, qualification)
    file = tongues("finnish", "latvian", knows=("latvian",), passed={"finnish": True, "latvian": False})
    decision = asked(book, file)
    assert (decision.outcome, decision.path) == ("eligible", None)
    assert decision.paths == {"exam": "ineligible", "training": "pending"}
    assert "path: Exam" in decision.explain("en")
    assert asked(book, tongues("latvian", knows=("latvian",), passed={"latvian": False})).path == "training"
    both = asked(book, tongues("finnish", "latvian", knows=("latvian", "finnish"), passed={}))
    assert (both.outcome, both.path) == ("eligible", "training")


def test_each_is_taken_over_by_like(tmp_path: Path) -> None:
    like = "other: {title: Other, like: guide, instead: {photo: card}}"
    rules = [*EACH_RULES, RULES[3]]
    book = read(tmp_path / "body", rules, EACH + like)
    decision = asked(book, tongues("finnish", knows=("finnish",), passed={"finnish": True}), "other")
    assert (decision.each, decision.finding("card").status) == ({"finnish": "pending"}, "open")


# A condition for every item of a list.

ITEMS = "for_each: application.asks, as: it"


def items(folder: Path, condition: str, *more: str) -> Rulebook:
    rules = [rule("photo", f'due: "2026-06-05", when: {condition}'), *more]
    return read(folder / "body", rules, "q: {title: Q, requires: {award: [photo]}}")


@pytest.mark.parametrize(
    ("asks", "documents", "status", "negated"),
    [
        (["a", "b"], ["a", "b"], "met", "not_met"),
        (["a", "b"], ["a"], "not_met", "met"),
        ([], [], "met", "not_met"),
        (None, ["a"], "unknown", "unknown"),
    ],
)
def test_a_condition_for_every_item(
    tmp_path: Path, asks: list[str] | None, documents: list[str], status: str, negated: str
) -> None:
    condition = f"{{{ITEMS}, when: {{document: <it>}}}}"
    file = {**held(*documents), "application": {"asks": asks}}
    finding = asked(items(tmp_path / "plain", condition), file).findings[0]
    assert (finding.status, finding.missing) == (status, ("application.asks",) if asks is None else ())
    assert asked(items(tmp_path / "not", f"{{not: {condition}}}"), file).findings[0].status == negated


def test_when_the_list_is_absent_nothing_inside_is_asked(tmp_path: Path) -> None:
    book = items(tmp_path, f"[{{{ITEMS}, when: {{judged: <it>, by: body}}}}, {{document: card}}]")
    assert asked(book, held("card")).findings[0].missing == ("application.asks",)
    assert asked(book, held("card", application={"asks": ["x"]})).findings[0].missing == ("judgements.x",)
    asked(book, held("card")).explain("en")


def test_items_within_items_and_within_rules(tmp_path: Path) -> None:
    inner = "{for_each: application.asks, as: other, when: {document: <it>-<other>}}"
    book = items(tmp_path / "inner", f"{{{ITEMS}, when: {inner}}}")
    file = {**held("a-a", "a-b", "b-a"), "application": {"asks": ["a", "b"]}}
    assert asked(book, file).findings[0].status == "not_met"
    assert asked(book, {**file, **held("a-a", "a-b", "b-a", "b-b")}).findings[0].status == "met"
    other = rule("paper", "when: {document: <paper>}")
    book = items(tmp_path / "rule", f"{{{ITEMS}, when: {{paper: {{paper: the <it>}}}}}}", other)
    assert asked(book, {**held("the <it>"), "application": {"asks": ["<it>"]}}).findings[0].status == "met"


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("{for_each: application.asks, when: always}", "key-lacking"),
        ("{for_each: application.asks, as: it, when: always, where: {}}", "unknown-key"),
        ("{for_each: application.ask, as: it, when: always}", "unknown-list"),
        ("{for_each: exam_project.topics, as: it, when: always}", "unknown-list"),
        ("{for_each: documents, as: it, when: always}", "unknown-list"),
        ("{for_each: application.asks, as: it is, when: always}", "bad-name"),
        ("{for_each: application.asks, as: it, when: {document: <that>}}", "blank-not-filled"),
        ("{for_each: application.asks, as: it, when: {fact: exam_project.field, is: <it>}}", "unknown-value"),
        ("{for_each: application.asks, as: it, when: <it>}", "unknown-rule"),
        (
            "{for_each: application.asks, as: it, when: {for_each: application.asks, as: it, when: always}}",
            "filled-twice",
        ),
    ],
)
def test_mistakes_in_for_each(tmp_path: Path, condition: str, code: str) -> None:
    assert code in mistakes(
        tmp_path / "body", [rule("photo", f"when: {condition}")], "q: {title: Q, requires: {award: [photo]}}"
    )


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("each: {tounge: application.asks}", "unknown-blank"),
        ("each: {tongue: application.ask}", "unknown-list"),
        ("each: {}", "wrong-type"),
        ("each: {tongue: application.asks, topic: application.asks}", "wrong-type"),
        ("each: {tongue: application.asks}, with: {tongue: finnish}", "filled-twice"),
        ("like: r, each: {tongue: application.asks}", "defined-twice"),
    ],
)
def test_mistakes_in_each(tmp_path: Path, more: str, code: str) -> None:
    other = "r: {title: R, requires: {award: [exam-in]}, each: {tongue: application.asks}}"
    qualifications = f"q: {{title: Q, {more}}}\n{other}"
    assert code in mistakes(tmp_path / "body", EACH_RULES, qualifications)


# Types of blanks.


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", ["a paper", "[a paper, another]", '"5"'], ["5", "[]", "{a: b}"]),
        ("number", ["5", "2.5"], ["5 hours", "true", "many", "[5]"]),
        ("amount", ["5", "40 hours"], ["hours", "true", "{a: 5}"]),
        ("duration", ["6 months", "2 working days"], ["6", "a while", "6 moons"]),
        ("day", ["2026-06-30", "exam.date", "2 weeks before exam.date"], ["5", "soon", "exam.dat"]),
    ],
)
def test_what_fills_a_blank_is_checked(tmp_path: Path, kind: str, good: list[str], bad: list[str]) -> None:
    rules = [rule("photo", f"blanks: {{it: {kind}}}, when: {{judged: fits, by: body}}", "About <it>")]
    for fill in good:
        read(tmp_path / "body", rules, f"q: {{title: Q, with: {{it: {fill}}}, requires: {{award: [photo]}}}}")
    for fill in bad:
        qualification = f"q:\n  title: Q\n  with:\n    it: {fill}\n  requires: {{award: [photo]}}"
        [told] = mistakes(tmp_path / "body", rules, qualification).values()
        assert told.startswith("2026-01-01.yaml:23:11: "), told
        given = f"q:\n  title: Q\n  requires:\n    award: [{{photo: {{it: {fill}}}}}]"
        [told] = mistakes(tmp_path / "body", rules, given).values()
        assert told.startswith("2026-01-01.yaml:23:28: "), told


# What is like another, and what is shared.


def test_like_with_paths_in_one_line(tmp_path: Path) -> None:
    like = """
third:
  title: Third
  like: q
  instead: {thesis: card}
  paths:
    degree: {with: {paper: certificate}}
    way-of-old: {title: The way of old, requires: {application: [card]}}
"""
    book = read(tmp_path / "body", RULES, PATHS + like.lstrip())
    decision = asked(book, held("photo", "certificate", "card"), "third")
    assert (decision.outcome, decision.path) == ("eligible", "degree")
    assert decision.paths == {"degree": "eligible", "experience": "ineligible", "way-of-old": "eligible"}
    assert [one.requirement for one in decision.findings if one.of_path == "degree"] == [
        "applies_when", "paper", "card",
    ]  # fmt: skip
    assert asked(book, held("photo", "diploma", "thesis"), "q").outcome == "eligible"
    text = decision.explain("en")
    assert "path: By a degree" in text
    assert "path: The way of old" in text


def test_instead_of_a_rule_that_no_path_lists_is_refused(tmp_path: Path) -> None:
    rules = [*RULES, rule("other", "when: always")]
    more = "third: {title: Third, like: q, instead: {other: card}}"
    assert "not-listed" in mistakes(tmp_path / "body", rules, PATHS + more)


def test_like_goes_one_step(tmp_path: Path) -> None:
    more = "third: {title: Third, like: like-q}"
    assert "like-of-like" in mistakes(tmp_path / "body", RULES, PATHS + more)


COMMON = """\
format: 1
common: bodies
readings:
  R: {about: Which?, taken: one, options: {one: This, other: That}, cite: {source: law, at: "2"}}
rules:
"""


def two_bodies(root: Path, uses: str = "[../common.yaml]") -> Path:
    """Two rulesets in folders of their own, and the rules that they share in the folder above."""
    own = rule("own", "when: {document: own}")
    for name, listed in [("a", "[photo, paper, own]"), ("b", "[photo, own]")]:
        qualification = f"{name}:\n  title: {name}\n  requires: {{award: {listed}}}\n"
        qualification += "  with: {paper: letter, last-day: 2026-06-30}\n" if name == "a" else ""
        written(root / name, [own], qualification, f"uses: {uses}\n")
        file = root / name / "2026-01-01.yaml"
        text = file.read_text(encoding="utf-8").replace("test/body", f"test/{name}")
        file.write_text(text, encoding="utf-8")
    (root / "common.yaml").write_text(COMMON + "".join(f"  {one}\n" for one in RULES[:2]), encoding="utf-8")
    return root


def test_a_shared_file_in_the_folder_above(tmp_path: Path) -> None:
    book = load_rulebook(two_bodies(tmp_path))
    assert asked(book, held("photo", "letter", "own"), "a").outcome == "eligible"
    assert asked(book, held("photo"), "b").outcome == "pending"
    assert list(asked(book, {}, "b").readings) == ["R"]
    before = {ruleset.id: ruleset.digest for ruleset in book.rulesets}
    with (tmp_path / "common.yaml").open("a", encoding="utf-8") as common:
        common.write("  # a remark\n")
    after = {ruleset.id: ruleset.digest for ruleset in load_rulebook(tmp_path).rulesets}
    assert not set(before.values()) & set(after.values())


def test_what_is_shared_is_not_overridden(tmp_path: Path) -> None:
    root = two_bodies(tmp_path)
    with (root / "common.yaml").open("a", encoding="utf-8") as common:
        common.write(f"  {rule('own', 'when: always')}\n")
    with pytest.raises(RulesetError) as caught:
        load_rulebook(root)
    assert {(one.code, one.where) for one in caught.value.problems} == {
        ("defined-twice", f"common.yaml:{len(COMMON.splitlines()) + 3}:3")
    }


def test_a_shared_file_outside_the_folder_of_rulesets_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("format: 1\ncommon: x\n", encoding="utf-8")
    for uses, code in [("../../elsewhere.yaml", "outside"), ("../comon.yaml", "no-file")]:
        with pytest.raises(RulesetError) as caught:
            load_rulebook(two_bodies(tmp_path / "root", uses))
        assert {one.code for one in caught.value.problems} == {code}
        assert code == "outside" or "did you mean '../common.yaml'?" in str(caught.value)
