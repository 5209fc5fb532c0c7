"""The demo city with its devices and its machines running, as `lab up` leads to them, without clouds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from parts.people import alone

from yunwang.inventories import demo
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.lab import devices, machines
from yunwang.lab.overlay import Overlay


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The workspace, as commands read it; nobody is asked in it."""
    root = tmp_path_factory.mktemp("town") / "city"
    demo.write(root)
    alone(root)
    written, faults = read(root)
    assert written is not None, faults
    assert written.lab is not None
    folder = written.state / "lab"
    folder.mkdir(parents=True)
    try:
        ends = devices.up(written.devices, written.lab, written.links, root, folder, print)
        hosts = machines.up(written.lab, folder, print)
        Overlay(written).write({device.name: device.username for device in written.devices}, {}, ends, hosts.endpoints)
        found, faults = read(root)
        assert found is not None, faults
        yield found
    finally:
        machines.down(folder, print)
        devices.down(folder, print)
