"""IPv4 access lists as values, read by the platform's words; what of them is not understood is said. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.ipv4 import reading
from yunwang.network.design.model import Path
from yunwang.network.design.words import ListWords, Words


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


def lists(config: Config, words: Words, wanted: Container[str]) -> dict[str, Filter4]:
    """The named and numbered lists that are wanted, by name."""
    found = {}
    for line, lines in config.tree.items():
        for kind in words.lists:
            if (match := kind.opens.fullmatch(line)) and match["name"] in wanted:
                with reading(line):
                    found[match["name"]] = _read(words, kind, match["name"], line, lines)
                break
    return found


def guards(config: Config, words: Words) -> tuple[tuple[Path, str], ...]:
    """Terminal lines (path of the line that guards) and the list that does."""
    found: list[tuple[Path, str]] = []
    for view, lines in config.tree.items():
        if match := words.login.fullmatch(view):
            found.append(((view,), match["name"]))
        elif words.line.fullmatch(view):
            found += [((view, line), match["name"]) for line in lines if (match := words.guard.fullmatch(line))]
    return tuple(found)


def _read(words: Words, kind: ListWords, name: str, line: str, lines: Tree) -> Filter4:
    entries: list[Entry4] = []
    strange: list[Path] = []
    for text in lines:
        match = kind.entry.fullmatch(text)
        if match and not _scattered(text):
            last = entries[-1].sequence if entries else 0
            entries.append(_entry((line, text), match, last + 10))
        elif not words.remark.match(text):
            strange.append((line, text))
    return Filter4(name=name, basic=kind.basic, path=(line,), entries=tuple(entries), strange=tuple(strange))


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
    parts = text.removeprefix("host ").split()
    if len(parts) == 1:
        return IPv4Network(parts[0], strict=False)
    wild = int(IPv4Address(parts[1])) if "." in parts[1] else 0
    return IPv4Network((int(IPv4Address(parts[0])) & ~wild & 0xFFFFFFFF, 32 - wild.bit_length()), strict=False)
