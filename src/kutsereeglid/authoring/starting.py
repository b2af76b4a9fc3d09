"""A first ruleset, with comments, its source and its cases, to be changed into one's own."""

from __future__ import annotations

import re
from pathlib import Path

from kutsereeglid.authoring.flow import flow
from kutsereeglid.errors import Problem, UsageError

TEMPLATE = Path(__file__).parent / "template"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")
_OWN_ID, _OWN_TITLE = "example-body/example", "Qualifications of the Example Body"


def start(folder: Path, identity: str, title: str) -> list[Path]:
    """Writes the files into a folder that is not there yet, or empty; returns them.

    Raises `UsageError` for a folder with something in it, and for an id or a title that no ruleset may have.
    """
    problems = []
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.append(Problem("not-empty", str(folder), "something that is there already", "a new folder"))
    if not _ID.fullmatch(identity):
        expected = "an id such as `body/name`, in small letters"
        problems.append(Problem("bad-name", "--id", f"`{identity[:40]}`", expected))
    if not title.strip() or any(letter in title for letter in "\n\r"):
        problems.append(Problem("bad-title", "--title", "no text on one line", "what the rules are called"))
    if problems:
        raise UsageError(problems)
    made = []
    for path in sorted(TEMPLATE.rglob("*")):
        if path.is_file():
            to = folder / path.relative_to(TEMPLATE)
            to.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8")
            to.write_text(
                text.replace(_OWN_ID, identity).replace(f"title: {_OWN_TITLE}", f"title: {flow(title)}"),
                encoding="utf-8",
            )
            made.append(to)
    return made
