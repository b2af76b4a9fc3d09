"""Conditions made of conditions, as an author writes them; `compiling` takes them apart."""

from __future__ import annotations

from attrs import frozen

from kutsereeglid.conditions.base import Leaf
from kutsereeglid.phrases import Phrase
from kutsereeglid.yaml_tree import Node, Place


@frozen(eq=False, repr=False)
class AtLeast:
    """At least ``needed`` of the parts hold: all of them, one of them, or k of n."""

    needed: int
    parts: tuple[Condition, ...]
    names: tuple[str, ...] = ()
    """The branches' names, when the author named them."""
    place: Place | None = None
    cases: tuple[tuple[int, bool], ...] = ()
    """Where the parts are what holds in each case: the places of those of one case, in the order in which the
    first whose case it is tells all; and whether its second part says so, else it is so otherwise."""


@frozen(eq=False, repr=False)
class Not:
    part: Condition


@frozen(eq=False, repr=False)
class DueBy:
    """A condition that must hold by a day of its own."""

    part: Condition
    due: Phrase


@frozen(eq=False, repr=False)
class RuleRef:
    """Another rule's proposition, with the blanks that are filled anew."""

    name: str
    fills: tuple[tuple[str, Node], ...]
    place: Place


Condition = AtLeast | Not | DueBy | RuleRef | Leaf

ALWAYS = AtLeast(0, ())
NEVER = AtLeast(1, ())
