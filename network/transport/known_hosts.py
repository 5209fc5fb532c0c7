"""Which keys a host is known by, in OpenSSH's known_hosts format. Never believes a key that nobody vouched for.

Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. Certificates of hosts (`@cert-authority`) are not read.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import paramiko

_OPEN = re.compile(r"[*?|]")
"""Of what is no name itself, but may stand for one."""


class UnknownKey(paramiko.SSHException):
    """Nobody vouched for a host's key; `key` is what it showed."""

    def __init__(self, key: paramiko.PKey) -> None:
        super().__init__("unknown host key")
        self.key = key


class ChangedKey(paramiko.SSHException):
    """A host shows a key that is not the one it is known by, or that was revoked."""

    def __init__(self, key: paramiko.PKey, known: Sequence[paramiko.PKey]) -> None:
        super().__init__("changed host key")
        self.key, self.known = key, known


class Keys(paramiko.MissingHostKeyPolicy):
    """What `files` say of the host `name` (`H`, or `[H]:PORT`). A key seen for the first time is added to `learned`, if given."""

    def __init__(self, files: Sequence[Path], name: str, learned: Path | None) -> None:
        self._name, self._learned = name, learned
        self._revoked: list[paramiko.PKey] = []
        self._known: list[paramiko.PKey] = []
        for file in files:
            for marker, entry in _entries(file, name):
                if marker != "@cert-authority" and entry.key:
                    (self._revoked if marker == "@revoked" else self._known).append(entry.key)

    @property
    def kinds(self) -> list[str]:
        """The types of key that the host is known by."""
        return [key.get_name() for key in self._known]

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        """Called by paramiko with the key that a host proved to have. Raises ChangedKey, UnknownKey."""
        if key in self._revoked or (self._known and key not in self._known):
            raise ChangedKey(key, self._known)
        if key in self._known:
            return
        if not self._learned:
            raise UnknownKey(key)
        self._learned.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self._learned, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{self._name} {key.get_name()} {key.get_base64()}\n")


def named(host: str, port: int) -> str:
    """A host's name in the file."""
    return host if port == 22 else f"[{host}]:{port}"


def fingerprint(key: paramiko.PKey) -> str:
    """As `ssh-keygen -l` prints it."""
    return f"{key.get_name()} SHA256:{b64encode(sha256(key.asbytes()).digest()).decode().rstrip('=')}"


def _entries(file: Path, name: str) -> Iterator[tuple[str, paramiko.hostkeys.HostKeyEntry]]:
    """The lines that are about a host, each with its marker; a line that is no such line is skipped."""
    for marker, text in _lines(file, name):
        if not _about(text.partition(" ")[0], name):
            continue
        try:
            entry = paramiko.hostkeys.HostKeyEntry.from_line(text)
        except (paramiko.SSHException, ValueError):
            continue
        if entry:
            yield marker, entry


def _about(hosts: str, name: str) -> bool:
    """Do the patterns name the host? A pattern is a name, one with `*` and `?`, its hash, or one that excludes (`!`)."""
    if hosts.startswith("|1|"):
        return paramiko.HostKeys.hash_host(name, hosts) == hosts
    found = False
    for pattern in hosts.split(","):
        if name == pattern.lstrip("!") or (set(pattern) & {"*", "?"} and fnmatchcase(name, _literal(pattern.lstrip("!")))):
            if pattern.startswith("!"):
                return False
            found = True
    return found


def _literal(pattern: str) -> str:
    """For fnmatch, where a bracket is a set of characters."""
    return pattern.replace("[", "[[]")


def _lines(file: Path, name: str) -> tuple[tuple[str, str], ...]:
    """Those that may be about a host: marker, and the rest."""
    try:
        state = file.stat()
        by_name, others = _read(file, state.st_mtime_ns, state.st_size)
    except OSError:
        return ()
    return (*by_name.get(name, ()), *others)


@lru_cache(8)
def _read(file: Path, _mtime: int, _size: int) -> tuple[dict[str, list[tuple[str, str]]], list[tuple[str, str]]]:
    """Lines by the names in them, and those whose patterns or hashes may stand for any; read once for a thousand devices."""
    by_name: dict[str, list[tuple[str, str]]] = {}
    others: list[tuple[str, str]] = []
    for raw in file.read_text(encoding="utf-8", errors="replace").splitlines():
        words = raw.split()
        if not words or words[0].startswith("#"):
            continue
        marker = words.pop(0) if words[0].startswith("@") else ""
        line = marker, " ".join(words)
        hosts = words[0] if words else ""
        for place in [others] if _OPEN.search(hosts) else [by_name.setdefault(name, []) for name in hosts.split(",")]:
            place.append(line)
    return by_name, others
