"""Which process holds a lease, and whether it still lives. Tells it of this machine's processes alone; never ends one."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")


def identity(pid: int | None = None) -> str:
    """A process (by default, this one) as no other is called: boot, PID namespace, PID, start in ticks; '' where it is not there.

    A host's name would not do (two containers may share one), nor would a PID (it is used again). Source: proc(5), `stat` field 22.
    """
    number = os.getpid() if pid is None else pid
    try:
        status = (PROC / str(number) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        if status[0] in "ZX":  # dead, and not yet waited for
            return ""
        return f"{_machine()}/{number}/{status[19]}"
    except (OSError, IndexError):
        return ""


def dead(known: str) -> bool:
    """Whether that process was one of this machine's, and is no more. False where it cannot be told: silence must tell it."""
    machine, _, rest = known.rpartition("/")[0].rpartition("/")
    try:
        return machine == _machine() and identity(int(rest)) != known
    except (OSError, ValueError):
        return False


def _machine() -> str:
    boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{(PROC / 'self/ns/pid').readlink()}"
