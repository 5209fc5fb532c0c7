"""Telnet (RFC 854) over a socket or a jump host's channel: bytes in, bytes out, options settled. Never encrypts anything."""

from __future__ import annotations

import struct
from typing import Protocol

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, SUPPRESS_GO_AHEAD, WINDOW_SIZE = 1, 3, 31
WIDTH, HEIGHT = 511, 1000


class Duplex(Protocol):
    """What a line is spoken over: a socket, a channel of SSH."""

    def recv(self, size: int, /) -> bytes:
        """At least one byte, b"" at the end. Raises TimeoutError, OSError."""

    def sendall(self, data: bytes, /) -> object:
        """Send all of it. Raises OSError."""

    def settimeout(self, seconds: float | None, /) -> object:
        """How long `recv` waits."""

    def close(self) -> object:
        """End it."""


class Telnet:
    """A Duplex of what is said, over one on which telnet is spoken. The server echoes, nobody says go-ahead, lines are long."""

    def __init__(self, raw: Duplex) -> None:
        self._raw = raw
        self._rest = b""
        """A command of which the end has not come."""
        self._settled: set[tuple[int, int]] = set()

    def recv(self, size: int, /) -> bytes:
        """What was said. Raises TimeoutError, OSError."""
        while True:
            data = self._raw.recv(size)
            if not data:
                return b""
            if said := self._said(self._rest + data):
                return said

    def sendall(self, data: bytes, /) -> None:
        """Say it; a line ends with CR LF."""
        self._raw.sendall(data.replace(b"\xff", b"\xff\xff").replace(b"\n", b"\r\n"))

    def settimeout(self, seconds: float | None, /) -> None:
        """How long `recv` waits."""
        self._raw.settimeout(seconds)

    def close(self) -> None:
        """Hang up."""
        self._raw.close()

    def _said(self, data: bytes) -> bytes:
        said = bytearray()
        at = 0
        while (command := data.find(IAC, at)) >= 0:
            said += data[at:command]
            length = _length(data[command:])
            if not length:
                break
            self._obey(data[command : command + length], said)
            at = command + length
        else:
            command = len(data)
            said += data[at:]
        self._rest = data[command:]
        return bytes(said).replace(b"\r\0", b"\r")

    def _obey(self, command: bytes, said: bytearray) -> None:
        verb = command[1]
        if verb == IAC:
            said.append(IAC)
        elif verb in (WILL, DO) and (verb, command[2]) not in self._settled:
            self._settled.add((verb, command[2]))
            self._raw.sendall(_answer(verb, command[2]))


def _length(data: bytes) -> int:
    """Of the command that data begins with, 0 while its end has not come."""
    if len(data) < 2:
        return 0
    if data[1] == SB:
        end = data.find(bytes((IAC, SE)))
        return end + 2 if end >= 0 else 0
    needed = 3 if data[1] in (WILL, WONT, DO, DONT) else 2
    return needed if len(data) >= needed else 0


def _answer(verb: int, option: int) -> bytes:
    if verb == WILL:
        return bytes((IAC, DO if option in (ECHO, SUPPRESS_GO_AHEAD) else DONT, option))
    if option == WINDOW_SIZE:
        size = struct.pack(">HH", WIDTH, HEIGHT).replace(b"\xff", b"\xff\xff")
        return bytes((IAC, WILL, option, IAC, SB, option)) + size + bytes((IAC, SE))
    return bytes((IAC, WILL if option == SUPPRESS_GO_AHEAD else WONT, option))
