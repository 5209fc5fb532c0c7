"""What a tenant has on a cloud, asked of the cloud itself and told in the workspace's words. Only reads."""

from __future__ import annotations

from yunwang.inventories.noun import JsonObject
from yunwang.stacks.openstack.compute import groups_of
from yunwang.stacks.openstack.marks import unmarked
from yunwang.stacks.openstack.quotas import CINDER, NEUTRON, NOVA, Api, limits
from yunwang.stacks.openstack.security import Rule
from yunwang.stacks.openstack.session import Json, OpenStack, Service

_QUOTAS: dict[str, tuple[Api, str, int]] = {
    "cores": (NOVA, "cores", 1),
    "ram_gib": (NOVA, "ram", 1024),
    "instances": (NOVA, "instances", 1),
    "volumes": (CINDER, "volumes", 1),
    "volume_gib": (CINDER, "gigabytes", 1),
    "snapshots": (CINDER, "snapshots", 1),
    "networks": (NEUTRON, "network", 1),
    "subnets": (NEUTRON, "subnet", 1),
    "ports": (NEUTRON, "port", 1),
    "routers": (NEUTRON, "router", 1),
    "floating_ips": (NEUTRON, "floatingip", 1),
    "security_groups": (NEUTRON, "security_group", 1),
    "security_group_rules": (NEUTRON, "security_group_rule", 1),
}
"""A quota's name in the workspace: which service keeps it, under which name, in how small a unit."""

UNITS: dict[tuple[Service, str], tuple[str, int]] = {
    (api.service, field): (name, unit) for name, (api, field, unit) in _QUOTAS.items()
}
"""The same, looked up by service and field."""


def tenant_facts(cloud: OpenStack, tenant: str) -> JsonObject:
    """The project of that name and what it owns; {} when there is none. Raises verdicts."""
    project = project_named(cloud, tenant)
    if project is None:
        return {}
    id, what = project["id"], f"read tenant {tenant}"
    return {
        "project": {"title": unmarked(project["description"]), "enabled": project["enabled"]},
        "members": _members(cloud, id, what),
        "quota": _quota(cloud, id),
        **_networks(cloud, id, what),
        "security_groups": {
            group["name"]: [*sorted(str(Rule.told(rule)) for rule in group["security_group_rules"])]
            for group in cloud.list("network", "security_groups", what, path="/security-groups", project_id=id)
        },
    }


def server_facts(cloud: OpenStack, tenant: str) -> JsonObject:
    """The servers of the project of that name; {} when there is none. Raises verdicts."""
    project = project_named(cloud, tenant)
    if project is None:
        return {}
    what = f"read the servers of {tenant}"
    images = {image["id"]: image["name"] for image in cloud.list("image", "images", what)}
    flavors = {flavor["id"]: flavor["name"] for flavor in cloud.list("compute", "flavors", what)}
    found = cloud.list("compute", "servers", what, path="/servers/detail", all_tenants="1", project_id=project["id"])
    servers: JsonObject = {
        server["name"]: {
            "flavor": server["flavor"].get("original_name") or flavors.get(server["flavor"]["id"]),
            "image": images.get(server["image"]["id"]) if server["image"] else None,
            "networks": sorted(server["addresses"]),
            "security_groups": [*sorted(groups_of(server))],
            "status": server["status"],
        }
        for server in found
    }
    return {"servers": servers} if servers else {}


def flavor_for(cloud: OpenStack, cores: int, ram_gib: int, architecture: str) -> str | None:
    """Name of the smallest flavor that holds this much on this architecture; None when there is none.

    One that names the architecture comes first, one that names none runs on any host and is next; traits that nobody asked for
    (a pool's, a protection level's) come last.
    """
    fitting = [
        (_architecture(flavor) != architecture, _particular(flavor), flavor["vcpus"], flavor["ram"], str(flavor["name"]))
        for flavor in cloud.list("compute", "flavors", "choose a flavor", path="/flavors/detail")
        if flavor["vcpus"] >= cores and flavor["ram"] >= ram_gib * 1024 and _architecture(flavor) in (architecture, None)
    ]
    return str(min(fitting)[-1]) if fitting else None


def _architecture(flavor: Json) -> str | None:
    specs = flavor.get("extra_specs") or {}
    for name, value in specs.items():
        if name in ("hw:architecture", "capabilities:cpu_arch", "hw_architecture"):
            return str(value)
        if name.startswith("trait:HW_ARCH_") and value == "required":
            return str(name).removeprefix("trait:HW_ARCH_").lower()
    return None


def _particular(flavor: Json) -> bool:
    return any(name.startswith("trait:CUSTOM_") for name in flavor.get("extra_specs") or {})


def project_named(cloud: OpenStack, tenant: str) -> Json | None:
    """The project of a tenant, as keystone tells it; None when there is none."""
    return next(iter(cloud.list("identity", "projects", f"find tenant {tenant}", name=tenant)), None)


def role_assignments(cloud: OpenStack, project: str, what: str) -> list[Json]:
    """Roles that users hold on a project, with names, without the account's own."""
    query = {"scope.project.id": project, "include_names": "true"}
    own = cloud.user_id
    found = cloud.list("identity", "role_assignments", what, **query)
    return [one for one in found if one.get("user") and one["user"]["id"] != own]


def _members(cloud: OpenStack, project: str, what: str) -> JsonObject:
    """Roles that users hold on the project, without the account's own."""
    held: dict[str, set[str]] = {}
    for assignment in role_assignments(cloud, project, what):
        held.setdefault(assignment["user"]["name"], set()).add(assignment["role"]["name"])
    return {user: [*sorted(roles)] for user, roles in sorted(held.items())}


def _quota(cloud: OpenStack, project: str) -> JsonObject:
    have = {api.service: limits(cloud, api, project) for api in (NOVA, CINDER, NEUTRON)}
    return {
        name: limit // unit if limit >= 0 and limit % unit == 0 else limit / unit if limit >= 0 else limit
        for name, (api, field, unit) in _QUOTAS.items()
        if (limit := have[api.service].get(field)) is not None
    }


def _networks(cloud: OpenStack, project: str, what: str) -> JsonObject:
    networks = cloud.list("network", "networks", what, project_id=project)
    subnets = cloud.list("network", "subnets", what, project_id=project)
    routers = cloud.list("network", "routers", what, project_id=project)
    legs = {
        leg["subnet_id"]
        for router in routers
        for port in cloud.list("network", "ports", what, device_id=router["id"])
        for leg in port["fixed_ips"]
    }
    gateways = {router["id"]: router["external_gateway_info"] or {} for router in routers}
    names = {id: _external_name(cloud, id, what) for info in gateways.values() if (id := info.get("network_id"))}
    return {
        "networks": {
            network["name"]: {
                "enabled": network["admin_state_up"],
                "subnets": {
                    subnet["name"]: {
                        "cidr": subnet["cidr"],
                        "gateway": subnet["gateway_ip"],
                        "ipv6_mode": subnet["ipv6_address_mode"],
                        "routed": subnet["id"] in legs,
                    }
                    for subnet in subnets
                    if subnet["network_id"] == network["id"]
                },
            }
            for network in networks
        },
        "routers": {
            router["name"]: {
                "enabled": router["admin_state_up"],
                "external_network": names.get(gateways[router["id"]].get("network_id")),
                "snat": gateways[router["id"]].get("enable_snat"),
            }
            for router in routers
        },
    }


def _external_name(cloud: OpenStack, id: str, what: str) -> str:
    return cloud.known("external network's name", id, lambda: str(cloud.get("network", f"/networks/{id}", what)["network"]["name"]))
