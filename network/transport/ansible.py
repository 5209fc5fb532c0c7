"""The same push by Ansible: lines go to a device over network_cli, and come back with what became of each. Runs nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport.faults import HungUp, LineRejected, Silent
from yunwang.network.transport.session import Pushed
from yunwang.network.vendors import vendor

Run = Callable[[Device, JsonObject], JsonObject]
"""Runs playbooks/push.yml at a device with these arguments of yunwang.toolkit.push; gives back its `pushed`."""


def push(run: Run, device: Device, lines: Sequence[PatchLine]) -> tuple[Pushed, bool]:
    """The lines that the device accepted, and whether they were committed. Raises as Session.push and Session.commit do."""
    words, target = vendor(device.platform).session, f"device/{device.name}"
    said: dict[str, Any] = dict(
        run(
            device,
            {
                "lines": [line.to_json() for line in lines],
                "enter": words.config_enter,
                "leave": words.config_leave,
                "commit": words.commit,
            },
        )
    )
    accepted = tuple(said["accepted"])
    if answer := said.get("answer"):
        raise LineRejected(target, line=said["line"], view=said["view"], answer=answer, accepted=accepted)
    if broken := said.get("broken"):
        kind = Silent if "timeout" in broken else HungUp
        raise kind(target, accepted=accepted, unknown=said["line"], detail=f" ({broken})")
    return Pushed(accepted, tuple(said["remarks"])), bool(said["committed"])
