"""Sources and citations: what is stored of a source, and whether quoted words stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingOf

from kutsereeglid.errors import closest, listed
from kutsereeglid.loading_files import FileReader
from kutsereeglid.ruleset import Cite, Source
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of


def read_source(files: FileReader, name: str, node: Node, place: Place) -> Source:
    """One of the ruleset's sources, with the words that are kept of it."""
    mapping = files.mapping(node, f"the source {name}")
    files.keys(mapping, ("title", "file", "address", "read"), "a source", ("title",))
    file_node, address, read = mapping.get("file"), mapping.get("address"), mapping.get("read")
    unread: tuple[str | None, str | None] = (None, "")
    kept = files.attempt(lambda: _stored(files, file_node), unread)
    if file_node is not None and read is None:
        files.problem(
            "key-lacking",
            mapping.place,
            "a stored source without `read`",
            "the day it was read",
            "add `read: YYYY-MM-DD`",
        )
    return Source(
        name,
        files.attempt(lambda: files.text(mapping.get("title"), "`title`"), ""),
        files.attempt(lambda: files.text(address, "`address`"), None),
        files.attempt(lambda: files.day(read, "`read`"), None),
        kept[1],
        place,
        kept[0],
    )


def _stored(files: FileReader, node: Node | None) -> tuple[str | None, str | None]:
    """Where the source's words are kept, and the words."""
    if node is None:
        return None, None
    path = files.beside(files.text(node, "`file`"), node.place)
    content = path.read_bytes()
    try:
        stored = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise files.refuse(
            "not-text", node.place, "a file that is no UTF-8", "a text in UTF-8", "save the file as UTF-8"
        ) from None
    files.contents[files.shown(path)] = content
    return files.shown(path), stored


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
