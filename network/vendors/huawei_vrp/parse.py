"""Reading what VRP shows. Shapes: ntc-templates' real captures, AR730 captures, CE and S-series manuals."""

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

MAC = r"[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}"
_STATE = r"[*!^]?(?:up|down)(?:\(\w\))?"
_INTERFACE = re.compile(rf"(\S+)\s+(?P<physical>{_STATE})\s+(?P<protocol>{_STATE})(?:\s+\S+)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\[IPv6 Address(?:/Prefix Length)?\]\s+(\S+)(?:\s+\[\w+\])?", re.IGNORECASE)
_LEGEND = re.compile(r"[*!^]down|\(\w\)|Interface\s+Physical|Info:|The number of")
_PAIR = re.compile(r"\s*([A-Za-z][\w \-]*?)\s*:\s*(.*?)(?=\s{2,}[A-Z]\w[\w \-]*?\s*:|\s*$)")


def ipv6_interfaces(text: str) -> tuple[InterfaceIpv6, ...]:
    """`display ipv6 interface brief`: two lines or more per interface."""
    found: list[InterfaceIpv6] = []
    for line in map(str.strip, lines(text)):
        if match := _ADDRESS.fullmatch(line):
            if not found:
                raise not_understood(line)
            if match[1].lower() != "unassigned":
                last = found.pop()
                address = IPv6Address(match[1].partition("/")[0])
                found.append(InterfaceIpv6(name=last.name, up=last.up, addresses=(*last.addresses, address)))
        elif match := _INTERFACE.fullmatch(line):
            found.append(InterfaceIpv6(name=match[1], up=match["protocol"].lower().startswith("up")))
        elif not _LEGEND.match(line):
            raise not_understood(line)
    return tuple(found)


def neighbors(text: str) -> tuple[Neighbor, ...]:
    """`display ipv6 neighbors`: a paragraph per neighbour, `Key : value` twice a line; keys differ between VRP5 and VRP8."""
    found: list[dict[str, str]] = []
    for line in lines(text):
        if re.match(r"\s*-+\s*$|\s*(?:Total|Info)\b", line):
            continue
        pairs = dict(_PAIR.findall(line))
        if not pairs:
            raise not_understood(line)
        if "IPv6 Address" in pairs:
            found.append({})
        elif not found:
            raise not_understood(line)
        found[-1].update(pairs)
    facts = tuple(_neighbor(one) for one in found)
    return counted(facts, text, r"Total:\s*(\d+)")


def _neighbor(pairs: dict[str, str]) -> Neighbor:
    try:
        return Neighbor(
            address=IPv6Address(pairs["IPv6 Address"]),
            mac=mac(pairs["Link-layer"]),
            interface=pairs["Interface"],
            vlan=number(pairs.get("VLAN")),
        )
    except (KeyError, ValueError):
        raise not_understood(f"IPv6 Address : {pairs.get('IPv6 Address')} {pairs}") from None


_ARP = re.compile(
    rf"(?P<address>[\d.]+)\s+(?P<mac>{MAC}|Incomplete)\s+(?:\d+\s+)?(?P<type>[A-Z](?: ?-\S*)?)\s+"
    r"(?P<interface>\S+)(?:\s+(?P<rest>\S+))?"
)


def arp(text: str) -> tuple[Neighbor, ...]:
    """`display arp all` and `display arp brief`; the VLAN stands at the end of the line or on the next one."""
    found: list[Neighbor] = []
    for line in map(str.strip, lines(text)):
        if match := _ARP.fullmatch(line):
            vlan = (match["rest"] or "").partition("/")[0]
            found.append(
                Neighbor(
                    address=IPv4Address(match["address"]),
                    mac=mac(match["mac"]),
                    interface=match["interface"],
                    vlan=number(vlan) if "/" in (match["rest"] or "") else None,
                    own=match["type"].startswith("I"),
                )
            )
        elif found and (match := re.fullmatch(r"(\d+|-+)\s*/\s*\S+", line)):
            last = found.pop()
            found.append(
                Neighbor(address=last.address, mac=last.mac, interface=last.interface, vlan=number(match[1]), own=last.own)
            )
        elif not re.match(r"-+$|IP ADDRESS|VLAN/CEVLAN|Total:|Info:|ARP timeout|ARP Entry Types|EXP:|SRC:|VLAN:", line):
            raise not_understood(line)
    return counted(tuple(found), text, r"Total:\s*(\d+)")


def static_bindings(text: str) -> tuple[StaticBinding, ...]:
    """`display dhcp static user-bind all` (S-V200R), `display user-bind static all` (CE, S-V600)."""
    row = rf"(?P<address>[\d.]+|[0-9A-Fa-f:]+)\s+(?P<mac>{MAC}|--)\s+(?P<vlan>\d+|--)\s*/\s*\S+(?:\s*/\s*\S+)?\s+(?P<interface>\S+)"
    skip = r"-+$|DHCP|Static|Bind|Flags|IP(?:v6)? Address|Print count|Total|Info:|VRF|\(O/I"
    found = tuple(
        StaticBinding(
            address=ip_address(match["address"]),
            mac=hardware,
            interface=None if match["interface"] == "--" else match["interface"],
            vlan=number(match["vlan"]),
        )
        for match in rows(text, row, skip, joined=r"[0-9A-Fa-f]*:[0-9A-Fa-f:]+")
        if (hardware := mac(match["mac"]))
    )
    return counted(found, text, r"Total count:\s*(\d+)")


def ospfv3_peers(text: str) -> tuple[Ospfv3Peer, ...]:
    """`display ospfv3 peer`."""
    row = r"(?P<id>[\d.]+)\s+\d+\s+(?P<state>\w+)\s*/\s*\S+\s+(?P<dead>[\d:]+)\s+(?P<interface>\S+)\s+\d+"
    return tuple(
        Ospfv3Peer(
            router_id=IPv4Address(match["id"]),
            interface=match["interface"],
            state=match["state"],
            full=match["state"].lower() == "full",
        )
        for match in rows(text, row, r"OSPFv3|Area|Neighbor ID|-+$|Total|Info:")
    )


PARSE = Parse(
    ipv6_interfaces=ipv6_interfaces, neighbors=neighbors, arp=arp, static_bindings=static_bindings, ospfv3_peers=ospfv3_peers
)
