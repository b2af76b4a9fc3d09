"""The shipped qualifications in four rules engines that a Python user would pick.

None of them has a union of days, a month counted back or a day in a time zone; so these date facts are
computed for them in Python, with the plain function's own code, and that time is part of theirs. The rules
over the facts are compiled beforehand, in the fastest way that each engine offers: one expression that gives
all answers, or one for each requirement where that is faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any, Protocol

from benchmarks import plain
from benchmarks.plain import IT_HALDUSTEHNIK, IT_TEHNIK, KASUTAJATOE_TEHNIK, Answer, File

FAR = 9_999_999
"""The ordinal of a day that is not chosen yet."""

Facts = dict[str, Any]
Decide = Callable[[File, str, date], dict[str, Answer]]


# The date facts.


def facts(file: File, qualification: str, as_of: date) -> tuple[Facts, Mapping[str, date | None]]:
    """What an engine is given, days as ordinals; and each named last day."""
    exam = plain.day(file["exam"]["date"])
    last_days = {
        "exam": exam,
        "two_weeks_before": exam and exam - timedelta(days=14),
        "month_before": exam and plain.month_before(exam),
    }
    today = as_of.toordinal()
    made: Facts = {"today": today, "project": file["exam_project"]}
    for name, day in last_days.items():
        made[name] = FAR if day is None else day.toordinal()
    made["judged"] = min(today, made["exam"])
    made["judged_for_theory"] = min(today, made["month_before"])
    made["documents"] = [
        {
            "type": one["type"],
            "submitted": plain.ordinal(one["submitted"]),
            "refused": one.get("accepted") is False,
        }
        for one in file["documents"]
    ]
    made["parts"] = [
        {"kind": one["kind"], "submitted": plain.ordinal(one["submitted"]) if "submitted" in one else 0}
        for one in file["exam_project"]["parts"]
    ]
    if qualification in FIELDS:
        field = FIELDS[qualification]
        full = qualification in FULL
        last = last_days["two_weeks_before" if full else "exam"]
        work = plain.experience(file["employments"], field, as_of, last)
        documents = file["documents"]
        made["worked"] = work == "met"
        made["can_work"] = work == "open"
        made["attested"] = plain.certificate(documents, field, as_of, last) == "met"
        if full:
            presented = file["exam_project"].get("presented")
            made["presented"] = plain.ordinal(presented) if presented is not None else FAR
        else:
            term = last_days["two_weeks_before"]
            made["attested_in_time"] = plain.certificate(documents, field, as_of, term) == "met"
    return made, last_days


# The rules, for every engine alike.

FULL = ("it-susteemide-nooremspetsialist", "noorem-tarkvaraarendaja")
FIELDS = {FULL[0]: "it-systems", FULL[1]: "software-development", "it-haldustehnik": "it-systems"}


class Dialect(Protocol):
    """How one engine says what the rules ask."""

    def fact(self, name: str) -> Any: ...
    def compare(self, left: str, word: str, right: str | int) -> Any: ...
    def one_of(self, name: str, values: Sequence[str]) -> Any: ...
    def all_in(self, values: Sequence[str], name: str) -> Any: ...
    def document(self, types: Sequence[str]) -> Any: ...
    def part(self, kind: str, judged: str) -> Any: ...
    def answer(self, holds: Any, can: Any) -> Any: ...
    def compiled(self, answers: Mapping[str, Any]) -> Callable[[Facts], Mapping[str, str]]: ...


def rules(say: Dialect, qualification: str) -> dict[str, tuple[Any, str]]:
    """Each requirement's expression, and the name of its last day."""
    in_time = say.compare("today", "<=", "exam")
    in_two_weeks = say.compare("today", "<=", "two_weeks_before")
    in_a_month = say.compare("today", "<=", "month_before")
    theory = say.answer(say.part("theoretical", "judged_for_theory"), in_a_month)
    certificate = say.answer(say.document(["education-certificate"]), in_time)
    if qualification in FULL:
        return {
            "work-experience": (say.answer(say.fact("worked"), say.fact("can_work")), "two_weeks_before"),
            "experience-certificate": (say.answer(say.fact("attested"), in_two_weeks), "two_weeks_before"),
            "education-certificate": (certificate, "exam"),
            "theoretical-part": (theory, "month_before"),
            "practical-part": (say.answer(say.part("practical", "judged"), in_time), "exam"),
            "project-field": (
                say.answer(say.one_of("project.field", [FIELDS[qualification]]), in_time),
                "exam",
            ),
            "project-basis": (
                say.answer(say.one_of("project.basis", ["company-problem", "novel-solution"]), in_time),
                "exam",
            ),
            "project-presented": (say.answer(say.compare("presented", "<=", "judged"), in_time), "exam"),
            "full-project-volume": (say.answer(say.compare("project.hours", ">=", 156), in_time), "exam"),
        }
    topics, hours = PARTIAL[qualification]
    made = {
        "project-topics": (say.answer(say.all_in(sorted(topics), "project.topics"), in_time), "exam"),
        "project-volume": (say.answer(say.compare("project.hours", ">=", hours), in_time), "exam"),
        "identity": (say.answer(say.document(plain.IDENTITY), in_time), "exam"),
        "partial-theory-term": (theory, "month_before"),
    }
    if qualification in FIELDS:
        made |= {
            "work-experience": (say.answer(say.fact("worked"), say.fact("can_work")), "exam"),
            "experience-certificate": (say.answer(say.fact("attested"), in_time), "exam"),
            "education-certificate": (certificate, "exam"),
            "partial-certificate-term": (
                say.answer(say.fact("attested_in_time"), in_two_weeks),
                "two_weeks_before",
            ),
        }
    return made


PARTIAL = {
    "it-tehnik": (IT_TEHNIK, 40),
    "kasutajatoe-tehnik": (KASUTAJATOE_TEHNIK, 40),
    "it-haldustehnik": (IT_HALDUSTEHNIK, 76),
}


# The engines.


class Zen:
    """zen-engine: expressions of its own language, compiled."""

    def fact(self, name: str) -> str:
        return name

    def compare(self, left: str, word: str, right: str | int) -> str:
        return f"{left} {word} {right}"

    def one_of(self, name: str, values: Sequence[str]) -> str:
        return f"{name} in {list(values)}"

    def all_in(self, values: Sequence[str], name: str) -> str:
        return f"all({list(values)}, # in {name})"

    def document(self, types: Sequence[str]) -> str:
        return f"some(documents, #.type in {list(types)} and not #.refused and #.submitted <= judged)"

    def part(self, kind: str, judged: str) -> str:
        return f"some(parts, #.kind == '{kind}' and #.submitted <= {judged})"

    def answer(self, holds: str, can: str) -> str:
        return f"({holds}) ? 'met' : ({can}) ? 'open' : 'not_met'"

    def compiled(self, answers: Mapping[str, str]) -> Callable[[Facts], Mapping[str, str]]:
        import zen

        text = ", ".join(f"'{name}': {answer}" for name, answer in answers.items())
        made: Callable[[Facts], Mapping[str, str]] = zen.compile_expression(f"{{{text}}}").evaluate
        return made


class Cel:
    """common-expression-language: a compiled program."""

    def fact(self, name: str) -> str:
        return name

    def compare(self, left: str, word: str, right: str | int) -> str:
        return f"{left} {word} {right}"

    def one_of(self, name: str, values: Sequence[str]) -> str:
        return f"{name} in {list(values)}"

    def all_in(self, values: Sequence[str], name: str) -> str:
        return f"{list(values)}.all(topic, topic in {name})"

    def document(self, types: Sequence[str]) -> str:
        return f"documents.exists(d, d.type in {list(types)} && !d.refused && d.submitted <= judged)"

    def part(self, kind: str, judged: str) -> str:
        return f"parts.exists(p, p.kind == '{kind}' && p.submitted <= {judged})"

    def answer(self, holds: str, can: str) -> str:
        return f"({holds}) ? 'met' : ({can}) ? 'open' : 'not_met'"

    def compiled(self, answers: Mapping[str, str]) -> Callable[[Facts], Mapping[str, str]]:
        import cel

        text = ", ".join(f"'{name}': {answer}" for name, answer in answers.items())
        made: Callable[[Facts], Mapping[str, str]] = cel.compile(f"{{{text}}}").execute
        return made


class RuleEngine:
    """rule-engine: one rule for each requirement, as its documentation does."""

    def fact(self, name: str) -> str:
        holder, _, field = name.partition(".")
        return f"{holder}['{field}']" if field else holder

    def compare(self, left: str, word: str, right: str | int) -> str:
        return f"{self.fact(left)} {word} {right}"

    def one_of(self, name: str, values: Sequence[str]) -> str:
        return f"{self.fact(name)} in {list(values)}"

    def all_in(self, values: Sequence[str], name: str) -> str:
        return f"$all([topic in {self.fact(name)} for topic in {list(values)}])"

    def document(self, types: Sequence[str]) -> str:
        wanted = f"d['type'] in {list(types)} and not d['refused']"
        return f"$any([d['submitted'] <= judged for d in documents if {wanted}])"

    def part(self, kind: str, judged: str) -> str:
        return f"$any([p['submitted'] <= {judged} for p in parts if p['kind'] == '{kind}'])"

    def answer(self, holds: str, can: str) -> str:
        return f"({holds}) ? 'met' : (({can}) ? 'open' : 'not_met')"

    def compiled(self, answers: Mapping[str, str]) -> Callable[[Facts], Mapping[str, str]]:
        import rule_engine

        context = rule_engine.Context(resolver=rule_engine.resolve_item, mapping_attribute_lookup=False)
        rules = {name: rule_engine.Rule(text, context=context).evaluate for name, text in answers.items()}
        return lambda facts: {name: evaluate(facts) for name, evaluate in rules.items()}


class DataLogic:
    """datalogic-py: JSONLogic, compiled, in a session."""

    def fact(self, name: str) -> Any:
        return {"var": name}

    def compare(self, left: str, word: str, right: str | int) -> Any:
        return {word: [self.fact(left), self.fact(right) if isinstance(right, str) else right]}

    def one_of(self, name: str, values: Sequence[str]) -> Any:
        return {"in": [self.fact(name), [*values]]}

    def all_in(self, values: Sequence[str], name: str) -> Any:
        return {"all": [[*values], {"in": [{"var": ""}, self._outside(name)]}]}

    def document(self, types: Sequence[str]) -> Any:
        in_time = {"<=": [self.fact("submitted"), self._outside("judged")]}
        wanted = [self.one_of("type", types), {"!": self.fact("refused")}, in_time]
        return {"some": [self.fact("documents"), {"and": wanted}]}

    def part(self, kind: str, judged: str) -> Any:
        in_time = {"<=": [self.fact("submitted"), self._outside(judged)]}
        return {"some": [self.fact("parts"), {"and": [{"==": [self.fact("kind"), kind]}, in_time]}]}

    def _outside(self, name: str) -> Any:
        """A fact, seen from within a list's item."""
        return {"val": [[2], *name.split(".")]}

    def answer(self, holds: Any, can: Any) -> Any:
        return {"if": [holds, "met", can, "open", "not_met"]}

    def compiled(self, answers: Mapping[str, Any]) -> Callable[[Facts], Mapping[str, str]]:
        import datalogic_py

        engine = datalogic_py.Engine(templating=True)
        rule, session = engine.compile(dict(answers)), engine.session()
        return lambda facts: session.evaluate(rule, facts)


PEERS: dict[str, tuple[str, type[Dialect]]] = {
    "zen-engine": ("zen", Zen),
    "datalogic-py": ("datalogic_py", DataLogic),
    "common-expression-language": ("cel", Cel),
    "rule-engine": ("rule_engine", RuleEngine),
}
"""Each by the name under which it is installed: its module, and how it says the rules."""


def installed(peer: str) -> bool:
    return find_spec(PEERS[peer][0]) is not None


def decider(peer: str, qualifications: Sequence[str]) -> Decide:
    """The peer's way from a raw file to the answers, its rules compiled beforehand."""
    say = PEERS[peer][1]()
    ready: dict[str, tuple[Callable[[Facts], Mapping[str, str]], dict[str, str]]] = {}
    for qualification in qualifications:
        made = rules(say, qualification)
        evaluate = say.compiled({name: expression for name, (expression, _) in made.items()})
        ready[qualification] = evaluate, {name: last_day for name, (_, last_day) in made.items()}

    def decide(file: File, qualification: str, as_of: date) -> dict[str, Answer]:
        evaluate, names = ready[qualification]
        given, last_days = facts(file, qualification, as_of)
        found = evaluate(given)
        return {name: (found[name], last_days[last_day]) for name, last_day in names.items()}

    return decide
