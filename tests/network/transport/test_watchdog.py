"""A real FRR router under its watchdog: what nobody confirms is put back by a process on the router itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from parts.extranet import TIMEOUTS

from yunwang.inventories.network import Device, Platform
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.lab import frr
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import Session, connect, nets
from yunwang.network.vendors import vendor

pytestmark = pytest.mark.root

STARTUP = """hostname gw-1
!
interface lo
 description as it was
 ip address 10.64.255.1/32
!
"""
RELOAD = Path("/usr/lib/frr/frr-reload.py")
WATCHING = """sh -c '[ "$(pgrep -fc "^sh -c sleep 60[01];")" = {} ]'"""
"""Are there so many watchdogs of these tests?"""
PATIENCE = 60
"""Seconds for a watchdog of two to have put everything back, on a loaded machine: a watchdog of ours."""
Router = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    root = tmp_path_factory.mktemp("frr")
    if why := frr.obstacle(root) or ("" if RELOAD.exists() else f"no {RELOAD} (package frr-pythontools)"):
        pytest.skip(why)
    device = Device.model_validate(
        {
            "name": "gw-1",
            "platform": "frr",
            "site": "city",
            "plane": "a",
            "role": "core",
            "host": "127.0.0.1",
            "username": "yunwang",
            "password": "file://password",
            "known_hosts": "known_hosts",
            "interfaces": [{"name": "lo", "ipv4": "10.64.255.1/32", "loopback": True}],
        }
    )
    (root / "gw-1.cfg").write_text(STARTUP)
    (root / "password").write_text("of the router")
    (root / "password").chmod(0o600)
    try:
        (end,) = frr.up((device,), {"gw-1": root / "gw-1.cfg"}, (), root / "lab", "of the router", print)[0].values()
        (root / "known_hosts").write_text(end.known_hosts + "\n")
        reached = device.model_copy(update={"host": end.host, "port": end.port})
        workspace = Workspace(root=root, digest="", settings=Settings(version=1, name="one", title="one"), devices=(reached,))
        yield lambda: connect(reached, workspace, wire=root / "wire", timeouts=TIMEOUTS)
    finally:
        frr.down(root / "lab", print)


NET = vendor(Platform.FRR).session.net
LINES = (
    PatchLine(text="interface lo", enters_view=True),
    PatchLine(text="description on trial", view=("interface lo",)),
    PatchLine(text="ipv6 address 2001:db8:1ff::1/128", view=("interface lo",)),
    PatchLine(text="exit", view=("interface lo",), leaves_view=True),
)


def pushed(router: Router, seconds: int) -> None:
    assert NET is not None
    with router() as session:
        assert nets.arm(session, NET, seconds) == ""
        session.push(LINES)
    with router() as session:
        assert "description on trial" in session.running()


def test_what_nobody_confirms_is_put_back(router: Router) -> None:
    assert NET is not None
    pushed(router, 2)
    until = time.monotonic() + PATIENCE
    while True:
        with router() as session:
            running = session.running()
        if "description as it was" in running or time.monotonic() > until:
            break
        time.sleep(0.2)
    assert "description as it was" in running
    assert "2001:db8:1ff::1" not in running
    with router() as session:
        assert not nets.pending(session, NET)


def test_what_is_confirmed_stays(router: Router) -> None:
    assert NET is not None
    pushed(router, 600)
    with router() as session:
        assert nets.pending(session, NET)
        assert nets.confirm(session, NET)
        assert not nets.pending(session, NET)
        assert not nets.confirm(session, NET), "there is nothing to confirm any more"
        assert "description on trial" in session.running()
        session.push((LINES[0], PatchLine(text="description as it was", view=("interface lo",)), LINES[3]))


def test_arming_anew_ends_the_former_watchdog(router: Router) -> None:
    assert NET is not None
    pushed(router, 600)
    pushed(router, 601)
    with router() as session:
        assert session.shell(WATCHING.format(1))
        assert nets.confirm(session, NET)
        assert session.shell(WATCHING.format(0))
