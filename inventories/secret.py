"""A reference to a secret, never the secret. Resolved at the last moment by yunwang.credentials."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

SCHEMES = ("env", "file", "keyring", "ansible-vault", "vault")


def _reference(value: str) -> str:
    scheme, mark, rest = value.partition("://")
    if not mark or scheme not in SCHEMES or not rest:
        known = ", ".join(f"{name}://…" for name in SCHEMES)
        raise ValueError(f"not a reference to a secret (write one of {known}; never the secret itself)")
    return value


SecretRef = Annotated[str, AfterValidator(_reference)]
"""`env://NAME`, `file://PATH` (relative to the workspace, readable by the owner alone), `keyring://SERVICE/USER`, …"""
