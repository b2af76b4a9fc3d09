"""What is said of coverage: lines for people, plain values for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kutsereeglid.authoring.coverage import Covered, Item, Kind, counted
from kutsereeglid.rendering import Line


def report_lines(covered: Iterable[Covered]) -> list[Line]:
    """For each ruleset how much the cases show, by kind, and each thing that they do not, with its place."""
    every = list(covered)
    lines: list[Line] = []
    for one in every:
        cases = f"{one.cases} case{'' if one.cases == 1 else 's'}"
        lines.append(Line(f"{one.ruleset.id} {one.ruleset.version}: {one.count}, {cases}", "title"))
        for kind in Kind:
            of_kind = counted(item for item in one.items if item.kind is kind)
            if of_kind.of:
                lines.append(Line(f"  {kind:12} {of_kind}", "met" if of_kind.seen == of_kind.of else ""))
        lines += [Line(f"  {text}", "not_met") for text in _lacking(one)]
        lines.append(Line(""))
    lines.append(Line(f"in all: {counted(item for one in every for item in one.items)}", "title"))
    return lines


def _lacking(covered: Covered) -> Iterator[str]:
    for item in covered.items:
        if item.lacking:
            place = f"{shown_path(covered.file(item.place.file))}:{item.place.line}:{item.place.column}"
            yield f"{place}: {item.kind} {item.what}: not seen {said(item)}"


def shown_path(path: Path) -> Path:
    """A path as seen from the working folder, where it is in it."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path


def said(item: Item) -> str:
    """What was not seen of an item, and why: sides with one reason are told together."""
    reasons: dict[str, list[str]] = {}
    for side in item.lacking:
        reasons.setdefault(item.sides[side], []).append(side)
    return "; ".join(f"{', '.join(sides)} ({why})" for why, sides in reasons.items())


def report(covered: Iterable[Covered]) -> dict[str, Any]:
    """The same as plain values for JSON."""
    every = list(covered)
    total = counted(item for one in every for item in one.items)
    return {
        "percent": total.percent,
        "seen": total.seen,
        "of": total.of,
        "rulesets": [
            {
                "id": one.ruleset.id,
                "version": one.ruleset.version,
                "cases": one.cases,
                "percent": one.count.percent,
                "seen": one.count.seen,
                "of": one.count.of,
                "items": [_item(one, item) for item in one.items],
            }
            for one in every
        ],
    }


def _item(covered: Covered, item: Item) -> dict[str, Any]:
    return {
        "kind": str(item.kind),
        "what": item.what,
        "file": str(shown_path(covered.file(item.place.file))),
        "line": item.place.line,
        "column": item.place.column,
        "seen": {
            side: f"{place.file}:{place.line}" for side, place in item.seen.items() if side in item.sides
        },
        "lacking": {side: item.sides[side] for side in item.lacking},
    }
