"""Coverage: what cases show of a ruleset, from each of its sides, and what can never be shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kutsereeglid import evaluate
from kutsereeglid.authoring.limits import limits_of
from kutsereeglid.conditions import reachable
from kutsereeglid.evaluation import compiled_for_display, examine, shipped_rulebook
from kutsereeglid.facts import Facts
from kutsereeglid.testing import cases as generated

BOOK = shipped_rulebook()
QUALIFICATIONS = ("it-tehnik", "noorem-tarkvaraarendaja")
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
each_generated = given(
    st.sampled_from(QUALIFICATIONS).flatmap(lambda name: st.tuples(st.just(name), generated(name)))
)


@QUICK
@each_generated
def test_what_is_examined_is_what_was_decided(made: tuple[str, tuple[dict[str, Any], date]]) -> None:
    name, (applicant, as_of) = made
    found = examine(applicant, name, as_of=as_of, rulebook=BOOK)
    assert found.decision == evaluate(applicant, name, as_of=as_of, rulebook=BOOK)
    told = [(one.requirement, one.status) for one in found.decision.findings]
    assert told == [(one.id, found.statuses[one.proposition]) for one in found.compiled.requirements]


@QUICK
@each_generated
def test_no_condition_has_a_status_that_it_can_not_have(
    made: tuple[str, tuple[dict[str, Any], date]],
) -> None:
    name, (applicant, as_of) = made
    found = examine(applicant, name, as_of=as_of, rulebook=BOOK)
    nobody = examine({}, name, as_of=as_of, rulebook=BOOK).facts
    for number, one in enumerate(found.compiled.propositions):
        if one.leaf is None:
            continue
        assert one.how is not None
        assert found.statuses[number] in reachable(one.leaf, one.due, nobody, one.how)


@pytest.mark.parametrize(
    ("qualification", "head", "never"),
    [
        ("elektriku-taastoendamine", "judged", {"open"}),  # what a person must judge is never open
        ("elektriku-taastoendamine", "document", {"not_met"}),  # without a due day it is never too late
        ("noorem-tarkvaraarendaja", "document", set()),
    ],
)
def test_what_can_never_be(qualification: str, head: str, never: set[str]) -> None:
    _, compiled = compiled_for_display(BOOK, qualification, date(2026, 3, 10), None)
    nobody: Facts = examine({}, "it-tehnik", as_of=date(2026, 3, 10), rulebook=BOOK).facts
    [*found] = [one for one in compiled.propositions if one.leaf is not None and one.leaf.head == head]
    assert found
    for one in found:
        assert one.leaf is not None
        assert one.how is not None
        possible = reachable(one.leaf, one.due, nobody, one.how)
        assert {"met", "not_met", "open", "unknown"} - possible == never


def test_every_limit_of_a_condition_is_found() -> None:
    _, compiled = compiled_for_display(BOOK, "elektriku-taastoendamine", date(2026, 3, 10), None)
    texts = {limit.text for one in compiled.propositions if one.leaf for limit in limits_of(one.leaf)}
    assert {
        "at_least 3 years",
        "at_least 15",
        "within 5 years before application.submitted: first day",
        "within 5 years before application.submitted: last day",
        "valid_to from 1 year before application.submitted",
    } <= texts
