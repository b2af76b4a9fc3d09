"""What the rules of a generated ruleset are made of, read from the tree that its file would hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kutsereeglid.conditions import HEADS

Tree = Any

KEYS = {
    "unless": "unless",
    "waived_when": "waived_when",
    "blanks": "typed blanks",
    "dated_by": "dated_by",
    "weighted_by": "weighted_by",
    "applies_when": "applies_when",
    "in_force": "a rule for a time",
    "within": "within",
    "where_any": "where_any",
    "same_as": "same_as",
    "distinct": "distinct",
    "judge": "judge",
    "each_until": "each_until",
    "in_one": "in_one",
    "gaps": "gaps",
    "best_of": "best_of",
    "states": "states",
    "valid_on": "valid_on",
    "or_expired_within": "or_expired_within",
    "reading": "a reading",
}
"""Keys that make a family of their own, besides the head words."""

PHRASES = {
    r"(later|earlier) of ": "later of, earlier of",
    r"end of (month|year) of ": "end of a month or year",
    r"(next|last) \S+( March)? (from|after|by|before) ": "a day of every year",
    r"\w or \w": "a day or another",
    r"round\.": "a round's day",
    r" x points": "a multiple of a fact",
    r"(last-job|first-paper|best-school)\b": "a picked record",
    r"(how-many|how-long|by-points|since|talk-worth|hours-worth)$": "a table",
    r"(jobs|talks)\b": "a defined selection",
    r"(filing|swearing)$": "a defined day",
    r"(before|after) ": "a term",
    r"notice (before|after) ": "a defined term",
    r"how-long (before|after) ": "a table of terms",
    r"<(length|much|last|what)>": "a blank",
}
"""Texts that make a family of their own."""


def families_of(ruleset: Tree) -> dict[str, frozenset[str]]:
    """For each requirement, the families of what it rests on."""
    rules = ruleset["rules"]
    concluded: dict[str, list[str]] = {}
    for name, rule in rules.items():
        concluded.setdefault(rule.get("concludes", name), []).append(name)
    qualification = ruleset["qualifications"]["q"]
    whole = {key for key in ("paths", "each") if key in qualification}
    found: dict[str, set[str]] = {}

    def of(name: str) -> set[str]:
        if name not in found:
            found[name] = set()
            made = {"several rules for one"} if len(concluded[name]) > 1 else set()
            for rule in concluded[name]:
                made |= {*_families({key: rules[rule].get(key) for key in _PARTS}, concluded, of)}
                made |= {"within of a rule"} if "within" in rules[rule] else set()
            found[name] = made
        return found[name]

    counting = ruleset["counting_time"]
    more = {f"{key}: {counting[key]}" for key in ("overlaps", "broken_runs", "part_time", "suspended")}
    made: dict[str, frozenset[str]] = {}
    for name in concluded:
        mine = of(name) | whole
        if mine & {"time", "unbroken", "span"}:
            mine |= more
        if "a reading" in mine and ruleset["readings"]["R"]["taken"] == "none":
            mine |= {"a reading not chosen"}
        if "a term" in mine:
            mine |= {f"month_end: {ruleset['calendar']['month_end']}"}
        made[name] = frozenset(mine)
    for entry in (one for entries in qualification["requires"].values() for one in entries):
        if isinstance(entry, dict):
            made[entry["as"]] = made[next(iter(entry))] | {"a rule used twice"}
    if "each" in qualification:
        made[qualification["each"]["item"]] = frozenset({"each"})
    for path in qualification.get("paths", {}).values():
        opened = {"paths", *_families(path.get("applies_when"), concluded, of)}
        made["applies_when"] = made.get("applies_when", frozenset()) | opened
    return made


_PARTS = ("when", "unless", "applies_when", "waived_when", "within", "due", "in_force", "blanks")


def _families(tree: Tree, concluded: dict[str, list[str]], of: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(tree.get("unless"), dict) and "unless" in tree["unless"]:
            yield "unless of unless"
        for key, value in tree.items():
            if value is None:
                continue
            if key in HEADS:
                yield key
            if key in KEYS:
                yield KEYS[key]
            if key in concluded:
                yield "a rule named"
                yield from of(key)
            if key == "for_each" and value != "application.asks":
                yield "a list in a rule"
            if key in _DAYS and isinstance(value, dict):
                yield "a day in where"
            yield from _families(value, concluded, of)
    elif isinstance(tree, list):
        for value in tree:
            yield from _families(value, concluded, of)
    elif isinstance(tree, str):
        if tree in concluded:
            yield "a rule named"
            yield from of(tree)
        for pattern, family in PHRASES.items():
            if re.search(pattern, tree):
                yield family


_DAYS = ("issued", "submitted", "valid_to", "valid_from", "completed", "start", "end", "done")
