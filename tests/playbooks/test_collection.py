"""The collection yunwang.toolkit as Ansible's own programs use it: the workspace as an inventory, network_cli on every platform."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yunwang.inventories import demo
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.workspace import Workspace
from yunwang.lab import devices as simulated
from yunwang.lab.devices import lifecycle
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import ansible as push
from yunwang.network.transport.faults import HungUp, LineRejected, Silent
from yunwang.playbooks.catalogue import PUSH
from yunwang.playbooks.play import play

BIN = Path(sys.executable).parent
BY_PLATFORM = {
    "yz-agg-a": ("interface LoopBack77", "description one"),
    "yz-core-a": ("interface LoopBack77", "description one"),
    "yz-core-b": ("interface LoopBack77", "description one"),
    "lx-acc-1": ("interface Loopback 77", "description one"),
    "dh-agg-b": ("interface Loopback77", "description one"),
    "yz-gw-a": ("interface lo", "description one"),
}


def inventory(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Ansible's own program, in the workspace's folder."""
    return subprocess.run([BIN / "ansible-inventory", *words], cwd=root, capture_output=True, text=True, check=False)


def run(city: Workspace, said: list[str] | None = None) -> push.Run:
    """The push as the command line puts it together."""

    def pushed(device: Any, arguments: JsonObject) -> JsonObject:
        result = play(PUSH, city, (device.name,), arguments, said.append if said is not None else print)
        told: Any = result.data["pushed"]
        return dict(told)

    return pushed


def block(name: str, *more: str) -> list[PatchLine]:
    header, *lines = (*BY_PLATFORM[name], *more)
    return [PatchLine(header, enters_view=True), *(PatchLine(line, (header,)) for line in lines)]


def test_a_workspace_is_an_inventory_with_groups_for_sites_levels_planes_roles_and_platforms(demo_city: Path) -> None:
    done = inventory(demo_city, "--list")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found["site_yunzhou"]["children"]) >= {"site_donghe", "site_xiling"}, "a county is a child of its city"
    assert "dh-agg-a" in found["site_donghe"]["hosts"]
    assert "yz-core-b" in found["plane_b"]["hosts"]
    assert "yz-core-a" in found["role_core"]["hosts"]
    assert "lx-acc-1" in found["platform_ruijie_os"]["hosts"]
    assert "lx-acc-1" in found["level_township"]["hosts"]
    assert set(found["machines"]["hosts"]) == {"old-education", "new-education", "gateway"}
    core = json.loads(inventory(demo_city, "--host", "yz-core-a").stdout)
    assert core["ansible_network_os"] == "yunwang.toolkit.huawei_vrpv8"
    assert "env://YUNWANG_DEVICE_PASSWORD" in core["ansible_password"], "looked up when a connection is made, and not before"


def test_a_workspace_with_faults_is_no_inventory_and_says_all_of_them(tmp_path: Path) -> None:
    demo.write(tmp_path / "city", faults=True)
    done = inventory(tmp_path / "city", "--list")
    assert done.returncode != 0
    assert "the workspace has faults" in done.stdout + done.stderr
    assert "network/hosts.yaml:" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(BY_PLATFORM))
def test_lines_reach_every_platform_over_network_cli(city: Workspace, name: str) -> None:
    device = city.device(name)
    pushed, committed = push.push(run(city), device, block(name))
    assert pushed.lines == BY_PLATFORM[name]
    assert committed is (device.platform == "huawei_vrpv8")


@pytest.mark.parametrize("name", ["yz-core-a", "dh-agg-b"])
def test_a_line_that_the_device_refuses_is_named_with_its_words_and_nothing_follows(city: Workspace, name: str) -> None:
    said: list[str] = []
    with pytest.raises(LineRejected) as caught:
        push.push(run(city, said), city.device(name), block(name, "descriptionn two", "description three"))
    assert caught.value.line == "descriptionn two"
    assert caught.value.accepted == BY_PLATFORM[name]
    assert "'^' " in caught.value.answer or "Invalid" in caught.value.answer
    heard = lifecycle.wire_log(city.state / "lab", name).read_text()
    assert "description three" not in heard


def test_a_device_that_hangs_up_leaves_the_line_unknown(city: Workspace) -> None:
    folder = city.state / "lab"
    simulated.fault(folder, "yz-agg-a", disconnect_after=2)
    try:
        with pytest.raises((HungUp, Silent)) as caught:
            push.push(run(city), city.device("yz-agg-a"), block("yz-agg-a", "description two", "description three"))
    finally:
        simulated.fault(folder, "yz-agg-a")
    assert caught.value.unknown == "description two"
    assert caught.value.accepted == BY_PLATFORM["yz-agg-a"]


def test_no_secret_is_in_what_a_run_leaves(city: Workspace) -> None:
    push.push(run(city), city.device("yz-agg-a"), block("yz-agg-a"))
    password = (city.state / "lab" / "device-password").read_text().strip()
    files = [path for path in (city.state / "ansible").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if password in path.read_text(errors="replace")]
