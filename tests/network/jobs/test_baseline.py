"""Devices that are sick before anything is changed: named in the plan, left alone or not as the workspace says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.finding import Severity
from yunwang.inventories.plan import Draft, Observed
from yunwang.inventories.rollout import Baseline, NetworkSettings
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import DualStackJob
from yunwang.network.transport import connect

AGG = "device/yz-agg-a"
SIX = {
    "yz-core-a": ("cpu", "memory", "logins", "locked_by"),
    "yz-agg-a": ("cpu", "memory", "logins"),
    "yz-core-b": ("cpu", "memory", "logins"),
    "dh-agg-b": ("cpu", "memory", "logins"),
    "lx-acc-1": ("cpu", "memory", "logins"),
    "dh-acc-2": ("cpu", "memory", "logins", "locked_by"),
}
"""A device of each platform that says something of itself, and what."""
SICK: Mapping[str, tuple[Any, str, str]] = {
    "cpu": (97, "cpu-high", "its CPU is at 97 % (more than 90 %)"),
    "memory": (98, "memory-high", "its memory is at 98 % (more than 95 %)"),
    "logins": (70, "vtys-full", "lines to log in on are taken"),
    "locked_by": ("zhao", "locked", "zhao holds its configuration lock"),
}


def job(workspace: Workspace, **policy: Any) -> DualStackJob:
    network = NetworkSettings(baseline=Baseline(**policy))
    return DualStackJob(workspace.revised(settings=workspace.settings.model_copy(update={"network": network})), timeouts=TIMEOUTS)


def drafted(job: DualStackJob, *names: str) -> Draft:
    return job.draft(observed(job, *names))


def observed(job: DualStackJob, *names: str) -> dict[str, Observed]:
    return {f"device/{name}": job.observe(f"device/{name}") for name in names}


@pytest.mark.parametrize(("name", "knob"), [(name, knob) for name, knobs in SIX.items() for knob in knobs])
def test_sick_device_is_named_and_left_alone(name: str, knob: str, city: Extranet) -> None:
    value, code, message = SICK[knob]
    city.fault(name, **{knob: value})
    draft = drafted(job(city.workspace), name)
    [finding] = [finding for finding in draft.findings if finding.code == code]
    assert message in finding.message
    assert (finding.target, finding.severity) == (f"device/{name}", Severity.WARNING)
    assert not draft.changes
    assert not draft.waves
    assert draft.left_alone == (f"device/{name}",)


@pytest.mark.parametrize(("deed", "changes", "severity"), [("warn", 1, "warning"), ("skip", 0, "warning"), ("refuse", 1, "error")])
def test_what_follows_is_the_workspaces_to_say(deed: str, changes: int, severity: str, city: Extranet) -> None:
    city.fault("yz-agg-a", cpu=97)
    draft = drafted(job(city.workspace, cpu=deed), "yz-agg-a")
    assert len(draft.changes) == changes
    assert {finding.severity for finding in draft.findings if finding.code == "cpu-high"} == {severity}


def test_limit_is_the_workspaces_to_say(city: Extranet) -> None:
    city.fault("yz-agg-a", cpu=97)
    assert len(drafted(job(city.workspace, cpu_percent=98), "yz-agg-a").changes) == 1


def test_load_does_not_tell_that_a_device_moved(city: Extranet) -> None:
    ours = job(city.workspace)
    before = ours.observe(AGG).seen()
    city.fault("yz-agg-a", cpu=60, logins=2)
    assert ours.observe(AGG).seen() == before


@pytest.mark.parametrize("name", [*SIX, "yz-gw-a"])
def test_sound_device_has_nothing_to_say_and_shows_everything(name: str, city: Extranet) -> None:
    found = drafted(job(city.workspace), name).findings
    assert {finding.code for finding in found} <= {"neighbour-not-asked", "way-not-planned"}


def described(city: Extranet, name: str, view: str, line: str) -> None:
    device = city.device(name)
    with connect(device, city.workspace, wire=city.wire) as session:
        session.push([PatchLine(text=view, enters_view=True), PatchLine(text=line, view=(view,))])
        session.commit()


@pytest.mark.parametrize(
    ("name", "view", "before"),
    [
        ("yz-agg-a", "interface GigabitEthernet0/0/2", "to yz-acc-1"),
        ("yz-core-a", "interface GE1/0/2", "to yz-gw-a"),
        ("yz-core-b", "interface GigabitEthernet1/0/2", "to yz-gw-b"),
        ("dh-agg-b", "interface GigabitEthernet0/2", "to dh-acc-2"),
        ("lx-acc-1", "interface GigabitEthernet 0/1", "to dh-agg-a #1"),
    ],
)
def test_what_someone_has_not_saved_is_quoted_and_left_to_them(name: str, view: str, before: str, city: Extranet) -> None:
    described(city, name, view, "description somebody is at work here")
    try:
        draft = drafted(job(city.workspace), name)
    finally:
        described(city, name, view, f"description {before}")
    [finding] = [finding for finding in draft.findings if finding.code == "unsaved"]
    assert "somebody is at work here" in finding.message
    assert draft.left_alone == (f"device/{name}",)


def test_secret_that_someone_has_not_saved_is_not_told(city: Extranet) -> None:
    def told(*lines: PatchLine) -> None:
        with connect(city.device("dh-acc-2"), city.workspace, wire=city.wire) as session:
            session.push(lines)

    told(PatchLine(text="snmp-server community Xk2zhongwenHidden ro"))
    try:
        observed = job(city.workspace).observe("device/dh-acc-2")
    finally:
        told(PatchLine(text="no snmp-server community Xk2zhongwenHidden"))
    assert "snmp-server community" in str(observed.passing)
    assert "Xk2zhongwenHidden" not in str(observed.passing)


def test_terminals_are_not_told_of_a_way_through_a_device_that_is_left_alone(city: Extranet) -> None:
    city.fault("dh-agg-a", cpu=97)
    draft = drafted(job(city.workspace), "yz-core-a", "dh-agg-a", "dh-acc-1", "lx-acc-1")
    assert draft.left_alone == ("device/dh-agg-a", "device/dh-acc-1", "device/lx-acc-1")
    [finding] = [finding for finding in draft.findings if finding.target == "device/lx-acc-1"]
    assert finding.code == "way-left-alone"
    assert "dh-agg-a" in finding.message
    assert [change.target for change in draft.changes] == ["device/yz-core-a"]


def test_terminals_wait_for_the_routing_of_all_their_way(city: Extranet) -> None:
    draft = drafted(job(city.workspace), "lx-acc-1", "dh-agg-a", "yz-core-a")
    requires = {change.id: change.requires for change in draft.changes}
    assert requires["device-lx-acc-1"] == ("device-dh-agg-a", "device-yz-core-a")
    assert [wave.changes[0] for wave in draft.waves][-1] == "device-lx-acc-1"


def test_way_that_the_plan_does_not_look_at_is_warned_of(city: Extranet) -> None:
    draft = drafted(job(city.workspace), "lx-acc-1")
    assert [finding.code for finding in draft.findings if "dh-agg-a and yz-core-a" in finding.message] == ["way-not-planned"]
    assert len(draft.changes) == 1


def test_device_that_fell_sick_since_the_plan_is_left_alone(city: Extranet) -> None:
    ours = job(city.workspace)
    [change] = drafted(ours, "yz-agg-a").changes
    heard = len(city.heard("yz-agg-a"))
    city.fault("yz-agg-a", cpu=97)
    with pytest.raises(Refused, match="left alone: its CPU is at 97 %"):
        ours.apply(change, print)
    assert "system-view" not in city.heard("yz-agg-a")[heard:]


def test_device_that_someone_changed_since_the_run_began_is_left_alone(city: Extranet) -> None:
    ours = job(city.workspace)
    [change] = drafted(ours, "yz-agg-b").changes
    described(city, "yz-agg-b", "interface GigabitEthernet1/0/2", "description meanwhile")
    try:
        with pytest.raises(Refused, match="left alone: its configuration has changed"):
            ours.apply(change, print)
    finally:
        described(city, "yz-agg-b", "interface GigabitEthernet1/0/2", "description to yz-acc-2")
