"""From a YAML file to a `Ruleset`, with the shared files it uses; every mistake is told in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from kutsereeglid.declaring import read_declared
from kutsereeglid.errors import Problem, RulesetError, closest, listed
from kutsereeglid.loading_files import FileReader
from kutsereeglid.loading_rules import RESERVED, RulesReader
from kutsereeglid.loading_sources import read_cites, read_source
from kutsereeglid.loading_texts import Translations, text_keys
from kutsereeglid.phrases import parse_moment
from kutsereeglid.ruleset import Cite, NotEncoded, Reading, Ruleset
from kutsereeglid.tree_reader import Unreadable
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of

_T = TypeVar("_T")

FORMAT = 1
VERSION_FILE = re.compile(r"(\d{4}-\d\d-\d\d)\.yaml")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")

SECTIONS = (
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
COMMON_SECTIONS = ("format", "common", *(SECTIONS[5:]))
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


class RulesetReader(FileReader):
    """Reads one ruleset, noting problems as it goes."""

    def __init__(self, path: Path, root: Path, text: str | None = None) -> None:
        super().__init__(path, root, text)
        self.partial = False
        """Whether a shared file could not be read, so that what seems to be lacking may stand there."""

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
        self.keys(tree, SECTIONS, "a ruleset", ("format", "ruleset", "title", "in_force", "qualifications"))
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
        sources = self._each("sources", partial(read_source, self))
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
        digest = sha256()
        for name, content in sorted(
            [*self.contents.items(), *((self.shown(path), path.read_bytes()) for path in text_files)]
        ):
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
        keys = text_keys(
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
            translate=Translations(
                tuple(self.text_stems), self.root, languages, keys, {key: self._file_of(key) for key in keys}
            ),
        )

    def _file_of(self, key: str) -> str:
        """The file in which a text's own words stand."""
        section, _, rest = key.partition(".")
        if section in self.single:
            return self.single[section].place.file
        entries = self.sections.get("qualifications" if section == "paths" else section, {})
        name = rest
        while name:
            entry = entries.get(name) or entries.get(f"{name}[]")
            if entry is not None:
                return entry[1].file
            name = name.rpartition(".")[0]
        return self.shown(self.path)

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
        self.keys(common, COMMON_SECTIONS, "a shared file", ("format", "common"))
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
            except Unreadable:
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
            self.problem("key-lacking", place, f"the round {name} without `exam`", "`exam: DAY`")
        # A day in place of one that could not be read, so that no more is said of the rules that name it.
        days = {
            key: self.attempt(partial(self._round_day, key, value), date.min)
            for key, value in mapping.entries
        }
        return {"exam": date.min, **days}

    def _round_day(self, key: str, node: Node) -> date:
        """A day of a round, or a moment: ``"2027-01-15 12:00"``."""
        text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
        moment = parse_moment(text) if key != "exam" else None
        return self.day(node, f"`{key}`") if moment is None else moment

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
            raise Unreadable
        return NotEncoded(name, cites[0], why)


def _as_node(value: str | dict[str, str], place: Place) -> Node:
    if isinstance(value, str):
        return Scalar(value, place)
    return Mapping(tuple((key, Scalar(text, place)) for key, text in value.items()), place)
