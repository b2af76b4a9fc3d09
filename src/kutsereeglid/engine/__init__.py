"""Engines behind one port: a `Program` and the leaves' atoms in, a `Model` out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kutsereeglid.engine import native
from kutsereeglid.engine.program import EngineError, Group, Model, Program, Step, replay
from kutsereeglid.errors import Problem, UsageError, closest, describe, listed

Engine = Callable[[Program, Iterable[int]], Model]

ENGINES: dict[str, Engine] = {"native": native.run}


def engine_named(name: str) -> Engine:
    """The engine of that name; raises `UsageError` for another name."""
    engine = ENGINES.get(name)
    if engine is None:
        raise UsageError(
            Problem(
                "unknown-engine",
                "engine",
                describe(name),
                f"one of {listed(ENGINES)}",
                closest(name, ENGINES),
            )
        )
    return engine


__all__ = ["ENGINES", "Engine", "EngineError", "Group", "Model", "Program", "Step", "engine_named", "replay"]
