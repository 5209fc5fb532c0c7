"""The demo city's devices, with secrets that somebody typed on one of each platform; an archive apart for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parts import extranet
from parts.extranet import Extranet
from parts.guarded import SECRETS, Guarded
from parts.spying import Spy

from yunwang.inventories.workspace import ArchiveSettings
from yunwang.journal.store import Journal


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    """The devices as they boot."""
    city = extranet.up(tmp_path_factory.mktemp("city") / "demo")
    yield city
    city.down()


@pytest.fixture
def town(running: Extranet, tmp_path: Path) -> Iterator[Guarded]:
    """Whatever was typed on the devices in a test is taken away by it or by `typed`."""
    running.sound()
    settings = running.workspace.settings.model_copy(update={"archive": ArchiveSettings(folder=str(tmp_path / "archive"))})
    workspace = running.workspace.revised(settings=settings, roles=None)
    city = Extranet(workspace, running.folder)
    spy = Spy({f"{name} {which}": value for name, (_, *values) in SECRETS.items() for which, value in enumerate(values)})
    journal = Journal.open(None, tmp_path / "state")
    key = workspace.state / "secrets" / "archive-key"
    key.unlink(missing_ok=True)
    yield Guarded(city, journal, tmp_path, spy)
    journal.close()
    key.unlink(missing_ok=True)


@pytest.fixture
def typed(town: Guarded) -> Iterator[Callable[..., None]]:
    """Types a device's first secret on it, which is gone afterwards."""
    names: list[str] = []

    def give(*asked: str) -> None:
        for name in asked:
            names.append(name)
            town.by_hand(name, *town.secret(name))

    yield give
    for name in names:
        for which in (0, 1):
            if SECRETS[name][1 + which] in town.runs(name):
                town.by_hand(name, *town.secret(name, which, away=True))
