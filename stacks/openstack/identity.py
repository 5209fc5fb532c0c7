"""Keystone's kinds: project, user, role assignment. Never tells a password but once, as a secret output."""

from __future__ import annotations

import re
import secrets
from typing import ClassVar

from pydantic import Field
from typing_extensions import override

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.kind import Found, Inputs, Kind, Made, Output, Outputs, fixed
from yunwang.stacks.openstack.marks import mark_of, marked, unmarked
from yunwang.stacks.openstack.session import Json, Missing, OpenStack

_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = "Id of the keystone domain."


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


class ProjectInputs(Inputs):
    """A tenant's project."""

    name: str = Field(min_length=1, max_length=64, description="Name, unique in its domain. Example: finance")
    description: str = Field(default="", max_length=200, description="What people read in the dashboard. Example: 财政局")
    enabled: bool = Field(default=True, description="False locks everyone out and keeps everything.")
    domain: str = fixed(_DOMAIN, default="default")


class Project(Kind[OpenStack, ProjectInputs]):
    """A project. It is only deleted when it holds no servers and volumes, whoever made them."""

    name = "Project"
    summary = "A keystone project: a tenant's partition of one cloud. Deleting it is refused while it holds servers or volumes."
    inputs = ProjectInputs

    @override
    def create(self, cloud: OpenStack, inputs: ProjectInputs, marker: str) -> Made:
        what = f"create project {inputs.name}"
        bears = marked(inputs.description, marker)
        body = {"name": inputs.name, "description": bears, "enabled": inputs.enabled, "domain_id": inputs.domain}

        def ours() -> Json | None:
            found = cloud.list("identity", "projects", what, name=inputs.name, domain_id=inputs.domain)
            return next(({"project": one} for one in found if mark_of(one["description"]) == mark_of(bears)), None)

        if (left := ours()) is not None:
            return Made(left["project"]["id"])
        id = cloud.post("identity", "/projects", what, {"project": body}, ours)["project"]["id"]
        cloud.newborn.add(id)
        return Made(id)

    @override
    def read(self, cloud: OpenStack, id: str, known: ProjectInputs | None, outputs: Outputs) -> Found[ProjectInputs] | None:
        answer = cloud.find("identity", f"/projects/{id}", f"read project {id}")
        if answer is None:
            return None
        one = answer["project"]
        return Found(
            ProjectInputs(
                name=one["name"], description=unmarked(one["description"]), enabled=one["enabled"], domain=one["domain_id"]
            )
        )

    @override
    def update(self, cloud: OpenStack, id: str, old: ProjectInputs, new: ProjectInputs, outputs: Outputs) -> Outputs:
        what = f"update project {new.name}"
        now = cloud.get("identity", f"/projects/{id}", what)["project"]
        body = {
            "name": new.name,
            "description": f"{new.description} {mark_of(now['description'])}".strip(),
            "enabled": new.enabled,
        }
        cloud.send("identity", "PATCH", f"/projects/{id}", what, json={"project": body})
        return {}

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
        if any(held.values()):
            things = " and ".join(f"{len(members)} {name}" for name, members in held.items() if members)
            raise Fatal(f"project {old.name} on cloud {cloud.name} still holds {things}", remedy="delete or move them first")
        for group in cloud.list("network", "security_groups", what, path="/security-groups", project_id=id, name="default"):
            # neutron makes it unasked with the project's first network and would keep it for ever
            cloud.delete("network", f"/security-groups/{group['id']}", what)
        cloud.delete("identity", f"/projects/{id}", what)


class UserInputs(Inputs):
    """A person's account."""

    name: str = Field(min_length=1, max_length=64, description="Login name, unique in its domain. Example: zhang-wei")
    real_name: str = Field(
        default="", max_length=100, description="The person who answers for it (real-name system). Example: 张伟"
    )
    enabled: bool = Field(default=True, description="False locks the account.")
    domain: str = fixed(_DOMAIN, default="default")


class User(Kind[OpenStack, UserInputs]):
    """A user with a random initial password, which is told once as a secret output."""

    name = "User"
    summary = "A keystone user, an account in one person's real name, with a random initial password."
    inputs = UserInputs
    outputs: ClassVar = {"password": Output("The initial password, 24 random characters. Unknown after an import.", secret=True)}

    @override
    def create(self, cloud: OpenStack, inputs: UserInputs, marker: str) -> Made:
        what = f"create user {inputs.name}"
        password = secrets.token_urlsafe(18)
        bears = marked(inputs.real_name, marker)
        body = {
            "name": inputs.name,
            "description": bears,
            "enabled": inputs.enabled,
            "domain_id": inputs.domain,
            "password": password,
        }

        def ours() -> Json | None:
            found = cloud.list("identity", "users", what, name=inputs.name, domain_id=inputs.domain)
            return next(({"user": one} for one in found if mark_of(one.get("description")) == mark_of(bears)), None)

        if (left := ours()) is None:
            return Made(cloud.post("identity", "/users", what, {"user": body}, ours)["user"]["id"], {"password": password})
        id = left["user"]["id"]  # an earlier run made it and was killed before it could tell the password
        cloud.send("identity", "PATCH", f"/users/{id}", what, json={"user": {"password": password}})
        return Made(id, {"password": password})

    @override
    def read(self, cloud: OpenStack, id: str, known: UserInputs | None, outputs: Outputs) -> Found[UserInputs] | None:
        answer = cloud.find("identity", f"/users/{id}", f"read user {id}")
        if answer is None:
            return None
        one = answer["user"]
        return Found(
            UserInputs(
                name=one["name"], real_name=unmarked(one.get("description")), enabled=one["enabled"], domain=one["domain_id"]
            ),
            outputs,
        )

    @override
    def update(self, cloud: OpenStack, id: str, old: UserInputs, new: UserInputs, outputs: Outputs) -> Outputs:
        what = f"update user {new.name}"
        now = cloud.get("identity", f"/users/{id}", what)["user"]
        description = f"{new.real_name} {mark_of(now.get('description'))}".strip()
        body = {"name": new.name, "description": description, "enabled": new.enabled}
        cloud.send("identity", "PATCH", f"/users/{id}", what, json={"user": body})
        return outputs

    @override
    def delete(self, cloud: OpenStack, id: str, old: UserInputs) -> None:
        cloud.delete("identity", f"/users/{id}", f"delete user {old.name}")


class RoleAssignmentInputs(Inputs):
    """Who may do what where."""

    project: str = fixed("Id or name of the project.")
    user: str = fixed("Id of the user; left out: the account that the provider signs in with.", default="")
    role: str = fixed("Name of the role. Example: member")


class RoleAssignment(Kind[OpenStack, RoleAssignmentInputs]):
    """A role of a user on a project. Its id is PROJECT/USER/ROLE, in ids."""

    name = "RoleAssignment"
    summary = "A role of a user on a project. Its id is PROJECT/USER/ROLE, in keystone's ids."
    inputs = RoleAssignmentInputs

    @override
    def create(self, cloud: OpenStack, inputs: RoleAssignmentInputs, marker: str) -> Made:
        what = f"give the role {inputs.role}"

        def find() -> str:
            if roles := cloud.list("identity", "roles", what, name=inputs.role):
                return str(roles[0]["id"])
            raise Fatal(
                f"cloud {cloud.name} has no role {inputs.role}",
                remedy="have it created there, or choose another role for the member",
            )

        project, user, role = (
            project_id(cloud, inputs.project),
            inputs.user or cloud.user_id,
            cloud.known("role", inputs.role, find),
        )
        cloud.send("identity", "PUT", f"/projects/{project}/users/{user}/roles/{role}", what)
        return Made(f"{project}/{user}/{role}")

    @override
    def read(
        self, cloud: OpenStack, id: str, known: RoleAssignmentInputs | None, outputs: Outputs
    ) -> Found[RoleAssignmentInputs] | None:
        project, user, role = id.split("/")
        what = f"read role assignment {id}"
        if cloud.find("identity", f"/projects/{project}/users/{user}/roles/{role}", what) is None:
            # keystone answers HEAD and GET with 204 where the role is held
            return None
        if known is not None:
            return Found(known)
        name = cloud.get("identity", f"/roles/{role}", what)["role"]["name"]
        return Found(RoleAssignmentInputs(project=project, user=user, role=name))

    @override
    def update(self, cloud: OpenStack, id: str, old: RoleAssignmentInputs, new: RoleAssignmentInputs, outputs: Outputs) -> Outputs:
        return {}

    @override
    def delete(self, cloud: OpenStack, id: str, old: RoleAssignmentInputs) -> None:
        project, user, role = id.split("/")
        cloud.delete("identity", f"/projects/{project}/users/{user}/roles/{role}", f"take the role {old.role}")
