"""The files that other programs read too: Ansible and openstacksdk see in them what we see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openstack.config import OpenStackConfig

from yunwang.inventories.file_kinds import DEVICE_VARIABLES
from yunwang.inventories.network import Device
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace

ANSIBLE = Path(sys.executable).with_name("ansible-inventory")


def ansible(inventory: Path) -> dict[str, dict[str, object]]:
    """Every host's variables as the real ansible-inventory lists them."""
    environment = {**os.environ, "ANSIBLE_LOCALHOST_WARNING": "False"}
    argv = [str(ANSIBLE), "-i", str(inventory), "--list"]
    done = subprocess.run(argv, check=True, capture_output=True, text=True, env=environment)
    assert "WARNING" not in done.stderr, done.stderr
    variables: dict[str, dict[str, object]] = json.loads(done.stdout)["_meta"]["hostvars"]
    return variables


def from_ansible(name: str, variables: dict[str, object]) -> Device:
    given = {field: variables[variable] for field, variable in DEVICE_VARIABLES.items() if variable in variables}
    return Device.model_validate_json(json.dumps({"name": name, **given}))


def test_ansible_reads_the_same_devices(demo_city: Path, sound: Workspace) -> None:
    listed = ansible(demo_city / "network/hosts.yaml")
    assert {name: from_ansible(name, variables) for name, variables in listed.items()} == {
        device.name: device for device in sound.devices
    }


def test_ansible_merges_group_and_host_variables_as_we_do(demo_city: Path) -> None:
    network = demo_city / "network"
    (network / "group_vars/role_access.yaml").write_text("ansible_user: from-role\nansible_port: 2201\n")
    (network / "group_vars/plane_a.yml").write_text("ansible_user: from-plane\nyunwang_ospfv3_process: 7\n")
    (network / "group_vars/site_donghe").mkdir()
    (network / "group_vars/site_donghe/a.yaml").write_text("ansible_port: 2202\n")
    (network / "host_vars").mkdir()
    (network / "host_vars/dh-acc-1.yaml").write_text("yunwang_ospfv3_process: 9\n")
    hosts = network / "hosts.yaml"
    text = hosts.read_text().replace("    plane_a:\n      vars:\n", "    plane_a:\n      vars:\n        ansible_port: 2200\n")
    hosts.write_text(text + "    border:\n      vars:\n        ansible_user: from-border\n      children:\n        frr:\n")
    workspace, findings = read(demo_city)
    assert workspace is not None, findings
    assert {device.name: device for device in workspace.devices} == {
        name: from_ansible(name, variables) for name, variables in ansible(hosts).items()
    }
    assert workspace.device("dh-acc-1").ospfv3_process == 9
    assert len({(device.username, device.port) for device in workspace.devices}) > 3, "the cases should differ"


def test_ansible_reads_the_same_machines(demo_city: Path, sound: Workspace) -> None:
    listed = ansible(demo_city / "machines.yaml")
    assert {(name, variables["ansible_host"], variables["ansible_user"]) for name, variables in listed.items()} == {
        (machine.name, machine.host, machine.username) for machine in sound.machines
    }


def test_openstacksdk_reads_the_clouds_with_the_secrets_beside_them(demo_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secure = demo_city / "secure.yaml"
    secure.write_text("clouds:\n  zhengwu:\n    auth: {auth_url: 'http://127.0.0.1:1/v3', password: hush}\n")
    secure.chmod(0o600)
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    config = OpenStackConfig(config_files=[str(demo_city / "clouds.yaml")], secure_files=[str(secure)], load_envvars=False)
    region = config.get_one("zhengwu")
    assert region.region_name == "zhengwu"
    assert region.config["auth"]["password"] == "hush"
    assert region.config["auth"]["username"] == "admin"
    assert read(demo_city)[1] == ()


def test_the_labs_inventory_is_laid_over_devices_and_machines(demo_city: Path, sound: Workspace) -> None:
    overlay = demo_city / ".yunwang/lab/inventory.yaml"
    overlay.parent.mkdir()
    overlay.write_text(
        "all:\n  vars:\n    ansible_user: lab\n  hosts:\n"
        "    yz-core-a: {ansible_host: 127.0.0.1, ansible_port: 2222, yunwang_password: 'file://.yunwang/lab/device-password'}\n"
        "    gateway: {ansible_host: 127.0.0.1, ansible_port: 2223, ansible_ssh_private_key_file: key, yunwang_password: 'env://X'}\n"
        "    stranger: {ansible_host: 127.0.0.1}\n"
    )
    laid, findings = read(demo_city)
    assert laid is not None, findings
    core = laid.device("yz-core-a")
    assert (core.host, core.port, core.username) == ("127.0.0.1", 2222, "lab")
    assert core.password == "file://.yunwang/lab/device-password"
    assert core.interfaces == sound.device("yz-core-a").interfaces
    gateway = next(machine for machine in laid.machines if machine.name == "gateway")
    assert (gateway.host, gateway.port, gateway.username) == ("127.0.0.1", 2223, "lab")
    assert "stranger" not in laid.device_names
    assert laid.digest == sound.digest, "where the lab listens is not intent"
