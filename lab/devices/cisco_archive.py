"""IOS's archive and its timed rollback (`configure terminal revert timer`). Never writes a file: the device keeps what ran.

Words: Cisco's configuration management guide ("Configuration Rollback Confirmed Change") and sessions that people have published.
"""

from __future__ import annotations

from datetime import UTC, datetime

from yunwang.lab.devices import cisco, timers
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.tree import Call, Refusal, Row

NONE_PENDING = "%No Rollback Confirmed Change pending"

ARCHIVE = Row(syntax="archive", opens="archive", prompt="config-archive", fact="archive")
ROWS = (
    Row(syntax="path <path=name>", slot="path", undo=("path [ <path=text> ]",), fact="archive-path"),
    Row(syntax="maximum <count=1-14>"),
    Row(syntax="write-memory"),
)


def _path(device: Device) -> str:
    archive = device.running.first("archive")
    path = archive.first("archive-path") if archive else None
    return str(path.values["path"]) if path else ""


def revert_timer(call: Call) -> str:
    """`configure terminal revert timer MINUTES`: what is configured from now on goes again, unless `configure confirm` follows."""
    if call.shell.knobs.faults.no_timer:
        raise Refusal(call.device.platform.errors["wrong"])
    path = _path(call.device)
    if not path:
        raise Refusal("%Turn config archive on before using Rollback Confirmed Change")
    if call.device.timer:
        raise Refusal("%Rollback Confirmed Change is already pending")
    timers.start(call.device, int(call.get("minutes")) * 60, call.device.running.copy())
    backup = f"{path}-{datetime.now(UTC):%b-%d-%H-%M-%S}.000-1"
    return f"Rollback Confirmed Change: Backing up current running config to {backup}\n\n{cisco.configure(call)}"


def confirm(call: Call) -> str:
    """`configure confirm`: what was configured since stays."""
    if call.device.timer is None:
        raise Refusal(NONE_PENDING)
    call.device.timer = None
    return ""


def revert_now(call: Call) -> str:
    """`configure revert now`."""
    if call.device.timer is None:
        raise Refusal(NONE_PENDING)
    timers.expire(call.device)
    return "Rollback Confirmed Change: rolling to the archived configuration\nTotal number of passes: 1\nRollback Done\n"


def rollback_timer(call: Call) -> str:
    """`show archive config rollback timer`."""
    timer = call.device.timer
    if timer is None:
        return NONE_PENDING
    left = max(int(timer.ends - call.device.now), 0)
    return f"Timer type: absolute timer\nTimer value: {left // 60} min\nUser: {call.shell.user}\n"


USER = (
    Row(syntax="configure terminal revert timer <minutes=1-120>", do=revert_timer),
    Row(syntax="configure confirm", do=confirm),
    Row(syntax="configure revert now", do=revert_now),
    Row(syntax="show archive config rollback timer", do=rollback_timer),
)
