"""The path of one evaluation: an applicant and a qualification in, a `Decision` out.

raw mapping -> `Applicant` -> leaf findings -> engine -> `Decision`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from kutsereeglid.applicant import ABSENT, Applicant
from kutsereeglid.compiling import (
    Compiled,
    Key,
    Proposition,
    check_readings,
    citation_of,
    compile_qualification,
    group_sentence,
    kind_of_group,
)
from kutsereeglid.conditions import Settled, settle
from kutsereeglid.dates import AHEAD, NoCorrespondingDay
from kutsereeglid.decision import Contested, Decision, Finding, Part, Reason, RulesetStamp, Table, Texts
from kutsereeglid.engine import Engine, Model, Program, engine_named
from kutsereeglid.errors import ApplicantError, Problem, RulesetError, UsageError, closest, describe, listed
from kutsereeglid.facts import Facts
from kutsereeglid.intake import read_applicant, read_declared
from kutsereeglid.phrases import Phrase, UnknownDay
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.status import OUTCOME, Status, nth_earliest, nth_latest
from kutsereeglid.wording import own_texts, say


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
    day = _today(book, qualification, version) if as_of is None else _plain_day(as_of)
    ruleset = book.find(qualification, day, version)
    file = _read(applicant, ruleset, book)
    name = qualification.rpartition(":")[2]
    given = dict(readings or {})
    check_readings(ruleset, given)
    run = engine_named(engine)
    asked = _stage(ruleset, stage)
    zone = ZoneInfo(_compiled(ruleset, name, given, day).calendar.zone)
    facts = Facts(file, day, zone, ruleset.vocabulary)
    compiled = _compiled_for(facts, ruleset, name, given)
    answer = _answer(compiled, facts, run)
    return _decision(
        ruleset, compiled, answer, asked, given, _contested(ruleset, compiled, answer, given, run)
    )


def answer_to(
    applicant: Applicant | Mapping[str, Any],
    qualification: str,
    *,
    as_of: date,
    rulebook: Rulebook,
    engine: str = "native",
) -> tuple[Program, tuple[int, ...], Model]:
    """What a decision rests on: the program, the leaves' atoms, and the engine's conclusions with the
    firings that led to them, for `kutsereeglid.engine.replay`."""
    ruleset = rulebook.find(qualification, as_of, None)
    name = qualification.rpartition(":")[2]
    file = _read(applicant, ruleset, rulebook)
    zone = ZoneInfo(_compiled(ruleset, name, {}, as_of).calendar.zone)
    facts = Facts(file, as_of, zone, ruleset.vocabulary)
    compiled = _compiled_for(facts, ruleset, name, {})
    found = _answer(compiled, facts, engine_named(engine))
    given = tuple(compiled.program.atom(number, one.status) for number, one in found.settled.items())
    return compiled.program, given, found.model


@frozen(eq=False, repr=False)
class Examined:
    """A qualification as compiled for one applicant, with the answer to every proposition of it."""

    ruleset: Ruleset
    compiled: Compiled
    facts: Facts
    statuses: tuple[Status, ...]


def examine(
    applicant: Applicant | Mapping[str, Any],
    qualification: str,
    *,
    as_of: date,
    version: str | None = None,
    readings: Mapping[str, str] | None = None,
    rulebook: Rulebook,
) -> Examined:
    """What a decision is made from, for tools that look into rulesets; takes and raises what `evaluate` does."""
    ruleset = rulebook.find(qualification, as_of, version)
    name, given = qualification.rpartition(":")[2], dict(readings or {})
    check_readings(ruleset, given)
    file = _read(applicant, ruleset, rulebook)
    zone = ZoneInfo(_compiled(ruleset, name, given, as_of).calendar.zone)
    facts = Facts(file, as_of, zone, ruleset.vocabulary)
    compiled = _compiled_for(facts, ruleset, name, given)
    answer = _answer(compiled, facts, engine_named("native"), with_missing=False)
    return Examined(ruleset, compiled, facts, tuple(answer.model.statuses))


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
    return ruleset, _compiled(ruleset, qualification.rpartition(":")[2], {}, day)


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
    zone = _compiled(newest, qualification.rpartition(":")[2], {}, newest.in_force_from).calendar.zone
    return datetime.now(ZoneInfo(zone)).date()


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


def _compiled(
    ruleset: Ruleset,
    name: str,
    readings: Mapping[str, str],
    day: date,
    only: frozenset[Key] | None = None,
    values: tuple[tuple[str, tuple[str, ...] | None], ...] | None = None,
) -> Compiled:
    """A qualification as its rules are in force on a day; ``values`` has what the lists hold that
    ``each`` and ``for_each`` name."""
    out_of_force = ruleset.out_of_force(day)
    key = (name, tuple(sorted(readings.items())), only, out_of_force, values)
    made: Compiled | None = ruleset.programs.get(key)
    if made is None:
        lists = None if values is None else dict(values)
        made = compile_qualification(ruleset, name, readings, only, out_of_force, lists)
        while len(ruleset.programs) >= _MOST_PROGRAMS:
            ruleset.programs.pop(next(iter(list(ruleset.programs))), None)
        ruleset.programs[key] = made
    return made


_MOST_PROGRAMS = 1_000
"""Qualifications kept as compiled, for each ruleset: what applicants' lists hold has no end."""


def _compiled_for(
    facts: Facts,
    ruleset: Ruleset,
    name: str,
    readings: Mapping[str, str],
    only: frozenset[Key] | None = None,
) -> Compiled:
    """A qualification for one applicant, on whose lists it may hang.

    Raises `ApplicantError` for an item of a list with which the rules cannot be read.
    """
    made = _compiled(ruleset, name, readings, facts.as_of, only)
    if not made.lists:
        return made
    values = tuple(
        (path, None if facts.value(path) is ABSENT else facts.value(path)) for path in sorted(made.lists)
    )
    try:
        return _compiled(ruleset, name, readings, facts.as_of, only, values)
    except RulesetError as error:
        items = "an item with which the rules cannot be read"
        raise ApplicantError(
            Problem("unreadable-item", ", ".join(sorted(made.lists)), items, "the name of a thing")
        ) from error


@frozen(eq=False, repr=False)
class _Detail:
    """What is said of one proposition besides its status."""

    due: date | None
    earliest: date | None
    missing: tuple[str, ...]
    late: bool


@frozen(eq=False, repr=False)
class _Answer:
    """Everything that one compiled qualification says of one applicant."""

    facts: Facts
    settled: Mapping[int, Settled]
    model: Model
    details: tuple[_Detail, ...]

    def status(self, number: int) -> Status:
        return self.model.statuses[number]

    def nearest(self, parts: Sequence[int]) -> int:
        """The place of the part that holds, or is nearest to it."""

        def nearness(place: int) -> tuple[int, bool, date]:
            earliest = self.details[parts[place]].earliest
            return _NEARNESS[self.status(parts[place])], earliest is None, earliest or AHEAD

        return min(range(len(parts)), key=nearness)


_NEARNESS = {Status.MET: 0, Status.OPEN: 1, Status.UNKNOWN: 2, Status.NOT_MET: 3}


def _answer(compiled: Compiled, facts: Facts, run: Engine, *, with_missing: bool = True) -> _Answer:
    settled: dict[int, Settled] = {}
    for number in compiled.leaves:
        one = compiled.propositions[number]
        assert one.leaf is not None
        assert one.how is not None
        settled[number] = settle(one.leaf, one.due, facts, one.how, with_missing=with_missing)
    program = compiled.program
    model = run(program, [program.atom(number, found.status) for number, found in settled.items()])
    details: list[_Detail] = []
    for number, one in enumerate(compiled.propositions):
        found = settled.get(number)
        if found is not None:
            details.append(_Detail(found.due, found.earliest, found.missing, found.late))
        else:
            details.append(_composed(one, number, model, details, facts, compiled))
    return _Answer(facts, settled, model, tuple(details))


def _composed(
    one: Proposition, number: int, model: Model, details: list[_Detail], facts: Facts, compiled: Compiled
) -> _Detail:
    """Due, earliest and missing of a proposition made of parts."""
    group = one.group
    assert group is not None
    status = model.statuses[number]
    parts = [(model.statuses[part], details[part]) for part in group.parts]
    due = _due_day(one.due, facts, compiled)
    missing: set[str] = set()
    if status is Status.UNKNOWN:
        missing = {path for found, detail in parts if found is Status.UNKNOWN for path in detail.missing}
        if one.choice is not None and len({found for found, _ in parts}) > 1:
            missing.add(f"readings.{one.choice}")
    if one.choice is not None:
        dues = {detail.due for _, detail in parts}
        return _Detail(dues.pop() if len(dues) == 1 else None, None, tuple(sorted(missing)), late=False)
    lacking = group.needed - sum(found is Status.MET for found, _ in parts)
    earliest = None
    if status is Status.OPEN:
        open_ = [detail for found, detail in parts if found is Status.OPEN]
        earliest = nth_earliest(lacking, (detail.earliest for detail in open_))
        if one.due is None:
            due = nth_latest(lacking, (detail.due for detail in open_))
    elif status is Status.NOT_MET and Status.UNKNOWN not in {found for found, _ in parts}:
        earliest = nth_earliest(
            lacking, (detail.earliest for found, detail in parts if found is not Status.MET)
        )
    late = status is Status.NOT_MET and any(
        found is Status.NOT_MET and detail.late for found, detail in parts
    )
    return _Detail(due, earliest, tuple(sorted(missing)), late)


def _due_day(due: Phrase | None, facts: Facts, compiled: Compiled) -> date | None:
    if due is None:
        return None
    try:
        day = due.due(facts, facts.as_of, compiled.calendar)
    except (UnknownDay, NoCorrespondingDay):
        return None
    return None if day == AHEAD else day


def _contested(
    ruleset: Ruleset, compiled: Compiled, answer: _Answer, given: Mapping[str, str], run: Engine
) -> dict[Key, tuple[Contested, ...]]:
    """For each requirement, the declared readings that alone would give another certain status."""
    made: dict[Key, tuple[Contested, ...]] = {}
    base = {one.key: answer.status(one.proposition) for one in compiled.requirements}
    for reading in ruleset.readings.values():
        taken = given.get(reading.name) or reading.taken
        affected = frozenset(one.key for one in compiled.requirements if reading.name in one.used)
        if taken is None or not affected:
            continue
        for option in reading.options:
            if option == taken:
                continue
            readings = {**given, reading.name: option}
            other = _compiled_for(answer.facts, ruleset, compiled.qualification.name, readings, affected)
            found = _answer(other, answer.facts, run, with_missing=False)
            theirs = {one.key: found.status(one.proposition) for one in other.requirements}
            for key in affected & theirs.keys():
                status = theirs[key]
                if status is not base[key] and status is not Status.UNKNOWN:
                    citation = citation_of(ruleset, reading.cites)
                    made[key] = (*made.get(key, ()), Contested(reading.name, option, status, citation))
    return made


def _decision(
    ruleset: Ruleset,
    compiled: Compiled,
    answer: _Answer,
    stage: str,
    given: Mapping[str, str],
    contested: Mapping[Key, tuple[Contested, ...]],
) -> Decision:
    outcomes = {name: OUTCOME[answer.status(number)] for name, number in compiled.stages.items()}
    teller = _Teller(ruleset, compiled, answer)
    paths = {name: reached[stage] for name, reached in compiled.paths.items()}
    nearest = {
        list(ways)[answer.nearest([reached[stage] for reached in ways.values()])]
        for ways in compiled.ways.values()
        if ways
    }
    findings = []
    for one in compiled.requirements:
        reason = teller.reason(one.proposition)
        findings.append(
            Finding(
                requirement=one.id,
                stage=one.stage,
                kind=one.kind,
                required=one.required,
                status=reason.status,
                due=reason.due,
                earliest=reason.earliest,
                missing=reason.missing,
                contested=contested.get(one.key, ()),
                title=reason.text,
                citation=reason.citation,
                because=reason.because,
                applies=reason.applies,
                path=reason.path,
                curable=one.curable,
                late=reason.late,
                discretion=one.discretion,
                parts=reason.parts,
                of_path=one.of_path,
                of=one.of,
            )
        )
    return Decision(
        qualification=compiled.qualification.name,
        title=compiled.qualification.title,
        as_of=answer.facts.as_of,
        stage=stage,
        outcome=outcomes[stage],
        stages=Table(outcomes),
        ruleset=RulesetStamp(ruleset.id, ruleset.version, ruleset.digest),
        findings=tuple(findings),
        readings=Table(
            {name: given.get(name) or reading.taken for name, reading in ruleset.readings.items()}
        ),
        late=ruleset.late,
        texts=Texts(ruleset.languages[0], ruleset.languages, load=lambda: _texts(ruleset)),
        path=nearest.pop() if len(nearest) == 1 else None,
        paths=Table({name: OUTCOME[answer.status(number)] for name, number in paths.items()}),
        each=Table({of: OUTCOME[answer.status(reached[stage])] for of, reached in compiled.each.items()}),
    )


def _texts(ruleset: Ruleset) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    first, *others = ruleset.languages
    tables = {first: own_texts(ruleset), **{language: ruleset.translate(language) for language in others}}
    taken_over = {  # the paths of a qualification that is like another have their titles from that one
        f"paths.{one.name}.{path.name}": path.text
        for one in ruleset.qualifications.values()
        for path in one.paths.values()
    }
    return tuple(
        (
            language,
            tuple(sorted({**texts, **{key: texts[other] for key, other in taken_over.items()}}.items())),
        )
        for language, texts in tables.items()
    )


class _Teller:
    """Makes the nested reasons of an answer."""

    def __init__(self, ruleset: Ruleset, compiled: Compiled, answer: _Answer) -> None:
        self.ruleset, self.compiled, self.answer = ruleset, compiled, answer
        self.language = ruleset.languages[0]
        self.texts = own_texts(ruleset)
        self.made: dict[int, Reason] = {}

    def reason(self, number: int) -> Reason:
        if number not in self.made:
            self.made[number] = self._reason(number)
        return self.made[number]

    def _reason(self, number: int) -> Reason:
        one = self.compiled.propositions[number]
        detail = self.answer.details[number]
        parts = one.title if one.rule is not None else self._sentence(number, one)
        applies = one.exempt is None or self.answer.status(one.exempt) is not Status.MET
        return Reason(
            text=say(parts, self.language, self.texts),
            status=self.answer.status(number),
            condition=None if one.rule is not None else self._head(one),
            rule=one.rule.name if one.rule is not None else None,
            due=detail.due,
            earliest=detail.earliest,
            missing=detail.missing,
            applies=applies,
            path=self._path(number),
            kind=one.rule.kind if one.rule is not None else None,
            curable=one.rule is not None and one.rule.curable,
            citation=one.citation,
            because=self._because(one, applies),
            late=detail.late,
            parts=parts,
        )

    def _because(self, one: Proposition, applies: bool) -> tuple[Reason, ...]:
        if one.group is None:
            return ()
        if one.exempt is not None and not applies:
            return (self.reason(one.exempt),)
        made: list[Reason] = []
        for part in one.group.parts:
            if part == one.exempt:
                continue
            inner = self.compiled.propositions[part]
            if inner.rule is not None and inner.rule is one.rule and inner.group is not None:
                made += self._because(inner, applies=True)  # the rule's own body says nothing new
            else:
                made.append(self.reason(part))
        return tuple(made)

    def _head(self, one: Proposition) -> str:
        if one.leaf is not None:
            return one.leaf.head
        return kind_of_group(one)

    def _sentence(self, number: int, one: Proposition) -> tuple[Part, ...]:
        if one.leaf is None:
            return group_sentence(one)
        settled = self.answer.settled[number]
        asks = one.leaf.asks()
        if not settled.complete or one.how is None:
            return (asks,)
        moment = settled.moment(self.answer.facts.as_of)
        found = one.leaf.found(self.answer.facts, moment, one.how)
        return (asks,) if found is None else (asks, found)

    def _path(self, number: int) -> str | None:
        one = self.compiled.propositions[number]
        if one.group is None:
            return None
        if one.names:
            return one.names[self.answer.nearest(one.group.parts)]
        parts = [part for part in one.group.parts if part != one.exempt]
        return self._path(parts[0]) if one.rule is not None and len(parts) == 1 else None
