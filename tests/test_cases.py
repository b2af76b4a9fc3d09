"""Scenario cases: read with all mistakes at once, run, collected by pytest, and written out for review."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kutsereeglid import Status
from kutsereeglid.authoring.accepting import TO_ACCEPT, unaccepted, updated
from kutsereeglid.authoring.case_files import Rulebooks, case_files, read_cases
from kutsereeglid.authoring.cases import CaseFile, CasesError, run
from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.testing import cases as generated
from tests.test_cli import Run
from tests.test_language import Body, rule

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
CONTRACT = ROOT / "tests" / "contract" / "cases.yaml"
EXAMPLE = ROOT / "docs" / "example"
QUALIFICATIONS = ("it-tehnik", "noorem-tarkvaraarendaja")

HEADED = """\
cases:
  - name: one
    qualification: it-tehnik
    as_of: 2026-06-10
    applicant: {exam: {date: 2026-06-19}, exam_project: {topics: [], hours: 40}}
"""


def read(folder: Path, text: str) -> CaseFile:
    path = folder / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    return read_cases(path, shipped_rulebook())


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(CasesError) as error:
        read(folder, text)
    return [str(one).replace(str(folder) + "/", "") for one in error.value.problems]


def test_a_case_that_passes_and_one_that_does_not(tmp_path: Path) -> None:
    passing = read(tmp_path, HEADED + "    expect: {project-volume: met, outcome: pending}\n")
    assert run(passing.cases[0], passing.book).passed
    text = (
        HEADED + "    expect:\n      project-volume: {status: open, due: 2026-06-18, missing: [exam.date]}\n"
    )
    failing = read(tmp_path, text + "      stages: {application: pending}\n")
    done = run(failing.cases[0], failing.book)
    assert not done.passed
    assert [f"{one.place.line}: {one}" for one in done.differences] == [
        "7: project-volume status: expected open, got met",
        "7: project-volume due: expected 2026-06-18, got 2026-06-19",
        "7: project-volume missing: expected [exam.date], got []",
        "8: stages application: expected pending, got eligible",
    ]
    assert {one.finding.requirement for one in done.differences if one.finding} == {"project-volume"}


MISTAKES = [
    ("expect: {project-volum: met}", "6:14: `project-volum`", "did you mean 'project-volume'"),
    ("expect: {project-volume: mett}", "6:30: `mett`", "did you mean 'met'"),
    ("expect: {project-volume: {statu: met}}", "6:31: `statu`", "did you mean 'status'"),
    ("expect: {project-volume: {due: soon}}", "6:36: `soon`", "a day for `due`"),
    ("expect: {project-volume: {missing: exam.date}}", "6:40: `exam.date`", "a list of facts"),
    ("expect: {project-volume: {contested: [A99]}}", "6:42: `A99`", "a reading"),
    ("expect: {outcome: met}", "6:23: `met`", "an outcome"),
    ("expect: {stages: {admision: eligible}}", "6:23: `admision`", "did you mean 'admission'"),
    ("stage: exam", "6:5: `exam`", "a stage"),
    ("readings: {A9-month-back: never}", "6:5: reading A9-month-back: `never`", "last-fitting"),
    ("ruleset_version: 1999-01-01", "6:5: ruleset-version: version 1999-01-01", "2024-01-01"),
    ("note: [1]\n    expct: {}", "7:5: `expct`", "did you mean 'expect'"),
]


@pytest.mark.parametrize(("line", "where", "mend"), MISTAKES)
def test_mistakes_in_a_case(tmp_path: Path, line: str, where: str, mend: str) -> None:
    [said] = refused(tmp_path, HEADED + f"    {line}\n")
    assert said.startswith(f"cases.yaml:{where}")
    assert mend in said


def test_all_mistakes_are_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    text = """\
definitions: {paper: &paper {type: education-certificate, submited: 2026-04-20}}
cases:
  - name: a
    qualification: it-tehniik
    as_of: 2026-06-10
    applicant: {}
  - name: a
    qualification: it-tehnik
    as_of: yesterday
    applicant: {}
  - qualification: it-tehnik
    as_of: 2026-06-10
    applicant:
      exam: {date: 2026-02-30}
      documents: [*paper]
      employments: [{start: 2026-01-02, end: 2026-01-01}]
  - just a text
"""
    starts = [line.split("; expected")[0] for line in refused(tmp_path, text)]
    assert starts == [
        "cases.yaml:1:59: documents[0].submited: an unknown field",
        "cases.yaml:4:5: qualification: an id that no ruleset defines",
        "cases.yaml:7:5: a name that another case has",
        "cases.yaml:9:12: `yesterday`",
        "cases.yaml:11:5: a case without `name`",
        "cases.yaml:14:14: exam.date: '2026-02-30'",
        "cases.yaml:16:41: employments[0].end: a day before `start`",
        "cases.yaml:17:5: `just a text`",
    ]


@pytest.mark.parametrize(
    "text", ["", "cases: {}\n", "cases:\n  - name: [a\n", "- a\n", "cases: [~]\n", "case: []\n"]
)
def test_what_is_no_file_of_cases(tmp_path: Path, text: str) -> None:
    for line in refused(tmp_path, text):
        assert re.match(r"cases\.yaml:\d+:\d+: .+; expected .+\[[a-z-]+\]$", line)


def test_finding_case_files(tmp_path: Path) -> None:
    for name in (
        "cases.yaml",
        "late.cases.yaml",
        "2026-01-01.yaml",
        ".hidden/cases.yaml",
        "deep/er/cases.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [
        path.relative_to(tmp_path).as_posix() for path in case_files([tmp_path, tmp_path / "cases.yaml"])
    ]
    assert found == ["cases.yaml", "deep/er/cases.yaml", "late.cases.yaml"]
    with pytest.raises(CasesError, match="no-file"):
        case_files([tmp_path / "none"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(CasesError, match="no-cases"):
        case_files([tmp_path / "empty"])


def test_the_rulesets_of_a_case_file(tmp_path: Path) -> None:
    books = Rulebooks()
    assert books.of(CONTRACT) is shipped_rulebook()
    assert books.of(shipped_rulebook().root / "examples" / "eetel" / "cases.yaml") is shipped_rulebook()
    shutil.copytree(EXAMPLE, tmp_path / "body")
    own = books.of(tmp_path / "body" / "more" / "cases.yaml")
    assert own.root == (tmp_path / "body").resolve()
    assert books.of(tmp_path / "body" / "cases.yaml") is own
    assert Rulebooks(tmp_path).of(CONTRACT).root == tmp_path


def test_a_requirement_of_several_paths_is_told_apart(tmp_path: Path) -> None:
    text = """\
cases:
  - name: one
    qualification: elektriku-taastoendamine
    as_of: 2026-03-10
    applicant: {application: {submitted: 2026-03-10}, qualifications: [], employments: [], trainings: [], documents: []}
    expect:
      path: full-exam
      paths: {on-documents: ineligible}
      experience: [{of_path: on-documents, status: not_met}, {of_path: nowhere, status: met}]
"""
    file = read(tmp_path, text)
    done = run(file.cases[0], file.book)
    assert [str(one) for one in done.differences] == [
        "experience (of_path nowhere): expected a finding, got none"
    ]


# What is written out.


def dumped(values: Any) -> str:
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 200
    yaml.dump(values, out)
    return out.getvalue()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(QUALIFICATIONS).flatmap(lambda name: st.tuples(st.just(name), generated(name))), st.data()
)
def test_what_was_written_passes_and_a_change_of_it_does_not(
    tmp_path_factory: pytest.TempPathFactory,
    made: tuple[str, tuple[dict[str, Any], date]],
    data: st.DataObject,
) -> None:
    qualification, (applicant, as_of) = made
    folder = tmp_path_factory.mktemp("written")
    about = {"name": "a", "qualification": qualification, "as_of": as_of.isoformat()}
    text = dumped({"cases": [{**about, "applicant": json.loads(json.dumps(applicant, default=str))}]})
    file = read(folder, text)
    runs = [run(case, file.book) for case in file.cases]
    assert not runs[0].passed
    after = read(folder, updated(file, runs))
    done = run(after.cases[0], after.book)
    assert done.passed
    assert list(unaccepted(after))
    statuses = list(re.finditer(r"(?<=status: )\w+", after.text))
    if statuses:
        one = data.draw(st.sampled_from(statuses))
        other = data.draw(st.sampled_from([status for status in Status if status != one.group()]))
        changed = read(folder, after.text[: one.start()] + other + after.text[one.end() :])
        assert [difference.expected for difference in run(changed.cases[0], changed.book).differences] == [
            other
        ]


def test_nothing_else_of_the_file_is_changed(tmp_path: Path) -> None:
    """Each case of the contract without its expectation, which is then written anew."""
    whole = CONTRACT.read_text(encoding="utf-8")
    lines, kept, inside = whole.splitlines(keepends=True), [], False
    for line in lines:
        inside = line.startswith("    expect:") or (inside and line.startswith("      "))
        kept += [] if inside else [line]
    text = "".join(kept) + "# a last word"
    file = read(tmp_path, text)
    assert all(case.expected is None for case in file.cases)
    made = updated(file, [run(case, file.book) for case in file.cases])
    rest = iter(made.splitlines(keepends=True))
    assert all(line in rest for line in text.splitlines(keepends=True))
    assert made.count(TO_ACCEPT) == len(file.cases)
    after = read(tmp_path, made)
    runs = [run(case, after.book) for case in after.cases]
    assert all(one.passed for one in runs)
    assert updated(after, runs) == made


@pytest.mark.parametrize("expect", ["", "    expect:\n", "    expect:  # what comes out\n"])
@pytest.mark.parametrize("end", ["", "\n# the end\n", "\n  # of this case\n  - {name: two, qualification: it-tehnik, as_of: 2026-01-01, applicant: {}}\n"])  # fmt: skip
def test_where_the_lines_are_put(tmp_path: Path, expect: str, end: str) -> None:
    file = read(tmp_path, (HEADED + expect).rstrip("\n") + "\n" + end)
    made = updated(file, [run(file.cases[0], file.book)])
    written = made.splitlines()[6:10]
    assert written == [
        f"      {TO_ACCEPT}",
        "      outcome: pending",
        "      project-topics: {status: open, due: 2026-06-19, earliest: 2026-06-10}",
        "      project-volume: {status: met, due: 2026-06-19}",
    ]
    assert made.endswith(end)


@pytest.mark.parametrize(
    "text",
    [
        "cases: [{name: one, qualification: it-tehnik, as_of: 2026-06-10, applicant: {}}]\n",
        HEADED + "    expect: null\n",
    ],
)
def test_a_case_into_which_no_lines_can_be_put(tmp_path: Path, text: str) -> None:
    file = read(tmp_path, text)
    with pytest.raises(CasesError, match="not-updated"):
        updated(file, [run(file.cases[0], file.book)])


# The command.


def test_the_command_passes_on_the_contract(command: Run) -> None:
    assert command("test", CONTRACT) == (0, "18 passed, of 18 cases\n", "")


def test_the_command_tells_why_a_case_failed(command: Run, tmp_path: Path) -> None:
    file = read(tmp_path, HEADED + "    expect: {project-topics: met}\n").path
    status, out, err = command("test", tmp_path, "--lang", "en")
    assert (status, err) == (1, "")
    assert f"{file}:6:14: project-topics status: expected met, got open" in out
    assert "… Topics of the partial" in out or "Source:" in out
    assert out.endswith("0 passed, 1 failed, of 1 case\n")
    status, out, _ = command("test", file, "--json")
    told = json.loads(out)
    assert (status, told["passed"], told["failed"]) == (1, 0, 1)
    [difference] = told["cases"][0]["differences"]
    assert (difference["line"], difference["expected"], difference["actual"]) == (6, "met", "open")


def test_the_command_writes_what_came_out(command: Run, tmp_path: Path) -> None:
    file = read(tmp_path, HEADED).path
    status, out, _ = command("test", file)
    assert status == 1
    assert "nothing is expected yet" in out
    status, _, err = command("test", file, "--update")
    assert (status, err) == (1, f"{file}: 1 expectation written; read each before you accept it\n")
    status, out, _ = command("test", file)
    assert status == 0
    assert f"{file}:7: not accepted yet" in out


def test_the_command_refuses_bad_files_all_at_once(command: Run, tmp_path: Path) -> None:
    (tmp_path / "a.cases.yaml").write_text(HEADED + "    expect: {x: met}\n", encoding="utf-8")
    (tmp_path / "cases.yaml").write_text("cases: 1\n", encoding="utf-8")
    status, out, err = command("test", tmp_path)
    assert (status, out, len(err.splitlines())) == (2, "", 2)


def test_an_interrupted_run_reports_what_is_done(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from kutsereeglid.cli.commands import test as module

    ran: list[Any] = []

    def interrupted(case: Any, book: Any) -> Any:
        if len(ran) == 3:
            raise KeyboardInterrupt
        ran.append(run(case, book))
        return ran[-1]

    monkeypatch.setattr(module, "run", interrupted)
    status, out, err = command("test", CONTRACT)
    assert (status, out) == (130, "3 passed, of 3 cases\n")
    assert "interrupted" in err


# The plugin.


def body(pytester: pytest.Pytester, cases: str) -> Path:
    folder = pytester.path / "body"
    shutil.copytree(EXAMPLE, folder)
    (folder / "cases.yaml").write_text(cases, encoding="utf-8")
    return folder


MARINER = """\
cases:
  - name: held
    qualification: {name}
    as_of: 2026-06-10
    applicant: {{}}
    expect: {{outcome: {outcome}}}
"""
[EXAMPLE_QUALIFICATION] = [
    name for one in Rulebooks(EXAMPLE).of(CONTRACT).rulesets for name in list(one.qualifications)[:1]
]


@pytest.mark.parametrize("outcome", ["undetermined", "eligible"])
def test_pytest_collects_cases_beside_a_ruleset(pytester: pytest.Pytester, outcome: str) -> None:
    body(pytester, MARINER.format(name=EXAMPLE_QUALIFICATION, outcome=outcome))
    result = pytester.runpytest("-p", "no:cacheprovider")
    passed = outcome == "undetermined"
    result.assert_outcomes(passed=int(passed), failed=int(not passed))
    if not passed:
        result.stdout.fnmatch_lines(["*body/cases.yaml:6:14: outcome: expected eligible, got undetermined"])
        result.stdout.no_fnmatch_line("*Traceback*")
        result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_pytest_tells_every_mistake_of_a_file(pytester: pytest.Pytester) -> None:
    body(pytester, MARINER.format(name="nobody", outcome="eligible") + "  - {}\n")
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*body/cases.yaml:3:5: *", "*body/cases.yaml:7:5: *"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*case_files.py*")


def test_pytest_leaves_other_files_alone_unless_they_are_named(pytester: pytest.Pytester) -> None:
    text = HEADED + "    expect: {project-volume: met}\n"
    (pytester.path / "cases.yaml").write_text(text, encoding="utf-8")
    (pytester.path / "of-it.yaml").write_text(text, encoding="utf-8")
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes()
    pytester.runpytest("-p", "no:cacheprovider", "cases.yaml").assert_outcomes(passed=1)
    pytester.makeini("[pytest]\nkutsereeglid_cases = of-*.yaml\n")
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_progress_is_shown_on_a_terminal_and_only_there(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", "kutsereeglid", "test", str(CONTRACT)]
    done = subprocess.run(
        arguments,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
        timeout=60,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert (done.returncode, done.stdout) == (0, b"18 passed, of 18 cases\n")
    assert "cases" in shown
    assert "100%" in shown


def test_an_applicant_with_whom_the_rules_cannot_be_read_is_told_at_the_case(
    command: Run, tmp_path: Path
) -> None:
    each = "when: {for_each: application.asks, as: x, when: {some: documents, where: {type: <x>}}}"
    folder = Body(tmp_path / "body", rule("asked", each)).folder
    case = "{name: a, qualification: q, as_of: 2026-06-10, applicant: {application: {asks: [' ']}}, expect: {asked: met}}"
    (folder / "cases.yaml").write_text(f"cases:\n  - {case}\n", encoding="utf-8")
    for name in ("test", "coverage"):
        [line] = command.refused(name, folder)
        assert line.startswith(f"{folder / 'cases.yaml'}:2:6: application.asks: ")
