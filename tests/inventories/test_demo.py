"""The demo city: free of faults, exactly as described, written only where nothing is."""

from __future__ import annotations

import csv
import stat
from collections import Counter
from pathlib import Path

import pytest

from yunwang.inventories import demo
from yunwang.inventories.demo.faults import EDITS
from yunwang.inventories.network import Platform
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace


def test_the_demo_has_no_findings(demo_city: Path) -> None:
    workspace, findings = read(demo_city)
    assert findings == ()
    assert workspace is not None


def test_the_demo_is_the_city_that_its_readme_promises(sound: Workspace) -> None:
    assert [cloud.name for cloud in sound.settings.clouds] == ["zhengwu", "xinchuang"]
    assert len(sound.tenants) == 6
    assert len(sound.systems) == 12
    assert len(sound.rooms) == 3
    assert len(sound.devices) == 16
    assert len({device.platform for device in sound.devices}) == len(Platform) - 1
    assert len(sound.terminals) == 100
    assert len(sound.dedicated_networks) == 2
    assert len(sound.sites) == 5
    assert [system.name for system in sound.systems if system.room == "education-room"] == ["school-roster", "exam-results"]
    assert sound.lab is not None
    assert {device.name for device in sound.lab.devices} == sound.device_names
    assert all(len(cloud.hosts) == 3 for cloud in sound.lab.clouds)


def test_terminals_sit_in_their_access_switches_vlan_one_port_each(sound: Workspace) -> None:
    counts = Counter(terminal.device for terminal in sound.terminals)
    assert counts == {"yz-acc-1": 25, "yz-acc-2": 25, "dh-acc-1": 15, "dh-acc-2": 15, "lx-acc-1": 10, "sq-acc-1": 10}
    assert len({(terminal.device, terminal.interface) for terminal in sound.terminals}) == 100
    assert {int(terminal.mac) >> 40 for terminal in sound.terminals} == {2}, "locally administered addresses belong to nobody"


def test_links_have_the_slash_30_of_their_number(sound: Workspace) -> None:
    for number, link in enumerate(sound.links):
        ends = []
        for device, interface in ((link.a_device, link.a_interface), (link.b_device, link.b_interface)):
            ends.append(next(each.ipv4 for each in sound.device(device).interfaces if each.name == interface))
        assert [str(end) for end in ends] == [f"10.64.254.{4 * number + 1}/30", f"10.64.254.{4 * number + 2}/30"]


def test_the_lab_plugs_in_at_ports_that_exist(sound: Workspace) -> None:
    assert sound.lab is not None
    vlans = {(device.name, interface.vlan) for device in sound.devices for interface in device.interfaces}
    assert sound.lab.terminals
    assert {(terminal.device, terminal.vlan) for terminal in sound.lab.terminals} <= vlans


def test_the_passphrase_is_the_owners_alone_and_never_the_same(tmp_path: Path) -> None:
    demo.write(tmp_path / "one")
    demo.write(tmp_path / "two")
    files = [tmp_path / name / ".yunwang/secrets/pulumi-passphrase" for name in ("one", "two")]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert len({file.read_text() for file in files}) == 2


def test_secrets_and_state_stay_out_of_git(demo_city: Path) -> None:
    assert {".yunwang/", "secure.yaml"} <= set((demo_city / ".gitignore").read_text().splitlines())


@pytest.mark.parametrize("write", [demo.write, lambda folder: demo.write_empty(folder, "x")])
def test_what_is_there_is_never_overwritten(tmp_path: Path, write: object) -> None:
    assert callable(write)
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(Fatal, match="not empty") as refusal:
        write(tmp_path)
    assert refusal.value.remedy
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_a_fresh_git_repository_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    demo.write_empty(tmp_path, "suyu")
    workspace, findings = read(tmp_path)
    assert findings == ()
    assert workspace is not None
    assert workspace.settings.name == "suyu"


def test_a_file_in_the_place_of_the_folder_is_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Fatal):
        demo.write(tmp_path / "file")
    with pytest.raises(Fatal):
        demo.write(tmp_path / "file" / "below")


def test_the_faulty_demo_reports_each_fault_it_teaches(tmp_path: Path) -> None:
    demo.write(tmp_path / "faulty", faults=True)
    workspace, findings = read(tmp_path / "faulty")
    assert workspace is None
    told = {(finding.code, finding.file) for finding in findings}
    moved = {"prefix-overlap": "tenants/finance.yaml"}  # an overlap is told at the later of the two
    assert [edit for edit in EDITS if (edit.code, moved.get(edit.code, edit.file)) not in told] == []
    whole_files = {"unknown-file"}
    assert [finding for finding in findings if not finding.line and finding.code not in whole_files] == []
    assert len(findings) < 2 * len(EDITS), "a fault should not look like many"


def test_each_fault_is_found_alone_too(tmp_path: Path) -> None:
    for number, edit in enumerate(EDITS):
        if edit.code in {"dependency-circle", "prefix-overlap", "over-capacity"}:
            continue  # made of several edits, or seen only beside others
        folder = tmp_path / str(number)
        demo.write(folder)
        path = folder / edit.file
        path.write_bytes(edit.apply(path.read_bytes() if path.exists() else b""))
        findings = read(folder)[1]
        assert (edit.code, edit.file) in {(finding.code, finding.file) for finding in findings}, edit
        assert len(findings) <= 2, findings


def test_tables_are_plain_csv(demo_city: Path) -> None:
    for path in demo_city.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}, path
