"""What opens the secrets in a stack's state: a passphrase, or a team's key. Never on a command line, in a log, or on a disk."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping

from yunwang.credentials.children import PROXIES, chosen
from yunwang.credentials.resolve import resolve
from yunwang.inventories.secret import SecretRef
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import PulumiSettings, Workspace

PASSPHRASE = "passphrase"
TEAMS = ("AWS_", "AZURE_", "ARM_", "GOOGLE_", "PULUMI_ACCESS_TOKEN", "VAULT_SERVER_", "VAULT_CACERT", "VAULT_NAMESPACE")
"""Variables by which an engine reaches a team's backend or key; where both are local it gets none of them."""


class InMemory:
    """A file in memory for children of this process: `/proc/…/environ` shows where it is and not what it says.

    It is gone with this object.
    """

    def __init__(self, name: str, text: str) -> None:
        self._file = os.fdopen(os.memfd_create(name), "w")
        os.fchmod(self._file.fileno(), 0o600)  # PostgreSQL's clients read no password file that is open to others
        self._file.write(text)
        self._file.flush()

    @property
    def path(self) -> str:
        """Where a child finds it."""
        return f"/proc/{os.getpid()}/fd/{self._file.fileno()}"


class Key:
    """A secrets provider as Pulumi names it, and the variables with which an engine can use it."""

    def __init__(self, provider: str, passphrase: str = "", variables: Mapping[str, str] | None = None) -> None:
        self.provider = provider
        self.passphrase = passphrase
        self.variables = dict(variables or {})
        if provider == PASSPHRASE:
            self._file = InMemory("passphrase", passphrase)
            self.variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = self._file.path


def key_of(workspace: Workspace, provider: str, passphrase: SecretRef) -> Key:
    """The key of that name with its secret. Raises Fatal."""
    if provider == PASSPHRASE:
        return Key(PASSPHRASE, resolve(passphrase, workspace))
    variables = chosen(*TEAMS, *PROXIES)
    vault = workspace.settings.secrets.vault
    if provider.startswith("hashivault://") and vault.address and vault.token:
        variables |= {"VAULT_SERVER_URL": vault.address, "VAULT_SERVER_TOKEN": resolve(vault.token, workspace)}
    return Key(provider, variables=variables)


def own_key(workspace: Workspace, used: Callable[[], bool]) -> Key:
    """The key that yunwang.yaml names. Raises Fatal.

    A random passphrase is made where nobody chose one, and the backend is not `used` yet.
    """
    settings = workspace.settings.pulumi
    mine = workspace.root / settings.passphrase.removeprefix("file://")
    if settings.secrets_provider == PASSPHRASE and settings.passphrase == PulumiSettings().passphrase and not mine.exists():
        if used():
            raise Fatal(
                f"the stacks' passphrase {mine} is gone, and their state cannot be read without it",
                remedy="restore it from a backup, or ask a colleague who has it; where nobody has: docs/state.md",
            )
        mine.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return key_of(workspace, settings.secrets_provider, settings.passphrase)
