"""The limits in a condition, each with the condition as it would be were the limit one step stricter, or one
step looser.

A case lies *on* a limit when it would be answered otherwise were the limit stricter, and *beyond* it when it
would be were it looser: both together show that the limit is where it should be. Limits are found in what
conditions are made of (comparisons, windows, amounts, bounds of a total), whatever their family.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import Any

import attrs
from attrs import field, frozen

from kutsereeglid.applicant import About
from kutsereeglid.conditions import Leaf
from kutsereeglid.conditions.amounts import Amount, Row, written
from kutsereeglid.conditions.base import Variable
from kutsereeglid.conditions.comparison import Rung, Test, shown
from kutsereeglid.conditions.duration import Time
from kutsereeglid.conditions.measures import Counted
from kutsereeglid.conditions.records import ONE, Measured
from kutsereeglid.conditions.selection import FieldTest
from kutsereeglid.conditions.sharing import Need
from kutsereeglid.conditions.spells import Spells, Unbroken
from kutsereeglid.conditions.totals import Part
from kutsereeglid.dates import AHEAD, Calendar, Stretch, Term, plus_days
from kutsereeglid.facts import Facts, RecordType
from kutsereeglid.phrases import Phrase, Window
from kutsereeglid.units import Units


@frozen(eq=False)
class Limit:
    """One limit of a condition."""

    text: str
    """As an author would write it: ``at_least 40``, ``hours at_least 8``, ``within …: first day``."""
    stricter: Leaf | None
    """The condition with the limit one step stricter; ``None`` where there is no such step."""
    looser: Leaf | None
    until: Phrase | None = None
    """The day, where the limit is a last day."""


def limits_of(leaf: Leaf) -> tuple[Limit, ...]:
    """Every limit in a condition, in the order of what it is made of."""
    return tuple(Limit(*sides) for sides in _sides(leaf, ""))


@frozen
class Moved(Phrase):
    """A day so many days later than another (earlier when negative); what lies ahead stays ahead."""

    base: Phrase
    days: int

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        return self._moved(self.base.day(facts, today, how))

    def due(self, facts: Facts, today: date, how: Calendar) -> date:
        return self._moved(self.base.due(facts, today, how))

    def _moved(self, day: date) -> date:
        return day if day == AHEAD else plus_days(day, self.days)

    def parts(self) -> tuple[Phrase, ...]:
        return (self.base,)

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        return Moved(parts[0], self.days)

    def __str__(self) -> str:
        return str(self.base)


_Sides = Iterator[tuple[str, Any, Any, Phrase | None]]
"""The same as a `Limit` of a part of a condition."""

_NO_LIMITS_IN = (RecordType, About, Units, Phrase, Rung)


def _sides(thing: Any, prefix: str) -> _Sides:
    """The limits of a part of a condition and of all that it is made of."""
    if isinstance(thing, _NO_LIMITS_IN):
        return
    inner: Iterable[tuple[Any, Any, str]] = ()
    if isinstance(thing, Mapping):
        inner = [(key, value, f"{prefix}{key}: ") for key, value in thing.items()]
    elif isinstance(thing, tuple):
        inner = [(place, value, prefix) for place, value in enumerate(thing)]
    elif attrs.has(type(thing)):
        for text, *sides in _own(thing):
            yield (prefix + text, *sides)
        named = f"{prefix}{thing.name} " if isinstance(thing, FieldTest) else prefix
        inner = [(one.name, getattr(thing, one.name), named) for one in attrs.fields(type(thing))]
    for where, value, before in inner:
        for text, stricter, looser, until in _sides(value, before):
            yield text, _with(thing, where, stricter), _with(thing, where, looser), until


def _with(thing: Any, where: Any, new: Any) -> Any:
    """A part of a condition with one thing in it changed."""
    if new is None:
        return None
    if isinstance(thing, Mapping):
        return {**thing, where: new}
    if isinstance(thing, tuple):
        return (*thing[:where], new, *thing[where + 1 :])
    return attrs.evolve(thing, **{where: new})


@singledispatch
def _own(thing: Any) -> _Sides:  # noqa: ARG001 - what is no limit has none
    """The limits that a part of a condition holds itself."""
    return iter(())


_GREATER = ("at_least", "more_than", "from", "after")
_LESS = ("at_most", "less_than", "by", "before")


@_own.register
def _of_test(test: Test) -> _Sides:
    if test.word not in (*_GREATER, *_LESS):
        return
    step = 1 if test.word in _GREATER else -1
    stricter, looser = _stepped(test.operand, step), _stepped(test.operand, -step)
    if stricter is not None or looser is not None:
        yield (
            f"{test.word} {shown(test.operand)}",
            None if stricter is None else attrs.evolve(test, operand=stricter),
            None if looser is None else attrs.evolve(test, operand=looser),
            test.operand if test.word in _LESS and isinstance(test.operand, Phrase) else None,
        )


def _stepped(value: Any, step: int) -> Any:
    """A value one step on, or back: the next number, day or word of a scale; ``None`` where there is none."""
    if isinstance(value, Phrase):
        return Moved(value, step)
    if isinstance(value, date):
        return plus_days(value, step)
    if isinstance(value, Rung):
        rank = value.rank + step
        return Rung(value.scale[rank], value.scale) if 0 <= rank < len(value.scale) else None
    if isinstance(value, (int, float, Fraction)) and not isinstance(value, bool):
        return value + step
    return None


@_own.register
def _of_window(window: Window) -> _Sides:
    for side, step in (("first", 1), ("last", -1)):
        end = getattr(window, side)
        if end is not None:
            stricter, looser = _with(window, side, Moved(end, step)), _with(window, side, Moved(end, -step))
            yield f"within {window}: {side} day", stricter, looser, end if side == "last" else None


@_own.register
def _of_row(row: Row) -> _Sides:
    for side, step in (("first", 1), ("last", -1)):
        end = getattr(row, side)
        if end is not None:
            stricter, looser = (_with(row, side, _stepped(end, by)) for by in (step, -step))
            yield f"{'from' if side == 'first' else 'until'} {end}", stricter, looser, None


@frozen(eq=False, repr=False)
class _Shifted(Amount):
    """An amount and so many more."""

    of_which: Amount = field(kw_only=True)

    @property
    def hangs_on_records(self) -> bool:  # type: ignore[override]
        return self.of_which.hangs_on_records

    def of(self, facts: Facts, day: date, how: Calendar) -> Any:
        return self.of_which.of(facts, day, how) + self.given

    def reachable(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Iterable[Any]:
        return [one + self.given for one in self.of_which.reachable(facts, day, as_of, how)]

    def results(self, facts: Facts) -> Iterable[Any]:
        return [one + self.given for one in self.of_which.results(facts)]

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        return self.of_which.variables(facts, days)

    def phrases(self) -> Iterator[Phrase]:
        return self.of_which.phrases()

    def days(self, facts: Facts) -> Iterator[date]:
        return self.of_which.days(facts)


@_own.register
def _of_measured(leaf: Measured) -> _Sides:
    if leaf.needed is ONE:  # `some` and `document`: nobody wrote a number
        return
    words = {(True, False): "at_least", (True, True): "more_than", (False, False): "less_than"}
    word = words.get((leaf.positive, leaf.more), "at_most")
    step = 1 if leaf.positive else -1
    yield (
        f"{word} {leaf.needed}",
        attrs.evolve(leaf, needed=_Shifted(Fraction(step), of_which=leaf.needed)),
        attrs.evolve(leaf, needed=_Shifted(Fraction(-step), of_which=leaf.needed)),
        None,
    )


@frozen(eq=False, repr=False)
class _Lengthened(Spells):
    """Time with so many days more at its end, which is the same as a term of so many days less."""

    by: int = field(kw_only=True)

    def reached(self, sums: Iterable[list[Stretch]], term: Term, how: Calendar) -> bool:
        return super().reached([self._lengthened(one) for one in sums], term, how)

    def _lengthened(self, stretches: list[Stretch]) -> list[Stretch]:
        if not stretches:
            return stretches
        first, last, share = max(stretches, key=lambda one: one[1])
        rest = [one for one in stretches if one != (first, last, share)]
        return [*rest, (first, last + self.by, share)] if last + self.by >= first else rest


def _lengthened(spells: Spells, by: int) -> Spells:
    values = {one.name: getattr(spells, one.name) for one in attrs.fields(Spells)}
    return _Lengthened(**values, by=by)


@_own.register
def _of_time(leaf: Time) -> _Sides:
    yield (
        f"{'at_least' if leaf.positive else 'less_than'} {leaf.needed}",
        attrs.evolve(leaf, spells=_lengthened(leaf.spells, -1)),
        attrs.evolve(leaf, spells=_lengthened(leaf.spells, 1)),
        None,
    )


@_own.register
def _of_unbroken(unbroken: Unbroken) -> _Sides:
    gap = unbroken.gap
    if gap is not None:
        less = attrs.evolve(unbroken, gap=Term(gap.count - 1, gap.unit)) if gap.count > 0 else None
        yield f"gaps {gap}", less, attrs.evolve(unbroken, gap=Term(gap.count + 1, gap.unit)), None


@_own.register
def _of_counted(measure: Counted) -> _Sides:
    if measure.cap is not None:
        yield (
            f"at_most_in_one {written(measure.cap)}",
            attrs.evolve(measure, cap=max(Fraction(0), measure.cap - 1)),
            attrs.evolve(measure, cap=measure.cap + 1),
            None,
        )


@_own.register
def _of_part(part: Part) -> _Sides:
    if part.least is not None:
        yield (
            f"at_least {written(part.least)}",
            attrs.evolve(part, least=part.least + 1),
            attrs.evolve(part, least=part.least - 1),
            None,
        )
    if part.most is not None:
        yield (
            f"at_most {written(part.most)}",
            attrs.evolve(part, most=max(Fraction(0), part.most - 1)),
            attrs.evolve(part, most=part.most + 1),
            None,
        )


@_own.register
def _of_need(need: Need) -> _Sides:
    yield (
        f"at_least {written(need.needed)}",
        attrs.evolve(need, needed=need.needed + 1),
        attrs.evolve(need, needed=need.needed - 1) if need.needed > 0 else None,
        None,
    )
