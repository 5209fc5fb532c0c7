"""Talking to IOS-XE: as IOS, IPv6 bindings in SISF's table."""

from __future__ import annotations

from dataclasses import replace

from yunwang.network.vendors.cisco_ios.session import SESSION as IOS

SESSION = replace(
    IOS,
    netmiko="cisco_xe",
    show=replace(IOS.show, static_bindings=("show ip source binding", "show device-tracking database")),
)
