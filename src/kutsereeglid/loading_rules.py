"""From YAML to rules and qualifications: the part of `loading` that reads what is asked of an applicant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import attrs

from kutsereeglid.conditions.parsing import HEADS, JUDGES
from kutsereeglid.conditions.scope import BLANK_TYPES
from kutsereeglid.errors import closest, listed
from kutsereeglid.ruleset import Each, Path, Qualification, Rule, blanks_in
from kutsereeglid.tree_reader import Unreadable
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence

if TYPE_CHECKING:
    from kutsereeglid.loading import RulesetReader

RESERVED = (*HEADS, "always", "never", "reading", "when", "unless")
KINDS = ("prerequisite", "document", "due date", "exam project", "exam")
RULE = (
    "title",
    "kind",
    "says",
    "due",
    "curable",
    "discretion",
    "applies_when",
    "waived_when",
    "within",
    "when",
    "unless",
    "concludes",
    "in_force",
    "blanks",
)
QUALIFICATION = ("title", "says", "with", "requires", "advises", "like", "instead", "paths", "each")
PATH = ("title", "applies_when", "with", "requires", "advises")


class RulesReader:
    """Reads the rules and the qualifications of one ruleset; problems are noted by its reader."""

    def __init__(
        self, reader: RulesetReader, stages: MappingOf[str, str], span: tuple[date, date | None]
    ) -> None:
        self.reader, self.stages, self.span = reader, stages, span
        sections = (reader.sections[name] for name in ("define", "rules", "qualifications"))
        trees = [node for section in sections for node, _ in section.values()]
        self.blanks = {blank for node in trees for blank in blanks_in(node)}
        self.propositions: set[str] = set()
        """What the rules conclude, once they are read."""

    def rule(self, name: str, node: Node, place: Place) -> Rule:
        mapping = self.reader.attempt(
            lambda: self.reader.mapping(node, f"the rule {name}"), Mapping((), place)
        )
        if isinstance(node, Mapping):
            self.reader.keys(mapping, RULE, "a rule", ("title", "kind", "when"))
        concludes, discretion = mapping.get("concludes"), mapping.get("discretion")
        if isinstance(concludes, Scalar) and isinstance(concludes.value, str):
            self.reader.named(concludes.value, concludes.place, "a name for what a rule concludes", RESERVED)
        unlimited: tuple[date | None, date | None] = (None, None)
        span = self.reader.attempt(lambda: self._in_force(mapping.get("in_force")), unlimited)
        return Rule(
            name=name,
            concludes=self.reader.attempt(lambda: self.reader.text(concludes, "`concludes`"), name),
            title=self.reader.attempt(lambda: self.reader.text(mapping.get("title"), "`title`"), ""),
            kind=self.reader.attempt(
                lambda: self.reader.word(mapping.get("kind"), "the kinds of rules", KINDS), KINDS[0]
            ),
            says=mapping.get("says"),
            due=mapping.get("due"),
            curable=self.reader.attempt(lambda: self.reader.yes(mapping.get("curable"), "`curable`"), False),
            discretion=self.reader.attempt(
                lambda: self.reader.word(discretion, "those who may decide", JUDGES), None
            ),
            applies_when=mapping.get("applies_when"),
            when=mapping.get("when") or Scalar("always", place),
            unless=mapping.get("unless"),
            place=place,
            title_place=(mapping.get("title") or mapping).place,
            in_force_from=span[0],
            in_force_to=span[1],
            within=mapping.get("within"),
            waived_when=mapping.get("waived_when"),
            blanks=self.reader.attempt(lambda: self._blank_types(mapping), dict[str, Scalar]()),
        )

    def _blank_types(self, rule: Mapping) -> dict[str, Scalar]:
        """``blanks: {length: duration}``: what may fill a blank of the rule."""
        node = rule.get("blanks")
        if node is None:
            return {}
        mapping = self.reader.mapping(node, "`blanks`")
        known = {blank for key, value in rule.entries if key != "blanks" for blank in blanks_in(value)}
        made: dict[str, Scalar] = {}
        for blank, value in mapping.entries:
            if blank not in known:
                self.reader.problem(
                    "unknown-blank",
                    mapping.place_of(blank),
                    f"`{blank[:40]}`, a blank that the rule does not have",
                    f"one of {listed(known, 20)}" if known else "no blanks",
                    closest(blank, known),
                )
            kind = self.reader.attempt(
                partial(self.reader.word, value, "the types of blanks", BLANK_TYPES), None
            )
            if kind is not None and blank in known:
                made[blank] = Scalar(kind, value.place)
        return made

    def _in_force(self, node: Node | None) -> tuple[date | None, date | None]:
        """The days on which a rule is in force, which must touch those of the ruleset."""
        if node is None:
            return None, None
        mapping = self.reader.mapping(node, "`in_force`")
        self.reader.keys(mapping, ("from", "to"), "`in_force`")
        first, last = (
            self.reader.attempt(partial(self.reader.day, mapping.get(side), f"`{side}`"), None)
            for side in ("from", "to")
        )
        if not mapping.entries:
            self.reader.problem(
                "key-lacking", node.place, "`in_force` without a day", "`from`, `to`, or both"
            )
        if first is not None and last is not None and last < first:
            self.reader.problem(
                "end-before-start",
                mapping.place_of("to"),
                f"{last}, before {first}",
                "a day on or after `from`",
            )
        elif node.place.file == self.reader.shown(self.reader.path):
            self._some_day_in_force(mapping, first, last)
        return first, last

    def _some_day_in_force(self, mapping: Mapping, first: date | None, last: date | None) -> None:
        start, end = self.span
        too_late = first is not None and end is not None and first > end
        if too_late or (last is not None and last < start):
            self.reader.problem(
                "never-in-force",
                mapping.place_of("from" if too_late else "to"),
                f"a rule that is in force only {'from' if too_late else 'to'} {first if too_late else last}",
                f"a day within the ruleset's own time, {start} to {end or 'further notice'}",
                "mend the day, or leave the rule out of this version",
            )

    def qualification(self, name: str, node: Node, place: Place) -> Qualification:
        mapping = self.reader.mapping(node, f"the qualification {name}")
        self.reader.keys(mapping, QUALIFICATION, "a qualification", ("title",))
        like = mapping.get("like")
        base = self.reader.attempt(lambda: self._like(like), None) if like is not None else None
        fills = dict(base.fills) if base is not None else {}
        own: dict[str, Node] = self.reader.attempt(lambda: self._fills(mapping.get("with")), {})
        fills.update(own)
        requires = self._lists(mapping, "requires", base)
        advises = self._lists(mapping, "advises", base)
        taken_over = base.paths if base is not None else {}
        paths = self.reader.attempt(
            lambda: self._paths(name, mapping.get("paths"), taken_over), dict(taken_over)
        )
        title = self.reader.attempt(lambda: self.reader.text(mapping.get("title"), "`title`"), "")
        if like is not None and base is None:
            raise Unreadable
        lists = [
            requires,
            advises,
            *(one for path in paths.values() for one in (path.requires, path.advises)),
        ]
        instead: dict[str, str] = self.reader.attempt(
            lambda: self._instead(mapping.get("instead"), like, lists), {}
        )
        says = self.reader.cites(mapping.get("says"))
        each = self.reader.attempt(lambda: self._each(mapping.get("each"), base), None)
        for fill in (fills, *(path.fills for path in paths.values())):
            if each is not None and each.blank in fill:
                self.reader.problem(
                    "filled-twice",
                    fill[each.blank].place,
                    f"a value for <{each.blank}>, which `each` fills",
                    "one or the other",
                    "leave it out under `with`",
                )
        return Qualification(name, title, fills, requires, advises, instead, says, place, paths, each)

    def _each(self, node: Node | None, base: Qualification | None) -> Each | None:
        """``each: {blank: list}``."""
        taken_over = base.each if base is not None else None
        if node is None:
            return taken_over
        mapping = self.reader.mapping(node, "`each`")
        if taken_over is not None:
            raise self.reader.refuse(
                "defined-twice",
                node.place,
                "`each` for the second time",
                "one definition",
                f"it is taken over from {taken_over.place}; leave it out",
            )
        if len(mapping.entries) != 1:
            found = f"`each` with {len(mapping.entries)} blanks"
            raise self.reader.refuse(
                "wrong-type", node.place, found, "`{blank: application.asks}`, one blank"
            )
        [(blank, of)] = self._fills(mapping).items()
        return Each(blank, of, mapping.place_of(blank))

    def _paths(self, owner: str, node: Node | None, base: MappingOf[str, Path]) -> dict[str, Path]:
        """The paths of a qualification: those taken over, each with what is added to it, and new ones."""
        if node is None:
            return dict(base)
        mapping = self.reader.mapping(node, "`paths`")
        made: dict[str, Path | None] = dict(base)
        for name, value, place in self.reader.names(mapping, "a path"):
            made[name] = self.reader.attempt(partial(self._path, owner, name, value, place, base), None)
        if len(made) < 2:
            self.reader.problem(
                "too-few-paths",
                node.place,
                f"{len(made)} path",
                "two paths or more",
                "put what everybody needs under `requires`",
            )
        return {name: path for name, path in made.items() if path is not None}

    def _path(
        self, owner: str, name: str, node: Node, place: Place, taken_over: MappingOf[str, Path]
    ) -> Path:
        mapping = self.reader.mapping(node, f"the path {name}")
        base = taken_over.get(name)
        self.reader.keys(mapping, PATH, "a path", () if base else ("title",))
        for key in ("title", "applies_when") if base is not None else ():
            if base is not None and mapping.get(key) is not None:
                self.reader.problem(
                    "defined-twice",
                    mapping.place_of(key),
                    f"`{key}` of the path {name} for the second time",
                    "one definition",
                    f"the path is taken over from {base.place}; leave `{key}` out, or take another name",
                )
        own: dict[str, Node] = self.reader.attempt(lambda: self._fills(mapping.get("with")), {})
        requires, advises = (self._lists(mapping, what, base) for what in ("requires", "advises"))
        if base is not None:
            return attrs.evolve(base, fills={**base.fills, **own}, requires=requires, advises=advises)
        title = self.reader.attempt(lambda: self.reader.text(mapping.get("title"), "`title`"), "")
        return Path(
            name,
            title,
            f"paths.{owner}.{name}",
            mapping.get("applies_when"),
            own,
            requires,
            advises,
            place,
        )

    def _fills(self, node: Node | None) -> dict[str, Node]:
        mapping = self.reader.mapping(node, "`with`")
        for blank in mapping.keys():
            if blank not in self.blanks and not self.reader.partial:
                self.reader.problem(
                    "unknown-blank",
                    mapping.place_of(blank),
                    f"`{blank[:40]}`, a blank that no rule has",
                    f"one of {listed(self.blanks, 20)}" if self.blanks else "no blanks",
                    closest(blank, self.blanks),
                )
        return dict(mapping.entries)

    def _like(self, like: Node) -> Qualification:
        other = self.reader.text(like, "`like`")
        known = self.reader.sections["qualifications"]
        if other not in known and self.reader.partial:
            raise Unreadable
        if other not in known:
            raise self.reader.refuse(
                "unknown-qualification",
                like.place,
                f"`{other[:40]}`",
                f"one of {listed(known)}",
                closest(other, known),
            )
        node, place = known[other]
        if isinstance(node, Mapping) and node.get("like") is not None:
            raise self.reader.refuse(
                "like-of-like",
                like.place,
                f"`{other}`, which is itself like another",
                "one step only",
                "name the qualification that it is like",
            )
        quiet = len(self.reader.problems)
        try:
            return self.qualification(other, node, place)
        finally:
            del self.reader.problems[quiet:]  # told where the other one is read

    def _lists(self, above: Mapping, what: str, base: Qualification | Path | None) -> dict[str, Node]:
        """The lists under ``requires`` or ``advises``, added to those taken over."""
        made: dict[str, Node] = dict(getattr(base, what)) if base is not None else {}
        node = above.get(what)
        if node is None:
            return made
        mapping = self.reader.attempt(lambda: self.reader.mapping(node, f"`{what}`"), Mapping((), node.place))
        for stage, value in mapping.entries:
            if not self.stages:
                break
            if stage not in self.stages:
                self.reader.problem(
                    "unknown-stage",
                    mapping.place_of(stage),
                    f"`{stage[:40]}`",
                    f"one of the stages: {listed(self.stages)}",
                    closest(stage, self.stages),
                )
                continue
            before = made.get(stage)
            if isinstance(before, Sequence) and isinstance(value, Sequence):
                value = Sequence((*before.items, *value.items), value.place)
            made[stage] = value
        return made

    def _instead(
        self, node: Node | None, like: Node | None, lists: Iterable[MappingOf[str, Node]]
    ) -> dict[str, str]:
        if node is None:
            return {}
        if like is None:
            self.reader.problem(
                "instead-of-nothing", node.place, "`instead` without `like`", "`like: other`", "add `like`"
            )
        mapping = self.reader.mapping(node, "`instead`")
        here = {text for one in lists for tree in one.values() for text in texts_in(tree)}
        made: dict[str, str] = {}
        for old, value in mapping.entries:
            new = self.reader.attempt(partial(self.reader.text, value, "a rule's name"), None)
            fitting = self._known_rule(old, mapping.place_of(old))
            if new is not None and self._known_rule(new, value.place) and fitting:
                made[old] = new
            if fitting and here and old not in here and not self.reader.partial:
                self.reader.problem(
                    "not-listed",
                    mapping.place_of(old),
                    f"`{old}`, which the list does not have",
                    "a rule of the qualification that this one is like",
                )
        return made

    def _known_rule(self, name: str, place: Place) -> bool:
        if name not in self.propositions and not self.reader.partial:
            self.reader.problem(
                "unknown-rule",
                place,
                f"`{name[:60]}`",
                "the name of a rule",
                closest(name, self.propositions),
            )
        return name in self.propositions


def texts_in(node: Node) -> Iterator[str]:
    """Every text in a tree, keys included."""
    if isinstance(node, Scalar):
        yield from (node.value,) if isinstance(node.value, str) else ()
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from texts_in(item)
    else:
        for key, value in node.entries:
            yield key
            yield from texts_in(value)
