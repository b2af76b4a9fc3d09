"""Engines behind one port: a `Program` and the leaves' atoms in, a `Model` out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from kutsereeglid.engine import native
from kutsereeglid.engine.program import EngineError, Group, Model, Program, Step, replay
from kutsereeglid.errors import Problem, UsageError, closest, describe, listed

Engine = Callable[[Program, Iterable[int]], Model]

ENGINES = ("native", "durable")


def engine_named(name: str) -> Engine:
    """The engine of that name; raises `UsageError` for another name, and for one that is not installed."""
    if name == "native":
        return native.run
    if name == "durable":
        return _durable()
    raise UsageError(
        Problem(
            "unknown-engine", "engine", describe(name), f"one of {listed(ENGINES)}", closest(name, ENGINES)
        )
    )


def _durable() -> Engine:
    """Imported when it is first asked for: it is an extra, and cannot be had everywhere."""
    try:
        from kutsereeglid.engine import durable
    except ImportError as error:
        where = "CPython {}.{}".format(*sys.version_info)
        mend = (
            f"durable-rules does not work on {where}: take an older one, or the engine native"
            if sys.version_info >= (3, 13)
            else "pip install 'kutsereeglid[durable]' (it needs a C compiler), or take the engine native"
        )
        found = "'durable', and durable-rules is not installed"
        raise UsageError(
            Problem("engine-not-installed", "engine", found, "an engine that is installed", mend)
        ) from error
    return durable.run


__all__ = ["ENGINES", "Engine", "EngineError", "Group", "Model", "Program", "Step", "engine_named", "replay"]
