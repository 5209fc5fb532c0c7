"""What a configuration does in IPv4 beyond its interfaces: OSPF's extras, IS-IS, BGP, static routes, VPNs. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.ipv4 import first, reading
from yunwang.network.design.model import DefaultRoute, Path, Unmirrored, Vpn
from yunwang.network.design.words import Words

_NEXT_HOP = re.compile(r"(?:[A-Za-z]\S* )?(?P<hop>\d+\.\d+\.\d+\.\d+).*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Static4:
    """A static route; `next_hop` None: it leads to an interface alone."""

    network: IPv4Network
    next_hop: IPv4Address | None
    vpn: str | None
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer4:
    """A BGP session: the far address, its AS, the interface that it leaves from."""

    address: IPv4Address
    asn: str
    source: str | None
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp4:
    """The public IPv4 family."""

    asn: str
    peers: tuple[Peer4, ...]
    networks: tuple[tuple[IPv4Network, Path], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing4:
    """All of it."""

    statics: tuple[Static4, ...]
    imports: tuple[str, ...]
    default_route: DefaultRoute
    isis: tuple[str, ...]
    bgp: Bgp4 | None
    vpns: tuple[Vpn, ...]
    unmirrored: tuple[Unmirrored, ...]


def routing(config: Config, words: Words) -> Routing4:
    """What the lines at the top say."""
    statics: list[Static4] = []
    imports: list[str] = []
    default: DefaultRoute = ""
    bgp = None
    isis: list[str] = []
    vpns: list[Vpn] = []
    left: list[Unmirrored] = []
    for line, lines in config.tree.items():
        if match := words.static.fullmatch(line):
            with reading(line):
                statics.append(_static(line, match))
        elif match := words.ospf.fullmatch(line):
            if match["vpn"]:
                left.append(Unmirrored(path=(line,), why="OSPF in a VPN instance"))
                continue
            imports += [_source(found["source"]) for found in filter(None, map(words.imports.fullmatch, lines))]
            default = next((_wish(found) for found in filter(None, map(words.default_route.fullmatch, lines))), default)
            left += _ospf_left(words, line, lines)
        elif match := words.isis_process.fullmatch(line):
            isis.append(match["tag"] or "")
            if not any(map(words.wide.match, lines)):
                why = "multi-topology IS-IS needs wide metrics (RFC 5120), which this process does not have"
                left.append(Unmirrored(path=(line,), why=why))
        elif match := words.bgp.fullmatch(line):
            if match["vpn"]:
                left.append(Unmirrored(path=(line,), why="BGP in a VPN instance"))
                continue
            with reading(line):
                bgp, rest = _bgp(words, line, match["asn"], lines)
            left += rest
        elif match := words.instance.fullmatch(line) or words.instance_old.fullmatch(line):
            vpns += _vpn(words, match["name"], lines)
        left += [Unmirrored(path=(line,), why=one.why, grave=one.grave) for one in words.whole if one.begins.match(line)]
    return Routing4(
        statics=tuple(statics),
        imports=tuple(dict.fromkeys(imports)),
        default_route=default,
        isis=tuple(isis),
        bgp=bgp,
        vpns=tuple(vpns),
        unmirrored=tuple(left),
    )


def _source(word: str) -> str:
    return "connected" if word == "direct" else word


def _wish(match: re.Match[str]) -> DefaultRoute:
    return "always" if match["always"] else "originate"


def _static(line: str, match: re.Match[str]) -> Static4:
    hop = _NEXT_HOP.fullmatch(match["rest"])
    return Static4(
        network=IPv4Network(f"{match['address']}/{match['mask']}", strict=False),
        next_hop=IPv4Address(hop["hop"]) if hop else None,
        vpn=match["vpn"],
        path=(line,),
    )


def _ospf_left(words: Words, line: str, lines: Tree) -> Iterator[Unmirrored]:
    for text, inside in lines.items():
        if text.startswith(words.import_begins) and not words.imports.fullmatch(text):
            yield Unmirrored(path=(line, text), why="redistribution from another protocol, or under a policy")
        for path in ((line, text), *((line, text, deep) for deep in inside)):
            if words.area_kinds.match(path[-1]):
                yield Unmirrored(path=path, why="an area's kind or a filter")


def _bgp(words: Words, line: str, asn: str, lines: Tree) -> tuple[Bgp4, list[Unmirrored]]:
    flat: dict[str, Path] = {}
    left: list[Unmirrored] = []
    for text, inside in lines.items():
        if words.family4.fullmatch(text):
            flat |= {deep: (line, text, deep) for deep in inside}
        elif not words.family.match(text):
            flat[text] = (line, text)
        elif "ipv6" not in text:
            left.append(Unmirrored(path=(line, text), why="a family other than IPv4 unicast"))
    groups: dict[str, str] = {}
    sources: dict[str, str] = {}
    for text in flat:
        if match := words.internal_group.fullmatch(text):
            groups[match["group"]] = asn
        elif match := words.group.fullmatch(text):
            groups[match["group"]] = match["asn"]
        elif match := words.source.fullmatch(text):
            sources[match["peer"]] = match["interface"]
    peers: dict[IPv4Address, Peer4] = {}
    networks: list[tuple[IPv4Network, Path]] = []
    for text, path in flat.items():
        if match := words.peer.fullmatch(text):
            peer, its = match["peer"], match["asn"]
        elif (match := words.in_group.fullmatch(text)) and match["group"] in groups:
            peer, its = match["peer"], groups[match["group"]]
            sources.setdefault(peer, sources.get(match["group"], ""))
        else:
            if match := words.advertised.fullmatch(text):
                networks.append((_classful(match), path))
            elif not any(known.fullmatch(text) for known in (words.internal_group, words.group, words.source)) and not (
                words.bgp_plain.match(text)
            ):
                left.append(Unmirrored(path=path, why="a setting of BGP"))
            continue
        address = IPv4Address(peer)
        peers.setdefault(address, Peer4(address=address, asn=its, source=sources.get(peer) or None, path=path))
    return Bgp4(asn=asn, peers=tuple(peers.values()), networks=tuple(networks)), left


def _classful(match: re.Match[str]) -> IPv4Network:
    """A network; without a mask by its class (RFC 791), as `network` means it."""
    length = match["mask"]
    if length is None:
        octet = int(match["address"].partition(".")[0])
        length = "8" if octet < 128 else "16" if octet < 192 else "24"
    return IPv4Network(f"{match['address']}/{length}", strict=False)


def _vpn(words: Words, name: str, lines: Tree) -> Iterator[Vpn]:
    """A VPN instance with an IPv4 family and a route distinguisher, at the top of it or inside the family."""
    flat = {**lines}
    for text, inside in lines.items():
        if words.family4.fullmatch(text):
            flat |= inside
    targets = tuple((match["target"], match["way"]) for match in filter(None, map(words.target.fullmatch, flat)))
    if match := first(words.distinguisher, flat):
        yield Vpn(name=name, rd=match["rd"], targets=targets)
