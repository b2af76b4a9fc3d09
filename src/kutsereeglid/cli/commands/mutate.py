"""``kutsereeglid mutate [PATH…]``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from kutsereeglid.authoring.coverage_report import shown_path
from kutsereeglid.authoring.mutants import TRIES, Fate, Result, counted, mutatings
from kutsereeglid.cli.output import Interruptible, print_json, print_lines
from kutsereeglid.rendering import Line


@click.command("mutate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--tries", type=click.IntRange(0), default=TRIES, metavar="N", help="Files tried for a proposed case."
)
@click.option("--json", "as_json", is_flag=True, help="The results as one JSON object.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=0.0,
    metavar="PERCENT",
    help="Exit status 1 when less than so much is killed.",
)
def command(paths: tuple[Path, ...], tries: int, as_json: bool, fail_under: float) -> int:
    """Change the rulesets in PATHs, one thing at a time, and tell which changes the cases beside them do not notice
    (here, when none is given).

    Each survivor comes with a case that would kill it, where one is found. Exit status 0, or 1 when less than
    PERCENT is killed; 2 for a mistake in a file.
    """
    work = [(mutating, mutant) for mutating in mutatings(paths or (Path(),)) for mutant in mutating.mutants]
    results: list[Result] = []
    with Interruptible(work, "mutants") as ahead:
        for mutating, mutant in ahead:
            results.append(mutating.result(mutant, tries))
    killed, of = counted(results)
    percent = 100 * killed / of if of else 100.0
    if as_json:
        print_json(json.dumps(_plain(results, percent), ensure_ascii=False, indent=2))
    else:
        print_lines(_lines(results, killed, of, percent))
    if ahead.interrupted:
        return 130
    return 0 if percent >= fail_under else 1


def _where(one: Result) -> str:
    place = one.mutant.place
    return f"{shown_path(one.mutant.file)}:{place.line}:{place.column}"


def _lines(results: list[Result], killed: int, of: int, percent: float) -> Iterator[Line]:
    for one in results:
        if one.fate is not Fate.SURVIVED:
            continue
        found = "" if one.proposed else f" (no difference found in {one.tried} files)"
        yield Line(f"{_where(one)}: {one.mutant.was} -> {one.mutant.now}: survived{found}", "not_met")
        yield from (Line(f"  {line}", "dim") for line in one.proposed.splitlines())
    same = sum(one.fate is Fate.EQUIVALENT for one in results)
    refused = sum(one.fate is Fate.REFUSED for one in results)
    beside = f"; {same} come to the same rules, {refused} are refused" if same or refused else ""
    yield Line(f"{killed} of {of} mutants killed ({percent:.1f} %){beside}", "title")


def _plain(results: list[Result], percent: float) -> dict[str, object]:
    killed, of = counted(results)
    return {
        "percent": percent,
        "killed": killed,
        "of": of,
        "mutants": [
            {
                "where": _where(one),
                "was": one.mutant.was,
                "now": one.mutant.now,
                "fate": str(one.fate),
                "proposed": one.proposed or None,
                "tried": one.tried,
            }
            for one in results
        ],
    }
