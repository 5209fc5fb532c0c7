"""Quotas of nova, neutron and cinder: only fields that are named are ever sent, and what was written is read back.

Never deletes a whole quota set: that would take fields that are not ours with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import Field, field_validator
from typing_extensions import override

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.kind import Found, Inputs, Kind, Made, Outputs, fixed
from yunwang.stacks.openstack.session import OpenStack, Service


@dataclass(frozen=True, slots=True)
class Api:
    """How a service spells its quotas: where they are read with their use, where defaults stand, what wraps them."""

    service: Service
    path: str
    root: str
    used: str
    use: str
    """Name of the field that tells how much is used."""
    default: str = "/defaults"
    query: tuple[tuple[str, str], ...] = ()
    checks_use: bool = True
    """We refuse a limit below what is in use (nova checks under some drivers, cinder never). Not for networks: those that go in the
    same run are deleted after the quota is lowered."""


NOVA = Api("compute", "/os-quota-sets", "quota_set", "/detail", "in_use")
CINDER = Api("block_storage", "/os-quota-sets", "quota_set", "", "in_use", query=(("usage", "True"),))
NEUTRON = Api("network", "/quotas", "quota", "/details", "used", default="/default", checks_use=False)


_TYPED = re.compile("(volumes|gigabytes|snapshots)_.")
"""Cinder's limits of one volume type."""


def limits(cloud: OpenStack, api: Api, project: str) -> dict[str, int]:
    """The limit of each field, as the service tells it now; without use, which is dear to count."""
    answer = cloud.get(api.service, f"{api.path}/{project}", f"read the {api.service} quota")
    # the project's id stands beside them
    return {name: value for name, value in answer[api.root].items() if isinstance(value, int)}


def usage(cloud: OpenStack, api: Api, project: str) -> dict[str, dict[str, int]]:
    """Each field's `limit` and use."""
    answer = cloud.get(api.service, f"{api.path}/{project}{api.used}", f"read the {api.service} quota", **dict(api.query))
    return {name: value for name, value in answer[api.root].items() if isinstance(value, dict)}


def over(cloud: OpenStack, project: str) -> dict[str, tuple[int, int]]:
    """What a project uses more of than its quotas allow: use and limit by field, as the services spell it."""
    return {
        name: (value[api.use], value["limit"])
        for api in (NOVA, CINDER, NEUTRON)
        for name, value in usage(cloud, api, project).items()
        if 0 <= value["limit"] < value.get(api.use, 0)
    }


class QuotaInputs(Inputs):
    """What the three kinds of quotas share."""

    project: str = fixed("Id of the project.")
    on_delete: Literal["reset", "leave"] = Field(
        default="reset",
        description="What becomes of a limit that is no longer named: back to the cloud's default, or left as it is.",
    )

    def named(self) -> dict[str, int]:
        """The limits that were said, in the API's own spelling."""
        said = self.model_dump(exclude={"project", "on_delete"}, exclude_none=True)
        return {**{name: value for name, value in said.items() if isinstance(value, int)}, **said.get("types", {})}

    @classmethod
    def of(cls, project: str, on_delete: str, limits: Mapping[str, int]) -> Self:
        """From the API's own spelling; what has no property of its own is a volume type's."""
        own = {name: value for name, value in limits.items() if name in cls.model_fields}
        types = {name: value for name, value in limits.items() if name not in cls.model_fields}
        said: dict[str, Any] = {"project": project, "on_delete": on_delete, **own, **({"types": types} if types else {})}
        return cls.model_construct(**said)


def _limit(description: str) -> Any:
    return Field(default=None, ge=-1, description=f"{description} -1: no limit. Left out: not ours to set, never sent.")


class ComputeQuotaInputs(QuotaInputs):
    """Nova's."""

    cores: int | None = _limit("Virtual processor cores.")
    ram: int | None = _limit("Memory, in MiB.")
    instances: int | None = _limit("Servers.")
    key_pairs: int | None = _limit("Key pairs of each user.")
    metadata_items: int | None = _limit("Metadata entries of each server.")
    server_groups: int | None = _limit("Server groups.")
    server_group_members: int | None = _limit("Servers of each server group.")


class VolumeQuotaInputs(QuotaInputs):
    """Cinder's."""

    volumes: int | None = _limit("Volumes.")
    gigabytes: int | None = _limit("Volumes and snapshots together, in GiB.")
    snapshots: int | None = _limit("Snapshots.")
    per_volume_gigabytes: int | None = _limit("The largest volume, in GiB.")
    backups: int | None = _limit("Backups.")
    backup_gigabytes: int | None = _limit("Backups together, in GiB.")
    types: dict[str, int] | None = Field(
        default=None, description="Limits of single volume types, as cinder spells them. Example: gigabytes_ssd: 500 (GiB)"
    )

    @field_validator("types")
    @classmethod
    def _typed(cls, types: dict[str, int] | None) -> dict[str, int] | None:
        if wrong := [name for name in types or {} if not _TYPED.match(name)]:
            raise ValueError(f"{wrong[0]} is none: volumes_TYPE, gigabytes_TYPE or snapshots_TYPE")
        return types


class NetworkQuotaInputs(QuotaInputs):
    """Neutron's."""

    network: int | None = _limit("Networks.")
    subnet: int | None = _limit("Subnets.")
    port: int | None = _limit("Ports.")
    router: int | None = _limit("Routers.")
    floatingip: int | None = _limit("Floating IPv4 addresses.")
    security_group: int | None = _limit("Security groups (the default one counts).")
    security_group_rule: int | None = _limit("Rules over all security groups.")
    rbac_policy: int | None = _limit("Policies by which networks are shared.")
    subnetpool: int | None = _limit("Subnet pools.")


Q = TypeVar("Q", bound=QuotaInputs)


class QuotaKind(Kind[OpenStack, Q], Generic[Q]):
    """A project's limits in one service. Its id is the project's."""

    api: Api

    @override
    def joined(self, cloud: OpenStack, inputs: Q) -> str:
        return inputs.project

    @override
    def create(self, cloud: OpenStack, inputs: Q, marker: str) -> Made:
        self._write(cloud, inputs.project, inputs.named())
        return Made(inputs.project)

    @override
    def read(self, cloud: OpenStack, id: str, known: Q | None, outputs: Outputs) -> Found[Q] | None:
        """Of one that is imported, the limits that somebody set: those that are not the cloud's defaults."""
        if known is None and cloud.find("identity", f"/projects/{id}", f"read the quota of project {id}") is None:
            return None  # nova refuses to answer for a project that never was, the others answer with defaults
        live = limits(cloud, self.api, id)
        if known is not None:
            now = {name: live[name] for name in known.named() if name in live}
            return Found(self.inputs.of(id, known.on_delete, now))
        defaults = self._defaults(cloud, id, live)
        typed = "types" in self.inputs.model_fields
        ours = {name: limit for name, limit in live.items() if name in self.inputs.model_fields or (typed and _TYPED.match(name))}
        return Found(self.inputs.of(id, "reset", {name: limit for name, limit in ours.items() if limit != defaults.get(name)}))

    @override
    def update(self, cloud: OpenStack, id: str, old: Q, new: Q, outputs: Outputs) -> Outputs:
        unnamed = old.named().keys() - new.named().keys()
        self._write(cloud, id, new.named() | (self._defaults(cloud, id, unnamed) if new.on_delete == "reset" else {}))
        return {}

    @override
    def delete(self, cloud: OpenStack, id: str, old: Q) -> None:
        if old.on_delete == "reset" and cloud.find("identity", f"/projects/{id}", f"reset the quota of project {id}") is not None:
            self._write(cloud, id, self._defaults(cloud, id, old.named().keys()))

    def _defaults(self, cloud: OpenStack, project: str, names: Collection[str]) -> dict[str, int]:
        if not names:
            return {}
        answer = cloud.get(
            self.api.service, f"{self.api.path}/{project}{self.api.default}", f"read the {self.api.service} quota defaults"
        )
        return {name: value for name, value in answer[self.api.root].items() if name in names}  # its id stands beside them

    def _write(self, cloud: OpenStack, project: str, wanted: dict[str, int]) -> None:
        if not wanted:
            return
        what = f"set the {self.api.service} quota of project {project}"
        if self.api.checks_use and project not in cloud.newborn:
            now = usage(cloud, self.api, project)
            for name, limit in wanted.items():
                used = now.get(name, {}).get(self.api.use, 0)
                if 0 <= limit < used:
                    raise Fatal(
                        f"cloud {cloud.name}: project {project} uses {used} {name}, so its limit cannot be {limit}",
                        remedy="have the tenant free what it uses, or keep the limit at what is in use",
                    )
        cloud.send(self.api.service, "PUT", f"{self.api.path}/{project}", what, json={self.api.root: wanted})
        after = limits(cloud, self.api, project)
        ignored = [name for name, limit in wanted.items() if after.get(name) != limit]
        if ignored:
            # nova under unified limits answers 200 and does nothing
            raise Fatal(
                f"cloud {cloud.name} took the {self.api.service} quota of project {project} and did not set {', '.join(ignored)}",
                remedy="have them set where the cloud keeps them (unified limits in keystone?), or leave them out",
            )


class ComputeQuota(QuotaKind[ComputeQuotaInputs]):
    """Nova's limits of a project."""

    name = "ComputeQuota"
    summary = "A project's limits in nova. Only named limits are ever sent."
    inputs = ComputeQuotaInputs
    api = NOVA
    example: ClassVar = {"project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10", "cores": 64, "ram": 131072, "instances": 20}


class VolumeQuota(QuotaKind[VolumeQuotaInputs]):
    """Cinder's limits of a project."""

    name = "VolumeQuota"
    summary = "A project's limits in cinder. Only named limits are ever sent."
    inputs = VolumeQuotaInputs
    api = CINDER
    example: ClassVar = {
        "project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10",
        "volumes": 20,
        "gigabytes": 2000,
        "types": {"gigabytes_ssd": 500},
    }


class NetworkQuota(QuotaKind[NetworkQuotaInputs]):
    """Neutron's limits of a project."""

    name = "NetworkQuota"
    summary = "A project's limits in neutron. Only named limits are ever sent."
    inputs = NetworkQuotaInputs
    api = NEUTRON
    example: ClassVar = {"project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10", "network": 4, "port": 200, "router": 1}
