"""The laws in the large: ``python -m tests.laws.in_full [--rulesets N] [--applicants N]``.

Rulesets are drawn in batches, each from a seed of its own, on every core; a batch that is done is kept in
``.laws/`` and not run again, so that a run that was stopped (it tells what was done) goes on where it was.
Deleting the folder starts anew. A world that breaks a law is made smaller for a while, and told at the end with all others.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from pprint import pformat
from random import Random
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from kutsereeglid.authoring.choices import rolled
from tests.laws import laws
from tests.laws.laws import World, worlds_from
from tests.laws.smallest import smallest

FOLDER = Path(".laws")
BATCH = 50
WITH_DURABLE = 2_000
"""Rulesets that the engine on durable-rules decides too, where it is installed."""
LEAST = {"family": 2, "status": 5}
"""Per cent of the findings that each family and each status must have, lest it was hardly tried."""

LAWS: dict[str, Callable[..., None]] = {
    "1 monotone": lambda world, seed: laws.knowledge_is_monotone(world),
    "2 missing": lambda world, seed: laws.missing_is_exact(world),
    "2 asking on": lambda world, seed: laws.asking_on_ends(world),
    "3 replay": lambda world, seed: laws.proofs_replay(world, Random(seed)),
    "4 order": lambda world, seed: laws.order_does_not_matter(world),
    "5 time": lambda world, seed: laws.time_only_closes(world, Random(seed)),
    "6 oracle": lambda world, seed: laws.engine_and_oracle_agree(world),
    "6 durable": lambda world, seed: laws.engines_agree(world) if seed < WITH_DURABLE else None,
}
SHRUNK = 3
"""Worlds of a batch that are made smaller; of the others only what was raised is told."""


def checked(number: int, applicants: int, names: list[str], seconds: float) -> dict[str, Any]:
    """One batch: the laws on each of its rulesets and applicants."""
    seen: Counter[str] = Counter()
    spent = dict.fromkeys(names, 0.0)
    broken: list[str] = []
    for seed in range(number * BATCH, (number + 1) * BATCH):
        try:
            made = worlds_from(rolled(Random(seed)), applicants)
        except Exception:
            broken.append(f"ruleset {seed}: it cannot be read\n{traceback.format_exc(limit=-3)}")
            continue
        seen["rulesets"] += 1
        for world in made:
            seen["applicants"] += 1
            for name in names:
                begun = time.process_time()
                try:
                    LAWS[name](world, seed)
                except Exception:
                    raised = traceback.format_exc(limit=-3)
                    small = len(broken) < SHRUNK and smallest(world, partial(LAWS[name], seed=seed), seconds)
                    told = told_world(small) if small else ""
                    broken.append(f"law {name}, ruleset {seed}:\n{raised}{told}")
                spent[name] += time.process_time() - begun
            seen.update(world.seen)
    return {"seen": dict(seen), "spent": spent, "broken": broken}


def told_world(world: World) -> str:
    told = {
        "rules": {key: value for key, value in world.ruleset.items() if key not in _DULL},
        "as_of": world.as_of.isoformat(),
        "file": world.steps[0].file,
        "forgotten": [step.path for step in world.steps[1:]],
    }
    return pformat(told, width=150, sort_dicts=False) + "\n"


_DULL = ("format", "ruleset", "title", "in_force", "languages", "sources", "stages", "decided_at")


def run(number: int, *asked: Any) -> tuple[int, dict[str, Any]]:
    """A batch in a process of its own."""
    return number, checked(number, *asked)


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the laws over many generated rulesets.")
    parser.add_argument("--rulesets", type=int, default=20_000)
    parser.add_argument("--applicants", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first ruleset's seed")
    parser.add_argument("--laws", default="", help="only those whose names begin so, such as 1,2,5")
    parser.add_argument("--shrink", type=float, default=30, help="seconds for making one failure smaller")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    names = [name for name in LAWS if name.startswith(tuple(asked.laws.split(",")))]
    if find_spec("durable_rules_engine") is None:
        names = [name for name in names if name != "6 durable"]
    folder = FOLDER / "-".join([str(asked.applicants), *(name[0] for name in names)])
    folder.mkdir(parents=True, exist_ok=True)
    first = asked.first // BATCH
    paths = {
        number: folder / f"{number}.json" for number in range(first, first + -(-asked.rulesets // BATCH))
    }
    waiting = [number for number, path in paths.items() if not path.exists()]
    console = Console()
    with Progress(console=console) as progress, ProcessPoolExecutor(asked.processes) as pool:
        task = progress.add_task(
            "rulesets", total=len(paths) * BATCH, completed=(len(paths) - len(waiting)) * BATCH
        )
        running = [pool.submit(run, number, asked.applicants, names, asked.shrink) for number in waiting]
        try:
            for done in as_completed(running):
                number, found = done.result()
                paths[number].write_text(json.dumps(found), encoding="utf-8")
                progress.advance(task, BATCH)
                if not console.is_terminal:
                    console.print(f"{int(progress.tasks[0].completed):,} of {len(paths) * BATCH:,} rulesets")
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            console.print("Stopped; this was done:")
    done_ones = [path for path in paths.values() if path.exists()]
    status = told([json.loads(path.read_text(encoding="utf-8")) for path in done_ones], console)
    return status if len(done_ones) == len(paths) else 130


def told(batches: list[dict[str, Any]], console: Console) -> int:
    """Prints what was broken and what was compared; the status is 1 when a law was broken, or a family or
    a status hardly tried."""
    total: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    broken: list[str] = []
    for batch in batches:
        total.update(batch["seen"])
        spent.update(batch["spent"])
        broken += batch["broken"]
    for one in broken:
        console.print(one, markup=False, soft_wrap=True)
    compared = max(1, total["compared"])
    console.print(
        f"{total['rulesets']:,} rulesets, {total['applicants']:,} applicants, {total['compared']:,} findings "
        f"compared with the oracle; left out: "
        + ", ".join(f"{total[key]:,} {key.partition(': ')[2]}" for key in total if key.startswith("left out"))
        + f"; applicants decided by durable too: {total['decided by durable too']:,}"
    )
    each = {name: 1000 * seconds / max(1, total["applicants"]) for name, seconds in spent.items()}
    console.print("CPU, ms an applicant: " + ", ".join(f"law {name} {ms:.1f}" for name, ms in each.items()))
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
    if broken:
        console.print(f"broken: {len(broken)}")
    return bool(few or broken)


if __name__ == "__main__":
    sys.exit(main())
