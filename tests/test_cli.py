"""The command: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from kutsereeglid import Decision, evaluate, read_applicant
from kutsereeglid.cli import main
from kutsereeglid.evaluation import compiled_for_display, shipped_rulebook
from kutsereeglid.rendering import checklist
from tests.conftest import needs_durable

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "applicant.yaml"
BASE = ROOT / "tests" / "seeded" / "base"
QUALIFICATION = "noorem-tarkvaraarendaja"
DAY = date(2026, 6, 10)
LANGUAGES = ("et", "en", "ru")


class Run:
    """One run inside this process: quick, and nothing of it is a terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["kutsereeglid", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    def printed(self, *arguments: object) -> str:
        status, out, err = self(*arguments)
        assert (status, err) == (0, "")
        return out

    def refused(self, *arguments: object) -> list[str]:
        """The lines on standard error of a run that must be refused."""
        status, out, err = self(*arguments)
        assert (status, out) == (2, "")
        assert "Traceback" not in err
        assert err.endswith("]\n")
        lines = err.splitlines()
        assert all(re.search(r"^\S.*: .*\[[a-z-]+\]$", line) for line in lines), err
        return lines


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(monkeypatch, capsys)


def process(
    *arguments: object, env: dict[str, str] | None = None, code: str | None = None
) -> subprocess.CompletedProcess[bytes]:
    """One run in a process of its own; standard output is a pipe."""
    how = ["-m", "kutsereeglid"] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *how, *map(str, arguments)],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, **(env or {})},
    )


def decision(**more: Any) -> Decision:
    return evaluate(read_applicant(EXAMPLE), QUALIFICATION, **{"as_of": DAY, **more})


# What it prints.


@pytest.mark.parametrize("lang", [None, *LANGUAGES])
def test_evaluate_prints_the_explanation(run: Run, lang: str | None) -> None:
    asked = ["--lang", lang] if lang else []
    assert (
        run.printed("evaluate", EXAMPLE, QUALIFICATION, "--as-of", DAY, *asked)
        == decision().explain(lang) + "\n"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_json_is_the_decision_of_the_api(run: Run, lang: str) -> None:
    printed = run.printed("evaluate", EXAMPLE, QUALIFICATION, "--as-of", DAY, "--json", "--lang", lang)
    assert json.loads(printed) == json.loads(decision().to_json())
    assert Decision.from_json(printed) == decision()


@pytest.mark.parametrize(
    ("options", "more"),
    [
        (["--stage", "application"], {"stage": "application"}),
        (["--stage", "award"], {"stage": "award"}),
        (["--ruleset-version", "2024-01-01"], {"version": "2024-01-01"}),
        (["--reading", "A8-last-day=excluded"], {"readings": {"A8-last-day": "excluded"}}),
        (["--as-of", "2026-06-20"], {"as_of": date(2026, 6, 20)}),
        (["--as-of", "2024-01-01"], {"as_of": date(2024, 1, 1)}),
        (["--rulesets", str(ROOT / "rulesets")], {}),
        (["--max-bytes", "5000"], {}),
        (["--engine", "native"], {}),
        pytest.param(["--engine", "durable"], {}, marks=needs_durable),
    ],
)
def test_options_are_those_of_the_api(run: Run, options: list[str], more: dict[str, Any]) -> None:
    printed = run.printed("evaluate", EXAMPLE, QUALIFICATION, "--as-of", DAY, "--json", *options)
    assert json.loads(printed) == json.loads(decision(**more).to_json())


def test_options_may_stand_before_the_arguments(run: Run) -> None:
    printed = run.printed("evaluate", "--json", "--as-of", DAY, EXAMPLE, QUALIFICATION)
    assert json.loads(printed) == json.loads(decision().to_json())


def test_several_readings(run: Run) -> None:
    options = ["--reading", "A8-last-day=excluded", "--reading", "A8-last-day=excluded"]
    printed = run.printed("evaluate", EXAMPLE, QUALIFICATION, "--as-of", DAY, "--json", *options)
    assert json.loads(printed)["readings"]["A8-last-day"] == "excluded"


def test_today_when_no_day_is_given(run: Run) -> None:
    as_of = date.fromisoformat(json.loads(run.printed("evaluate", EXAMPLE, QUALIFICATION, "--json"))["as_of"])
    assert as_of >= date(2026, 1, 1)


@pytest.mark.parametrize("lang", [None, *LANGUAGES])
def test_list(run: Run, lang: str | None) -> None:
    printed = run.printed("list", *(["--lang", lang] if lang else []))
    book = shipped_rulebook()
    for ruleset in book.rulesets:
        for name, one in ruleset.qualifications.items():
            lines = [line for line in printed.splitlines() if line.startswith(f"  {name} ")]
            versions = [other for other in book.rulesets if name in other.qualifications]
            assert len(lines) == len(versions)
            own = lang is None or lang not in ruleset.languages[1:]
            assert any(one.title in line for line in lines) == own


@pytest.mark.parametrize("lang", [None, *LANGUAGES])
def test_show(run: Run, lang: str | None) -> None:
    for name in shipped_rulebook().rulesets[0].qualifications:
        printed = run.printed("show", name, *(["--lang", lang] if lang else []), "--as-of", DAY)
        wanted = checklist(*compiled_for_display(shipped_rulebook(), name, DAY, None), lang)
        assert printed == "\n".join(line.text for line in wanted) + "\n"
        assert not re.search(r"<[\w-]+>", printed)


def test_other_rulesets(run: Run) -> None:
    assert "harbour-guild/boats" in run.printed("list", "--rulesets", BASE)
    name = re.findall(r"^  (\S+)", run.printed("list", "--rulesets", BASE), re.M)[0]
    assert run.printed("show", name, "--rulesets", BASE, "--ruleset-version", "2025-03-01")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["evaluate", "--help"], ["show", "-h"], ["--version"]]
)
def test_help(run: Run, arguments: list[str]) -> None:
    assert run.printed(*arguments)


def test_the_applicant_of_whom_nothing_is_known(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "applicant.json"
    file.write_bytes(b"\xef\xbb\xbf{}\r\n")
    assert json.loads(run.printed("evaluate", file, QUALIFICATION, "--json"))["outcome"] == "undetermined"


# What it refuses.


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b" \n", "empty-file"),
        (b'{"exam": ', "bad-json"),
        (b"exam: a: b", "second-colon"),
        (b"exam: [", "bad-brackets"),
        (b"\xff\xfe{\x00}\x00", "not-text"),
        (b"\x80PNG", "not-text"),
        (b"just words", "wrong-type"),
        (b"[1, 2]", "wrong-type"),
        (b"[" * 100_000, "too-deep"),
        (b'{"exam": {}, "exam": {}}', "duplicate-key"),
    ],
)
def test_bad_files(run: Run, tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "applicant"
    file.write_bytes(content)
    [line] = run.refused("evaluate", file, QUALIFICATION)
    assert line.endswith(f"[{code}]")


def test_every_mistake_has_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "applicant.yaml"
    file.write_text('exams: {}\nexam: {date: 5}\ndocuments: [{submitted: "2026-06-05T10:00"}]\nexam: {}\n')
    lines = run.refused("evaluate", file, QUALIFICATION)
    assert lines[0].startswith(f"{file}:4:1: ")
    assert [line.partition(":")[0] for line in lines[1:]] == ["documents[0].submitted", "exam.date", "exams"]


def test_files_that_are_none(run: Run, tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as opened:
        opened.truncate(50_000_000)
    for file, code in ((large, "too-large"), (tmp_path, "not-a-file"), (tmp_path / "none", "no-file")):
        [line] = run.refused("evaluate", file, QUALIFICATION, "--json")
        assert line.startswith(f"{file}: ")
        assert line.endswith(f"[{code}]")
    [line] = run.refused("evaluate", EXAMPLE, QUALIFICATION, "--max-bytes", 10)
    assert line.endswith("[too-large]")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing command"),
        (["evaluate"], "FILE"),
        (["evaluate", EXAMPLE], "QUALIFICATION"),
        (["evaluate", EXAMPLE, "nooremarendaja"], "unknown-qualification"),
        (["evaluate", EXAMPLE, ""], "unknown-qualification"),
        (["evaluate", EXAMPLE, QUALIFICATION, "more"], "unexpected extra argument"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--as-of", "10.06.2026"], "such as 2026-06-19"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--as-of", "2026-02-30"], "such as 2026-06-19"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--as-of", "2026-06-10T10:00"], "such as 2026-06-19"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--as-of", ""], "such as 2026-06-19"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--as-of"], "--as-of"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--as-of", "2023-12-31"], "no-version"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--as-of", "0001-01-01"], "no-version"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--stage", "admision"], "did you mean 'admission'?"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--stage", ""], "unknown-stage"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--engine", "durble"], "did you mean 'durable'?"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--ruleset-version", "2"], "no-version"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--ruleset-version", ""], "no-version"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--reading", "A8-last-day"], "NAME=OPTION"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--reading", "=excluded"], "NAME=OPTION"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--reading", "A8-last-day="], "NAME=OPTION"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--reading", "A99=x"], "unknown-reading"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--reading", "A8-last-day=x"], "unknown-option"),
        (
            [
                "evaluate",
                EXAMPLE,
                QUALIFICATION,
                "--reading",
                "A8-last-day=excluded",
                "--reading",
                "A8-last-day=included",
            ],
            "one option for each reading",
        ),
        (["evaluate", EXAMPLE, QUALIFICATION, "--lang", "fi"], "'et', 'en', 'ru'"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--lang", "fi", "--json"], "'et', 'en', 'ru'"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--jsonn"], "--jsonn"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--no\nsuch"], "--no"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--max-bytes", "0"], "--max-bytes"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--max-bytes", "many"], "--max-bytes"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--rulesets", "/no/such/folder"], "no-folder"),
        (["evaluate", EXAMPLE, QUALIFICATION, "--rulesets", EXAMPLE], "/examples/applicant.yaml: "),
        (["evaluate", EXAMPLE, QUALIFICATION, "--rulesets", BASE], "unknown-qualification"),
        (["evaluates"], "evaluates"),
        (["list", "--lang", "fi"], "'et', 'en', 'ru'"),
        (["list", "more"], "unexpected extra argument"),
        (["list", "--rulesets", "/no/such/folder"], "no-folder"),
        (["show"], "QUALIFICATION"),
        (["show", "boats"], "unknown-qualification"),
        (["show", QUALIFICATION, "--ruleset-version", "2"], "no-version"),
        (["show", QUALIFICATION, "--as-of", "1999-01-01"], "no-version"),
        (["--jsonn"], "--jsonn"),
    ],
)
def test_wrong_usage(run: Run, arguments: Iterable[object], said: str) -> None:
    [line] = run.refused(*arguments)
    assert said in line


def test_a_folder_without_rulesets(run: Run, tmp_path: Path) -> None:
    for command in (["list"], ["show", QUALIFICATION], ["evaluate", EXAMPLE, QUALIFICATION]):
        assert run.refused(*command, "--rulesets", tmp_path)


def test_a_ruleset_with_mistakes(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rulesets"
    shutil.copytree(ROOT / "rulesets", folder)
    [file] = folder.glob("*/2024-01-01.yaml")
    file.write_text(file.read_text(encoding="utf-8") + "\nnonsense: 1\nrulez: {}\n", encoding="utf-8")
    for command in (["list"], ["show", QUALIFICATION], ["evaluate", EXAMPLE, QUALIFICATION]):
        lines = run.refused(*command, "--rulesets", folder)
        assert any("nonsense" in line for line in lines)
        assert any("rulez" in line for line in lines)


def test_messages_keep_personal_data_to_themselves(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "applicant.json"
    file.write_text(
        '{"Mari Maasikas": 1, "exam": {"date": "37605030299"}, "employments": [{"employer": 37605030299}]}'
    )
    for command in (
        ["evaluate", file, QUALIFICATION],
        ["evaluate", EXAMPLE, "37605030299"],
        ["evaluate", EXAMPLE, QUALIFICATION, "--stage", "Mari Maasikas"],
    ):
        message = "\n".join(run.refused(*command))
        assert "Maasikas" not in message
        assert "37605030299" not in message


# In a process of its own.


def test_plain_text_where_there_is_no_terminal() -> None:
    done = process(
        "evaluate", EXAMPLE, QUALIFICATION, "--as-of", DAY, env={"FORCE_COLOR": "1", "COLUMNS": "20"}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == decision().explain() + "\n"


@pytest.mark.parametrize(
    "arguments", [["evaluate", "/no/such/file", "x"], ["nope"], ["list", "--rulesets", "/no/such"]]
)
def test_errors_in_a_process(arguments: list[str]) -> None:
    done = process(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo terminals here")
def test_colours_on_a_terminal() -> None:
    import termios

    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 40))
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    started = subprocess.Popen(
        [sys.executable, "-m", "kutsereeglid", "evaluate", str(EXAMPLE), QUALIFICATION, "--as-of", str(DAY)],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**env, "TERM": "xterm-256color"},
    )
    os.close(theirs)
    got = b""
    try:
        while piece := os.read(ours, 65536):
            got += piece
    except OSError:  # how Linux tells that the other end is closed
        pass
    os.close(ours)
    assert started.communicate(timeout=60)[1] == b""
    assert started.returncode == 0
    text = got.decode().replace("\r\n", "\n")
    assert "\x1b[1m" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == decision().explain() + "\n"


PIPED = """
import subprocess, sys
command = [sys.executable, "-m", "kutsereeglid", *sys.argv[2:]]
started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
if int(sys.argv[1]):
    started.stdout.readline()
started.stdout.close()
sys.stdout.buffer.write(started.stderr.read())
started.wait()
"""


@pytest.mark.parametrize("lines", [0, 1])
@pytest.mark.parametrize(
    "command", [["list"], ["evaluate", str(EXAMPLE), QUALIFICATION, "--json"], ["--help"]]
)
def test_a_reader_that_goes_away(command: list[str], lines: int) -> None:
    done = process(lines, *command, code=PIPED)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("command", [["list"], ["evaluate", str(EXAMPLE), QUALIFICATION, "--json"]])
def test_a_full_disk(command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kutsereeglid", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (2, b"output: no space left on device [unwritable]\n")


CLOSED = "import sys; sys.stdout = None; from kutsereeglid.cli import main; main()"


@pytest.mark.parametrize("command", [["list"], ["evaluate", str(EXAMPLE), QUALIFICATION, "--json"]])
def test_no_standard_output(command: list[str]) -> None:
    done = process(*command, code=CLOSED)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_json_is_utf_8_whatever_the_system(encoding: str) -> None:
    done = process(
        "evaluate",
        EXAMPLE,
        QUALIFICATION,
        "--as-of",
        DAY,
        "--json",
        env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8")) == json.loads(decision().to_json())


def test_text_for_a_terminal_that_lacks_letters() -> None:
    done = process(
        "show", QUALIFICATION, "--lang", "ru", env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout


WITHOUT = """
import sys
sys.modules[sys.argv.pop(1)] = None
from kutsereeglid.cli import main
main()
"""


def test_without_click_it_says_what_to_install() -> None:
    done = process("click", "list", code=WITHOUT)
    assert done.returncode != 0
    assert done.stdout == b""
    assert done.stderr == b"The command needs click and rich: pip install 'kutsereeglid[cli]'\n"


def test_without_rich_it_is_plain() -> None:
    code = WITHOUT.replace("from kutsereeglid", "sys.stdout.isatty = lambda: True\nfrom kutsereeglid")
    done = process("rich.console", "list", code=code)
    assert (done.returncode, done.stderr) == (0, b"")
    assert QUALIFICATION.encode() in done.stdout


def test_every_command_is_in_the_pages() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    commands = {
        module.name for module in iter_modules([str(ROOT / "src" / "kutsereeglid" / "cli" / "commands")])
    }
    assert "evaluate" in commands
    assert {name for name in commands if f"kutsereeglid {name}" not in text} == set()
