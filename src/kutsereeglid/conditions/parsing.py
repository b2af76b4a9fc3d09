"""From an author's words to conditions: each head word leads to the reader of its family."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs

from kutsereeglid.applicant import About, Kind
from kutsereeglid.conditions.comparison import DAY_TESTS, Comparison, Fact, Rung, Test
from kutsereeglid.conditions.duration import Time
from kutsereeglid.conditions.judgement import Judged
from kutsereeglid.conditions.logic import ALWAYS, NEVER, AtLeast, Condition, Not, RuleRef
from kutsereeglid.conditions.records import Amount, exact
from kutsereeglid.conditions.scope import Scope, Unreadable
from kutsereeglid.conditions.selection import FieldTest, Selection, testable
from kutsereeglid.dates import Unit
from kutsereeglid.errors import closest, listed
from kutsereeglid.facts import RecordType, as_written
from kutsereeglid.phrases import FixedDay, parse_amount
from kutsereeglid.units import UnitError
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of

JUDGES = ("body", "committee", "school")
"""Who may have to say: the awarding body, the assessment committee, the school."""


def parse(node: Node, scope: Scope) -> Condition:
    """The condition in a tree; raises `Unreadable` when it has mistakes, all of them noted."""
    tree, whole = scope.resolved(node)
    condition = _condition(tree, scope)
    if not whole:
        raise Unreadable
    return condition


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
        return HEADS[heads[0]](node, scope)
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
        raise scope.refuse(
            "unknown-rule",
            place,
            f"`{name[:60]}`",
            "the name of a rule, or a condition",
            closest(name, [*known, *HEADS]) or f"rules here: {listed(known, 20)}",
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
    return _all(_at(node, "all"), scope)


def _any(node: Mapping, scope: Scope) -> AtLeast:
    scope.check_keys(node, ["any"], "`any`")
    inner = _at(node, "any")
    if isinstance(inner, Mapping) and inner.entries:
        return AtLeast(1, _parts(tuple(value for _, value in inner.entries), scope), tuple(inner.keys()))
    return AtLeast(1, _parts(_list(inner, "any", scope), scope))


def _of(node: Mapping, scope: Scope) -> AtLeast:
    scope.check_keys(node, ["of", "at_least"], "`of`", ["at_least"])
    parts = _parts(_list(_at(node, "of"), "of", scope), scope)
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
    return Not(_condition(_at(node, "not"), scope))


def _at(node: Mapping, key: str) -> Node:
    found = node.get(key)
    assert found is not None
    return found


# Comparisons.

_WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("is", "is_not"),
    Kind.CHOICE: ("is", "is_not"),
    Kind.YES_NO: ("is",),
    Kind.TEXTS: ("includes", "includes_any"),
    Kind.NUMBER: ("at_least", "at_most", "more_than", "less_than", "is", "is_not"),
    Kind.DAY: DAY_TESTS,
}


def _words(about: About) -> tuple[str, ...]:
    more = _WORDS[Kind.TEXTS] if about.several else _WORDS[Kind.NUMBER][:4] if about.ordered else ()
    return (*_WORDS[about.kind], *more)


COMPARISONS = tuple(dict.fromkeys(word for words in _WORDS.values() for word in words))


def _comparison(node: Mapping, about: About, what: str, scope: Scope) -> Comparison:
    tests = []
    failed = False
    for word, operand in node.entries:
        if word not in COMPARISONS:
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
            found = _operand(operand, about, what, scope)
            tests.append(
                Test(
                    word,
                    _rung(found, operand, about, what, scope)
                    if about.ordered and word not in ("is", "is_not")
                    else found,
                )
            )
        except Unreadable:
            failed = True
    if not tests and not failed:
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


def _operand(node: Node, about: About, what: str, scope: Scope) -> Any:
    kind = about.kind
    if kind is Kind.DAY:
        return scope.day(node)
    if kind is Kind.NUMBER:
        items = node.items if isinstance(node, Sequence) else (node,)
        numbers = tuple(_amount(item, about, what, scope) for item in items)
        return numbers if isinstance(node, Sequence) else numbers[0]
    if kind is Kind.YES_NO:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return (node.value,)
        raise scope.refuse("wrong-type", node.place, kind_of(node), f"true or false for {what}")
    values = scope.texts(node, what)
    if kind is Kind.CHOICE:
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


def _amount(node: Node, about: About, what: str, scope: Scope) -> float | Fraction:
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return _possible(node.value, node, about, what, scope)
    amount = parse_amount(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    if amount is None or about.unit is None:
        expected = f"a number{f' of {about.unit}' if about.unit else ''} for {what}"
        mend = f"write `40 {about.unit}`" if about.unit else "write the number alone"
        raise scope.refuse("wrong-type", node.place, kind_of(node), expected, mend)
    number, written = amount
    if written in (about.unit, about.unit.removesuffix("s")):
        return _possible(number, node, about, what, scope)
    return _possible(_converted(number, written, about.unit, node, what, scope), node, about, what, scope)


def _converted(number: float, written: str, to: str, node: Node, what: str, scope: Scope) -> float | Fraction:
    units = scope.ruleset.units
    unit = units.named(written)
    if unit is None:
        mend = closest(written, units) or f"units are {listed(units)}"
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


def _fact(node: Mapping, scope: Scope) -> Fact:
    scope.check_keys(node, ["fact", *COMPARISONS], "`fact`")
    path_node = _at(node, "fact")
    path = scope.vocabulary.full(scope.text(path_node, "a fact's path"))
    about = scope.vocabulary.facts.get(path)
    if about is None and scope.vocabulary.is_unread(path):
        raise Unreadable
    if about is None:
        known = list(map(as_written, scope.vocabulary.facts))
        mend = closest(path, known) or f"facts are {listed(known, 20)}"
        if path in scope.vocabulary.records:
            mend = "it is a list of records: use `some`, `count` or `time`"
        raise scope.refuse(
            "unknown-fact",
            path_node.place,
            f"`{as_written(path)[:60]}`",
            "a fact of the applicant's file",
            mend,
        )
    comparison = _comparison(node, about, as_written(path), scope)
    if about.kind in (Kind.NUMBER,):
        comparison = Comparison(tuple(_as_choice(test) for test in comparison.tests))
    return Fact(path, about, comparison)


def _as_choice(test: Test) -> Test:
    if test.word in ("is", "is_not") and not isinstance(test.operand, tuple):
        return Test(test.word, (test.operand,))
    return test


# Selections of records.


def _record_type(node: Node, scope: Scope) -> RecordType:
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


def _selection(kind: RecordType, where: Node | None, scope: Scope) -> Selection:
    if where is None:
        return Selection(kind)
    if not isinstance(where, Mapping):
        raise scope.refuse("wrong-type", where.place, kind_of(where), "fields and values, `{field: value}`")
    tests: list[FieldTest] = []
    inner: dict[str, Selection] = {}
    failed = False
    for name, value in where.entries:
        try:
            if name in kind.inner:
                inner[name] = _selection(kind.inner[name], value, scope)
            else:
                tests.append(_field_test(kind, name, value, where.place_of(name), scope))
        except Unreadable:
            failed = True
    if failed:
        raise Unreadable
    return Selection(kind, tuple(tests), inner)


def _field_test(kind: RecordType, name: str, value: Node, place: Place, scope: Scope) -> FieldTest:
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
        raise scope.refuse("wrong-comparison", place, f"a test of {what}, a day", "a field that is no day")
    if not isinstance(value, Mapping):
        word = "includes" if about.kind is Kind.TEXTS else "is"
        operand = _operand(value, about, what, scope)
        return FieldTest(name, Comparison((_as_choice(Test(word, operand)),)))
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
    comparison = _comparison(value, about, what, scope)
    return FieldTest(name, Comparison(tuple(map(_as_choice, comparison.tests))), judge)


def _counted(node: Mapping, path: Node, kind: RecordType, scope: Scope) -> Selection:
    """The records that a measure looks at: those of a list that pass ``where``, dated ``within``."""
    outer = kind.path.rpartition(".")[0]
    if outer in scope.vocabulary.records:
        raise scope.refuse(
            "inner-list",
            path.place,
            f"`{kind.path}`, a list inside each of the {outer}",
            f"a list of its own, such as {outer}",
            "how long such records last can be asked with `time`",
        )
    selection = _selection(kind, node.get("where"), scope)
    if selection.inner:
        raise scope.refuse(
            "inner-list",
            node.place,
            f"a test inside {listed(selection.inner)}",
            "tests of the record's own fields",
        )
    return _within(node, selection, scope)


def _within(node: Mapping, selection: Selection, scope: Scope) -> Selection:
    window = node.get("within")
    return selection if window is None else attrs.evolve(selection, window=scope.window(window))


def _records_at(node: Mapping, head: str, scope: Scope) -> Selection:
    path = _at(node, head)
    return _counted(node, path, _record_type(path, scope), scope)


def _some(node: Mapping, scope: Scope) -> Amount:
    scope.check_keys(node, ["some", "where", "within"], "`some`")
    return Amount("some", _records_at(node, "some", scope))


def _none(node: Mapping, scope: Scope) -> Amount:
    scope.check_keys(node, ["none", "where", "within"], "`none`")
    return Amount("some", _records_at(node, "none", scope), positive=False)


_LOWER = ("at_least", "more_than")
_UPPER = ("at_most", "less_than")


def _limits(node: Mapping, words: tuple[str, ...], scope: Scope) -> list[str]:
    """The comparisons given: one from below and one from above at most."""
    given = [word for word in words if node.get(word) is not None]
    sides = [sum(word in side for word in given) for side in (_LOWER, _UPPER, ("is",))]
    if not given or max(sides) > 1 or (sides[2] and len(given) > 1):
        raise scope.refuse(
            "comparison-lacking",
            node.place,
            f"{listed(given) if given else 'no comparison'}",
            f"one of {listed(words)}, or a lower and an upper bound",
        )
    return given


def _count(node: Mapping, scope: Scope) -> Condition:
    words = (*_LOWER, *_UPPER, "is")
    scope.check_keys(node, ["count", "where", "within", *words], "`count`")
    selection = _records_at(node, "count", scope)
    parts: list[Condition] = []
    for word in _limits(node, words, scope):
        number = scope.whole(_at(node, word), "a count")
        least = 1 if word in ("at_least", "less_than") else 0
        if number < least:
            raise scope.refuse(
                "impossible-number",
                _at(node, word).place,
                f"`{word}: {number}` for a count",
                f"{least} or more",
                "use `none` where there may be no such record" if word == "less_than" else "",
            )
        needed = number + 1 if word in ("more_than", "at_most") else number
        if word != "is":
            parts.append(Amount("count", selection, Fraction(needed), positive=word in _LOWER))
            continue
        if number > 0:
            parts.append(Amount("count", selection, Fraction(number)))
        parts.append(Amount("count", selection, Fraction(number + 1), positive=False))
    return _agreeing(parts, node, scope)


def _sum(node: Mapping, scope: Scope) -> Condition:
    words = (*_LOWER, *_UPPER)
    scope.check_keys(node, ["sum", "where", "within", *words], "`sum`")
    path = _at(node, "sum")
    text = scope.vocabulary.full(scope.text(path, "a field of a list, such as trainings.hours"))
    records, _, name = text.rpartition(".")
    kind = scope.vocabulary.records.get(records)
    summable = {
        f"{one.path}.{field}": about
        for one in scope.vocabulary.records.values()
        for field, about in one.fields.items()
        if about.kind is Kind.NUMBER and about.most is None
    }
    if text not in summable and scope.vocabulary.is_unread(text):
        raise Unreadable
    if kind is None or text not in summable:
        raise scope.refuse(
            "unknown-field",
            path.place,
            f"`{as_written(text)[:60]}`",
            "a field of a list of records that can be added up",
            closest(as_written(text), map(as_written, summable))
            or f"such fields are {listed(map(as_written, summable), 20)}",
        )
    selection = _counted(node, path, kind, scope)
    about = kind.fields[name]
    parts: list[Condition] = []
    for word in _limits(node, words, scope):
        limit = exact(_amount(_at(node, word), about, text, scope))
        if limit == 0 and word in ("at_least", "less_than"):
            raise scope.refuse(
                "impossible-number", _at(node, word).place, f"`{word}: 0` for a sum", "more than 0"
            )
        more = word in ("more_than", "at_most")
        parts.append(Amount("sum", selection, limit, name, more, positive=word in _LOWER))
    return _agreeing(parts, node, scope)


def _agreeing(parts: list[Condition], node: Mapping, scope: Scope) -> Condition:
    if len(parts) == 1:
        return parts[0]
    low, high = parts
    assert isinstance(low, Amount)
    assert isinstance(high, Amount)
    if low.positive is not high.positive:
        low, high = (low, high) if low.positive else (high, low)
        if not (low.needed, low.more) < (high.needed, high.more):
            raise scope.refuse(
                "contradiction", node.place, "two bounds, which no number keeps", "bounds that agree"
            )
    return AtLeast(2, tuple(parts))


def _document(node: Mapping, scope: Scope) -> Amount:
    scope.check_keys(node, ["document", "signed_by", "where", "within"], "`document`")
    kind = scope.vocabulary.records["documents"]
    tests = [
        FieldTest("type", Comparison((Test("is", scope.texts(_at(node, "document"), "a document's type")),)))
    ]
    signed = node.get("signed_by")
    if signed is not None:
        tests.append(_field_test(kind, "signed_by", signed, node.place_of("signed_by"), scope))
    more = _selection(kind, node.get("where"), scope)
    if more.inner:
        raise scope.refuse(
            "inner-list", node.place, "a test inside a document's list", "tests of its own fields"
        )
    return Amount("document", _within(node, Selection(kind, (*tests, *more.tests)), scope))


def _time(node: Mapping, scope: Scope) -> Time:
    keys = ["time", "where", "within", "each_until", "in_one", "at_least", "less_than"]
    scope.check_keys(node, keys, "`time`")
    path_node = _at(node, "time")
    kind = _record_type(path_node, scope)
    inner: str | None = None
    outer_path, _, last = kind.path.rpartition(".")
    if outer_path in scope.vocabulary.records:
        kind, inner = scope.vocabulary.records[outer_path], last
    timed = kind.inner[inner] if inner is not None else kind
    if timed.spans is None or (inner is not None and kind.dated_by is None):
        raise scope.refuse(
            "no-duration",
            path_node.place,
            f"{timed.path}, which has no start and end",
            "records that last, such as employments",
        )
    selection = _selection(kind, node.get("where"), scope)
    for name in selection.inner:
        if name != inner:
            raise scope.refuse(
                "inner-list", node.place_of("where"), f"a test inside {name}", "the record's own fields"
            )
    if inner is not None and inner not in selection.inner:
        selection = Selection(kind, selection.tests, {inner: Selection(timed)})
    selection = _within(node, selection, scope)
    until = _each_until(node, kind, inner, scope)
    in_one = node.get("in_one")
    one_alone = in_one is not None and scope.word(in_one, "`in_one`", ["all", "record"]) == "record"
    given = [word for word in ("at_least", "less_than") if node.get(word) is not None]
    if len(given) != 1:
        raise scope.refuse(
            "comparison-lacking", node.place, f"{len(given)} comparisons", "`at_least` or `less_than`"
        )
    term_node = _at(node, given[0])
    term = scope.term(term_node, f"`{given[0]}`")
    if term.unit is Unit.WORKING_DAYS:
        raise scope.refuse(
            "bad-term", term_node.place, "working days for a duration", "days, weeks, months or years"
        )
    if term.count == 0:
        raise scope.refuse("impossible-number", term_node.place, f"`{term}` for a duration", "1 or more")
    return Time(
        selection, term, scope.counting_time(), inner, until, one_alone, positive=given[0] == "at_least"
    )


def _each_until(node: Mapping, kind: RecordType, inner: str | None, scope: Scope) -> str | None:
    until = node.get("each_until")
    if until is None:
        return None
    days = [name for name, about in kind.fields.items() if about.kind is Kind.DAY]
    if inner is None:
        raise scope.refuse(
            "unknown-key",
            node.place_of("each_until"),
            "`each_until` for records that last themselves",
            "`each_until` only for a list inside a record",
            "leave it out",
        )
    return scope.word(until, f"a day of {kind.path}", days)


def _judged(node: Mapping, scope: Scope) -> Judged:
    scope.check_keys(node, ["judged", "by"], "`judged`", ["by"])
    by = node.get("by")
    if by is None:
        raise Unreadable
    return Judged(scope.text(_at(node, "judged"), "a question's name"), scope.word(by, "`by`", JUDGES))


HEADS: dict[str, Callable[[Mapping, Scope], Condition]] = {
    "all": _all_head,
    "any": _any,
    "of": _of,
    "not": _not,
    "fact": _fact,
    "some": _some,
    "none": _none,
    "count": _count,
    "sum": _sum,
    "document": _document,
    "time": _time,
    "judged": _judged,
}
