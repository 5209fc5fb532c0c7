"""Secrets that a child asks its parent for: over a socket, and neither its environment nor a file has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from yunwang.credentials import asked, broker
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace

CHILD = """
import sys
from pathlib import Path
from yunwang.credentials.resolve import resolve
from yunwang.inventories.reading import read
workspace, _ = read(Path(sys.argv[1]))
print(resolve("env://TRIAL_SECRET", workspace))
"""


@pytest.fixture
def workspace(demo_city: Path) -> Workspace:
    found, faults = read(demo_city)
    assert found is not None, faults
    return found


def test_a_child_without_our_environment_gets_the_secret(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAL_SECRET", "correct horse")
    with broker.serving(workspace, tmp_path) as environment:
        assert "correct horse" not in str(environment)
        called = subprocess.run(
            [sys.executable, "-c", CHILD, str(workspace.root)], env=environment, capture_output=True, text=True, check=False
        )
    assert called.stdout == "correct horse\n", called.stderr
    assert not (tmp_path / "secrets").exists(), "the socket is gone"


def test_what_cannot_be_resolved_is_told_to_the_child_and_nothing_but_references_is_answered(
    workspace: Workspace, tmp_path: Path
) -> None:
    with broker.serving(workspace, tmp_path) as environment:
        path = environment[asked.ASK]
        with pytest.raises(Fatal, match="NO_SUCH_VARIABLE"):
            asked.ask(path, "env://NO_SUCH_VARIABLE")
        with pytest.raises(Fatal, match="not a reference"):
            asked.ask(path, "/etc/shadow")
    with pytest.raises(Fatal, match="cannot be asked for"):
        asked.ask(path, "env://HOME")
