"""What the scenario cases of a ruleset show of it, and what they do not.

Everything that could be shown is an `Item`: a requirement or a condition with its statuses, a limit with both
its sides, a due day with both of its, a reading with its options, alternatives with their paths. What can
never be (a judged condition is never `open`) is not asked for: that is found from the conditions themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import reduce
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from kutsereeglid.applicant import Applicant
from kutsereeglid.authoring.cases import Case
from kutsereeglid.authoring.limits import Limit, Moved, limits_of
from kutsereeglid.compiling import Compiled, Proposition, Requirement, compile_qualification, group_sentence
from kutsereeglid.conditions import Leaf, reachable, settle
from kutsereeglid.dates import NoCorrespondingDay, plus_days
from kutsereeglid.decision import Decision
from kutsereeglid.evaluation import Examined
from kutsereeglid.facts import Facts
from kutsereeglid.phrases import Phrase, Today, UnknownDay
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Rule, Ruleset
from kutsereeglid.status import Status, at_least
from kutsereeglid.wording import own_texts, say
from kutsereeglid.yaml_tree import Place


class Kind(StrEnum):
    """What an item is about."""

    REQUIREMENT = "requirement"
    CONDITION = "condition"
    LIMIT = "limit"
    DUE_DAY = "due day"
    READING = "reading"
    PATHS = "paths"


ON, BEYOND = "on the limit", "beyond the limit"
LAST_DAY, DAY_AFTER = "on the last day", "on the day after"

_WHY = {
    Status.MET: "no case in which it holds",
    Status.NOT_MET: "no case in which it is too late for it",
    Status.OPEN: "no case in which it still can hold",
    Status.UNKNOWN: "no case in which a fact that decides it is missing",
    ON: "no case just on it, which would come out otherwise were it a step stricter",
    BEYOND: "no case just beyond it, which would come out otherwise were it a step looser",
    LAST_DAY: "no case that hangs on that very day",
    DAY_AFTER: "no case that is a day too late",
}
"""What is said where a side is not seen."""


@define(eq=False)
class Item:
    """One thing that cases should show, from each of its sides."""

    kind: Kind
    what: str
    place: Place
    sides: dict[str, str] = field(factory=dict)
    """What should be seen, and what is said where it is not."""
    seen: dict[str, Place] = field(factory=dict)
    """What was seen, with the first case that shows it."""

    @property
    def lacking(self) -> tuple[str, ...]:
        return tuple(side for side in self.sides if side not in self.seen)

    def see(self, side: str, case: Case) -> None:
        self.sides.setdefault(side, "")
        self.seen.setdefault(side, case.place)


@frozen(eq=False)
class Covered:
    """One version of a ruleset, and what the cases show of it."""

    ruleset: Ruleset
    root: Path
    """The folder of the rulebook, in which the places' files are."""
    items: tuple[Item, ...]
    cases: int

    def file(self, name: str) -> Path:
        """The file that a place names; a shared one may be above the folder of the rulebook."""
        own = self.root / self.ruleset.file
        beside = [folder / name for folder in own.parents]
        return next((path for path in (self.root / name, *beside) if path.is_file()), self.root / name)

    @property
    def count(self) -> Count:
        return counted(self.items)


@frozen
class Count:
    """How many sides of things cases show, of how many."""

    seen: int
    of: int

    @property
    def percent(self) -> float:
        """Rounded down to a tenth; 100 where there is nothing to show.

        >>> Count(2, 3).percent, Count(0, 0).percent
        (66.6, 100.0)
        """
        return self.seen * 1000 // self.of / 10 if self.of else 100.0

    def __str__(self) -> str:
        return f"{self.seen} of {self.of} ({self.percent:g} %)"


def counted(items: Iterable[Item]) -> Count:
    """All sides of some items together."""
    every = list(items)
    return Count(
        sum(len(one.sides) - len(one.lacking) for one in every), sum(len(one.sides) for one in every)
    )


Seen = tuple[str, str, str]
"""What was seen, from which side, and where it stands."""


class Measuring:
    """Gathers what cases show; `observe` one case after another, then ask for `results`."""

    def __init__(self) -> None:
        self._rulesets: dict[Path, _OfRuleset] = {}

    def expect(self, book: Rulebook, folder: Path) -> None:
        """Counts in the rulesets that are in a folder, whether a case asks them or not."""
        for path in book.files:
            if path.resolve().parent == folder.resolve():
                self._of(book, book.ruleset(path))

    def _of(self, book: Rulebook, ruleset: Ruleset) -> _OfRuleset:
        path = book.root / ruleset.file
        return self._rulesets.setdefault(path.resolve(), _OfRuleset(ruleset, book.root))

    def observe(self, case: Case, book: Rulebook) -> None:
        """Notes what one case shows; raises as `Case.examine` does."""
        examined = case.examine(book)
        self._of(book, examined.ruleset).observe(case, examined)

    def seen(self) -> frozenset[Seen]:
        """Every side that was seen so far."""
        return frozenset(
            (item.what, side, str(item.place))
            for one in self._rulesets.values()
            for item in one.items.values()
            for side in item.seen
        )

    def results(self) -> tuple[Covered, ...]:
        return tuple(one.covered() for one in self._rulesets.values())


Key = tuple[Any, ...]
Limits = tuple[tuple[str, Limit], ...]


class _OfRuleset:
    """What cases show of one version of a ruleset."""

    def __init__(self, ruleset: Ruleset, root: Path) -> None:
        self.ruleset, self.root = ruleset, root
        self.texts = own_texts(ruleset)
        self.items: dict[Key, Item] = {}
        self.cases = 0
        self.limits: dict[int, tuple[Leaf, Limits]] = {}
        self.possible: dict[Key, frozenset[Status]] = {}

    def limits_of(self, leaf: Leaf) -> Limits:
        """A condition's limits, by a text that they and those of its negation have alike."""
        if id(leaf) not in self.limits:
            names = [one.text for one in limits_of(leaf if leaf.positive else leaf.negated())]
            self.limits[id(leaf)] = leaf, tuple(zip(names, limits_of(leaf), strict=True))
        return self.limits[id(leaf)][1]

    # What could be seen.

    def covered(self) -> Covered:
        made: dict[Key, Item] = {}
        for name in self.ruleset.qualifications:
            for out_of_force in {self.ruleset.out_of_force(day): None for day in self._turning_days()}:
                compiled = compile_qualification(self.ruleset, name, {}, None, out_of_force)
                for key, kind, what, place, sides in self._expected(compiled):
                    one = self.items.get(key) or Item(kind, what, place)
                    made.setdefault(key, one)
                    one.sides = {**sides, **one.sides} if one.sides else dict(sides)
                    one.sides.update({side: why for side, why in sides.items() if not one.sides[side]})
        items = sorted(made.values(), key=lambda one: (one.place, list(Kind).index(one.kind)))
        return Covered(self.ruleset, self.root, tuple(items), self.cases)

    def _turning_days(self) -> Iterator[date]:
        """A day of each time in which the same rules are in force."""
        yield self.ruleset.in_force_from
        for rule in self.ruleset.rules.values():
            if rule.in_force_from is not None:
                yield max(rule.in_force_from, self.ruleset.in_force_from)
            if rule.in_force_to is not None and (self.ruleset.in_force_to or date.max) > rule.in_force_to:
                yield max(plus_days(rule.in_force_to, 1), self.ruleset.in_force_from)

    def _expected(self, compiled: Compiled) -> Iterator[tuple[Key, Kind, str, Place, Mapping[str, str]]]:
        zone = ZoneInfo(compiled.calendar.zone)
        facts = Facts(Applicant(), self.ruleset.in_force_from, zone, self.ruleset.vocabulary)
        for one in compiled.requirements:
            key, what, place = self._requirement(compiled, one)
            if place is not None:
                yield (
                    key,
                    Kind.REQUIREMENT,
                    what,
                    place,
                    self._statuses(key, one.proposition, compiled, facts),
                )
        for number, rule in _walked(compiled):
            yield from self._of_proposition(compiled, number, rule, facts)
        if compiled.paths:
            key, what, place = self._paths(compiled)
            yield key, Kind.PATHS, what, place, dict.fromkeys(compiled.paths, "no case that takes it")
        for name in sorted({name for one in compiled.requirements for name in one.used}):
            reading = self.ruleset.readings.get(name)
            if reading is not None:
                why = "no case whose findings it would change"
                sides = dict.fromkeys(reading.options, why)
                yield ("reading", name), Kind.READING, name, reading.place, sides

    def _of_proposition(
        self, compiled: Compiled, number: int, rule: Rule | None, facts: Facts
    ) -> Iterator[tuple[Key, Kind, str, Place, Mapping[str, str]]]:
        one = compiled.propositions[number]
        if one.place is None:
            return
        what = self._what(one)
        if one.leaf is None:
            if one.names:
                sides = dict.fromkeys(one.names, "no case that takes it")
                yield _key(Kind.PATHS, one), Kind.PATHS, what, one.place, sides
            elif _counts(one):
                sides = {side: _WHY[side] for side in (ON, BEYOND)}
                yield _key(Kind.LIMIT, one), Kind.LIMIT, what, one.place, sides
            return
        key = _key(Kind.CONDITION, one)
        yield key, Kind.CONDITION, what, one.place, self._statuses(key, number, compiled, facts)
        for name, limit in self.limits_of(one.leaf):
            possible = {ON: limit.stricter, BEYOND: None if _is_due(limit.until, one.due) else limit.looser}
            sides = {side: _WHY[side] for side, variant in possible.items() if variant is not None}
            yield _key_of_limit(one, name), Kind.LIMIT, limit.text, one.place, sides
        if one.due is not None and rule is not None and rule.due is not None:
            key = _key_of_due(rule, one.due)
            if self._unseen(key, (LAST_DAY, DAY_AFTER)) and Status.OPEN not in self._leaf(one, facts):
                return  # no day of asking makes a difference to it
            sides = {side: _WHY[side] for side in (LAST_DAY, DAY_AFTER)}
            yield key, Kind.DUE_DAY, f"{rule.name} by {one.due}", rule.due.place, sides

    def _unseen(self, key: Key, sides: Iterable[str]) -> bool:
        """Whether the cases do not show all of it, so that what is possible matters."""
        return key not in self.items or any(side not in self.items[key].seen for side in sides)

    def _statuses(self, key: Key, number: int, compiled: Compiled, facts: Facts) -> Mapping[str, str]:
        possible = (
            self._possible(number, compiled, facts, {}) if self._unseen(key, Status) else frozenset(Status)
        )
        return {str(status): _WHY[status] for status in Status if status in possible}

    def _possible(
        self, number: int, compiled: Compiled, facts: Facts, known: dict[int, frozenset[Status]]
    ) -> frozenset[Status]:
        """The statuses that a proposition can have, where its parts have theirs apart from each other."""
        if number not in known:
            one = compiled.propositions[number]
            if one.leaf is not None:
                known[number] = self._leaf(one, facts)
            else:
                assert one.group is not None
                parts = [self._possible(part, compiled, facts, known) for part in one.group.parts]
                known[number] = _together(parts, one.group.needed, agree=one.group.agree)
        return known[number]

    def _leaf(self, one: Proposition, facts: Facts) -> frozenset[Status]:
        assert one.leaf is not None
        assert one.how is not None
        limits = tuple(name for name, _ in self.limits_of(one.leaf))
        key = (one.place, one.leaf.positive, str(one.due), limits)
        if key not in self.possible:
            phrases = [phrase for phrase, _ in one.leaf.phrases()]
            phrases += [] if one.due is None else [one.due]
            turning = {
                plus_days(day, step) for phrase in phrases for day in phrase.fixed_days() for step in (0, 1)
            }
            found: frozenset[Status] = frozenset()
            for day in (facts.as_of, *sorted(turning)):
                on = Facts(facts.applicant, day, facts.zone, facts.vocabulary)
                found |= reachable(one.leaf, one.due, on, one.how)
                if len(found) == len(Status):
                    break
            self.possible[key] = found
        return self.possible[key]

    # What is seen.

    def item(self, key: Key, kind: Kind, what: str, place: Place) -> Item:
        return self.items.setdefault(key, Item(kind, what, place))

    def observe(self, case: Case, examined: Examined) -> None:
        self.cases += 1
        decision, compiled, statuses = examined.decision, examined.compiled, examined.statuses
        for one in compiled.requirements:
            key, what, place = self._requirement(compiled, one)
            if place is not None:
                self.item(key, Kind.REQUIREMENT, what, place).see(str(statuses[one.proposition]), case)
        for number, rule in _walked(compiled):
            self._observe(case, examined, number, rule)
        if compiled.paths:
            key, what, of_paths = self._paths(compiled)
            paths = self.item(key, Kind.PATHS, what, of_paths)
            for name, reached in compiled.paths.items():
                if statuses[reached[decision.stage]] is Status.MET and decision.path in (name, None):
                    paths.see(name, case)
        self._observe_readings(case, compiled, decision)

    def _observe(self, case: Case, examined: Examined, number: int, rule: Rule | None) -> None:
        one = examined.compiled.propositions[number]
        if one.place is None:
            return
        what, status = self._what(one), examined.statuses[number]
        if one.leaf is None:
            assert one.group is not None
            parts = [examined.statuses[part] for part in one.group.parts]
            if one.names:
                if Status.MET in parts:
                    taken = one.names[parts.index(Status.MET)]
                    self.item(_key(Kind.PATHS, one), Kind.PATHS, what, one.place).see(taken, case)
            elif _counts(one):
                limit = self.item(_key(Kind.LIMIT, one), Kind.LIMIT, what, one.place)
                for side, needed in ((ON, one.group.needed + 1), (BEYOND, one.group.needed - 1)):
                    if at_least(needed, parts) is not status:
                        limit.see(side, case)
            return
        self.item(_key(Kind.CONDITION, one), Kind.CONDITION, what, one.place).see(str(status), case)
        if status is Status.UNKNOWN:
            return
        for name, of_leaf in self.limits_of(one.leaf):
            item = self.item(_key_of_limit(one, name), Kind.LIMIT, of_leaf.text, one.place)
            for side, variant in ((ON, of_leaf.stricter), (BEYOND, of_leaf.looser)):
                if (
                    variant is not None
                    and side not in item.seen
                    and self._differs(variant, one.due, one, examined, status)
                ):
                    item.see(side, case)
        if one.due is not None and rule is not None and rule.due is not None:
            self._observe_due(case, examined, one, rule, status)

    def _observe_due(
        self, case: Case, examined: Examined, one: Proposition, rule: Rule, status: Status
    ) -> None:
        assert one.leaf is not None
        assert one.due is not None
        assert rule.due is not None
        what = f"{rule.name} by {one.due}"
        item = self.item(_key_of_due(rule, one.due), Kind.DUE_DAY, what, rule.due.place)
        for side, days in ((LAST_DAY, -1), (DAY_AFTER, 1)):
            if side in item.seen:
                continue
            if self._differs(one.leaf, Moved(one.due, days), one, examined, status) or (
                side == DAY_AFTER and status is Status.NOT_MET and _just_past(one, examined)
            ):
                item.see(side, case)

    def _differs(
        self, leaf: Leaf, due: Phrase | None, one: Proposition, examined: Examined, status: Status
    ) -> bool:
        """Whether a changed condition, or one with a changed due day, is answered otherwise."""
        assert one.how is not None
        found = settle(leaf, due, examined.facts, one.how).status
        return found is not status and found is not Status.UNKNOWN

    def _observe_readings(self, case: Case, compiled: Compiled, decision: Decision) -> None:
        used = {name for one in compiled.requirements for name in one.used}
        for name in used & self.ruleset.readings.keys():
            reading = self.ruleset.readings[name]
            item = self.item(("reading", name), Kind.READING, name, reading.place)
            taken = decision.readings[name]
            if taken is not None:
                item.see(taken, case)
            for finding in decision.findings:
                for contested in finding.contested:
                    if contested.reading == name:
                        item.see(contested.option, case)
                if f"readings.{name}" in finding.missing:
                    for option in reading.options:
                        item.see(option, case)

    # What it is called.

    def _what(self, one: Proposition) -> str:
        parts = (one.leaf.asks(),) if one.leaf is not None else group_sentence(one)
        return say(parts, self.ruleset.languages[0], self.texts)

    def _requirement(self, compiled: Compiled, one: Requirement) -> tuple[Key, str, Place | None]:
        name = compiled.qualification.name
        of_path = f", path {one.of_path}" if one.of_path is not None else ""
        key = (Kind.REQUIREMENT, name, one.of_path, one.id, one.required)
        return key, f"{one.id} ({name}{of_path})", one.place

    def _paths(self, compiled: Compiled) -> tuple[Key, str, Place]:
        qualification = compiled.qualification
        return (Kind.PATHS, qualification.name), qualification.name, qualification.place


def _key(kind: Kind, one: Proposition) -> Key:
    return (kind, one.place, one.leaf is None or one.leaf.positive)


def _key_of_limit(one: Proposition, name: str) -> Key:
    return (Kind.LIMIT, one.place, name)


def _key_of_due(rule: Rule, due: Phrase) -> Key:
    return (Kind.DUE_DAY, rule.name, str(due))


def _is_due(until: Phrase | None, due: Phrase | None) -> bool:
    """Whether a last day is the due day or the judged day itself: what is dated later does not count in any
    case, so nothing lies beyond it."""
    return isinstance(until, Today) or (until is not None and due is not None and str(until) == str(due))


def _counts(one: Proposition) -> bool:
    """Whether it is "at least k of n", neither all of them nor one."""
    return one.group is not None and not one.group.agree and 1 < one.group.needed < len(one.group.parts)


def _walked(compiled: Compiled) -> Iterator[tuple[int, Rule | None]]:
    """Every proposition that requirements rest on, with the rule whose due day it is judged by."""
    seen: set[int] = set()
    ahead: list[tuple[int, Rule | None]] = [
        (one.proposition, None) for one in reversed(compiled.requirements)
    ]
    while ahead:
        number, rule = ahead.pop()
        if number in seen:
            continue
        seen.add(number)
        one = compiled.propositions[number]
        if one.rule is not None and one.rule.due is not None:
            rule = one.rule
        yield number, rule
        if one.group is not None:
            ahead += [(part, rule) for part in reversed(one.group.parts)]


def _just_past(one: Proposition, examined: Examined) -> bool:
    """Whether the day of evaluation is the day after the due day."""
    assert one.due is not None
    assert one.how is not None
    try:
        day = one.due.due(examined.facts, examined.facts.as_of, one.how)
    except (UnknownDay, NoCorrespondingDay):
        return False
    return plus_days(day, 1) == examined.facts.as_of


def _together(parts: Sequence[frozenset[Status]], needed: int, *, agree: bool) -> frozenset[Status]:
    """The statuses of "at least ``needed`` of these", each of which can have some statuses.

    >>> both = frozenset({Status.MET, Status.NOT_MET})
    >>> sorted(_together([both, frozenset({Status.MET, Status.OPEN})], 2, agree=False))
    [<Status.MET: 'met'>, <Status.NOT_MET: 'not_met'>, <Status.OPEN: 'open'>]
    """
    if agree:
        common = reduce(frozenset.intersection, parts) if parts else frozenset()
        return common | {Status.UNKNOWN}
    counts = {(0, 0, 0)}
    for part in parts:
        counts = {
            (met + (one is Status.MET), open_ + (one is Status.OPEN), unknown + (one is Status.UNKNOWN))
            for met, open_, unknown in counts
            for one in part
        }
    every = (
        [Status.MET] * met + [Status.OPEN] * open_ + [Status.UNKNOWN] * unknown
        for met, open_, unknown in counts
    )
    return frozenset(at_least(needed, statuses) for statuses in every)
