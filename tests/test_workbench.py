"""Differences between rulesets, mutants of one, and proposed cases."""

from __future__ import annotations

import json
import shutil
from itertools import islice
from pathlib import Path

import pytest

from kutsereeglid import evaluate, load_rulebook
from kutsereeglid.authoring.case_files import read_cases
from kutsereeglid.authoring.cases import run
from kutsereeglid.authoring.coverage import Measuring
from kutsereeglid.authoring.differences import behaviour, changes, pairs, said
from kutsereeglid.authoring.mutants import Fate, Mutating, counted
from kutsereeglid.authoring.witness import Side, files, findings, smaller
from tests.test_cli import Run

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"
VERSION = "2026-01-01.yaml"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "old"))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "new"))


def edit(folder: Path, before: str, after: str) -> None:
    path = folder / VERSION
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


EDITS = {
    "a term": ("length: 3 months", "length: 4 months"),
    "a due day": ("due: 2 weeks before exam.date", "due: 15 days before exam.date"),
    "an option taken": ("taken: counts", "taken: does-not"),
    "a document": ("document: employment-certificate", "document: [employment-certificate, mariner]"),
    "an exception": ("judge: applicant}\n", "judge: applicant}\n    unless: {judged: forged, by: body}\n"),
    "another option": ("kind: {is_not: internship}", "kind: employment"),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_is_decided_otherwise_has_a_witness(name: str, old: Path, new: Path) -> None:
    edit(new, *EDITS[name])
    [pair] = pairs(old, new)
    assert pair.old is not None
    assert pair.new is not None
    assert changes(pair.old, pair.new)
    found = [behaviour(pair, one, 200) for one in pair.qualifications]
    assert any(one.witnesses for one in found)
    for one in found:
        assert one.same <= (not one.witnesses)
        for witness in one.witnesses:
            before, after = (
                evaluate(
                    witness.file, one.qualification, as_of=witness.as_of, readings=witness.readings,
                    rulebook=load_rulebook(folder),
                )
                for folder in (old, new)
            )  # fmt: skip
            assert (before, after) == (witness.before, witness.after)
            assert said(before, after)


def test_what_only_reads_otherwise_is_decided_alike(old: Path, new: Path) -> None:
    edit(new, "title: The employer's confirmation", "title: A confirmation of the employer's")
    [pair] = pairs(old, new)
    assert pair.old is not None
    assert pair.new is not None
    [change, *_] = changes(pair.old, pair.new)
    assert (change.path, change.place.line) == ("rules.confirmation.title", 61)
    assert all(behaviour(pair, name).same for name in pair.qualifications)


def test_the_command_diff(command: Run, old: Path, new: Path, tmp_path: Path) -> None:
    status, out, _ = command("diff", old, new)
    assert status == 0
    assert "nothing changed in the files" in out
    edit(new, "length: 3 months", "length: 4 months")
    status, out, _ = command("diff", old / VERSION, new / VERSION)
    assert status == 1
    assert "qualifications.assistant.with.length: 3 months -> 4 months" in out
    assert "keeper: decided alike, whoever applies" in out
    assert "work: status met -> not_met" in out
    told = json.loads(command("diff", old, new, "--json")[1])
    assert told[0]["changes"][0]["after"] == "4 months"
    assert told[0]["qualifications"][1]["witnesses"]


def test_applicants_who_are_decided_otherwise_are_named_by_their_place(
    command: Run, old: Path, new: Path, tmp_path: Path
) -> None:
    edit(new, "length: 3 months", "length: 4 months")
    spell = {"field": "other", "start": "2026-01-01", "end": "2026-04-10"}
    given = tmp_path / "given.json"
    given.write_text(
        json.dumps([{"employments": []}, {"exam": {"date": "2026-04-10"}, "employments": [spell]}])
    )
    out = command("diff", old, new, "--applicants", given, "--as-of", "2026-04-10")[1]
    assert f"{given}[1]: assistant" in out
    assert f"{given}[0]: keeper" not in out
    given.write_text(json.dumps([{"employments": 5}, 7]))
    lines = command.refused("diff", old, new, "--applicants", given)
    assert [line.split(": ")[0] for line in lines] == [f"{given}[0].employments", f"{given}[1]"]


def test_rulesets_that_came_or_went(command: Run, old: Path, new: Path) -> None:
    edit(new, "ruleset: lighthouse-guild/keepers", "ruleset: lighthouse-guild/wardens")
    lines = command("diff", old, new)[1].splitlines()
    assert lines == [
        "lighthouse-guild/keepers 2026-01-01: taken out",
        "lighthouse-guild/wardens 2026-01-01: added",
    ]
    assert command.refused("diff", old, new / "nowhere")
    assert command.refused("diff", old, new / "cases.yaml")


def test_a_smaller_file_still_shows_it(old: Path) -> None:
    book = load_rulebook(old)
    side = Side(book, book.rulesets[0])
    for file, as_of in islice(files(side, "keeper"), 20):
        decision = side.decide(file, "keeper", as_of)
        assert decision is not None
        status = findings(decision)[None, None, "work", True][0]

        def still(less: dict[str, object], as_of=as_of, status=status) -> bool:  # type: ignore[no-untyped-def]
            made = side.decide(less, "keeper", as_of)
            return made is not None and findings(made)[None, None, "work", True][0] == status

        small = smaller(file, still)
        assert still(small)
        assert len(str(small)) <= len(str(file))


def test_every_proposed_case_passes_and_kills_its_mutant(old: Path) -> None:
    mutating = Mutating(old)
    results = [mutating.result(mutant, 200) for mutant in mutating.mutants]
    assert counted(results) == (14, 16)
    proposed = [one.proposed for one in results if one.proposed]
    assert len(proposed) == 2
    lines = [f"  {line}" for case in proposed for line in case.splitlines()]
    (old / "more.cases.yaml").write_text("\n".join(["cases:", *lines, ""]), encoding="utf-8")
    book = load_rulebook(old)
    assert all(run(case, book).passed for case in read_cases(old / "more.cases.yaml", book).cases)
    again = Mutating(old)
    assert counted(again.result(mutant, 0) for mutant in again.mutants) == (16, 16)


def test_without_cases_nothing_is_killed(old: Path, command: Run) -> None:
    (old / "cases.yaml").unlink()
    mutating = Mutating(old)
    fates = {mutating.result(mutant, 0).fate for mutant in mutating.mutants}
    assert fates <= {Fate.SURVIVED, Fate.REFUSED}
    assert command("mutate", old, "--tries", "0", "--fail-under", "1")[0] == 1


def test_a_change_of_what_nothing_rests_on_is_no_mutant(old: Path) -> None:
    edit(old, "rules:\n", "define:\n  spare: 2 weeks\nrules:\n")
    mutating = Mutating(old)
    fates = {mutant.was: mutating.result(mutant, 0).fate for mutant in mutating.mutants}
    assert fates["2 weeks"] is Fate.EQUIVALENT


def test_the_command_mutate(command: Run) -> None:
    status, out, _ = command("mutate", EXAMPLE)
    assert status == 0
    assert out.splitlines()[-1] == "14 of 16 mutants killed (87.5 %); 0 come to the same rules, 4 are refused"
    told = json.loads(command("mutate", EXAMPLE, "--tries", "0", "--json")[1])
    assert (told["killed"], told["of"], len(told["mutants"])) == (14, 16, 20)


@pytest.mark.parametrize("name", ["keeper", "assistant"])
def test_proposed_cases_show_all_that_can_be_shown(
    name: str, command: Run, old: Path, tmp_path: Path
) -> None:
    proposed = tmp_path / "proposed.yaml"
    assert command("cases", name, "--rulesets", old, "-o", proposed)[0] == 0
    book = load_rulebook(old)
    cases = read_cases(proposed, book).cases
    assert all(run(case, book).passed for case in cases)
    measuring = Measuring()
    for case in cases:
        measuring.observe(case, book)
    lacking = [item for item in measuring.results()[0].items if name in item.what and item.lacking]
    assert lacking == []
    out = command.printed("cases", name, "--rulesets", old, "--beside", proposed)
    assert out == "cases:"
    assert command.printed("cases", name, "--rulesets", old).count("what came out") == len(cases)


def test_a_new_ruleset_passes_as_it_stands(command: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    lines = command.printed(
        "new", folder, "--id", "guild/own", "--title", "Own: rules, 'and' more"
    ).splitlines()
    assert str(folder / "2026-01-01.yaml") in lines
    [ruleset] = load_rulebook(folder).rulesets
    assert (ruleset.id, ruleset.title) == ("guild/own", "Own: rules, 'and' more")
    assert command("check", folder, "--strict")[:2] == (0, "nothing to tell, of 1 ruleset\n")
    assert command("test", folder)[0] == 0
    assert command("coverage", folder, "--fail-under", "100")[0] == 0
    assert command("mutate", folder, "--tries", "0", "--fail-under", "100")[0] == 0


def test_nothing_is_written_over(command: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    told = command.refused("new", tmp_path, "--id", "Not an id", "--title", " ")
    assert [line.rpartition(" ")[2] for line in told] == ["[not-empty]", "[bad-name]", "[bad-title]"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
