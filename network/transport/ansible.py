"""The same push by Ansible: network_cli opens the session, and in it a device is talked to as in a session of ours.

`push` asks for it, `answer` is what network_cli's cliconf does there. What became of it comes back as JSON, a verdict too, and is
raised here as it was there. Runs no playbook itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import paramiko

from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject, Noun
from yunwang.inventories.verdict import Verdict
from yunwang.journal import process
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.session import Session as Platform
from yunwang.network.transport.conversation import Conversation
from yunwang.network.transport.delivery import Delivered, Delivery, deliver
from yunwang.network.transport.driver import DRIVERS
from yunwang.network.transport.faults import from_json, to_json
from yunwang.network.transport.session import Session
from yunwang.network.transport.telnet import HEIGHT, WIDTH
from yunwang.network.transport.wire import WireLog, mask

Say = Callable[[str], None]


class Asked(Noun):
    """What is asked of `answer`. `seconds` of silence until the device counts as hung; `wire` is the wire log's file."""

    target: str
    owner: str
    """The process that asks, as `journal.process` names it: nothing is sent any more once it is dead."""
    seconds: float
    wire: str
    delivery: Delivery


class Run(Protocol):
    """Runs playbooks/push.yml at a device. Raises Verdict where it ends badly."""

    def __call__(self, device: str, asked: JsonObject, say: Say) -> tuple[JsonObject, Path]:
        """What `answer` said to what is `asked`, and the folder with all that Ansible said."""


def push(run: Run, device: Device, what: Delivery, *, seconds: float, wire: Path, say: Say) -> Delivered:
    """Have Ansible deliver it; `wire` is the folder of the wire logs. Raises as `deliver`; Verdict where Ansible fails itself."""
    asked = Asked(
        target=f"device/{device.name}",
        owner=process.identity(),
        seconds=seconds,
        wire=str((wire / f"{device.name}.log").absolute()),
        delivery=what,
    )
    said, artefacts = run(device.name, asked.model_dump(mode="json"), say)
    if "kind" in said:
        raise from_json(said)
    return Delivered.model_validate({**said, "artefacts": str(artefacts)})


def answer(channel: paramiko.Channel, platform: Platform, told: JsonObject) -> JsonObject:
    """Deliver what is asked in a shell that waits at its prompt: a Delivered, or the verdict, as JSON."""
    asked = Asked.model_validate(told)
    log = WireLog(Path(asked.wire), ())
    log.note("opened by Ansible")
    try:
        channel.resize_pty(WIDTH, HEIGHT)
        line = DRIVERS[platform.netmiko](channel, log, lambda: not process.dead(asked.owner))
        session = Session(asked.target, platform, Conversation(line, platform, asked.seconds))
        session.prepare("", wake="\r")  # network_cli ends its lines so: a line feed would count as one's second half
        return deliver(session, platform, asked.delivery).model_dump(mode="json")
    except Verdict as verdict:
        log.note(verdict.message)
        return to_json(verdict)
    finally:
        log.close()


def objection(device: Device, lines: Sequence[PatchLine]) -> str:
    """Why Ansible cannot send these lines to the device as we would; "" where it can."""
    if device.transport != "ssh":
        return f"it is reached by {device.transport}, and network_cli knows SSH alone"
    for there in (device, *device.proxy_jump):
        name = "it" if there is device else f"the jump host {there.host}"
        if there.legacy_algorithms:
            return f"{name} needs old algorithms, which cannot be allowed to it alone there"
        if there.ssh_key_password:
            return f"the key for {name} has a passphrase, which only an ssh-agent could tell it"
        if there.password and there is not device:
            return f"{name} takes a password, and Ansible's way through it none"
    if secret := next((line for line in lines if mask(line.text) != line.text), None):
        return f"{mask(secret.text)!r} holds a secret, and Ansible keeps what it sends in files"
    return ""
