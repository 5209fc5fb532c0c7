"""`bind --engine ansible` as an operator gives it: bound and verified, then nothing is left to do; refused, the line is named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from parts import extranet
from parts.command import told, yunwang
from parts.extranet import TIMEOUTS, Extranet

from yunwang.network.jobs import BindingJob

COMWARE, RGOS = "yz-acc-2", "lx-acc-1"
TARGETS = ("--target", f"device/{COMWARE}", "--target", f"device/{RGOS}")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    made = extranet.up(tmp_path_factory.mktemp("city") / "demo")
    yield made
    made.down()


def runs(city: Extranet) -> dict[str, str]:
    """What each switch runs now."""
    job = BindingJob(city.workspace, timeouts=TIMEOUTS)
    return {name: str(job.observe(f"device/{name}").facts["config"]) for name in (COMWARE, RGOS)}


def test_terminals_are_bound_and_verified_and_a_second_plan_is_empty(city: Extranet, tmp_path: Path) -> None:
    root, planned, before = city.workspace.root, tmp_path / "bind.plan", runs(city)
    manner = ("--engine", "ansible", *TARGETS, "-w", root)
    shown = yunwang("bind", "plan", "-o", planned, *manner)
    assert shown.stdout.count(", sent by Ansible; net: ") == 2, shown.stdout + shown.stderr
    applied = yunwang("bind", "apply", "--plan", planned, "--yes", "-w", root)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    for name, after in runs(city).items():
        bound = [line for line in sent(planned, name) if line.startswith(("ip source binding", "address-bind"))]
        assert len(bound) > len([one for one in city.workspace.terminals if one.device == name]) / 2
        assert all(line in after for line in bound)
        assert "opened by Ansible" in (root / ".yunwang" / "wire" / f"{name}.log").read_text()
    assert yunwang("bind", "verify", *TARGETS, "-w", root).returncode == 0
    assert yunwang("bind", "plan", "--detailed-exitcode", *manner).returncode == 0
    (run, *_) = told("history", "list", "-w", root)
    assert yunwang("rollback", run["id"], "--yes", "-w", root).returncode == 0
    assert runs(city) == before


@pytest.mark.parametrize(
    ("name", "words"), [(COMWARE, "Error: The ACL resources are used up."), (RGOS, "% The address is bound by another.")]
)
def test_a_binding_that_the_switch_rejects_is_named_and_the_switch_is_as_before(
    city: Extranet, name: str, words: str, tmp_path: Path
) -> None:
    root, planned, before = city.workspace.root, tmp_path / "bind.plan", runs(city)
    manner = ("--engine", "ansible", "--target", f"device/{name}", "-w", root)
    assert yunwang("bind", "plan", "-o", planned, *manner).returncode == 0
    lines = sent(planned, name)
    line = lines[len(lines) // 2]
    city.fault(name, reject=f"^{re.escape(line)}$", reject_message=words)
    applied = yunwang("bind", "apply", "--plan", planned, "--yes", "-w", root)
    city.fault(name)
    assert applied.returncode == 1
    (run, *_) = told("history", "list", "-w", root)
    steps = {step["phase"]: step for step in told("history", "show", run["id"], "-w", root)["steps"]}
    assert re.search(rf"the device rejects '{re.escape(line)}' in .*: {words}", steps["apply"]["outcome"])
    assert steps["apply"]["outcome"] in applied.stdout + applied.stderr
    assert (steps["undo"]["state"], steps["undo"]["outcome"].endswith("as it was before")) == ("done", True)
    assert runs(city) == before


def sent(planned: Path, name: str) -> list[str]:
    """The lines that a stored plan has for a device."""
    (change,) = (one for one in json.loads(planned.read_text())["changes"] if one["target"] == f"device/{name}")
    return [line["text"] for line in change["forward"]["lines"]]
