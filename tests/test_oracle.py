"""The shipped requirements against a naive oracle, and the laws that need no oracle."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from kutsereeglid import Finding, Status, evaluate
from tests.oracle import (
    CERTIFICATES,
    DAY,
    REQUIRED,
    TOPICS,
    VOLUME,
    WORDS,
    Gaps,
    Opinion,
    Plain,
    due_of,
    field_of,
    opinion,
    plus_months,
    read,
)

LIKELY = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
BASE = [
    date(2026, 6, 5),
    date(2026, 6, 10),
    date(2025, 2, 10),
    date(2024, 8, 31),
    date(2024, 2, 29),
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(2027, 3, 31),
    date(2026, 12, 31),
]
Draw = st.DrawFn


@st.composite
def near(draw: Draw, *anchors: date) -> date:
    """A day at, or some boundary away from, one of the anchors."""
    months = draw(st.sampled_from([0, 0, 0, -6, 6, -5, -1, 1, -3, -12]))
    return (
        plus_months(draw(st.sampled_from(anchors)), months)
        + draw(st.sampled_from([0, 0, -1, 1, -14, 14, 2, -2, -13, 40]) | st.integers(-200, 200)) * DAY
    )


@st.composite
def work(draw: Draw, field: str, anchors: list[date]) -> Plain:
    """An employment or a position, often six months long, often after or beside the one before it."""
    start = draw(near(*anchors))
    end = plus_months(start, draw(st.sampled_from([6, 3, 1, 5, 12]))) + draw(st.integers(-3, 1)) * DAY
    shown = draw(st.sampled_from([end, end, None, max(start, draw(near(*anchors)))]))
    anchors += [start - DAY, (shown or start) + DAY, (shown or start) + 20 * DAY]
    chosen = draw(st.sampled_from([field, field, field, *WORDS["field"][:3]]))
    return {"field": chosen, "start": start, "end": shown}


@st.composite
def document(draw: Draw, field: str, anchors: list[date]) -> Plain:
    made: Plain = {
        "type": draw(st.sampled_from([*CERTIFICATES, CERTIFICATES[0], "education-certificate", "diploma"])),
        "submitted": draw(near(*anchors)),
        "signed_by": draw(st.sampled_from(["employer", "employer", "applicant", "school"])),
        "positions": draw(st.lists(work(field, [*anchors]), max_size=2)),
    }
    if draw(st.booleans()):
        made["issued"] = made["submitted"] - draw(st.sampled_from([0, 1, 30, 200])) * DAY
    if draw(st.integers(0, 3)) == 0 or made["signed_by"] == "applicant":
        made["accepted"] = draw(st.booleans())
    return made


@st.composite
def complete(draw: Draw, qualification: str) -> tuple[Plain, date]:
    """An applicant about whom nothing is missing, and a day of evaluation that favours the boundaries."""
    field = field_of(qualification)
    exam = draw(st.sampled_from(BASE))
    dues = {due_of(requirement, qualification, exam) for requirement in REQUIRED[qualification]}
    as_of = draw(near(*dues, exam))
    anchors = [as_of, *dues, exam]
    day = near(*anchors)
    part = st.builds(lambda kind, day: {"kind": kind, "submitted": day}, st.sampled_from(WORDS["kind"]), day)
    part |= st.just({"kind": "practical"})
    topics = TOPICS.get(qualification, "testing").split()
    volume = VOLUME.get(qualification, 156)
    made = {
        "employments": draw(st.lists(work(field, [*anchors]), max_size=3)),
        "documents": draw(st.lists(document(field, anchors), max_size=2)),
        "exam": {"date": draw(st.sampled_from([exam, exam, exam, None]))},
        "exam_project": {
            "field": draw(st.sampled_from([field, *WORDS["field"][:3]])),
            "basis": draw(st.sampled_from(WORDS["basis"][:3])),
            "topics": draw(st.sampled_from([topics, topics[1:], ["gardening", *topics[::-1]], []])),
            "hours": draw(st.sampled_from([0, volume - 1, volume, volume + 0.5])),
            "parts": draw(st.lists(part, max_size=2)),
            "presented": draw(st.none() | near(as_of, exam)),
        },
    }
    return plain(made), as_of


def plain(value: Any) -> Any:
    """A file as it is written: days as ISO texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def places(value: Any) -> list[tuple[Any, str]]:
    """Every mapping in a file with each of its keys."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    own = [(value, key) for key in value] if isinstance(value, dict) else []
    return own + [place for one in inner for place in places(one)]


@st.composite
def lacking(draw: Draw, qualification: str) -> tuple[Plain, date]:
    """An applicant about whom up to three facts are absent, or ``null`` and so not known."""
    made, as_of = draw(complete(qualification))
    for _ in range(draw(st.integers(0, 3))):
        lists = [made.get(name) for name in ("employments", "documents")]
        holder, key = draw(st.sampled_from(places(made) + 3 * places(lists) or [({"": 0}, "")]))
        if draw(st.booleans()) or key in ("date", "end", "presented", "exam", "exam_project"):
            del holder[key]
        else:
            holder[key] = None
    return made, as_of


def findings(qualification: str, applicant: Plain, as_of: date) -> dict[str, Finding]:
    decision = evaluate(applicant, qualification, as_of=as_of, version="2024-01-01")
    return {requirement: decision.finding(requirement) for requirement in REQUIRED[qualification]}


def answer(found: Finding) -> Opinion:
    return Opinion(str(found.status), found.due, frozenset(found.missing))


def size(requirement: str, qualification: str, applicant: Plain, as_of: date) -> int:
    file = read({"exam": {}, "exam_project": {}, **applicant})
    return len(Gaps(requirement, qualification, file, as_of, 7).found)


@LIKELY
@given(st.data(), st.sampled_from(sorted(REQUIRED)))
def test_the_package_and_the_oracle_agree(data: st.DataObject, qualification: str) -> None:
    applicant, as_of = data.draw(lacking(qualification))
    for requirement, found in findings(qualification, applicant, as_of).items():
        if size(requirement, qualification, applicant, as_of) > 3:
            continue
        mine = opinion(requirement, qualification, applicant, as_of, step=40)
        if mine != answer(found):  # too few days tried, perhaps
            mine = opinion(requirement, qualification, applicant, as_of, step=2)
        assert answer(found) == mine, requirement


@pytest.mark.parametrize(
    ("as_of", "employments"),
    [
        (
            date(2027, 2, 9),  # the year counts before the first day of the other work comes
            [{"start": "2027-02-09"}, {"field": "it-systems", "start": "2025-08-14", "end": "2026-08-14"}],
        ),
        (
            date(2026, 11, 9),  # all of it is still to come
            [{"field": "it-systems", "start": "2027-01-05"}, {"start": "2027-01-05", "end": None}],
        ),
    ],
)
def test_a_fact_that_cannot_matter_is_not_named(as_of: date, employments: list[Plain]) -> None:
    applicant: Plain = {"employments": employments}
    qualification = "it-susteemide-nooremspetsialist"
    mine = opinion("work-experience", qualification, applicant, as_of, step=90)
    assert mine.missing == {"exam.date"}
    assert answer(findings(qualification, applicant, as_of)["work-experience"]) == mine


@LIKELY
@given(st.data(), st.sampled_from(sorted(REQUIRED)))
def test_unknown_names_what_is_missing_and_nothing_else_does(data: st.DataObject, qualification: str) -> None:
    applicant, as_of = data.draw(lacking(qualification))
    for found in findings(qualification, applicant, as_of).values():
        assert (found.status is Status.UNKNOWN) == bool(found.missing)


@LIKELY
@given(st.data(), st.sampled_from(sorted(REQUIRED)))
def test_what_is_certain_stays_when_a_fact_is_filled_in(data: st.DataObject, qualification: str) -> None:
    applicant, as_of = data.draw(lacking(qualification))
    before = findings(qualification, applicant, as_of)
    for requirement, found in before.items():
        file = read({"exam": {}, "exam_project": {}, **applicant})
        gaps = Gaps(requirement, qualification, file, as_of, 30).found
        if not gaps:
            continue
        gap = data.draw(st.sampled_from(gaps))
        gap.holder[gap.key.removesuffix("?")] = data.draw(st.sampled_from(gap.many))
        filled = plain(file)
        assume(all(one.get("end") is None or one.get("start", "") <= one["end"] for one, _ in places(filled)))
        after = findings(qualification, filled, as_of)[requirement]
        if found.status is not Status.UNKNOWN or gap.path not in found.missing:
            note(f"{requirement}: {gap.path} filled in: {filled}")
            assert found.status in (Status.UNKNOWN, after.status)
            assert found.status is not Status.UNKNOWN or after.status is Status.UNKNOWN


@LIKELY
@given(st.data(), st.sampled_from(sorted(REQUIRED)))
def test_time_only_closes_what_is_open(data: st.DataObject, qualification: str) -> None:
    applicant, as_of = data.draw(complete(qualification))
    last: dict[str, Status] = {}
    for days in sorted({0, *data.draw(st.lists(st.integers(1, 400), min_size=1, max_size=6))}):
        for requirement, found in findings(qualification, applicant, as_of + timedelta(days)).items():
            assert found.status is not Status.UNKNOWN
            if last.get(requirement) is Status.NOT_MET:
                assert found.status is Status.NOT_MET, requirement
            if last.get(requirement) is Status.MET:
                assert found.status is Status.MET, requirement
            last[requirement] = found.status


@LIKELY
@given(st.data(), st.sampled_from(sorted(REQUIRED)))
def test_the_order_of_records_does_not_matter(data: st.DataObject, qualification: str) -> None:
    applicant, as_of = data.draw(lacking(qualification))
    turned = turn(deepcopy(applicant))
    others = findings(qualification, turned, as_of)
    for requirement, one in findings(qualification, applicant, as_of).items():
        other = others[requirement]
        assert (one.status, one.due, one.earliest) == (other.status, other.due, other.earliest), requirement
        assert sorted(one.missing) == sorted(renumbered(path, turned) for path in other.missing), requirement


def turn(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: turn(inner) for key, inner in value.items()}
    return [turn(inner) for inner in reversed(value)] if isinstance(value, list) else value


def renumbered(path: str, file: Any) -> str:
    """The path of the same fact in the file before its lists were reversed."""
    made = ""
    for name, number in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        file = file.get(name) if isinstance(file, dict) else None
        made += f".{name}"
        if number:
            made += f"[{len(file) - 1 - int(number)}]"
            file = file[int(number)]
    return made[1:]


def test_what_lies_deep_in_a_record_that_is_half_known_is_named() -> None:
    position = {"field": "it-systems", "start": "2025-01-01"}
    document = {"submitted": "2026-01-10", "signed_by": "employer", "positions": [position]}
    found = evaluate({"documents": [document]}, "it-haldustehnik", as_of=date(2026, 6, 10))
    assert found.finding("experience-certificate").missing == (
        "documents[0].positions[0].end",
        "documents[0].type",
        "exam.date",
    )
