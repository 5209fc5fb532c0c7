"""What runs inside a contender's own environment: the clock and the answer. Imports nothing but the standard library.

Everybody is timed alike: imports and set-up are over, no value has been seen before, the garbage collector has its defaults and
leaves alone what was there at the start.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def told() -> Any:
    """What the bench hands over: the JSON file named on the command line."""
    return json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))


def timed(work: Callable[[], Any]) -> None:
    """Do it once; print wall and CPU seconds and what came out as the last line, in JSON."""
    gc.collect()
    gc.freeze()
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"wall": wall, "cpu": cpu, "result": result}))
