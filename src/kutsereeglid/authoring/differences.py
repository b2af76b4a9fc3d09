"""What changed between two rulesets: in their files, and in what they decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import attrs
from attrs import Factory, define, frozen

from kutsereeglid.authoring.case_files import root_of
from kutsereeglid.authoring.content import content, vocabulary_of
from kutsereeglid.authoring.making import File
from kutsereeglid.authoring.witness import (
    Side,
    Witness,
    compared,
    each_reading,
    files,
    findings,
    smaller,
    statuses,
)
from kutsereeglid.compiling import Compiled, compile_qualification
from kutsereeglid.decision import Decision, Finding
from kutsereeglid.errors import ApplicantError, Problem, RulesetError, UsageError, describe
from kutsereeglid.intake import parsed, read_applicant
from kutsereeglid.loading import VERSION_FILE
from kutsereeglid.rulebook import attempt_rulebook
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.yaml_tree import Mapping, Node, Place, Sequence, plain

TRIES = 400
"""Files that are tried for each qualification."""


@frozen
class Change:
    """One thing in the files that is no longer what it was."""

    path: str
    """``rules.work.when.at_least``."""
    before: Any
    after: Any
    place: Place
    """Where it stands in the new file, or stood in the old one."""


@frozen(eq=False)
class Version:
    """A ruleset with what its files hold."""

    side: Side
    sections: dict[str, dict[str, tuple[Node, Place]]]


@define(eq=False)
class Behaviour:
    """What is known of a qualification's decisions under both."""

    qualification: str
    same: bool = False
    """Both come to the same program, so that nothing can differ."""
    tried: int = 0
    witnesses: list[Witness] = Factory(list)
    """One for each way in which a finding changes."""


@frozen(eq=False)
class Pair:
    """A ruleset, old and new; one of them is lacking where it was added or taken out."""

    id: str
    old: Version | None
    new: Version | None

    @property
    def qualifications(self) -> list[str]:
        """Those that are in both."""
        if self.old is None or self.new is None:
            return []
        return [
            name
            for name in self.old.side.ruleset.qualifications
            if name in self.new.side.ruleset.qualifications
        ]


def pairs(old: Path, new: Path) -> list[Pair]:
    """The rulesets of two folders or files, by their ids; of several versions, those of the same day, and else
    the newest. Raises `RulesetError`, `UsageError`."""
    before, after = _versions(old), _versions(new)
    made = []
    for id_ in sorted({*before, *after}):
        ones, others = before.get(id_, {}), after.get(id_, {})
        common = sorted({*ones} & {*others})
        if not common:
            made.append(Pair(id_, _newest(ones), _newest(others)))
        made += [Pair(id_, ones[day], others[day]) for day in common]
        made += [Pair(id_, None, others[day]) for day in sorted(others) if common and day not in ones]
        made += [Pair(id_, ones[day], None) for day in sorted(ones) if common and day not in others]
    return made


def _newest(versions: dict[str, Version]) -> Version | None:
    return versions[max(versions)] if versions else None


def _versions(path: Path) -> dict[str, dict[str, Version]]:
    if not path.exists():
        raise UsageError(
            Problem("no-file", str(path), "no such file or folder", "a version of a ruleset, or a folder")
        )
    if path.is_file() and not VERSION_FILE.fullmatch(path.name):
        raise UsageError(
            Problem("no-ruleset", str(path), "a file that is no version of a ruleset", "YYYY-MM-DD.yaml")
        )
    attempt = attempt_rulebook(root_of(path))
    if attempt.problems:
        raise RulesetError(attempt.problems)
    made: dict[str, dict[str, Version]] = {}
    for reader, ruleset in attempt.readers:
        inside = path.resolve()
        if reader.path.resolve() == inside or inside in reader.path.resolve().parents:
            version = Version(Side(attempt.book, ruleset), reader.sections)
            made.setdefault(ruleset.id, {})[ruleset.version] = version
    return made


# What changed in the files.


def changes(old: Version, new: Version) -> list[Change]:
    """Each thing that was added, taken out or altered, in the rules, texts, sources and settings."""
    made: list[Change] = []
    one, other = old.side.ruleset, new.side.ruleset
    top = Place(other.file, 1, 1)
    for name in ("title", "in_force_from", "in_force_to", "decided_at", "late", "stages", "languages"):
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            made.append(Change(name, _shown(before), _shown(after), top))
    for section in dict.fromkeys([*old.sections, *new.sections]):
        before, after = old.sections.get(section, {}), new.sections.get(section, {})
        for name in dict.fromkeys([*before, *after]):
            made += _changed(f"{section}.{name}", before.get(name), after.get(name))
    for name in one.sources:
        if name in other.sources and one.sources[name].stored != other.sources[name].stored:
            made.append(
                Change(f"sources.{name}", "the stored text", "another one", other.sources[name].place)
            )
    for language in [one for one in one.languages if one in other.languages]:
        before, after = one.translate(language), other.translate(language)
        for key in dict.fromkeys([*before, *after]):
            if before.get(key) != after.get(key) and key in before and key in after:
                made.append(Change(f"texts.{language}.{key}", before[key], after[key], top))
    return made


def _shown(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _changed(path: str, old: tuple[Node, Place] | None, new: tuple[Node, Place] | None) -> Iterator[Change]:
    if old is None or new is None:
        before = None if old is None else plain(old[0])
        after = None if new is None else plain(new[0])
        place = (new or old or (None, Place("", 1, 1)))[1]
        yield Change(path, before, after, place)
        return
    before, after = old[0], new[0]
    if plain(before) == plain(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before.keys(), *after.keys()]):
            one, other = before.get(key), after.get(key)
            yield from _changed(
                f"{path}.{key}",
                None if one is None else (one, before.place_of(key)),
                None if other is None else (other, after.place_of(key)),
            )
    elif (
        isinstance(before, Sequence) and isinstance(after, Sequence) and len(before.items) == len(after.items)
    ):
        for number, (one, other) in enumerate(zip(before.items, after.items, strict=True)):
            yield from _changed(f"{path}[{number}]", (one, one.place), (other, other.place))
    else:
        yield Change(path, plain(before), plain(after), new[1])


# What changed in the decisions.


def behaviour(pair: Pair, name: str, tries: int = TRIES) -> Behaviour:
    """Whether a qualification is decided otherwise, with a small witness for each way in which a finding
    changes. Files are made near the boundaries of both; the same ones in every run."""
    assert pair.old is not None
    assert pair.new is not None
    one, other = pair.old.side, pair.new.side
    made = Behaviour(name)
    readings = differing(one.ruleset, other.ruleset, name)
    if not readings:
        made.same = True
        return made
    seen: set[Any] = set()
    for source in (one, other):
        for file, as_of in islice(files(source, name), tries // 2):
            made.tried += 1
            for chosen in readings:
                witness = compared(one, other, name, file, as_of, chosen)
                if witness is None or (ways := _ways(witness)) <= seen:
                    continue
                way = next(way for way in sorted(ways, key=str) if way not in seen)
                small = smaller(file, _still(one, other, witness, way))
                least = compared(one, other, name, small, as_of, chosen) or witness
                made.witnesses.append(least)
                seen |= _ways(least)
    return made


def _still(one: Side, other: Side, first: Witness, way: Any) -> Callable[[File], bool]:
    def still(file: File) -> bool:
        witness = compared(one, other, first.qualification, file, first.as_of, first.readings)
        return witness is not None and way in _ways(witness)

    return still


def _ways(witness: Witness) -> set[Any]:
    """Each finding whose status is another one, with both statuses; or what else is."""
    before, after = statuses(witness.before), statuses(witness.after)
    ways: set[Any] = {
        (key, before.get(key), after.get(key))
        for key in {*before, *after}
        if before.get(key) != after.get(key)
    }
    if not ways:
        ones, others = findings(witness.before), findings(witness.after)
        changed = {key for key in {*ones, *others} if ones.get(key) != others.get(key)}
        ways = {(key, "days, missing facts or readings") for key in changed} or {"outcome"}
    return ways


def differing(one: Ruleset, other: Ruleset, name: str) -> list[dict[str, str]]:
    """The readings under which a qualification comes to another program; those taken alone where these do."""
    before, after = programs(one, name), programs(other, name)
    found = [
        dict(readings)
        for readings in dict.fromkeys([*before, *after])
        if not alike(before.get(readings), after.get(readings))
    ]
    return found[:1] if found and not found[0] else found


@frozen(eq=False)
class Program:
    """All that decisions hang on, under some readings."""

    compiled: Compiled
    leaves: tuple[Any, ...]
    rest: tuple[Any, ...]


def alike(one: Program | None, other: Program | None) -> bool:
    """Whether two programs decide alike whoever applies, as far as that is known."""
    if one is None or other is None:
        return one is other
    return one.rest == other.rest and (
        one.leaves == other.leaves or _equivalent(one.compiled, other.compiled)
    )


def _equivalent(one: Compiled, other: Compiled) -> bool:
    try:
        from kutsereeglid.authoring.equivalence import equivalent
    except ImportError:  # the extra `check` is not installed
        return False
    return equivalent(one, other)


def programs(ruleset: Ruleset, name: str) -> dict[tuple[tuple[str, str], ...], Program]:
    """The programs of a qualification under the readings taken, and under each other option alone."""
    made = {}
    vocabulary = vocabulary_of(ruleset.vocabulary)
    for readings in each_reading(ruleset):
        compiled = compile_qualification(ruleset, name, readings)
        leaves = tuple(content(one.leaf) for one in compiled.propositions)
        propositions = tuple(
            (content(one.due), content(one.how), None if one.group is None else (one.group.parts, one.group.needed, one.group.agree), one.names, one.exempt)
            for one in compiled.propositions
        )  # fmt: skip
        requirements = tuple(
            (one.key, one.stage, one.proposition, one.curable, one.discretion)
            for one in compiled.requirements
        )
        rules = tuple(
            (rule.name, rule.in_force_from, rule.in_force_to)
            for rule in ruleset.rules.values()
            if rule.in_force_from or rule.in_force_to
        )
        stages = tuple(compiled.stages.items())
        rest = (propositions, requirements, stages, rules, ruleset.decided_at, vocabulary)
        made[tuple(readings.items())] = Program(compiled, leaves, rest)
    return made


def read_applicants(path: Path) -> list[File]:
    """A list of applicants' files, or one, in JSON or YAML. Raises `ApplicantError` with every mistake."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ApplicantError(Problem("no-file", str(path), reason, "a readable file")) from None
    value, problems = parsed(content, str(path))
    if problems:
        raise ApplicantError(problems)
    made = value if isinstance(value, list) else [value]
    for number, one in enumerate(made):
        if not isinstance(one, dict):
            problems.append(
                Problem("wrong-type", f"{path}[{number}]", describe(one), "an applicant: a mapping")
            )
            continue
        try:
            read_applicant(one)
        except ApplicantError as error:
            problems += [
                attrs.evolve(problem, where=f"{path}[{number}].{problem.where}") for problem in error.problems
            ]
    if problems:
        raise ApplicantError(problems)
    return made


def changed_decisions(pair: Pair, applicants: Iterable[File], as_of: date) -> Iterator[tuple[int, Witness]]:
    """The applicants, by their place in the file, who are decided otherwise."""
    assert pair.old is not None
    assert pair.new is not None
    for number, file in enumerate(applicants):
        for name in pair.qualifications:
            witness = compared(pair.old.side, pair.new.side, name, file, as_of, {})
            if witness is not None:
                yield number, witness


def said(before: Decision, after: Decision) -> list[str]:
    """What is otherwise in the second decision, a line each."""
    lines = []
    if before.outcome != after.outcome:
        lines.append(f"outcome: {before.outcome} -> {after.outcome}")
    ones = {(one.of_path, one.of, one.requirement, one.required): one for one in before.findings}
    others = {(one.of_path, one.of, one.requirement, one.required): one for one in after.findings}
    for key in dict.fromkeys([*ones, *others]):
        one, other = ones.get(key), others.get(key)
        name = " ".join(
            str(part) for part in (key[2], key[0] and f"(path {key[0]})", key[1] and f"(of {key[1]})") if part
        )
        if one is None or other is None:
            lines.append(
                f"{name}: {'not asked' if one is None else one.status} -> {'not asked' if other is None else other.status}"
            )
            continue
        parts = [
            f"{word} {_value(was)} -> {_value(is_)}"
            for word, was, is_ in (
                ("status", one.status, other.status), ("due", one.due, other.due),
                ("earliest", one.earliest, other.earliest), ("missing", one.missing, other.missing),
                ("applies", one.applies, other.applies),
                ("contested", _readings_of(one), _readings_of(other)),
            )
            if was != is_
        ]  # fmt: skip
        if parts:
            lines.append(f"{name}: {'; '.join(parts)}")
    return lines


def _readings_of(finding: Finding) -> tuple[str, ...]:
    return tuple(f"{one.reading}={one.option} would be {one.status}" for one in finding.contested)


def _value(value: Any) -> str:
    if value is None:
        return "none"
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else str(value)
