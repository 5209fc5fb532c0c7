"""One workspace's archive: the masked repository, the encrypted copies beside it, and the key of both. Connects to no device."""

from __future__ import annotations

import fcntl
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yunwang.credentials.resolve import resolve
from yunwang.inventories.network import Device
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.network.archive.copies import Copies
from yunwang.network.archive.repository import Repository
from yunwang.network.archive.secrecy import MASK, Masker

OWN_KEY = Path("secrets", "archive-key")
"""In the workspace's state folder, where yunwang.yaml names no other."""
LEAST_KEY = 32
"""Characters: the key is no password, nothing stretches it."""
KEY_ID = "key-id"
"""A file of the repository that tells whether a key is the one that it was made with."""
_MOVES = re.compile(r"^(Building configuration|Current configuration ?:|ntp clock-period|Load for |Time source)")
"""Lines that differ at each reading. Who changed it when stands in the header too, and stays."""
_TOLD = re.compile(
    r"(?i)last configuration (?:change|was (?:changed|updated)|updated?) at (?P<at>.+?)(?: by (?P<by>\S+))?\W*$", re.M
)
"""IOS: `! Last configuration change at … by …`; VRP: `!Last configuration was updated at … by …`."""


class Archive:
    """What devices ran, and when. Opened with its key, or not at all."""

    def __init__(self, folder: Path, key: str) -> None:
        self._key = _derived(key, "masks")
        self.repository = Repository(folder / "masked")
        self.copies = Copies(folder / "full", _derived(key, "copies"))
        self._lock = folder / "lock"

    @classmethod
    def of(cls, workspace: Workspace, *, new: bool = False) -> Archive:
        """The workspace's archive. `new`: where there is none yet, it is begun, with a key where none is named.

        Raises Refused where there is none, or without the key that it was made with; Fatal where the key's reference leads nowhere.
        """
        settings = workspace.settings.archive
        folder = workspace.root / settings.folder
        begun = Repository(folder / "masked").begun
        if not begun and not new:
            raise Refused("nothing is archived yet", remedy="yunwang net backup")
        if settings.key is not None:
            key = resolve(settings.key, workspace)
        else:
            if not begun:
                _make(workspace.state / OWN_KEY)
            elif not (workspace.state / OWN_KEY).exists():
                raise Refused(
                    f"the archive's key {workspace.state / OWN_KEY} is gone: without it nothing can be compared or restored",
                    remedy="bring it back, or name it in yunwang.yaml (archive.key); for a new archive put the old folder away",
                )
            key = resolve(f"file://{workspace.state / OWN_KEY}", workspace)
        if len(key) < LEAST_KEY:
            raise Refused(f"the archive's key has fewer than {LEAST_KEY} characters", remedy="make one: openssl rand -base64 32")
        archive = cls(folder, key)
        if begun and archive.repository.text(KEY_ID) != archive.key_id:
            raise Refused(
                "the archive was made with another key",
                remedy="name that key in yunwang.yaml (archive.key); for a new archive put the old folder away",
            )
        return archive

    @property
    def key_id(self) -> str:
        """What the repository keeps to know its key by."""
        return hmac.digest(self._key, b"key-id", "sha256").hex()[:20] + "\n"

    @contextmanager
    def sweeping(self) -> Iterator[None]:
        """One sweep at a time. Raises Refused."""
        self.repository.begin()
        with self._lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Refused("another backup is at work on this archive", remedy="wait until it has ended") from None
            yield

    def masker(self, device: Device) -> Masker:
        """Masks what is secret on a device."""
        return Masker(self._key, device.name, device.platform)

    def keep(self, device: Device, text: str) -> str:
        """Keep the full text, encrypted; the masked one, which is what `repository` is to have. Raises OSError."""
        whole = clean(text)
        masked = self.masker(device).mask(whole).text
        self.copies.put(device.name, masked, whole)
        return masked

    def secrets(self, device: Device, masks: Iterable[str]) -> dict[str, str]:
        """What masks stand for, from the newest copies on. Raises Refused where one is in no copy."""
        wanted, found = set(masks), dict[str, str]()
        for text in self.copies.newest_first(device.name) if wanted else ():
            found |= self.masker(device).mask(text).secrets
            if wanted <= found.keys():
                break
        if missing := wanted - found.keys():
            raise Refused(
                f"what {', '.join(sorted(missing))} stands for is in no copy of the archive",
                remedy="bring the encrypted copies back (`full` beside the repository), or leave this device out",
                target=f"device/{device.name}",
            )
        return {mask: found[mask] for mask in wanted}


def file_of(device: str) -> str:
    """A device's file in the repository."""
    return f"{device}.cfg"


def clean(text: str) -> str:
    """A configuration as it is kept: without what differs at each reading, one newline at the end."""
    lines = (line.rstrip() for line in text.replace("\r", "").replace("\0", "").split("\n"))
    return "\n".join(line for line in lines if not _MOVES.match(line)).strip("\n") + "\n"


def told(text: str) -> str:
    """The device's own words on who changed it when; "" where its header has none."""
    found = _TOLD.search(text[:2000])
    return f"{found['at']}" + (f" by {found['by']}" if found["by"] else "") if found else ""


def masks_in(text: str) -> frozenset[str]:
    """The masks in a text."""
    return frozenset(MASK.findall(text))


def _make(path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")


def _derived(key: str, what: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"yunwang archive 1 {what}".encode()).derive(key.encode())
