"""``kutsereeglid schema KIND``."""

from __future__ import annotations

import json

import click

from kutsereeglid.authoring.schema import KINDS_OF_FILES, schema
from kutsereeglid.cli.output import print_json


@click.command("schema")
@click.argument("kind", type=click.Choice(KINDS_OF_FILES))
def command(kind: str) -> None:
    """Print the JSON Schema of a kind of file, for an editor: a `ruleset`, what rulesets share, `texts` in another
    language, or `cases`.
    """
    print_json(json.dumps(schema(kind), ensure_ascii=False, indent=2))
