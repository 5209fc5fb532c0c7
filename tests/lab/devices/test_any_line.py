"""Whatever is typed, a device answers and what it then runs can be saved and booted again."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from yunwang.lab.devices.city import City
from yunwang.lab.devices.render import configuration
from yunwang.lab.devices.shell import Shell

VALUES = (
    *(
        "1",
        "10",
        "110",
        "120",
        "210",
        "220",
        "2000",
        "3000",
        "10.1.2.3",
        "10.64.120.9",
        "24",
        "255.255.255.0",
        "0.0.0.3",
        "10.9.8.0/24",
    ),
    *(
        "2001:db8::5",
        "2001:db8:9::1/64",
        "fe80::7",
        "0259-5701-0001",
        "0259.5701.0001",
        "text",
        "LoopBack3",
        "Loopback 3",
        "Loopback3",
    ),
    *(
        "Vlanif110",
        "Vlan-interface120",
        "VLAN 210",
        "Vlan220",
        "GigabitEthernet0/0/5",
        "GigabitEthernet1/0/5",
        "GigabitEthernet 0/5",
    ),
    *("GE1/0/1", "eth1", "lo", "0", "::", "64512:10", "?", "|", "65536", "-1"),
)
LEAVING = ("reboot", "reload", "quit", "exit", "logout", "return", "end", "commit", "abort")


@pytest.mark.parametrize("name", ["yz-acc-1", "yz-agg-a", "yz-core-a", "yz-acc-2", "dh-acc-1", "dh-acc-2", "yz-gw-a"])
def test_random_lines_never_break_a_device(name: str, city: City, console: Callable[[str], object]) -> None:
    dice = random.Random(f"yunwang {name}")
    user = console(name)
    shell: Shell = user.shell  # type: ignore[attr-defined]  # the fixture's console holds the real shell
    device = city.devices[name]
    start = "configure terminal\n" if name.startswith("dh") or device.platform.name == "frr" else "system-view\n"
    for number in range(600):
        if number % 30 == 0 or shell.path is None:
            shell.path, shell.candidate = None, None
            user.type(start)  # type: ignore[attr-defined]
        user.type(_line(dice, shell) + "\nno\n")  # type: ignore[attr-defined]
        if number % 100 == 99 and device.platform.two_stage:
            user.type("commit\n")  # type: ignore[attr-defined]
    before = configuration(device, device.running)
    device.save()
    device.boot()
    assert device.boot_faults == []
    assert configuration(device, device.running) == before


def _line(dice: random.Random, shell: Shell) -> str:
    """Follow the grammar word by word, with now and then something else."""
    words: list[str] = []
    while len(words) < 12:
        following = shell.device.next_words(shell.views(), " ".join(words))
        if not following or dice.random() < 0.03:
            break
        word = dice.choice(following)
        if word == "<cr>" or (not words and word in LEAVING):
            break
        words.append(dice.choice(VALUES) if word.startswith("<") or dice.random() < 0.02 else word)
    return " ".join(words)
