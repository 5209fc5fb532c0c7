"""What GB/T 22239-2019 asks of tenants: each requirement breaks where a file weakens it, from its level on, by its clause."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yunwang import policies
from yunwang.inventories.cloud import Tenant
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.policies.mlps import MLPS
from yunwang.stacks.partition import intended, partitions

OFFICE = "10.64.8.0/24"
PEOPLE = [
    {"user": "an", "real_name": "安", "role": "manager", "duty": "administrator"},
    {"user": "bo", "real_name": "博", "role": "reader", "duty": "auditor"},
    {"user": "cai", "real_name": "才", "role": "member", "duty": "security"},
]


def city(level: int, *rules: dict[str, Any], members: list[dict[str, Any]] | None = None, assessed: int | None = None) -> Workspace:
    """A workspace with one tenant of that level, whose one security group has these rules."""
    cloud = {"name": "zhengwu", "title": "云", "cores": 1, "ram_gib": 1, "volume_gib": 1, "mlps_level": assessed}
    named = {"management_networks": [OFFICE, "2001:db8:8::/48"], "egress_networks": ["10.64.0.0/12"]}
    network = {"name": "app", "ipv4": "192.168.5.0/24", "ipv6": "2001:db8:5::/64"}
    tenant = {
        "name": "finance",
        "title": "财政局",
        "department": "财政局",
        "mlps_level": level,
        "members": PEOPLE if members is None else members,
        "allotments": [{"cloud": "zhengwu", "networks": [network], "security_groups": [{"name": "web", "rules": rules}]}],
    }
    settings = Settings.model_validate({"version": 2, "name": "trial", "title": "试", "clouds": [cloud], "mlps": named})
    return Workspace(root=Path(), digest="sha256:0", settings=settings, tenants=(Tenant.model_validate(tenant),))


def told(workspace: Workspace) -> list[tuple[str, str]]:
    """Code and clause of each breach."""
    return [(one.code, one.clause) for one in policies.check(workspace, None, date(2026, 11, 22))]


ALL_IN = {"protocol": "any"}
SSH = {"protocol": "tcp", "port_min": 22, "port_max": 22}
WEB = {"protocol": "tcp", "port_min": 443, "port_max": 443}


@pytest.mark.parametrize("level", [2, 3])
def test_a_tenant_that_weakens_nothing_breaks_nothing(level: int) -> None:
    own: list[dict[str, Any]] = [
        {**SSH, "remote": OFFICE},
        {**SSH, "remote": "2001:db8:8:1::/64"},
        WEB,
        {"protocol": "any", "remote": "self"},
    ]
    there: tuple[Any, ...] = ("10.72.0.0/16", "192.168.5.0/25", "2001:db8:5::/64", "self")
    out = [{**WEB, "direction": "egress", "remote": remote} for remote in there]
    assert told(city(level, *own, *out, assessed=3)) == []


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (ALL_IN, ["mlps-default-deny", "mlps-management"]),
        ({"protocol": "tcp", "remote": "::/0"}, ["mlps-default-deny", "mlps-management"]),
        (SSH, ["mlps-management"]),
        ({**SSH, "remote": "0.0.0.0/0"}, ["mlps-management"]),
        ({**SSH, "remote": "10.64.0.0/12"}, ["mlps-management"]),
        ({"protocol": "tcp", "port_min": 3000, "port_max": 4000, "remote": "2001:db8::/32"}, ["mlps-management"]),
        ({"protocol": "udp", "port_min": 22, "port_max": 22}, []),
        ({"protocol": "icmp"}, []),
    ],
)
def test_what_comes_in_is_judged_from_level_2_on(rule: dict[str, Any], codes: list[str]) -> None:
    assert [code for code, _ in told(city(2, rule))] == codes
    assert [code for code, _ in told(city(3, rule))] == codes
    assert told(city(1, rule)) == []


def test_the_clause_is_that_of_the_tenants_own_level() -> None:
    assert told(city(2, SSH)) == [("mlps-management", "GB/T 22239-2019 7.1.4.4 c)")]
    assert told(city(3, SSH)) == [("mlps-management", "GB/T 22239-2019 8.1.4.4 c)")]


@pytest.mark.parametrize("remote", [None, "0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32"])
def test_servers_of_level_3_reach_named_networks_alone(remote: str | None) -> None:
    rule = {"protocol": "any", "direction": "egress", "remote": remote}
    assert told(city(3, rule)) == [("mlps-egress", "GB/T 22239-2019 8.1.3.1 c)")]
    assert told(city(2, rule)) == []


@pytest.mark.parametrize(
    ("person", "change", "message"),
    [
        (2, {"duty": None}, "nobody has the duty security (安全管理员)"),
        (2, {"real_name": "博"}, "博 has the duties auditor and security"),
        (1, {"role": "member"}, "the auditor bo has the role member"),
        (2, {"role": "manager"}, "cai has the role manager and not the duty administrator"),
    ],
)
def test_the_three_duties_are_three_people(person: int, change: dict[str, Any], message: str) -> None:
    members = [{**one, **change} if number == person else one for number, one in enumerate(PEOPLE)]
    findings = policies.check(city(3, members=members), None, date(2026, 11, 22))
    assert [finding.code for finding in findings] == ["mlps-duties"]
    assert message in findings[0].message
    assert told(city(2, members=members)) == []


def test_a_cloud_bears_no_tenant_above_its_own_level() -> None:
    assert told(city(3, assessed=2)) == [("mlps-cloud", "GB/T 22239-2019 8.2.2.1 a)")]
    assert told(city(2, assessed=2)) == told(city(3, assessed=None)) == []


def test_from_level_2_on_the_group_that_nobody_chose_admits_nothing_unless_the_file_says_so() -> None:
    def groups(level: int) -> list[str]:
        (partition,) = partitions(city(level)).values()
        return [group.name for group in partition.groups]

    assert groups(1) == ["web"]
    assert groups(2) == groups(3) == ["web", "default"]
    (partition,) = partitions(city(2)).values()
    assert dict(intended(partition))["security_groups"] == {"web": [], "default": []}, "and that is verified on the cloud"
    (tenant,) = city(3).tenants
    (allotment,) = tenant.allotments
    (group,) = allotment.security_groups
    opened = allotment.model_copy(update={"security_groups": (group.model_copy(update={"name": "default"}),)})
    (partition,) = partitions(city(3).revised(tenants=(tenant.model_copy(update={"allotments": (opened,)}),))).values()
    assert partition.groups == opened.security_groups


def test_each_requirement_quotes_the_standard() -> None:
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in rule.title) for rule in MLPS)
