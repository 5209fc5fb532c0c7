"""VRP5's rule table. Sources: S-series V200R and CE command references, annet's rulebook for what asks back."""

from __future__ import annotations

import re

from yunwang.network.rule import Block, Question, Rule, Rules
from yunwang.network.spelling import dotted
from yunwang.network.vendors.huawei_vrp import xpl
from yunwang.network.vlans import VlanSyntax

YES = "Y"
ADDRESSES = ("ip address", "ipv6", "ospfv3", "dhcpv6 relay", "isis ipv6")
"""What `ip binding vpn-instance` wipes off an interface. The OSPFv2, mpls and arp lines stay."""

ROUTES = tuple(
    Rule(f"{family} route-static {rest}", order=70, lifeline="route" if "{to" in rest else "")
    for family in ("ip", "ipv6")
    for rest in ("{to:default...} {via...}", "vpn-instance {vpn} {to:default...} {via...}", "{route...}")
)

TOP = (
    Rule("ipv6", order=0, undo_asks=Question(ask=r"interrupt all IPv6 services.*\[Y/N\]", answer=YES), undo_disruptive=True),
    Rule("sysname <name>", order=1),
    Rule("dhcp enable", order=2),
    Rule("dhcp snooping enable", order=3),
    Rule(
        "vlan batch <vlans...>",
        order=10,
        vlans=VlanSyntax(add="vlan batch {}", remove="undo vlan batch {}", hidden=1 << 1, default=1 << 1),
    ),
    Rule("vlan {id:digits}", opens="vlan", order=11, member_of="vlan batch"),
    Rule("ip vpn-instance {name}", opens="vpn", order=29, lifeline="name"),
    Rule("acl number {id:digits} [<options...>]", opens="acl", order=20, lifeline="filter"),
    Rule("acl ipv6 number {id:digits} [<options...>]", opens="acl", order=20, lifeline="filter"),
    Rule("acl name {name} [<options...>]", opens="acl", order=20, lifeline="filter"),
    Rule("acl ipv6 name {name} [<options...>]", opens="acl", order=20, lifeline="filter"),
    Rule("ip ip-prefix {name} index {index} <entry...>", order=22, change="undo-first"),
    Rule("ip ipv6-prefix {name} index {index} <entry...>", order=22, change="undo-first"),
    Rule("ip community-filter {entry...}", order=22),
    Rule("ip as-path-filter {entry...}", order=22),
    Rule("xpl route-filter {name} <text...>", order=24),
    Rule("xpl {kind} {name} <text...>", order=22),
    Rule(
        "route-policy {name} <mode> node {node}",
        opens="route-policy",
        order=25,
        undo="route-policy {name} node {node}",
        change="empty-first",
    ),
    Rule("traffic classifier {name} [<operator...>]", opens="classifier", order=25, change="empty-first"),
    Rule("traffic behavior {name}", opens="behavior", order=26),
    Rule("traffic policy {name} [<options...>]", opens="traffic-policy", order=27),
    Rule("drop-profile {name}", opens="drop-profile", order=24),
    Rule("qos group {name}", opens="qos-group", order=28),
    Rule("slot {id}", opens="slot", order=65, permanent=True),
    Rule("rsa peer-public-key {name} <key...>", order=30, change="undo-first"),
    Rule("ospf {process:digits} [<options...>]", opens="ospf", order=30),
    Rule("ospfv3 {process:digits} [<options...>]", opens="ospfv3", order=30),
    Rule("isis {process:digits} [<options...>]", opens="isis", order=30),
    Rule("aaa", opens="aaa", order=35, permanent=True, lifeline="login"),
    Rule("interface {name:logical...}", opens="interface", order=38),
    Rule("interface {name...}", opens="interface", order=40, permanent=True),
    Rule(
        "bgp <as>",
        opens="bgp",
        order=60,
        change="undo-first",
        undo="bgp",
        undo_asks=Question(ask=r"\[Y/N\]", answer=YES),
        undo_disruptive=True,
    ),
    Rule(
        "user-bind static ip-address {address} [mac-address <mac>] [interface <interface>] [vlan {vlan:digits}]",
        order=80,
        undo="{line}",
        change="undo-first",
    ),
    Rule(
        "user-bind static ipv6-address {address} [mac-address <mac>] [interface <interface>] [vlan {vlan:digits}]",
        order=80,
        undo="{line}",
        change="undo-first",
    ),
    *ROUTES,
    Rule("user-interface {lines...}", opens="line", order=75, permanent=True, lifeline="login"),
    Rule("ssh user {user}", order=74, lifeline="login"),
    Rule("ssh user {user} {what:name} <value...>", order=75, lifeline="login"),
    Rule("ssh {what...}", order=74, lifeline="login"),
    Rule("stelnet {what...}", order=74, lifeline="login"),
    Rule("telnet {what...}", order=74, lifeline="login"),
    Rule("snmp-agent sys-info {what} <value...>", order=75),
    Rule("configuration file auto-save backup-to-server server <value...>", order=76),
    Rule("configuration file auto-save interval <value...>", order=75, undo="configuration file auto-save"),
)

INTERFACE = (
    Rule("portswitch", "interface", order=0, last_out=True, lifeline="link"),
    Rule("eth-trunk <trunk>", "interface", order=60, lifeline="link"),
    Rule("shutdown", "interface", order=70, absent="undo", disruptive=True, lifeline="link"),
    Rule(
        "ip binding vpn-instance {name}",
        "interface",
        order=5,
        wipes=ADDRESSES,
        disruptive=True,
        undo_disruptive=True,
        lifeline="name",
    ),
    Rule("port link-type <type>", "interface", order=10, lifeline="link"),
    Rule("port default vlan <vlan>", "interface", order=20, lifeline="link"),
    Rule("port trunk pvid vlan <vlan>", "interface", order=20, lifeline="link"),
    Rule(
        "port trunk allow-pass vlan <vlans...>",
        "interface",
        order=20,
        vlans=VlanSyntax(
            add="port trunk allow-pass vlan {}", remove="undo port trunk allow-pass vlan {}", hidden=1 << 1, default=1 << 1
        ),
    ),
    Rule("port hybrid pvid vlan <vlan>", "interface", order=20, lifeline="link"),
    Rule(
        "port hybrid tagged vlan <vlans...>",
        "interface",
        order=20,
        vlans=VlanSyntax(add="port hybrid tagged vlan {}", remove="undo port hybrid vlan {}"),
    ),
    Rule(
        "port hybrid untagged vlan <vlans...>",
        "interface",
        order=20,
        vlans=VlanSyntax(add="port hybrid untagged vlan {}", remove="undo port hybrid vlan {}", hidden=1 << 1, default=1 << 1),
    ),
    Rule("ip address {address:ipv4} {mask:ipv4} sub", "interface", order=16, exclusive=True, lifeline="address"),
    Rule(
        "ip address <address> <mask>", "interface", order=15, exclusive=True, undo="ip address {address} {mask}", lifeline="address"
    ),
    Rule("ipv6 enable", "interface", order=10, last_out=True, lifeline="link"),
    Rule("ipv6 address {address:ipv6} link-local", "interface", order=19, last_out=True),
    Rule("ipv6 address auto link-local", "interface", order=19, last_out=True),
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
    Rule("ospf enable {process} area <area>", "interface", order=30),
    Rule("ospf {what:name} <value...>", "interface", order=31),
    Rule("ospfv3 {process:digits} area <area>", "interface", order=30, undo="ospfv3 {process} area {area}", change="undo-first"),
    Rule("ospfv3 {what:name} <value...>", "interface", order=31),
    Rule("dhcpv6 relay destination {address}", "interface", order=35),
    Rule("ipv6 nd ra prefix {prefix} <lifetimes...>", "interface", order=40),
    Rule("ipv6 nd ra max-interval <seconds>", "interface", order=41),
    Rule("ipv6 nd ra min-interval <seconds>", "interface", order=42),
    Rule("ipv6 nd ra router-lifetime <seconds>", "interface", order=43),
    Rule("ipv6 nd ra halt disable", "interface", order=90),
    Rule("ipv6 nd ra halt", "interface", order=90, absent=""),
    Rule("traffic-filter {direction} acl ipv6 <acl>", "interface", order=50, undo="traffic-filter {direction} acl ipv6 {acl}"),
    *(
        Rule(f"traffic-filter {{direction}} {acl}", "interface", order=50, undo="{line}", change="undo-first", lifeline="filter")
        for acl in ("acl ipv6 <acl...>", "<acl...>")
    ),
    Rule("traffic-policy {name} {direction}", "interface", order=50, undo="traffic-policy {direction}", lifeline="filter"),
    Rule(
        "port-queue {queue} {mode} <value...> outbound",
        "interface",
        order=50,
        undo="port-queue {queue} {mode} outbound",
        change="undo-first",
    ),
)

INSIDE = (
    Rule("description <text...>", "*", order=45),
    Rule("name <text...>", "vlan", order=45),
    Rule("rule {id:digits} description <text...>", "acl", order=51),
    Rule("rule {id:digits} <body...>", "acl", order=50, change="undo-first"),
    Rule("rule name {id} <body...>", "acl", order=50, change="undo-first"),
    Rule("step <step>", "acl", order=1),
    Rule("ipv4-family", "vpn", opens="vpn-family", order=10),
    Rule("ipv6-family", "vpn", opens="vpn-family", order=10),
    Rule("route-distinguisher <rd>", "vpn-family", order=10),
    Rule("vpn-target {target} <way>", "vpn-family", order=20, undo="{line}", change="undo-first"),
    Rule("router-id <id>", "*", order=10),
    Rule("area {area}", "ospf", opens="ospf-area", order=20),
    Rule("area {area}", "ospfv3", opens="ospf-area", order=20),
    Rule("ipv4-family {family...}", "bgp", opens="bgp-family", order=60),
    Rule("ipv6-family {family...}", "bgp", opens="bgp-family", order=60),
    *(
        Rule(pattern, view, order=order, undo=undo, **more)
        for view in ("bgp", "bgp-family")
        for pattern, order, undo, more in (
            ("group {group} [<kind>]", 10, "", {"last_out": True}),
            ("peer {peer:address} as-number <as>", 12, "peer {peer}", {"undo_disruptive": True, "last_out": True}),
            ("peer {group} as-number <as>", 12, "", {"undo_disruptive": True, "last_out": True}),
            ("peer {peer} group {group}", 14, "", {}),
            (
                "peer {peer} enable",
                20,
                "",
                {
                    "asks": Question(ask=r"\[Y/N\]", answer=YES),
                    "undo_asks": Question(ask=r"\[Y/N\]", answer=YES),
                    "disruptive": True,
                    "undo_disruptive": True,
                },
            ),
            ("peer {peer} description <text...>", 15, "", {}),
            ("peer {peer} connect-interface <interface...>", 15, "", {}),
            ("peer {peer} route-policy {name} {direction}", 30, "", {}),
            ("peer {peer} {what:name} <value...>", 25, "", {}),
        )
    ),
    Rule("if-match interface {name}", "route-policy", order=10),
    Rule("if-match community-filter <name>", "route-policy", order=10),
    Rule("if-match ip-prefix <name>", "route-policy", order=10),
    Rule("if-match ipv6 address prefix-list <name>", "route-policy", order=10),
    Rule("apply cost <cost>", "route-policy", order=20),
    Rule("apply community <community...>", "route-policy", order=20, undo="{line}"),
    Rule("apply local-preference <preference>", "route-policy", order=20),
    Rule("if-match mpls-exp <exp>", "classifier", order=10),
    Rule("ecn weight <value>", "drop-profile"),
    Rule("ecn <limits...>", "drop-profile"),
    Rule("color {color} <limits...>", "drop-profile"),
    Rule("group-member interface {name}", "qos-group", exclusive=True),
    Rule("cpu-defend-policy <policy>", "slot"),
    Rule("local-user {user} password <value...>", "aaa", order=10, undo="local-user {user}"),
    Rule("local-user {user} service-type <types...>", "aaa", order=20, bag=True),
    Rule("local-user {user} privilege level <level>", "aaa", order=20),
    Rule("local-user {user} {what:name} <value...>", "aaa", order=20),
    Rule("authentication-scheme {name}", "aaa", opens="scheme", order=5),
    Rule("authorization-scheme {name}", "aaa", opens="scheme", order=5),
    Rule("accounting-scheme {name}", "aaa", opens="scheme", order=5),
    Rule("{what:name} <value...>", "scheme"),
    Rule("task-group {name}", "aaa", opens="task-group", order=5),
    Rule("task {name} <rights...>", "task-group"),
    Rule("acl ipv6 {id:digits} <direction>", "line", undo="{line}"),
    Rule("acl {id:digits} <direction>", "line", undo="{line}", lifeline="filter"),
    Rule("{what:name} <value...>", "line"),
)

INTERFACES = (
    ("GE", "GigabitEthernet"),
    ("GigabitEthernet", "GigabitEthernet"),
    ("XGE", "XGigabitEthernet"),
    ("XGigabitEthernet", "XGigabitEthernet"),
    ("Eth", "Ethernet"),
    ("Ethernet", "Ethernet"),
    ("Loop", "LoopBack"),
    ("LoopBack", "LoopBack"),
    ("Vlanif", "Vlanif"),
    ("Eth-Trunk", "Eth-Trunk"),
)
SAME = (
    (r"(ip address \S+ )(\d\d?)( sub)?$", dotted),
    (r"ipv6 address (\S+) (\d+)$", r"ipv6 address \1/\2"),
    (r"ospfv3 (\d+) area (\d+)$", r"ospfv3 \1 area 0.0.0.\2"),
    (r"ospf enable (\d+) area (\d+)$", r"ospf enable \1 area 0.0.0.\2"),
    (r"area (\d{1,3})$", r"area 0.0.0.\1"),
)
NOISE = re.compile(
    r"^(?:\[V\d\w+\]$|<[^>]*>|\[[~*]?[\w.-]+\]display|Software Version|Info: |Warning: |Error: |\s*-+ ?More ?-+"
    r"|\w{3} +\d+ \d{4} \d\d:\d\d:\d\d.*%)"
)
"""Version mark, prompt, hints; log lines `Nov 22 2026 03:00:00+00:00 H %%01IFNET/4/LINK_STATE(l)[0]:…`."""
BLOCKS = (
    Block(re.compile(r"xpl [a-z-]+-(?:filter|list) \S+$"), r"^ *(?:end-(?:filter|list)|#)$|^\S", closed=False, written=xpl.written),
    Block(re.compile(r"rsa peer-public-key"), r"^\s*peer-public-key end$"),
    Block(re.compile(r"certificate .*$"), r"quit$"),
    Block(re.compile(r'header (?:login|shell) information (")[^"]*$'), r'"$'),
)
TEXTS = ("description ", "name ", "header ", "peer-public-key", "xpl ", "undo description ", "snmp-agent sys-info ")

RULES = Rules(
    rules=(*TOP, *INTERFACE, *INSIDE),
    negation="undo",
    separator="#",
    leave="quit",
    ends=frozenset({"return"}),
    skips=frozenset({"quit", "end-filter", "end-list"}),
    noise=NOISE,
    blocks=BLOCKS,
    texts=TEXTS,
    mac="-",
    interfaces=INTERFACES,
    same=SAME,
)
