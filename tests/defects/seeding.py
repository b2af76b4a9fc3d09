"""Puts one defect at a time into a copy of `base`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from kutsereeglid.yaml_tree import parse, plain

HERE = Path(__file__).parent
VERSION = "2026-01-01.yaml"
ASKED = "    when: {document: letter}"


def read(name: str) -> list[dict[str, Any]]:
    tree, problems = parse((HERE / name).read_text(encoding="utf-8"), name)
    assert tree is not None
    assert not problems, problems
    made: list[dict[str, Any]] = plain(tree)
    return made


def seeded(one: dict[str, Any], folder: Path) -> Path:
    """The folder of rulesets with the defect in it."""
    made = Path(shutil.copytree(HERE / "base", folder))
    edits = list(one.get("edits", ()))
    for edit in edits:
        _change(made / str(edit["file"]), edit["replace"], edit["with"])
    if "when" in one or "beside" in one:
        text = (made / VERSION).read_text(encoding="utf-8")
        when = ASKED if "when" not in one else f"    when: {one['when']}"
        if (beside := one.get("beside")) is not None:
            when = f"    {beside}\n{when}"
            if beside.startswith("due:"):
                text = text.replace("    due: exam.date\n" + ASKED, ASKED, 1)
        assert text.count(ASKED) == 1
        (made / VERSION).write_text(text.replace(ASKED, when), encoding="utf-8")
    if (copy := one.get("copy")) is not None:
        day = copy.partition("from: ")[2][:10]
        text = (HERE / "base" / VERSION).read_text(encoding="utf-8")
        (made / f"{day}.yaml").write_text(text.replace("{from: 2026-01-01}", copy), encoding="utf-8")
        shutil.copy(HERE / "base" / "2026-01-01.texts.et.yaml", made / f"{day}.texts.et.yaml")
    return made


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
