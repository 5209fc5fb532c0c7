"""Writing Comware 7: the IPv6 half, and bindings in the view of their port (H3C command reference)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from yunwang.network.design.model import BindingLines, Bound, DualStack, Lack, Path, Prerequisite
from yunwang.network.facts.model import mac
from yunwang.network.vendors import templates
from yunwang.network.vendors.huawei_vrp.render import hyphened

_BIND = re.compile(r"ip(?:v6)? source binding ip-address (\S+)(?: mac-address (\S+))?(?: vlan (\d+))?")


LACKS: dict[str, Lack] = {}
UNVERIFIED = {
    "line": "ssh server ipv6 acl ipv6 N",
    "vpn": "ip vpn-instance: address-family ipv6",
    "qos": "qos policy, interface: qos apply policy NAME inbound",
}
"""Features whose words the manuals at hand do not show; to be tried on a device first. RA guard: HPE 5510 HI guide, p. 481."""


PREREQUISITES = (
    Prerequisite(
        present=r"hardware-resource routing-mode (?!ipv6-128).*",
        absent=r"hardware-resource routing-mode ipv6-128",
        message="its routing mode may keep no IPv6 prefixes longer than /64, which links and loopbacks have",
        remedy="look at `display hardware-resource`; `hardware-resource routing-mode ipv6-128` takes a reload",
    ),
)


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half."""
    return templates.dual_stack("hp_comware", device)


def write(bound: Bound) -> Path:
    """`ip source binding …` on its port; for all ports (without VLAN) where no port is known."""
    family = "ip" if isinstance(bound.address, IPv4Address) else "ipv6"
    line = f"{family} source binding ip-address {bound.address} mac-address {hyphened(bound.mac)}"
    if bound.interface is None:
        return (line,)
    return (f"interface {bound.interface}", f"{line} vlan {bound.vlan}" if bound.vlan else line)


def read(path: Path) -> Bound | None:
    """The binding that a line says."""
    match = _BIND.fullmatch(path[-1])
    if match is None or (hardware := mac(match[2] or "")) is None:
        return None
    port = path[0].removeprefix("interface ") if len(path) > 1 else None
    return Bound(address=ip_address(match[1]), mac=hardware, interface=port, vlan=int(match[3]) if match[3] else None)


BINDINGS = BindingLines(write=write, read=read)
