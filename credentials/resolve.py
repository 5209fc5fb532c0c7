"""From a reference to its secret. Never logs, never caches."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from yunwang.inventories.secret import SecretRef
from yunwang.inventories.verdict import Fatal


def resolve(reference: SecretRef, root: Path) -> str:
    """The secret behind a reference; `root` is the workspace. Raises Fatal, which names the reference and never the value."""
    scheme, _, rest = reference.partition("://")
    if scheme == "env":
        if rest not in os.environ:
            raise Fatal(f"the secret {reference} is not set", remedy=f"export {rest}=… in the shell that runs yunwang")
        return os.environ[rest]
    if scheme == "file":
        return _read(reference, root / rest)
    raise Fatal(f"no support for {scheme}:// secrets yet ({reference})", remedy="use env:// or file://")


def _read(reference: SecretRef, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Fatal(f"the secret file {reference} can be read by others", remedy=f"chmod 600 {path}")
        return path.read_text().strip()
    except OSError as error:
        raise Fatal(f"the secret {reference} cannot be read: {error.strerror}", remedy=f"write it to {path}, mode 600") from None
