"""Writing a Python function line by line.

Only code of this package is ever written. What comes from a ruleset or a file is a constant: it is bound to
a name in the function's globals and never stands in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


class Source:
    """A function in the making.

    >>> source = Source()
    >>> with source.block("if value in " + source.constant(frozenset({"a", "b"})) + ":"):
    ...     source.line("return 1")
    >>> source.line("return 2")
    >>> told = source.function("told", "value")
    >>> told("a"), told("c")
    (1, 2)
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 1
        self._globals: dict[str, Any] = {"__builtins__": {"len": len, "enumerate": enumerate}}
        self._names: dict[Any, str] = {}
        self._count = 0

    def line(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        self.line(header)
        self._depth += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._depth -= 1

    def name(self, prefix: str) -> str:
        """A name that nothing else has."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: Any) -> str:
        """The name that a value is bound to."""
        if type(value) is int:
            return repr(value)
        key = (type(value), value) if isinstance(value, (str, frozenset)) else id(value)
        if key not in self._names:
            self._names[key] = self.name("k")
            self._globals[self._names[key]] = value  # keeps it alive, so that no other has its id
        return self._names[key]

    def bind(self, name: str, value: Any) -> None:
        """A constant with a name of its own."""
        self._globals[name] = value

    def function(self, name: str, parameters: str) -> Callable[..., Any]:
        text = "\n".join([f"def {name}({parameters}):", *self._lines, ""])
        exec(compile(text, f"<{name} of a plan>", "exec"), self._globals)  # noqa: S102
        made: Callable[..., Any] = self._globals[name]
        return made


@cache
def fillable(owner: type) -> type:
    """A class laid out like a frozen one, whose instances are filled in field by field before they become the
    other's by their ``__class__``: the interpreter does that much faster than what goes around a frozen class."""
    own = {"__slots__": vars(owner)["__slots__"]} if "__slots__" in vars(owner) else {}
    plain = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    return type(owner.__name__, owner.__bases__, {**own, **plain})
