"""A naive second opinion on the shipped requirements, written from the specification alone.

It shares no code with the package. It counts durations day by day, tries every continuation that the
specification speaks of, and fills each fact that is missing with many values, to see which of them matter.
Sources: the design (four answers), the contract (the applicant's file), `domain/time.md` (counting time).
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, NamedTuple

Plain = dict[str, Any]
DAY = timedelta(days=1)
NEVER = date(9999, 1, 1)
"""Stands for a day that lies ahead and is not known."""

FULL = {"it-susteemide-nooremspetsialist": "it-systems", "noorem-tarkvaraarendaja": "software-development"}
_EXPERIENCE = ("work-experience", "experience-certificate", "education-certificate")
_PROJECT = ("theoretical-part", "practical-part", "project-field", "project-basis", "project-presented")
_VOLUME = ("project-topics", "project-volume")
REQUIRED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(FULL, _EXPERIENCE + _PROJECT),
    "it-tehnik": _VOLUME,
    "kasutajatoe-tehnik": _VOLUME,
    "it-haldustehnik": _EXPERIENCE + _VOLUME,
}
TOPICS = {
    "it-tehnik": "testing service-management information-security",
    "kasutajatoe-tehnik": "documentation end-user-guides incident-management user-support"
    " information-security",
    "it-haldustehnik": "infrastructure-development systems-administration change-management monitoring"
    " problem-management risk-management information-security",
}
VOLUME = {"it-tehnik": 40, "kasutajatoe-tehnik": 40, "it-haldustehnik": 76}
CERTIFICATES = ("employment-certificate", "internship-certificate")
WORDS: dict[str, tuple[Any, ...]] = {  # what the contract lists, and one more where the list is not closed
    "field": ("it-systems", "software-development", "other"),
    "basis": ("company-problem", "novel-solution", "other"),
    "kind": ("theoretical", "practical"),
    "type": ("education-certificate", *CERTIFICATES, "one more"),
    "signed_by": ("employer", "applicant", "one more"),
    "accepted?": (True, False),
}
ASKED: dict[str, tuple[str, ...]] = {  # the facts that a requirement asks for, in a record or in the project
    "work-experience": ("field", "start", "end"),
    "experience-certificate": ("type", "submitted", "signed_by", "accepted?", "positions"),
    "education-certificate": ("type", "submitted"),
    "theoretical-part": ("kind", "submitted"),
    "practical-part": ("kind", "submitted"),
    "project-field": ("field",),
    "project-basis": ("basis",),
    "project-presented": ("presented?",),
    "project-topics": ("topics",),
    "project-volume": ("hours",),
}
"""A name with ``?`` has a default: what is filled in is read only where the default does not hold."""


LISTS = {
    "work-experience": "employments",
    "experience-certificate": "documents",
    "education-certificate": "documents",
}


class Opinion(NamedTuple):
    status: str
    due: date | None
    missing: frozenset[str]


def field_of(qualification: str) -> str:
    return FULL.get(qualification, "it-systems")


def plus_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_of(requirement: str, qualification: str, exam: date) -> date:
    if exam == NEVER or qualification not in FULL:
        return exam
    if requirement in ("work-experience", "experience-certificate"):
        return exam - 14 * DAY
    return plus_months(exam, -1) if requirement == "theoretical-part" else exam


# Complete facts


@cache
def six_months(runs: frozenset[tuple[date, date]]) -> bool:
    """Whether the days of the runs, each counted once, make six months."""
    days = {number for first, last in runs for number in range(first.toordinal(), last.toordinal() + 1)}
    for first, _ in runs:
        if all(number in days for number in range(first.toordinal(), plus_months(first, 6).toordinal())):
            return True
    months = Counter((day.year, day.month) for day in map(date.fromordinal, days))
    return sum(Fraction(count, monthrange(*month)[1]) for month, count in months.items()) >= 6


def spans(records: Iterable[Plain], field: str, until: date) -> Iterator[tuple[date, date]]:
    """The days, up to one, of the records of the field that have begun by then."""
    for one in records:
        if one["field"] == field and one["start"] <= until:
            yield one["start"], min(one["end"] or until, until)


def counts(document: Plain) -> bool:
    """Whether the employer signed, or the body accepts what somebody else signed."""
    asked = document.get("accepted?") if document["signed_by"] == "applicant" else None
    said = document.get("accepted", asked)
    return document["signed_by"] == "employer" if said is None else bool(said)


def holds(requirement: str, qualification: str, file: Plain, day: date, as_of: date) -> bool:
    """Whether a requirement holds of a complete file as it stands on a day."""
    field, project, documents = field_of(qualification), file["exam_project"], file.get("documents", ())
    if requirement == "work-experience":
        return six_months(frozenset(spans(file["employments"], field, day)))
    if requirement == "experience-certificate":
        runs: set[tuple[date, date]] = set()
        for one in documents:
            if one["type"] in CERTIFICATES and one["submitted"] <= day and counts(one):
                runs.update(spans(one["positions"], field, min(one.get("issued", one["submitted"]), day)))
        return six_months(frozenset(runs))
    if requirement == "education-certificate":
        good = (one for one in documents if one["type"] == requirement and one.get("accepted") is not False)
        return any(one["submitted"] <= day for one in good)
    if requirement == "theoretical-part":
        parts = (one for one in project["parts"] if one["kind"] == "theoretical")
        return any(one["submitted"] <= day for one in parts)
    if requirement == "practical-part":  # one without a day stands as done
        parts = (one for one in project["parts"] if one["kind"] == "practical")
        return any(one.get("submitted", date.min) <= day for one in parts)
    if requirement == "project-presented":  # before the exam's day, one that is absent is not yet presented
        assumed = project.get("presented?") if as_of >= (file["exam"]["date"] or NEVER) else None
        return (project.get("presented", assumed) or NEVER) <= day
    if requirement == "project-topics":
        return set(TOPICS[qualification].split()) <= set(project["topics"])
    if requirement == "project-volume":
        return bool(project["hours"] >= VOLUME[qualification])
    if requirement == "project-field":
        return bool(project["field"] == field)
    return project["basis"] in ("company-problem", "novel-solution")


def continued(requirement: str, qualification: str, file: Plain, as_of: date, due: date) -> Plain:
    """The file with all that could still be added or changed by the due day (``as_of`` is not after it)."""
    field, project = field_of(qualification), file["exam_project"]
    if requirement == "work-experience":  # work on each day after `as_of`
        more = {"field": field, "start": as_of + DAY, "end": max(as_of + DAY, min(due, as_of + 400 * DAY))}
        return {**file, "employments": [*file["employments"], more]}
    if requirement in _EXPERIENCE:  # an act today, which may speak of the past
        types = ("education-certificate", CERTIFICATES[0])
        work = [{"field": field, "start": as_of - 400 * DAY, "end": None}]
        acts = [{"type": t, "submitted": as_of, "signed_by": "employer", "positions": work} for t in types]
        return {**file, "documents": [*file.get("documents", ()), *acts]}
    parts = [*project.get("parts", ()), *({"kind": kind, "submitted": as_of} for kind in WORDS["kind"])]
    topics = TOPICS.get(qualification, "").split()
    made = {"parts": parts, "field": field, "basis": "company-problem", "topics": topics, "hours": 999}
    return {**file, "exam_project": {**made, "presented": as_of}}


def decide(requirement: str, qualification: str, file: Plain, as_of: date) -> str:
    """met, open or not_met: the status of a requirement where nothing is missing."""
    due = due_of(requirement, qualification, file["exam"]["date"] or NEVER)
    if holds(requirement, qualification, file, min(as_of, due), as_of):
        return "met"
    if as_of > due:
        return "not_met"
    later = continued(requirement, qualification, file, as_of, due)
    last = min(due, as_of + 400 * DAY)
    return "open" if holds(requirement, qualification, later, last, as_of) else "not_met"


# Missing facts


class Gap(NamedTuple):
    """A fact that the file does not give: its path, where it goes, many values, the outermost few."""

    path: str
    holder: Plain
    key: str
    many: list[Any]
    few: list[Any]


def read(value: Any) -> Any:
    """Days for texts; a ``null`` that means "not known" is left out."""
    if isinstance(value, dict):
        known = ("date", "end", "presented")
        return {key: read(inner) for key, inner in value.items() if inner is not None or key in known}
    if isinstance(value, list):
        return [read(inner) for inner in value]
    return date.fromisoformat(value) if isinstance(value, str) and value[:1].isdigit() else value


def days_in(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from days_in(inner)


class Gaps:
    """What a requirement asks for and the file does not say."""

    def __init__(self, requirement: str, qualification: str, file: Plain, as_of: date, step: int) -> None:
        self.requirement, self.field, self.found = requirement, field_of(qualification), list[Gap]()
        self.topics, self.volume = TOPICS.get(qualification, "").split(), VOLUME.get(qualification, 1)
        source = LISTS.get(requirement, "exam_project")
        known = {as_of, as_of + 14 * DAY, plus_months(as_of, 1), *days_in([file["exam"], file.get(source)])}
        known |= {due_of(requirement, qualification, day) for day in known}
        known |= {plus_months(day, count) for day in known for count in (6, -6)}
        first, last = min(known) - 250 * DAY, max(known) + 250 * DAY
        self.few = [first, as_of, as_of + DAY, last]
        near = {day + shift * DAY for day in known for shift in (-1, 0, 1)}
        between = (first + number * DAY for number in range(0, (last - first).days, step))
        self.many = sorted({first, last, *near, *between})
        self.fill(file["exam"], "exam", "date")
        if source in ("employments", "documents"):
            self.records(file, "", source, ASKED[requirement])
        elif requirement.endswith("-part"):
            self.records(file[source], "exam_project.", "parts", ASKED[requirement])
        else:
            exam = file["exam"].get("date", as_of)
            early = requirement == "project-presented" and (exam is None or as_of < exam)  # not yet presented
            self.fill(file[source], source, *(() if early else ASKED[requirement]))

    def records(self, holder: Plain, prefix: str, name: str, asked: tuple[str, ...]) -> None:
        if name not in holder:
            self.fill(holder, prefix.rstrip("."), name)
        for number, one in enumerate(holder.get(name, ())):
            path = f"{prefix}{name}[{number}]"
            settled = {
                "positions": True,  # a list: see below
                "submitted": one.get("kind") == "practical",  # it needs no day
                "accepted?": one.get("signed_by", "applicant") != "applicant" or "accepted" in one,
            }
            self.fill(one, path, *(key for key in asked if not settled.get(key, False)))
            if "positions" in asked:
                self.records(one, f"{path}.", "positions", ASKED["work-experience"])

    def fill(self, holder: Plain, path: str, *keys: str) -> None:
        for key in keys:
            name = key.removesuffix("?")
            if name not in holder:
                many, few = self.values(key, [day for day in holder.values() if isinstance(day, date)])
                self.found.append(Gap(f"{path}.{name}".lstrip("."), holder, key, many, few))

    def values(self, key: str, beside: list[date]) -> tuple[list[Any], list[Any]]:
        if key in WORDS:
            return [*WORDS[key]], [*WORDS[key]]
        if key == "topics":
            return [[], self.topics[1:], self.topics], [[], self.topics]
        if key == "hours":
            return [0, self.volume - 1, self.volume], [0, self.volume]
        if key in ("employments", "positions", "documents", "parts"):
            return self.lists(key, self.many), self.lists(key, self.few)
        none = [None] if key in ("date", "end", "presented?") else []
        return none + self.many, none + self.few + beside

    def lists(self, key: str, days: list[date]) -> list[Any]:
        """No record, or one complete and matching one."""
        ends = [self.few[1], self.few[-1]]
        work = [{"field": self.field, "start": a, "end": b} for a in days for b in ends if a <= b]
        if key == "parts":
            return [[], *([{"kind": kind, "submitted": day}] for kind in WORDS["kind"] for day in days)]
        if key != "documents":
            return [[], *([one] for one in work)]
        if self.requirement == "education-certificate":
            return [[], *([{"type": self.requirement, "submitted": day}] for day in days)]
        signed = {"type": CERTIFICATES[0], "signed_by": "employer"}
        submitted = (*self.few, *days[::9])
        return [
            [],
            *([{**signed, "submitted": day, "positions": [one]}] for day in submitted for one in work),
        ]


def ordered(records: Iterable[Plain]) -> bool:
    return all(
        one["end"] is None or one["start"] <= one["end"] for one in records if {"start", "end"} <= set(one)
    )


def valid(file: Plain) -> bool:
    """Whether no end is before its start: a file that says so is an error."""
    documents = (one.get("positions", ()) for one in file.get("documents", ()))
    return ordered(file.get("employments", ())) and all(map(ordered, documents))


def opinion(requirement: str, qualification: str, applicant: Plain, as_of: date, step: int = 7) -> Opinion:
    """Status, due day and missing facts; ``step`` days lie between the days that are tried."""
    file = deepcopy(read(applicant))
    file.setdefault("exam", {})
    file.setdefault("exam_project", {})
    chosen = file["exam"].get("date")
    due = due_of(requirement, qualification, chosen) if chosen else None
    gaps = Gaps(requirement, qualification, file, as_of, step).found
    statuses: set[str] = set()
    missing: set[str] = set()
    for fine in range(max(1, len(gaps))):  # one fact takes many values while the others take a few
        values = [gap.many if number == fine else gap.few for number, gap in enumerate(gaps)]
        tried: dict[tuple[int, ...], str] = {}
        for numbers in product(*(range(len(one)) for one in values)):
            for gap, one, number in zip(gaps, values, numbers, strict=True):
                gap.holder[gap.key] = one[number]
            if valid(file):
                tried[numbers] = decide(requirement, qualification, file, as_of)
        statuses.update(tried.values())
        for place, gap in enumerate(gaps):
            groups: dict[tuple[int, ...], set[str]] = {}
            for numbers, status in tried.items():
                groups.setdefault(numbers[:place] + numbers[place + 1 :], set()).add(status)
            missing.update(gap.path for found in groups.values() if len(found) > 1)
    return Opinion("unknown" if len(statuses) > 1 else statuses.pop(), due, frozenset(missing))
