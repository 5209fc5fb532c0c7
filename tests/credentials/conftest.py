"""A workspace that is nothing but its settings, and a real server of the Vault family."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from parts.bao import Bao, serving

from yunwang.inventories.workspace import SecretSettings, Settings, Workspace

OURS = ("VAULT_ADDR", "VAULT_TOKEN", "VAULT_CACERT", "VAULT_NAMESPACE", "ANSIBLE_VAULT_PASSWORD_FILE")
Workspaces = Callable[..., Workspace]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspaces:
    """Makes one with these `secrets` settings; what the shell of whoever runs the tests says does not count."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    def make(**secrets: Any) -> Workspace:
        settings = Settings(version=1, name="t", title="t", secrets=SecretSettings.model_validate(secrets))
        return Workspace(root=tmp_path, digest="", settings=settings)

    return make


@pytest.fixture(scope="session")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bao]:
    """Key/value stores of both versions, one below a mount of two segments, a policy, an AppRole."""
    with serving(tmp_path_factory.mktemp("bao")) as server:
        client = server.client
        client.secrets.kv.v2.create_or_update_secret("net/core", {"password": "of-v2", "port": 22})
        for mount, version in (("old", "1"), ("team/kv", "2")):
            client.sys.enable_secrets_engine("kv", path=mount, options={"version": version})
        client.secrets.kv.v1.create_or_update_secret("net/core", {"password": "of-v1"}, mount_point="old")
        client.secrets.kv.v2.create_or_update_secret("app", {"password": "of-team"}, mount_point="team/kv")
        client.secrets.kv.v2.create_or_update_secret("gone", {"password": "deleted"})
        client.secrets.kv.v2.delete_latest_version_of_secret("gone")
        client.sys.enable_secrets_engine("transit")
        client.sys.create_or_update_policy("net", 'path "secret/data/net/*" { capabilities = ["read"] }')
        client.sys.enable_auth_method("approle")
        client.auth.approle.create_or_update_approle("yunwang", token_policies=["net"], token_num_uses=0)
        yield server
