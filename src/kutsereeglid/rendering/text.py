"""A decision as a person wants to read it: the outcome, then each requirement with its reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from kutsereeglid.decision import Citation, Contested, Decision, Finding, Reason
from kutsereeglid.errors import Problem, UsageError, describe, listed
from kutsereeglid.status import Status
from kutsereeglid.wording import label, say, words_for, words_of

MARKS = {Status.MET: "✓", Status.NOT_MET: "✗", Status.OPEN: "…", Status.UNKNOWN: "?"}


class Line(NamedTuple):
    """One line of text; ``style`` says what it is, for those who colour it."""

    text: str
    style: str = ""


def explain(decision: Decision, language: str | None = None) -> str:
    """The decision as plain text; raises `UsageError` for a language that is not to be had."""
    return "\n".join(line.text for line in lines_of(decision, language))


def lines_of(decision: Decision, language: str | None = None) -> list[Line]:
    """The lines of `explain`."""
    return list(_writer(decision, language).lines())


def lines_of_finding(decision: Decision, finding: Finding, language: str | None = None) -> list[Line]:
    """The lines of `explain` on one requirement."""
    return list(_writer(decision, language).finding(finding))


def _writer(decision: Decision, language: str | None) -> _Writer:
    chosen = decision.texts.language if language is None else language
    words_of(chosen)
    if chosen not in decision.texts.languages:
        raise UsageError(
            Problem(
                "unknown-language", "lang", describe(chosen), f"one of {listed(decision.texts.languages)}"
            )
        )
    return _Writer(decision, chosen)


class _Writer:
    def __init__(self, decision: Decision, language: str) -> None:
        self.decision = decision
        self.language = language
        self.texts: Mapping[str, str] = decision.texts.in_language(language)
        self.words = words_of(language)
        self.phrases: Mapping[str, str] = self.words.EXPLAIN

    def day(self, value: date) -> str:
        return str(self.words.day(value))

    def lines(self) -> Iterator[Line]:
        decision = self.decision
        yield Line(self.texts.get(f"qualifications.{decision.qualification}", decision.title), "title")
        ruleset = decision.ruleset
        yield Line(
            self.phrases["as_of"].format(
                day=self.day(decision.as_of), ruleset=ruleset.id, version=ruleset.version
            ),
            "dim",
        )
        yield Line("")
        for stage, outcome in decision.stages.items():
            title = self.texts.get(f"stages.{stage}", stage)
            text = self.phrases["outcome"].format(stage=title, outcome=self.words.OUTCOME[outcome])
            yield Line(f"{'»' if stage == decision.stage else ' '} {text}", str(outcome))
        for of, outcome in decision.each.items():
            thing = words_for(of, self.language, self.texts)
            text = self.phrases["outcome"].format(stage=thing, outcome=self.words.OUTCOME[outcome])
            yield Line(f"    {text}", str(outcome))
        yield from self.paths()
        yield from self.listed([one for one in decision.findings if one.of_path is None])
        for path in decision.paths:
            shown = [one for one in decision.findings if one.of_path == path]
            if shown and decision.path in (path, None):
                yield Line("")
                yield Line(self.phrases["path"].format(path=self.path(path)), "heading")
                yield from self.listed(shown)

    def listed(self, findings: list[Finding]) -> Iterator[Line]:
        """Findings under the titles of their stages."""
        for stage in self.decision.stages:
            here = [finding for finding in findings if finding.stage == stage]
            if not here:
                continue
            yield Line("")
            yield Line(self.texts.get(f"stages.{stage}", stage), "heading")
            for finding in here:
                yield from self.finding(finding)

    def paths(self) -> Iterator[Line]:
        """Which path is taken, or the nearest, and in short what the others lack."""
        decision = self.decision
        if not decision.paths:
            return
        yield Line("")
        for name, outcome in decision.paths.items():
            mark = "»" if name == decision.path else " "
            text = self.phrases["outcome"].format(
                stage=self.phrases["path"].format(path=self.path(name)), outcome=self.words.OUTCOME[outcome]
            )
            yield Line(f"{mark} {text}", str(outcome))
            lacking = [] if decision.path in (name, None) else self.lacking(name)
            if lacking:
                yield Line(f"      {self.phrases['lacks'].format(lacking='; '.join(lacking))}", "dim")

    def lacking(self, path: str) -> list[str]:
        """The titles of what a path requires up to the stage asked for and does not have."""
        stages = list(self.decision.stages)
        until = stages[: stages.index(self.decision.stage) + 1]
        return [
            f"{self.title(finding)} – {self.words.STATUS[finding.status]}"
            for finding in self.decision.findings
            if finding.of_path == path
            and finding.required
            and finding.stage in until
            and finding.status is not Status.MET
        ]

    def path(self, name: str) -> str:
        """The title of a path."""
        return self.texts.get(f"paths.{self.decision.qualification}.{name}", name)

    def title(self, finding: Finding) -> str:
        said = say(finding.parts, self.language, self.texts) if finding.parts else finding.title
        if finding.of is None or finding.of in said:
            return said
        return f"{said} ({words_for(finding.of, self.language, self.texts)})"

    def finding(self, finding: Finding) -> Iterator[Line]:
        title = self.title(finding)
        notes = self.notes(finding)
        if not finding.required:
            notes.insert(0, self.phrases["advisory"])
        yield Line(self.said(finding.status, title, notes, finding.applies), str(finding.status))
        for reason in finding.because:
            yield from self.reason(reason, "      ", finding)
        for contested in finding.contested:
            yield Line(f"      ~ {self.contested(contested)}", "contested")
        if finding.late and self.decision.late is not None:
            yield Line(f"      ! {self.texts.get('late', self.decision.late)}", "late")
        if finding.citation is not None:
            yield Line(f"      {self.citation(finding.citation)}", "dim")

    def said(self, status: Status, title: str, notes: list[str], applies: bool) -> str:
        answer = self.words.STATUS[status] if applies else self.phrases["not_applies"]
        more = f" ({'; '.join(notes)})" if notes else ""
        return f"  {MARKS[status]} {title}: {answer}{more}"

    def notes(self, found: Finding | Reason) -> list[str]:
        made = []
        if found.due is not None:
            late = found.status is Status.NOT_MET and self.decision.as_of > found.due
            made.append(self.phrases["was_due" if late else "due"].format(day=self.day(found.due)))
        if found.earliest is not None:
            past = found.status is Status.NOT_MET and found.due is not None and found.earliest > found.due
            made.append(self.phrases["too_late" if past else "earliest"].format(day=self.day(found.earliest)))
        if found.missing:
            made.append(self.phrases["missing"].format(facts=", ".join(map(self.missing, found.missing))))
        if found.path is not None:
            made.append(self.phrases["path"].format(path=words_for(found.path, self.language, self.texts)))
        if found.curable and found.status in (Status.OPEN, Status.NOT_MET):
            made.append(self.phrases["curable"])
        if isinstance(found, Finding) and found.discretion is not None:
            who = words_for(found.discretion, self.language, self.texts)
            made.append(self.phrases["discretion"].format(who=who))
        return made

    def reason(self, reason: Reason, indent: str, above: Finding | Reason) -> Iterator[Line]:
        text = say(reason.parts, self.language, self.texts) if reason.parts else reason.text
        notes = []
        if reason.due != above.due and reason.due is not None:
            notes.append(self.phrases["due"].format(day=self.day(reason.due)))
        if reason.missing and reason.missing != above.missing:
            notes.append(self.phrases["missing"].format(facts=", ".join(map(self.missing, reason.missing))))
        more = f" ({'; '.join(notes)})" if notes else ""
        yield Line(f"{indent}{MARKS[reason.status]} {text}{more}", "reason")
        for inner in reason.because:
            yield from self.reason(inner, indent + "  ", reason)

    def contested(self, contested: Contested) -> str:
        about = self.texts.get(f"readings.{contested.reading}.about", contested.reading)
        option = self.texts.get(f"readings.{contested.reading}.options.{contested.option}", contested.option)
        text = self.phrases["contested"].format(
            status=self.words.STATUS[contested.status], about=about, option=option
        )
        return f"{text} [{contested.reading}={contested.option}]"

    def citation(self, citation: Citation) -> str:
        source = citation.source if citation.quote is None else f"{citation.source}: „{citation.quote}“"
        return self.phrases["source"].format(source=source)

    def missing(self, path: str) -> str:
        """``employments[0].field`` as "employments 1, field (employments[0].field)"."""
        head, _, name = path.partition(".")
        if head == "judgements":
            return f"{label('judgements', self.language, self.texts)}: {words_for(name, self.language, self.texts)} ({path})"
        if head == "readings":
            about = self.texts.get(f"readings.{name}.about", name)
            return f"{label('readings', self.language, self.texts)}: {about} ({path})"
        steps = re.findall(r"([\w.-]*\w)(?:\[(\d+)\])?", path)
        said = []
        before = ""
        for step, index in steps:
            whole = f"{before}.{step.lstrip('.')}" if before else step
            name = label(whole, self.language, self.texts)
            said.append(f"{name} {int(index) + 1}" if index else name)
            before = whole
        return f"{', '.join(said)} ({path})"
