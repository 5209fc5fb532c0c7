"""VRP configurations of any size, now and as intended, and a typist to try a patch on. Shares no code with network/."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

HOLDS = ("description ", "ospf cost ")
"""Commands of which the last one typed counts."""


class Pair(NamedTuple):
    """Two configurations."""

    running: str
    intended: str


def router(ports: int) -> Pair:
    """A line, then ten a port that become fourteen: two are edited, one goes, five come (IPv6)."""
    return Pair(*("ipv6\n#\n" + "#\n".join(_port(number, dual) for number in range(ports)) for dual in (False, True)))


def bindings(lines: int) -> Pair:
    """User-bind rows alone, of which every tenth terminal gets another network card."""
    return Pair(*("".join(_binding(number, new) for number in range(lines)) for new in (False, True)))


def typed(running: str, lines: Iterable[str]) -> dict[str, set[str]]:
    """What a device has after someone typed these lines on it, by view. Raises ValueError at an undo of what is not there."""
    views: dict[str, set[str]] = {"": set()}
    here = views[""]
    for line in (*(f"{line}\n" for line in running.splitlines() if line != "#"), *lines):
        command = line.strip()
        if command.startswith("interface "):
            here = views.setdefault(command, set())
        elif command == "quit":
            here = views[""]
        elif command.startswith("undo "):
            taken = command.removeprefix("undo ")
            gone = {taken} & here or {one for one in here if one.startswith(f"{taken} ")}
            if not gone:
                raise ValueError(f"nothing to take back: {command}")
            here -= gone
        else:
            if command.startswith(HOLDS):
                kind = next(kind for kind in HOLDS if command.startswith(kind))
                here -= {one for one in here if one.startswith(kind)}
            here.add(command)
    return views


def _port(number: int, dual: bool) -> str:
    high, low = divmod(number, 256)
    always = (
        f"interface GigabitEthernet{number // 48}/0/{number % 48}",
        f" description to town {number}{', dual stack' if dual else ''}",
        f" ip address 10.{high}.{low}.1 255.255.255.0",
        f" ip address 10.{high + 100}.{low}.1 255.255.255.0 sub",
        " ospf network-type p2p",
        f" ospf cost {20 if dual else 10}",
        " ospf enable 1 area 0.0.0.0",
        " traffic-filter inbound acl 3000",
        " traffic-filter outbound acl 3001",
    )
    six = (
        " ipv6 enable",
        f" ipv6 address 2001:db8:{number + 1:x}::1/64",
        " ipv6 address fe80::1 link-local",
        " ipv6 mtu 1500",
        " ipv6 nd autoconfig other-flag",
    )
    return "\n".join((*always, *(six if dual else (" arp-proxy enable",)), ""))


def _binding(number: int, new: bool) -> str:
    card = number + 0x100000 if new and number % 10 == 0 else number
    address, mac = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", f"0011-{card >> 16:04x}-{card & 0xFFFF:04x}"
    place = f"interface GigabitEthernet0/0/{number % 48} vlan {number % 90 + 10}"
    return f"user-bind static ip-address {address} mac-address {mac} {place}\n"
