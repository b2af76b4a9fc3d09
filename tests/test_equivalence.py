"""Totals with other numbers that come to the same answers, against trying amounts one by one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("z3")

from kutsereeglid.applicant import Applicant
from kutsereeglid.authoring.differences import behaviour, pairs
from kutsereeglid.authoring.equivalence import same_answers
from kutsereeglid.conditions.amounts import Amount
from kutsereeglid.conditions.measures import Measure
from kutsereeglid.conditions.records import Measured
from kutsereeglid.conditions.totals import Part, Total, Worth
from kutsereeglid.dates import Calendar, CountingBack, MonthEnd, Shift
from kutsereeglid.facts import Facts, Vocabulary

HOW = Calendar("UTC", "EE", MonthEnd.CLAMP, CountingBack.SUBTRACT, Shift.STAY, Shift.STAY)
DAY = date(2026, 3, 10)
FACTS = Facts(Applicant(), DAY, ZoneInfo(HOW.zone), Vocabulary())
AMOUNTS = [Fraction(number, 2) for number in range(15)]
VERSION = "2024-01-01.yaml"
KYLMALIIT = Path(__file__).parents[1] / "rulesets" / "examples" / "kylmaliit"


@attrs.define(eq=False)
class Given(Measure):
    """An amount that a test gives."""

    name: str

    def amount(self, facts: Facts, day: date, how: Calendar, cut: date | None = None) -> Fraction:
        return now[self.name]


now: dict[str, Fraction] = {}


def whole(least: int, most: int) -> st.SearchStrategy[Fraction]:
    return st.integers(least, most).map(Fraction)


@st.composite
def totals(draw: Callable[[Any], Any]) -> Measured:
    parts = {}
    for name in ("a", "b"):
        measure: Measure = Given(name)
        if draw(st.booleans()):
            measure = Worth(measure, draw(whole(1, 3)), draw(whole(1, 2)), draw(st.booleans()))
        least = draw(st.none() | whole(1, 3))
        parts[name] = Part(measure, least, draw(st.none() | whole(1, 6)))
    needed = Amount(draw(whole(1, 8)))
    return Measured("total", Total(parts, draw(st.booleans())), needed, draw(st.booleans()))


def enough(leaf: Measured) -> list[bool]:
    """Whether it holds, with each pair of amounts."""
    found = []
    for one, other in product(AMOUNTS, repeat=2):
        now.update(a=one, b=other)
        found.append(leaf.holds(FACTS, DAY, HOW))
    return found


@settings(max_examples=150, deadline=None, derandomize=True)
@given(totals(), totals(), st.booleans())
def test_what_is_proven_the_same_is_the_same(one: Measured, other: Measured, near: bool) -> None:
    if near:  # only one number is another one
        other = attrs.evolve(one, needed=Amount(one.needed.given + 1))
    if enough(one) != enough(other):
        assert not same_answers(one, other)
    assert same_answers(one, one)


def test_a_cap_that_is_not_reached_can_be_another_one() -> None:
    def capped(most: int) -> Measured:
        work = Part(Worth(Given("a"), Fraction(2)), None, Fraction(3))
        return Measured(
            "total", Total({"a": work, "b": Part(Given("b"), None, Fraction(most))}), Amount(Fraction(3))
        )

    assert same_answers(capped(3), capped(4))
    assert not same_answers(capped(0), capped(1))


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], list[bool]]:
    """The rulesets with something changed in what they share: for each qualification, whether it is decided as
    before."""

    def made(before: str, after: str) -> list[bool]:
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(KYLMALIIT, root / "kylmaliit")
        shutil.copy(KYLMALIIT.parent / "common.yaml", root)
        shutil.copy(KYLMALIIT.parent / "common.texts.en.yaml", root)
        shared = root / "kylmaliit" / "common.yaml"
        text = shared.read_text(encoding="utf-8")
        assert before in text
        shared.write_text(text.replace(before, after), encoding="utf-8")
        compared = pairs(KYLMALIIT / VERSION, shared.parent / VERSION)
        return [behaviour(pair, name, 0).same for pair in compared for name in pair.qualifications]

    return made


def test_five_years_hold_five_full_years_at_most(changed: Callable[[str, str], list[bool]]) -> None:
    assert all(changed("at_most: 15 points", "at_most: 16 points"))
    assert not any(changed("at_most: 15 points", "at_most: 14 points"))


def test_declared_facts_are_the_same_where_they_say_the_same(
    changed: Callable[[str, str], list[bool]],
) -> None:
    assert all(changed("about: eriala", "about: tööala"))
    assert not any(changed("{type: date, about: läbitud}", "{type: date, about: läbitud, or_none: true}"))
