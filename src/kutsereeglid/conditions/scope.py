"""Reading trees as conditions: blanks filled, readings chosen, every mistake noted with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from contextlib import contextmanager
from typing import Any

from kutsereeglid.applicant import Kind
from kutsereeglid.conditions.items import EACH, Item, Lists, Unlisted
from kutsereeglid.conditions.spells import CountingTime
from kutsereeglid.dates import Term
from kutsereeglid.errors import Problem, closest, listed
from kutsereeglid.facts import Vocabulary
from kutsereeglid.ruleset import BLANK, Ruleset
from kutsereeglid.tree_reader import Unreadable
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, key_problems, kind_of

_NAME = re.compile(r"[^\W\d_][\w-]*")

BLANK_TYPES = ("text", "number", "amount", "duration", "day")

_HOLE = Place("", 0, 0)
"""Where a part stood that could not be read and has been told of already: no more is said of it."""


class Undecided(Exception):
    """What is being read hangs on an amount or a day that conditions decide; the arguments are the name of that
    and the place where it is named."""

    def __init__(self, name: str, place: Place) -> None:
        self.name, self.place = name, place
        super().__init__(name)


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
        lists: Lists | None = None,
    ) -> None:
        self.ruleset = ruleset
        self.chosen = chosen
        self.fills = fills
        self.problems = problems
        self.used = used
        self.counting = counting
        self.open_blanks = open_blanks
        self.lists = Lists() if lists is None else lists
        self.vocabulary: Vocabulary = ruleset.vocabulary
        self.define: MappingOf[str, Node] = ruleset.define
        """What names mean; of what conditions decide, what one case says while a condition is read for it."""
        self.under_way: list[str] = []
        self.window: Node | None = None
        """The window of every measure that names none: that of the rule."""
        self.windowed: set[Place] = set()
        """Where the windows of rules stand that some measure has taken."""
        self.conditions: Callable[[Node, Scope], Any] | None = None
        """Reads a condition, where an amount hangs on one."""

    def condition(self, node: Node) -> Any:
        """The condition in a tree whose readings are decided and whose blanks are filled."""
        assert self.conditions is not None
        return self.conditions(node, self)

    @contextmanager
    def within(self, name: str, node: Node) -> Iterator[None]:
        """While what a definition says is read; one that rests on itself is refused."""
        if name in self.under_way:
            raise self.refuse(
                "circular",
                node.place,
                f"`{name}`, which is defined by itself",
                "definitions that do not go in a circle",
            )
        self.under_way.append(name)
        try:
            yield
        finally:
            self.under_way.pop()

    @contextmanager
    def taking(self, name: str, node: Node) -> Iterator[None]:
        """While a name means this."""
        outer, self.define = self.define, {**self.define, name: node}
        try:
            yield
        finally:
            self.define = outer

    def filled(self, fills: MappingOf[str, Node]) -> Scope:
        made = Scope(
            self.ruleset,
            self.chosen,
            fills,
            self.problems,
            self.used,
            self.counting,
            open_blanks=self.open_blanks,
            lists=self.lists,
        )
        made.window, made.windowed, made.conditions = self.window, self.windowed, self.conditions
        made.define = self.define
        return made

    def counting_time(self) -> CountingTime:
        """How time is added up, noting the readings that this hangs on."""
        assert self.counting is not None
        return self.counting(self.used)

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        made = Problem(code, str(place), found, expected, mend)
        if place is not _HOLE and made not in self.problems:
            self.problems.append(made)

    def refuse(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> Unreadable:
        self.problem(code, place, found, expected, mend)
        return Unreadable()

    def resolve(self, node: Node) -> Node:
        """The tree with its readings decided and its blanks filled, to any depth."""
        made, whole = self.resolved(node)
        if not whole:
            raise Unreadable
        return made

    def resolved(self, node: Node) -> tuple[Node, bool]:
        """The same as far as it can be read, and whether it could be read as a whole; nothing more is
        noted of the parts that could not."""
        if isinstance(node, (Item, Unlisted)):
            return node, True
        try:
            if isinstance(node, Scalar):
                return self._fill(node), True
            if isinstance(node, Mapping) and (name := node.get("reading")) is not None:
                return self.resolved(self._option(node, name))
            if isinstance(node, Mapping) and node.get("for_each") is not None:
                return self._for_each(node)
        except Unreadable:
            return Scalar(None, _HOLE), False
        if isinstance(node, Sequence):
            items = [self.resolved(item) for item in node.items]
            return Sequence(tuple(item for item, _ in items), node.place), all(whole for _, whole in items)
        entries = [(key, *self.resolved(value)) for key, value in node.entries]
        return (
            Mapping(tuple((key, value) for key, value, _ in entries), node.place, node.key_places),
            all(whole for _, _, whole in entries),
        )

    def _fill(self, node: Scalar) -> Node:
        if not isinstance(node.value, str) or "<" not in node.value:
            return node
        whole = BLANK.fullmatch(node.value)
        if whole is not None:
            return self._filling(whole[1], node)
        fills = {blank: self._filling(blank, node) for blank in BLANK.findall(node.value)}
        text = BLANK.sub(lambda found: _inline(fills[found[1]]), node.value)
        items = [fill for fill in fills.values() if isinstance(fill, Item)]
        if items:
            return Item(text, node.place, node.quoted, any(item.each for item in items))
        return Scalar(text, node.place, node.quoted)

    def _filling(self, blank: str, node: Scalar) -> Node:
        fill = self.fills.get(blank)
        if fill is not None:
            # A fill may hold a switch on a reading, and blanks of its own name are filled elsewhere.
            others = {name: other for name, other in self.fills.items() if name != blank}
            made = self.filled(others).resolve(fill)
            if isinstance(made, Item) and made.each:
                self.used.add(EACH)
            return made
        if self.open_blanks:
            raise Unreadable
        raise self.refuse(
            "blank-not-filled",
            node.place,
            f"the blank <{blank}>, which nothing fills here",
            "every blank filled by a qualification's `with` or where the rule is named",
            closest(blank, self.fills) or f"add `{blank}: …` under `with`",
        )

    def _for_each(self, node: Mapping) -> tuple[Node, bool]:
        """``for_each: LIST, as: x, when: COND`` as all of the condition's copies, one for each item."""
        keys = ("for_each", "as", "when")
        self.check_keys(node, keys, "`for_each`", keys)
        list_node, name, when = map(node.get, keys)
        if list_node is None or name is None or when is None:
            raise Unreadable
        blank = self.text(name, "`as`")
        if BLANK.fullmatch(f"<{blank}>") is None:
            raise self.refuse("bad-name", name.place, f"`{blank[:40]}`", "a name for a blank, such as `item`")
        if blank in self.fills:
            raise self.refuse(
                "filled-twice",
                name.place,
                f"the blank <{blank}>, which is filled already",
                "a name of its own for the item",
                "take another name, here and in `when`",
            )
        items: tuple[Scalar, ...] | None = self._written_list(list_node)
        if items is None:
            path = self.list_path(list_node)
            items = self.lists.items(path, blank, list_node.place)
            if items is None:
                return Unlisted((("for_each", Scalar(path, list_node.place)),), node.place), True
        copies = [self.filled({**self.fills, blank: item}).resolved(when) for item in items]
        if not copies:
            return Scalar("always", node.place), True
        parts = Sequence(tuple(copy for copy, _ in copies), when.place)
        return Mapping((("all", parts),), node.place), all(whole for _, whole in copies)

    def _written_list(self, node: Node) -> tuple[Scalar, ...] | None:
        """The items of a list that stands in the rule, fills a blank, or is defined: ``{list: […]}``."""
        made = self.resolve(node)
        if isinstance(made, Scalar) and isinstance(made.value, str) and made.value in self.define:
            defined = self.resolve(self.define[made.value])
            made = (defined.get("list") or made) if isinstance(defined, Mapping) else made
        if not isinstance(made, Sequence):
            return None
        return tuple(Scalar(text, made.place) for text in dict.fromkeys(self.texts(made, "a list")))

    def list_path(self, node: Node) -> str:
        """The path of a list of texts in the file that is settled once given."""
        path = self.text(self.resolve(node), "a list")
        lists = [
            name
            for name, about in self.vocabulary.facts.items()
            if about.kind is Kind.TEXTS and about.in_the_making_until is None
        ]
        if path not in lists:
            raise self.refuse(
                "unknown-list",
                node.place,
                f"`{path[:60]}`",
                "a list of texts that does not change once given",
                closest(path, [*lists, *self.define]) or f"such lists are {listed(lists)}",
            )
        return path

    def _option(self, node: Mapping, name: Node) -> Node:
        if isinstance(name, Mapping):
            raise self.refuse(
                "bad-name",
                node.place_of("reading"),
                "`reading` as a name, a word of the language",
                "`reading: NAME` for a switch, or a name of its own",
                "take another name",
            )
        reading = self.ruleset.readings.get(str(getattr(name, "value", "")))
        if reading is None:
            raise self.refuse(
                "unknown-reading",
                name.place,
                f"{kind_of(name)}, a reading that is not declared",
                "a reading of this ruleset",
                closest(str(getattr(name, "value", "")), self.ruleset.readings)
                or f"declare it under `readings`, or use {listed(self.ruleset.readings) or 'one that is declared'}",
            )
        if not reading.options:  # told where the reading is read
            raise Unreadable
        given = [key for key in node.keys() if key != "reading"]
        for key in given:
            if key not in reading.options:
                self.problem(
                    "unknown-option",
                    node.place_of(key),
                    f"`{key}`, which is no option of {reading.name}",
                    f"one of {listed(reading.options)}",
                    closest(key, reading.options),
                )
        lacking = [option for option in reading.options if option not in given]
        if lacking:
            raise self.refuse(
                "option-lacking",
                node.place,
                f"a switch on {reading.name} without {listed(lacking)}",
                "what holds under every option",
                f"add `{lacking[0]}: …`",
            )
        self.used.add(reading.name)
        option = node.get(self.chosen[reading.name])
        if option is None:
            raise Unreadable
        return option

    # Reading the small things.

    def check_keys(
        self, node: Mapping, allowed: Iterable[str], what: str, required: Iterable[str] = ()
    ) -> None:
        for problem in key_problems(node, allowed, what, required):
            if problem not in self.problems:
                self.problems.append(problem)

    def text(self, node: Node, what: str) -> str:
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
            return node.value if isinstance(node, Item) else " ".join(node.value.split())
        mend = "put it in quotes" if isinstance(node, Scalar) and node.value is not None else ""
        raise self.refuse("wrong-type", node.place, kind_of(node), f"a text for {what}", mend)

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        items = node.items if isinstance(node, Sequence) else (node,)
        if not items:
            raise self.refuse("empty-list", node.place, "an empty list", f"at least one text for {what}")
        return tuple(self.text(item, what) for item in items)

    def word(self, node: Node, what: str, known: Iterable[str]) -> str:
        known = [str(word) for word in known]
        text = self.text(node, what)
        if text not in known:
            raise self.refuse(
                "unknown-word",
                node.place,
                kind_of(node),
                f"one of these for {what}: {listed(known, 20)}",
                closest(text, known),
            )
        return text

    def refuse_undefined(self, node: Node, what: str, code: str = "wrong-type") -> None:
        """Refuses a bare name that nothing defines, where an amount is asked for."""
        name = node.value if isinstance(node, Scalar) else None
        if isinstance(name, str) and _NAME.fullmatch(name) and name not in self.define:
            raise self.refuse(
                code,
                node.place,
                f"`{name[:40]}`, a name that is not defined",
                what,
                closest(name, self.define) or f"write the amount, or define it: `define: {{{name}: …}}`",
            )

    def term(self, node: Node, what: str) -> Term:
        text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
        term = self.defined_term(text) or Term.parse(text)
        if term is None:
            self.refuse_undefined(
                node, f"a term for {what}, such as `6 months`, or the name of one", "bad-term"
            )
            code = "bad-term" if isinstance(node, Scalar) and node.value is not None else "wrong-type"
            raise self.refuse(
                code, node.place, kind_of(node), f"a term for {what}, such as `6 months` or `2 weeks`"
            )
        return term

    def defined_term(self, name: str) -> Term | None:
        """The term that the ruleset defines by a name: ``define: {notice: 2 weeks}``."""
        node = self.define.get(name)
        made = self.resolve(node) if node is not None else None
        return Term.parse(made.value) if isinstance(made, Scalar) and isinstance(made.value, str) else None

    def whole(self, node: Node, what: str) -> int:
        if isinstance(node, Scalar) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        self.refuse_undefined(node, f"a whole number for {what}, or the name of one")
        raise self.refuse("wrong-type", node.place, kind_of(node), f"a whole number for {what}")


def _inline(node: Node) -> str:
    if isinstance(node, Scalar):
        return str(node.value)
    if isinstance(node, Sequence):
        return ", ".join(map(_inline, node.items))
    return ""
