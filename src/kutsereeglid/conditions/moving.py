"""Days on which an answer may change by itself, because a window or a comparison hangs on the judged day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from kutsereeglid.dates import AHEAD, Calendar, NoCorrespondingDay, clamped, plus_days
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase

_NEAR = 40
_SLACK = 4
"""Days by which month ends may make a later judged day mean an earlier day."""


def turning_days(
    phrases: Iterable[Phrase], days: Iterable[date], start: date, facts: Facts, how: Calendar
) -> list[date]:
    """The days from ``start`` on at which the order of the judged day, the phrases' days and the days of
    the file may change, in order."""
    marks = {start, *(mark for day in days if day != AHEAD for mark in (day, plus_days(day, 1)))}
    found = {mark for mark in marks if start <= mark < AHEAD}
    for phrase in phrases:
        if not phrase.moves(facts):
            continue
        there = {facts.value(path) for path in phrase.paths()} - {AHEAD}
        own = {mark for day in there for mark in (day, phrase.day(facts, day, clamped(how)))}
        found |= own | {plus_days(day, 1) for day in own}
        slack = _SLACK if any(term.months is not None for term in phrase.terms()) else 0
        for mark in marks:
            turn = _reaching(phrase, mark, start, facts, how)
            found |= {plus_days(turn, shift) for shift in range(-slack, slack + 1)}
    return sorted(day for day in found if start <= day < AHEAD)


def _reaching(phrase: Phrase, mark: date, start: date, facts: Facts, how: Calendar) -> date:
    """The first judged day from ``start`` on with which the phrase's day is ``mark`` or later."""
    how = clamped(how)

    def reached(day: int) -> bool:
        return phrase.day(facts, date.fromordinal(day), how) >= mark

    first, last = start.toordinal(), AHEAD.toordinal()
    if reached(first):
        return start
    # The phrase's day moves about a day each day: look near that first.
    near = first + (mark - phrase.day(facts, start, how)).days
    low, high = max(first, min(near - _NEAR, last)), min(last, near + _NEAR)
    if reached(low) or not reached(high):
        low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)


def first_of(days: Iterable[date], holds: Callable[[date], bool]) -> date | None:
    """The first of the days, in order, on which it holds."""
    return next((day for day in days if _on(day, holds)), None)


def _on(day: date, holds: Callable[[date], bool]) -> bool:
    try:
        return holds(day)
    except NoCorrespondingDay:
        return False


def first_between(days: list[date], judged: Callable[[date], bool]) -> date | None:
    """The first day on which it holds, where between two neighbours of ``days`` it changes once at most."""

    def holds(day: date) -> bool:
        return _on(day, judged)

    for place, day in enumerate(days):
        if holds(day):
            return day
        following = days[place + 1] if place + 1 < len(days) else None
        if following is not None and (following - day).days > 1 and holds(following):
            low, high = day.toordinal() + 1, following.toordinal()
            while low < high:
                middle = (low + high) // 2
                if holds(date.fromordinal(middle)):
                    high = middle
                else:
                    low = middle + 1
            return date.fromordinal(low)
    return None
