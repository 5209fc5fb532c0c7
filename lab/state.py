"""What the lab says of itself, and how it writes it down: whole files or none, one hand at a time. Knows no part of the lab."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from pydantic import ValidationError

from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal, Retryable

Say: TypeAlias = Callable[[str], None]
"""Tells the operator, in one line, what is being done."""

Kind: TypeAlias = Literal["cloud", "simulator", "device", "machine", "service"]
Remembered = TypeVar("Remembered", bound=Noun)


class Part(Noun):
    """One thing the lab runs. `address` is where it is reached, `memory_mib` its proportional set size."""

    name: str
    kind: Kind
    address: str
    pids: tuple[int, ...] = ()
    alive: bool
    memory_mib: int = 0
    note: str = ""


class LabStatus(Noun):
    """The whole lab. `changed`: whether `up` or `down` had anything to do. `notes` say what is not as one might expect."""

    folder: str
    parts: tuple[Part, ...] = ()
    changed: bool = False
    notes: tuple[str, ...] = ()

    @property
    def alive(self) -> bool:
        """Whether there is a lab and all of it runs."""
        return bool(self.parts) and all(part.alive for part in self.parts)

    @property
    def memory_mib(self) -> int:
        """Memory of all parts in MiB."""
        return sum(part.memory_mib for part in self.parts)


def write(path: Path, text: str, mode: int = 0o644) -> bool:
    """Make the file hold this text, all or nothing. Returns whether that was new. Raises OSError."""
    if path.is_file() and path.read_bytes() == text.encode() and path.stat().st_mode & 0o777 == mode:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 600 from the first byte on
    try:
        with os.fdopen(handle, "w") as out:
            out.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def remember(path: Path, noun: Noun) -> None:
    """Keep a noun for the next time. Raises OSError."""
    write(path, json.dumps(noun.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n")


def recall(path: Path, kind: type[Remembered]) -> Remembered | None:
    """What was remembered; None when nothing was, or what is there makes no sense (then the lab finds out anew)."""
    try:
        return kind.model_validate_json(path.read_text())
    except (OSError, ValueError, ValidationError):
        return None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lab for one `up` or `down`; the kernel lets go when we die. Raises Retryable while another has it, else Fatal."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Fatal(
            f"cannot write in {folder}: {error.strerror}",
            remedy="run it as the user who owns the workspace; a lab that root started is root's to stop",
        ) from None
    try:
        _lock(handle)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    for wait in (*[0.05] * 40, 0.0):  # a process that it began lives on with the lock until it has become another program
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(handle, 20, 0).decode().strip()
            if not wait or (holder and Path(f"/proc/{holder}").exists()):
                break
            time.sleep(wait)
        else:
            return
    raise Retryable(
        f"process {holder or 'of someone else'} is starting or stopping this lab right now",
        remedy="wait until it is done, then try again",
    )
