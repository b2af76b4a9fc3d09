"""Units of amounts, and exact conversion between those of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction

from attrs import field, frozen


@frozen
class Unit:
    """A unit as a ruleset declares it: ``academic hours: {kind: teaching, of: 45 minutes}``."""

    kind: str
    """Only units of one kind can be converted."""
    of: tuple[Fraction, str] | None = None
    """How many of which other unit it is."""


class UnitError(ValueError):
    """A unit that nobody knows, or two units that cannot be converted; the message says which."""


BUILT_IN_UNITS: Mapping[str, Unit] = {
    "minutes": Unit("teaching"),
    "hours": Unit("teaching", (Fraction(60), "minutes")),
    "ECTS credits": Unit("credits"),
}
"""Units that every ruleset has; it may declare them anew."""


@frozen
class Units:
    """The units of a ruleset, by name; every unit that one is made of must be among them, without circles.

    >>> units = Units({**BUILT_IN_UNITS, "academic hours": Unit("teaching", (Fraction(45), "minutes"))})
    >>> units.convert(40, "academic hours", "hours")
    Fraction(30, 1)
    """

    known: Mapping[str, Unit] = field(factory=lambda: BUILT_IN_UNITS, hash=False)
    unread: frozenset[str] = frozenset()
    """Those whose declarations have mistakes, of which is told already."""

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def named(self, written: str) -> str | None:
        """The unit that is written in one of its forms (``1 hour``), or ``None``."""
        return next((name for name in (written, f"{written}s") if name in self.known), None)

    def factor(self, unit: str, to: str) -> Fraction:
        """How many ``to`` one ``unit`` is; raises `UnitError` where that has no answer.

        >>> Units().factor("minutes", "hours")
        Fraction(1, 60)
        """
        here, there = self._basic(unit), self._basic(to)
        if unit != to and (here[1] != there[1] or self.known[unit].kind != self.known[to].kind):
            raise UnitError(f"{unit} cannot be converted to {to}")
        return here[0] / there[0]

    def alike(self, unit: str) -> frozenset[str]:
        """The units that can be converted to it."""
        made = set()
        for name in self.known:
            with suppress(UnitError):
                self.factor(name, unit)
                made.add(name)
        return frozenset(made)

    def convert(self, amount: float | Fraction, unit: str, to: str) -> Fraction:
        """The amount in another unit, exactly; 0.1 is a tenth. Raises `UnitError`."""
        return Fraction(str(amount)) * self.factor(unit, to)

    def _basic(self, unit: str) -> tuple[Fraction, str]:
        """The unit as so many of one that is made of no other."""
        factor = Fraction(1)
        if unit not in self.known:
            raise UnitError(f"no unit `{unit}`")
        while (of := self.known[unit].of) is not None:
            factor, unit = factor * of[0], of[1]
        return factor, unit
