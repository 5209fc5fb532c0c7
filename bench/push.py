"""Twenty lines to simulated VRP devices over SSH: wall time beside netmiko and scrapli. Never leaves a device running."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.race import Contender, Lap, Say, race
from bench.table import Row
from yunwang.inventories.lab import Lab, LabDevice
from yunwang.inventories.network import Device, Plane, Platform, Role
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.lab import devices as simulated
from yunwang.network.configuration.config import parse
from yunwang.network.transport import connect
from yunwang.network.vendors import vendor

OURS = Contender("push_ours")
RIVALS = {Contender("push_netmiko", "netmiko"): 20.0, Contender("push_scrapli", "scrapli"): 1.0}
WORKERS = 20
PASSWORD = "file://device-password"
PORTS = range(1, 6)


def run(say: Say, *, rounds: int, devices: int) -> Iterator[Row]:
    """Everybody logs in, sends the same lines with every echo checked, and logs out; then the devices are looked at."""
    with fleet(devices, say) as made:
        yield from race(
            f"push 20 lines to {devices} VRP devices",
            OURS,
            RIVALS,
            clock="wall",
            rounds=rounds,
            task=made.task,
            wrong=made.wrong,
            say=say,
        )


@dataclass(frozen=True, slots=True)
class Fleet:
    """Devices that answer on loopback; the workspace's folder holds their password, known_hosts and state."""

    workspace: Workspace
    devices: tuple[Device, ...]

    def task(self, contender: Contender, number: int) -> Mapping[str, Any]:
        """What a contender is to do in a round: each time something that the devices do not have yet."""
        lines = [line for port in PORTS for line in (*_block(port, contender, number), "quit")]
        reached = [{"name": one.name, "host": one.host, "port": one.port, "username": one.username} for one in self.devices]
        return {"root": str(self.workspace.root), "password": PASSWORD, "workers": WORKERS, "devices": reached, "lines": lines}

    def wrong(self, contender: Contender, number: int, _lap: Lap) -> str:
        """Which device does not run what was to be sent in a round; "" when all do."""
        wanted = {header: list(lines) for port in PORTS for header, *lines in (_block(port, contender, number),)}
        for device in self.devices:
            with connect(device, self.workspace, wire=self.workspace.root / "wire") as session:
                running = parse(session.running(), vendor(device.platform).rules)
            if any(list(running.view(header)) != lines for header, lines in wanted.items()):
                return f"{device.name} does not run what was sent"
        return ""


def _block(port: int, contender: Contender, number: int) -> tuple[str, ...]:
    mark = f"description {contender.module}-{number}"
    return f"interface GigabitEthernet0/0/{port}", mark, f"ospf cost {number * 10 + port}"


@contextmanager
def fleet(count: int, say: Say) -> Iterator[Fleet]:
    """Start devices, and end them."""
    with tempfile.TemporaryDirectory(prefix="bench-devices-") as folder:
        root = Path(folder)
        names = [f"bench-{number}" for number in range(1, count + 1)]
        for name in names:
            ports = "".join(f"interface GigabitEthernet0/0/{port}\n ospf cost 1\n#\n" for port in PORTS)
            (root / f"{name}.cfg").write_text(f"[V300R024C00SPC100]\n#\nsysname {name}\n#\n{ports}return\n")
        devices = tuple(_device(name) for name in names)
        lab = Lab(version=1, devices=tuple(LabDevice(name=name, startup=f"{name}.cfg") for name in names))
        try:
            ends = simulated.up(devices, lab, (), root, root, say)
            (root / "known_hosts").write_text("".join(f"{end.known_hosts}\n" for end in ends.values()))
            answering = tuple(one.model_copy(update={"port": ends[one.name].port}) for one in devices)
            yield Fleet(Workspace(root=root, digest="", settings=Settings(version=1, name="bench", title="bench")), answering)
        finally:
            simulated.down(root, say)


def _device(name: str) -> Device:
    return Device(
        name=name,
        platform=Platform.HUAWEI_VRP,
        site="bench",
        plane=Plane.A,
        role=Role.ACCESS,
        host="127.0.0.1",
        username="yunwang",
        password=PASSWORD,
        known_hosts="known_hosts",
    )
