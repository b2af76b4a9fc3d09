"""``kutsereeglid coverage [PATH…]``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kutsereeglid.authoring.case_files import Rulebooks, case_files, read_all, ruleset_folders
from kutsereeglid.authoring.coverage import Measuring, counted
from kutsereeglid.authoring.coverage_page import page
from kutsereeglid.authoring.coverage_report import report, report_lines
from kutsereeglid.cli import options
from kutsereeglid.cli.output import Interruptible, print_json, print_lines


@click.command("coverage")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@options.rulesets
@click.option("--json", "as_json", is_flag=True, help="The results as one JSON object.")
@click.option(
    "--html", "to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also a page."
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=0.0,
    metavar="PERCENT",
    help="Exit status 1 when less than so much is shown.",
)
def command(
    paths: tuple[Path, ...], rulesets: Path | None, as_json: bool, to: Path | None, fail_under: float
) -> int:
    """Show what the scenario cases in PATHs show of the rulesets, and what they do not (here, when none is
    given).

    Cases that expect nothing yet do not count. Exit status 0, or 1 when less than PERCENT is shown; 2 for
    a mistake in a file.
    """
    given = paths or (Path(),)
    books = Rulebooks(rulesets)
    files = read_all(case_files(given), books)
    measuring = Measuring()
    for path in given:
        for folder in ruleset_folders(path):
            measuring.expect(books.of(folder / "cases.yaml"), folder)
    every = [(file, case) for file in files for case in file.cases if case.expected is not None]
    with Interruptible(every, "cases") as ahead:
        for file, case in ahead:
            measuring.observe(case, file.book)
    covered = measuring.results()
    if to is not None:
        to.write_text(page(covered), encoding="utf-8")
    if as_json:
        print_json(json.dumps(report(covered), ensure_ascii=False, indent=2))
    else:
        print_lines(report_lines(covered))
    if ahead.interrupted:
        return 130
    total = counted(item for one in covered for item in one.items)
    return 0 if total.percent >= fail_under else 1
