"""Writing VRP5: the IPv6 half, and bindings as `user-bind static` rows of the system view (S-V200R manual)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from netaddr import EUI

from yunwang.network.design.model import BindingLines, Bound, DualStack, Lack, Path, Prerequisite
from yunwang.network.facts.model import mac
from yunwang.network.vendors import templates

_BIND = re.compile(r"user-bind static ip(?:v6)?-address (\S+)(?: mac-address (\S+))?(?: interface (\S+))?(?: vlan (\d+))?")


LACKS: dict[str, Lack] = {}
UNVERIFIED = {
    "filter": "interface: traffic-filter inbound acl ipv6 N",
    "line": "user-interface: acl ipv6 N inbound",
    "vpn": "ip vpn-instance: ipv6-family",
    "server": "dhcpv6 pool: address prefix, dns-server, dns-domain-name (the interface's words are in the manual)",
    "guard": "port: nd raguard role host",
    "management": "ntp-service unicast-server ipv6 ADDRESS; stelnet ipv6 server enable",
    "qos": "traffic policy of yunwang-CLASS, interface: traffic-policy NAME inbound",
}
"""Features whose words the manuals at hand do not show; to be tried on a device first."""


PREREQUISITES = (
    Prerequisite(
        present=r"(?:assign forward|system resource|assign resource-template) .*",
        absent=r"(?:assign forward|system resource|assign resource-template) .*(?i:ipv6|dual).*",
        message="a resource template is chosen, and its name does not say that it keeps room for IPv6",
        remedy="look at the template's IPv6 sizes in the product's manual",
    ),
)


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half; a halt of router advertisements is undone to send them."""
    return templates.dual_stack("huawei_vrp", device, global_ipv6=True, send_ra="undo ipv6 nd ra halt")


def hyphened(mac: EUI) -> str:
    """`0011-2233-4455`."""
    digits = f"{int(mac):012x}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def write(bound: Bound) -> Path:
    """`user-bind static …`: every field that is given must match."""
    family = "ip-address" if isinstance(bound.address, IPv4Address) else "ipv6-address"
    port = f" interface {bound.interface}" if bound.interface else ""
    vlan = f" vlan {bound.vlan}" if bound.vlan else ""
    return (f"user-bind static {family} {bound.address} mac-address {hyphened(bound.mac)}{port}{vlan}",)


def read(path: Path) -> Bound | None:
    """The binding that a line says."""
    match = _BIND.fullmatch(path[-1]) if len(path) == 1 else None
    if match is None or (hardware := mac(match[2] or "")) is None:
        return None
    return Bound(address=ip_address(match[1]), mac=hardware, interface=match[3], vlan=int(match[4]) if match[4] else None)


BINDINGS = BindingLines(write=write, read=read)
