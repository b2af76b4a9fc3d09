"""Conditions as formulas over what a file may hold, so that a solver can tell what no file can.

A formula says at least what the condition asks: whatever holds for some file satisfies it. Where a family
is too rich, something weaker is said, so that what the solver proves is true of every file, and what it
does not prove may still be.

A day is its ordinal, `AHEAD` included. An amount of records is a variable of its own; what is known of
two amounts (one selects fewer records, one window lies in the other) is said beside the formulas, in
`Formulas.known`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

import z3
from attrs import evolve, frozen

from kutsereeglid.applicant import About, Kind, Null
from kutsereeglid.compiling import Compiled
from kutsereeglid.conditions import Leaf
from kutsereeglid.conditions.amounts import Amount, Lookup, Multiple, Row
from kutsereeglid.conditions.chosen import Chosen
from kutsereeglid.conditions.combined import Combined
from kutsereeglid.conditions.comparison import OR_NONE, Comparison, Fact, Rung, SameAs, Test
from kutsereeglid.conditions.days import Announced, OnDay
from kutsereeglid.conditions.duration import Lasting, Time
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.measures import Counted, Measure
from kutsereeglid.conditions.picks import OfPicked
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.selection import FieldTest, Selection
from kutsereeglid.conditions.sharing import UsedOnce
from kutsereeglid.conditions.spells import Spells
from kutsereeglid.conditions.threshold import Threshold
from kutsereeglid.conditions.totals import If, Total, Worth
from kutsereeglid.dates import AHEAD, Calendar, MonthEnd, Shift, Term, Unit, plain_day
from kutsereeglid.facts import RecordType, Vocabulary
from kutsereeglid.phrases import (
    EndOf,
    Extreme,
    FactDay,
    FixedDay,
    FixedMoment,
    Offset,
    Otherwise,
    Phrase,
    Reached,
    Recurring,
    Today,
    Window,
)
from kutsereeglid.plans import structure

_AHEAD = AHEAD.toordinal()
_MOST_YEAR = 366
_LEAST_MONTH, _MOST_MONTH, _SLACK = 28, 31, 3
_LONGEST_SHIFT = 15
"""No run of days off is longer."""
_PATIENCE = 2_000
"""Milliseconds for one question; what is not answered by then counts as not proven."""

Formula = Any
"""A formula or a term of z3, which has no types of its own."""


@frozen(eq=False)
class _Amount:
    """A variable for what some records come to."""

    kind: str
    """What of: how many, a field's sum, how long."""
    value: Formula
    lists: Any
    """What must be the same in two amounts for one to be a part of the other."""
    record: Formula
    """What a record must pass to count."""
    window: tuple[Formula, Formula] | None = None


class Formulas:
    """The formulas of one qualification's propositions."""

    def __init__(self, compiled: Compiled, vocabulary: Vocabulary) -> None:
        self.compiled = compiled
        self.vocabulary = vocabulary
        self.known: list[Formula] = []
        self.codes: dict[str, int] = {}
        self.variables: dict[Any, Formula] = {}
        self.amounts: list[_Amount] = []
        self._solver = z3.Solver()
        self._solver.set("timeout", _PATIENCE)
        self._solver.set("random_seed", 0)
        self._told = 0
        self.as_of = z3.Int("as of")
        self.known.append(z3.And(self.as_of > 1, self.as_of < _AHEAD))
        self._made: dict[int, Formula] = {}
        self.leaves = [
            None if one.leaf is None or one.how is None else _At(self, one.how, one.due).holds(one.leaf)
            for one in compiled.propositions
        ]
        self._relate()

    # Propositions.

    def of(self, number: int) -> Formula:
        """What holds when the proposition is met."""
        if number not in self._made:
            one = self.compiled.propositions[number]
            if one.group is None:
                self._made[number] = self.leaves[number]
            else:
                parts = [self.of(part) for part in one.group.parts]
                self._made[number] = self._group(parts, one.group.needed, one.choice)
        return self._made[number]

    def _group(self, parts: list[Formula], needed: int, choice: str | None) -> Formula:
        if choice is not None:
            taken = self._variable(("reading", choice), z3.Int)
            return z3.Or([z3.And(taken == place, part) for place, part in enumerate(parts)])
        if needed <= 0:
            return z3.BoolVal(True)
        if needed > len(parts):
            return z3.BoolVal(False)
        if needed == len(parts):
            return z3.And(parts)
        return z3.Or(parts) if needed == 1 else z3.PbGe([(part, 1) for part in parts], needed)

    # Variables.

    def _variable(self, key: Any, make: Callable[[str], Formula]) -> Formula:
        if key not in self.variables:
            self.variables[key] = make(f"{len(self.variables)}: {str(key)[:60]}")
        return self.variables[key]

    def _opaque(self, *key: Any) -> Formula:
        """Something of which nothing is known but that it is the same wherever it is asked."""
        return self._variable(("opaque", *map(structure, key)), z3.Bool)

    def _code(self, word: str) -> int:
        return self.codes.setdefault(str(word), len(self.codes))

    # What is known of amounts.

    def _relate(self) -> None:
        for one, other in permutations(self.amounts, 2):
            if one.lists != other.lists or not self._inside(one, other):
                continue
            self.known.append(one.value <= other.value)
        for one, other in combinations(self.amounts, 2):
            self._relate_apart(one, other)

    def _inside(self, one: _Amount, other: _Amount) -> bool:
        """Whether what counts for one counts for the other."""
        if not self.proves(z3.Implies(one.record, other.record)):
            return False
        if one.kind != "time" or other.window is None:
            return True
        if one.window is None:
            return False
        return self.proves(z3.And(other.window[0] <= one.window[0], one.window[1] <= other.window[1]))

    def _relate_apart(self, one: _Amount, other: _Amount) -> None:
        """Two amounts of which neither record counts for the other are together no more than a third."""
        if one.lists != other.lists or one.kind not in ("count", "sum"):
            return
        if not self.proves(z3.Not(z3.And(one.record, other.record))):
            return
        for whole in self.amounts:
            apart = whole.lists == one.lists and whole is not one and whole is not other
            if apart and self._inside(one, whole) and self._inside(other, whole):
                self.known.append(one.value + other.value <= whole.value)

    # Questions.

    def proves(self, formula: Formula) -> bool:
        """Whether it holds for every file."""
        return self.core([z3.Not(formula)]) is not None

    def clash(self, formulas: list[Formula]) -> list[int] | None:
        """The same once every day has come to be known: that something lies ahead still meets nothing."""
        days = [day < _AHEAD for key, day in self.variables.items() if key[0] == "day"]
        core = self.core([*formulas, z3.And(days)])
        return None if core is None else [one for one in core if one < len(formulas)]

    def core(self, formulas: list[Formula]) -> list[int] | None:
        """Formulas that cannot hold together, few of them; ``None`` when all of them may."""
        solver = self._solver
        solver.add(self.known[self._told :])
        self._told = len(self.known)
        solver.push()
        try:
            marks = [z3.Bool(f"formula {place}") for place in range(len(formulas))]
            for mark, formula in zip(marks, formulas, strict=True):
                solver.add(z3.Implies(mark, formula))
            if solver.check(marks) != z3.unsat:
                return None
            names = {mark.get_id(): place for place, mark in enumerate(marks)}
            core = sorted(names[one.get_id()] for one in solver.unsat_core())
            for place in reversed(core):  # those that can be left out
                less = [one for one in core if one != place]
                if solver.check([marks[one] for one in less]) == z3.unsat:
                    core = less
            return core
        finally:
            solver.pop()


class _At:
    """Writes formulas for a leaf that is judged by a due day; of one record's fields where a prefix is given."""

    def __init__(self, all_: Formulas, how: Calendar, due: Phrase | None) -> None:
        self.all = all_
        self.how = how
        self.due = due
        self.day = all_.as_of  # a due day is counted on the day of evaluation
        if due is not None:
            last = self._due(due)
            self.day = all_._variable(("judged", structure(due), structure(how)), z3.Int)
            all_.known.append(self.day == z3.If(last < all_.as_of, last, all_.as_of))

    def holds(self, leaf: Leaf) -> Formula:
        formula = self._positive(leaf if leaf.positive else leaf.negated())
        return formula if leaf.positive else z3.Not(formula)

    def _positive(self, leaf: Leaf) -> Formula:
        if isinstance(leaf, Combined):
            return self.all._group([self.holds(part) for part in leaf.parts], leaf.needed, None)
        if isinstance(leaf, Fact):
            return self._compared(("fact", leaf.path), leaf.about, leaf.comparison)
        if isinstance(leaf, OnDay):
            return z3.And(
                self._happened(leaf.compared), self._day_passes(self._phrase(leaf.compared), leaf.comparison)
            )
        if isinstance(leaf, Threshold):
            value = self._number(("fact", leaf.path), leaf.about)
            needed = self._needed(leaf.needed)
            return value > needed if leaf.more else value >= needed
        if isinstance(leaf, Measured):
            amount, needed = self._measure(leaf.measure), self._needed(leaf.needed)
            return amount > needed if leaf.more else amount >= needed
        if isinstance(leaf, Time):
            return self._long_enough(leaf)
        if isinstance(leaf, UsedOnce):
            filled = self.all._opaque(leaf, self.day)
            needs = [self._measure(need.measure) >= _number(need.needed) for need in leaf.needs.values()]
            self.all.known.append(z3.Implies(filled, z3.And(needs)))
            return filled
        if isinstance(leaf, OfPicked):
            there = self._measure(Counted(leaf.pick.selection)) >= 1
            if leaf.comparison is None:
                return there
            return z3.And(there, self.all._opaque(leaf, self.day))
        if isinstance(leaf, Judged):
            return self.all._opaque("judged", leaf.question)
        if isinstance(leaf, Announced):
            return self.all._opaque("announced")
        return self.all._opaque(leaf, self.day)

    # Days.

    def _due(self, phrase: Phrase) -> Formula:
        """A due day, moved off days off."""
        if isinstance(phrase, Offset):
            shift = self.how.shift_before if phrase.before else self.how.shift_after
            day = self._phrase(phrase)
            if shift is Shift.STAY:
                return day
            moved = self.all._variable(("moved", structure(phrase), structure(self.how)), z3.Int)
            self.all.known.append(z3.And(moved - day <= _LONGEST_SHIFT, day - moved <= _LONGEST_SHIFT))
            return moved
        if isinstance(phrase, Extreme):
            return _extreme(phrase.later, [self._due(part) for part in phrase.pair])
        if isinstance(phrase, Chosen):
            day = self.all._variable(("moved", structure(phrase), structure(self.how)), z3.Int)
            self.all.known.append(z3.Or([day == self._due(one) for one in phrase.options]))
            return day
        return self._phrase(phrase)

    def _phrase(self, phrase: Phrase) -> Formula:
        if isinstance(phrase, Today):
            return self.day
        if isinstance(phrase, FixedDay):
            return z3.IntVal(phrase.fixed.toordinal())
        if isinstance(phrase, FixedMoment):
            return z3.IntVal(plain_day(phrase.fixed).toordinal())
        if isinstance(phrase, FactDay):
            day = self._fact_day(phrase.path)
            if not isinstance(phrase, Reached):
                return day
            happens = self.all.vocabulary.facts[phrase.path].happens
            ahead = z3.Or(day == _AHEAD, day > self.day) if happens else day == _AHEAD
            return z3.If(ahead, self.day, day)
        if isinstance(phrase, Offset):
            return self._offset(phrase)
        if isinstance(phrase, EndOf):
            base = self._phrase(phrase.base)
            end = self._free(phrase)
            most = _MOST_YEAR if phrase.unit == "year" else _MOST_MONTH
            self.all.known.append(
                z3.If(base == _AHEAD, end == _AHEAD, z3.And(end >= base, end < base + most))
            )
            return end
        if isinstance(phrase, Recurring):
            base, day = self._phrase(phrase.base), self._free(phrase)
            gone = day - base if phrase.side in ("from", "after") else base - day
            own = 0 if phrase.side in ("from", "by") else 1
            apart = z3.And(gone >= own, gone <= _MOST_YEAR)
            self.all.known.append(z3.If(base == _AHEAD, day == _AHEAD, z3.Or(apart, day == 1, day == _AHEAD)))
            return day
        if isinstance(phrase, Extreme):
            return _extreme(phrase.later, [self._phrase(part) for part in phrase.pair])
        if isinstance(phrase, Otherwise):
            first = self._phrase(phrase.first)
            ahead = z3.Or(first == _AHEAD, z3.Not(self._happened(phrase.first)))
            return z3.If(ahead, self._phrase(phrase.other), first)
        if isinstance(phrase, Chosen):
            day = self._free(phrase)
            self.all.known.append(z3.Or([day == self._phrase(one) for one in phrase.options]))
            return day
        return self._free(phrase)

    def _free(self, phrase: Phrase) -> Formula:
        day = self.all._variable(
            ("phrase", structure(phrase), structure(self.how), self.day.get_id()), z3.Int
        )
        self.all.known.append(z3.And(day >= 1, day <= _AHEAD))
        return day

    def _fact_day(self, path: str) -> Formula:
        new = ("day", path) not in self.all.variables
        day = self.all._variable(("day", path), z3.Int)
        if new:
            about = self.all.vocabulary.facts[path]
            last = _AHEAD if about.null is not Null.NOT_KNOWN else _AHEAD - 1
            self.all.known.append(z3.And(day >= 1, day <= last))
            born = self.all.variables.get(("day", "birth_date"))
            if path == "birth_date":
                days = [one for key, one in self.all.variables.items() if key[0] == "day"]
                self.all.known += [day < one for one in (*days, self.all.as_of) if one is not day]
            elif born is not None:
                self.all.known.append(born < day)
        return day

    def _offset(self, phrase: Offset) -> Formula:
        base = self._phrase(phrase.base)
        term, sign = phrase.term, -1 if phrase.before else 1
        if term.count == 0:
            return base
        if term.unit in (Unit.DAYS, Unit.WEEKS):
            days = term.count * (7 if term.unit is Unit.WEEKS else 1)
            return z3.If(base == _AHEAD, _AHEAD, base + sign * days)
        day = self._free(phrase)
        if term.months is None:  # working days
            least, most = term.count, 2 * term.count + 2 * _LONGEST_SHIFT
        elif self.how.month_end is MonthEnd.REJECT:
            return day
        else:
            least = term.months * 304 // 10 - _SLACK
            most = term.months * 305 // 10 + 1 + _SLACK
        self.all.known.append(
            z3.If(
                base == _AHEAD,
                day == _AHEAD,
                z3.And(sign * (day - base) >= least, sign * (day - base) <= most),
            )
        )
        return day

    def _happened(self, phrase: Phrase) -> Formula:
        if isinstance(phrase, Otherwise):
            first = self._phrase(phrase.first)
            ahead = z3.Or(first == _AHEAD, z3.Not(self._happened(phrase.first)))
            return z3.If(ahead, self._happened(phrase.other), z3.BoolVal(True))
        if isinstance(phrase, FactDay):
            happens = self.all.vocabulary.facts[phrase.path].happens
            return self._fact_day(phrase.path) <= self.day if happens else z3.BoolVal(True)
        if isinstance(phrase, Chosen):
            return self.all._opaque("happened", phrase, self.day)
        return z3.And([self._happened(part) for part in phrase.parts()])

    def _day_passes(self, day: Formula, comparison: Comparison) -> Formula:
        parts = []
        for test in comparison.tests:
            operand = test.operand
            if test.word == OR_NONE:
                continue
            if isinstance(operand, Window):
                first, last = self._window(operand)
                parts.append(z3.And(first <= day, day <= last))
            elif isinstance(operand, FixedMoment) or (isinstance(operand, Phrase) and _has_moment(operand)):
                parts.append(self.all._opaque("moment", day.get_id(), test.word, operand))
            elif isinstance(operand, Phrase):
                limit = self._phrase(operand)
                parts.append(
                    {"from": day >= limit, "by": day <= limit, "before": day < limit, "after": day > limit}[
                        test.word
                    ]
                )
            else:
                parts.append(self.all._opaque("test", day.get_id(), test))
        passes = z3.And(parts)
        return z3.Or(day == _AHEAD, passes) if _or_none(comparison) else passes

    def _window(self, window: Window) -> tuple[Formula, Formula]:
        first = z3.IntVal(1) if window.first is None else self._phrase(window.first)
        return first, z3.IntVal(_AHEAD) if window.last is None else self._phrase(window.last)

    # Values.

    def _number(self, key: Any, about: About) -> Formula:
        new = ("number", key) not in self.all.variables
        made = self.all._variable(("number", key), z3.Int if about.whole else z3.Real)
        if new:
            self.all.known.append(made >= _number(about.least))
            if about.most is not None:
                self.all.known.append(made <= _number(about.most))
        return z3.ToReal(made) if about.whole else made

    def _compared(self, key: Any, about: About, comparison: Comparison) -> Formula:
        if about.kind is Kind.DAY:
            return self._day_passes(self._day_field(key, about), comparison)
        parts = [self._test(key, about, test) for test in comparison.tests if test.word != OR_NONE]
        passes = z3.And(parts)
        if not _or_none(comparison):
            return passes
        return z3.Or(self._word(key, about) == -1, passes)

    def _day_field(self, key: Any, about: About) -> Formula:
        new = ("day of", key) not in self.all.variables
        day = self.all._variable(("day of", key), z3.Int)
        if new:
            last = _AHEAD if about.null is not Null.NOT_KNOWN else _AHEAD - 1
            self.all.known.append(z3.And(day >= 1, day <= last))
        return day

    def _test(self, key: Any, about: About, test: Test) -> Formula:
        operand = test.operand
        if isinstance(operand, (SameAs, Phrase, Window)):
            return self.all._opaque("test", key, test, self.day.get_id())
        if about.kind is Kind.YES_NO:
            value = self.all._variable(("yes", key), z3.Bool)
            wanted = operand if isinstance(operand, tuple) else (operand,)
            among = z3.Or([value if one else z3.Not(value) for one in wanted])
            return z3.Not(among) if test.word == "is_not" else among
        if about.kind is Kind.NUMBER:
            return self._number_test(key, about, test)
        if about.kind is Kind.TEXTS or about.several:
            return self._texts_test(key, test)
        return self._word_test(key, about, test)

    def _number_test(self, key: Any, about: About, test: Test) -> Formula:
        value = self._number(key, about)
        wanted = [
            _number(one) for one in (test.operand if isinstance(test.operand, tuple) else (test.operand,))
        ]
        if test.word in ("is", "is_not"):
            among = z3.Or([value == one for one in wanted])
            return among if test.word == "is" else z3.Not(among)
        (one,) = wanted
        return _ordered(test.word, value, one)

    def _texts_test(self, key: Any, test: Test) -> Formula:
        words = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        has = [self.all._variable(("has", key, str(word)), z3.Bool) for word in words]
        if test.word == "includes":
            return z3.And(has)
        return z3.Not(z3.Or(has)) if test.word == "is_not" else z3.Or(has)

    def _word(self, key: Any, about: About) -> Formula:
        new = ("word", key) not in self.all.variables
        word = self.all._variable(("word", key), z3.Int)
        if new and (about.kind is Kind.CHOICE or about.ordered):
            values = [self.all._code(choice) for choice in about.choices]
            none = [-1] if about.null is not Null.NOT_KNOWN else []
            self.all.known.append(z3.Or([word == one for one in (*values, *none)]))
        return word

    def _word_test(self, key: Any, about: About, test: Test) -> Formula:
        word = self._word(key, about)
        operand = test.operand
        if isinstance(operand, Rung) and test.word not in ("is", "is_not"):
            passing = [
                one for one in operand.scale if _ordered(test.word, operand.scale.index(one), operand.rank)
            ]
            return z3.Or([word == self.all._code(one) for one in passing])
        words = operand if isinstance(operand, tuple) else (operand,)
        among = z3.Or([word == self.all._code(str(one)) for one in words])
        return z3.Not(among) if test.word == "is_not" else among

    # Amounts that are asked for.

    def _needed(self, amount: Amount) -> Formula:
        if type(amount) is Amount and not isinstance(amount.given, Term):
            return _number(amount.given)
        if isinstance(amount, Multiple):
            about = self.all.vocabulary.facts[amount.path]
            return _number(amount.given) * self._number(("fact", amount.path), about)
        if isinstance(amount, Lookup) and not any(isinstance(row.result, Term) for row in amount.table.rows):
            return self._looked_up(amount, _number)
        return self.all._variable(("needed", structure(amount), self.day.get_id()), z3.Real)

    def _looked_up(self, lookup: Lookup, result: Callable[[Any], Formula]) -> Formula:
        made = result(lookup.table.otherwise)
        for row in reversed(lookup.table.rows):
            made = z3.If(self._fits(row, lookup), result(row.result), made)
        return made

    def _fits(self, row: Row, lookup: Lookup) -> Formula:
        key, about = ("fact", lookup.path), lookup.about
        if about.kind is Kind.NUMBER:
            value = self._number(key, about)
            if row.values:
                return z3.Or([value == _number(one) for one in row.values])
            low = [value >= _number(row.first)] if row.first is not None else []
            high = [value <= _number(row.last)] if row.last is not None else []
            return z3.And(*low, *high)
        if about.kind in (Kind.TEXT, Kind.CHOICE) and row.values and not about.several:
            return z3.Or([self._word(key, about) == self.all._code(str(one)) for one in row.values])
        return self.all._opaque("row", row, lookup.path, self.day.get_id())

    # What records come to.

    def _measure(self, measure: Measure) -> Formula:
        if isinstance(measure, Counted):
            return self._counted(measure)
        if isinstance(measure, Total):
            return self._total(measure)
        if isinstance(measure, Worth):
            times = self._measure(measure.inner) / _number(measure.per)
            if not measure.full:
                return times * _number(measure.factor)
            whole = self.all._variable(("worth", structure(measure), self.day.get_id()), z3.Int)
            self.all.known.append(z3.And(whole >= 0, whole <= times, times < whole + 1))
            return z3.ToReal(whole) * _number(measure.factor)
        if isinstance(measure, If):
            return z3.If(self.holds(measure.leaf), _number(measure.worth), _number(0))
        assert isinstance(measure, Lasting)
        months, days = self._time(measure.spells)
        lasting = self._lasting(measure, months, days)
        self.all.known.append(lasting >= 0)
        return lasting

    def _lasting(self, measure: Lasting, months: Formula, days: Formula) -> Formula:
        """How many times the term; no more than the time comes to."""
        made = self.all._variable(("lasting", structure(measure), self.day.get_id()), z3.Real)
        count = measure.each.months
        whole = months if count is not None else days
        each = (
            count if count is not None else measure.each.count * (7 if measure.each.unit is Unit.WEEKS else 1)
        )
        self.all.known.append(made <= whole / _number(each))
        return made

    def _total(self, total: Total) -> Formula:
        amounts = [(part, self._measure(part.measure)) for part in total.parts.values()]
        bounded = [amount if part.most is None else z3.If(amount > _number(part.most), _number(part.most), amount) for part, amount in amounts]  # fmt: skip
        whole = bounded[0] if total.best_only else z3.Sum(bounded)
        for one in bounded[1:] if total.best_only else ():
            whole = z3.If(one > whole, one, whole)
        enough = z3.And([amount >= _number(part.least or 0) for part, amount in amounts])
        return z3.If(enough, whole, _number(-1))

    def _counted(self, measure: Counted) -> Formula:
        key = ("amount", structure(measure), self.day.get_id())
        if key in self.all.variables:
            return z3.ToReal(self.all.variables[key]) if measure.summed is None else self.all.variables[key]
        made = self.all._variable(key, z3.Int if measure.summed is None else z3.Real)
        self.all.known.append(made >= 0)
        passes = self._counts(measure.selection)
        lists: tuple[Any, ...] = (
            "count",
            measure.selection.kind.path,
            measure.distinct,
            measure.in_one,
            measure.cap,
            measure.period,
        )
        if measure.summed is not None:
            lists = (
                "sum",
                measure.selection.kind.path,
                measure.summed,
                structure(measure.worth),
                measure.in_one,
                measure.cap,
                measure.period,
            )
        plain = measure.summed is None and measure.distinct is None and measure.in_one is None
        self.all.amounts.append(_Amount("count" if plain else "sum" if measure.distinct is None and measure.in_one is None else "kinds", made, lists, passes))  # fmt: skip
        if self.all.proves(z3.Not(passes)):
            self.all.known.append(made == 0)
        if not plain:
            self._beside_its_count(measure, made)
        return z3.ToReal(made) if measure.summed is None else made

    def _beside_its_count(self, measure: Counted, made: Formula) -> None:
        """What a sum, or the number of kinds, has to do with the number of the records."""
        count = self._counted(Counted(measure.selection))
        known = self.all.known
        known.append(z3.Implies(count == 0, made == 0))
        fields = measure.selection.kind.fields
        if measure.in_one is not None:
            if measure.summed is None and measure.distinct is None:
                known.append(made <= count)
            return
        if measure.distinct is not None:
            if not (fields[measure.distinct].several or fields[measure.distinct].kind is Kind.TEXTS):
                known.append(z3.And(made <= count, z3.Implies(count >= 1, made >= 1)))
            if (possible := measure._possible()) is not None:
                known.append(made <= len(possible))
            return
        assert measure.summed is not None
        if measure.worth is None and measure.units is None:
            about = fields[measure.summed]
            least, most = _bounds(measure.selection, measure.summed, about)
            known.append(made >= _number(least) * count)
            if most is not None:
                known.append(made <= _number(most) * count)

    def _counts(self, selection: Selection) -> Formula:
        """What a record must pass to count on the judged day."""
        kind, path = selection.kind, selection.kind.path
        parts = [self._selected(selection, path)]
        name = kind.dated_by or (kind.spans and kind.spans[0])
        if name is None:
            return z3.And(parts)
        day = self._day_field((path, name), kind.fields[name])
        if selection.window is None:
            return z3.And(*parts, day <= self.day)
        first, last = self._window(selection.window)
        last = z3.If(last < self.day, last, self.day)
        if kind.dated_by is not None:
            return z3.And(*parts, first <= day, day <= last)
        assert kind.spans is not None
        end = self._day_field((path, kind.spans[1]), kind.fields[kind.spans[1]])
        return z3.And(*parts, day <= end, day <= last, first <= end, first <= last)

    def _selected(self, selection: Selection, path: str) -> Formula:
        """What a record's fields must pass."""
        accepted, refused = (self.all._variable((word, path), z3.Bool) for word in ("accepted", "refused"))
        parts = []
        if selection.kind.verdict is not None:
            parts.append(z3.Not(refused))
            self.all.known.append(z3.Not(z3.And(accepted, refused)))
        if selection.kind.spans is not None:
            start, end = (
                self._day_field((path, name), selection.kind.fields[name]) for name in selection.kind.spans
            )
            parts.append(start <= end)
        for test in selection.tests:
            passes = self._field(selection.kind, path, test)
            parts.append(z3.Or(passes, accepted) if test.judge else passes)
        for name, inner in (*selection.having.items(), *selection.inner.items()):
            parts.append(self._selected(inner, f"{path}.{name}"))
        if selection.either:
            parts.append(z3.Or([self._selected(other, path) for other in selection.either]))
        return z3.And(parts)

    def _field(self, kind: RecordType, path: str, test: FieldTest) -> Formula:
        about = kind.fields[test.name]
        return self._compared((path, test.name), about, test.comparison)

    # How long.

    def _time(self, spells: Spells) -> tuple[Formula, Formula]:
        """The months and the days that records last; which records count together is left open."""
        key = structure(spells), self.day.get_id()
        if ("months", *key) in self.all.variables:
            return self.all.variables[("months", *key)], self.all.variables[("days", *key)]
        months, days = (self.all._variable((word, *key), z3.Real) for word in ("months", "days"))
        known = self.all.known
        known.append(z3.And(months >= 0, days >= 0))
        known.append(z3.And(days >= _LEAST_MONTH * months - _SLACK, days <= _MOST_MONTH * (months + 1)))
        selection = spells.selection
        path = selection.kind.path
        record = self._selected(evolve(selection, window=None), path)
        window = None if selection.window is None else self._window(selection.window)
        ways = (
            spells.inner,
            spells.each_until,
            spells.one_alone,
            spells.in_one,
            spells.whole_span,
            structure(spells.unbroken),
        )
        for kind, value in (("months", months), ("days", days)):
            lists = ("time", kind, path, *ways)
            self.all.amounts.append(_Amount("time", value, lists, record, window))
        if spells.inner is None:
            count = self._counted(Counted(selection))
            known.append(z3.Implies(count == 0, z3.And(months == 0, days == 0)))
        if window is not None and spells.counting.overlaps_once and selection.window is not None:
            known.append(days <= z3.If(window[1] >= window[0], z3.ToReal(window[1] - window[0] + 1), 0))
            if (length := months_of(selection.window)) is not None:
                known.append(months < length + 1)
        self._beside_its_span(spells, months, days)
        return months, days

    def _beside_its_span(self, spells: Spells, months: Formula, days: Formula) -> None:
        """Time without a break, or of one record, is no more than all from the first day to the last."""
        if spells.whole_span or not spells.counting.overlaps_once:
            return
        spans = self._time(evolve(spells, whole_span=True, unbroken=None, one_alone=False, in_one=None))
        self.all.known.append(z3.And(months <= spans[0], days <= spans[1]))

    def _long_enough(self, leaf: Time) -> Formula:
        months, days = self._time(leaf.spells)
        if isinstance(leaf.needed, Lookup) and isinstance(leaf.needed.table.otherwise, Term):
            rows = (*(row.result for row in leaf.needed.table.rows), leaf.needed.table.otherwise)
            if all(term.months is not None for term in rows):
                return months >= self._looked_up(leaf.needed, lambda term: _number(term.months))
        if type(leaf.needed) is not Amount or not isinstance(leaf.needed.given, Term):
            enough = self.all._opaque("long enough", leaf, self.day.get_id())
            self.all.known.append(z3.Implies(enough, days > 0))
            return enough
        term = leaf.needed.given
        if term.months is not None:
            return months >= term.months
        if term.unit in (Unit.DAYS, Unit.WEEKS):
            return days >= term.count * (7 if term.unit is Unit.WEEKS else 1)
        return self.all._opaque("long enough", leaf, self.day.get_id())


def _number(value: Any) -> Formula:
    return z3.RealVal(str(Fraction(str(value))))


def _ordered(word: str, one: Any, other: Any) -> Any:
    return {
        "at_least": lambda: one >= other,
        "at_most": lambda: one <= other,
        "more_than": lambda: one > other,
        "less_than": lambda: one < other,
    }[word]()


def _or_none(comparison: Comparison) -> bool:
    return any(test.word == OR_NONE for test in comparison.tests)


def _extreme(later: bool, days: list[Formula]) -> Formula:
    one, other = days
    return z3.If((one > other) if later else (one < other), one, other)


def _has_moment(phrase: Phrase) -> bool:
    return any(True for _ in phrase.moments())


def _bounds(selection: Selection, name: str, about: About) -> tuple[Fraction, Fraction | None]:
    """The least and the most that a field of a selected record may be."""
    least, most = Fraction(str(about.least)), None if about.most is None else Fraction(str(about.most))
    for test in selection.tests:
        for one in test.comparison.tests if test.name == name and not test.judge else ():
            if isinstance(one.operand, (int, float, Fraction)) and not _or_none(test.comparison):
                number = Fraction(str(one.operand))
                if one.word in ("at_least", "more_than"):
                    least = max(least, number)
                elif one.word in ("at_most", "less_than"):
                    most = number if most is None else min(most, number)
    return least, most


def months_of(window: Window) -> int | None:
    """The months from a window's first day to its last, where both are counted from one day."""
    first, last = window.first, window.last
    if first is None or last is None:
        return None
    if isinstance(first, Offset) and first.before and structure(first.base) == structure(last):
        return first.term.months
    if isinstance(last, Offset) and not last.before and structure(last.base) == structure(first):
        return last.term.months
    return None
