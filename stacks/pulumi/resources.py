"""The provider's resources as typed Python classes, for programs. Written by typed.py from the schema: never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict, Unpack

from pulumi import Input, Output, ResourceOptions

from yunwang.stacks.pulumi.resource import Provider as Provider
from yunwang.stacks.pulumi.resource import Resource


class DomainArgs(TypedDict, total=False):
    """What is said about a Domain."""

    name: Required[Input[str]]
    """Name, unique on the cloud. Example: suyu"""
    description: Input[str] | None
    """What people read in the dashboard. Example: 宿豫区"""
    enabled: Input[bool] | None
    """False locks out everyone of this domain and keeps everything."""


class Domain(Resource):
    """A keystone domain: a district's own projects, users and groups. Deleting it is refused while it holds any of them."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[DomainArgs]) -> None:
        super().__init__(resource_name, said, opts)


class ProjectArgs(TypedDict, total=False):
    """What is said about a Project."""

    domain: Input[str] | None
    """Id of the keystone domain. Example: default"""
    name: Required[Input[str]]
    """Name, unique in its domain. Example: finance"""
    description: Input[str] | None
    """What people read in the dashboard. Example: 财政局"""
    enabled: Input[bool] | None
    """False locks everyone out and keeps everything."""


class Project(Resource):
    """A keystone project: a tenant's partition of one cloud. Deleting it is refused while it holds servers or volumes."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[ProjectArgs]) -> None:
        super().__init__(resource_name, said, opts)


class UserArgs(TypedDict, total=False):
    """What is said about a User."""

    domain: Input[str] | None
    """Id of the keystone domain. Example: default"""
    name: Required[Input[str]]
    """Login name, unique in its domain. Example: zhang-wei"""
    real_name: Input[str] | None
    """The person who answers for it (real-name system). Example: 张伟"""
    enabled: Input[bool] | None
    """False locks the account."""


class User(Resource):
    """A keystone user, an account in one person's real name, with a random initial password."""

    told = ("password",)
    password: Output[str]
    """The initial password, 24 random characters. Unknown after an import."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[UserArgs]) -> None:
        super().__init__(resource_name, said, opts)


class GroupArgs(TypedDict, total=False):
    """What is said about a Group."""

    domain: Input[str] | None
    """Id of the keystone domain. Example: default"""
    name: Required[Input[str]]
    """Name, unique in its domain. Example: finance-operators"""
    description: Input[str] | None
    """What people read in the dashboard. Example: 财政局运维组"""
    members: Input[Sequence[Input[str]]] | None
    """Ids of the users in it, and no others. Left out: not ours to say, nobody is added or removed."""


class Group(Resource):
    """A keystone group: users who are given roles together."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[GroupArgs]) -> None:
        super().__init__(resource_name, said, opts)


class RoleAssignmentArgs(TypedDict, total=False):
    """What is said about a RoleAssignment."""

    project: Input[str] | None
    """Id or name of the project where it holds. Example: finance"""
    domain: Input[str] | None
    """Id of the domain where it holds, in the place of a project. Example: default"""
    user: Input[str] | None
    """Id of the user. Left out, and no group either: the account that the provider signs in with."""
    group: Input[str] | None
    """Id of the group, in the place of a user."""
    role: Required[Input[str]]
    """Name of the role. Example: member"""


class RoleAssignment(Resource):
    """A role of a user or group on a project or domain. Its id is PROJECT/USER/ROLE in keystone's ids; domain:ID stands for a
    project, group:ID for a user.
    """

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[RoleAssignmentArgs]) -> None:
        super().__init__(resource_name, said, opts)


class ApplicationCredentialArgs(TypedDict, total=False):
    """What is said about a ApplicationCredential."""

    project: Required[Input[str]]
    """Id of the project that it signs in to; the user needs a role on it."""
    user: Required[Input[str]]
    """Id of the user whom it belongs to."""
    password: Input[str] | None
    """The user's password: keystone lets only the user's own session make one. Not needed for one that is imported."""
    name: Required[Input[str]]
    """Name, unique for the user. Example: backup-agent"""
    description: Input[str] | None
    """What it is for. Our marker is kept behind it, out of sight. Example: 备份任务"""
    roles: Required[Input[Sequence[Input[str]]]]
    """Names of its roles, all of them the user's own on the project. Example: reader"""
    expires: Input[str] | None
    """When it ends, ISO 8601 in UTC. Left out: never. Example: 2027-03-01T00:00:00"""


class ApplicationCredential(Resource):
    """An application credential, made in its user's own session. Its id is USER/CREDENTIAL in keystone's ids."""

    told = ("secret",)
    secret: Output[str]
    """What a program signs in with. Told once: unknown after an import."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[ApplicationCredentialArgs]) -> None:
        super().__init__(resource_name, said, opts)


class ComputeQuotaArgs(TypedDict, total=False):
    """What is said about a ComputeQuota."""

    project: Required[Input[str]]
    """Id of the project."""
    on_delete: Input[str] | None
    """What becomes of a limit that is no longer named: back to the cloud's default, or left as it is."""
    cores: Input[int] | None
    """Virtual processor cores. -1: no limit. Left out: not ours to set, never sent."""
    ram: Input[int] | None
    """Memory, in MiB. -1: no limit. Left out: not ours to set, never sent."""
    instances: Input[int] | None
    """Servers. -1: no limit. Left out: not ours to set, never sent."""
    key_pairs: Input[int] | None
    """Key pairs of each user. -1: no limit. Left out: not ours to set, never sent."""
    metadata_items: Input[int] | None
    """Metadata entries of each server. -1: no limit. Left out: not ours to set, never sent."""
    server_groups: Input[int] | None
    """Server groups. -1: no limit. Left out: not ours to set, never sent."""
    server_group_members: Input[int] | None
    """Servers of each server group. -1: no limit. Left out: not ours to set, never sent."""


class ComputeQuota(Resource):
    """A project's limits in nova. Only named limits are ever sent."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[ComputeQuotaArgs]) -> None:
        super().__init__(resource_name, said, opts)


class VolumeQuotaArgs(TypedDict, total=False):
    """What is said about a VolumeQuota."""

    project: Required[Input[str]]
    """Id of the project."""
    on_delete: Input[str] | None
    """What becomes of a limit that is no longer named: back to the cloud's default, or left as it is."""
    volumes: Input[int] | None
    """Volumes. -1: no limit. Left out: not ours to set, never sent."""
    gigabytes: Input[int] | None
    """Volumes and snapshots together, in GiB. -1: no limit. Left out: not ours to set, never sent."""
    snapshots: Input[int] | None
    """Snapshots. -1: no limit. Left out: not ours to set, never sent."""
    per_volume_gigabytes: Input[int] | None
    """The largest volume, in GiB. -1: no limit. Left out: not ours to set, never sent."""
    backups: Input[int] | None
    """Backups. -1: no limit. Left out: not ours to set, never sent."""
    backup_gigabytes: Input[int] | None
    """Backups together, in GiB. -1: no limit. Left out: not ours to set, never sent."""
    types: Input[Mapping[str, Input[int]]] | None
    """Limits of single volume types, as cinder spells them. Example: gigabytes_ssd: 500 (GiB)"""


class VolumeQuota(Resource):
    """A project's limits in cinder. Only named limits are ever sent."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[VolumeQuotaArgs]) -> None:
        super().__init__(resource_name, said, opts)


class NetworkQuotaArgs(TypedDict, total=False):
    """What is said about a NetworkQuota."""

    project: Required[Input[str]]
    """Id of the project."""
    on_delete: Input[str] | None
    """What becomes of a limit that is no longer named: back to the cloud's default, or left as it is."""
    network: Input[int] | None
    """Networks. -1: no limit. Left out: not ours to set, never sent."""
    subnet: Input[int] | None
    """Subnets. -1: no limit. Left out: not ours to set, never sent."""
    port: Input[int] | None
    """Ports. -1: no limit. Left out: not ours to set, never sent."""
    router: Input[int] | None
    """Routers. -1: no limit. Left out: not ours to set, never sent."""
    floatingip: Input[int] | None
    """Floating IPv4 addresses. -1: no limit. Left out: not ours to set, never sent."""
    security_group: Input[int] | None
    """Security groups (the default one counts). -1: no limit. Left out: not ours to set, never sent."""
    security_group_rule: Input[int] | None
    """Rules over all security groups. -1: no limit. Left out: not ours to set, never sent."""
    rbac_policy: Input[int] | None
    """Policies by which networks are shared. -1: no limit. Left out: not ours to set, never sent."""
    subnetpool: Input[int] | None
    """Subnet pools. -1: no limit. Left out: not ours to set, never sent."""


class NetworkQuota(Resource):
    """A project's limits in neutron. Only named limits are ever sent."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[NetworkQuotaArgs]) -> None:
        super().__init__(resource_name, said, opts)


class FlavorAccessArgs(TypedDict, total=False):
    """What is said about a FlavorAccess."""

    flavor: Required[Input[str]]
    """Name or id of the flavor; not a public one. Example: kunpeng-c8m16"""
    project: Required[Input[str]]
    """Id or name of the project that may use it. Example: finance"""


class FlavorAccess(Resource):
    """A project's right to use a flavor that is not public. Its id is FLAVOR/PROJECT in ids."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[FlavorAccessArgs]) -> None:
        super().__init__(resource_name, said, opts)


class ImageArgs(TypedDict, total=False):
    """What is said about a Image."""

    name: Required[Input[str]]
    """Name; not unique on the cloud. Example: kylin-v10-arm64"""
    file: Required[Input[str]]
    """Path of the file on this machine, only read to upload it. Example: images/kylin-v10.qcow2"""
    sha512: Required[Input[str]]
    """SHA-512 of the file, as sha512sum tells it: glance keeps the same."""
    disk_format: Required[Input[str]]
    """Format of the file. Example: qcow2"""
    visibility: Input[str] | None
    """Who sees it; public needs an administrator."""
    protected: Input[bool] | None
    """True: the cloud refuses to delete it."""
    min_disk: Input[int] | None
    """Smallest disk that a server needs for it, in GiB."""
    min_ram: Input[int] | None
    """Smallest memory that a server needs for it, in MiB."""
    properties: Input[Mapping[str, Input[str]]] | None
    """Properties of your own, which the scheduler reads too. Example: hw_architecture: aarch64"""


class Image(Resource):
    """An image that servers boot from, uploaded from a file of this machine."""

    told = ("status", "size")
    status: Output[str]
    """Glance's status. Example: active"""
    size: Output[int]
    """Size of the file, in bytes."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[ImageArgs]) -> None:
        super().__init__(resource_name, said, opts)


class KeyPairArgs(TypedDict, total=False):
    """What is said about a KeyPair."""

    name: Required[Input[str]]
    """Name, unique for the account. Example: finance-operators"""
    public_key: Required[Input[str]]
    """The public key, as OpenSSH writes it. Example: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5… zhang-wei"""
    user: Input[str] | None
    """Id of the user whom it belongs to. Left out: the account that the provider signs in with."""


class KeyPair(Resource):
    """The public half of an SSH key pair, for the first user of servers. Its id is USER/NAME; without a user just NAME."""

    told = ("fingerprint",)
    fingerprint: Output[str]
    """The key's fingerprint, as nova tells it."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[KeyPairArgs]) -> None:
        super().__init__(resource_name, said, opts)


class NetworkArgs(TypedDict, total=False):
    """What is said about a Network."""

    project: Required[Input[str]]
    """Id of the project that owns it."""
    name: Required[Input[str]]
    """Name; not unique on the cloud. Example: business"""
    description: Input[str] | None
    """What people read. Our marker is kept behind it, out of sight. Example: 业务网"""
    enabled: Input[bool] | None
    """Administrative state; False drops all its traffic."""


class Network(Resource):
    """A tenant's network (layer 2), which subnets give addresses."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[NetworkArgs]) -> None:
        super().__init__(resource_name, said, opts)


class SubnetArgs(TypedDict, total=False):
    """What is said about a Subnet."""

    project: Required[Input[str]]
    """Id of the project that owns it."""
    network: Required[Input[str]]
    """Id of the network."""
    name: Required[Input[str]]
    """Name. Example: business-v6"""
    description: Input[str] | None
    """What people read. Our marker is kept behind it, out of sight. Example: 业务网"""
    cidr: Required[Input[str]]
    """The prefix, IPv4 or IPv6. Examples: 10.96.1.0/24, 2001:db8:100:960::/64"""
    ipv6_mode: Input[str] | None
    """IPv6 only: who gives addresses. slaac: hosts take them from router advertisements (needs a /64). dhcpv6-stateful: DHCPv6."""
    gateway: Input[str] | None
    """Address of the gateway. Left out: the first of the prefix. Example: 10.96.1.1"""
    dns: Input[Sequence[Input[str]]] | None
    """Addresses of name servers, in order. Example: 10.96.0.53"""


class Subnet(Resource):
    """An IPv4 or IPv6 prefix on a network, with its gateway and how hosts get their addresses."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[SubnetArgs]) -> None:
        super().__init__(resource_name, said, opts)


class RouterArgs(TypedDict, total=False):
    """What is said about a Router."""

    project: Required[Input[str]]
    """Id of the project that owns it."""
    name: Required[Input[str]]
    """Name. Example: finance"""
    description: Input[str] | None
    """What people read. Our marker is kept behind it, out of sight. Example: 业务网"""
    enabled: Input[bool] | None
    """Administrative state."""
    external_network: Input[str] | None
    """Name or id of the external network of its gateway; left out: no gateway. Example: extranet"""
    snat: Input[bool] | None
    """IPv4 source NAT at the gateway. Left out: the cloud's default."""


class Router(Resource):
    """A router between a tenant's subnets and, with a gateway, an external network."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[RouterArgs]) -> None:
        super().__init__(resource_name, said, opts)


class RouterInterfaceArgs(TypedDict, total=False):
    """What is said about a RouterInterface."""

    router: Required[Input[str]]
    """Id of the router."""
    subnet: Required[Input[str]]
    """Id of the subnet; the leg takes its gateway address."""


class RouterInterface(Resource):
    """A router's leg in a subnet, with the subnet's gateway address. Its id is ROUTER/SUBNET."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[RouterInterfaceArgs]) -> None:
        super().__init__(resource_name, said, opts)


class SecurityGroupArgs(TypedDict, total=False):
    """What is said about a SecurityGroup."""

    project: Required[Input[str]]
    """Id of the project that owns it."""
    name: Required[Input[str]]
    """Name. Example: web"""
    description: Input[str] | None
    """What people read. Our marker is kept behind it, out of sight. Example: 业务网"""
    rules: Input[Sequence[Input[Mapping[str, Any]]]] | None
    """All that is allowed, in any order; answers to it pass by themselves."""


class SecurityGroup(Resource):
    """A security group with exactly these rules; neutron's own two (all egress) are taken away unless they are named. The group
    named default is the one that neutron makes with a project: it is taken as it stands, and stays when this goes.
    """

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[SecurityGroupArgs]) -> None:
        super().__init__(resource_name, said, opts)


class PortArgs(TypedDict, total=False):
    """What is said about a Port."""

    project: Required[Input[str]]
    """Id of the project that owns it."""
    network: Required[Input[str]]
    """Id of the network."""
    name: Required[Input[str]]
    """Name. Example: exam-results-1-business"""
    description: Input[str] | None
    """What people read. Our marker is kept behind it, out of sight. Example: 业务网"""
    enabled: Input[bool] | None
    """Administrative state; False drops all its traffic."""
    mac: Input[str] | None
    """MAC address. Left out: the cloud's choice. Example: fa:16:3e:00:10:20"""
    addresses: Input[Sequence[Input[Mapping[str, Any]]]] | None
    """Its addresses. Left out: one of each subnet, the cloud's choice."""
    security_groups: Input[Sequence[Input[str]]] | None
    """Ids of its security groups. Left out: the project's default one; empty: none."""
    security: Input[bool] | None
    """Port security: only its own MAC and addresses may send. Left out: as the network has it."""


class Port(Resource):
    """A port on a network, with addresses of its own that outlive the server that it is given to."""

    told = ("macAddress", "ipAddresses")
    mac_address: Output[str]
    """Its MAC address."""
    ip_addresses: Output[Sequence[str]]
    """Its addresses, IPv4 and IPv6."""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[PortArgs]) -> None:
        super().__init__(resource_name, said, opts)


class FloatingIpArgs(TypedDict, total=False):
    """What is said about a FloatingIp."""

    project: Required[Input[str]]
    """Id of the project that owns it."""
    external_network: Required[Input[str]]
    """Name or id of the external network that it is taken from. Example: extranet"""
    address: Input[str] | None
    """The address, where the account may choose. Left out: one that is free."""
    port: Input[str] | None
    """Id of the port that it leads to. Left out: to none, it is only kept."""
    fixed_address: Input[str] | None
    """Which of the port's IPv4 addresses it leads to, where it has several. Example: 10.96.1.20"""
    description: Input[str] | None
    """What it is for. Our marker is kept behind it, out of sight. Example: 门户网站"""


class FloatingIp(Resource):
    """A floating IPv4 address of an external network, kept for a project and led to one of its ports."""

    told = ("ipAddress", "status")
    ip_address: Output[str]
    """The address."""
    status: Output[str]
    """Neutron's status. Examples: ACTIVE, DOWN"""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[FloatingIpArgs]) -> None:
        super().__init__(resource_name, said, opts)


class VolumeArgs(TypedDict, total=False):
    """What is said about a Volume."""

    project: Required[Input[str]]
    """Id or name of the project; the provider's account needs a role on it. Example: finance"""
    name: Required[Input[str]]
    """Name; not unique on the cloud. Example: exam-results-data"""
    description: Input[str] | None
    """What people read. Our marker is kept behind it, out of sight. Example: 业务网"""
    size: Required[Input[int]]
    """Size in GiB. It grows in place; a smaller one is a new volume, without what was on it."""
    type: Input[str] | None
    """Name of the volume type; another one moves it. Left out: the cloud's default. Example: ssd"""
    image: Input[str] | None
    """Name or id of an image to fill it with, to boot from. Left out: it is empty."""
    availability_zone: Input[str] | None
    """Where it is to lie. Left out: the cloud's choice. Example: nova"""
    metadata: Input[Mapping[str, Input[str]]] | None
    """Keys and values of your own."""


class Volume(Resource):
    """A block volume. It grows and changes its type in place."""

    told = ("status",)
    status: Output[str]
    """Cinder's status. Examples: available, in-use"""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[VolumeArgs]) -> None:
        super().__init__(resource_name, said, opts)


class ServerArgs(TypedDict, total=False):
    """What is said about a Server."""

    project: Required[Input[str]]
    """Id or name of the project; the provider's account needs a role on it."""
    name: Required[Input[str]]
    """Name, the host name too. Example: exam-results-1"""
    image: Required[Input[str]]
    """Name or id of the image it boots from. Example: base"""
    flavor: Required[Input[str]]
    """Name or id of the flavor. Changing it resizes the server, with a restart. Example: c2m4"""
    network: Input[str] | None
    """Name (in the project) or id of the network that it joins. Example: business"""
    ports: Input[Sequence[Input[str]]] | None
    """Ids of ports that it is given, in the place of a network."""
    security_groups: Input[Sequence[Input[str]]] | None
    """Names of the project's security groups; with ports, those have their own. Left out: the default one."""
    availability_zone: Input[str] | None
    """Where it is to run. Left out: anywhere the flavor fits. Example: nova"""
    key_pair: Input[str] | None
    """Name of a key pair of the provider's account, for its first user."""
    user_data: Input[str] | None
    """What cloud-init reads at its first start. Left out: nothing."""
    metadata: Input[Mapping[str, Input[str]]] | None
    """Keys and values of your own."""


class Server(Resource):
    """A virtual server, booted from an image with a flavor on one network."""

    told = ("addresses", "status")
    addresses: Output[Sequence[str]]
    """Its fixed addresses, IPv4 and IPv6."""
    status: Output[str]
    """Nova's status. Example: ACTIVE"""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[ServerArgs]) -> None:
        super().__init__(resource_name, said, opts)


class VolumeAttachmentArgs(TypedDict, total=False):
    """What is said about a VolumeAttachment."""

    project: Required[Input[str]]
    """Id or name of the project of both. Example: finance"""
    server: Required[Input[str]]
    """Id of the server."""
    volume: Required[Input[str]]
    """Id of the volume."""
    device: Input[str] | None
    """Where it is to appear; hypervisors may choose otherwise. Left out: the next free place."""


class VolumeAttachment(Resource):
    """A volume that is attached to a server. Its id is SERVER/VOLUME."""

    told = ("attachedAs",)
    attached_as: Output[str]
    """Where it appears. Example: /dev/vdb"""

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[VolumeAttachmentArgs]) -> None:
        super().__init__(resource_name, said, opts)
