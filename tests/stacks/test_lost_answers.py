"""Every kind through a connection that loses requests and answers: nothing is there twice, and what is there is the one told of."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.meddler import Meddler

from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.kind import Made
from yunwang.stacks.openstack import session
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.openstack.session import OpenStack, Service

pytestmark = pytest.mark.lab
PASSWORD = "for-a-minute"  # of a user that goes with the test
KEY = "ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(range(32))).decode() + " x"
IMAGE = b"nothing that boots"


@dataclass
class Place:
    """What the tried resources stand on: ids of a project with what is in it. `keys` are ready for the next one."""

    cloud: OpenStack
    tag: str
    project: str
    user: str
    flavor: str
    network: str
    subnet: str
    router: str
    server: str
    volume: str
    image: Path
    made: list[tuple[str, str, Any]]

    def make(self, kind: str, **said: Any) -> str:
        """A resource to stand on; its id."""
        inputs = KINDS[kind].inputs(**said)
        made: Made = KINDS[kind].create(self.cloud, inputs, "0a")
        self.made.append((kind, made.id, inputs))
        return made.id

    def clear(self) -> None:
        """All gone, the last one first."""
        for kind, id, inputs in reversed(self.made):
            KINDS[kind].delete(self.cloud, id, inputs)
        self.cloud.delete("compute", f"/flavors/{self.flavor}", "clean")


@pytest.fixture(scope="module")
def place(demo_lab: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    cloud, tag = OpenStack("zhengwu", demo_lab.root / "clouds.yaml"), f"t-{uuid.uuid4().hex[:8]}"
    image = tmp_path_factory.mktemp("image") / "disk.raw"
    image.write_bytes(IMAGE)
    flavor = {"name": tag, "ram": 64, "vcpus": 1, "disk": 0, "os-flavor-access:is_public": False}
    id = cloud.post("compute", "/flavors", "prepare", {"flavor": flavor})["flavor"]["id"]
    place = Place(cloud, tag, "", "", id, "", "", "", "", "", image, [])
    try:
        place.project = place.make("Project", name=tag)
        place.make("RoleAssignment", project=place.project, role="member")
        place.user = place.make("User", name=tag)
        cloud.send("identity", "PATCH", f"/users/{place.user}", "prepare", json={"user": {"password": PASSWORD}})
        place.make("RoleAssignment", project=place.project, user=place.user, role="reader")
        place.network = place.make("Network", project=place.project, name="wire")
        place.subnet = place.make("Subnet", project=place.project, network=place.network, name="wire", cidr="10.113.1.0/24")
        place.router = place.make("Router", project=place.project, name="wire")
        place.volume = place.make("Volume", project=place.project, name="stands", size=1)
        booked = {"image": "base", "flavor": "c1m2", "network": "wire"}
        place.server = place.make("Server", project=place.project, name="stands", **booked)
        yield place
    finally:
        place.clear()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_LONGEST_PAUSE", 0.05)


TRIED: dict[str, tuple[Service, Callable[[Place], dict[str, Any]]]] = {
    "Domain": ("identity", lambda at: {"name": f"{at.tag}-x"}),
    "Project": ("identity", lambda at: {"name": f"{at.tag}-x"}),
    "User": ("identity", lambda at: {"name": f"{at.tag}-x"}),
    "Group": ("identity", lambda at: {"name": f"{at.tag}-x", "members": (at.user,)}),
    "ApplicationCredential": (
        "identity",
        lambda at: {"project": at.project, "user": at.user, "password": PASSWORD, "name": "x", "roles": ("reader",)},
    ),
    "FlavorAccess": ("compute", lambda at: {"flavor": at.flavor, "project": at.project}),
    "Image": (
        "image",
        lambda at: {
            "name": f"{at.tag}-x",
            "file": str(at.image),
            "sha512": hashlib.sha512(IMAGE).hexdigest(),
            "disk_format": "raw",
        },
    ),
    "KeyPair": ("compute", lambda at: {"name": f"{at.tag}-x", "public_key": KEY, "user": at.user}),
    "Network": ("network", lambda at: {"project": at.project, "name": "x"}),
    "Subnet": ("network", lambda at: {"project": at.project, "network": at.network, "name": "x", "cidr": "10.113.2.0/24"}),
    "Router": ("network", lambda at: {"project": at.project, "name": "x"}),
    "RouterInterface": ("network", lambda at: {"router": at.router, "subnet": at.subnet}),
    "SecurityGroup": (
        "network",
        lambda at: {
            "project": at.project,
            "name": "x",
            "rules": ({"ethertype": "IPv6", "protocol": "tcp", "port_min": 443, "port_max": 443},),
        },
    ),
    "Port": ("network", lambda at: {"project": at.project, "network": at.network, "name": "x"}),
    "FloatingIp": ("network", lambda at: {"project": at.project, "external_network": "extranet"}),
    "Volume": ("block_storage", lambda at: {"project": at.project, "name": "x", "size": 1}),
    "Server": (
        "compute",
        lambda at: {"project": at.project, "name": "x", "image": "base", "flavor": "c1m2", "network": "wire"},
    ),
    "VolumeAttachment": ("compute", lambda at: {"project": at.project, "server": at.server, "volume": at.volume}),
}
"""Each kind that is made by a POST (or neutron's add_router_interface), its service, and what is said about one."""
LISTS: dict[Service, dict[str, str]] = {
    "identity": {name: f"/{name}" for name in ("domains", "projects", "users", "groups")},
    "network": {
        name: "/" + name.replace("_", "-")
        for name in ("networks", "subnets", "routers", "security_groups", "ports", "floatingips", "security_group_rules")
    },
    "compute": {"servers": "/servers?all_tenants=1", "keypairs": "/os-keypairs"},
    "block_storage": {"volumes": "/volumes/detail?all_tenants=1"},
    "image": {"images": "/images"},
}


def everything(at: Place, service: Service) -> int:
    """How many things the service has, of all kinds that are tried there, with what hangs on ours."""
    count = sum(len(at.cloud.list(service, name, "count", path=path)) for name, path in LISTS[service].items())
    if service == "identity":
        path = f"/users/{at.user}/application_credentials"
        count += len(at.cloud.list("identity", "application_credentials", "count", path=path))
    if service == "compute":
        keys = at.cloud.send(
            "compute", "GET", "/os-keypairs", "count", query={"user_id": at.user}, headers={"OpenStack-API-Version": "compute 2.10"}
        )
        count += len(keys["keypairs"])
    return count


@pytest.mark.parametrize("kind", TRIED)
def test_a_create_whose_requests_and_answers_are_lost_makes_exactly_one(
    kind: str, place: Place, root: Path, meddle: Callable[[Service], Meddler]
) -> None:
    service, said = TRIED[kind]
    meddler = meddle(service)
    cloud = OpenStack("zhengwu", root / "clouds.yaml")
    inputs = KINDS[kind].inputs(**said(place))
    before = everything(place, service)
    meddler.applies = lambda method, path: method == "POST" or "add_router_interface" in path or path.endswith("/file")
    meddler.faults = [(429, {"Retry-After": "0"}), "before", "after"]
    made: Made = KINDS[kind].create(cloud, inputs, "trial:0b")
    assert not meddler.faults
    try:
        first = everything(place, service)
        meddler.faults = ["cut"]
        again: Made = KINDS[kind].create(OpenStack("zhengwu", root / "clouds.yaml"), inputs, "trial:0b")
        assert again.id == made.id or kind == "ApplicationCredential", (
            "an earlier run's is found; a secret nobody knows is made anew"
        )
        made = again
        assert everything(place, service) == first, "a second run makes no second one"
        found = KINDS[kind].read(cloud, made.id, inputs, {})
        assert found is not None
        assert found.inputs.to_json() == inputs.to_json()
        assert first > before or kind == "FlavorAccess" or kind == "VolumeAttachment"
    finally:
        meddler.faults = []
        KINDS[kind].delete(cloud, made.id, inputs)
    KINDS[kind].delete(cloud, made.id, inputs)
    assert everything(place, service) == before, "nothing else was left behind"


def test_the_servers_word_on_when_to_come_back_is_kept(
    place: Place, root: Path, meddler: Meddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(session, "_LONGEST_PAUSE", 30.0)
    monkeypatch.setattr(time, "sleep", waited.append)
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    meddler.applies = lambda method, path: path.endswith("/networks")
    meddler.faults = [(503, {"Retry-After": "7"}), (429, {"Retry-After": soon}), (503, {"Retry-After": "9999"}), (503, {})]
    OpenStack("zhengwu", root / "clouds.yaml").list("network", "networks", "look")
    assert waited[0] == 7
    assert 10 < waited[1] <= 20
    assert waited[2] == 30, "an hour is nobody's patience"
    assert waited[3] > 0


def test_a_service_that_takes_requests_and_never_answers_is_given_up_soon(root: Path, meddler: Meddler) -> None:
    clouds = yaml.safe_load((root / "clouds.yaml").read_text())
    clouds["clouds"]["zhengwu"]["api_timeout"] = 1
    (root / "clouds.yaml").write_text(yaml.safe_dump(clouds))
    never = threading.Event()
    meddler.applies = lambda method, path: path.endswith("/networks")
    meddler.faults = [never] * 9
    with pytest.raises(Fatal, match=r"network service .neutron. of cloud zhengwu does not answer: cannot look"):
        OpenStack("zhengwu", root / "clouds.yaml").list("network", "networks", "look")
    never.set()
    assert len(meddler.faults) == 7


def test_what_a_service_makes_after_nobody_waited_any_more_is_found_and_not_made_twice(
    place: Place, root: Path, meddler: Meddler
) -> None:
    clouds = yaml.safe_load((root / "clouds.yaml").read_text())
    clouds["clouds"]["zhengwu"]["api_timeout"] = 3
    (root / "clouds.yaml").write_text(yaml.safe_dump(clouds))
    meddler.applies = lambda method, path: method == "POST" and path.endswith("/networks")
    meddler.faults = [8.0]
    inputs = KINDS["Network"].inputs(project=place.project, name="late")
    made: Made = KINDS["Network"].create(OpenStack("zhengwu", root / "clouds.yaml"), inputs, "trial:0d")
    try:
        there = place.cloud.list("network", "networks", "look", project_id=place.project, name="late")
        assert [one["id"] for one in there] == [made.id]
        assert sum(seen.startswith("POST") for seen in meddler.seen) == 1
    finally:
        KINDS["Network"].delete(place.cloud, made.id, inputs)


def test_a_token_that_was_taken_away_is_replaced(zhengwu: OpenStack) -> None:
    before = zhengwu.list("identity", "projects", "look")
    with zhengwu._lock:
        token = zhengwu._signed_in("test").session.get_token()
    zhengwu.send("identity", "DELETE", "/auth/tokens", "revoke", headers={"X-Subject-Token": token})
    assert zhengwu.list("identity", "projects", "look") == before


def test_a_volume_never_shrinks_by_itself(place: Place) -> None:
    inputs = KINDS["Volume"].inputs(project=place.project, name="stands", size=1)
    larger = inputs.model_copy(update={"size": 2})
    assert KINDS["Volume"].update(place.cloud, place.volume, inputs, inputs, {}) == {"status": "available"}
    assert "size" in KINDS["Volume"].replaced(larger.to_json(), inputs.to_json())
    assert "size" not in KINDS["Volume"].replaced(inputs.to_json(), larger.to_json())


def test_a_file_that_is_not_the_one_that_was_named_is_never_uploaded(place: Place) -> None:
    inputs = KINDS["Image"].inputs(name=place.tag, file=str(place.image), sha512="0" * 128, disk_format="raw")
    with pytest.raises(Exception, match="another SHA-512") as half:
        KINDS["Image"].create(place.cloud, inputs, "trial:0c")
    image = half.value.made.id  # type: ignore[attr-defined]  # Incomplete
    assert place.cloud.get("image", f"/images/{image}", "look")["status"] == "queued"
    KINDS["Image"].delete(place.cloud, image, inputs)


@pytest.mark.parametrize("kind", ["Domain", "Project"])
def test_what_holds_something_is_not_deleted(kind: str, place: Place) -> None:
    inputs = KINDS[kind].inputs(name=place.tag)
    id = {"Project": place.project, "Domain": "default"}[kind]
    with pytest.raises(Fatal, match=r"still holds [1-9]"):
        KINDS[kind].delete(place.cloud, id, inputs)
