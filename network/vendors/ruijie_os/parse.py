"""Reading what RGOS shows. Shapes: RG-S6000E guide 11.4, RG-S2900G-E guide; no real captures are public."""

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
    rows,
)

MAC = r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
_NAME = r"[A-Za-z]\S* ?\d\S*"
_INTERFACE = re.compile(rf"interface (?P<name>{_NAME}) is (?P<state>\w+)\b.*", re.IGNORECASE)
_ADDRESS = re.compile(r"\s+INET6: (?P<address>[0-9A-Fa-f:]+)\s*(?:\[[^\]]*\])?\s*(?:, *subnet is \S+)?", re.IGNORECASE)


def ipv6_interfaces(text: str) -> tuple[InterfaceIpv6, ...]:
    """`show ipv6 interface`: a paragraph per interface; all but its name, state and addresses is skipped."""
    found: list[InterfaceIpv6] = []
    for line in lines(text):
        if match := _INTERFACE.fullmatch(line.strip()):
            found.append(InterfaceIpv6(name=match["name"], up=match["state"].lower() == "up"))
        elif found and (match := _ADDRESS.fullmatch(line)):
            last = found.pop()
            found.append(InterfaceIpv6(name=last.name, up=last.up, addresses=(*last.addresses, IPv6Address(match["address"]))))
        elif not (found and line.startswith(" ")) or "INET6:" in line:
            raise not_understood(line)
    return tuple(found)


def neighbors(text: str) -> tuple[Neighbor, ...]:
    """`show ipv6 neighbors`."""
    row = rf"(?P<address>[0-9A-Fa-f:]+)\s+(?P<mac>{MAC}|Incomplete|-+)\s+(?P<interface>{_NAME})(?:\s+.*)?"
    return tuple(
        Neighbor(address=IPv6Address(match["address"]), mac=mac(match["mac"]), interface=match["interface"])
        for match in rows(text, row, r"IPv6 Address|-+|Total|Codes?:")
    )


def arp(text: str) -> tuple[Neighbor, ...]:
    """`show arp`."""
    row = (
        rf"Internet\s+(?P<address>[\d.]+)\s+(?P<age>\S+)\s+(?P<mac>{MAC}|Incomplete|<Incomplete>)"
        rf"\s+arpa(?:\s+(?P<interface>{_NAME}))?"
    )
    return tuple(
        Neighbor(
            address=IPv4Address(match["address"]),
            mac=mac(match["mac"]),
            interface=match["interface"] or "",
            own=match["age"] in ("-", "--"),
        )
        for match in rows(text, row, r"Protocol\s+Address|Total|-+$")
    )


def static_bindings(text: str) -> tuple[StaticBinding, ...]:
    """`show address-bind`: bound for the whole device, without port and VLAN."""
    row = rf"(?P<address>[\d.]+|[0-9A-Fa-f:]+)\s+(?P<mac>{MAC})"
    found = tuple(
        StaticBinding(address=ip_address(match["address"]), mac=hardware)
        for match in rows(text, row, r"Total|IP Address|IPv6|-+|Install|Status|Address-bind")
        if (hardware := mac(match["mac"]))
    )
    return counted(found, text, r"Total Bind Addresses in System\s*:\s*(\d+)")


def ospfv3_peers(text: str) -> tuple[Ospfv3Peer, ...]:
    """`show ipv6 ospf neighbor`."""
    row = rf"(?P<id>[\d.]+)\s+\d+\s+(?P<state>\w+)\s*/\s*\S+\s+(?:-\s+)?[\d:]+\s+\d+\s+(?P<interface>{_NAME})"
    return tuple(
        Ospfv3Peer(
            router_id=IPv4Address(match["id"]),
            interface=match["interface"],
            state=match["state"],
            full=match["state"].lower() == "full",
        )
        for match in rows(text, row, r"OSPFv3|Neighbor ID|-+$|Total|%")
    )


PARSE = Parse(
    ipv6_interfaces=ipv6_interfaces, neighbors=neighbors, arp=arp, static_bindings=static_bindings, ospfv3_peers=ospfv3_peers
)
