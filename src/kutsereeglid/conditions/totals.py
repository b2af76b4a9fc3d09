"""Adding up unlike measures: points, credits and half-counted time, with caps and least amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from math import floor

from attrs import field, frozen

from kutsereeglid.conditions.amounts import written
from kutsereeglid.conditions.base import Leaf, Moment, Variable
from kutsereeglid.conditions.measures import BOUNDLESS, Measure
from kutsereeglid.dates import Calendar, plus_days
from kutsereeglid.decision import Part as DecisionPart
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase

TOO_LITTLE = Fraction(-1)
"""What a total comes to when one of its parts does not reach its own least amount."""


@frozen(eq=False, repr=False)
class Worth(Measure):
    """``worth: 3 points per full year``: so much for each so many."""

    inner: Measure
    factor: Fraction
    per: Fraction = Fraction(1)
    full: bool = False
    text: str = ""
    """As the author wrote it."""

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.inner.by_acts

    def phrases(self) -> Iterator[Phrase]:
        return self.inner.phrases()

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.inner.known_days(facts)

    def grows(self, facts: Facts) -> bool:
        return self.inner.grows(facts)

    def gains(self, facts: Facts) -> bool:
        return self.inner.gains(facts)

    def variables(self, facts: Facts, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        return self.inner.variables(facts, days, enough / self.factor * self.per + self.per)

    def _worth(self, amount: Fraction) -> Fraction:
        if amount >= BOUNDLESS:
            return BOUNDLESS
        times = amount / self.per
        return self.factor * (floor(times) if self.full else times)

    def amount(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> Fraction:
        return self._worth(self.inner.amount(facts, day, how, cut))

    def most(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Fraction:
        return self._worth(self.inner.most(facts, day, as_of, how))

    def begin(self, as_of: date) -> date:
        return self.inner.begin(as_of)

    def marks(self, as_of: date, how: Calendar) -> Iterable[date]:
        return self.inner.marks(as_of, how)

    def message(self) -> tuple[tuple[str, str], ...]:
        return self.inner.message()


@frozen(eq=False, repr=False)
class If(Measure):
    """``if: COND, worth: 5 points``: an amount for a condition that holds, once."""

    leaf: Leaf
    worth: Fraction
    text: str = ""
    """What it is worth, as the author wrote it."""

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self.leaf.by_acts

    def phrases(self) -> Iterator[Phrase]:
        return (phrase for phrase, _ in self.leaf.phrases())

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self.leaf.known_days(facts)

    def grows(self, facts: Facts) -> bool:
        return self.leaf.later_is_better(facts) is True and not self.leaf.may_be_undone

    def gains(self, facts: Facts) -> bool:
        return self.leaf.gains(facts)

    def variables(self, facts: Facts, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        yield from self.leaf.variables(facts, days)

    def amount(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> Fraction:
        if cut is not None and self.leaf.negated().can(facts, Moment(cut, day), how):
            return Fraction(0)
        return self.worth if self.leaf.holds(facts, day, how) else Fraction(0)

    def most(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Fraction:
        can = self.leaf.holds(facts, day, how) or self.leaf.can(facts, Moment(as_of, day), how)
        return self.worth if can else Fraction(0)

    def begin(self, as_of: date) -> date:
        return as_of

    def message(self) -> tuple[tuple[str, str], ...]:
        return self.leaf.asks().values


@frozen(eq=False, repr=False)
class Part:
    """One measure of a total, with its bounds."""

    measure: Measure
    least: Fraction | None = None
    most: Fraction | None = None

    def asks(self, name: str, unit: str | None) -> DecisionPart:
        measure, values = self.measure, [("part", name)]
        if isinstance(measure, (Worth, If)):
            values.append(("worth" if isinstance(measure, Worth) else "given", measure.text))
        if not isinstance(measure, (Total, If)):
            values += measure.message()
        for word, bound in (("at_least", self.least), ("at_most", self.most)):
            if bound is not None:
                values.append((word, written(bound) + (f" {unit}" if unit else "")))
        if isinstance(measure, Total):
            return DecisionPart("part best of", tuple(values))
        return DecisionPart("part if" if isinstance(measure, If) else "part", tuple(values))

    def bounded(self, amount: Fraction) -> Fraction:
        return amount if self.most is None else min(amount, self.most)


@frozen(eq=False, repr=False)
class Total(Measure):
    """The sum of named parts, or the greatest of them where they do not add up."""

    parts: Mapping[str, Part] = field(hash=False)
    best_only: bool = False

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return all(part.measure.by_acts for part in self.parts.values())

    def phrases(self) -> Iterator[Phrase]:
        for part in self.parts.values():
            yield from part.measure.phrases()

    def known_days(self, facts: Facts) -> Iterable[date]:
        return [day for part in self.parts.values() for day in part.measure.known_days(facts)]

    def grows(self, facts: Facts) -> bool:
        return all(part.measure.grows(facts) for part in self.parts.values())

    def gains(self, facts: Facts) -> bool:
        return all(part.measure.gains(facts) for part in self.parts.values())

    def variables(self, facts: Facts, days: Sequence[date], enough: Fraction) -> Iterator[Variable]:
        for part in self.parts.values():
            most = enough if part.most is None else min(enough, part.most)
            yield from part.measure.variables(facts, days, max(most, part.least or Fraction(0)))

    def of_parts(
        self, facts: Facts, day: date, how: Calendar, cut: date | None = None
    ) -> dict[str, Fraction]:
        """What each part comes to, before its cap."""
        return {
            name: facts.once(
                part.measure, ("amount", day, cut), partial(part.measure.amount, facts, day, how, cut)
            )
            for name, part in self.parts.items()
        }

    def _together(self, amounts: Mapping[str, Fraction]) -> Fraction:
        bounded = []
        for name, part in self.parts.items():
            if amounts[name] < (part.least or 0):  # its own least amount, or that of a part of it
                return TOO_LITTLE
            bounded.append(part.bounded(amounts[name]))
        return max(bounded) if self.best_only else sum(bounded, Fraction(0))

    def amount(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> Fraction:
        return self._together(self.of_parts(facts, day, how, cut))

    def most(self, facts: Facts, day: date, as_of: date, how: Calendar) -> Fraction:
        most = {
            name: facts.once(
                part.measure, ("most", day, as_of), partial(part.measure.most, facts, day, as_of, how)
            )
            for name, part in self.parts.items()
        }
        return self._together(most)

    def begin(self, as_of: date) -> date:
        return min((part.measure.begin(as_of) for part in self.parts.values()), default=plus_days(as_of, 1))

    def marks(self, as_of: date, how: Calendar) -> Iterable[date]:
        return [
            *(day for part in self.parts.values() for day in part.measure.marks(as_of, how)),
            *(part.measure.begin(as_of) for part in self.parts.values()),
        ]

    def message(self) -> tuple[tuple[str, str], ...]:
        return (("parts", ", ".join(self.parts)),)

    def asks_within(self, unit: str | None, depth: int = 0) -> Iterator[tuple[int, DecisionPart]]:
        """What each part asks for, with what is worth how much and its bounds in the unit of the whole."""
        for name, part in self.parts.items():
            yield depth, part.asks(name, unit)
            if isinstance(part.measure, Total):
                yield from part.measure.asks_within(unit, depth + 1)
            elif isinstance(part.measure, If):
                yield depth + 1, part.measure.leaf.asks()

    def breakdown(self, facts: Facts, day: date, how: Calendar) -> tuple[Fraction, str]:
        """What the parts come to together, and each by itself, capped; least amounts left aside."""
        bounded = {
            name: self.parts[name].bounded(one) for name, one in self.of_parts(facts, day, how).items()
        }
        whole = max(bounded.values()) if self.best_only else sum(bounded.values(), Fraction(0))
        return whole, ", ".join(f"{name} {written(one)}" for name, one in bounded.items())
