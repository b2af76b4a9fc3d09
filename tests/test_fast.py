"""What is written out for a plan says the same as the families' own judgements, and as the engine."""

from __future__ import annotations

import pickle
from copy import deepcopy
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmarks.applicants import applicants, with_gaps
from kutsereeglid.answers import Answer, judged
from kutsereeglid.applicant import Applicant
from kutsereeglid.engine import Group, engine_named, replay
from kutsereeglid.evaluation import _prepared, shipped_rulebook
from kutsereeglid.fast.judging import _JudgeWriter, judge_of
from kutsereeglid.intake import _converter, _quick
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.source import Source
from kutsereeglid.status import BITS, Status
from kutsereeglid.telling import teller_of
from kutsereeglid.testing import rulebook_of, rulesets
from kutsereeglid.testing.applicants import forgetting

SHIPPED = (
    *("it-susteemide-nooremspetsialist", "noorem-tarkvaraarendaja"),
    *("it-tehnik", "kasutajatoe-tehnik", "it-haldustehnik"),
)
QUIET = settings(max_examples=20, deadline=None, phases=(Phase.generate,))


def both(file: Any, name: str, as_of: date, book: Rulebook) -> tuple[Any, Answer]:
    """The answer of the written functions, and that of the families."""
    plan, facts = _prepared(file, name, as_of, book.find(name, None), book, {})
    fast = judge_of(plan).answer(plan, facts)
    assert fast is not None
    return fast, judged(plan, facts)


def same(file: Any, name: str, as_of: date, book: Rulebook) -> None:
    (fast, findings), slow = both(file, name, as_of, book)
    assert list(fast.bits) == list(slow.bits)[: len(fast.bits)]
    teller = teller_of(fast.plan)
    for one, other in zip(findings, teller.findings(slow), strict=True):
        assert (one.status, one.due, one.missing) == (other.status, other.due, other.missing), one.requirement
        assert one.contested == other.contested, one.requirement
        assert one == other, one.requirement
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


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        "2026-13-01",
        "2026-06-05T23:59:00+03:00",
        "2026-06-05T24:00:00Z",
        "2026-W10-1",
        "employer",
        True,
        -1,
        1e309,
        7,
        2.5,
        {},
        [],
        [{}],
        ["a", 1],
        {"x": 1},
        {"start": "2026-02-01", "end": "2026-01-01"},
    ]
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a file that holds a value, as its holder and key."""
    items = list(
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [(value, key) for key, _ in items] + [found for _, inner in items for found in places(inner)]


@settings(QUIET, max_examples=200)
@given(st.data())
def test_files_are_read_alike(data: st.DataObject) -> None:
    steps, _ = data.draw(forgetting("noorem-tarkvaraarendaja"))
    file = deepcopy(steps[-1].file)
    for _ in range(data.draw(st.integers(0, 3))):
        if found := places(file):
            holder, key = data.draw(st.sampled_from(found))
            holder[key] = data.draw(JUNK)
    if data.draw(st.booleans()):
        file[data.draw(st.sampled_from(["exams", "judgements", "facts"]))] = data.draw(JUNK)
    try:
        fast = _quick()(file)
    except Exception:
        return
    assert fast == _converter().structure(file, Applicant)
    assert fast.built_in_only == attrs.evolve(fast).built_in_only
    assert pickle.loads(pickle.dumps(fast)) == fast
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        fast.exam = None  # type: ignore[misc]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_qualifications_are_answered_alike(name: str) -> None:
    @QUIET
    @given(forgetting(name))
    def alike(case: Any) -> None:
        steps, as_of = case
        for step in steps:
            same(step.file, name, as_of, shipped_rulebook())

    alike()


def test_what_is_searched_for_one_condition_is_missing_in_its_like_too() -> None:
    """Two conditions on the same certificates, due on the same day: the second takes over what the first found."""
    file = {
        "documents": [
            {"submitted": "2026-12-14", "signed_by": "employer", "positions": []},
            {"type": None, "submitted": None},
            {"type": "education-certificate"},
        ],
        "exam": {"date": None},
    }
    same(file, "it-haldustehnik", date(2026, 1, 22), shipped_rulebook())


@settings(QUIET, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_files_with_gaps_are_told_alike(seed: int, times: int) -> None:
    files = applicants(1, seed)
    for number in range(times):
        files = with_gaps(files, seed + number)
    for file, as_of in files:
        for name in SHIPPED:
            same(file, name, as_of, shipped_rulebook())


@pytest.mark.parametrize("count", [1, 499, 500, 501, 1_000, 1_001, 5_000])
def test_very_many_statuses_are_put_together(count: int) -> None:
    """More of them than the compiler follows in one expression."""
    book = shipped_rulebook()
    plan, _ = _prepared({}, "it-tehnik", date(2026, 6, 10), book.find("it-tehnik", None), book, {})
    source = Source()
    names = {number: f"b{number}" for number in range(count)}
    source.line(f"{''.join(f'{name}, ' for name in names.values())} = cells")
    group = Group(tuple(range(count)), count)
    source.line(f"return {_JudgeWriter(plan)._group(count, group, names, source)}")
    together = source.function("together", "cells")
    met, unknown = BITS[Status.MET], BITS[Status.UNKNOWN]
    assert together([met] * count) == met
    for place in {0, count // 2, count - 1}:
        assert together([unknown if number == place else met for number in range(count)]) == unknown
