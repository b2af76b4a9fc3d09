"""YAML text as a tree that knows where each thing stands, with YAML's traps told in plain words.

Nothing is constructed: no tags, no dates, no code. A plain scalar is what YAML 1.2's core schema says
(null, true or false, a number), and else the text as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from attrs import frozen

from kutsereeglid.errors import Problem, closest, describe, listed

Value = str | int | float | bool | None


class Place(NamedTuple):
    """Where something stands, as ``file:line:column``, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@frozen(eq=False, repr=False)
class Scalar:
    value: Value
    place: Place
    quoted: bool = False


@frozen(eq=False, repr=False)
class Sequence:
    items: tuple[Node, ...]
    place: Place


@frozen(eq=False, repr=False)
class Mapping:
    entries: tuple[tuple[str, Node], ...]
    place: Place
    key_places: tuple[Place, ...] = ()

    @cached_property
    def _index(self) -> dict[str, int]:
        """The place of each key among the entries: the first, if it stands twice."""
        last = len(self.entries) - 1
        return {name: last - back for back, (name, _) in enumerate(reversed(self.entries))}

    def get(self, key: str) -> Node | None:
        place = self._index.get(key)
        return None if place is None else self.entries[place][1]

    def place_of(self, key: str) -> Place:
        """Where the key stands (the mapping's own place when it has no such key)."""
        place = self._index.get(key)
        return self.key_places[place] if place is not None and self.key_places else self.place

    def keys(self) -> Iterator[str]:
        return (name for name, _ in self.entries)

    def __contains__(self, key: str) -> bool:
        return key in self._index


Node = Scalar | Sequence | Mapping


def kind_of(node: Node) -> str:
    """What a node is, in an author's words."""
    if isinstance(node, Mapping):
        return "a mapping (`key: value`)"
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node.value, str):
        text = " ".join(node.value.split())
        return f"`{text[:60]}`{' …' if len(text) > 60 else ''}" if text else "an empty text"
    return "nothing" if node.value is None else describe(node.value)


def key_problems(
    node: Mapping, allowed: Iterable[str], what: str, required: Iterable[str] = ()
) -> Iterator[Problem]:
    """A problem for every key that ``what`` does not have, and for every one that it lacks."""
    known = list(allowed)
    for key in node.keys():
        if key not in known:
            found = f"`{key}`" if len(key) < 40 else "a key"
            yield Problem(
                "unknown-key",
                str(node.place_of(key)),
                found,
                f"one of the keys of {what}: {listed(known, 30)}",
                closest(key, known),
            )
    for key in required:
        if key not in node:
            yield Problem(
                "key-lacking", str(node.place), f"{what} without `{key}`", f"`{key}: …`", f"add `{key}`"
            )


_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MOMENT = re.compile(r"\d{4}-\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d(:\d\d(\.\d*)?)?[ \t]*(Z|[-+]\d\d?(:?\d\d)?)?")
_CUT = re.compile(r"[ \t]+#[^\s#]")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+")
_OLD_BOOLEANS = {"yes", "no", "on", "off", "y", "n"}
_OTHER_BOOLEANS = {"True", "TRUE", "False", "FALSE"}


def parse(text: str, file: str, *, aliases: bool = False) -> tuple[Node | None, list[Problem]]:
    """The tree of one YAML document, and every problem of its form; ``None`` when there is no tree.

    Anchors, aliases and ``<<`` are refused unless ``aliases`` is true; tags always are.
    """
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    try:
        root = _composed(yaml.parse(io.StringIO(text)))
    except MarkedYAMLError as error:
        return None, [_syntax_problem(error, text, file)]
    except (YAMLError, ValueError) as error:  # ruamel raises ValueError for characters it cannot read
        return None, [_unreadable_character(error, text, file)]
    except RecursionError:
        return None, [Problem("too-deep", f"{file}:1:1", "nesting too deep to read", "a flatter file")]
    if root is None:
        return None, []
    builder = _Builder(file, aliases, text)
    return builder.node(root, inside_flow=False), builder.problems


class _Raw:
    """A node as ruamel's events give it: no type is guessed at, which is where its own composer is slow."""

    __slots__ = ("anchor", "end_mark", "flow_style", "id", "start_mark", "style", "tag", "value")

    def __init__(self, kind: str, event: Any, value: Any) -> None:
        self.id = kind
        self.value = value
        self.anchor = event.anchor
        self.tag = event.tag
        self.style = getattr(event, "style", None)
        self.flow_style = getattr(event, "flow_style", False)
        self.start_mark, self.end_mark = event.start_mark, event.end_mark


def _composed(events: Iterator[Any]) -> _Raw | None:
    """The one document's root; raises ruamel's error for an unknown alias or a second document."""
    from ruamel.yaml import events as kinds
    from ruamel.yaml.composer import ComposerError

    anchors: dict[str, _Raw] = {}

    def node(event: Any) -> _Raw:
        if isinstance(event, kinds.AliasEvent):
            if event.anchor not in anchors:
                raise ComposerError(None, None, "found undefined alias", event.start_mark)
            return anchors[event.anchor]
        if isinstance(event, kinds.ScalarEvent):
            made = _Raw("scalar", event, event.value)
            if event.anchor:
                anchors[event.anchor] = made
            return made
        inside: list[Any] = []
        made = _Raw("sequence" if isinstance(event, kinds.SequenceStartEvent) else "mapping", event, inside)
        if event.anchor:
            anchors[event.anchor] = made
        for part in events:
            if isinstance(part, (kinds.SequenceEndEvent, kinds.MappingEndEvent)):
                break
            inside.append(node(part) if made.id == "sequence" else (node(part), node(next(events))))
        return made

    root: _Raw | None = None
    for event in events:
        if isinstance(event, kinds.DocumentStartEvent):
            if root is not None:
                raise ComposerError(
                    "expected a single document",
                    root.start_mark,
                    "but found another document",
                    event.start_mark,
                )
        elif isinstance(event, kinds.NodeEvent):
            root = node(event)
    return root


def plain(node: Node) -> Any:
    """The tree as plain Python values."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries}


class _Builder:
    def __init__(self, file: str, aliases: bool, text: str) -> None:
        self.file = file
        self.aliases = aliases
        self.text = text
        self.problems: list[Problem] = []
        self.seen: dict[int, Node] = {}
        self.open: set[int] = set()

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        self.problems.append(Problem(code, str(place), found, expected, mend))

    def node(self, raw: Any, inside_flow: bool) -> Node:
        if id(raw) in self.seen and not isinstance(self.seen[id(raw)], Scalar):
            if not self.aliases:
                self.problem(
                    "alias",
                    self.place(raw.start_mark),
                    "an anchor that is used again (`&` and `*`)",
                    "every thing written out, or a shared definition",
                )
            return self.seen[id(raw)]
        place = self.place(raw.start_mark)
        if id(raw) in self.open:
            self.problem("alias", place, "an anchor that is used inside itself", "every thing written out")
            return Scalar(None, place)
        self.open.add(id(raw))
        if raw.anchor and not self.aliases and id(raw) not in self.seen:
            self.problem(
                "alias",
                place,
                f"an anchor, {_shown(raw.anchor)}",
                "no anchors",
                "write the thing out where it is used",
            )
        flow = inside_flow or bool(getattr(raw, "flow_style", False))
        made: Node
        if raw.id == "scalar":
            made = self.scalar(raw, place)
        elif raw.id == "sequence":
            self.check_tag(raw, place, "seq")
            made = Sequence(tuple(self.node(item, flow) for item in raw.value), place)
        else:
            self.check_tag(raw, place, "map")
            made = self.mapping(raw, place, flow)
        self.open.discard(id(raw))
        self.seen[id(raw)] = made
        return made

    def check_tag(self, raw: Any, place: Place, core: str) -> None:
        if raw.tag and str(raw.tag) != f"tag:yaml.org,2002:{core}":
            self.problem(
                "tag",
                place,
                f"a tag, {_shown(_short_tag(raw.tag))}",
                "plain YAML without tags",
                "leave the tag out",
            )

    def scalar(self, raw: Any, place: Place) -> Scalar:
        text = raw.value
        tag = str(raw.tag or "")
        if self.text.startswith("!", raw.start_mark.index) or (
            tag and not tag.startswith("tag:yaml.org,2002:")
        ):
            self.problem(
                "tag",
                place,
                f"a tag, {_shown(_short_tag(tag))}",
                "plain YAML without tags",
                "leave the tag out",
            )
            return Scalar(text, place)
        if raw.style is not None:
            return Scalar(text, place, quoted=True)
        if text and _CUT.match(self.text, raw.end_mark.index):
            self.problem(
                "cut-at-hash",
                place,
                "a text that ends before a `#`, which YAML reads as a comment",
                "a text with `#` in quotes",
                "put the whole text in quotes, or a space after the `#` of a comment",
            )
        if text in ("", "~", "null", "Null", "NULL"):
            return Scalar(None, place)
        if text in ("true", "false"):
            return Scalar(text == "true", place)
        if text in _OTHER_BOOLEANS:
            self.problem(
                "boolean-word",
                place,
                f"the word {text}",
                "true or false in small letters",
                f'write {text.lower()}, or "{text}" in quotes where the word itself is meant',
            )
            return Scalar(text.lower() == "true", place)
        if text.lower() in _OLD_BOOLEANS:
            self.problem(
                "boolean-word",
                place,
                f"the bare word {text}, which many YAML tools read as true or false",
                "true, false or a quoted text",
                f'write true or false, or "{text}" in quotes',
            )
            return Scalar(text, place)
        if _MOMENT.fullmatch(text):
            self.problem(
                "bare-moment",
                place,
                "a moment without quotes, which YAML tools change on reading",
                "a moment in quotes",
                "put quotes around it",
            )
            return Scalar(text, place)
        if _SEXAGESIMAL.fullmatch(text):
            self.problem(
                "bare-clock",
                place,
                "a clock time without quotes, which many YAML tools read as a number in base 60",
                "a text in quotes",
                "put quotes around it",
            )
            return Scalar(text, place)
        if _INTEGER.fullmatch(text):
            digits = text.lstrip("+-")
            if len(digits) > 1 and digits[0] == "0":
                self.problem(
                    "leading-zero",
                    place,
                    "a number with a leading zero, which tools read differently",
                    "a number without it, or a text in quotes",
                )
            return Scalar(int(text) if len(digits) < 40 else float(text), place)
        if _FLOAT.fullmatch(text):
            return Scalar(float(text), place)
        return Scalar(text, place)

    def mapping(self, raw: Any, place: Place, flow: bool) -> Mapping:
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        for raw_key, raw_value in raw.value:
            key_place = self.place(raw_key.start_mark)
            if raw_key.id != "scalar":
                self.problem(
                    "key-not-a-word",
                    key_place,
                    "a list or mapping as a key",
                    "a word before the colon",
                    "quote the key if it starts with `?`, `[` or `{`",
                )
                continue
            key = raw_key.value
            if raw_key.style is None or "\n" in key:
                key = " ".join(key.split())
            if raw_key.style is None and key == "<<":
                if self.aliases:
                    self.merge(raw_value, entries, flow)
                else:
                    self.problem("merge-key", key_place, "`<<`", "no merging", "write the keys out")
                continue
            if raw_key.style is None and not key:
                self.problem(
                    "key-not-a-word",
                    key_place,
                    "an empty key (a lone `?` or `:`)",
                    "a word before the colon",
                    "put a text with `?` or `:` in quotes",
                )
                continue
            if raw_key.style is None and key.lower() in _OLD_BOOLEANS:
                self.problem(
                    "boolean-word",
                    key_place,
                    f"the key {key}, which many YAML tools read as true or false",
                    "another word, or the word in quotes",
                    f'write "{key}"',
                )
            if flow and _lacks_colon(raw_value, raw_key):
                self.problem(
                    "no-colon",
                    key_place,
                    f"{_shown_key(key)} without a value inside braces",
                    "`key: value`",
                    "put a colon after the key, or quote the text before it if it holds a comma",
                )
                continue
            if key in places:
                self.problem(
                    "duplicate-key",
                    key_place,
                    f"the key {_shown_key(key)} for the second time",
                    "each key once",
                    f"it stands on line {places[key].line} already",
                )
                continue
            value = self.node(raw_value, flow)
            if (
                isinstance(value, Scalar)
                and raw_value.start_mark.line > raw_key.end_mark.line
                and not raw_value.value
            ):
                value = Scalar(value.value, self.place(raw_key.end_mark), value.quoted)
            entries[key] = value
            places[key] = key_place
        return Mapping(tuple(entries.items()), place, tuple(places.get(key, place) for key in entries))

    def merge(self, raw: Any, entries: dict[str, Node], flow: bool) -> None:
        """Takes over the keys of an alias that the mapping does not have itself."""
        merged = self.node(raw, flow)
        for source in merged.items if isinstance(merged, Sequence) else (merged,):
            if isinstance(source, Mapping):
                for key, value in source.entries:
                    entries.setdefault(key, value)


def _lacks_colon(raw_value: Any, raw_key: Any) -> bool:
    return (
        raw_value.id == "scalar"
        and raw_value.style is None
        and raw_value.value == ""
        and raw_key.style is None
        and raw_value.start_mark.index <= raw_key.end_mark.index
    )


def _shown(text: str) -> str:
    return describe(text.replace("!", "")) if text else "without a name"


def _shown_key(key: str) -> str:
    shown = describe(key.replace(" ", "_"))
    return f"`{key}`" if shown.startswith("'") else f"a key of {len(key)} characters"


def _short_tag(tag: Any) -> str:
    return str(tag).replace("tag:yaml.org,2002:", "!!")[:30]


def _unreadable_character(error: Exception, text: str, file: str) -> Problem:
    before = text[: getattr(error, "position", 0)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Problem(
        "bad-yaml",
        f"{file}:{line}:{column}",
        "a character that does not print",
        "a text without it",
        "delete it and type the text again",
    )


_KEY_ONLY = re.compile(r"\s*(- +)*[^\s:#]+( [^\s:#]+)*")
_NO_SPACE = re.compile(r"\s*(- +)*[\w-]+:[^\s/]")


def _syntax_problem(error: Any, text: str, file: str) -> Problem:
    """What ruamel found, told as the trap that most likely led there."""
    mark = error.problem_mark or error.context_mark
    row, column = (mark.line, mark.column) if mark is not None else (0, 0)
    opened = error.context_mark.line if error.context_mark is not None else row
    lines = text.splitlines()
    here = lines[row] if row < len(lines) else ""
    said = f"{error.context or ''}; {error.problem or ''}"

    def told(code: str, found: str, expected: str, mend: str, line: int = row, at: int = column) -> Problem:
        return Problem(code, f"{file}:{line + 1}:{at + 1}", found, expected, mend)

    if "\\t" in said or "\t" in here[: column + 1]:
        return told("tab", "a tab", "spaces for indentation", "replace the tab by two spaces")
    if "\u00a0" in here or (row and "\u00a0" in lines[row - 1]):
        return told(
            "bad-yaml", "a no-break space", "plain spaces", "type the space here, or in the line above, again"
        )
    if "another document" in said or "single document" in said:
        return told(
            "two-documents",
            "a second document after `---` or `...`",
            "one document a file",
            "delete that line, or make it two files",
        )
    if "mapping values are not allowed" in said:
        return _stray_colon(told, lines, row, column)
    if "alias" in said:
        return told("alias", "an alias (`*`) or a text that starts with `*`", "no aliases", "quote the text")
    if "quoted scalar" in said or "escape" in said:
        return _broken_quotes(told, said, opened)
    if "could not find expected ':'" in said:
        return told(
            "bad-yaml",
            "a line without `: `",
            "`key: value`",
            "put a colon and a space after the key",
            opened,
            0,
        )
    if "flow" in said and "expected" in said:
        return _open_brackets(told, here[column : column + 1], row, opened, error.context_mark)
    if "expected <block end>" in said:
        return _unexpected(told, lines, row, column)
    if "expected the node content" in said or "cannot start any token" in said:
        character = here[column : column + 1]
        if character in ("]", "}"):
            return told(
                "bad-brackets", f"`{character}` that closes nothing", "brackets in pairs", "delete it"
            )
        return told(
            "bad-yaml",
            f"`{character}` where a value should start" if character else "no value",
            "a value",
            "put a text that starts with a special character in quotes",
        )
    return told("bad-yaml", "text that is no YAML", "YAML 1.2", "check the indentation and the quotes here")


_Told = Callable[..., Problem]


def _stray_colon(told: _Told, lines: list[str], row: int, column: int) -> Problem:
    """A colon too many in its line, unless that line only goes on with the text of the one before."""
    before = next((number for number in range(row - 1, -1, -1) if lines[number].strip()), row)
    if not _KEY_ONLY.fullmatch(lines[row][:column]):
        return told(
            "second-colon",
            "a second `: ` in one line",
            "one `key: value` a line",
            'put the text that holds a colon in quotes: key: "one: two"',
        )
    if _NO_SPACE.match(lines[before]):
        return told(
            "bad-yaml",
            "a colon without a space after it",
            "`key: value`",
            "put a space after the colon",
            before,
            lines[before].index(":"),
        )
    return _indentation(told)


def _indentation(told: _Told) -> Problem:
    return told(
        "bad-indentation",
        "a line that stands too far left or right",
        "a line in one column with those of its group",
        "count the spaces before it, and compare with the line above",
    )


def _broken_quotes(told: _Told, said: str, opened: int) -> Problem:
    if "escape" in said:
        return told(
            "bad-quotes",
            "a backslash inside double quotes",
            "a text without it",
            "use single quotes, or write two backslashes",
        )
    return told(
        "bad-quotes",
        "a quotation mark that does not close",
        "quotes in pairs",
        "close the quotes; inside single quotes write '' for an apostrophe",
        opened,
        0,
    )


def _open_brackets(told: _Told, character: str, row: int, opened: int, mark: Any) -> Problem:
    if character == ":" and row == opened:
        return told(
            "second-colon",
            "a second `: ` before the next comma",
            "one `key: value` between commas",
            'put the text that holds a colon in quotes: {key: "one: two"}',
        )
    if character in ("]", "}") or row == opened:
        return told(
            "bad-brackets",
            f"`{character}` where another bracket should close" if character else "an open bracket",
            "`[a, b]` or `{key: value}`",
            "close each bracket with its own kind, and put texts with brackets in quotes",
        )
    return told(
        "bad-brackets",
        "a bracket or brace that does not close",
        "`[a, b]` or `{key: value}`",
        "close it, and put texts with `, : # ? { } [ ]` in quotes",
        opened,
        mark.column,
    )


def _unexpected(told: _Told, lines: list[str], row: int, column: int) -> Problem:
    """Something in a place where the group that it stands in has ended."""
    here = lines[row] if row < len(lines) else ""
    if here[column : column + 1] in ("]", "}"):
        return told("bad-brackets", f"`{here[column]}` that closes nothing", "brackets in pairs", "delete it")
    if re.match(r"\s*-[^\s-]", here) and not here[:column].strip():
        return told(
            "bad-yaml",
            "a hyphen without a space after it",
            "`- ` before each part of a list",
            "put a space after the hyphen",
        )
    before = here[:column].rstrip()
    if before.endswith(('"', "'")):
        opened = next((number for number in range(row - 1, -1, -1) if lines[number].count('"') % 2), row)
        if opened < row and lines[row].count('"') % 2 == 0:
            return _broken_quotes(told, "", opened)
        return told(
            "bad-quotes",
            "words after a closing quotation mark",
            "the whole text in quotes",
            "put single quotes around a text that holds double ones",
        )
    return _indentation(told)
