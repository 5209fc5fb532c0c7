"""Who holds a stack, as the engine writes it down and as it complains of it. Frees nothing."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from yunwang.inventories.noun import Noun


class Lock(Noun):
    """One engine's lock on one stack. Of an engine on another machine nobody here can say whether it lives."""

    TOLD: ClassVar = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")
    """As in `the stack is currently locked by 1 lock(s)` (pkg/backend/diy/lock.go)."""

    user: str
    host: str
    pid: int
    since: datetime

    @classmethod
    def told(cls, line: str) -> Lock:
        """Out of the engine's complaint."""
        found = cls.TOLD.search(line)
        assert found is not None, "who asks has looked"
        return cls.model_validate(found.groupdict())

    @classmethod
    def read(cls, content: bytes) -> Lock | None:
        """Out of the file; None where that is cut short or empty."""
        try:
            one = json.loads(content)
            return cls.model_validate(
                {"user": one["username"], "host": one["hostname"], "pid": one["pid"], "since": one["timestamp"]}
            )
        except (ValueError, KeyError, TypeError):
            return None

    @property
    def here(self) -> bool:
        """Whether it was taken on this machine."""
        return self.host == os.uname().nodename

    @property
    def dead(self) -> bool:
        """Whether it is known that nobody holds it any more."""
        return self.here and not _runs(self.pid)

    def __str__(self) -> str:
        return f"{self.user} on {self.host}, process {self.pid}, since {self.since.astimezone(UTC):%F %T} UTC"


def _runs(process: int) -> bool:
    """Whether it is there, and more than an entry that its parent has not cleared away yet (proc(5), state Z or X)."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:  # no /proc here, or it has just ended: whoever asks again will see
        return True
