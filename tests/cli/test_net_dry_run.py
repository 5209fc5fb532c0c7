"""`net apply --dry-run` as an operator calls it: what each device would say; nothing is changed, nothing recorded as a run."""

from __future__ import annotations

from pathlib import Path

from parts import extranet
from parts.command import told, yunwang

TARGETS = ("--target", "device/yz-core-a", "--target", "device/yz-agg-a")


def test_devices_are_asked_and_nothing_is_changed(tmp_path: Path) -> None:
    city = extranet.up(tmp_path / "demo")
    folder = city.workspace.root
    try:
        called = yunwang("net", "apply", "--dry-run", *TARGETS, "-w", folder)
        assert called.returncode == 0, called.stderr
        assert "device/yz-core-a: takes " in called.stdout
        assert "+  ipv6 address 2001:DB8:1FE::/127" in called.stdout
        assert "device/yz-agg-a: not asked: huawei_vrp has no candidate" in called.stdout
        assert "nothing was changed" in called.stdout

        city.fault("yz-core-a", reject="(?i)2001:db8:1fe::4/127")
        called = yunwang("net", "apply", "--dry-run", *TARGETS, "-w", folder)
        assert called.returncode == 1
        assert "device/yz-core-a: would fail: the device rejects 'ipv6 address 2001:db8:1fe::4/127'" in called.stdout
        assert told("history", "list", "-w", folder) == []
    finally:
        city.down()
