"""Prefixes and addresses that collide or lie outside the plan. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple

from yunwang.inventories.faults.facts import Facts
from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Path, Place


class Claim(NamedTuple):
    """Somebody wants a prefix for himself."""

    network: IPv4Network | IPv6Network
    who: str
    path: Path


def check(facts: Facts) -> Iterator[Finding]:
    """Sites outside the address plan; prefixes of tenants, VLANs and sites that overlap (a site may lie in its parent)."""
    yield from _plan(facts)
    plan = facts.workspace.address_plan
    reserved = [Claim(plan.loopbacks, "the loopbacks", ("address_plan", "loopbacks"))] if plan else []
    reserved += [Claim(plan.links, "the links", ("address_plan", "links"))] if plan else []
    sites = [
        Claim(site.ipv6, f"site {site.name}", ("sites", index, "ipv6"))
        for index, site in enumerate(facts.workspace.sites)
        if site.ipv6 is not None
    ]
    tenants = list(_tenant_networks(facts))
    vlans = list(_vlans(facts))
    related = _related(facts)
    for first, second in overlaps([*reserved, *sites, *(claim for claim in tenants if claim.network.version == 6)]):
        if (first.who, second.who) not in related:
            yield _overlap(facts, first, second)
    for first, second in overlaps([*vlans, *(claim for claim in tenants if claim.network.version == 4)]):
        yield _overlap(facts, first, second)


def overlaps(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of overlapping prefixes of one family: each with the nearest one before it that holds it. n log n."""
    open_claims: list[Claim] = []
    for claim in sorted(claims, key=lambda each: (each.network.version, int(each.network.network_address), each.network.prefixlen)):
        while open_claims and not _holds(open_claims[-1], claim):
            open_claims.pop()
        if open_claims:
            yield open_claims[-1], claim
        open_claims.append(claim)


def _holds(outer: Claim, inner: Claim) -> bool:
    return outer.network.version == inner.network.version and int(inner.network.network_address) <= int(
        outer.network.broadcast_address
    )


def _overlap(facts: Facts, first: Claim, second: Claim) -> Finding:
    """Said at the later place, so that a reader of the files meets the original first."""
    here, there = facts.place(*second.path), facts.place(*first.path)
    if (here.file, here.line) < (there.file, there.line):
        first, second, here, there = second, first, there, here
    message = f"{second.network} of {second.who} overlaps {first.network} of {first.who} ({_at(there)})"
    return here.finding("prefix-overlap", message, "choose a prefix that nobody has")


def _at(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line else place.file


def _tenant_networks(facts: Facts) -> Iterator[Claim]:
    for index, tenant in enumerate(facts.workspace.tenants):
        for number, allotment in enumerate(tenant.allotments):
            for position, network in enumerate(allotment.networks):
                path = ("tenants", index, "allotments", number, "networks", position)
                who = f"network {network.name} of tenant {tenant.name} on {allotment.cloud}"
                yield Claim(network.ipv4, who, (*path, "ipv4"))
                yield Claim(network.ipv6, who, (*path, "ipv6"))


def _vlans(facts: Facts) -> Iterator[Claim]:
    """Devices' subnets, each once: the devices on it share it. VPN instances have address spaces of their own."""
    seen: set[IPv4Network] = set()
    for index, device in enumerate(facts.workspace.devices):
        for position, interface in enumerate(device.interfaces):
            if interface.ipv4 is None or interface.vpn_instance or interface.ipv4.network in seen:
                continue
            seen.add(interface.ipv4.network)
            yield Claim(
                interface.ipv4.network, f"{device.name} {interface.name}", ("devices", index, "interfaces", position, "ipv4")
            )


def _related(facts: Facts) -> set[tuple[str, str]]:
    """Pairs of a site and one below it: a child's share may lie in its parent's."""
    parents = {site.name: site.parent for site in facts.workspace.sites}
    pairs = set()
    for name in parents:
        seen = {name}
        above = parents[name]
        while above is not None and above not in seen:
            pairs.add((f"site {above}", f"site {name}"))
            seen.add(above)
            above = parents.get(above)
    return pairs


def _plan(facts: Facts) -> Iterator[Finding]:
    plan = facts.workspace.address_plan
    if plan is None:
        if facts.workspace.sites and "address_plan" not in facts.known.incomplete:
            place = facts.place("sites")
            yield place.finding(
                "missing-file", "sites have IPv6 shares but there is no address plan", "write network/address-plan.yaml"
            )
        return
    for name in ("loopbacks", "links"):
        if not getattr(plan, name).subnet_of(plan.ipv6):
            place = facts.place("address_plan", name)
            yield place.finding(
                "outside-plan", f"{getattr(plan, name)} is not in the plan's {plan.ipv6}", "choose a prefix inside it"
            )
    for index, site in enumerate(facts.workspace.sites):
        if site.ipv6 is None and plan.scheme is None:
            yield facts.place("sites", index).finding(
                "missing-field",
                f"site {site.name} has no `ipv6`, and the address plan has no scheme to give it one",
                "write either",
            )
        elif site.ipv6 is not None and not site.ipv6.subnet_of(plan.ipv6):
            place = facts.place("sites", index, "ipv6")
            yield place.finding(
                "outside-plan", f"{site.ipv6} is not in the address plan's {plan.ipv6}", "choose a prefix inside it"
            )
    for index, link in enumerate(facts.workspace.links):
        if link.ipv6 is not None and (link.ipv6.prefixlen != 127 or not link.ipv6.subnet_of(plan.links)):
            place = facts.place("links", index, "ipv6")
            yield place.finding(
                "outside-plan", f"{link.ipv6} is not a /127 in the links' {plan.links}", "correct it, or leave it out"
            )


def inside(address: IPv4Address | IPv6Address, network: IPv4Network | IPv6Network) -> bool:
    """Whether an address lies in a prefix of its family."""
    return address.version == network.version and int(network.network_address) <= int(address) <= int(network.broadcast_address)
