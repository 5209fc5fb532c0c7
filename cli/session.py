"""What a command works with: the workspace, the journal, the operator, the engine. Opens them; decides nothing."""

from __future__ import annotations

import getpass
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yunwang.cli import show
from yunwang.inventories.finding import Severity
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace

if TYPE_CHECKING:
    from yunwang.journal.store import Journal
    from yunwang.operations.engine import Engine


def find_workspace(folder: Path | None) -> Path:
    """The folder given, or the nearest one from here up that has a yunwang.yaml. Raises Refused."""
    if folder is not None:
        if not folder.is_dir():
            raise Refused(
                f"{folder} is not a folder", remedy="name the workspace's folder with -w, or make one with `yunwang init`"
            )
        return folder.resolve()
    here = Path.cwd().resolve()
    for candidate in (here, *here.parents):
        if (candidate / "yunwang.yaml").is_file():
            return candidate
    raise Refused("no workspace here", remedy="name its folder with -w, or make one with `yunwang init`")


def load(folder: Path | None) -> Workspace:
    """The workspace, which must be free of errors. Raises Refused with its findings."""
    workspace, found = read(find_workspace(folder))
    errors = tuple(finding for finding in found if finding.severity is Severity.ERROR)
    if workspace is None or errors:
        raise Refused("the workspace has faults", remedy="`yunwang validate` shows them all", findings=errors)
    return workspace


def operator() -> str:
    """Who is at the keyboard: YUNWANG_OPERATOR, else the account (through sudo, the account that called it)."""
    return os.environ.get("YUNWANG_OPERATOR") or os.environ.get("SUDO_USER") or getpass.getuser()


@contextmanager
def journal(workspace: Workspace) -> Iterator[Journal]:
    """The workspace's journal, closed afterwards."""
    from yunwang.journal.store import Journal  # SQLAlchemy takes a moment to import

    opened = Journal.open(workspace.settings.journal.url, workspace.state)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def engine(workspace: Workspace, *, quiet: bool) -> Iterator[Engine]:
    """The engine for this operator. Ctrl-C asks it to end after the steps in flight; a second one ends it at once."""
    from yunwang.operations.engine import Engine

    stop = threading.Event()
    progress = show.Progress(quiet=quiet)

    def interrupt(_signal: int, _frame: object) -> None:
        if stop.is_set():
            signal.signal(signal.SIGINT, signal.default_int_handler)
            progress("what is in flight stays unknown until `yunwang resume`; press again to leave it so")
            return
        stop.set()
        progress("ending after the steps in flight")

    with journal(workspace) as opened:
        former = signal.signal(signal.SIGINT, interrupt) if threading.current_thread() is threading.main_thread() else None
        try:
            yield Engine(
                workspace=workspace,
                journal=opened,
                operator=operator(),
                host=socket.gethostname(),
                command=" ".join(["yunwang", *sys.argv[1:]]),
                say=progress,
                stop=stop,
            )
        finally:
            if former is not None:
                signal.signal(signal.SIGINT, former)


def verbosity(level: int) -> None:
    """-v: our own log from INFO; -vv: from DEBUG. Other libraries' logs stay at warnings: they print request headers."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("yunwang").setLevel({0: logging.ERROR, 1: logging.INFO}.get(level, logging.DEBUG))
