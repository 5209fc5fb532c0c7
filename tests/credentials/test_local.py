"""References to what this machine keeps: variables, files, the keyring."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from pydantic import TypeAdapter, ValidationError

from yunwang.credentials.children import environment
from yunwang.credentials.resolve import resolve
from yunwang.inventories.network import Device
from yunwang.inventories.secret import SecretRef, holds_secret, references
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import PulumiSettings, Workspace

Workspaces = Callable[..., Workspace]

SOUND = (
    "env://YUNWANG_DEVICE_PASSWORD",
    "file://.yunwang/secrets/x",
    "file:///etc/yunwang/x",
    "keyring://yunwang/admin",
    "keyring://https://vcenter.example/admin",
    "ansible-vault://network/group_vars/all.yaml#yunwang_password",
    "ansible-vault://whole.txt",
    "vault://secret/net/core#password",
)
FAULTY = (
    "",
    "hunter2",
    "http://x/y",
    "env://",
    "env://A-B",
    "env://1A",
    "file://",
    "keyring://service",
    "keyring://service/",
    "ansible-vault://#key",
    "vault://secret/net",
    "vault://secret#field",
    "vault://secret/../sys/raw#x",
    "vault://secret/net#",
    "Vault://secret/net#x",
)


@pytest.mark.parametrize("reference", SOUND)
def test_sound_references_are_accepted(reference: str) -> None:
    assert TypeAdapter(SecretRef).validate_python(reference) == reference


@pytest.mark.parametrize("reference", FAULTY)
def test_faulty_references_are_refused_with_how_to_write_them_and_never_quoted(reference: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(SecretRef).validate_python(reference)
    why = str(refused.value.errors()[0]["ctx"]["error"])
    assert "://" in why
    assert "hunter2" not in why
    assert "secret/" not in why


def test_a_variable_is_read_when_it_is_asked_for(workspace: Workspaces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YW_TEST", "one")
    assert resolve("env://YW_TEST", workspace()) == "one"
    monkeypatch.delenv("YW_TEST")
    with pytest.raises(Fatal, match="env://YW_TEST is not set") as refused:
        resolve("env://YW_TEST", workspace())
    assert "export YW_TEST" in refused.value.remedy


def test_a_file_has_to_be_the_owners_alone_and_text(workspace: Workspaces, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of the file\n")
    secret.chmod(0o640)
    with pytest.raises(Fatal) as refused:
        resolve("file://secret", workspace())
    assert refused.value.remedy == f"chmod 600 {secret}"
    secret.chmod(0o600)
    assert resolve("file://secret", workspace()) == "of the file"
    for content, word in ((b"\xff\xfe", "UTF-8"), (b" \n", "empty")):
        secret.write_bytes(content)
        with pytest.raises(Fatal, match=word):
            resolve("file://secret", workspace())
    with pytest.raises(Fatal, match="cannot be read"):
        resolve("file://nowhere", workspace())


@pytest.fixture
def file_keyring(workspace: Workspaces, tmp_path: Path) -> Iterator[None]:
    """A real keyring that keeps its entries in a file below the test's HOME."""
    alt = pytest.importorskip("keyrings.alt.file", reason="needs keyrings.alt (in the dev extra)")
    former = keyring.get_keyring()
    backend = alt.PlaintextKeyring()
    backend.file_path = str(tmp_path / "keyring.cfg")
    keyring.set_keyring(backend)
    yield
    keyring.set_keyring(former)


@pytest.mark.usefixtures("file_keyring")
def test_the_keyring_gives_what_was_put_there(workspace: Workspaces) -> None:
    keyring.set_password("https://vcenter.example", "admin", "of the keyring 云")
    assert resolve("keyring://https://vcenter.example/admin", workspace()) == "of the keyring 云"
    with pytest.raises(Fatal) as refused:
        resolve("keyring://yunwang/nobody", workspace())
    assert refused.value.remedy == "put it there: keyring set 'yunwang' 'nobody'"


def test_a_machine_without_a_keyring_is_told_so(workspace: Workspaces) -> None:
    former = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]  # untyped in keyring
    try:
        with pytest.raises(Fatal, match="no keyring on this machine"):
            resolve("keyring://yunwang/admin", workspace())
    finally:
        keyring.set_keyring(former)


@pytest.mark.parametrize(("library", "reference"), [("keyring", "keyring://a/b"), ("hvac", "vault://secret/a#b")])
def test_a_missing_library_says_which_extra_has_it(
    library: str, reference: str, workspace: Workspaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Fatal) as refused:
        resolve(reference, workspace())
    assert f"yunwang[{'vault' if library == 'hvac' else library}]" in refused.value.remedy


def test_every_reference_of_a_noun_is_found() -> None:
    assert list(references(PulumiSettings(passphrase="env://P"))) == [(("passphrase",), "env://P")]
    assert holds_secret(Device.model_fields["enable_password"])
    assert not holds_secret(Device.model_fields["host"])


def test_children_see_nothing_that_may_be_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VAULT_TOKEN", "YUNWANG_DEVICE_PASSWORD", "OS_PASSWORD", "AWS_SECRET_ACCESS_KEY", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, "secret")
    assert "secret" not in environment().values()
    assert environment()["PATH"] == os.environ["PATH"]
    assert environment("AWS_")["AWS_SECRET_ACCESS_KEY"] == "secret"
