"""Which devices change together: a canary, then plane after plane, from the core outwards. Pure; never opens a connection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from yunwang.inventories.network import Device, Level, Plane, Role
from yunwang.inventories.plan import Wave
from yunwang.inventories.workspace import Workspace
from yunwang.network.jobs.redundancy import Redundancy

PARALLEL = 4
"""Devices at a time in a wave."""

_ROLES, _LEVELS, _PLANES = list(Role), list(Level), list(Plane)
_NOTHING: Mapping[str, Collection[str]] = {}


def change_id(device: str) -> str:
    """The id of a device's change in a plan."""
    return f"device-{device}"


def waves(workspace: Workspace, devices: Iterable[str], after: Mapping[str, Collection[str]] = _NOTHING) -> tuple[Wave, ...]:
    """The devices in waves: the canary alone, then plane A before plane B, core → aggregation → access, city → county → township.

    `after` names for a device those that come in an earlier wave than it, wherever they stand. A wave lies in one plane, and is
    cut in parts where all of it failing would take a site's service that no single device of it takes (`Redundancy.objection`).
    The canary is of the first plane to change and as far out as a device that waits for none can be: it carries the least.
    """
    levels = {site.name: _LEVELS.index(site.level) for site in workspace.sites}
    todo = sorted((workspace.device(name) for name in devices), key=lambda device: _place(levels, device))
    if not todo:
        return ()
    waits = {device.name: set(after.get(device.name, ())) for device in todo}
    redundancy = Redundancy(workspace)
    canary = _canary(levels, todo, waits)
    made = [Wave(name=f"canary {canary.name}", canary=True, changes=(change_id(canary.name),), parallel=1)]
    todo.remove(canary)
    parts: dict[str, int] = {}
    while todo:
        ahead = {device.name for device in todo}
        ready = [device for device in todo if not waits[device.name] & ahead]
        first = _place(levels, ready[0])[:3]
        wave = redundancy.fitting([device.name for device in ready if _place(levels, device)[:3] == first])
        name = f"plane {_PLANES[first[0]].upper()}, {_ROLES[first[1]]}, {_LEVELS[first[2]]}"
        parts[name] = parts.get(name, 0) + 1
        name += f", part {parts[name]}" if parts[name] > 1 else ""
        made.append(Wave(name=name, changes=tuple(map(change_id, wave)), parallel=PARALLEL))
        chosen = set(wave)
        todo = [device for device in todo if device.name not in chosen]
    return tuple(made)


def _place(levels: Mapping[str, int], device: Device) -> tuple[int, int, int, str]:
    return _PLANES.index(device.plane), _ROLES.index(device.role), levels[device.site], device.name


def _canary(levels: Mapping[str, int], todo: list[Device], waits: Mapping[str, set[str]]) -> Device:
    planned = waits.keys()
    free = [one for one in todo if not waits[one.name] & planned]
    plane = [one for one in free if one.plane is free[0].plane]
    without = [one for one in plane if not any(interface.terminals for interface in one.interfaces)]
    return max(without or plane, key=lambda one: (_place(levels, one)[2:0:-1], one.name))
