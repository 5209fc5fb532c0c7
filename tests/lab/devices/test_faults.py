"""Devices told to misbehave do so, over real SSH, and are sound again when told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from netmiko import ConnectHandler, NetmikoAuthenticationException, ReadTimeout
from pydantic import ValidationError

from yunwang.lab.devices import fault

NAME = "dh-acc-2"


class Lab(Protocol):
    folder: Path

    def netmiko(self, name: str, **options: object) -> dict[str, object]: ...


@pytest.fixture
def faulty(lab: Lab) -> Iterator[Callable[..., None]]:
    yield lambda **knobs: fault(lab.folder, NAME, **knobs)
    fault(lab.folder, NAME)


def test_it_hangs_up_in_mid_push_once(lab: Lab, faulty: Callable[..., None]) -> None:
    faulty(disconnect_after=3)
    device = ConnectHandler(**lab.netmiko(NAME))
    with pytest.raises((OSError, EOFError, ReadTimeout)):
        device.send_config_set([f"interface Loopback{number}" for number in range(10, 20)], read_timeout=5)
    with ConnectHandler(**lab.netmiko(NAME)) as again:
        shown = str(again.send_command("show running-config | include interface Loopback1"))
        assert shown.splitlines() == ["interface Loopback10", "interface Loopback11", "interface Loopback12"]
        again.send_config_set([f"no interface Loopback{number}" for number in range(10, 13)])


def test_it_refuses_lines_that_match(lab: Lab, faulty: Callable[..., None]) -> None:
    faulty(reject="description .*secret", reject_message="% Not today")
    with ConnectHandler(**lab.netmiko(NAME)) as device:
        said = device.send_config_set(["interface Vlan220", "description a secret", "description office"])
        assert said.count("% Not today") == 1
        assert "description office" in device.send_command("show running-config interface Vlan220")


def test_it_hangs_and_answers_nothing(lab: Lab, faulty: Callable[..., None]) -> None:
    device = ConnectHandler(**lab.netmiko(NAME))
    faulty(hang=True)
    with pytest.raises(ReadTimeout):
        device.send_command("show clock", expect_string="dh-acc-2#", cmd_verify=False, read_timeout=1)
    device.paramiko_cleanup()  # a polite goodbye would wait for an answer
    faulty()
    with ConnectHandler(**lab.netmiko(NAME)) as device:
        assert "UTC" in device.send_command("show clock")


def test_it_throws_log_lines_into_answers(lab: Lab, faulty: Callable[..., None]) -> None:
    faulty(noise=1)
    with ConnectHandler(**lab.netmiko(NAME)) as device:
        lines = str(device.send_command("show ip interface brief")).splitlines()
        place = next(number for number, line in enumerate(lines) if "%LINEPROTO-5-UPDOWN" in line)
        assert 0 < place < len(lines) - 1


def test_it_dawdles_and_sends_in_pieces_but_loses_nothing(lab: Lab, faulty: Callable[..., None]) -> None:
    with ConnectHandler(**lab.netmiko(NAME)) as device:
        whole = device.send_command("show running-config interface Vlan220")
        faulty(split=7, pause=0.002, delay=0.05)
        begun = time.monotonic()
        assert device.send_command("show running-config interface Vlan220") == whole
        assert time.monotonic() - begun > 0.05


def test_it_asks_a_question_out_of_the_blue(lab: Lab, faulty: Callable[..., None]) -> None:
    with ConnectHandler(**lab.netmiko(NAME)) as device:
        device.config_mode()
        faulty(question=True)
        asked = device.send_command_timing("snmp-server location here")
        assert "Continue? [yes/no]" in asked
        device.send_command_timing("no")
        faulty()
        device.exit_config_mode()
        assert "location here" not in device.send_command("show running-config | include snmp")


def test_it_lets_look_but_not_configure(lab: Lab, faulty: Callable[..., None]) -> None:
    faulty(deny=True)
    with ConnectHandler(**lab.netmiko(NAME)) as device:
        assert "sufficient privilege" in device.send_config_set(["interface Vlan220"])
        assert "UTC" in device.send_command("show clock")


def test_it_has_no_room_to_save(lab: Lab, faulty: Callable[..., None]) -> None:
    faulty(full=True)
    with ConnectHandler(**lab.netmiko(NAME)) as device:
        said = device.save_config()
        assert "NV memory full" in said
        assert "[OK]" not in said


def test_it_takes_no_password(lab: Lab, faulty: Callable[..., None]) -> None:
    faulty(refuse_login=True)
    with pytest.raises(NetmikoAuthenticationException):
        ConnectHandler(**lab.netmiko(NAME))


def test_it_asks_to_change_the_password_at_login(lab: Lab) -> None:
    fault(lab.folder, "yz-acc-1", old_password=True)
    try:
        with ConnectHandler(**lab.netmiko("yz-acc-1")) as device:  # netmiko answers N
            assert device.find_prompt() == "<yz-acc-1>"
        log = (lab.folder / "devices" / "yz-acc-1" / "wire.log").read_text(encoding="utf-8")
        assert "Change now? [Y/N]:" in log
    finally:
        fault(lab.folder, "yz-acc-1")


def test_a_pattern_that_is_none_is_refused(lab: Lab) -> None:
    with pytest.raises(ValidationError, match="regular expression"):
        fault(lab.folder, NAME, reject="(")
