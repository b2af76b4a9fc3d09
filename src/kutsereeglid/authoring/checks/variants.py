"""A ruleset's qualifications as they are read: under each reading, with the rules in force together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from attrs import frozen

from kutsereeglid.compiling import Compiled, Compiler
from kutsereeglid.conditions import Leaf
from kutsereeglid.phrases import Phrase
from kutsereeglid.ruleset import Cite, Ruleset


@frozen(eq=False, repr=False)
class Variant:
    """A qualification under one choice of readings."""

    compiled: Compiled
    readings: frozenset[str]
    """Those that it hangs on."""
    reached: frozenset[str]
    """What it names of what rules conclude."""
    cites: tuple[Cite, ...]
    lists: frozenset[str]

    @property
    def leaves(self) -> list[tuple[Leaf, Phrase | None]]:
        """The conditions, and the days by which they are judged."""
        return [(one.leaf, one.due) for one in self.compiled.propositions if one.leaf is not None]


def variants(ruleset: Ruleset, name: str, out_of_force: frozenset[str] = frozenset()) -> Iterator[Variant]:
    """The qualification under the readings that the ruleset takes, and under each other option alone."""
    asked: set[str] = set()
    for readings in _readings(ruleset, asked):
        compiler = Compiler(ruleset, ruleset.qualifications[name], readings, out_of_force)
        compiled = compiler.compiled()
        if compiled is not None:
            used = {one for requirement in compiled.requirements for one in requirement.used}
            asked |= used
            yield Variant(
                compiled, frozenset(used), frozenset(compiler.reached), tuple(compiler.cites), compiled.lists
            )


def in_force_together(ruleset: Ruleset) -> tuple[frozenset[str], ...]:
    """The rules that are out of force on some day of the ruleset, for each combination that there is."""
    days = [ruleset.in_force_from]
    for rule in ruleset.rules.values():
        days += [rule.in_force_from] if rule.in_force_from is not None else []
        days += [rule.in_force_to + timedelta(days=1)] if rule.in_force_to not in (None, date.max) else []
    return tuple(dict.fromkeys(ruleset.out_of_force(day) for day in days if ruleset.in_force_on(day)))


def _readings(ruleset: Ruleset, asked: set[str]) -> Iterator[Mapping[str, str]]:
    """Those taken, then each other option alone of those that were ``asked`` for so far."""
    yield {}
    for reading in ruleset.readings.values():
        for option in reading.options if reading.name in asked else ():
            if option != reading.taken:
                yield {reading.name: option}
