"""A small extranet of real routers: two planes over a city, a county and a township, a terminal and a server. Root's only.

Six FRR routers run OSPF for IPv4, and BGP between the cores; a Linux host behind each end is a namespace, the terminal's with sshd.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.lab import found, namespaces, process, sshd
from yunwang.lab.embedded import Embedded
from yunwang.lab.frr.router import DOOR

SITES = (("city", "city", None), ("county", "county", "city"), ("township", "township", "county"))
ROUTERS = {  # name: site, role, router id, interfaces
    "core-a": ("city", "core", 1, {"eth1": "10.64.254.1/30", "eth2": "10.64.254.5/30", "eth3": "10.64.20.1/24"}),
    "core-b": ("city", "core", 2, {"eth1": "10.64.254.2/30", "eth2": "10.64.254.9/30"}),
    "agg-a": ("county", "aggregation", 3, {"eth1": "10.64.254.6/30", "eth2": "10.64.254.13/30"}),
    "agg-b": ("county", "aggregation", 4, {"eth1": "10.64.254.10/30", "eth2": "10.64.254.17/30"}),
    "acc-a": ("township", "access", 5, {"eth1": "10.64.254.14/30", "eth2": "10.64.254.21/30", "eth3": "10.64.10.1/24"}),
    "acc-b": ("township", "access", 6, {"eth1": "10.64.254.18/30", "eth2": "10.64.254.22/30"}),
}
LINKS = (
    ("core-a", "eth1", "core-b", "eth1"),
    ("core-a", "eth2", "agg-a", "eth1"),
    ("core-b", "eth2", "agg-b", "eth1"),
    ("agg-a", "eth2", "acc-a", "eth1"),
    ("agg-b", "eth2", "acc-b", "eth1"),
    ("acc-a", "eth2", "acc-b", "eth2"),
)
HOSTS = {
    "terminal": ("acc-a", "10.64.10.10/24", "2001:db8:110:1::1/64"),
    "server": ("core-a", "10.64.20.10/24", "2001:db8:100:1::1/64"),
}


@dataclass
class Routers:
    """The running extranet, and the folder of its workspace."""

    folder: Path
    spaces: dict[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        workspace, faults = read(self.folder)
        assert workspace is not None, faults
        return workspace

    def inside(self, host: str, *words: str) -> str:
        """Run a program at a host, or in a router's network."""
        done = subprocess.run(namespaces.inside(self.spaces[host], *words), capture_output=True, text=True, check=False, timeout=60)
        return done.stdout

    def shell(self, router: str, command: str) -> str:
        """What a router's own prompt says."""
        words = ["nsenter", "-t", str(self.daemon(router, "zebra")), "-m", "-n", "vtysh", "-c", command]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stdout

    def server6(self) -> str:
        """The address that the server made itself from an advertisement; "" while it has none."""
        shown = json.loads(self.inside("server", "ip", "-j", "-6", "address", "show", "scope", "global"))
        return next((info["local"] for one in shown for info in one.get("addr_info", ())), "")

    def reaches6(self) -> bool:
        """Does the terminal reach the server over IPv6?"""
        address = self.server6()
        return bool(address) and "bytes from" in self.inside("terminal", "ping", "-6", "-c", "1", "-W", "1", address)

    @contextmanager
    def pinging(self) -> Iterator[Callable[[], tuple[int, int]]]:
        """The terminal pings the server over IPv4 all the while, 20 times a second; gives what was sent and what came back."""
        words = namespaces.inside(self.spaces["terminal"], "ping", "-4", "-i", "0.05", "10.64.20.10")
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as ping:
            counted: list[tuple[int, int]] = []

            def count() -> tuple[int, int]:
                if not counted:
                    ping.send_signal(signal.SIGINT)
                    out, _ = ping.communicate(timeout=30)
                    found = re.search(r"(\d+) packets transmitted, (\d+) received", out)
                    assert found, out
                    counted.append((int(found[1]), int(found[2])))
                return counted[0]

            yield count
            count()

    def daemon(self, router: str, name: str) -> int:
        """The process id of one of a router's daemons."""
        running = found.processes([self.folder / ".yunwang" / "lab" / "frr" / router / "sshd"])
        return next(one.pid for each in running.values() for one in each if one.label == name)


@contextmanager
def up(folder: Path) -> Iterator[Routers]:
    """Write the workspace, boot the routers, plug the hosts in. Raises Verdict."""
    folder.mkdir(parents=True)
    lab = folder / ".yunwang" / "lab"
    [port] = process.free_ports([None])
    write(folder, port)
    routers, embedded = Routers(folder), Embedded()
    prefix = namespaces.prefix(lab)
    routers.spaces = {name: f"{prefix}r-{name}" for name in ROUTERS} | {name: f"{prefix}h-{name}" for name in HOSTS}
    door: process.Process | None = None
    try:
        embedded.up(routers.workspace, print)
        for name, (router, address, _) in HOSTS.items():
            space, end = routers.spaces[name], f"{list(ROUTERS).index(router)}-eth3"
            namespaces.add(space)
            namespaces.ip("-n", f"{prefix}far", "link", "set", end, "netns", space)
            setup = f"ip link set {end} name eth0; ip address add {address} dev eth0; ip link set eth0 up"
            gateway = address.rpartition(".")[0] + ".1"
            ours = "sysctl -qw net.ipv6.conf.eth0.accept_ra=2 net.ipv6.conf.eth0.router_solicitation_interval=1"
            routers.inside(name, "sh", "-c", f"{setup}; ip route add default via {gateway}; {ours}")
        door = _door(folder, routers.spaces["terminal"], port)
        yield routers
    finally:
        if door is not None:
            process.stop([door])
        namespaces.remove(routers.spaces[name] for name in HOSTS)
        embedded.down(routers.workspace, print, purge=True)


def _door(folder: Path, space: str, port: int) -> process.Process:
    """An sshd that listens outside and serves the terminal's network."""
    place = folder / "door"
    place.mkdir()
    key = sshd.key(folder / "key")
    (folder / "authorized").write_text(key + "\n")
    known = sshd.configure(place, "127.0.0.1", port, sshd.for_ourselves(folder / "authorized"), {})
    (folder / "known").write_text(known + "\n")
    door = sshd.start("terminal", place, [sys.executable, "-I", str(DOOR), str(port), space, *sshd.command(place, "-i")])
    sshd.await_answer(door, "127.0.0.1", port, place / "log")
    return door


def _startup(name: str) -> str:
    _, _, number, interfaces = ROUTERS[name]
    lines = ["frr version 8.4.4", "frr defaults traditional", f"hostname {name}", "service integrated-vtysh-config", "!"]
    for interface, address in interfaces.items():
        lines += [f"interface {interface}", f" ip address {address}"]
        if interface != "eth3":
            lines += [" ip ospf network point-to-point", " ip ospf hello-interval 1", " ip ospf dead-interval 4"]
            lines += [" ipv6 ospf6 hello-interval 1", " ipv6 ospf6 dead-interval 4"]
        lines += ["exit", "!"]
    lines += ["interface lo", f" ip address 10.64.255.{number}/32", "exit", "!"]
    lines += [
        "router ospf",
        f" ospf router-id 10.64.255.{number}",
        " passive-interface eth3",
        " network 10.64.0.0/16 area 0",
        "exit",
        "!",
    ]
    if name.startswith("core"):
        other = 3 - number
        lines += ["router bgp 65100", f" bgp router-id 10.64.255.{number}", f" neighbor 10.64.255.{other} remote-as 65100"]
        lines += [f" neighbor 10.64.255.{other} update-source lo", "exit", "!"]
    return "\n".join([*lines, "end"]) + "\n"


def write(folder: Path, port: int) -> None:
    """The workspace's files; the terminal is logged into at this port of loopback."""

    def put(path: str, value: Any) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(value if isinstance(value, str) else yaml.safe_dump(value, sort_keys=False))

    put(
        "yunwang.yaml",
        {"version": 2, "name": "routers", "title": "real routers", "apply": {"failures": {"wave": 9}, "undo": "change"}},
    )
    sites = [
        {"name": name, "title": name, "level": level, "ipv6": f"2001:db8:1{number}0::/48", **({"parent": parent} if parent else {})}
        for number, (name, level, parent) in enumerate(SITES)
    ]
    put("network/sites.yaml", {"version": 1, "sites": sites})
    links = [
        {
            "name": f"{a}-{b}",
            "plane": a[-1],
            "a_device": a,
            "a_interface": i,
            "b_device": b,
            "b_interface": j,
            "bandwidth_mbps": 1000,
        }
        for a, i, b, j in LINKS
    ]
    put("network/links.yaml", {"version": 1, "links": links})
    plan = {"version": 1, "ipv4": "10.64.0.0/12", "ipv6": "2001:db8:100::/40", "loopbacks": "2001:db8:1ff::/64"}
    ranges = {"links": "2001:db8:1fe::/64", "loopbacks_ipv4": "10.64.255.0/24", "links_ipv4": "10.64.254.0/24"}
    put("network/address-plan.yaml", plan | ranges)
    put("network/hosts.yaml", {"all": {"hosts": {name: _host(name) for name in ROUTERS}}})
    probes = [
        {"name": "ipv4", "source": "device/acc-a", "to": "10.64.20.10"},
        {"name": "ipv6", "source": "machine/terminal", "to": "2001:db8:100:1::1", "behind": "acc-a"},
    ]
    put("network/probes.yaml", {"version": 1, "probes": probes})
    terminal = {"ansible_host": "127.0.0.1", "ansible_port": port, "ansible_user": sshd.user()}
    ssh = f"-o UserKnownHostsFile={folder / 'known'} -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes"
    keys = {"ansible_ssh_private_key_file": str(folder / "key"), "ansible_ssh_common_args": ssh}
    put("machines.yaml", {"all": {"hosts": {"terminal": terminal | keys}}})
    put("lab.yaml", {"version": 1, "devices": [{"name": name, "startup": f"lab/devices/{name}.cfg"} for name in ROUTERS]})
    for name in ROUTERS:
        put(f"lab/devices/{name}.cfg", _startup(name))


def _host(name: str) -> dict[str, Any]:
    site, role, number, interfaces = ROUTERS[name]
    shown = [{"name": "lo", "ipv4": f"10.64.255.{number}/32", "loopback": True}]
    for interface, address in interfaces.items():
        host = next((six for router, _, six in HOSTS.values() if router == name and interface == "eth3"), None)
        shown.append({"name": interface, "ipv4": address, **({"ipv6": host, "terminals": True} if host else {})})
    return {
        "ansible_host": f"10.64.255.{number}",
        "ansible_user": "yunwang",
        "yunwang_platform": "frr",
        "yunwang_password": "env://NOWHERE",
        "yunwang_site": site,
        "yunwang_plane": name[-1],
        "yunwang_role": role,
        "yunwang_router_id": f"10.64.255.{number}",
        "yunwang_management_interface": "lo",
        "yunwang_interfaces": shown,
    }
