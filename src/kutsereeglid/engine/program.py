"""Programs of positive Horn rules: what follows from the leaves' statuses, and nothing else.

An atom says that a proposition has a status, or helps to say it. A rule concludes one atom from
several; there is no negation, so "not not_met" is an atom of its own, concluded from the other three
statuses. Every proposition gets exactly one status.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from attrs import frozen

from kutsereeglid.errors import KutsereeglidError, Problem
from kutsereeglid.status import Status

STATUSES = tuple(Status)
WIDEST = 15
"""Atoms in the body of one rule; what needs more gathers them first, by helper atoms."""
MET, NOT_MET, OPEN, UNKNOWN = range(4)
_CLASSES = {
    "met or open": (MET, OPEN),
    "met or unknown": (MET, UNKNOWN),
    "not not_met": (MET, OPEN, UNKNOWN),
    "not_met or open": (NOT_MET, OPEN),
    "not_met or unknown": (NOT_MET, UNKNOWN),
    "not met": (NOT_MET, OPEN, UNKNOWN),
}


class EngineError(KutsereeglidError):
    """An engine's answer cannot be right, or a proof has a step that does not follow."""


@frozen(eq=False, repr=False)
class Rule:
    """``head`` holds when every atom of ``body`` does."""

    head: int
    body: tuple[int, ...]


@frozen(eq=False, repr=False)
class Step:
    """One firing: the rule's number, in the order in which rules fired."""

    rule: int


@frozen(eq=False, repr=False)
class Group:
    """A proposition made of parts."""

    parts: tuple[int, ...]
    needed: int
    agree: bool = False
    """The common status of all parts, and ``unknown`` where they differ."""


class Program:
    """The Horn rules of a list of propositions; a proposition's number is its place in the list, and its
    parts stand before it. So the rules that conclude an atom stand before those that wait for it.

    >>> program = Program([None, None, Group((0, 1), needed=2)])
    >>> len(program.rules) > 0
    True
    """

    def __init__(self, propositions: Sequence[Group | None]) -> None:
        self.size = len(propositions)
        self.names: list[str] = [f"{number} {status}" for number in range(self.size) for status in STATUSES]
        self.rules: list[Rule] = []
        self._class_atoms: dict[tuple[int, str], int] = {}
        for number, group in enumerate(propositions):
            if group is not None:
                assert all(part < number for part in group.parts)
                self._encode(number, group)
        self.waiting: list[list[int]] = [[] for _ in self.names]
        """For each atom, the rules that wait for it."""
        for index, rule in enumerate(self.rules):
            for atom in rule.body:
                self.waiting[atom].append(index)

    def atom(self, proposition: int, status: Status) -> int:
        return proposition * 4 + STATUSES.index(status)

    def _new(self, name: str) -> int:
        self.names.append(name)
        return len(self.names) - 1

    def _rule(self, head: int, body: Iterable[int]) -> None:
        atoms = tuple(dict.fromkeys(body))
        while len(atoms) > WIDEST:
            some = [atoms[start : start + WIDEST] for start in range(0, len(atoms), WIDEST)]
            atoms = tuple(self._all_of(these) if len(these) > 1 else these[0] for these in some)
        self.rules.append(Rule(head, atoms))

    def _all_of(self, atoms: tuple[int, ...]) -> int:
        """A helper atom that holds when all of these do."""
        helper = self._new(f"all of {len(atoms)}, from {self.names[atoms[0]]}")
        self.rules.append(Rule(helper, atoms))
        return helper

    def _in_class(self, part: int, name: str) -> int:
        """The atom "the part's status is one of this class", with its rules, made when first needed."""
        key = (part, name)
        if key not in self._class_atoms:
            atom = self._class_atoms[key] = self._new(f"{part} {name}")
            for status in _CLASSES[name]:
                self._rule(atom, (part * 4 + status,))
        return self._class_atoms[key]

    def _encode(self, number: int, group: Group) -> None:
        parts = group.parts
        if group.agree:
            self._agree(number * 4, parts)
        elif group.needed <= 0:
            self._rule(number * 4 + MET, ())
        elif group.needed > len(parts):
            self._rule(number * 4 + NOT_MET, ())
        elif group.needed == len(parts):
            self._one_decides(number * 4, parts, NOT_MET, MET, "not not_met", "met or open")
        elif group.needed == 1:
            self._one_decides(number * 4, parts, MET, NOT_MET, "not met", "not_met or open")
        else:
            self._some_of(number, parts, group.needed)

    def _one_decides(
        self, base: int, parts: tuple[int, ...], deciding: int, final: int, undecided: str, certain: str
    ) -> None:
        """*All of* (one ``not_met`` decides) and *any of* (one ``met`` decides)."""
        for part in parts:
            self._rule(base + deciding, (part * 4 + deciding,))
        self._rule(base + final, (part * 4 + final for part in parts))
        for status, name in ((UNKNOWN, undecided), (OPEN, certain)):
            every = self._new(f"{base // 4} every part {name}")
            self._rule(every, (self._in_class(part, name) for part in parts))
            for part in parts:
                self._rule(base + status, (every, part * 4 + status))

    def _agree(self, base: int, parts: tuple[int, ...]) -> None:
        for status in range(4):
            self._rule(base + status, (part * 4 + status for part in parts))
        first, *others = parts
        for other in others:
            for one, another in product(range(4), repeat=2):
                if one != another:
                    self._rule(base + UNKNOWN, (first * 4 + one, other * 4 + another))

    def _some_of(self, number: int, parts: tuple[int, ...], needed: int) -> None:
        spare = len(parts) - needed + 1

        def plain(status: int) -> list[int]:
            return [part * 4 + status for part in parts]

        def within(name: str) -> list[int]:
            return [self._in_class(part, name) for part in parts]

        def count(atoms: list[int], threshold: int) -> int:
            return self._count(number, atoms, threshold)

        met = count(plain(MET), needed)
        lost = count(plain(NOT_MET), spare)
        can_be_met = count(within("met or open"), needed)
        not_by_unknown = count(within("not_met or open"), spare)
        not_met_yet = count(within("not met"), spare)
        not_lost = count(within("not not_met"), needed)
        by_unknown = count(within("met or unknown"), needed)
        not_by_open = count(within("not_met or unknown"), spare)
        base = number * 4
        self._rule(base + MET, (met,))
        self._rule(base + NOT_MET, (lost,))
        self._rule(base + OPEN, (not_by_unknown, can_be_met))
        for doubt in (by_unknown, not_by_open):
            self._rule(base + UNKNOWN, (not_met_yet, not_lost, doubt))

    def _count(self, number: int, atoms: list[int], threshold: int) -> int:
        """The atom "at least so many of these", through a chain of counters."""
        before: list[int | None] = [None] * (threshold + 1)
        for seen, atom in enumerate(atoms, 1):
            now: list[int | None] = [None] * (threshold + 1)
            for reached in range(1, min(seen, threshold) + 1):
                now[reached] = counter = self._new(f"{number} at least {reached} of the first {seen}")
                if (carried := before[reached]) is not None:
                    self._rule(counter, (carried,))
                less = before[reached - 1]
                self._rule(
                    counter, (atom,) if reached == 1 else (atom, less) if less is not None else (atom,)
                )
            before = now
        last = before[threshold]
        assert last is not None
        return last


@frozen(eq=False, repr=False)
class Model:
    """What an engine concluded: each proposition's status, and the firings that led to it."""

    statuses: tuple[Status, ...]
    steps: tuple[Step, ...]


def statuses_of(program: Program, holds: Sequence[int] | bytearray) -> tuple[Status, ...]:
    """Each proposition's one status; raises `EngineError` when one has none, or two."""
    made = []
    for number in range(program.size):
        found = [status for index, status in enumerate(STATUSES) if holds[number * 4 + index]]
        if len(found) != 1:
            raise EngineError(
                Problem("engine", f"proposition {number}", f"{len(found)} statuses", "exactly one")
            )
        made.append(found[0])
    return tuple(made)


def replay(program: Program, given: Iterable[int], steps: Iterable[Step]) -> tuple[Status, ...]:
    """The statuses that the steps alone give, applied to the leaves' atoms.

    Raises `EngineError` for a step whose rule does not exist or whose body does not hold by then, and
    for steps that leave a proposition without a status.
    """
    holds = bytearray(len(program.names))
    for atom in given:
        holds[atom] = 1
    for place, step in enumerate(steps):
        if not 0 <= step.rule < len(program.rules) or not all(
            map(holds.__getitem__, program.rules[step.rule].body)
        ):
            raise EngineError(
                Problem("forged-step", f"step {place}", "a conclusion that does not follow", "a firing")
            )
        holds[program.rules[step.rule].head] = 1
    return statuses_of(program, holds)
