"""Sites, planes, devices, links, addresses and the terminals behind them (N1, N2, N3, N5, N6)."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Literal, Self

from pydantic import Field, model_validator

from yunwang.inventories.noun import Mac, Name, Noun, VlanId
from yunwang.inventories.reach import Jump, Reached
from yunwang.inventories.secret import SecretRef


class Level(StrEnum):
    """Administrative level of a site, from the top (四级覆盖 and the province above)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Plane(StrEnum):
    """One network, dual planes (一网双平面)."""

    A = "a"
    B = "b"


class Platform(StrEnum):
    """A device's operating system, named as netmiko's drivers and ntc-templates name it; FRR has none there."""

    HUAWEI_VRP = "huawei_vrp"
    HUAWEI_VRPV8 = "huawei_vrpv8"
    HP_COMWARE = "hp_comware"
    RUIJIE_OS = "ruijie_os"
    CISCO_IOS = "cisco_ios"
    CISCO_XE = "cisco_xe"
    FRR = "frr"


class Role(StrEnum):
    """What a device is there for."""

    CORE = "core"
    AGGREGATION = "aggregation"
    ACCESS = "access"


class Site(Noun):
    """A place with devices. `ipv6` is its own share of the address plan; None: not given one yet (`yunwang net address plan`)."""

    name: Name
    title: str
    level: Level
    parent: Name | None = None
    ipv6: IPv6Network | None = None


class Interface(Noun):
    """A layer-3 interface of a device as it is meant to be.

    `name` is the platform's own full name (`GigabitEthernet0/0/1`, `Vlanif10`). `vlan` is set on a VLAN's interface.
    `ipv6` None: derive it from the address plan. `terminals` True: hosts take their IPv6 address from our advertisements here.
    """

    name: str
    ipv4: IPv4Interface | None = None
    ipv6: IPv6Interface | None = None
    vlan: VlanId | None = None
    loopback: bool = False
    terminals: bool = False
    vpn_instance: str | None = None
    function: Name | None = None
    """What a VLAN is for, of the address plan's functions; None: the one with number 0."""


class Device(Reached):
    """A router or switch: who it is, where it stands, how it is reached. `host` is the management address."""

    name: Name
    platform: Platform
    site: Name
    plane: Plane
    role: Role
    enable_password: SecretRef | None = None
    transport: Literal["ssh", "telnet", "console"] = "ssh"
    """`telnet` and `console` (telnet to a console server's port) carry everything in clear, passwords too."""
    proxy_jump: tuple[Jump, ...] = ()
    """The hosts on the way, the first one first."""
    known_hosts: str = "network/known_hosts"
    """OpenSSH known_hosts file, relative to the workspace; the host key is always checked."""
    host_keys: Literal["known", "accept-new"] = "known"
    """`accept-new`: a key that is seen for the first time is believed, and kept in .yunwang/known_hosts. A changed one never is."""
    management_interface: str | None = None
    ospfv3_process: int = Field(default=1, ge=1, le=65535)
    router_id: IPv4Address | None = None
    internet_gateway: bool = False
    """One of the city's own gateways; only these may lead to the Internet (N7)."""
    interfaces: tuple[Interface, ...] = ()
    risks: tuple[Name, ...] = ()
    """Shared-risk groups: what may fail with it (a power feed, a room)."""
    ipv6_table: int | None = Field(default=None, ge=1)
    """IPv6 routes that its hardware holds, as its data sheet says; None: not looked up."""

    @model_validator(mode="before")
    @classmethod
    def _port_of_its_transport(cls, value: object) -> object:
        return {"port": 23, **value} if isinstance(value, dict) and value.get("transport") in ("telnet", "console") else value

    @model_validator(mode="after")
    def _clear_text_takes_a_password(self) -> Self:
        if self.transport == "telnet" and not self.password:
            raise ValueError("telnet knows no keys: it needs a password")
        return self


class Link(Noun):
    """A line between two devices' interfaces in one plane; bandwidth in Mbit/s."""

    name: Name
    plane: Plane
    a_device: Name
    a_interface: str
    b_device: Name
    b_interface: str
    bandwidth_mbps: int = Field(ge=1)
    ipv6: IPv6Network | None = None
    """The /127 of the link (RFC 6164); None: derived from the address plan."""
    load_mbps: int | None = Field(default=None, ge=0)
    """Measured traffic of the busier direction at the busy hour; None: not measured."""
    risks: tuple[Name, ...] = ()
    """Shared-risk groups: what may fail with it (a duct, a bridge, a leased carrier)."""


class Scheme(Noun):
    """How the plan's prefix is cut down the administrative tree: bits for each level's number, then for the function.

    VLANs have the rest. Number 0 of a level is what stands above it itself, so children begin at 1. `reserve` is the share of each
    level's numbers, the highest, that are not given out; `warn` the share of the others that may be in use before a warning.
    """

    province: int = Field(default=0, ge=0, le=32)
    city: int = Field(default=0, ge=0, le=32)
    county: int = Field(default=0, ge=0, le=32)
    township: int = Field(default=0, ge=0, le=32)
    village: int = Field(default=0, ge=0, le=32)
    function: int = Field(default=0, ge=0, le=16)
    functions: dict[Name, int] = Field(default_factory=dict)
    reserve: float = Field(default=0.125, ge=0, lt=1)
    warn: float = Field(default=0.8, gt=0, le=1)

    @property
    def site_bits(self) -> int:
        """From the plan's prefix to a site's own share."""
        return self.province + self.city + self.county + self.township + self.village

    @model_validator(mode="after")
    def _functions_fit(self) -> Self:
        numbers = list(self.functions.values())
        if len(set(numbers)) < len(numbers) or any(not 0 <= number < 1 << self.function for number in numbers):
            raise ValueError(f"functions need numbers of their own from 0 to {(1 << self.function) - 1}")
        return self


class PrefixPair(Noun):
    """Networks that the plan does not number itself (management stations, neighbours): what in IPv4 is what in IPv6."""

    ipv4: IPv4Network
    ipv6: IPv6Network
    title: str = ""


class AddressPlan(Noun):
    """Where IPv6 addresses come from: loopbacks (/128 each), links (/127 each), sites' shares (a /64 per VLAN).

    A loopback or link is numbered by how far its IPv4 lies into `loopbacks_ipv4` or `links_ipv4` (None: `ipv4`).
    `scheme` None: every site states its own share.
    """

    ipv4: IPv4Network
    ipv6: IPv6Network
    loopbacks: IPv6Network
    links: IPv6Network
    loopbacks_ipv4: IPv4Network | None = None
    links_ipv4: IPv4Network | None = None
    scheme: Scheme | None = None
    pairs: tuple[PrefixPair, ...] = ()

    @model_validator(mode="after")
    def _leaves_room_for_vlans(self) -> Self:
        if self.scheme and self.ipv6.prefixlen + self.scheme.site_bits + self.scheme.function > 60:
            raise ValueError("the scheme's bits leave fewer than four for VLANs before /64")
        return self


class AddressRecord(Noun):
    """A row of network/addresses.csv: what was given out stays given out. `name` is the site's or the link's."""

    kind: Literal["site", "vlan", "link"]
    name: Name
    vlan: VlanId | None = None
    ipv6: IPv6Network


Dscp = Literal[
    "default", "cs1", "af11", "af12", "af13", "cs2", "af21", "af22", "af23", "cs3", "af31", "af32", "af33",
    "cs4", "af41", "af42", "af43", "cs5", "ef", "cs6", "cs7",
]  # fmt: skip
"""A class of service by its code point's name (RFC 2474, 2597, 3246)."""


class VpnInstance(Noun):
    """A business's or a dedicated network's own routing table on the shared network."""

    name: str
    route_distinguisher: str
    title: str = ""
    dscp: Dscp | None = None
    """What its traffic is marked with where it enters (N9, 差异化服务); None: it is not marked."""


class Terminal(Noun):
    """A ledger row: this person's terminal of this department has this IP and this MAC on this port (N2)."""

    id: Name
    department: str
    person: str
    device: Name
    interface: str
    vlan: VlanId
    mac: Mac
    ipv4: IPv4Address
    ipv6: IPv6Address | None = None


class Binding(Noun):
    """IP to MAC as it stands on a switch (or should). `interface` and `vlan` None: wherever it is seen."""

    device: Name
    mac: Mac
    address: IPv4Address | IPv6Address
    interface: str | None = None
    vlan: VlanId | None = None
    source: Literal["ledger", "configured", "observed"] = "ledger"


class DedicatedNetwork(Noun):
    """A department's network of its own (专网) that has to move into the extranet (N6)."""

    name: Name
    title: str
    department: str
    built: int = Field(ge=1990, le=2100)
    state: Literal["separate", "integrating", "integrated", "retired"]
    vpn_instance: str | None = None
    site: Name
