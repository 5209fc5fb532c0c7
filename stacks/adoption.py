"""What stands on a cloud, taken over as it is: into the files, and into Pulumi's state. Never changes a cloud.

A tenant that somebody else made gets a stack; one that has a stack takes over what was changed behind the tool.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import JsonValue, ValidationError

from yunwang.inventories.cloud import Tenant
from yunwang.inventories.editing import edited
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject, digest
from yunwang.inventories.plan import Change, Draft, Observed, Outcome
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.adopted import adopted, spoken
from yunwang.stacks.cloud import Cloud
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.job import TAKEN_OVER, CloudJob
from yunwang.stacks.kind import Say
from yunwang.stacks.partition import TenantGroup, groups

if TYPE_CHECKING:
    from yunwang.stacks.pulumi.automation import Preview
    from yunwang.stacks.pulumi.steps import StackStep


class AdoptJob(CloudJob):
    """Tenants whose resources stand on a cloud already: their stacks take them in, and nothing on the cloud changes."""

    name = "cloud-import"
    title = "Tenants taken over as they are"

    def __init__(self, workspace: Workspace, tenants: Sequence[str], clouds: Clouds | None = None) -> None:
        """`tenants`: their stacks as targets (`stack/CLOUD/TENANT`, or a group's name)."""
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

    def preview(self, cloud: str, name: str, intent: TenantGroup | None) -> Preview:
        """What taking it over would come to; what the state takes over from the cloud is a step too. Raises verdicts.

        The stack itself is always one: that a tenant is as it was asked to be is worth an approval, though nothing is to be done.
        """
        from yunwang.stacks.pulumi.steps import StackStep

        if intent is None:
            raise Refused(f"no file names tenant {name} on cloud {cloud}", remedy="yunwang cloud import writes it")
        self._count(intent)
        found = super().preview(cloud, name, intent)
        moved = [step.model_copy(update={"op": "refresh"}) for step in found.moved]
        itself = StackStep(op="refresh", type="pulumi:pulumi:Stack", name=name)
        return found.model_copy(update={"steps": (*found.steps, *moved, itself)})

    def declare(self, intent: TenantGroup) -> None:
        """The program of stacks/tenants, over what is there."""
        from yunwang.stacks.pulumi.program import declare_tenants

        declare_tenants(intent, there={tenant: self._there[intent.cloud, tenant] for tenant in intent.tenants})

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
            if step.op not in TAKEN_OVER
        )
        return draft.model_copy(update={"findings": (*draft.findings, *others)})

    def glance(self, target: str) -> Observed:
        """A whole look: what the state takes over from the cloud is not among the steps that the up is held to."""
        return self.observe(target)

    def apply(self, change: Change, say: Say) -> Outcome:
        """The stack takes it over; its state before is kept. Raises verdicts."""
        stacks = self.clouds.stacks
        if change.reverse["intent"] is not None:
            name = ".".join(self.key(change.target))
            stacks.backend.keep(self.project, name, _kept(change), json.dumps(stacks.backend.export(self.project, name)).encode())
        return super().apply(change, say)

    def _up(self, cloud: str, name: str, said: JsonValue, steps: tuple[StackStep, ...] | None, say: Say) -> Outcome:
        self._count(TenantGroup.model_validate(said))
        return super()._up(cloud, name, said, steps and tuple(step for step in steps if step.op != "refresh"), say)

    def undo(self, change: Change, say: Say) -> Outcome:
        """The stack is forgotten, or as it was before; the cloud stays as it is. Raises Refused where that was not kept here."""
        stacks, (cloud, holder) = self.clouds.stacks, self.key(change.target)
        name = f"{cloud}.{holder}"
        if change.reverse["intent"] is None:
            stacks.forget(self.project, name)
            return Outcome(summary=f"{holder} on {cloud} is nobody's again")
        if (former := stacks.backend.kept(self.project, name, _kept(change))) is None:
            raise Refused(f"the state of stack {name} before it was not kept here", remedy="yunwang cloud drift shows what differs")
        stacks.backend.put(self.project, name, json.loads(former))
        return Outcome(summary=f"the stack of {holder} on {cloud} is the former one again")

    def _count(self, group: TenantGroup) -> None:
        ours = self.clouds.stacks.ids(self.project, f"{group.cloud}.{group.name}")
        for tenant in group.tenants:
            found = self.clouds.cloud(group.cloud).census(tenant).ids
            self._there[group.cloud, tenant] = {what: id for what, id in found.items() if id not in ours}


def edits(clouds: Clouds, targets: Iterable[str]) -> dict[Path, str]:
    """The tenants' files that change when these targets are taken over as they are, and what they say then. Raises verdicts."""
    root, texts = clouds.workspace.root, dict[Path, str]()
    files = {yaml.safe_load(path.read_text()).get("name"): path for path in sorted((root / "tenants").glob("*.y*ml"))}
    stacks = groups(clouds.workspace)
    for target in targets:
        _, name, holder = target.split("/")
        if (name, holder) not in stacks:
            raise Refused(f"no file names tenant {holder}", remedy="have its stack removed (yunwang cloud plan), then import it")
        for tenant in stacks[name, holder].tenants:
            path, cloud = files[tenant], clouds.cloud(name)
            text = texts.get(path) or path.read_text()
            said = adopted(yaml.safe_load(text), cloud.tenant_facts(tenant), cloud.census(tenant))
            texts[path] = edited(text, said, str(path.relative_to(root)))
    return {path: text for path, text in texts.items() if text != path.read_text()}


def _kept(change: Change) -> str:
    """The name of a state from before a change."""
    return f"before-{digest(change.forward)[7:23]}"


def _differences(step: StackStep) -> str:
    told = "; ".join(step.lines())
    return f": {told}" if told else ""


def tenant_file(cloud: Cloud, tenant: str, department: str, mlps_level: int) -> str:
    """The file of a tenant as it stands on one cloud, in YAML. Raises Fatal when a file has no words for something of it."""
    found = cloud.census(tenant)
    said: JsonObject = {
        "name": tenant,
        "title": found.title,
        "department": department,
        "mlps_level": mlps_level,
        "internet_egress": found.egress,
        "members": [*found.members],
        "allotments": [found.allotment | {"security_groups": spoken(found, mlps_level)}],
    }
    try:
        Tenant.model_validate(said)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise Fatal(
            f"tenant {tenant} on cloud {cloud.name} has what a tenant's file cannot say: {faults}",
            remedy="have it changed on the cloud first",
        ) from None
    return yaml.safe_dump({"version": 1, **said}, allow_unicode=True, sort_keys=False)
