"""Writes a workspace: the demo city, the same with faults to learn from, or an empty one. Never overwrites anything."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from yunwang.inventories.demo.faults import EDITS
from yunwang.inventories.roles import NAMESPACE
from yunwang.inventories.verdict import Fatal

FILES = Path(__file__).parent / "files"
PEOPLE = ("li-wei", "chen-jing", "zhao-min")
"""Who works in the demo city: made keys for with it, so that nobody elsewhere has them."""

GITIGNORE = """# What the toolkit makes and what must not leave this machine.
.yunwang/
secure.yaml
"""

EMPTY = """# `yunwang schema settings` describes this file; `yunwang init --demo FOLDER` writes a whole city to look at.
version: 2
name: {name}
title: {name}
clouds: []
#  - name: zhengwu            # an entry of clouds.yaml (openstacksdk's format; secrets in secure.yaml, which git ignores)
#    title: 政务云 government cloud
#    cores: 96
#    ram_gib: 384
#    volume_gib: 2000
"""


ANSIBLE = """# For Ansible's own programs: ansible-inventory --graph, ansible-playbook, ansible-navigator …
[defaults]
inventory = machines.yaml,network/hosts.yaml,yunwang.yaml
[inventory]
enable_plugins = yunwang.toolkit.workspace
any_unparsed_is_failed = true
"""


def write(folder: Path, faults: bool = False) -> None:
    """Write the demo city to a new or empty folder, with `faults` a copy that has one of every kind.

    Raises Fatal when there is something in the folder or it cannot be written.
    """
    content = {file.relative_to(FILES).as_posix(): file.read_bytes() for file in sorted(FILES.rglob("*")) if file.is_file()}
    if faults:
        for edit in EDITS:
            content[edit.file] = edit.apply(content.get(edit.file, b""))
    _lay_down(folder, content)
    _keys(folder)


def write_empty(folder: Path, name: str) -> None:
    """Write the least that is a workspace to a new or empty folder; `name` is a Name. Raises Fatal as `write` does."""
    _lay_down(folder, {"yunwang.yaml": EMPTY.format(name=name).encode()})


def _lay_down(folder: Path, content: Mapping[str, bytes]) -> None:
    try:
        if os.path.lexists(folder) and not folder.is_dir():
            raise Fatal(f"{folder} is not a folder", remedy="name a new folder")
        # A fresh `git init` is as good as empty.
        if folder.is_dir() and any(entry.name != ".git" for entry in folder.iterdir()):
            raise Fatal(f"{folder} is not empty; nothing was written", remedy="name a new folder, or empty this one")
        for file, data in {**content, ".gitignore": GITIGNORE.encode(), "ansible.cfg": ANSIBLE.encode()}.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _passphrase(folder / ".yunwang")
    except OSError as error:
        raise Fatal(
            f"{error.filename or folder} cannot be written: {error.strerror}", remedy="check its permissions and the disk"
        ) from None


def _keys(folder: Path) -> None:
    """A key for each person: the private half for the owner of this folder alone, the public half into policies/allowed_signers."""
    keys = folder / ".yunwang" / "keys"
    lines = ["# Whose key is whose (ssh-keygen(1), ALLOWED SIGNERS). Made with the demo; others add the line of their .pub file."]
    try:
        keys.mkdir(mode=0o700)
        for person in PEOPLE:
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", str(keys / person)]
            subprocess.run(words, check=True, capture_output=True)
            lines.append(f'{person} namespaces="{NAMESPACE}" {(keys / f"{person}.pub").read_text().strip()}')
        (folder / "policies" / "allowed_signers").write_text("\n".join(lines) + "\n")
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (
            error.stderr.decode(errors="replace").strip() if isinstance(error, subprocess.CalledProcessError) else error.strerror
        )
        raise Fatal(f"ssh-keygen made no key: {reason}", remedy="install OpenSSH (package openssh-client)") from None


def _passphrase(state: Path) -> None:
    """What encrypts the secrets in Pulumi's state: random, for the owner alone from its first byte on."""
    folder = state / "secrets"
    state.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    descriptor = os.open(folder / "pulumi-passphrase", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(secrets.token_urlsafe(32) + "\n")
