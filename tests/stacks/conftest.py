"""The lab's two real clouds for the tests of stacks; each works in a tenant of its own, which goes afterwards."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from parts.meddler import Meddler
from parts.paper import PaperKind
from parts.people import with_key

from yunwang.inventories.cloud import Allotment, Cloud, Member, Quota, SecurityGroup, SecurityRule, Tenant, TenantNetwork
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.journal.store import Journal
from yunwang.operations.approval import Person
from yunwang.stacks import clouds
from yunwang.stacks.cloud import CloudKind
from yunwang.stacks.openstack.session import OpenStack, Service

ROLES = {
    "version": 1,
    "people": ["li-wei", "chen-jing"],
    "roles": [
        {"name": "ci", "people": ["li-wei"], "may": ["plan", "apply"]},
        {"name": "approver", "people": ["chen-jing"], "may": ["approve"]},
    ],
}


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
        mlps_level=2,
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
def meddle(root: Path, zhengwu: OpenStack) -> Iterator[Callable[[Service], Meddler]]:
    """Puts a meddler before a service of the first cloud; clouds.yaml of `root` leads through it from there on."""
    servers: list[Meddler] = []

    def before(service: Service) -> Meddler:
        servers.append(Meddler(zhengwu._signed_in("test").endpoint_for(service.replace("_", "-"))))
        clouds = yaml.safe_load((root / "clouds.yaml").read_text())
        clouds["clouds"]["zhengwu"][f"{service}_endpoint_override"] = servers[-1].url
        (root / "clouds.yaml").write_text(yaml.safe_dump(clouds))
        return servers[-1]

    yield before
    for server in servers:
        server.end()


@pytest.fixture
def meddler(meddle: Callable[[Service], Meddler]) -> Meddler:
    """One before neutron."""
    return meddle("network")


@pytest.fixture
def workspace_of(root: Path, external: str) -> Callable[..., Workspace]:
    """Makes a workspace value with the two clouds and the tenants given."""
    clouds = tuple(
        Cloud(name=name, title=name, external_network=external, cores=100, ram_gib=400, volume_gib=1000)
        for name in ("zhengwu", "xinchuang")
    )
    settings = Settings(version=1, name="trial", title="试", clouds=clouds)
    return lambda *tenants: Workspace(root=root, digest="sha256:test", settings=settings, tenants=tenants)


@pytest.fixture
def people(tmp_path: Path) -> dict[str, Person]:
    """Two people with keys; their workspace is the test's folder."""
    (tmp_path / "policies").mkdir()
    found = {name: with_key(tmp_path / "keys", name) for name in ("li-wei", "chen-jing")}
    (tmp_path / "policies" / "allowed_signers").write_text("".join(f"{signer.line}\n" for _, signer in found.values()))
    (tmp_path / "policies" / "roles.yaml").write_text(yaml.safe_dump(ROLES))
    return {name: person for name, (person, _) in found.items()}


@pytest.fixture
def city(root: Path, tenant: Tenant, external: str, people: dict[str, Person]) -> Workspace:
    """A workspace on disk with one tenant and people who are asked."""
    (root / "tenants").mkdir()
    (root / "tenants" / f"{tenant.name}.yaml").write_text(yaml.safe_dump({"version": 1, **tenant.model_dump(mode="json")}))
    clouds = [
        {"name": "zhengwu", "title": "政务云", "external_network": external, "cores": 100, "ram_gib": 400, "volume_gib": 1000}
    ]
    settings = {"version": 2, "name": "trial", "title": "试", "clouds": clouds}
    (root / "yunwang.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    workspace, findings = read(root)
    assert workspace is not None, findings
    return workspace


@pytest.fixture
def paper_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace without tenants; its one cloud is called openstack there, for files know no other kind yet, and is of paper."""
    cloud = {"name": "paper", "title": "纸云", "cores": 8, "ram_gib": 8, "volume_gib": 8}
    settings = {"version": 2, "name": "trial", "title": "试", "clouds": [cloud]}
    (tmp_path / "yunwang.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    (tmp_path / "clouds.yaml").write_text("clouds: {paper: {auth: {auth_url: http://127.0.0.1:1/v3}}}\n")
    (tmp_path / "tenants").mkdir()
    paper: CloudKind = PaperKind()
    monkeypatch.setattr(clouds, "kind_named", lambda name: paper)
    return tmp_path


@pytest.fixture
def paper_journal(paper_city: Path) -> Iterator[Journal]:
    """Its journal."""
    with closing(Journal.open(None, paper_city / ".yunwang")) as opened:
        yield opened
