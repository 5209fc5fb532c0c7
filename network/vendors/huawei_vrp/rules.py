"""VRP5's rule table. Sources: S-series V200R and CE command references, annet's rulebook for what asks back."""

from __future__ import annotations

import re

from yunwang.network.configuration.rule import Block, Question, Rule, held
from yunwang.network.configuration.table import Rules
from yunwang.network.spelling import Same, dotted, names
from yunwang.network.vendors.huawei_vrp import xpl
from yunwang.network.vendors.huawei_vrp.igp_rules import CONTINUE, IN_PROCESS, PROCESSES
from yunwang.network.vendors.huawei_vrp.interface_rules import INTERFACE
from yunwang.network.vendors.huawei_vrp.service_rules import SERVICES
from yunwang.network.vlans import VlanSyntax

ACTIVE = ("active region-configuration",)
"""What must be said again, as if it were wiped, so that a spanning tree region's changes count."""

MST_INSTANCE = Rule(
    "instance {id} vlan <vlans...>",
    "mst-region",
    order=20,
    wipes=ACTIVE,
    vlans=VlanSyntax(add="instance {id} vlan {}", remove="undo instance {id} vlan {}", clear="undo instance {id}"),
)
TIMES = Rule("time-range {name} {period...}", order=19)
"""Periods add up to when it is: a new one is in before the old one goes, so that what refers to it is never out of time."""
STEP = Rule("step <step>", "acl", order=1, stops=("rule",))
"""Another step numbers the rules anew (S-series V200R: step), so they are out while it changes."""
CLASSIFIER_IN_POLICY = "classifier {classifier} behavior <behavior...>"

ROUTES = tuple(
    Rule(f"{family} route-static {vpn}{to} {{via:hop...}} [<options...>]", order=70, lifeline="route")
    for family, network in (("ip", "{to:ipv4}"), ("ipv6", "{to:ipv6}"))
    for vpn in ("", "vpn-instance {vpn} ")
    for to in ("{to:default...}", f"{network} {{mask}}")
)
"""A route's preference, tag, description and tracking are typed anew with it; `undo` takes none of them."""

TOP = (
    Rule(
        "ipv6",
        order=0,
        undo_asks=Question(ask=r"interrupt all IPv6 services.*\[Y/N\]", answer=CONTINUE.answer),
        undo_disruptive=True,
    ),
    Rule("sysname <name>", order=1),
    Rule("dhcp enable", order=2, undo_asks=CONTINUE, undo_disruptive=True),
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
        *("telnet server-source -i", "encapsulation source-address"),
        order=5,
    ),
    Rule("vlan {id:digits}", opens="vlan", order=12, member_of="vlan batch"),
    Rule("stp region-configuration", opens="mst-region", order=13),
    Rule("mpls ldp remote-peer {name}", opens="ldp-peer", order=31),
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
    TIMES,
    Rule("acl number {id:digits} [<options...>]", opens="acl", order=20, lifeline="filter"),
    Rule("acl ipv6 number {id:digits} [<options...>]", opens="acl", order=20, lifeline="filter"),
    Rule("acl name {name} [<options...>]", opens="acl", order=20, lifeline="filter"),
    Rule("acl ipv6 name {name} [<options...>]", opens="acl", order=20, lifeline="filter"),
    *(
        Rule(
            f"ip {kind} {{name}} index {{index}} <entry...>",
            order=22,
            change="undo-first",
            stub=f"ip {kind} {{name}} index 99999999 deny {nothing}",
        )
        for kind, nothing in (("ip-prefix", "0.0.0.0 32"), ("ipv6-prefix", ":: 128"))
    ),
    Rule("explicit-path {name}", opens="explicit-path", order=29, ordered=True),
    Rule("tunnel-policy {name}", opens="tunnel-policy", order=29),
    Rule("dfs-group {id}", opens="dfs-group", order=15),
    Rule("authentication-profile name {name}", opens="access-profile", order=37),
    Rule("dot1x-access-profile name {name}", opens="access-profile", order=36),
    Rule("mac-access-profile name {name}", opens="access-profile", order=36),
    *held("", "dot1x authentication-method", "set save-configuration interval", "ip host {name}", order=34),
    *(Rule(f"{ntp} reliable authentication-keyid {{id}}", order=76) for ntp in ("ntp-service", "ntp")),
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
    Rule("traffic policy {name} [<options...>]", opens="traffic-policy", order=27, ordered=True),
    Rule("drop-profile {name}", opens="drop-profile", order=24),
    Rule("cpu-defend policy {name}", opens="cpu-defend", order=24),
    Rule("cpu-defend-policy <policy>", order=64),
    *held("", "mac-address aging-time", order=34),
    *(  # one line for both families, or one each: taking off the other spelling would stop what the new one started
        Rule(
            f"{server} {family}server enable",
            order=74,
            undo_asks=CONTINUE,
            lifeline="login",
            wipes=tuple(f"{server} {other}server enable" for other in (("",) if family else ("ipv4 ", "ipv6 "))),
        )
        for server in ("stelnet", "sftp", "scp", "telnet")
        for family in ("ipv4 ", "ipv6 ", "")
    ),
    Rule("bridge-domain {id:digits}", opens="bridge-domain", order=14),
    Rule(
        "nat address-group {id} <range...>",
        order=21,
        change="undo-first",
        used_by=("nat outbound * address-group {id}", "nat static * address-group {id}"),
    ),
    *(
        Rule(f"{start} {{name}}", opens="crypto", order=order)
        for order, start in ((31, "ike proposal"), (32, "ike peer"), (31, "ipsec proposal"), (33, "ipsec profile"))
    ),
    Rule("ipsec policy {name} {seq:digits} [<mode...>]", opens="crypto", order=33),
    Rule("pki realm {name}", opens="pki", order=30),
    Rule("pki domain {name}", opens="pki", order=30),
    *held("", "stack slot {slot} {what:name}", "error-down auto-recovery cause {cause} interval", order=8),
    Rule("qos group {name}", opens="qos-group", order=28),
    Rule("slot {id}", opens="slot", order=65, permanent=True),
    *(Rule(f"{kind} peer-public-key {{name}} <key...>", order=30, change="undo-first") for kind in ("rsa", "dsa", "ecc")),
    *PROCESSES,
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
        undo_asks=CONTINUE,
        undo_disruptive=True,
    ),
    Rule(
        "user-bind static ip-address {address} [mac-address <mac>] [interface <interface>] [vlan {vlan:digits}]",
        order=11,
        undo="{line}",
        change="undo-first",
        independent=True,
    ),
    Rule(
        "user-bind static ipv6-address {address} [mac-address <mac>] [interface <interface>] [vlan {vlan:digits}]",
        order=11,
        undo="{line}",
        change="undo-first",
        independent=True,
    ),
    *ROUTES,
    *SERVICES,
)

INSIDE = (
    Rule("description <text...>", "*", order=45, independent=True),
    Rule("name <text...>", "vlan", order=45, independent=True),
    Rule("rule {id:digits} description <text...>", "acl", order=51),
    Rule("rule {id:digits} <body...>", "acl", order=50, change="undo-first"),
    Rule("rule name {id} <body...>", "acl", order=50, change="undo-first"),
    STEP,
    *IN_PROCESS,
    Rule("ipv6 enable [<topology...>]", "isis", order=16),
    Rule("region-name <name>", "mst-region", order=10, wipes=ACTIVE),
    Rule("revision-level <level>", "mst-region", order=10, wipes=ACTIVE),
    MST_INSTANCE,
    Rule("active region-configuration", "mst-region", order=90),
    Rule("gateway-list <servers...>", "ip-pool", undo="gateway-list all", change="undo-first"),
    Rule("dns-list <servers...>", "ip-pool", undo="dns-list all", change="undo-first"),
    Rule("network <network...>", "ip-pool", order=10, change="undo-first"),
    *held("ip-pool", "lease", "domain-name", "option {code}", "vpn-instance"),
    Rule("static-bind ip-address {address} <client...>", "ip-pool", change="undo-first"),
    Rule("discriminator {side} <id>", "bfd-session", order=10),
    Rule("commit", "bfd-session", order=90),
    *held("bfd-session", "min-tx-interval", "min-rx-interval", "detect-multiplier", "wtr"),
    Rule("test-type <type>", "nqa", order=10, stops=("start",)),
    *(
        Rule(f"{what} <value...>", "nqa", stops=("start",))
        for what in ("destination-address", "source-address", "frequency", "interval", "timeout", "probe-count", "fail-percent")
    ),
    Rule("start {when...}", "nqa", order=90),
    Rule(
        "radius-server {kind:aaa} {address:address} <port> [<options...>]", "radius", undo="radius-server {kind} {address} {port}"
    ),
    *held("radius", "radius-server {what:name}", "hwtacacs-server {what:name}"),
    *held("behavior", "remark {what}", "car", "redirect"),
    Rule(CLASSIFIER_IN_POLICY, "traffic-policy", undo="classifier {classifier}", sequence="classifier"),
    Rule("ipv4-family", "vpn", opens="vpn-family", order=10),
    Rule("ipv6-family", "vpn", opens="vpn-family", order=10),
    Rule(  # the targets go with it (the question says so)
        "route-distinguisher <rd>",
        "vpn-family",
        order=10,
        undo="{line}",
        change="undo-first",
        wipes=("vpn-target",),
        disruptive=True,
        undo_disruptive=True,
        undo_asks=CONTINUE,
    ),
    Rule("vpn-target <targets...> {way}", "vpn-family", order=20, undo="{line}", bag=True, words="vpn-target {} {way}"),
    *(Rule("bfd all-interfaces <parameters...>", view, change="undo-first", bare=True) for view in ("ospf", "ospfv3", "isis")),
    Rule("vxlan vni <vni>", "bridge-domain", order=10, undo="{line}", change="undo-first"),
    Rule("evpn", "bridge-domain", opens="vpn-family", order=20),
    Rule("remote-ip <address>", "ldp-peer"),
    Rule("tunnel select-seq <order...>", "tunnel-policy"),
    *held("dfs-group", "source ip", "priority"),
    *held("access-profile", "dot1x timer {what}", "access-domain", "dot1x-access-profile", "mac-access-profile"),
    Rule("hwtacacs-server {kind:aaa} <address> secondary", "radius", undo="{line}"),
    Rule("car packet-type {type} <rate...>", "cpu-defend"),
    *(Rule(f"{kind} {{id:digits}} <acl...>", "cpu-defend") for kind in ("blacklist", "whitelist")),
    *(
        Rule(f"{what} <value...>", "crypto")
        for what in (
            *("encryption-algorithm", "authentication-algorithm", "integrity-algorithm", "authentication-method", "dh", "prf"),
            *("sa duration", "exchange-mode", "pre-shared-key", "ike-proposal", "remote-address", "local-address", "local-id-type"),
            *("esp authentication-algorithm", "esp encryption-algorithm", "ah authentication-algorithm", "encapsulation-mode"),
            *("transform", "security acl", "ike-peer", "proposal", "pfs", "version"),
        )
    ),
    Rule("{what:name} <value...>", "pki"),
    *(
        Rule(f"{family}-family vpn-instance {{name}}", "bgp", opens="bgp-family", order=60, apart=True)
        for family in ("ipv4", "ipv6")
    ),
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
            (
                "peer {peer} group {group}",
                14,
                "",
                {"asks": CONTINUE, "undo_asks": CONTINUE, "disruptive": True, "undo_disruptive": True},
            ),
            (
                "peer {peer} enable",
                20,
                "",
                {
                    "asks": CONTINUE,
                    "undo_asks": CONTINUE,
                    "disruptive": True,
                    "undo_disruptive": True,
                },
            ),
            ("peer {peer} description <text...>", 15, "", {}),
            ("peer {peer} connect-interface <interface...>", 15, "", {}),
            ("peer {peer} bfd {what:name}", 25, "", {}),
            ("peer {peer} bfd <parameters...>", 25, "", {"change": "undo-first", "bare": True}),
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
    *(Rule(f"if-match {what} <values...>", "classifier", change="undo-first") for what in ("dscp", "8021p", "ip-precedence")),
    Rule("ecn weight <value>", "drop-profile"),
    Rule("ecn <limits...>", "drop-profile"),
    Rule("color {color} <limits...>", "drop-profile"),
    Rule("group-member interface {name}", "qos-group", exclusive=True),
    Rule("cpu-defend-policy <policy>", "slot"),
    Rule(  # a new user is there before the old one goes
        "local-user {user} password <value...>",
        "aaa",
        order=10,
        undo="local-user {user}",
        undo_wipes=("local-user {user} ",),
        last_out=True,
    ),
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

INTERFACES = names(
    "GigabitEthernet GE, XGigabitEthernet XGE, Ethernet Eth, MEth, LoopBack Loop, Vlanif, Vbdif, Eth-Trunk, "
    "Ip-Trunk, Tunnel Tun, NULL, Serial, Pos, Nve, Dialer, Virtual-Template VT, Virtual-Ethernet VE, Stack-Port, 10GE, "
    "25GE, 40GE, 50GE, 100GE, 200GE, 400GE"
)
SAME = (
    (r"(ip address \S+ )(\d\d?)( sub)?$", dotted),
    (r"ipv6 address (\S+) (\d+)$", r"ipv6 address \1/\2"),
    (r"ospfv3 (\d+) area (\d+)$", r"ospfv3 \1 area 0.0.0.\2"),
    (r"ospf enable (\d+) area (\d+)$", r"ospf enable \1 area 0.0.0.\2"),
    (r"area (\d{1,3})$", r"area 0.0.0.\1"),
    (r"snmp-agent sys-info version all$", r"snmp-agent sys-info version v1 v2c v3"),
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
    Block(re.compile(r"(?:rsa|dsa|ecc) peer-public-key"), r"^\s*peer-public-key end$"),
    Block(re.compile(r"certificate (?:[a-z-]+ )*[0-9A-F]+$"), r"quit$"),
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
    undo_values=False,
    mac="-",
    interfaces=INTERFACES,
    same=(*SAME, *OWN),
)
