"""Talking to FRR's vtysh over SSH; netmiko has no driver of its own, IOS's works best."""

from __future__ import annotations

from yunwang.network.session import Session, Show

SESSION = Session(
    netmiko="cisco_ios",
    user_prompt=r"[\w.\-]+#\s*$",
    config_prompt=r"[\w.\-]+\(config[^)]*\)#\s*$",
    paging_off=("terminal length 0",),
    config_enter="configure terminal",
    config_leave="end",
    save="write memory",
    save_done=r"\[OK\]|[Cc]onfiguration saved",
    errors=(r"^\s*% .*$", r"^line \d+: .*$"),
    show=Show(
        running="show running-config",
        ipv6_interfaces="show interface brief",
        neighbors="",  # the kernel keeps them; vtysh 8.4 shows none
        arp="",
        ospfv3_peers="show ipv6 ospf6 neighbor",
    ),
    ping4="ping {address}",
    ping6="ping ipv6 {address}",
    ping_alive=r"bytes from",
)
