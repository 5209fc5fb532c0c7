"""Kinds of parameters: addresses, masks, MACs, names, interfaces, in a vendor's spelling. Never looks at a device's state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

from yunwang.lab.devices.grammar import Kind, More, Parsed


@dataclass(frozen=True, slots=True)
class InterfaceType:
    """A family of interfaces. `number` is what its numbers look like; `made` True: configuring one makes it."""

    name: str
    number: str
    short: str
    kind: str
    made: bool = False
    aliases: tuple[str, ...] = ()


def interfaces(types: Sequence[InterfaceType], space: str = "") -> Kind:
    """Reads an interface's name, abbreviated as users do; `space` stands between letters and number in the full name."""
    every = [(name.lower(), kind) for kind in types for name in (kind.name, kind.short, *kind.aliases)]

    def read(word: str) -> Parsed:
        found = re.fullmatch(r"([A-Za-z-]+) ?(\d[\d/.]*)?", word)
        if not found:
            raise ValueError(word)
        letters, number = found[1].lower(), found[2]
        fitting = [kind for name, kind in every if name == letters]
        fitting = fitting or [kind for name, kind in every if name.startswith(letters)]
        if not fitting or len({kind.name for kind in fitting}) > 1:
            raise ValueError(word)
        if number is None:
            raise More
        if not re.fullmatch(fitting[0].number, number):
            raise ValueError(word)
        name = f"{fitting[0].name}{space}{number}"
        return Parsed(name, name)

    return read


def type_of(types: Sequence[InterfaceType], name: str) -> InterfaceType:
    """The family of an interface given by its full name."""
    letters = re.match(r"[A-Za-z-]+", name)
    return next(kind for kind in types if letters and kind.name == letters[0])


def short_name(types: Sequence[InterfaceType], name: str) -> str:
    """`GE0/0/1` for `GigabitEthernet0/0/1`."""
    kind = type_of(types, name)
    return kind.short + name.removeprefix(kind.name).strip()


def natural(text: str) -> tuple[int | str, ...]:
    """A sort key that puts 9 before 10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text))


def ipv4(word: str) -> Parsed:
    """A dotted IPv4 address."""
    address = IPv4Address(word)
    return Parsed(address, str(address))


def mask(word: str) -> Parsed:
    """A netmask, dotted or as a length; the value is the length, the spelling dotted."""
    length = int(word) if word.isdigit() else IPv4Network(f"0.0.0.0/{word}").prefixlen
    if not 0 <= length <= 32 or (not word.isdigit() and str(IPv4Network((0, length)).netmask) != word):
        raise ValueError(word)
    return Parsed(length, str(IPv4Network((0, length)).netmask))


def dotted_mask(word: str) -> Parsed:
    """A netmask that has to be dotted (IOS)."""
    if word.isdigit():
        raise ValueError(word)
    return mask(word)


def wildcard(word: str) -> Parsed:
    """A wildcard mask (0.0.0.3), `0` for 0.0.0.0."""
    address = IPv4Address(0) if word == "0" else IPv4Address(word)
    return Parsed(address, str(address))


def prefix4(word: str) -> Parsed:
    """An IPv4 address with length, `10.0.0.1/30`; the value is the text."""
    address, slash, length = word.partition("/")
    if not slash:
        raise ValueError(word)
    return Parsed((IPv4Address(address), _length(length, 32)), word)


def area(word: str) -> Parsed:
    """An OSPF area as a number or dotted; spelled dotted."""
    address = IPv4Address(int(word)) if word.isdigit() else IPv4Address(word)
    return Parsed(address, str(address))


def area_as_number(word: str) -> Parsed:
    """An OSPF area; a plain number stays one (IOS)."""
    return Parsed(area(word).value, word)


def text(word: str) -> Parsed:
    """Anything."""
    return Parsed(word, word)


def name(word: str) -> Parsed:
    """A word without quotes or a question mark, at most 64 characters."""
    if len(word) > 64 or any(letter in word for letter in '?"'):
        raise ValueError(word)
    return Parsed(word, word)


def vlans(separator: str) -> Kind:
    """Lists of VLANs: `10 20 to 30` (separator `to`) or `10,20-30` (separator `-`); the value is a frozenset of ids."""

    def read(words: str) -> Parsed:
        found = vlan_set(words, separator)
        return Parsed(found, spell_vlans(found, separator))

    return read


def vlan_set(words: str, separator: str) -> frozenset[int]:
    """The ids of a VLAN list. Raises ValueError when it is none."""
    spans = re.sub(rf"\s+{separator}\s+", "-", words) if separator == "to" else words.replace(",", " ")
    found: set[int] = set()
    for span in spans.split():
        low, _, high = span.partition("-")
        first, last = int(low), int(high or low)
        if not 1 <= first <= last <= 4094:
            raise ValueError(words)
        found.update(range(first, last + 1))
    if not found:
        raise ValueError(words)
    return frozenset(found)


def spell_vlans(ids: frozenset[int], separator: str) -> str:
    """The device's spelling: runs are collapsed, `10 20 to 22` or `10,20-22`."""
    spans: list[list[int]] = []
    for vlan in sorted(ids):
        if spans and vlan == spans[-1][1] + 1:
            spans[-1][1] = vlan
        else:
            spans.append([vlan, vlan])
    if separator == "to":
        return " ".join(str(low) if low == high else f"{low} to {high}" for low, high in spans)
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)


def mac(group: int, sign: str) -> Kind:
    """A MAC in groups of `group` digits joined by `sign`; leading zeros of a group may be left out; the value is 12 hex digits."""

    def read(word: str) -> Parsed:
        groups = word.lower().split(sign)
        if len(groups) != 12 // group or not all(re.fullmatch(rf"[0-9a-f]{{1,{group}}}", part) for part in groups):
            raise ValueError(word)
        digits = "".join(part.zfill(group) for part in groups)
        return Parsed(digits, spell_mac(digits, group, sign))

    return read


def spell_mac(digits: str, group: int = 4, sign: str = "-") -> str:
    """`0259-5701-0001`, `0259.5701.0001` or `02:59:57:01:00:01` for 12 hex digits."""
    return sign.join(digits[at : at + group] for at in range(0, 12, group))


@dataclass(frozen=True, slots=True)
class Ipv6Spelling:
    """How a vendor writes IPv6: `upper` digits or not."""

    upper: bool

    def spell(self, address: IPv6Address) -> str:
        """The address as the device prints it."""
        return str(address).upper() if self.upper else str(address)

    def address(self, word: str) -> Parsed:
        """An IPv6 address."""
        try:
            found = IPv6Address(word)
        except AddressValueError as error:
            raise ValueError(word) from error
        if found.scope_id:
            raise ValueError(word)
        return Parsed(found, self.spell(found))

    def interface(self, word: str) -> Parsed:
        """An address with length, `2001:db8::1/64` or `2001:db8::1 64`; spelled with a slash."""
        address, slash, length = word.replace(" ", "/").partition("/")
        found = self.address(address)
        if not slash:
            raise More
        size = _length(length, 128)
        return Parsed(IPv6Interface((int(IPv6Address(found.text)), size)), f"{found.text}/{size}")

    def slashed(self, word: str) -> Parsed:
        """An address with length that has to be written with a slash (IOS, RGOS, FRR)."""
        if "/" not in word:
            raise ValueError(word)
        return self.interface(word)

    def prefix(self, word: str) -> Parsed:
        """A prefix, `2001:db8::/64`; host bits are dropped, as devices do."""
        found = self.slashed(word).value
        assert isinstance(found, IPv6Interface)
        network: IPv6Network = found.network
        return Parsed(network, f"{self.spell(network.network_address)}/{network.prefixlen}")


def _length(word: str, longest: int) -> int:
    if not word.isdigit() or int(word) > longest:
        raise ValueError(word)
    return int(word)


def shared(spelling: Ipv6Spelling) -> Mapping[str, Kind]:
    """The kinds that every platform has."""
    return {
        "ipv4": ipv4,
        "mask": mask,
        "dotted": dotted_mask,
        "wildcard": wildcard,
        "prefix4": prefix4,
        "area": area,
        "area-number": area_as_number,
        "name": name,
        "text...": text,
        "rest...": text,
        "ipv6": spelling.address,
        "ipv6-interface": spelling.interface,
        "ipv6-slashed": spelling.slashed,
        "ipv6-prefix": spelling.prefix,
    }
