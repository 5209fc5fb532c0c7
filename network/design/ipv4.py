"""What a configuration does in IPv4 on its interfaces, in words that all platforms share. Decides nothing.

Routing and access lists are in ipv4_routing.py and ipv4_filters.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.model import ConfiguredInterface, Direction, Unmirrored

_ADDRESS = re.compile(r"ip address ([\d.]+)(?:/| )([\d.]+)(?! (?:sub|secondary))")
_ON_INTERFACE = re.compile(r"(?:ip ospf|ospf enable|ospf)(?: \d+)? area (\S+)")
_P2P = re.compile(r"(?:ip )?ospf network(?:-type)? (?:p2p|point-to-point)")
_COST = re.compile(r"(?:ip )?ospf cost (\d+)")
_NETWORK = re.compile(r"network ([\d.]+)(?:/(\d+)| ([\d.]+))(?: area (\S+))?")
_SILENT = re.compile(r"(no |undo )?(?:silent|passive)-interface (.+)")
_ISIS = re.compile(r"(?:isis enable|ip router isis)(?: (\S+))?")
_ISIS_COST = re.compile(r"isis (?:cost|metric) (\d+)")
_VPN = re.compile(r"(?:ip binding vpn-instance|(?:ip )?vrf forwarding) (\S+)")
_MTU = re.compile(r"(?:ip )?mtu (\d+)")
_RELAY = re.compile(r"(?:dhcp relay server-(?:ip|address)|ip helper-address) ([\d.]+)")
_FILTER = re.compile(
    r"traffic-filter (?P<way>in|out)bound acl (?P<name>\d+)"
    r"|packet-filter (?:name )?(?P<h3c>(?!ipv6|mac)\S+) (?P<h3c_way>in|out)bound"
    r"|ip access-group (?P<ios>\S+) (?P<ios_way>in|out)"
)
_ALONE = (
    (re.compile(r"(?:vrrp|standby|glbp) "), "gateway redundancy: give the group an IPv6 address by hand, or let RA do it", True),
    (re.compile(r"(?:ip )?nat (?!server)"), "address translation: IPv6 has no need of it", False),
    (re.compile(r"(?:ip policy|ip policy-based-route|policy-based-route|traffic-redirect) "), "policy routing", True),
    (re.compile(r"(?:ip )?(?:pim|igmp) "), "multicast", False),
    (re.compile(r"(?:ip )?unnumbered|ip address unnumbered"), "an interface without an address of its own", True),
    (re.compile(r"(?:tunnel-protocol|tunnel mode) "), "a tunnel: decide what carries IPv6 there", True),
    (
        re.compile(r"(?:ip )?(?:ospf|isis) (?:authentication|message-digest)"),
        "routing authentication: OSPFv3 and IS-IS's IPv6 have their own",
        True,
    ),
    (
        re.compile(r"dhcp select (?:global|interface)|ip dhcp pool|dhcp server "),
        "a DHCP server: hosts autoconfigure instead (SLAAC)",
        False,
    ),
    (re.compile(r"ip verify unicast|(?:ip )?urpf "), "reverse path check", True),
    (re.compile(r"ip address (?:dhcp|dhcp-alloc|negotiated)"), "an address that another device gives", True),
)
"""Lines of an interface that get no IPv6 half: what they are, and whether something is lost by it."""


def interfaces(config: Config) -> tuple[ConfiguredInterface, ...]:
    """The layer-3 interfaces and others with a view, in the configuration's order; IPv4 is None where they have no address."""
    ospf = _Ospf.read(config)
    return tuple(_interface(config, ospf, line, lines) for line, lines in config.tree.items() if line.startswith("interface "))


def alone(config: Config) -> Iterator[Unmirrored]:
    """Lines of interfaces that nothing here mirrors."""
    for view, lines in config.tree.items():
        if view.startswith("interface "):
            for line in lines:
                for pattern, why, grave in _ALONE:
                    if pattern.match(line):
                        yield Unmirrored(path=(view, line), why=why, grave=grave)


def router_id(config: Config) -> IPv4Address | None:
    """The router id that OSPFv2 was given; None when it chooses one itself."""
    for line, lines in config.tree.items():
        for text in (line, *(lines if line.startswith(("ospf ", "router ospf")) else ())):
            if match := re.search(r"router[ -]id ([\d.]+)$", text):
                return IPv4Address(match[1])
    return None


@dataclass(frozen=True, slots=True)
class _Ospf:
    """OSPFv2's networks with their areas, and interfaces that are advertised without hellos."""

    networks: tuple[tuple[IPv4Network, IPv4Address], ...]
    silent: frozenset[str]
    loud: frozenset[str] | None
    """Those that are not silent where all are by default."""

    @classmethod
    def read(cls, config: Config) -> _Ospf:
        networks: list[tuple[IPv4Network, IPv4Address]] = []
        silent: set[str] = set()
        loud: set[str] = set()
        for line, lines in config.tree.items():
            if re.match(r"(?:router )?ospf\b", line):
                networks += _networks(lines)
                for match in filter(None, map(_SILENT.fullmatch, lines)):
                    (loud if match[1] else silent).add(config.rules.full_name(match[2]))
        return cls(tuple(networks), frozenset(silent), frozenset(loud) if silent & {"default", "all"} else None)

    def is_silent(self, name: str) -> bool:
        return name in self.silent if self.loud is None else name not in self.loud


def _networks(lines: Tree, area: str = "") -> Iterator[tuple[IPv4Network, IPv4Address]]:
    for text, inside in lines.items():
        if text.startswith("area ") and inside:
            yield from _networks(inside, text.split()[1])
        elif (match := _NETWORK.fullmatch(text)) and (where := match[4] or area):
            yield IPv4Network((match[1], match[2] or match[3]), strict=False), area_id(where)


def area_id(text: str) -> IPv4Address:
    """An OSPF area, written as a number or dotted."""
    return IPv4Address(int(text)) if text.isdigit() else IPv4Address(text)


def _interface(config: Config, ospf: _Ospf, line: str, lines: Tree) -> ConfiguredInterface:
    name, _, vrf = line.removeprefix("interface ").partition(" vrf ")
    address = _first(_ADDRESS, lines)
    ipv4 = IPv4Interface(f"{address[1]}/{address[2]}") if address else None
    area = area_id(on[1]) if (on := _first(_ON_INTERFACE, lines)) else None
    if area is None and ipv4 is not None:
        area = next((found for network, found in ospf.networks if ipv4.ip in network), None)
    isis = _first(_ISIS, lines)
    vpn = _first(_VPN, lines)
    return ConfiguredInterface(
        name=name,
        line=line,
        ipv4=ipv4,
        vpn=vpn[1] if vpn else vrf or None,
        mtu=_number(_MTU, lines),
        area=area,
        point_to_point=_first(_P2P, lines) is not None,
        silent=ospf.is_silent(config.rules.full_name(name)),
        cost=_number(_COST, lines),
        isis=(isis[1] or "") if isis else None,
        isis_cost=_number(_ISIS_COST, lines),
        relays=tuple(IPv4Address(match[1]) for match in filter(None, map(_RELAY.fullmatch, lines))),
        filters=tuple(_applied(match) for match in filter(None, map(_FILTER.fullmatch, lines))),
    )


def _applied(match: re.Match[str]) -> tuple[str, Direction]:
    way = match["way"] or match["h3c_way"] or match["ios_way"]
    return match["name"] or match["h3c"] or match["ios"], "in" if way == "in" else "out"


def _first(pattern: re.Pattern[str], lines: Tree) -> re.Match[str] | None:
    return next(filter(None, map(pattern.fullmatch, lines)), None)


def _number(pattern: re.Pattern[str], lines: Tree) -> int | None:
    match = _first(pattern, lines)
    return int(match[1]) if match else None
