"""From YAML files to rulesets: finding the files, reading them, telling every mistake in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from kutsereeglid.errors import Problem, RulesetError, UsageError, closest, listed
from kutsereeglid.ruleset import Cite, NotEncoded, Qualification, Reading, Rule, Ruleset, Source
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, key_problems, kind_of, parse

_T = TypeVar("_T")

FORMAT = 1
_VERSION_FILE = re.compile(r"(\d{4}-\d\d-\d\d)\.yaml")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
KINDS = ("prerequisite", "document", "due date", "exam project", "exam")

_SECTIONS = (
    "format", "ruleset", "title", "in_force", "uses", "languages", "sources", "calendar", "counting_time", "stages",
    "decided_at", "late", "words", "readings", "rules", "qualifications", "not_encoded",
)  # fmt: skip
_COMMON_SECTIONS = ("format", "common", *(_SECTIONS[5:]))
_MERGED = ("sources", "calendar", "counting_time", "words", "readings", "rules", "qualifications", "not_encoded")

CALENDAR = ("zone", "holidays", "month_end", "counting_back", "terms_on_days_off")
COUNTING_TIME = ("overlaps", "broken_runs", "part_time", "suspended")

_RULE = (
    "title", "kind", "says", "due", "curable", "discretion", "applies_when", "when", "unless", "concludes",
)  # fmt: skip
_QUALIFICATION = ("title", "says", "with", "requires", "advises", "like", "instead")


class Rulebook:
    """The rulesets of a folder. Files are read when they are first asked for.

    >>> from kutsereeglid import load_rulebook
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[Path, Ruleset] = {}

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Every version of every ruleset, by path."""
        return tuple(sorted(path for path in self.root.rglob("*.yaml") if _VERSION_FILE.fullmatch(path.name)))

    @cached_property
    def _contents(self) -> MappingOf[Path, str]:
        return {path: path.read_text(encoding="utf-8-sig", errors="replace") for path in self.files}

    def ruleset(self, path: Path) -> Ruleset:
        """One file's ruleset; raises `RulesetError` with every mistake in it."""
        if path not in self._read:
            self._read[path] = read_ruleset(path, self.root)
        return self._read[path]

    @property
    def rulesets(self) -> tuple[Ruleset, ...]:
        """All of them, read."""
        return tuple(map(self.ruleset, self.files))

    def find(self, qualification: str, on: date | None, version: str | None = None) -> Ruleset:
        """The ruleset version in force on a day (the newest when no day is given), or the one named,
        that defines a qualification, given as ``id`` or ``ruleset:id``.

        Raises `UsageError` when there is none, or more than one ruleset has that id.
        """
        wanted, _, name = qualification.rpartition(":")
        candidates = [
            ruleset
            for path in self.files
            if name in self._contents[path]
            for ruleset in (self.ruleset(path),)
            if name in ruleset.qualifications and wanted in ("", ruleset.id)
        ]
        if not candidates:
            raise UsageError(self._unknown(qualification))
        ids = sorted({ruleset.id for ruleset in candidates})
        if len(ids) > 1:
            raise UsageError(
                Problem(
                    "ambiguous-qualification", "qualification", f"an id that {len(ids)} rulesets define",
                    f"one of {listed(f'{one}:{name}' for one in ids)}",
                )
            )  # fmt: skip
        versions = sorted(candidates, key=lambda ruleset: ruleset.in_force_from)
        if version is not None:
            fitting = [ruleset for ruleset in versions if ruleset.version == version]
        elif on is not None:
            fitting = [ruleset for ruleset in versions if ruleset.in_force_on(on)]
        else:
            fitting = versions
        if not fitting:
            asked = f"version {version}" if version is not None else f"no version in force on {on}"
            raise UsageError(
                Problem(
                    "no-version", "ruleset-version" if version else "as-of", asked,
                    f"a version of {ids[0]}: {listed(_span(ruleset) for ruleset in versions)}",
                    closest(version or "", [ruleset.version for ruleset in versions]),
                )
            )  # fmt: skip
        return fitting[-1]

    def _unknown(self, qualification: str) -> Problem:
        known = {name for ruleset in self.rulesets for name in ruleset.qualifications}
        known |= {f"{ruleset.id}:{name}" for ruleset in self.rulesets for name in ruleset.qualifications}
        plain = [name for name in known if ":" not in name]
        return Problem(
            "unknown-qualification", "qualification", "an id that no ruleset defines",
            f"one of {listed(plain)}" if plain else f"a ruleset in {self.root}", closest(qualification, known),
        )  # fmt: skip


def _span(ruleset: Ruleset) -> str:
    return f"{ruleset.version} (in force {ruleset.in_force_from} to {ruleset.in_force_to or 'further notice'})"


def load_rulebook(path: str | Path) -> Rulebook:
    """Every ruleset in a folder, at any depth, read and checked.

    Raises `RulesetError` with all mistakes of all files, as ``file:line:column``.
    """
    from kutsereeglid.compiling import check

    root = Path(path)
    if not root.is_dir():
        raise RulesetError(Problem("no-folder", str(root), "no such folder", "a folder with rulesets"))
    book = Rulebook(root)
    problems: list[Problem] = []
    if not book.files:
        problems.append(
            Problem("no-rulesets", str(root), "no ruleset", "files named by their first day in force, YYYY-MM-DD.yaml")
        )
    taken: dict[tuple[str, str], str] = {}
    for file in book.files:
        try:
            ruleset = book.ruleset(file)
        except RulesetError as error:
            problems += error.problems
            continue
        key = (ruleset.id, ruleset.version)
        if key in taken:
            problems.append(
                Problem("duplicate-ruleset", f"{ruleset.file}:1:1", f"{ruleset.id} of {ruleset.version} again",
                        "each version once", f"it stands in {taken[key]} already")
            )  # fmt: skip
        taken[key] = ruleset.file
        problems += check(ruleset)
        for language in ruleset.languages[1:]:
            try:
                ruleset.translate(language)
            except RulesetError as error:
                problems += error.problems
    if problems:
        raise RulesetError(sorted(dict.fromkeys(problems), key=_by_place))
    return book


def _by_place(problem: Problem) -> tuple[str, int, int]:
    file, _, rest = problem.where.partition(":")
    numbers = [int(part) if part.isdigit() else 0 for part in rest.split(":")]
    return file, *(numbers + [0, 0])[:2]  # type: ignore[return-value]


def read_ruleset(path: Path, root: Path) -> Ruleset:
    """One version of a ruleset, with the shared files that it uses."""
    return _Reader(path, root).ruleset()


class _Failed(Exception):
    """A part could not be read; its problem is noted already."""


class _Reader:
    """Reads one ruleset, noting problems as it goes."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path, self.root = path, root
        self.problems: list[Problem] = []
        self.contents: dict[str, bytes] = {}

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        self.problems.append(Problem(code, str(place), found, expected, mend))

    def refuse(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> _Failed:
        self.problem(code, place, found, expected, mend)
        return _Failed()

    # Files.

    def file(self, path: Path) -> Mapping:
        name = self.shown(path)
        try:
            content = path.read_bytes()
            text = content.decode("utf-8-sig")
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            raise self.refuse("no-file", Place(name, 1, 1), reason, "a readable file") from None
        except UnicodeDecodeError:
            raise self.refuse("not-text", Place(name, 1, 1), "bytes that are no UTF-8", "YAML in UTF-8") from None
        self.contents[name] = content
        node, problems = parse(text, name)
        self.problems += problems
        if not isinstance(node, Mapping):
            if not problems:
                self.problem("not-a-mapping", Place(name, 1, 1), "no `key: value` lines", "a ruleset")
            raise _Failed
        return node

    def shown(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.name

    def beside(self, name: str, place: Place) -> Path:
        path = (self.path.parent / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise self.refuse("outside", place, "a file outside the folder of rulesets", "a file inside it")
        if not path.is_file():
            raise self.refuse(
                "no-file", place, f"`{name[:60]}`, which does not exist", "a file beside the ruleset",
                closest(name, [other.name for other in self.path.parent.iterdir()]),
            )  # fmt: skip
        return path

    # Small things.

    def keys(self, node: Mapping, allowed: Iterable[str], what: str, required: Iterable[str] = ()) -> None:
        self.problems += key_problems(node, allowed, what, required)

    def mapping(self, node: Node | None, what: str) -> Mapping:
        if isinstance(node, Mapping):
            return node
        if node is None:
            raise _Failed
        raise self.refuse("wrong-type", node.place, kind_of(node), f"`key: value` lines for {what}")

    def text(self, node: Node | None, what: str) -> str:
        if node is None:
            raise _Failed
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
            return " ".join(node.value.split())
        mend = "put it in quotes" if isinstance(node, Scalar) and node.value is not None else ""
        raise self.refuse("wrong-type", node.place, kind_of(node), f"a text for {what}", mend)

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        if isinstance(node, Sequence):
            return tuple(self.text(item, what) for item in node.items)
        return (self.text(node, what),)

    def day(self, node: Node | None, what: str) -> date:
        text = self.text(node, what)
        try:
            return date.fromisoformat(text)
        except ValueError:
            assert node is not None
            raise self.refuse("bad-day", node.place, f"`{text[:30]}`", f"a day for {what}, such as 2024-01-01") from None

    def yes(self, node: Node | None, what: str) -> bool:
        if node is None:
            return False
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        raise self.refuse("wrong-type", node.place, kind_of(node), f"true or false for {what}")

    def word(self, node: Node | None, what: str, known: Iterable[str]) -> str:
        known = list(known)
        text = self.text(node, what)
        if text not in known:
            assert node is not None
            raise self.refuse("unknown-word", node.place, f"`{text[:40]}`", f"{what}: {listed(known)}", closest(text, known))
        return text

    def names(self, node: Mapping, what: str) -> Iterator[tuple[str, Node, Place]]:
        for name, value in node.entries:
            place = node.place_of(name)
            if not _NAME.fullmatch(name):
                self.problem("bad-name", place, f"`{name[:40]}`", f"a name for {what}, of letters, digits and hyphens")
                continue
            yield name, value, place

    def attempt(self, read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except _Failed:
            return otherwise

    # The whole.

    def ruleset(self) -> Ruleset:
        try:
            made = self._ruleset()
        except _Failed:
            made = None
        if made is None or self.problems:
            raise RulesetError(sorted(dict.fromkeys(self.problems), key=_by_place))
        return made

    def _ruleset(self) -> Ruleset | None:
        tree = self.file(self.path)
        self.keys(tree, _SECTIONS, "a ruleset", ("format", "ruleset", "title", "in_force", "qualifications"))
        self._format(tree)
        self.sections: dict[str, dict[str, tuple[Node, Place]]] = {name: {} for name in _MERGED}
        self.single: dict[str, Node] = {}
        self.text_stems = [self.path.with_suffix("")]
        self._gather(tree)
        uses = tree.get("uses")
        if uses is not None:
            items = uses.items if isinstance(uses, Sequence) else (uses,)
            for item in items:
                self.attempt(partial(self._use, item), None)
        for needed in ("stages", "decided_at", "languages"):
            if needed not in self.single:
                self.problem("key-lacking", tree.place, f"a ruleset without `{needed}`", f"`{needed}: …`",
                             "add it here or in a shared file under `uses`")  # fmt: skip
        languages = self.attempt(lambda: self.texts(self.single.get("languages"), "`languages`"), ("et",))
        stages = self.attempt(self._stages, {})
        sources = self._each("sources", self._source)
        self.first_source = next((name for name, source in sources.items() if source.stored), next(iter(sources), ""))
        self.sources = sources
        readings = self._each("readings", self._reading)
        rules = self._each("rules", self._rule)
        qualifications = self._each("qualifications", lambda n, v, p: self._qualification(n, v, p, stages))
        not_encoded = self._each("not_encoded", self._not_encoded)
        start, end = self.attempt(lambda: self._in_force(tree), (date.min, None))
        identity = self.attempt(lambda: self._id(tree), "")
        self._complete("calendar", CALENDAR, tree.place)
        self._complete("counting_time", COUNTING_TIME, tree.place)
        title = self.attempt(lambda: self.text(tree.get("title"), "`title`"), "")
        decided_at = self.attempt(
            lambda: self.word(self.single.get("decided_at"), "stages are", stages), next(iter(stages), "")
        )
        late = self.attempt(lambda: self.text(self.single["late"], "`late`") if "late" in self.single else None, None)
        words = {
            name: self.attempt(partial(self.text, value, "a word"), "")
            for name, (value, _) in self.sections["words"].items()
        }
        text_files = [
            path
            for stem in self.text_stems
            for language in languages[1:]
            if (path := stem.with_name(f"{stem.name}.texts.{language}.yaml")).is_file()
        ]
        from hashlib import sha256

        digest = sha256()
        for name, content in sorted([
            *self.contents.items(), *((self.shown(path), path.read_bytes()) for path in text_files)
        ]):  # fmt: skip
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
        keys = _text_keys(stages, late, words, readings, rules, qualifications, not_encoded)
        return Ruleset(
            id=identity,
            version=self.path.stem,
            title=title,
            in_force_from=start,
            in_force_to=end,
            languages=languages,
            sources=sources,
            calendar={name: value for name, (value, _) in self.sections["calendar"].items()},
            counting_time={name: value for name, (value, _) in self.sections["counting_time"].items()},
            stages=stages,
            decided_at=decided_at,
            late=late,
            words=words,
            readings=readings,
            rules=rules,
            qualifications=qualifications,
            not_encoded=tuple(not_encoded.values()),
            digest=digest.hexdigest(),
            file=self.shown(self.path),
            translate=_Translations(tuple(self.text_stems), self.root, languages, keys),
        )

    def _format(self, tree: Mapping) -> None:
        node = tree.get("format")
        if node is not None and getattr(node, "value", None) != FORMAT:
            self.problem("unknown-format", node.place, kind_of(node), f"`format: {FORMAT}`, the version of the language")
        if tree.entries and "format" in tree.keys() and tree.entries[0][0] != "format":
            self.problem("format-first", tree.place_of("format"), "`format` further down", "`format` as the first key")

    def _use(self, item: Node) -> None:
        path = self.beside(self.text(item, "`uses`"), item.place)
        common = self.file(path)
        self.keys(common, _COMMON_SECTIONS, "a shared file", ("format", "common"))
        self._format(common)
        self.text_stems.append(path.with_suffix(""))
        self._gather(common)

    def _gather(self, tree: Mapping) -> None:
        """Takes a file's sections in; what stands in two files is a mistake, never overridden."""
        for name, value in tree.entries:
            if name in _MERGED:
                self.attempt(partial(self._gather_section, name, value), None)
            elif name in ("stages", "decided_at", "languages", "late"):
                if name in self.single:
                    self.problem("defined-twice", tree.place_of(name), f"`{name}` for the second time", "one definition",
                                 f"it stands at {self.single[name].place} already")  # fmt: skip
                self.single.setdefault(name, value)

    def _gather_section(self, section: str, value: Node) -> None:
        mapping = self.mapping(value, f"`{section}`")
        into = self.sections[section]
        for key, node in mapping.entries:
            place = mapping.place_of(key)
            if key in into:
                self.problem(
                    "defined-twice", place, f"`{key}` in `{section}` for the second time", "one definition",
                    f"it stands at {into[key][1]} already; take another name",
                )  # fmt: skip
            into.setdefault(key, (node, place))

    def _each(self, section: str, read: Callable[[str, Node, Place], _T]) -> dict[str, _T]:
        made: dict[str, _T] = {}
        for name, (node, place) in self.sections[section].items():
            if not _NAME.fullmatch(name):
                self.problem("bad-name", place, f"`{name[:40]}`", f"a name in `{section}` of letters, digits and hyphens")
                continue
            try:
                made[name] = read(name, node, place)
            except _Failed:
                continue
        return made

    def _complete(self, section: str, keys: tuple[str, ...], place: Place) -> None:
        found = self.sections[section]
        for key, (_, key_place) in found.items():
            if key not in keys:
                self.problem("unknown-key", key_place, f"`{key[:40]}`", f"`{section}` has {listed(keys)}", closest(key, keys))
        for key in keys:
            if key not in found:
                self.problem(
                    "setting-lacking", place, f"`{section}` without `{key}`",
                    f"`{key}: …` (no setting has a silent default)", "add it here or in a shared file under `uses`",
                )  # fmt: skip

    def _id(self, tree: Mapping) -> str:
        node = tree.get("ruleset")
        text = self.text(node, "`ruleset`")
        if not _ID.fullmatch(text):
            assert node is not None
            raise self.refuse("bad-name", node.place, f"`{text[:40]}`", "an id such as `body/name`, in small letters")
        return text

    def _in_force(self, tree: Mapping) -> tuple[date, date | None]:
        span = self.mapping(tree.get("in_force"), "`in_force`")
        self.keys(span, ("from", "to"), "`in_force`", ("from",))
        start = self.day(span.get("from"), "`from`")
        if start.isoformat() != self.path.stem:
            self.problem("wrong-file-name", span.place, f"in force from {start} in {self.path.name}",
                         f"a file named {start}.yaml", "rename the file, or mend the day")  # fmt: skip
        end_node = span.get("to")
        end = self.day(end_node, "`to`") if end_node is not None else None
        if end is not None and end < start:
            self.problem("end-before-start", span.place_of("to"), f"{end}, before {start}", "a day on or after `from`")
        return start, end

    def _stages(self) -> dict[str, str]:
        node = self.mapping(self.single.get("stages"), "`stages`")
        return {name: self.text(value, "a stage's title") for name, value, _ in self.names(node, "a stage")}

    def _source(self, name: str, node: Node, place: Place) -> Source:
        mapping = self.mapping(node, f"the source {name}")
        self.keys(mapping, ("title", "file", "address", "read"), "a source", ("title",))
        stored = None
        file_node = mapping.get("file")
        if file_node is not None:
            path = self.beside(self.text(file_node, "`file`"), file_node.place)
            content = path.read_bytes()
            self.contents[self.shown(path)] = content
            stored = content.decode("utf-8", errors="replace")
            if mapping.get("read") is None:
                self.problem("key-lacking", mapping.place, "a stored source without `read`", "the day it was read",
                             "add `read: YYYY-MM-DD`")  # fmt: skip
        address = mapping.get("address")
        read = mapping.get("read")
        return Source(
            name,
            self.text(mapping.get("title"), "`title`"),
            self.text(address, "`address`") if address is not None else None,
            self.day(read, "`read`") if read is not None else None,
            stored,
            place,
        )

    def cites(self, node: Node | None) -> tuple[Cite, ...]:
        return read_cites(node, self.first_source, self.sources, self.problem)

    def _reading(self, name: str, node: Node, place: Place) -> Reading:
        mapping = self.mapping(node, f"the reading {name}")
        self.keys(mapping, ("about", "taken", "options", "cite"), "a reading", ("about", "taken", "options"))
        option_nodes = self.mapping(mapping.get("options"), "`options`")
        options = {key: self.text(value, "an option") for key, value, _ in self.names(option_nodes, "an option")}
        if len(options) < 2:
            self.problem("too-few-options", option_nodes.place, f"{len(options)} option", "two options or more")
        taken_node = mapping.get("taken")
        taken: str | None = self.text(taken_node, "`taken`")
        if taken == "none":
            taken = None
        elif taken not in options and taken_node is not None:
            self.problem(
                "unknown-option", taken_node.place, f"`{taken}`", f"one of {listed(options)}, or none",
                closest(str(taken), options),
            )  # fmt: skip
        about = self.text(mapping.get("about"), "`about`")
        return Reading(name, about, taken, options, self.cites(mapping.get("cite")), place)

    def _rule(self, name: str, node: Node, place: Place) -> Rule:
        mapping = self.mapping(node, f"the rule {name}")
        self.keys(mapping, _RULE, "a rule", ("title", "kind", "when"))
        when = mapping.get("when")
        concludes_node = mapping.get("concludes")
        discretion = mapping.get("discretion")
        title = self.text(mapping.get("title"), "`title`")
        kind = self.word(mapping.get("kind"), "kinds are", KINDS)
        if when is None:
            raise _Failed
        return Rule(
            name=name,
            concludes=self.text(concludes_node, "`concludes`") if concludes_node is not None else name,
            title=title,
            kind=kind,
            says=mapping.get("says"),
            due=mapping.get("due"),
            curable=self.yes(mapping.get("curable"), "`curable`"),
            discretion=self.text(discretion, "`discretion`") if discretion is not None else None,
            applies_when=mapping.get("applies_when"),
            when=when,
            unless=mapping.get("unless"),
            place=place,
        )

    def _qualification(self, name: str, node: Node, place: Place, stages: MappingOf[str, str]) -> Qualification:
        mapping = self.mapping(node, f"the qualification {name}")
        self.keys(mapping, _QUALIFICATION, "a qualification", ("title",))
        base: Qualification | None = None
        like = mapping.get("like")
        if like is not None:
            base = self._like(like, stages)
        fills = dict(base.fills) if base is not None else {}
        with_node = mapping.get("with")
        if with_node is not None:
            fills.update(self.mapping(with_node, "`with`").entries)
        return Qualification(
            name=name,
            title=self.text(mapping.get("title"), "`title`"),
            fills=fills,
            requires=self._lists(mapping.get("requires"), base.requires if base else {}, stages, "requires"),
            advises=self._lists(mapping.get("advises"), base.advises if base else {}, stages, "advises"),
            instead=self._instead(mapping.get("instead"), like),
            says=self.cites(mapping.get("says")),
            place=place,
        )

    def _like(self, like: Node, stages: MappingOf[str, str]) -> Qualification:
        other = self.text(like, "`like`")
        known = self.sections["qualifications"]
        if other not in known:
            raise self.refuse(
                "unknown-qualification", like.place, f"`{other[:40]}`", f"one of {listed(known)}", closest(other, known)
            )
        node, place = known[other]
        if isinstance(node, Mapping) and node.get("like") is not None:
            raise self.refuse("like-of-like", like.place, f"`{other}`, which is itself like another",
                              "one step only", "name the qualification that it is like")  # fmt: skip
        quiet = len(self.problems)
        made = self._qualification(other, node, place, stages)
        del self.problems[quiet:]  # told where the other one is read
        return made

    def _lists(
        self, node: Node | None, base: MappingOf[str, Node], stages: MappingOf[str, str], what: str
    ) -> dict[str, Node]:
        made = dict(base)
        if node is None:
            return made
        mapping = self.mapping(node, f"`{what}`")
        for stage, value in mapping.entries:
            if stage not in stages:
                self.problem(
                    "unknown-stage", mapping.place_of(stage), f"`{stage[:40]}`", f"stages are {listed(stages)}",
                    closest(stage, stages),
                )  # fmt: skip
                continue
            before = made.get(stage)
            if isinstance(before, Sequence) and isinstance(value, Sequence):
                value = Sequence((*before.items, *value.items), value.place)
            made[stage] = value
        return made

    def _instead(self, node: Node | None, like: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        if like is None:
            self.problem("instead-of-nothing", node.place, "`instead` without `like`", "`like: other`", "add `like`")
        mapping = self.mapping(node, "`instead`")
        return {key: self.text(value, "a rule's name") for key, value in mapping.entries}

    def _not_encoded(self, name: str, node: Node, place: Place) -> NotEncoded:
        mapping = self.mapping(node, f"`not_encoded` {name}")
        self.keys(mapping, ("quote", "source", "why"), "what is not encoded", ("quote", "why"))
        given = Mapping(tuple((key, value) for key, value in mapping.entries if key != "why"), mapping.place)
        cites = read_cites(given, self.first_source, self.sources, self.problem)
        if not cites:
            raise _Failed
        return NotEncoded(name, cites[0], self.text(mapping.get("why"), "`why`"))


_Complain = Callable[[str, Place, str, str, str], None]


def read_cites(
    node: Node | None, default: str, sources: MappingOf[str, Source], problem: _Complain
) -> tuple[Cite, ...]:
    """What is cited: quoted words, ``{source: …, quote: …}``, ``{source: …, at: …}``, or a list of these.
    Quoted words must stand in the source's stored text."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return tuple(cite for item in node.items for cite in read_cites(item, default, sources, problem))
    source, quote, at, place = default, None, None, node.place
    if isinstance(node, Mapping):
        for key, value in node.entries:
            if key not in ("source", "quote", "at"):
                problem("unknown-key", node.place_of(key), f"`{key[:40]}`", "a citation has at, quote, source",
                        closest(key, ("source", "quote", "at")))  # fmt: skip
            elif not (isinstance(value, Scalar) and isinstance(value.value, str)):
                problem("wrong-type", value.place, kind_of(value), f"a text for `{key}`", "put it in quotes")
                return ()
            elif key == "source":
                source = value.value
            elif key == "quote":
                quote, place = value.value, value.place
            else:
                at = value.value
    elif isinstance(node.value, str):
        quote = node.value
    else:
        problem("wrong-type", node.place, kind_of(node), "quoted words, or `{source: …, quote: …}`", "")
        return ()
    if source not in sources:
        problem("unknown-source", node.place, f"`{source[:40]}`" if source else "no source", f"one of {listed(sources)}",
                closest(source, sources) or "declare it under `sources`")  # fmt: skip
        return ()
    stored = sources[source].stored
    if quote is not None and stored is None:
        problem("not-stored", place, f"quoted words of {source}, of which no text is stored", "`at: …` for the place",
                "or store the text and name it under `file`")  # fmt: skip
    elif quote is not None and squeezed(quote) not in squeezed(stored or ""):
        problem("not-in-source", place, "quoted words that do not stand in the source's stored text",
                f"words of {source}, letter by letter", "copy them from the stored file")  # fmt: skip
    return (Cite(source, quote, at, node.place),)


def squeezed(text: str) -> str:
    """Text with every run of white space as one space, for comparing quotes."""
    return " ".join(text.split())


# Texts in other languages.


def _text_keys(
    stages: MappingOf[str, str],
    late: str | None,
    words: MappingOf[str, str],
    readings: MappingOf[str, Reading],
    rules: MappingOf[str, Rule],
    qualifications: MappingOf[str, Qualification],
    not_encoded: MappingOf[str, NotEncoded],
) -> frozenset[str]:
    """The keys that every language's texts must have."""
    return frozenset([
        "title",
        *(["late"] if late is not None else []),
        *(f"stages.{name}" for name in stages),
        *(f"words.{name}" for name in words),
        *(f"readings.{name}.about" for name in readings),
        *(f"readings.{name}.options.{option}" for name, reading in readings.items() for option in reading.options),
        *(f"rules.{name}" for name in rules),
        *(f"qualifications.{name}" for name in qualifications),
        *(f"not_encoded.{name}" for name in not_encoded),
    ])  # fmt: skip


class _Translations:
    """Reads a language's texts when they are first asked for."""

    def __init__(
        self, stems: tuple[Path, ...], root: Path, languages: tuple[str, ...], keys: frozenset[str]
    ) -> None:
        self.stems, self.root, self.languages, self.keys = stems, root, languages, keys
        self.made: dict[str, MappingOf[str, str]] = {}

    def __call__(self, language: str) -> MappingOf[str, str]:
        if language not in self.languages[1:]:
            return {}
        if language not in self.made:
            self.made[language] = self._texts(language)
        return self.made[language]

    def _texts(self, language: str) -> MappingOf[str, str]:
        problems: list[Problem] = []
        texts: dict[str, str] = {}
        first = ""
        for stem in self.stems:
            path = stem.with_name(f"{stem.name}.texts.{language}.yaml")
            reader = _Reader(path, self.root)
            first = first or f"{reader.shown(path)}:1:1"
            if not path.is_file():
                continue
            try:
                tree = reader.file(path)
            except _Failed:
                problems += reader.problems
                continue
            problems += reader.problems
            for key, text, place in _flat(tree, ""):
                if key not in self.keys:
                    problems.append(Problem("unknown-text", str(place), f"`{key[:60]}`", "the key of a text of the ruleset",
                                            closest(key, self.keys)))  # fmt: skip
                elif not isinstance(text, str) or not text.strip():
                    problems.append(Problem("wrong-type", str(place), "no text", "a text", "put it in quotes"))
                else:
                    texts[key] = " ".join(text.split())
        lacking = sorted(self.keys - texts.keys()) if texts or problems else []
        if not texts and not problems:
            name = f"{self.stems[0].name}.texts.{language}.yaml"
            problems.append(Problem("no-texts", first, f"no texts in {language}", f"a file {name} beside the ruleset"))
        problems += [Problem("text-lacking", first, f"no `{key}` in {language}", "every text in every language") for key in lacking]
        if problems:
            raise RulesetError(problems)
        return texts


def _flat(node: Mapping, prefix: str) -> Iterator[tuple[str, object, Place]]:
    for key, value in node.entries:
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", getattr(value, "value", None), node.place_of(key)
