"""What every family of conditions answers, and the facts that it may lack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from attrs import field, frozen

from kutsereeglid.applicant import About, Null
from kutsereeglid.dates import AHEAD, Calendar
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase
from kutsereeglid.status import Status
from kutsereeglid.yaml_tree import Place


@frozen(eq=False, repr=False)
class Moment:
    """When a leaf is judged: as it stood at the earlier of the day of evaluation and its due day."""

    as_of: date
    due: date
    """``AHEAD`` when no day is named."""

    @property
    def day(self) -> date:
        return min(self.as_of, self.due)


@frozen(eq=False, repr=False)
class Variable:
    """A fact that is not known, with the values that it may have."""

    path: str
    size: int
    value: Callable[[int, date], Any] = field(eq=False)
    """The value at an index; the second argument is the judged day."""
    ordered: bool = True
    """Whether the values go from the least to the most favourable, so that not each must be tried."""
    if_due_is_known: bool = False
    """Whether the order holds for one judged day only."""


def values_of(path: str, values: Sequence[Any], *, ordered: bool = True) -> Variable:
    return Variable(path, len(values), lambda index, _day: values[index], ordered)


def days_of(about: About, days: Sequence[date]) -> list[date]:
    """Values of a fact that is a day: those given, and "not yet" where the file can say so."""
    return [*days, AHEAD] if about.null is Null.AHEAD else list(days)


def acts_of(path: str, since: date = date.min) -> Variable:
    """The unknown day of something done: not by the day of evaluation, or on any day up to it, though not
    before it began."""
    return Variable(path, AHEAD.toordinal(), lambda index, day: max(since, act_on(index, day)))


def act_on(index: int, day: date) -> date:
    """The day of an act at an index: the earlier, the sooner it is there."""
    return AHEAD if index == 0 else date.fromordinal(max(1, day.toordinal() - index + 1))


FAR = date(9000, 1, 1)
"""Later than any day that a file names; terms after it still end before ``AHEAD``."""

LONG_AGO = date(1900, 1, 1)
"""Earlier than any day that matters; terms before it still begin after the first day there is."""


def events_of(path: str, about: About, *, later_is_better: bool = True) -> Variable:
    """An unknown day that other days hang on: every day there is, and ``AHEAD`` where it may lie ahead."""
    days = FAR.toordinal()
    size = days + (about.null is Null.AHEAD)

    def value(index: int, _day: date) -> date:
        place = index if later_is_better else size - 1 - index
        return date.fromordinal(place + 1) if place < days else AHEAD

    return Variable(path, size, value)


def favoured(variable: Variable, positive: bool) -> Variable:
    """For a negation, what favours the condition disfavours it."""
    if positive or not variable.ordered:
        return variable
    top = variable.size - 1
    return Variable(variable.path, variable.size, lambda index, day: variable.value(top - index, day))


@frozen(eq=False, repr=False, auto_attribs=False)
class Leaf:
    """One condition without parts. Subclasses are frozen; each family answers its own negation."""

    place: Place | None = field(default=None, kw_only=True)
    """Where the author wrote it; ``None`` for what no author wrote."""
    head: str
    positive: bool = True
    """False for a negation."""
    may_be_undone = False
    """Whether it hangs on what is in the making, which may still become another."""
    by_acts = False
    """Whether it rests on something handed in or done, so that a missed term may be restored."""

    def phrases(self) -> Iterable[tuple[Phrase, bool | None]]:
        """The days that it is judged by, and whether a later day makes it easier (``None``: neither)."""
        return ()

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        """The facts that it could lack, but for those that `phrases` hang on; ``days`` are those near
        which the answer may change, for days that have no order of favour."""
        raise NotImplementedError

    def later_is_better(self, facts: Facts) -> bool | None:
        """Whether a later judged or due day makes it easier (true), harder (false), or either."""
        return True

    def gains(self, facts: Facts) -> bool:
        """Whether what can hold by a day from the day of evaluation on can by every later one, in windows that do
        not move."""
        return self.later_is_better(facts) is True

    def spell(self) -> int:
        """The days ahead each of which may matter, where something is counted day by day."""
        return 0

    def known_days(self, facts: Facts) -> Iterable[date]:
        """The days in the file that it looks at."""
        return ()

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        """Whether it holds as the file stands on a day, every fact that it asks for known or assumed."""
        raise NotImplementedError

    def first(self, facts: Facts, moment: Moment, how: Calendar, by: date | None = None) -> date | None:
        """The first day, from the day of evaluation on, on which some continuation makes it hold; asked
        for when it does not hold on the judged day. It may be after the due day. With ``by``, any such day
        up to that one."""
        return None

    def can(self, facts: Facts, moment: Moment, how: Calendar) -> bool:
        """Whether some continuation makes it hold by the due day."""
        first = self.first(facts, moment, how, moment.due)
        return first is not None and first <= moment.due

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        """The answer, with every fact that it asks for known or assumed."""
        if self.holds(facts, moment.day, how):
            return Status.MET
        return Status.OPEN if moment.as_of <= moment.due and self.can(facts, moment, how) else Status.NOT_MET

    def content(self, facts: Facts, moment: Moment, how: Calendar, own: str, *, ahead: bool) -> object:
        """What the records give together up to the judged day (the union of their days, say), or up to
        the due day when it is asked whether it can hold ``ahead``; ``None`` when it is no union of what
        each gives alone. A fact cannot matter that adds nothing to it; ``own`` is its record."""
        return None

    def negated(self) -> Leaf:
        raise NotImplementedError

    def asks(self) -> Part:
        """What is asked for, whatever the facts."""
        raise NotImplementedError

    def asks_within(self) -> Iterator[tuple[int, Part]]:
        """What the measures that it adds up ask for, one after another, and how deep each lies."""
        return iter(())

    def found(self, facts: Facts, moment: Moment, how: Calendar) -> Part | None:
        """What was found, when that says more than the status; for known facts only."""
        return None
