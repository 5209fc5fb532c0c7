"""VRP5's rule table. Sources: S-series V200R and CE command references, annet's rulebook for what asks back."""

from __future__ import annotations

import re

from yunwang.network.configuration.rule import Block, Question, Rule, Rules, held
from yunwang.network.spelling import Same, dotted
from yunwang.network.vendors.huawei_vrp import xpl
from yunwang.network.vendors.huawei_vrp.interface_rules import INTERFACE
from yunwang.network.vlans import VlanSyntax

YES = "Y"
ACTIVE = ("active region-configuration",)
"""What must be said again, as if it were wiped, so that a spanning tree region's changes count."""

ROUTES = tuple(
    Rule(f"{family} route-static {vpn}{to} {{via:hop...}} [<options...>]", order=70, lifeline="route" if "default" in to else "")
    for family, network in (("ip", "{to:ipv4}"), ("ipv6", "{to:ipv6}"))
    for vpn in ("", "vpn-instance {vpn} ")
    for to in ("{to:default...}", f"{network} {{mask}}")
)
"""A route's preference, tag, description and tracking are typed anew with it; `undo` takes none of them."""

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
    *held(
        "",
        *("stp mode", "stp priority", "stp instance {id} priority", "stp instance {id} root", "stp root", "stp pathcost-standard"),
        *("lldp message-transmission {what}", "lldp transmit {what}", "clock timezone", "mpls lsr-id", "observe-port {id}"),
        order=5,
    ),
    Rule("vlan {id:digits}", opens="vlan", order=12, member_of="vlan batch"),
    Rule("stp region-configuration", opens="mst-region", order=13),
    Rule("mpls {what...}", order=29),
    Rule("mpls", order=28),
    Rule("ip pool {name}", opens="ip-pool", order=37),
    Rule("dhcpv6 pool {name}", opens="ip-pool", order=37),
    Rule("dhcp server group {name}", opens="dhcp-group", order=37),
    Rule("radius-server template {name}", opens="radius", order=32),
    Rule("hwtacacs-server template {name}", opens="radius", order=32),
    Rule("arp static {address} <entry...>", order=66, change="undo-first"),
    Rule("nqa test-instance {admin} {test}", opens="nqa", order=45),
    Rule("bfd {name} bind <what...>", opens="bfd-session", order=62, undo="bfd {name}", change="undo-first"),
    Rule("bfd", opens="bfd", order=61),
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
    Rule("cpu-defend policy {name}", order=24),
    Rule("qos group {name}", opens="qos-group", order=28),
    Rule("slot {id}", opens="slot", order=65, permanent=True),
    Rule("rsa peer-public-key {name} <key...>", order=30, change="undo-first"),
    Rule("ospf {process:digits} [<options...>]", opens="ospf", order=30),
    Rule("ospfv3 {process:digits} [<options...>]", opens="ospfv3", order=30),
    Rule("isis {process:digits} [<options...>]", opens="isis", order=30),
    Rule("aaa", opens="aaa", order=35, permanent=True, lifeline="login"),
    Rule("interface {name:logical...} mode <mode>", opens="interface", order=38, undo="interface {name}", change="undo-first"),
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
        order=11,
        undo="{line}",
        change="undo-first",
    ),
    Rule(
        "user-bind static ipv6-address {address} [mac-address <mac>] [interface <interface>] [vlan {vlan:digits}]",
        order=11,
        undo="{line}",
        change="undo-first",
    ),
    *ROUTES,
    Rule("header {what} information <text...>", order=75, undo="header {what}"),
    *held("", "user-interface maximum-vty", order=74),
    Rule("user-interface {lines...}", opens="line", order=75, permanent=True, lifeline="login"),
    *(
        Rule(f"{server} server {what} <value...>", order=74, lifeline="login")
        for server in ("ssh", "telnet")
        for what in (
            *("ipv6 acl", "acl", "port", "timeout", "authentication-retries", "rekey-interval"),
            *("cipher", "hmac", "key-exchange", "dh-exchange", "publickey"),
        )
    ),
    Rule("ssh user {user}", order=74, undo_wipes=("ssh user {user} ",), lifeline="login"),
    Rule("ssh user {user} {what:name} <value...>", order=75, lifeline="login"),
    Rule("ssh {what...}", order=74, lifeline="login"),
    Rule("stelnet {what...}", order=74, lifeline="login"),
    Rule("telnet {what...}", order=74, lifeline="login"),
    Rule("snmp-agent sys-info version <versions...>", order=75, undo="{line}", change="undo-first", bag=True),
    *held("", "snmp-agent sys-info {what}", "snmp-agent trap source", "snmp-agent packet max-size", order=75),
    *(Rule(f"snmp-agent community {kind} [<options...>]", order=76) for kind in ("{way} cipher {name}", "{way} {name}")),
    *(
        Rule(f"snmp-agent target-host {host} params securityname {name} [<options...>]", order=77, change="undo-first")
        for host in ("{kind} ipv6 address udp-domain {to...}", "{kind} address udp-domain {to...}")
        for name in ("cipher {name}", "{name}")
    ),
    *(
        Rule(f"{ntp} {peer} {address}{vpn} [<options...>]", order=76)
        for ntp in ("ntp-service", "ntp")
        for peer in ("unicast-server", "unicast-peer")
        for address in ("ipv6 {address}", "{address:address}")
        for vpn in (" vpn-instance {vpn}", "")
    ),
    *(
        rule
        for ntp in ("ntp-service", "ntp")
        for rule in held("", f"{ntp} source-interface", f"{ntp} authentication-keyid {{id}}", order=75)
    ),
    *held("", "info-center loghost source", "info-center timestamp {what}", "info-center source {module} channel {id}", order=75),
    *held("", "info-center {what} channel", "info-center {what} size", order=75),
    *(
        Rule(f"info-center loghost {host}{vpn} [<options...>]", order=76)
        for host in ("ipv6 {address}", "{address:address}")
        for vpn in (" vpn-instance {vpn}", "")
    ),
    Rule("configuration file auto-save backup-to-server server <value...>", order=76),
    Rule("configuration file auto-save interval <value...>", order=75, undo="configuration file auto-save"),
)

INSIDE = (
    Rule("description <text...>", "*", order=45),
    Rule("name <text...>", "vlan", order=45),
    Rule("rule {id:digits} description <text...>", "acl", order=51),
    Rule("rule {id:digits} <body...>", "acl", order=50, change="undo-first"),
    Rule("rule name {id} <body...>", "acl", order=50, change="undo-first"),
    Rule("step <step>", "acl", order=1),
    *(
        Rule(pattern, view)
        for view in ("ospf", "ospfv3", "isis", "bgp", "bgp-family")
        for pattern in (
            "import-route isis level-{levels...}",
            "import-route {protocol} {process:digits} [<options...>]",
            "import-route {protocol} [<options...>]",
            "default-route-advertise [<options...>]",
            "preference {kind:name} <value...>",
            "preference <value...>",
            "maximum load-balancing {kind:name} <value>",
            "maximum load-balancing <value>",
        )
    ),
    *(
        rule
        for view in ("ospf", "ospfv3")
        for rule in held(view, "bandwidth-reference", "spf-schedule-interval", "stub-router", order=15)
    ),
    *(Rule(f"{kind} [<options...>]", "ospf-area") for kind in ("stub", "nssa")),
    *held("ospf-area", "authentication-mode", "default-cost"),
    Rule("abr-summary {network} {mask} [<options...>]", "ospf-area"),
    *held("isis", "is-level", "cost-style", "is-name", "timer {what}", order=15),
    Rule("ipv6 enable [<topology...>]", "isis", order=16),
    Rule("region-name <name>", "mst-region", order=10, wipes=ACTIVE),
    Rule("revision-level <level>", "mst-region", order=10, wipes=ACTIVE),
    Rule("instance {id} vlan <vlans...>", "mst-region", order=20, undo="instance {id}", change="undo-first", wipes=ACTIVE),
    Rule("active region-configuration", "mst-region", order=90),
    Rule("gateway-list <servers...>", "ip-pool", undo="gateway-list all", change="undo-first"),
    Rule("dns-list <servers...>", "ip-pool", undo="dns-list all", change="undo-first"),
    Rule("network <network...>", "ip-pool", order=10, change="undo-first"),
    *held("ip-pool", "lease", "domain-name", "option {code}", "vpn-instance"),
    Rule("static-bind ip-address {address} <client...>", "ip-pool", change="undo-first"),
    Rule("discriminator {side} <id>", "bfd-session", order=10),
    Rule("commit", "bfd-session", order=90),
    *held("bfd-session", "min-tx-interval", "min-rx-interval", "detect-multiplier", "wtr"),
    *held("nqa", "test-type", order=10),
    *held("nqa", "destination-address", "source-address", "frequency", "interval", "timeout", "probe-count", "fail-percent"),
    Rule("start {when...}", "nqa", order=90),
    Rule(
        "radius-server {kind:aaa} {address:address} <port> [<options...>]", "radius", undo="radius-server {kind} {address} {port}"
    ),
    *held("radius", "radius-server {what:name}", "hwtacacs-server {what:name}"),
    *held("behavior", "remark {what:name}", "car", "redirect"),
    Rule("classifier {classifier} behavior <behavior...>", "traffic-policy", undo="classifier {classifier}"),
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
        Rule(f"peer {{peer}} {what} <name> {{direction}}", view, order=30, undo="{line}")
        for view in ("bgp", "bgp-family")
        for what in ("route-policy", "route-filter", "ip-prefix", "ipv6-prefix", "filter-policy", "as-path-filter")
    ),
    *(
        Rule(pattern, view, order=order, undo=undo, **more)
        for view in ("bgp", "bgp-family")
        for pattern, order, undo, more in (
            ("group {group} [<kind>]", 10, "", {"last_out": True, "undo_wipes": ("peer {group} ",)}),
            (
                "peer {peer:address} as-number <as>",
                12,
                "peer {peer}",
                {"undo_disruptive": True, "last_out": True, "undo_wipes": ("peer {peer} ",), "change": "undo-first"},
            ),
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
            ("peer {peer} bfd {what...}", 25, "", {}),
            ("network {network} {mask} [<options...>]", 40, "", {}),
            ("aggregate {network} {mask} [<options...>]", 41, "", {}),
            ("peer {peer} {what:name} <value...>", 25, "", {}),
        )
    ),
    Rule("if-match interface {name}", "route-policy", order=10),
    Rule("if-match community-filter <name>", "route-policy", order=10),
    Rule("if-match ip-prefix <name>", "route-policy", order=10),
    Rule("if-match ipv6 address prefix-list <name>", "route-policy", order=10),
    Rule("apply cost <cost>", "route-policy", order=20),
    Rule("apply community <community...>", "route-policy", order=20, undo="{line}"),
    *held("route-policy", "apply local-preference", "apply as-path", "apply cost-type", "apply preference", "apply tag", order=20),
    *held("route-policy", "apply preferred-value", "apply origin", "if-match cost", "if-match tag", order=20),
    Rule("if-match mpls-exp <exp>", "classifier", order=10),
    Rule("ecn weight <value>", "drop-profile"),
    Rule("ecn <limits...>", "drop-profile"),
    Rule("color {color} <limits...>", "drop-profile"),
    Rule("group-member interface {name}", "qos-group", exclusive=True),
    Rule("cpu-defend-policy <policy>", "slot"),
    Rule("local-user {user} password <value...>", "aaa", order=10, undo="local-user {user}", undo_wipes=("local-user {user} ",)),
    Rule("local-user {user} service-type <types...>", "aaa", order=20, bag=True),
    Rule("local-user {user} privilege level <level>", "aaa", order=20),
    Rule("local-user {user} {what:name} <value...>", "aaa", order=20),
    Rule("authentication-scheme {name}", "aaa", opens="scheme", order=5, last_out=True),
    Rule("authorization-scheme {name}", "aaa", opens="scheme", order=5, last_out=True),
    Rule("accounting-scheme {name}", "aaa", opens="scheme", order=5, last_out=True),
    Rule("{what:name} <value...>", "scheme"),
    Rule("domain {name}", "aaa", opens="domain", order=8, last_out=True),
    Rule("{what:name} <value...>", "domain"),
    Rule("task-group {name}", "aaa", opens="task-group", order=5),
    Rule("task {name} <rights...>", "task-group"),
    Rule("acl ipv6 <id> {direction}", "line", undo="acl ipv6 {direction}", lifeline="filter"),
    Rule("acl <id> {direction}", "line", undo="acl {direction}", lifeline="filter"),
    *held("line", "protocol inbound", "user privilege level", "set authentication password", "history-command max-size"),
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
OWN: tuple[Same, ...] = (
    (r"undo port hybrid vlan (.+)$", r"undo port hybrid untagged vlan \1"),
    (r"(ip route-static (?:vpn-instance \S+ )?\d\S+ )(\d\d?)( )", dotted),
)
"""Spellings that Comware does not share: VLAN 1 is untagged on a hybrid port unless the device shows `undo port hybrid vlan 1`;
a route's mask is shown dotted."""
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
    same=(*SAME, *OWN),
)
