"""How devices and terminals hang together: carrier, neighbours, routes, reachability. Never changes a configuration."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from yunwang.inventories.lab import LabTerminal
from yunwang.inventories.network import Link
from yunwang.lab.devices.facts import Port, eui64, implied_by_interface, link_local, router_id

if TYPE_CHECKING:
    from yunwang.lab.devices.device import Device
    from yunwang.lab.devices.tree import Node

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
HOPS = 32


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The far end of a link."""

    device: Device
    port: Port


@dataclass(frozen=True, slots=True)
class Adjacency:
    """An OSPF neighbour in state Full."""

    port: Port
    neighbour: Neighbour
    router: IPv4Address


@dataclass(frozen=True, slots=True)
class Route:
    """`protocol` is `direct`, `local`, `static` or `ospf`; `via` None: right on the interface."""

    network: Network
    protocol: str
    cost: int
    interface: str
    via: Address | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """A terminal as a switch sees it."""

    terminal: LabTerminal
    port: Port
    gateway: Port | None
    """The VLAN's interface on the switch, if there is one."""
    ipv6: tuple[IPv6Address, ...]

    @property
    def mac(self) -> str:
        """12 hex digits."""
        return str(self.terminal.mac).replace(":", "")


@dataclass(slots=True)
class City:
    """All devices of a lab, the links between them and what is plugged in."""

    links: Sequence[Link] = ()
    terminals: Sequence[LabTerminal] = ()
    devices: dict[str, Device] = field(default_factory=dict)
    changes: int = 0
    """How many times some configuration has changed."""
    _ends: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _plugged: dict[tuple[str, str], LabTerminal] = field(default_factory=dict)
    _routes: dict[tuple[str, int], list[Route]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for link in self.links:
            a, b = (link.a_device, link.a_interface), (link.b_device, link.b_interface)
            self._ends[a], self._ends[b] = b, a
        self._plugged = {(terminal.device, terminal.interface): terminal for terminal in self.terminals}

    def touched(self) -> None:
        """Some configuration has changed."""
        self._routes.clear()
        self.changes += 1

    def carrier(self, device: Device, interface: str) -> bool:
        """Whether something is plugged in there and the far end is not shut down."""
        if (device.name, interface) in self._plugged:
            return True
        end = self._ends.get((device.name, interface))
        if end is None:
            return False
        if end[0] not in self.devices:
            return True  # a line to a device that is played elsewhere (real FRR)
        far = next((n for n in self._running(end[0]) if n.values["interface"] == end[1]), None)
        shut = far.first("shutdown") if far else None
        return far is not None and not (shut and shut.on)

    def neighbour(self, device: Device, port: Port) -> Neighbour | None:
        """Who is at the other end of a line that is up."""
        end = self._ends.get((device.name, port.name))
        if not port.up or end is None or end[0] not in self.devices:
            return None
        far = self.devices[end[0]].port(end[1])
        return Neighbour(self.devices[end[0]], far) if far and far.up else None

    def neighbours(self, device: Device) -> Iterator[tuple[Port, Neighbour]]:
        """Every live link of a device."""
        for port in device.ports():
            far = self.neighbour(device, port)
            if far:
                yield port, far

    def adjacencies(self, device: Device, version: int) -> list[Adjacency]:
        """OSPF (version 2) or OSPFv3 (3) neighbours: both ends run it in one area and share a subnet (v2) or speak IPv6 (v3)."""
        found = []
        for port, far in self.neighbours(device):
            if version == 3:
                agree = port.ospf3 and far.port.ospf3 and port.ospf3[1] == far.port.ospf3[1]
                process = far.port.ospf3[0] if far.port.ospf3 else None
            else:
                shared = {a.network for a in port.ipv4} & {a.network for a in far.port.ipv4}
                agree = port.ospf_area is not None and port.ospf_area == far.port.ospf_area and bool(shared)
                process = None
            if agree and port.vpn == far.port.vpn == "":
                router = router_id(far.device, process, version=version)
                if router is None and implied_by_interface(far.device):
                    router = router_id(far.device, None, version=2)
                if router:
                    found.append(Adjacency(port, far, router))
        return found

    def hosts(self, device: Device) -> list[Host]:
        """The terminals that a switch sees: their ports are up, in the VLAN they are plugged into."""
        found = []
        listed = device.ports()
        by_name = {port.name: port for port in listed}
        gateways = {port.vlan: port for port in listed if port.vlan}
        for terminal in self.terminals:
            port = by_name.get(terminal.interface) if terminal.device == device.name else None
            if port is None or not port.up or port.access_vlan != terminal.vlan:
                continue
            gateway = gateways.get(terminal.vlan)
            found.append(Host(terminal, port, gateway if gateway and gateway.up else None, _ipv6_of(terminal, gateway)))
        return found

    def routes(self, device: Device, version: int) -> list[Route]:
        """A device's routing table (version 4 or 6), by prefix: direct and local, static whose next hop is direct, OSPF."""
        key = (device.name, version)
        if key not in self._routes:
            own = list(_direct(device, version))
            statics = list(_static(device, version, own))
            known = {route.network for route in (*own, *statics)}
            learned = [route for route in self._learned(device, version) if route.network not in known]
            self._routes[key] = sorted(
                (*own, *statics, *learned), key=lambda route: (int(route.network.network_address), route.network.prefixlen)
            )
        return self._routes[key]

    def reaches(self, device: Device, target: Address, source: Address | None = None) -> bool:
        """Whether a ping from the device would be answered: the way there and the way back, hop by hop."""
        there = self._walk(device, target)
        if there is None:
            return False
        last, out = there
        if source is not None and source not in _own(device, target.version):
            return False
        back = source or _source_address(device, out, target.version)
        return back is not None and self._walk(last, back) is not None

    def _walk(self, device: Device, target: Address) -> tuple[Device, Port | None] | None:
        """Forward hop by hop; the device that owns the target (or its gateway) and the first outgoing port, or None."""
        here, first = device, None
        for _ in range(HOPS):
            if any(target == own for own in _own(here, target.version)):
                return here, first
            route = _longest(self.routes(here, target.version), target)
            if route is None:
                return None
            out = here.port(route.interface)
            first = first or out
            if out is None:
                return None
            if route.via is None and any(target in (h.terminal.ipv4, *h.ipv6) for h in self.hosts(here) if h.gateway is out):
                return here, first
            far = self.neighbour(here, out)
            if far is None:
                return None
            if route.via is None and target not in _own(far.device, target.version):
                return None
            here = far.device
        return None

    def _learned(self, device: Device, version: int) -> Iterator[Route]:
        """OSPF routes: breadth first over Full adjacencies; each one's networks on interfaces that run it."""
        ospf = 2 if version == 4 else 3
        seen = {device.name}
        queue: deque[tuple[Device, int, Port, Address]] = deque()
        for near in self.adjacencies(device, ospf):
            queue.append((near.neighbour.device, 1, near.port, _next_hop(near.neighbour.port, version)))
        given: set[Network] = set()
        while queue:
            there, cost, out, via = queue.popleft()
            if there.name in seen:
                continue
            seen.add(there.name)
            for port in there.ports():
                speaks = port.ospf_area if version == 4 else port.ospf3
                if port.up and speaks is not None:
                    for network in _networks(port, version):
                        if network not in given:
                            given.add(network)
                            yield Route(network, "ospf", cost + (port.kind != "loopback"), out.name, via)
            queue.extend((n.neighbour.device, cost + 1, out, via) for n in self.adjacencies(there, ospf))

    def _running(self, name: str) -> Iterator[Node]:
        return self.devices[name].running.with_fact("interface")


def _ipv6_of(terminal: LabTerminal, gateway: Port | None) -> tuple[IPv6Address, ...]:
    """A terminal speaks IPv6 once its gateway does: link-local, its fixed address, one by SLAAC where advertised (RFC 4862)."""
    if gateway is None or not gateway.up or gateway.link_local is None:
        return ()
    mac = str(terminal.mac).replace(":", "")
    fixed = (terminal.ipv6,) if terminal.ipv6 else ()
    made = tuple(
        IPv6Address(int(address.network.network_address) | eui64(mac))
        for address in gateway.ipv6
        if gateway.advertises and address.network.prefixlen == 64
    )
    return (link_local(mac), *fixed, *made)


def _addresses(port: Port, version: int) -> Sequence[IPv4Interface | IPv6Interface]:
    return port.ipv4 if version == 4 else port.ipv6


def _networks(port: Port, version: int) -> Iterator[Network]:
    """What OSPF tells of an interface: its subnets, a loopback as a host route."""
    for address in _addresses(port, version):
        yield ip_network(address.ip) if port.kind == "loopback" else address.network


def _own(device: Device, version: int) -> list[Address]:
    return [address.ip for port in device.ports() if port.up and not port.vpn for address in _addresses(port, version)]


def _direct(device: Device, version: int) -> Iterator[Route]:
    for port in device.ports():
        if port.up and not port.vpn:
            for address in _addresses(port, version):
                yield Route(address.network, "direct", 0, port.name)
                if address.network.prefixlen < address.max_prefixlen:
                    yield Route(ip_network(address.ip), "local", 0, port.name)


def _static(device: Device, version: int, direct: Sequence[Route]) -> Iterator[Route]:
    for node in device.running.with_fact(f"static{version}"):
        values = node.values
        via = values.get("nexthop")
        if not isinstance(via, IPv4Address | IPv6Address):
            continue
        out = next((r.interface for r in direct if r.protocol == "direct" and via in r.network), None)
        if out:
            yield Route(_destination(values), "static", 60, out, via)


def _destination(values: Mapping[str, object]) -> Network:
    prefix = values.get("prefix")
    if isinstance(prefix, IPv6Network):
        return prefix
    address = values["address"]
    if isinstance(address, tuple):
        return ip_network(f"{address[0]}/{address[1]}", strict=False)
    return ip_network(f"{address}/{values['length']}", strict=False)


def _longest(routes: Sequence[Route], target: Address) -> Route | None:
    fitting = [route for route in routes if target in route.network and route.protocol != "local"]
    return max(fitting, key=lambda route: route.network.prefixlen, default=None)


def _next_hop(port: Port, version: int) -> Address:
    if version == 6 and port.link_local:
        return port.link_local
    return port.ipv4[0].ip if port.ipv4 else ip_address("0.0.0.0")  # noqa: S104  # an unnumbered link, not a socket


def _source_address(device: Device, out: Port | None, version: int) -> Address | None:
    """What a ping leaves with: the outgoing interface's first address, else the first of the device."""
    own = list(_addresses(out, version)) if out else []
    return own[0].ip if own else next(iter(_own(device, version)), None)
