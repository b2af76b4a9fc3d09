"""Benchmarks of what grows: the qualifications loaded, the requirements of one, the records in a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from math import log
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from benchmarks import plain
from benchmarks.applicants import QUALIFICATIONS, File
from benchmarks.comparing import fresh, task
from benchmarks.parties import decided
from benchmarks.timing import Section, Size, Task, Timed, in_turn, micro, progress, times, within
from kutsereeglid import Applicant, Rulebook, evaluate, load_rulebook, read_applicant

SHIPPED = Path(__file__).parents[1] / "rulesets" / "bcs-koolitus"
AS_OF = date(2026, 6, 10)
QUALIFICATION = "noorem-tarkvaraarendaja"


# Qualifications loaded.


def against_qualifications(size: Size, copies: Sequence[int] = (1, 10, 100)) -> Section:
    """One qualification's cost while more of them are loaded."""
    books: dict[int, Rulebook] = {}
    loading: dict[int, float] = {}
    with TemporaryDirectory() as folder:
        for count in copies:
            progress(f"loading {count} copies of the ruleset")
            root = Path(folder) / str(count)
            for number in range(count):
                _copy(root / f"body-{number}", number)
            start = process_time()
            books[count] = load_rulebook(root)
            loading[count] = process_time() - start
        files = fresh(size)
        makers = {}
        for count, book in books.items():
            name = f"{count * len(QUALIFICATIONS)}"
            makers[f"{name} from an Applicant"] = task(partial(_decided_by, book), read_applicant, files)
            makers[f"{name} from a mapping"] = task(partial(_decided_by, book), dict, files)
        timed = in_turn(makers, size.rounds)
    rows = []
    for count in copies:
        row = [f"{count * len(QUALIFICATIONS):,}"]
        for way in ("from an Applicant", "from a mapping"):
            name, base = (f"{number * len(QUALIFICATIONS)} {way}" for number in (count, copies[0]))
            ratio = timed.ratio(name, base)
            row += [micro(timed.micros(name)), times(ratio), within(ratio, 1.2)]
        rows.append((*row, f"{loading[count]:.2f} s"))
    each = ("µs", "to the first row", "at most")
    columns = ("qualifications loaded", *(f"from an `Applicant`, {one}" for one in each), *(f"from a mapping, {one}" for one in each), "loading them")  # fmt: skip
    about = "The shipped ruleset in 1, 10 and 100 copies, each with ids of its own; the cost of the first copy's qualifications."
    return Section("Cost against the qualifications loaded", about, columns, rows)


def _decided_by(book: Rulebook, applicant: Applicant | File, qualification: str, as_of: date) -> object:
    decision = evaluate(applicant, qualification, as_of=as_of, rulebook=book)
    for found in decision.findings:
        _ = found.status, found.due, found.missing, found.contested
    return decision


def _copy(to: Path, number: int) -> None:
    """The shipped ruleset under other ids; the first copy keeps them."""
    copytree(SHIPPED, to, ignore=ignore_patterns("__parsed__"))
    if number == 0:
        return
    own = re.compile(rf"\b({'|'.join(sorted(QUALIFICATIONS, key=len, reverse=True))})\b(?=:|\n)")
    for path in to.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("bcs-koolitus/kutseeksam", f"body-{number}/kutseeksam")
        path.write_text(own.sub(rf"\1-{number}", text), encoding="utf-8")


# Requirements in one qualification.


def against_requirements(size: Size, counts: Sequence[int] = (10, 100, 1_000, 10_000)) -> Section:
    """One qualification with more and more requirements."""
    loading: dict[int, float] = {}
    first: dict[int, float] = {}
    makers: dict[str, Callable[[int], Task]] = {}
    with TemporaryDirectory() as folder:
        for count in counts:
            progress(f"loading a qualification with {count} requirements")
            root = Path(folder) / str(count)
            root.mkdir()
            (root / "2024-01-01.yaml").write_text(_many_requirements(count), encoding="utf-8")
            start = process_time()
            book = load_rulebook(root)
            loading[count] = process_time() - start
            start = process_time()
            _decided_by(book, _FILE, "many", AS_OF)
            first[count] = process_time() - start
            makers[str(count)] = _repeated(book, max(1, 20 * size.files // count))
        timed = in_turn(makers, size.rounds)
    rows = [
        (
            f"{count:,}",
            micro(timed.micros(str(count))),
            micro(timed.micros(str(count)) / count),
            f"{first[count]:.3f} s",
            f"{loading[count]:.2f} s",
        )
        for count in counts
    ]
    low, high = counts[-3], counts[-1]
    power = _power(timed, str(low), str(high), high / low)
    note = f"From {low:,} to {high:,} it grows with the power {power:.2f}; linear (at most 1.1): {_kept(power <= 1.1)}."
    columns = (
        "requirements",
        "µs a decision",
        "µs a requirement",
        "the first decision",
        "loading the ruleset",
    )
    about = "From an `Applicant`. The requirements ask for hours, documents, education, topics and days of work by turns; the first decision compiles them."
    return Section("Cost against the requirements of one qualification", about, columns, rows, [note])


def _repeated(book: Rulebook, repeats: int) -> Callable[[int], Task]:
    def make(_number: int) -> Task:
        given = [read_applicant(_FILE) for _ in range(repeats)]

        def run() -> int:
            for one in given:
                _decided_by(book, one, "many", AS_OF)
            return repeats

        return run

    return make


_FILE: File = {
    "employments": [{"field": "software-development", "start": "2025-09-01", "end": "2026-03-15"}],
    "documents": [
        {"type": "type-7", "submitted": "2026-05-01"},
        {"type": "type-17", "submitted": "2026-06-12"},
    ],
    "exam": {"date": "2026-06-19"},
    "exam_project": {
        "hours": 60,
        "topics": ["topic-3", "topic-8"],
    },
    "education": [{"level": 5, "field": "field-7", "completed": "2022-06-20"}],
}


def _many_requirements(count: int) -> str:
    """A ruleset with one qualification, each of its requirements a rule whose condition and last day together are no other's."""
    rules = []
    for number in range(count):
        share = number / count  # amounts go up to the same, however many there are
        when = (
            f"{{fact: exam_project.hours, at_least: {share * 120:.2f} hours}}",
            f"{{document: type-{number}}}",
            f"{{some: education, where: {{level: {{at_least: 4}}, field: field-{number}}}}}",
            f"{{fact: exam_project.topics, includes: [topic-{number}]}}",
            f"{{time: employments, where: {{field: software-development}}, at_least: {int(share * 400) + 1} days}}",
        )[number % 5]
        due = f"{number % 61} days before exam.date"
        rules.append(
            f"  rule-{number}:\n    title: Requirement {number}\n    kind: prerequisite\n"
            f'    says: {{source: act, at: "§ {number}"}}\n    due: {due}\n    when: {when}\n'
        )
    listed = ", ".join(f"rule-{number}" for number in range(count))
    return (
        "format: 1\nruleset: bench/many\ntitle: Many requirements\nin_force: {from: 2024-01-01}\n"
        "decided_at: admission\nlanguages: [en]\nstages: {admission: Admission}\n"
        "counting_time: {overlaps: once, broken_runs: calendar shares, part_time: as calendar time, suspended: counts}\n"
        "calendar: {zone: Europe/Tallinn, holidays: EE, month_end: clamp, counting_back: subtract, "
        "terms_on_days_off: {after: next working day, before: stay}}\n"
        f"sources:\n  act: {{title: An act}}\nrules:\n{''.join(rules)}"
        'qualifications:\n  many:\n    title: Many\n    says: {source: act, at: "§ 0"}\n'
        f"    requires:\n      admission: [{listed}]\n"
    )


# Records in a file.


def against_records(size: Size, counts: Sequence[int] = (1, 10, 100, 1_000, 10_000)) -> Section:
    """Files with more and more employments."""
    ways = ("plain", "applicant", "mapping")
    makers = {
        f"{way} {count}": _with_employments(way, count, max(1, 2 * size.files // count))
        for count in counts
        for way in ways
    }
    timed = in_turn(makers, size.rounds)
    rows = []
    for count in counts:
        mine, read, base = f"applicant {count}", f"mapping {count}", f"plain {count}"
        rows.append(
            (
                f"{count:,}",
                micro(timed.micros(base)),
                micro(timed.micros(mine)),
                times(timed.ratio(mine, base)),
                micro(timed.micros(read)),
                times(timed.ratio(read, base)),
            )
        )
    low, high = counts[-3], counts[-1]
    power = _power(timed, f"applicant {low}", f"applicant {high}", high / low)
    note = (
        f"From {low:,} to {high:,} records it grows with the power {power:.2f} from an `Applicant`; "
        f"n log n (at most 1.2): {_kept(power <= 1.2)}."
    )
    columns = ("employments", "plain Python, µs", "from an `Applicant`, µs", "to plain", "from a mapping, µs", "to plain")  # fmt: skip
    about = f"`{QUALIFICATION}`; a run of days for each employment, in no order, some of them overlapping."
    return Section("Cost against the records in a file", about, columns, rows, [note])


def _with_employments(way: str, count: int, repeats: int) -> Callable[[int], Task]:
    decide: Callable[[Any, str, date], object] = plain.decide if way == "plain" else decided

    def make(number: int) -> Task:
        file = {**_COMPLETE, "employments": _employments(count, number)}
        given = [read_applicant(file) if way == "applicant" else file for _ in range(repeats)]

        def run() -> int:
            for one in given:
                decide(one, QUALIFICATION, AS_OF)
            return repeats

        return run

    return make


_COMPLETE: File = {
    "documents": [{"type": "education-certificate", "submitted": "2026-04-20"}],
    "exam": {"date": "2026-06-19"},
    "exam_project": {
        "field": "software-development",
        "basis": "company-problem",
        "topics": [],
        "hours": 160,
        "parts": [{"kind": "theoretical", "submitted": "2026-05-19"}, {"kind": "practical"}],
        "presented": None,
    },
    "education": [{"level": 4, "completed": "2022-06-20"}],
}


def _employments(count: int, seed: int) -> list[File]:
    """Runs of a few days that reach back from 2026, every third of them overlapping the one before it."""
    made: list[File] = []
    last = date(2026, 3, 1) - timedelta(days=seed % 7)
    for number in range(count):
        start = last - timedelta(days=4)
        made.append(
            {
                "employer": f"Näidis {number} OÜ",
                "field": "software-development",
                "start": start.isoformat(),
                "end": last.isoformat(),
                "kind": "employment",
            }
        )
        last = start + timedelta(days=1) if number % 3 == 0 else start - timedelta(days=9)
    return made[::2] + made[1::2]


def _power(timed: Timed, low: str, high: str, times_more: float) -> float:
    """The power with which the cost grows between two tasks, one of which has so many times more."""
    return log(timed.ratio(high, low)) / log(times_more)


def _kept(holds: bool) -> str:
    return "met" if holds else "not met"
