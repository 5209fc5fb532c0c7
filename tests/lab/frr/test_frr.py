"""Real FRR as a device of the lab: reached, configured and saved by SSH like any other, with real packets between two of them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from netmiko import BaseConnection, ConnectHandler
from netmiko.exceptions import NetmikoAuthenticationException

from yunwang.inventories.network import Device, Interface, Link, Plane, Platform, Role
from yunwang.inventories.verdict import Fatal
from yunwang.lab import frr, namespaces, process
from yunwang.lab.devices import DeviceEndpoint
from yunwang.lab.frr.router import DAEMONS, Router

pytestmark = pytest.mark.root

PASSWORD = "of the device's, 密码"
STARTUP = """hostname {name}
!
interface eth1
 ip address 10.64.254.{host}/30
 ip ospf area 0
!
interface lo
 ip address 10.64.255.{host}/32
 ip ospf area 0
!
router ospf
 ospf router-id 10.64.255.{host}
!
"""
DUAL_STACK = """ipv6 forwarding
router ospf6
 ospf6 router-id 10.64.255.{host}
 exit
interface lo
 ipv6 address 2001:db8:1ff::{host}/128
 ipv6 ospf6 area 0
 exit
interface eth1
 ipv6 address 2001:db8:1fe::{host}/126
 ipv6 ospf6 area 0
 ipv6 ospf6 network point-to-point
 ipv6 ospf6 hello-interval 1
 exit
end"""
PING = """
import socket, struct, sys
with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as raw:
    raw.settimeout(1)
    only_replies = [0xFFFFFFFF] * 4 + [0xFFFFFFFD] + [0xFFFFFFFF] * 3  # ICMP6_FILTER, a bit for each type that is not wanted
    raw.setsockopt(socket.IPPROTO_ICMPV6, 1, struct.pack("8I", *only_replies))
    raw.sendto(struct.pack("!BBHHH", 128, 0, 0, 7, 1), (sys.argv[1], 0))
    print(raw.recvfrom(64)[1][0])
"""


class Pair:
    """Two routers and the line between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "云州 lab"
        self.startup = {name: folder / f"{name}.cfg" for name in ("gw-a", "gw-b")}
        for host, (name, path) in enumerate(self.startup.items(), 1):
            path.write_text(STARTUP.format(name=name, host=host))
        self.ends: dict[str, DeviceEndpoint] = {}

    def up(self) -> bool:
        line = Link(
            name="l", plane=Plane.A, a_device="gw-a", a_interface="eth1", b_device="gw-b", b_interface="eth1", bandwidth_mbps=1
        )
        devices = [_device("gw-a"), _device("gw-b")]
        self.ends, changed = frr.up(devices, self.startup, [line], self.folder, PASSWORD, print)
        return changed

    def pids(self) -> dict[str, tuple[int, ...]]:
        return {part.name: part.pids for part in frr.status(self.folder)}

    def dead(self) -> list[str]:
        return [part.name for part in frr.status(self.folder) if not part.alive]

    def connect(self, name: str, password: str = PASSWORD) -> BaseConnection:
        known = self.folder / "known_hosts"
        known.write_text("".join(f"{end.known_hosts}\n" for end in self.ends.values()))
        return ConnectHandler(
            device_type="cisco_ios",
            host=self.ends[name].host,
            port=self.ends[name].port,
            username="ops",
            password=password,
            ssh_strict=True,
            alt_host_keys=True,
            alt_key_file=str(known),
        )

    def show(self, name: str, command: str) -> str:
        with self.connect(name) as connection:
            return str(connection.send_command(command))

    def reaches(self, name: str, address: str) -> bool:
        words = namespaces.inside(Router(name, "", self.folder).space, sys.executable, "-c", PING, address)
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _device(name: str) -> Device:
    return Device(
        name=name,
        platform=Platform.FRR,
        site="yunzhou",
        plane=Plane.A,
        role=Role.AGGREGATION,
        host="192.0.2.1",
        username="ops",
        password="env://UNUSED",
        interfaces=(Interface(name="lo", loopback=True), Interface(name="eth1"), Interface(name="eth2")),
    )


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    if reason := frr.obstacle(made.folder):
        pytest.skip(reason)
    try:
        assert made.up()
        yield made
    finally:
        frr.down(made.folder, print)


def test_a_router_boots_from_its_startup_file_and_shows_nothing_of_the_host(pair: Pair) -> None:
    running = pair.show("gw-a", "show running-config")
    assert " ip address 10.64.254.1/30" in running
    assert [line for line in running.splitlines() if line.startswith("hostname")] == ["hostname gw-a"]
    assert "no ip forwarding" not in running
    assert "eth0" not in pair.show("gw-a", "show interface brief")


@pytest.mark.skipif(not shutil.which("ping6"), reason="no ping6 (package iputils-ping)")
def test_a_ping_leaves_from_the_router(pair: Pair) -> None:
    with pair.connect("gw-a") as connection:
        connection.write_channel("ping 10.64.254.2\n")
        connection.read_until_pattern(r"bytes from 10\.64\.254\.2", read_timeout=20)
        connection.write_channel("\x03")
        assert "gw-a#" in connection.read_until_pattern(r"gw-a#")


def test_a_wrong_password_is_refused(pair: Pair) -> None:
    with pytest.raises(NetmikoAuthenticationException):
        pair.connect("gw-a", "wrong")


def test_dual_stack_is_pushed_routed_saved_and_there_after_a_crash(pair: Pair) -> None:
    assert not pair.reaches("gw-a", "2001:db8:1ff::2")
    for host, name in enumerate(pair.ends, 1):
        with pair.connect(name) as connection:
            said = connection.send_config_set(
                DUAL_STACK.format(host=host).splitlines(), error_pattern=r"% ", exit_config_mode=False
            )
            assert f"{name}(config)#" in said
            assert "[OK]" in connection.save_config()
    _until(lambda: pair.reaches("gw-a", "2001:db8:1ff::2"))
    assert "O>* 2001:db8:1ff::2/128" in pair.show("gw-a", "show ipv6 route")

    before = pair.pids()
    ospf6d = next(pid for pid in before["gw-b"] if Path(f"/proc/{pid}/comm").read_text().strip() == "ospf6d")
    os.kill(ospf6d, signal.SIGKILL)
    while process.born(ospf6d):
        pass
    assert pair.dead() == ["gw-b"]
    assert pair.up()
    assert pair.dead() == []
    assert set(pair.pids()["gw-a"]) <= set(before["gw-a"])  # nothing started anew; a session of before may still have been ending
    assert " ipv6 ospf6 area 0" in pair.show("gw-b", "show running-config")
    _until(lambda: pair.reaches("gw-a", "2001:db8:1ff::2"))


def test_what_was_not_saved_is_gone_after_a_reboot(pair: Pair) -> None:
    with pair.connect("gw-a") as connection:
        connection.send_config_set(["ip route 203.0.113.0/24 blackhole"])
    assert "203.0.113.0/24" in pair.show("gw-a", "show running-config")
    frr.down(pair.folder, print)
    pair.up()
    assert "203.0.113.0/24" not in pair.show("gw-a", "show running-config")


def test_a_line_that_frr_does_not_know_is_rejected(pair: Pair) -> None:
    assert "% Unknown command" in pair.show("gw-a", "display version")


def test_a_second_up_changes_nothing(pair: Pair) -> None:
    before, ends = pair.pids(), pair.ends
    assert not pair.up()
    assert (pair.pids(), pair.ends) == (before, ends)


def test_down_leaves_no_process_no_namespace_and_the_hosts_files_alone(tmp_path: Path) -> None:
    """The host's own FRR folders, accounts and running daemons are what they were."""

    def host() -> list[object]:
        folders = [sorted((str(path), path.stat().st_mtime) for path in Path(name).glob("*")) for name in ("/etc/frr", "/run/frr")]
        return [*folders, Path("/etc/passwd").read_text(), Path("/etc/shadow").read_text()]

    pair = Pair(tmp_path)
    if reason := frr.obstacle(pair.folder):
        pytest.skip(reason)
    before = host()
    try:
        pair.up()
        pids, ends = pair.pids(), pair.ends
        assert all(len(each) == len(DAEMONS) + 1 for each in pids.values())
    finally:
        assert frr.down(pair.folder, print)
    assert [pid for each in pids.values() for pid in each if process.born(pid)] == []
    assert namespaces.existing(namespaces.prefix(pair.folder)) == set()
    assert host() == before
    assert not frr.down(pair.folder, print)
    try:
        pair.up()
        assert pair.ends == ends
    finally:
        frr.down(pair.folder, print)


def test_a_missing_startup_file_is_told(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    if reason := frr.obstacle(pair.folder):
        pytest.skip(reason)
    pair.startup["gw-b"].unlink()
    try:
        with pytest.raises(Fatal, match="gw-b has nothing to boot from"):
            pair.up()
    finally:
        frr.down(pair.folder, print)


def test_a_startup_file_with_a_line_that_frr_rejects_is_told(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    if reason := frr.obstacle(pair.folder):
        pytest.skip(reason)
    pair.startup["gw-a"].write_text(STARTUP.format(name="gw-a", host=1) + "sysname gw-a\n")
    try:
        with pytest.raises(Fatal, match="sysname gw-a") as told:
            pair.up()
        assert told.value.findings[0].line == len(pair.startup["gw-a"].read_text().splitlines())
    finally:
        frr.down(pair.folder, print)


def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """OSPF takes its time; a minute is ten times what it needs."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.3)
