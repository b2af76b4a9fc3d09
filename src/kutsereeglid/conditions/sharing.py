"""The family ``used_once``: evidence of which each piece serves one need only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs
from attrs import field, frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.amounts import written
from kutsereeglid.conditions.base import Leaf, Moment, Variable, favoured
from kutsereeglid.conditions.measures import Counted, Supposed
from kutsereeglid.conditions.moving import first_day
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase

_STATES = 20_000
"""Ways of sharing out that are kept at a time; beyond it the fullest are kept."""


@frozen(eq=False, repr=False)
class Need:
    """So much of the records that a measure selects."""

    measure: Counted
    needed: Fraction


def shared_out(worths: Sequence[Sequence[Fraction]], needs: Sequence[Fraction]) -> bool:
    """Whether the records can be shared out, each to one need, so that every need is filled.

    ``worths[i][j]`` is what record i gives to need j. Every way of sharing out is followed, record by
    record; a way that lacks no less of anything than another is dropped, so that what is left is exact
    and small: for counts it has at most as many ways as there are amounts still lacking.

    >>> one, none = Fraction(1), Fraction(0)
    >>> shared_out([[one, one], [one, none]], [one, one])
    True
    >>> shared_out([[one, one]], [one, one])
    False
    """
    ways = {tuple(needs)}
    for worth in worths:
        further = set(ways)
        for way in ways:
            for place, gives in enumerate(worth):
                if gives > 0 and way[place] > 0:
                    further.add((*way[:place], max(Fraction(0), way[place] - gives), *way[place + 1 :]))
        ways = _least(further)
    return any(not any(way) for way in ways)


def _least(ways: set[tuple[Fraction, ...]]) -> set[tuple[Fraction, ...]]:
    """The ways that no other one is at least as good as in every need."""
    kept: list[tuple[Fraction, ...]] = []
    for way in sorted(ways, key=sum)[:_STATES]:
        if not any(all(a <= b for a, b in zip(other, way, strict=True)) for other in kept):
            kept.append(way)
    return set(kept)


@frozen(eq=False, repr=False)
class UsedOnce(Leaf):
    """Several needs, filled from one list, no record twice."""

    head = "used_once"
    needs: Mapping[str, Need] = field(hash=False)
    positive: bool = True

    @property
    def _measures(self) -> list[Counted]:
        return [need.measure for need in self.needs.values()]

    @property
    def by_acts(self) -> bool:  # type: ignore[override]
        return self._measures[0].by_acts and self.positive

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        for measure in self._measures:
            for phrase in measure.phrases():
                yield phrase, None

    def later_is_better(self, facts: Facts) -> bool | None:
        moving = any(phrase.may_move(facts) for phrase, _ in self.phrases())
        return None if moving else self.positive

    def known_days(self, facts: Facts) -> Iterable[date]:
        return self._measures[0].known_days(facts)

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        path = self._measures[0].selection.kind.path
        whole = sum((need.needed for need in self.needs.values()), Fraction(0))
        if facts.records(self._measures[0].selection.kind) is ABSENT:
            listed = next(one for one in self._measures[0].variables(facts, days, whole) if one.path == path)
            yield favoured(listed, self.positive)
        for need in self.needs.values():
            for variable in need.measure.variables(facts, days, need.needed):
                if variable.path != path:
                    yield favoured(variable, self.positive)

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self._filled(facts, day, how, None) is self.positive

    def _filled(self, facts: Facts, day: date, how: Calendar, cut: date | None) -> bool:
        needs = [need.needed for need in self.needs.values()]
        found = facts.records(self._measures[0].selection.kind)
        if isinstance(found, Supposed):
            return all(measure.amount(facts, day, how) > 0 for measure in self._measures)
        given = [measure.each_worth(facts, day, how, cut) for measure in self._measures]
        worths = [[one.get(place, Fraction(0)) for one in given] for place in range(len(found))]
        return shared_out(worths, needs)

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        as_of = moment.as_of
        phrases = [phrase for phrase, _ in self.phrases()]
        if not self.positive and not any(phrase.moves(facts) for phrase in phrases):
            return None

        def can(day: date) -> bool:
            if not self.positive:
                return not self._filled(facts, day, how, as_of)
            # A need to which nothing can be added any more must be filled by what is there.
            closed = [
                need
                for need in self.needs.values()
                if need.measure.most(facts, day, as_of, how) < need.needed + 10**9
            ]
            found = facts.records(self._measures[0].selection.kind)
            if isinstance(found, Supposed):
                return all(need.measure.amount(facts, day, how) > 0 for need in closed)
            given = [need.measure.each_worth(facts, day, how, None) for need in closed]
            worths = [[one.get(place, Fraction(0)) for one in given] for place in range(len(found))]
            return shared_out(worths, [need.needed for need in closed])

        def marks() -> Iterable[date]:
            return (self._measures[0].begin(as_of), *self.known_days(facts))

        return first_day(can, phrases, marks, as_of, facts, how, by)

    def negated(self) -> UsedOnce:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        records = self._measures[0].selection.kind.path
        parts = ", ".join(f"{name} {written(need.needed)}" for name, need in self.needs.items())
        key = "used_once" if self.positive else "not used_once"
        return Part(key, (("records", records), ("parts", parts)))

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        amounts = ", ".join(
            f"{name} {written(need.measure.amount(facts, moment.day, how))}"
            for name, need in self.needs.items()
        )
        return Part("counted parts", (("parts", amounts), ("day", moment.day.isoformat())))
