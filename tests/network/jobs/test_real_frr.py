"""Dual stack on two real FRR routers with a real line between them, by the same job as on any other device."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from parts.extranet import TIMEOUTS

from yunwang.inventories.network import AddressPlan, Device, Link, Plane, Site
from yunwang.inventories.plan import Change, Observed
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.lab import frr
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import DualStackJob
from yunwang.network.jobs.vitals import Vitals
from yunwang.network.transport import LineRejected, connect

pytestmark = pytest.mark.root

STARTUP = """hostname {name}
!
interface eth1
 ip address 10.64.254.{host}/30
 ip ospf network point-to-point
!
interface lo
 ip address 10.64.255.{host}/32
!
router ospf
 ospf router-id 10.64.255.{host}
 network 10.64.254.0/30 area 0
 network 10.64.255.{host}/32 area 0
!
"""


@dataclass(frozen=True)
class Pair:
    workspace: Workspace

    @property
    def job(self) -> DualStackJob:
        return DualStackJob(self.workspace, timeouts=TIMEOUTS)


def well(seen: Observed) -> bool:
    """Has a router found the other one?"""
    peers = Vitals.model_validate(seen.passing["vitals"]).peers
    return bool(peers) and all(peer.up for peer in peers)


def say(text: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    root = tmp_path_factory.mktemp("frr")
    if why := frr.obstacle(root) or frr.mute():
        pytest.skip(why)
    names = ("gw-1", "gw-2")
    line = Link(
        name="l", plane=Plane.A, a_device="gw-1", a_interface="eth1", b_device="gw-2", b_interface="eth1", bandwidth_mbps=1000
    )
    devices = tuple(
        Device.model_validate(
            {
                "name": name,
                "platform": "frr",
                "site": "city",
                "plane": "a",
                "role": "core",
                "host": "127.0.0.1",
                "username": "yunwang",
                "password": "file://password",
                "known_hosts": "known_hosts",
                "router_id": f"10.64.255.{host}",
                "interfaces": [
                    {"name": "lo", "ipv4": f"10.64.255.{host}/32", "loopback": True},
                    {"name": "eth1", "ipv4": f"10.64.254.{host}/30"},
                ],
            }
        )
        for host, name in enumerate(names, 1)
    )
    startup = {name: root / f"{name}.cfg" for name in names}
    for host, name in enumerate(names, 1):
        startup[name].write_text(STARTUP.format(name=name, host=host))
    secret = root / "password"
    secret.write_text("of the routers")
    secret.chmod(0o600)
    try:
        ends, _ = frr.up(devices, startup, (line,), root / "lab", "of the routers", print)
        (root / "known_hosts").write_text("".join(end.known_hosts + "\n" for end in ends.values()))
        reached = tuple(
            device.model_copy(update={"host": ends[device.name].host, "port": ends[device.name].port}) for device in devices
        )
        site = {"name": "city", "title": "city", "level": "city", "ipv6": "2001:db8:100::/48"}
        plan = {
            "ipv4": "10.64.0.0/12",
            "ipv6": "2001:db8:100::/40",
            "loopbacks": "2001:db8:1ff::/64",
            "links": "2001:db8:1fe::/64",
        }
        ready = Pair(
            Workspace(
                root=root,
                digest="",
                settings=Settings(version=1, name="two", title="two"),
                sites=(Site.model_validate(site),),
                address_plan=AddressPlan.model_validate(plan),
                devices=reached,
                links=(line,),
            )
        )
        deadline = time.monotonic() + 60
        while not all(well(ready.job.observe(target)) for target in ready.job.targets()):
            assert time.monotonic() < deadline
        yield ready
    finally:
        frr.down(root / "lab", print)


def test_two_real_routers_there_and_back(pair: Pair) -> None:
    before = {target: pair.job.observe(target) for target in pair.job.targets()}
    draft = pair.job.draft(before)
    changes = {change.id: change for change in draft.changes}
    order: list[Change] = [changes[change_id] for wave in draft.waves for change_id in wave.changes]
    assert len(order) == 2
    for change in order:
        pair.job.apply(change, say)
        assert pair.job.verify(change) == ()
    assert any(change.forward["checks"]["peers"] for change in order if isinstance(change.forward["checks"], dict))
    assert pair.job.draft({target: pair.job.observe(target) for target in pair.job.targets()}).changes == ()
    for change in reversed(order):
        assert pair.job.undo(change, say).evidence["as_before"]
    assert {target: pair.job.observe(target).seen() for target in before} == {target: one.seen() for target, one in before.items()}


def test_line_that_a_real_router_refuses_is_named(pair: Pair) -> None:
    device = pair.workspace.device("gw-1")
    view = "interface lo"
    with (
        pytest.raises(LineRejected) as caught,
        connect(device, pair.workspace, wire=pair.workspace.root / "wire", timeouts=TIMEOUTS) as session,
    ):
        session.push([PatchLine(text=view, enters_view=True), PatchLine(text="ip address 10.0.0.300/32", view=(view,))])
    assert caught.value.line == "ip address 10.0.0.300/32"
    assert caught.value.accepted == (view,)


def test_lines_in_one_write_are_answered_one_by_one(pair: Pair) -> None:
    view = ("interface eth1",)
    texts = ("description one", "ip ospf cost 70000", "ip ospf cost 70", "ipv6 ospf6 cost 70")
    lines = [
        PatchLine(view[0], enters_view=True),
        *(PatchLine(text, view, independent=True) for text in texts),
        PatchLine("exit", view, leaves_view=True),
        PatchLine("interface lo", enters_view=True, independent=True),  # it is there: entered in the same write
        PatchLine("description two", ("interface lo",), independent=True),
        PatchLine("exit", ("interface lo",), leaves_view=True),
    ]
    gateway = pair.workspace.device("gw-2")
    with (
        pytest.raises(LineRejected) as caught,
        connect(gateway, pair.workspace, wire=pair.workspace.root / "wire", timeouts=TIMEOUTS) as session,
    ):
        session.push(lines)
    assert (caught.value.line, caught.value.accepted[-1]) == ("ip ospf cost 70000", "description one")
    assert [(one.line, one.answer) for one in caught.value.after] == [(line.text, "") for line in lines[3:7]]
    with connect(gateway, pair.workspace, wire=pair.workspace.root / "wire", timeouts=TIMEOUTS) as session:
        assert session.push([line for line in lines if "70000" not in line.text]).remarks == ()
        running = session.running()
    assert "ip ospf cost 70\n" in running
    assert "description two\n" in running
