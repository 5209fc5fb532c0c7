"""Clouds, what they can hold, and the tenants that departments have on them (C1, C2, C3, C7)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from pydantic import Field

from yunwang.inventories.noun import Name, Noun

DEFAULT = "default"
"""The security group that a cloud makes for each tenant by itself."""


class Architecture(StrEnum):
    """Processor architecture, in nova's spelling."""

    X86_64 = "x86_64"
    ARM64 = "aarch64"


class Quota(Noun):
    """Limits of a project. None means: not ours to set, never sent. Units: GiB and counts."""

    cores: int | None = Field(default=None, ge=0)
    ram_gib: int | None = Field(default=None, ge=0)
    instances: int | None = Field(default=None, ge=0)
    volumes: int | None = Field(default=None, ge=0)
    volume_gib: int | None = Field(default=None, ge=0)
    snapshots: int | None = Field(default=None, ge=0)
    networks: int | None = Field(default=None, ge=0)
    subnets: int | None = Field(default=None, ge=0)
    ports: int | None = Field(default=None, ge=0)
    routers: int | None = Field(default=None, ge=0)
    floating_ips: int | None = Field(default=None, ge=0)
    security_groups: int | None = Field(default=None, ge=0)
    security_group_rules: int | None = Field(default=None, ge=0)


class Cloud(Noun):
    """One cloud of the city; `name` is its entry in clouds.yaml."""

    name: Name
    title: str
    kind: Literal["openstack"] = "openstack"
    architecture: Architecture = Architecture.X86_64
    xinchuang: bool = False
    external_network: str | None = None
    mlps_level: int | None = Field(default=None, ge=1, le=4)
    """The level that the cloud itself is assessed for (等保测评). None: not said."""
    cores: int = Field(ge=0)
    ram_gib: int = Field(ge=0)
    volume_gib: int = Field(ge=0)


class TenantNetwork(Noun):
    """A tenant's dual-stack network with one IPv4 and one IPv6 subnet. A gateway that is not said is the prefix's first address."""

    name: Name
    ipv4: IPv4Network
    ipv6: IPv6Network
    ipv4_gateway: IPv4Address | None = None
    ipv6_gateway: IPv6Address | None = None
    ipv6_mode: Literal["slaac", "dhcpv6-stateful"] = "slaac"
    routed: bool = True


class SecurityRule(Noun):
    """One allowance; what is not allowed is dropped. `remote` None means anywhere, `self` whoever is in the same group."""

    direction: Literal["ingress", "egress"] = "ingress"
    protocol: Literal["tcp", "udp", "icmp", "ipv6-icmp", "any"]
    port_min: int | None = Field(default=None, ge=1, le=65535)
    port_max: int | None = Field(default=None, ge=1, le=65535)
    remote: IPv4Network | IPv6Network | Literal["self"] | None = None


class SecurityGroup(Noun):
    """A named set of allowances of a tenant. `default` is the one that servers get which nobody gives another."""

    name: Name
    rules: tuple[SecurityRule, ...] = ()


class Member(Noun):
    """A real-name account in a tenant (S3)."""

    user: Name
    real_name: str
    role: Literal["reader", "member", "manager"] = "member"
    duty: Literal["administrator", "auditor", "security"] | None = None
    """系统管理员, 审计管理员, 安全管理员 (GB/T 22239-2019 8.1.5): three people from level 3 on."""


class Allotment(Noun):
    """What a tenant has on one cloud."""

    cloud: Name
    quota: Quota = Quota()
    networks: tuple[TenantNetwork, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()

    @property
    def groups(self) -> frozenset[str]:
        """Names of the security groups that servers can be put into there."""
        return frozenset({DEFAULT, *(group.name for group in self.security_groups)})


class Tenant(Noun):
    """A department's partition of the government cloud (政务云分区)."""

    name: Name
    title: str
    department: str
    group: Name | None = None
    """Tenants of one group share a Pulumi stack on each cloud: faster, and they change together. None: it has one of its own."""
    mlps_level: int = Field(ge=1, le=4)
    internet_egress: bool = False
    members: tuple[Member, ...] = ()
    allotments: tuple[Allotment, ...] = Field(min_length=1)

    @property
    def stack(self) -> str:
        """What stands for it in targets (`stack/CLOUD/…`): its group's name, or its own."""
        return self.group or self.name


class QuotaRequest(Noun):
    """A department asks for a quota on a cloud for a term (申请、使用、撤销)."""

    id: Name
    tenant: Name
    cloud: Name
    quota: Quota
    reason: str
    requested_by: str
    requested_on: date
    until: date
    state: Literal["requested", "approved", "rejected", "in-use", "reclaimed"] = "requested"


class Server(Noun):
    """A virtual server to book for a component of a system."""

    name: Name
    cores: int = Field(ge=1)
    ram_gib: int = Field(ge=1)
    disk_gib: int = Field(ge=1)
    network: Name
    security_groups: tuple[Name, ...] = ()
    """Names of the tenant's security groups on that cloud. None: the cloud's choice, which is `default`."""
    architecture: Architecture = Architecture.X86_64
