"""A qualification's requirements as a checklist with citations, before any applicant is known."""

from __future__ import annotations

from collections.abc import Iterator

from kutsereeglid.compiling import Compiled, Requirement
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
        listed = [one for one in compiled.requirements if one.stage == stage]
        yield Line("")
        yield Line(texts[f"stages.{stage}"], "heading")
        if not any(one.required for one in listed):
            yield Line(f"  {words.EXPLAIN['none']}")
        for one in listed:
            yield from _requirement(one, compiled, language, texts)


def _requirement(
    one: Requirement, compiled: Compiled, language: str, texts: dict[str, str]
) -> Iterator[Line]:
    words = words_of(language)
    proposition = compiled.propositions[one.proposition]
    notes = [str(words.KINDS[one.rule.kind])]
    if not one.required:
        notes.insert(0, words.EXPLAIN["advisory"])
    if proposition.due is not None:
        notes.append(words.EXPLAIN["due_rule"].format(day=day_phrase(str(proposition.due), language)))
    if one.rule.curable:
        notes.append(words.EXPLAIN["curable"])
    if one.rule.discretion is not None:
        notes.append(words.EXPLAIN["discretion"].format(who=words_for(one.rule.discretion, language, texts)))
    yield Line(f"  [ ] {say(proposition.title, language, texts)} ({'; '.join(notes)})", "requirement")
    yield Line(f"      {one.id}", "dim")
    if proposition.citation is not None:
        cited = proposition.citation
        source = cited.source if cited.quote is None else f"{cited.source}: „{cited.quote}“"
        yield Line(f"      {words.EXPLAIN['source'].format(source=source)}", "dim")
        if cited.address is not None:
            yield Line(f"      {cited.address}", "dim")
