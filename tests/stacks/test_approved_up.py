"""Plain Pulumi on a workspace that asks for approval: real clouds, the real engine, the plug-in that is installed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from parts.engine import TENANTS, environment

from yunwang.inventories.cloud import Tenant
from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.operations import approval
from yunwang.operations.approval import Person
from yunwang.stacks.job import CloudJob
from yunwang.stacks.openstack.session import OpenStack

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
Pulumi = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def pulumi(city: Workspace, tenant: Tenant, root: Path, people: dict[str, Person]) -> Iterator[Pulumi]:
    """Plain Pulumi over the project of tenants; what it made goes afterwards."""
    job = CloudJob(city)
    job.prepare(print)
    aside = job.clouds.stacks.backend.project("tenants")  # a stack's settings are written where it is made
    stack = ["--stack", f"zhengwu.{tenant.name}", "--non-interactive"]
    person = {"YUNWANG_OPERATOR": "li-wei", "YUNWANG_KEY": str(people["li-wei"].key)}
    own = {name: value for name, value in environment(root).items() if name not in ("YUNWANG_APPROVED_PLAN", "SSH_AUTH_SOCK")}

    def call(word: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        settings = ["--config-file", str(root / "Pulumi.trial.yaml")]
        command = ["pulumi", word, *words, *stack, *([] if word == "stack" else settings)]
        cwd = aside if word == "stack" else TENANTS
        return subprocess.run(command, cwd=cwd, env=own | person | more, capture_output=True, text=True, check=False)

    yield call
    (root / "policies" / "roles.yaml").unlink()
    call("destroy", "--yes")


def shown(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def test_plain_pulumi_does_what_was_approved_and_nothing_else(
    city: Workspace, tenant: Tenant, root: Path, zhengwu: OpenStack, pulumi: Pulumi, people: dict[str, Person]
) -> None:
    workspace = ["-c", f"workspace={root}"]
    assert pulumi("stack", "init").returncode == 0
    previewed = pulumi("preview", *workspace)
    assert previewed.returncode == 0, shown(previewed)

    refused = pulumi("up", "--yes", *workspace)
    assert refused.returncode != 0
    assert "asks for an approved plan before a stack is changed" in shown(refused)
    assert not re.search(r'File "[^"]*/yunwang/(cli|operations|stacks)/', shown(refused)), "the engine interrupts its language host"

    job = CloudJob(city)
    target = f"stack/zhengwu/{tenant.name}"
    plan = planned(city, job, target)
    file = root / ".yunwang" / "clouds.plan"
    file.write_text(plan.to_json())
    unapproved = pulumi("up", "--yes", *workspace, YUNWANG_APPROVED_PLAN=str(file))
    assert f"needs an approval by another person for {target}" in shown(unapproved)
    assert not zhengwu.list("identity", "projects", "look", name=tenant.name), "nothing was made until here"

    journal = Journal.open(None, city.state)
    approval.approve(plan, city, journal, people["chen-jing"], datetime.now(UTC))
    stranger = pulumi("up", "--yes", *workspace, YUNWANG_APPROVED_PLAN=str(file), YUNWANG_KEY=str(people["chen-jing"].key))
    assert "li-wei may not sign with this key" in shown(stranger)
    done = pulumi("up", "--yes", *workspace, YUNWANG_APPROVED_PLAN=str(file))
    assert done.returncode == 0, shown(done)
    assert job.verify(plan.changes[0]) == ()
    (project,) = zhengwu.list("identity", "projects", "look", name=tenant.name)
    groups = zhengwu.list("network", "security_groups", "look", path="/security-groups", project_id=project["id"])
    assert {group["name"]: len(group["security_group_rules"]) for group in groups} == {"web": 2, "default": 0}
    written = [entry for entry in journal.audit.entries() if entry.plan_digest == plan.digest and entry.target == target]
    assert {entry.operator for entry in written} == {"li-wei"}
    assert f"create yunwang:Project {tenant.name}" in {entry.result for entry in written}
    journal.close()

    gone = pulumi("destroy", "--yes", YUNWANG_APPROVED_PLAN=str(file))
    assert gone.returncode != 0
    assert "does not delete" in shown(gone)
    assert job.verify(plan.changes[0]) == (), "nothing was taken away"

    path = root / "tenants" / f"{tenant.name}.yaml"
    path.write_text(path.read_text().replace("cores: 10", "cores: 12"))
    edited = pulumi("up", "--yes", *workspace, YUNWANG_APPROVED_PLAN=str(file))
    assert "files have changed since the plan was made" in shown(edited)


def planned(workspace: Workspace, job: CloudJob, target: str) -> Plan:
    """What `yunwang cloud plan -o` would write."""
    seen = job.observe(target)
    draft = job.draft({target: seen})
    now = datetime.now(UTC)
    return Plan(
        job="cloud",
        title=job.title,
        workspace=workspace.settings.name,
        intent=workspace.digest,
        operator="li-wei",
        created=now,
        expires=now + timedelta(hours=1),
        observations=(seen.seen(),),
        changes=draft.changes,
        waves=draft.waves,
    )
