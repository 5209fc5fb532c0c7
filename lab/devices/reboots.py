"""Reboots at a time to come, from what is saved: VRP5's `schedule reboot`, RGOS's `reload in`. Never saves unless told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from yunwang.lab.devices import timers
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.render import configuration
from yunwang.lab.devices.tree import Call, Refusal, Row


def _unsaved(device: Device) -> bool:
    return device.startup.read_text(encoding="utf-8").splitlines() != configuration(device, device.running)


def _minutes(call: Call) -> int:
    if call.shell.knobs.faults.no_timer:
        raise Refusal(call.device.platform.errors["wrong"])
    return int(call.get("minutes"))


def _when(seconds: int) -> str:
    """`2026-11-22 03:10:00 UTC (in 0 hours and 10 minutes)`."""
    hours, minutes = divmod(-(-seconds // 60), 60)
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S} UTC (in {hours} hours and {minutes} minutes)"


async def schedule_reboot(call: Call) -> str:
    """`schedule reboot delay MINUTES`: a later one takes the place of an earlier one."""
    seconds = _minutes(call) * 60
    warning = "Warning: The current configuration will be saved to the next startup saved-configuration file. Continue? [Y/N]:"
    if _unsaved(call.device) and await call.shell.ask(warning):
        call.device.save()
    if await call.shell.ask(f"Info: Reboot system at: {_when(seconds)}.\nConfirm? [Y/N]:"):
        timers.start(call.device, seconds, None)
    return ""


def undo_schedule_reboot(call: Call) -> str:
    """`undo schedule reboot`."""
    call.device.timer = None
    return ""


def scheduled_reboot(call: Call) -> str:
    """`display schedule reboot`: nothing where none is scheduled."""
    return f"Info: System will reboot at: {_when(timers.left(call.device))}.\n" if call.device.timer else ""


async def reload_in(call: Call) -> str:
    """`reload in MINUTES`, likewise."""
    seconds = _minutes(call) * 60
    if _unsaved(call.device):
        answer = await call.shell.terminal.line("System configuration has been modified. Save? [yes/no]:")
        if answer.strip().lower() in ("y", "yes"):
            call.device.save()
    answer = await call.shell.terminal.line("Proceed with reload? [confirm]")
    if answer.strip().lower() in ("", "y", "yes"):
        timers.start(call.device, seconds, None)
        return f"System will reload in {seconds} seconds.\n"
    return ""


def reload_cancel(call: Call) -> str:
    """`reload cancel`."""
    if call.device.timer is None:
        raise Refusal("%No reload is scheduled.")
    call.device.timer = None
    return ""


def reload_scheduled(call: Call) -> str:
    """`show reload`."""
    if call.device.timer is None:
        return "No reload is scheduled.\n"
    return f"Reload scheduled in {timers.left(call.device)} seconds.\n"


VRP_USER = (
    Row(syntax="schedule reboot delay <minutes=0-43200>", do=schedule_reboot),
    Row(syntax="undo schedule reboot", do=undo_schedule_reboot),
)
VRP_SHOWN = Row(syntax="display schedule reboot", do=scheduled_reboot)
RGOS_USER = (Row(syntax="reload in <minutes=1-34560>", do=reload_in), Row(syntax="reload cancel", do=reload_cancel))
RGOS_SHOWN = Row(syntax="show reload", do=reload_scheduled)
