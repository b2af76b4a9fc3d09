"""Benchmarks over seeded applicants: the parties, files with gaps, decisions whose reasons are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.applicants import QUALIFICATIONS, SEED, File, applicants, with_gaps
from benchmarks.parties import (
    APPLICANT,
    DURABLE,
    MAPPING,
    PLAIN,
    absent,
    as_text,
    check_agreement,
    decided,
    decided_by_durable,
    durable_is_here,
    parties,
    with_reasons,
    with_sentences,
)
from benchmarks.timing import Section, Size, Task, in_turn, micro, progress, times, within
from kutsereeglid import evaluate, read_applicant

Decide = Callable[[Any, str, date], Any]
Files = Callable[[int], list[tuple[File, date]]]


def task(decide: Decide, prepare: Callable[[File], Any], files: Files) -> Callable[[int], Task]:
    """Decides on a round's fresh files, each prepared afresh for each qualification: what one decision
    leaves behind in an applicant helps no other."""

    def make(number: int) -> Task:
        asked = [
            (prepare(file), qualification, as_of)
            for qualification in QUALIFICATIONS
            for file, as_of in files(number)
        ]

        def run() -> int:
            for one, qualification, as_of in asked:
                decide(one, qualification, as_of)
            return len(asked)

        return run

    return make


def fresh(size: Size) -> Files:
    """Other complete files in every round."""
    return lambda number: applicants(size.files, SEED + 1 + number)


def fresh_with_gaps(size: Size) -> Files:
    return lambda number: with_gaps(applicants(size.files, SEED + 1 + number), number)


def compare_parties(size: Size) -> Section:
    """Every party on complete files."""
    compared = list(parties())
    progress("checking that the parties agree")
    count = check_agreement(compared, applicants(size.checked))
    timed = in_turn({one.name: task(one.decide, one.prepare, fresh(size)) for one in compared}, size.rounds)
    rows = [
        (
            one.name,
            micro(timed.micros(one.name)),
            times(timed.ratio(one.name, PLAIN)),
            within(timed.ratio(one.name, PLAIN), one.limit),
            one.cannot_say or "-",
        )
        for one in compared
    ]
    notes = [
        f"Before any timing all of them gave the same {count:,} statuses and due days on {size.checked:,} files."
    ]
    if durable_is_here():
        notes.append(_same_with_gaps(size))
    rivals = [
        one
        for one in compared
        if one.name not in (PLAIN, "plain Python, required only", MAPPING, APPLICANT, DURABLE)
    ]
    for name in (APPLICANT, MAPPING):
        ahead = [one.name for one in rivals if timed.micros(name) < timed.micros(one.name)]
        behind = [one.name for one in rivals if one.name not in ahead]
        said = f"Ahead of every peer: {'met' if not behind else 'not met'}, {name}"
        notes.append(said + (f" is slower than {', '.join(behind)}." if behind else "."))
    if missing := absent():
        notes.append(f"Not installed here, so not compared: {', '.join(missing)}.")
    about = (
        f"Processor time of one decision: the median of {size.rounds} rounds, each over {size.files} fresh files and "
        f"{len(QUALIFICATIONS)} qualifications, all in turn in one process. The ratio is the median of the rounds' ratios."
    )
    columns = ("party", "µs a decision", "to plain", "at most", "cannot say")
    return Section("The parties", about, columns, rows, notes)


def _same_with_gaps(size: Size) -> str:
    """Both engines, on files that the others cannot read."""
    files = with_gaps(applicants(size.checked // 10 or 1))
    for file, as_of in files:
        for qualification in QUALIFICATIONS:
            one = evaluate(file, qualification, as_of=as_of)
            other = evaluate(file, qualification, as_of=as_of, engine="durable")
            if one.findings != other.findings:
                raise AssertionError(f"the engines differ on {qualification} as of {as_of}: {file}")
    return f"On {len(files):,} files with gaps both engines gave the same findings, reasons included."


def compare_gaps(size: Size) -> Section:
    """Files with gaps against the same files without."""
    complete, gaps = fresh(size), fresh_with_gaps(size)
    ways: dict[str, tuple[Decide, Callable[[File], Any]]] = {
        APPLICANT: (decided, read_applicant),
        MAPPING: (decided, _as_it_is),
    }
    if durable_is_here():
        ways[DURABLE] = (decided_by_durable, read_applicant)
    makers = {}
    for name, (decide, prepare) in ways.items():
        makers[f"{name}, complete"] = task(decide, prepare, complete)
        makers[f"{name}, with gaps"] = task(decide, prepare, gaps)
    timed = in_turn(makers, size.rounds)
    rows = []
    for name in ways:
        whole, lacking = f"{name}, complete", f"{name}, with gaps"
        ratio = timed.ratio(lacking, whole)
        limit = within(ratio, None if name == DURABLE else 1.3)
        rows.append((name, micro(timed.micros(whole)), micro(timed.micros(lacking)), times(ratio), limit))
    found = Counter(
        found.status
        for file, as_of in gaps(0)
        for qualification in QUALIFICATIONS
        for found in evaluate(file, qualification, as_of=as_of).findings
    )
    unknown = found["unknown"] / found.total()  # type: ignore[index]
    about = (
        "Each file lacks one to three of the facts that decide, anywhere in it. Of the findings "
        f"{unknown:.0%} are `unknown`, each with exactly the facts that are missing."
    )
    columns = ("", "complete, µs", "with gaps, µs", "ratio", "at most")
    return Section("Files with gaps", about, columns, rows)


def compare_reasons(size: Size) -> Section:
    """Decisions whose reasons are read."""
    limits: dict[str, tuple[Decide, float | None]] = {
        "statuses, missing facts, due days, contested readings": (decided, 1.5),
        "the same, and all reasons read": (with_reasons, 4.0),
        "the same, each reason with its sentence": (with_sentences, 4.0),
        "the whole decision as one text": (as_text, None),
    }
    files = fresh(size)
    plain = next(parties())
    makers = {name: task(decide, read_applicant, files) for name, (decide, _) in limits.items()}
    timed = in_turn({PLAIN: task(plain.decide, _as_it_is, files), **makers}, size.rounds)
    rows = [
        (
            name,
            micro(timed.micros(name)),
            times(timed.ratio(name, PLAIN)),
            within(timed.ratio(name, PLAIN), limit),
        )
        for name, (_, limit) in limits.items()
    ]
    columns = ("of a decision from an `Applicant`", "µs", "to plain", "at most")
    return Section("Reasons", "", columns, [(PLAIN, micro(timed.micros(PLAIN)), "1.00x", ""), *rows])


def _as_it_is(file: File) -> File:
    return file
