"""What a plan says of one applicant: a status for each node, and on demand everything else.

Statuses are needed by everybody, and are bits here (`kutsereeglid.status.BITS`). The rest is worked out when
it is asked for: first days, what came late, and what the engine concluded with its proof.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from kutsereeglid.compiling import Case
from kutsereeglid.conditions import Settled, settle, settled_as
from kutsereeglid.dates import AHEAD, NoCorrespondingDay, plain_day
from kutsereeglid.decision import Contested, Part
from kutsereeglid.engine import Engine, Group, Model
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase, UnknownDay
from kutsereeglid.plans import Cell, Plan
from kutsereeglid.status import (
    AGREED,
    ALL_OF,
    ANY_OF,
    BITS,
    STATUS_OF,
    Status,
    at_least,
    nth_earliest,
    nth_latest,
)

NOTHING: Mapping[Any, Any] = {}


class Detail(NamedTuple):
    """What is said of one proposition besides its status."""

    due: date | None
    earliest: date | None
    missing: tuple[str, ...]
    late: bool
    found: Part | None = None
    """What was found for a leaf, when that is known at once."""


Said = tuple[date | None, bool, Part | None]
"""The first day, whether it came late, and what was found."""


class Told(Protocol):
    """Tells of one condition, of which nothing is missing: from its status, what was gathered for it, and the
    day it is due."""

    def said(self, bit: int, kept: Any, facts: Facts, due: date | None) -> Said: ...


class ToldCell(NamedTuple):
    """What tells of a leaf, the place of what was gathered, and the day it is due or where that is shown."""

    told: Told
    place: int
    due: date | None
    event: int
    row: int


class Answer:
    """Everything that a plan says of one applicant; propositions are those of the qualification."""

    __slots__ = (
        *("_details", "_settled", "bits", "facts", "gaps", "plan", "written"),
        *("kept", "reached", "reasons", "shown", "told"),
    )

    def __init__(
        self, plan: Plan, facts: Facts, settled: dict[int, Settled], bits: Sequence[int] = ()
    ) -> None:
        self.plan = plan
        self.facts = facts
        self.bits = bits
        """The status of each node; those of other readings may be left out at the end."""
        self.reached: tuple[int, ...] | None = None
        """The statuses of the stages, where they are put together already."""
        self.gaps: Mapping[int, tuple[str, ...]] = NOTHING
        """What is missing, by node, where that is known beforehand; also where something is not known that
        does not matter."""
        self.written: Mapping[int, bool] = NOTHING
        """The leaves whose gaps are all among these, and whether what is open there can hold at once."""
        self.told: Mapping[int, ToldCell] = NOTHING
        """What tells the rest of leaves that lack nothing, from what is ``kept`` of them and the days ``shown``."""
        self.reasons: Callable[[int, Answer], dict[str, Any] | None] | None = None
        """Gives the reasons of a requirement at once, where functions for that are written."""
        self.kept: Sequence[Any] = ()
        self.shown: Sequence[Any] = ()
        self._settled = settled
        self._details: dict[int, Detail] = {}

    def status(self, number: int) -> Status:
        return STATUS_OF[self.bits[self.plan.of_base[number]]]

    def settled(self, number: int) -> Settled:
        """The answer of a leaf."""
        node = self.plan.of_base[number]
        if node not in self._settled:
            cell = self.plan.nodes[node]
            assert isinstance(cell, Cell)
            self._settled[node] = self._settle(node, cell)
        return self._settled[node]

    def _settle(self, node: int, cell: Cell) -> Settled:
        facts, status = self.facts, STATUS_OF[self.bits[node]]
        if node not in self.written or node in self.gaps:
            return settle(cell.leaf, cell.due, facts, cell.how)
        if status is Status.OPEN and self.written[node]:
            return Settled(status, self.due_day(cell.due), find_earliest=lambda: facts.as_of)
        try:
            return settled_as(status, cell.leaf, cell.due, facts, cell.how)
        except (UnknownDay, NoCorrespondingDay):  # the same on whatever day it is due
            return settle(cell.leaf, cell.due, facts, cell.how)

    def detail(self, number: int) -> Detail:
        found = self._details.get(number)
        if found is None:
            alone = self.plan.alone[number]
            if alone is None:
                found = self._composed(number)
            elif alone == number:
                found = self._of_leaf(number)
            else:
                found = self.detail(alone)
            self._details[number] = found
        return found

    def tells(self, number: int) -> bool:
        """Whether everything of a leaf is there at once."""
        node = self.plan.of_base[number]
        return node in self.told and node not in self.gaps and node not in self._settled

    def _of_leaf(self, number: int) -> Detail:
        if not self.tells(number):
            one = self.settled(number)
            return Detail(one.due, one.earliest, one.missing, one.late)
        node = self.plan.of_base[number]
        told, place, due, event, row = self.told[node]
        if row >= 0:
            due = self.shown[event][row]
        earliest, late, found = told.said(self.bits[node], self.kept[place], self.facts, due)
        return Detail(due, earliest, (), late, found)

    def _composed(self, number: int) -> Detail:
        """Due, earliest and missing of a proposition made of parts."""
        one = self.plan.base.propositions[number]
        group = one.group
        assert group is not None
        status = self.status(number)
        parts = [(self.status(part), self.detail(part)) for part in group.parts]
        due, missing = self.due(number), self.missing(number)
        if one.choice is not None:  # told where all options agree
            firsts = {detail.earliest for _, detail in parts}
            first = firsts.pop() if len(firsts) == 1 and status is not Status.UNKNOWN else None
            return Detail(due, first, missing, late=False)
        lacking = group.needed - sum(found is Status.MET for found, _ in parts)
        earliest = None
        if status is Status.OPEN:
            open_ = [detail for found, detail in parts if found is Status.OPEN]
            earliest = nth_earliest(lacking, (detail.earliest for detail in open_))
        elif status is Status.NOT_MET and Status.UNKNOWN not in {found for found, _ in parts}:
            earliest = nth_earliest(
                lacking, (detail.earliest for found, detail in parts if found is not Status.MET)
            )
        late = status is Status.NOT_MET and any(
            found is Status.NOT_MET and detail.late for found, detail in parts
        )
        return Detail(due, earliest, missing, late)

    def missing(self, number: int) -> tuple[str, ...]:
        """The facts that are missing, in order."""
        if self.status(number) is not Status.UNKNOWN:
            return ()
        one = self.plan.base.propositions[number]
        if one.group is None:
            known = self.gaps.get(self.plan.of_base[number])
            return self.settled(number).missing if known is None else known
        found: set[str] = set()
        for part in one.group.parts:
            found.update(self.missing(part))
        if one.choice is not None and len({self.status(part) for part in one.group.parts}) > 1:
            found.add(f"readings.{one.choice}")
        return tuple(sorted(found))

    def due(self, number: int) -> date | None:
        """The due day, there whatever the status."""
        one = self.plan.base.propositions[number]
        if one.group is None:
            return self.settled(number).due
        if one.choice is not None:
            options = [self.plan.base.propositions[part].group for part in one.group.parts]
            dues = {self.due(option.parts[0]) for option in options if option is not None}
            return dues.pop() if len(dues) == 1 else None
        if one.due is None and one.rule is not None and one.cases:
            case = self.case(one.cases)
            return None if case is None else self.due(case.asked)
        if one.due is not None or self.status(number) is not Status.OPEN:
            return self.due_day(one.due)
        parts = [(self.status(part), part) for part in one.group.parts]
        lacking = one.group.needed - sum(status is Status.MET for status, _ in parts)
        return nth_latest(lacking, (self.due(part) for status, part in parts if status is Status.OPEN))

    def case(self, cases: Sequence[Case]) -> Case | None:
        """The case that applies, once it is known which one that is."""
        for case in cases:
            status = Status.MET if case.this_one is None else self.status(case.this_one)
            if status is Status.UNKNOWN:
                return None
            if status is Status.MET:
                return case
        return None

    def due_day(self, due: Phrase | None) -> date | None:
        if due is None:
            return None
        try:
            day = due.due(self.facts, self.facts.as_of, self.plan.base.calendar)
        except (UnknownDay, NoCorrespondingDay):
            return None
        return None if day == AHEAD else plain_day(day)

    def nearest(self, parts: Sequence[int], closed: Collection[int] = ()) -> int:
        """The place of the part that holds, or is nearest to it; those that are ``closed`` come last of their like."""

        def nearness(place: int) -> tuple[int, bool, bool, date]:
            earliest = self.detail(parts[place]).earliest
            rank = _NEARNESS[self.status(parts[place])]
            return rank, place in closed, earliest is None, earliest or AHEAD

        return min(range(len(parts)), key=nearness)

    def given(self) -> tuple[int, ...]:
        """The leaves' atoms, from which an engine concludes the rest."""
        base = self.plan.base
        return tuple(
            base.program.atom(number, self.status(number))
            for number, one in enumerate(base.propositions)
            if one.leaf is not None
        )

    def proof(self, engine: Engine) -> Model:
        """What an engine concludes from the leaves, with its firings."""
        return engine(self.plan.base.program, self.given())


_NEARNESS = {Status.MET: 0, Status.OPEN: 1, Status.UNKNOWN: 2, Status.NOT_MET: 3}


def judged(plan: Plan, facts: Facts) -> Answer:
    """The answer, each leaf by the family's own judgement, and groups by the tables: slow, and the
    reference for whatever is faster."""
    bits, settled = _leaves(plan, facts)
    for place, node in enumerate(plan.nodes):
        if not isinstance(node, Cell):
            bits[place] = combined(node, bits)
    return Answer(plan, facts, settled, bits)


def inferred(plan: Plan, facts: Facts, engine: Engine) -> Answer:
    """The answer, each leaf by the family's own judgement, and all else as an engine concludes it."""
    leaves, settled = _leaves(plan, facts)
    program = plan.program
    given = [program.atom(place, STATUS_OF[bit]) for place, bit in enumerate(leaves) if bit]
    bits = [BITS[status] for status in engine(program, given).statuses]
    return Answer(plan, facts, settled, bits)


def _leaves(plan: Plan, facts: Facts) -> tuple[list[int], dict[int, Settled]]:
    """The status of each leaf, and nothing in the places of groups; what else was found of those that the
    qualification itself rests on."""
    bits = [0] * len(plan.nodes)
    settled: dict[int, Settled] = {}
    for place, node in enumerate(plan.nodes):
        if isinstance(node, Cell):
            settled[place] = found = settle(node.leaf, node.due, facts, node.how)
            bits[place] = BITS[found.status]
    return bits, settled


def contested_in(plan: Plan, bits: Sequence[int]) -> dict[int, tuple[Contested, ...]]:
    """For each requirement, by its place, the readings that alone would give another certain status."""
    made: dict[int, tuple[Contested, ...]] = {}
    for other in plan.others:
        bit = bits[other.node]
        if bit != bits[other.instead_of] and bit in other.said:
            made[other.requirement] = (*made.get(other.requirement, ()), other.said[bit])
    return made


def combined(group: Group, bits: Sequence[int]) -> int:
    """The status of a group, by those of the nodes before it."""
    some = 0
    for part in group.parts:
        some |= bits[part]
    if group.agree:
        return AGREED[some]
    if group.needed == len(group.parts):
        return ALL_OF[some]
    if group.needed == 1:
        return ANY_OF[some]
    return BITS[at_least(group.needed, (STATUS_OF[bits[part]] for part in group.parts))]
