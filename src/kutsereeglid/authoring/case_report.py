"""What is said of cases that were run: lines for people, plain values for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kutsereeglid.authoring.cases import Run
from kutsereeglid.rendering import Line, lines_of_finding


def failure_lines(run: Run, language: str | None = None) -> list[Line]:
    """Why a case did not pass: each difference with its place, then the findings that it is about with
    their reasons, in a language of the ruleset (its first when not named).

    Raises `UsageError` for a language that is not to be had.
    """
    if run.case.expected is None:
        return [
            Line(
                f"{run.case.place}: nothing is expected yet; `kutsereeglid test --update` writes what came out"
            )
        ]
    lines = [Line(f"{one.place}: {one}", "not_met") for one in run.differences]
    for finding in dict.fromkeys(one.finding for one in run.differences):
        if finding is not None:
            lines += lines_of_finding(run.decision, finding, language)
    if any(one.finding is None for one in run.differences):
        undone = [one for one in run.decision.findings if one.required and one.status != "met"]
        shown = {one.finding for one in run.differences}
        for finding in undone:
            if finding not in shown:
                lines += lines_of_finding(run.decision, finding, language)
    return lines


def report_lines(runs: Iterable[Run], language: str | None = None) -> list[Line]:
    """Each case that did not pass, with why, and at the end how many passed."""
    lines: list[Line] = []
    counted = list(runs)
    for run in counted:
        if not run.passed:
            mark = "?" if run.case.expected is None else "✗"
            lines.append(
                Line(f"{mark} {run.case.name} ({run.case.qualification}, {run.case.as_of})", "title")
            )
            lines += [Line(f"  {line.text}", line.style) for line in failure_lines(run, language)]
            lines.append(Line(""))
    lines.append(Line(summary(counted), "met" if all(run.passed for run in counted) else "not_met"))
    return lines


def summary(runs: Iterable[Run]) -> str:
    """How many cases passed, failed, and expect nothing yet."""
    counted = list(runs)
    passed = sum(run.passed for run in counted)
    empty = sum(run.case.expected is None for run in counted)
    failed = len(counted) - passed - empty
    said = [f"{passed} passed"]
    said += [f"{failed} failed"] if failed else []
    said += [f"{empty} with nothing expected yet"] if empty else []
    return f"{', '.join(said)}, of {len(counted)} case{'' if len(counted) == 1 else 's'}"


def report(runs: Iterable[Run]) -> dict[str, Any]:
    """The same as plain values for JSON."""
    counted = list(runs)
    return {
        "passed": sum(run.passed for run in counted),
        "failed": sum(not run.passed and run.case.expected is not None for run in counted),
        "nothing_expected": sum(run.case.expected is None for run in counted),
        "cases": [_case(run) for run in counted],
    }


def _case(run: Run) -> dict[str, Any]:
    case, decision = run.case, run.decision
    return {
        "name": case.name,
        "file": case.place.file,
        "line": case.place.line,
        "qualification": case.qualification,
        "as_of": case.as_of.isoformat(),
        "ruleset": {"id": decision.ruleset.id, "version": decision.ruleset.version},
        "result": "nothing_expected" if case.expected is None else "passed" if run.passed else "failed",
        "differences": [
            {
                "what": one.what,
                "expected": one.expected,
                "actual": one.actual,
                "line": one.place.line,
                "column": one.place.column,
            }
            for one in run.differences
        ],
    }
