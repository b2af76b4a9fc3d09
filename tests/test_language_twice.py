"""One rule listed several times with other blanks: each time under a name of its own."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_language import Body
from tests.test_language_further import told

WORK = (
    'work: {title: "At least <length> as <post>", kind: prerequisite, says: {source: law, at: § 1}, due: "2026-06-09", '
    "when: {time: employments, where: {position: <post>}, at_least: <length>}}"
)
TWICE = "[{work: {length: 1 year, post: cook}}, {work: {length: 2 years, post: chief}, as: chief-work}]"


def written_out(name: str, length: str, post: str) -> str:
    return WORK.replace("work:", f"{name}:", 1).replace("<length>", length).replace("<post>", post)


def test_each_has_a_finding_of_its_own(tmp_path: Path) -> None:
    body = Body(tmp_path, WORK, "", TWICE)
    decision = body.asked({"employments": [{"position": "cook", "start": "2020-01-01", "end": "2021-12-31"}]})
    assert [(one.requirement, str(one.status)) for one in decision.findings] == [
        ("work", "met"),
        ("chief-work", "not_met"),
    ]
    assert str(decision.finding("chief-work").status) == "not_met"
    assert "At least 2 years as chief" in decision.explain("en")


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ("[{work: {length: 1 year, post: cook}}, {work: {length: 2 years, post: chief}}]", "listed-twice"),
        (
            "[{work: {length: 1 year, post: cook}, as: one}, {work: {length: 2 years, post: chief}, as: one}]",
            "listed-twice",
        ),
        ("[{work: {length: 1 year, post: cook}, as: work}]", "bad-name"),
        ("[{work: {length: 1 year, post: cook}, as: a name}]", "bad-name"),
        ("[{work: {length: 1 year, post: cook}, as: [one]}]", "wrong-type"),
        ("[{work: {length: 1 year, post: cook}, as: one, with: two}]", "wrong-type"),
        ("[{as: one}]", "wrong-type"),
    ],
)
def test_names_that_are_refused(tmp_path: Path, listed: str, code: str) -> None:
    assert code in told(Body(tmp_path, WORK, "", listed).folder)


POSTS = st.sampled_from(["cook", "chief", None])
JOBS = st.lists(
    st.tuples(POSTS, st.integers(2018, 2024), st.sampled_from(["12-30", "12-31", None])), max_size=3
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.none(), JOBS))
def test_it_is_as_if_each_were_written_out(
    tmp_path_factory: pytest.TempPathFactory, jobs: list[tuple[str | None, int, str | None]] | None
) -> None:
    folder = tmp_path_factory.mktemp("twice")
    rules = "\n".join([written_out("one", "1 year", "cook"), written_out("other", "2 years", "chief")])
    apart = Body(folder / "apart", rules, "", "[one, other]")
    file: dict[str, Any] = {}
    if jobs is not None:
        file["employments"] = [
            {
                "start": f"{year}-01-01",
                **({"position": post} if post else {}),
                **({"end": f"{year + 1}-{end}"} if end else {}),
            }
            for post, year, end in jobs
        ]
    found, expected = (
        [(one.status, one.missing, one.due, one.earliest) for one in body.asked(file).findings]
        for body in (Body(folder / "twice", WORK, "", TWICE), apart)
    )
    assert found == expected
