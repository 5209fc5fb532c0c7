"""Names that are given twice. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yunwang.inventories.faults.facts import Facts, twice
from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import Noun
from yunwang.inventories.place import shown


def check(facts: Facts) -> Iterator[Finding]:
    """Names that are given twice, for each kind, and inside tenants and the lab."""
    workspace = facts.workspace
    yield from _twice(facts, workspace.settings.clouds, "name", "cloud", "settings", "clouds")
    yield from _twice(facts, workspace.settings.vpn_instances, "name", "VPN instance", "settings", "vpn_instances")
    yield from _twice(
        facts, workspace.settings.vpn_instances, "route_distinguisher", "route distinguisher", "settings", "vpn_instances"
    )
    yield from _twice(facts, workspace.tenants, "name", "tenant", "tenants")
    yield from _twice(facts, workspace.requests, "id", "request", "requests")
    yield from _twice(facts, workspace.sites, "name", "site", "sites")
    yield from _twice(facts, workspace.links, "name", "link", "links")
    yield from _twice(facts, workspace.terminals, "id", "terminal", "terminals")
    yield from _twice(facts, workspace.systems, "name", "system", "systems")
    yield from _twice(facts, workspace.rooms, "name", "server room", "rooms")
    yield from _twice(facts, workspace.dedicated_networks, "name", "dedicated network", "dedicated_networks")
    names = {tenant.name for tenant in workspace.tenants}
    for index, tenant in enumerate(workspace.tenants):
        if tenant.group in names:
            yield facts.place("tenants", index, "group").finding(
                "group-named-as-tenant",
                f"group {shown(tenant.group)} has the name of a tenant, and their stacks would have one name",
                "give the group a name of its own",
            )
        yield from _twice(facts, tenant.members, "user", "member", "tenants", index, "members")
        yield from _twice(facts, tenant.allotments, "cloud", "allotment on", "tenants", index, "allotments")
        for number, allotment in enumerate(tenant.allotments):
            path = ("tenants", index, "allotments", number)
            yield from _twice(facts, allotment.networks, "name", "network", *path, "networks")
            yield from _twice(facts, allotment.security_groups, "name", "security group", *path, "security_groups")
    for index, device in enumerate(workspace.devices):
        yield from _twice(facts, device.interfaces, "name", "interface", "devices", index, "interfaces")
    if lab := workspace.lab:
        for kind, nouns in (
            ("clouds", lab.clouds),
            ("devices", lab.devices),
            ("machines", lab.machines),
            ("services", lab.services),
        ):
            yield from _twice(facts, nouns, "name", f"the lab's {kind.rstrip('s')}", "lab", kind)


def _twice(facts: Facts, nouns: Sequence[Noun], field: str, what: str, *path: str | int) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, noun in enumerate(nouns):
        name = getattr(noun, field)
        if first.setdefault(name, index) != index:
            place = facts.place(*path, index, field)
            before = facts.place(*path, first[name], field)
            yield twice(place, before, f"{what} {shown(name)}", "rename or remove one of them")
