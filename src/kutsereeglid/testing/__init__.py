"""Hypothesis strategies for rulesets and applicants (the extra ``kutsereeglid[testing]``).

`cases` and `applicants` make files for one qualification: days near its boundaries, values that its
rules name and others, any facts missing. `rulesets` makes whole rulesets with every family of
conditions, as plain mappings; `rulebook_of` turns one into a rulebook. With them a property of a
ruleset, or of a system that asks rulesets, is a test of a few lines:

>>> from hypothesis import given, settings
>>> from kutsereeglid import evaluate
>>> from kutsereeglid.testing import cases
>>> @settings(max_examples=5, deadline=None)
... @given(cases("it-tehnik"))
... def test_unknown_names_what_is_missing(case):
...     applicant, as_of = case
...     for finding in evaluate(applicant, "it-tehnik", as_of=as_of).findings:
...         assert (finding.status == "unknown") == bool(finding.missing)
>>> test_unknown_names_what_is_missing()
"""

from kutsereeglid.testing.applicants import applicants, cases
from kutsereeglid.testing.rulesets import rulebook_of, rulesets

__all__ = ["applicants", "cases", "rulebook_of", "rulesets"]
