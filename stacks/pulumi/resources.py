"""The provider's resources as typed Python classes, for programs. A test holds them to the schema. No logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import Input, Output, ResourceOptions

from yunwang.stacks.pulumi.schema import PACKAGE, token


class Provider(pulumi.ProviderResource):
    """One cloud of clouds.yaml, for resources that are given `provider=`."""

    def __init__(
        self, resource_name: str, *, cloud: Input[str], config_file: Input[str] | None = None, opts: ResourceOptions | None = None
    ):
        super().__init__(PACKAGE, resource_name, {"cloud": cloud, "configFile": config_file}, opts)


class _Resource(pulumi.CustomResource):
    def __init__(self, resource_name: str, properties: Mapping[str, Any], opts: ResourceOptions | None) -> None:
        super().__init__(token(type(self).__name__), resource_name, dict(properties), opts)


class Project(_Resource):
    """A keystone project: a tenant's partition of one cloud."""

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        description: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        domain: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(resource_name, {"name": name, "description": description, "enabled": enabled, "domain": domain}, opts)


class User(_Resource):
    """A keystone user with a random initial password."""

    password: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        real_name: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        domain: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {"name": name, "realName": real_name, "enabled": enabled, "domain": domain}
        super().__init__(resource_name, {**said, "password": None}, opts)


class RoleAssignment(_Resource):
    """A role of a user on a project."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        role: Input[str],
        user: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(resource_name, {"project": project, "user": user, "role": role}, opts)


class ComputeQuota(_Resource):
    """A project's limits in nova; `ram` in MiB."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        cores: Input[int] | None = None,
        ram: Input[int] | None = None,
        instances: Input[int] | None = None,
        on_delete: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {"project": project, "cores": cores, "ram": ram, "instances": instances, "onDelete": on_delete}
        super().__init__(resource_name, said, opts)


class VolumeQuota(_Resource):
    """A project's limits in cinder."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        volumes: Input[int] | None = None,
        gigabytes: Input[int] | None = None,
        snapshots: Input[int] | None = None,
        on_delete: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {"project": project, "volumes": volumes, "gigabytes": gigabytes, "snapshots": snapshots, "onDelete": on_delete}
        super().__init__(resource_name, said, opts)


class NetworkQuota(_Resource):
    """A project's limits in neutron."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        network: Input[int] | None = None,
        subnet: Input[int] | None = None,
        port: Input[int] | None = None,
        router: Input[int] | None = None,
        floatingip: Input[int] | None = None,
        security_group: Input[int] | None = None,
        security_group_rule: Input[int] | None = None,
        on_delete: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {
            "project": project,
            "network": network,
            "subnet": subnet,
            "port": port,
            "router": router,
            "floatingip": floatingip,
            "securityGroup": security_group,
            "securityGroupRule": security_group_rule,
            "onDelete": on_delete,
        }
        super().__init__(resource_name, said, opts)


class Network(_Resource):
    """A tenant's network (layer 2)."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        name: Input[str],
        description: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {"project": project, "name": name, "description": description, "enabled": enabled}
        super().__init__(resource_name, said, opts)


class Subnet(_Resource):
    """An IPv4 or IPv6 prefix on a network."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        network: Input[str],
        name: Input[str],
        cidr: Input[str],
        description: Input[str] | None = None,
        ipv6_mode: Input[str] | None = None,
        gateway: Input[str] | None = None,
        dns: Input[Sequence[Input[str]]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {
            "project": project,
            "network": network,
            "name": name,
            "cidr": cidr,
            "description": description,
            "ipv6Mode": ipv6_mode,
            "gateway": gateway,
            "dns": dns,
        }
        super().__init__(resource_name, said, opts)


class Router(_Resource):
    """A router between a tenant's subnets and, with a gateway, an external network."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        name: Input[str],
        description: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        external_network: Input[str] | None = None,
        snat: Input[bool] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {
            "project": project,
            "name": name,
            "description": description,
            "enabled": enabled,
            "externalNetwork": external_network,
            "snat": snat,
        }
        super().__init__(resource_name, said, opts)


class RouterInterface(_Resource):
    """A router's leg in a subnet, with the subnet's gateway address."""

    def __init__(self, resource_name: str, *, router: Input[str], subnet: Input[str], opts: ResourceOptions | None = None) -> None:
        super().__init__(resource_name, {"router": router, "subnet": subnet}, opts)


class SecurityGroup(_Resource):
    """A security group with exactly these rules (`direction, ethertype, protocol, portMin, portMax, remote`)."""

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        name: Input[str],
        description: Input[str] | None = None,
        rules: Input[Sequence[Input[Mapping[str, Any]]]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {"project": project, "name": name, "description": description, "rules": rules}
        super().__init__(resource_name, said, opts)


class Server(_Resource):
    """A virtual server, booted from an image with a flavor on one network."""

    addresses: Output[Sequence[str]]
    status: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        project: Input[str],
        name: Input[str],
        image: Input[str],
        flavor: Input[str],
        network: Input[str],
        security_groups: Input[Sequence[Input[str]]] | None = None,
        availability_zone: Input[str] | None = None,
        metadata: Input[Mapping[str, Input[str]]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        said = {
            "project": project,
            "name": name,
            "image": image,
            "flavor": flavor,
            "network": network,
            "securityGroups": security_groups,
            "availabilityZone": availability_zone,
            "metadata": metadata,
        }
        super().__init__(resource_name, {**said, "addresses": None, "status": None}, opts)
