"""Which processes a process has begun, and what each is. Ends none."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def descendants(pid: int) -> list[int]:
    """The processes that a process has begun, and theirs."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents.setdefault(parent(stat), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found[1:]


def parent(stat: Path) -> int:
    """Who began the process of that `/proc/PID/stat`. Raises OSError where it has ended."""
    return int(stat.read_text().rpartition(")")[2].split()[1])


def command_line(pid: int) -> str:
    """A process's words with a space between them; '' where it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    return ""
