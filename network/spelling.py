"""One spelling for values that devices and people write in several: IPv6, MACs, masks, interface names. Never reads a command.

Most lines are spelled canonically already, so each step first looks, with a search that begins at a fixed character, whether there
is anything to do.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Network
from typing import TypeAlias

Same: TypeAlias = tuple[str, str | Callable[[re.Match[str]], str]]
"""Another spelling of a line (a regular expression that begins with the line's first word), and the one we keep."""

_IPV6 = re.compile(r"(?<![\w:.-])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\.\d+){3})?(?![\w:])")
_MAC = re.compile(
    r"(?<![\w.:-])(?:[0-9A-Fa-f]{4}([-.])[0-9A-Fa-f]{4}\1[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\2[0-9A-Fa-f]{2}){4})(?![\w.:-])"
    r"|(?<=mac-address )[0-9A-Fa-f]{1,4}-[0-9A-Fa-f]{1,4}-[0-9A-Fa-f]{1,4}(?![\w-])"  # VRP takes `fe-e0-89`
)
_NAMES = 4096
"""How many spellings of interface names are kept in mind."""


class Spelling:
    """A platform's spelling. `mac`: what stands between the three groups of a MAC; `interfaces`: short and full names of types."""

    def __init__(
        self, *, mac: str, texts: tuple[str, ...], interfaces: tuple[tuple[str, str], ...], same: tuple[Same, ...]
    ) -> None:
        self._mac_separator = mac
        self._texts = texts
        self._same: dict[str, list[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = {}
        for pattern, kept in same:
            begin = _begin(pattern)
            self._same.setdefault(begin.partition(" ")[0], []).append((begin, re.compile(pattern), kept))
        self._odd_dashes = _odd("-", canonical=mac == "-").search
        self._odd_dots = _odd(".", canonical=mac == ".").search
        self._full = {name.lower(): full for name, full in interfaces}
        short = "|".join(sorted((re.escape(name) for name, _ in interfaces), key=len, reverse=True))
        self._short = re.compile(rf"(?<![\w/-])({short}) ?(?=\d)" if short else "(?!)", re.IGNORECASE)
        self.full_name = lru_cache(_NAMES)(self._full_name)

    def canonical(self, line: str) -> str:
        """A line in the one spelling of its values. Free text stays as it is."""
        if line.partition(" ")[0] in self._same:
            line = self.respelled(line)
        colons = line.count(":")
        macs = colons > 4 or ("-" in line and self._odd_dashes(line)) or ("." in line and self._odd_dots(line))
        if not (macs or colons > 1) or line.startswith(self._texts):
            return line
        if colons > 1:
            line = _IPV6.sub(_ipv6, line)
        return _MAC.sub(self._mac, line) if macs else line

    def respelled(self, line: str) -> str:
        """A line after the table's `same`."""
        for begin, pattern, kept in self._same.get(line.partition(" ")[0], ()):
            if line.startswith(begin) and (match := pattern.match(line)):
                line = (kept(match) if callable(kept) else match.expand(kept)) + line[match.end() :]
        return line

    def _mac(self, match: re.Match[str]) -> str:
        groups = re.split(r"[-.:]", match[0])
        digits = "".join(group.zfill(12 // len(groups)) for group in groups).lower()
        return self._mac_separator.join((digits[:4], digits[4:8], digits[8:]))

    def _full_name(self, text: str) -> str:
        """Interface names in full, without a space before the number, for comparing (`GE1/0/1` is `GigabitEthernet1/0/1`)."""
        kind = text.rstrip("0123456789/.:")
        if self._full.get(kind.lower()) == kind:
            return text
        return self._short.sub(lambda match: self._full[match[1].lower()], text)


def names(types: str) -> tuple[tuple[str, str], ...]:
    """Short and full names of interface types, from `GigabitEthernet GE, LoopBack Loop`: each full name with its short ones."""
    each = [one.split() for one in types.split(",")]
    return tuple((name, full) for full, *short in each for name in (full, *short))


def dotted(match: re.Match[str]) -> str:
    """For `same`: a mask given as a length (second group), written dotted."""
    try:
        return match[1] + str(IPv4Network((0, int(match[2]))).netmask) + (match[3] or "")
    except ValueError:
        return match[0]


def prefix_length(match: re.Match[str]) -> str:
    """For `same`: a dotted mask (second group), written as a length."""
    try:
        return match[1] + str(IPv4Network((0, match[2])).prefixlen)
    except ValueError:
        return match[0]


def _ipv6(match: re.Match[str]) -> str:
    try:
        return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, match[0]))
    except OSError:
        return match[0]


def _odd(separator: str, *, canonical: bool) -> re.Pattern[str]:
    """Finds the middle of a MAC with this separator, other than of one in the canonical spelling."""
    mark = re.escape(separator)
    good = rf"(?!(?<=[0-9a-f]{{4}}{mark})[0-9a-f]{{4}}{mark}[0-9a-f]{{4}}(?![\w{mark}]))" if canonical else ""
    low = 1 if separator == "-" else 4  # what dots separate is mostly IPv4
    return re.compile(rf"{mark}(?=[0-9A-Fa-f]{{{low},4}}{mark}){good}")


def _begin(pattern: str) -> str:
    """The literal text a regular expression begins with."""
    found = re.match(r"\(?([\w -]+)(?![?*{])", pattern)
    return found[1] if found else ""
