"""Which devices change together: a canary, then plane after plane, from the core outwards. Pure; never opens a connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from yunwang.inventories.network import Device, Level, Plane, Role
from yunwang.inventories.plan import Wave
from yunwang.inventories.workspace import Workspace

PARALLEL = 4
"""Devices at a time in a wave."""

_ROLES, _LEVELS, _PLANES = list(Role), list(Level), list(Plane)


def change_id(device: str) -> str:
    """The id of a device's change in a plan."""
    return f"device-{device}"


def waves(workspace: Workspace, devices: Iterable[str]) -> tuple[Wave, ...]:
    """The devices in waves: the canary alone, then plane A before plane B, core → aggregation → access, city → county → township.

    A wave lies in one plane, so no site ever loses both. The canary is of the first plane to change and as far out as a device
    without terminals can be: it carries the least, and hosts get router advertisements only where routing stands already.
    """
    levels = {site.name: _LEVELS.index(site.level) for site in workspace.sites}
    chosen = sorted((workspace.device(name) for name in devices), key=lambda device: _place(levels, device))
    if not chosen:
        return ()
    canary = _canary(levels, chosen)
    made = [Wave(name=f"canary {canary.name}", canary=True, changes=(change_id(canary.name),), parallel=1)]
    for (plane, role, level), group in groupby((one for one in chosen if one is not canary), lambda one: _place(levels, one)[:3]):
        name = f"plane {_PLANES[plane].upper()}, {_ROLES[role]}, {_LEVELS[level]}"
        made.append(Wave(name=name, changes=tuple(change_id(one.name) for one in group), parallel=PARALLEL))
    return tuple(made)


def _place(levels: Mapping[str, int], device: Device) -> tuple[int, int, int, str]:
    return _PLANES.index(device.plane), _ROLES.index(device.role), levels[device.site], device.name


def _canary(levels: Mapping[str, int], chosen: list[Device]) -> Device:
    plane = [one for one in chosen if one.plane is chosen[0].plane]
    without = [one for one in plane if not any(interface.terminals for interface in one.interfaces)]
    return max(without or plane, key=lambda one: (_place(levels, one)[2:0:-1], one.name))
