"""What links carry, and would carry after a failure; which need more bandwidth. Pure.

Measured loads tell what each device's users need: what leaves it towards the core less what comes in from further out. After a
failure that need takes the shortest way that is left (cost: 100 Gbit/s over bandwidth); a failed device's need goes to another of
its site.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from yunwang.inventories.network import Link, Plane
from yunwang.network.topology.graph import Element, Topology

LIMIT = 0.7
"""A link fuller than this share of its bandwidth wants an upgrade."""
SIZES_MBPS = (100, 1_000, 10_000, 25_000, 40_000, 100_000, 200_000, 400_000, 800_000)
"""Ethernet rates (IEEE 802.3)."""
_REFERENCE_MBPS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLoad:
    """A link in Mbit/s: as measured, at its worst after one failure, and which failure that is."""

    link: str
    bandwidth: int
    measured: int | None
    worst: float
    cause: Element | None
    wanted: int | None
    """The least bandwidth that keeps the worst below the limit; None: it has it. 0: none of the usual ones does."""

    @property
    def utilisation(self) -> float:
        """At the worst, of its bandwidth."""
        return self.worst / self.bandwidth


@dataclass(frozen=True)
class Loads:
    """A topology's loads."""

    topology: Topology
    limit: float = LIMIT

    @cached_property
    def _around(self) -> dict[str, list[Link]]:
        found: dict[str, list[Link]] = {name: [] for name in self.topology.devices}
        for link in self.topology.links.values():
            found[link.a_device].append(link)
            found[link.b_device].append(link)
        return found

    def _ways(self, gone: set[Element]) -> dict[str, tuple[float, str, str]]:
        """Per device that reaches a core: distance, the link it takes, the next device. Equal ways go by name."""
        best: dict[str, tuple[float, str, str]] = {}
        todo = [(0.0, name, "", "") for name in sorted(self.topology.cores) if ("device", name) not in gone]
        heapq.heapify(todo)
        while todo:
            distance, name, by, towards = heapq.heappop(todo)
            if name in best:
                continue
            best[name] = (distance, by, towards)
            for link in self._around[name]:
                other = link.b_device if link.a_device == name else link.a_device
                if other not in best and not {("link", link.name), ("device", other)} & gone:
                    heapq.heappush(todo, (distance + _REFERENCE_MBPS / link.bandwidth_mbps, other, link.name, name))
        return best

    @cached_property
    def _normal(self) -> dict[str, tuple[float, str, str]]:
        return self._ways(set())

    @cached_property
    def needs(self) -> dict[str, int]:
        """What each device's own users need, in Mbit/s."""
        need = dict.fromkeys(self.topology.devices, 0)
        ways = self._normal
        for link in self.topology.links.values():
            a, b = ways.get(link.a_device), ways.get(link.b_device)
            if not link.load_mbps or a is None or b is None:
                continue
            outer, inner = (link.a_device, link.b_device) if a[0] >= b[0] else (link.b_device, link.a_device)
            need[outer] += link.load_mbps
            need[inner] -= link.load_mbps
        return {name: max(0, load) for name, load in need.items() if load > 0 and name not in self.topology.cores}

    def _flows(self, gone: set[Element]) -> dict[str, float]:
        """What the needs put on each link."""
        ways = self._ways(gone)
        flows: dict[str, float] = {}
        for name, need in self.needs.items():
            at = name if name in ways else next((one for one in self._stand_ins(name) if one in ways), None)
            while at is not None and (step := ways[at])[1]:
                flows[step[1]] = flows.get(step[1], 0.0) + need
                at = step[2]
        return flows

    def _stand_ins(self, name: str) -> Iterator[str]:
        """Other devices of the same site, those of the same role first."""
        mine = self.topology.devices[name]
        others = (self.topology.devices[one] for one in self.topology.sites[mine.site] if one != name)
        return (
            one.name
            for one in sorted(
                others, key=lambda one: (one.internet_gateway is not mine.internet_gateway, one.role is not mine.role, one.name)
            )
        )

    def after(self, gone: set[Element]) -> dict[str, float]:
        """Load of every link that is left: as measured, more or less by what moved."""
        before, now = self._flows(set()), self._flows(gone)
        return {
            name: max(0.0, (link.load_mbps or 0) + now.get(name, 0.0) - before.get(name, 0.0))
            for name, link in self.topology.links.items()
            if ("link", name) not in gone and not {("device", link.a_device), ("device", link.b_device)} & gone
        }

    def failures(self) -> Iterator[tuple[Element, set[Element]]]:
        """Each failure that moves traffic: links and devices that carry some, planes, shared risks."""
        carrying = {by for _, by, _ in self._normal.values() if by}
        yield from ((("link", name), {("link", name)}) for name in self.topology.links if name in carrying)
        yield from ((("device", name), {("device", name)}) for name in self.topology.devices if name in self._normal)
        yield from ((("plane", plane.value), gone) for plane in Plane if (gone := self.topology.plane(plane)))
        yield from ((("risk", risk), gone) for risk, gone in self.topology.risks.items())

    def worst(self) -> tuple[LinkLoad, ...]:
        """Every link at its worst, the fullest first."""
        load: dict[str, float] = {name: float(link.load_mbps or 0) for name, link in self.topology.links.items()}
        cause: dict[str, Element] = {}
        if self.needs:
            for element, gone in self.failures():
                for name, now in self.after(gone).items():
                    if now > load[name]:
                        load[name], cause[name] = now, element
        return tuple(sorted((self._link(name, load, cause) for name in load), key=lambda one: (-one.utilisation, one.link)))

    def _link(self, name: str, load: Mapping[str, float], cause: Mapping[str, Element]) -> LinkLoad:
        link = self.topology.links[name]
        enough = next((size for size in SIZES_MBPS if load[name] <= size * self.limit), 0)
        fits = load[name] <= link.bandwidth_mbps * self.limit
        return LinkLoad(
            link=name,
            bandwidth=link.bandwidth_mbps,
            measured=link.load_mbps,
            worst=load[name],
            cause=cause.get(name),
            wanted=None if fits else enough,
        )
