"""What a part of a ruleset says, as something that can be compared with a part of another ruleset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from kutsereeglid.applicant import About
from kutsereeglid.facts import RecordType, Vocabulary
from kutsereeglid.plans import structure


def content(value: Any) -> Any:
    """Its structure, with record types by their names; what these are is for `vocabulary_of` to compare."""
    return _named(structure(value))


def vocabulary_of(vocabulary: Vocabulary) -> Any:
    """The facts and record types that rules may name, by what is said of them."""
    facts = {path: _named(about) for path, about in vocabulary.facts.items()}
    records = {
        path: (
            {name: _named(about) for name, about in kind.fields.items()},
            kind.dated_by,
            kind.spans,
            kind.verdict,
            sorted(kind.inner),
        )
        for path, kind in vocabulary.records.items()
    }
    return facts, records


def _named(value: Any) -> Any:
    if isinstance(value, RecordType):
        return RecordType, value.path
    if isinstance(value, About):
        return attrs.astuple(value, recurse=False)
    if isinstance(value, (tuple, frozenset)):
        return type(value)(map(_named, value))
    assert not isinstance(value, Mapping)
    return value
