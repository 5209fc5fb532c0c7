"""A user's terminal: echo, line editing, pages, slow output, and the log of the wire. Never knows what a command means."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TextIO

from yunwang.lab.devices.faults import Knobs
from yunwang.lab.devices.platform import Pager

CTRL_C, CTRL_Z, CTRL_U, BACKSPACE = "\x03", "\x1a", "\x15", ("\x08", "\x7f")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f?]+")
"""Keys that are echoed and do nothing else."""


class Gone(Exception):
    """The user hung up."""


class Terminal:
    """Reads characters with `read`, writes them with `send`; every byte of both ways goes to `log`.

    What is written goes out in one piece when the user is waited for, as from a terminal driver's buffer: see `flush`.
    """

    def __init__(
        self, read: Callable[[], Awaitable[str]], send: Callable[[str], None], log: TextIO, knobs: Knobs, pager: Pager
    ) -> None:
        self._read = read
        self._send = send
        self._log = log
        self._knobs = knobs
        self._pager = pager
        self._pending = ""
        self._unsent: list[str] = []
        self._after_return = False
        self.page = 24
        """Lines on a page; 0: no pages."""

    async def write(self, text: str) -> None:
        """Send text, now or with what comes behind it; `\\n` becomes CR LF."""
        wire = text.replace("\n", "\r\n")
        faults = self._knobs.faults
        if not faults.split:
            self._unsent.append(wire)
            return
        self.flush()
        self._note(">", wire)
        for at in range(0, len(wire), faults.split):
            self._send(wire[at : at + faults.split])
            await asyncio.sleep(faults.pause)

    def flush(self) -> None:
        """Send what was written. To be called where nobody is waited for and time goes by, or the session ends."""
        if self._unsent:
            wire = "".join(self._unsent)
            self._unsent.clear()
            self._note(">", wire)
            self._send(wire)

    async def lines(self, text: str) -> None:
        """Send an answer page by page, as long as the user wants more."""
        lines = text.split("\n")
        while self.page and len(lines) > self.page - 1:
            await self.write("\n".join(lines[: self.page - 1]) + "\n" + self._pager.prompt)
            lines = lines[self.page - 1 :]
            key = await self._key()
            await self.write(self._pager.wipe)
            if key in ("\r", "\n"):
                await self.write(lines.pop(0) + "\n")
            elif key != " ":
                return
            while key in ("\r", "\n") and lines:
                await self.write(self._pager.prompt)
                key = await self._key()
                await self.write(self._pager.wipe)
                if key in ("\r", "\n"):
                    await self.write(lines.pop(0) + "\n")
                elif key != " ":
                    return
        if lines and lines != [""]:
            await self.write("\n".join(lines) + "\n")

    async def line(self, prompt: str, hint: Callable[[str], str] | None = None) -> str:
        """Show a prompt and read a line, echoing it. A question mark asks `hint` at once and leaves what was typed standing."""
        await self.write(prompt)
        typed = echo = ""
        while True:
            if plain := _PLAIN.match(self._pending):
                typed += plain[0]
                echo += plain[0]
                self._pending = self._pending[plain.end() :]
                self._after_return = False
            else:
                if echo and not self._pending:
                    await self.write(echo)
                    echo = ""
                key = await self._key()
                if key in ("\r", "\n"):
                    await self.write(echo + "\n")
                    return typed
                if key == CTRL_C:
                    await self.write(echo + "^C\n")
                    return ""
                if key == CTRL_Z:
                    await self.write(echo + "^Z\n")
                    return CTRL_Z
                if key == "?" and hint:
                    await self.write(echo + "?\n" + hint(typed) + prompt + typed)
                    echo = ""
                elif key in BACKSPACE:
                    echo += "\b \b" if typed else ""
                    typed = typed[:-1]
                elif key == CTRL_U:
                    echo += "\b \b" * len(typed)
                    typed = ""
                elif key >= " ":
                    typed += key
                    echo += key

    async def swallow(self) -> None:
        """Read until the user hangs up, answering nothing."""
        while True:
            await self._key()

    async def _key(self) -> str:
        """The next character; the LF of a CR LF is none."""
        while True:
            if not self._pending:
                self.flush()
                self._pending = await self._read()
                if not self._pending:
                    raise Gone
                self._knobs.look()
                self._note("<", self._pending)
            key, self._pending = self._pending[0], self._pending[1:]
            swallowed = key == "\n" and self._after_return
            self._after_return = key == "\r"
            if not swallowed:
                return key

    def _note(self, way: str, text: str) -> None:
        self._log.write(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {way} {text!r}\n")
        self._log.flush()
