"""Phrases for amounts and days: ``40 hours``, ``2 weeks before exam.date``, ``2026-06-19``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.dates import AHEAD, Calendar, Term, end_of_term, shifted, start_of_term
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

    def moves(self, facts: Facts) -> bool:
        """Whether it is another day when the judged day is another."""
        return False

    def may_move(self, facts: Facts) -> bool:
        """The same, also when a fact that it hangs on is not known."""
        return self.moves(facts)

    def terms(self) -> Iterator[Term]:
        """The terms in it, the outermost first."""
        return iter(())


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

    def moves(self, facts: Facts) -> bool:
        return True

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
class Reached(FactDay):
    """A fact's day in a window; while it is not there yet, the judged day stands for it."""

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        value = super().day(facts, today, how)
        return today if self._ahead(value, facts, today) else value

    def moves(self, facts: Facts) -> bool:
        value = facts.value(self.path)
        return value is not ABSENT and self._ahead(value, facts, facts.as_of)

    def may_move(self, facts: Facts) -> bool:
        return facts.value(self.path) is ABSENT or self.moves(facts)

    def _ahead(self, value: date, facts: Facts, today: date) -> bool:
        return value == AHEAD or (facts.about(self.path).happens and value > today)


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

    def moves(self, facts: Facts) -> bool:
        return self.base.moves(facts)

    def may_move(self, facts: Facts) -> bool:
        return self.base.may_move(facts)

    def terms(self) -> Iterator[Term]:
        yield self.term
        yield from self.base.terms()

    def __str__(self) -> str:
        return f"{self.term} {'before' if self.before else 'after'} {self.base}"


@frozen
class Window:
    """The days from one day to another, both included; ``None`` is no bound."""

    first: Phrase | None
    last: Phrase | None
    text: str
    """As the author wrote it."""

    def bounds(self, facts: Facts, today: date, how: Calendar) -> tuple[date, date]:
        """The first and the last day; raises `UnknownDay`."""
        first = date.min if self.first is None else self.first.day(facts, today, how)
        return first, AHEAD if self.last is None else self.last.day(facts, today, how)

    def phrases(self) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase in (self.first, self.last) if phrase is not None)

    def moves(self, facts: Facts) -> bool:
        return any(phrase.moves(facts) for phrase in self.phrases())

    def may_move(self, facts: Facts) -> bool:
        return any(phrase.may_move(facts) for phrase in self.phrases())

    def __str__(self) -> str:
        return self.text


_OFFSET = re.compile(r"(?P<term>\d+ [a-z ]+?) (?P<side>before|after) (?P<base>.+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class BadPhrase(ValueError):
    """Not a phrase for a day; the arguments are what was found and how to mend it."""

    def __init__(self, found: str, mend: str = "") -> None:
        self.found, self.mend = found, mend
        super().__init__(found)


def parse_day(text: str, known: Mapping[str, str]) -> Phrase:
    """The phrase in a text; ``known`` are the paths of days, by how they may be written. Raises `BadPhrase`.

    >>> str(parse_day("2 weeks before exam.date", {"exam.date": "exam.date"}))
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
        return FactDay(known[text])
    if re.fullmatch(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*", text):
        raise BadPhrase(
            f"`{text}`, which is no day in the file", closest(text, known) or f"days are {listed(known)}"
        )
    raise BadPhrase(
        describe(text) if len(text) > 60 else f"`{text}`", "write `2 weeks before exam.date`, or `2026-06-05`"
    )


def parse_window(text: str, known: Mapping[str, str]) -> Window:
    """``5 years before application.submitted`` or ``30 days after exam.date``. Raises `BadPhrase`.

    >>> str(parse_window("5 years before exam.date", {"exam.date": "exam.date"}))
    '5 years before exam.date'
    """
    phrase = parse_day(text, known)
    if not isinstance(phrase, Offset):
        raise BadPhrase(
            f"`{text}`, one day", "write `5 years before application.submitted`, or `{from: …, to: …}`"
        )
    near, far = reached(phrase.base), reached(phrase)
    return Window(far, near, str(phrase)) if phrase.before else Window(near, far, str(phrase))


def reached(phrase: Phrase) -> Phrase:
    """The phrase as it stands in a window: the judged day in place of a day that is not there yet."""
    if isinstance(phrase, FactDay):
        return Reached(phrase.path)
    if isinstance(phrase, Offset):
        return Offset(phrase.term, phrase.before, reached(phrase.base))
    return phrase


_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ([^\W\d_][\w -]*)")


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
