"""The demo city's devices running alone, without clouds and machines: real SSH, real drivers. For tests of the network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parts.people import alone

from yunwang.inventories import demo
from yunwang.inventories.network import Device
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.lab import devices as simulated
from yunwang.network.transport import Timeouts

TIMEOUTS = Timeouts(connect=20, read=20)


@dataclass(frozen=True)
class Extranet:
    """A workspace whose devices answer on loopback; `folder` is the simulation's own."""

    workspace: Workspace
    folder: Path

    @property
    def wire(self) -> Path:
        return self.workspace.root / "wire"

    def device(self, name: str, **instead: Any) -> Device:
        """A device of the workspace, some fields replaced."""
        return self.workspace.device(name).model_copy(update=instead)

    def fault(self, name: str, **knobs: Any) -> None:
        """Give a device these faults; none: sound again."""
        simulated.fault(self.folder, name, **knobs)

    def sound(self) -> None:
        """No device has a fault."""
        for device in self.workspace.devices:
            self.fault(device.name)

    def saved(self, name: str) -> str:
        """What a device would boot from."""
        return (self.folder / "devices" / name / "startup.cfg").read_text()

    def heard(self, name: str) -> str:
        """Every byte that went to and from a device since it was made."""
        wire = self.folder / "devices" / name / "wire.log"
        return wire.read_text() if wire.exists() else ""

    def down(self) -> None:
        simulated.down(self.folder, print)


def up(folder: Path) -> Extranet:
    """Write the demo city to a new folder and start its devices."""
    demo.write(folder)
    alone(folder)
    written, faults = read(folder)
    assert written is not None, faults
    assert written.lab is not None
    lab = folder / ".yunwang" / "lab"
    lab.mkdir(parents=True)
    endpoints = simulated.up(written.devices, written.lab, written.links, folder, lab, print)
    (lab / "known_hosts").write_text("".join(end.known_hosts + "\n" for end in endpoints.values()))
    reached = {
        name: {
            "host": end.host,
            "port": end.port,
            "password": "file://.yunwang/lab/device-password",
            "known_hosts": ".yunwang/lab/known_hosts",
        }
        for name, end in endpoints.items()
    }
    devices = tuple(device.model_copy(update=reached[device.name]) for device in written.devices)
    return Extranet(written.model_copy(update={"devices": devices}), lab)
