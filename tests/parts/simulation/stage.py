"""The journal of simulated processes: the real code on a real SQLite file, which can be gone or full. Nothing else is pretended."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from parts.simulation.scheduler import Process
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from yunwang.inventories.verdict import Fatal
from yunwang.journal.chain import Algorithm
from yunwang.journal.database import Database
from yunwang.journal.store import AUDIT_HEAD, Journal

FILE = "journal.sqlite"
MEMORY = Path("/dev/shm")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for a stage, in memory where the machine has such a place."""
    with TemporaryDirectory(prefix="yunwang-simulation-", dir=MEMORY if MEMORY.is_dir() else None) as path:
        yield Path(path)


class Stage:
    """A folder with an empty journal, made once and put back for each seed (its engine keeps what it has compiled)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        Journal.open(None, folder).close()
        self._empty = {name: (folder / name).read_bytes() for name in (FILE, AUDIT_HEAD)}
        self.engine: Engine = Database.at(None, folder).engine

    def reset(self) -> None:
        """An empty journal again."""
        self.engine.dispose()
        for file in self.folder.glob(f"{FILE}*"):
            file.unlink()
        for name, content in self._empty.items():
            (self.folder / name).write_bytes(content)

    def look(self, query: str, *values: str) -> list[tuple[str, ...]]:
        """What the file says, past all simulated faults."""
        with closing(sqlite3.connect(self.folder / FILE)) as db:
            return db.execute(query, values).fetchall()


class FaultyDatabase(Database):
    """The database as one process reaches it: each transaction is a place to pause, to die, to find it gone or full."""

    def __init__(self, engine: Engine, pause: Callable[[str], None], strike: Callable[[], str]) -> None:
        super().__init__(engine)
        self._pause, self._strike = pause, strike
        self._gone = 0

    @contextmanager
    def reading(self, *, still: bool = False) -> Iterator[Connection]:
        self._pause("read")
        self._reach(self._strike())
        with super().reading(still=still) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._pause("write")
        fault = self._strike()
        self._reach(fault)
        with super().writing() as db:
            if fault == "full":
                raise _unusable("database or disk is full")
            yield db
            if fault == "full-at-commit":
                raise _unusable("database or disk is full")
        self._pause("written")
        if fault == "commit-unheard":
            raise _unusable("server closed the connection unexpectedly")

    def _reach(self, fault: str) -> None:
        if fault == "gone":
            self._gone = 40
        if self._gone:
            self._gone -= 1
            raise _unusable("could not connect to server")


def _unusable(why: str) -> Fatal:
    return Fatal(f"the journal cannot be used: {why}", remedy="bring its database back")


def journal(
    stage: Stage,
    process: Process,
    pause: Callable[[str], None],
    strike: Callable[[], str],
    now: Callable[[], datetime],
    chain: Algorithm,
) -> Journal:
    """A process's journal."""
    return Journal(FaultyDatabase(stage.engine, pause, strike), stage.folder, chain=chain, now=now, me=process.name)
