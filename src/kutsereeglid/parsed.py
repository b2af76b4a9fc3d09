"""Parsed copies of ruleset files, so that a fresh process need not read YAML: for speed, never for meaning.

A copy lies in ``__parsed__`` beside its file and is named by the SHA-256 of the file's content, so it
can only be used for that very content. It is made when the package is built or installed; without it
the file is parsed. A copy is plain JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, parse

FOLDER = "__parsed__"
_SCALAR, _SEQUENCE, _MAPPING = range(3)


def copy_of(path: Path, content: bytes) -> Path:
    """Where the copy of a file with this content lies."""
    from hashlib import sha256

    return path.parent / FOLDER / f"{path.stem}.{sha256(content).hexdigest()[:32]}.json"


def stored(path: Path, content: bytes, shown: str) -> Node | None:
    """The tree of the copy, its places in the file ``shown``; ``None`` when there is no such copy."""
    if not (path.parent / FOLDER).is_dir():
        return None
    try:
        return _unpacked(json.loads(copy_of(path, content).read_bytes()), shown)
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def store(folder: Path) -> list[Path]:
    """Makes the copies of all YAML files in a folder, at any depth, and removes those of older content."""
    made = []
    for path in sorted(folder.rglob("*.yaml")):
        content = path.read_bytes()
        node, problems = parse(content.decode("utf-8-sig"), path.name)
        copy = copy_of(path, content)
        for old in copy.parent.glob(f"{path.stem}.*.json"):
            # `body.*.json` also finds the copies of `body.texts.en.yaml`, which have more dots.
            if old.name.count(".") == copy.name.count("."):
                old.unlink()
        if node is None or problems:
            continue
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(
            json.dumps(_packed(node), ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
        )
        made.append(copy)
    return made


def _packed(node: Node) -> list[Any]:
    at = [node.place.line, node.place.column]
    if isinstance(node, Scalar):
        return [_SCALAR, *at, node.value, int(node.quoted)]
    if isinstance(node, Sequence):
        return [_SEQUENCE, *at, [_packed(item) for item in node.items]]
    keys = zip(node.entries, node.key_places, strict=True)
    return [_MAPPING, *at, [[key, place.line, place.column, _packed(value)] for (key, value), place in keys]]


def _unpacked(packed: list[Any], file: str) -> Node:
    kind, line, column, inside = packed[:4]
    place = Place(file, line, column)
    if kind == _SCALAR:
        return Scalar(inside, place, bool(packed[4]))
    if kind == _SEQUENCE:
        return Sequence(tuple(_unpacked(item, file) for item in inside), place)
    return Mapping(
        tuple((key, _unpacked(value, file)) for key, _, _, value in inside),
        place,
        tuple(Place(file, key_line, key_column) for _, key_line, key_column, _ in inside),
    )
