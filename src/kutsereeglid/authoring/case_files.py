"""Files of scenario cases: finding them, and reading them with every mistake told at once, each as
``file:line:column``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kutsereeglid import yaml_tree
from kutsereeglid.applicant import Applicant
from kutsereeglid.authoring.cases import WHICH, Case, CaseFile, CasesError, Expected
from kutsereeglid.compiling import check_readings
from kutsereeglid.errors import (
    ApplicantError,
    KutsereeglidError,
    Problem,
    RulesetError,
    UsageError,
    closest,
    listed,
)
from kutsereeglid.evaluation import compiled_for_display, shipped_rulebook
from kutsereeglid.intake import read_applicant
from kutsereeglid.loading import VERSION_FILE, by_place
from kutsereeglid.rulebook import Rulebook, load_rulebook
from kutsereeglid.status import Outcome, Status
from kutsereeglid.yaml_tree import Node, Place, Scalar, Sequence, kind_of, plain

CASE_FILES = ("cases.yaml", "*.cases.yaml")
"""The names of case files in a folder of rulesets."""

FILE_KEYS = ("cases", "definitions")
CASE_KEYS = (
    "name",
    "note",
    "qualification",
    "as_of",
    "stage",
    "ruleset_version",
    "readings",
    "applicant",
    "expect",
)
DECISION_KEYS = ("outcome", "stage", "path", "stages", "paths", "each")
FINDING_KEYS = (
    "status", "due", "earliest", "missing", "contested", "applies", "path", "late",
    "curable", "discretion", "required", "stage", "of_path", "of",
)  # fmt: skip


def case_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The case files among the paths and, at any depth, in the folders among them.

    Raises `CasesError` for a path that is not there, and for a folder without any.
    """
    found: dict[Path, None] = {}
    problems = []
    for path in paths:
        if path.is_dir():
            inside = sorted(cases_in(path))
            if not inside:
                problems.append(
                    Problem(
                        "no-cases", str(path), "no case file", "a file `cases.yaml` or `….cases.yaml` in it"
                    )
                )
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            problems.append(Problem("no-file", str(path), "no such file", "a case file or a folder"))
    if problems:
        raise CasesError(problems)
    return tuple(found)


def is_case_file(name: str) -> bool:
    """Whether a file of that name in a folder of rulesets has cases.

    >>> is_case_file("cases.yaml"), is_case_file("late.cases.yaml"), is_case_file("2026-01-01.yaml")
    (True, True, False)
    """
    return any(Path(name).match(pattern) for pattern in CASE_FILES)


def cases_in(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(here) / name for name in files if is_case_file(name))


def ruleset_folders(path: Path) -> Iterator[Path]:
    """The folders that hold rulesets: a folder and all below it, or the folder of a file."""
    if not path.is_dir():
        yield from (path.parent,) if holds_rulesets(path.parent) else ()
        return
    for here, folders, _ in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if holds_rulesets(Path(here)):
            yield Path(here)


def holds_rulesets(folder: Path) -> bool:
    """Whether versions of a ruleset are in the folder itself."""
    return folder.is_dir() and any(VERSION_FILE.fullmatch(one.name) for one in folder.glob("*.yaml"))


_USES = re.compile(r"^uses:.*", re.MULTILINE)


def root_of(path: Path) -> Path:
    """The folder to read for the rulesets in a folder or a file: the one that is named, or as far above it as its rulesets' shared files are."""
    folder = path if path.is_dir() or not path.exists() else path.parent
    above = 0
    for file in folder.rglob("*.yaml") if folder.is_dir() else ():
        if VERSION_FILE.fullmatch(file.name):
            uses = "".join(_USES.findall(file.read_text(encoding="utf-8", errors="replace")))
            steps = max((name.count("../") for name in uses.split(",")), default=0)
            above = max(above, steps - len(file.parent.relative_to(folder).parts))
    return folder if above <= 0 else folder.resolve().parents[above - 1]


class Rulebooks:
    """The rulesets that case files are about, each folder of them read once.

    They are those of the folder that is given; else those of the nearest folder, going up from a file's
    own, that holds any, and the shipped ones where there is none.
    """

    def __init__(self, given: Path | None = None) -> None:
        self._given = given
        self._read: dict[Path, Rulebook] = {}

    def of(self, path: Path) -> Rulebook:
        """The rulesets for a case file; raises `RulesetError` for their mistakes."""
        folder = self._given if self._given is not None else _nearest(path)
        if folder is None:
            return shipped_rulebook()
        if folder not in self._read:
            self._read[folder] = load_rulebook(folder)
        return self._read[folder]


def _nearest(path: Path) -> Path | None:
    shipped = shipped_rulebook().root.resolve()
    for folder in path.resolve().parents:
        if folder == shipped:
            return None
        if shipped not in folder.parents and holds_rulesets(folder):
            return folder
    return None


def read_cases(path: Path, book: Rulebook) -> CaseFile:
    """The cases in a file. Raises `CasesError` with every mistake in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise CasesError(Problem("no-file", str(path), reason, "a readable file")) from None
    except UnicodeDecodeError:
        raise CasesError(Problem("not-text", str(path), "bytes that are no UTF-8", "YAML in UTF-8")) from None
    tree, problems = yaml_tree.parse(text, str(path), aliases=True)
    reader = _Reader(book, list(problems))
    cases = () if tree is None and problems else reader.cases(tree or Scalar(None, Place(str(path), 1, 1)))
    if reader.problems:
        raise CasesError(sorted(dict.fromkeys(reader.problems), key=by_place))
    return CaseFile(path, text, cases, book)


def read_all(paths: Iterable[Path], books: Rulebooks) -> tuple[CaseFile, ...]:
    """The cases in several files. Raises `CasesError` with the mistakes of all of them, those in their
    rulesets too."""
    files = []
    problems: dict[Problem, None] = {}
    for path in paths:
        try:
            files.append(read_cases(path, books.of(path)))
        except KutsereeglidError as error:
            problems.update(dict.fromkeys(error.problems))
    if problems:
        raise CasesError(problems)
    return tuple(files)


# Reading.


class _Unreadable(Exception):
    """A part of a case that cannot be read; its problem is noted already."""


class _Reader:
    """Reads one file's cases, noting problems as it goes."""

    def __init__(self, book: Rulebook, problems: list[Problem]) -> None:
        self.book, self.problems = book, problems
        self.named: dict[str, Place] = {}

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> _Unreadable:
        self.problems.append(Problem(code, str(place), found, expected, mend))
        return _Unreadable()

    def mapping(self, node: Node | None, what: str, place: Place) -> yaml_tree.Mapping:
        if isinstance(node, yaml_tree.Mapping):
            return node
        found = "nothing" if node is None else kind_of(node)
        raise self.problem(
            "wrong-type", place if node is None else node.place, found, f"`key: value` for {what}"
        )

    def keys(
        self, node: yaml_tree.Mapping, allowed: Iterable[str], what: str, required: Iterable[str]
    ) -> None:
        self.problems += yaml_tree.key_problems(node, allowed, what, required)

    def text(self, node: Node | None, what: str) -> str:
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
            return " ".join(node.value.split())
        if node is None:
            raise _Unreadable
        raise self.problem("wrong-type", node.place, kind_of(node), f"a text for {what}", "put it in quotes")

    def day(self, node: Node | None, what: str) -> date:
        text = self.text(node, what)
        assert node is not None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.problem(
                "bad-day", node.place, f"`{text[:40]}`", f"a day for {what}, such as 2026-06-19"
            ) from None

    def cases(self, tree: Node) -> tuple[Case, ...]:
        try:
            file = self.mapping(tree, "a file of cases", tree.place)
        except _Unreadable:
            return ()
        self.keys(file, FILE_KEYS, "a file of cases", ("cases",))
        items = file.get("cases")
        if items is None:
            return ()
        if not isinstance(items, Sequence):
            self.problem(
                "wrong-type", items.place, kind_of(items), "a list of cases", "begin each with `- name: …`"
            )
            return ()
        made = []
        for item in items.items:
            try:
                made.append(self.case(item))
            except _Unreadable:
                continue
        return tuple(made)

    def case(self, node: Node) -> Case:
        tree = self.mapping(node, "a case", node.place)
        self.keys(tree, CASE_KEYS, "a case", ("name", "qualification", "as_of", "applicant"))
        name = self.attempt(lambda: self.text(tree.get("name"), "a case's name"))
        if name is not None:
            self.once(name, tree.place_of("name"))
        qualification = self.attempt(lambda: self.text(tree.get("qualification"), "a qualification's id"))
        as_of = self.attempt(lambda: self.day(tree.get("as_of"), "`as_of`"))
        more = {
            key: self.attempt(lambda key=key: self.text(tree.get(key), f"`{key}`"))  # type: ignore[misc]
            for key in ("stage", "ruleset_version")
        }
        readings = self.attempt(lambda: self.readings(tree.get("readings")))
        if qualification is None or as_of is None or readings is None:
            raise _Unreadable
        asked = _Asked(self, tree, qualification, as_of, more["ruleset_version"])
        asked.check(more["stage"], readings)
        applicant = self.attempt(asked.applicant)
        expected = self.attempt(asked.expected) if tree.get("expect") is not None else ()
        if name is None or applicant is None or expected is None:
            raise _Unreadable
        none_yet, file = not expected, tree.get("applicant")
        return Case(
            name,
            qualification,
            as_of,
            applicant,
            tree.place_of("name"),
            None if none_yet else expected,
            more["stage"],
            more["ruleset_version"],
            readings,
            {} if file is None else plain(file),
        )

    def attempt(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except _Unreadable:
            return None

    def once(self, name: str, place: Place) -> None:
        if name in self.named:
            self.problem(
                "duplicate-name",
                place,
                "a name that another case has",
                "each name once",
                f"it stands on line {self.named[name].line} already",
            )
        self.named.setdefault(name, place)

    def readings(self, node: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        tree = self.mapping(node, "`readings`", node.place)
        return {name: self.text(value, f"the option of {name}") for name, value in tree.entries}


class _Asked:
    """One case's applicant and expectation, read with the ruleset that it asks."""

    def __init__(
        self, reader: _Reader, tree: yaml_tree.Mapping, qualification: str, as_of: date, version: str | None
    ) -> None:
        self.reader, self.tree = reader, tree
        try:
            self.ruleset, self.compiled = compiled_for_display(reader.book, qualification, as_of, version)
        except UsageError as error:
            raise self.told(error, {"as-of": "as_of", "ruleset-version": "ruleset_version"}) from None
        except RulesetError as error:
            reader.problems += [one for one in error.problems if one not in reader.problems]
            raise _Unreadable from None

    def told(self, error: UsageError, keys: Mapping[str, str] | None = None) -> _Unreadable:
        """What `evaluate` would refuse, at the place in the case that asks for it."""
        for one in error.problems:
            word = one.where.partition(" ")[0]
            key = (keys or {}).get(word, f"{word}s" if word == "reading" else word)
            place = self.tree.place_of(key)
            self.reader.problem(one.code, place, f"{one.where}: {one.found}", one.expected, one.mend)
        return _Unreadable()

    def check(self, stage: str | None, readings: Mapping[str, str]) -> None:
        try:
            check_readings(self.ruleset, readings)
        except UsageError as error:
            self.told(error)
        if stage is not None:
            self.word(stage, self.tree.place_of("stage"), "a stage", self.ruleset.stages)

    def word(self, given: Any, place: Place, what: str, known: Iterable[str]) -> None:
        if given not in known:
            self.reader.problem(
                "unknown-word",
                place,
                f"`{str(given)[:60]}`",
                f"{what}: one of {listed(known, 20)}",
                closest(str(given), map(str, known)),
            )

    def applicant(self) -> Applicant:
        node = self.tree.get("applicant")
        if node is None:
            raise _Unreadable
        tree = self.reader.mapping(node, "an applicant", node.place)
        try:
            return read_applicant(
                plain(tree), vocabulary=self.ruleset.vocabulary, others=self.reader.book.vocabularies
            )
        except ApplicantError as error:
            for one in error.problems:
                place = _place_in(tree, one.where)
                self.reader.problem(one.code, place, f"{one.where}: {one.found}", one.expected, one.mend)
            raise _Unreadable from None

    def expected(self) -> tuple[Expected, ...]:
        node = self.tree.get("expect")
        assert node is not None
        if isinstance(node, Scalar) and node.value is None:
            return ()
        tree = self.reader.mapping(node, "what is expected", node.place)
        requirements = {one.id for one in self.compiled.requirements}
        made: list[Expected] = []
        for (name, value), place in zip(tree.entries, tree.key_places, strict=True):
            if name in DECISION_KEYS:
                made += self.of_decision(name, value, place)
            elif name in requirements:
                for one in value.items if isinstance(value, Sequence) else (value,):
                    made += self.of_finding(name, one, place if one is value else one.place)
            else:
                known = [*DECISION_KEYS, *requirements]
                self.reader.problem(
                    "unknown-requirement",
                    place,
                    f"`{name[:60]}`, which {self.compiled.qualification.name} does not ask for",
                    f"one of {listed(known, 30)}",
                    closest(name, known),
                )
        return tuple(made)

    def of_decision(self, name: str, node: Node, place: Place) -> Iterator[Expected]:
        value = plain(node)
        if name in ("stages", "paths", "each"):
            tree = self.reader.attempt(lambda: self.reader.mapping(node, f"`{name}`", place))
            for (key, one), inner in zip(tree.entries, tree.key_places, strict=True) if tree else ():
                if name != "each":
                    known = self.ruleset.stages if name == "stages" else self.compiled.qualification.paths
                    self.word(key, inner, f"a name under `{name}`", known)
                self.word(plain(one), one.place, "an outcome", list(Outcome))
        elif name == "outcome":
            self.word(value, node.place, "an outcome", list(Outcome))
        elif name == "stage":
            self.word(value, node.place, "a stage", self.ruleset.stages)
        elif value is not None:
            self.word(value, node.place, "a path", self.compiled.qualification.paths)
        yield Expected(name, value, place)

    def of_finding(self, requirement: str, node: Node, place: Place) -> Iterator[Expected]:
        if isinstance(node, Scalar):
            self.word(node.value, node.place, "a status", list(Status))
            yield Expected("status", node.value, place, requirement)
            return
        tree = self.reader.mapping(node, f"what is expected of {requirement}", node.place)
        self.reader.keys(tree, FINDING_KEYS, "a requirement's expectation", ())
        which = {key: plain(value) for key, value in tree.entries if key in WHICH}
        for (key, value), inner in zip(tree.entries, tree.key_places, strict=True):
            if key in FINDING_KEYS and key not in WHICH:
                checked = self.reader.attempt(lambda key=key, value=value: self.checked(key, value))  # type: ignore[misc]
                yield Expected(key, checked, inner, requirement, which)

    def checked(self, key: str, node: Node) -> Any:
        """The value of a finding's attribute, of its type."""
        value = plain(node)
        if key == "status":
            self.word(value, node.place, "a status", list(Status))
        elif key in ("due", "earliest"):
            if value is not None:
                value = self.reader.day(node, f"`{key}`").isoformat()
        elif key == "missing" or (key == "contested" and not isinstance(value, bool)):
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                expected = "a list of facts" if key == "missing" else "true, false or a list of readings"
                raise self.reader.problem("wrong-type", node.place, kind_of(node), f"{expected} for `{key}`")
            for one in value if key == "contested" else ():
                self.word(one, node.place, "a reading", self.ruleset.readings)
            value = sorted(value)
        elif key in ("applies", "late", "curable") and not isinstance(value, bool):
            raise self.reader.problem("wrong-type", node.place, kind_of(node), f"true or false for `{key}`")
        return value


_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def _place_in(tree: Node, path: str) -> Place:
    """Where a path such as ``employments[3].end`` leads in a tree, as far as it does."""
    place = tree.place
    for number, name in _STEP.findall(path):
        if number and isinstance(tree, Sequence) and int(number) < len(tree.items):
            tree = tree.items[int(number)]
            place = tree.place
        elif name and isinstance(tree, yaml_tree.Mapping) and (inner := tree.get(name)) is not None:
            place = tree.place_of(name)
            tree = inner
        else:
            break
    return place
