"""Static checks of rulesets: what `kutsereeglid check` tells beside what the loader refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from attrs import frozen

from kutsereeglid.authoring.case_files import root_of
from kutsereeglid.authoring.checks import law, used
from kutsereeglid.authoring.checks.catalogue import Severity, severity_of
from kutsereeglid.authoring.checks.variants import Variant, in_force_together, variants
from kutsereeglid.authoring.checks.versions import versions
from kutsereeglid.errors import Problem
from kutsereeglid.loading import by_place
from kutsereeglid.rulebook import attempt_rulebook
from kutsereeglid.ruleset import Ruleset

_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+):(?P<column>\d+)")

_OF_WORDS = frozenset(
    {"text-lacking", "no-texts", "unknown-text", "unquoted-sentence", "not-in-source", "no-citation"}
)
"""Mistakes in what is said of the rules, beside which the rules can be reasoned about."""


@frozen
class Finding:
    """Something told of a place in a file."""

    problem: Problem
    severity: Severity
    file: Path
    line: int
    column: int


Reasoning = Callable[[Ruleset], Iterable[Problem]]


class Checking:
    """Checks the rulesets in a folder, or those of one file. Raises `RulesetError` where no ruleset is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = root_of(path)
        self._attempt = attempt_rulebook(self._root)
        self._told: list[Problem] = []
        declared: list[used.Declared] = []
        for reader, ruleset in self._attempt.readers:
            found = list(_variants(ruleset))
            declared += used.declared(ruleset, reader.sections, found, whole=not self._attempt.problems)
            for variant in found:
                self._told += law.demands(variant)
                self._told += law.readings_not_named(ruleset, variant)
                self._told += law.terms_not_quoted(variant)
                self._told += law.bans_without_due(variant)
        self._told += used.unused(declared)
        self._told += versions(ruleset for _, ruleset in self._attempt.readers)

    @property
    def count(self) -> int:
        """How many rulesets there are."""
        return len(self._attempt.book.files)

    @property
    def rulesets(self) -> list[Ruleset]:
        """Those of which it can be reasoned what can be met: all, when none is refused for its rules."""
        if any(problem.code not in _OF_WORDS for problem in self._attempt.problems):
            return []
        return [one for _, one in self._attempt.readers if self._inside(self._root / one.file)]

    def reason(self, ruleset: Ruleset, reasoning: Reasoning) -> None:
        """Adds what nobody can meet, what nobody can fail, and what is superfluous."""
        self._told += reasoning(ruleset)

    def findings(self) -> list[Finding]:
        """What there is to tell so far, by its place."""
        refused = set(self._attempt.problems)
        found = [
            _finding(problem, self._root, severity_of(problem.code, refused=problem in refused))
            for problem in sorted(dict.fromkeys([*self._attempt.problems, *self._told]), key=by_place)
        ]
        return [one for one in found if self._inside(one.file)]

    def _inside(self, file: Path) -> bool:
        inside, file = self.path.resolve(), file.resolve()
        return file == inside or inside in file.parents


def check(path: Path, reasoning: Reasoning | None = None) -> list[Finding]:
    """What there is to tell of the rulesets in a folder, or of one file, by its place.

    ``reasoning`` tells what can never be met or failed. Raises `RulesetError` where no ruleset is.
    """
    checking = Checking(path)
    if reasoning is not None:
        for ruleset in checking.rulesets:
            checking.reason(ruleset, reasoning)
    return checking.findings()


def _variants(ruleset: Ruleset) -> Iterator[Variant]:
    for name in ruleset.qualifications:
        for out_of_force in in_force_together(ruleset):
            yield from variants(ruleset, name, out_of_force)


def _finding(problem: Problem, root: Path, severity: Severity) -> Finding:
    found = _PLACE.fullmatch(problem.where)
    if found is None:
        return Finding(problem, severity, root / problem.where.split(":")[0], 1, 1)
    return Finding(problem, severity, root / found["file"], int(found["line"]), int(found["column"]))
