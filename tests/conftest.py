"""What every room's tests may ask for: the demo city, and the demo city with its lab running."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from yunwang.cli import lab as labs
from yunwang.inventories import demo
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace

SHARED = Path(__file__).parents[2] / "shared"
FIRST = ("migration", "playbooks", "cli", "stacks", "lab", "operations")
"""Rooms with tests that take minutes."""


def pytest_configure() -> None:
    """Ctrl-C reaches what tests start, also where a shell runs the tests in the background and has them ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take files in this order, those that take minutes first. Tests that need root say so elsewhere."""
    rooms = {item: item.path.relative_to(Path(__file__).parent).parts[0] for item in items}
    items.sort(key=lambda item: FIRST.index(rooms[item]) if rooms[item] in FIRST else len(FIRST))
    if os.geteuid() != 0:
        for item in items:
            if "root" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="needs root: namespaces, FRR"))


@pytest.fixture(scope="session")
def captures() -> Path:
    """Third-party captures that are not part of the project; skips, saying so, where they are not there."""
    folder = SHARED / "captures"
    if not folder.is_dir():
        pytest.skip(f"no captures beside the project ({folder})")
    return folder


@pytest.fixture
def demo_city(tmp_path: Path) -> Path:
    """A fresh demo workspace, nothing of its lab running."""
    folder = tmp_path / "demo"
    demo.write(folder)
    return folder


@pytest.fixture(scope="session")
def demo_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The demo city with its whole lab running, shared by all tests of a worker: leave it as you found it.

    YUNWANG_TEST_LAB=FOLDER, a workspace whose lab runs, spares its start while one works on a test.
    """
    if running := os.environ.get("YUNWANG_TEST_LAB"):
        found, faults = read(Path(running))
        assert found is not None, faults
        yield found
        return
    folder = tmp_path_factory.mktemp("lab") / "demo"
    demo.write(folder)
    found, faults = read(folder)
    assert found is not None, faults
    lab = labs.find()
    try:
        lab.up(found, print)
        ready, faults = read(folder)
        assert ready is not None, faults
        yield ready
    finally:
        lab.down(found, print, True)
