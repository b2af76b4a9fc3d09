"""The engines that the suite runs on: each that can be installed here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from kutsereeglid import evaluate
from kutsereeglid.engine import ENGINES

INSTALLED = [name for name in ENGINES if name != "durable" or find_spec("durable_rules_engine")]


needs_durable = pytest.mark.skipif("durable" not in INSTALLED, reason="durable-rules is not installed here")


def _param(name: str) -> object:
    return pytest.param(name, marks=needs_durable if name == "durable" else ())


@pytest.fixture(scope="module", params=map(_param, ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine by name."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def on_each_engine(engine: str) -> Iterator[None]:
    """For `usefixtures`: what the module's tests evaluate is evaluated by each engine in turn."""
    with pytest.MonkeyPatch.context() as patch:
        assert evaluate.__kwdefaults__ is not None
        patch.setitem(evaluate.__kwdefaults__, "engine", engine)
        yield


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command, run in this process."""
    from tests.test_cli import Run

    return Run(monkeypatch, capsys)
