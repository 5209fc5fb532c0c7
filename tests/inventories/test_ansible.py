"""Inventories that Ansible would read in its own way, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from yunwang.inventories.reading.ansible import Inventory, read_inventory
from yunwang.inventories.reading.files import Folder


def inventory(folder: Path, text: str) -> Inventory:
    (folder / "hosts.yaml").write_text(text)
    return read_inventory(Folder(folder), "hosts.yaml")


def variables(read: Inventory, host: str) -> dict[str, object]:
    return {name: variable.node.plain() for name, variable in read.hosts[host].variables.items()}


def test_deeper_groups_win_over_higher_ones_and_hosts_over_groups(tmp_path: Path) -> None:
    text = """
all:
  vars: {a: all, b: all, c: all}
  children:
    upper:
      vars: {b: upper, c: upper}
      children:
        lower:
          vars: {c: lower, d: lower}
          hosts:
            one: {d: host}
            two:
"""
    read = inventory(tmp_path, text)
    assert variables(read, "one") == {"a": "all", "b": "upper", "c": "lower", "d": "host"}
    assert variables(read, "two")["d"] == "lower"


def test_a_group_may_be_described_in_two_places(tmp_path: Path) -> None:
    read = inventory(tmp_path, "all:\n  children:\n    g:\ng:\n  vars: {a: 1}\n  hosts: {x: {}}\n")
    assert variables(read, "x") == {"a": 1}
    assert read.findings == []


def test_a_host_in_two_groups_has_both_groups_variables(tmp_path: Path) -> None:
    read = inventory(tmp_path, "b:\n  vars: {v: b, w: b}\n  hosts: {x: {}}\na:\n  vars: {v: a}\n  hosts: {x: {}}\n")
    assert variables(read, "x") == {"v": "b", "w": "b"}, "of equals, the later name wins"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("all:\n  host: {x: {}}\n", "unknown-field", 2),
        ("all:\n  hosts: [x]\n", "wrong-value", 2),
        ("all:\n  hosts:\n    x: [1]\n", "wrong-value", 3),
        ("all:\n  hosts:\n    x[1:3]: {}\n", "inventory", 3),
        ("- x\n", "wrong-value", 1),
        ("a:\n  children: {b: {children: {a: }}}\n", "inventory", 0),
    ],
)
def test_what_is_no_inventory_is_said(tmp_path: Path, text: str, code: str, line: int) -> None:
    read = inventory(tmp_path, text)
    assert [(finding.code, finding.line) for finding in read.findings] == [(code, line)]


def test_without_a_file_there_are_no_hosts_and_no_fault(tmp_path: Path) -> None:
    read = read_inventory(Folder(tmp_path), "hosts.yaml")
    assert (read.hosts, read.findings, read.complete) == ({}, [], True)


def test_vaulted_values_are_ansibles_business(tmp_path: Path) -> None:
    read = inventory(tmp_path, "all:\n  hosts:\n    x:\n      secret: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        6162\n")
    assert read.findings == []
    assert str(variables(read, "x")["secret"]).startswith("$ANSIBLE_VAULT")
