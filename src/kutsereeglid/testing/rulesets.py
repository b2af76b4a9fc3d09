"""Whole rulesets with every family of conditions, as the mappings that their files would hold.

They live in a small world: their days lie within some months of `DAY`, and their terms are short, so
that boundaries are met often and a reference can try every day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kutsereeglid.rulebook import Rulebook
from kutsereeglid.testing.applicants import DAY, Draw

Tree = dict[str, Any]


def rulebook_of(ruleset: Mapping[str, Any]) -> Rulebook:
    """A rulebook that holds one ruleset, given as the mapping that its file would hold.

    Raises `RulesetError` when the ruleset is asked for and has mistakes.
    """
    version = str(ruleset["in_force"]["from"])
    return Rulebook(Path(), {Path(f"{version}.yaml"): json.dumps(ruleset, ensure_ascii=False)})


STAGES = {"application": "Application", "admission": "Admission", "award": "Award"}
SHIFTS = ("stay", "next working day", "previous working day")


SKILL = ["little", "some", "much"]
DECLARED: Tree = {
    "points": "number",
    "skill": "skill",
    "draft": {"type": "whole number", "in_the_making": "exam.date"},
    "help[]": {"place": "text", "hours": "hours", "done": "date", "dated_by": "done"},
}
"""Facts that a generated ruleset may declare; it declares those that it speaks of."""


@st.composite
def rulesets(draw: Draw) -> Tree:
    """A valid ruleset with one qualification, ``q``."""
    return _Author(draw).ruleset()


class _Author:
    """Draws one ruleset."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.rules: Tree = {}
        self.reading = False
        self.facts: Tree = {}

    def one_of(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def blank(self) -> bool:
        """Whether a rule has the blank."""
        return "<length>" in json.dumps(self.rules)

    def often(self) -> bool:
        return bool(self.draw(st.booleans()))

    def seldom(self) -> bool:
        return self.draw(st.integers(0, 4)) == 0

    def rarely(self) -> bool:
        return self.draw(st.integers(0, 11)) == 0

    def ruleset(self) -> Tree:
        requirements: dict[str, list[str]] = {}
        advised: dict[str, list[str]] = {}
        for number in range(self.one_of(1, 2, 2, 3)):
            name = f"asked-{number}"
            self.rules[name] = self.rule(2)
            lists = advised if number and self.seldom() else requirements
            lists.setdefault(self.one_of(*STAGES), []).append(name)
            if self.seldom():
                self.rules[f"also-{number}"] = {**self.rule(1), "concludes": name}
        qualification: Tree = {"title": "Q", "requires": requirements, "advises": advised}
        if self.rarely():
            qualification["paths"] = {name: self.path(name) for name in ("one", "other")}
        if self.rarely():
            self.rules["one-each"] = self.rule(0, {"some": "trainings", "where": {"topic": "<item>"}})
            requirements.setdefault(self.one_of(*STAGES), []).append("one-each")
            qualification["each"] = {"item": "application.asks"}
        if self.blank() or "<length>" in json.dumps(qualification):
            qualification["with"] = {"length": self.term(days=True)}
        readings = {
            "R": {
                "about": "What holds?",
                "taken": self.one_of("one", "other"),
                "options": {"one": "This", "other": "That"},
                "cite": {"source": "law", "at": "2"},
            }
        }
        return {
            "format": 1,
            "ruleset": "generated/body",
            "title": "A body",
            "in_force": {"from": "2020-01-01"},
            "languages": ["en"],
            "sources": {"law": {"title": "A law"}},
            "calendar": {
                "zone": "Europe/Tallinn",
                "holidays": "EE",
                "month_end": self.one_of("clamp", "clamp", "overflow", "reject"),
                "counting_back": self.one_of("subtract", "last fitting day"),
                "terms_on_days_off": {"after": self.one_of(*SHIFTS), "before": self.one_of(*SHIFTS)},
            },
            "counting_time": {
                "overlaps": self.one_of("once", "once", "each"),
                "broken_runs": self.one_of("calendar shares", "30-day months", "not added"),
                "part_time": "as calendar time",
                "suspended": self.one_of("counts", "counts", "left out"),
            },
            "stages": STAGES,
            "decided_at": "admission",
            **({"readings": readings} if self.reading else {}),
            **({"scales": {"skill": SKILL}, "facts": self.facts} if self.facts else {}),
            "rules": self.rules,
            "qualifications": {"q": qualification},
        }

    def path(self, name: str) -> Tree:
        """A path of the qualification, with rules of its own and maybe one that all have."""
        self.rules[f"way-{name}"] = self.rule(1)
        listed = [f"way-{name}", *(["asked-0"] if self.seldom() else [])]
        made: Tree = {"title": f"Path {name}", "requires": {self.one_of(*STAGES): listed}}
        if self.often():
            made["applies_when"] = self.condition(0)
        return made

    # Rules and what they are made of.

    def rule(self, depth: int, when: Any = None) -> Tree:
        made: Tree = {"title": "A rule", "kind": "prerequisite", "says": {"source": "law", "at": "1"}}
        if not self.seldom():
            made["due"] = self.due()
        if self.seldom():
            made["applies_when"] = self.condition(0)
        if self.rarely():
            made["in_force"] = {self.one_of("from", "to"): self.fixed()}
        made["when"] = self.condition(depth) if when is None else when
        if self.seldom():
            exception = self.condition(0)
            made["unless"] = {"when": exception, "unless": self.condition(0)} if self.often() else exception
        return made

    def condition(self, depth: int) -> Any:
        if depth == 0 or self.draw(st.integers(0, 2)) == 0:
            return self.leaf()
        if self.rarely():
            return {"for_each": "application.asks", "as": "each-item", "when": self.of_item()}
        heads = (self.all, self.any, self.named, self.of, self.of, self.not_, self.rule_ref, self.switch)
        return self.one_of(*heads)(depth - 1)

    def of_item(self) -> Any:
        item = "<each-item>"
        kinds = (
            {"some": "trainings", "where": {"topic": item}},
            {"none": "activities", "where": {"kind": item}},
            {"document": item},
        )
        return [self.one_of(*kinds), self.condition(0)] if self.seldom() else self.one_of(*kinds)

    def parts(self, depth: int, least: int = 1) -> list[Any]:
        return [self.condition(depth) for _ in range(self.draw(st.integers(least, 3)))]

    def all(self, depth: int) -> Any:
        parts = self.parts(depth)
        return parts if self.often() else {"all": parts}

    def any(self, depth: int) -> Tree:
        return {"any": self.parts(depth)}

    def named(self, depth: int) -> Tree:
        return {"any": {"one": self.condition(depth), "other": self.condition(depth)}}

    def of(self, depth: int) -> Tree:
        parts = self.parts(depth, 2)
        return {"of": parts, "at_least": self.draw(st.integers(1, len(parts)))}

    def not_(self, depth: int) -> Tree:
        return {"not": self.condition(depth)}

    def rule_ref(self, depth: int) -> Any:
        """Another rule, made for it or there already; one that is being made is none of them."""
        known = [name for name in self.rules if name.startswith("basis")]
        if known and self.often():
            name = self.one_of(*known)
        else:
            made = self.rule(depth)
            name = f"basis-{len(self.rules)}"
            self.rules[name] = made
        if self.blank() and self.seldom():
            return {name: {"length": self.term(days=True)}}
        return name

    def switch(self, depth: int) -> Tree:
        self.reading = True
        return {"reading": "R", "one": self.condition(depth), "other": self.condition(depth)}

    # Days and terms.

    def term(self, *, days: bool = False) -> str:
        count, unit = self.one_of(
            (1, "day"), (5, "days"), (20, "days"), (1, "week"), (2, "weeks"), (1, "month"), (1, "month"),
            (2, "months"), *([] if days else [(2, "working days")]),
        )  # fmt: skip
        return f"{count} {unit}"

    def fixed(self) -> str:
        return (DAY + timedelta(self.one_of(0, 1, -10, 10, 19, 21, 22, 40, -24, -38))).isoformat()

    def event(self) -> str:
        return str(self.one_of("exam.date", "exam.date", "application.submitted", self.fixed()))

    def due(self) -> str:
        if self.often():
            return f"{self.term()} {self.one_of('before', 'before', 'after')} {self.event()}"
        return str(self.one_of("exam.date", "exam.date", self.fixed()))

    def moving(self) -> str:
        return str(self.one_of("today", "today", self.event()))

    def day(self) -> str:
        base = self.moving()
        return f"{self.term()} {self.one_of('before', 'after')} {base}" if self.often() else base

    def window(self) -> Any:
        if self.draw(st.integers(0, 2)):
            return f"{self.term(days=True)} {self.one_of('before', 'before', 'after')} {self.moving()}"
        ends = self.one_of(("from",), ("to",), ("from", "to"))
        if ends == ("from", "to"):
            return {"from": f"{self.term(days=True)} before {self.moving()}", "to": self.moving()}
        return {ends[0]: self.day()}

    # Leaves: one method a family.

    def leaf(self) -> Any:
        return self.one_of(*LEAVES)(self)

    def number(self) -> Tree:
        word = self.one_of("at_least", "at_most", "more_than", "less_than", "is")
        return {"fact": "exam_project.hours", word: self.one_of(10, 2.5, "10 hours")}

    def text(self) -> Tree:
        field, values = self.one_of(
            ("field", ["it-systems", "other"]), ("basis", ["company-problem", "novel-solution"])
        )
        return {"fact": f"exam_project.{field}", self.one_of("is", "is_not"): self.one_of(values, values[0])}

    def texts(self) -> Tree:
        return {"fact": "exam_project.topics", self.one_of("includes", "includes_any"): ["testing", "risk"]}

    def declared(self) -> Tree:
        name, operand = self.one_of(("points", 10), ("points", 2.5), ("draft", 3), ("skill", "some"))
        words = ("at_least", "at_most", "more_than", "less_than", "is", "is_not")
        self.facts[name] = DECLARED[name]
        return {"fact": self.one_of(name, f"facts.{name}"), self.one_of(*words): operand}

    def date(self) -> Tree:
        path = self.one_of(
            "birth_date", "exam.date", "application.submitted", "exam_project.presented", "birth_date"
        )
        low, high = self.one_of("from", "after"), self.one_of("by", "before")
        words = self.one_of((low,), (high,), (low, high))
        if len(words) == 1:
            return {"fact": path, words[0]: self.day()}
        base = self.moving()
        return {"fact": path, low: f"{self.term(days=True)} before {base}", high: base}

    def held(self) -> tuple[str, Tree]:
        """A list of records, and which of them."""
        records, where = self.one_of(
            ("documents", {"type": "diploma"}),
            ("documents", {"signed_by": {"is": "employer", "judge": "applicant"}}),
            ("trainings", {"topic": ["safety", "law"]}),
            ("trainings", {"hours": {"at_least": 4}}),
            ("education", {"level": {"at_least": 4}}),
            ("employments", {"field": "it-systems"}),
            ("qualifications", {"id": "welder", "level": {"more_than": 3}}),
            ("activities", {"kind": "talk"}),
            ("exam_project.parts", {"kind": "practical"}),
            ("exam_project.parts", {"kind": "theoretical"}),
            ("help", {"place": ["harbour", "school"]}),
        )
        self.speak_of(records)
        return records, {} if self.seldom() else {"where": where}

    def speak_of(self, records: str) -> None:
        if records.startswith("help"):
            self.facts["help[]"] = DECLARED["help[]"]

    def within(self) -> Tree:
        return {"within": self.window()} if self.often() else {}

    def some(self) -> Tree:
        records, more = self.held()
        return {"some": records, **more, **self.within()}

    def none(self) -> Tree:
        records, more = self.held()
        return {"none": records, **more, **self.within()}

    def count(self) -> Tree:
        records, more = self.held()
        word = self.one_of("at_least", "at_least", "more_than", "at_most", "less_than", "is")
        return {"count": records, **more, **self.within(), word: self.one_of(1, 2)}

    def sum(self) -> Tree:
        field, where = self.one_of(
            ("trainings.hours", {"topic": "safety"}),
            ("trainings.hours", {"hours": {"at_least": 4}}),
            ("activities.quantity", {"kind": "talk"}),
            ("help.hours", {"place": "harbour"}),
        )
        self.speak_of(field)
        more = {} if self.often() else {"where": where}
        low = {self.one_of("at_least", "more_than"): self.one_of(8, 2.5)}
        high = {self.one_of("at_most", "less_than"): self.one_of(8, 12)}
        bounds = self.one_of(low, low, high, {**low, "at_most": 20})
        return {"sum": field, **more, **self.within(), **bounds}

    def document(self) -> Tree:
        signed = (
            {}
            if self.often()
            else {"signed_by": self.one_of("employer", {"is": "employer", "judge": "applicant"})}
        )
        return {"document": self.one_of("diploma", ["diploma", "letter"]), **signed, **self.within()}

    def time(self) -> Tree:
        records, where = self.one_of(
            ("employments", {"field": "it-systems"}),
            ("employments", {"kind": {"is_not": "internship"}}),
            ("qualifications", {"id": "welder"}),
            ("activities", {"kind": "talk"}),
        )
        more: Tree = {"in_one": "record"} if self.seldom() else {}
        return {"time": records, **self.where(where), **more, **self.within(), **self.long()}

    def attested(self) -> Tree:
        where = (
            {"type": "letter"} if self.often() else {"type": "letter", "positions": {"field": "it-systems"}}
        )
        more: Tree = {"each_until": self.one_of("issued", "submitted")} if self.often() else {}
        return {"time": "documents.positions", "where": where, **more, **self.within(), **self.long()}

    def where(self, where: Tree) -> Tree:
        return {} if self.often() else {"where": where}

    def long(self) -> Tree:
        term = self.term(days=True)
        if self.seldom():
            term = "<length>"
        return {self.one_of("at_least", "at_least", "less_than"): term}

    def judged(self) -> Tree:
        return {"judged": self.one_of("fits", "suits"), "by": "committee"}


LEAVES: tuple[Callable[[_Author], Any], ...] = (
    _Author.number,
    _Author.text,
    _Author.texts,
    _Author.declared,
    _Author.date,
    _Author.date,
    _Author.some,
    _Author.none,
    _Author.count,
    _Author.sum,
    _Author.sum,
    _Author.document,
    _Author.time,
    _Author.time,
    _Author.attested,
    _Author.judged,
)
