"""Each engine under threads, in forked processes, and over many evaluations: ``python -m benchmarks.stress``.

Answers are compared with those that the native engine gave alone, before; memory is what the process holds
(resident), after a first round in which everything that is kept has been made.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from attrs import frozen

from benchmarks.applicants import QUALIFICATIONS, applicants, with_gaps
from kutsereeglid import Decision, UsageError, evaluate
from kutsereeglid.engine import ENGINES, engine_named

LIMITS = {"native": 1.0, "durable": 5.0}
"""Bytes that an evaluation may leave behind."""
THREADS = 8
PROCESSES = 8

Case = tuple[dict[str, Any], str, Any]
Said = tuple[object, ...]


@frozen
class Stress:
    """Files with every shipped qualification, and what the native engine says of each when it runs alone."""

    cases: list[Case]
    expected: list[Said]

    @classmethod
    def of(cls, files: int) -> Stress:
        complete = applicants(files, seed=11)
        pairs = [*complete[: files // 2], *with_gaps(complete[files // 2 :])]
        cases = [(file, name, as_of) for file, as_of in pairs for name in QUALIFICATIONS]
        return cls(cases, [said(evaluate(file, name, as_of=as_of)) for file, name, as_of in cases])

    def wrong(self, engine: str, evaluations: int, seed: int = 0) -> int:
        """How many of so many evaluations, in an order of their own, came out otherwise."""
        order = Random(seed).sample(range(len(self.cases)), len(self.cases))
        return sum(
            self._one(engine, place) != self.expected[place] for place in islice(cycle(order), evaluations)
        )

    def _one(self, engine: str, place: int) -> Said:
        file, name, as_of = self.cases[place]
        return said(evaluate(file, name, as_of=as_of, engine=engine))

    def in_threads(self, engine: str, evaluations: int) -> int:
        """Wrong answers of eight threads that share the evaluations."""
        with ThreadPoolExecutor(THREADS) as pool:
            share = evaluations // THREADS
            return sum(pool.map(lambda seed: self.wrong(engine, share, seed), range(THREADS)))

    def in_processes(self, engine: str, evaluations: int) -> int:
        """Forked processes in which an answer was wrong, or that did not come to their end."""
        self.wrong(engine, len(QUALIFICATIONS))  # what is kept is there before the fork
        children = []
        for seed in range(PROCESSES):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    status = min(self.wrong(engine, evaluations // PROCESSES, seed), 1)
                finally:
                    os._exit(status)
            children.append(child)
        return sum(os.waitpid(child, 0)[1] != 0 for child in children)

    def growth(self, engine: str, evaluations: int, seen: Callable[[int, float], None]) -> float:
        """Bytes that one of so many evaluations leaves behind; ``seen`` hears of each tenth."""
        self.wrong(engine, max(evaluations // 10, len(self.cases)))
        before = resident()
        for tenth in range(1, 11):
            wrong = self.wrong(engine, evaluations // 10, seed=tenth)
            if wrong:
                raise AssertionError(f"{wrong} wrong answers of {engine}")
            seen(tenth * (evaluations // 10), resident() - before)
        return (resident() - before) / evaluations


def said(decision: Decision) -> Said:
    return (
        decision.outcome,
        *((one.status, one.due, one.earliest, one.missing, one.contested) for one in decision.findings),
    )


def resident() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def stressed(engine: str, stress: Stress, evaluations: int) -> Iterator[tuple[str, bool]]:
    """What was tried, as a line, and whether it held."""
    fewer = evaluations // 10
    started = time.perf_counter()
    wrong = stress.in_threads(engine, fewer)
    yield f"{fewer:,} evaluations in {THREADS} threads: {wrong} wrong", wrong == 0
    wrong = stress.in_processes(engine, fewer)
    yield (
        f"{fewer:,} evaluations in {PROCESSES} forked processes: {wrong} processes with a wrong answer",
        wrong == 0,
    )

    def seen(done: int, grown: float) -> None:
        print(f"  {engine}: {done:,} evaluations, {grown / 1024:+,.0f} KiB", file=sys.stderr, flush=True)

    growth = stress.growth(engine, evaluations, seen)
    yield (
        (
            f"{evaluations:,} evaluations one after another: {growth:+.2f} bytes each "
            f"(limit {LIMITS[engine]:g}), none wrong, {time.perf_counter() - started:,.0f} s in all"
        ),
        growth < LIMITS[engine],
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Put each engine under stress.")
    parser.add_argument("engines", nargs="*", default=ENGINES)
    parser.add_argument("--evaluations", type=int, default=200_000)
    parser.add_argument("--files", type=int, default=400)
    asked = parser.parse_args(arguments)
    stress = Stress.of(asked.files)
    held = True
    for engine in asked.engines:
        try:
            engine_named(engine)
        except UsageError as error:
            print(f"{engine}: left out; {error}")
            continue
        for line, right in stressed(engine, stress, asked.evaluations):
            print(f"{engine}: {line}: {'held' if right else 'NOT HELD'}", flush=True)
            held &= right
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
