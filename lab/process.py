"""Processes of the lab: started in a session of their own, known by pid and start time, ended by pid. Never a stranger's."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from yunwang.inventories.noun import Noun

ENDING_SECONDS = 15.0
QUIET = range(10_000, 32_000)
TRIES = 100


class Process(Noun):
    """A process that the lab started. `born`: its start time in clock ticks since boot, lest a reused pid is taken for it."""

    label: str
    pid: int
    born: int


def start(label: str, argv: Sequence[str], *, folder: Path, log: Path, environment: Mapping[str, str] | None = None) -> Process:
    """Start a program that outlives us; its output goes to `log`. Raises OSError when it cannot be run."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        child = subprocess.Popen(
            argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    return Process(label=label, pid=child.pid, born=born(child.pid) or 0)


def alive(process: Process) -> bool:
    """Whether it still runs (a zombie does not)."""
    return born(process.pid) == process.born


def stop(processes: Iterable[Process], seconds: float = ENDING_SECONDS) -> None:
    """SIGTERM to each one's session, SIGKILL to what is left after `seconds`."""
    ours = [process for process in processes if alive(process)]
    for process in ours:
        _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while any(alive(process) for process in ours) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in ours:
        if alive(process):
            _signal(process, signal.SIGKILL)


def memory(process: Process) -> int:
    """Proportional set size in MiB; 0 when it is gone or not ours to read."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("Pss:")), 0)


def free_ports(wanted: Sequence[int | None]) -> list[int]:
    """A free loopback TCP port for each wanted one: that one where it is free, else any. They are all different."""
    held: list[socket.socket] = []
    try:
        for port in wanted:
            held.append((_bind(port) if port else None) or _any())
        return [int(sock.getsockname()[1]) for sock in held]
    finally:
        for sock in held:
            sock.close()


def _bind(port: int) -> socket.socket | None:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen()  # until one listens, a second may bind the same port
    except OSError:
        sock.close()
        return None
    return sock


def _any() -> socket.socket:
    """Any port: one below those that Linux gives to whoever connects (from 32768), lest one is gone before it is listened on."""
    bound = next(filter(None, map(_bind, random.sample(QUIET, TRIES))), None) or _bind(0)
    if bound is None:
        raise OSError("no free loopback port is left")
    return bound


def born(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None when there is none (a zombie is none)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # what comes after the command's name, which may hold spaces
    return None if fields[0] == "Z" else int(fields[19])


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, number)  # its own session leads its own group: children that it forked go with it
        else:
            os.kill(process.pid, number)
