"""Secrets of a real server of the Vault family: both versions of its store, its ways to sign in, its bad moments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from parts.bao import ROOT_TOKEN, Bao, serving
from parts.meddler import Meddler

from yunwang.credentials import vault
from yunwang.credentials.check import check
from yunwang.credentials.resolve import resolve
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace

Workspaces = Callable[..., Workspace]


@pytest.fixture(autouse=True)
def _token(workspace: Workspaces, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's, in the shell that runs the tests; `workspace` cleared the others."""
    monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)


@pytest.mark.parametrize(
    ("reference", "secret"),
    [
        ("vault://secret/net/core#password", "of-v2"),
        ("vault://old/net/core#password", "of-v1"),
        ("vault://team/kv/app#password", "of-team"),
    ],
)
def test_both_versions_of_the_store_are_read_wherever_they_are_mounted(
    reference: str, secret: str, bao: Bao, workspace: Workspaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resolve(reference, workspace(vault={"address": bao.address})) == secret
    monkeypatch.setenv("VAULT_ADDR", bao.address)
    assert resolve(reference, workspace()) == secret


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("vault://secret/net/core#nothing", "no field nothing"),
        ("vault://secret/net/core#port", "not text"),
        ("vault://secret/nothing#x", "is not there"),
        ("vault://secret/gone#password", "is not there"),
        ("vault://nowhere/net#x", "may not be read"),
        ("vault://transit/keys/x#y", "not in a key/value store"),
    ],
)
def test_what_is_not_there_is_said(reference: str, said: str, bao: Bao, workspace: Workspaces) -> None:
    with pytest.raises(Fatal, match=said) as refused:
        resolve(reference, workspace(vault={"address": bao.address}))
    assert reference in refused.value.message
    assert refused.value.remedy


def test_a_token_file_will_do_and_no_token_is_told(
    bao: Bao, workspace: Workspaces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAULT_TOKEN")
    asked = workspace(vault={"address": bao.address})
    with pytest.raises(Fatal, match="needs a token"):
        resolve("vault://secret/net/core#password", asked)
    (tmp_path / ".vault-token").write_text(ROOT_TOKEN)
    assert resolve("vault://secret/net/core#password", asked) == "of-v2"
    (tmp_path / ".vault-token").write_text("wrong-token")
    with pytest.raises(Fatal, match="may not be read") as refused:
        resolve("vault://secret/net/core#password", asked)
    assert "wrong-token" not in str(refused.value)


def test_an_approle_reads_what_its_policy_allows_and_leaves_no_token_behind(
    bao: Bao, workspace: Workspaces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAULT_TOKEN")
    role = bao.client.auth.approle.read_role_id("yunwang")["data"]["role_id"]
    secret_id = tmp_path / "secret-id"
    secret_id.write_text(bao.client.auth.approle.generate_secret_id("yunwang")["data"]["secret_id"])
    secret_id.chmod(0o600)
    monkeypatch.setenv("ROLE", role)
    asked = workspace(vault={"address": bao.address, "approle_role_id": "env://ROLE", "approle_secret_id": "file://secret-id"})
    before = bao.client.list("auth/token/accessors")["data"]["keys"]
    assert resolve("vault://secret/net/core#password", asked) == "of-v2"
    with pytest.raises(Fatal, match="may not be read"):
        resolve("vault://team/kv/app#password", asked)
    assert sorted(bao.client.list("auth/token/accessors")["data"]["keys"]) == sorted(before)
    secret_id.write_text("not-the-secret-id")
    with pytest.raises(Fatal, match="refuses the AppRole env://ROLE") as refused:
        resolve("vault://secret/net/core#password", asked)
    assert role not in str(refused.value)
    assert "not-the-secret-id" not in str(refused.value)


def test_a_namespace_is_its_own_world(bao: Bao, workspace: Workspaces) -> None:
    bao.client.write("sys/namespaces/city")
    inside = {"headers": {"X-Vault-Namespace": "city"}}
    bao.client.adapter.post("/v1/sys/mounts/kv", json={"type": "kv", "options": {"version": "1"}}, **inside)
    bao.client.adapter.post("/v1/kv/net", json={"password": "of-city"}, **inside)
    assert resolve("vault://kv/net#password", workspace(vault={"address": bao.address, "namespace": "city"})) == "of-city"
    with pytest.raises(Fatal):
        resolve("vault://kv/net#password", workspace(vault={"address": bao.address}))


@pytest.mark.parametrize("status", vault.PASSING)
def test_what_passes_is_tried_again(status: int, bao: Bao, workspace: Workspaces) -> None:
    meddler = Meddler(bao.address)
    meddler.faults = [(status, {"Retry-After": "0"}), (status, {"Retry-After": "0"})]
    assert resolve("vault://secret/net/core#password", workspace(vault={"address": meddler.url})) == "of-v2"
    assert len(meddler.seen) == 4
    meddler.shutdown()


def test_what_does_not_pass_ends_after_some_tries(bao: Bao, workspace: Workspaces) -> None:
    meddler = Meddler(bao.address)
    meddler.faults = [(503, {"Retry-After": "0"})] * 20
    with pytest.raises(Fatal, match="was not ready in 4 tries"):
        resolve("vault://secret/net/core#password", workspace(vault={"address": meddler.url}))
    meddler.faults = [(400, {})]
    with pytest.raises(Fatal, match="InvalidRequest"):
        resolve("vault://secret/net/core#password", workspace(vault={"address": meddler.url}))
    meddler.shutdown()


def test_nobody_there_and_no_address_are_told(workspace: Workspaces) -> None:
    with pytest.raises(Fatal, match="cannot be reached"):
        resolve("vault://secret/a#b", workspace(vault={"address": "http://127.0.0.1:9"}))
    with pytest.raises(Fatal, match="no server is named"):
        resolve("vault://secret/a#b", workspace())


def test_a_private_ca_is_asked_for_and_then_trusted(workspace: Workspaces, tmp_path: Path) -> None:
    with serving(tmp_path, tls=True) as server:
        server.client.secrets.kv.v2.create_or_update_secret("net", {"password": "over-tls"})
        with pytest.raises(Fatal, match="is not trusted") as refused:
            resolve("vault://secret/net#password", workspace(vault={"address": server.address}))
        assert "secrets.vault.ca" in refused.value.remedy
        trusting = workspace(vault={"address": server.address, "ca": "vault-ca.pem"})
        assert resolve("vault://secret/net#password", trusting) == "over-tls"


def test_a_check_follows_every_reference_and_names_those_that_fail(
    bao: Bao, workspace: Workspaces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YW_TOKEN", ROOT_TOKEN)
    (tmp_path / "clouds.yaml").write_text(
        "clouds:\n  one: {auth: {username: admin, password: 'vault://secret/net/core#password'}}\n"
        "  two: {auth: {password: 'vault://secret/net/core#lost'}}\n"
    )
    asked = workspace(vault={"address": bao.address, "token": "env://YW_TOKEN"})
    found = {one.reference: one for one in check(asked)}
    assert [reference for reference, one in found.items() if one.fault] == [
        "file://.yunwang/secrets/pulumi-passphrase",
        "vault://secret/net/core#lost",
    ]
    assert found["vault://secret/net/core#password"].needed_by == ("clouds.yaml.clouds.one.auth.password",)
    assert found["env://YW_TOKEN"].needed_by == ("settings.secrets.vault.token",)
    assert ROOT_TOKEN not in "".join(one.model_dump_json() for one in found.values())
