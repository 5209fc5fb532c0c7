"""The plan's lines sent by Ansible: on every platform as sent by ourselves, verdicts and nets too; nothing goes on unseen."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.command import YUNWANG, told, yunwang
from parts.doors import USER, Door, jump_host
from parts.extranet import TIMEOUTS

from yunwang.inventories.network import Device, Platform
from yunwang.inventories.reach import Jump
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.lab import devices as simulated
from yunwang.lab import sshd
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import DualStackJob
from yunwang.network.jobs.net import SECONDS
from yunwang.network.transport import ansible, connect
from yunwang.network.transport.delivery import Delivered, Delivery, deliver
from yunwang.network.transport.faults import to_json
from yunwang.network.vendors import vendor
from yunwang.operations.engine import Engine
from yunwang.operations.job import Job
from yunwang.playbooks.play import push

VRP8, COMWARE, IOS, VRP5, RGOS, FRR = "yz-core-a", "yz-core-b", "dh-agg-b", "yz-agg-a", "lx-acc-1", "yz-gw-a"
NAMES = (VRP8, COMWARE, IOS, VRP5, RGOS, FRR)
HEADER = {FRR: "interface lo", RGOS: "interface Loopback 77", IOS: "interface Loopback77"}
SPARE = "interface LoopBack77"


def block(name: str, *descriptions: str) -> tuple[PatchLine, ...]:
    header = HEADER.get(name, SPARE)
    return (PatchLine(header, enters_view=True), *(PatchLine(f"description {one}", (header,)) for one in descriptions))


def by_ansible(city: Workspace, name: str, what: Delivery, seconds: float = 20) -> Delivered:
    wire = city.root / "wire"
    return ansible.push(partial(push, city), city.device(name), what, seconds=seconds, wire=wire, say=print)


def by_ourselves(city: Workspace, name: str, what: Delivery, seconds: float = 20) -> Delivered:
    device = city.device(name)
    with connect(device, city, wire=city.root / "wire", timeouts=replace(TIMEOUTS, read=seconds)) as session:
        return deliver(session, vendor(device.platform).session, what)


@pytest.fixture
def fault(city: Workspace) -> Iterator[Any]:
    """Give a device faults until the test's end; none then runs anything that it would not boot with."""
    yield partial(simulated.fault, city.state / "lab")
    for name in NAMES:
        simulated.fault(city.state / "lab", name)
        header = HEADER.get(name, SPARE)
        undo = "undo" if header == SPARE else "no"
        away = [PatchLine(header, enters_view=True), PatchLine(f"{undo} description", (header,))]
        if name != FRR:
            away += [PatchLine("exit" if undo == "no" else "quit", (header,), leaves_view=True), PatchLine(f"{undo} {header}")]
        by_ourselves(city, name, Delivery(lines=tuple(away)))


@pytest.mark.parametrize(
    ("name", "knobs", "kind"),
    [
        (VRP5, {"reject": "two"}, "LineRejected"),
        (VRP8, {"reject": "two"}, "LineRejected"),
        (RGOS, {"question_at": "two", "question": True}, "UnexpectedQuestion"),
        (IOS, {"disconnect_after": 3}, "HungUp"),
        (COMWARE, {"disconnect_after": 3, "falls_silent": True}, "Silent"),
    ],
)
def test_what_goes_wrong_has_the_same_verdict_by_ansible_as_by_ourselves(
    city: Workspace, fault: Any, name: str, knobs: dict[str, Any], kind: str
) -> None:
    what, said = Delivery(lines=block(name, "one", "two", "three")), []
    for way in (by_ourselves, by_ansible):
        fault(name, **knobs)
        with pytest.raises(Verdict) as caught:
            way(city, name, what, 4)
        said.append(to_json(caught.value))
    assert said[0] == said[1]
    assert (said[0]["kind"], said[0].get("line") or said[0]["unknown"]) == (kind, "description two")


@pytest.mark.parametrize("name", [VRP8, COMWARE, FRR])
def test_a_devices_net_is_armed_around_it_and_takes_back_what_nobody_confirms(city: Workspace, fault: Any, name: str) -> None:
    what = Delivery(lines=block(name, "unconfirmed"), held=SECONDS)
    done = by_ansible(city, name, what)
    assert done.lacking == ("the account has no shell, or FRR's reload program is missing" if name == FRR else "")
    assert "description unconfirmed" in running(city, name)
    fault(name, ahead=SECONDS + 1)
    assert ("description unconfirmed" in running(city, name)) == (name == FRR)


def test_without_the_net_that_its_release_lacks_it_is_said(city: Workspace, fault: Any) -> None:
    fault(VRP8, no_timer=True)
    done = by_ansible(city, VRP8, Delivery(lines=block(VRP8, "here"), held=SECONDS))
    assert (done.committed, done.lacking[:5]) == (True, "Error")


def running(city: Workspace, name: str) -> str:
    with connect(city.device(name), city, wire=city.root / "wire", timeouts=TIMEOUTS) as session:
        return session.running()


@pytest.mark.usefixtures("fault")
def test_a_host_key_that_is_not_the_known_one_is_refused(city: Workspace) -> None:
    known = city.root / city.device(VRP5).known_hosts
    right = known.read_text()
    other = next(line.split(" ", 1)[1] for line in right.splitlines() if line.split()[0] not in right.splitlines()[0])
    try:
        known.write_text("\n".join(f"{line.split()[0]} {other}" for line in right.splitlines()))
        with pytest.raises(Fatal, match="host key"):
            by_ansible(city, VRP5, Delivery(lines=block(VRP5, "stranger")))
    finally:
        known.write_text(right)
    assert "stranger" not in running(city, VRP5)


@pytest.mark.usefixtures("fault")
def test_what_is_sent_is_never_a_template_and_no_secret_stays_behind(city: Workspace) -> None:
    name = VRP5
    done = by_ansible(city, name, Delivery(lines=block(name, "{{1+1}}")))
    assert done.lines[-1] == "description {{1+1}}"
    assert "description {{1+1}}" in running(city, name)
    password = (city.state / "lab" / "device-password").read_text().strip()
    files = [path for folder in (city.state / "ansible", city.root / "wire") for path in folder.rglob("*") if path.is_file()]
    assert Path(done.artefacts).is_relative_to(city.state / "ansible")
    assert not [path for path in files if password in path.read_text(errors="replace")]


def test_ansible_comes_in_by_the_key_through_the_jump_host_and_becomes_privileged(
    demo_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "door").mkdir()
    monkeypatch.setenv("ENABLE", "sesame")
    monkeypatch.setenv("YUNWANG_DEVICE_PASSWORD", "not its own")
    door = Door(tmp_path / "door", platform=Platform.CISCO_IOS, enable="sesame")
    (demo_city / "keys").mkdir()
    port = door.ssh(authorized=sshd.key(demo_city / "keys" / "device"))
    with closing(door), jump_host(tmp_path / "jump", door) as hop:
        hosts = demo_city / "network" / "hosts.yaml"
        written = yaml.safe_load(hosts.read_text())
        there = next(group["hosts"][IOS] for group in mappings(written) if IOS in (group.get("hosts") or {}))
        there |= {"ansible_host": "127.0.0.1", "ansible_port": port, "ansible_user": USER, "yunwang_ssh_key": "keys/device"}
        there |= {"yunwang_enable_password": "env://ENABLE", "yunwang_known_hosts": "network/door"}
        there |= {"yunwang_proxy_jump": [hop.model_dump(mode="json", include={"host", "port", "username", "ssh_key"})]}
        hosts.write_text(yaml.safe_dump(written))
        (demo_city / "network" / "door").write_text((door.root / "known_hosts").read_text())
        city, faults = read(demo_city)
        assert city is not None, faults
        done = by_ansible(
            city, IOS, Delivery(lines=(PatchLine("interface Loopback0", enters_view=True), PatchLine("description x")))
        )
        assert done.lines == ("interface Loopback0", "description x")


def mappings(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of an inventory."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from mappings(value)


@pytest.mark.parametrize(
    ("instead", "line", "why"),
    [
        ({"transport": "telnet"}, "", "network_cli knows SSH alone"),
        ({"legacy_algorithms": ("ssh-rsa",)}, "", "it needs old algorithms"),
        ({"ssh_key_password": "env://PHRASE"}, "", "the key for it has a passphrase"),
        ({"proxy_jump": (Jump(host="10.9.0.1", username="me", password="env://JUMP"),)}, "", "host 10.9.0.1 takes a password"),
        ({}, "ospf authentication-mode md5 1 cipher nightly", "'ospf authentication-mode md5 ********' holds a secret"),
        ({}, "description one", ""),
    ],
)
def test_where_ansible_cannot_go_or_would_keep_a_secret_the_plan_says_so(
    city: Workspace, instead: dict[str, Any], line: str, why: str
) -> None:
    device: Device = city.device(VRP5).model_copy(update=instead)
    assert why in ansible.objection(device, (PatchLine(line),))
    assert bool(why) is bool(ansible.objection(device, (PatchLine(line),)))


@pytest.fixture
def engine(city: Workspace) -> Iterator[Engine]:
    with closing(Journal.open(None, city.state)) as journal:
        workspace = city.model_copy(update={"roles": None, "probes": ()})
        yield Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="yunwang net apply", say=print)


def test_a_plan_sent_by_ansible_leads_to_the_same_as_one_sent_by_ourselves(city: Workspace, engine: Engine) -> None:
    targets = tuple(f"device/{name}" for name in NAMES)
    ours: Job = DualStackJob(engine.workspace, timeouts=TIMEOUTS)
    theirs: Job = DualStackJob(engine.workspace, timeouts=TIMEOUTS, by=partial(push, city))
    before = {target: ours.observe(target).facts for target in targets}
    ended: list[dict[str, Any]] = []
    for job in (ours, theirs):
        plan = engine.plan(job, targets)
        run = engine.apply(plan, job)
        assert run.state is RunState.SUCCEEDED, run.message
        ended.append({target: ours.observe(target).facts for target in targets})
        assert engine.rollback(run.id, job).state is RunState.ROLLED_BACK
    assert ended[0] == ended[1]
    assert {target: ours.observe(target).facts for target in targets} == before
    assert all(", sent by Ansible; net: " in change.summary for change in plan.changes)
    applied = [step for step in engine.journal.steps(run.id) if step.phase == "apply"]
    assert all(Path(str(step.evidence["artefacts"])).is_dir() for step in applied)
    trial = {step.target for step in applied if step.evidence["net"]}
    assert trial >= {f"device/{VRP8}", f"device/{COMWARE}"}


def test_a_device_that_refuses_a_line_of_ansibles_is_taken_back(city: Workspace, engine: Engine, fault: Any) -> None:
    job: Job = DualStackJob(engine.workspace, timeouts=TIMEOUTS, by=partial(push, city))
    before = job.observe(f"device/{VRP5}").facts
    plan = engine.plan(job, (VRP5,))
    fault(VRP5, reject="(?i)address 2001:db8:1fe::")
    run = engine.apply(plan, job)
    assert run.state is RunState.FAILED
    assert "2001:db8:1fe::" in run.message
    fault(VRP5)
    assert job.observe(f"device/{VRP5}").facts == before


ONE = ("--target", f"device/{VRP5}")


def test_the_plan_says_who_sends_it_and_is_applied_no_other_way(city: Workspace, tmp_path: Path) -> None:
    planned = tmp_path / "a.plan"
    shown = yunwang("net", "plan", "--engine", "ansible", "-o", planned, *ONE, "-w", city.root)
    assert "sent by Ansible; net: none" in shown.stdout
    assert json.loads(planned.read_text())["options"] == {"engine": "ansible"}
    otherwise = yunwang("net", "apply", "--plan", planned, "--engine", "native", "--yes", "-w", city.root)
    assert (otherwise.returncode, "the plan was made for engine ansible" in otherwise.stderr) == (1, True)
    assert yunwang("net", "apply", "--plan", planned, "--yes", "-w", city.root).returncode == 0
    (run, *_) = told("history", "list", "-w", city.root)
    steps = told("history", "show", run["id"], "-w", city.root)["steps"]
    assert "artefacts" in next(step for step in steps if step["phase"] == "apply")["evidence"]
    assert yunwang("net", "rollback", run["id"], "--yes", "-w", city.root).returncode == 0


def test_killed_no_line_follows_and_resume_settles_the_device_by_looking(city: Workspace, fault: Any) -> None:
    fault(VRP5, delay=0.3)
    wire = city.root / ".yunwang" / "wire" / f"{VRP5}.log"
    since = len(said_in(wire))
    words = [YUNWANG, "net", "apply", "--engine", "ansible", "--yes", *ONE, "-w", str(city.root)]
    with (city.root / "killed.log").open("w") as log:
        tool = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | {"YUNWANG_OPERATOR": "li-wei"}
        )
    await_text(wire, since, "opened by Ansible", "system-view", "ipv6")
    tool.kill()
    tool.wait()
    await_text(wire, since, "opened by Ansible", "hung up in mid-push")  # what was left of it has noticed, and has stopped
    fault(VRP5)
    (run, *_) = told("history", "list", "-w", city.root)
    assert yunwang("resume", run["id"], "-w", city.root).returncode == 0
    assert yunwang("net", "plan", "--detailed-exitcode", *ONE, "-w", city.root).returncode == 0
    assert yunwang("net", "rollback", run["id"], "--yes", "-w", city.root).returncode == 0


def said_in(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def await_text(file: Path, since: int, *words: str) -> None:
    """Until the words stand in the file behind that place, one behind the other."""
    deadline = time.monotonic() + 120
    while True:
        text = said_in(file)[since:]
        for word in words:
            text = text.partition(word)[2]
        if text:
            return
        assert time.monotonic() < deadline, said_in(file)[since:]
        time.sleep(0.05)
