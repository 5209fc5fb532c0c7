"""The kinds that OpenStack brings, by name. A table."""

from __future__ import annotations

from typing import Any

from yunwang.stacks.kind import Kind
from yunwang.stacks.openstack.compute import Server
from yunwang.stacks.openstack.identity import Project, RoleAssignment, User
from yunwang.stacks.openstack.network import Network, Router, RouterInterface, Subnet
from yunwang.stacks.openstack.quotas import ComputeQuota, NetworkQuota, VolumeQuota
from yunwang.stacks.openstack.security import SecurityGroup
from yunwang.stacks.openstack.session import OpenStack

KINDS: dict[str, Kind[OpenStack, Any]] = {
    kind.name: kind
    for kind in (
        Project(),
        User(),
        RoleAssignment(),
        ComputeQuota(),
        NetworkQuota(),
        VolumeQuota(),
        Network(),
        Subnet(),
        Router(),
        RouterInterface(),
        SecurityGroup(),
        Server(),
    )
}
