"""The lab's two real clouds for the tests of stacks; each works in a tenant of its own, which goes afterwards."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from parts.meddler import Meddler

from yunwang.inventories.cloud import Allotment, Cloud, Member, Quota, SecurityGroup, SecurityRule, Tenant, TenantNetwork
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.stacks.openstack.session import OpenStack


@pytest.fixture(scope="session")
def clouds_folder(demo_lab: Workspace) -> Path:
    """The folder with clouds.yaml and secure.yaml of zhengwu and xinchuang."""
    return demo_lab.root


@pytest.fixture
def root(clouds_folder: Path, tmp_path: Path) -> Path:
    """An empty workspace of its own on those clouds."""
    for name in ("clouds.yaml", "secure.yaml"):
        if (clouds_folder / name).exists():
            shutil.copy(clouds_folder / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def zhengwu(root: Path) -> OpenStack:
    """The first cloud, asked directly."""
    return OpenStack("zhengwu", root / "clouds.yaml")


@pytest.fixture
def external(zhengwu: OpenStack) -> str:
    """The name of its external network."""
    networks = zhengwu.list("network", "networks", "look", **{"router:external": "true"})
    return str(networks[0]["name"])


@pytest.fixture
def tenant() -> Tenant:
    """A tenant that nobody else has."""
    name = f"t-{uuid.uuid4().hex[:8]}"
    return Tenant(
        name=name,
        title="试点局",
        department="试点局",
        mlps_level=3,
        members=(Member(user=f"{name}-user", real_name="张伟"),),
        allotments=(
            Allotment(
                cloud="zhengwu",
                quota=Quota(cores=10, ram_gib=16, instances=4, volumes=4, networks=3),
                networks=(TenantNetwork(name="business", ipv4="10.111.1.0/24", ipv6="2001:db8:100:1111::/64"),),  # type: ignore[arg-type]
                security_groups=(SecurityGroup(name="web", rules=(SecurityRule(protocol="tcp", port_min=443, port_max=443),)),),
            ),
        ),
    )


@pytest.fixture
def meddler(root: Path, zhengwu: OpenStack) -> Iterator[Meddler]:
    """A meddler before neutron of the first cloud; clouds.yaml of `root` leads through it from here on."""
    endpoint = zhengwu._signed_in("test").network.get_endpoint()
    server = Meddler(endpoint)
    clouds = yaml.safe_load((root / "clouds.yaml").read_text())
    clouds["clouds"]["zhengwu"]["network_endpoint_override"] = server.url
    (root / "clouds.yaml").write_text(yaml.safe_dump(clouds))
    yield server
    server.end()


@pytest.fixture
def workspace_of(root: Path, external: str) -> Callable[..., Workspace]:
    """Makes a workspace value with the two clouds and the tenants given."""
    clouds = tuple(
        Cloud(name=name, title=name, external_network=external, cores=100, ram_gib=400, volume_gib=1000)
        for name in ("zhengwu", "xinchuang")
    )
    settings = Settings(version=1, name="trial", title="试", clouds=clouds)
    return lambda *tenants: Workspace(root=root, digest="sha256:test", settings=settings, tenants=tenants)
