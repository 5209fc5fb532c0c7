"""A management address that moves: last, confirmed where it went, back where it was when nobody answers there, or not at all.

Whoever sends the lines, we or Ansible.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Device, Platform
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import back as going_back
from yunwang.network.jobs.device_job import DeviceJob
from yunwang.network.jobs.net import SECONDS
from yunwang.network.jobs.push import push as push_lines
from yunwang.network.transport import Session, Timeouts, connect
from yunwang.network.transport import session as transport
from yunwang.network.transport.delivery import Delivered, Delivery
from yunwang.network.vendors import vendor
from yunwang.operations.engine import Engine
from yunwang.operations.terms import Terms
from yunwang.playbooks.play import push

OLD, NEW = "127.0.0.1", "127.0.0.2"
"""The lab's loopback addresses at which a device answers while it has its old management address, and its new one."""
VRP8, VRP5, IOS = "dh-agg-a", "yz-agg-a", "dh-agg-b"
LOOPBACK = {VRP8: "10.64.255.9", IOS: "10.64.255.10"}
IMPATIENT = Timeouts(connect=10, read=5)


class Renumbering(DeviceJob):
    """One device gets another management address, and an uplink's description before."""

    name = "renumbering"
    title = "Management addresses move"
    only: str = VRP8
    amiss: tuple[Finding, ...] = ()

    def devices(self) -> tuple[Device, ...]:
        return (self._workspace.device(self.only),)

    def intend(self, device: Device, running: Config) -> Config:
        loopback = f"interface {device.management_interface}"
        (old,) = (line.split()[2] for line in running.view(loopback) if line.startswith("ip address"))
        text = running.render().replace(f"ip address {old} 255.255.255.255", f"ip address 10.64.255.101 {'255.' * 3}255")
        uplink = next(line for view in running.tree.values() for line in view if line.startswith("description to "))
        return parse(text.replace(uplink, f"{uplink} soon"), running.rules)

    def checks(self, device: Device, running: Config, facts: JsonObject, done: frozenset[str]) -> JsonObject:
        return {}

    def look(self, session: Session, device: Device, checks: JsonObject) -> tuple[Finding, ...]:
        return self.amiss

    def moved(self, device: Device, address: str) -> Device:
        """In the lab every address is one of loopback's."""
        return super().moved(device, NEW)


def say(text: str) -> None:
    """Nobody listens."""


def job(city: Extranet, name: str = VRP8, *, ansible: bool = False) -> Renumbering:
    settings = city.workspace.settings
    network = settings.network.model_copy(update={"verify": settings.network.verify.model_copy(update={"back_seconds": 0})})
    changed = {"probes": (), "settings": settings.model_copy(update={"network": network})}
    by = partial(push, city.workspace) if ansible else None
    made = Renumbering(city.workspace.model_copy(update=changed), timeouts=IMPATIENT, by=by)
    made.only = name
    return made


def planned(mine: Renumbering) -> Change:
    (change,) = mine.draft({target: mine.observe(target) for target in mine.targets()}).changes
    return change


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(going_back, "TRIES", 3)


@pytest.fixture
def archive(city: Extranet) -> Iterator[None]:
    """IOS saves what runs before it arms its net, in the archive that it needs for that."""
    with connect(city.device(IOS), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        session.push((PatchLine("archive", enters_view=True), PatchLine("path flash:before", ("archive",))))
        session.save()
    yield
    with connect(city.device(IOS), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        session.push((PatchLine("no archive"),))
        session.save()


@pytest.fixture(
    params=[(VRP8, False), (VRP8, True), (IOS, False), (IOS, True)], ids=["vrp8", "vrp8-by-ansible", "ios", "ios-by-ansible"]
)
def mine(city: Extranet, archive: None, request: pytest.FixtureRequest) -> Iterator[Renumbering]:
    """A job on a device that answers only at an address that it has; whatever is armed has acted afterwards."""
    name, ansible = request.param
    answers(city, name)
    yield job(city, name, ansible=ansible)
    city.fault(name, ahead=2 * SECONDS)
    job(city, name).observe(f"device/{name}")
    city.sound()


def answers(city: Extranet, name: str, new: str = "10.64.255.101", **faults: float | bool) -> None:
    """Have a device answer at its addresses alone."""
    city.fault(name, doors={OLD: LOOPBACK[name], NEW: new}, **faults)


def by_ansible(city: Extranet, name: str) -> int:
    """How many sessions with the device Ansible has opened."""
    wire = city.workspace.state / "wire" / f"{name}.log"
    return wire.read_text().count("opened by Ansible") if wire.exists() else 0


def test_it_comes_last_and_the_plan_says_where_it_goes_and_what_brings_it_back(mine: Renumbering) -> None:
    change = planned(mine)
    assert change.forward["moves_to"] == "10.64.255.101"
    assert change.facts["management_address"] == "moves to 10.64.255.101"
    assert f", {SECONDS} s" in str(change.facts["net"])
    assert "asks" not in change.facts
    assert "10.64.255.101" in [line for line in change.text.splitlines() if line.startswith(" ")][-1]


def test_it_is_confirmed_at_the_new_address(city: Extranet, mine: Renumbering) -> None:
    change = planned(mine)
    before = by_ansible(city, mine.only)
    mine.apply(change, say)
    assert by_ansible(city, mine.only) - before == len(mine.options), "who sends it is the job's only option"
    assert mine.verify(change) == ()
    answers(city, mine.only, ahead=SECONDS + 1)
    assert mine.verify(change) == (), "its timer has been stopped"
    assert mine.undo(change, say).evidence["as_before"]
    answers(city, mine.only)
    mine.observe(change.target)


def test_device_is_back_on_the_old_one_when_its_verification_fails_at_the_new_one(mine: Renumbering) -> None:
    change = planned(mine)
    before = mine.observe(change.target).facts
    mine.apply(change, say)
    mine.amiss = (Finding(code="amiss", message="something else broke", remedy="look at it"),)
    assert mine.verify(change) == mine.amiss
    assert mine.undo(change, say).evidence["as_before"]
    assert mine.observe(change.target).facts == before


def test_device_is_back_on_the_old_one_when_nobody_answers_at_the_new_one(city: Extranet, mine: Renumbering) -> None:
    answers(city, mine.only, new="10.64.255.102")
    change = planned(mine)
    before = mine.observe(change.target).facts
    with pytest.raises(Fatal, match=r"does not answer at its new address 10\.64\.255\.101"):
        mine.apply(change, say)
    answers(city, mine.only, new="10.64.255.102", ahead=SECONDS + 1)
    assert not mine.undo(change, say).evidence["lines"], "its timer has brought it back"
    assert mine.observe(change.target).facts == before


def test_a_session_that_ends_outside_the_lines_is_told_where_nobody_answers_at_the_new_one(city: Extranet) -> None:
    def refused() -> AbstractContextManager[Session]:
        raise Retryable("the device refuses the connection", remedy="wait")

    def hung_up(what: Delivery) -> Delivered:
        raise Retryable("the device hung up at log-in", remedy="wait")

    with pytest.raises(Fatal, match=r"10\.64\.255\.101: the device refuses the connection; .* the device hung up at log-in"):
        push_lines((refused, refused), vendor(Platform.HUAWEI_VRPV8), planned(job(city)), {}, hung_up)


def test_release_without_the_timer_keeps_its_address(city: Extranet, mine: Renumbering) -> None:
    change = planned(mine)
    answers(city, mine.only, no_timer=True)
    with pytest.raises(Fatal, match="would move without a net"):
        mine.apply(change, say)
    assert planned(mine).text == change.text


@pytest.mark.parametrize("allowed", [False, True])
def test_without_a_net_it_has_to_be_allowed(city: Extranet, *, allowed: bool) -> None:
    city.fault(VRP5, doors={NEW: "10.64.255.101"})
    workspace = city.workspace.model_copy(update={"roles": None})
    journal = Journal.open(None, workspace.state)
    terms = Terms(allow=frozenset({"management-change"} if allowed else ()))
    engine = Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="test", say=print, terms=terms)
    mine = job(city, VRP5)
    plan = engine.plan(mine)
    try:
        if allowed:
            assert engine.apply(plan, mine).state is RunState.SUCCEEDED
            assert mine.undo(plan.changes[0], say).evidence["as_before"]
        else:
            with pytest.raises(Fatal) as caught:
                engine.apply(plan, mine)
            (finding,) = caught.value.findings
            assert "management address moves to 10.64.255.101" in finding.message
            assert "--allow-management-change" in finding.remedy
    finally:
        journal.close()
