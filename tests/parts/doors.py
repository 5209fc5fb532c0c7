"""One simulated device behind the door that a test chooses: SSH as it offers it, telnet, a console; and a real sshd to jump by."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import asyncssh

from yunwang.inventories.network import Device, Plane, Platform, Role
from yunwang.inventories.reach import Jump
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.lab import process, sshd
from yunwang.lab.devices.city import City
from yunwang.lab.devices.device import Device as Played
from yunwang.lab.devices.faults import Knobs
from yunwang.lab.devices.platforms import PLATFORMS
from yunwang.lab.devices.server import typed
from yunwang.lab.devices.shell import Closed, Shell
from yunwang.lab.devices.terminal import Gone, Terminal

USER, PASSWORD = "operator", "wide-open-1"
COMMAND = re.compile(rb"\xff(?:\xfa.*?\xff\xf0|[\xfb-\xfe].|.)", re.DOTALL)
"""A command of telnet."""
T = TypeVar("T")
Read = Callable[[], Awaitable[str]]
Write = Callable[[str], None]


class _Login(asyncssh.SSHServer):
    """Takes the password, or the key that `authorized` names, where there is one."""

    def __init__(self, authorized: str) -> None:
        self._authorized = authorized

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return not self._authorized

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return bool(self._authorized)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key.export_public_key().decode().split()[:2] == self._authorized.split()[:2]


@dataclass
class Door:
    """A device that can be reached in several ways; its workspace's folder holds the password and known_hosts."""

    root: Path
    platform: Platform = Platform.HUAWEI_VRP
    name: str = "gate"
    played: Played = field(init=False)
    enable: str = ""
    """IOS, RGOS: what `enable` asks for."""
    _loop: asyncio.AbstractEventLoop = field(init=False, default_factory=asyncio.new_event_loop)
    _console: Shell | None = None

    def __post_init__(self) -> None:
        startup = self.root / f"{self.name}.cfg"
        name, end = ("hostname", "end") if self.platform in (Platform.CISCO_IOS, Platform.RUIJIE_OS) else ("sysname", "return")
        mark = "!" if end == "end" else "#"
        startup.write_text(f"{mark}\n{name} {self.name}\n{mark}\ninterface LoopBack0\n{mark}\n{end}\n")
        city = City(links=(), terminals=())
        self.played = city.devices[self.name] = Played(
            name=self.name, platform=PLATFORMS[self.platform], startup=startup, city=city
        )
        (self.root / "password").write_text(PASSWORD)
        (self.root / "password").chmod(0o600)
        (self.root / "known_hosts").touch()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._do(self._boot())

    @property
    def workspace(self) -> Workspace:
        return Workspace(root=self.root, digest="", settings=Settings(version=1, name="doors", title=""))

    def device(self, port: int, **fields: Any) -> Device:
        """The inventory's word for it."""
        given: dict[str, Any] = {"password": "file://password", "username": USER, **fields}
        where = {
            "host": "127.0.0.1",
            "port": port,
            "known_hosts": "known_hosts",
            "site": "s",
            "plane": Plane.A,
            "role": Role.ACCESS,
        }
        return Device.model_validate({"name": self.name, "platform": self.platform, **where, **given})

    def ssh(self, *, authorized: str = "", key: asyncssh.SSHKey | None = None, only: str = "", **options: Any) -> int:
        """Listen for SSH; the port. Its host key goes into known_hosts. `only`: how it signs with that key."""
        key = key or asyncssh.generate_private_key("ssh-ed25519")
        (pair,) = asyncssh.load_keypairs([key])
        if only:
            pair.host_key_algorithms = (only.encode(),)

        async def listen() -> int:
            server = await asyncssh.listen(
                "127.0.0.1",
                0,
                server_factory=lambda: _Login(authorized),
                process_factory=self._over_ssh,
                server_host_keys=[pair],
                encoding="utf-8",
                line_editor=False,
                **options,
            )
            return server.get_port()

        port = self._do(listen())
        self.vouch(port, key)
        return port

    def vouch(self, port: int, key: asyncssh.SSHKey) -> None:
        """Write a host key into known_hosts."""
        with (self.root / "known_hosts").open("a") as known:
            known.write(f"[127.0.0.1]:{port} {key.export_public_key().decode().strip()}\n")

    def telnet(self, *, console: bool = False) -> int:
        """Listen for telnet; the port. A console stays where it was left, and says nothing before a key is pressed."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x1f")  # WILL ECHO, WILL SUPPRESS-GO-AHEAD, DO NAWS

            async def read() -> str:
                while data := await reader.read(4096):
                    if said := COMMAND.sub(b"", data):
                        return said.decode()
                return ""

            with suppress(Gone, ConnectionError):
                await self._over_telnet(read, lambda text: writer.write(text.encode()), console=console)
            writer.close()

        async def listen() -> int:
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            return int(server.sockets[0].getsockname()[1])

        return self._do(listen())

    def heard(self) -> str:
        """Every byte that went to and from it."""
        wire = self.root / "heard.log"
        return wire.read_text() if wire.exists() else ""

    def await_heard(self, end: str) -> None:
        """Wait until the last that went to or from it is this."""
        deadline = time.monotonic() + 30
        while not self.heard().rstrip().endswith(end):
            assert time.monotonic() < deadline, self.heard()[-400:]
            time.sleep(0.02)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _boot(self) -> None:
        self.played.boot()

    async def _over_ssh(self, process: asyncssh.SSHServerProcess[str]) -> None:
        with suppress(Gone, ConnectionError, asyncssh.Error):
            await self._run(lambda: typed(process), process.stdout.write)
        process.exit(0)

    async def _over_telnet(self, read: Read, write: Write, *, console: bool) -> None:
        if console:
            await read()
        while not (console and self._console):
            write("\r\nUsername:")
            username = await _typed(read, write)
            write("Password:")
            if (username, await _typed(read, lambda _: None)) == (USER, PASSWORD):
                break
            write("\r\nError: Failed to authenticate.\r\n")
        write("\r\n")
        await self._run(read, write, console=console)

    async def _run(self, read: Read, write: Write, *, console: bool = False) -> None:
        while self.enable:
            write(f"{self.name}>")
            word = await _typed(read, write)
            if word == "enable":
                write("Password: ")
                if await _typed(read, lambda _: None) == self.enable:
                    write("\r\n")
                    break
                write("\r\n% Bad secrets\r\n\r\n")
        with (self.root / "heard.log").open("a") as log:
            knobs = Knobs(self.root / "faults.json")
            terminal = Terminal(read, write, log, knobs, self.played.platform.pager)
            shell = Shell(self.played, terminal, knobs, USER)
            if console and self._console:
                shell.path = self._console.path
            self._console = shell if console else None
            with suppress(Closed):
                await shell.run()
                return
            self._console = None


async def _typed(read: Read, echo: Write) -> str:
    """A line of what a user types before the device's own terminal listens."""
    line = ""
    while not line.endswith(("\r", "\n", "\r\0")):
        if not (said := await read()):
            raise Gone
        line += said
        echo(said)
    return line.strip("\r\n\0")


@contextmanager
def jump_host(folder: Path, door: Door) -> Iterator[Jump]:
    """A real OpenSSH server that forwards, with our key in `folder`; its host key stands in the door's known_hosts."""
    folder.mkdir(parents=True)
    (folder / "authorized").write_text(sshd.key(folder / "key") + "\n")
    (port,) = process.free_ports([None])
    options = {**sshd.for_ourselves(folder / "authorized"), "AllowTcpForwarding": "yes"}
    known = sshd.configure(folder, "127.0.0.1", port, options, {})
    started = sshd.start("jump", folder, sshd.command(folder))
    try:
        sshd.await_answer(started, "127.0.0.1", port, folder / "log")
        with (door.root / "known_hosts").open("a") as file:
            file.write(f"{known}\n")
        yield Jump(host="127.0.0.1", port=port, username=sshd.user(), ssh_key=str(folder / "key"))
    finally:
        process.stop([started])
