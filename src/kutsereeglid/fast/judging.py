"""One function for a plan: from an applicant's file to a status for each node.

The function is straight-line code, written from the plan once and used for every applicant. It looks at each
list of records once and at each fact once, for the qualification and for all contested readings together.
A condition that is not written out, or of which too much is not known, is judged by `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from kutsereeglid import applicant as model
from kutsereeglid.answers import NOTHING, Answer, combined
from kutsereeglid.applicant import ABSENT, About, Applicant, Kind, Null
from kutsereeglid.compiling import Requirement
from kutsereeglid.conditions import Settled, settle
from kutsereeglid.dates import Calendar, local_day
from kutsereeglid.engine import Group
from kutsereeglid.facts import Facts
from kutsereeglid.fast.cells import Unwritten, Written, written
from kutsereeglid.fast.gaps import Gap, merged
from kutsereeglid.fast.lists import ListWriter
from kutsereeglid.fast.rows import Rows, hangs_on
from kutsereeglid.fast.source import Source
from kutsereeglid.phrases import Phrase
from kutsereeglid.plans import Cell, Plan
from kutsereeglid.status import AGREED, ALL_OF, ANY_OF, BITS

Slow = Callable[[int, Facts, dict[int, Settled]], int]
"""Judges a cell that is not written out: its node, the facts, and where its answer is kept."""


def answer_fast(plan: Plan, facts: Facts) -> Answer | None:
    """The answer by the plan's own function; ``None`` for an applicant that is put together in a way that
    the function does not know."""
    judge: Judge | None = plan.judge
    if judge is None:
        judge = plan.judge = _JudgeWriter(plan).judge()
    gaps: dict[int, Gap] = {}
    settled: dict[int, Settled] = {}
    found = judge.cells(facts.applicant, facts.as_of.toordinal(), gaps, judge.slow, facts, settled)
    if found is None:
        return None
    cells, shown = found
    bits, contested = judge.whole(cells)
    missing = {number: gap.missing for number, gap in gaps.items()} if gaps else NOTHING
    answer = Answer(plan, facts, bits, settled, contested or NOTHING, missing)
    dues: list[date | None] = []
    for at in judge.due_at:
        if isinstance(at, tuple):
            dues.append(shown[at[0]][at[1]])
        else:
            dues.append(answer.due(at) if isinstance(at, int) else at)
    answer.dues = dues
    return answer


@frozen(eq=False, repr=False)
class Judge:
    """The functions written for a plan."""

    cells: Callable[..., Any]
    """The file, today's ordinal, and where to put gaps; gives the cells' statuses, and for each event the
    due days that hang on it."""
    whole: Callable[..., Any]
    """The cells' statuses; gives those of all nodes, and what is contested."""
    slow: Slow
    due_at: tuple[tuple[int, int] | int | date, ...]
    """For each requirement where its due day is: the event and the place among its days; or the day
    itself; or a proposition of which the answer must be asked."""


class _JudgeWriter:
    """Writes the functions of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.vocabulary = plan.ruleset.vocabulary
        self.zone = plan.zone
        self.source = Source()
        self._rows: dict[str, Rows] = {}
        self._facts: dict[str, str] = {}
        self._lists: dict[str, tuple[str, ListWriter]] = {}
        self._made: list[Callable[..., Any]] = []
        """The function of the cells, once it is made: it calls itself where an event is not known."""

    # What the cells ask for.

    def about(self, path: str) -> About:
        return self.vocabulary.facts[path]

    def raw(self, path: str) -> str:
        if path not in self._facts:
            self._facts[path] = self.source.name("fact")
        return self._facts[path]

    def listed(self, path: str) -> tuple[str, ListWriter]:
        if path not in self._lists:
            kind = self.vocabulary.records[path]
            self._lists[path] = self.source.name("list"), ListWriter(self.source, kind)
        return self._lists[path]

    def event(self, phrase: Phrase, how: Calendar, *, due: bool) -> tuple[str, frozenset[str]]:
        paths = hangs_on(phrase, how)
        if paths is None or len(paths) > 1:
            raise Unwritten
        if not paths:
            return str(_fixed(phrase, how, due=due).toordinal()), paths
        (path,) = paths
        about = self.about(path)
        if about.not_yet_before is not None or about.kind is not Kind.DAY:
            raise Unwritten
        if path not in self._rows:
            self._rows[path] = Rows(path, about, self.zone)
        place = self._rows[path].place(phrase, how, due=due)
        return f"day{list(self._rows).index(path)}_{place}", paths

    # The functions.

    def judge(self) -> Judge:
        cells: dict[int, Written | None] = {}
        for number, node in enumerate(self.plan.nodes):
            if isinstance(node, Cell):
                try:
                    made = written(node, number, self)
                    cells[number] = made if len(made.hangs) <= 1 else None
                except Unwritten:
                    cells[number] = None
        due_at = tuple(map(self._due_at, self.plan.base.requirements))
        for rows in self._rows.values():
            rows.finish()
        return Judge(self._cells(cells), _whole(self.plan, list(cells)), self._slow, due_at)

    def _due_at(self, requirement: Requirement) -> tuple[int, int] | int | date:
        one = self.plan.base.propositions[requirement.proposition]
        if one.due is None or one.choice is not None or one.leaf is not None:
            return requirement.proposition
        try:
            text, paths = self.event(one.due, self.plan.base.calendar, due=True)
        except Unwritten:
            return requirement.proposition
        if not paths:
            return _fixed(one.due, self.plan.base.calendar, due=True)
        event, _, place = text.removeprefix("day").partition("_")
        return int(event), int(place) - 1

    def _slow(self, number: int, facts: Facts, settled: dict[int, Settled]) -> int:
        cell = self.plan.nodes[number]
        assert isinstance(cell, Cell)
        decisive = number in self.plan.decisive
        found = settle(cell.leaf, cell.due, facts, cell.how, with_missing=decisive)
        if decisive:
            settled[number] = found
        return BITS[found.status]

    def _cells(self, cells: dict[int, Written | None]) -> Callable[..., Any]:
        source = self.source
        holders: dict[str, str] = {}
        events = [f"row{number}" for number in range(len(self._rows))]
        for row, (path, rows) in zip(events, self._rows.items(), strict=True):
            with source.block(f"if {row} is None:"):
                self._read("value", path, holders)
                unknown = (
                    "value is ABSENT" if rows.about.null is Null.AHEAD else "value is ABSENT or value is None"
                )
                with source.block(f"if {unknown}:"):
                    source.line(
                        f"return {source.constant(self._without(path, cells))}"
                        f"(file, today, gaps, slow, facts, settled, {', '.join(events)})"
                    )
                source.line(f"{row} = {source.constant(rows)}[value]")
            holders.clear()  # what was read in a branch may not have been
            number = row.removeprefix("row")
            days = [f"day{number}_{place + 1}" for place in range(len(rows.days))]
            source.line(f"_, {''.join(f'{day}, ' for day in days)}shown{number} = {row}")
        for path, name in self._facts.items():
            self._read(name, path, holders)
        for path, (name, walk) in self._lists.items():
            self._read(name, path, holders)
            walk.write(name)
        for node, one in cells.items():
            if one is None:
                source.line(f"b{node} = slow({node}, facts, settled)")
            else:
                one.write(f"b{node}")
        shown = "".join(f"shown{number}, " for number in range(len(events)))
        source.line(f"return ({''.join(f'b{number}, ' for number in cells)}), ({shown})")
        for name, value in (
            ("ABSENT", ABSENT),
            ("date", date),
            ("local_day", local_day),
            ("zone", self.zone),
        ):
            source.bind(name, value)
        made = source.function(
            "cells", f"file, today, gaps, slow, facts, settled{''.join(f', {row}=None' for row in events)}"
        )
        self._made.append(made)
        return made

    def _read(self, into: str, path: str, holders: dict[str, str]) -> None:
        """Code for the raw value at a path of the file."""
        source = self.source
        holder, _, name = path.rpartition(".")
        if not holder:
            source.line(f"{into} = file.{path}")
            return
        if holder not in holders:
            holders[holder] = source.name("holder")
            source.line(f"{holders[holder]} = file.{holder}")
        held = holders[holder]
        about = model.about(Applicant)[holder]
        owner = about.of if about.kind is Kind.RECORD and about.of is not None else dict
        with source.block(f"if {held} is ABSENT or {held} is None:"):
            source.line(f"{into} = ABSENT")
        with source.block(f"elif {held}.__class__ is {source.constant(owner)}:"):
            if owner is dict:
                source.line(f"{into} = {held}.get({source.constant(name)}, ABSENT)")
            elif name in model.about(owner):
                source.line(f"{into} = {held}.{name}")
            else:
                text = f"{held}.extra.get({source.constant(name)}, ABSENT) if {held}.extra else ABSENT"
                source.line(f"{into} = {text}")
        with source.block("else:"):
            source.line("return None")

    def _without(self, path: str, cells: dict[int, Written | None]) -> Callable[..., Any]:
        """The statuses when the day of an event is not known: between those with the extreme days."""
        rows, event = self._rows[path], list(self._rows).index(path)
        nodes = list(cells)
        hanging = {number for number, one in cells.items() if one is not None and path in one.hangs}
        made = self._made

        def without(
            file: Any, today: int, gaps: Any, slow: Slow, facts: Facts, settled: Any, *given: Any
        ) -> Any:
            found = []
            for row in (rows.earliest, rows.latest):
                some: dict[int, Gap] = {}
                given = (*given[:event], row, *given[event + 1 :])
                one = made[0](file, today, some, _never, facts, {}, *given)
                if one is None:
                    return None
                found.append((one[0], some, one[1]))
            (early, gaps_early, shown), (late, gaps_late, _) = found
            bits = merged(
                nodes,
                hanging,
                path,
                (early, gaps_early),
                (late, gaps_late),
                gaps,
                lambda number: slow(number, facts, settled),
            )
            unknown = (None,) * len(rows.days)
            return bits, (*shown[:event], unknown, *shown[event + 1 :])

        return without


def _never(*_: Any) -> int:
    return 0


def _fixed(phrase: Phrase, how: Calendar, *, due: bool) -> date:
    nobody: Any = None
    return phrase.due(nobody, date.min, how) if due else phrase.day(nobody, date.min, how)


def _whole(plan: Plan, cells: Sequence[int]) -> Callable[..., Any]:
    """The function that puts the cells together, and tells what is contested."""
    source = Source()
    source.line(f"{''.join(f'b{number}, ' for number in cells)} = cells" if cells else "pass")
    tables = {
        name: source.constant(table) for name, table in (("all", ALL_OF), ("any", ANY_OF), ("agree", AGREED))
    }
    for number, node in enumerate(plan.nodes):
        if isinstance(node, Cell):
            continue
        some = " | ".join(f"b{part}" for part in dict.fromkeys(node.parts)) or "0"
        if node.agree:
            source.line(f"b{number} = {tables['agree']}[{some}]")
        elif node.needed == len(node.parts):
            source.line(f"b{number} = {tables['all']}[{some}]")
        elif node.needed == 1:
            source.line(f"b{number} = {tables['any']}[{some}]")
        else:
            parts = "".join(f"b{part}, " for part in node.parts)
            group = source.constant(Group(tuple(range(len(node.parts))), node.needed))
            source.line(f"b{number} = {source.constant(combined)}({group}, ({parts}))")
    source.line("contested = None")
    for other in plan.others:
        one, base = f"b{other.node}", f"b{other.instead_of}"
        with source.block(f"if {one} != {base} and {one} != 4:"):
            source.line("contested = contested or {}")
            said = f"{source.constant(other.said)}[{one}]"
            source.line(f"contested[{other.requirement}] = *contested.get({other.requirement}, ()), {said}")
    source.line(f"return ({''.join(f'b{number}, ' for number in range(len(plan.nodes)))}), contested")
    return source.function("whole", "cells")
