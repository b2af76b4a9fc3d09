"""Benchmarks of memory: a process of each party, a decision that is kept, growth over many decisions."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.applicants import QUALIFICATIONS, applicants
from benchmarks.parties import decided, with_sentences
from benchmarks.peers import PEERS, installed
from benchmarks.timing import Section, Size, progress
from kutsereeglid import Decision, read_applicant

_PROCESS = """
import resource, sys
from benchmarks.applicants import QUALIFICATIONS, applicants
{prepare}
for file, as_of in applicants({files}):
    for qualification in QUALIFICATIONS:
        {decide}
# What this process used at most, its own start included, not that of the one that began it.
print([int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")][0])
"""

_PEER = "decide(file, qualification, as_of)"


def memory(size: Size, others: Sequence[str] | None = None) -> Section:
    """Peak memory of processes, those of all other engines that are installed or of some, and bytes of decisions."""
    rows = [(name, f"{_peak(*code, size) / 1024:,.1f} MiB") for name, code in _processes(others).items()]
    decisions: dict[str, Callable[..., Decision]] = {
        "a decision that is kept, statuses read": decided,
        "a decision that is kept, every reason read": with_sentences,
    }
    for name, decide in decisions.items():
        progress(name)
        rows.append((name, f"{_kept_bytes(decide, size) / 1024:,.1f} KiB"))
    progress("growth")
    growth, count = _growth(size)
    rows.append((f"growth over {count:,} decisions that are not kept", f"{growth:.2f} bytes a decision"))
    about = (
        f"Peak resident memory of a fresh process that decides on {size.files} files with each qualification; "
        "bytes of the Python objects of decisions."
    )
    return Section("Memory", about, ("", "memory"), rows)


def _processes(others: Sequence[str] | None) -> dict[str, tuple[str, str]]:
    plain = "from benchmarks.plain import decide"
    made = {
        "a process with the seeded files alone": ("", "pass"),
        "plain Python": (plain, _PEER),
        "kutsereeglid, from a mapping": (
            "from kutsereeglid import evaluate",
            "evaluate(file, qualification, as_of=as_of)",
        ),
    }
    for name in filter(installed, PEERS) if others is None else others:
        prepare = f"from benchmarks.peers import decider\ndecide = decider({name!r}, QUALIFICATIONS)"
        made[f"{name}, with its date facts"] = (prepare, _PEER)
    return made


def _peak(prepare: str, decide: str, size: Size) -> int:
    """KiB of a process at its largest, the median of up to three."""
    code = _PROCESS.format(files=size.files, prepare=prepare, decide=decide)
    return int(
        median(int(subprocess.check_output([sys.executable, "-c", code])) for _ in range(min(3, size.rounds)))
    )


def _kept_bytes(decide: Callable[..., Decision], size: Size) -> float:
    """Bytes of Python objects that one decision adds, what is shared between decisions made before."""
    given = [(read_applicant(file), as_of) for file, as_of in applicants(size.files)]
    kept: list[Decision] = []
    for one, as_of in given:
        for qualification in QUALIFICATIONS:
            decide(one, qualification, as_of)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for one, as_of in given:
        kept += [decide(one, qualification, as_of) for qualification in QUALIFICATIONS]
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(kept)


def _growth(size: Size) -> tuple[float, int]:
    """Bytes of Python objects left behind by each decision, over rounds of fresh files."""

    def rounds(first: int, count: int) -> int:
        made = 0
        for number in range(first, first + count):
            for file, as_of in applicants(size.files, number):
                for qualification in QUALIFICATIONS:
                    decided(file, qualification, as_of)
                    made += 1
        gc.collect()
        return made

    rounds(0, 2)
    tracemalloc.start()
    rounds(2, 1)
    before = tracemalloc.get_traced_memory()[0]
    count = rounds(3, size.rounds)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / count, count
