"""Dual stack on a small extranet of real routers, from the command line: there and back, and what is left alone or taken back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parts import routers
from parts.command import yunwang
from parts.routers import Routers

from yunwang.lab import frr, namespaces

pytestmark = pytest.mark.root


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Routers]:
    """The routers, once IPv4 is there."""
    root = tmp_path_factory.mktemp("real")
    if why := frr.obstacle(root) or frr.mute():
        pytest.skip(why)
    with routers.up(root / "extranet") as running:
        eventually(lambda: "bytes from" in running.inside("terminal", "ping", "-c", "1", "-W", "1", "10.64.20.10"))
        eventually(lambda: well(running))
        eventually(lambda: running.shell("core-a", "show bgp ipv4 summary").count("00:") > 0)
        yield running


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def well(net: Routers) -> bool:
    """Is every router a full neighbour of all at the far ends of its lines? One that is not would be left alone."""
    for name, (_, _, _, interfaces) in routers.ROUTERS.items():
        lines = net.shell(name, "show ip ospf neighbor").splitlines()
        rows = [line for line in lines if line[:1].isdigit()]
        if len(rows) != len({"eth0", "eth1", "eth2"} & {*interfaces}) or not all("Full/" in row for row in rows):
            return False
    return True


def dual(net: Routers, router: str) -> bool:
    """Has a router addresses of the plan?"""
    return "ipv6 address 2001:db8" in net.shell(router, "show running-config")


def test_ipv6_comes_and_goes_and_no_ipv4_packet_is_lost(net: Routers) -> None:
    eventually(lambda: well(net))
    assert not net.reaches6()
    with net.pinging() as counted:
        applied = yunwang("net", "apply", "-w", net.folder, "--yes")
        assert applied.returncode == 0, applied.stdout + applied.stderr
        eventually(net.reaches6)
        back = yunwang("rollback", "latest", "-w", net.folder, "--yes")
        assert back.returncode == 0, back.stdout + back.stderr
        eventually(lambda: not net.reaches6())
        sent, received = counted()
    assert sent == received > 100
    assert not any(dual(net, name) for name in routers.ROUTERS)


def test_site_with_one_plane_down_is_left_alone_and_the_others_go_on(net: Routers, tmp_path: Path) -> None:
    eventually(lambda: well(net))
    plan = tmp_path / "change.plan"
    planned = yunwang("net", "plan", "-w", net.folder, "-o", plan, "--target", "agg-a", "--target", "acc-a", "--target", "core-a")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    namespaces.ip("-n", net.spaces["acc-b"], "link", "set", "eth1", "down")
    try:
        eventually(lambda: "10.64.255.6" not in net.shell("agg-b", "show ip ospf neighbor"))
        applied = yunwang("net", "apply", "-w", net.folder, "--plan", plan, "--yes")
        assert applied.returncode == 1, applied.stdout + applied.stderr
        said = " ".join((applied.stdout + applied.stderr).split())
        assert "site township stands on plane A alone: acc-b has lost agg-b" in said
        assert {name for name in routers.ROUTERS if dual(net, name)} == {"agg-a", "core-a"}
    finally:
        namespaces.ip("-n", net.spaces["acc-b"], "link", "set", "eth1", "up")
    eventually(lambda: well(net))
    back = yunwang("rollback", "latest", "-w", net.folder, "--yes")
    assert back.returncode == 0, back.stdout + back.stderr


def test_router_that_fails_is_taken_back_and_ipv4_goes_on(net: Routers) -> None:
    """Its OSPFv3 has died; nobody has noticed, as it was not configured yet."""
    eventually(lambda: well(net))
    os.kill(net.daemon("agg-b", "ospf6d"), signal.SIGKILL)
    with net.pinging() as counted:
        applied = yunwang("net", "apply", "-w", net.folder, "--yes", "--target", "agg-b")
        sent, received = counted()
    assert applied.returncode == 1, applied.stdout + applied.stderr
    said = " ".join((applied.stdout + applied.stderr).split())
    assert "taken back: device/agg-b" in said
    assert sent == received > 5
    assert not dual(net, "agg-b")
