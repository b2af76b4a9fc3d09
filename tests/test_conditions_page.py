"""docs/conditions.md has a section for each head word, of the one form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kutsereeglid.conditions.parsing import HEADS

PAGE = (Path(__file__).parent.parent / "docs" / "conditions.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))


def test_every_head_word_has_a_section_and_no_other_word() -> None:
    assert set(SECTIONS) == {*HEADS, "reading"}


@pytest.mark.parametrize("head", sorted(HEADS))
def test_a_section_tells_the_keys_the_answers_and_an_example(head: str) -> None:
    section = SECTIONS[head]
    assert f"| `{head}` |" in section, "no table of keys"
    assert re.search(rf"\b{head}:\s", section), "no example"
    assert "**met**" in section, "when it is met is not told"
    assert "# answers" in section or head == "blank", "no example with what is found"


@pytest.mark.parametrize("head", sorted(SECTIONS))
def test_the_table_at_the_top_leads_to_it(head: str) -> None:
    assert f"[`{head}`](#{head})" in PAGE or f"(#{head})" in PAGE
