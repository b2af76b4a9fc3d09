"""From a YAML file to a `Ruleset`, with the shared files it uses; every mistake is told in one go."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from kutsereeglid.conditions.scope import Unreadable as _Failed
from kutsereeglid.declaring import read_declared
from kutsereeglid.errors import Problem, RulesetError, closest, listed
from kutsereeglid.loading_rules import RESERVED, RulesReader
from kutsereeglid.parsed import stored
from kutsereeglid.ruleset import (
    BLANK,
    Cite,
    NotEncoded,
    Reading,
    Rule,
    Ruleset,
    Source,
)
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, key_problems, kind_of, parse

_T = TypeVar("_T")

FORMAT = 1
VERSION_FILE = re.compile(r"(\d{4}-\d\d-\d\d)\.yaml")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_SECTIONS = (
    "format",
    "ruleset",
    "title",
    "in_force",
    "uses",
    "languages",
    "sources",
    "calendar",
    "counting_time",
    "stages",
    "decided_at",
    "late",
    "words",
    "units",
    "scales",
    "facts",
    "define",
    "rounds",
    "readings",
    "rules",
    "qualifications",
    "not_encoded",
)
_COMMON_SECTIONS = ("format", "common", *(_SECTIONS[5:]))
_MERGED = (
    "sources",
    "calendar",
    "counting_time",
    "words",
    "units",
    "scales",
    "facts",
    "define",
    "rounds",
    "readings",
    "rules",
    "qualifications",
    "not_encoded",
)

CALENDAR = ("zone", "holidays", "month_end", "counting_back", "terms_on_days_off")
COUNTING_TIME = ("overlaps", "broken_runs", "part_time", "suspended")
_STAND_INS: dict[str, str | dict[str, str]] = {
    "zone": "UTC",
    "holidays": "EE",
    "month_end": "clamp",
    "counting_back": "subtract",
    "terms_on_days_off": {"after": "stay", "before": "stay"},
    "overlaps": "once",
    "broken_runs": "not added",
    "part_time": "as calendar time",
    "suspended": "counts",
}
"""Settings with which a ruleset that lacks some is checked further; it is refused all the same."""


def by_place(problem: Problem) -> tuple[str, int, int]:
    """For sorting problems by file, line and column."""
    file, _, rest = problem.where.partition(":")
    numbers = [int(part) if part.isdigit() else 0 for part in rest.split(":")]
    return file, *[*numbers, 0, 0][:2]  # type: ignore[return-value]


def read_ruleset(path: Path, root: Path, text: str | None = None) -> Ruleset:
    """One version of a ruleset, with the shared files that it uses; ``text`` in place of the file's."""
    return RulesetReader(path, root, text).ruleset()


class RulesetReader:
    """Reads one ruleset, noting problems as it goes."""

    def __init__(self, path: Path, root: Path, text: str | None = None) -> None:
        self.path, self.root, self.text_given = path, root, text
        self.problems: list[Problem] = []
        self.contents: dict[str, bytes] = {}
        self.partial = False
        """Whether a shared file could not be read, so that what seems to be lacking may stand there."""

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        self.problems.append(Problem(code, str(place), found, expected, mend))

    def refuse(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> _Failed:
        self.problem(code, place, found, expected, mend)
        return _Failed()

    # Files.

    def file(self, path: Path) -> Mapping:
        name = self.shown(path)
        try:
            given = self.text_given if path == self.path else None
            content = path.read_bytes() if given is None else given.encode()
            text = content.decode("utf-8-sig")
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            raise self.refuse("no-file", Place(name, 1, 1), reason, "a readable file") from None
        except UnicodeDecodeError:
            raise self.refuse(
                "not-text", Place(name, 1, 1), "bytes that are no UTF-8", "YAML in UTF-8"
            ) from None
        self.contents[name] = content
        problems: list[Problem] = []
        node = stored(path, content, name)
        if node is None:
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
        try:
            path = (self.path.parent / name).resolve()
            there = path.is_file()
        except (OSError, ValueError):
            raise self.refuse(
                "no-file", place, "a name that no file can have", "a file beside the ruleset"
            ) from None
        if not path.is_relative_to(self.root.resolve()):
            raise self.refuse("outside", place, "a file outside the folder of rulesets", "a file inside it")
        if not there:
            raise self.refuse(
                "no-file",
                place,
                f"`{name[:60]}`, which does not exist",
                "a file beside the ruleset",
                closest(name, self._files_beside(path)),
            )
        return path

    def _files_beside(self, path: Path) -> list[str]:
        """The files in the folder of ``path``, as an author would name them."""
        here = self.path.parent.resolve()
        if not (path.parent.is_dir() and path.parent.is_relative_to(self.root.resolve())):
            return []
        files = [one for one in path.parent.iterdir() if one.is_file()]
        return [Path(os.path.relpath(one, here)).as_posix() for one in files]

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
        if node is None:
            raise _Failed
        text = (
            str(node.value) if isinstance(node, Scalar) and node.value is not None else self.text(node, what)
        )
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise self.refuse(
                "bad-day", node.place, f"`{text[:30]}`", f"a day for {what}, such as 2024-01-01"
            ) from None

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
            raise self.refuse(
                "unknown-word",
                node.place,
                f"`{text[:40]}`",
                f"one of {what}: {listed(known)}",
                closest(text, known),
            )
        return text

    def names(self, node: Mapping, what: str) -> Iterator[tuple[str, Node, Place]]:
        for name, value in node.entries:
            place = node.place_of(name)
            self.named(name, place, f"a name for {what}")
            yield name, value, place

    def named(self, name: str, place: Place, what: str, reserved: Iterable[str] = ()) -> None:
        if not _NAME.fullmatch(name):
            self.problem("bad-name", place, f"`{name[:40]}`", f"{what} of letters, digits and hyphens")
        elif name in reserved:
            self.problem(
                "bad-name",
                place,
                f"`{name}`, a word of the language",
                f"{what} of its own",
                "take another name",
            )

    def attempt(self, read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except _Failed:
            return otherwise

    # The whole.

    def attempted(self) -> Ruleset | None:
        """The ruleset as far as it can be read, for further checks; to be used only without problems."""
        return self.attempt(self._ruleset, None)

    def ruleset(self) -> Ruleset:
        made = self.attempted()
        if made is None or self.problems:
            raise RulesetError(sorted(dict.fromkeys(self.problems), key=by_place))
        return made

    def _ruleset(self) -> Ruleset | None:
        tree = self.file(self.path)
        self.keys(tree, _SECTIONS, "a ruleset", ("format", "ruleset", "title", "in_force", "qualifications"))
        self._format(tree)
        self.sections: dict[str, dict[str, tuple[Node, Place]]] = {name: {} for name in _MERGED}
        self.section_places: dict[str, Place] = {}
        self.single: dict[str, Node] = {}
        self.text_stems = [self.path.with_suffix("")]
        self._gather(tree)
        uses = tree.get("uses")
        if uses is not None:
            used: set[Path] = set()
            for item in uses.items if isinstance(uses, Sequence) else (uses,):
                if not self.attempt(partial(self._use, item, used), False):
                    self.partial = True
        for needed in ("stages", "decided_at", "languages"):
            if needed not in self.single and not self.partial:
                self.problem(
                    "key-lacking",
                    tree.place,
                    f"a ruleset without `{needed}`",
                    f"`{needed}: …`",
                    "add it here or in a shared file under `uses`",
                )
        languages = self._languages()
        stages: dict[str, str] = self.attempt(self._stages, {})
        sources = self._each("sources", self._source)
        self.first_source = next(
            (name for name, source in sources.items() if source.stored), next(iter(sources), "")
        )
        self.sources = sources
        readings = self._each("readings", self._reading)
        rounds = self._each("rounds", self._round)
        self._check_definitions()
        no_span: tuple[date, date | None] = (date.min, None)
        span = self.attempt(lambda: self._in_force(tree), no_span)
        asked = RulesReader(self, stages, span)
        rules = self._each("rules", asked.rule, RESERVED)
        asked.propositions = {rule.concludes for rule in rules.values()}
        qualifications = self._each("qualifications", asked.qualification)
        not_encoded = self._each("not_encoded", self._not_encoded)
        identity = self.attempt(lambda: self._id(tree), "")
        self._complete("calendar", CALENDAR, tree.place)
        self._complete("counting_time", COUNTING_TIME, tree.place)
        title = self.attempt(lambda: self.text(tree.get("title"), "`title`"), "")
        decided_at = next(iter(stages), "")
        if stages:
            decided_at = self.attempt(
                lambda: self.word(self.single.get("decided_at"), "the stages", stages), decided_at
            )
        late = self.attempt(
            lambda: self.text(self.single["late"], "`late`") if "late" in self.single else None, None
        )
        words = {
            name: self.attempt(partial(self.text, value, "a word"), "")
            for name, (value, _) in self.sections["words"].items()
        }
        declared = read_declared(self.sections, self.problems, whole=not self.partial)
        text_files = [
            path
            for stem in self.text_stems
            for language in [*languages][1:]
            if (path := stem.with_name(f"{stem.name}.texts.{language}.yaml")).is_file()
        ]
        if self.partial:
            return None
        from hashlib import sha256

        digest = sha256()
        for name, content in sorted(
            [*self.contents.items(), *((self.shown(path), path.read_bytes()) for path in text_files)]
        ):
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
        keys = _text_keys(
            stages,
            late,
            words,
            readings,
            rules,
            self.sections["qualifications"],
            [path.text for one in qualifications.values() for path in one.paths.values()],
            self.sections["not_encoded"],
            declared.texts,
        )
        return Ruleset(
            id=identity,
            version=self.path.stem,
            title=title,
            in_force_from=span[0],
            in_force_to=span[1],
            languages=tuple(languages),
            sources=sources,
            calendar=self._settings("calendar", CALENDAR),
            counting_time=self._settings("counting_time", COUNTING_TIME),
            stages=stages,
            decided_at=decided_at,
            late=late,
            words=words,
            define={name: node for name, (node, _) in self.sections["define"].items()},
            rounds=rounds,
            readings=readings,
            rules=rules,
            qualifications=qualifications,
            not_encoded=tuple(not_encoded.values()),
            digest=digest.hexdigest(),
            file=self.shown(self.path),
            units=declared.units,
            scales=declared.scales,
            vocabulary=declared.vocabulary,
            fact_texts=declared.texts,
            translate=_Translations(tuple(self.text_stems), self.root, languages, keys),
        )

    def _format(self, tree: Mapping) -> None:
        node = tree.get("format")
        if node is not None and not (
            isinstance(node, Scalar) and node.value == FORMAT and node.value is not True
        ):
            self.problem(
                "unknown-format",
                node.place,
                kind_of(node),
                f"`format: {FORMAT}`, the version of the language",
            )
        if tree.entries and "format" in tree.keys() and tree.entries[0][0] != "format":
            self.problem(
                "format-first", tree.place_of("format"), "`format` further down", "`format` as the first key"
            )

    def _languages(self) -> dict[str, Place]:
        """The languages of the texts, and where each is named."""
        from kutsereeglid.wording import LANGUAGES

        node = self.single.get("languages")
        found: dict[str, Place] = {}
        for item in node.items if isinstance(node, Sequence) else () if node is None else (node,):
            language = self.attempt(
                partial(self.word, item, "the languages that have wording", LANGUAGES), ""
            )
            if language in found:
                self.problem(
                    "listed-twice", item.place, f"`{language}` for the second time", "each language once"
                )
            elif language:
                found[language] = item.place
        if node is not None and not found and not self.problems:
            self.problem("empty-list", node.place, "no languages", "one language or more")
        return found

    def _use(self, item: Node, used: set[Path]) -> bool:
        name = self.text(item, "`uses`")
        path = self.beside(name, item.place)
        if VERSION_FILE.fullmatch(path.name):
            self.problem(
                "not-shared",
                item.place,
                f"`{name[:60]}`, a ruleset of its own",
                "a shared file",
                "move what both need into a shared file",
            )
            return True
        if path in used:
            self.problem(
                "used-twice", item.place, f"`{name[:60]}` for the second time", "each shared file once"
            )
            return True
        used.add(path)
        common = self.file(path)
        self.keys(common, _COMMON_SECTIONS, "a shared file", ("format", "common"))
        self._format(common)
        self.text_stems.append(path.with_suffix(""))
        self._gather(common)
        return True

    def _gather(self, tree: Mapping) -> None:
        """Takes a file's sections in; what stands in two files is a mistake, never overridden."""
        for name, value in tree.entries:
            if name in _MERGED:
                self.section_places.setdefault(name, tree.place_of(name))
                self.attempt(partial(self._gather_section, name, value), None)
            elif name in ("stages", "decided_at", "languages", "late"):
                if name in self.single:
                    self.problem(
                        "defined-twice",
                        tree.place_of(name),
                        f"`{name}` for the second time",
                        "one definition",
                        f"it stands at {self.single[name].place} already",
                    )
                self.single.setdefault(name, value)

    def _gather_section(self, section: str, value: Node) -> None:
        mapping = self.mapping(value, f"`{section}`")
        into = self.sections[section]
        for key, node in mapping.entries:
            place = mapping.place_of(key)
            if key in into:
                self.problem(
                    "defined-twice",
                    place,
                    f"`{key}` in `{section}` for the second time",
                    "one definition",
                    f"it stands at {into[key][1]} already; take another name",
                )
            into.setdefault(key, (node, place))

    def _each(
        self, section: str, read: Callable[[str, Node, Place], _T], reserved: Iterable[str] = ()
    ) -> dict[str, _T]:
        made: dict[str, _T] = {}
        for name, (node, place) in self.sections[section].items():
            self.named(name, place, f"a name in `{section}`", reserved)
            try:
                made[name] = read(name, node, place)
            except _Failed:
                continue
        return made

    def _complete(self, section: str, keys: tuple[str, ...], place: Place) -> None:
        found = self.sections[section]
        for key, (_, key_place) in found.items():
            if key not in keys:
                self.problem(
                    "unknown-key",
                    key_place,
                    f"`{key[:40]}`",
                    f"one of the keys of `{section}`: {listed(keys)}",
                    closest(key, keys),
                )
        for key in keys:
            if key not in found and not self.partial:
                self.problem(
                    "setting-lacking",
                    self.section_places.get(section, place),
                    f"`{section}` without `{key}`",
                    f"`{key}: …` (no setting has a silent default)",
                    "add it here or in a shared file under `uses`",
                )

    def _settings(self, section: str, keys: tuple[str, ...]) -> dict[str, Node]:
        found = self.sections[section]
        made: dict[str, Node] = {}
        for key in keys:
            place = self.section_places.get(section, Place(self.shown(self.path), 1, 1))
            made[key] = found[key][0] if key in found else _as_node(_STAND_INS[key], place)
        return made

    def _id(self, tree: Mapping) -> str:
        node = tree.get("ruleset")
        text = self.text(node, "`ruleset`")
        if not _ID.fullmatch(text):
            assert node is not None
            raise self.refuse(
                "bad-name", node.place, f"`{text[:40]}`", "an id such as `body/name`, in small letters"
            )
        return text

    def _in_force(self, tree: Mapping) -> tuple[date, date | None]:
        span = self.mapping(tree.get("in_force"), "`in_force`")
        self.keys(span, ("from", "to"), "`in_force`", ("from",))
        start = self.day(span.get("from"), "`from`")
        if start.isoformat() != self.path.stem:
            self.problem(
                "wrong-file-name",
                span.place,
                f"in force from {start} in {self.path.name}",
                f"a file named {start}.yaml",
                "rename the file, or mend the day",
            )
        end_node = span.get("to")
        end = self.day(end_node, "`to`") if end_node is not None else None
        if end is not None and end < start:
            self.problem(
                "end-before-start", span.place_of("to"), f"{end}, before {start}", "a day on or after `from`"
            )
        return start, end

    def _stages(self) -> dict[str, str]:
        node = self.mapping(self.single.get("stages"), "`stages`")
        return {
            name: self.attempt(partial(self.text, value, "a stage's title"), "")
            for name, value, _ in self.names(node, "a stage")
        }

    def _source(self, name: str, node: Node, place: Place) -> Source:
        mapping = self.mapping(node, f"the source {name}")
        self.keys(mapping, ("title", "file", "address", "read"), "a source", ("title",))
        file_node, address, read = mapping.get("file"), mapping.get("address"), mapping.get("read")
        unread: tuple[str | None, str | None] = (None, "")
        kept = self.attempt(lambda: self._stored(file_node), unread)
        if file_node is not None and read is None:
            self.problem(
                "key-lacking",
                mapping.place,
                "a stored source without `read`",
                "the day it was read",
                "add `read: YYYY-MM-DD`",
            )
        return Source(
            name,
            self.attempt(lambda: self.text(mapping.get("title"), "`title`"), ""),
            self.attempt(lambda: self.text(address, "`address`"), None),
            self.attempt(lambda: self.day(read, "`read`"), None),
            kept[1],
            place,
            kept[0],
        )

    def _stored(self, node: Node | None) -> tuple[str | None, str | None]:
        """Where the source's words are kept, and the words."""
        if node is None:
            return None, None
        path = self.beside(self.text(node, "`file`"), node.place)
        content = path.read_bytes()
        try:
            stored = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self.refuse(
                "not-text", node.place, "a file that is no UTF-8", "a text in UTF-8", "save the file as UTF-8"
            ) from None
        self.contents[self.shown(path)] = content
        return self.shown(path), stored

    def cites(self, node: Node | None) -> tuple[Cite, ...]:
        return read_cites(node, self.first_source, self.sources, self._cite_problem)

    def _cite_problem(self, code: str, place: Place, found: str, expected: str, mend: str) -> None:
        if not (self.partial and code in ("unknown-source", "not-stored", "not-in-source")):
            self.problem(code, place, found, expected, mend)

    def _reading(self, name: str, node: Node, place: Place) -> Reading:
        mapping = self.mapping(node, f"the reading {name}")
        self.keys(mapping, ("about", "taken", "options", "cite"), "a reading", ("about", "taken", "options"))
        options_node = mapping.get("options")
        options: dict[str, str] = self.attempt(lambda: self._options(options_node), {})
        taken_node = mapping.get("taken")
        taken = self.attempt(lambda: self._taken(taken_node, options), next(iter(options), None))
        about = self.attempt(lambda: self.text(mapping.get("about"), "`about`"), "")
        return Reading(name, about, taken, options, self.cites(mapping.get("cite")), place)

    def _options(self, node: Node | None) -> dict[str, str]:
        mapping = self.mapping(node, "`options`")
        options = {
            key: self.attempt(partial(self.text, value, "an option"), "")
            for key, value, _ in self.names(mapping, "an option")
        }
        for word in ("none", "reading"):
            self.named(
                word, mapping.place_of(word), "a name for an option", (word,) if word in options else ()
            )
        if len(options) < 2:
            self.problem("too-few-options", mapping.place, f"{len(options)} option", "two options or more")
        return options

    def _taken(self, node: Node | None, options: MappingOf[str, str]) -> str | None:
        taken = self.text(node, "`taken`")
        if taken == "none":
            return None
        if options and taken not in options and node is not None:
            raise self.refuse(
                "unknown-option",
                node.place,
                f"`{taken[:40]}`",
                f"one of {listed(options)}, or none",
                closest(taken, options),
            )
        return taken

    def _round(self, name: str, node: Node, place: Place) -> dict[str, date]:
        mapping = self.mapping(node, f"the round {name}")
        if mapping.get("exam") is None:
            raise self.refuse("key-lacking", place, f"the round {name} without `exam`", "`exam: DAY`")
        return {key: self.day(value, f"`{key}`") for key, value in mapping.entries}

    def _check_definitions(self) -> None:
        for name, (_, place) in self.sections["define"].items():
            self.named(name, place, "a name in `define`", (*RESERVED, "round", "today"))

    def _not_encoded(self, name: str, node: Node, place: Place) -> NotEncoded:
        mapping = self.mapping(node, f"`not_encoded` {name}")
        self.keys(mapping, ("quote", "source", "why"), "what is not encoded", ("quote", "why"))
        given = tuple((key, value) for key, value in mapping.entries if key in ("quote", "source"))
        why = self.attempt(lambda: self.text(mapping.get("why"), "`why`"), "")
        cites = self.cites(Mapping(given, mapping.place)) if mapping.get("quote") is not None else ()
        if not cites:
            raise _Failed
        return NotEncoded(name, cites[0], why)


def _as_node(value: str | dict[str, str], place: Place) -> Node:
    if isinstance(value, str):
        return Scalar(value, place)
    return Mapping(tuple((key, Scalar(text, place)) for key, text in value.items()), place)


_Complain = Callable[[str, Place, str, str, str], None]


def read_cites(
    node: Node | None, default: str, sources: MappingOf[str, Source], problem: _Complain
) -> tuple[Cite, ...]:
    """What is cited: quoted words, ``{source: …, quote: …}``, ``{source: …, at: …}``, or a list of these.
    Quoted words must stand in the source's stored text."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        if not node.items:
            problem("no-citation", node.place, "an empty list", "the words of a source", 'write `says: "…"`')
        return tuple(cite for item in node.items for cite in read_cites(item, default, sources, problem))
    source, quote, at, place = default, None, None, node.place
    if isinstance(node, Mapping):
        for key, value in node.entries:
            if key not in ("source", "quote", "at"):
                problem(
                    "unknown-key",
                    node.place_of(key),
                    f"`{key[:40]}`",
                    "one of the keys of a citation: at, quote, source",
                    closest(key, ("source", "quote", "at")),
                )
            elif not (isinstance(value, Scalar) and isinstance(value.value, str) and value.value.strip()):
                problem("wrong-type", value.place, kind_of(value), f"a text for `{key}`", "put it in quotes")
                return ()
            elif key == "source":
                source = squeezed(value.value)
            elif key == "quote":
                quote, place = value.value, value.place
            else:
                at = value.value
        if quote is None and at is None:
            problem(
                "key-lacking",
                node.place,
                "a citation without `quote` or `at`",
                "`quote: …` or `at: …`",
                "say which words, or which place of the source",
            )
            return ()
    elif isinstance(node.value, str) and node.value.strip():
        quote = node.value
    else:
        problem("wrong-type", node.place, kind_of(node), "quoted words, or `{source: …, quote: …}`", "")
        return ()
    if source not in sources:
        problem(
            "unknown-source",
            node.place,
            f"`{source[:40]}`" if source else "no source",
            f"one of {listed(sources)}",
            closest(source, sources) or "declare it under `sources`",
        )
        return ()
    stored = sources[source].stored
    if quote is not None and stored is None:
        problem(
            "not-stored",
            place,
            f"quoted words of {source}, of which no text is stored",
            "`at: …` for the place",
            "or store the text and name it under `file`",
        )
    elif quote and stored and not _stands_in(squeezed(quote), squeezed(stored)):
        problem(
            "not-in-source",
            place,
            "quoted words that do not stand in the source's stored text",
            f"words of {source}, letter by letter",
            "copy them from the stored file",
        )
    return (Cite(source, quote, at, node.place),)


def _stands_in(quote: str, text: str) -> bool:
    """Whether the words stand in the text, from the beginning of a word to the end of one."""
    first = r"(?<!\w)" if quote[0].isalnum() else ""
    last = r"(?!\w)" if quote[-1].isalnum() else ""
    return quote in text and re.search(first + re.escape(quote) + last, text) is not None


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
    qualifications: Iterable[str],
    paths: Iterable[str],
    not_encoded: Iterable[str],
    facts: Iterable[str],
) -> dict[str, frozenset[str]]:
    """The keys that every language's texts must have, each with the blanks of its text."""
    blanks = {f"rules.{name}": frozenset(BLANK.findall(rule.title)) for name, rule in rules.items()}
    keys = [
        "title",
        *(["late"] if late is not None else []),
        *(f"stages.{name}" for name in stages),
        *(f"words.{name}" for name in words),
        *(f"readings.{name}.about" for name in readings),
        *(
            f"readings.{name}.options.{option}"
            for name, reading in readings.items()
            for option in reading.options
        ),
        *(f"rules.{name}" for name in rules),
        *(f"qualifications.{name}" for name in qualifications),
        *paths,
        *(f"not_encoded.{name}" for name in not_encoded),
        *facts,
    ]
    return {key: blanks.get(key, frozenset()) for key in keys}


class _Translations:
    """Reads a language's texts when they are first asked for."""

    def __init__(
        self,
        stems: tuple[Path, ...],
        root: Path,
        languages: MappingOf[str, Place],
        keys: MappingOf[str, frozenset[str]],
    ) -> None:
        self.stems, self.root, self.languages, self.keys = stems, root, languages, keys
        self.made: dict[str, MappingOf[str, str]] = {}

    def __call__(self, language: str) -> MappingOf[str, str]:
        if language not in [*self.languages][1:]:
            return {}
        if language not in self.made:
            self.made[language] = self._texts(language)
        return self.made[language]

    def _texts(self, language: str) -> MappingOf[str, str]:
        reading = _TextReader(self.keys)
        for stem in self.stems:
            path = stem.with_name(f"{stem.name}.texts.{language}.yaml")
            reader = RulesetReader(path, self.root)
            if path.is_file():
                tree = reader.attempt(partial(reader.file, path), None)
                reading.problems += reader.problems
                if tree is None:
                    reading.unread = True
                else:
                    reading.places.setdefault("", tree.place)
                    reading.read(tree, "")
        if not reading.places and not reading.unread:
            raise RulesetError(
                Problem(
                    "no-texts",
                    str(self.languages[language]),
                    f"no texts in {language}",
                    f"a file {self.stems[0].name}.texts.{language}.yaml beside the ruleset",
                )
            )
        if not reading.unread:
            reading.note_lacking(language)
        if reading.problems:
            raise RulesetError(reading.problems)
        return reading.texts


class _TextReader:
    """Reads the files of one language, noting what is wrong with their texts."""

    def __init__(self, keys: MappingOf[str, frozenset[str]]) -> None:
        self.keys = keys
        self.texts: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        """Where each text, and each group of texts, stands first."""
        self.problems: list[Problem] = []
        self.unread = False

    def problem(self, code: str, place: Place, found: str, expected: str, mend: str = "") -> None:
        self.problems.append(Problem(code, str(place), found, expected, mend))

    def read(self, node: Mapping, prefix: str) -> None:
        for name, value in node.entries:
            key, place = f"{prefix}{name}", node.place_of(name)
            if isinstance(value, Mapping) and any(known.startswith(f"{key}.") for known in self.keys):
                self.places.setdefault(key, place)
                self.read(value, f"{key}.")
            elif key not in self.keys:
                groups = {known[: len(prefix)] + known[len(prefix) :].split(".")[0] for known in self.keys}
                near = closest(key, groups if isinstance(value, Mapping) else self.keys)
                self.problem("unknown-text", place, f"`{key[:60]}`", "the key of a text of the ruleset", near)
            elif key in self.texts:
                self.problem(
                    "defined-twice",
                    place,
                    f"`{key[:60]}` for the second time",
                    "each text once",
                    f"it stands at {self.places[key]} already",
                )
            elif not (isinstance(value, Scalar) and isinstance(value.value, str) and value.value.strip()):
                self.places.setdefault(key, place)
                self.problem("wrong-type", place, kind_of(value), "a text", "write it, in quotes")
            else:
                self.places.setdefault(key, place)
                self.texts[key] = " ".join(value.value.split())
                self.check_blanks(key, value)

    def check_blanks(self, key: str, value: Scalar) -> None:
        here, wanted = set(BLANK.findall(str(value.value))), self.keys[key]
        for blank in sorted(here - wanted):
            self.problem(
                "blank-not-filled",
                value.place,
                f"the blank <{blank}>, which the ruleset's own text does not have",
                f"the blanks {listed(wanted)}" if wanted else "a text without blanks",
                closest(blank, wanted),
            )
        for blank in sorted(wanted - here):
            self.problem(
                "blank-lacking",
                value.place,
                f"a text without <{blank}>",
                "the blanks of the ruleset's own text",
                f"put <{blank}> where its value should stand",
            )

    def note_lacking(self, language: str) -> None:
        for key in sorted(self.keys):
            if key not in self.places:
                group = key.rpartition(".")[0]
                while group not in self.places:
                    group = group.rpartition(".")[0]
                self.problem(
                    "text-lacking",
                    self.places[group],
                    f"no `{key}` in {language}",
                    "every text in every language",
                    f"add `{key.rpartition('.')[2]}: …`",
                )
