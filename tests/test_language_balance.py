"""Averages and shares."""

from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_language import Body, rule
from tests.test_language_further import told

AVERAGE = "average: results.score, where: {kind: part}, at_least: 75"
HALF = "share: trainings.hours, of_which: {topic: sails}, at_least: 1/2"


def asked(folder: Path, condition: str, due: str = "2026-06-09", more: str = "") -> Body:
    return Body(folder, rule("asked", f'due: "{due}", when: {{{condition}}}'), more)


def scores(*given: float | None) -> dict[str, Any]:
    return {
        "results": [
            {"kind": "part", "date": "2026-05-01", **({} if one is None else {"score": one})} for one in given
        ]
    }


@pytest.mark.parametrize(
    ("given", "status", "missing"),
    [
        ([75], "met", ()),
        ([50, 100], "met", ()),
        ([50, 99.5], "not_met", ()),
        ([], "not_met", ()),
        ([70, None], "unknown", ("results[1].score",)),
    ],
)
def test_an_average(tmp_path: Path, given: Any, status: str, missing: tuple[str, ...]) -> None:
    finding = asked(tmp_path, AVERAGE).asked(scores(*given)).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


@pytest.mark.parametrize(
    ("condition", "given", "status"),
    [
        (AVERAGE, [10], "open"),
        (AVERAGE, [], "open"),
        (f"not: {{{AVERAGE}}}", [], "met"),
        (f"not: {{{AVERAGE}}}", [75], "open"),
        ("average: results.score, at_most: 3", [4], "open"),
        ("average: results.score, at_most: 3", [], "open"),
        ("average: results.score, less_than: 3", [3], "open"),
        ("average: results.score, at_least: 3, at_most: 4", [4], "met"),
        ("average: trainings.score, at_least: 100", [99], "not_met"),
        ("average: trainings.score, at_least: 99", [98], "open"),
        ("average: trainings.score, more_than: 99", [99], "open"),
        ("average: trainings.score, at_least: 100", [], "open"),
        ("not: {average: trainings.score, at_least: 100}", [100], "open"),
    ],
)
def test_what_may_come_changes_an_average(tmp_path: Path, condition: str, given: Any, status: str) -> None:
    body = asked(tmp_path, condition, "2026-07-01", "facts: {'trainings[]': {score: percent}}")
    trainings = [{"completed": "2026-01-01", "score": one} for one in given]
    assert body.status({**scores(*given), "trainings": trainings}) == status


@pytest.mark.parametrize(
    ("condition", "hours", "status"),
    [
        (HALF, [("sails", 5), ("knots", 5)], "met"),
        (HALF, [("sails", 5), ("knots", 6)], "open"),
        (HALF, [], "met"),
        (HALF.replace("1/2", "100 percent"), [("sails", 5), ("knots", 0)], "met"),
        (HALF.replace("1/2", "100 percent"), [("sails", 5), ("knots", 1)], "not_met"),
        ("share: trainings, of_which: {topic: sails}, at_most: 1/3", [("sails", 5)] * 2 + [("knots", 1)], "open"),
        ("share: trainings, of_which: {topic: sails}, at_most: 1/3", [("sails", 5)] + [("knots", 1)] * 2, "met"),
        ("share: trainings, where: {topic: sails}, of_which: {topic: knots}, at_least: 1/3", [("sails", 5)], "not_met"),
        ("share: trainings, where: {topic: [sails, knots]}, of_which: {topic: knots}, at_least: 1/3", [("sails", 5)], "open"),
        ("not: {share: trainings, of_which: {topic: sails}, at_least: 1/3}", [("sails", 5)], "open"),
        ("share: trainings, of_which: {topic: sails}, at_most: 0 percent", [("sails", 5)], "not_met"),
    ],
)  # fmt: skip
def test_a_share(tmp_path: Path, condition: str, hours: Any, status: str) -> None:
    trainings = [{"topic": one, "hours": many, "completed": "2026-01-01"} for one, many in hours]
    assert asked(tmp_path, condition, "2026-07-01").status({"trainings": trainings}) == status


def test_a_list_that_is_not_known(tmp_path: Path) -> None:
    for place, (condition, status) in enumerate(
        [(AVERAGE, "unknown"), (HALF, "unknown"), (f"{AVERAGE}, within: 1 year before today", "unknown")]
    ):
        body = asked(tmp_path / str(place), condition)
        finding = body.asked({}).finding("asked")
        assert str(finding.status) == status
        assert finding.missing == (("results",) if "results" in condition else ("trainings",))


def test_records_leave_the_window(tmp_path: Path) -> None:
    condition = f"{AVERAGE}, within: 1 year before today"
    body = asked(tmp_path, condition, "2026-12-31")
    file = {
        "results": [
            {"kind": "part", "date": day, "score": score}
            for day, score in (("2025-08-01", 10), ("2026-05-01", 80))
        ]
    }
    assert body.status(file) == "open"
    assert body.status(file, date(2026, 8, 1)) == "open"
    assert body.status(file, date(2026, 8, 2)) == "met"


def test_units_of_a_share(tmp_path: Path) -> None:
    body = asked(tmp_path, HALF, more="units: {academic hours: {kind: teaching, of: 45 minutes}}")
    sails = {"topic": "sails", "hours": 8, "unit": "academic hours", "completed": "2026-01-01"}
    for hours, status in ((6, "met"), (6.1, "not_met")):
        knots = {"topic": "knots", "hours": hours, "completed": "2026-01-01"}
        assert body.status({"trainings": [sails, knots]}) == status


def test_an_average_by_cases(tmp_path: Path) -> None:
    needed = "define: {needed: {table: {count: results}, rows: {from 3: 60}, otherwise: 75}}"
    body = asked(tmp_path, AVERAGE.replace("75", "needed"), more=needed)
    assert body.status(scores(60, 60, 60)) == "met"
    assert body.status(scores(60, 60)) == "not_met"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (AVERAGE, "score on average at least 75; found by 9 June 2026: 62.33"),
        ("share: results, of_which: {kind: part}, at_least: 50 percent", "of this at least 50 percent of the kind asked for"),
    ],
)  # fmt: skip
def test_the_words(tmp_path: Path, condition: str, words: str) -> None:
    decision = asked(tmp_path, condition).asked(scores(50, 67, 70))
    assert words in decision.explain("en")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("average: results, at_least: 75", "unknown-field"),
        ("average: results.kind, at_least: 75", "unknown-field"),
        ("average: results.score", "comparison-lacking"),
        ("average: employments.workload, at_least: 0.5", "wrong-type"),
        ("average: results.score, at_least: 5 hours", "wrong-type"),
        ("average: results.score, at_least: 2 x points", "unknown-fact"),
        ("average: results.score, at_least: 2 x exam_project.hours", "wrong-type"),
        ("share: trainings, at_least: 1/2", "key-lacking"),
        ("share: employments, of_which: {kind: employment}, at_least: 1/2", "wrong-type"),
        ("share: trainings.topic, of_which: {topic: sails}, at_least: 1/2", "unknown-field"),
        ("share: trainings, of_which: {topik: sails}, at_least: 1/2", "unknown-field"),
        ("share: trainings, of_which: {topic: sails}, at_least: 5", "wrong-type"),
        ("share: trainings, of_which: {topic: sails}, at_least: 3/2", "impossible-number"),
        ("share: trainings, of_which: {topic: sails}, at_least: 0 percent", "impossible-number"),
    ],
)
def test_what_is_refused(tmp_path: Path, condition: str, code: str) -> None:
    assert told(asked(tmp_path, condition).folder) == [code]


TOPICS = ("sails", "knots", "something else")
HOURS = (0, 1, 2, 3, 4, 5, 7, 12, 25, 50, 100, 1000)
Training = tuple[str | None, int | None]


def holds(condition: str, bound: Fraction, trainings: tuple[tuple[str, int], ...]) -> bool:
    head, word = condition.split()
    if head == "average":
        hours = [many for topic, many in trainings if topic == "sails"]
        if not hours:
            return False
        value, bound = Fraction(sum(hours)), bound * len(hours)
    else:
        numbers = [(topic, 1 if head == "count" else many) for topic, many in trainings if topic != "knots"]
        value = Fraction(sum(many for topic, many in numbers if topic == "sails"))
        bound = bound * sum(many for _, many in numbers)
    return {
        "at_least": value >= bound,
        "at_most": value <= bound,
        "more_than": value > bound,
        "less_than": value < bound,
    }[word]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([*TOPICS, None]), st.sampled_from([0, 2, 5, 12, None])), max_size=3),
    st.sampled_from(["average", "share", "count"]),
    st.sampled_from(["at_least", "at_most", "more_than", "less_than"]),
    st.booleans(),
    st.data(),
)
def test_against_every_completion(
    tmp_path_factory: pytest.TempPathFactory,
    trainings: list[Training],
    head: str,
    word: str,
    negated: bool,
    data: st.DataObject,
) -> None:
    if head == "average":
        bound = data.draw(st.sampled_from([Fraction(3), Fraction(5)]))
        condition = f"average: trainings.hours, where: {{topic: sails}}, {word}: {bound}"
    else:
        bound = data.draw(st.sampled_from([Fraction(1, 2), Fraction(1, 4)]))
        of = "trainings" if head == "count" else "trainings.hours"
        where = "where: {topic: {is_not: knots}}, of_which: {topic: sails}"
        condition = f"share: {of}, {where}, {word}: {bound}"
    if negated:
        condition = f"not: {{{condition}}}"
    body = asked(tmp_path_factory.mktemp("balance"), condition, "2026-06-01")
    file = [
        {
            "completed": "2026-01-01",
            **({"topic": one} if one else {}),
            **({} if many is None else {"hours": many}),
        }
        for one, many in trainings
    ]
    choices = [
        [(topic, many) for topic in (TOPICS if one is None else [one]) for many in (HOURS if given is None else [given])]
        for one, given in trainings
    ]  # fmt: skip
    answers = {one: holds(f"{head} {word}", bound, one) is not negated for one in product(*choices)}
    missing = set()
    for one, answer in answers.items():
        for place, (topic, many) in enumerate(trainings):
            others = [("topic", (other, one[place][1])) for other in TOPICS if topic is None]
            others += [("hours", (one[place][0], other)) for other in HOURS if many is None]
            for name, other in others:
                if answers[(*one[:place], other, *one[place + 1 :])] is not answer:
                    missing.add(f"trainings[{place}].{name}")
    statuses = {"met" if one else "not_met" for one in answers.values()}
    finding = body.asked({"trainings": file}).finding("asked")
    assert str(finding.status) == (statuses.pop() if len(statuses) == 1 else "unknown")
    assert {*finding.missing} == missing


WEIGHTED = "average: results.score, weighted_by: weight"
WEIGHTS = "facts:\n  results[]: {weight: number}"


def weighed(*given: tuple[float | None, float | None]) -> dict[str, Any]:
    fields = [{"score": score, "weight": weight} for score, weight in given]
    return {
        "results": [
            {"date": "2026-05-01", **{name: value for name, value in one.items() if value is not None}}
            for one in fields
        ]
    }


@pytest.mark.parametrize(
    ("given", "status", "missing"),
    [
        ([(60, 1), (80, 3)], "met", ()),
        ([(60, 1), (80, 2.9)], "not_met", ()),
        ([(60, 0), (75, 1)], "met", ()),
        ([(60, 1), (75, 0)], "not_met", ()),
        ([(100, 0)], "not_met", ()),
        ([(60, 1), (80, None)], "unknown", ("results[1].weight",)),
        ([(70, 1), (60, None)], "not_met", ()),
        ([(70, 1), (None, 0)], "not_met", ()),
        ([(70, 1), (None, 2)], "unknown", ("results[1].score",)),
        ([(80, 1), (None, None)], "unknown", ("results[1].score", "results[1].weight")),
        ([(80, None)], "unknown", ("results[0].weight",)),
    ],
)
def test_a_weighted_average(tmp_path: Path, given: Any, status: str, missing: tuple[str, ...]) -> None:
    body = asked(tmp_path, f"{WEIGHTED}, at_least: 75", more=WEIGHTS)
    finding = body.asked(weighed(*given)).finding("asked")
    assert (str(finding.status), finding.missing) == (status, missing)


def test_how_a_weighted_average_is_told(tmp_path: Path) -> None:
    body = asked(tmp_path, f"{WEIGHTED}, at_least: 75", more=WEIGHTS)
    said = body.asked(weighed((60, 1), (80, 2))).explain("en")
    assert "score on average, weighted by weight, at least 75; found by 9 June 2026: 73.33" in said


@pytest.mark.parametrize("field", ["score", "kind", "wieght"])
def test_weights_that_are_refused(tmp_path: Path, field: str) -> None:
    body = asked(tmp_path, f"average: results.score, weighted_by: {field}, at_least: 75", more=WEIGHTS)
    assert told(body.folder) == ["unknown-word"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 4, 5, 9, None]), st.sampled_from([0, 1, 3, None])),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["at_least", "at_most", "more_than", "less_than"]),
    st.booleans(),
)
def test_a_weighted_average_against_every_completion(
    tmp_path_factory: pytest.TempPathFactory,
    given_: list[tuple[int | None, int | None]],
    word: str,
    negated: bool,
) -> None:
    condition = f"{WEIGHTED}, {word}: 5"
    body = asked(
        tmp_path_factory.mktemp("weighted"),
        f"not: {{{condition}}}" if negated else condition,
        "2026-06-01",
        WEIGHTS,
    )

    def passes(one: tuple[tuple[Fraction, Fraction], ...]) -> bool:
        whole = sum(weight for _, weight in one)
        if not whole:
            return negated
        value = sum(score * weight for score, weight in one) / whole
        found = {
            "at_least": value >= 5,
            "at_most": value <= 5,
            "more_than": value > 5,
            "less_than": value < 5,
        }
        return found[word] is not negated

    scores_ = [Fraction(one) for one in (0, 4, 5, 6, 9, 1000)]
    weights = [Fraction(one) for one in ("0", "1/1000", "1", "3", "1000000")]
    choices = [
        [
            (score, weight)
            for score in (scores_ if given is None else [Fraction(given)])
            for weight in (weights if weighs is None else [Fraction(weighs)])
        ]
        for given, weighs in given_
    ]
    unknown = sum(one is None for pair in given_ for one in pair)
    if unknown > 3:
        return
    answers = {one: passes(one) for one in product(*choices)}
    missing = set()
    for one, answer in answers.items():
        for place, (score, weight) in enumerate(given_):
            others = [("score", (other, one[place][1])) for other in scores_ if score is None]
            others += [("weight", (one[place][0], other)) for other in weights if weight is None]
            for name, other in others:
                if answers[(*one[:place], other, *one[place + 1 :])] is not answer:
                    missing.add(f"results[{place}].{name}")
    statuses = {"met" if one else "not_met" for one in answers.values()}
    finding = body.asked(weighed(*given_)).finding("asked")
    assert str(finding.status) == (statuses.pop() if len(statuses) == 1 else "unknown")
    assert {*finding.missing} == missing
