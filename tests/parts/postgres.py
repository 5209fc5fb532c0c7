"""A real PostgreSQL server on a free loopback port, run by an unprivileged account in its own folder. Never the machine's own."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

USER = "yunwang"
NOBODY = 65534


class NoServer(Exception):
    """There is no PostgreSQL server on this machine."""


def programs() -> Path:
    """The folder with initdb and pg_ctl. Raises NoServer."""
    known = shutil.which("initdb")
    found = [Path(known).parent] if known else sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise NoServer("no PostgreSQL server (Debian: postgresql)")
    return found[-1]


class Postgres:
    """The server; `databases` are made by `database`, one a test."""

    def __init__(self) -> None:
        self._bin = programs()
        self.password = secrets.token_hex(8)
        self.folder = Path(tempfile.mkdtemp(prefix="yunwang-pg-", dir="/tmp"))  # short: it holds a Unix socket
        self._data = self.folder / "data"
        secret = self.folder / "password"
        secret.write_text(self.password)
        if os.geteuid() == 0:
            for path in (self.folder, secret):
                os.chown(path, NOBODY, NOBODY)
        wanted = [f"--username={USER}", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", "-D", self._data, *wanted)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(f"listen_addresses = '127.0.0.1'\nunix_socket_directories = '{self.folder}'\nfsync = off\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def _run(self, program: str, *arguments: object) -> None:
        account = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
        call = [*account, str(self._bin / program), *map(str, arguments)]
        with (self.folder / f"{program}.out").open("a") as out:
            done = subprocess.run(call, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=120, check=False)
        assert done.returncode == 0, (self.folder / f"{program}.out").read_text()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-o", f"-p {self.port}", "-l", self.folder / "server.log")

    def stop(self) -> None:
        """Stop it as a crash would: connections are cut, nothing is tidied."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self._data)

    def remove(self) -> None:
        """Stop it, and remove what it kept."""
        if (self._data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str = "postgres") -> str:
        """As in yunwang.yaml: without the password."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """The URL of a new, empty database."""
        import psycopg

        name = f"journal_{secrets.token_hex(6)}"
        where = f"host=127.0.0.1 port={self.port} user={USER} dbname=postgres"
        with psycopg.connect(where, password=self.password, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)
