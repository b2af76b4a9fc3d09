"""Threads, forked processes and memory in the small; `make stress` runs them in the large."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.stress import LIMITS, Stress, main


@pytest.fixture(scope="module")
def stress() -> Stress:
    return Stress.of(files=6)


def test_eight_threads(stress: Stress, engine: str) -> None:
    assert stress.in_threads(engine, 240) == 0


# From CPython 3.12 on, a fork is warned of where another thread runs, such as that of pytest-xdist.
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_forked_processes(stress: Stress, engine: str) -> None:
    assert stress.in_processes(engine, 240) == 0


def test_a_wrong_answer_is_noticed(stress: Stress, engine: str) -> None:
    wrong = Stress(stress.cases, [("met",), *stress.expected[1:]])
    assert wrong.in_threads(engine, 240) == 8
    with pytest.raises(AssertionError, match="wrong answer"):
        wrong.growth(engine, 300, lambda *_: None)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc on this system")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_the_command(
    capsys: pytest.CaptureFixture[str], engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, engine, 100_000.0)
    assert main([engine, "--evaluations", "100", "--files", "2"]) == 0
    assert capsys.readouterr().out.count(": held") == 3
