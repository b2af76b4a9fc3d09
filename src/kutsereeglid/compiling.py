"""From a qualification to a program: rules taken apart into propositions, down to their leaves.

A qualification is compiled under one choice of readings. Each rule is read with its blanks filled,
*not* is pushed down to the leaves, a rule's due day is handed down to what it uses, and what comes out
is a list of nodes: leaves to be judged, and groups for the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from functools import cached_property
from typing import Any, NamedTuple

from attrs import evolve, field, frozen

from kutsereeglid.conditions import AtLeast, Condition, DueBy, Leaf, Not, RuleRef, Scope, Unreadable, parse
from kutsereeglid.conditions.items import EACH, Item, Listed, Lists
from kutsereeglid.conditions.parsing import check_blanks, check_definition, due_in_each_case
from kutsereeglid.conditions.parsing_values import check_fill, day
from kutsereeglid.conditions.scope import Undecided
from kutsereeglid.conditions.spells import CountingTime
from kutsereeglid.dates import BrokenRuns, Calendar, CountingBack, MonthEnd, Shift, public_holidays
from kutsereeglid.decision import NEGATED, Citation, Part
from kutsereeglid.engine import Group, Program
from kutsereeglid.errors import Problem, RulesetError, UsageError, closest, listed
from kutsereeglid.loading_sources import read_cites, squeezed
from kutsereeglid.phrases import Offset, Phrase
from kutsereeglid.ruleset import BLANK, Cite, Path, Qualification, Rule, Ruleset
from kutsereeglid.tree_reader import NAME
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of, plain

_PART_TIME = ("as calendar time", "full-time equivalent")


class Case(NamedTuple):
    """One case of what conditions decide, by numbers of propositions."""

    part: int
    """That it is this case, and what is asked for then."""
    asked: int
    """What is asked for."""
    this_one: int | None
    """That it is this case; ``None`` when no other is left."""


@frozen(eq=False, repr=False)
class Proposition:
    """One thing that gets a status; its number is its place in `Compiled.propositions`."""

    leaf: Leaf | None = None
    how: Calendar | None = None
    group: Group | None = None
    due: Phrase | None = None
    rule: Rule | None = None
    """The rule that concludes it, when it is no bare condition."""
    title: tuple[Part, ...] = ()
    citation: Citation | None = None
    names: tuple[str, ...] = ()
    """Names of the parts, when they are alternatives that the author named."""
    exempt: int | None = None
    """The part that says "does not apply"."""
    choice: str | None = None
    """The reading that the body has not chosen, on which the parts differ."""
    cases: tuple[Case, ...] = ()
    """What is asked for in each case, where conditions decide; the first one that is the case tells all."""
    place: Place | None = None
    """Where the author wrote the condition; ``None`` for what stands for a rule or a stage."""


@frozen(eq=False, repr=False)
class Requirement:
    """A rule as one qualification lists it, or the condition of one of its paths."""

    id: str
    stage: str
    required: bool
    proposition: int
    rule: Rule | None
    used: frozenset[str]
    """The readings that it hangs on."""
    place: Place | None = field(default=None, eq=False)
    """Where the qualification lists it."""
    of_path: str | None = None
    of: str | None = None

    @property
    def key(self) -> Key:
        return self.of_path, self.of, self.id, self.required

    @property
    def kind(self) -> str:
        return self.rule.kind if self.rule is not None else "prerequisite"

    @property
    def curable(self) -> bool:
        return self.rule is not None and self.rule.curable

    @property
    def discretion(self) -> str | None:
        return self.rule.discretion if self.rule is not None else None


Key = tuple[str | None, str | None, str, bool]
"""Which requirement of a qualification: its path, the thing asked for, its id, whether it is required."""

APPLIES_WHEN = "applies_when"
"""The id of the requirement that a path applies; no rule has such a name."""


@frozen(eq=False, repr=False)
class Compiled:
    """A qualification under one choice of readings."""

    qualification: Qualification
    propositions: tuple[Proposition, ...]
    requirements: tuple[Requirement, ...]
    stages: MappingOf[str, int]
    """The proposition of each stage's outcome, in order."""
    paths: MappingOf[str, MappingOf[str, int]]
    """The same for each path alone."""
    each: MappingOf[str, MappingOf[str, int]]
    """The same for each thing asked for."""
    ways: MappingOf[str | None, MappingOf[str, MappingOf[str, int]]]
    """The same for each path of each thing asked for; ``None`` where nothing is asked for by name."""
    calendar: Calendar
    lists: frozenset[str]
    """The lists of the applicant's file that it is compiled for."""

    @cached_property
    def program(self) -> Program:
        """What an engine chains over; a proposition has the same number there."""
        return Program([one.group for one in self.propositions])


def compile_qualification(
    ruleset: Ruleset,
    name: str,
    readings: MappingOf[str, str],
    only: frozenset[Key] | None = None,
    out_of_force: frozenset[str] = frozenset(),
    values: MappingOf[str, tuple[str, ...] | None] | None = None,
) -> Compiled:
    """The program of a qualification, with ``readings`` in place of those that the ruleset takes.

    ``only`` names the requirements to compile, ``out_of_force`` the rules that do not apply on the day
    of evaluation; ``values`` has what stands in the lists that ``each`` and ``for_each`` name. Raises
    `RulesetError`.
    """
    compiler = Compiler(ruleset, ruleset.qualifications[name], readings, out_of_force, values)
    made = compiler.compiled(only)
    if compiler.problems:
        raise RulesetError(compiler.problems)
    assert made is not None
    return made


def check_readings(ruleset: Ruleset, readings: MappingOf[str, str]) -> None:
    """Raises `UsageError` for a reading or an option that the ruleset does not declare."""
    problems = []
    for name, option in readings.items():
        reading = ruleset.readings.get(name)
        if reading is None:
            problems.append(
                Problem(
                    "unknown-reading",
                    "reading",
                    f"`{name[:60]}`",
                    f"one of {listed(ruleset.readings, 30) or 'none'}",
                    closest(name, ruleset.readings),
                )
            )
        elif option not in reading.options:
            problems.append(
                Problem(
                    "unknown-option",
                    f"reading {name}",
                    f"`{str(option)[:60]}`",
                    f"one of {listed(reading.options)}",
                    closest(str(option), reading.options),
                )
            )
    if problems:
        raise UsageError(problems)


class Compiler:
    """Takes one qualification apart under one choice of readings, noting problems as it goes."""

    def __init__(
        self,
        ruleset: Ruleset,
        qualification: Qualification,
        readings: MappingOf[str, str],
        out_of_force: frozenset[str] = frozenset(),
        values: MappingOf[str, tuple[str, ...] | None] | None = None,
    ) -> None:
        self.ruleset = ruleset
        self.out_of_force = out_of_force
        self.lists = Lists(values)
        self.qualification = qualification
        self.problems: list[Problem] = []
        self.propositions: list[Proposition] = []
        self.memo: dict[Any, tuple[int, frozenset[str]]] = {}
        self.cites: dict[Cite, None] = {}
        self.under_way: list[str] = []
        self.reached: set[str] = set()
        self.failed: list[tuple[str, dict[str, Node]]] = []
        self.chosen = {
            name: readings.get(name) or reading.taken or next(iter(reading.options), "")
            for name, reading in ruleset.readings.items()
        }
        self.calendars: dict[tuple[str, ...], Calendar] = {}
        self.undecided = {
            name
            for name, reading in ruleset.readings.items()
            if reading.taken is None and name not in readings
        }

    def compiled(self, only: frozenset[Key] | None = None) -> Compiled | None:
        asked: dict[Key, Requirement] = {}
        items, whole = self._things(only, asked)
        for part in self.qualification.parts:
            for item in items or (self._any_thing(),):
                whole &= self._gather(part, item, only, asked)
        calendar = self._calendar()
        if not whole or self.problems:
            return None
        requirements = [one for one in asked.values() if items or one.of is None]
        outcomes = self._outcomes(
            requirements, [None if item is None else str(item.value) for item in items] or [None]
        )
        order, path_order = list(self.ruleset.stages), [None, *self.qualification.paths]
        requirements.sort(
            key=lambda one: (path_order.index(one.of_path), order.index(one.stage), not one.required)
        )
        return Compiled(
            self.qualification,
            tuple(self.propositions),
            tuple(requirements),
            *outcomes,
            calendar,
            frozenset(self.lists.asked),
        )

    def _things(
        self, only: frozenset[Key] | None, into: dict[Key, Requirement]
    ) -> tuple[tuple[Item | None, ...], bool]:
        """The things asked for (one ``None`` for a qualification that is asked for as a whole), and whether
        the list could be read. That the list is there is a requirement too."""
        each = self.qualification.each
        if each is None:
            return (None,), True
        try:
            path = self.scope_with({}, set()).list_path(each.of)
        except Unreadable:
            return (), False
        key = (None, None, path, True)
        if only is None or key in only:
            number = self._add(Proposition(leaf=Listed(path), how=self._calendar()))
            first_stage = next(iter(self.ruleset.stages))
            into[key] = Requirement(path, first_stage, True, number, None, frozenset())
        return self.lists.items(path, each.blank, each.place, each=True) or (), True

    def _any_thing(self) -> Item | None:
        """What stands for the thing asked for where there is none, to find what does not hang on it."""
        each = self.qualification.each
        return None if each is None else Item(f"<{each.blank}>", each.place, each=True)

    def _outcomes(
        self, asked: list[Requirement], values: list[str | None]
    ) -> tuple[
        dict[str, int],
        dict[str, dict[str, int]],
        dict[str, dict[str, int]],
        dict[str | None, dict[str, dict[str, int]]],
    ]:
        """By stage the propositions of the outcome, that of each path, of each value, and of both."""
        paths = self.qualification.paths
        stages: dict[str, int] = {}
        of_path: dict[str, dict[str, int]] = {name: {} for name in paths}
        of_value: dict[str | None, dict[str, int]] = {value: {} for value in values}
        ways: dict[str | None, dict[str, dict[str, int]]] = {
            value: {name: {} for name in paths} for value in values
        }
        for stage in self.ruleset.stages:
            for value in values:
                parts = self._required_by(stage, None, value, asked)
                for name in paths:
                    ways[value][name][stage] = self._all(self._required_by(stage, name, value, asked))
                if paths:
                    ones = tuple(way[stage] for way in ways[value].values())
                    parts = (*parts, self._add(Proposition(group=Group(ones, 1))))
                of_value[value][stage] = self._all(parts)
            stages[stage] = self._all_or_one([of_value[value][stage] for value in values])
            for name in paths:
                of_path[name][stage] = self._all_or_one([ways[value][name][stage] for value in values])
        each = {value: reached for value, reached in of_value.items() if value is not None}
        return stages, of_path, each, ways

    def _all_or_one(self, parts: list[int]) -> int:
        return parts[0] if len(parts) == 1 else self._all(tuple(parts))

    def _required_by(
        self, stage: str, path: str | None, value: str | None, asked: list[Requirement]
    ) -> tuple[int, ...]:
        """What a path, or everybody, must have reached by a stage, for one of the things asked for."""
        order = list(self.ruleset.stages)
        until = order[: order.index(stage) + 1]
        return tuple(
            one.proposition
            for earlier in until
            for one in asked
            if one.required and one.of_path == path and one.of in (None, value) and one.stage == earlier
        )

    def _all(self, parts: tuple[int, ...]) -> int:
        return self._add(Proposition(group=Group(parts, len(parts))))

    def _gather(
        self,
        part: Qualification | Path,
        item: Item | None,
        only: frozenset[Key] | None,
        into: dict[Key, Requirement],
    ) -> bool:
        """Adds what the qualification, or one of its paths, lists, for one of the things asked for; tells
        whether all of it could be read."""
        whole = True
        of_path = part.name if isinstance(part, Path) else None
        each = self.qualification.each
        of = None if item is None else str(item.value)
        fills = {**self.qualification.fills, **part.fills}
        if each is not None and item is not None:
            fills[each.blank] = item
        seen: set[tuple[str, bool]] = set()
        for name, known_as, own, place, stage, required in self._all_listed(part, fills):
            rule = self.qualification.instead.get(name, name)
            identity = known_as or rule
            shared, key = (of_path, None, identity, required), (of_path, of, identity, required)
            if only is not None and not {shared, key} & only:
                continue
            if (identity, required) in seen:
                self._problem(
                    "listed-twice",
                    place,
                    f"`{identity[:60]}` for the second time",
                    "each requirement once",
                    f"for other blanks give it a name of its own, `{{{rule[:60]}: {{blank: value}}, as: NAME}}`",
                )
            seen.add((identity, required))
            if shared in into and of is not None:
                continue
            try:
                if isinstance(part, Path) and identity == APPLIES_WHEN:
                    made = self._path_applies(part, fills)
                else:
                    made = self._requirement(rule, {**fills, **own}, place, stage, required)
                    made = evolve(made, id=identity)
            except Unreadable:
                whole = False
                continue
            made = evolve(made, place=place, of_path=of_path, of=of if EACH in made.used else None)
            into[made.key] = made
        return whole

    def _all_listed(
        self, part: Qualification | Path, fills: dict[str, Node]
    ) -> Iterator[tuple[str, str | None, dict[str, Node], Place, str, bool]]:
        """Each requirement: what it asks for, its own name, the blanks that it fills, its place, its stage, whether it
        is required."""
        first_stage = next(iter(self.ruleset.stages), None)
        if isinstance(part, Path) and part.applies_when is not None and first_stage is not None:
            yield APPLIES_WHEN, None, {}, part.applies_when.place, first_stage, True
        for required, lists in ((True, part.requires), (False, part.advises)):
            for stage in self.ruleset.stages:
                if stage in lists:
                    for name, known_as, own, place in self._listed(lists[stage], fills):
                        yield name, known_as, own, place, stage, required

    def _path_applies(self, path: Path, fills: dict[str, Node]) -> Requirement:
        def read() -> tuple[int, frozenset[str]]:
            used: set[str] = set()
            assert path.applies_when is not None
            number = self._read(path.applies_when, self.scope_with(fills, used), None, True)
            return number, frozenset(used)

        number, used = self._settled(read)
        title = (Part("path applies", (("path", path.text),)),)
        made = self._add(Proposition(group=Group((number,), 1), title=title))
        return Requirement(APPLIES_WHEN, next(iter(self.ruleset.stages)), True, made, None, used)

    def _problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        made = Problem(code, str(place), found, expected, mend)
        if made not in self.problems:
            self.problems.append(made)

    def scope_with(self, fills: MappingOf[str, Node], used: set[str]) -> Scope:
        return Scope(self.ruleset, self.chosen, fills, self.problems, used, self._counting, lists=self.lists)

    def _listed(
        self, node: Node, fills: MappingOf[str, Node]
    ) -> Iterator[tuple[str, str | None, dict[str, Node], Place]]:
        """The rules in a list of requirements, with the name that each has there and the blanks that the list fills."""
        scope = Scope(self.ruleset, self.chosen, fills, self.problems, set())
        try:
            items = scope.resolve(node)
        except Unreadable:
            return
        if not isinstance(items, Sequence):
            self._problem(
                "wrong-type", items.place, kind_of(items), "a list of rules", "put the rules in `[ ]`"
            )
            return
        for item in items.items:
            if isinstance(item, Scalar) and isinstance(item.value, str):
                yield squeezed(item.value), None, {}, item.place
                continue
            entries = item.entries if isinstance(item, Mapping) else ()
            rules = [(name, value) for name, value in entries if name != "as"]
            if len(rules) != 1 or not isinstance(rules[0][1], Mapping):
                self._problem(
                    "wrong-type",
                    item.place,
                    kind_of(item),
                    "the name of a rule, or `rule: {blank: value}`, with a name of its own after `as` where it stands twice",
                )
                continue
            [(name, blanks)] = rules
            assert isinstance(blanks, Mapping)
            check_blanks(blanks, scope)
            try:
                known_as = self._known_as(item, scope)
            except Unreadable:
                continue
            yield name, known_as, dict(blanks.entries), item.place

    def _known_as(self, item: Node, scope: Scope) -> str | None:
        """``{rule: {blank: value}, as: NAME}``: the name by which a list knows a rule, none of a rule's own."""
        node = item.get("as") if isinstance(item, Mapping) else None
        if node is None:
            return None
        name = scope.text(node, "`as`")
        if NAME.fullmatch(name) is None or name in self.ruleset.propositions or name == APPLIES_WHEN:
            found = f"`{name[:40]}`" + (
                ", which a rule concludes" if name in self.ruleset.propositions else ""
            )
            raise scope.refuse(
                "bad-name", node.place, found, "a name of its own: letters, digits and hyphens"
            )
        return name

    def _requirement(
        self, name: str, fills: dict[str, Node], place: Place, stage: str, required: bool
    ) -> Requirement:
        rules = self.ruleset.propositions.get(name)
        if rules is None:
            self._problem(
                "unknown-rule",
                place,
                f"`{name[:60]}`",
                "the name of a rule",
                closest(name, self.ruleset.propositions)
                or f"rules here: {listed(self.ruleset.propositions, 20)}",
            )
            raise Unreadable
        number, used = self._settled(lambda: self._proposition(name, fills, None, True, place))
        return Requirement(name, stage, required, number, self._rules(name)[0], used)

    def _settled(self, read: Callable[[], tuple[int, frozenset[str]]]) -> tuple[int, frozenset[str]]:
        """The proposition under the readings taken; where the body has not chosen, under each option."""
        number, used = read()
        choices = sorted(used & self.undecided)
        if not choices:
            return number, used
        choice = choices[0]
        before, taken = self.undecided, self.chosen
        parts = []
        try:
            self.undecided = before - {choice}
            for option in self.ruleset.readings[choice].options:
                self.chosen = {**taken, choice: option}
                part, part_used = self._settled(read)
                told = (Part(f"readings.{choice}.options.{option}"),)
                parts.append(self._add(Proposition(group=Group((part,), 1), title=told)))
                used |= part_used
        finally:
            self.undecided, self.chosen = before, taken
        first = self.propositions[part]
        agreed = Proposition(
            group=Group(tuple(parts), 1, agree=True),
            rule=first.rule,
            title=first.title,
            citation=first.citation,
            choice=choice,
        )
        return self._add(agreed), used

    def _add(self, made: Proposition) -> int:
        self.propositions.append(made)
        return len(self.propositions) - 1

    # Rules.

    def _proposition(
        self, name: str, fills: dict[str, Node], due: Phrase | None, positive: bool, place: Place
    ) -> tuple[int, frozenset[str]]:
        key = (
            name,
            tuple(sorted((blank, repr(plain(node)), _holds_item(node)) for blank, node in fills.items())),
            due,
            positive,
            tuple(sorted(self.chosen.items())),
        )
        if key in self.memo:
            return self.memo[key]
        if name in self.under_way:
            circle = " -> ".join([*self.under_way[self.under_way.index(name) :], name])
            self._problem(
                "circular",
                place,
                f"a rule that rests on itself ({circle})",
                "rules that do not go in a circle",
            )
            raise Unreadable
        self.under_way.append(name)
        self.reached.add(name)
        try:
            self.memo[key] = made = self._concluded(name, fills, due, positive)
        except Unreadable:
            self.failed.append((name, fills))
            raise
        finally:
            self.under_way.pop()
        return made

    def _rules(self, name: str) -> tuple[Rule, ...]:
        """The rules that conclude it: those in force, or all of them when none is."""
        rules = self.ruleset.propositions[name]
        return tuple(rule for rule in rules if rule.name not in self.out_of_force) or rules

    def _concluded(
        self, name: str, fills: dict[str, Node], due: Phrase | None, positive: bool
    ) -> tuple[int, frozenset[str]]:
        """Any of the rules that conclude it; one that does not apply adds nothing, and when none
        applies the proposition holds."""
        rules = self._rules(name)
        used: set[str] = set()
        if len(rules) == 1:
            return self._rule(rules[0], fills, due, positive, used), frozenset(used)
        parts = []
        exempt = []
        for rule in rules:
            scope, heading = self._heading(rule, fills, due, used, positive)
            body = self._body(rule, scope, heading, positive)
            applies = self._applies(rule, scope, heading["due"], positive)
            exempt_here = self._applies(rule, scope, heading["due"], not positive)
            if applies is not None and exempt_here is not None:
                body = self._group((applies, body), 2, positive, **heading)
                exempt.append(exempt_here)
            parts.append(body)
        none_applies: int | None = None
        if len(exempt) == len(rules):
            none_applies = self._group(tuple(exempt), len(exempt), positive)
            parts.append(none_applies)
        _, heading = self._heading(rules[0], fills, due, used, positive)
        made = self._group(
            tuple(parts), 1, positive, **{**heading, "exempt": none_applies if positive else None, "due": due}
        )
        return made, frozenset(used)

    def _rule(
        self, rule: Rule, fills: dict[str, Node], due: Phrase | None, positive: bool, used: set[str]
    ) -> int:
        scope, heading = self._heading(rule, fills, due, used, positive)
        body = self._body(rule, scope, heading, positive)
        exempt = self._applies(rule, scope, heading["due"], not positive)
        if exempt is None:
            return body
        return self._group((body, exempt), 1, positive, **heading, exempt=exempt if positive else None)

    def _applies(self, rule: Rule, scope: Scope, due: Phrase | None, positive: bool) -> int | None:
        """That the rule applies (or does not); ``None`` where it always does."""
        if rule.name in self.out_of_force:
            days = (("from", rule.in_force_from), ("to", rule.in_force_to))
            window = " ".join(f"{side} {day}" for side, day in days if day is not None)
            title = (Part("out of force", (("window", window),)),)
            return self._group((), 1, positive, title=title, due=due)
        parts = []
        if rule.applies_when is not None:
            parts.append(self._read(rule.applies_when, scope, due, positive))
        if rule.waived_when is not None:
            parts.append(self._exception(rule.waived_when, scope, due, not positive))
        if len(parts) < 2:
            return parts[0] if parts else None
        return self._group(tuple(parts), 2, positive, due=due)

    def _heading(
        self, rule: Rule, fills: dict[str, Node], due: Phrase | None, used: set[str], positive: bool
    ) -> tuple[Scope, dict[str, Any]]:
        """What to read the rule with, and what every proposition of it bears."""
        scope = self.scope_with(fills, used)
        scope.window = rule.within
        self._check_fills(rule, scope)
        if rule.due is not None:
            due = _due_day(rule, scope)
            if due is not None:
                used |= self._counting_used(due)
        citation = self._citation(rule, scope)
        return scope, {
            "rule": rule,
            "title": self._title(rule, scope, positive),
            "citation": citation,
            "due": due,
        }

    def _check_fills(self, rule: Rule, scope: Scope) -> None:
        failed = False
        for blank, kind in rule.blanks.items():
            try:
                check_fill(blank, kind, scope)
            except Unreadable:
                failed = True
        if failed:
            raise Unreadable

    def _body(self, rule: Rule, scope: Scope, heading: dict[str, Any], positive: bool) -> int:
        if rule.due is not None and heading["due"] is None:
            asked = due_in_each_case(rule.due, rule.when, rule.unless, scope)
            number = self._condition(asked, scope, None, positive)
            self._check_window(rule, scope)
            made = self.propositions[number]
            if made.group is None or made.due is not None:  # each case has the same day
                return self._group((number,), 1, positive, **heading)
            return self._add(evolve(made, **heading))
        parts: list[int] = []
        failed = False
        try:
            parts += self._parts_of(rule.when, scope, heading["due"], positive)
        except Unreadable:
            failed = True
        if rule.unless is not None:
            try:
                parts.append(self._exception(rule.unless, scope, heading["due"], not positive))
            except Unreadable:
                failed = True
        if failed:
            raise Unreadable
        self._check_window(rule, scope)
        return self._group(tuple(parts), len(parts), positive, **heading)

    def _check_window(self, rule: Rule, scope: Scope) -> None:
        """Notes a window of the rule that none of its conditions takes, as far as they could be read."""
        read = self.lists.values is None  # what an applicant's list repeats may be repeated no time
        if read and rule.within is not None and rule.within.place not in scope.windowed:
            self._problem(
                "unused-window",
                rule.within.place,
                "`within` of a rule in which nothing is measured that names no window of its own",
                "a condition such as `some`, `count`, `sum`, `time` or `document`",
                "leave it out, or put it where it belongs",
            )

    def _parts_of(self, node: Node, scope: Scope, due: Phrase | None, positive: bool) -> list[int]:
        """The conditions of a ``when``: a list is taken apart, so that each is a reason of its own."""
        condition = parse(node, scope)
        if (
            isinstance(condition, AtLeast)
            and not condition.names
            and condition.needed == len(condition.parts) > 0
        ):
            return [self._condition(part, scope, due, positive) for part in condition.parts]
        return [self._condition(condition, scope, due, positive)]

    def _exception(self, node: Node, scope: Scope, due: Phrase | None, positive: bool) -> int:
        """``unless: COND`` or ``unless: {when: COND, unless: …}``, to any depth."""
        if not (isinstance(node, Mapping) and node.get("when") is not None):
            return self._read(node, scope, due, positive)
        scope.check_keys(node, ("when", "unless"), "an exception")
        when, unless = node.get("when"), node.get("unless")
        assert when is not None
        parts = [self._read(when, scope, due, positive)]
        if unless is not None:
            parts.append(self._exception(unless, scope, due, not positive))
        return self._group(tuple(parts), len(parts), positive, due=due)

    def _read(self, node: Node, scope: Scope, due: Phrase | None, positive: bool) -> int:
        return self._condition(parse(node, scope), scope, due, positive)

    def _condition(self, condition: Condition, scope: Scope, due: Phrase | None, positive: bool) -> int:
        if isinstance(condition, Not):
            return self._condition(condition.part, scope, due, not positive)
        if isinstance(condition, DueBy):
            scope.used.update(self._counting_used(condition.due))
            return self._condition(condition.part, scope, condition.due, positive)
        if isinstance(condition, RuleRef):
            fills = {**scope.fills, **{name: scope.resolve(node) for name, node in condition.fills}}
            number, used = self._proposition(condition.name, fills, due, positive, condition.place)
            scope.used.update(used)
            return number
        if isinstance(condition, AtLeast):
            parts = tuple(self._condition(part, scope, due, positive) for part in condition.parts)
            cases = tuple(self._case(parts[place], decided) for place, decided in condition.cases if positive)
            more = {"names": condition.names, "due": due, "place": condition.place, "cases": cases}
            return self._group(parts, condition.needed, positive, **more)
        leaf = condition if positive else condition.negated()
        return self._add(Proposition(leaf=leaf, how=self._calendar(), due=due, place=leaf.place))

    def _case(self, part: int, decided: bool) -> Case:
        group = self.propositions[part].group
        if not decided or group is None:
            return Case(part, part, None)
        asked, this_one = group.parts
        return Case(part, asked, this_one)

    def _group(self, parts: tuple[int, ...], needed: int, positive: bool, **more: Any) -> int:
        """At least so many of the parts; negated, the parts are negated already: n - k + 1 of them."""
        group = Group(parts, needed if positive else len(parts) - needed + 1)
        return self._add(Proposition(group=group, **more))

    def read_apart(self, rule: Rule, scope: Scope) -> None:
        """Notes the mistakes in every part of a rule, whatever is wrong with the others."""
        scope.window = rule.within
        for part in (
            lambda: self._check_fills(rule, scope),
            lambda: self._title(rule, scope),
            lambda: self._citation(rule, scope),
            lambda: _due_day(rule, scope),
            lambda: rule.applies_when and parse(rule.applies_when, scope),
            lambda: _read_exception(rule.waived_when, scope),
            lambda: parse(rule.when, scope),
            lambda: _read_exception(rule.unless, scope),
        ):
            try:
                part()
            except Unreadable:
                continue

    # Titles, citations, settings.

    def _title(self, rule: Rule, scope: Scope, positive: bool = True) -> tuple[Part, ...]:
        values = tuple(
            (blank, _as_text(scope.resolve(Scalar(f"<{blank}>", rule.title_place))))
            for blank in dict.fromkeys(BLANK.findall(rule.title))
        )
        return (Part(f"rules.{rule.name}", values if positive else (*values, NEGATED)),)

    def _citation(self, rule: Rule, scope: Scope) -> Citation | None:
        if rule.says is None:
            self._problem(
                "no-citation",
                rule.place,
                f"the rule {rule.name} without `says`",
                "the words of a source that it encodes",
                'add `says: "…"`, or `says: {source: …, at: …}`',
            )
            return None
        sources = self.ruleset.sources
        first = next((name for name, source in sources.items() if source.stored), next(iter(sources), ""))
        cites = read_cites(scope.resolve(rule.says), first, sources, self._problem)
        self.cites |= dict.fromkeys(cites)
        return citation_of(self.ruleset, cites)

    def _setting(self, tree: Node, what: str, scope: Scope, known: Iterable[str]) -> str:
        return scope.word(scope.resolve(tree), what, known)

    def _calendar(self) -> Calendar:
        """The ruleset's ways of counting under the readings chosen."""
        key = tuple(self.chosen.values())
        if key not in self.calendars:
            self.calendars[key] = self._read_calendar()
        return self.calendars[key]

    def _read_calendar(self) -> Calendar:
        tree = self.ruleset.calendar
        scope = Scope(self.ruleset, self.chosen, {}, self.problems, set())
        days_off = scope.resolve(tree["terms_on_days_off"])
        if not isinstance(days_off, Mapping):
            raise scope.refuse("wrong-type", days_off.place, kind_of(days_off), "`{after: …, before: …}`")
        scope.check_keys(days_off, ("after", "before"), "`terms_on_days_off`", ("after", "before"))
        after, before = days_off.get("after"), days_off.get("before")
        if after is None or before is None:
            raise Unreadable
        return Calendar(
            zone=self._zone(scope),
            country=self._country(scope),
            month_end=MonthEnd(self._setting(tree["month_end"], "`month_end`", scope, MonthEnd)),
            counting_back=CountingBack(
                self._setting(tree["counting_back"], "`counting_back`", scope, CountingBack)
            ),
            shift_after=Shift(self._setting(after, "`after`", scope, Shift)),
            shift_before=Shift(self._setting(before, "`before`", scope, Shift)),
        )

    def _zone(self, scope: Scope) -> str:
        from zoneinfo import ZoneInfo

        node = scope.resolve(self.ruleset.calendar["zone"])
        name = scope.text(node, "`zone`")
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise scope.refuse(
                "unknown-zone", node.place, f"`{name[:40]}`", "a time zone such as Europe/Tallinn"
            ) from None
        return name

    def _country(self, scope: Scope) -> str:
        node = scope.resolve(self.ruleset.calendar["holidays"])
        name = scope.text(node, "`holidays`")
        if not re.fullmatch(r"[A-Z]{2}", name):
            raise scope.refuse("unknown-country", node.place, f"`{name[:40]}`", "a country's code such as EE")
        return name

    def check_settings(self) -> None:
        """Notes the mistakes in every setting, used or not, whatever is wrong with the others."""
        calendar, counting = self.ruleset.calendar, self.ruleset.counting_time
        scope = Scope(self.ruleset, self.chosen, {}, self.problems, set())
        for read in (
            lambda: self._zone(scope),
            lambda: self._check_holidays(scope),
            lambda: self._setting(calendar["month_end"], "`month_end`", scope, MonthEnd),
            lambda: self._setting(calendar["counting_back"], "`counting_back`", scope, CountingBack),
            lambda: self._setting(counting["overlaps"], "`overlaps`", scope, ("once", "each")),
            lambda: self._setting(counting["broken_runs"], "`broken_runs`", scope, BrokenRuns),
            lambda: self._calendar(),
            lambda: self._counting(set()),
        ):
            try:
                read()
            except Unreadable:
                continue

    def check_definitions(self) -> None:
        """Notes the mistakes in what the ruleset defines, whether a rule uses it or not."""
        for name in self.ruleset.define:
            scope = self.scope_with({}, set())
            scope.open_blanks = True
            try:
                check_definition(name, scope)
            except Unreadable:
                continue

    def _check_holidays(self, scope: Scope) -> None:
        country = self._country(scope)
        try:
            public_holidays(country, 2024)
        except NotImplementedError:
            place = scope.resolve(self.ruleset.calendar["holidays"]).place
            self._problem("unknown-country", place, f"`{country}`", "a country's code such as EE")

    def _counting_used(self, phrase: Phrase) -> set[str]:
        """The readings on which the counting of a due day hangs."""
        used: set[str] = set()
        if isinstance(phrase, Offset):
            self._shift_used(phrase, used)
            self._term_used(phrase, used)
        else:
            for part in phrase.parts():
                used |= self._counting_used(part)
        return used

    def _shift_used(self, phrase: Offset, used: set[str]) -> None:
        scope = Scope(self.ruleset, self.chosen, {}, self.problems, used)
        days_off = self.ruleset.calendar["terms_on_days_off"]
        if isinstance(days_off, Mapping):
            own = days_off.get("before" if phrase.before else "after")
            side = own if days_off.get("reading") is None else days_off
            if side is not None:
                scope.resolve(side)

    def _term_used(self, phrase: Phrase, used: set[str]) -> None:
        """The readings on which its terms hang, and those of the days that it is counted from."""
        scope = Scope(self.ruleset, self.chosen, {}, self.problems, used)
        if isinstance(phrase, Offset) and phrase.term.months is not None:
            scope.resolve(self.ruleset.calendar["month_end"])
            if phrase.before:
                scope.resolve(self.ruleset.calendar["counting_back"])
        for part in phrase.parts():
            self._term_used(part, used)

    def _counting(self, used: set[str]) -> CountingTime:
        """How time is added up; notes the readings on which that hangs."""
        tree = self.ruleset.counting_time
        scope = Scope(self.ruleset, self.chosen, {}, self.problems, used)
        overlaps = self._setting(tree["overlaps"], "`overlaps`", scope, ("once", "each"))
        broken = self._setting(tree["broken_runs"], "`broken_runs`", scope, BrokenRuns)
        part_time = self._setting(tree["part_time"], "`part_time`", scope, _PART_TIME)
        suspended = self._setting(tree["suspended"], "`suspended`", scope, ("counts", "left out"))
        scope.resolve(self.ruleset.calendar["month_end"])
        full_time = part_time == _PART_TIME[1]
        return CountingTime(overlaps == "once", BrokenRuns(broken), suspended == "counts", full_time)


def citation_of(ruleset: Ruleset, cites: tuple[Cite, ...]) -> Citation | None:
    """One citation of what may be several passages of the first source cited."""
    if not cites:
        return None
    source = ruleset.sources[cites[0].source]
    same = [cite for cite in cites if cite.source == cites[0].source]
    places = ", ".join(dict.fromkeys(cite.at for cite in same if cite.at))
    quote = " […] ".join(dict.fromkeys(cite.quote for cite in same if cite.quote)) or None
    return Citation(f"{source.title}, {places}" if places else source.title, source.address, quote)


def _as_text(node: Node) -> str:
    value = plain(node)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _holds_item(node: Node) -> bool:
    if isinstance(node, Scalar):
        return isinstance(node, Item) and node.each
    parts = node.items if isinstance(node, Sequence) else (value for _, value in node.entries)
    return any(map(_holds_item, parts))


def _read_exception(node: Node | None, scope: Scope) -> None:
    if node is None:
        return
    if not (isinstance(node, Mapping) and node.get("when") is not None):
        parse(node, scope)
        return
    scope.check_keys(node, ("when", "unless"), "an exception")
    for key, value in node.entries:
        if key == "when":
            parse(value, scope)
        elif key == "unless":
            _read_exception(value, scope)


def kind_of_group(one: Proposition) -> str:
    """How a proposition is made of its parts, in the words of the templates."""
    group = one.group
    assert group is not None
    if group.agree:
        return "agree"
    if not group.parts:
        return "never" if group.needed else "always"
    if group.needed == len(group.parts):
        return "all of"
    return "any of" if group.needed == 1 else "at least"


def group_sentence(one: Proposition) -> tuple[Part, ...]:
    """What a proposition that is no rule's asks of its parts."""
    if one.title:
        return one.title
    needed = one.group.needed if one.group is not None else 0
    return (Part(kind_of_group(one), (("needed", str(needed)), ("question", one.choice or ""))),)


def _due_day(rule: Rule, scope: Scope) -> Phrase | None:
    """The rule's own last day; ``None`` where it has none, or where conditions decide it."""
    if rule.due is None:
        return None
    try:
        return day(scope.resolve(rule.due), scope)
    except Undecided:
        return None
