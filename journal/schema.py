"""The schema of the journal's database: made where there is none, refused where it is another version's, migrated when asked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal
from yunwang.journal import tables
from yunwang.journal.database import Database, stranger

if TYPE_CHECKING:
    from alembic.config import Config


class Migration(Noun):
    """One step from a schema to the next, and what it is for."""

    revision: str
    summary: str


def ready(database: Database) -> bool:
    """See that the database has this version's schema; True where it was empty and has just got it. Raises Fatal for another's."""
    version = database.version()
    if version == tables.SCHEMA_VERSION:
        return False
    if version is not None:
        raise stranger(version)
    with database.migrating() as db:
        if inspect(db).has_table(tables.schema.name):  # another process was faster
            return False
        _alembic(db)
    return True


def pending(database: Database) -> tuple[Migration, ...]:
    """The migrations that a database with a journal needs, in their order. Raises Fatal where it is a newer version's."""
    if database.file is not None and not database.file.exists():
        return ()
    version = database.version()
    if version is None or version == tables.SCHEMA_VERSION:
        return ()
    if version > tables.SCHEMA_VERSION:
        raise stranger(version)
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config(None))
    steps = list(scripts.iterate_revisions("head", f"{version:04}"))
    return tuple(Migration(revision=step.revision, summary=step.doc) for step in reversed(steps))


def migrate(database: Database) -> None:
    """Bring an older database to this version's schema, in one transaction: all of it or nothing."""
    with database.migrating() as db:
        _alembic(db)


def back_up(database: Database, at: datetime) -> Path | None:
    """A copy of an SQLite journal beside it, as its last transaction left it; None where the database is a server's."""
    if database.file is None:
        return None
    copy = database.file.with_name(f"{database.file.name}.{at:%Y%m%d-%H%M%S}.backup")
    try:
        with closing(sqlite3.connect(database.file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (sqlite3.Error, OSError) as error:
        raise Fatal(f"the journal cannot be copied to {copy}: {error}", remedy="make room for it") from None
    return copy


def _alembic(db: Connection) -> None:
    from alembic import command  # takes a moment to import, and is seldom needed

    inspector = inspect(db)
    config = _config(db)
    if inspector.has_table(tables.schema.name) and not inspector.has_table("alembic_version"):
        command.stamp(config, "0001")  # the first schema was made before there were migrations
    command.upgrade(config, "head")


def _config(db: Connection | None) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
