"""The contract cases, through the Python API and through the command.

This folder stands alone: it is also run against the built wheel, away from the source tree.
"""

import json
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kutsereeglid import Decision, evaluate
from kutsereeglid.yaml_tree import parse, plain

CASES_FILE = Path(__file__).with_name("cases.yaml")


def _cases() -> list[dict[str, Any]]:
    tree, problems = parse(CASES_FILE.read_text(encoding="utf-8"), CASES_FILE.name, aliases=True)
    assert tree is not None
    assert problems == []
    cases: list[dict[str, Any]] = plain(tree)["cases"]
    return cases


CASES = _cases()
each_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
needs_durable = pytest.mark.skipif(
    find_spec("durable_rules_engine") is None, reason="durable-rules is not installed here"
)
each_engine = pytest.mark.parametrize("engine", ["native", pytest.param("durable", marks=needs_durable)])


def differences(case: dict[str, Any], decision: dict[str, Any]) -> list[str]:
    """Where a decision, as plain values, is not what the case expects."""
    found: list[str] = []

    def compare(what: str, got: object, expected: object) -> None:
        if got != expected:
            found.append(f"{what}: {got!r}, expected {expected!r}")

    for name, expected in case["expect"].items():
        if name == "outcome":
            compare(name, decision["outcome"], expected)
        elif name == "stages":
            for stage, outcome in expected.items():
                compare(f"stage {stage}", decision["stages"][stage], outcome)
        else:
            [finding] = [
                one for one in decision["findings"] if one["requirement"] == name and one["required"]
            ]
            wanted = {"status": expected} if isinstance(expected, str) else expected
            for key, value in wanted.items():
                got = bool(finding[key]) if key == "contested" else finding[key]
                compare(f"{name} {key}", got, value)
    return found


@each_engine
@each_case
def test_through_the_python_api(case: dict[str, Any], engine: str) -> None:
    as_of = date.fromisoformat(case["as_of"])
    decision = evaluate(case["applicant"], case["qualification"], as_of=as_of, engine=engine)
    assert differences(case, decision.to_dict()) == []


@each_case
def test_through_the_command(case: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "applicant.json"
    file.write_text(json.dumps(case["applicant"]), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "kutsereeglid",
            "evaluate",
            str(file),
            case["qualification"],
            "--as-of",
            case["as_of"],
            "--json",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert differences(case, json.loads(done.stdout)) == []
    assert Decision.from_json(done.stdout).to_json(indent=2) + "\n" == done.stdout


def test_a_case_that_is_wrong_is_noticed() -> None:
    case = CASES[0]
    wrong = {**case, "expect": {"work-experience": "open"}}
    decision = evaluate(case["applicant"], case["qualification"], as_of=date.fromisoformat(case["as_of"]))
    assert differences(wrong, decision.to_dict()) == ["work-experience status: 'met', expected 'open'"]
