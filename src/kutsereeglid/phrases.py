"""Phrases for amounts and days: ``40 hours``, ``2 weeks before exam.date``, ``2026-06-19``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from functools import partial
from typing import Any

from attrs import evolve, frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.dates import (
    AHEAD,
    MONTHS,
    PLAIN,
    Calendar,
    MonthDay,
    Term,
    TimedDay,
    end_of_term,
    month_length,
    plain_day,
    shifted,
    start_of_term,
)
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
        for part in self.parts():
            yield from part.paths()

    def due(self, facts: Facts, today: date, how: Calendar) -> date:
        """As a due day: a term's last day is moved off days off as the calendar says."""
        return self.day(facts, today, how)

    def moves(self, facts: Facts) -> bool:
        """Whether it is another day when the judged day is another."""
        return any(part.moves(facts) for part in self.parts())

    def may_move(self, facts: Facts) -> bool:
        """The same, also when a fact that it hangs on is not known."""
        return self.moves(facts) or any(part.may_move(facts) for part in self.parts())

    def terms(self) -> Iterator[Term]:
        """The terms in it, the outermost first."""
        for part in self.parts():
            yield from part.terms()

    def yearly(self) -> Iterator[MonthDay]:
        """The days in it that come every year."""
        for part in self.parts():
            yield from part.yearly()

    def rests_on(self) -> Iterator[Phrase]:
        """The phrases by which the records are selected of which its days are."""
        for part in self.parts():
            yield from part.rests_on()

    def parts(self) -> tuple[Phrase, ...]:
        """The phrases that it is made of."""
        return ()

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        """The same made of these."""
        return self

    def choices(self) -> Iterator[Phrase]:
        """The phrases of which it is one; most are themselves."""
        yield self

    def happened(self, facts: Facts, today: date) -> bool:
        """Whether what it hangs on has happened by the judged day, where that is something that happens."""
        return all(part.happened(facts, today) for part in self.parts())

    def monotone(self) -> bool:
        """Whether a later day of what it hangs on never makes it an earlier day."""
        return all(part.monotone() for part in self.parts())

    def fixed_days(self) -> Iterator[date]:
        """The days that it names."""
        for part in self.parts():
            yield from part.fixed_days()

    def moments(self) -> Iterator[TimedDay]:
        """The days that it names with a time of day."""
        for part in self.parts():
            yield from part.moments()

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterator[Any]:
        """What it lacks of records."""
        for part in self.parts():
            yield from part.variables(facts, days)

    def known_days(self, facts: Facts) -> Iterator[date]:
        """The days of records that it looks at."""
        for part in self.parts():
            yield from part.known_days(facts)


@frozen
class FixedDay(Phrase):
    fixed: date

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        return self.fixed

    def fixed_days(self) -> Iterator[date]:
        yield self.fixed

    def __str__(self) -> str:
        return self.fixed.isoformat()


@frozen
class FixedMoment(Phrase):
    """A day and a time of day, in the ruleset's zone."""

    fixed: TimedDay
    clock: time

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        return self.fixed

    def fixed_days(self) -> Iterator[date]:
        yield plain_day(self.fixed)

    def moments(self) -> Iterator[TimedDay]:
        yield self.fixed

    def __str__(self) -> str:
        return f"{plain_day(self.fixed).isoformat()} {self.clock:%H:%M}"


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

    def happened(self, facts: Facts, today: date) -> bool:
        return not facts.about(self.path).happens or self.day(facts, today, PLAIN) <= today

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
        # Judged for a due day before it was done, the judged day stands for it.
        return facts.about(self.path).happens or facts.value(self.path) is ABSENT or self.moves(facts)

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

    def parts(self) -> tuple[Phrase, ...]:
        return (self.base,)

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        return Offset(self.term, self.before, *parts)

    def terms(self) -> Iterator[Term]:
        yield self.term
        yield from self.base.terms()

    def __str__(self) -> str:
        return f"{self.term} {'before' if self.before else 'after'} {self.base}"


@frozen
class RoundDay(Phrase):
    """A day of the applicant's round: the one that ``application.round`` names, else the announced one
    whose exam is on the applicant's exam day; ``AHEAD`` when none is, or the exam is not chosen yet."""

    name: str
    rounds: tuple[tuple[str, date, date | None], ...]
    """Each round's name, its exam's day, and its day of this name."""

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        named = facts.value(_ROUND)
        if named is not ABSENT:
            return next((day for name, _, day in self.rounds if name == named and day is not None), AHEAD)
        exam = _EXAM.day(facts, today, how)
        return next((day for _, one, day in self.rounds if one == exam and day is not None), AHEAD)

    def chosen_later(self, facts: Facts) -> bool:
        """Whether the round may still be chosen, with the exam's day."""
        return facts.value(_ROUND) is ABSENT and facts.value(_EXAM.path) == AHEAD

    def parts(self) -> tuple[Phrase, ...]:
        return (_EXAM,)

    def monotone(self) -> bool:
        return False

    def fixed_days(self) -> Iterator[date]:
        for _, exam, day in self.rounds:
            yield exam
            if day is not None:
                yield plain_day(day)

    def moments(self) -> Iterator[TimedDay]:
        return (day for _, _, day in self.rounds if isinstance(day, TimedDay))

    def __str__(self) -> str:
        return f"round.{self.name}"


_EXAM = FactDay("exam.date")
_ROUND = "application.round"


@frozen
class EndOf(Phrase):
    """The last day of the year or the month that a day lies in."""

    unit: str
    base: Phrase

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        day = self.base.day(facts, today, how)
        if day == AHEAD:
            return day
        month = 12 if self.unit == "year" else day.month
        return date(day.year, month, month_length(day.year, month))

    def parts(self) -> tuple[Phrase, ...]:
        return (self.base,)

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        return EndOf(self.unit, *parts)

    def __str__(self) -> str:
        return f"end of {self.unit} of {self.base}"


@frozen
class Recurring(Phrase):
    """The next or the last of days that come every year: ``next 1 February from today``."""

    days: tuple[MonthDay, ...]
    side: str
    """``from`` or ``after`` a day the next, ``by`` or ``before`` it the last."""
    base: Phrase

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        base = plain_day(self.base.day(facts, today, how))
        if base == AHEAD:
            return AHEAD
        near = [one for day in self.days for one in day.near(base)]
        if self.side in ("from", "after"):
            return min(
                (one for one in near if one > base or (one == base and self.side == "from")), default=AHEAD
            )
        return max(
            (one for one in near if one < base or (one == base and self.side == "by")), default=date.min
        )

    def yearly(self) -> Iterator[MonthDay]:
        yield from self.days
        yield from self.base.yearly()

    def parts(self) -> tuple[Phrase, ...]:
        return (self.base,)

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        return Recurring(self.days, self.side, *parts)

    def __str__(self) -> str:
        which = "next" if self.side in ("from", "after") else "last"
        return f"{which} {', '.join(map(str, self.days))} {self.side} {self.base}"


@frozen
class Extreme(Phrase):
    """The later or the earlier of two days."""

    later: bool
    pair: tuple[Phrase, ...]

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        days = (part.day(facts, today, how) for part in self.pair)
        return max(days) if self.later else min(days)

    def due(self, facts: Facts, today: date, how: Calendar) -> date:
        days = (part.due(facts, today, how) for part in self.pair)
        return max(days) if self.later else min(days)

    def parts(self) -> tuple[Phrase, ...]:
        return self.pair

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        return Extreme(self.later, parts)

    def __str__(self) -> str:
        return f"{'later' if self.later else 'earlier'} of {self.pair[0]} and {self.pair[1]}"


@frozen
class Otherwise(Phrase):
    """A day, or another while that one has not happened or is not chosen yet."""

    first: Phrase
    other: Phrase

    def taken(self, facts: Facts, today: date, how: Calendar) -> Phrase:
        ahead = self.first.day(facts, today, how) == AHEAD or not self.first.happened(facts, today)
        return self.other if ahead else self.first

    def day(self, facts: Facts, today: date, how: Calendar) -> date:
        return self.taken(facts, today, how).day(facts, today, how)

    def due(self, facts: Facts, today: date, how: Calendar) -> date:
        return self.taken(facts, today, how).due(facts, today, how)

    def parts(self) -> tuple[Phrase, ...]:
        return (self.first, self.other)

    def with_parts(self, parts: tuple[Phrase, ...]) -> Phrase:
        return Otherwise(*parts)

    def happened(self, facts: Facts, today: date) -> bool:
        return self.taken(facts, today, PLAIN).happened(facts, today)

    def moves(self, facts: Facts) -> bool:
        # A day still to come takes over from the other when it is there.
        known = all(facts.value(path) is not ABSENT for path in self.first.paths())
        return super().moves(facts) or (known and not self.first.happened(facts, facts.as_of))

    def may_move(self, facts: Facts) -> bool:
        return any(facts.value(path) is ABSENT for path in self.first.paths()) or self.moves(facts)

    def monotone(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"{self.first} or {self.other}"


@frozen
class Window:
    """The days from one day to another, both included; ``None`` is no bound."""

    first: Phrase | None
    last: Phrase | None
    text: str
    """As the author wrote it."""

    def of_records(self) -> Window:
        """The window for the days that date records: what lies after the judged day does not count in any case."""
        return evolve(self, last=None) if isinstance(self.last, Today) else self

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


Names = Mapping[str, Phrase]
"""The days that a phrase may name: facts, records' days, defined days, a round's days."""

_OFFSET = re.compile(r"(?P<term>\d+ [a-z ]+?|[A-Za-z][\w-]*) (?P<side>before|after) (?P<base>.+)")
_END = re.compile(r"end of (?P<unit>year|month) of (?P<base>.+)")
_EXTREME = re.compile(r"(?P<which>later|earlier) of (?P<one>.+?) and (?P<other>.+)")
_RECURRING = re.compile(
    r"(?P<which>next|last) (?P<days>\d+ [A-Za-z]+|[A-Za-z][\w-]*) (?P<side>from|after|by|before) (?P<base>.+)"
)
_SIDES = {"next": ("from", "after"), "last": ("by", "before")}
_OTHERWISE = re.compile(r"(?P<first>.+?) or (?P<other>.+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d?:\d\d")


def parse_moment(text: str) -> TimedDay | None:
    """A day and a time of day, ``2027-01-15 12:00``; anything else is ``None``.

    >>> parse_moment("2027-01-15 12:00").clock, parse_moment("2027-01-15 25:00")
    (datetime.time(12, 0), None)
    """
    try:
        day, clock = text.split(" ")
        return TimedDay.of(date.fromisoformat(day), time.fromisoformat(clock.zfill(5)))
    except ValueError:
        return None


class BadPhrase(ValueError):
    """Not a phrase for a day; the arguments are what was found and how to mend it."""

    def __init__(self, found: str, mend: str = "") -> None:
        self.found, self.mend = found, mend
        super().__init__(found)


_SIDE_WORDS = ("before", "after")

Counted = Callable[[Term], Phrase]
Terms = Callable[[str, Counted], Phrase | None]
"""Gives the day that is made of the term that a name means."""


def _by_term(text: str, made: Counted) -> Phrase | None:
    """What is made of a term that is written out."""
    term = Term.parse(text)
    return None if term is None else made(term)


Yearly = Callable[[str], tuple[MonthDay, ...] | None]
"""Gives the days that come every year which a name means."""


def parse_day(
    text: str, names: Names, terms: Terms = _by_term, yearly: Yearly = lambda _name: None
) -> Phrase:
    """The phrase in a text. Raises `BadPhrase`.

    >>> names = {"exam.date": FactDay("exam.date"), "application.submitted": FactDay("application.submitted")}
    >>> str(parse_day("2 weeks before exam.date", names))
    '2 weeks before exam.date'
    >>> str(parse_day("later of 2026-06-01 and end of year of application.submitted or today", names))
    'later of 2026-06-01 and end of year of application.submitted or today'
    """
    from kutsereeglid.errors import closest, describe, iso_of, listed

    text = " ".join(text.split())
    if text == "today":
        return Today()
    if _DAY.fullmatch(text):
        try:
            return FixedDay(date.fromisoformat(text))
        except ValueError:
            raise BadPhrase(f"{text}, which the calendar does not have") from None
    if _MOMENT.fullmatch(text):
        moment = parse_moment(text)
        if moment is None:
            raise BadPhrase(f"{text}, which the calendar or the clock does not have")
        return FixedMoment(moment, moment.clock or time())
    if found := _RECURRING.fullmatch(text):
        return _recurring(found, parse_day(found["base"], names, terms, yearly), yearly)
    if found := _OFFSET.fullmatch(text):
        base = parse_day(found["base"], names, terms, yearly)
        made = partial(Offset, before=found["side"] == "before", base=base)
        counted = _by_term(found["term"], made) or terms(found["term"], made)
        if counted is None:
            raise BadPhrase(
                f"`{found['term']}` for a term",
                "write a term as `6 months`, `2 weeks` or `10 days`, or define it by that name",
            )
        return counted
    if found := _END.fullmatch(text):
        return EndOf(found["unit"], parse_day(found["base"], names, terms, yearly))
    if found := _EXTREME.fullmatch(text):
        pair = (
            parse_day(found["one"], names, terms, yearly),
            parse_day(found["other"], names, terms, yearly),
        )
        return Extreme(found["which"] == "later", pair)
    if found := _OTHERWISE.fullmatch(text):
        first, other = (parse_day(found[part], names, terms, yearly) for part in ("first", "other"))
        return Otherwise(first, other)
    if text in names:
        return names[text]
    if re.fullmatch(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*", text):
        raise BadPhrase(
            f"`{text}`, which is no day in the file", closest(text, names) or f"days are {listed(names)}"
        )
    words = [word for word in text.split() if word not in _SIDE_WORDS]
    slip = next((near for word in words if (near := closest(word, _SIDE_WORDS))), "")
    mend = slip or iso_of(text) or "write `2 weeks before exam.date`, or `2026-06-05`"
    raise BadPhrase(describe(text) if len(text) > 60 else f"`{text}`", mend)


def _recurring(found: re.Match[str], base: Phrase, yearly: Yearly) -> Phrase:
    from kutsereeglid.errors import closest

    which, side, written = found["which"], found["side"], found["days"]
    if side not in _SIDES[which]:
        sides = " or ".join(f"`{which} {written} {one} …`" for one in _SIDES[which])
        raise BadPhrase(f"`{which} {written} {side}`", f"write {sides}")
    one = MonthDay.parse(written)
    days = (one,) if one is not None else yearly(written)
    if days is None:
        month = written.rpartition(" ")[2].capitalize()
        mend = "write a day that every year has, as `1 February`, or define some: `define: {name: {yearly: [1 February]}}`"
        raise BadPhrase(
            f"`{written}` for a day of every year",
            mend if month in MONTHS else closest(month, MONTHS) or mend,
        )
    return Recurring(days, side, base)


def parse_window(
    text: str, names: Names, terms: Terms = _by_term, yearly: Yearly = lambda _name: None
) -> Window:
    """``5 years before application.submitted`` or ``30 days after exam.date``. Raises `BadPhrase`.

    >>> str(parse_window("5 years before exam.date", {"exam.date": FactDay("exam.date")}))
    '5 years before exam.date'
    """
    mend = "write `5 years before application.submitted`, or `{from: …, to: …}`"
    try:
        phrase = parse_day(text, names, terms, yearly)
    except BadPhrase as error:
        raise BadPhrase(
            error.found, mend if error.mend.startswith("write `2 weeks") else error.mend
        ) from None
    counted = {(one.before, one.base) for one in phrase.choices() if isinstance(one, Offset)}
    if len(counted) != 1 or not all(isinstance(one, Offset) for one in phrase.choices()):
        raise BadPhrase(f"`{text}`, one day", mend)
    [(before, base)] = counted
    near, far = reached(base), reached(phrase)
    return Window(far, near, str(phrase)) if before else Window(near, far, str(phrase))


def reached(phrase: Phrase) -> Phrase:
    """The phrase as it stands in a window: the judged day in place of a day that is not there yet."""
    if isinstance(phrase, FactDay):
        return Reached(phrase.path)
    if isinstance(phrase, Otherwise):  # what stands for a day that is not there yet is said
        return Otherwise(phrase.first, reached(phrase.other))
    return phrase.with_parts(tuple(reached(part) for part in phrase.parts()))


_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) (?!.* (?:before|after) )([^\W\d_][\w -]*)")


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
