"""IOS's rule table: what stands in an interface. Sources: IOS command reference, genielibs."""

from __future__ import annotations

from yunwang.network.configuration.rule import IPV6_ADDRESSES, Rule, held
from yunwang.network.vlans import ALL, VlanSyntax

ADDRESSES = ("ip address", "ipv6 address", "ipv6 enable")
"""What `vrf forwarding` wipes off an interface."""
ROUTING = ("ospfv3", "ipv6 ospf")
"""What it wipes on some releases."""

IN_INTERFACE = {
    11: ("tunnel source", "tunnel destination", "tunnel mode", "tunnel key", "tunnel vrf", "tunnel protection"),
    22: ("switchport voice vlan", "switchport port-security maximum", "switchport port-security violation"),
    23: ("switchport port-security aging time", "switchport port-security aging type"),
    24: ("speed",),  # "Duplex can not be set until speed is set to non-auto value"
    25: ("ipv6 mtu", "mtu", "ip mtu", "ip tcp adjust-mss", "ipv6 tcp adjust-mss", "bandwidth", "delay", "duplex"),
    26: ("load-interval", "carrier-delay", "media-type", "power inline", "lacp port-priority", "keepalive", "negotiation"),
    31: ("isis metric", "isis ipv6 metric", "isis circuit-type", "isis network", "isis priority"),
    35: ("ip policy route-map", "ipv6 policy route-map", "ipv6 dhcp server", "standby version"),
    41: ("ipv6 nd ra interval", "ipv6 nd ra lifetime", "ipv6 nd router-preference", "ipv6 nd dad attempts", "ipv6 nd ns-interval"),
    42: (
        "ipv6 nd reachable-time",
        "ipv6 nd raguard attach-policy",
        "ipv6 source-guard attach-policy",
        "device-tracking attach-policy",
    ),
    50: (
        *("spanning-tree cost", "spanning-tree port-priority", "spanning-tree guard", "spanning-tree link-type"),
        *("spanning-tree bpduguard", "spanning-tree bpdufilter", "ip dhcp snooping limit rate", "ip arp inspection limit rate"),
        *("storm-control broadcast level", "storm-control multicast level", "storm-control unicast level", "bfd interval"),
        *(
            "udld port",
            "ip igmp version",
            "ip igmp access-group",
            "mpls mtu",
            "dot1x timeout tx-period",
            "authentication port-control",
        ),
    ),
}
"""Commands of which an interface has one, by their place: what it is, how big, which protocol, which guard."""

INTERFACE = (
    Rule("switchport", "interface", order=0, lifeline="link"),
    *(
        Rule(
            f"{start} <name>",  # another VRF in one line; the addresses go all the same
            "interface",
            order=5,
            undo="{line}",
            wipes=ADDRESSES,
            may_wipe=ROUTING,
            disruptive=True,
            undo_disruptive=True,
            lifeline="name",
        )
        for start in ("vrf forwarding", "ip vrf forwarding")
    ),
    Rule(
        "encapsulation <kind...>", "interface", order=3, undo="{line}", lifeline="link"
    ),  # a sub-interface takes no address before
    Rule(
        "channel-group <trunk> mode <mode>",
        "interface",
        order=60,
        undo="channel-group",
        change="undo-first",
        out_first=True,
        lifeline="link",
    ),
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
    Rule("ip address <address:ipv4> <mask>", "interface", order=15, absent="undo", exclusive=True, lifeline="address"),
    Rule("ip address <how...>", "interface", order=15, lifeline="address"),
    Rule("ipv6 enable", "interface", order=10, last_out=True, lifeline="link"),
    *IPV6_ADDRESSES,
    *(Rule(f"{start} <value...>", "interface", order=order) for order, starts in IN_INTERFACE.items() for start in starts),
    Rule("ipv6 address {prefix} eui-64", "interface", order=20, last_out=True),
    Rule("service-policy {direction} <name>", "interface", order=55, undo="{line}", change="undo-first"),
    Rule("spanning-tree vlan {vlans} {what} <value>", "interface", order=50),
    Rule("spanning-tree mst {instances} {what} <value>", "interface", order=50),
    Rule("standby {group:digits} ip [<address>]", "interface", order=37, undo="{line}"),
    Rule("standby {group:digits} preempt [<delay...>]", "interface", order=38),
    Rule("standby {group:digits} track {object} [<effect...>]", "interface", order=39),
    Rule("vrrp {group:digits} track {object} [<effect...>]", "interface", order=39),
    Rule("vrrp {group:digits} ip {address} secondary", "interface", order=38),
    Rule("vrrp {group:digits} ip <address>", "interface", order=37),
    Rule("vrrp {group:digits} address-family {family}", "interface", opens="vrrp", order=37),
    *(
        Rule(f"{start} {{group:digits}} {{what:name}} <value...>", "interface", order=38, undo=f"{start} {{group}} {{what}}")
        for start in ("standby", "vrrp")
    ),
    Rule(  # the new key is in before the old one goes: neighbours talk on
        "ip ospf message-digest-key {id} <key...>", "interface", order=32, undo="ip ospf message-digest-key {id}", last_out=True
    ),
    Rule("ip ospf {process:digits} area <area>", "interface", order=30, undo="ip ospf {process} area {area}", lifeline="link"),
    Rule("ip router isis {tag...}", "interface", order=30, lifeline="link"),
    *held("interface", "ip ospf cost", "ipv6 ospf cost", "ospfv3 cost", order=31, independent=True),
    Rule("ip ospf {what:name} <value...>", "interface", order=31),
    Rule("ospfv3 {process:digits} ipv6 area <area>", "interface", order=30, undo="ospfv3 {process} ipv6 area {area}"),
    Rule("ipv6 ospf {process:digits} area <area>", "interface", order=30, undo="ipv6 ospf {process} area {area}"),
    Rule("ipv6 ospf {what:name} <value...>", "interface", order=31),
    Rule("ospfv3 {what:name} <value...>", "interface", order=31),
    Rule("ipv6 dhcp relay destination {address...}", "interface", order=35, independent=True),
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
