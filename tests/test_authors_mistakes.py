"""Mistakes that were made while the examples were written, and what an author is told."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from kutsereeglid import RulesetError, load_rulebook
from kutsereeglid.evaluation import shipped_rulebook

ROOT = shipped_rulebook().root / "examples"
CAMP = "enk-laager/2024-01-01.yaml"
COOLING = "kylmaliit/2024-01-01.yaml"
SHARED = "kylmaliit/common.yaml"


@pytest.mark.parametrize(
    ("file", "right", "wrong", "told"),
    [
        (
            CAMP,
            "applies_when: {not: coach}",
            "applies_when: not coach",
            "write `{not: coach}` [unknown-rule]",
        ),
        (
            CAMP,
            "within: 3 years before application.submitted, at_least",
            "within: last 3 years, at_least",
            "write `5 years before application.submitted`, or `{from: …, to: …}` [bad-window]",
        ),
        (CAMP, "sum: proved.hours", "sum: proved", "name the field: proved.hours [unknown-field]"),
        (CAMP, "sum: proved.hours", "sum: trainings", "name the field: trainings.hours [unknown-field]"),
        (CAMP, "8 academic hours}", "8 akadeemilist tundi}", "units are ECTS credits, academic hours"),
        (COOLING, "closes: 2024-04-29", "closes: 29.04.2024", "write `2024-04-29` [bad-day]"),
        (COOLING, "due: round.closes", "due: 29.4.2024", "write `2024-04-29` [bad-day]"),
        (COOLING, "due: round.closes", "due: round.close", "did you mean 'round.closes'? [bad-day]"),
        (
            COOLING,
            "course-points: 18 points",
            "course-points: 18 hours",
            "`hours`; expected `points` [wrong-unit]",
        ),
        (
            SHARED,
            "worth: 3 points per full year, at_most: 15 points",
            "worth: 3 per full year, at_most: 15 hours",
            "`hours` beside `points`; expected parts of one unit",
        ),
        (
            SHARED,
            "id: <qualification>",
            "id: <qualificaton>",
            "did you mean 'qualification'? [blank-not-filled]",
        ),
        (
            "pmi-pmp/common.yaml",
            "years: {at_least: 4}",
            "years: at least 4",
            "write `{at_least: 4}` [wrong-type]",
        ),
    ],
)
def test_what_an_author_is_told(tmp_path: Path, file: str, right: str, wrong: str, told: str) -> None:
    lines = mistakes(tmp_path, file, right, wrong)
    assert any(told in line for line in lines), lines


def test_one_bad_day_of_a_round_is_told_once(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, COOLING, "exam: 2024-05-17", "exam: 17.05.2024")) == 1


def test_a_ruleset_with_paths_and_without_stages_is_told_and_no_more(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, COOLING, "uses: [../common.yaml, common.yaml]", "uses: [common.yaml]")
    assert any("a ruleset without `stages`" in line for line in lines)


def mistakes(folder: Path, file: str, right: str, wrong: str) -> list[str]:
    """What is told of a copy of the example in which one thing is wrong."""
    root = folder / "rulesets"
    body, _, name = file.partition("/")
    copytree(ROOT / body, root / body, ignore=ignore_patterns("__parsed__"))
    for shared in ROOT.glob("common*.yaml"):
        (root / shared.name).write_bytes(shared.read_bytes())
    path = root / body / name
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(RulesetError) as error:
        load_rulebook(root)
    return [str(problem) for problem in error.value.problems]
