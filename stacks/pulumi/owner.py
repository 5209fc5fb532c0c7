"""Whose things are: a workspace's name, and what tells it from another of the same name. Never a secret.

Two workspaces of one name have their state in two places. What a create of the one left on a cloud is not to be taken for an
earlier run's by the other, so the place has a part in the marker: the backend's address, or, in a workspace's own folder, a random
word that was put there once and moves with it.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from yunwang.inventories.workspace import Workspace


class Owner(NamedTuple):
    """A workspace, as markers have it."""

    name: str
    place: str


def owner_of(workspace: Workspace) -> Owner:
    """The workspace's."""
    place = workspace.settings.pulumi.backend or _word(workspace.state.resolve() / "pulumi" / "identity")
    return Owner(workspace.settings.name, place)


def _word(file: Path) -> str:
    """The file's; a new one where there is none. Of several who make it at once, the first one's stands."""
    if not file.exists():
        part = file.with_name(f"{file.name}.{os.getpid()}")
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(secrets.token_hex(8))
        with suppress(FileExistsError):
            os.link(part, file)
        part.unlink()
    return file.read_text()
