"""May this applicant be admitted to the exam for this occupational qualification, and why?

The public names; each is loaded when it is first used, so that importing the package costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kutsereeglid.applicant import (
        ABSENT,
        Activity,
        Applicant,
        Application,
        Document,
        EarlierDecision,
        Education,
        Employment,
        Exam,
        ExamProject,
        HeldQualification,
        LanguageSkill,
        Part,
        Payment,
        Position,
        Result,
        Suspension,
        Training,
    )
    from kutsereeglid.decision import Citation, Contested, Decision, Finding, Reason
    from kutsereeglid.errors import ApplicantError, KutsereeglidError, Problem, RulesetError, UsageError
    from kutsereeglid.evaluation import evaluate
    from kutsereeglid.intake import read_applicant
    from kutsereeglid.rulebook import Rulebook, load_rulebook
    from kutsereeglid.status import Outcome, Status

_HOME = {
    "applicant": (
        "ABSENT",
        "Activity",
        "Applicant",
        "Application",
        "Document",
        "EarlierDecision",
        "Education",
        "Employment",
        "Exam",
        "ExamProject",
        "HeldQualification",
        "LanguageSkill",
        "Part",
        "Payment",
        "Position",
        "Result",
        "Suspension",
        "Training",
    ),
    "decision": ("Citation", "Contested", "Decision", "Finding", "Reason"),
    "errors": ("ApplicantError", "KutsereeglidError", "Problem", "RulesetError", "UsageError"),
    "evaluation": ("evaluate",),
    "intake": ("read_applicant",),
    "rulebook": ("Rulebook", "load_rulebook"),
    "status": ("Outcome", "Status"),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "ABSENT",
    "Activity",
    "Applicant",
    "ApplicantError",
    "Application",
    "Citation",
    "Contested",
    "Decision",
    "Document",
    "EarlierDecision",
    "Education",
    "Employment",
    "Exam",
    "ExamProject",
    "Finding",
    "HeldQualification",
    "KutsereeglidError",
    "LanguageSkill",
    "Outcome",
    "Part",
    "Payment",
    "Position",
    "Problem",
    "Reason",
    "Result",
    "Rulebook",
    "RulesetError",
    "Status",
    "Suspension",
    "Training",
    "UsageError",
    "evaluate",
    "load_rulebook",
    "read_applicant",
]


def __getattr__(name: str) -> Any:
    module = _MODULE.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_MODULE]
