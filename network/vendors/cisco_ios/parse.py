"""Reading what IOS and IOS-XE show. Shapes: ntc-templates' and genieparser's real captures."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from yunwang.network.facts import (
    InterfaceIpv6,
    Neighbor,
    Ospfv3Peer,
    Parse,
    StaticBinding,
    counted,
    lines,
    mac,
    not_understood,
    number,
    rows,
)

MAC = r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
_INTERFACE = re.compile(r"(\S+)\s+\[(?P<physical>[\w ]+)/(?P<protocol>[\w ]+)\]")


def ipv6_interfaces(text: str) -> tuple[InterfaceIpv6, ...]:
    """`show ipv6 interface brief`: the name with its states, then an address a line."""
    found: list[InterfaceIpv6] = []
    for line in lines(text):
        if match := _INTERFACE.fullmatch(line.strip()):
            found.append(InterfaceIpv6(name=match[1], up=match["protocol"] == "up"))
        elif found and line.startswith(" ") and re.fullmatch(r"\s+[0-9A-Fa-f:]+", line):
            last = found.pop()
            found.append(InterfaceIpv6(name=last.name, up=last.up, addresses=(*last.addresses, IPv6Address(line.strip()))))
        elif not (found and line.strip() == "unassigned"):
            raise not_understood(line)
    return tuple(found)


def neighbors(text: str) -> tuple[Neighbor, ...]:
    """`show ipv6 neighbors`."""
    row = rf"(?P<address>[0-9A-Fa-f:]+)\s+(?:\d+|-)\s+(?P<mac>{MAC}|-|Incomplete)\s+\w+\s+(?P<interface>\S+)"
    return tuple(
        Neighbor(address=IPv6Address(match["address"]), mac=mac(match["mac"]), interface=match["interface"])
        for match in rows(text, row, r"IPv6 Address|-+$|Total")
    )


def arp(text: str) -> tuple[Neighbor, ...]:
    """`show ip arp`; an address that did not answer has no interface."""
    row = rf"Internet\s+(?P<address>[\d.]+)\s+(?P<age>\d+|-)\s+(?P<mac>{MAC}|Incomplete)\s+(?:ARPA|SNAP)(?:\s+(?P<interface>\S+))?"
    return tuple(
        Neighbor(
            address=IPv4Address(match["address"]),
            mac=mac(match["mac"]),
            interface=match["interface"] or "",
            own=match["age"] == "-",
        )
        for match in rows(text, row, r"Protocol\s+Address")
    )


_COLONS = r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"
_V4 = rf"(?P<mac4>{_COLONS}|{MAC})\s+(?P<address4>[\d.]+)\s+\S+\s+(?P<type>\S+)\s+(?P<vlan4>\d+)\s+(?P<interface4>\S+)"
_V6 = rf"(?P<code>[A-Z]+\d?)\s+(?P<address6>[\d.]+|[0-9A-Fa-f:]+)\s+(?P<mac6>{MAC})\s+(?P<interface6>\S+)\s+(?P<vlan6>\d+)\s+.*"


def static_bindings(text: str) -> tuple[StaticBinding, ...]:
    """`show ip source binding static`, `show ipv6 neighbors binding`, `show device-tracking database`: the static rows."""
    skip = r"MacAddress|-+|Total number of bindings|Binding Table has|Codes:|Preflevel|\d{4}:|Network Layer Address"
    matches = tuple(rows(text, f"{_V4}|{_V6}", skip))
    counted(matches, text, r"Total number of bindings:\s*(\d+)")
    found: list[StaticBinding] = []
    for match in matches:
        four = match["mac4"] is not None
        hardware = mac(match["mac4"] or match["mac6"])
        if hardware is None or (match["type"] != "static" if four else match["code"] != "S"):
            continue
        found.append(
            StaticBinding(
                address=ip_address(match["address4"] or match["address6"]),
                mac=hardware,
                interface=match["interface4"] or match["interface6"],
                vlan=number(match["vlan4"] or match["vlan6"]),
            )
        )
    return tuple(found)


def ospfv3_peers(text: str) -> tuple[Ospfv3Peer, ...]:
    """`show ospfv3 neighbor` and `show ipv6 ospf neighbor`."""
    row = r"(?P<id>[\d.]+)\s+\d+\s+(?P<state>\w+)/\s*\S+\s+[\d:]+\s+\d+\s+(?P<interface>\S+)"
    return tuple(
        Ospfv3Peer(
            router_id=IPv4Address(match["id"]),
            interface=match["interface"],
            state=match["state"],
            full=match["state"].lower() == "full",
        )
        for match in rows(text, row, r"OSPFv3|Neighbor ID|-+$|%OSPFv3")
    )


PARSE = Parse(
    ipv6_interfaces=ipv6_interfaces, neighbors=neighbors, arp=arp, static_bindings=static_bindings, ospfv3_peers=ospfv3_peers
)
