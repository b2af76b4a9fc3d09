"""Gaps and overlaps between the versions of one ruleset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby, pairwise

from kutsereeglid.errors import Problem
from kutsereeglid.ruleset import Ruleset


def versions(rulesets: Iterable[Ruleset]) -> Iterator[Problem]:
    """Each version must begin on the day after the one before it ends."""
    ordered = sorted(rulesets, key=lambda one: (one.id, one.in_force_from))
    for _, group in groupby(ordered, key=lambda one: one.id):
        for one, other in pairwise(group):
            where = f"{one.file}:1:1"
            begins = other.in_force_from
            last = begins - timedelta(days=1)
            if one.in_force_to is None or one.in_force_to >= begins:
                until = "further notice" if one.in_force_to is None else f"{one.in_force_to}"
                yield Problem(
                    "version-overlap", where,
                    f"{one.id} in force until {until}, with {begins} in {other.file} too",
                    "one version on each day", f"write `to: {last}`",
                )  # fmt: skip
            elif one.in_force_to < last:
                yield Problem(
                    "version-gap", where,
                    f"{one.id} in force until {one.in_force_to}, and no version on {one.in_force_to + timedelta(days=1)}",
                    "a version on each day", f"write `to: {last}`, or begin {other.file} earlier",
                )  # fmt: skip
