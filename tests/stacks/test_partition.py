"""Intent to facts, and where a cloud falls short of it: pure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from yunwang.cli import cloud
from yunwang.inventories.cloud import SecurityGroup, SecurityRule, Server, TenantNetwork
from yunwang.inventories.finding import Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Observed
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.stacks.job import CloudJob
from yunwang.stacks.openstack.marks import mark_of, marked, remarked, unmarked
from yunwang.stacks.openstack.security import Rule
from yunwang.stacks.partition import Booking, Partition, booked, intended, rule_text, rules, shortfalls, subnets

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


def test_a_booked_server_is_held_to_the_groups_that_it_names() -> None:
    server = Server(name="web-1", cores=1, ram_gib=1, disk_gib=1, network="business")
    grouped = server.model_copy(update={"name": "web-2", "security_groups": ("web", "default")})
    facts: Any = booked(Booking(cloud="zhengwu", tenant="finance", servers=(server, grouped), flavors=("c1m2", "c1m2")))
    live: Any = {"servers": {name: {**one, "security_groups": ["web"]} for name, one in facts["servers"].items()}}
    assert list(shortfalls(facts, live)) == [("servers/web-2/security_groups", ["default", "web"], ["web"])]


def test_the_marker_is_kept_behind_the_description_and_out_of_sight() -> None:
    bears = marked("财政局", "0123abcd")
    assert unmarked(bears) == "财政局"
    assert mark_of(bears) == "0123abcd"
    assert mark_of(marked("", "suqian-city:0123abcd")) == "suqian-city:0123abcd", "it says whose it is"
    assert remarked("新的", bears) == "新的 [yunwang:0123abcd]"
    assert remarked("新的", "not ours") == "新的"
    assert unmarked("no mark [x]") == "no mark [x]"
    assert marked("", "0123abcd") == "[yunwang:0123abcd]"


def test_importing_the_job_loads_neither_pulumi_nor_openstack() -> None:
    heavy = "[name for name in ('pulumi', 'openstack', 'grpc') if name in sys.modules]"
    code = f"import sys, yunwang.stacks.job, yunwang.stacks.servers; print({heavy})"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


def observed(**facts: Any) -> dict[str, Observed]:
    told: JsonObject = {
        "intent": PARTITION.model_dump(mode="json"),
        "live": {},
        "steps": [],
        "vanished": [],
        "applied": None,
        "held": {},
    }
    return {"stack/zhengwu/finance": Observed(target="stack/zhengwu/finance", facts=told | facts)}


def test_a_replacement_is_asked_for_with_what_it_is() -> None:
    difference = {"property": "cidr", "old": "10.96.1.0/24", "new": "10.96.2.0/24"}
    step = {"op": "replace", "type": "yunwang:index:Subnet", "name": "business-v4", "differences": [difference]}
    job = CloudJob(Workspace(root=Path(), digest="sha256:0", settings=Settings(version=2, name="trial", title="试")))
    (change,) = job.draft(observed(steps=[step])).changes
    assert change.facts["asks"] == {"replace": "replaces, with what they hold: yunwang:Subnet business-v4 (cidr)"}
    (change,) = job.draft(observed(steps=[step | {"op": "update"}])).changes
    assert "asks" not in change.facts
    assert "--allow-replace" in CliRunner().invoke(cloud.app, ["apply", "--help"], terminal_width=200).stdout


def test_a_tenant_that_holds_something_is_an_error_of_the_plan_and_no_change() -> None:
    step = {"op": "delete", "type": "yunwang:index:Project", "name": "finance"}
    job = CloudJob(Workspace(root=Path(), digest="sha256:0", settings=Settings(version=2, name="trial", title="试")))
    draft = job.draft(observed(intent=None, steps=[step], held={"finance": {"servers": ["web-1", "web-2"], "ports": ["vip"]}}))
    assert draft.changes == ()
    assert [(one.severity, one.message) for one in draft.findings] == [
        (Severity.ERROR, "tenant finance is to be removed and still holds servers web-1, web-2; ports vip")
    ]
    (change,) = job.draft(observed(intent=None, steps=[step])).changes
    assert change.action is Action.DELETE


def test_a_gateway_is_the_first_address_where_nobody_says_another() -> None:
    said = {"name": "business", "ipv4": "10.96.1.0/24", "ipv6": "2001:db8:100:960::/64"}
    assert [one.gateway for one in subnets(TenantNetwork.model_validate(said)).values()] == ["10.96.1.1", "2001:db8:100:960::1"]
    other = said | {"ipv4_gateway": "10.96.1.254", "ipv6_gateway": "fe80::1"}
    assert [one.gateway for one in subnets(TenantNetwork.model_validate(other)).values()] == ["10.96.1.254", "fe80::1"]


def test_a_whole_space_is_anywhere_of_its_own_protocol() -> None:
    said = SecurityRule.model_validate({"protocol": "any", "direction": "egress", "remote": "0.0.0.0/0"})
    assert [rule_text(rule) for rule in rules(said)] == ["egress IPv4 any to anywhere"]
