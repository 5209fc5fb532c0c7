"""The SSH side: one listener a device, all in one process. Never decides what a command does."""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh

from yunwang.inventories.lab import LabTerminal
from yunwang.inventories.network import Link, Platform
from yunwang.inventories.noun import Noun
from yunwang.lab.devices import timers
from yunwang.lab.devices.city import City
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.faults import Knobs
from yunwang.lab.devices.platforms import PLATFORMS
from yunwang.lab.devices.shell import Closed, Shell, answers
from yunwang.lab.devices.terminal import Gone, Terminal

DOORS = ("127.0.0.1", "127.0.0.2")
"""Where each device listens: at the second one for when its management address moves."""
IGNORE = 2
"""SSH_MSG_IGNORE (RFC 4250)."""


class DeviceSpec(Noun):
    """A device to be played: on which port, for which user."""

    name: str
    platform: Platform
    username: str
    port: int


class CitySpec(Noun):
    """What a server process plays; written by `up` beside the devices' state."""

    devices: tuple[DeviceSpec, ...]
    links: tuple[Link, ...] = ()
    terminals: tuple[LabTerminal, ...] = ()


class Ready(Noun):
    """Written when every port listens: whose process it is, and startup lines that devices did not take (`file:line: text`)."""

    pid: int
    boot_faults: tuple[str, ...] = ()


async def serve(folder: Path, password: str, spec: CitySpec) -> None:
    """Boot every device and listen until cancelled. `folder` has one per device: startup.cfg, host-key, wire.log, faults.json."""
    city = City(links=spec.links, terminals=spec.terminals)
    for one in spec.devices:
        platform = PLATFORMS[one.platform]
        city.devices[one.name] = Device(name=one.name, platform=platform, startup=folder / one.name / "startup.cfg", city=city)
    for device in city.devices.values():
        device.boot()
    acceptors = [
        await _listen(city.devices[one.name], one, folder / one.name, password, at) for one in spec.devices for at in DOORS
    ]
    faults = tuple(
        f"{device.startup}:{fault.line}: {fault.text.strip()}: {fault.message}"
        for device in city.devices.values()
        for fault in device.boot_faults
    )
    part = folder / "ready.part"
    part.write_text(Ready(pid=os.getpid(), boot_faults=faults).model_dump_json(), encoding="utf-8")
    part.replace(folder / "ready.json")
    try:
        await asyncio.Event().wait()
    finally:
        for acceptor in acceptors:
            acceptor.close()


class _Login(asyncssh.SSHServer):
    """Password alone, for the one user that a device knows."""

    def __init__(self, username: str, password: str, device: Device, knobs: Knobs, door: str) -> None:
        self._username, self._password, self._device, self._knobs, self._door = username, password, device, knobs, door

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        timers.keep(self._device, self._knobs.look().ahead)
        if self._knobs.away or not answers(self._device, self._knobs, self._door):
            conn.abort()

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return False

    def kbdint_auth_supported(self) -> bool:
        return False

    def validate_password(self, username: str, password: str) -> bool:
        right = hmac.compare_digest(password.encode(), self._password.encode()) and username == self._username
        return right and not self._knobs.look().refuse_login


class _Connection(asyncssh.SSHServerConnection):
    """A device's side of a connection, without what asyncssh does beyond a device."""

    async def reload_config(self) -> None:
        """The options are the same for every user: they are not made anew for each."""

    def send_packet(self, pkttype: int, *args: bytes, **options: Any) -> None:
        """No empty packet goes ahead of each one."""
        if pkttype != IGNORE:
            super().send_packet(pkttype, *args, **options)


async def _listen(device: Device, spec: DeviceSpec, folder: Path, password: str, at: str) -> asyncio.Server:
    knobs = Knobs(folder / "faults.json")
    options = asyncssh.SSHServerConnectionOptions(
        server_host_keys=[asyncssh.read_private_key(folder / "host-key")],
        gss_host=None,  # or the host's own name would be looked up for each device
        server_factory=lambda: _Login(spec.username, password, device, knobs, at),
        process_factory=_session(device, knobs, folder / "wire.log", at),
        encoding="utf-8",
        errors="replace",
        line_editor=False,
        keepalive_interval=60,
        agent_forwarding=False,
        x11_forwarding=False,
    )
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Connection(loop, options), at, spec.port, reuse_address=True)


async def typed(process: asyncssh.SSHServerProcess[str]) -> str:
    """What comes next; that the user's window has another size now changes nothing."""
    while True:
        with suppress(asyncssh.TerminalSizeChanged):
            return await process.stdin.read(4096)


def _session(device: Device, knobs: Knobs, wire: Path, door: str) -> Callable[[asyncssh.SSHServerProcess[str]], Awaitable[None]]:
    async def handle(process: asyncssh.SSHServerProcess[str]) -> None:
        device.sessions[process] = process.close
        user = str(process.get_extra_info("username"))
        with wire.open("a", encoding="utf-8") as log:
            terminal = Terminal(lambda: typed(process), process.stdout.write, log, knobs, device.platform.pager)
            shell = Shell(device, terminal, knobs, user, door)
            try:
                if process.command is None:
                    await shell.run()
                elif device.platform.runs_single_command:
                    terminal.page = 0
                    await shell.execute(process.command)
                    terminal.flush()
            except (Closed, Gone, asyncssh.Error, ConnectionError) as end:
                if isinstance(end, Closed) and end.reboot:
                    device.reboot()
            finally:
                del device.sessions[process]
                timers.session_ended(device, shell)
                process.exit(0)
                if process.command is None:
                    process.get_extra_info("connection").disconnect(asyncssh.DISC_BY_APPLICATION, "")

    return handle
