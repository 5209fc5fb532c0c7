"""The jobs under the devices' nets: which one the plan says, when it is confirmed, and that going back waits for it or ends it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.network import Platform
from yunwang.inventories.plan import Change
from yunwang.inventories.rollout import Baseline, Deed
from yunwang.inventories.verdict import Refused, Retryable
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import DualStackJob
from yunwang.network.jobs import back as going_back
from yunwang.network.jobs.net import SECONDS, told
from yunwang.network.session import Net
from yunwang.network.transport import Session, Timeouts, connect, nets
from yunwang.network.transport import session as transport
from yunwang.network.vendors import vendor

VRP8, COMWARE, IOS, VRP5, RGOS, FRR = "yz-core-a", "yz-core-b", "dh-agg-b", "yz-agg-a", "lx-acc-1", "yz-gw-a"


MINUTES = SECONDS // 60
"""After which devices without another net reboot, where that is asked for."""


def job(city: Extranet, timeouts: Timeouts = TIMEOUTS, *, reboot: int = 0, unsaved: Deed = "skip") -> DualStackJob:
    """As another process would make it: it knows nothing of what was sent. One device alone answers for no probe."""
    settings = city.workspace.settings
    network = settings.network.model_copy(update={"baseline": Baseline(unsaved=unsaved)})
    changed = {"probes": (), "settings": settings.model_copy(update={"network": network})}
    return DualStackJob(city.workspace.model_copy(update=changed), timeouts=timeouts, reboot=reboot)


def planned(city: Extranet, name: str, *, reboot: int = 0, unsaved: Deed = "skip") -> Change:
    mine = job(city, reboot=reboot, unsaved=unsaved)
    target = f"device/{name}"
    (change,) = mine.draft({target: mine.observe(target)}).changes
    return change


def name_of(change: Change) -> str:
    return change.target.removeprefix("device/")


def say(text: str) -> None:
    """Nobody listens."""


def to(city: Extranet, name: str) -> AbstractContextManager[Session]:
    return connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS)


def described(city: Extranet, name: str, text: str) -> tuple[PatchLine, ...]:
    view = f"interface {city.device(name).management_interface}"
    leave = vendor(city.device(name).platform).rules.leave
    return (
        PatchLine(text=view, enters_view=True),
        PatchLine(text=f"description {text}", view=(view,)),
        PatchLine(text=leave, view=(view,), leaves_view=True),
    )


def reboot_of(city: Extranet, name: str) -> Net:
    net = vendor(city.device(name).platform).session.net
    assert net is not None
    assert net.reboots
    return net


def is_to_reboot(city: Extranet, name: str) -> bool:
    with to(city, name) as session:
        return nets.pending(session, reboot_of(city, name))


@pytest.fixture
def as_it_was(city: Extranet) -> Iterator[None]:
    """Devices whose net is a reboot boot afterwards with what they had saved before."""
    saved = {name: city.saved(name) for name in (VRP5, RGOS)}
    yield
    for name, text in saved.items():
        city.startup(name).write_text(text)
        with to(city, name) as session:
            assert nets.arm(session, reboot_of(city, name), SECONDS) == ""
        city.fault(name, ahead=2 * SECONDS)
        with to(city, name):
            pass
    city.sound()


@pytest.fixture(params=[VRP8, COMWARE, VRP5, RGOS])
def applied(request: pytest.FixtureRequest, city: Extranet) -> Iterator[Change]:
    """A change that waits for its confirmation; taken back afterwards."""
    change = planned(city, request.param, reboot=MINUTES)
    outcome = job(city).apply(change, say)
    assert outcome.evidence["net"], outcome.summary
    yield change
    city.sound()
    assert job(city).undo(change, say).evidence["as_before"]


@pytest.mark.parametrize(
    ("name", "net"),
    [
        (VRP8, f"commit trial, {SECONDS} s"),
        (COMWARE, f"configuration commit delay, {SECONDS} s"),
        (IOS, "none, configure terminal revert timer needs an archive path in its configuration"),
        (VRP5, "none, huawei_vrp has no timer that takes a change back"),
        (RGOS, "none, ruijie_os has no timer that takes a change back"),
        (FRR, f"a watchdog in the account's shell, {SECONDS} s"),
    ],
)
def test_plan_says_which_net_there_is(city: Extranet, name: str, net: str) -> None:
    change = planned(city, name)
    assert change.facts["net"] == net
    assert change.summary.endswith(f"net: {net}")


@pytest.mark.parametrize(
    "archive", ["archive\n path flash:before\n", "archive\n log config\n  logging enable\n path flash:before\n maximum 3\n"]
)
def test_ios_has_its_timer_where_it_has_an_archive(archive: str) -> None:
    its = vendor(Platform.CISCO_IOS)
    assert told(its, parse(f"hostname r\n!\n{archive}!\nend\n", its.rules)) == f"configure terminal revert timer, {SECONDS} s"
    assert told(its, parse("hostname r\n!\narchive\n maximum 3\n!\nend\n", its.rules)).startswith("none, ")


@pytest.mark.parametrize(("name", "command"), [(VRP5, "schedule reboot"), (RGOS, "reload in")])
def test_plan_says_that_a_device_without_another_net_is_to_reboot(city: Extranet, name: str, command: str) -> None:
    change = planned(city, name, reboot=7)
    cost = "it reboots in 7 minutes if nobody confirms, and services on it stop for minutes"
    assert change.summary.endswith(f"net: {command}, 420 s: {cost}")
    assert change.forward["net"] == 420


def test_device_that_has_a_net_does_not_reboot(city: Extranet) -> None:
    assert planned(city, COMWARE, reboot=MINUTES).facts["net"] == f"configuration commit delay, {SECONDS} s"


def test_time_to_a_reboot_is_in_the_jobs_options(city: Extranet) -> None:
    assert job(city, reboot=7).options == {"timed_reboot": 7}
    assert job(city).options == {}


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize("name", [VRP5, RGOS])
def test_reboot_that_would_lose_unsaved_lines_is_no_net(city: Extranet, name: str) -> None:
    with to(city, name) as session:
        session.push(described(city, name, "somebody's"))
    change = planned(city, name, reboot=MINUTES, unsaved="warn")
    assert "net: none, sent WITHOUT net" in change.summary
    assert change.forward["net"] == 0


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize("name", [VRP5, RGOS])
def test_reboot_that_would_lead_elsewhere_by_now_stops_the_change(city: Extranet, name: str) -> None:
    change = planned(city, name, reboot=MINUTES)
    there = city.startup(name)
    there.write_text(re.sub(r"(?m)^( *description) .*$", r"\1 changed", there.read_text(), count=1))
    since = len(city.heard(name))
    with pytest.raises(Refused, match="what it runs is not what is saved"):
        job(city).apply(change, say)
    assert not any(line.startswith(("system-view", "configure")) for line in city.typed(name, since))


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize("name", [VRP5, RGOS])
def test_reboot_that_somebody_has_scheduled_stops_the_change_and_stays(city: Extranet, name: str) -> None:
    change = planned(city, name, reboot=MINUTES)
    with to(city, name) as session:
        assert nets.arm(session, reboot_of(city, name), SECONDS) == ""
    mine = job(city)
    with pytest.raises(Refused, match="a reboot of it is scheduled already"):
        mine.apply(change, say)
    assert "nothing was sent" in mine.undo(change, say).summary
    assert is_to_reboot(city, name)


@pytest.mark.parametrize(
    ("name", "armed", "ended", "save"),
    [
        (VRP5, "schedule reboot delay 10", "undo schedule reboot", "save"),
        (RGOS, "reload in 10", "reload cancel", "write"),
    ],
)
def test_reboot_is_armed_before_the_first_line_and_called_off_before_the_save(
    city: Extranet, name: str, armed: str, ended: str, save: str
) -> None:
    change, since = planned(city, name, reboot=MINUTES), len(city.heard(name))
    assert job(city).apply(change, say).evidence["net"]
    assert job(city).verify(change) == ()
    typed = city.typed(name, since)
    first = next(typed.index(line) for line in ("system-view", "configure terminal") if line in typed)
    assert typed.index(armed) < first < typed.index(ended) < typed.index(save)
    assert not is_to_reboot(city, name)
    assert "called off" not in job(city).undo(change, say).summary


@pytest.mark.parametrize("name", [VRP5, RGOS])
def test_going_back_calls_the_reboot_off(city: Extranet, name: str) -> None:
    change = planned(city, name, reboot=MINUTES)
    job(city).apply(change, say)
    assert is_to_reboot(city, name)
    undone = job(city).undo(change, say)
    assert undone.summary.endswith("as it was before; its reboot was called off")
    assert not is_to_reboot(city, name)


@pytest.mark.parametrize("name", [VRP5, RGOS])
def test_nobody_reboots_where_nobody_asked_for_it(city: Extranet, name: str) -> None:
    change, since = planned(city, name), len(city.heard(name))
    job(city).apply(change, say)
    assert job(city).verify(change) == ()
    assert job(city).undo(change, say).evidence["as_before"]
    assert not [line for line in city.typed(name, since) if "reboot" in line or "reload" in line]


def test_change_that_is_never_verified_goes_by_itself(city: Extranet, applied: Change) -> None:
    city.fault(name_of(applied), ahead=SECONDS + 1)
    findings = job(city).verify(applied)
    assert {finding.code for finding in findings} == {"not-in-force"}
    assert not job(city).undo(applied, say).evidence["lines"]


def test_verified_change_stays(city: Extranet, applied: Change) -> None:
    assert job(city).verify(applied) == ()
    city.fault(name_of(applied), ahead=SECONDS + 1)
    assert job(city).verify(applied) == ()


def test_going_back_ends_the_wait_of_the_net(city: Extranet, applied: Change) -> None:
    outcome = job(city).undo(applied, say)
    assert outcome.evidence["as_before"]
    assert outcome.evidence["net"] == (name_of(applied) == VRP8), "VRP8 takes it back itself, at our word"
    city.fault(name_of(applied), ahead=SECONDS + 1)
    again = job(city)
    again.apply(applied, say)
    assert again.verify(applied) == (), "no old timer acts on a new change"


def test_going_back_waits_for_the_net_where_the_device_is_out_of_reach(
    city: Extranet, applied: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(going_back, "TRIES", 2)
    monkeypatch.setattr(transport, "RETRY_SECONDS", 0.1)
    name = name_of(applied)
    city.fault(name, hang=True)
    tried = city.heard(name).count("> ")
    impatient = job(city, Timeouts(connect=20, read=0.5))
    with ThreadPoolExecutor(1) as pool:
        undone = pool.submit(impatient.undo, applied, say)
        deadline = time.monotonic() + 60
        while city.heard(name).count("> ") < tried + 8 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not undone.done(), "it has given up"
        city.fault(name, ahead=SECONDS + 1)
        assert undone.result(60).evidence == {"lines": [], "as_before": True, "net": False}


def test_device_that_nothing_was_sent_to_needs_no_going_back(city: Extranet) -> None:
    change = planned(city, VRP5)
    mine = job(city, Timeouts(connect=20, read=0.5))
    city.fault(VRP5, hang=True)
    with pytest.raises(Retryable):
        mine.apply(change, say)
    assert "nothing was sent" in mine.undo(change, say).summary


def test_push_goes_on_without_its_net_where_the_release_has_none_and_says_so(city: Extranet) -> None:
    change = planned(city, COMWARE)
    city.fault(COMWARE, no_timer=True)
    outcome = job(city).apply(change, say)
    assert "WITHOUT its net:  % Unrecognized command".replace("  ", " ") in outcome.summary
    assert job(city).undo(change, say).evidence["as_before"]
