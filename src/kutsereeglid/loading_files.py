"""The files that a ruleset is made of: reading them, and finding those that it names."""

from __future__ import annotations

import os
from pathlib import Path

from kutsereeglid.errors import Problem, closest
from kutsereeglid.parsed import stored
from kutsereeglid.tree_reader import TreeReader, Unreadable
from kutsereeglid.yaml_tree import Mapping, Place, parse


class FileReader(TreeReader):
    """Reads files of one folder of rulesets, named from the place of one of them."""

    def __init__(self, path: Path, root: Path, text: str | None = None) -> None:
        super().__init__([])
        self.path, self.root, self.text_given = path, root, text
        self.contents: dict[str, bytes] = {}
        """What was read, by the names that are shown."""

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
            raise Unreadable
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
