"""What several commands take on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.rulebook import Rulebook, load_rulebook
from kutsereeglid.wording import LANGUAGES

rulesets = click.option(
    "--rulesets", type=click.Path(path_type=Path), metavar="DIR", help="A folder with other rulesets."
)
language = click.option("--lang", type=click.Choice(LANGUAGES), help="The language of the text.")
version = click.option(
    "--ruleset-version", "version", metavar="V", help="A version (its first day in force)."
)


def day(_ctx: click.Context, _param: click.Parameter, given: str | None) -> date | None:
    """A callback for an option that is a day."""
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise click.BadParameter("expected a day such as 2026-06-19") from None


def book(folder: Path | None) -> Rulebook:
    """The rulesets of a folder, or those shipped where none is named."""
    return shipped_rulebook() if folder is None else load_rulebook(folder)
