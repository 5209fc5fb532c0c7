"""What a device does in IPv4 comes out in IPv6, on every platform; a device that shares no code with ours takes each line.

`golden/<platform>/<case>/running.cfg` uses what is mirrored (`routing`; `hosts`: DHCP, guards, management); `lines.cfg` beside it
is what is sent.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from parts.one_router import PORTS, workspace

from yunwang.inventories.network import Platform
from yunwang.lab.devices.city import City
from yunwang.lab.devices.device import Device as Simulated
from yunwang.lab.devices.platforms import PLATFORMS
from yunwang.lab.devices.render import configuration
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.patch import patch
from yunwang.network.design import dual_stack
from yunwang.network.vendors import vendor

FOLDER = Path(__file__).parent / "golden"
CASES = [(platform, case.name) for platform in PORTS for case in sorted((FOLDER / platform).iterdir())]


def running(platform: Platform, case: str) -> Config:
    return parse((FOLDER / platform / case / "running.cfg").read_text(encoding="utf-8"), vendor(platform).rules)


@pytest.mark.parametrize(("platform", "case"), CASES)
def test_all_that_is_mirrored_is_sent_as_written(platform: Platform, case: str) -> None:
    its, city, before = vendor(platform), workspace(platform), running(platform, case)
    intended = dual_stack.intend(city, city.devices[0], before)
    assert patch(its, before, intended).text() == (FOLDER / platform / case / "lines.cfg").read_text(encoding="utf-8")
    assert not diff(intended, dual_stack.intend(city, city.devices[0], intended)), "a second time changes nothing"


@pytest.mark.parametrize(("platform", "case"), CASES)
def test_a_device_takes_every_line_there_and_back(platform: Platform, case: str, tmp_path: Path) -> None:
    its, city = vendor(platform), workspace(platform)
    startup = tmp_path / "r1.cfg"
    startup.write_text((FOLDER / platform / case / "running.cfg").read_text(encoding="utf-8"), encoding="utf-8")
    played = Simulated(name="r1", platform=PLATFORMS[platform], startup=startup, city=City())
    played.boot()
    assert played.boot_faults == []
    before = running(platform, case)
    intended = dual_stack.intend(city, city.devices[0], before)
    for old, new in ((before, intended), (intended, before)):
        for line in patch(its, old, new).lines:
            if line.enters_view or line.leaves_view:
                continue
            node = played.running
            for view in line.view:
                _, opened = played.configure(played.running, node, view)
                assert opened is not None, view
                node = opened
            played.configure(played.running, node, line.text)
        shown = parse("\n".join(configuration(played, played.running)), its.rules)
        assert not patch(its, shown, new).lines
