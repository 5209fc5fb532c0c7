"""Quotas of nova, neutron and cinder: only fields that are named are ever sent, and what was written is read back.

Never deletes a whole quota set: that would take fields that are not ours with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field
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


def limits(cloud: OpenStack, api: Api, project: str) -> dict[str, dict[str, int]]:
    """Each field's `limit` and use, as the service tells them now."""
    answer = cloud.get(api.service, f"{api.path}/{project}{api.used}", f"read the {api.service} quota", **dict(api.query))
    return {name: value for name, value in answer[api.root].items() if isinstance(value, dict)}


class QuotaInputs(Inputs):
    """What the three kinds of quotas share."""

    project: str = fixed("Id of the project.")
    on_delete: Literal["reset", "leave"] = Field(
        default="reset",
        description="What becomes of a limit that is no longer named: back to the cloud's default, or left as it is.",
    )

    def named(self) -> dict[str, int]:
        """The limits that were said, in the API's own spelling."""
        return {
            name: value
            for name, value in self.model_dump(exclude={"project", "on_delete"}, exclude_none=True).items()
            if isinstance(value, int)
        }


def _limit(description: str) -> Any:
    return Field(default=None, ge=-1, description=f"{description} -1: no limit. Left out: not ours to set, never sent.")


class ComputeQuotaInputs(QuotaInputs):
    """Nova's."""

    cores: int | None = _limit("Virtual processor cores.")
    ram: int | None = _limit("Memory, in MiB.")
    instances: int | None = _limit("Servers.")


class VolumeQuotaInputs(QuotaInputs):
    """Cinder's."""

    volumes: int | None = _limit("Volumes.")
    gigabytes: int | None = _limit("Volumes and snapshots together, in GiB.")
    snapshots: int | None = _limit("Snapshots.")


class NetworkQuotaInputs(QuotaInputs):
    """Neutron's."""

    network: int | None = _limit("Networks.")
    subnet: int | None = _limit("Subnets.")
    port: int | None = _limit("Ports.")
    router: int | None = _limit("Routers.")
    floatingip: int | None = _limit("Floating IPv4 addresses.")
    security_group: int | None = _limit("Security groups (the default one counts).")
    security_group_rule: int | None = _limit("Rules over all security groups.")


Q = TypeVar("Q", bound=QuotaInputs)


class QuotaKind(Kind[OpenStack, Q], Generic[Q]):
    """A project's limits in one service. Its id is the project's."""

    api: Api

    @override
    def create(self, cloud: OpenStack, inputs: Q, marker: str) -> Made:
        self._write(cloud, inputs.project, inputs.named())
        return Made(inputs.project)

    @override
    def read(self, cloud: OpenStack, id: str, known: Q | None, outputs: Outputs) -> Found[Q] | None:
        live = {name: value["limit"] for name, value in limits(cloud, self.api, id).items()}
        if known is not None:
            return Found(known.model_copy(update={name: live.get(name) for name in known.named()}))
        if cloud.find("identity", f"/projects/{id}", f"read the quota of project {id}") is None:
            return None  # the services answer with defaults for a project that never was
        fields = self.inputs.model_fields.keys() & live.keys()
        return Found(self.inputs.model_validate({"project": id, **{name: live[name] for name in fields}}))

    @override
    def update(self, cloud: OpenStack, id: str, old: Q, new: Q, outputs: Outputs) -> Outputs:
        unnamed = old.named().keys() - new.named().keys()
        self._write(cloud, id, new.named() | (self._defaults(cloud, id, unnamed) if new.on_delete == "reset" else {}))
        return {}

    @override
    def delete(self, cloud: OpenStack, id: str, old: Q) -> None:
        if old.on_delete == "reset" and cloud.find("identity", f"/projects/{id}", f"reset the quota of project {id}") is not None:
            self._write(cloud, id, self._defaults(cloud, id, old.named().keys()))

    def _defaults(self, cloud: OpenStack, project: str, names: Any) -> dict[str, int]:
        if not names:
            return {}
        answer = cloud.get(
            self.api.service, f"{self.api.path}/{project}{self.api.default}", f"read the {self.api.service} quota defaults"
        )
        return {name: value for name, value in answer[self.api.root].items() if name in names}

    def _write(self, cloud: OpenStack, project: str, wanted: dict[str, int]) -> None:
        if not wanted:
            return
        what = f"set the {self.api.service} quota of project {project}"
        if self.api.checks_use and project not in cloud.newborn:
            now = limits(cloud, self.api, project)
            for name, limit in wanted.items():
                used = now.get(name, {}).get(self.api.use, 0)
                if 0 <= limit < used:
                    raise Fatal(
                        f"cloud {cloud.name}: project {project} uses {used} {name}, so its limit cannot be {limit}",
                        remedy="have the tenant free what it uses, or keep the limit at what is in use",
                    )
        cloud.send(self.api.service, "PUT", f"{self.api.path}/{project}", what, json={self.api.root: wanted})
        after = limits(cloud, self.api, project)
        ignored = [name for name, limit in wanted.items() if after.get(name, {}).get("limit") != limit]
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


class VolumeQuota(QuotaKind[VolumeQuotaInputs]):
    """Cinder's limits of a project."""

    name = "VolumeQuota"
    summary = "A project's limits in cinder. Only named limits are ever sent."
    inputs = VolumeQuotaInputs
    api = CINDER


class NetworkQuota(QuotaKind[NetworkQuotaInputs]):
    """Neutron's limits of a project."""

    name = "NetworkQuota"
    summary = "A project's limits in neutron. Only named limits are ever sent."
    inputs = NetworkQuotaInputs
    api = NEUTRON
