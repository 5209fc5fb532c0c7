from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parts.watch import Watch

from yunwang.inventories.workspace import ApplySettings, Settings, Workspace
from yunwang.journal import process
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.operations.terms import Terms


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path, digest="sha256:intent", settings=Settings(version=1, name="larder", title="Larder"))


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def journal(workspace: Workspace, watch: Watch) -> Iterator[Journal]:
    opened = Journal.open(None, workspace.state, now=watch.now)
    yield opened
    opened.close()


@pytest.fixture
def dead_journal(workspace: Workspace, watch: Watch) -> Iterator[Journal]:
    """The same journal, as a process of this machine had it that is no more."""
    machine = process.identity().rpartition("/")[0].rpartition("/")[0]
    opened = Journal.open(None, workspace.state, now=watch.now, me=f"{machine}/4194304/1")
    yield opened
    opened.close()


@pytest.fixture
def make_engine(workspace: Workspace, journal: Journal, watch: Watch) -> Callable[..., Engine]:
    """`settings`: of yunwang.yaml's `apply`; `terms`: of this apply."""

    def make(
        *, digest: str = "sha256:intent", of: Journal = journal, terms: Terms | None = None, zone: str = "UTC", **settings: object
    ) -> Engine:
        new = {"apply": ApplySettings.model_validate(settings), "time_zone": zone}
        return Engine(
            workspace=workspace.model_copy(update={"digest": digest, "settings": workspace.settings.model_copy(update=new)}),
            journal=of,
            operator="li-wei",
            host="desk",
            command="yunwang apply",
            say=lambda line: None,
            terms=terms or Terms(),
            clock=watch,
        )

    return make


@pytest.fixture
def engine(make_engine: Callable[..., Engine]) -> Engine:
    return make_engine()
