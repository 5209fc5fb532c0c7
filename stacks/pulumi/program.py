"""The Pulumi programs: from a partition or a booking to resources. The toolkit and plain `pulumi up` run the same ones.

Holds no intent and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi
from pulumi import ResourceOptions

from yunwang.stacks.partition import Booking, Partition, TenantGroup, rules, subnets
from yunwang.stacks.pulumi import resources as r


class Tenant(pulumi.ComponentResource):
    """A tenant on one cloud: project, members with their roles, quotas, dual-stack networks on one router, security groups.

    What its MLPS level (等保) asks of security groups beyond those that are named is made too: see `Partition.groups`.
    """

    project: r.Project
    networks: dict[str, r.Network]
    """By name, for what a program puts into the tenant beside it; so with the groups."""
    security_groups: dict[str, r.SecurityGroup]

    def __init__(
        self,
        partition: Partition,
        opts: ResourceOptions | None = None,
        there: Mapping[str, str] | None = None,
        *,
        prefix: str = "",
    ) -> None:
        """`opts` names the provider of the partition's cloud. `there`: ids of what is on the cloud already and is to be taken over
        as it is, by `KIND NAME`. `prefix` stands before the names of its resources, where a stack has more than one tenant.
        """
        super().__init__("yunwang:index:Tenant", partition.tenant, {}, opts)
        self._there = there or {}
        self._prefix = prefix
        tenant, quota = partition.tenant, partition.quota
        self.project = r.Project(*self._own("Project", tenant), name=tenant, description=partition.title)
        project = self.project.id
        for member in partition.members:
            user = r.User(*self._own("User", member.user), name=member.user, real_name=member.real_name)
            r.RoleAssignment(
                *self._own("RoleAssignment", f"{member.user}-{member.role}"), project=project, user=user.id, role=member.role
            )
        r.ComputeQuota(
            *self._own("ComputeQuota", tenant),
            project=project,
            cores=quota.cores,
            ram=None if quota.ram_gib is None else quota.ram_gib * 1024,
            instances=quota.instances,
        )
        r.VolumeQuota(
            *self._own("VolumeQuota", tenant),
            project=project,
            volumes=quota.volumes,
            gigabytes=quota.volume_gib,
            snapshots=quota.snapshots,
        )
        room = r.NetworkQuota(
            *self._own("NetworkQuota", tenant),
            project=project,
            network=quota.networks,
            subnet=quota.subnets,
            port=quota.ports,
            router=quota.routers,
            floatingip=quota.floating_ips,
            security_group=quota.security_groups,
            security_group_rule=quota.security_group_rules,
        )
        self.networks = dict(self._networks(partition, room))
        self.security_groups = {
            group.name: r.SecurityGroup(
                *self._own("SecurityGroup", group.name, room),
                project=project,
                name=group.name,
                rules=[one for rule in group.rules for one in rules(rule)],
            )
            for group in partition.groups
        }
        networks = {name: one.id for name, one in self.networks.items()}
        groups = {name: one.id for name, one in self.security_groups.items()}
        self.register_outputs({"project": project, "networks": networks, "securityGroups": groups})

    def _own(self, kind: str, name: str, *after: pulumi.Resource) -> tuple[str, ResourceOptions]:
        """A resource's name in the stack, and its options."""
        opts = ResourceOptions(parent=self, depends_on=list(after), import_=self._there.get(f"{kind} {name}"))
        return f"{self._prefix}{name}", opts

    def _networks(self, partition: Partition, room: pulumi.Resource) -> Iterator[tuple[str, r.Network]]:
        """Networks and their router, `room` being the quota that lets them in."""
        project = self.project.id
        routed = any(network.routed for network in partition.networks)
        router = (
            r.Router(
                *self._own("Router", partition.tenant, room),
                project=project,
                name=partition.tenant,
                external_network=partition.external_network,
                snat=partition.internet_egress if partition.external_network else None,
            )
            if routed
            else None
        )
        for network in partition.networks:
            wire = r.Network(*self._own("Network", network.name, room), project=project, name=network.name)
            for name, one in subnets(network).items():
                subnet = r.Subnet(
                    *self._own("Subnet", name, room),
                    project=project,
                    network=wire.id,
                    name=name,
                    cidr=str(one.prefix),
                    ipv6_mode=one.mode,
                    gateway=one.gateway,
                )
                if router is not None and network.routed:
                    r.RouterInterface(*self._own("RouterInterface", name), router=router.id, subnet=subnet.id)
            yield network.name, wire


def declare_tenants(
    group: TenantGroup, config_file: str | None = None, there: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """The program of a stack of tenants. Its output `intent` is what an undo goes back to. `there`: by tenant, see Tenant."""
    provider = r.Provider(group.cloud, cloud=group.cloud, config_file=config_file)
    made = {
        one.tenant: Tenant(
            one,
            ResourceOptions(providers=[provider]),
            (there or {}).get(one.tenant),
            prefix="" if one.tenant == group.name else f"{one.tenant}/",
        )
        for one in group.partitions
    }
    pulumi.export("projects", {name: tenant.project.id for name, tenant in made.items()})
    pulumi.export("intent", group.model_dump(mode="json"))


def declare_servers(booking: Booking, config_file: str | None = None) -> None:
    """The program of a booking's stack: the account's own role on the project first, which nova asks for."""
    provider = r.Provider(booking.cloud, cloud=booking.cloud, config_file=config_file)
    own = ResourceOptions(provider=provider)
    role = r.RoleAssignment("operator", project=booking.tenant, role="member", opts=own)
    for server, flavor in zip(booking.servers, booking.flavors, strict=True):
        made = r.Server(
            server.name,
            project=booking.tenant,
            name=server.name,
            image=booking.image,
            flavor=flavor,
            network=server.network,
            security_groups=list(server.security_groups),
            opts=ResourceOptions(provider=provider, depends_on=[role]),
        )
        pulumi.export(server.name, made.addresses)
    pulumi.export("intent", booking.model_dump(mode="json"))
