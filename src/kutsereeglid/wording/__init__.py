"""Sentences in three languages: conditions, statuses, facts, amounts and days, as a person reads them.

A language is a module here with the same names in it; the ruleset's own texts come from the ruleset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from string import Formatter
from types import ModuleType

from kutsereeglid.dates import MonthDay, Term
from kutsereeglid.decision import EITHER, NEGATED, Part
from kutsereeglid.errors import Problem, UsageError, closest, describe, listed
from kutsereeglid.phrases import parse_amount
from kutsereeglid.ruleset import Ruleset

LANGUAGES = ("et", "en", "ru")


@cache
def words_of(language: str) -> ModuleType:
    """The language's module; raises `UsageError` for a language that the library does not have."""
    from importlib import import_module

    if language not in LANGUAGES:
        raise UsageError(
            Problem(
                "unknown-language",
                "lang",
                describe(language),
                f"one of {listed(LANGUAGES)}",
                closest(language, LANGUAGES),
            )
        )
    return import_module(f"kutsereeglid.wording.{language}")


def say(parts: Iterable[Part], language: str, texts: Mapping[str, str]) -> str:
    """The sentence that the parts make; ``texts`` are the ruleset's texts in that language."""
    return "; ".join(_say(part, language, texts) for part in parts)


def _say(part: Part, language: str, texts: Mapping[str, str]) -> str:
    words = words_of(language)
    if "." in part.key:
        text = texts.get(part.key, part.key)
        for blank, value in part.values:
            text = text.replace(f"<{blank}>", amount(value, language))
        return words.NEGATED.format(text) if NEGATED in part.values else text
    template: str = words.SENTENCES[part.key]
    values = dict(part.values)
    if (blanks := _plain_blanks(template)) is not None:
        return template.format(
            **{
                name: _FORMATS.get(name, words_for)(values[name], language, texts) if name in values else ""
                for name in blanks
            }
        )
    compared = [
        words.COMPARED[word].format(_operand(word, operand, language, texts))
        for word, operand in part.values
        if word in words.COMPARED
    ]
    where = _tests(part, language, texts)
    where += [
        words.IN_ONE.format(label(f"{values['records']}.{field}", language, texts))
        for name, field in part.values
        if name == "in one"
    ]
    where += [
        words.CAPPED.format(label(f"{values['records']}.{field}", language, texts), amount(most, language))
        for field, _, most in (value.partition(" ") for name, value in part.values if name == "capped")
    ]
    where += [
        words.CAPPED_EACH[period].format(amount(most, language))
        for period, _, most in (value.partition(" ") for name, value in part.values if name == "capped each")
    ]
    where += [
        words.WITHIN.format(window_phrase(value, language, texts))
        for name, value in part.values
        if name == "within"
    ]
    shown = {name: _FORMATS.get(name, words_for)(value, language, texts) for name, value in values.items()}
    if "field" in values and "records" in values:
        shown["field"] = label(f"{values['records']}.{values['field']}", language, texts)
    shown["compared"] = ", ".join(compared)
    shown["bounds"] = f"; {shown['compared']}" if compared else ""
    shown["of_field"] = f", {shown['field']}" if values.get("field") else ""
    shown["where"] = f" ({'; '.join(where)})" if where else ""
    return template.format(**{**_NOTHING, **shown})


@cache
def _plain_blanks(template: str) -> frozenset[str] | None:
    """The blanks of a sentence, when each of them shows one value as it is."""
    blanks = frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)
    return None if blanks & _MADE else blanks


_MADE = frozenset({"compared", "bounds", "field", "of_field", "where"})
"""Blanks that are made of several values."""


def _tests(part: Part, language: str, texts: Mapping[str, str]) -> list[str]:
    """The tests of a selection; those of which one selection is enough make one item together."""
    records = dict(part.values).get("records", "documents")
    groups: list[list[str]] = [[]]
    for name, operand in part.values:
        if (name, operand) == EITHER:
            groups.append([])
        elif name.startswith("where "):
            groups[-1].append(_where(name.removeprefix("where "), operand, records, language, texts))
    either = [f" {words_of(language).AND} ".join(group) for group in groups[1:] if group]
    return groups[0] + ([f" {words_of(language).OR} ".join(either)] if either else [])


def _where(name: str, operand: str, records: str, language: str, texts: Mapping[str, str]) -> str:
    """A field of the records, and what it is compared with."""
    words = words_of(language)
    field, _, word = name.partition(" ")
    called = label(f"{records}.{field}", language, texts)
    if word in ("is", "includes_any"):
        return f"{called}: {_either(operand, language, texts)}"
    if word == "includes":
        return f"{called}: {_all(operand, language, texts)}"
    if word == "same_as":
        return f"{called}: {label(operand, language, texts)}"
    if word == "within":
        return f"{called} {words.WITHIN.format(window_phrase(operand, language, texts))}"
    compared = words_for if word in _OF_NUMBERS else _either if word == "is_not" else day_phrase
    return f"{called} {words.COMPARED[word].format(compared(operand, language, texts))}"


_OF_NUMBERS = ("at_least", "at_most", "more_than", "less_than")


def _all(operand: str, language: str, texts: Mapping[str, str]) -> str:
    """Several words that are all asked for."""
    *others, last = (words_for(item, language, texts) for item in operand.split(", "))
    return f"{', '.join(others)} {words_of(language).AND} {last}" if others else last


_NOTHING = dict.fromkeys(
    (
        "fact",
        "whole",
        "records",
        "term",
        "day",
        "ranges",
        "months",
        "value",
        "number",
        "needed",
        "parts",
        "question",
        "by",
        "field",
        "part",
        "worth",
    ),
    "",
)


def _operand(word: str, operand: str, language: str, texts: Mapping[str, str]) -> str:
    if word in ("from", "by", "before", "after"):
        return day_phrase(operand, language, texts)
    return _either(operand, language, texts) if word == "is" else words_for(operand, language, texts)


def _either(operand: str, language: str, texts: Mapping[str, str]) -> str:
    """Several words of which one is enough."""
    *others, last = (words_for(item, language, texts) for item in operand.split(", "))
    return f"{', '.join(others)} {words_of(language).OR} {last}" if others else last


def words_for(value: str, language: str, texts: Mapping[str, str]) -> str:
    """Ids (one, or several after commas) as the ruleset words them; days and amounts as read."""
    return ", ".join(
        texts.get(f"words.{item}") or _in_own_unit(item, language, texts) or _plain(item, language)
        for item in value.split(", ")
    )


def _in_own_unit(item: str, language: str, texts: Mapping[str, str]) -> str:
    """An amount in a unit that the ruleset words itself; nothing for anything else."""
    found = parse_amount(item)
    if found is None or found[1] in words_of(language).UNITS:
        return ""
    called = texts.get(f"words.{found[1]}")
    return f"{found[0]} {called}" if called else ""


def _plain(item: str, language: str) -> str:
    words = words_of(language)
    return str(words.VALUES.get(item) or amount(item, language))


def amount(value: str, language: str) -> str:
    """``40 hours`` and ``6 months`` in the language; anything else as it is."""
    words = words_of(language)
    if (term := Term.parse(value)) is not None:
        return f"{term.count} {words.plural(term.count, words.UNITS[str(term.unit)])}"
    if (found := parse_amount(value)) is not None and (forms := words.UNITS.get(found[1])) is not None:
        return f"{found[0]} {words.plural(found[0], forms)}"
    return day(value, language)


def label(path: str, language: str, texts: Mapping[str, str]) -> str:
    """What a fact, a list of records or a field is called."""
    labels: Mapping[str, str] = words_of(language).LABELS
    last = path.rpartition(".")[2]
    said = texts.get(f"facts.{path.removeprefix('facts.')}") or labels.get(path)
    above = path.rpartition(".")[0]
    holder = texts.get(f"words.{above}") or (above if above and not _in_file(above, language) else "")
    said = said or texts.get(f"words.{last}") or labels.get(last) or last
    return f"{holder}, {said}" if holder else said


@lru_cache(maxsize=1_000)
def _in_file(holder: str, language: str) -> bool:
    """Whether fields are named that stand in the file, not in a record that the ruleset defines by a name."""
    first = holder.partition(".")[0]
    labels: Mapping[str, str] = words_of(language).LABELS
    return first == "facts" or any(path == first or path.startswith(f"{first}.") for path in labels)


@lru_cache(maxsize=10_000)
def day(value: str, language: str) -> str:
    """An ISO day as the language writes it; anything else as it is."""
    alone, _, clock = value.partition(" ")
    try:
        said = str(words_of(language).day(date.fromisoformat(alone)))
    except ValueError:
        return value
    return f"{said} {clock}" if clock else said


def day_phrase(value: str, language: str, texts: Mapping[str, str]) -> str:
    """``2 weeks before exam.date`` in the language."""
    words = words_of(language)
    if (yearly := _RECURRING.fullmatch(value)) is not None:
        days = f" {words.OR} ".join(_month_day(one, language) for one in yearly["days"].split(", "))
        base = day_phrase(yearly["base"], language, texts)
        return str(words.RECURRING[yearly["side"]].format(days=days, day=base))
    for side in ("before", "after"):
        term, found, base = value.partition(f" {side} ")
        if found and (Term.parse(term) is not None or _NAME.fullmatch(term)):
            said, counted = day_phrase(base, language, texts), words_for(term, language, texts)
            return str(words.OFFSET[side].format(term=counted, day=said))
    for unit in ("year", "month"):
        if value.startswith(f"end of {unit} of "):
            base = value.removeprefix(f"end of {unit} of ")
            return str(words.END_OF[unit].format(day_phrase(base, language, texts)))
    for which in ("later", "earlier"):
        one, found, other = value.removeprefix(f"{which} of ").partition(" and ")
        if value.startswith(f"{which} of ") and found:
            return str(
                words.EXTREME[which].format(
                    day_phrase(one, language, texts), day_phrase(other, language, texts)
                )
            )
    first, found, other = value.partition(" or ")
    if found:
        return str(
            words.OTHERWISE.format(day_phrase(first, language, texts), day_phrase(other, language, texts))
        )
    if value == "today":
        return str(words.TODAY)
    return day(value, language) if value[:1].isdigit() else label(value, language, texts)


_RECURRING = re.compile(
    r"(?:next|last) (?P<days>\d+ \w+(?:, \d+ \w+)*) (?P<side>from|after|by|before) (?P<base>.+)"
)


def _month_day(value: str, language: str) -> str:
    found = MonthDay.parse(value)
    assert found is not None
    return str(words_of(language).month_day(found))


_NAME = re.compile(r"[A-Za-z][\w-]*")
"""A term by its name."""


def window_phrase(value: str, language: str, texts: Mapping[str, str]) -> str:
    """``5 years before exam.date`` or ``from 2026-01-01 to today`` in the language."""
    first, found, last = value.partition("from ")[2].partition(" to ")
    ends = [("from", first)] if first else []
    ends += [("to", last if found else value.removeprefix("to "))] if found or value.startswith("to ") else []
    bounds = words_of(language).BOUNDS
    said = " ".join(bounds[side].format(day_phrase(end, language, texts)) for side, end in ends)
    return said or day_phrase(value, language, texts)


def _ranges(value: str, language: str, _texts: Mapping[str, str]) -> str:
    return ", ".join("–".join(day(end, language) for end in run.split("–")) for run in value.split(", "))


def _parts(value: str, language: str, texts: Mapping[str, str]) -> str:
    """``courses 18, talks 2``: named parts, each with an amount or without."""
    said = []
    for item in value.split(", "):
        name, _, number = item.rpartition(" ")
        said.append(
            f"{words_for(name, language, texts)} {number}" if name else words_for(item, language, texts)
        )
    return ", ".join(said)


def _worth(value: str, language: str, texts: Mapping[str, str]) -> str:
    """``3 points per full year``, said after what it is given for."""
    words = words_of(language)
    given, found, each = value.partition(" per ")
    counted = each.removeprefix("full ")
    said = words.EACH_ONE
    if found:
        said = words_for(counted if counted[0].isdigit() else f"1 {counted}", language, texts)
    if counted != each:
        said = words.FULL.format(said)
    return f"; {words.WORTH.format(each=said, amount=words_for(given, language, texts))}"


_FORMATS: dict[str, Callable[[str, str, Mapping[str, str]], str]] = {
    "fact": lambda value, language, texts: label(value, language, texts),
    "field": lambda value, language, texts: label(value, language, texts),
    "records": lambda value, language, texts: label(value, language, texts),
    "weight": lambda value, language, texts: label(value, language, texts),
    "months": lambda value, language, _: value.replace(".", words_of(language).DECIMAL),
    "term": lambda value, language, texts: words_for(value, language, texts),
    "day": lambda value, language, _: day(value, language),
    "whole": lambda value, language, texts: day_phrase(value, language, texts),
    "ranges": _ranges,
    "window": lambda value, language, texts: window_phrase(value, language, texts),
    "parts": _parts,
    "worth": _worth,
    "path": lambda value, _, texts: texts.get(value, value),
    "question": lambda value, language, texts: (
        texts.get(f"readings.{value}.about") or words_for(value, language, texts)
    ),
}


def own_texts(ruleset: Ruleset) -> dict[str, str]:
    """The ruleset's texts in its first language, by the keys that its translations have."""
    made = {"title": ruleset.title}
    if ruleset.late is not None:
        made["late"] = ruleset.late
    made.update({f"stages.{name}": text for name, text in ruleset.stages.items()})
    made.update({f"words.{name}": text for name, text in ruleset.words.items()})
    made.update({f"rules.{name}": rule.title for name, rule in ruleset.rules.items()})
    made.update({f"qualifications.{name}": one.title for name, one in ruleset.qualifications.items()})
    paths = [path for one in ruleset.qualifications.values() for path in one.paths.values()]
    made.update({path.text: path.title for path in paths})
    made.update(ruleset.fact_texts)
    made.update({f"not_encoded.{one.name}": one.why for one in ruleset.not_encoded})
    for name, reading in ruleset.readings.items():
        made[f"readings.{name}.about"] = reading.about
        made.update({f"readings.{name}.options.{option}": text for option, text in reading.options.items()})
    return made
