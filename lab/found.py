"""Which processes belong to a host of the lab, read off the process table: no record has to be right. Ends nothing itself."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from yunwang.lab.process import Process, born

MARK = "YUNWANG_LAB_HOST"
"""Environment variable that everything running on a lab host inherits: the folder of its sshd."""


def processes(folders: Iterable[Path]) -> dict[Path, list[Process]]:
    """For each sshd folder (see `yunwang.lab.sshd`) what runs there: its sshd, what bears the mark, and their children."""
    owner: dict[int, Path] = {}
    parent: dict[int, int] = {}
    wanted = {os.fsencode(folder): folder for folder in folders}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            parent[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            folder = _marked(entry, wanted) or _serving(entry, wanted)
        except OSError:  # gone meanwhile, or not ours to read
            continue
        if folder:
            owner[int(entry.name)] = folder
    for pid in parent:
        ancestor = pid
        while ancestor not in owner and parent.get(ancestor, 0) > 1:
            ancestor = parent[ancestor]
        if ancestor in owner and pid != os.getpid():
            owner[pid] = owner[ancestor]
    found: dict[Path, list[Process]] = {folder: [] for folder in wanted.values()}
    for pid, folder in sorted(owner.items()):
        if started := born(pid):
            found[folder].append(Process(label=_name(pid), pid=pid, born=started))
    return found


def _marked(entry: Path, wanted: dict[bytes, Path]) -> Path | None:
    mark = MARK.encode() + b"="
    environment = (entry / "environ").read_bytes().split(b"\0")
    return next((wanted.get(item.removeprefix(mark)) for item in environment if item.startswith(mark)), None)


def _serving(entry: Path, wanted: dict[bytes, Path]) -> Path | None:
    """An sshd overwrites its environment with its title; what it still has of its folder is the log on standard error."""
    if not (entry / "exe").readlink().name.startswith("sshd"):
        return None
    return wanted.get(os.fsencode((entry / "fd" / "2").readlink()).removesuffix(b" (deleted)").removesuffix(b"/log"))


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return str(pid)
