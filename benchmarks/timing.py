"""Timing several tasks in turn, so that what drifts on the machine hits all of them alike."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from time import process_time

from attrs import field, frozen

Task = Callable[[], int]
"""Does the work to be timed; how many decisions it made."""


@frozen
class Size:
    """How much is done."""

    rounds: int
    files: int
    """Applicants in a round; each is asked about with every qualification."""
    checked: int
    """Applicants on which the parties must agree before anything is timed."""


@frozen
class Timed:
    """Seconds of processor time for one decision, of each task in each round."""

    rounds: Mapping[str, Sequence[float]]

    def micros(self, name: str) -> float:
        """The median, in microseconds."""
        return median(self.rounds[name]) * 1e6

    def ratio(self, name: str, base: str) -> float:
        """The median over the rounds of how many times as long it takes as another task."""
        return median(mine / its for mine, its in zip(self.rounds[name], self.rounds[base], strict=True))


def in_turn(makers: Mapping[str, Callable[[int], Task]], rounds: int) -> Timed:
    """Times tasks, each made afresh for each round, in turn and beginning with another one each time.

    Making a task is not timed. A round before the first is not counted. The garbage collector runs as
    always, but what was there before a task has been set aside.
    """
    taken: dict[str, list[float]] = {name: [] for name in makers}
    names = list(makers)
    for number in range(-1, rounds):
        tasks = {name: make(number) for name, make in makers.items()}
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            with _others_set_aside():
                start = process_time()
                count = tasks[name]()
                seconds = process_time() - start
            if number >= 0:
                taken[name].append(seconds / count)
        progress(f"round {number + 1} of {rounds}")
    return Timed(taken)


@contextmanager
def _others_set_aside() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def progress(text: str) -> None:
    """Says on a terminal how far it is."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


@frozen
class Section:
    """One table of the report."""

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = field(factory=tuple)

    def markdown(self) -> str:
        lines = [f"## {self.title}", "", *([self.about, ""] if self.about else [])]
        lines.append(f"| {' | '.join(self.columns)} |")
        lines.append("|---" * len(self.columns) + "|")
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines)


def within(value: float, limit: float | None) -> str:
    """A limit, and whether the value keeps it."""
    if limit is None:
        return ""
    return f"{limit:g}x: {'met' if value <= limit else 'not met'}"


def times(ratio: float) -> str:
    return f"{ratio:.2f}x" if ratio < 100 else f"{ratio:.0f}x"


def micro(value: float) -> str:
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"
