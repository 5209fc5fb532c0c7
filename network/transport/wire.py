"""What a device said, as it said it, in a file the owner alone can read. Never holds a secret, ours or the device's."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from netmiko.session_log import SessionLog

MASK = "********"

_SECRET = re.compile(
    r"^(.*?\b(?:password|secret|(?:irreversible-)?cipher|community|key-string|authentication-key|pre-shared-key|message-digest-key"
    r"|md5|hmac-\w+)\b(?= ))(?! is\b).+$",
    re.IGNORECASE,
)
"""A configuration line up to the word after which its secret stands; what follows is dropped whole, whatever form it has."""


def mask(line: str, secrets: Collection[str] = ()) -> str:
    """The line without the given secrets and without what a configuration keeps secret."""
    for secret in secrets:
        line = line.replace(secret, MASK)
    return _SECRET.sub(rf"\1 {MASK}", line)


class WireLog(SessionLog):
    """A session log that netmiko's drivers accept: whole lines, each with its time (UTC), masked before they are written."""

    def __init__(self, path: Path, secrets: Collection[str]) -> None:
        super().__init__(buffered_io=io.BytesIO())
        path.parent.mkdir(parents=True, exist_ok=True)
        self._secrets = tuple(secret for secret in secrets if secret)
        self._rest = ""
        self._file: io.TextIOWrapper | None = os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8"
        )

    def write(self, data: str) -> None:
        """Take what came; a line is written when it is whole."""
        *lines, self._rest = (self._rest + data).split("\n")
        self._put(lines)

    def note(self, text: str) -> None:
        """Our own word between the device's: opened, closed, timed out."""
        self._put([*([self._rest] if self._rest else []), f"-- {text}"])
        self._rest = ""

    def close(self) -> None:
        """Write what is left of a line, and close."""
        if self._file is not None:
            self._put([self._rest] if self._rest else [])
            self._file.close()
            self._file = None

    def _put(self, lines: list[str]) -> None:
        if self._file is not None and lines:
            now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
            self._file.writelines(f"{now} {mask(line, self._secrets)}\n" for line in lines)
            self._file.flush()
