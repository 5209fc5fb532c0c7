"""Journals on both kinds of database: SQLite, and a real PostgreSQL server where the machine has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from parts.journals import Home
from parts.postgres import NoServer, Postgres

from yunwang.journal.store import Journal


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    pytest.importorskip("psycopg")
    try:
        server = Postgres()
    except NoServer as missing:
        pytest.skip(str(missing))
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def server_home(postgres: Postgres, tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path, postgres.database(), postgres.password)
    with home.stack:
        yield home


@pytest.fixture
def file_home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    with home.stack:
        yield home


@pytest.fixture(params=["file_home", "server_home"], ids=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest) -> Home:
    found: Home = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def journal(home: Home) -> Journal:
    return home.open()
