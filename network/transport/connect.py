"""Open a session: host key checked, password resolved at the last moment, every failure a verdict. Sends no configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import paramiko
from netmiko.exceptions import NetmikoBaseException

from yunwang.credentials.resolve import resolve
from yunwang.inventories.network import Device
from yunwang.inventories.verdict import Fatal, Retryable, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.network.transport.conversation import Conversation
from yunwang.network.transport.driver import DRIVERS, Line
from yunwang.network.transport.session import RETRY_SECONDS, Session
from yunwang.network.transport.wire import WireLog
from yunwang.network.vendors import vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds: to reach a device and log in; of silence until a device counts as hung."""

    connect: float = 15.0
    read: float = 30.0


@contextmanager
def connect(device: Device, workspace: Workspace, *, wire: Path, timeouts: Timeouts | None = None) -> Iterator[Session]:
    """A session with a device, closed at the end. `wire` is the folder of the wire logs, one file a device, added to.

    Raises Fatal (wrong password, host key unknown or changed, no such secret), Retryable (refused, unreachable, silent).
    """
    timeouts = timeouts or Timeouts()
    target = f"device/{device.name}"
    platform = vendor(device.platform).session
    password = resolve(device.password, workspace)
    enable_password = resolve(device.enable_password, workspace) if device.enable_password else ""
    log = WireLog(wire / f"{device.name}.log", (password, enable_password))
    log.note(f"opened to {device.host} port {device.port} as {device.username}")
    try:
        line = _open(device, workspace.root / device.known_hosts, platform.netmiko, password, log, timeouts)
        try:
            session = Session(target, platform, Conversation(line, platform, timeouts.read))
            session.prepare(enable_password)
            yield session
        finally:
            line.disconnect()
    except Verdict as verdict:
        log.note(verdict.message)
        raise
    finally:
        log.close()


def _open(device: Device, known_hosts: Path, driver: str, password: str, log: WireLog, timeouts: Timeouts) -> Line:
    try:
        return DRIVERS[driver](
            host=device.host,
            port=device.port,
            username=device.username,
            password=password,
            device_type=driver,
            ssh_strict=True,
            alt_host_keys=True,
            alt_key_file=str(known_hosts),
            conn_timeout=timeouts.connect,
            auth_timeout=timeouts.connect,
            banner_timeout=timeouts.connect,
            session_log=log,
        )
    except (NetmikoBaseException, paramiko.SSHException, OSError, EOFError) as error:
        raise _verdict(error, device, known_hosts) from None


def _verdict(error: Exception, device: Device, known_hosts: Path) -> Verdict:
    """From what netmiko raised to what the operator must know; netmiko hides paramiko's own error in the context."""
    target = f"device/{device.name}"
    cause: BaseException = error.__context__ or error
    if isinstance(cause, paramiko.ssh_exception.NoValidConnectionsError):
        cause = next(iter(cause.errors.values()))
    at = f"{device.host} port {device.port}"
    name = device.host if device.port == 22 else f"[{device.host}]:{device.port}"
    if isinstance(cause, paramiko.BadHostKeyException):
        return Fatal(
            f"the host key of {at} has changed: {_fingerprint(cause.key)}, known is {_fingerprint(cause.expected_key)}",
            remedy=f"find out why; only if it is right: ssh-keygen -f {known_hosts} -R '{name}', then add the new key",
            target=target,
        )
    if isinstance(cause, paramiko.AuthenticationException):
        return Fatal(
            f"the device refuses the password of {device.username} ({device.password})",
            remedy=f"put the right password where {device.password} points",
            target=target,
        )
    if isinstance(cause, paramiko.SSHException) and "known_hosts" in str(cause):
        return Fatal(
            f"the host key of {at} is not known",
            remedy=f"compare it at the device, then: ssh-keyscan -p {device.port} {device.host} >> {known_hosts}",
            target=target,
        )
    words = "refuses the connection" if isinstance(cause, ConnectionRefusedError) else f"cannot be reached ({_reason(cause)})"
    return Retryable(
        f"{at} {words}",
        remedy="look at the way there, at the device's SSH server, and at whether all its VTYs are taken",
        target=target,
        delay=RETRY_SECONDS,
    )


def _reason(cause: BaseException) -> str:
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return re.sub(r"\s*\[Errno \d+\]\s*", ": ", " ".join(str(cause).split())).removeprefix(": ") or type(cause).__name__


def _fingerprint(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.fingerprint}"
