"""The engine against the tables of the four answers, on generated programs; proofs that can be replayed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kutsereeglid import Status, UsageError
from kutsereeglid.engine import EngineError, Group, Program, Step, engine_named, replay
from kutsereeglid.engine.program import WIDEST
from kutsereeglid.status import all_of, at_least

some_status = st.sampled_from(list(Status))


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[Group | None], list[Status]]:
    """Leaves with statuses, then groups of what stands before them."""
    leaves = draw(st.lists(some_status, min_size=1, max_size=6))
    propositions: list[Group | None] = [None] * len(leaves)
    for _ in range(draw(st.integers(0, 8))):
        earlier = st.integers(0, len(propositions) - 1)
        if draw(st.integers(0, 5)) == 0:
            propositions.append(Group(tuple(draw(st.lists(earlier, min_size=1, max_size=3))), 1, agree=True))
        else:
            parts = draw(st.lists(earlier, max_size=5))
            propositions.append(Group(tuple(parts), draw(st.integers(0, len(parts) + 1))))
    return propositions, leaves


def by_tables(propositions: list[Group | None], leaves: list[Status]) -> list[Status]:
    made = list(leaves)
    for group in propositions[len(leaves) :]:
        assert group is not None
        parts = [made[part] for part in group.parts]
        if group.agree:
            made.append(parts[0] if len(set(parts)) == 1 else Status.UNKNOWN)
        else:
            made.append(at_least(group.needed, parts))
    return made


def atoms(program: Program, leaves: list[Status]) -> list[int]:
    return [program.atom(number, status) for number, status in enumerate(leaves)]


@given(case=programs())
def test_every_proposition_has_the_status_of_the_tables(
    engine: str, case: tuple[list[Group | None], list[Status]]
) -> None:
    propositions, leaves = case
    program = Program(propositions)
    assert list(engine_named(engine)(program, atoms(program, leaves)).statuses) == by_tables(
        propositions, leaves
    )


@given(case=programs())
def test_the_steps_alone_give_the_same_statuses(
    engine: str, case: tuple[list[Group | None], list[Status]]
) -> None:
    propositions, leaves = case
    program = Program(propositions)
    given_atoms = atoms(program, leaves)
    model = engine_named(engine)(program, given_atoms)
    assert replay(program, given_atoms, model.steps) == model.statuses


@given(case=programs(), data=st.data())
def test_a_forged_step_is_refused(
    engine: str, case: tuple[list[Group | None], list[Status]], data: st.DataObject
) -> None:
    propositions, leaves = case
    program = Program(propositions)
    given_atoms = atoms(program, leaves)
    model = engine_named(engine)(program, given_atoms)
    fired = {step.rule for step in model.steps}
    forged = [index for index in range(len(program.rules)) if index not in fired] or [len(program.rules)]
    place = data.draw(st.integers(0, len(model.steps)))
    steps = [*model.steps[:place], Step(data.draw(st.sampled_from(forged))), *model.steps[place:]]
    with pytest.raises(EngineError):
        replay(program, given_atoms, steps)


def test_steps_that_are_left_out_leave_something_without_a_status() -> None:
    program = Program([None, Group((0,), 1)])
    given_atoms = [program.atom(0, Status.MET)]
    with pytest.raises(EngineError, match="0 statuses"):
        replay(program, given_atoms, [])


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_all_tables_exhaustively(engine: str, size: int) -> None:
    for needed in range(size + 2):
        program = Program([*[None] * size, Group(tuple(range(size)), needed)])
        for statuses in product(Status, repeat=size):
            model = engine_named(engine)(program, atoms(program, list(statuses)))
            assert model.statuses[-1] is at_least(needed, statuses)


def counted_by_words(needed: int, statuses: list[Status]) -> Status:
    """The tables of *all of* and *any of*, written out."""
    order_all = [Status.NOT_MET, Status.UNKNOWN, Status.OPEN, Status.MET]
    order_any = [Status.MET, Status.UNKNOWN, Status.OPEN, Status.NOT_MET]
    order = order_all if needed == len(statuses) else order_any
    return next(status for status in order if status in statuses)


@given(st.lists(some_status, min_size=1, max_size=6))
def test_all_of_and_any_of_are_n_of_n_and_one_of_n(statuses: list[Status]) -> None:
    assert at_least(len(statuses), statuses) is all_of(statuses) is counted_by_words(len(statuses), statuses)
    assert at_least(1, statuses) is (counted_by_words(1, statuses) if len(statuses) > 1 else statuses[0])


NEGATED = {Status.MET: Status.NOT_MET, Status.NOT_MET: Status.MET}


@given(st.lists(st.sampled_from([Status.MET, Status.NOT_MET]), min_size=1, max_size=6), st.data())
def test_a_negated_k_of_n_is_n_minus_k_plus_one_of_the_negations(
    statuses: list[Status], data: st.DataObject
) -> None:
    needed = data.draw(st.integers(1, len(statuses)))
    negated = at_least(len(statuses) - needed + 1, [NEGATED[status] for status in statuses])
    assert negated is NEGATED[at_least(needed, statuses)]


def test_the_programs_size_is_linear_in_its_parts() -> None:
    def size(parts: int) -> int:
        program = Program([*[None] * parts, Group(tuple(range(parts)), parts), Group(tuple(range(parts)), 1)])
        return sum(len(rule.body) + 1 for rule in program.rules)

    assert size(2000) <= 2.01 * size(1000)


def test_thousands_of_propositions_in_a_chain(engine: str) -> None:
    chain: list[Group | None] = [None, *(Group((number,), 1) for number in range(10_000))]
    program = Program(chain)
    model = engine_named(engine)(program, [program.atom(0, Status.OPEN)])
    assert set(model.statuses) == {Status.OPEN}


def test_threads_do_not_meet(engine: str) -> None:
    groups: list[Group | None] = [None] * 4
    groups += [Group((0, 1, 2, 3), needed) for needed in range(6)]
    program = Program(groups)
    every = list(product(Status, repeat=4))

    def judged(statuses: tuple[Status, ...]) -> tuple[Status, ...]:
        return engine_named(engine)(program, atoms(program, list(statuses))).statuses

    with ThreadPoolExecutor(8) as pool:
        for statuses, found in zip(every * 2, pool.map(judged, every * 2), strict=True):
            assert list(found) == by_tables(groups, list(statuses))


def test_two_statuses_for_one_proposition_are_refused(engine: str) -> None:
    program = Program([None])
    with pytest.raises(EngineError, match="2 statuses"):
        engine_named(engine)(program, [program.atom(0, Status.MET), program.atom(0, Status.OPEN)])


def test_an_engine_that_does_not_exist() -> None:
    with pytest.raises(UsageError, match="unknown-engine"):
        engine_named("nativ")


@pytest.mark.parametrize(("needed", "size"), [(1, 500), (500, 500), (3, 20), (17, 20)])
def test_more_parts_than_one_rule_or_one_host_can_have(engine: str, needed: int, size: int) -> None:
    program = Program([*[None] * size, Group(tuple(range(size)), needed)])
    assert max(len(rule.body) for rule in program.rules) <= WIDEST
    for other in Status:
        statuses = [Status.MET] * (needed - 1) + [other] * (size - needed + 1)
        given_atoms = atoms(program, statuses)
        model = engine_named(engine)(program, given_atoms)
        assert model.statuses[-1] is at_least(needed, statuses)
        assert replay(program, given_atoms, model.steps) == model.statuses


def test_a_part_that_hundreds_of_groups_share(engine: str) -> None:
    program = Program([None, *[Group((0,), 1)] * 700])
    for status in Status:
        assert {*engine_named(engine)(program, [program.atom(0, status)]).statuses} == {status}


def test_no_thread_is_started(engine: str) -> None:
    before = threading.active_count()
    program = Program([None, Group((0,), 1)])
    engine_named(engine)(program, [program.atom(0, Status.MET)])
    assert threading.active_count() == before
