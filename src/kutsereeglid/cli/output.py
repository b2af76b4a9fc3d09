"""What commands print: lines, coloured on a terminal, or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TextIO, TypeVar

import click

from kutsereeglid.rendering import Line

if TYPE_CHECKING:
    from rich.console import Console

_T = TypeVar("_T")

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


def _console(stream: TextIO | None = None) -> Console | None:
    """For colours: only on a terminal, and where rich is installed."""
    stream = sys.stdout if stream is None else stream
    if stream is None or not stream.isatty():
        return None
    try:
        from rich.console import Console
    except ModuleNotFoundError:
        return None
    return Console(file=stream, highlight=False, soft_wrap=True)


class Interruptible(Generic[_T]):
    """Work that is done one thing after another: shows how far it is on a terminal, and stops in between
    when it is interrupted, so that what is done is not lost.

    >>> with Interruptible([1, 2], "numbers") as ahead:
    ...     sum(ahead)
    3
    """

    def __init__(self, items: Sequence[_T], what: str) -> None:
        self._items, self._what = items, what
        self.interrupted = False

    def __enter__(self) -> Interruptible[_T]:
        return self

    def __iter__(self) -> Iterator[_T]:
        console = _console(sys.stderr)
        if console is None:
            yield from self._items
            return
        from rich.progress import track

        yield from track(self._items, self._what, console=console, transient=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.interrupted = isinstance(error, KeyboardInterrupt)
        if self.interrupted:
            click.echo(
                f"interrupted: not all of the {len(self._items)} {self._what} are in the report", err=True
            )
        return self.interrupted
