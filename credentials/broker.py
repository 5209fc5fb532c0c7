"""Secrets for a child process that gets none of our environment: it asks over a socket that only this user can reach.

Nothing is on disk, in an argument or in an environment. Answers only references of one workspace, while the child runs.
"""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yunwang.credentials.asked import ASK, LONGEST
from yunwang.credentials.resolve import resolve
from yunwang.inventories.secret import is_reference
from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.inventories.workspace import Workspace


@contextmanager
def serving(workspace: Workspace, folder: Path) -> Iterator[dict[str, str]]:
    """Answer until the end; what to add to the child's environment. `folder` is the user's alone, and its path short."""
    path = folder / "secrets"

    class Asked(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                reference = json.loads(self.rfile.readline(LONGEST))
                if not is_reference(reference):
                    raise Fatal("not a reference to a secret")
                answer = {"secret": resolve(reference, workspace)}
            except Verdict as verdict:
                answer = {"message": verdict.message, "remedy": verdict.remedy}
            except ValueError:
                answer = {"message": "not understood", "remedy": ""}
            self.wfile.write(json.dumps(answer).encode() + b"\n")

    class Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    with Server(str(path), Asked) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield {ASK: str(path)}
        finally:
            server.shutdown()
            path.unlink(missing_ok=True)
