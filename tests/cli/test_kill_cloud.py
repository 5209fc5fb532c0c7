"""`kill -9` of the tool, of plain Pulumi's engine, and of its provider, in mid-apply: the next run has it whole, nothing twice.

Two kills a run; YUNWANG_KILLS=20 for more. The moments are random, by YUNWANG_KILL_SEED.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from parts.command import yunwang
from parts.department import WHOLE, found
from parts.engine import TENANTS, environment
from parts.killing import PATIENCE, SEED, kill, newest
from parts.processes import command_line, descendants

from yunwang.inventories.reading import read
from yunwang.stacks.job import CloudJob

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]

KILLS = int(os.environ.get("YUNWANG_KILLS", "2"))
VICTIMS = ("engine", "provider", "tool")
"""In turn; tests/cli/test_kill.py kills the tool too."""
SECONDS = 6.0
"""How long an apply is at work, about."""
PROVIDER = "pulumi-resource-yunwang"


class Plain:
    """Plain Pulumi on the department's stack."""

    def __init__(self, trial: Path, department: str) -> None:
        self.trial, self.name = trial, department
        self.own = environment(trial)
        workspace, faults = read(trial)
        assert workspace is not None, faults
        job = CloudJob(workspace)
        job.prepare(print)
        self.call("stack", "init", cwd=job.clouds.stacks.backend.project("tenants"))  # its settings are written where it is made

    def words(self, *words: str) -> list[str]:
        """The command line."""
        settings = ["--config-file", str(self.trial / "Pulumi.trial.yaml"), "-c", f"workspace={self.trial}"]
        ours = [*settings, "--yes"] if words in (("up",), ("destroy",)) else []
        return ["pulumi", *words, *ours, "--stack", f"zhengwu.{self.name}", "--non-interactive"]

    def call(self, *words: str, cwd: Path = TENANTS) -> str:
        """What it printed; it has to succeed."""
        done = subprocess.run(self.words(*words), cwd=cwd, env=self.own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill(self, victim: str, moment: float) -> bool:
        """Kill it so long after the first thing was on the cloud; whether it was still at work."""
        with subprocess.Popen(self.words("up"), cwd=TENANTS, env=self.own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as up:
            deadline = time.monotonic() + PATIENCE
            while not found(self.trial, self.name) and up.poll() is None:
                assert time.monotonic() < deadline
            time.sleep(moment)
            born = [pid for pid in descendants(up.pid) if PROVIDER in command_line(pid)]
            if up.poll() is not None or not born:
                return False
            os.kill(born[0] if victim == "provider" else up.pid, signal.SIGKILL)
            up.communicate(timeout=PATIENCE)
        until(lambda: not any(PROVIDER in command_line(pid) for pid in born), "the provider outlives its engine")
        return True


def until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def pending(trial: Path, department: str) -> set[str]:
    """Names of the resources whose operations the state does not know the outcome of."""
    state = json.loads((trial / f".yunwang/pulumi/.pulumi/stacks/tenants/zhengwu.{department}.json").read_text())
    return {one["resource"]["urn"].rpartition("::")[2] for one in state["checkpoint"]["latest"].get("pending_operations") or ()}


def killed_by_hand(trial: Path, department: str, victim: str, random: Random) -> None:
    """Plain Pulumi, and what a person does then."""
    plain = Plain(trial, department)
    moment = random.uniform(0, SECONDS)
    while not plain.kill(victim, moment):
        moment /= 2  # it had ended by then
        plain.call("destroy")
    if victim == "engine":
        plain.call("cancel")
    plain.call("up")


def killed_in_the_tool(trial: Path, rest: tuple[str | Path, ...], random: Random) -> None:
    """The tool, or the engine below it; then resumed."""
    moment = random.uniform(0, SECONDS)
    while not kill(["cloud", "apply", "--yes", *rest], trial, random, moment, child="pulumi"):
        moment /= 2
        assert yunwang("rollback", str(newest(trial)["id"]), "--yes", "-w", trial).returncode == 0
    if (run := newest(trial))["state"] in ("running", "interrupted"):
        resumed = yunwang("resume", str(run["id"]), "-w", trial)
        assert "Traceback" not in resumed.stdout + resumed.stderr
    assert newest(trial)["state"] in ("succeeded", "failed")
    again = yunwang("cloud", "apply", "--yes", *rest)
    assert again.returncode == 0, again.stdout + again.stderr


@pytest.mark.timeout(PATIENCE * 4)
@pytest.mark.parametrize("number", range(KILLS))
def test_what_is_killed_is_whole_after_the_next_run(trial: Path, department: str, number: int) -> None:
    random, victim = Random(f"cloud/{SEED}/{number}"), VICTIMS[number % len(VICTIMS)]
    rest = ("-w", trial, "--target", f"stack/zhengwu/{department}")
    if victim == "tool":
        killed_in_the_tool(trial, rest, random)
    else:
        killed_by_hand(trial, department, victim, random)
    assert yunwang("cloud", "plan", "--detailed-exitcode", *rest).returncode == 0
    if unknown := pending(trial, department):
        assert victim != "tool", "what the tool makes of a crash has nothing left to explain"
        told = yunwang("cloud", "state", "-w", trial).stdout
        assert not [name for name in unknown if name not in told], told
        mended = yunwang("cloud", "state", "apply", "--yes", "-w", trial)
        assert mended.returncode == 0, mended.stdout + mended.stderr
        assert not pending(trial, department)
    there = found(trial, department)
    assert len(there) == WHOLE
    assert set(there.values()) == {1}, "nothing twice"
