"""What is declared, and never used by any ruleset that could."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

import attrs
from attrs import frozen

from kutsereeglid.applicant import About
from kutsereeglid.authoring.checks.variants import Variant
from kutsereeglid.conditions.picks import Pick
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.errors import Problem
from kutsereeglid.facts import DECLARED, RecordType
from kutsereeglid.phrases import RoundDay
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.units import Units
from kutsereeglid.yaml_tree import Mapping as Tree
from kutsereeglid.yaml_tree import Node, Place, Scalar, Sequence

_TOKEN = re.compile(r"[^\W\d][\w-]*")
_TEXTS = ("title", "quote", "why", "about", "at")


@frozen
class Declared:
    """Something that a file declares, and whether the ruleset that was read uses it."""

    code: str
    what: str
    place: Place
    used: bool


_EXPECTED = {
    "unused-rule": "rules that a qualification lists, or that such a rule names",
    "unused-fact": "facts that a rule looks at",
    "unused-definition": "definitions that a rule names",
    "unused-reading": "readings on which something hangs",
    "unused-scale": "scales that a fact is on",
    "unused-unit": "units that an amount or a fact is in",
    "unused-source": "sources that somebody cites",
}


def unused(declared: Iterable[Declared]) -> Iterator[Problem]:
    """What none of the rulesets uses that share a file."""
    every = list(declared)
    used = {(one.code, str(one.place)) for one in every if one.used}
    for one in dict.fromkeys(every):
        if (one.code, str(one.place)) not in used:
            yield Problem(
                one.code, str(one.place), f"{one.what}, which is never used", _EXPECTED[one.code],
                "use it, or take it out",
            )  # fmt: skip


def declared(
    ruleset: Ruleset,
    sections: Mapping[str, Mapping[str, tuple[Node, Place]]],
    variants: Iterable[Variant],
    *,
    whole: bool,
) -> Iterator[Declared]:
    """What one ruleset declares; ``sections`` are those of its files as they were read. Where it could not be
    read as a ``whole``, whatever is named anywhere counts as used."""
    found = list(variants)
    reached = {name for one in found for name in one.reached} if whole else _named_anywhere(ruleset)
    for rule in ruleset.rules.values():
        yield Declared("unused-rule", f"the rule {rule.name}", rule.place, rule.concludes in reached)
    trees = [*_trees(ruleset, reached)]
    looked_at = _Looked()
    for one in found:
        looked_at.at(one.leaves)
        looked_at.paths |= one.lists
    spare = {
        word
        for rule in ruleset.rules.values()
        if not whole or rule.concludes not in reached
        for tree in _of_rule(rule)
        for word in _words(tree)
    }
    for name, (node, place) in sections["facts"].items():
        yield from _facts(ruleset, name, node, place, looked_at.paths, spare)
    definitions = _definitions(ruleset, trees)
    for name, (_, place) in sections["define"].items():
        yield Declared(
            "unused-definition", f"the definition {name}", place, name in definitions or name in spare
        )
    readings = {name for one in found for name in one.readings}
    settings = (*ruleset.calendar.values(), *ruleset.counting_time.values())
    readings |= {name for node in (*settings, *trees) for name in _switches(node)}
    for reading in ruleset.readings.values():
        yield Declared(
            "unused-reading",
            f"the reading {reading.name}",
            reading.place,
            reading.name in readings or reading.name in spare,
        )
    types = {word for node, _ in sections["facts"].values() for word in _words(node)}
    for name, (_, place) in sections["scales"].items():
        yield Declared("unused-scale", f"the scale {name}", place, name in types)
    texts = " | ".join(
        text
        for tree in (
            *trees,
            *(
                node
                for node, _ in (
                    *sections["facts"].values(),
                    *sections["units"].values(),
                    *sections["define"].values(),
                )
            ),
        )
        for text in _scalars(tree)
    )
    for name, (node, place) in sections["units"].items():
        made_of = isinstance(node, Tree) and node.get("of") is not None
        yield Declared("unused-unit", f"the unit {name}", place, made_of or _named(name, texts))
    cited = {cite.source for one in found for cite in one.cites}
    cited |= {one.cite.source for one in ruleset.not_encoded}
    cited |= {cite.source for one in ruleset.qualifications.values() for cite in one.says}
    cited |= {cite.source for one in ruleset.readings.values() for cite in one.cites}
    for source in ruleset.sources.values():
        yield Declared(
            "unused-source",
            f"the source {source.name}",
            source.place,
            source.name in cited or source.name in spare,
        )


def _named_anywhere(ruleset: Ruleset) -> set[str]:
    """The rules that qualifications, or other rules, name."""
    named = {word for tree in _trees(ruleset, set()) for word in _words(tree)}
    named |= {word for one in ruleset.qualifications.values() for word in one.instead.values()}
    for rule in ruleset.rules.values():
        named |= {word for tree in _of_rule(rule) for word in _words(tree)} - {rule.name}
    return named


def _named(name: str, texts: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", texts) is not None


def _facts(
    ruleset: Ruleset, name: str, node: Node, place: Place, paths: set[str], spare: set[str]
) -> Iterator[Declared]:
    if not name.endswith("[]"):
        path = name if "." in name else f"{DECLARED}.{name}"
        last = name.rpartition(".")[2]
        yield Declared("unused-fact", f"the fact {name}", place, path in paths or last in spare)
        return
    name = name.removesuffix("[]")
    kind = ruleset.vocabulary.records.get(name) or ruleset.vocabulary.records.get(f"{DECLARED}.{name}")
    if kind is None or not isinstance(node, Tree):
        return
    own = kind.path.startswith(f"{DECLARED}.")
    if own:
        yield Declared("unused-fact", f"the records {name}", place, kind.path in paths or name in spare)
        if kind.path not in paths:
            return
    dated = {kind.dated_by, *(kind.spans or ()), *(about.unit_in for about in kind.fields.values())}
    for field, value in node.entries:
        if field in ("dated_by", "spans") or field in dated:
            continue
        narrowed = not own and any(word in ("one_of", "list_of") for word in _keys(value))
        used = f"{kind.path}.{field}" in paths or field in spare or narrowed
        yield Declared("unused-fact", f"the field {name}.{field}", node.place_of(field), used)


def _definitions(ruleset: Ruleset, trees: Iterable[Node]) -> set[str]:
    """The definitions that the trees name, and those that these name."""
    used: set[str] = set()
    ahead = {word for tree in trees for word in _words(tree)}
    while ahead:
        used |= ahead
        more = {word for name in ahead if name in ruleset.define for word in _words(ruleset.define[name])}
        ahead = more - used
    return used


def _trees(ruleset: Ruleset, reached: set[str]) -> Iterator[Node]:
    """What the rules that are reached say, and the qualifications."""
    for rule in ruleset.rules.values():
        if rule.concludes in reached:
            yield from _of_rule(rule)
    for part in (part for one in ruleset.qualifications.values() for part in one.parts):
        yield from (*part.fills.values(), *part.requires.values(), *part.advises.values())
        if (applies := getattr(part, "applies_when", None)) is not None:
            yield applies


def _of_rule(rule: Any) -> Iterator[Node]:
    trees = (rule.says, rule.due, rule.applies_when, rule.waived_when, rule.within, rule.when, rule.unless)
    return (tree for tree in trees if tree is not None)


def _scalars(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield str(node.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for key, value in node.entries:
            if key not in _TEXTS:
                yield key
                yield from _scalars(value)


def _keys(node: Node) -> Iterator[str]:
    if isinstance(node, Tree):
        for key, value in node.entries:
            yield key
            yield from _keys(value)


def _switches(node: Node) -> Iterator[str]:
    """The readings on which a tree has switches."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _switches(item)
    elif isinstance(node, Tree):
        name = node.get("reading")
        if isinstance(name, Scalar):
            yield str(name.value)
        for _, value in node.entries:
            yield from _switches(value)


def _words(node: Node) -> Iterator[str]:
    for text in _scalars(node):
        yield text
        yield from _TOKEN.findall(text)


class _Looked:
    """Gathers the paths of the facts that conditions look at."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self._seen: set[int] = set()
        self._kept: list[Any] = []

    def at(self, value: Any) -> None:
        if (
            isinstance(value, (About, RecordType, Units, Enum, Place, str, bytes, int, float))
            or value is None
        ):
            return
        if id(value) in self._seen:
            return
        self._seen.add(id(value))
        self._kept.append(value)
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, (list, tuple, set, frozenset)):
            for item in value:
                self.at(item)
            return
        if not attrs.has(type(value)):
            return
        self._own(value)
        for one in attrs.fields(type(value)):
            self.at(getattr(value, one.name))

    def _own(self, value: Any) -> None:
        path = getattr(value, "path", None)
        if isinstance(path, str):
            self.paths.add(path)
        about = getattr(value, "about", None)
        if isinstance(about, About) and about.in_the_making_until:
            self.paths.add(about.in_the_making_until)
        if isinstance(value, RoundDay):
            self.paths |= {"application.round", "exam.date"}
        selection = value if isinstance(value, Selection) else getattr(value, "selection", None)
        if isinstance(selection, Selection):
            self.paths.add(selection.kind.path)
            tested = [test.name for test in selection.tests]
            named = ("summed", "distinct", "in_one", "each_until")
            self._fields(selection, [*tested, *(getattr(value, name, None) for name in named)])
        pick = value if isinstance(value, Pick) else getattr(value, "pick", None)
        if isinstance(pick, Pick):
            self._fields(
                pick.selection, [pick.by, *(getattr(value, name, None) for name in ("field", "name"))]
            )

    def _fields(self, selection: Selection, names: Iterable[object]) -> None:
        self.paths |= {f"{selection.kind.path}.{name}" for name in names if isinstance(name, str)}
