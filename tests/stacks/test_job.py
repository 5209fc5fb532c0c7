"""Tenants and servers on real clouds through the real Pulumi engine."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.engine import TENANTS, environment
from parts.processes import descendants

from yunwang.inventories.cloud import Quota, Server, Tenant
from yunwang.inventories.finding import Severity
from yunwang.inventories.plan import Action, Change
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.job import CloudJob, StackJob
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.openstack.session import OpenStack
from yunwang.stacks.servers import ServerJob

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
WorkspaceOf = Callable[..., Workspace]


def planned(job: StackJob[Any], target: str) -> Change | None:
    draft = job.draft({target: job.observe(target)})
    return draft.changes[0] if draft.changes else None


def silent(line: str) -> None:
    """Tells nobody."""


@pytest.fixture
def target(tenant: Tenant) -> str:
    return f"stack/zhengwu/{tenant.name}"


@pytest.fixture
def job(workspace_of: WorkspaceOf, tenant: Tenant, target: str) -> Iterator[CloudJob]:
    """The tenant's job, applied; the tenant goes afterwards."""
    job = CloudJob(workspace_of(tenant))
    change = planned(job, target)
    assert change is not None
    job.apply(change, silent)
    yield job
    for left in job.targets():
        CloudJob._destroy(job, *job.key(left), silent)


def with_quota(workspace_of: WorkspaceOf, tenant: Tenant, quota: Quota) -> CloudJob:
    (allotment,) = tenant.allotments
    return CloudJob(workspace_of(tenant.model_copy(update={"allotments": (allotment.model_copy(update={"quota": quota}),)})))


def test_a_tenant_comes_verifies_stays_as_it_is_and_goes(
    workspace_of: WorkspaceOf, tenant: Tenant, target: str, zhengwu: OpenStack
) -> None:
    job = CloudJob(workspace_of(tenant))
    assert job.targets() == (target,)
    change = planned(job, target)
    assert change is not None
    assert change.action is Action.CREATE
    assert {step.what.split()[0] for step in change.steps} >= {"yunwang:Project", "yunwang:Subnet", "yunwang:RouterInterface"}
    assert job.verify(change), "nothing is there yet"
    told: list[str] = []
    job.apply(change, told.append)
    assert f"create yunwang:Project {tenant.name}" in told
    assert job.verify(change) == ()
    assert planned(job, target) is None

    gone = CloudJob(workspace_of())
    assert gone.targets() == (target,), "the stack of a tenant that left the workspace is still answered for"
    removal = planned(gone, target)
    assert removal is not None
    assert removal.action is Action.DELETE
    gone.apply(removal, silent)
    assert gone.verify(removal) == ()
    assert not zhengwu.list("identity", "projects", "look", name=tenant.name)
    assert gone.targets() == ()


def test_drift_moves_the_observation_is_shown_property_by_property_and_put_right(
    job: CloudJob, target: str, zhengwu: OpenStack, tenant: Tenant
) -> None:
    before = job.observe(target).seen()
    assert job.observe(target).seen() == before
    project = zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"]
    zhengwu.send("compute", "PUT", f"/os-quota-sets/{project}", "drift", json={"quota_set": {"cores": 99}})
    assert job.observe(target).seen() != before
    network = zhengwu.list("network", "networks", "look", project_id=project)[0]["id"]
    zhengwu.send("network", "PUT", f"/networks/{network}", "drift", json={"network": {"name": "renamed"}})
    user = zhengwu.list("identity", "users", "look", name=f"{tenant.name}-user")[0]["id"]
    zhengwu.delete("identity", f"/users/{user}", "drift")
    change = planned(job, target)
    assert change is not None
    assert "name: renamed → business" in change.text
    assert "cores: 99 → 10" in change.text
    assert f"+ yunwang:User {tenant.name}-user  (vanished from the cloud)" in change.text
    assert {step.what.split()[0] for step in change.steps} == {
        "yunwang:User",
        "yunwang:RoleAssignment",
        "yunwang:ComputeQuota",
        "yunwang:Network",
    }
    job.apply(change, silent)
    assert job.verify(change) == ()


def test_undo_brings_back_the_intent_before(job: CloudJob, workspace_of: WorkspaceOf, tenant: Tenant, target: str) -> None:
    larger = with_quota(workspace_of, tenant, Quota(cores=12, ram_gib=16, instances=4, volumes=4, networks=3, routers=2))
    change = planned(larger, target)
    assert change is not None
    assert "cores: 10 → 12" in change.text
    larger.apply(change, silent)
    assert larger.verify(change) == ()
    larger.undo(change, silent)
    assert planned(job, target) is None


def test_a_plan_whose_steps_are_no_longer_those_is_refused(
    job: CloudJob, workspace_of: WorkspaceOf, tenant: Tenant, target: str, zhengwu: OpenStack
) -> None:
    larger = with_quota(workspace_of, tenant, Quota(cores=12, ram_gib=16, instances=4, volumes=4, networks=3))
    change = planned(larger, target)
    assert change is not None
    for stored in (larger._workspace.state / "pulumi" / "plans").rglob("*.json"):
        stored.unlink()  # as on another machine
    network = zhengwu.list("network", "networks", "look", name="business")
    project = zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"]
    (own,) = (one for one in network if one["project_id"] == project)
    zhengwu.send("network", "PUT", f"/networks/{own['id']}", "drift", json={"network": {"name": "renamed"}})
    with pytest.raises(Refused, match="not those of the plan"):
        larger.apply(change, silent)


def test_a_failure_in_the_middle_tells_the_cloud_s_reason_and_undo_leaves_nothing(
    workspace_of: WorkspaceOf, tenant: Tenant, target: str, zhengwu: OpenStack
) -> None:
    job = with_quota(workspace_of, tenant, Quota(networks=0))
    change = planned(job, target)
    assert change is not None
    with pytest.raises(Fatal) as full:
        job.apply(change, silent)
    assert "quota on cloud zhengwu is full" in full.value.message
    assert "cannot create network business" in full.value.message
    assert "Traceback" not in full.value.message
    assert full.value.remedy.startswith("raise the tenant's quota")
    job.undo(change, silent)
    assert not zhengwu.list("identity", "projects", "look", name=tenant.name)


def test_a_broken_service_ends_in_a_sentence_and_a_second_run_completes_it(
    workspace_of: WorkspaceOf, tenant: Tenant, target: str, zhengwu: OpenStack, meddler: Any
) -> None:
    job = CloudJob(workspace_of(tenant))
    change = planned(job, target)
    assert change is not None
    meddler.applies = lambda method, path: method == "POST" and "subnets" in path
    meddler.faults = [(500, {})] * 40
    with pytest.raises(Fatal, match=r"neutron.*failed with 500.*create subnet"):
        job.apply(change, silent)
    meddler.faults = []
    again = planned(job, target)
    assert again is not None
    assert len(again.steps) < len(change.steps), "what was made is kept"
    job.apply(again, silent)
    assert job.verify(again) == ()
    job.undo(change, silent)


def test_a_kill_in_the_middle_is_gone_on_from_and_nothing_is_there_twice(
    workspace_of: WorkspaceOf, tenant: Tenant, target: str, zhengwu: OpenStack
) -> None:
    workspace = workspace_of(tenant)
    program = (
        "import sys, pickle; from yunwang.stacks.job import CloudJob; job = CloudJob(pickle.load(sys.stdin.buffer));"
        f"change = job.draft({{{target!r}: job.observe({target!r})}}).changes[0];"
        "job.apply(change, lambda line: print(line, flush=True))"
    )
    tool = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert tool.stdin is not None
    assert tool.stdout is not None
    tool.stdin.write(pickle.dumps(workspace))
    tool.stdin.close()
    for line in tool.stdout:
        if b"NetworkQuota" in line:
            break
    for one in [tool.pid, *descendants(tool.pid)]:
        os.kill(one, signal.SIGKILL)
    tool.wait()

    job = CloudJob(workspace)
    change = planned(job, target)
    assert change is not None
    job.apply(change, silent)
    assert job.verify(change) == ()
    project = zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"]
    for collection in ("networks", "subnets", "routers", "security_groups"):
        found = zhengwu.list("network", collection, "look", path="/" + collection.replace("_", "-"), project_id=project)
        names = [one["name"] for one in found]
        assert len(names) == len(set(names)), collection
    assert planned(job, target) is None
    job.undo(change.model_copy(update={"reverse": {"intent": None}}), silent)


def test_servers_are_booked_with_the_smallest_flavor_that_holds_them_and_hold_their_tenant(
    job: CloudJob, workspace_of: WorkspaceOf, tenant: Tenant, target: str, root: Path
) -> None:
    wanted = Server(name="web-1", cores=1, ram_gib=1, disk_gib=10, network="business")
    booking = ServerJob(workspace_of(tenant), {("zhengwu", tenant.name): (wanted,)})
    assert booking.targets() == (f"{target}-servers",)
    change = planned(booking, f"{target}-servers")
    assert change is not None
    assert "flavor: c1m2" in change.text
    booking.apply(change, silent)
    assert booking.verify(change) == ()
    removal = CloudJob(workspace_of())
    (held,) = removal.draft({target: removal.observe(target)}).findings
    assert held.severity is Severity.ERROR
    assert "still holds servers web-1" in held.message
    assert planned(removal, target) is None
    anyway = change.model_copy(update={"target": target, "forward": {"intent": None, "steps": []}, "reverse": {"intent": None}})
    with pytest.raises(Refused, match="still holds servers web-1"):
        removal.apply(anyway, silent)
    booking.undo(change, silent)
    assert planned(job, target) is None


def test_a_booked_server_goes_into_other_groups_and_stays_the_same_server(
    job: CloudJob, workspace_of: WorkspaceOf, tenant: Tenant, target: str, zhengwu: OpenStack
) -> None:
    def booking(*groups: str) -> ServerJob:
        wanted = Server(name="web-1", cores=1, ram_gib=1, disk_gib=10, network="business", security_groups=groups)
        return ServerJob(workspace_of(tenant), {("zhengwu", tenant.name): (wanted,)})

    servers = f"{target}-servers"
    first = planned(booking("web"), servers)
    assert first is not None
    booking("web").apply(first, silent)
    assert booking("web").verify(first) == ()
    project = zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"]

    def live() -> tuple[str, list[str]]:
        (one,) = zhengwu.list("compute", "servers", "look", path="/servers/detail", all_tenants="1", project_id=project)
        return one["id"], sorted(group["name"] for group in one["security_groups"])

    id, groups = live()
    assert groups == ["web"]
    both = planned(booking("default", "web"), servers)
    assert both is not None
    assert [step.what for step in both.steps] == ["yunwang:Server web-1"]
    assert "asks" not in both.facts, "nothing is replaced"
    booking("default", "web").apply(both, silent)
    assert live() == (id, ["default", "web"])

    own = zhengwu.scoped(project)  # where nova looks for the name
    own.send("compute", "POST", f"/servers/{id}/action", "drift", json={"removeSecurityGroup": {"name": "web"}})
    (fault,) = booking("default", "web").verify(both)
    assert "security_groups" in fault.message
    assert planned(booking(), servers) is None, "what is not named stays as it is"
    other = planned(booking("web"), servers)
    assert other is not None
    booking("web").apply(other, silent)
    assert live() == (id, ["web"])
    assert planned(booking("web"), servers) is None

    (web,) = zhengwu.list("network", "security_groups", "look", path="/security-groups", project_id=project, name="web")
    kind = KINDS["Server"]
    said = kind.inputs(project=project, name="web-1", image="base", flavor="c1m2", network="business", security_groups=[web["id"]])
    found = kind.read(zhengwu, id, said, {})
    assert found is not None
    assert found.inputs == said, "a group may be said by its id too"
    booking("web").undo(first, silent)


def test_the_state_holds_no_secret_of_the_cloud_and_plain_pulumi_runs_the_same_project_over_it(
    job: CloudJob, clouds_folder: Path, root: Path, tenant: Tenant
) -> None:
    """The language host runs stacks/tenants over the same stack, and finds nothing to do."""
    secrets = set()
    for name in ("clouds.yaml", "secure.yaml"):
        if (clouds_folder / name).exists():
            for cloud in (yaml.safe_load((clouds_folder / name).read_text()) or {}).get("clouds", {}).values():
                secrets.add(cloud.get("auth", {}).get("password"))
    secrets -= {None}
    assert secrets
    texts = [path.read_text() for path in (job._workspace.state / "pulumi").rglob("*.json") if "home" not in path.parts]
    state = "".join(texts)
    assert '"password":{' in state, "the user's initial password stands there …"
    assert '"ciphertext":"v1:' in state, "… encrypted"
    for secret in secrets:
        assert f'"{secret}"' not in state

    (root / "tenants").mkdir()
    (root / "tenants" / f"{tenant.name}.yaml").write_text(yaml.safe_dump({"version": 1, **tenant.model_dump(mode="json")}))
    clouds = [cloud.model_dump(mode="json") for cloud in job._workspace.settings.clouds]
    (root / "yunwang.yaml").write_text(
        yaml.safe_dump({"version": 1, "name": "trial", "title": "试", "clouds": clouds}, allow_unicode=True)
    )
    settings = root / ".yunwang" / "pulumi" / "projects" / "tenants" / f"Pulumi.zhengwu.{tenant.name}.yaml"
    stack = ["--stack", f"zhengwu.{tenant.name}", "--config-file", str(settings), "--non-interactive"]
    preview = ["preview", "--refresh", "--expect-no-changes", "-c", f"workspace={root}"]
    told = subprocess.run(["pulumi", *preview, *stack], cwd=TENANTS, env=environment(root), capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
