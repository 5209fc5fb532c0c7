"""`kill -9` of the installed program, or of a child of it, in the middle of what it does. For tests of what is left then."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

from parts.command import YUNWANG, told
from parts.processes import command_line, descendants

SEED = int(os.environ.get("YUNWANG_KILL_SEED", "7"))
PATIENCE = 300
"""Seconds until a run must have begun something: a watchdog."""


def kill(words: Sequence[str | Path], folder: Path, random: Random, moment: float, child: str = "") -> str:
    """Kill it so many seconds after it began a step, or, half of the time, its child whose command line has `child`.

    Which of the two was killed, `tool` or `child`; '' where the command had ended before. `folder` is the workspace.
    """
    steps = begun(folder)
    with (folder / "killed.log").open("w") as log:
        environment = os.environ | {"YUNWANG_OPERATOR": "li-wei"}
        process = subprocess.Popen([YUNWANG, *map(str, words)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        end = time.monotonic() + PATIENCE
        while begun(folder) == steps:
            assert process.poll() is None, (folder / "killed.log").read_text()
            assert time.monotonic() < end
            time.sleep(0.02)
        time.sleep(moment)
        mine = [pid for pid in descendants(process.pid) if child and child in command_line(pid)]
        if process.poll() is not None:
            return ""
        chosen = bool(mine) and random.random() < 0.5
        with suppress(ProcessLookupError):
            os.kill(mine[0] if chosen else process.pid, signal.SIGKILL)
        code = process.wait(PATIENCE)
    return "child" if chosen else "tool" if code == -signal.SIGKILL else ""


def begun(folder: Path) -> int:
    """How many steps the journal knows of."""
    file = folder / ".yunwang" / "journal.sqlite"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db, suppress(sqlite3.OperationalError):
        return int(db.execute("SELECT count(*) FROM steps").fetchone()[0])
    return 0


def newest(folder: Path) -> dict[str, Any]:
    """The newest run, with its steps."""
    return dict(told("history", "show", told("history", "list", "-w", folder)[0]["id"], "-w", folder))
