"""Intent to facts, and where a cloud falls short of it: pure."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from yunwang.inventories.cloud import SecurityGroup, SecurityRule, TenantNetwork
from yunwang.stacks.openstack.marks import mark_of, marked, unmarked
from yunwang.stacks.openstack.security import Rule
from yunwang.stacks.partition import Partition, intended, rule_text, rules, shortfalls

PARTITION = Partition(
    cloud="zhengwu",
    tenant="finance",
    title="财政局",
    external_network="extranet",
    networks=(TenantNetwork(name="business", ipv4="10.96.1.0/24", ipv6="2001:db8:100:960::/64"),),  # type: ignore[arg-type]  # parsed
    security_groups=(SecurityGroup(name="web", rules=(SecurityRule(protocol="tcp", port_min=443),)),),
)


def test_anywhere_means_both_protocols() -> None:
    texts = [rule_text(rule) for rule in rules(SecurityRule(protocol="tcp", port_min=443))]
    assert texts == ["ingress IPv4 tcp 443 from anywhere", "ingress IPv6 tcp 443 from anywhere"]


def test_icmp_belongs_to_one_protocol() -> None:
    assert [rule["ethertype"] for rule in rules(SecurityRule(protocol="ipv6-icmp"))] == ["IPv6"]


def test_a_rule_reads_the_same_intended_and_live() -> None:
    said = SecurityRule(direction="egress", protocol="udp", port_min=53, port_max=54, remote="2001:db8::/32")  # type: ignore[arg-type]
    (rule,) = rules(said)
    live = {
        "direction": "egress",
        "ethertype": "IPv6",
        "protocol": "udp",
        "port_range_min": 53,
        "port_range_max": 54,
        "remote_ip_prefix": "2001:db8::/32",
        "remote_group_id": None,
    }
    assert str(Rule.told(live)) == rule_text(rule) == str(Rule.model_validate(rule))


def test_a_cloud_as_intended_has_no_shortfall_and_more_beside_is_none_either() -> None:
    facts = intended(PARTITION)
    live: Any = {**facts, "quota": {"cores": 3}, "networks": facts["networks"]}
    assert not list(shortfalls(facts, live))


def test_a_shortfall_tells_path_wanted_and_live() -> None:
    facts = intended(PARTITION)
    live: Any = {**facts, "project": {"title": "别的", "enabled": True}, "security_groups": {}}
    found = list(shortfalls(facts, live))
    assert ("project/title", "财政局", "别的") in found
    assert [path for path, _, _ in found] == ["project/title", "security_groups/web"]


def test_the_marker_is_kept_behind_the_description_and_out_of_sight() -> None:
    bears = marked("财政局", "0123abcd")
    assert unmarked(bears) == "财政局"
    assert mark_of(bears) == "[yunwang:0123abcd]"
    assert unmarked("no mark [x]") == "no mark [x]"
    assert marked("", "0123abcd") == "[yunwang:0123abcd]"


def test_importing_the_job_loads_neither_pulumi_nor_openstack() -> None:
    heavy = "[name for name in ('pulumi', 'openstack', 'grpc') if name in sys.modules]"
    code = f"import sys, yunwang.stacks.job, yunwang.stacks.servers; print({heavy})"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"
