"""From what a person calls a thing on a cloud to its id, and back. Only reads."""

from __future__ import annotations

import re
from collections.abc import Callable

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.openstack.session import OpenStack, Service

_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def resolve(
    cloud: OpenStack, service: Service, collection: str, said: str, remedy: str = "correct the name, or give its id", **query: str
) -> str:
    """The id of what is named or given by id. Raises Fatal when there is none, or two."""
    noun = collection.rstrip("s").replace("_", " ")
    members = cloud.list(service, collection, f"find {noun} {said}", **query)
    ids = [str(one["id"]) for one in members if said in (one["id"], one.get("name"))]
    if len(ids) != 1:
        have = ", ".join(sorted(str(one.get("name")) for one in members)[:10]) or "none"
        how = "no" if not ids else "more than one"
        raise Fatal(f"cloud {cloud.name} has {how} {noun} {said} (it has: {have})", remedy=remedy)
    return ids[0]


def project_id(cloud: OpenStack, project: str) -> str:
    """The id of a project that is named or given by id. Raises Fatal when there is none, or two."""
    if _ID.fullmatch(project):
        return project
    found = cloud.list("identity", "projects", f"find project {project}", name=project)
    if len(found) != 1:
        how = "no project" if not found else f"{len(found)} projects"
        raise Fatal(
            f"cloud {cloud.name} has {how} named {project}", remedy="apply the tenant's own stack first, or give the project's id"
        )
    return str(found[0]["id"])


def role_id(cloud: OpenStack, role: str) -> str:
    """The id of a role by its name, asked for once. Raises Fatal."""

    def find() -> str:
        if roles := cloud.list("identity", "roles", f"find role {role}", name=role):
            return str(roles[0]["id"])
        raise Fatal(f"cloud {cloud.name} has no role {role}", remedy="have it created there, or choose another role for the member")

    return cloud.known("role", role, find)


def image_id(cloud: OpenStack, image: str) -> str:
    """The id of an image that is named or given by id. Raises Fatal."""
    return resolve(cloud, "image", "images", image)


def flavor_id(cloud: OpenStack, flavor: str) -> str:
    """The id of a flavor that is named or given by id, also of one that not everybody may use. Raises Fatal."""
    return resolve(cloud, "compute", "flavors", flavor, is_public="None")


def security_group_name(cloud: OpenStack, group: str) -> str:
    """The name of a security group that is named or given by id."""
    found = cloud.find("network", f"/security-groups/{group}", f"find security group {group}") if _ID.fullmatch(group) else None
    return str(found["security_group"]["name"]) if found else group


def external_network_id(cloud: OpenStack, network: str) -> str:
    """The id of an external network that is named or given by id, asked for once. Raises Fatal."""
    correct = "correct external_network in yunwang.yaml"
    query = {"router:external": "true"}
    return cloud.known("external network", network, lambda: resolve(cloud, "network", "networks", network, correct, **query))


def as_said(said: str | None, live: str, id_of: Callable[[str], str]) -> str:
    """What a person said, while it still means what is live."""
    if said is None or said == live:
        return live
    try:
        return said if id_of(said) == live else live
    except Fatal:
        return live
