"""Parsed copies: the same tree as the file's, and never that of another content."""

from pathlib import Path
from shutil import copytree

import pytest

from kutsereeglid import RulesetError, load_rulebook
from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.parsed import copy_of, store, stored
from kutsereeglid.yaml_tree import Mapping, Node, Scalar, Sequence, parse


def told(node: Node | None) -> object:
    """A tree with its places, to be compared."""
    if isinstance(node, Scalar):
        return repr(node.value), node.place, node.quoted
    if isinstance(node, Sequence):
        return [told(item) for item in node.items], node.place
    assert isinstance(node, Mapping)
    return [(key, told(value)) for key, value in node.entries], node.key_places, node.place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    body = tmp_path / "rules" / "bcs-koolitus"
    copytree(shipped_rulebook().root / "bcs-koolitus", body)
    store(tmp_path / "rules")
    return tmp_path / "rules"


def test_a_copy_is_the_tree_of_its_file(folder: Path) -> None:
    files = sorted(folder.rglob("*.yaml"))
    assert len(files) == 7
    for path in files:
        content = path.read_bytes()
        assert told(stored(path, content, "x.yaml")) == told(parse(content.decode(), "x.yaml")[0])


def test_a_changed_file_is_read_anew_and_its_mistakes_told(folder: Path) -> None:
    path = folder / "bcs-koolitus" / "2024-01-01.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("curable: true", "curable: [", 1), encoding="utf-8"
    )
    assert stored(path, path.read_bytes(), "x") is None
    with pytest.raises(RulesetError, match=r"2024-01-01\.yaml"):
        load_rulebook(folder)
    assert copy_of(path, path.read_bytes()) not in store(folder)


@pytest.mark.parametrize("broken", ["", "{", "[9]", "null", "[0,1,1]"])
def test_a_broken_copy_is_passed_over(folder: Path, broken: str) -> None:
    for copy in folder.rglob("__parsed__/*.json"):
        copy.write_text(broken, encoding="utf-8")
    assert [ruleset.id for ruleset in load_rulebook(folder).rulesets] == ["bcs-koolitus/kutseeksam"]


def test_copies_of_older_content_are_removed(folder: Path) -> None:
    path = folder / "bcs-koolitus" / "common.yaml"
    before = copy_of(path, path.read_bytes())
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    store(folder)
    assert not before.exists()
    assert copy_of(path, path.read_bytes()).exists()
    assert len(list(before.parent.glob("*.json"))) == 7
