"""What devices say about themselves, typed: neighbours, bindings, interfaces, routes, routing peers. Never reads text itself.

Every address, MAC and VLAN is a value and every interface has its platform's full name, however the device wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, ip_address, ip_network
from typing import Annotated, Self, TypeAlias

from netaddr import EUI, mac_unix_expanded
from pydantic import AfterValidator, BeforeValidator, JsonValue, ValidationInfo, model_validator

from yunwang.inventories.noun import Mac, Noun

_ABSENT = frozenset({"", "-", "--", "---", "n/a", "none", "incomplete", "<incomplete>", "unassigned", "::"})
_MAC = re.compile(r"[0-9A-Fa-f]{4}([-.])[0-9A-Fa-f]{4}\1[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\2[0-9A-Fa-f]{2}){4}")
_NUMBERED = re.compile(r"(?:\d+(?:\|\d+)?)?[A-Za-z][A-Za-z0-9-]*? ?\d+(?:[/:.]\d+)*(?:\(\w\))?")
"""An interface's name ends in its number: one without was cut off. (Linux names, on FRR, are free.)"""
_SLOTLESS = re.compile(r"(?:.*(?i:ethernet|gige)|\d*X?GE) ?\d+")


def _absent(value: object) -> object:
    return None if isinstance(value, str) and value.strip().lower() in _ABSENT else value


def _interface(value: str, info: ValidationInfo) -> str:
    spelled = (info.context or {}).get("interface")
    return str(spelled(value)) if spelled else value


def _is_up(value: object) -> object:
    """`up`, `UP(s)`, `Up` are true; `down`, `*down`, `administratively down` are not."""
    return value.strip().lower().startswith("up") if isinstance(value, str) else value


def _spelled(values: Mapping[str, JsonValue], info: ValidationInfo) -> Mapping[str, JsonValue]:
    return {column: _one_spelling(column, value, info) for column, value in values.items()}


def _one_spelling(column: str, value: JsonValue, info: ValidationInfo) -> JsonValue:
    if isinstance(value, list):
        return [_one_spelling(column, one, info) for one in value]
    if not isinstance(value, str):
        return value
    if hardware := mac(value):
        return str(hardware)
    if column in ("vlan", "vlan_id") and value.isdigit():
        return int(value)
    try:
        return _interface(value, info) if column in INTERFACES else str(ip_address(value))
    except ValueError:
        return value


Absent = BeforeValidator(_absent)
Interface: TypeAlias = Annotated[str, AfterValidator(_interface)]
Vlan: TypeAlias = Annotated[int | None, Absent]
Text: TypeAlias = Annotated[str | None, Absent]
Number: TypeAlias = Annotated[int | None, Absent]
Address: TypeAlias = IPv4Address | IPv6Address


INTERFACES = ("interface", "interfaces", "local_interface", "port", "ports", "destination_port")
"""ntc-templates' columns that hold interface names."""


class InterfaceIpv6(Noun):
    """An interface's IPv6 addresses, link-local ones with them; `up` is the protocol state."""

    name: Interface
    up: Annotated[bool, BeforeValidator(_is_up)]
    addresses: tuple[IPv6Address, ...] = ()
    subnets: tuple[IPv6Network, ...] = ()
    """Of those addresses that the device shows with their length."""
    tentative: tuple[IPv6Address, ...] = ()
    """Duplicate address detection has not confirmed these (or found them taken)."""
    vpn: Text = None

    @model_validator(mode="before")
    @classmethod
    def _shown(cls, row: object) -> object:
        """`shown`: addresses as printed, `2001:DB8::1/64 [TENTATIVE]`, `2001:DB8::1, subnet is 2001:DB8::/64`."""
        if not isinstance(row, Mapping) or "shown" not in row:
            return row
        addresses, subnets, tentative = [], [], []
        for shown in row["shown"]:
            if ":" not in shown:
                continue  # unassigned, unnumbered
            one = IPv6Interface(re.split(r"[\s,\[]", shown, maxsplit=1)[0])
            addresses.append(one.ip)
            if subnet := re.search(r"subnet is\s*([0-9A-Fa-f:]+/\d+)", shown):
                subnets.append(IPv6Network(subnet[1], strict=False))
            elif "/" in shown:
                subnets.append(one.network)
            if re.search(r"\b(?:TEN(?:TATIVE)?|DUP(?:LICATE)?)\b", shown, re.IGNORECASE):
                tentative.append(one.ip)
        rest = {key: value for key, value in row.items() if key != "shown"}
        return {**rest, "addresses": tuple(addresses), "subnets": tuple(subnets), "tentative": tuple(tentative)}


class Neighbor(Noun):
    """Who was seen behind an address: an ARP entry or an ND neighbour. `mac` None: asked for and not answered."""

    address: Address
    mac: Annotated[Mac | None, Absent] = None
    interface: Annotated[Interface | None, Absent] = None
    vlan: Vlan = None
    state: Text = None
    """As the device prints it: REACH, STALE, INCMP …; ARP tables have none."""
    static: bool = False
    own: bool = False
    """The device's own address."""
    vpn: Text = None


class BoundAddress(Noun):
    """A row of a binding table, static or learned. `mac` or `address` None: the row binds only the other."""

    address: Annotated[Address | None, Absent] = None
    mac: Annotated[Mac | None, Absent] = None
    interface: Annotated[Interface | None, Absent] = None
    vlan: Vlan = None
    static: bool
    source: str
    """Who made it, as the device says: `static`, `dhcp-snooping`, `ND` …"""


class SourceGuard(Noun):
    """Whether a port lets through only what is bound. `address` and `mac` None: no binding yet, everything is dropped."""

    interface: Annotated[Interface | None, Absent] = None
    address: Annotated[Address | None, Absent] = None
    mac: Annotated[Mac | None, Absent] = None
    vlans: tuple[int, ...] = ()
    checks: str = ""
    """What is compared, as the device says: `ip`, `ip-mac`, `IPv4`."""
    effective: bool
    """Configured is not effective: the ACL table may be full, the port trusted."""
    static: bool | None = None


class Route(Noun):
    """One path of a route; a route with two next hops is two facts."""

    network: Annotated[IPv4Network | IPv6Network, BeforeValidator(lambda value: ip_network(value, strict=False))]
    next_hop: Annotated[Address | None, Absent] = None
    interface: Annotated[Interface | None, Absent] = None
    protocol: str
    """As the device prints it: `Static`, `O_ASE`, `OE2`, `ospf6` …"""
    preference: Number = None
    metric: Number = None
    active: bool = True
    vpn: Text = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if isinstance(self.next_hop, IPv6Address) and self.next_hop.is_link_local and self.interface is None:
            raise ValueError("a link-local next hop without its interface")
        return self


class Ospfv3Peer(Noun):
    """A neighbour of OSPFv3; `full` when the databases are synchronised."""

    router_id: IPv4Address
    interface: Interface
    state: str
    full: bool = False
    priority: Number = None
    area: Text = None
    process: Text = None

    @model_validator(mode="before")
    @classmethod
    def _is_full(cls, row: object) -> object:
        return {**row, "full": str(row.get("state")).lower() == "full"} if isinstance(row, Mapping) else row


class OspfPeer(Ospfv3Peer):
    """A neighbour of OSPF for IPv4."""


class IsisPeer(Noun):
    """A neighbour of IS-IS; `system` is its system id or, where the device knows it, its host name."""

    system: str
    interface: Interface
    up: Annotated[bool, BeforeValidator(_is_up)]


class BgpPeer(Noun):
    """A BGP session."""

    address: Address
    asn: int
    """A number also where the device writes `635.88` (RFC 5396)."""
    state: str
    established: bool = False
    uptime: Text = None
    prefixes: Number = None
    """Received and accepted."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, row: object) -> object:
        if not isinstance(row, Mapping):
            return row
        high, dot, low = str(row.get("asn")).partition(".")
        asn = (int(high) << 16) + int(low) if dot and high.isdigit() and low.isdigit() else row.get("asn")
        state = str(row.get("state"))
        received = {"state": "Established", "prefixes": state} if state.isdigit() else {}  # IOS and FRR print the count instead
        return {**row, "asn": asn, **received, "established": state.isdigit() or state.lower() == "established"}


class Figure(Noun):
    """One number that a device states of itself: CPU or memory in percent, VTYs taken."""

    value: float


class Lock(Noun):
    """Someone alone may configure."""

    holder: str


class Row(Noun):
    """A row of a table that has no noun of its own: ntc-templates' columns, their values in one spelling."""

    values: Annotated[Mapping[str, JsonValue], AfterValidator(_spelled)]


Fact: TypeAlias = (
    InterfaceIpv6 | Neighbor | BoundAddress | SourceGuard | Route | Ospfv3Peer | IsisPeer | BgpPeer | Figure | Lock | Row
)


def mac(text: str) -> EUI | None:
    """A MAC in any vendor's spelling; None for `Incomplete`, `--` and the like."""
    return EUI(text, version=48, dialect=mac_unix_expanded) if _MAC.fullmatch(text) else None


def numbered(name: str, *, slots: bool = False) -> str:
    """An interface's name. Raises ValueError for one that lacks its number, or (`slots`) an Ethernet port's slot."""
    if not _NUMBERED.fullmatch(name) or (slots and _SLOTLESS.fullmatch(name)):
        raise ValueError(f"{name!r} is no interface name")
    return name
