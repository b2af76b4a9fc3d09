"""What is written out for a plan says the same as the families' own judgements, and as the engine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kutsereeglid.answers import Answer, judged
from kutsereeglid.engine import engine_named, replay
from kutsereeglid.evaluation import _prepared, shipped_rulebook
from kutsereeglid.fast.judging import answer_fast
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.telling import teller_of
from kutsereeglid.testing import rulebook_of, rulesets
from kutsereeglid.testing.applicants import forgetting

SHIPPED = (
    *("it-susteemide-nooremspetsialist", "noorem-tarkvaraarendaja"),
    *("it-tehnik", "kasutajatoe-tehnik", "it-haldustehnik"),
)
QUIET = settings(max_examples=20, deadline=None, phases=(Phase.generate,))


def both(file: Any, name: str, as_of: date, book: Rulebook) -> tuple[Answer, Answer]:
    """The answer of the written functions, and that of the families."""
    plan, facts = _prepared(file, name, as_of, book.find(name, None), book, {})
    fast = answer_fast(plan, facts)
    assert fast is not None
    return fast, judged(plan, facts)


def same(file: Any, name: str, as_of: date, book: Rulebook) -> None:
    fast, slow = both(file, name, as_of, book)
    assert list(fast.bits) == list(slow.bits)
    teller = teller_of(fast.plan)
    for one, other in zip(teller.findings(fast), teller.findings(slow), strict=True):
        assert (one.status, one.due, one.missing) == (other.status, other.due, other.missing), one.requirement
        assert one.contested == other.contested, one.requirement
    proof = fast.proof(engine_named("native"))
    assert replay(fast.plan.base.program, fast.given(), proof.steps) == proof.statuses
    assert [fast.status(number) for number in range(len(proof.statuses))] == [*proof.statuses]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Rulebook, Any]:
    book = rulebook_of(draw(rulesets()))
    return book, draw(forgetting("q", rulebook=book))


@settings(QUIET, max_examples=100)
@given(worlds())
def test_generated_rulesets_are_answered_alike(world: Any) -> None:
    book, (steps, as_of) = world
    for step in steps:
        same(step.file, "q", as_of, book)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_qualifications_are_answered_alike(name: str) -> None:
    @QUIET
    @given(forgetting(name))
    def alike(case: Any) -> None:
        steps, as_of = case
        for step in steps:
            same(step.file, name, as_of, shipped_rulebook())

    alike()
