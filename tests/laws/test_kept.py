"""What the laws once found, kept: the library and the oracle on each of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kutsereeglid import evaluate
from kutsereeglid.fast import WORTH_WRITING
from kutsereeglid.testing import rulebook_of
from tests.laws import oracle

pytestmark = pytest.mark.usefixtures("on_each_engine")

KEPT: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("kept.yaml"))


def ruleset_of(case: dict[str, Any]) -> dict[str, Any]:
    rule = {"title": "R", "kind": "prerequisite", "says": {"source": "law", "at": "1"}}
    return {
        "format": 1,
        "ruleset": "kept/body",
        "title": "A body",
        "in_force": {"from": "2020-01-01"},
        "languages": ["en"],
        "sources": {"law": {"title": "A law"}},
        "calendar": {
            "zone": "Europe/Tallinn",
            "holidays": "EE",
            "month_end": "clamp",
            "counting_back": "subtract",
            "terms_on_days_off": {"after": "stay", "before": "stay"},
            **case.get("calendar", {}),
        },
        "counting_time": {
            "overlaps": "once",
            "broken_runs": "calendar shares",
            "part_time": "as calendar time",
            "suspended": "counts",
            **case.get("counting_time", {}),
        },
        "stages": {"application": "Application"},
        "decided_at": "application",
        **{key: case[key] for key in ("define", "facts", "rounds", "readings") if key in case},
        "rules": {"asked": {**rule, "when": written(case["when"]), **due_of(case), **case.get("rule", {})}},
        "qualifications": {"q": {"title": "Q", "requires": {"application": ["asked"]}}},
    }


def due_of(case: dict[str, Any]) -> dict[str, str]:
    return {"due": str(case["due"])} if "due" in case else {}


def written(value: Any) -> Any:
    """As a ruleset has it: days as texts."""
    if isinstance(value, dict):
        return {key: written(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("case", KEPT, ids=[case["because"] for case in KEPT])
def test_kept(case: dict[str, Any]) -> None:
    ruleset = ruleset_of(case)
    as_of = case.get("as_of", date(2026, 3, 10))
    book = rulebook_of(ruleset)
    expected = (case["status"], case.get("earliest"), set(case.get("missing", ())))
    opinion = oracle.findings(ruleset, case["file"], as_of)[None, None, "asked"]
    for _ in range(
        WORTH_WRITING + 1
    ):  # by the families' own judgements, then by the code that is written out
        (finding,) = evaluate(case["file"], "q", as_of=as_of, rulebook=book).findings
        assert (str(finding.status), finding.earliest, {*finding.missing}) == expected
        assert finding.due == opinion.due
    if opinion.status is not None:  # else it had too many completions to try
        assert (opinion.status, {*opinion.missing}) == (expected[0], expected[2])
