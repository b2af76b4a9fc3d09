"""Makes the parsed copies of the shipped rulesets when a wheel is built or the package is installed."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ParsedCopies(BuildHookInterface):
    """`kutsereeglid.parsed` says what they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from kutsereeglid.parsed import store

        store(root / "rulesets")
