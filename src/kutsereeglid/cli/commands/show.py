"""``kutsereeglid show QUALIFICATION``."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from kutsereeglid.authoring.pages import page, rendered
from kutsereeglid.cli import options
from kutsereeglid.cli.output import print_json, print_lines
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
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "html", "markdown")),
    default="text",
    help="A checklist, or a page.",
)
@click.option(
    "--exam-day",
    callback=options.day,
    metavar="DAY",
    help="The exam's day on the page's timeline; today in 60 days.",
)
def command(
    qualification: str,
    as_of: date | None,
    version: str | None,
    lang: str | None,
    rulesets: Path | None,
    form: str,
    exam_day: date | None,
) -> None:
    """Show a qualification's requirements as a checklist with citations, or as a page for those who approve it.

    For a page, QUALIFICATION may be the id of a ruleset: then all of its qualifications are on it.
    """
    book = options.book(rulesets)
    if form == "text":
        ruleset, compiled = compiled_for_display(book, qualification, as_of, version)
        print_lines(checklist(ruleset, compiled, lang))
        return
    whole = [one for one in book.rulesets if one.id == qualification] if "/" in qualification else []
    name = next(iter(whole[-1].qualifications)) if whole else qualification
    if whole and as_of is None and version is None:  # the newest, in force or not
        version = max(one.version for one in whole)
    asked = f"{qualification}:{name}" if whole else name
    ruleset, _ = compiled_for_display(book, asked, as_of, version)
    names = list(ruleset.qualifications) if whole else [qualification.rpartition(":")[2]]
    day = exam_day or date.today() + timedelta(days=60)  # noqa: DTZ011 - the one look at the clock
    print_json(rendered(page(book, ruleset, names, day, lang), form))
