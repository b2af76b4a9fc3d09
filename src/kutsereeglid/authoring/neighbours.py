"""Files that differ from a given one in a thing or two, near the boundaries of a qualification's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from kutsereeglid.authoring.choices import Choices
from kutsereeglid.authoring.making import COUNTED_PLAINLY, Asked, File
from kutsereeglid.conditions.comparison import SOMETHING_ELSE
from kutsereeglid.dates import end_of_term, plus_days, start_of_term

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Neighbours:
    """Makes them for one qualification."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.values: dict[str, list[Any]] = {}
        for path, values in asked.spoken.facts.items():
            self.values.setdefault(path.rpartition(".")[2], []).extend(values)
        for fields in asked.spoken.records.values():
            for name, values in fields.items():
                self.values.setdefault(name, []).extend(values)

    def of(self, choices: Choices, file: File) -> File:
        """The file with one to three things in it changed."""
        made = deepcopy(file)
        for _ in range(choices.one_of(1, 1, 2, 3)):
            places = list(_places(made))
            if places:
                self._change(choices, *choices.among(places))
        return made

    def _change(self, choices: Choices, holder: Any, key: Any) -> None:
        value = holder[key]
        if isinstance(value, bool):
            holder[key] = not value
        elif isinstance(value, (int, float)):
            holder[key] = max(0, value + choices.one_of(1, -1, 0.5, -0.5))
        elif isinstance(value, str) and _DAY.fullmatch(value):
            holder[key] = self._moved(choices, date.fromisoformat(value)).isoformat()
        elif isinstance(value, str):
            others = [one for one in self.values.get(key, ()) if isinstance(one, str)]
            holder[key] = choices.among([*others, SOMETHING_ELSE])
        elif isinstance(value, dict) and isinstance(holder, list):
            if choices.often():
                holder.insert(key, deepcopy(value))
            else:
                del holder[key]

    def _moved(self, choices: Choices, day: date) -> date:
        """A day or a term away."""
        if self.asked.terms and choices.often():
            count = choices.one_of(end_of_term, start_of_term)
            day = count(day, choices.among(self.asked.terms), COUNTED_PLAINLY)
        return plus_days(day, choices.one_of(-1, 1, 0, -2, 2))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Everything in a file, as what holds it and the key or the number there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)
