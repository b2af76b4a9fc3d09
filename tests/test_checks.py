"""What `kutsereeglid check` tells: seeded defects, nothing of what is sound, and nothing that some file disproves."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kutsereeglid.authoring.checks import check
from kutsereeglid.authoring.checks.catalogue import CHECKS, Severity
from kutsereeglid.authoring.checks.formulas import Formulas
from kutsereeglid.authoring.checks.law import _said
from kutsereeglid.authoring.checks.reasoning import reasoned
from kutsereeglid.authoring.choices import rolled
from kutsereeglid.dates import Unit
from kutsereeglid.evaluation import examine
from kutsereeglid.status import Status
from kutsereeglid.yaml_tree import parse, plain
from tests.defects.seeded import told
from tests.defects.seeding import read, seeded
from tests.laws.laws import worlds_from
from tests.test_cli import Run
from tests.test_language import Body, rule

ROOT = Path(__file__).parents[1]
DEFECTS = read("defects.yaml")
NOT_TOLD = {"source-without-address"}
SAMPLE = [one for place, one in enumerate(DEFECTS) if place % 8 == 0 and one["expect"][0] not in NOT_TOLD]


@pytest.mark.parametrize("one", SAMPLE, ids=lambda one: one["name"])
def test_a_seeded_defect_is_told(one: dict[str, Any]) -> None:
    assert told(one) & set(one["expect"])


def test_each_kind_of_defect_is_seeded_and_enough_of_them() -> None:
    kinds = {code for one in DEFECTS for code in one["expect"]}
    assert {code for code, one in CHECKS.items() if one.severity is not Severity.ERROR} <= kinds
    assert len(DEFECTS) >= 100


@pytest.mark.parametrize("one", read("sound.yaml"), ids=lambda one: one["when"])
def test_nothing_is_told_of_what_is_sound(one: dict[str, Any]) -> None:
    assert told(one) == set()


def test_nothing_is_told_of_the_shipped_rulesets() -> None:
    assert check(ROOT / "rulesets", reasoned) == []


def test_every_code_that_a_ruleset_is_refused_with_is_explained() -> None:
    tree, _ = parse(
        (ROOT / "tests" / "seeded" / "mistakes.yaml").read_text(encoding="utf-8"), "mistakes.yaml"
    )
    assert tree is not None
    assert {one["code"] for one in plain(tree)} <= set(CHECKS)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32).map(Random))
def test_what_came_out_for_some_file_is_never_proven_impossible(random: Random) -> None:
    """The conditions' formulas are all true of a file for which they hold, and those of the opposites for
    which they do not: else the solver could prove what that file disproves."""
    made: dict[int, Formulas] = {}
    for world in worlds_from(rolled(random), 3):
        # Formulas take it that people are born before they do anything.
        file = {key: value for key, value in world.steps[0].file.items() if key != "birth_date"}
        found = examine(file, "q", as_of=world.as_of, rulebook=world.book)
        formulas = made.setdefault(id(found.compiled), Formulas(found.compiled, found.ruleset.vocabulary))
        true = [
            formulas.of(number) if status is Status.MET else z3.Not(formulas.of(number))
            for number, (one, status) in enumerate(
                zip(found.compiled.propositions, found.statuses, strict=True)
            )
            if one.leaf is not None and status is not Status.UNKNOWN
        ]
        assert formulas.core(true) is None


def test_both_conditions_that_clash_are_named(tmp_path: Path) -> None:
    clash = next(one for one in DEFECTS if one["name"] == "a document and no document")
    [finding] = check(seeded(clash, tmp_path / "rulesets"), reasoned)
    assert finding.severity is Severity.WARNING
    assert re.findall(r"2026-01-01\.yaml:(\d+):\d+", finding.problem.found) == ["92", "92"]


def test_the_command(command: Run, tmp_path: Path) -> None:
    clash = next(one for one in DEFECTS if one["name"] == "a document and no document")
    folder = seeded(clash, tmp_path / "rulesets")
    status, out, err = command("check", folder)
    assert (status, err) == (1, "")
    line, total = out.splitlines()
    assert re.fullmatch(
        rf"{folder}/2026-01-01\.yaml:\d+:\d+: warning: .*; expected .* \[contradiction\]", line
    )
    assert total == "1 warning, of 1 ruleset"
    assert json.loads(command("check", folder, "--format", "json")[1])[0]["code"] == "contradiction"
    [run] = json.loads(command("check", folder, "--format", "sarif")[1])["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 87
    assert command("check", folder, "--format", "github")[1].startswith("::warning file=")
    assert command("check", folder, "--no-solver")[:2] == (0, "nothing to tell, of 1 ruleset\n")
    assert command("check", folder / "2026-01-01.yaml")[0] == 1
    assert command("check", ROOT / "rulesets" / "examples" / "kylmaliit")[0] == 0


def test_a_note_alone_is_no_failure(command: Run) -> None:
    assert command("check", "docs/example")[0] == 0
    assert command("check", "docs/example", "--strict")[0] == 1


def test_codes_are_explained(command: Run) -> None:
    for code in CHECKS:
        assert command.printed("check", "--explain", code).startswith(f"{code} (")
    assert command.refused("check", "--explain", "superflous") == [
        "--explain: `superflous`; expected a code that check tells; did you mean 'superfluous'? [unknown-code]"
    ]


def test_what_is_refused_is_told_beside_what_is_not_meant(command: Run, tmp_path: Path) -> None:
    folder = seeded(
        next(one for one in DEFECTS if one["name"] == "a rule that nothing names"), tmp_path / "rulesets"
    )
    lines = command("check", folder)[1].splitlines()
    assert [line.rsplit(" ", 1)[1] for line in lines[:2]] == ["[unused-rule]", "[unquoted-sentence]"]
    assert lines[2] == "1 error, 1 warning, of 1 ruleset"
    assert command.refused("check", tmp_path / "nowhere")


def test_texts_that_are_lacking_hide_nothing(command: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(Path(__file__).parents[1] / "docs" / "example", tmp_path / "example")
    path = folder / "2026-01-01.yaml"
    text = path.read_text(encoding="utf-8")
    rule = "  extra:\n    title: Extra\n    kind: prerequisite\n    says: Coffee is served at noon.\n"
    rule += "    when: [{count: trainings, at_least: 3}, {count: trainings, at_most: 2}]\n"
    text = text.replace("qualifications:\n", f"{rule}\nqualifications:\n", 1)
    text = text.replace("admission: [confirmation]", "admission: [confirmation, extra]")
    path.write_text(text, encoding="utf-8")
    _, out, _ = command("check", folder)
    assert "[text-lacking]" in out
    assert "[contradiction]" in out


def test_without_a_solver_it_is_said_what_to_do(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("reasoning", "formulas"):
        monkeypatch.delitem(sys.modules, f"kutsereeglid.authoring.checks.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "z3", None)
    [line] = command.refused("check", "docs/example")
    assert "pip install 'kutsereeglid[check]'" in line
    assert command("check", "docs/example", "--no-solver")[0] == 0


@pytest.mark.parametrize(
    ("unit", "told"), [("year", False), ("month", False), (None, True)], ids=["year", "month", "no end"]
)
def test_a_month_back_matters_only_where_it_is_another_day(
    tmp_path: Path, unit: str | None, told: bool
) -> None:
    end = f"end of {unit} of " if unit else ""
    asked = Body(tmp_path, rule("asked", f"when: {{day: exam.date, by: {end}1 month before exam.date}}"))
    codes = {finding.problem.code for finding in check(asked.folder)}
    assert ("reading-not-named" in codes) is told


@pytest.mark.parametrize(
    "words",
    ["within two years", "within the last 2 years", "kahe viimase aasta jooksul", "kaks aastat", "за последние два года", "два последних года"],
)  # fmt: skip
def test_numbers_in_words(words: str) -> None:
    assert (2, Unit.YEARS) in _said(words)


@pytest.mark.parametrize(
    "words", ["one of the last years", "viis punkti aastas", "lõike 2 alusel aasta jooksul"]
)
def test_numbers_of_other_things(words: str) -> None:
    assert _said(words) == set()
