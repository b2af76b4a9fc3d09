"""Days that hang on one fact: an exam's day, and the last days before it."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from kutsereeglid.applicant import About, Null
from kutsereeglid.conditions.base import FAR
from kutsereeglid.dates import AHEAD, Calendar, MonthEnd, Shift, local_day
from kutsereeglid.phrases import EndOf, Extreme, FactDay, FixedDay, Offset, Phrase, Recurring
from kutsereeglid.plans import structure

LAST = AHEAD.toordinal()
"""The ordinal that stands for a day that lies ahead."""

_MOST_ROWS = 4_000
"""Rows that are kept. They are facts of the calendar, not of an applicant."""

_PLAIN = (FixedDay, FactDay, Offset, EndOf, Extreme, Recurring)


def hangs_on(phrase: Phrase, how: Calendar) -> frozenset[str] | None:
    """The facts that a phrase hangs on, when it hangs on nothing else; ``None`` for other phrases."""
    if type(phrase) not in _PLAIN:
        return None
    if how.month_end is MonthEnd.REJECT and any(term.months for term in phrase.terms()):
        return None
    if any(hangs_on(part, how) is None for part in phrase.parts()):
        return None
    return frozenset(phrase.paths())


class Known:
    """Stands for an applicant of whom one day is known."""

    def __init__(self, day: date) -> None:
        self.day = day

    def value(self, path: str) -> date:
        return self.day


class Rows(dict[Any, tuple[Any, ...]]):
    """For each value of a fact that is a day, a row: its ordinal, the ordinals of the days that hang on
    it, and at the end those of them that are due days, as they are shown."""

    def __init__(self, path: str, about: About, zone: tzinfo) -> None:
        super().__init__()
        self.path = path
        self.about = about
        self.zone = zone
        self.days: list[tuple[Phrase, Calendar, bool]] = []
        """The phrases, and whether each is a due day."""
        self.places: dict[Any, int] = {}
        self.earliest: tuple[Any, ...] = ()
        self.latest: tuple[Any, ...] = ()
        """The rows of the extreme days, between which an unknown day lies."""

    def place(self, phrase: Phrase, how: Calendar, *, due: bool) -> int:
        """The place in each row of the day that a phrase means."""
        shift = how.shift_before if getattr(phrase, "before", False) else how.shift_after
        moved = due and isinstance(phrase, Offset) and shift is not Shift.STAY
        counted = structure(how) if any(True for _ in phrase.terms()) else None
        key = structure(phrase), counted, moved
        if key not in self.places:
            self.places[key] = len(self.places) + 1
            self.days.append((phrase, how, due))
        return self.places[key]

    def finish(self) -> None:
        self.earliest = self._row(date.min)
        self.latest = self._row(AHEAD if self.about.null is Null.AHEAD else FAR)

    def __missing__(self, raw: Any) -> tuple[Any, ...]:
        if len(self) >= _MOST_ROWS:
            self.clear()
        row = self[raw] = self._row(AHEAD if raw is None else local_day(raw, self.zone))
        return row

    def _row(self, day: date) -> tuple[Any, ...]:
        facts: Any = Known(day)
        days = [
            phrase.due(facts, day, how) if due else phrase.day(facts, day, how)
            for phrase, how, due in self.days
        ]
        shown = tuple(None if one == AHEAD else one for one in days)
        return (day.toordinal(), *(one.toordinal() for one in days), shown)
