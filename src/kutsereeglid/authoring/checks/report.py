"""What was found, as lines for people, JSON, SARIF, and annotations of GitHub's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from kutsereeglid.authoring.checks import Finding
from kutsereeglid.authoring.checks.catalogue import CHECKS, Check, Severity
from kutsereeglid.authoring.coverage_report import shown_path
from kutsereeglid.rendering import Line

_STYLES = {Severity.ERROR: "not_met", Severity.WARNING: "open", Severity.NOTE: "dim"}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def report_lines(findings: Iterable[Finding], rulesets: int) -> list[Line]:
    """One line each, and how many there are."""
    every = list(findings)
    lines = [Line(_line(one), _STYLES[one.severity]) for one in every]
    counts = Counter(one.severity for one in every)
    said = ", ".join(f"{counts[one]} {one}{'s' * (counts[one] != 1)}" for one in Severity if counts[one])
    lines.append(Line(f"{said or 'nothing to tell'}, of {rulesets} ruleset{'s' * (rulesets != 1)}", "title"))
    return lines


def _line(one: Finding) -> str:
    return f"{_where(one)}: {one.severity}: {_message(one)} [{one.problem.code}]"


def _where(one: Finding) -> str:
    return f"{shown_path(one.file).as_posix()}:{one.line}:{one.column}"


def _message(one: Finding) -> str:
    problem = one.problem
    return f"{problem.found}; expected {problem.expected}" + (f"; {problem.mend}" if problem.mend else "")


def report(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [
        {
            "code": one.problem.code,
            "severity": str(one.severity),
            "file": shown_path(one.file).as_posix(),
            "line": one.line,
            "column": one.column,
            "found": one.problem.found,
            "expected": one.problem.expected,
            "mend": one.problem.mend,
        }
        for one in findings
    ]


def sarif(findings: Iterable[Finding], version: str) -> dict[str, Any]:
    """A log of the Static Analysis Results Interchange Format, version 2.1.0."""
    every = list(findings)
    codes = sorted({one.problem.code for one in every})
    results = [
        {
            "ruleId": one.problem.code,
            "ruleIndex": codes.index(one.problem.code),
            "level": _LEVELS[one.severity],
            "message": {"text": _message(one)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": shown_path(one.file).as_posix()},
                        "region": {"startLine": one.line, "startColumn": one.column},
                    }
                }
            ],
        }
        for one in every
    ]
    driver = {"name": "kutsereeglid", "version": version, "rules": [_rule(code) for code in codes]}
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(code: str) -> dict[str, Any]:
    check = CHECKS.get(code)
    meaning = check.meaning if check is not None else code
    return {"id": code, "shortDescription": {"text": meaning}, "help": {"text": check.mend if check else ""}}


def workflow_commands(findings: Iterable[Finding]) -> list[str]:
    """Workflow commands with which GitHub shows findings beside the lines."""
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    return [
        f"::{words[one.severity]} file={_property(shown_path(one.file).as_posix())},line={one.line},"
        f"col={one.column},title={_property(one.problem.code)}::{_escaped(_message(one))}"
        for one in findings
    ]


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def explained(check: Check) -> list[Line]:
    """What a code means."""
    lines = [Line(f"{check.code} ({check.severity})", "title"), Line(check.meaning)]
    if check.example:
        lines += [Line(""), Line(f"  {check.example}", "dim")]
    return [*lines, Line(""), Line(check.mend)]
