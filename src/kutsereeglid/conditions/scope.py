"""Reading trees as conditions: blanks filled, readings chosen, every mistake noted with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from datetime import date

from kutsereeglid.conditions.duration import CountingTime
from kutsereeglid.dates import Term
from kutsereeglid.errors import Problem, closest, describe, listed
from kutsereeglid.facts import BUILT_IN, Vocabulary
from kutsereeglid.phrases import BadPhrase, Phrase, parse_day
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, key_problems, kind_of

_BLANK = re.compile(r"<([a-z][a-z0-9_-]*)>")


class Unreadable(Exception):
    """A part of a condition that could not be read; its problem is noted already."""


class Scope:
    """What a tree is read with; `used` gathers the readings that were asked for."""

    def __init__(
        self,
        ruleset: Ruleset,
        chosen: MappingOf[str, str],
        fills: MappingOf[str, Node],
        problems: list[Problem],
        used: set[str],
        counting: Callable[[set[str]], CountingTime] | None = None,
        *,
        open_blanks: bool = False,
    ) -> None:
        self.ruleset = ruleset
        self.chosen = chosen
        self.fills = fills
        self.problems = problems
        self.used = used
        self.counting = counting
        self.open_blanks = open_blanks
        self.vocabulary: Vocabulary = BUILT_IN

    def filled(self, fills: MappingOf[str, Node]) -> Scope:
        return Scope(
            self.ruleset, self.chosen, fills, self.problems, self.used, self.counting, open_blanks=self.open_blanks
        )

    def counting_time(self) -> CountingTime:
        """How time is added up, noting the readings that this hangs on."""
        assert self.counting is not None
        return self.counting(self.used)

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        made = Problem(code, str(place), found, expected, mend)
        if made not in self.problems:
            self.problems.append(made)

    def refuse(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> Unreadable:
        self.problem(code, place, found, expected, mend)
        return Unreadable()

    def resolve(self, node: Node) -> Node:
        """The tree with its readings decided and its blanks filled, to any depth."""
        if isinstance(node, Scalar):
            return self._fill(node)
        if isinstance(node, Sequence):
            return Sequence(tuple(map(self.resolve, node.items)), node.place)
        if (name := node.get("reading")) is not None:
            return self.resolve(self._option(node, name))
        return Mapping(
            tuple((key, self.resolve(value)) for key, value in node.entries), node.place, node.key_places
        )

    def _fill(self, node: Scalar) -> Node:
        if not isinstance(node.value, str) or "<" not in node.value:
            return node
        whole = _BLANK.fullmatch(node.value)
        if whole is not None:
            return self._filling(whole[1], node)
        text = _BLANK.sub(lambda found: _inline(self._filling(found[1], node)), node.value)
        return Scalar(text, node.place, node.quoted)

    def _filling(self, blank: str, node: Scalar) -> Node:
        fill = self.fills.get(blank)
        if fill is not None:
            # A fill may hold a switch on a reading, and blanks of its own name are filled elsewhere.
            others = {name: other for name, other in self.fills.items() if name != blank}
            return self.filled(others).resolve(fill)
        if self.open_blanks:
            raise Unreadable
        raise self.refuse(
            "blank-not-filled", node.place, f"the blank <{blank}>, which nothing fills here",
            "every blank filled by a qualification's `with` or where the rule is named",
            closest(blank, self.fills) or f"add `{blank}: …` under `with`",
        )  # fmt: skip

    def _option(self, node: Mapping, name: Node) -> Node:
        reading = self.ruleset.readings.get(str(getattr(name, "value", "")))
        if reading is None:
            raise self.refuse(
                "unknown-reading", name.place, "a reading that is not declared", "a reading of this ruleset",
                closest(str(getattr(name, "value", "")), self.ruleset.readings)
                or f"declare it under `readings`, or use {listed(self.ruleset.readings) or 'one that is declared'}",
            )  # fmt: skip
        given = [key for key in node.keys() if key != "reading"]
        for key in given:
            if key not in reading.options:
                self.problem(
                    "unknown-option", node.place_of(key), f"`{key}`, which is no option of {reading.name}",
                    f"one of {listed(reading.options)}", closest(key, reading.options),
                )  # fmt: skip
        lacking = [option for option in reading.options if option not in given]
        if lacking:
            raise self.refuse(
                "option-lacking", node.place, f"a switch on {reading.name} without {listed(lacking)}",
                "what holds under every option", f"add `{lacking[0]}: …`",
            )  # fmt: skip
        self.used.add(reading.name)
        option = node.get(self.chosen[reading.name])
        if option is None:
            raise Unreadable
        return option

    # Reading the small things.

    def check_keys(self, node: Mapping, allowed: Iterable[str], what: str, required: Iterable[str] = ()) -> None:
        for problem in key_problems(node, allowed, what, required):
            if problem not in self.problems:
                self.problems.append(problem)

    def text(self, node: Node, what: str) -> str:
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
            return node.value
        mend = "put it in quotes" if isinstance(node, Scalar) and node.value is not None else ""
        raise self.refuse("wrong-type", node.place, kind_of(node), f"a text for {what}", mend)

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        items = node.items if isinstance(node, Sequence) else (node,)
        if not items:
            raise self.refuse("empty-list", node.place, "an empty list", f"at least one text for {what}")
        return tuple(self.text(item, what) for item in items)

    def word(self, node: Node, what: str, known: Iterable[str]) -> str:
        known = list(known)
        text = self.text(node, what)
        if text not in known:
            raise self.refuse(
                "unknown-word", node.place, f"`{text}`" if len(text) < 60 else "a text", f"{what}: {listed(known, 20)}",
                closest(text, known),
            )  # fmt: skip
        return text

    def term(self, node: Node, what: str) -> Term:
        text = self.text(node, what)
        term = Term.parse(text)
        if term is None:
            raise self.refuse(
                "bad-term", node.place, f"`{text[:40]}`", f"a term for {what}, such as `6 months` or `2 weeks`"
            )
        return term

    def whole(self, node: Node, what: str) -> int:
        if isinstance(node, Scalar) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        raise self.refuse("wrong-type", node.place, kind_of(node), f"a whole number for {what}")

    def day(self, node: Node) -> Phrase:
        text = self.text(node, "a day")
        try:
            phrase = parse_day(text, self.vocabulary.day_paths)
        except BadPhrase as error:
            raise self.refuse("bad-day", node.place, error.found, "a day", error.mend) from None
        return phrase

    def fixed_day(self, node: Node, what: str) -> date:
        text = self.text(node, what)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.refuse("bad-day", node.place, describe(text), f"a day for {what}, such as 2026-06-19") from None


def _inline(node: Node) -> str:
    if isinstance(node, Scalar):
        return str(node.value)
    if isinstance(node, Sequence):
        return ", ".join(map(_inline, node.items))
    return ""
