"""RGOS's rule table. Sources: RG-S6000E configuration guide 11.4, RG-S2900G-E guide 10.4; IOS's rows where RGOS is alike."""

from __future__ import annotations

import re

from yunwang.network.rule import Rule, Rules
from yunwang.network.vendors.cisco_ios.rules import BLOCKS, INSIDE, INTERFACE, TEXTS, TOP
from yunwang.network.vlans import ALL, VlanSyntax

OWN_TOP = (
    Rule(
        "vlan range <vlans...>",
        order=10,
        vlans=VlanSyntax(add="vlan range {}", remove="no vlan range {}", huawei=False, hidden=1 << 1, default=1 << 1),
    ),
    Rule("vlan {id:digits}", opens="vlan", order=11),
    Rule("address-bind ipv6-mode <mode>", order=79),
    Rule("address-bind uplink {interface...}", order=81),
    Rule("address-bind install", order=90, disruptive=True),
    Rule("address-bind {address} <mac>", order=80, undo="address-bind {address}", change="undo-first"),
    Rule("arp {address} <mac> <type>", order=80, undo="arp {address}"),
)
OWN_INTERFACE = (
    Rule("switchport mode <mode>", "interface", order=10, absent="access", lifeline="link"),
    Rule(
        "switchport trunk allowed vlan only <vlans...>",
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
    Rule("port-group <trunk> [mode <mode>]", "interface", order=60, undo="port-group", lifeline="link"),
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
    interfaces=(
        ("GigabitEthernet", "GigabitEthernet"),
        ("Gi", "GigabitEthernet"),
        ("TenGigabitEthernet", "TenGigabitEthernet"),
        ("Te", "TenGigabitEthernet"),
        ("VLAN", "VLAN"),
        ("Vl", "VLAN"),
        ("Loopback", "Loopback"),
        ("AggregatePort", "AggregatePort"),
    ),
    same=((r"ipv6 ospf (\d+) area 0\.0\.0\.(\d+)$", r"ipv6 ospf \1 area \2"),),
)
