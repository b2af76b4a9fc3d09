"""The ruleset's texts in other languages: what there must be, and the files that they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from functools import partial
from pathlib import Path

from kutsereeglid.errors import RulesetError, closest, listed
from kutsereeglid.loading_files import FileReader
from kutsereeglid.ruleset import BLANK, Reading, Rule
from kutsereeglid.tree_reader import TreeReader
from kutsereeglid.yaml_tree import Mapping, Place, Scalar, kind_of


def text_keys(
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


class Translations:
    """Reads a language's texts when they are first asked for."""

    def __init__(
        self,
        stems: tuple[Path, ...],
        root: Path,
        languages: MappingOf[str, Place],
        keys: MappingOf[str, frozenset[str]],
        files: MappingOf[str, str],
    ) -> None:
        self.stems, self.root, self.languages, self.keys = stems, root, languages, keys
        self.files = files
        """The file in which each key's own text stands, as it is shown."""
        self.made: dict[str, MappingOf[str, str]] = {}

    def __call__(self, language: str) -> MappingOf[str, str]:
        if language not in [*self.languages][1:]:
            return {}
        if language not in self.made:
            self.made[language] = self._texts(language)
        return self.made[language]

    def _texts(self, language: str) -> MappingOf[str, str]:
        reading = _TextReader(self.keys)
        lacking: dict[str, str] = {}
        for stem in self.stems:
            path = stem.with_name(f"{stem.name}.texts.{language}.yaml")
            reader = FileReader(path, self.root)
            own = reader.shown(stem.with_name(f"{stem.name}.yaml"))
            if not path.is_file():
                lacking[own] = path.name
            else:
                tree = reader.attempt(partial(reader.file, path), None)
                reading.problems += reader.problems
                if tree is None:
                    reading.unread = True
                else:
                    reading.tops[own] = tree.place
                    reading.read(tree, "")
        if not reading.unread:
            reading.note_lacking(language, self.files, lacking, self.languages[language])
        if reading.problems:
            raise RulesetError(reading.problems)
        return reading.said


class _TextReader(TreeReader):
    """Reads the files of one language, noting what is wrong with their texts."""

    def __init__(self, keys: MappingOf[str, frozenset[str]]) -> None:
        super().__init__([])
        self.wanted = keys
        self.said: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        """Where each text, and each group of texts, stands first."""
        self.tops: dict[str, Place] = {}
        """The beginning of the texts of each file, by that file's name."""
        self.unread = False

    def read(self, node: Mapping, prefix: str) -> None:
        for name, value in node.entries:
            key, place = f"{prefix}{name}", node.place_of(name)
            if isinstance(value, Mapping) and any(known.startswith(f"{key}.") for known in self.wanted):
                self.places.setdefault(key, place)
                self.read(value, f"{key}.")
            elif key not in self.wanted:
                groups = {known[: len(prefix)] + known[len(prefix) :].split(".")[0] for known in self.wanted}
                near = closest(key, groups if isinstance(value, Mapping) else self.wanted)
                self.problem("unknown-text", place, f"`{key[:60]}`", "the key of a text of the ruleset", near)
            elif key in self.said:
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
                self.said[key] = " ".join(value.value.split())
                self.check_blanks(key, value)

    def check_blanks(self, key: str, value: Scalar) -> None:
        here, wanted = set(BLANK.findall(str(value.value))), self.wanted[key]
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

    def note_lacking(
        self, language: str, files: MappingOf[str, str], without: MappingOf[str, str], named: Place
    ) -> None:
        """Notes the texts that are not there; ``without`` has the files that have no texts in the language,
        each with the name of the file that would have them."""
        for file in dict.fromkeys(files[key] for key in self.wanted if key not in self.places):
            if file in without:
                place = named if named.file == file else Place(file, 1, 1)
                self.problem(
                    "no-texts", place, f"no texts in {language}", f"a file {without[file]} beside {file}"
                )
        for key in sorted(self.wanted):
            if key not in self.places and files[key] in self.tops:
                top = self.tops[files[key]]
                group = key.rpartition(".")[0]
                while group and self.places.get(group, _NOWHERE).file != top.file:
                    group = group.rpartition(".")[0]
                self.problem(
                    "text-lacking",
                    self.places[group] if group else top,
                    f"no `{key}` in {language}",
                    "every text in every language",
                    f"add `{key.rpartition('.')[2]}: …`",
                )


_NOWHERE = Place("", 0, 0)
