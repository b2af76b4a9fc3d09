"""What can go wrong with what a person hands in: where, what was found, what is expected, how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import frozen

_HARMLESS = re.compile(r"[a-z0-9][a-z0-9_.:/+<>-]{0,39}|[0-9TZ:+./ -]{1,40}")
_CODE_LIKE = re.compile(r"[0-9]{7,}")
_DAY_OR_MOMENT = re.compile(
    r"(?<!\d)(\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./]\d{4})(?!\d)"
    r"([Tt ]\d\d?:\d\d[:.,\d]*( ?[-+]\d\d:?\d*)?)?"
)


@frozen
class Problem:
    """One mistake, on one line when printed.

    >>> print(Problem("wrong-type", "exam.date", "a number, 5", "a day, such as 2026-06-19"))
    exam.date: a number, 5; expected a day, such as 2026-06-19 [wrong-type]
    """

    code: str
    """Stable, for programs: ``unknown-field``, ``wrong-type`` …"""
    where: str
    """A path in an applicant's file (``employments[3].end``), or ``file:line:column`` in a ruleset."""
    found: str
    expected: str
    mend: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.found}; expected {self.expected}"
        if self.mend:
            text += f"; {self.mend}"
        return f"{text} [{self.code}]"


class KutsereeglidError(Exception):
    """Whatever this library refuses; ``problems`` has every mistake, each with its place."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class ApplicantError(KutsereeglidError, ValueError):
    """An applicant's file cannot be read as one."""


class RulesetError(KutsereeglidError, ValueError):
    """A ruleset is not what an author may write."""


class UsageError(KutsereeglidError, LookupError):
    """What was asked for does not exist: a qualification, a stage, a version, a reading, an engine."""

    __str__ = KutsereeglidError.__str__


def closest(word: str, known: Iterable[str]) -> str:
    """The mend for a misspelt word, or nothing when no known word is near.

    >>> closest("submited", ["submitted", "issued"])
    "did you mean 'submitted'?"
    """
    import difflib

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def describe(value: object) -> str:
    """What was found, in a few words and without anything personal: only what looks like an id, a
    number or a day is repeated; free text and long runs of digits are told by their length.

    >>> describe("Mari Maasikas"), describe("2026-13-01"), describe("37605030299")
    ('text of 13 characters', "'2026-13-01'", 'text of 11 characters')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        shown = str(value) if abs(value) < 1e7 else ""
        return f"the number {shown}" if shown and not _CODE_LIKE.search(shown) else "a number"
    if isinstance(value, str):
        if not value:
            return "an empty text"
        if _HARMLESS.fullmatch(value) and not _holds_code(value):
            return repr(value)
        return f"text of {len(value)} characters"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return f"a value of type {type(value).__name__}"


def _holds_code(text: str) -> bool:
    """Whether there are as many digits as in a person's code or a telephone number, besides days."""
    return sum(map(str.isdigit, _DAY_OR_MOMENT.sub("", text))) > 6


def listed(words: Iterable[str], most: int = 12) -> str:
    """Words for a message, cut where there are too many.

    >>> listed(["b", "a"])
    'a, b'
    """
    ordered = sorted(words)
    return ", ".join(ordered[:most]) + (" …" if len(ordered) > most else "")


_DOTTED = re.compile(r"(\d\d?)[./](\d\d?)[./](\d{4})")


def iso_of(text: str) -> str:
    """How to write a day that has dots, or nothing.

    >>> iso_of("29.4.2024"), iso_of("soon")
    ('write `2024-04-29`', '')
    """
    found = _DOTTED.fullmatch(text)
    return f"write `{found[3]}-{int(found[2]):02}-{int(found[1]):02}`" if found is not None else ""
