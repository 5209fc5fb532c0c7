"""The key of Pulumi's state: ciphertext in every file, and from one key to another for all stacks or none. Real engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
from parts.bao import ROOT_TOKEN, serving
from parts.spying import Spy
from pulumi import automation as auto

from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.stacks.pulumi import rotation
from yunwang.stacks.pulumi.automation import Stacks
from yunwang.stacks.pulumi.backend import Backend
from yunwang.stacks.pulumi.key import key_of

pytestmark = pytest.mark.pulumi
SECRET = "state-secret-7f3a"
OLD, NEW = "file://old", "file://new"
FINANCE, EMPTY = ("tenants", "zhengwu.finance"), ("tenants", "zhengwu.empty")


def _workspace(root: Path, **settings: Any) -> Workspace:
    return Workspace(root=root, digest="", settings=Settings.model_validate({"version": 1, "name": "t", "title": "t", **settings}))


def _program() -> None:
    pulumi.export("password", pulumi.Output.secret(SECRET))


def _made(root: Path) -> None:
    """A stack with a secret under the old passphrase, and one that was never applied."""
    for name in ("old", "new", "other"):
        (root / name).write_text(f"passphrase-{name}\n")
        (root / name).chmod(0o600)
    stacks = Stacks(_workspace(root, pulumi={"passphrase": OLD}), lambda cloud: {}, lambda name, config: None)
    stacks.up(*FINANCE, "", _program, None, lambda line: None)
    stacks.preview(*EMPTY, "", _program)


def _backend(root: Path, **settings: Any) -> Backend:
    backend = Backend(_workspace(root, **settings))
    backend.prepare(print)
    return backend


def _state(root: Path) -> dict[Path, bytes]:
    """What the engine goes by: states and settings of stacks."""
    found = [*root.glob(".yunwang/pulumi/.pulumi/stacks/**/*.json"), *root.glob(".yunwang/pulumi/projects/**/*.yaml")]
    return {path: path.read_bytes() for path in found}


def _leaks(root: Path, secret: str = SECRET) -> list[tuple[Path, str]]:
    """Whatever the engine wrote, its logs and backups too."""
    return list(Spy({"it": secret}).files([root / ".yunwang"]))


def test_wrong_keys_are_refused_then_all_stacks_go_to_the_new_passphrase_and_state_never_holds_plaintext(tmp_path: Path) -> None:
    _made(tmp_path)
    before = _state(tmp_path)
    old = _backend(tmp_path, pulumi={"passphrase": OLD})
    with pytest.raises(Refused, match="both"):
        rotation.rotate(old, old.key, print)
    new = _backend(tmp_path, pulumi={"passphrase": NEW})
    with pytest.raises(Refused, match="neither"):
        rotation.rotate(new, key_of(new.workspace, "passphrase", "file://other"), print)
    assert _state(tmp_path) == before
    assert rotation.rotate(new, old.key, print) == (EMPTY, FINANCE)
    for stack in (EMPTY, FINANCE):
        assert rotation.opens(new, stack, new.key)
        assert not rotation.opens(new, stack, old.key)
    assert SECRET in new.call("tenants", "stack", "output", "--show-secrets", "--stack", FINANCE[1])
    assert _leaks(tmp_path) == []
    assert not (new.folder / "rotation").exists()
    assert rotation.rotate(new, old.key, print) == ()


def test_a_rotation_that_fails_or_dies_at_the_second_stack_leaves_none_half_rotated(tmp_path: Path) -> None:
    _made(tmp_path)
    old, new = _backend(tmp_path, pulumi={"passphrase": OLD}), _backend(tmp_path, pulumi={"passphrase": NEW})
    state = new.folder / ".pulumi" / "stacks" / "tenants" / "zhengwu.finance.json"
    command, changes = new.command.run, 0

    def broken(arguments: list[str], *rest: Any, **named: Any) -> auto.CommandResult:
        """The real engine; before its second change somebody spoils the state."""
        nonlocal changes
        changes += "change-secrets-provider" in arguments
        if changes == 2:
            state.write_text(state.read_text()[:200])
        return command(arguments, *rest, **named)

    new.command.run = broken  # type: ignore[assignment,method-assign]
    with pytest.raises(Fatal, match=r"zhengwu\.finance of tenants does not take the new key"):
        rotation.rotate(new, old.key, print)
    new.command.run = command  # type: ignore[method-assign]
    for stack in (EMPTY, FINANCE):
        assert rotation.opens(new, stack, old.key)
        assert not rotation.opens(new, stack, new.key)
    # what a process leaves that was killed between the engine's two writes: settings for the new key, state under the old one
    settings = new.project("tenants") / f"Pulumi.{FINANCE[1]}.yaml"
    whole = state.read_text()
    rotation._change(new, FINANCE, old.key)
    state.write_text(whole)
    assert not rotation.opens(new, FINANCE, old.key)
    assert settings.exists()
    assert rotation.rotate(new, old.key, print) == (EMPTY, FINANCE)
    assert SECRET in new.call("tenants", "stack", "output", "--show-secrets", "--stack", FINANCE[1])


def test_a_teams_key_in_a_vault_takes_over_from_a_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _made(tmp_path)
    monkeypatch.setenv("YW_VAULT_TOKEN", ROOT_TOKEN)
    with serving(tmp_path) as vault:
        vault.client.sys.enable_secrets_engine("transit")
        vault.client.secrets.transit.create_key("stacks")
        settings = {"vault": {"address": vault.address, "token": "env://YW_VAULT_TOKEN"}}
        team = _backend(tmp_path, pulumi={"secrets_provider": "hashivault://stacks"}, secrets=settings)
        former = key_of(team.workspace, "passphrase", OLD)
        assert rotation.rotate(team, former, print) == (EMPTY, FINANCE)
        assert not rotation.opens(team, FINANCE, former)
        stacks = Stacks(team.workspace, lambda cloud: {}, lambda name, config: None)
        stacks.up("tenants", "zhengwu.health", "", _program, None, lambda line: None)
        assert rotation.opens(team, ("tenants", "zhengwu.health"), team.key)
    assert [*_leaks(tmp_path), *_leaks(tmp_path, ROOT_TOKEN)] == []
