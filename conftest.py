"""Every example in README.md, docs/ and the docstrings of src/ is run, and its output compared."""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from fnmatch import fnmatch
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory, mkdtemp
from textwrap import indent
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings
from ruamel.yaml import YAML
from sybil import Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection
from sybil.typing import Parser

ROOT = Path(__file__).parent

# The suite tries the same generated examples in every run; `make laws` draws others.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")
A_CONDITION = "when: {some: qualifications, where: {id: mariner}}"
"""A condition of docs/example that the pages' other conditions are tried in place of."""


RULE_KEYS = ("due", "within", "applies_when", "waived_when", "when", "unless")
ASKED = """rules:
  asked:
    title: Asked
    kind: prerequisite
    says: {source: lighthouse-act, at: "§ 99"}
"""
ASKED_FOR = """qualifications:
  asked: {title: Asked, requires: {application: [asked]}}
"""


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


def conditions_read(example: Example) -> str | None:
    """A block that starts with ``# conditions`` is a list of conditions that the loader accepts; one that
    starts with ``# sections``, more sections of docs/example."""
    shown = str(example.parsed)
    sections = shown.startswith("# sections")
    if not shown.startswith("# conditions") and not sections:
        return None
    from kutsereeglid import RulesetError, load_rulebook

    with TemporaryDirectory() as name:
        folder = Path(name) / "example"
        copytree(ROOT / "docs" / "example", folder)
        ruleset = folder / "2026-01-01.yaml"
        before, old, after = ruleset.read_text(encoding="utf-8").partition(A_CONDITION)
        if not old:
            return f"no `{A_CONDITION}` in docs/example"
        text = before + (A_CONDITION if sections else "when:\n" + indent(shown, " " * 6)) + after
        ruleset.write_text(text + shown if sections else text, encoding="utf-8")
        try:
            load_rulebook(folder)
        except RulesetError as error:
            return str(error)
    return None


def with_sections(shown: str) -> Path:
    """A copy of docs/example in English alone, with the sections that are shown added to it."""
    text = (ROOT / "docs" / "example" / "2026-01-01.yaml").read_text(encoding="utf-8")
    text = text.replace("languages: [en, et]", "languages: [en]")
    _, *sections = re.split(r"^(\w+):\n", shown, flags=re.MULTILINE)
    for section, own in zip(sections[::2], sections[1::2], strict=True):
        if f"\n{section}:\n" not in text:
            text += f"\n{section}:\n"
        text = text.replace(f"\n{section}:\n", f"\n{section}:\n{own}")
    folder = Path(mkdtemp()) / "example"
    copytree(ROOT / "docs" / "example", folder)
    (folder / "2026-01-01.yaml").write_text(text, encoding="utf-8")
    return folder


def added_to_example(example: Example) -> str | None:
    """A block that starts with ``# added to docs/example`` has rules and qualifications that the loader
    accepts there; what is loaded is `book` in the examples below it."""
    shown = str(example.parsed)
    if not shown.startswith("# added to docs/example"):
        return None
    from kutsereeglid import RulesetError, load_rulebook

    try:
        example.namespace["book"] = load_rulebook(with_sections(shown))
    except RulesetError as error:
        return str(error)
    return None


def answers_given(example: Example) -> str | None:
    """A block that starts with ``# answers`` has a rule's condition and what is found for some files:
    ``when``, other keys of a rule and sections, and ``answers`` with a ``file`` and its ``finding`` each."""
    shown = str(example.parsed)
    if not shown.startswith("# answers"):
        return None
    from kutsereeglid import RulesetError, evaluate, load_rulebook

    _, *parts = re.split(r"^(\w+):(?=[ \n])", shown, flags=re.MULTILINE)
    keys = dict(zip(parts[::2], parts[1::2], strict=True))
    block = YAML(typ="safe", pure=True).load(shown)
    rule = "".join(
        f"    {key}:" + keys.pop(key).replace("\n  ", "\n      ") for key in RULE_KEYS if key in keys
    )
    own = "".join(
        f"{key}:\n{text.lstrip(chr(10))}" for key, text in keys.items() if key not in ("as_of", "answers")
    )
    try:
        book = load_rulebook(with_sections(f"{ASKED}{rule}{ASKED_FOR}{own}"))
    except RulesetError as error:
        return str(error)
    problems = []
    for number, one in enumerate(block["answers"], 1):
        day = one.get("as_of", block.get("as_of"))
        found = evaluate(one["file"], "asked", as_of=day, rulebook=book).finding("asked")
        is_ = {
            "status": str(found.status),
            "missing": list(found.missing),
            "text": found.because[0].text if found.because else "",
            **{key: getattr(found, key) for key in ("due", "earliest", "applies", "path", "late")},
        }
        is_["contested"] = bool(found.contested)
        wanted = one["finding"]
        if {key: is_[key] for key in wanted} != wanted or ("missing" not in wanted and is_["missing"]):
            problems.append(f"answer {number}: found {is_}")
    return "\n".join(problems) or None


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
    with (
        mock.patch.object(sys, "argv", ["kutsereeglid", *arguments]),
        redirect_stdout(out),
        redirect_stderr(out),
        suppress(SystemExit),
    ):
        main()
    return out.getvalue()


PAGES: list[Parser] = [
    PythonCodeBlockParser(),
    CodeBlockParser(
        "yaml",
        lambda example: (
            same_as_file(example)
            or conditions_read(example)
            or added_to_example(example)
            or answers_given(example)
        ),
    ),
    CodeBlockParser("text", same_as_file),
    CodeBlockParser("console", run_commands),
]

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
