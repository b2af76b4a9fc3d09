"""The families of conditions that are written out, each as code for one status.

What a family's own module says is the meaning; this is the same for the plain cases, and the tests hold the
two together. A condition that is not written out is judged by `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from attrs import define, frozen

from kutsereeglid.answers import Told
from kutsereeglid.applicant import ALWAYS, About, Kind, Null
from kutsereeglid.conditions.amounts import Amount
from kutsereeglid.conditions.comparison import Fact, Test
from kutsereeglid.conditions.days import OnDay
from kutsereeglid.conditions.duration import Time
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.measures import Counted
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.selection import FieldTest, Selection
from kutsereeglid.dates import Calendar, MonthEnd, Term
from kutsereeglid.fast.gaps import Gap, of_count, of_measure
from kutsereeglid.fast.lengths import Length
from kutsereeglid.fast.lists import Besides, Doubts, Gathering, ListWriter, condition, plain
from kutsereeglid.fast.rows import LAST, hangs_on
from kutsereeglid.fast.told import FactTold, OnDayTold, RecordsTold, TimeTold
from kutsereeglid.phrases import FactDay, Phrase
from kutsereeglid.plans import Cell
from kutsereeglid.source import Source


class Unwritten(Exception):
    """The condition is not one that is written out."""


class Writer(Protocol):
    """What a cell's code may use; the function is written by `kutsereeglid.fast.judging`."""

    source: Source
    zone: Any
    timed: list[_Timed]
    """The statuses of time that are written already."""

    def raw(self, path: str) -> str:
        """The variable with a fact's raw value."""

    def event(self, phrase: Phrase, how: Calendar, *, due: bool) -> tuple[str, frozenset[str]]:
        """The ordinal of a day as an expression, and the facts that it hangs on."""

    def listed(self, path: str) -> tuple[str, ListWriter]:
        """The variable with a list, and what writes the walk through it."""

    def about(self, path: str) -> About: ...

    def is_told(self, number: int) -> bool:
        """Whether reasons are given for a cell: not for what another reading alone asks."""


Code = Callable[[str], None]
"""Writes the statements that put the status into a variable."""


@define(eq=False)
class Written:
    """A cell that is written out: first what it needs is announced, then its code is written."""

    write: Code
    hangs: frozenset[str]
    """The events that it hangs on."""
    at_once: bool = True
    """Whether what is open can hold on the day of evaluation already."""
    kept: str = "None"
    """The variable with what was gathered for it, from which `told` tells the rest."""
    told: Told | None = None
    besides: Callable[[Any, int], Iterable[str]] | None = None
    """From the file and today's ordinal, what is missing besides the event whose day is not known."""


def written(cell: Cell, number: int, writer: Writer) -> Written:
    """How a cell is written; raises `Unwritten`."""
    leaf = cell.leaf
    if type(leaf) is Fact:
        return _fact(leaf, cell, number, writer)
    if type(leaf) is OnDay:
        return _on_day(leaf, cell, number, writer)
    if type(leaf) is Judged:
        return _judged(leaf, cell, number, writer)
    if type(leaf) is Measured:
        return _measured(leaf, cell, number, writer)
    if type(leaf) is Time:
        return _time(leaf, cell, number, writer)
    raise Unwritten


def _due(cell: Cell, writer: Writer) -> tuple[str, frozenset[str]]:
    if cell.due is None:
        return str(LAST), frozenset()
    return writer.event(cell.due, cell.how, due=True)


def _possible(*days: str) -> str:
    """The status of what does not hold and can, until each of the days."""
    return f"2 if {' and '.join(f'today <= {day}' for day in dict.fromkeys(days))} else 8"


def _unknown(source: Source, into: str, number: int, gap: Gap | str) -> None:
    source.line(f"gaps[{number}] = {gap if isinstance(gap, str) else source.constant(gap)}")
    source.line(f"{into} = 4")


def _fact(leaf: Fact, cell: Cell, number: int, writer: Writer) -> Written:
    source, about = writer.source, leaf.about
    if about.null is not Null.NOT_KNOWN or about.ordered or about.not_yet_before or about.kind is Kind.DAY:
        raise Unwritten
    test = condition(source, FieldTest(leaf.path, leaf.comparison), about, "value")
    samples = [leaf._passes(one, None) for one in leaf.comparison.samples(about)] if test else []  # type: ignore[arg-type]
    if test is None or len(set(samples)) < 2:
        raise Unwritten
    due, hangs = _due(cell, writer)
    until = about.in_the_making_until
    rest = "8"
    if until == ALWAYS:
        rest = _possible(due)
    elif until is not None:
        day, more = writer.event(FactDay(until), cell.how, due=False)
        hangs |= more
        rest = _possible(day, due)
    raw = writer.raw(leaf.path)

    def write(into: str) -> None:
        source.line(f"value = {raw}")
        with source.block("if value is ABSENT or value is None:"):
            source.line(f"rest = {rest}")
            _unknown(
                source, into, number, f"{source.constant(Gap)}(({source.constant(leaf.path)},), rest, 1)"
            )
        with source.block(f"elif {test if leaf.positive else f'not ({test})'}:"):
            source.line(f"{into} = 1")
        with source.block("else:"):
            source.line(f"{into} = {rest}")

    return Written(write, hangs, kept=raw, told=FactTold(leaf, cell.how))


def _judged(leaf: Judged, cell: Cell, number: int, writer: Writer) -> Written:
    if cell.due is not None and hangs_on(cell.due, cell.how) is None:  # it may be due on no day
        raise Unwritten
    source = writer.source
    raw = writer.raw("judgements")
    question = source.constant(leaf.question)
    gap = Gap((f"judgements.{leaf.question}",), 8, 1)

    def write(into: str) -> None:
        source.line(f"value = None if {raw} is ABSENT or {raw} is None else {raw}.get({question})")
        with source.block("if value is None:"):
            _unknown(source, into, number, gap)
        with source.block("else:"):
            source.line(f"{into} = 1 if value is {leaf.positive} else 8")

    return Written(write, frozenset())


def _on_day(leaf: OnDay, cell: Cell, number: int, writer: Writer) -> Written:
    """Something that happens, by or before a day."""
    source, compared, tests = writer.source, leaf.compared, leaf.comparison.tests
    if type(compared) is not FactDay or not leaf.happens or not leaf.positive or len(tests) != 1:
        raise Unwritten
    test: Test = tests[0]
    about = writer.about(compared.path)
    if (
        test.word not in ("by", "before")
        or not isinstance(test.operand, Phrase)
        or about.null is not Null.AHEAD
    ):
        raise Unwritten
    bound, more = writer.event(test.operand, cell.how, due=False)
    due, hangs = _due(cell, writer)
    hangs |= more
    if compared.path in hangs:
        raise Unwritten
    before = "<=" if test.word == "by" else "<"
    value = f"on{number}"
    not_yet = f"{value} = None"
    if about.not_yet_before is not None:
        event, more = writer.event(FactDay(about.not_yet_before), cell.how, due=False)
        hangs |= more
        not_yet = f"{value} = {LAST} if today < {event} else None"
    raw = writer.raw(compared.path)
    possible = _possible(bound, due) if before == "<=" else f"2 if today < {bound} and today <= {due} else 8"

    def write(into: str) -> None:
        source.line(f"{value} = {raw}")
        with source.block(f"if {value}.__class__ is date:"):
            source.line(f"{value} = {value}.toordinal()")
        with source.block(f"elif {value} is None:"):
            source.line(f"{value} = {LAST}")
        with source.block(f"elif {value} is ABSENT:"):
            source.line(not_yet)
        with source.block("else:"):
            source.line(f"{value} = local_day({value}, zone).toordinal()")
        with source.block(f"if {value} is None:"):
            source.line(f"rest = {possible}")
            _unknown(
                source, into, number, f"{source.constant(Gap)}(({source.constant(compared.path)},), rest, 1)"
            )
        with source.block(f"elif {value} <= today and {value} <= {due} and {value} {before} {bound}:"):
            source.line(f"{into} = 1")
        with source.block(f"elif {value} > today:"):
            source.line(f"{into} = {possible}")
        with source.block("else:"):
            source.line(f"{into} = 8")

    return Written(write, hangs, kept=f"({value}, {bound})", told=OnDayTold(leaf, inclusive=before == "<="))


def _measured(leaf: Measured, cell: Cell, number: int, writer: Writer) -> Written:
    """One record at least that is handed in or done."""
    source, measure = writer.source, leaf.measure
    if (
        type(measure) is not Counted
        or measure.in_one is not None
        or type(leaf.needed) is not Amount
        or not leaf.positive
    ):
        raise Unwritten
    if leaf.more or leaf.needed.given != 1 or measure.summed or measure.distinct or measure.worth:
        raise Unwritten
    selection = measure.selection
    if not _done(selection) or not plain(selection):
        raise Unwritten
    due, hangs = _due(cell, writer)
    _, walk = writer.listed(selection.kind.path)
    gathered = walk.add(Gathering(selection, "day"))
    gathered.every = gathered.every or writer.is_told(number)
    count, gap = source.constant(of_count), source.constant(Gap)

    def write(into: str) -> None:
        day = gathered.found
        with source.block(f"if {day} <= today and {day} <= {due}:"):
            source.line(f"{into} = 1")
            with source.block(f"if {gathered.gap}:"):
                source.line(f"gaps[{number}] = {source.constant(Gap((), 1, 1))}")
        with source.block(f"elif {gathered.gap}:"):
            source.line(f"{into} = {count}(False, {gathered.gap}_of, today, {due})")
            with source.block(f"if {into}.__class__ is {gap}:"):
                _unknown(source, into, number, into)
            with source.block("else:"):
                source.line(f"gaps[{number}] = {gap}((), {into}, {into})")
        with source.block("else:"):
            source.line(f"{into} = 2 if today <= {due} else 8")

    besides = None
    if cell.due is not None and len(hangs) == 1 and _grows(cell.due, cell.how):
        besides = Besides(Doubts(gathered, writer.zone), cell.due, cell.how).paths
    return Written(write, hangs, kept=f"{gathered.found}_all", told=RecordsTold(leaf), besides=besides)


def _grows(phrase: Phrase, how: Calendar) -> bool:
    """Whether a later day of the event never makes an earlier one of it."""
    moved = how.month_end is MonthEnd.OVERFLOW and any(term.months for term in phrase.terms())
    return phrase.monotone() and not moved


@frozen(eq=False, repr=False)
class _Timed:
    """A status of time that is written already."""

    number: int
    into: str
    gathered: Gathering
    length: Length
    due: str
    rest: str
    """The function for what does not hold yet."""

    def comparable(self, other: _Timed) -> bool:
        """Whether both count one selection, or a wider one and a narrower one, up to one term."""
        one, two = self.gathered, other.gathered
        related = one is two or one is two.wider or two is one.wider or (one.wider is two.wider is not None)
        return related and self.length.key == other.length.key

    def counts_alike(self, other: _Timed) -> bool:
        """Whether only their due days may differ."""
        return self.gathered is other.gathered and self.length.alone is other.length.alone

    def to_come(self, like: _Timed) -> str:
        """The status where another day has one: what can be in time, can be by a later day too."""
        known = f"{like.into} == 1 or ({like.into} == 2 and {self.due} >= {like.due})"
        late = f"{like.into} == 8 and {self.due} <= {like.due}"
        return (
            f"{like.into} if {known} or ({late}) else {self.rest}({self.gathered.found}, today, {self.due})"
        )

    def distance(self, other: _Timed) -> tuple[bool, bool, bool]:
        """How much must be the same besides for the status to be the same."""
        return (
            self.gathered is not other.gathered,
            self.length.alone is not other.length.alone,
            self.due != other.due,
        )

    def like(self, other: _Timed) -> list[tuple[str, str]]:
        """When the other has the same status for another due day or another selection, as branches with
        values."""
        if self.counts_alike(other):  # judged today for both, it holds for both or for neither
            today = f"elif today <= {self.due} and today <= {other.due}:"
            return [(today, self.into if self.gathered.what == "acts" else other.to_come(self))]
        same = [f"{self.due} == {other.due}"] if self.due != other.due else []
        if self.gathered is not other.gathered:
            same.append(f"len({self.gathered.found}) == len({other.gathered.found})")
        if self.length.alone is not other.length.alone:
            same.append(f"len({other.gathered.found}) < 2")
        return [(f"elif {' and '.join(same)}:", self.into)]


def _done(selection: Selection) -> bool:
    """Whether the records are dated by a field that has no other stated default than that none is needed."""
    kind = selection.kind
    return (
        kind.dated_by is not None and kind.spans is None and kind.fields[kind.dated_by].default_from is None
    )


def _time(leaf: Time, cell: Cell, number: int, writer: Writer) -> Written:
    source, spells = writer.source, leaf.spells
    selection, kind, counting = spells.selection, spells.selection.kind, spells.counting
    term = leaf.needed.given
    if (
        leaf.head != "time"
        or not leaf.positive
        or type(leaf.needed) is not Amount
        or not isinstance(term, Term)
    ):
        raise Unwritten
    if spells.weighed or spells.whole_span or spells.unbroken is not None or not counting.overlaps_once:
        raise Unwritten
    if term.count == 0 or any(True for _ in leaf.phrases()) or not plain(selection):
        raise Unwritten
    acts = spells.inner is not None
    if acts:
        inner = selection.inner.get(spells.inner or "")
        if (
            inner is None
            or not plain(inner)
            or any(test.judge for test in inner.tests)
            or not _done(selection)
        ):
            raise Unwritten
        if inner.kind.spans is None or inner.kind.verdict is not None or "suspensions" in inner.kind.inner:
            raise Unwritten
        until = spells.each_until
        if until is not None and kind.fields[until].default_from not in (None, kind.dated_by):
            raise Unwritten
    elif (
        kind.spans is None
        or kind.dated_by is not None
        or spells.each_until is not None
        or spells.in_one is not None
        or ("suspensions" in kind.inner and not counting.suspended_counts)
    ):
        raise Unwritten
    due, hangs = _due(cell, writer)
    _, walk = writer.listed(kind.path)
    what = "acts" if acts else "runs"
    gathered = walk.add(Gathering(selection, what, spells.inner, spells.each_until))
    length = Length(term, counting.broken_runs, cell.how.month_end, alone=spells.one_alone)
    measure, gap = source.constant(of_measure), source.constant(Gap)
    status = source.constant(length.of_acts if acts else length.of_runs)

    def write(into: str) -> None:
        mine = _Timed(number, into, gathered, length, due, source.constant(length.of_runs_to_come))
        comparable = [one for one in writer.timed if one.comparable(mine)]
        nearest = min(comparable, key=mine.distance, default=None)
        like = nearest.like(mine) if nearest is not None else []
        writer.timed.append(mine)
        branch = "if"
        if nearest is not None and nearest.counts_alike(mine):
            branch = "elif"
            with source.block(f"if {due} == {nearest.due}:"):
                source.line(f"{into} = {nearest.into}")
                with source.block(f"if {gathered.gap} and {nearest.number} in gaps:"):
                    source.line(f"gaps[{number}] = gaps[{nearest.number}]")
                with source.block(f"elif {gathered.gap} and {nearest.number} in settled:"):
                    source.line(f"settled[{number}] = settled[{nearest.number}]")
        with source.block(f"{branch} {gathered.gap}:"):
            source.line(f"{into} = {measure}({status}, {gathered.found}, {gathered.gap}_of, today, {due})")
            with source.block(f"if {into} is None:"):
                source.line(f"{into} = slow({number}, facts, settled)")
            with source.block(f"elif {into}.__class__ is {gap}:"):
                source.line(f"gaps[{number}] = {into}")
                source.line(f"{into} = {into}.worst if {into}.worst == {into}.best else 4")
        for header, value in like:
            with source.block(header):
                source.line(f"{into} = {value}")
        with source.block("else:"):
            source.line(f"{into} = {status}({gathered.found}, today, {due})")

    told = TimeTold(leaf, length, acts)
    return Written(write, hangs, at_once=acts, kept=gathered.found, told=told)
