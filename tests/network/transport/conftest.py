"""One device of each platform, as the demo city has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from parts import extranet
from parts.extranet import Extranet

BY_PLATFORM = {
    "huawei_vrp": "yz-agg-a",
    "huawei_vrpv8": "yz-core-a",
    "hp_comware": "yz-core-b",
    "ruijie_os": "lx-acc-1",
    "cisco_ios": "dh-agg-b",
    "frr": "yz-gw-a",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    """The devices of the demo city, started for a module."""
    city = extranet.up(tmp_path_factory.mktemp("city") / "demo")
    yield city
    city.down()


@pytest.fixture
def city(running: Extranet) -> Extranet:
    """The devices, none with a fault that an earlier test gave it."""
    running.sound()
    return running


@pytest.fixture(params=sorted(BY_PLATFORM))
def name(request: pytest.FixtureRequest) -> str:
    """A device of each platform."""
    return BY_PLATFORM[request.param]
