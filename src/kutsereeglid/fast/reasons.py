"""One function for each requirement: its reasons, all at once.

They are the same as `kutsereeglid.telling` works out one by one. A function is written when it is first asked for,
and gives ``None`` where something that the requirement rests on is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from kutsereeglid.answers import Answer, ToldCell
from kutsereeglid.decision import Reason
from kutsereeglid.fast.told import MET, NOT_MET, OPEN
from kutsereeglid.phrases import Phrase
from kutsereeglid.plans import Cell, Plan, structure
from kutsereeglid.source import Source, fillable
from kutsereeglid.status import STATUS_OF, nth_earliest, nth_latest
from kutsereeglid.telling import Teller, teller_of

Fields = dict[str, Any]


class Reasons:
    """Gives what a finding says besides what every caller reads."""

    def __init__(self, plan: Plan, told: Mapping[int, ToldCell]) -> None:
        self._plan, self._told = plan, told
        self._made: dict[int, Callable[[Answer], Fields | None]] = {}

    def of(self, place: int, answer: Answer) -> Fields | None:
        """Fields of the finding of a requirement, by its place in the qualification."""
        made = self._made.get(place)
        if made is None:
            try:
                made = _ReasonsWriter(self._plan, self._told).function(place)
            except _Unwritten:
                made = _nothing
            self._made[place] = made
        return made(answer)


class _Unwritten(Exception):
    """It rests on what may not apply, is chosen, hangs on the case, or is judged by the family's own judgement."""


def _nothing(_: Answer) -> None:
    return None


class _ReasonsWriter:
    def __init__(self, plan: Plan, told: Mapping[int, ToldCell]) -> None:
        self.plan, self.told = plan, told
        self.teller: Teller = teller_of(plan)
        self.source = Source()
        self.said: dict[int, tuple[str, str, str]] = {}
        """The expressions of a proposition's due day, first day, and whether it came late."""
        self.leaves: list[int] = []
        self.dues: dict[Any, str] = {}
        """The expressions of the leaves' due days, by what they are made of."""

    def function(self, place: int) -> Callable[[Answer], Fields | None]:
        number = self.plan.base.requirements[place].proposition
        if self.plan.base.propositions[number].group is None:
            raise _Unwritten
        leaves = self.source.constant(self.leaves)  # those that are written below
        self.source.line("gaps, settled = answer.gaps, answer._settled")
        complete = f"gaps.keys().isdisjoint({leaves}) and settled.keys().isdisjoint({leaves})"
        with self.source.block(f"if (gaps or settled) and not ({complete}):"):
            self.source.line("return None")
        for name in ("bits", "kept", "shown", "facts"):
            self.source.line(f"{name} = answer.{name}")
        _, earliest, late = self.details(number)
        because = self.because(number)
        self.source.line(f'return {{"because": {because}, "earliest": {earliest}, "late": {late}}}')
        return self.source.function("reasons", "answer")

    def bit(self, number: int) -> str:
        return f"bits[{self.plan.of_base[number]}]"

    def details(self, number: int) -> tuple[str, str, str]:
        if number not in self.said:
            leaf = self.plan.base.propositions[number].group is None
            self.said[number] = self._of_leaf(number) if leaf else self._composed(number)
        return self.said[number]

    def _of_leaf(self, number: int) -> tuple[str, str, str]:
        node = self.plan.of_base[number]
        if node not in self.told:
            raise _Unwritten
        told, place, day, event, row = self.told[node]
        self.leaves.append(node)
        due = f"shown[{event}][{row}]" if row >= 0 else "None" if day is None else self.source.constant(day)
        cell = self.plan.nodes[node]
        if isinstance(cell, Cell) and cell.how is self.plan.base.calendar:
            self.dues[structure(cell.due)] = due
        said = self.source.constant(told.said)
        self.source.line(
            f"e{number}, l{number}, p{number} = {said}({self.bit(number)}, kept[{place}], facts, {due})"
        )
        return due, f"e{number}", f"l{number}"

    def _composed(self, number: int) -> tuple[str, str, str]:
        one = self.plan.base.propositions[number]
        group = one.group
        if group is None or not group.parts or one.choice is not None or one.exempt is not None or one.cases:
            raise _Unwritten
        parts = [self.details(part) for part in group.parts]
        alone = self.plan.alone[number]
        if alone is not None:
            return self.details(alone)
        due = self._due_day(one.due) if one.due is not None else None
        if len(parts) == 1 and group.needed == 1:
            theirs, earliest, late = parts[0]
            return (
                due if due is not None else f"({theirs} if {self.bit(number)} == 2 else None)",
                earliest,
                late,
            )
        columns = ["".join(f"{text}, " for text in column) for column in zip(*parts, strict=True)]
        bits = "".join(f"{self.bit(part)}, " for part in group.parts)
        given = ", ".join(f"({column})" for column in (bits, *columns))
        composed = self.source.constant(_of_parts)
        self.source.line(
            f"d{number}, e{number}, l{number} = {composed}({self.bit(number)}, {group.needed}, {given})"
        )
        return due if due is not None else f"d{number}", f"e{number}", f"l{number}"

    def _due_day(self, due: Phrase) -> str:
        return self.dues.get(structure(due)) or f"answer.due_day({self.source.constant(due)})"

    def because(self, number: int) -> str:
        """The reasons of a proposition as an expression: those of its parts."""
        one = self.plan.base.propositions[number]
        assert one.group is not None
        return f"({''.join(f'{self.reason(part)}, ' for part in self._parts(number))})"

    def _parts(self, number: int) -> list[int]:
        """The parts that are told; the rule's own body says nothing new."""
        one = self.plan.base.propositions[number]
        told: list[int] = []
        for part in one.group.parts if one.group is not None else ():
            inner = self.plan.base.propositions[part]
            body = inner.rule is not None and inner.rule is one.rule and inner.group is not None
            told += self._parts(part) if body else [part]
        return told

    def reason(self, number: int) -> str:
        one, source = self.plan.base.propositions[number], self.source
        every = self.teller.every_reason(number)
        if "path" not in every:
            raise _Unwritten
        due, earliest, late = self.details(number)
        made = {name: source.constant(value) for name, value in every.items() if not name.startswith("_")}
        made["status"] = f"{source.constant(STATUS_OF)}[{self.bit(number)}]"
        made |= {"due": due, "earliest": earliest, "missing": "()", "late": late}
        if one.group is None:
            asks = source.constant(self.teller.asking(number)[0])
            made["parts"] = f"({asks},) if p{number} is None else ({asks}, p{number})"
            made["_every"], made["_answer"] = source.constant(every), "answer"
        else:
            made["because"] = self.because(number)
        reason = source.name("reason")
        source.line(f"{reason} = {source.constant(fillable(Reason))}()")
        for field, text in made.items():
            source.line(f"{reason}.{field} = {text}")
        source.line(f"{reason}.__class__ = {source.constant(Reason)}")
        return reason


def _of_parts(
    bit: int,
    needed: int,
    bits: Sequence[int],
    dues: Sequence[date | None],
    earliest: Sequence[date | None],
    late: Sequence[bool],
) -> tuple[date | None, date | None, bool]:
    """The days of what is made of parts none of which is unknown."""
    lacking = needed - bits.count(MET)
    if bit == OPEN:
        due = nth_latest(lacking, [day for one, day in zip(bits, dues, strict=True) if one == OPEN])
        first = nth_earliest(lacking, [day for one, day in zip(bits, earliest, strict=True) if one == OPEN])
        return due, first, False
    if bit == NOT_MET:
        first = nth_earliest(lacking, [day for one, day in zip(bits, earliest, strict=True) if one != MET])
        return None, first, any(one == NOT_MET and held for one, held in zip(bits, late, strict=True))
    return None, None, False
