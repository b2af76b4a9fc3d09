"""From an author's words to conditions: each head word leads to the reader of its family."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs

from kutsereeglid.applicant import About, Kind
from kutsereeglid.conditions import parsing_cases as cases
from kutsereeglid.conditions import parsing_records as records
from kutsereeglid.conditions import parsing_values as values
from kutsereeglid.conditions.amounts import Amount, exact
from kutsereeglid.conditions.base import Leaf
from kutsereeglid.conditions.comparison import (
    DAY_TESTS,
    NO_CALENDAR,
    NO_DAY,
    NO_FACTS,
    Comparison,
    Fact,
    Test,
)
from kutsereeglid.conditions.days import Announced, OnDay
from kutsereeglid.conditions.items import Listed
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.logic import ALWAYS, NEVER, AtLeast, Condition, DueBy, Not, RuleRef
from kutsereeglid.conditions.parsing_values import (
    COMPARISONS,
    LOWER,
    UPPER,
    as_choice,
    at,
    comparison,
    day,
    fact_about,
    hangs,
    limits,
    number,
    of_picked,
    picked,
    round_day,
)
from kutsereeglid.conditions.picks import OfPicked
from kutsereeglid.conditions.scope import Scope, Undecided
from kutsereeglid.conditions.threshold import Threshold
from kutsereeglid.dates import Term, Unit
from kutsereeglid.errors import closest, listed
from kutsereeglid.facts import as_written
from kutsereeglid.phrases import FactDay, Offset, Phrase, Window
from kutsereeglid.tree_reader import Unreadable
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of

JUDGES = ("body", "committee", "school")
"""Who may have to say: the awarding body, the assessment committee, the school."""


def parse(node: Node, scope: Scope) -> Condition:
    """The condition in a tree; raises `Unreadable` when it has mistakes, all of them noted."""
    scope.conditions = _condition
    tree, whole = scope.resolved(node)
    condition = _condition(tree, scope)
    if not whole:
        raise Unreadable
    return condition


def due_in_each_case(due: Node, when: Node, unless: Node | None, scope: Scope) -> Condition:
    """What a rule asks for where conditions decide its last day: for each that it may be, that it is this one, and
    that what the rule asks for holds by then."""
    scope.conditions = _condition

    def read() -> Condition:
        by = day(scope.resolve(due), scope)
        asked = parse(when, scope)
        return DueBy(asked if unless is None else AtLeast(2, (asked, Not(_exception(unless, scope)))), by)

    return _in_each_case(read, scope)


def _exception(node: Node, scope: Scope) -> Condition:
    """``unless: COND``, or ``unless: {when: COND, unless: …}``."""
    if not (isinstance(node, Mapping) and node.get("when") is not None):
        return parse(node, scope)
    scope.check_keys(node, ("when", "unless"), "an exception")
    asked, unless = parse(at(node, "when"), scope), node.get("unless")
    return asked if unless is None else AtLeast(2, (asked, Not(_exception(unless, scope))))


def check_definition(name: str, scope: Scope) -> None:
    """Refuses a definition that cannot be read, whether a rule uses it or not."""
    scope.conditions = _condition
    defined = values.decided_by_conditions(Scalar(name, scope.define[name].place), scope)
    if defined is not None:
        cases.cases_of(name, defined, scope, lambda _result: None)
        return

    def read() -> Condition:
        values.check_definition(name, scope)
        return ALWAYS

    _in_each_case(read, scope)


def _condition(node: Node, scope: Scope) -> Condition:
    if isinstance(node, Sequence):
        return _all(node, scope)
    if isinstance(node, Scalar):
        if node.value in ("always", "never"):
            return ALWAYS if node.value == "always" else NEVER
        if not isinstance(node.value, str):
            raise scope.refuse("wrong-type", node.place, kind_of(node), "a condition, or the name of a rule")
        return _reference(scope.text(node, "a condition"), (), node.place, scope)
    heads = [key for key in node.keys() if key in HEADS]
    if len(heads) == 1:
        made = _headed(node, heads[0], scope)
        return attrs.evolve(made, place=node.place) if isinstance(made, (Leaf, AtLeast)) else made
    if len(heads) > 1:
        raise scope.refuse(
            "two-heads",
            node.place_of(heads[1]),
            f"`{heads[0]}` and `{heads[1]}` in one condition",
            "one head word a condition",
            "make it a list with a condition each",
        )
    keys = list(node.keys())
    if len(keys) == 1 and keys[0] in scope.ruleset.propositions:
        fills = node.entries[0][1]
        if not isinstance(fills, Mapping):
            raise scope.refuse("wrong-type", fills.place, kind_of(fills), "blanks to fill, `{blank: value}`")
        check_blanks(fills, scope)
        return _reference(keys[0], fills.entries, node.place, scope)
    mend = next((mend for key in keys if (mend := closest(key, [*HEADS, *scope.ruleset.propositions]))), "")
    raise scope.refuse(
        "no-head",
        node.place,
        f"a condition with {listed(keys) or 'nothing in it'}",
        f"one of the head words ({listed(HEADS, 30)}), or a rule's name",
        mend,
    )


def _headed(node: Mapping, head: str, scope: Scope) -> Condition:
    """A condition by its head word; where it hangs on what conditions decide, made of what it is in each case."""
    return _in_each_case(lambda: HEADS[head](node, scope), scope)


def _in_each_case(read: Callable[[], Condition], scope: Scope) -> Condition:
    try:
        return read()
    except Undecided as hanging:
        return cases.in_each_case(hanging, scope, lambda: _in_each_case(read, scope))


def check_blanks(fills: Mapping, scope: Scope) -> None:
    """Notes every blank that is filled and that no rule has."""
    known = scope.ruleset.blanks
    for blank in fills.keys():
        if blank not in known:
            scope.problem(
                "unknown-blank",
                fills.place_of(blank),
                f"`{blank[:40]}`, a blank that no rule has",
                f"one of {listed(known, 20)}" if known else "no blanks",
                closest(blank, known),
            )


def _reference(name: str, fills: tuple[tuple[str, Node], ...], place: Place, scope: Scope) -> RuleRef:
    known = scope.ruleset.propositions
    if name not in known:
        head, _, other = name.partition(" ")
        negated = f"write `{{not: {other}}}`" if head == "not" and other in known else ""
        raise scope.refuse(
            "unknown-rule",
            place,
            f"`{name[:60]}`",
            "the name of a rule, or a condition",
            negated or closest(name, [*known, *HEADS]) or f"rules here: {listed(known, 20)}",
        )
    return RuleRef(name, fills, place)


def _parts(nodes: tuple[Node, ...], scope: Scope) -> tuple[Condition, ...]:
    """Every part read, so that every mistake is noted, before the first one stops the reading."""
    parts: list[Condition] = []
    failed = False
    for node in nodes:
        try:
            parts.append(_condition(node, scope))
        except Unreadable:
            failed = True
    if failed:
        raise Unreadable
    return tuple(parts)


def _list(node: Node, head: str, scope: Scope) -> tuple[Node, ...]:
    if not isinstance(node, Sequence) or not node.items:
        raise scope.refuse("wrong-type", node.place, kind_of(node), f"a list of conditions after `{head}`")
    return node.items


def _all(node: Node, scope: Scope) -> AtLeast:
    parts = _parts(_list(node, "all", scope), scope)
    return AtLeast(len(parts), parts)


def _all_head(node: Mapping, scope: Scope) -> AtLeast:
    scope.check_keys(node, ["all"], "`all`")
    return _all(at(node, "all"), scope)


def _any(node: Mapping, scope: Scope) -> AtLeast:
    scope.check_keys(node, ["any"], "`any`")
    inner = at(node, "any")
    if isinstance(inner, Mapping) and inner.entries:
        return AtLeast(1, _parts(tuple(value for _, value in inner.entries), scope), tuple(inner.keys()))
    return AtLeast(1, _parts(_list(inner, "any", scope), scope))


def _of(node: Mapping, scope: Scope) -> AtLeast:
    scope.check_keys(node, ["of", "at_least"], "`of`", ["at_least"])
    parts = _parts(_list(at(node, "of"), "of", scope), scope)
    needed_node = node.get("at_least")
    if needed_node is None:
        raise Unreadable
    needed = scope.whole(needed_node, "`at_least`")
    if not 1 <= needed <= len(parts):
        raise scope.refuse(
            "impossible-number",
            needed_node.place,
            f"at least {needed} of {len(parts)}",
            f"a number from 1 to {len(parts)}",
        )
    return AtLeast(needed, parts)


def _not(node: Mapping, scope: Scope) -> Not:
    scope.check_keys(node, ["not"], "`not`")
    return Not(_condition(at(node, "not"), scope))


# Facts and days.


def _fact(node: Mapping, scope: Scope) -> Condition:
    scope.check_keys(node, ["fact", *COMPARISONS], "`fact`")
    path_node = at(node, "fact")
    path = scope.vocabulary.full(scope.text(path_node, "a fact's path"))
    if (of := of_picked(path, path_node.place, scope)) is not None:
        pick, field = of
        found = comparison(node, pick.selection.kind.fields[field], f"{pick.name}.{field}", scope)
        return OfPicked(pick, field, Comparison(tuple(map(as_choice, found.tests))))
    about = fact_about(path, path_node.place, scope)
    if about.kind is Kind.NUMBER and (thresholds := _thresholds(node, path, about, scope)):
        return thresholds[0] if len(thresholds) == 1 else AtLeast(len(thresholds), thresholds)
    found = comparison(node, about, as_written(path), scope)
    if about.kind in (Kind.NUMBER,):
        found = Comparison(tuple(as_choice(test) for test in found.tests))
    if about.kind is Kind.DAY:
        return OnDay("fact", FactDay(path), _without_windows(found), about.happens)
    return Fact(path, about, found)


def _without_windows(found: Comparison) -> Comparison:
    """A window as a first and a last day."""
    tests: list[Test] = []
    for test in found.tests:
        if isinstance(test.operand, Window):
            ends = (("from", test.operand.first), ("by", test.operand.last))
            tests += [Test(word, end) for word, end in ends if end is not None]
        else:
            tests.append(test)
    return Comparison(tuple(tests))


def _thresholds(node: Mapping, path: str, about: About, scope: Scope) -> tuple[Condition, ...]:
    """The comparisons, where one of them is with an amount that other facts decide."""
    what = as_written(path)
    needed = {
        word: operand
        for word, operand in node.entries
        if word in (*LOWER, *UPPER)
        and isinstance(operand, Scalar)
        and isinstance(operand.value, str)
        and hangs(operand.value, scope)
    }
    if not needed:
        return ()
    others = [word for word in node.keys() if word in COMPARISONS and word not in needed]

    def threshold(word: str, needed: Amount) -> Condition:
        return Threshold(path, about, needed, word in ("more_than", "at_most"), positive=word in LOWER)

    made: list[Condition] = [
        cases.compared(
            given,
            word,
            scope,
            lambda one: exact(number(one, about, what, scope)),
            what,
            partial(threshold, word),
        )
        for word, given in needed.items()
    ]
    if others:
        plain = Mapping(tuple(entry for entry in node.entries if entry[0] in others), node.place)
        tests = comparison(plain, about, what, scope).tests
        made.append(Fact(path, about, Comparison(tuple(map(as_choice, tests)))))
    return tuple(made)


_BLANK_VALUES = {str: Kind.TEXT, bool: Kind.YES_NO, int: Kind.NUMBER, float: Kind.NUMBER}


def _blank(node: Mapping, scope: Scope) -> Condition:
    """``blank: <level>, at_least: 6``: what fills a blank, compared; it holds for everybody or for nobody."""
    scope.check_keys(node, ["blank", *COMPARISONS], "`blank`")
    filled = at(node, "blank")
    what = "what fills the blank"
    value: Any
    if isinstance(filled, Sequence):
        about, value = About(Kind.TEXTS), scope.texts(filled, what)
    elif isinstance(filled, Scalar) and type(filled.value) in _BLANK_VALUES:
        about, value = About(_BLANK_VALUES[type(filled.value)]), filled.value
    else:
        raise scope.refuse("wrong-type", filled.place, kind_of(filled), "a text, a number or a list of texts")
    found = Comparison(tuple(as_choice(test) for test in comparison(node, about, what, scope).tests))
    return ALWAYS if found.holds(value, NO_FACTS, NO_DAY, NO_CALENDAR) else NEVER


def _exists(node: Mapping, scope: Scope) -> Leaf:
    scope.check_keys(node, ["exists"], "`exists`")
    name = scope.text(at(node, "exists"), "a defined record, or `round`")
    if name == "round" and scope.ruleset.rounds:
        return Announced(round_day("exam", scope))
    pick = picked(name, scope)
    if pick is None:
        raise scope.refuse(
            "unknown-definition",
            node.place,
            f"`{name[:40]}`",
            "a record that is defined, `define: {name: {latest: …, by: …}}`",
            closest(name, scope.define),
        )
    return OfPicked(pick)


_A_DAY = About(Kind.DAY)


def _day(node: Mapping, scope: Scope) -> OnDay:
    scope.check_keys(node, ["day", *DAY_TESTS], "`day`")
    compared = day(at(node, "day"), scope)
    return OnDay("day", compared, comparison(node, _A_DAY, "a day", scope), _done(compared, scope))


def _done(phrase: Phrase, scope: Scope) -> bool:
    return any(scope.vocabulary.facts[path].happens for path in phrase.paths())


_LENGTHS = {"at_least": "from", "more_than": "after", "at_most": "by", "less_than": "before"}


def _length(node: Mapping, scope: Scope) -> OnDay:
    """``length: {from: DAY, to: DAY}``: the last day compared with a term after the first."""
    scope.check_keys(node, ["length", *_LENGTHS], "`length`")
    ends = at(node, "length")
    if not isinstance(ends, Mapping):
        raise scope.refuse("wrong-type", ends.place, kind_of(ends), "two days, `{from: DAY, to: DAY}`")
    scope.check_keys(ends, ("from", "to"), "`length`", ("from", "to"))
    first, last = ends.get("from"), ends.get("to")
    if first is None or last is None:
        raise Unreadable
    start, end = day(first, scope), day(last, scope)
    tests = [
        Test(
            _LENGTHS[word],
            values.term_from(at(node, word), f"`{word}`", partial(Offset, before=False, base=start), scope),
        )
        for word in limits(node, tuple(_LENGTHS), scope)
    ]
    return OnDay("length", end, Comparison(tuple(tests)), _done(end, scope))


_AGES = {
    "at_least": ("from", 0),
    "more_than": ("from", 1),
    "at_most": ("before", 1),
    "less_than": ("before", 0),
}


def _age_on(node: Mapping, scope: Scope) -> OnDay:
    """``age_on: DAY, at_least: 18 years``: in whole years, each from the birthday on."""
    scope.check_keys(node, ["age_on", *_AGES], "`age_on`")
    on = day(at(node, "age_on"), scope)
    tests = []
    for given in limits(node, tuple(_AGES), scope):
        word, more = _AGES[given]
        birthday = partial(_birthday, more=more, place=at(node, given).place, scope=scope)
        tests.append(Test(word, values.term_from(at(node, given), f"`{given}`", birthday, scope)))
    return OnDay("age_on", on, Comparison(tuple(tests)), _done(on, scope))


def _birthday(age: Term, more: int, place: Place, scope: Scope) -> Offset:
    """The day on which somebody is of an age, or so many years older."""
    if age.unit is not Unit.YEARS:
        raise scope.refuse("bad-term", place, f"`{age}` for an age", "whole years, `18 years`")
    return Offset(Term(age.count + more, Unit.YEARS), False, FactDay("birth_date"))


def _judged(node: Mapping, scope: Scope) -> Judged:
    scope.check_keys(node, ["judged", "by"], "`judged`", ["by"])
    by = node.get("by")
    if by is None:
        raise Unreadable
    return Judged(scope.text(at(node, "judged"), "a question's name"), scope.word(by, "`by`", JUDGES))


def _unlisted(node: Mapping, scope: Scope) -> Listed:
    """A ``for_each`` is read by `Scope.resolved`; here is one whose list the file does not have."""
    return Listed(scope.text(at(node, "for_each"), "a list"))


HEADS: dict[str, Callable[[Mapping, Scope], Condition]] = {
    "all": _all_head,
    "any": _any,
    "of": _of,
    "not": _not,
    "fact": _fact,
    "blank": _blank,
    "exists": _exists,
    "day": _day,
    "age_on": _age_on,
    "length": _length,
    "some": records.some,
    "none": records.none,
    "count": records.count,
    "sum": records.sum_,
    "average": records.average,
    "share": records.share,
    "total": lambda node, scope: records.total(node, scope, _condition),
    "used_once": records.used_once,
    "document": records.document,
    "holds": records.holds,
    "time": records.time,
    "unbroken": records.unbroken,
    "span": records.span,
    "judged": _judged,
    "for_each": _unlisted,
}
