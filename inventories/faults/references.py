"""Names of things that are not there. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from yunwang.inventories.faults.facts import Facts
from yunwang.inventories.finding import Finding
from yunwang.inventories.migration import System
from yunwang.inventories.place import choose, nearest, shown


def check(facts: Facts) -> Iterator[Finding]:
    """Every reference from one noun to another that leads nowhere."""
    workspace = facts.workspace
    for index, tenant in enumerate(workspace.tenants):
        for number, allotment in enumerate(tenant.allotments):
            yield from facts.unknown("clouds", "cloud", allotment.cloud, "tenants", index, "allotments", number, "cloud")
    for index, request in enumerate(workspace.requests):
        yield from facts.unknown("tenants", "tenant", request.tenant, "requests", index, "tenant")
        yield from facts.unknown("clouds", "cloud", request.cloud, "requests", index, "cloud")
    for index, site in enumerate(workspace.sites):
        yield from facts.unknown("sites", "site", site.parent, "sites", index, "parent")
    for index, room in enumerate(workspace.rooms):
        yield from facts.unknown("sites", "site", room.site, "rooms", index, "site")
    for index, network in enumerate(workspace.dedicated_networks):
        yield from facts.unknown("sites", "site", network.site, "dedicated_networks", index, "site")
        yield from facts.unknown("vpn_instances", "VPN instance", network.vpn_instance, "dedicated_networks", index, "vpn_instance")
    for index, dependency in enumerate(workspace.dependencies):
        for end in ("system", "needs"):
            yield from facts.unknown("systems", "system", getattr(dependency, end), "dependencies", index, end)
    for index, probe in enumerate(workspace.probes):
        kind, _, name = probe.source.partition("/")
        yield from facts.unknown(f"{kind}s", kind, name, "probes", index, "source")
        yield from facts.unknown("devices", "device", probe.behind, "probes", index, "behind")
    for index, system in enumerate(workspace.systems):
        yield from _system(facts, index, system)
    yield from _departments(facts)
    yield from _lab(facts)
    yield from _waivers(facts)


def _system(facts: Facts, index: int, system: System) -> Iterator[Finding]:
    for kind, what, field in (
        ("tenants", "tenant", "tenant"),
        ("rooms", "server room", "room"),
        ("clouds", "cloud", "cloud"),
        ("machines", "machine", "old_host"),
        ("machines", "machine", "new_host"),
    ):
        yield from facts.unknown(kind, what, getattr(system, field), "systems", index, field)
    tenant = next((tenant for tenant in facts.workspace.tenants if tenant.name == system.tenant), None)
    if tenant is None:
        return
    allotments = [allotment for allotment in tenant.allotments if system.cloud in (None, allotment.cloud)]
    if not allotments:
        if not facts.lacks("clouds", system.cloud or ""):
            message = f"tenant {tenant.name} has nothing on cloud {shown(system.cloud)}"
            remedy = f"add an allotment on {system.cloud} to the tenant, or choose another cloud"
            yield facts.place("systems", index, "cloud").finding("unknown-reference", message, remedy)
        return
    where = f" on cloud {system.cloud}" if system.cloud else ""
    networks = {network.name for allotment in allotments for network in allotment.networks}
    groups = {name for allotment in allotments for name in allotment.groups}
    for field, what, names, there in (
        ("network", "network", [system.network], networks),
        ("security_groups", "security group", system.security_groups, groups),
    ):
        for name in names:
            if name not in there:
                message = f"tenant {tenant.name} has no {what} {shown(name)}{where}"
                place = facts.place("systems", index, field)
                yield place.finding("unknown-reference", message, choose(name, there, "add it to the tenant"))


def _departments(facts: Facts) -> Iterator[Finding]:
    """Departments are written out; one that no tenant has is probably misspelt."""
    workspace = facts.workspace
    departments = {tenant.department for tenant in workspace.tenants}
    if not departments or "tenants" in facts.known.incomplete or len(workspace.tenants) < len(facts.names("tenants")):
        return
    for kind in ("terminals", "systems", "rooms", "dedicated_networks"):
        for index, noun in enumerate(getattr(workspace, kind)):
            if noun.department not in departments:
                message = f"no tenant is of department {shown(noun.department)}"
                remedy = choose(noun.department, departments, "correct the name, or add the department's tenant")
                yield facts.place(kind, index, "department").warning("unknown-reference", message, remedy)


def _lab(facts: Facts) -> Iterator[Finding]:
    lab = facts.workspace.lab
    if lab is None:
        return
    for index, cloud in enumerate(lab.clouds):
        yield from facts.unknown("clouds", "cloud", cloud.name, "lab", "clouds", index, "name")
    for index, device in enumerate(lab.devices):
        yield from facts.unknown("devices", "device", device.name, "lab", "devices", index, "name")
    for index, machine in enumerate(lab.machines):
        yield from facts.unknown("machines", "machine", machine.name, "lab", "machines", index, "name")
    machines = {machine.name for machine in lab.machines}
    for index, service in enumerate(lab.services):
        if service.machine not in machines:
            message = f"the lab has no machine {shown(service.machine)}"
            place = facts.place("lab", "services", index, "machine")
            yield place.finding("unknown-reference", message, choose(service.machine, machines, "add it to the lab's machines"))
    terminals = len(lab.terminals)
    for index in range(terminals):
        yield from facts.unknown("devices", "device", lab.terminals[index].device, "lab_terminals", index, "device")


def _waivers(facts: Facts) -> Iterator[Finding]:
    """A waiver's target is `kind/name`; of kinds that we know, the name has to be there."""
    kinds = {
        "tenant": "tenants",
        "system": "systems",
        "device": "devices",
        "dedicated-network": "dedicated_networks",
        "room": "rooms",
    }
    for index, waiver in enumerate(facts.workspace.waivers):
        kind, slash, name = waiver.target.partition("/")
        place = facts.place("waivers", index, "target")
        if not slash or kind not in kinds:
            near = nearest(kind, kinds)
            message = f"a waiver's target is written KIND/NAME, not {shown(waiver.target)}"
            yield place.finding(
                "wrong-value", message, f"did you mean {near}/{name or '…'}?" if near else f"kinds: {', '.join(sorted(kinds))}"
            )
        else:
            yield from facts.unknown(kinds[kind], kind.replace("-", " "), name, "waivers", index, "target")
