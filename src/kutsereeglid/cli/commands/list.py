"""``kutsereeglid list``."""

from __future__ import annotations

from pathlib import Path

import click

from kutsereeglid.cli import options
from kutsereeglid.cli.output import print_lines
from kutsereeglid.rendering import Line


@click.command("list")
@options.language
@options.rulesets
def command(lang: str | None, rulesets: Path | None) -> None:
    """List the qualifications, with the rulesets that define them."""
    lines = []
    for ruleset in options.book(rulesets).rulesets:
        texts = ruleset.translate(lang) if lang is not None else {}
        span = f"{ruleset.in_force_from} – {ruleset.in_force_to or '…'}"
        lines.append(Line(f"{ruleset.id}  {texts.get('title', ruleset.title)}  ({span})", "heading"))
        width = max(map(len, ruleset.qualifications), default=0)
        for name, one in ruleset.qualifications.items():
            lines.append(Line(f"  {name:{width}}  {texts.get(f'qualifications.{name}', one.title)}"))
    print_lines(lines)
