"""A small city: pure registers for deciding code, and three real machines over SSH (old, new, gateway) with a service to move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from parts.moving_city import City

from yunwang.inventories.cloud import Allotment, Cloud, Quota, Tenant, TenantNetwork
from yunwang.inventories.lab import Lab, LabMachine, LabService
from yunwang.inventories.migration import Dependency, ServerRoom, System
from yunwang.inventories.workspace import Machine, Settings, Workspace
from yunwang.lab import machines
from yunwang.migration.cutover import CutoverJob

ROWS = 300
TODAY = date(2026, 11, 22)
MACHINES = ("old-education", "new-education", "gateway")


@pytest.fixture
def make_system() -> Callable[..., System]:
    """A system that may move, but for what a test says otherwise."""

    def make(name: str, room: str | None = "education-room", **facts: object) -> System:
        plain = {
            "title": name,
            "department": "教育局",
            "tenant": "education",
            "room": room,
            "mlps_level": 2,
            "cores": 2,
            "ram_gib": 4,
            "disk_gib": 20,
            "downtime_minutes": 60,
            "network": "app",
            "old_host": "old-education",
            "new_host": "new-education",
            "service": name,
        }
        return System.model_validate({"name": name, **plain, **facts})

    return make


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[..., Workspace]:
    """Two clouds (x86_64, and Xinchuang on aarch64) where the tenant education has 16 cores each."""

    def make(systems: list[System], dependencies: list[tuple[str, str]] | None = None, **facts: object) -> Workspace:
        network = TenantNetwork.model_validate({"name": "app", "ipv4": "10.72.2.0/24", "ipv6": "2001:db8:200::/64"})
        clouds = [
            {"name": "zhengwu", "title": "政务云", "cores": 64, "ram_gib": 256, "volume_gib": 4000},
            {
                "name": "xinchuang",
                "title": "信创云",
                "architecture": "aarch64",
                "xinchuang": True,
                "cores": 64,
                "ram_gib": 256,
                "volume_gib": 4000,
            },
        ]
        quota = Quota(cores=16)
        allotments = tuple(Allotment(cloud=str(cloud["name"]), quota=quota, networks=(network,)) for cloud in clouds)
        return Workspace.model_validate(
            {
                "root": tmp_path,
                "digest": "sha256:intent",
                "settings": Settings(
                    version=1, name="yunzhou", title="云州市", clouds=tuple(Cloud.model_validate(cloud) for cloud in clouds)
                ),
                "tenants": (Tenant(name="education", title="教育局", department="教育局", mlps_level=2, allotments=allotments),),
                "systems": tuple(systems),
                "dependencies": tuple(Dependency(system=system, needs=needs) for system, needs in dependencies or ()),
                "rooms": tuple(
                    ServerRoom(name=name, title=name, department="教育局", site="yunzhou", racks=2)
                    for name in ("education-room", "health-room")
                ),
                "machines": tuple(Machine(name=name, host="127.0.0.1") for name in MACHINES),
                **facts,
            }
        )

    return make


@pytest.fixture
def city(tmp_path: Path, make_system: Callable[..., System], make_workspace: Callable[..., Workspace]) -> Iterator[City]:
    kinds = dict(zip(MACHINES, ("old", "new", "gateway"), strict=True))
    lab = Lab(
        version=1,
        machines=tuple(LabMachine.model_validate({"name": name, "kind": kind}) for name, kind in kinds.items()),
        services=(LabService(name="school-roster", machine="old-education", rows=ROWS),),
    )
    folder = tmp_path / "lab"
    try:
        ends = machines.up(lab, folder, print).endpoints
        (tmp_path / "known_hosts").write_text("".join(f"{end.known_hosts}\n" for end in ends.values()))
        hosts = {
            name: {
                "ansible_host": end.host,
                "ansible_port": end.port,
                "ansible_user": end.username,
                "ansible_ssh_private_key_file": end.private_key,
                "ansible_ssh_common_args": f"-F /dev/null -o IdentitiesOnly=yes -o UserKnownHostsFile={tmp_path}/known_hosts",
            }
            for name, end in ends.items()
        }
        (tmp_path / "machines.yaml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
        job = CutoverJob(make_workspace([make_system("school-roster")]), ["school-roster"], today=TODAY)
        yield City(
            folder=folder,
            root=tmp_path,
            home={name: Path(end.home) for name, end in ends.items()},
            host={name: end.host for name, end in ends.items()},
            job=job,
        )
    finally:
        machines.down(folder, print)
