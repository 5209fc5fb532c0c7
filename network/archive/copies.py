"""Full configurations, encrypted, for restoring: one file a version, found by the masked text's digest. Never decrypts for show.

AES-256 in GCM (NIST SP 800-38D) with a random nonce; which device and which version it is of is authenticated with it.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yunwang.inventories.verdict import Fatal

FORMAT = b"yunwang-copy-1\n"
NONCE = 12


class Copies:
    """The full configurations of all devices in a folder."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._cipher = folder, AESGCM(key)

    def put(self, device: str, masked: str, text: str) -> None:
        """Keep a device's configuration; the same version twice is one file. Raises OSError."""
        path = self._path(device, masked)
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        nonce = os.urandom(NONCE)
        sealed = self._cipher.encrypt(nonce, zlib.compress(text.encode()), _label(device, path))
        new = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(FORMAT + nonce + sealed)
        new.replace(path)

    def get(self, device: str, masked: str) -> str | None:
        """The full text of a version, given as it is masked; None: there is no copy. Raises Fatal where it is not whole."""
        path = self._path(device, masked)
        return self._opened(device, path) if path.exists() else None

    def newest_first(self, device: str) -> Iterator[str]:
        """All versions of a device."""
        kept = [(path.stat().st_mtime_ns, path) for path in (self._folder / device).glob("*.aes")]
        for _, path in sorted(kept, reverse=True):
            yield self._opened(device, path)

    def _path(self, device: str, masked: str) -> Path:
        return self._folder / device / f"{hashlib.sha256(masked.encode()).hexdigest()}.aes"

    def _opened(self, device: str, path: Path) -> str:
        try:
            data = path.read_bytes().removeprefix(FORMAT)
            return zlib.decompress(self._cipher.decrypt(data[:NONCE], data[NONCE:], _label(device, path))).decode()
        except (OSError, InvalidTag, ValueError, zlib.error):
            raise Fatal(
                f"the archive's copy {path.name} of {device} cannot be decrypted",
                remedy="it was damaged, or made with another key (archive.key in yunwang.yaml): bring the right one back",
                target=f"device/{device}",
            ) from None


def _label(device: str, path: Path) -> bytes:
    return b"\0".join((FORMAT, device.encode(), path.stem.encode()))
