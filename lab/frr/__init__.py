"""Real FRR routers: each in namespaces of its own, with files of its own, over real SSH. Never touches the system's FRR."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from yunwang.inventories.network import Device, Link
from yunwang.inventories.noun import Noun
from yunwang.lab import found, namespaces, process, sshd
from yunwang.lab.devices import DeviceEndpoint
from yunwang.lab.frr.router import DAEMONS, Router
from yunwang.lab.state import Part, Say, recall, remember

FAR = "far"
"""The namespace that holds the other ends of lines to devices that are not FRR, so that the line is up."""


class Memory(Noun):
    """The port of each router's sshd."""

    ports: dict[str, int] = Field(default_factory=dict)


def obstacle(folder: Path) -> str:
    """Why real FRR cannot run here; empty when it can."""
    missing = [program for program in ("unshare", "mount") if not shutil.which(program)]
    if os.geteuid() != 0:
        return "not root"
    if not Router.installed():
        return "FRR is not installed (package frr)"
    if missing:
        return f"no {missing[0]} program"
    return namespaces.obstacle(folder)


def mute() -> str:
    """Why a router cannot answer `ping` at its prompt (vtysh runs the host's programs); empty when it can."""
    return "" if shutil.which("ping6") else "no ping6 program (package iputils-ping)"


def up(
    devices: Sequence[Device], startup: Mapping[str, Path], links: Sequence[Link], folder: Path, password: str, say: Say
) -> tuple[dict[str, DeviceEndpoint], bool]:
    """Have these routers run; keep those that are well. Endpoints, and whether there was anything to do.

    `startup` is the configuration that each boots from for the first time; afterwards it boots from what was saved on it.
    A line between two of them is a real one. Raises Verdict, OSError.
    """
    memory = recall(folder / "frr.json", Memory) or Memory()
    routers = {device.name: Router(device.name, device.username, folder) for device in devices}
    running = _processes(folder, routers)
    well = {
        name
        for name, router in routers.items()
        if router.space in namespaces.existing("") and _answers(running[name], memory.ports.get(name, 0))
    }
    broken = [name for name in running if name not in well]
    process.stop(one for name in broken for one in running[name])
    namespaces.remove(Router(name, "", folder).space for name in broken)
    if not devices:
        namespaces.remove([f"{namespaces.prefix(folder)}{FAR}"])
        (folder / "frr.json").unlink(missing_ok=True)
        return {}, any(running.values())

    moving = [name for name in routers if name not in well]
    ports = dict(zip(moving, process.free_ports([memory.ports.get(name) for name in moving]), strict=True))
    ports = {name: ports.get(name) or memory.ports[name] for name in routers}
    remember(folder / "frr.json", Memory(ports=ports))
    for name in moving:
        namespaces.add(routers[name].space)
    _wire(devices, links, folder)
    started = {}
    for name in moving:
        say(f"booting router {name} (real FRR)")
        routers[name].prepare(startup[name], password)
        started[name] = routers[name].boot(ports[name])
    for name, one in started.items():
        sshd.await_answer(one, "127.0.0.1", ports[name], routers[name].sshd / "log")
    endpoints = {
        name: DeviceEndpoint(
            host="127.0.0.1", port=ports[name], known_hosts=f"[127.0.0.1]:{ports[name]} {sshd.key(router.sshd / 'host_key')}"
        )
        for name, router in routers.items()
    }
    return endpoints, bool(moving) or any(running[name] for name in broken)


def down(folder: Path, say: Say) -> bool:
    """Stop all routers; what was saved on them stays. Returns whether any ran. Raises Verdict."""
    running = _processes(folder, ())
    if any(running.values()):
        say(f"stopping {len(running)} routers")
    process.stop(one for each in running.values() for one in each)
    if os.geteuid() == 0 and shutil.which("ip"):
        start = namespaces.prefix(folder)
        namespaces.remove(namespaces.existing(f"{start}r-") | {f"{start}{FAR}"})
    return any(running.values())


def status(folder: Path) -> Iterator[Part]:
    """Every router that was booted last, as it is now."""
    memory = recall(folder / "frr.json", Memory) or Memory()
    running = _processes(folder, memory.ports)
    for name, port in memory.ports.items():
        yield Part(
            name=name,
            kind="device",
            address=f"127.0.0.1:{port}",
            pids=tuple(one.pid for one in running[name]),
            alive=_answers(running[name], port),
            memory_mib=sum(process.memory(one) for one in running[name]),
            note="real FRR",
        )


def _processes(folder: Path, names: Iterable[str]) -> dict[str, list[process.Process]]:
    """What runs on these routers and on any other that there has been."""
    known = {*names, *(entry.name for entry in folder.glob("frr/*"))}
    places = {Router(name, "", folder).sshd: name for name in known}
    return {places[place]: running for place, running in found.processes(places).items()}


def _answers(running: Sequence[process.Process], port: int) -> bool:
    """Whether all daemons run, and something else of ours (the door) that lets clients in."""
    labels = {one.label for one in running}
    return labels > set(DAEMONS) and sshd.answers("127.0.0.1", port)


def _wire(devices: Sequence[Device], links: Sequence[Link], folder: Path) -> None:
    """Plug a line into every interface that has none: to the other router, else to where it ends, but is up. Raises Fatal."""
    far = f"{namespaces.prefix(folder)}{FAR}"
    if far not in namespaces.existing(""):
        namespaces.add(far)
    names = {device.name for device in devices}
    other = {}
    for link in links:
        if link.a_device in names and link.b_device in names:
            other[link.a_device, link.a_interface] = (link.b_device, link.b_interface)
            other[link.b_device, link.b_interface] = (link.a_device, link.a_interface)
    for number, device in enumerate(devices):
        router = Router(device.name, "", folder)
        plugged = router.interfaces()
        for interface in device.interfaces:
            if interface.loopback or interface.vlan or interface.name in plugged:
                continue
            peer = other.get((device.name, interface.name))
            space, name = (Router(peer[0], "", folder).space, peer[1]) if peer else (far, f"{number}-{interface.name}")
            if peer and peer[1] in Router(peer[0], "", folder).interfaces():
                continue
            router.plug(interface.name, space, name)
