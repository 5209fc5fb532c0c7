"""The installed program, called as an operator calls it: another process, nobody at the keyboard. For tests of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

YUNWANG = str(Path(sys.executable).with_name("yunwang"))


def yunwang(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call it as operator li-wei; never raises for an exit code."""
    return subprocess.run(
        [YUNWANG, *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"YUNWANG_OPERATOR": "li-wei"} | environment,
        timeout=300,
        check=False,
    )


def told(*arguments: str | Path) -> Any:
    """What a command prints with --json; it has to succeed."""
    called = yunwang(*arguments, "--json")
    assert called.returncode == 0, called.stdout + called.stderr
    return json.loads(called.stdout)
