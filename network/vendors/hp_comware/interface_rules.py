"""What stands in an interface of a Comware device, as rows of its rule table. Never the interface itself; see rules.py."""

from __future__ import annotations

from yunwang.network.configuration.rule import IPV6_ADDRESSES, Rule, held
from yunwang.network.vendors.huawei_vrp.igp_rules import ON_INTERFACE
from yunwang.network.vendors.huawei_vrp.interface_rules import DIALLED
from yunwang.network.vlans import VlanSyntax

ADDRESSES = ("ip address", "ipv6", "undo ipv6 nd", "ospf", "isis", "vrrp")
"""What `ip binding vpn-instance` wipes: "Some configurations on the interface are removed."."""
LINK_MODE = (
    *(
        "ip ",
        "ipv6 ",
        "undo ip",
        "port access",
        "port trunk",
        "port hybrid",
        "undo port",
        "port link-type",
        "port link-agg",
        "ospf",
    ),
    *("isis", "vrrp", "mpls", "mtu", "packet-filter", "qos", "stp", "undo stp", "lldp", "undo lldp", "dhcp", "arp", "description"),
    *("speed", "duplex", "port-", "loopback-", "storm-", "broadcast-", "multicast-", "unicast-", "mac-", "jumboframe", "flow-"),
)
"""What changing a port between bridge and route sets back to its default: all but `shutdown` and `combo enable`."""

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
    Rule("port link-type <type>", "interface", order=10, absent="access", change="undo-first", lifeline="link"),
    Rule("port access vlan <vlan>", "interface", order=20, absent="1", lifeline="link"),
    Rule("port link-aggregation group <trunk>", "interface", order=60, lifeline="link"),
    Rule("port trunk pvid vlan <vlan>", "interface", order=20, absent="1", undo="port trunk pvid", lifeline="link"),
    Rule("port hybrid pvid vlan <vlan>", "interface", order=21, absent="1", undo="port hybrid pvid", lifeline="link"),
    Rule(
        "port hybrid vlan <vlans...> tagged",
        "interface",
        order=20,
        vlans=VlanSyntax(add="port hybrid vlan {} tagged", remove="undo port hybrid vlan {}"),
    ),
    Rule(
        "port hybrid vlan <vlans...>",
        "interface",
        order=20,
        vlans=VlanSyntax(add="port hybrid vlan {} untagged", remove="undo port hybrid vlan {}", default=1 << 1),
    ),
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
    *IPV6_ADDRESSES,
    Rule("ipv6 mtu <mtu>", "interface", order=25),
    Rule("mtu <mtu>", "interface", order=25),
    Rule("ip address unnumbered <interface...>", "interface", order=15, undo="ip address unnumbered", lifeline="address"),
    Rule("ospf {process:digits} area <area>", "interface", order=30, undo="ospf {process} area {area}", lifeline="link"),
    Rule("ospf authentication-mode {kind} {key:digits} <key_text...>", "interface", order=31),
    Rule("ospf authentication-mode {kind:name} <key_text...>", "interface", order=31),
    *ON_INTERFACE,
    Rule("ipv6 dhcp select <role>", "interface", order=34),
    Rule("ipv6 dhcp relay server-address {address...}", "interface", order=35, independent=True),
    Rule("ipv6 nd ra prefix {prefix} <lifetimes...>", "interface", order=40),
    *held("interface", "ipv6 nd ra interval", "ipv6 nd ra router-lifetime", "ipv6 nd router-preference", order=41),
    Rule("ipv6 nd ra halt", "interface", order=90, absent=""),
    *(
        Rule(f"vrrp {ipv6}vrid {{id}} {rest}", "interface", order=order, last_out=rest.startswith("virtual-ip"))
        for ipv6 in ("ipv6 ", "")
        for rest, order in (
            ("virtual-ip {address} link-local", 28),
            ("virtual-ip {address}", 29),
            ("track {track} <action...>", 31),
            ("preempt-mode delay <delay>", 30),
            ("timer advertise <interval>", 30),
            ("{what:name} <value...>", 30),
        )
    ),
    Rule("qos apply policy <policy> {direction}", "interface", order=50, undo="{line}", change="undo-first"),
    Rule("mpls enable", "interface", order=34),
    Rule("mpls {what...}", "interface", order=35),
    Rule(
        "link-aggregation mode <mode>",
        "interface",
        order=32,
        used_by=("port link-aggregation group {number}",),  # members leave before the mode changes
        lifeline="link",
        disruptive=True,
        undo_disruptive=True,
    ),
    Rule(
        "nat server protocol {protocol} global {global...} inside <inside...>",
        "interface",
        undo="nat server protocol {protocol} global {global}",
        change="undo-first",
    ),
    Rule("nat outbound {acl:digits} [<how...>]", "interface", undo="nat outbound {acl}", change="undo-first"),
    Rule("vlan-type dot1q vid <vid...>", "interface", order=4, undo="{line}", change="undo-first", exclusive=True, lifeline="link"),
    Rule("storm-constrain enable {what}", "interface"),
    *held(
        "interface",
        *("link-aggregation {what:name}", "link-aggregation selected-port {what}", "link-aggregation load-sharing mode"),
        *("lacp period", "speed", "duplex", "bandwidth", "jumboframe enable", "ip mtu", "tcp mss"),
        *("broadcast-suppression", "multicast-suppression", "unicast-suppression", "storm-constrain {what:name}"),
        *("stp cost", "stp port priority", "stp instance {id} cost", "stp instance {id} port priority", "stp point-to-point"),
        *("lldp admin-status", "lldp compliance admin-status cdp", "lldp notification remote-change"),
        *("port-security {what:name}", "mac-address max-mac-count", "loopback-detection action", "arp max-learning-num"),
        *("dhcp select", "dhcp server apply ip-pool", "dhcp relay information {what}", "dhcp snooping max-learning-num"),
        *("ipv6 dhcp server apply pool", "ip policy-based-route", "ipv6 policy-based-route", "source", "destination", "keepalive"),
        *("ipv6 nd raguard role", "ipsec apply policy", "mac-address", "qos lr {direction}", "qos priority", "qos trust"),
        *("qos gts {what}", "dot1x mandatory-domain", "mac-authentication domain", *DIALLED),
        order=33,
    ),
    Rule("packet-filter {acl...}", "interface", order=50, lifeline="filter"),
    Rule(
        "ip source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        "interface",
        order=60,
        undo="{line}",
        change="undo-first",
        exclusive=True,
        independent=True,
    ),
    Rule(
        "ipv6 source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        "interface",
        order=61,
        undo="{line}",
        change="undo-first",
        exclusive=True,
        independent=True,
    ),
    Rule("ip verify source <fields...>", "interface", order=80, undo="ip verify source", disruptive=True),
    Rule("ipv6 verify source <fields...>", "interface", order=80, undo="ipv6 verify source", disruptive=True),
)
