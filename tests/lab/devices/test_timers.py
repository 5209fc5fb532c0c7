"""The devices' own ways back: timers that take a change back unless it is confirmed, whoever is logged in by then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from yunwang.lab.devices.city import City
from yunwang.lab.devices.faults import Faults, write
from yunwang.lab.devices.timers import session_ended

VRP8, COMWARE, IOS, VRP5, RGOS = "yz-core-a", "yz-core-b", "dh-agg-b", "yz-agg-a", "lx-acc-1"


class Console(Protocol):
    shell: object

    def type(self, text: str) -> str: ...


Consoles = Callable[[str], Console]


@pytest.fixture
def hurry(tmp_path: Path) -> Callable[[float], None]:
    """Set the devices' clocks forward by so many seconds."""
    return lambda seconds: write(tmp_path / "faults.json", Faults(ahead=seconds))


def trial(console: Consoles, *words: str) -> Console:
    one = console(VRP8)
    one.type(f"system-view\ninterface GE1/0/8\ndescription on trial\ncommit trial {' '.join(words)}\n")
    assert "description on trial" in described(console)
    return one


def described(console: Consoles) -> str:
    return console(VRP8).type("display current-configuration interface GE1/0/8\n")


def test_trial_rolls_back_by_itself_when_its_time_is_over(console: Consoles, hurry: Callable[[float], None]) -> None:
    trial(console, "60", "persist", "abc")
    hurry(59)
    assert "on trial" in described(console)
    hurry(61)
    assert "on trial" not in described(console)


def test_persistent_trial_outlives_its_session_and_is_confirmed_from_another(
    console: Consoles, city: City, hurry: Callable[[float], None]
) -> None:
    session_ended(city.devices[VRP8], trial(console, "60", "persist", "abc").shell)
    other = console(VRP8)
    assert "Persist id: abc" in other.type("display configuration trial status\n")
    assert "Error" not in other.type("system-view\ncommit persist abc\n")
    hurry(61)
    assert "on trial" in described(console)


def test_trial_without_a_mark_ends_with_its_session(console: Consoles, city: City) -> None:
    session_ended(city.devices[VRP8], trial(console, "60").shell)
    assert "on trial" not in described(console)


@pytest.mark.parametrize("line", ["commit", "commit persist other", "commit trial 60", "abort trial"])
def test_nobody_else_has_a_say_in_a_trial(console: Consoles, line: str) -> None:
    trial(console, "60", "persist", "abc")
    said = console(VRP8).type(f"system-view\ninterface GE1/0/9\ndescription mine\n{line}\n")
    assert "Error: The system is in trial configuration mode" in said
    assert "description mine" not in console(VRP8).type("display current-configuration interface GE1/0/9\n")


def test_unknown_mark_is_refused(console: Consoles) -> None:
    assert "does not exist" in console(VRP8).type("system-view\ncommit persist abc\n")


def test_comware_takes_back_what_is_not_committed_in_time(console: Consoles, hurry: Callable[[float], None]) -> None:
    one = console(COMWARE)
    one.type("system-view\nconfiguration commit delay 10\ninterface LoopBack0\ndescription hasty\nquit\n")
    hurry(301)
    one.type("configuration commit delay 10\n")
    hurry(601)
    assert "hasty" in one.type("display current-configuration\n"), "the timer was started anew"
    hurry(902)
    assert "hasty" not in one.type("display current-configuration\n"), "the way back leads to where it began"


def test_comware_keeps_what_is_committed(console: Consoles, hurry: Callable[[float], None]) -> None:
    one = console(COMWARE)
    one.type("system-view\nconfiguration commit delay 10\ninterface LoopBack0\ndescription good\nquit\nconfiguration commit\n")
    hurry(601)
    assert "description good" in one.type("display current-configuration\n")


def test_ios_has_no_timed_rollback_without_an_archive(console: Consoles) -> None:
    assert "%Turn config archive on" in console(IOS).type("configure terminal revert timer 10\n")


ARCHIVE = "configure terminal\narchive\npath flash:before\nend\n"


def test_ios_takes_back_what_is_not_confirmed(console: Consoles, hurry: Callable[[float], None]) -> None:
    one = console(IOS)
    one.type(ARCHIVE)
    one.type("configure terminal revert timer 10\ninterface Loopback0\ndescription hasty\nend\n")
    assert "already pending" in console(IOS).type("configure terminal revert timer 10\n")
    assert "Timer value: 9 min" in one.type("show archive config rollback timer\n")
    hurry(601)
    shown = one.type("show running-config\n")
    assert "hasty" not in shown
    assert "path flash:before" in shown


def test_ios_keeps_what_is_confirmed(console: Consoles, hurry: Callable[[float], None]) -> None:
    one = console(IOS)
    one.type(f"{ARCHIVE}configure terminal revert timer 10\ninterface Loopback0\ndescription good\nend\nconfigure confirm\n")
    hurry(601)
    assert "description good" in one.type("show running-config\n")
    assert "%No Rollback Confirmed Change pending" in one.type("configure confirm\n")


def test_ios_reverts_at_once_when_told(console: Consoles) -> None:
    one = console(IOS)
    one.type(f"{ARCHIVE}configure terminal revert timer 10\ninterface Loopback0\ndescription hasty\nend\n")
    assert "hasty" in one.type("show running-config\n")
    assert "Rollback Done" in one.type("configure revert now\n")
    assert "hasty" not in one.type("show running-config\n")


HASTY = {
    VRP5: "system-view\ninterface LoopBack0\ndescription hasty\nreturn\n",
    RGOS: "configure terminal\ninterface Loopback 0\ndescription hasty\nend\n",
}
REBOOT = {VRP5: "schedule reboot delay 10\n", RGOS: "reload in 10\n"}
CANCEL = {VRP5: "undo schedule reboot\n", RGOS: "reload cancel\n"}
SCHEDULED = {VRP5: "display schedule reboot\n", RGOS: "show reload\n"}
RUNNING = {VRP5: "display current-configuration\n", RGOS: "show running-config\n"}
REBOOTING = pytest.mark.parametrize("name", [VRP5, RGOS])


@REBOOTING
def test_reboot_that_is_not_cancelled_leads_back_to_what_is_saved(
    console: Consoles, hurry: Callable[[float], None], name: str
) -> None:
    one = console(name)
    assert "save" not in one.type(f"{REBOOT[name]}y\n").lower(), "nothing is unsaved yet"
    one.type(HASTY[name])
    hurry(590)
    assert "hasty" in one.type(RUNNING[name])
    hurry(601)
    assert "hasty" not in console(name).type(RUNNING[name])


@REBOOTING
def test_reboot_that_is_cancelled_does_not_come(console: Consoles, hurry: Callable[[float], None], name: str) -> None:
    one = console(name)
    one.type(f"{REBOOT[name]}y\n{HASTY[name]}")
    assert ("in 0 hours and 10 minutes" if name == VRP5 else "Reload scheduled in ") in one.type(SCHEDULED[name])
    assert "%" not in one.type(CANCEL[name])
    assert "eload scheduled" not in one.type(SCHEDULED[name])
    assert "will reboot" not in one.type(SCHEDULED[name])
    hurry(601)
    assert "hasty" in one.type(RUNNING[name])


@REBOOTING
@pytest.mark.parametrize("answer", ["no", "yes"])
def test_device_with_unsaved_lines_asks_for_them_before_it_schedules_a_reboot(
    console: Consoles, city: City, name: str, answer: str
) -> None:
    one = console(name)
    said = one.type(f"{HASTY[name]}{REBOOT[name]}{answer}\ny\n")
    assert "The current configuration will be saved" in said or "Save? [yes/no]:" in said
    assert ("hasty" in city.devices[name].startup.read_text()) == (answer == "yes")
    assert city.devices[name].timer is not None


@REBOOTING
def test_reboot_that_nobody_affirms_is_none(console: Consoles, city: City, name: str) -> None:
    console(name).type(f"{REBOOT[name]}n\n")
    assert city.devices[name].timer is None


@REBOOTING
def test_reboots_are_scheduled_in_the_user_view_alone(console: Consoles, city: City, name: str) -> None:
    view = HASTY[name].partition("\n")[0]
    said = console(name).type(f"{view}\n{REBOOT[name]}{CANCEL[name]}")
    assert said.count("at '^' ") == 2
    assert city.devices[name].timer is None


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (VRP5, REBOOT[VRP5]),
        (RGOS, REBOOT[RGOS]),
        (VRP8, "system-view\ninterface GE1/0/8\ndescription x\ncommit trial 60\n"),
        (COMWARE, "system-view\nconfiguration commit delay 1\n"),
        (IOS, f"{ARCHIVE}configure terminal revert timer 1\n"),
    ],
)
def test_release_without_timers_refuses_them(console: Consoles, tmp_path: Path, name: str, lines: str) -> None:
    write(tmp_path / "faults.json", Faults(no_timer=True))
    assert "at '^' " in console(name).type(lines)
