"""What was made when something went wrong half way: it is kept in the engine's state, and the next run goes on from it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.engine import TENANTS, Trial, environment
from parts.meddler import Meddler
from pulumi import ResourceOptions
from pulumi.automation import CommandError

from yunwang.inventories.cloud import Tenant
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.job import CloudJob
from yunwang.stacks.openstack.session import OpenStack, Service
from yunwang.stacks.pulumi import resources as r

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
HTTPS = {"ethertype": "IPv4", "protocol": "tcp", "portMin": 443, "portMax": 443}


@pytest.fixture
def trial(workspace_of: Callable[..., Workspace], meddle: Callable[[Service], Meddler]) -> Iterator[Trial]:
    """A stack of its own, which goes afterwards, before the meddlers do."""
    stacks = Clouds(workspace_of()).stacks
    stacks.prepare(print)
    trial = Trial(stacks, f"t-{uuid.uuid4().hex[:8]}")
    yield trial
    trial.destroy()


def kept(trial: Trial, kind: str) -> Any:
    """The one resource of that kind in the state."""
    (found,) = (one for one in trial.resources() if one["type"].endswith(f":{kind}"))
    return found


def test_a_create_that_went_half_way_is_kept_and_completed(trial: Trial, meddler: Meddler, zhengwu: OpenStack) -> None:
    def program() -> None:
        own = ResourceOptions(provider=r.Provider("zhengwu", cloud="zhengwu"))
        project = r.Project("p", own, name=trial.name)
        r.SecurityGroup("web", own, project=project.id, name="web", rules=[HTTPS])

    meddler.applies = lambda method, path: method == "POST" and "security-group-rules" in path
    meddler.faults = [(400, {})]
    with pytest.raises(CommandError, match="refused with 400 to set the rules of security group web"):
        trial.up(program)
    half = kept(trial, "SecurityGroup")
    assert half["initErrors"]
    groups = zhengwu.list("network", "security_groups", "look", path="/security-groups", project_id=kept(trial, "Project")["id"])
    assert [one["id"] for one in groups if one["name"] == "web"] == [half["id"]]
    trial.up(program)
    whole = kept(trial, "SecurityGroup")
    assert whole["id"] == half["id"], "it was gone on with, not made again"
    assert not whole.get("initErrors")
    rules = zhengwu.get("network", f"/security-groups/{half['id']}", "look")["security_group"]["security_group_rules"]
    assert [rule["port_range_min"] for rule in rules] == [443]


def test_an_update_that_went_half_way_is_kept_and_completed(trial: Trial, meddle: Callable[[Service], Meddler]) -> None:
    size = 1

    def program() -> None:
        own = ResourceOptions(provider=r.Provider("zhengwu", cloud="zhengwu"))
        project = r.Project("p", own, name=trial.name)
        role = r.RoleAssignment("operator", own, project=project.id, role="member")
        after = ResourceOptions(provider=own.provider, depends_on=[role])
        r.Volume("data", after, project=project.id, name=f"data-{size}", size=size)

    trial.up(program)
    meddler = meddle("block_storage")
    meddler.applies = lambda method, path: path.endswith("/action")
    meddler.faults = [(202, {})]  # it says that it will, and does not
    size = 2
    trial.stacks._ports.clear()  # as in the next process: clouds.yaml is read again
    trial.stacks._connect = Clouds(trial.stacks.backend.workspace).session
    with pytest.raises(CommandError, match="did not change volume data-2"):
        trial.up(program)
    half = kept(trial, "Volume")
    assert half["initErrors"]
    trial.up(program)
    whole = kept(trial, "Volume")
    assert whole["id"] == half["id"]
    assert not whole.get("initErrors")
    assert trial.preview(program).keys() == {"same"}


def test_a_ctrl_c_lets_what_is_in_flight_finish_and_keeps_it(
    workspace_of: Callable[..., Workspace], tenant: Tenant, root: Path, meddler: Meddler, zhengwu: OpenStack
) -> None:
    workspace = workspace_of(tenant)
    clouds = [cloud.model_dump(mode="json") for cloud in workspace.settings.clouds]
    (root / "yunwang.yaml").write_text(yaml.safe_dump({"version": 2, "name": "trial", "title": "t", "clouds": clouds}))
    (root / "tenants").mkdir()
    (root / "tenants" / f"{tenant.name}.yaml").write_text(yaml.safe_dump({"version": 1, **tenant.model_dump(mode="json")}))
    job = CloudJob(workspace)
    job.prepare(print)
    aside = job.clouds.stacks.backend.project("tenants")  # a stack's settings are written where it is made
    own = environment(root)
    stack = ["--stack", f"zhengwu.{tenant.name}", "--non-interactive"]

    def call(*words: str) -> str:
        cwd = aside if words[0] == "stack" else TENANTS
        return subprocess.check_output(["pulumi", *words, *stack], cwd=cwd, env=own, text=True)

    call("stack", "init")
    settings = ["--config-file", str(root / "Pulumi.trial.yaml"), "-c", f"workspace={root}"]

    held = threading.Event()
    meddler.applies = lambda method, path: method == "POST" and path.endswith("/networks")
    meddler.faults = [held]
    up = subprocess.Popen(["pulumi", "up", "--yes", *settings, *stack], cwd=TENANTS, env=own, process_group=0)
    deadline = time.monotonic() + 120
    while meddler.faults and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(up.pid, signal.SIGINT)  # as a terminal does
    held.set()
    assert up.wait(120) != 0
    state = json.loads(call("stack", "export"))["deployment"]
    network = next(one["id"] for one in state["resources"] if one["type"] == "yunwang:index:Network")
    project = next(one["id"] for one in state["resources"] if one["type"] == "yunwang:index:Project")
    assert [one["id"] for one in zhengwu.list("network", "networks", "look", project_id=project)] == [network]
    assert not state.get("pending_operations")
    assert not [one for one in state["resources"] if one["type"] == "yunwang:index:Subnet"], "nothing was begun after it"
    call("destroy", "--yes", *settings)
