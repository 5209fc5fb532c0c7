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
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yunwang.cli import show
from yunwang.credentials.resolve import resolve
from yunwang.inventories.finding import Severity
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.operations.terms import Terms

if TYPE_CHECKING:
    from yunwang.journal.store import Journal
    from yunwang.operations.engine import Engine


INTERRUPTED = 130
"""Exit code of what Ctrl-C ended, as shells have it: 128 and the signal's number."""


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

    settings = workspace.settings.journal
    password = resolve(settings.password, workspace) if settings.password else None
    opened = Journal.open(settings.url, workspace.state, password=password, chain=settings.chain)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def engine(workspace: Workspace, *, quiet: bool, terms: Terms | None = None, executor: str | None = None) -> Iterator[Engine]:
    """The engine for this operator. Ctrl-C (or SIGTERM) asks it to end after the steps in flight; a second one ends it at once."""
    from yunwang.operations.engine import Engine
    from yunwang.operations.executor import steps_at

    with journal(workspace) as opened, closing(steps_at(executor, workspace)) as steps:
        made = Engine(
            workspace=workspace,
            journal=opened,
            operator=operator(),
            host=socket.gethostname(),
            command=" ".join(["yunwang", *sys.argv[1:]]),
            say=show.Progress(quiet=quiet),
            terms=terms or Terms(),
            steps=steps,
        )
        with _interruptible(made):
            yield made


@contextmanager
def _interruptible(engine: Engine) -> Iterator[None]:
    """Signals end the engine between steps; the second at once, with what stays unknown told."""

    def interrupt(_signal: int, _frame: object) -> None:
        if not engine.stop.is_set():
            engine.stop.set()
            show.warning("ending after the steps in flight; once more ends at once")
            return
        try:
            for target, phase in list(engine.in_flight.items()):
                show.warning(f"{target}: {phase} was in flight, its outcome is UNKNOWN until `yunwang resume` looks at it")
            show.warning("ended at once: `yunwang history list` shows the run that waits for `yunwang resume`")
        finally:
            os._exit(INTERRUPTED)  # an exit in good order would wait for the steps

    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    former = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


LOUD = ("grpc._server", "paramiko.transport", "keystoneauth.identity")
"""Libraries that log with a traceback what the operator is told as a verdict: an engine ended early, a device that hung up."""


def verbosity(level: int) -> None:
    """-v: our own log from INFO; -vv: from DEBUG. Other libraries' logs stay at warnings: they print request headers."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("yunwang").setLevel({0: logging.ERROR, 1: logging.INFO}.get(level, logging.DEBUG))
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL if level < 2 else logging.WARNING)
