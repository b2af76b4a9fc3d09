"""Going through a list of records once, for all conditions that look at it.

A *gathering* is what one condition needs of a list, whatever the judged day: the first day on which a record
was handed in, the runs of days of lasting records, or both. Where another reading only narrows a selection,
its records are found among those of the wider one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import Any

from attrs import define, field, frozen

from kutsereeglid import applicant as model
from kutsereeglid.applicant import ABSENT, About, Applicant, Kind, Null, held
from kutsereeglid.conditions.base import FAR
from kutsereeglid.conditions.comparison import NO_CALENDAR, NO_DAY, NO_FACTS
from kutsereeglid.conditions.selection import FieldTest, Selection
from kutsereeglid.dates import Calendar, local_day
from kutsereeglid.facts import RecordType
from kutsereeglid.fast.gaps import Uncertain, absent, run_entries
from kutsereeglid.fast.rows import LAST, Known
from kutsereeglid.phrases import Phrase
from kutsereeglid.plans import structure
from kutsereeglid.source import Source

_MOST_NESTED = 40

_NUMBER = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}


def condition(source: Source, test: FieldTest, about: About, value: str) -> str | None:
    """The test of a known value as an expression; ``None`` for tests that are not written out."""
    made = []
    for one in test.comparison.tests:
        operand = one.operand
        if (
            one.word in ("is", "is_not")
            and isinstance(operand, tuple)
            and all(type(item) is str for item in operand)
        ):
            name = source.constant(frozenset(operand))
            found = f"{value} in {name}"
            if about.several:
                found = f"({value} in {name} if {value}.__class__ is {source.constant(str)} else not {name}.isdisjoint({value}))"
            elif about.kind not in (Kind.TEXT, Kind.CHOICE):
                return None
            made.append(found if one.word == "is" else f"not ({found})")
        elif one.word in ("is", "is_not") and about.kind is Kind.YES_NO and operand in ((True,), (False,)):
            made.append(f"{value} is {operand[0] is (one.word == 'is')}")
        elif one.word in _NUMBER and about.kind is Kind.NUMBER and not isinstance(operand, str):
            number = int(operand) if operand == int(operand) else operand
            made.append(f"{value} {_NUMBER[one.word]} {source.constant(number)}")
        elif one.word == "includes" and about.kind is Kind.TEXTS and isinstance(operand, tuple):
            made.append(f"{source.constant(frozenset(operand))}.issubset({value})")
        elif one.word == "includes_any" and about.kind is Kind.TEXTS and isinstance(operand, tuple):
            made.append(f"not {source.constant(frozenset(operand))}.isdisjoint({value})")
        else:
            return None
    return " and ".join(made)


def plain(selection: Selection) -> bool:
    """Whether the selection can be written out: tests of single fields by what the rule says alone."""
    if selection.window is not None or selection.either or selection.having:
        return False
    for test in selection.tests:
        about = selection.kind.fields[test.name]
        if about.null is not Null.NOT_KNOWN or about.default_from or about.not_needed_when or about.ordered:
            return False
        if condition(Source(), test, about, "value") is None:
            return False
        if len(selection._samples(test, about)) < 2 or any(type(one) is not str for one in test.judge):
            return False
        if test.judge and selection.kind.verdict is None:
            return False
    return True


def owner_of(path: str) -> type | None:
    """The class of a built-in list's records; ``None`` for those that a ruleset declares."""
    owner: type = Applicant
    for name in path.split("."):
        about = model.about(owner).get(name)
        if about is None or about.of is None:
            return None
        owner = about.of
    return owner


def access(source: Source, kind: RecordType, record: str, name: str) -> str:
    """The raw value of a record's field, as an expression."""
    owner = owner_of(kind.path)
    if owner is None:
        return f"{record}.get({source.constant(name)}, ABSENT)"
    if name in model.about(owner):
        return f"{record}.{name}"
    return f"({record}.extra.get({source.constant(name)}, ABSENT) if {record}.extra else ABSENT)"


def put_ordinal(source: Source, into: str, raw: str, null: Null) -> None:
    """Code for the ordinal of a day; ``None`` where it is not known."""
    if raw != into:
        source.line(f"{into} = {raw}")
    with source.block(f"if {into}.__class__ is date:"):
        source.line(f"{into} = {into}.toordinal()")
    with source.block(f"elif {into} is None or {into} is ABSENT:"):
        source.line(
            f"{into} = None" if null is Null.NOT_KNOWN else f"{into} = {LAST} if {into} is None else None"
        )
    with source.block("else:"):
        source.line(f"{into} = local_day({into}, zone).toordinal()")


@define(eq=False)
class Gathering:
    """What one condition needs of a list."""

    selection: Selection
    what: str
    """``day``: the first day of a record; ``runs``: the days of lasting ones; ``acts``: both."""
    inner: str | None = None
    until: str | None = None
    found: str = ""
    """The variable with what is certain."""
    gap: str = ""
    """The variable that says whether something is not known; with ``_of`` after it, of which records."""
    every: bool = False
    """Of days, whether all are kept besides: in the variable ``found`` with ``_all`` after it."""
    wider: Gathering | None = None
    narrower: list[Gathering] = field(factory=list)

    @property
    def own_tests(self) -> list[FieldTest]:
        if self.wider is None:
            return list(self.selection.tests)
        theirs = {structure(test) for test in self.wider.selection.tests}
        return [test for test in self.selection.tests if structure(test) not in theirs]

    def narrows(self, other: Gathering) -> bool:
        """Whether every record selected is also one of the other's."""
        if (self.what, self.inner, self.until) != (other.what, other.inner, other.until):
            return False
        if structure(self.selection.inner) != structure(other.selection.inner):
            return False
        theirs = {structure(test) for test in other.selection.tests}
        if any(test.judge and structure(test) not in theirs for test in self.selection.tests):
            return False
        return all(any(_narrows(own, test) for own in self.selection.tests) for test in other.selection.tests)


def _narrows(own: FieldTest, other: FieldTest) -> bool:
    if structure(own) == structure(other):
        return True
    if own.name != other.name or own.judge or other.judge:
        return False
    one, two = own.comparison.tests, other.comparison.tests
    if not len(one) == len(two) == 1 or one[0].word != two[0].word:
        return False
    if one[0].word == "is":
        return set(one[0].operand) <= set(two[0].operand)
    return one[0].word == "at_least" and bool(one[0].operand >= two[0].operand)


@frozen(eq=False, repr=False)
class ListWriter:
    """Writes the one walk through a list, for all its gatherings."""

    source: Source
    kind: RecordType
    zone: tzinfo
    gatherings: list[Gathering] = field(factory=list)
    _known: dict[Any, Gathering] = field(factory=dict)

    def add(self, made: Gathering) -> Gathering:
        tests = frozenset(map(structure, made.selection.tests))
        key = made.what, made.inner, made.until, structure(made.selection.inner), tests
        if key in self._known:
            return self._known[key]
        self._known[key] = made
        made.found, made.gap = self.source.name("found"), self.source.name("gap")
        self.gatherings.append(made)
        return made

    def write(self, listed: str) -> None:
        """Code that goes through the list in a variable."""
        source = self.source
        top = self._nested()
        for one in self.gatherings:
            source.line(f"{one.found} = {LAST + 1 if one.what == 'day' else '[]'}")
            source.line(f"{one.gap} = False")
            if one.every:
                source.line(f"{one.found}_all = []")
        with source.block(f"if {listed} is ABSENT or {listed} is None:"):
            source.line(" = ".join([*(one.gap for one in self.gatherings), "True"]))
        with source.block("else:"), source.block(f"for r in {listed}:"):
            owner = owner_of(self.kind.path) or dict
            with source.block(f"if r.__class__ is not {source.constant(owner)}:"):
                source.line("return None")
            firsts = {one.own_tests[0].name for one in top if one.own_tests}
            read = {}
            for name in sorted(firsts):
                read[name] = source.name("v")
                source.line(f"{read[name]} = {access(source, self.kind, 'r', name)}")
            for one in top:
                self._tests(one, one.own_tests, read, verdict=None)
        for one in self.gatherings:
            with source.block(f"if {one.gap}:"):
                asked = "days" if one.what == "day" else "records"
                doubts = source.constant(Doubts(one, self.zone))
                source.line(f"{one.gap}_of = {doubts}.{asked}({listed})")

    def _nested(self) -> list[Gathering]:
        """The gatherings that are not among the records of another; among very many none is looked for."""
        for one in self.gatherings if len(self.gatherings) <= _MOST_NESTED else ():
            for other in self.gatherings:
                if (
                    one is not other
                    and one.wider is None
                    and one.narrows(other)
                    and not other.narrows(one)
                    and other.wider is None
                ):
                    if one.narrower:
                        continue
                    one.wider = other
                    other.narrower.append(one)
                    break
        return [one for one in self.gatherings if one.wider is None]

    def _tests(
        self, one: Gathering, tests: Sequence[FieldTest], read: dict[str, str], verdict: str | None
    ) -> None:
        source, kind = self.source, self.kind
        if not tests:
            if kind.verdict is None or verdict is not None or one.wider is not None:
                self._selected(one, read)
                return
            source.line(f"v = {access(source, kind, 'r', kind.verdict)}")
            with source.block("if v is not False:"):
                self._selected(one, read)
            return
        test, *rest = tests
        if test.judge and verdict is None and kind.verdict is not None:
            verdict = source.name("v")
            source.line(f"{verdict} = {access(source, kind, 'r', kind.verdict)}")
            with source.block(f"if {verdict} is not False:"):
                self._tests(one, tests, read, verdict)
            return
        value = read.get(test.name)
        if value is None:
            value = source.name("v")
            source.line(f"{value} = {access(source, kind, 'r', test.name)}")
            read = {**read, test.name: value}
        passes = condition(source, test, kind.fields[test.name], value) or ""
        gaps = " = ".join([*(each.gap for each in _all(one)), "True"])
        known = f"{value} is not ABSENT and {value} is not None"
        if test.judge:
            # What a person accepts counts; what is to be judged and is not is not known.
            judged = source.constant(frozenset(test.judge))
            with source.block(f"if {verdict} is True or ({known} and {passes}):"):
                self._tests(one, rest, read, verdict)
            among = f"({value} in {judged} if {value}.__class__ is {source.constant(str)} else not {judged}.isdisjoint({value}))"
            with source.block(f"elif {value} is ABSENT or {value} is None or {among}:"):
                source.line(gaps)
            return
        if passes.startswith(f"{value} in "):  # which what is absent is not
            with source.block(f"if {passes}:"):
                self._tests(one, rest, read, verdict)
            with source.block(f"elif {value} is ABSENT or {value} is None:"):
                source.line(gaps)
            return
        with source.block(f"if {value} is ABSENT or {value} is None:"):
            source.line(gaps)
        with source.block(f"elif {passes}:"):
            self._tests(one, rest, read, verdict)

    def _selected(self, one: Gathering, read: dict[str, str]) -> None:
        source, kind = self.source, self.kind
        gaps = " = ".join([*(each.gap for each in _all(one)), "True"])
        if one.wider is not None:  # in the place where the wider one has found the record
            if one.what == "day":
                self._counted(one)
            else:
                source.line(f"{one.found}.append({'run' if one.what == 'runs' else 'act'})")
            return
        if one.what == "runs":
            first, last = kind.spans or ("", "")
            put_ordinal(source, "first", access(source, kind, "r", first), kind.fields[first].null)
            put_ordinal(source, "last", access(source, kind, "r", last), kind.fields[last].null)
            with source.block("if first is None or last is None:"):
                source.line(gaps)
            with source.block("else:"):
                source.line("run = first, last if last > first else first")
                source.line(f"{one.found}.append(run)")
                self._narrower(one, read)
            return
        self._day("day", kind.dated_by or "", "r")
        with source.block("if day is None:"):
            source.line(gaps)
        if one.what == "day":
            with source.block("else:"):
                self._counted(one)
                self._narrower(one, read)
            return
        with source.block("else:"):
            self._act(one, gaps)
            with source.block("if act is None:"):
                source.line(gaps)
            with source.block("else:"):
                source.line(f"{one.found}.append(act)")
                self._narrower(one, read)

    def _counted(self, one: Gathering) -> None:
        if one.every:
            self.source.line(f"{one.found}_all.append(day)")
        with self.source.block(f"if day < {one.found}:"):
            self.source.line(f"{one.found} = day")

    def _narrower(self, one: Gathering, read: dict[str, str]) -> None:
        for other in one.narrower:
            self._tests(other, other.own_tests, read, verdict="wider")

    def _day(self, into: str, name: str, record: str) -> None:
        """The day in a field, with the default that is stated for it."""
        source, about = self.source, self.kind.fields[name]
        put_ordinal(source, into, access(source, self.kind, record, name), about.null)
        if about.not_needed_when is not None:
            other, wanted = about.not_needed_when
            value = access(source, self.kind, record, other)
            with source.block(f"if {into} is None and {value} == {source.constant(wanted)}:"):
                source.line(f"{into} = 1")

    def _act(self, one: Gathering, gaps: str) -> None:
        """The runs that a record attests, no further than the day until which it does."""
        source, kind = self.source, self.kind
        assert one.inner is not None
        inner = one.selection.inner[one.inner]
        until = str(LAST)
        if one.until is not None:
            about = kind.fields[one.until]
            until = "until"
            put_ordinal(source, until, access(source, kind, "r", one.until), about.null)
            if about.default_from is not None:
                with source.block("if until is None:"):
                    source.line("until = day")
        source.line(f"parts = {access(source, kind, 'r', one.inner)}")
        unclear = "parts is ABSENT or parts is None"
        with source.block(f"if {unclear}:" if one.until is None else f"if {unclear} or until is None:"):
            source.line("act = None")
        with source.block("else:"):
            source.line("runs = []")
            source.line("act = day, runs")
            with source.block("for p in parts:"):
                owner = source.constant(owner_of(inner.kind.path) or dict)
                with source.block(f"if p.__class__ is not {owner}:"):
                    source.line("return None")
                self._part(inner, list(inner.tests), until)

    def _part(self, inner: Selection, tests: list[FieldTest], until: str) -> None:
        source, kind = self.source, inner.kind
        if tests:
            test, *rest = tests
            value = source.name("v")
            source.line(f"{value} = {access(source, kind, 'p', test.name)}")
            passes = condition(source, test, kind.fields[test.name], value) or ""
            with source.block(f"if {value} is ABSENT or {value} is None:"):
                source.line("act = None")
            with source.block(f"elif {passes}:"):
                self._part(inner, rest, until)
            return
        first, last = kind.spans or ("", "")
        put_ordinal(source, "first", access(source, kind, "p", first), kind.fields[first].null)
        put_ordinal(source, "last", access(source, kind, "p", last), kind.fields[last].null)
        with source.block("if first is None or last is None:"):
            source.line("act = None")
        with source.block("else:"):
            with source.block("if last < first:"):
                source.line("last = first")
            with source.block(f"if last > {until}:"):
                source.line(f"last = {until}")
            with source.block("if first <= last:"):
                source.line("runs.append((first, last))")


def _all(one: Gathering) -> Iterator[Gathering]:
    yield one
    for other in one.narrower:
        yield from _all(other)


@frozen(eq=False, repr=False)
class Doubts:
    """The records of a list of which something is not known that a gathering asks for."""

    gathering: Gathering
    zone: tzinfo

    def days(self, listed: Any) -> list[tuple[tuple[str, ...], int]]:
        """What is not known of each record, with the day on which it counts at best."""
        kind = self.gathering.selection.kind
        if absent(listed):
            return [((kind.path,), 1)]
        made = []
        for number, record in enumerate(listed):
            paths = self._unknown(self.gathering.selection, record, f"{kind.path}[{number}]")
            if paths is None:
                continue
            day = self._dated(record)
            if day is None:
                paths.append(f"{kind.path}[{number}].{kind.dated_by}")
            if paths:
                made.append((tuple(paths), day or 1))
        return made

    def first(self, listed: Any) -> int:
        """The first day of a record of which everything is known."""
        selection = self.gathering.selection
        days = [
            day
            for record in (() if absent(listed) else listed)
            for day in (self._dated(record),)
            if day is not None and self._unknown(selection, record, "") == []
        ]
        return min(days, default=LAST + 1)

    def records(self, listed: Any) -> list[Uncertain]:
        """The records for adding up time."""
        kind = self.gathering.selection.kind
        acts = self.gathering.what == "acts"
        if absent(listed):
            return [_unlisted(kind.path, acts=acts)]
        return [
            made
            for number, record in enumerate(listed)
            for made in (self._record(record, f"{kind.path}[{number}]"),)
            if made is not None
        ]

    def _record(self, record: Any, path: str) -> Uncertain | None:
        selection = self.gathering.selection
        tests = self._unknown(selection, record, path)
        if tests is None:
            return None
        return (
            self._act(record, path, tests)
            if self.gathering.what == "acts"
            else self._run(selection, record, path, tests)
        )

    def _run(self, selection: Selection, record: Any, path: str, tests: list[str]) -> Uncertain | None:
        """A lasting record, when something is not known of it."""
        kind = selection.kind
        first, last = kind.spans or ("", "")
        start, end = self._ordinal(record, kind, first), self._ordinal(record, kind, last)
        paths = [*tests]
        paths += [f"{path}.{first}"] if start is None else []
        paths += [f"{path}.{last}"] if end is None else []
        if not paths:
            return None
        endless = kind.fields[last].null is Null.NO_END
        entries = run_entries(
            frozenset(tests), start, end, f"{path}.{first}", f"{path}.{last}", endless=endless
        )
        return Uncertain(tuple(paths), entries)

    def _act(self, record: Any, path: str, tests: list[str]) -> Uncertain | None:
        gathering, kind = self.gathering, self.gathering.selection.kind
        assert gathering.inner is not None
        day = self._dated(record)
        day_path = f"{path}.{kind.dated_by}"
        until: int | None = LAST
        until_path = day_path
        if gathering.until is not None:
            until = self._ordinal(record, kind, gathering.until)
            if until is None and kind.fields[gathering.until].default_from is not None:
                until = day
            elif until is None:
                until_path = f"{path}.{gathering.until}"
        inner = gathering.selection.inner[gathering.inner]
        parts = held(record, gathering.inner)
        some: list[Uncertain] = []
        certain: list[tuple[int, int]] = []
        if absent(parts):
            some.append(_unlisted(f"{path}.{gathering.inner}", acts=False))
        else:
            for number, part in enumerate(parts):
                here = f"{path}.{gathering.inner}[{number}]"
                unknown = self._unknown(inner, part, here)
                if unknown is None:
                    continue
                uncertain = self._run(inner, part, here, unknown)
                if uncertain is not None:
                    some.append(uncertain)
                    continue
                first, last = (self._ordinal(part, inner.kind, name) for name in inner.kind.spans or ())
                assert first is not None
                assert last is not None
                certain.append((first, max(first, last)))
        paths = [*tests, *([day_path] if day is None else []), *(path for one in some for path in one.paths)]
        if until is None and until_path != day_path:
            paths.append(until_path)
        if not paths:
            return None

        def entries(worst: Any) -> list[Any]:
            if any(path in worst for path in tests) or (day is None and day_path in worst):
                return []
            end = until
            if end is None:
                end = 1 if until_path != day_path and until_path in worst else LAST
            runs = [*certain, *(run for one in some for run in one.entries(worst))]
            return [(day or 1, [(first, min(last, end)) for first, last in runs])]

        return Uncertain(tuple(paths), entries, day or 0)

    def _unknown(self, selection: Selection, record: Any, path: str) -> list[str] | None:
        """The tested fields that are not known; ``None`` when those known rule the record out."""
        kind = selection.kind
        verdict = held(record, kind.verdict) if kind.verdict is not None else ABSENT
        if verdict is False:
            return None
        made: list[str] = []
        for test in selection.tests:
            value = held(record, test.name)
            if absent(value):
                if test.judge and verdict is True:
                    continue
                made.append(f"{path}.{test.name}")
            elif test.comparison.holds(value, NO_FACTS, NO_DAY, NO_CALENDAR) or (
                test.judge and verdict is True
            ):
                continue
            elif not test.judged(value):
                return None
            if test.judge:
                made.append(f"{path}.{kind.verdict}")
        return made

    def _dated(self, record: Any) -> int | None:
        kind = self.gathering.selection.kind
        assert kind.dated_by is not None
        day = self._ordinal(record, kind, kind.dated_by)
        needless = kind.fields[kind.dated_by].not_needed_when
        if day is None and needless is not None and held(record, needless[0]) == needless[1]:
            return 1
        return day

    def _ordinal(self, record: Any, kind: RecordType, name: str) -> int | None:
        value = held(record, name)
        if value is None and kind.fields[name].null is not Null.NOT_KNOWN:
            return LAST
        return None if absent(value) else local_day(value, self.zone).toordinal()


@frozen(eq=False, repr=False)
class Besides:
    """What is missing of records, one of which must be there by a day that hangs on an unknown event."""

    doubts: Doubts
    due: Phrase
    how: Calendar
    _last: dict[int, int] = field(factory=dict)

    def paths(self, file: Any, today: int) -> Iterator[str]:
        """A fact is missing when on some due day no other record decides, and the record of it could."""
        listed = file
        for name in self.doubts.gathering.selection.kind.path.split("."):
            listed = ABSENT if absent(listed) else held(listed, name)
        first = self.doubts.first(listed)
        until = today if first > today else self._before(first)
        for paths, day in self.doubts.days(listed):
            if day <= until:
                yield from paths

    def _before(self, first: int) -> int:
        """The last day before this one on which it may be due: a fact of the calendar."""
        found = self._last.get(first)
        if found is not None:
            return found
        if len(self._last) >= _MOST_KEPT:
            self._last.clear()
        lacking, step = first, 40
        while lacking > 1 and self._due(lacking) >= first:
            lacking, step = max(1, lacking - step), 2 * step
        beyond, step = first, 40
        while beyond < _FAR and self._due(beyond) < first:
            beyond, step = min(_FAR, beyond + step), 2 * step
        while beyond - lacking > 1:
            middle = (lacking + beyond) // 2
            lacking, beyond = (middle, beyond) if self._due(middle) < first else (lacking, middle)
        last = self._last[first] = self._due(lacking)
        return last if last < first else 0

    def _due(self, event: int) -> int:
        facts: Any = Known(date.fromordinal(event))
        return self.due.due(facts, date.min, self.how).toordinal()


_FAR = FAR.toordinal()
_MOST_KEPT = 4_000


def _unlisted(path: str, *, acts: bool) -> Uncertain:
    """A list that is not known: none of it, or all the days there are."""

    def entries(worst: Any) -> list[Any]:
        if path in worst:
            return []
        return [(1, [(1, LAST)])] if acts else [(1, LAST)]

    return Uncertain((path,), entries)
