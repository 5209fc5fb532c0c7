"""The demo city's people: what makes a command theirs, how the second one approves, and a city that asks nobody."""

from __future__ import annotations

import subprocess
from pathlib import Path

from yunwang.inventories.roles import AllowedSigner
from yunwang.operations.approval import Person

OPERATOR, APPROVER, ON_CALL = "li-wei", "chen-jing", "zhao-min"


def environment(folder: Path, name: str = OPERATOR) -> dict[str, str]:
    """The variables that make a command the person's."""
    return {"YUNWANG_OPERATOR": name, "YUNWANG_KEY": str(key_of(folder, name))}


def key_of(folder: Path, name: str) -> Path:
    """The private key of one of the demo's people."""
    return folder / ".yunwang" / "keys" / name


def alone(folder: Path) -> None:
    """Nobody is asked in this workspace any more: for tests that are about something else."""
    for file in ("roles.yaml", "allowed_signers"):
        (folder / "policies" / file).unlink(missing_ok=True)


def with_key(folder: Path, name: str, *, options: str = "", passphrase: str = "") -> tuple[Person, AllowedSigner]:
    """A person with a new key of their own, and their line of allowed_signers (`options`: as OpenSSH writes them)."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", str(key)], check=True)
    kind, public = key.with_suffix(".pub").read_text().split()[:2]
    line = " ".join(word for word in (name, options, kind, public) if word)
    return Person(name, key), AllowedSigner(principals=(name,), key_type=kind, key=public, line=line)
