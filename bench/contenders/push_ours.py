"""The lines to every device by yunwang's transport, a thread a device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.stopwatch import timed, told
from yunwang.inventories.network import Device, Plane, Platform, Role
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import connect
from yunwang.network.vendors import vendor

TASK = told()
ROOT = Path(TASK["root"])
WORKSPACE = Workspace(root=ROOT, digest="", settings=Settings(version=1, name="bench", title="bench"))
LINES = [PatchLine(text=line, enters_view=line.startswith("interface "), leaves_view=line == "quit") for line in TASK["lines"]]
vendor(Platform.HUAWEI_VRP)


def device(spec: dict[str, Any]) -> Device:
    """The inventory's noun."""
    return Device(
        platform=Platform.HUAWEI_VRP,
        site="bench",
        plane=Plane.A,
        role=Role.ACCESS,
        password=TASK["password"],
        known_hosts="known_hosts",
        **spec,
    )


def push(to: Device) -> int:
    """Log in, send each line after the one before was echoed and not refused, log out; how many were taken."""
    with connect(to, WORKSPACE, wire=ROOT / "wire") as session:
        return len(session.push(LINES).lines)


def everywhere() -> list[int]:
    """All devices."""
    with ThreadPoolExecutor(TASK["workers"]) as pool:
        return list(pool.map(push, map(device, TASK["devices"])))


timed(everywhere)
