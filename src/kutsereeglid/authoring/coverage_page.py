"""Coverage as a page: the text of the rulesets, coloured, with why a line is not covered beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from kutsereeglid.authoring.coverage import Covered, Item, Kind, counted
from kutsereeglid.authoring.coverage_report import said, shown_path

_STYLE = """
:root { color-scheme: light dark; --text: #1d232a; --page: #ffffff; --faint: #66707b; --line: #d9dee3;
  --full: #e3f4e6; --part: #fdf1d3; --none: #fbe3e1; --full-mark: #1a7232; --part-mark: #855900; --none-mark: #b02a1d }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ec; --page: #15191d; --faint: #98a2ad; --line: #323a42;
  --full: #16301d; --part: #392d0f; --none: #3f1d1a; --full-mark: #6fce86; --part-mark: #e3b341; --none-mark: #ff8f85 } }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif }
table { border-collapse: collapse }
.summary td, .summary th { padding: .15rem 1rem .15rem 0; text-align: left }
.summary td + td { text-align: right; font-variant-numeric: tabular-nums }
.text { width: 100%; border: 1px solid var(--line) }
.text td { padding: 0 .5rem; vertical-align: top }
.text .number { width: 1%; text-align: right; color: var(--faint); user-select: none; font-variant-numeric: tabular-nums }
.text .mark { width: 1%; font-weight: bold }
.text pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, monospace }
.text ul { margin: 0 0 .3rem; padding-left: 1.2rem; font-size: .875rem; overflow-wrap: anywhere }
.full { background: var(--full) } .full .mark { color: var(--full-mark) }
.part { background: var(--part) } .part .mark, .part ul { color: var(--part-mark) }
.none { background: var(--none) } .none .mark, .none ul { color: var(--none-mark) }
.faint { color: var(--faint) }
"""

_MARKS = {"full": "✓", "part": "◐", "none": "✗"}
_MEANS = {"full": "shown from every side", "part": "shown in part", "none": "not shown"}


def page(covered: Iterable[Covered]) -> str:
    """One page of HTML that needs nothing else; readable in light and dark, wide and narrow."""
    every = list(covered)
    total = counted(item for one in every for item in one.items)
    legend = " ".join(
        f'<span class="{name}"><span class="mark">{_MARKS[name]}</span> {means}</span>'
        for name, means in _MEANS.items()
    )
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Coverage: {total.percent:g} %</title><style>{_STYLE}</style></head><body>",
            f"<h1>Coverage: {escape(str(total))}</h1>",
            f"<p>What the scenario cases show of each line of the rulesets. {legend}</p>",
            *(part for one in every for part in _ruleset(one)),
            "</body></html>\n",
        ]
    )


def _ruleset(covered: Covered) -> Iterator[str]:
    ruleset = covered.ruleset
    yield f"<h2>{escape(ruleset.title)}</h2>"
    yield f'<p class="faint">{escape(ruleset.id)} {escape(ruleset.version)}, {covered.cases} cases</p>'
    yield '<table class="summary"><tbody>'
    for kind in Kind:
        of_kind = counted(item for item in covered.items if item.kind is kind)
        if of_kind.of:
            yield f"<tr><th>{kind}</th><td>{of_kind.seen} of {of_kind.of}</td><td>{of_kind.percent:g} %</td></tr>"
    yield f"<tr><th>in all</th><td>{covered.count.seen} of {covered.count.of}</td><td>{covered.count.percent:g} %</td></tr>"
    yield "</tbody></table>"
    for file in dict.fromkeys(item.place.file for item in covered.items):
        items = [item for item in covered.items if item.place.file == file]
        path = covered.file(file)
        text = path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
        yield f"<h3>{escape(str(shown_path(path)))}</h3>"
        yield from _text(text, items)


def _text(text: str, items: list[Item]) -> Iterator[str]:
    lines = text.splitlines()
    governed = _governed(lines, items)
    yield '<table class="text"><tbody>'
    for number, line in enumerate(lines, 1):
        here = [item for item in items if item.place.line == number]
        state = governed.get(number, "")
        mark = f'<span title="{_MEANS[state]}">{_MARKS[state]}</span>' if here and state else ""
        notes = "".join(f"<li>{_note(item)}</li>" for item in here if item.lacking)
        yield (
            f'<tr{f" class={state}" if state else ""}><td class="number">{number}</td><td class="mark">{mark}</td>'
            f"<td><pre>{escape(line) or ' '}</pre>{f'<ul>{notes}</ul>' if notes else ''}</td></tr>"
        )
    yield "</tbody></table>"


def _note(item: Item) -> str:
    return f"{escape(f'{item.kind} {item.what}')}: not seen {escape(said(item))}"


def _governed(lines: list[str], items: list[Item]) -> dict[int, str]:
    """The state of each line: that of the things that stand on it, and of the condition that it goes on
    with. Lines further right than where something begins belong to it, up to the next thing."""
    starts: dict[int, list[Item]] = {}
    for item in items:
        starts.setdefault(item.place.line, []).append(item)
    made: dict[int, str] = {}
    for number, here in starts.items():
        made[number] = state_of(here)
        conditions = [item for item in here if item.kind is Kind.CONDITION]
        if not conditions:
            continue
        column = min(item.place.column for item in conditions)
        for following in range(number + 1, len(lines) + 1):
            line = lines[following - 1]
            indented = len(line) - len(line.lstrip())
            goes_on = indented >= column - 1 and not line.lstrip().startswith(("- ", "#"))
            if not line.strip() or not goes_on or following in starts:
                break
            made[following] = made[number]
    return made


def state_of(items: Iterable[Item]) -> str:
    """``full``, ``part`` or ``none``: how much of some things is shown; nothing where there is nothing."""
    count = counted(items)
    if not count.of:
        return ""
    return "full" if count.seen == count.of else "part" if count.seen else "none"
