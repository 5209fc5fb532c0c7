"""What RGOS shows, and which template reads it. Shapes: RG-S6000E guide 11.4, RG-S2900G-E guide; no real captures are public.

ntc-templates has no template for RGOS. Routes and BGP are printed as IOS prints them.
"""

from __future__ import annotations

from dataclasses import replace

from yunwang.network.facts.display import Parse, Table, Values, names, stated
from yunwang.network.facts.model import BoundAddress, InterfaceIpv6, Neighbor, Ospfv3Peer
from yunwang.network.vendors.cisco_ios.parse import BGP, OSPF, TABLES, USERS
from yunwang.network.vendors.cisco_ios.parse import route as ios_route
from yunwang.network.vendors.ruijie_os.rules import RULES


def arp(row: Values) -> Values:
    """`--`: its own. Who answered has an interface: without it the row was cut off."""
    if not row["interface"] and "ncomplete" not in str(row["mac"]):
        raise ValueError("no interface")
    age = str(row.pop("age"))
    return {**row, "own": age in ("-", "--"), "static": "tatic" in age}


def binding(row: Values) -> Values:
    """`Static`, `DHCP-Snooping` …; a global binding has no port."""
    source, interface = str(row["source"]).lower(), str(row["interface"])
    return {**row, "source": source, "static": source == "static", "interface": "" if interface.lower() == "global" else interface}


def address_bind(row: Values) -> Values:
    """All are configured."""
    return {**row, "static": True, "source": "address-bind"}


def route(row: Values) -> Values:
    """`Loopback` without a number is the device itself."""
    return ios_route({**row, "interface": "" if row["interface"] == "Loopback" else row["interface"]})


ARP = Table(noun=Neighbor, template="ruijie_os/show_arp", total=r"Total Numbers of Arp\s*:\s*(\d+)", total_always=False, row=arp)
BINDINGS = Table(
    noun=BoundAddress, template="ruijie_os/show_source_binding", total=r"Total number of bindings\s*:\s*(\d+)", row=binding
)

PARSE = Parse(
    tables={
        "show arp": ARP,
        "show ip arp": ARP,
        "show ipv6 neighbors": Table(noun=Neighbor, template="ruijie_os/show_ipv6_neighbors"),
        "show ipv6 interface brief": TABLES["show ipv6 interface brief"],
        "show ipv6 interface": Table(noun=InterfaceIpv6, template="ruijie_os/show_ipv6_interface"),
        "show address-bind": Table(
            noun=BoundAddress,
            template="ruijie_os/show_address-bind",
            total=r"Total Bind Addresses in System\s*:\s*(\d+)",
            row=address_bind,
        ),
        "show ip source binding": BINDINGS,
        "show ipv6 source binding": BINDINGS,
        "show ip dhcp snooping binding": BINDINGS,
        "show ip verify source": TABLES["show ip verify source"],
        "show ip route": TABLES["show ip route"],
        "show ipv6 route": replace(TABLES["show ipv6 route"], row=route),
        "show ipv6 ospf neighbor": Table(noun=Ospfv3Peer, template="ruijie_os/show_ipv6_ospf_neighbor"),
        "show bgp ipv6 unicast summary": BGP,
        "show bgp ipv4 unicast summary": BGP,
        "show ip ospf neighbor": OSPF,
        "show cpu": stated(r"CPU utilization in one minute *: *(\d+(?:\.\d+)?)%"),
        "show memory": stated(r"used rate *:? *(\d+(?:\.\d+)?)%"),
        "show users": USERS,
    },
    interface=names(RULES.full_name, slots=True),
)
