"""A real cloud: it survives what happens to it, and its capacity is real."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openstack
import pytest
from keystoneauth1.exceptions import Unauthorized
from openstack.exceptions import HttpException

from yunwang.inventories.lab import LabCloud
from yunwang.lab.openstack import CloudEndpoint, Fault, ServiceStatus, clouds, down, fail, status, up

pytestmark = pytest.mark.lab

PATIENCE_SECONDS = 60.0


@dataclass
class RunningLab:
    """The small cloud's lab; `told` is what the last `up` said."""

    folder: Path
    cloud: LabCloud
    told: list[str] = field(default_factory=list)

    def up(self, token_seconds: int = 3600) -> CloudEndpoint:
        """Make it run."""
        self.told.clear()
        return up((self.cloud,), self.folder, self.told.append, token_seconds=token_seconds)["small"]

    def connect(self) -> Any:
        """An administrator's connection of its own (openstacksdk's are not for several threads)."""
        endpoint = self.up()
        auth = endpoint.model_dump(exclude={"region"})
        return openstack.connect(auth=auth, region_name=endpoint.region, load_yaml_config=False, load_envvars=False)

    def service(self, name: str) -> ServiceStatus:
        """One service as it is now."""
        return next(entry for entry in status(self.folder) if entry.service == name)

    def pids(self) -> dict[str, int]:
        """Of all services."""
        return {entry.service: entry.process.pid for entry in status(self.folder) if entry.process and entry.alive}

    def kill(self, name: str) -> None:
        """End a service the hard way."""
        os.kill(self.pids()[name], signal.SIGKILL)
        until(lambda: not self.service(name).alive)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, small: LabCloud) -> Iterator[RunningLab]:
    """Up at least once; its state lies in a temporary folder, whose name is nothing that a program expects."""
    running = RunningLab(tmp_path_factory.mktemp("openstack") / "云州 100%20", small)
    try:
        running.up()
        yield running
    finally:
        down(running.folder, running.told.append)


@pytest.fixture
def admin(lab: RunningLab) -> Any:
    """An administrator of the cloud, which runs."""
    return lab.connect()


@pytest.fixture
def boot(lab: RunningLab, admin: Any) -> Iterator[Callable[..., Any]]:
    """Boot a server on no network and wait until nova is done with it; afterwards all are deleted."""
    made = []

    def boot(flavor: str, image: str = "base") -> Any:
        server = admin.compute.create_server(
            name="test",
            flavor_id=admin.compute.find_flavor(flavor, ignore_missing=False).id,
            image_id=admin.image.find_image(image, ignore_missing=False).id,
            networks="none",
        )
        made.append(server)
        return until(lambda: (seen := admin.compute.get_server(server)).status in ("ACTIVE", "ERROR") and seen)

    yield boot
    again = lab.connect()  # the lab may have another password by now
    for server in made:
        again.compute.delete_server(server, ignore_missing=True)
    for server in made:
        again.compute.wait_for_delete(server)


def until(holds: Callable[[], Any]) -> Any:
    """Wait for it; what it returned."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):  # an address may still be in use, a process just gone
            if result := holds():
                return result
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def bind(stranger: socket.socket, port: int) -> None:
    """Listen there, as soon as what listened before has gone for good."""

    stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

    def bound() -> bool:
        stranger.bind(("127.0.0.1", port))
        return True

    until(bound)
    stranger.listen()


def test_a_second_up_changes_nothing(lab: RunningLab) -> None:
    first, pids = lab.up(), lab.pids()
    assert lab.up() == first
    assert lab.pids() == pids
    assert len(pids) == 6
    assert lab.told == []


@pytest.mark.parametrize("service", ["keystone", "nova"])
def test_a_crashed_service_is_started_again_and_nothing_else(lab: RunningLab, admin: Any, service: str) -> None:
    endpoint, before = lab.up(), lab.pids()
    lab.kill(service)
    assert lab.up() == endpoint
    after = lab.pids()
    assert {name for name in before if before[name] != after[name]} == {service}
    assert [server.id for server in lab.connect().compute.servers()] == []


def test_a_service_that_hangs_is_started_again(lab: RunningLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clouds, "SILENT_SECONDS", 1.0)
    lab.up()
    pid = lab.pids()["glance"]
    os.kill(pid, signal.SIGSTOP)
    assert list(lab.connect().image.images())
    assert lab.pids()["glance"] != pid


def test_an_interrupted_up_is_finished_by_the_next(lab: RunningLab) -> None:
    """What an `up` leaves that was killed after it had started half of the services."""
    lab.kill("neutron")
    lab.kill("cinder")
    (lab.folder / "other.part/db").mkdir(parents=True)  # and a cloud that it had only begun to make
    assert len(list(lab.connect().network.networks())) >= 1
    assert {entry.cloud for entry in status(lab.folder)} == {"small"}


def test_what_tenants_made_is_there_after_down_and_up_also_where_password_and_a_port_were_lost(
    lab: RunningLab, admin: Any, boot: Callable[..., Any]
) -> None:
    before = lab.up()
    project = admin.identity.create_project(name="kept", domain_id="default")
    volume = admin.block_storage.create_volume(name="kept", size=3)
    server = boot("c1m2")
    network = admin.network.find_network("extranet")
    down(lab.folder, lab.told.append)
    assert not lab.pids()
    (lab.folder / "password").unlink()
    port = int(lab.service("neutron").address.rpartition(":")[2])
    with socket.socket() as stranger:
        bind(stranger, port)
        again = lab.connect()
        assert lab.up().password != before.password
        assert not again.network.get_endpoint().startswith(f"http://127.0.0.1:{port}/")
    assert again.identity.find_project("kept").id == project.id
    assert again.network.find_network("extranet").id == network.id
    assert again.compute.get_server(server).status == "ACTIVE"
    again.compute.stop_server(server)  # the hypervisor remembers its guest
    until(lambda: again.compute.get_server(server).status == "SHUTOFF")
    again.block_storage.delete_volume(volume)
    again.block_storage.wait_for_delete(volume)
    again.identity.delete_project(project)


def test_secrets_are_readable_by_their_owner_alone(lab: RunningLab) -> None:
    password = lab.up().password.encode()
    holding = [
        path for path in lab.folder.rglob("*") if path.is_file() and path.suffix != ".sqlite" and password in path.read_bytes()
    ]
    assert {path.name for path in holding} == {"password", "cloud.json"}
    assert {path.stat().st_mode & 0o777 for path in (*holding, *lab.folder.glob("small/etc/*.conf"))} == {0o600}
    assert lab.folder.stat().st_mode & 0o777 == 0o700


def test_hosts_aggregates_and_traits_are_as_wished(admin: Any) -> None:
    def of(provider: Any, what: str) -> Any:
        return admin.placement.get(f"/resource_providers/{provider.id}/{what}", microversion="1.6").json()[what]

    providers = list(admin.placement.resource_providers())
    sizes = {entry.name: {kind: held["total"] for kind, held in of(entry, "inventories").items()} for entry in providers}
    assert sizes == {name: {"VCPU": 4, "MEMORY_MB": 8192, "DISK_GB": 100} for name in ("x86-1", "x86-2", "arm-1")}
    assert {entry.name: set(entry.hosts) for entry in admin.compute.aggregates()} == {
        "general": {"x86-1", "x86-2"},
        "xinchuang": {"arm-1"},
    }
    traits = {entry.name: set(of(entry, "traits")) for entry in providers}
    assert {"CUSTOM_XINCHUANG", "HW_ARCH_AARCH64"} <= traits["arm-1"]
    assert "HW_ARCH_X86_64" in traits["x86-1"]
    assert "CUSTOM_XINCHUANG" not in traits["x86-1"]


def test_a_full_pool_takes_no_more_servers(boot: Callable[..., Any]) -> None:
    booted = [boot("c4m8") for _ in range(3)]  # the image is for x86: two hosts hold one each
    assert [server.status for server in booted] == ["ACTIVE", "ACTIVE", "ERROR"]
    assert {server.compute_host for server in booted[:2]} == {"x86-1", "x86-2"}
    assert "No valid host" in booted[2].fault["message"]


def test_xinchuang_servers_run_on_arm64_hosts(boot: Callable[..., Any]) -> None:
    by_image, by_trait = boot("c2m4", "base-aarch64"), boot("c2m4-xinchuang", "base-aarch64")
    assert (by_image.compute_host, by_trait.compute_host) == ("arm-1", "arm-1")
    assert boot("c1m2", "base-aarch64").status == "ERROR"  # full, however much x86 is left
    assert boot("c1m2-xinchuang", "base").status == "ERROR"  # an x86 image on hosts that are arm64


def test_volumes_beyond_the_back_ends_space_fail(admin: Any) -> None:
    def volume(size: int) -> Any:
        made.append(admin.block_storage.create_volume(name="test", size=size))
        return until(lambda: (seen := admin.block_storage.get_volume(made[-1])).status in ("available", "error") and seen)

    def free() -> Any:
        return next(iter(admin.block_storage.backend_pools())).capabilities["free_capacity_gb"]

    made: list[Any] = []
    assert until(lambda: free() == 20)
    assert [volume(size).status for size in (12, 12, 8)] == ["available", "error", "available"]
    assert until(lambda: free() == 0)
    for entry in made:
        admin.block_storage.delete_volume(entry)
    for entry in made:
        admin.block_storage.wait_for_delete(entry)
    assert until(lambda: free() == 20)


def test_the_external_network_is_dual_stack_and_gives_gateways(admin: Any) -> None:
    network = admin.network.find_network("extranet")
    assert (network.is_router_external, network.is_shared) == (True, False)
    assert (network.provider_network_type, network.provider_segmentation_id) == ("vlan", 900)
    router = admin.network.create_router(name="test", external_gateway_info={"network_id": network.id})
    addresses = {entry["ip_address"].partition(":")[0] for entry in router.external_gateway_info["external_fixed_ips"]}
    assert len(addresses) == 2
    assert "2001" in addresses
    admin.network.delete_router(router)


def test_a_service_fails_when_told_to_and_then_works_again(lab: RunningLab, admin: Any) -> None:
    fail(lab.folder, "small", Fault(service="neutron", path="/networks", method="POST", status=500, times=1))
    with pytest.raises(HttpException, match="told to fail"):
        admin.network.create_network(name="test")
    admin.network.delete_network(admin.network.create_network(name="test"))


def test_a_service_that_keystone_does_not_let_in_is_refused(lab: RunningLab, admin: Any) -> None:
    list(admin.compute.flavors())
    fail(lab.folder, "small", Fault(service="keystone", path="/auth/tokens", method="POST", status=401, times=None))
    try:
        with pytest.raises(Unauthorized):
            list(lab.connect().compute.flavors())
    finally:
        fail(lab.folder, "small")
    assert list(lab.connect().compute.flavors())


def test_four_clients_at_once_make_and_delete_tenants(lab: RunningLab) -> None:
    connections = [lab.connect() for _ in range(4)]

    def tenants(number: int) -> None:
        cloud = connections[number]
        for turn in range(2):
            name = f"tenant-{number}-{turn}"
            project = cloud.identity.create_project(name=name, domain_id="default")
            user = cloud.identity.create_user(name=name, domain_id="default", password="not-a-secret-1")
            role = cloud.identity.find_role("member")
            cloud.identity.assign_project_role_to_user(project, user, role)
            cloud.compute.update_quota_set(project.id, cores=10 + turn)
            cloud.network.update_quota(project.id, networks=3)
            cloud.block_storage.update_quota_set(project.id, gigabytes=50)
            network = cloud.network.create_network(name=name, project_id=project.id)
            for version, prefix in ((4, "10.0.0.0/24"), (6, "2001:db8:1::/64")):
                cloud.network.create_subnet(network_id=network.id, ip_version=version, cidr=prefix, project_id=project.id)
            assert cloud.compute.get_quota_set(project.id).cores == 10 + turn
            cloud.network.delete_network(network)
            for group in cloud.network.security_groups(project_id=project.id):
                cloud.network.delete_security_group(group)
            cloud.identity.delete_user(user)
            cloud.identity.delete_project(project)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(tenants, range(4)))
    left = lab.connect()
    assert not [project.name for project in left.identity.projects() if project.name.startswith("tenant-")]
    assert not [network.name for network in left.network.networks() if network.name.startswith("tenant-")]


def test_tokens_expire_as_soon_as_asked(lab: RunningLab) -> None:
    endpoint = lab.up(token_seconds=2)
    connection = openstack.connect(
        auth=endpoint.model_dump(exclude={"region"}), region_name=endpoint.region, load_yaml_config=False, load_envvars=False
    )
    address, headers = f"{endpoint.auth_url}/projects", {"X-Auth-Token": connection.session.get_token()}
    assert connection.session.get(address, headers=headers, authenticated=False).status_code == 200
    until(lambda: connection.session.get(address, headers=headers, authenticated=False, raise_exc=False).status_code == 401)


def test_services_end_when_their_folder_is_deleted(tmp_path: Path, small: LabCloud, lab: RunningLab) -> None:
    """Last, and on the shared cloud: its folder comes back before it is torn down."""
    home, away = lab.folder / "small", lab.folder / "away"
    pids = lab.pids()
    home.rename(away)
    until(
        lambda: (
            not any(Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids.values())
        )
    )
    away.rename(home)
    assert json.loads((home / "record.json").read_text())["processes"]
    assert lab.connect().identity.find_project("admin")
