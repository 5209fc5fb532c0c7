"""Twenty lines to simulated devices over SSH: wall time beside other tools, each vendor. Never leaves a device running.

Everybody does the same: log in, send, check every echo for errors, log out. What runs then is looked at, beside the clock.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.race import Contender, Lap, Say, Unable, race, turn
from bench.table import Row
from yunwang.inventories.lab import Lab, LabDevice
from yunwang.inventories.network import Device, Plane, Platform, Role
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.lab import devices as simulated
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.patch import Patch, patch
from yunwang.network.transport import connect
from yunwang.network.vendors import vendor

OURS = Contender("push_ours")
NORNIR = Contender("push_nornir", "nornir-netmiko")
ANSIBLE = Contender("push_ansible", "ansible")
BARE = Contender("push_paramiko", "paramiko")
SCRAPLI = Contender("push_scrapli", "scrapli")
WORKERS = 20
PASSWORD = "file://device-password"
PORTS = range(1, 6)
SLOW = 0.02
"""Seconds that a slow device thinks about each line."""
LIMITS = {"memory": 1024.0, "growth": 1.25}
"""MiB; how much longer than ten times a hundred devices' time a thousand may take."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Devices of a platform, what they boot with, and how many times faster than each rival we mean to be."""

    title: str
    platform: Platform
    goals: Mapping[Contender, float]
    port: str
    cost: str
    before: str = ""
    """Stands first in the configuration, with the name for `{}`."""
    routed: str = ""
    """What makes a port route."""

    def startup(self, name: str) -> str:
        """A device's configuration."""
        rules = vendor(self.platform).rules
        views = "".join(f"interface {self.port.format(port)}\n{self.routed} {self.cost} 1\n{rules.separator}\n" for port in PORTS)
        return f"{self.before.format(name)}{rules.separator}\n{views}{next(iter(rules.ends))}\n"

    def intended(self, name: str, mark: str, cost: int) -> Config:
        """The same with another cost and description on each port."""
        running = self.startup(name).replace(f" {self.cost} 1\n", f" description {mark}\n {self.cost} {cost}\n")
        return parse(running, vendor(self.platform).rules)

    def patch(self, mark: str, cost: int) -> Patch:
        """Twenty lines."""
        its = vendor(self.platform)
        made = patch(its, parse(self.startup("x"), its.rules), self.intended("x", mark, cost))
        assert len(made.lines) == 4 * len(PORTS)
        return made


EVERYWHERE = {BARE: 0.5, SCRAPLI: 1.0}
KINDS = (
    Kind(
        "VRP",
        Platform.HUAWEI_VRP,
        {NORNIR: 20.0, **EVERYWHERE},
        "GigabitEthernet0/0/{}",
        "ospf cost",
        "[V300R024C00SPC100]\n#\nsysname {}\n",
    ),
    Kind(
        "VRP8",  # the one VRP that Ansible has a module for
        Platform.HUAWEI_VRPV8,
        {NORNIR: 20.0, ANSIBLE: 40.0, **EVERYWHERE},
        "GE1/0/{}",
        "ospf cost",
        "sysname {}\n",
        " undo portswitch\n",
    ),
    Kind(
        "Comware",
        Platform.HP_COMWARE,
        {NORNIR: 5.0, **EVERYWHERE},
        "GigabitEthernet1/0/{}",
        "ospf cost",
        "version 7.1.070, Release 6616P03\n#\nsysname {}\n",
        " port link-mode route\n",
    ),
    Kind(
        "RGOS",
        Platform.RUIJIE_OS,
        {NORNIR: 20.0, **EVERYWHERE},
        "GigabitEthernet 0/{}",
        "ip ospf cost",
        "hostname {}\n",
        " no switchport\n",
    ),
    Kind(
        "IOS",
        Platform.CISCO_IOS,
        {NORNIR: 1.5, ANSIBLE: 40.0, **EVERYWHERE},
        "GigabitEthernet0/{}",
        "ip ospf cost",
        "hostname {}\n",
    ),
)


def run(say: Say, *, rounds: int, devices: int, large: bool) -> Iterator[Row]:
    """Each vendor, answering at once and slowly; `large`: a hundred devices each, and a thousand of one."""
    count = max(devices, 100) if large else devices
    for kind in KINDS:
        with fleet(kind, count, say) as made:
            for delay in (0.0, SLOW):
                made.delay(delay)
                words = f", {delay * 1000:g} ms a line" if delay else ""
                yield from race(
                    f"push 20 lines to {count} {kind.title} devices{words}",
                    OURS,
                    kind.goals,
                    clock="wall",
                    rounds=rounds,
                    task=made.task,
                    wrong=made.wrong,
                    say=say,
                )
    if large:
        yield from _thousand(say)


def _thousand(say: Say) -> Iterator[Row]:
    """A hundred devices and a thousand: time, memory, CPU."""
    laps: dict[int, Lap] = {}
    for count in (100, 1000):
        what = f"push 20 lines to {count} VRP devices"
        say(what)
        with fleet(KINDS[0], count, say) as made:
            laps[count] = turn(OURS, made.task(OURS, 1), say)
            if fault := made.wrong(OURS, 1, laps[count]):
                raise Unable(fault)
        yield Row(what=what, unit="s", ours=laps[count].wall)
        yield Row(what=f"{what}: CPU a device", unit="ms CPU", ours=laps[count].cpu / count * 1000)
    growth = laps[1000].wall / laps[100].wall / 10
    yield Row(what="a thousand devices, against ten times a hundred", unit="times", ours=growth, limit=LIMITS["growth"])
    yield Row(what="a thousand devices: memory", unit="MiB", ours=laps[1000].result["mib"], limit=LIMITS["memory"])


@dataclass(frozen=True, slots=True)
class Fleet:
    """Devices that answer on loopback; the workspace's folder holds their password, known_hosts and state."""

    kind: Kind
    workspace: Workspace
    devices: tuple[Device, ...]

    def delay(self, seconds: float) -> None:
        """How long each device thinks about a line."""
        for device in self.devices:
            simulated.fault(self.workspace.root, device.name, delay=seconds)

    def task(self, contender: Contender, number: int) -> Mapping[str, Any]:
        """What a contender is to do in a round: each time something that the devices do not have yet."""
        lines, its = self.kind.patch(*_wish(contender, number)), vendor(self.kind.platform)
        reached = [{"name": one.name, "host": one.host, "port": one.port, "username": one.username} for one in self.devices]
        return {
            "root": str(self.workspace.root),
            "password": PASSWORD,
            "workers": WORKERS,
            "devices": reached,
            "platform": self.kind.platform,
            "lines": [*lines.commands(), *([its.session.commit] if its.session.commit else [])],
            "patch": [line.to_json() for line in lines.lines],
            "text": lines.text(),
            "enter": its.session.config_enter,
            "leave": its.session.config_leave,
            "out": its.rules.leave,
        }

    def wrong(self, contender: Contender, number: int, _lap: Lap) -> str:
        """Which device does not run what was to be sent in a round; "" when all do."""
        its = vendor(self.kind.platform)

        def fault(device: Device) -> str:
            with connect(device, self.workspace, wire=self.workspace.root / "wire") as session:
                running = parse(session.running(), its.rules)
            lacking = patch(its, running, self.kind.intended(device.name, *_wish(contender, number)))
            return f"{device.name} does not run {lacking.lines[1].text!r}" if lacking else ""

        with ThreadPoolExecutor(WORKERS) as pool:
            return next(filter(None, pool.map(fault, self.devices)), "")


def _wish(contender: Contender, number: int) -> tuple[str, int]:
    """A description that no other turn writes, and a cost."""
    return f"{contender.module}-{number}", number * 10 + len(contender.module)


@contextmanager
def fleet(kind: Kind, count: int, say: Say) -> Iterator[Fleet]:
    """Start devices, and end them."""
    with tempfile.TemporaryDirectory(prefix="bench-devices-") as folder:
        root = Path(folder)
        names = [f"bench-{number}" for number in range(1, count + 1)]
        for name in names:
            (root / f"{name}.cfg").write_text(kind.startup(name))
        devices = tuple(_device(kind, name) for name in names)
        lab = Lab(version=1, devices=tuple(LabDevice(name=name, startup=f"{name}.cfg") for name in names))
        try:
            ends = simulated.up(devices, lab, (), root, root, say)
            (root / "known_hosts").write_text("".join(f"{end.known_hosts}\n" for end in ends.values()))
            answering = tuple(one.model_copy(update={"port": ends[one.name].port}) for one in devices)
            yield Fleet(kind, Workspace(root=root, digest="", settings=Settings(version=1, name="bench", title="bench")), answering)
        finally:
            simulated.down(root, say)


def _device(kind: Kind, name: str) -> Device:
    return Device(
        name=name,
        platform=kind.platform,
        site="bench",
        plane=Plane.A,
        role=Role.ACCESS,
        host="127.0.0.1",
        username="yunwang",
        password=PASSWORD,
        known_hosts="known_hosts",
    )
