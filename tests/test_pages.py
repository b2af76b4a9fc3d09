"""A ruleset as a page: all of it is there, in every language, and nothing in it is markup of its own."""

from __future__ import annotations

from datetime import date
from html import unescape
from html.parser import HTMLParser
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kutsereeglid.authoring.choices import rolled
from kutsereeglid.authoring.pages import page, rendered
from kutsereeglid.evaluation import shipped_rulebook
from kutsereeglid.ruleset import Ruleset
from kutsereeglid.wording import own_texts
from tests.laws.laws import worlds_from
from tests.test_cli import Run

BOOK = shipped_rulebook()
EXAM = date(2026, 6, 21)
VOID = {"meta", "link", "br", "hr", "path", "rect"}


class Outline(HTMLParser):
    """Reads a page strictly: every element closed, in order; ids, links, headings and text gathered."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        self.ids += [values["id"]] if values.get("id") else []  # type: ignore[list-item]
        self.links += [values["href"]] if values.get("href") else []  # type: ignore[list-item]
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(text: str) -> Outline:
    made = Outline()
    made.feed(text)
    assert made.open == []
    assert len(set(made.ids)) == len(made.ids)
    assert {link[1:] for link in made.links if link.startswith("#")} <= set(made.ids)
    assert all(later - earlier <= 1 for earlier, later in zip(made.headings, made.headings[1:], strict=False))
    assert "script" not in made.tags
    return made


@pytest.mark.parametrize("ruleset", BOOK.rulesets, ids=lambda one: f"{one.id} {one.version}")
def test_all_of_a_shipped_ruleset_is_on_its_page(ruleset: Ruleset) -> None:
    for language in ruleset.languages:
        texts = {**own_texts(ruleset), **ruleset.translate(language)}
        made = page(BOOK, ruleset, ruleset.qualifications, EXAM, language)
        html = rendered(made, "html")
        read = " ".join("".join(outline(html).text).split())
        for name in ruleset.qualifications:
            assert texts[f"qualifications.{name}"] in read
        for one in made.qualifications:
            for shown in (shown for section in one.sections for shown in section.shown):
                assert " ".join(shown.title.split()) in read
                if shown.citation is not None and shown.citation.quote:
                    assert " ".join(shown.citation.quote.split()) in read
        for reading in made.readings:
            assert " ".join(reading.about.split()) in read
            assert all(" ".join(text.split()) in read for _, text, _ in reading.options)
        marked = rendered(made, "markdown")
        assert marked.startswith("# ")
        assert marked.count("\n#### ") == sum(
            len(s.shown) for one in made.qualifications for s in one.sections
        )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32).map(Random))
def test_any_ruleset_has_a_page(random: Random) -> None:
    [world, *_] = worlds_from(rolled(random), 1)
    [ruleset] = world.book.rulesets
    for language in ruleset.languages:
        made = page(world.book, ruleset, ruleset.qualifications, EXAM, language)
        outline(rendered(made, "html"))
        assert rendered(made, "markdown")


def test_texts_are_no_markup(tmp_path: object) -> None:
    [world, *_] = worlds_from(rolled(Random(7)), 1)
    [ruleset] = world.book.rulesets
    made = page(world.book, ruleset, ruleset.qualifications, EXAM)
    made.title = "<script>alert('1')</script> & *co* [x](y)"
    html = rendered(made, "html")
    assert "script" not in outline(html).tags
    assert made.title in unescape(html)
    assert rendered(made, "markdown").startswith(
        "# \\<script\\>alert('1')\\</script\\> & \\*co\\* \\[x\\](y)"
    )


def test_the_last_days_are_those_of_the_exam() -> None:
    ruleset = BOOK.find("noorem-tarkvaraarendaja", date(2026, 6, 1))
    [one] = page(BOOK, ruleset, ["noorem-tarkvaraarendaja"], date(2026, 6, 19), "en").qualifications
    assert [(due.iso, due.exam) for due in one.dues] == [
        ("2026-05-19", False),
        ("2026-06-05", False),
        ("2026-06-19", True),
    ]


def test_the_command(command: Run) -> None:
    html = command.printed(
        "show", "it-haldustehnik", "--format", "html", "--exam-day", "2026-06-21", "--lang", "en"
    )
    assert html.startswith("<!doctype html>")
    assert '<html lang="en">' in html
    assert "7 June 2026" in html
    whole = command.printed(
        "show", "bcs-koolitus/kutseeksam", "--format", "markdown", "--exam-day", "2026-06-21"
    )
    assert whole.count("\n## ") == 5 + 3
    older = command.printed(
        "show", "examples/eetel-esmataotlus", "--format", "html", "--exam-day", "2021-06-21"
    )
    assert "2016-01-01" in older
    assert command.refused("show", "nothing/here", "--format", "html")


def test_a_total_is_shown_part_by_part_with_what_counts_how_much(command: Run) -> None:
    for form in ([], ["--format", "markdown"]):
        said = command.printed("show", "kylmamehaaniku-taastoendamine", "--lang", "en", *form)
        work = next(line for line in said.splitlines() if line.strip(" -·").startswith("work: employments"))
        assert work.endswith("; 1 year (whole only) = 3 points; at most 15 points")
        assert "course on regulations: 2 points" in said
