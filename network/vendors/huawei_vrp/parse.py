"""What VRP shows, and which template reads it. Shapes: ntc-templates' real captures, AR730 captures, CE and S-series manuals.

ntc-templates' own are not used: `display_ipv6_neighbors` raises on CE's `Source IP`, `display_arp_all` drops the VLAN,
`display_ip_routing-table_verbose` raises on `O_INTRA`, `OSPFv3` and any table but `Public`, `display_bgp_peer` on output whose
first blanks were stripped; none sees that a table was cut off.
"""

from __future__ import annotations

from yunwang.network.facts import ntc
from yunwang.network.facts.display import Parse, Table, Values, locked, names, rows_like, stated
from yunwang.network.facts.model import (
    BgpPeer,
    BoundAddress,
    InterfaceIpv6,
    IsisPeer,
    Neighbor,
    OspfPeer,
    Ospfv3Peer,
    Route,
    SourceGuard,
)
from yunwang.network.vendors.huawei_vrp.rules import RULES

PUBLIC = frozenset({"public", "_public_"})


def arp(row: Values) -> Values:
    """`I -` is the device's own, `S…` static."""
    kind = str(row.pop("type"))
    return {**row, "own": kind.startswith("I"), "static": kind.startswith("S")}


def neighbor(row: Values) -> Values:
    """Whether a neighbour is a router is no fact of ours."""
    del row["router"]
    return row


def binding(row: Values) -> Values:
    """The table's title says who made its rows; without it, a lease does."""
    learned = bool(row.pop("lease"))
    source = str(row["source"]).lower() or ("dynamic" if learned else "static")
    return {**row, "source": source, "static": "static" in source}


def guard(row: Values) -> Values:
    """`IPv4/-`: effective for IPv4, not for IPv6."""
    family = "IPv6" if ":" in str(row["address"]) else "IPv4"
    vlan, static, status = str(row.pop("vlan")), str(row.pop("type")), str(row.pop("status"))
    vlans = (int(vlan),) if vlan.isdigit() else ()
    return {**row, "vlans": vlans, "static": static.lower() == "static", "checks": status, "effective": family in status.split("/")}


def route(row: Values) -> Values:
    """Network and length may stand in two columns."""
    state, length = row.pop("state"), row.pop("length")
    vpn = "" if str(row["vpn"]).lower() in PUBLIC else row["vpn"]
    network = f"{row['network']}/{length}" if length else row["network"]
    if "/" not in str(network):
        raise ValueError("a route without a length")
    return {**row, "network": network, "vpn": vpn, "active": state in ("", "Active")}


BINDINGS = Table(noun=BoundAddress, template="huawei_vrp/display_user-bind", total=r"total count:\s*(\d*)", row=binding)
ROUTES = Table(noun=Route, template="huawei_vrp/display_routing-table", total=r"(?:Routes|Summary Count)\s*:\s*(\d+)", row=route)
BGP = Table(noun=BgpPeer, template="huawei_vrp/display_bgp_peer", total=r"Total number of peers\s*:\s*(\d+)")
CPU = stated(r"CPU (?:Usage +|Using Percentage +|utilization for five seconds): *(\d+)%")
MEMORY = stated(r"Memory Using Percentage(?: Is)? *: *(\d+)%")
TABLES = {
    "display arp": Table(noun=Neighbor, template="huawei_vrp/display_arp", total=r"^\s*Total\s*:\s*(\d+)", row=arp),
    "display ipv6 neighbors": Table(
        noun=Neighbor, template="huawei_vrp/display_ipv6_neighbors", total=r"^\s*Total\s*:\s*(\d+)", row=neighbor
    ),
    "display ipv6 interface brief": Table(noun=InterfaceIpv6, template="huawei_vrp/display_ipv6_interface_brief"),
    "display ipv6 interface": Table(noun=InterfaceIpv6, template="huawei_vrp/display_ipv6_interface"),
    "display dhcp static user-bind": BINDINGS,
    "display user-bind static": BINDINGS,
    "display dhcp snooping user-bind": BINDINGS,
    "display dhcpv6 snooping user-bind": BINDINGS,
    "display nd snooping user-bind": BINDINGS,
    "display ip source check user-bind status": Table(
        noun=SourceGuard,
        template="huawei_vrp/display_ip_source_check_user-bind_status",
        total=r"total count:\s*(\d*)",
        row=guard,
    ),
    "display ip routing-table": ROUTES,
    "display ipv6 routing-table": ROUTES,
    "display ospf peer brief": Table(noun=OspfPeer, template="huawei_vrp/display_ospf_peer"),
    "display isis peer": Table(noun=IsisPeer, template="huawei_vrp/display_isis_peer"),
    "display cpu": CPU,
    "display cpu-usage": CPU,
    "display memory": MEMORY,
    "display memory-usage": MEMORY,
    "display users": rows_like(r"\s*\+?\s*\d+\s+VTY\s+\d+\b"),
    "display configuration-occupied user": locked(r"User ?[Nn]ame\s*:\s*(\S+)", r"^\s*Info: .*\b(?:[Nn]o|not)\b"),
    "display ospfv3 peer": Table(noun=Ospfv3Peer, template="huawei_vrp/display_ospfv3_peer"),
    "display bgp peer": BGP,
    "display bgp ipv6 peer": BGP,
}

PARSE = Parse(tables=TABLES, interface=names(RULES.full_name, slots=True), others=ntc.tables("huawei_vrp"))
