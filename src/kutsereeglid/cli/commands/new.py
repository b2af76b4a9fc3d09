"""``kutsereeglid new FOLDER``."""

from __future__ import annotations

from pathlib import Path

import click

from kutsereeglid.authoring.starting import start


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--id", "identity", default="my-body/my-rules", metavar="ID", help="The ruleset's id, such as body/name."
)
@click.option(
    "--title", default="Qualifications of my body", metavar="TITLE", help="What the rules are called."
)
def command(folder: Path, identity: str, title: str) -> None:
    """Write a first ruleset into FOLDER, with comments, its source, a second language and its cases.

    It passes `check`, `test` and `coverage` as it stands.
    """
    for path in start(folder, identity, title):
        click.echo(path)
    click.echo(f"\nkutsereeglid check {folder}\nkutsereeglid test {folder}\nkutsereeglid coverage {folder}")
