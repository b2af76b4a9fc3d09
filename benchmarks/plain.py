"""The five shipped qualifications as a plain Python function: what a good programmer writes by hand.

It takes a complete file as raw values and answers each requirement of the qualification with its status
(``met``, ``not_met``, ``open``) and its last day. It knows no missing facts, no reasons, no other readings,
and it checks nothing: the measure for what the library costs. It is tuned as far as plain code goes, and
never changed to make anything else look better.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Answer = tuple[str, date | None]
File = dict[str, Any]

TALLINN = ZoneInfo("Europe/Tallinn")
TWO_WEEKS = timedelta(days=14)
MONTH_SHARES = 377_580  # the least number that 28, 29, 30 and 31 divide

CERTIFICATES = ("employment-certificate", "internship-certificate")
IDENTITY = ("passport", "id-card", "residence-card")
IT_TEHNIK = {"testing", "service-management", "information-security"}
KASUTAJATOE_TEHNIK = {
    "documentation",
    "end-user-guides",
    "incident-management",
    "user-support",
    "information-security",
}
IT_HALDUSTEHNIK = {
    "infrastructure-development",
    "systems-administration",
    "change-management",
    "monitoring",
    "problem-management",
    "risk-management",
    "information-security",
}


def decide(file: File, qualification: str, as_of: date) -> dict[str, Answer]:
    """Every requirement of a qualification, the advisory ones too, with its status and its last day."""
    return WITH_ADVICE[qualification](file, as_of)


def decide_required(file: File, qualification: str, as_of: date) -> dict[str, Answer]:
    """The same without the advisory requirements."""
    return REQUIRED[qualification](file, as_of)


# The qualifications.


def full(file: File, as_of: date, field: str) -> dict[str, Answer]:
    exam = day(file["exam"]["date"])
    last_day = exam and exam - TWO_WEEKS
    project = file["exam_project"]
    documents = file["documents"]
    in_the_making = exam is None or as_of <= exam
    return {
        "work-experience": (experience(file["employments"], field, as_of, last_day), last_day),
        "experience-certificate": (certificate(documents, field, as_of, last_day), last_day),
        "education-certificate": (document(documents, ("education-certificate",), as_of, exam), exam),
        "theoretical-part": theoretical(project["parts"], as_of, exam),
        "practical-part": (practical(project["parts"], as_of, exam), exam),
        "project-field": (made(project["field"] == field, in_the_making), exam),
        "project-basis": (
            made(project["basis"] in ("company-problem", "novel-solution"), in_the_making),
            exam,
        ),
        "project-presented": (presented(project.get("presented"), as_of, exam), exam),
    }


def full_with_advice(file: File, as_of: date, field: str) -> dict[str, Answer]:
    answers = full(file, as_of, field)
    exam = answers["project-field"][1]
    enough = file["exam_project"]["hours"] >= 156
    answers["full-project-volume"] = made(enough, exam is None or as_of <= exam), exam
    return answers


def partial(file: File, as_of: date, topics: set[str], hours: int) -> dict[str, Answer]:
    exam = day(file["exam"]["date"])
    project = file["exam_project"]
    in_the_making = exam is None or as_of <= exam
    return {
        "project-topics": (made(topics.issubset(project["topics"]), in_the_making), exam),
        "project-volume": (made(project["hours"] >= hours, in_the_making), exam),
    }


def partial_with_advice(file: File, as_of: date, topics: set[str]) -> dict[str, Answer]:
    answers = partial(file, as_of, topics, 40)
    exam = answers["project-volume"][1]
    answers["identity"] = document(file["documents"], IDENTITY, as_of, exam), exam
    answers["partial-theory-term"] = theoretical(file["exam_project"]["parts"], as_of, exam)
    return answers


def haldustehnik(file: File, as_of: date) -> dict[str, Answer]:
    answers = partial(file, as_of, IT_HALDUSTEHNIK, 76)
    exam = answers["project-volume"][1]
    documents = file["documents"]
    answers["work-experience"] = experience(file["employments"], "it-systems", as_of, exam), exam
    answers["experience-certificate"] = certificate(documents, "it-systems", as_of, exam), exam
    answers["education-certificate"] = document(documents, ("education-certificate",), as_of, exam), exam
    return answers


def haldustehnik_with_advice(file: File, as_of: date) -> dict[str, Answer]:
    answers = haldustehnik(file, as_of)
    documents = file["documents"]
    exam = answers["project-volume"][1]
    last_day = exam and exam - TWO_WEEKS
    answers["identity"] = document(documents, IDENTITY, as_of, exam), exam
    answers["partial-certificate-term"] = (
        certificate(documents, "it-systems", as_of, last_day),
        last_day,
    )
    answers["partial-theory-term"] = theoretical(file["exam_project"]["parts"], as_of, exam)
    return answers


REQUIRED: dict[str, Callable[[File, date], dict[str, Answer]]] = {
    "it-susteemide-nooremspetsialist": lambda file, as_of: full(file, as_of, "it-systems"),
    "noorem-tarkvaraarendaja": lambda file, as_of: full(file, as_of, "software-development"),
    "it-tehnik": lambda file, as_of: partial(file, as_of, IT_TEHNIK, 40),
    "kasutajatoe-tehnik": lambda file, as_of: partial(file, as_of, KASUTAJATOE_TEHNIK, 40),
    "it-haldustehnik": haldustehnik,
}
WITH_ADVICE: dict[str, Callable[[File, date], dict[str, Answer]]] = {
    "it-susteemide-nooremspetsialist": lambda file, as_of: full_with_advice(file, as_of, "it-systems"),
    "noorem-tarkvaraarendaja": lambda file, as_of: full_with_advice(file, as_of, "software-development"),
    "it-tehnik": lambda file, as_of: partial_with_advice(file, as_of, IT_TEHNIK),
    "kasutajatoe-tehnik": lambda file, as_of: partial_with_advice(file, as_of, KASUTAJATOE_TEHNIK),
    "it-haldustehnik": haldustehnik_with_advice,
}


# The requirements.


def experience(employments: list[File], field: str, as_of: date, last_day: date | None) -> str:
    """Six months of relevant work by the last day, as it stands now or with work until then."""
    runs = []
    for one in employments:
        if one["field"] == field:
            end = one["end"]
            runs.append((ordinal(one["start"]), ordinal(end) if end is not None else 9_999_999))
    today = as_of.toordinal()
    last = last_day.toordinal() if last_day is not None else 9_999_999
    if six_months(runs, min(today, last)):
        return "met"
    if last_day is None:
        return "open"
    if today < last:
        runs.append((today + 1, last))
    return "open" if today <= last and six_months(runs, last) else "not_met"


def certificate(documents: list[File], field: str, as_of: date, last_day: date | None) -> str:
    """Certificates that came by the last day show six months of relevant work."""
    judged = as_of if last_day is None or as_of < last_day else last_day
    runs = []
    for one in documents:
        if one["type"] not in CERTIFICATES:
            continue
        accepted = one.get("accepted")
        if accepted is False or not (accepted or one["signed_by"] == "employer"):
            continue
        submitted = day(one["submitted"])
        if submitted > judged:
            continue
        issued = one.get("issued")
        until = (submitted if issued is None else min(day(issued), judged)).toordinal()
        for position in one["positions"]:
            if position["field"] == field:
                start, end = ordinal(position["start"]), position["end"]
                last = until if end is None else min(ordinal(end), until)
                if start <= last:
                    runs.append((start, last))
    if six_months(runs, 9_999_999):
        return "met"
    return "open" if last_day is None or as_of <= last_day else "not_met"


def document(documents: list[File], types: tuple[str, ...], as_of: date, last_day: date | None) -> str:
    judged = as_of if last_day is None or as_of < last_day else last_day
    for one in documents:
        if one["type"] in types and one.get("accepted") is not False and day(one["submitted"]) <= judged:
            return "met"
    return "open" if judged is as_of or as_of <= judged else "not_met"


def theoretical(parts: list[File], as_of: date, exam: date | None) -> Answer:
    last_day = exam and month_before(exam)
    judged = as_of if last_day is None or as_of < last_day else last_day
    for one in parts:
        if one["kind"] == "theoretical" and day(one["submitted"]) <= judged:
            return "met", last_day
    return ("open" if last_day is None or as_of <= last_day else "not_met"), last_day


def practical(parts: list[File], as_of: date, exam: date | None) -> str:
    judged = as_of if exam is None or as_of < exam else exam
    for one in parts:
        if one["kind"] == "practical":
            submitted = one.get("submitted")
            if submitted is None or day(submitted) <= judged:
                return "met"
    return "open" if exam is None or as_of <= exam else "not_met"


def presented(given: str | None, as_of: date, exam: date | None) -> str:
    if given is not None:
        on = day(given)
        if on <= as_of and (exam is None or on <= exam):
            return "met"
    return "open" if exam is None or as_of <= exam else "not_met"


def made(holds: bool, in_the_making: bool) -> str:
    if holds:
        return "met"
    return "open" if in_the_making else "not_met"


# Days.


def day(text: str | None) -> Any:
    """The day in Tallinn of a day or a moment; ``None`` for a day that is not chosen yet."""
    if text is None:
        return None
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(TALLINN).date()


def ordinal(text: str) -> int:
    if len(text) == 10:
        return date.fromisoformat(text).toordinal()
    return datetime.fromisoformat(text).astimezone(TALLINN).date().toordinal()


def month_before(exam: date) -> date:
    year, month = (exam.year, exam.month - 1) if exam.month > 1 else (exam.year - 1, 12)
    if exam.day <= 28:
        return date(year, month, exam.day)
    return date(year, month, min(exam.day, month_length(year, month)))


def month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if isleap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def six_months(runs: list[tuple[int, int]], until: int) -> bool:
    """Six months up to a day: in one unbroken run, or as shares of calendar months; overlaps once."""
    if len(runs) > 1:
        runs = sorted(runs)
    united: list[tuple[int, int]] = []
    days = 0
    before = 0  # the last day that is counted already
    for first, last in runs:
        if last > until:
            last = until
        if last <= before or first > last:
            continue
        if united and first <= before + 1:
            days += last - before
            united[-1] = united[-1][0], last
        else:
            days += last - first + 1
            united.append((first, last))
        before = last
    if days >= 186:  # six times the longest month
        return True
    if days < 168:  # six times the shortest
        return False
    if any(last >= six_months_after(first) - 1 for first, last in united):
        return True
    return sum(shares(last) - shares(first - 1) for first, last in united) >= 6 * MONTH_SHARES


def six_months_after(first: int) -> int:
    start = date.fromordinal(first)
    year, month = (start.year, start.month + 6) if start.month <= 6 else (start.year + 1, start.month - 6)
    return date(year, month, min(start.day, month_length(year, month))).toordinal()


def shares(last: int) -> int:
    """Shares of months from the calendar's first day up to this one."""
    end = date.fromordinal(last)
    length = month_length(end.year, end.month)
    return (end.year * 12 + end.month) * MONTH_SHARES + end.day * (MONTH_SHARES // length)
