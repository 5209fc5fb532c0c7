"""Values that the real `ansible-vault` encrypted: whole files, values in files, an inventory's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from yunwang.credentials.resolve import resolve
from yunwang.inventories.reading import read
from yunwang.inventories.reading.ansible import read_inventory
from yunwang.inventories.reading.files import Folder
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace

Workspaces = Callable[..., Workspace]

ANSIBLE_VAULT = Path(sys.executable).with_name("ansible-vault")
SECRET = "of the vault 云"


def _vault(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [ANSIBLE_VAULT, *arguments, "--vault-password-file", folder / "vault-password"],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return done.stdout


@pytest.fixture
def password(workspace: Workspaces, tmp_path: Path) -> Path:
    """The password of ansible-vault, in a file; of the workspace fixture it needs the clean environment."""
    file = tmp_path / "vault-password"
    file.write_text("correct horse\n")
    file.chmod(0o600)
    return file


OPENS = {"ansible_vault_password": "file://vault-password"}


def test_a_value_of_a_file_that_is_encrypted_as_a_whole(workspace: Workspaces, password: Path, tmp_path: Path) -> None:
    (tmp_path / "vault.yml").write_text(f"net:\n  sw1.example: {SECRET}\n  ports: [a, b]\n  pin: 1234\n")
    (tmp_path / "one.txt").write_text(f"{SECRET}\n")
    _vault(tmp_path, "encrypt", "vault.yml", "one.txt")
    opened = workspace(**OPENS)
    assert resolve("ansible-vault://vault.yml#net.sw1.example", opened) == SECRET
    assert resolve("ansible-vault://vault.yml#net.ports.1", opened) == "b"
    assert resolve("ansible-vault://one.txt", opened) == SECRET
    for key, word in (("net.sw2", "no key net.sw2"), ("net", "not text"), ("net.pin", "not text"), ("net.ports.7", "no key")):
        with pytest.raises(Fatal, match=word):
            resolve(f"ansible-vault://vault.yml#{key}", opened)


def test_what_stands_there_in_the_open_is_refused(workspace: Workspaces, password: Path, tmp_path: Path) -> None:
    (tmp_path / "open.yml").write_text("password: hunter2\n")
    for reference in ("ansible-vault://open.yml#password", "ansible-vault://open.yml"):
        with pytest.raises(Fatal, match="in the open") as refused:
            resolve(reference, workspace(**OPENS))
        assert "hunter2" not in str(refused.value) + refused.value.remedy


def test_the_password_comes_from_ansibles_own_variable_too_which_may_name_a_program(
    workspace: Workspaces, password: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.txt").write_text(SECRET)
    _vault(tmp_path, "encrypt", "one.txt")
    program = tmp_path / "ask"
    program.write_text("#!/bin/sh\necho correct horse\n")
    program.chmod(0o700)
    for source in (password, program):
        monkeypatch.setenv("ANSIBLE_VAULT_PASSWORD_FILE", str(source))
        assert resolve("ansible-vault://one.txt", workspace()) == SECRET


def test_a_wrong_password_and_none_are_told_apart(
    workspace: Workspaces, password: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.txt").write_text(SECRET)
    _vault(tmp_path, "encrypt", "one.txt")
    with pytest.raises(Fatal, match="needs the password") as refused:
        resolve("ansible-vault://one.txt", workspace())
    assert "secrets.ansible_vault_password" in refused.value.remedy
    password.write_text("battery staple")
    with pytest.raises(Fatal, match="cannot be decrypted with the password of file://vault-password"):
        resolve("ansible-vault://one.txt", workspace(**OPENS))
    monkeypatch.setenv("ANSIBLE_VAULT_PASSWORD_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(Fatal, match="does not give"):
        resolve("ansible-vault://one.txt", workspace())


def test_a_password_that_is_needed_to_get_at_itself_is_refused(workspace: Workspaces, password: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(SECRET)
    _vault(tmp_path, "encrypt", "one.txt")
    with pytest.raises(Fatal, match="get at itself"):
        resolve("ansible-vault://one.txt", workspace(ansible_vault_password="ansible-vault://one.txt"))


def test_a_vaulted_password_of_the_inventory_becomes_a_reference_and_is_decrypted_when_it_is_needed(
    demo_city: Path, workspace: Workspaces, password: Path, tmp_path: Path
) -> None:
    shared = demo_city / "network" / "group_vars" / "all.yaml"
    vaulted = _vault(tmp_path, "encrypt_string", SECRET, "--name", "yunwang_password")
    shared.write_text(f"ansible_user: yunwang\n{vaulted}\n")
    hosts = demo_city / "network" / "hosts.yaml"
    own = "\n".join(
        f"      {line}" for line in _vault(tmp_path, "encrypt_string", "own", "--name", "yunwang_password").splitlines()
    )
    hosts.write_text(hosts.read_text().replace("    yz-core-a:\n", f"    yz-core-a:\n{own}\n", 1))
    (demo_city / "vault-password").write_text(password.read_text())
    (demo_city / "vault-password").chmod(0o600)
    settings = demo_city / "yunwang.yaml"
    settings.write_text(settings.read_text() + "secrets:\n  ansible_vault_password: file://vault-password\n")
    city, faults = read(demo_city)
    assert city is not None, faults
    of_all, of_one = str(city.device("yz-core-b").password), str(city.device("yz-core-a").password)
    assert of_all == "ansible-vault://network/group_vars/all.yaml#yunwang_password"
    assert of_one == "ansible-vault://network/hosts.yaml#all.hosts.yz-core-a.yunwang_password"
    assert resolve(of_all, city) == SECRET
    assert resolve(of_one, city) == "own"
    assert SECRET not in city.model_dump_json()


def test_only_a_password_may_be_vaulted_and_a_file_vaulted_as_a_whole_is_told_of(
    demo_city: Path, password: Path, tmp_path: Path
) -> None:
    hosts = demo_city / "network" / "hosts.yaml"
    vaulted = _vault(tmp_path, "encrypt_string", "10.0.0.1", "--name", "ansible_host").splitlines()
    own = "\n".join(f"      {line}" for line in vaulted)
    hosts.write_text(hosts.read_text().replace("    yz-core-a:\n      ansible_host: 10.64.255.1\n", f"    yz-core-a:\n{own}\n", 1))
    (demo_city / "network" / "host_vars").mkdir()
    whole = demo_city / "network" / "host_vars" / "yz-core-b.yaml"
    whole.write_text("yunwang_password: x\n")
    _vault(tmp_path, "encrypt", str(whole))
    city, faults = read(demo_city)
    assert city is None
    assert {(fault.code, fault.severity) for fault in faults} == {("inventory", "error"), ("encrypted", "info")}


def test_the_reader_keeps_the_way_to_a_vaulted_value_in_nested_groups(tmp_path: Path) -> None:
    vaulted = "!vault |\n          $ANSIBLE_VAULT;1.1;AES256\n          61"
    core = f"vars:\n        yunwang_password: {vaulted}\n      hosts: {{x: {{}}}}"
    (tmp_path / "hosts.yaml").write_text(f"all:\n  children:\n    core:\n      {core}\n")
    read_ = read_inventory(Folder(tmp_path), "hosts.yaml")
    assert (
        read_.hosts["x"].variables["yunwang_password"].vaulted
        == "ansible-vault://hosts.yaml#all.children.core.vars.yunwang_password"
    )
