"""A database-backed HTTP service with the control words that a move needs; runs in its folder on a machine. Standard library only.

Never acknowledges a write before it is on disk, and never accepts one while frozen: a frozen service answers writes with 503.

    python3 records.py init NAME ROWS [PORT]    service.json and data.sqlite with ROWS records (what exists is kept)
    python3 records.py start|stop|status        idempotent; `start` returns when the service answers
    python3 records.py freeze|thaw              writes off and on; when `freeze` returns, no write is under way
    python3 records.py backup PATH              a consistent copy, taken while the service is being written to
    python3 records.py restore PATH             such a copy becomes the data; refused while the service runs
    python3 records.py digest                   rows, SHA-256 over all of them in order, SHA-256 of the schema

Each word prints one JSON object. A failure is one line on standard error and exit code 1.

HTTP: GET /health, GET /records?after=ID&limit=N, GET /records/KEY, POST /records {"key": …, "value": …} (201 new, 200 known).
service.json: {"name", "port"}; port 0 lets `start` choose one, which run.json keeps. Listens at YUNWANG_ADDRESS, else on loopback.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

SERVICE, DATA, RUN, LOCK, FROZEN, ORIGIN, LOG = (
    Path(name) for name in ("service.json", "data.sqlite", "run.json", "lock", "frozen", "origin.json", "service.log")
)
SCHEMA = """CREATE TABLE IF NOT EXISTS records (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL, stored_at REAL NOT NULL)"""
MOST_ROWS = 1000
LARGEST_BODY = 1 << 20
WAIT_SECONDS = 30.0


class Frozen(Exception):
    """A write came while writes are off."""


def connect(path: Path = DATA) -> sqlite3.Connection:
    """A connection that waits for others' writes and syncs its own to disk before it returns from a commit."""
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def store(key: str, value: str) -> bool:
    """Keep a record; False when its key is there already. Raises Frozen."""
    with closing(connect()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        if FROZEN.exists():  # looked at while holding the write lock: `freeze` takes that lock once after setting the mark
            raise Frozen
        cursor = connection.execute(
            "INSERT OR IGNORE INTO records (key, value, stored_at) VALUES (?, ?, ?)", (key, value, time.time())
        )
        connection.execute("COMMIT")
        return cursor.rowcount == 1


def digest(path: Path = DATA) -> dict[str, Any]:
    """Rows, and digests of content and schema, of one moment."""
    content, rows = hashlib.sha256(), 0
    with closing(connect(path)) as connection:
        connection.execute("BEGIN")
        for row in connection.execute("SELECT * FROM records ORDER BY id"):
            content.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            rows += 1
        schema = json.dumps(connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall())
    return {"rows": rows, "digest": content.hexdigest(), "schema_digest": hashlib.sha256(schema.encode()).hexdigest()}


class Handler(BaseHTTPRequestHandler):
    """One request on one connection (HTTP/1.0): a client's next request goes wherever the gateway leads by then."""

    timeout = 20
    server_version = "records"

    def do_GET(self) -> None:
        """Health, or records."""
        self.answer(*self.got())

    def do_POST(self) -> None:
        """Store one record."""
        self.answer(*self.posted())

    def got(self) -> tuple[int, Any]:
        """Status and body of an answer to GET."""
        url = urlsplit(self.path)
        if url.path == "/health":
            return 200, health()
        if url.path == "/records":
            query = parse_qs(url.query)
            try:
                after, limit = (int(query.get(name, [default])[0]) for name, default in (("after", "0"), ("limit", "100")))
            except ValueError:
                return 400, {"error": "after and limit are numbers"}
            return 200, read("id > ? ORDER BY id LIMIT ?", after, max(0, min(limit, MOST_ROWS)))
        if url.path.startswith("/records/"):
            found = read("key = ?", unquote(url.path[len("/records/") :]))
            return (200, found[0]) if found else (404, {"error": "no such record"})
        return 404, {"error": "no such page"}

    def posted(self) -> tuple[int, Any]:
        """Status and body of an answer to POST."""
        if urlsplit(self.path).path != "/records":
            return 404, {"error": "no such page"}
        try:
            length = int(self.headers.get("Content-Length", ""))
            record = json.loads(self.rfile.read(length)) if 0 < length <= LARGEST_BODY else {}
            key, value = record["key"], record["value"]
            if not (isinstance(key, str) and isinstance(value, str) and key):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            return 400, {"error": 'expected {"key": "…", "value": "…"}'}
        try:
            return 201 if store(key, value) else 200, {"key": key}
        except Frozen:
            return 503, {"error": "the service is being moved: writes are off"}
        except sqlite3.OperationalError as error:  # disk full, locked for too long: not stored
            return 503, {"error": str(error)}

    def answer(self, status: int, body: Any) -> None:
        """Send JSON."""
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if status == 503:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(content)


class Server(ThreadingHTTPServer):
    """A thread per request; ending waits for those under way."""

    daemon_threads = False
    allow_reuse_address = True
    request_queue_size = 64


def read(where: str, *values: object) -> list[dict[str, Any]]:
    """Records that match."""
    with closing(connect()) as connection:
        rows = connection.execute(f"SELECT id, key, value FROM records WHERE {where}", values)  # noqa: S608 - `where` is ours
        return [dict(zip(("id", "key", "value"), row)) for row in rows]  # noqa: B905 - `strict=` came with Python 3.10


def health() -> dict[str, Any]:
    """What a client may know: which service answers, from which machine, and whether it takes writes."""
    with closing(connect()) as connection:
        rows = connection.execute("SELECT count(*) FROM records").fetchone()[0]
    return {"service": settings()["name"], "machine": machine(), "frozen": FROZEN.exists(), "rows": rows}


def settings() -> dict[str, Any]:
    """service.json."""
    return dict(json.loads(SERVICE.read_text()))


def machine() -> str:
    """The machine's name."""
    return os.environ.get("YUNWANG_MACHINE") or os.uname().nodename


def remembered(path: Path) -> dict[str, Any]:
    """What a state file holds; empty when there is none."""
    try:
        return dict(json.loads(path.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def replace(path: Path, value: dict[str, Any]) -> None:
    """Write a state file whole or not at all."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(value))
    new.replace(path)


def running() -> bool:
    """Whether the service runs: it holds the lock for as long as it lives, whatever became of its pid."""
    with LOCK.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def wait_until(wanted: bool) -> bool:
    """Wait for the service to run and have named its port, or to have ended."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if running() == wanted and ("pid" in remembered(RUN)) == wanted:
            return True
        time.sleep(0.05)
    return False


def init(name: str, rows: int, port: int = 0) -> dict[str, Any]:
    """Make the folder's service where there is none."""
    if not SERVICE.exists():
        replace(SERVICE, {"name": name, "port": port})
    with closing(connect()) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(SCHEMA)
        if connection.execute("SELECT count(*) FROM records").fetchone()[0] == 0:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO records (key, value, stored_at) VALUES (?, ?, 0)",
                ((f"{name}-{number}", f"record {number} of {name}") for number in range(1, rows + 1)),
            )
            connection.execute("COMMIT")
    return status()


def start() -> dict[str, Any]:
    """Run the service in a session of its own."""
    if not running():
        if not DATA.is_file():
            raise OSError(f"{DATA.resolve()} is not there: nothing to serve")
        replace(RUN, {"port": remembered(RUN).get("port", 0)})
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                serve()
            os._exit(0)
        os.wait()
    if not wait_until(True):
        raise OSError("the service did not start; " + (LOG.read_text().strip().splitlines() or ["its log is empty"])[-1])
    return status()


def serve() -> None:
    """Answer requests until SIGTERM. Never returns."""
    code = 1
    try:
        with LOG.open("ab", buffering=0) as log, Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        lock = hold()
        with closing(connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        server = listen()
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        port = server.server_address[1]
        replace(RUN, {"pid": os.getpid(), "port": port})
        server.serve_forever(poll_interval=0.05)
        server.server_close()
        replace(RUN, {"port": port})
        lock.close()
        code = 0
    except Exception as error:  # noqa: BLE001 - a daemon's last words go to its log
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
    finally:
        os._exit(code)


def hold() -> IO[str]:
    """The lock, held until the process ends. Raises BlockingIOError when another service has it."""
    lock = LOCK.open("a")
    for _ in range(20):  # whoever asks whether we run shares the lock for a moment
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            time.sleep(0.05)
    raise BlockingIOError("the service runs already")


def listen() -> Server:
    """A server on the configured port, else on the one it had, else on a free one. Raises OSError."""
    host, wanted = os.environ.get("YUNWANG_ADDRESS", "127.0.0.1"), settings().get("port", 0)
    if not wanted and remembered(RUN).get("port"):
        try:
            return Server((host, remembered(RUN)["port"]), Handler)
        except OSError:
            pass  # taken by someone else meanwhile
    return Server((host, wanted), Handler)


def stop() -> dict[str, Any]:
    """End the service; requests under way are answered."""
    if running():
        os.kill(remembered(RUN)["pid"], signal.SIGTERM)
        if not wait_until(False):
            raise OSError("the service did not end")
    return status()


def freeze() -> dict[str, Any]:
    """Writes off. Returns when the last one that was under way is on disk."""
    FROZEN.touch()
    with closing(connect()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    return status()


def thaw() -> dict[str, Any]:
    """Writes on."""
    FROZEN.unlink(missing_ok=True)
    return status()


def backup(path: Path) -> dict[str, Any]:
    """A consistent copy of the data at `path`. Raises sqlite3.Error when the disk is full."""
    with closing(connect()) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    return digest(path)


def restore(path: Path) -> dict[str, Any]:
    """The copy at `path` becomes the data, and origin.json says what it was. Raises OSError while the service runs."""
    if running():
        raise OSError("the service runs: stop it first")
    origin = digest(path)
    with closing(connect(path)) as copy, closing(connect()) as data:
        copy.backup(data)
    found = digest()
    if found != origin:
        raise OSError(f"the data is not what the copy is: {found['rows']} rows instead of {origin['rows']}")
    replace(ORIGIN, origin)
    return found


def status() -> dict[str, Any]:
    """Where it stands; clients' writes change nothing in it. `port` is the last one when it does not run, 0 when it never did."""
    return {
        "name": settings()["name"],
        "machine": machine(),
        "folder": str(Path.cwd()),
        "running": running(),
        "port": remembered(RUN).get("port", 0),
        "frozen": FROZEN.exists(),
        "origin": remembered(ORIGIN) or None,
    }


def main(words: list[str]) -> int:
    """Obey one control word in the folder of this file."""
    os.chdir(Path(sys.argv[0]).resolve().parent)
    plain = {"start": start, "stop": stop, "status": status, "freeze": freeze, "thaw": thaw, "digest": digest}
    try:
        word, *rest = words
        if word == "init":
            result = init(rest[0], int(rest[1]), *(int(port) for port in rest[2:3]))
        elif word in ("backup", "restore"):
            result = {"backup": backup, "restore": restore}[word](Path(rest[0]))
        else:
            result = plain[word]()
    except (ValueError, KeyError, IndexError):
        print(__doc__, file=sys.stderr)  # noqa: T201 - a program's own output
        return 64
    except (OSError, sqlite3.Error) as error:
        print(f"{words[0]}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps(result))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
