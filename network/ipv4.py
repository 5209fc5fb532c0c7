"""What a configuration does in IPv4: its interfaces and where OSPFv2 runs, in words that all platforms share. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from yunwang.network.config import Config, Tree
from yunwang.network.design import ConfiguredInterface

_ADDRESS = re.compile(r"ip address ([\d.]+)(?:/| )([\d.]+)")
_ON_INTERFACE = re.compile(r"(?:ip ospf|ospf enable|ospf)(?: \d+)? area (\S+)")
_P2P = re.compile(r"(?:ip )?ospf network(?:-type)? (?:p2p|point-to-point)")
_NETWORK = re.compile(r"network ([\d.]+)(?:/(\d+)| ([\d.]+))(?: area (\S+))?")
_SILENT = re.compile(r"(?:silent|passive)-interface (.+)")


def interfaces(config: Config) -> tuple[ConfiguredInterface, ...]:
    """The interfaces that have an IPv4 address, in the configuration's order."""
    ospf = _Ospf.read(config)
    return tuple(
        _interface(config, ospf, line.partition(" ")[2], lines)
        for line, lines in config.tree.items()
        if line.startswith("interface ")
    )


def router_id(config: Config) -> IPv4Address | None:
    """The router id that OSPFv2 was given; None when it chooses one itself."""
    for line, lines in config.tree.items():
        for text in (line, *(lines if line.startswith(("ospf ", "router ospf")) else ())):
            if match := re.search(r"router[ -]id ([\d.]+)$", text):
                return IPv4Address(match[1])
    return None


@dataclass(frozen=True, slots=True)
class _Ospf:
    """OSPFv2's networks with their areas, and interfaces that are advertised without hellos."""

    networks: tuple[tuple[IPv4Network, IPv4Address], ...]
    silent: frozenset[str]

    @classmethod
    def read(cls, config: Config) -> _Ospf:
        networks: list[tuple[IPv4Network, IPv4Address]] = []
        silent: set[str] = set()
        for line, lines in config.tree.items():
            if re.match(r"(?:router )?ospf\b", line):
                networks += _networks(lines)
                silent |= {config.rules.full_name(match[1]) for text in lines if (match := _SILENT.fullmatch(text))}
        return cls(tuple(networks), frozenset(silent))


def _networks(lines: Tree, area: str = "") -> Iterator[tuple[IPv4Network, IPv4Address]]:
    for text, inside in lines.items():
        if text.startswith("area ") and inside:
            yield from _networks(inside, text.split()[1])
        elif (match := _NETWORK.fullmatch(text)) and (where := match[4] or area):
            yield IPv4Network((match[1], match[2] or match[3]), strict=False), area_id(where)


def area_id(text: str) -> IPv4Address:
    """An OSPF area, written as a number or dotted."""
    return IPv4Address(int(text)) if text.isdigit() else IPv4Address(text)


def _interface(config: Config, ospf: _Ospf, name: str, lines: Tree) -> ConfiguredInterface:
    address = next((match for text in lines if (match := _ADDRESS.match(text))), None)
    ipv4 = IPv4Interface(f"{address[1]}/{address[2]}") if address else None
    area = next((area_id(match[1]) for text in lines if (match := _ON_INTERFACE.fullmatch(text))), None)
    if area is None and ipv4 is not None:
        area = next((found for network, found in ospf.networks if ipv4.ip in network), None)
    return ConfiguredInterface(
        name=name,
        ipv4=ipv4,
        area=area,
        point_to_point=any(_P2P.fullmatch(text) for text in lines),
        silent=config.rules.full_name(name) in ospf.silent,
    )
