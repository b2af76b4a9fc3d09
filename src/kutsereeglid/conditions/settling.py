"""How a leaf's answer is found when facts are missing.

A leaf judges complete facts and names, generously, the facts that it could lack. `settle` tries
completions: the answer is known when all of them agree, and a fact is missing exactly when two
completions that differ in it alone give different statuses.

Most facts have an order of favour, and a leaf is monotone in each of these; so the two extreme
completions decide whether an answer is known, and cutting down a box of completions tells whether a
single fact matters. Days that have none (a window moves with its event, and loses what it leaves
behind) are tried one by one, at each day near which the answer may change: each choice of these is a
*scenario*, with a box of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property, partial
from itertools import product
from math import floor, gcd, prod
from typing import Any, TypeVar

from attrs import evolve, frozen

from kutsereeglid.applicant import ABSENT, Null
from kutsereeglid.conditions.base import FAR, Leaf, Moment, Variable, days_of, events_of, favoured, values_of
from kutsereeglid.conditions.measures import Measure, Supposed
from kutsereeglid.dates import (
    AHEAD,
    Calendar,
    MonthEnd,
    NoCorrespondingDay,
    Term,
    TimedDay,
    clamped,
    clock_of,
    end_of_term,
    plain_day,
    plus_days,
    start_of_term,
)
from kutsereeglid.facts import Clocks, Facts
from kutsereeglid.phrases import Phrase, UnknownDay
from kutsereeglid.status import Status


@frozen(eq=False, repr=False)
class Settled:
    """A leaf's answer for one applicant. What is missing, and since when it could hold, is found when it is
    asked for."""

    status: Status
    due: date | None
    late: bool = False
    """It held on the day of evaluation, but not on its due day."""
    complete: bool = True
    """Whether every fact that it reads is known."""
    find_earliest: Callable[[], date | None] = lambda: None
    find_missing: Callable[[], tuple[str, ...]] = tuple

    @cached_property
    def earliest(self) -> date | None:
        """The first day on which it may hold."""
        return self.find_earliest()

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The facts that are missing, in order."""
        return self.find_missing()

    def moment(self, as_of: date) -> Moment:
        """When it was judged, as far as its due day is known."""
        return Moment(as_of, AHEAD if self.due is None else self.due)


_BUDGET = 4_000
"""Completions judged for one missing fact; beyond it the fact is named, which is the safe side."""

_AT_FIRST = 200
"""Completions judged before others are looked into, which may tell sooner."""

_PUT_OFF = 8
"""How many that need more are put off."""

_BUDGET_IN_ALL = 40_000
"""Completions judged for one leaf; beyond it every fact that is still in question is named."""

_SCENARIOS = 600
"""Choices of the days without an order that are tried; with more, fewer days are tried for each."""

_STRIDE = 16

_SPELL = 100
"""Days ahead that are tried one by one for a day without an order."""

MONTH_END_CHOICE = "calendar.month_end"
"""The missing choice when a due day has no corresponding day and the ruleset rejects to guess."""

_RANK = {Status.UNKNOWN: -1, Status.NOT_MET: 0, Status.OPEN: 1, Status.MET: 2}

Some = TypeVar("Some")
Scenario = tuple[int, ...]
Point = tuple[int, ...]


def settle(leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar) -> Settled:
    """The four-valued answer of a leaf that must hold by ``due``."""
    if moments := _moments(leaf, due):
        return _by_the_clock(moments, leaf, due, facts, how)
    return _settle(leaf, due, facts, how)


def _moments(leaf: Leaf, due: Phrase | None) -> list[TimedDay]:
    """The days that a condition names with a time of day."""
    moments = [moment for phrase, _ in leaf.phrases() for moment in phrase.moments()]
    return moments if due is None else [*moments, *due.moments()]


_UNCLOCKED = 6
"""Days without a time whose times are tried; more of them are very seldom on one day."""


def _by_the_clock(
    moments: Sequence[TimedDay],
    leaf: Leaf,
    due: Phrase | None,
    facts: Facts,
    how: Calendar,
) -> Settled:
    """The answer where a time of day is named. Of what the file gives as a day alone, on the day of such a
    time, it may not be known whether it was before: each side of it is tried."""
    until: date | None = None
    with suppress(UnknownDay, NoCorrespondingDay):
        until = due.due(facts, facts.as_of, how) if due is not None else None
    until = until if until is not None and clock_of(until) is not None else None
    days = frozenset(map(plain_day, moments))
    clocks = Clocks(days, until)
    found = _settle(leaf, due, facts.clocked(clocks), how)
    paths = sorted(clocks.without)[:_UNCLOCKED]
    if not paths:
        return found
    named = {moment.clock for moment in moments if moment.clock is not None}
    tried = sorted({time.min, *named, *(_just_after(clock) for clock in named)})
    answers: dict[tuple[time, ...], Settled] = {}
    for times in product(tried, repeat=len(paths)):
        assumed = Clocks(days, until, dict(zip(paths, times, strict=True)))
        answers[times] = _settle(leaf, due, facts.clocked(assumed), how)
    statuses = {one.status for one in answers.values()}
    if len(statuses) == 1:
        return next(iter(answers.values()))
    missing = {path for one in answers.values() for path in one.missing}
    for place, path in enumerate(paths):
        others = [(times[:place] + times[place + 1 :], one.status) for times, one in answers.items()]
        if len(set(others)) > len({rest for rest, _ in others}):
            missing.add(path)
    return Settled(Status.UNKNOWN, found.due, complete=False, find_missing=lambda: tuple(sorted(missing)))


def _just_after(clock: time) -> time:
    return (datetime.combine(date.min, clock) + timedelta(microseconds=1)).time()


def _settle(leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar) -> Settled:
    variables = _variables(leaf, due, facts, how)
    if variables:
        return _Search(leaf, due, facts, how, variables).settled()
    day: date | None = None
    try:
        day = due.due(facts, facts.as_of, how) if due is not None else AHEAD
        status = leaf.judge(facts, Moment(facts.as_of, day), how)
    except NoCorrespondingDay:
        shown = None if day is None or day == AHEAD else plain_day(day)
        return Settled(Status.UNKNOWN, shown, complete=False, find_missing=lambda: (MONTH_END_CHOICE,))
    return _with_days(status, day, leaf, facts, how)


def settled_as(status: Status, leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar) -> Settled:
    """The answer of a leaf whose status is known, when every fact that it reads is."""
    try:
        day = due.due(facts, facts.as_of, how) if due is not None else AHEAD
    except UnknownDay:  # the same by any day
        return _settle(leaf, due, facts, how)
    return _with_days(status, day, leaf, facts, how)


def _with_days(status: Status, day: date, leaf: Leaf, facts: Facts, how: Calendar) -> Settled:
    as_of = facts.as_of
    moment = Moment(as_of, day)
    shown = None if day == AHEAD else plain_day(day)
    if status is Status.MET:
        return Settled(status, shown)
    late = status is Status.NOT_MET and leaf.by_acts and as_of > day and _holds(leaf, facts, as_of, how)
    return Settled(status, shown, late, find_earliest=partial(_first, leaf, facts, moment, how))


def _holds(leaf: Leaf, facts: Facts, day: date, how: Calendar) -> bool:
    try:
        return leaf.holds(facts, day, how)
    except NoCorrespondingDay:  # after the due day, which has one
        return False


def _first(leaf: Leaf, facts: Facts, moment: Moment, how: Calendar) -> date | None:
    """The first day, from the day of evaluation on, on which it holds or may come to."""
    try:
        found = moment.as_of if leaf.holds(facts, moment.as_of, how) else leaf.first(facts, moment, how)
    except NoCorrespondingDay:
        return None
    return None if found is None else plain_day(found)


_REACHES = (5, 3, 1, 0)
"""Days before and after a day near which the answer may change that are tried too; fewer of them where
there would be too many scenarios."""


def _variables(leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar) -> tuple[Variable, ...]:
    """The facts that are missing: the events that days hang on, and what the leaf lacks."""
    events: dict[str, set[bool | None]] = {}
    hanging = [(phrase, _unless_ahead(better, phrase, facts)) for phrase, better in leaf.phrases()]
    if due is not None:
        hanging.append((due, leaf.later_is_better(facts)))
    hanging += [(inner, None) for phrase, _ in hanging for inner in phrase.rests_on()]
    rejecting = how.month_end is MonthEnd.REJECT and _in_months(phrase for phrase, _ in hanging)
    for phrase, later_is_better in hanging:
        for path in phrase.paths():
            if facts.value(path) is not ABSENT:
                continue
            event = facts.about(path).not_yet_before
            plain = phrase.monotone() and not (rejecting or event)
            events.setdefault(path, set()).add(later_is_better if plain else None)
            if event is not None and facts.value(event) is ABSENT:  # whether it may have happened
                events.setdefault(event, set()).add(None)
    phrases = [phrase for phrase, _ in hanging]
    for reach in _REACHES if hanging else (1,):
        near = _Near(leaf, phrases, facts, how, reach)
        made = _with_values(leaf, due, facts, hanging, events, near)
        if prod(variable.size for variable in made if not variable.ordered) <= _SCENARIOS:
            break
    return made


def _in_months(phrases: Iterable[Phrase]) -> bool:
    return any(term.months for phrase in phrases for term in phrase.terms())


def _unless_ahead(later_is_better: bool | None, phrase: Phrase, facts: Facts) -> bool | None:
    """What may lie ahead is no later than all days where a later one makes it harder: it may still come."""
    ahead = any(facts.about(path).null is Null.AHEAD for path in phrase.paths())
    return None if later_is_better is False and ahead else later_is_better


def _with_values(
    leaf: Leaf,
    due: Phrase | None,
    facts: Facts,
    hanging: list[tuple[Phrase, bool | None]],
    events: dict[str, set[bool | None]],
    near: _Near,
) -> tuple[Variable, ...]:
    made: dict[str, Variable] = {}
    for path, favours in events.items():
        if favours in ({True}, {False}):
            made[path] = events_of(path, facts.about(path), later_is_better=favours == {True})
        else:
            made[path] = values_of(path, days_of(facts.about(path), near.days), ordered=False)
    asked = [variable for phrase, _ in hanging for variable in phrase.variables(facts, near)]
    for variable in (*asked, *leaf.variables(facts, near)):
        if variable.if_due_is_known and due is not None and any(path in made for path in due.paths()):
            variable = values_of(variable.path, near.days, ordered=False)
        other = made.get(variable.path)
        made[variable.path] = variable if other is None else _merged(other, variable, near)
    return tuple(made.values())


_LISTED = 400
"""Values that are listed one by one; more of them are days."""


def _merged(one: Variable, other: Variable, days: Sequence[date]) -> Variable:
    """A fact that is looked at twice: the values of both, without an order."""
    if one.ordered and other.ordered and one.size == other.size <= _LISTED:
        places = range(one.size)
        if all(one.value(place, AHEAD) == other.value(place, AHEAD) for place in places):
            return one
    if isinstance(one.value(0, AHEAD), Supposed):
        return _merged_lists(one, other)
    values: list[Any] = []
    for variable in (one, other):
        if variable.size <= _LISTED:
            values += [variable.value(index, AHEAD) for index in range(variable.size)]
        else:
            ends = variable.value(0, AHEAD), variable.value(variable.size - 1, AHEAD)
            values += [day for day in (*days, AHEAD) if min(ends) <= day <= max(ends)]
    return values_of(one.path, list(dict.fromkeys(values)), ordered=False)


def _merged_lists(one: Variable, other: Variable) -> Variable:
    """A list that is looked at twice: what both ask of it is there, or not, together."""
    if one.ordered and other.ordered and _fills(one) is not _fills(other):
        return _both_ways(one, other)
    if one.ordered and other.ordered:
        top = min(one.size, other.size) - 1

        def value(index: int, day: date) -> Any:
            places = (index + one.size - 1 - top, index + other.size - 1 - top) if index else (0, 0)
            return one.value(places[0], day).together(other.value(places[1], day))

        return Variable(one.path, top + 1, value)
    few, many = sorted((one, other), key=lambda variable: (not variable.ordered, variable.size))
    if many.value(many.size - 1, AHEAD).picked and few.value(few.size - 1, AHEAD).picked:
        both = [variable.value(place, AHEAD) for variable in (few, many) for place in range(variable.size)]
        return values_of(one.path, both, ordered=False)
    all_of_few = not few.ordered and few.size * many.size <= _SCENARIOS
    values = []
    lists = [few.value(place, AHEAD) for place in (range(few.size) if not few.ordered else (0, few.size - 1))]
    for index in range(many.size):
        more = many.value(index, AHEAD)
        values += [
            listed.together(more)
            for listed in lists
            if all_of_few or listed in (lists[0], lists[-1]) or listed.days & more.days
        ]
    return values_of(one.path, values, ordered=False)


def _fills(variable: Variable) -> bool:
    """Whether more in the list is better."""
    ends = (variable.value(index, AHEAD) for index in (0, variable.size - 1))
    least, most = ((listed.amount, listed.run[1] - listed.run[0]) for listed in ends)
    return bool(least <= most)


_LENGTHS = (*range(366), *range(366, 3_650, 15))
"""How many days what lasts in a list may have, where more of it is good for one thing and bad for another."""


def _both_ways(one: Variable, other: Variable) -> Variable:
    """A list of which more is better in one way and worse in another: so many records, or so many days, without
    an order."""
    full = [variable if _fills(variable) else favoured(variable, False) for variable in (one, other)]
    most = [variable.value(variable.size - 1, AHEAD).amount for variable in full]

    def filled(variable: Variable, index: int, amount: int, day: date) -> Supposed:
        listed: Supposed = variable.value(index, day)
        return evolve(listed, amount=Fraction(amount)) if listed.amount else listed

    lists: list[Callable[[date], Supposed]] = []
    kinds = {bool(amount): variable for amount, variable in zip(most, full, strict=True)}
    for counted, variable in kinds.items():
        last = variable.size - 1
        if counted:
            amounts = range(min(floor(max(most)), _LISTED) + 1)
            lists += [partial(filled, variable, last, amount) for amount in amounts]
        else:
            lengths = [length for length in _LENGTHS if length < last]
            lists += [partial(filled, variable, length, 0) for length in (*lengths, last)]
    return Variable(one.path, len(lists), lambda index, day: lists[index](day), ordered=False)


class _Near(Sequence[date]):
    """The days near which the answer may change: those of the file and of the leaf, a term away from
    them, and the days about; found when first asked for."""

    def __init__(
        self, leaf: Leaf, phrases: Sequence[Phrase], facts: Facts, how: Calendar, reach: int
    ) -> None:
        self.reach = reach
        self._asked = leaf, phrases, facts, clamped(how)
        self._rejecting = how.month_end is MonthEnd.REJECT
        self._made: list[date] | None = None

    @property
    def days(self) -> list[date]:
        if self._made is None:
            self._made = self._days()
        return self._made

    def _days(self) -> list[date]:
        leaf, phrases, facts, how = self._asked
        known = {facts.as_of, *leaf.known_days(facts)}
        for phrase in phrases:
            known |= {*phrase.fixed_days(), *phrase.known_days(facts)}
        terms = {term for phrase in phrases for term in phrase.terms()}
        for phrase in phrases:
            if all(facts.value(path) is not ABSENT for path in phrase.paths()):
                with suppress(UnknownDay):  # of a record that is not known
                    known.add(phrase.day(facts, facts.as_of, how))
        known.discard(AHEAD)
        away = {other for day in known for other in self._away(day, terms)}
        yearly = {one for phrase in phrases for one in phrase.yearly()}
        away |= {other for day in known | away for one in yearly for other in one.near(day)}
        spell = min(leaf.spell(), _SPELL)
        known |= {plus_days(facts.as_of, step) for step in range(spell)}
        shifts = range(-self.reach, self.reach + 1)
        near = {plus_days(day, shift) for day in known | away for shift in shifts}
        hanging = (one for one in phrases if one.may_move(facts) or any(facts.value(path) is ABSENT for path in one.paths()))  # fmt: skip
        if self._rejecting and _in_months(hanging):  # some of these have no corresponding day
            firsts = (date(year, month, 29) for year in (2024, 2096) for month in range(1, 13))
            ends = {plus_days(first, shift) for first in firsts for shift in range(3)}
            short = [term for term in terms if not term.months]
            near |= ends | {day for end in ends for day in self._away(end, short)}
        return sorted(near | {date(1, 6, 15), date(FAR.year - 10, 6, 15)})

    def _away(self, day: date, terms: Collection[Term]) -> Iterator[date]:
        """Days a term away from a day."""
        how = self._asked[-1]
        return (count(day, term, how) for term in terms for count in (end_of_term, start_of_term))

    def __len__(self) -> int:
        return len(self.days)

    def __getitem__(self, place: Any) -> Any:
        return self.days[place]


class _Search:
    """The completions of one leaf."""

    def __init__(
        self, leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar, variables: tuple[Variable, ...]
    ) -> None:
        self.leaf, self.due, self.facts, self.how = leaf, due, facts, how
        self.ordered = tuple(variable for variable in variables if variable.ordered)
        free = tuple(variable for variable in variables if not variable.ordered)
        self.free = _fewer(free, self._telling_days())
        self.thinned = self.free is not free
        """Whether there are completions that are not tried."""
        self.position = {variable.path: index for index, variable in enumerate(self.ordered)}
        self.free_position = {variable.path: index for index, variable in enumerate(self.free)}
        self.top: Point = tuple(variable.size - 1 for variable in self.ordered)
        self.due_paths = frozenset(due.paths()) if due is not None else frozenset()
        self.judged: dict[tuple[Point, Scenario, date | None], Status] = {}
        self.places: dict[int, tuple[list[int], list[int]]] = {}
        """For each measure that is added to others, the places of the facts that it looks at."""
        self.worked_out: dict[Any, Any] = {}
        looked_at = self._looked_at()
        self.read = tuple(place for place, one in enumerate(self.free) if one.path in looked_at)
        """Of the days without an order, those that the leaf looks at; the others only say when it is due."""

    def _telling_days(self) -> set[date]:
        """Days that may not be left out: those that rules name, today, and "not yet"."""
        phrases = [phrase for phrase, _ in self.leaf.phrases()] + ([] if self.due is None else [self.due])
        phrases += [inner for phrase in phrases for inner in phrase.rests_on()]
        return {self.facts.as_of, AHEAD, *(day for phrase in phrases for day in phrase.fixed_days())}

    def _looked_at(self) -> set[str]:
        """The facts that the leaf itself looks at."""
        if not self.due_paths:
            return {variable.path for variable in self.free}
        phrases = [phrase for phrase, _ in self.leaf.phrases()]
        return self._paths_of(phrases, self.leaf.variables(self.facts, ()))

    def _paths_of(self, phrases: Collection[Phrase], variables: Iterable[Variable]) -> set[str]:
        """The facts that are looked at by what names these days, and could lack these."""
        phrases = [*phrases, *(inner for phrase in phrases for inner in phrase.rests_on())]
        asked = [variable for phrase in phrases for variable in phrase.variables(self.facts, ())]
        own = {variable.path for variable in (*asked, *variables)}
        paths = {path for phrase in phrases for path in phrase.paths()}
        return own | paths | {self.facts.about(path).not_yet_before or path for path in paths}

    def _recall(
        self,
        at: Point,
        scenario: Scenario,
        day: date,
        measure: Measure,
        asked: Any,
        work: Callable[[], Any],
    ) -> Any:
        """What work gives for a measure that is added to others: most completions differ in facts that it does
        not look at."""
        places = self.places.get(id(measure))
        if places is None:
            variables = measure.variables(self.facts, (), Fraction(1))
            paths = self._paths_of([*measure.phrases()], variables)
            ordered = [place for path, place in self.position.items() if path in paths]
            free = [place for path, place in self.free_position.items() if path in paths]
            places = self.places[id(measure)] = ordered, free
        ordered, free = places
        read_for = day if ordered else None
        key = (
            id(measure),
            asked,
            read_for,
            tuple([at[place] for place in ordered]),
            tuple([scenario[place] for place in free]),
        )
        found = self.worked_out.get(key, self)
        if found is self:
            if len(self.worked_out) >= _BUDGET_IN_ALL:
                self.worked_out.clear()
            found = self.worked_out[key] = work()
        return found

    def completed(self, at: Point, scenario: Scenario, day: date) -> Facts:
        """The facts with the variables at these indices, read for this judged day."""

        def assumed(path: str) -> Any:
            index = self.position.get(path)
            if index is not None:
                return self.ordered[index].value(at[index], day)
            index = self.free_position.get(path)
            return ABSENT if index is None else self.free[index].value(scenario[index], day)

        return self.facts.assuming(assumed, partial(self._recall, at, scenario, day))

    def due_day(self, facts: Facts) -> date:
        return self.due.due(facts, facts.as_of, self.how) if self.due is not None else AHEAD

    def moment(self, at: Point, scenario: Scenario) -> Moment:
        as_of = self.facts.as_of
        return Moment(as_of, self.due_day(self.completed(at, scenario, as_of)))

    def status(self, at: Point, scenario: Scenario, read_for: date | None = None) -> Status:
        key = (at, scenario, read_for if at else None)
        status = self.judged.get(key)
        if status is None:
            status = self.judged[key] = self._status(at, scenario, read_for)
        return status

    def _status(self, at: Point, scenario: Scenario, read_for: date | None) -> Status:
        try:
            moment = self.moment(at, scenario)
            return self.leaf.judge(self.completed(at, scenario, read_for or moment.day), moment, self.how)
        except NoCorrespondingDay:
            return Status.UNKNOWN

    def content(
        self, at: Point, scenario: Scenario, read_for: date | None, own: str, *, ahead: bool
    ) -> object:
        """What the leaf judges by, where it can be compared."""
        try:
            moment = self.moment(at, scenario)
            facts = self.completed(at, scenario, read_for or moment.day)
            return self.leaf.content(facts, moment, self.how, own, ahead=ahead)
        except NoCorrespondingDay:
            return None

    def scenarios(self) -> Iterator[Scenario]:
        return product(*(range(variable.size) for variable in self.free))

    def _cheap_first(self) -> Iterator[Scenario]:
        """The scenarios, first those without a day to come, which windows move with; of each, those far from
        each other first."""
        values = [[one.value(index, AHEAD) for index in range(one.size)] for one in self.free]
        to_come = [
            {
                index
                for index, value in enumerate(some)
                if isinstance(value, date) and value > self.facts.as_of
            }
            for some in values
        ]
        cheap: list[Scenario] = []
        others: list[Scenario] = []
        for scenario in self.scenarios():
            moving = any(index in some for index, some in zip(scenario, to_come, strict=True))
            (others if moving else cheap).append(scenario)
        yield from _far_apart(cheap)
        yield from _far_apart(others)

    def _telling(self) -> Iterator[Scenario]:
        """The scenarios without those that can tell nothing more: what can be done by a day can be done by
        every later one, so of the due days from the day of evaluation on the first and the last are enough."""
        if len(self.read) == len(self.free):
            yield from self.scenarios()
            return
        ends: dict[tuple[int, ...], list[tuple[date, Scenario]]] = {}
        bottom, as_of = (0,) * len(self.top), self.facts.as_of
        for scenario in self.scenarios():
            try:
                day = self.due_day(self.completed(bottom, scenario, as_of))
            except NoCorrespondingDay:
                yield scenario
                continue
            if day < as_of:
                yield scenario
            else:
                ends.setdefault(tuple(scenario[place] for place in self.read), []).append((day, scenario))
        for some in ends.values():
            yield from {scenario for _, scenario in (min(some), max(some))}

    def settled(self) -> Settled:
        statuses = self._some_statuses()
        day: date | None = None
        try:
            known = self.due_day(self.facts)
            day = None if known == AHEAD else plain_day(known)
        except (UnknownDay, NoCorrespondingDay):
            pass
        only = (*self.ordered, *self.free)
        if len(statuses) == 1 and Status.UNKNOWN not in statuses:
            if self.thinned:  # one that was not tried may differ: better to ask than to be wrong
                paths = tuple(sorted(variable.path for variable in only))
                return Settled(Status.UNKNOWN, day, complete=False, find_missing=lambda: paths)
            status = statuses.pop()
            return Settled(status, day, complete=False, find_earliest=partial(self._earliest, status))
        if len(only) == 1 and len(statuses) > 1:  # two completions differ in it alone
            return Settled(Status.UNKNOWN, day, complete=False, find_missing=lambda: (only[0].path,))
        return Settled(Status.UNKNOWN, day, complete=False, find_missing=self._all_missing)

    def _all_missing(self) -> tuple[str, ...]:
        return tuple(sorted(self._missing())) or (MONTH_END_CHOICE,)

    def _some_statuses(self) -> set[Status]:
        """The statuses of the extreme completions, or two of them where they are not all the same."""
        found: set[Status] = set()
        for scenario in _far_apart([*self._telling()]):
            found |= {self.status((0,) * len(self.top), scenario), self.status(self.top, scenario)}
            if len(found) > 1:
                break
        return found

    def _earliest(self, status: Status) -> date | None:
        if status is Status.MET:
            return None
        scenario = (0,) * len(self.free)
        try:
            moment = self.moment(self.top, scenario)
            return _first(self.leaf, self.completed(self.top, scenario, moment.day), moment, self.how)
        except NoCorrespondingDay:
            return None

    def _missing(self) -> Iterator[str]:
        least = 0 if self.how.month_end is MonthEnd.REJECT else 1
        ranks = range(least, _RANK[Status.MET] + 1)
        for index, variable in enumerate(self.ordered):
            # When the due day itself is in question, what the other facts say must stay as it is, so
            # they are read for one judged day.
            read_for = self.facts.as_of if variable.path in self.due_paths else None
            if _any_found(
                _Boxes(self, (scenario, scenario), index, rank, read_for)
                for scenario in self._undecided(read_for)
                for rank in ranks
            ):
                yield variable.path
        for place, variable in enumerate(self.free):
            if not self.ordered:
                others: dict[Scenario, Status] = {}
                if any(
                    others.setdefault((*scenario[:place], *scenario[place + 1 :]), status) is not status
                    for scenario in self.scenarios()
                    for status in (self.status((), scenario),)
                ):
                    yield variable.path
            elif _any_found(
                _Boxes(self, pair, None, rank, self.facts.as_of)
                for pair in self._neighbours(place)
                for rank in ranks
            ):
                yield variable.path

    def _undecided(self, read_for: date | None) -> Iterator[Scenario]:
        """The scenarios in which the ordered facts matter."""
        bottom = (0,) * len(self.top)
        for scenario in self._cheap_first():
            if self.status(bottom, scenario, read_for) is not self.status(self.top, scenario, read_for):
                yield scenario

    def _neighbours(self, place: int) -> Iterator[tuple[Scenario, Scenario]]:
        """Pairs of scenarios that differ in one day, which has two neighbouring values: if the statuses
        of any two values differ somewhere, those of some two neighbours do."""
        for scenario in self._cheap_first():
            if scenario[place] + 1 < self.free[place].size:
                other = (*scenario[:place], scenario[place] + 1, *scenario[place + 1 :])
                yield scenario, other
                yield other, scenario


def _far_apart(listed: Sequence[Some]) -> Iterator[Some]:
    """Those that lie far from each other first."""
    return (item for start in range(_STRIDE) for item in listed[start::_STRIDE])


def _fewer(free: tuple[Variable, ...], telling: Collection[date]) -> tuple[Variable, ...]:
    """The variables, each with fewer values where there would be too many scenarios; those of the ``telling``
    days stay, so that days which hang together may still be the same one."""
    while prod(variable.size for variable in free) > _SCENARIOS:
        thinned: list[tuple[int, int, list[Any]]] = []
        for variable in free:
            values = [variable.value(index, AHEAD) for index in range(variable.size)]
            kept = [
                value for index, value in enumerate(values) if index % 2 == 0 or _day_of(value) in telling
            ]
            thinned.append((len(values) - len(kept), len(thinned), kept))
        dropped, place, kept = max(thinned, key=lambda one: one[:2])
        if not dropped:
            break
        thin = values_of(free[place].path, kept, ordered=False)
        free = (*free[:place], thin, *free[place + 1 :])
    return free


def _day_of(value: Any) -> Any:
    """The day that a value is, or that a list is imagined to be of."""
    return value.day if isinstance(value, Supposed) else value


def _record_of(path: str) -> str:
    """The whole record of a list that a path leads into: ``documents[0]`` of ``documents[0].type``."""
    return path.partition("]")[0]


class _ExhaustedError(Exception):
    """Too many completions would have to be judged."""


class _Boxes:
    """Looks for two completions that differ in one fact alone, of which just one reaches a status.

    Completions are points; with the fact at one value a point reaches the status or not (`worst`), and
    with it at another (`best`). Both grow with every ordered fact, so a box of points may be cut down to
    where `best` holds and `worst` does not, one fact at a time, by bisection; what is left is split.
    """

    def __init__(
        self,
        search: _Search,
        scenarios: tuple[Scenario, Scenario],
        index: int | None,
        rank: int,
        read_for: date | None,
    ) -> None:
        self.search, self.index, self.rank, self.read_for = search, index, rank, read_for
        self.scenarios = scenarios
        self.known: dict[tuple[Point, bool], bool] = {}
        self.budget = _BUDGET
        if index is None:
            self.own: set[int] = set()
        else:
            record = _record_of(search.ordered[index].path)
            self.own = {place for place, one in enumerate(search.ordered) if _record_of(one.path) == record}

    def reaches(self, at: list[int], best: bool) -> bool:
        point = self.sided(at, best)
        key = (point, best)
        if key not in self.known:
            if len(self.known) >= self.budget or len(self.search.judged) >= _BUDGET_IN_ALL:
                raise _ExhaustedError
            status = self.search.status(point, self.scenarios[best], self.read_for)
            self.known[key] = _RANK[status] >= self.rank
        return self.known[key]

    def sided(self, at: list[int], best: bool) -> Point:
        """The point with the fact at its worst or at its best."""
        if self.index is None:
            return tuple(at)
        return (*at[: self.index], self.search.top[self.index] if best else 0, *at[self.index + 1 :])

    def worst(self, at: list[int]) -> bool:
        return self.reaches(at, best=False)

    def best(self, at: list[int]) -> bool:
        return self.reaches(at, best=True)

    def found(self, budget: int = _BUDGET) -> bool | None:
        """Whether there are two; ``None`` where it is not known after so many completions."""
        self.budget = budget
        try:
            return self._found()
        except _ExhaustedError:
            return None

    def _found(self) -> bool:
        low, high = [0] * len(self.search.top), list(self.search.top)
        if any(self.best(corner) is not self.worst(corner) for corner in (low, high)):
            return True
        if not self.cut(low, high):
            return False
        if any(self.best(self.highest(low, high, order)) for order in self.orders()):
            return True
        boxes = [(low, high)]
        while boxes:
            low, high = boxes.pop()
            if self.idle(low, high) or not self.cut(low, high):
                continue
            if self.best(low) or not self.worst(high):
                return True
            widths = [0 if place == self.index else high[place] - low[place] for place in range(len(low))]
            place = widths.index(max(widths))
            middle = (low[place] + high[place]) // 2
            boxes.append((low, [*high[:place], middle, *high[place + 1 :]]))
            boxes.append(([*low[:place], middle + 1, *low[place + 1 :]], high))
        return False

    def orders(self) -> Iterator[list[int]]:
        """Orders in which to improve the other facts: those of the same record first; last, and each of
        them the very last in turn (who signed, say, where the judgement on it is in question)."""
        others = [place for place in range(len(self.search.ordered)) if place != self.index]
        siblings = [place for place in others if place in self.own]
        strangers = [place for place in others if place not in self.own]
        yield siblings + strangers
        for last in siblings:
            yield [*strangers, *(place for place in siblings if place != last), last]

    def highest(self, low: list[int], high: list[int], order: list[int]) -> list[int]:
        """A point of the box at which `worst` does not hold, and would if any fact were better."""
        point = low.copy()
        for place in order:
            better = [*point[:place], high[place], *point[place + 1 :]]
            if self.worst(better):
                better[place] = self.first(self.worst, point, place, point[place], high[place]) - 1
            point = better
        return point

    def cut(self, low: list[int], high: list[int]) -> bool:
        """Cuts the box down in place; false when nothing is left of it."""
        for _ in range(2):  # each further pass may gain a single day; splitting gains more
            if not self.best(high) or self.worst(low):
                return False
            for place in range(len(low)):
                if place == self.index or low[place] == high[place]:
                    continue
                first = self.first(self.best, high, place, low[place], high[place])
                last = high[place]
                if self.worst([*low[:place], last, *low[place + 1 :]]):
                    last = self.first(self.worst, low, place, low[place], last) - 1
                if first > last:
                    return False
                low[place], high[place] = first, last
        return self.best(high) and not self.worst(low)

    def idle(self, low: list[int], high: list[int]) -> bool:
        """Whether the fact adds nothing anywhere in the box: nothing to what is there in any case, with
        the days and the rest of its own record adding all that they can."""
        if self.index is None:
            return False
        most, least = (high, low) if self.search.leaf.positive else (low, high)
        point = [
            most[place] if place in self.own or one.path in self.search.due_paths else least[place]
            for place, one in enumerate(self.search.ordered)
        ]
        own = _record_of(self.search.ordered[self.index].path)
        ahead = self.rank == _RANK[Status.OPEN]
        contents = [
            self.search.content(
                self.sided(point, best), self.scenarios[best], self.read_for, own, ahead=ahead
            )
            for best in (False, True)
        ]
        return contents[0] is not None and contents[0] == contents[1]

    @staticmethod
    def first(reached: Callable[[list[int]], bool], at: list[int], place: int, low: int, high: int) -> int:
        """The first index at which it is reached, with the other facts as they are; it is at ``high``."""
        point = at.copy()
        while low < high:
            point[place] = (low + high) // 2
            if reached(point):
                high = point[place]
            else:
                low = point[place] + 1
        return low


def _any_found(some: Iterable[_Boxes]) -> bool:
    """Whether one of them finds two completions, or may; those that are hard are looked into last."""
    hard: list[_Boxes] = []
    for boxes in some:
        found = boxes.found(_AT_FIRST)
        if found:
            return True
        if found is None:
            hard.append(boxes)
        if len(hard) == _PUT_OFF:
            if any(one.found() is not False for one in hard):
                return True
            hard.clear()
    return any(one.found() is not False for one in hard)


def reachable(leaf: Leaf, due: Phrase | None, facts: Facts, how: Calendar) -> frozenset[Status]:
    """The statuses that a leaf can have once what is missing is known: those of completions of the facts,
    each missing fact tried at its ends and in the middle; and ``unknown`` where any fact is missing.

    With the facts of an empty file these are the statuses that the leaf can have at all. Few completions
    are tried, so a rare one may be overlooked; none is named that no completion has.
    """
    variables = _variables(leaf, due, facts, how)
    search = _Search(leaf, due, facts, how, variables)
    found = {Status.UNKNOWN} if variables else set()
    choices = [sorted({0, top // 2, top}) for top in search.top]
    choices += [list(range(variable.size)) for variable in search.free]
    for number in _spread(prod(map(len, choices)), _TRIED):
        at = []
        for some in choices:
            number, place = divmod(number, len(some))
            at.append(some[place])
        found.add(search.status(tuple(at[: len(search.top)]), tuple(at[len(search.top) :])))
        if len(found) == len(Status):
            break
    return frozenset(found)


_TRIED = 1_000


def _spread(size: int, most: int) -> Iterator[int]:
    """The numbers below a size, or as many of them as are wanted, from all over.

    >>> list(_spread(4, 9)), list(_spread(1000, 3))
    ([0, 1, 2, 3], [0, 619, 238])
    """
    if size <= most:
        yield from range(size)
        return
    step = size * 618 // 1000 | 1
    while gcd(step, size) > 1:
        step += 2
    yield from (number * step % size for number in range(most))
