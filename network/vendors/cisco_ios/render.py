"""Writing IOS: the IPv6 half, and bindings as `ip source binding` and SISF's older `ipv6 neighbor binding`."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from netaddr import EUI

from yunwang.network.design.model import BindingLines, Bound, DualStack, Lack, Path, Prerequisite
from yunwang.network.facts.model import mac
from yunwang.network.vendors import templates

_V4 = re.compile(r"ip source binding (?P<mac>\S+) vlan (?P<vlan>\d+) (?P<address>\S+) interface (?P<interface>\S+)")
_V6 = re.compile(
    r"(?:ipv6 neighbor|device-tracking) binding vlan (?P<vlan>\d+) (?P<address>\S+) interface (?P<interface>\S+) (?P<mac>\S+)"
)


MUST_PASS = (
    *("destination-unreachable", "packet-too-big", "time-exceeded", "parameter-problem", "echo-request", "echo-reply"),
    *("router-solicitation", "router-advertisement", "nd-ns", "nd-na"),
)
"""ICMPv6 that a filter may not drop: RFC 4890, 4.3.1 and 4.4.1. IOS permits nd-ns and nd-na itself, not before a `deny any`."""
LACKS: dict[str, Lack] = {}
UNVERIFIED = {
    "route": "ipv6 route PREFIX NEXT-HOP",
    "line": "line: ipv6 access-class LIST in",
    "isis": "router isis: address-family ipv6, multi-topology",
    "vpn": "vrf definition: address-family ipv6",
    "qos": "policy-map: class class-default, set dscp",
    "server": "ipv6 dhcp pool: address prefix, dns-server, domain-name; interface: ipv6 dhcp server POOL",
    "prefix": "interface: ipv6 nd prefix PREFIX VALID PREFERRED no-autoconfig",
    "guard": "ipv6 nd raguard policy: device-role host (genieparser shows how a port has it)",
    "management": "ntp server IPV6-ADDRESS",
}
"""Features whose words the documents at hand do not show: from knowledge of IOS, to be tried on a device first."""


PREREQUISITES = (
    Prerequisite(
        present=r"switch \d+ provision ws-c(?:29|35|36|37)\S*",
        absent=r"sdm prefer dual-ipv4-and-ipv6.*",
        message="its SDM template may keep no room for IPv6 (Catalyst 2960 to 3750)",
        remedy="look at `show sdm prefer`; `sdm prefer dual-ipv4-and-ipv6 default` takes a reload",
    ),
)


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half."""
    return templates.dual_stack("cisco_ios", device, icmp=MUST_PASS)


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
