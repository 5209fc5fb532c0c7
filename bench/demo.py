"""`make demo` in a fresh copy of the project, then again: wall times and the lab's memory. Leaves neither lab nor folder behind.

Cold is a newcomer's first time: no environment, no workspace, no lab; what the user's caches hold (wheels, the Pulumi engine,
OpenStack's services) is used, unless `empty_caches` gives the copy caches of its own, which are empty.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.race import Say
from bench.table import Row

PROJECT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "demo", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
COLD_SECONDS, WARM_SECONDS = 600.0, 180.0


def run(say: Say, *, empty_caches: bool = False) -> Iterator[Row]:
    """Cold, warm, memory. A demo that fails is a row without a figure."""
    caches = "caches empty, so with Pulumi's build" if empty_caches else "caches as they are"
    runs = (
        (f"demo, cold (fresh environment, {caches})", None if empty_caches else COLD_SECONDS),
        ("demo, warm (again: nothing to change)", WARM_SECONDS),
    )
    with tempfile.TemporaryDirectory(prefix="bench-demo-") as parent:
        copy, cache = Path(parent, "yunwang"), Path(parent, "cache")
        shutil.copytree(PROJECT, copy, symlinks=True, ignore=_left_out)
        own = {"XDG_CACHE_HOME": str(cache), "GOMODCACHE": str(cache / "go-mod"), "GOFLAGS": "-modcacherw"} if empty_caches else {}
        try:
            for what, limit in runs:
                say(what)
                began = time.monotonic()
                code = _make("demo", copy, own)
                took = time.monotonic() - began
                if code:
                    yield Row(what=what, unit="s", ours=None, limit=limit, note=f"exit code {code} after {took:.0f} s")
                    return
                yield Row(what=what, unit="s", ours=took, limit=limit)
            yield Row(what="demo, memory of the lab", unit="MiB", ours=_memory(copy))
        finally:
            _make("demo-down", copy, own)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What a checkout does not have; the demo's folder only at the top: there is a package of that name."""
    left = LEFT_OUT(folder, names)
    return left if Path(folder) == PROJECT else left - {"demo"}


def _make(goal: str, copy: Path, environment: Mapping[str, str]) -> int:
    return subprocess.run(["make", goal], cwd=copy, env={**os.environ, **environment}, stdout=sys.stderr, check=False).returncode


def _memory(copy: Path) -> float:
    """Proportional set sizes of the lab's processes, in MiB."""
    command = [copy / ".venv" / "bin" / "yunwang", "lab", "status", "--json", "-w", copy / "demo"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return float(sum(part["memory_mib"] for part in json.loads(told)["parts"]))
