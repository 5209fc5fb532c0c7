"""What the provider answers an engine, without a cloud: check, diff, schema, the typed classes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pulumi.provider.experimental import provider as p
from pulumi.provider.experimental.provider import PropertyDiffKind
from pulumi.runtime.rpc import UNKNOWN
from pydantic.alias_generators import to_camel

from yunwang.inventories.workspace import PulumiSettings, Settings, Workspace
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.openstack.marks import marked, unmarked
from yunwang.stacks.openstack.session import OpenStack
from yunwang.stacks.pulumi import engine, resources
from yunwang.stacks.pulumi.owner import Owner, owner_of
from yunwang.stacks.pulumi.provider import Provider, checked, difference, remembered
from yunwang.stacks.pulumi.schema import schema
from yunwang.stacks.pulumi.typed import source
from yunwang.stacks.pulumi.wire import plain, value_of, values_of

SUBNET = {"project": "p", "network": "n", "name": "business-v6", "cidr": "2001:db8:1::/64", "ipv6Mode": "slaac"}


def faults(kind: str, **said: Any) -> dict[str, str]:
    return {failure.property: failure.reason for failure in checked(KINDS[kind], said)[1]}


def test_a_right_subnet_is_taken_in_its_one_spelling() -> None:
    inputs, failures = checked(KINDS["Subnet"], SUBNET | {"cidr": "2001:DB8:1:0::/64"})
    assert not failures
    assert inputs["cidr"] == "2001:db8:1::/64"


@pytest.mark.parametrize(
    ("said", "property_", "reason"),
    [
        ({"cidr": "10.0.0.0/33"}, "cidr", "10.0.0.0/33"),
        ({"cidr": "2001:db8:1::/60"}, "cidr", "SLAAC needs a /64"),
        ({"cidr": "10.1.0.0/24"}, "ipv6Mode", "IPv4"),
        ({"ipv6Mode": None}, "ipv6Mode", "needs slaac"),
        ({"gatway": "10.1.0.1"}, "gatway", "Extra inputs"),
    ],
)
def test_a_fault_names_its_property(said: dict[str, Any], property_: str, reason: str) -> None:
    found = faults("Subnet", **{name: value for name, value in (SUBNET | said).items() if value is not None})
    assert list(found) == [property_]
    assert reason in found[property_]


def test_a_missing_property_is_named() -> None:
    assert set(faults("Network", description="x")) == {"project", "name"}


def test_what_is_known_only_after_the_apply_passes_and_defaults_are_filled_in() -> None:
    inputs, failures = checked(KINDS["Subnet"], SUBNET | {"network": UNKNOWN, "dns": [UNKNOWN]})
    assert not failures
    assert inputs["network"] == UNKNOWN
    assert inputs["description"] == ""


def test_an_unknown_quota_does_not_hide_a_wrong_one() -> None:
    assert set(faults("ComputeQuota", project=UNKNOWN, cores=UNKNOWN, ram=-5)) == {"ram"}


def test_a_name_changes_in_place_and_a_prefix_by_replacement() -> None:
    renamed = difference(KINDS["Subnet"], SUBNET, SUBNET | {"name": "other"}, [])
    assert renamed.changes
    assert not renamed.replaces
    moved = difference(KINDS["Subnet"], SUBNET, SUBNET | {"cidr": "2001:db8:2::/64"}, [])
    assert moved.replaces == ["cidr"]
    assert moved.delete_before_replace
    assert moved.detailed_diff["cidr"].kind is PropertyDiffKind.UPDATE_REPLACE


def test_a_servers_groups_change_in_place_and_left_out_stay_as_they_are() -> None:
    server = dict(KINDS["Server"].example)
    other = difference(KINDS["Server"], server, server | {"securityGroups": ["web", "db"]}, [])
    assert other.changes
    assert not other.replaces
    assert not difference(KINDS["Server"], server, server | {"securityGroups": []}, []).changes
    with_ports = {name: said for name, said in server.items() if name != "network"} | {"ports": ["p"]}
    assert "name them there" in faults("Server", **with_ports)["securityGroups"]


def test_no_difference_is_no_change_and_an_ignored_one_neither() -> None:
    assert difference(KINDS["Subnet"], SUBNET, SUBNET, []).changes is False
    assert difference(KINDS["Subnet"], SUBNET, SUBNET | {"name": "other"}, ["name"]).changes is False


def test_an_unnamed_quota_is_a_deleted_property() -> None:
    told = difference(KINDS["ComputeQuota"], {"project": "p", "cores": 4}, {"project": "p"}, [])
    assert told.detailed_diff["cores"].kind is PropertyDiffKind.DELETE


def test_a_state_that_todays_rules_refuse_can_still_be_deleted() -> None:
    assert remembered(KINDS["Subnet"], SUBNET | {"ipv6Mode": "dhcpv6-stateless"}).model_dump()["ipv6_mode"] == "dhcpv6-stateless"


@pytest.mark.parametrize("json", [1, 0, True, "x", None, [1, "a"], {"a": [1, {"b": False}]}, 1.5])
def test_values_cross_the_wire_unchanged(json: Any) -> None:
    back = plain(value_of(json))
    assert back == json
    assert type(back) is type(json)


def test_the_schema_describes_every_property_of_every_kind() -> None:
    told = schema(KINDS, "1.0")
    for name, resource in told["resources"].items():
        assert resource["description"], name
        for property_, described in resource["inputProperties"].items():
            assert described.get("description") or "$ref" in described, f"{name}.{property_}"
            assert "$ref" in described or described["type"] in ("string", "integer", "boolean", "array", "object")
    user = told["resources"]["yunwang:index:User"]
    assert user["properties"]["password"]["secret"] is True
    assert "password" not in user["inputProperties"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_each_kind_is_a_right_one(kind: str) -> None:
    assert checked(KINDS[kind], dict(KINDS[kind].example))[1] == []


@pytest.mark.pulumi
def test_the_engine_takes_the_schema_that_the_plug_in_tells(tmp_path: Path) -> None:
    found = engine.ensure(print)
    environment = {**os.environ, **engine.environment(found), "PULUMI_HOME": str(tmp_path)}
    call = partial(subprocess.run, capture_output=True, text=True, env=environment, check=False)
    told = call([found.pulumi, "package", "get-schema", str(Path(sys.executable).with_name("pulumi-resource-yunwang"))])
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["resources"].keys() == {f"yunwang:index:{kind}" for kind in KINDS}
    file = tmp_path / "schema.json"
    file.write_text(told.stdout)
    judged = call([found.pulumi, "schema", "check", str(file)])
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_the_typed_classes_are_those_of_the_schema() -> None:
    assert Path(resources.__file__).read_text() == source(schema(KINDS, "1.0")), "write resources.py anew: see typed.py"


@pytest.mark.parametrize("kind", KINDS)
def test_a_typed_class_takes_what_the_schema_says(kind: str) -> None:
    """What Python makes of the file, beside what the file says."""
    resource = schema(KINDS, "1.0")["resources"][f"yunwang:index:{kind}"]
    takes = getattr(resources, f"{kind}Args")
    assert {to_camel(name) for name in takes.__annotations__} == set(resource["inputProperties"])
    required = {name for name, type_ in takes.__annotations__.items() if "Required[" in str(type_)}
    assert {to_camel(name) for name in required} == set(resource["requiredInputs"])
    assert set(getattr(resources, kind).told) == set(KINDS[kind].outputs)


def test_a_secret_that_a_program_did_not_mark_is_one() -> None:
    password = schema(KINDS, "1.0")["resources"]["yunwang:index:ApplicationCredential"]["inputProperties"]["password"]
    assert password["secret"] is True
    provider = Provider(KINDS, OpenStack, "1.0", lambda config: Owner("trial", "here"))
    said = values_of(dict(KINDS["ApplicationCredential"].example))
    request = p.CheckRequest("urn:pulumi:s::p::yunwang:index:ApplicationCredential::agent", {}, said, b"")
    answer = asyncio.run(provider.check(request))
    assert answer.inputs is not None
    assert [name for name, value in answer.inputs.items() if value.is_secret] == ["password"]


def test_a_fault_inside_a_list_names_its_place() -> None:
    rules = [{"ethertype": "IPv4", "protocol": "tcp"}, {"ethertype": "IPv4", "protocol": "tcp", "portMin": 70000, "portMax": 1}]
    assert list(faults("SecurityGroup", project="p", name="web", rules=rules)) == ["rules[1].portMin"]


@pytest.mark.parametrize(
    ("kind", "said", "property_"),
    [
        ("RoleAssignment", {"role": "member"}, "project"),
        ("RoleAssignment", {"role": "member", "project": "p", "domain": "d"}, "project"),
        ("RoleAssignment", {"role": "member", "project": "p", "user": "u", "group": "g"}, "group"),
        ("Server", {"project": "p", "name": "s", "image": "base", "flavor": "c1m2"}, "network"),
        ("KeyPair", {"name": "k", "publicKey": "-----BEGIN OPENSSH PRIVATE KEY-----"}, "publicKey"),
        ("Port", {"project": "p", "network": "n", "name": "x", "mac": "fa:16"}, "mac"),
        ("Port", {"project": "p", "network": "n", "name": "x", "addresses": [{"subnet": "s", "address": "10.0.0.256"}]}, None),
        ("VolumeQuota", {"project": "p", "types": {"cores": 1}}, "types"),
        ("SecurityGroup", {"project": "p", "name": "w", "rules": [{"ethertype": "IPv4", "protocol": "tcp", "portMin": 1}]}, None),
        ("Image", {"name": "i", "file": "f", "sha512": "abc", "diskFormat": "raw"}, "sha512"),
        ("Network", {"project": "p", "name": "n", "description": "x" * 191}, "description"),
    ],
)
def test_rules_of_the_cloud_are_known_before_it_is_asked(kind: str, said: dict[str, Any], property_: str | None) -> None:
    nested = {"Port": "addresses[0].address", "SecurityGroup": "rules[0].portMax"}
    assert list(faults(kind, **said)) == [property_ or nested[kind]]


@pytest.mark.parametrize(
    ("kind", "old", "new", "changes", "replaces"),
    [
        ("Volume", {"size": 1}, {"size": 2}, {"size"}, []),
        ("Volume", {"size": 2}, {"size": 1}, {"size"}, ["size"]),
        ("Volume", {"availabilityZone": "nova"}, {}, set(), []),
        ("Port", {"mac": "fa:16:3e:00:00:01"}, {}, set(), []),
        ("Port", {"securityGroups": ["a"]}, {"securityGroups": []}, {"securityGroups"}, []),
        ("Port", {"securityGroups": ["a", "b"]}, {"securityGroups": ["b", "a"]}, set(), []),
        ("Image", {"file": "a.raw"}, {"file": "b.raw"}, set(), []),
        ("Image", {"sha512": "a"}, {"sha512": "b"}, {"sha512"}, ["sha512"]),
        ("ApplicationCredential", {"password": "a"}, {"password": "b"}, set(), []),
        ("Subnet", {"dns": ["10.0.0.1", "10.0.0.2"]}, {"dns": ["10.0.0.2", "10.0.0.1"]}, {"dns"}, []),
        ("Router", {"externalNetwork": "extranet"}, {}, {"externalNetwork"}, []),
    ],
)
def test_only_what_means_something_else_is_a_difference(
    kind: str, old: dict[str, Any], new: dict[str, Any], changes: set[str], replaces: list[str]
) -> None:
    told = difference(KINDS[kind], old, new, [])
    assert set(told.detailed_diff or ()) == changes
    assert told.replaces == replaces


URN = "urn:pulumi:s::p::yunwang:index:Network::n"


def marker(owner: Owner) -> str:
    inputs = KINDS["Network"].inputs(project="p", name="n", description="字" * 190)
    return Provider(KINDS, OpenStack, "1.0", lambda config: owner)._marker(URN, inputs)


def test_a_marker_says_whose_it_is_and_fits() -> None:
    mine = marker(Owner("a-city-with-a-name-that-is-as-long-as-a-name-may-be-at-all-63-aa", "here"))
    assert mine.startswith("a-city-with-a-name-")
    assert len(marked("字" * 190, mine)) <= 255
    assert unmarked(marked("字" * 190, mine)) == "字" * 190
    other = marker(Owner("another", "here"))
    assert other.rpartition(":")[2] != mine.rpartition(":")[2], "two workspaces never take each other's for their own"


def test_two_workspaces_of_one_name_never_take_each_others_for_their_own(tmp_path: Path) -> None:
    def workspace(folder: str, backend: str | None = None) -> Workspace:
        settings = Settings(version=2, name="city", title="", pulumi=PulumiSettings(backend=backend))
        return Workspace(root=tmp_path / folder, digest="", settings=settings)

    one, other = marker(owner_of(workspace("a"))), marker(owner_of(workspace("b")))
    assert one != other
    assert one == marker(owner_of(workspace("a"))), "the next run, and plain Pulumi, find what this one left"
    (tmp_path / "a").rename(tmp_path / "c")
    assert one == marker(owner_of(workspace("c"))), "the same workspace elsewhere"
    shared = marker(owner_of(workspace("a", "s3://city")))
    assert shared == marker(owner_of(workspace("b", "s3://city"))), "a checkout of the same workspace: its state is there"
    assert shared not in (one, other)
