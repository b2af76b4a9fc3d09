"""What a qualification can be made of: paths, one application for several things, rules for a time."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kutsereeglid import Decision, RulesetError, evaluate, load_rulebook
from kutsereeglid.evaluation import compiled_for_display
from kutsereeglid.rendering import checklist
from kutsereeglid.rulebook import Rulebook

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
    folder.mkdir(exist_ok=True)
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
