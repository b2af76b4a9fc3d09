"""The applicant's file as frozen classes: what is in it, what each field may hold, what ``null`` means.

A field that is absent from a file is ``ABSENT``: not known. ``None`` (a file's ``null``) is not known
too, except where the field says what it means. The field helpers below keep that knowledge beside
each field, for the reader of files (`intake`) and for the rules (`facts`) alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache, cached_property
from typing import Any, ClassVar, Final

import attrs
from attrs import frozen


class Absent(Enum):
    """The marker's type; its one member tells "the file does not say" from ``None``."""

    ABSENT = "absent"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT

Day = date | datetime | None | Absent
Text = str | None | Absent
Number = int | float | None | Absent
YesNo = bool | None | Absent


class Kind(Enum):
    """What a field may hold."""

    TEXT = "a text"
    CHOICE = "one of a list of words"
    TEXTS = "a list of texts"
    NUMBER = "a number, 0 or more"
    YES_NO = "true or false"
    DAY = "a day (2026-06-19) or a moment with its offset (2026-06-05T23:59:00+03:00)"
    RECORD = "a mapping"
    RECORDS = "a list of mappings"
    OPEN = "a mapping of names to values"
    JUDGEMENTS = "a mapping of questions to true or false"


class Null(Enum):
    """What ``null`` means, where it does not mean "not known"."""

    NOT_KNOWN = "not known"
    ONGOING = "ongoing"
    NO_END = "without an end"
    AHEAD = "not yet: it lies ahead"


@frozen(eq=False, repr=False)
class About:
    """What is known of a field beforehand, for every applicant."""

    kind: Kind
    null: Null = Null.NOT_KNOWN
    choices: tuple[str, ...] = ()
    """The words of a ``CHOICE``; for a ``TEXT``, those that are usual."""
    of: type | None = None
    """The class of a record, or of a list's records."""
    unit: str | None = None
    unit_in: str | None = None
    """The field of the record that names the unit; absent, it is ``unit``."""
    several: bool = False
    """A text, or a list of texts."""
    least: float = 0
    most: float | None = None
    personal: bool = False
    """Never repeated in a message."""
    whole: bool = False
    ordered: bool = False
    """The ``choices`` are a scale, from the lowest to the highest."""
    happens: bool = False
    """The day of something that happens: when it is later than the judged day, it has not happened."""
    in_the_making_until: str | None = None
    """The value may change until that day, or ``ALWAYS``; without it the value is settled once given."""
    not_yet_before: str | None = None
    """Before that day, absent reads as ``null``."""
    default_from: str | None = None
    """Absent, the day is that of this other field of the record."""
    not_needed_when: tuple[str, str] | None = None
    """(field, value) of the records that need no such day: absent, it stands as done."""


ALWAYS: Final = "always"

_KEY = "about"


def _field(kind: Kind, **more: Any) -> Any:
    listed = kind in (Kind.RECORDS, Kind.TEXTS) or more.get("several")
    converter = _frozen_list if listed else None
    return attrs.field(default=ABSENT, metadata={_KEY: About(kind, **more)}, converter=converter)


def _frozen_list(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@cache
def about(owner: type) -> Mapping[str, About]:
    """What is known of each field of one of the classes here."""
    return {field.name: field.metadata[_KEY] for field in attrs.fields(owner) if _KEY in field.metadata}


def held(holder: Any, name: str) -> Any:
    """The value of a field, built-in or declared by a ruleset, in a record; ``ABSENT`` when it says nothing."""
    if type(holder) is dict:
        return holder.get(name, ABSENT)
    value = getattr(holder, name, ABSENT)
    if value is ABSENT and (extra := getattr(holder, "extra", None)):
        return extra.get(name, ABSENT)
    return value


class _Shown:
    """Shows what is known and not personal."""

    __slots__ = ("__weakref__",)

    def __repr__(self) -> str:
        said = (
            f"{name}={'…' if field.personal else repr(getattr(self, name))}"
            for name, field in about(type(self)).items()  # type: ignore[arg-type]
            if getattr(self, name) is not ABSENT
        )
        return f"{type(self).__name__}({', '.join(said)})"


@frozen(kw_only=True, repr=False)
class _Extended(_Shown):
    """May hold more fields than its class has."""

    extra: Mapping[str, Any] | None = attrs.field(default=None, hash=False)
    """Fields that a ruleset declares itself, by name."""


@frozen(kw_only=True, repr=False)
class _Record(_Extended):
    """Checks that hold between the fields of a record."""

    spans: ClassVar[tuple[str, str] | None] = None
    """The fields of the first and the last day of what lasts."""
    dated_by: ClassVar[str | None] = None
    """The field of the day on which it was done."""
    verdict: ClassVar[str | None] = None
    """The field in which a person's judgement on the record stands."""

    def __attrs_post_init__(self) -> None:
        if self.spans is not None:
            first, last = (getattr(self, name) for name in self.spans)
            if disordered(first, last):
                raise EndBeforeStart(*self.spans)


class EndBeforeStart(ValueError):
    """Something ends before it starts; the arguments are the names of the two fields."""

    def __init__(self, first: str, last: str) -> None:
        self.first, self.last = first, last
        super().__init__(f"{last} is before {first}")


def disordered(first: Day, last: Day) -> bool:
    """Whether two days or moments are both known and the last is before the first."""
    if isinstance(first, datetime) and isinstance(last, datetime):
        return last < first
    return isinstance(first, date) and isinstance(last, date) and _where_written(last) < _where_written(first)


def _where_written(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@frozen(kw_only=True, repr=False)
class Suspension(_Record):
    spans = ("start", "end")
    start: Day = _field(Kind.DAY)
    end: Day = _field(Kind.DAY, null=Null.ONGOING)


@frozen(kw_only=True, repr=False)
class Employment(_Record):
    spans = ("start", "end")
    employer: Text = _field(Kind.TEXT, personal=True)
    position: Text = _field(Kind.TEXT, personal=True)
    field: Text = _field(Kind.CHOICE, choices=("it-systems", "software-development", "other"))
    start: Day = _field(Kind.DAY)
    end: Day = _field(Kind.DAY, null=Null.ONGOING)
    workload: Number = _field(Kind.NUMBER)
    kind: Text = _field(Kind.CHOICE, choices=("employment", "internship", "self-employment"))
    suspensions: tuple[Suspension, ...] | Absent | None = _field(Kind.RECORDS, of=Suspension)


@frozen(kw_only=True, repr=False)
class Position(_Record):
    spans = ("start", "end")
    position: Text = _field(Kind.TEXT, personal=True)
    field: Text = _field(Kind.CHOICE, choices=("it-systems", "software-development", "other"))
    start: Day = _field(Kind.DAY)
    end: Day = _field(Kind.DAY, null=Null.ONGOING)


@frozen(kw_only=True, repr=False)
class Document(_Record):
    dated_by = "submitted"
    verdict = "accepted"
    type: Text = _field(
        Kind.TEXT, choices=("education-certificate", "employment-certificate", "internship-certificate")
    )
    issued: Day = _field(Kind.DAY, default_from="submitted")
    submitted: Day = _field(Kind.DAY, happens=True)
    states: tuple[str, ...] | Absent | None = _field(Kind.TEXTS)
    sent: Day = _field(Kind.DAY, happens=True)
    signed_by: Text | tuple[str, ...] = _field(Kind.TEXT, choices=("employer", "applicant"), several=True)
    accepted: YesNo = _field(Kind.YES_NO)
    valid_to: Day = _field(Kind.DAY, null=Null.NO_END)
    positions: tuple[Position, ...] | Absent | None = _field(Kind.RECORDS, of=Position)


@frozen(kw_only=True, repr=False)
class Exam(_Extended):
    date: Day = _field(Kind.DAY, null=Null.AHEAD)


@frozen(kw_only=True, repr=False)
class Part(_Record):
    dated_by = "submitted"
    kind: Text = _field(Kind.CHOICE, choices=("theoretical", "practical"))
    submitted: Day = _field(Kind.DAY, happens=True, not_needed_when=("kind", "practical"))


@frozen(kw_only=True, repr=False)
class ExamProject(_Extended):
    field: Text = _field(
        Kind.CHOICE,
        choices=("it-systems", "software-development", "other"),
        in_the_making_until="exam.date",
    )
    basis: Text = _field(
        Kind.CHOICE, choices=("company-problem", "novel-solution", "other"), in_the_making_until="exam.date"
    )
    topics: tuple[str, ...] | Absent | None = _field(Kind.TEXTS, in_the_making_until="exam.date")
    hours: Number = _field(Kind.NUMBER, unit="hours", in_the_making_until="exam.date")
    parts: tuple[Part, ...] | Absent | None = _field(Kind.RECORDS, of=Part)
    presented: Day = _field(Kind.DAY, null=Null.AHEAD, happens=True, not_yet_before="exam.date")


@frozen(kw_only=True, repr=False)
class Application(_Extended):
    submitted: Day = _field(Kind.DAY, null=Null.AHEAD, happens=True)
    sent: Day = _field(Kind.DAY, null=Null.AHEAD, happens=True)
    kind: Text = _field(Kind.TEXT, choices=("first-award", "recertification"))
    round: Text = _field(Kind.TEXT)
    asks: tuple[str, ...] | Absent | None = _field(Kind.TEXTS)


@frozen(kw_only=True, repr=False)
class Education(_Record):
    dated_by = "completed"
    level: Number = _field(Kind.NUMBER, least=1, most=8)
    kind: Text = _field(
        Kind.TEXT, choices=("basic", "secondary", "vocational", "bachelor", "master", "doctor")
    )
    field: Text = _field(Kind.TEXT)
    credits: Number = _field(Kind.NUMBER, unit="ECTS credits")
    institution: Text = _field(Kind.TEXT, personal=True)
    completed: Day = _field(Kind.DAY, happens=True)


@frozen(kw_only=True, repr=False)
class Training(_Record):
    dated_by = "completed"
    topic: Text = _field(Kind.TEXT, personal=True)
    category: Text = _field(Kind.TEXT)
    hours: Number = _field(Kind.NUMBER, unit="hours", unit_in="unit")
    unit: Text = _field(Kind.TEXT, choices=("hours", "academic hours"))
    completed: Day = _field(Kind.DAY, happens=True)
    valid_to: Day = _field(Kind.DAY, null=Null.NO_END)
    provider: Text = _field(Kind.TEXT, personal=True)
    provider_kind: Text = _field(Kind.TEXT)


@frozen(kw_only=True, repr=False)
class HeldQualification(_Record):
    spans = ("valid_from", "valid_to")
    id: Text = _field(Kind.TEXT)
    level: Number = _field(Kind.NUMBER, least=1, most=8)
    valid_from: Day = _field(Kind.DAY)
    valid_to: Day = _field(Kind.DAY, null=Null.NO_END)


@frozen(kw_only=True, repr=False)
class Activity(_Record):
    spans = ("start", "end")
    dated_by = "date"
    kind: Text = _field(Kind.TEXT)
    date: Day = _field(Kind.DAY, happens=True, default_from="end")
    start: Day = _field(Kind.DAY)
    end: Day = _field(Kind.DAY)
    quantity: Number = _field(Kind.NUMBER, unit_in="unit")
    unit: Text = _field(Kind.TEXT)
    category: Text = _field(Kind.TEXT)


@frozen(kw_only=True, repr=False)
class LanguageSkill(_Record):
    dated_by = "proved"
    language: Text = _field(Kind.TEXT)
    level: Text = _field(Kind.TEXT)
    proved: Day = _field(Kind.DAY, happens=True)


@frozen(kw_only=True, repr=False)
class Result(_Record):
    dated_by = "date"
    kind: Text = _field(Kind.TEXT)
    score: Number = _field(Kind.NUMBER)
    passed: YesNo = _field(Kind.YES_NO)
    date: Day = _field(Kind.DAY, happens=True)


@frozen(kw_only=True, repr=False)
class Payment(_Record):
    dated_by = "paid"
    kind: Text = _field(Kind.TEXT)
    amount: Number = _field(Kind.NUMBER)
    paid: Day = _field(Kind.DAY, happens=True)


@frozen(kw_only=True, repr=False)
class EarlierDecision(_Record):
    """What a body has decided on the applicant before."""

    dated_by = "date"
    kind: Text = _field(Kind.TEXT)
    outcome: Text = _field(Kind.TEXT)
    date: Day = _field(Kind.DAY, happens=True)
    valid_to: Day = _field(Kind.DAY, null=Null.NO_END)


@frozen(kw_only=True, repr=False)
class Applicant(_Shown):
    """One applicant's file; every field may be left out.

    >>> someone = Applicant(exam=Exam(date=None), employments=())
    >>> someone.documents, someone.exam.date
    (ABSENT, None)
    """

    birth_date: Day = _field(Kind.DAY, personal=True)
    employments: tuple[Employment, ...] | Absent | None = _field(Kind.RECORDS, of=Employment)
    documents: tuple[Document, ...] | Absent | None = _field(Kind.RECORDS, of=Document)
    exam: Exam | Absent | None = _field(Kind.RECORD, of=Exam)
    exam_project: ExamProject | Absent | None = _field(Kind.RECORD, of=ExamProject)
    application: Application | Absent | None = _field(Kind.RECORD, of=Application)
    education: tuple[Education, ...] | Absent | None = _field(Kind.RECORDS, of=Education)
    trainings: tuple[Training, ...] | Absent | None = _field(Kind.RECORDS, of=Training)
    qualifications: tuple[HeldQualification, ...] | Absent | None = _field(Kind.RECORDS, of=HeldQualification)
    activities: tuple[Activity, ...] | Absent | None = _field(Kind.RECORDS, of=Activity)
    languages: tuple[LanguageSkill, ...] | Absent | None = _field(Kind.RECORDS, of=LanguageSkill)
    results: tuple[Result, ...] | Absent | None = _field(Kind.RECORDS, of=Result)
    payments: tuple[Payment, ...] | Absent | None = _field(Kind.RECORDS, of=Payment)
    decisions: tuple[EarlierDecision, ...] | Absent | None = _field(Kind.RECORDS, of=EarlierDecision)
    judgements: Mapping[str, bool | None] | Absent | None = _field(Kind.JUDGEMENTS, personal=True)
    """What a person has judged: the question's name, and yes or no."""
    facts: Mapping[str, Any] | Absent | None = _field(Kind.OPEN, personal=True)
    """Facts that a ruleset declares itself."""

    @cached_property
    def built_in_only(self) -> bool:
        """Whether it says nothing but what the built-in fields hold."""
        return not self.facts and not any(map(_extended, _records_in(self, Applicant)))


def _extended(record: Any) -> bool:
    return bool(getattr(record, "extra", True))


def _records_in(holder: Any, owner: type) -> Iterator[Any]:
    """The records in one, however deep."""
    for name, inner, many in nested(owner):
        value = getattr(holder, name, ABSENT)
        if value is ABSENT or value is None:
            continue
        for record in value if many else (value,):
            yield record
            if nested(inner):
                yield from _records_in(record, inner)


@cache
def nested(owner: type) -> tuple[tuple[str, type, bool], ...]:
    """The records in a record, with their classes, and whether there may be many."""
    return tuple(
        (name, one.of, one.kind is Kind.RECORDS) for name, one in about(owner).items() if one.of is not None
    )
