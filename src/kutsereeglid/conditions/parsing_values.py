"""Reading what conditions are made of: comparisons, amounts, days, windows, selections and definitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

import attrs

from kutsereeglid.applicant import About, Kind, Null
from kutsereeglid.conditions.amounts import Amount, Lookup, Multiple, Row, Table
from kutsereeglid.conditions.chosen import By, ByDay, ByFact, ByPicked, Chosen
from kutsereeglid.conditions.comparison import DAY_TESTS, OR_NONE, Comparison, Rung, SameAs, Test
from kutsereeglid.conditions.picks import Looked, Pick, PickedDay, SamePicked
from kutsereeglid.conditions.scope import Scope, Undecided
from kutsereeglid.conditions.selection import FieldTest, Selection, testable
from kutsereeglid.dates import MonthDay, Term, Unit
from kutsereeglid.errors import closest, listed
from kutsereeglid.facts import RecordType, as_written
from kutsereeglid.phrases import (
    BadPhrase,
    Counted,
    FactDay,
    FixedDay,
    Phrase,
    Reached,
    RoundDay,
    Window,
    parse_amount,
    parse_day,
    parse_window,
    reached,
)
from kutsereeglid.tree_reader import Unreadable
from kutsereeglid.units import UnitError
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of

LOWER = ("at_least", "more_than")
UPPER = ("at_most", "less_than")


def at(node: Mapping, key: str) -> Node:
    """The value of a key that is known to be there."""
    found = node.get(key)
    assert found is not None
    return found


# Days and windows.


class _Days(MappingOf[str, Phrase]):
    """The days that a phrase may name: facts, defined days, days of records picked, a round's days."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.facts = scope.vocabulary.day_paths

    def __getitem__(self, name: str) -> Phrase:
        if name in self.facts:
            return FactDay(self.facts[name])
        found = self._defined(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self.facts or self._defined(name) is not None)

    def __iter__(self) -> Iterator[str]:
        yield from self.facts
        for name, node in self.scope.define.items():
            if _is_day(node) or _is_table_of_days(node):
                yield name
            elif (pick := picked(name, self.scope)) is not None:
                fields = pick.selection.kind.fields
                yield from (f"{name}.{field}" for field, about in fields.items() if about.kind is Kind.DAY)
        for days in self.scope.ruleset.rounds.values():
            yield from (f"round.{day}" for day in days)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _defined(self, name: str) -> Phrase | None:
        first, _, field = name.partition(".")
        rounds = self.scope.ruleset.rounds
        if first == "round" and any(field in days for days in rounds.values()):
            return round_day(field, self.scope)
        node = self.scope.define.get(first)
        if node is not None and not field and _is_day(node):
            with self.scope.within(first, node):
                return day(self.scope.resolve(node), self.scope)
        if not field and (chosen := _by_table(name, name, self.scope, lambda node: day(node, self.scope))):
            return chosen
        pick = picked(first, self.scope) if field else None
        if pick is None or pick.selection.kind.fields.get(field, _NO_FIELD).kind is not Kind.DAY:
            return None
        return PickedDay(pick, field)


def round_day(name: str, scope: Scope) -> RoundDay:
    """A day of the applicant's round."""
    rounds = scope.ruleset.rounds
    return RoundDay(name, tuple((one, days["exam"], days.get(name)) for one, days in rounds.items()))


_NO_FIELD = About(Kind.OPEN)


def day(node: Node, scope: Scope) -> Phrase:
    """A day, in any of the ways that an author may name one."""
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)):
        raise scope.refuse(
            "bad-day", node.place, kind_of(node), "a day", "write `2 weeks before exam.date`, or `2026-06-05`"
        )
    text = scope.text(node, "a day")
    try:
        return parse_day(text, _Days(scope), partial(_defined_term, scope), partial(_yearly, scope))
    except BadPhrase as error:
        raise scope.refuse("bad-day", node.place, error.found, "a day", error.mend) from None


def term_from(node: Node, what: str, counted: Counted, scope: Scope) -> Phrase:
    """What is made of a term, or of each of those of which a table has one."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        with_table = _defined_term(scope, node.value, counted)
        if with_table is not None:
            return with_table
    return counted(scope.term(node, what))


def _defined_term(scope: Scope, name: str, counted: Counted) -> Phrase | None:
    """What is made of the term that the ruleset defines by a name, or of each of those in a table."""
    term = scope.defined_term(name)
    if term is not None:
        return counted(term)
    side = str(counted(_SOME_TERM)).split(maxsplit=2)[2]
    text = f"{name} {side}"
    return _by_table(name, text, scope, lambda node: term_from(node, f"`{name}`", counted, scope))


def _yearly(scope: Scope, name: str) -> tuple[MonthDay, ...] | None:
    """The days that come every year which the ruleset defines by a name: ``{yearly: [1 February, 1 September]}``."""
    node = definition(name, scope)
    days = node.get("yearly") if node is not None else None
    if node is None or days is None:
        return None
    scope.check_keys(node, ("yearly",), f"`{name}`")
    made: list[MonthDay] = []
    for item in days.items if isinstance(days, Sequence) else (days,):
        day = MonthDay.parse(scope.text(item, "a day of every year"))
        if day is None:
            raise scope.refuse(
                "bad-day", item.place, kind_of(item), "a day that every year has, such as `1 February`"
            )
        made.append(day)
    if not made:
        raise scope.refuse(
            "empty-list", days.place, "an empty list", "a day of every year, such as `1 February`"
        )
    return tuple(sorted(set(made)))


_SOME_TERM = Term(1, Unit.YEARS)


def _by_table(name: str, text: str, scope: Scope, read: Callable[[Node], Phrase]) -> Phrase | None:
    """The day that a defined table says; ``read`` reads what a row says. Where conditions decide, the condition
    that is being read is read for each case."""
    node = definition(name, scope)
    if node is None:
        return None
    place = scope.define[name].place
    if decided_by_conditions(Scalar(name, place), scope) is not None:
        raise Undecided(name, place)
    key = node.get("table")
    if key is None or node.get("rows") is None:
        return None
    options: list[Phrase] = []

    def option(result: Node) -> int:
        with scope.within(name, result):
            options.append(read(result))
        return len(options) - 1

    path = scope.vocabulary.full(scope.text(key, "a fact's path"))
    of = of_picked(path, key.place, scope)
    about = of[0].selection.kind.fields[of[1]] if of else fact_about(path, key.place, scope)
    rows = table(name, place, about, scope, option)
    by: By = ByPicked(*of) if of else ByDay(Reached(path)) if about.kind is Kind.DAY else ByFact(path, about)
    return Chosen(text, by, rows, tuple(options))


def _is_table_of_days(node: Node) -> bool:
    """Whether a definition is a table whose rows are days."""
    rows = node.get("rows") if isinstance(node, Mapping) and node.get("table") is not None else None
    return isinstance(rows, Mapping) and any(_is_day(result) for _, result in rows.entries)


def window(node: Node, scope: Scope) -> Window:
    """``5 years before exam.date``, or ``{from: DAY, to: DAY}``."""
    if not isinstance(node, Mapping):
        text = scope.text(node, "a window")
        if (defined := definition(text, scope)) is not None and _is_window(defined):
            with scope.within(text, node):
                return window(defined, scope)
        try:
            return parse_window(text, _Days(scope), partial(_defined_term, scope), partial(_yearly, scope))
        except BadPhrase as error:
            raise scope.refuse("bad-window", node.place, error.found, "a window", error.mend) from None
    scope.check_keys(node, ("from", "to"), "a window")
    ends = {side: node.get(side) for side in ("from", "to")}
    days = {side: day(end, scope) for side, end in ends.items() if end is not None}
    if not days:
        raise scope.refuse("bad-window", node.place, "a window without an end", "`{from: DAY, to: DAY}`")
    first, last = days.get("from"), days.get("to")
    if isinstance(first, FixedDay) and isinstance(last, FixedDay) and first.fixed > last.fixed:
        raise scope.refuse(
            "contradiction", node.place, f"a window from {first} to {last}", "a first day before the last"
        )
    text = " ".join(f"{side} {one}" for side, one in days.items())
    return Window(first and reached(first), last and reached(last), text)


# Definitions.


def definition(name: str, scope: Scope) -> Mapping | None:
    """What the ruleset defines by a name, when that is more than a day."""
    node = scope.define.get(name)
    if node is None or _is_day(node):
        return None
    with scope.within(name, node):
        made = scope.resolve(node)
    return made if isinstance(made, Mapping) else None


def decided_by_conditions(node: Node, scope: Scope) -> Mapping | None:
    """The definition that an amount names, where conditions decide it."""
    if not (isinstance(node, Scalar) and isinstance(node.value, str)):
        return None
    defined = definition(node.value, scope)
    if defined is None:
        return None
    return defined if defined.get("cases") is not None or isinstance(defined.get("table"), Mapping) else None


def names_table(node: Node, scope: Scope) -> Mapping | None:
    """The table by a fact or a measure, or the cases, that a result names."""
    if not (isinstance(node, Scalar) and isinstance(node.value, str) and node.value in scope.define):
        return None
    defined = definition(node.value, scope)
    if defined is None or (defined.get("cases") is None and defined.get("table") is None):
        return None
    return defined


def nested_table(node: Node, scope: Scope) -> Mapping | None:
    """The table that an amount names, where a row of it names another one."""
    defined = names_table(node, scope)
    rows = defined.get("rows") if defined is not None else None
    if defined is None or not isinstance(rows, Mapping):
        return None
    results = [result for _, result in rows.entries]
    if (otherwise := defined.get("otherwise")) is not None:
        results.append(otherwise)
    return defined if any(names_table(one, scope) is not None for one in results) else None


def _is_day(node: Node) -> bool:
    """Whether a definition is a day: a phrase, or a choice of phrases by a reading."""
    return _is_plain(node) and not _is_amount(node)


def _is_window(node: Node) -> bool:
    """Whether a definition is a window: ``{from: DAY, to: DAY}``."""
    return isinstance(node, Mapping) and bool(node.entries) and {*node.keys()} <= {"from", "to"}


def _is_plain(node: Node) -> bool:
    if isinstance(node, Mapping) and node.get("reading") is not None:
        return all(isinstance(value, Scalar) for _, value in node.entries)
    return isinstance(node, Scalar)


def _is_amount(node: Node) -> bool:
    """Whether a definition is an amount or a term: ``6 months``, ``40 hours``, 3, or a choice of these."""
    if isinstance(node, Mapping):
        return all(_is_amount(value) for key, value in node.entries if key != "reading")
    if not isinstance(node, Scalar) or isinstance(node.value, bool):
        return False
    if isinstance(node.value, str):
        return parse_amount(node.value) is not None or _MULTIPLE.fullmatch(node.value) is not None
    return node.value is not None


def plain_definition(name: str, scope: Scope) -> Node | None:
    """What the ruleset defines by a name, when that is one amount or term."""
    node = scope.define.get(name)
    if node is None or not (_is_plain(node) and _is_amount(node)):
        return None
    return scope.resolve(node)


def given_amount(node: Node, scope: Scope) -> Node:
    """The amount itself, where it is written by the name that it is defined by."""
    if not (isinstance(node, Scalar) and isinstance(node.value, str) and node.value in scope.define):
        return node
    plain = plain_definition(node.value, scope)
    if plain is None:
        if names_table(node, scope) is not None:
            raise Undecided(node.value, node.place)
        raise scope.refuse(
            "wrong-type",
            node.place,
            f"`{node.value}`, which hangs on the applicant or is no amount",
            "one amount for everybody",
            "write the amount here",
        )
    return plain


def check_definition(name: str, scope: Scope) -> None:
    """Refuses a definition that cannot be read, whether a rule uses it or not."""
    node = scope.define[name]
    if _is_plain(node):
        if not _is_amount(node):
            day(Scalar(name, node.place), scope)
        return
    if _is_window(node):
        window(scope.resolve(node), scope)
        return
    heads = [head for head in _DEFINED if isinstance(node, Mapping) and node.get(head) is not None]
    if len(heads) != 1 or not isinstance(node, Mapping):
        found = (
            kind_of(node)
            if not isinstance(node, Mapping)
            else f"`{name}` with {listed(node.keys()) or 'nothing'}"
        )
        mend = next((near for key in node.keys() if (near := closest(key, _DEFINED))), "") if isinstance(node, Mapping) else ""  # fmt: skip
        raise scope.refuse(
            "unknown-definition",
            node.place,
            found,
            f"a day, an amount, a window, or one of {listed(_DEFINED)}",
            mend,
        )
    head = heads[0]
    if head == "records":
        records(Scalar(name, node.place), scope)
    elif head == "list":
        scope.check_keys(node, ("list",), f"`{name}`")
        scope.texts(scope.resolve(at(node, "list")), f"`{name}`")
    elif head in _PICKS:
        picked(name, scope)
    elif head == "yearly":
        _yearly(scope, name)
    else:
        scope.check_keys(node, ("table", "rows", "otherwise"), f"`{name}`", ("rows", "otherwise"))
        if (key := node.get("table")) is not None:
            key = scope.resolve(key)
            path = scope.vocabulary.full(scope.text(key, "a fact's path"))
            of = of_picked(path, key.place, scope)
            about = of[0].selection.kind.fields[of[1]] if of else fact_about(path, key.place, scope)
            table(name, node.place, about, scope, lambda _result: None)


def of_picked(path: str, place: Place, scope: Scope) -> tuple[Pick, str] | None:
    """The record that is defined by a name, and its field: ``last-job.kind``."""
    record, _, field = path.partition(".")
    pick = picked(record, scope) if field else None
    if pick is None:
        return None
    fields = pick.selection.kind.fields
    if field not in fields:
        raise scope.refuse(
            "unknown-field",
            place,
            f"`{field[:40]}`",
            f"a field of {as_written(pick.selection.kind.path)}",
            closest(field, fields) or f"its fields are {listed(fields, 20)}",
        )
    return pick, field


_PICKS = {"latest": True, "earliest": False, "highest": True, "lowest": False}
_DEFINED = ("rows", "records", "list", "yearly", *_PICKS)


def picked(name: str, scope: Scope) -> Pick | None:
    """The record that a ruleset defines by a name: ``last-job: {latest: employments, by: end}``."""
    node = definition(name, scope)
    word = next((word for word in _PICKS if node is not None and node.get(word) is not None), None)
    if node is None or word is None:
        return None
    scope.check_keys(node, (word, "where", "by"), f"`{name}`", ("by",))
    kind = record_type(at(node, word), scope)
    by = node.get("by")
    if by is None:
        raise Unreadable
    wanted = Kind.DAY if word in ("latest", "earliest") else Kind.NUMBER
    fields = [field for field, about in kind.fields.items() if about.kind is wanted]
    with scope.within(name, node):
        chosen = selection(kind, node.get("where"), scope)
    if chosen.inner:
        raise scope.refuse(
            "inner-list", node.place, f"a test inside {listed(chosen.inner)}", "the record's own fields"
        )
    return Pick(name, chosen, scope.word(by, f"what `{word}` goes by", fields), _PICKS[word])


def records(node: Node, scope: Scope) -> tuple[RecordType, Selection | None]:
    """A list of the file, or one that the ruleset defines: ``it-work: {records: employments, where: …}``."""
    text = scope.text(node, "a list of records")
    defined = definition(text, scope)
    if defined is None or defined.get("records") is None:
        return record_type(node, scope), None
    scope.check_keys(defined, ("records", "where", "where_any"), f"`{text}`")
    kind = record_type(at(defined, "records"), scope)
    with scope.within(text, node):
        return kind, where(kind, defined, scope)


_BAND = re.compile(r"(?:from (?P<first>\S+))?(?: ?\b(?:until|to) (?P<last>\S+))?")


def table(name: str, place: Place, about: About | None, scope: Scope, result: Any) -> Table:
    """The rows of a table; ``result`` reads what a row says."""
    node = definition(name, scope)
    rows_node = node.get("rows") if node is not None else None
    if node is None or not isinstance(rows_node, Mapping):
        raise scope.refuse(
            "no-table",
            place,
            f"`{name[:40]}`",
            "a table that is defined: `define: {name: {table: FACT, rows: {…}}}`",
            closest(name, scope.define),
        )
    scope.check_keys(node, ("table", "rows", "otherwise"), f"`{name}`", ("rows", "otherwise"))
    otherwise = node.get("otherwise")
    if otherwise is None:
        raise Unreadable
    rows = []
    for key, value in rows_node.entries:
        rows.append(_row(key, rows_node.place_of(key), result(value), about, scope))
    return Table(tuple(rows), result(otherwise))


def _row(key: str, place: Place, result: Any, about: About | None, scope: Scope) -> Row:
    band = _BAND.fullmatch(key)
    if band is not None and (band["first"] or band["last"]):
        first, last = (
            _bound_of(text, place, about, scope) if text else None for text in (band["first"], band["last"])
        )
        return Row(result, first=first, last=last)
    return Row(result, values=(_bound_of(key, place, about, scope),))


def _bound_of(text: str, place: Place, about: About | None, scope: Scope) -> Any:
    """A row's value, of the type that the fact has."""
    kind = about.kind if about is not None else Kind.TEXT
    node = Scalar(text, place)
    if kind is Kind.DAY:
        found = day(node, scope)
        if not isinstance(found, FixedDay):
            raise scope.refuse("bad-day", place, f"`{text}` in a table", "a fixed day, such as 2026-01-01")
        return found.fixed
    if kind is Kind.NUMBER:
        try:
            number = float(text)
        except ValueError:
            raise scope.refuse("wrong-type", place, f"`{text[:40]}` in a table", "a number") from None
        return int(number) if number.is_integer() else number
    if kind is Kind.YES_NO:
        return scope.word(node, "a row", ("true", "false")) == "true"
    if about is not None and kind is Kind.CHOICE:
        return scope.word(node, "a row", about.choices)
    return text


_MULTIPLE = re.compile(r"(\d+(?:\.\d+)?) x (\S+)")


def amount(node: Node, scope: Scope, read: Any, what: str) -> Amount:
    """A plain amount, one that a defined table gives, or ``2 x PATH``; ``read`` reads a plain one."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        if (found := _MULTIPLE.fullmatch(node.value)) is not None:
            factor, path = found[1], scope.vocabulary.full(found[2])
            about = fact_about(path, node.place, scope)
            if about.kind is not Kind.NUMBER:
                raise scope.refuse("wrong-type", node.place, f"`{found[2]}`", f"a number for {what}")
            return Multiple(Fraction(factor), path)
        if (plain := plain_definition(node.value, scope)) is not None:
            with scope.within(node.value, node):
                return amount(plain, scope, read, what)
        defined = definition(node.value, scope)
        if defined is not None and defined.get("rows") is not None:
            key = defined.get("table")
            if key is None:
                raise scope.refuse(
                    "no-table", node.place, f"`{node.value}`, a table without a fact", "`table: FACT` in it"
                )
            path = scope.vocabulary.full(scope.text(key, "a fact's path"))
            if (of := of_picked(path, key.place, scope)) is not None:
                pick, field = of
                about = pick.selection.kind.fields[field]
                rows = table(node.value, node.place, about, scope, read)
                return Looked(node.value, rows, pick, field)
            about = fact_about(path, key.place, scope)
            return Lookup(node.value, table(node.value, node.place, about, scope, read), path, about)
    return Amount(read(node))


def hangs(text: str, scope: Scope) -> bool:
    """Whether an amount that is written so is a multiple, or defined by a name."""
    return _MULTIPLE.fullmatch(text) is not None or text in scope.define


def fact_about(path: str, place: Place, scope: Scope) -> About:
    """What is known of a fact of the file."""
    about = scope.vocabulary.facts.get(path)
    if about is None and scope.vocabulary.is_unread(path):
        raise Unreadable
    if about is None:
        known = list(map(as_written, scope.vocabulary.facts))
        mend = closest(as_written(path), [*known, *scope.define]) or f"facts are {listed(known, 20)}"
        if path in scope.vocabulary.records:
            mend = "it is a list of records: use `some`, `count` or `time`"
        raise scope.refuse(
            "unknown-fact", place, f"`{as_written(path)[:60]}`", "a fact of the applicant's file", mend
        )
    return about


# Comparisons.

_ALIKE = (Kind.TEXT, Kind.CHOICE)

_WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("is", "is_not"),
    Kind.CHOICE: ("is", "is_not"),
    Kind.YES_NO: ("is",),
    Kind.TEXTS: ("includes", "includes_any"),
    Kind.NUMBER: ("at_least", "at_most", "more_than", "less_than", "is", "is_not"),
    Kind.DAY: (*DAY_TESTS, "within"),
}


def _words(about: About) -> tuple[str, ...]:
    more = _WORDS[Kind.TEXTS] if about.several else _WORDS[Kind.NUMBER][:4] if about.ordered else ()
    return (*_WORDS[about.kind], *more)


COMPARISONS = (*dict.fromkeys(word for words in _WORDS.values() for word in words), OR_NONE)


def comparison(node: Mapping, about: About, what: str, scope: Scope) -> Comparison:
    """The comparisons in a condition or in a test of a field."""
    tests = []
    failed = False
    for word, operand in node.entries:
        if word not in COMPARISONS:
            continue
        if word == OR_NONE:
            failed |= not _or_none(node, operand, about, what, scope)
            tests.append(Test(OR_NONE, True))
            continue
        if word not in _words(about):
            scope.problem(
                "wrong-comparison",
                node.place_of(word),
                f"`{word}` for {what}, which is {about.kind.value}",
                f"one of {listed(_words(about))}",
            )
            failed = True
            continue
        try:
            compared = operand_of(word, operand, about, what, scope)
            if about.ordered and word not in ("is", "is_not"):
                compared = _rung(compared, operand, about, what, scope)
            tests.append(Test(word, compared))
        except Unreadable:
            failed = True
    if all(test.word == OR_NONE for test in tests) and not failed:
        scope.problem(
            "comparison-lacking",
            node.place,
            f"{what} without a comparison",
            f"one of {listed(_words(about))}",
        )
        failed = True
    if not failed and (found := _contradiction(tests)):
        scope.problem(
            "contradiction", node.place, f"{found} for {what}, which nothing passes", "tests that agree"
        )
        failed = True
    if failed:
        raise Unreadable
    return Comparison(tuple(tests))


def _or_none(node: Mapping, operand: Node, about: About, what: str, scope: Scope) -> bool:
    """Notes ``or_none`` where there is always a value, or one that is only not there yet."""
    if not (isinstance(operand, Scalar) and operand.value is True):
        scope.problem("wrong-type", operand.place, kind_of(operand), "`or_none: true`")
        return False
    ahead = about.null is Null.AHEAD and about.kind is Kind.DAY
    if about.null in (Null.NOT_KNOWN, Null.ONGOING) or ahead:
        scope.problem(
            "wrong-comparison",
            node.place_of(OR_NONE),
            f"`or_none` for {what}, which is never none",
            "a fact or field whose `null` means none, such as valid_to",
            "declare it with `or_none: true`, or leave it out here",
        )
        return False
    return True


def _rung(words: tuple[str, ...], node: Node, about: About, what: str, scope: Scope) -> Rung:
    if len(words) != 1:
        raise scope.refuse("wrong-type", node.place, kind_of(node), f"one word of the scale for {what}")
    return Rung(words[0], about.choices)


_LOWEST = {"at_least": 0, "from": 0, "more_than": 1, "after": 1}
_HIGHEST = {"at_most": 0, "by": 0, "less_than": 1, "before": 1}


def _contradiction(tests: list[Test]) -> str:
    """The two tests that no value passes both, or nothing; for numbers and fixed days."""
    for low in tests:
        for high in tests:
            if low.word not in _LOWEST or high.word not in _HIGHEST:
                continue
            bounds = [_bound(test.operand) for test in (low, high)]
            if None in bounds:
                continue
            strict = _LOWEST[low.word] or _HIGHEST[high.word]
            if bounds[0] > bounds[1] or (strict and bounds[0] == bounds[1]):
                return f"`{low.word}` and `{high.word}`"
    return ""


def _bound(operand: Any) -> Any:
    if isinstance(operand, FixedDay):
        return operand.fixed.toordinal()
    if isinstance(operand, Rung):
        return operand.rank
    return operand if isinstance(operand, (int, float, Fraction)) else None


def operand_of(word: str, node: Node, about: About, what: str, scope: Scope) -> Any:
    """What a value is compared with."""
    kind = about.kind
    if word == "within":
        return window(node, scope)
    if isinstance(node, Mapping) and node.get("same_as") is not None:
        scope.check_keys(node, ("same_as",), f"what {what} is compared with")
        path_node = at(node, "same_as")
        path = scope.vocabulary.full(scope.text(path_node, "a fact's path"))
        of = of_picked(path, path_node.place, scope)
        other = of[0].selection.kind.fields[of[1]] if of else fact_about(path, path_node.place, scope)
        if word not in ("is", "is_not") or other.kind not in _ALIKE or kind not in _ALIKE:
            raise scope.refuse(
                "wrong-comparison",
                node.place,
                f"`same_as: {path}` for {what}",
                "`is` or `is_not`, and two texts",
            )
        return SamePicked(path, *of) if of else SameAs(path)
    if kind is Kind.DAY:
        return day(node, scope)
    if kind is Kind.NUMBER:
        items = node.items if isinstance(node, Sequence) else (node,)
        numbers = tuple(number(item, about, what, scope) for item in items)
        return numbers if isinstance(node, Sequence) else numbers[0]
    if kind is Kind.YES_NO:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return (node.value,)
        raise scope.refuse("wrong-type", node.place, kind_of(node), f"true or false for {what}")
    if about.ordered:
        node = _named_rung(node, about, scope)
    values = scope.texts(node, what)
    if about.choices and kind in (Kind.CHOICE, Kind.TEXTS):
        for item, value in zip(node.items if isinstance(node, Sequence) else (node,), values, strict=True):
            if value not in about.choices:
                raise scope.refuse(
                    "unknown-value",
                    item.place,
                    f"`{value[:40]}` for {what}",
                    f"one of {', '.join(about.choices) if about.ordered else listed(about.choices)}",
                    closest(value, about.choices),
                )
    return values


def _named_rung(node: Node, about: About, scope: Scope) -> Node:
    """A word of a scale, also by the name of a table that says which."""
    name = node.value if isinstance(node, Scalar) else None
    if not isinstance(name, str) or name in about.choices or name not in scope.define:
        return node
    if names_table(node, scope) is not None:
        raise Undecided(name, node.place)
    named = scope.resolve(scope.define[name])
    return named if isinstance(named, Scalar) else node


_IN_WORDS = re.compile(r"(at|more|less) (least|most|than) (.+)")


def number(node: Node, about: About, what: str, scope: Scope) -> float | Fraction:
    """A number, with its unit where the fact has one, converted to that; or the name of one, or of a table."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value in scope.define:
        if (plain := plain_definition(node.value, scope)) is not None:
            with scope.within(node.value, node):
                return number(plain, about, what, scope)
        if names_table(node, scope) is not None:
            raise Undecided(node.value, node.place)
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return _possible(node.value, node, about, what, scope)
    given = parse_amount(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    if given is None or about.unit is None:
        scope.refuse_undefined(node, f"a number for {what}, or the name of one")
        expected = f"a number{f' of {about.unit}' if about.unit else ''} for {what}"
        mend = f"write `40 {about.unit}`" if about.unit else "write the number alone"
        if found := _IN_WORDS.fullmatch(str(getattr(node, "value", ""))):
            mend = f"write `{{{found[1]}_{found[2]}: {found[3]}}}`"
        raise scope.refuse("wrong-type", node.place, kind_of(node), expected, mend)
    count, written = given
    if written in (about.unit, about.unit.removesuffix("s")):
        return _possible(count, node, about, what, scope)
    return _possible(_converted(count, written, about.unit, node, what, scope), node, about, what, scope)


def _converted(number: float, written: str, to: str, node: Node, what: str, scope: Scope) -> float | Fraction:
    units = scope.ruleset.units
    unit = units.named(written)
    if unit is None:
        mend = closest(written, units.alike(to)) or f"units are {listed(units)}; declare others under `units`"
        raise scope.refuse("wrong-unit", node.place, f"`{written[:40]}` for {what}", f"`{to}`", mend)
    if {unit, to} & units.unread:
        raise Unreadable
    try:
        found = units.convert(number, unit, to)
    except UnitError:
        raise scope.refuse(
            "wrong-unit",
            node.place,
            f"`{written}` for {what}",
            f"`{to}`, or a unit that can be converted to it",
            f"declare both with one `kind` under `units`, one `of` the other, or write the amount in {to}",
        ) from None
    return int(found) if found.denominator == 1 else found


def _possible(
    number: float | Fraction, node: Node, about: About, what: str, scope: Scope
) -> float | Fraction:
    least, most = about.least, float("inf") if about.most is None else about.most
    if not least <= number <= most or number == float("inf"):
        span = (
            f"a number from {least:g} to {most:g}"
            if about.most is not None
            else f"a number from {least:g} up"
        )
        raise scope.refuse("impossible-number", node.place, f"{kind_of(node)} for {what}", span)
    return number


def as_choice(test: Test) -> Test:
    """One value is a choice of one."""
    if test.word in ("is", "is_not") and not isinstance(test.operand, (tuple, SameAs)):
        return Test(test.word, (test.operand,))
    return test


def limits(node: Mapping, words: tuple[str, ...], scope: Scope) -> list[str]:
    """The comparisons given: one from below and one from above at most."""
    given = [word for word in words if node.get(word) is not None]
    sides = [sum(word in side for word in given) for side in (LOWER, UPPER, ("is",))]
    if not given or max(sides) > 1 or (sides[2] and len(given) > 1):
        raise scope.refuse(
            "comparison-lacking",
            node.place,
            f"{listed(given) if given else 'no comparison'}",
            f"one of {listed(words)}, or a lower and an upper bound",
        )
    return given


# Selections of records.


def record_type(node: Node, scope: Scope) -> RecordType:
    """A list of records in the file."""
    path = scope.vocabulary.full(scope.text(node, "a list of records"))
    kind = scope.vocabulary.records.get(path)
    if kind is None and scope.vocabulary.is_unread(path):
        raise Unreadable
    if kind is None:
        known = list(map(as_written, scope.vocabulary.records))
        raise scope.refuse(
            "unknown-records",
            node.place,
            f"`{as_written(path)[:60]}`",
            "a list of records in the applicant's file",
            closest(path, known) or f"lists are {listed(known, 20)}",
        )
    return kind


def selection(kind: RecordType, tests_node: Node | None, scope: Scope) -> Selection:
    """The records of a list that pass tests of their fields."""
    if tests_node is None:
        return Selection(kind)
    if not isinstance(tests_node, Mapping):
        raise scope.refuse(
            "wrong-type", tests_node.place, kind_of(tests_node), "fields and values, `{field: value}`"
        )
    tests: list[FieldTest] = []
    inner: dict[str, Selection] = {}
    failed = False
    for name, value in tests_node.entries:
        try:
            if name in kind.inner:
                inner[name] = selection(kind.inner[name], value, scope)
            else:
                tests.append(field_test(kind, name, value, tests_node.place_of(name), scope))
        except Unreadable:
            failed = True
    if failed:
        raise Unreadable
    return Selection(kind, tuple(tests), inner)


def field_test(kind: RecordType, name: str, value: Node, place: Place, scope: Scope) -> FieldTest:
    """A test of one field of a record."""
    about = kind.fields.get(name)
    if about is None and scope.vocabulary.is_unread(f"{kind.path}.{name}"):
        raise Unreadable
    if about is None:
        known = [*kind.fields, *kind.inner]
        raise scope.refuse(
            "unknown-field",
            place,
            f"`{name[:40]}`",
            f"a field of {as_written(kind.path)}",
            closest(name, known) or f"its fields are {listed(known, 20)}",
        )
    what = f"{as_written(kind.path)}.{name}"
    if not testable(about):
        raise scope.refuse("wrong-comparison", place, f"a test of {what}", "a field that holds one value")
    units = scope.ruleset.units if about.unit is not None and about.unit_in is not None else None
    if about.kind is Kind.DAY and not isinstance(value, Mapping):
        raise scope.refuse(
            "wrong-type",
            value.place,
            kind_of(value),
            f"a comparison for {what}",
            "write `{by: DAY}` or `{within: WINDOW}`",
        )
    if not isinstance(value, Mapping) or value.get("same_as") is not None:
        of_all = about.kind is Kind.TEXTS or (about.several and isinstance(value, Sequence))
        word = "includes" if of_all else "is"
        operand = operand_of(word, value, about, what, scope)
        return FieldTest(name, Comparison((as_choice(Test(word, operand)),)), units=units)
    judge_node = value.get("judge")
    judge = scope.texts(judge_node, "`judge`") if judge_node is not None else ()
    if judge and kind.verdict is None:
        raise scope.refuse(
            "cannot-judge",
            value.place_of("judge"),
            f"`judge` for {kind.path}",
            "a list whose records hold a judgement (`documents`)",
        )
    scope.check_keys(value, [*COMPARISONS, "judge"], f"a test of {what}")
    found = comparison(value, about, what, scope)
    return FieldTest(name, Comparison(tuple(_in_file(as_choice(test)) for test in found.tests)), judge, units)


def _in_file(test: Test) -> Test:
    """A record's day is compared with days as they stand: the judged day for what is not there yet."""
    return Test(test.word, reached(test.operand)) if isinstance(test.operand, Phrase) else test


def where(kind: RecordType, node: Mapping, scope: Scope) -> Selection:
    """``where`` and ``where_any`` of a condition."""
    made = selection(kind, node.get("where"), scope)
    either = node.get("where_any")
    if either is None:
        return made
    if not isinstance(either, Sequence) or len(either.items) < 2:
        raise scope.refuse("wrong-type", either.place, kind_of(either), "a list of two or more selections")
    return attrs.evolve(made, either=tuple(selection(kind, one, scope) for one in either.items))


def narrowed(outer: Selection | None, made: Selection) -> Selection:
    """A selection within one that is defined."""
    if outer is None:
        return made
    either = made.either or outer.either
    return attrs.evolve(
        made,
        tests=(*outer.tests, *made.tests),
        inner={**outer.inner, **made.inner},
        having={**outer.having, **made.having},
        either=either,
    )


def check_fill(blank: str, kind: Scalar, scope: Scope) -> None:
    """Refuses what fills a blank of a rule and is not of the type that the rule declares."""
    node, what = scope.resolve(Scalar(f"<{blank}>", kind.place)), f"<{blank}>"
    if names_table(node, scope):  # checked where it is defined
        return
    is_number = isinstance(node, Scalar) and type(node.value) in (int, float)
    if kind.value == "text":
        scope.texts(node, what)
    elif kind.value == "duration":
        amount(node, scope, lambda one: scope.term(one, what), what)
    elif kind.value == "day":
        with suppress(Undecided):
            day(node, scope)
    elif not is_number:
        text = node.value if isinstance(node, Scalar) and kind.value == "amount" else None
        if not isinstance(text, str) or parse_amount(text) is None:
            expected = f"a number{' and its unit, such as `40 hours`,' if kind.value == 'amount' else ''}"
            raise scope.refuse("wrong-type", node.place, kind_of(node), f"{expected} for {what}")
