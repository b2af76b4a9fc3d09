"""Answers by code that is written out from a plan, for qualifications that are asked for again and again."""

from __future__ import annotations

from kutsereeglid.answers import Answer, judged
from kutsereeglid.decision import Decision
from kutsereeglid.facts import Facts
from kutsereeglid.plans import Plan
from kutsereeglid.telling import teller_of

WORTH_WRITING = 3
"""Uses of a plan after which its functions are written: that costs as much as some answers do."""


def decision_for(plan: Plan, facts: Facts, stage: str) -> tuple[Answer, Decision]:
    """The answer of a plan for one applicant, and the decision, with the outcome of a stage as its own."""
    if plan.judge is None and plan.uses >= WORTH_WRITING:
        from kutsereeglid.fast.judging import judge_of

        judge_of(plan)
    plan.uses += 1
    found = plan.judge.answer(plan, facts) if plan.judge is not None else None
    answer, findings = found or (judged(plan, facts), None)
    return answer, teller_of(plan).decision(answer, stage, findings)
