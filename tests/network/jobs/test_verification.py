"""What must hold right before a device's change, and after it: neighbours, routes, IPv4, the other plane, probes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.plan import Change
from yunwang.inventories.rollout import NetworkSettings, Probe, Verification
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import DualStackJob
from yunwang.network.transport import connect

TO_XL_AGG_B = "interface GigabitEthernet1/0/4"
"""Of yz-core-b."""


def impatient(workspace: Workspace, *probes: Probe) -> DualStackJob:
    """The job, which looks once."""
    settings = workspace.settings.model_copy(update={"network": NetworkSettings(verify=Verification(back_seconds=0))})
    return DualStackJob(workspace.revised(settings=settings, probes=probes or workspace.probes), timeouts=TIMEOUTS)


def planned(job: DualStackJob, *names: str) -> list[Change]:
    return list(job.draft({f"device/{name}": job.observe(f"device/{name}") for name in names}).changes)


@contextmanager
def shut(city: Extranet, name: str, view: str) -> Iterator[None]:
    """A port of a device is shut for a while."""
    no = "no shutdown" if name.startswith(("dh-agg-b", "lx", "dh-acc-2")) else "undo shutdown"
    for line in ("shutdown", no):
        with connect(city.device(name), city.workspace, wire=city.wire) as session:
            session.push([PatchLine(text=view, enters_view=True), PatchLine(text=line, view=(view,))])
            session.commit()
        if line == "shutdown":
            yield


@contextmanager
def applied(job: DualStackJob, change: Change) -> Iterator[None]:
    """A change on a device for a while."""
    job.apply(change, print)
    try:
        yield
    finally:
        job.undo(change, print)


def test_plane_is_not_touched_while_the_sites_other_one_is_down(city: Extranet) -> None:
    job = impatient(city.workspace)
    [change] = planned(job, "xl-agg-a")
    heard = len(city.heard("xl-agg-a"))
    with shut(city, "yz-core-b", TO_XL_AGG_B), pytest.raises(Refused) as caught:
        job.apply(change, print)
    assert "site xiling stands on plane A alone: xl-agg-b has lost yz-core-b" in caught.value.message
    assert "system-view" not in city.heard("xl-agg-a")[heard:]


def test_plane_is_touched_while_one_way_of_the_other_is_up(city: Extranet) -> None:
    job = impatient(city.workspace)
    [change] = planned(job, "xl-agg-a")
    with applied(job, change):
        assert job.verify(change) == ()


def test_other_plane_is_asked_hop_by_hop(city: Extranet) -> None:
    """dh-acc-2 of plane B knows dh-agg-b, which has lost the core."""
    job = impatient(city.workspace)
    [change] = planned(job, "dh-acc-1")
    with shut(city, "yz-core-b", "interface GigabitEthernet1/0/3"), pytest.raises(Refused, match="dh-agg-b has lost yz-core-b"):
        job.apply(change, print)


def test_neighbour_that_went_since_the_plan_leaves_the_device_alone(city: Extranet) -> None:
    job = impatient(city.workspace)
    [change] = planned(job, "yz-agg-a")
    gone = "OSPF neighbour 10.64.255.5 on GigabitEthernet0/0/2 is gone since the plan was made"
    with shut(city, "yz-acc-1", "interface GigabitEthernet0/0/1"), pytest.raises(Refused, match=gone):
        job.apply(change, print)


def test_neighbour_and_networks_that_went_with_the_change_are_named(city: Extranet) -> None:
    job = impatient(city.workspace)
    [change] = planned(job, "yz-agg-a")
    saved = city.saved("yz-agg-a")
    with applied(job, change):
        with shut(city, "yz-acc-1", "interface GigabitEthernet0/0/1"):
            found = {(finding.code, finding.message) for finding in job.verify(change)}
        assert city.saved("yz-agg-a") == saved
    assert ("neighbour-lost", "OSPF neighbour 10.64.255.5 on GigabitEthernet0/0/2, which was up before, is not") in found
    assert ("ipv4-moved", "10.64.254.16/30 is no longer connected, and IPv4 was to be left alone") in found


def test_routes_that_went_are_counted(city: Extranet) -> None:
    job = impatient(city.workspace)
    [change] = planned(job, "xl-agg-a")
    with applied(job, change), shut(city, "yz-core-a", "interface GE1/0/4"):
        found = {finding.code: finding.message for finding in job.verify(change)}
    assert "IPv4 routes, 39 before (at least 35 are wanted)" in found["routes-lost"]


def test_probe_is_due_when_all_of_its_way_is_done(city: Extranet) -> None:
    far = Probe.model_validate({"name": "far", "source": "device/lx-acc-1", "to": "2001:db8:1ff::1"})
    near = Probe.model_validate({"name": "near", "source": "device/lx-acc-1", "to": "10.64.255.9"})
    changes = planned(impatient(city.workspace, far, near), "yz-core-a", "dh-agg-a", "lx-acc-1")
    due = {change.id: change.forward["probes"] for change in changes}
    assert due == {"device-yz-core-a": ["near"], "device-dh-agg-a": ["near"], "device-lx-acc-1": ["far", "near"]}


def test_probe_that_stays_silent_keeps_the_change_from_being_saved(city: Extranet) -> None:
    lost = Probe.model_validate({"name": "lost", "source": "device/xl-agg-a", "to": "2001:db8:1ff::abcd"})
    job = impatient(city.workspace, lost)
    first, last = planned(job, "xl-agg-a", "yz-core-a")
    saved = city.saved("yz-core-a")
    with applied(job, first), applied(job, last):
        [finding] = job.verify(last)
        assert city.saved("yz-core-a") == saved
    assert finding.code == "probe-silent"
    assert "probe lost: 2001:db8:1ff::abcd does not answer device/xl-agg-a" in finding.message
