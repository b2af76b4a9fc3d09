"""The engine on durable-rules: what it refuses, and what it leaves behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kutsereeglid import Status, UsageError, evaluate
from kutsereeglid.engine import Engine, EngineError, Group, Program, engine_named
from kutsereeglid.engine.program import Rule

SMALL: list[Group | None] = [None, None, Group((0, 1), 2)]


@pytest.fixture
def durable() -> Any:
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed here")
    from kutsereeglid.engine import durable

    return durable


class Counting:
    """The C module, with its calls counted, and any of them replaced."""

    def __init__(self, module: Any, **others: Callable[..., object]) -> None:
        self.module, self.others = module, others
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = self.others.get(name) or getattr(self.module, name)
        if name == "error":
            return found

        def called(*arguments: object) -> object:
            self.calls.append(name)
            return found(*arguments)

        return called


def met(program: Program) -> list[int]:
    return [program.atom(number, Status.MET) for number in (0, 1)]


def raising(error: BaseException, after: int = 0) -> Callable[..., object]:
    from durable_rules_engine import complete_and_start_action

    def called(*arguments: object) -> object:
        nonlocal after
        after -= 1
        if after < 0:
            raise error
        return complete_and_start_action(*arguments)

    return called


def test_a_rule_that_is_too_wide_is_refused_before_anything_is_asserted(
    durable: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program([None] * 16)
    program.rules.append(Rule(program.atom(0, Status.MET), tuple(range(4, 20))))
    counting = Counting(durable.rete)
    monkeypatch.setattr(durable, "rete", counting)
    with pytest.raises(EngineError, match=r"rule 0: 16 conditions; expected at most 15 in one rule"):
        durable.run(program, [])
    assert counting.calls == []


def test_a_program_that_is_too_large_is_refused_before_anything_is_asserted(
    durable: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "MOST_HOSTS", 2)
    counting = Counting(durable.rete)
    monkeypatch.setattr(durable, "rete", counting)
    program = Program([None, *[Group((0,), 1)] * 200])
    with pytest.raises(EngineError, match=r"conditions; expected at most 400 in one qualification"):
        durable.run(program, [])
    assert counting.calls == []


def test_no_host_is_beyond_what_durable_rules_has_room_for(durable: Any) -> None:
    parts = tuple(range(600))
    groups = [Group(parts[:30], 20), *[Group((0,), 1)] * 300, Group(parts, 600), Group((), 0)]
    program = Program([*[None] * 600, *groups])
    hosts = durable.hosts_of(program)
    assert len(hosts) > 1
    for host in hosts:
        rules = [program.rules[index] for index in host.heads]
        waiting = [atom for rule in rules for atom in rule.body]
        assert len(rules) < 4_096
        assert len(host.facts) + 1 < 512
        assert max(Counter(waiting).values(), default=0) <= 255
    assert [index for host in hosts for index in host.heads] == list(range(len(program.rules)))


def test_facts_of_a_session_have_hashes_of_their_own(durable: Any) -> None:
    """durable-rules tells facts apart by 32 bits of FNV-1a of their ids."""

    def hashed(text: str) -> int:
        made = 2166136261
        for byte in text.encode():
            made = (made ^ byte) * 16777619 % 2**32
        return made

    ids = [str(number) for number in range(durable.FULL + 1)] + ["sid-1"]
    assert len({*map(hashed, ids)}) == len(ids)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError(), MemoryError()], ids=repr)
@pytest.mark.parametrize("after", [0, 1, 3])
def test_what_goes_wrong_in_a_run_comes_out_and_leaves_nothing_behind(
    durable: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException, after: int
) -> None:
    run = durable.Durable()
    program = Program(SMALL)
    run(program, met(program))
    counting = Counting(durable.rete, complete_and_start_action=raising(error, after))
    with monkeypatch.context() as patch:
        patch.setattr(durable, "rete", counting)
        with pytest.raises(type(error)):
            run(program, met(program))
    assert counting.calls[-1] == "delete_state"
    assert run(program, met(program)).statuses[-1] is Status.MET


def test_an_error_of_durable_rules_is_told_in_one_line(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    error = durable.rete.error("Could not assert facts, error code: 303")
    run = durable.Durable()
    program = Program(SMALL)
    run(program, met(program))
    monkeypatch.setattr(durable, "rete", Counting(durable.rete, complete_and_start_action=raising(error)))
    with pytest.raises(EngineError, match=r"^durable-rules: Could not assert facts, error code: 303; "):
        run(program, met(program))


@pytest.mark.parametrize("handled", [1, 2, 3])
def test_a_fact_that_is_not_taken_is_an_error(
    durable: Any, monkeypatch: pytest.MonkeyPatch, handled: int
) -> None:
    from durable_rules_engine import assert_facts

    run = durable.Durable()
    program = Program(SMALL)
    run(program, met(program))
    lost = Counting(durable.rete, assert_facts=lambda *given: (handled, assert_facts(*given)[1]))
    monkeypatch.setattr(durable, "rete", lost)
    with pytest.raises(EngineError, match="a fact that was not taken"):
        run(program, met(program))


def test_a_rule_that_fires_without_end_is_stopped(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = durable.Durable()
    program = Program(SMALL)
    run(program, met(program))
    endless = Counting(durable.rete, complete_and_start_action=lambda *_: '{"0": {}}')
    monkeypatch.setattr(durable, "rete", endless)
    with pytest.raises(EngineError, match="a rule that fired twice"):
        run(program, met(program))
    assert endless.calls[-1] == "delete_state"


def test_a_session_that_was_left_over_is_noticed(durable: Any) -> None:
    [host] = durable.hosts_of(Program(SMALL))
    durable.rete.assert_fact(host.handle, '{"sid":"1","id":"0","atom":0}')
    with pytest.raises(EngineError, match="a fact that was not taken"):
        host.fire([])


def test_each_session_is_deleted_and_each_program_is_hosted_once(
    durable: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(durable.rete)
    monkeypatch.setattr(durable, "rete", counting)
    run = durable.Durable()
    program = Program(SMALL)
    for _ in range(5):
        run(program, met(program))
    assert counting.calls.count("create_ruleset") == 1
    assert counting.calls.count("delete_state") == counting.calls.count("assert_facts")


def deletions(durable: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    counting = Counting(durable.rete)
    monkeypatch.setattr(durable, "rete", counting)

    def number() -> int:
        gc.collect()
        return counting.calls.count("delete_ruleset")

    return number


def test_programs_that_are_gone_leave_no_host(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = deletions(durable, monkeypatch)
    run = durable.Durable()
    program: Program | None = Program(SMALL)
    assert program is not None
    run(program, met(program))
    assert gone() == 0
    program = None
    assert gone() == 1


def test_only_the_last_programs_keep_their_hosts(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = deletions(durable, monkeypatch)
    run = durable.Durable(kept_hosts=2)
    programs = [Program(SMALL) for _ in range(3)]
    for program in programs:
        run(program, met(program))
    assert gone() == 1
    run(programs[1], met(programs[1]))
    run(programs[0], met(programs[0]))
    assert gone() == 2
    run(programs[1], met(programs[1]))
    assert gone() == 2


def test_it_infers_by_itself(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the firings of durable-rules there is no answer."""
    run = durable.Durable()
    program = Program(SMALL)
    run(program, met(program))
    silent = Counting(durable.rete, start_action_for_state=lambda *_: None)
    monkeypatch.setattr(durable, "rete", silent)
    with pytest.raises(EngineError, match="0 statuses"):
        run(program, met(program))


def test_a_name_that_is_near() -> None:
    with pytest.raises(UsageError, match=r"unknown-engine") as caught:
        engine_named("durble")
    assert "did you mean 'durable'?" in str(caught.value)


@pytest.mark.parametrize(
    ("version", "mend"),
    [((3, 12), r"pip install 'kutsereeglid\[durable\]'"), ((3, 13), r"does not work on CPython 3\.13")],
)
def test_where_it_is_not_installed_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], mend: str
) -> None:
    monkeypatch.setitem(sys.modules, "kutsereeglid.engine.durable", None)
    monkeypatch.delattr("kutsereeglid.engine.durable", raising=False)
    monkeypatch.setattr("kutsereeglid.engine.sys", SimpleNamespace(version_info=version))
    with pytest.raises(UsageError, match=mend) as caught:
        evaluate({}, "it-tehnik", engine="durable")
    assert [problem.code for problem in caught.value.problems] == ["engine-not-installed"]


def test_importing_and_evaluating_does_not_import_it() -> None:
    code = (
        "import sys, kutsereeglid; kutsereeglid.evaluate({}, 'it-tehnik');"
        "print([name for name in sys.modules if 'durable' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_in_the_middle_of_a_run(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child has neither the thread whose turn it was nor anything of its run."""
    run: Engine = durable.run
    program = Program(SMALL)
    answered: list[int] = []
    complete = durable.rete.complete_and_start_action

    def forking(*arguments: object) -> object:
        if not answered:
            child = os.fork()
            if child == 0:
                answered.append(0)
                try:
                    right = run(program, met(program)).statuses[-1] is Status.MET
                finally:
                    os._exit(0 if right else 1)
            answered.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        return complete(*arguments)

    run(program, met(program))
    monkeypatch.setattr(durable, "rete", Counting(durable.rete, complete_and_start_action=forking))
    assert run(program, met(program)).statuses[-1] is Status.MET
    assert answered == [0]


# From CPython 3.12 on, a fork is warned of where another thread runs.
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_while_another_thread_has_its_turn(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run: Engine = durable.run
    program = Program(SMALL)
    run(program, met(program))
    inside, go_on = threading.Event(), threading.Event()
    complete = durable.rete.complete_and_start_action

    def waiting(*arguments: object) -> object:
        if threading.current_thread() is thread:
            inside.set()
            go_on.wait(60)
        return complete(*arguments)

    monkeypatch.setattr(durable, "rete", Counting(durable.rete, complete_and_start_action=waiting))
    thread = threading.Thread(target=run, args=(program, met(program)))
    thread.start()
    inside.wait(60)
    child = os.fork()
    if child == 0:
        signal.alarm(10)  # a child that waits for a turn that never comes is ended
        try:
            right = run(program, met(program)).statuses[-1] is Status.MET
        finally:
            os._exit(0 if right else 1)
    status = os.waitpid(child, 0)[1]
    go_on.set()
    thread.join()
    assert status == 0
