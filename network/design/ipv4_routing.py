"""What a configuration does in IPv4 beyond its interfaces: OSPF's extras, IS-IS, BGP, static routes, VPNs. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.model import Path, Unmirrored, Vpn

_STATIC = re.compile(
    r"ip route(?:-static)? (?:vpn-instance (?P<vpn>\S+) |vrf (?P<vrf>\S+) )?(?P<address>[\d.]+)(?:/| )(?P<mask>[\d.]+) (?P<rest>.+)"
)
_NEXT_HOP = re.compile(r"(?:[A-Za-z]\S* )?(?P<hop>\d+\.\d+\.\d+\.\d+)(?P<more>.*)")
_OSPF = re.compile(r"(?:router )?ospf(?: (?P<process>\d+))?(?P<more> .*)?")
_IMPORT = re.compile(r"(?:import-route|redistribute) (static|direct|connected)(?: subnets)?")
_DEFAULT = re.compile(r"default-route-advertise(?P<h> always)?.*|default-information originate(?P<c> always)?.*")
_OTHER_IMPORT = re.compile(r"(?:import-route|redistribute) .*")
_ISIS = re.compile(r"(?:router )?isis(?: (?P<tag>\S+))?(?: vpn-instance \S+)?")
_BGP = re.compile(r"(?:router )?bgp (?P<asn>\S+)(?P<vrf> .+)?")
_PEER = re.compile(r"(?:peer|neighbor) (?P<peer>\d+\.\d+\.\d+\.\d+) (?:as-number|remote-as) (?P<asn>\S+)")
_MEMBER = re.compile(r"(?:peer|neighbor) (?P<peer>\d+\.\d+\.\d+\.\d+) (?:peer-)?group (?P<group>\S+)")
_GROUP = re.compile(
    r"group (?P<group>\S+) (?P<kind>internal|external)"
    r"|(?:peer|neighbor) (?P<named>[A-Za-z]\S*) (?:as-number|remote-as) (?P<asn>\S+)"
)
_SOURCE = re.compile(r"(?:peer|neighbor) (?P<peer>\S+) (?:connect-interface|update-source) (?P<source>.+)")
_NETWORK = re.compile(r"network (?P<address>[\d.]+)(?:/(?P<length>\d+)| (?:mask )?(?P<mask>[\d.]+))?")
_PLAIN = re.compile(
    r"router[ -]id |bgp router-id |(?:bgp )?log|exit|(?:undo|no) synchronization|undo peer|no bgp default|undo default ipv4-unicast"
    r"|no auto-summary|address-family ipv4( unicast)?$|ipv4-family unicast$|(?:peer|neighbor) \S+ peer-group$"
    r"|(?:peer|neighbor) \S+ (?:description|enable|activate|next-hop-self|next-hop-local)"
)
_VPN = re.compile(r"(?:ip vpn-instance|vrf definition|ip vrf) (\S+)")
_RD = re.compile(r"(?:route-distinguisher|rd) (\S+)")
_TARGET = re.compile(r"vpn-target (?P<target>\S+) (?P<way>\S+)|route-target (?P<c_way>\S+) (?P<c_target>\S+)")
_WHOLE = (
    (re.compile(r"rip\b|router rip|router eigrp"), "a routing protocol that has no IPv6 half here"),
    (re.compile(r"(?:ip )?nat "), "address translation: IPv6 has no need of it"),
    (re.compile(r"mpls ldp|mpls$|mpls lsr-id"), "MPLS: IPv6 between PEs needs 6PE or SRv6, decided for the whole network"),
    (re.compile(r"dhcp server ip-pool|ip pool |ip dhcp pool "), "a DHCP pool: hosts autoconfigure instead (SLAAC)"),
    (re.compile(r"ip local policy|policy-based-route "), "policy routing"),
)


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
    default_route: str
    isis: tuple[str, ...]
    bgp: Bgp4 | None
    vpns: tuple[Vpn, ...]
    unmirrored: tuple[Unmirrored, ...]


def routing(config: Config) -> Routing4:
    """What the lines at the top say."""
    statics: list[Static4] = []
    imports: list[str] = []
    default, bgp = "", None
    isis: list[str] = []
    vpns: list[Vpn] = []
    left: list[Unmirrored] = []
    for line, lines in config.tree.items():
        if line.startswith("ip route"):
            statics += _static(line)
        elif match := _OSPF.fullmatch(line):
            if re.search(r"vpn-instance|vrf", match["more"] or ""):
                left.append(Unmirrored(path=(line,), why="OSPF in a VPN instance"))
                continue
            imports += [_source(found[1]) for found in filter(None, map(_IMPORT.fullmatch, lines))]
            default = next((_wish(found) for found in filter(None, map(_DEFAULT.fullmatch, lines))), default)
            left += _ospf_left(line, lines)
        elif match := _ISIS.fullmatch(line):
            isis.append(match["tag"] or "")
            left += _narrow(line, lines)
        elif match := _BGP.fullmatch(line):
            if match["vrf"]:
                left.append(Unmirrored(path=(line,), why="BGP in a VPN instance"))
                continue
            bgp, rest = _bgp(line, match["asn"], lines)
            left += rest
        elif match := _VPN.fullmatch(line):
            vpns += _vpn(match[1], lines)
            if line.startswith("ip vrf "):
                left.append(
                    Unmirrored(path=(line,), why="old style, IPv4 only: `vrf upgrade-cli multi-af-mode common-policies` first")
                )
        else:
            left += [
                Unmirrored(path=(line,), why=why, grave="IPv6 has no need" not in why)
                for pattern, why in _WHOLE
                if pattern.match(line)
            ]
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


def _wish(match: re.Match[str]) -> str:
    return "always" if match["h"] or match["c"] else "originate"


def _static(line: str) -> Iterator[Static4]:
    if (match := _STATIC.fullmatch(line)) is None:
        return
    hop = _NEXT_HOP.fullmatch(match["rest"])
    yield Static4(
        network=IPv4Network(f"{match['address']}/{match['mask']}", strict=False),
        next_hop=IPv4Address(hop["hop"]) if hop else None,
        vpn=match["vpn"] or match["vrf"],
        path=(line,),
    )


def _ospf_left(line: str, lines: Tree) -> Iterator[Unmirrored]:
    for text, inside in lines.items():
        if _OTHER_IMPORT.fullmatch(text) and not _IMPORT.fullmatch(text):
            yield Unmirrored(path=(line, text), why="redistribution from another protocol, or under a policy")
        if re.match(r"area \S+ (?:stub|nssa|range|authentication|virtual-link)|(?:filter-policy|distribute-list) ", text):
            yield Unmirrored(path=(line, text), why="an area's kind or a filter")
        for deep in inside:
            if re.match(r"stub|nssa|abr-summary|authentication-mode|vlink-peer|filter ", deep):
                yield Unmirrored(path=(line, text, deep), why="an area's kind or a filter")


def _narrow(line: str, lines: Tree) -> Iterator[Unmirrored]:
    """Multi-topology needs wide metrics (RFC 5120 uses the wide TLVs)."""
    if not any(
        re.match(r"cost-style (?:wide|compatible|wide-compatible)|metric-style (?:wide|transition)", text) for text in lines
    ):
        yield Unmirrored(path=(line,), why="multi-topology IS-IS needs wide metrics, which this process does not have")


def _bgp(line: str, asn: str, lines: Tree) -> tuple[Bgp4, list[Unmirrored]]:
    flat: dict[str, Path] = {}
    left: list[Unmirrored] = []
    for text, inside in lines.items():
        if re.fullmatch(r"(?:ipv4-family|address-family ipv4)(?: unicast)?", text):
            flat |= {deep: (line, text, deep) for deep in inside}
        elif _family(text) and "ipv6" not in text:
            left.append(Unmirrored(path=(line, text), why="a family other than IPv4 unicast"))
        flat[text] = (line, text)
    groups: dict[str, str] = {}
    sources: dict[str, str] = {}
    for text in flat:
        if match := _GROUP.fullmatch(text):
            if match["kind"] == "internal":
                groups[match["group"]] = asn
            elif match["named"]:
                groups[match["named"]] = match["asn"]
        elif match := _SOURCE.fullmatch(text):
            sources[match["peer"]] = match["source"]
    peers: dict[IPv4Address, Peer4] = {}
    networks: list[tuple[IPv4Network, Path]] = []
    for text, path in flat.items():
        if match := _PEER.fullmatch(text):
            peer, its = match["peer"], match["asn"]
        elif (match := _MEMBER.fullmatch(text)) and match["group"] in groups:
            peer, its = match["peer"], groups[match["group"]]
            sources.setdefault(peer, sources.get(match["group"], ""))
        else:
            if match := _NETWORK.fullmatch(text):
                networks.append((_classful(match), path))
            elif not (_GROUP.fullmatch(text) or _SOURCE.fullmatch(text) or _PLAIN.match(text) or _family(text)):
                left.append(Unmirrored(path=path, why="a setting of BGP"))
            continue
        address = IPv4Address(peer)
        peers.setdefault(address, Peer4(address=address, asn=its, source=sources.get(peer) or None, path=path))
    return Bgp4(asn=asn, peers=tuple(peers.values()), networks=tuple(networks)), left


def _family(text: str) -> bool:
    return text.startswith(("ipv4-family", "ipv6-family", "address-family", "l2vpn-family", "ip vpn-instance"))


def _classful(match: re.Match[str]) -> IPv4Network:
    """A network; without a mask by its class (RFC 791), as `network` means it."""
    length = match["length"] or match["mask"]
    if length is None:
        first = int(match["address"].partition(".")[0])
        length = "8" if first < 128 else "16" if first < 192 else "24"
    return IPv4Network(f"{match['address']}/{length}", strict=False)


def _vpn(name: str, lines: Tree) -> Iterator[Vpn]:
    """A VPN instance with an IPv4 family and a route distinguisher, at the top of it or inside the family."""
    flat = list(lines)
    for text, inside in lines.items():
        if re.match(r"ipv4-family|address-family ipv4", text):
            flat += inside
    rd = next((match[1] for match in filter(None, map(_RD.fullmatch, flat))), None)
    targets = tuple(
        (match["target"] or match["c_target"], match["way"] or match["c_way"])
        for match in filter(None, map(_TARGET.fullmatch, flat))
    )
    if rd:
        yield Vpn(name=name, rd=rd, targets=targets)
