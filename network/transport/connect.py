"""Open a session: host key checked, secrets resolved at the last moment, every failure a verdict. Sends no configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from yunwang.credentials.resolve import resolve
from yunwang.inventories.network import Device
from yunwang.inventories.secret import SecretRef, references
from yunwang.inventories.verdict import Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.rule import Question
from yunwang.network.session import Session as Platform
from yunwang.network.transport.conversation import Conversation
from yunwang.network.transport.driver import DRIVERS, Line
from yunwang.network.transport.session import Session
from yunwang.network.transport.way import Way
from yunwang.network.transport.wire import WireLog
from yunwang.network.vendors import vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds: to reach a device and log in; of silence until a device counts as hung."""

    connect: float = 15.0
    read: float = 30.0


Talk: TypeAlias = Callable[[Line, Platform, float], Conversation]
"""What leads the conversation on a line."""


@contextmanager
def connect(
    device: Device, workspace: Workspace, *, wire: Path, timeouts: Timeouts | None = None, talk: Talk = Conversation
) -> Iterator[Session]:
    """A session with a device, closed at the end. `wire` is the folder of the wire logs, one file a device, added to.

    Raises Fatal (log-in refused, host key unknown or changed, no such secret), Retryable (refused, unreachable, silent).
    """
    timeouts = timeouts or Timeouts()
    its = vendor(device.platform)
    secrets = {reference: resolve(reference, workspace) for _, reference in references(device)}
    log = WireLog(wire / f"{device.name}.log", secrets.values())
    way = ", ".join(f"{hop.username}@{hop.host} port {hop.port}" for hop in device.proxy_jump)
    log.note(f"opened to {device.host} port {device.port} as {device.username} by {device.transport}{way and f' through {way}'}")
    try:
        with ExitStack() as held:
            line = DRIVERS[its.session.netmiko](Way(device, workspace, held, secrets, timeouts.connect).open(), log)
            held.callback(line.disconnect)
            spoken = talk(line, its.session, timeouts.read)
            session = Session(f"device/{device.name}", its.session, spoken, console=device.transport == "console")
            session.prepare(secrets.get(device.enable_password or "", ""), _asked(device, secrets))
            yield session
            session.log_out(its.rules.leave)
    except Verdict as verdict:
        log.note(verdict.message)
        raise
    finally:
        log.close()


def _asked(device: Device, secrets: Mapping[SecretRef, str]) -> tuple[Question, ...]:
    """What the device itself asks at log-in, where no protocol has asked it before."""
    if device.transport == "ssh":
        return ()
    return (
        Question(ask=r"(?i)(?:user ?name|login) ?: ?\Z", answer=device.username),
        Question(ask=r"(?i)password ?: ?\Z", answer=secrets.get(device.password or "", "")),
    )
