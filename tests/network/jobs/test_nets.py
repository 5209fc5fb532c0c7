"""The jobs under the devices' nets: which one the plan says, when it is confirmed, and that going back waits for it or ends it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.network import Platform
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Retryable
from yunwang.network.configuration.config import parse
from yunwang.network.jobs import DualStackJob
from yunwang.network.jobs import back as going_back
from yunwang.network.jobs.net import SECONDS, told
from yunwang.network.transport import Timeouts
from yunwang.network.transport import session as transport
from yunwang.network.vendors import vendor

VRP8, COMWARE, IOS, VRP5, RGOS, FRR = "yz-core-a", "yz-core-b", "dh-agg-b", "yz-agg-a", "lx-acc-1", "yz-gw-a"


def job(city: Extranet, timeouts: Timeouts = TIMEOUTS) -> DualStackJob:
    """As another process would make it: it knows nothing of what was sent. One device alone answers for no probe."""
    return DualStackJob(city.workspace.model_copy(update={"probes": ()}), timeouts=timeouts)


def planned(city: Extranet, name: str) -> Change:
    mine = job(city)
    target = f"device/{name}"
    (change,) = mine.draft({target: mine.observe(target)}).changes
    return change


def name_of(change: Change) -> str:
    return change.target.removeprefix("device/")


def say(text: str) -> None:
    """Nobody listens."""


@pytest.fixture(params=[VRP8, COMWARE])
def applied(request: pytest.FixtureRequest, city: Extranet) -> Iterator[Change]:
    """A change that waits for its confirmation; taken back afterwards."""
    change = planned(city, request.param)
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
