"""Dual stack on the demo city's devices over real SSH: there, verified, saved; and back, whatever stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.noun import digest
from yunwang.inventories.plan import Change, Draft, Observed, Outcome
from yunwang.inventories.rollout import NetworkSettings, Verification
from yunwang.inventories.verdict import Fatal
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import DualStackJob
from yunwang.network.transport import HungUp, LineRejected, connect

SIX = ("yz-core-a", "yz-agg-a", "yz-core-b", "dh-agg-b", "lx-acc-1", "yz-gw-a")
"""One of each platform."""


def say(text: str) -> None:
    """Nobody listens."""


@pytest.fixture
def job(city: Extranet) -> Iterator[DualStackJob]:
    """The job; whatever a test applied with it and left is taken back."""
    applied: list[Change] = []

    class Remembering(DualStackJob):
        def apply(self, change: Change, say: Callable[[str], None]) -> Outcome:
            applied.append(change)
            return super().apply(change, say)

    job = Remembering(city.workspace, timeouts=TIMEOUTS)
    yield job
    city.sound()
    for change in reversed(applied):
        job.undo(change, say)


def observe(job: DualStackJob) -> dict[str, Observed]:
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(job.targets(), pool.map(job.observe, job.targets()), strict=True))


def in_order(draft: Draft) -> Iterator[Change]:
    changes = {change.id: change for change in draft.changes}
    return (changes[change_id] for wave in draft.waves for change_id in wave.changes)


def one(job: DualStackJob, name: str) -> Change:
    target = f"device/{name}"
    [change] = job.draft({target: job.observe(target)}).changes
    return change


def test_sixteen_devices_there_verified_saved_and_back(city: Extranet, job: DualStackJob) -> None:
    before = observe(job)
    draft = job.draft(before)
    assert len(draft.changes) == 16
    for change in in_order(draft):
        job.apply(change, say)
        name = change.target.removeprefix("device/")
        assert "2001:db8:1ff::" not in city.saved(name).lower()
        assert job.verify(change) == ()
        assert "2001:db8:1ff::" in city.saved(name).lower()
    assert job.draft(observe(job)).changes == ()
    for change in reversed([*in_order(draft)]):
        assert job.undo(change, say).evidence["as_before"]
    assert observe(job) == before
    for device in city.workspace.devices:
        assert "2001:db8:1ff::" not in city.saved(device.name).lower()


def test_observation_does_not_move_by_itself(city: Extranet, job: DualStackJob) -> None:
    assert observe(job) == observe(job)


def test_draft_is_pure_and_survives_the_plan_file(city: Extranet, job: DualStackJob) -> None:
    before = {"device/yz-agg-a": job.observe("device/yz-agg-a")}
    draft = job.draft(before)
    assert draft == job.draft(before)
    assert Draft.model_validate_json(draft.model_dump_json()) == draft
    assert "ipv6 address" in draft.changes[0].text
    assert city.workspace.root.as_posix() not in draft.model_dump_json()


def test_neighbours_done_before_are_looked_for(city: Extranet, job: DualStackJob) -> None:
    draft = job.draft(observe(job))
    peers = {change.target: str(change.forward["checks"]) for change in draft.changes}
    assert "yz-core-a" in peers["device/yz-agg-a"]
    assert "yz-agg-a" not in peers["device/yz-core-a"]


@pytest.mark.parametrize("name", SIX)
def test_broken_push_is_taken_back_to_the_running_configuration(name: str, city: Extranet, job: DualStackJob) -> None:
    before = job.observe(f"device/{name}")
    change = one(job, name)
    city.fault(name, disconnect_after=6)
    with pytest.raises(HungUp):
        job.apply(change, say)
    city.fault(name)
    job.undo(change, say)
    assert job.observe(f"device/{name}") == before


@pytest.mark.parametrize("name", SIX)
def test_rejected_line_is_taken_back_to_the_running_configuration(name: str, city: Extranet, job: DualStackJob) -> None:
    before = job.observe(f"device/{name}")
    change = one(job, name)
    words = (
        "% Invalid input detected at '^' marker." if name in ("dh-agg-b", "lx-acc-1", "yz-gw-a") else "Error: The operation failed."
    )
    city.fault(name, reject=r"(?i)address 2001:db8:1fe::", reject_message=words)
    with pytest.raises(LineRejected, match="2001:db8:1fe::"):
        job.apply(change, say)
    job.undo(change, say)
    assert job.observe(f"device/{name}") == before


def test_what_someone_else_did_meanwhile_stays(city: Extranet, job: DualStackJob) -> None:
    before = job.observe("device/yz-agg-a")
    change = one(job, "yz-agg-a")
    job.apply(change, say)
    device = city.device("yz-agg-a")
    view = "interface GigabitEthernet0/0/2"
    with connect(device, city.workspace, wire=city.wire) as session:
        session.push([PatchLine(text=view, enters_view=True), PatchLine(text="description someone else", view=(view,))])
    outcome = job.undo(change, say)
    after = str(job.observe("device/yz-agg-a").facts["config"])
    assert "someone else" in after
    assert "2001:db8" not in after
    assert not outcome.evidence["as_before"]
    assert digest({"config": after}) != digest({"config": str(before.facts["config"])})


def test_change_undone_by_someone_is_found_and_not_saved(city: Extranet, job: DualStackJob) -> None:
    change = one(job, "yz-agg-a")
    job.apply(change, say)
    view = "interface LoopBack0"
    with connect(city.device("yz-agg-a"), city.workspace, wire=city.wire) as session:
        session.push(
            [PatchLine(text=view, enters_view=True), PatchLine(text="undo ipv6 address 2001:db8:1ff::3/128", view=(view,))]
        )
    findings = job.verify(change)
    assert any("2001:db8:1ff::3" in finding.message for finding in findings)
    assert all(finding.code == "not-in-force" for finding in findings)
    assert "2001:db8" not in city.saved("yz-agg-a").lower()


def test_neighbour_that_went_away_is_named(city: Extranet, job: DualStackJob, monkeypatch: pytest.MonkeyPatch) -> None:
    once = NetworkSettings(verify=Verification(back_seconds=0))
    settings = city.workspace.settings.model_copy(update={"network": once})
    monkeypatch.setattr(job, "_workspace", city.workspace.revised(settings=settings))
    draft = job.draft(observe(job))
    changes = {change.target: change for change in draft.changes}
    job.apply(changes["device/yz-agg-a"], say)  # the core that it looks for is not done
    findings = job.verify(changes["device/yz-agg-a"])
    assert {finding.code for finding in findings} == {"no-ospfv3-neighbour"}
    assert "yz-core-a" in findings[0].message
    assert "2001:db8" not in city.saved("yz-agg-a").lower()


def test_device_that_cannot_be_saved_fails_verification(city: Extranet, job: DualStackJob) -> None:
    change = one(job, "xl-agg-a")
    job.apply(change, say)
    city.fault("xl-agg-a", full=True)
    with pytest.raises(Fatal, match="not saved"):
        job.verify(change)
