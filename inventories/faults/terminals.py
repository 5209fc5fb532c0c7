"""The terminal ledger against itself and against the devices. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface

from yunwang.inventories.faults.addresses import inside
from yunwang.inventories.faults.facts import Facts, twice
from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Device, Interface, Site, Terminal


def check(facts: Facts) -> Iterator[Finding]:
    """A MAC or an address twice, a device that is not there, an address outside the VLAN's subnet."""
    workspace = facts.workspace
    devices = {device.name: device for device in workspace.devices}
    gateways = {
        (device.name, interface.vlan): interface
        for device in workspace.devices
        for interface in device.interfaces
        if interface.vlan is not None
    }
    sites = {site.name: site for site in workspace.sites}
    macs: dict[int, int] = {}
    addresses: dict[tuple[int, int], int] = {}
    for index, terminal in enumerate(workspace.terminals):
        first = macs.setdefault(int(terminal.mac), index)
        if first != index:
            place, before = facts.place("terminals", index, "mac"), facts.place("terminals", first, "mac")
            yield twice(
                place, before, f"MAC {terminal.mac}", "one of the two rows is wrong; look at the terminal", code="mac-twice"
            )
        for field, address in (("ipv4", terminal.ipv4), ("ipv6", terminal.ipv6)):
            if address is None:
                continue
            first = addresses.setdefault((address.version, int(address)), index)
            if first != index:
                place, before = facts.place("terminals", index, field), facts.place("terminals", first, field)
                yield twice(place, before, f"address {address}", "give each terminal its own address", code="address-twice")
        yield from facts.unknown("devices", "device", terminal.device, "terminals", index, "device")
        if terminal.device in devices:
            device = devices[terminal.device]
            yield from _subnet(facts, index, terminal, device, gateways.get((device.name, terminal.vlan)), sites.get(device.site))


def _subnet(
    facts: Facts, index: int, terminal: Terminal, device: Device, gateway: Interface | None, site: Site | None
) -> Iterator[Finding]:
    """Whether a terminal's addresses belong where it is plugged in."""
    if gateway is None:
        vlans = sorted(interface.vlan for interface in device.interfaces if interface.vlan is not None)
        message = f"{device.name} has no interface in VLAN {terminal.vlan}"
        if vlans:
            remedy = f"its VLANs: {', '.join(map(str, vlans))}"
            yield facts.place("terminals", index, "vlan").finding("unknown-reference", message, remedy)
        return
    share = gateway.ipv6.network if gateway.ipv6 else site.ipv6 if site else None
    if gateway.ipv4 and (wrong := _misfit(terminal, gateway.ipv4, device.name)):
        yield facts.place("terminals", index, "ipv4").finding(*wrong)
    if terminal.ipv6 is not None and share is not None and not inside(terminal.ipv6, share):
        message = f"{terminal.ipv6} is not in {share} of {device.name}'s site"
        yield facts.place("terminals", index, "ipv6").finding("outside-subnet", message, "correct the address or the device")


def _misfit(terminal: Terminal, gateway: IPv4Interface, device: str) -> tuple[str, str, str] | None:
    """Why a terminal cannot have its IPv4 address behind this gateway: code, message, remedy."""
    subnet, address = gateway.network, terminal.ipv4
    if not inside(address, subnet):
        message = f"{address} is not in VLAN {terminal.vlan}'s subnet {subnet} at {device}"
        return "outside-subnet", message, "correct the address, the VLAN or the device"
    if address == gateway.ip:
        return "address-twice", f"{address} is the gateway's own address", "give the terminal another one"
    if subnet.prefixlen < 31 and address in (subnet.network_address, subnet.broadcast_address):
        return "outside-subnet", f"{address} is not a host's address in {subnet}", "give the terminal another one"
    return None
