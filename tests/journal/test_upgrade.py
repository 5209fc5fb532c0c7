"""`yunwang upgrade`: what version 0.1 wrote becomes what this version reads; nothing of it is lost, and it is said first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from alembic import command
from parts.journals import Home
from sqlalchemy import MetaData, text

from yunwang.cli.main import run
from yunwang.inventories.upgrade import PASSWORD_FILE, upgraded
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal import schema, tables
from yunwang.journal.database import Database
from yunwang.journal.records import RunState, StepState
from yunwang.journal.store import Journal

OLD_JOURNAL = (Path(__file__).parent / "journal-of-0.1.sql").read_text()
OLD_WORKSPACE = """# 云州市
version: 1   # the workspace's
name: yunzhou
title: 云州市
journal: {}
apply:
  undo: wave
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A workspace as version 0.1 left it."""
    root = tmp_path / "city"
    (root / ".yunwang").mkdir(parents=True)
    (root / "yunwang.yaml").write_text(OLD_WORKSPACE)
    old_journal(root / ".yunwang" / "journal.sqlite")
    return root


def old_journal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.executescript(OLD_JOURNAL)


def whole(journal: Journal) -> None:
    """Every run of version 0.1 is there, as it was."""
    found = {run.id[-6:]: run.state for run in journal.runs()}
    assert found == {
        "aa1001": RunState.SUCCEEDED,
        "bb2002": RunState.FAILED,
        "cc3003": RunState.INTERRUPTED,
        "dd4004": RunState.ROLLED_BACK,
        "ee5005": RunState.RUNNING,
    }
    crashed = journal.runs()[0].id
    assert [step.state for step in journal.steps(crashed)] == [StepState.DONE, StepState.DONE, StepState.STARTED]
    assert [change.target for change in journal.plan_of(crashed).changes] == ["device/f", "device/f2"]
    assert journal.standings("dual-stack")["device/a"].in_line
    assert journal.leases.take_over(crashed, owner="li-wei", host="desk", command="yunwang resume") == ()
    assert journal.audit.verify() == ()


def test_an_old_journal_is_refused_until_it_is_upgraded(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "list", "-w", str(old)]) == 1
    assert "run `yunwang upgrade`" in capsys.readouterr().err


def test_upgrade_says_what_it_will_do_and_without_a_yes_does_nothing(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    assert run(["upgrade", "-w", str(old)]) == 1
    said = capsys.readouterr()
    assert "yunwang.yaml: version 1 becomes 2" in said.out
    assert "journal: Observations, leases, approvals and the audit chain" in said.out
    assert "nobody is there to say yes" in said.err
    assert {path: path.read_bytes() for path in before} == before


def test_upgrade_keeps_everything_and_a_copy_and_is_done_once(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["upgrade", "-w", str(old), "--yes"]) == 0
    [copy] = (old / ".yunwang").glob("journal.sqlite.*.backup")
    assert str(copy) in capsys.readouterr().out
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT version FROM schema_version").fetchall() == [(1,)]
    assert (old / "yunwang.yaml").read_text() == OLD_WORKSPACE.replace("version: 1 ", "version: 2 ")
    with closing(Journal.open(None, old / ".yunwang")) as journal:
        assert [entry.event for entry in journal.audit.entries()] == ["journal.upgraded"]
        whole(journal)
    assert run(["upgrade", "-w", str(old), "--yes"]) == 0
    assert "of this version" in capsys.readouterr().out
    assert run(["history", "list", "-w", str(old)]) == 0


def test_a_workspace_without_a_journal_is_upgraded_and_gets_none(old: Path) -> None:
    (old / ".yunwang" / "journal.sqlite").unlink()
    assert run(["upgrade", "-w", str(old), "--yes"]) == 0
    assert yaml.safe_load((old / "yunwang.yaml").read_text())["version"] == 2
    assert not list((old / ".yunwang").iterdir())


def test_the_journal_on_a_server_is_upgraded_and_its_password_leaves_the_url(old: Path, server_home: Home) -> None:
    """As version 0.1 made it: with the password in journal.url, and no schema but the first."""
    with server_home.database() as database:
        with database.migrating() as db:
            command.upgrade(schema._config(db), "0001")
            db.execute(text("DROP TABLE alembic_version"))
        fill(database, old / ".yunwang" / "journal.sqlite")
    assert server_home.url is not None
    url = server_home.url.replace("@", f":{server_home.password}@")
    (old / "yunwang.yaml").write_text(OLD_WORKSPACE.replace("journal: {}", f"journal:\n  url: {url} # ours"))
    assert run(["upgrade", "-w", str(old), "--yes"]) == 0
    settings = yaml.safe_load((old / "yunwang.yaml").read_text())
    assert settings["journal"] == {"url": server_home.url, "password": f"file://{PASSWORD_FILE}"}
    assert (old / PASSWORD_FILE).stat().st_mode & 0o777 == 0o600
    assert run(["history", "list", "-w", str(old)]) == 0
    whole(server_home.open())


def fill(database: Database, from_file: Path) -> None:
    """Copy the rows of an SQLite journal of version 0.1."""
    then = MetaData()
    with closing(Database.at(f"sqlite:///{from_file}", from_file.parent)) as source, source.reading() as rows:
        then.reflect(source.engine)
        with database.migrating() as db:
            for name in ("runs", "steps", "standings"):
                table = tables.metadata.tables[name]
                db.execute(table.insert(), [dict(row) for row in rows.execute(table.select()).mappings()])


def test_the_first_migration_makes_what_version_01_made(tmp_path: Path) -> None:
    def shape(path: Path) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(path)) as db:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            return [(name, *map(str, row)) for name in names for row in db.execute(f"PRAGMA table_info({name})")]

    old_journal(tmp_path / "old.sqlite")
    with closing(Database.at(None, tmp_path)) as database, database.migrating() as db:
        command.upgrade(schema._config(db), "0001")
        db.execute(text("DROP TABLE alembic_version"))
    assert shape(tmp_path / "journal.sqlite") == shape(tmp_path / "old.sqlite")


def test_a_migration_that_fails_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    old_journal(tmp_path / "journal.sqlite")
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as db:
        db.execute("UPDATE runs SET plan_digest = 'sha256:twice'")
        db.commit()
        before = list(db.iterdump())
    with closing(Database.at(None, tmp_path)) as database, pytest.raises(Fatal, match="UNIQUE"):
        schema.migrate(database)
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as db:
        assert list(db.iterdump()) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("journal: {url: postgresql+psycopg://w:p%40ss@db/j}", "journal: {url: postgresql+psycopg://w@db/j, password: REF}"),
        (
            "journal:\n  url: 'postgresql+psycopg://w:p%40ss@db'",
            "journal:\n  url: 'postgresql+psycopg://w@db'\n  password: REF",
        ),
        ("journal: {url: postgresql+psycopg://w@db/j}", "journal: {url: postgresql+psycopg://w@db/j}"),
    ],
)
def test_a_password_in_the_url_becomes_a_reference(before: str, after: str) -> None:
    made = upgraded(OLD_WORKSPACE.replace("journal: {}", before))
    assert made.text == OLD_WORKSPACE.replace("journal: {}", after.replace("REF", f"file://{PASSWORD_FILE}")).replace(
        ": 1 ", ": 2 "
    )
    assert made.password == ("p@ss" if "p%40ss" in before else None)


@pytest.mark.parametrize("written", ["{version: 1, name: x, title: x}", "version: 7\nname: x", "- x", "a: ["])
def test_what_cannot_be_edited_safely_is_left_to_the_person(written: str) -> None:
    with pytest.raises(Refused) as refusal:
        upgraded(written)
    assert refusal.value.remedy
