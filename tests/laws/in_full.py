"""The laws in the large: ``python -m tests.laws.in_full [--rulesets N] [--applicants N]``.

Rulesets are drawn in batches, each from a seed of its own, on every core; a batch that is done is kept in
``.laws/`` and not run again, so that a run that was stopped goes on where it was. Deleting the folder starts
anew.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.util import find_spec
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.laws import laws
from tests.laws.laws import World, worlds

FOLDER = Path(".laws")
BATCH = 50
WITH_DURABLE = 2_000
"""Rulesets that the engine on durable-rules decides too, where it is installed."""
LEAST = {"family": 2, "status": 5}
"""Per cent of the findings that each family and each status must have, lest it was hardly tried."""


def checked(number: int, applicants: int) -> Counter[str]:
    """One batch: every law on each of its rulesets and applicants. Raises what the laws raise, shrunk."""
    seen: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
    )
    @given(worlds(applicants))
    def every_law(made: list[World]) -> None:
        seen["rulesets"] += 1
        for place, world in enumerate(made):
            random = Random(f"{number} {place}")
            laws.knowledge_is_monotone(world)
            laws.missing_is_exact(world)
            laws.asking_on_ends(world)
            laws.proofs_replay(world, random)
            laws.order_does_not_matter(world)
            laws.time_only_closes(world, random)
            laws.engine_and_oracle_agree(world)
            if number * BATCH < WITH_DURABLE and find_spec("durable_rules_engine"):
                laws.engines_agree(world)
            seen["applicants"] += 1
            seen.update(world.seen)

    every_law()
    return seen


def run(number: int, applicants: int) -> tuple[int, dict[str, int], str]:
    """A batch in a process of its own: what it counted, or what went wrong."""
    try:
        return number, dict(checked(number, applicants)), ""
    except Exception:
        return number, {}, traceback.format_exc()


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the laws over many generated rulesets.")
    parser.add_argument("--rulesets", type=int, default=20_000)
    parser.add_argument("--applicants", type=int, default=10)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    names = {
        number: FOLDER / f"{asked.applicants}-{number}.json" for number in range(asked.rulesets // BATCH)
    }
    waiting = [number for number, path in names.items() if not path.exists()]
    console = Console()
    with Progress(console=console) as progress, ProcessPoolExecutor(asked.processes) as pool:
        task = progress.add_task(
            "rulesets", total=len(names) * BATCH, completed=(len(names) - len(waiting)) * BATCH
        )
        running = [pool.submit(run, number, asked.applicants) for number in waiting]
        for done in as_completed(running):
            number, seen, wrong = done.result()
            if wrong:
                pool.shutdown(wait=False, cancel_futures=True)
                console.print(f"batch {number}:\n{wrong}", markup=False, soft_wrap=True)
                return 1
            names[number].write_text(json.dumps(seen), encoding="utf-8")
            progress.advance(task, BATCH)
            if not console.is_terminal and len(list(FOLDER.glob("*.json"))) % 20 == 0:
                console.print(f"{int(progress.tasks[0].completed):,} of {len(names) * BATCH:,} rulesets")
    total: Counter[str] = Counter()
    for path in names.values():
        total.update(json.loads(path.read_text(encoding="utf-8")))
    return told(total, console)


def told(total: Counter[str], console: Console) -> int:
    """Prints what was compared; the status is 1 when a family or a status was hardly tried."""
    compared = total["compared"]
    console.print(
        f"{total['rulesets']:,} rulesets, {total['applicants']:,} applicants, {compared:,} findings compared; "
        f"left out, with too many completions: {total['left out: too many completions']:,}; "
        f"applicants decided by durable too: {total['decided by durable too']:,}"
    )
    table = Table("", "findings", "share")
    few = []
    for key, count in sorted(total.items()):
        kind = key.partition(" ")[0]
        if kind in LEAST:
            table.add_row(key, f"{count:,}", f"{100 * count / compared:.1f} %")
            few += [key] if count * 100 < LEAST[kind] * compared else []
    console.print(table)
    if few:
        console.print(f"hardly tried: {', '.join(few)}")
    return bool(few)


if __name__ == "__main__":
    sys.exit(main())
