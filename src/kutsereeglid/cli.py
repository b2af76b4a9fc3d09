"""The command ``kutsereeglid``: `evaluate`, `list`, `show`.

Exit status 0 when the answer was given, whatever it is; 2 for a bad file, an unknown qualification or
wrong usage, with one line an error on standard error and nothing on standard output.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kutsereeglid.errors import KutsereeglidError

if TYPE_CHECKING:
    from rich.console import Console

try:
    import click
except ModuleNotFoundError:  # the extra `cli` is not installed
    sys.exit("The command needs click and rich: pip install 'kutsereeglid[cli]'")

from kutsereeglid.evaluation import compiled_for_display, evaluate, ruleset_for, shipped_rulebook
from kutsereeglid.intake import LARGEST_FILE, read_applicant
from kutsereeglid.rendering import Line, checklist, lines_of
from kutsereeglid.rulebook import Rulebook, load_rulebook
from kutsereeglid.wording import LANGUAGES

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


def _day(_ctx: click.Context, _param: click.Parameter, given: str | None) -> date | None:
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise click.BadParameter("expected a day such as 2026-06-19") from None


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


_rulesets = click.option(
    "--rulesets", type=click.Path(path_type=Path), metavar="DIR", help="A folder with other rulesets."
)
_language = click.option("--lang", type=click.Choice(LANGUAGES), help="The language of the text.")
_version = click.option(
    "--ruleset-version", "version", metavar="V", help="A version (its first day in force)."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(package_name="kutsereeglid")
def cli() -> None:
    """May this applicant be admitted to the exam for this qualification, and why?"""


@cli.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("qualification")
@click.option("--as-of", callback=_day, metavar="DAY", help="The day of evaluation; today when not given.")
@click.option("--stage", metavar="S", help="The stage that is asked about.")
@_version
@click.option(
    "--reading",
    "readings",
    multiple=True,
    callback=_readings,
    metavar="NAME=OPTION",
    help="Another reading of the rules.",
)
@_language
@_rulesets
@click.option("--json", "as_json", is_flag=True, help="The decision as one JSON object.")
@click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=LARGEST_FILE,
    show_default=True,
    help="The largest file that is read.",
)
def evaluate_file(
    file: Path,
    qualification: str,
    as_of: date | None,
    stage: str | None,
    version: str | None,
    readings: dict[str, str],
    lang: str | None,
    rulesets: Path | None,
    as_json: bool,
    max_bytes: int,
) -> None:
    """Decide on the applicant in FILE (JSON or YAML) for QUALIFICATION."""
    book = _book(rulesets)
    vocabulary = ruleset_for(book, qualification, as_of, version).vocabulary
    decision = evaluate(
        read_applicant(file, largest=max_bytes, vocabulary=vocabulary, others=book.vocabularies),
        qualification,
        as_of=as_of,
        stage=stage,
        version=version,
        readings=readings,
        rulebook=book,
    )
    lines = lines_of(decision, lang)
    if as_json:
        _write_utf_8()
        click.echo(decision.to_json(indent=2))
    else:
        _print(lines)


@cli.command("list")
@_language
@_rulesets
def list_qualifications(lang: str | None, rulesets: Path | None) -> None:
    """List the qualifications, with the rulesets that define them."""
    lines = []
    for ruleset in _book(rulesets).rulesets:
        texts = ruleset.translate(lang) if lang is not None else {}
        span = f"{ruleset.in_force_from} – {ruleset.in_force_to or '…'}"
        lines.append(Line(f"{ruleset.id}  {texts.get('title', ruleset.title)}  ({span})", "heading"))
        width = max(map(len, ruleset.qualifications), default=0)
        for name, one in ruleset.qualifications.items():
            lines.append(Line(f"  {name:{width}}  {texts.get(f'qualifications.{name}', one.title)}"))
    _print(lines)


@cli.command("show")
@click.argument("qualification")
@click.option("--as-of", callback=_day, metavar="DAY", help="The day on which the version is in force.")
@_version
@_language
@_rulesets
def show(
    qualification: str, as_of: date | None, version: str | None, lang: str | None, rulesets: Path | None
) -> None:
    """Show a qualification's requirements as a checklist with citations."""
    ruleset, compiled = compiled_for_display(_book(rulesets), qualification, as_of, version)
    _print(checklist(ruleset, compiled, lang))


def _book(folder: Path | None) -> Rulebook:
    return shipped_rulebook() if folder is None else load_rulebook(folder)


def _write_utf_8() -> None:
    """JSON is UTF-8, whatever the terminal's or the system's encoding."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")


def _print(lines: Iterable[Line]) -> None:
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


def main() -> None:
    """Runs the command; every error that a user can mend is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        problems: Iterable[object] = [f"{_where(error)}: {' '.join(error.format_message().split())} [usage]"]
    except KutsereeglidError as error:
        problems = error.problems
    except OSError as error:  # a full disk, say; nothing more is written, at the interpreter's end neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        problems = [f"output: {(error.strerror or 'cannot be written').lower()} [unwritable]"]
    else:
        sys.exit(status if isinstance(status, int) else 0)
    for problem in problems:
        click.echo(str(problem), err=True)
    sys.exit(2)


def _where(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path if context is not None else "kutsereeglid"


if __name__ == "__main__":
    main()
