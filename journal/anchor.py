"""The audit chain's last known head, in a file outside the database. Never goes back; says nothing of what is in the chain."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal.chain import Head

WIDTH = 120
"""Bytes of the file, always: it is written over in place, so that a full disk or a killed process leaves no half of it."""


def read(path: Path) -> Head | None:
    """The head that the file keeps; None where there is no file. Raises Refused where it keeps none."""
    try:
        return Head.parse(path.read_text(errors="replace"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Fatal(f"{path} cannot be read: {error.strerror}", remedy="mend its permissions") from None


def given(text: str) -> Head:
    """The head that someone kept elsewhere: as it was printed, or the file that it is in. Raises Refused."""
    path = Path(text)
    if not path.is_file():
        return Head.parse(text)
    head = read(path)
    assert head is not None
    return head


def advance(path: Path, head: Head) -> None:
    """Keep this head, unless the file has a later one (another process was faster). Raises Fatal where it cannot be written."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            kept = os.pread(descriptor, WIDTH, 0).decode(errors="replace")
            if not kept.strip() or _older(kept, head):
                os.pwrite(descriptor, f"{head}".ljust(WIDTH - 1).encode() + b"\n", 0)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Fatal(
            f"the audit head cannot be kept in {path}: {error.strerror}",
            remedy="make room for it, or mend its permissions; a run that this stopped goes on with `yunwang resume`",
        ) from None


def _older(kept: str, head: Head) -> bool:
    try:
        return Head.parse(kept).seq < head.seq
    except Refused:
        return False  # someone wrote something else into it: `history verify` says so, and it stays as evidence
