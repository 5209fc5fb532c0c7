"""Which way back of its own a device has for a change, and where its management address goes. Pure; arms nothing."""

from __future__ import annotations

import re
from typing import NamedTuple

from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject
from yunwang.network.configuration.config import Config
from yunwang.network.configuration.management import ManagementPath, management_path
from yunwang.network.vendors import Vendor, vendor

SECONDS = 600
"""How long a device waits for the word that all is well: longer than any verification here, and VRP8's own choice."""


class Reboot(NamedTuple):
    """A timed reboot, for devices that have no other net: after how many minutes (0: nobody asked for it), and where it leads."""

    minutes: int = 0
    saved: bool = False
    """Is what the device would boot with what it runs now?"""


NEVER = Reboot()


def seconds(its: Vendor, running: Config, reboot: Reboot = NEVER) -> int:
    """How long the net of a device that runs this holds; 0: it has none."""
    net = its.session.net
    if net and net.reboots:
        return reboot.minutes * 60 if reboot.saved else 0
    return SECONDS if net and re.search(net.needs, running.render(), re.MULTILINE) else 0


def told(its: Vendor, running: Config, reboot: Reboot = NEVER) -> str:
    """Which net, how long, and what it would cost, for the plan's reader."""
    net = its.session.net
    if net is None or (net.reboots and not reboot.minutes):
        return f"none, {its.platform} has no timer that takes a change back"
    held = seconds(its, running, reboot)
    if not net.reboots:
        return f"{net.name}, {held} s" if held else f"none, {net.name} needs {net.needs_words}"
    if not held:
        return f"none, sent WITHOUT net: {net.name} needs {net.needs_words}"
    return f"{net.name}, {held} s: it reboots in {reboot.minutes} minutes if nobody confirms, and services on it stop for minutes"


def way_in(device: Device, running: Config, intended: Config) -> ManagementPath | None:
    """What keeps the management address reachable, where the device has it in its configuration."""
    addresses = _management(running, device)
    return management_path(addresses[0], running, intended) if addresses else None


def moves_to(device: Device, running: Config, intended: Config) -> str | None:
    """The new management address where the device's goes; "" where none comes in its place, None where it stays."""
    before, after = (_management(config, device) for config in (running, intended))
    if not before or before[0] in after:
        return None
    return after[0] if after else ""


def facts(device: Device, running: Config, intended: Config, reboot: Reboot = NEVER) -> JsonObject:
    """What the plan says of the way back and of the way in; `asks` is what has to be allowed, and why."""
    its, said = vendor(device.platform), JsonObject()
    said["net"] = told(its, running, reboot)
    if (address := moves_to(device, running, intended)) is not None:
        said["management_address"] = f"moves to {address}" if address else "goes"
        if not address or not seconds(its, running, reboot):
            said["asks"] = {"management-change": f"its management address {said['management_address']} (net: {said['net']})"}
    return said


def _management(config: Config, device: Device) -> tuple[str, ...]:
    """The addresses of the management interface, the device's own address first where it is one of them."""
    interface, full = device.management_interface, config.rules.full_name
    found = [
        line.words["address"]
        for command, lines in config.commands()
        if interface and command.rule.opens == "interface" and full(command.text.partition(" ")[2]) == full(interface)
        for line in (config.rules.read("interface", text) for text in lines)
        if line.rule.lifeline == "address" and "address" in line.words
    ]
    return tuple(sorted(found, key=lambda address: address != device.host))
