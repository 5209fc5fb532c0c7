"""The lines to every device by yunwang's transport, a thread a device."""

from __future__ import annotations

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bench.stopwatch import timed, told
from yunwang.inventories.network import Device, Plane, Platform, Role
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import connect
from yunwang.network.vendors import vendor

TASK = told()
ROOT = Path(TASK["root"])
WORKSPACE = Workspace(root=ROOT, digest="", settings=Settings(version=1, name="bench", title="bench"))
LINES = TypeAdapter(list[PatchLine]).validate_python(TASK["patch"])
PLATFORM = Platform(TASK["platform"])
vendor(PLATFORM)


def device(spec: dict[str, Any]) -> Device:
    """The inventory's noun."""
    return Device(
        platform=PLATFORM,
        site="bench",
        plane=Plane.A,
        role=Role.ACCESS,
        password=TASK["password"],
        known_hosts="known_hosts",
        **spec,
    )


def push(to: Device) -> int:
    """Log in, send, every line's echo and answer checked, commit where that makes it run, log out; how many were taken."""
    with connect(to, WORKSPACE, wire=ROOT / "wire") as session:
        pushed = session.push(LINES)
        session.commit()
    return len(pushed.lines)


def everywhere() -> dict[str, Any]:
    """All devices; how many lines they took, and the memory that it cost (MiB)."""
    with ThreadPoolExecutor(TASK["workers"]) as pool:
        taken = sum(pool.map(push, map(device, TASK["devices"])))
    return {"lines": taken, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


timed(everywhere)
