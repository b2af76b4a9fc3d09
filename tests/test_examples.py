"""The rulesets of other bodies under rulesets/examples; pytest collects their cases beside them."""

from __future__ import annotations

from kutsereeglid.authoring.case_files import case_files
from kutsereeglid.evaluation import shipped_rulebook

ROOT = shipped_rulebook().root / "examples"


def test_every_example_has_cases() -> None:
    bodies = {path.parent for path in ROOT.glob("*/*.yaml")}
    assert bodies == {path.parent for path in case_files([ROOT])}
