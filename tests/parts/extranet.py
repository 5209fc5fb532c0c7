"""The demo city's devices running alone, without clouds and machines: real SSH, real drivers. For tests of the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parts.people import alone

from yunwang.inventories import demo
from yunwang.inventories.network import Device
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.lab import devices as simulated
from yunwang.lab import machines
from yunwang.lab.overlay import Overlay
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
        return self.startup(name).read_text()

    def startup(self, name: str) -> Path:
        """The file that a device boots from."""
        return self.folder / "devices" / name / "startup.cfg"

    def heard(self, name: str) -> str:
        """Every byte that went to and from a device since it was made."""
        wire = self.folder / "devices" / name / "wire.log"
        return wire.read_text() if wire.exists() else ""

    def typed(self, name: str, since: int = 0) -> list[str]:
        """The lines that a device received, by its own record, from that place of what was `heard` on."""
        came = "".join(re.findall(r" < '(.*)'$", self.heard(name)[since:], re.MULTILINE))
        return [line for line in came.replace("\\r", "\\n").split("\\n") if line]

    def down(self) -> None:
        machines.down(self.folder, print)
        simulated.down(self.folder, print)


def up(folder: Path, *, with_machines: bool = False) -> Extranet:
    """Write the demo city to a new folder and start its devices, and its machines where they are asked for."""
    demo.write(folder)
    alone(folder)
    written, faults = read(folder)
    assert written is not None, faults
    assert written.lab is not None
    lab = folder / ".yunwang" / "lab"
    lab.mkdir(parents=True)
    endpoints = simulated.up(written.devices, written.lab, written.links, folder, lab, print)
    hosts = machines.up(written.lab, lab, print).endpoints if with_machines else {}
    Overlay(written).write({device.name: device.username for device in written.devices}, {}, endpoints, hosts)
    reached, faults = read(folder)
    assert reached is not None, faults
    return Extranet(reached, lab)
