"""IPv6 addresses from the address plan: loopbacks, links, VLANs; the same every time, and what is wrong with the plan.

Never keeps a list of what it gave out: every address follows from the plan, the site, the order of links and the IPv4 address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Interface, IPv6Network

from yunwang.inventories.finding import Finding
from yunwang.inventories.network import AddressPlan, Device, Interface, Link, Site

Place = tuple[str, str]
"""A device's name and an interface's name as the inventory spells it."""

_FILE = "network/address-plan.yaml"


def loopback(plan: AddressPlan, ipv4: IPv4Address) -> IPv6Interface:
    """The /128 of a loopback, numbered like the last octet of its IPv4 address."""
    return IPv6Interface((int(plan.loopbacks.network_address) + int(ipv4) % 256, 128))


def link(plan: AddressPlan, position: int) -> IPv6Network:
    """The /127 of the link at `position` in the list of links, from 0 (RFC 6164)."""
    return IPv6Network((int(plan.links.network_address) + 2 * position, 127))


def vlan(site: Site, number: int) -> IPv6Network:
    """The /64 of a VLAN in a site: its decimal digits, read as hexadecimal, are the subnet number (VLAN 110 is …:110::/64).

    Raises ValueError when the site's share has no room for that number.
    """
    subnet = int(str(number), 16)
    if site.ipv6.prefixlen > 64 or subnet >= 1 << 64 - site.ipv6.prefixlen:
        raise ValueError(f"VLAN {number} has no /64 in {site.ipv6}")
    return IPv6Network((int(site.ipv6.network_address) + (subnet << 64), 64))


def gateway(network: IPv6Network) -> IPv6Interface:
    """The router's address in a VLAN: ::1."""
    return IPv6Interface((int(network.network_address) + 1, network.prefixlen))


def addresses(
    plan: AddressPlan, sites: Iterable[Site], links: Iterable[Link], devices: Iterable[Device]
) -> dict[Place, IPv6Interface]:
    """The address of every interface that the plan knows one for: what the inventory says itself, else derived."""
    devices = tuple(devices)
    shares = {site.name: site for site in sites}
    ends = dict(_link_ends(plan, links))
    found: dict[Place, IPv6Interface] = {}
    for device in devices:
        for interface in device.interfaces:
            place = (device.name, interface.name)
            if address := _address(plan, shares.get(device.site), ends.get(place), interface):
                found[place] = address
    known = {device.name for device in devices}
    return {place: end for place, end in ends.items() if place[0] in known} | found


def _address(plan: AddressPlan, site: Site | None, end: IPv6Interface | None, interface: Interface) -> IPv6Interface | None:
    if interface.ipv6 is not None:
        return interface.ipv6
    if interface.loopback:
        return loopback(plan, interface.ipv4.ip) if interface.ipv4 else None
    if end is not None:
        return end
    if interface.vlan is None or site is None:
        return None
    try:
        return gateway(vlan(site, interface.vlan))
    except ValueError:
        return None


def check(plan: AddressPlan, sites: Iterable[Site], links: Iterable[Link], devices: Iterable[Device]) -> tuple[Finding, ...]:
    """What is wrong with the plan: shares outside it or over one another, links or VLANs without room, one address twice."""
    sites, links, devices = tuple(sites), tuple(links), tuple(devices)
    return (
        *_outside(plan, sites),
        *_overlaps(plan, sites),
        *_no_room(plan, sites, links, devices),
        *_twice(addresses(plan, sites, links, devices)),
    )


def _link_ends(plan: AddressPlan, links: Iterable[Link]) -> Iterator[tuple[Place, IPv6Interface]]:
    """Both ends of every link: `a` has the even address."""
    for position, line in enumerate(links):
        network = line.ipv6 or link(plan, position)
        first = int(network.network_address)
        yield (line.a_device, line.a_interface), IPv6Interface((first, network.prefixlen))
        yield (line.b_device, line.b_interface), IPv6Interface((first + 1, network.prefixlen))


def _outside(plan: AddressPlan, sites: Iterable[Site]) -> Iterator[Finding]:
    shares = (("loopbacks", plan.loopbacks), ("links", plan.links), *((f"site {site.name}", site.ipv6) for site in sites))
    for name, network in shares:
        if not network.subnet_of(plan.ipv6):
            yield _finding(
                "address-outside-plan",
                f"{name}: {network} is not inside {plan.ipv6}",
                f"give {name} a prefix inside {plan.ipv6}",
                name,
            )


def _overlaps(plan: AddressPlan, sites: Iterable[Site]) -> Iterator[Finding]:
    """Neighbours in sorted order tell all: a prefix overlaps the last one that reaches as far."""
    shares = [(plan.loopbacks, "loopbacks"), (plan.links, "links"), *((site.ipv6, f"site {site.name}") for site in sites)]
    widest: tuple[IPv6Network, str] | None = None
    for network, name in sorted(shares):
        if widest and network.subnet_of(widest[0]):
            yield _finding(
                "address-overlap",
                f"{name}: {network} lies over {widest[0]} of {widest[1]}",
                "give one of them another prefix",
                name,
            )
        else:
            widest = (network, name)


def _no_room(plan: AddressPlan, sites: Iterable[Site], links: tuple[Link, ...], devices: Iterable[Device]) -> Iterator[Finding]:
    if (room := plan.links.num_addresses // 2) < len(links):
        yield _finding(
            "address-exhausted", f"{len(links)} links, but {plan.links} has room for {room}", "give links a shorter prefix", "links"
        )
    shares = {site.name: site for site in sites}
    for device in devices:
        for interface in device.interfaces:
            if interface.vlan is None or interface.ipv6 is not None or device.site not in shares:
                continue
            try:
                vlan(shares[device.site], interface.vlan)
            except ValueError as error:
                yield _finding("address-exhausted", f"{device.name} {interface.name}: {error}", "give the site a /48", device.name)


def _twice(given: Mapping[Place, IPv6Interface]) -> Iterator[Finding]:
    first: dict[IPv6Address, Place] = {}
    for place, address in given.items():
        other = first.setdefault(address.ip, place)
        if other != place:
            yield _finding(
                "address-twice",
                f"{' '.join(place)} and {' '.join(other)} both get {address.ip}",
                "give one of them an `ipv6` of its own, or another VLAN or loopback number",
                place[0],
            )


def _finding(code: str, message: str, remedy: str, target: str) -> Finding:
    return Finding(code=code, message=message, remedy=remedy, file=_FILE, target=target)
