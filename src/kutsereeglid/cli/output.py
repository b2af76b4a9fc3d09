"""What commands print: lines, coloured on a terminal, or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from kutsereeglid.rendering import Line

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    "title": "bold",
    "heading": "bold underline",
    "dim": "dim",
    "met": "green",
    "eligible": "bold green",
    "not_met": "red",
    "ineligible": "bold red",
    "open": "yellow",
    "pending": "bold yellow",
    "unknown": "cyan",
    "undetermined": "bold cyan",
    "contested": "magenta",
    "late": "yellow",
}


def print_json(text: str) -> None:
    """JSON is UTF-8, whatever the terminal's or the system's encoding."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    click.echo(text)


def print_lines(lines: Iterable[Line]) -> None:
    """Lines on standard output, coloured by their styles on a terminal."""
    console = _console()
    if console is None:
        click.echo("\n".join(line.text for line in lines))
        return
    from rich.text import Text

    for line in lines:
        console.print(Text(line.text, style=_STYLES.get(line.style, "")))


def _console() -> Console | None:
    """For colours: only on a terminal, and where rich is installed."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    try:
        from rich.console import Console
    except ModuleNotFoundError:
        return None
    return Console(highlight=False, soft_wrap=True)
