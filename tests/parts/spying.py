"""Looks for planted secrets in whatever encoding: in bytes, in files, in tables, in processes while they run. Changes nothing."""

from __future__ import annotations

import base64
import html
import json
import os
import sqlite3
import threading
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from parts.processes import parent


def forms(secret: str) -> frozenset[bytes]:
    """A secret as it may be written: as it is, in base64 at any offset, hex, UTF-16, quoted for URLs, JSON, Python and HTML."""
    raw = secret.encode()
    texts = {
        secret,
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote(secret),
        urllib.parse.quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(secret))[3:-3],
        repr(secret)[1:-1],
        html.escape(secret),
        raw.hex(),
        raw.hex().upper(),
    }
    for offset in range(3):
        # What the bytes before and after it change is cut away: up to a character and a half at either end.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * offset + raw).decode().rstrip("=")
            texts.add(text[(0, 2, 3)[offset] : len(text) - 1])
    return frozenset({form for text in texts for form in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))})


class Spy:
    """Knows secrets by name, and finds them."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._forms = {form: name for name, secret in secrets.items() for form in forms(secret)}

    def add(self, name: str, secret: str) -> None:
        """One more."""
        self._forms |= dict.fromkeys(forms(secret), name)

    def within(self, data: bytes) -> set[str]:
        """The names of the secrets that are in there, in some form."""
        return {name for form, name in self._forms.items() if form in data}

    def files(self, folders: Iterable[Path]) -> Iterator[tuple[Path, str]]:
        """Every file that holds one, and its name; a file's own name counts too."""
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                with suppress(OSError):  # sockets, pipes, what is gone
                    data = _opened(path.read_bytes()) if path.is_file() else b""
                    yield from ((path, name) for name in sorted(self.within(data + b"\n" + str(path).encode())))

    def rows(self, database: Path) -> Iterator[tuple[str, str]]:
        """Every table of an SQLite file that holds one, as a reader sees it."""
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
                values = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
                yield from ((table, name) for name in sorted(self.within(values)))


def _opened(data: bytes) -> bytes:
    """A file's content; of a gzipped one what is in it, as far as it was written."""
    return zlib.decompressobj(wbits=31).decompress(data) if data.startswith(b"\x1f\x8b") else data


class Watch:
    """Samples arguments and environments of all that this process starts, for as long as it lasts; `told` are the finds.

    `trusted` are processes that were given secrets on purpose (the tool itself), by id: their environment, and that of a fork
    of theirs that has not yet become another program, is theirs to have. In nobody's arguments is a secret in place.
    """

    PAUSE = 0.02

    def __init__(self, spy: Spy) -> None:
        self._spy = spy
        self._seen: set[tuple[int, bytes]] = set()
        self._own = {Path("/proc/self/cmdline").read_bytes()}
        self._family = {os.getpid()}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self.blind = threading.Lock()
        """Held while a process is started that is to be trusted: nobody looks before it is."""
        self.trusted: set[int] = set()
        self.told: set[tuple[str, str, str]] = set()
        self.programs: set[str] = set()

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._end.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._end.wait(self.PAUSE):
            for entry in Path("/proc").iterdir():
                if entry.name.isdecimal():
                    with self.blind, suppress(OSError, IndexError, ValueError):  # it has just ended
                        self._look(int(entry.name))

    def _look(self, process: int) -> None:
        if process == os.getpid():
            return
        if process not in self._family:
            if parent(Path(f"/proc/{process}/stat")) not in self._family:
                return
            self._family.add(process)
        arguments = Path(f"/proc/{process}/cmdline").read_bytes()
        if not arguments or (process, arguments) in self._seen:
            return
        self._seen.add((process, arguments))
        program = " ".join(arguments.decode(errors="replace").rstrip("\0").split("\0"))[:200]
        self.programs.add(program)
        self.told |= {("arguments", program, name) for name in self._spy.within(arguments)}
        if process in self.trusted:
            self._own.add(arguments)
        if arguments in self._own:
            return
        for variable in Path(f"/proc/{process}/environ").read_bytes().split(b"\0"):
            for name in self._spy.within(variable):
                self.told.add((f"environment, {variable.partition(b'=')[0].decode(errors='replace')}", program, name))
