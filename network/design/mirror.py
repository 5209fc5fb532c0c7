"""From what a device does in IPv4 to the same in IPv6: lists, routes, BGP, pools, management. What has no counterpart is said.

Never half mirrors an access list: one entry without counterpart, and the list stays IPv4 only, which is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address, IPv6Interface
from typing import Literal

from yunwang.network.addresses.book import Book
from yunwang.network.design.ipv4_filters import Entry4, Filter4
from yunwang.network.design.ipv4_routing import Bgp4, Static4
from yunwang.network.design.ipv4_services import Pool4, Twin4
from yunwang.network.design.model import Bgp, Entry, Filter, Peer, Pool, Route, Unmirrored

_BEFORE = 10
"""Places kept free before a mirrored list for the ICMPv6 that must pass."""
_DHCP = {"eq 67": "547", "eq bootps": "547", "eq 68": "546", "eq bootpc": "546"}
_PROTOCOL: dict[str, Literal["ipv6", "tcp", "udp", "icmpv6", "ospf"]] = {
    "ip": "ipv6", "tcp": "tcp", "udp": "udp", "icmp": "icmpv6", "ospf": "ospf",
}  # fmt: skip


def filters(
    book: Book, lists: dict[str, Filter4], on_interfaces: frozenset[str], on_lines: frozenset[str], *, basic6: bool
) -> tuple[tuple[Filter, ...], tuple[Unmirrored, ...]]:
    """The lists that are applied somewhere, in IPv6. `basic6`: there, too, a basic list matches sources alone."""
    made: list[Filter] = []
    left: list[Unmirrored] = []
    for name in sorted(on_interfaces | on_lines):
        if (four := lists.get(name)) is None:
            left.append(Unmirrored(path=(name,), why="an access list that is applied and not there"))
            continue
        passing = name in on_interfaces
        found = list(_strange(book, four, too_basic=passing and basic6 and four.basic))
        left += found
        if not found:
            entries = tuple(_entry(book, one, _BEFORE if passing else 0) for one in four.entries)
            made.append(Filter(name=name, basic=four.basic and basic6, icmp=passing, entries=entries))
    return tuple(made), tuple(left)


def _strange(book: Book, four: Filter4, *, too_basic: bool) -> Iterator[Unmirrored]:
    yield from (Unmirrored(path=path, why="an entry that is not understood, so its whole list") for path in four.strange)
    if too_basic:
        yield Unmirrored(path=four.path, why="a basic list on an interface: its IPv6 half could not let ICMPv6 through (RFC 4890)")
    for entry in four.entries:
        for network in () if _dhcp(entry) else (entry.source, entry.destination):
            if network is not None and book.counterpart(network) is None:
                yield Unmirrored(
                    path=entry.path,
                    why=f"{network} has no counterpart in the address plan (give it one in `pairs`), so its whole list",
                )


def _dhcp(four: Entry4) -> str:
    """The port of DHCPv6 (RFC 8415, 7.2) where an entry is about DHCP, whose IPv4 addresses are no one's (0.0.0.0, broadcast)."""
    return _DHCP.get(four.destination_port, "") if four.protocol == "udp" else ""


def _entry(book: Book, four: Entry4, shift: int) -> Entry:
    if port := _dhcp(four):
        return Entry(sequence=four.sequence + shift, action=four.action, protocol="udp", destination_port=f"eq {port}")
    return Entry(
        sequence=four.sequence + shift,
        action=four.action,
        protocol=_PROTOCOL[four.protocol],
        source=book.counterpart(four.source) if four.source else None,
        destination=book.counterpart(four.destination) if four.destination else None,
        source_port=four.source_port,
        destination_port=four.destination_port,
    )


def routes(book: Book, statics: Iterable[Static4]) -> tuple[tuple[Route, ...], tuple[Unmirrored, ...]]:
    """Static routes of the public table."""
    made: list[Route] = []
    left: list[Unmirrored] = []
    for static in statics:
        network = book.counterpart(static.network)
        hop = book.host(static.next_hop) if static.next_hop else None
        if static.vpn:
            left.append(Unmirrored(path=static.path, why=f"a static route in VPN instance {static.vpn}"))
        elif network is None:
            left.append(
                Unmirrored(
                    path=static.path, why=f"{static.network} has no counterpart in the address plan (give it one in `pairs`)"
                )
            )
        elif hop is None:
            left.append(
                Unmirrored(path=static.path, why=f"its next hop {static.next_hop or 'is an interface, which'} has no IPv6 address")
            )
        else:
            made.append(Route(network=network, next_hop=hop))
    return tuple(dict.fromkeys(made)), tuple(left)


def bgp(book: Book, four: Bgp4) -> tuple[Bgp, tuple[Unmirrored, ...]]:
    """Sessions of their own over IPv6: the ones over IPv4 are not touched, so none of them is reset."""
    peers: list[Peer] = []
    left: list[Unmirrored] = []
    for peer in four.peers:
        if address := book.host(peer.address):
            peers.append(Peer(address=address, asn=peer.asn, source=peer.source))
        else:
            left.append(Unmirrored(path=peer.path, why=f"{peer.address} has no IPv6 address that we know"))
    networks = []
    for network, path in four.networks:
        if six := book.counterpart(network):
            networks.append(six)
        else:
            left.append(Unmirrored(path=path, why=f"{network} has no counterpart in the address plan (give it one in `pairs`)"))
    return Bgp(asn=four.asn, peers=tuple(peers), networks=tuple(networks)), tuple(left)


def pool(book: Book, four: Pool4, gateway: IPv6Interface) -> tuple[Pool, tuple[Unmirrored, ...]]:
    """A DHCPv6 pool for the network of this address of the device, whose IPv4 addresses it gives out, too."""
    made: list[IPv6Address] = []
    left = [Unmirrored(path=path, why="a DHCP option or reservation", grave=False) for path in four.odd]
    for server in four.dns:
        if six := book.host(server):
            made.append(six)
        else:
            why = f"its name server {server} has no IPv6 address that we know; hosts ask it over IPv4"
            left.append(Unmirrored(path=four.path, why=why, grave=False))
    name = re.sub(r"[^\w.]", "_", four.name)  # VRP takes letters, digits, `_` and `.` alone
    return Pool(name=name, network=gateway.network, gateway=gateway.ip, dns=tuple(made), domain=four.domain), tuple(left)


def management(book: Book, twins: Iterable[Twin4]) -> tuple[tuple[str, ...], tuple[Unmirrored, ...]]:
    """Lines of management over IPv6 beside those over IPv4."""
    made: list[str] = []
    left: list[Unmirrored] = []
    for twin in twins:
        server = book.host(twin.server) if twin.server else None
        if twin.server and server is None:
            left.append(Unmirrored(path=twin.path, why=f"{twin.server} has no IPv6 address that we know", grave=False))
        else:
            made.append(twin.ipv6.format(server=server))
    return tuple(made), tuple(left)
