"""Reading an applicant's file with which nothing is wrong, fast.

For each class of `applicant` a function is written from its fields. It checks all that `intake` checks, and stops
at the first thing that it does not know or that is wrong: then `intake` reads the file again, with every mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import attrs

from kutsereeglid import applicant as model
from kutsereeglid.applicant import ABSENT, About, Applicant, Kind, disordered
from kutsereeglid.source import Source, fillable

Read = Mapping[Kind, Callable[[Any, About], Any]]
"""How `intake` reads a value of each kind; it raises for what is wrong."""


class NotPlain(Exception):
    """Something in the file is wrong, or is not what files mostly hold."""


def _stop() -> None:
    raise NotPlain


@cache
def reader_of(
    owner: type, read: tuple[tuple[Kind, Callable[[Any, About], Any]], ...]
) -> Callable[[Any], Any]:
    """The function that makes one of these of a mapping; raises `NotPlain`, or what ``read`` raises."""
    source = Source()
    functions = dict(read)
    stop = source.constant(_stop)
    abouts = model.about(owner)
    with source.block(f"if value.__class__ is not {source.constant(dict)}:"):
        source.line(f"{stop}()")
    source.line("known = 0")
    for number, (name, about) in enumerate(abouts.items()):
        field = f"field{number}"
        source.line(f"{field} = value.get({source.constant(name)}, ABSENT)")
        with source.block(f"if {field} is not ABSENT:"):
            source.line("known += 1")
            with source.block(f"if {field} is not None:"):
                _write(source, field, about, read, functions)
    with source.block("if known != len(value):"):
        source.line(f"{stop}()")
    spans = getattr(owner, "spans", None)
    if spans is not None:
        first, last = (f"field{list(abouts).index(name)}" for name in spans)
        days = f"if {first}.__class__ is date and {last}.__class__ is date:"
        with source.block(days), source.block(f"if {last} < {first}:"):
            source.line(f"{stop}()")
        with source.block(f"elif {source.constant(disordered)}({first}, {last}):"):
            source.line(f"{stop}()")
    source.line(f"made = {source.constant(fillable(owner))}()")
    for number, name in enumerate(abouts):
        source.line(f"made.{name} = field{number}")
    for field in attrs.fields(owner):
        if field.name not in abouts and field.init:
            source.line(f"made.{field.name} = {source.constant(field.default)}")
    if owner is Applicant:
        source.line(f"made.built_in_only = not field{list(abouts).index('facts')}")
    source.line(f"made.__class__ = {source.constant(owner)}")
    source.line("return made")
    source.bind("ABSENT", ABSENT)
    source.bind("date", date)
    return source.function("read", "value")


class _Days(dict[str, date]):
    """Days and moments by their ISO text; the days are kept, as facts of the calendar."""

    def __missing__(self, text: str) -> date:
        if text[4:5] != "-" or text[7:8] != "-":
            raise NotPlain
        if len(text) == 10:
            if len(self) >= _MOST_KEPT:
                self.clear()
            day = self[text] = date.fromisoformat(text)
            return day
        if text[10] != "T" or text[11:13] == "24":
            raise NotPlain
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise NotPlain
        return moment


_DAYS = _Days()
_MOST_KEPT = 20_000


def _write(source: Source, field: str, about: About, read: Any, functions: Read) -> None:
    """Code that checks a value that is there, and puts what is kept of it in its place."""
    text = source.constant(str)
    if about.kind in (Kind.RECORD, Kind.RECORDS):
        assert about.of is not None
        reader = source.constant(reader_of(about.of, read))
        if about.kind is Kind.RECORD:
            source.line(f"{field} = {reader}({field})")
            return
        with source.block(f"if {field}.__class__ is not {source.constant(list)}:"):
            source.line(f"{source.constant(_stop)}()")
        source.line(f"{field} = {source.constant(tuple)}([{reader}(one) for one in {field}])")
        return
    slow = f"{field} = {source.constant(functions[about.kind])}({field}, {source.constant(about)})"
    if about.kind is Kind.DAY:
        with source.block(f"if {field}.__class__ is {text}:"):
            source.line(f"{field} = {source.constant(_DAYS)}[{field}]")
        with source.block("else:"):
            source.line(slow)
    elif about.kind is Kind.TEXT:
        with source.block(f"if {field}.__class__ is not {text}:"):
            source.line(slow)
    elif about.kind is Kind.CHOICE:
        with source.block(f"if {field} not in {source.constant(about.choices)}:"):
            source.line(slow)
    elif about.kind is Kind.NUMBER:
        least, most = (
            ("0", "999999") if about.most is None else map(source.constant, (about.least, about.most))
        )
        with source.block(
            f"if {field}.__class__ is not {source.constant(int)} or not {least} <= {field} <= {most}:"
        ):
            source.line(slow)
    elif about.kind is Kind.YES_NO:
        with source.block(f"if {field} is not True and {field} is not False:"):
            source.line(slow)
    elif about.kind is Kind.TEXTS and not about.choices:
        with source.block(f"if {field}.__class__ is {source.constant(list)}:"):
            source.line(f"{source.constant(''.join)}({field})  # which refuses what is no text")
            source.line(f"{field} = {source.constant(tuple)}({field})")
        with source.block("else:"):
            source.line(slow)
    elif about.kind is Kind.JUDGEMENTS:
        plain = f"{field}.__class__ is {source.constant(dict)} and {source.constant({bool, type(None)})}"
        answers = f"{source.constant(map)}({source.constant(type)}, {field}.values())"
        with source.block(f"if {plain}.issuperset({answers}):"):
            source.line(f"{source.constant(''.join)}({field})")
            source.line(f"{field} = {source.constant(dict)}({field})")
        with source.block("else:"):
            source.line(slow)
    else:
        source.line(slow)
