"""The way to a device: jump hosts, each with its own host key and log-in, then SSH or telnet. Says nothing on the line itself."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import paramiko

from yunwang.inventories.network import Device
from yunwang.inventories.reach import Reached
from yunwang.inventories.secret import SecretRef
from yunwang.inventories.verdict import Fatal, Retryable, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.network.transport.algorithms import Sha1Key, transport
from yunwang.network.transport.known_hosts import ChangedKey, Keys, UnknownKey, fingerprint, named
from yunwang.network.transport.session import RETRY_SECONDS
from yunwang.network.transport.telnet import HEIGHT, WIDTH, Duplex, Telnet

_ERRORS = (paramiko.SSHException, OSError, EOFError)


class _Gulps:
    """A connection read in gulps: paramiko asks for each packet in pieces, every one of which would be a call of its own."""

    def __init__(self, raw: socket.socket | paramiko.Channel) -> None:
        self._raw = raw
        self._rest = b""

    def recv(self, size: int) -> bytes:
        """What is left of the last gulp, or the next one, up to so many bytes. Raises TimeoutError, OSError."""
        self._rest = self._rest or self._raw.recv(65536)
        said, self._rest = self._rest[:size], self._rest[size:]
        return said

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class Way:
    """Opens what is on the way to one device. `held` closes all of it; `secrets` are what its references stand for."""

    def __init__(
        self, device: Device, workspace: Workspace, held: ExitStack, secrets: Mapping[SecretRef, str], seconds: float
    ) -> None:
        self._device, self._held, self._secrets, self._seconds = device, held, secrets, seconds
        self._root = workspace.root
        self._target = f"device/{device.name}"
        self._known = workspace.root / device.known_hosts
        self._learned = workspace.learned_keys if device.host_keys == "accept-new" else None

    def open(self) -> Duplex:
        """A line to the device. Raises Fatal (host key, log-in, algorithms), Retryable (refused, unreachable)."""
        device, through, last = self._device, None, ""
        for hop in device.proxy_jump:
            through = self._ssh(hop, through, f"the jump host {hop.host} port {hop.port}{last}")
            last = f" (through {hop.host})"
        at = f"{device.host} port {device.port}{last}"
        try:
            if device.transport != "ssh":
                return Telnet(self._held.enter_context(closing(self._raw(device, through))))
            return self._ssh(device, through, at).invoke_shell(term="vt100", width=WIDTH, height=HEIGHT)
        except _ERRORS as error:
            raise self._verdict(error, device, at) from None

    def _raw(self, there: Reached, through: paramiko.SSHClient | None) -> socket.socket | paramiko.Channel:
        """A connection to its port, from here or from the last jump host."""
        if through is None:
            direct = socket.create_connection((there.host, there.port), self._seconds)
            direct.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is typed is short, and waited for
            return direct
        underlying = through.get_transport()
        assert underlying is not None
        return underlying.open_channel("direct-tcpip", (there.host, there.port), ("127.0.0.1", 0), timeout=self._seconds)

    def _ssh(self, there: Reached, through: paramiko.SSHClient | None, at: str) -> paramiko.SSHClient:
        """Logged in."""
        keys = Keys([self._known, *([self._learned] if self._learned else [])], named(there.host, there.port), self._learned)
        client = paramiko.SSHClient()
        self._held.callback(client.close)
        client.set_missing_host_key_policy(keys)
        pkey = self._key(there) if there.ssh_key else None
        password = self._secrets.get(there.password or "")
        try:
            client.connect(
                there.host,
                there.port,
                username=there.username,
                password=password,
                pkey=pkey,
                allow_agent=there.ssh_agent,
                look_for_keys=False,
                sock=_Gulps(self._raw(there, through)),  # type: ignore[arg-type]  # all of a socket that paramiko asks for
                timeout=self._seconds,
                banner_timeout=self._seconds,
                auth_timeout=self._seconds,
                transport_factory=transport(there.legacy_algorithms, tuple(keys.kinds)),
            )
        except _ERRORS as error:
            raise self._verdict(error, there, at) from None
        return client

    def _key(self, there: Reached) -> paramiko.PKey:
        """The private key. Raises Fatal."""
        assert there.ssh_key
        file = self._root / Path(there.ssh_key).expanduser()
        try:
            if file.stat().st_mode & 0o077:
                raise self._fatal(f"others can read the private key {there.ssh_key}", f"chmod 600 {file}")
            password = self._secrets.get(there.ssh_key_password or "")
            key = paramiko.PKey.from_path(file, password.encode() if password else None)  # type: ignore[arg-type]  # the stub is wrong
        except OSError as error:
            raise self._fatal(
                f"the private key {there.ssh_key} cannot be read ({reason(error)})", "put it there, or correct ssh_key"
            ) from None
        except (paramiko.SSHException, ValueError, TypeError):
            remedy = "it has to be an OpenSSH or PEM key; ssh_key_password is the reference to its passphrase"
            raise self._fatal(f"the private key {there.ssh_key} cannot be opened", remedy) from None
        return Sha1Key(key=key.key) if isinstance(key, paramiko.RSAKey) and "ssh-rsa" in there.legacy_algorithms else key

    def _fatal(self, message: str, remedy: str) -> Fatal:
        return Fatal(message, remedy=remedy, target=self._target)

    def _verdict(self, error: Exception, there: Reached, at: str) -> Verdict:
        """From what paramiko raised to what the operator must know."""
        name = named(there.host, there.port)
        if isinstance(error, ChangedKey):
            known = ", ".join(map(fingerprint, error.known)) or "none that still holds"
            return self._fatal(
                f"the host key of {at} has changed: {fingerprint(error.key)}, known is {known}",
                f"find out why; only if it is right: ssh-keygen -f {self._known} -R '{name}', then add the new key",
            )
        if isinstance(error, UnknownKey):
            return self._fatal(
                f"the host key of {at} is not known: it shows {fingerprint(error.key)}",
                f"compare it at the device, then: ssh-keyscan -p {there.port} {there.host} >> {self._known}",
            )
        if isinstance(error, paramiko.AuthenticationException) or "authentication methods" in str(error):
            means = {"password": there.password, "key": there.ssh_key, "agent's keys": "SSH_AUTH_SOCK" if there.ssh_agent else None}
            tried = " and the ".join(f"{what} of {there.username} ({where})" for what, where in means.items() if where)
            takes = getattr(error, "allowed_types", None)
            return self._fatal(
                f"{'the device' if there is self._device else at} refuses the {tried}"
                + (f"; it takes {', '.join(takes)}" if takes else ""),
                f"put the right one where {' or '.join(where for where in means.values() if where)} points",
            )
        if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
            return self._fatal(
                f"{at} and we have no algorithm in common: {reason(error)}",
                "if it has no better ones: yunwang_legacy_algorithms, with those that `ssh -vv` shows it to offer",
            )
        words = "refuses the connection" if isinstance(error, ConnectionRefusedError) else f"cannot be reached ({reason(error)})"
        return Retryable(
            f"{at} {words}",
            remedy="look at the way there, at the device's SSH server, and at whether all its VTYs are taken",
            target=self._target,
            delay=RETRY_SECONDS,
        )


def reason(error: BaseException) -> str:
    """An error in a few words, without its number."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, paramiko.ChannelException):
        return str(error.text)
    return re.sub(r"\s*\[Errno \d+\]\s*", ": ", " ".join(str(error).split())).removeprefix(": ") or type(error).__name__
