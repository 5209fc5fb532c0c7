"""From what a device does in IPv4 to the same in IPv6: access lists, routes, BGP, VPN instances. What has no counterpart is said.

Never half mirrors an access list: one entry without counterpart, and the list stays IPv4 only, which is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from yunwang.network.addresses.book import Book
from yunwang.network.design.ipv4_filters import Entry4, Filter4
from yunwang.network.design.ipv4_routing import Bgp4, Static4
from yunwang.network.design.model import Bgp, Entry, Filter, Peer, Route, Unmirrored

_BEFORE = 10
"""Places kept free before a mirrored list for the ICMPv6 that must pass."""
_PROTOCOL: dict[str, Literal["ipv6", "tcp", "udp", "icmpv6", "ospf"]] = {
    "ip": "ipv6", "tcp": "tcp", "udp": "udp", "icmp": "icmpv6", "ospf": "ospf",
}  # fmt: skip


def filters(
    book: Book, lists: dict[str, Filter4], on_interfaces: frozenset[str], on_lines: frozenset[str]
) -> tuple[tuple[Filter, ...], tuple[Unmirrored, ...]]:
    """The lists that are applied somewhere, in IPv6."""
    made: list[Filter] = []
    left: list[Unmirrored] = []
    for name in sorted(on_interfaces | on_lines):
        if (four := lists.get(name)) is None:
            left.append(Unmirrored(path=(name,), why="an access list that is applied and not there"))
            continue
        passing = name in on_interfaces
        found = list(_strange(book, four, passing=passing))
        left += found
        if not found:
            entries = tuple(_entry(book, one, _BEFORE if passing else 0) for one in four.entries)
            made.append(Filter(name=name, basic=four.basic, icmp=passing, entries=entries))
    return tuple(made), tuple(left)


def _strange(book: Book, four: Filter4, *, passing: bool) -> Iterator[Unmirrored]:
    yield from (Unmirrored(path=path, why="an entry that is not understood, so its whole list") for path in four.strange)
    if passing and four.basic and four.path[0].startswith("acl "):
        yield Unmirrored(path=four.path, why="a basic list on an interface: its IPv6 half could not let ICMPv6 through (RFC 4890)")
    for entry in four.entries:
        for network in (entry.source, entry.destination):
            if network is not None and book.counterpart(network) is None:
                yield Unmirrored(
                    path=entry.path,
                    why=f"{network} has no counterpart in the address plan (give it one in `pairs`), so its whole list",
                )


def _entry(book: Book, four: Entry4, shift: int) -> Entry:
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
