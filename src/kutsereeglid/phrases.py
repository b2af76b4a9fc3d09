"""Phrases for amounts and days: ``40 hours``, ``2 weeks before exam.date``, ``2026-06-19``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.dates import Calendar, Term, end_of_term, shifted, start_of_term
from kutsereeglid.facts import Facts


class UnknownDay(Exception):
    """A day hangs on a fact that is not known; the argument is its path."""


class Phrase:
    """A day that may hang on facts; ``str()`` gives it as an author writes it."""

    __slots__ = ()

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        """The day, ``AHEAD`` when it lies ahead and is not known; raises `UnknownDay`."""
        raise NotImplementedError

    def paths(self) -> Iterator[str]:
        """The facts that it hangs on."""
        return iter(())

    def due(self, facts: Facts, today: date, how: Calendar) -> date:
        """As a due day: a term's last day is moved off days off as the calendar says."""
        return self.day(facts, today, how)


@frozen
class FixedDay(Phrase):
    fixed: date

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        return self.fixed

    def __str__(self) -> str:
        return self.fixed.isoformat()


@frozen
class Today(Phrase):
    """The judged day."""

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        return today

    def __str__(self) -> str:
        return "today"


@frozen
class FactDay(Phrase):
    path: str

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        value = facts.value(self.path)
        if value is ABSENT:
            raise UnknownDay(self.path)
        return value  # type: ignore[no-any-return]

    def paths(self) -> Iterator[str]:
        yield self.path

    def __str__(self) -> str:
        return self.path


@frozen
class Offset(Phrase):
    """A term before or after a day."""

    term: Term
    before: bool
    base: Phrase

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        count = start_of_term if self.before else end_of_term
        return count(self.base.day(facts, today, how), self.term, how)

    def due(self, facts: Facts, today: date, how: Calendar) -> date:
        shift = how.shift_before if self.before else how.shift_after
        return shifted(self.day(facts, today, how), shift, how.country)

    def paths(self) -> Iterator[str]:
        return self.base.paths()

    def __str__(self) -> str:
        return f"{self.term} {'before' if self.before else 'after'} {self.base}"


_OFFSET = re.compile(r"(?P<term>\d+ [a-z ]+?) (?P<side>before|after) (?P<base>.+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class BadPhrase(ValueError):
    """Not a phrase for a day; the arguments are what was found and how to mend it."""

    def __init__(self, found: str, mend: str = "") -> None:
        self.found, self.mend = found, mend
        super().__init__(found)


def parse_day(text: str, known: tuple[str, ...]) -> Phrase:
    """The phrase in a text; ``known`` are the paths of days. Raises `BadPhrase`.

    >>> str(parse_day("2 weeks before exam.date", ("exam.date",)))
    '2 weeks before exam.date'
    """
    from kutsereeglid.errors import closest, describe, listed

    text = " ".join(text.split())
    if text == "today":
        return Today()
    if _DAY.fullmatch(text):
        try:
            return FixedDay(date.fromisoformat(text))
        except ValueError:
            raise BadPhrase(f"{text}, which the calendar does not have") from None
    if found := _OFFSET.fullmatch(text):
        term = Term.parse(found["term"])
        if term is None:
            raise BadPhrase(
                f"`{found['term']}` for a term", "write a term as `6 months`, `2 weeks` or `10 days`"
            )
        return Offset(term, found["side"] == "before", parse_day(found["base"], known))
    if text in known:
        return FactDay(text)
    if re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", text):
        raise BadPhrase(
            f"`{text}`, which is no day in the file", closest(text, known) or f"days are {listed(known)}"
        )
    raise BadPhrase(
        describe(text) if len(text) > 60 else f"`{text}`", "write `2 weeks before exam.date`, or `2026-06-05`"
    )


_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ([a-z][a-z ]*)")


def parse_amount(text: str) -> tuple[float, str] | None:
    """A number and its unit: ``40 hours``; anything else is ``None``.

    >>> parse_amount("40 hours"), parse_amount("many")
    ((40, 'hours'), None)
    """
    found = _AMOUNT.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    number = float(found[1])
    return (int(number) if number.is_integer() else number, found[2])
