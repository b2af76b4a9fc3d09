"""The search for missing facts against all completions, on made-up leaves that grow with every fact."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from itertools import product

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from kutsereeglid import Applicant, Status
from kutsereeglid.conditions.base import Leaf, Moment, Variable, values_of
from kutsereeglid.conditions.settling import settle
from kutsereeglid.dates import Calendar, CountingBack, MonthEnd, Shift
from kutsereeglid.decision import Part
from kutsereeglid.facts import Facts

HOW = Calendar("UTC", "EE", MonthEnd.CLAMP, CountingBack.SUBTRACT, Shift.STAY, Shift.STAY)


@frozen(eq=False)
class Points(Leaf):
    """Facts give points, up to a cap for each pair; so much is enough, so much may still become enough."""

    head = "points"
    weights: tuple[int, ...]
    sizes: tuple[int, ...]
    cap: int
    enough: int
    may_do: int

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        for number, size in enumerate(self.sizes):
            yield Variable(f"facts.{number}", size, lambda index, _day: index)

    def points(self, values: tuple[int, ...]) -> int:
        given_points = [weight * value for weight, value in zip(self.weights, values, strict=True)]
        return sum(
            min(self.cap, sum(given_points[start : start + 2])) for start in range(0, len(given_points), 2)
        )

    def status(self, values: tuple[int, ...]) -> Status:
        points = self.points(values)
        if points >= self.enough:
            return Status.MET
        return Status.OPEN if points >= self.may_do else Status.NOT_MET

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        return self.status(tuple(facts.assumed(f"facts.{number}") for number in range(len(self.sizes))))

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return self.judge(facts, Moment(day, day), how) is Status.MET

    def asks(self) -> Part:
        return Part("always")


@st.composite
def leaves(draw: st.DrawFn) -> Points:
    count = draw(st.integers(1, 5))
    sizes = tuple(draw(st.lists(st.integers(1, 7), min_size=count, max_size=count)))
    weights = tuple(draw(st.lists(st.integers(0, 5), min_size=count, max_size=count)))
    enough = draw(st.integers(0, 40))
    return Points(weights, sizes, draw(st.integers(1, 20)), enough, draw(st.integers(0, enough)))


@given(leaves())
def test_missing_are_the_facts_that_alone_change_the_status(leaf: Points) -> None:
    completions = {values: leaf.status(values) for values in product(*map(range, leaf.sizes))}
    missing = {
        f"facts.{place}"
        for values, status in completions.items()
        for place, size in enumerate(leaf.sizes)
        for other in range(size)
        if completions[(*values[:place], other, *values[place + 1 :])] is not status
    }
    settled = settle(leaf, None, Facts(Applicant(), date(2026, 6, 10), UTC), HOW)
    assert set(settled.missing) == missing
    known = set(completions.values())
    assert settled.status is (Status.UNKNOWN if len(known) > 1 else known.pop())


@frozen(eq=False)
class OneOfMany(Leaf):
    """Facts without an order; one combination of them holds, all others do not."""

    head = "one of many"
    sizes: tuple[int, ...]
    only: tuple[int, ...]

    def variables(self, facts: Facts, days: Sequence[date]) -> Iterable[Variable]:
        for number, size in enumerate(self.sizes):
            yield values_of(f"facts.{number}", range(size), ordered=False)

    def holds(self, facts: Facts, day: date, how: Calendar) -> bool:
        return all(facts.assumed(f"facts.{number}") == one for number, one in enumerate(self.only))

    def judge(self, facts: Facts, moment: Moment, how: Calendar) -> Status:
        return Status.MET if self.holds(facts, moment.day, how) else Status.NOT_MET

    def asks(self) -> Part:
        return Part("always")


@given(st.data(), st.lists(st.integers(2, 60), min_size=1, max_size=3))
def test_with_too_many_completions_to_try_no_answer_is_called_certain(
    data: st.DataObject, sizes: list[int]
) -> None:
    only = tuple(data.draw(st.integers(0, size - 1)) for size in sizes)
    settled = settle(OneOfMany(tuple(sizes), only), None, Facts(Applicant(), date(2026, 6, 10), UTC), HOW)
    assert settled.status is Status.UNKNOWN
    assert set(settled.missing) == {f"facts.{place}" for place in range(len(sizes))}
