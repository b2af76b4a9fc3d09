"""The laws of the design in the small; `make laws` runs them in the large."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import INSTALLED
from tests.laws import laws
from tests.laws.laws import World, worlds

SMALL = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # `make laws` shrinks; here a failure is told at once
)
RANDOM = st.integers(0, 2**32).map(Random)


@SMALL
@given(worlds())
def test_1_knowledge_is_monotone(made: list[World]) -> None:
    for world in made:
        laws.knowledge_is_monotone(world)


@SMALL
@given(worlds())
def test_2_missing_is_exact(made: list[World]) -> None:
    for world in made:
        laws.missing_is_exact(world)
        laws.asking_on_ends(world)


@SMALL
@given(worlds(), RANDOM)
def test_3_proofs_replay_and_forged_steps_are_refused(made: list[World], random: Random) -> None:
    for world in made:
        for engine in INSTALLED:
            laws.proofs_replay(world, random, engine)


@SMALL
@given(worlds())
def test_4_order_does_not_matter(made: list[World]) -> None:
    for world in made:
        laws.order_does_not_matter(world)


@SMALL
@given(worlds(), RANDOM)
def test_5_time_only_closes(made: list[World], random: Random) -> None:
    for world in made:
        laws.time_only_closes(world, random)


def test_6_engines_and_oracle_agree() -> None:
    @settings(SMALL, max_examples=500)
    @given(worlds())
    def three_parties(made: list[World]) -> None:
        for world in made:
            laws.engine_and_oracle_agree(world)
            if "durable" in INSTALLED:
                laws.engines_agree(world)

    three_parties()
    if "durable" not in INSTALLED:
        pytest.skip("native and the oracle agree; durable-rules is not installed here")
