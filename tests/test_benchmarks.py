"""What the benchmarks compare gives the same answers, and each of their tables can be made."""

from collections.abc import Callable

import pytest

from benchmarks import scaling
from benchmarks.applicants import QUALIFICATIONS, applicants, with_gaps
from benchmarks.comparing import compare_gaps, compare_parties, compare_reasons
from benchmarks.memory import memory
from benchmarks.parties import DisagreementError, Party, check_agreement, parties
from benchmarks.peers import PEERS, decider, installed
from benchmarks.plain import decide
from benchmarks.speed import main
from benchmarks.timing import Section, Size, Timed, within
from kutsereeglid import read_applicant

TINY = Size(rounds=1, files=1, checked=2)
LEAST: dict[str, Callable[[], Section]] = {
    "parties": lambda: compare_parties(TINY),
    "gaps": lambda: compare_gaps(TINY),
    "reasons": lambda: compare_reasons(TINY),
    "qualifications": lambda: scaling.against_qualifications(TINY, (1, 2)),
    "requirements": lambda: scaling.against_requirements(TINY, (5, 10, 20)),
    "records": lambda: scaling.against_records(TINY, (1, 2, 4)),
    "memory": lambda: memory(TINY, others=()),
}


def test_the_parties_agree() -> None:
    own = [party for party in parties() if party.name not in PEERS]
    assert check_agreement(own, applicants(12, seed=7)) > 350


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_agrees_with_the_plain_function(peer: str) -> None:
    if not installed(peer):
        pytest.skip(f"{peer} is not installed; `make bench` installs it")
    compared = [Party("plain", decide, dict), Party(peer, decider(peer, QUALIFICATIONS), dict)]
    assert check_agreement(compared, applicants(60, seed=8)) > 1_500


def test_a_party_that_differs_is_found() -> None:
    wrong = Party(
        "wrong", lambda file, name, as_of: decide(file, name, as_of) | {"identity": ("met", None)}, dict
    )
    with pytest.raises(DisagreementError, match="identity"):
        check_agreement([Party("plain", decide, dict), wrong], applicants(1))


def test_the_files_reach_every_answer_and_are_the_same_for_a_seed() -> None:
    files = applicants(2_000)
    reached = {
        (name, status)
        for file, as_of in files
        for qualification in QUALIFICATIONS
        for name, (status, _) in decide(file, qualification, as_of).items()
    }
    assert reached == {(name, status) for name, _ in reached for status in ("met", "open", "not_met")}
    assert files[:50] == applicants(50) != applicants(50, seed=1)


def test_files_with_gaps_can_be_read_and_leave_the_others_as_they_are() -> None:
    complete = applicants(200)
    for (gaps, as_of), (whole, same_day) in zip(with_gaps(complete), complete, strict=True):
        read_applicant(gaps)
        assert gaps != whole
        assert as_of == same_day
    assert complete == applicants(200)


@pytest.mark.parametrize("part", LEAST)
def test_a_table_has_a_cell_for_each_column(part: str) -> None:
    section = LEAST[part]()
    assert section.rows
    assert {len(row) for row in section.rows} == {len(section.columns)}
    assert section.markdown().startswith(f"## {section.title}\n")


def test_ratios_are_medians_of_the_rounds_ratios() -> None:
    timed = Timed({"mine": [2.0, 30.0, 8.0], "base": [1.0, 10.0, 2.0]})
    assert timed.ratio("mine", "base") == 3
    assert timed.micros("base") == 2e6
    assert (within(1.5, 1.5), within(1.51, 1.5), within(9, None)) == ("1.5x: met", "1.5x: not met", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["speeed"], "no part 'speeed'; expected one of parties"),
        (["--rounds", "0"], "a number below 1; expected 1 or more for --rounds"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert told in capsys.readouterr().err
