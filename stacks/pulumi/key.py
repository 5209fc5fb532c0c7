"""What opens the secrets in a stack's state: a passphrase, or a team's key. Never on a command line, in a log, or on a disk."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from yunwang.credentials.children import PROXIES, environment
from yunwang.credentials.resolve import resolve
from yunwang.inventories.secret import SecretRef
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import PulumiSettings, Workspace

PASSPHRASE = "passphrase"
TEAMS = ("AWS_", "AZURE_", "ARM_", "GOOGLE_", "PULUMI_ACCESS_TOKEN", "VAULT_SERVER_", "VAULT_CACERT", "VAULT_NAMESPACE")
"""Variables by which an engine reaches a team's backend or key; where both are local it gets none of them."""


class Key:
    """A secrets provider as Pulumi names it, and the variables with which an engine can use it.

    A passphrase is handed to engines as a file in memory: `/proc/…/environ` shows where it is and not what it says, and it is
    gone with this process.
    """

    def __init__(self, provider: str, passphrase: str = "", variables: Mapping[str, str] | None = None) -> None:
        self.provider = provider
        self.passphrase = passphrase
        self.variables = dict(variables or {})
        if provider == PASSPHRASE:
            self._file = os.fdopen(os.memfd_create("passphrase"), "w")  # open for as long as this object is there
            self._file.write(passphrase)
            self._file.flush()
            self.variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = f"/proc/{os.getpid()}/fd/{self._file.fileno()}"


def key_of(workspace: Workspace, provider: str, passphrase: SecretRef) -> Key:
    """The key of that name with its secret. Raises Fatal."""
    local = workspace.settings.pulumi.backend is None or workspace.settings.pulumi.backend.startswith("file:")
    if provider == PASSPHRASE:
        return Key(PASSPHRASE, resolve(passphrase, workspace), {} if local else environment(*TEAMS, *PROXIES))
    variables = environment(*TEAMS, *PROXIES)
    vault = workspace.settings.secrets.vault
    if provider.startswith("hashivault://") and vault.address and vault.token:
        variables |= {"VAULT_SERVER_URL": vault.address, "VAULT_SERVER_TOKEN": resolve(vault.token, workspace)}
    return Key(provider, variables=variables)


def own_key(workspace: Workspace, states: Path) -> Key:
    """The key that yunwang.yaml names; a random passphrase where nobody chose one and `states` do not exist yet. Raises Fatal."""
    settings = workspace.settings.pulumi
    mine = workspace.root / settings.passphrase.removeprefix("file://")
    if settings.secrets_provider == PASSPHRASE and settings.passphrase == PulumiSettings().passphrase and not mine.exists():
        if states.exists():
            raise Fatal(
                f"the stacks' passphrase {mine} is gone, and their state cannot be read without it",
                remedy="restore it from a backup",
            )
        mine.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return key_of(workspace, settings.secrets_provider, settings.passphrase)
