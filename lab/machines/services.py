"""The services and the gateway on the machines: seeded once, started again where they ran. Never moves one."""

from __future__ import annotations

import fcntl
import json
import shlex
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from yunwang.inventories.lab import Lab, LabService
from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal
from yunwang.lab import service as service_programs
from yunwang.lab.machines.ground import Seat
from yunwang.lab.process import free_ports
from yunwang.lab.state import write

PROGRAMS = Path(service_programs.__file__).parent
Run = Callable[[str, str], str]
"""Runs a shell command on a machine over SSH; gives its output. Raises Fatal."""


class Instance(Noun):
    """A service's folder on a machine. `pid` as it wrote it down itself, 0 after it was stopped; `port` stays."""

    machine: str
    service: str
    folder: Path
    pid: int
    port: int
    running: bool

    @property
    def name(self) -> str:
        """`service@machine`."""
        return f"{self.service}@{self.machine}"


def instances(homes: Mapping[str, Path]) -> list[Instance]:
    """Every service on every machine, running or not, as their folders say."""
    return [
        Instance(
            machine=machine,
            service=folder.name,
            folder=folder,
            pid=_read(folder / "run.json").get("pid", 0),
            port=_read(folder / "run.json").get("port", 0),
            running=_held(folder / "lock"),
        )
        for machine, home in homes.items()
        for folder in sorted(home.glob("services/*"))
        if (folder / "data.sqlite").is_file()
    ]


def seed(service: LabService, home: Path, run: Run) -> None:
    """Put the service and its first rows on its machine and start it. Raises Fatal."""
    folder = home / "services" / service.name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROGRAMS / "records.py", folder)
    run(service.machine, f"cd services/{service.name} && python3 records.py init {shlex.quote(service.name)} {service.rows}")
    start(service.machine, service.name, run)


def start(machine: str, service: str, run: Run) -> int:
    """Start it where it is; its port. Raises Fatal."""
    return int(json.loads(run(machine, f"cd services/{service} && python3 records.py start"))["port"])


class Gateway:
    """The program before the services, on a machine of its own."""

    def __init__(self, machine: str, home: Path, seat: Seat) -> None:
        self.machine = machine
        self.seat = seat
        self.folder = home / "gateway"

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return _held(self.folder / "gateway-lock")

    @property
    def pid(self) -> int:
        """Its process; 0 when it does not run."""
        return int(_read(self.folder / "gateway-run.json").get("pid", 0)) if self.running else 0

    def routes(self) -> dict[str, dict[str, Any]]:
        """Service → listen, host, port."""
        return _read(self.folder / "routes.json")

    def route(self, there: Mapping[str, Seat], moved: Mapping[tuple[str, int], Seat], run: Run) -> bool:
        """Run, with a route for every service; those there are follow the lab's own changes of address. Whether it did anything."""
        before, running = self.routes(), self.running
        after = {service: {**route, **_there(moved.get((route["host"], route["port"])))} for service, route in before.items()}
        ports = free_ports([route["listen"] for route in after.values()] if not running and self.seat.host == "127.0.0.1" else [])
        for route, port in zip(after.values(), ports, strict=False):
            route["listen"] = port
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROGRAMS / "gateway.py", self.folder)
        if after != before:
            write(self.folder / "routes.json", json.dumps(after, indent=1, sort_keys=True))
        new = {service: seat for service, seat in there.items() if service not in after}
        for service, seat in new.items():
            run(self.machine, f"cd gateway && python3 gateway.py add {service} 0 {seat.host} {seat.port}")
        if not running:
            run(self.machine, "cd gateway && python3 gateway.py start")
        return bool(new) or after != before or not running


def gateways(lab: Lab, homes: Mapping[str, Path], seats: Mapping[str, Seat]) -> Iterable[Gateway]:
    """The machines of that kind."""
    return (
        Gateway(machine.name, homes[machine.name], seats[machine.name]) for machine in lab.machines if machine.kind == "gateway"
    )


def _there(seat: Seat | None) -> dict[str, Any]:
    return {} if seat is None else {"host": seat.host, "port": seat.port}


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


def _held(lock: Path) -> bool:
    """Whether a service holds its lock: it does for as long as it lives, whatever became of its pid."""
    try:
        with lock.open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def checked(lab: Lab) -> None:
    """A service stands on a machine that there is. Raises Fatal."""
    machines = {machine.name for machine in lab.machines}
    for service in lab.services:
        if service.machine not in machines:
            raise Fatal(
                f"service {service.name} stands on machine {service.machine}, which lab.yaml does not have",
                remedy="correct lab.yaml",
            )
