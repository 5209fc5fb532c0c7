"""`net design --from live`: running IPv4-only devices become a workspace, and its plan sends what the design said."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from parts import extranet, routers
from typer.testing import CliRunner, Result

from yunwang.cli.main import app
from yunwang.lab import frr


def yunwang(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def forget(folder: Path, reached: Mapping[str, Mapping[str, object]]) -> None:
    """Take every interface and link out of a workspace's intent; `reached` overrides what it says of how a device is reached."""
    file = folder / "network" / "hosts.yaml"
    inventory = yaml.safe_load(file.read_text(encoding="utf-8"))
    for name, host in inventory["all"]["hosts"].items():
        del host["yunwang_interfaces"]
        host |= reached.get(name, {})
    file.write_text(yaml.safe_dump(inventory, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "network" / "links.yaml").write_text("version: 1\nlinks: []\n", encoding="utf-8")


def designed(folder: Path, out: Path) -> dict[str, list[str]]:
    """Design from the running devices into the workspace; the lines for each device, sorted."""
    called = yunwang("net", "design", "-w", folder, "-o", out, "--write", "--json", "-q")
    assert called.exit_code == 0, called.output
    told = json.loads(called.stdout)
    assert not [one for one in told["findings"] if one["code"] in ("not-read", "intent-by-hand", "no-configuration")]
    assert "network/links.yaml" in told["written"]
    assert yunwang("validate", "-w", folder).exit_code == 0
    return {file.stem: sorted(file.read_text(encoding="utf-8").splitlines()) for file in (out / "lines").iterdir()}


def planned(folder: Path) -> dict[str, list[str]]:
    """The lines that a plan of the workspace has for each device, sorted: a plan keeps what logins need for the end."""
    called = yunwang("net", "plan", "-w", folder, "--json", "-q")
    plan = json.loads(called.stdout)
    plan = plan[0] if isinstance(plan, list) else plan
    assert not [one for one in plan["findings"] if one["severity"] == "error"]
    changes = plan["changes"]
    return {change["target"].removeprefix("device/"): sorted(change["text"].splitlines()) for change in changes}


def test_sixteen_devices_on_six_platforms(tmp_path: Path) -> None:
    city = extranet.up(tmp_path / "demo")
    try:
        folder = city.workspace.root
        reached = {
            device.name: {
                "ansible_host": device.host,
                "ansible_port": device.port,
                "yunwang_password": device.password,
                "yunwang_known_hosts": device.known_hosts,
            }
            for device in city.workspace.devices
        }
        forget(folder, reached)
        lines = designed(folder, tmp_path / "out")
        assert len(lines) == 16
        assert planned(folder) == lines
        again = yunwang("net", "design", "-w", folder, "-o", tmp_path / "again", "--write", "--json", "-q")
        assert json.loads(again.stdout)["written"] == [], "what was taken over is known"
    finally:
        city.down()


@pytest.mark.root
def test_real_routers(tmp_path: Path) -> None:
    if why := frr.obstacle(tmp_path) or frr.mute():
        pytest.skip(why)
    with routers.up(tmp_path / "routers") as real:
        forget(real.folder, {})
        lines = designed(real.folder, tmp_path / "out")
        assert len(lines) == 6
        assert all(" ipv6 ospf6 area 0" in text for text in lines.values())
        limit = time.monotonic() + 120  # a router whose neighbours are not up yet is left alone
        while len(found := planned(real.folder)) < 6 and time.monotonic() < limit:
            time.sleep(1)
        assert found == lines
