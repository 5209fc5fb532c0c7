"""Which files belong to a workspace, and what a stray one was probably meant to be. Never reads a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from yunwang.inventories.file_kinds import KINDS
from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Place, choose, shown
from yunwang.inventories.reading.files import Folder, below

_OTHERS = (
    "secure.yaml",
    "network/known_hosts",
    "policies/allowed_signers",
    "network/group_vars",
    "network/host_vars",
    "group_vars",
    "host_vars",
    "lab/devices",
)
_PATHS = frozenset(kind.path for kind in KINDS) | set(_OTHERS)
_FOLDERS = frozenset(path.partition("/")[0] for path in _PATHS if "/" in path)
_TOP = frozenset(path for path in _PATHS if "/" not in path) | _FOLDERS


def stray(folder: Folder) -> Iterator[Finding]:
    """A warning for each file that nobody reads but that looks as if somebody should."""
    for name in folder.names(""):
        if name in _TOP or _personal(name):
            continue
        # Other files are welcome beside ours; only a near miss of one of our names is worth a word.
        near = difflib.get_close_matches(name, _TOP, n=1, cutoff=0.8)
        if near:
            yield Place(name).warning("unknown-file", f"{name} is not read", f"did you mean {shown(near[0])}?")
    for base in sorted(_FOLDERS):
        if f"{base}/*.yaml" in _PATHS:
            yield from _misnamed(folder, base)
        elif base not in {"group_vars", "host_vars"}:
            yield from _unknown(folder, base)


def members(folder: Folder, base: str) -> list[str]:
    """The files of a folder that holds one noun a file."""
    return [below(base, name) for name in folder.names(base) if name.endswith(".yaml") and not _personal(name)]


def _misnamed(folder: Folder, base: str) -> Iterator[Finding]:
    for name in folder.names(base):
        if not name.endswith(".yaml") and not _personal(name):
            file = below(base, name)
            yield Place(file).warning("unknown-file", f"{file} is not read", "give it the ending .yaml, or move it elsewhere")


def _unknown(folder: Folder, base: str) -> Iterator[Finding]:
    known = [path.removeprefix(f"{base}/") for path in _PATHS if path.startswith(f"{base}/")]
    for name in folder.names(base):
        if name not in known and not _personal(name):
            file = below(base, name)
            yield Place(file).warning("unknown-file", f"{file} is not read", choose(name, known, "move it elsewhere"))


def _personal(name: str) -> bool:
    """Hidden files, editors' copies, and notes for people."""
    return name.startswith(".") or name.endswith(("~", ".md", ".txt"))
