"""The embedded lab as one thing: all parts up, down, counted. Never knows how a part does it."""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from yunwang.inventories.lab import Lab
from yunwang.inventories.network import Device, Link, Platform
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.lab import devices, found, frr, machines, openstack
from yunwang.lab.overlay import Overlay
from yunwang.lab.service.writer import Writer
from yunwang.lab.state import LabStatus, Part, Say, alone, write


class Embedded:
    """A small city on this host: real OpenStack, devices and Linux hosts over SSH. An entry point of the group `yunwang.labs`."""

    def up(self, workspace: Workspace, say: Say) -> LabStatus:
        """Have everything in lab.yaml run: start what is not there, mend what is broken, leave alone what is well.

        Parts start side by side. Ctrl-C stops at once and leaves whatever has been started for the next `up` or `down` to find.
        Raises Verdict (a part that cannot start is told after the others have finished), OSError.
        """
        lab = workspace.lab
        if lab is None:
            raise Refused("this workspace has no lab.yaml", remedy="`yunwang init --demo` writes a workspace that has one")
        overlay = Overlay(workspace)
        overlay.check()
        with alone(overlay.folder):
            overlay.folder.chmod(0o700)
            password = _password(overlay.folder)
            startup = {device.name: workspace.root / device.startup for device in lab.devices}
            played = [device for device in workspace.devices if device.name in startup]
            real, why = _real(played, workspace.links, overlay.folder)
            simulated = [device for device in played if device not in real]
            before = _pids(overlay.folder)
            made = _together(
                {
                    "openstack": lambda: _clouds(lab, overlay.folder / "openstack", say),
                    "devices": lambda: devices.up(simulated, lab, workspace.links, workspace.root, overlay.folder, say),
                    "frr": lambda: frr.up(real, startup, workspace.links, overlay.folder, password, say),
                    "machines": lambda: machines.up(lab, overlay.folder, say),
                }
            )
            routers, rebooted = made["frr"]
            hosts = made["machines"]
            users = {device.name: device.username for device in played}
            written = overlay.write(users, made["openstack"], {**made["devices"], **routers}, hosts.endpoints)
            changed = written or rebooted or hosts.changed or before != _pids(overlay.folder)
            notes = (*why, *hosts.notes)
        for note in notes:
            say(note)
        return self.status(workspace).model_copy(update={"changed": changed, "notes": notes})

    def down(self, workspace: Workspace, say: Say, purge: bool = False) -> LabStatus:
        """Stop everything that `up` started and take away what it wrote in the workspace; `purge` forgets the lab's state too.

        Works after a crash and on a changed lab.yaml. Raises Verdict, OSError.
        """
        overlay = Overlay(workspace)
        folder = overlay.folder
        if not folder.is_dir():
            return self.status(workspace)
        with alone(folder):
            before = _pids(folder)
            stopped = _together(
                {
                    "openstack": lambda: openstack.down(folder / "openstack", say),
                    "devices": lambda: devices.down(folder, say),
                    "frr": lambda: frr.down(folder, say),
                    "machines": lambda: machines.down(folder, say),
                }
            )
            changed = [overlay.remove(), bool(before), stopped["frr"], stopped["machines"]]
            if purge:
                say("forgetting the lab's state")
                shutil.rmtree(folder)
        return self.status(workspace).model_copy(update={"changed": any(changed) or purge})

    def status(self, workspace: Workspace) -> LabStatus:
        """What runs, what does not, and what it takes. Changes nothing and raises nothing but OSError."""
        folder = Overlay(workspace).folder
        return LabStatus(folder=str(folder), parts=tuple(_parts(workspace, folder)))

    def environment(self, workspace: Workspace) -> dict[str, str]:
        """Variables with which other tools (openstack, ansible) reach the lab. Raises Fatal when it is down."""
        overlay = Overlay(workspace)
        if not overlay.inventory.exists():
            raise Fatal("the lab is down", remedy="yunwang lab up")
        return overlay.environment()

    @contextmanager
    def clients(self, workspace: Workspace, say: Say) -> Iterator[None]:
        """Clients that keep writing to every service through the gateway for as long as this lasts, and then count.

        Raises Fatal where a service has lost a record that it had acknowledged.
        """
        lab = workspace.lab or Lab(version=1)
        entrances = machines.entrances(lab, Overlay(workspace).folder)
        label = secrets.token_hex(4)
        with ExitStack() as running:
            writers = {name: running.enter_context(Writer(url, f"client-{label}")) for name, url in entrances.items()}
            yield
        for name, writer in writers.items():
            lost = writer.lost()
            if lost:
                raise Fatal(
                    f"{name} lost {len(lost)} acknowledged records, {lost[0]} first", remedy="look at its old host", target=name
                )
            say(
                f"clients of {name}: {len(writer.acknowledged)} writes acknowledged meanwhile, all of them there; "
                f"longest wait {writer.longest_pause:.1f} s"
            )


def _real(played: Sequence[Device], links: Sequence[Link], folder: Path) -> tuple[list[Device], tuple[str, ...]]:
    """The devices that real FRR plays, and why the others of that platform are simulated.

    A real router exchanges packets, and a simulated device has none to give: it is real when a line of it ends at a real one.
    """
    routers = [device for device in played if device.platform is Platform.FRR]
    obstacle = (frr.obstacle(folder) or frr.mute()) if routers else ""
    if obstacle:
        return [], (f"FRR is simulated: {obstacle}",)
    names = {device.name for device in routers}
    joined = {end for link in links if {link.a_device, link.b_device} <= names for end in (link.a_device, link.b_device)}
    why = [f"{name} is simulated: none of its lines ends at a real router" for name in sorted(names - joined)]
    return [device for device in routers if device.name in joined], tuple(why)


def _clouds(lab: Lab, folder: Path, say: Say) -> dict[str, openstack.CloudEndpoint]:
    """Without clouds no OpenStack is installed either."""
    if lab.clouds:
        return openstack.up(lab.clouds, folder, say)
    openstack.down(folder, say)
    return {}


def _parts(workspace: Workspace, folder: Path) -> Iterator[Part]:
    """What lab.yaml wants, and how it is; where there is none to be read, what runs all the same."""
    if workspace.lab is not None:
        yield from _wanted(workspace.lab, folder)
        return
    yield from (part for part in _wanted(Lab(version=1), folder) if part.alive)
    for path, running in found.processes(entry for entry in folder.glob("sshd/*") if entry.is_dir()).items():
        if running:
            yield Part(name=path.name, kind="machine", address="", pids=tuple(one.pid for one in running), alive=True)


def _wanted(lab: Lab, folder: Path) -> Iterator[Part]:
    services = openstack.status(folder / "openstack")
    for service in services:
        yield Part(
            name=f"{service.cloud}/{service.service}",
            kind="cloud",
            address=service.address,
            pids=(service.process.pid,) if service.process and service.alive else (),
            alive=service.alive,
            memory_mib=service.memory_mib,
        )
    for cloud in lab.clouds:
        if cloud.name not in {service.cloud for service in services}:
            yield Part(name=cloud.name, kind="cloud", address="", alive=False)
    simulator = devices.status(folder)
    pids = (simulator.pid,) if simulator.pid else ()
    real = {part.name: part for part in frr.status(folder)}
    yield Part(
        name="simulated-devices", kind="simulator", address="", pids=pids, alive=simulator.running, memory_mib=simulator.memory_mib
    )
    for device in lab.devices:
        end = simulator.devices.get(device.name)
        yield real.get(device.name) or Part(
            name=device.name,
            kind="device",
            address=f"{end.host}:{end.port}" if end else "",
            pids=pids if end else (),
            alive=end is not None,
            note="simulated",
        )
    yield from machines.status(lab, folder)


def _pids(folder: Path) -> set[int]:
    """Processes of the parts that do not say themselves whether they changed."""
    services = {service.process.pid for service in openstack.status(folder / "openstack") if service.process and service.alive}
    return services | {devices.status(folder).pid or 0} - {0}


def _password(folder: Path) -> str:
    """The one that lets into every device of the lab."""
    path = folder / "device-password"
    if not path.is_file() or not path.read_text().strip():
        write(path, f"{secrets.token_urlsafe(18)}\n", 0o600)
    return path.read_text().strip()


def _together(work: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """Do all of it side by side; results by name. Raises the first error, after all have ended.

    In daemon threads: on Ctrl-C the process ends with them where they are, which is no worse than a crash, and crashes are mended.
    """
    results: dict[str, Any] = {}
    errors: list[BaseException] = []

    def do(name: str, call: Callable[[], Any]) -> None:
        try:
            results[name] = call()
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            errors.append(error)

    threads = [threading.Thread(target=do, args=item, name=item[0], daemon=True) for item in work.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.5)  # an endless join would not hear Ctrl-C everywhere
    if errors:
        raise errors[0]
    return results
