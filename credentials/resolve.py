"""From a reference to its secret, by the scheme that it names. Never logs, never caches."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from yunwang.credentials import ansible_vault, environment, file, keyring, vault
from yunwang.credentials.asked import ASK, ask
from yunwang.credentials.scheme import Asked, Scheme
from yunwang.inventories.secret import SecretRef
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import SecretSettings, Workspace

SCHEMES: Mapping[str, Scheme] = {
    "env": environment.read,
    "file": file.read,
    "keyring": keyring.read,
    "ansible-vault": ansible_vault.read,
    "vault": vault.read,
}


def resolve(reference: SecretRef, workspace: Workspace) -> str:
    """The secret behind a reference of this workspace. Raises Fatal, which names the reference and never the value."""
    if path := os.environ.get(ASK):  # we are the child of a command of ours, which was given none of the user's environment
        return ask(path, reference)
    return follow(reference, workspace.root, workspace.settings.secrets)


def follow(reference: SecretRef, root: Path, settings: SecretSettings, needed_for: tuple[SecretRef, ...] = ()) -> str:
    """The same without a whole workspace. `needed_for`: the references that wait for this one."""
    scheme, _, rest = reference.partition("://")
    if reference in needed_for:
        raise Fatal(
            f"the secret {reference} is needed to get at itself",
            remedy="keep the password or token of a vault outside of that vault (settings `secrets` in yunwang.yaml)",
        )
    asked = Asked(reference, rest, root, settings, lambda other: follow(other, root, settings, (*needed_for, reference)))
    secret = SCHEMES[scheme](asked)
    if not secret:
        raise asked.fatal("is empty", "put the secret there, or point to where it is")
    return secret
