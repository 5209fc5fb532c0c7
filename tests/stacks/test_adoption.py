"""A tenant that somebody else made, on a real cloud: into a file, into Pulumi's state, with nothing changed on the cloud."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.command import yunwang

from yunwang.inventories.cloud import Quota, Tenant
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import ApprovalKind, Run, RunState
from yunwang.journal.store import Journal
from yunwang.operations.approval import Person
from yunwang.operations.engine import Engine
from yunwang.stacks.adoption import AdoptJob, tenant_file
from yunwang.stacks.job import CloudJob
from yunwang.stacks.openstack.cloud import OpenStackCloud
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
    said = yaml.safe_load(tenant_file(OpenStackCloud(zhengwu), tenant.name, tenant.department, tenant.mlps_level))
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
    job.undo(plan.changes[0], print)
    assert revisions(zhengwu, left) == before
    assert not ordinary.clouds.stacks.ids("tenants", f"zhengwu.{tenant.name}")
    job.apply(plan.changes[0], print)  # taken over again, it goes with its stack


def test_what_a_file_cannot_say_is_named(tenant: Tenant, zhengwu: OpenStack) -> None:
    project = zhengwu.post("identity", "/projects", "prepare", {"project": {"name": tenant.name}})["project"]["id"]
    try:
        network = zhengwu.post("network", "/networks", "prepare", {"network": {"name": "lone", "project_id": project}})
        with pytest.raises(Fatal, match="network lone on cloud zhengwu has the subnets none"):
            tenant_file(OpenStackCloud(zhengwu), tenant.name, "d", 2)
        zhengwu.delete("network", f"/networks/{network['network']['id']}", "clean")
        zhengwu.send("compute", "PUT", f"/os-quota-sets/{project}", "prepare", json={"quota_set": {"key_pairs": 7}})
        with pytest.raises(Fatal, match="a quota of 7 key_pairs, which a tenant's file cannot say"):
            tenant_file(OpenStackCloud(zhengwu), tenant.name, "d", 2)
    finally:
        for group in zhengwu.list("network", "security_groups", "clean", path="/security-groups", project_id=project):
            zhengwu.delete("network", f"/security-groups/{group['id']}", "clean")
        zhengwu.delete("identity", f"/projects/{project}", "clean")


@pytest.fixture
def applied(city: Workspace, tenant: Tenant) -> Iterator[Path]:
    """A workspace on disk whose tenant stands on the cloud, applied by nobody's approval; it goes afterwards. Its file."""
    (city.root / "policies" / "roles.yaml").unlink()
    city, _ = read(city.root)  # type: ignore[assignment]  # it was free of faults
    assert engine_of(city, lambda engine: engine.apply(engine.plan(job := CloudJob(city)), job)).state is RunState.SUCCEEDED
    yield city.root / "tenants" / f"{tenant.name}.yaml"
    CloudJob(city).clouds.stacks.destroy("tenants", f"zhengwu.{tenant.name}", "zhengwu", print)


def engine_of(workspace: Workspace, work: Callable[[Engine], Run]) -> Run:
    with closing(Journal.open(None, workspace.state)) as journal:
        return work(Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="x", say=print))


def drifted(root: Path) -> list[Any]:
    """What `cloud drift` finds of this workspace's own tenant, whoever else is on the cloud."""
    done = yunwang("cloud", "drift", "--json", "-q", "--detailed-exitcode", "-w", root)
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)
    assert done.returncode in ((1, 2) if found else (0,)), done.stderr
    return [one for one in found if one["kind"] != "unmanaged-tenant"]


def test_what_was_changed_behind_the_tool_is_taken_over_into_file_and_stack_and_given_back(
    applied: Path, tenant: Tenant, zhengwu: OpenStack
) -> None:
    applied.write_text(f"# who reads this\n{applied.read_text()}")
    project = zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"]
    zhengwu.send("compute", "PUT", f"/os-quota-sets/{project}", "drift", json={"quota_set": {"cores": 12}})
    (web,) = zhengwu.list("network", "security_groups", "look", path="/security-groups", project_id=project, name="web")
    rule = {"direction": "egress", "ethertype": "IPv4", "protocol": "udp", "port_range_min": 53, "port_range_max": 53}
    rule |= {"remote_ip_prefix": "10.64.0.0/12", "security_group_id": web["id"], "project_id": project}
    zhengwu.post("network", "/security-group-rules", "drift", {"security_group_rule": rule})
    lab = zhengwu.post("network", "/networks", "drift", {"network": {"name": "lab", "project_id": project}})["network"]["id"]
    for name, more in {
        "lab-v4": {"ip_version": 4, "cidr": "10.111.9.0/24"},
        "lab-v6": {"ip_version": 6, "cidr": "2001:db8:100:1119::/64", "ipv6_address_mode": "slaac", "ipv6_ra_mode": "slaac"},
    }.items():
        subnet = {"name": name, "network_id": lab, "project_id": project, **more}
        zhengwu.post("network", "/subnets", "drift", {"subnet": subnet})
    before = revisions(zhengwu, project)

    adopted = yunwang("cloud", "drift", "--adopt", "--yes", "-w", applied.parents[1])
    assert adopted.returncode == 0, adopted.stderr
    assert "+  - {name: lab, ipv4: 10.111.9.0/24" in adopted.stderr, "what becomes of the file is shown"
    assert applied.read_text().startswith("# who reads this\n")
    said = yaml.safe_load(applied.read_text())["allotments"][0]
    assert said["quota"]["cores"] == 12
    assert {"protocol": "udp", "direction": "egress"}.items() <= said["security_groups"][0]["rules"][0].items()
    assert drifted(applied.parents[1]) == [], "only strangers on the cloud are left to be told"
    assert revisions(zhengwu, project) == before
    after, faults = read(applied.parents[1])
    assert after is not None, faults
    job = CloudJob(after)
    target = f"stack/zhengwu/{tenant.name}"
    assert job.draft({target: job.observe(target)}).changes == ()

    with closing(Journal.open(None, after.state)) as journal:
        (run,) = journal.runs(job="cloud-import")
    assert engine_of(after, lambda engine: engine.rollback(run.id, AdoptJob(after, [target]))).state is RunState.ROLLED_BACK
    assert revisions(zhengwu, project) == before
    assert {one["kind"] for one in drifted(applied.parents[1])} >= {"behind-the-tool", "unmanaged-resource"}


@pytest.fixture
def asking(people: dict[str, Person], root: Path) -> str:
    """What roles.yaml says where a second person is asked; `applied` begins without."""
    return (root / "policies" / "roles.yaml").read_text()


def test_what_is_taken_over_waits_for_a_second_person(
    asking: str, applied: Path, people: dict[str, Person], tenant: Tenant, zhengwu: OpenStack
) -> None:
    root, plan, target = applied.parents[1], applied.parents[1] / ".yunwang" / "adopt.plan", f"stack/zhengwu/{tenant.name}"
    (root / "policies" / "roles.yaml").write_text(asking)
    project = zhengwu.list("identity", "projects", "look", name=tenant.name)[0]["id"]
    zhengwu.send("compute", "PUT", f"/os-quota-sets/{project}", "drift", json={"quota_set": {"cores": 12}})
    before = revisions(zhengwu, project)

    def as_(name: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return yunwang(*words, "-w", root, YUNWANG_OPERATOR=name, YUNWANG_KEY=str(people[name].key), SSH_AUTH_SOCK="")

    adopt = ("cloud", "drift", "--adopt")
    planned = as_("li-wei", *adopt, "-o", plan, "--target", target)
    assert planned.returncode == 0, planned.stderr
    assert yaml.safe_load(applied.read_text())["allotments"][0]["quota"]["cores"] == 12, "the plan is of files that say so"
    alone = as_("li-wei", *adopt, "--plan", plan, "--yes")
    assert alone.returncode == 1
    assert f"needs an approval by another person for {target}" in alone.stderr
    assert {one["kind"] for one in drifted(root)} >= {"behind-the-tool"}, "the stack does not hold it yet"

    approved = as_("chen-jing", "approve", plan, "--yes", "-v")
    assert approved.returncode == 0, approved.stderr
    assert "cores: 10 → 12" in approved.stdout, "what is answered for is shown"
    elsewhere = as_("li-wei", "cloud", "apply", "--plan", plan, "--yes")
    assert "holds cloud-import, this command applies cloud" in elsewhere.stderr
    taken = as_("li-wei", *adopt, "--plan", plan, "--yes")
    assert taken.returncode == 0, taken.stderr
    assert drifted(root) == []
    assert revisions(zhengwu, project) == before
    with closing(Journal.open(None, root / ".yunwang")) as journal:
        (run,) = journal.runs(job="cloud-import")
        given = {one.kind: one.approver for one in journal.approvals.of(journal.plan_of(run.id).digest)}
    assert (run.state, run.operator) == (RunState.SUCCEEDED, "li-wei")
    assert given == {ApprovalKind.APPROVAL: "chen-jing", ApprovalKind.APPLY: "li-wei"}
