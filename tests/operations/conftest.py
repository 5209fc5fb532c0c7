from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yunwang.inventories.workspace import ApplySettings, Settings, Workspace
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path, digest="sha256:intent", settings=Settings(version=1, name="larder", title="Larder"))


@pytest.fixture
def journal(workspace: Workspace) -> Iterator[Journal]:
    opened = Journal.open(None, workspace.state)
    yield opened
    opened.close()


@pytest.fixture
def make_engine(workspace: Workspace, journal: Journal) -> Callable[..., Engine]:
    def make(*, undo: str = "wave", digest: str = "sha256:intent", now: datetime | None = None) -> Engine:
        settings = workspace.settings.model_copy(update={"apply": ApplySettings.model_validate({"undo": undo})})
        return Engine(
            workspace=workspace.model_copy(update={"digest": digest, "settings": settings}),
            journal=journal,
            operator="li-wei",
            host="desk",
            command="yunwang apply",
            say=lambda line: None,
            clock=lambda: now or datetime.now(UTC),
        )

    return make


@pytest.fixture
def engine(make_engine: Callable[..., Engine]) -> Engine:
    return make_engine()
