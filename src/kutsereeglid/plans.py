"""What must be worked out for a decision: a qualification, and beside it the other readings of it.

A `Plan` is one graph. Its *cells* are leaves to be judged by a due day; its groups are made of parts. What
the readings share is in it once, whether it is a leaf, a group or a whole rule; what another reading does not
change costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from attrs import define, field, frozen

from kutsereeglid.applicant import ABSENT, About
from kutsereeglid.compiling import Compiled, Key, citation_of, compile_qualification
from kutsereeglid.conditions import Leaf
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Contested
from kutsereeglid.engine import Group, Program
from kutsereeglid.errors import ApplicantError, Problem, RulesetError
from kutsereeglid.facts import Facts, RecordType
from kutsereeglid.phrases import Phrase
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.status import BITS, Status
from kutsereeglid.units import Units
from kutsereeglid.yaml_tree import Place

_MOST_PLANS = 1_000
"""Qualifications kept as compiled, for each ruleset: what applicants' lists hold has no end."""

Values = tuple[tuple[str, tuple[str, ...] | None], ...]
"""What stands in the lists that a qualification is compiled for."""


@frozen(eq=False, repr=False)
class Cell:
    """A leaf that must hold by a due day, days counted in one way."""

    leaf: Leaf
    due: Phrase | None
    how: Calendar


@frozen(eq=False, repr=False)
class Other:
    """What another reading makes of a requirement."""

    requirement: int
    """Its place in the qualification."""
    node: int
    instead_of: int
    """The node of the requirement itself."""
    said: Mapping[int, Contested]
    """What is said where it gives another status, by that status as a bit."""


@define(eq=False, repr=False)
class Plan:
    """A qualification with the readings that may be contested; nodes are named by their places."""

    ruleset: Ruleset
    given: Mapping[str, str]
    """The readings that the caller chose."""
    base: Compiled
    nodes: tuple[Cell | Group, ...]
    """Parts stand before what is made of them."""
    of_base: tuple[int, ...]
    """The node of each proposition of the qualification."""
    others: tuple[Other, ...]
    teller: Any = field(default=None, init=False)
    """What tells its answers, once it is made."""
    judge: Any = field(default=None, init=False)
    """What was written out to judge applicants fast, once it is made."""
    uses: int = field(default=0, init=False)
    """How often it was used before that."""

    @cached_property
    def uncontested(self) -> Plan:
        """The same without the other readings, whose nodes stand last."""
        return attrs.evolve(self, nodes=self.nodes[: max(self.of_base, default=-1) + 1], others=())

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.base.calendar.zone)

    @cached_property
    def alone(self) -> tuple[int | None, ...]:
        """For each proposition, the leaf alone on which it rests and whose days it has, if it does: itself,
        for a leaf."""
        made: list[int | None] = []
        for number, one in enumerate(self.base.propositions):  # parts have lower numbers
            only = number if one.group is None else None
            if one.group is not None and len(one.group.parts) == one.group.needed == 1:
                plain = one.choice is None and one.exempt is None and one.due is not None
                leaf = made[one.group.parts[0]]
                cell = self.nodes[self.of_base[leaf]] if plain and leaf is not None else None
                if isinstance(cell, Cell) and structure(cell.due) == structure(one.due):
                    only = leaf if cell.how is self.base.calendar else None
            made.append(only)
        return tuple(made)

    @cached_property
    def program(self) -> Program:
        """What an engine chains over; a node has the same number there."""
        return Program([node if isinstance(node, Group) else None for node in self.nodes])


def plan_for(facts: Facts, plan: Plan) -> Plan:
    """The plan for one applicant, on whose lists it hangs.

    Raises `ApplicantError` for an item of a list with which the rules cannot be read.
    """
    lists = sorted(plan.base.lists)
    values = tuple((path, None if facts.value(path) is ABSENT else facts.value(path)) for path in lists)
    try:
        return plan_on(plan.ruleset, plan.base.qualification.name, plan.given, facts.as_of, values)
    except RulesetError as error:
        items = "an item with which the rules cannot be read"
        raise ApplicantError(
            Problem("unreadable-item", ", ".join(lists), items, "the name of a thing")
        ) from error


def plan_on(
    ruleset: Ruleset, name: str, given: Mapping[str, str], day: date, values: Values | None = None
) -> Plan:
    """The plan of a qualification as its rules are in force on a day."""
    out_of_force = ruleset.out_of_force(day)
    key = (name, tuple(sorted(given.items())) if given else (), out_of_force, values)
    made: Plan | None = ruleset.plans.get(key)
    if made is None:
        made = _Planner(ruleset, name, dict(given), out_of_force, values).plan()
        while len(ruleset.plans) >= _MOST_PLANS:
            ruleset.plans.pop(next(iter(list(ruleset.plans))), None)
        ruleset.plans[key] = made
    return made


@define(eq=False, repr=False)
class _Planner:
    """Puts a qualification under all its readings into one graph."""

    ruleset: Ruleset
    name: str
    given: dict[str, str]
    out_of_force: frozenset[str]
    values: Values | None
    nodes: list[Cell | Group] = attrs.Factory(list)
    places: dict[Any, int] = attrs.Factory(dict)

    def compiled(self, readings: Mapping[str, str], only: frozenset[Key] | None = None) -> Compiled:
        lists = None if self.values is None else dict(self.values)
        return compile_qualification(self.ruleset, self.name, readings, only, self.out_of_force, lists)

    def plan(self) -> Plan:
        base = self.compiled(self.given)
        of_base = self.added(base, range(len(base.propositions)))
        # Before an applicant is known, lists have no items, and nothing is decided.
        others = tuple(self.others(base, of_base)) if self.values is not None or not base.lists else ()
        places = tuple(of_base[number] for number in range(len(base.propositions)))
        return Plan(self.ruleset, self.given, base, tuple(self.nodes), places, others)

    def others(self, base: Compiled, of_base: Mapping[int, int]) -> Iterator[Other]:
        """The declared readings that alone could give another status."""
        for reading in self.ruleset.readings.values():
            taken = self.given.get(reading.name) or reading.taken
            affected = {
                one.key: place for place, one in enumerate(base.requirements) if reading.name in one.used
            }
            if taken is None or not affected:
                continue
            citation = citation_of(self.ruleset, reading.cites)
            for option in reading.options:
                if option == taken:
                    continue
                other = self.compiled({**self.given, reading.name: option}, frozenset(affected))
                theirs = self.added(other, [one.proposition for one in other.requirements])
                said = {
                    BITS[status]: Contested(reading.name, option, status, citation)
                    for status in Status
                    if status is not Status.UNKNOWN
                }
                for one in other.requirements:
                    place = affected.get(one.key)
                    if place is None:
                        continue
                    node = theirs[one.proposition]
                    instead_of = of_base[base.requirements[place].proposition]
                    if node != instead_of:
                        yield Other(place, node, instead_of, said)

    def added(self, compiled: Compiled, wanted: Iterable[int]) -> Mapping[int, int]:
        """The nodes of the propositions that are wanted, and of those below them."""
        needed: set[int] = set()
        ahead = list(wanted)
        while ahead:
            number = ahead.pop()
            if number not in needed:
                needed.add(number)
                group = compiled.propositions[number].group
                ahead += group.parts if group is not None else ()
        made: dict[int, int] = {}
        for number in sorted(needed):  # parts have lower numbers than what is made of them
            one = compiled.propositions[number]
            if one.leaf is not None:
                assert one.how is not None
                key = structure(one.leaf), structure(one.due), structure(one.how)
                made[number] = self.place(key, Cell(one.leaf, one.due, one.how))
                continue
            assert one.group is not None
            group = Group(tuple(made[part] for part in one.group.parts), one.group.needed, one.group.agree)
            made[number] = self.place((group.parts, group.needed, group.agree), group)
        return made

    def place(self, key: Any, node: Cell | Group) -> int:
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = len(self.nodes)
            self.nodes.append(node)
        return place


def structure(value: Any) -> Any:
    """What a value is made of, as something that can be compared: two conditions with the same structure
    ask for the same, wherever they stand in the ruleset."""
    kind = type(value)
    if kind in _AS_THEY_ARE or isinstance(value, Enum):
        return value
    if kind in (bool, int, float):
        return kind, value
    if isinstance(value, (tuple, list)):
        return tuple(map(structure, value))
    if isinstance(value, Mapping):
        return frozenset((key, structure(item)) for key, item in value.items())
    if attrs.has(kind):
        return (
            kind,
            *(structure(getattr(value, one.name)) for one in attrs.fields(kind) if one.name != "place"),
        )
    return value


_AS_THEY_ARE = (str, date, type(None), About, RecordType, Units, Place)
