"""Amounts that conditions decide: a table by an age, a count, a sum or a time, or conditions one after another.

They are read as conditions made of others: ``at_least: needed`` is, for each amount that may be needed, that so
much is there and no more is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from attrs import frozen

from kutsereeglid.applicant import Kind
from kutsereeglid.conditions.amounts import Amount, size
from kutsereeglid.conditions.logic import ALWAYS, NEVER, AtLeast, Condition, Not
from kutsereeglid.conditions.parsing_values import (
    LOWER,
    amount,
    at,
    decided_by_conditions,
    fact_about,
    names_table,
    nested_table,
    of_picked,
)
from kutsereeglid.conditions.scope import Scope, Undecided
from kutsereeglid.errors import closest, listed
from kutsereeglid.tree_reader import Unreadable
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of

MEASURED = (
    "age_on",
    "length",
    "count",
    "sum",
    "total",
    "time",
    "unbroken",
    "span",
    "average",
    "share",
    "fact",
)
"""The head words that a table may go by."""


@frozen(eq=False, repr=False)
class Case:
    """An amount, and the condition under which it is needed, where none before it is."""

    condition: Condition
    result: Any


def compared(
    node: Node,
    word: str,
    scope: Scope,
    read: Callable[[Node], Any],
    what: str,
    make: Callable[[Amount], Condition],
) -> Condition:
    """What ``make`` makes of an amount; of one that conditions decide, a condition made of others."""
    defined = decided_by_conditions(node, scope) or nested_table(node, scope)
    if defined is None:
        return make(amount(node, scope, read, what))
    name = str(getattr(node, "value", ""))
    with scope.within(name, node):
        cases, otherwise = cases_of(name, defined, scope, read)
    results = sorted({*(case.result for case in cases), otherwise}, key=size)
    lower = word in LOWER
    parts: list[Condition] = []
    told: list[tuple[int, bool]] = []
    for result in results:
        enough = [
            one for one in results if (size(one) <= size(result) if lower else size(one) >= size(result))
        ]
        needed = _one_of(cases, otherwise, enough)
        made = make(Amount(result))
        told.append((len(parts), needed is not ALWAYS))
        parts.append(made if needed is ALWAYS else AtLeast(2, (made, needed)))
    if len(parts) == 1:
        return parts[0]
    return AtLeast(1, tuple(parts), cases=tuple(told if lower else reversed(told)))


def in_each_case(hanging: Undecided, scope: Scope, make: Callable[[], Condition]) -> Condition:
    """What ``make`` makes of a condition that hangs on an amount or a day which conditions decide: for each that it
    may be, that it is this one and the condition holds with it.

    What holds with each of several holds whichever of them it is, so that facts which only decide that are not
    missing."""
    name = hanging.name
    node = scope.define[name]
    defined = names_table(Scalar(name, node.place), scope)
    assert defined is not None
    with scope.within(name, node):
        cases, otherwise = cases_of(name, defined, scope, lambda result: result)
    taken: dict[str, Condition] = {}
    named: list[Case] = []
    for case in (*cases, Case(ALWAYS, otherwise)):
        text = str(getattr(case.result, "value", ""))
        if text not in taken:
            with scope.taking(name, case.result):
                taken[text] = make()
        named.append(Case(case.condition, text))
    texts = list(taken)
    several = [texts[:end] for end in range(1, len(texts) + 1)] + [
        texts[start:] for start in range(1, len(texts))
    ]
    alone = [[text] for text in texts if [text] not in several]
    parts: list[Condition] = []
    told: list[tuple[int, bool]] = []
    for some in (*several, *alone):
        needed = _one_of(named[:-1], named[-1].result, some)
        holding = [taken[text] for text in some] + ([] if needed is ALWAYS else [needed])
        if len(some) == 1:
            told.append((len(parts), needed is not ALWAYS))
        parts.append(holding[0] if len(holding) == 1 else AtLeast(len(holding), tuple(holding)))
    return parts[0] if len(parts) == 1 else AtLeast(1, tuple(parts), cases=tuple(told))


def cases_of(
    name: str, defined: Mapping, scope: Scope, read: Callable[[Node], Any]
) -> tuple[list[Case], Any]:
    """The cases of a definition in their order, and what holds otherwise; where these name another table or other
    cases, those stand in their place."""
    by_table = defined.get("cases") is None
    keys = ("table", "rows", "otherwise") if by_table else ("cases", "otherwise")
    scope.check_keys(defined, keys, f"`{name}`", keys[1:])
    otherwise = defined.get("otherwise")
    outer, scope.window = scope.window, None  # a rule's window is for its own measures
    try:
        pairs = _rows(defined, scope) if by_table else _written(at(defined, "cases"), scope)
        if otherwise is None:
            raise Unreadable
        cases: list[Case] = []
        for tree, result in pairs:
            condition = scope.condition(tree)
            inner, last = _inside(result, scope, read)
            cases += [Case(AtLeast(2, (condition, one.condition)), one.result) for one in inner]
            cases.append(Case(condition, last))
        inner, last = _inside(otherwise, scope, read)
        return [*cases, *inner], last
    finally:
        scope.window = outer


def _inside(node: Node, scope: Scope, read: Callable[[Node], Any]) -> tuple[list[Case], Any]:
    """The cases of what a result names, and what holds otherwise; of a plain result there is no case."""
    defined = names_table(node, scope)
    if defined is None:
        return [], read(node)
    name = str(getattr(node, "value", ""))
    with scope.within(name, node):
        return cases_of(name, defined, scope, read)


def _written(node: Node, scope: Scope) -> list[tuple[Node, Node]]:
    """``cases: [{when: COND, then: AMOUNT}, …]``."""
    if not isinstance(node, Sequence) or not node.items:
        raise scope.refuse("wrong-type", node.place, kind_of(node), "a list, `[{when: COND, then: AMOUNT}]`")
    pairs = []
    for item in node.items:
        if not isinstance(item, Mapping):
            raise scope.refuse("wrong-type", item.place, kind_of(item), "`{when: COND, then: AMOUNT}`")
        scope.check_keys(item, ("when", "then"), "a case", ("when", "then"))
        when, then = item.get("when"), item.get("then")
        if when is None or then is None:
            raise Unreadable
        pairs.append((when, then))
    return pairs


_BAND = re.compile(r"(?:from (?P<first>.+?))?(?: ?\b(?:until|to) (?P<last>.+))?")


_NOTHING = re.compile(r"0+(?:\.0+)?(?![\d.])")
"""A bound of nothing, which is none."""


def _rows(defined: Mapping, scope: Scope) -> list[tuple[Node, Node]]:
    """The rows of a table by a fact or a measure, each as a condition."""
    measure, rows = at(defined, "table"), defined.get("rows")
    if isinstance(rows, Mapping) and not isinstance(measure, Mapping):
        return [(_with_fact(measure, key, rows.place_of(key), scope), result) for key, result in rows.entries]
    assert isinstance(measure, Mapping)
    heads = [key for key in measure.keys() if key in MEASURED]
    if len(heads) != 1:
        raise scope.refuse(
            "no-head",
            measure.place,
            f"a table by {listed(measure.keys())}",
            f"a fact, or a measure without a comparison: {listed(MEASURED)}",
            next((near for key in measure.keys() if (near := closest(key, MEASURED))), ""),
        )
    for word in ("at_least", "at_most", "more_than", "less_than"):
        if measure.get(word) is not None:
            raise scope.refuse(
                "comparison-lacking",
                measure.place_of(word),
                f"`{word}` in a table's measure",
                "the measure alone, which the rows compare",
                "leave it out",
            )
    if not isinstance(rows, Mapping) or not rows.entries:
        raise scope.refuse("wrong-type", defined.place, "a table without rows", "`rows: {from 10: AMOUNT}`")
    return [(_in_row(measure, key, rows.place_of(key)), result) for key, result in rows.entries]


def _with_fact(key: Node, row: str, place: Place, scope: Scope) -> Node:
    """That the fact by which a table goes has the value, or is in the band, that a row names."""
    path = scope.vocabulary.full(scope.text(key, "a fact's path"))
    of = of_picked(path, key.place, scope)
    about = of[0].selection.kind.fields[of[1]] if of else fact_about(path, key.place, scope)
    fact = Mapping((("fact", key),), key.place)
    if about.kind is Kind.NUMBER:
        return _in_row(fact, row, place)
    if about.kind is Kind.YES_NO:
        return Mapping((*fact.entries, ("is", Scalar(row == "true", place))), place)
    if about.kind is not Kind.DAY:
        return Mapping((*fact.entries, ("is", Scalar(row, place))), place)
    band = _BAND.fullmatch(row)
    first, last = (band["first"], band["last"]) if band is not None else (None, None)
    ends = (("from", first), ("by", last)) if first or last else (("from", row), ("by", row))
    bounds = tuple((word, Scalar(day, place)) for word, day in ends if day)
    # Of a day that is not there yet, the judged day is looked up.
    compared = fact.entries if of else (("day", Scalar(f"{path} or today", key.place)),)
    return Mapping((*compared, *bounds), place)


def _in_row(measure: Mapping, key: str, place: Place) -> Node:
    """The measure within the band, or at the value, that a row names."""
    band = _BAND.fullmatch(key)
    first, last = (band["first"], band["last"]) if band is not None else (None, None)
    if not first and not last:
        first = last = key
    bounds = [("at_least", _scalar(first, place))] if first and not _NOTHING.match(first) else []
    bounds += [("at_most", _scalar(last, place))] if last else []
    if not bounds:
        return Scalar("always", place)
    return Mapping((*measure.entries, *bounds), place)


def _scalar(text: str, place: Place) -> Scalar:
    try:
        number = float(text)
    except ValueError:
        return Scalar(text, place)
    return Scalar(int(number) if number.is_integer() else number, place)


def _one_of(cases: list[Case], otherwise: Any, results: list[Any]) -> Condition:
    """That the amount needed is one of these."""
    made: Condition = ALWAYS if otherwise in results else NEVER
    for case in reversed(cases):
        if case.result in results:
            made = (
                ALWAYS
                if made is ALWAYS
                else case.condition
                if made is NEVER
                else AtLeast(1, (case.condition, made))
            )
        elif made is not NEVER:
            made = Not(case.condition) if made is ALWAYS else AtLeast(2, (Not(case.condition), made))
    return made
