"""JSON Schemas of the files that an author writes, for editors: keys to choose from, and what each is for.

They are made of the tables with which the files are read, so that the two are in step; what hangs on other
places of a file (names, quotes, blanks) only the loader knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kutsereeglid.authoring.case_files import CASE_KEYS, DECISION_KEYS, FILE_KEYS, FINDING_KEYS
from kutsereeglid.authoring.schema_words import HEAD_KEYS, OF_CASES, OF_FILES, OF_HEADS, OF_KEYS
from kutsereeglid.conditions.parsing import JUDGES
from kutsereeglid.conditions.scope import BLANK_TYPES
from kutsereeglid.dates import BrokenRuns, CountingBack, MonthEnd, Shift
from kutsereeglid.loading import CALENDAR, COMMON_SECTIONS, COUNTING_TIME, SECTIONS
from kutsereeglid.loading_rules import KINDS, PATH, QUALIFICATION, RULE
from kutsereeglid.status import Outcome, Status
from kutsereeglid.wording import LANGUAGES

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS_OF_FILES = ("ruleset", "shared", "texts", "cases")


def schema(kind: str) -> Schema:
    """The schema of one kind of file: ``ruleset``, ``shared``, ``texts`` or ``cases``."""
    made: Schema = {"$schema": DIALECT, "title": f"kutsereeglid: {OF_FILES[kind]}", "type": "object"}
    if kind == "texts":
        return {**made, **_texts()}
    if kind == "cases":
        return {**made, **_cases()}
    sections = SECTIONS if kind == "ruleset" else COMMON_SECTIONS
    required = (
        ["format", "ruleset", "title", "in_force", "qualifications"]
        if kind == "ruleset"
        else ["format", "common"]
    )
    return {
        **made,
        "properties": {name: _described(name, _section(name)) for name in sections},
        "required": required,
        "additionalProperties": False,
        "$defs": {
            "condition": _condition(),
            "exception": {"anyOf": [_CONDITION, _keys({"when": _CONDITION, "unless": _EXCEPTION}, ["when"])]},
            "switch": _SWITCH,
            "cite": _CITE,
        },
    }


def _described(name: str, made: Schema) -> Schema:
    text = OF_KEYS.get(name)
    return made if text is None else {"description": text, **made}


# Small things.

_ANY: Schema = {}
_TEXT: Schema = {"type": "string", "minLength": 1}
_DAY: Schema = {"type": "string"}
_SWITCH: Schema = {
    "type": "object",
    "description": OF_KEYS["reading"],
    "required": ["reading"],
    "properties": {"reading": _TEXT},
}
_A_CITE: Schema = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {"source": _TEXT, "quote": _TEXT, "at": _TEXT},
            "additionalProperties": False,
        },
        {"$ref": "#/$defs/switch"},
    ]
}
_CITE: Schema = {"anyOf": [_A_CITE, {"type": "array", "items": _A_CITE, "minItems": 1}]}
_CONDITION: Schema = {"$ref": "#/$defs/condition"}
_EXCEPTION: Schema = {"$ref": "#/$defs/exception"}
_SAYS: Schema = {"$ref": "#/$defs/cite"}


def _one_of(words: Iterable[str]) -> Schema:
    return {"enum": [str(word) for word in words]}


def _or_switch(made: Schema) -> Schema:
    return {"anyOf": [made, {"$ref": "#/$defs/switch"}]}


def _map(value: Schema, **more: Any) -> Schema:
    return {"type": "object", "additionalProperties": value, **more}


def _keys(of: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    made: Schema = {
        "type": "object",
        "properties": {name: _described(name, value) for name, value in of.items()},
        "additionalProperties": False,
    }
    needed = list(required)
    return {**made, "required": needed} if needed else made


# Sections of a ruleset.


def _section(name: str) -> Schema:
    if name in ("ruleset", "common", "title", "decided_at", "late"):
        return _TEXT
    makers: dict[str, Callable[[], Schema]] = {
        "format": lambda: {"const": 1},
        "in_force": lambda: _keys({"from": _DAY, "to": _DAY}, ["from"]),
        "uses": lambda: {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
        "languages": lambda: {"anyOf": [_one_of(LANGUAGES), {"type": "array", "items": _one_of(LANGUAGES)}]},
        "sources": lambda: _map(_keys({"title": _TEXT, "file": _TEXT, "address": _TEXT, "read": _DAY}, ["title"])),
        "calendar": _calendar,
        "counting_time": _counting_time,
        "stages": lambda: _map(_TEXT),
        "words": lambda: _map(_TEXT),
        "units": lambda: _map(_keys({"kind": _TEXT, "of": _TEXT}, ["kind"])),
        "scales": lambda: _map({"type": "array", "items": _TEXT, "minItems": 2}),
        "facts": lambda: _map({"type": ["string", "object"]}),
        "define": lambda: _map(_ANY),
        "rounds": lambda: _map({"type": "object", "required": ["exam"], "additionalProperties": _DAY}),
        "readings": lambda: _map(_keys({"about": _TEXT, "taken": _TEXT, "options": _map(_TEXT, minProperties=2), "cite": _SAYS}, ["about", "taken", "options"])),
        "rules": lambda: _map(_rule()),
        "qualifications": lambda: _map(_qualification()),
        "not_encoded": lambda: _map(_keys({"quote": _TEXT, "source": _TEXT, "why": _TEXT}, ["quote", "why"])),
    }  # fmt: skip
    return makers[name]()


def _calendar() -> Schema:
    shift = _or_switch(_one_of(Shift))
    of: dict[str, Schema] = {
        "zone": _or_switch(_TEXT),
        "holidays": _or_switch(_TEXT),
        "month_end": _or_switch(_one_of(MonthEnd)),
        "counting_back": _or_switch(_one_of(CountingBack)),
        "terms_on_days_off": _or_switch(_keys({"after": shift, "before": shift}, ["after", "before"])),
    }
    return _keys({name: of[name] for name in CALENDAR})


def _counting_time() -> Schema:
    of: dict[str, Schema] = {
        "overlaps": _or_switch(_one_of(["once", "each"])),
        "broken_runs": _or_switch(_one_of(BrokenRuns)),
        "part_time": _or_switch(_one_of(["as calendar time", "full-time equivalent"])),
        "suspended": _or_switch(_one_of(["counts", "left out"])),
    }
    return _keys({name: of[name] for name in COUNTING_TIME})


def _rule() -> Schema:
    of: dict[str, Schema] = {
        "title": _TEXT,
        "kind": _one_of(KINDS),
        "says": _SAYS,
        "due": {"type": ["string", "object"]},
        "curable": {"type": "boolean"},
        "discretion": _one_of(JUDGES),
        "applies_when": _CONDITION,
        "waived_when": _EXCEPTION,
        "within": {"type": ["string", "object"]},
        "when": _CONDITION,
        "unless": _EXCEPTION,
        "concludes": _TEXT,
        "in_force": _keys({"from": _DAY, "to": _DAY}),
        "blanks": _map(_one_of(BLANK_TYPES)),
    }
    return _keys({name: of[name] for name in RULE}, ["title", "kind", "when"])


_LISTED: Schema = {
    "anyOf": [{"type": "array", "items": {"type": ["string", "object"]}}, {"$ref": "#/$defs/switch"}, _TEXT]
}


def _qualification() -> Schema:
    path: dict[str, Schema] = {
        "title": _TEXT,
        "applies_when": _CONDITION,
        "with": _map(_ANY),
        "requires": _map(_LISTED),
        "advises": _map(_LISTED),
    }
    of: dict[str, Schema] = {
        "title": _TEXT,
        "says": _SAYS,
        "with": _map(_ANY),
        "requires": _map(_LISTED),
        "advises": _map(_LISTED),
        "like": _TEXT,
        "instead": _map(_TEXT),
        "paths": _map(_keys({name: path[name] for name in PATH}, ["title"]), minProperties=2),
        "each": {"type": ["string", "object"]},
    }
    return _keys({name: of[name] for name in QUALIFICATION}, ["title"])


def _condition() -> Schema:
    heads = [_head(head, keys) for head, keys in HEAD_KEYS.items()]
    rule: Schema = {
        "type": "object",
        "description": "another rule, with blanks filled: {rule: {blank: value}}",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"not": {"enum": [*HEAD_KEYS, "reading"]}},
        "additionalProperties": {"type": "object"},
    }
    return {
        "description": "a condition: a mapping with one head word, a list (all of them), or a rule's name",
        "anyOf": [
            _TEXT,
            {"type": "array", "items": _CONDITION, "minItems": 1},
            *heads,
            {"$ref": "#/$defs/switch"},
            rule,
        ],
    }


_INNER: dict[tuple[str, str], Schema] = {
    ("all", "all"): {"type": "array", "items": _CONDITION, "minItems": 1},
    ("any", "any"): {
        "anyOf": [{"type": "array", "items": _CONDITION, "minItems": 1}, _map(_CONDITION, minProperties=1)]
    },
    ("of", "of"): {"type": "array", "items": _CONDITION, "minItems": 1},
    ("of", "at_least"): {"anyOf": [{"type": "integer", "minimum": 1}, _TEXT, {"$ref": "#/$defs/switch"}]},
    ("not", "not"): _CONDITION,
    ("for_each", "when"): _CONDITION,
    ("for_each", "as"): _TEXT,
    ("judged", "by"): {
        "anyOf": [_one_of(JUDGES), {"type": "string", "pattern": "^<.*>$"}, {"$ref": "#/$defs/switch"}]
    },
    ("total", "total"): {"type": "object", "minProperties": 1},
    ("count", "at_most_in_one"): {"type": "object", "minProperties": 1, "maxProperties": 1},
    ("sum", "at_most_in_one"): {"type": "object", "minProperties": 1, "maxProperties": 1},
    ("used_once", "for"): {"type": "object", "minProperties": 2},
    ("share", "of_which"): {"type": "object"},
    ("length", "length"): _keys({"from": _ANY, "to": _ANY}, ["from", "to"]),
}
_REQUIRED = {
    "of": ["at_least"], "used_once": ["for"], "share": ["of_which"], "holds": ["valid_on"], "unbroken": ["ending"], "judged": ["by"],
    "for_each": ["as", "when"],
}  # fmt: skip


def _head(head: str, keys: Iterable[str]) -> Schema:
    values = {key: _INNER.get((head, key), {"type": "object"} if key == "where" else _ANY) for key in keys}
    made = _keys(values, [head, *_REQUIRED.get(head, ())])
    made["properties"][head] = {"description": OF_HEADS[head], **values[head]}
    if "where" in values:
        made["properties"]["where"] = {"description": OF_KEYS["where"], "type": "object"}
    return made


# Texts and cases.


def _texts() -> Schema:
    texts = _map({"anyOf": [_TEXT, _map(_TEXT)]})
    return {
        "properties": {
            "title": _TEXT,
            "late": _TEXT,
            "stages": _map(_TEXT),
            "words": _map(_TEXT),
            "rules": _map(_TEXT),
            "qualifications": _map(_TEXT),
            "not_encoded": _map(_TEXT),
            "facts": {"type": "object"},
            "paths": texts,
            "readings": _map(_keys({"about": _TEXT, "options": _map(_TEXT)})),
        },
        "additionalProperties": False,
    }


def _cases() -> Schema:
    outcomes, statuses = _one_of(Outcome), _one_of(Status)
    by_name = _map(outcomes)
    finding: Schema = {
        "anyOf": [
            statuses,
            {
                "type": "object",
                "properties": {
                    name: _described(f"finding.{name}", {"status": statuses}.get(name, _ANY))
                    for name in FINDING_KEYS
                },
                "additionalProperties": False,
            },
        ]
    }
    of_decision: dict[str, Schema] = {
        "outcome": outcomes, "stage": _TEXT, "path": {"type": ["string", "null"]}, "stages": by_name, "paths": by_name,
        "each": by_name,
    }  # fmt: skip
    expect: Schema = {
        "type": ["object", "null"],
        "properties": {name: of_decision[name] for name in DECISION_KEYS},
        "additionalProperties": {"anyOf": [finding, {"type": "array", "items": finding}]},
    }
    of_case: dict[str, Schema] = {
        "name": _TEXT, "note": _TEXT, "qualification": _TEXT, "as_of": _DAY, "stage": _TEXT, "ruleset_version": _DAY,
        "readings": _map(_TEXT), "applicant": {"type": "object"}, "expect": expect,
    }  # fmt: skip
    case: Schema = {
        "type": "object",
        "properties": {name: {"description": OF_CASES[name], **of_case[name]} for name in CASE_KEYS},
        "required": ["name", "qualification", "as_of", "applicant"],
        "additionalProperties": False,
    }
    of_file: dict[str, Schema] = {"cases": {"type": ["array", "null"], "items": case}, "definitions": _ANY}
    return {
        "properties": {name: of_file[name] for name in FILE_KEYS},
        "required": ["cases"],
        "additionalProperties": False,
    }
