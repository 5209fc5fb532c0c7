"""A tenant's partition of one cloud, and how a cloud falls short of it. Pure: what is live comes in as facts.

Facts have one shape for what is intended and for what is live: names and settings, never ids, so that a digest over them is stable.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from typing import Any, NamedTuple

from pydantic import JsonValue, model_validator

from yunwang.inventories.cloud import DEFAULT, Member, Quota, SecurityGroup, SecurityRule, Server, TenantNetwork
from yunwang.inventories.noun import JsonObject, Name, Noun
from yunwang.inventories.workspace import Workspace

CLOSED_FROM = 2
"""The MLPS level."""


class Partition(Noun):
    """One tenant on one cloud."""

    cloud: Name
    tenant: Name
    title: str
    mlps_level: int = 1
    internet_egress: bool = False
    external_network: str | None = None
    members: tuple[Member, ...] = ()
    quota: Quota = Quota()
    networks: tuple[TenantNetwork, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()

    @property
    def groups(self) -> tuple[SecurityGroup, ...]:
        """The security groups, with those of the level: from 2 on `default` admits nothing and lets nothing out unless it is named.

        A cloud's own `default` lets everything out, and a server gets it that nobody gives another (GB/T 22239-2019 7.1.3.2 a):
        what is not allowed is refused).
        """
        named = {group.name for group in self.security_groups}
        closed = (SecurityGroup(name=DEFAULT),) if self.mlps_level >= CLOSED_FROM and DEFAULT not in named else ()
        return (*self.security_groups, *closed)


class TenantGroup(Noun):
    """All that one stack is made from: a group's tenants on one cloud, or one tenant alone, whose name is the group's then."""

    cloud: Name
    name: Name
    partitions: tuple[Partition, ...]

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, said: Any) -> Any:
        """A partition itself, as plans and stacks of earlier versions have it, is a group of one."""
        if isinstance(said, dict) and "tenant" in said:
            return {"cloud": said["cloud"], "name": said["tenant"], "partitions": [said]}
        return said

    @property
    def tenants(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(one.tenant for one in self.partitions)


class Booking(Noun):
    """The servers that a tenant has booked on one cloud, each with the flavor that was chosen for it."""

    cloud: Name
    tenant: Name
    servers: tuple[Server, ...] = ()
    flavors: tuple[str, ...] = ()
    image: str = "base"

    @property
    def tenants(self) -> tuple[str, ...]:
        """The one whose servers they are."""
        return (self.tenant,)


def partitions(workspace: Workspace) -> dict[tuple[str, str], Partition]:
    """Each tenant on each cloud that it has something on, tenant by tenant, so that work spreads over the clouds."""
    return {
        (cloud.name, tenant.name): Partition(
            cloud=cloud.name,
            tenant=tenant.name,
            title=tenant.title,
            mlps_level=tenant.mlps_level,
            internet_egress=tenant.internet_egress,
            external_network=cloud.external_network,
            members=tenant.members,
            quota=allotment.quota,
            networks=allotment.networks,
            security_groups=allotment.security_groups,
        )
        for tenant in workspace.tenants
        for cloud in workspace.settings.clouds
        for allotment in tenant.allotments
        if allotment.cloud == cloud.name
    }


def groups(workspace: Workspace) -> dict[tuple[str, str], TenantGroup]:
    """What each stack is to hold, by cloud and name of the stack."""
    stack = {tenant.name: tenant.stack for tenant in workspace.tenants}
    made: dict[tuple[str, str], list[Partition]] = {}
    for (cloud, tenant), partition in partitions(workspace).items():
        made.setdefault((cloud, stack[tenant]), []).append(partition)
    return {key: TenantGroup(cloud=key[0], name=key[1], partitions=tuple(those)) for key, those in made.items()}


class TenantSubnet(NamedTuple):
    """One of a network's two subnets: its prefix, the router's address in it, how IPv6 addresses are given."""

    prefix: IPv4Network | IPv6Network
    gateway: str
    mode: str | None


def subnets(network: TenantNetwork) -> dict[str, TenantSubnet]:
    """A network's two subnets by name."""
    return {
        f"{network.name}-v4": TenantSubnet(network.ipv4, str(network.ipv4_gateway or network.ipv4[1]), None),
        f"{network.name}-v6": TenantSubnet(network.ipv6, str(network.ipv6_gateway or network.ipv6[1]), network.ipv6_mode),
    }


_WHOLE = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))


def rules(rule: SecurityRule) -> Iterator[dict[str, JsonValue]]:
    """An allowance as the rules of one protocol each; `anywhere` means both IPv4 and IPv6."""
    if rule.remote is not None and rule.remote != "self":
        ethertypes = [f"IPv{rule.remote.version}"]
    else:
        ethertypes = {"icmp": ["IPv4"], "ipv6-icmp": ["IPv6"]}.get(rule.protocol, ["IPv4", "IPv6"])
    last = rule.port_max if rule.port_max is not None else rule.port_min
    for ethertype in ethertypes:
        said: dict[str, JsonValue] = {
            "direction": rule.direction,
            "ethertype": ethertype,
            "protocol": rule.protocol,
            "portMin": rule.port_min,
            "portMax": last,
            "remote": None if rule.remote is None or rule.remote in _WHOLE else str(rule.remote),
        }
        yield {name: value for name, value in said.items() if value is not None}


def rule_text(rule: dict[str, JsonValue]) -> str:
    """A rule in one line, the same for what is intended and what is live."""
    low, high = rule.get("portMin"), rule.get("portMax")
    ports = "" if low is None else f" {low}" if low == high else f" {low}-{high}"
    side = "from" if rule["direction"] == "ingress" else "to"
    return f"{rule['direction']} {rule['ethertype']} {rule['protocol']}{ports} {side} {rule.get('remote') or 'anywhere'}"


def intended(partition: Partition) -> JsonObject:
    """The facts that hold on a cloud which has exactly this partition."""
    routed = [network for network in partition.networks if network.routed]
    return {
        "project": {"title": partition.title, "enabled": True},
        "members": {member.user: [member.role] for member in partition.members},
        "quota": dict(partition.quota.model_dump(exclude_none=True)),
        "networks": {
            network.name: {
                "enabled": True,
                "subnets": {
                    name: {"cidr": str(one.prefix), "gateway": one.gateway, "ipv6_mode": one.mode, "routed": network.routed}
                    for name, one in subnets(network).items()
                },
            }
            for network in partition.networks
        },
        "routers": {
            partition.tenant: {
                "enabled": True,
                "external_network": partition.external_network,
                "snat": partition.internet_egress if partition.external_network else None,
            }
        }
        if routed
        else {},
        "security_groups": {
            group.name: [*sorted({rule_text(one) for rule in group.rules for one in rules(rule)})] for group in partition.groups
        },
    }


def booked(booking: Booking) -> JsonObject:
    """The facts that hold where these servers run."""
    return {
        "servers": {
            server.name: {
                "flavor": flavor,
                "image": booking.image,
                "networks": [server.network],
                **({"security_groups": [*sorted(server.security_groups)]} if server.security_groups else {}),
                "status": "ACTIVE",
            }
            for server, flavor in zip(booking.servers, booking.flavors, strict=True)
        }
    }


def shortfalls(wanted: JsonValue, live: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue, JsonValue]]:
    """Where the live facts are not what is wanted: path, wanted, live. What is live beside it is no shortfall."""
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            have = live.get(name) if isinstance(live, dict) else None
            yield from shortfalls(value, have, f"{path}/{name}" if path else name)
    elif wanted != live:
        yield path, wanted, live
