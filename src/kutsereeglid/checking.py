"""Checks of a whole ruleset: every rule under every reading, and every sentence of its sources."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress

from kutsereeglid.compiling import Compiler
from kutsereeglid.conditions import Unreadable
from kutsereeglid.errors import Problem
from kutsereeglid.loading_rules import texts_in
from kutsereeglid.loading_sources import squeezed
from kutsereeglid.ruleset import Cite, Qualification, Ruleset


def check(ruleset: Ruleset, told: Collection[Problem] = ()) -> list[Problem]:
    """Every mistake that shows when the ruleset's rules are read with blanks filled, under each
    declared reading, and every sentence of a stored source that nobody quotes.

    ``told`` are the mistakes known already: with some, the ruleset may be read in part only.
    """
    problems: list[Problem] = []
    cites: list[Cite] = []
    rules_used: set[str] = set()
    for qualification in ruleset.qualifications.values():
        for readings in _each_alone(ruleset):
            compiler = Compiler(ruleset, qualification, readings)
            with suppress(Unreadable):
                compiler.compiled()
            compiler.check_settings()
            compiler.check_definitions()
            for name, fills in compiler.failed:
                for rule in ruleset.propositions[name]:
                    compiler.read_apart(rule, compiler.scope_with(fills, set()))
            problems += compiler.problems
            cites += compiler.cites
            rules_used |= compiler.reached
    for rule in ruleset.rules.values():
        if rule.concludes not in rules_used:
            compiler = Compiler(ruleset, Qualification("", "", {}, {}, {}, {}, (), rule.place), {})
            scope = compiler.scope_with({}, set())
            scope.open_blanks = True
            compiler.read_apart(rule, scope)
            problems += compiler.problems
    problems += _unquoted(ruleset, cites, all_words=bool(told or problems))
    return list(dict.fromkeys(problems))


def _each_alone(ruleset: Ruleset) -> Iterator[dict[str, str]]:
    yield {}
    for name, reading in ruleset.readings.items():
        for option in reading.options:
            if option != reading.taken:
                yield {name: option}


_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a stored source with their line numbers; each line stands alone.

    >>> list(sentences("One. Two!\\n\\n • Three"))
    [(1, 'One.'), (1, 'Two!'), (3, 'Three')]
    """
    for number, line in enumerate(text.splitlines(), 1):
        for sentence in _SENTENCE.split(line.strip().lstrip("•-* \t").strip()):
            if sentence:
                yield number, squeezed(sentence)


def _unquoted(ruleset: Ruleset, cites: list[Cite], *, all_words: bool) -> Iterator[Problem]:
    """The sentences that nobody quotes; with ``all_words``, what rules that could not be read may quote
    counts as quoted."""
    quoted: dict[str, set[str]] = {}
    own = [*cites, *(one.cite for one in ruleset.not_encoded)]
    own += [cite for one in ruleset.qualifications.values() for cite in one.says]
    own += [cite for one in ruleset.readings.values() for cite in one.cites]
    for cite in own:
        if cite.quote:
            quoted.setdefault(cite.source, set()).add(squeezed(cite.quote))
    for source in ruleset.sources.values():
        if source.stored is None:
            continue
        words = quoted.get(source.name, set()) | (set(_words_of_rules(ruleset)) if all_words else set())
        for line, sentence in sentences(source.stored):
            if not any(sentence in quote or (quote in sentence and " " in quote) for quote in words):
                yield Problem(
                    "unquoted-sentence",
                    f"{source.file}:{line}:1",
                    "a sentence that no rule quotes",
                    "every sentence quoted by a rule, or listed under `not_encoded`",
                    f"the sentence begins with `{sentence[:40]}`",
                )


def _words_of_rules(ruleset: Ruleset) -> Iterator[str]:
    trees = [rule.says for rule in ruleset.rules.values()]
    parts = [part for one in ruleset.qualifications.values() for part in one.parts]
    trees += [fill for part in parts for fill in part.fills.values()]
    for tree in trees:
        yield from (squeezed(text) for text in texts_in(tree) if text.strip()) if tree is not None else ()
