"""A qualification's requirements as a checklist with citations, before any applicant is known."""

from __future__ import annotations

from collections.abc import Iterator

from kutsereeglid.compiling import Compiled, Requirement, group_sentence
from kutsereeglid.conditions import Leaf
from kutsereeglid.rendering.text import Line
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.wording import day_phrase, own_texts, say, words_for, words_of


def checklist(ruleset: Ruleset, compiled: Compiled, language: str | None = None) -> list[Line]:
    """The lines of the checklist; raises `UsageError` for a language that the library does not have."""
    return list(_lines(ruleset, compiled, ruleset.languages[0] if language is None else language))


def _lines(ruleset: Ruleset, compiled: Compiled, language: str) -> Iterator[Line]:
    words = words_of(language)
    texts = {**own_texts(ruleset), **ruleset.translate(language)}
    name = compiled.qualification.name
    yield Line(texts[f"qualifications.{name}"], "title")
    yield Line(words.EXPLAIN["ruleset"].format(ruleset=ruleset.id, version=ruleset.version), "dim")
    for stage in ruleset.stages:
        listed = [one for one in compiled.requirements if one.stage == stage and one.of_path is None]
        yield Line("")
        yield Line(texts[f"stages.{stage}"], "heading")
        if not any(one.required for one in listed):
            yield Line(f"  {words.EXPLAIN['none']}")
        for one in listed:
            yield from _requirement(one, compiled, language, texts)
    paths = compiled.qualification.paths
    if paths:
        yield Line("")
        yield Line(words.EXPLAIN["one_of_paths"], "heading")
    for name, path in paths.items():
        listed = [one for one in compiled.requirements if one.of_path == name]
        yield Line("")
        yield Line(words.EXPLAIN["path"].format(path=texts[path.text]), "heading")
        for stage in ruleset.stages:
            here = [one for one in listed if one.stage == stage]
            if here:
                yield Line(f"  {texts[f'stages.{stage}']}:")
            for one in here:
                yield from _requirement(one, compiled, language, texts)


def _requirement(
    one: Requirement, compiled: Compiled, language: str, texts: dict[str, str]
) -> Iterator[Line]:
    words = words_of(language)
    proposition = compiled.propositions[one.proposition]
    notes = [str(words.KINDS[one.kind])]
    if not one.required:
        notes.insert(0, words.EXPLAIN["advisory"])
    if proposition.due is not None:
        notes.append(words.EXPLAIN["due_rule"].format(day=day_phrase(str(proposition.due), language, texts)))
    if one.curable:
        notes.append(words.EXPLAIN["curable"])
    if one.discretion is not None:
        notes.append(words.EXPLAIN["discretion"].format(who=words_for(one.discretion, language, texts)))
    leaf = proposition.leaf
    title = proposition.title if leaf is None else (leaf.asks(),)
    yield Line(f"  [ ] {say(title, language, texts)} ({'; '.join(notes)})", "requirement")
    yield Line(f"      {one.id}", "dim")
    if leaf is not None:
        yield from _within(leaf, language, texts, "      ")
    yield from _asked(one.proposition, compiled, language, texts, "      ")
    if proposition.citation is not None:
        cited = proposition.citation
        source = cited.source if cited.quote is None else f"{cited.source}: „{cited.quote}“"
        yield Line(f"      {words.EXPLAIN['source'].format(source=source)}", "dim")
        if cited.address is not None:
            yield Line(f"      {cited.address}", "dim")


def _within(leaf: Leaf, language: str, texts: dict[str, str], indent: str) -> Iterator[Line]:
    for depth, part in leaf.asks_within():
        yield Line(f"{indent}{'  ' * depth}· {say((part,), language, texts)}")


def _asked(
    number: int, compiled: Compiled, language: str, texts: dict[str, str], indent: str
) -> Iterator[Line]:
    """What the parts of a proposition ask for, those of other rules under their titles."""
    one = compiled.propositions[number]
    for part in one.group.parts if one.group is not None else ():
        inner = compiled.propositions[part]
        if inner.leaf is not None:
            yield Line(f"{indent}· {say((inner.leaf.asks(),), language, texts)}")
            yield from _within(inner.leaf, language, texts, indent + "  ")
            continue
        if inner.rule is not None and inner.rule is one.rule:
            yield from _asked(part, compiled, language, texts, indent)
            continue
        said = inner.title if inner.rule is not None else group_sentence(inner)
        exempt = f" ({words_of(language).EXPLAIN['not_applies']})" if part == one.exempt else ""
        yield Line(f"{indent}· {say(said, language, texts)}{exempt}")
        yield from _asked(part, compiled, language, texts, indent + "  ")
