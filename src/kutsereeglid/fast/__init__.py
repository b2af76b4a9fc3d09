"""Answers by code that is written out from a plan, for qualifications that are asked for again and again."""

from __future__ import annotations

from kutsereeglid.answers import Answer, judged
from kutsereeglid.facts import Facts
from kutsereeglid.plans import Plan

WORTH_WRITING = 3
"""Uses of a plan after which its functions are written: that costs as much as some answers do."""


def answer_for(plan: Plan, facts: Facts) -> Answer:
    """The answer of a plan for one applicant."""
    if plan.uses < WORTH_WRITING:
        plan.uses += 1
        return judged(plan, facts)
    from kutsereeglid.fast.judging import answer_fast

    return answer_fast(plan, facts) or judged(plan, facts)
