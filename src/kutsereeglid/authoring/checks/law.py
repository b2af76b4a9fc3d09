"""What the law says of rules: what they may not ask for, and words and numbers that must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import attrs

from kutsereeglid.authoring.checks.variants import Variant
from kutsereeglid.conditions import Leaf
from kutsereeglid.conditions.chosen import Chosen
from kutsereeglid.conditions.comparison import NO_FACTS, Fact
from kutsereeglid.conditions.days import OnDay
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.measures import Counted
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.selection import Selection
from kutsereeglid.dates import Calendar, CountingBack, MonthEnd, Shift, Term, Unit, shifted, start_of_term
from kutsereeglid.errors import Problem
from kutsereeglid.facts import as_written
from kutsereeglid.phrases import EndOf, Extreme, FixedDay, Offset, Otherwise, Phrase, Today
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.yaml_tree import Mapping, Place

_SCHOOL = re.compile(r"(institution|provider|school|university|kool|koolitaja)", re.IGNORECASE)
_MEMBER = re.compile(r"(?<![^\W_])(member(s|ship)?|liige|liikme[^\W_]*)(?![^\W_])", re.IGNORECASE)
_NAMES = ("is", "includes", "includes_any")


def demands(variant: Variant) -> Iterator[Problem]:
    """A particular school, or a membership, may not be asked for (KutS § 15(4))."""
    for leaf, _ in variant.leaves:
        if not leaf.positive or leaf.place is None:
            continue
        for selection in _selections(leaf):
            for test in selection.tests:
                words = [
                    word
                    for one in test.comparison.tests
                    if one.word in _NAMES
                    for word in _texts(one.operand)
                ]
                if _SCHOOL.fullmatch(test.name) and words:
                    yield _demand("demands-school", leaf.place, f"the {test.name} is to be one that is named")
                elif any(map(_MEMBER.search, words)):
                    yield _demand(
                        "demands-membership", leaf.place, f"the {test.name} says that somebody is a member"
                    )
        if isinstance(leaf, Fact) and _MEMBER.search(as_written(leaf.path)):
            yield _demand("demands-membership", leaf.place, f"`{as_written(leaf.path)}` is asked for")
        if isinstance(leaf, Judged) and _MEMBER.search(leaf.question):
            yield _demand("demands-membership", leaf.place, f"`{leaf.question}` is asked for")


def _demand(code: str, place: Place, found: str) -> Problem:
    expected = (
        "nothing that only one school gives" if code == "demands-school" else "nothing that only members have"
    )
    return Problem(
        code,
        str(place),
        found,
        f"{expected} (KutS § 15(4))",
        "ask for what was learnt or done, wherever it was",
    )


def _texts(operand: Any) -> tuple[str, ...]:
    found = operand if isinstance(operand, tuple) else (operand,)
    return tuple(one for one in found if isinstance(one, str))


def _selections(value: Any) -> Iterator[Selection]:
    """Every selection of records in a condition; what its opposite asks for is left out."""
    if isinstance(value, Selection):
        yield value
    if isinstance(value, Leaf) and not value.positive:
        return
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _selections(item)
    elif attrs.has(type(value)) and not isinstance(value, Phrase):
        for one in attrs.fields(type(value)):
            if one.name != "kind":
                yield from _selections(getattr(value, one.name))


# Readings that nobody named.


def readings_not_named(ruleset: Ruleset, variant: Variant) -> Iterator[Problem]:
    """Terms that end on another day when they are counted in another way that the law leaves open, where the
    ruleset declares no reading for it: months back from an event, and a last day before it that is a day off."""
    counting = ruleset.calendar["counting_back"]
    days_off = ruleset.calendar["terms_on_days_off"]
    before = (
        days_off.get("before")
        if isinstance(days_off, Mapping) and days_off.get("reading") is None
        else days_off
    )
    how = variant.compiled.calendar
    for one in variant.compiled.propositions:
        due = one.rule.due if one.rule is not None else None
        if due is not None and one.due is not None:
            if not _is_switch(counting):
                yield from _counted(one.due, how, due.place)
            if before is not None and not _is_switch(before):
                yield from _moved(one.due, how, due.place)
        if isinstance(one.leaf, OnDay) and one.leaf.place is not None and not _is_switch(counting):
            for phrase in (one.leaf.compared, *(phrase for phrase, _ in one.leaf.comparison.phrases())):
                yield from _counted(phrase, how, one.leaf.place)


def _counted(phrase: Phrase, how: Calendar, place: Place) -> Iterator[Problem]:
    """The terms back from an event in a phrase, as far as the way of counting them makes it another day."""
    for offset, ends in _offsets(phrase):
        if (day := _counted_otherwise(offset.term, ends, how)) is not None:
            yield _not_named(place, str(offset), "months back from an event", f"from {day}", "counting_back")


def _moved(phrase: Phrase, how: Calendar, place: Place) -> Iterator[Problem]:
    """The term at the end of which a phrase lies, if that may be moved off a day off."""
    for one in phrase.parts() if isinstance(phrase, (Extreme, Otherwise, Chosen)) else ():
        yield from _moved(one, how, place)
    if not (isinstance(phrase, Offset) and phrase.before):
        return
    if (day := _moved_otherwise(phrase.term, how)) is not None:
        yield _not_named(place, str(phrase), "a last day that is a day off", f"from {day}", "before")


def _not_named(place: Place, term: str, what: str, witness: str, setting: str) -> Problem:
    return Problem(
        "reading-not-named", str(place),
        f"`{term}`, which hangs on how {what} is taken (it is another day {witness}, say)",
        "a reading, where the law leaves it open",
        f"declare it under `readings`, and write `{setting}: {{reading: …}}`",
    )  # fmt: skip


def _is_switch(node: Any) -> bool:
    return isinstance(node, Mapping) and node.get("reading") is not None


def _offsets(phrase: Phrase, ends: tuple[str, ...] = ()) -> Iterator[tuple[Offset, tuple[str, ...]]]:
    """The terms back from an event, each with the years and months whose end is taken of it."""
    if isinstance(phrase, Offset) and phrase.before:
        yield phrase, ends
    ends = (phrase.unit, *ends) if isinstance(phrase, EndOf) else () if isinstance(phrase, Offset) else ends
    for part in phrase.parts():
        yield from _offsets(part, ends)


_DAYS = [date(2027, 1, 1) + timedelta(days=count) for count in range(2 * 365)]


def _counted_otherwise(term: Term, ends: tuple[str, ...], how: Calendar) -> date | None:
    """The first day from which the term counted back ends on two days, or in two of these years and months."""
    if term.months is None or how.month_end is MonthEnd.REJECT:
        return None
    ways = [attrs.evolve(how, counting_back=way) for way in CountingBack]

    def end(day: date) -> date:
        for unit in ends:
            day = EndOf(unit, FixedDay(day)).day(NO_FACTS, day, how)
        return day

    return next((day for day in _DAYS if len({end(start_of_term(day, term, one)) for one in ways}) > 1), None)


def _moved_otherwise(term: Term, how: Calendar) -> date | None:
    if term.months is not None and how.month_end is MonthEnd.REJECT:
        return None
    for day in _DAYS:
        start = start_of_term(day, term, how)
        if len({shifted(start, shift, how.country) for shift in Shift}) > 1:
            return day
    return None


# Bans that end.


def bans_without_due(variant: Variant) -> Iterator[Problem]:
    """What must not be within a time before the judged day, in a rule without a last day: it is open, never not met."""
    for leaf, due in variant.leaves:
        if due is not None or leaf.place is None or leaf.positive or not isinstance(leaf, Measured):
            continue
        if isinstance(leaf.measure, Counted) and any(map(_names_today, leaf.measure.selection.phrases())):
            yield Problem(
                "ban-without-due", str(leaf.place),
                "what must not be for a time up to the judged day, in a rule without `due`: the answer is `open` until then, "
                "and never `not_met`",
                "a last day by which the time must be over",
                "add `due: application.submitted`, or the day that the ban is about",
            )  # fmt: skip


def _names_today(phrase: Phrase) -> bool:
    return isinstance(phrase, Today) or any(map(_names_today, phrase.parts()))


# Terms that the quoted words do not have.

_UNITS: dict[Unit, re.Pattern[str]] = {
    Unit.DAYS: re.compile(r"days?|päev\w*|д(ень|ня|ней|нём)", re.IGNORECASE),
    Unit.WEEKS: re.compile(r"weeks?|nädal\w*|недел\w*", re.IGNORECASE),
    Unit.MONTHS: re.compile(r"months?|kuu\w*|месяц\w*", re.IGNORECASE),
    Unit.YEARS: re.compile(r"years?|aasta\w*|(год|года|лет)", re.IGNORECASE),
}
_NUMBERS = (
    r"one|ühe|üks|один|одного|одной|одну",
    r"two|kaks|kahe|два|две|двух",
    r"three|kolm|kolme|три|трёх|трех",
    r"four|neli|nelja|четыре|четырёх|четырех",
    r"five|viis|viie|пять|пяти",
    r"six|kuus|kuue|шесть|шести",
    r"seven|seitse|seitsme|семь|семи",
    r"eight|kaheksa|восемь|восьми",
    r"nine|üheksa|девять|девяти",
    r"ten|kümme|kümne|десять|десяти",
    r"eleven|üksteist|üheteist(kümne)?|одиннадцать|одиннадцати",
    r"twelve|kaksteist|kaheteist(kümne)?|двенадцать|двенадцати",
)
"""The words for the numbers from one on."""
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_BETWEEN = re.compile(
    r"last|past|previous|full|whole|calendar|consecutive|viima\w+|eelne\w+|täi\w+|kalendri\w*|järgne\w+|järjesti\w+"
    r"|послед\w+|полн\w+|предыдущ\w+|календарн\w+",
    re.IGNORECASE,
)
"""What may stand between a number and its unit."""


def terms_not_quoted(variant: Variant) -> Iterator[Problem]:
    """Terms of a rule where the words that it quotes have others in the same unit, and not that one."""
    propositions = variant.compiled.propositions
    for one in propositions:
        if one.rule is None or one.group is None or one.citation is None or not one.citation.quote:
            continue
        said = _said(one.citation.quote)
        written = list(_terms_of(propositions, one.group.parts, one.rule))
        counts = {(term.count, term.unit) for term in written}
        for term in dict.fromkeys(written):
            others = {count for count, unit in said if unit is term.unit}
            unused = {count for count in others if (count, term.unit) not in counts}
            if unused and term.count not in others:
                yield Problem(
                    "term-not-quoted", str(one.rule.place),
                    f"{term} in {one.rule.name}, where the quoted words have {', '.join(map(str, sorted(others)))} {term.unit}",
                    "the terms of the words that are quoted", "mend the one or the other",
                )  # fmt: skip


def _said(quote: str) -> set[tuple[int, Unit]]:
    """The numbers of days, weeks, months and years in a text, in figures or in words."""
    words = _WORDS.findall(quote)
    found = set()
    for place, word in enumerate(words):
        if (number := _number(word)) is None:
            continue
        after = words[place + 1 : place + 3]
        if after and _BETWEEN.fullmatch(after[0]):
            after = after[1:]
        found |= {(number, unit) for unit, pattern in _UNITS.items() if after and pattern.fullmatch(after[0])}
    return found


def _number(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    places = (place for place, forms in enumerate(_NUMBERS, 1) if re.fullmatch(forms, word, re.IGNORECASE))
    return next(places, None)


def _terms_of(propositions: Any, parts: Iterable[int], rule: Any) -> Iterator[Term]:
    """The terms of a rule's own conditions and its due day; not those of the rules that it names."""
    for part in parts:
        one = propositions[part]
        if one.rule is not None and one.rule is not rule:
            continue
        yield from _terms_in(one.due)
        if one.leaf is not None:
            yield from _terms_in(one.leaf)
        if one.group is not None:
            yield from _terms_of(propositions, one.group.parts, rule)


def _terms_in(value: Any) -> Iterator[Term]:
    if isinstance(value, EndOf):  # calendar years and months are told apart, not counted
        return
    if isinstance(value, Term):
        yield value
    elif isinstance(value, dict):
        yield from _terms_in(tuple(value.values()))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _terms_in(item)
    elif attrs.has(type(value)) and not isinstance(value, Place):
        for one in attrs.fields(type(value)):
            if one.name not in ("kind", "about", "counting"):
                yield from _terms_in(getattr(value, one.name))
