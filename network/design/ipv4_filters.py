"""IPv4 access lists as values, whatever the platform's words; what of them is not understood is said. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.model import Path

_OPENS = (
    re.compile(r"acl (?:number |name \S+ )?(?P<name>\d+)(?: .*)?"),
    re.compile(r"acl (?P<kind>basic|advanced) (?P<name>\d+)(?: .*)?"),
    re.compile(r"acl (?P<kind>basic|advanced) name (?P<name>\S+)(?: .*)?"),
    re.compile(r"ip access-list (?P<kind>standard|extended) (?P<name>\S+)"),
)
_PORTS = r"eq \S+|range \S+ \S+|gt \S+|lt \S+|neq \S+"
_HUAWEI = re.compile(
    r"rule (?P<sequence>\d+) (?P<action>permit|deny)(?: (?P<protocol>ip|tcp|udp|icmp|ospf))?"
    r"(?: source (?P<source>any|[\d.]+ (?:0|[\d.]+)))?(?: destination (?P<destination>any|[\d.]+ (?:0|[\d.]+)))?"
    rf"(?: source-port (?P<source_port>{_PORTS}))?(?: destination-port (?P<destination_port>{_PORTS}))?(?: logging| counting)*"
)
_END = r"any|host [\d.]+|[\d.]+ [\d.]+|[\d.]+/\d+"
_CISCO = re.compile(
    rf"(?:(?P<sequence>\d+) )?(?P<action>permit|deny) (?P<protocol>ip|tcp|udp|icmp|ospf) (?P<source>{_END})"
    rf"(?: (?P<source_port>{_PORTS}))? (?P<destination>{_END})(?: (?P<destination_port>{_PORTS}))?(?: log)?"
)
_STANDARD = re.compile(rf"(?:(?P<sequence>\d+) )?(?P<action>permit|deny) (?P<source>{_END}|[\d.]+)(?: log)?")
_SILENT = re.compile(r"description |step |remark |rule \d+ (?:comment|description) |(?:\d+ )?remark ")
_LINES = re.compile(r"(?:user-interface|line) vty .*")
_GUARD = re.compile(r"acl (?P<number>\d+) inbound|access-class (?P<name>\S+) in(?: vrf-also)?")
_SSH = re.compile(r"ssh server acl (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry4:
    """A line of a list; None is any."""

    sequence: int
    action: Literal["permit", "deny"]
    protocol: Literal["ip", "tcp", "udp", "icmp", "ospf"]
    source: IPv4Network | None
    destination: IPv4Network | None
    source_port: str
    destination_port: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter4:
    """A list. `basic`: it matches sources alone. `strange`: lines not understood."""

    name: str
    basic: bool
    path: Path
    entries: tuple[Entry4, ...]
    strange: tuple[Path, ...] = field(default=())


def lists(config: Config, wanted: Container[str]) -> dict[str, Filter4]:
    """The named and numbered lists that are wanted, by name."""
    found = {}
    for line, lines in config.tree.items():
        if line.startswith(("acl ", "ip access-list ")) and (match := _opened(line)) and match["name"] in wanted:
            found[match["name"]] = _read(line, match, lines)
    return found


def guards(config: Config) -> tuple[tuple[Path, str], ...]:
    """Terminal lines (path of the line that guards) and the list that does."""
    found: list[tuple[Path, str]] = []
    for view, lines in config.tree.items():
        if match := _SSH.fullmatch(view):
            found.append(((view,), match[1]))
        elif _LINES.fullmatch(view):
            found += [((view, line), match["number"] or match["name"]) for line in lines if (match := _GUARD.fullmatch(line))]
    return tuple(found)


def _opened(line: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.fullmatch(line) for pattern in _OPENS)), None)


def _read(line: str, opened: re.Match[str], lines: Tree) -> Filter4:
    kind = opened.groupdict().get("kind")
    name = opened["name"]
    basic = kind in ("basic", "standard") or (kind is None and name.isdigit() and int(name) < 3000)
    pattern = _HUAWEI if line.startswith("acl ") else _STANDARD if kind == "standard" else _CISCO
    entries: list[Entry4] = []
    strange: list[Path] = []
    for text in lines:
        match = pattern.fullmatch(text)
        if match and not _scattered(text):
            last = entries[-1].sequence if entries else 0
            entries.append(_entry((line, text), match, last + 10))
        elif not _SILENT.match(text):
            strange.append((line, text))
    return Filter4(name=name, basic=basic, path=(line,), entries=tuple(entries), strange=tuple(strange))


def _entry(path: Path, match: re.Match[str], otherwise: int) -> Entry4:
    words = match.groupdict()
    action: Literal["permit", "deny"] = "permit" if words["action"] == "permit" else "deny"
    protocol = words.get("protocol") or "ip"
    assert protocol in ("ip", "tcp", "udp", "icmp", "ospf")
    return Entry4(
        sequence=int(words["sequence"] or otherwise),
        action=action,
        protocol=protocol,  # type: ignore[arg-type]  # asserted above; mypy does not narrow a str to a Literal by `in`
        source=_network(words["source"]),
        destination=_network(words.get("destination")),
        source_port=words.get("source_port") or "",
        destination_port=words.get("destination_port") or "",
        path=path,
    )


def _scattered(text: str) -> bool:
    """Does a wildcard match hosts that lie apart (`0.0.254.255`), which no prefix can say?"""
    for wild in re.findall(r"[\d.]+ (\d+\.\d+\.\d+\.\d+)", text):
        bits = int(IPv4Address(wild))
        if bits & (bits + 1):
            return True
    return False


def _network(text: str | None) -> IPv4Network | None:
    """`10.64.1.0 0.0.0.255`, `host 10.64.1.1`, `10.64.1.1 0`, `10.64.1.0/24`; None for any."""
    if text is None or text == "any":
        return None
    words = text.removeprefix("host ").split()
    if len(words) == 1:
        return IPv4Network(words[0], strict=False)
    wild = int(IPv4Address(words[1])) if "." in words[1] else 0
    return IPv4Network((int(IPv4Address(words[0])) & ~wild & 0xFFFFFFFF, 32 - wild.bit_length()), strict=False)
