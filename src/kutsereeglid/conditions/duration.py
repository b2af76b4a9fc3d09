"""The family ``time``: how long records last, counted as the ruleset counts time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

import attrs
from attrs import frozen

from kutsereeglid.conditions.amounts import Amount, size
from kutsereeglid.conditions.base import FAR, Leaf, Moment, Variable, favoured
from kutsereeglid.conditions.measures import BOUNDLESS, Measure
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.conditions.picks import in_any, with_today
from kutsereeglid.conditions.spells import Spells
from kutsereeglid.dates import (
    AHEAD,
    MONTH_SHARES,
    PLAIN,
    Calendar,
    Term,
    clamped,
    end_of_term,
    plus_days,
    weight,
)
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase


@frozen(eq=False, repr=False)
class Time(Leaf):
    """``time: employments, where: {…}, at_least: 6 months``; ``unbroken`` and ``span`` likewise."""

    head: str
    spells: Spells
    needed: Amount
    positive: bool = True

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.spells.inner is not None and self.positive

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        for phrase in (*self.spells.phrases(), *self.needed.phrases()):
            yield phrase, None

    def later_is_better(self, facts: Facts) -> bool | None:
        apart = self.spells.unbroken is not None or self.needed.hangs_on_records
        moving = apart or any(phrase.may_move(facts) for phrase, _ in self.phrases())
        return None if moving else self.positive

    def gains(self, facts: Facts) -> bool:
        return self.positive and not self.needed.hangs_on_records and self.spells.unbroken is None

    def spell(self) -> int:
        return (
            (end_of_term(date(2024, 1, 1), self.needed.given, PLAIN) - date(2024, 1, 1)).days + 4
            if isinstance(self.needed.given, Term)
            else 0
        )

    def known_days(self, facts: Facts) -> Iterable[date]:
        return (*self.spells.known_days(facts), *self.needed.days(facts))

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        for variable in (*self.spells.variables(facts, days), *self.needed.variables(facts, days)):
            yield favoured(variable, self.positive)

    def content(self, facts: Facts, moment: Moment, how: Calendar, own: str, *, ahead: bool) -> object:
        if self.spells.in_one is not None:
            return None
        if ahead and (self.needed.hangs_on_records or any(one.moves(facts) for one, _ in self.phrases())):
            return None
        day = moment.due if ahead else moment.day
        only = own if self.spells.one_alone else None
        sums = self.spells.sums(facts, day, how, against=not self.positive, only=only)
        if self.spells.one_alone:
            return None if self.spells.reached(sums, self.needed.of(facts, day, how), how) else ()
        return sums

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        sums = self.spells.sums(facts, day, how)
        return self.spells.reached(sums, self.needed.of(facts, day, how), how) is self.positive

    def can(self, facts: Facts, moment: Moment, how: Calendar) -> bool:
        if self.needed.hangs_on_records or any(True for _ in self.phrases()):
            return super().can(facts, moment, how)
        if not self.positive:
            return False
        # What is handed in on the day of evaluation may attest any past days.
        return (
            self.spells.inner is not None
            or moment.due == AHEAD
            or self.full_by(moment.due, facts, moment.as_of, how)
        )

    def full_by(self, day: date, facts: Facts, as_of: date, how: Calendar) -> bool:
        """Whether the term is full by a day when all that can be added is."""
        more = self.spells.to_come(facts, day, as_of, how)
        if more is not None and self.spells.many_at_once:
            return True
        sums = self.spells.sums(facts, day, how, as_of, more=more)
        return self.spells.reached(sums, min(self.needed.reachable(facts, day, as_of, how), key=size), how)

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of = moment.as_of
        phrases = [phrase for phrase, _ in self.phrases()]
        if not phrases and self.positive and self.spells.inner is not None:
            return as_of
        picked = with_today(phrases)
        apart = self.needed.hangs_on_records or self.spells.unbroken is not None or bool(picked)
        if not self.positive and not apart and not any(phrase.moves(facts) for phrase in phrases):
            return None

        def can_with(facts: Facts, day: date) -> bool:
            if self.positive:
                return self.full_by(day, facts, as_of, how)
            sums = self.spells.sums(facts, day, how, as_of, against=True)
            most = max(self.needed.reachable(facts, day, as_of, how), key=size)
            return not self.spells.reached(sums, most, how)

        def can(day: date) -> bool:
            return in_any(can_with, phrases, facts, day, how) if picked else can_with(facts, day)

        def marks() -> Iterable[date]:
            near = [as_of, plus_days(as_of, 1)]
            if phrases or self.needed.hangs_on_records:
                near += [
                    *self.known_days(facts),
                    *(phrase.day(facts, as_of, clamped(how)) for phrase in phrases),
                ]
            yield from near
            # A term of months that overflows into the next one may need a few days more than its own.
            gap = self.spells.unbroken.gap if self.spells.unbroken is not None else None
            for term in (*self.needed.results(facts), *([gap] if gap is not None else [])):
                for mark in near:
                    if mark != AHEAD:
                        end = end_of_term(mark, term, clamped(how))
                        yield from (plus_days(end, -1), plus_days(end, 5))

        return first_day(
            can,
            [*phrases, *picked],
            marks,
            as_of,
            facts,
            how,
            by,
            gradual=True,
            grows=self.gains(facts) and not any(phrase.moves(facts) for phrase in phrases),
            gains=self.gains(facts) and not picked,
        )

    def negated(self) -> Time:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        key = self.head if self.positive else f"not {self.head}"
        more = [("records", self.spells.path), ("term", str(self.needed))]
        if self.spells.in_one is not None:
            more.append(("in one", self.spells.in_one))
        return Part(key, (*more, *self.spells.selection.message()))

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        best = max(self.spells.sums(facts, moment.day, how), key=weight, default=[])
        if not best:
            return Part("no time", (("day", moment.day.isoformat()),))
        months = weight(best) * 100 // MONTH_SHARES / 100
        ranges = ", ".join(
            f"{date.fromordinal(first).isoformat()}–{date.fromordinal(last).isoformat()}"
            for first, last, _ in best
        )
        return Part(
            "time counted",
            (("months", f"{float(months):g}"), ("ranges", ranges), ("day", moment.day.isoformat())),
        )


@frozen(eq=False, repr=False)
class Lasting(Measure):
    """How many times a term the records last, for adding up with other measures."""

    spells: Spells
    each: Term
    """What counts one."""
    full: bool
    """Whole terms only."""

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.spells.inner is not None

    def phrases(self) -> Iterator[Phrase]:
        return self.spells.phrases()

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.spells.known_days(facts)

    def variables(self, facts: Facts, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        return self.spells.variables(facts, days)

    def amount(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> Fraction:
        return self._terms(self.spells.sums(facts, day, how, cut, against=cut is not None), how)

    def _terms(self, sums: list[list[tuple[int, int, Fraction]]], how: Calendar) -> Fraction:
        if not self.full:
            length = self.each.months
            return max((weight(one) / (length * MONTH_SHARES) if length else _days(one) / _in_days(self.each) for one in sums), default=Fraction(0))  # fmt: skip
        count, beyond = 0, 1
        while beyond <= _MOST and self._full(beyond, sums, how):
            count, beyond = beyond, 2 * beyond
        while beyond - count > 1:
            middle = (count + beyond) // 2
            count, beyond = (middle, beyond) if self._full(middle, sums, how) else (count, middle)
        return Fraction(count)

    def _full(self, count: int, sums: list[list[tuple[int, int, Fraction]]], how: Calendar) -> bool:
        return self.spells.reached(sums, Term(count * self.each.count, self.each.unit), how)

    def most(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Fraction:
        more = self.spells.to_come(facts, day, as_of, how)
        if more is not None and self.spells.many_at_once:
            return BOUNDLESS
        return self._terms(self.spells.sums(facts, day, how, as_of, more=more), how)

    def gains(self, facts: Facts) -> bool:
        return self.spells.unbroken is None

    def begin(self, as_of: date) -> date:
        return as_of if self.spells.inner is not None else plus_days(as_of, 1)

    def marks(self, as_of: date, how: Calendar) -> Iterable[date]:
        start = plus_days(as_of, 1)
        terms = (Term(count * self.each.count, self.each.unit) for count in range(1, 21))
        return [FAR, *(plus_days(end_of_term(start, term, clamped(how)), 5) for term in terms)]

    def message(self) -> tuple[tuple[str, str], ...]:
        return (("records", self.spells.path), *self.spells.selection.message())


_MOST = 255
"""Terms counted at most, more than a life has years or a points table rows."""


def _days(stretches: Iterable[tuple[int, int, Fraction]]) -> Fraction:
    return sum(((last - first + 1) * share for first, last, share in stretches), Fraction(0))


def _in_days(term: Term) -> int:
    return (end_of_term(date(2024, 1, 1), term, PLAIN) - date(2024, 1, 1)).days
