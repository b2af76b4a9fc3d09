"""What a ruleset declares itself: units, scales, and facts beside those of the built-in file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from fractions import Fraction

import attrs
from attrs import frozen

from kutsereeglid import applicant as model
from kutsereeglid.applicant import ALWAYS, About, Applicant, Kind, Null
from kutsereeglid.dates import Term
from kutsereeglid.errors import Problem, closest, listed
from kutsereeglid.facts import BUILT_IN, DECLARED, RecordType, Vocabulary
from kutsereeglid.phrases import parse_amount
from kutsereeglid.tree_reader import TreeReader, Unreadable
from kutsereeglid.units import BUILT_IN_UNITS, Unit, Units
from kutsereeglid.yaml_tree import Mapping, Node, Place, Scalar, Sequence, kind_of

Section = MappingOf[str, tuple[Node, Place]]
"""A section's entries, with the places of their keys."""

_UNIT = re.compile(r"[^\W\d_][\w -]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

_TYPES: dict[str, About] = {
    "text": About(Kind.TEXT, personal=True),
    "yes/no": About(Kind.YES_NO),
    "number": About(Kind.NUMBER),
    "whole number": About(Kind.NUMBER, whole=True),
    "percent": About(Kind.NUMBER, unit="percent", most=100),
    "date": About(Kind.DAY),
    "moment": About(Kind.DAY),
}
_LONG = ("type", "or_none", "in_the_making", "happens", "about")
_LIST_KEYS = ("dated_by", "spans")
_WITHOUT_NONE = (Kind.NUMBER, Kind.YES_NO, Kind.TEXTS)


@frozen(eq=False, repr=False)
class Declared:
    """What one ruleset declares."""

    units: Units
    scales: MappingOf[str, tuple[str, ...]]
    vocabulary: Vocabulary
    texts: MappingOf[str, str]
    """What its facts are called, by the keys of the texts (``facts.points``)."""


def read_declared(sections: MappingOf[str, Section], problems: list[Problem], *, whole: bool) -> Declared:
    """What stands in the sections ``units``, ``scales`` and ``facts``; every mistake is added to ``problems``.
    Without ``whole`` a shared file could not be read, so that a unit or scale may be declared there."""
    return _Declaring(sections, problems, whole).declared()


class _Declaring(TreeReader):
    def __init__(self, sections: MappingOf[str, Section], problems: list[Problem], whole: bool) -> None:
        super().__init__(problems)
        self.sections, self.whole = sections, whole
        self.said: dict[str, str] = {}
        self.unread: set[str] = set()

    def declared(self) -> Declared:
        self.units = self._units(self.sections["units"])
        self.scales = self._scales(self.sections["scales"])
        return Declared(self.units, self.scales, self._vocabulary(self.sections["facts"]), self.said)

    def words(self, node: Node, what: str) -> tuple[str, ...]:
        """Two different words or more."""
        if not isinstance(node, Sequence):
            raise self.refuse("wrong-type", node.place, kind_of(node), f"a list of words for {what}")
        words: list[str] = []
        for item in node.items:
            word = self.text(item, what)
            if word in words:
                self.problem(
                    "listed-twice", item.place, f"`{word[:40]}` for the second time", "each word once"
                )
            words.append(word)
        if len(words) < 2:
            raise self.refuse(
                "too-few-words", node.place, f"{len(words)} word(s)", f"two words or more for {what}"
            )
        return tuple(dict.fromkeys(words))

    # Units and scales.

    def _units(self, section: Section) -> Units:
        made: dict[str, Unit] = dict(BUILT_IN_UNITS)
        of_places: dict[str, Place] = {}
        unread: set[str] = set()
        for name, (node, place) in section.items():
            made[name] = Unit(name)
            if not _UNIT.fullmatch(name) or name in _TYPES or Term.parse(f"1 {name}") is not None:
                self.problem(
                    "bad-name",
                    place,
                    f"`{name[:40]}`",
                    "a unit's name of letters, such as `academic hours`",
                )
                continue
            try:
                mapping = self.mapping(node, f"the unit {name}")
                self.keys(mapping, ("kind", "of"), "a unit", ("kind",))
                kind, of = mapping.get("kind"), mapping.get("of")
                if kind is None:
                    unread.add(name)
                if of is not None:
                    of_places[name] = of.place
                made[name] = Unit(
                    self.text(kind, "`kind`") if kind is not None else name,
                    self._part(of) if of is not None else None,
                )
            except Unreadable:
                unread.add(name)
        for name, unit in made.items():
            if unit.of is not None and unit.of[1] not in made:
                if self.whole:
                    self.problem(
                        "unknown-unit",
                        of_places[name],
                        f"`{unit.of[1][:40]}`",
                        "a unit that is declared",
                        closest(unit.of[1], made) or f"units are {listed(made)}",
                    )
                made[name] = Unit(unit.kind)
                unread.add(name)
        for name in _circular(made):
            if name in of_places:
                self.problem(
                    "circular",
                    of_places[name],
                    f"`{name}` made of itself",
                    "units made of others",
                    "leave one `of` out",
                )
            made[name] = Unit(made[name].kind)
            unread.add(name)
        return Units(made, frozenset(unread))

    def _part(self, node: Node) -> tuple[Fraction, str]:
        amount = parse_amount(str(node.value)) if isinstance(node, Scalar) else None
        if amount is None:
            negative = isinstance(node, Scalar) and str(node.value).startswith("-")
            raise self.refuse(
                "impossible-number" if negative else "wrong-type",
                node.place,
                kind_of(node),
                "an amount of another unit, more than 0, such as `45 minutes`",
            )
        if amount[0] <= 0:
            raise self.refuse("impossible-number", node.place, kind_of(node), "more than 0 of the other unit")
        other = amount[1]
        known = (*self.sections["units"], *BUILT_IN_UNITS)
        return Fraction(str(amount[0])), f"{other}s" if other not in known and f"{other}s" in known else other

    def _scales(self, section: Section) -> dict[str, tuple[str, ...]]:
        made: dict[str, tuple[str, ...]] = {}
        self.unread_scales: set[str] = set()
        for name, (node, place) in section.items():
            if not _NAME.fullmatch(name):
                self.problem(
                    "bad-name", place, f"`{name[:40]}`", "a scale's name of letters, digits and hyphens"
                )
            if name in _TYPES or name in self.units.known:
                what = "a type" if name in _TYPES else "a unit"
                self.problem(
                    "bad-name", place, f"`{name}`, {what} already", "a name of its own", "take another name"
                )
                continue
            try:
                made[name] = self.words(node, f"the scale {name}")
            except Unreadable:  # told already, so that no more is said of its facts
                self.unread_scales.add(name)
        return made

    # Facts.

    def _vocabulary(self, section: Section) -> Vocabulary:
        rounds = tuple(self.sections["rounds"])
        if not section and not rounds:
            return BUILT_IN
        self.made: dict[str, dict[str, About | RecordType]] = {}
        if rounds:
            named = attrs.evolve(BUILT_IN.facts["application.round"], kind=Kind.CHOICE, choices=rounds)
            self.made["application"] = {"round": named}
        making: list[tuple[str, str, Node]] = []
        for key, (node, place) in section.items():
            path = key.removesuffix("[]")
            try:
                if key.endswith("[]"):
                    self._records(path, node, place)
                else:
                    self._fact(path, node, place, making)
            except Unreadable:
                self.unread.add(path if "." in path else f"{DECLARED}.{path}")
        vocabulary = Vocabulary(self.made, self.unread)
        for holder, name, node in making:
            until = self._until(node, vocabulary)
            about = self.made[holder][name]
            if until is not None and isinstance(about, About):
                self.made[holder][name] = attrs.evolve(about, in_the_making_until=until)
        return Vocabulary(self.made, self.unread) if making else vocabulary

    def _until(self, node: Node, vocabulary: Vocabulary) -> str | None:
        try:
            text = self.text(node, "`in_the_making`")
        except Unreadable:
            return None
        days = vocabulary.day_paths
        if text != ALWAYS and text not in days:
            self.problem(
                "unknown-fact",
                node.place,
                f"`{text[:40]}`",
                "a fact that is a day, or `always`",
                closest(text, [*days, ALWAYS]) or f"days are {listed(days)}",
            )
            return None
        return days.get(text, ALWAYS)

    def _fact(self, path: str, node: Node, place: Place, making: list[tuple[str, str, Node]]) -> None:
        holder, _, name = path.rpartition(".")
        built_in = BUILT_IN.facts.get(path)
        if built_in is None:
            self._new_name(holder, name, place)
        about = self._type(node, path, fact=True)
        if built_in is not None:
            self._only_narrowed(built_in, about, path, node, place)
            about = _narrowed(built_in, about)
        holder = holder or DECLARED
        self.made.setdefault(holder, {})[name] = about
        if isinstance(node, Mapping) and (until := node.get("in_the_making")) is not None:
            making.append((holder, name, until))

    def _new_name(self, holder: str, name: str, place: Place) -> None:
        """Refuses names that cannot be told from those of the built-in file."""
        owner = _SINGLE.get(holder)
        if owner is None:
            raise self.refuse(
                "unknown-fact",
                place,
                f"`{holder[:40]}.{name[:40]}`",
                f"a name without dots, or a field of {listed([one for one in _SINGLE if one])}",
                "a field of a list's records is declared under `list[]:`",
            )
        if not _NAME.fullmatch(name):
            raise self.refuse(
                "bad-name", place, f"`{name[:40]}`", "a fact's name of letters, digits, `-` and `_`"
            )
        if hasattr(owner, name) or name in model.about(owner) or (not holder and name in _TAKEN):
            raise self.refuse(
                "bad-name",
                place,
                f"`{name}`, a name of the built-in file"
                if name in model.about(owner)
                else f"`{name}`, a word of the language",
                "a name of its own",
                f"a list is written `{name}[]`" if f"{name}" in BUILT_IN.records else "take another name",
            )

    def _only_narrowed(self, built_in: About, about: About, path: str, node: Node, place: Place) -> None:
        a_text = built_in.kind is Kind.TEXT and about.kind is Kind.CHOICE
        a_list = built_in.kind is Kind.TEXTS and about.kind is Kind.TEXTS and about.choices
        if not (a_text or a_list):
            raise self.refuse(
                "defined-twice",
                place,
                f"`{path}`, a field of the built-in file already",
                "a name of its own, or a scale or `one_of` for a text, `list_of` of these for a list",
                "take another name",
            )

    def _records(self, path: str, node: Node, place: Place) -> None:
        mapping = self.mapping(node, f"the records {path}")
        built_in = BUILT_IN.records.get(path)
        if built_in is None:
            if "." in path:
                raise self.refuse(
                    "unknown-records",
                    place,
                    f"`{path[:60]}[]`",
                    "a list of the built-in file, or a name without dots",
                    closest(path, BUILT_IN.records),
                )
            self._new_name("", path, place)
        fields: dict[str, About | RecordType] = {}
        for name, value in mapping.entries:
            if name in _LIST_KEYS:
                continue
            try:
                fields[name] = self._field(path, built_in, name, value, mapping.place_of(name))
            except Unreadable:
                self.unread.add(f"{path}.{name}" if built_in is not None else f"{DECLARED}.{path}.{name}")
        if built_in is not None:
            for key in _LIST_KEYS:
                if mapping.get(key) is not None:
                    self.problem(
                        "unknown-key",
                        mapping.place_of(key),
                        f"`{key}` for {path}, a list of the built-in file",
                        "more fields only",
                        "leave it out",
                    )
            self.made.setdefault(path, {}).update(fields)
            return
        dated_by, spans = self._dated(path, mapping, fields, place)
        abouts = {name: about for name, about in fields.items() if isinstance(about, About)}
        if dated_by is not None:
            abouts[dated_by] = attrs.evolve(abouts[dated_by], happens=True)
        if spans is not None and abouts[spans[1]].null is not Null.NOT_KNOWN:
            abouts[spans[1]] = attrs.evolve(abouts[spans[1]], null=Null.ONGOING)
        kind = RecordType(f"{DECLARED}.{path}", abouts, dated_by=dated_by, spans=spans)
        self.made.setdefault(DECLARED, {})[path] = kind

    def _field(self, path: str, built_in: RecordType | None, name: str, node: Node, place: Place) -> About:
        what = f"{path}.{name}"
        if not _NAME.fullmatch(name):
            raise self.refuse(
                "bad-name", place, f"`{name[:40]}`", "a field's name of letters, digits, `-` and `_`"
            )
        about = self._type(node, what, fact=False)
        if built_in is None:
            return about
        if name in built_in.fields:
            self._only_narrowed(built_in.fields[name], about, what, node, place)
            return _narrowed(built_in.fields[name], about)
        if name in built_in.inner or name in ("extra", "spans", "dated_by", "verdict"):
            raise self.refuse(
                "bad-name", place, f"`{name}`, a name of the built-in file", "a name of its own"
            )
        return about

    def _dated(
        self, path: str, node: Mapping, fields: MappingOf[str, About | RecordType], place: Place
    ) -> tuple[str | None, tuple[str, str] | None]:
        """The day on which a record was done, or the first and the last day of what lasts."""
        by, spans = node.get("dated_by"), node.get("spans")
        if (by is None) == (spans is None):
            raise self.refuse(
                "key-lacking" if by is None else "contradiction",
                place,
                f"`{path}[]` {'without' if by is None else 'with both'} `dated_by` {'or' if by is None else 'and'} `spans`",
                "`dated_by: FIELD` for what is done on a day, or `spans: [FIELD, FIELD]` for what lasts",
                "say which of its days counts",
            )
        days = [name for name, one in fields.items() if isinstance(one, About) and one.kind is Kind.DAY]

        def day(item: Node) -> str:
            name = self.text(item, "a field that is a day")
            if name not in days:
                raise self.refuse(
                    "unknown-field",
                    item.place,
                    f"`{name[:40]}`",
                    f"a field of {path} that is a day",
                    closest(name, days) or f"add `{name[:40]}: date`",
                )
            return name

        if by is not None:
            return day(by), None
        assert spans is not None
        if not isinstance(spans, Sequence) or len(spans.items) != 2:
            raise self.refuse(
                "wrong-type", spans.place, kind_of(spans), "the first and the last day, `[start, end]`"
            )
        first, last = (day(item) for item in spans.items)
        if first == last:
            raise self.refuse("listed-twice", spans.place, f"`{first}` twice", "two fields")
        return None, (first, last)

    # Types.

    def _type(self, node: Node, what: str, *, fact: bool) -> About:
        """The type of a fact or a field, in its short or its long form."""
        if not isinstance(node, Mapping) or node.get("one_of") is not None or node.get("list_of") is not None:
            return self._plain_type(node, what)
        self.keys(node, _LONG, f"the type of {what}", ["type"])
        kind = node.get("type")
        if kind is None:
            raise Unreadable
        about = self._plain_type(kind, what)
        if not fact:
            for key in ("in_the_making", "happens"):
                if node.get(key) is not None:
                    self.problem(
                        "unknown-key",
                        node.place_of(key),
                        f"`{key}` for a field of a list's records",
                        "`type`, `or_none` and `about`",
                        "leave it out: records are added, and do not change",
                    )
        if (said := node.get("about")) is not None:
            self.said[f"facts.{what}"] = self.text(said, "`about`")
        if (happens := node.get("happens")) is not None and self.yes(happens, "`happens`"):
            if about.kind is not Kind.DAY:
                self._only_for("happens", node, "a day", about)
            about = attrs.evolve(about, happens=True)
        if node.get("in_the_making") is not None and about.kind is Kind.DAY:
            self.problem(
                "wrong-type",
                node.place_of("in_the_making"),
                f"`in_the_making` for {what}, a day",
                "a number, a text or a word",
                "write `or_none: true` where the day may still lie ahead",
            )
        if (or_none := node.get("or_none")) is not None and self.yes(or_none, "`or_none`"):
            if about.kind in _WITHOUT_NONE:
                self._only_for("or_none", node, "a day, a text or a word", about)
            about = attrs.evolve(about, null=Null.AHEAD if fact else Null.NO_END)
        return about

    def _only_for(self, key: str, node: Mapping, what: str, about: About) -> None:
        raise self.refuse(
            "wrong-type",
            node.place_of(key),
            f"`{key}` for {about.kind.value}",
            f"`{key}` only for {what}",
            "leave it out",
        )

    def _plain_type(self, node: Node, what: str) -> About:
        if isinstance(node, Mapping):
            self.keys(node, ("one_of", "list_of"), f"the type of {what}")
            one_of, list_of = node.get("one_of"), node.get("list_of")
            if one_of is not None and list_of is None:
                return About(Kind.CHOICE, choices=self.words(one_of, what))
            if list_of is not None and one_of is None:
                of = self._plain_type(list_of, what)
                if of.kind in (Kind.TEXT, Kind.CHOICE):
                    return About(Kind.TEXTS, choices=of.choices, personal=of.personal)
                raise self.refuse(
                    "unknown-type",
                    list_of.place,
                    f"a list of {of.kind.value}",
                    "a list of texts, of the words of a scale, or of `{one_of: [word, word]}`",
                    "declare a list of records for anything else, `name[]: {field: …}`",
                )
            raise self.refuse(
                "unknown-type", node.place, kind_of(node), "`{one_of: [word, word]}` or `{list_of: text}`"
            )
        name = self.text(node, f"the type of {what}")
        if name in _TYPES:
            return _TYPES[name]
        if name in self.scales:
            return About(Kind.CHOICE, choices=self.scales[name], ordered=True)
        if (unit := self.units.named(name)) is not None:
            return About(Kind.NUMBER, unit=unit)
        if not self.whole or name in self.unread_scales:
            raise Unreadable
        known = [*_TYPES, *self.scales, *self.units]
        raise self.refuse(
            "unknown-type",
            node.place,
            f"`{name[:40]}` for {what}",
            f"a type: {listed(_TYPES)}, a unit or a scale, `{{one_of: […]}}`, `{{list_of: text}}`",
            closest(name, known) or f"units and scales are {listed([*self.scales, *self.units])}",
        )


_SINGLE: dict[str, type] = {"": Applicant} | {
    name: about.of
    for name, about in model.about(Applicant).items()
    if about.kind is Kind.RECORD and about.of is not None
}
"""The holders of single facts in the built-in file."""

_TAKEN = ("today", "always", "never", "calendar", "readings")


def _narrowed(built_in: About, about: About) -> About:
    """A built-in text that is a word of a scale, or one of some words."""
    return attrs.evolve(built_in, kind=about.kind, choices=about.choices, ordered=about.ordered)


def _circular(units: MappingOf[str, Unit]) -> Iterator[str]:
    """The units that are made of themselves; declared ones only, for the built-in ones are sound."""
    for name in list(units):
        seen = [name]
        while (of := units[seen[-1]].of) is not None and of[1] not in seen:
            seen.append(of[1])
        if of is not None and of[1] == name:
            yield name
