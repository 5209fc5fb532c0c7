"""Keystone's kinds: domain, project, user, group. Never tells a password but once, as a secret output."""

from __future__ import annotations

import secrets
from typing import ClassVar, Generic, TypeVar

from pydantic import Field
from typing_extensions import override

from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.stacks.kind import Flag, Made, Output, Outputs, fixed, flagged
from yunwang.stacks.openstack.described import Described, DescribedInputs, description, incomplete
from yunwang.stacks.openstack.marks import unmarked
from yunwang.stacks.openstack.session import Json, Missing, OpenStack

_DOMAIN = "Id of the keystone domain. Example: default"


class DomainInputs(DescribedInputs):
    """A domain."""

    name: str = Field(min_length=1, max_length=64, description="Name, unique on the cloud. Example: suyu")
    description: str = description("What people read in the dashboard. Example: 宿豫区")
    enabled: bool = Field(default=True, description="False locks out everyone of this domain and keeps everything.")


class OwnedInputs(DescribedInputs):
    """What belongs to a domain."""

    domain: str = "default"


N = TypeVar("N", bound=DescribedInputs)


class Keystone(Described[N], Generic[N]):
    """A resource of keystone."""

    service = "identity"
    unique = True
    change = "PATCH"

    @override
    def owner(self, inputs: N) -> dict[str, str]:
        return {"domain_id": inputs.domain} if isinstance(inputs, OwnedInputs) else {}


class Domain(Keystone[DomainInputs]):
    """A domain. It is only deleted when it holds no projects, users and groups: keystone would take them with it."""

    name = "Domain"
    summary = "A keystone domain: a district's own projects, users and groups. Deleting it is refused while it holds any of them."
    inputs = DomainInputs
    collection = "domains"
    example: ClassVar = {"name": "suyu", "description": "宿豫区"}

    @override
    def body(self, cloud: OpenStack, inputs: DomainInputs) -> Json:
        return {"name": inputs.name, "enabled": inputs.enabled}

    @override
    def told(self, cloud: OpenStack, one: Json, known: DomainInputs | None) -> DomainInputs:
        return DomainInputs(name=one["name"], description=unmarked(one["description"]), enabled=one["enabled"])

    @override
    def delete(self, cloud: OpenStack, id: str, old: DomainInputs) -> None:
        what = f"delete domain {old.name}"
        if cloud.find("identity", f"/domains/{id}", what) is None:
            return
        held = {name: cloud.list("identity", name, what, domain_id=id) for name in ("projects", "users", "groups")}
        _held_back(cloud, f"domain {old.name}", held)
        cloud.send("identity", "PATCH", f"/domains/{id}", what, json={"domain": {"enabled": False}})  # keystone wants it so
        cloud.delete("identity", f"/domains/{id}", what)


class ProjectInputs(OwnedInputs):
    """A tenant's project."""

    name: str = Field(min_length=1, max_length=64, description="Name, unique in its domain. Example: finance")
    description: str = description("What people read in the dashboard. Example: 财政局")
    enabled: bool = Field(default=True, description="False locks everyone out and keeps everything.")
    domain: str = fixed(_DOMAIN, default="default")


class Project(Keystone[ProjectInputs]):
    """A project. It is only deleted when it holds no servers and volumes, whoever made them."""

    name = "Project"
    summary = "A keystone project: a tenant's partition of one cloud. Deleting it is refused while it holds servers or volumes."
    inputs = ProjectInputs
    collection = "projects"
    example: ClassVar = {"name": "finance", "description": "财政局"}

    @override
    def body(self, cloud: OpenStack, inputs: ProjectInputs) -> Json:
        return {"name": inputs.name, "enabled": inputs.enabled}

    @override
    def told(self, cloud: OpenStack, one: Json, known: ProjectInputs | None) -> ProjectInputs:
        return ProjectInputs(
            name=one["name"], description=unmarked(one["description"]), enabled=one["enabled"], domain=one["domain_id"]
        )

    @override
    def delete(self, cloud: OpenStack, id: str, old: ProjectInputs) -> None:
        what = f"delete project {old.name}"
        try:
            held = {
                "servers": cloud.list("compute", "servers", what, path="/servers", all_tenants="1", project_id=id),
                "volumes": cloud.list("block_storage", "volumes", what, path="/volumes", all_tenants="1", project_id=id),
            }
        except Missing:
            held = {}
        _held_back(cloud, f"project {old.name}", held)
        for group in cloud.list("network", "security_groups", what, path="/security-groups", project_id=id, name="default"):
            # neutron makes it unasked with the project's first network and would keep it for ever
            cloud.delete("network", f"/security-groups/{group['id']}", what)
        cloud.delete("identity", f"/projects/{id}", what)


class UserInputs(OwnedInputs):
    """A person's account."""

    name: str = Field(min_length=1, max_length=64, description="Login name, unique in its domain. Example: zhang-wei")
    real_name: str = Field(
        default="", max_length=100, description="The person who answers for it (real-name system). Example: 张伟"
    )
    enabled: bool = Field(default=True, description="False locks the account.")
    domain: str = fixed(_DOMAIN, default="default")

    @property
    @override
    def words(self) -> str:
        return self.real_name


class User(Keystone[UserInputs]):
    """A user with a random initial password, which is told once as a secret output."""

    name = "User"
    summary = "A keystone user, an account in one person's real name, with a random initial password."
    inputs = UserInputs
    outputs: ClassVar = {"password": Output("The initial password, 24 random characters. Unknown after an import.", secret=True)}
    collection = "users"
    example: ClassVar = {"name": "zhang-wei", "realName": "张伟"}

    @override
    def body(self, cloud: OpenStack, inputs: UserInputs) -> Json:
        return {"name": inputs.name, "enabled": inputs.enabled}

    @override
    def told(self, cloud: OpenStack, one: Json, known: UserInputs | None) -> UserInputs:
        return UserInputs(
            name=one["name"], real_name=unmarked(one.get("description")), enabled=one["enabled"], domain=one["domain_id"]
        )

    @override
    def create(self, cloud: OpenStack, inputs: UserInputs, marker: str) -> Made:
        password = secrets.token_urlsafe(18)
        one, left = self.post(cloud, inputs, marker, {"password": password})
        if left:  # an earlier run made it and was killed before it could tell the password
            cloud.send(
                "identity", "PATCH", f"/users/{one['id']}", f"create user {inputs.name}", json={"user": {"password": password}}
            )
        return Made(one["id"], {"password": password})


class GroupInputs(OwnedInputs):
    """Users who are given roles together."""

    name: str = Field(min_length=1, max_length=64, description="Name, unique in its domain. Example: finance-operators")
    description: str = description("What people read in the dashboard. Example: 财政局运维组")
    members: tuple[str, ...] | None = flagged(
        "Ids of the users in it, and no others. Left out: not ours to say, nobody is added or removed.",
        Flag.LEFT,
        Flag.UNORDERED,
        default=None,
    )
    domain: str = fixed(_DOMAIN, default="default")


class Group(Keystone[GroupInputs]):
    """A group with exactly these members, where they are named."""

    name = "Group"
    summary = "A keystone group: users who are given roles together."
    inputs = GroupInputs
    collection = "groups"
    example: ClassVar = {"name": "finance-operators", "description": "财政局运维组"}

    @override
    def body(self, cloud: OpenStack, inputs: GroupInputs) -> Json:
        return {"name": inputs.name}

    @override
    def told(self, cloud: OpenStack, one: Json, known: GroupInputs | None) -> GroupInputs:
        return GroupInputs(
            name=one["name"],
            description=unmarked(one["description"]),
            members=tuple(sorted(self._members(cloud, one["id"]))) if known is None or known.members is not None else None,
            domain=one["domain_id"],
        )

    @override
    def made(self, cloud: OpenStack, one: Json, inputs: GroupInputs) -> Made:
        try:
            self._keep_exactly(cloud, one["id"], inputs)
        except Verdict as verdict:
            raise incomplete(Made(one["id"]), verdict) from None
        return Made(one["id"])

    @override
    def update(self, cloud: OpenStack, id: str, old: GroupInputs, new: GroupInputs, outputs: Outputs) -> Outputs:
        super().update(cloud, id, old, new, outputs)
        self._keep_exactly(cloud, id, new)
        return {}

    def _members(self, cloud: OpenStack, id: str) -> set[str]:
        return {str(user["id"]) for user in cloud.list("identity", "users", "read a group's members", path=f"/groups/{id}/users")}

    def _keep_exactly(self, cloud: OpenStack, id: str, inputs: GroupInputs) -> None:
        if inputs.members is None:
            return
        have, what = self._members(cloud, id), f"set the members of group {inputs.name}"
        for user in sorted(set(inputs.members) - have):
            cloud.send("identity", "PUT", f"/groups/{id}/users/{user}", what)
        for user in sorted(have - set(inputs.members)):
            cloud.delete("identity", f"/groups/{id}/users/{user}", what)


def _held_back(cloud: OpenStack, what: str, held: dict[str, list[Json]]) -> None:
    """Raises Fatal when something is still in it."""
    if any(held.values()):
        things = " and ".join(f"{len(members)} {name}" for name, members in held.items() if members)
        raise Fatal(f"{what} on cloud {cloud.name} still holds {things}", remedy="delete or move them first")
