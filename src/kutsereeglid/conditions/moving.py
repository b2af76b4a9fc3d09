"""Days on which an answer may change by itself, because a window or a comparison hangs on the judged day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from kutsereeglid.conditions.base import FAR
from kutsereeglid.dates import AHEAD, Calendar, MonthEnd, NoCorrespondingDay, clamped, plus_days
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import EndOf, Extreme, FactDay, FixedDay, Offset, Phrase

_STRIDE = 7
"""Days that lie far from each other are tried first, where any of them will do."""

_NEAR = 4
_SLACK = 4
"""Days by which month ends that are not clamped may make a later judged day mean an earlier day."""


def first_day(
    holds: Callable[[date], bool],
    phrases: Sequence[Phrase],
    marks: Callable[[], Iterable[date]],
    start: date,
    facts: Facts,
    how: Calendar,
    by: date | None,
    *,
    gradual: bool = False,
    grows: bool = False,
    gains: bool = False,
) -> date | None:
    """The first day from ``start`` on on which it holds; with ``by``, any such day up to that one.

    It may change on a day of the phrases, on one of ``marks``, and where these meet; where it is
    ``gradual``, once between two of these days too. What ``grows`` holds ever after when it holds once, and so
    does what ``gains`` once no window moves any more."""

    def on(day: date) -> bool:
        try:
            return holds(day)
        except NoCorrespondingDay:
            return False

    last = AHEAD if by is None else by
    for day in (start, plus_days(start, 1)):
        if day <= last and on(day):
            return day
    if by is not None and start <= by:
        end = FAR if by == AHEAD else by
        if on(end):
            return end
        if grows:
            return None
        if gains and how.month_end is MonthEnd.CLAMP and (still := _still_from(phrases, facts)) is not None:
            last = min(last, still)
    days = turning_days(phrases, marks(), start, last, facts, how)
    if by is None and gradual:
        return _between(days, on)
    if by is None:
        return next(filter(on, days), None)
    return next((day for start in range(_STRIDE) for day in days[start::_STRIDE] if on(day)), None)


def _still_from(phrases: Sequence[Phrase], facts: Facts) -> date | None:
    """The day from which the phrases' days stay as they are, where there is one."""
    days = [facts.as_of]
    for phrase in phrases:
        if phrase.moves(facts):
            there = [facts.value(path) for path in phrase.paths()]
            if not there or AHEAD in there or not _by_facts(phrase):
                return None
            days += there
    return max(days)


def _by_facts(phrase: Phrase) -> bool:
    """Whether it moves only with the days of facts."""
    plain = isinstance(phrase, (EndOf, Extreme, FactDay, FixedDay, Offset))
    return plain and all(map(_by_facts, phrase.parts()))


def turning_days(
    phrases: Sequence[Phrase], days: Iterable[date], start: date, last: date, facts: Facts, how: Calendar
) -> list[date]:
    """The days from ``start`` to ``last`` at which the order of the judged day, the phrases' days and the
    days of the file may change, in order."""
    exact = how.month_end is MonthEnd.CLAMP
    how = clamped(how)
    phrases = list(dict.fromkeys(phrases))  # the parts of a total often have the same window
    known = {start, *days, *(phrase.day(facts, start, how) for phrase in phrases)}
    known |= {day for phrase in phrases for day in phrase.known_days(facts)}
    marks = {mark for day in known if day != AHEAD for mark in (day, plus_days(day, 1))}
    found = {mark for mark in marks if start <= mark < AHEAD}
    for phrase in phrases:
        if not phrase.moves(facts):
            continue
        there = {facts.value(path) for path in phrase.paths()} - {AHEAD}
        own = {mark for day in there for mark in (day, phrase.day(facts, day, how))}
        found |= own | {plus_days(day, 1) for day in own}
        in_months = any(term.months is not None for term in phrase.terms())
        slack = _SLACK if in_months and not exact else 0
        first, end = phrase.day(facts, start, how), min(plus_days(last, slack), AHEAD)
        farthest = phrase.day(facts, end, how)
        turns = {
            _reaching(phrase, mark, start, end, facts, how) for mark in marks if first < mark <= farthest
        }
        if any(mark <= first for mark in marks):
            turns.add(start)
        if end == AHEAD and any(mark > farthest for mark in marks):
            turns.add(end)
        found |= {plus_days(turn, shift) for turn in turns for shift in range(-slack, slack + 1)}
    return sorted(day for day in found if start <= day <= last and day < AHEAD)


def _reaching(phrase: Phrase, mark: date, start: date, end: date, facts: Facts, how: Calendar) -> date:
    """The first judged day from ``start`` to ``end`` with which the phrase's day is ``mark`` or later; it is
    so at the end, and not at the start."""

    def reached(day: int) -> bool:
        return phrase.day(facts, date.fromordinal(day), how) >= mark

    low, high = start.toordinal(), end.toordinal()
    # The phrase's day moves about a day each day: look near that first.
    near = low + (mark - phrase.day(facts, start, how)).days
    below, above = max(low, near - _NEAR), min(high, near + _NEAR)
    if below < above and reached(above):
        high = above
        if not reached(below):
            low = below
    while low < high:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)


def _between(days: list[date], holds: Callable[[date], bool]) -> date | None:
    """The first day on which it holds, where between two neighbours of ``days`` it changes once at most."""
    before = None
    for day in days:
        if holds(day):
            low, high = before or day.toordinal(), day.toordinal()
            while low < high:
                middle = (low + high) // 2
                if holds(date.fromordinal(middle)):
                    high = middle
                else:
                    low = middle + 1
            return date.fromordinal(low)
        before = day.toordinal() + 1
    return None
