"""A TCP forwarder that leads clients to where a service runs now; its routes are one file. Standard library only.

Never cuts a connection: a new route holds for the next one.

    python3 gateway.py start|stop|status            idempotent; `start` returns when it runs
    python3 gateway.py set SERVICE HOST PORT        from now on the service is there; its listening port stays
    python3 gateway.py add SERVICE LISTEN HOST PORT a new route; LISTEN 0 chooses a free port
    python3 gateway.py show                         the routes

It listens at YUNWANG_ADDRESS, else on loopback. routes.json beside this file: {service: {"listen": port, "host": …, "port": …}};
it is read for each connection, so a route that `set` has written holds when `set` returns.

Each word prints one JSON object; a failure is one line and exit code 1.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

ROUTES, RUN, LOCK, CHANGING, LOG = (
    Path(name) for name in ("routes.json", "gateway-run.json", "gateway-lock", "routes-lock", "gateway.log")
)
ADDRESS = os.environ.get("YUNWANG_ADDRESS", "127.0.0.1")
CHUNK = 1 << 16
CONNECT_SECONDS = 10.0
WAIT_SECONDS = 30.0
LOOK_SECONDS = 0.2


def routes() -> dict[str, dict[str, Any]]:
    """routes.json; empty when there is none."""
    try:
        return dict(json.loads(ROUTES.read_text()))
    except FileNotFoundError:
        return {}


@contextlib.contextmanager
def changing() -> Iterator[dict[str, dict[str, Any]]]:
    """The routes, to be changed; written when the block ends. One at a time: moves of two services run side by side."""
    with CHANGING.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = routes()
        yield known
        replace(ROUTES, known)


def replace(path: Path, value: dict[str, Any]) -> None:
    """Write a file whole or not at all."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(value, indent=1, sort_keys=True))
    new.replace(path)


async def forward(service: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Lead one client to where the service is now; a service that does not answer is a closed connection."""
    with contextlib.suppress(OSError, asyncio.TimeoutError, KeyError):
        route = routes()[service]
        there = await asyncio.wait_for(asyncio.open_connection(route["host"], route["port"]), CONNECT_SECONDS)
        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))
    writer.close()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy bytes one way until their end, and pass the end on."""
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()


async def serve() -> None:
    """Listen for every route until SIGTERM; a route that is added later is listened for within a moment."""
    end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
    listening: dict[str, asyncio.AbstractServer] = {}
    while not end.is_set():
        for service, route in routes().items():
            if service not in listening:
                listening[service] = await asyncio.start_server(
                    lambda reader, writer, service=service: forward(service, reader, writer),  # type: ignore[misc]  # mypy: lambda default
                    ADDRESS,
                    route["listen"],
                )
        replace(RUN, {"pid": os.getpid(), "listening": sorted(listening)})
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(end.wait(), LOOK_SECONDS)
    for server in listening.values():
        server.close()


def running() -> bool:
    """Whether the gateway runs: it holds the lock for as long as it lives."""
    with LOCK.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def hold() -> IO[str]:
    """The lock, held until the process ends. Raises BlockingIOError when another gateway has it."""
    lock = LOCK.open("a")
    for _ in range(20):  # whoever asks whether we run shares the lock for a moment
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            time.sleep(0.05)
    raise BlockingIOError("the gateway runs already")


def daemon() -> None:
    """Be the gateway. Never returns."""
    try:
        with LOG.open("ab", buffering=0) as log, Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        with hold():
            asyncio.run(serve())
            RUN.unlink()
    except Exception as error:  # noqa: BLE001 - a daemon's last words go to its log
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
    finally:
        os._exit(0)


def start() -> dict[str, Any]:
    """Run in a session of its own, listening for every route. Raises OSError."""
    if not running():
        RUN.unlink(missing_ok=True)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                daemon()
            os._exit(0)
        os.wait()
    wait_for(*routes())
    return status()


def wait_for(*services: str) -> None:
    """Wait until the gateway listens for these. Raises OSError with its last words."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            if running() and set(services) <= set(json.loads(RUN.read_text())["listening"]):
                return
        time.sleep(0.05)
    raise OSError("the gateway does not listen; " + (LOG.read_text().strip().splitlines() or ["its log is empty"])[-1])


def stop() -> dict[str, Any]:
    """End it."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        if running():
            os.kill(json.loads(RUN.read_text())["pid"], signal.SIGTERM)
    deadline = time.monotonic() + WAIT_SECONDS
    while running():
        if time.monotonic() > deadline:
            raise OSError("the gateway did not end")
        time.sleep(0.05)
    return status()


def status() -> dict[str, Any]:
    """Whether it runs, where it listens, and its routes."""
    return {"running": running(), "address": ADDRESS, "routes": routes()}


def lead(service: str, host: str, port: int) -> dict[str, Any]:
    """Send a service's next connections there. Raises KeyError."""
    with changing() as known:
        known[service] = {**known[service], "host": host, "port": port}
        return known[service]


def add(service: str, listen: int, host: str, port: int) -> dict[str, Any]:
    """A route for a service that has none; a running gateway listens for it when this returns."""
    with changing() as known:
        if service not in known:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((ADDRESS, listen))
                known[service] = {"listen": probe.getsockname()[1], "host": host, "port": port}
    if running():
        wait_for(service)
    return known[service]


def main(words: list[str]) -> int:
    """Obey one word in the folder of this file."""
    os.chdir(Path(sys.argv[0]).resolve().parent)
    try:
        word, *rest = words
        if word == "set":
            result = lead(rest[0], rest[1], int(rest[2]))
        elif word == "add":
            result = add(rest[0], int(rest[1]), rest[2], int(rest[3]))
        else:
            result = {"start": start, "stop": stop, "status": status, "show": routes}[word]()
    except KeyError as error:
        print(f"no such word or service: {error}", file=sys.stderr)  # noqa: T201 - a program's own output
        return 1
    except (ValueError, IndexError):
        print(__doc__, file=sys.stderr)  # noqa: T201
        return 64
    except OSError as error:
        print(f"{words[0]}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps(result))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
