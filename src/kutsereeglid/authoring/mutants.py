"""Mutants of a ruleset: one thing in it changed, which the cases beside it must notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

from attrs import evolve, field, frozen

from kutsereeglid.authoring.accepting import expected_of
from kutsereeglid.authoring.case_files import (
    Rulebooks,
    case_files,
    cases_in,
    read_all,
    root_of,
    ruleset_folders,
)
from kutsereeglid.authoring.cases import Case, CasesError, run
from kutsereeglid.authoring.differences import Program, alike, differing, programs
from kutsereeglid.authoring.flow import flow
from kutsereeglid.authoring.witness import Side, Witness, compared, files, findings, smaller, statuses
from kutsereeglid.decision import Decision, Finding
from kutsereeglid.errors import RulesetError
from kutsereeglid.loading import RulesetReader
from kutsereeglid.rulebook import Rulebook, attempt_rulebook
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, plain

TRIES = 2_000
"""Files tried at most for a case that would kill a mutant."""
LONGEST = 10.0
"""Seconds after which no more are tried."""


class Fate(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    """Whoever applies is decided alike: it comes to the same program, or is proven to."""
    REFUSED = "refused"
    """It is no ruleset."""


Step = str | int
Steps = tuple[Step, ...]


@frozen(eq=False)
class Mutant:
    """One thing changed in one file."""

    file: Path
    steps: Steps
    """Where in the file's tree."""
    place: Place
    was: str
    now: str
    change: Callable[[Node], Node | None] = field(repr=False)
    """The new node for the old one; ``None`` takes it out."""


@frozen(eq=False)
class Result:
    mutant: Mutant
    fate: Fate
    proposed: str = ""
    """A case that would kill it."""
    tried: int = 0
    """Files among which no such case was found."""


# What is changed.

_STRICTER = {
    "at_least": "more_than", "more_than": "at_least", "at_most": "less_than", "less_than": "at_most",
    "by": "before", "before": "by", "from": "after", "after": "from",
    "all": "any", "any": "all", "some": "none", "none": "some",
    "is": "is_not", "is_not": "is", "includes": "includes_any", "includes_any": "includes",
}  # fmt: skip
_DROPPED = (
    "unless",
    "waived_when",
    "applies_when",
    "or_none",
    "or_expired_within",
    "gaps",
    "within",
    "each_until",
    "judge",
)
_CONDITIONS = ("when", "unless", "waived_when", "applies_when", "due", "within")
_LISTS = (
    "all",
    "any",
    "of",
    "when",
    "is",
    "document",
    "signed_by",
    "includes",
    "includes_any",
    "judge",
    "states",
    "not",
)
_PICKS = ("latest", "earliest", "highest", "lowest")
_NUMBER = re.compile(r"(?<![\w.-])(\d+)(?=( x)? ?[a-zA-Z ]*)(?![\w.:-])")
_EVENTS = {"exam.date": "application.submitted", "application.submitted": "exam.date", "today": "exam.date"}


def mutants(reader: RulesetReader, root: Path) -> Iterator[Mutant]:
    """The mutants of the rules, definitions and what fills blanks, in the files that a ruleset is read from."""
    for section in ("define", "rules", "qualifications"):
        for name, (node, place) in reader.sections[section].items():
            file = root / place.file
            for steps, mutated in _in_entry(section, node, ()):
                yield evolve(mutated, file=file, steps=(section, name, *steps))


def _in_entry(section: str, node: Node, steps: Steps) -> Iterator[tuple[Steps, Mutant]]:
    if section == "define":
        yield from _of(node, steps, "when")
        return
    if not isinstance(node, Mapping):
        return
    for key, value in node.entries:
        if section == "rules" and key in _CONDITIONS:
            if key in _DROPPED:
                yield steps, _dropping(node, key)
            yield from _of(value, (*steps, key), key)
        elif section == "qualifications" and key == "with" and isinstance(value, Mapping):
            for blank, fill in value.entries:
                if not _is_prose(fill):
                    yield from _of(fill, (*steps, key, blank), "with")
        elif section == "qualifications" and key == "paths" and isinstance(value, Mapping):
            for path, inner in value.entries:
                yield from _in_entry(section, inner, (*steps, key, path))
        elif section == "qualifications" and key == "applies_when":
            yield from _of(value, (*steps, key), key)


def _is_prose(node: Node) -> bool:
    """Whether a blank is filled with words of a source."""
    return isinstance(node, Scalar) and isinstance(node.value, str) and len(node.value.split()) > 6


def _made(place: Place, was: str, now: str, change: Callable[[Node], Node | None]) -> Mutant:
    return Mutant(Path(), (), place, was, now, change)


def _to(new: Node) -> Callable[[Node], Node | None]:
    return lambda _: new


def _of(node: Node, steps: Steps, key: str) -> Iterator[tuple[Steps, Mutant]]:
    if isinstance(node, Scalar):
        for value in _of_scalar(node):
            new = Scalar(value, node.place, node.quoted)
            yield steps, _made(node.place, str(node.value), str(value), _to(new))
        return
    if isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            if len(node.items) > 1 and key in _LISTS:
                less = Sequence(tuple(one for one in node.items if one is not item), node.place)
                yield steps, _made(item.place, flow(plain(item)), "nothing", _to(less))
            yield from _of(item, (*steps, number), key)
        return
    for name, value in node.entries:
        if name in _STRICTER:
            yield steps, _renaming(node, name, _STRICTER[name])
        if name in _DROPPED and key != "rule":
            yield steps, _dropping(node, name)
        if name == "not":
            yield steps, _made(node.place, "not", "without not", _to(value))
        if name == "where" and isinstance(value, Mapping):
            for test in value.keys():
                yield (*steps, name), _dropping(value, test)
        if name not in ("reading", "as", "judged") and not (
            name == "by" and {"judged", *_PICKS} & {*node.keys()}
        ):
            yield from _of(value, (*steps, name), name)


def _of_scalar(node: Scalar) -> Iterator[Any]:
    value = node.value
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (value + step for step in (-1, 1))
    elif isinstance(value, str):
        found = _NUMBER.search(value)
        if found is not None:
            for step in (-1, 1):
                yield value[: found.start()] + str(int(found[1]) + step) + value[found.end(1) :]
        for word, other in ((" before ", " after "), (" after ", " before ")):
            if word in value:
                yield value.replace(word, other, 1)
        for event, other in _EVENTS.items():
            if re.search(rf"(?<![\w.-]){re.escape(event)}(?![\w.-])", value):
                yield value.replace(event, other, 1)


def _renaming(node: Mapping, key: str, new: str) -> Mutant:
    entries = tuple((new if name == key else name, value) for name, value in node.entries)
    made = Mapping(entries, node.place, node.key_places)
    return _made(node.place_of(key), key, new, _to(made))


def _dropping(node: Mapping, key: str) -> Mutant:
    kept = [place for place, (name, _) in enumerate(node.entries) if name != key]
    made = Mapping(
        tuple(node.entries[place] for place in kept),
        node.place,
        tuple(node.key_places[place] for place in kept),
    )
    value = node.get(key)
    was = key if value is None else f"{key}: {flow(plain(value))}"
    return _made(node.place_of(key), was, "nothing", _to(made))


# Reading a mutant.


class _MutatedReader(RulesetReader):
    def __init__(self, path: Path, root: Path, mutant: Mutant) -> None:
        super().__init__(path, root)
        self._mutant = mutant

    def file(self, path: Path) -> Mapping:
        tree = super().file(path)
        if path.resolve() != self._mutant.file.resolve():
            return tree
        made = _changed(tree, self._mutant.steps, self._mutant.change)
        assert isinstance(made, Mapping)
        return made


def _changed(node: Node, steps: Steps, change: Callable[[Node], Node | None]) -> Node | None:
    if not steps:
        return change(node)
    step, *rest = steps
    if isinstance(node, Mapping):
        entries = [
            (name, _changed(value, tuple(rest), change) if name == step else value)
            for name, value in node.entries
        ]
        kept = [place for place, (_, value) in enumerate(entries) if value is not None]
        return Mapping(
            tuple((entries[place][0], entries[place][1] or node) for place in kept), node.place,
            tuple(node.key_places[place] for place in kept),
        )  # fmt: skip
    assert isinstance(node, Sequence)
    items = [
        _changed(item, tuple(rest), change) if place == step else item
        for place, item in enumerate(node.items)
    ]
    return Sequence(tuple(item for item in items if item is not None), node.place)


# Running the cases on it.


class Mutating:
    """The rulesets in a folder, their cases, those in other folders too, and their mutants."""

    def __init__(self, path: Path, more: Iterable[Path] = ()) -> None:
        self.root = root_of(path)
        attempt = attempt_rulebook(self.root)
        if attempt.problems:
            raise RulesetError(attempt.problems)
        self.book = attempt.book
        self._readers = {
            reader.path: (reader, ruleset)
            for reader, ruleset in attempt.readers
            if _inside(reader.path, path)
        }
        beside = [
            folder for folder in (path if path.is_dir() else path.parent, *more) if any(cases_in(folder))
        ]
        read = read_all(case_files(beside), Rulebooks(self.root)) if beside else ()
        self.cases: dict[str, list[Case]] = {}
        for file in read:
            for case in file.cases:
                self.cases.setdefault(self._ruleset_of(case), []).append(case)
        self.mutants = self._mutants()
        self._programs: dict[tuple[str, str, str], dict[Any, Program]] = {}

    def _ruleset_of(self, case: Case) -> str:
        return self.book.find(case.qualification, case.as_of, case.version).file

    def _mutants(self) -> list[Mutant]:
        made: dict[Any, Mutant] = {}
        for reader, _ in self._readers.values():
            for mutant in mutants(reader, self.root):
                made.setdefault((mutant.file, mutant.steps, mutant.was, mutant.now, mutant.place), mutant)
        return list(made.values())

    def result(self, mutant: Mutant, tries: int = TRIES) -> Result:
        """What becomes of a mutant; for one that survives, a case that would kill it is looked for."""
        book = Rulebook(self.root)
        affected: list[tuple[Ruleset, Ruleset]] = []
        for path, (reader, ruleset) in self._readers.items():
            uses = mutant.file.resolve() in {(self.root / name).resolve() for name in reader.contents}
            if not uses:
                book.keep(path, ruleset)
                continue
            try:
                made = _MutatedReader(path, self.root, mutant).ruleset()
                changed = self._differs(ruleset, made)
            except RulesetError:
                return Result(mutant, Fate.REFUSED)
            book.keep(path, made)
            if changed:
                affected.append((ruleset, made))
        if not affected:
            return Result(mutant, Fate.EQUIVALENT)
        for ruleset, _ in affected:
            if any(self._fails(case, book) for case in self.cases.get(ruleset.file, ())):
                return Result(mutant, Fate.KILLED)
        return self._survivor(mutant, affected, book, tries)

    def _differs(self, one: Ruleset, other: Ruleset) -> bool:
        for name in one.qualifications:
            before, after = self._programs_of(one, name), programs(other, name)
            if before.keys() != after.keys() or not all(alike(before[key], after[key]) for key in before):
                return True
        return False

    def _programs_of(self, ruleset: Ruleset, name: str) -> dict[Any, Program]:
        key = (ruleset.id, ruleset.version, name)
        if key not in self._programs:
            self._programs[key] = programs(ruleset, name)
        return self._programs[key]

    def _fails(self, case: Case, book: Rulebook) -> bool:
        if case.expected is None:
            return False
        try:
            return not run(case, book).passed
        except (CasesError, RulesetError):
            return True

    def _survivor(
        self, mutant: Mutant, affected: list[tuple[Ruleset, Ruleset]], book: Rulebook, tries: int
    ) -> Result:
        tried, begun = 0, process_time()
        for ruleset, made in affected:
            one, other = Side(self.book, ruleset), Side(book, made)
            for name in ruleset.qualifications:
                readings = differing(ruleset, made, name)
                known = [
                    (dict(case.file), case.as_of)
                    for case in self.cases.get(ruleset.file, ())
                    if case.qualification.rpartition(":")[2] == name
                ]
                for file, as_of in islice(_of_both(one, other, name, known), tries if readings else 0):
                    for chosen in readings:
                        tried += 1
                        witness = compared(one, other, name, file, as_of, chosen)
                        if witness is not None:
                            return Result(mutant, Fate.SURVIVED, _case(mutant, witness, one, other))
                    if process_time() - begun > LONGEST:
                        return Result(mutant, Fate.SURVIVED, tried=tried)
        return Result(mutant, Fate.SURVIVED, tried=tried)


def _of_both(one: Side, other: Side, name: str, known: list[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    for pair in zip(files(one, name, known), files(other, name, known), strict=True):
        yield from pair


def mutatings(paths: Iterable[Path]) -> list[Mutating]:
    """The rulesets of each path that holds any; the cases of the others are run on all of them."""
    given = list(paths)
    holding = [path for path in given if any(ruleset_folders(path))]
    return [Mutating(path, [one for one in given if one not in holding]) for path in holding or given]


def _inside(file: Path, path: Path) -> bool:
    return file.resolve() == path.resolve() or path.resolve() in file.resolve().parents


def _case(mutant: Mutant, witness: Witness, one: Side, other: Side) -> str:
    """A case that passes with the rules as they are, and not with the mutant."""

    firm = statuses(witness.before) != statuses(witness.after)

    def still(file: Any) -> bool:
        found = compared(one, other, witness.qualification, file, witness.as_of, witness.readings)
        return found is not None and (not firm or statuses(found.before) != statuses(found.after))

    file = smaller(witness.file, still)
    least = compared(one, other, witness.qualification, file, witness.as_of, witness.readings) or witness
    before, after = findings(least.before), findings(least.after)
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    expected: dict[str, Any] = {"outcome": str(least.before.outcome)} if not changed else {}
    for finding in least.before.findings:
        if (finding.of_path, finding.of, finding.requirement, finding.required) in changed:
            told = expected_of(least.before, finding)
            if not finding.contested and _contested(least.after, finding):
                told["contested"] = False
            expected.setdefault(finding.requirement, []).append(told)
    expected = {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in expected.items()
    }
    about = ", ".join(expected)
    lines = [
        f"- name: {flow(f'{about}: {mutant.was}, not {mutant.now}')}",
        f"  qualification: {witness.qualification}",
        f"  as_of: {witness.as_of}",
        *([f"  readings: {flow(dict(witness.readings))}"] if witness.readings else []),
        f"  applicant: {flow(file)}",
        f"  expect: {flow(expected)}",
    ]
    return "\n".join(lines)


def _contested(decision: Decision, like: Finding) -> bool:
    """Whether the finding of the same requirement has contested readings."""
    same = (like.of_path, like.of, like.requirement, like.required)
    return any(
        one.contested
        for one in decision.findings
        if (one.of_path, one.of, one.requirement, one.required) == same
    )


def counted(results: Iterable[Result]) -> tuple[int, int]:
    """How many mutants were killed, of how many that could be."""
    fates = [one.fate for one in results]
    return fates.count(Fate.KILLED), fates.count(Fate.KILLED) + fates.count(Fate.SURVIVED)
