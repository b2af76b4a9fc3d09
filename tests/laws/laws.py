"""The six laws of the design, each a function over one generated ruleset and its applicants.

A law takes a `World` and raises `AssertionError`. `test_laws` runs them in the small, `in_full` in the large.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import Any

from attrs import field, frozen
from hypothesis import strategies as st

from kutsereeglid import Decision, Finding, Status, evaluate
from kutsereeglid.answers import Answer
from kutsereeglid.authoring.choices import Choices
from kutsereeglid.authoring.making import Asked, Forgotten
from kutsereeglid.engine import EngineError, Step, engine_named, replay
from kutsereeglid.evaluation import Examined, answer_to, examine
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.testing import rulebook_of
from kutsereeglid.testing.draws import drawn
from kutsereeglid.testing.rulesets import ruleset_from
from tests.laws import oracle
from tests.laws.families import families_of

Tree = Any

WITH_DEFAULTS = ("issued", "accepted", "presented", "exam_project", "date", "submitted", "round")
"""Fields (and the record of one) whose absence is no gap where a default is stated: to fill one in may
change a value."""


def has_default(path: str) -> bool:
    """Whether the contract says what it means that the fact is absent; an activity's end says its day."""
    return path.split(".")[-1] in WITH_DEFAULTS or bool(re.fullmatch(r"activities\[\d+\]\.end", path))


Name = tuple[str | None, str | None, str]


@frozen
class World:
    """A ruleset, and one applicant with fewer and fewer facts known."""

    ruleset: Tree
    book: Rulebook = field(repr=False)
    steps: list[Forgotten]
    as_of: date
    other_order: tuple[Rulebook, int] = field(repr=False)
    """The same ruleset with its rules and lists in another order, and the seed of that order."""
    seen: Counter[str] = field(factory=Counter, repr=False)
    answers: dict[Any, Answer] = field(factory=dict, repr=False)
    examined: dict[int, Examined] = field(factory=dict, repr=False)

    @cached_property
    def families(self) -> Mapping[str, frozenset[str]]:
        """What each requirement is made of."""
        return families_of(self.ruleset)

    @property
    def file(self) -> Tree:
        """The applicant with the most facts missing."""
        return self.steps[-1].file

    def ask(self, file: Tree) -> Decision:
        """The decision on one of the applicant's files."""
        return self.examine(file).decision

    def examine(self, file: Tree) -> Examined:
        """The same with what it was made from."""
        if id(file) not in self.examined:
            self.examined[id(file)] = examine(file, "q", as_of=self.as_of, rulebook=self.book)
        return self.examined[id(file)]

    def statuses(self, file: Tree) -> dict[Name, Status]:
        """What each requirement comes to."""
        if file is self.file:  # of this one a whole decision is needed anyhow
            return {key: finding.status for key, finding in found_by(self.ask(file)).items()}
        return statuses_of(self.answer(file))

    def missing(self, file: Tree) -> dict[Name, tuple[str, ...]]:
        """The facts that are missing for each requirement."""
        if file is self.file:
            return {key: finding.missing for key, finding in found_by(self.ask(file)).items()}
        answer = self.answer(file)
        return {one.key[:3]: answer.missing(one.proposition) for one in answer.plan.base.requirements}

    def answer(self, file: Tree, as_of: date | None = None) -> Answer:
        """What a decision on a day rests on, but for readings that are not taken."""
        key = id(file), as_of or self.as_of
        if key not in self.answers:
            self.answers[key] = answer_to(file, "q", as_of=key[1], rulebook=self.book)
        return self.answers[key]


def worlds_from(choices: Choices, applicants: int = 1) -> list[World]:
    """A ruleset with some applicants."""
    ruleset = ruleset_from(choices)
    book = rulebook_of(ruleset)
    asked = Asked("q", book)
    made = [asked.forgetting(choices) for _ in range(applicants)]
    seed = choices.below(1000)
    other = in_other_order(ruleset, seed)
    return [World(ruleset, book, steps, as_of, (other, seed)) for steps, as_of in made]


def in_other_order(ruleset: Tree, seed: int) -> Rulebook:
    return rulebook_of(shuffled(ruleset, Random(seed), mappings=("rules",))[0])


@st.composite
def worlds(draw: st.DrawFn, applicants: int = 1) -> list[World]:
    """The same, as hypothesis draws them."""
    return worlds_from(drawn(draw), applicants)


def found_by(decision: Decision) -> dict[Name, Finding]:
    return {(one.of_path, one.of, one.requirement): one for one in decision.findings}


def statuses_of(answer: Answer) -> dict[Name, Status]:
    return {one.key[:3]: answer.status(one.proposition) for one in answer.plan.base.requirements}


def knowledge_is_monotone(world: World) -> None:
    """1. Filling in a missing fact never turns met, not_met or open into anything else."""
    for after, before in pairwise(world.steps):
        if has_default(before.path):
            continue
        filled = world.statuses(after.file)
        for name, status in world.statuses(before.file).items():
            assert status in (Status.UNKNOWN, filled[name]), f"{name}: {before.path}"


def missing_is_exact(world: World) -> None:
    """2. Unknown if and only if something is missing; what is not listed cannot by itself change it."""
    for after, before in pairwise(world.steps):
        filled = world.statuses(after.file)
        missing = world.missing(before.file)
        for name, status in world.statuses(before.file).items():
            assert (status is Status.UNKNOWN) == bool(missing[name]), name
            alone = not has_default(before.path) and before.path not in (
                "exam",
                "application",
                "judgements",
                "facts",
            )
            if alone and status is Status.UNKNOWN and before.path not in missing[name]:
                assert filled[name] is Status.UNKNOWN, f"{name}: {before.path}"


def asking_on_ends(world: World) -> None:
    """2, too: when all that was missing is filled in, only what a person must say may be unknown."""
    for name, missing in world.missing(world.steps[0].file).items():
        asked = [path for path in missing if not path.endswith((".accepted", "month_end", "readings.R"))]
        assert not asked, name


def proofs_replay(world: World, random: Random, engine: str = "native") -> None:
    """3. The proof steps alone, applied again to the leaves, give the same; a forged one is refused."""
    found = world.examine(world.file)
    program = found.compiled.program
    leaves = [number for number, one in enumerate(found.compiled.propositions) if one.leaf is not None]
    given = [program.atom(number, found.statuses[number]) for number in leaves]
    model = engine_named(engine)(program, given)
    assert model.statuses == found.statuses
    assert replay(program, given, model.steps) == model.statuses
    place = random.randrange(len(model.steps) + 1)
    holding = {*given, *(program.rules[step.rule].head for step in model.steps[:place])}
    false = [number for number, rule in enumerate(program.rules) if not holding.issuperset(rule.body)]
    if false:
        forged = [*model.steps[:place], Step(random.choice(false)), *model.steps[place:]]
        try:
            replay(program, given, forged)
        except EngineError:
            return
        raise AssertionError(f"a forged step was taken at {place}")


def order_does_not_matter(world: World) -> None:
    """4. Permuting rules, records or lists changes nothing, up to indices in paths."""
    book, seed = world.other_order
    file, old_places = shuffled(world.file, Random(seed))
    after = found_by(evaluate(file, "q", as_of=world.as_of, rulebook=book))
    for name, finding in found_by(world.ask(world.file)).items():
        other = after[name]
        said = (other.status, other.due, other.earliest, other.applies, other.late)
        assert (finding.status, finding.due, finding.earliest, finding.applies, finding.late) == said, name
        assert sorted(finding.missing) == sorted(in_old_places(path, old_places) for path in other.missing), (
            name
        )
        assert {*finding.contested} == {*other.contested}, name


def time_only_closes(world: World, random: Random) -> None:
    """5. As the day of evaluation advances and the file stays, open becomes met or not_met, not_met stays,
    as long as the same rules are in force, and as long as no due day that is over becomes another."""
    days = sorted({0, 1, *(random.randrange(1, 120) for _ in range(2))})
    dates = [world.as_of + timedelta(day) for day in days]
    in_force = [world.book.find("q", day).out_of_force(day) for day in dates]
    answers = [world.answer(world.steps[0].file, day) for day in dates]
    for before, (then, now), (one, other) in zip(dates, pairwise(in_force), pairwise(answers), strict=False):
        if then != now or due_again(one, other, before):
            continue
        after = statuses_of(other)
        for name, status in statuses_of(one).items():
            if status is Status.NOT_MET:
                assert after[name] in (Status.NOT_MET, Status.UNKNOWN), name


def due_again(one: Answer, other: Answer, day: date) -> bool:
    """Whether a due day becomes another, and either lies before a day: one that hangs on a record which is taken
    by name does when another record is, and one that is a term before today."""
    due = [(one.due(number), other.due(number)) for number in range(len(one.plan.base.propositions))]
    return any(then != now and min(then or date.max, now or date.max) < day for then, now in due)


def engine_and_oracle_agree(world: World) -> None:
    """6. The engine and the naive oracle give the same findings."""
    asked = world.ruleset, world.file, world.as_of
    opinions, again = oracle.findings(*asked), dict[Name, oracle.Opinion]()
    for name, finding in found_by(world.ask(world.file)).items():
        of_path, _, requirement = name
        shared = (of_path, None, requirement)  # what is asked for all things alike
        opinion = opinions[name if name in opinions else shared]
        if opinion.status is not None and opinion.missing < {*finding.missing}:
            # The oracle tries a fact's values with few of the others': it looks again, with all of them.
            again = again or oracle.findings(*asked, fine=True)
            opinion = again[name if name in again else shared]
            world.seen["looked at again"] += 1
        world.seen["findings"] += 1
        if opinion.status is None:
            world.seen["left out: too many completions"] += 1
            continue
        world.seen["compared"] += 1
        world.seen[f"status {finding.status}"] += 1
        for family in world.families.get(requirement, ()):  # a list, or whether a path applies, has none
            world.seen[f"family {family}"] += 1
        assert finding.status == opinion.status, name
        assert finding.due == opinion.due, name
        assert {*finding.missing} == opinion.missing, name
        if not isinstance(opinion.earliest, oracle.Unsaid):
            assert finding.earliest == opinion.earliest, name


def engines_agree(world: World) -> None:
    """6, too: durable-rules infers the same decision, word for word."""
    by_rules = evaluate(world.file, "q", as_of=world.as_of, rulebook=world.book, engine="durable")
    assert by_rules == world.ask(world.file)
    world.seen["decided by durable too"] += 1


def shuffled(value: Tree, random: Random, *, mappings: tuple[str, ...] = (), path: str = "") -> tuple[Tree, dict[str, list[int]]]:  # fmt: skip
    """The same with every list, and the named mappings, in another order; and where each item of a list was."""
    places: dict[str, list[int]] = {}
    if isinstance(value, list):
        order = random.sample(range(len(value)), len(value))
        made = []
        for new, old in enumerate(order):
            inner, more = shuffled(value[old], random, path=f"{path}[{new}]")
            made.append(inner)
            places |= more
        return made, {**places, path: order}
    if not isinstance(value, dict):
        return value, places
    keys = list(value)
    if path in mappings:
        random.shuffle(keys)
    made_mapping = {}
    for key in keys:
        kept = bool(mappings) and path == "" and key in ("languages", "stages", "scales")
        made_mapping[key], more = (value[key], {}) if kept else shuffled(value[key], random, mappings=mappings, path=f"{path}.{key}" if path else key)  # fmt: skip
        places |= more
    return made_mapping, places


def in_old_places(path: str, places: dict[str, list[int]]) -> str:
    """The path of the same fact before its lists were shuffled."""
    made = here = ""
    for name, number in re.findall(r"([\w.-]+)(?:\[(\d+)\])?", path):
        here, made = here + name, made + name
        if number:
            made += f"[{places[here][int(number)]}]"
            here += f"[{number}]"
    return made
