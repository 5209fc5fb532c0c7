"""The devices behind real SSH, as netmiko and an SSH client meet them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import paramiko
import pytest
from netmiko import ConnectHandler, NetmikoAuthenticationException, ReadTimeout

from yunwang.lab.devices import DeviceEndpoint

CASES = [
    ("yz-acc-1", ["interface LoopBack9", "description made by netmiko"], "display current-configuration interface LoopBack9"),
    ("yz-core-a", ["interface LoopBack9", "description made by netmiko"], "display current-configuration interface LoopBack9"),
    ("yz-acc-2", ["interface LoopBack9", "description made by netmiko"], "display current-configuration interface LoopBack9"),
    ("dh-acc-1", ["interface Loopback 9", "description made by netmiko"], "show running-config interface Loopback 9"),
    ("dh-acc-2", ["interface Loopback9", "description made by netmiko"], "show running-config interface Loopback9"),
    ("yz-gw-a", ["interface lo", "description made by netmiko"], "show running-config"),
]


class Lab(Protocol):
    endpoints: dict[str, DeviceEndpoint]
    folder: Path
    password: str

    def netmiko(self, name: str, **options: object) -> dict[str, object]: ...


def _work(lab: Lab, name: str, lines: list[str], shows: str) -> None:
    with ConnectHandler(**lab.netmiko(name)) as device:
        assert name in device.find_prompt()
        said = device.send_config_set(lines)
        if name == "yz-core-a":
            said += device.commit()
        assert "rror" not in said, name
        assert "^" not in said, name
        assert "made by netmiko" in device.send_command(shows), name
        saved = device.save_config()
        assert "OK" in saved or "uccessfully" in saved, name


def test_netmiko_configures_and_saves_on_every_platform_at_once(lab: Lab) -> None:
    with ThreadPoolExecutor(len(CASES)) as pool:
        for done in [pool.submit(_work, lab, *case) for case in CASES]:
            done.result()
    for name, _, _ in CASES:
        saved = lab.folder / "devices" / name / "startup.cfg"
        assert "made by netmiko" in saved.read_text(encoding="utf-8"), name


def test_a_wrong_password_and_a_wrong_user_are_refused(lab: Lab) -> None:
    for options in ({"password": "wrong"}, {"username": "root"}):
        with pytest.raises(NetmikoAuthenticationException):
            ConnectHandler(**lab.netmiko("yz-acc-1", **options))


def test_each_device_has_a_host_key_of_its_own_and_shows_it(lab: Lab) -> None:
    known = {name: end.known_hosts.split() for name, end in lab.endpoints.items()}
    assert len({key for _, _, key in known.values()}) == len(known)
    for name in ("yz-acc-1", "dh-acc-2"):
        end = lab.endpoints[name]
        with socket.create_connection((end.host, end.port)) as line:
            transport = paramiko.Transport(line)
            transport.start_client(timeout=20)
            shown = transport.get_remote_server_key()
            transport.close()
        assert known[name] == [f"[{end.host}]:{end.port}", shown.get_name(), shown.get_base64()]


def test_ios_and_frr_run_a_single_command_and_vrp_does_not(lab: Lab) -> None:
    for name, expected in (("dh-acc-2", "hostname dh-acc-2"), ("yz-gw-a", "hostname yz-gw-a"), ("yz-acc-1", "")):
        end = lab.endpoints[name]
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect(end.host, end.port, "yunwang", lab.password, allow_agent=False, look_for_keys=False)
        _, out, _ = client.exec_command("show running-config", timeout=20)
        assert expected in out.read().decode()
        client.close()


def test_the_wire_log_has_what_was_typed_but_never_the_password(lab: Lab) -> None:
    with ConnectHandler(**lab.netmiko("yz-agg-b")) as device:
        device.send_command("display clock")
    log = (lab.folder / "devices" / "yz-agg-b" / "wire.log").read_text(encoding="utf-8")
    assert "display clock" in log
    assert lab.password not in log


def test_a_reboot_ends_every_session_and_boots_what_was_saved(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab("dh-acc-2")
    other = ConnectHandler(**lab.netmiko("dh-acc-2"))
    device = ConnectHandler(**lab.netmiko("dh-acc-2"))
    device.send_config_set(["hostname unsaved"])
    device.set_base_prompt()
    device.send_command("reload", expect_string=r"confirm")
    device.write_channel("\n")
    with pytest.raises((OSError, EOFError, ReadTimeout)):
        other.send_command("show clock", read_timeout=10)
    with ConnectHandler(**lab.netmiko("dh-acc-2")) as again:
        assert again.find_prompt() == "dh-acc-2#"
