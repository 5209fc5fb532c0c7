"""A tenant that somebody else made, as the files would say it, with the ids of all that is in it. Only reads; judges nothing.

Whether its resources are as these words mean them, down to every property, is seen when an engine compares them.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from yunwang.inventories.cloud import DEFAULT
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Fatal
from yunwang.stacks.cloud import Census
from yunwang.stacks.openstack.live import UNITS, project_named, role_assignments
from yunwang.stacks.openstack.marks import unmarked
from yunwang.stacks.openstack.quotas import ComputeQuota, NetworkQuota, QuotaKind, VolumeQuota
from yunwang.stacks.openstack.security import SELF, Rule
from yunwang.stacks.openstack.session import OpenStack


def census(cloud: OpenStack, tenant: str) -> Census:
    """The project of that name. Raises Fatal when there is none, or when the files have no words for what is in it."""
    project = project_named(cloud, tenant)
    if project is None:
        raise Fatal(f"cloud {cloud.name} has no project {tenant}", remedy="see `openstack project list`")
    id, what = project["id"], f"read tenant {tenant}"
    ids = {f"Project {tenant}": id} | {f"{kind} {tenant}": id for kind in ("ComputeQuota", "VolumeQuota", "NetworkQuota")}
    members = list(_members(cloud, id, what, ids))
    allotment: JsonObject = {"cloud": cloud.name, "quota": _quota(cloud, id)}
    allotment |= {"networks": [*_networks(cloud, id, what, ids)], "security_groups": [*_groups(cloud, id, what, ids)]}
    egress = any(
        (router["external_gateway_info"] or {}).get("enable_snat")
        for router in cloud.list("network", "routers", what, project_id=id)
    )
    return Census(unmarked(project["description"]) or tenant, egress, members, allotment, ids)


def _members(cloud: OpenStack, project: str, what: str, ids: dict[str, str]) -> Iterator[JsonObject]:
    for held in role_assignments(cloud, project, what):
        user, role = held["user"], held["role"]
        if f"User {user['name']}" in ids:
            raise Fatal(f"user {user['name']} holds several roles on {project} of cloud {cloud.name}", remedy="leave one, first")
        ids |= {
            f"User {user['name']}": user["id"],
            f"RoleAssignment {user['name']}-{role['name']}": f"{project}/{user['id']}/{role['id']}",
        }
        person = cloud.get("identity", f"/users/{user['id']}", what)["user"]
        yield {"user": user["name"], "real_name": unmarked(person.get("description")) or user["name"], "role": role["name"]}


def _quota(cloud: OpenStack, project: str) -> JsonObject:
    """The limits that somebody set. Raises Fatal for those that the files cannot say."""
    kinds: tuple[QuotaKind[Any], ...] = (ComputeQuota(), VolumeQuota(), NetworkQuota())
    said: JsonObject = {}
    for kind in kinds:
        found = kind.read(cloud, project, None, {})
        for field, limit in found.inputs.named().items() if found else ():
            name, unit = UNITS.get((kind.api.service, field), ("", 1))
            if not name or limit < 0 or limit % unit:
                raise Fatal(
                    f"project {project} on cloud {cloud.name} has a quota of {limit} {field}, which a tenant's file cannot say",
                    remedy="have it set to the cloud's default, or to whole GiB, first",
                )
            said[name] = limit // unit
    return said


def _networks(cloud: OpenStack, project: str, what: str, ids: dict[str, str]) -> Iterator[JsonObject]:
    subnets = cloud.list("network", "subnets", what, project_id=project)
    routers = cloud.list("network", "routers", what, project_id=project)
    legs: dict[str, str] = {}
    for router in routers:
        ids[f"Router {router['name']}"] = router["id"]
        for port in cloud.list("network", "ports", what, device_id=router["id"]):
            legs |= {leg["subnet_id"]: router["id"] for leg in port["fixed_ips"]}
    for network in cloud.list("network", "networks", what, project_id=project):
        name = network["name"]
        own = {subnet["ip_version"]: subnet for subnet in subnets if subnet["network_id"] == network["id"]}
        names = {subnet["name"] for subnet in subnets if subnet["network_id"] == network["id"]}
        if names != {f"{name}-v4", f"{name}-v6"} or own.keys() != {4, 6}:
            raise Fatal(
                f"network {name} on cloud {cloud.name} has the subnets {', '.join(sorted(names)) or 'none'}",
                remedy=f"a tenant's file means one of each protocol, {name}-v4 and {name}-v6: have them made, or named so, first",
            )
        ids[f"Network {name}"] = network["id"]
        for subnet in own.values():
            ids[f"Subnet {subnet['name']}"] = subnet["id"]
            if subnet["id"] in legs:
                ids[f"RouterInterface {subnet['name']}"] = f"{legs[subnet['id']]}/{subnet['id']}"
        gateways = {
            f"ipv{version}_gateway": subnet["gateway_ip"]
            for version, subnet in own.items()
            if subnet["gateway_ip"] != str(ip_network(subnet["cidr"])[1])
        }
        yield {
            "name": name,
            "ipv4": own[4]["cidr"],
            "ipv6": own[6]["cidr"],
            **gateways,
            "ipv6_mode": own[6]["ipv6_address_mode"],
            "routed": all(subnet["id"] in legs for subnet in own.values()),
        }


def _groups(cloud: OpenStack, project: str, what: str, ids: dict[str, str]) -> Iterator[JsonObject]:
    for group in cloud.list("network", "security_groups", what, path="/security-groups", project_id=project):
        ids[f"SecurityGroup {group['name']}"] = group["id"]
        if group["name"] != DEFAULT or group["security_group_rules"]:
            yield {"name": group["name"], "rules": [*spelled({Rule.told(rule) for rule in group["security_group_rules"]})]}


def spelled(rules: set[Rule]) -> Iterator[JsonObject]:
    """As a file spells them: one for both protocols, from anywhere or the group itself; a whole space for `anywhere` of one."""
    for rule in sorted(rules, key=str):
        said: JsonObject = {"direction": rule.direction, "protocol": rule.protocol}
        said |= {name: port for name, port in (("port_min", rule.port_min), ("port_max", rule.port_max)) if port is not None}
        twin = rule.model_copy(update={"ethertype": "IPv6" if rule.ethertype == "IPv4" else "IPv4"})
        there: JsonObject = {"remote": rule.remote} if rule.remote else {}
        if twin in rules and rule.remote in (None, SELF):
            if rule.ethertype == "IPv4":
                yield said | there
        elif rule.remote or rule.protocol in ("icmp", "ipv6-icmp"):
            yield said | there
        else:
            yield said | {"remote": "0.0.0.0/0" if rule.ethertype == "IPv4" else "::/0"}
