"""Writing IOS: the IPv6 half, and bindings as `ip source binding` and SISF's older `ipv6 neighbor binding`."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from netaddr import EUI

from yunwang.network.design import BindingLines, Bound, DualStack, Path
from yunwang.network.facts import mac
from yunwang.network.vendors import templates

_V4 = re.compile(r"ip source binding (?P<mac>\S+) vlan (?P<vlan>\d+) (?P<address>\S+) interface (?P<interface>\S+)")
_V6 = re.compile(
    r"(?:ipv6 neighbor|device-tracking) binding vlan (?P<vlan>\d+) (?P<address>\S+) interface (?P<interface>\S+) (?P<mac>\S+)"
)


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half."""
    return templates.dual_stack("cisco_ios", device)


def dotted(mac: EUI) -> str:
    """`0011.2233.4455`."""
    digits = f"{int(mac):012x}"
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def write(bound: Bound, *, ipv6: str = "ipv6 neighbor") -> Path | None:
    """One line at the top; IOS wants VLAN and port."""
    if bound.vlan is None or bound.interface is None:
        return None
    if isinstance(bound.address, IPv4Address):
        return (f"ip source binding {dotted(bound.mac)} vlan {bound.vlan} {bound.address} interface {bound.interface}",)
    return (f"{ipv6} binding vlan {bound.vlan} {bound.address} interface {bound.interface} {dotted(bound.mac)}",)


def read(path: Path) -> Bound | None:
    """The binding that a line says."""
    match = (_V4.fullmatch(path[-1]) or _V6.fullmatch(path[-1])) if len(path) == 1 else None
    if match is None or (hardware := mac(match["mac"])) is None:
        return None
    return Bound(address=ip_address(match["address"]), mac=hardware, interface=match["interface"], vlan=int(match["vlan"]))


BINDINGS = BindingLines(write=write, read=read)
