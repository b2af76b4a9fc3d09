"""Every mistake that an author may make is told: where it stands, in one line, all of them in one go."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from kutsereeglid import RulesetError, load_rulebook
from kutsereeglid.errors import Problem
from kutsereeglid.yaml_tree import parse, plain

HERE = Path(__file__).parent / "seeded"
BASE = HERE / "base"

TOGETHER = {
    "source read impossible",
    "days off unknown word",
    "option unknown in taken",
    "blank misspelt in a rule",
    "rule key misspelt",
    "each_until misspelt",
    "level above the scale",
    "wrong unit",
    "kind of rule misspelt",
    "due misspelt path",
    "choice in fact",
    "head misspelt",
    "quote with a changed letter",
    "unknown stage in advises",
    "instead unknown new",
    "word a number",
    "citation key misspelt",
    "part time unsupported",
    "text of a word lacking",
    "sentence added to the source",
    "fact misspelt",
    "fact type misspelt",
    "unit named as a term",
    "in_the_making of a misspelt day",
    "one_of one word",
    "scale word misspelt",
}
"""Names of mistakes that stand apart from one another."""


def _mistakes() -> list[dict[str, Any]]:
    tree, problems = parse((HERE / "mistakes.yaml").read_text(encoding="utf-8"), "mistakes.yaml")
    assert tree is not None
    assert not problems
    mistakes: list[dict[str, Any]] = plain(tree)
    return mistakes


MISTAKES = _mistakes()


def _change(folder: Path, mistake: dict[str, Any]) -> None:
    path = folder / mistake["file"]
    before = path.read_text(encoding="utf-8")
    assert before.count(mistake["replace"]) == 1
    path.write_text(before.replace(mistake["replace"], mistake["with"]), encoding="utf-8")


def _told(folder: Path) -> list[tuple[str, str, int]]:
    """Code, file and line of every problem, each of which is one line of its own."""
    with pytest.raises(RulesetError) as caught:
        load_rulebook(folder)
    for problem in caught.value.problems:
        assert len(str(problem).splitlines()) == 1
    places = [(problem.code, *problem.where.rsplit(":", 2)) for problem in caught.value.problems]
    return [(code, file, int(line)) for code, file, line, _ in places]


def _expected(mistake: dict[str, Any]) -> tuple[str, str, int]:
    return mistake["code"], mistake.get("reported_in", mistake["file"]), mistake["line"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "base"))


def test_the_base_has_no_mistakes() -> None:
    assert [ruleset.id for ruleset in load_rulebook(BASE).rulesets] == ["harbour-guild/boats"]


def test_enough_mistakes_each_named_once() -> None:
    names = [mistake["name"] for mistake in MISTAKES]
    assert len(set(names)) == len(names) >= 100


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"])
def test_a_mistake_is_told_where_it_stands(mistake: dict[str, Any], folder: Path) -> None:
    _change(folder, mistake)
    assert _expected(mistake) in _told(folder)


def test_all_mistakes_are_told_in_one_go(folder: Path) -> None:
    chosen = [mistake for mistake in MISTAKES if mistake["name"] in TOGETHER]
    assert len(chosen) == len(TOGETHER) >= 10
    for mistake in chosen:
        _change(folder, mistake)
    told = _told(folder)
    assert [mistake["name"] for mistake in chosen if _expected(mistake) not in told] == []


TEXTS = ("", "[]", "{}", "5", "a text", "&a {b: *a}", "{a: [b, {c: }]}")


@pytest.mark.parametrize("text", TEXTS)
def test_whatever_stands_in_a_line_nothing_but_a_ruleset_error_comes_out(text: str, folder: Path) -> None:
    path = folder / "2025-03-01.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for number in range(TEXTS.index(text), len(lines), len(TEXTS)):
        changed = [*lines[:number], f"{lines[number].partition(':')[0]}: {text}", *lines[number + 1 :]]
        path.write_text("\n".join(changed), encoding="utf-8")
        problems: tuple[Problem, ...] = ()
        try:
            load_rulebook(folder)
        except RulesetError as error:
            problems = error.problems
        assert all(len(str(problem).splitlines()) == 1 for problem in problems)


@pytest.mark.parametrize("name", ["2025-3-1.yaml", "01.03.2025.yaml", "2025-03-01.yml"])
def test_a_ruleset_whose_name_is_nearly_a_day_is_told(name: str, folder: Path) -> None:
    (folder / "2025-03-01.yaml").rename(folder / name)
    assert _told(folder) == [("wrong-file-name", name, 1)]
