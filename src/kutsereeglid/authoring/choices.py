"""Where generated rulesets and applicants take their choices from.

Whoever makes them is asked one kind of question, a number below another one: a seeded `Random` here, or hypothesis
(`kutsereeglid.testing`), so that the same code draws thousands of examples at little cost, and ones that shrink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


class Choices:
    """Makes choices; the first of several is the simplest, to which a failing example shrinks."""

    def __init__(self, below: Callable[[int], int]) -> None:
        self.below = below
        """A number from 0 to one less than the given one."""

    def among(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]

    def one_of(self, *values: Any) -> Any:
        return values[self.below(len(values))]

    def often(self) -> bool:
        return self.below(2) == 1

    def seldom(self) -> bool:
        return self.below(5) == 4

    def rarely(self) -> bool:
        return self.below(12) == 11


def rolled(random: Random) -> Choices:
    """Choices of a seeded random number generator."""
    return Choices(random.randrange)
