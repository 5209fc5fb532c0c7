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
SHORTEST = 4
"""Of what stands behind such a word, what is shorter is no secret but a number that stands everywhere."""

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
        self._secrets: dict[str, re.Pattern[str]] = {}
        for secret in filter(None, secrets):
            self._keep(secret)
        self._rest = ""
        self._file: io.TextIOWrapper | None = os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8"
        )

    def sent(self, text: str) -> None:
        """What goes to the device: it will echo it, and the secrets of its lines must not stand here, however it wraps them."""
        for line in text.split("\n"):
            if found := _SECRET.search(line):
                behind = line[found.end(1) :].strip()
                for secret in filter(lambda text: len(text) >= SHORTEST, (behind, behind.split()[-1])):
                    self._keep(secret)

    def write(self, data: str) -> None:
        """Take what came; a line is written when it is whole, and no secret goes on in the next."""
        text = self._rest + data
        for pattern in self._secrets.values():
            text = pattern.sub(MASK, text)
        *lines, self._rest = text.split("\n")
        while lines and any(_goes_on(secret, lines[-1], self._rest.replace("\n", "")) for secret in self._secrets):
            self._rest = f"{lines.pop()}\n{self._rest}"
        self._put(lines)

    def _keep(self, secret: str) -> None:
        if secret not in self._secrets:
            self._secrets[secret] = re.compile(r"\n*".join(map(re.escape, secret)))

    def note(self, text: str) -> None:
        """Our own word between the device's: opened, closed, timed out."""
        self._put([*self._rest.split("\n")[: None if self._rest else 0], f"-- {text}"])
        self._rest = ""

    def close(self) -> None:
        """Write what is left of a line, and close."""
        if self._file is not None:
            self._put(self._rest.split("\n") if self._rest else [])
            self._file.close()
            self._file = None

    def _put(self, lines: list[str]) -> None:
        if self._file is not None and lines:
            now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
            self._file.writelines(f"{now} {mask(line, self._secrets)}\n" for line in lines)
            self._file.flush()


def _goes_on(secret: str, line: str, rest: str) -> bool:
    """May a secret that the line ends in the middle of go on in what follows it?"""
    return rest in secret and any(line.endswith(secret[:cut]) and secret.startswith(rest, cut) for cut in range(1, len(secret)))
