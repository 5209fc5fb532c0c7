"""Tenants on a cloud by nothing but openstacksdk's calls, a thread a tenant: no look before, no state, nothing read back."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openstack

from bench.stopwatch import timed, told

TASK = told()


def make(cloud: Any, roles: dict[str, str], tenant: dict[str, Any]) -> None:
    """One tenant."""
    project = cloud.identity.create_project(name=tenant["name"], description=tenant["title"], domain_id="default").id
    for one in tenant["members"]:
        user = cloud.identity.create_user(
            name=one["user"], description=one["real_name"], password=secrets.token_urlsafe(18), domain_id="default"
        )
        cloud.identity.assign_project_role_to_user(project, user, roles[one["role"]])
    cloud.compute.update_quota_set(project, **tenant["quota"]["compute"])
    cloud.block_storage.update_quota_set(project, **tenant["quota"]["volume"])
    cloud.network.update_quota(project, **tenant["quota"]["network"])
    network = cloud.network.create_network(name=tenant["network"], project_id=project)
    router = cloud.network.create_router(name=tenant["name"], project_id=project)
    for one in tenant["subnets"]:
        modes = {"ipv6_address_mode": one["mode"], "ipv6_ra_mode": one["mode"]} if one["mode"] else {}
        subnet = cloud.network.create_subnet(
            network_id=network.id,
            project_id=project,
            name=one["name"],
            ip_version=one["version"],
            cidr=one["cidr"],
            gateway_ip=one["gateway"],
            **modes,
        )
        cloud.network.add_interface_to_router(router, subnet=subnet.id)
    group = cloud.network.create_security_group(name=tenant["group"], project_id=project)
    rules = [
        {
            "security_group_id": group.id,
            "project_id": project,
            "direction": rule["direction"],
            "ether_type": rule["ethertype"],
            "protocol": rule["protocol"],
            "port_range_min": rule["portMin"],
            "port_range_max": rule["portMax"],
            "remote_ip_prefix": rule["remote"],
        }
        for rule in tenant["rules"]
    ]
    cloud.network.create_security_group_rules(rules)
    for rule in group.security_group_rules:  # neutron's own two
        cloud.network.delete_security_group_rule(rule["id"])


def tenants() -> None:
    """All of them, as many at a time as the toolkit sends requests at a time."""
    os.environ["OS_CLIENT_CONFIG_FILE"] = TASK["config"]
    cloud = openstack.connect(cloud=TASK["cloud"])
    roles = {role.name: role.id for role in cloud.identity.roles()}
    with ThreadPoolExecutor(TASK["workers"]) as pool:
        for made in [pool.submit(make, cloud, roles, tenant) for tenant in TASK["tenants"]]:
            made.result()


timed(tenants)
