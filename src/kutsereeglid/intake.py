"""Reading an applicant's file: bytes or a mapping in, an `Applicant` out, or every error at once.

One cattrs converter structures the classes of `applicant`; what it gathers is folded into `Problem`
lines, each with a path such as ``employments[3].end``.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from kutsereeglid import applicant as model
from kutsereeglid.applicant import ABSENT, About, Applicant, EndBeforeStart, Kind, held
from kutsereeglid.errors import ApplicantError, Problem, closest, describe, listed
from kutsereeglid.facts import BUILT_IN, DECLARED, RecordType, Vocabulary
from kutsereeglid.reading import reader_of

if TYPE_CHECKING:
    from cattrs import Converter

LARGEST_FILE = 10_000_000
"""Bytes; a caller may allow more."""


def read_applicant(
    source: Mapping[str, Any] | Path | bytes,
    *,
    largest: int = LARGEST_FILE,
    vocabulary: Vocabulary = BUILT_IN,
    others: Callable[[], Iterable[Vocabulary]] = tuple,
) -> Applicant:
    """The applicant in a mapping, in a file (JSON or YAML), or in JSON or YAML bytes.

    ``largest`` is in bytes. ``vocabulary`` has the facts that a ruleset declares itself; those that only
    ``others`` declare are kept unread. Without a ruleset what stands under ``facts`` is kept unread too.

    Raises `ApplicantError` with every problem of the file.

    >>> read_applicant({"exam": {"date": "2026-06-19"}}).exam.date
    datetime.date(2026, 6, 19)
    >>> try:
    ...     read_applicant({"exams": {}, "documents": [{"submitted": "2026-02-30"}]})
    ... except ApplicantError as error:
    ...     print(error)
    documents[0].submitted: '2026-02-30'; expected a day that the calendar has [no-such-day]
    exams: an unknown field; expected a field of the file; did you mean 'exam'? [unknown-field]
    """
    if isinstance(source, Mapping):
        return _structured(source, (), vocabulary, others)
    name = "file"
    if isinstance(source, Path):
        name = _name(source)
        source = _content(source, largest)
    return _structured(*parsed(source, name, largest), vocabulary, others)


def read_declared(
    applicant: Applicant, vocabulary: Vocabulary, others: Callable[[], Iterable[Vocabulary]] = tuple
) -> Applicant:
    """The applicant with the values read that the ruleset declares; raises `ApplicantError`."""
    if applicant.built_in_only and not vocabulary.narrows:
        return applicant
    reading = _Declared(vocabulary, others)
    made: Applicant = reading.holder(applicant, Applicant, "", "")
    if reading.problems:
        raise ApplicantError(reading.problems)
    return made


def _name(path: Path) -> str:
    return "".join(character if character.isprintable() else "�" for character in str(path))


def _content(path: Path, largest: int) -> bytes:
    name = _name(path)
    try:
        if path.is_dir():
            raise ApplicantError(Problem("not-a-file", name, "a directory", "a JSON or YAML file"))
        with path.open("rb") as file:
            return file.read(largest + 1)
    except FileNotFoundError:
        raise ApplicantError(Problem("no-file", name, "no such file", "a JSON or YAML file")) from None
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ApplicantError(
            Problem("unreadable", name, f"a file that cannot be read ({reason})", "a JSON or YAML file")
        ) from None


def parsed(content: bytes, name: str, largest: int = LARGEST_FILE) -> tuple[Any, list[Problem]]:
    """The plain values in JSON or YAML bytes, and the mistakes of form that do not hide the values.

    Raises `ApplicantError` for what is neither JSON nor YAML.
    """
    if len(content) > largest:
        raise ApplicantError(
            Problem("too-large", name, f"more than {largest} bytes", f"a file of at most {largest} bytes")
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_text(name, error.start) from None
    if "\0" in text:  # most likely UTF-16
        raise _not_text(name, content.index(b"\0"))
    if not text.strip():
        raise ApplicantError(
            Problem(
                "empty-file",
                name,
                "an empty file",
                "JSON or YAML",
                "an applicant of whom nothing is known is {}",
            )
        )
    return _json(text, name) if text.lstrip()[0] in "{[" and _looks_like_json(text) else _yaml(text, name)


def _not_text(name: str, start: int) -> ApplicantError:
    found = f"a byte that is no UTF-8 text, at byte {start}"
    return ApplicantError(Problem("not-text", name, found, "JSON or YAML in UTF-8"))


def _looks_like_json(text: str) -> bool:
    rest = text.lstrip()[1:].lstrip()
    return rest[:1] in ('"', "}", "]", "{", "[", "") or rest[:1].isdigit()


class _Object(dict[str, Any]):
    """A JSON object that has keys more than once."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    marked = _Object(made)
    marked.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return marked


def _json(text: str, name: str) -> tuple[Any, list[Problem]]:
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise ApplicantError(
            Problem("bad-json", f"{name}:{error.lineno}:{error.colno}", error.msg[:80].lower(), "JSON")
        ) from None
    except RecursionError:
        raise ApplicantError(
            Problem("too-deep", name, "nesting too deep to read", "an applicant's file")
        ) from None
    except ValueError:
        raise ApplicantError(
            Problem("not-a-number", name, "a number with too many digits", "a number")
        ) from None
    return value, [
        Problem("duplicate-key", _joined(path, _key(key)), "the same key again", "each key once")
        for path, here in _walked(value)
        if isinstance(here, _Object)
        for key in here.repeated
    ]


def _walked(value: Any) -> Iterator[tuple[str, Any]]:
    """Everything inside a value, itself included, with its path; however deep, each holder once."""
    ahead: list[tuple[str, Any]] = [("", value)]
    seen: set[int] = set()
    while ahead:
        path, here = ahead.pop()
        yield path, here
        if isinstance(here, (Mapping, list, tuple)) and id(here) not in seen:
            seen.add(id(here))
            inner = here.items() if isinstance(here, Mapping) else enumerate(here)
            step = _key if isinstance(here, Mapping) else "[{}]".format
            ahead += reversed([(_joined(path, step(key)), item) for key, item in inner])


def _yaml(text: str, name: str) -> tuple[Any, list[Problem]]:
    from kutsereeglid import yaml_tree

    try:
        node, problems = yaml_tree.parse(text, name)
    except RecursionError:
        raise ApplicantError(
            Problem("too-deep", name, "nesting too deep to read", "an applicant's file")
        ) from None
    if (node is None and problems) or any(problem.code == "alias" for problem in problems):
        raise ApplicantError(problems)  # written out, what aliases repeat may be without end
    return yaml_tree.plain(node) if node is not None else {}, problems


class _FieldError(Exception):
    """One field's mistake, until its path is known."""

    def __init__(self, code: str, found: str, expected: str, mend: str = "", path: str = "") -> None:
        self.problem = (code, found, expected, mend)
        self.path = path


class _FieldsError(Exception):
    """Several mistakes inside one field."""

    def __init__(self, mistakes: Iterable[_FieldError]) -> None:
        self.mistakes = tuple(mistakes)


def _structured(
    mapping: Any,
    form: Iterable[Problem],
    vocabulary: Vocabulary,
    others: Callable[[], Iterable[Vocabulary]],
) -> Applicant:
    """The applicant, when there are no problems, neither of ``form`` nor of what the file says."""
    problems = list(form)
    if not problems and not vocabulary.narrows:
        with suppress(Exception):  # whatever it is, it is told below
            quick: Applicant = _quick()(mapping)
            if quick.built_in_only:
                return quick
    made = mapping
    try:
        made = _converter().structure(mapping, Applicant)
        if made.built_in_only and not vocabulary.narrows and not problems:
            return made
    except Exception as error:
        problems += _problems(error, "")
    reading = _Declared(vocabulary, others)
    made = reading.holder(made, Applicant, "", "")
    problems += reading.problems
    if problems:
        raise ApplicantError(problems)
    return made  # type: ignore[no-any-return]


class _Declared:
    """Reads what a ruleset declares itself: under ``facts``, and in the built-in records."""

    def __init__(self, vocabulary: Vocabulary, others: Callable[[], Iterable[Vocabulary]]) -> None:
        self.declared = vocabulary.declared
        self.others = others
        self.problems: list[Problem] = []

    def holder(self, value: Any, owner: type, kind: str, path: str) -> Any:
        """A record (a mapping, where the file has mistakes) with its declared values read."""
        if not isinstance(value, (owner, Mapping)):
            return value
        given: Any = _plain(value) if isinstance(value, Mapping) else value
        changed: dict[str, Any] = {}
        built_in = model.about(owner)
        declared = self.declared.get(kind, {})
        for name, inner_owner, many in model.nested(owner):
            inner = held(given, name)
            if inner is ABSENT or isinstance(inner, (list, tuple)) is not many:
                continue
            inner_kind, inner_path = _joined(kind, name), _joined(path, name)
            if not many:
                changed[name] = self.holder(inner, inner_owner, inner_kind, inner_path)
                continue
            items = [
                self.holder(item, inner_owner, inner_kind, f"{inner_path}[{number}]")
                for number, item in enumerate(inner)
            ]
            if any(new is not old for new, old in zip(items, inner, strict=True)):
                changed[name] = tuple(items)
        for name in declared:
            if name in built_in and (inner := held(given, name)) is not ABSENT:
                self.one(declared[name], inner, _joined(path, name))
        if owner is Applicant:
            inner = held(given, DECLARED)
            if DECLARED in self.declared and isinstance(inner, Mapping):
                changed[DECLARED] = self.fields(self.declared[DECLARED], inner, DECLARED, DECLARED)
        else:
            extra = (
                {key: item for key, item in given.items() if key not in built_in}
                if type(given) is dict
                else given.extra
            )
            if extra:
                changed["extra"] = self.fields(declared, extra, path, kind, [*built_in, *declared])
        changed = {name: new for name, new in changed.items() if new is not held(given, name)}
        return value if isinstance(value, Mapping) or not changed else attrs.evolve(given, **changed)

    def fields(
        self,
        declared: Mapping[str, About | RecordType],
        given: Mapping[Any, Any],
        path: str,
        kind: str,
        known: Iterable[str] = (),
    ) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in given.items():
            one = declared.get(key) if isinstance(key, str) else None
            if one is not None:
                made[key] = self.one(one, value, _joined(path, key))
            elif any(_declares(other, kind, key) for other in self.others()):
                made[key] = value
            else:
                names = list(known) or list(declared)
                mend = closest(key, names) if isinstance(key, str) else ""
                self.problem(
                    "unknown-field",
                    _joined(path, _key(key)),
                    "an unknown field",
                    f"one of {listed(names)}",
                    mend,
                )
        return made

    def one(self, declared: About | RecordType, value: Any, path: str) -> Any:
        """A declared value, or the records of a declared list."""
        if isinstance(declared, RecordType):
            return self.records(declared, value, path)
        try:
            return _READ[declared.kind](value, declared)
        except (_FieldError, _FieldsError) as error:
            self.problems += _problems(error, path)
            return value

    def records(self, kind: RecordType, value: Any, path: str) -> Any:
        if value is None:
            return None
        if not isinstance(value, (list, tuple)):
            mend = "put it in a list" if isinstance(value, Mapping) else ""
            self.problem("wrong-type", path, describe(value), Kind.RECORDS.value, mend)
            return value
        made = []
        for number, item in enumerate(value):
            here = f"{path}[{number}]"
            if not isinstance(item, Mapping):
                self.problem("wrong-type", here, describe(item), Kind.RECORD.value)
                continue
            made.append(self.fields(kind.fields, item, here, kind.path))
            first, last = kind.spans or ("", "")
            if model.disordered(made[-1].get(first, ABSENT), made[-1].get(last, ABSENT)):
                self.problems += _problems(EndBeforeStart(first, last), here)
        return tuple(made)

    def problem(self, code: str, path: str, found: str, expected: str, mend: str = "") -> None:
        self.problems.append(Problem(code, path, found, expected, mend))


def _declares(vocabulary: Vocabulary, kind: str, name: Any) -> bool:
    """Whether a ruleset knows a fact or a field of that name."""
    records = vocabulary.records.get(kind)
    return name in vocabulary.declared.get(kind, {}) or (records is not None and name in records.fields)


def _plain(value: Mapping[Any, Any]) -> dict[Any, Any]:
    return value if type(value) is dict else dict(value)


def _problems(error: BaseException, path: str) -> Iterator[Problem]:
    from cattrs import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError

    if isinstance(error, _FieldError):
        code, found, expected, mend = error.problem
        yield Problem(code, _joined(path, error.path) or "the file", found, expected, mend)
    elif isinstance(error, _FieldsError):
        for mistake in error.mistakes:
            yield from _problems(mistake, path)
    elif isinstance(error, EndBeforeStart):
        yield Problem(
            "end-before-start",
            _joined(path, error.last),
            f"a day before `{error.first}`",
            f"a day on or after `{error.first}`",
        )
    elif isinstance(error, ForbiddenExtraKeysError):
        known = model.about(error.cl)
        for key in sorted(error.extra_fields, key=str):
            mend = closest(key, known) if isinstance(key, str) else ""
            yield Problem(
                "unknown-field",
                _joined(path, _key(key)),
                "an unknown field",
                "a field of the file" if not path else f"one of {listed(known)}",
                mend,
            )
    elif isinstance(error, (ClassValidationError, IterableValidationError)):
        for inner in error.exceptions:
            yield from _problems(inner, _joined(path, _step(inner)))
    else:  # what a custom mapping's own code raised: told, never swallowed
        raise error


def _step(error: BaseException) -> str:
    from cattrs import AttributeValidationNote, IterableValidationNote

    for note in getattr(error, "__notes__", ()):
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]"
        if isinstance(note, AttributeValidationNote):
            return note.name
    return ""


def _key(key: object) -> str:
    """A key as a step of a path, unless it could be free text."""
    return key if isinstance(key, str) and describe(key) == repr(key) else "(a key)"


def _joined(path: str, step: str) -> str:
    return f"{path}{step}" if not path or not step or step.startswith("[") else f"{path}.{step}"


@cache
def _converter() -> Converter:
    """The one converter: classes from mappings, with every error kept."""
    from cattrs import ClassValidationError, Converter
    from cattrs.gen import make_dict_structure_fn, override

    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    by_kind = {Kind.RECORD: _record, Kind.RECORDS: _records}

    def hook(about: About) -> Callable[[Any, Any], Any]:
        made = by_kind.get(about.kind)
        return (
            made(about, converter) if made is not None else lambda value, _t: _READ[about.kind](value, about)
        )

    def structure_record(owner: type) -> Callable[[Any, Any], Any]:
        overrides = {name: override(struct_hook=hook(about)) for name, about in model.about(owner).items()}
        known = model.about(owner)
        inner: Callable[[Any, Any], Any] = make_dict_structure_fn(owner, converter, **overrides)  # type: ignore[arg-type]

        def structure(value: Any, to: Any) -> Any:
            if isinstance(value, owner):
                return value
            if not isinstance(value, Mapping):
                raise _wrong_type(value, Kind.RECORD.value)
            try:
                if owner is Applicant:
                    return inner(value, to)
                made = inner({name: value[name] for name in known if name in value}, to)
                extra = {key: value[key] for key in value if key not in known}
                return attrs.evolve(made, extra=extra) if extra else made
            except ClassValidationError as error:
                late = _disorder(owner, value)
                if late is not None and not any(isinstance(one, EndBeforeStart) for one in error.exceptions):
                    raise error.derive([*error.exceptions, late]) from None
                raise

        return structure

    converter.register_structure_hook_factory(lambda cls: cls in _CLASSES, structure_record)
    return converter


def _disorder(owner: type, value: Mapping[Any, Any]) -> EndBeforeStart | None:
    """What the class would have said of its days, had its other fields been right."""
    names = getattr(owner, "spans", None)
    if names is None:
        return None
    try:
        first, last = (_day(value.get(name), model.about(owner)[name]) for name in names)
    except _FieldError:
        return None
    return EndBeforeStart(*names) if model.disordered(first, last) else None


_CLASSES = {
    value for value in vars(model).values() if isinstance(value, type) and hasattr(value, "__attrs_attrs__")
} - {About}


def _record(about: About, converter: Converter) -> Callable[[Any, Any], Any]:
    return lambda value, _t: None if value is None else converter.structure(value, about.of)  # type: ignore[arg-type]


def _records(about: About, converter: Converter) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _t: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, (list, tuple)):
            mend = "put it in a list" if isinstance(value, Mapping) else ""
            raise _wrong_type(value, Kind.RECORDS.value, mend)
        return converter.structure(value, tuple[about.of, ...])  # type: ignore[name-defined]

    return structure


def _wrong_type(value: Any, expected: str, mend: str = "") -> _FieldError:
    return _FieldError("wrong-type", describe(value), expected, mend)


def _found(value: Any, about: About) -> str:
    """What was found, unless the field is personal."""
    if about.personal and isinstance(value, str):
        return f"text of {len(value)} characters"
    return f"a value of type {type(value).__name__}" if about.personal else describe(value)


def _day(value: Any, about: About) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return _with_offset(value)
    if isinstance(value, date):
        return value
    found = _found(value, about)
    if not isinstance(value, str):
        raise _FieldError("wrong-type", found, Kind.DAY.value)
    text = value.strip()
    if not _DAY.match(text):
        raise _FieldError("not-a-day", found, Kind.DAY.value, "" if about.personal else _as_iso(text))
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise _FieldError("no-such-day", found, "a day that the calendar has") from None
    if len(text) == 10:
        return day
    try:
        if text[11:13] == "24":  # which some versions of Python take for the next day
            raise ValueError
        return _with_offset(datetime.fromisoformat(text.upper()))
    except ValueError:
        raise _FieldError("not-a-day", found, Kind.DAY.value) from None


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ]|$)")


def _as_iso(text: str) -> str:
    for pattern in ("%d.%m.%Y", "%d/%m/%Y", "%Y.%m.%d", "%Y/%m/%d"):
        try:
            day = datetime.strptime(text[:10], pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return f"write {day.isoformat()}" if len(text) <= 10 else ""
    return ""


def _with_offset(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise _FieldError(
            "no-offset",
            "a moment without its offset",
            "a moment with its offset",
            "add it (+03:00 in an Estonian summer, +02:00 in winter, Z for UTC), or give the day alone",
        )
    return moment


def _text(value: Any, about: About) -> str | tuple[str, ...] | None:
    if value is None:
        return None
    if about.several and isinstance(value, (list, tuple)):
        return _texts(value, about)
    if not isinstance(value, str):
        expected = f"{Kind.TEXT.value} or {Kind.TEXTS.value}" if about.several else Kind.TEXT.value
        raise _FieldError("wrong-type", _found(value, about), expected)
    return value


def _choice(value: Any, about: About) -> str | tuple[str, ...] | None:
    if about.several and isinstance(value, (list, tuple)):
        return _texts(value, about)
    if value is None or value in about.choices:
        return value  # type: ignore[no-any-return]
    if not isinstance(value, str):
        raise _wrong_type(value, "one of " + ", ".join(about.choices))
    raise _FieldError(
        "unknown-value", describe(value), "one of " + ", ".join(about.choices), closest(value, about.choices)
    )


def _texts(value: Any, about: About) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)):
        mend = "put it in a list" if isinstance(value, str) else ""
        raise _wrong_type(value, Kind.TEXTS.value, mend)
    _refuse(
        _FieldError("wrong-type", describe(item), Kind.TEXT.value, path=f"[{index}]")
        for index, item in enumerate(value)
        if not isinstance(item, str)
    )
    if about.kind is not Kind.TEXT and about.choices:
        _refuse(
            _FieldError(
                "unknown-value",
                describe(item),
                f"one of {', '.join(about.choices)}",
                closest(item, about.choices),
                path=f"[{index}]",
            )
            for index, item in enumerate(value)
            if item not in about.choices
        )
    return tuple(value)


def _refuse(mistakes: Iterable[_FieldError]) -> None:
    if found := tuple(mistakes):
        raise _FieldsError(found)


def _number(value: Any, about: About) -> int | float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        mend = (
            "leave the quotes out" if isinstance(value, str) and value.replace(".", "", 1).isdigit() else ""
        )
        raise _wrong_type(value, Kind.NUMBER.value, mend)
    if not _finite(value):
        raise _FieldError("not-a-number", "no finite number", Kind.NUMBER.value)
    if value < 0:
        raise _FieldError("negative-amount", describe(value), Kind.NUMBER.value)
    if about.whole and value != int(value):
        raise _FieldError("wrong-type", describe(value), "a whole number, 0 or more")
    if about.most is not None and not about.least <= value <= about.most:
        expected = f"a number from {about.least:g} to {about.most:g}"
        raise _FieldError("out-of-range", describe(value), expected)
    return value


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an int beyond every float
        return False


def _yes_no(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise _wrong_type(value, Kind.YES_NO.value, "leave the quotes out" if value in ("true", "false") else "")


def _open(value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise _wrong_type(value, Kind.OPEN.value)
    _refuse(
        _FieldError("not-a-number", "no finite number", "a finite number", path=path)
        for path, item in _walked(value)
        if isinstance(item, (int, float)) and not _finite(item)
    )
    return {str(key): item for key, item in value.items()}


def _judgements(value: Any) -> dict[str, bool | None] | None:
    made = _open(value)
    _refuse(
        _FieldError("wrong-type", describe(answer), Kind.YES_NO.value, path=_key(name))
        for name, answer in (made or {}).items()
        if answer is not None and not isinstance(answer, bool)
    )
    return made  # type: ignore[no-any-return]


_READ: dict[Kind, Callable[[Any, About], Any]] = {
    Kind.DAY: _day,
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.TEXTS: _texts,
    Kind.NUMBER: _number,
    Kind.YES_NO: lambda value, _: _yes_no(value),
    Kind.OPEN: lambda value, _: _open(value),
    Kind.JUDGEMENTS: lambda value, _: _judgements(value),
}


@cache
def _quick() -> Callable[[Any], Applicant]:
    return reader_of(Applicant, tuple(_READ.items()))
