"""What IOS and IOS-XE show, and which template reads it. Shapes: ntc-templates' and genieparser's real captures.

ntc-templates' `show_ip_arp` and `show_ipv6_neighbors` are right and used. Not used: `show_ip_source_binding` raises on a static
row's `infinite` lease, `show_ipv6_route` (`^\\s*` matches every line) and `show_ip_route` skip what they do not know,
`show_ipv6_interface_brief` takes any indented word for an address; there is none for device tracking, source guard and OSPFv3.
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
from yunwang.network.vendors.cisco_ios.rules import RULES


def neighbor(row: Values) -> Values:
    """No age: static."""
    age = row.pop("age")
    return {**row, "static": age == "-"}


def arp(row: Values) -> Values:
    """No age: its own. Who answered has an interface: without it the row was cut off."""
    if "interface" not in row and row["mac"] != "Incomplete":
        raise ValueError("no interface")
    age = row.pop("age")
    return {**row, "own": age == "-"}


def binding(row: Values) -> Values:
    """`static`, `dhcp-snooping` …"""
    return {**row, "static": str(row["source"]).lower() == "static"}


def tracked(row: Values) -> Values | None:
    """`S` is static; `L`, the switch's own addresses, are no bindings."""
    return None if row["source"] == "L" else {**row, "static": row["source"] == "S"}


def guard(row: Values) -> Values:
    """Nothing bound: everything is denied, and that is effective."""
    effective = str(row["mode"]).lower() == "active"
    if effective and not (row["address"] and row["vlans"]):
        raise ValueError("nothing is said of what passes")
    bound = {name: row[name] for name in ("address", "mac") if not str(row[name]).endswith("-all")}
    vlans: list[int] = []
    for part in filter(None, str(row["vlans"]).split(",")):
        first, _, last = part.partition("-")
        vlans += range(int(first), int(last or first) + 1)
    return {"interface": row["interface"], **bound, "vlans": tuple(vlans), "checks": row["checks"], "effective": effective}


def route(row: Values) -> Values:
    """A network without its length has that of the line above."""
    del row["path"]
    length = row.pop("length", "")
    network = str(row["network"]) if "/" in str(row["network"]) else f"{row['network']}/{length}"
    vpn = "" if str(row["vpn"]).lower() == "default" else row["vpn"]
    return {**row, "network": network, "vpn": vpn, "protocol": " ".join(str(row["protocol"]).replace("*", " ").split())}


BINDINGS = Table(
    noun=BoundAddress, template="cisco_ios/show_source_binding", total=r"Total number of bindings:\s*(\d+)", row=binding
)
TRACKED = Table(noun=BoundAddress, template="cisco_ios/show_device-tracking_database", total=r"has (\d+) entr", row=tracked)
ARP = Table(
    noun=Neighbor,
    template="ntc:cisco_ios_show_ip_arp",
    fields={"ip_address": "address", "age": "age", "mac_address": "mac", "interface": "interface"},
    row=arp,
)
NEIGHBORS = Table(
    noun=Neighbor,
    template="ntc:cisco_ios_show_ipv6_neighbors",
    fields={"address": "address", "age": "age", "mac_address": "mac", "type": "state", "interface": "interface"},
    row=neighbor,
)
OSPFV3 = Table(noun=Ospfv3Peer, template="cisco_ios/show_ospfv3_neighbor")
OSPF = Table(noun=OspfPeer, template="cisco_ios/show_ip_ospf_neighbor")
USERS = rows_like(r"\s*\*?\s*\d+ vty \d+\b")
BGP = Table(noun=BgpPeer, template="cisco_ios/show_bgp_summary")
TABLES = {
    "show arp": ARP,
    "show ip arp": ARP,
    "show ipv6 neighbors": NEIGHBORS,
    "show ipv6 interface brief": Table(noun=InterfaceIpv6, template="cisco_ios/show_ipv6_interface_brief"),
    "show ipv6 interface": Table(noun=InterfaceIpv6, template="cisco_ios/show_ipv6_interface"),
    "show ip source binding": BINDINGS,
    "show ip dhcp snooping binding": BINDINGS,
    "show ipv6 neighbors binding": TRACKED,
    "show ipv6 neighbor binding": TRACKED,
    "show device-tracking database": TRACKED,
    "show ip verify source": Table(noun=SourceGuard, template="cisco_ios/show_ip_verify_source", row=guard),
    "show ip route": Table(noun=Route, template="cisco_ios/show_ip_route", row=route),
    "show ipv6 route": Table(noun=Route, template="cisco_ios/show_ipv6_route", row=route),
    "show ospfv3 neighbor": OSPFV3,
    "show ipv6 ospf neighbor": OSPFV3,
    "show bgp ipv6 unicast summary": BGP,
    "show bgp ipv6 summary": BGP,
    "show ip bgp summary": BGP,
    "show bgp ipv4 unicast summary": BGP,
    "show ip ospf neighbor": OSPF,
    "show isis neighbors": Table(noun=IsisPeer, template="cisco_ios/show_isis_neighbors"),
    "show processes cpu": stated(r"CPU utilization for five seconds: .*one minute: (\d+)%"),
    "show processes memory": stated(
        r"Processor Pool Total: *(\d+) +Used: *(\d+)", lambda found: 100 * float(found[2]) / float(found[1])
    ),
    "show users": USERS,
    "show configuration lock": locked(r"^User\s*:\s*(\S+)", r"^State\s*:\s*FREE"),
}

PARSE = Parse(tables=TABLES, interface=names(RULES.full_name), others=ntc.tables("cisco_ios"))
