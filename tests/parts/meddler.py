"""HTTP proxies before real services, which spoil answers as a test tells them. They never spoil what they were not told to."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Fault = tuple[int, dict[str, str]] | str | threading.Event | float
"""A status with headers (the service is not asked); `"before"`: the connection is lost and the service not asked; `"after"`: the
service acts, and the answer is lost; `"cut"`: it acts, and half of its answer arrives; an event: it acts once that is set; so many
seconds: it acts after them."""


class Meddler(ThreadingHTTPServer):
    """Stands before one service and spoils answers: `faults` are taken one by one by requests that `applies` to, or `weather` has
    one for a request.
    """

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Meddling)
        self.upstream = urlsplit(upstream)
        self.faults: list[Fault] = []
        self.applies: Callable[[str, str], bool] = lambda method, path: True
        self.weather: Callable[[str, str], Fault | None] = lambda method, path: None
        self.told: dict[bytes, bytes] = {}
        """Addresses in answers, and what a client is told for them."""
        self.seen: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{self.upstream.path}"

    def end(self) -> None:
        """Nobody is let in any more."""
        self.shutdown()
        self.server_close()


class _Meddling(BaseHTTPRequestHandler):
    server: Meddler

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.weather(self.command, self.path)
        if self.server.faults and self.server.applies(self.command, self.path):
            fault = self.server.faults.pop(0)
        self.server.seen.append(f"{self.command} {self.path}")
        if isinstance(fault, tuple):
            self.send_response(fault[0])
            for name, value in {**fault[1], "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()
            return
        if fault == "before":
            self._hang_up()
            return
        if isinstance(fault, threading.Event):
            fault.wait(120)
        if isinstance(fault, float):
            time.sleep(fault)
        upstream = http.client.HTTPConnection(self.server.upstream.netloc, timeout=60)
        upstream.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k.lower() != "host"})
        answer = upstream.getresponse()
        content = answer.read()
        for address, ours in self.server.told.items():
            content = content.replace(address, ours)
        if fault == "after":
            self._hang_up()
            return
        if fault == "cut":
            content = content[: len(content) // 2]
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: pytest shows what was seen."""
