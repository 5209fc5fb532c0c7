"""A management address that moves: last, confirmed where it went, back where it was when nobody answers there, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from parts.extranet import Extranet

from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.network.configuration.config import Config, parse
from yunwang.network.jobs import back as going_back
from yunwang.network.jobs.device_job import DeviceJob
from yunwang.network.jobs.net import SECONDS
from yunwang.network.transport import Session, Timeouts
from yunwang.network.transport import session as transport
from yunwang.operations.engine import Engine
from yunwang.operations.terms import Terms

DOORS = {"127.0.0.1": "10.64.255.9", "127.0.0.2": "10.64.255.101"}
"""Where the lab's loopback addresses lead: the device's old address, and its new one."""
VRP8, VRP5 = "dh-agg-a", "yz-agg-a"
IMPATIENT = Timeouts(connect=5, read=1.5)


class Renumbering(DeviceJob):
    """One device gets another management address, and an uplink's description before."""

    name = "renumbering"
    title = "Management addresses move"
    only: str = VRP8

    def devices(self) -> tuple[Device, ...]:
        return (self._workspace.device(self.only),)

    def intend(self, device: Device, running: Config) -> Config:
        (old,) = (line.split()[2] for line in running.view("interface LoopBack0") if line.startswith("ip address"))
        text = running.render().replace(f"ip address {old} 255.255.255.255", f"ip address 10.64.255.101 {'255.' * 3}255")
        uplink = next(line for view in running.tree.values() for line in view if line.startswith("description to "))
        return parse(text.replace(uplink, f"{uplink} soon"), running.rules)

    def checks(self, device: Device, running: Config, facts: JsonObject, done: frozenset[str]) -> JsonObject:
        return {}

    def look(self, session: Session, device: Device, checks: JsonObject) -> tuple[Finding, ...]:
        return ()

    def moved(self, device: Device, address: str) -> Device:
        """In the lab every address is one of loopback's."""
        return super().moved(device, "127.0.0.2")


def say(text: str) -> None:
    """Nobody listens."""


def job(city: Extranet, name: str = VRP8) -> Renumbering:
    made = Renumbering(city.workspace.model_copy(update={"probes": ()}), timeouts=IMPATIENT)
    made.only = name
    return made


def planned(city: Extranet, name: str = VRP8) -> Change:
    mine = job(city, name)
    (change,) = mine.draft({f"device/{name}": mine.observe(f"device/{name}")}).changes
    return change


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(going_back, "TRIES", 3)


@pytest.fixture
def doors(city: Extranet) -> Iterator[None]:
    """The device answers only at an address that it has; whatever is armed has acted afterwards."""
    city.fault(VRP8, doors=DOORS)
    yield
    city.fault(VRP8, ahead=2 * SECONDS)
    job(city).observe(f"device/{VRP8}")
    city.sound()


def test_it_comes_last_and_the_plan_says_where_it_goes(city: Extranet) -> None:
    change = planned(city)
    assert change.forward["moves_to"] == "10.64.255.101"
    assert change.facts["management_address"] == "moves to 10.64.255.101"
    assert "asks" not in change.facts
    assert "10.64.255.101" in change.text.splitlines()[-1]


def test_it_is_confirmed_at_the_new_address(city: Extranet, doors: None) -> None:
    change = planned(city)
    mine = job(city)
    mine.apply(change, say)
    assert mine.verify(change) == ()
    city.fault(VRP8, doors=DOORS, ahead=SECONDS + 1)
    assert mine.verify(change) == (), "its timer has been stopped"
    assert mine.undo(change, say).evidence["as_before"]
    city.fault(VRP8, doors=DOORS)
    mine.observe(f"device/{VRP8}")


def test_device_is_back_on_the_old_one_when_nobody_answers_at_the_new_one(city: Extranet, doors: None) -> None:
    elsewhere = DOORS | {"127.0.0.2": "10.64.255.102"}
    city.fault(VRP8, doors=elsewhere)
    mine = job(city)
    before = mine.observe(f"device/{VRP8}").facts
    change = planned(city)
    with pytest.raises(Fatal, match=r"does not answer at its new address 10\.64\.255\.101"):
        mine.apply(change, say)
    city.fault(VRP8, doors=elsewhere, ahead=SECONDS + 1)
    assert not mine.undo(change, say).evidence["lines"], "its timer has brought it back"
    assert mine.observe(f"device/{VRP8}").facts == before


def test_release_without_the_timer_keeps_its_address(city: Extranet) -> None:
    change = planned(city)
    city.fault(VRP8, no_timer=True)
    with pytest.raises(Fatal, match="would move without a net"):
        job(city).apply(change, say)
    city.sound()
    assert planned(city).text == change.text


@pytest.mark.parametrize("allowed", [False, True])
def test_without_a_net_it_has_to_be_allowed(city: Extranet, *, allowed: bool) -> None:
    city.fault(VRP5, doors={"127.0.0.2": "10.64.255.101"})
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
