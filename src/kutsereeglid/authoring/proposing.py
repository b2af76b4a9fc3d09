"""A small set of cases that shows as much of a qualification as can be shown, for a person to read and accept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from attrs import frozen

from kutsereeglid.authoring.accepting import TO_ACCEPT, expectation
from kutsereeglid.authoring.cases import Case
from kutsereeglid.authoring.choices import rolled
from kutsereeglid.authoring.coverage import Measuring, Seen
from kutsereeglid.authoring.flow import flow
from kutsereeglid.authoring.making import Asked, File
from kutsereeglid.authoring.witness import each_reading
from kutsereeglid.errors import KutsereeglidError
from kutsereeglid.evaluation import evaluate
from kutsereeglid.intake import read_applicant
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.yaml_tree import Place

TRIES = 500
"""Files tried for a qualification."""


@frozen(eq=False)
class Proposed:
    """A case, and what it is the first to show."""

    file: File
    case: Case
    shows: tuple[Seen, ...]


class Proposing:
    """Gathers cases for one qualification, file after file; those in ``given`` are there already."""

    def __init__(self, book: Rulebook, ruleset: Ruleset, name: str, given: list[Case]) -> None:
        self.book, self.ruleset, self.name, self.given = book, ruleset, name, given
        self.kept: list[Proposed] = []
        self._measuring = self._measured(given)

    def _measured(self, cases: list[Case]) -> Measuring:
        made = Measuring()
        for case in cases:
            made.observe(case, self.book)
        return made

    def candidates(self, tries: int = TRIES) -> Iterator[tuple[File, date]]:
        """Files near the boundaries, some with facts missing; the same ones in every run."""
        asked = Asked(f"{self.ruleset.id}:{self.name}", self.book, self.ruleset, each_reading(self.ruleset))
        choices = rolled(Random(0))  # noqa: S311 - the same files in every run
        for number in range(tries):
            steps, as_of = asked.forgetting(choices, complete=number % 4 < 3)
            yield steps[-1].file, as_of

    def consider(self, file: File, as_of: date) -> None:
        """Keeps a file that shows something new."""
        case = self._case(file, as_of)
        shows = self._shown(self._measuring, case) if case is not None else ()
        if case is not None and shows:
            self.kept.append(Proposed(file, case, shows))

    def _case(self, file: File, as_of: date) -> Case | None:
        try:
            applicant = read_applicant(
                file, vocabulary=self.ruleset.vocabulary, others=self.book.vocabularies
            )
        except KutsereeglidError:
            return None
        name = f"{self.ruleset.id}:{self.name}"
        return Case("", name, as_of, applicant, Place("", 1, 1), None, version=self.ruleset.version)

    def _shown(self, measuring: Measuring, case: Case) -> tuple[Seen, ...]:
        before = measuring.seen()
        try:
            measuring.observe(case, self.book)
        except KutsereeglidError:
            return ()
        return tuple(sorted(measuring.seen() - before))

    def fewest(self) -> list[Proposed]:
        """Those kept of which each shows something that the ones after it do not."""
        measuring = self._measured(self.given)
        made = []
        for one in reversed(self.kept):
            shows = self._shown(measuring, one.case)
            if shows:
                made.append(Proposed(one.file, one.case, shows))
        return made[::-1]

    def text(self) -> str:
        """The cases as a file; what came out is to be accepted by a person."""
        lines = ["cases:"]
        for number, one in enumerate(self.fewest(), 1):
            decision = evaluate(
                one.file,
                one.case.qualification,
                as_of=one.case.as_of,
                version=one.case.version,
                rulebook=self.book,
            )
            told = "; ".join(f"{what}: {side}" for what, side, _ in one.shows[:3])
            lines += [
                f"  - name: {flow(f'{self.name} {number}, {told}'[:160])}",
                f"    qualification: {self.name}",
                f"    as_of: {one.case.as_of}",
                f"    applicant: {flow(one.file)}",
                "    expect:",
                f"      {TO_ACCEPT}",
                *(f"      {flow({key: value})[1:-1]}" for key, value in expectation(decision).items()),
                "",
            ]
        return "\n".join(lines)
