"""Every mistake that an author may make is told: where it stands, in one line, all of them in one go."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from kutsereeglid import RulesetError, load_rulebook
from kutsereeglid.yaml_tree import parse, plain

HERE = Path(__file__).parent / "seeded"
BASE = HERE / "base"


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
