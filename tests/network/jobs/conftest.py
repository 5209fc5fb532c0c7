"""The demo city's sixteen devices, started for a module; each test leaves no change of its own on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from parts import extranet
from parts.extranet import Extranet

from yunwang.inventories import demo
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    """The devices as they boot: IPv4 only, nothing bound."""
    city = extranet.up(tmp_path_factory.mktemp("city") / "demo")
    yield city
    city.down()


@pytest.fixture
def city(running: Extranet) -> Extranet:
    """The devices, none with a fault that an earlier test gave it."""
    running.sound()
    return running


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo city on paper."""
    folder = tmp_path_factory.mktemp("paper") / "demo"
    demo.write(folder)
    workspace, faults = read(folder)
    assert workspace is not None, faults
    return workspace
