"""Days that a table or conditions decide: terms by a fact, by a record, by an age or cases; tables of days."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kutsereeglid import RulesetError, load_rulebook
from kutsereeglid.conditions.comparison import NO_FACTS
from kutsereeglid.dates import PLAIN, MonthDay
from kutsereeglid.phrases import FixedDay, Recurring
from kutsereeglid.wording import day_phrase
from tests.test_language import Body, rule
from tests.test_language_further import told

BY_KIND = "{table: application.kind, rows: {short: 1 month, long: 3 months}, otherwise: 2 months}"
BY_LEVEL = "{table: degree.level, rows: {from 7: 3 months}, otherwise: 1 month}"
DEGREE = "degree: {highest: education, by: level}"
BY_CASES = "{cases: [{when: {document: diploma}, then: 3 months}], otherwise: 1 month}"
BY_AGE = "{table: {age_on: 2026-06-01}, rows: {until 30 years: 3 months}, otherwise: 1 month}"
COURSES = 'due: "2026-06-09", when: {count: trainings, within: notice before 2026-06-01, at_least: 1}'


def body(folder: Path, notice: str, asked: str = COURSES, more: str = "") -> Body:
    return Body(folder, rule("asked", asked), f"define:\n  {DEGREE}\n  notice: {notice}\n{more}")


def course(day: str) -> dict[str, Any]:
    return {"trainings": [{"topic": "sails", "completed": day}]}


def master(level: int) -> dict[str, Any]:
    return {"education": [{"level": level, "completed": "2020-06-20"}]}


DIPLOMA = {"documents": [{"type": "diploma", "submitted": "2026-01-01"}]}


@pytest.mark.parametrize(
    ("notice", "file", "months", "missing"),
    [
        (BY_KIND, {"application": {"kind": "short"}}, 1, "application.kind"),
        (BY_KIND, {"application": {"kind": "long"}}, 3, "application.kind"),
        (BY_KIND, {"application": {"kind": "other"}}, 2, "application.kind"),
        (BY_LEVEL, master(7), 3, "education"),
        (BY_LEVEL, master(6), 1, "education"),
        (BY_LEVEL, {"education": []}, 1, "education"),
        (BY_CASES, DIPLOMA, 3, "documents"),
        (BY_CASES, {"documents": []}, 1, "documents"),
        (BY_AGE, {"birth_date": "2000-01-01"}, 3, "birth_date"),
        (BY_AGE, {"birth_date": "1990-01-01"}, 1, "birth_date"),
    ],
)
def test_a_window_of_a_term_that_is_looked_up(
    tmp_path: Path, notice: str, file: dict[str, Any], months: int, missing: str
) -> None:
    asked = body(tmp_path, notice)
    first = date(2026, 6 - months, 1)
    for day, status in ((first, "met"), (date.fromordinal(first.toordinal() - 1), "not_met")):
        assert asked.status({**file, **course(day.isoformat())}) == status
    finding = asked.asked(course("2026-04-15")).finding("asked")
    assert (str(finding.status), finding.missing) == ("unknown", (missing,))
    assert asked.status(course("2026-05-15")) == "met"
    assert asked.status(course("2026-02-01")) == "not_met"


@pytest.mark.parametrize(
    ("kind", "due"), [("short", "2027-05-10"), ("long", "2027-03-10"), ("x", "2027-04-10")]
)
def test_a_due_day_by_a_term_that_is_looked_up(tmp_path: Path, kind: str, due: str) -> None:
    asked = body(tmp_path, BY_KIND, "due: notice before exam.date, when: {document: letter}")
    file: dict[str, Any] = {"exam": {"date": "2027-06-10"}, "documents": []}
    [finding] = asked.asked({**file, "application": {"kind": kind}}).findings
    assert (str(finding.status), str(finding.due)) == ("open", due)
    assert asked.status(file) == "open"
    late = asked.asked(file, date(2027, 4, 1)).finding("asked")
    assert (str(late.status), late.missing) == ("unknown", ("application.kind",))
    assert asked.status(file, date(2027, 6, 1)) == "not_met"


def test_a_table_of_days(tmp_path: Path) -> None:
    days = "{table: application.kind, rows: {short: 2026-07-01, long: notice after 2026-06-30}, otherwise: exam.date}"
    asked = body(tmp_path, "2 weeks", "due: last-day, when: {document: letter}", f"  last-day: {days}")
    file: dict[str, Any] = {"documents": [], "exam": {"date": "2026-08-01"}}
    for kind, due in (("short", "2026-07-01"), ("long", "2026-07-14"), ("x", "2026-08-01")):
        [finding] = asked.asked({**file, "application": {"kind": kind}}).findings
        assert str(finding.due) == due
    [finding] = asked.asked(file, date(2026, 7, 10)).findings
    assert (str(finding.status), finding.missing) == ("unknown", ("application.kind",))


@pytest.mark.parametrize("notice", [BY_KIND, BY_CASES])
@pytest.mark.parametrize(
    "when",
    [
        "{length: {from: 2026-03-01, to: exam.date}, at_least: notice}",
        "{day: exam.date, from: notice after 2026-03-01}",
        "{fact: exam.date, from: notice after 2026-03-01}",
        "{not: {day: exam.date, before: notice after 2026-03-01}}",
        "{some: documents, where: {valid_to: {from: notice before exam.date}}}",
        "{holds: x, valid_on: exam.date, or_expired_within: notice}",
    ],
)
def test_wherever_a_term_stands(tmp_path: Path, notice: str, when: str) -> None:
    asked = body(tmp_path, notice, f"when: {when}")
    ended = "2026-03-01"
    file: dict[str, Any] = {
        "documents": [{"type": "diploma", "submitted": "2026-01-01", "valid_to": ended}],
        "qualifications": [{"id": "x", "valid_from": "2020-01-01", "valid_to": ended}],
        "application": {"kind": "long"},
    }
    after = "length" in when or "after" in when
    for day, held in (("2026-06-01", True), ("2026-06-02", False)):
        finding = asked.asked({**file, "exam": {"date": day}}).finding("asked")
        assert (str(finding.status) == "met") is (held or after), day
    if after:
        assert asked.status({**file, "exam": {"date": "2026-05-31"}}) == "not_met"


def test_an_age_that_is_looked_up(tmp_path: Path) -> None:
    table = "{table: application.kind, rows: {short: 18 years}, otherwise: 21 years}"
    asked = body(tmp_path, table, "when: {age_on: 2026-06-01, at_least: notice}")
    file = {"birth_date": "2008-06-01"}
    assert asked.status({**file, "application": {"kind": "short"}}) == "met"
    assert asked.status({**file, "application": {"kind": "long"}}) == "not_met"
    assert asked.asked(file).finding("asked").missing == ("application.kind",)


@pytest.mark.parametrize(
    ("notice", "asked", "code"),
    [
        ("{table: application.kind, rows: {a: 3 hours}, otherwise: 1 day}", COURSES, "bad-term"),
        ("{table: application.kind, rows: {a: exam.date}, otherwise: 1 day}", COURSES, "bad-term"),
        (BY_KIND, "when: {day: exam.date, from: notice}", "bad-day"),
        (BY_KIND, "when: {age_on: today, at_least: notice}", "bad-term"),
        (BY_KIND, "when: {day: exam.date, from: notise before 2026-06-01}", "bad-day"),
        ("{table: application.kind, rows: {a: notice}, otherwise: 1 day}", COURSES, "circular"),
    ],
)
def test_terms_that_are_refused(tmp_path: Path, notice: str, asked: str, code: str) -> None:
    assert code in told(body(tmp_path, notice, asked).folder)


def test_how_a_term_by_a_table_is_told(tmp_path: Path) -> None:
    asked = body(tmp_path, BY_KIND, COURSES, "words: {notice: the notice}")
    said = asked.asked({**course("2026-01-01"), "application": {"kind": "x"}}).explain("en")
    assert "within: the notice before 1 June 2026" in said


def test_a_record_by_its_name_in_reasons(tmp_path: Path) -> None:
    define = "define: {last-failure: {latest: results, where: {passed: false}, by: date}}"
    when = "when: {day: exam.date, from: 6 months after last-failure.date}"
    asked = Body(tmp_path, rule("asked", when), define)
    file = {"exam": {"date": "2026-07-01"}, "results": [{"passed": False, "date": "2026-03-01"}]}
    assert "6 months after last-failure, day" in asked.asked(file).explain("en")


KINDS = ("short", "long", "other")
TERMS = ("5 days", "12 days", "20 days")
LONG = {"5 days": 5, "12 days": 12, "20 days": 20}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(TERMS), min_size=3, max_size=3),
    st.sampled_from(["table", "cases"]),
    st.sampled_from([*KINDS, None]),
    st.lists(
        st.tuples(st.sampled_from([3, 8, 15, 25]), st.sampled_from(["sails", "knots", None])), max_size=3
    ),
    st.sampled_from(["at_least", "at_most"]),
)
def test_a_term_against_every_completion(
    tmp_path_factory: pytest.TempPathFactory,
    terms: list[str],
    how: str,
    kind: str | None,
    found: list[tuple[int, str | None]],
    word: str,
) -> None:
    by_table = (
        f"{{table: application.kind, rows: {{short: {terms[0]}, long: {terms[1]}}}, otherwise: {terms[2]}}}"
    )
    cases = [
        f"{{when: {{fact: application.kind, is: {one}}}, then: {term}}}"
        for one, term in zip(KINDS, terms[:2], strict=False)
    ]
    by_cases = f"{{cases: [{', '.join(cases)}], otherwise: {terms[2]}}}"
    when = f"when: {{count: trainings, where: {{topic: sails}}, within: notice before 2026-06-01, {word}: 1}}"
    asked = body(
        tmp_path_factory.mktemp("terms"),
        by_table if how == "table" else by_cases,
        f'due: "2026-06-09", {when}',
    )
    last = date(2026, 6, 1).toordinal()
    file = {
        "trainings": [
            {"completed": date.fromordinal(last - ago).isoformat(), **({"topic": topic} if topic else {})}
            for ago, topic in found
        ],
        "application": {} if kind is None else {"kind": kind},
    }

    def holds(of_kind: str, topics: tuple[str, ...]) -> bool:
        within = LONG[terms[KINDS.index(of_kind)]]
        many = sum(topic == "sails" and ago <= within for (ago, _), topic in zip(found, topics, strict=True))
        return many >= 1 if word == "at_least" else many <= 1

    kinds = KINDS if kind is None else (kind,)
    topics = [*product(*(("sails", "knots") if topic is None else (topic,) for _, topic in found))]
    answers = {holds(one, some) for one in kinds for some in topics}
    finding = asked.asked(file).finding("asked")
    expected = {True: "met", False: "not_met"}[answers.pop()] if len(answers) == 1 else "unknown"
    if how == "table":
        assert str(finding.status) == expected
        lacking = set()
        if kind is None and any(len({holds(one, some) for one in kinds}) > 1 for some in topics):
            lacking.add("application.kind")
        for place, (_, topic) in enumerate(found):
            for one, some in product(kinds, topics) if topic is None else ():
                other = "knots" if some[place] == "sails" else "sails"
                if holds(one, some) is not holds(one, (*some[:place], other, *some[place + 1 :])):
                    lacking.add(f"trainings[{place}].topic")
        assert set(finding.missing) == (lacking if expected == "unknown" else set())
    else:  # made of conditions: never another certain answer, and certain where one of its facts is known
        assert str(finding.status) in (expected, "unknown")
        if kind is not None:
            assert str(finding.status) == expected


FILING = "define: {filing: {yearly: [1 September, 1 February]}}"


def yearly(folder: Path, asked: str, define: str = FILING) -> Body:
    return Body(folder, rule("asked", asked), define)


@pytest.mark.parametrize(
    ("exam", "due"),
    [
        ("2027-03-01", "2027-02-01"),
        ("2027-02-02", "2027-02-01"),
        ("2027-02-01", "2026-09-01"),
        ("2026-09-02", "2026-09-01"),
        ("2026-09-01", "2026-02-01"),
    ],
)
def test_the_last_day_of_a_year_before_an_exam(tmp_path: Path, exam: str, due: str) -> None:
    asked = yearly(tmp_path, "due: last filing before exam.date, when: {document: letter}")
    finding = asked.asked({"exam": {"date": exam}, "documents": []}).finding("asked")
    assert str(finding.due) == due
    assert str(finding.status) == ("open" if due > "2026-06-10" else "not_met")


@pytest.mark.parametrize(
    ("side", "base", "found"),
    [
        ("next {} from", "2026-09-01", "2026-09-01"),
        ("next {} after", "2026-09-01", "2027-02-01"),
        ("last {} by", "2026-09-01", "2026-09-01"),
        ("last {} before", "2026-09-01", "2026-02-01"),
        ("next {} from", "2026-12-31", "2027-02-01"),
        ("last {} by", "2026-01-01", "2025-09-01"),
    ],
)
@pytest.mark.parametrize("days", ["filing", "1 September"])
def test_next_and_last(tmp_path: Path, side: str, base: str, found: str, days: str) -> None:
    asked = yearly(tmp_path, f"when: {{day: exam.date, from: {side.format(days)} {base}}}")
    if days == "1 September":
        year = int(found[:4])
        found = {
            "next {} after": "2027-09-01" if base == "2026-09-01" else f"{year}-09-01",
            "last {} before": "2025-09-01",
            "next {} from": "2026-09-01" if base == "2026-09-01" else "2027-09-01",
            "last {} by": f"{year}-09-01",
        }[side]
    assert asked.status({"exam": {"date": found}}) == "met"
    before = date.fromordinal(date.fromisoformat(found).toordinal() - 1).isoformat()
    assert asked.status({"exam": {"date": before}}) == "not_met"


def test_filed_in_a_month_of_every_year(tmp_path: Path) -> None:
    when = "{fact: application.submitted, by: end of month of last filing by application.submitted}"
    asked = yearly(tmp_path, f"when: {when}")
    for day, status in (
        ("2026-02-28", "met"),
        ("2026-03-01", "not_met"),
        ("2025-09-30", "met"),
        ("2025-08-31", "not_met"),
    ):
        assert asked.status({"application": {"submitted": day}}) == status
    finding = asked.asked({"application": {"submitted": None}}).finding("asked")
    assert (str(finding.status), str(finding.earliest)) == ("open", "2026-09-01")
    finding = asked.asked({}).finding("asked")
    assert finding.missing == ("application.submitted",)


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("next 1 Febuary from today", "`1 Febuary` for a day of every year"),
        ("next 29 February from today", "`29 February` for a day of every year"),
        ("next 1 February before today", "`next 1 February before`"),
        ("last filling by today", "`filling` for a day of every year"),
    ],
)
def test_days_of_every_year_that_are_refused(tmp_path: Path, phrase: str, found: str) -> None:
    asked = yearly(tmp_path, f"when: {{day: exam.date, from: {phrase}}}")
    with pytest.raises(RulesetError) as caught:
        load_rulebook(asked.folder)
    assert [problem.found for problem in caught.value.problems] == [found]


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ("[30 February]", "bad-day"),
        ("[]", "empty-list"),
        ("[2026-02-01]", "bad-day"),
        ("[1], x: 2", "unknown-key"),
    ],
)
def test_yearly_days_that_are_refused(tmp_path: Path, days: str, code: str) -> None:
    define = f"define: {{filing: {{yearly: {days}}}}}"
    assert code in told(yearly(tmp_path, "when: {document: letter}", define).folder)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "by the last 1 February or 1 September before the exam's day"),
        ("et", "viimane 01.02. või 01.09. enne (eksamipäev)"),
        ("ru", "последнее 01.02 или 01.09 до (день экзамена)"),
    ],
)
def test_how_days_of_every_year_are_told(language: str, said: str) -> None:
    phrase = day_phrase("last 1 February, 1 September before exam.date", language, {})
    assert phrase == said.removeprefix("by ")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dates(date(2027, 1, 1), date(2027, 12, 31)), min_size=1, max_size=3),
    st.sampled_from(["next from", "next after", "last by", "last before"]),
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
)
def test_a_recurring_day_is_found_by_walking(days: list[date], words: str, base: date) -> None:
    side = words.split()[1]
    phrase = Recurring(tuple(MonthDay(day.month, day.day) for day in days), side, FixedDay(base))
    step = 1 if side in ("from", "after") else -1
    found = base.toordinal() + (step if side in ("after", "before") else 0)
    wanted = {(day.month, day.day) for day in days}
    while (date.fromordinal(found).month, date.fromordinal(found).day) not in wanted:
        found += step
    assert phrase.day(NO_FACTS, base, PLAIN) == date.fromordinal(found)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(-20, 20),
    st.sampled_from(["next filing from", "next filing after", "last filing by", "last filing before"]),
    st.sampled_from(["from", "by", "before", "after"]),
    st.integers(-400, 400),
)
def test_a_day_of_every_year_against_every_completion(
    tmp_path_factory: pytest.TempPathFactory, shift: int, side: str, word: str, other: int
) -> None:
    limit = date.fromordinal(date(2026, 6, 10).toordinal() + other)
    when = f"when: {{day: {side} exam.date, {word}: {limit}}}"
    asked = yearly(tmp_path_factory.mktemp("yearly"), f'due: "2026-06-30", {when}')
    finding = asked.asked({"exam": {}}).finding("asked")
    assert (str(finding.status), finding.missing) == ("unknown", ("exam.date",))
    base = date.fromordinal(limit.toordinal() + shift)
    phrase = Recurring((MonthDay(2, 1), MonthDay(9, 1)), side.split()[2], FixedDay(base))
    day = phrase.day(NO_FACTS, base, PLAIN)
    holds = {"from": day >= limit, "by": day <= limit, "before": day < limit, "after": day > limit}[word]
    assert asked.status({"exam": {"date": base.isoformat()}}) == ("met" if holds else "not_met")
