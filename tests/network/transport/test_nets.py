"""The devices' own ways back over real SSH: armed, left alone, confirmed or cancelled from another session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.verdict import Fatal
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.session import Net
from yunwang.network.transport import Session, connect, nets
from yunwang.network.vendors import vendor

WITH_TIMER = {
    "huawei_vrpv8": "yz-core-a",
    "hp_comware": "yz-core-b",
    "cisco_ios": "dh-agg-b",
    "huawei_vrp": "yz-agg-a",
    "ruijie_os": "lx-acc-1",
}
SECONDS = 600


@pytest.fixture(params=sorted(WITH_TIMER))
def name(request: pytest.FixtureRequest, city: Extranet) -> Iterator[str]:
    """A device that has a timer; back to what it was afterwards."""
    device = WITH_TIMER[request.param]
    yield device
    city.fault(device, ahead=10 * SECONDS)  # whatever is armed still acts
    with to(city, device):
        pass
    city.sound()


def to(city: Extranet, name: str) -> AbstractContextManager[Session]:
    return connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS)


def net_of(city: Extranet, name: str) -> Net:
    net = vendor(city.device(name).platform).session.net
    assert net is not None
    return net


def described(city: Extranet, name: str, text: str) -> tuple[PatchLine, ...]:
    header = f"interface {city.device(name).management_interface}"
    leave = vendor(city.device(name).platform).rules.leave
    return (
        PatchLine(text=header, enters_view=True),
        PatchLine(text=f"description {text}", view=(header,)),
        PatchLine(text=leave, view=(header,), leaves_view=True),
    )


def pushed_under_net(city: Extranet, name: str) -> Net:
    """A description on trial, by a session that is over."""
    net = net_of(city, name)
    if net.needs:
        archive = PatchLine(text="archive", enters_view=True), PatchLine(text="path flash:before", view=("archive",))
        with to(city, name) as session:
            session.push(archive)
    with to(city, name) as session:
        assert nets.arm(session, net, SECONDS) == ""
        session.push(described(city, name, "on trial"))
        assert nets.commit(session, net, SECONDS, always=False)[1] == ""
    with to(city, name) as session:
        assert "description on trial" in session.running()
        assert nets.pending(session, net)
    return net


def test_change_that_nobody_confirms_goes_by_itself(city: Extranet, name: str) -> None:
    pushed_under_net(city, name)
    city.fault(name, ahead=SECONDS - 10)
    with to(city, name) as session:
        assert "on trial" in session.running()
    city.fault(name, ahead=SECONDS + 1)
    with to(city, name) as session:
        assert "on trial" not in session.running()


def test_change_is_confirmed_by_a_session_that_comes_later(city: Extranet, name: str) -> None:
    net = pushed_under_net(city, name)
    with to(city, name) as session:
        assert nets.confirm(session, net)
        assert not net.status or not nets.pending(session, net)
    city.fault(name, ahead=SECONDS + 1)
    with to(city, name) as session:
        assert "description on trial" in session.running()
        session.push(described(city, name, "uplink"))
        session.commit()


def test_trial_is_cancelled_where_nothing_can_be_changed_under_it(city: Extranet) -> None:
    net = pushed_under_net(city, "yz-core-a")
    with to(city, "yz-core-a") as session:
        assert nets.cancel(session, net)
        assert "on trial" not in session.running()
        assert not nets.cancel(session, net)


def test_release_without_its_platforms_timer_says_so_and_takes_the_lines(city: Extranet, name: str) -> None:
    net = net_of(city, name)
    city.fault(name, no_timer=True)
    with to(city, name) as session:
        armed = nets.arm(session, net, SECONDS)
        session.push(described(city, name, "uplink"))
        committed, trial = nets.commit(session, net, SECONDS, always=True)
        assert "'^'" in (armed or trial)
        assert committed == (net.when == "committing")
        assert "description uplink" in session.running()


def test_nothing_is_committed_where_a_trial_was_wanted_and_is_none(city: Extranet) -> None:
    net = net_of(city, "yz-core-a")
    city.fault("yz-core-a", no_timer=True)
    with to(city, "yz-core-a") as session:
        session.push(described(city, "yz-core-a", "never"))
        assert nets.commit(session, net, SECONDS, always=False) == (False, "Error: Wrong parameter found at '^' position.")
        assert "never" not in session.running()


def test_account_without_a_shell_has_no_watchdog(city: Extranet) -> None:
    with to(city, "yz-gw-a") as session:
        assert "no shell" in nets.arm(session, net_of(city, "yz-gw-a"), SECONDS)
        assert session.running()


def test_somebody_elses_trial_is_not_written_over(city: Extranet) -> None:
    pushed_under_net(city, "yz-core-a")
    with to(city, "yz-core-a") as session:
        session.push(described(city, "yz-core-a", "mine"))
        with pytest.raises(Fatal, match="in trial configuration mode"):
            session.commit()
        assert "description on trial" in session.running()
        nets.cancel(session, net_of(city, "yz-core-a"))


@pytest.fixture(params=["huawei_vrp", "ruijie_os"])
def reboots(request: pytest.FixtureRequest, city: Extranet) -> Iterator[str]:
    """A device whose net is a reboot; back to what it has saved afterwards."""
    device = WITH_TIMER[request.param]
    yield device
    with to(city, device) as session:
        nets.arm(session, net_of(city, device), SECONDS)
    city.fault(device, ahead=2 * SECONDS)
    with to(city, device) as session:
        assert "somebody's" not in session.running()
    city.sound()


def test_unsaved_lines_are_not_saved_by_arming_a_reboot(city: Extranet, reboots: str) -> None:
    saved = city.saved(reboots)
    with to(city, reboots) as session:
        session.push(described(city, reboots, "somebody's"))
        assert nets.arm(session, net_of(city, reboots), SECONDS) == ""
    assert city.saved(reboots) == saved


def test_reboot_that_has_longer_to_go_than_ours_is_somebody_elses(city: Extranet, reboots: str) -> None:
    net = net_of(city, reboots)
    with to(city, reboots) as session:
        assert nets.arm(session, net, 2 * 3600) == ""
        assert not nets.confirm(session, net, SECONDS)
        assert nets.pending(session, net)
        assert nets.confirm(session, net, 2 * 3600)
        assert not nets.pending(session, net)


def test_reboot_that_the_device_does_not_show_is_called_off_at_once(city: Extranet, reboots: str) -> None:
    net = net_of(city, reboots)
    with to(city, reboots) as session:
        assert nets.arm(session, replace(net, pending="in other words"), SECONDS) == f"{net.status!r} does not show it"
        assert not nets.pending(session, net)


def test_reboot_that_is_neither_shown_nor_ended_stops_the_change(city: Extranet, reboots: str) -> None:
    unknown = replace(net_of(city, reboots), pending="in other words", confirm="say never mind")
    with to(city, reboots) as session, pytest.raises(Fatal, match="neither shown nor ended"):
        nets.arm(session, unknown, SECONDS)
