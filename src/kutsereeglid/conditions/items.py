"""Conditions read once for each item of a list in the applicant's file (``each``, ``for_each``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from datetime import date

import attrs
from attrs import Factory, define, frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.conditions.base import Leaf, Moment, Variable, values_of
from kutsereeglid.dates import Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.yaml_tree import Mapping, Place, Scalar

EACH = "<each>"
"""Among the readings that a rule hangs on: that it hangs on the thing asked for."""


@frozen(eq=False, repr=False)
class Item(Scalar):
    """A text from the applicant's file that fills a blank; nothing in it is a blank itself."""

    each: bool = False
    """Whether it is one of the things asked for (``each`` of the qualification)."""


@frozen(eq=False, repr=False)
class Unlisted(Mapping):
    """A ``for_each`` whose list is not in the applicant's file."""


@define(eq=False, repr=False)
class Lists:
    """The lists that conditions are read for, item by item."""

    values: MappingOf[str, tuple[str, ...] | None] | None = None
    """By path, ``None`` for a list that is absent. Without any, before an applicant is known, each list
    has one item, named by the blank that it fills."""
    asked: set[str] = Factory(set)
    """The paths that were asked for."""

    def items(self, path: str, blank: str, place: Place, *, each: bool = False) -> tuple[Item, ...] | None:
        self.asked.add(path)
        values = (f"<{blank}>",) if self.values is None else self.values.get(path)
        if values is None:
            return None
        return tuple(Item(value, place, each=each) for value in dict.fromkeys(values))


@frozen(eq=False, repr=False)
class Listed(Leaf):
    """That the file has the list: it holds when it does, and is ``unknown`` when it does not, for what
    the list may hold is asked for too."""

    head = "for_each"
    path: str
    positive: bool = True

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        if facts.value(self.path) is ABSENT:
            yield values_of(self.path, (not self.positive, self.positive))

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return (facts.value(self.path) is not False) is self.positive

    def negated(self) -> Listed:
        return attrs.evolve(self, positive=not self.positive)

    def asks(self) -> Part:
        return Part("listed" if self.positive else "not listed", (("fact", self.path),))

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        values = facts.value(self.path)
        return Part("given", (("value", ", ".join(values)),)) if values else Part("given none")
