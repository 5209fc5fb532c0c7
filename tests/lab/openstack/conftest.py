"""The small cloud of these tests: two x86 hosts, one Xinchuang (arm64) host, 20 GiB of volumes."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

import pytest

from yunwang.inventories.cloud import Architecture
from yunwang.inventories.lab import LabCloud, LabExternalNetwork, LabHost


@pytest.fixture(scope="session")
def small() -> LabCloud:
    """What the cloud is."""
    x86 = [LabHost(name=f"x86-{number}", aggregate="general", vcpus=4, ram_gib=8, disk_gib=100) for number in (1, 2)]
    arm = LabHost(
        name="arm-1",
        aggregate="xinchuang",
        architecture=Architecture.ARM64,
        traits=("CUSTOM_XINCHUANG",),
        vcpus=4,
        ram_gib=8,
        disk_gib=100,
    )
    external = LabExternalNetwork(
        name="extranet", vlan=900, ipv4=IPv4Network("203.0.113.0/24"), ipv6=IPv6Network("2001:db8:1f0::/64")
    )
    return LabCloud(name="small", region="small-region", hosts=(*x86, arm), volume_gib=20, external=external)
