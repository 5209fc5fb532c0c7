"""Talking to Comware 7. Sources: H3C command help, netmiko 4.8."""

from __future__ import annotations

from yunwang.network.session import Net, Protocol, Session, Show

SESSION = Session(
    netmiko="hp_comware",
    user_prompt=r"(?:RBM_[PS])?<[\w.\-]+>\s*$",
    config_prompt=r"(?:RBM_[PS])?\[[\w.\-/]+\]\s*$",
    paging_off=("screen-length disable",),
    config_enter="system-view",
    config_leave="return",
    save="save force",
    save_done=r"successfully|Configuration is saved",
    errors=(
        r"^\s*% ?(?:Unrecognized command|Incomplete command|Ambiguous command|Wrong parameter|Too many parameters).*$",
        r"^\s*\^\s*$",
        r"^\s*Error: ?.*$",
        r"^.*(?:doesn't|does not) exist.*$",
        r"^.*(?:[Cc]annot|[Ff]ailed to|[Ii]nvalid|conflict|already (?:been )?(?:used|exists?|configured|bound)).*$",
        r"^\s*Permission denied.*$",
    ),
    show=Show(
        running="display current-configuration",
        ipv6_interfaces="display ipv6 interface brief",
        neighbors="display ipv6 neighbors all",
        arp="display arp",
        static_bindings=("display ip source binding static", "display ipv6 source binding static"),
        ospfv3_peers="display ospfv3 peer",
        protocols=(
            Protocol(name="OSPF", runs=r"ospf ", peers="display ospf peer"),
            Protocol(name="OSPFv3", runs=r"ospfv3 ", peers="display ospfv3 peer"),
            Protocol(name="IS-IS", runs=r"isis ", peers="display isis peer"),
            Protocol(name="BGP", runs=r"bgp ", peers="display bgp peer ipv4"),
            Protocol(name="BGP for IPv6", runs=r"bgp ", peers="display bgp peer ipv6"),
        ),
        routes4="display ip routing-table",
        routes6="display ipv6 routing-table",
        saved="display saved-configuration",
        cpu="display cpu-usage",
        memory="display memory",
        users="display users",
        vtys=(r"line vty \d+ (\d+)", 63),
    ),
    net=Net(
        name="configuration commit delay",
        when="configuring",
        arm="configuration commit delay {time}",
        unit=60,
        confirm="configuration commit",
    ),
    ping4="ping -c 3 {address}",
    ping6="ping ipv6 -c 3 {address}",
    ping_alive=r"(?<![1-9])[1-9]\d* packet\(s\) received",
)
