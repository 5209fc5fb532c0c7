"""The schema is what the migrations make, on both databases; another version's is refused with what to do."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from parts.journals import Home
from sqlalchemy import text

from yunwang.inventories.verdict import Fatal
from yunwang.journal import tables


def test_the_migrations_make_what_this_version_reads(home: Home) -> None:
    home.open()
    with home.database() as database, database.reading() as db:
        differences = compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), tables.metadata)
    assert differences == []


@pytest.mark.parametrize(("version", "remedy"), [(1, "yunwang upgrade"), (99, "newer one")])
def test_a_journal_of_another_version_is_refused_with_what_to_do(home: Home, version: int, remedy: str) -> None:
    home.open().close()
    with home.database() as database, database.writing() as db:
        db.execute(text("UPDATE schema_version SET version = :version"), {"version": version})
    with pytest.raises(Fatal, match=f"has schema {version}") as refusal:
        home.open()
    assert remedy in refusal.value.remedy


def test_a_journal_upgraded_under_a_running_process_is_written_by_it_no_more(home: Home) -> None:
    journal = home.open()
    with home.database() as database, database.writing() as db:
        db.execute(text("UPDATE schema_version SET version = 99"))
    with pytest.raises(Fatal, match="has schema 99"):
        journal.stand("dual-stack", {"device/a": True})


@pytest.mark.parametrize("deed", ["UPDATE audit SET operator = 'nobody'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_the_audit(home: Home, deed: str) -> None:
    home.open()
    with home.database() as database, pytest.raises(Fatal, match="append-only"), database.writing() as db:
        db.execute(text(deed))


def test_sqlite_refuses_to_replace_an_audit_entry(file_home: Home) -> None:
    file_home.open()
    with file_home.database() as database, pytest.raises(Fatal, match="append-only"), database.writing() as db:
        db.execute(text("INSERT OR REPLACE INTO audit SELECT * FROM audit"))


def test_postgresql_refuses_to_empty_the_audit(server_home: Home) -> None:
    server_home.open()
    with server_home.database() as database, pytest.raises(Fatal, match="append-only"), database.writing() as db:
        db.execute(text("TRUNCATE audit"))
