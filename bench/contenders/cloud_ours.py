"""Tenants on a cloud by the installed program, as a CI calls it: observe, plan, apply, verify; or a plan alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from bench.stopwatch import timed, told
from bench.tree import memory

TASK = told()
PROGRAM = Path(sys.executable).with_name("yunwang")
LOOK_SECONDS = 1.0
WORDS = ["plan", "--detailed-exitcode"] if TASK["again"] else ["apply", "--yes"]


def tenants() -> dict[str, Any]:
    """All of them; the most memory (MiB) that the program and all that it started took."""
    with subprocess.Popen(
        [PROGRAM, "cloud", *WORDS, "-w", TASK["root"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "YUNWANG_OPERATOR": "bench"},
    ) as running:
        peak, over = [0.0], threading.Event()
        watch = threading.Thread(target=_watch, args=(running.pid, peak, over))
        watch.start()
        said, _ = running.communicate()
        over.set()
        watch.join()
    if running.returncode:
        raise RuntimeError(" ".join(said.split()[-60:]))
    return {"mib": peak[0]}


def _watch(process: int, peak: list[float], over: threading.Event) -> None:
    while not over.wait(LOOK_SECONDS):
        peak[0] = max(peak[0], memory(process))


timed(tenants)
