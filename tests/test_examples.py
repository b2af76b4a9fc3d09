"""The rulesets of other bodies under rulesets/examples, each with its cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kutsereeglid import Decision, evaluate
from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.yaml_tree import parse, plain

pytestmark = pytest.mark.usefixtures("on_each_engine")

ROOT = shipped_rulebook().root / "examples"


def cases() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted(ROOT.glob("*/cases.yaml")):
        tree, problems = parse(path.read_text(encoding="utf-8"), path.name, aliases=True)
        assert tree is not None
        assert problems == []
        found += [(path.parent.name, case) for case in plain(tree)["cases"]]
    return found


CASES = cases()


@pytest.mark.parametrize(("body", "case"), CASES, ids=[f"{body}: {case['name']}" for body, case in CASES])
def test_case(body: str, case: dict[str, Any]) -> None:
    as_of = date.fromisoformat(case["as_of"])
    assert differences(case["expect"], evaluate(case["applicant"], case["qualification"], as_of=as_of)) == []


def differences(expect: dict[str, Any], decision: Decision) -> list[str]:
    """Where a decision is not what the case expects."""
    found = []
    told = decision.to_dict()
    for name, expected in expect.items():
        if name in ("outcome", "path", "stages"):
            wanted, one = {name: expected}, told
        else:
            wanted = {"status": expected} if isinstance(expected, str) else expected
            one = next(one for one in told["findings"] if one["requirement"] == name)
        for key, value in wanted.items():
            got = bool(one[key]) if key == "contested" else one[key]
            if got != value:
                found.append(f"{name} {key}: {got}, expected {value}")
    return found


def test_every_example_has_cases() -> None:
    bodies = {path.parent for path in Path(ROOT).glob("*/*.yaml")}
    assert {path.name for path in bodies} == {body for body, _ in CASES}
