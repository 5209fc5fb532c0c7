"""What the lab of a workspace stands for: clouds with hosts, devices as they boot, machines, what is really plugged in. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from pydantic import Field

from yunwang.inventories.cloud import Architecture
from yunwang.inventories.noun import Mac, Name, Noun, VlanId


class LabHost(Noun):
    """A small compute host of a lab cloud, in an aggregate, with placement traits."""

    name: Name
    aggregate: Name
    architecture: Architecture = Architecture.X86_64
    traits: tuple[str, ...] = ()
    vcpus: int = Field(ge=1)
    ram_gib: int = Field(ge=1)
    disk_gib: int = Field(ge=1)


class LabExternalNetwork(Noun):
    """The provider network that routers take their gateway from."""

    name: Name
    vlan: VlanId
    ipv4: IPv4Network
    ipv6: IPv6Network


class LabCloud(Noun):
    """A real OpenStack control plane; `name` is its entry in clouds.yaml."""

    name: Name
    region: str
    hosts: tuple[LabHost, ...] = Field(min_length=1)
    volume_gib: int = Field(ge=1)
    external: LabExternalNetwork


class LabDevice(Noun):
    """A device of the inventory that the lab plays; `startup` is the file (relative to the workspace) it boots from."""

    name: Name
    startup: str


class LabTerminal(Noun):
    """What is really plugged in at a port: the switches learn it (ARP, ND, MAC table). Not necessarily what the ledger says."""

    device: Name
    interface: str
    vlan: VlanId
    mac: Mac
    ipv4: IPv4Address
    ipv6: IPv6Address | None = None


class LabMachine(Noun):
    """A Linux host reached over SSH: `old` is a server in a room, `new` one on the cloud, `gateway` leads clients there."""

    name: Name
    kind: Literal["old", "new", "gateway"]


class LabService(Noun):
    """A small database-backed HTTP service that runs on a machine at first; clients reach it through the gateway."""

    name: Name
    machine: Name
    rows: int = Field(ge=0)


class Lab(Noun):
    """lab.yaml: the whole embedded lab of a workspace. `terminals` is a CSV file beside it."""

    version: Literal[1]
    clouds: tuple[LabCloud, ...] = ()
    devices: tuple[LabDevice, ...] = ()
    terminals: tuple[LabTerminal, ...] = ()
    machines: tuple[LabMachine, ...] = ()
    services: tuple[LabService, ...] = ()
