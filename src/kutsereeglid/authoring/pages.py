"""A ruleset as a page for those who must approve it: what is put on it, and the templates that lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen

from kutsereeglid.applicant import ABSENT
from kutsereeglid.compiling import Compiled, Requirement, group_sentence
from kutsereeglid.conditions import Leaf
from kutsereeglid.dates import AHEAD, Calendar, NoCorrespondingDay
from kutsereeglid.decision import Citation
from kutsereeglid.facts import Facts
from kutsereeglid.intake import read_applicant
from kutsereeglid.phrases import Phrase, UnknownDay
from kutsereeglid.plans import plan_on
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.wording import day as worded_day
from kutsereeglid.wording import day_phrase, label, own_texts, say, words_for, words_of

TEMPLATES = Path(__file__).parent / "templates"


@frozen
class Asked:
    """One condition, in words, and how deep it lies."""

    text: str
    depth: int


@frozen(eq=False)
class Shown:
    """A requirement as it is shown."""

    id: str
    title: str
    kind: str
    notes: tuple[str, ...]
    asks: tuple[Asked, ...]
    citation: Citation | None
    required: bool
    due: str


@frozen(eq=False)
class Section:
    """The requirements of a stage, or of a path."""

    title: str
    shown: tuple[Shown, ...]
    of_path: bool = False


@frozen
class Due:
    """A requirement's last day for the chosen exam."""

    day: str
    iso: str
    phrase: str
    titles: tuple[str, ...]
    moved: str
    exam: bool = False


@frozen
class Box:
    """A rule in the diagram."""

    name: str
    lines: tuple[str, ...]
    x: int
    y: int
    height: int
    title: str


@frozen(eq=False)
class Diagram:
    """Boxes from left to right, and the lines between them."""

    boxes: tuple[Box, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    width: int
    height: int
    told: tuple[str, ...]
    """The same in words."""
    pairs: tuple[tuple[str, str], ...]
    """Each rule with one that it rests on."""


@frozen(eq=False)
class OneQualification:
    name: str
    title: str
    says: tuple[Citation, ...]
    sections: tuple[Section, ...]
    dues: tuple[Due, ...]
    without_day: tuple[tuple[str, str], ...]
    """Titles of requirements whose last day hangs on other facts, and the facts."""
    diagram: Diagram


@frozen(eq=False)
class OneReading:
    name: str
    about: str
    taken: str | None
    options: tuple[tuple[str, str, bool], ...]
    citations: tuple[Citation, ...]


@define(eq=False)
class Page:
    """All that is on a page."""

    language: str
    words: Mapping[str, str]
    title: str
    id: str
    version: str
    exam_day: str
    qualifications: list[OneQualification] = Factory(list)
    readings: list[OneReading] = Factory(list)
    not_encoded: list[tuple[str, str]] = Factory(list)
    versions: list[tuple[str, str, bool]] = Factory(list)


def page(
    book: Rulebook, ruleset: Ruleset, names: Iterable[str], exam_day: date, language: str | None = None
) -> Page:
    """The page of some qualifications of a ruleset; raises `UsageError` for a language that the library does not
    have."""
    language = ruleset.languages[0] if language is None else language
    words = words_of(language)
    texts = {**own_texts(ruleset), **ruleset.translate(language)}
    made = Page(
        language, words.EXPLAIN, texts.get("title", ruleset.title), ruleset.id, ruleset.version,
        worded_day(exam_day.isoformat(), language),
    )  # fmt: skip
    used: set[str] = set()
    for name in names:
        one = _Maker(ruleset, name, exam_day, language, texts)
        made.qualifications.append(one.made())
        used |= one.used
    for reading in ruleset.readings.values():
        if reading.name in used:
            key = f"readings.{reading.name}"
            options = tuple(
                (option, texts[f"{key}.options.{option}"], option == reading.taken)
                for option in reading.options
            )
            cites = tuple(_citation(ruleset, one.source, one.quote, one.at) for one in reading.cites)
            made.readings.append(
                OneReading(reading.name, texts[f"{key}.about"], reading.taken, options, cites)
            )
    for left in ruleset.not_encoded:
        made.not_encoded.append((left.cite.quote or "", texts[f"not_encoded.{left.name}"]))
    for other in sorted(
        (one for one in book.rulesets if one.id == ruleset.id), key=lambda one: one.in_force_from
    ):
        last = other.in_force_to
        span = words.EXPLAIN["in_force"].format(
            first=worded_day(other.in_force_from.isoformat(), language),
            last=words.EXPLAIN["further_notice"] if last is None else worded_day(last.isoformat(), language),
        )
        made.versions.append((other.version, span, other.version == ruleset.version))
    return made


def _citation(ruleset: Ruleset, source: str, quote: str | None, at: str | None) -> Citation:
    of = ruleset.sources[source]
    return Citation(f"{of.title}, {at}" if at else of.title, of.address, quote)


class _Maker:
    """Makes what is shown of one qualification."""

    def __init__(
        self, ruleset: Ruleset, name: str, exam_day: date, language: str, texts: Mapping[str, str]
    ) -> None:
        self.ruleset, self.name, self.exam_day = ruleset, name, exam_day
        self.language, self.texts, self.words = language, dict(texts), words_of(language)
        day = min(max(exam_day, ruleset.in_force_from), ruleset.in_force_to or date.max)
        self.compiled: Compiled = plan_on(ruleset, name, {}, day).base
        zone = ZoneInfo(self.compiled.calendar.zone)
        applicant = read_applicant({"exam": {"date": exam_day.isoformat()}})
        self.facts = Facts(applicant, exam_day, zone, ruleset.vocabulary)
        self.used = {name for one in self.compiled.requirements for name in one.used}

    def say(self, number: int) -> str:
        one = self.compiled.propositions[number]
        said = (one.leaf.asks(),) if one.leaf is not None else one.title or group_sentence(one)
        return say(said, self.language, self.texts)

    def made(self) -> OneQualification:
        ruleset, compiled = self.ruleset, self.compiled
        asked = compiled.requirements
        sections = [
            Section(
                self.texts[f"stages.{stage}"],
                tuple(self.shown(one) for one in asked if one.stage == stage and one.of_path is None),
            )
            for stage in ruleset.stages
        ]
        for name, path in compiled.qualification.paths.items():
            title = self.words.EXPLAIN["path"].format(path=self.texts[path.text])
            shown = tuple(self.shown(one) for one in asked if one.of_path == name)
            sections.append(Section(title, shown, of_path=True))
        dues, without = self.dues()
        says = tuple(_citation(ruleset, one.source, one.quote, one.at) for one in compiled.qualification.says)
        title = self.texts[f"qualifications.{self.name}"]
        return OneQualification(
            self.name, title, says, tuple(one for one in sections if one.shown), dues, without, self.diagram()
        )

    def shown(self, one: Requirement) -> Shown:
        proposition = self.compiled.propositions[one.proposition]
        explain = self.words.EXPLAIN
        due = "" if proposition.due is None else day_phrase(str(proposition.due), self.language, self.texts)
        notes = [] if one.required else [explain["advisory"]]
        notes += [explain["due_rule"].format(day=due)] if due else []
        notes += [explain["curable"]] if one.curable else []
        if one.discretion is not None:
            notes.append(
                explain["discretion"].format(who=words_for(one.discretion, self.language, self.texts))
            )
        asks = tuple(self.asks(one.proposition, 0))
        if proposition.leaf is not None:
            asks = tuple(self.within(proposition.leaf, 0))
        kind = str(self.words.KINDS[one.kind])
        return Shown(
            one.id,
            self.say(one.proposition),
            kind,
            tuple(notes),
            asks,
            proposition.citation,
            one.required,
            due,
        )

    def asks(self, number: int, depth: int) -> Iterator[Asked]:
        """What the parts of a proposition ask for, those of other rules under their titles."""
        one = self.compiled.propositions[number]
        for part in one.group.parts if one.group is not None else ():
            inner = self.compiled.propositions[part]
            if inner.leaf is None and inner.rule is not None and inner.rule is one.rule:
                yield from self.asks(part, depth)
                continue
            exempt = f" ({self.words.EXPLAIN['not_applies']})" if part == one.exempt else ""
            yield Asked(self.say(part) + exempt, depth)
            if inner.leaf is not None:
                yield from self.within(inner.leaf, depth + 1)
            if inner.leaf is None:
                yield from self.asks(part, depth + 1)

    def within(self, leaf: Leaf, depth: int) -> Iterator[Asked]:
        for deeper, part in leaf.asks_within():
            yield Asked(say((part,), self.language, self.texts), depth + deeper)

    # The timeline.

    def dues(self) -> tuple[tuple[Due, ...], tuple[tuple[str, str], ...]]:
        """The last days, in order, with the exam's day among them; and what hangs on other facts."""
        by_day: dict[tuple[date, str, str], list[str]] = {}
        without: list[tuple[str, str]] = []
        for one in self.compiled.requirements:
            phrase = self.compiled.propositions[one.proposition].due
            if phrase is None:
                continue
            title = self.say(one.proposition)
            day, own = self.day_of(phrase, self.compiled.calendar)
            if day is None:
                facts = [path for path in dict.fromkeys(phrase.paths()) if self.facts.value(path) is ABSENT]
                named = ", ".join(label(path, self.language, self.texts) for path in facts)
                without.append((title, named or day_phrase(str(phrase), self.language, self.texts)))
                continue
            moved = (
                "" if own == day or own is None else self.words.EXPLAIN["moved"].format(day=self.worded(own))
            )
            said = day_phrase(str(phrase), self.language, self.texts)
            titles = by_day.setdefault((day, said, moved), [])
            if title not in titles:
                titles.append(title)
        made = [
            Due(self.worded(day), day.isoformat(), said, tuple(titles), moved, day == self.exam_day)
            for (day, said, moved), titles in by_day.items()
        ]
        return tuple(sorted(made, key=lambda one: (one.iso, one.phrase))), tuple(dict.fromkeys(without))

    def day_of(self, phrase: Phrase, how: Calendar) -> tuple[date | None, date | None]:
        """The due day, and the day that it was before it was moved off a day off."""
        with suppress(UnknownDay, NoCorrespondingDay):
            day = phrase.due(self.facts, self.facts.as_of, how)
            if day != AHEAD:
                return day, phrase.day(self.facts, self.facts.as_of, how)
        return None, None

    def worded(self, day: date) -> str:
        return worded_day(day.isoformat(), self.language)

    # The diagram.

    def diagram(self) -> Diagram:
        """Requirements, and to their right the rules that they rest on."""
        below: dict[str, dict[str, None]] = {}
        titles: dict[str, str] = {}
        roots: dict[str, None] = {}
        for one in self.compiled.requirements:
            self._walk(one.proposition, one.id, below, titles)
            titles.setdefault(one.id, self.say(one.proposition))
            roots[one.id] = None
        return _laid_out(list(roots), below, titles, self.words.EXPLAIN["rests_on"])

    def _walk(
        self, number: int, name: str, below: dict[str, dict[str, None]], titles: dict[str, str]
    ) -> None:
        one = self.compiled.propositions[number]
        below.setdefault(name, {})
        for part in one.group.parts if one.group is not None else ():
            inner = self.compiled.propositions[part]
            if inner.rule is None or inner.rule is one.rule or inner.rule.concludes == name:
                self._walk(part, name, below, titles)
                continue
            other = inner.rule.concludes
            below[name][other] = None
            titles.setdefault(other, self.say(part))
            self._walk(part, other, below, titles)


_WIDE, _GAP, _BETWEEN, _LINE, _LETTERS = 260, 60, 14, 18, 34


def _laid_out(
    roots: list[str], below: Mapping[str, Mapping[str, None]], titles: Mapping[str, str], rests_on: str
) -> Diagram:
    columns: dict[str, int] = {}

    def place(name: str, column: int, above: tuple[str, ...]) -> None:
        if name in above:
            return
        columns[name] = max(columns.get(name, 0), column)
        for other in below.get(name, ()):
            place(other, column + 1, (*above, name))

    for root in roots:
        place(root, 0, ())
    boxes: dict[str, Box] = {}
    bottoms: dict[int, int] = {}
    for name in columns:
        column = columns[name]
        lines = wrap(titles[name], _LETTERS) or [name]
        shown = tuple(lines if len(lines) <= 4 else [*lines[:3], f"{lines[3]} …"])
        height = _LINE * len(shown) + 14
        y = bottoms.get(column, 0)
        boxes[name] = Box(name, shown, column * (_WIDE + _GAP), y, height, titles[name])
        bottoms[column] = y + height + _BETWEEN
    edges = tuple(
        (boxes[name].x + _WIDE, boxes[name].y + boxes[name].height // 2, boxes[other].x, boxes[other].y + boxes[other].height // 2)
        for name in boxes
        for other in below.get(name, ())
    )  # fmt: skip
    told = tuple(
        rests_on.format(rule=titles[name], others="; ".join(titles[other] for other in below[name]))
        for name in boxes
        if below.get(name)
    )
    width = max((box.x + _WIDE for box in boxes.values()), default=0)
    height = max(bottoms.values(), default=0)
    pairs = tuple((name, other) for name in boxes for other in below.get(name, ()))
    return Diagram(tuple(boxes.values()), edges, width, height, told, pairs)


def rendered(made: Page, form: str) -> str:
    """The page as ``html`` or ``markdown``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=form == "html",  # noqa: S701 - what is no HTML is escaped as Markdown
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = _plain
    values: dict[str, Any] = {"page": made, "words": made.words}
    return environment.get_template("page.html" if form == "html" else "page.md").render(values).strip()


def _plain(text: str) -> str:
    """Text in which Markdown finds no marks."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)
