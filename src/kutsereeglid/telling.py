"""From an answer to a `Decision`: findings, reasons, texts.

What every caller reads is put in at once; first days, paths and reasons are worked out when they are first
read. What does not hang on the applicant is made once for a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from kutsereeglid.answers import Answer, contested_in
from kutsereeglid.compiling import Requirement, group_sentence, kind_of_group
from kutsereeglid.decision import Decision, Finding, Part, Reason, RulesetStamp, Table, Texts, lazily
from kutsereeglid.plans import Plan
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.status import OUTCOME, OUTCOME_OF, Status
from kutsereeglid.wording import own_texts, say

Known = dict[str, Any]
"""Fields of a decision, a finding or a reason; with an underscore, what the others are worked out from."""

_NOTHING: Any = Table({})

_WRITTEN = frozenset({"because", "earliest", "late"})
"""What a function that is written for a requirement gives at once."""

_MOST_SENTENCES = 4_000


def teller_of(plan: Plan) -> Teller:
    """The one teller of a plan."""
    made: Teller | None = plan.teller
    if made is None:
        made = plan.teller = Teller(plan)
    return made


class Teller:
    """Tells what a plan's answers say."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.base = plan.base
        self.language = plan.ruleset.languages[0]
        self.texts = own_texts(plan.ruleset)
        self._stages = [(name, plan.of_base[number]) for name, number in self.base.stages.items()]
        self._reached: dict[tuple[int, ...], Table] = {}
        """The stages' outcomes, by the statuses of what they ask for."""
        self._reasons: dict[int, Known] = {}
        self._asked: dict[int, tuple[Part, str]] = {}
        self._sentences: dict[Part, str] = {}
        self._decision = self._of_every_decision()
        self.every_finding = [
            self._of_every_finding(place, one) for place, one in enumerate(self.base.requirements)
        ]
        """What is the same in every finding of a requirement."""

    # The decision.

    def decision(self, answer: Answer, stage: str, findings: tuple[Finding, ...] | None = None) -> Decision:
        """The decision; ``findings`` where they are made already."""
        bits, reached = answer.bits, answer.reached
        if reached is None:
            reached = tuple([bits[node] for _, node in self._stages])
        stages = self._reached.get(reached)
        if stages is None:
            outcomes = {name: OUTCOME_OF[bit] for (name, _), bit in zip(self._stages, reached, strict=True)}
            stages = self._reached[reached] = Table(outcomes)
        known: Known = {
            "_every": self._decision,
            "_answer": answer,
            "as_of": answer.facts.as_of,
            "stage": stage,
            "outcome": stages[stage],
            "stages": stages,
        }
        if findings is not None:
            known["findings"] = findings
        return lazily(Decision, known)

    def _of_every_decision(self) -> Known:
        ruleset, base = self.plan.ruleset, self.base
        known: Known = {
            "qualification": base.qualification.name,
            "title": base.qualification.title,
            "ruleset": RulesetStamp(ruleset.id, ruleset.version, ruleset.digest),
            "readings": Table(
                {name: self.plan.given.get(name) or one.taken for name, one in ruleset.readings.items()}
            ),
            "late": ruleset.late,
            "texts": Texts(self.language, ruleset.languages, load=cache(partial(_texts, ruleset))),
            "_rest": self._rest_of_decision,
        }
        if not base.paths:
            known |= {"path": None, "paths": _NOTHING}
        if not base.each:
            known["each"] = _NOTHING
        return known

    def _rest_of_decision(self, known: Known, name: str) -> Known:
        answer: Answer = known["_answer"]
        if name == "findings":
            return {"findings": self.findings(answer)}
        stage, base = known["stage"], self.base
        closed = {
            (one.of, one.of_path)
            for one in base.requirements
            if one.of_path is not None
            and one.rule is None
            and answer.status(one.proposition) is Status.NOT_MET
        }
        nearest = {
            list(ways)[
                answer.nearest(
                    [reached[stage] for reached in ways.values()],
                    [place for place, path in enumerate(ways) if {(of, path), (None, path)} & closed],
                )
            ]
            for of, ways in base.ways.items()
            if ways
        }
        return {
            "path": nearest.pop() if len(nearest) == 1 else None,
            "paths": self._outcomes(base.paths, answer, stage),
            "each": self._outcomes(base.each, answer, stage),
        }

    def _outcomes(self, of: Mapping[str, Mapping[str, int]], answer: Answer, stage: str) -> Table:
        return Table({name: OUTCOME[answer.status(reached[stage])] for name, reached in of.items()})

    # Findings.

    def findings(self, answer: Answer) -> tuple[Finding, ...]:
        made = []
        contested = contested_in(self.plan, answer.bits)
        for place, one in enumerate(self.base.requirements):
            known: Known = {"_every": self.every_finding[place], "_answer": answer}
            known["status"] = answer.status(one.proposition)
            known["due"] = answer.due(one.proposition)
            known["missing"] = answer.missing(one.proposition)
            known["contested"] = contested.get(place, ())
            made.append(lazily(Finding, known))
        return tuple(made)

    def _of_every_finding(self, place: int, one: Requirement) -> Known:
        reason = self.every_reason(one.proposition)
        return {
            "requirement": one.id,
            "stage": one.stage,
            "kind": one.kind,
            "required": one.required,
            "citation": reason["citation"],
            "curable": one.curable,
            "discretion": one.discretion,
            "of_path": one.of_path,
            "of": one.of,
            **{name: reason[name] for name in ("applies", "path") if name in reason},
            **({"title": reason["text"], "parts": reason["parts"]} if "text" in reason else {}),
            "_number": one.proposition,
            "_place": place,
            "_rest": self._rest_of_finding,
        }

    def _rest_of_finding(self, known: Known, name: str) -> Known:
        answer, number = known["_answer"], known["_every"]["_number"]
        if name in _WRITTEN and answer.reasons is not None:
            written: Known | None = answer.reasons(known["_every"]["_place"], answer)
            if written is not None:
                return written
        if name == "because":
            return {"because": self._because(answer, number)}
        rest = self._rest_of_reason(known, name)
        if "text" in rest:
            rest["title"] = rest.pop("text")
        return rest

    # Reasons.

    def reason(self, answer: Answer, number: int) -> Reason:
        every = self.every_reason(number)
        known: Known = {"_every": every, "_answer": answer, "status": answer.status(number)}
        if answer.tells(number):
            detail = answer.detail(number)
            known.update(every)
            known["due"], known["earliest"], known["missing"], known["late"], found = detail
            asks, _ = self.asking(number)
            known["parts"] = (asks,) if found is None else (asks, found)
        return lazily(Reason, known)

    def every_reason(self, number: int) -> Known:
        """What is the same in every reason of a proposition."""
        if number in self._reasons:
            return self._reasons[number]
        one = self.base.propositions[number]
        known: Known = {
            "condition": None,
            "rule": None,
            "contested": (),
            "kind": None,
            "curable": False,
            "citation": one.citation,
            "_number": number,
            "_rest": self._rest_of_reason,
        }
        if one.rule is not None:
            known |= {"rule": one.rule.name, "kind": one.rule.kind, "curable": one.rule.curable}
        else:
            known["condition"] = one.leaf.head if one.leaf is not None else kind_of_group(one)
        if one.leaf is None:
            parts = one.title if one.rule is not None else group_sentence(one)
            known |= {"parts": parts, "text": say(parts, self.language, self.texts)}
        else:
            known["because"] = ()
        if one.exempt is None:
            known["applies"] = True
        if not self._may_take_paths(number):
            known["path"] = None
        self._reasons[number] = known
        return known

    def _rest_of_reason(self, known: Known, name: str) -> Known:
        answer, number = known["_answer"], known["_every"]["_number"]
        if name == "because":
            return {"because": self._because(answer, number)}
        one = self.base.propositions[number]
        if name == "applies":
            return {"applies": self._applies(answer, number)}
        if name == "path":
            return {"path": self._path(answer, number)}
        if name in ("text", "title", "parts") and one.leaf is not None:
            return self._sentence(answer, number, known.get("parts"))
        detail = answer.detail(number)
        return {
            "due": detail.due,
            "earliest": detail.earliest,
            "missing": detail.missing,
            "late": detail.late,
        }

    def _applies(self, answer: Answer, number: int) -> bool:
        exempt = self.base.propositions[number].exempt
        return exempt is None or answer.status(exempt) is not Status.MET

    def _because(self, answer: Answer, number: int) -> tuple[Reason, ...]:
        one = self.base.propositions[number]
        if one.group is None:
            return ()
        if one.exempt is not None and not self._applies(answer, number):
            return (self.reason(answer, one.exempt),)
        return self._parts_of(answer, number)

    def _parts_of(self, answer: Answer, number: int) -> tuple[Reason, ...]:
        one = self.base.propositions[number]
        made: list[Reason] = []
        for part in self._shown(answer, number):
            if part == one.exempt:
                continue
            part = self._told(answer, part)
            inner = self.base.propositions[part]
            if inner.rule is not None and inner.rule is one.rule and inner.group is not None:
                made += self._parts_of(answer, part)  # the rule's own body says nothing new
            else:
                made.append(self.reason(answer, part))
        return tuple(made)

    def _told(self, answer: Answer, number: int) -> int:
        """What tells all of what conditions decide: what is asked for in the applicant's case."""
        case = answer.case(self.base.propositions[number].cases)
        if case is None or answer.status(case.asked) is not answer.status(number):
            return number
        return self._told(answer, case.asked)

    def _shown(self, answer: Answer, number: int) -> tuple[int, ...]:
        """The parts that are told."""
        one = self.base.propositions[number]
        if one.group is None:
            return ()
        told = self._told(answer, number)
        if told != number:
            return (told,)
        status = answer.status(number)
        if any(
            answer.status(case.part) is status for case in one.cases
        ):  # without what holds in several cases
            return tuple(case.part for case in one.cases)
        return one.group.parts

    def asking(self, number: int) -> tuple[Part, str]:
        """What a leaf asks for, and the sentence of it."""
        if number not in self._asked:
            leaf = self.base.propositions[number].leaf
            assert leaf is not None
            asks = leaf.asks()
            self._asked[number] = asks, say((asks,), self.language, self.texts)
        return self._asked[number]

    def _sentence(self, answer: Answer, number: int, parts: tuple[Part, ...] | None) -> Known:
        """What a leaf asks for and, for known facts, what was found."""
        if parts is not None:
            return {"text": "; ".join(map(self._said, parts))}
        one = self.base.propositions[number]
        assert one.leaf is not None
        asks, text = self.asking(number)
        found = None
        if answer.tells(number):
            found = answer.detail(number).found
        else:
            settled = answer.settled(number)
            if settled.complete and one.how is not None:
                found = one.leaf.found(answer.facts, settled.moment(answer.facts.as_of), one.how)
        if found is None:
            return {"parts": (asks,), "text": text}
        return {"parts": (asks, found), "text": f"{text}; {self._said(found)}"}

    def _said(self, part: Part) -> str:
        """The sentence of a part, in the first language; what was said of late is not made again."""
        sentence = self._sentences.get(part)
        if sentence is None:
            if len(self._sentences) >= _MOST_SENTENCES:
                self._sentences.clear()
            sentence = self._sentences[part] = say((part,), self.language, self.texts)
        return sentence

    def _may_take_paths(self, number: int) -> bool:
        one = self.base.propositions[number]
        if one.group is None:
            return False
        return bool(one.names) or any(self._may_take_paths(part) for part in one.group.parts)

    def _path(self, answer: Answer, number: int) -> str | None:
        one = self.base.propositions[number]
        if one.group is None:
            return None
        if one.names:
            return one.names[answer.nearest(one.group.parts)]
        parts = [part for part in one.group.parts if part != one.exempt]
        return self._path(answer, parts[0]) if one.rule is not None and len(parts) == 1 else None


def _texts(ruleset: Ruleset) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    first, *others = ruleset.languages
    tables = {first: own_texts(ruleset), **{language: ruleset.translate(language) for language in others}}
    taken_over = {  # the paths of a qualification that is like another have their titles from that one
        f"paths.{one.name}.{path.name}": path.text
        for one in ruleset.qualifications.values()
        for path in one.paths.values()
    }
    return tuple(
        (
            language,
            tuple(sorted({**texts, **{key: texts[other] for key, other in taken_over.items()}}.items())),
        )
        for language, texts in tables.items()
    )
