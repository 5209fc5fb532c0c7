"""The benchmark of patches measures right results, and would notice wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.configurations import Pair, bindings, router
from bench.patch import OURS, wrong
from bench.race import Lap, turn

from yunwang.inventories.network import Platform
from yunwang.lab.devices.city import City
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.platforms import PLATFORMS
from yunwang.lab.devices.render import configuration


def ours(pair: Pair) -> Lap:
    return turn(OURS, pair._asdict(), print)


@pytest.mark.parametrize("pair", [router(3), bindings(30)], ids=["router", "bindings"])
def test_our_patches_lead_there_and_back(pair: Pair) -> None:
    assert wrong(pair, ours(pair)) == ""


def test_a_patch_that_lacks_a_line_or_takes_back_too_much_is_noticed() -> None:
    pair = bindings(30)
    lap = ours(pair)
    forward, reverse = lap.result
    assert "does not lead there" in wrong(pair, Lap(0, 0, [forward[:-1], reverse]))
    assert "nothing to take back" in wrong(pair, Lap(0, 0, [forward, [*reverse, "undo dhcp enable"]]))


def test_sizes_are_those_that_the_table_names() -> None:
    assert [sum(line != "#" for line in text.splitlines()) for text in router(100)] == [1001, 1401]
    pair = bindings(1000)
    assert len(set(pair.running.splitlines()) - set(pair.intended.splitlines())) == 100


def test_a_device_takes_our_patches_line_by_line(tmp_path: Path) -> None:
    pair = router(2)
    for before, lines, after in zip(pair, ours(pair).result, reversed(pair), strict=True):
        device = booted(before, tmp_path)
        view = device.running
        for line in lines:
            view = device.running if line == "quit" else device.configure(device.running, view, line)[1] or view
        wanted = booted(after, tmp_path)
        assert configuration(device, device.running) == configuration(wanted, wanted.running)


def booted(text: str, folder: Path) -> Device:
    startup = folder / "startup.cfg"
    startup.write_text(f"[V300R024C00SPC100]\n#\n{text}#\nreturn\n")
    city = City()
    city.devices["router"] = device = Device(name="router", platform=PLATFORMS[Platform.HUAWEI_VRP], startup=startup, city=city)
    device.boot()
    assert device.boot_faults == []
    return device
