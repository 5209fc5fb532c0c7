"""What processes take, as /proc tells it: memory of a tree, processor time. Imports nothing but the standard library."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def memory(process: int) -> float:
    """Proportional set sizes of a process and all its descendants, in MiB."""
    return sum(map(_memory, _tree(process)))


def cpu(processes: Iterable[int]) -> float:
    """Seconds of processor time that these processes have taken since they began."""
    return sum(map(_ticks, processes)) / os.sysconf("SC_CLK_TCK")


def _tree(process: int) -> Iterable[int]:
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from _tree(int(child))


def _memory(process: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _ticks(process: int) -> int:
    """User's and system's, of all its threads. The name, in brackets, may hold spaces."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return 0
