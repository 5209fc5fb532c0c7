"""The embedded lab as a user meets it: up, used, broken, mended, down. Its clouds have tests of their own (tests/lab/openstack)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from netmiko import ConnectHandler

from yunwang.inventories import demo
from yunwang.inventories.network import Platform
from yunwang.inventories.reading import read, salvage
from yunwang.inventories.verdict import Fatal, Refused, Retryable
from yunwang.inventories.workspace import Workspace
from yunwang.lab import frr, namespaces, process
from yunwang.lab.embedded import Embedded
from yunwang.lab.state import LabStatus, alone

UP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_embedded import city
from yunwang.lab.embedded import Embedded
Embedded().up(city(Path(sys.argv[1])), lambda line: print(line, flush=True))
"""


def city(folder: Path) -> Workspace:
    """The demo city in `folder`, without clouds."""
    found, faults = read(folder)
    assert found, faults
    assert found.lab
    return found.model_copy(update={"lab": found.lab.model_copy(update={"clouds": ()})})


class House:
    """A workspace and its lab."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        demo.write(folder)
        self.workspace = city(folder)
        self.lab = Embedded()
        self.said: list[str] = []
        self.first: tuple[str, ...] = ()

    def up(self) -> LabStatus:
        self.said.clear()
        return self.lab.up(self.workspace, self.said.append)

    def down(self, purge: bool = False) -> LabStatus:
        return self.lab.down(self.workspace, self.said.append, purge)

    def pids(self) -> dict[str, tuple[int, ...]]:
        return {part.name: part.pids for part in self.lab.status(self.workspace).parts}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all tests of this module that begin with a lab that runs."""
    made = House(tmp_path_factory.mktemp("house") / "云州 demo")
    try:
        made.up()
        made.first = tuple(made.said)
        yield made
    finally:
        made.down(purge=True)


@pytest.fixture
def house(standing: House) -> House:
    """Up and running, whatever the test before did to it."""
    standing.up()
    return standing


def test_what_is_up_is_written_where_tools_and_the_workspace_look_for_it(house: House) -> None:
    status = house.lab.status(house.workspace)
    assert status.alive
    assert not house.up().changed
    workspace = city(house.folder)
    core = workspace.device("yz-core-a")
    assert core.host == "127.0.0.1"
    assert core.password is not None
    password = house.folder / core.password.removeprefix("file://")
    assert password.stat().st_mode & 0o777 == 0o600
    with ConnectHandler(
        device_type="huawei_vrpv8",
        host=core.host,
        port=core.port,
        username=core.username,
        password=password.read_text().strip(),
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(house.folder / core.known_hosts),
    ) as connection:
        assert "yz-core-a" in connection.find_prompt()
    secure = house.folder / "secure.yaml"
    assert secure.stat().st_mode & 0o777 == 0o600
    assert "clouds" in yaml.safe_load(secure.read_text())


def test_ansible_reaches_every_machine_by_the_labs_environment(house: House) -> None:
    words = [sys.executable, "-m", "ansible", "adhoc", "linux", "-m", "ansible.builtin.ping"]
    ours = {**os.environ, **house.lab.environment(house.workspace), "ANSIBLE_HOST_KEY_CHECKING": "True"}
    done = subprocess.run(words, env=ours, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('"ping": "pong"') == 3


def test_frr_is_real_where_root_allows_and_says_so_where_not(house: House) -> None:
    notes = {part.name: part.note for part in house.lab.status(house.workspace).parts}
    routers = [device.name for device in house.workspace.devices if device.platform is Platform.FRR]
    reason = frr.obstacle(house.folder) or frr.mute()
    assert {notes[name] for name in routers} == {"simulated" if reason else "real FRR"}
    assert any("FRR is simulated" in line for line in house.first) == bool(reason)


def test_what_died_is_mended_and_nothing_else_is_touched(house: House) -> None:
    before = house.pids()
    for name in ("simulated-devices", "old-education"):
        os.kill(before[name][0], signal.SIGKILL)
        while process.born(before[name][0]):
            pass
    assert not house.lab.status(house.workspace).alive
    assert house.up().changed
    status = house.lab.status(house.workspace)
    assert status.alive
    after = house.pids()
    assert after["simulated-devices"] != before["simulated-devices"]
    assert after["gateway"] == before["gateway"]
    assert not house.up().changed


def test_a_lost_file_is_written_again(house: House) -> None:
    before = house.pids()
    for name in ("secure.yaml", ".yunwang/lab/inventory.yaml", ".yunwang/lab/known_hosts"):
        text = (house.folder / name).read_text()
        (house.folder / name).unlink()
        assert house.up().changed
        assert (house.folder / name).read_text() == text
    assert house.pids() == before


def test_down_keeps_the_state_and_purge_forgets_it(house: House) -> None:
    before = house.pids()
    assert house.down().changed
    assert not (house.folder / "secure.yaml").exists()
    assert [pid for pids in before.values() for pid in pids if process.born(pid)] == []
    assert not house.down().changed
    with pytest.raises(Fatal, match="is down"):
        house.lab.environment(house.workspace)
    house.up()
    assert not any("seeding" in line for line in house.said)
    house.down(purge=True)
    assert not (house.folder / ".yunwang" / "lab").exists()
    assert namespaces.existing(namespaces.prefix(house.folder / ".yunwang" / "lab")) == set()


def test_a_lab_whose_files_have_got_faults_is_shown_and_stopped(house: House) -> None:
    sound = house.workspace
    files = {name: (house.folder / name).read_text() for name in ("rooms.csv", "lab.yaml")}
    try:
        for name in files:
            (house.folder / name).write_text("[")
        house.workspace = salvage(house.folder)
        running = house.pids()
        assert {"simulated-devices", "old-education", "new-education", "gateway"} <= running.keys()
        house.down()
        assert [pid for pids in running.values() for pid in pids if process.born(pid)] == []
        assert house.pids() == {}
    finally:
        house.workspace = sound
        for name, text in files.items():
            (house.folder / name).write_text(text)


def test_an_up_that_was_killed_half_way_is_finished_by_the_next(tmp_path: Path) -> None:
    house = House(tmp_path / "demo")
    words = [sys.executable, "-c", UP, str(house.folder), str(Path(__file__).parent)]
    try:
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as half:
            assert half.stdout
            for line in half.stdout:
                if "starting machine new-education" in line:
                    half.kill()
                    break
        house.up()
        assert house.lab.status(house.workspace).alive
        assert not house.up().changed
    finally:
        house.down(purge=True)


def test_ctrl_c_ends_at_once_and_leaves_what_down_can_take_away(tmp_path: Path) -> None:
    house = House(tmp_path / "demo")
    words = [sys.executable, "-c", UP, str(house.folder), str(Path(__file__).parent)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as interrupted:
        assert interrupted.stdout
        for line in interrupted.stdout:
            if "starting machine gateway" in line:
                interrupted.send_signal(signal.SIGINT)
                break
        assert "KeyboardInterrupt" in interrupted.communicate(timeout=60)[1]
    house.down(purge=True)
    assert [pids for pids in house.pids().values() if pids] == []


def test_two_at_once_do_not_meet(tmp_path: Path) -> None:
    house = House(tmp_path / "demo")
    with alone(house.folder / ".yunwang" / "lab"), pytest.raises(Retryable, match=str(os.getpid())):
        house.up()


def test_somebodys_own_credentials_are_not_overwritten(tmp_path: Path) -> None:
    house = House(tmp_path / "demo")
    (house.folder / "secure.yaml").write_text("clouds: {mine: {auth: {password: x}}}\n")
    with pytest.raises(Refused, match=r"secure\.yaml"):
        house.up()
    house.down(purge=True)
    assert "mine" in (house.folder / "secure.yaml").read_text()


def test_a_workspace_without_a_lab_is_told_so(tmp_path: Path) -> None:
    house = House(tmp_path / "demo")
    house.workspace = house.workspace.model_copy(update={"lab": None})
    with pytest.raises(Refused, match=r"lab\.yaml"):
        house.up()
