"""``kutsereeglid show QUALIFICATION``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kutsereeglid.cli import options
from kutsereeglid.cli.output import print_lines
from kutsereeglid.evaluation import compiled_for_display
from kutsereeglid.rendering import checklist


@click.command("show")
@click.argument("qualification")
@click.option(
    "--as-of", callback=options.day, metavar="DAY", help="The day on which the version is in force."
)
@options.version
@options.language
@options.rulesets
def command(
    qualification: str, as_of: date | None, version: str | None, lang: str | None, rulesets: Path | None
) -> None:
    """Show a qualification's requirements as a checklist with citations."""
    ruleset, compiled = compiled_for_display(options.book(rulesets), qualification, as_of, version)
    print_lines(checklist(ruleset, compiled, lang))
