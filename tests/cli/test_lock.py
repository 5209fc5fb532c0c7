"""`yunwang lock`: who holds what, and giving up a run that nobody will resume."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from yunwang.cli.main import run
from yunwang.journal.store import Journal

BORROWED = "20261122-060000-abcdef"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path / "city"), "-q"]) == 0
    return tmp_path / "city"


@pytest.fixture
def other(workspace: Path) -> Iterator[Journal]:
    """The workspace's journal, as a living process on another machine has it, which holds a device."""
    journal = Journal.open(None, workspace / ".yunwang", me="another machine/1/1")
    journal.leases.acquire(BORROWED, ["device/yz-agg-a"], owner="chen-jing", host="den", command="yunwang net apply")
    yield journal
    journal.close()


def test_nothing_is_held_in_a_new_workspace(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lock", "list", "-w", str(workspace)]) == 0
    assert capsys.readouterr().out == "No run holds a target.\n"


def test_the_list_says_who_where_since_when_and_with_which_command(
    workspace: Path, other: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lock", "list", "-w", str(workspace)]) == 0
    line = capsys.readouterr().out
    for word in ("device/yz-agg-a", "chen-jing on den since", "(alive)", BORROWED, "yunwang net apply"):
        assert word in line
    assert run(["lock", "list", "--json", "-w", str(workspace)]) == 0
    [lease] = json.loads(capsys.readouterr().out)
    assert (lease["target"], lease["owner"], lease["lapsed"]) == ("device/yz-agg-a", "chen-jing", False)


def test_who_lives_is_given_up_with_force_alone_and_the_audit_tells_who_and_why(
    workspace: Path, other: Journal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUNWANG_OPERATOR", "li-wei")
    give_up = ["lock", "break", "yz-agg-a", "--reason", "its desk burnt down", "-w", str(workspace)]
    assert run([*give_up, "--yes"]) == 1
    assert "is still at work: chen-jing on den" in capsys.readouterr().err
    assert run([*give_up, "--force"]) == 1  # nobody is there to say yes
    assert len(other.leases.all()) == 1
    assert run([*give_up, "--force", "--yes"]) == 0
    assert other.leases.all() == ()
    [entry] = [entry for entry in other.audit.entries() if entry.event == "run.given-up"]
    assert (entry.operator, entry.run) == ("li-wei", BORROWED)
    assert json.loads(entry.details) == {"reason": "its desk burnt down", "forced": True}


def test_giving_up_asks_for_a_reason_and_for_something_that_is_held(
    workspace: Path, other: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lock", "break", "yz-agg-a", "-w", str(workspace)]) == 64
    assert run(["lock", "break", "yz-agg-b", "--reason", "x", "--yes", "-w", str(workspace)]) == 1
    assert "no run in the journal named yz-agg-b" in capsys.readouterr().err
