"""The lab's clouds: started, mended, stopped, counted. Never changes what tenants made: that lives in the clouds' databases, kept.

A cloud is a folder: cloud.json and etc/ (what services are told), db/ and state/ (what it holds), log/, record.json (what runs).
It is made under another name and renamed when complete, so that a folder with its name is a whole cloud.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from yunwang.inventories.lab import LabCloud
from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal
from yunwang.lab import process
from yunwang.lab.openstack import configuration, installation
from yunwang.lab.openstack.configuration import SERVICES
from yunwang.lab.process import Process
from yunwang.lab.state import Say, alone, recall, remember, write

START_SECONDS = 300.0
SILENT_SECONDS = 30.0
"""How long a service that runs but does not answer may still be starting before it counts as hung."""

TELL_SECONDS = 10.0
ATTEMPTS = 3
"""Starts, when a stranger takes a port between our choosing it and our listening on it."""

UNSPEAKABLE = frozenset("$?#:{}")
"""What a path cannot have: oslo.config, URLs, nova's cell templates and PYTHONPATH give it a meaning and no way to quote it."""

DRIVERS = {
    "METADATA": "Metadata-Version: 2.1\nName: yunwang-lab-drivers\nVersion: 1.0\n",
    "entry_points.txt": "[neutron.ml2.mechanism_drivers]\nlab = lab_ports:Ports\n",
}
"""A distribution's metadata: neutron finds mechanism drivers by entry point only."""


class CloudEndpoint(Noun):
    """How a client gets in: the administrator of a lab cloud."""

    auth_url: str
    region: str
    username: str = "admin"
    password: str = Field(repr=False)
    project_name: str = "admin"
    user_domain_id: str = "default"
    project_domain_id: str = "default"


class ServiceStatus(Noun):
    """One service of a lab cloud. `memory_mib` is its proportional set size."""

    cloud: str
    service: str
    address: str
    process: Process | None
    alive: bool
    memory_mib: int


class Record(Noun):
    """What was started for a cloud. `told` holds digests of what each service was told, `seeded` one of what was seeded."""

    ports: dict[str, int] = Field(default_factory=dict)
    told: dict[str, str] = Field(default_factory=dict)
    seeded: str = ""
    processes: tuple[Process, ...] = ()


def up(clouds: tuple[LabCloud, ...], folder: Path, say: Say, *, token_seconds: int = 3600) -> dict[str, CloudEndpoint]:
    """Make these clouds run, changing only what does not; others in the folder are stopped and kept. Endpoints by cloud name.

    `token_seconds`: how long a keystone token holds. Raises Retryable while another `up` or `down` is at it, Fatal.
    """
    folder = folder.absolute()
    if wrong := sorted(UNSPEAKABLE & set(str(folder))):
        raise Fatal(
            f"the lab's folder {folder} has {' '.join(wrong)} in its name", remedy="move the workspace: OpenStack trips over it"
        )
    with alone(folder):
        folder.chmod(0o700)
        python_home = installation.venv(say)
        password = _password(folder)
        for name, text in DRIVERS.items():
            write(folder / "lib/yunwang_lab_drivers-1.0.dist-info" / name, text)
        strangers = {home.name: home for home in _homes(folder)}
        runs = [_Run(cloud, folder, python_home, password, token_seconds) for cloud in clouds]
        for run in runs:
            strangers.pop(run.cloud.name, None)
            run.create(say)
        for home in strangers.values():
            _stop(home)
        for _ in range(ATTEMPTS):
            _choose_ports(runs)
            for run in runs:
                run.start(say)
            if not (taken := _wait(runs, say)):
                break
            say(f"a port was taken meanwhile: starting {', '.join(taken)} again")
        else:
            raise Fatal("the lab's clouds find no free ports", remedy="see what listens on 127.0.0.1, then try again")
        _seed(runs, say)
        return {run.cloud.name: run.endpoint() for run in runs}


def down(folder: Path, say: Say) -> None:
    """Stop everything and keep its state. Raises Retryable while another `up` or `down` is at it."""
    folder = folder.absolute()
    if not folder.is_dir():
        return
    with alone(folder):
        for home in _homes(folder):
            if stopped := _stop(home):
                say(f"{home.name}: stopped {stopped} services")


def status(folder: Path) -> tuple[ServiceStatus, ...]:
    """Every service of every cloud in the folder, in a fixed order. Changes nothing."""
    found = []
    for home in _homes(folder.absolute()):
        record = recall(home / "record.json", Record) or Record()
        known = {entry.label: entry for entry in record.processes}
        for name in SERVICES:
            entry = known.get(name)
            found.append(
                ServiceStatus(
                    cloud=home.name,
                    service=name,
                    address=configuration.url(record.ports[name]) if name in record.ports else "",
                    process=entry,
                    alive=entry is not None and process.alive(entry),
                    memory_mib=process.memory(entry) if entry else 0,
                )
            )
    return tuple(found)


class _Run:
    """One cloud during one `up`."""

    def __init__(self, cloud: LabCloud, folder: Path, python_home: Path, password: str, token_seconds: int) -> None:
        self.cloud, self.home = cloud, folder / cloud.name
        self.folder, self.python_home, self.password, self.token_seconds = folder, python_home, password, token_seconds
        self.record = recall(self.home / "record.json", Record) or Record()
        self.running = {entry.label: entry for entry in self.record.processes if process.alive(entry)}
        self.fresh: set[str] = set()

    def create(self, say: Say) -> None:
        """Databases and keys, where there are none yet."""
        if self.home.is_dir():
            return
        say(f"{self.cloud.name}: making a cloud with {len(self.cloud.hosts)} hosts")
        part = self.home.with_name(self.home.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        keys = part / "state/fernet"
        keys.mkdir(parents=True, mode=0o700)
        for number in ("0", "1"):
            write(keys / number, base64.urlsafe_b64encode(os.urandom(32)).decode(), 0o600)
        for name in ("images", "instances", "locks", "staging", "tasks"):
            (part / "state" / name).mkdir()
        shutil.copytree(installation.databases(self.python_home, say), part / "db")
        part.rename(self.home)

    def missing(self) -> list[str]:
        """Services that do not run."""
        return [name for name in SERVICES if name not in self.running]

    def start(self, say: Say) -> None:
        """Start what does not run, hangs, or is told something else now."""
        share = self.python_home / "etc"
        texts = configuration.files(self.cloud, self.home, share, self.record.ports, self.password, self.token_seconds)
        common = f"{texts['cloud.json']}{self.python_home}{_code()}"
        told = {name: _digest(common + texts[configuration.path(name)]) for name in SERVICES}
        self._end([name for name in SERVICES if told[name] != self.record.told.get(name)])
        hung = [name for name, entry in self.running.items() if name not in self.fresh and not self._answers(name, entry)]
        self._end(hung, seconds=1)  # it did not answer, so it will not listen either
        if not (missing := self.missing()):
            return
        for name, text in texts.items():
            write(self.home / name, text, 0o600)
        self._note(told=told, seeded="")  # seeding is also the first request that a started service needs
        say(f"{self.cloud.name}: starting {', '.join(missing)}")
        python, script = str(self.python_home / "bin/python"), str(installation.SERVING / "lab_service.py")
        variables = installation.environment(self.folder, self.home, self.python_home)
        for name in missing:
            log = self._log(name)
            if log.exists():
                log.replace(log.with_suffix(".log.1"))
            self.running[name] = process.start(
                name, [python, script, str(self.home), name], folder=self.home, log=log, environment=variables
            )
            self._note()
        self.fresh |= set(missing)

    def seed(self, say: Say) -> tuple[str, subprocess.Popen[bytes] | None]:
        """Run the script that seeds, when anything was started or the wish has changed. What is wished, and the script."""
        wish = _digest(self.cloud.model_dump_json() + _code())
        if self.record.seeded == wish:
            return wish, None
        say(f"{self.cloud.name}: aggregates, flavors, image, external network")
        argv = [str(self.python_home / "bin/python"), str(installation.SERVING / "lab_seed.py"), str(self.home)]
        variables = installation.environment(self.folder, self.home, self.python_home)
        with self._log("seed").open("wb") as out:
            return wish, subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.home, env=variables)

    def seeded(self, wish: str) -> None:
        """Remember that it is seeded."""
        self._note(seeded=wish)

    def set_ports(self, ports: Mapping[str, int]) -> None:
        """Listen there from now on."""
        self._note(ports=dict(ports))

    def silent(self) -> list[str]:
        """Services that run and do not answer yet. Raises Fatal for one that has ended by itself."""
        for name, entry in self.running.items():
            if not process.alive(entry) and not self._port_taken(name):
                raise Fatal(
                    f"{self.cloud.name}: {name} ended as it started", remedy=f"see {self._log(name)}", target=self.cloud.name
                )
        return [name for name, entry in self.running.items() if process.alive(entry) and not _says(self.record.ports[name], entry)]

    def outdone(self) -> list[str]:
        """Services that have ended because a stranger holds their port; they count as missing then."""
        ended = [name for name, entry in self.running.items() if not process.alive(entry)]
        self._end(ended)
        return ended

    def endpoint(self) -> CloudEndpoint:
        """For a client."""
        address = configuration.url(self.record.ports["keystone"]) + configuration.CATALOG["keystone"][1]
        return CloudEndpoint(auth_url=address, region=self.cloud.region, password=self.password)

    def _answers(self, name: str, entry: Process) -> bool:
        deadline = time.monotonic() + SILENT_SECONDS
        while not _says(self.record.ports[name], entry):
            if time.monotonic() > deadline or not process.alive(entry):
                return False
            time.sleep(0.2)
        return True

    def _end(self, names: Sequence[str], seconds: float = process.ENDING_SECONDS) -> None:
        process.stop([self.running.pop(name) for name in names if name in self.running], seconds)
        self._note()

    def _note(self, **changes: object) -> None:
        content = {**dict(self.record), "processes": tuple(self.running.values()), **changes}
        if (record := Record.model_validate(content)) != self.record:
            self.record = record
            remember(self.home / "record.json", record)

    def _log(self, name: str) -> Path:
        return self.home / f"log/{name}.log"

    def _port_taken(self, name: str) -> bool:
        return "Address already in use" in self._log(name).read_text(errors="replace")[-2000:]


def _choose_ports(runs: Sequence[_Run]) -> None:
    """Each service's port again, else a free one; of those that listen already, theirs."""
    wanted = [(run, name) for run in runs for name in run.missing()]
    chosen = process.free_ports([run.record.ports.get(name) for run, name in wanted])
    for run in runs:
        mine = {name: port for (owner, name), port in zip(wanted, chosen, strict=True) if owner is run}
        run.set_ports({**run.record.ports, **mine})


def _wait(runs: Sequence[_Run], say: Say) -> list[str]:
    """Until every service answers. Names the clouds where a stranger took a port. Raises Fatal."""
    began = told = time.monotonic()
    while silent := [f"{run.cloud.name}'s {name}" for run in runs for name in run.silent()]:
        now = time.monotonic()
        if now - began > START_SECONDS:
            raise Fatal(f"not answering after {START_SECONDS:.0f} s: {', '.join(silent)}", remedy="see log/ in the cloud's folder")
        if now - told > TELL_SECONDS:
            told = now
            say(f"waiting for {', '.join(silent) if len(silent) < 4 else f'{len(silent)} services'} ({now - began:.0f} s)")
        time.sleep(0.2)
    return [run.cloud.name for run in runs if run.outdone()]


def _seed(runs: Sequence[_Run], say: Say) -> None:
    """All clouds side by side. Raises Fatal."""
    started = [(run, *run.seed(say)) for run in runs]
    for run, wish, seeding in started:
        if seeding is None:
            continue
        if seeding.wait():
            raise Fatal(f"{run.cloud.name} could not be seeded", remedy=f"see {run.home}/log/seed.log", target=run.cloud.name)
        run.seeded(wish)


def _stop(home: Path) -> int:
    """How many services of the cloud were stopped."""
    record = recall(home / "record.json", Record) or Record()
    running = [entry for entry in record.processes if process.alive(entry)]
    process.stop(running)
    if record.processes:
        remember(home / "record.json", record.model_copy(update={"processes": ()}))
    return len(running)


def _homes(folder: Path) -> Iterator[Path]:
    return (path.parent for path in sorted(folder.glob("*/record.json")))


def _says(port: int, entry: Process) -> bool:
    """Whether this very process answers there."""
    try:
        with _DIRECT.open(f"{configuration.url(port)}/.lab", timeout=5) as answer:
            return bool(answer.read() == str(entry.pid).encode())
    except OSError:
        return False


def _password(folder: Path) -> str:
    path = folder / "password"
    if not path.exists():
        write(path, secrets.token_urlsafe(24) + "\n", 0o600)
    return path.read_text().strip()


def _code() -> str:
    """A digest of what runs in OpenStack's Python: services of an older toolkit are started anew."""
    return _digest("".join(path.read_text() for path in sorted(installation.SERVING.glob("*.py"))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
