"""Tenants on a real OpenStack of the lab: wall time beside Ansible's collection and the bare SDK. Never leaves the lab running.

Everybody makes the same: a project, two users with a role each, three quotas, a network with two subnets, a router with two
interfaces, a security group with three rules. What is there then is looked at, beside the clock; what the lab's own processes took
of it is told.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import yaml

from bench import tree
from bench.race import Contender, Lap, Say, Unable, race, turn
from bench.table import Row
from yunwang.inventories.cloud import Allotment, Cloud, Member, Quota, SecurityGroup, SecurityRule, Tenant, TenantNetwork
from yunwang.inventories.lab import LabCloud, LabExternalNetwork, LabHost
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.lab import openstack as clouds
from yunwang.stacks.openstack.live import tenant_facts
from yunwang.stacks.openstack.session import OpenStack
from yunwang.stacks.partition import Partition, intended, partitions, rules, shortfalls, subnets

OURS = Contender("cloud_ours")
BARE = Contender("cloud_sdk", "openstacksdk")
ANSIBLE = Contender("cloud_ansible", "ansible")
GOALS = {BARE: 1 / 1.5, ANSIBLE: 4.0}
UNCHANGED = 8.0
"""How many times faster than Ansible when there is nothing to do."""
LIMITS = {"memory": 1536.0, "growth": 1.25}
"""MiB; how much longer than a hundredth a thousandth tenant may take."""
WORKERS = 4
"""Requests at a time: what the provider allows itself (stacks/pulumi/provider.py)."""
GROUP = 5
"""Tenants that share a stack; four stacks are at work at a time."""
NAME = "bench"
LAB = LabCloud(
    name=NAME,
    region=NAME,
    hosts=(LabHost(name="bench-host", aggregate="general", vcpus=32, ram_gib=128, disk_gib=600),),
    volume_gib=1000,
    external=LabExternalNetwork(name="extranet", vlan=100, ipv4=IPv4Network("10.79.0.0/24"), ipv6=IPv6Network("2001:db8:1f0::/64")),
)


def run(say: Say, *, tenants: int, large: bool) -> Iterator[Row]:
    """So many tenants by each; `large`: a hundred and a thousand by us alone."""
    with city(say) as made:
        yield from made.race(f"{tenants} tenants on a cloud", GOALS, tenants, say)
        yield from made.race(
            f"{tenants} tenants, nothing to change, looked at live", {ANSIBLE: UNCHANGED}, tenants, say, again=True
        )
        if large:
            yield from made.growth(say)


@dataclass(frozen=True, slots=True)
class City:
    """A cloud, and a folder for what each contender reads."""

    root: Path
    services: tuple[int, ...]
    """The processes of the cloud."""

    def race(self, what: str, goals: Mapping[Contender, float], count: int, say: Say, *, again: bool = False) -> Iterator[Row]:
        """One turn each: a second would find other clouds in the cache, and tenants of the first."""
        began: dict[Contender, float] = {}
        taken: dict[Contender, float] = {}

        def task(contender: Contender, _number: int) -> Mapping[str, Any]:
            told = self.task(contender, count, again=again)
            began[contender] = tree.cpu(self.services)
            return told

        def wrong(contender: Contender, _number: int, lap: Lap) -> str:
            taken[contender] = tree.cpu(self.services) - began[contender]
            say(f"{contender.name}: {taken[contender]:.0f} s CPU of the lab's own")
            if again:
                return f"{lap.result} tasks changed something" if contender is ANSIBLE and lap.result else ""
            return self.wrong(contender, count)

        for row in race(what, OURS, goals, clock="wall", rounds=1, task=task, wrong=wrong, say=say):
            rival = next(one for one in goals if one.name == row.rival)
            lab = " and ".join(f"{taken[one]:.0f} s CPU" for one in (OURS, rival) if one in taken)
            lab = f"of it the lab's own processes {lab}" if lab else ""
            yield replace(row, note="; ".join(filter(None, (row.note, lab))))

    def growth(self, say: Say) -> Iterator[Row]:
        """A hundred tenants and a thousand: time a tenant, memory."""
        each = {}
        for count in (100, 1000):
            what = f"{count} tenants on a cloud"
            say(what)
            lap = turn(OURS, self.task(OURS, count, again=False), say)
            if fault := self.wrong(OURS, count):
                raise Unable(fault)
            each[count] = lap.wall / count
            yield Row(what=f"{what}: a tenant", unit="s", ours=each[count])
            yield Row(what=f"{what}: memory without the lab", unit="MiB", ours=lap.result["mib"], limit=LIMITS["memory"])
        yield Row(
            what="a tenant of a thousand against one of a hundred",
            unit="times",
            ours=each[1000] / each[100],
            limit=LIMITS["growth"],
        )

    def task(self, contender: Contender, count: int, *, again: bool) -> Mapping[str, Any]:
        """What a contender is told; for us, a workspace with the same in it."""
        folder = self.root / f"{contender.module}-{count}"
        if not again:
            _write(folder, _tenants(contender, count), self.root)
        return {
            "root": str(folder),
            "config": str(self.root / "clouds.yaml"),
            "cloud": NAME,
            "workers": WORKERS,
            "again": again,
            "tenants": [_plain(one) for one in self._partitions(contender, count)],
        }

    def wrong(self, contender: Contender, count: int) -> str:
        """What of it is not on the cloud as intended; "" when all is."""
        session = OpenStack(NAME, self.root / "clouds.yaml")

        def fault(one: Partition) -> str:
            live = tenant_facts(session, one.tenant)
            lacking = [f"{one.tenant}: {path} is {have}, not {want}" for path, want, have in shortfalls(intended(one), live)]
            return next(iter(lacking), "")

        with ThreadPoolExecutor(WORKERS) as pool:
            return next(filter(None, pool.map(fault, self._partitions(contender, count))), "")

    def _partitions(self, contender: Contender, count: int) -> list[Partition]:
        workspace = Workspace(root=self.root, digest="", settings=_settings(), tenants=_tenants(contender, count))
        return list(partitions(workspace).values())


@contextmanager
def city(say: Say) -> Iterator[City]:
    """Start a cloud, and end it."""
    with tempfile.TemporaryDirectory(prefix="bench-cloud-") as folder:
        root, lab = Path(folder), Path(folder, "lab")
        try:
            endpoint = clouds.up((LAB,), lab, say, token_seconds=6 * 3600)[NAME]
            auth = endpoint.model_dump(exclude={"region"})
            entry = {"auth": auth, "region_name": endpoint.region}
            (root / "clouds.yaml").write_text(yaml.safe_dump({"clouds": {NAME: entry}}))
            services = tuple(one.process.pid for one in clouds.status(lab) if one.process is not None)
            yield City(root, services)
        finally:
            clouds.down(lab, say)


def _settings() -> Settings:
    cloud = Cloud(name=NAME, title=NAME, cores=1_000_000, ram_gib=1_000_000, volume_gib=1_000_000)
    return Settings(version=2, name=NAME, title=NAME, clouds=(cloud,))


def _tenants(contender: Contender, count: int) -> tuple[Tenant, ...]:
    """Named after who makes them, so that nobody finds another's."""
    name = f"{contender.module.replace('_', '-')}-{count}"
    return tuple(_tenant(f"{name}-{number}", f"{name}-group-{number // GROUP}", number) for number in range(count))


def _tenant(name: str, group: str, number: int) -> Tenant:
    network = TenantNetwork(
        name=f"{name}-net",
        ipv4=IPv4Network((int(IPv4Network("10.96.0.0/12").network_address) + 256 * number, 24)),
        ipv6=IPv6Network((int(IPv6Network("2001:db8::/32").network_address) + (number << 64), 64)),
    )
    allowed = (
        SecurityRule(protocol="tcp", port_min=443, port_max=443, remote=IPv4Network("10.96.0.0/12")),
        SecurityRule(protocol="tcp", port_min=443, port_max=443, remote=IPv6Network("2001:db8::/32")),
        SecurityRule(protocol="tcp", port_min=22, port_max=22, remote=IPv4Network("10.96.0.0/24")),
    )
    return Tenant(
        name=name,
        title=name,
        department=name,
        group=group,
        mlps_level=1,
        members=(
            Member(user=f"{name}-a", real_name="张伟", role="member"),
            Member(user=f"{name}-b", real_name="王芳", role="reader"),
        ),
        allotments=(
            Allotment(
                cloud=NAME,
                quota=Quota(cores=16, ram_gib=64, instances=8, volumes=10, volume_gib=500, networks=4, ports=60),
                networks=(network,),
                security_groups=(SecurityGroup(name=f"{name}-web", rules=allowed),),
            ),
        ),
    )


def _write(folder: Path, tenants: tuple[Tenant, ...], root: Path) -> None:
    (folder / "tenants").mkdir(parents=True)
    entry = yaml.safe_load((root / "clouds.yaml").read_text())["clouds"][NAME]
    secret = {"auth": {"password": entry["auth"].pop("password")}}
    (folder / "clouds.yaml").write_text(yaml.safe_dump({"clouds": {NAME: entry}}))
    (folder / "secure.yaml").touch(0o600)
    (folder / "secure.yaml").write_text(yaml.safe_dump({"clouds": {NAME: secret}}))
    (folder / "yunwang.yaml").write_text(
        json.dumps(_settings().model_dump(mode="json", include={"version", "name", "title", "clouds"}))
    )
    for tenant in tenants:
        (folder / "tenants" / f"{tenant.name}.yaml").write_text(json.dumps({"version": 1, **tenant.model_dump(mode="json")}))


def _plain(one: Partition) -> Mapping[str, Any]:
    """A tenant for contenders that have none of our types."""
    (network,), (group,), quota = one.networks, one.security_groups, one.quota
    assert quota.ram_gib
    return {
        "name": one.tenant,
        "title": one.title,
        "members": [member.model_dump() for member in one.members],
        "quota": {
            "compute": {"cores": quota.cores, "ram": quota.ram_gib * 1024, "instances": quota.instances},
            "volume": {"volumes": quota.volumes, "gigabytes": quota.volume_gib},
            "network": {"networks": quota.networks, "ports": quota.ports},
        },
        "network": network.name,
        "subnets": [
            {
                "name": name,
                "version": subnet.prefix.version,
                "cidr": str(subnet.prefix),
                "gateway": subnet.gateway,
                "mode": subnet.mode,
            }
            for name, subnet in subnets(network).items()
        ],
        "group": group.name,
        "rules": [said for rule in group.rules for said in rules(rule)],
    }
