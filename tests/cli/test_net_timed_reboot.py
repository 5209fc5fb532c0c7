"""`--timed-reboot` as an operator gives it: the plan says what it costs, holds the number, and is applied with no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from parts import extranet
from parts.command import yunwang
from parts.extranet import Extranet

VRP5, ACCESS = "yz-agg-a", "yz-acc-1"
COST = "schedule reboot, 420 s: it reboots in 7 minutes if nobody confirms"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    made = extranet.up(tmp_path_factory.mktemp("city") / "demo")
    yield made
    made.down()


def test_plan_says_it_and_is_applied_with_no_other(city: Extranet, tmp_path: Path) -> None:
    root, planned = city.workspace.root, tmp_path / "a.plan"
    manner = ("--timed-reboot", "7", "--engine", "ansible")
    shown = yunwang("net", "plan", *manner, "-o", planned, "--target", f"device/{VRP5}", "-w", root)
    assert f"sent by Ansible; net: {COST}" in shown.stdout
    assert json.loads(planned.read_text())["options"] == {"engine": "ansible", "timed_reboot": 7}
    otherwise = yunwang("net", "apply", "--plan", planned, "--timed-reboot", "8", "--yes", "-w", root)
    assert (otherwise.returncode, "the plan was made for timed-reboot 7" in otherwise.stderr) == (1, True)
    assert not any("schedule reboot" in line for line in city.typed(VRP5))
    applied = yunwang("net", "apply", "--plan", planned, "--yes", "-w", root)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert {"schedule reboot delay 7", "undo schedule reboot"} <= {*city.typed(VRP5)}


def test_bindings_have_it_too(city: Extranet) -> None:
    shown = yunwang("bind", "plan", "--timed-reboot", "7", "--target", f"device/{ACCESS}", "-w", city.workspace.root)
    assert COST in shown.stdout
    too_soon = yunwang("bind", "plan", "--timed-reboot", "1", "-w", city.workspace.root)
    assert (too_soon.returncode, "greater than or equal to 5" in too_soon.stderr) == (64, True)
