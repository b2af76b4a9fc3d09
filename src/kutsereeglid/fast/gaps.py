"""What facts that are not known leave open, for the conditions that are written out.

Such a condition is monotone in each fact. So its status with every unknown fact at its worst, and at its best,
decides whether it is known; and a fact is missing if it alone makes a difference there. Where that does not tell,
`kutsereeglid.conditions.settle` is asked, which tries every completion that matters.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from itertools import combinations
from typing import Any

from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import FAR
from kutsereeglid.fast.rows import LAST

UNKNOWN = 4
LATEST = FAR.toordinal()
NONE: frozenset[str] = frozenset()


@frozen(eq=False, repr=False)
class Gap:
    """Why a status is unknown."""

    missing: tuple[str, ...]
    worst: int
    best: int
    """The statuses with every unknown fact at its worst and at its best."""


Entries = Callable[[Container[str]], list[Any]]


@frozen(eq=False, repr=False)
class Uncertain:
    """A record of which something is not known."""

    paths: tuple[str, ...]
    """The facts that are not known."""
    entries: Entries
    """What the record adds, with the facts named at their worst and the others at their best."""
    since: int = 0
    """The day from which it counts, where that is known."""


def of_measure(
    status: Callable[[Sequence[Any], int, int], int],
    certain: Sequence[Any],
    uncertain: Sequence[Uncertain],
    today: int,
    due: int,
) -> int | Gap | None:
    """The status of what certain and uncertain records come to, or why it is not known, if it is not;
    ``None`` where that must be searched."""
    judged = today if today < due else due
    in_time = [one for one in uncertain if one.since <= judged]
    paths = [path for one in in_time for path in one.paths]
    everything = frozenset(paths)

    def at(worst: Container[str]) -> int:
        return status([*certain, *(entry for one in in_time for entry in one.entries(worst))], today, due)

    worst, best = at(everything), at(NONE)
    if not uncertain:
        return worst
    if len(paths) > 1 and worst != best:
        for path in everything:
            if at({path}) == best and at(everything - {path}) == worst and not _matters(path, everything, at):
                return None
    return Gap(tuple(sorted(everything)), worst, best)


_FEW = 5
"""Facts not known whose ends are tried in every combination."""


def _matters(path: str, everything: frozenset[str], at: Callable[[Container[str]], int]) -> bool:
    """Whether a fact alone makes a difference with each of the others at one of its ends."""
    others = sorted(everything - {path})
    if len(others) >= _FEW:
        return False
    some = (frozenset(one) for count in range(1, len(others)) for one in combinations(others, count))
    return any(at(one) != at(one | {path}) for one in some)


def of_count(held: bool, days: Iterable[tuple[tuple[str, ...], int]], today: int, due: int) -> int | Gap:
    """The status of one record at least that is handed in or done by the due day; ``days`` has the
    records of which something is not known, with the day at best."""
    if held:
        return 1
    judged = today if today < due else due
    rest = 2 if today <= due else 8
    paths = {path for paths, day in days if day <= judged for path in paths}
    return Gap(tuple(sorted(paths)), rest, 1) if paths else rest


def run_entries(
    tests: frozenset[str],
    start: int | None,
    end: int | None,
    start_path: str,
    end_path: str,
    *,
    endless: bool,
) -> Callable[[Container[str]], list[tuple[int, int]]]:
    """The days of a lasting record of which something is not known."""

    def entries(worst: Container[str]) -> list[tuple[int, int]]:
        if any(path in worst for path in tests):
            return []
        first, last = start, end
        if first is None:
            first = 1 if start_path not in worst else LAST if end is None else end
        if last is None:
            last = (LAST if endless else LATEST) if end_path not in worst else 1 if start is None else start
        return [(first, max(first, last))]

    return entries


def merged(
    nodes: Sequence[int],
    hanging: Container[int],
    event: str,
    early: tuple[Sequence[int], dict[int, Gap]],
    late: tuple[Sequence[int], dict[int, Gap]],
    gaps: dict[int, Gap],
    slow: Callable[[int], int],
    besides: Callable[[int], Iterable[str] | None],
) -> list[int]:
    """The statuses of the cells at ``nodes`` when the day of an event is not known, from those with it at
    the earliest and at the latest; 0 stands for what is not written out. ``besides`` gives the facts that
    are missing besides it, where that can be said at once."""
    made = []
    for place, node in enumerate(nodes):
        one, other = early[0][place], late[0][place]
        if node not in hanging or not one or not other:
            if one and node in late[1]:
                gaps[node] = late[1][node]
            made.append(one if one and other else slow(node))
            continue
        if one == other != UNKNOWN:
            gaps[node] = Gap((), one, one)
            made.append(one)
            continue
        before, after = early[1].get(node), late[1].get(node)
        others = besides(node)
        if others is not None:
            gaps[node] = Gap(tuple(sorted({event, *others})), UNKNOWN, UNKNOWN)
            made.append(UNKNOWN)
            continue
        if after.worst == after.best if after is not None else before is not None:
            # What is missing besides makes no difference there, but may for a day in between.
            made.append(slow(node))
            continue
        before = before or Gap((), one, one)
        after = after or Gap((), other, other)
        paths = {*before.missing, *after.missing}
        if before.worst != after.worst or before.best != after.best:
            paths.add(event)
        gaps[node] = Gap(tuple(sorted(paths)), before.worst, after.best)
        made.append(UNKNOWN)
    return made


def absent(value: Any) -> bool:
    return value is ABSENT or value is None
