"""FRR's rule table. Source: FRR's user documentation."""

from __future__ import annotations

import re

from yunwang.network.rule import Rule, Rules
from yunwang.network.vendors.cisco_ios.rules import ROUTES

TOP = (
    Rule("hostname <name>", order=1),
    Rule("ip forwarding", order=0, absent=""),
    Rule("ipv6 forwarding", order=0, absent=""),
    Rule("vrf {name}", opens="vrf", order=15, lifeline="name"),
    Rule("access-list {name} seq {seq} <entry...>", order=20, undo="access-list {name} seq {seq}", change="undo-first"),
    Rule("ipv6 access-list {name} seq {seq} <entry...>", order=20, undo="ipv6 access-list {name} seq {seq}", change="undo-first"),
    Rule("ip prefix-list {name} seq {seq} <entry...>", order=22, undo="ip prefix-list {name} seq {seq}", change="undo-first"),
    Rule("ipv6 prefix-list {name} seq {seq} <entry...>", order=22, undo="ipv6 prefix-list {name} seq {seq}", change="undo-first"),
    Rule("bgp community-list {entry...}", order=22),
    Rule("route-map {name} <mode> {seq:digits}", opens="route-map", order=25, undo="route-map {name} {mode} {seq}"),
    Rule("router ospf", opens="ospf", order=30),
    Rule("router ospf6", opens="ospf6", order=30),
    Rule("router isis {name}", opens="isis", order=30),
    Rule("interface {name} [vrf {vrf}]", opens="interface", order=40, permanent=True),
    Rule("router bgp <as>", opens="bgp", order=60, change="undo-first", undo="router bgp {as}", undo_disruptive=True),
    *ROUTES,
    Rule("line vty", opens="line", order=75, permanent=True, lifeline="login"),
)
INTERFACE = (
    Rule("shutdown", "interface", order=70, absent="undo", disruptive=True, lifeline="link"),
    Rule(
        "ip address {address}/<length>",
        "interface",
        lifeline="address",
        order=15,
        undo="ip address {address}/{length}",
        change="undo-first",
        last_out=True,
        exclusive=True,
    ),
    Rule(
        "ipv6 address {address}/<length>",
        "interface",
        lifeline="address",
        order=20,
        undo="ipv6 address {address}/{length}",
        change="undo-first",
        last_out=True,
        exclusive=True,
    ),
    Rule("ip ospf area <area>", "interface", order=30),
    Rule("ip ospf {what:name} <value...>", "interface", order=31),
    Rule("ipv6 ospf6 area <area>", "interface", order=30),
    Rule("ipv6 ospf6 {what:name} <value...>", "interface", order=31),
    Rule("ipv6 nd prefix {prefix} <lifetimes...>", "interface", order=40),
    Rule("ipv6 nd ra-interval <seconds>", "interface", order=41),
    Rule("ipv6 nd suppress-ra", "interface", order=90, absent=""),
    Rule("bandwidth <kilobits>", "interface"),
)
INSIDE = (
    Rule("description <text...>", "*", order=45),
    Rule("ospf6 router-id <id>", "ospf6", order=10),
    Rule("ospf router-id <id>", "ospf", order=10),
    Rule("bgp router-id <id>", "bgp", order=5),
    Rule("address-family {family...}", "bgp", opens="family", order=60),
    *(
        rule
        for view in ("bgp", "family")
        for rule in (
            Rule("neighbor {peer} peer-group", view, order=10, last_out=True),
            Rule("neighbor {peer} remote-as <as>", view, order=12, undo_disruptive=True, last_out=True),
            Rule("neighbor {peer} peer-group <group>", view, order=14),
            Rule("neighbor {peer} activate", view, order=20, disruptive=True, undo_disruptive=True),
            Rule("neighbor {peer} description <text...>", view, order=15),
            Rule("neighbor {peer} update-source <interface>", view, order=15),
            Rule(
                "neighbor {peer} route-map <name> {direction}", view, order=30, undo="neighbor {peer} route-map {name} {direction}"
            ),
        )
    ),
    Rule("set {what:name} <value...>", "route-map", order=20),
)

RULES = Rules(
    rules=(*TOP, *INTERFACE, *INSIDE),
    negation="no",
    separator="!",
    leave="exit",
    ends=frozenset({"end"}),
    skips=frozenset({"exit", "exit-address-family", "exit-vrf"}),
    noise=re.compile(r"^(?:Building configuration|Current configuration|frr (?:version|defaults)|\S+#\s*show )"),
    texts=("description ", "no description "),
    mac=":",
    same=(
        (r"ipv6 ospf6 area 0\.0\.0\.(\d+)$", r"ipv6 ospf6 area \1"),
        (r"ip ospf area 0\.0\.0\.(\d+)$", r"ip ospf area \1"),
    ),
)
