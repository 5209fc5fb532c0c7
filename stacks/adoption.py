"""Tenants that somebody else made, taken over as they are: into the files, and into Pulumi's state. Never changes a cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import yaml
from pydantic import JsonValue, ValidationError

from yunwang.inventories.cloud import Tenant
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change, Draft, Observed, Outcome
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.job import CloudJob, Clouds, Say
from yunwang.stacks.partition import Partition

if TYPE_CHECKING:
    from yunwang.stacks.openstack.session import OpenStack
    from yunwang.stacks.pulumi.automation import Preview
    from yunwang.stacks.pulumi.steps import StackStep


class AdoptJob(CloudJob):
    """Tenants whose resources stand on a cloud already: their stacks take them in, and nothing on the cloud changes."""

    name = "cloud-import"
    title = "Tenants taken over as they are"

    def __init__(self, workspace: Workspace, tenants: Sequence[str], clouds: Clouds | None = None) -> None:
        """`tenants`: targets (`stack/CLOUD/TENANT`)."""
        super().__init__(workspace, clouds)
        self._asked = tuple(tenants)
        self._there: dict[tuple[str, str], Mapping[str, str]] = {}

    @property
    def options(self) -> JsonObject:
        """The targets."""
        return {"tenants": [*self._asked]}

    def intended_keys(self) -> Iterable[tuple[str, str]]:
        """Those that were asked for."""
        return map(self.key, self._asked)

    def left(self) -> tuple[str, ...]:
        """None: only what was asked for is looked at."""
        return ()

    def preview(self, cloud: str, tenant: str, intent: Partition | None) -> Preview:
        """What taking it over would come to. Raises Refused for a tenant that no file names, or that has a stack."""
        if intent is None:
            raise Refused(f"no file names tenant {tenant} on cloud {cloud}", remedy="yunwang cloud import writes it")
        if self.clouds.stacks.ids(self.project, f"{cloud}.{tenant}"):
            raise Refused(f"tenant {tenant} on cloud {cloud} has a stack already", remedy="yunwang cloud plan")
        self._count(cloud, tenant)
        return super().preview(cloud, tenant, intent)

    def declare(self, intent: Partition) -> None:
        """The program of stacks/tenants, over what is there."""
        from yunwang.stacks.pulumi.program import declare_tenant

        declare_tenant(intent, there=self._there[intent.cloud, intent.tenant])

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """A change per tenant; an error for each step that would change something on the cloud."""
        draft = super().draft(observed)
        others = tuple(
            Finding(
                code="not-as-it-is",
                severity=Severity.ERROR,
                message=f"would {step.op} {step.what}{_differences(step)}",
                remedy="have the tenant's file say what is live, or have the cloud changed first",
                target=target,
            )
            for target, seen in observed.items()
            for step in self.steps(seen.facts["steps"])
            if step.op != "import"
        )
        return draft.model_copy(update={"findings": (*draft.findings, *others)})

    def _up(self, cloud: str, tenant: str, said: JsonValue, steps: tuple[StackStep, ...] | None, say: Say) -> Outcome:
        self._count(cloud, tenant)
        return super()._up(cloud, tenant, said, steps, say)

    def undo(self, change: Change, say: Say) -> Outcome:
        """The stack is forgotten; the cloud stays as it is."""
        cloud, tenant = self.key(change.target)
        self.clouds.stacks.forget(self.project, f"{cloud}.{tenant}")
        return Outcome(summary=f"{tenant} on {cloud} is nobody's again")

    def _count(self, cloud: str, tenant: str) -> None:
        from yunwang.stacks.openstack.census import census

        self._there[cloud, tenant] = census(self.clouds.session(cloud), tenant).ids


def _differences(step: StackStep) -> str:
    told = "; ".join(step.lines())
    return f": {told}" if told else ""


def tenant_file(session: OpenStack, tenant: str, department: str, mlps_level: int) -> str:
    """The file of a tenant as it stands on one cloud, in YAML. Raises Fatal when a file has no words for something of it."""
    from yunwang.stacks.openstack.census import census

    found = census(session, tenant)
    said: JsonObject = {
        "name": tenant,
        "title": found.title,
        "department": department,
        "mlps_level": mlps_level,
        "internet_egress": found.egress,
        "members": [*found.members],
        "allotments": [found.allotment],
    }
    try:
        Tenant.model_validate(said)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise Fatal(
            f"tenant {tenant} on cloud {session.name} has what a tenant's file cannot say: {faults}",
            remedy="have it changed on the cloud first",
        ) from None
    return yaml.safe_dump({"version": 1, **said}, allow_unicode=True, sort_keys=False)
