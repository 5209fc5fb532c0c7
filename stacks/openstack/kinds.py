"""The kinds that OpenStack brings, by name, in the order in which they are made. A table."""

from __future__ import annotations

from typing import Any

from yunwang.stacks.kind import Kind
from yunwang.stacks.openstack.access import ApplicationCredential, FlavorAccess, RoleAssignment
from yunwang.stacks.openstack.compute import KeyPair, Server
from yunwang.stacks.openstack.identity import Domain, Group, Project, User
from yunwang.stacks.openstack.images import Image
from yunwang.stacks.openstack.network import Network, Router, RouterInterface, Subnet
from yunwang.stacks.openstack.ports import FloatingIp, Port
from yunwang.stacks.openstack.quotas import ComputeQuota, NetworkQuota, VolumeQuota
from yunwang.stacks.openstack.security import SecurityGroup
from yunwang.stacks.openstack.session import OpenStack
from yunwang.stacks.openstack.volumes import Volume, VolumeAttachment

KINDS: dict[str, Kind[OpenStack, Any]] = {
    kind.name: kind
    for kind in (
        Domain(),
        Project(),
        User(),
        Group(),
        RoleAssignment(),
        ApplicationCredential(),
        ComputeQuota(),
        VolumeQuota(),
        NetworkQuota(),
        FlavorAccess(),
        Image(),
        KeyPair(),
        Network(),
        Subnet(),
        Router(),
        RouterInterface(),
        SecurityGroup(),
        Port(),
        FloatingIp(),
        Volume(),
        Server(),
        VolumeAttachment(),
    )
}
