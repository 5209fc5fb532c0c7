"""A simulated device on a table: boots from a configuration, takes lines, says what it runs. Never a network or a prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from yunwang.inventories.network import Platform
from yunwang.lab.devices.city import City
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.platforms import PLATFORMS
from yunwang.lab.devices.render import configuration
from yunwang.lab.devices.tree import Node

LEAVES = {"quit", "exit"}


def booted(platform: Platform, text: str, folder: Path) -> Device:
    """A device that runs it; fails the test where it does not take a line."""
    startup = folder / "startup.cfg"
    startup.write_text(text, encoding="utf-8")
    city = City()
    city.devices["bench"] = device = Device(name="bench", platform=PLATFORMS[platform], startup=startup, city=city)
    device.boot()
    assert device.boot_faults == [], text
    return device


def typed(device: Device, lines: Iterable[str], *, watch: Callable[[Device, str], None] = lambda device, line: None) -> Device:
    """The device after these lines, each in the view the one before led into; `watch` looks after each. Raises Refusal."""
    views: list[Node] = [device.running]
    for line in lines:
        if line in LEAVES:
            views.pop()
        elif line != "commit" and (opened := device.configure(device.running, views[-1], line)[1]):
            views.append(opened)
        watch(device, line)
    assert views == [device.running], "a view was not left"
    return device


def shown(device: Device) -> str:
    """What it shows as its running configuration."""
    return "\n".join(configuration(device, device.running)) + "\n"


def runs(device: Device) -> set[tuple[str, ...]]:
    """Its lines, each after the views around it; a fixed port (and on FRR a family of BGP) without lines is there anyway."""
    return set(_lines(device, (), device.running))


def _lines(device: Device, path: tuple[str, ...], node: Node) -> Iterator[tuple[str, ...]]:
    for child in node.children.values():
        name = str(child.values.get("interface", ""))
        port = child.row.fact == "interface" and device.platform.kind_of(name) == "port"
        family = child.row.opens == "bgp-family" and device.platform.name == "frr"
        if child.children or not (port or family):
            yield (*path, child.line)
        yield from _lines(device, (*path, child.line), child)
