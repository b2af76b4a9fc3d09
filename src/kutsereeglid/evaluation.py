"""The path of one evaluation: an applicant and a qualification in, a `Decision` out.

raw mapping -> `Applicant` -> leaf findings -> engine -> `Decision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

from kutsereeglid.answers import Answer, inferred, judged
from kutsereeglid.applicant import Applicant
from kutsereeglid.compiling import Compiled, check_readings
from kutsereeglid.decision import Decision
from kutsereeglid.engine import engine_named
from kutsereeglid.errors import Problem, UsageError, closest, describe, listed
from kutsereeglid.facts import Facts
from kutsereeglid.fast import decision_for
from kutsereeglid.intake import read_applicant, read_declared
from kutsereeglid.plans import Plan, plan_for, plan_on
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.status import Status
from kutsereeglid.telling import teller_of


def evaluate(
    applicant: Applicant | Mapping[str, Any],
    qualification: str,
    *,
    as_of: date | None = None,
    stage: str | None = None,
    version: str | None = None,
    readings: Mapping[str, str] | None = None,
    rulebook: Rulebook | None = None,
    engine: str = "native",
) -> Decision:
    """Decides whether an applicant may be admitted, or be awarded a qualification, with reasons.

    ``as_of`` is the day of evaluation (today in the ruleset's time zone when not given); ``stage`` the
    stage whose outcome is the decision's own; ``version`` a ruleset version (its first day in force)
    in place of the one in force; ``readings`` options in place of those that the ruleset takes;
    ``rulebook`` other rulesets than the shipped ones.

    Raises `ApplicantError` for a mapping that is no applicant's file, `UsageError` for a
    qualification, stage, version, reading or engine that does not exist, `RulesetError` for a ruleset
    with mistakes.

    >>> decision = evaluate({}, "it-tehnik", as_of=date(2026, 6, 10))
    >>> str(decision.stages["application"]), str(decision.outcome)
    ('eligible', 'undetermined')
    """
    book = rulebook if rulebook is not None else shipped_rulebook()
    day: Any = as_of
    if as_of.__class__ is not date:
        day = _today(book, qualification, version) if as_of is None else _plain_day(as_of)
    run = None if engine == "native" else engine_named(engine)
    plan, asked = _asked(book, qualification, day, version, stage, readings)
    plan, facts = _with_facts(applicant, plan, day, book)
    if run is None:
        return decision_for(plan, facts, asked)[1]
    return teller_of(plan).decision(inferred(plan, facts, run), asked)


_MOST_ASKED = 4_000


def _asked(
    book: Rulebook,
    qualification: str,
    day: date,
    version: str | None,
    stage: str | None,
    readings: Mapping[str, str] | None,
) -> tuple[Plan, str]:
    """The plan that is asked for, and the stage; found again for each day on which it was asked for."""
    key = (qualification, day, version, stage)
    found: tuple[Plan, str] | None = book.asked.get(key) if not readings else None
    if found is None:
        ruleset = book.find(qualification, day, version)
        given = _NO_READINGS if readings is None else dict(readings)
        check_readings(ruleset, given)
        found = plan_on(ruleset, _name(qualification), given, day), _stage(ruleset, stage)
        if not readings:
            if len(book.asked) >= _MOST_ASKED:
                book.asked.clear()
            book.asked[key] = found
    return found


_NO_READINGS: Mapping[str, str] = {}


def answer_to(
    applicant: Applicant | Mapping[str, Any], qualification: str, *, as_of: date, rulebook: Rulebook
) -> Answer:
    """What a decision rests on, by the readable judges, under the readings that the ruleset takes: the status of
    each proposition, from which an engine's proof can be made for `kutsereeglid.engine.replay`."""
    ruleset = rulebook.find(qualification, as_of, None)
    plan, facts = _prepared(applicant, qualification, as_of, ruleset, rulebook, {})
    return judged(plan.uncontested, facts)


def _name(qualification: str) -> str:
    """A qualification's own id, without its ruleset's."""
    return qualification.rpartition(":")[2]


def _prepared(
    applicant: Applicant | Mapping[str, Any],
    qualification: str,
    day: date,
    ruleset: Ruleset,
    book: Rulebook,
    given: Mapping[str, str],
) -> tuple[Plan, Facts]:
    """What is asked, and the applicant's facts."""
    return _with_facts(applicant, plan_on(ruleset, _name(qualification), given, day), day, book)


def _with_facts(
    applicant: Applicant | Mapping[str, Any], plan: Plan, day: date, book: Rulebook
) -> tuple[Plan, Facts]:
    ruleset = plan.ruleset
    facts = Facts(_read(applicant, ruleset, book), day, plan.zone, ruleset.vocabulary)
    return (plan_for(facts, plan) if plan.base.lists else plan), facts


@frozen(eq=False, repr=False)
class Examined:
    """A decision with what it was made from: the qualification as compiled for the applicant, and the
    answer to every proposition of it."""

    decision: Decision
    ruleset: Ruleset
    compiled: Compiled
    facts: Facts
    statuses: tuple[Status, ...]


def examine(
    applicant: Applicant | Mapping[str, Any],
    qualification: str,
    *,
    as_of: date,
    stage: str | None = None,
    version: str | None = None,
    readings: Mapping[str, str] | None = None,
    rulebook: Rulebook,
) -> Examined:
    """`evaluate` for tools that look into rulesets; takes and raises what that does."""
    ruleset = rulebook.find(qualification, as_of, version)
    given = {} if readings is None else dict(readings)
    check_readings(ruleset, given)
    plan, facts = _prepared(applicant, qualification, as_of, ruleset, rulebook, given)
    answer, decision = decision_for(plan, facts, _stage(ruleset, stage))
    statuses = tuple(map(answer.status, range(len(plan.base.propositions))))
    return Examined(decision, ruleset, plan.base, facts, statuses)


def _read(applicant: Applicant | Mapping[str, Any], ruleset: Ruleset, book: Rulebook) -> Applicant:
    """The applicant with the facts that the ruleset declares; those of the others are no mistakes."""
    if isinstance(applicant, Applicant):
        return read_declared(applicant, ruleset.vocabulary, book.vocabularies)
    return read_applicant(applicant, vocabulary=ruleset.vocabulary, others=book.vocabularies)


def ruleset_for(book: Rulebook, qualification: str, on: date | None, version: str | None) -> Ruleset:
    """The ruleset in force today or on another day."""
    day = on if on is not None else _today(book, qualification, version)
    return book.find(qualification, day, version)


def compiled_for_display(
    book: Rulebook, qualification: str, on: date | None, version: str | None
) -> tuple[Ruleset, Compiled]:
    """A qualification under the readings that its ruleset takes, as in force today or on another day."""
    day = on if on is not None else _today(book, qualification, version)
    ruleset = ruleset_for(book, qualification, on, version)
    return ruleset, plan_on(ruleset, _name(qualification), {}, day).base


@cache
def shipped_rulebook() -> Rulebook:
    """The rulesets that come with the package."""
    here = Path(__file__).parent
    inside = here / "rulesets"
    return Rulebook(inside if inside.is_dir() else here.parents[1] / "rulesets")


def _plain_day(as_of: date) -> date:
    if isinstance(as_of, datetime) or not isinstance(as_of, date):
        raise UsageError(
            Problem(
                "not-a-day",
                "as_of",
                describe(as_of),
                "a datetime.date",
                "turn a moment into a day of the zone",
            )
        )
    return as_of


def _today(book: Rulebook, qualification: str, version: str | None) -> date:
    """Today in the ruleset's time zone: the one look at the clock, before the evaluation begins."""
    newest = book.find(qualification, None, version)
    return datetime.now(plan_on(newest, _name(qualification), {}, newest.in_force_from).zone).date()


def _stage(ruleset: Ruleset, stage: str | None) -> str:
    if stage is None:
        return ruleset.decided_at
    if stage not in ruleset.stages:
        raise UsageError(
            Problem(
                "unknown-stage",
                "stage",
                describe(stage),
                f"one of {listed(ruleset.stages)}",
                closest(stage, ruleset.stages),
            )
        )
    return stage
