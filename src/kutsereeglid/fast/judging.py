"""One function for a plan: from an applicant's file to a status for each node.

The function is straight-line code, written from the plan once and used for every applicant. It looks at each
list of records once and at each fact once, for the qualification and for all contested readings together.
A condition that is not written out, or of which too much is not known, is judged by `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from kutsereeglid import applicant as model
from kutsereeglid.answers import Answer, Told, ToldCell, combined
from kutsereeglid.applicant import ABSENT, About, Applicant, Kind, Null
from kutsereeglid.compiling import Requirement
from kutsereeglid.conditions import Settled, settle
from kutsereeglid.dates import Calendar, local_day
from kutsereeglid.decision import Finding
from kutsereeglid.engine import Group
from kutsereeglid.facts import Facts
from kutsereeglid.fast.cells import Unwritten, Written, written
from kutsereeglid.fast.gaps import Gap, merged
from kutsereeglid.fast.lists import ListWriter
from kutsereeglid.fast.reasons import Reasons
from kutsereeglid.fast.rows import Rows, hangs_on
from kutsereeglid.phrases import Phrase
from kutsereeglid.plans import Cell, Other, Plan
from kutsereeglid.source import Source, fillable
from kutsereeglid.status import AGREED, ALL_OF, ANY_OF, BITS, STATUS_OF
from kutsereeglid.telling import teller_of

Slow = Callable[[int, Facts, dict[int, Settled]], int]
"""Judges a cell that is not written out: its node, the facts, and where its answer is kept."""


def judge_of(plan: Plan) -> Judge:
    """The one judge of a plan."""
    made: Judge | None = plan.judge
    if made is None:
        made = plan.judge = _JudgeWriter(plan).judge()
    return made


@frozen(eq=False, repr=False)
class Judge:
    """The functions written for a plan."""

    cells: Callable[..., Any]
    """The file, today's ordinal, and where to put gaps; gives the cells' statuses, and for each event the
    due days that hang on it."""
    whole: Callable[..., Any]
    """The cells' statuses, the due days, and the answer, whose statuses it puts in; gives the findings."""
    slow: Slow
    written: Mapping[int, bool]
    """The cells that are written out, and whether what is open there can hold at once."""
    told: Mapping[int, ToldCell]
    """What tells the rest of those for which reasons are given."""
    reasons: Callable[[int, Answer], dict[str, Any] | None]
    """Gives the reasons of a requirement at once."""

    def answer(self, plan: Plan, facts: Facts) -> tuple[Answer, tuple[Finding, ...]] | None:
        """The answer and the findings; ``None`` for an applicant that is put together in a way that the functions do
        not know."""
        gaps: dict[int, Gap] = {}
        settled: dict[int, Settled] = {}
        found = self.cells(facts.applicant, facts.as_of.toordinal(), gaps, self.slow, facts, settled)
        if found is None:
            return None
        cells, shown, kept = found
        answer = Answer(plan, facts, settled)
        answer.written, answer.told, answer.reasons = self.written, self.told, self.reasons
        answer.kept, answer.shown = kept, shown
        if gaps:
            answer.gaps = {number: gap.missing for number, gap in gaps.items()}
        return answer, self.whole(cells, shown, answer)


class _JudgeWriter:
    """Writes the functions of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.vocabulary = plan.ruleset.vocabulary
        self.zone = plan.zone
        self.source = Source()
        self.timed: list[Any] = []
        self._rows: dict[str, Rows] = {}
        self._facts: dict[str, str] = {}
        self._lists: dict[str, tuple[str, ListWriter]] = {}
        self._base = frozenset(plan.of_base)
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
            self._lists[path] = self.source.name("list"), ListWriter(self.source, kind, self.zone)
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
        whole = self._whole(list(cells))
        for rows in self._rows.values():
            rows.finish()
        known = {number: one.at_once for number, one in cells.items() if one is not None}
        told = {number: one.told for number, one in cells.items() if one is not None and one.told is not None}
        rest = self._told({number: one for number, one in told.items() if self.is_told(number)})
        reasons = Reasons(self.plan, rest)
        return Judge(self._cells(cells, [*rest]), whole, self._slow, known, rest, reasons.of)

    def is_told(self, number: int) -> bool:
        return number in self._base

    def _told(self, told: Mapping[int, Told]) -> dict[int, ToldCell]:
        """Where each finds what was gathered for it, and the day it is due."""
        made = {}
        for place, (number, one) in enumerate(told.items()):
            cell = self.plan.nodes[number]
            assert isinstance(cell, Cell)
            due, event, row = None, 0, -1
            if cell.due is not None:
                text, paths = self.event(cell.due, cell.how, due=True)
                if paths:
                    of, _, at = text.removeprefix("day").partition("_")
                    event, row = int(of), int(at) - 1
                else:
                    due = _fixed(cell.due, cell.how, due=True)
            made[number] = ToldCell(one, place, due, event, row)
        return made

    def _due(self, requirement: Requirement, source: Source) -> str:
        """A requirement's due day as an expression."""
        asked = f"answer.due({requirement.proposition})"
        one = self.plan.base.propositions[requirement.proposition]
        if one.due is None or one.choice is not None or one.leaf is not None:
            return asked
        try:
            text, paths = self.event(one.due, self.plan.base.calendar, due=True)
        except Unwritten:
            return asked
        if not paths:
            return source.constant(_fixed(one.due, self.plan.base.calendar, due=True))
        event, _, place = text.removeprefix("day").partition("_")
        return f"shown[{event}][{int(place) - 1}]"

    def _slow(self, number: int, facts: Facts, settled: dict[int, Settled]) -> int:
        cell = self.plan.nodes[number]
        assert isinstance(cell, Cell)
        settled[number] = found = settle(cell.leaf, cell.due, facts, cell.how)
        return BITS[found.status]

    def _cells(self, cells: dict[int, Written | None], told: Sequence[int]) -> Callable[..., Any]:
        source = self.source
        events = [f"row{number}" for number in range(len(self._rows))]
        for row, (path, rows) in zip(events, self._rows.items(), strict=True):
            with source.block(f"if {row} is None:"):
                self._read_all({path: "value"})
                unknown = (
                    "value is ABSENT" if rows.about.null is Null.AHEAD else "value is ABSENT or value is None"
                )
                with source.block(f"if {unknown}:"):
                    source.line(
                        f"return {source.constant(self._without(path, cells))}"
                        f"(file, today, gaps, slow, facts, settled, {', '.join(events)})"
                    )
                source.line(f"{row} = {source.constant(rows)}[value]")
            number = row.removeprefix("row")
            days = [f"day{number}_{place + 1}" for place in range(len(rows.days))]
            source.line(f"_, {''.join(f'{day}, ' for day in days)}shown{number} = {row}")
        lists = {path: name for path, (name, _) in self._lists.items()}
        self._read_all({**self._facts, **lists})
        for name, walk in self._lists.values():
            walk.write(name)
        for node, one in cells.items():
            if one is None:
                source.line(f"b{node} = slow({node}, facts, settled)")
            else:
                one.write(f"b{node}")
        shown = "".join(f"shown{number}, " for number in range(len(events)))
        kept = "".join(f"{one.kept}, " for one in map(cells.get, told) if one is not None)
        source.line(f"return ({''.join(f'b{number}, ' for number in cells)}), ({shown}), ({kept})")
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

    def _whole(self, cells: Sequence[int]) -> Callable[..., Any]:
        """The function that puts the cells together and makes the findings."""
        plan, source = self.plan, Source()
        names = {number: f"b{number}" for number in cells}
        source.line(f"{''.join(f'b{number}, ' for number in cells)} = cells" if cells else "pass")
        for number, node in enumerate(plan.nodes):
            if isinstance(node, Group):
                names[number] = self._group(number, node, names, source)
        base = max(plan.of_base, default=-1) + 1
        source.line(f"answer.bits = ({''.join(f'{names[number]}, ' for number in range(base))})")
        reached = "".join(f"{names[plan.of_base[number]]}, " for number in plan.base.stages.values())
        source.line(f"answer.reached = ({reached})")
        contested: dict[int, list[Other]] = {}
        for other in plan.others:
            contested.setdefault(other.requirement, []).append(other)
        status, blank, kind = (source.constant(one) for one in (STATUS_OF, fillable(Finding), Finding))
        every = teller_of(plan).every_finding
        for place, one in enumerate(plan.base.requirements):
            bit = names[plan.of_base[one.proposition]]
            others: list[Other] = contested.get(place, [])
            if others:
                source.line("contested = ()")
                nodes = {names[node] for other in others for node in (other.node, other.instead_of)}
                differ = f"{' | '.join(sorted(nodes))} != {names[others[0].instead_of]}"
                with source.block(f"if {differ if len(nodes) <= _MOST_TOGETHER else len(nodes)}:"):
                    for other in others:
                        theirs, mine = names[other.node], names[other.instead_of]
                        with source.block(f"if {theirs} != {mine} and {theirs} != 4:"):
                            source.line(f"contested += {source.constant(other.said)}[{theirs}],")
            known = {
                "_every": source.constant(every[place]),
                "_answer": "answer",
                "status": f"{status}[{bit}]",
                "due": self._due(one, source),
                "missing": f"() if {bit} != 4 else answer.missing({one.proposition})",
                "contested": "contested" if others else "()",
            }
            source.line(f"f{place} = {blank}()")
            for name, text in known.items():
                source.line(f"f{place}.{name} = {text}")
            source.line(f"f{place}.__class__ = {kind}")
        source.line(f"return ({''.join(f'f{place}, ' for place in range(len(plan.base.requirements)))})")
        return source.function("whole", "cells, shown, answer")

    def _group(self, number: int, node: Group, names: dict[int, str], source: Source) -> str:
        """Code for the status of a group; the name of the variable that has it."""
        parts = list(dict.fromkeys(names[part] for part in node.parts))
        if len(parts) == 1 and (node.agree or 1 <= node.needed <= len(node.parts)):
            return parts[0]
        for first in range(_MOST_TOGETHER, len(parts), _MOST_TOGETHER):
            before = "some" if first > _MOST_TOGETHER else " | ".join(parts[:_MOST_TOGETHER])
            source.line(f"some = {before} | {' | '.join(parts[first : first + _MOST_TOGETHER])}")
        some = "some" if len(parts) > _MOST_TOGETHER else " | ".join(parts) or "0"
        if node.agree:
            table = source.constant(AGREED)
        elif node.needed == len(node.parts):
            table = source.constant(ALL_OF)
        elif node.needed == 1:
            table = source.constant(ANY_OF)
        else:
            given = "".join(f"{names[part]}, " for part in node.parts)
            group = source.constant(Group(tuple(range(len(node.parts))), node.needed))
            source.line(f"b{number} = {source.constant(combined)}({group}, ({given}))")
            return f"b{number}"
        source.line(f"b{number} = {table}[{some}]")
        return f"b{number}"

    def _read_all(self, wanted: Mapping[str, str]) -> None:
        """Code for the raw values at some paths of the file, into the variables named."""
        source = self.source
        inside: dict[str, dict[str, str]] = {}
        for path, into in wanted.items():
            holder, _, name = path.rpartition(".")
            if holder:
                inside.setdefault(holder, {})[name] = into
            else:
                source.line(f"{into} = file.{path}")
        for holder, names in inside.items():
            about = model.about(Applicant)[holder]
            owner = about.of if about.kind is Kind.RECORD and about.of is not None else dict
            source.line(f"holder = file.{holder}")
            with source.block(f"if holder.__class__ is {source.constant(owner)}:"):
                for name, into in names.items():
                    key = source.constant(name)
                    if owner is dict:
                        source.line(f"{into} = holder.get({key}, ABSENT)")
                    elif name in model.about(owner):
                        source.line(f"{into} = holder.{name}")
                    else:
                        source.line(f"{into} = holder.extra.get({key}, ABSENT) if holder.extra else ABSENT")
            with source.block("elif holder is ABSENT or holder is None:"):
                source.line(f"{' = '.join(names.values())} = ABSENT")
            with source.block("else:"):
                source.line("return None")

    def _without(self, path: str, cells: dict[int, Written | None]) -> Callable[..., Any]:
        """The statuses when the day of an event is not known: between those with the extreme days."""
        rows, event = self._rows[path], list(self._rows).index(path)
        nodes = list(cells)
        hanging = {number for number, one in cells.items() if one is not None and path in one.hangs}
        besides = {number: one.besides for number, one in cells.items() if one is not None and one.besides}
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
                found.append((one[0], some, one[1:]))
            (early, gaps_early, (shown, kept)), (late, gaps_late, _) = found
            bits = merged(
                nodes,
                hanging,
                path,
                (early, gaps_early),
                (late, gaps_late),
                gaps,
                lambda number: slow(number, facts, settled),
                lambda number: besides[number](file, today) if number in besides else None,
            )
            unknown = (None,) * len(rows.days)
            return bits, (*shown[:event], unknown, *shown[event + 1 :]), kept

        return without


_MOST_TOGETHER = 500
"""Statuses put together in one expression: the compiler follows each into the next."""


def _never(*_: Any) -> int:
    return 0


def _fixed(phrase: Phrase, how: Calendar, *, due: bool) -> date:
    nobody: Any = None
    return phrase.due(nobody, date.min, how) if due else phrase.day(nobody, date.min, how)
