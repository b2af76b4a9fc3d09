"""``kutsereeglid cases QUALIFICATION``."""

from __future__ import annotations

from pathlib import Path

import click

from kutsereeglid.authoring.case_files import Rulebooks, case_files, read_all
from kutsereeglid.authoring.proposing import TRIES, Proposing
from kutsereeglid.cli import options
from kutsereeglid.cli.output import Interruptible


@click.command("cases")
@click.argument("qualification")
@options.rulesets
@options.version
@click.option(
    "--beside",
    "given",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Cases that are there already: only what they do not show is proposed. May be given several times.",
)
@click.option(
    "-o",
    "--output",
    "to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write.",
)
@click.option("--tries", type=click.IntRange(1), default=TRIES, metavar="N", help="Files that are tried.")
def command(
    qualification: str,
    rulesets: Path | None,
    version: str | None,
    given: tuple[Path, ...],
    to: Path | None,
    tries: int,
) -> int:
    """Propose a small set of cases that shows as much of QUALIFICATION as can be shown, boundary days included.

    What comes out is written as what is expected, to be read and accepted by a person: until then `kutsereeglid
    test` names it.
    """
    book = options.book(rulesets)
    ruleset = book.find(qualification, None, version)
    name = qualification.rpartition(":")[2]
    files = read_all(case_files(given), Rulebooks(book.root)) if given else ()
    there = [case for file in files for case in file.cases if case.qualification.rpartition(":")[2] == name]
    proposing = Proposing(book, ruleset, name, there)
    with Interruptible([*proposing.candidates(tries)], "files") as ahead:
        for file, as_of in ahead:
            proposing.consider(file, as_of)
    text = proposing.text()
    if to is None:
        click.echo(text, nl=False)
    else:
        to.write_text(text, encoding="utf-8")
    return 130 if ahead.interrupted else 0
