"""Every kind of the provider through its whole life on a real cloud, with the real Pulumi engine."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from parts.engine import Trial
from pulumi import ResourceOptions

from yunwang.inventories.workspace import Workspace
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.openstack.session import OpenStack
from yunwang.stacks.pulumi import resources as r

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]
STAY = {"RoleAssignment", "ApplicationCredential", "FlavorAccess", "KeyPair", "RouterInterface", "VolumeAttachment"}
"""Kinds of which nothing can be changed: the API has no call for it."""


@dataclass
class Everything:
    """A program with every kind. `later`: with other values wherever they change in place. `ids`: what is there already."""

    tag: str
    image: Path
    external: str
    later: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)

    def __call__(self) -> None:
        """Declare it."""
        cloud = r.Provider("zhengwu", cloud="zhengwu")
        tag, later = self.tag, self.later

        def own(kind: str, name: str, *after: pulumi.Resource) -> ResourceOptions:
            there = self.ids.get(f"{kind} {name}")
            return ResourceOptions(provider=cloud, depends_on=list(after), import_=there)

        words = "后来" if later else "起初"
        domain = r.Domain("domain", own("Domain", "domain"), name=f"{tag}-d", description=words)
        project = r.Project("project", own("Project", "project"), name=tag, description=words)
        id = project.id
        user = r.User("user", own("User", "user"), name=f"{tag}-u", real_name="张伟" if later else "张纬")
        elsewhere = r.User("elsewhere", own("User", "elsewhere"), name="u", domain=domain.id, enabled=not later)
        members = [user.id, elsewhere.id] if later else [user.id]
        group = r.Group("group", own("Group", "group"), name=f"{tag}-g", description=words, members=members)
        reader = r.RoleAssignment("reader", own("RoleAssignment", "reader"), project=id, user=user.id, role="reader")
        r.RoleAssignment("group", own("RoleAssignment", "group"), domain=domain.id, group=group.id, role="reader")
        operator = r.RoleAssignment("operator", own("RoleAssignment", "operator"), project=id, role="member")
        r.ApplicationCredential(
            "agent",
            own("ApplicationCredential", "agent", reader),
            project=id,
            user=user.id,
            password=None if self.ids else user.password,  # an imported user's is not known
            name="agent",
            roles=["reader"],
            expires="2099-03-01T00:00:00",
        )
        r.ComputeQuota("quota", own("ComputeQuota", "quota"), project=id, cores=9 if later else 8, instances=None if later else 7)
        r.VolumeQuota("quota", own("VolumeQuota", "quota"), project=id, gigabytes=41 if later else 40)
        room = r.NetworkQuota("quota", own("NetworkQuota", "quota"), project=id, network=6 if later else 5)
        r.FlavorAccess("flavor", own("FlavorAccess", "flavor"), flavor=f"{tag}-f", project=id)
        r.Image(
            "image",
            own("Image", "image"),
            name=f"{tag}-i{later}",
            file=str(self.image),
            sha512=hashlib.sha512(self.image.read_bytes()).hexdigest(),
            disk_format="raw",
            properties={} if self.ids else {"os_distro": "kylin"} if later else {"os_type": "linux"},
        )
        key = r.KeyPair("key", own("KeyPair", "key"), name=tag, public_key=KEY)
        wire = r.Network("wire", own("Network", "wire", room), project=id, name="wire", description=words, enabled=not later)
        dns = ["10.0.0.53", "10.0.0.54"] if later else []
        v4 = r.Subnet("v4", own("Subnet", "v4"), project=id, network=wire.id, name="v4", cidr="10.112.1.0/24", dns=dns, **GATEWAY)
        slaac = r.Subnet(
            "slaac",
            own("Subnet", "slaac"),
            project=id,
            network=wire.id,
            name="slaac-later" if later else "slaac",
            cidr="2001:db8:112:1::/64",
            ipv6_mode="slaac",
            gateway="2001:db8:112:1::1",
        )
        r.Subnet(
            "stateful",
            own("Subnet", "stateful"),
            project=id,
            network=wire.id,
            name="stateful",
            description=words,
            cidr="2001:db8:112:2::/64",
            ipv6_mode="dhcpv6-stateful",
            gateway="2001:db8:112:2::1",
        )
        gateway = {"external_network": self.external, "snat": later}
        router = r.Router("router", own("Router", "router"), project=id, name="router", **gateway)  # type: ignore[arg-type]
        leg = r.RouterInterface("v4", own("RouterInterface", "v4"), router=router.id, subnet=v4.id)
        r.RouterInterface("v6", own("RouterInterface", "v6"), router=router.id, subnet=slaac.id)
        https = {"ethertype": "IPv6", "protocol": "tcp", "portMin": 443, "portMax": 443}
        among = {"ethertype": "IPv4", "protocol": "any", "remote": "self"}
        web = r.SecurityGroup(
            "web", own("SecurityGroup", "web"), project=id, name="web", rules=[https] if later else [https, among]
        )
        port = r.Port(
            "port",
            own("Port", "port", slaac),
            project=id,
            network=wire.id,
            name="port-later" if later else "port",
            mac="fa:16:3e:00:10:20",
            addresses=[{"subnet": v4.id, "address": "10.112.1.20"}],
            security_groups=[web.id],
            security=True,
        )
        r.FloatingIp(
            "public",
            own("FloatingIp", "public", leg),
            project=id,
            external_network=self.external,
            port=port.id if later else None,
            description=words,
        )
        data = r.Volume("data", own("Volume", "data", operator), project=id, name="data", size=1, metadata={"for": words})
        r.Volume("more", own("Volume", "more", operator), project=id, name="more", size=2 if later else 1, description=words)
        server = r.Server(
            "server",
            own("Server", "server", operator),
            project=id,
            name="server-later" if later else "server",
            image="base",
            flavor="c2m4" if later else "c1m2",
            ports=[port.id],
            key_pair=key.id,
            user_data="#cloud-config\n",
            metadata={"for": "later" if later else "first"},
        )
        r.VolumeAttachment("data", own("VolumeAttachment", "data"), project=id, server=server.id, volume=data.id)


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOioY8MlKGBdXyVyYE8Kh11xMotn4/nqFIm5WDkzdawf zhang-wei"
GATEWAY = {"gateway": "10.112.1.1"}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    file = tmp_path / "disk.raw"
    file.write_bytes(b"nothing that boots" * 1000)
    return file


@pytest.fixture
def tag(zhengwu: OpenStack) -> Iterator[str]:
    """A name that nobody else has, and a flavor that only some may use."""
    tag = f"t-{uuid.uuid4().hex[:8]}"
    flavor = {"name": f"{tag}-f", "ram": 64, "vcpus": 1, "disk": 0, "os-flavor-access:is_public": False}
    id = zhengwu.post("compute", "/flavors", "prepare", {"flavor": flavor})["flavor"]["id"]
    yield tag
    zhengwu.delete("compute", f"/flavors/{id}", "clean")


def test_every_kind_lives_its_whole_life(
    workspace_of: Callable[..., Workspace], tag: str, image: Path, external: str, zhengwu: OpenStack
) -> None:
    """Made, unchanged, changed in place, adopted by another state, deleted, and deleted again where nothing is left."""
    everything = Everything(tag, image, external)
    stacks = Clouds(workspace_of()).stacks
    stacks.prepare(print)
    mine, adopted = Trial(stacks, f"{tag}.mine"), Trial(stacks, f"{tag}.adopted")

    assert mine.preview(everything) == {"create": set(KINDS)}
    mine.up(everything)
    assert mine.preview(everything) == {"same": set(KINDS)}

    everything.later = True
    later = mine.preview(everything)
    assert later == {"update": set(KINDS) - STAY, "same": later["same"]}
    mine.up(everything)
    assert mine.preview(everything) == {"same": set(KINDS)}

    told = mine.resources()
    secret = {(one["type"].rpartition(":")[2], name) for one in told for name, value in one["outputs"].items() if _hidden(value)}
    assert secret == {("User", "password"), ("ApplicationCredential", "password"), ("ApplicationCredential", "secret")}
    everything.ids = {f"{one['type'].rpartition(':')[2]} {one['urn'].rpartition('::')[2]}": one["id"] for one in told}
    assert adopted.preview(everything) == {"import": set(KINDS)}
    adopted.up(everything)
    assert adopted.preview(everything) == {"same": set(KINDS)}

    assert mine.destroy() == {"delete": set(KINDS)}
    assert not zhengwu.list("identity", "projects", "look", name=tag)
    assert adopted.destroy() == {"delete": set(KINDS)}, "what is gone already is no failure"
    assert adopted.resources() == []


def _hidden(value: Any) -> bool:
    return isinstance(value, dict) and "plaintext" in value  # as an export tells a secret
