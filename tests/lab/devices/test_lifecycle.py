"""Up, down, crash, change: ports, keys and saved configurations stay; nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest
from netmiko import ConnectHandler

from yunwang.inventories.lab import Lab as Played
from yunwang.inventories.lab import LabDevice
from yunwang.inventories.network import Device, Plane, Platform, Role
from yunwang.inventories.verdict import Fatal
from yunwang.lab import process
from yunwang.lab.devices import DeviceEndpoint, down, fault, status, up


class Lab(Protocol):
    folder: Path
    said: list[str]
    endpoints: Mapping[str, DeviceEndpoint]

    def up(self) -> Mapping[str, DeviceEndpoint]: ...
    def netmiko(self, name: str, **options: object) -> dict[str, object]: ...


def test_up_again_finds_the_running_devices_and_says_nothing(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab("yz-acc-1", "dh-acc-2")
    before, pid = lab.endpoints, status(lab.folder).pid
    lab.said.clear()
    assert lab.up() == before
    assert status(lab.folder).pid == pid
    assert lab.said == []


def test_a_crashed_server_is_started_again_on_the_same_ports_with_what_was_saved(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab("yz-acc-2")
    before, pid = lab.endpoints, status(lab.folder).pid
    with ConnectHandler(**lab.netmiko("yz-acc-2")) as device:
        device.send_config_set(["sysname kept"])
        device.set_base_prompt()
        device.save_config()
    assert pid
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert not status(lab.folder).running
    assert lab.up() == before
    with ConnectHandler(**lab.netmiko("yz-acc-2")) as device:
        assert device.find_prompt() == "<kept>"


def test_down_leaves_no_process_and_up_keeps_ports_keys_and_password(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab("dh-acc-1")
    before, password = lab.endpoints, (lab.folder / "device-password").read_text(encoding="utf-8")
    down(lab.folder, lab.said.append)
    assert not status(lab.folder).running
    down(lab.folder, lab.said.append)
    assert lab.up() == before
    assert (lab.folder / "device-password").read_text(encoding="utf-8") == password


def test_a_port_that_somebody_takes_before_it_is_listened_on_is_replaced(
    make_lab: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch
) -> None:
    choose = process.free_ports
    with socket.create_server(("127.0.0.1", 0)) as taken:
        choices = iter([lambda wanted: [taken.getsockname()[1]], choose])
        monkeypatch.setattr(process, "free_ports", lambda wanted: next(choices)(wanted))
        lab = make_lab("dh-acc-1")
        assert lab.endpoints["dh-acc-1"].port != taken.getsockname()[1]
    assert status(lab.folder).running


def test_secrets_are_for_the_owner_alone(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab("yz-gw-a")
    for path in (lab.folder / "device-password", lab.folder / "devices" / "yz-gw-a" / "host-key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_startup_line_that_the_device_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "sw.cfg").write_text("#\nsysname sw\n#\nvlan batch 10\n#\ninterface Vlanif20\n#\nreturn\n", encoding="utf-8")
    with pytest.raises(Fatal) as caught:
        up([_device("sw")], _lab("sw.cfg"), (), tmp_path, tmp_path, print)
    assert "startup.cfg:6: interface Vlanif20: Error: The VLAN does not exist." in caught.value.message
    assert caught.value.findings[0].remedy
    assert not status(tmp_path).running


def test_a_missing_startup_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match=r"nowhere\.cfg is missing"):
        up([_device("sw")], _lab("nowhere.cfg"), (), tmp_path, tmp_path, print)


def test_a_fault_for_an_unknown_device_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="no device ghost"):
        fault(tmp_path, "ghost", hang=True)


def _device(name: str) -> Device:
    return Device(
        name=name,
        platform=Platform.HUAWEI_VRP,
        site="yunzhou",
        plane=Plane.A,
        role=Role.ACCESS,
        host="192.0.2.1",
        username="yunwang",
        password="file://device-password",
    )


def _lab(startup: str) -> Played:
    return Played(version=1, devices=(LabDevice(name="sw", startup=startup),))
