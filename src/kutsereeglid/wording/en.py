"""English."""

from datetime import date

from kutsereeglid.status import Outcome, Status

NAME = "English"
TODAY = "the day of evaluation"
SENTENCES = {
    "fact": "{fact}: {compared}",
    "not fact": "it does not hold that {fact}: {compared}",
    "some": "{records}{where}: at least one",
    "not some": "{records}{where}: none",
    "document": "a document{where}",
    "not document": "no document{where}",
    "count": "{records}{where}: at least {needed}",
    "not count": "{records}{where}: fewer than {needed}",
    "sum": "{records}{where}: {field} at least {needed} in all",
    "not sum": "{records}{where}: {field} less than {needed} in all",
    "sum more": "{records}{where}: {field} more than {needed} in all",
    "not sum more": "{records}{where}: {field} at most {needed} in all",
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
}
OR = "or"
DECIMAL = "."
NEGATED = "it does not hold: {}"
COMPARED = {
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
    "exam_project": "exam project",
    "exam_project.field": "the exam project's field",
    "exam_project.basis": "the exam project's basis",
    "exam_project.topics": "the exam project's topics",
    "exam_project.hours": "the exam project's volume in hours",
    "exam_project.parts": "parts of the exam project",
    "exam_project.presented": "the day the exam project was presented",
    "application.submitted": "the day the application was filed",
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
    "application.asks": "what is applied for",
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
    "source": "Source: {source}",
    "chosen": "once an exam's day is chosen",
    "none": "There are no requirements.",
    "ruleset": "Ruleset {ruleset}, version {version}.",
    "not_encoded": "Not encoded as rules",
    "due_rule": "due: {day}",
    "readings": "Readings",
    "requirements": "Requirements",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def plural(count: float, forms: tuple[str, ...]) -> str:
    return forms[0] if count == 1 else forms[1]


def day(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
