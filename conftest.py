"""Every example in README.md, docs/ and the docstrings of src/ is run, and its output compared."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

from tests.pages import PAGES

ROOT = Path(__file__).parent

# The suite tries the same generated examples in every run; `make laws` draws others.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("unshrunk", settings.get_profile("suite"), phases=[Phase.explicit, Phase.generate])
settings.load_profile("suite")


def _at_root(namespace: dict[str, Any]) -> None:
    namespace["came_from"] = Path.cwd()
    os.chdir(ROOT)


def _back(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["came_from"])


pytest_collect_file = SybilCollection(
    [
        Sybil(PAGES, patterns=["README.md"], setup=_at_root, teardown=_back),
        Sybil(PAGES, patterns=["*.md"], path="docs", setup=_at_root, teardown=_back),
        Sybil(
            [DocTestParser()],
            patterns=["**/*.py"],
            path="src",
            document_types={".py": PythonDocStringDocument},
        ),
    ]
).pytest()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``-n``, the examples of one page stay together: each builds on those before it."""
    if config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class PagesWhole(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            return file if test.startswith("line:") else nodeid

    return PagesWhole(config, log)
