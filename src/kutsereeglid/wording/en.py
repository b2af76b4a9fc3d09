"""English."""

from datetime import date

from kutsereeglid.dates import MONTHS, MonthDay
from kutsereeglid.status import Outcome, Status

NAME = "English"
TODAY = "the day of evaluation"
SENTENCES = {
    "announced": "the round is among those announced",
    "not announced": "the round is not among those announced",
    "day": "{whole}: {compared}",
    "not day": "it does not hold that {whole}: {compared}",
    "fact": "{fact}: {compared}",
    "not fact": "it does not hold that {fact}: {compared}",
    "some": "{records}{where}: at least one",
    "not some": "{records}{where}: none",
    "document": "a document{where}",
    "not document": "no document{where}",
    "count": "{records}{where}: at least {needed}",
    "not count": "{records}{where}: fewer than {needed}",
    "distinct": "{records}{where}: at least {needed} different by {field}",
    "not distinct": "{records}{where}: fewer than {needed} different by {field}",
    "distinct more": "{records}{where}: more than {needed} different by {field}",
    "not distinct more": "{records}{where}: at most {needed} different by {field}",
    "sum": "{records}{where}: {field} at least {needed} in all",
    "not sum": "{records}{where}: {field} less than {needed} in all",
    "sum more": "{records}{where}: {field} more than {needed} in all",
    "not sum more": "{records}{where}: {field} at most {needed} in all",
    "count more": "{records}{where}: more than {needed}",
    "not count more": "{records}{where}: at most {needed}",
    "average": "{records}{where}: {field} on average {compared}",
    "not average": "{records}{where}: it does not hold that {field} is on average {compared}",
    "weighted": "{records}{where}: {field} on average, weighted by {weight}, {compared}",
    "not weighted": "{records}{where}: it does not hold that {field} is on average, weighted by {weight}, {compared}",
    "share": "{records}{where}{of_field}: of this {compared} of the kind asked for",
    "not share": "{records}{where}{of_field}: it does not hold that {compared} is of the kind asked for",
    "of which": "of the kind asked for: {records}{where}",
    "total": "in all at least {needed}: {parts}",
    "not total": "in all less than {needed}: {parts}",
    "total more": "in all more than {needed}: {parts}",
    "not total more": "in all at most {needed}: {parts}",
    "part": "{part}: {records}{where}{of_field}{worth}{bounds}",
    "part if": "{part}: {given}{bounds}",
    "part best of": "{part}: the most of these{bounds}",
    "used_once": "{records}{where}, each used once: {parts}",
    "not used_once": "{records}{where}, each used once, do not give: {parts}",
    "span": "{records}{where}: at least {term} from the first day to the last",
    "not span": "{records}{where}: less than {term} from the first day to the last",
    "unbroken": "{records}{where}: at least {term} without a break",
    "not unbroken": "{records}{where}: less than {term} without a break",
    "counted parts": "found by {day}: {parts}",
    "counted total": "found by {day}: {number} in all, of which {parts}",
    "time": "{records}{where}: at least {term} in all",
    "not time": "{records}{where}: less than {term} in all",
    "judged": "{by} says yes: {question}",
    "not judged": "{by} says no: {question}",
    "given": "given: {value}",
    "given none": "the list is empty",
    "not happened": "has not happened by {day}",
    "counted": "found by {day}: {number}",
    "time counted": "counted by {day}: {months} months ({ranges})",
    "no time": "no time that counts by {day}",
    "all of": "all of these",
    "any of": "at least one of these",
    "at least": "at least {needed} of these",
    "agree": "a reading that is not chosen: {question}",
    "always": "no condition",
    "never": "never holds",
    "listed": "{fact}: the list is given",
    "not listed": "{fact}: the list is not given",
    "out of force": "in force only {window}",
    "path applies": "the path “{path}” is open to the applicant",
}
AND = "and"
OR = "or"
DECIMAL = "."
NEGATED = "it does not hold: {}"
COMPARED = {
    "or_none": "or none",
    "is": "is {}",
    "is_not": "is not {}",
    "at_least": "at least {}",
    "at_most": "at most {}",
    "more_than": "more than {}",
    "less_than": "less than {}",
    "includes": "includes all of {}",
    "includes_any": "includes one of {}",
    "from": "on or after {}",
    "by": "on or before {}",
    "before": "before {}",
    "after": "after {}",
}
OFFSET = {"before": "{term} before {day}", "after": "{term} after {day}"}
EXTREME = {"later": "the later of {} and {}", "earlier": "the earlier of {} and {}"}
END_OF = {"year": "the end of the year of {}", "month": "the end of the month of {}"}
RECURRING = {
    "from": "the next {days} on or after {day}",
    "after": "the next {days} after {day}",
    "by": "the last {days} on or before {day}",
    "before": "the last {days} before {day}",
}
OTHERWISE = "{}, or until then {}"
IN_ONE = "of one {}"
CAPPED = "no more than {1} counted of each {0}"
CAPPED_EACH = {
    "day": "no more than {} counted of each day",
    "month": "no more than {} counted of each month",
    "year": "no more than {} counted of each year",
}
WORTH = "{each} = {amount}"
FULL = "{} (whole only)"
EACH_ONE = "each"
WITHIN = "within: {}"
BOUNDS = {"from": "from {}", "to": "until {}"}
UNITS = {
    "days": ("day", "days"),
    "weeks": ("week", "weeks"),
    "months": ("month", "months"),
    "years": ("year", "years"),
    "working days": ("working day", "working days"),
    "hours": ("hour", "hours"),
    "minutes": ("minute", "minutes"),
    "academic hours": ("academic hour", "academic hours"),
    "ECTS credits": ("ECTS credit", "ECTS credits"),
    "percent": ("percent", "percent"),
}
LABELS = {
    "birth_date": "date of birth",
    "employments": "employments",
    "documents": "documents",
    "documents.positions": "positions attested",
    "exam": "exam",
    "exam.date": "the exam's day",
    "round.opens": "the first day of filing of the round",
    "round.closes": "the last day of filing of the round",
    "round.exam": "the exam day of the round",
    "exam_project": "exam project",
    "exam_project.field": "the exam project's field",
    "exam_project.basis": "the exam project's basis",
    "exam_project.topics": "the exam project's topics",
    "exam_project.hours": "the exam project's volume in hours",
    "exam_project.parts": "parts of the exam project",
    "exam_project.presented": "the day the exam project was presented",
    "application.submitted": "the day the application was filed",
    "application.asks": "what is asked for",
    "education": "education",
    "trainings": "trainings",
    "qualifications": "qualifications held",
    "activities": "activities",
    "judgements": "a person's judgement",
    "calendar.month_end": "the month-end rule",
    "readings": "the choice of a reading",
    "employer": "employer",
    "position": "position",
    "field": "field",
    "start": "start",
    "end": "end",
    "workload": "workload",
    "kind": "kind",
    "suspensions": "suspensions",
    "type": "type",
    "issued": "day of issue",
    "submitted": "day of submission",
    "signed_by": "signed by",
    "accepted": "the body's judgement",
    "valid_from": "valid from",
    "valid_to": "valid to",
    "positions": "positions",
    "level": "level",
    "completed": "day of completion",
    "topic": "topic",
    "hours": "hours",
    "provider": "provider",
    "id": "id",
    "date": "day",
    "quantity": "quantity",
    "unit": "unit",
    "category": "category",
    "application.sent": "the day the application was sent",
    "application.kind": "the kind of application",
    "application.round": "the round",
    "languages": "languages",
    "results": "results",
    "payments": "payments",
    "decisions": "earlier decisions",
    "states": "what it states",
    "sent": "day of sending",
    "credits": "credits",
    "institution": "institution",
    "provider_kind": "kind of provider",
    "language": "language",
    "proved": "day of proof",
    "score": "score",
    "passed": "passed",
    "amount": "amount",
    "paid": "day of payment",
    "outcome": "outcome",
}
VALUES = {
    "body": "the awarding body",
    "committee": "the assessment committee",
    "school": "the school",
    "True": "yes",
    "False": "no",
}
STATUS = {
    Status.MET: "met",
    Status.NOT_MET: "not met",
    Status.OPEN: "not met yet, still possible",
    Status.UNKNOWN: "not known",
}
OUTCOME = {
    Outcome.ELIGIBLE: "the conditions are met",
    Outcome.PENDING: "the conditions are not met yet, and still can be",
    Outcome.INELIGIBLE: "the conditions are not met",
    Outcome.UNDETERMINED: "not known, because facts are missing",
}
KINDS = {
    "prerequisite": "prerequisite",
    "document": "document",
    "due date": "due date",
    "exam project": "exam project",
    "exam": "exam",
}
EXPLAIN = {
    "as_of": "Judged as of {day}; ruleset {ruleset}, version {version}.",
    "outcome": "{stage}: {outcome}",
    "due": "by {day}",
    "was_due": "was due by {day}",
    "earliest": "can hold from {day}",
    "too_late": "could hold from {day} at the earliest, after the due day",
    "missing": "missing: {facts}",
    "not_applies": "does not apply",
    "advisory": "advisory",
    "curable": "can be mended",
    "contested": "{status} under another reading: {about} – {option}",
    "discretion": "{who} decides",
    "path": "path: {path}",
    "one_of_paths": "Any one of these paths is enough",
    "lacks": "lacks: {lacking}",
    "source": "Source: {source}",
    "chosen": "once an exam's day is chosen",
    "none": "There are no requirements.",
    "ruleset": "Ruleset {ruleset}, version {version}.",
    "not_encoded": "Not encoded as rules",
    "due_rule": "due: {day}",
    "readings": "Readings",
    "timeline": "Due days for an exam on {day}",
    "moved": "moved off a day off, from {day}",
    "hangs_on": "hangs on: {facts}",
    "builds_on": "How the rules build on each other",
    "taken": "taken",
    "not_taken": "not chosen",
    "versions": "Versions",
    "in_force": "in force from {first} to {last}",
    "further_notice": "further notice",
    "for_approval": "For approval: what the rules ask for, and the words that they rest on.",
    "rests_on": "{rule} rests on {others}",
    "on_the_page": "On this page",
    "requirements": "Requirements",
}


def plural(count: float, forms: tuple[str, ...]) -> str:
    return forms[0] if count == 1 else forms[1]


def day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month_day(value: MonthDay) -> str:
    return str(value)
