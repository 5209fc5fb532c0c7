"""Which cloud takes which system: Xinchuang, architecture, network, the tenant's quota, the cloud's capacity (C4, C7). Pure.

Never moves a system that says where it goes; never fills a Xinchuang cloud with systems that need none while another has room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from yunwang.inventories.cloud import Cloud, Quota, Server
from yunwang.inventories.migration import Disposition, System
from yunwang.inventories.noun import Name, Noun
from yunwang.inventories.workspace import Workspace

Used = Counter[tuple[str, str, str]]
"""What is taken, by cloud, tenant (`""`: all of them) and resource."""


class Placement(Noun):
    """Where a system goes, or why no cloud takes it (one reason per cloud)."""

    system: Name
    cloud: Name | None
    reasons: tuple[str, ...] = ()


def place(workspace: Workspace) -> dict[str, Placement]:
    """A cloud for every system, in the order of the register; what is on a cloud already keeps its share."""
    used: Used = Counter()
    for system in workspace.systems:
        if system.room is None and system.cloud:
            _take(used, system, system.cloud)
    placed: dict[str, Placement] = {}
    for system in workspace.systems:
        if system.room is None:
            placed[system.name] = Placement(system=system.name, cloud=system.cloud)
            continue
        reasons = {cloud.name: _against(workspace, system, cloud, used) for cloud in _choices(workspace, system, used)}
        fits = next((name for name, reason in reasons.items() if not reason), None)
        if fits:
            _take(used, system, fits)
        against = () if fits else tuple(f"{name} {reason}" for name, reason in reasons.items())
        placed[system.name] = Placement(system=system.name, cloud=fits, reasons=against)
    return placed


def servers(
    systems: Iterable[System], placed: Mapping[str, Placement], workspace: Workspace
) -> dict[tuple[str, str], tuple[Server, ...]]:
    """The servers to book, by (cloud, tenant). `cores`, `ram_gib` and `disk_gib` of a system are those of each of its servers."""
    booked: dict[tuple[str, str], list[Server]] = {}
    for system in systems:
        cloud = placed[system.name].cloud
        if cloud:
            booked.setdefault((cloud, system.tenant), []).extend(_servers(system, workspace.cloud(cloud)))
    return {key: tuple(each) for key, each in booked.items()}


def _servers(system: System, cloud: Cloud) -> Iterator[Server]:
    for number in range(1, system.servers + 1):
        yield Server(
            name=f"{system.name}-{number}",
            cores=system.cores,
            ram_gib=system.ram_gib,
            disk_gib=system.disk_gib,
            network=system.network,
            security_groups=system.security_groups,
            architecture=cloud.architecture,
        )


def _choices(workspace: Workspace, system: System, used: Used) -> list[Cloud]:
    if system.cloud:
        return [cloud for cloud in workspace.settings.clouds if cloud.name == system.cloud]
    free = {cloud.name: 1 - used[cloud.name, "", "cores"] / max(cloud.cores, 1) for cloud in workspace.settings.clouds}
    return sorted(workspace.settings.clouds, key=lambda cloud: (cloud.xinchuang != system.xinchuang, -free[cloud.name], cloud.name))


def _against(workspace: Workspace, system: System, cloud: Cloud, used: Used) -> str:
    """Why this cloud does not take it; empty when it does."""
    if system.xinchuang and not cloud.xinchuang:
        return "is no Xinchuang cloud"
    if system.architecture != cloud.architecture and system.disposition is not Disposition.REPLATFORM:
        return f"is {cloud.architecture}, the system is {system.architecture} and not to be replatformed"
    tenant = next((tenant for tenant in workspace.tenants if tenant.name == system.tenant), None)
    allotment = next((each for each in tenant.allotments if each.cloud == cloud.name), None) if tenant else None
    if not allotment:
        return f"has no allotment for {system.tenant}"
    if system.network not in {network.name for network in allotment.networks}:
        return f"has no network {system.network} of {system.tenant}"
    if lacking := [name for name in system.security_groups if name not in allotment.groups]:
        return f"has no security group {', '.join(lacking)} of {system.tenant}"
    whole = Quota(cores=cloud.cores, ram_gib=cloud.ram_gib, volume_gib=cloud.volume_gib)
    for holder, limit in (("", whole), (system.tenant, allotment.quota)):
        for resource, wanted in _demand(system).items():
            most = getattr(limit, resource)
            if most is not None and wanted > (left := most - used[cloud.name, holder, resource]):
                return f"has {left} {resource} left{f' for {holder}' if holder else ''}, {wanted} are needed"
    return ""


def _demand(system: System) -> dict[str, int]:
    each = {"cores": system.cores, "ram_gib": system.ram_gib, "volume_gib": system.disk_gib, "instances": 1}
    return {resource: amount * system.servers for resource, amount in each.items()}


def _take(used: Used, system: System, cloud: str) -> None:
    for holder in ("", system.tenant):
        for resource, amount in _demand(system).items():
            used[cloud, holder, resource] += amount
