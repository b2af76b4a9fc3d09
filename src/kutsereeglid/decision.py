"""The answer: a `Decision` with its `Finding` for each requirement, and the reasons below it.

The attributes are the keys of the JSON form. Everything is frozen, hashable and picklable. What only
some callers read, the reasons above all, is worked out when it is first read; comparing, hashing and
pickling read everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import field, fields, frozen

from kutsereeglid.status import Outcome, Status

if TYPE_CHECKING:
    from cattrs.preconf.json import JsonConverter


class Table(Mapping[str, Any]):
    """A frozen, hashable mapping that keeps its order.

    >>> Table({"award": "pending"})["award"]
    'pending'
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"Table({self._items!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Table, (self._items,)


class _WorkedOut:
    """A frozen class whose fields may be worked out when they are first read."""

    def __getattr__(self, name: str) -> Any:
        known = self.__dict__
        every = known.get("_every")
        if every is not None and not name.startswith("_"):
            known.update(every)  # so that the others are found without asking
            if name in every:
                return every[name]
            known.update(every["_rest"](known, name))
            if name in known:
                return known[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __getstate__(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(type(self))}  # type: ignore[arg-type]


Some = TypeVar("Some", bound=_WorkedOut)
_put = object.__setattr__


def lazily(kind: type[Some], known: dict[str, Any]) -> Some:
    """One with the fields in a dict, which it takes over.

    ``known["_every"]`` has the fields that others share with it, and under ``_rest`` a function that gives
    what is still lacking, some or all, from ``known`` and the name that is asked for.
    """
    made = kind.__new__(kind)
    _put(made, "__dict__", known)
    return made


@frozen
class Citation:
    """Where it is written."""

    source: str
    """The source's title, with the place in it where the ruleset names one."""
    address: str | None = None
    quote: str | None = None


@frozen
class Contested:
    """Another declared reading that alone would give another certain status."""

    reading: str
    option: str
    status: Status
    citation: Citation | None = None


@frozen
class Part:
    """A sentence without a language: the key of a template or of a ruleset's text, and its values."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


NEGATED = ("not", "")
"""Among a part's values: the sentence says that the rule's title does not hold."""

EITHER = ("either", "")
"""Among a part's values: here begins one of the selections of which one is enough, or end all of them."""


@frozen(slots=False)
class Reason(_WorkedOut):
    """A nested finding: a rule or a single condition that the one above rests on."""

    text: str
    """In the ruleset's first language."""
    status: Status
    condition: str | None = None
    """The head word of the condition (``time``, ``all of`` …), or ``None`` for a rule."""
    rule: str | None = None
    due: date | None = None
    earliest: date | None = None
    missing: tuple[str, ...] = ()
    contested: tuple[Contested, ...] = ()
    applies: bool = True
    path: str | None = None
    kind: str | None = None
    curable: bool = False
    citation: Citation | None = None
    because: tuple[Reason, ...] = ()
    late: bool = False
    parts: tuple[Part, ...] = ()
    """What ``text`` says, for other languages."""


@frozen(slots=False)
class Finding(_WorkedOut):
    """One requirement's answer."""

    requirement: str
    stage: str
    kind: str
    required: bool
    """False for an advisory requirement: reported, never deciding."""
    status: Status
    due: date | None
    """The last day; there whatever the status, ``None`` where none is named or known."""
    earliest: date | None
    """The first day it could hold; for ``not_met`` it may be after ``due``."""
    missing: tuple[str, ...]
    contested: tuple[Contested, ...]
    title: str
    citation: Citation | None
    because: tuple[Reason, ...]
    applies: bool = True
    path: str | None = None
    """The alternative taken, or the nearest when none holds."""
    curable: bool = False
    late: bool = False
    """It was done after its due day: restoring the term may be asked for."""
    discretion: str | None = None
    parts: tuple[Part, ...] = ()
    of_path: str | None = None
    """The path of the qualification that asks for it; ``None`` for what is asked of everybody."""
    of: str | None = None
    """The one of several things asked for that it is about; ``None`` for what does not hang on it."""


@frozen
class RulesetStamp:
    """Which rules decided."""

    id: str
    version: str
    digest: str
    """SHA-256 over the ruleset's files."""


@frozen
class Texts:
    """The ruleset's texts that this decision speaks with, by language and key; read when needed."""

    language: str
    """The ruleset's first language, in which ``title`` and ``text`` are."""
    languages: tuple[str, ...]
    given: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] | None = None
    load: Callable[[], tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] | None = field(
        default=None, eq=False, repr=False
    )

    def table(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        if self.given is not None:
            return self.given
        return self.load() if self.load is not None else ()

    def in_language(self, language: str) -> Mapping[str, str]:
        return dict(dict(self.table()).get(language, ()))

    def __reduce__(self) -> tuple[Any, ...]:
        return Texts, (self.language, self.languages, self.table())


@frozen(slots=False)
class Decision(_WorkedOut):
    """May this applicant be admitted, or be awarded the qualification; with reasons."""

    qualification: str
    title: str
    as_of: date
    """The day of evaluation."""
    stage: str
    outcome: Outcome
    """That of ``stage``."""
    stages: Mapping[str, Outcome]
    """Each stage's outcome, which covers it and those before it."""
    ruleset: RulesetStamp
    findings: tuple[Finding, ...]
    readings: Mapping[str, str | None]
    """The option of each reading under which it was decided; ``None`` where the body has not chosen."""
    late: str | None = None
    """The ruleset's words on a term that was missed."""
    texts: Texts = field(eq=False, default=Texts("en", ("en",)))
    path: str | None = None
    """The path of the qualification that is taken, or the nearest when none holds; ``None`` when it has
    no paths, and when several things are asked for, by different paths."""
    paths: Mapping[str, Outcome] = Table({})
    """The outcome of each path alone, for ``stage``; a path that does not apply is ``ineligible``."""

    each: Mapping[str, Outcome] = Table({})
    """Where one application asks for several things: the outcome of each, for ``stage``."""

    def finding(self, requirement: str, *, of_path: str | None = None, of: str | None = None) -> Finding:
        """The finding of one requirement, a required one before an advisory one, and one that is shared
        before those of paths, unless a path is named; of several things asked for, that of ``of``.

        Raises ``KeyError`` when the qualification has no such requirement.
        """
        for found in sorted(self.findings, key=lambda found: not found.required):
            if (
                found.requirement == requirement
                and of_path in (None, found.of_path)
                and of in (None, found.of)
            ):
                return found
        raise KeyError(requirement)

    def explain(self, lang: str | None = None) -> str:
        """The decision as text in a language (``et``, ``en``, ``ru``); the ruleset's first when not named.

        Raises `UsageError` for a language that the library or the ruleset does not have.
        """
        from kutsereeglid.rendering import explain

        return explain(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `Decision.from_dict` takes them back."""
        return converter().unstructure(self)  # type: ignore[no-any-return]

    def to_json(self, indent: int | None = None) -> str:
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Decision:
        """A decision from the plain values that `to_dict` gave."""
        return converter().structure(values, cls)

    @classmethod
    def from_json(cls, text: str | bytes) -> Decision:
        import json

        return cls.from_dict(json.loads(text))


@cache
def converter() -> JsonConverter:
    """The one converter of decisions: days as ISO texts, tables as mappings."""
    from cattrs.gen import make_dict_unstructure_fn, override
    from cattrs.preconf.json import make_converter

    made = make_converter()
    made.register_structure_hook_func(
        lambda to: to == Mapping[str, Outcome],
        lambda value, _: Table({stage: Outcome(outcome) for stage, outcome in value.items()}),
    )
    made.register_structure_hook_func(
        lambda to: to == Mapping[str, str | None], lambda value, _: Table(value)
    )
    made.register_unstructure_hook(
        Table, lambda value: {key: made.unstructure(item) for key, item in value.items()}
    )
    made.register_unstructure_hook_func(
        lambda to: to in (Mapping[str, Outcome], Mapping[str, str | None]),
        lambda value: made.unstructure(value, Table),
    )
    made.register_unstructure_hook(
        Texts,
        lambda value: {
            "language": value.language,
            "languages": list(value.languages),
            "given": {language: dict(texts) for language, texts in value.table()},
        },
    )
    made.register_structure_hook(
        Texts,
        lambda value, _: Texts(
            value["language"],
            tuple(value["languages"]),
            tuple((language, tuple(texts.items())) for language, texts in value["given"].items()),
        ),
    )
    for words in (Status, Outcome):
        made.register_unstructure_hook(words, lambda value: value.value)
    for owner in (Reason, Finding):
        made.register_unstructure_hook(
            owner, make_dict_unstructure_fn(owner, made, parts=override(omit_if_default=True))
        )
    return made
