"""The native engine: forward chaining with an agenda and a counter for each rule.

Linear in the program's size; all that it keeps lives in one call, so threads do not meet.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from kutsereeglid.engine.program import Model, Program, Step, statuses_of


def run(program: Program, given: Iterable[int]) -> Model:
    """Chains from the leaves' atoms to the fixpoint."""
    rules, waiting = program.rules, program.waiting
    lacking = [len(rule.body) for rule in rules]
    holds = bytearray(len(program.names))
    steps: list[Step] = []
    agenda: deque[int] = deque()

    def conclude(atom: int) -> None:
        if not holds[atom]:
            holds[atom] = 1
            agenda.append(atom)

    for index, count in enumerate(lacking):
        if count == 0:
            steps.append(Step(index))
            conclude(rules[index].head)
    for atom in given:
        conclude(atom)
    while agenda:
        for index in waiting[agenda.popleft()]:
            lacking[index] -= 1
            if lacking[index] == 0:
                steps.append(Step(index))
                conclude(rules[index].head)
    return Model(statuses_of(program, holds), tuple(steps))
