"""The facts that rules may speak of, and one applicant's facts as the rules see them.

`Vocabulary` knows the paths (``exam_project.hours``) and record types (``documents.positions``), those
of the built-in file and, for a ruleset, those that it declares itself.
`Facts` looks an applicant's values up: moments become days of the ruleset's zone, a ``null`` that
means "ongoing" or "not yet" becomes ``AHEAD``, stated defaults are filled in, and what is not known is
``ABSENT``. A `Facts` may also assume values for what is absent: that is how completions are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, tzinfo
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from attrs import define, field, frozen

from kutsereeglid import applicant as model
from kutsereeglid.applicant import ABSENT, About, Applicant, Kind, Null, held
from kutsereeglid.dates import AHEAD, TimedDay, clock_of, local_day, not_after, plain_day, plus_days
from kutsereeglid.units import UnitError, Units


@frozen(eq=False, repr=False)
class RecordType:
    """A list of records in the file: its fields, and what dates a record."""

    path: str
    fields: Mapping[str, About]
    dated_by: str | None = None
    spans: tuple[str, str] | None = None
    verdict: str | None = None
    inner: Mapping[str, RecordType] = field(factory=dict)
    """Lists inside each record, by field name."""

    @property
    def may_end(self) -> bool:
        """Whether a record without an end goes on only until it ends; else it is known to have none."""
        return self.spans is not None and self.fields[self.spans[1]].null is Null.ONGOING


Declared = Mapping[str, Mapping[str, "About | RecordType"]]
"""What a ruleset declares: for each holder (``facts``, ``exam_project``, ``trainings``) its fields and lists."""

DECLARED = "facts"
"""Where the facts that are no more fields of a built-in record stand in a file."""


class Vocabulary:
    """Every path that a rule may name, with what is known of it."""

    def __init__(self, declared: Declared | None = None, unread: Collection[str] = ()) -> None:
        self.declared: Declared = declared or {}
        self.unread = frozenset(unread)
        """Paths whose declarations have mistakes, of which is told already."""
        self.facts: dict[str, About] = {}
        self.records: dict[str, RecordType] = {}
        for name, about in model.about(Applicant).items():
            self._add(name, about)
        for holder, more in self.declared.items():
            if holder not in self.records:  # else they are fields of the records already
                self._add_declared(holder, more)

    def _add_declared(self, holder: str, more: Mapping[str, About | RecordType]) -> None:
        for name, one in more.items():
            if isinstance(one, RecordType):
                self.records[one.path] = one
            else:
                self.facts[f"{holder}.{name}"] = one

    def full(self, path: str) -> str:
        """The path as it is in the file: a rule may leave out ``facts.``."""
        inside = f"{DECLARED}.{path.partition('.')[0]}"
        named = inside.removeprefix(f"{DECLARED}.") in self.declared.get(DECLARED, {})
        return f"{DECLARED}.{path}" if named or inside in self.unread else path

    def is_unread(self, path: str) -> bool:
        """Whether a mistake in a declaration has been told already, so that no more is said of the path."""
        return any(path == one or path.startswith(f"{one}.") for one in self.unread)

    def _add(self, path: str, about: About) -> None:
        if about.kind is Kind.RECORD and about.of is not None:
            for name, inner in model.about(about.of).items():
                self._add(f"{path}.{name}", inner)
        elif about.kind is Kind.RECORDS and about.of is not None:
            self._add_records(path, about.of)
        elif about.kind not in (Kind.OPEN, Kind.JUDGEMENTS):
            self.facts[path] = about

    def _add_records(self, path: str, owner: type) -> RecordType:
        fields = model.about(owner)
        inner = {
            name: self._add_records(f"{path}.{name}", about.of)
            for name, about in fields.items()
            if about.kind is Kind.RECORDS and about.of is not None
        }
        made = RecordType(
            path,
            {
                **{name: about for name, about in fields.items() if name not in inner},
                **{
                    name: one
                    for name, one in self.declared.get(path, {}).items()
                    if not isinstance(one, RecordType)
                },
            },
            dated_by=getattr(owner, "dated_by", None),
            spans=getattr(owner, "spans", None),
            verdict=getattr(owner, "verdict", None),
            inner=inner,
        )
        self.records[path] = made
        return made

    @cached_property
    def narrows(self) -> bool:
        """Whether it allows a built-in field fewer values than the file does."""
        return any(
            name in BUILT_IN.facts or name in getattr(BUILT_IN.records.get(holder), "fields", ())
            for holder, more in self.declared.items()
            for one in more
            for name in (one, f"{holder}.{one}")
        )

    @cached_property
    def day_paths(self) -> Mapping[str, str]:
        """The facts that are days, by every way in which a rule may write their paths."""
        days = [path for path, about in self.facts.items() if about.kind is Kind.DAY]
        return {written: path for path in days for written in (as_written(path), path)}


def as_written(path: str) -> str:
    """A path as a rule names it."""
    return path.removeprefix(f"{DECLARED}.")


BUILT_IN = Vocabulary()

Some = TypeVar("Some")
Assumed = Callable[[str], Any]
Recall = Callable[[Any, Any, Callable[[], Any]], Any]
"""Gives the value that is assumed for an absent path, or ``ABSENT``."""


def _nothing_assumed(_path: str) -> Any:
    return ABSENT


@frozen(eq=False, repr=False)
class Record:
    """One record of a list, with its path in the file."""

    facts: Facts
    path: str
    kind: RecordType
    raw: Any

    def get(self, name: str) -> Any:
        """The field's value; ``ABSENT`` when it is not known and has no stated default."""
        about = self.kind.fields[name]
        value = self.facts.settle(about, held(self.raw, name))
        if value is not ABSENT:
            clocks = self.facts.clocks
            return value if clocks is None else clocks.read(f"{self.path}.{name}", about, value)
        value = self.facts.assumed(f"{self.path}.{name}")
        if value is not ABSENT:
            return value
        if about.default_from is not None:
            return self.get(about.default_from)
        if about.not_needed_when is not None:
            other, wanted = about.not_needed_when
            if self.get(other) == wanted:
                return date.min
        return ABSENT

    def unit_of(self, name: str) -> str | None:
        """The unit that the number in a field is counted in: what the record says, or the field's own.
        Absent is a stated default, no missing fact."""
        about = self.kind.fields[name]
        said = ABSENT if about.unit_in is None else held(self.raw, about.unit_in)
        return said if isinstance(said, str) else about.unit

    def amount(self, name: str, units: Units, to: str | None) -> Any:
        """The number in a field as so many ``to``, exactly: ``ABSENT`` when it is not known, ``None`` when it
        is counted in a unit that cannot be converted."""
        value, unit = self.get(name), self.unit_of(name)
        if value is ABSENT or unit == to:
            return value if value is ABSENT else Fraction(str(value))
        named = None if unit is None else units.named(unit)
        try:
            return None if named is None or to is None else units.convert(value, named, to)
        except UnitError:
            return None

    def source_of(self, name: str) -> str:
        """The path of the fact that is missing when ``name`` is: that of its default, if it has one
        (the end of an activity, if it says when it began)."""
        default = self.kind.fields[name].default_from
        if default is not None and self.kind.spans is not None and self.get(self.kind.spans[0]) is ABSENT:
            default = None
        return f"{self.path}.{default or name}"

    def inner(self, name: str) -> Any:
        """The records of a list inside this one, ``ABSENT`` or what is assumed for it."""
        return self.facts.wrapped(self.kind.inner[name], f"{self.path}.{name}", held(self.raw, name))


@frozen(eq=False, repr=False)
class Ended(Record):
    """A record that goes on, as if it had ended on a day."""

    end: date

    def get(self, name: str) -> Any:
        return self.end if self.kind.spans is not None and name == self.kind.spans[1] else super().get(name)


@define(eq=False, repr=False)
class Clocks:
    """How days are read where the rules name a time of day."""

    days: Collection[date]
    """The days on which a time is named."""
    until: date | None = None
    """What happens on this day after its time has not happened on it."""
    assumed: Mapping[str, time] = field(factory=dict)
    """Times for days that the file gives without one, by path."""
    without: set[str] = field(factory=set)
    """The paths of such days, as far as they were asked for and have no time."""

    def read(self, path: str, about: About, value: Any) -> Any:
        """A value as it is read: a day with its time, the file's own or one that is assumed."""
        if about.kind is not Kind.DAY or value not in self.days:
            return value
        if clock_of(value) is None:
            if path not in self.assumed:
                self.without.add(path)
                return value
            value = TimedDay.of(value, self.assumed[path])
        if self.until is not None and about.happens and not not_after(value, self.until):
            return plus_days(plain_day(value), 1)
        return value


class Facts:
    """One applicant's facts on the day of evaluation, in the ruleset's time zone."""

    __slots__ = (
        *("applicant", "as_of", "assumed", "clocks", "given", "lists", "recall", "taken"),
        *("vocabulary", "zone"),
    )

    def __init__(
        self,
        applicant: Applicant,
        as_of: date,
        zone: tzinfo,
        vocabulary: Vocabulary = BUILT_IN,
        assumed: Assumed = _nothing_assumed,
        clocks: Clocks | None = None,
    ) -> None:
        self.applicant = applicant
        self.as_of = as_of
        self.zone = zone
        self.vocabulary = vocabulary
        self.assumed = assumed
        self.clocks = clocks
        self.given: dict[str, Any] = {}
        """What was asked for and is in the file; ``ABSENT`` for what is not."""
        self.lists: dict[str, Any] = {}
        """Lists that were asked for."""
        self.recall: Recall | None = None
        self.taken: Mapping[str, Any] = {}
        """Records that are imagined to be there too where one is taken by a name."""

    def assuming(self, assumed: Assumed, recall: Recall | None = None) -> Facts:
        """The same with what is assumed in place of what is missing; ``recall`` keeps what is worked out from it."""
        made = Facts(self.applicant, self.as_of, self.zone, self.vocabulary, assumed, self.clocks)
        made.given = self.given
        made.recall = recall
        return made

    def once(self, measure: Any, asked: Any, work: Callable[[], Some]) -> Some:
        """What work gives for a measure; it is done once for the same assumptions on what that looks at."""
        return work() if self.recall is None else self.recall(measure, asked, work)

    def clocked(self, clocks: Clocks) -> Facts:
        """The same where times of day count."""
        return Facts(self.applicant, self.as_of, self.zone, self.vocabulary, self.assumed, clocks)

    def supposing(self, kind: RecordType, records: Any) -> Facts:
        """The same with this in place of a list's records."""
        return _Supposing(self, kind.path, records)

    def taking(self, name: str, record: Any) -> Facts:
        """The same with one more record among those of which one is taken by a name."""
        made = Facts(self.applicant, self.as_of, self.zone, self.vocabulary, self.assumed, self.clocks)
        made.given, made.taken = self.given, {**self.taken, name: record}
        return made

    def about(self, path: str) -> About:
        return self.vocabulary.facts[path]

    def settle(self, about: About, raw: Any) -> Any:
        if raw is None:
            if about.null is Null.NOT_KNOWN:
                return ABSENT
            return AHEAD if about.kind is Kind.DAY else None
        if about.kind is Kind.DAY and raw is not ABSENT:
            if self.clocks is not None and isinstance(raw, datetime):
                return TimedDay.of(local_day(raw, self.zone), raw.astimezone(self.zone).time())
            return local_day(raw, self.zone)
        return raw

    def _raw(self, path: str) -> Any:
        value: Any = self.applicant
        for name in path.split("."):
            value = held(value, name)
        return value

    def value(self, path: str) -> Any:
        """The value at a path of the vocabulary, or ``ABSENT``."""
        value = self.given.get(path)
        if value is None:
            value = self.given[path] = self.settle(self.about(path), self._raw(path))
        if value is not ABSENT:
            return value if self.clocks is None else self.clocks.read(path, self.about(path), value)
        about = self.about(path)
        if about.not_yet_before is not None:
            event = self.value(about.not_yet_before)
            if event is not ABSENT and self.as_of < event:
                return AHEAD
        return self.assumed(path)

    def judgement(self, question: str) -> Any:
        given = self.applicant.judgements
        value = given.get(question) if isinstance(given, Mapping) else None
        return self.assumed(f"judgements.{question}") if value is None else value

    def records(self, kind: RecordType) -> Any:
        """The records of a top-level list, ``ABSENT`` when the list is not known, or what is assumed."""
        found = self.lists.get(kind.path)
        if found is None:
            found = self.lists[kind.path] = self.wrapped(kind, kind.path, self._raw(kind.path))
        return found

    def wrapped(self, kind: RecordType, path: str, raw: Any) -> Any:
        if raw is ABSENT or raw is None:
            return self.assumed(path)
        return [Record(self, f"{path}[{index}]", kind, item) for index, item in enumerate(raw)]


class _Supposing(Facts):
    """Facts with something else in place of the records of one list."""

    __slots__ = ("path", "supposed")

    def __init__(self, facts: Facts, path: str, supposed: Any) -> None:
        super().__init__(
            facts.applicant, facts.as_of, facts.zone, facts.vocabulary, facts.assumed, facts.clocks
        )
        self.path = path
        self.supposed = supposed

    def records(self, kind: RecordType) -> Any:
        return self.supposed if kind.path == self.path else super().records(kind)


def each(records: Any) -> Iterator[Record]:
    """The records that the file holds; none where the list is absent or only assumed."""
    return iter(records if isinstance(records, list) else ())
