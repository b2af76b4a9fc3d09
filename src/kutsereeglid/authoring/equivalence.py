"""Whether conditions that are written with other numbers hold for the same files all the same.

A total compares what its parts come to. Of two totals with the same parts a solver is asked for amounts, such as
a file can have, with which one is enough and the other is not; when there are none, no file is decided otherwise.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import z3

from kutsereeglid.authoring.checks.formulas import months_of
from kutsereeglid.authoring.content import content
from kutsereeglid.compiling import Compiled, Proposition
from kutsereeglid.conditions import Leaf
from kutsereeglid.conditions.amounts import Amount
from kutsereeglid.conditions.duration import Lasting
from kutsereeglid.conditions.measures import Counted, Measure
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.totals import If, Part, Total, Worth

_LONGEST_YEAR, _SHORTEST_YEAR = 366, 360
"""In days; the shorter one is of twelve months of thirty days."""
_LONGEST_MONTH, _SHORTEST_MONTH = 31, 28
_SLACK = 4
"""Days that a window may be longer than its term: both ends count, and months end where they do."""
_PATIENCE = 2_000
"""Milliseconds for one question."""


def equivalent(one: Compiled, other: Compiled) -> bool:
    """Whether each condition of a qualification that is not the same as in another version holds for the same
    files; False also where that is not known. All else about the two must be the same."""
    pairs = zip(one.propositions, other.propositions, strict=True)
    return all(_alike(before, after) for before, after in pairs)


def _alike(before: Proposition, after: Proposition) -> bool:
    if content(before.leaf) == content(after.leaf):
        return True
    return before.leaf is not None and after.leaf is not None and same_answers(before.leaf, after.leaf)


def same_answers(one: Leaf, other: Leaf) -> bool:
    """Whether two conditions of amounts hold for the same files; False also where that is not known."""
    if not (isinstance(one, Measured) and isinstance(other, Measured)):
        return False
    if type(one.needed) is not Amount or type(other.needed) is not Amount or one.positive != other.positive:
        return False
    parts = _Parts()
    differ = parts.enough(one) != parts.enough(other)
    solver = z3.Solver()
    solver.set("timeout", _PATIENCE)
    solver.add(*parts.known, differ)
    return bool(solver.check() == z3.unsat)


class _Parts:
    """What measures come to, as variables; the same measure is the same variable in both conditions."""

    def __init__(self) -> None:
        self.known: list[Any] = []
        self._variables: dict[Any, Any] = {}

    def enough(self, leaf: Measured) -> Any:
        amount, needed = self._amount(leaf.measure), _exact(leaf.needed.given)
        return amount > needed if leaf.more else amount >= needed

    def _amount(self, measure: Measure) -> Any:
        if isinstance(measure, Total):
            return self._total(measure)
        if isinstance(measure, Worth):
            times = self._amount(measure.inner) / _exact(measure.per)
            return _exact(measure.factor) * (z3.ToReal(z3.ToInt(times)) if measure.full else times)
        if isinstance(measure, If):
            there = self._variable(("if", content(measure.leaf)), whole=True, most=1)
            return _exact(measure.worth) * there
        if isinstance(measure, Lasting):
            most = _terms_in_window(measure)
            return self._variable(content(measure), whole=measure.full, most=most)
        counted = isinstance(measure, Counted) and measure.summed is None
        return self._variable(content(measure), whole=counted, most=None, least=_least(measure))

    def _total(self, total: Total) -> Any:
        amounts = [(part, self._amount(part.measure)) for part in total.parts.values()]
        whole: Any = z3.RealVal(0)
        for part, amount in amounts:
            bounded = _bounded(part, amount)
            whole = z3.If(bounded > whole, bounded, whole) if total.best_only else whole + bounded
        lacking = [amount < _exact(part.least) for part, amount in amounts if part.least is not None]
        return z3.If(z3.Or(*lacking), z3.RealVal(-1), whole)

    def _variable(self, key: Any, *, whole: bool, most: int | None, least: int | None = 0) -> Any:
        if key not in self._variables:
            name = f"amount{len(self._variables)}"
            made = z3.ToReal(z3.Int(name)) if whole else z3.Real(name)
            self._variables[key] = made
            if least is not None:
                self.known.append(made >= least)
            if most is not None:
                self.known.append(made <= most)
        return self._variables[key]


def _least(measure: Measure) -> int | None:
    """Nothing, or ``None`` where what is added up may be less than that."""
    if not isinstance(measure, Counted) or measure.summed is None:
        return 0
    about = measure.selection.kind.fields[measure.summed]
    return 0 if measure.worth is None and about.least >= 0 else None


def _bounded(part: Part, amount: Any) -> Any:
    if part.most is None:
        return amount
    most = _exact(part.most)
    return z3.If(amount > most, most, amount)


def _terms_in_window(lasting: Lasting) -> int | None:
    """The most whole terms that can lie in its window, or a number that is no less."""
    spells = lasting.spells
    window = spells.selection.window
    months = None if window is None else months_of(window)
    each = lasting.each.months
    if not lasting.full or months is None or not each or spells.inner is not None:
        return None
    if not spells.counting.overlaps_once or spells.weighed:
        return None
    longest = months // 12 * _LONGEST_YEAR + months % 12 * _LONGEST_MONTH + _SLACK
    shortest = each // 12 * _SHORTEST_YEAR + each % 12 * _SHORTEST_MONTH
    return longest // shortest


def _exact(number: Fraction) -> Any:
    return z3.RealVal(str(number))
