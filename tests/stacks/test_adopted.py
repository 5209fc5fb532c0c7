"""A tenant's file as it says what is live: pure."""

from __future__ import annotations

from typing import Any

import pytest

from yunwang.inventories.cloud import SecurityRule
from yunwang.inventories.verdict import Refused
from yunwang.stacks.adopted import adopted
from yunwang.stacks.cloud import Census
from yunwang.stacks.openstack.census import spelled
from yunwang.stacks.openstack.security import Rule
from yunwang.stacks.partition import rules

WEB = {"name": "web", "rules": [{"protocol": "tcp", "port_min": 443, "port_max": 443}]}
APP = {"name": "app", "ipv4": "10.72.1.0/24", "ipv6": "2001:db8:1::/64", "ipv4_gateway": "10.72.1.1"}
FILE: dict[str, Any] = {
    "name": "finance",
    "title": "财政局",
    "mlps_level": 2,
    "members": [{"user": "an", "real_name": "安", "role": "member", "duty": "administrator"}],
    "allotments": [{"cloud": "a", "quota": {"cores": 4, "ports": None}, "networks": [APP], "security_groups": [WEB]}],
}
LIVE: Any = {"quota": {"cores": 4, "ports": 500, "networks": 9}}


def census(**other: Any) -> Census:
    """What is live: as the file has it, in the words of a census, but for what is given."""
    app = {key: APP[key] for key in ("name", "ipv4", "ipv6")} | {"ipv6_mode": "slaac", "routed": True}
    rules = [{"direction": "ingress", "protocol": "tcp", "port_min": 443, "port_max": 443}]
    told: dict[str, Any] = {"networks": [app], "groups": [WEB | {"rules": rules}], "title": "财政局", "egress": False} | other
    members = other.get("members", [{"user": "an", "real_name": "安", "role": "member"}])
    allotment: dict[str, Any] = {"cloud": "a", "quota": {}, "networks": told["networks"], "security_groups": told["groups"]}
    return Census(told["title"], told["egress"], members, allotment, {})


def test_a_file_that_means_what_is_live_stays_as_it_is_spelled() -> None:
    assert adopted(FILE, LIVE, census()) == FILE


def test_limits_that_are_named_follow_and_others_stay_unnamed() -> None:
    said: Any = adopted(FILE, {"quota": LIVE["quota"] | {"cores": 9}}, census())
    (allotment,) = said["allotments"]
    assert allotment == FILE["allotments"][0] | {"quota": {"cores": 9, "ports": None}}
    with pytest.raises(Refused, match="cores is -1 on the cloud"):
        adopted(FILE, {"quota": LIVE["quota"] | {"cores": -1}}, census())


def test_networks_groups_and_people_that_the_file_does_not_name_are_added() -> None:
    lab = {"name": "lab", "ipv4": "10.9.0.0/24", "ipv6": "2001:db8:9::/64", "ipv6_mode": "dhcpv6-stateful", "routed": False}
    bo = {"user": "bo", "real_name": "博", "role": "reader"}
    found = census(networks=[*census().allotment["networks"], lab], groups=[], members=[*census().members, bo])  # type: ignore[misc]
    said: Any = adopted(FILE, LIVE, found)
    assert said["allotments"][0]["networks"] == [APP, lab]
    assert said["allotments"][0]["security_groups"] == [WEB], "one that vanished is not adopted"
    assert said["members"] == [*FILE["members"], bo]


def test_other_rules_are_taken_over_and_others_in_another_order_are_the_same() -> None:
    rules = [{"protocol": "icmp"}, {"direction": "ingress", "protocol": "tcp", "port_min": 80, "port_max": 80, "remote": "self"}]
    said: Any = adopted(FILE, LIVE, census(groups=[{"name": "web", "rules": rules}]))
    (web,) = said["allotments"][0]["security_groups"]
    assert web["rules"] == [{"protocol": "icmp"}, {"protocol": "tcp", "port_min": 80, "port_max": 80, "remote": "self"}]
    assert adopted(said, LIVE, census(groups=[{"name": "web", "rules": rules[::-1]}])) == said


def test_the_group_default_is_spoken_of_from_level_2_on() -> None:
    groups = [*census().allotment["security_groups"], {"name": "default", "rules": [{"protocol": "any", "remote": "self"}]}]  # type: ignore[misc]
    said: Any = adopted(FILE, LIVE, census(groups=groups))
    assert [group["name"] for group in said["allotments"][0]["security_groups"]] == ["web", "default"]
    assert adopted(FILE | {"mlps_level": 1}, LIVE, census(groups=groups)) == FILE | {"mlps_level": 1}


@pytest.mark.parametrize(
    ("change", "what"), [({"title": "审计局"}, "title"), ({"egress": True}, "internet_egress"), ({"members": []}, "")]
)
def test_what_stands_for_all_clouds_is_adopted_where_there_is_one(change: dict[str, Any], what: str) -> None:
    said = adopted(FILE, LIVE, census(**change))
    assert {name for name in (*FILE, "internet_egress") if said.get(name) != FILE.get(name)} == ({what} if what else set())
    both = FILE | {"allotments": [*FILE["allotments"], {"cloud": "b"}]}
    if what:
        with pytest.raises(Refused, match=f"{what} changed on cloud a"):
            adopted(both, LIVE, census(**change))
    else:
        assert adopted(both, LIVE, census(**change)) == both, "who vanished is not adopted"


def test_the_group_that_neutron_makes_is_two_rules_of_a_file_and_means_the_same_again() -> None:
    born = {Rule(direction="egress", ethertype=one, protocol="any") for one in ("IPv4", "IPv6")}
    born |= {Rule(direction="ingress", ethertype=one, protocol="any", remote="self") for one in ("IPv4", "IPv6")}
    said = [*spelled(born)]
    assert said == [{"direction": "egress", "protocol": "any"}, {"direction": "ingress", "protocol": "any", "remote": "self"}]
    meant = [one for rule in said for one in rules(SecurityRule.model_validate(rule))]
    assert {Rule.model_validate(one) for one in meant} == born
