"""What a scheme is asked: one reference, and what it takes to follow it. Never holds a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from yunwang.inventories.secret import SecretRef
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import SecretSettings


@dataclass(frozen=True, slots=True)
class Asked:
    """One reference to follow. `rest` is what stands behind its `://`, `root` the workspace's folder."""

    reference: SecretRef
    rest: str
    root: Path
    settings: SecretSettings
    resolve: Callable[[SecretRef], str]
    """For a secret that is needed to get at this one."""

    def fatal(self, said: str, remedy: str) -> Fatal:
        """The verdict that names the reference. `said` goes on after `the secret env://X `."""
        return Fatal(f"the secret {self.reference} {said}", remedy=remedy)


Scheme = Callable[[Asked], str]
"""Gives the secret. Raises Fatal by `Asked.fatal`, which never says a value."""
