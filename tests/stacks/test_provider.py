"""What the provider answers an engine, without a cloud: check, diff, schema, the typed classes."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from pulumi.provider.experimental.provider import PropertyDiffKind
from pulumi.runtime.rpc import UNKNOWN
from pydantic.alias_generators import to_camel

from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.pulumi import resources
from yunwang.stacks.pulumi.provider import checked, difference, remembered
from yunwang.stacks.pulumi.schema import schema
from yunwang.stacks.pulumi.wire import plain, value_of

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
def test_the_typed_class_takes_what_the_schema_says(kind: str) -> None:
    resource = schema(KINDS, "1.0")["resources"][f"yunwang:index:{kind}"]
    signature = inspect.signature(getattr(resources, kind).__init__).parameters
    takes = {to_camel(name): parameter for name, parameter in signature.items() if name not in ("self", "resource_name", "opts")}
    assert set(takes) == set(resource["inputProperties"])
    assert {name for name, parameter in takes.items() if parameter.default is parameter.empty} == set(resource["requiredInputs"])
