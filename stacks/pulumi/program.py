"""The Pulumi programs: from a partition or a booking to resources. The toolkit and plain `pulumi up` run the same ones.

Holds no intent and reads no file.
"""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from yunwang.stacks.partition import Booking, Partition, gateway, rules, subnets
from yunwang.stacks.pulumi import resources as r


class Tenant(pulumi.ComponentResource):
    """A tenant on one cloud: project, members with their roles, quotas, dual-stack networks on one router, security groups."""

    def __init__(self, partition: Partition, opts: ResourceOptions | None = None) -> None:
        super().__init__("yunwang:index:Tenant", partition.tenant, {}, opts)
        own = ResourceOptions(parent=self)
        tenant, quota = partition.tenant, partition.quota
        self.project = r.Project(tenant, name=tenant, description=partition.title, opts=own)
        project = self.project.id
        for member in partition.members:
            user = r.User(member.user, name=member.user, real_name=member.real_name, opts=own)
            r.RoleAssignment(f"{member.user}-{member.role}", project=project, user=user.id, role=member.role, opts=own)
        r.ComputeQuota(
            tenant,
            project=project,
            cores=quota.cores,
            ram=None if quota.ram_gib is None else quota.ram_gib * 1024,
            instances=quota.instances,
            opts=own,
        )
        r.VolumeQuota(
            tenant, project=project, volumes=quota.volumes, gigabytes=quota.volume_gib, snapshots=quota.snapshots, opts=own
        )
        room = r.NetworkQuota(
            tenant,
            project=project,
            network=quota.networks,
            subnet=quota.subnets,
            port=quota.ports,
            router=quota.routers,
            floatingip=quota.floating_ips,
            security_group=quota.security_groups,
            security_group_rule=quota.security_group_rules,
            opts=own,
        )
        self._networks(partition, ResourceOptions(parent=self, depends_on=[room]))
        self.register_outputs({"project": project})

    def _networks(self, partition: Partition, within_quota: ResourceOptions) -> None:
        project = self.project.id
        routed = any(network.routed for network in partition.networks)
        router = (
            r.Router(
                partition.tenant,
                project=project,
                name=partition.tenant,
                external_network=partition.external_network,
                snat=partition.internet_egress if partition.external_network else None,
                opts=within_quota,
            )
            if routed
            else None
        )
        for network in partition.networks:
            wire = r.Network(network.name, project=project, name=network.name, opts=within_quota)
            for name, (prefix, mode) in subnets(network).items():
                subnet = r.Subnet(
                    name,
                    project=project,
                    network=wire.id,
                    name=name,
                    cidr=str(prefix),
                    ipv6_mode=mode,
                    gateway=gateway(prefix),
                    opts=within_quota,
                )
                if router is not None and network.routed:
                    r.RouterInterface(name, router=router.id, subnet=subnet.id, opts=ResourceOptions(parent=self))
        for group in partition.security_groups:
            allowed = [one for rule in group.rules for one in rules(rule)]
            r.SecurityGroup(group.name, project=project, name=group.name, rules=allowed, opts=within_quota)


def declare_tenant(partition: Partition, config_file: str | None = None) -> None:
    """The program of a tenant's stack. Its output `intent` is what an undo goes back to."""
    provider = r.Provider(partition.cloud, cloud=partition.cloud, config_file=config_file)
    tenant = Tenant(partition, ResourceOptions(providers=[provider]))
    pulumi.export("project", tenant.project.id)
    pulumi.export("intent", partition.model_dump(mode="json"))


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
            opts=ResourceOptions(provider=provider, depends_on=[role]),
        )
        pulumi.export(server.name, made.addresses)
    pulumi.export("intent", booking.model_dump(mode="json"))
