"""``kutsereeglid evaluate FILE QUALIFICATION``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kutsereeglid.cli import options
from kutsereeglid.cli.output import print_json, print_lines
from kutsereeglid.evaluation import evaluate, ruleset_for
from kutsereeglid.intake import LARGEST_FILE, read_applicant
from kutsereeglid.rendering import lines_of


def _readings(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    made: dict[str, str] = {}
    for item in given:
        name, equals, option = item.partition("=")
        if not (name and equals and option):
            raise click.BadParameter("expected NAME=OPTION")
        if made.get(name, option) != option:
            raise click.BadParameter("expected one option for each reading")
        made[name] = option
    return made


@click.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("qualification")
@click.option(
    "--as-of", callback=options.day, metavar="DAY", help="The day of evaluation; today when not given."
)
@click.option("--stage", metavar="S", help="The stage that is asked about.")
@options.version
@click.option(
    "--reading",
    "readings",
    multiple=True,
    callback=_readings,
    metavar="NAME=OPTION",
    help="Another reading of the rules.",
)
@options.language
@options.rulesets
@click.option(
    "--engine", default="native", show_default=True, metavar="NAME", help="The engine: native or durable."
)
@click.option("--json", "as_json", is_flag=True, help="The decision as one JSON object.")
@click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=LARGEST_FILE,
    show_default=True,
    help="The largest file that is read.",
)
def command(
    file: Path,
    qualification: str,
    as_of: date | None,
    stage: str | None,
    version: str | None,
    readings: dict[str, str],
    lang: str | None,
    rulesets: Path | None,
    engine: str,
    as_json: bool,
    max_bytes: int,
) -> None:
    """Decide on the applicant in FILE (JSON or YAML) for QUALIFICATION."""
    book = options.book(rulesets)
    vocabulary = ruleset_for(book, qualification, as_of, version).vocabulary
    decision = evaluate(
        read_applicant(file, largest=max_bytes, vocabulary=vocabulary, others=book.vocabularies),
        qualification,
        as_of=as_of,
        stage=stage,
        version=version,
        readings=readings,
        rulebook=book,
        engine=engine,
    )
    lines = lines_of(decision, lang)
    if as_json:
        print_json(decision.to_json(indent=2))
    else:
        print_lines(lines)
