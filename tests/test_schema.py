"""The schemas for editors, in step with what is read: on good files, on bad ones, and on the keys of conditions."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kutsereeglid import load_rulebook
from kutsereeglid.authoring.choices import rolled
from kutsereeglid.authoring.schema import KINDS_OF_FILES, schema
from kutsereeglid.authoring.schema_words import HEAD_KEYS
from kutsereeglid.conditions import HEADS, Scope, Unreadable
from kutsereeglid.errors import Problem
from kutsereeglid.loading import VERSION_FILE
from kutsereeglid.yaml_tree import Mapping, parse, plain
from tests.laws.laws import worlds_from
from tests.test_cli import Run

ROOT = Path(__file__).parents[1]
FOLDERS = (
    "rulesets",
    "docs/example",
    "tests/seeded/base",
    "tests/unseen",
    "tests/defects/base",
    "tests/contract",
)
FILES = [file for name in FOLDERS for file in sorted((ROOT / name).rglob("*.yaml"))]
SHIPPED = [file for file in FILES if (ROOT / "rulesets") in file.parents]
VALIDATORS = {kind: Draft202012Validator(schema(kind)) for kind in KINDS_OF_FILES}


def kind_of_file(file: Path) -> str:
    if VERSION_FILE.fullmatch(file.name):
        return "ruleset"
    if ".texts." in file.name:
        return "texts"
    return "cases" if file.name.endswith("cases.yaml") else "shared"


def read(text: str, name: str) -> Any:
    tree, problems = parse(text, name, aliases=True)
    return None if problems or tree is None else plain(tree)


@pytest.mark.parametrize("kind", KINDS_OF_FILES)
def test_the_files_that_are_shipped_are_those_that_are_made(kind: str, command: Run) -> None:
    Draft202012Validator.check_schema(schema(kind))
    made = (ROOT / "rulesets" / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
    assert json.loads(made) == schema(kind)
    assert command.printed("schema", kind) == made


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_good_files_are_good(file: Path) -> None:
    found = read(file.read_text(encoding="utf-8"), file.name)
    assert [error.message for error in VALIDATORS[kind_of_file(file)].iter_errors(found)] == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_first_line_of_a_shipped_file_points_to_its_schema(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found is not None
    assert (file.parent / found[1]).resolve() == ROOT / "rulesets" / "schemas" / f"{kind_of_file(file)}.json"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32).map(Random))
def test_generated_rulesets_are_good(random: Random) -> None:
    [world, *_] = worlds_from(rolled(random), 1)
    found = json.loads(json.dumps(world.ruleset, default=str))
    assert [error.message for error in VALIDATORS["ruleset"].iter_errors(found)] == []


SEEN = {"unknown-key": 24, "key-lacking": 19, "no-head": 5, "two-heads": 1, "too-few-paths": 1, "too-few-options": 1, "unknown-word": 11, "wrong-type": 47}  # fmt: skip
"""How many of the mistakes of form an editor sees, at least; of the others only the loader knows."""


def test_mistakes_of_form_are_seen_by_an_editor() -> None:
    seen: Counter[str] = Counter()
    base = ROOT / "tests" / "seeded" / "base"
    for mistake in read(
        (ROOT / "tests" / "seeded" / "mistakes.yaml").read_text(encoding="utf-8"), "mistakes"
    ):
        file = base / mistake["file"]
        found = read(file.read_text(encoding="utf-8").replace(mistake["replace"], mistake["with"]), file.name)
        if file.suffix == ".yaml" and found is not None:
            seen[mistake["code"]] += not VALIDATORS[kind_of_file(file)].is_valid(found)
    assert {code: seen[code] for code in SEEN} == {
        code: max(least, seen[code]) for code, least in SEEN.items()
    }


@pytest.mark.parametrize("head", [head for head in HEADS if head != "for_each"])
def test_a_condition_has_the_keys_that_are_read(head: str) -> None:
    [ruleset] = load_rulebook(ROOT / "docs" / "example").rulesets
    tree, _ = parse(f"{head}: trainings\nzzz: 1\n", "x")
    assert isinstance(tree, Mapping)
    problems: list[Problem] = []
    with suppress(Unreadable):
        HEADS[head](tree, Scope(ruleset, {}, {}, problems, set()))
    [told] = [one.expected for one in problems if one.code == "unknown-key"]
    assert set(told.partition(": ")[2].split(", ")) == set(HEAD_KEYS[head])


def test_every_condition_is_in_the_schema() -> None:
    assert HEAD_KEYS.keys() == HEADS.keys()
