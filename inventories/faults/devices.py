"""Devices and links that do not fit together. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from yunwang.inventories.faults.facts import Facts, twice
from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Device, Interface, Level, Link, Plane
from yunwang.inventories.place import choose, shown

_LEVELS = list(Level)


def check(facts: Facts) -> Iterator[Finding]:
    """Sites in a circle, devices nowhere, addresses twice, links between what is not there."""
    yield from _sites(facts)
    yield from _devices(facts)
    devices = {device.name: device for device in facts.workspace.devices}
    used: dict[tuple[str, str], int] = {}
    for index, link in enumerate(facts.workspace.links):
        yield from _link(facts, devices, index, link)
        for end, name in (("a", (link.a_device, link.a_interface)), ("b", (link.b_device, link.b_interface))):
            first = used.setdefault(name, index)
            if first != index or (end == "b" and (link.a_device, link.a_interface) == name):
                place = facts.place("links", index, f"{end}_interface")
                yield twice(
                    place, facts.place("links", first), f"a link at {name[0]} {name[1]}", "a port has one link; correct one of them"
                )


def _sites(facts: Facts) -> Iterator[Finding]:
    sites = {site.name: site for site in facts.workspace.sites}
    for index, site in enumerate(facts.workspace.sites):
        parent = sites.get(site.parent or "")
        if parent is not None and _LEVELS.index(parent.level) >= _LEVELS.index(site.level):
            message = f"site {site.name} ({site.level}) cannot lie below {parent.name} ({parent.level})"
            yield facts.place("sites", index, "parent").finding("wrong-value", message, "a parent is of a higher level")


def _devices(facts: Facts) -> Iterator[Finding]:
    first: dict[tuple[str, Hashable], tuple[str | int, ...]] = {}
    for index, device in enumerate(facts.workspace.devices):
        path = ("devices", index)
        yield from facts.unknown("sites", "site", device.site, *path, "site")
        if device.transport != "ssh":
            message = f"{device.transport} carries everything in clear, passwords too"
            yield facts.place(*path, "transport").warning("management-in-clear", message, "enable SSH there and take this out")
        claims: list[tuple[str, str, Hashable, tuple[str | int, ...]]] = [
            ("management address", f"{device.host} port {device.port}", (device.host, device.port), (*path, "host"))
        ]
        if device.router_id is not None:
            claims.append(("router id", str(device.router_id), device.router_id, (*path, "router_id")))
        for position, interface in enumerate(device.interfaces):
            here = (*path, "interfaces", position)
            yield from facts.unknown("vpn_instances", "VPN instance", interface.vpn_instance, *here, "vpn_instance")
            for field, address in (("ipv4", interface.ipv4), ("ipv6", interface.ipv6)):
                if address is not None:
                    claims.append(("address", str(address.ip), (interface.vpn_instance, address.ip), (*here, field)))
        for what, text, value, where in claims:
            before = first.setdefault((what, value), where)
            if before != where:
                place, earlier = facts.place(*where), facts.place(*before)
                yield twice(place, earlier, f"{what} {text}", "give each its own", code="address-twice")


def _link(facts: Facts, devices: Mapping[str, Device], index: int, link: Link) -> Iterator[Finding]:
    ends: list[Interface | None] = []
    planes: set[Plane] = set()
    for end in ("a", "b"):
        name, interface = getattr(link, f"{end}_device"), getattr(link, f"{end}_interface")
        yield from facts.unknown("devices", "device", name, "links", index, f"{end}_device")
        if name not in devices:
            continue
        device = devices[name]
        interfaces = {each.name: each for each in device.interfaces}
        if interface not in interfaces:
            place = facts.place("links", index, f"{end}_interface")
            message = f"device {name} has no interface {shown(interface)}"
            yield place.finding(
                "unknown-reference", message, choose(interface, interfaces, "add it to the device's yunwang_interfaces")
            )
        ends.append(interfaces.get(interface))
        planes.add(device.plane)
    if planes and link.plane not in planes:  # one that joins the planes is of either
        message = f"link {link.name} is of plane {link.plane}, both its ends of plane {min(planes)}"
        yield facts.place("links", index, "plane").finding(
            "plane", message, "planes share no link but one with an end in each; correct the link or the devices"
        )
    addresses = [end.ipv4 for end in ends if end is not None and end.ipv4 is not None]
    if len(addresses) == 2 and addresses[0].network != addresses[1].network:
        message = f"the ends of link {link.name} are in different subnets ({addresses[0]}, {addresses[1]})"
        yield facts.place("links", index).finding("wrong-value", message, "give both ends addresses of one subnet")
