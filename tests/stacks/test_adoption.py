"""A tenant that somebody else made, on a real cloud: into a file, into Pulumi's state, with nothing changed on the cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from yunwang.inventories.cloud import Quota, Tenant
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.stacks.adoption import AdoptJob, tenant_file
from yunwang.stacks.job import CloudJob
from yunwang.stacks.openstack.session import OpenStack

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
WorkspaceOf = Callable[..., Workspace]


@pytest.fixture
def left(workspace_of: WorkspaceOf, tenant: Tenant, zhengwu: OpenStack) -> Iterator[str]:
    """A tenant of the cloud that no state knows; its project's id. It goes afterwards."""
    made = CloudJob(workspace_of(tenant))
    target = f"stack/zhengwu/{tenant.name}"
    made.apply(made.draft({target: made.observe(target)}).changes[0], print)
    made.clouds.stacks.forget("tenants", f"zhengwu.{tenant.name}")
    assert made.targets() == (target,)
    assert not made.clouds.stacks.ids("tenants", f"zhengwu.{tenant.name}")
    yield str(zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"])
    made.clouds.stacks.destroy("tenants", f"zhengwu.{tenant.name}", "zhengwu", print)


def revisions(cloud: OpenStack, project: str) -> dict[str, Any]:
    """Of each resource of neutron how often it was changed, and the project as it is."""
    found: dict[str, Any] = {"project": cloud.get("identity", f"/projects/{project}", "look")}
    for collection in ("networks", "subnets", "routers", "ports", "security_groups"):
        path = "/" + collection.replace("_", "-")
        for one in cloud.list("network", collection, "look", path=path, project_id=project):
            found[one["id"]] = one["revision_number"]
    return found


def test_a_tenant_is_taken_over_as_it_is_and_given_up_again(
    workspace_of: WorkspaceOf, tenant: Tenant, left: str, zhengwu: OpenStack, root: Path
) -> None:
    target, before = f"stack/zhengwu/{tenant.name}", revisions(zhengwu, left)
    said = yaml.safe_load(tenant_file(zhengwu, tenant.name, tenant.department, tenant.mlps_level))
    written = Tenant.model_validate({name: value for name, value in said.items() if name != "version"})
    assert written == tenant.model_copy(update={"allotments": written.allotments})
    assert written.allotments[0].security_groups == tenant.allotments[0].security_groups
    assert written.allotments[0].networks == tenant.allotments[0].networks
    workspace = workspace_of(written)

    (allotment,) = written.allotments
    other = allotment.model_copy(update={"quota": Quota(cores=11)})
    mistaken = AdoptJob(workspace_of(written.model_copy(update={"allotments": (other,)})), [target])
    faults = mistaken.draft({target: mistaken.observe(target)}).findings
    assert any("would update yunwang:ComputeQuota" in fault.message for fault in faults)

    with closing(Journal.open(None, root / ".yunwang")) as journal:
        engine = Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="x", say=print)
        job = AdoptJob(workspace, [target])
        plan = engine.plan(job)
        assert plan.findings == ()
        assert {step.what.split()[0] for step in plan.changes[0].steps} >= {"yunwang:User", "yunwang:RouterInterface"}
        assert engine.apply(plan, job).state is RunState.SUCCEEDED
    ordinary = CloudJob(workspace)
    assert ordinary.draft({target: ordinary.observe(target)}).changes == (), "nothing is left to be done"
    assert revisions(zhengwu, left) == before, "and nothing was done on the cloud"
    with pytest.raises(Refused, match="has a stack already"):
        AdoptJob(workspace, [target]).observe(target)

    job.undo(plan.changes[0], print)
    assert revisions(zhengwu, left) == before
    assert not ordinary.clouds.stacks.ids("tenants", f"zhengwu.{tenant.name}")
    job.apply(plan.changes[0], print)  # taken over again, it goes with its stack


def test_what_a_file_cannot_say_is_named(tenant: Tenant, zhengwu: OpenStack) -> None:
    project = zhengwu.post("identity", "/projects", "prepare", {"project": {"name": tenant.name}})["project"]["id"]
    try:
        network = zhengwu.post("network", "/networks", "prepare", {"network": {"name": "lone", "project_id": project}})
        with pytest.raises(Fatal, match="network lone on cloud zhengwu has the subnets none"):
            tenant_file(zhengwu, tenant.name, "d", 2)
        zhengwu.delete("network", f"/networks/{network['network']['id']}", "clean")
        zhengwu.send("compute", "PUT", f"/os-quota-sets/{project}", "prepare", json={"quota_set": {"key_pairs": 7}})
        with pytest.raises(Fatal, match="a quota of 7 key_pairs, which a tenant's file cannot say"):
            tenant_file(zhengwu, tenant.name, "d", 2)
    finally:
        for group in zhengwu.list("network", "security_groups", "clean", path="/security-groups", project_id=project):
            zhengwu.delete("network", f"/security-groups/{group['id']}", "clean")
        zhengwu.delete("identity", f"/projects/{project}", "clean")
