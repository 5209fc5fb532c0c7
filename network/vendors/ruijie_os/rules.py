"""RGOS's rule table. Sources: RG-S6000E configuration guide 11.4, RG-S2900G-E guide 10.4; IOS's rows where RGOS is alike."""

from __future__ import annotations

import re

from yunwang.network.configuration.rule import Rule
from yunwang.network.configuration.table import Rules
from yunwang.network.spelling import names
from yunwang.network.vendors.cisco_ios.interface import INTERFACE
from yunwang.network.vendors.cisco_ios.rules import BLOCKS, GATHERED, INSIDE, SAME, TEXTS, TOP
from yunwang.network.vlans import ALL, VlanSyntax, read


def _all_but(match: re.Match[str]) -> str:
    listed = VlanSyntax(add="", remove="", huawei=False, items=4094).lists(ALL & ~read(match[1]))
    return f"switchport trunk allowed vlan only {next(listed)}"


OWN_TOP = (
    Rule(
        "vlan range <vlans>",
        opens="vlan",
        order=10,
        vlans=VlanSyntax(
            add="vlan range {}",
            remove="no vlan range {}",
            add_one="vlan {}",
            remove_one="no vlan {}",
            huawei=False,
            items=20,
            hidden=1 << 1,
            default=1 << 1,
            members_create=True,
        ),
    ),
    Rule("vlan {id:digits}", opens="vlan", order=11, member_of="vlan range"),
    Rule("snmp-server community 7 {name} <rights...>", order=34, undo="snmp-server community 7 {name}"),
    Rule("logging server {server} [<options...>]", order=34, undo="logging server {server}"),
    Rule("radius-server key <key...>", order=31),
    Rule(
        "username {name} password <secret...>", order=35, undo="username {name}", undo_wipes=("username {name} ",), lifeline="login"
    ),
    Rule("username {name} privilege <level>", order=36, lifeline="login"),
    Rule("{family:layer} access-list {kind} {name}", opens="acl", order=20, ordered=True, lifeline="filter"),
    *(
        Rule(
            f"{family} route {vrf}{to} {{port:name}} {{number:number}} {{via:address}} [<options...>]",
            order=70,
            undo="{line}",
            lifeline="route",
        )
        for family, net in (("ip", "{to:ipv4} {mask:ipv4}"), ("ipv6", "{to}"))
        for vrf in ("vrf {vpn} ", "")
        for to in ("{to:default...}", net)
    ),
    Rule("enable service {server}", order=74, lifeline="login"),
    Rule("address-bind ipv6-mode <mode>", order=79),
    Rule("address-bind uplink {interface...}", order=81),
    Rule("address-bind install", order=90, disruptive=True),
    Rule("address-bind {address} <mac>", order=80, undo="address-bind {address}", change="undo-first", independent=True),
    Rule("arp {address} <mac> <type>", order=80, undo="arp {address}"),
)
OWN_INTERFACE = (
    Rule("switchport mode <mode>", "interface", order=10, absent="access", lifeline="link"),
    Rule(
        "switchport trunk allowed vlan only <vlans>",
        "interface",
        order=20,
        vlans=VlanSyntax(
            add="switchport trunk allowed vlan add {}",
            remove="switchport trunk allowed vlan remove {}",
            first="switchport trunk allowed vlan only {}",
            clear="no switchport trunk allowed vlan",
            huawei=False,
            items=20,
            default=ALL,
        ),
    ),
    Rule("switchport trunk allowed vlan <which>", "interface", order=20, absent="all"),
    Rule("port-group <trunk> [mode <mode>]", "interface", order=60, undo="port-group", change="undo-first", lifeline="link"),
    Rule("storm-control {kind} {unit} <rate>", "interface", undo="storm-control {kind}"),
    Rule("vrrp ipv6 {group:digits} {what:name} <value...>", "interface", order=38, undo="vrrp ipv6 {group} {what}"),
    Rule("medium-type <type>", "interface", order=24),
    Rule("gateway <address>", "interface", order=18, lifeline="link"),  # of the management port
    Rule("ipv6 nd suppress-ra", "interface", order=90, absent=""),
)

RULES = Rules(
    rules=(*OWN_TOP, *(row for row in TOP if not row.pattern.startswith("vlan ")), *OWN_INTERFACE, *INTERFACE, *INSIDE),
    negation="no",
    separator="!",
    leave="exit",
    ends=frozenset({"end"}),
    skips=frozenset({"exit", "exit-address-family"}),
    noise=re.compile(
        r"^(?:Building configuration|Current configuration|version \S+|\S+#\s*show |\s*-+ ?More ?-+"
        r"|\*\w{3} +\d+ \d\d:\d\d:\d\d.*%\w+-\d-)"
    ),
    blocks=BLOCKS,
    texts=TEXTS,
    mac=".",
    interfaces=names(
        "GigabitEthernet Gi, TenGigabitEthernet Te, FastEthernet Fa, TFGigabitEthernet TF, FortyGigabitEthernet Fo,"
        "HundredGigabitEthernet Hu, AggregatePort Ag, VLAN Vl, Loopback Lo, Tunnel Tu, OverlayRouter Ov, Mgmt Mg, Null Nu"
    ),
    gathered=GATHERED,
    same=(
        *SAME,
        (r"switchport trunk allowed vlan (?:add )?(?=\d)", "switchport trunk allowed vlan only "),
        (r"switchport trunk allowed vlan (?:remove|except) ([\d,-]+)$", _all_but),  # RGOS 10.4 shows what is left out
    ),
)
