"""FRR's rule table. Source: FRR's user documentation."""

from __future__ import annotations

import re

from yunwang.network.configuration.rule import IPV6_ADDRESSES, Rule, address, held
from yunwang.network.configuration.table import Rules

ROUTES = tuple(
    Rule(
        f"{family} route {{to}} {via} [<options...>]",
        view,
        order=order,
        undo=undo and f"{family} route {{to}} {undo}",
        first_out=bool(undo),
        last_out=True,
        lifeline="" if view else "route",
    )
    for view in ("", "vrf")
    for family in ("ip", "ipv6")
    for via, order, undo in (
        ("<how:discard>", 950, "{how}"),  # "Route cannot have blackhole and non-blackhole nexthops simultaneously"
        ("{via:address} {port:port}", 70, ""),
        ("{via:address}", 70, ""),
        ("{port:port}", 70, ""),
    )
)
"""One for each destination and next hop: another distance or tag replaces it, and the old line's `no` would take the new one
(FRR 8.4: `no ip route` looks at neither); a destination is discarded in one way."""

OF_PEER = ("neighbor {peer} ",)
ONE_OF_A_PEER = (
    *("description", "update-source", "password", "ebgp-multihop", "timers", "weight", "maximum-prefix", "allowas-in", "local-as"),
    *("advertisement-interval", "ttl-security hops", "bfd profile"),
)
"""What a peer has one of."""
SINGLE = (
    *("log syslog", "log file", "log facility", "log timestamp precision", "password", "enable password", "ip router-id"),
    *("ipv6 router-id", "zebra nexthop-group keep"),
)
"""What a router has one of."""

TOP = (
    Rule("hostname <name>", order=1),
    Rule("ip forwarding", order=0, absent=""),
    Rule("ipv6 forwarding", order=0, absent=""),
    Rule("vrf {name}", opens="vrf", order=15, lifeline="name"),
    Rule("access-list {name} seq {seq} <entry...>", order=20, undo="{line}", change="undo-first"),
    Rule("ipv6 access-list {name} seq {seq} <entry...>", order=20, undo="{line}", change="undo-first"),
    Rule("ip prefix-list {name} seq {seq} <entry...>", order=22, undo="ip prefix-list {name} seq {seq}", change="undo-first"),
    Rule("ipv6 prefix-list {name} seq {seq} <entry...>", order=22, undo="ipv6 prefix-list {name} seq {seq}", change="undo-first"),
    Rule("ip prefix-list {name} description <text...>", order=22),
    Rule("ipv6 prefix-list {name} description <text...>", order=22),
    Rule("bgp {kind} {type} {name} seq {seq} <entry...>", order=22, undo="{line}", change="undo-first"),
    Rule("bgp {kind} {entry...}", order=22),
    *(Rule(f"{start} <value...>", order=2) for start in SINGLE),
    Rule("{family:family} protocol {protocol} route-map <name>", order=26, undo="{line}"),
    Rule("{family:family} nht {what...}", order=27),
    Rule("pbr-map {name} seq {seq}", opens="pbr", order=28),
    Rule("bfd", opens="bfd", order=29),
    Rule("route-map {name} <mode> {seq:digits}", opens="route-map", order=25, undo="route-map {name} {mode} {seq}"),
    Rule("router ospf vrf {vrf}", opens="ospf", order=30),
    Rule("router ospf6 vrf {vrf}", opens="ospf6", order=30),
    Rule("router ospf", opens="ospf", order=30),
    Rule("router ospf6", opens="ospf6", order=30),
    Rule("mpls ldp", opens="ldp", order=62),
    Rule("router isis {name}", opens="isis", order=30),
    Rule("interface {name} [vrf {vrf}]", opens="interface", order=40, permanent=True),
    Rule("router bgp <as>", opens="bgp", order=60, change="undo-first", undo="router bgp {as}", undo_disruptive=True),
    Rule(
        "router bgp <as> vrf {vrf}",  # after the default one, which cannot go while they are there
        opens="bgp",
        order=61,
        change="undo-first",
        undo="router bgp {as} vrf {vrf}",
        undo_disruptive=True,
    ),
    *ROUTES,
    Rule("line vty", opens="line", order=75, permanent=True, lifeline="login"),
)
INTERFACE = (
    Rule("shutdown", "interface", order=70, absent="undo", disruptive=True, lifeline="link"),
    address("ip address", 15),
    *IPV6_ADDRESSES,
    Rule("ip ospf area <area>", "interface", order=30, change="undo-first", lifeline="link"),  # "Must remove previous area config"
    Rule("ip ospf message-digest-key {id} <key...>", "interface", order=32, undo="ip ospf message-digest-key {id}"),
    *held("interface", "ip ospf cost", "ipv6 ospf6 cost", order=31, independent=True),
    Rule("ip ospf {what:name} <value...>", "interface", order=31),
    Rule("{family:family} router isis <name>", "interface", order=30, undo="{line}"),
    *(Rule(f"isis {what} <value...>", "interface", order=31) for what in ("metric", "circuit-type", "priority", "hello-interval")),
    Rule("vrrp {id:digits} {what:vrrp} <value>", "interface", order=36, undo="vrrp {id} {what}"),
    Rule(
        "vrrp {id:digits} [version <version>]", "interface", order=35, last_out=True, undo_wipes=("vrrp {id} ",), undo="vrrp {id}"
    ),
    Rule("pbr-policy <map>", "interface", order=40, undo="{line}"),
    *(
        Rule(f"ipv6 nd {what} <value...>", "interface", order=41)
        for what in ("ra-lifetime", "router-preference", "mtu", "ra-hop-limit")
    ),
    Rule("ipv6 ospf6 area <area>", "interface", order=30, change="undo-first"),
    Rule("ipv6 ospf6 {what:name} <value...>", "interface", order=31),
    Rule("ipv6 nd prefix {prefix} <lifetimes...>", "interface", order=40),
    Rule("ipv6 nd ra-interval <seconds>", "interface", order=41),
    Rule("ipv6 nd suppress-ra", "interface", order=90, absent=""),
    Rule("bandwidth <kilobits>", "interface"),
    Rule("link-params", "interface", opens="link-params", permanent=True),  # 8.4 knows no `no link-params`
)
INSIDE = (
    Rule("description <text...>", "*", order=45, independent=True),
    Rule("ospf6 router-id <id>", "ospf6", order=10),
    Rule("ospf router-id <id>", "ospf", order=10),
    Rule("bgp router-id <id>", "bgp", order=5, disruptive=True),
    Rule("address-family {family...}", "bgp", opens="family", order=60, permanent=True),  # 8.4 knows no `no address-family`
    Rule("address-family {family...}", "ldp", opens="family", order=60),
    Rule("bgp default {family}", "bgp", order=5),  # before the peers: each new one would be active
    Rule("bgp ebgp-requires-policy", "bgp", order=5),
    *(
        rule
        for view in ("bgp", "family")
        for rule in (
            Rule("neighbor {peer} peer-group", view, order=10, last_out=True, undo_wipes=OF_PEER),
            Rule(
                "neighbor {peer} remote-as <as>",
                view,
                order=12,
                undo="{line}",
                undo_disruptive=True,
                last_out=True,
                undo_wipes=OF_PEER,
            ),
            Rule("neighbor {peer} peer-group <group>", view, order=14, undo="{line}"),
            Rule("neighbor {peer} activate", view, order=20, disruptive=True, undo_disruptive=True),
            Rule("neighbor {peer} send-community <which>", view, order=25, undo="{line}", change="undo-first"),
            Rule("neighbor {peer} timers connect <seconds>", view, order=16),
            *(Rule(f"neighbor {{peer}} {what} <value...>", view, order=15) for what in ONE_OF_A_PEER),
            *(
                Rule(f"neighbor {{peer}} {what} <name> {{direction}}", view, order=30, undo="{line}")
                for what in ("route-map", "prefix-list", "filter-list", "distribute-list")
            ),
            Rule("network {prefix} [<options...>]", view, order=40, undo="network {prefix}"),
            Rule("aggregate-address {prefix} [<options...>]", view, order=41, undo="aggregate-address {prefix}"),
            Rule("maximum-paths ibgp <paths>", view, order=40),
            Rule("timers bgp <times...>", view, order=6),
            Rule("{what} vpn {direction} <value...>", view, order=42, undo="{what} vpn {direction}"),
        )
    ),
    *(
        Rule(f"redistribute {family} {{source}} {{level}} [<options...>]", "isis", change="undo-first")
        for family in ("ipv4", "ipv6")
    ),
    Rule("redistribute {source:name} {process:digits} [<options...>]", "*", order=42, change="undo-first"),
    Rule("redistribute {source:name} [<options...>]", "*", order=42, change="undo-first"),
    Rule("default-information originate [<options...>]", "*", order=43, change="undo-first"),
    Rule("passive-interface default", "*", order=20, undo_wipes=("passive-interface ",)),
    Rule("passive-interface {interface...}", "*", order=30),
    Rule("network {prefix} area <area>", "ospf", order=40, undo="{line}", change="undo-first"),
    *(Rule(f"{start} <value...>", "*", order=35) for start in ("auto-cost reference-bandwidth", "default-metric", "maximum-paths")),
    *held("isis", "is-type", "metric-style", "area-password", "domain-password", order=35),
    Rule("hostname dynamic", "isis", absent=""),
    *(Rule("area {area} {kind:stub} [<options...>]", view, order=35, undo="area {area} {kind}") for view in ("ospf", "ospf6")),
    Rule("vni <vni>", "vrf", order=20, undo="{line}", change="undo-first"),
    Rule("profile {name}", "bfd", opens="bfd-peer", order=10),
    Rule("peer {peer...}", "bfd", opens="bfd-peer", order=20),
    *(Rule(f"{start} <value...>", "bfd-peer") for start in ("transmit-interval", "receive-interval", "detect-multiplier")),
    Rule("profile <name>", "bfd-peer", undo="{line}"),
    *(Rule(f"{start} <value...>", "pbr") for start in ("match src-ip", "match dst-ip", "match mark", "set nexthop", "set vrf")),
    Rule("match {family:family} {what} prefix-list <name>", "route-map", order=10, undo="match {family} {what} prefix-list"),
    Rule("match {family:family} {what} <name>", "route-map", order=10, undo="match {family} {what}"),
    Rule("match {what:name} <value...>", "route-map", order=10, undo="match {what}"),
    Rule("set {family:family} next-hop {scope:name} <address>", "route-map", order=20, undo="{line}"),
    Rule("set {family:family} next-hop <address>", "route-map", order=20, undo="{line}"),
    Rule("set as-path {how} <path...>", "route-map", order=20, undo="set as-path {how}"),
    Rule("set {what:name} <value...>", "route-map", order=20),
    Rule("router-id <id>", "ldp", order=10),
    *held("line", "exec-timeout"),
)

RULES = Rules(
    rules=(*TOP, *INTERFACE, *INSIDE),
    negation="no",
    separator="!",
    leave="exit",
    ends=frozenset({"end"}),
    skips=frozenset({"exit", "exit-address-family", "exit-vrf", "exit-vni", "exit-link-params"}),
    noise=re.compile(r"^(?:Building configuration|Current configuration|frr (?:version|defaults)|\S+#\s*show )"),
    texts=("description ", "no description "),
    mac=":",
    same=(
        (r"ipv6 ospf6 area 0\.0\.0\.(\d+)$", r"ipv6 ospf6 area \1"),
        (r"ip ospf area 0\.0\.0\.(\d+)$", r"ip ospf area \1"),
        (r"area 0\.0\.0\.(\d+) ", r"area \1 "),
        (r"(network \S+ area )0\.0\.0\.(\d+)$", r"\1\2"),
    ),
)
