"""What a project holds that nobody named: counted before it is taken away, and told when it drifts. Only reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from yunwang.stacks.openstack.live import role_assignments
from yunwang.stacks.openstack.session import Json, OpenStack


def holdings(cloud: OpenStack, project: str, ours: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By kind (`servers`, `floating IPs` …) the names of what the project of that id has beyond the ids in `ours`.

    What has no name is told by its address or id. Raises verdicts.
    """
    found = {
        kind: tuple(sorted(_called(one) for one in members if one["id"] not in ours))
        for kind, members in _members(cloud, project, f"see what project {project} holds")
    }
    return {kind: names for kind, names in found.items() if names}


def guests(cloud: OpenStack, project: str, ours: Collection[str]) -> tuple[str, ...]:
    """`USER (ROLE)` for each role that a user has on the project of that id beyond the ids in `ours`. Raises verdicts."""
    held = role_assignments(cloud, project, f"see who is let into project {project}")
    others = [one for one in held if f"{project}/{one['user']['id']}/{one['role']['id']}" not in ours]
    return tuple(sorted(f"{one['user']['name']} ({one['role']['name']})" for one in others))


def _members(cloud: OpenStack, project: str, what: str) -> Iterator[tuple[str, list[Json]]]:
    all_of = {"all_tenants": "1", "project_id": project}
    yield "servers", cloud.list("compute", "servers", what, path="/servers/detail", **all_of)
    yield "volumes", cloud.list("block_storage", "volumes", what, path="/volumes/detail", **all_of)
    yield "snapshots", cloud.list("block_storage", "snapshots", what, path="/snapshots/detail", **all_of)
    yield "floating IPs", cloud.list("network", "floatingips", what, project_id=project)
    ports = cloud.list("network", "ports", what, project_id=project)
    # the others belong to a router, a server or neutron itself, and come and go with it
    yield "ports", [port for port in ports if not port["device_owner"].startswith(("network:", "compute:"))]
    yield "routers", cloud.list("network", "routers", what, project_id=project)
    yield "networks", cloud.list("network", "networks", what, project_id=project)
    groups = cloud.list("network", "security_groups", what, path="/security-groups", project_id=project)
    yield "security groups", [group for group in groups if group["name"] != "default"]
    yield "images", cloud.list("image", "images", what, owner=project)


def _called(one: Json) -> str:
    return str(one.get("name") or one.get("floating_ip_address") or one["id"])
