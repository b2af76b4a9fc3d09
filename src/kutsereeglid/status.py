"""The four answers, and how the answers of parts make the answer of a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """What is known of one condition, judged on one day.

    >>> Status("open") is Status.OPEN
    True
    """

    MET = "met"
    """It holds."""
    NOT_MET = "not_met"
    """It does not, and it is too late to mend within this exam round."""
    OPEN = "open"
    """It does not yet, and it still can."""
    UNKNOWN = "unknown"
    """Facts that decide it are missing, or a person must judge."""


class Outcome(StrEnum):
    """A stage's answer: what *all of* its requirements, and those of the stages before it, come to."""

    ELIGIBLE = "eligible"
    PENDING = "pending"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


OUTCOME = {
    Status.MET: Outcome.ELIGIBLE,
    Status.OPEN: Outcome.PENDING,
    Status.NOT_MET: Outcome.INELIGIBLE,
    Status.UNKNOWN: Outcome.UNDETERMINED,
}


BITS = {Status.MET: 1, Status.OPEN: 2, Status.UNKNOWN: 4, Status.NOT_MET: 8}
"""Each status as one bit, so that those of several parts are one number."""
STATUS_OF = {bit: status for status, bit in BITS.items()}

OUTCOME_OF = {bit: OUTCOME[status] for bit, status in STATUS_OF.items()}


def _first_of(*order: Status) -> tuple[int, ...]:
    """For each set of statuses, as bits, the first in an order; the last one for the empty set."""
    bits = [BITS[status] for status in order]
    return tuple(next((bit for bit in bits if bit & some), bits[-1]) for some in range(16))


ALL_OF = _first_of(Status.NOT_MET, Status.UNKNOWN, Status.OPEN, Status.MET)
"""The status of *all of*, by the statuses of the parts together, all as bits.

>>> STATUS_OF[ALL_OF[BITS[Status.MET] | BITS[Status.OPEN]]] is Status.OPEN
True
"""
ANY_OF = _first_of(Status.MET, Status.UNKNOWN, Status.OPEN, Status.NOT_MET)
"""The same for *any of*."""
AGREED = tuple(some if some in STATUS_OF else BITS[Status.UNKNOWN] for some in range(16))
"""The same for parts that must agree: ``unknown`` where they differ."""


def at_least(needed: int, statuses: Iterable[Status]) -> Status:
    """The status of "at least ``needed`` of these hold"; *all of* is n of n, *any of* is 1 of n.

    >>> str(at_least(2, [Status.MET, Status.OPEN, Status.NOT_MET]))
    'open'
    >>> str(at_least(2, [Status.MET, Status.UNKNOWN, Status.OPEN]))
    'unknown'
    """
    met = open_ = unknown = 0
    for status in statuses:
        met += status is Status.MET
        open_ += status is Status.OPEN
        unknown += status is Status.UNKNOWN
    if met >= needed:
        return Status.MET
    if met + open_ + unknown < needed:
        return Status.NOT_MET
    if met + unknown < needed <= met + open_:
        return Status.OPEN
    return Status.UNKNOWN


def all_of(statuses: Iterable[Status]) -> Status:
    """*All of*: none at all is ``met``.

    >>> str(all_of([])), str(all_of([Status.UNKNOWN, Status.NOT_MET]))
    ('met', 'not_met')
    """
    listed = list(statuses)
    return at_least(len(listed), listed)


def nth_latest(lacking: int, days: Iterable[date | None]) -> date | None:
    """The due day of an open composite: its open parts in order of their due days (``None``, no day
    named, counts as latest), the last one with which ``lacking`` of them can still be had.

    >>> nth_latest(1, [date(2026, 5, 1), date(2026, 6, 1)])
    datetime.date(2026, 6, 1)
    """
    ordered = sorted(days, key=_none_last)
    return ordered[len(ordered) - lacking] if 0 < lacking <= len(ordered) else None


def nth_earliest(lacking: int, days: Iterable[date | None]) -> date | None:
    """The first day on which ``lacking`` of these can hold (``None``, no day named, counts as latest).

    >>> nth_earliest(2, [date(2026, 5, 1), date(2026, 6, 1)])
    datetime.date(2026, 6, 1)
    """
    ordered = sorted(days, key=_none_last)
    return ordered[lacking - 1] if 0 < lacking <= len(ordered) else None


def _none_last(day: date | None) -> tuple[bool, date]:
    return (day is None, day or date.max)
