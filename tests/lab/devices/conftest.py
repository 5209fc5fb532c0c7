"""The demo city's devices: on a bench (a console each, no network) and in the lab (real SSH)."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

import yunwang.inventories
from yunwang.inventories.lab import Lab, LabDevice, LabTerminal
from yunwang.inventories.network import Device as Intended
from yunwang.inventories.network import Link, Plane, Platform, Role
from yunwang.lab.devices import DeviceEndpoint, down, up
from yunwang.lab.devices.city import City
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.faults import Knobs
from yunwang.lab.devices.platforms import PLATFORMS
from yunwang.lab.devices.shell import Closed, Shell
from yunwang.lab.devices.terminal import Gone, Terminal

FILES = Path(next(iter(yunwang.inventories.__path__))) / "demo" / "files"
PLATFORM_OF = {
    "yz-core-a": "huawei_vrpv8",
    "yz-core-b": "hp_comware",
    "yz-agg-a": "huawei_vrp",
    "yz-agg-b": "hp_comware",
    "yz-acc-1": "huawei_vrp",
    "yz-acc-2": "hp_comware",
    "yz-gw-a": "frr",
    "yz-gw-b": "frr",
    "dh-agg-a": "huawei_vrpv8",
    "dh-agg-b": "cisco_ios",
    "dh-acc-1": "ruijie_os",
    "dh-acc-2": "cisco_ios",
    "xl-agg-a": "huawei_vrp",
    "xl-agg-b": "hp_comware",
    "lx-acc-1": "ruijie_os",
    "sq-acc-1": "ruijie_os",
}
PROMPT = re.compile(r"(?:<[\w-]+>|\[[~*]?\w+-[\w/. -]+\]|\w+-[\w-]+(?:\([\w/ -]+\))?#)(?P<typed>.*)$")
QUESTION = re.compile(r"(?:\[[Yy]/[Nn]\]:|\[confirm\]|C\(cancel\)\]:|enter key\):|config\]\? )(?P<typed>.*)$")


class Console:
    """A session on a device without the network: what is typed and everything that comes back."""

    def __init__(self, device: Device, folder: Path) -> None:
        self._typed: list[str] = []
        self._shown: list[str] = []
        self.log = io.StringIO()
        knobs = Knobs(folder / "faults.json")
        self.terminal = Terminal(self._read, self._shown.append, self.log, knobs, device.platform.pager)
        self.terminal.page = 0
        self.shell = Shell(device, self.terminal, knobs, "yunwang")

    async def _read(self) -> str:
        return self._typed.pop(0) if self._typed else ""

    def type(self, text: str) -> str:
        """Type `text`; what the terminal shows up to the prompt after it."""
        self._typed.append(text)
        self._shown.clear()
        asyncio.run(self._until_idle())
        return "".join(self._shown).replace("\r\n", "\n")

    async def _until_idle(self) -> None:
        try:
            while True:
                await self.shell.step()
        except (Gone, Closed):
            return


def typed_in(transcript: str) -> str:
    """What a user typed in a transcript: what stands after prompts and questions."""
    found = []
    for line in transcript.splitlines():
        typed = PROMPT.match(line) or QUESTION.search(line)
        if typed:
            found.append(typed["typed"])
    return "".join(f"{line}\n" for line in found[:-1])


def links() -> tuple[Link, ...]:
    text = (FILES / "network" / "links.yaml").read_text(encoding="utf-8")
    return tuple(Link(**link) for link in yaml.safe_load(text)["links"])


def terminals() -> tuple[LabTerminal, ...]:
    with (FILES / "lab" / "terminals.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            LabTerminal.model_validate({name: value or None for name, value in row.items()}) for row in csv.DictReader(file)
        )


@pytest.fixture
def city(tmp_path: Path) -> City:
    """The sixteen devices, booted from copies of their startup files, with links and terminals."""
    made = City(links=links(), terminals=terminals())
    for name, platform in PLATFORM_OF.items():
        startup = tmp_path / f"{name}.cfg"
        shutil.copyfile(FILES / "lab" / "devices" / f"{name}.cfg", startup)
        made.devices[name] = Device(name=name, platform=PLATFORMS[Platform(platform)], startup=startup, city=made)
    for device in made.devices.values():
        device.boot()
    return made


@pytest.fixture
def console(city: City, tmp_path: Path) -> Callable[[str], Console]:
    return lambda name: Console(city.devices[name], tmp_path)


@pytest.fixture
def replay() -> Callable[[str], str]:
    return typed_in


class RunningLab:
    """Devices of the demo city behind real SSH on loopback."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self.folder = folder
        self.names = names
        self.said: list[str] = []
        self.endpoints: Mapping[str, DeviceEndpoint] = {}

    def up(self) -> Mapping[str, DeviceEndpoint]:
        devices = [
            Intended(
                name=name,
                platform=Platform(PLATFORM_OF[name]),
                site="yunzhou",
                plane=Plane.A,
                role=Role.ACCESS,
                host="192.0.2.1",
                username="yunwang",
                password="file://.yunwang/lab/device-password",
            )
            for name in self.names
        ]
        played = tuple(LabDevice(name=name, startup=f"lab/devices/{name}.cfg") for name in self.names)
        lab = Lab(version=1, devices=played, terminals=terminals())
        self.endpoints = up(devices, lab, links(), FILES, self.folder, self.said.append)
        return self.endpoints

    @property
    def password(self) -> str:
        return (self.folder / "device-password").read_text(encoding="utf-8").strip()

    def netmiko(self, name: str, **options: object) -> dict[str, object]:
        """Arguments of netmiko's ConnectHandler."""
        end = self.endpoints[name]
        kind = "cisco_ios" if PLATFORM_OF[name] == "frr" else PLATFORM_OF[name]
        return {
            "device_type": kind,
            "host": end.host,
            "port": end.port,
            "username": "yunwang",
            "password": self.password,
            **options,
        }


@pytest.fixture
def make_lab(tmp_path: Path) -> Iterator[Callable[..., RunningLab]]:
    """A lab of these devices of the demo city, ended afterwards."""
    made: list[RunningLab] = []

    def make(*names: str) -> RunningLab:
        lab = RunningLab(tmp_path / f"lab{len(made)}", names or tuple(PLATFORM_OF))
        lab.folder.mkdir()
        made.append(lab)
        lab.up()
        return lab

    yield make
    for lab in made:
        down(lab.folder, lab.said.append)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """The whole demo city, shared by a module's tests."""
    running = RunningLab(tmp_path_factory.mktemp("lab"), tuple(PLATFORM_OF))
    running.up()
    yield running
    down(running.folder, running.said.append)
