"""Each layer broken under the whole command line: errors say what broke and what to do, the journal is honest, nothing half-said.

After the cause is mended, the same command succeeds.
"""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.command import told, yunwang
from parts.meddler import Meddler

from yunwang.inventories.workspace import Workspace
from yunwang.lab import devices
from yunwang.stacks.openstack.session import OpenStack

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
SWITCH = "lx-acc-1"
AT_ONCE = {"Retry-After": "0"}
"""So that the retries of an answer that stays wrong take no time."""


@pytest.fixture
def department(trial: Path) -> Iterator[str]:
    """A department of its own with one network on zhengwu; it leaves the cloud afterwards. Its stack's target."""
    name = f"t-{uuid.uuid4().hex[:8]}"
    network = {"name": "app", "ipv4": "10.111.1.0/24", "ipv6": "2001:db8:1ff0:1111::/64"}
    allotment = {"cloud": "zhengwu", "quota": {"networks": 2}, "networks": [network]}
    tenant = {"version": 1, "name": name, "title": "试点局", "department": "试点局", "mlps_level": 2, "allotments": [allotment]}
    file = trial / "tenants" / f"{name}.yaml"
    file.write_text(yaml.safe_dump(tenant, allow_unicode=True))
    target = f"stack/zhengwu/{name}"
    yield target
    file.unlink()
    if (trial / ".yunwang" / "pulumi").exists() and not gone(trial, name):
        assert yunwang("cloud", "apply", "--yes", "-w", trial, "--target", target).returncode == 0
        assert gone(trial, name)


def gone(trial: Path, tenant: str) -> bool:
    """Whether the cloud has no such tenant, asked past the toolkit."""
    projects = OpenStack("zhengwu", trial / "clouds.yaml").list("identity", "projects", "look", name=tenant)
    return not projects


@pytest.fixture
def neutron(trial: Path) -> Iterator[Callable[[], Meddler]]:
    """Puts a meddler before neutron of zhengwu, through which clouds.yaml leads from then on."""
    standing: list[Meddler] = []
    clouds = (trial / "clouds.yaml").read_text()

    def put() -> Meddler:
        endpoint = OpenStack("zhengwu", trial / "clouds.yaml")._signed_in("test").network.get_endpoint()
        standing.append(Meddler(endpoint))
        edit(trial / "clouds.yaml", lambda clouds: clouds["clouds"]["zhengwu"].update(network_endpoint_override=standing[-1].url))
        return standing[-1]

    yield put
    (trial / "clouds.yaml").write_text(clouds)
    for meddler in standing:
        meddler.end()


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Change a YAML file; its mode stays."""
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True))


def failed(called: subprocess.CompletedProcess[str], *words: str) -> str:
    """All that a failed command said: exit code 1, no traceback, nothing reassuring, every one of the words."""
    said = called.stdout + called.stderr
    assert called.returncode == 1, said
    assert not re.search(r"Traceback|File \"|Exception|\bErrno\b|nothing to do", said), said
    assert [word for word in words if word not in said] == [], said
    return said


def last_run(trial: Path) -> dict[str, Any]:
    """The newest run as `history show` has it: what it was to do, each step, how it ended."""
    newest = told("history", "list", "-w", trial)[0]
    return dict(told("history", "show", newest["id"], "-w", trial))


def deeds(run: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(step["phase"], step["state"], step["target"]) for step in run["steps"]]


def test_a_cloud_that_answers_500_is_named_and_what_was_made_is_taken_back(
    trial: Path, department: str, neutron: Callable[[], Meddler]
) -> None:
    apply = ("cloud", "apply", "--yes", "-w", trial, "--target", department)
    meddler = neutron()
    meddler.applies = lambda method, path: method == "POST" and "subnets" in path
    meddler.faults = [(500, AT_ONCE | {"x-openstack-request-id": "req-7"})] * 100
    said = failed(yunwang(*apply), department, "zhengwu", "neutron", "500", "req-7", "run again", f"taken back: {department}")
    assert "applied and verified" not in said
    run = last_run(trial)
    assert (run["state"], run["operator"]) == ("failed", "li-wei")
    assert deeds(run) == [("apply", "failed", department), ("undo", "done", department)]
    assert "500" in run["message"]
    assert gone(trial, department.rpartition("/")[2]), "it says that it was taken back"

    meddler.faults = []
    assert yunwang(*apply).returncode == 0
    assert last_run(trial)["state"] == "succeeded"
    assert not gone(trial, department.rpartition("/")[2])

    meddler.applies = lambda method, path: method == "GET"
    meddler.faults = [(500, AT_ONCE)] * 100
    failed(yunwang(*apply), "zhengwu", "neutron", "500")
    assert last_run(trial)["state"] == "succeeded", "where it cannot be looked at nothing is begun"


def test_a_full_quota_is_called_so_and_a_larger_one_lets_the_same_command_through(trial: Path, department: str) -> None:
    apply = ("cloud", "apply", "--yes", "-w", trial, "--target", department)
    file = trial / "tenants" / f"{department.rpartition('/')[2]}.yaml"
    edit(file, lambda tenant: tenant["allotments"][0].update(quota={"networks": 0}))
    failed(
        yunwang(*apply),
        department,
        "a quota on cloud zhengwu is full",
        "create network app",
        "raise the tenant's quota",
        "taken back",
    )
    run = last_run(trial)
    assert run["state"] == "failed"
    assert deeds(run) == [("apply", "failed", department), ("undo", "done", department)]
    assert gone(trial, file.stem)

    edit(file, lambda tenant: tenant["allotments"][0].update(quota={"networks": 2}))
    assert yunwang(*apply).returncode == 0
    assert deeds(last_run(trial)) == [("apply", "done", department), ("verify", "done", department)]


def test_a_wrong_password_of_a_cloud_is_a_sentence_that_does_not_repeat_it(trial: Path, department: str) -> None:
    rest = ("-w", trial, "--target", department, "--detailed-exitcode")
    secure = (trial / "secure.yaml").read_text()
    edit(trial / "secure.yaml", lambda file: file["clouds"]["zhengwu"]["auth"].update(password="not-the-password"))
    said = failed(yunwang("cloud", "apply", "--yes", *rest), "zhengwu", "refuses the account's name or password", "secure.yaml")
    assert "not-the-password" not in said
    assert told("history", "list", "-w", trial) == [], "nothing was begun"
    (trial / "secure.yaml").write_text(secure)
    assert yunwang("cloud", "plan", *rest).returncode == 2


def test_an_expired_token_is_said_to_have_expired(trial: Path, department: str) -> None:
    plan = ("cloud", "plan", "-w", trial, "--target", department, "--detailed-exitcode")
    clouds = (trial / "clouds.yaml").read_text()
    account = OpenStack("zhengwu", trial / "clouds.yaml")
    connection = account._signed_in("test")
    token, url = connection.session.get_token(), connection.config.config["auth"]["auth_url"]
    entry = {"auth_type": "v3token", "auth": {"auth_url": url, "project_name": "admin", "project_domain_id": "default"}}
    secure = (trial / "secure.yaml").read_text()
    edit(trial / "clouds.yaml", lambda file: file["clouds"].update(zhengwu=entry))
    edit(trial / "secure.yaml", lambda file: file["clouds"].update(zhengwu={"auth": {"token": token}}))
    account.send("identity", "DELETE", "/auth/tokens", "revoke", headers={"X-Subject-Token": token})
    said = failed(yunwang(*plan), "zhengwu", "token", "expired")
    assert token not in said
    assert told("history", "list", "-w", trial) == []
    (trial / "clouds.yaml").write_text(clouds)
    (trial / "secure.yaml").write_text(secure)
    assert yunwang(*plan).returncode == 2


@pytest.fixture
def switch(demo_lab: Workspace) -> Iterator[Callable[..., None]]:
    """Gives the switch faults; it is sound again afterwards."""
    lab = demo_lab.state / "lab"
    yield lambda **faults: devices.fault(lab, SWITCH, **faults)
    devices.fault(lab, SWITCH)


@pytest.fixture
def push(trial: Path, switch: Callable[..., None]) -> Iterator[tuple[str | Path, ...]]:
    """Pushes IPv6 to the switch alone; whatever that did is taken back afterwards."""
    yield ("net", "apply", "--yes", "-w", trial, "--target", f"device/{SWITCH}")
    switch()
    for run in told("history", "list", "-w", trial):
        if run["state"] == "succeeded":
            assert yunwang("rollback", run["id"], "--yes", "-w", trial).returncode == 0


def test_a_device_that_hangs_up_in_mid_push_is_brought_back_when_it_answers_again(
    trial: Path, push: tuple[str, ...], switch: Callable[..., None]
) -> None:
    switch(disconnect_after=5)
    failed(yunwang(*push), f"device/{SWITCH}", f"taken back: device/{SWITCH}")
    run = last_run(trial)
    assert run["state"] == "failed"
    assert ("undo", "done", f"device/{SWITCH}") in deeds(run)
    assert yunwang("net", "plan", "-w", trial, "--target", f"device/{SWITCH}", "--detailed-exitcode").returncode == 2
    assert yunwang(*push).returncode == 0
    assert last_run(trial)["state"] == "succeeded"


def test_a_device_that_hangs_up_and_stays_away_is_said_not_to_be_taken_back(
    trial: Path, push: tuple[str, ...], switch: Callable[..., None]
) -> None:
    switch(disconnect_after=5, stay_away=True)
    said = failed(yunwang(*push), f"device/{SWITCH}", f"NOT taken back, look at them: device/{SWITCH}")
    assert "taken back: nothing" in said
    run = last_run(trial)
    assert run["state"] == "failed"
    assert ("undo", "failed", f"device/{SWITCH}") in deeds(run)
    switch()
    assert yunwang(*push).returncode == 0, "what is half there is found and completed"
    assert last_run(trial)["state"] == "succeeded"
    assert told("net", "verify", "-w", trial, "--target", f"device/{SWITCH}") is not None


def test_a_wrong_password_of_a_device_is_a_sentence_that_names_it_and_nothing_is_begun(trial: Path, push: tuple[str, ...]) -> None:
    password = trial / ".yunwang" / "lab" / "device-password"
    right = password.read_text()
    password.write_text("not-the-password\n")
    said = failed(yunwang(*push), f"device/{SWITCH}", "password")
    assert "not-the-password" not in said
    assert told("history", "list", "-w", trial) == []
    password.write_text(right)
    assert yunwang(*push).returncode == 0
