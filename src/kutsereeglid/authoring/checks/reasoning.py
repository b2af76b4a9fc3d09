"""What no applicant can meet, what nobody can fail, and what another condition makes superfluous."""

from __future__ import annotations

from collections.abc import Iterable

import z3
from attrs import Factory, define, frozen

from kutsereeglid.authoring.checks.formulas import Formulas
from kutsereeglid.authoring.checks.variants import in_force_together, variants
from kutsereeglid.compiling import Compiled, Requirement
from kutsereeglid.decision import NEGATED
from kutsereeglid.errors import Problem
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.yaml_tree import Place

Key = tuple[str, str, str]


@frozen
class _Told:
    """Something proven of what stands at a place."""

    code: str
    place: str
    because: tuple[str, ...] = ()
    """What it follows from."""
    role: str = ""
    """Which of the things that stand there: the condition or its opposite, a rule or what it asks for."""
    literal: bool = False
    """Whether `always` or `never` stand in it, as they do where a blank switches a condition off."""

    @property
    def key(self) -> Key:
        return self.code, self.place, self.role


def reasoned(ruleset: Ruleset) -> list[Problem]:
    """Each thing once. What a blank or a reading makes so for one of its values only is meant: it is told
    where it is so for all of them; but what can never be met is told of one qualification too."""
    told: dict[_Told, None] = {}
    withdrawn: set[Key] = set()
    for name in ruleset.qualifications:
        for out_of_force in in_force_together(ruleset):
            mine = _of_qualification(ruleset, name, out_of_force)
            told |= dict.fromkeys(mine.told)
            withdrawn |= mine.withdrawn
    kept = [one for one in told if one.key not in withdrawn or (one.code in _NEVER and not one.literal)]
    made = [_problem(one) for one in kept]
    return list({(problem.code, problem.where): problem for problem in reversed(made)}.values())[::-1]


_NEVER = ("never-met", "contradiction")
"""What is told of one qualification alone too."""


@define
class _Findings:
    told: list[_Told] = Factory(list)
    withdrawn: set[Key] = Factory(set)
    """Codes that were looked for at a place, and not found."""


def _of_qualification(ruleset: Ruleset, name: str, out_of_force: frozenset[str]) -> _Findings:
    """What is so under every reading in which the place is read at all."""
    seen: dict[Key, _Told] = {}
    lacking: set[Key] = set()
    for variant in variants(ruleset, name, out_of_force):
        one = _Reasoner(variant.compiled, Formulas(variant.compiled, ruleset.vocabulary))
        one.run()
        for told in one.found.told:
            seen.setdefault(told.key, told)
        lacking |= one.found.withdrawn
    return _Findings([told for key, told in seen.items() if key not in lacking], lacking)


class _Reasoner:
    def __init__(self, compiled: Compiled, formulas: Formulas) -> None:
        self.compiled = compiled
        self.formulas = formulas
        self.found = _Findings()
        self.never: set[int] = set()
        self.always: set[int] = set()
        self.literals: dict[int, bool] = {}

    def run(self) -> None:
        reached = {one.proposition for one in self.compiled.requirements}
        ahead = list(reached)
        while ahead:
            group = self.compiled.propositions[ahead.pop()].group
            for part in group.parts if group is not None else ():
                if part not in reached:
                    reached.add(part)
                    ahead.append(part)
        for number in sorted(reached):  # parts have lower numbers than what is made of them
            self._proposition(number)
        for requirement in self.compiled.requirements:
            self._branches(requirement.proposition, [])
        self._together()
        self._paths()

    # One proposition.

    def _proposition(self, number: int) -> None:
        one = self.compiled.propositions[number]
        group = one.group
        parts = group.parts if group is not None else ()
        core = None
        self.literals[number] = (group is not None and not parts) or any(
            self.literals[part] for part in parts
        )
        if group is not None and not group.agree and group.needed == len(parts) > 1:
            core = self.formulas.clash([self.formulas.of(part) for part in parts])
        else:
            core = None if self.formulas.clash([self.formulas.of(number)]) is None else []
        if core is not None:
            self.never.add(number)
        if self.formulas.proves(self.formulas.of(number)):
            self.always.add(number)
        together = core is not None and len(core) > 1
        own_never = number in self.never and not any(part in self.never for part in parts)
        own_always = number in self.always and not any(part in self.always for part in parts)
        self._tell("contradiction", number, own_never and together, self._places(parts, core or ()))
        alone = not together and (own_never or self._unsaid(parts, self.never))
        self._tell("never-met", number, number in self.never and alone)
        self._tell(
            "never-fails", number, own_always or (number in self.always and self._unsaid(parts, self.always))
        )
        if group is not None and not group.agree and one.choice is None and len(parts) > 1:
            self._superfluous(number, group.parts, group.needed)

    def _unsaid(self, parts: Iterable[int], so: set[int]) -> bool:
        """Whether it comes from an author's own `never` or `always`, which has no place."""
        return any(part in so and self._place(part) is None for part in parts)

    def _superfluous(self, number: int, parts: tuple[int, ...], needed: int) -> None:
        decided = self.never | self.always
        if number in decided or needed not in (1, len(parts)) or any(part in decided for part in parts):
            return
        formulas = {part: self.formulas.of(part) for part in parts}
        if needed == 1:  # any: it adds nothing when it fails wherever the others do
            formulas = {part: z3.Not(formula) for part, formula in formulas.items()}
        left = list(dict.fromkeys(parts))
        if len(left) < len(parts):
            self._tell("superfluous", next(one for one in left if parts.count(one) > 1), True)
        for part in left[::-1]:
            others = [other for other in left if other != part]
            asked = [*(formulas[other] for other in others), z3.Not(formulas[part])]
            core = self.formulas.core(asked) if others else None
            because = self._places(others, [one for one in core or () if one < len(others)])
            self._tell("superfluous", part if self._place(part) else number, core is not None, because)
            if core is not None:
                left.remove(part)

    # Branches that what stands around them rules out.

    def _branches(self, number: int, around: list[int]) -> None:
        one = self.compiled.propositions[number]
        group = one.group
        if group is None or number in self.never:
            return
        if group.agree or one.choice is not None:
            return
        conjunctive = group.needed == len(group.parts)
        for part in group.parts:
            others = [*around, *(other for other in group.parts if other != part)] if conjunctive else around
            if not conjunctive and around and part not in self.never:
                core = self.formulas.core([*map(self.formulas.of, around), self.formulas.of(part)])
                because = self._places(around, [one for one in core or () if one < len(around)])
                self._tell("never-met here", part, core is not None, because)
                if core is not None:
                    continue
            self._branches(part, others)

    # Requirements of a qualification.

    def _of_path(self, path: str | None) -> list[Requirement]:
        return [one for one in self.compiled.requirements if one.required and one.of_path == path]

    def _together(self) -> None:
        """Requirements that cannot all be met."""
        everybody = self._of_path(None)
        for path in (None, *self.compiled.qualification.paths):
            asked = everybody if path is None else [*everybody, *self._of_path(path)]
            if any(one.proposition in self.never for one in asked):
                continue
            core = self.formulas.clash([self.formulas.of(one.proposition) for one in asked])
            if core is None or (path is not None and all(place < len(everybody) for place in core)):
                continue
            last = asked[core[-1]]
            where = last.place
            if where is not None:
                because = tuple(f"`{asked[place].id}`" for place in core[:-1])
                self.found.told.append(_Told("contradiction", str(where), because))

    def _paths(self) -> None:
        paths = self.compiled.qualification.paths
        formulas = {}
        everybody = [self.formulas.of(one.proposition) for one in self._of_path(None)]
        for name in paths:
            one = z3.And([self.formulas.of(asked.proposition) for asked in self._of_path(name)])
            if self.formulas.core([*everybody, one]) is None:
                formulas[name] = one
        covered: set[str] = set()
        for name in reversed(formulas):
            for other in formulas:
                if other == name or other in covered:
                    continue
                if self.formulas.core([*everybody, formulas[name], z3.Not(formulas[other])]) is not None:
                    covered.add(name)
                    self.found.told.append(_Told("path-covered", str(paths[name].place), (f"`{other}`",)))
                    break

    # Telling.

    def _tell(self, code: str, number: int, so: bool, because: tuple[str, ...] = ()) -> None:
        place = self._place(number)
        if place is None:
            return
        told = _Told(code, str(place), because, self._role(number), self.literals[number])
        if so:
            self.found.told.append(told)
        else:
            self.found.withdrawn.add(told.key)

    def _role(self, number: int) -> str:
        one = self.compiled.propositions[number]
        if one.leaf is not None:
            return "" if one.leaf.positive else "not"
        whole = "whole" if one.exempt is not None else ""
        return f"not {whole}" if any(NEGATED in part.values for part in one.title) else whole

    def _place(self, number: int) -> Place | None:
        one = self.compiled.propositions[number]
        if one.place is not None:
            return one.place
        return one.rule.place if one.rule is not None else None

    def _places(self, parts: Iterable[int], core: Iterable[int]) -> tuple[str, ...]:
        numbers = list(parts)
        places = (self._place(numbers[one]) for one in core)
        return tuple(dict.fromkeys(str(place) for place in places if place is not None))


_SAID: dict[str, tuple[str, str, str]] = {
    "never-met": (
        "what no applicant can meet",
        "something that can be met",
        "compare the numbers, days and words with the source",
    ),
    "never-met here": (
        "an alternative that what is asked for beside it rules out",
        "an alternative that somebody can take",
        "leave it out, or mend one of them",
    ),
    "contradiction": (
        "conditions that cannot hold together",
        "conditions of which all can hold for somebody",
        "mend one of them, or make them alternatives with `any`",
    ),
    "never-fails": (
        "what every applicant meets",
        "something that can be failed",
        "compare the numbers, days and words with the source, or leave it out",
    ),
    "superfluous": (
        "a condition that changes nothing beside the others",
        "conditions that each matter",
        "leave it out, or mend it",
    ),
    "path-covered": (
        "a path on which nobody comes who does not come on another",
        "paths of which each is the only one for somebody",
        "leave it out, or compare its requirements with the source",
    ),
}


def _problem(one: _Told) -> Problem:
    found, expected, mend = _SAID[one.code]
    because = f" (see {', '.join(one.because)})" if one.because else ""
    return Problem(one.code.removesuffix(" here"), one.place, found + because, expected, mend)
