"""`yunwang demo` in a new folder, then again: wall times and the lab's memory. Leaves neither lab nor folder behind."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.race import Say
from bench.table import Row

YUNWANG = Path(sys.executable).with_name("yunwang")
TIMES = (("demo, cold (new folder, caches of the user as they are)", 600.0), ("demo, warm (again: nothing to change)", 180.0))


def run(say: Say) -> Iterator[Row]:
    """Cold, warm, memory. A demo that fails is a row without a figure."""
    with tempfile.TemporaryDirectory(prefix="bench-demo-") as parent:
        folder = Path(parent, "demo")
        try:
            for what, limit in TIMES:
                say(what)
                began = time.monotonic()
                code = subprocess.run([YUNWANG, "demo", folder], stdout=sys.stderr, check=False).returncode
                took = time.monotonic() - began
                if code:
                    yield Row(what=what, unit="s", ours=None, limit=limit, note=f"exit code {code} after {took:.0f} s")
                    return
                yield Row(what=what, unit="s", ours=took, limit=limit)
            yield Row(what="demo, memory of the lab", unit="MiB", ours=_memory(folder))
        finally:
            if folder.exists():
                subprocess.run([YUNWANG, "lab", "down", "--purge", "-q", "-w", folder], stdout=sys.stderr, check=False)


def _memory(folder: Path) -> float:
    """Proportional set sizes of the lab's processes, in MiB."""
    told = subprocess.run([YUNWANG, "lab", "status", "--json", "-w", folder], capture_output=True, text=True, check=False).stdout
    return float(sum(part["memory_mib"] for part in json.loads(told)["parts"]))
