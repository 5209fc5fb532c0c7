"""What stands in an interface of a VRP device, as rows of its rule table. Never the interface itself; see rules.py."""

from __future__ import annotations

from yunwang.network.configuration.rule import IPV6_ADDRESSES, Rule, held
from yunwang.network.vendors.huawei_vrp.igp_rules import ON_INTERFACE
from yunwang.network.vlans import VlanSyntax

ADDRESSES = ("ip address", "ipv6", "ospfv3", "dhcpv6 relay", "isis ipv6")
"""What `ip binding vpn-instance` wipes off an interface. The OSPFv2, mpls and arp lines stay."""

DIALLED = ("ppp chap user", "ppp chap password", "ppp pap local-user", "dialer user", "dialer bundle", "dialer timer {what}")
"""What a dialled line has one of; Comware's words, too."""

INTERFACE = (
    Rule("portswitch", "interface", order=0, last_out=True, lifeline="link"),
    Rule("eth-trunk <trunk>", "interface", order=60, change="undo-first", lifeline="link"),
    Rule("shutdown", "interface", order=70, absent="undo", disruptive=True, lifeline="link"),
    Rule(
        "ip binding vpn-instance {name}",
        "interface",
        order=5,
        wipes=ADDRESSES,
        stops=("vrrp", "vrrp6"),  # a group needs the address that goes: refused or gone with it, by release
        disruptive=True,
        undo_disruptive=True,
        lifeline="name",
    ),
    *(  # two sub-interfaces of a port do not have the same tag
        Rule(f"{start} <vid...>", "interface", order=4, undo="{line}", change="undo-first", exclusive=True, lifeline="link")
        for start in ("dot1q termination vid", "vlan-type dot1q")
    ),
    Rule(  # "Error: Please renew the default configurations": the lines of the old type are out before
        "port link-type <type>",
        "interface",
        order=10,
        stops=("port default vlan", "port trunk", "undo port trunk", "port hybrid", "undo port hybrid"),
        lifeline="link",
    ),
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
    *IPV6_ADDRESSES,
    Rule("ipv6 mtu <mtu>", "interface", order=25),
    Rule("mtu <mtu>", "interface", order=25),
    Rule(
        "ospf enable {process} area <area>",
        "interface",
        order=30,
        undo="ospf enable {process} area {area}",
        change="undo-first",
        lifeline="link",
    ),
    *ON_INTERFACE,
    *(
        Rule(f"{vrrp} vrid {{id}} {rest}", "interface", order=order, last_out=rest.startswith("virtual-ip"))
        for vrrp in ("vrrp", "vrrp6")
        for rest, order in (
            ("virtual-ip {address} link-local", 28),  # the group goes with its last address: a new one is in before
            ("virtual-ip {address}", 29),
            ("track interface {interface} <action...>", 31),
            ("track bfd-session {session} <action...>", 31),
            ("preempt-mode timer delay <delay>", 30),
            ("timer advertise <interval>", 30),
            ("{what:name} <value...>", 30),
        )
    ),
    Rule("mpls", "interface", order=34),
    Rule("ip address unnumbered interface <interface>", "interface", order=15, undo="ip address unnumbered", lifeline="address"),
    Rule("mpls te {what:name} <value...>", "interface", order=35),
    Rule("mpls {what...}", "interface", order=35),
    Rule("authentication-profile <profile>", "interface", order=50),
    Rule(
        "{family:family} netstream sampler <how...> {direction}",
        "interface",
        undo="{family} netstream sampler {direction}",
    ),
    Rule("tunnel-protocol <protocol...>", "interface", order=6),
    Rule("ipv6 neighbor {address} <entry...>", "interface", order=50, change="undo-first"),
    *(Rule(f"storm-control enable {what}", "interface") for what in ("log", "trap")),
    Rule(
        "mode <mode...>",
        "interface",
        order=32,
        used_by=("eth-trunk {number}",),  # "Error: The Eth-Trunk has member interfaces": they leave first
        lifeline="link",
        disruptive=True,
        undo_disruptive=True,
    ),
    Rule("dhcp select <mode>", "interface", order=33, undo="{line}", change="undo-first"),
    Rule("mac-limit maximum <limit...>", "interface", order=33),
    *held(
        "interface",
        *("max active-linknumber", "least active-linknumber", "load-balance", "lacp priority", "lacp timeout"),
        *("speed", "duplex", "jumboframe enable", "tcp adjust-mss", "stp edged-port", "stp bpdu-filter", "stp cost"),
        *("stp port priority", "stp instance {id} cost", "stp instance {id} port priority", "lldp admin-status"),
        *("port-security max-mac-num", "port-security protect-action", "loopback-detect action", "loopback-detect packet vlan"),
        *("storm-control {what:name}", "broadcast-suppression", "multicast-suppression", "unicast-suppression"),
        *("source", "destination", "gre key", "keepalive", "dhcp snooping max-user-number", "dhcp relay server-select"),
        *("dhcpv6 server", "nd raguard role", "arp expire-time", "qos lr outbound", "qos lr inbound", "trust", "mac-address"),
        *("poe priority", "combo-port", "ipsec policy", *DIALLED),
        order=33,
    ),
    Rule("negotiation auto", "interface", order=32, lifeline="link"),  # without it alone, speed and duplex may be given
    Rule("dhcpv6 relay destination {address}", "interface", order=35, independent=True),
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
