"""Decisions as values: frozen, hashable, picklable, the same after JSON, readable in three languages."""

from __future__ import annotations

import copy
import json
import pickle
import re
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kutsereeglid import Contested, Decision, Outcome, Reason, Status, UsageError, evaluate
from kutsereeglid.decision import Part, Table, Texts
from kutsereeglid.evaluation import compiled_for_display, shipped_rulebook
from kutsereeglid.rendering import checklist
from kutsereeglid.wording import LANGUAGES, own_texts, words_of

pytestmark = pytest.mark.usefixtures("on_each_engine")

FEWER = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = date(2026, 6, 10)
FULL = ("it-susteemide-nooremspetsialist", "noorem-tarkvaraarendaja")
QUALIFICATIONS = (*FULL, "it-tehnik", "kasutajatoe-tehnik", "it-haldustehnik")
WORK = {"field": "it-systems", "start": "2025-09-01", "end": "2026-03-15"}
COMPLETE: dict[str, Any] = {
    "employments": [{**WORK, "employer": "Näidis OÜ"}],
    "documents": [
        {"type": "education-certificate", "submitted": "2026-04-20"},
        {
            "type": "employment-certificate",
            "submitted": "2026-06-05",
            "signed_by": "employer",
            "positions": [WORK],
        },
    ],
    "exam": {"date": "2026-06-19"},
    "exam_project": {
        "field": "it-systems",
        "basis": "other",
        "topics": ["testing"],
        "hours": 40,
        "parts": [{"kind": "theoretical", "submitted": "2026-05-20"}, {"kind": "practical"}],
    },
}
VARIED: list[dict[str, Any]] = [
    {},
    COMPLETE,
    {"exam": {"date": None}, "documents": [], "employments": []},
    {
        **COMPLETE,
        "documents": [{"type": "employment-certificate", "signed_by": "applicant", "positions": [WORK]}],
    },
    {**COMPLETE, "documents": [{}], "employments": [{}], "exam_project": {"parts": [{}]}},
    {
        **COMPLETE,
        "exam": {"date": "2026-12-31"},
        "employments": [{"field": "it-systems", "start": "2026-05-01", "end": None}],
    },
    {**COMPLETE, "exam": {"date": "2025-12-31"}},
    {"exam": {}, "exam_project": None, "judgements": {}, "facts": {"a": ["<b>", {"c": None}]}},
]


def decided(file: dict[str, Any], qualification: str, as_of: date = DAY, **more: Any) -> Decision:
    return evaluate(file, qualification, as_of=as_of, **more)


DECISIONS = [decided(file, name) for file in VARIED for name in QUALIFICATIONS]
each = pytest.mark.parametrize("decision", DECISIONS, ids=lambda one: one.qualification)


def reasons(decision: Decision) -> list[Reason]:
    """Every reason, however deep."""
    ahead = [reason for finding in decision.findings for reason in finding.because]
    for reason in ahead:
        ahead += reason.because
    return ahead


def leftovers(text: str) -> list[str]:
    """Blanks that were not filled in, and keys in place of texts."""
    return re.findall(
        r"<[\w -]+>|\{\w*\}|\b(?:words|rules|stages|readings|qualifications)\.[\w-]+|\bNone\b|ABSENT", text
    )


def test_the_examples_reach_every_answer() -> None:
    assert {finding.status for one in DECISIONS for finding in one.findings} == set(Status)
    assert {one.outcome for one in DECISIONS} >= {Outcome.PENDING, Outcome.INELIGIBLE, Outcome.UNDETERMINED}
    assert any(finding.contested for one in DECISIONS for finding in one.findings)


# Values.


@each
def test_a_decision_is_a_value(decision: Decision) -> None:
    copies = [copy.copy(decision), copy.deepcopy(decision), Decision.from_dict(decision.to_dict())]
    copies += [
        Decision.from_json(decision.to_json()),
        Decision.from_json(decision.to_json(indent=2).encode()),
    ]
    copies += [
        pickle.loads(pickle.dumps(decision, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]
    for other in copies:
        assert other == decision
        assert hash(other) == hash(decision)
        assert other.to_json() == decision.to_json()
        assert repr(other) is not None
    assert len({decision, *copies}) == 1


@each
def test_the_text_is_the_same_after_a_round_trip(decision: Decision) -> None:
    read = Decision.from_json(decision.to_json())
    for language in (None, *LANGUAGES):
        text = decision.explain(language)
        assert read.explain(language) == text
        assert pickle.loads(pickle.dumps(decision)).explain(language) == text
        assert Decision.from_json(read.to_json()).explain(language) == text


def test_nothing_can_be_changed() -> None:
    decision = decided(COMPLETE, "noorem-tarkvaraarendaja")
    for owner in (
        decision,
        decision.findings[0],
        decision.findings[0].because[0],
        decision.ruleset,
        decision.texts,
    ):
        for field in attrs.fields(type(owner)):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(owner, field.name, None)
    with pytest.raises(TypeError):
        decision.stages["award"] = Outcome.ELIGIBLE  # type: ignore[index]
    with pytest.raises(AttributeError):
        decision.stages.more = 1  # type: ignore[attr-defined]


def test_decisions_differ_when_anything_differs() -> None:
    base = decided(COMPLETE, "noorem-tarkvaraarendaja")
    others = [
        decided(COMPLETE, "it-susteemide-nooremspetsialist"),
        decided(COMPLETE, base.qualification, date(2026, 6, 11)),
        decided(COMPLETE, base.qualification, stage="award"),
        decided({}, base.qualification),
        decided(COMPLETE, base.qualification, readings={"A8-last-day": "excluded"}),
    ]
    assert all(other != base for other in others)
    assert len({base, *others}) == 6
    assert base == decided(COMPLETE, base.qualification)
    assert base != object()


def test_findings_are_found_by_name() -> None:
    decision = decided(COMPLETE, "noorem-tarkvaraarendaja")
    assert decision.finding("work-experience").required
    with pytest.raises(KeyError):
        decision.finding("no-such-requirement")


def test_tables() -> None:
    table = Table({"b": 1, "a": 2})
    assert list(table) == ["b", "a"]
    assert table == {"a": 2, "b": 1} == Table({"a": 2, "b": 1})
    assert hash(table) == hash(Table({"a": 2, "b": 1}))
    assert table != Table({"a": 2})
    assert repr(table) == "Table({'b': 1, 'a': 2})"
    assert len(table) == 2


# The JSON form.

KEYS = {
    "requirement",
    "stage",
    "kind",
    "required",
    "status",
    "due",
    "earliest",
    "missing",
    "contested",
    "title",
    "citation",
    "because",
    "applies",
    "path",
    "curable",
}


@each
def test_attributes_are_the_contracts_keys(decision: Decision) -> None:
    plain = json.loads(decision.to_json())
    assert {"qualification", "as_of", "stage", "outcome", "stages", "ruleset", "findings"} <= plain.keys()
    assert set(plain["ruleset"]) == {"id", "version", "digest"}
    assert set(plain["stages"]) == {"application", "admission", "award"}
    assert plain["outcome"] == plain["stages"][plain["stage"]]
    assert plain["as_of"] == str(decision.as_of)
    assert [finding["requirement"] for finding in plain["findings"]] == [
        one.requirement for one in decision.findings
    ]
    for shown, finding in zip(plain["findings"], decision.findings, strict=True):
        _same(shown, finding)
        assert shown.keys() >= KEYS
    for key in plain:
        assert hasattr(decision, key)


def _same(shown: dict[str, Any], found: Any) -> None:
    """Each key of the JSON object is an attribute, with the same value."""
    for key, value in shown.items():
        attribute = getattr(found, key)
        if key in ("contested", "because"):
            for inner, of in zip(value, attribute, strict=True):
                _same(inner, of)
            if key == "because":
                assert all(("condition" in inner or "rule" in inner) and "text" in inner for inner in value)
        elif key == "citation" and value is not None:
            assert value == attrs.asdict(attribute)
            assert set(value) == {"source", "address", "quote"}
        elif key == "missing":
            assert value == list(attribute)
        elif key in ("due", "earliest"):
            assert value == (attribute and attribute.isoformat())
        elif key != "parts":
            assert value == attribute


def test_contested_keys() -> None:
    shown = [
        one
        for decision in DECISIONS
        for finding in decision.to_dict()["findings"]
        for one in finding["contested"]
    ]
    assert shown
    assert all(set(one) == {"reading", "option", "status", "citation"} for one in shown)
    assert all(type(one["status"]) is str for one in shown)


@each
def test_the_json_form_is_plain(decision: Decision) -> None:
    def check(value: object) -> None:
        assert type(value) in (dict, list, tuple, str, int, float, bool, type(None)), value
        if isinstance(value, dict):
            assert all(type(key) is str for key in value)
            for inner in value.values():
                check(inner)
        elif isinstance(value, (list, tuple)):
            for inner in value:
                check(inner)

    check(decision.to_dict())


# The text.


@each
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_whole(decision: Decision, language: str) -> None:
    text = decision.explain(language)
    assert leftovers(text) == []
    assert not text.endswith("\n")
    assert all(line == line.rstrip() for line in text.splitlines())
    words = words_of(language)
    assert all(words.STATUS[finding.status] in text for finding in decision.findings if finding.applies)
    assert all(words.OUTCOME[outcome] in text for outcome in decision.stages.values())


@each
def test_the_first_language_is_that_of_the_titles(decision: Decision) -> None:
    text = decision.explain()
    assert text == decision.explain("et")
    assert all(finding.title in text for finding in decision.findings)
    assert all(reason.text in text for reason in reasons(decision))


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_status_can_be_told(language: str) -> None:
    base = decided(COMPLETE, "noorem-tarkvaraarendaja")
    for status in Status:
        for flag in (True, False):
            contested = tuple(Contested("A8-last-day", "excluded", other) for other in Status)
            findings = tuple(
                attrs.evolve(
                    one,
                    status=status,
                    applies=flag,
                    late=flag,
                    curable=flag,
                    discretion="committee",
                    contested=contested,
                    due=DAY - timedelta(1) if flag else None,
                    earliest=DAY if flag else None,
                    path="some path",
                    missing=(
                        "employments",
                        "documents[0].positions[12].end",
                        "readings.A8-last-day",
                        "exam.date",
                        "judgements.x",
                        "calendar.month_end",
                        "facts.harbour",
                        "facts.x2",
                    ),
                )
                for one in base.findings
            )
            stages = Table(dict(zip(base.stages, Outcome, strict=False)))
            text = attrs.evolve(base, findings=findings, stages=stages, late="hilja").explain(language)
            assert leftovers(text.replace("readings.A8-last-day", "")) == []
            assert "documents[0].positions[12].end" in text


def test_unknown_parts_are_told_as_they_are() -> None:
    base = decided(COMPLETE, "noorem-tarkvaraarendaja")
    bare = attrs.evolve(
        base, texts=Texts("et", ("et",)), findings=(attrs.evolve(base.findings[0], parts=()),)
    )
    assert base.findings[0].title in bare.explain()
    part = Part("rules.no-such-rule")
    assert (
        "rules.no-such-rule"
        in attrs.evolve(bare, findings=(attrs.evolve(base.findings[0], parts=(part,)),)).explain()
    )


@pytest.mark.parametrize("language", ["fi", "", "EN", "en-GB", "../en", "Mari Maasikas"])
def test_unknown_languages_are_refused(language: str) -> None:
    decision = decided({}, "it-tehnik")
    with pytest.raises(UsageError) as raised:
        decision.explain(language)
    [problem] = raised.value.problems
    assert problem.code == "unknown-language"
    assert "Maasikas" not in str(raised.value)
    with pytest.raises(UsageError):
        checklist(*compiled_for_display(shipped_rulebook(), "it-tehnik", DAY, None), language)


def test_a_language_that_the_ruleset_lacks_is_refused() -> None:
    decision = attrs.evolve(decided({}, "it-tehnik"), texts=Texts("et", ("et", "ru")))
    with pytest.raises(UsageError, match="expected one of et, ru"):
        decision.explain("en")


@pytest.mark.parametrize("as_of", ["2026-06-10", datetime(2026, 6, 10), 20260610])  # noqa: DTZ001
def test_the_day_of_evaluation_is_a_day(as_of: Any) -> None:
    with pytest.raises(UsageError):
        evaluate({}, "it-tehnik", as_of=as_of)


def test_every_language_has_every_sentence() -> None:
    first, *others = map(words_of, LANGUAGES)
    blanks = re.compile(r"\{\w*\}")
    for other in others:
        for table in (
            "SENTENCES",
            "COMPARED",
            "OFFSET",
            "UNITS",
            "LABELS",
            "STATUS",
            "OUTCOME",
            "KINDS",
            "EXPLAIN",
        ):
            ours, theirs = getattr(first, table), getattr(other, table)
            assert ours.keys() == theirs.keys(), (other.NAME, table)
            if table in ("SENTENCES", "COMPARED", "OFFSET", "EXPLAIN"):
                for key in ours:
                    assert sorted(blanks.findall(ours[key])) == sorted(blanks.findall(theirs[key])), (
                        other.NAME,
                        key,
                    )


def test_every_text_of_the_shipped_rulesets_is_translated() -> None:
    for ruleset in shipped_rulebook().rulesets:
        for language in ruleset.languages[1:]:
            assert own_texts(ruleset).keys() == dict(ruleset.translate(language)).keys()


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (0, "дней"),
        (1, "день"),
        (2, "дня"),
        (5, "дней"),
        (11, "дней"),
        (12, "дней"),
        (21, "день"),
        (22, "дня"),
        (111, "дней"),
        (112, "дней"),
        (121, "день"),
        (1.5, "дня"),
    ],
)
def test_russian_plurals(count: float, form: str) -> None:
    words = words_of("ru")
    assert words.plural(count, words.UNITS["days"]) == form


# Whatever the applicant.

SOME_DAY = st.none() | st.dates(date(2024, 1, 1), date(2028, 1, 1)) | st.just(date.max) | st.just(date.min)
FIELDS = st.sampled_from([None, "it-systems", "software-development", "other"])


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def _in_order(made: dict[str, Any]) -> dict[str, Any]:
    if made.get("start") and made.get("end"):
        made["start"], made["end"] = sorted((made["start"], made["end"]))
    return made


# Looking for what an unknown field or day could be takes its time: VARIED has those.
SOME_FIELD = st.sampled_from(["it-systems", "software-development", "other"])
SPAN = st.fixed_dictionaries({"field": SOME_FIELD, "start": SOME_DAY.filter(bool), "end": SOME_DAY}).map(
    _in_order
)
FILES = _some(
    employments=st.none() | st.lists(SPAN, max_size=2),
    documents=st.none()
    | st.lists(
        _some(
            type=st.sampled_from(["employment-certificate", "education-certificate", "<x> {y}"]),
            submitted=SOME_DAY,
            issued=SOME_DAY,
            signed_by=st.sampled_from([None, "employer", "applicant", "{0}"]),
            accepted=st.none() | st.booleans(),
            positions=st.lists(SPAN, max_size=2),
        ),
        max_size=2,
    ),
    exam=_some(date=SOME_DAY),
    exam_project=_some(
        field=FIELDS,
        basis=st.sampled_from([None, "company-problem", "novel-solution", "other"]),
        topics=st.lists(
            st.sampled_from(["testing", "information-security", "user-support", "{a} <b>"]), max_size=3
        ),
        hours=st.none() | st.integers(0, 200) | st.sampled_from([39.5, 1e300, 10**30]),
        parts=st.lists(
            _some(kind=st.sampled_from(["theoretical", "practical"]), submitted=SOME_DAY), max_size=2
        ),
        presented=SOME_DAY,
    ),
)


@FEWER
@given(FILES, st.sampled_from(QUALIFICATIONS), st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_any_decision_survives_and_can_be_told(file: dict[str, Any], qualification: str, as_of: date) -> None:
    decision = decided(file, qualification, as_of)
    read = Decision.from_json(decision.to_json())
    assert read == decision == pickle.loads(pickle.dumps(decision))
    for language in LANGUAGES:
        text = decision.explain(language)
        assert read.explain(language) == text
        assert [found for found in leftovers(text) if found not in ("<x>", "{y}", "{0}", "{a}", "<b>")] == []
