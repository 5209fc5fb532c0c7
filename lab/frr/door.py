"""Listens in the host's network, serves each connection in a router's: SSH reaches a router whose own network is broken.

Never reads what passes: `python3 door.py PORT NAMESPACE PROGRAM…` gives PROGRAM its client as standard input and output (as inetd).
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from pathlib import Path

NETWORK = 0x40000000  # CLONE_NEWNET


def main(port: int, space: str, program: list[str]) -> None:
    """Serve until killed. Raises OSError."""
    with socket.create_server(("127.0.0.1", port)) as door:  # a socket stays in the network that it was made in
        with Path("/run/netns", space).open() as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), NETWORK):
                raise OSError(ctypes.get_errno(), f"cannot enter {space}")
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
        while True:
            client, _ = door.accept()
            with client:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    os.dup2(client.fileno(), 0)
                    os.dup2(client.fileno(), 1)
                    os.execv(program[0], program)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
