"""`yunwang net backup`, `archive`, `drift` and `restore` as a person types them, on simulated devices over SSH."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parts import extranet
from parts.extranet import TIMEOUTS

from yunwang.cli.main import run
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import connect

ROUTER = "dh-agg-b"
SECRET, OTHER = "night-reads-ios", "day-reads-ios"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The workspace with its devices running, as commands read it; nobody is asked in it."""
    running = extranet.up(tmp_path_factory.mktemp("town") / "city")
    yield running.workspace
    running.down()


def by_hand(city: Workspace, *lines: str) -> None:
    with connect(city.device(ROUTER), city, wire=city.state / "wire", timeouts=TIMEOUTS) as session:
        session.push([PatchLine(line) for line in lines])
        session.save()


@pytest.fixture
def call(city: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """A command as li-wei types it, which has to end so; all that it said."""
    monkeypatch.setenv("YUNWANG_OPERATOR", "li-wei")

    def typed(*words: str | Path, ends: int = 0) -> str:
        ended = run([*map(str, words), "-w", str(city.root)])
        said = capsys.readouterr()
        assert ended == ends, said.err
        assert SECRET not in said.out + said.err
        assert OTHER not in said.out + said.err
        return said.out + said.err if ends == 1 else said.out

    return typed


def test_a_device_is_archived_drifts_and_is_restored(city: Workspace, call: Callable[..., str], tmp_path: Path) -> None:
    target = ("--target", f"device/{ROUTER}")
    assert "nothing is archived yet" in call("net", "drift", *target, ends=1)
    by_hand(city, f"snmp-server community {SECRET} RO")
    said = call("net", "backup", *target)
    assert f"{ROUTER} " in said
    assert "1 devices, 1 changed" in said
    assert "snmp-server community <hmac:" in call("net", "archive", ROUTER, "--show", "HEAD")
    by_hand(city, f"no snmp-server community {SECRET}", f"snmp-server community {OTHER} RW")
    said = call("net", "drift", *target, "--detailed-exitcode", ends=2)
    assert "changed behind the tool" in said
    assert "+ snmp-server community <hmac:" in said

    plan = tmp_path / "back.plan"
    call("net", "restore", "plan", "--of", ROUTER, "-o", plan)
    assert "<hmac:" in plan.read_text()
    assert not any(secret in plan.read_text() for secret in (SECRET, OTHER))
    call("net", "restore", "apply", "--plan", plan, "--yes")
    with connect(city.device(ROUTER), city, wire=city.state / "wire", timeouts=TIMEOUTS) as session:
        running = session.running()
    assert f"snmp-server community {SECRET} RO" in running
    assert OTHER not in running
    assert json.loads(call("net", "backup", *target, "--json"))["changed"] == {}
    [done] = json.loads(call("history", "list", "--json"))
    call("rollback", done["id"], "--yes")
    kinds = {one["kind"] for one in json.loads(call("net", "drift", *target, "--json"))}
    assert kinds == {"by-run", "intent-not-applied"}, "that it was taken back is ours too"
    [version] = json.loads(call("net", "archive", ROUTER, "--json"))
    assert version["added"] > 50
    (city.state / "secrets" / "archive-key").unlink()
    assert "archive-key is gone" in call("net", "restore", "plan", "--of", ROUTER, ends=1)


def test_a_device_that_is_none_is_told(call: Callable[..., str]) -> None:
    assert "no device matches device/none" in call("net", "backup", "--target", "device/none", ends=1)
