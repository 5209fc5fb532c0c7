"""Talking to Comware 7. Sources: H3C command help, netmiko 4.8."""

from __future__ import annotations

from yunwang.network.session import Session, Show

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
    ),
    ping4="ping -c 3 {address}",
    ping6="ping ipv6 -c 3 {address}",
    ping_alive=r"(?<![1-9])[1-9]\d* packet\(s\) received",
)
