"""What may change at once without putting a site at risk, and what leads from a device to the core. Pure; asks no device."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Plane, Role
from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Workspace
from yunwang.network.topology.graph import Topology


class Redundancy:
    """A workspace's topology, asked about devices that change together: each of them may fail, or all."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._topology = Topology(workspace)

    @cached_property
    def _alone(self) -> dict[str, frozenset[str]]:
        """Per device, the sites that its failure alone takes down: no order of changes spares them that."""
        return {one.element[1]: frozenset(one.sites) for one in self._topology.single() if one.element[0] == "device"}

    @cached_property
    def around(self) -> dict[str, tuple[str, ...]]:
        """Per device, those at the other ends of its links, by name."""
        found: dict[str, set[str]] = {name: set() for name in self._topology.devices}
        for link in self._topology.links.values():
            found[link.a_device].add(link.b_device)
            found[link.b_device].add(link.a_device)
        return {name: tuple(sorted(others)) for name, others in found.items()}

    def fitting(self, names: Sequence[str]) -> list[str]:
        """As many of these devices, from the first on, as may change together; at least the first.

        Who may change with others may change with fewer of them, so whole blocks are asked about, and halves of those that may not.
        """
        wave, todo = [names[0]], [list(names[1:])]
        if self.objection(wave):
            return wave
        while todo:
            block = todo.pop()
            if not self.objection([*wave, *block]):
                wave += block
            elif len(block) > 1:
                half = len(block) // 2
                todo += [block[half:], block[:half]]
        return wave

    def objection(self, names: Collection[str]) -> str:
        """Why these may not change at once; '' where they may.

        They may if they lie in no site's two planes, and if every site that goes down with all of them goes down with one of them
        alone, and none of the others has a part in that.
        """
        devices = self._topology.devices
        planes: dict[str, set[Plane]] = {}
        for name in names:
            planes.setdefault(devices[name].site, set()).add(devices[name].plane)
        for site, touched in planes.items():
            if len(touched) > 1:
                return f"both planes of site {site} would be changed at once"
        down = self._topology.without({("device", name) for name in names})
        reached = devices.keys() - set(down.devices) - set(names)
        lost = [site for site in down.sites if site not in self._topology.unserved.sites]
        if not lost:
            return ""
        spared = {name: self._sites_through(name, names, reached) for name in names}
        alone: dict[str, list[str]] = {}
        for name in names:
            for site in self._alone.get(name, ()):
                alone.setdefault(site, []).append(name)
        for site in lost:
            causes = alone.get(site, [])
            if not any(site in spared[name] for name in causes):
                who = " and ".join(sorted(causes if len(causes) > 1 else names))
                return f"{who} lie on the last way to site {site}" if len(causes) > 1 else f"site {site} goes down without {who}"
        return ""

    def _sites_through(self, name: str, out: Collection[str], reached: Collection[str]) -> set[str]:
        """The sites that are served again if one of those that are out is well."""
        devices, around = self._topology.devices, self.around
        if devices[name].role is not Role.CORE and not any(other in reached for other in around[name]):
            return set()
        found, todo = {name}, [name]
        while todo:
            for other in around[todo.pop()]:
                if other not in found and other not in out and other not in reached:
                    found.add(other)
                    todo.append(other)
        return {devices[one].site for one in found}


class Upstream:
    """From each device to the nearest core, within its plane where that leads there; never through devices that are out."""

    def __init__(self, workspace: Workspace, out: Collection[str] = ()) -> None:
        self._workspace = workspace
        redundancy = Redundancy(workspace)
        every = {device.name for device in workspace.devices if device.name not in out}
        self._planes = {
            plane: _towards(workspace, redundancy.around, {name for name in every if workspace.device(name).plane is plane})
            for plane in Plane
        }
        self._any = _towards(workspace, redundancy.around, every)

    def of(self, name: str) -> tuple[str, ...] | None:
        """The devices between this one and the core, the core last; () for a core. None: there is no way."""
        plane = self._planes[self._workspace.device(name).plane]
        towards = plane if name in plane else self._any
        if name not in towards:
            return None
        found: list[str] = []
        at = towards[name]
        while at:
            found.append(at)
            at = towards[at]
        return tuple(found)


def _towards(workspace: Workspace, around: Mapping[str, tuple[str, ...]], among: Collection[str]) -> dict[str, str]:
    """Per device, the next one on its way to a core; '' for the cores."""
    found = {device.name: "" for device in workspace.devices if device.role is Role.CORE and device.name in among}
    todo = deque(found)
    while todo:
        here = todo.popleft()
        for other in around[here]:
            if other not in found and other in among:
                found[other] = here
                todo.append(other)
    return found


def prove(workspace: Workspace, plan: Plan) -> Iterator[Finding]:
    """An error for each wave of a plan that must not run: plans come from files, and may be older than the links."""
    redundancy = Redundancy(workspace)
    for wave in plan.waves:
        names = [plan.change(change).target.removeprefix("device/") for change in wave.changes]
        unknown = [name for name in names if name not in workspace.device_names]
        why = f"no device is called {' or '.join(unknown)}" if unknown else redundancy.objection(names)
        if why:
            yield Finding(
                code="wave-breaks-redundancy",
                message=f"wave {wave.name}: {why}",
                remedy="make a new plan; its waves are cut so that no site is at risk",
                target=f"device/{names[0]}",
                clause="N3",
            )
