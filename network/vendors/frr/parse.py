"""Reading what FRR's vtysh shows. Shapes: FRR's topotests."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

from yunwang.network.facts import InterfaceIpv6, Ospfv3Peer, Parse, lines, not_understood, rows

_INTERFACE = re.compile(r"(?P<name>\S+)\s+(?P<state>up|down)\s+(?P<vrf>\S+)(?:\s+(?P<addresses>\S.*))?")
_MORE = re.compile(r"\s+(?P<addresses>(?:\+ *)?[0-9A-Fa-f:./]+(?: \+)?(?:\s+.*)?)")


def ipv6_interfaces(text: str) -> tuple[InterfaceIpv6, ...]:
    """`show interface brief`: further addresses stand on lines of their own."""
    found: list[InterfaceIpv6] = []
    for line in lines(text):
        if re.match(r"Interface\s+Status|-+\s", line):
            continue
        if not line.startswith(" ") and (match := _INTERFACE.fullmatch(line)):
            found.append(InterfaceIpv6(name=match["name"], up=match["state"] == "up"))
        elif not found or (match := _MORE.fullmatch(line)) is None:
            raise not_understood(line)
        six = tuple(IPv6Address(word.partition("/")[0]) for word in (match["addresses"] or "").split() if ":" in word)
        last = found.pop()
        found.append(InterfaceIpv6(name=last.name, up=last.up, addresses=(*last.addresses, *six)))
    return tuple(found)


def nothing(text: str) -> tuple[()]:
    """What a router keeps no table of; anything but nothing is not understood."""
    for line in lines(text):
        raise not_understood(line)
    return ()


def ospfv3_peers(text: str) -> tuple[Ospfv3Peer, ...]:
    """`show ipv6 ospf6 neighbor`."""
    row = r"(?P<id>[\d.]+)\s+\d+\s+[\d:]+\s+(?P<state>\w+)\s*/\s*\S+\s+\S+\s+(?P<interface>[^\s\[]+)(?:\[\S*\])?"
    return tuple(
        Ospfv3Peer(
            router_id=IPv4Address(match["id"]),
            interface=match["interface"],
            state=match["state"],
            full=match["state"].lower() == "full",
        )
        for match in rows(text, row, r"Neighbor ID|-+$|%")
    )


PARSE = Parse(ipv6_interfaces=ipv6_interfaces, neighbors=nothing, arp=nothing, static_bindings=nothing, ospfv3_peers=ospfv3_peers)
