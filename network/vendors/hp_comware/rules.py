"""Comware 7's rule table. Sources: H3C command references and annet's H3C cases."""

from __future__ import annotations

import re

from yunwang.network.rule import Question, Rule, Rules
from yunwang.network.vendors.huawei_vrp.rules import BLOCKS, ROUTES, SAME
from yunwang.network.vlans import VlanSyntax

ADDRESSES = ("ip address", "ipv6", "undo ipv6 nd", "ospfv3")
"""What `ip binding vpn-instance` wipes: "Some configurations on the interface are removed."."""
LINK_MODE = ("ip ", "ipv6 ", "undo ip", "port access", "port trunk", "port link-type", "ospf", "mtu", "packet-filter", "stp")
"""What changing a port between bridge and route sets back to its default."""
RESET = Question(ask=r"\[Y/N\]", answer="Y")

TOP = (
    Rule("sysname <name>", order=1),
    Rule("vlan {id:digits}", opens="vlan", order=11, member_of="vlan"),
    Rule(
        "vlan <vlans...>",
        order=10,
        vlans=VlanSyntax(add="vlan {}", remove="undo vlan {}", items=1, hidden=1 << 1, default=1 << 1, members_create=True),
    ),
    Rule("ip vpn-instance {name}", opens="vpn", order=29, lifeline="name"),
    *(
        Rule(f"acl {kind}", opens="acl", order=20, lifeline="filter")
        for kind in (
            "{family} {type} name {name} [<options...>]",
            "{family} name {name} [<options...>]",
            "ipv6 {type} {id:digits} [<options...>]",
            "{type} {id:digits} [<options...>]",
        )
    ),
    Rule("ip prefix-list {name} index {index} <entry...>", order=22, change="undo-first"),
    Rule("ipv6 prefix-list {name} index {index} <entry...>", order=22, change="undo-first"),
    Rule("ip community-list {entry...}", order=22),
    Rule(
        "route-policy {name} <mode> node {node}",
        opens="route-policy",
        order=25,
        undo="route-policy {name} node {node}",
        change="empty-first",
    ),
    Rule("ospf {process:digits} [<options...>]", opens="ospf", order=30),
    Rule("ospfv3 {process:digits} [<options...>]", opens="ospfv3", order=30),
    Rule("isis {process:digits} [<options...>]", opens="isis", order=30),
    Rule("traffic classifier {name} [<operator...>]", opens="classifier", order=25),
    Rule("traffic behavior {name}", opens="behavior", order=26),
    Rule("qos policy {name}", opens="qos-policy", order=27),
    Rule("interface {name:logical...}", opens="interface", order=38),
    Rule("interface {name...}", opens="interface", order=40, permanent=True),
    Rule("bgp <as>", opens="bgp", order=60, change="undo-first", undo="bgp", undo_asks=RESET, undo_disruptive=True),
    *ROUTES,
    Rule(
        "ip source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        order=80,
        undo="{line}",
        change="undo-first",
    ),
    Rule(
        "ipv6 source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        order=80,
        undo="{line}",
        change="undo-first",
    ),
    Rule("ssh {what...}", order=74, lifeline="login"),
    Rule("telnet {what...}", order=74, lifeline="login"),
    Rule("line {lines...}", opens="line", order=75, permanent=True, lifeline="login"),
    Rule("user-role {name}", opens="role", order=75),
    Rule("local-user {name} [class {class}]", opens="local-user", order=35, lifeline="login"),
)

INTERFACE = (
    Rule(
        "port link-mode <mode>",
        "interface",
        order=0,
        absent="bridge",
        wipes=LINK_MODE,
        disruptive=True,
        last_out=True,
        lifeline="link",
    ),
    Rule(
        "ip binding vpn-instance {name}",
        "interface",
        lifeline="name",
        order=5,
        wipes=ADDRESSES,
        disruptive=True,
        undo_disruptive=True,
        undo="ip binding vpn-instance",
    ),
    Rule("shutdown", "interface", order=70, absent="undo", disruptive=True, lifeline="link"),
    Rule("port link-type <type>", "interface", order=10, absent="access", lifeline="link"),
    Rule("port access vlan <vlan>", "interface", order=20, absent="1", lifeline="link"),
    Rule("port link-aggregation group <trunk>", "interface", order=60, lifeline="link"),
    Rule("port trunk pvid vlan <vlan>", "interface", order=20, absent="1", lifeline="link"),
    Rule(
        "port trunk permit vlan <vlans...>",
        "interface",
        order=20,
        vlans=VlanSyntax(add="port trunk permit vlan {}", remove="undo port trunk permit vlan {}", default=1 << 1),
    ),
    Rule("ip address {address:ipv4} {mask:ipv4} sub", "interface", order=16, exclusive=True, lifeline="address"),
    Rule(
        "ip address <address> <mask>", "interface", order=15, exclusive=True, undo="ip address {address} {mask}", lifeline="address"
    ),
    Rule("ipv6 address auto link-local", "interface", order=19, last_out=True),
    Rule("ipv6 address {address:ipv6} link-local", "interface", order=19, last_out=True),
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
    Rule("ipv6 mtu <mtu>", "interface", order=25),
    Rule("mtu <mtu>", "interface", order=25),
    Rule("ospf {process:digits} area <area>", "interface", order=30, undo="ospf {process} area {area}"),
    Rule("ospf {what:name} <value...>", "interface", order=31),
    Rule("ospfv3 {process:digits} area <area>", "interface", order=30, undo="ospfv3 {process} area {area}", change="undo-first"),
    Rule("ospfv3 {what:name} <value...>", "interface", order=31),
    Rule("ipv6 dhcp select <role>", "interface", order=34),
    Rule("ipv6 dhcp relay server-address {address...}", "interface", order=35),
    Rule("ipv6 nd ra prefix {prefix} <lifetimes...>", "interface", order=40),
    Rule("ipv6 nd ra halt", "interface", order=90, absent=""),
    Rule("packet-filter {acl...}", "interface", order=50, lifeline="filter"),
    Rule(
        "ip source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        "interface",
        order=60,
        undo="{line}",
        change="undo-first",
        exclusive=True,
    ),
    Rule(
        "ipv6 source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        "interface",
        order=61,
        undo="{line}",
        change="undo-first",
        exclusive=True,
    ),
    Rule("ip verify source <fields...>", "interface", order=80, undo="ip verify source", disruptive=True),
    Rule("ipv6 verify source <fields...>", "interface", order=80, undo="ipv6 verify source", disruptive=True),
)

INSIDE = (
    Rule("description <text...>", "*", order=45),
    Rule("name <text...>", "vlan", order=45),
    Rule("rule {id:digits} comment <text...>", "acl", order=51),
    Rule("rule {id:digits} <body...>", "acl", order=50, change="undo-first"),
    Rule("address-family {family...}", "vpn", opens="vpn-family", order=10),
    Rule("route-distinguisher <rd>", "*", order=10),
    Rule("router-id <id>", "*", order=10),
    Rule("area {area}", "ospf", opens="ospf-area", order=20),
    Rule("area {area}", "ospfv3", opens="ospf-area", order=20),
    Rule("ip vpn-instance {name}", "bgp", opens="bgp", order=55),
    Rule("address-family {family...}", "bgp", opens="bgp-family", order=60),
    *(
        rule
        for view in ("bgp", "bgp-family")
        for rule in (
            Rule("peer {peer:address} as-number <as>", view, order=12, undo="peer {peer}", undo_disruptive=True, last_out=True),
            Rule("peer {group} as-number <as>", view, order=12, undo_disruptive=True, last_out=True),
            Rule("group {group} [<kind>]", view, order=10, last_out=True),
            Rule("peer {peer} enable", view, order=20, asks=RESET, undo_asks=RESET, disruptive=True, undo_disruptive=True),
            Rule("peer {peer} description <text...>", view, order=15),
            Rule("peer {peer} connect-interface <interface>", view, order=15),
            Rule("peer {peer} route-policy {name} {direction}", view, order=30),
            Rule("peer {peer} {what:name} <value...>", view, order=25),
        )
    ),
    Rule("if-match ip address prefix-list <name>", "route-policy", order=10),
    Rule("if-match ipv6 address prefix-list <name>", "route-policy", order=10),
    Rule("if-match {what:name} <value...>", "route-policy", order=10),
    Rule("apply {what:name} <value...>", "route-policy", order=20),
    Rule("acl {family...}", "line", lifeline="filter"),
    Rule("authentication-mode <mode>", "line"),
    Rule("user-role {role}", "line"),
    Rule("protocol inbound <protocol>", "line"),
    Rule("password <kind> <value...>", "local-user", undo="password"),
)

INTERFACES = (
    ("GE", "GigabitEthernet"),
    ("GigabitEthernet", "GigabitEthernet"),
    ("XGE", "Ten-GigabitEthernet"),
    ("Ten-GigabitEthernet", "Ten-GigabitEthernet"),
    ("M-GE", "M-GigabitEthernet"),
    ("M-GigabitEthernet", "M-GigabitEthernet"),
    ("FGE", "FortyGigE"),
    ("Vlan", "Vlan-interface"),
    ("Vlan-interface", "Vlan-interface"),
    ("Loop", "LoopBack"),
    ("LoopBack", "LoopBack"),
    ("BAGG", "Bridge-Aggregation"),
    ("RAGG", "Route-Aggregation"),
)

RULES = Rules(
    rules=(*TOP, *INTERFACE, *INSIDE),
    negation="undo",
    separator="#",
    leave="quit",
    ends=frozenset({"return"}),
    skips=frozenset({"quit"}),
    noise=re.compile(r"^(?: ?version \d|<[^>]*>|\s*-+ ?More ?-+|%[A-Z]\w{2} +\d+ )"),
    blocks=BLOCKS,
    texts=("description ", "name ", "undo description ", "header ", "sysname "),
    mac="-",
    interfaces=INTERFACES,
    same=(*SAME, (r"ospf (\d+) area (\d+)$", r"ospf \1 area 0.0.0.\2")),
)
