"""Reading the families that look at records: how many, how much, how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial

import attrs

from kutsereeglid.applicant import About, Kind
from kutsereeglid.conditions.amounts import Amount, exact, size
from kutsereeglid.conditions.balance import Balance
from kutsereeglid.conditions.base import Leaf
from kutsereeglid.conditions.combined import Combined
from kutsereeglid.conditions.comparison import Comparison, Test
from kutsereeglid.conditions.duration import Lasting, Time
from kutsereeglid.conditions.logic import AtLeast, Condition, DueBy, Not, RuleRef
from kutsereeglid.conditions.measures import PERIODS, Counted, Measure
from kutsereeglid.conditions.parsing_cases import compared
from kutsereeglid.conditions.parsing_values import (
    LOWER,
    UPPER,
    at,
    day,
    definition,
    field_test,
    given_amount,
    limits,
    names_table,
    narrowed,
    number,
    records,
    selection,
    table,
    term_from,
    where,
    window,
)
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.scope import Scope, Undecided
from kutsereeglid.conditions.selection import FieldTest, Selection
from kutsereeglid.conditions.sharing import Need, UsedOnce
from kutsereeglid.conditions.spells import Spells, Unbroken
from kutsereeglid.conditions.totals import If, Part, Total, Worth
from kutsereeglid.dates import Term, Unit
from kutsereeglid.errors import closest, listed
from kutsereeglid.facts import RecordType, as_written
from kutsereeglid.phrases import Offset, parse_amount, reached
from kutsereeglid.tree_reader import Unreadable
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, kind_of

SELECTING = ("where", "where_any", "within", "dated_by")
_BOUNDS = (*LOWER, *UPPER)
_IN_GROUPS = ("in_one", "at_most_in_one")


def _selected(
    node: Mapping, path: Node, kind: RecordType, outer: Selection | None, scope: Scope
) -> Selection:
    """The records that a measure looks at: those of a list that pass ``where``, dated ``within``."""
    above = kind.path.rpartition(".")[0]
    if above in scope.vocabulary.records:
        raise scope.refuse(
            "inner-list",
            path.place,
            f"`{kind.path}`, a list inside each of the {above}",
            f"a list of its own, such as {above}",
            "how long such records last can be asked with `time`",
        )
    made = narrowed(outer, where(kind, node, scope))
    made = attrs.evolve(made, kind=_dated(node, made.kind, scope))
    return _within(node, _having(made), scope)


def _having(made: Selection) -> Selection:
    """The selection where the lists inside a record are only tested: one of their records must pass."""
    return attrs.evolve(made, inner={}, having={**made.having, **made.inner})


def _dated(node: Mapping, kind: RecordType, scope: Scope) -> RecordType:
    """``dated_by: sent``: another day of the record than the list's own says when it was done."""
    found = node.get("dated_by")
    if found is None:
        return kind
    days = [name for name, about in kind.fields.items() if about.happens]
    if kind.dated_by is None:
        raise scope.refuse(
            "unknown-key",
            node.place_of("dated_by"),
            f"`dated_by` for {as_written(kind.path)}, which last",
            "`dated_by` for what is done on a day",
            "leave it out",
        )
    return attrs.evolve(kind, dated_by=scope.word(found, "a day on which it is done", days))


def _within(node: Mapping, made: Selection, scope: Scope) -> Selection:
    found = node.get("within")
    if found is None and scope.window is not None:
        scope.windowed.add(scope.window.place)
        found = scope.resolve(scope.window)
    return made if found is None else attrs.evolve(made, window=window(found, scope).of_records())


def _records_at(node: Mapping, head: str, scope: Scope) -> Selection:
    path = at(node, head)
    kind, outer = records(path, scope)
    return _selected(node, path, kind, outer, scope)


def some(node: Mapping, scope: Scope) -> Measured:
    """``some: RECORDS``."""
    scope.check_keys(node, ["some", *SELECTING], "`some`")
    return Measured("some", Counted(_records_at(node, "some", scope)))


def none(node: Mapping, scope: Scope) -> Measured:
    """``none: RECORDS``."""
    scope.check_keys(node, ["none", *SELECTING], "`none`")
    return Measured("some", Counted(_records_at(node, "none", scope)), positive=False)


# Counts and sums.


def count(node: Mapping, scope: Scope) -> Condition:
    """``count: RECORDS``, or ``count: RECORDS.field`` with ``distinct: true``."""
    words = (*_BOUNDS, "is")
    scope.check_keys(node, ["count", "distinct", *_IN_GROUPS, *SELECTING, *words], "`count`")
    measure = _counting(node, scope)
    parts: list[Condition] = []
    for word in limits(node, words, scope):
        limit = at(node, word)
        for side in ("at_least", "at_most") if word == "is" else (word,):
            if word == "is" and side == "at_least" and getattr(limit, "value", None) == 0:
                continue
            parts.append(
                compared(
                    limit,
                    side,
                    scope,
                    partial(_whole, word=word, scope=scope),
                    "a count",
                    partial(_measured, "count", measure, side),
                )
            )
    return _agreeing(parts, node, scope)


def _measured(
    head: str,
    measure: Measure,
    word: str,
    needed: Amount,
    unit: str | None = None,
    per: Fraction = Fraction(1),
) -> Measured:
    """A measure that is compared with an amount."""
    more = word in ("more_than", "at_most")
    return Measured(head, measure, needed, more, word in LOWER, unit, per)


def _whole(node: Node, word: str, scope: Scope) -> Fraction:
    found = scope.whole(node, "a count")
    least = 1 if word in ("at_least", "less_than") else 0
    if found < least:
        raise scope.refuse(
            "impossible-number",
            node.place,
            f"`{word}: {found}` for a count",
            f"{least} or more",
            "use `none` where there may be no such record" if word == "less_than" else "",
        )
    return Fraction(found)


def _counting(node: Mapping, scope: Scope) -> Counted:
    distinct = node.get("distinct")
    if distinct is None:
        counted = Counted(_records_at(node, "count", scope))
        return _grouped(node, counted, lambda one: _whole(one, "at_least", scope), scope)
    scope.word(Scalar(str(getattr(distinct, "value", "")).lower(), distinct.place), "`distinct`", ("true",))
    path = at(node, "count")
    kind, outer, name = _field(
        path, (Kind.TEXT, Kind.CHOICE, Kind.TEXTS), "whose values can be counted", scope
    )
    return Counted(_selected(node, path, kind, outer, scope), distinct=name)


def _field(
    path: Node, kinds: tuple[Kind, ...], what: str, scope: Scope, *, bounded: bool = False
) -> tuple[RecordType, Selection | None, str]:
    """A field of a list of records, such as ``trainings.hours``, or of a list that is defined."""
    text = scope.vocabulary.full(scope.text(path, "a field of a list, such as trainings.hours"))
    above, _, name = text.rpartition(".")
    outer: Selection | None = None
    if above in scope.define:
        defined, outer = records(Scalar(above, path.place), scope)
        above, text = defined.path, f"{defined.path}.{name}"
    kind = scope.vocabulary.records.get(above)
    fitting = {
        f"{one.path}.{field}": about
        for one in scope.vocabulary.records.values()
        for field, about in one.fields.items()
        if about.kind in kinds and (bounded or about.most is None)
    }
    if text not in fitting and scope.vocabulary.is_unread(text):
        raise Unreadable
    if kind is None or text not in fitting:
        raise scope.refuse(
            "unknown-field",
            path.place,
            f"`{as_written(text)[:60]}`",
            f"a field of a list of records {what}",
            _one_field(text, fitting, scope)
            or closest(as_written(text), map(as_written, fitting))
            or f"such fields are {listed(map(as_written, fitting), 20)}",
        )
    return kind, outer, name


def _one_field(text: str, fitting: Iterable[str], scope: Scope) -> str:
    """How to name a field of a list that stands alone, in the file or among the definitions."""
    path, called = text, as_written(text)
    if text in scope.define and (defined := definition(text, scope)) is not None:
        path = scope.vocabulary.full(str(getattr(defined.get("records"), "value", "")))
    inside = [f"{called}.{one.rpartition('.')[2]}" for one in fitting if one.rpartition(".")[0] == path]
    return f"name the field: {listed(inside)}" if inside else ""


def sum_(node: Mapping, scope: Scope) -> Condition:
    """``sum: RECORDS.field``, with ``worth: TABLE`` where the field is no number."""
    scope.check_keys(node, ["sum", "worth", *_IN_GROUPS, *SELECTING, *_BOUNDS], "`sum`")
    measure, about = _summing(node, scope)
    parts: list[Condition] = []
    for word in limits(node, _BOUNDS, scope):
        limit = at(node, word)
        unit, per = _told_in(limit, about, scope)
        parts.append(
            compared(
                limit,
                word,
                scope,
                partial(_limit, word=word, about=about, scope=scope),
                "a sum",
                partial(_measured, "sum", measure, word, unit=unit, per=per),
            )
        )
    return _agreeing(parts, node, scope)


def _grouped(node: Mapping, measure: Counted, cap: Callable[[Node], Fraction], scope: Scope) -> Counted:
    """``in_one: provider``: what has one value of a field is taken together, and the most of it counts;
    ``at_most_in_one: {provider: 20 hours}``: of each value so much counts, or of each day, month or year."""
    found, capped = node.get("in_one"), node.get("at_most_in_one")
    fields = measure.selection.kind.fields
    texts = [name for name, about in fields.items() if about.kind in (Kind.TEXT, Kind.CHOICE)]
    if capped is None:
        if found is None:
            return measure
        return attrs.evolve(measure, in_one=scope.word(found, "a field with one text", texts))
    if found is not None:
        raise scope.refuse("comparison-lacking", capped.place, "`in_one` and `at_most_in_one`", "one of them")
    if not isinstance(capped, Mapping) or len(capped.entries) != 1:
        raise scope.refuse(
            "wrong-type", capped.place, kind_of(capped), "one field and its amount, `{provider: 20 hours}`"
        )
    name, most = capped.entries[0]
    dated_by = measure.selection.kind.dated_by
    periods = [one for one in PERIODS if one not in texts] if dated_by is not None else []
    field = scope.word(Scalar(name, capped.place), "a field with one text, or a period", [*texts, *periods])
    if field in periods:
        return attrs.evolve(measure, in_one=dated_by, cap=cap(given_amount(most, scope)), period=field)
    return attrs.evolve(measure, in_one=field, cap=cap(given_amount(most, scope)))


def _summing(node: Mapping, scope: Scope) -> tuple[Counted, About]:
    path, worth = at(node, "sum"), node.get("worth")
    kinds = (Kind.NUMBER,) if worth is None else (Kind.NUMBER, Kind.TEXT, Kind.CHOICE)
    kind, outer, name = _field(path, kinds, "that can be added up", scope)
    made = _selected(node, path, kind, outer, scope)
    about = kind.fields[name]
    if worth is None:
        said = about.unit is not None and about.unit_in is not None
        units = scope.ruleset.units if said else None
        summed = Counted(made, name, units=units)
        return _grouped(node, summed, lambda one: _limit(one, "at_least", about, scope), scope), about
    text = scope.text(worth, "a table")
    rows = table(text, worth.place, about, scope, lambda one: _points(one, scope)[0])
    plain = About(Kind.NUMBER)
    summed = Counted(made, name, worth=rows)
    return _grouped(node, summed, lambda one: _limit(one, "at_least", plain, scope), scope), plain


def _limit(node: Node, word: str, about: About, scope: Scope) -> Fraction:
    if about.unit is None and isinstance(node, Scalar) and isinstance(node.value, str):
        limit = _points(node, scope)[0]
    else:
        limit = exact(number(node, about, "a sum", scope))
    if limit == 0 and word in ("at_least", "less_than"):
        raise scope.refuse("impossible-number", node.place, f"`{word}: 0` for a sum", "more than 0")
    return limit


def _told_in(node: Node, about: About, scope: Scope) -> tuple[str | None, Fraction]:
    """The unit that the rule has an amount in, and how many of the field's own unit one of it is."""
    given = parse_amount(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    if given is None or about.unit is None:
        return about.unit, Fraction(1)
    named = scope.ruleset.units.named(given[1]) or about.unit
    return named, scope.ruleset.units.factor(named, about.unit)


# Averages and shares.


def average(node: Mapping, scope: Scope) -> Condition:
    """``average: RECORDS.field``, or one in which each record weighs as much as a field says."""
    scope.check_keys(node, ["average", "weighted_by", *SELECTING, *_BOUNDS], "`average`")
    path, weighted_by = at(node, "average"), node.get("weighted_by")
    measure, about = _balanced(path, node, scope)
    fields = measure.selection.kind.fields
    numbers = [name for name, one in fields.items() if one.kind is Kind.NUMBER and name != measure.summed]
    weight = None if weighted_by is None else scope.word(weighted_by, "a field that is a number", numbers)
    parts: list[Condition] = []
    for word in limits(node, _BOUNDS, scope):

        def made(needed: Amount, word: str = word) -> Condition:
            bound = _everybodys(needed, at(node, word), scope)
            return Balance("average", word, measure, bound, unit=about.unit, weight=weight)

        read = partial(_bound, about=about, scope=scope)
        parts.append(compared(at(node, word), word, scope, read, "an average", made))
    return parts[0] if len(parts) == 1 else AtLeast(2, tuple(parts))


def share(node: Mapping, scope: Scope) -> Condition:
    """``share: RECORDS``, or of a number of theirs, ``of_which: {field: value}``."""
    scope.check_keys(node, ["share", "of_which", *SELECTING, *_BOUNDS], "`share`", ["of_which"])
    path, kind_node = at(node, "share"), node.get("of_which")
    if kind_node is None:
        raise Unreadable
    text = scope.vocabulary.full(scope.text(path, "a list of records, or a number of theirs"))
    if text in scope.vocabulary.records or text in scope.define:
        measure = Counted(_acts(_records_at(node, "share", scope), path, scope))
    else:
        measure, _ = _balanced(path, node, scope)
    part = _having(selection(measure.selection.kind, kind_node, scope))
    parts: list[Condition] = []
    for word in limits(node, _BOUNDS, scope):

        def made(needed: Amount, word: str = word) -> Condition:
            return Balance("share", word, measure, _everybodys(needed, at(node, word), scope), part)

        read = partial(_portion, word=word, scope=scope)
        parts.append(compared(at(node, word), word, scope, read, "a share", made))
    return parts[0] if len(parts) == 1 else AtLeast(2, tuple(parts))


def _balanced(path: Node, node: Mapping, scope: Scope) -> tuple[Counted, About]:
    kind, outer, name = _field(path, (Kind.NUMBER,), "that is a number", scope, bounded=True)
    about = kind.fields[name]
    units = scope.ruleset.units if about.unit is not None and about.unit_in is not None else None
    return Counted(_acts(_selected(node, path, kind, outer, scope), path, scope), name, units=units), about


def _acts(made: Selection, path: Node, scope: Scope) -> Selection:
    """The selection, of records that are done on a day."""
    if made.kind.dated_by is None:
        raise scope.refuse(
            "wrong-type",
            path.place,
            f"{as_written(made.kind.path)}, which last",
            "records that are done on a day",
            "how long such records last can be asked with `time`",
        )
    return made


def _everybodys(needed: Amount, node: Node, scope: Scope) -> Fraction:
    """The amount, which may hang on conditions but on no fact of the applicant itself."""
    if type(needed) is not Amount:
        if names_table(node, scope) is not None:
            raise Undecided(_as_written(node), node.place)
        raise scope.refuse(
            "wrong-type",
            node.place,
            f"`{needed}`, a multiple of a fact",
            "one amount, a table or `cases`",
            "write a table by `{fact: PATH}`",
        )
    return Fraction(needed.given)


def _bound(node: Node, about: About, scope: Scope) -> Fraction:
    """What an average is compared with."""
    return exact(number(given_amount(node, scope), about, "an average", scope))


_PORTION = re.compile(r"(?P<percent>\d+(?:\.\d+)?) percent|(?P<part>\d+/[1-9]\d*)")


def _portion(node: Node, word: str, scope: Scope) -> Fraction:
    """``50 percent`` or ``1/2``."""
    node = given_amount(node, scope)
    found = _PORTION.fullmatch(_as_written(node))
    if found is None:
        scope.refuse_undefined(node, "a share, such as `50 percent` or `1/3`, or the name of one")
        raise scope.refuse("wrong-type", node.place, kind_of(node), "a share, such as `50 percent` or `1/3`")
    portion = Fraction(found["percent"]) / 100 if found["percent"] else Fraction(found["part"])
    nothing_asked = 0 if word in ("at_least", "less_than") else 1
    if not 0 <= portion <= 1 or portion == nothing_asked:
        raise scope.refuse(
            "impossible-number",
            node.place,
            f"`{word}: {_as_written(node)}`",
            "a share that some keep and others do not",
        )
    return portion


def _agreeing(parts: list[Condition], node: Mapping, scope: Scope) -> Condition:
    if len(parts) == 1:
        return parts[0]
    low, high = parts
    if not isinstance(low, Measured) or not isinstance(high, Measured):
        return AtLeast(2, tuple(parts))
    plain = type(low.needed) is Amount and type(high.needed) is Amount
    if low.positive is not high.positive and plain:
        low, high = (low, high) if low.positive else (high, low)
        if not (low.needed.given, low.more) < (high.needed.given, high.more):
            raise scope.refuse(
                "contradiction", node.place, "two bounds, which no number keeps", "bounds that agree"
            )
    return AtLeast(2, tuple(parts))


# Documents and held qualifications.


def document(node: Mapping, scope: Scope) -> Measured:
    """``document: TYPE``, with who signed it, what it states, and when it was issued and is valid."""
    keys = ["document", "signed_by", "states", "issued", "valid_on", "where", "within", "dated_by"]
    scope.check_keys(node, keys, "`document`")
    kind = _dated(node, scope.vocabulary.records["documents"], scope)
    tests = [
        FieldTest("type", Comparison((Test("is", scope.texts(at(node, "document"), "a document's type")),)))
    ]
    for name in ("signed_by", "states", "issued"):
        found = node.get(name)
        if found is not None:
            tests.append(field_test(kind, name, found, node.place_of(name), scope))
    valid_on = node.get("valid_on")
    if valid_on is not None:
        tests.append(FieldTest("valid_to", Comparison((Test("from", reached(day(valid_on, scope))),))))
    more = _having(selection(kind, node.get("where"), scope))
    made = attrs.evolve(more, tests=(*tests, *more.tests))
    return Measured("document", Counted(_within(node, made, scope)))


def holds(node: Mapping, scope: Scope) -> Measured:
    """``holds: ID, valid_on: DAY, or_expired_within: TERM``."""
    scope.check_keys(
        node, ["holds", "valid_on", "or_expired_within", "where", "where_any"], "`holds`", ["valid_on"]
    )
    kind = scope.vocabulary.records["qualifications"]
    valid_on, grace = node.get("valid_on"), node.get("or_expired_within")
    if valid_on is None:
        raise Unreadable
    on = reached(day(valid_on, scope))
    counted = partial(Offset, before=True, base=on)
    last = on if grace is None else term_from(grace, "`or_expired_within`", counted, scope)
    tests = (
        FieldTest("id", Comparison((Test("is", scope.texts(at(node, "holds"), "a qualification's id")),))),
        FieldTest("valid_from", Comparison((Test("by", on),))),
        FieldTest("valid_to", Comparison((Test("from", last),))),
    )
    return Measured("some", Counted(narrowed(Selection(kind, tests), where(kind, node, scope))))


# Time.


_LASTING = ("where", "where_any", "within")
_TIME = (*_LASTING, "each_until", "in_one")


def time(node: Mapping, scope: Scope) -> Condition:
    """``time: RECORDS``: how long in all, or each alone."""
    scope.check_keys(node, ["time", *_TIME, *_TERMS], "`time`")
    return _long(node, _spells(node, "time", scope), "time", scope)


def span(node: Mapping, scope: Scope) -> Condition:
    """``span: RECORDS``: from the first day of the selected to the last."""
    scope.check_keys(node, ["span", "in_one", *_LASTING, *_TERMS], "`span`")
    return _long(node, attrs.evolve(_spells(node, "span", scope), whole_span=True), "span", scope)


def unbroken(node: Mapping, scope: Scope) -> Condition:
    """``unbroken: RECORDS, ending: DAY, gaps: {up_to: TERM, count: true or false}``."""
    keys = ["unbroken", "ending", "gaps", "in_one", *_LASTING, *_TERMS]
    scope.check_keys(node, keys, "`unbroken`", ["ending"])
    ending, gaps = node.get("ending"), node.get("gaps")
    if ending is None:
        raise Unreadable
    up_to: Term | None = None
    counted = False
    if isinstance(gaps, Mapping):
        scope.check_keys(gaps, ("up_to", "count"), "`gaps`", ("up_to", "count"))
        longest, count_node = gaps.get("up_to"), gaps.get("count")
        if longest is None or count_node is None:
            raise Unreadable
        up_to = scope.term(longest, "`up_to`")
        counted = _yes(count_node, "`count`", scope)
    elif gaps is not None:
        raise scope.refuse(
            "wrong-type",
            gaps.place,
            kind_of(gaps),
            "`{up_to: TERM, count: true or false}`",
            "say whether the days of a gap count as well",
        )
    made = Unbroken(reached(day(ending, scope)), up_to, counted)
    return _long(node, attrs.evolve(_spells(node, "unbroken", scope), unbroken=made), "unbroken", scope)


def _yes(node: Node, what: str, scope: Scope) -> bool:
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    raise scope.refuse("wrong-type", node.place, kind_of(node), f"true or false for {what}")


def _spells(node: Mapping, head: str, scope: Scope) -> Spells:
    path_node = at(node, head)
    kind, outer = records(path_node, scope)
    inner: str | None = None
    above, _, last = kind.path.rpartition(".")
    if above in scope.vocabulary.records:
        kind, inner = scope.vocabulary.records[above], last
    timed = kind.inner[inner] if inner is not None else kind
    if timed.spans is None or (inner is not None and kind.dated_by is None):
        raise scope.refuse(
            "no-duration",
            path_node.place,
            f"{timed.path}, which has no start and end",
            "records that last, such as employments",
        )
    made = narrowed(outer, where(kind, node, scope))
    for name in made.inner:
        if name != inner:
            raise scope.refuse(
                "inner-list", node.place_of("where"), f"a test inside {name}", "the record's own fields"
            )
    if inner is not None and inner not in made.inner:
        made = attrs.evolve(made, inner={inner: Selection(timed)})
    made = _within(node, made, scope)
    until = _each_until(node, kind, inner, scope)
    one_alone, field = _in_one(node, timed if inner is None else None, scope)
    return Spells(made, scope.counting_time(), inner, until, one_alone, field)


def _in_one(node: Mapping, kind: RecordType | None, scope: Scope) -> tuple[bool, str | None]:
    """``in_one``: all that passes, each record alone, or what has one value of a field."""
    found = node.get("in_one")
    if found is None:
        return False, None
    fields = {} if kind is None else kind.fields
    texts = [name for name, about in fields.items() if about.kind in (Kind.TEXT, Kind.CHOICE)]
    expected = "`in_one`" if kind is None else "`all`, `record`, or a field with one text"
    word = scope.word(found, expected, ["all", "record", *texts])
    return word == "record", word if word in texts else None


_TERMS = ("at_least", "less_than")


def _long(node: Mapping, spells: Spells, head: str, scope: Scope) -> Condition:
    """Time compared with a term, one for everybody or looked up; or with two."""
    parts: list[Condition] = []
    for word in limits(node, _TERMS, scope):

        def lasting(needed: Amount, lower: bool = word in LOWER) -> Condition:
            return Time(head, spells, needed, positive=lower)

        read = partial(_duration, what=word, scope=scope)
        parts.append(compared(at(node, word), word, scope, read, "a duration", lasting))
    if len(parts) == 1:
        return parts[0]
    low, high = parts
    bounds = [getattr(getattr(part, "needed", None), "given", None) for part in (low, high)]
    if all(isinstance(bound, Term) for bound in bounds) and size(bounds[0]) >= size(bounds[1]):
        raise scope.refuse(
            "contradiction", node.place, "two bounds, which no time keeps", "bounds that agree"
        )
    return AtLeast(2, tuple(parts))


def _duration(node: Node, what: str, scope: Scope) -> Term:
    term = scope.term(node, f"`{what}`")
    if term.unit is Unit.WORKING_DAYS:
        raise scope.refuse(
            "bad-term", node.place, "working days for a duration", "days, weeks, months or years"
        )
    if term.count == 0:
        raise scope.refuse("impossible-number", node.place, f"`{term}` for a duration", "1 or more")
    return term


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


# Totals.


def total(node: Mapping, scope: Scope, read: Callable[[Node, Scope], Condition]) -> Condition:
    """``total: {part: MEASURE, …}`` and a comparison; ``read`` reads the condition of an ``if``."""
    scope.check_keys(node, ["total", *_BOUNDS], "`total`")
    measure, unit = _parts_of(at(node, "total"), scope, read)
    parts: list[Condition] = []
    for word in limits(node, _BOUNDS, scope):
        limit = at(node, word)
        parts.append(
            compared(
                limit,
                word,
                scope,
                lambda one: _in_unit(one, unit, scope),
                "a total",
                partial(_measured, "total", measure, word, unit=unit),
            )
        )
    return _agreeing(parts, node, scope)


def _parts_of(node: Node, scope: Scope, read: Callable[[Node, Scope], Condition]) -> tuple[Total, str | None]:
    if not isinstance(node, Mapping) or not node.entries:
        raise scope.refuse("wrong-type", node.place, kind_of(node), "named parts, `{part: {count: …}}`")
    parts: dict[str, Part] = {}
    unit: str | None = None
    failed = False
    for name, tree in node.entries:
        try:
            parts[name], own = _part(tree, scope, read)
        except Unreadable:
            failed = True
            continue
        if own is not None and unit is not None and own != unit:
            scope.problem(
                "wrong-unit",
                node.place_of(name),
                f"`{own}` beside `{unit}`",
                "parts of one unit",
                "use `worth`",
            )
            failed = True
        unit = unit or own
    if failed:
        raise Unreadable
    return Total(parts), unit


_MEASURES = ("count", "sum", "time", "if", "best_of")


def _part(node: Node, scope: Scope, read: Callable[[Node, Scope], Condition]) -> tuple[Part, str | None]:
    if not isinstance(node, Mapping):
        raise scope.refuse("wrong-type", node.place, kind_of(node), "a measure, such as `{count: trainings}`")
    heads = [key for key in node.keys() if key in _MEASURES]
    if len(heads) != 1:
        raise scope.refuse(
            "no-head",
            node.place,
            f"a part with {listed(heads) if heads else 'no measure'}",
            f"one of {listed(_MEASURES)}",
        )
    head, worth_node = heads[0], node.get("worth")
    measure: Measure
    unit: str | None = None
    if head == "best_of":
        scope.check_keys(node, ("best_of", "at_least", "at_most"), "a part")
        inner, unit = _parts_of(at(node, "best_of"), scope, read)
        measure = Total(inner.parts, best_only=True)
    elif head == "if":
        scope.check_keys(node, ("if", "worth"), "a part", ("worth",))
        if worth_node is None:
            raise Unreadable
        leaf = _together(read(at(node, "if"), scope), at(node, "if").place, scope)
        worth, unit = _points(worth_node, scope)
        measure = If(leaf, worth, _as_written(worth_node))
    elif head == "time":
        scope.check_keys(node, ("time", *_TIME, "worth", "at_least", "at_most"), "a part", ("worth",))
        if worth_node is None:
            raise Unreadable
        factor, unit, each, full = _worth(worth_node, scope)
        term = Term.parse(each or "")
        if term is None or term.unit is Unit.WORKING_DAYS:
            raise scope.refuse(
                "bad-term",
                worth_node.place,
                kind_of(worth_node),
                "points for a time, such as `3 points per full year`",
            )
        measure = Worth(
            Lasting(_spells(node, "time", scope), term, full), factor, text=_as_written(worth_node)
        )
    else:
        keys = (head, "distinct", *_IN_GROUPS, *SELECTING, "worth", "at_least", "at_most")
        scope.check_keys(node, keys, "a part")
        if worth_node is not None:
            expected = "what it is worth, `2 points`, or a table that is defined"
            scope.refuse_undefined(worth_node, expected, "bad-worth")
        by_table = worth_node is not None and _names_table(worth_node, scope)
        about = About(Kind.NUMBER)
        if head == "count":
            measure = _counting(node, scope)
        else:
            plain = node if by_table else _without(node, "worth")
            measure, about = _summing(plain, scope)
            unit = about.unit
        if worth_node is not None and not by_table:
            factor, unit, each, full = _worth(worth_node, scope)
            per = _per(each, worth_node, about, scope)
            measure = Worth(measure, factor, per, full, _as_written(worth_node))
    limits_of = [(word, found) for word in ("at_least", "at_most") if (found := node.get(word))]
    bounds = {word: _in_unit(found, unit, scope) for word, found in limits_of}
    if unit is None:
        unit = next((own for _, found in limits_of if (own := _points(found, scope)[1]) is not None), None)
    return Part(measure, bounds.get("at_least"), bounds.get("at_most")), unit


def _together(condition: Condition, place: Place, scope: Scope) -> Leaf:
    """A condition, however it is made, as one that is judged as a whole."""
    if isinstance(condition, Leaf):
        return condition
    if isinstance(condition, Not):
        return _together(condition.part, place, scope).negated()
    assert not isinstance(condition, DueBy)  # made of whole rules only
    if isinstance(condition, RuleRef):
        raise scope.refuse(
            "not-plain",
            place,
            f"`{condition.name}`, a rule",
            "a condition that stands here itself",
            "write the rule's condition instead of its name; it must hold when the total is judged",
        )
    return Combined(condition.needed, tuple(_together(part, place, scope) for part in condition.parts))


def _without(node: Mapping, key: str) -> Mapping:
    kept = [place for place, (name, _) in enumerate(node.entries) if name != key]
    places = tuple(node.key_places[place] for place in kept) if node.key_places else ()
    return Mapping(tuple(node.entries[place] for place in kept), node.place, places)


def _names_table(node: Node, scope: Scope) -> bool:
    return isinstance(node, Scalar) and node.value in scope.define


_WORTH = re.compile(
    r"(?P<amount>[\d.]+)(?: (?P<unit>(?!per\b)[a-z ]+?))?(?: per (?P<full>full )?(?P<each>.+))?"
)


def _worth(node: Node, scope: Scope) -> tuple[Fraction, str | None, str | None, bool]:
    """``1 point``, ``1 point per 8 hours`` or ``3 points per full year``."""
    found = _WORTH.fullmatch(_as_written(node))
    try:
        factor = Fraction(found["amount"]) if found is not None else Fraction(0)
    except ValueError:
        factor = Fraction(0)
    if found is None or factor <= 0:
        raise scope.refuse(
            "bad-worth", node.place, kind_of(node), "an amount, `1 point`, or `3 points per full year`"
        )
    each = found["each"]
    if each is not None and not each[0].isdigit():
        each = f"1 {each}"
    return factor, _plural(found["unit"]), each, bool(found["full"])


def _as_written(node: Node) -> str:
    return str(getattr(node, "value", ""))


def _per(each: str | None, node: Node, about: About, scope: Scope) -> Fraction:
    """What stands after ``per``, in the measure's own unit."""
    if each is None:
        return Fraction(1)
    found = parse_amount(each)
    if found is None or found[0] <= 0:
        mend = (
            f"write `1 point per 8 {about.unit}`"
            if about.unit
            else "write `1 point` for each, or `1 point per 3 talks`"
        )
        raise scope.refuse("bad-worth", node.place, kind_of(node), "an amount and its unit after `per`", mend)
    if about.unit is None:
        return exact(found[0])
    return exact(number(Scalar(each, node.place), about, "what stands after `per`", scope))


def _plural(unit: str | None) -> str | None:
    return unit if unit is None or unit.endswith("s") else f"{unit}s"


def _points(node: Node, scope: Scope) -> tuple[Fraction, str | None]:
    """A number, with or without a unit."""
    node = given_amount(node, scope)
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return exact(node.value), None
    found = parse_amount(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    if found is None:
        scope.refuse_undefined(node, "an amount, such as `2 points`, or the name of one")
        raise scope.refuse("wrong-type", node.place, kind_of(node), "an amount, such as `2 points`")
    return exact(found[0]), _plural(found[1])


def _in_unit(node: Node, unit: str | None, scope: Scope) -> Fraction:
    """An amount of the unit that the measure is in."""
    found, own = _points(node, scope)
    if own is not None and unit is not None and own != unit:
        raise scope.refuse("wrong-unit", node.place, f"`{own}`", f"`{unit}`")
    return found


# Evidence that is used once.


def used_once(node: Mapping, scope: Scope) -> UsedOnce:
    """``used_once: RECORDS, for: {need: {where: …, at_least: …}}``."""
    scope.check_keys(node, ["used_once", "for", *SELECTING], "`used_once`", ["for"])
    needs_node = node.get("for")
    if needs_node is None:
        raise Unreadable
    if not isinstance(needs_node, Mapping) or len(needs_node.entries) < 2:
        raise scope.refuse(
            "wrong-type",
            needs_node.place,
            kind_of(needs_node),
            "two or more named needs, `{need: {where: …}}`",
        )
    common = _records_at(node, "used_once", scope)
    needs: dict[str, Need] = {}
    failed = False
    for name, tree in needs_node.entries:
        try:
            needs[name] = _need(tree, common, scope)
        except Unreadable:
            failed = True
    if failed:
        raise Unreadable
    return UsedOnce(needs)


def _need(node: Node, common: Selection, scope: Scope) -> Need:
    if not isinstance(node, Mapping):
        raise scope.refuse("wrong-type", node.place, kind_of(node), "`{where: …, at_least: 2}`")
    scope.check_keys(node, ("where", "where_any", "sum", "at_least"), "a need", ("at_least",))
    least, summed = node.get("at_least"), node.get("sum")
    if least is None:
        raise Unreadable
    least = given_amount(least, scope)
    made = attrs.evolve(narrowed(common, where(common.kind, node, scope)), window=common.window)
    if summed is None:
        return Need(Counted(made), _whole(least, "at_least", scope))
    numbers = [name for name, about in common.kind.fields.items() if about.kind is Kind.NUMBER]
    name = scope.word(summed, f"a number of {common.kind.path}", numbers)
    units = scope.ruleset.units if common.kind.fields[name].unit_in is not None else None
    return Need(Counted(made, name, units=units), _limit(least, "at_least", common.kind.fields[name], scope))
