"""The command ``kutsereeglid``. Each of its commands is a module of that name in `commands`.

Exit status 0 when the answer was given, whatever it is; 1 when what was to be tested did not pass; 2 for
a bad file, an unknown qualification or wrong usage, with one line an error on standard error and nothing
on standard output.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn

from kutsereeglid.cli import commands
from kutsereeglid.errors import KutsereeglidError

try:
    import click
except ModuleNotFoundError:  # the extra `cli` is not installed
    sys.exit("The command needs click and rich: pip install 'kutsereeglid[cli]'")


class _Commands(click.Group):
    """The modules of `commands`, each loaded when it is asked for; ``command`` in it is what runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"{commands.__name__}.{cmd_name}").command
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(package_name="kutsereeglid")
def cli() -> None:
    """May this applicant be admitted to the exam for this qualification, and why?"""


def main() -> NoReturn:
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
