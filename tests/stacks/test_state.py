"""States that broke: what is told of them, and what mending leaves. Real engine; real clouds where something may stand there."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pulumi
import pytest

from yunwang.inventories.cloud import Tenant
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.operations.job import Job
from yunwang.operations.terms import Terms
from yunwang.stacks.destroying import DestroyJob
from yunwang.stacks.job import CloudJob
from yunwang.stacks.mending import StateJob
from yunwang.stacks.openstack.session import OpenStack
from yunwang.stacks.pulumi.automation import Stacks
from yunwang.stacks.pulumi.condition import open_inputs
from yunwang.stacks.pulumi.owner import Owner
from yunwang.stacks.pulumi.provider import marker, remembered

pytestmark = pytest.mark.pulumi
FINANCE, TARGET = ("tenants", "zhengwu.finance"), "stack/zhengwu/finance"


def program() -> None:
    pulumi.export("password", pulumi.Output.secret("state-secret-7f3a"))


def silent(line: str) -> None:
    """Tells nobody."""


@pytest.fixture
def city(tmp_path: Path) -> Workspace:
    """A workspace of which one stack was applied twice."""
    clouds = [{"name": "zhengwu", "title": "政务云", "cores": 1, "ram_gib": 1, "volume_gib": 1}]
    settings = Settings.model_validate({"version": 2, "name": "t", "title": "t", "clouds": clouds})
    workspace = Workspace(root=tmp_path, digest="", settings=settings)
    stacks = Stacks(workspace, lambda cloud: {}, lambda name, config: None)
    for _ in range(2):
        stacks.up(*FINANCE, "", program, None, silent)
    return workspace


def engine(workspace: Workspace, journal: Journal) -> Engine:
    terms = Terms(allow_deletes=100)
    return Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="x", say=print, terms=terms)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(None, tmp_path / ".yunwang")) as opened:
        yield opened


def prepared(job: StateJob) -> StateJob:
    job.prepare(silent)
    return job


def told(workspace: Workspace, journal: Journal, **asked: Any) -> tuple[list[str], list[str]]:
    """Codes of what is found, and the steps of the mending."""
    plan = engine(workspace, journal).plan(prepared(StateJob(workspace, **asked)))
    return [one.code for one in plan.findings], [step.what for change in plan.changes for step in change.steps]


def mended(workspace: Workspace, journal: Journal, job: Job | None = None, **asked: Any) -> RunState:
    at_work = job or prepared(StateJob(workspace, **asked))
    run = engine(workspace, journal).apply(engine(workspace, journal).plan(at_work), at_work)
    print(run.message)
    return run.state


def checkpoint(workspace: Workspace, stack: tuple[str, str] = FINANCE) -> Path:
    return workspace.state / "pulumi" / ".pulumi" / "stacks" / stack[0] / f"{stack[1]}.json"


def test_a_state_in_order_needs_nothing(city: Workspace, journal: Journal) -> None:
    assert told(city, journal) == ([], [])


@pytest.mark.parametrize("left", [0, 200])
def test_a_checkpoint_that_was_cut_short_is_brought_back_from_the_newest_backup_that_can_be_read(
    city: Workspace, journal: Journal, left: int
) -> None:
    path = checkpoint(city)
    path.write_bytes(path.read_bytes()[:left])
    path.with_name(path.name + ".bak").write_text("{")
    with pytest.raises(Fatal) as stumbled:
        CloudJob(city).targets()
    assert "yunwang cloud state" in stumbled.value.remedy
    codes, steps = told(city, journal)
    assert codes == ["unreadable"]
    assert "checkpoint, which is" in steps[0]
    assert "UTC again" in steps[0]
    assert mended(city, journal) is RunState.SUCCEEDED
    assert told(city, journal) == ([], [])
    assert CloudJob(city).targets() == (TARGET,)
    assert "state-secret-7f3a" in CloudJob(city).clouds.stacks.backend.call(
        "tenants", "stack", "output", "--show-secrets", "--stack", FINANCE[1]
    )


def lock(workspace: Workspace, **said: Any) -> Path:
    path = workspace.state / "pulumi" / ".pulumi" / "locks" / "organization" / FINANCE[0] / FINANCE[1] / f"{uuid.uuid4()}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"pid": 2**22 + 1, "username": "li-wei", "hostname": os.uname().nodename, "timestamp": "2026-11-21T10:00:00.5+08:00"}
    path.write_text(json.dumps(whole | said))
    return path


def test_locks_are_told_apart_and_only_those_of_the_dead_are_freed_unasked(city: Workspace, journal: Journal) -> None:
    dead = lock(city)
    cut = lock(city)
    cut.write_text("")
    plan = engine(city, journal).plan(prepared(StateJob(city, holders={TARGET: "wang on desk, run 4711"})))
    words = " ".join(one.message for one in plan.findings)
    assert "locked by li-wei on" in words
    assert "since 2026-11-21 02:00:00 UTC, and that process is dead" in words
    assert "a file that was cut short" in words
    assert "held by wang on desk, run 4711" in words
    assert mended(city, journal) is RunState.SUCCEEDED
    assert not dead.exists()
    assert not cut.exists()

    alive = lock(city, pid=os.getpid())
    assert told(city, journal, give_up=[TARGET]) == (["lock"], []), "nobody takes a lock from a process that lives here"
    alive.unlink()
    far = lock(city, hostname="elsewhere")
    assert told(city, journal) == (["lock"], [])
    assert mended(city, journal, give_up=[TARGET]) is RunState.SUCCEEDED
    assert not far.exists()
    assert told(city, journal) == ([], [])


def test_of_a_lost_passphrase_it_says_what_is_lost_and_forgets_the_state_only_when_told(city: Workspace, journal: Journal) -> None:
    (city.root / ".yunwang" / "secrets" / "pulumi-passphrase").unlink()
    with pytest.raises(Fatal, match=r"passphrase .* is gone"):
        CloudJob(city).prepare(silent)
    plan = engine(city, journal).plan(prepared(StateJob(city)))
    assert plan.changes == ()
    (sealed,) = plan.findings
    assert sealed.code == "sealed"
    assert "Lost with the key: password of pulumi:pulumi:Stack tenants-zhengwu.finance" in sealed.message
    assert "yunwang cloud import zhengwu finance" in sealed.remedy
    assert mended(city, journal, give_up=["stack/zhengwu/*"]) is RunState.SUCCEEDED
    assert not checkpoint(city).exists()
    (kept,) = (city.state / "pulumi" / "kept" / "tenants").iterdir()
    assert "ciphertext" in kept.read_text()
    secret = city.root / ".yunwang" / "secrets" / "pulumi-passphrase"
    secret.write_text("another-one\n")
    secret.chmod(0o600)
    Stacks(city, lambda cloud: {}, lambda name, config: None).up(*FINANCE, "", program, None, silent)


def test_a_state_of_which_nothing_can_be_read_is_forgotten_when_told(city: Workspace, journal: Journal) -> None:
    for path in (city.state / "pulumi" / ".pulumi").rglob("*.json*"):
        path.write_text("{")
    assert told(city, journal) == (["unreadable"], [])
    assert mended(city, journal, give_up=[TARGET]) is RunState.SUCCEEDED
    assert CloudJob(city).targets() == ()


@pytest.mark.lab
def test_creates_without_an_outcome_are_settled_by_looking_on_the_cloud(
    workspace_of: Callable[..., Workspace], tenant: Tenant, zhengwu: OpenStack, root: Path
) -> None:
    workspace = workspace_of(tenant)
    target, stack = f"stack/zhengwu/{tenant.name}", ("tenants", f"zhengwu.{tenant.name}")
    with closing(Journal.open(None, root / ".yunwang")) as journal:
        job = CloudJob(workspace)
        assert mended(workspace, journal, job) is RunState.SUCCEEDED
        # as a kill leaves it: some creates were begun, the answer to one came and was not written down
        path = checkpoint(workspace, stack)
        whole = json.loads(path.read_text())
        state = whole["checkpoint"]["latest"]
        begun = {"Network": "business", "RouterInterface": "business-v6", "User": f"{tenant.name}-user"}
        taken = [one for one in state["resources"] if begun.get(one["type"].rpartition(":")[2]) == one["urn"].rpartition("::")[2]]
        out = {one["urn"] for one in taken}
        out |= {one["urn"] for one in state["resources"] if any(str(one.get("dependencies")).count(urn) for urn in out)}
        lost = [{name: value for name, value in one.items() if name not in ("id", "outputs")} for one in taken]
        ghost = {**next(one for one in lost if one["type"].endswith(":Network")), "inputs": {"name": "ghost", "project": "0" * 32}}
        ghost["urn"] = ghost["urn"].replace("business", "ghost")
        known = next(one for one in state["resources"] if one["type"].endswith(":Project"))
        state["pending_operations"] = [{"resource": one, "type": "creating"} for one in [*lost, ghost, known]]
        state["resources"] = [one for one in state["resources"] if one["urn"] not in {one["urn"] for one in taken}]
        for one in state["resources"]:
            one["dependencies"] = [urn for urn in one.get("dependencies") or () if urn not in out]
            one["propertyDependencies"] = {}
        path.write_text(json.dumps(whole))
        before = {one["urn"]: one["id"] for one in taken}

        destroying = DestroyJob(workspace, [target])
        refused = engine(workspace, journal).plan(destroying)
        assert refused.changes == ()
        assert "4 creates that nobody knows the outcome of" in refused.findings[-1].message

        mending = prepared(StateJob(workspace))
        plan = engine(workspace, journal).plan(mending)
        steps = {step.what for change in plan.changes for step in change.steps}
        assert "creating of yunwang:Network business taken into the state: it is on the cloud" in steps
        assert "creating of yunwang:Network ghost dropped: it is not on the cloud" in steps
        assert (
            f"creating of yunwang:Project {tenant.name} dropped: a later run found it on the cloud, and the state has it" in steps
        )
        run = engine(workspace, journal).apply(plan, mending)
        assert run.state is RunState.SUCCEEDED, run.message
        after = json.loads(path.read_text())["checkpoint"]["latest"]
        assert not after.get("pending_operations")
        assert {one["urn"]: one["id"] for one in after["resources"] if one["urn"] in before} == before
        assert engine(workspace, journal).plan(mending).changes == ()
        assert mended(workspace, journal, destroying) is RunState.SUCCEEDED
        assert not zhengwu.list("identity", "users", "look", name=f"{tenant.name}-user"), "what was found is not left behind"


def test_the_marker_that_is_looked_for_is_the_one_that_was_written() -> None:
    """One is computed from a program's words, the other from a state's."""
    from yunwang.stacks.openstack.kinds import KINDS

    kind, owner = KINDS["Network"], Owner("city", "a folder")
    inputs = kind.inputs.model_validate({"project": "p" * 32, "name": "business"})
    urn = "urn:pulumi:zhengwu.finance::tenants::yunwang:index:Network::business"
    stored = {"inputs": {**inputs.to_json(), "__defaults": []}}
    assert marker(owner, urn, remembered(kind, open_inputs(stored))) == marker(owner, urn, inputs)
