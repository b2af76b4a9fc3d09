"""How many of the seeded defects are told of: ``python -m tests.defects.seeded``. Exit status 1 below 95 of 100."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from kutsereeglid.authoring.checks import check
from kutsereeglid.authoring.checks.reasoning import reasoned
from tests.defects.seeding import read, seeded

LEAST = 95
SHIPPED = Path(__file__).parents[2] / "rulesets"


def told(one: dict[str, Any]) -> set[str]:
    """The codes of what is told of the rulesets with one defect in them."""
    with tempfile.TemporaryDirectory() as folder:
        findings = check(seeded(one, Path(folder) / "rulesets"), reasoned)
    return {finding.problem.code for finding in findings}


def main() -> int:
    console = Console()
    seeds, found = Counter[str](), Counter[str]()
    missed = []
    for one in track(read("defects.yaml"), "defects", console=Console(stderr=True), transient=True):
        kind = one["expect"][0]
        seeds[kind] += 1
        if told(one).isdisjoint(one["expect"]):
            missed.append(f"not told: {kind}: {one['name']}")
        else:
            found[kind] += 1
    alarms = [f"false alarm: {one['when']}: {codes}" for one in read("sound.yaml") if (codes := told(one))]
    alarms += [f"false alarm: {one}" for one in check(SHIPPED, reasoned)]
    table = Table("defect", "told", "of")
    for kind, count in seeds.items():
        table.add_row(kind, str(found[kind]), str(count))
    table.add_section()
    table.add_row("all", str(found.total()), str(seeds.total()))
    console.print(table)
    for line in (*missed, *alarms):
        console.print(line, markup=False)
    score = 100 * found.total() / seeds.total()
    console.print(f"{score:.1f} of 100, {len(alarms)} false alarms")
    return 0 if score >= LEAST and not alarms else 1


if __name__ == "__main__":
    sys.exit(main())
