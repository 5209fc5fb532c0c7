"""Writing RGOS: the IPv6 half, and `address-bind`, which knows no port, no VLAN and (in the guides we have) no IPv6."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from yunwang.network.design import BindingLines, Bound, DualStack, Path
from yunwang.network.facts import mac
from yunwang.network.vendors import templates
from yunwang.network.vendors.cisco_ios.render import dotted

_BIND = re.compile(r"address-bind (\d\S+) (\S+)")


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half."""
    return templates.dual_stack("ruijie_os", device)


def write(bound: Bound) -> Path | None:
    """`address-bind IP MAC`."""
    return (f"address-bind {bound.address} {dotted(bound.mac)}",) if isinstance(bound.address, IPv4Address) else None


def read(path: Path) -> Bound | None:
    """The binding that a line says."""
    match = _BIND.fullmatch(path[-1]) if len(path) == 1 else None
    if match is None or (hardware := mac(match[2])) is None:
        return None
    return Bound(address=ip_address(match[1]), mac=hardware)


BINDINGS = BindingLines(write=write, read=read)
