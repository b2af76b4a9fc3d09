"""The engine on durable-rules 2.0.28, inside the pattern in which it is safe.

A program is cut into *hosts*: small rulesets of durable-rules, in the order of the program's rules. An atom is
a fact with one number, a rule an ``all`` over such facts, and what a rule concludes is asserted as a fact when
it fires. Within a host durable-rules chains by itself; what holds in the end is handed on to the later hosts
that wait for it.

Its C module is driven without the Python layer above it. That layer starts threads, keeps every ruleset for
good, swallows what an action raises, and asks the time of a function that newer Pythons warn of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from threading import RLock
from weakref import WeakKeyDictionary, finalize

import durable_rules_engine as rete

from kutsereeglid.engine.program import EngineError, Model, Program, Rule, Step, statuses_of
from kutsereeglid.errors import Problem

WIDEST = 15
"""Conditions in one rule; durable-rules has room for 16 facts in one match."""
FULL = 200
"""Conditions in one host. So no fact can have more rules that wait for it (the room is for 255), no field
more values (512), no host more rules (4,096)."""
MOST_HOSTS = 2_500
"""Hosts of one program: half a million conditions, and some 2 GB. (Handles: 131,071 in one process.)"""
KEPT_HOSTS = 256
"""Hosts that are kept from one evaluation to the next: some 200 MB when all are full."""

_SESSION = "1"
_START = 0
"""A fact of every session; rules without conditions wait for it."""
_BEGIN = "begin"
_HANDLED = 0


class Host:
    """Some rules of a program as a ruleset of durable-rules, for one session at a time."""

    def __init__(self, rules: Sequence[tuple[int, Rule]]) -> None:
        numbers: dict[int, int] = {}
        written = {_BEGIN: _all_of([_START])}
        for index, rule in rules:
            body = [numbers.setdefault(atom, len(numbers) + 1) for atom in rule.body]
            written[str(index)] = _all_of(body or [_START])
        self.facts = {atom: _fact(number) for atom, number in numbers.items()}
        """The facts that the rules wait for, by atom."""
        self.heads = {index: rule.head for index, rule in rules}
        """What the rules conclude, by their numbers."""
        self.handle: int = rete.create_ruleset("kutsereeglid", json.dumps(written))
        finalize(self, rete.delete_ruleset, self.handle).atexit = False
        self._begun = False
        """Whether an action was ever started. Deleting a session frees what its last action printed: in memory
        that no session used before, whatever lies there."""
        self.fire(())

    def fire(self, atoms: Iterable[int]) -> list[tuple[int, int]]:
        """Asserts what holds. What fired then, in order: the rule's number and the atom that it concludes."""
        known = set(atoms)
        batch = [_fact(_START), *map(self.facts.__getitem__, known)]
        fired: list[tuple[int, int]] = []
        try:
            handled, session = rete.assert_facts(self.handle, f"[{','.join(batch)}]")
            _check(handled == _HANDLED, "a fact that was not taken")
            started = rete.start_action_for_state(self.handle, session)
            self._begun = True
            firing = started and started[1]
            while firing:
                name = firing.split('"', 2)[1]  # {"12": {"m0": …}}: the rule, and the facts that it matched
                if name != _BEGIN:
                    head = self.heads[int(name)]
                    fired.append((int(name), head))
                    _check(len(fired) <= len(self.heads), "a rule that fired twice")
                    if head not in known:
                        known.add(head)
                        if head in self.facts:
                            handled, _ = rete.assert_fact(self.handle, self.facts[head])
                            _check(handled == _HANDLED, "a fact that was not taken")
                firing = rete.complete_and_start_action(self.handle, session)
        finally:
            if self._begun:
                with suppress(rete.error):
                    rete.delete_state(self.handle, _SESSION)
        return fired


def _check(right: bool, otherwise: str) -> None:
    if not right:
        raise EngineError(
            Problem("engine", "durable-rules", otherwise, "every fact taken, every firing once")
        )


def _fact(number: int) -> str:
    return f'{{"sid":"{_SESSION}","id":"{number}","atom":{number}}}'


def _all_of(numbers: Iterable[int]) -> dict[str, list[dict[str, object]]]:
    return {"all": [{f"m{place}": {"$and": [{"atom": number}]}} for place, number in enumerate(numbers)]}


def hosts_of(program: Program) -> list[Host]:
    """The program's rules, hosted. Raises `EngineError`, before anything is asserted, for a program that
    is beyond a limit of durable-rules."""
    parts: list[list[tuple[int, Rule]]] = []
    room = 0
    for index, rule in enumerate(program.rules):
        width = max(len(rule.body), 1)
        if width > WIDEST:
            raise _beyond(f"rule {index}", f"{width} conditions", f"at most {WIDEST} in one rule")
        if width > room:
            parts.append([])
            room = FULL
        parts[-1].append((index, rule))
        room -= width
    if len(parts) > MOST_HOSTS:
        conditions = sum(max(len(rule.body), 1) for rule in program.rules)
        raise _beyond(
            "the program", f"{conditions:,} conditions", f"at most {MOST_HOSTS * FULL:,} in one qualification"
        )
    return [Host(part) for part in parts]


def _beyond(where: str, found: str, expected: str) -> EngineError:
    return EngineError(
        Problem(
            "engine-limit", f"durable-rules: {where}", found, expected, "the engine native has no such limit"
        )
    )


class Durable:
    """An engine: keeps the hosts of the programs that it ran last.

    Evaluations take turns (durable-rules never lets go of the interpreter anyway). While a program runs, its hosts are
    not among those kept; they come back only after a run without error. So nothing that an interruption or
    a fork left half done is ever used again.
    """

    def __init__(self, kept_hosts: int = KEPT_HOSTS) -> None:
        self._most = kept_hosts
        self._kept: WeakKeyDictionary[Program, list[Host]] = WeakKeyDictionary()
        self._turn = RLock()

    def __call__(self, program: Program, given: Iterable[int]) -> Model:
        """Chains from the leaves' atoms to the fixpoint."""
        with self._turn:
            try:
                hosts = self._kept.pop(program, None) or hosts_of(program)
                model = _chained(program, hosts, given)
            except rete.error as error:
                raise EngineError(Problem("engine", "durable-rules", str(error), "an answer")) from error
            self._keep(program, hosts)
            return model

    def _keep(self, program: Program, hosts: list[Host]) -> None:
        self._kept[program] = hosts
        number = sum(map(len, self._kept.values()))
        for oldest in list(self._kept):
            if number <= self._most or oldest is program:
                break
            number -= len(self._kept.pop(oldest, ()))

    def after_fork(self) -> None:
        """In the child: the thread whose turn it was is not there."""
        self._turn = RLock()


def _chained(program: Program, hosts: Iterable[Host], given: Iterable[int]) -> Model:
    holds = bytearray(len(program.names))
    for atom in given:
        holds[atom] = 1
    steps: list[Step] = []
    for host in hosts:
        for index, head in host.fire(atom for atom in host.facts if holds[atom]):
            holds[head] = 1
            steps.append(Step(index))
    return Model(statuses_of(program, holds), tuple(steps))


run = Durable()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=run.after_fork)
