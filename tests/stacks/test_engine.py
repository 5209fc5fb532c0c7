"""Finding and building the Pulumi engine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.pulumi import engine


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH, nothing in its cache, and no way out."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv(engine.SKIP_INSTALLER, "1")
    return tmp_path


def test_nothing_there_is_nothing_found(nowhere: Path) -> None:
    assert engine.locate() is None


def test_without_go_it_says_what_to_install_and_leaves_nothing_behind(nowhere: Path) -> None:
    with pytest.raises(Fatal) as refused:
        engine.ensure(lambda line: None)
    assert "golang-go" in refused.value.remedy
    assert not list((nowhere / "cache" / "yunwang").iterdir())


def _script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_an_older_engine_on_path_is_not_taken(nowhere: Path) -> None:
    _script(nowhere / "bin" / "pulumi", "echo v3.100.0")
    _script(nowhere / "bin" / "pulumi-language-python", "exit 0")
    assert engine.locate() is None


def test_a_newer_engine_on_path_is_taken(nowhere: Path) -> None:
    _script(nowhere / "bin" / "pulumi", "echo v3.301.0")
    _script(nowhere / "bin" / "pulumi-language-python", "exit 0")
    found = engine.locate()
    assert found is not None
    assert (found.version, found.source) == ("3.301.0", "PATH")


def test_a_build_that_fails_says_why_and_leaves_nothing_behind(nowhere: Path) -> None:
    _script(nowhere / "bin" / "go", "echo 'no required module provides package x' >&2; exit 1")
    with pytest.raises(Fatal, match="no required module"):
        engine.ensure(lambda line: None)
    assert engine.locate() is None


@pytest.mark.pulumi
def test_the_engine_at_hand_runs_and_is_of_the_version_that_the_sdk_pairs_with() -> None:
    found = engine.ensure(print)
    told = subprocess.run([found.pulumi, "version"], check=True, capture_output=True, text=True)
    assert told.stdout.strip().removeprefix("v") == found.version
    assert found.version.split(".")[0] == "3"
