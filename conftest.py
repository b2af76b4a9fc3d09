"""Every example in README.md, docs/ and the docstrings of src/ is run, and its output compared."""

from __future__ import annotations

import io
import os
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from unittest import mock

from sybil import Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

ROOT = Path(__file__).parent


def _at_root(namespace: dict[str, Any]) -> None:
    namespace["came_from"] = Path.cwd()
    os.chdir(ROOT)


def _back(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["came_from"])


def same_as_file(example: Example) -> str | None:
    """A block whose first line is ``# docs/….`` shows that file as it is."""
    shown = str(example.parsed)
    name = shown.partition("\n")[0].removeprefix("# ")
    if not name.startswith("docs/"):
        return None
    kept = (ROOT / name).read_text(encoding="utf-8")
    return None if kept == shown else f"{name} is not as shown here"


def run_commands(example: Example) -> str | None:
    """``$ kutsereeglid …`` and what it prints; ``...`` in a line stands for any text."""
    for block in ("\n" + str(example.parsed)).split("\n$ ")[1:]:
        command, _, expected = block.partition("\n")
        name, *arguments = shlex.split(command)
        if name != "kutsereeglid":
            continue
        printed = _printed(arguments).rstrip().splitlines()
        wanted = expected.rstrip().splitlines()
        if len(printed) != len(wanted) or not all(map(_fits, printed, wanted)):
            return "$ " + command + "\nprinted:\n" + "\n".join(printed)
    return None


def _fits(line: str, wanted: str) -> bool:
    pattern = wanted.replace("[", "[[]").replace("...", "*")
    return fnmatch(line.rstrip(), pattern)


def _printed(arguments: list[str]) -> str:
    from kutsereeglid.cli import main

    out = io.StringIO()
    with mock.patch.object(sys, "argv", ["kutsereeglid", *arguments]), redirect_stdout(out), redirect_stderr(out):
        try:
            main()
        except SystemExit:
            pass
    return out.getvalue()


PAGES = [
    PythonCodeBlockParser(),
    CodeBlockParser("yaml", same_as_file),
    CodeBlockParser("text", same_as_file),
    CodeBlockParser("console", run_commands),
]

pytest_collect_file = SybilCollection(
    [
        Sybil(PAGES, patterns=["README.md"], setup=_at_root, teardown=_back),
        Sybil(PAGES, patterns=["**/*.md"], path="docs", setup=_at_root, teardown=_back),
        Sybil([DocTestParser()], patterns=["**/*.py"], path="src", document_types={".py": PythonDocStringDocument}),
    ]
).pytest()
