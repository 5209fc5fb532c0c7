"""Sites, planes, devices, links, addresses and the terminals behind them (N1, N2, N3, N5, N6)."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Literal

from pydantic import Field

from yunwang.inventories.noun import Mac, Name, Noun, VlanId
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
    """A place with devices. `ipv6` is the site's share of the address plan."""

    name: Name
    title: str
    level: Level
    parent: Name | None = None
    ipv6: IPv6Network


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


class Device(Noun):
    """A router or switch: who it is, where it stands, how it is reached. `host` is the management address."""

    name: Name
    platform: Platform
    site: Name
    plane: Plane
    role: Role
    host: str
    port: int = Field(default=22, ge=1, le=65535)
    username: str
    password: SecretRef
    enable_password: SecretRef | None = None
    known_hosts: str = "network/known_hosts"
    """OpenSSH known_hosts file, relative to the workspace; the host key is always checked."""
    management_interface: str | None = None
    ospfv3_process: int = Field(default=1, ge=1, le=65535)
    router_id: IPv4Address | None = None
    internet_gateway: bool = False
    """One of the city's own gateways; only these may lead to the Internet (N7)."""
    interfaces: tuple[Interface, ...] = ()


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


class AddressPlan(Noun):
    """Where IPv6 addresses come from: loopbacks (/128 each), links (/127 each), sites' shares (a /64 per VLAN)."""

    ipv4: IPv4Network
    ipv6: IPv6Network
    loopbacks: IPv6Network
    links: IPv6Network


class VpnInstance(Noun):
    """A business's or a dedicated network's own routing table on the shared network."""

    name: str
    route_distinguisher: str
    title: str = ""


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
