"""The journal's database: opened, locked for writing, its errors made verdicts. Knows nothing of what is kept in it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from yunwang.inventories.verdict import Fatal
from yunwang.journal import tables

PATIENCE = 30
"""Seconds to wait for another process's transaction; ours are of a few statements."""
SCHEMA_LOCK = 0x79756E77616E67
"""PostgreSQL's advisory lock while the schema is made or changed ('yunwang' in ASCII)."""
POSTGRESQL = {
    "connect_timeout": 10,
    "application_name": "yunwang",
    # A writer whose machine vanished in mid-transaction must not hold the others for longer than this.
    "options": f"-c lock_timeout={PATIENCE}s -c idle_in_transaction_session_timeout={PATIENCE}s",
    "keepalives_idle": PATIENCE,
}


class Database:
    """Transactions on one database: any number read, one writes. Raises Fatal, saying what to do, where it cannot be used."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(yunwang_writes=True)
        self._mutex = threading.Lock()

    @classmethod
    def at(cls, url: str | None, state: Path, password: str | None = None) -> Database:
        """The database at an SQLAlchemy URL; None: `journal.sqlite` in the workspace's state folder. Nothing is read yet."""
        try:
            where = make_url(url) if url is not None else URL.create("sqlite", database=str(state / "journal.sqlite"))
            if password is not None:
                where = where.set(password=password)
            if url is None:
                state.mkdir(parents=True, exist_ok=True)
            remote = POSTGRESQL if where.get_backend_name() == "postgresql" else {}
            engine = create_engine(where, pool_pre_ping=True, pool_size=10, max_overflow=20, connect_args=remote)
        except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
            raise Fatal(
                f"the journal's database cannot be opened: {error}",
                remedy="mend journal.url in yunwang.yaml (PostgreSQL needs the extra `postgres`), or the folder's permissions",
            ) from None
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _sqlite_settings)
            event.listen(engine, "begin", _sqlite_begin)
        return cls(engine)

    @property
    def file(self) -> Path | None:
        """Where an SQLite database is; None where it is a server's."""
        name = self.engine.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name else None

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def reading(self, *, still: bool = False) -> Iterator[Connection]:
        """One transaction that reads; `still`: all its statements see the same moment (on SQLite they do anyway)."""
        level = {"isolation_level": "REPEATABLE READ"} if still and self.engine.dialect.name == "postgresql" else {}
        with _verdicts(), self.engine.execution_options(**level).begin() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes, while no other does: what it reads stays true until it commits.

        SQLite lets one writer in (BEGIN IMMEDIATE); on PostgreSQL the row of `schema_version` is locked. Every deed adds to the one
        audit chain, so writers have to take turns anyway; as they take this lock first, there are no deadlocks.
        """
        with _verdicts(), self._mutex, self._writer.begin() as db:
            version = db.scalar(select(tables.schema.c.version).with_for_update())
            if version != tables.SCHEMA_VERSION:
                raise stranger(version)
            yield db

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction that makes or changes the schema, while no other process does."""
        with _verdicts(), self._mutex, self._writer.begin() as db:
            if db.dialect.name == "postgresql":
                db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SCHEMA_LOCK})
            yield db

    def version(self) -> int | None:
        """The schema that the database has; None: it is empty."""
        with self.reading() as db:
            if not inspect(db).has_table(tables.schema.name):
                return None
            return db.scalar(select(tables.schema.c.version))


def stranger(version: int | None) -> Fatal:
    """The refusal of a journal that another version of yunwang wrote."""
    if version is not None and version > tables.SCHEMA_VERSION:
        remedy = "use the yunwang that wrote it, or a newer one"
    else:
        remedy = "run `yunwang upgrade`"
    return Fatal(f"the journal has schema {version}, this yunwang reads {tables.SCHEMA_VERSION}", remedy=remedy)


@contextmanager
def _verdicts() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise Fatal(
            f"the journal cannot be used: {reason}",
            remedy="bring its database back (journal.url in yunwang.yaml); a run that it stopped goes on with `yunwang resume`",
        ) from error


def _sqlite_settings(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions late, and not before DDL: we begin them
    connection.text_factory = lambda text: text.decode(errors="replace")  # a damaged text must stay readable, and be found
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")  # a step's intent must be on disk before the deed
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """The change of a new database to WAL fails at once where another process writes in it: busy_timeout does not hold for it."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("yunwang_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
