"""What a vendor renders: the IPv6 half of a device and bindings, as values. Never a vendor's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, IPv6Network
from typing import Literal, NamedTuple

from netaddr import EUI

Path = tuple[str, ...]
"""A line with the views around it, the line last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredInterface:
    """A layer-3 interface as a configuration has it; what OSPFv2 or IS-IS does there is what their IPv6 half shall do."""

    name: str
    line: str = ""
    """The line that opens its view."""
    ipv4: IPv4Interface | None = None
    vpn: str | None = None
    mtu: int | None = None
    area: IPv4Address | None = None
    """Its OSPFv2 area; None: OSPFv2 does not run there."""
    point_to_point: bool = False
    silent: bool = False
    """Advertised without hellos."""
    cost: int | None = None
    isis: str | None = None
    """The IS-IS process or tag; "" is IOS's one without a name."""
    isis_cost: int | None = None
    relays: tuple[IPv4Address, ...] = ()
    """DHCP servers that requests are relayed to."""
    serves: bool = False
    """The device answers DHCP there itself."""
    filters: tuple[tuple[str, Direction], ...] = ()
    """Access lists applied, by name or number."""


Direction = Literal["in", "out"]
DefaultRoute = Literal["", "originate", "always"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DualStackInterface:
    """An interface that gets IPv6; `name` as its view's line has it."""

    name: str
    address: IPv6Interface
    loopback: bool = False
    advertise: bool = False
    """Hosts hear our router advertisements."""
    managed: bool = False
    """Advertisements tell hosts to ask DHCPv6 for addresses and all else (flags M and O), not to make their own (no flag A)."""
    relays: tuple[IPv6Address, ...] = ()
    pool: str | None = None
    """The DHCPv6 pool that the device serves it from."""
    mtu: int | None = None
    area: IPv4Address | None = None
    point_to_point: bool = False
    silent: bool = False
    cost: int | None = None
    isis: str | None = None
    isis_cost: int | None = None
    filters: tuple[tuple[str, Direction], ...] = ()
    qos: str | None = None
    """The DSCP that its business's traffic is marked with (N9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What the device's own DHCPv6 server gives to hosts."""

    name: str
    network: IPv6Network
    gateway: IPv6Address
    """The device's own address there, which is given to nobody."""
    dns: tuple[IPv6Address, ...] = ()
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A static route of the public routing table."""

    network: IPv6Network
    next_hop: IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A BGP session over IPv6 beside the one over IPv4, which keeps running untouched."""

    address: IPv6Address
    asn: str
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp:
    """BGP's IPv6 unicast family."""

    asn: str
    peers: tuple[Peer, ...]
    networks: tuple[IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of an IPv6 access list; None is any. Ports as `eq 445`, `range 1 9`."""

    sequence: int
    action: Literal["permit", "deny"]
    protocol: Literal["ipv6", "tcp", "udp", "icmpv6", "ospf"] = "ipv6"
    source: IPv6Network | None = None
    destination: IPv6Network | None = None
    source_port: str = ""
    destination_port: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """An IPv6 access list beside the IPv4 one of the same name. `icmp`: it begins with the ICMPv6 that must pass (RFC 4890)."""

    name: str
    basic: bool
    """It matches sources alone."""
    icmp: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpn:
    """A VPN instance that gets an IPv6 family: its route distinguisher and targets are IPv4's."""

    name: str
    rd: str
    targets: tuple[tuple[str, str], ...] = ()
    """Target and way, in the platform's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmirrored:
    """A line of the IPv4 configuration that gets no IPv6 half, and why. `path` has the views around it."""

    path: Path
    why: str
    grave: bool = True
    """Something works or is guarded in IPv4 and will not be in IPv6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DualStack:
    """A device's IPv6 half."""

    process: int
    router_id: IPv4Address | None
    """None where neither OSPFv3 nor BGP runs."""
    interfaces: tuple[DualStackInterface, ...]
    imports: tuple[str, ...] = ()
    """What OSPFv3 redistributes: `static`, `connected`."""
    default_route: DefaultRoute = ""
    """Whether OSPFv3 advertises one."""
    isis: tuple[str, ...] = ()
    bgp: Bgp | None = None
    routes: tuple[Route, ...] = ()
    filters: tuple[Filter, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    """Terminal lines (their opening line) and the access list that guards them."""
    vpns: tuple[Vpn, ...] = ()
    pools: tuple[Pool, ...] = ()
    management: tuple[str, ...] = ()
    """Lines at the top, in the platform's words: time servers, logins."""
    guarded: tuple[str, ...] = ()
    """Ports of terminals, on which others' router advertisements are dropped (RFC 6105)."""
    compatible_binds: bool = False
    """RGOS: bindings shall not stop IPv6."""
    header: tuple[str, ...] = ()
    """What stood before the running configuration: the software version decides some words."""
    unmirrored: tuple[Unmirrored, ...] = ()

    @property
    def routed(self) -> bool:
        """Does OSPFv3 run anywhere on it?"""
        return any(interface.area is not None for interface in self.interfaces)

    @property
    def features(self) -> frozenset[str]:
        """What of it a platform may lack."""
        ends = self.interfaces
        used = {
            "ospf": self.routed,
            "isis": bool(self.isis),
            "bgp": self.bgp is not None,
            "route": bool(self.routes),
            "filter": any(interface.filters for interface in ends),
            "line": bool(self.lines),
            "relay": any(interface.relays for interface in ends),
            "server": bool(self.pools),
            "prefix": any(interface.managed for interface in ends),
            "management": bool(self.management),
            "vpn": bool(self.vpns),
            "qos": bool(self.marks),
            "mtu": any(interface.mtu for interface in ends),
            "guard": bool(self.guarded),
        }
        return frozenset(name for name, there in used.items() if there)

    @property
    def marks(self) -> tuple[str, ...]:
        """The DSCPs that interfaces mark with."""
        return tuple(sorted({interface.qos for interface in self.interfaces if interface.qos}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A binding to write or as it was read in a configuration."""

    address: IPv4Address | IPv6Address
    mac: EUI
    interface: str | None = None
    vlan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingLines:
    """How a platform writes bindings."""

    write: Callable[[Bound], Path | None]
    """The line of a binding with its view; None when the platform cannot bind this address family."""
    read: Callable[[Path], Bound | None]
    """The binding that a line says; None when it says none."""


class Lack(NamedTuple):
    """Why a feature is not written for a platform; `unless` is found in a line of the header: that software's words are known."""

    why: str
    unless: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisite:
    """What a device needs before IPv6 works on it: told when a line at the top matches `present` and none `absent`."""

    present: str
    absent: str
    message: str
    remedy: str
