"""What a configuration says about interfaces, in words that all vendors share. Never reads vendor text: only rows' facts.

Facts that rows state: hostname; interface{interface}; shutdown; portswitch; vlan{vlan|vlans}; access-vlan{vlan};
trunk-vlans{vlans};
vpn{name}; ip{address,length}; ip6{address}; ip6-link-local{address}; ip6-enable; ip6-auto; ip6-global; ra (router
advertisements held back), ra-sends; ospf-process{process};
ospf-router-id{router}; ospf-network{address,wildcard}; ospf-area{area}; ospf3-process{process}; ospf3-router-id{router};
ospf3-interface{process,area}; static4{address,length,nexthop}; static6{prefix,nexthop}.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import TYPE_CHECKING

from yunwang.lab.devices.tree import Node

if TYPE_CHECKING:
    from yunwang.lab.devices.device import Device


@dataclass(slots=True, kw_only=True)
class Port:
    """An interface as it stands. `up` is its line state; `link_local` None: it does not speak IPv6."""

    name: str
    kind: str
    node: Node
    admin: bool
    up: bool
    description: str = ""
    vpn: str = ""
    vlan: int | None = None
    access_vlan: int | None = None
    trunk: frozenset[int] = frozenset()
    ipv4: list[IPv4Interface] = field(default_factory=list)
    ipv6: list[IPv6Interface] = field(default_factory=list)
    link_local: IPv6Address | None = None
    advertises: bool = False
    ospf_area: IPv4Address | None = None
    ospf3: tuple[int, IPv4Address] | None = None


def ports(device: Device) -> list[Port]:
    """A device's interfaces in display order."""
    from yunwang.lab.devices.render import ordered  # render needs the device, which needs these facts

    found = [_port(device, node) for node in ordered(device, device.running) if node.row.fact == "interface"]
    for port in found:
        if port.kind == "vlan":
            port.up = port.admin and any(
                member.up and (member.access_vlan == port.vlan or port.vlan in member.trunk) for member in found
            )
    return found


def router_id(device: Device, process: int | None, *, version: int) -> IPv4Address | None:
    """The router id of an OSPF process, its own or the device's; None when it has none and so does not run."""
    prefix = "ospf" if version == 2 else "ospf3"
    for node in device.running.with_fact(f"{prefix}-process"):
        if process is None or node.values.get("process", process) == process:
            own = next(node.under(f"{prefix}-router-id"), None)
            given = own.values["router"] if own else node.values.get("router")
            return given if isinstance(given, IPv4Address) else _device_id(device)
    return None


def implied_by_interface(device: Device) -> bool:
    """Whether configuring OSPFv3 on an interface starts the process by itself (IOS, RGOS)."""
    return device.platform.name in ("cisco_ios", "cisco_xe", "ruijie_os")


def _device_id(device: Device) -> IPv4Address | None:
    given = device.running.first("router-id")
    if given:
        return IPv4Address(str(given.values["router"]))
    loopbacks = [
        address.ip
        for node in device.running.with_fact("interface")
        for address in _ipv4(node)
        if device.platform.kind_of(str(node.values["interface"])) == "loopback"
    ]
    return max(loopbacks, default=None)


def _port(device: Device, node: Node) -> Port:
    name = str(node.values["interface"])
    kind = device.platform.kind_of(name)
    shut = node.first("shutdown")
    admin = not (shut and shut.on)
    port = Port(name=name, kind=kind, node=node, admin=admin, up=admin and (kind != "port" or device.city.carrier(device, name)))
    described = node.first("description")
    port.description = str(described.values["text"]) if described else ""
    vpn = node.first("vpn")
    port.vpn = str(vpn.values["name"]) if vpn else ""
    port.vlan = int("".join(letter for letter in name if letter.isdigit())) if kind == "vlan" else None
    access = node.first("access-vlan")
    port.access_vlan = int(str(access.values["vlan"])) if access else None
    for trunk in node.with_fact("trunk-vlans"):
        vlans = trunk.values["vlans"]
        assert isinstance(vlans, frozenset)
        port.trunk |= vlans
    port.ipv4 = _ipv4(node)
    _ipv6(device, port)
    _ospf(device, port)
    return port


def _ipv4(node: Node) -> list[IPv4Interface]:
    found = []
    for line in sorted(node.with_fact("ip"), key=lambda line: line.row.slot is not None):  # the primary one first
        address, length = line.values["address"], line.values.get("length")
        if isinstance(address, tuple):
            address, length = address
        found.append(IPv4Interface(f"{address}/{length}"))
    return found


def _ipv6(device: Device, port: Port) -> None:
    node = port.node
    given = [line.values["address"] for line in node.with_fact("ip6")]
    port.ipv6 = [address for address in given if isinstance(address, IPv6Interface)]
    local = node.first("ip6-link-local")
    wanted = bool(given or local or node.first("ip6-enable") or node.first("ip6-auto"))
    needs_enable = device.platform.name.startswith("huawei") and not node.first("ip6-enable")
    if wanted and not needs_enable:
        own = local.values["address"] if local else None
        port.link_local = own if isinstance(own, IPv6Address) else link_local(device.mac(port.name))
    else:
        port.ipv6 = []
    ra = node.first("ra")
    wanted = not ra.on if ra else device.platform.advertises
    port.advertises = bool(port.link_local) and (wanted or node.first("ra-sends") is not None)


def link_local(mac: str) -> IPv6Address:
    """The link-local address that a MAC gives (RFC 4291, modified EUI-64)."""
    return IPv6Address((0xFE80 << 112) | eui64(mac))


def eui64(mac: str) -> int:
    """The interface identifier that 12 hex digits give (RFC 4291, appendix A)."""
    number = int(mac, 16)
    return ((number >> 24) ^ 0x020000) << 40 | 0xFFFE << 24 | (number & 0xFFFFFF)


def _ospf(device: Device, port: Port) -> None:
    own = port.node.first("ospf-interface")
    if own:
        port.ospf_area = IPv4Address(str(own.values["area"]))
    for process in device.running.with_fact("ospf-process"):
        for network in process.under("ospf-network"):
            if any(_covers(network, address.ip) for address in port.ipv4):
                port.ospf_area = IPv4Address(0)
    line = port.node.first("ospf3-interface")
    if line and port.link_local:
        number, area = line.values.get("process", 1), line.values["area"]
        assert isinstance(number, int)
        assert isinstance(area, IPv4Address)
        if implied_by_interface(device) or router_id(device, number, version=3):
            port.ospf3 = (number, area)


def _covers(network: Node, address: IPv4Address) -> bool:
    """Whether an OSPF `network` line, with a wildcard or a length, holds an address."""
    base, wildcard = network.values["address"], network.values.get("wildcard")
    if isinstance(base, tuple):
        base, length = base
        wildcard = IPv4Address((1 << (32 - length)) - 1)
    assert isinstance(base, IPv4Address)
    assert isinstance(wildcard, IPv4Address)
    return int(base) | int(wildcard) == int(address) | int(wildcard)
