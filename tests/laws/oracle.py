"""What every finding must be, by brute force: DESIGN's definitions written down, and sharing no code with the library.

A ruleset and an applicant are plain dicts, as their files hold them. A leaf says when it holds, and what a continuation
may add that is good for it. A fact that it asks for and the file lacks is filled in with every value of a small
domain (`tree`). From these alone follow its status (`decide`), what is missing (`matters`) and its first possible
day (`first_day`). Conditions made of conditions follow the tables (`combined`).
"""

import re
from bisect import bisect_left
from calendar import month_name, monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, pairwise, product
from math import floor, prod
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Plain = dict[str, Any]
Number = int | Fraction
Run = tuple[int, int]
Worked = tuple[tuple[int, int, Number], ...]  # days from and to, and their share of full time

DAY = timedelta(1)
NEVER, ALWAYS = date.max, date.min  # later, earlier than every day
FAR_PAST, FAR_AHEAD = date(2015, 1, 1), date(2100, 1, 1)
FAR = 40_000  # days ahead, where everything has settled
PATIENCE = 1_000  # days on which a leaf is judged at most, in all completions
BIG, HALF = 2_000, Fraction(1, 2)  # more than any rule asks for
MONTHS = tuple(month_name)
MORE = "…"  # a word that no rule names


class Unsaid(Enum):
    """In place of an ``earliest`` that the oracle does not compute."""

    UNSAID = "unsaid"


UNSAID = Unsaid.UNSAID


class Opinion(NamedTuple):
    status: str | None  # None: too many completions to try
    due: date | None
    missing: frozenset[str]
    earliest: date | Unsaid | None


class NoDay(Exception):
    """A month lacks the corresponding day, and the calendar rejects that."""


class Absent(Exception):
    """A fact that is asked for and the file does not give."""

    def __init__(self, holder: Plain, key: str, path: str) -> None:
        self.holder, self.key, self.path = holder, key, path
        self.fact = path.partition("[+]")[
            0
        ]  # what a record of a list that is not known holds is a part of that list


class TooMany(Exception):
    """More completions than the budget allows."""


# Days, by walking the calendar


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


def shifted(day: date, where: str) -> date:
    while where != "stay" and day_off(day):
        day += DAY if where == "next working day" else -DAY
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
def away(day: date, count: int, unit: str, month_end: str) -> date:
    """So many units after a day; before it, if the count is negative."""
    if unit == "working day":
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while day_off(day):
                day += step
        return day
    if unit in ("day", "week"):
        return day + count * (7 if unit == "week" else 1) * DAY
    return months_away(day, count * (12 if unit == "year" else 1), month_end)


@cache
def term_before(day: date, count: int, unit: str, month_end: str, back: str) -> date:
    if back == "subtract" or unit not in ("month", "year"):
        return away(day, -count, unit, month_end)
    first = day - (count * (365 if unit == "year" else 28) - 4) * DAY
    while True:  # the last day from which the term does not pass the day
        with suppress(NoDay):
            if away(first, count, unit, month_end) <= day:
                return first
        first -= DAY


@cache
def next_of(day: date, side: str, named: tuple[str, ...]) -> date:
    """The first day of these names, walking on from a day, or back."""
    step = DAY if side in ("from", "after") else -DAY
    day += step if side in ("after", "before") else 0 * DAY
    while f"{day.day} {MONTHS[day.month]}" not in named:
        day += step
    return day


def term(text: str) -> tuple[int, str]:
    number, _, unit = text.partition(" ")
    return int(number), unit.removesuffix("s")


def lasts(count: int, unit: str) -> int:
    """About how many days a term has, no less."""
    return count * {"week": 7, "month": 31, "year": 366, "working day": 3}.get(unit, 1)


class Phrase(NamedTuple):
    kind: str  # a day, today, name; before, after a day; end; later, earlier of two; or
    what: Any = None
    parts: tuple["Phrase", ...] = ()

    def names(self) -> Iterator[str]:
        if self.kind == "name":
            yield self.what
        for part in self.parts:
            yield from part.names()

    def terms(self) -> Iterator[tuple[int, str]]:
        if self.kind in ("before", "after"):
            yield from self.what.results if isinstance(self.what, Amount) else [self.what]
        for part in self.parts:
            yield from part.terms()

    def looked_up(self) -> Iterator["Amount"]:
        if isinstance(self.what, Amount):
            yield self.what
        for part in self.parts:
            yield from part.looked_up()

    def fixed(self) -> Iterator[date]:
        if self.kind == "day":
            yield self.what
        for part in self.parts:
            yield from part.fixed()


@cache
def phrase(text: str) -> Phrase:
    """How a day is written, read from the left."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return Phrase("day", date.fromisoformat(text))
    if found := re.fullmatch(r"(\d+ (?:working )?\w+) (before|after) (.+)", text):
        return Phrase(found[2], term(found[1]), (phrase(found[3]),))
    if found := re.fullmatch(r"([a-z][\w-]*) (before|after) (.+)", text):  # a term by its name
        return Phrase(found[2], found[1], (phrase(found[3]),))
    if found := re.fullmatch(r"(?:next|last) (\d+ \w+|[\w-]+) (from|after|by|before) (.+)", text):
        return Phrase("yearly", (found[2], found[1]), (phrase(found[3]),))
    if found := re.fullmatch(r"end of (year|month) of (.+)", text):
        return Phrase("end", found[1], (phrase(found[2]),))
    if found := re.fullmatch(r"(later|earlier) of (.+?) and (.+)", text):
        return Phrase(found[1], None, (phrase(found[2]), phrase(found[3])))
    if found := re.fullmatch(r"(.+?) or (.+)", text):
        return Phrase("or", None, (phrase(found[1]), phrase(found[2])))
    return Phrase("today") if text == "today" else Phrase("name", text)


# What the contract says of a file

LASTING = {
    "employments": ("start", "end"),
    "documents.positions": ("start", "end"),
    "activities": ("start", "end"),
    "qualifications": ("valid_from", "valid_to"),
}
DATED = {
    "documents": "submitted", "exam_project.parts": "submitted", "education": "completed", "trainings": "completed",
    "activities": "date", "languages": "proved", "results": "date", "payments": "paid", "decisions": "date",
}  # fmt: skip
WORDS = ("it-systems", "software-development", "other")
KINDS: dict[str, Any] = {  # what a field of that path, or of that name, holds; else a text
    "employments.field": WORDS,
    "documents.positions.field": WORDS,
    "exam_project.field": WORDS,
    "exam_project.basis": ("company-problem", "novel-solution", "other"),
    "employments.kind": ("employment", "internship", "self-employment"),
    "exam_project.parts.kind": ("theoretical", "practical"),
    "accepted": (True, False),
    "passed": (True, False),
    "education.level": tuple(range(1, 9)),
    "qualifications.level": tuple(range(1, 9)),
    **dict.fromkeys(("hours", "quantity", "credits", "score", "amount", "workload"), "number"),
    **dict.fromkeys(("topics", "states", "asks"), "texts"),
}
DAYS = (
    "birth_date", "exam.date", "presented", "submitted", "sent", "issued", "valid_from", "valid_to", "start", "end",
    "completed", "date", "proved", "paid",
)  # fmt: skip
HAPPEN = ("exam_project.presented", "application.submitted", "application.sent")
MAKING = dict.fromkeys(
    ("exam_project.field", "exam_project.basis", "exam_project.topics", "exam_project.hours"), "exam.date"
)
UNITS = {"exam_project.hours": "hours", "trainings.hours": "hours", "education.credits": "ECTS credits"}
MEASURES = {
    "minutes": ("teaching", Fraction(1)),
    "hours": ("teaching", Fraction(60)),
    "ECTS credits": ("credits", Fraction(1)),
}
NULL_MEANS = (  # where null is a value, and not a gap
    "employments.end", "employments.suspensions.end", "documents.positions.end", "qualifications.valid_to",
    "documents.valid_to", "trainings.valid_to", "decisions.valid_to", "exam.date", "exam_project.presented",
    "application.submitted", "application.sent",
)  # fmt: skip


class World:
    """One applicant under one ruleset, on the day of evaluation."""

    def __init__(self, ruleset: Plain, applicant: Plain, as_of: date, fine: bool = False) -> None:
        self.ruleset, self.as_of, self.fine = ruleset, as_of, fine
        self.readings = {name: one["taken"] for name, one in ruleset.get("readings", {}).items()}
        self.calendar, self.counting, self.define, rounds = (
            filled(ruleset.get(key, {}), {}, self.readings)
            for key in ("calendar", "counting_time", "define", "rounds")
        )
        self.month_end, self.back = self.calendar["month_end"], self.calendar["counting_back"]
        self.zone = ZoneInfo(self.calendar["zone"])
        self.kinds: dict[str, Any] = {**KINDS, **dict.fromkeys(DAYS, "day")}
        self.null_means, self.happen, self.making = {*NULL_MEANS}, {*HAPPEN}, {**MAKING}
        self.lasting, self.dated, self.units = {**LASTING}, {**DATED}, {**UNITS}
        self.scales: dict[str, list[str]] = {}
        self.declared = {*ruleset.get("facts", {})}
        for path, said in ruleset.get("facts", {}).items():
            self.declare(path, said)
        self.measures = {**MEASURES}
        for name, unit in ruleset.get("units", {}).items():
            count, _, other = unit.get("of", f"1 {name}").partition(" ")
            self.measures[name] = (unit["kind"], Fraction(count) * self.measures.get(other, ("", 1))[1])
        self.patience = 0
        self.picks: dict[str, Pick] = {}
        self.holders: dict[str, Plain] = {}  # each mapping of the file, by its place
        self.rounds = self.known(rounds, "rounds")
        self.file = self.known(applicant, "")
        for key in ("exam", "exam_project", "application", "judgements", "facts"):
            self.holders[key] = self.file.setdefault(key, {"#": key})

    def known(self, value: Any, place: str) -> Any:
        """A copy with days for texts, without what is null and not known, each mapping with its place (``#``)."""
        if isinstance(value, dict):
            paths = {key: f"{place}.{key}".lstrip(".") for key in value}
            kept = {
                key: self.known(one, paths[key])
                for key, one in value.items()
                if one is not None or re.sub(r"\[\d+\]", "", paths[key]) in self.null_means
            }
            if place.startswith("exam_project.parts") and kept.get("kind") == "practical":
                kept.setdefault("submitted", ALWAYS)  # it needs no day
            self.holders[place] = {**kept, "#": place}
            return self.holders[place]
        if isinstance(value, list | tuple):
            return [self.known(one, f"{place}[{number}]") for number, one in enumerate(value)]
        if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
            if len(value) > 10:
                return datetime.fromisoformat(value).astimezone(self.zone).date()
            return date.fromisoformat(value)
        return value

    def try_one(self, weight: int = 1) -> None:
        self.patience -= weight
        if self.patience < 0:
            raise TooMany

    def declare(self, path: str, said: Any) -> None:
        """A fact that the ruleset declares, or the fields of a list's records."""
        owner = self.full(path.removesuffix("[]"))
        if path.endswith("[]"):
            for name, inner in said.items():
                if name not in ("dated_by", "spans"):
                    self.declare_one(f"{owner}.{name}", inner)
            if "spans" in said:
                self.lasting[owner] = tuple(said["spans"])
            if "dated_by" in said:
                self.dated[owner] = said["dated_by"]
        else:
            self.declare_one(owner, said)

    def declare_one(self, path: str, said: Any) -> None:
        said = said if isinstance(said, dict) and "type" in said else {"type": said}
        kind = said["type"]
        if said.get("or_none"):
            self.null_means.add(path)
        if said.get("happens"):
            self.happen.add(path)
        if "in_the_making" in said:
            self.making[path] = said["in_the_making"]
        if isinstance(kind, dict):
            self.kinds[path] = kind.get("one_of", "texts")
        elif kind in self.ruleset.get("scales", {}):
            self.kinds[path] = self.scales[path] = self.ruleset["scales"][kind]
        elif kind in ("yes/no", "text", "date", "moment"):
            self.kinds[path] = {"yes/no": (True, False), "text": "text"}.get(kind, "day")
        else:
            self.kinds[path] = "number"
            self.units[path] = kind

    def full(self, path: str) -> str:
        """The path in the file: a rule may leave out ``facts.``."""
        first = path.split(".")[0]
        own = first not in self.dated and (first in self.declared or f"{first}[]" in self.declared)
        return f"facts.{path}" if own else path

    def kind(self, path: str) -> Any:
        """What a fact or field holds: ``day``, ``number``, ``texts``, ``text``, or one of these words."""
        return self.kinds.get(path) or self.kinds.get(path.rpartition(".")[2], "text")

    # What the file says

    def get(self, holder: Plain, key: str) -> Any:
        """A value, with the defaults that the contract states. Raises `Absent`."""
        if key in holder:
            return holder[key]
        place = holder["#"]
        if place == "[+]":  # a record that is added, for another purpose
            return None
        if not place.endswith("[+]"):
            if place.startswith("documents") and key == "issued":
                return self.get(holder, "submitted")
            if place.startswith("activities") and key == "date" and ("start" in holder or "end" in holder):
                return self.get(holder, "end")
        raise Absent(holder, key, f"{place}.{key}".lstrip(".").rstrip("?"))

    def value(self, path: str, file: Plain) -> Any:
        owner, _, key = path.rpartition(".")
        return self.get(file[owner] if owner else file, key)

    def value_or(self, path: str, otherwise: Any) -> Any:
        try:
            return self.value(path, self.file)
        except Absent:
            return otherwise

    def fact_day(self, path: str, file: Plain) -> date:
        """A fact that is a day; later than every day where it is not yet there."""
        if path == "exam_project.presented" and "presented" not in file["exam_project"]:
            if self.as_of < self.fact_day("exam.date", file):
                return NEVER
            path += "?"
        found = self.value(path, file)
        return NEVER if found is None else found

    def ahead(self, path: str, file: Plain, t: date) -> bool:
        """Whether it is not there on a judged day: without a day yet, or something that happens later."""
        found = self.fact_day(path, file)
        return found == NEVER or (path in self.happen and found > t)

    # Days

    def phrase(self, text: str) -> Phrase:
        """A day as it is written, the days that are defined filled in."""
        return self.defined(phrase(text))

    def defined(self, one: Phrase) -> Phrase:
        if one.kind == "name" and isinstance(self.define.get(one.what), str):
            return self.phrase(self.define[one.what])
        name = self.full(one.what) if one.kind == "name" else one.what
        if one.kind in ("before", "after") and isinstance(name, str):
            defined = self.define[name]
            name = term(defined) if isinstance(defined, str) else Amount(self, name)
        return Phrase(one.kind, name, tuple(map(self.defined, one.parts)))

    def day(self, one: Phrase, file: Plain, t: date, window: bool = False) -> date:
        """The day of a phrase when ``t`` is judged; in a window, what is not there yet stands as that day."""
        if one.kind == "day":
            return one.what  # type: ignore[no-any-return]
        if one.kind == "today":
            return t
        if one.kind == "name":
            return self.named_day(one.what, file, t, window)
        if one.kind == "or":
            first, other = one.parts
            return self.day(first if self.there(first, file, t) else other, file, t, window)
        found = [self.day(part, file, t, window) for part in one.parts]
        if one.kind in ("later", "earlier"):
            return max(found) if one.kind == "later" else min(found)
        (start,) = found
        if start == NEVER:
            return NEVER
        if one.kind == "yearly":
            return self.yearly(start, *one.what)
        if one.kind == "end":
            month = 12 if one.what == "year" else start.month
            return date(start.year, month, monthrange(start.year, month)[1])
        length = one.what.of(file, t) if isinstance(one.what, Amount) else one.what
        if one.kind == "after":
            return away(start, *length, self.month_end)
        return term_before(start, *length, self.month_end, self.back)

    def yearly(self, start: date, side: str, days: str) -> date:
        """The first day that comes every year, walking on from a day, or back."""
        named = self.define[days]["yearly"] if days in self.define else [days]
        return next_of(start, side, tuple(named))

    def pick(self, name: str) -> "Pick":
        """What takes the record of a name; read once."""
        if name not in self.picks:
            self.picks[name] = Pick(self, self.define[name])
        return self.picks[name]

    def is_fact(self, name: str) -> bool:
        return name.partition(".")[0] not in (*self.define, "round")

    def there(self, one: Phrase, file: Plain, t: date) -> bool:
        """Whether what a day hangs on has happened by a judged day, and is chosen."""
        facts = [name for name in one.names() if self.is_fact(name)]
        happened = all(name not in self.happen or not self.ahead(name, file, t) for name in facts)
        return happened and self.day(one, file, t) < NEVER

    def happened(self, one: Phrase, file: Plain, t: date) -> bool:
        """Whether what a day hangs on has happened by a judged day, where that is something that happens."""
        if one.kind == "name":
            return one.what not in self.happen or not self.ahead(one.what, file, t)
        if one.kind == "or":
            first, other = one.parts
            return self.happened(first if self.there(first, file, t) else other, file, t)
        return all(self.happened(part, file, t) for part in one.parts)

    def named_day(self, name: str, file: Plain, t: date, window: bool) -> date:
        first, _, field = name.partition(".")
        if first == "round":
            return self.round_day(field, file)
        if first in self.define:
            return self.pick(first).day(field, file, t)
        return t if window and self.ahead(name, file, t) else self.fact_day(name, file)

    def round_day(self, field: str, file: Plain) -> date:
        """A day of the round that the application names, or whose exam is on the exam's day."""
        if "#round" in file:
            return file["#round"][field]  # type: ignore[no-any-return]
        named = file["application"].get("round")
        exam = None if named else self.fact_day("exam.date", file)
        rounds = {name: one for name, one in self.rounds.items() if isinstance(one, dict)}
        mine = [one for name, one in rounds.items() if name == named or one["exam"] == exam]
        return next((one[field] for one in mine if field in one), NEVER)

    def due_day(self, due: Phrase | None, file: Plain) -> date:
        day = NEVER if due is None else self.day(due, file, self.as_of)
        if due is None or due.kind not in ("before", "after") or day == NEVER:
            return day
        return shifted(day, self.calendar["terms_on_days_off"][due.kind])

    # Values

    def number(self, value: Any, path: str = "") -> Number:
        """An amount as it is written, in the unit of the field that it is compared with."""
        if not isinstance(value, str):
            return exact(value)
        count, _, unit = value.partition(" ")
        return exact(count) * (self.converted(unit, self.units[path]) if unit and path in self.units else 1)

    def converted(self, unit: str, to: str) -> Fraction:
        """How many of the one unit make the other; nothing where that has no answer."""
        unit, to = (one if one in self.measures else f"{one}s" for one in (unit, to))
        (kind, size), (other, whole) = (self.measures.get(one, (one, Fraction(1))) for one in (unit, to))
        return size / whole if kind == other else Fraction(0)

    def plain(self, path: str, value: Any) -> Any:
        """A value as it is compared: a number, a word of a scale as its place."""
        if path in self.scales and isinstance(value, str):
            return self.scales[path].index(value)
        return self.number(value, path) if self.kind(path) == "number" else value


class Item(str):
    """A thing of a list in the file, which is a text whatever it says."""


def filled(raw: Any, blanks: Plain, readings: Plain) -> Any:
    """With readings taken and blanks filled."""
    if isinstance(raw, dict):
        if "reading" in raw:
            return filled(raw[readings[raw["reading"]]], blanks, readings)
        return {key: filled(value, blanks, readings) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [filled(value, blanks, readings) for value in raw]
    if isinstance(raw, str) and "<" in raw and not isinstance(raw, Item):
        if (whole := re.fullmatch(r"<([\w-]+)>", raw)) and whole[1] in blanks:
            return filled(blanks[whole[1]], {k: v for k, v in blanks.items() if k != whole[1]}, readings)
        return re.sub(r"<([\w-]+)>", lambda found: str(blanks.get(found[1], found[0])), raw)
    return raw


@cache
def exact(written: Any) -> Number:
    """A number as it is written: 0.1 is a tenth."""
    number = Fraction(str(written))
    return int(number) if number.denominator == 1 else number


def many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


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


Window = tuple[Phrase | None, Phrase | None]


def window(world: World, raw: Any) -> Window:
    """From the corresponding day to the day, or from the day to the corresponding one; or as it is written."""
    if not isinstance(raw, str):
        first, last = (world.phrase(raw[end]) if end in (raw or {}) else None for end in ("from", "to"))
        return first, last
    whole = world.phrase(raw)
    return (whole, whole.parts[0]) if whole.kind == "before" else (whole.parts[0], whole)


class Test:
    """What is asked of one field of a record, or of one fact."""

    def __init__(self, world: World, path: str, raw: Any, in_record: bool = True) -> None:
        self.world, self.path, self.in_record = world, path, in_record
        self.field, self.kind = path.rpartition(".")[2], world.kind(path)
        if not isinstance(raw, dict) or "same_as" in raw:
            raw = {"includes" if self.kind == "texts" else "is": raw}
        self.judged = many(raw.get("judge", []))
        self.words = [(word, self.operand(word, value)) for word, value in raw.items() if word != "judge"]
        self.phrases = [one for _, found in self.words for one in many(found) if isinstance(one, Phrase)]
        self.same_as = [found["same_as"] for _, found in self.words if isinstance(found, dict)]
        values = [*self.judged, *(one for _, found in self.words for one in many(found))]
        self.named = [one for one in values if isinstance(one, str | int | Fraction)]

    def seen(self, file: Plain) -> list[Any]:
        """What the file says, of what is compared with another fact."""
        owner, _, field = self.path.rpartition(".")
        records = file.get(owner, ()) if self.same_as else ()
        facts = [file[path.partition(".")[0]].get(path.partition(".")[2]) for path in self.same_as]
        return [one for one in (*facts, *(record.get(field) for record in records)) if one is not None]

    def operand(self, word: str, value: Any) -> Any:
        if isinstance(value, dict) and "same_as" in value:
            return {"same_as": self.world.full(value["same_as"])}
        if word == "within":
            return [*window(self.world, value)]
        if self.kind == "day":
            return [self.world.phrase(value)]
        listed = word in ("is", "is_not", "includes", "includes_any")
        return (
            [self.world.plain(self.path, one) for one in many(value)]
            if listed
            else self.world.plain(self.path, value)
        )

    def passes(self, value: Any, file: Plain, t: date) -> bool:
        return all(self.one(word, operand, value, file, t) for word, operand in self.words)

    def one(self, word: str, operand: Any, value: Any, file: Plain, t: date) -> bool:
        if self.kind == "day":
            value = NEVER if value is None else value
            days = [one and self.world.day(one, file, t, self.in_record) for one in operand]
            if word == "within":
                return bool((days[0] or ALWAYS) <= value <= (days[1] or NEVER))
            return COMPARE[word](value, days[0])
        if value is None:  # known to be none
            return word == "is_not"
        if isinstance(operand, dict):
            return COMPARE[word](value, many(self.world.value(operand["same_as"], file)))
        values = [self.world.plain(self.path, one) for one in many(value)]
        return COMPARE[word](values if isinstance(value, list) else values[0], operand)


def around(named: Iterable[Number]) -> list[Number]:
    """No less than 0: the numbers, their neighbours, and a very big one."""
    near = {exact(one + step) for one in named for step in (-1, -HALF, 0, HALF, 1)}
    return sorted({0, BIG, *(one for one in near if one >= 0)})


def domain(world: World, path: str, named: Iterable[Any]) -> list[Any]:
    """Values of a field's type: those listed, or those named and their neighbours, and one more."""
    named, none = list(dict.fromkeys(named)), [None] if path in world.null_means else []
    kind = world.kind(path)
    if kind == "number":
        return around(one for one in named if isinstance(one, int | Fraction))
    if kind == "texts":
        some = [one for one in named if not str(one).startswith(MORE)]
        ones = [[one] for one in named]
        return [[], [MORE], *ones, *([one for one in named if one != other] for other in some), named]
    if kind == "text":
        return [*none, *(one for one in named if isinstance(one, str | tuple)), MORE]
    return [*none, *kind, *(one for one in named if isinstance(one, tuple))]


# Leaves


class Leaf:
    """A condition without parts, or its negation (``no``)."""

    tests: Sequence[Test] = ()
    varies = False  # whether the amount that it asks for hangs on a fact
    numbers: Sequence[Number] = ()  # amounts near which it may change
    day_by_day = (
        False  # whether it may come to hold on any day, not only near those that the file and rules name
    )

    def __init__(self, world: World, due: Phrase | None, no: bool) -> None:
        self.world, self.due, self.no = world, due, no
        self.phrases: list[Phrase] = []
        self.tried: dict[date, bool] = {}  # days judged, and whether it can hold then
        self.windows: list[Phrase] = []  # in which the judged day stands for what is not there yet
        self.terms: list[tuple[int, str]] = []  # besides those of its days
        self.owners: list[str] = []  # the lists of records that it looks at

    def holds(self, file: Plain, t: date) -> bool:
        """Whether it holds when ``t`` is judged (of a negation: whether what is negated does)."""
        raise NotImplementedError

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        """Continuations up to ``t``, among them the best for it."""
        yield file

    @cached_property
    def weight(self) -> int:
        """How much it takes to judge it."""
        return 1 + max((self.copies(one) for one in self.owners), default=0) // 5

    @cached_property
    def picks(self) -> list["Pick"]:
        """The records by whose days it is judged."""
        phrases = (*self.phrases, *self.windows, *([self.due] if self.due else []))
        names = [name.partition(".")[0] for one in phrases for name in one.names()]
        return [self.world.pick(name) for name in names if name in self.world.define]

    def picked(self, file: Plain, t: date) -> Iterator[Plain]:
        """Continuations in which another record is taken by name: from the first day that it may be, or just then,
        over at once or going on, its other days on any day."""
        yield file
        for pick in self.picks:
            start, end = pick.ends if pick.ends and not pick.dated else (pick.dated or "", "")
            others = sorted(self.looked_at(pick) - {start, end})
            for record in pick.additions(file, t):
                for day in {record[start], t}:
                    ends = [{end: record[end]}, {end: day}] if end else [{}]
                    for over, days in product(ends, product((FAR_PAST, day, FAR_AHEAD), repeat=len(others))):
                        made = {**record, start: day, **over, **dict(zip(others, days, strict=True))}
                        yield put(file, pick.owner, [*pick.all(file), made])

    def with_more(self, file: Plain, grown: Plain) -> Iterator[Plain]:
        """The file with what was added; where it is judged by records taken by name, of which what was added may
        be one, without it too, and with what was added over at once."""
        yield grown
        if not self.picks:
            return
        yield file
        for pick in self.picks:
            if pick.ends and not pick.dated:
                start, end = pick.ends
                records = [
                    {**one, end: one[start]} if one["#"] == "[+]" and start in one else one
                    for one in pick.all(grown)
                ]
                yield put(grown, pick.owner, records)

    def looked_at(self, pick: "Pick") -> set[str]:
        """The days of a record that is taken by name by which it is judged."""
        names = [name.partition(".") for one in (*self.phrases, *self.windows) for name in one.names()]
        mine = {field for first, _, field in names if self.world.define.get(first) is pick.raw}
        return mine | ({pick.by} if self.world.kind(f"{pick.owner}.{pick.by}") == "day" else set())

    def copies(self, path: str) -> int:
        """So many records as make the most of a list."""
        return 1

    def values(self, path: str) -> list[Any]:
        """Values of a fact or field that is no day: enough to make any difference."""
        tests = [*self.tests, *(test for pick in self.picks for test in pick.tests)]
        named = [one for test in tests if test.path == path for one in test.named] + self.looked_up(path)
        alike = [test for test in tests if path == test.path or path in test.same_as]
        same_as = [one for test in alike for one in test.seen(self.world.file)]
        return [*domain(self.world, path, [*named, *self.numbers]), *same_as]

    def looked_up(self, path: str) -> list[Any]:
        """Values of a fact by which a term of its days is looked up."""
        phrases = (*self.phrases, *self.windows, *([self.due] if self.due else []))
        amounts = [amount for one in phrases for amount in one.looked_up()]
        return [one for amount in amounts if amount.fact == path for one in amount.named]

    def days_of(self, one: Phrase) -> Iterator[Phrase]:
        yield one
        for part in one.parts:
            yield from self.days_of(part)

    def every_term(self) -> set[tuple[int, str]]:
        phrases = (*self.phrases, *self.windows, *([self.due] if self.due else []))
        return {*self.terms, *(term for one in phrases for term in one.terms())}

    def moves(self, file: Plain) -> bool:
        """Whether what it compares with moves as time passes."""
        return any(self.moving(one, file, False) for one in self.phrases) or any(
            self.moving(one, file, True) for one in self.windows
        )

    def moving(self, one: Phrase, file: Plain, window: bool) -> bool:
        if one.kind != "name":
            return one.kind in ("today", "or") or any(self.moving(part, file, window) for part in one.parts)
        first, world = one.what.partition(".")[0], self.world
        return first in world.define or (
            window and first != "round" and world.ahead(one.what, file, world.as_of)
        )

    def known_days(self, file: Plain) -> set[date]:
        """The days that it may hang on: those of its records, and those that it compares with."""
        world, owners = self.world, {*self.owners, *(pick.owner for pick in self.picks)}
        found: set[date] = set()
        for one in (*self.phrases, *self.windows, *([self.due] if self.due else [])):
            for part in self.days_of(one):
                for window in {False, one in self.windows}:
                    with suppress(NoDay, Absent):
                        found.add(world.day(part, file, world.as_of, window))
                        found.add(world.due_day(self.due, file))
                if part.kind == "name" and part.what.startswith("round."):
                    found |= {*days_in(world.rounds)}
        for owner in owners:
            found |= {*days_in(file.get(owner.partition(".")[0], ()))}
        parts = [
            part
            for one in (*self.phrases, *self.windows, *([self.due] if self.due else []))
            for part in self.days_of(one)
        ]
        for side, days in (part.what for part in parts if part.kind == "yearly"):
            for day in {day for day in found if FAR_PAST < day < FAR_AHEAD} | {world.as_of}:
                for start in (day - 400 * DAY, day, day + 400 * DAY):
                    for way in (side, "from", "by"):
                        found.add(world.yearly(start, way, days))
        return {day for day in found if FAR_PAST < day < FAR_AHEAD}


def days_in(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from days_in(inner)


def put(file: Plain, path: str, value: Any) -> Plain:
    """The file with another value at a path."""
    owner, _, key = path.rpartition(".")
    return {**file, owner: {**file[owner], key: value}} if owner else {**file, key: value}


class Judged(Leaf):
    """What a person must say: never open."""

    def __init__(self, world: World, due: Phrase | None, no: bool, asked: str) -> None:
        super().__init__(world, due, no)
        self.asked = asked

    def holds(self, file: Plain, t: date) -> bool:
        return bool(self.world.get(file["judgements"], self.asked))

    def values(self, path: str) -> list[Any]:
        return Leaf.values(self, path) if self.looked_up(path) else [False, True]

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        return iter(())


class Listed(Judged):
    """That the file has a list: what it holds is asked for."""

    def holds(self, file: Plain, t: date) -> bool:
        return self.world.value(self.asked, file) is not False

    def values(self, path: str) -> list[Any]:
        return [False, True] if path == self.asked else Leaf.values(self, path)


class Fact(Leaf):
    """A value; what is in the making may change."""

    def __init__(self, world: World, due: Phrase | None, no: bool, raw: Plain) -> None:
        super().__init__(world, due, no)
        self.path = world.full(raw["fact"])
        self.test = Test(world, self.path, {word: value for word, value in raw.items() if word != "fact"})
        self.tests, self.until = [self.test], world.making.get(self.path)

    def holds(self, file: Plain, t: date) -> bool:
        return self.test.passes(self.world.value(self.path, file), file, t)

    @cached_property
    def any_value(self) -> list[Any]:
        return self.values(self.path)

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        if self.until == "always" or (
            self.until and self.world.as_of <= self.world.fact_day(self.until, file)
        ):
            yield from (put(file, self.path, one) for one in self.any_value)


AGES = {
    "at_least": ("from", 0),
    "more_than": ("from", 1),
    "at_most": ("before", 1),
    "less_than": ("before", 0),
}
LENGTHS = {"at_least": "from", "more_than": "after", "at_most": "by", "less_than": "before"}


class OnDay(Leaf):
    """A day compared with days; what happens counts once it has come, and may still come on any day."""

    def __init__(self, world: World, due: Phrase | None, no: bool, raw: Plain) -> None:
        super().__init__(world, due, no)
        head = next(one for one in ("length", "age_on", "day", "fact") if one in raw)
        compared, words = raw[head], {word: value for word, value in raw.items() if word != head}
        if head == "length":
            compared, start = raw[head]["to"], raw[head]["from"]
            words = {LENGTHS[word]: f"{length} after {start}" for word, length in words.items()}
        elif head == "age_on":  # a birthday is reached when it begins
            years = {word: term(age)[0] + AGES[word][1] for word, age in words.items()}
            words = {AGES[word][0]: f"{count} years after birth_date" for word, count in years.items()}
        self.compared = world.phrase(compared)
        self.words = [(word, world.phrase(text)) for word, text in words.items()]
        self.phrases = [self.compared, *(one for _, one in self.words)]
        self.facts = [name for name in self.compared.names() if world.is_fact(name)]
        right = dict.fromkeys(name for _, one in self.words for name in one.names())
        self.others = [name for name in right if world.is_fact(name) and name not in self.facts]
        named = [name for one in self.phrases for name in one.names() if name.startswith("round.")]
        self.rounds = [name.partition(".")[2] for name in dict.fromkeys(named)]

    def holds(self, file: Plain, t: date) -> bool:
        world = self.world
        if not world.happened(self.compared, file, t):
            return False  # not there: nothing is compared
        day = world.day(self.compared, file, t)
        return all(COMPARE[word](day, world.day(one, file, t)) for word, one in self.words)

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        yield file
        world = self.world
        ahead = [name for name in self.facts if name != "birth_date" and world.ahead(name, file, world.as_of)]
        for made in self.compared_with(file, t, bool(ahead)):
            yield made
            near = {world.as_of, world.as_of + DAY, t, t + DAY}
            for _, one in self.words if ahead else ():
                with suppress(NoDay):
                    near |= self.back(world.day(one, made, t), self.compared)
            if len(ahead) > 1:
                near |= {FAR_AHEAD}
            if any(name in ahead for _, one in self.words for name in one.names()):  # on both sides
                near |= {world.as_of + step * DAY for step in range(366)}
            days = [
                [
                    one
                    for one in sorted(near)
                    if world.as_of <= one < NEVER and (one <= t or path not in world.happen)
                ]
                for path in ahead
            ]
            for some in product(*days) if ahead else ():
                done = made
                for path, day in zip(ahead, some, strict=True):
                    done = put(done, path, day)
                yield done

    def compared_with(self, file: Plain, t: date, adapts: bool) -> Iterator[Plain]:
        """The file with what it is compared with, where that lies ahead, on any days; on few of them where
        what is compared ``adapts`` to these. A round that is not chosen yet may have any days."""
        world = self.world
        ahead = [one for one in self.others if one != "birth_date" and world.ahead(one, file, world.as_of)]
        later = "round" not in file["application"] and "date" in file["exam"] and file["exam"]["date"] is None
        rounds = self.rounds if later else []
        near = {world.as_of, world.as_of + DAY, t, FAR_AHEAD}
        if not adapts and (ahead or rounds):
            with suppress(NoDay):
                day = world.day(self.compared, file, t)
                near |= {one for _, word in self.words for one in self.back(day, word)}
        choices = [
            [one for one in near if world.as_of <= one and (one <= t or path not in world.happen)]
            for path in ahead
        ]
        for days in product(*choices, *([FAR_PAST, NEVER, *near] for _ in rounds)):
            made = file
            for path, day in zip(ahead, days, strict=False):
                made = put(made, path, day)
            if rounds:
                made = {**made, "#round": dict(zip(rounds, days[len(ahead) :], strict=True))}
            yield made

    def back(self, day: date, phrase: Phrase) -> set[date]:
        """Days of what a phrase hangs on with which it is about that day."""
        if not FAR_PAST < day < FAR_AHEAD:
            return set()
        days = {day}
        for one in phrase.terms():
            days |= {near for start in days for near in nearby(self.world, start, *one)}
        return {one + step * DAY for one in days for step in range(-4, 5)}


# Leaves that look at records


class Records:
    """Records of a list, selected by tests of their fields, perhaps dated or lasting within a window."""

    free: tuple[str, ...] = ()  # fields that a record that is added has besides those tested
    gains: tuple[str, ...] = ()  # and those of which the greatest is best

    def __init__(self, world: World, listed: str, raw: Plain) -> None:
        self.world = world
        self.passed: dict[Any, list[Any]] = {}  # by a field and its tests, values that pass
        outer = world.define.get(listed)
        outer = outer if isinstance(outer, dict) and "records" in outer else {"records": listed}
        path = world.full(outer["records"])
        self.inner = "positions" if path.endswith(".positions") else ""  # records that each record attests
        self.owner = path.removesuffix(".positions")
        wheres = [outer.get("where", {}), raw.get("where", {})]
        self.common = [
            self.test(field, one) for where in wheres for field, one in where.items() if field != self.inner
        ]
        either = raw.get("where_any") or outer.get("where_any") or [{}]
        self.either = [[self.test(field, one) for field, one in where.items()] for where in either]
        inner = [where[self.inner] for where in wheres if self.inner in where]
        self.of_inner = [
            self.test(f"{self.inner}.{field}", one) for where in inner for field, one in where.items()
        ]
        self.tests = [*self.common, *(one for tests in self.either for one in tests), *self.of_inner]
        self.window = window(world, raw.get("within"))
        self.phrases = [one for one in self.window if one] + [
            one for test in self.tests for one in test.phrases
        ]
        self.dated, self.ends = raw.get("dated_by", world.dated.get(self.owner)), world.lasting.get(path)
        self.terms: list[tuple[int, str]] = []
        self.owners = [self.owner]

    def test(self, field: str, raw: Any) -> Test:
        return Test(self.world, f"{self.owner}.{field}", raw)

    def all(self, file: Plain) -> list[Plain]:
        return self.world.value(self.owner, file)  # type: ignore[no-any-return]

    def selected(self, record: Plain, file: Plain, t: date) -> bool:
        if self.owner == "documents" and record.get("accepted") is False:
            return False
        return self.passing(self.common, record, file, t) and any(
            self.passing(tests, record, file, t) for tests in self.either
        )

    def passing(self, tests: list[Test], record: Plain, file: Plain, t: date) -> bool:
        """Whether it passes every test; where a person must judge, and has not, that is asked for."""
        for test in tests:
            if test.judged and record.get("accepted"):
                continue
            value = self.world.get(record, test.field)
            judged = any(one in test.judged for one in many(value))
            if not test.passes(value, file, t) and not (judged and self.world.get(record, "accepted?")):
                return False
        return True

    def bounds(self, file: Plain, t: date) -> tuple[date, date]:
        """The days that count when ``t`` is judged."""
        first, last = (one and self.world.day(one, file, t, True) for one in self.window)
        return first or ALWAYS, min(last or NEVER, t)

    def there(self, record: Plain, first: date, last: date) -> bool:
        """Whether it is dated, or lasts, in these days; without a window, whether it has begun."""
        if self.dated:
            return bool(first <= (self.world.get(record, self.dated) or NEVER) <= last)
        start, end = self.ends or ("", "")
        if first > last or self.world.get(record, start) > last:
            return False
        return first == ALWAYS or (self.world.get(record, end) or NEVER) >= first

    def counted(self, file: Plain, t: date) -> list[Plain]:
        first, last = self.bounds(file, t)
        return [one for one in self.all(file) if self.selected(one, file, t) and self.there(one, first, last)]

    # What may be added

    def additions(self, file: Plain, t: date) -> Iterator[Plain]:
        """Records that may come by ``t``, pass and lie in the window: one for each way of passing."""
        first, last = self.bounds(file, t)
        begin = max(first, self.world.as_of) if self.dated else self.world.as_of + DAY
        dated = self.dated or (self.ends or ("",))[0]
        for tests in self.either if max(first, begin) <= last else ():
            made: Plain = {
                "#": "[+]",
                dated: begin,
                **({self.ends[1]: None} if self.ends and not self.dated else {}),
            }
            passable = self.passable(made, [*self.common, *tests], file, t, (begin, last), first)
            if passable and self.there(made, first, last):
                yield made

    def passable(
        self,
        made: Plain,
        tests: list[Test],
        file: Plain,
        t: date,
        between: tuple[date, date],
        until: date = ALWAYS,
    ) -> bool:
        """Fills in fields with which a record passes, of several that which gains most; false when none does.
        It begins, or is done, ``between`` these days, and does not end before it begins, or before ``until``."""
        start, end = self.ends if self.ends and not self.dated else ("", "")
        asked = dict.fromkeys([*(test.field for test in tests), *self.free])
        for field in sorted(asked, key=lambda one: (one != start, one == end)):
            own = tuple(test for test in tests if test.field == field)
            moving = any(test.phrases or test.same_as for test in own)
            if moving or (field, own) not in self.passed:
                self.passed[field, own] = self.values_for(field, own, file, t, between)
            good = self.passed[field, own]
            if field == end:
                good = [one for one in good if one is None or one >= max(made[start], until)]
            elif isinstance(made.get(field), date):  # on which it is done, or begins
                good = sorted(one for one in good if one and between[0] <= one <= between[1])
            if not good:
                return False
            made[field] = max(good, key=lambda one: self.gain(field, one)) if field in self.gains else good[0]
        return True

    def values_for(
        self, field: str, tests: tuple[Test, ...], file: Plain, t: date, between: Iterable[date] = ()
    ) -> list[Any]:
        """What may stand in a field of a record that is added, where it passes."""
        path = tests[0].path if tests else f"{self.owner}.{field}"
        if self.world.kind(path) == "day":
            values = [*between, t, *self.near(path, tests, file, t)]
        else:
            named = [*self.named(path), *(one for test in tests for one in test.named)]
            values = domain(self.world, path, named) + [one for test in tests for one in test.seen(file)]
        return [one for one in values if all(test.passes(one, file, t) for test in tests)]

    def named(self, path: str) -> list[Any]:
        """Values of a field that may matter, besides those tested."""
        return []

    def gain(self, field: str, value: Any) -> Any:
        return 0

    def near(self, path: str, tests: Iterable[Test], file: Plain, t: date) -> list[Any]:
        """Days at which the tests of a day change, and the farthest."""
        world = self.world
        named = (world.day(one, file, t, test.in_record) for test in tests for one in test.phrases)
        days = [world.as_of, t, *named]
        days = [one + step * DAY for one in days if FAR_PAST < one < FAR_AHEAD for step in (0, -1, 1)]
        return [*days, FAR_PAST, None if path in world.null_means else FAR_AHEAD]

    def ended(self, file: Plain, t: date) -> Plain:
        """The continuation up to ``t`` in which what goes on has ended on the day of evaluation."""
        if not self.ends or (self.dated and not self.inner) or self.owner == "qualifications":
            return file
        if self.inner:
            documents = [
                {**one, self.inner: [over(part, self.ends, self.world.as_of) for part in one[self.inner]]}
                if self.inner in one else one
                for one in self.all(file)
            ]  # fmt: skip
            return put(file, self.owner, documents)
        return put(file, self.owner, [over(one, self.ends, self.world.as_of) for one in self.all(file)])


def over(record: Plain, ends: tuple[str, str], day: date) -> Plain:
    """A record that goes on, ended on a day, or on its first."""
    start, end = ends
    return (
        {**record, end: max(day, record.get(start, day))} if end in record and record[end] is None else record
    )


# What records come to


class Tally(Records):
    """How many records there are, how many different values a field has, or the sum of a field."""

    def __init__(self, world: World, raw: Plain, head: str, target: Number, field: str = "") -> None:
        listed, self.target = raw[head], target
        if head == "sum" or "distinct" in raw:
            listed, _, field = world.full(listed).rpartition(".")
        super().__init__(world, listed, raw)
        self.field, self.path, self.distinct = field, f"{self.owner}.{field}", "distinct" in raw
        self.table = world.define.get(raw.get("worth"))
        self.free = self.gains = (field,) if field else ()

    def worth(self, record: Plain) -> Number:
        """What a record adds."""
        if not self.field:
            return 1
        value, unit = self.world.get(record, self.field), record.get("unit")
        if value is None:
            return 0
        if self.table:
            return self.world.number(look_up(self.world, self.path, self.table, value))
        own = self.world.units.get(self.path)
        return self.world.number(value) * (self.world.converted(unit, own) if unit and own else 1)

    def gain(self, field: str, value: Any) -> Any:
        return 0 if self.distinct else self.worth({field: value})

    def amount(self, file: Plain, t: date) -> Number:
        found = self.counted(file, t)
        if self.distinct:
            return len({value for one in found for value in many(self.world.get(one, self.field))})
        return sum(map(self.worth, found), 0)

    def named(self, path: str) -> list[Any]:
        """Values of its field that may matter."""
        if path != self.path:
            return []
        if self.table:
            return [self.world.plain(path, one) for one in row_ends(self.table)]
        records = [one for one in self.world.value_or(self.owner, []) if self.field in one]
        known = [value for one in records for value in many(one[self.field])]
        if self.distinct:
            new = [f"{MORE}{number}" for number in range(int(self.target) + 1)]
            tested = [one for test in self.tests if test.path == path for one in test.named]
            return [*known, *new, tuple(new), *([tuple(tested)] if tested else [])]
        numbers = [self.world.number(one) for one in known[:4]]
        sums = {sum(some, 0) for size in range(len(numbers) + 1) for some in combinations(numbers, size)}
        return [self.target - one for one in sums]

    def copies(self) -> int:
        return int(self.target) + 1 if not self.field or self.table else 1

    def grown(self, file: Plain, t: date) -> Plain:
        """The continuation up to ``t`` in which it comes to most."""
        more: list[Plain] = []
        for record in self.additions(file, t):
            if self.distinct:
                own = tuple(test for test in self.tests if test.field == self.field)
                more += [{**record, self.field: one} for one in self.values_for(self.field, own, file, t)]
            elif (worth := self.worth(record)) > 0:
                more += [record] * min(200, floor(self.target / worth) + 1)
        return put(file, self.owner, [*self.all(file), *more]) if more else file


def row_ends(table: Plain) -> Iterator[str]:
    """What a table's rows name: values, and the ends of bands."""
    for key in table["rows"]:
        yield from (
            part.strip() for part in re.split(r"(?:^|\s)(?:from|until|to)\s", f" {key}") if part.strip()
        )


def look_up(world: World, path: str, table: Plain, value: Any) -> Any:
    """The first row of a table that fits a value."""

    def read(text: str) -> Any:
        return date.fromisoformat(text) if world.kind(path) == "day" else world.plain(path, text)

    value = world.plain(path, value)
    for key, result in table["rows"].items():
        first, last = re.fullmatch(r"(?:from (\S+))?(?: ?\b(?:until|to) (\S+))?|.*", key).groups()  # type: ignore[union-attr]
        if first or last:
            if (not first or value >= read(first)) and (not last or value <= read(last)):
                return result
        elif str(value).lower() == str(read(key)).lower():
            return result
    return table["otherwise"]


class Amount:
    """What is asked for: an amount for everybody, a table's result by a fact, or a multiple of a fact."""

    def __init__(self, world: World, given: Any, path: str = "") -> None:
        self.world, self.given, self.path = world, given, path
        found = re.fullmatch(r"(\d+(?:\.\d+)?) x (\S+)", str(given))
        self.factor = Fraction(found[1]) if found else None
        self.table: Plain = world.define.get(given) or {} if isinstance(given, str) else {}
        self.fact = world.full(found[2] if found else self.table["table"]) if found or self.table else ""
        self.by_day = bool(self.fact) and world.kind(self.fact) == "day"
        self.phrases = [world.phrase(self.fact)] if self.by_day else []
        ends = [*row_ends(self.table)] if self.table else []
        self.days = [date.fromisoformat(one) for one in ends] if self.by_day else []
        self.named = [] if self.by_day else [world.plain(self.fact, one) for one in ends]
        self.results: list[Any] = [self.read(given)] if not self.fact else [10**4]
        if self.factor is not None:
            with suppress(Absent):
                self.results = [self.factor * world.number(world.value(self.fact, world.file))]
        if self.table:
            self.results = [self.read(one) for one in (*self.table["rows"].values(), self.table["otherwise"])]

    def read(self, given: Any) -> Any:
        """A term, or a number."""
        if isinstance(given, str) and re.fullmatch(r"\d+ (days?|weeks?|months?|years?)", given):
            return term(given)
        return self.world.number(
            given if self.path or not isinstance(given, str) else given.split()[0], self.path
        )

    def of(self, file: Plain, t: date) -> Any:
        if self.factor is not None:
            return self.factor * self.world.number(self.world.value(self.fact, file))
        if not self.table:
            return self.results[0]
        value = (
            self.world.day(self.phrases[0], file, t, True)
            if self.by_day
            else self.world.value(self.fact, file)
        )
        return self.read(look_up(self.world, self.fact, self.table, value))


class Compared(Leaf):
    """A measure comes to at least so much, or to more than that."""

    def __init__(
        self, world: World, due: Phrase | None, no: bool, measure: Any, needed: Amount, strictly: bool = False
    ) -> None:
        super().__init__(world, due, no)
        self.measure, self.needed, self.strictly = measure, needed, strictly
        self.windows, self.owners, self.tests = (
            [*measure.phrases, *needed.phrases],
            measure.owners,
            measure.tests,
        )
        self.terms, self.day_by_day = measure.terms, isinstance(measure, Total)
        self.varies = bool(needed.table) and not needed.by_day

    @cached_property
    def weight(self) -> int:
        return super().weight + (int(max(self.needed.results)) // 20 if self.measure.distinct else 0)

    def holds(self, file: Plain, t: date) -> bool:
        amount, needed = self.measure.amount(file, t), self.needed.of(file, t)
        return bool(amount > needed if self.strictly else amount >= needed)

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        if self.no:
            yield from self.picked(self.measure.ended(file, t), t)
        else:
            for made in self.picked(file, t):
                yield from self.with_more(made, self.measure.grown(made, t))

    def values(self, path: str) -> list[Any]:
        if path == self.needed.fact:
            near = self.needed.named
            if self.needed.factor:
                near = [max(self.needed.results) / self.needed.factor]  # as much as a list may hold
                with suppress(Absent, NoDay):
                    near = [self.measure.amount(self.world.file, self.world.as_of) / self.needed.factor]
            return domain(self.world, path, near)
        self.numbers = self.measure.named(path)
        return super().values(path)

    def copies(self, path: str) -> int:
        return self.measure.copies()  # type: ignore[no-any-return]

    def known_days(self, file: Plain) -> set[date]:
        return super().known_days(file) | {*self.needed.days}


class Weighed(Records):
    """Records that are added with a number as great as may be, or as small."""

    def __init__(self, world: World, listed: str, raw: Plain, fields: list[str], low: bool = False) -> None:
        super().__init__(world, listed, raw)
        self.low, self.free, self.gains = low, tuple(fields), tuple(fields)

    def gain(self, field: str, value: Any) -> Any:
        return -value if self.low and field == self.free[0] else value


class Balance(Leaf):
    """An average of records, or the share of some of them: compared with a bound."""

    def __init__(self, world: World, due: Phrase | None, no: bool, raw: Plain) -> None:
        super().__init__(world, due, no)
        listed = raw.get("average") or raw["share"]
        whole = listed in world.dated or isinstance(world.define.get(listed), dict)
        listed, self.field = (listed, "") if whole else world.full(listed).rpartition(".")[::2]
        self.word, self.bound = next((word, percent(raw[word])) for word in LIMITS if word in raw)
        self.weight_field = raw.get("weighted_by", "")
        fields, where, which = (
            [one for one in (self.field, self.weight_field) if one],
            raw.get("where", {}),
            raw.get("of_which", {}),
        )
        self.all = Weighed(world, listed, raw, fields)
        self.part = [self.all.test(field, one) for field, one in which.items()] if "share" in raw else None
        self.kinds = [self.all, Weighed(world, listed, raw, fields, low=True)]
        if which:
            others = {
                field: {"is": where[field], "is_not": one} if field in where else {"is_not": one}
                for field, one in which.items()
            }
            self.kinds = [
                Weighed(world, listed, {**raw, "where": {**where, **one}}, fields) for one in (which, others)
            ]
        self.windows, self.owners = self.all.phrases, self.all.owners
        self.tests = [*self.all.tests, *(self.part or [])]

    def holds(self, file: Plain, t: date) -> bool:
        world, some, every, there = self.world, Fraction(0), Fraction(0), False
        for one in self.all.counted(file, t):
            number = (
                world.number(world.get(one, self.field), f"{self.all.owner}.{self.field}")
                if self.field
                else 1
            )
            if self.part is None:
                weight = world.number(world.get(one, self.weight_field)) if self.weight_field else 1
                some, every, there = some + number * weight, every + weight, there or weight > 0
            else:
                in_part = self.all.passing(self.part, one, file, t)
                some, every, there = some + number * in_part, every + number, True
        return (there or self.part is not None) and COMPARE[self.word](some, self.bound * every)

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        for made in self.picked(file, t):
            yield made
            for kind in self.kinds:
                for record in kind.additions(made, t):
                    yield put(made, kind.owner, [*kind.all(made), *[record] * 40])

    def values(self, path: str) -> list[Any]:
        self.numbers = [self.bound, *(exact(one[self.field]) for one in self.known if self.field in one)]
        return super().values(path)

    @property
    def known(self) -> list[Plain]:
        return self.world.value_or(self.all.owner, [])  # type: ignore[no-any-return]


def percent(written: Any) -> Fraction:
    if isinstance(written, str) and written.endswith(" percent"):
        return Fraction(written.split()[0]) / 100
    return Fraction(str(written))


class UsedOnce(Leaf):
    """Several needs, filled from one list, no record twice."""

    def __init__(self, world: World, due: Phrase | None, no: bool, raw: Plain) -> None:
        super().__init__(world, due, no)
        self.needs: list[Tally] = []
        for need in raw["for"].values():
            listed = world.full(raw["used_once"])
            either = need.get("where_any") or raw.get("where_any")
            both = {**raw, "where": {**raw.get("where", {}), **need.get("where", {})}, "where_any": either}
            path = f"{listed}.{need['sum']}" if "sum" in need else ""
            head = Amount(world, need["at_least"], path if path in world.units else "").results[0]
            self.needs.append(Tally(world, both, "used_once", head, need.get("sum", "")))
        self.windows = [one for need in self.needs for one in need.phrases]
        self.tests = [one for need in self.needs for one in need.tests]
        self.owners = self.needs[0].owners

    def holds(self, file: Plain, t: date) -> bool:
        gives: dict[int, list[Number]] = {}
        for place, need in enumerate(self.needs):
            for one in need.counted(file, t):
                gives.setdefault(id(one), [0] * len(self.needs))[place] = need.worth(one)
        each = [tuple(gives[id(one)]) for one in self.needs[0].all(file) if id(one) in gives]
        return shared(tuple(need.target for need in self.needs), each)

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        for need in self.needs:
            file = need.ended(file, t) if self.no else need.grown(file, t)
        yield file

    def values(self, path: str) -> list[Any]:
        self.numbers = [one for need in self.needs for one in need.named(path)]
        return super().values(path)

    def copies(self, path: str) -> int:
        return sum(need.copies() for need in self.needs)


def shared(lacking: tuple[Number, ...], gives: list[tuple[Number, ...]]) -> bool:
    """Whether some way of giving each record to one need leaves nothing lacking."""
    if all(one <= 0 for one in lacking) or not gives:
        return all(one <= 0 for one in lacking)
    ways = (
        shared((*lacking[:place], lacking[place] - gain, *lacking[place + 1 :]), gives[1:])
        for place, gain in enumerate(gives[0])
        if gain > 0 and lacking[place] > 0
    )
    return any(ways) or shared(lacking, gives[1:])


class Pick(Records):
    """One record by name: that with the latest, earliest, highest or lowest value of a field."""

    def __init__(self, world: World, raw: Plain) -> None:
        how = next(word for word in ("latest", "earliest", "highest", "lowest") if word in raw)
        super().__init__(world, raw[how], raw)
        self.best, self.by, self.raw = (max if how in ("latest", "highest") else min), raw["by"], raw

    def taken(self, file: Plain, t: date) -> list[Plain]:
        """The record; several where they tie."""
        found = self.counted(file, t)
        values = [NEVER if (value := self.world.get(one, self.by)) is None else value for one in found]
        return [one for one, value in zip(found, values, strict=True) if value == self.best(values)]

    def day(self, field: str, file: Plain, t: date) -> date:
        days = [self.world.get(one, field) or NEVER for one in self.taken(file, t)]
        return self.best(days) if days else NEVER


class OfPick(Leaf):
    """There is such a record, and its field passes."""

    def __init__(self, world: World, due: Phrase | None, no: bool, raw: Plain) -> None:
        super().__init__(world, due, no)
        name, _, field = (raw.get("exists") or raw["fact"]).partition(".")
        self.pick = world.pick(name)
        words = {word: value for word, value in raw.items() if word != "fact"}
        self.test = Test(world, f"{self.pick.owner}.{field}", words, in_record=False) if field else None
        self.tests = [*self.pick.tests, *([self.test] if self.test else [])]
        self.windows, self.owners = self.pick.phrases, [self.pick.owner]
        self.phrases = self.test.phrases if self.test else []
        names = [one.partition(".") for it in self.phrases for one in it.names()]
        self.own = [field for first, _, field in names if first == name]  # days of the record that is taken

    def holds(self, file: Plain, t: date) -> bool:
        found = self.pick.taken(file, t)
        test = self.test
        return (
            bool(found)
            if test is None
            else any(test.passes(self.world.get(one, test.field), file, t) for one in found)
        )

    def moves(self, file: Plain) -> bool:
        return True

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        """One more record, which is taken whatever there is, or with any value of the field that is asked for."""
        yield file
        pick, asked = self.pick, self.test.field if self.test else ""
        for record in pick.additions(file, t):
            ways = [record]
            for field in dict.fromkeys([pick.by, *([asked] if asked else []), *self.own]):
                values = self.choices(field, record, file, t)
                alone = field != asked and not self.own and None not in values
                values = [pick.best(values)] if alone else values
                ways = [{**way, field: value} for way in ways for value in values]
            yield from (put(file, pick.owner, [*pick.all(file), way]) for way in ways if in_order(way))

    def choices(self, field: str, record: Plain, file: Plain, t: date) -> list[Any]:
        """What a field of a record that is added may be."""
        pick, path = self.pick, f"{self.pick.owner}.{field}"
        tests = [test for test in pick.tests if test.field == field]
        if self.world.kind(path) != "day":
            values = self.values(path)
        else:
            values = pick.near(
                path, [*tests, *([self.test] if self.test and self.test.field == field else [])], file, t
            )
        if field == (pick.dated or (pick.ends or ("",))[0]):
            steps = [record[field] + step * DAY for step in range(5 if self.own else 1)]
            values = [one for one in (*steps, t, *values) if one and record[field] <= one <= t]
        return [one for one in dict.fromkeys(values) if all(test.passes(one, file, t) for test in tests)]


# How long records last

MONTH = 28 * 29 * 30 * 31


@cache
def months_until(ordinal: int) -> int:
    """Months up to a day and with it, in parts so small that each day has a whole number of them."""
    day = date.fromordinal(ordinal)
    return (day.year * 12 + day.month) * MONTH + day.day * MONTH // monthrange(day.year, day.month)[1]


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


def month_parts(worked: Worked) -> Number:
    """Each day is a share of its calendar month."""
    return sum(((months_until(b) - months_until(a - 1)) * share for a, b, share in worked), 0)


def days_of(worked: Worked) -> Number:
    return sum(((b - a + 1) * share for a, b, share in worked), 0)


@cache
def long_enough(worked: Worked, size: int, unit: str, broken: str, month_end: str) -> bool:
    """Whether days, each with its share of full time, reach a term: unbroken, or as broken runs add up."""
    months = size * {"month": 1, "year": 12}.get(unit, 0)
    weighed = any(share != 1 for _, _, share in worked)  # else runs that count each may lie side by side
    full = [(first, last) for first, last, share in worked if share >= 1]
    full = united(full) if weighed else full
    clamp = "clamp" if month_end == "reject" else month_end
    for first, last in full:
        if months and last >= months_away(date.fromordinal(first), months, clamp).toordinal() - 1:
            return True
    groups = [worked]
    if broken == "not added":
        groups = [(one,) for one in worked]
        if months and not weighed:
            return False
        if weighed:
            whole = united((first, last) for first, last, _ in worked)
            groups = [tuple(one for one in worked if first <= one[0] <= last) for first, last in whole]
    if months and broken != "30-day months":
        return any(month_parts(one) >= months * MONTH for one in groups)
    days = months // 12 * 365 + months % 12 * 30 if months else size * (7 if unit == "week" else 1)
    return any(days_of(one) >= days for one in groups)


class Time(Records):
    """The days on which records last: together, each alone, from first to last, or unbroken up to a day."""

    def __init__(self, world: World, raw: Plain, terms: list[tuple[int, str]]) -> None:
        self.head = next(head for head in ("time", "span", "unbroken") if head in raw)
        super().__init__(world, raw[self.head], raw)
        self.until, self.alone = raw.get("each_until"), raw.get("in_one") == "record"
        self.ending = world.phrase(raw["ending"]) if "ending" in raw else None
        self.phrases += [self.ending] if self.ending else []
        gaps = raw.get("gaps") or {}
        self.gap = term(gaps["up_to"]) if gaps else None
        self.gap_counts = bool(gaps) and gaps["count"]
        self.terms = [*terms, *([self.gap] if self.gap else [])]
        self.each, self.broken = world.counting["overlaps"] == "each", world.counting["broken_runs"]
        self.pauses = world.counting["suspended"] == "left out" and self.owner == "employments"
        self.weighed = world.counting["part_time"] != "as calendar time" and self.owner == "employments"
        self.weighed = self.weighed and self.head != "span"

    gains = ("workload",)

    def reaches(self, sums: list[Worked], needed: tuple[int, str]) -> bool:
        return any(long_enough(one, *needed, self.broken, self.world.month_end) for one in sums)

    def sums(self, file: Plain, t: date) -> list[Worked]:
        """The days that are added up, for each sum that may reach a term alone."""
        first, last = self.bounds(file, t)
        records, seen = self.all(file), dict[int, list[tuple[int, int, Number]]]()
        for record in records:
            if id(record) not in seen:  # copies are alike
                seen[id(record)] = self.lasted(record, file, t, first, last)
        groups = [seen[id(record)] for record in records]
        if not self.alone:
            groups = [[one for group in groups for one in group]]
        return [self.shaped(group, file, t) for group in groups]

    def lasted(
        self, record: Plain, file: Plain, t: date, first: date, last: date
    ) -> list[tuple[int, int, Number]]:
        """The days of a record that count, with their share of full time."""
        get = self.world.get
        if not self.selected(record, file, t):
            return []
        if not self.inner:
            runs = self.runs(record, first, last)
            workload = get(record, "workload") if self.weighed and runs else None
            share = 1 if workload is None else self.world.number(workload)
            return [(*run, share) for run in runs]
        if get(record, "submitted") > t:
            return []
        until = min(last, get(record, self.until)) if self.until else last
        parts = [one for one in get(record, self.inner) if self.passing(self.of_inner, one, file, t)]
        return [(*run, 1) for one in parts for run in self.runs(one, first, until)]

    def runs(self, record: Plain, first: date, last: date) -> list[Run]:
        """The days of a record, without its suspensions."""
        (start, end), get = self.ends or ("", ""), self.world.get
        begun = get(record, start)  # what is added for another purpose does not last
        if first > last or begun is None or begun > last:
            return []
        run = (max(begun, first).toordinal(), min(get(record, end) or NEVER, last).toordinal())
        if run[0] > run[1]:
            return []
        pauses = (get(record, "suspensions") if self.pauses else None) or []
        return without(
            run, ((get(one, "start").toordinal(), (get(one, "end") or NEVER).toordinal()) for one in pauses)
        )

    def shaped(self, worked: list[tuple[int, int, Number]], file: Plain, t: date) -> Worked:
        """Side by side once or each, from the first to the last, or what reaches a day unbroken."""
        runs = [(first, last) for first, last, _ in worked]
        if self.ending:
            chain = self.chain(united(runs), min(t, self.world.day(self.ending, file, t, True)))
            pieces = [(max(a, first), min(b, last), share) for a, b, share in worked for first, last in chain]
            gaps = [(*gap, 1) for run in chain for gap in without(run, runs)]
            worked, runs = [*(one for one in pieces if one[0] <= one[1]), *gaps], chain
        if self.head == "span":
            runs = united(runs)
            runs = [(runs[0][0], runs[-1][1])] if runs else []
        elif self.weighed:
            return self.stacked(worked)
        elif not self.each:
            runs = united(runs)
        return tuple((first, last, 1) for first, last in runs)

    def stacked(self, worked: list[tuple[int, int, Number]]) -> Worked:
        """Each day with the shares of all that goes on then; no more than full time, unless each counts."""
        turns = sorted({day for first, last, _ in worked for day in (first, last + 1)})
        done: list[tuple[int, int, Number]] = []
        for first, after in pairwise(turns):
            share = sum((one for a, b, one in worked if a <= first <= b), 0)
            share = share if self.each else min(share, 1)
            if share and done and done[-1][1:] == (first - 1, share):
                done[-1] = (done[-1][0], after - 1, share)
            elif share:
                done.append((first, after - 1, share))
        return tuple(done)

    def chain(self, runs: list[Run], ending: date) -> list[Run]:
        """Going back from a day, the runs until a gap that is too long."""
        kept: list[Run] = []
        following = ending.toordinal() + 1
        for first, last in reversed([(first, min(last, ending.toordinal())) for first, last in runs]):
            if first > last:
                continue
            bridged = last
            if self.gap:
                bridged = away(date.fromordinal(last), *self.gap, self.world.month_end).toordinal()
            if max(bridged, last) + 1 < following:
                break
            kept.insert(0, (first, last))
            following = first
        return [(kept[0][0], ending.toordinal())] if kept and self.gap_counts else kept

    # What may be added

    def copies(self) -> int:
        """As many records as it takes, where each counts."""
        return max(lasts(*one) for one in self.terms) + 2 if self.each and self.broken != "not added" else 1

    def grown(self, file: Plain, t: date) -> Plain:
        """Suspensions ended; and work from the day after, or a document that attests any days."""
        if self.pauses:
            paused = [
                {**one, "suspensions": [over(part, ("start", "end"), self.world.as_of) for part in one["suspensions"]]}
                if "suspensions" in one else one
                for one in self.all(file)
            ]  # fmt: skip
            file = put(file, self.owner, paused)
        start, end = self.ends or ("", "")
        first = self.world.as_of + (0 if self.dated else 1) * DAY
        part: Plain = {"#": "[+]", start: FAR_PAST, end: None}
        if first > t or (self.inner and not self.passable(part, self.of_inner, file, t, (t, t))):
            return file
        more = []
        for tests in self.either:
            made: Plain = {"#": "[+]", "submitted": t, "issued": t, self.inner: [part] * self.copies()}
            if not self.inner:
                made = {"#": "[+]", start: first, end: None, "suspensions": [], "workload": 1}
            if self.passable(made, [*self.common, *tests], file, t, (first, t)):
                more += [made] if self.inner else [made] * self.copies()
        return put(file, self.owner, [*self.all(file), *more])

    def gain(self, field: str, value: Any) -> Any:
        return value


class Long(Leaf):
    """Records last at least a term."""

    day_by_day = True

    def __init__(self, world: World, due: Phrase | None, no: bool, raw: Plain) -> None:
        super().__init__(world, due, no)
        self.needed = Amount(world, raw.get("at_least", raw.get("less_than")))
        self.time = Time(world, raw, self.needed.results)
        self.windows, self.owners = [*self.time.phrases, *self.needed.phrases], self.time.owners
        self.tests, self.terms = self.time.tests, self.time.terms

    def holds(self, file: Plain, t: date) -> bool:
        return self.time.reaches(self.time.sums(file, t), self.needed.of(file, t))

    def futures(self, file: Plain, t: date) -> Iterator[Plain]:
        if self.no:
            yield from self.picked(self.time.ended(file, t), t)
        else:
            for made in self.picked(file, t):
                yield from self.with_more(made, self.time.grown(made, t))

    def values(self, path: str) -> list[Any]:
        if path == self.needed.fact:
            return domain(self.world, path, self.needed.named)
        if path == "employments.workload":
            self.numbers = [HALF, 1]
        return super().values(path)

    def copies(self, path: str) -> int:
        return self.time.copies()

    def known_days(self, file: Plain) -> set[date]:
        return super().known_days(file) | {*self.needed.days}


# Totals


class Part:
    """A measure of a total: so much for each so many, of whole ones only, where it says so."""

    def __init__(self, world: World, raw: Plain, target: Number) -> None:
        by_table = raw.get("worth") in world.define
        worth = re.fullmatch(
            r"([\d.]+)(?: (?!per\b)[a-z ]+?)?(?: per (full )?(.+))?",
            "1" if by_table else str(raw.get("worth", 1)),
        )
        assert worth is not None
        self.factor, self.full = Fraction(worth[1]), bool(worth[2])
        each = worth[3] or "1"
        each = each if each[0].isdigit() else f"1 {each}"
        self.term = term(each) if "time" in raw else None
        path = world.full(raw.get("sum", ""))
        self.per = Fraction(1 if self.term else world.number(each, path if path in world.units else ""))
        enough = target / self.factor * self.per + self.per
        self.measure: Any
        if self.term:
            self.measure = Time(world, raw, [self.term, (self.term[0] * floor(enough), self.term[1])])
        else:
            plain = raw if by_table else {key: one for key, one in raw.items() if key != "worth"}
            self.measure = Tally(world, plain, "count" if "count" in raw else "sum", enough)
        self.owners, self.phrases, self.tests = self.measure.owners, self.measure.phrases, self.measure.tests
        self.terms, self.grown, self.ended, self.copies = (
            self.measure.terms,
            self.measure.grown,
            self.measure.ended,
            self.measure.copies,
        )

    def named(self, path: str) -> list[Any]:
        if self.term:
            return [HALF, 1] if path == "employments.workload" else []
        return self.measure.named(path)  # type: ignore[no-any-return]

    def amount(self, file: Plain, t: date) -> Number:
        if self.term:
            sums, (count, unit) = self.measure.sums(file, t), self.term
            if self.full:
                whole = range(1, 200)
                return self.factor * bisect_left(
                    whole, True, key=lambda one: not self.measure.reaches(sums, (one * count, unit))
                )
            if unit in ("month", "year"):
                times = [
                    Fraction(month_parts(one), MONTH) / (count * (12 if unit == "year" else 1))
                    for one in sums
                ]
            else:
                times = [Fraction(days_of(one)) / (count * (7 if unit == "week" else 1)) for one in sums]
            return self.factor * max(times, default=0)
        many_times: Number = self.measure.amount(file, t) / self.per
        return self.factor * (floor(many_times) if self.full else many_times)


class If:
    """An amount for a condition that holds."""

    def __init__(self, leaf: Leaf, opposite: Leaf, worth: Number) -> None:
        self.leaf, self.opposite, self.worth = leaf, opposite, worth
        self.owners, self.phrases, self.tests = leaf.owners, [*leaf.phrases, *leaf.windows], leaf.tests
        self.terms = [*leaf.terms]

    def named(self, path: str) -> list[Any]:
        return [one for one in self.leaf.values(path) if isinstance(one, str | int | Fraction)]

    def copies(self) -> int:
        return self.leaf.copies("")

    def amount(self, file: Plain, t: date) -> Number:
        return self.worth if self.leaf.holds(file, t) is not self.leaf.no else 0

    def grown(self, file: Plain, t: date) -> Plain:
        good = (one for one in self.leaf.futures(file, t) if self.leaf.holds(one, t) is not self.leaf.no)
        return next(good, file)

    def ended(self, file: Plain, t: date) -> Plain:
        good = (one for one in self.opposite.futures(file, t) if self.leaf.holds(one, t) is self.leaf.no)
        return next(good, file)


class Total:
    """The sum of named parts with their caps, or the greatest; nothing where a part lacks its own least."""

    distinct = False

    def __init__(self, parts: list[tuple[Any, Plain]], best_only: bool = False) -> None:
        self.best_only, self.parts = best_only, parts
        self.owners = list({one for part, _ in parts for one in part.owners})
        self.phrases = [one for part, _ in parts for one in part.phrases]
        self.tests = [one for part, _ in parts for one in part.tests]
        self.terms = [one for part, _ in parts for one in part.terms]

    def amount(self, file: Plain, t: date) -> Number:
        found = [part.amount(file, t) for part, _ in self.parts]
        bounds = [
            (number_in(raw.get("at_least", 0)), number_in(raw.get("at_most", 10**9))) for _, raw in self.parts
        ]
        if any(amount < least for amount, (least, _) in zip(found, bounds, strict=True)):
            return -1
        capped = [min(amount, most) for amount, (_, most) in zip(found, bounds, strict=True)]
        whole: Number = max(capped) if self.best_only else sum(capped, 0)
        return whole

    def named(self, path: str) -> list[Any]:
        return [one for part, _ in self.parts for one in part.named(path)]

    def copies(self) -> int:
        return max(part.copies() for part, _ in self.parts)  # type: ignore[no-any-return]

    def grown(self, file: Plain, t: date) -> Plain:
        for part, _ in self.parts:
            file = part.grown(file, t)
        return file

    def ended(self, file: Plain, t: date) -> Plain:
        for part, _ in self.parts:
            file = part.ended(file, t)
        return file


@cache
def number_in(amount: Any) -> Number:
    return Fraction(str(amount).split()[0])


# A leaf's status


def can(leaf: Leaf, file: Plain, t: date) -> bool:
    """Whether some continuation up to ``t`` makes it hold then."""
    if t not in leaf.tried:
        leaf.world.try_one(leaf.weight)
        futures, found = leaf.futures(file, t), None
        while found is None:
            with suppress(NoDay):  # with such a day it does not hold
                found = any(leaf.holds(one, t) is not leaf.no for one in futures)
        leaf.tried[t] = found
    return leaf.tried[t]


def decide(leaf: Leaf, file: Plain) -> str:
    """The status on complete facts."""
    world = leaf.world
    leaf.tried = {}
    try:
        due = world.due_day(leaf.due, file)
        if leaf.holds(file, min(world.as_of, due)) is not leaf.no:
            return "met"
    except NoDay:
        return "unknown"
    if world.as_of > due:
        return "not_met"
    return "open" if any(can(leaf, file, t) for t in days_to_try(leaf, file, due)) else "not_met"


def days_to_try(leaf: Leaf, file: Plain, due: date) -> Iterator[date]:
    """Days on which it might come to hold: where nothing moves, the last is enough."""
    as_of = leaf.world.as_of
    yield min(due, as_of + FAR * DAY)
    if leaf.moves(file):
        yield as_of
        yield from (day for day in turning(leaf, file) if day < due)


def turning(leaf: Leaf, file: Plain, each: bool = False) -> list[date]:
    """The days ahead near which it may change, as what it compares with moves; or each day, till all has settled."""
    as_of, terms = leaf.world.as_of, leaf.every_term()
    known = {as_of, *leaf.known_days(file)}
    ends = any(part.kind == "end" for one in (*leaf.phrases, *leaf.windows) for part in leaf.days_of(one))
    if each or ends:  # till a while after each of the days known
        reach = sum(lasts(*one) for one in terms) + 40
        days = {day + step * DAY for day in known for step in range(-reach, reach)}
        return sorted(day for day in days if as_of < day)
    near = set(known)
    for one in terms:
        near |= {day for start in list(near) for day in nearby(leaf.world, start, *one)}
    slack = 4 if any(unit in ("month", "year") for _, unit in terms) else 2
    near = {day + step * DAY for day in near for step in range(-slack, slack + 1)}
    return sorted(day for day in near if as_of < day)


def nearby(world: World, day: date, count: int, unit: str) -> Iterator[date]:
    """A term after a day, and before it."""
    clamp = "clamp" if world.month_end == "reject" else world.month_end
    if FAR_PAST <= day <= FAR_AHEAD:
        yield away(day, count, unit, clamp)
        yield term_before(day, count, unit, clamp, world.back)


def first_day(leaf: Leaf, file: Plain) -> date | Unsaid | None:
    """The first day from the day of evaluation on which the leaf could hold, whatever its due day."""
    as_of = leaf.world.as_of
    if isinstance(leaf, Judged):
        return None
    with suppress(NoDay):
        if leaf.holds(file, as_of) is not leaf.no:  # too late, but there
            return as_of
    if leaf.moves(file):
        return next((t for t in (as_of, *turning(leaf, file, leaf.day_by_day)) if can(leaf, file, t)), UNSAID)
    if not can(leaf, file, as_of + FAR * DAY):
        return None
    if early := next((t for t in (as_of, as_of + DAY) if can(leaf, file, t)), None):
        return early
    return as_of + bisect_left(range(FAR), True, key=lambda step: can(leaf, file, as_of + step * DAY)) * DAY


# Missing facts, by trying completions

Tree = Any  # a status; or a fact, its path, and a tree for each of its values


class Completions:
    """Every way of filling in what the leaf asks for and the file lacks, as a tree: one fact at a time."""

    def __init__(self, leaf: Leaf, file: Plain) -> None:
        self.leaf, self.file, self.world = leaf, file, leaf.world
        world, terms = leaf.world, leaf.every_term()
        due = [leaf.due] if leaf.due else []
        few = {world.as_of, world.as_of + DAY}
        for one in (*leaf.phrases, *leaf.windows, *due):
            with suppress(NoDay, Absent):
                day = world.day(one, file, world.as_of, one in leaf.windows)
                few |= {day, day + DAY} if FAR_PAST < day < FAR_AHEAD else set()
        for length in terms:
            few |= {*nearby(world, world.as_of, *length)}
        if any(
            name.startswith("round.") for one in (*leaf.phrases, *leaf.windows, *due) for name in one.names()
        ):
            few |= {*days_in(world.rounds)}
        near = few | leaf.known_days(file)
        for name in ("exam", "application", "exam_project"):
            near |= {*days_in(file[name])}
        for length in terms:
            near |= {day for start in list(near) for day in nearby(world, start, *length)}
        near = {day for day in near if FAR_PAST < day < FAR_AHEAD}  # not what a practical part stands as
        near |= {day + step * DAY for day in near for step in (-1, 1)}
        if leaf.day_by_day:
            near |= {world.as_of + step * DAY for step in range(-90, 90)}
        if world.month_end == "reject":  # some of these have no corresponding day
            days = [
                date(year, month, day)
                for year in (2024, 2028)
                for month in range(1, 13)
                for day in range(29, monthrange(year, month)[1] + 1)
            ]
            few, near = few | {*days[-2:]}, near | {*days}
        self.days = {True: sorted({FAR_PAST, FAR_AHEAD} | near), False: sorted({FAR_PAST, FAR_AHEAD} | few)}
        self.asked: dict[str, None] = {}
        self.listed: dict[tuple[str, bool], list[Any]] = {}
        self.seen: set[str] = set()

    def values(self, path: str, fine: bool) -> list[Any]:
        """What may be filled in, the first of them such that nothing else of the record conflicts with it."""
        if (path, fine) not in self.listed:
            self.listed[path, fine] = list(self.made(path, re.sub(r"\[[\d+]+\]", "", path), fine))
        return self.listed[path, fine]

    def made(self, path: str, plain: str, fine: bool) -> Iterable[Any]:
        world = self.world
        if plain in world.dated or plain in world.lasting or plain.endswith("suspensions"):
            record = world.holders.setdefault(f"{path}[+]", {"#": f"{path}[+]"})
            most = self.leaf.copies(plain)
            return [[record] * size for size in (range(most + 1) if self.leaf.varies else (0, most))]
        if plain.startswith("judgements.") or plain == "documents.accepted":
            return [False, True]
        if world.kind(plain) != "day":
            values = dict.fromkeys(map(frozen, self.leaf.values(plain)))
            alone = (
                world.kind(plain) != "texts" and "[+]" not in path
            )  # several values stand for several records
            return [one for one in values if not (alone and isinstance(one, tuple))]
        starts = [ends[0] for ends in world.lasting.values()]
        none = [None] if plain in world.null_means else []
        days = self.days[fine]
        return days if plain.rpartition(".")[2] in starts else [*none, *reversed(days)]

    def tree(self, fine: str) -> Tree:
        """What comes of each completion; the one fact takes all values, the others a few."""

        def grow() -> Tree:
            self.world.try_one()
            try:
                status = decide(self.leaf, self.file)
                self.seen.add(status)
                return status
            except Absent as need:
                holder, key, fact, path = self.world.holders[need.holder["#"]], need.key, need.fact, need.path
            self.asked[fact] = None
            branches = []
            try:
                for value in self.values(path, fine in (fact, "*")):
                    holder[key] = list(value) if isinstance(value, tuple) else value
                    branches.append(grow() if in_order(holder) else None)
            finally:
                holder.pop(key, None)
            kinds = {one for one in branches if one is not None}
            return kinds.pop() if len(kinds) == 1 else (fact, path, tuple(branches))

        return grow()

    def few(self) -> bool:
        """Whether all values of all facts may be tried."""
        return prod(len(self.values(fact, True)) for fact in self.asked) * self.leaf.weight < PATIENCE

    def missing(self) -> set[str]:
        """The facts that change a status by themselves."""
        found: set[str] = set()
        if self.world.fine:
            whole = self.tree("*")
            return {fact for fact in self.asked if differ(whole, whole, fact, {})}
        coarse = self.tree("")
        for fact in list(self.asked):
            every = "*" if len(self.asked) == 2 and (self.leaf.day_by_day or self.few()) else fact
            if not differ(coarse, coarse, fact, {}):
                self.world.patience += PATIENCE if every == "*" else 0
                fine = self.tree(every)
                if not differ(fine, fine, fact, {}):
                    continue
            found.add(fact)
        return found


def frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def differ(one: Tree, other: Tree, fact: str, others: dict[str, int]) -> bool:
    """Whether two completions that differ in the fact alone, one with its first value, have different statuses."""
    if isinstance(other, tuple):
        about, path, branches = other
        if about == fact:
            return any(differ(one, branch, fact, others) for branch in {*branches})
        if path in others:
            return differ(one, branches[others[path]], fact, others)
        return any(
            differ(one, branch, fact, {**others, path: place}) for place, branch in enumerate(branches)
        )
    if isinstance(one, tuple):
        about, path, branches = one
        if about == fact or path in others:
            return differ(branches[0 if about == fact else others[path]], other, fact, others)
        return any(
            differ(branch, other, fact, {**others, path: place}) for place, branch in enumerate(branches)
        )
    return one != other and None not in (one, other)


def in_order(record: Plain) -> bool:
    for start, end in (("start", "end"), ("valid_from", "valid_to")):
        first, last = record.get(start), record.get(end)
        if isinstance(first, date) and isinstance(last, date) and last < first:
            return False
    return True


def judge(leaf: Leaf, file: Plain) -> Opinion:
    due: date | None = None
    with suppress(NoDay, Absent):
        due = leaf.world.due_day(leaf.due, file)
        due = None if due == NEVER else due
    leaf.world.patience = 10 * PATIENCE
    try:
        status = decide(leaf, file)
        if status == "unknown":
            return Opinion(status, due, frozenset({"calendar.month_end"}), UNSAID)
        return Opinion(status, due, frozenset(), None if status == "met" else first_day(leaf, file))
    except Absent:
        tried = Completions(leaf, file)
        leaf.world.patience = PATIENCE * (PATIENCE // 10 if leaf.world.fine else 1)
    except TooMany:
        return Opinion(None, due, frozenset(), UNSAID)
    try:
        missing = tried.missing()
    except TooMany:
        return Opinion(None, due, frozenset(), UNSAID)
    if len(tried.seen) == 1 and tried.seen != {"unknown"}:
        (status,) = tried.seen
        return Opinion(status, due, frozenset(), None if status == "met" else UNSAID)
    return Opinion("unknown", due, frozenset(missing or {"calendar.month_end"}), UNSAID)


# Conditions made of conditions


def combined(least: int, parts: Sequence[Opinion], due: date | None, own: bool) -> Opinion:
    """At least so many of the parts; ``own``: there is a due day of its own, named or lying ahead."""
    named = due if own else None
    if least == len(parts) == 1:
        kept = parts[0].due if parts[0].status == "open" else None
        return parts[0]._replace(due=due if own else kept)
    met, opened, unknown, hidden = (
        sum(part.status == word for part in parts) for word in ("met", "open", "unknown", None)
    )
    if met >= least:
        return Opinion("met", named, frozenset(), None)
    if met + opened + unknown + hidden < least:
        return Opinion("not_met", named, frozenset(), UNSAID)
    if hidden:
        return Opinion(None, named, frozenset(), UNSAID)
    if met + unknown >= least or met + opened < least:
        missing = [part.missing for part in parts if part.status == "unknown"]
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


# Rulesets

LIMITS = {  # whether more is asked for than the amount, and whether the opposite is meant
    "at_least": (False, False),
    "more_than": (True, False),
    "less_than": (False, True),
    "at_most": (True, True),
}
RULE_KEYS = ("due", "when", "unless", "applies_when", "waived_when", "within")
MEASURING = (
    "some",
    "none",
    "count",
    "sum",
    "average",
    "share",
    "document",
    "time",
    "unbroken",
    "span",
    "used_once",
)
Name = tuple[str | None, str | None, str]  # the path, the thing asked for, the requirement


def plainly(rule: Plain) -> Plain:
    """A rule with its window at each of its measures that has none, and its waiver among what it applies by."""
    made = (
        {key: windowed(raw, rule["within"]) for key, raw in rule.items() if key not in ("due", "within")}
        if "within" in rule
        else {**rule}
    )
    if "waived_when" in made:
        waived = made.pop("waived_when")
        applies = made.get("applies_when", [])
        made["applies_when"] = [
            *(applies if isinstance(applies, list) else [applies]),
            {"not": waiver(waived)},
        ]
    return {**made, **({"due": rule["due"]} if "due" in rule else {})}


def waiver(raw: Any) -> Any:
    """A condition and none of its exceptions, which may have exceptions."""
    if isinstance(raw, dict) and "when" in raw and "for_each" not in raw:
        return [raw["when"], *([{"not": waiver(raw["unless"])}] if "unless" in raw else [])]
    return raw


def windowed(raw: Any, within: Any) -> Any:
    if isinstance(raw, list):
        return [windowed(one, within) for one in raw]
    if not isinstance(raw, dict):
        return raw
    made = {key: one if key in ("gaps", "for") else windowed(one, within) for key, one in raw.items()}
    return {"within": within, **made} if any(head in raw for head in MEASURING) else made


class Reader:
    """Reads the conditions of a ruleset, and decides them for one file."""

    def __init__(self, world: World) -> None:
        self.world, self.file = world, world.file
        self.rules: dict[str, list[Plain]] = {}
        for name, rule in world.ruleset["rules"].items():
            self.rules.setdefault(rule.get("concludes", name), []).append(rule)
        self.known: dict[str, Opinion] = {}

    def filled(self, raw: Any, blanks: Plain) -> Any:
        return filled(raw, blanks, self.world.readings)

    def applicable(self, name: str) -> list[Plain]:
        """The rules for a proposition: those in force, or all where none is, which then do not apply."""
        rules = self.rules[name]
        return [rule for rule in rules if self.in_force(rule)] or [
            {**rule, "applies_when": "never"} for rule in rules
        ]

    def in_force(self, rule: Plain) -> bool:
        days = rule.get("in_force", {})
        day = self.world.as_of.isoformat()
        return str(days.get("from", "")) <= day <= str(days.get("to", "9999"))

    def proposition(self, name: str, blanks: Plain, due: str | None, no: bool) -> Opinion:
        rules = [
            plainly({key: self.filled(rule[key], blanks) for key in RULE_KEYS if key in rule})
            for rule in self.applicable(name)
        ]
        if len(rules) == 1:
            return self.rule(rules[0], blanks, due, no)
        parts = [self.rule(rule, blanks, due, no, several=True) for rule in rules]
        if all("applies_when" in rule for rule in rules):
            whether = [
                self.condition(rule["applies_when"], blanks, rule.get("due", due), not no) for rule in rules
            ]
            parts.append(self.whole(len(rules), whether, None, no))
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
        when = rule["when"]
        conditions = (
            when
            if isinstance(when, list)
            else when["all"]
            if isinstance(when, dict) and "all" in when
            else [when]
        )
        parts = [self.condition(one, blanks, due, no) for one in conditions]
        if "unless" in rule:
            but = rule["unless"]
            inner = but if isinstance(but, dict) and "when" in but else {"when": but}
            parts.append(self.unless(inner, blanks, due, not no))
        return self.whole(len(parts), parts, due, no)

    def whole(self, least: int, parts: Sequence[Opinion], due: str | None, no: bool) -> Opinion:
        """At least so many; of negated parts, the negation of that."""
        day: date | None = None
        if due:
            with suppress(NoDay, Absent):
                day = self.world.due_day(self.world.phrase(due), self.file)
        least = len(parts) - least + 1 if no else least
        return combined(least, parts, None if day == NEVER else day, bool(due))

    def condition(self, raw: Any, blanks: Plain, due: str | None, no: bool) -> Opinion:
        def each(conditions: Iterable[Any]) -> list[Opinion]:
            return [self.condition(one, blanks, due, no) for one in conditions]

        if isinstance(raw, list):
            return self.whole(len(raw), each(raw), due, no)
        if isinstance(raw, str):
            if raw in ("always", "never"):
                return self.whole(int(raw == "never"), [], due, no)
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
        if "blank" in raw:
            value = exact(raw["blank"]) if isinstance(raw["blank"], int | float) else raw["blank"]
            passes = all(
                COMPARE[word](value, many(wanted) if word in ("is", "is_not") else exact(wanted))
                for word, wanted in raw.items()
                if word != "blank"
            )
            return self.whole(int(not passes), [], due, no)
        if "for_each" in raw:
            items = self.items(raw["for_each"])
            if items is None:
                listed = self.world.full(raw["for_each"])
                return judge(
                    Listed(self.world, self.world.phrase(due) if due else None, no, listed), self.file
                )
            copies = [self.filled(raw["when"], {raw["as"]: item}) for item in items]
            return self.whole(len(copies), each(copies), due, no)
        head = next(iter(raw))
        if head in self.rules:
            return self.proposition(head, {**blanks, **raw[head]}, due, no)
        return self.decided(raw, due, no)

    def items(self, path: Any) -> list[str] | None:
        """The items of a list of texts, each once; None where the file does not have it."""
        defined = self.world.define.get(path, {}) if isinstance(path, str) else {"list": path}
        if isinstance(defined, dict) and "list" in defined:
            return list(dict.fromkeys(defined["list"]))
        found = self.world.value_or(self.world.full(path), None)
        return None if found is None else list(dict.fromkeys(map(Item, found)))

    def decided(self, raw: Plain, due: str | None, no: bool) -> Opinion:
        """A condition without parts, looked at once."""
        key = repr((raw, due, no))
        if key not in self.known:
            leaves = self.leaves(raw, self.world.phrase(due) if due else None, no)
            found = [judge(leaf, self.file) for leaf in leaves]
            self.known[key] = found[0] if len(found) == 1 else self.whole(len(found), found, due, no)
        return self.known[key]

    def leaves(self, raw: Plain, due: Phrase | None, no: bool) -> Iterator[Leaf]:
        world = self.world
        if "exists" in raw or raw.get("fact", "").partition(".")[0] in world.define:
            yield OfPick(world, due, no, raw)
        elif "fact" in raw:
            yield (OnDay if world.kind(world.full(raw["fact"])) == "day" else Fact)(world, due, no, raw)
        elif {"day", "age_on", "length"} & raw.keys():
            yield OnDay(world, due, no, raw)
        elif "judged" in raw:
            yield Judged(world, due, no, raw["judged"])
        elif {"average", "share"} & raw.keys():
            yield Balance(world, due, no, raw)
        elif "used_once" in raw:
            yield UsedOnce(world, due, no, raw)
        elif {"time", "span", "unbroken"} & raw.keys():
            yield Long(world, due, no is not ("less_than" in raw), raw)
        elif {"some", "none", "document", "holds"} & raw.keys():
            head, plain = records_asked(raw)
            yield Compared(
                world,
                due,
                no is not (head == "none"),
                Tally(world, plain, head, 1),
                Amount(world, 1),
            )
        else:
            for word in ["at_least", "at_most"] if "is" in raw else [word for word in LIMITS if word in raw]:
                strictly, below = LIMITS[word]
                path = "" if "worth" in raw else world.full(raw.get("sum", ""))
                needed = Amount(world, raw.get(word, raw.get("is")), path if path in world.units else "")
                yield Compared(
                    world, due, no is not below, self.measure(raw, max(needed.results)), needed, strictly
                )

    def measure(self, raw: Plain, target: Number) -> Any:
        if "total" not in raw:
            return Tally(self.world, raw, "count" if "count" in raw else "sum", target)
        return self.total(raw["total"], target)

    def total(self, parts: Plain, target: Number, best_only: bool = False) -> Total:
        made: list[tuple[Any, Plain]] = []
        for raw in parts.values():
            least = max(target, number_in(raw.get("at_least", 0)))
            if "best_of" in raw:
                made.append((self.total(raw["best_of"], least, best_only=True), raw))
            elif "if" in raw:
                (leaf,), (opposite,) = (list(self.leaves(raw["if"], None, no)) for no in (False, True))
                made.append((If(leaf, opposite, number_in(raw["worth"])), {}))
            else:
                made.append((Part(self.world, raw, least), raw))
        return Total(made, best_only)

    # Qualifications

    def findings(self) -> dict[Name, Opinion]:
        """Each requirement of the qualification ``q``, required or advised, by the path and the thing asked for."""
        asked = self.qualification("q")
        found: dict[Name, Opinion] = {}
        things: list[str | None] = [None]
        blank = ""
        for blank, listed in asked.get("each", {}).items():
            items = self.items(listed)
            found[None, None, listed] = judge(
                Listed(self.world, None, False, self.world.full(listed)), self.file
            )
            things = [f"<{blank}>", *(items or [])]
        for thing in things:
            of = None if thing == f"<{blank}>" else thing
            blanks = {**asked.get("with", {}), **({blank: thing} if thing else {})}
            self.listed(asked, None, of, blanks, found)
            for name, path in asked.get("paths", {}).items():
                own = {**blanks, **path.get("with", {})}
                if "applies_when" in path:
                    raw = self.filled(path["applies_when"], own)
                    found[name, of, "applies_when"] = self.whole(
                        1, [self.condition(raw, own, None, False)], None, False
                    )
                self.listed(path, name, of, own, found)
        return found

    def qualification(self, name: str) -> Plain:
        """With what it takes over from the one that it is like."""
        own: Plain = self.world.ruleset["qualifications"][name]
        if "like" not in own:
            return own
        like = self.world.ruleset["qualifications"][own["like"]]
        made = {**like, **own, "with": {**like.get("with", {}), **own.get("with", {})}}
        for kind in ("requires", "advises"):
            both = [*like.get(kind, {}), *own.get(kind, {})]
            made[kind] = {
                stage: self.added(like.get(kind, {}).get(stage), own.get(kind, {}).get(stage))
                for stage in both
            }
        instead = own.get("instead", {})
        self.rules |= {old: self.rules[new] for old, new in instead.items()}
        return made

    @staticmethod
    def added(taken: Any, own: Any) -> Any:
        return (
            [*(taken or []), *(own or [])]
            if isinstance(taken or [], list) and isinstance(own or [], list)
            else own
        )

    def listed(
        self, part: Plain, path: str | None, of: str | None, blanks: Plain, found: dict[Name, Opinion]
    ) -> None:
        for lists in (part.get("requires", {}), part.get("advises", {})):
            for entries in lists.values():
                for entry in self.filled(entries, blanks):
                    name, more = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
                    known_as = name if isinstance(entry, str) else entry.get("as", name)
                    found[path, of, known_as] = self.proposition(name, {**blanks, **more}, None, False)


def records_asked(raw: Plain) -> tuple[str, Plain]:
    """``some``, ``none``, ``document`` and ``holds`` as a list and the tests of its records."""
    head = next(head for head in ("some", "none", "document", "holds") if head in raw)
    tests: Plain = {}
    if head == "document":
        tests = {
            "type": raw[head],
            **{key: raw[key] for key in ("signed_by", "states", "issued") if key in raw},
        }
        if "valid_on" in raw:
            tests["valid_to"] = {"from": raw["valid_on"]}
    if head == "holds":
        last = (
            f"{raw['or_expired_within']} before {raw['valid_on']}"
            if "or_expired_within" in raw
            else raw["valid_on"]
        )
        tests = {"id": raw[head], "valid_from": {"by": raw["valid_on"]}, "valid_to": {"from": last}}
    listed = {"document": "documents", "holds": "qualifications"}.get(head, raw[head])
    return head, {**raw, head: listed, "where": {**tests, **raw.get("where", {})}}


def agreed(reading: str, options: list[Opinion]) -> Opinion:
    """What all options of a reading that is not chosen come to; where they differ, the choice is missing."""
    statuses, dues, firsts = ({getattr(one, key) for one in options} for key in ("status", "due", "earliest"))
    due = dues.pop() if len(dues) == 1 else None
    missing = frozenset[str]().union(*(one.missing for one in options))
    if None in statuses:
        return Opinion(None, due, missing, UNSAID)
    if len(statuses) > 1:
        return Opinion("unknown", due, missing | {f"readings.{reading}"}, UNSAID)
    first = firsts.pop() if len(firsts) == 1 else UNSAID if UNSAID in firsts else None
    return Opinion(statuses.pop(), due, missing, first)


def findings(ruleset: Plain, applicant: Plain, as_of: date, *, fine: bool = False) -> dict[Name, Opinion]:
    """What each requirement of the qualification ``q`` comes to, by path, thing asked for, and name; ``fine``
    fills in every missing fact with all of its values at once, which takes long."""
    for name, reading in ruleset.get("readings", {}).items():
        if reading["taken"] == "none":
            each = [
                {**ruleset["readings"], name: {**reading, "taken": option}} for option in reading["options"]
            ]
            found = [findings({**ruleset, "readings": one}, applicant, as_of, fine=fine) for one in each]
            return {key: agreed(name, [one[key] for one in found]) for key in found[0]}
    return Reader(World(ruleset, applicant, as_of, fine)).findings()
