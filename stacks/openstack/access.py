"""Who may do what: roles, application credentials, flavors that are not for everybody. Never gives more than was named."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import ClassVar

from pydantic import field_validator, model_validator
from typing_extensions import override

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.kind import Flag, Found, Inputs, Kind, Made, Output, Outputs, fixed, flagged
from yunwang.stacks.openstack.marks import mark_of, marked, unmarked
from yunwang.stacks.openstack.names import as_said, flavor_id, project_id, role_id
from yunwang.stacks.openstack.session import Json, OpenStack


class RoleAssignmentInputs(Inputs):
    """Who may do what where."""

    project: str | None = fixed("Id or name of the project where it holds. Example: finance", default=None)
    domain: str | None = fixed("Id of the domain where it holds, in the place of a project. Example: default", default=None)
    user: str = fixed("Id of the user. Left out, and no group either: the account that the provider signs in with.", default="")
    group: str | None = fixed("Id of the group, in the place of a user.", default=None)
    role: str = fixed("Name of the role. Example: member")

    @model_validator(mode="after")
    def _one_each(self) -> RoleAssignmentInputs:
        if (self.project is None) == (self.domain is None):
            raise ValueError("project: name a project or a domain, and not both")
        if self.user and self.group:
            raise ValueError("group: name a user or a group, and not both")
        return self


class RoleAssignment(Kind[OpenStack, RoleAssignmentInputs]):
    """A role of a user or group on a project or domain."""

    name = "RoleAssignment"
    summary = (
        "A role of a user or group on a project or domain. Its id is PROJECT/USER/ROLE in keystone's ids;"
        " domain:ID stands for a project, group:ID for a user."
    )
    inputs = RoleAssignmentInputs
    references: ClassVar = {"project": project_id, "user": lambda cloud, said: said or cloud.user_id}
    example: ClassVar = {"project": "finance", "user": "4f1f9c2d8e0b4b6b9d7a5c3e1f20a8b7", "role": "member"}

    @override
    def joined(self, cloud: OpenStack, inputs: RoleAssignmentInputs) -> str:
        where = f"domain:{inputs.domain}" if inputs.domain else project_id(cloud, inputs.project or "")
        who = f"group:{inputs.group}" if inputs.group else inputs.user or cloud.user_id
        return f"{where}/{who}/{role_id(cloud, inputs.role)}"

    @override
    def create(self, cloud: OpenStack, inputs: RoleAssignmentInputs, marker: str) -> Made:
        id = self.joined(cloud, inputs)
        cloud.send("identity", "PUT", _place(id), f"give the role {inputs.role}")  # again and again is one
        return Made(id)

    @override
    def read(
        self, cloud: OpenStack, id: str, known: RoleAssignmentInputs | None, outputs: Outputs
    ) -> Found[RoleAssignmentInputs] | None:
        what = f"read role assignment {id}"
        if cloud.find("identity", _place(id), what) is None:  # keystone answers with 204 where the role is held
            return None
        if known is not None:
            return Found(known)
        where, who, role = id.split("/")
        return Found(
            RoleAssignmentInputs(
                project=None if where.startswith("domain:") else where,
                domain=where.removeprefix("domain:") if where.startswith("domain:") else None,
                user="" if who.startswith("group:") else who,
                group=who.removeprefix("group:") if who.startswith("group:") else None,
                role=cloud.get("identity", f"/roles/{role}", what)["role"]["name"],
            )
        )

    @override
    def update(self, cloud: OpenStack, id: str, old: RoleAssignmentInputs, new: RoleAssignmentInputs, outputs: Outputs) -> Outputs:
        return {}

    @override
    def delete(self, cloud: OpenStack, id: str, old: RoleAssignmentInputs) -> None:
        cloud.delete("identity", _place(id), f"take the role {old.role}")


def _place(id: str) -> str:
    """Keystone's path of an assignment. Raises Fatal for what is no id of one."""
    parts = id.split("/")
    if len(parts) != 3:
        raise Fatal(f"{id} is no role assignment", remedy="give its id as PROJECT/USER/ROLE, in keystone's ids")
    where, who, role = parts
    place = f"domains/{where.removeprefix('domain:')}" if where.startswith("domain:") else f"projects/{where}"
    holder = f"groups/{who.removeprefix('group:')}" if who.startswith("group:") else f"users/{who}"
    return f"/{place}/{holder}/roles/{role}"


class ApplicationCredentialInputs(Inputs):
    """A program's own way in, with less than its user may."""

    project: str = fixed("Id of the project that it signs in to; the user needs a role on it.")
    user: str = fixed("Id of the user whom it belongs to.")
    password: str = flagged(
        "The user's password: keystone lets only the user's own session make one. Not needed for one that is imported.",
        Flag.MOMENTARY,
        Flag.SECRET,
        default="",
    )
    name: str = fixed("Name, unique for the user. Example: backup-agent", min_length=1, max_length=190)
    description: str = fixed(
        "What it is for. Our marker is kept behind it, out of sight. Example: 备份任务", default="", max_length=190
    )
    roles: tuple[str, ...] = fixed(
        "Names of its roles, all of them the user's own on the project. Example: reader", Flag.UNORDERED, min_length=1
    )
    expires: str | None = fixed("When it ends, ISO 8601 in UTC. Left out: never. Example: 2027-03-01T00:00:00", default=None)

    @field_validator("expires")
    @classmethod
    def _moment(cls, expires: str | None) -> str | None:
        if expires is None:
            return None
        moment = datetime.fromisoformat(expires)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None).isoformat(timespec="seconds")


class ApplicationCredential(Kind[OpenStack, ApplicationCredentialInputs]):
    """An application credential, made in its user's own session; its secret is told once."""

    name = "ApplicationCredential"
    summary = "An application credential, made in its user's own session. Its id is USER/CREDENTIAL in keystone's ids."
    inputs = ApplicationCredentialInputs
    outputs: ClassVar = {"secret": Output("What a program signs in with. Told once: unknown after an import.", secret=True)}
    example: ClassVar = {
        "project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10",
        "user": "4f1f9c2d8e0b4b6b9d7a5c3e1f20a8b7",
        "password": "a secret, such as a User's output",
        "name": "backup-agent",
        "roles": ["reader"],
    }

    @override
    def create(self, cloud: OpenStack, inputs: ApplicationCredentialInputs, marker: str) -> Made:
        what = f"create application credential {inputs.name}"
        if not inputs.password:
            raise Fatal(f"cannot {what} without its user's password", remedy="give password, such as the User's output")
        path = f"/users/{inputs.user}/application_credentials"
        own = cloud.signed_in_as(inputs.user, inputs.password, inputs.project)

        def clear() -> None:
            """What an earlier try made is of no use: its secret was told to nobody."""
            for one in own.list("identity", "application_credentials", what, path=path, name=inputs.name):
                if mark_of(one["description"]) == marker:
                    own.delete("identity", f"{path}/{one['id']}", what)

        clear()
        body = {
            "name": inputs.name,
            "description": marked(inputs.description, marker),
            "roles": [{"name": role} for role in inputs.roles],
            "expires_at": inputs.expires,
        }
        one = own.post("identity", path, what, {"application_credential": body}, clear)["application_credential"]
        return Made(f"{inputs.user}/{one['id']}", {"secret": one["secret"]})

    @override
    def read(
        self, cloud: OpenStack, id: str, known: ApplicationCredentialInputs | None, outputs: Outputs
    ) -> Found[ApplicationCredentialInputs] | None:
        user, _, credential = id.partition("/")
        answer = cloud.find(
            "identity", f"/users/{user}/application_credentials/{credential}", f"read application credential {credential}"
        )
        if answer is None:
            return None
        one = answer["application_credential"]
        told = ApplicationCredentialInputs(
            project=one["project_id"],
            user=user,
            password=known.password if known else "",
            name=one["name"],
            description=unmarked(one["description"]),
            roles=tuple(role["name"] for role in one["roles"]),
            expires=one["expires_at"],
        )
        return Found(told, outputs)

    @override
    def update(
        self,
        cloud: OpenStack,
        id: str,
        old: ApplicationCredentialInputs,
        new: ApplicationCredentialInputs,
        outputs: Outputs,
    ) -> Outputs:
        return outputs  # only another password of its user: nothing of the credential itself

    @override
    def delete(self, cloud: OpenStack, id: str, old: ApplicationCredentialInputs) -> None:
        user, _, credential = id.partition("/")
        what = f"delete application credential {old.name}"
        cloud.delete("identity", f"/users/{user}/application_credentials/{credential}", what)


class FlavorAccessInputs(Inputs):
    """A flavor that is not for everybody, for one project."""

    flavor: str = fixed("Name or id of the flavor; not a public one. Example: kunpeng-c8m16")
    project: str = fixed("Id or name of the project that may use it. Example: finance")


class FlavorAccess(Kind[OpenStack, FlavorAccessInputs]):
    """A project's right to a flavor that is not public."""

    name = "FlavorAccess"
    summary = "A project's right to use a flavor that is not public. Its id is FLAVOR/PROJECT in ids."
    inputs = FlavorAccessInputs
    references: ClassVar = {"flavor": flavor_id, "project": project_id}
    example: ClassVar = {"flavor": "kunpeng-c8m16", "project": "finance"}

    @override
    def joined(self, cloud: OpenStack, inputs: FlavorAccessInputs) -> str:
        return f"{flavor_id(cloud, inputs.flavor)}/{project_id(cloud, inputs.project)}"

    @override
    def create(self, cloud: OpenStack, inputs: FlavorAccessInputs, marker: str) -> Made:
        id = self.joined(cloud, inputs)
        flavor, _, project = id.partition("/")
        if not self._has(cloud, flavor, project):
            self._act(cloud, flavor, "addTenantAccess", project, f"give flavor {inputs.flavor} to {inputs.project}", has=True)
        return Made(id)

    @override
    def read(
        self, cloud: OpenStack, id: str, known: FlavorAccessInputs | None, outputs: Outputs
    ) -> Found[FlavorAccessInputs] | None:
        flavor, _, project = id.partition("/")
        if not self._has(cloud, flavor, project):
            return None
        return Found(
            FlavorAccessInputs(
                flavor=as_said(known.flavor if known else None, flavor, partial(flavor_id, cloud)),
                project=as_said(known.project if known else None, project, partial(project_id, cloud)),
            )
        )

    @override
    def update(self, cloud: OpenStack, id: str, old: FlavorAccessInputs, new: FlavorAccessInputs, outputs: Outputs) -> Outputs:
        return {}

    @override
    def delete(self, cloud: OpenStack, id: str, old: FlavorAccessInputs) -> None:
        flavor, _, project = id.partition("/")
        if self._has(cloud, flavor, project):
            self._act(cloud, flavor, "removeTenantAccess", project, f"take flavor {old.flavor} from {old.project}", has=False)

    def _has(self, cloud: OpenStack, flavor: str, project: str) -> bool:
        answer = cloud.find("compute", f"/flavors/{flavor}/os-flavor-access", f"read who may use flavor {flavor}")
        return any(one["tenant_id"] == project for one in (answer or {}).get("flavor_access", ()))

    def _act(self, cloud: OpenStack, flavor: str, action: str, project: str, what: str, *, has: bool) -> None:
        def again() -> Json | None:
            return {} if self._has(cloud, flavor, project) is has else None

        cloud.post("compute", f"/flavors/{flavor}/action", what, {action: {"tenant": project}}, again)
