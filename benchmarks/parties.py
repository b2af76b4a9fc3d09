"""Who is compared: each party's way from an applicant to the answers, and what it cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from benchmarks import peers, plain
from benchmarks.applicants import QUALIFICATIONS, File
from benchmarks.plain import Answer
from kutsereeglid import Applicant, Decision, Finding, Reason, UsageError, evaluate, read_applicant

PLAIN = "plain Python"
MAPPING = "kutsereeglid, from a mapping"
APPLICANT = "kutsereeglid, from an `Applicant`"
DURABLE = 'kutsereeglid, `engine="durable"`'


@frozen
class Party:
    """One way to the answers. What `prepare` does to a file is not timed; what `decide` does is."""

    name: str
    decide: Callable[[Any, str, date], Any]
    answers: Callable[[Any], dict[str, Answer]]
    """The status and the last day of each requirement, of what `decide` gave."""
    cannot_say: str = ""
    prepare: Callable[[File], Any] = lambda file: file
    limit: float | None = None
    """At most so many times as long as the plain function."""


def parties() -> Iterator[Party]:
    """Those that can be run here, the plain function first."""
    nothing_else = "missing facts, reasons, other readings, what is wrong with a file"
    yield Party(PLAIN, plain.decide, dict, nothing_else)
    required = "the same, and the advisory requirements"
    yield Party("plain Python, required only", plain.decide_required, dict, required)
    yield Party(MAPPING, decided, answers_of, limit=4.0)
    yield Party(APPLICANT, decided, answers_of, prepare=read_applicant, limit=1.5)
    if durable_is_here():
        yield Party(DURABLE, decided_by_durable, answers_of, prepare=read_applicant)
    for name in peers.PEERS:
        if peers.installed(name):
            decide = peers.decider(name, QUALIFICATIONS)
            yield Party(name, decide, dict, f"due days (computed for it), {nothing_else}")


def absent() -> list[str]:
    """The parties that are not installed here."""
    missing = [name for name in peers.PEERS if not peers.installed(name)]
    return missing if durable_is_here() else [DURABLE, *missing]


def decided(applicant: Applicant | File, qualification: str, as_of: date) -> Decision:
    """A decision of which everything but the reasons has been read: lazy parts are made too."""
    return _read(evaluate(applicant, qualification, as_of=as_of))


def decided_by_durable(applicant: Applicant | File, qualification: str, as_of: date) -> Decision:
    return _read(evaluate(applicant, qualification, as_of=as_of, engine="durable"))


def _read(decision: Decision) -> Decision:
    for found in decision.findings:
        _ = found.status, found.due, found.missing, found.contested
    _ = decision.outcome, decision.stages
    return decision


def with_reasons(applicant: Applicant | File, qualification: str, as_of: date) -> Decision:
    """A decision of which every reason has been read, to the leaves, in no language."""
    decision = decided(applicant, qualification, as_of)
    for one in _reasons(decision):
        _ = one.status, one.due, one.earliest, one.missing, one.citation, one.path, one.parts
    return decision


def with_sentences(applicant: Applicant | File, qualification: str, as_of: date) -> Decision:
    """The same with each reason's sentence, in the ruleset's first language."""
    decision = with_reasons(applicant, qualification, as_of)
    for one in _reasons(decision):
        _ = one.title if isinstance(one, Finding) else one.text
    return decision


def as_text(applicant: Applicant | File, qualification: str, as_of: date) -> str:
    """The decision and its reasons as text."""
    return evaluate(applicant, qualification, as_of=as_of).explain()


def _reasons(decision: Decision) -> Iterator[Finding | Reason]:
    below: list[Finding | Reason] = [*decision.findings]
    while below:
        one = below.pop()
        yield one
        below += one.because


def answers_of(decision: Decision) -> dict[str, Answer]:
    return {found.requirement: (str(found.status), found.due) for found in decision.findings}


def durable_is_here() -> bool:
    try:
        evaluate({}, QUALIFICATIONS[0], as_of=date(2026, 6, 10), engine="durable")
    except UsageError:
        return False
    return True


class DisagreementError(Exception):
    """Two parties give different answers."""


def check_agreement(compared: Sequence[Party], files: Sequence[tuple[File, date]]) -> int:
    """Compares every party's answers with those of the first one; how many answers were compared.

    Raises `DisagreementError` at the first difference. A party may leave requirements out only where it
    says that it cannot say them.
    """
    count = 0
    for file, as_of in files:
        given = [party.prepare(file) for party in compared]
        for qualification in QUALIFICATIONS:
            first, *others = [
                party.answers(party.decide(one, qualification, as_of))
                for party, one in zip(compared, given, strict=True)
            ]
            count += len(first)
            for party, found in zip(compared[1:], others, strict=True):
                expected = first
                if "advisory" in party.cannot_say:
                    expected = {name: first[name] for name in found}
                if found != expected:
                    different = {
                        name: (first.get(name), found.get(name))
                        for name in sorted({*first, *found})
                        if first.get(name) != found.get(name)
                    }
                    raise DisagreementError(
                        f"{compared[0].name} and {party.name} differ on {qualification} as of {as_of}: {different}; {file}"
                    )
    return count
