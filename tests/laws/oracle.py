"""What the statuses must be, by brute force: written from the definitions alone, and sharing no code with the library.

A leaf is judged on complete facts by trying days and continuations. Missing facts are filled in with every value of
a small domain; what differs between two completions is missing. Rulesets and applicants are plain dicts, as JSON
gives them.
"""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from math import floor
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Plain = dict[str, Any]
Window = tuple[date, date]
Run = tuple[int, int]

DAY = timedelta(1)
NEVER, ALWAYS = date.max, date.min  # later, earlier than every day
FAR_PAST, FAR_AHEAD = date(1900, 1, 1), date(2100, 1, 1)
HORIZON = 500  # days that are scanned one by one
BEYOND = (1000, 5000, 20_000, 40_000)  # and some far ahead, where everything has settled
BIG = Fraction(10**6)


class Unsaid(Enum):
    """In place of an ``earliest`` that the oracle does not compute."""

    UNSAID = "unsaid"


UNSAID = Unsaid.UNSAID


class Opinion(NamedTuple):
    status: str | None
    due: date | None
    missing: frozenset[str] | None
    earliest: date | Unsaid | None


class NoDay(Exception):
    """A month lacks the corresponding day, and the calendar rejects that."""


class Absent(Exception):
    """A fact that the file does not give."""


class TooMany(Exception):
    """More completions than the budget allows."""


@dataclass(frozen=True)
class World:
    as_of: date
    days: tuple[date, ...]
    budget: int
    month_end: str
    back: str
    shifts: Mapping[str, str]
    overlaps: str
    broken: str
    suspended: str


# Days, by walking


@cache
def easter(year: int) -> date:
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    month, day = divmod(d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114, 31)
    return date(year, month, day + 1)


@cache
def day_off(day: date) -> bool:
    if day.weekday() >= 5 or (day - easter(day.year)).days in (-2, 0, 49):
        return True
    fixed = {(1, 1), (2, 24), (5, 1), (6, 23), (6, 24), (8, 20), (12, 24), (12, 25), (12, 26)}
    return (day.month, day.day) in fixed


def walked(day: date, count: int, step: timedelta) -> date:
    while count:
        day += step
        count -= not day_off(day)
    return day


def months_away(day: date, count: int, month_end: str) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = monthrange(year, month + 1)[1]
    if day.day <= last or month_end == "clamp":
        return date(year, month + 1, min(day.day, last))
    if month_end == "reject":
        raise NoDay
    return date(year, month + 1, last) + (day.day - last) * DAY


@cache
def term_after(day: date, count: int, unit: str, month_end: str) -> date:
    if unit == "working day":
        return walked(day, count, DAY)
    if unit in ("day", "week"):
        return day + count * (7 if unit == "week" else 1) * DAY
    return months_away(day, count * (12 if unit == "year" else 1), month_end)


@cache
def term_before(day: date, count: int, unit: str, month_end: str, back: str) -> date:
    if back == "subtract" or unit == "working day":
        if unit == "working day":
            return walked(day, count, -DAY)
        if unit in ("day", "week"):
            return day - count * (7 if unit == "week" else 1) * DAY
        return months_away(day, -count * (12 if unit == "year" else 1), month_end)
    first = day - max(0, count * {"year": 365, "month": 28, "week": 7}.get(unit, 1) - 4) * DAY
    while True:  # the last day from which the term does not pass the day
        with suppress(NoDay):
            if term_after(first, count, unit, month_end) <= day:
                return first
        first -= DAY


@cache
def shifted(day: date, where: str) -> date:
    while where != "stay" and day_off(day):
        day += DAY if where == "next working day" else -DAY
    return day


def term(text: str) -> tuple[int, str]:
    number, _, unit = text.partition(" ")
    return int(number), unit.removesuffix("s")


# Phrases for days


class Phrase(NamedTuple):
    kind: str  # day, today, fact, before, after
    what: Any = None
    inner: Any = None  # of a term: the phrase that it is counted from


@cache
def phrase(text: str) -> Phrase:
    if found := re.fullmatch(r"(\d+ (?:working )?\w+) (before|after) (.+)", text):
        return Phrase(found[2], term(found[1]), phrase(found[3]))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return Phrase("day", date.fromisoformat(text))
    return Phrase("today") if text == "today" else Phrase("fact", text)


def root(one: Phrase) -> Phrase:
    return root(one.inner) if one.inner else one


def fact_day(path: str, file: Plain, as_of: date) -> date:
    """A fact that is a day; later than every day where it is not yet there."""
    owner, _, key = path.rpartition(".")
    holder = file[owner] if owner else file
    if key == "presented" and "presented" not in holder:
        if as_of < fact_day("exam.date", file, as_of):
            return NEVER
        key = "presented?"
    if key not in holder:
        raise Absent(path)
    found: date | None = holder[key]
    return NEVER if found is None else found


HAPPEN = ("application.submitted", "exam_project.presented")
DAY_FACTS = ("birth_date", "exam.date", *HAPPEN)


def day_of(one: Phrase, file: Plain, t: date, world: World, window: bool = False) -> date:
    """The day of a phrase when ``t`` is judged; in a window, what is not there yet stands as that day."""
    if one.kind == "day":
        return one.what  # type: ignore[no-any-return]
    if one.kind == "today":
        return t
    if one.kind == "fact":
        found = fact_day(one.what, file, world.as_of)
        return t if window and (found == NEVER or (one.what in HAPPEN and found > t)) else found
    start = day_of(one.inner, file, t, world, window)
    if start == NEVER:
        return NEVER
    if one.kind == "after":
        return term_after(start, *one.what, world.month_end)
    return term_before(start, *one.what, world.month_end, world.back)


def due_day(due: Phrase | None, file: Plain, world: World) -> date:
    if due is None:
        return NEVER
    day = day_of(due, file, world.as_of, world)
    return shifted(day, world.shifts[due.kind]) if due.inner and day != NEVER else day


# Values and tests


@cache
def number(text: str) -> Fraction:
    return Fraction(text)


def plain(value: Any) -> Any:
    """A number as it is written; an amount without its unit; a word of a scale as its place."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(str(value))
    if isinstance(value, str) and value in SKILL:
        return number(str(SKILL.index(value)))
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)? \w+", value):
        return number(value.split()[0])
    return value


SKILL = ("little", "some", "much")
DECLARED = ("points", "draft", "skill", "help")  # facts of generated rulesets


def full(path: str) -> str:
    """The path in the file: a rule may leave out ``facts.``."""
    return f"facts.{path}" if path.split(".")[0] in DECLARED else path


class Tests(NamedTuple):
    words: tuple[tuple[str, Any], ...]
    judged: tuple[Any, ...] | None  # the values of which a person must judge


def many(value: Any) -> list[Any]:
    return [plain(one) for one in value] if isinstance(value, list) else [plain(value)]


def tests(raw: Any) -> Tests:
    found = raw if isinstance(raw, dict) else {"is": raw}
    lists = ("is", "is_not", "includes", "includes_any")
    words = tuple((k, many(v) if k in lists else plain(v)) for k, v in found.items() if k != "judge")
    return Tests(words, tuple(many(found["judge"])) if "judge" in found else None)


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: any(one in wanted for one in many(value)),
    "is_not": lambda value, wanted: not any(one in wanted for one in many(value)),
    "includes": lambda value, wanted: all(one in value for one in wanted),
    "includes_any": lambda value, wanted: any(one in value for one in wanted),
    "at_least": lambda value, wanted: value >= wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "more_than": lambda value, wanted: value > wanted,
    "less_than": lambda value, wanted: value < wanted,
    "from": lambda value, wanted: value >= wanted,
    "by": lambda value, wanted: value <= wanted,
    "before": lambda value, wanted: value < wanted,
    "after": lambda value, wanted: value > wanted,
}


def passes(value: Any, words: Iterable[tuple[str, Any]]) -> bool:
    value = plain(value)
    return all(COMPARE[word](value, wanted) for word, wanted in words)


FIELDS = ("it-systems", "software-development", "other")
LISTED: dict[tuple[str, str], tuple[Any, ...]] = {  # what the contract lists; "…" stands for one more
    ("employments", "field"): FIELDS,
    ("positions", "field"): FIELDS,
    ("exam_project", "field"): FIELDS,
    ("exam_project", "basis"): ("company-problem", "novel-solution", "other"),
    ("employments", "kind"): ("employment", "internship", "self-employment"),
    ("exam_project.parts", "kind"): ("theoretical", "practical"),
    ("documents", "type"): ("education-certificate", "employment-certificate", "internship-certificate", "…"),
    ("documents", "signed_by"): ("employer", "applicant", "…"),
    ("documents", "accepted"): (True, False),
    ("facts", "skill"): SKILL,
    ("education", "level"): tuple(range(1, 9)),
    ("qualifications", "level"): tuple(range(1, 9)),
}
NUMBERS = ("hours", "quantity", "workload", "level", "points", "draft")
MAKING = (
    "exam_project.field",
    "exam_project.basis",
    "exam_project.topics",
    "exam_project.hours",
    "facts.draft",
)


def domain(owner: str, field: str, found: Tests) -> list[Any]:
    """Values of a field's type: those listed, those named and their neighbours, one more."""
    named: list[Any] = [*(found.judged or ())]
    for _, wanted in found.words:
        named += wanted if isinstance(wanted, list) else [wanted]
    if (owner, field) in LISTED:
        listed = LISTED[owner, field]
        return [*listed, *(one for one in named if "…" in listed and one not in listed)]
    if field == "topics":
        ones = [[one] for one in named]
        return [[], named, *ones, *([other for other in named if other != one] for one in named)]
    if field in NUMBERS:
        return around(named)
    return [*named, "…"]


def around(named: Iterable[Fraction]) -> list[Fraction]:
    """No less than 0: the numbers, their neighbours, and a very big one."""
    half = Fraction(1, 2)
    near = {one + step for one in named for step in (-1, -half, 0, half, 1)}
    return sorted({Fraction(0), BIG, *(one for one in near if one >= 0)})


# Missing facts


class Gap(NamedTuple):
    path: str
    holder: Plain
    key: str
    values: Callable[[list[date]], list[Any]]  # given the days to try


class Gaps:
    def __init__(self) -> None:
        self.found: list[Gap] = []

    def value(self, holder: Plain, path: str, key: str, values: Iterable[Any]) -> None:
        if key not in holder and key.rstrip("?") not in holder:
            always = list(values)
            self.found.append(Gap(at(path, key), holder, key, lambda days: always))

    def day(self, holder: Plain, path: str, key: str, none: bool = False) -> None:
        if key not in holder and key.rstrip("?") not in holder:
            more = [None] if none else []
            self.found.append(Gap(at(path, key), holder, key, lambda days: [*more, *days]))

    def records(self, holder: Plain, path: str, key: str, values: Callable[[list[date]], list[Any]]) -> None:
        if key not in holder:
            self.found.append(Gap(at(path, key), holder, key, values))

    def day_fact(self, path: str, file: Plain, as_of: date) -> None:
        owner, _, key = path.rpartition(".")
        if path != "exam_project.presented":
            if not any(gap.path == path for gap in self.found):
                self.day(file[owner] if owner else file, owner, key, none=path != "birth_date")
        elif key not in file[owner]:
            self.day_fact("exam.date", file, as_of)
            exam = file["exam"].get("date", as_of)
            if exam is not None and exam <= as_of and not any(gap.path == path for gap in self.found):
                self.day(file[owner], owner, "presented?", none=True)


def at(path: str, key: str) -> str:
    return f"{path}.{key}".lstrip(".").rstrip("?")


# Leaves


class Leaf:
    """A condition without parts. The families say when it holds, and which facts it asks for."""

    owner = ""
    phrases: tuple[Phrase, ...] = ()
    in_window = False

    def __init__(self, world: World, due: Phrase | None, negated: bool) -> None:
        self.world, self.due, self.negated = world, due, negated

    def holds(self, file: Plain, t: date, grow: bool) -> bool:
        """Whether it holds when ``t`` is judged; with ``grow``, of the continuation that is best for it."""
        raise NotImplementedError

    def ask(self, file: Plain, gaps: Gaps) -> None:
        """Collect the facts that are asked for and absent."""

    def marks(self) -> Iterable[tuple[int, str]]:
        """The terms that days are compared by."""
        return (one.what for whole in (*self.phrases, self.due) if whole for one in terms_in(whole))

    def valid(self, file: Plain) -> bool:
        return True

    def moves(self, file: Plain) -> bool:
        """Whether what is compared with moves as time passes."""
        return any(self.sliding(root(one), file) for one in self.phrases)

    def sliding(self, one: Phrase, file: Plain) -> bool:
        if one.kind != "fact" or not self.in_window:
            return one.kind == "today"
        found = fact_day(one.what, file, self.world.as_of)
        return found == NEVER or (one.what in HAPPEN and found > self.world.as_of)


def terms_in(one: Phrase) -> Iterator[Phrase]:
    if one.inner:
        yield one
        yield from terms_in(one.inner)


class Certain(Leaf):
    def holds(self, file: Plain, t: date, grow: bool) -> bool:
        return not self.negated


class Judged(Leaf):
    def __init__(self, world: World, due: Phrase | None, negated: bool, question: str) -> None:
        super().__init__(world, due, negated)
        self.question = question

    def holds(self, file: Plain, t: date, grow: bool) -> bool:
        return bool(file["judgements"][self.question]) is not self.negated

    def ask(self, file: Plain, gaps: Gaps) -> None:
        gaps.value(file["judgements"], "judgements", self.question, (True, False))


class ValueFact(Leaf):
    """A value of the exam project, which may change until the exam's day, or one that a ruleset declares."""

    def __init__(self, world: World, due: Phrase | None, negated: bool, path: str, raw: Plain) -> None:
        super().__init__(world, due, negated)
        (self.owner, self.key), self.tests = path.split("."), tests(raw)
        self.domain, self.making = domain(self.owner, self.key, self.tests), path in MAKING

    def right(self, value: Any) -> bool:
        return passes(value, self.tests.words) is not self.negated

    def holds(self, file: Plain, t: date, grow: bool) -> bool:
        if self.right(file[self.owner][self.key]):
            return True
        making = grow and self.making and self.world.as_of <= fact_day("exam.date", file, self.world.as_of)
        return making and any(map(self.right, self.domain))

    def ask(self, file: Plain, gaps: Gaps) -> None:
        two = {passes(one, self.tests.words): one for one in self.domain}
        gaps.value(file[self.owner], self.owner, self.key, two.values())
        if self.making:
            gaps.day_fact("exam.date", file, self.world.as_of)


class DayFact(Leaf):
    def __init__(self, world: World, due: Phrase | None, negated: bool, path: str, raw: Plain) -> None:
        super().__init__(world, due, negated)
        self.path, self.raw = path, [(word, phrase(text)) for word, text in raw.items()]
        self.phrases = tuple(one for _, one in self.raw)

    def holds(self, file: Plain, t: date, grow: bool) -> bool:
        as_of = self.world.as_of
        day = fact_day(self.path, file, as_of)
        happens = self.path in HAPPEN
        if day > t and happens and not grow:
            return self.negated  # not there: nothing is compared
        words = [(word, day_of(one, file, t, self.world)) for word, one in self.raw]

        def right(value: date) -> bool:
            there = value <= t or not happens
            return (there and all(COMPARE[word](value, bound) for word, bound in words)) is not self.negated

        if right(day):
            return True
        if not grow or not (day == NEVER or (happens and day > as_of)) or self.path == "birth_date":
            return False
        near = [day + step * DAY for _, day in words if ALWAYS < day < NEVER for step in (-1, 0, 1)]
        return any(right(value) for value in (as_of, t, t + DAY, *near) if value >= as_of)

    def ask(self, file: Plain, gaps: Gaps) -> None:
        gaps.day_fact(self.path, file, self.world.as_of)


LASTING = {"employments": ("start", "end"), "qualifications": ("valid_from", "valid_to")}
DATED = {
    "documents": "submitted",
    "exam_project.parts": "submitted",
    "education": "completed",
    "trainings": "completed",
    "activities": "date",
    "facts.help": "done",
}


class Records(Leaf):
    """Records of a list, selected by ``where``, perhaps within a window."""

    def __init__(
        self, world: World, due: Phrase | None, negated: bool, owner: str, where: Plain, within: Any
    ) -> None:
        super().__init__(world, due, negated)
        self.owner = owner
        self.where = {field: tests(raw) for field, raw in where.items() if field != "positions"}
        self.ends = ("start", "end") if owner == "activities" else LASTING.get(owner, ("", ""))
        self.lasting = owner in LASTING
        self.in_window = True
        text = within if isinstance(within, str) else None
        ends = [within.get("from"), within.get("to")] if isinstance(within, dict) else [text, text]
        self.span = [phrase(one) if one else None for one in ends]
        if text:  # from the corresponding day to the day, or from the day to the corresponding one
            whole = phrase(text)
            self.span = [whole, whole.inner] if whole.kind == "before" else [whole.inner, whole]
        self.phrases = tuple(one for one in self.span if one)
        self.values = {field: domain(owner, field, found) for field, found in self.where.items()}
        self.template = self.matching(self.where, self.values)

    @staticmethod
    def matching(where: Mapping[str, Tests], values: Mapping[str, list[Any]]) -> Plain | None:
        """Fields of a record that passes; None when no record can."""
        good = {f: next((v for v in values[f] if passes(v, where[f].words)), None) for f in where}
        return None if None in good.values() else good

    def window(self, file: Plain, t: date) -> Window:
        first, last = self.span
        return (
            day_of(first, file, t, self.world, True) if first else ALWAYS,
            day_of(last, file, t, self.world, True) if last else NEVER,
        )

    def counts(self, record: Plain) -> bool:
        """Whether a record passes the tests."""
        accepted = record.get("accepted") if self.owner == "documents" else None
        if accepted is False:
            return False
        for field, found in self.where.items():
            if field not in record:  # not filled in, because another field fails
                return False
            if passes(record[field], found.words) or (accepted and found.judged is not None):
                continue
            if (
                found.judged is None
                or plain(record[field]) not in found.judged
                or not record.get("accepted?")
            ):
                return False
        return True

    def day(self, record: Plain) -> date:
        if self.owner == "activities":
            return record["date"] if "date" in record else record["end"]  # type: ignore[no-any-return]
        if record.get("kind") == "practical" and "submitted" not in record:
            return ALWAYS
        return record[DATED[self.owner]]  # type: ignore[no-any-return]

    def stop(self, record: Plain, t: date, grow: bool) -> date:
        """A lasting record's last day, up to ``t``: in the best continuation, where one is asked for."""
        end: date | None = record[self.ends[1]]
        if end is None and grow and self.negated and self.owner != "qualifications":
            end = max(self.world.as_of, record[self.ends[0]])
        return t if end is None else min(end, t)

    def there(self, record: Plain, t: date, window: Window, grow: bool) -> bool:
        if not self.lasting:
            return window[0] <= self.day(record) <= min(window[1], t)
        start: date = record[self.ends[0]]
        if not self.phrases:
            return start <= t
        return max(start, window[0]) <= min(self.stop(record, t, grow), window[1])

    def addable(self, t: date, window: Window) -> bool:
        """Whether a continuation may have one more record by then."""
        first = self.world.as_of + (DAY if self.lasting else 0 * DAY)
        return self.template is not None and max(first, window[0]) <= min(t, window[1])

    def listed(self, file: Plain) -> tuple[Plain, str, str]:
        path, _, key = self.owner.rpartition(".")
        return (file[path] if path else file), path, key

    def ask(self, file: Plain, gaps: Gaps) -> None:
        holder, path, key = self.listed(file)
        gaps.records(holder, path, key, lambda days: [[], *map(self.filled, self.made(days))])
        for number, record in enumerate(holder.get(key, ())):
            if not self.hopeless(record, self.where):
                self.ask_record(record, f"{at(path, key)}[{number}]", gaps)

    def hopeless(self, record: Plain, where: Mapping[str, Tests]) -> bool:
        """Whether a record fails whatever it lacks."""
        if self.owner == "documents" and record.get("accepted") is False:
            return True
        return any(
            not passes(record[field], found.words)
            and not (
                found.judged is not None
                and (
                    record.get("accepted")
                    or ("accepted" not in record and plain(record[field]) in found.judged)
                )
            )
            for field, found in where.items()
            if field in record
        )

    def ask_record(self, record: Plain, path: str, gaps: Gaps) -> None:
        self.ask_fields(record, path, gaps, self.where, self.values)
        if "accepted" not in self.where and any(found.judged is not None for found in self.where.values()):
            gaps.value(record, path, "accepted?", (True, False))
        if self.lasting:
            gaps.day(record, path, self.ends[0])
            if self.phrases:
                gaps.day(record, path, self.ends[1], none=True)
        elif self.owner == "activities":
            if "date" not in record and "end" not in record:
                gaps.day(record, path, "end" if "start" in record else "date")
        elif record.get("kind") != "practical":
            gaps.day(record, path, DATED[self.owner])

    @staticmethod
    def ask_fields(
        record: Plain, path: str, gaps: Gaps, where: Mapping[str, Tests], values: Mapping[str, list[Any]]
    ) -> None:
        for field, found in where.items():  # one value of each sort is enough
            sorts = {(passes(v, found.words), v in (found.judged or ())): v for v in values[field]}
            gaps.value(record, path, field, sorts.values())

    def filled(self, dates: Plain) -> list[Any]:
        """Enough records to matter."""
        return [{**(self.template or {}), **self.extra(), **dates}]

    def extra(self) -> Plain:
        return {}

    def made(self, days: list[date]) -> Iterator[Plain]:
        """The days of a record."""
        for day in days:
            if not self.lasting:
                yield {DATED[self.owner]: day}
            elif self.phrases:
                yield from runs_to_try(self.ends, days, day)
            else:
                yield {self.ends[0]: day, self.ends[1]: None}

    def valid(self, file: Plain) -> bool:
        holder, _, key = self.listed(file)
        return all(in_order(record, *self.ends) for record in holder.get(key, ()))


def runs_to_try(ends: tuple[str, str], days: list[date], day: date) -> Iterator[Plain]:
    start, end = ends
    yield {start: day, end: day}
    yield {start: day, end: FAR_AHEAD if start == "valid_from" else None}
    yield {start: FAR_PAST, end: day}


def in_order(record: Plain, start: str, end: str) -> bool:
    first, last = record.get(start), record.get(end)
    return first is None or last is None or first <= last


class Tally(Records):
    """How many records there are, or the sum of one of their fields: at least so much, or more than that."""

    def __init__(
        self, *basics: Any, field: str | None = None, least: Fraction = Fraction(1), strictly: bool = False
    ) -> None:
        super().__init__(*basics)
        self.field, self.least, self.strictly = field, least, strictly
        found = self.where.get(field or "", Tests((), None))
        self.amounts = [] if field is None else domain(self.owner, field, found)
        if field is not None and field in self.where and self.template is not None:
            good = [v for v in self.amounts if passes(v, found.words) and v > 0]
            self.template = {**self.template, field: max(good)} if good else None

    def holds(self, file: Plain, t: date, grow: bool) -> bool:
        window = self.window(file, t)
        if grow and not self.negated and self.addable(t, window):
            return True
        holder, _, key = self.listed(file)
        total = sum(
            1 if self.field is None else plain(record[self.field])
            for record in holder[key]
            if self.counts(record) and self.there(record, t, window, grow)
        )
        return (total > self.least if self.strictly else total >= self.least) is not self.negated

    def ask_record(self, record: Plain, path: str, gaps: Gaps) -> None:
        super().ask_record(record, path, gaps)
        if self.field is not None and record.get(self.field) is None:
            found = next((gap for gap in gaps.found if gap.path == f"{path}.{self.field}"), None)
            if found:
                gaps.found.remove(found)
            gaps.value(record, path, self.field, self.amounts)

    def ask(self, file: Plain, gaps: Gaps) -> None:
        if self.field is not None:
            holder, _, key = self.listed(file)
            known = [plain(one[self.field]) for one in holder.get(key, ()) if self.field in one]
            few = known[:5]
            sums = {sum(some) for size in range(len(few) + 1) for some in combinations(few, size)} | {
                sum(known)
            }
            named = {
                v for _, wanted in self.where.get(self.field, Tests((), None)).words for v in flat(wanted)
            }
            self.amounts = around({*(self.least - one for one in sums), *named})
            if self.field == "level":
                self.amounts = [Fraction(one) for one in range(1, 9)]
        super().ask(file, gaps)

    def filled(self, dates: Plain) -> list[Any]:
        if self.template is None:
            return []
        amount = Fraction(1)
        if self.field is not None:
            amount = plain({**self.template, **self.extra()}[self.field])
        size = floor(self.least / amount) + 1
        return super().filled(dates) * size

    def extra(self) -> Plain:
        return (
            {}
            if self.field is None or self.field in self.where
            else {self.field: 8 if self.field == "level" else BIG}
        )


def flat(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


# How long records last


@cache
def months_until(ordinal: int) -> int:
    """Months up to a day and with it, in parts so small that each day has a whole number of them."""
    day = date.fromordinal(ordinal)
    parts = 28 * 29 * 30 * 31
    return (day.year * 12 + day.month) * parts + day.day * parts // monthrange(day.year, day.month)[1]


def united(runs: Iterable[Run]) -> list[Run]:
    done: list[Run] = []
    for first, last in sorted(runs):
        if done and first <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(done[-1][1], last))
        else:
            done.append((first, last))
    return done


def without(run: Run, gaps: Iterable[Run]) -> list[Run]:
    left = [run]
    for first, last in gaps:
        pieces = [piece for a, b in left for piece in ((a, min(b, first - 1)), (max(a, last + 1), b))]
        left = [(a, b) for a, b in pieces if a <= b]
    return united(left)


@cache
def long_enough(runs: tuple[Run, ...], size: int, unit: str, once: bool, broken: str, month_end: str) -> bool:
    every = united(runs) if once else list(runs)
    months = size * {"month": 1, "year": 12}.get(unit, 0)
    if not months:
        days = size * (7 if unit == "week" else 1)
        lengths = [last - first + 1 for first, last in every]
        return (max(lengths, default=0) if broken == "not added" else sum(lengths)) >= days
    clamp = "clamp" if month_end == "reject" else month_end
    for first, last in every:
        if last >= months_away(date.fromordinal(first), months, clamp).toordinal() - 1:
            return True
    if broken == "calendar shares":
        shares = sum(months_until(last) - months_until(first - 1) for first, last in every)
        return shares >= months * 28 * 29 * 30 * 31
    days = months // 12 * 365 + months % 12 * 30
    return broken == "30-day months" and sum(last - first + 1 for first, last in every) >= days


class Time(Records):
    """How long records last together, or each alone."""

    def __init__(
        self, *basics: Any, least: tuple[int, str], inside: Plain | None, until: str | None, alone: bool
    ) -> None:
        super().__init__(*basics)
        self.least, self.until, self.alone = least, until, alone
        self.attested = inside is not None  # positions of documents
        self.inner = {field: tests(raw) for field, raw in (inside or {}).items()}
        self.inner_values = {field: domain("positions", field, found) for field, found in self.inner.items()}
        self.inner_template = self.matching(self.inner, self.inner_values)
        self.leaves_out = self.world.suspended == "left out" and self.owner == "employments"
        if self.attested:
            self.ends = ("start", "end")
        self.lasting = not self.attested

    def marks(self) -> Iterable[tuple[int, str]]:
        return [*super().marks(), self.least]

    def holds(self, file: Plain, t: date, grow: bool) -> bool:
        world, window = self.world, self.window(file, t)
        holder, _, key = self.listed(file)
        groups = [list(self.runs(record, t, window, grow)) for record in holder[key]]
        if not self.alone:
            groups = [[run for group in groups for run in group]]
        each = world.overlaps == "each"
        if grow and not self.negated and self.template is not None and self.inner_template is not None:
            first = window[0] if self.attested else max(window[0], world.as_of + DAY)
            last = min(window[1], t)
            if self.attested and world.as_of > t:
                last = ALWAYS
            if max(first, FAR_PAST) <= last:
                if each and world.broken != "not added" and (self.attested or not self.alone):
                    return True  # as many records as it takes
                free = (max(first, FAR_PAST).toordinal(), last.toordinal())
                groups = [*groups, [free]] if self.alone else [[*groups[0], free]]
        long = (
            long_enough(tuple(group), *self.least, not each, world.broken, world.month_end)
            for group in groups
        )
        return any(long) is not self.negated

    def runs(self, record: Plain, t: date, window: Window, grow: bool) -> Iterator[Run]:
        """The days of a record that count when ``t`` is judged."""
        if not self.attested:
            if self.counts(record):
                yield from self.clipped(record, t, window, grow)
        elif self.counts(record) and record["submitted"] <= t:
            until = {"issued": record.get("issued", record["submitted"]), "submitted": record["submitted"]}
            last = min(window[1], until.get(self.until or "", NEVER))
            for one in record["positions"]:
                if all(f in one and passes(one[f], found.words) for f, found in self.inner.items()):
                    yield from self.clipped(one, t, (window[0], last), grow)

    def clipped(self, record: Plain, t: date, window: Window, grow: bool) -> Iterator[Run]:
        start = max(record[self.ends[0]], window[0])
        last = min(self.stop(record, t, grow), window[1])
        run = (start.toordinal(), last.toordinal())
        if start > last:
            return
        if not self.leaves_out:
            yield run
        elif record["suspensions"] != "all of it":
            yield from without(run, (self.pause(one, t, grow) for one in record["suspensions"]))

    def pause(self, one: Plain, t: date, grow: bool) -> Run:
        end = one["end"]
        if end is None and grow and not self.negated:
            end = max(one["start"], self.world.as_of)
        return one["start"].toordinal(), (end or NEVER).toordinal()

    def ask_record(self, record: Plain, path: str, gaps: Gaps) -> None:
        if not self.attested:
            self.ask_fields(record, path, gaps, self.where, self.values)
            self.ask_run(record, path, gaps)
            if self.leaves_out:
                gaps.value(record, path, "suspensions", ([], "all of it"))
                for number, one in enumerate(record.get("suspensions", ())):
                    gaps.day(one, f"{path}.suspensions[{number}]", "start")
                    gaps.day(one, f"{path}.suspensions[{number}]", "end", none=True)
            return
        super().ask_record(record, path, gaps)
        gaps.records(record, path, "positions", lambda days: [[], *([one] for one in self.positions(days))])
        for number, one in enumerate(record.get("positions", ())):
            if not any(not passes(one[f], found.words) for f, found in self.inner.items() if f in one):
                inner = f"{path}.positions[{number}]"
                self.ask_fields(one, inner, gaps, self.inner, self.inner_values)
                self.ask_run(one, inner, gaps)

    def ask_run(self, record: Plain, path: str, gaps: Gaps) -> None:
        gaps.day(record, path, self.ends[0])
        gaps.day(record, path, self.ends[1], none=self.owner != "activities")

    def positions(self, days: list[date]) -> Iterator[Plain]:
        for day in days:
            for run in runs_to_try(self.ends, days, day):
                yield {**(self.inner_template or {}), **run}

    def filled(self, dates: Plain) -> list[Any]:
        if self.template is None or self.inner_template is None:
            return []
        return [{**self.template, **({"suspensions": []} if self.leaves_out else {}), **dates}]

    def made(self, days: list[date]) -> Iterator[Plain]:
        if not self.attested:
            for day in days:
                yield from runs_to_try(self.ends, days, day)
            return
        for day in days:  # handed in on each day, or attesting work up to each day
            yield {"submitted": day, "positions": list(self.positions([FAR_PAST]))[1:2]}
        for day in days:
            for one in self.positions([day]):
                yield {"submitted": self.world.as_of, "positions": [one]}

    def valid(self, file: Plain) -> bool:
        holder, _, key = self.listed(file)
        records = list(holder.get(key, ()))
        if self.attested:
            records = [one for record in records for one in record.get("positions", ())]
        pauses = [one for record in records if self.leaves_out for one in record.get("suspensions", ())]
        return all(in_order(one, *self.ends) for one in records) and all(
            in_order(one, "start", "end") for one in pauses if isinstance(one, dict)
        )


# A leaf's status


def settled(leaf: Leaf, file: Plain) -> int:
    """In how many days all that the file speaks of is over, also as seen through a window that moves."""
    last = leaf.world.as_of
    for day in (*days_in(file.get(leaf.owner.partition(".")[0])), *anchors(leaf, file)):
        if day > last and (day - last).days < HORIZON:
            last = day
    longest = sum(count * LONGEST[unit] for count, unit in leaf.marks())
    return min(HORIZON, (last - leaf.world.as_of).days + longest + 62)


def anchors(leaf: Leaf, file: Plain) -> Iterator[date]:
    for one in map(root, leaf.phrases):
        if one.kind == "day":
            yield one.what
        elif one.kind == "fact":
            with suppress(Absent):
                yield fact_day(one.what, file, leaf.world.as_of)


LONGEST = {"day": 1, "working day": 3, "week": 7, "month": 31, "year": 366}


def tried_days(leaf: Leaf, file: Plain, due: date) -> Iterator[date]:
    """Days on which the leaf might come to hold: where nothing moves, the first and the last are enough."""
    as_of, far = leaf.world.as_of, leaf.world.as_of + BEYOND[-1] * DAY
    yield as_of
    yield min(due, far)
    if leaf.moves(file):
        ahead = [*range(1, settled(leaf, file)), *BEYOND]
        yield from (day for day in (as_of + step * DAY for step in ahead) if day < due)


def decide(leaf: Leaf, file: Plain) -> str:
    """The status on complete facts."""
    as_of = leaf.world.as_of
    try:
        due = due_day(leaf.due, file, leaf.world)
        if leaf.holds(file, min(as_of, due), False):
            return "met"
    except NoDay:
        return "unknown"
    if as_of > due:
        return "not_met"
    if isinstance(leaf, Judged):
        return "not_met"
    for t in tried_days(leaf, file, due):
        with suppress(NoDay):  # on such a day it does not hold
            if leaf.holds(file, t, True):
                return "open"
    return "not_met"


def first_day(leaf: Leaf, file: Plain) -> date | Unsaid | None:
    """The first day from the day of evaluation on which the leaf could hold, whatever its due day."""
    as_of = leaf.world.as_of
    if isinstance(leaf, Judged):
        return None
    try:
        if leaf.holds(file, as_of, True):
            return as_of
        if leaf.moves(file):
            near = (as_of + step * DAY for step in range(1, settled(leaf, file)))
            return next((t for t in near if leaf.holds(file, t, True)), UNSAID)
        if not leaf.holds(file, as_of + BEYOND[-1] * DAY, True):
            return None
        found = bisect_left(
            range(BEYOND[-1]), True, key=lambda step: leaf.holds(file, as_of + step * DAY, True)
        )
    except NoDay:
        return UNSAID
    return as_of + found * DAY


def days_in(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from days_in(inner)


def few_days(leaf: Leaf, file: Plain) -> set[date]:
    """Days of each sort: far ones, the day of evaluation, the file's, and what the leaf compares with."""
    world = leaf.world
    as_of = world.as_of
    found = {FAR_PAST, world.days[0], as_of, as_of + DAY, world.days[-1], FAR_AHEAD}
    for count, unit in leaf.marks():
        for start in (as_of, as_of + DAY):
            found |= nearby(start, count, unit, world)
    for one in (*leaf.phrases, leaf.due):
        if one:
            with suppress(NoDay, Absent):
                day = day_of(one, file, as_of, world, leaf.in_window)
                found |= {day, day + DAY} if day < NEVER else set()
    return found


def nearby(day: date, count: int, unit: str, world: World) -> set[date]:
    found = set()
    with suppress(NoDay):
        found.add(term_after(day, count, unit, world.month_end))
    with suppress(NoDay):
        found.add(term_before(day, count, unit, world.month_end, world.back))
    return found


def many_days(leaf: Leaf, file: Plain, few: set[date]) -> set[date]:
    known = {*few, *days_in([file.get(key) for key in (leaf.owner.partition(".")[0], "exam", "application")])}
    known = {day for day in known if FAR_PAST < day < FAR_AHEAD}
    for count, unit in list(leaf.marks()):
        known |= {day for start in list(known) for day in nearby(start, count, unit, leaf.world)}
    if leaf.world.month_end == "reject":  # some of these have no corresponding day
        year = range(date(2027, 1, 1).toordinal(), date(2029, 1, 1).toordinal())
        few = few | {day for day in map(date.fromordinal, year) if day.day > 28}
    return {*leaf.world.days, *few, *(day + step * DAY for day in known for step in (-1, 0, 1))}


def beside(gap: Gap) -> set[date]:
    """Days of the same record: its end is not before its start."""
    return {day for day in gap.holder.values() if isinstance(day, date)}


def judge(leaf: Leaf, file: Plain) -> Opinion:
    world, gaps = leaf.world, Gaps()
    due: date | None = None
    with suppress(NoDay, Absent):
        due = due_day(leaf.due, file, world)
        due = None if due == NEVER else due
    if isinstance(leaf, Certain):  # for everybody, whatever the due day
        status = "met" if leaf.holds(file, world.as_of, False) else "not_met"
        return Opinion(status, due, frozenset(), None)
    leaf.ask(file, gaps)
    for one in (*leaf.phrases, leaf.due):
        if one and root(one).kind == "fact":
            gaps.day_fact(root(one).what, file, world.as_of)
    if not gaps.found:
        status = decide(leaf, file)
        if status == "unknown":
            return Opinion(status, due, frozenset({"calendar.month_end"}), UNSAID)
        return Opinion(status, due, frozenset(), None if status == "met" else first_day(leaf, file))
    try:
        statuses, missing = completions(leaf, file, gaps.found)
    except TooMany:
        return Opinion(None, due, None, UNSAID)
    if len(statuses) == 1 and statuses != {"unknown"}:
        status = statuses.pop()
        return Opinion(status, due, frozenset(), None if status == "met" else UNSAID)
    return Opinion("unknown", due, frozenset(missing or {"calendar.month_end"}), UNSAID)


def completions(leaf: Leaf, file: Plain, gaps: list[Gap]) -> tuple[set[str], set[str]]:
    """All statuses, and the facts that change one by themselves. One fact takes all values, the others a few."""
    few = few_days(leaf, file)
    every = many_days(leaf, file, few)
    fine = [gap.values(sorted(every | beside(gap))) for gap in gaps]
    coarse = [gap.values(sorted(few | beside(gap))) for gap in gaps]
    tables = [[fine[n] if n == turn else coarse[n] for n in range(len(gaps))] for turn in range(len(gaps))]
    work = sum(size([len(column) for column in columns]) for columns in tables)
    if work * max(1, days_to_try(leaf, file) // 10) > leaf.world.budget:
        raise TooMany
    statuses: set[str] = set()
    missing: set[str] = set()
    try:
        for columns in tables:
            tried: dict[tuple[int, ...], str] = {}
            for numbers in product(*(range(len(column)) for column in columns)):
                for gap, column, number in zip(gaps, columns, numbers, strict=True):
                    gap.holder[gap.key] = column[number]
                if leaf.valid(file):
                    tried[numbers] = decide(leaf, file)
            statuses.update(tried.values())
            for place, gap in enumerate(gaps):
                groups: dict[tuple[int, ...], str] = {}
                for numbers, status in tried.items():
                    others = numbers[:place] + numbers[place + 1 :]
                    if groups.setdefault(others, status) != status:
                        missing.add(gap.path)
                        break
    finally:
        for gap in gaps:
            gap.holder.pop(gap.key, None)
    return statuses, missing


def days_to_try(leaf: Leaf, file: Plain) -> int:
    """How many days a completion may be judged for."""
    roots = [root(one) for one in leaf.phrases]
    if not any(one.kind == "today" or (leaf.in_window and one.what in DAY_FACTS[1:]) for one in roots):
        return 1
    with suppress(NoDay, Absent):
        return max(1, min(settled(leaf, file), (due_day(leaf.due, file, leaf.world) - leaf.world.as_of).days))
    return settled(leaf, file)


def size(lengths: Iterable[int]) -> int:
    whole = 1
    for length in lengths:
        whole *= length
    return whole


# Conditions made of conditions


def combined(least: int, parts: Sequence[Opinion], due: date | None, own: bool) -> Opinion:
    """At least so many of the parts; ``own``: there is a due day of its own, named or lying ahead."""
    named = due if own else None
    if least == len(parts) == 1:
        kept = parts[0].due if parts[0].status == "open" else None
        return parts[0]._replace(due=due if own else kept)
    if any(part.status is None for part in parts):
        return Opinion(None, named, None, UNSAID)
    met, opened, unknown = (sum(part.status == word for part in parts) for word in ("met", "open", "unknown"))
    if met >= least:
        return Opinion("met", named, frozenset(), None)
    if met + opened + unknown < least:
        return Opinion("not_met", named, frozenset(), UNSAID)
    if met + unknown >= least or met + opened < least:
        missing = [part.missing or frozenset() for part in parts if part.status == "unknown"]
        return Opinion("unknown", named, frozenset().union(*missing), UNSAID)
    lacking = least - met
    late = [part for part in parts if part.status == "open"]
    if not own:
        named = sorted(part.due or NEVER for part in late)[opened - lacking]
        named = None if named == NEVER else named
    days: list[date] = []
    for part in late:
        if isinstance(part.earliest, Unsaid):
            return Opinion("open", named, frozenset(), UNSAID)
        days.append(part.earliest or NEVER)
    first = sorted(days)[lacking - 1]
    return Opinion("open", named, frozenset(), None if first == NEVER else first)


class Reader:
    """Reads the conditions of a ruleset, and decides them for one file."""

    def __init__(self, ruleset: Plain, world: World, file: Plain) -> None:
        self.ruleset, self.world, self.file = ruleset, world, file
        self.rules: dict[str, list[Plain]] = {}
        for name, rule in ruleset["rules"].items():
            self.rules.setdefault(rule.get("concludes", name), []).append(rule)

    def requirement(self, entry: Any, blanks: Plain) -> tuple[str, Opinion]:
        name, more = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
        return name, self.proposition(name, {**blanks, **filled(more, blanks, self.ruleset)}, None, False)

    def proposition(self, name: str, blanks: Plain, due: str | None, no: bool) -> Opinion:
        rules = [
            {key: filled(rule[key], blanks, self.ruleset) for key in RULE_KEYS if key in rule}
            for rule in self.rules[name]
        ]
        if len(rules) == 1:
            return self.rule(rules[0], blanks, due, no)
        parts = [self.rule(rule, blanks, due, no, several=True) for rule in rules]
        if all("applies_when" in rule for rule in rules):
            whether = [
                self.condition(rule["applies_when"], blanks, rule.get("due", due), not no) for rule in rules
            ]
            parts.append(self.whole(len(rules), whether, due, no))
        return self.whole(1, parts, due, no)

    def rule(self, rule: Plain, blanks: Plain, due: str | None, no: bool, several: bool = False) -> Opinion:
        due = rule.get("due", due)
        body = self.unless(rule, blanks, due, no)
        if "applies_when" not in rule:
            return body
        applies = self.condition(rule["applies_when"], blanks, due, no is not (not several))
        return self.whole(2 if several else 1, [body, applies], due, no)

    def unless(self, rule: Plain, blanks: Plain, due: str | None, no: bool) -> Opinion:
        """``when``, and not the exception, which may have an exception."""
        found = self.condition(rule["when"], blanks, due, no)
        if "unless" not in rule:
            return self.whole(1, [found], due, no)
        but = rule["unless"]
        inner = but if isinstance(but, dict) and "when" in but else {"when": but}
        return self.whole(2, [found, self.unless(inner, blanks, due, not no)], due, no)

    def whole(self, least: int, parts: Sequence[Opinion], due: str | None, no: bool) -> Opinion:
        """At least so many; of negated parts, the negation of that."""
        day: date | None = None
        if due:
            with suppress(NoDay, Absent):
                day = due_day(phrase(due), self.file, self.world)
        least = len(parts) - least + 1 if no else least
        return combined(least, parts, None if day == NEVER else day, bool(due))

    def condition(self, raw: Any, blanks: Plain, due: str | None, no: bool) -> Opinion:
        def each(raw: Iterable[Any]) -> list[Opinion]:
            return [self.condition(one, blanks, due, no) for one in raw]

        if isinstance(raw, list):
            return self.whole(len(raw), each(raw), due, no)
        if isinstance(raw, str):
            if raw in ("always", "never"):
                return self.leaf(
                    Certain(self.world, phrase(due) if due else None, no is not (raw == "never"))
                )
            return self.proposition(raw, blanks, due, no)
        if "all" in raw:
            return self.whole(len(raw["all"]), each(raw["all"]), due, no)
        if "any" in raw:
            parts = raw["any"]
            return self.whole(1, each(parts.values() if isinstance(parts, dict) else parts), due, no)
        if "of" in raw:
            return self.whole(raw["at_least"], each(raw["of"]), due, no)
        if "not" in raw:
            return self.condition(raw["not"], blanks, due, not no)
        head = next(iter(raw))
        if head in self.rules:
            return self.proposition(head, {**blanks, **raw[head]}, due, no)
        leaves = list(self.leaves(raw, phrase(due) if due else None, no))
        found = [self.leaf(leaf) for leaf in leaves]
        return found[0] if len(found) == 1 else self.whole(len(found), found, due, no)

    def leaf(self, leaf: Leaf) -> Opinion:
        return judge(leaf, self.file)

    def leaves(self, raw: Plain, due: Any, no: bool) -> Iterator[Leaf]:
        where = raw.get("where", {})
        if "fact" in raw:
            path, words = full(raw["fact"]), {word: value for word, value in raw.items() if word != "fact"}
            yield (DayFact if path in DAY_FACTS else ValueFact)(self.world, due, no, path, words)
        elif "judged" in raw:
            yield Judged(self.world, due, no, raw["judged"])
        elif "document" in raw:
            more = {key: raw[key] for key in ("signed_by",) if key in raw}
            where = {"type": raw["document"], **more, **where}
            yield Tally(self.world, due, no, "documents", where, raw.get("within"))
        elif "time" in raw:
            owner, _, inner = raw["time"].partition(".")
            inside = where.get("positions", {}) if inner else None
            less = "less_than" in raw
            basics = (self.world, due, no is not less, owner, where, raw.get("within"))
            yield Time(
                *basics,
                least=term(raw["less_than" if less else "at_least"]),
                inside=inside,
                until=raw.get("each_until"),
                alone=raw.get("in_one") == "record",
            )
        elif "some" in raw or "none" in raw:
            head = "some" if "some" in raw else "none"
            yield Tally(
                self.world, due, no is not (head == "none"), full(raw[head]), where, raw.get("within")
            )
        else:
            head = "count" if "count" in raw else "sum"
            owner, field = (full(raw[head]), None) if head == "count" else full(raw[head]).rsplit(".", 1)
            for word in ("at_least", "at_most") if "is" in raw else [word for word in LIMITS if word in raw]:
                strictly, below = LIMITS[word]
                basics = (self.world, due, no is not below, owner, where, raw.get("within"))
                least = plain(raw.get(word, raw.get("is")))
                yield Tally(*basics, field=field, least=least, strictly=strictly)


RULE_KEYS = ("due", "when", "unless", "applies_when")
LIMITS = {  # whether more is asked for than the amount, and whether the opposite is meant
    "at_least": (False, False),
    "more_than": (True, False),
    "less_than": (False, True),
    "at_most": (True, True),
}


def filled(raw: Any, blanks: Plain, ruleset: Plain) -> Any:
    """With readings taken and blanks filled."""
    if isinstance(raw, dict):
        if "reading" in raw:
            return filled(raw[ruleset["readings"][raw["reading"]]["taken"]], blanks, ruleset)
        return {key: filled(value, blanks, ruleset) for key, value in raw.items()}
    if isinstance(raw, list):
        return [filled(value, blanks, ruleset) for value in raw]
    if isinstance(raw, str) and "<" in raw:
        whole = re.fullmatch(r"<([\w-]+)>", raw)
        if whole:
            return filled(blanks[whole[1]], {k: v for k, v in blanks.items() if k != whole[1]}, ruleset)
        return re.sub(r"<([\w-]+)>", lambda found: str(blanks[found[1]]), raw)
    return raw


# Files


NULL_MEANS = {  # where null is a value
    ("employments", "end"),
    ("suspensions", "end"),
    ("positions", "end"),
    ("qualifications", "valid_to"),
    ("documents", "valid_to"),
    ("exam", "date"),
    ("exam_project", "presented"),
    ("application", "submitted"),
}


def read(value: Any, zone: ZoneInfo, inside: str = "") -> Any:
    """A copy with days for texts, and without what is null and not known."""
    if isinstance(value, dict):
        return {
            key: read(inner, zone, key)
            for key, inner in value.items()
            if inner is not None or (inside, key) in NULL_MEANS
        }
    if isinstance(value, list):
        return [read(one, zone, inside) for one in value]
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        if len(value) > 10:
            return datetime.fromisoformat(value).astimezone(zone).date()
        return date.fromisoformat(value)
    return value


def findings(
    ruleset: Plain, applicant: Plain, as_of: date, days: Sequence[date], budget: int = 20_000
) -> dict[str, Opinion]:
    """What each requirement of the qualification ``q`` comes to, required or advised."""
    calendar = filled(ruleset["calendar"], {}, ruleset)
    counting = filled(ruleset["counting_time"], {}, ruleset)
    world = World(
        as_of=as_of,
        days=tuple(days),
        budget=budget,
        month_end=calendar["month_end"],
        back=calendar["counting_back"],
        shifts=calendar["terms_on_days_off"],
        overlaps=counting["overlaps"],
        broken=counting["broken_runs"],
        suspended=counting["suspended"],
    )
    file = read(applicant, ZoneInfo(calendar["zone"]))
    for key in ("exam", "exam_project", "application", "judgements", "facts"):
        file.setdefault(key, {})
    reader = Reader(ruleset, world, file)
    asked = ruleset["qualifications"]["q"]
    blanks = filled(asked.get("with", {}), asked.get("with", {}), ruleset)
    found = {}
    for lists in (asked.get("requires", {}), asked.get("advises", {})):
        for entries in lists.values():
            for entry in filled(entries, blanks, ruleset):
                name, opinion = reader.requirement(entry, blanks)
                found[name] = opinion
    return found


OUTCOMES = {"met": "eligible", "open": "pending", "not_met": "ineligible", "unknown": "undetermined"}


def stages(ruleset: Plain, found: Mapping[str, Opinion]) -> dict[str, str | None]:
    """The outcome of each stage, which covers those before it; None where a finding is not known."""
    requires = ruleset["qualifications"]["q"].get("requires", {})
    outcomes: dict[str, str | None] = {}
    so_far: list[Opinion] = []
    for stage in ruleset["stages"]:
        for entry in filled(requires.get(stage, []), {}, ruleset):
            so_far.append(found[entry if isinstance(entry, str) else next(iter(entry))])
        status = combined(len(so_far), so_far, None, True).status
        outcomes[stage] = OUTCOMES[status] if status else None
    return outcomes
