"""`kill -9` in mid-apply, of the real tool and of its children, over the real lab: nothing is lost, nothing stays unknown.

The moments are random, by YUNWANG_KILL_SEED. Three kills a run; YUNWANG_KILLS=20 for more.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import yaml
from parts.command import told, yunwang
from parts.killing import PATIENCE, SEED, kill, newest

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]

KILLS = int(os.environ.get("YUNWANG_KILLS", "3"))
RESUMES = 5


@dataclass(frozen=True)
class Victim:
    """Which command; what is killed: the tool, or a child whose command line has `child`.

    `targets`, as words of the command line. `seconds`: how long the command is at work, about.
    """

    command: tuple[str, ...]
    targets: tuple[str, ...]
    seconds: float
    child: str = ""


def _targets(*names: str) -> tuple[str, ...]:
    return tuple(word for name in names for word in ("--target", name))


TOOL = Victim(("net", "apply"), _targets("device/yz-agg-a", "device/yz-agg-b", "device/lx-acc-1"), 3.0)
ENGINE = Victim(("cloud", "apply"), (), 6.0, child="pulumi")
PLAYBOOK = Victim(("migrate", "cutover"), ("--system", "school-roster"), 30.0, child="ansible-playbook")
BINDING = Victim(("bind", "apply"), _targets("device/lx-acc-1", "device/yz-acc-1"), 2.0)
ORDER = (TOOL, ENGINE, PLAYBOOK, BINDING)


@pytest.fixture
def department(trial: Path) -> Iterator[str]:
    """A department of its own on zhengwu; its stack's target. It leaves the cloud afterwards."""
    name = f"k-{uuid.uuid4().hex[:8]}"
    network = {"name": "app", "ipv4": "10.111.3.0/24", "ipv6": "2001:db8:1ff0:1113::/64"}
    allotment = {"cloud": "zhengwu", "quota": {"networks": 2}, "networks": [network]}
    file = trial / "tenants" / f"{name}.yaml"
    tenant = {"version": 1, "name": name, "title": "试点局", "department": "试点局", "mlps_level": 2, "allotments": [allotment]}
    file.write_text(yaml.safe_dump(tenant, allow_unicode=True))
    yield f"stack/zhengwu/{name}"
    file.unlink()
    assert yunwang("cloud", "apply", "--yes", "-w", trial, "--target", f"stack/zhengwu/{name}").returncode == 0


@pytest.fixture
def education(trial: Path) -> Iterator[None]:
    """The department whose system moves, on zhengwu."""
    assert yunwang("cloud", "apply", "--yes", "-w", trial, "--target", "stack/zhengwu/education").returncode == 0
    made = newest(trial)["id"]
    yield
    assert yunwang("rollback", made, "--yes", "-w", trial).returncode == 0


@pytest.mark.timeout(PATIENCE * 10)
@pytest.mark.parametrize("number", range(KILLS))
def test_what_is_killed_in_mid_apply_is_settled_by_resume(trial: Path, number: int, request: pytest.FixtureRequest) -> None:
    random = Random(f"{SEED}/{number}")
    victim = ORDER[number % len(ORDER)]
    if victim is PLAYBOOK:
        request.getfixturevalue("education")
    standing = {one["id"] for one in told("history", "list", "-w", trial)}
    chosen: tuple[str, ...] = victim.targets or _targets(request.getfixturevalue("department"))
    rest: tuple[str | Path, ...] = ("-w", trial, *chosen)
    before = trial / "before.json"
    assert yunwang(victim.command[0], "plan", "-o", before, *rest).returncode == 0
    was = {change["target"]: change["text"] for change in yaml.safe_load(before.read_text())["changes"]}
    moment = random.uniform(0, victim.seconds)
    while not (killed := kill([*victim.command, "--yes", *rest], trial, random, moment, victim.child)):
        moment /= 2  # it had ended by then
        assert yunwang("rollback", str(newest(trial)["id"]), "--yes", "-w", trial).returncode == 0

    run = newest(trial)
    for _ in range(RESUMES):
        if run["state"] not in ("running", "interrupted"):
            break
        resumed = yunwang("resume", str(run["id"]), "-w", trial)
        assert "Traceback" not in resumed.stdout + resumed.stderr, resumed.stderr
        run = newest(trial)
    assert run["state"] in (("succeeded",) if killed == "tool" else ("succeeded", "failed")), run

    last = {step["target"]: (step["phase"], step["state"]) for step in run["steps"]}
    assert set(last.values()) <= {("verify", "done"), ("undo", "done")}, "the journal says which"
    after = trial / "after.json"
    assert yunwang(victim.command[0], "plan", "-o", after, *rest).returncode == 0
    left = {change["target"]: change["text"] for change in yaml.safe_load(after.read_text())["changes"]}
    new = {target for target, deed in last.items() if deed == ("verify", "done")}
    assert set(left) == set(was) - new, "new is what was verified; all else is to be done still"
    assert left == {target: was[target] for target in left}, "old is as it was"

    if left:
        assert yunwang(*victim.command, "--yes", *rest).returncode == 0
    assert yunwang(victim.command[0], "plan", "--detailed-exitcode", *rest).returncode == 0, "a second plan is empty"
    if victim is not ENGINE:  # the department leaves by itself
        for one in told("history", "list", "-w", trial):
            if one["id"] not in standing and one["state"] in ("succeeded", "failed"):
                taken_back = yunwang("rollback", one["id"], "--yes", "-w", trial).returncode == 0
                assert taken_back or one["state"] == "failed", "one that failed may have left nothing"
