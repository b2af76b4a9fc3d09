"""``kutsereeglid test [PATH…]``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kutsereeglid.authoring.accepting import unaccepted, updated
from kutsereeglid.authoring.case_files import Rulebooks, case_files, read_all
from kutsereeglid.authoring.case_report import report, report_lines
from kutsereeglid.authoring.cases import Run, run
from kutsereeglid.cli import options
from kutsereeglid.cli.output import Interruptible, print_json, print_lines
from kutsereeglid.rendering import Line


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--update", is_flag=True, help="Write what came out into cases that expect nothing yet.")
@options.language
@options.rulesets
@click.option("--json", "as_json", is_flag=True, help="The results as one JSON object.")
def command(
    paths: tuple[Path, ...], update: bool, lang: str | None, rulesets: Path | None, as_json: bool
) -> int:
    """Run the scenario cases in PATHs: case files, or folders with files named cases.yaml or ….cases.yaml
    (here, when none is given).

    Exit status 0 when every case passed, 1 when one did not or expects nothing yet, 2 for a mistake in a
    file.
    """
    files = read_all(case_files(paths or (Path(),)), Rulebooks(rulesets))
    runs: dict[Path, list[Run]] = {file.path: [] for file in files}
    every = [(file, case) for file in files for case in file.cases]
    with Interruptible(every, "cases") as ahead:
        for file, case in ahead:
            runs[file.path].append(run(case, file.book))
    done = [one for some in runs.values() for one in some]
    lines = report_lines(done, lang)
    if as_json:
        print_json(json.dumps(report(done), ensure_ascii=False, indent=2))
    else:
        print_lines(
            [
                *lines,
                *(
                    Line(f"{file.path}:{line}: not accepted yet")
                    for file in files
                    for line in unaccepted(file)
                ),
            ]
        )
    if update:
        for file in files:
            text = updated(file, runs[file.path])
            if text != file.text:
                file.path.write_text(text, encoding="utf-8", newline="")
                count = sum(one.case.expected is None for one in runs[file.path])
                written = f"{count} expectation{'' if count == 1 else 's'}"
                click.echo(f"{file.path}: {written} written; read each before you accept it", err=True)
    if ahead.interrupted:
        return 130
    return 0 if all(one.passed for one in done) else 1
