"""How the blocks and tables of the documentation are run: `PAGES`, the parsers of a page."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import date
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory, mkdtemp
from textwrap import indent
from unittest import mock

from ruamel.yaml import YAML
from sybil import Document, Example, Region
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.typing import Parser

ROOT = Path(__file__).parent.parent

A_CONDITION = "when: {some: qualifications, where: {id: mariner}}"
"""A condition of docs/example that the pages' other conditions are tried in place of."""


RULE_KEYS = ("due", "within", "applies_when", "waived_when", "when", "unless")
AT_99 = "{source: lighthouse-act, at: § 99}"
ASKED = """rules:
  asked:
    title: Asked
    kind: prerequisite
    says: {source: lighthouse-act, at: "§ 99"}
"""
ASKED_FOR = """qualifications:
  asked: {title: Asked, requires: {application: [asked]}}
"""


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
    text = sections_added(text, shown)
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


def written_on_desk(example: Example) -> str | None:
    """Blocks from which the reader's own files are made, in a folder where the commands below are run:
    ``# write FILE``; ``# add to FILE``, sections more of a ruleset; ``# in FILE, in place of "TEXT"``."""
    shown = str(example.parsed)
    first, _, body = shown.partition("\n")
    found = re.fullmatch(r'# (write|add to|in) ([^ ,]+)(?:, in place of (".*"))?', first)
    if found is None:
        return None
    if "desk" not in example.namespace:
        example.namespace["desk"] = mkdtemp()
        os.chdir(example.namespace["desk"])
    file = Path(found[2])
    if found[1] == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
        return None
    text = file.read_text(encoding="utf-8")
    if found[1] == "in":
        old = json.loads(found[3])
        if text.count(old) != 1:
            return f"{old!r} stands {text.count(old)} times in {file}"
        text = text.replace(old, body.rstrip("\n") if not old.endswith("\n") else body)
    else:
        text = sections_added(text, body)
    file.write_text(text, encoding="utf-8")
    return None


def sections_added(text: str, more: str) -> str:
    """A ruleset's text with more of some sections, after what is there of them."""
    _, *sections = re.split(r"^(\w+):\n", more, flags=re.MULTILINE)
    for section, own in zip(sections[::2], sections[1::2], strict=True):
        if f"\n{section}:\n" not in text:
            text += f"{section}:\n"
        there = re.search(rf"^{section}:\n(?:(?: .*)?\n)*", text, flags=re.MULTILINE)
        assert there is not None
        text = text[: there.end()] + own + text[there.end() :]
    return text


TABLE = re.compile(r"^\|.*\| you write \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", re.MULTILINE)
"""A table whose last column has what an author writes, in code."""
OF_QUALIFICATIONS = ("requires", "advises", "like", "with", "paths", "each", "instead")
OF_COUNTING = ("overlaps", "broken_runs", "part_time", "suspended")


def tables_written(document: Document) -> Iterator[Region]:
    """The tables whose last column is headed `you write`."""
    for found in TABLE.finditer(document.text):
        yield Region(found.start(), found.end(), found[1], rows_read)


def rows_read(example: Example) -> str | None:
    """Every row of a table is read, with the page's first `# sections`, as a rule or a qualification more
    of docs/example, or as a setting in place of the one there; and an empty file is asked about it."""
    from kutsereeglid import RulesetError, evaluate, load_rulebook

    shared = re.search(r"^```yaml\n# sections\n(.*?)^```", example.document.text, re.MULTILINE | re.DOTALL)
    rules, asked, settings_ = "", "", []
    for number, row in enumerate(str(example.parsed).splitlines(), 1):
        codes = re.findall(r"`([^`]+)`", row.rstrip(" |").rpartition(" | ")[2])
        key = codes[0].partition(":")[0]
        if key in OF_COUNTING:
            settings_.append((key, codes[0]))
        elif key in OF_QUALIFICATIONS:
            asked += f"  row-{number}: {{title: Row, {', '.join(codes)}}}\n"
        else:
            condition = codes if key.startswith(("{", "[")) else [*codes, "when: {document: letter}"]
            keys = condition if condition is not codes else [f"when: {codes[0]}"]
            rules += f"  row-{number}:\n    title: Row\n    kind: prerequisite\n    says: {AT_99}\n"
            rules += "".join(f"    {one}\n" for one in keys)
            asked += f"  row-{number}: {{title: Row, requires: {{application: [row-{number}]}}}}\n"
    rules += (
        f"  tongue-exam: {{title: T, kind: exam, says: {AT_99}, when: {{judged: t-<tongue>, by: body}}}}\n"
    )
    asked += "  spoken: {title: S, each: {tongue: application.asks}, requires: {admission: [tongue-exam]}}\n"
    folder = with_sections(f"{shared[1] if shared else ''}rules:\n{rules}qualifications:\n{asked}")
    ruleset = folder / "2026-01-01.yaml"
    try:
        book = load_rulebook(folder)
        for name in book.rulesets[0].qualifications:
            evaluate({}, name, as_of=date(2026, 5, 1), rulebook=book)
        text = ruleset.read_text(encoding="utf-8")
        for key, code in settings_:
            ruleset.write_text(re.sub(rf"{key}: [^\n]*", code, text), encoding="utf-8")
            load_rulebook(folder)
    except RulesetError as error:
        return f"{error}\n{ruleset}"
    return None


def run_commands(example: Example) -> str | None:
    """``$ kutsereeglid …`` and what it prints; ``...`` in a line stands for any text, alone for any lines."""
    for block in ("\n" + str(example.parsed)).split("\n$ ")[1:]:
        command, _, expected = block.partition("\n")
        name, *arguments = shlex.split(command)
        if name != "kutsereeglid":
            continue
        printed = _printed(arguments).rstrip()
        if not _fits(printed, expected.rstrip()):
            return f"$ {command}\nprinted:\n{printed}"
    return None


def _fits(printed: str, wanted: str) -> bool:
    lines = (re.escape(line).replace(r"\.\.\.", ".*") + r"\n" for line in wanted.splitlines())
    pattern = "".join(r"(?:.*\n)*" if line == r".*\n" else line for line in lines)
    return re.fullmatch(pattern, printed + "\n") is not None


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
            or written_on_desk(example)
        ),
    ),
    CodeBlockParser("text", lambda example: same_as_file(example) or written_on_desk(example)),
    CodeBlockParser("console", run_commands),
    tables_written,
]
