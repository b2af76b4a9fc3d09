"""What the benchmarks compare gives the same answers."""

from benchmarks.applicants import QUALIFICATIONS, applicants
from benchmarks.plain import decide, decide_required
from kutsereeglid import evaluate


def test_the_plain_function_agrees_with_the_shipped_ruleset() -> None:
    for file, as_of in applicants(60, seed=7):
        for qualification in QUALIFICATIONS:
            findings = evaluate(file, qualification, as_of=as_of).findings
            answers = {found.requirement: (str(found.status), found.due) for found in findings}
            required = {found.requirement for found in findings if found.required}
            assert decide(file, qualification, as_of) == answers
            assert decide_required(file, qualification, as_of) == {name: answers[name] for name in required}
