"""The collection yunwang.toolkit as Ansible's own programs use it: the workspace as an inventory."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from yunwang.inventories import demo

BIN = Path(sys.executable).parent


def inventory(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Ansible's own program, in the workspace's folder."""
    return subprocess.run([BIN / "ansible-inventory", *words], cwd=root, capture_output=True, text=True, check=False)


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


def test_a_device_is_reached_as_yunwang_reaches_it_by_its_key_and_through_its_jump_hosts(demo_city: Path) -> None:
    hosts = demo_city / "network" / "hosts.yaml"
    written = yaml.safe_load(hosts.read_text())
    core = next(group["hosts"]["yz-core-a"] for group in groups(written) if "yz-core-a" in group.get("hosts", {}))
    core |= {
        "ansible_port": 2022,
        "yunwang_ssh_key": "keys/core",
        "yunwang_enable_password": "env://ENABLE",
        "yunwang_proxy_jump": [
            {"host": "10.9.0.1", "username": "first", "ssh_key": "keys/50%"},
            {"host": "2001:db8::9", "port": 2200, "username": "second", "ssh_agent": True},
        ],
    }
    hosts.write_text(yaml.safe_dump(written))
    done = inventory(demo_city, "--host", "yz-core-a")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["ansible_port"], told["ansible_private_key_file"]) == (2022, str(demo_city / "keys" / "core"))
    assert (told["ansible_become"], told["ansible_become_method"]) == (True, "ansible.netcommon.enable")
    last = shlex.split(told["ansible_paramiko_proxy_command"])
    assert last[-7:] == ["-p", "2200", "-l", "second", "-W", f"{told['ansible_host']}:2022", "2001:db8::9"]
    assert "StrictHostKeyChecking=yes" in last
    (inner,) = (word.removeprefix("ProxyCommand=") for word in last if word.startswith("ProxyCommand="))
    first = shlex.split(inner.replace("%%", "%"))
    assert first[-7:] == ["-p", "22", "-l", "first", "-W", "[2001:db8::9]:2200", "10.9.0.1"]
    assert f'IdentityFile="{demo_city}/keys/50%"' in first
    assert "IdentityAgent=none" in first
    assert "IdentityAgent=none" not in last


def groups(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of an inventory."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from groups(value)
