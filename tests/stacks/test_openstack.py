"""The kinds on a real cloud, with failures put between: retries, no duplicates, sentences."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.openstack.session import OpenStack

pytestmark = pytest.mark.lab


@pytest.fixture
def project(zhengwu: OpenStack) -> Iterator[str]:
    """A project of its own, gone with what is in it."""
    kind = KINDS["Project"]
    inputs = kind.inputs(name=f"t-{uuid.uuid4().hex[:8]}")
    made = kind.create(zhengwu, inputs, "0123")
    yield made.id
    for name in ("Router", "Network", "SecurityGroup"):
        collection = KINDS[name].collection  # type: ignore[attr-defined]  # Neutron's
        for one in zhengwu.list("network", collection, "clean", path="/" + collection.replace("_", "-"), project_id=made.id):
            KINDS[name].delete(zhengwu, one["id"], kind.inputs(name="x"))
    kind.delete(zhengwu, made.id, inputs)


def through(root: Path) -> OpenStack:
    return OpenStack("zhengwu", root / "clouds.yaml")


def networks(cloud: OpenStack, project: str) -> list[Any]:
    return cloud.list("network", "networks", "look", project_id=project)


def test_a_server_error_passes_by_itself(root: Path, zhengwu: OpenStack, project: str, meddler: Any) -> None:
    meddler.applies = lambda method, path: method == "POST"
    meddler.faults = [(500, {}), (503, {"Retry-After": "0"}), (429, {"Retry-After": "0"})]
    inputs = KINDS["Network"].inputs(project=project, name="business")
    KINDS["Network"].create(through(root), inputs, "aa")
    assert [one["name"] for one in networks(zhengwu, project)] == ["business"]
    assert not meddler.faults


def test_an_answer_lost_after_the_cloud_acted_makes_no_second_one(
    root: Path, zhengwu: OpenStack, project: str, meddler: Any
) -> None:
    meddler.applies = lambda method, path: method == "POST"
    meddler.faults = ["after", "after"]
    inputs = KINDS["Network"].inputs(project=project, name="business")
    made = KINDS["Network"].create(through(root), inputs, "ab")
    assert [one["id"] for one in networks(zhengwu, project)] == [made.id]
    assert sum(line.startswith("POST") for line in meddler.seen) == 1


def test_a_second_run_after_a_crash_finds_what_the_first_one_made(zhengwu: OpenStack, root: Path, project: str) -> None:
    inputs = KINDS["Network"].inputs(project=project, name="business")
    first = KINDS["Network"].create(through(root), inputs, "ac")
    second = KINDS["Network"].create(through(root), inputs, "ac")
    assert first.id == second.id
    assert KINDS["Network"].create(through(root), inputs, "ad").id != first.id, "another marker is another network"


def test_a_service_that_stays_broken_is_named_with_what_it_was_asked(root: Path, project: str, meddler: Any) -> None:
    meddler.applies = lambda method, path: method == "POST"
    meddler.faults = [(500, {"Retry-After": "0", "x-openstack-request-id": "req-7"})] * 9
    with pytest.raises(Fatal) as broken:
        KINDS["Network"].create(through(root), KINDS["Network"].inputs(project=project, name="business"), "ae")
    for word in ("zhengwu", "neutron", "500", "create network business", "req-7"):
        assert word in broken.value.message
    assert broken.value.remedy


def test_a_quota_that_is_full_is_called_so(zhengwu: OpenStack, project: str) -> None:
    KINDS["NetworkQuota"].create(zhengwu, KINDS["NetworkQuota"].inputs(project=project, network=0), "")
    with pytest.raises(Fatal, match="quota on cloud zhengwu is full"):
        KINDS["Network"].create(zhengwu, KINDS["Network"].inputs(project=project, name="business"), "af")


def test_only_named_limits_are_written_and_unnaming_resets_them(zhengwu: OpenStack, project: str) -> None:
    kind = KINDS["ComputeQuota"]
    before = kind.read(zhengwu, project, None, {})
    named = kind.inputs(project=project, cores=7)
    kind.create(zhengwu, named, "")
    after = kind.read(zhengwu, project, None, {})
    assert before is not None
    assert after is not None
    assert after.inputs == before.inputs.model_copy(update={"cores": 7})
    kind.update(zhengwu, project, named, kind.inputs(project=project), {})
    assert kind.read(zhengwu, project, None, {}) == before


def _entry(root: Path, **auth: str) -> OpenStack:
    secure, clouds = root / "secure.yaml", yaml.safe_load((root / "clouds.yaml").read_text())
    if secure.exists():
        for name, value in (yaml.safe_load(secure.read_text()) or {}).get("clouds", {}).items():
            clouds["clouds"][name].setdefault("auth", {}).update(value.get("auth", {}))
        secure.unlink()
    clouds["clouds"]["zhengwu"]["auth"] |= auth
    (root / "clouds.yaml").write_text(yaml.safe_dump(clouds))
    return through(root)


def test_a_wrong_password_is_a_sentence_that_does_not_repeat_it(root: Path) -> None:
    with pytest.raises(Fatal) as refused:
        _entry(root, password="not-the-password").list("identity", "projects", "look")
    assert "refuses the account's name or password" in refused.value.message
    assert "secure.yaml" in refused.value.remedy
    assert "not-the-password" not in refused.value.message + refused.value.remedy


def test_an_expired_token_is_said_to_have_expired(root: Path, zhengwu: OpenStack) -> None:
    with zhengwu._lock:
        connection = zhengwu._signed_in("test")
        token, url = connection.session.get_token(), connection.config.config["auth"]["auth_url"]
    zhengwu.send("identity", "DELETE", "/auth/tokens", "revoke", headers={"X-Subject-Token": token})
    entry = {
        "auth_type": "v3token",
        "auth": {"auth_url": url, "token": token, "project_name": "admin", "project_domain_id": "default"},
    }
    (root / "secure.yaml").unlink(missing_ok=True)
    (root / "clouds.yaml").write_text(json.dumps({"clouds": {"zhengwu": entry}}))
    with pytest.raises(Fatal) as refused:
        through(root).list("identity", "projects", "look")
    assert "token" in refused.value.remedy
    assert "expired" in refused.value.remedy
    assert token not in refused.value.message


def test_a_cloud_that_does_not_answer_is_a_sentence(root: Path) -> None:
    with pytest.raises(Fatal) as refused:
        _entry(root, auth_url="http://127.0.0.1:9/v3").list("identity", "projects", "look")
    assert "cannot be reached" in refused.value.message


def test_a_cloud_that_clouds_yaml_does_not_have_is_a_sentence(root: Path) -> None:
    with pytest.raises(Fatal, match="nirgends"):
        OpenStack("nirgends", root / "clouds.yaml").list("identity", "projects", "look")


def test_a_name_that_keystone_knows_is_ours_by_its_marker_or_refused(zhengwu: OpenStack, project: str) -> None:
    kind, name = KINDS["Project"], zhengwu.get("identity", f"/projects/{project}", "look")["project"]["name"]
    inputs = kind.inputs(name=name)
    assert kind.create(zhengwu, inputs, "0123").id == project
    with pytest.raises(Fatal, match=f"cannot create project {name}: something is in the way"):
        kind.create(zhengwu, inputs, "4567")
    assert len(zhengwu.list("identity", "projects", "look", name=name)) == 1
