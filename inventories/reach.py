"""How a device or a jump host is reached: address, log-in, which old algorithms it needs. Values only; never opens anything."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from yunwang.inventories.noun import Noun
from yunwang.inventories.secret import SecretRef

LegacyAlgorithm = Literal[
    "diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1",
    "ssh-rsa",
    "aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc",
    "hmac-sha1-96", "hmac-md5", "hmac-md5-96",
]  # fmt: skip
"""Weak by today's measure (RFC 9142, RFC 8758 and OpenSSH's defaults): offered only to whom the inventory allows it."""


class Reached(Noun):
    """Where an SSH server is and how one logs in: by password, a key file, the agent's keys, or whichever of these it takes."""

    host: str
    port: int = Field(default=22, ge=1, le=65535)
    username: str
    password: SecretRef | None = None
    ssh_key: str | None = None
    """A private key file, relative to the workspace or below `~/`, that its owner alone can read."""
    ssh_key_password: SecretRef | None = None
    ssh_agent: bool = False
    """The keys of the agent at SSH_AUTH_SOCK too."""
    legacy_algorithms: tuple[LegacyAlgorithm, ...] = ()
    """What it may use beside today's algorithms, because it has no better ones."""

    @model_validator(mode="after")
    def _logs_in_somehow(self) -> Self:
        if not (self.password or self.ssh_key or self.ssh_agent):
            raise ValueError("nobody can log in without a password (a reference), an ssh_key or the ssh_agent")
        return self


class Jump(Reached):
    """A host on the way, as OpenSSH's ProxyJump. Its host key is checked like the device's, in the same known_hosts."""
