"""What a configuration does in IPv4 on its interfaces, read by its platform's words. Decides nothing.

Routing, access lists, DHCP pools and stations are in ipv4_routing.py, ipv4_filters.py and ipv4_services.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from re import Match, Pattern

from yunwang.inventories.verdict import Fatal
from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.model import ConfiguredInterface, Direction, Unmirrored
from yunwang.network.design.words import Words


def interfaces(config: Config, words: Words) -> tuple[ConfiguredInterface, ...]:
    """The layer-3 interfaces and others with a view, in the configuration's order; IPv4 is None where they have no address.

    Raises Fatal for what looks like an address and is none, as all reading of a configuration here does.
    """
    ospf = _Ospf.read(config, words)
    found = []
    for line, lines in config.tree.items():
        if line.startswith("interface "):
            with reading(line):
                found.append(_interface(config, words, ospf, line, lines))
    return tuple(found)


def alone(config: Config, words: Words) -> Iterator[Unmirrored]:
    """Lines of interfaces that nothing here mirrors."""
    for view, lines in config.tree.items():
        if view.startswith("interface "):
            for line in lines:
                for left in words.alone:
                    if left.begins.match(line):
                        yield Unmirrored(path=(view, line), why=left.why, grave=left.grave)


def router_id(config: Config, words: Words) -> IPv4Address | None:
    """The router id that OSPFv2 was given; None when it chooses one itself."""
    for line, lines in config.tree.items():
        for text in (line, *(lines if words.ospf.fullmatch(line) else ())):
            if match := words.router_id.fullmatch(text):
                with reading(text):
                    return IPv4Address(match["id"])
    return None


@contextmanager
def reading(line: str) -> Iterator[None]:
    """What looks like an address and is none becomes a Fatal that quotes the line (of the view that it stands in)."""
    try:
        yield
    except ValueError as error:
        raise Fatal(
            f"{line!r} is not understood: {error}", remedy="look at the configuration there; no device takes it so"
        ) from None


def first(pattern: Pattern[str], lines: Tree) -> Match[str] | None:
    """The first line that a pattern matches."""
    return next(filter(None, map(pattern.fullmatch, lines)), None)


@dataclass(frozen=True, slots=True)
class _Ospf:
    """OSPFv2's networks with their areas, and interfaces that are advertised without hellos."""

    networks: tuple[tuple[IPv4Network, IPv4Address], ...]
    silent: frozenset[str]
    loud: frozenset[str] | None
    """Those that are not silent where all are by default."""

    @classmethod
    def read(cls, config: Config, words: Words) -> _Ospf:
        networks: list[tuple[IPv4Network, IPv4Address]] = []
        silent: set[str] = set()
        loud: set[str] = set()
        for line, lines in config.tree.items():
            if (process := words.ospf.fullmatch(line)) and not process["vpn"]:
                with reading(line):
                    networks += _networks(words, lines)
                for match in filter(None, map(words.silent.fullmatch, lines)):
                    (loud if match["not"] else silent).add(config.rules.full_name(match["name"]))
        return cls(tuple(networks), frozenset(silent), frozenset(loud) if silent & {"default", "all"} else None)

    def is_silent(self, name: str) -> bool:
        return name in self.silent if self.loud is None else name not in self.loud


def _networks(words: Words, lines: Tree, area: str = "") -> Iterator[tuple[IPv4Network, IPv4Address]]:
    for text, inside in lines.items():
        if text.startswith("area ") and inside:
            yield from _networks(words, inside, text.split()[1])
        elif (match := words.network.fullmatch(text)) and (where := match["area"] or area):
            yield IPv4Network((match["address"], match["mask"]), strict=False), area_id(where)


def area_id(text: str) -> IPv4Address:
    """An OSPF area, written as a number or dotted."""
    return IPv4Address(int(text)) if text.isdigit() else IPv4Address(text)


def _interface(config: Config, words: Words, ospf: _Ospf, line: str, lines: Tree) -> ConfiguredInterface:
    opened = words.interface.fullmatch(line)
    assert opened, line
    name = opened["name"]
    address = first(words.address, lines)
    ipv4 = IPv4Interface(f"{address['address']}/{address['mask']}") if address else None
    vpn = first(words.vpn, lines)
    instance = vpn["name"] if vpn else opened.groupdict().get("vpn")
    area = area_id(on["area"]) if instance is None and (on := first(words.area, lines)) else None
    if area is None and ipv4 is not None and instance is None:
        area = next((found for network, found in ospf.networks if ipv4.ip in network), None)
    isis = first(words.isis, lines)
    return ConfiguredInterface(
        name=name,
        line=line,
        ipv4=ipv4,
        vpn=instance,
        mtu=_number(words.mtu, lines, "mtu"),
        area=area,
        point_to_point=first(words.point_to_point, lines) is not None,
        silent=ospf.is_silent(config.rules.full_name(name)),
        cost=_number(words.cost, lines, "cost"),
        isis=(isis["tag"] or "") if isis else None,
        isis_cost=_number(words.isis_cost, lines, "cost"),
        relays=tuple(IPv4Address(match["server"]) for match in filter(None, map(words.relay.fullmatch, lines))),
        serves=first(words.serves, lines) is not None,
        filters=tuple(_applied(match) for match in filter(None, map(words.filter.fullmatch, lines))),
    )


def _applied(match: Match[str]) -> tuple[str, Direction]:
    return match["name"], "in" if match["way"] == "in" else "out"


def _number(pattern: Pattern[str], lines: Tree, group: str) -> int | None:
    match = first(pattern, lines)
    return int(match[group]) if match else None
