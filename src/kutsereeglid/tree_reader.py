"""Reading the small things of a YAML tree, each mistake noted with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeVar

from kutsereeglid.errors import Problem, closest, iso_of, listed
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, key_problems, kind_of

_T = TypeVar("_T")

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unreadable(Exception):
    """A part that could not be read; its problem is noted already."""


class TreeReader:
    """Reads parts of a tree; what is wrong with them is added to `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        self.problems.append(Problem(code, str(place), found, expected, mend))

    def refuse(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> Unreadable:
        self.problem(code, place, found, expected, mend)
        return Unreadable()

    def keys(self, node: Mapping, allowed: Iterable[str], what: str, required: Iterable[str] = ()) -> None:
        self.problems += key_problems(node, allowed, what, required)

    def mapping(self, node: Node | None, what: str) -> Mapping:
        if isinstance(node, Mapping):
            return node
        if node is None:
            raise Unreadable
        raise self.refuse("wrong-type", node.place, kind_of(node), f"`key: value` lines for {what}")

    def text(self, node: Node | None, what: str) -> str:
        if node is None:
            raise Unreadable
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
            return " ".join(node.value.split())
        mend = "put it in quotes" if isinstance(node, Scalar) and node.value is not None else ""
        raise self.refuse("wrong-type", node.place, kind_of(node), f"a text for {what}", mend)

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        if isinstance(node, Sequence):
            return tuple(self.text(item, what) for item in node.items)
        return (self.text(node, what),)

    def day(self, node: Node | None, what: str) -> date:
        if node is None:
            raise Unreadable
        text = (
            str(node.value) if isinstance(node, Scalar) and node.value is not None else self.text(node, what)
        )
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise self.refuse(
                "bad-day", node.place, f"`{text[:30]}`", f"a day for {what}, such as 2024-01-01", iso_of(text)
            ) from None

    def yes(self, node: Node | None, what: str) -> bool:
        if node is None:
            return False
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        raise self.refuse("wrong-type", node.place, kind_of(node), f"true or false for {what}")

    def word(self, node: Node | None, what: str, known: Iterable[str]) -> str:
        known = list(known)
        text = self.text(node, what)
        if text not in known:
            assert node is not None
            raise self.refuse(
                "unknown-word",
                node.place,
                f"`{text[:40]}`",
                f"one of {what}: {listed(known)}",
                closest(text, known),
            )
        return text

    def names(self, node: Mapping, what: str) -> Iterator[tuple[str, Node, Place]]:
        for name, value in node.entries:
            place = node.place_of(name)
            self.named(name, place, f"a name for {what}")
            yield name, value, place

    def named(self, name: str, place: Place, what: str, reserved: Iterable[str] = ()) -> None:
        if not NAME.fullmatch(name):
            self.problem("bad-name", place, f"`{name[:40]}`", f"{what} of letters, digits and hyphens")
        elif name in reserved:
            self.problem(
                "bad-name",
                place,
                f"`{name}`, a word of the language",
                f"{what} of its own",
                "take another name",
            )

    def attempt(self, read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except Unreadable:
            return otherwise
