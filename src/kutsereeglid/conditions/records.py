"""The families that compare an amount: ``some``, ``none``, ``count``, ``sum``, ``document``, ``total``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

import attrs
from attrs import frozen

from kutsereeglid.conditions.amounts import Amount, size, written
from kutsereeglid.conditions.base import Leaf, Moment, Variable, favoured, values_of
from kutsereeglid.conditions.measures import Counted, Measure, Supposed
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.conditions.picks import in_any, with_today
from kutsereeglid.conditions.totals import Total
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase

ONE = Amount(Fraction(1))


@frozen(eq=False, repr=False)
class Measured(Leaf):
    """A measure comes to so much. ``some`` and ``document`` ask for one record."""

    head: str
    measure: Measure
    needed: Amount = ONE
    more: bool = False
    """More than `needed`, not just as much."""
    positive: bool = True
    unit: str | None = None
    """What amounts are told in."""
    per: Fraction = Fraction(1)
    """How much one of that unit is."""

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.measure.by_acts and self.positive

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        for phrase in (*self.measure.phrases(), *self.needed.phrases()):
            yield phrase, None

    def later_is_better(self, facts: Facts) -> bool | None:
        moving = any(phrase.may_move(facts) for phrase, _ in self.phrases())
        apart = self.needed.hangs_on_records or not self.measure.grows(facts)
        return None if moving or apart else self.positive

    def gains(self, facts: Facts) -> bool:
        return self.positive and not self.needed.hangs_on_records and self.measure.gains(facts)

    def known_days(self, facts: Facts) -> Iterable[date]:
        return (*self.measure.known_days(facts), *self.needed.days(facts))

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        amounts = sorted({size(one) for one in self.needed.results(facts)})
        lacking = [*self.needed.variables(facts, days)]
        for variable in self.measure.variables(facts, days, amounts[-1]):
            if lacking and isinstance(self.measure, Counted) and variable.path == self.measure.path:
                # So many records may be enough for one amount, and too few for another.
                lists = [Supposed(one, day) for one in (*amounts, amounts[-1] + 1) for day in days]
                yield values_of(variable.path, [Supposed(), *lists], ordered=False)
            else:
                yield favoured(variable, self.positive)
        for variable in lacking:
            yield favoured(variable, self.positive)

    def _enough(self, amount: Fraction, needed: Fraction) -> bool:
        return bool(amount > needed if self.more else amount >= needed)

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        needed = self.needed.of(facts, day, how)
        return self._enough(self.measure.amount(facts, day, how), needed) is self.positive

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of = moment.as_of
        phrases = [phrase for phrase, _ in self.phrases()]
        picked = with_today(phrases)
        apart = self.needed.hangs_on_records or not self.measure.grows(facts) or bool(picked)
        if not self.positive and not apart and not any(phrase.moves(facts) for phrase in phrases):
            return None

        def can_with(facts: Facts, day: date) -> bool:
            reachable = self.needed.reachable(facts, day, as_of, how)
            if self.positive:
                return self._enough(self.measure.most(facts, day, as_of, how), min(reachable))
            return not self._enough(self.measure.amount(facts, day, how, as_of), max(reachable))

        def can(day: date) -> bool:
            return in_any(can_with, phrases, facts, day, how) if picked else can_with(facts, day)

        def marks() -> Iterable[date]:
            yield from (self.measure.begin(as_of), *self.known_days(facts))
            yield from self.measure.marks(as_of, how)

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

    def negated(self) -> Measured:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        head, needed = self.head, str(self.needed)
        if type(self.needed) is Amount:
            needed = self._told(self.needed.given)
        if isinstance(self.measure, Counted) and self.measure.distinct is not None:
            head = "distinct"
        more = self.more
        if more and head in ("count", "distinct") and type(self.needed) is Amount:
            needed, more = written(self.needed.given + 1), False  # more than two is three at least
        key = f"{head} more" if more else head
        message = (("needed", needed), *self.measure.message())
        return Part(key if self.positive else f"not {key}", message)

    def asks_within(self) -> Iterator[tuple[int, Part]]:
        if isinstance(self.measure, Total):
            yield from self.measure.asks_within(self.unit)

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        if isinstance(self.measure, Total):
            whole, parts = self.measure.breakdown(facts, moment.day, how)
            told = (("number", self._told(whole)), ("parts", parts), ("day", moment.day.isoformat()))
            return Part("counted total", told)
        number = self.measure.amount(facts, moment.day, how)
        return Part("counted", (("number", self._told(number)), ("day", moment.day.isoformat())))

    def _told(self, number: Fraction) -> str:
        """An amount in the unit that the rule has it in."""
        return written(number / self.per) + (f" {self.unit}" if self.unit is not None else "")
