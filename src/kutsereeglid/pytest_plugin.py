"""Scenario cases as pytest items: one item a case, and for a failure what an author needs, no traceback.

A file named ``cases.yaml`` or ``….cases.yaml`` is collected where a ruleset is in the same folder, where
pytest is given the file itself, and where it is named in the ini option ``kutsereeglid_cases``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from kutsereeglid.authoring.cases import Case
    from kutsereeglid.rulebook import Rulebook


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "kutsereeglid_cases",
        "Case files to run besides those beside a ruleset: globs, from the folder of the ini file.",
        type="linelist",
        default=[],
    )


_BOOKS = pytest.StashKey[Any]()  # one rulebook for the cases of one folder


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".yaml" or not _is_ours(file_path, parent):
        return None
    collected: pytest.Collector = Cases.from_parent(parent, path=file_path)
    return collected


def _is_ours(path: Path, parent: pytest.Collector) -> bool:
    root = parent.config.rootpath
    if path.is_relative_to(root) and any(
        path.relative_to(root).match(pattern) for pattern in parent.config.getini("kutsereeglid_cases")
    ):
        return True
    from kutsereeglid.authoring.case_files import holds_rulesets, is_case_file

    return is_case_file(path.name) and (parent.session.isinitpath(path) or holds_rulesets(path.parent))


class Cases(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        from kutsereeglid.authoring.case_files import Rulebooks, read_cases

        books = self.config.stash.setdefault(_BOOKS, Rulebooks())
        file = read_cases(self.path, books.of(self.path))
        for case in file.cases:
            yield CaseItem.from_parent(self, name=case.name, case=case, book=file.book)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return _told(excinfo.value) or super().repr_failure(excinfo)


class _Failed(Exception):
    """A case did not pass; the text says why."""


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, book: Rulebook, **more: Any) -> None:
        super().__init__(**more)
        self.case, self.book = case, book

    def runtest(self) -> None:
        from kutsereeglid.authoring.case_report import failure_lines
        from kutsereeglid.authoring.cases import run

        done = run(self.case, self.book)
        if not done.passed:
            raise _Failed("\n".join(line.text for line in failure_lines(done)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return _told(excinfo.value) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.place.line - 1, self.name


def _told(error: BaseException) -> str | None:
    """What an author is to read, in place of a traceback."""
    from kutsereeglid.errors import KutsereeglidError

    return str(error) if isinstance(error, (_Failed, KutsereeglidError)) else None
