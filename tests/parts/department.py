"""A small department of a test's own on a cloud of the city, all of whose things bear its name; and how often each is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from yunwang.stacks.openstack.session import OpenStack, Service

CLOUD = "zhengwu"
NAMED: dict[Service, tuple[str, ...]] = {
    "identity": ("projects", "users"),
    "network": ("networks", "subnets", "routers", "security_groups"),
}
WHOLE = 7
"""Things of a department that bear its name: project, user, network, two subnets, router, security group."""


def write(root: Path, name: str) -> Path:
    """Its file in the workspace: everything that a tenant can have, small."""
    allotment = {
        "cloud": CLOUD,
        "quota": {"cores": 8, "volumes": 4, "networks": 2},
        "networks": [{"name": f"{name}-app", "ipv4": "10.111.4.0/24", "ipv6": "2001:db8:1ff0:1114::/64"}],
        "security_groups": [{"name": f"{name}-web", "rules": [{"protocol": "tcp", "port_min": 443, "port_max": 443}]}],
    }
    tenant = {
        "version": 1,
        "name": name,
        "title": "试点局",
        "department": "试点局",
        "mlps_level": 2,
        "members": [{"user": f"{name}-user", "real_name": "张伟"}],
        "allotments": [allotment],
    }
    file = root / "tenants" / f"{name}.yaml"
    file.write_text(yaml.safe_dump(tenant, allow_unicode=True))
    return file


def found(root: Path, name: str) -> Counter[str]:
    """How often each of its things is on the cloud, asked past the toolkit's record of it."""
    cloud = OpenStack(CLOUD, root / "clouds.yaml")
    return Counter(
        f"{collection} {one['name']}"
        for service, collections in NAMED.items()
        for collection in collections
        for one in cloud.list(service, collection, "count", path="/" + collection.replace("_", "-"))
        if one["name"].startswith(name)
    )
