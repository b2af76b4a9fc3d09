"""Hypothesis strategies for applicants' files: near a qualification's boundaries, with any facts missing."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from kutsereeglid.authoring.making import Asked, File, Forgotten
from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.testing.draws import drawn


def applicants(
    qualification: str, *, rulebook: Rulebook | None = None, complete: bool = False
) -> st.SearchStrategy[File]:
    """Applicants' files for a qualification (``id`` or ``ruleset:id``), as `cases` makes them."""
    return cases(qualification, rulebook=rulebook, complete=complete).map(lambda case: case[0])


def cases(
    qualification: str, *, rulebook: Rulebook | None = None, complete: bool = False
) -> st.SearchStrategy[tuple[File, date]]:
    """An applicant's file and a day of evaluation. Days lie near the boundaries that the newest version's
    rules set; with ``complete`` no fact is missing that they ask for."""
    made = forgetting(qualification, rulebook=rulebook, complete=complete)
    return made.map(lambda case: (case[0][-1].file, case[1]))


def forgetting(
    qualification: str, *, rulebook: Rulebook | None = None, complete: bool = False
) -> st.SearchStrategy[tuple[list[Forgotten], date]]:
    """A complete file, the same with one fact gone, with two gone, and so on; and a day of evaluation."""
    asked = Asked(qualification, rulebook if rulebook is not None else shipped_rulebook())

    @st.composite
    def steps(draw: st.DrawFn) -> tuple[list[Forgotten], date]:
        return asked.forgetting(drawn(draw), complete=complete)

    return steps()
