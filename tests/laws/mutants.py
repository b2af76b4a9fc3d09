"""Mutants of the library, each of which the suite must catch: ``python -m tests.laws.mutants [WORDS]``.

Each is one change of the text of one module, made in a copy that the named tests then run against; with
words, only the mutants whose names hold one of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
LAW_6 = "tests/laws/test_laws.py::test_6_engines_and_oracle_agree"


@frozen
class Mutant:
    name: str
    module: str
    old: str
    new: str
    tests: tuple[str, ...]
    """Those that are likely to catch it, the quick ones first."""


MUTANTS = (
    Mutant(
        "algebra of any of",
        "status.py",
        "ANY_OF = _first_of(Status.MET, Status.UNKNOWN, Status.OPEN, Status.NOT_MET)",
        "ANY_OF = _first_of(Status.MET, Status.OPEN, Status.UNKNOWN, Status.NOT_MET)",
        ("tests/test_engine.py", LAW_6),
    ),
    Mutant(
        "inclusive end of a day range",
        "conditions/selection.py",
        "return not_after(first, dated) and not_after(dated, last)",
        "return not_after(first, dated) and bool(dated < last)",
        ("docs/language.md", "tests/test_language_further.py", LAW_6),
    ),
    Mutant(
        "month-end clamp",
        "dates.py",
        "return last if month_end is MonthEnd.CLAMP",
        "return plus_days(last, -1) if month_end is MonthEnd.CLAMP",
        ("tests/test_dates.py", "tests/test_walks.py"),
    ),
    Mutant(
        "bound of a sum",
        "conditions/records.py",
        "amount >= needed",
        "amount > needed",
        ("docs/conditions.md", "tests/test_language_further.py", LAW_6),
    ),
    Mutant(
        "at least k of n, one too many open",
        "status.py",
        "met + unknown < needed <= met + open_",
        "met + unknown <= needed <= met + open_",
        ("tests/test_engine.py", LAW_6),
    ),
    Mutant(
        "gap that breaks nothing, a day longer",
        "conditions/spells.py",
        "return next_start - 1 <= end_of_term",
        "return next_start - 2 <= end_of_term",
        ("tests/test_language_further.py", LAW_6),
    ),
    Mutant(
        "evidence used twice",
        "conditions/sharing.py",
        "ways = _least(further)",
        "ways = _least(further | {tuple(max(Fraction(0), a - b) for a, b in zip(way, worth)) for way in ways})",
        ("tests/test_language_further.py", LAW_6),
    ),
    Mutant(
        "cap of a total's part",
        "conditions/totals.py",
        "return amount if self.most is None else min(amount, self.most)",
        "return amount",
        ("tests/test_language_further.py", "docs/conditions.md", LAW_6),
    ),
    Mutant(
        "band of a table without its last value",
        "conditions/amounts.py",
        "value <= self.last",
        "value < self.last",
        ("tests/test_language_further.py", "docs/conditions.md", LAW_6),
    ),
    Mutant(
        "later of two days",
        "phrases.py",
        "return max(days) if self.later else min(days)",
        "return min(days) if self.later else max(days)",
        ("tests/test_language_further.py", LAW_6),
    ),
    Mutant(
        "end of a year",
        "phrases.py",
        "month = 12 if self.unit == ",
        "month = 11 if self.unit == ",
        ("tests/test_language_further.py", LAW_6),
    ),
    Mutant(
        "birthday not reached on its day",
        "conditions/parsing.py",
        '"at_least": ("from", 0),',
        '"at_least": ("after", 0),',
        ("tests/test_language_further.py", "docs/conditions.md", LAW_6),
    ),
    Mutant(
        "different values counted as often as they stand",
        "conditions/measures.py",
        "Fraction(len(self._different(counted)))",
        "Fraction(len(counted))",
        ("tests/test_language_further.py", LAW_6),
    ),
    Mutant(
        "a missing fact that is not named",
        "conditions/settling.py",
        "return tuple(sorted(self._missing())) or (MONTH_END_CHOICE,)",
        "return tuple(sorted(self._missing()))[:1] or (MONTH_END_CHOICE,)",
        (
            "tests/test_missing.py",
            "tests/laws/test_kept.py",
            "tests/laws/test_laws.py::test_2_missing_is_exact",
        ),
    ),
    Mutant(
        "work that may begin on the day of evaluation",
        "conditions/spells.py",
        "begin = as_of if self.selection.kind.dated_by else plus_days(as_of, 1)",
        "begin = as_of",
        ("tests/test_boundaries.py", "tests/laws/test_kept.py", LAW_6),
    ),
    Mutant(
        "an act that may no longer be done on the due day",
        "conditions/base.py",
        "moment.as_of <= moment.due and self.can",
        "moment.as_of < moment.due and self.can",
        ("tests/test_boundaries.py", "tests/contract", "tests/test_fast.py", LAW_6),
    ),
)


_OPTIONS = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-profile", "unshrunk")


def caught_by(mutant: Mutant) -> str | None:
    """The test that fails; ``None`` when none does. Raises `ValueError` where the text has changed."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
        os.symlink(ROOT / "rulesets", copy / "rulesets")
        path = copy / "src" / "kutsereeglid" / mutant.module
        text = path.read_text(encoding="utf-8")
        if text.count(mutant.old) == 0:
            raise ValueError(f"{mutant.module} has no `{mutant.old}`")
        path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        for test in mutant.tests:
            ran = subprocess.run(
                [sys.executable, "-m", "pytest", *_OPTIONS, test],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(copy / "src")},
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            if ran.returncode == 1:
                return test
            if ran.returncode != 0:
                raise ValueError(f"{test}: {(ran.stdout + ran.stderr)[-500:]}")
    return None


def main(words: list[str]) -> int:
    lived = 0
    for mutant in MUTANTS:
        if words and not any(word in mutant.name for word in words):
            continue
        caught = caught_by(mutant)
        lived += caught is None
        print(f"{mutant.name}: {caught or 'NOT CAUGHT'}", flush=True)
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
