"""``kutsereeglid diff OLD NEW``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from kutsereeglid.authoring.differences import (
    TRIES,
    Behaviour,
    Change,
    Pair,
    behaviour,
    changed_decisions,
    changes,
    pairs,
    read_applicants,
    said,
)
from kutsereeglid.authoring.flow import flow
from kutsereeglid.authoring.witness import Witness
from kutsereeglid.cli import options
from kutsereeglid.cli.output import Interruptible, print_json, print_lines
from kutsereeglid.rendering import Line


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--applicants",
    "given",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Applicants, as a list in JSON or YAML: whose decision changes.",
)
@click.option(
    "--as-of", callback=options.day, metavar="DAY", help="The day on which they are decided on; today."
)
@click.option(
    "--tries", type=click.IntRange(2), default=TRIES, metavar="N", help="Files tried for each qualification."
)
@click.option("--json", "as_json", is_flag=True, help="The differences as one JSON object.")
def command(old: Path, new: Path, given: Path | None, as_of: date | None, tries: int, as_json: bool) -> int:
    """Tell what changed from OLD to NEW, two versions of a ruleset or two folders: in the files, and in what is
    decided, with an applicant for each change.

    Exit status 0 when no decision is known to change, 1 when one does; 2 for a mistake in a file.
    """
    applicants = [] if given is None else read_applicants(given)
    every = pairs(old, new)
    work = [(pair, name) for pair in every for name in pair.qualifications]
    found: dict[Pair, list[Behaviour]] = {pair: [] for pair in every}
    with Interruptible(work, "qualifications") as ahead:
        for pair, name in ahead:
            found[pair].append(behaviour(pair, name, tries))
    day = as_of or date.today()  # noqa: DTZ011 - the one look at the clock
    decided = {
        pair: [*changed_decisions(pair, applicants, day)] if pair.qualifications else [] for pair in every
    }
    if as_json:
        print_json(
            json.dumps(
                [_plain(pair, found[pair], decided[pair]) for pair in every], ensure_ascii=False, indent=2
            )
        )
    else:
        print_lines(line for pair in every for line in _lines(pair, found[pair], decided[pair], given))
    if ahead.interrupted:
        return 130
    differs = any(one.witnesses for several in found.values() for one in several) or any(decided.values())
    return 1 if differs else 0


def _changes(pair: Pair) -> list[Change]:
    return [] if pair.old is None or pair.new is None else changes(pair.old, pair.new)


def _lines(
    pair: Pair, found: list[Behaviour], decided: list[tuple[int, Witness]], given: Path | None
) -> Iterator[Line]:
    old, new = (None if one is None else one.side.ruleset.version for one in (pair.old, pair.new))
    if old is None or new is None:
        yield Line(f"{pair.id} {old or new}: {'added' if old is None else 'taken out'}", "title")
        return
    yield Line(f"{pair.id}: {old} -> {new}", "title")
    changed = _changes(pair)
    for one in changed:
        yield Line(f"  {one.place}: {one.path}: {_told(one)}")
    if not changed:
        yield Line("  nothing changed in the files")
    yield Line("")
    for part in found:
        yield from _of_behaviour(part)
    for number, witness in decided:
        yield Line(f"  {given}[{number}]: {witness.qualification}", "heading")
        yield from (Line(f"    {line}") for line in said(witness.before, witness.after))
    if given is not None and not decided:
        yield Line(f"  {given}: no decision changes")


def _told(one: Change) -> str:
    if one.before is None:
        return f"added, {flow(one.after)}"
    if one.after is None:
        return f"taken out, {flow(one.before)}"
    return f"{flow(one.before)} -> {flow(one.after)}"


def _of_behaviour(one: Behaviour) -> Iterator[Line]:
    if one.same:
        yield Line(f"  {one.qualification}: decided alike, whoever applies", "met")
    elif not one.witnesses:
        yield Line(f"  {one.qualification}: no difference found in {one.tried} files", "dim")
    for witness in one.witnesses:
        yield Line(f"  {one.qualification}: decided otherwise", "open")
        yield from (Line(f"    {line}") for line in said(witness.before, witness.after))
        yield Line(f"    as_of: {witness.as_of}", "dim")
        if witness.readings:
            yield Line(f"    readings: {flow(dict(witness.readings))}", "dim")
        yield Line(f"    applicant: {flow(witness.file)}", "dim")


def _plain(pair: Pair, found: list[Behaviour], decided: list[tuple[int, Witness]]) -> dict[str, Any]:
    return {
        "ruleset": pair.id,
        "old": None if pair.old is None else pair.old.side.ruleset.version,
        "new": None if pair.new is None else pair.new.side.ruleset.version,
        "changes": [
            {"where": str(one.place), "path": one.path, "before": one.before, "after": one.after}
            for one in _changes(pair)
        ],
        "qualifications": [
            {
                "qualification": one.qualification,
                "same": one.same,
                "tried": one.tried,
                "witnesses": [
                    {
                        "as_of": witness.as_of.isoformat(),
                        "readings": dict(witness.readings),
                        "applicant": witness.file,
                        "changes": said(witness.before, witness.after),
                    }
                    for witness in one.witnesses
                ],
            }
            for one in found
        ],
        "applicants": [
            {
                "number": number,
                "qualification": witness.qualification,
                "changes": said(witness.before, witness.after),
            }
            for number, witness in decided
        ],
    }
