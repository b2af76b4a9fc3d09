"""The shipped rulesets: complete, and decided the same from anywhere and under threads."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from kutsereeglid import Decision, evaluate, evaluation, load_rulebook
from kutsereeglid.checking import sentences
from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.ruleset import Ruleset
from tests.test_boundaries import ALL, EXAM, FULL, whole_file

pytestmark = pytest.mark.usefixtures("on_each_engine")

TABLE = {
    "application": ["work-experience", "experience-certificate", "education-certificate"],
    "admission": ["theoretical-part", "practical-part", "project-field", "project-basis"],
    "award": ["project-presented"],
}
PARTIAL = {"admission": ["project-topics", "project-volume"]}
REQUIRED = {
    **dict.fromkeys(FULL, TABLE),
    **dict.fromkeys(("it-tehnik", "kasutajatoe-tehnik"), PARTIAL),
    "it-haldustehnik": {"application": TABLE["application"], **PARTIAL},
}


def of_the_body(rulesets: Iterable[Ruleset]) -> Ruleset:
    """The body's own ruleset among the shipped ones, which has examples of others beside it."""
    return next(ruleset for ruleset in rulesets if ruleset.id == "bcs-koolitus/kutseeksam")


def test_every_shipped_ruleset_passes_every_check() -> None:
    """Quotes stand in the source, each sentence is quoted or listed, texts are there in each language."""
    book = load_rulebook(shipped_rulebook().root)
    ruleset = of_the_body(book.rulesets)
    assert ruleset.languages == ("et", "en", "ru")
    assert {*ruleset.qualifications} == set(REQUIRED)


def test_the_stored_page_is_cut_into_its_sentences() -> None:
    ruleset = of_the_body(shipped_rulebook().rulesets)
    stored = ruleset.sources["page"].stored
    assert stored is not None
    found = [sentence for _, sentence in sentences(stored)]
    assert found.count("Eeltingimused puuduvad.") == 2
    assert len(found) == 45
    assert max(map(len, found)) < 300


@pytest.mark.parametrize(("qualification", "table"), REQUIRED.items())
def test_requirements_by_stage(qualification: str, table: dict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    for one in evaluate({}, qualification, as_of=EXAM).findings:
        if one.required:
            found.setdefault(one.stage, []).append(one.requirement)
        assert one.citation is not None
    assert found == table


@pytest.mark.parametrize("language", ["et", "en", "ru"])
def test_what_came_late_says_that_restoring_may_be_asked_for(language: str) -> None:
    file = whole_file(FULL[0])
    file["exam_project"]["parts"][0]["submitted"] = "2026-05-20"
    decision = evaluate(file, FULL[0], as_of=EXAM)
    assert [one.requirement for one in decision.findings if one.late] == ["theoretical-part"]
    assert "§ 34" in decision.explain(language)
    assert "§ 34" not in evaluate(whole_file(FULL[0]), FULL[0], as_of=EXAM).explain(language)


def decide(qualification: str) -> list[Decision]:
    return [
        evaluate(file, qualification, as_of=as_of)
        for file in (
            {},
            whole_file(qualification),
            {"exam": {"date": None}, "documents": [{}], "employments": [{}]},
        )
        for as_of in (date(2026, 5, 1), EXAM, date(2026, 7, 1))
    ]


def test_threads_get_the_same_decisions() -> None:
    shipped_rulebook.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(decide, ALL * 4))
    alone = {qualification: decide(qualification) for qualification in ALL}
    assert found == [alone[qualification] for qualification in ALL * 4]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system's zone cannot be changed here")
def test_neither_the_clock_nor_the_systems_zone_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    def clock(*_: object) -> None:
        raise AssertionError("the clock was read")

    class NoClock:
        now = today = clock

    file = whole_file(FULL[0])
    file["documents"][1]["submitted"] = "2026-06-05T23:30:00+03:00"
    monkeypatch.setattr(evaluation, "datetime", NoClock)
    found = []
    try:
        for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            found.append(evaluate(file, FULL[0], as_of=EXAM))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found[0] == found[1]
    assert found[0].finding("experience-certificate").status == "met"


def test_nothing_in_the_package_knows_a_qualification_of_a_ruleset() -> None:
    ruleset = of_the_body(shipped_rulebook().rulesets)
    ids = {*ruleset.qualifications, *ruleset.rules, *ruleset.readings, ruleset.id}
    package = Path(evaluation.__file__).parent
    for module in package.rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        if module.parent.name != "rulesets":
            found = {one for one in ids - {"identity", "education-certificate"} if one in text}
            assert found <= {"it-tehnik", "work-experience"}, (
                module
            )  # in docstrings; the file has a document type of that name
