"""Applicants that show something: with whom two rulesets decide otherwise, say; and the least of such a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from random import Random
from time import process_time
from typing import Any

from attrs import frozen

from kutsereeglid.authoring.choices import rolled
from kutsereeglid.authoring.making import Asked, File
from kutsereeglid.authoring.neighbours import Neighbours
from kutsereeglid.dates import plus_days
from kutsereeglid.decision import Decision
from kutsereeglid.errors import KutsereeglidError
from kutsereeglid.evaluation import evaluate
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Ruleset

_PATIENCE = 400
"""Files tried while one is made smaller."""
_LONG = 0.5
"""Seconds of one try after which a file is left as it is."""


@frozen(eq=False)
class Side:
    """A version of a ruleset, among those it stands with."""

    book: Rulebook
    ruleset: Ruleset

    def decide(
        self, file: File, name: str, as_of: date, readings: Mapping[str, str] | None = None
    ) -> Decision | None:
        """``None`` where the rules cannot be read with such a file."""
        asked = f"{self.ruleset.id}:{name}"
        try:
            return evaluate(
                file, asked, as_of=as_of, version=self.ruleset.version, readings=readings, rulebook=self.book
            )
        except KutsereeglidError:
            return None


@frozen(eq=False)
class Witness:
    """A file, a day, and what two sides make of them."""

    qualification: str
    file: File
    as_of: date
    before: Decision
    after: Decision
    readings: Mapping[str, str]


def each_reading(ruleset: Ruleset) -> Iterator[dict[str, str]]:
    """The readings taken, and each other option alone."""
    yield {}
    for reading in ruleset.readings.values():
        yield from ({reading.name: option} for option in reading.options if option != reading.taken)


def files(
    side: Side, name: str, known: Sequence[tuple[File, date]] = (), seed: int = 0
) -> Iterator[tuple[File, date]]:
    """Files near the boundaries of a qualification, without end, the same in every run: each second one like one of those
    ``known``. No fact is missing in the others."""
    asked = Asked(f"{side.ruleset.id}:{name}", side.book, side.ruleset, each_reading(side.ruleset))
    neighbours = Neighbours(asked)
    choices = rolled(Random(seed))  # noqa: S311 - nothing is kept secret by it
    while True:
        if known:
            file, day = choices.among(known)
            as_of = asked.in_force(plus_days(day, choices.one_of(0, 0, 0, 0, 1, -1)))
            yield neighbours.of(choices, file), as_of
        steps, as_of = asked.forgetting(choices, complete=True)
        yield steps[0].file, as_of


Key = tuple[Any, ...]


def told(decision: Decision) -> Key:
    """What a decision says: its outcome, path, and each finding."""
    return str(decision.outcome), decision.path, frozenset(findings(decision).items())


def findings(decision: Decision) -> dict[Key, Key]:
    """What is said of each finding: its status, days, missing facts and contested readings."""
    return {
        (one.of_path, one.of, one.requirement, one.required): (
            str(one.status), one.due, one.earliest, one.missing, one.applies,
            frozenset((other.reading, other.option, str(other.status)) for other in one.contested),
        )
        for one in decision.findings
    }  # fmt: skip


def statuses(decision: Decision) -> dict[Key, str]:
    """The status of each finding."""
    return {key: said[0] for key, said in findings(decision).items()}


def compared(
    one: Side, other: Side, name: str, file: File, as_of: date, readings: Mapping[str, str]
) -> Witness | None:
    """The file as a witness, when the two sides decide otherwise."""
    before, after = one.decide(file, name, as_of, readings), other.decide(file, name, as_of, readings)
    if before is None or after is None or told(before) == told(after):
        return None
    return Witness(name, file, as_of, before, after, readings)


def smaller(file: File, still: Callable[[File], bool]) -> File:
    """The file with everything left out that need not be there for it to ``still`` show something; as far as that
    is quickly found."""
    made, left = file, _PATIENCE
    changed = True
    while changed and left > 0:
        changed = False
        # Records first: without one the file is as complete as it was, and quickly decided on.
        for path in sorted(_paths(made), key=lambda one: (not isinstance(one[-1], int), len(one))):
            less = _without(made, path)
            begun = process_time()
            left -= 1
            if still(less):
                made, changed = less, True
                break
            if left <= 0 or process_time() - begun > _LONG:
                return made
    return made


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _without(file: File, path: tuple[Any, ...]) -> File:
    made = deepcopy(file)
    holder: Any = made
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return made
