"""IOS's rule table. Sources: IOS command reference, genielibs."""

from __future__ import annotations

import re

from yunwang.network.configuration.rule import Block, Question, Rule
from yunwang.network.configuration.table import Rules
from yunwang.network.spelling import names
from yunwang.network.vendors.cisco_ios.interface import INTERFACE
from yunwang.network.vlans import ALL, VlanSyntax

ROUTES = tuple(
    Rule(f"{family} route {vrf}{to} {via} [<options...>]", order=70, undo="{line}", lifeline="route")
    for family, net in (("ip", "{to:ipv4} {mask:ipv4}"), ("ipv6", "{to}"))
    for vrf in ("vrf {vpn} ", "")
    for to in ("{to:default...}", net)
    for via in (f"{{via:{'ipv4' if family == 'ip' else family}}}", "{port} {via:address}", "{port}")
)
"""One for each destination and next hop: another distance or track replaces it, and the old line's `no` would take the new one."""


def vlans_on(command: str, default: int = 0) -> VlanSyntax:
    """A function that is switched on for VLANs: `command 10,20`, `no command 10`."""
    return VlanSyntax(add=f"{command} {{}}", remove=f"no {command} {{}}", huawei=False, items=20, hidden=default, default=default)


CONFIRM = Question(ask=r"Do you want to continue\? ?\[confirm\]", answer="")
SINGLE = (
    *(
        "snmp-server location",
        "snmp-server contact",
        "snmp-server chassis-id",
        "snmp-server trap-source",
        "snmp-server engineID local",
    ),
    *("ntp source", "ntp master", "clock timezone", "clock summer-time", "ip default-gateway", "ip domain-name", "vtp mode"),
    *("vtp domain", "logging buffered", "logging console", "logging monitor", "logging trap", "logging facility"),
    *("logging source-interface", "logging history", "ip ssh version", "ip ssh time-out", "ip ssh authentication-retries"),
    *("ip ssh source-interface", "ip radius source-interface", "ip tacacs source-interface", "ip tftp source-interface"),
    *("ip ftp source-interface", "spanning-tree mode", "spanning-tree pathcost method", "errdisable recovery interval"),
    *("port-channel load-balance", "system mtu", "mac address-table aging-time", "cdp timer", "cdp holdtime", "lldp timer"),
    *(
        "lldp holdtime",
        "mpls label protocol",
        "mpls ldp router-id",
        "sdm prefer",
        "service timestamps log",
        "service timestamps debug",
    ),
    *("lacp system-priority", "ip http port", "ip http authentication", "bfd slow-timers"),
)
"""Commands at the top of which there is one: a new value replaces the old one, and `no` takes it whatever it is."""

TOP = (
    Rule("hostname <name>", order=1),
    Rule("ipv6 unicast-routing", order=0, undo_disruptive=True),
    Rule("vlan {id:digits}", opens="vlan", order=11, member_of="vlan"),
    Rule(
        "vlan <vlans>",  # a list enters a view, too: "vlan {vlan-id | vlan-range}"
        opens="vlan",
        order=10,
        vlans=VlanSyntax(
            add="vlan {}", remove="no vlan {}", huawei=False, items=20, hidden=1 << 1, default=1 << 1, members_create=True
        ),
    ),
    Rule("vrf definition {name}", opens="vrf", order=15, lifeline="name"),
    Rule("ip vrf {name}", opens="vrf", order=15, lifeline="name"),
    Rule("ip access-list {kind} {name}", opens="acl", order=20, ordered=True, lifeline="filter"),
    Rule("ipv6 access-list {name}", opens="acl6", order=20, ordered=True, lifeline="filter"),
    Rule(
        "ip nat pool {name} <range...>",
        order=21,
        change="undo-first",
        used_by=tuple(f"ip nat inside source {kind} * pool {{name}}" for kind in ("list", "route-map")),
    ),
    *(
        Rule(f"ip nat inside source {kind} {{name}} <to...>", order=42, undo="{line}", change="undo-first")
        for kind in ("list", "route-map")
    ),
    Rule("ip prefix-list {name} seq {seq} <entry...>", order=22, undo="ip prefix-list {name} seq {seq}", change="undo-first"),
    Rule("ipv6 prefix-list {name} seq {seq} <entry...>", order=22, undo="ipv6 prefix-list {name} seq {seq}", change="undo-first"),
    Rule("ip prefix-list {name} description <text...>", order=22),
    Rule("ipv6 prefix-list {name} description <text...>", order=22),
    *(
        Rule(f"ip {kind} {{type}} {{name}} {{entry...}}", order=22, sequence=f"{kind} {{name}}")
        for kind in ("community-list", "extcommunity-list")
    ),
    *(Rule(f"ip {kind} {{entry...}}", order=22) for kind in ("community-list", "extcommunity-list")),
    Rule("ip as-path access-list {name} {entry...}", order=22, sequence="as-path {name}"),
    Rule(
        "class-map <mode:match> {name}",
        opens="class-map",
        order=23,
        change="undo-first",
        undo="class-map {mode} {name}",
        used_by=("class {name}",),
    ),
    Rule("class-map {name...}", opens="class-map", order=23),
    Rule("policy-map {name...}", opens="policy-map", order=24, ordered=True),
    Rule("key chain {name...}", opens="key-chain", order=26),
    Rule("ip sla schedule {id:digits} <when...>", order=27, change="undo-first"),
    Rule(
        "ip sla {id:digits}",
        opens="sla",
        order=26,
        whole=True,
        undo_wipes=("ip sla schedule {id} ", "ip sla reaction-configuration {id} "),
    ),
    Rule("track {id:digits} <what...>", opens="track", order=28, change="undo-first", undo="track {id}"),
    Rule("spanning-tree mst configuration", opens="mst", order=30),
    Rule("spanning-tree mst {instances} priority <priority>", order=31, first_out=True),
    Rule("spanning-tree vlan {vlans} priority <priority>", order=31, first_out=True, cut="list"),
    Rule("spanning-tree vlan <vlans>", order=31, vlans=vlans_on("spanning-tree vlan", ALL)),
    Rule("ip dhcp snooping vlan <vlans>", order=45, vlans=vlans_on("ip dhcp snooping vlan")),
    Rule("ip arp inspection vlan <vlans>", order=45, vlans=vlans_on("ip arp inspection vlan")),
    Rule("ip dhcp snooping", order=46),
    Rule("ip dhcp pool {name...}", opens="dhcp", order=45),
    Rule("ipv6 dhcp pool {name}", opens="dhcp6", order=37),
    Rule("ipv6 nd raguard policy {name}", opens="guard", order=37),
    Rule("ipv6 source-guard policy {name}", opens="guard", order=37),
    Rule("device-tracking policy {name}", opens="guard", order=37),
    *(Rule(f"{start} <value...>", order=34) for start in SINGLE),
    Rule("snmp-server community {name} <rights...>", order=34, undo="snmp-server community {name}"),
    Rule("snmp-server group {name} {model} <level...>", order=33, undo="{line}"),
    Rule("snmp-server view {name} {tree} <how>", order=32),
    Rule("snmp-server user {user} {group} {version} <keys...>", order=34, undo="snmp-server user {user} {group} {version}"),
    Rule("ntp authentication-key {id} <key...>", order=33, undo="ntp authentication-key {id}"),
    Rule("ntp server vrf {vpn} {server} [<options...>]", order=34, undo="ntp server vrf {vpn} {server}"),
    Rule("ntp server {server} [<options...>]", order=34, undo="ntp server {server}"),
    Rule("radius server {name}", opens="aaa-server", order=31),
    Rule("tacacs server {name}", opens="aaa-server", order=31),
    Rule("aaa new-model", order=30, lifeline="login"),
    Rule("aaa group server {kind} {name}", opens="aaa-group", order=32, ordered=True, lifeline="login"),
    Rule("aaa {what} {service} {level:digits} {list} <methods...>", order=34, lifeline="login"),
    Rule("aaa {what:aaa} {service} {list} <methods...>", opens="aaa-methods", order=34, lifeline="login"),
    Rule("route-map {name} <mode> {seq:digits}", opens="route-map", order=25, undo="route-map {name} {mode} {seq}"),
    *(
        Rule(pattern, opens=opens, order=30, undo_disruptive=True)
        for pattern, opens in (
            ("router ospf {process} [<options...>]", "ospf"),
            ("router ospfv3 {process}", "ospfv3"),
            ("router isis", "isis"),
            ("router isis {tag}", "isis"),
            ("router eigrp {process}", "eigrp"),
            ("ipv6 router ospf {process}", "ospfv3"),
        )
    ),
    Rule("crypto isakmp policy {priority:digits}", opens="isakmp", order=30),
    Rule("crypto ipsec transform-set {name} <transforms...>", opens="transform-set", order=31),
    Rule("crypto map {name} {seq:digits} [<kind...>]", opens="crypto-map", order=33),
    Rule("crypto pki trustpoint {name}", opens="trustpoint", order=31),
    Rule("interface {name:logical...}", opens="interface", order=38),
    Rule("interface {name...}", opens="interface", order=40, permanent=True),
    Rule("router bgp <as>", opens="bgp", order=60, change="undo-first", undo="router bgp {as}", undo_disruptive=True),
    *ROUTES,
    Rule("access-list {entry...}", order=20, lifeline="filter"),
    Rule("aaa {what...}", order=34, lifeline="login"),
    Rule("enable secret <secret...>", order=34, lifeline="login"),
    Rule("enable password <secret...>", order=34, lifeline="login"),
    Rule("ip ssh {what...}", order=74, lifeline="login"),
    Rule("line {lines...}", opens="line", order=75, permanent=True, cut="range", lifeline="login"),
    Rule(
        "ip source binding <mac> vlan {vlan:digits} {address} interface <interface...>",
        order=39,  # before the port that checks them
        undo="{line}",
        change="undo-first",
        independent=True,
    ),
    Rule(
        "ipv6 neighbor binding vlan {vlan:digits} {address} interface <interface> <mac>",
        order=39,  # before the port that checks them
        undo="{line}",
        change="undo-first",
        independent=True,
    ),
    Rule(
        "device-tracking binding vlan {vlan:digits} {address} interface <interface> <mac>",
        order=39,  # before the port that checks them
        undo="{line}",
        change="undo-first",
        independent=True,
    ),
    Rule("banner {kind} <text...>", order=76, undo="banner {kind}"),
    *(
        Rule(f"username {{name}} {what} <value...>", order=36, lifeline="login")
        for what in ("autocommand", "access-class", "view", "user-maxlinks")
    ),
    Rule("username {name} <rest...>", order=35, undo="username {name}", undo_asks=CONFIRM, lifeline="login"),
    Rule("ip domain name <name>", order=40),
)

OF_A_PEER = (
    *("password", "ebgp-multihop", "timers", "weight", "maximum-prefix", "allowas-in", "local-as", "advertisement-interval"),
    *("inherit peer-policy", "inherit peer-session", "version", "fall-over", "ttl-security hops", "transport connection-mode"),
)
"""What a peer has one of."""
OF_A_PROCESS = ("auto-cost reference-bandwidth", "default-metric", "maximum-paths", "is-type", "metric-style")
"""What a routing process has one of."""

INSIDE = (
    Rule("description <text...>", "*", order=45, independent=True),
    Rule("name <text...>", "vlan", order=45),
    Rule("{seq:digits} <entry...>", "acl", change="undo-first"),
    Rule("sequence {seq:digits} <entry...>", "acl6", change="undo-first"),
    Rule("{seq:digits} <entry...>", "acl6", change="undo-first"),
    Rule("rd <rd>", "vrf", order=10, undo="{line}", change="undo-first", disruptive=True, undo_disruptive=True),
    *(
        Rule(f"address-family {family} vrf {{vrf}}", "bgp", opens="family", order=60, apart=True)
        for family in ("{family}", "{family} {cast}")
    ),
    Rule("address-family {family...}", "*", opens="family", order=60),
    Rule("router-id <id>", "*", order=10),
    *(
        rule
        for view in ("bgp", "family")
        for rule in (
            Rule("neighbor {peer} peer-group", view, order=10, last_out=True, undo_wipes=("neighbor {peer} ",)),
            Rule(
                "neighbor {peer} remote-as <as>",
                view,
                order=12,
                undo_disruptive=True,
                last_out=True,
                undo_wipes=("neighbor {peer} ",),
            ),
            Rule("neighbor {peer} peer-group <group>", view, order=14, undo="{line}"),
            Rule("neighbor {peer} activate", view, order=20, disruptive=True, undo_disruptive=True),
            Rule("neighbor {peer} description <text...>", view, order=15),
            Rule("neighbor {peer} update-source <interface...>", view, order=15),
            *(
                Rule(f"neighbor {{peer}} {what} <name> {{direction}}", view, order=30, undo="{line}")
                for what in ("route-map", "prefix-list", "filter-list", "distribute-list")
            ),
            Rule("neighbor {peer} send-community [<which>]", view, order=25, undo="{line}", change="undo-first"),
            *(Rule(f"neighbor {{peer}} {what} <value...>", view, order=25) for what in OF_A_PEER),
            Rule("bgp router-id <id>", view, order=5, disruptive=True),
            Rule("bgp cluster-id <id>", view, order=5),
            Rule("bgp default ipv4-unicast", view, order=5),  # before the peers: each new one would be active
            Rule("network {net:ipv4} mask {mask} [<options...>]", view, order=40, undo="network {net} mask {mask}"),
            Rule("network {net} route-map <name>", view, order=40, undo="{line}"),
            Rule("aggregate-address {net:ipv4} {mask:ipv4} [<options...>]", view, order=41, undo="aggregate-address {net} {mask}"),
            Rule("maximum-paths ibgp <paths>", view, order=40),
            Rule("timers bgp <times...>", view, order=6),
        )
    ),
    Rule("redistribute {source:name} {process:digits} [<options...>]", "*", order=42, change="undo-first"),
    Rule("redistribute {source:name} [<options...>]", "*", order=42, change="undo-first"),  # `no … subnets` takes the option only
    Rule("default-information originate [<options...>]", "*", order=43, change="undo-first"),
    Rule("passive-interface default", "*", order=20, undo_wipes=("passive-interface ",)),  # and what it is not for
    Rule("passive-interface {interface...}", "*", order=30),
    Rule("net {net}", "isis", order=8, disruptive=True, undo_disruptive=True),  # another system ID is refused beside the first
    Rule("log-adjacency-changes [<detail>]", "*"),
    Rule("network {net:ipv4} {wildcard:ipv4} area <area>", "ospf", order=40, undo="{line}", change="undo-first"),
    *(Rule(f"{start} <value...>", "*", order=35) for start in OF_A_PROCESS),
    *(
        Rule(f"{match} <names...>", "route-map", order=10, undo="{line}", bag=True, words=f"{match} {{}}")
        for match in ("match ip address prefix-list", "match ipv6 address prefix-list", "match as-path", "match tag")
    ),
    Rule("set {family:family} {what...}", "route-map", order=20),
    Rule("set community <communities...>", "route-map", order=20, undo="{line}", change="undo-first"),
    Rule("set as-path <path...>", "route-map", order=20, undo="{line}", change="undo-first"),
    Rule("set extcommunity {kind} <value...>", "route-map", order=20, undo="{line}", change="undo-first"),
    Rule("set {what:name} <value...>", "route-map", order=20, undo="{line}"),
    Rule("class class-default", "policy-map", opens="class", order=51),  # the last whatever is typed
    Rule("class {name}", "policy-map", opens="class", sequence="class"),
    *(Rule(f"{start} <value...>", "class") for start in ("bandwidth", "police", "queue-limit", "shape average", "priority")),
    Rule("set {what:name} <value...>", "class", undo="{line}"),
    Rule("service-policy <name>", "class", undo="{line}", change="undo-first"),
    Rule(
        "instance {id} vlan <vlans...>",
        "mst",
        order=20,
        vlans=VlanSyntax(add="instance {id} vlan {}", remove="no instance {id} vlan {}", clear="no instance {id}", huawei=False),
    ),
    *(Rule(f"{start} <value...>", "mst", order=10) for start in ("name", "revision")),
    *(Rule(f"{what} <value...>", "isakmp") for what in ("encr", "encryption", "hash", "authentication", "group", "lifetime")),
    *(Rule(f"{what} <value...>", "crypto-map") for what in ("set transform-set", "set pfs", "match address")),
    *(Rule(f"{what} <value...>", "trustpoint") for what in ("revocation-check", "subject-name", "rsakeypair")),
    *(Rule(f"{start} <value...>", "dhcp") for start in ("default-router", "dns-server", "domain-name", "lease", "network")),
    Rule("option {code} <value...>", "dhcp"),
    Rule("domain-name <name>", "dhcp6"),
    Rule("key {id:digits}", "key-chain", opens="key"),
    Rule("{what:name} <value...>", "key"),
    Rule("delay <times...>", "track"),
    Rule("address {family} <address...>", "aaa-server"),
    *(Rule(f"{start} <value...>", "aaa-server") for start in ("key", "timeout", "retransmit", "port")),
    Rule("priority <priority>", "vrrp"),
    Rule("address <address> primary", "vrrp", order=10),
    Rule("transport {way} <protocols...>", "line", bag=True),
    Rule("privilege level <level>", "line"),
    Rule("history size <lines>", "line"),
    Rule("logging {what}", "line"),
    Rule("authorization {what} <list...>", "line"),
    Rule("authorization commands {level:digits} <list...>", "line"),
    Rule("accounting {what} <list...>", "line"),
    Rule("access-class <name> {direction...}", "line", undo="{line}", lifeline="filter"),
    Rule("ipv6 access-class <name> {direction...}", "line", undo="{line}", lifeline="filter"),
    Rule("{what:name} <value...>", "line"),
)

INTERFACES = names(
    "GigabitEthernet Gi, TenGigabitEthernet Te, FastEthernet Fa, Ethernet Et, TwoGigabitEthernet Tw, FiveGigabitEthernet Fi,"
    "TwentyFiveGigE Twe, FortyGigabitEthernet Fo, HundredGigE Hu, AppGigabitEthernet Ap, Port-channel Po, Vlan Vl, Loopback Lo,"
    "Tunnel Tu, Serial Se, Multilink Mu, Dialer Di, Virtual-Template Vt, Null Nu, BVI BV, BDI BD, nve nv"
)
SAME = (
    (
        r"banner (\w+) \^C(?s:(.*))\^C$",
        r"banner \1 ^\2^",
    ),  # shown as ^C for one control character; typed, two letters would be one too many
    (r"ospfv3 (\d+) ipv6 area 0\.0\.0\.(\d+)$", r"ospfv3 \1 ipv6 area \2"),
    (r"ip ospf (\d+) area 0\.0\.0\.(\d+)$", r"ip ospf \1 area \2"),
    (r"ipv6 ospf (\d+) area 0\.0\.0\.(\d+)$", r"ipv6 ospf \1 area \2"),
)
NOISE = re.compile(
    r"^(?:Building configuration|Current configuration|version \d|Using \d+|\S+#\s*show |\s*-+ ?More ?-+"
    r"|\*?\w{3} +\d+ (?:\d{4} )?\d\d:\d\d:\d\d\S*.*: ?%\w+-\d-)"
)
BLOCKS = (
    Block(re.compile(r"banner \w+ (\^C|.)"), r"{0}"),
    Block(re.compile(r"certificate (?:[a-z-]+ )*[0-9A-F]+$"), r"quit$"),
)
TEXTS = ("description ", "name ", "remark ", "no description ", "banner ", "snmp-server location ", "snmp-server contact ")

GATHERED = (
    (re.compile(r"access-list (\d\d?|1[3-9]\d\d) (.+)"), r"ip access-list standard \1"),
    (re.compile(r"access-list (1\d\d|2[0-6]\d\d) (.+)"), r"ip access-list extended \1"),
)
"""One list in two spellings; `no access-list 10 …` would take the whole list, the view takes entries."""

RULES = Rules(
    rules=(*TOP, *INTERFACE, *INSIDE),
    negation="no",
    separator="!",
    leave="exit",
    ends=frozenset({"end"}),
    skips=frozenset({"exit", "exit-address-family", "exit-vrf", "exit-peer-policy", "exit-peer-session", "exit-vrrp"}),
    noise=NOISE,
    blocks=BLOCKS,
    texts=TEXTS,
    mac=".",
    interfaces=INTERFACES,
    same=SAME,
    gathered=GATHERED,
)
