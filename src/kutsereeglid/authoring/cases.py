"""Scenario cases: an applicant, a day, and what must come out; run, and compared with what did.

Where what comes out is not what a case expects, each difference has the line of the expectation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from kutsereeglid.applicant import Applicant
from kutsereeglid.decision import Decision, Finding
from kutsereeglid.errors import ApplicantError, KutsereeglidError
from kutsereeglid.evaluation import Examined, evaluate, examine
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.yaml_tree import Place

WHICH = ("of_path", "of", "required")
"""What says which finding is meant, where a requirement has several."""


class CasesError(KutsereeglidError, ValueError):
    """A file of cases cannot be read as one."""


@frozen(eq=False)
class Expected:
    """One line of an expectation: the attribute ``key`` of the decision, or of a requirement's finding."""

    key: str
    value: Any
    place: Place
    requirement: str | None = None
    which: Mapping[str, Any] = field(factory=dict)
    """``of_path``, ``of``, ``required``: which of the requirement's findings."""


@frozen(eq=False)
class Case:
    """One applicant and what must come out."""

    name: str
    qualification: str
    as_of: date
    applicant: Applicant
    place: Place
    expected: tuple[Expected, ...] | None
    """``None`` where nothing is expected yet."""
    stage: str | None = None
    version: str | None = None
    readings: Mapping[str, str] = field(factory=dict)
    file: Mapping[str, Any] = field(factory=dict, repr=False)
    """The applicant's file, as it stands in the case."""

    def decide(self, book: Rulebook) -> Decision:
        """What comes out. Raises `CasesError` for an applicant with whom the rules cannot be read."""
        with self._told_here():
            return evaluate(self.applicant, self.qualification, rulebook=book, **self._asked)

    def examine(self, book: Rulebook) -> Examined:
        """What comes out, with what it was made from; raises as `decide` does."""
        with self._told_here():
            return examine(self.applicant, self.qualification, rulebook=book, **self._asked)

    @property
    def _asked(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of,
            "stage": self.stage,
            "version": self.version,
            "readings": self.readings,
        }

    @contextmanager
    def _told_here(self) -> Iterator[None]:
        try:
            yield
        except ApplicantError as error:
            raise CasesError(
                attrs.evolve(one, where=str(self.place), found=f"{one.where}: {one.found}")
                for one in error.problems
            ) from None


@frozen(eq=False)
class CaseFile:
    """The cases of one file, and the rulesets that they are about."""

    path: Path
    text: str
    cases: tuple[Case, ...]
    book: Rulebook


@frozen(eq=False)
class Difference:
    """Where a decision is not what a case expects."""

    what: str
    """``outcome``, or ``work-experience due``."""
    expected: Any
    actual: Any
    place: Place
    finding: Finding | None
    """The requirement's finding, with its reasons."""

    def __str__(self) -> str:
        return f"{self.what}: expected {shown(self.expected)}, got {shown(self.actual)}"


@frozen(eq=False)
class Run:
    """A case and what came out of it."""

    case: Case
    decision: Decision
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return self.case.expected is not None and not self.differences


def run(case: Case, book: Rulebook) -> Run:
    """Decides a case and compares; raises as `Case.decide` does."""
    decision = case.decide(book)
    return Run(case, decision, tuple(_differences(case, decision)))


def shown(value: Any) -> str:
    """A value as a case file has it.

    >>> shown(None), shown(["exam.date"]), shown(True)
    ('null', '[exam.date]', 'true')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)


def _differences(case: Case, decision: Decision) -> Iterator[Difference]:
    told = decision.to_dict()
    findings = list(zip(decision.findings, told["findings"], strict=True))
    for one in case.expected or ():
        if one.requirement is None:
            yield from _of_decision(one, told)
            continue
        of_requirement = [pair for pair in findings if pair[0].requirement == one.requirement]
        fitting = [
            pair for pair in of_requirement if all(pair[1][key] == value for key, value in one.which.items())
        ]
        if not fitting:
            asked = ", ".join(f"{key} {shown(value)}" for key, value in one.which.items())
            yield Difference(f"{one.requirement} ({asked})", "a finding", "none", one.place, None)
            continue
        # A required finding before an advisory one, and what is asked of everybody before paths.
        finding, values = min(fitting, key=lambda pair: (not pair[0].required, pair[0].of_path is not None))
        actual = _comparable(one, values)
        if actual != one.value:
            yield Difference(f"{one.requirement} {one.key}", one.value, actual, one.place, finding)


def _of_decision(one: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    if not isinstance(one.value, dict):
        if told[one.key] != one.value:
            yield Difference(one.key, one.value, told[one.key], one.place, None)
        return
    for name, value in one.value.items():
        actual = told[one.key].get(name)
        if actual != value:
            yield Difference(f"{one.key} {name}", value, actual, one.place, None)


def _comparable(one: Expected, values: Mapping[str, Any]) -> Any:
    actual = values[one.key]
    if one.key == "contested":
        if isinstance(one.value, bool):
            return bool(actual)
        return sorted({contested["reading"] for contested in actual})
    return sorted(actual) if one.key == "missing" else actual
