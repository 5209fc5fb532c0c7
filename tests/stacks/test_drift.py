"""Drift of every kind, injected on a real cloud, found, and named right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from parts.meddler import Meddler
from typing_extensions import override

from yunwang.inventories.cloud import Allotment, Quota, Tenant
from yunwang.inventories.plan import Change, Outcome
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.stacks.drift import Drift, Kind, adoptable, as_finding, drift
from yunwang.stacks.job import CloudJob
from yunwang.stacks.kind import Say
from yunwang.stacks.openstack.session import OpenStack, Service

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
WorkspaceOf = Callable[..., Workspace]


@pytest.fixture
def journal(root: Path) -> Iterator[Journal]:
    with closing(Journal.open(None, root / ".yunwang")) as opened:
        yield opened


@pytest.fixture
def target(tenant: Tenant, workspace_of: WorkspaceOf, meddle: Callable[[Service], Meddler]) -> Iterator[str]:
    """The tenant's stack, which goes afterwards, before the meddlers do."""
    target = f"stack/zhengwu/{tenant.name}"
    yield target
    CloudJob(workspace_of()).clouds.stacks.destroy("tenants", f"zhengwu.{tenant.name}", "zhengwu", print)


def with_quota(tenant: Tenant, **quota: int) -> Tenant:
    (allotment,) = tenant.allotments
    larger = Allotment.model_validate(allotment.model_dump() | {"quota": Quota(**quota)})
    return tenant.model_copy(update={"allotments": (larger,)})


def applied(workspace: Workspace, journal: Journal, job: CloudJob) -> RunState:
    engine = Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="x", say=print)
    return engine.apply(engine.plan(job), job).state


def found(workspace: Workspace, journal: Journal, target: str) -> dict[Kind, list[Drift]]:
    """By kind, what drifted of the tenant or has its name."""
    sorted_: dict[Kind, list[Drift]] = {}
    for one in drift(CloudJob(workspace), workspace, journal, [target]):
        if one.target.startswith(target):
            sorted_.setdefault(one.kind, []).append(one)
    return sorted_


def test_what_others_did_to_a_tenant_is_told_apart_and_taken_back(
    workspace_of: WorkspaceOf, tenant: Tenant, journal: Journal, target: str, zhengwu: OpenStack
) -> None:
    workspace = workspace_of(tenant)
    assert applied(workspace, journal, CloudJob(workspace)) is RunState.SUCCEEDED
    assert found(workspace, journal, target) == {}

    id = zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"]
    network = zhengwu.list("network", "networks", "look", project_id=id)[0]["id"]
    zhengwu.send("network", "PUT", f"/networks/{network}", "drift", json={"network": {"name": "renamed"}})
    user = zhengwu.list("identity", "users", "look", name=f"{tenant.name}-user")[0]["id"]
    zhengwu.delete("identity", f"/users/{user}", "drift")
    zhengwu.send("network", "PUT", f"/quotas/{id}", "drift", json={"quota": {"subnet": 1, "force": True}})
    stranger = {"name": "shadow", "project_id": id}
    network = zhengwu.post("network", "/networks", "drift", {"network": stranger})["network"]["id"]
    other = zhengwu.post("identity", "/projects", "drift", {"project": {"name": f"{tenant.name}-x"}})["project"]["id"]
    guest = zhengwu.post("identity", "/users", "drift", {"user": {"name": f"{tenant.name}-guest"}})["user"]["id"]
    role = zhengwu.list("identity", "roles", "look", name="reader")[0]["id"]
    zhengwu.send("identity", "PUT", f"/projects/{id}/users/{guest}/roles/{role}", "drift")
    try:
        seen = found(workspace, journal, target)
    finally:
        zhengwu.delete("network", f"/networks/{network}", "clean")
        zhengwu.delete("identity", f"/projects/{other}", "clean")
        zhengwu.delete("identity", f"/users/{guest}", "clean")
    assert {kind: [one.what for one in drifts] for kind, drifts in seen.items()} == {
        Kind.BEHIND_THE_TOOL: ["yunwang:Network business was renamed on the cloud"],
        Kind.VANISHED: [
            f"yunwang:RoleAssignment {tenant.name}-user-member is not on the cloud any more",
            f"yunwang:User {tenant.name}-user is not on the cloud any more",
        ],
        Kind.UNMANAGED: ["no stack knows these networks", "no stack let these people in"],
        Kind.OVER_QUOTA: ["2 subnet are used, 1 are allowed"],
        Kind.UNMANAGED_TENANT: ["bears nobody's mark"],
    }
    assert "  name: business → renamed" in seen[Kind.BEHIND_THE_TOOL][0].lines
    assert [one.lines for one in seen[Kind.UNMANAGED]] == [("shadow",), (f"{tenant.name}-guest (reader)",)]
    assert all(as_finding(one).remedy for drifts in seen.values() for one in drifts)
    with pytest.raises(Refused, match="not all of this can be adopted") as refused:
        adoptable([one for drifts in seen.values() for one in drifts])
    assert {finding.code for finding in refused.value.findings} == {Kind.BEHIND_THE_TOOL, Kind.VANISHED}, (
        "a name is what it is known by"
    )

    assert applied(workspace, journal, CloudJob(workspace)) is RunState.SUCCEEDED
    assert found(workspace, journal, target).keys() == {Kind.OVER_QUOTA}, "what no file names is not taken back"


def test_what_was_not_applied_what_failed_and_what_nobody_approved_are_told_apart(
    workspace_of: WorkspaceOf, tenant: Tenant, journal: Journal, target: str, meddler: Meddler
) -> None:
    class Broken(CloudJob):
        @override
        def undo(self, change: Change, say: Say) -> Outcome:
            raise Fatal("the power went out")

    workspace = workspace_of(tenant)
    assert found(workspace, journal, target).keys() == {Kind.INTENT}

    meddler.applies = lambda method, path: method == "POST" and path.endswith("/routers")
    meddler.faults = [(400, {})]
    assert applied(workspace, journal, Broken(workspace)) is not RunState.SUCCEEDED
    failed = found(workspace, journal, target)
    assert failed.keys() == {Kind.FAILED_APPLY}
    assert f"create yunwang:Router {tenant.name}" in failed[Kind.FAILED_APPLY][0].lines

    assert applied(workspace, journal, CloudJob(workspace)) is RunState.SUCCEEDED
    larger = workspace_of(with_quota(tenant, cores=12, networks=3))
    asked = found(larger, journal, target)
    assert asked.keys() == {Kind.INTENT}
    assert "  cores: 10 → 12" in asked[Kind.INTENT][0].lines

    around = CloudJob(larger)
    around.apply(around.draft({target: around.observe(target)}).changes[0], print)  # as plain Pulumi would, past every gate
    assert found(larger, journal, target).keys() == {Kind.NEVER_APPROVED}
    assert found(workspace, journal, target).keys() == {Kind.NEVER_APPROVED, Kind.FAILED_APPLY}
