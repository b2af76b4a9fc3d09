"""CPU of a fresh process that imports the package, and of one that makes a decision.

Prints medians and ratios; with ``--check`` the exit status tells whether the ratios are kept.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys

from benchmarks.timing import Section, Size, progress, within

PARTIES = {
    "import attrs": "import attrs",
    "import kutsereeglid": "import kutsereeglid",
    "import attrs, cattrs, ruamel.yaml": "import attrs, cattrs, ruamel.yaml",
    "one decision, nothing known": (
        "from datetime import date; from kutsereeglid import evaluate; "
        "evaluate({}, 'it-tehnik', as_of=date(2026, 6, 10))"
    ),
    "one decision, a whole file": (
        "from datetime import date; from kutsereeglid import evaluate; "
        "evaluate({'employments': [{'field': 'software-development', 'start': '2025-09-01', 'end': '2026-03-15'}],"
        "'documents': [{'type': 'education-certificate', 'submitted': '2026-04-20'},"
        "{'type': 'employment-certificate', 'issued': '2026-05-20', 'submitted': '2026-06-05', 'signed_by': 'employer',"
        "'positions': [{'field': 'software-development', 'start': '2025-09-01', 'end': '2026-03-15'}]}],"
        "'exam': {'date': '2026-06-19'}, 'exam_project': {'field': 'software-development', 'basis': 'company-problem',"
        "'parts': [{'kind': 'theoretical', 'submitted': '2026-05-19'}, {'kind': 'practical'}]}},"
        "'noorem-tarkvaraarendaja', as_of=date(2026, 6, 10))"
    ),
}
LIMITS = (
    ("import kutsereeglid", "import attrs", 2.0),
    ("one decision, nothing known", "import attrs, cattrs, ruamel.yaml", 2.2),
    ("one decision, a whole file", "import attrs, cattrs, ruamel.yaml", 2.2),
)


def cpu_of(code: str) -> float:
    """CPU seconds, user and system, of a process that runs the code, compiled modules kept as an installation has them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, env=kept)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def taken(rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each party in each round, the parties in turn."""
    times: dict[str, list[float]] = {name: [] for name in PARTIES}
    for number in range(rounds):
        progress(f"round {number + 1} of {rounds}")
        for name, code in PARTIES.items():
            times[name].append(cpu_of(code))
    return times


def ratio(times: dict[str, list[float]], name: str, base: str) -> float:
    return statistics.median(a / b for a, b in zip(times[name], times[base], strict=True))


def section(size: Size) -> Section:
    """The figures as a table."""
    times = taken(size.rounds)
    rows = [(name, f"{statistics.median(found) * 1000:.1f}", "", "") for name, found in times.items()]
    for number, (name, *_) in enumerate(rows):
        for limited, base, limit in LIMITS:
            if limited == name:
                found = ratio(times, name, base)
                rows[number] = (*rows[number][:2], f"{found:.2f}x `{base}`", within(found, limit))
    about = f"Processor time of a fresh process, the median of {size.rounds}."
    return Section("Cold start", about, ("process", "ms", "ratio", "at most"), rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    times = taken(options.rounds)
    progress("")
    for name, each in times.items():
        print(f"{statistics.median(each) * 1000:7.1f} ms  {name}")
    kept = True
    for name, base, limit in LIMITS:
        found = ratio(times, name, base)
        kept = kept and found <= limit
        print(f"{found:7.2f} x   {name} / {base} (at most {limit})")
    return int(options.check and not kept)


if __name__ == "__main__":
    sys.exit(main())
