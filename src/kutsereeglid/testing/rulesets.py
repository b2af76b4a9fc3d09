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

from kutsereeglid.authoring.choices import Choices
from kutsereeglid.authoring.making import DAY
from kutsereeglid.dates import MonthDay
from kutsereeglid.rulebook import Rulebook
from kutsereeglid.testing.draws import drawn

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
    "sworn": {"type": "date", "or_none": True, "happens": True},
    "help[]": {"place": "text", "hours": "hours", "done": "date", "dated_by": "done"},
}
"""Facts that a generated ruleset may declare; it declares those that it speaks of."""

BLANKS = {"length": "duration", "much": "number", "last": "day", "what": "text"}
"""Blanks that rules may have, with their types."""

ROUNDS = {"spring": (-30, -12, 19), "summer": (5, 26, 40)}
"""Two rounds: when each opens, closes, and has its exam, in days after `DAY`."""


def day_of(number: int) -> str:
    return (DAY + timedelta(number)).isoformat()


def month_day_of(number: int) -> str:
    day = DAY + timedelta(number)
    return str(MonthDay(day.month, day.day))


DEFINED: Tree = {
    "notice": "2 weeks",
    "filing": "application.submitted or today",
    "filing-days": {"yearly": [month_day_of(-3), month_day_of(21)]},
    "swearing": {
        "reading": "R",
        "one": "sworn or exam.date",
        "other": "later of application.submitted and exam.date",
    },
    "last-job": {"latest": "employments", "where": {"kind": {"is_not": "internship"}}, "by": "end"},
    "first-paper": {"earliest": "documents", "where": {"type": ["diploma", "letter"]}, "by": "submitted"},
    "best-school": {"highest": "education", "by": "level"},
    "basics": {"list": ["safety", "both"]},
    "jobs": {"records": "employments", "where": {"field": ["it-systems", "other"]}},
    "talks": {"records": "activities", "where": {"kind": "talk"}},
    "how-many": {"table": "application.kind", "rows": {"first-award": 2, "recertification": 1}, "otherwise": 3},
    "how-long": {
        "table": "application.kind",
        "rows": {"first-award": "1 month", "recertification": "2 weeks"},
        "otherwise": "5 days",
    },
    "by-points": {"table": "points", "rows": {"to 2": 1, "from 2.5 to 10": 2}, "otherwise": 3},
    "since": {
        "table": "application.submitted",
        "rows": {f"until {day_of(9)}": "2 weeks", f"from {day_of(10)}": "1 month"},
        "otherwise": "1 week",
    },
    "talk-worth": {"rows": {"talk": "2 points", "article": "5 points"}, "otherwise": "0 points"},
    "hours-worth": {"rows": {"to 3": "1 point", "from 4 to 6": "4 points"}, "otherwise": "8 points"},
}  # fmt: skip
"""Definitions that a generated ruleset may have; it has those that it names."""


@st.composite
def rulesets(draw: st.DrawFn) -> Tree:
    """A valid ruleset with one qualification, ``q``."""
    return ruleset_from(drawn(draw))


def ruleset_from(choices: Choices) -> Tree:
    """A valid ruleset with one qualification, ``q``, as these choices make it."""
    return _Author(choices).ruleset()


class _Author:
    """Makes one ruleset."""

    def __init__(self, choices: Choices) -> None:
        self.below, self.one_of = choices.below, choices.one_of
        self.often, self.seldom, self.rarely = choices.often, choices.seldom, choices.rarely
        self.rules: Tree = {}
        self.reading = False
        self.facts: Tree = {}
        self.define: Tree = {}
        self.rounds = False

    def blanks(self, *more: Any) -> list[str]:
        """The blanks that the rules have, and more."""
        return has_blanks([self.rules, *more])

    def fills(self, blank: str) -> Any:
        """What fills a blank."""
        if blank == "length":
            return self.term(days=True)
        if blank == "last":
            return self.event()
        return self.one_of(2, 4, 8) if blank == "much" else self.one_of("safety", "law")

    def defined(self, name: str) -> str:
        """The name of a definition, which the ruleset then has."""
        self.define[name] = DEFINED[name]
        if name == "by-points":
            self.fact("points")
        if name == "swearing":
            self.fact("sworn")
            self.reading = True
        return name

    def fact(self, name: str) -> str:
        self.facts[name] = DECLARED[name]
        return name

    def ruleset(self) -> Tree:
        requirements: dict[str, list[Any]] = {}
        advised: dict[str, list[Any]] = {}
        for number in range(self.one_of(1, 2, 2, 3)):
            name = f"asked-{number}"
            self.rules[name] = self.rule(2)
            lists = advised if number and self.seldom() else requirements
            lists.setdefault(self.one_of(*STAGES), []).append(name)
            if self.seldom():
                self.rules[f"also-{number}"] = {**self.rule(1), "concludes": name}
        qualification: Tree = {"title": "Q", "requires": requirements, "advises": advised}
        asked = [name for name in self.rules if name.startswith("asked") and has_blanks(self.rules[name])]
        if asked:
            again = {blank: self.fills(blank) for blank in has_blanks(self.rules[asked[0]])[:1]}
            requirements.setdefault(self.one_of(*STAGES), []).append({asked[0]: again, "as": "again"})
        if self.seldom():
            qualification["paths"] = {name: self.path(name) for name in ("one", "other")}
        if self.seldom():
            self.rules["one-each"] = self.rule(0, {"some": "trainings", "where": {"topic": "<item>"}})
            requirements.setdefault(self.one_of(*STAGES), []).append("one-each")
            qualification["each"] = {"item": "application.asks"}
        if blanks := self.blanks(qualification):
            qualification["with"] = {name: self.fills(name) for name in blanks}
        readings = {
            "R": {
                "about": "What holds?",
                "taken": self.one_of("one", "other", "none"),
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
                "part_time": self.one_of("as calendar time", "as calendar time", "full-time equivalent"),
                "suspended": self.one_of("counts", "counts", "left out"),
            },
            "stages": STAGES,
            "decided_at": "admission",
            **({"readings": readings} if self.reading else {}),
            **({"scales": {"skill": SKILL}, "facts": self.facts} if self.facts else {}),
            **({"define": self.define} if self.define else {}),
            **({"rounds": _rounds()} if self.rounds else {}),
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
            waiver = self.condition(0)
            made["waived_when"] = {"when": waiver, "unless": self.condition(0)} if self.often() else waiver
        if self.rarely():
            made["in_force"] = {self.one_of("from", "to"): self.fixed()}
        made["when"] = self.condition(depth) if when is None else when
        if self.seldom():
            exception = self.condition(0)
            made["unless"] = {"when": exception, "unless": self.condition(0)} if self.often() else exception
        if measures(made["when"]) and self.below(6) == 5:
            made["within"] = self.window()
        if self.often() and (typed := has_blanks(made)):
            made["blanks"] = {name: BLANKS[name] for name in typed}
        return made

    def condition(self, depth: int) -> Any:
        if depth == 0 or self.below(3) == 0:
            return self.leaf()
        if self.rarely():
            return {"for_each": self.items(), "as": "each-item", "when": self.of_item()}
        heads = (self.all, self.any, self.named, self.of, self.of, self.not_, self.rule_ref, self.switch)
        return self.one_of(*heads)(depth - 1)

    def items(self) -> Any:
        """A list in the file, one that stands in the rule, or one that is defined."""
        kind = self.below(4)
        return (
            self.one_of("application.asks", ["safety", "talk"], self.one_of(["law"], self.defined("basics")))
            if kind
            else "application.asks"
        )

    def of_item(self) -> Any:
        item = "<each-item>"
        kinds = (
            {"some": "trainings", "where": {"topic": item}},
            {"none": "activities", "where": {"kind": item}},
            {"document": item},
        )
        return [self.one_of(*kinds), self.condition(0)] if self.seldom() else self.one_of(*kinds)

    def parts(self, depth: int, least: int = 1) -> list[Any]:
        return [self.condition(depth) for _ in range(least + self.below(4 - least))]

    def all(self, depth: int) -> Any:
        parts = self.parts(depth)
        return parts if self.often() else {"all": parts}

    def any(self, depth: int) -> Tree:
        return {"any": self.parts(depth)}

    def named(self, depth: int) -> Tree:
        return {"any": {"one": self.condition(depth), "other": self.condition(depth)}}

    def of(self, depth: int) -> Tree:
        parts = self.parts(depth, 2)
        return {"of": parts, "at_least": 1 + self.below(len(parts))}

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
        if (blanks := self.blanks()) and self.seldom():
            blank = self.one_of(*blanks)
            return {name: {blank: self.fills(blank)}}
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

    def length_of(self, *, days: bool = False) -> str:
        """A term, or the name of one, maybe looked up in a table."""
        if self.below(8) == 7:
            return self.defined(self.one_of("notice", "how-long"))
        return self.term(days=days)

    def fixed(self) -> str:
        return day_of(self.one_of(0, 1, -10, 10, 19, 21, 22, 40, -24, -38))

    def event(self) -> str:
        return str(self.one_of("exam.date", "exam.date", "application.submitted", self.fixed()))

    def composed(self) -> str:
        """A day that is made of others, or named."""
        kind = self.below(10)
        if kind < 2:
            return f"{self.one_of('later', 'earlier')} of {self.event()} and {self.event()}"
        if kind in (2, 9):
            which = self.one_of("next {} from", "next {} after", "last {} by", "last {} before")
            return (
                f"{which.format(self.one_of(month_day_of(10), self.defined('filing-days')))} {self.event()}"
            )
        if kind == 8:
            return f"end of {self.one_of('month', 'month', 'year')} of {self.event()}"
        if kind == 3:
            return (
                f"{self.one_of('application.submitted', 'exam.date')} or {self.one_of('today', self.fixed())}"
            )
        if kind == 4:
            self.rounds = True
            return str(self.one_of("round.closes", "round.opens"))
        if kind == 5:
            return self.defined(self.one_of("filing", "swearing"))
        if kind == 6:
            return f"{self.defined('first-paper')}.{self.one_of('submitted', 'issued')}"
        return f"{self.defined('last-job')}.{self.one_of('end', 'start')}"

    def due(self) -> str:
        base = self.composed() if self.seldom() else self.event()
        if self.often():
            return f"{self.length_of()} {self.one_of('before', 'before', 'after')} {base}"
        if self.rarely():
            return "<last>"
        return base if self.often() else str(self.one_of("exam.date", self.fixed()))

    def moving(self) -> str:
        return self.composed() if self.seldom() else str(self.one_of("today", "today", self.event()))

    def day(self) -> str:
        base = self.moving()
        return f"{self.term()} {self.one_of('before', 'after')} {base}" if self.often() else base

    def window(self) -> Any:
        if self.below(3):
            side = self.one_of("before", "before", "after")
            return f"{self.length_of(days=True)} {side} {self.moving()}"
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

    def of_blank(self) -> Tree:
        """What fills a blank, compared; and what it fills, beside it."""
        name, operand, tested = self.one_of(
            (
                "much",
                self.one_of({"at_least": 4}, {"less_than": 8}, {"is": [2, 8]}),
                {"sum": "trainings.hours", "at_least": "<much>"},
            ),
            (
                "what",
                self.one_of({"is": "safety"}, {"is_not": ["law"]}),
                {"some": "trainings", "where": {"topic": "<what>"}},
            ),
        )
        alone = {"blank": f"<{name}>", **operand}
        both = [alone, tested]
        made: Tree = self.one_of(tested, {"any": both}, {"all": both}, {"any": [tested, {"not": alone}]})
        return made

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
        self.fact(name)
        return {"fact": self.one_of(name, f"facts.{name}"), self.one_of(*words): operand}

    def bounds_of_day(self) -> Tree:
        low, high = self.one_of("from", "after"), self.one_of("by", "before")
        words = self.one_of((low,), (high,), (low, high))
        if len(words) == 1:
            return {words[0]: self.day()}
        base = self.moving()
        return {low: f"{self.term(days=True)} before {base}", high: base}

    def date(self) -> Tree:
        path = self.one_of(
            "birth_date", "exam.date", "application.submitted", "exam_project.presented", "sworn"
        )
        if path == "sworn":
            self.fact(path)
        return {"fact": path, **self.bounds_of_day()}

    def any_day(self) -> Tree:
        compared = (
            self.composed()
            if self.often()
            else f"{self.term()} {self.one_of('before', 'after')} {self.event()}"
        )
        return {"day": compared, **self.bounds_of_day()}

    def age(self) -> Tree:
        word = self.one_of("at_least", "at_least", "more_than", "at_most", "less_than")
        return {
            "age_on": self.one_of("exam.date", "today", self.day()),
            word: self.one_of("1 year", "2 years"),
        }

    def length(self) -> Tree:
        word = self.one_of("at_least", "at_least", "more_than", "at_most", "less_than")
        first, last = self.event(), self.moving()
        return {"length": {"from": first, "to": last}, word: self.term(days=True)}

    # Records.

    def held(self) -> tuple[str, Tree]:
        """A list of records, and which of them."""
        records, where = self.one_of(
            ("documents", {"type": "diploma"}),
            ("documents", {"signed_by": {"is": "employer", "judge": "applicant"}}),
            ("trainings", {"topic": ["safety", "law"]}),
            ("trainings", {"hours": {"at_least": 4}}),
            ("education", {"level": {"at_least": 4}}),
            ("employments", {"field": "it-systems"}),
            ("employments", {"workload": {"at_least": 0.5}}),
            ("qualifications", {"id": "welder", "level": {"more_than": 3}}),
            ("activities", {"kind": "talk"}),
            ("exam_project.parts", {"kind": "practical"}),
            ("exam_project.parts", {"kind": "theoretical"}),
            ("help", {"place": ["harbour", "school"]}),
            ("languages", {"language": "et", "level": ["B1", "B2"]}),
            ("jobs", {"kind": "employment"}),
            ("talks", {"quantity": {"at_least": 2}}),
        )
        self.speak_of(records)
        return records, self.choice_of(records, where)

    def choice_of(self, records: str, where: Tree) -> Tree:
        kind = self.below(10)
        if kind < 2:
            return {}
        if kind == 2 and records in EITHER:
            return {"where_any": EITHER[records]}
        if kind == 3 and records in EITHER:
            return {"where": where, "where_any": EITHER[records]}
        if kind in (4, 5) and records in DAYS_OF:
            name = self.one_of(*DAYS_OF[records])
            test = (
                {"within": self.window()}
                if self.often()
                else {self.one_of("from", "by", "before", "after"): self.day()}
            )
            return {"where": {**(where if self.often() else {}), name: test}}
        if kind in (6, 7) and records in SAME_AS:
            field, path = SAME_AS[records]
            return {"where": {field: {self.one_of("is", "is", "is_not"): {"same_as": path}}}}
        return {"where": where}

    def speak_of(self, records: str) -> None:
        first = records.partition(".")[0]
        if first == "help":
            self.facts["help[]"] = DECLARED["help[]"]
        if first in DEFINED:
            self.defined(first)

    def within(self) -> Tree:
        return {"within": self.window()} if self.often() else {}

    def dated(self, records: str) -> Tree:
        """Another day of the record than the list's own."""
        return (
            {"dated_by": self.one_of(*DATED_BY[records])}
            if records in DATED_BY and self.below(4) == 3
            else {}
        )

    def some(self) -> Tree:
        records, more = self.held()
        return {"some": records, **more, **self.dated(records), **self.within()}

    def none(self) -> Tree:
        records, more = self.held()
        return {"none": records, **more, **self.dated(records), **self.within()}

    def amount(self, *plain: Any) -> Any:
        """A number that is asked for: one for everybody, of a table, or so many times a fact."""
        kind = self.below(8)
        if kind == 0:
            return self.defined(self.one_of("how-many", "by-points"))
        if kind in (1, 2):
            return f"{self.one_of('2', '0.5')} x {self.fact('points')}"
        return self.one_of(*plain)

    def count(self) -> Tree:
        records, more = self.held()
        word = self.one_of("at_least", "at_least", "more_than", "at_most", "less_than", "is")
        return {
            "count": records,
            **more,
            **self.dated(records),
            **self.within(),
            word: self.one_of(1, 2) if word == "is" else self.amount(1, 2),
        }

    def distinct(self) -> Tree:
        field = self.one_of(
            "trainings.category", "trainings.topic", "documents.states", "help.place", "jobs.field"
        )
        self.speak_of(field)
        word = self.one_of("at_least", "at_least", "at_most")
        where = (
            {"where": {"topic": ["safety", "law"]}} if field == "trainings.category" and self.often() else {}
        )
        return {"count": field, "distinct": True, **where, **self.within(), word: self.amount(1, 2)}

    def summed(self) -> Tree:
        """A sum without its bounds."""
        field, where = self.one_of(
            ("trainings.hours", {"topic": "safety"}),
            ("trainings.hours", {"hours": {"at_least": 4}}),
            ("activities.quantity", {"kind": "talk"}),
            ("help.hours", {"place": "harbour"}),
            ("education.credits", {"level": {"at_most": 6}}),
            ("talks.quantity", {"category": "own"}),
        )
        self.speak_of(field)
        return {"sum": field, **({} if self.often() else {"where": where}), **self.within()}

    def sum(self) -> Tree:
        low = {self.one_of("at_least", "more_than"): self.amount(8, 2.5)}
        high = {self.one_of("at_most", "less_than"): self.one_of(8, 12)}
        plain = not isinstance(next(iter(low.values())), str)
        bounds = self.one_of(low, low, high, {**low, "at_most": 20} if plain else low)
        return {**self.summed(), **bounds}

    def sum_by_table(self) -> Tree:
        field, table = self.one_of(("activities.kind", "talk-worth"), ("trainings.hours", "hours-worth"))
        bounds = {self.one_of("at_least", "at_least", "at_most"): self.one_of(5, "4 points")}
        return {"sum": field, "worth": self.defined(table), **self.within(), **bounds}

    def total(self) -> Tree:
        parts: Tree = {}
        for name in ("one", "other")[: self.one_of(1, 2, 2)]:
            parts[name] = self.part()
        if self.below(3) == 2:
            parts["best"] = {"best_of": {"one": self.part(), "other": self.part()}}
            if self.often():
                parts["best"]["at_most"] = self.one_of("4 points", "6 points")
        return {
            "total": parts,
            self.one_of("at_least", "at_least", "more_than", "at_most", "less_than"): self.one_of(
                "5 points", "8 points"
            ),
        }

    def average(self) -> Tree:
        word = self.one_of("at_least", "at_least", "more_than", "at_most", "less_than")
        if self.often():
            where = self.one_of({}, {"where": {"kind": "master"}})
            more = self.one_of({"weighted_by": "credits"}, {"weighted_by": "credits"}, {})
            return {"average": "education.level", **where, **more, **self.within(), word: self.one_of(4, 5)}
        field, where = self.one_of(
            ("results.score", {"kind": "part"}), ("trainings.hours", {"topic": "safety"})
        )
        return {"average": field, **self.where(where), **self.within(), word: self.one_of(4, 8)}

    def share(self) -> Tree:
        word = self.one_of("at_least", "at_least", "more_than", "at_most", "less_than")
        of = self.one_of("trainings.hours", "trainings", "trainings.hours")
        which = self.one_of({"topic": "safety"}, {"category": "own"})
        where = self.where({"topic": ["safety", "law"]})
        bound = self.one_of("1/2", "50 percent", "2/3")
        return {"share": of, "of_which": which, **where, **self.within(), word: bound}

    def part(self) -> Tree:
        kind = self.below(5)
        if kind == 0:
            return {"if": self.leaf_alone(), "worth": self.one_of("3 points", "5 points")}
        if kind == 1:
            made = self.summed()
            unit = UNITS.get(made["sum"].rpartition(".")[2])
            each = (f"1 point per 2 {unit}", f"2 points per full 4 {unit}") if unit else ("2 points",)
            made["worth"] = self.one_of("1 point", *each)
        elif kind == 2:
            worth = self.one_of("1 point per full week", "3 points per month", "2 points per full month")
            made = {
                "time": "employments",
                **self.where({"field": "it-systems"}),
                **self.within(),
                "worth": worth,
            }
        elif kind == 3:
            made = {"sum": "activities.kind", "worth": self.defined("talk-worth"), **self.within()}
        else:
            records, more = self.held()
            made = {"count": records, **more, **self.within(), "worth": self.one_of("2 points", "3 points")}
        if self.seldom():
            made["at_most"] = self.one_of("4 points", "6 points")
        if self.seldom():
            made["at_least"] = self.one_of("2 points", "1 point")
        return made

    def leaf_alone(self) -> Any:
        """A condition that a total's `if` may have."""
        kinds = (
            self.holds,
            self.some,
            self.document,
            self.text,
            self.judged,
            self.declared,
            self.age,
            self.time,
        )
        return self.one_of(*kinds)()

    def used_once(self) -> Tree:
        records, one, other, summed = self.one_of(
            ("trainings", {"topic": ["safety", "both"]}, {"topic": ["law", "both"]}, "hours"),
            ("activities", {"kind": ["talk", "both"]}, {"category": "own"}, "quantity"),
            ("documents", {"type": ["diploma", "letter"]}, {"type": "letter", "signed_by": "employer"}, None),
        )
        needs: Tree = {
            "one": {"where": one, "at_least": self.one_of(1, 2)},
            "other": {"where": other, "at_least": 1},
        }
        if summed is not None and self.often():
            needs["one"] = {"where": one, "sum": summed, "at_least": self.one_of(4, 8)}
        if self.seldom():
            needs["third"] = {"at_least": 1}
        return {"used_once": records, "for": needs, **self.within()}

    def document(self) -> Tree:
        signed = self.one_of(
            {}, {}, {"signed_by": "employer"}, {"signed_by": {"is": "employer", "judge": "applicant"}}
        )  # fmt: skip
        made: Tree = {"document": self.one_of("diploma", ["diploma", "letter"]), **signed}
        if self.seldom():
            made["states"] = self.one_of("position", ["position", "time"])
        if self.seldom():
            made["issued"] = (
                {"within": self.window()} if self.often() else {self.one_of("from", "by"): self.day()}
            )
        if self.seldom():
            made["valid_on"] = self.day()
        return {**made, **self.dated("documents"), **self.within()}

    def holds(self) -> Tree:
        made: Tree = {"holds": self.one_of("welder", ["welder", "mason"]), "valid_on": self.moving()}
        if self.often():
            made["or_expired_within"] = self.term(days=True)
        if self.seldom():
            made["where"] = {"level": {"at_least": 4}}
        return made

    def exists(self) -> Tree:
        return {"exists": self.defined(self.one_of("last-job", "first-paper", "best-school"))}

    def of_picked(self) -> Tree:
        name, field, tests = self.one_of(
            ("last-job", "field", ({"is": "it-systems"}, {"is_not": ["other"]})),
            ("last-job", "end", None),
            ("first-paper", "type", ({"is": "diploma"},)),
            ("first-paper", "submitted", None),
            ("best-school", "level", ({"at_least": 4}, {"less_than": 6})),
            ("best-school", "kind", ({"is": ["master", "doctor"]},)),
        )
        compared = self.bounds_of_day() if tests is None else self.one_of(*tests)
        return {"fact": f"{self.defined(name)}.{field}", **compared}

    # Time.

    def time(self) -> Tree:
        more: Tree = {"in_one": "record"} if self.below(3) == 2 else {}
        records, where = self.lasting()
        return {"time": records, **where, **more, **self.within(), **self.long()}

    def lasting(self) -> tuple[str, Tree]:
        records, where = self.one_of(
            ("employments", {"field": "it-systems"}),
            ("employments", {"kind": {"is_not": "internship"}}),
            ("jobs", {"kind": "employment"}),
            ("qualifications", {"id": "welder"}),
            ("activities", {"kind": "talk"}),
        )
        self.speak_of(records)
        return records, self.where(where)

    def unbroken(self) -> Tree:
        records, where = self.lasting()
        made: Tree = {"unbroken": records, "ending": self.day(), **where}
        if self.often():
            made["gaps"] = {"up_to": self.one_of("5 days", "1 day", "1 week"), "count": self.often()}
        return {**made, **self.within(), **self.long()}

    def span(self) -> Tree:
        records, where = self.lasting()
        return {"span": records, **where, **self.within(), **self.long()}

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
            term = self.one_of("<length>", "<length>", self.defined(self.one_of("how-long", "since")))
        return {self.one_of("at_least", "at_least", "less_than"): term}

    def judged(self) -> Tree:
        return {"judged": self.one_of("fits", "suits"), "by": "committee"}


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


def has_blanks(tree: Any) -> list[str]:
    """The blanks that stand in it."""
    written = json.dumps(tree)
    return [name for name in BLANKS if f"<{name}>" in written]


def measures(tree: Any) -> bool:
    """Whether a condition measures something and names no window, under every option of a reading."""
    if isinstance(tree, dict) and "reading" in tree:
        return all(measures(tree[option]) for option in ("one", "other"))
    if isinstance(tree, dict):
        alone = "within" not in tree and any(head in tree for head in MEASURING)
        return alone or any(measures(inner) for key, inner in tree.items() if key not in ("gaps", "for"))
    return isinstance(tree, list) and any(measures(inner) for inner in tree)


def _rounds() -> Tree:
    names = ("opens", "closes", "exam")
    return {
        name: {which: day_of(number) for which, number in zip(names, days, strict=True)}
        for name, days in ROUNDS.items()
    }


UNITS = {"hours": "hours", "credits": "ECTS credits"}
"""What the fields that are added up are counted in, where they have a unit."""

EITHER: dict[str, list[Tree]] = {
    "documents": [{"type": "diploma"}, {"signed_by": "employer"}],
    "trainings": [{"topic": "law"}, {"hours": {"at_least": 4}}],
    "employments": [{"field": "other"}, {"workload": {"at_least": 0.5}}],
    "activities": [{"kind": "talk"}, {"quantity": {"more_than": 2}}],
    "help": [{"place": "school"}, {"hours": {"at_least": 4}}],
}
"""Two selections of each list, of which one is enough."""

DATED_BY = {"documents": ("sent",)}
"""Days of a record that may say when it was done, besides the list's own."""

DAYS_OF = {
    "documents": ("issued", "submitted", "valid_to"),
    "trainings": ("completed", "valid_to"),
    "employments": ("start", "end"),
    "qualifications": ("valid_from", "valid_to"),
    "education": ("completed",),
    "help": ("done",),
}
"""Fields of each list that are days."""

SAME_AS = {
    "activities": ("kind", "application.round"),
    "education": ("field", "application.round"),
    "jobs": ("field", "exam_project.field"),
    "documents": ("type", "application.kind"),
    "employments": ("field", "exam_project.field"),
    "trainings": ("topic", "application.round"),
}
"""Texts that a record may have in common with a fact."""

LEAVES: tuple[Callable[[_Author], Any], ...] = (
    _Author.number,
    _Author.of_blank,
    _Author.text,
    _Author.texts,
    _Author.declared,
    _Author.date,
    _Author.any_day,
    _Author.age,
    _Author.length,
    _Author.exists,
    _Author.of_picked,
    _Author.some,
    _Author.none,
    _Author.count,
    _Author.distinct,
    _Author.sum,
    _Author.sum_by_table,
    _Author.total,
    _Author.average,
    _Author.share,
    _Author.used_once,
    _Author.document,
    _Author.holds,
    _Author.time,
    _Author.unbroken,
    _Author.span,
    _Author.attested,
    _Author.judged,
)
