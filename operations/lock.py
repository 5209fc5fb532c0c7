"""One apply at a time in a workspace on this machine; who is told who holds it. Leases between machines are not its work."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace


@contextmanager
def held(workspace: Workspace, operator: str, command: str) -> Iterator[None]:
    """Hold the workspace while something is changed. Raises Refused, naming the holder. The kernel frees it if we die."""
    workspace.state.mkdir(parents=True, exist_ok=True)
    with (workspace.state / "apply.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Refused(
                f"another run is changing this workspace: {file.read().strip() or 'just started'}",
                remedy="wait until it has ended",
            ) from None
        file.truncate(0)
        file.write(
            json.dumps({"operator": operator, "pid": os.getpid(), "since": f"{datetime.now(UTC):%F %T} UTC", "command": command})
        )
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
