"""The families ``average`` and ``share``: what each record lies above or below a bound, added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

import attrs
from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.amounts import exact, written
from kutsereeglid.conditions.base import Leaf, Moment, Variable, favoured, values_of
from kutsereeglid.conditions.comparison import NO_CALENDAR, NO_DAY, NO_FACTS, Comparison
from kutsereeglid.conditions.measures import Counted, Supposed
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.conditions.picks import in_any, with_today
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import AHEAD, Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts, Record, each
from kutsereeglid.phrases import Phrase

_VERY_MUCH = Fraction(10**6)
"""More than a record's number is."""


@frozen(eq=False, repr=False)
class Balance(Leaf):
    """``average: results.score, at_least: 75``; ``share: trainings.hours, of_which: {…}, at_least: 1/2``.

    A record with a number v gives v - 75 to the average; one with w hours gives half of w to the share when it
    is of the kind asked for, and takes half of w away when it is not. Together they must come to 0 or more.
    """

    head: str
    word: str
    """``at_least``, ``at_most``, ``more_than`` or ``less_than``."""
    of_all: Counted
    """The records, with the number in each; without one, each counts one."""
    bound: Fraction
    part: Selection | None = None
    """For a share: the records of the kind asked for."""
    unit: str | None = None
    weight: str | None = None
    """For an average: the field that says how much each record weighs; one without weight does not count."""
    positive: bool = True

    by_acts = True

    @property
    def _sign(self) -> int:
        return 1 if self.word in ("at_least", "more_than") else -1

    @property
    def _strict(self) -> bool:
        return self.word in ("more_than", "less_than")

    @property
    def _selection(self) -> Selection:
        return self.of_all.selection

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        for selection in (self._selection, self.part):
            for phrase in selection.phrases() if selection is not None else ():
                yield phrase, None

    def later_is_better(self, facts: Facts) -> bool | None:
        return None

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.of_all.known_days(facts)

    # What is missing.

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        yield from self._selection.asked(facts, days)
        if self.part is not None:
            yield from self.part.asked(facts, days)
        found = facts.records(self._selection.kind)
        if found is ABSENT:
            amounts = sorted({*self._to_come()})
            lists = [Supposed(amount, day) for amount in amounts for day in days]
            yield values_of(self._selection.kind.path, [Supposed(Fraction(-1)), *lists], ordered=False)
        enough = _VERY_MUCH
        if isinstance(found, list):
            known = [
                exact(value)
                for one in found
                if (value := self._number(one)) is not ABSENT and value is not None
            ]
            enough = (sum(known, Fraction(1)) + (len(found) + 1) * (self.bound + 1)) * 2
            if self.part is not None and self.bound not in (0, 1):
                enough /= min(self.bound, 1 - self.bound)
            weights = [one for one in map(self._weighs, found) if one is not ABSENT and one]
            enough *= sum(weights, Fraction(1)) / min([Fraction(1), *weights])
        for record in each(found):
            yield from self._of(record, days, enough)

    def _of(self, record: Record, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        unknown = self._selection.unknown(record, days)
        if unknown is None:
            return
        number, weight = self._number(record), self._weighs(record)
        if number is None or weight == 0:  # in a unit that cannot be converted
            return
        of_kind = [] if self.part is None else self.part.unknown(record, days)
        dated = [*self._selection.dated(record, days)]
        if number is not ABSENT and not of_kind and weight is not ABSENT:
            gives = self._gives(exact(number), of_kind is not None)
            for variable in (*unknown, *dated):
                yield favoured(variable, self.positive is (gives >= 0))
            return
        path = f"{record.path}.{self.of_all.summed}"
        tested = any(
            test.name == self.of_all.summed
            for one in (self._selection, self.part)
            if one
            for test in one.tests
        )
        settled = not unknown and not dated and weight is not ABSENT
        if weight is ABSENT:
            yield values_of(f"{record.path}.{self.weight}", [Fraction(0), Fraction(1), enough], ordered=False)
        if number is ABSENT and (tested or of_kind or not settled):
            samples = {*self._numbers(), Fraction(0), enough, *map(exact, self._tested(record))}
            yield values_of(path, sorted(samples), ordered=False)
        elif number is ABSENT:
            most = self._selection.kind.fields[self.of_all.summed or ""].most
            top = enough if most is None else Fraction(most)
            step = self.bound.denominator
            size = ceil(top * step) + 1
            grows = (
                self._gives(Fraction(1), of_kind is not None) - self._gives(Fraction(0), of_kind is not None)
            ) > 0
            yield favoured(
                Variable(path, size, lambda index, _day: Fraction(index, step)), self.positive is grows
            )
        for variable in of_kind or ():
            if variable.path != path:
                yield favoured(variable, self.positive is (self._sign > 0))
        for variable in (*unknown, *dated):
            if variable.path == path:
                continue
            if variable.size > len(days) + 1 and variable in dated:
                variable = values_of(variable.path, [*days, AHEAD])
            yield attrs.evolve(variable, ordered=settled and variable.ordered)

    def _tested(self, record: Record) -> list[Any]:
        """Numbers near those that the field is compared with."""
        about = self._selection.kind.fields[self.of_all.summed or ""]
        comparisons = [
            test.comparison
            for one in (self._selection, self.part)
            if one is not None
            for test in one.tests
            if test.name == self.of_all.summed
        ]
        return [value for one in comparisons for value in one.samples(about) if value != float("inf")]

    # What it comes to.

    def _number(self, record: Record) -> Any:
        """The record's number: ``ABSENT`` when it is not known, ``None`` when it cannot be converted."""
        name, units = self.of_all.summed, self.of_all.units
        if name is None:
            return Fraction(1)
        return (
            record.get(name)
            if units is None
            else record.amount(name, units, self._selection.kind.fields[name].unit)
        )

    def _weighs(self, record: Record) -> Any:
        """How much a record weighs, or ``ABSENT``."""
        value = Fraction(1) if self.weight is None else record.get(self.weight)
        return value if value is ABSENT else exact(value)

    def _gives(self, number: Fraction, of_kind: bool) -> Fraction:
        """What a record gives with this number."""
        if self.part is None:
            return self._sign * (number - self.bound)
        return self._sign * number * ((1 if of_kind else 0) - self.bound)

    def _given(self, facts: Facts, day: date, how: Calendar) -> list[Fraction]:
        """What each record that counts gives."""
        found = facts.records(self._selection.kind)
        bounds = self._selection.bounds(facts, day, how)
        if isinstance(found, Supposed):
            first, last = bounds or (date.min, AHEAD)
            return [found.amount] if first <= found.day <= min(day, last) and found.day > date.min else []
        return [
            self._gives(number, of_kind) * weight
            for number, of_kind, weight in self._counted(facts, day, how)
        ]

    def _counted(self, facts: Facts, day: date, how: Calendar) -> Iterator[tuple[Fraction, bool, Fraction]]:
        """The number of each record that counts, whether it is of the kind asked for, and its weight."""
        bounds = self._selection.bounds(facts, day, how)
        for record in each(facts.records(self._selection.kind)):
            number, weight = self._number(record), self._weighs(record)
            if number is None or not weight:  # nothing else is asked for of it
                continue
            if self._selection.passes(record, facts, day, how) and self._selection.counts(
                record, day, bounds
            ):
                of_kind = self.part is None or self.part.passes(record, facts, day, how)
                yield exact(number), of_kind, weight

    def _enough(self, given: Sequence[Fraction]) -> bool:
        if self.part is None and not given:  # nothing has no average
            return False
        whole = sum(given, Fraction(0))
        return whole > 0 if self._strict else whole >= 0

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self._enough(self._given(facts, day, how)) is self.positive

    # What may come.

    def _numbers(self) -> list[Fraction]:
        """Numbers that a record to come may have, from the least to the most."""
        name = self.of_all.summed
        if name is None:
            return [Fraction(1)]
        about = self._selection.kind.fields[name]
        comparison = Comparison(
            tuple(test for one in self._selection.tests if one.name == name for test in one.comparison.tests)
        )
        values = [
            Fraction(about.least),
            self.bound,
            self.bound + 1,
            *map(exact, (one for one in comparison.samples(about) if one != float("inf"))),
        ]
        values.append(_VERY_MUCH if about.most is None else Fraction(about.most))
        return sorted(
            one
            for one in {*values}
            if one >= about.least
            and (about.most is None or one <= about.most)
            and (not about.whole or one.denominator == 1)
            and comparison.holds(one, NO_FACTS, NO_DAY, NO_CALENDAR)
        )

    def _to_come(self) -> Iterator[Fraction]:
        """What a record to come may give."""
        for number in self._numbers():
            for of_kind in self._kinds_to_come():
                yield self._gives(number, of_kind)

    def _kinds_to_come(self) -> set[bool]:
        """Whether a record to come may be of the kind asked for, and whether it may be of another."""
        if self.part is None:
            return {True}
        others: set[bool] = set()
        can_be = True
        for name in dict.fromkeys(test.name for test in self.part.tests):
            own = [test.comparison for test in self._selection.tests if test.name == name]
            wanted = [test.comparison for test in self.part.tests if test.name == name]
            if any(one.hangs_on_facts for one in (*own, *wanted)):
                others.add(True)
                continue
            about = self._selection.kind.fields[name]
            samples = [value for one in (*own, *wanted) for value in one.samples(about)]
            passing = [
                all(one.holds(value, NO_FACTS, NO_DAY, NO_CALENDAR) for one in wanted)
                for value in samples
                if all(one.holds(value, NO_FACTS, NO_DAY, NO_CALENDAR) for one in own)
            ]
            can_be = can_be and any(passing)
            others.add(not all(passing))
        if self.part.either or self.part.having:
            others.add(True)
        return {one for one, can in ((True, can_be), (False, any(others))) if can}

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of = moment.as_of
        phrases = [phrase for phrase, _ in self.phrases()]
        picked = with_today(phrases)
        gives = [*self._to_come()]

        def can_with(facts: Facts, day: date) -> bool:
            if self.holds(facts, day, how):
                return True
            if not gives or not self.of_all.may_gain(facts, day, as_of, how):
                return False
            best = max(gives) if self.positive else min(gives)
            if best:  # any number of such records may come
                return (best > 0) is self.positive
            return self._enough([*self._given(facts, day, how), best]) is self.positive

        def can(day: date) -> bool:
            return in_any(can_with, phrases, facts, day, how) if picked else can_with(facts, day)

        def marks() -> Iterable[date]:
            return self.of_all.begin(as_of), *self.known_days(facts)

        return first_day(can, [*phrases, *picked], marks, as_of, facts, how, by)

    def negated(self) -> Balance:
        return attrs.evolve(self, positive=not self.positive)

    # What is told.

    def asks(self) -> Part:
        bound = f"{written(100 * self.bound)} percent" if self.part is not None else written(self.bound)
        told = f"{bound} {self.unit}" if self.unit is not None else bound
        head = self.head if self.weight is None else "weighted"
        by = () if self.weight is None else (("weight", f"{self._selection.kind.path}.{self.weight}"),)
        return Part(
            head if self.positive else f"not {head}", ((self.word, told), *by, *self.of_all.message())
        )

    def asks_within(self) -> Iterator[tuple[int, Part]]:
        if self.part is not None:
            yield 0, self.part.asks("of which")

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        counted = [*self._counted(facts, moment.day, how)]
        whole = sum((number * weight for number, _, weight in counted), Fraction(0))
        day = ("day", moment.day.isoformat())
        if self.part is not None:
            if not whole:
                return Part("counted", (("number", "0"), day))
            ours = sum((number for number, of_kind, _ in counted if of_kind), Fraction(0))
            return Part("counted", (("number", f"{_rounded(100 * ours / whole)} percent"), day))
        if not counted:
            return Part("counted", (("number", "0"), day))
        number = _rounded(whole / sum(weight for _, _, weight in counted))
        return Part("counted", (("number", f"{number} {self.unit}" if self.unit else number), day))


def _rounded(number: Fraction) -> str:
    return written(Fraction(round(100 * number), 100))
