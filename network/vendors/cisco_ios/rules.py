"""IOS's rule table. Sources: IOS command reference, genielibs."""

from __future__ import annotations

import re

from yunwang.network.rule import Block, Rule, Rules
from yunwang.network.vlans import ALL, VlanSyntax

ADDRESSES = ("ip address", "ipv6 address", "ipv6 enable")
"""What `vrf forwarding` wipes off an interface."""
ROUTING = ("ospfv3", "ipv6 ospf")
"""What it wipes on some releases."""

ROUTES = tuple(
    Rule(f"{family} route {rest}", order=70, lifeline="route" if "{to" in rest else "")
    for family in ("ip", "ipv6")
    for rest in ("{to:default...} {via...}", "vrf {vpn} {to:default...} {via...}", "{route...}")
)

TOP = (
    Rule("hostname <name>", order=1),
    Rule("ipv6 unicast-routing", order=0, undo_disruptive=True),
    Rule("vlan {id:digits}", opens="vlan", order=11, member_of="vlan"),
    Rule(
        "vlan <vlans...>",
        order=10,
        vlans=VlanSyntax(
            add="vlan {}", remove="no vlan {}", huawei=False, items=0, hidden=1 << 1, default=1 << 1, members_create=True
        ),
    ),
    Rule("vrf definition {name}", opens="vrf", order=15, lifeline="name"),
    Rule("ip access-list {kind} {name}", opens="acl", order=20, ordered=True, lifeline="filter"),
    Rule("ipv6 access-list {name}", opens="acl6", order=20, ordered=True, lifeline="filter"),
    Rule("ip prefix-list {name} seq {seq} <entry...>", order=22, undo="ip prefix-list {name} seq {seq}", change="undo-first"),
    Rule("ipv6 prefix-list {name} seq {seq} <entry...>", order=22, undo="ipv6 prefix-list {name} seq {seq}", change="undo-first"),
    Rule("class-map {name...}", opens="class-map", order=23),
    Rule("policy-map {name...}", opens="policy-map", order=24, ordered=True),
    Rule("route-map {name} <mode> {seq:digits}", opens="route-map", order=25, undo="route-map {name} {mode} {seq}"),
    Rule("router ospf {process} [<options...>]", opens="ospf", order=30),
    Rule("router ospfv3 {process}", opens="ospfv3", order=30),
    Rule("router isis", opens="isis", order=30),
    Rule("router isis {tag}", opens="isis", order=30),
    Rule("ipv6 router ospf {process}", opens="ospfv3", order=30),
    Rule("interface {name:logical...}", opens="interface", order=38),
    Rule("interface {name...}", opens="interface", order=40, permanent=True),
    Rule("router bgp <as>", opens="bgp", order=60, change="undo-first", undo="router bgp {as}", undo_disruptive=True),
    *ROUTES,
    Rule("access-list {entry...}", order=20, lifeline="filter"),
    Rule("aaa {what...}", order=34, lifeline="login"),
    Rule("enable secret <secret...>", order=34, lifeline="login"),
    Rule("ip ssh {what...}", order=74, lifeline="login"),
    Rule("line {lines...}", opens="line", order=75, permanent=True, lifeline="login"),
    Rule(
        "ip source binding <mac> vlan {vlan:digits} {address} interface <interface...>",
        order=80,
        undo="{line}",
        change="undo-first",
    ),
    Rule(
        "ipv6 neighbor binding vlan {vlan:digits} {address} interface <interface> <mac>",
        order=80,
        undo="{line}",
        change="undo-first",
    ),
    Rule(
        "device-tracking binding vlan {vlan:digits} {address} interface <interface> <mac>",
        order=80,
        undo="{line}",
        change="undo-first",
    ),
    Rule("banner {kind} <text...>", order=76, undo="banner {kind}"),
    Rule("username {name} <rest...>", order=35, undo="username {name}", lifeline="login"),
    Rule("ip domain name <name>", order=40),
)

INTERFACE = (
    Rule("switchport", "interface", order=0, last_out=True, lifeline="link"),
    Rule(
        "vrf forwarding {name}",
        "interface",
        order=5,
        wipes=ADDRESSES,
        may_wipe=ROUTING,
        disruptive=True,
        undo_disruptive=True,
        lifeline="name",
    ),
    Rule("channel-group <trunk> mode <mode>", "interface", order=60, undo="channel-group", lifeline="link"),
    Rule("switchport mode <mode>", "interface", order=10, lifeline="link"),
    Rule("switchport access vlan <vlan>", "interface", order=20, absent="1", lifeline="link"),
    Rule("switchport trunk encapsulation <kind>", "interface", order=9),
    Rule("switchport trunk native vlan <vlan>", "interface", order=21, absent="1", lifeline="link"),
    Rule(
        "switchport trunk allowed vlan [add] <vlans...>",
        "interface",
        order=20,
        vlans=VlanSyntax(
            add="switchport trunk allowed vlan add {}",
            remove="switchport trunk allowed vlan remove {}",
            first="switchport trunk allowed vlan {}",
            clear="no switchport trunk allowed vlan",
            huawei=False,
            items=20,
            default=ALL,
        ),
    ),
    Rule("shutdown", "interface", order=70, absent="undo", disruptive=True, lifeline="link"),
    Rule("ip address {address:ipv4} {mask:ipv4} secondary", "interface", order=16, exclusive=True),
    Rule("ip address <address> <mask>", "interface", order=15, absent="undo", exclusive=True, lifeline="address"),
    Rule("ipv6 enable", "interface", order=10, last_out=True, lifeline="link"),
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
    Rule("ip ospf {process:digits} area <area>", "interface", order=30, undo="ip ospf {process} area {area}"),
    Rule("ip ospf {what:name} <value...>", "interface", order=31),
    Rule("ospfv3 {process:digits} ipv6 area <area>", "interface", order=30, undo="ospfv3 {process} ipv6 area {area}"),
    Rule("ipv6 ospf {process:digits} area <area>", "interface", order=30, undo="ipv6 ospf {process} area {area}"),
    Rule("ipv6 dhcp relay destination {address...}", "interface", order=35),
    Rule("ipv6 nd prefix {prefix} <lifetimes...>", "interface", order=40),
    Rule("ipv6 nd ra suppress [<all>]", "interface", order=90, absent="undo"),
    Rule("ip access-group <name> {direction}", "interface", order=50, undo="ip access-group {name} {direction}", lifeline="filter"),
    Rule(
        "ipv6 traffic-filter <name> {direction}",
        "interface",
        order=50,
        undo="ipv6 traffic-filter {name} {direction}",
        lifeline="filter",
    ),
    Rule("ip verify source [<options...>]", "interface", order=80, disruptive=True),
)

INSIDE = (
    Rule("description <text...>", "*", order=45),
    Rule("name <text...>", "vlan", order=45),
    Rule("{seq:digits} <entry...>", "acl", change="undo-first"),
    Rule("sequence {seq:digits} <entry...>", "acl6", change="undo-first"),
    Rule("{seq:digits} <entry...>", "acl6", change="undo-first"),
    Rule("rd <rd>", "vrf", order=10),
    Rule("address-family {family...}", "*", opens="family", order=60),
    Rule("router-id <id>", "*", order=10),
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
            Rule("bgp router-id <id>", view, order=5),
        )
    ),
    Rule("set {what:name} <value...>", "route-map", order=20),
    Rule("class {name}", "policy-map", opens="class"),
    Rule("transport input <protocols...>", "line", bag=True),
    Rule("access-class <name> {direction...}", "line", undo="{line}", lifeline="filter"),
    Rule("ipv6 access-class <name> {direction...}", "line", undo="{line}", lifeline="filter"),
    Rule("{what:name} <value...>", "line"),
)

INTERFACES = (
    ("Gi", "GigabitEthernet"),
    ("GigabitEthernet", "GigabitEthernet"),
    ("Te", "TenGigabitEthernet"),
    ("TenGigabitEthernet", "TenGigabitEthernet"),
    ("Fa", "FastEthernet"),
    ("FastEthernet", "FastEthernet"),
    ("Et", "Ethernet"),
    ("Ethernet", "Ethernet"),
    ("Po", "Port-channel"),
    ("Port-channel", "Port-channel"),
    ("Vl", "Vlan"),
    ("Vlan", "Vlan"),
    ("Lo", "Loopback"),
    ("Loopback", "Loopback"),
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
    Block(re.compile(r"certificate .*$"), r"quit$"),
)
TEXTS = ("description ", "name ", "remark ", "no description ", "banner ")

RULES = Rules(
    rules=(*TOP, *INTERFACE, *INSIDE),
    negation="no",
    separator="!",
    leave="exit",
    ends=frozenset({"end"}),
    skips=frozenset({"exit", "exit-address-family", "exit-vrf", "exit-peer-policy", "exit-peer-session"}),
    noise=NOISE,
    blocks=BLOCKS,
    texts=TEXTS,
    mac=".",
    interfaces=INTERFACES,
    same=SAME,
)
