"""The families of conditions: one small module each, and the table that an author's words lead to."""

from kutsereeglid.conditions.base import Leaf, Moment
from kutsereeglid.conditions.logic import ALWAYS, AtLeast, Condition, DueBy, Not, RuleRef
from kutsereeglid.conditions.parsing import HEADS, parse
from kutsereeglid.conditions.scope import Scope
from kutsereeglid.conditions.settling import Settled, reachable, settle, settled_as
from kutsereeglid.tree_reader import Unreadable

__all__ = [
    "ALWAYS",
    "HEADS",
    "AtLeast",
    "Condition",
    "DueBy",
    "Leaf",
    "Moment",
    "Not",
    "RuleRef",
    "Scope",
    "Settled",
    "Unreadable",
    "parse",
    "reachable",
    "settle",
    "settled_as",
]
