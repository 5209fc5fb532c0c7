"""Whom a device knows on its subnets: ARP and neighbour discovery. Never invents an entry that no configuration gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yunwang.lab.devices.device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`interface` is the layer-3 one, `port` where frames come in, `mac` 12 hex digits; `own`: the device's own address."""

    address: IPv4Address | IPv6Address
    mac: str
    interface: str
    port: str
    vpn: str = ""
    vlan: int | None = None
    own: bool = False
    router: bool = False


def arp(device: Device) -> Iterator[Entry]:
    """IPv4: own addresses, far ends of links, terminals whose VLAN has an interface here."""
    hosts = device.city.hosts(device)
    for port in device.ports():
        if not port.up or port.kind in ("loopback", "null"):
            continue
        for address in port.ipv4:
            yield Entry(address=address.ip, mac=device.mac(port.name), interface=port.name, port=port.name, vpn=port.vpn, own=True)
        far = device.city.neighbour(device, port)
        networks = {address.network for address in port.ipv4}
        for address in far.port.ipv4 if far else ():
            if far and address.network in networks:
                mac = far.device.mac(far.port.name)
                yield Entry(address=address.ip, mac=mac, interface=port.name, port=port.name, vpn=port.vpn, router=True)
        for host in hosts:
            if host.gateway is port and any(host.terminal.ipv4 in network for network in networks):
                yield Entry(
                    address=host.terminal.ipv4,
                    mac=host.mac,
                    interface=port.name,
                    port=host.port.name,
                    vpn=port.vpn,
                    vlan=host.terminal.vlan,
                )


def discovered(device: Device) -> Iterator[Entry]:
    """IPv6: far ends of links that speak it, and terminals behind interfaces that do."""
    for port, far in device.city.neighbours(device):
        if port.link_local and far.port.link_local:
            mac = far.device.mac(far.port.name)
            networks = {one.network for one in port.ipv6}
            shared = [one.ip for one in far.port.ipv6 if one.network in networks]
            for address in (*shared, far.port.link_local):
                yield Entry(address=address, mac=mac, interface=port.name, port=port.name, vpn=port.vpn, router=True)
    for host in device.city.hosts(device):
        for address in host.ipv6:
            assert host.gateway is not None  # without one a terminal has no IPv6
            yield Entry(address=address, mac=host.mac, interface=host.gateway.name, port=host.port.name, vlan=host.terminal.vlan)
