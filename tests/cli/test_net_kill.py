"""`kill -9` of `net apply`, its resume and its rollback, over simulated devices: each is new or old, and none has a timer left.

The moments are random, by YUNWANG_KILL_SEED. Two a run; YUNWANG_KILLS=50 for more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import yaml
from parts import extranet
from parts.command import yunwang
from parts.extranet import TIMEOUTS, Extranet
from parts.killing import PATIENCE, SEED, kill

from yunwang.inventories.reading import read
from yunwang.journal.records import Phase, Run, RunState, StepState
from yunwang.journal.store import Journal
from yunwang.network.jobs import DualStackJob

KILLS = int(os.environ.get("YUNWANG_KILLS", "2"))
DEVICES = ("yz-core-a", "yz-core-b", "yz-agg-a", "yz-agg-b", "yz-gw-a", "dh-agg-b")
"""VRP8 and Comware under their timers, VRP5, FRR and IOS without."""
TARGETS = tuple(word for name in DEVICES for word in ("--target", f"device/{name}"))
SECONDS = {"apply": 6.0, "resume": 3.0, "rollback": 3.0}
"""How long each is at work, about."""
TIMERS_ACT = 100_000
NEW, OLD = (Phase.VERIFY, StepState.DONE), (Phase.UNDO, StepState.DONE)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    """The demo city's devices, in a workspace that waits for nothing and asks nobody."""
    city = extranet.up(tmp_path_factory.mktemp("city") / "demo")
    root = city.workspace.root
    (root / "network" / "probes.yaml").unlink()  # they ask for more devices than these
    settings = yaml.safe_load((root / "yunwang.yaml").read_text())
    settings.setdefault("apply", {})["soak_seconds"] = 0
    (root / "yunwang.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    workspace, faults = read(root)
    assert workspace is not None, faults
    yield replace(city, workspace=workspace)
    city.down()


def planned(city: Extranet) -> dict[str, str]:
    """What each device needs now."""
    job = DualStackJob(city.workspace, timeouts=TIMEOUTS)
    targets = [f"device/{name}" for name in DEVICES]
    with ThreadPoolExecutor(len(targets)) as pool:
        observed = dict(zip(targets, pool.map(job.observe, targets), strict=True))
    return {change.target: change.text for change in job.draft(observed).changes}


def newest(city: Extranet) -> tuple[Run, dict[str, tuple[Phase, StepState]]]:
    """The newest run, and the last that was done to each device."""
    with closing(Journal.open(None, city.workspace.state)) as journal:
        run = journal.runs(limit=1)[0]
        return run, {step.target: (step.phase, step.state) for step in journal.steps(run.id)}


@pytest.mark.timeout(PATIENCE * 4)
@pytest.mark.parametrize("number", range(KILLS))
def test_killed_roll_out_is_settled_by_looking_at_each_device(running: Extranet, number: int) -> None:
    folder, random = running.workspace.root, Random(f"{SEED}/net/{number}")
    was = planned(running)
    moment = random.uniform(0, SECONDS["apply"])
    while not kill(["net", "apply", "--yes", *TARGETS, "-w", folder], folder, random, moment):
        moment /= 2  # it had ended by then
        assert yunwang("net", "rollback", newest(running)[0].id, "--yes", "-w", folder).returncode == 0
    run, _ = newest(running)
    again = "resume" if random.random() < 0.7 else "rollback"
    words: list[str | Path] = [again, run.id, *(["--yes"] if again == "rollback" else []), "-w", folder]
    if random.random() < 0.5:
        kill(words, folder, random, random.uniform(0, SECONDS[again]))
    wanted = RunState.SUCCEEDED if again == "resume" else RunState.ROLLED_BACK
    for _ in range(3):
        if newest(running)[0].state is wanted:  # it may have had its last word when it was killed
            break
        called = yunwang(*words)
        assert "Traceback" not in called.stdout + called.stderr, called.stderr
    run, last = newest(running)
    assert run.state is wanted, run
    assert set(last.values()) <= {NEW, OLD}, "the journal says which"
    left = planned(running)
    new = {target for target, deed in last.items() if deed == NEW}
    assert set(left) == set(was) - new, "new is what was verified; all else is to be done still"
    assert left == {target: was[target] for target in left}, "old is as it was"
    for name in DEVICES:
        running.fault(name, ahead=TIMERS_ACT)
    assert planned(running) == left, "no timer was left to act later"
    running.sound()

    if again == "resume":
        assert yunwang("net", "rollback", run.id, "--yes", "-w", folder).returncode == 0
        assert planned(running) == was
