"""Writing what came out into cases that expect nothing yet, for a person to read and accept.

The text of the file is kept as it is, comments and layout too; only the new lines are put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kutsereeglid import yaml_tree
from kutsereeglid.authoring.cases import CaseFile, CasesError, Run
from kutsereeglid.authoring.flow import flow
from kutsereeglid.decision import Decision, Finding
from kutsereeglid.errors import Problem
from kutsereeglid.yaml_tree import Mapping, Node, Scalar, Sequence, plain

TO_ACCEPT = "# what came out: read it, correct the case or the rules, and delete this line to accept"
"""Stands above what was written and nobody has accepted."""


def expectation(decision: Decision) -> dict[str, Any]:
    """What came out, as a case expects it: the outcome, the path, and each required finding."""
    made: dict[str, Any] = {"outcome": str(decision.outcome)}
    if decision.paths:
        made["path"] = decision.path
    told: dict[str, list[dict[str, Any]]] = {}
    required = [one for one in decision.findings if one.required]
    for one in required:
        several = sum(other.requirement == one.requirement for other in required) > 1
        told.setdefault(one.requirement, []).append(_finding(one, several))
    for name, findings in told.items():
        values = [one["status"] if len(one) == 1 else one for one in findings]
        made[name] = values[0] if len(values) == 1 else values
    return made


def expected_of(decision: Decision, one: Finding) -> dict[str, Any]:
    """What came out of one finding, with what tells it from the others of its requirement."""
    same = [other for other in decision.findings if other.requirement == one.requirement]
    made = _finding(one, len({(other.of_path, other.of) for other in same}) > 1)
    return made if one.required or all(not other.required for other in same) else {"required": False, **made}


def _finding(one: Finding, several: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if several:
        made |= {key: value for key, value in (("of_path", one.of_path), ("of", one.of)) if value is not None}
    made["status"] = str(one.status)
    made |= {
        key: day.isoformat() for key, day in (("due", one.due), ("earliest", one.earliest)) if day is not None
    }
    if one.missing:
        made["missing"] = list(one.missing)
    if one.contested:
        made["contested"] = sorted({contested.reading for contested in one.contested})
    if not one.applies:
        made["applies"] = False
    return made


def updated(file: CaseFile, runs: Iterable[Run]) -> str:
    """The file's text with an expectation in each case among the runs that has none.

    Raises `CasesError` for a case that lines cannot be put into, one in braces, say.
    """
    text = file.text
    written = [one for one in runs if one.case.expected is None]
    problems = []
    for one in sorted(
        written, key=lambda one: one.case.place.line, reverse=True
    ):  # from the end, so lines stay
        made = _with_expectation(text, str(file.path), one)
        if made is None:
            problems.append(
                Problem(
                    "not-updated",
                    str(one.case.place),
                    "a case into which no lines can be put",
                    "a case with each of its keys on a line of its own, the last of them complete",
                    "write the case without braces around it",
                )
            )
        else:
            text = made
    if problems:
        raise CasesError(reversed(problems))
    return text


def unaccepted(file: CaseFile) -> Iterator[int]:
    """The lines that say that nobody has accepted what follows."""
    for number, line in enumerate(file.text.splitlines(), 1):
        if line.strip() == TO_ACCEPT:
            yield number


def _with_expectation(text: str, name: str, run: Run) -> str | None:
    before, _ = yaml_tree.parse(text, name, aliases=True)
    found = _case_at(before, run.case.place.line)
    if found is None:
        return None
    case, following = found
    lines = text.splitlines(keepends=True)
    column = min(place.column for place in case.key_places)
    indent = " " * (column - 1)
    end = _end(lines, case.place.line, following or len(lines) + 1, column)
    expect = case.get("expect")
    inside = indent + "  "
    block = [f"{inside}{line}\n" for line in (TO_ACCEPT, *_dumped(expectation(run.decision)))]
    if expect is None:
        block.insert(0, f"{indent}expect:\n")
    else:
        end = case.place_of("expect").line
    if end and not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    made = "".join([*lines[:end], *block, *lines[end:]])
    after, problems = yaml_tree.parse(made, name, aliases=True)
    whole = _plain_with(before, case, expectation(run.decision))
    return made if not problems and after is not None and plain(after) == whole else None


def _case_at(tree: Node | None, line: int) -> tuple[Mapping, int | None] | None:
    """The case whose name stands on a line, and the line on which what follows it begins."""
    items = tree.get("cases") if isinstance(tree, Mapping) else None
    if not isinstance(tree, Mapping) or not isinstance(items, Sequence):
        return None
    starts = [item.place.line for item in items.items]
    starts += [place.line for place in tree.key_places]
    for item in items.items:
        if isinstance(item, Mapping) and item.place_of("name").line == line:
            later = [start for start in starts if start > item.place.line]
            return item, min(later, default=None)
    return None


def _end(lines: list[str], first: int, until: int, column: int) -> int:
    """How many lines there are up to the end of a case: what stands before the next one, but for blank
    lines and comments that are not indented as far as the case."""
    end = until - 1
    while end > first:
        line = lines[end - 1]
        indented = len(line) - len(line.lstrip())
        if line.strip() and not (line.lstrip().startswith("#") and indented < column - 1):
            break
        end -= 1
    return end


def _dumped(expected: dict[str, Any]) -> list[str]:
    """One line for each thing expected, written by a YAML library so that what needs quotes has them.

    >>> _dumped({"exam-taken": {"status": "open", "due": "2026-06-19", "missing": ["documents[0].type"]}})
    ["exam-taken: {status: open, due: 2026-06-19, missing: ['documents[0].type']}"]
    """
    return [flow({key: value}).removeprefix("{").removesuffix("}") for key, value in expected.items()]


def _plain_with(tree: Node | None, case: Mapping, expected: dict[str, Any]) -> Any:
    """The file's plain values with the expectation in the one case."""

    def values(node: Node) -> Any:
        if isinstance(node, Scalar):
            return node.value
        if isinstance(node, Sequence):
            return [values(item) for item in node.items]
        made = {key: values(value) for key, value in node.entries}
        return {**made, "expect": expected} if node is case else made

    assert tree is not None
    return values(tree)
