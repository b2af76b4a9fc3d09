"""``kutsereeglid check [PATH…]``."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import click

from kutsereeglid.authoring.checks import Checking, Reasoning
from kutsereeglid.authoring.checks.catalogue import CHECKS, Check, Severity
from kutsereeglid.authoring.checks.report import explained, report, report_lines, sarif, workflow_commands
from kutsereeglid.cli.output import Interruptible, print_json, print_lines
from kutsereeglid.errors import Problem, UsageError, closest
from kutsereeglid.rendering import Line


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "sarif", "github")),
    default="text",
    help="How it is told.",
)
@click.option("--explain", "code", metavar="CODE", help="What a code means, an example, and the mend.")
@click.option("--no-solver", is_flag=True, help="Leave out what a solver must decide.")
@click.option("--strict", is_flag=True, help="Exit status 1 for notes too.")
def command(paths: tuple[Path, ...], form: str, code: str | None, no_solver: bool, strict: bool) -> int:
    """Tell what is wrong with the rulesets in PATHs, or surely not meant (here, when none is given).

    Exit status 0 when there is nothing, or notes only; 1 when there are errors or warnings; 2 where there
    is no ruleset.
    """
    if code is not None:
        print_lines(explained(_check(code)))
        return 0
    reasoned = None if no_solver else _reasoning()
    checkings = [Checking(path) for path in paths or (Path(),)]
    every = [(one, ruleset) for one in checkings for ruleset in one.rulesets]
    with Interruptible(every, "rulesets") as ahead:
        for checking, ruleset in ahead:
            if reasoned is not None:
                checking.reason(ruleset, reasoned)
    findings = list(dict.fromkeys(finding for one in checkings for finding in one.findings()))
    if form == "json":
        print_json(json.dumps(report(findings), ensure_ascii=False, indent=2))
    elif form == "sarif":
        print_json(json.dumps(sarif(findings, version("kutsereeglid")), ensure_ascii=False, indent=2))
    elif form == "github":
        print_lines(map(Line, workflow_commands(findings)))
    else:
        print_lines(report_lines(findings, sum(one.count for one in checkings)))
    if ahead.interrupted:
        return 130
    return 1 if any(strict or one.severity is not Severity.NOTE for one in findings) else 0


def _check(code: str) -> Check:
    if code not in CHECKS:
        mend = closest(code, CHECKS) or "see docs/checking.md"
        raise UsageError(
            Problem("unknown-code", "--explain", f"`{code[:60]}`", "a code that check tells", mend)
        )
    return CHECKS[code]


def _reasoning() -> Reasoning:
    try:
        from kutsereeglid.authoring.checks.reasoning import reasoned
    except ModuleNotFoundError:
        lacking = "no solver, to tell what nobody can meet or fail"
        mend = "pip install 'kutsereeglid[check]', or leave that out with --no-solver"
        raise UsageError(Problem("no-solver", "check", lacking, "z3-solver", mend)) from None
    return reasoned
