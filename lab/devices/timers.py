"""A device's own way back: when a timer's time is over, what ran before runs again, or the device boots. Never asks anybody."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yunwang.lab.devices.device import Device
    from yunwang.lab.devices.tree import Node


@dataclass(slots=True, kw_only=True, eq=False)
class Timer:
    """`ends` is on the device's clock. `before`: what runs again; None: the device boots."""

    ends: float
    before: Node | None
    mark: str = ""
    """What a session has to name to end it (VRP8's persist id)."""
    session: object = None
    """The shell whose end is its end too; None: it outlives every session."""


def start(device: Device, seconds: float, before: Node | None, *, mark: str = "", session: object = None) -> None:
    """Start the device's timer, or start it anew: what it leads back to stays then what it was at first."""
    if device.timer is not None and before is not None:
        before = device.timer.before
    device.timer = Timer(ends=device.now + seconds, before=before, mark=mark, session=session)
    asyncio.get_running_loop().call_later(seconds + 0.01, tick, device)


def keep(device: Device, ahead: float) -> None:
    """Go by a clock that the lab has set forward by so many seconds."""
    device.ahead = ahead
    tick(device)


def tick(device: Device) -> None:
    """Do what is due by the device's clock."""
    if device.timer is not None and device.now >= device.timer.ends:
        expire(device)


def expire(device: Device) -> None:
    """Whatever the clock says, the timer's time is over."""
    timer, device.timer = device.timer, None
    if timer is None:
        return
    if timer.before is None:
        device.reboot()
    else:
        device.running = timer.before
        device.touched()


def left(device: Device) -> int:
    """Whole seconds until the timer's time is over; 0 where none runs."""
    return max(int(device.timer.ends - device.now + 0.5), 0) if device.timer else 0


def session_ended(device: Device, shell: object) -> None:
    """A session is over, and so is a timer that was its own."""
    if device.timer is not None and device.timer.session is shell:
        expire(device)
