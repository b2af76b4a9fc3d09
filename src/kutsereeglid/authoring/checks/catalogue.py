"""The codes of what `kutsereeglid check` tells: how grave each is, what it means, an example, how to mend it."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


class Severity(StrEnum):
    ERROR = "error"
    """The ruleset is refused."""
    WARNING = "warning"
    """It is read, and surely not what was meant."""
    NOTE = "note"
    """It is read, and a person should look at it."""


@frozen
class Check:
    code: str
    severity: Severity
    meaning: str
    example: str
    mend: str


_OWN = (
    Check(
        "never-met", Severity.WARNING,
        "No applicant can meet the condition, whatever is in the file: a number above the greatest that there is, days "
        "that cannot follow each other, more time than its window has.",
        "{time: employments, within: 1 year before exam.date, at_least: 2 years}",
        "Compare the numbers, days and words with the source. What a reading or a blank switches off is not told.",
    ),
    Check(
        "contradiction", Severity.WARNING,
        "Each of the conditions can hold, but not all of them together. The finding names those that clash. Tests of one "
        "condition that clash are refused when the ruleset is read.",
        "[{document: letter}, {none: documents, where: {type: letter}}]",
        "Mend one of them, or make them alternatives with `any`.",
    ),
    Check(
        "never-fails", Severity.WARNING,
        "Every applicant meets the condition, so that it asks for nothing; or a waiver lets everybody off.",
        "{any: [{fact: points, less_than: 50}, {fact: points, at_least: 40}]}",
        "Compare the numbers, days and words with the source, or leave it out.",
    ),
    Check(
        "superfluous", Severity.WARNING,
        "Leaving the condition out changes no answer: among conditions that must all hold, the others imply it; among "
        "alternatives, whoever takes it could take another. The finding names the others.",
        "[{time: employments, at_least: 2 years}, {time: employments, at_least: 1 year}]",
        "Leave it out, or mend it.",
    ),
    Check(
        "path-covered", Severity.WARNING,
        "Whoever meets what this path of a qualification asks for meets what another path asks for as well.",
        "paths: {short: {requires: {application: [course]}}, long: {requires: {application: [course, work]}}}",
        "Leave the path out, or compare its requirements with the source.",
    ),
    Check(
        "unused-rule", Severity.WARNING,
        "No qualification lists the rule, and no rule names it that is listed.",
        "rules: {spare: …}, where no `requires` and no condition has `spare`",
        "Name it where it belongs, or take it out.",
    ),
    Check(
        "unused-fact", Severity.WARNING,
        "The ruleset declares a fact, records or a field that no condition looks at: applicants would be asked for nothing.",
        "facts: {height: number}, where no condition has `height`",
        "Use it, or take it out.",
    ),
    Check("unused-definition", Severity.WARNING, "Nothing names what is defined.", "define: {notice: 2 weeks}", "Use it, or take it out."),
    Check(
        "unused-reading", Severity.WARNING,
        "Nothing hangs on the reading: no condition, due day or way of counting has a switch on it.",
        "readings: {practice: …}, where nothing has `reading: practice`",
        "Put the switch where the source is unclear, or take the reading out.",
    ),
    Check("unused-scale", Severity.WARNING, "No fact is on the scale.", "scales: {shine: [dull, bright]}", "Use it, or take it out."),
    Check(
        "unused-unit", Severity.WARNING, "No fact and no amount is in the unit, and nothing says how much of another one it is.",
        "units: {barrows: {kind: weight}}", "Use it, or take it out.",
    ),
    Check("unused-source", Severity.WARNING, "No rule, reading or qualification cites the source.", "sources: {old-page: …}", "Cite it, or take it out."),
    Check(
        "version-gap", Severity.WARNING,
        "Between two versions of one ruleset there are days on which none is in force: nobody could be judged on them.",
        "in_force: {from: 2026-01-01, to: 2026-06-30} and in_force: {from: 2026-09-01}",
        "Let each version end on the day before the next one begins.",
    ),
    Check(
        "version-overlap", Severity.WARNING,
        "Two versions of one ruleset are in force on one day. The newer one is taken then, which should be said.",
        "in_force: {from: 2026-01-01} and in_force: {from: 2026-09-01}",
        "Let each version end on the day before the next one begins.",
    ),
    Check(
        "reading-not-named", Severity.NOTE,
        "A term ends on another day when it is counted in another way that the law leaves open: months back from an event, "
        "or a last day before an event that is a day off. The ruleset counts in one way, and declares no reading. "
        "The finding has a day for which it matters.",
        "due: 1 month before exam.date, with counting_back: subtract",
        "Declare the reading and switch on it, so that decisions can tell where it matters.",
    ),
    Check(
        "term-not-quoted", Severity.WARNING,
        "A rule has a term that the words it quotes do not have, in figures or in words, and they have another one in that unit.",
        "says: at the latest 2 weeks before the exam, with due: 3 weeks before exam.date",
        "Mend the term, or quote the words that have it.",
    ),
    Check(
        "ban-without-due", Severity.NOTE,
        "What must not have been for a time up to the judged day can always still come true: it is only a matter of waiting. "
        "Without a last day the answer is `open` until then, and never `not_met`.",
        "{none: decisions, where: {kind: exclusion}, within: 1 year before today}, in a rule without due",
        "Give the rule a due day: that of the application, or of the exam.",
    ),
    Check(
        "demands-school", Severity.WARNING,
        "The rule asks for a particular school or provider. An awarding body may not make the exam depend on where "
        "something was learnt (KutS § 15(4)).",
        "{some: education, where: {institution: Garden School}}",
        "Ask for what was learnt, wherever it was.",
    ),
    Check(
        "demands-membership", Severity.WARNING,
        "The rule asks for a membership. An awarding body may not make the exam depend on one (KutS § 15(4)).",
        "{document: membership-card}",
        "Ask for what was learnt or done.",
    ),
)  # fmt: skip

_REFUSED = {
    "alias": "YAML's aliases and anchors are not read in a ruleset: what is meant stands where it is meant.",
    "bad-brackets": "A bracket or brace is not closed, or closed without having been opened.",
    "bad-day": "The words are no day that the language knows.",
    "bad-indentation": "A line is not in line with those around it.",
    "bad-name": "A name has letters that names do not have, or is a word of the language.",
    "bad-quotes": "A quotation mark is not closed.",
    "bad-term": "The words are no term, such as `6 months`.",
    "bad-window": "The words are no window, such as `3 years before exam.date`.",
    "bad-worth": "The words are no worth, such as `2 points per year`.",
    "bad-yaml": "The file cannot be read as YAML from here on.",
    "bare-clock": "A time of day stands without quotes, so that YAML reads a number.",
    "bare-moment": "A moment stands without quotes, so that YAML reads something else.",
    "blank-lacking": "A rule that is named has a blank that is not filled there.",
    "blank-not-filled": "A blank of a rule is filled nowhere for one of its qualifications.",
    "boolean-word": "A word such as `no` stands without quotes, so that YAML reads true or false.",
    "cannot-judge": "`judge` stands where a person cannot be asked.",
    "circular": "A rule or a definition rests on itself.",
    "comparison-lacking": "A condition does not say what its value is compared with.",
    "contradiction": "Tests of one condition that nothing can pass together.",
    "cut-at-hash": "A `#` cuts the line off, as YAML reads it.",
    "defined-twice": "Two files, or one, give one name two meanings.",
    "duplicate-key": "One key stands twice in a mapping.",
    "duplicate-ruleset": "Two files hold the same version of a ruleset.",
    "empty-list": "A list has nothing in it.",
    "end-before-start": "A span ends before it begins.",
    "filled-twice": "A blank is filled a second time.",
    "format-first": "`format` is not the first key.",
    "impossible-number": "A number with which the condition would ask for nothing, or for the impossible.",
    "inner-list": "A list inside records stands where records of the file are expected.",
    "instead-of-nothing": "`instead` names a rule that the other qualification does not list.",
    "key-lacking": "A key that must be there is not.",
    "key-not-a-word": "A key is no text.",
    "leading-zero": "A number begins with a zero, which YAML reads in its own way.",
    "like-of-like": "A qualification is like another one that is itself like a third.",
    "listed-twice": "The same thing stands twice in a list.",
    "merge-key": "YAML's merge key is not read in a ruleset.",
    "never-in-force": "A rule is in force on no day on which its ruleset is.",
    "no-citation": "A rule does not say which words of a source it encodes.",
    "no-colon": "A key has no colon after it.",
    "no-duration": "The records do not last, so that their time cannot be added up.",
    "no-file": "A file that is named is not there.",
    "no-folder": "A folder that is named is not there.",
    "no-head": "A condition has no head word.",
    "no-rulesets": "No file of the folder is named by a day.",
    "no-table": "A definition that should be a table is none.",
    "no-texts": "A file of texts is lacking for a language.",
    "not-a-mapping": "Something else stands where keys and values should.",
    "not-in-source": "The quoted words do not stand in the stored source, letter by letter.",
    "not-listed": "Something is named that is not in the list that it should be in.",
    "not-plain": "A value is of a kind of YAML's that the language does not use.",
    "not-shared": "`uses` names a ruleset of its own.",
    "not-stored": "Words are quoted of a source whose text is not stored.",
    "not-text": "The file is no UTF-8 text.",
    "option-lacking": "A switch says nothing for one of the reading's options.",
    "outside": "A file that is named lies outside the folder of the rulesets.",
    "second-colon": "A second colon on a line makes YAML read something else.",
    "setting-lacking": "A way of counting is not chosen; none has a silent default.",
    "tab": "A tab stands where spaces should.",
    "tag": "YAML's tags are not read in a ruleset.",
    "text-lacking": "A text is lacking in one of the ruleset's languages.",
    "too-deep": "Mappings and lists stand in each other too deep to be read.",
    "too-few-options": "A reading needs two options.",
    "too-few-paths": "A qualification with paths needs two.",
    "too-few-words": "A list of words needs two.",
    "two-documents": "The file holds two YAML documents.",
    "two-heads": "A condition has two head words.",
    "unknown-blank": "A blank is filled that nothing has.",
    "unknown-country": "No country has this code, or its holidays are not known.",
    "unknown-definition": "A name is used that is not defined.",
    "unknown-fact": "No applicant's file has this fact.",
    "unknown-field": "The records have no such field.",
    "unknown-format": "The file is of a version of the language that this library does not read.",
    "unknown-key": "The key is not one that may stand here.",
    "unknown-list": "The applicant's file has no such list of texts.",
    "unknown-option": "The reading has no such option.",
    "unknown-qualification": "No qualification has this name.",
    "unknown-reading": "The reading is not declared.",
    "unknown-records": "The applicant's file has no such records.",
    "unknown-rule": "No rule concludes this.",
    "unknown-source": "The source is not declared.",
    "unknown-stage": "The stage is not declared.",
    "unknown-text": "A file of texts has a text of which the ruleset knows nothing.",
    "unknown-type": "A fact's type is none that there is.",
    "unknown-unit": "The unit is not declared, and not built in.",
    "unknown-value": "The fact never has this value.",
    "unknown-word": "The word is none of the few that may stand here.",
    "unknown-zone": "There is no such time zone.",
    "unquoted-sentence": "A sentence of a stored source is quoted by no rule, and is not under `not_encoded`.",
    "unused-window": "`within` of a rule in which nothing takes a window.",
    "used-twice": "`uses` names a file twice.",
    "wrong-comparison": "The comparison is none for this kind of value.",
    "wrong-file-name": "The file is not named by the first day on which it is in force.",
    "wrong-type": "Something of another kind stands here than is expected.",
    "wrong-unit": "The amount is in a unit that cannot be converted to the field's.",
}
"""What is refused when a ruleset is read. Each finding itself says what was found, what is expected, and the mend."""

CHECKS = {
    **{
        code: Check(code, Severity.ERROR, meaning, "", "The finding says what is expected instead.")
        for code, meaning in _REFUSED.items()
    },
    **{one.code: one for one in _OWN},
}
"""Every check by its code."""


def severity_of(problem_code: str, *, refused: bool = False) -> Severity:
    """How grave a finding is: what is ``refused`` is an error whatever its code."""
    if refused or problem_code not in CHECKS:
        return Severity.ERROR
    return CHECKS[problem_code].severity
