"""Seeded applicants' files for the shipped qualifications, near the days and amounts that decide.

Each file is raw values as JSON gives them, with the day on which it is judged. One seed always gives the same
files; another seed gives fresh ones, so that nothing that a party remembered of a round helps it in the next.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

File = dict[str, Any]

QUALIFICATIONS = (
    "it-susteemide-nooremspetsialist",
    "noorem-tarkvaraarendaja",
    "it-tehnik",
    "kasutajatoe-tehnik",
    "it-haldustehnik",
)
SEED = 2026
COUNT = 2_000

_FIELDS = ("it-systems", "software-development")
_TOPICS = (
    ("testing", "service-management", "information-security"),
    ("documentation", "end-user-guides", "incident-management", "user-support", "information-security"),
    (
        "infrastructure-development",
        "systems-administration",
        "change-management",
        "monitoring",
        "problem-management",
        "risk-management",
        "information-security",
    ),
)
_EXAMS = (
    *(date(2026, 6, 19) + timedelta(weeks=week) for week in range(0, 60, 3)),
    *(date(2027, 3, 31), date(2027, 3, 30), date(2027, 5, 31), date(2027, 4, 30), date(2027, 1, 15)),
    *(date(2028, 3, 31), date(2028, 2, 29), date(2026, 6, 24), date(2026, 12, 31)),
)


def applicants(count: int = COUNT, seed: int = SEED) -> list[tuple[File, date]]:
    """Complete files, each with its day of evaluation."""
    random = Random(seed)
    return [_Maker(random).made() for _ in range(count)]


def with_gaps(complete: list[tuple[File, date]], seed: int = SEED) -> list[tuple[File, date]]:
    """The same files, each without one to three of its facts; some facts are ``null``, others absent."""
    random = Random(seed)
    made = []
    for file, as_of in complete:
        file = deepcopy(file)
        for _ in range(random.choice((1, 1, 2, 3))):
            holder, name = random.choice(list(_places(file)))
            if random.random() < 0.5 and name not in ("end", "date", "presented"):
                holder[name] = None
            else:
                del holder[name]
        made.append((file, as_of))
    return made


_DECISIVE = frozenset(
    (
        *("employments", "field", "start", "end", "kind"),
        *("documents", "type", "submitted", "signed_by", "positions"),
        *("date", "exam_project", "basis", "topics", "hours", "parts", "presented"),
    )
)
"""The facts that decide: a name that is missing elsewhere costs nobody anything."""


def _places(value: Any) -> Iterator[tuple[File, str]]:
    for one in value if isinstance(value, list) else ():
        yield from _places(one)
    for name, inner in value.items() if isinstance(value, dict) else ():
        if name in _DECISIVE:
            yield value, name
        yield from _places(inner)


class _Maker:
    """One file. Its days lie about the exam's, and about the terms that end before it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.exam = random.choice(_EXAMS)
        self.chosen = random.random() > 0.05
        self.theory = _months_after(self.exam, -1)
        self.certificate = self.exam - timedelta(days=14)
        about = random.choice((self.exam, self.exam, self.certificate, self.certificate, self.theory))
        self.as_of = about + timedelta(
            days=random.choice((0, 0, -1, 1, -2, 1, 5, 5, -9, -40, -150, -400, 30))
        )
        self.field = random.choice(_FIELDS)

    def made(self) -> tuple[File, date]:
        random = self.random
        employments = self.work()
        file = {
            "birth_date": date(random.randint(1965, 2007), random.randint(1, 12), 15).isoformat(),
            "employments": employments,
            "documents": self.documents(employments),
            "exam": {"date": self.exam.isoformat() if self.chosen else None},
            "exam_project": self.project(),
            "application": {"submitted": self.near(self.theory)},
            "education": [
                {
                    "level": random.choice((2, 3, 4, 4, 5, 6)),
                    "completed": f"{random.randint(2015, 2025)}-06-20",
                }
            ],
        }
        if random.random() < 0.3:
            file["judgements"] = {"novelty-at-company": random.random() < 0.5}
        return file, self.as_of

    def near(self, day: date) -> str:
        """A day about this one, or a moment about the midnight that ends it."""
        random = self.random
        day += timedelta(days=random.choice((0, 0, -1, 1, -3, -20, -40, -60, 4)))
        if random.random() < 0.7:
            return day.isoformat()
        return f"{day}T{random.choice(('23:59:00+03:00', '21:59:30Z', '22:00:30+00:00', '20:59:59Z', '12:00:00+02:00'))}"

    def work(self) -> list[File]:
        random = self.random
        runs = random.choice(
            (self.none, self.one, self.one, self.long, self.long, self.two, self.two, self.ongoing, self.many)
        )
        return [
            {
                "employer": f"Näidis {number} OÜ",
                "position": "nooremspetsialist",
                "field": self.some_field(),
                "start": start.isoformat(),
                "end": end.isoformat() if end is not None else None,
                "workload": random.choice((1, 1, 0.5)),
                "kind": random.choice(("employment", "employment", "employment", "internship")),
            }
            for number, (start, end) in enumerate(runs())
        ]

    def some_field(self) -> str:
        return self.field if self.random.random() < 0.9 else self.random.choice((*_FIELDS, "other"))

    def step(self) -> timedelta:
        return timedelta(days=self.random.choice((-1, -1, 0, 0, 0, 1, -2, -20, 40)))

    def begin(self) -> date:
        return self.exam - timedelta(days=self.random.choice((200, 215, 250, 400, 1000, 3000)))

    def none(self) -> list[tuple[date, date | None]]:
        return []

    def one(self) -> list[tuple[date, date | None]]:
        start = self.begin()
        return [(start, max(start, _months_after(start, 6) - timedelta(days=1) + self.step()))]

    def long(self) -> list[tuple[date, date | None]]:
        start = self.exam - timedelta(days=self.random.randint(400, 3000))
        return [(start, self.random.choice((None, start + timedelta(days=self.random.randint(200, 390)))))]

    def two(self) -> list[tuple[date, date | None]]:
        """Two runs that overlap, touch, or are apart, of six months or so together."""
        start = self.begin()
        first_end = _months_after(start, 3) - timedelta(days=1)
        second = first_end + timedelta(days=self.random.choice((1, 1, 2, -30, 32, 60)))
        return [
            (start, first_end),
            (second, max(second, _months_after(second, 3) - timedelta(days=1) + self.step())),
        ]

    def ongoing(self) -> list[tuple[date, date | None]]:
        """Work that goes on, full about the day of evaluation or one of the last days."""
        full = self.random.choice((self.as_of, self.certificate, self.exam))
        return [(_months_after(full + timedelta(days=1), -6) + self.step(), None)]

    def many(self) -> list[tuple[date, date | None]]:
        start = self.begin()
        runs: list[tuple[date, date | None]] = []
        for _ in range(self.random.randint(3, 6)):
            end = start + timedelta(days=self.random.randint(10, 80))
            runs.append((start, end))
            start = end + timedelta(days=self.random.choice((1, 1, 5, 40, -8)))
        self.random.shuffle(runs)
        return runs

    def documents(self, employments: list[File]) -> list[File]:
        random = self.random
        made: list[File] = []
        if random.random() < 0.8:
            made.append({"type": "education-certificate", "submitted": self.near(self.exam)})
        if random.random() < 0.3:
            kind = random.choice(("passport", "id-card", "residence-card"))
            made.append({"type": kind, "submitted": self.near(self.exam)})
        shown = [employments] if random.random() < 0.7 else [[one] for one in employments]
        for some in shown if random.random() < 0.85 else []:
            made.append(self.attested(some))
        random.shuffle(made)
        return made

    def attested(self, employments: list[File]) -> File:
        random = self.random
        document: File = {
            "type": random.choice(
                ("employment-certificate", "employment-certificate", "internship-certificate")
            ),
            "submitted": self.near(self.certificate),
            "signed_by": random.choice(("employer", "employer", "employer", "employer", "applicant")),
            "positions": [
                {name: one[name] for name in ("position", "field", "start", "end")} for one in employments
            ],
        }
        if document["signed_by"] == "applicant" or random.random() < 0.1:
            document["accepted"] = random.random() < 0.5
        if random.random() < 0.6:
            day = date.fromisoformat(document["submitted"][:10]) - timedelta(
                days=random.choice((0, 1, 5, 16))
            )
            document["issued"] = day.isoformat()
        return document

    def project(self) -> File:
        random = self.random
        topics = [*random.choice(_TOPICS)]
        if random.random() < 0.2:
            topics = sorted({topic for some in _TOPICS for topic in some})
        if random.random() < 0.4:
            topics.remove(random.choice(topics))
        random.shuffle(topics)
        parts: list[File] = []
        if random.random() < 0.85:
            parts.append({"kind": "theoretical", "submitted": self.near(self.theory)})
        if random.random() < 0.85:
            done: File = {} if random.random() < 0.5 else {"submitted": self.near(self.exam)}
            parts.append({"kind": "practical", **done})
        project = {
            "field": self.some_field(),
            "basis": random.choice(("company-problem", "company-problem", "novel-solution", "other")),
            "topics": topics,
            "hours": random.choice((0, 39, 39.5, 40, 41, 75, 76, 77, 155, 156, 200)),
            "parts": parts,
            "presented": None,
        }
        if random.random() < 0.4:
            project["presented"] = (self.exam + timedelta(days=random.choice((0, 0, 0, -1, 1)))).isoformat()
        return project


def _months_after(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
