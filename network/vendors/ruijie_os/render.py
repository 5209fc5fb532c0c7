"""Writing RGOS: the IPv6 half, and `address-bind`, which knows no port, no VLAN and (in the guides we have) no IPv6."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from yunwang.network.design.model import BindingLines, Bound, DualStack, Lack, Path, Prerequisite
from yunwang.network.facts.model import mac
from yunwang.network.vendors import templates
from yunwang.network.vendors.cisco_ios.render import dotted

_BIND = re.compile(r"address-bind (\d\S+) (\S+)")


LACKS: dict[str, Lack] = {}
UNVERIFIED = {
    "ospf": "ipv6 router ospf N; interface: ipv6 ospf N area A",
    "bgp": "router bgp: address-family ipv6, as IOS",
    "route": "ipv6 route PREFIX NEXT-HOP",
    "line": "line: ipv6 access-class LIST in",
    "mtu": "interface: ipv6 mtu N",
    "isis": "router isis: address-family ipv6, multi-topology",
    "vpn": "vrf definition: address-family ipv6",
    "qos": "class-map of an IPv6 access list, policy-map: set ip dscp N, interface: service-policy input NAME",
    "server": "ipv6 dhcp pool: iana-address prefix, dns-server, domain-name (the interface's words are in the guide)",
    "guard": "port: ipv6 traffic-filter of a list that drops ICMPv6 type 134, router advertisements",
    "management": "ntp server IPV6-ADDRESS",
}
"""Features whose words the guides at hand (11.4, 10.4) do not show: as IOS has them, to be tried on a device first."""


PREREQUISITES = (
    Prerequisite(
        present=r"address-bind (?:install|\d.*)",
        absent=r"address-bind ipv6-mode (?:compatible|loose)",
        message="address-bind is in strict mode, which forwards no IPv6 (RG-S2900G-E guide 10.4, p. 171)",
        remedy="the design sets `address-bind ipv6-mode compatible`; see that this is wanted",
    ),
)


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half."""
    return templates.dual_stack("ruijie_os", device, icmp=("",))


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
