"""Where a step runs: in this process, or on a Dask cluster near its target. It never decides what runs, and runs nothing twice.

To a worker travel the job (with what the workspace said), and the change; back come the outcome or the verdict, and what was told.
Secrets do not travel: the worker follows the references itself, in the workspace's folder, which it has at the same path.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, Protocol, TypeVar

from yunwang.inventories.verdict import Refused, Unknown
from yunwang.inventories.workspace import Workspace

T = TypeVar("T")
SCHEME = "dask://"
TAG = "region:"
"""A worker started with `--resources region:xigu=1` works for the region xigu."""
CONNECTS_SECONDS = 15
POLL_SECONDS = 5
"""How often a waiting step looks whether there is still a worker that could do it."""


class Steps(Protocol):
    """Runs one deed at a time for each of the threads that call it."""

    def run(self, deed: Callable[[], T], *, target: str) -> T:
        """Do it and return what it returns. Raises the deed's verdict; Unknown where who did it died over it."""

    def close(self) -> None:
        """Give back what it holds; nothing is run afterwards."""


class Threads:
    """In the thread that calls: the engine's own pool is the concurrency."""

    def run(self, deed: Callable[[], T], *, target: str) -> T:
        """Do it here."""
        return deed()

    def close(self) -> None:
        """Holds nothing."""


class Cluster:
    """On the workers of a Dask scheduler: those of the target's region where it has any, else all."""

    def __init__(self, client: Any, region: Callable[[str], str]) -> None:
        self._client = client
        self._region = region

    @classmethod
    def from_url(cls, url: str, workspace: Workspace) -> Cluster:
        """The cluster at `dask://HOST:PORT`. Encrypted where Dask's own configuration has a CA file. Raises Refused."""
        try:
            dask = import_module("distributed")
        except ImportError:
            raise Refused(f"{url} needs Dask", remedy="install it: pip install 'yunwang[dask]'") from None
        where = url.removeprefix(SCHEME)
        if where == url or not where:
            raise Refused(f"{url} is no executor", remedy=f"write {SCHEME}HOST:PORT, the address of a Dask scheduler")
        protocol = "tls" if dask.config.get("distributed.comm.tls.ca-file") else "tcp"
        try:
            client = dask.Client(f"{protocol}://{where}", timeout=CONNECTS_SECONDS, security=dask.Security(), set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:  # a TimeoutError is an OSError
            raise Refused(f"no Dask scheduler answers at {protocol}://{where}: {error}", remedy="see docs/executors.md") from None
        cluster = cls(client, partial(region, workspace))
        if not cluster._workers(""):
            cluster.close()
            raise Refused(f"the Dask scheduler at {where} has no workers", remedy=f"dask worker {protocol}://{where} --no-nanny")
        return cluster

    def run(self, deed: Callable[[], T], *, target: str) -> T:
        """Do it on a worker, once: whatever Dask would do again after a death finds that its ticket is gone."""
        told = Told()
        say: list[Callable[[str], None]] = []
        if isinstance(deed, partial):  # the only function that a step is given is the one it tells the operator with
            say = [each for each in deed.args if callable(each)]
            deed = partial(deed.func, *(told if callable(each) else each for each in deed.args), **deed.keywords)
        key = f"{target}-{uuid.uuid4()}"
        ticket = import_module("distributed").Queue(key, client=self._client)
        ticket.put("go")
        try:
            done, lines = self._result(key, partial(_once, deed, told, key), target)
        finally:
            ticket.close()
        for line in lines:
            say[0](line)
        if isinstance(done, BaseException):
            raise done
        result: T = done[0]
        return result

    def _result(self, key: str, work: Callable[[], Any], target: str) -> Any:
        chosen = self._workers(target)
        future = self._client.submit(work, key=key, pure=False, retries=0, workers=chosen, allow_other_workers=False)
        while True:
            try:
                return future.result(timeout=POLL_SECONDS)
            except Exception as error:  # noqa: BLE001 -- what the deed raised is returned: all that is raised is Dask's
                if not future.done() and self._client.status == "running" and set(chosen) & set(self._workers("")):
                    continue
                future.cancel()
                raise Unknown(
                    f"the Dask worker was lost over it ({type(error).__name__})", remedy="see the worker's log", target=target
                ) from None

    def _workers(self, target: str) -> list[str]:
        """The addresses of the region's workers; of all where it has none."""
        workers: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        tag = f"{TAG}{self._region(target)}"
        return [address for address, worker in workers.items() if tag in worker["resources"]] or list(workers)

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self._client.close()


def steps_at(url: str | None, workspace: Workspace) -> Steps:
    """Where `--executor` says; None: here. Raises Refused."""
    return Threads() if url is None else Cluster.from_url(url, workspace)


class Told:
    """Keeps on the worker what the step tells, so that it comes back in its order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        """One line more."""
        self.lines.append(line)


def _once(deed: Callable[[], object], told: Told, ticket: str) -> tuple[object, list[str]]:
    """On the worker: the deed, if nobody has begun it before."""
    dask = import_module("distributed")
    try:
        dask.Queue(ticket, client=dask.get_client()).get(timeout=1)
    except TimeoutError:
        return Unknown("the Dask worker that had begun it is gone", remedy="see the worker's log"), []
    try:
        return (deed(),), told.lines
    except Exception as error:  # noqa: BLE001 -- it is raised again where the step was asked for
        return error, told.lines


def region(workspace: Workspace, target: str) -> str:
    """Where a target is: a device's site, a stack's cloud, a system's room (or cloud); '' for whatever is nowhere."""
    kind, _, name = target.partition("/")
    if kind == "device":
        return next((device.site for device in workspace.devices if device.name == name), "")
    if kind == "stack":
        return name.partition("/")[0]
    system = next((system for system in workspace.systems if kind == "system" and system.name == name), None)
    return (system.room or system.cloud or "") if system else ""
