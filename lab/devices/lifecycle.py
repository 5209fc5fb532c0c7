"""Devices of a lab brought up, taken down and told to misbehave. Never serves them itself: `python -m yunwang.lab.devices` does."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import asyncssh
from pydantic import Field, ValidationError

from yunwang.inventories.finding import Finding
from yunwang.inventories.lab import Lab
from yunwang.inventories.network import Device, Link
from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.lab import process
from yunwang.lab.devices.faults import Faults, write
from yunwang.lab.devices.server import CitySpec, DeviceSpec, Ready

READY_SECONDS = 60.0
TRIES = 3
TAKEN = "address already in use"
"""What the server ends with where somebody took a port between our choice and its listening; then others are chosen."""
HOST = "127.0.0.1"


class DeviceEndpoint(Noun):
    """Where a device is reached; `known_hosts` is its line for an OpenSSH known_hosts file."""

    host: str
    port: int
    known_hosts: str


class DevicesStatus(Noun):
    """Whether the devices run, in which process, with how much memory (MiB)."""

    running: bool
    pid: int | None = None
    memory_mib: int = 0
    devices: dict[str, DeviceEndpoint] = Field(default_factory=dict)


def up(
    devices: Sequence[Device], lab: Lab, links: Sequence[Link], root: Path, folder: Path, say: Callable[[str], None]
) -> dict[str, DeviceEndpoint]:
    """Have the lab's devices listen on loopback; gives where. Running ones are left alone; a crashed server is started.

    `root` is the workspace (startup files are relative to it), `folder` the lab's state (`device-password`, `devices/`). A device
    boots from what was saved on it, at first from its startup file. Raises Fatal when a startup file is missing or has lines that
    the device refuses, Retryable when the server does not come up.
    """
    home = folder / "devices"
    wanted = {device.name: device for device in devices}
    played = [wanted[one.name] for one in lab.devices if one.name in wanted]
    running, spec = _running(home), _spec(home)
    if running and spec and _same(spec, _city(played, lab, links, [one.port for one in spec.devices])):
        return _endpoints(home, spec)
    if running:
        say("devices: what they stand for has changed; starting them again")
        process.stop([running])
    if not played:
        (home / "city.json").unlink(missing_ok=True)
        return {}
    for one in lab.devices:
        if one.name in wanted:
            _prepare(home / one.name, root / one.startup, one.name)
    before = {one.name: one.port for one in spec.devices} if spec else {}
    password = _password(folder)
    for left in reversed(range(TRIES)):
        city = _city(played, lab, links, process.free_ports([before.get(device.name) for device in played]))
        (home / "city.json").write_text(city.model_dump_json(indent=1), encoding="utf-8")
        (home / "ready.json").unlink(missing_ok=True)
        say(f"devices: starting {len(played)}")
        log = home / "server.log"
        begins = log.stat().st_size if log.exists() else 0  # what earlier starts left there tells nothing of this one
        try:
            _start(home, password)
        except Retryable:
            if not left or TAKEN not in log.read_bytes()[begins:].decode(errors="replace"):
                raise
        else:
            break
    return _endpoints(home, city)


def down(folder: Path, say: Callable[[str], None]) -> None:
    """End the devices' process. What was saved on them stays."""
    running = _running(folder / "devices")
    if running:
        process.stop([running])
        say("devices: stopped")
    (folder / "devices" / "process.json").unlink(missing_ok=True)


def status(folder: Path) -> DevicesStatus:
    """Whether and where the devices run."""
    home = folder / "devices"
    running, spec = _running(home), _spec(home)
    if not running or not spec:
        return DevicesStatus(running=False)
    return DevicesStatus(running=True, pid=running.pid, memory_mib=process.memory(running), devices=_endpoints(home, spec))


def fault(folder: Path, device: str, **knobs: Any) -> None:
    """Give a device these faults (see Faults) instead of those it has; none: it is sound. Raises Fatal for an unknown device."""
    home = folder / "devices" / device
    if not home.is_dir():
        raise Fatal(f"the lab has no device {device}", remedy="yunwang lab status lists them", target=device)
    write(home / "faults.json", Faults(**knobs))


def wire_log(folder: Path, device: str) -> Path:
    """Every byte that went to (`<`) and from (`>`) a device, with its time."""
    return folder / "devices" / device / "wire.log"


def _prepare(home: Path, startup: Path, name: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    saved, key = home / "startup.cfg", home / "host-key"
    if not saved.exists():
        try:
            shutil.copyfile(startup, saved)
        except FileNotFoundError:
            raise Fatal(
                f"{startup} is missing: {name} has nothing to boot from",
                remedy="write it or take the device out of lab.yaml",
                target=name,
            ) from None
    if not key.exists():
        made = asyncssh.generate_private_key("ssh-ed25519", comment=name)
        _secret(key, made.export_private_key())
        made.write_public_key(str(home / "host-key.pub"))


def _password(folder: Path) -> Path:
    path = folder / "device-password"
    if not path.exists():
        _secret(path, f"{secrets.token_urlsafe(18)}\n".encode())
    return path


def _secret(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _start(home: Path, password: Path) -> None:
    argv = [sys.executable, "-m", "yunwang.lab.devices", str(home), str(password)]
    started = process.start("devices", argv, folder=home, log=home / "server.log")
    (home / "process.json").write_text(started.model_dump_json(), encoding="utf-8")
    deadline = time.monotonic() + READY_SECONDS
    while not (home / "ready.json").exists():
        if not process.alive(started) or time.monotonic() > deadline:
            process.stop([started])
            raise Retryable("the simulated devices did not come up", remedy=f"see {home / 'server.log'}")
        time.sleep(0.05)
    faults = Ready.model_validate_json((home / "ready.json").read_bytes()).boot_faults
    if faults:
        process.stop([started])
        findings = tuple(
            Finding(
                code="startup-line",
                message=text,
                remedy="correct the startup file; the device takes nothing that a real one refuses",
            )
            for text in faults
        )
        raise Fatal(f"a startup configuration has lines that the device refuses: {faults[0]}", findings=findings)


def _city(devices: Sequence[Device], lab: Lab, links: Sequence[Link], ports: Sequence[int]) -> CitySpec:
    played = tuple(
        DeviceSpec(name=device.name, platform=device.platform, username=device.username, port=port)
        for device, port in zip(devices, ports, strict=False)
    )
    return CitySpec(devices=played, links=tuple(links), terminals=lab.terminals)


def _same(a: CitySpec, b: CitySpec) -> bool:
    return a == b


def _running(home: Path) -> process.Process | None:
    try:
        known = process.Process.model_validate_json((home / "process.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return known if process.alive(known) else None


def _spec(home: Path) -> CitySpec | None:
    try:
        return CitySpec.model_validate_json((home / "city.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _endpoints(home: Path, city: CitySpec) -> dict[str, DeviceEndpoint]:
    return {
        one.name: DeviceEndpoint(
            host=HOST,
            port=one.port,
            known_hosts=f"[{HOST}]:{one.port} {' '.join((home / one.name / 'host-key.pub').read_text().split()[:2])}",
        )
        for one in city.devices
    }
