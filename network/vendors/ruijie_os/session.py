"""Talking to RGOS. Sources: RG-S6000E guide 11.4, netmiko 4.8."""

from __future__ import annotations

from yunwang.network.session import Session, Show

SESSION = Session(
    netmiko="ruijie_os",
    user_prompt=r"[\w.\-]+[>#]\s*$",
    config_prompt=r"[\w.\-]+\(config[^)]*\)#\s*$",
    paging_off=("terminal length 0", "terminal width 256"),
    config_enter="configure terminal",
    config_leave="end",
    save="write",
    save_done=r"\[OK\]|[Bb]uilding configuration|successfully",
    errors=(r"^\s*%\s*\S.*$",),  # no remark of RGOS begins with a percent sign
    show=Show(
        running="show running-config",
        ipv6_interfaces="show ipv6 interface",
        neighbors="show ipv6 neighbors",
        arp="show arp",
        static_bindings=("show address-bind",),
        ospfv3_peers="show ipv6 ospf neighbor",
    ),
    ping4="ping {address}",
    ping6="ping ipv6 {address}",
    ping_alive=r"Success rate is (?!0 percent)",
)
