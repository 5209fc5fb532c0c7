"""States as the clouds are, and tenants off the clouds: planned, applied exactly so, taken back. Real clouds, real engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from parts.meddler import Meddler

from yunwang.inventories.cloud import Server, Tenant
from yunwang.inventories.plan import Plan
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.operations.job import Job
from yunwang.operations.terms import Terms
from yunwang.stacks.destroying import DestroyJob
from yunwang.stacks.job import CloudJob
from yunwang.stacks.openstack.session import OpenStack, Service
from yunwang.stacks.refreshing import RefreshJob
from yunwang.stacks.servers import ServerJob

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
WorkspaceOf = Callable[..., Workspace]


class Desk:
    """One operator's engine over one workspace."""

    def __init__(self, workspace: Workspace, journal: Journal) -> None:
        self.workspace, self.journal = workspace, journal

    def engine(self, allow_deletes: int = 100) -> Engine:
        return Engine(
            workspace=self.workspace,
            journal=self.journal,
            operator="wang",
            host="desk",
            command="x",
            say=print,
            terms=Terms(allow_deletes=allow_deletes),
        )

    def plan(self, job: Job) -> Plan:
        return self.engine().plan(job)

    def apply(self, job: Job, plan: Plan | None = None) -> RunState:
        run = self.engine().apply(plan or self.plan(job), job)
        print(run.message)
        return run.state


@pytest.fixture
def target(tenant: Tenant) -> str:
    return f"stack/zhengwu/{tenant.name}"


@pytest.fixture
def desk(
    workspace_of: WorkspaceOf, tenant: Tenant, root: Path, meddle: Callable[[Service], Meddler], zhengwu: OpenStack
) -> Iterator[Desk]:
    """With the tenant applied; whatever is left of it goes afterwards, before the meddlers do."""
    workspace = workspace_of(tenant)
    with closing(Journal.open(None, root / ".yunwang")) as journal:
        desk = Desk(workspace, journal)
        assert desk.apply(CloudJob(workspace)) is RunState.SUCCEEDED
        yield desk
        stacks = CloudJob(workspace).clouds.stacks
        for project in ("servers", "tenants"):
            stacks.destroy(project, f"zhengwu.{tenant.name}", "zhengwu", print)


def project_of(cloud: OpenStack, tenant: Tenant) -> str:
    return str(cloud.list("identity", "projects", "look", name=tenant.name)[0]["id"])


def counted(cloud: OpenStack, project: str, tenant: Tenant) -> dict[str, int]:
    """What a tenant has on the cloud, by the ids that it had."""
    found = {
        kind: len(cloud.list("network", kind, "count", path=f"/{kind.replace('_', '-')}", project_id=project))
        for kind in ("networks", "subnets", "routers", "ports", "floatingips")
    }
    groups = cloud.list("network", "security_groups", "count", path="/security-groups", project_id=project)
    found["groups"] = len([one for one in groups if one["name"] != "default"])  # that one neutron makes for who asks
    everywhere = {"all_tenants": "1", "project_id": project}
    found["servers"] = len(cloud.list("compute", "servers", "count", path="/servers/detail", **everywhere))
    found["volumes"] = len(cloud.list("block_storage", "volumes", "count", path="/volumes/detail", **everywhere))
    found["projects"] = len(cloud.list("identity", "projects", "count", name=tenant.name))
    found["users"] = len(cloud.list("identity", "users", "count", name=f"{tenant.name}-user"))
    return {kind: number for kind, number in found.items() if number}


def test_the_state_takes_over_exactly_what_the_plan_shows_and_gives_it_back(
    desk: Desk, tenant: Tenant, target: str, zhengwu: OpenStack
) -> None:
    job = RefreshJob(desk.workspace)
    assert desk.plan(job).changes == ()
    project = project_of(zhengwu, tenant)
    network = zhengwu.list("network", "networks", "look", project_id=project)[0]["id"]

    def name(new: str) -> None:
        zhengwu.send("network", "PUT", f"/networks/{network}", "drift", json={"network": {"name": new}})

    name("renamed")
    user = zhengwu.list("identity", "users", "look", name=f"{tenant.name}-user")[0]["id"]
    zhengwu.delete("identity", f"/users/{user}", "drift")
    stale = desk.plan(job)
    name("named-anew")
    with pytest.raises(Refused, match="has moved since"):
        desk.apply(job, stale)
    plan = desk.plan(job)
    (change,) = plan.changes
    assert change.target == target
    assert "name: business → named-anew" in change.text
    assert {step.what for step in change.steps} == {
        "yunwang:Network business, as it is on the cloud",
        f"yunwang:User {tenant.name}-user, which is not on the cloud any more",
        f"yunwang:RoleAssignment {tenant.name}-user-member, which is not on the cloud any more",
    }
    revision = zhengwu.get("network", f"/networks/{network}", "look")["network"]["revision_number"]
    assert desk.apply(job, plan) is RunState.SUCCEEDED
    assert zhengwu.get("network", f"/networks/{network}", "look")["network"]["revision_number"] == revision, "the cloud stays"
    assert desk.plan(job).changes == ()
    asked = desk.plan(CloudJob(desk.workspace)).changes[0]
    assert "name: named-anew → business" in asked.text, "what the files say stays to be applied"

    (run,) = desk.journal.runs(job="cloud-refresh")
    assert desk.engine().rollback(run.id, job).state is RunState.ROLLED_BACK
    assert [step.what for step in desk.plan(job).changes[0].steps] == [step.what for step in change.steps]
    assert desk.apply(CloudJob(desk.workspace)) is RunState.SUCCEEDED
    assert desk.plan(job).changes == ()


def test_a_named_tenant_goes_with_its_booked_servers_and_nothing_of_others(
    desk: Desk, tenant: Tenant, target: str, zhengwu: OpenStack
) -> None:
    with pytest.raises(Refused, match="not named"):
        desk.plan(DestroyJob(desk.workspace, []))
    with pytest.raises(Refused, match="no stack matches stack/zhengwu/nobody"):
        desk.plan(DestroyJob(desk.workspace, ["stack/zhengwu/nobody"]))
    booking = {("zhengwu", tenant.name): (Server(name="web-1", network="business", cores=1, ram_gib=1, disk_gib=1),)}
    assert desk.apply(ServerJob(desk.workspace, booking)) is RunState.SUCCEEDED
    project = project_of(zhengwu, tenant)

    alone = desk.plan(DestroyJob(desk.workspace, [target]))
    assert alone.changes == ()
    (held,) = (one for one in alone.findings if one.code == "still-holds")
    assert "servers web-1" in held.message
    assert f"--target {target}-servers" in held.remedy

    job = DestroyJob(desk.workspace, [f"{target}*"])
    stray = zhengwu.post("network", "/networks", "stray", {"network": {"name": "stray", "project_id": project}})["network"]["id"]
    (held,) = (one for one in desk.plan(job).findings if one.code == "still-holds")
    assert "networks stray" in held.message
    assert "web-1" not in held.message
    zhengwu.delete("network", f"/networks/{stray}", "clean")

    plan = desk.plan(job)
    assert [change.target for wave in plan.waves for change in map(plan.change, wave.changes)] == [f"{target}-servers", target]
    assert "- yunwang:Server web-1" in plan.changes[0].text
    with pytest.raises(Refused, match="more than 15"):
        desk.engine(allow_deletes=15).apply(plan, job)
    assert desk.apply(job, plan) is RunState.SUCCEEDED
    assert counted(zhengwu, project, tenant) == {}
    assert CloudJob(desk.workspace).clouds.stacks.names("tenants") == ()
    asked = desk.plan(CloudJob(desk.workspace))
    assert asked.changes[0].action == "+"


def test_a_destroy_that_stops_half_way_is_taken_back_and_a_second_one_ends_it(
    desk: Desk, tenant: Tenant, target: str, zhengwu: OpenStack, meddle: Callable[[Service], Meddler]
) -> None:
    project = project_of(zhengwu, tenant)
    meddler = meddle("network")
    meddler.applies = lambda method, path: method == "DELETE" and "/networks/" in path
    meddler.faults = [(409, {})] * 50
    job = DestroyJob(desk.workspace, [target])
    assert desk.apply(job) is RunState.FAILED
    assert counted(zhengwu, project, tenant)["networks"] == 1
    assert counted(zhengwu, project, tenant)["subnets"] == 2, "what had gone was made anew"
    meddler.faults = []
    assert desk.plan(CloudJob(desk.workspace)).changes == ()
    assert desk.apply(DestroyJob(desk.workspace, [target])) is RunState.SUCCEEDED
    assert counted(zhengwu, project, tenant) == {}
