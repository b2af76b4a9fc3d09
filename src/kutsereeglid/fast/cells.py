"""The families of conditions that are written out, each as code for one status.

What a family's own module says is the meaning; this is the same for the plain cases, and the tests hold the
two together. A condition that is not written out is judged by `settle`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from attrs import define

from kutsereeglid.applicant import ALWAYS, About, Kind, Null
from kutsereeglid.conditions.amounts import Amount
from kutsereeglid.conditions.comparison import Fact, Test
from kutsereeglid.conditions.days import OnDay
from kutsereeglid.conditions.duration import Time
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.measures import Counted
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.selection import FieldTest, Selection
from kutsereeglid.dates import Calendar, Term
from kutsereeglid.fast.gaps import Gap, of_count, of_measure
from kutsereeglid.fast.lengths import Length
from kutsereeglid.fast.lists import Doubts, Gathering, ListWriter, condition, plain
from kutsereeglid.fast.rows import LAST
from kutsereeglid.fast.source import Source
from kutsereeglid.phrases import FactDay, Phrase
from kutsereeglid.plans import Cell


class Unwritten(Exception):
    """The condition is not one that is written out."""


class Writer(Protocol):
    """What a cell's code may use; the function is written by `kutsereeglid.fast.judging`."""

    source: Source
    zone: Any

    def raw(self, path: str) -> str:
        """The variable with a fact's raw value."""

    def event(self, phrase: Phrase, how: Calendar, *, due: bool) -> tuple[str, frozenset[str]]:
        """The ordinal of a day as an expression, and the facts that it hangs on."""

    def listed(self, path: str) -> tuple[str, ListWriter]:
        """The variable with a list, and what writes the walk through it."""

    def about(self, path: str) -> About: ...


Code = Callable[[str], None]
"""Writes the statements that put the status into a variable."""


@define(eq=False)
class Written:
    """A cell that is written out: first what it needs is announced, then its code is written."""

    write: Code
    hangs: frozenset[str]
    """The events that it hangs on."""


def written(cell: Cell, number: int, writer: Writer) -> Written:
    """How a cell is written; raises `Unwritten`."""
    leaf = cell.leaf
    if type(leaf) is Fact:
        return _fact(leaf, cell, number, writer)
    if type(leaf) is OnDay:
        return _on_day(leaf, cell, number, writer)
    if type(leaf) is Judged:
        return _judged(leaf, number, writer)
    if type(leaf) is Measured:
        return _measured(leaf, cell, number, writer)
    if type(leaf) is Time:
        return _time(leaf, cell, number, writer)
    raise Unwritten


def _due(cell: Cell, writer: Writer) -> tuple[str, frozenset[str]]:
    if cell.due is None:
        return str(LAST), frozenset()
    return writer.event(cell.due, cell.how, due=True)


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
        rest = f"2 if today <= {due} else 8"
    elif until is not None:
        day, more = writer.event(FactDay(until), cell.how, due=False)
        hangs |= more
        rest = f"2 if today <= {day} and today <= {due} else 8"
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

    return Written(write, hangs)


def _judged(leaf: Judged, number: int, writer: Writer) -> Written:
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
    not_yet = "value = None"
    if about.not_yet_before is not None:
        event, more = writer.event(FactDay(about.not_yet_before), cell.how, due=False)
        hangs |= more
        not_yet = f"value = {LAST} if today < {event} else None"
    raw = writer.raw(compared.path)
    possible = f"2 if today {before} {bound} and today <= {due} else 8"

    def write(into: str) -> None:
        source.line(f"value = {raw}")
        with source.block("if value.__class__ is date:"):
            source.line("value = value.toordinal()")
        with source.block("elif value is None:"):
            source.line(f"value = {LAST}")
        with source.block("elif value is ABSENT:"):
            source.line(not_yet)
        with source.block("else:"):
            source.line("value = local_day(value, zone).toordinal()")
        with source.block("if value is None:"):
            source.line(f"rest = {possible}")
            _unknown(
                source, into, number, f"{source.constant(Gap)}(({source.constant(compared.path)},), rest, 1)"
            )
        with source.block(f"elif value <= today and value <= {due} and value {before} {bound}:"):
            source.line(f"{into} = 1")
        with source.block("elif value > today:"):
            source.line(f"{into} = {possible}")
        with source.block("else:"):
            source.line(f"{into} = 8")

    return Written(write, hangs)


def _measured(leaf: Measured, cell: Cell, number: int, writer: Writer) -> Written:
    """One record at least that is handed in or done."""
    source, measure = writer.source, leaf.measure
    if type(measure) is not Counted or type(leaf.needed) is not Amount or not leaf.positive:
        raise Unwritten
    if leaf.more or leaf.needed.given != 1 or measure.summed or measure.distinct or measure.worth:
        raise Unwritten
    selection = measure.selection
    if not _done(selection) or not plain(selection):
        raise Unwritten
    due, hangs = _due(cell, writer)
    listed, walk = writer.listed(selection.kind.path)
    gathered = walk.add(Gathering(selection, "day"))
    doubts = source.constant(Doubts(gathered, writer.zone))
    count, gap = source.constant(of_count), source.constant(Gap)

    def write(into: str) -> None:
        day = gathered.found
        with source.block(f"if {day} <= today and {day} <= {due}:"):
            source.line(f"{into} = 1")
            if hangs:
                with source.block(f"if {gathered.gap}:"):
                    source.line(f"gaps[{number}] = {source.constant(Gap((), 1, 1))}")
        with source.block(f"elif {gathered.gap}:"):
            source.line(f"{into} = {count}(False, {doubts}.days({listed}), today, {due})")
            with source.block(f"if {into}.__class__ is {gap}:"):
                _unknown(source, into, number, into)
        with source.block("else:"):
            source.line(f"{into} = 2 if today <= {due} else 8")

    return Written(write, hangs)


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
        or ("suspensions" in kind.inner and not counting.suspended_counts)
    ):
        raise Unwritten
    due, hangs = _due(cell, writer)
    listed, walk = writer.listed(kind.path)
    what = "acts" if acts else "runs"
    gathered = walk.add(Gathering(selection, what, spells.inner, spells.each_until))
    length = Length(term, counting.broken_runs, cell.how.month_end, spells.one_alone)
    status = length.of_acts if acts else length.of_runs
    doubts = source.constant(Doubts(gathered, writer.zone))
    measure = source.constant(of_measure)

    def write(into: str) -> None:
        name = source.constant(status)
        with source.block(f"if {gathered.gap}:"):
            source.line(
                f"{into} = {measure}({name}, {gathered.found}, {doubts}.records({listed}), today, {due})"
            )
            with source.block(f"if {into} is None:"):
                source.line(f"{into} = slow({number}, facts, settled)")
            with source.block(f"elif {into}.__class__ is {source.constant(Gap)}:"):
                source.line(f"gaps[{number}] = {into}")
                source.line(f"{into} = {into}.worst if {into}.worst == {into}.best else 4")
        with source.block("else:"):
            source.line(f"{into} = {name}({gathered.found}, today, {due})")

    return Written(write, hangs)
