"""Values on one line of YAML."""

from __future__ import annotations

import io
import re
from typing import Any

_QUOTED_DAY = re.compile(r"'(\d{4}-\d\d-\d\d)'")


def flow(value: Any) -> str:
    """A value as an author writes it on one line; what needs quotes has them, and a day has none.

    >>> flow({"status": "open", "due": "2026-06-19", "missing": ["documents[0].type"]})
    "{status: open, due: 2026-06-19, missing: ['documents[0].type']}"
    >>> flow("12 months"), flow(None), flow([])
    ('12 months', 'null', '[]')
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 1_000_000
    out = io.StringIO()
    yaml.dump([value], out)
    return _QUOTED_DAY.sub(r"\1", out.getvalue().strip()[1:-1])  # a day is a text here, quoted or not
