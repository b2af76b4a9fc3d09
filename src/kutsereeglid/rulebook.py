"""A folder of rulesets: which files there are, and which version of which ruleset is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import frozen

from kutsereeglid.checking import check
from kutsereeglid.errors import Problem, RulesetError, UsageError, closest, listed
from kutsereeglid.facts import Vocabulary
from kutsereeglid.loading import VERSION_FILE, RulesetReader, by_place, read_ruleset
from kutsereeglid.ruleset import Ruleset

_NEARLY_DAY = re.compile(r"\d{1,4}[-._]?\d{1,2}[-._]?\d{1,4}\.ya?ml")


class Rulebook:
    """The rulesets of a folder, or of texts by the names that their files would have. Files are read
    when they are first asked for."""

    def __init__(self, root: Path, texts: MappingOf[Path, str] | None = None) -> None:
        self.root = root
        self._texts = texts
        self._read: dict[Path, Ruleset] = {}
        self._versions: dict[str, list[Ruleset]] = {}
        self.asked: dict[Any, Any] = {}
        """What evaluations have found here, for `kutsereeglid.evaluation`."""

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Every version of every ruleset, by path."""
        paths = self._texts if self._texts is not None else self.root.rglob("*.yaml")
        return tuple(sorted(path for path in paths if VERSION_FILE.fullmatch(path.name)))

    @cached_property
    def _contents(self) -> MappingOf[Path, str]:
        if self._texts is not None:
            return self._texts
        return {path: path.read_text(encoding="utf-8-sig", errors="replace") for path in self.files}

    def ruleset(self, path: Path) -> Ruleset:
        """One file's ruleset; raises `RulesetError` with every mistake in it."""
        if path not in self._read:
            text = None if self._texts is None else self._texts[path]
            self._read[path] = read_ruleset(path, self.root, text)
        return self._read[path]

    def keep(self, path: Path, ruleset: Ruleset) -> None:
        self._read[path] = ruleset
        self.asked.clear()

    @property
    def rulesets(self) -> tuple[Ruleset, ...]:
        """All of them, read."""
        return tuple(map(self.ruleset, self.files))

    def vocabularies(self) -> Iterator[Vocabulary]:
        """The facts that its rulesets may speak of, each with its own."""
        return (ruleset.vocabulary for ruleset in self.rulesets)

    def find(self, qualification: str, on: date | None, version: str | None = None) -> Ruleset:
        """The ruleset version in force on a day (the newest when no day is given), or the one named,
        that defines a qualification, given as ``id`` or ``ruleset:id``.

        Raises `UsageError` when there is none, or more than one ruleset has that id.
        """
        versions = self._versions.get(qualification)
        if versions is None:
            versions = self._versions[qualification] = self._versions_of(qualification)
        if version is not None:
            fitting = [ruleset for ruleset in versions if ruleset.version == version]
        elif on is not None:
            fitting = [ruleset for ruleset in versions if ruleset.in_force_on(on)]
        else:
            fitting = versions
        if not fitting:
            asked = f"version {version}" if version is not None else f"no version in force on {on}"
            raise UsageError(
                Problem(
                    "no-version",
                    "ruleset-version" if version else "as-of",
                    asked,
                    f"a version of {versions[0].id}: {listed(_span(ruleset) for ruleset in versions)}",
                    closest(version or "", [ruleset.version for ruleset in versions]),
                )
            )
        return fitting[-1]

    def _versions_of(self, qualification: str) -> list[Ruleset]:
        """The versions of the one ruleset that defines a qualification, in order."""
        wanted, _, name = qualification.rpartition(":")
        candidates = [
            ruleset
            for path in self.files
            if name in self._contents[path]
            for ruleset in (self.ruleset(path),)
            if name in ruleset.qualifications and wanted in ("", ruleset.id)
        ]
        if not candidates:
            raise UsageError(self._unknown(qualification))
        ids = sorted({ruleset.id for ruleset in candidates})
        if len(ids) > 1:
            raise UsageError(
                Problem(
                    "ambiguous-qualification",
                    "qualification",
                    f"an id that {len(ids)} rulesets define",
                    f"one of {listed(f'{one}:{name}' for one in ids)}",
                )
            )
        return sorted(candidates, key=lambda ruleset: ruleset.in_force_from)

    def _unknown(self, qualification: str) -> Problem:
        known = {name for ruleset in self.rulesets for name in ruleset.qualifications}
        known |= {f"{ruleset.id}:{name}" for ruleset in self.rulesets for name in ruleset.qualifications}
        plain = [name for name in known if ":" not in name]
        return Problem(
            "unknown-qualification",
            "qualification",
            "an id that no ruleset defines",
            f"one of {listed(plain)}" if plain else f"a ruleset in {self.root}",
            closest(qualification, known),
        )


def _span(ruleset: Ruleset) -> str:
    return (
        f"{ruleset.version} (in force {ruleset.in_force_from} to {ruleset.in_force_to or 'further notice'})"
    )


def load_rulebook(path: str | Path) -> Rulebook:
    """Every ruleset in a folder, at any depth, read and checked.

    Raises `RulesetError` with all mistakes of all files, as ``file:line:column``.
    """
    attempt = attempt_rulebook(Path(path))
    if attempt.problems:
        raise RulesetError(attempt.problems)
    return attempt.book


@frozen(eq=False, repr=False)
class Attempt:
    """A folder as far as it can be read."""

    book: Rulebook
    problems: tuple[Problem, ...]
    """Every mistake, by its place."""
    readers: tuple[tuple[RulesetReader, Ruleset], ...]
    """Each ruleset that could be read, if with mistakes, and what its files hold."""


def attempt_rulebook(root: Path) -> Attempt:
    """Every ruleset in a folder, whatever is wrong with some. Raises `RulesetError` where there is none."""
    if not root.is_dir():
        raise RulesetError(Problem("no-folder", str(root), "no such folder", "a folder with rulesets"))
    book = Rulebook(root)
    problems: list[Problem] = []
    readers: list[tuple[RulesetReader, Ruleset]] = []
    problems += _misnamed(root)
    if not book.files and not problems:
        problems.append(
            Problem(
                "no-rulesets",
                str(root),
                "no ruleset",
                "files named by their first day in force, YYYY-MM-DD.yaml",
            )
        )
    taken: dict[tuple[str, str], str] = {}
    for file in book.files:
        reader = RulesetReader(file, root)
        ruleset = reader.attempted()
        problems += reader.problems
        if ruleset is None:
            continue
        readers.append((reader, ruleset))
        if not reader.problems:
            book.keep(file, ruleset)
        key = (ruleset.id, ruleset.version)
        if key in taken:
            problems.append(
                Problem(
                    "duplicate-ruleset",
                    f"{ruleset.file}:1:1",
                    f"{ruleset.id} of {ruleset.version} again",
                    "each version once",
                    f"it stands in {taken[key]} already",
                )
            )
        taken[key] = ruleset.file
        problems += check(ruleset, reader.problems)
        for language in ruleset.languages[1:]:
            try:
                ruleset.translate(language)
            except RulesetError as error:
                problems += error.problems
    return Attempt(book, tuple(sorted(dict.fromkeys(problems), key=by_place)), tuple(readers))


def _misnamed(root: Path) -> Iterator[Problem]:
    """The files whose names are nearly a day, which nobody would read."""
    for path in sorted(root.rglob("*.y*ml")):
        if _NEARLY_DAY.fullmatch(path.name) and not VERSION_FILE.fullmatch(path.name):
            where = f"{path.relative_to(root).as_posix()}:1:1"
            yield Problem(
                "wrong-file-name",
                where,
                "a name that is nearly a day",
                "YYYY-MM-DD.yaml, such as 2024-01-01.yaml",
                "rename the file to its first day in force",
            )
