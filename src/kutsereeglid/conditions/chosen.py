"""A day that a table says: ``notice before exam.date``, where a fact or a field decides how long the notice is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from kutsereeglid.applicant import ABSENT, About
from kutsereeglid.conditions.amounts import Table
from kutsereeglid.conditions.base import Variable, values_of
from kutsereeglid.conditions.picks import Pick
from kutsereeglid.dates import PLAIN, Calendar
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase, UnknownDay


@frozen
class ByFact:
    """A table goes by a fact of the file that is no day."""

    path: str
    about: About = field(eq=False)

    def values(self, facts: Facts, today: date, how: Calendar) -> Sequence[Any]:
        """What is looked up in the table. Raises `UnknownDay`."""
        value = facts.value(self.path)
        if value is ABSENT:
            raise UnknownDay(self.path)
        return (value,)

    def variables(self, facts: Facts, days: Sequence[date], table: Table) -> Iterator[Variable]:
        """What is not known of it."""
        if facts.value(self.path) is ABSENT:
            yield values_of(self.path, table.samples(self.about), ordered=False)

    def days(self, facts: Facts) -> Iterator[date]:
        """The days of records that it looks at."""
        return iter(())

    def parts(self) -> tuple[Phrase, ...]:
        """The days that it goes by."""
        return ()

    def with_parts(self, parts: tuple[Phrase, ...]) -> By:
        return self


@frozen
class ByDay:
    """A table goes by a day."""

    day: Phrase

    def values(self, facts: Facts, today: date, how: Calendar) -> Sequence[Any]:
        return (self.day.day(facts, today, how),)

    def variables(self, facts: Facts, days: Sequence[date], table: Table) -> Iterator[Variable]:
        return iter(())

    def days(self, facts: Facts) -> Iterator[date]:
        return iter(())

    def parts(self) -> tuple[Phrase, ...]:
        return (self.day,)

    def with_parts(self, parts: tuple[Phrase, ...]) -> By:
        [day] = parts
        return ByDay(day)


@frozen
class ByPicked:
    """A table goes by a field of a record that is taken by name."""

    pick: Pick
    field: str

    def values(self, facts: Facts, today: date, how: Calendar) -> Sequence[Any]:
        return [record.get(self.field) for record in self.pick.records(facts, today, how)]

    def variables(self, facts: Facts, days: Sequence[date], table: Table) -> Iterator[Variable]:
        about = self.pick.selection.kind.fields[self.field]
        yield from self.pick.variables(facts, days, {self.field: table.samples(about)})

    def days(self, facts: Facts) -> Iterator[date]:
        yield from self.pick.days(facts)

    def parts(self) -> tuple[Phrase, ...]:
        return tuple(self.pick.selection.phrases())

    def with_parts(self, parts: tuple[Phrase, ...]) -> By:
        return self


By = ByFact | ByDay | ByPicked


@frozen
class Chosen(Phrase):
    """One of several days, which a table decides; of records that tie, the latest of theirs."""

    text: str
    """As the author wrote it."""
    by: By
    table: Table = field(eq=False)
    """Its results are places among the options."""
    options: tuple[Phrase, ...]

    def taken(self, facts: Facts, today: date, how: Calendar) -> list[Phrase]:
        """The days that the table says. Raises `UnknownDay`."""
        values = self.by.values(facts, today, how)
        if any(value is ABSENT for value in values):
            raise UnknownDay(self.text)
        places = {self.table.look_up(value) for value in values} or {self.table.otherwise}
        return [self.options[place] for place in sorted(places)]

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        return max(one.day(facts, today, how) for one in self.taken(facts, today, how))

    def due(self, facts: Facts, today: date, how: Calendar) -> date:
        return max(one.due(facts, today, how) for one in self.taken(facts, today, how))

    def happened(self, facts: Facts, today: date) -> bool:
        return all(one.happened(facts, today) for one in self.taken(facts, today, PLAIN))

    def parts(self) -> tuple[Phrase, ...]:
        return (*self.by.parts(), *self.options)

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        own = len(self.by.parts())
        return evolve(self, by=self.by.with_parts(parts[:own]), options=parts[own:])

    def choices(self) -> Iterator[Phrase]:
        for one in self.options:
            yield from one.choices()

    def moves(self, facts: Facts) -> bool:
        return super().moves(facts) or any(day > facts.as_of for day in self.by.days(facts))

    def may_move(self, facts: Facts) -> bool:
        return isinstance(self.by, ByPicked) or super().may_move(facts)

    def monotone(self) -> bool:
        return False

    def fixed_days(self) -> Iterator[date]:
        yield from super().fixed_days()
        for row in self.table.rows:
            yield from (bound for bound in (row.first, row.last, *row.values) if isinstance(bound, date))

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Variable]:
        yield from self.by.variables(facts, days, self.table)
        yield from super().variables(facts, days)

    def known_days(self, facts: Facts) -> Iterator[date]:
        yield from self.by.days(facts)
        yield from super().known_days(facts)

    def __str__(self) -> str:
        return self.text
