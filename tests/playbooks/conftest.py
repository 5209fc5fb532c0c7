"""The demo city with its devices and its machines running, as `lab up` leads to them, without clouds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from parts import extranet

from yunwang.inventories.workspace import Workspace


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The workspace, as commands read it; nobody is asked in it."""
    running = extranet.up(tmp_path_factory.mktemp("town") / "city", with_machines=True)
    yield running.workspace
    running.down()
