"""Reading what Comware 7 shows. Shapes: ntc-templates' real captures for ARP, H3C manuals for the rest."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from yunwang.network.facts import InterfaceIpv6, Neighbor, Ospfv3Peer, Parse, StaticBinding, counted, mac, number, rows

MAC = r"[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}"
_STATE = r"\*?(?:UP|DOWN|up|down)(?:\(\w\))?"


def ipv6_interfaces(text: str) -> tuple[InterfaceIpv6, ...]:
    """`display ipv6 interface brief`: one address an interface, without its length."""
    row = rf"(?P<name>\S+)\s+{_STATE}\s+(?P<protocol>{_STATE})\s+(?P<address>[0-9A-Fa-f:]+|Unassigned)"
    found: dict[str, InterfaceIpv6] = {}
    for match in rows(text, row, r"\*down|\(\w\)|Interface\s+Physical", joined=r"[A-Z]\S*\d"):
        addresses = () if match["address"] == "Unassigned" else (IPv6Address(match["address"]),)
        up = match["protocol"].lower().startswith("up")
        found[match["name"]] = InterfaceIpv6(name=match["name"], up=up, addresses=addresses)
    return tuple(found.values())


def neighbors(text: str) -> tuple[Neighbor, ...]:
    """`display ipv6 neighbors all`."""
    row = rf"(?P<address>[0-9A-Fa-f:]+)\s+(?P<mac>{MAC}|N/A|-+)\s+(?P<vlan>\d+|N/A|-+)\s+(?P<interface>\S+)\s+\w+\s+\w+\s+\S+"
    return tuple(
        Neighbor(
            address=IPv6Address(match["address"]), mac=mac(match["mac"]), interface=match["interface"], vlan=number(match["vlan"])
        )
        for match in rows(text, row, r"Type:|IPv6 [Aa]ddress|-+$|Total", joined=r"[0-9A-Fa-f]*:[0-9A-Fa-f:]+")
    )


def arp(text: str) -> tuple[Neighbor, ...]:
    """`display arp`."""
    row = rf"(?P<address>[\d.]+)\s+(?P<mac>{MAC}|N/A)\s+(?P<vlan>\d+|N/A|-+)\s+(?P<interface>\S+)\s+\S+\s+\S+"
    return tuple(
        Neighbor(
            address=IPv4Address(match["address"]), mac=mac(match["mac"]), interface=match["interface"], vlan=number(match["vlan"])
        )
        for match in rows(text, row, r"Type:|IP [Aa]ddress|-+$|Total")
    )


def static_bindings(text: str) -> tuple[StaticBinding, ...]:
    """`display ip source binding` and `display ipv6 source binding`; a long address goes on in the next line of its column."""
    row = rf"(?P<address>[\d.]+|[0-9A-Fa-f:]+)\s+(?P<mac>{MAC}|N/A)\s+(?P<interface>\S+)\s+(?P<vlan>\d+|N/A)\s+(?P<type>\S.*)"
    skip = r"Total entries found|IP(?:v6)? [Aa]ddress|-+$"
    found: list[StaticBinding] = []
    dynamic = 0
    for match in rows(_unwrapped(text), row, skip):
        hardware = mac(match["mac"])
        if not match["type"].startswith("Static") or hardware is None:
            dynamic += 1
            continue
        interface = None if match["interface"] == "N/A" else match["interface"]
        found.append(
            StaticBinding(address=ip_address(match["address"]), mac=hardware, interface=interface, vlan=number(match["vlan"]))
        )
    if not dynamic:
        counted(tuple(found), text, r"Total entries found:\s*(\d+)")
    return tuple(found)


def _unwrapped(text: str) -> str:
    """Put the second half of a wrapped IPv6 address behind its first, which ends in a colon."""
    whole: list[str] = []
    for line in text.splitlines():
        first, _, rest = whole[-1].partition(" ") if whole else ("", "", "")
        if first.endswith(":") and not first.endswith("::") and ":" in line and " " not in line.strip():
            whole[-1] = f"{first}{line.strip()} {rest}"
        else:
            whole.append(line.strip())
    return "\n".join(whole)


def ospfv3_peers(text: str) -> tuple[Ospfv3Peer, ...]:
    """`display ospfv3 peer`."""
    row = r"(?P<id>[\d.]+)\s+\d+\s+(?P<state>\w+)\s*/\s*\S+\s+[\d:]+\s+\d+\s+(?P<interface>\S+)"
    return tuple(
        Ospfv3Peer(
            router_id=IPv4Address(match["id"]),
            interface=match["interface"],
            state=match["state"],
            full=match["state"].lower() == "full",
        )
        for match in rows(text, row, r"OSPFv3|Area|Router ID|-+$|Total")
    )


PARSE = Parse(
    ipv6_interfaces=ipv6_interfaces, neighbors=neighbors, arp=arp, static_bindings=static_bindings, ospfv3_peers=ospfv3_peers
)
