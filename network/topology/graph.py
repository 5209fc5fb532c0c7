"""The network as a graph: what fails with a line, a device, a plane or a shared risk, and whether the planes are disjoint. Pure.

A site has service while one of its devices reaches a core device. Whatever every way from the cores to a site passes through takes
the site down with it: that is its dominators (Lengauer and Tarjan, 1979), found in one pass, not failure by failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import networkx as nx

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device, Link, Plane, Role
from yunwang.inventories.workspace import Workspace

Element: TypeAlias = tuple[str, str]
"""`("device", name)`, `("link", name)`, `("site", name)`, `("plane", "a")` or `("risk", name)`."""
_ROOT: Element = ("root", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What one failure takes down: sites without service, and devices that are cut off though they run."""

    element: Element
    sites: tuple[str, ...]
    devices: tuple[str, ...]


@dataclass(frozen=True)
class Topology:
    """A workspace's devices and links."""

    workspace: Workspace

    @cached_property
    def devices(self) -> dict[str, Device]:
        """By name."""
        return {device.name: device for device in self.workspace.devices}

    @cached_property
    def links(self) -> dict[str, Link]:
        """By name; only those whose ends are both there."""
        known = self.devices
        return {link.name: link for link in self.workspace.links if link.a_device in known and link.b_device in known}

    @cached_property
    def sites(self) -> dict[str, tuple[str, ...]]:
        """The devices of each site that has any."""
        found: dict[str, list[str]] = {}
        for device in self.workspace.devices:
            found.setdefault(device.site, []).append(device.name)
        return {name: tuple(devices) for name, devices in found.items()}

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """The devices whose reach is service."""
        return tuple(device.name for device in self.workspace.devices if device.role is Role.CORE)

    @cached_property
    def _graph(self) -> nx.DiGraph[Element]:
        """From a root to the cores, along devices and links (nodes too), and into sites."""
        graph: nx.DiGraph[Element] = nx.DiGraph()
        graph.add_node(_ROOT)
        graph.add_edges_from((_ROOT, ("device", name)) for name in self.cores)
        for link in self.links.values():
            for end in (link.a_device, link.b_device):
                graph.add_edge(("device", end), ("link", link.name))
                graph.add_edge(("link", link.name), ("device", end))
        graph.add_edges_from((("device", device.name), ("site", device.site)) for device in self.workspace.devices)
        return graph

    def without(self, gone: set[Element]) -> Failure:
        """What is down when all of these fail at once; the first of them names it."""
        graph = self._graph
        reached: set[Element] = {_ROOT}
        todo = [_ROOT]
        while todo:
            for following in graph[todo.pop()]:
                if following not in reached and following not in gone:
                    reached.add(following)
                    todo.append(following)
        known = reached | gone
        return Failure(
            element=min(gone, default=_ROOT),
            sites=tuple(name for name in self.sites if ("site", name) not in reached),
            devices=tuple(name for name in self.devices if ("device", name) not in known),
        )

    @cached_property
    def unserved(self) -> Failure:
        """What has no service with nothing failed."""
        return self.without(set())

    def single(self) -> Iterator[Failure]:
        """Every link and device whose failure takes something else down, in the order of the files."""
        site_at, device_at = ({name: at for at, name in enumerate(nouns)} for nouns in (self.sites, self.devices))
        above = nx.immediate_dominators(self._graph, _ROOT)
        below: dict[Element, list[Element]] = {}
        for element, dominator in above.items():
            if element != dominator:
                below.setdefault(dominator, []).append(element)
        for element in (*(("device", name) for name in self.devices), *(("link", name) for name in self.links)):
            under = list(below.get(element, ()))
            for each in under:
                under += below.get(each, ())
            sites = {name for kind, name in under if kind == "site"}
            devices = {name for kind, name in under if kind == "device"}
            if sites or devices:
                yield Failure(
                    element=element,
                    sites=tuple(sorted(sites, key=site_at.__getitem__)),
                    devices=tuple(sorted(devices, key=device_at.__getitem__)),
                )

    def plane(self, plane: Plane) -> set[Element]:
        """All of a plane: its devices, and its links."""
        devices = {("device", device.name) for device in self.workspace.devices if device.plane is plane}
        return devices | {("link", link.name) for link in self.links.values() if link.plane is plane}

    @cached_property
    def risks(self) -> dict[str, set[Element]]:
        """Shared-risk groups, and what is in each."""
        found: dict[str, set[Element]] = {}
        for kind, nouns in (("device", self.workspace.devices), ("link", tuple(self.links.values()))):
            for noun in nouns:
                for risk in noun.risks:
                    found.setdefault(risk, set()).add((kind, noun.name))
        return found

    def failures(self) -> tuple[Failure, ...]:
        """Of single links and devices, of each plane, of each shared risk; those that take something down."""
        several = [
            (element, self.without(gone))
            for element, gone in (
                *((("plane", plane.value), self.plane(plane)) for plane in Plane),
                *((("risk", risk), gone) for risk, gone in self.risks.items()),
            )
            if gone
        ]
        down = (Failure(element=element, sites=one.sites, devices=one.devices) for element, one in several)
        return (*self.single(), *(one for one in down if one.sites or one.devices))

    def check(self) -> tuple[Finding, ...]:
        """Sites without service, sites on one plane, single points of failure, and risks that both planes share."""
        return (*self._unserved(), *self._one_plane(), *self._points(), *self._shared())

    def _unserved(self) -> Iterator[Finding]:
        if not self.cores:
            yield _finding("no-core", "no device has the role core, so nothing says what service is", "give one the role", "")
            return
        for name in self.unserved.sites:
            yield _finding("no-service", f"site {name} has no way to a core device", "add the missing link", f"site/{name}")

    def _one_plane(self) -> Iterator[Finding]:
        for name, devices in self.sites.items():
            planes = sorted({self.devices[device].plane for device in devices})
            if len(planes) == 1:
                message = f"site {name} stands on plane {planes[0].upper()} alone"
                remedy = "give it a device on the other plane (一网双平面), or accept it for its level"
                yield _finding("one-plane", message, remedy, f"site/{name}", Severity.WARNING)

    def _points(self) -> Iterator[Finding]:
        for failure in self.single():
            kind, name = failure.element
            lost = [site for site in failure.sites if kind != "device" or self.sites[site] != (name,)]
            if lost:
                message = f"without {kind} {name}, no service at {', '.join(lost)}"
                yield _finding("single-point", message, "add a second way", f"{kind}/{name}", Severity.WARNING)

    def _shared(self) -> Iterator[Finding]:
        for risk, elements in self.risks.items():
            planes = {self._plane_of(element) for element in elements}
            if len(planes) > 1:
                lost = self.without(elements).sites
                message = f"planes A and B share the risk {risk}: {', '.join(sorted(' '.join(one) for one in elements))}"
                message += f"; it takes service from {', '.join(lost)}" if lost else ""
                severity = Severity.ERROR if lost else Severity.WARNING
                yield _finding("shared-risk", message, "lead one of them another way", f"risk/{risk}", severity)
        for plane in Plane:
            alone = self.without(self.plane(plane))
            other = next(each for each in Plane if each is not plane)
            both = [name for name in alone.sites if {self.devices[one].plane for one in self.sites[name]} == set(Plane)]
            for name in both if self.plane(other) else ():
                message = f"site {name} has devices on both planes, but without plane {plane.upper()} it has no service"
                yield _finding("planes-not-disjoint", message, f"give it a way of its own in plane {other.upper()}", f"site/{name}")

    def _plane_of(self, element: Element) -> Plane:
        kind, name = element
        return self.devices[name].plane if kind == "device" else self.links[name].plane


def _finding(code: str, message: str, remedy: str, target: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code=code, severity=severity, message=message, remedy=remedy, target=target, clause="N3")
