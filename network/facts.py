"""What devices say about themselves, typed. Output not understood is an error that quotes the line, never an empty answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TypeVar

from netaddr import EUI, mac_unix_expanded

from yunwang.inventories.verdict import Fatal

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceIpv6:
    """An interface's IPv6 addresses, link-local ones with them; `up` is the protocol state."""

    name: str
    up: bool
    addresses: tuple[IPv6Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbor:
    """Who was seen behind an address: an ARP entry or an ND neighbour. `mac` None: asked for and not answered."""

    address: IPv4Address | IPv6Address
    mac: EUI | None
    interface: str
    vlan: int | None = None
    own: bool = False
    """The device's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticBinding:
    """A row of a static binding table."""

    address: IPv4Address | IPv6Address
    mac: EUI
    interface: str | None = None
    vlan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ospfv3Peer:
    """A neighbour of OSPFv3; `full` when the databases are synchronised."""

    router_id: IPv4Address
    interface: str
    state: str
    full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """A platform's readers: a display command's text to facts, an empty table to (). They raise Fatal for what they do not know."""

    ipv6_interfaces: Callable[[str], tuple[InterfaceIpv6, ...]]
    neighbors: Callable[[str], tuple[Neighbor, ...]]
    arp: Callable[[str], tuple[Neighbor, ...]]
    static_bindings: Callable[[str], tuple[StaticBinding, ...]]
    ospfv3_peers: Callable[[str], tuple[Ospfv3Peer, ...]]


def not_understood(line: str) -> Fatal:
    """The verdict for a line that no rule of a reader knows."""
    return Fatal(
        f"output of the device is not understood: {line.strip()!r}",
        remedy="compare the device's software version with the supported ones; send this line to the maintainers",
    )


_LOG = re.compile(
    r"^(?:%?\*?[A-Z][a-z]{2} +\d+ (?:\d{4} )?\d\d:\d\d:\d\d\S*.*%.*|\s*-+ ?More ?-+\s*)$"  # H3C, IOS, RGOS, VRP; a pager's remnant
)
_REMNANT = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[^\n]*\x08|[ \t]*-+ ?More ?-+ *")


def lines(text: str) -> Iterator[str]:
    """The lines of a command's output without blank ones, log messages and what a pager left behind."""
    for line in _REMNANT.sub("", text.replace("\r", "")).split("\n"):
        if line.strip() and not _LOG.match(line):
            yield line.rstrip()


def rows(text: str, row: str, skip: str, *, joined: str = "") -> Iterator[re.Match[str]]:
    """The rows of a table. A line that is neither a row nor one to skip raises Fatal.

    `joined`: the beginning of a row whose rest stands on the next line (an IPv6 address too long for its column).
    """
    is_row, is_skip, is_begun = re.compile(row), re.compile(skip), re.compile(joined or "(?!)")
    begun = ""
    for line in lines(text):
        if match := is_row.fullmatch(f"{begun}  {line.strip()}" if begun else line.strip()):
            begun = ""
            yield match
        elif begun:
            raise not_understood(line)
        elif is_begun.fullmatch(line.strip()):
            begun = line.strip()
        elif not is_skip.match(line.strip()):
            raise not_understood(line)
    if begun:
        raise not_understood(begun)


def counted(found: tuple[Fact, ...], text: str, total: str) -> tuple[Fact, ...]:
    """The facts, if there are as many as the output says itself. Raises Fatal when it was cut off."""
    match = re.search(total, text)
    if match and int(match[1]) != len(found):
        raise Fatal(
            f"output of the device was cut off: it says {match[0].strip()!r} and shows {len(found)}",
            remedy="look whether the session broke or paging was on, then try again",
        )
    return found


def mac(text: str) -> EUI | None:
    """A MAC in any vendor's spelling; None for `Incomplete`, `--` and the like."""
    return EUI(text, version=48, dialect=mac_unix_expanded) if re.fullmatch(r"[0-9A-Fa-f:.-]{12,17}", text) else None


def number(text: str | None) -> int | None:
    """A VLAN id; None for `--` and `N/A`."""
    return int(text) if text and text.isdigit() else None
