"""What an author may write, as frozen classes.

Conditions, days and values stay trees here: they are read by `conditions` and `compiling` once a
qualification has filled the blanks and the readings are chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import field, frozen

from kutsereeglid.facts import Vocabulary
from kutsereeglid.units import Units
from kutsereeglid.yaml_tree import Node, Place, Scalar, Sequence

BLANK = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)>")
"""A place in a rule that a qualification fills."""


@frozen(eq=False, repr=False)
class Source:
    """A text that rules cite."""

    name: str
    title: str
    address: str | None
    read: date | None
    stored: str | None = field(repr=False)
    """The words of the source, as they were on the day it was read; ``None`` when not kept."""
    place: Place = field(eq=False)
    file: str | None = None
    """Where the stored words are."""


@frozen
class Cite:
    """Where a rule stands: a source, and words of it or a place in it."""

    source: str
    quote: str | None
    at: str | None
    place: Place = field(eq=False)


@frozen(eq=False, repr=False)
class Reading:
    """A point that can be read in several ways, and the one taken."""

    name: str
    about: str
    taken: str | None
    """``None``: the body has not chosen."""
    options: Mapping[str, str]
    cites: tuple[Cite, ...]
    place: Place = field(eq=False)


@frozen(eq=False, repr=False)
class Rule:
    """Concludes a proposition that requirements and other rules build on."""

    name: str
    concludes: str
    title: str
    kind: str
    says: Node | None
    due: Node | None
    curable: bool
    discretion: str | None
    applies_when: Node | None
    when: Node
    unless: Node | None
    place: Place = field(eq=False)
    title_place: Place = field(eq=False)
    in_force_from: date | None = None
    in_force_to: date | None = None
    blanks: Mapping[str, Scalar] = field(factory=dict)
    """The types of blanks whose values are checked."""
    within: Node | None = None
    """The window of every measure in the rule that names none."""
    waived_when: Node | None = None
    """What lets somebody off the rule, with its exceptions."""

    def in_force_on(self, day: date) -> bool:
        return (self.in_force_from or day) <= day <= (self.in_force_to or day)


@frozen(eq=False, repr=False)
class Path:
    """One of the ways to a qualification: any of them is enough, with what is asked of everybody."""

    name: str
    title: str
    text: str
    """The key of its title among the ruleset's texts."""
    applies_when: Node | None
    fills: Mapping[str, Node]
    requires: Mapping[str, Node]
    advises: Mapping[str, Node]
    place: Place = field(eq=False)


@frozen(eq=False, repr=False)
class Each:
    """One application that asks for several things: the list of them, and the blank that each fills."""

    blank: str
    of: Node
    """The list's path."""
    place: Place = field(eq=False)


@frozen(eq=False, repr=False)
class Qualification:
    name: str
    title: str
    fills: Mapping[str, Node]
    requires: Mapping[str, Node]
    """Stage to list of rules; trees, for a list may hang on a reading."""
    advises: Mapping[str, Node]
    instead: Mapping[str, str]
    says: tuple[Cite, ...]
    place: Place = field(eq=False)
    paths: Mapping[str, Path] = field(factory=dict)
    each: Each | None = None

    @property
    def parts(self) -> tuple[Qualification | Path, ...]:
        """Itself, for what is asked of everybody, and its paths."""
        return self, *self.paths.values()


@frozen(eq=False, repr=False)
class NotEncoded:
    """Words of a source that no rule encodes, and why."""

    name: str
    cite: Cite
    why: str


@frozen(eq=False, repr=False)
class Ruleset:
    """One version of one body's rules."""

    id: str
    version: str
    """Its first day in force, as the file is named."""
    title: str
    in_force_from: date
    in_force_to: date | None
    languages: tuple[str, ...]
    sources: Mapping[str, Source]
    calendar: Mapping[str, Node]
    counting_time: Mapping[str, Node]
    stages: Mapping[str, str]
    decided_at: str
    late: str | None
    """What is said of something that came late: that restoring the term may be asked for."""
    words: Mapping[str, str]
    define: Mapping[str, Node]
    """Days, tables, selections and records by name."""
    rounds: Mapping[str, Mapping[str, date]]
    """The announced rounds: each round's days, its exam's among them."""
    readings: Mapping[str, Reading]
    rules: Mapping[str, Rule]
    qualifications: Mapping[str, Qualification]
    not_encoded: tuple[NotEncoded, ...]
    digest: str
    file: str
    units: Units
    scales: Mapping[str, tuple[str, ...]]
    """Words in order, from the lowest to the highest."""
    vocabulary: Vocabulary
    """The facts that its rules may speak of."""
    fact_texts: Mapping[str, str]
    """What the facts that it declares are called, by the keys of the texts."""
    translate: Callable[[str], Mapping[str, str]] = field(eq=False, repr=False)
    """Language to its texts by key (``rules.work-experience``); empty for the first language."""

    plans: dict[Any, Any] = field(factory=dict, eq=False, repr=False, init=False)
    """Qualifications compiled so far, by their name and readings."""

    @cached_property
    def propositions(self) -> Mapping[str, tuple[Rule, ...]]:
        """What the rules conclude; several rules may conclude one proposition."""
        made: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules.values():
            made[rule.concludes] = (*made.get(rule.concludes, ()), rule)
        return made

    @cached_property
    def _for_a_time(self) -> tuple[Rule, ...]:
        return tuple(one for one in self.rules.values() if one.in_force_from or one.in_force_to)

    def out_of_force(self, day: date) -> frozenset[str]:
        """The names of the rules that are not in force on a day."""
        if not self._for_a_time:
            return _NONE
        return frozenset(rule.name for rule in self._for_a_time if not rule.in_force_on(day))

    @cached_property
    def blanks(self) -> frozenset[str]:
        """The names of all blanks in the rules, the definitions, and what the qualifications ask for."""
        trees = [*self.define.values()]
        trees += [
            node
            for rule in self.rules.values()
            for node in (
                rule.says,
                rule.due,
                rule.applies_when,
                rule.waived_when,
                rule.within,
                rule.when,
                rule.unless,
            )
            if node is not None
        ]
        for part in (part for one in self.qualifications.values() for part in one.parts):
            trees += [*part.fills.values(), *part.requires.values(), *part.advises.values()]
            if isinstance(part, Path) and part.applies_when is not None:
                trees.append(part.applies_when)
        titles = [name for rule in self.rules.values() for name in BLANK.findall(rule.title)]
        return frozenset([*titles, *(name for node in trees for name in blanks_in(node))])

    def in_force_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


_NONE: frozenset[str] = frozenset()


def blanks_in(node: Node) -> Iterator[str]:
    """The names of the blanks in a tree, as often as they stand there."""
    if isinstance(node, Scalar):
        yield from BLANK.findall(node.value) if isinstance(node.value, str) else ()
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from blanks_in(item)
    else:
        for _, value in node.entries:
            yield from blanks_in(value)
