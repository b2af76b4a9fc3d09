"""Choices that hypothesis makes."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from kutsereeglid.authoring.choices import Choices


@cache
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


def drawn(draw: st.DrawFn) -> Choices:
    """Choices that hypothesis makes, and shrinks."""
    return Choices(lambda number: draw(_below(number)))
