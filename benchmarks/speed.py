"""How fast the library is, as ratios to plain Python in the same run, as Markdown tables.

``python -m benchmarks.speed`` runs every part, ``python -m benchmarks.speed parties gaps`` some of them;
``--quick`` takes few rounds and small sizes, to see that all works. Figures are printed with the limits that
the library sets itself, met or not; the exit status does not hang on them, only on whether the parties agree.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from attrs import evolve

from benchmarks import cold_start
from benchmarks.comparing import compare_gaps, compare_parties, compare_reasons
from benchmarks.memory import memory
from benchmarks.peers import PEERS
from benchmarks.scaling import against_qualifications, against_records, against_requirements
from benchmarks.timing import Section, Size, progress

FULL = Size(rounds=21, files=100, checked=2_000)
QUICK = Size(rounds=3, files=8, checked=20)
SIZES = {
    "rounds": f"rounds of timing; {FULL.rounds} when not given",
    "files": f"fresh files in a round; {FULL.files} when not given",
    "checked": f"files on which the parties must agree beforehand; {FULL.checked} when not given",
}

PARTS: dict[str, Callable[[Size], Section]] = {
    "parties": compare_parties,
    "gaps": compare_gaps,
    "reasons": compare_reasons,
    "qualifications": against_qualifications,
    "requirements": against_requirements,
    "records": against_records,
    "cold-start": cold_start.section,
    "memory": memory,
}
FEWER: dict[str, Callable[[Size], Section]] = {
    "qualifications": lambda size: against_qualifications(size, (1, 3)),
    "requirements": lambda size: against_requirements(size, (10, 50, 200)),
    "records": lambda size: against_records(size, (1, 10, 100)),
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all, or some of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="few rounds and small sizes")
    for name, meaning in SIZES.items():
        parser.add_argument(f"--{name}", type=int, metavar="N", help=meaning)
    options = parser.parse_args(arguments)
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"no part {part!r}; expected one of {', '.join(PARTS)}")
    given = {name: getattr(options, name) for name in SIZES if getattr(options, name) is not None}
    if any(number < 1 for number in given.values()):
        parser.error(f"a number below 1; expected 1 or more for {', '.join(f'--{name}' for name in given)}")
    size = evolve(QUICK if options.quick else FULL, **given)
    parts = PARTS | FEWER if options.quick else PARTS
    print(machine())
    for name in options.parts or PARTS:
        section = parts[name](size)
        progress("")
        print(f"\n{section.markdown()}", flush=True)
    return 0


def machine() -> str:
    """What the figures were taken on, and when."""
    today = datetime.now(UTC).date().isoformat()
    versions = ", ".join(f"{name} {found}" for name in PEERS if (found := _version(name)))
    return (
        f"Taken on {today}: {_processor()}, {platform.system()}, {platform.python_implementation()} "
        f"{platform.python_version()}{f'; {versions}' if versions else ''}."
    )


def _processor() -> str:
    cores = 0
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        name, _, value = line.partition(":")
        cores += name.strip() == "processor"
        model = value.strip() if name.strip() == "model name" else model
    return f"{cores or '?'} cores of {model}"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
