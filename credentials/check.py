"""Whether every reference of a workspace leads to a secret. Resolves each and forgets it: says which fail, never a value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import yaml

from yunwang.credentials.resolve import resolve
from yunwang.inventories.noun import Noun
from yunwang.inventories.secret import SecretRef, is_reference, references
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace


class Checked(Noun):
    """A reference, who needs it (paths in the workspace), and what is wrong with it (nothing: it leads to a secret)."""

    reference: SecretRef
    needed_by: tuple[str, ...]
    fault: str = ""
    remedy: str = ""


def check(workspace: Workspace) -> Iterator[Checked]:
    """Each reference once, in the order in which the workspace has them."""
    needed: dict[SecretRef, list[str]] = {}
    for path, reference in (*references(workspace), *_of_clouds(workspace)):
        needed.setdefault(reference, []).append(".".join(path))
    for reference, paths in needed.items():
        try:
            resolve(reference, workspace)
        except Fatal as fault:
            yield Checked(reference=reference, needed_by=tuple(paths), fault=fault.message, remedy=fault.remedy)
        else:
            yield Checked(reference=reference, needed_by=tuple(paths))


def _of_clouds(workspace: Workspace) -> Iterator[tuple[tuple[str, ...], SecretRef]]:
    """clouds.yaml and secure.yaml are openstacksdk's own; any value in them may be a reference (stacks/openstack/session.py)."""
    for file in ("clouds.yaml", "secure.yaml"):
        with suppress(OSError, UnicodeDecodeError, yaml.YAMLError):
            yield from _strings(yaml.safe_load((workspace.root / file).read_text()), (file,))


def _strings(said: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], SecretRef]]:
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _strings(value, (*path, str(key)))
    elif isinstance(said, str) and is_reference(said):
        yield path, said
