"""Each rule breaks where it should and only there; waivers hold until their day; a plan is judged by what it touches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from yunwang import policies
from yunwang.inventories.finding import Severity
from yunwang.inventories.migration import Disposition
from yunwang.inventories.plan import Action, Change, Plan, Step
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Waiver, Workspace

TODAY = date(2026, 11, 22)


@pytest.fixture
def city(demo_city: Path) -> Workspace:
    workspace, findings = read(demo_city)
    assert workspace is not None, findings
    return workspace


def altered(workspace: Workspace, kind: str, name: str, **fields: object) -> Workspace:
    """The workspace with one noun changed."""
    nouns = tuple(noun.model_copy(update=fields) if noun.name == name else noun for noun in getattr(workspace, kind))
    assert nouns != getattr(workspace, kind)
    return workspace.model_copy(update={kind: nouns})


def plan(*changes: Change) -> Plan:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Plan(
        job="test",
        title="",
        workspace="yunzhou",
        intent="",
        operator="",
        created=now,
        expires=now + timedelta(hours=1),
        changes=changes,
    )


def on_device(device: str, *lines: str) -> Change:
    steps = tuple(Step(action=Action.CREATE, what=line) for line in lines)
    return Change(id="c", target=f"device/{device}", action=Action.UPDATE, summary="", steps=steps)


def on_stack(target: str, **facts: object) -> Change:
    return Change.model_validate({"id": "c", "target": target, "action": Action.UPDATE, "summary": "", "facts": facts})


def told(workspace: Workspace, made: Plan | None = None, today: date = TODAY) -> list[tuple[str, str, Severity]]:
    return [(finding.code, finding.target, finding.severity) for finding in policies.check(workspace, made, today)]


def test_the_demo_city_keeps_every_rule(city: Workspace) -> None:
    assert told(city) == []


def test_rules_have_names_of_their_own_and_name_their_clause() -> None:
    assert len({rule.id for rule in policies.RULES}) == len(policies.RULES)
    assert [rule.clauses for rule in policies.RULES] == [("N7",), ("M4",), ("N6",), *[("S1",)] * 6]


def test_a_tenant_may_not_have_its_own_internet_egress(city: Workspace) -> None:
    (finding,) = policies.check(altered(city, "tenants", "health", internet_egress=True), None, TODAY)
    assert (finding.code, finding.target, finding.clause) == ("internet-egress", "tenant/health", "N7")
    assert finding.remedy


def test_a_device_that_is_managed_in_clear_is_a_warning_in_the_workspace_and_in_a_plan_that_touches_it(city: Workspace) -> None:
    telnet = altered(city, "devices", "lx-acc-1", transport="telnet")
    assert told(telnet) == [("management-in-clear", "device/lx-acc-1", Severity.WARNING)]
    assert told(telnet, plan(on_device("lx-acc-1"))) == told(telnet)
    assert told(telnet, plan(on_device("yz-core-a"))) == []


def test_a_system_that_is_to_stay_off_the_cloud_breaks_the_rule_unless_classified(city: Workspace) -> None:
    staying = altered(city, "systems", "vaccination", disposition=Disposition.RETAIN)
    assert told(staying) == [("off-cloud-deployment", "system/vaccination", Severity.ERROR)]
    assert told(altered(staying, "systems", "vaccination", classified=True)) == []
    assert told(altered(staying, "systems", "vaccination", room=None)) == []


def test_a_system_in_a_retired_room_was_deployed_there_anew(city: Workspace) -> None:
    assert told(altered(city, "rooms", "education-room", state="retired")) == [
        ("off-cloud-deployment", "system/school-roster", Severity.ERROR),
        ("off-cloud-deployment", "system/exam-results", Severity.ERROR),
    ]


def test_a_new_dedicated_network_breaks_the_rule_an_integrated_one_does_not(city: Workspace) -> None:
    assert told(altered(city, "dedicated_networks", "health-net", built=2023)) == [
        ("new-dedicated-network", "dedicated-network/health-net", Severity.ERROR)
    ]
    assert told(altered(city, "dedicated_networks", "fiscal-net", built=2024)) == [], "it is being integrated"


@pytest.mark.parametrize(
    "line",
    [
        "ip route-static 0.0.0.0 0 203.0.113.1",
        "ip route-static 0.0.0.0 0.0.0.0 GigabitEthernet0/0/24 203.0.113.1",
        "ip route-static vpn-instance office 0.0.0.0 0 203.0.113.1",
        "ipv6 route-static :: 0 2001:db8:ffff::1",
        "ip route 0.0.0.0 0.0.0.0 203.0.113.1",
        "ip route 0.0.0.0/0 203.0.113.1",
        "ipv6 route ::/0 2001:DB8:FFFF::1",
        "ip route 0.0.0.0 0.0.0.0 Dialer1",
        "nat outbound 2000",
        "ip nat inside source list 1 interface Dialer1 overload",
    ],
)
def test_lines_that_lead_past_the_gateways_are_refused_on_all_but_gateways(city: Workspace, line: str) -> None:
    (finding,) = policies.check(city, plan(on_device("yz-acc-1", f"interface x › {line}")), TODAY)
    assert (finding.code, finding.target) == ("internet-egress", "device/yz-acc-1")
    assert line in finding.message
    assert told(city, plan(on_device("yz-gw-a", line))) == []


@pytest.mark.parametrize(
    "line",
    [
        "ip route-static 0.0.0.0 0 10.64.254.17",
        "ipv6 route-static :: 0 2001:db8:1fe::8",
        "ipv6 route ::/0 fe80::1",
        "ip route 0.0.0.0/0 blackhole",
        "ip route-static 0.0.0.0 0 NULL0",
        "ip route-static 10.72.0.0 16 203.0.113.1",
        "ipv6 route-static 2001:db8:: 32 2001:db8:ffff::1",
        "description nat outbound",
        "ipv6 address 2001:db8:100:110::1/64",
    ],
)
def test_other_lines_are_nobodys_egress(city: Workspace, line: str) -> None:
    assert told(city, plan(on_device("yz-acc-1", line))) == []


def test_taking_a_default_route_away_is_welcome(city: Workspace) -> None:
    step = Step(action=Action.DELETE, what="ip route-static 0.0.0.0 0 203.0.113.1")
    change = Change(id="c", target="device/yz-acc-1", action=Action.UPDATE, summary="", steps=(step,))
    assert told(city, plan(change)) == []


def test_a_router_that_translates_addresses_is_an_egress(city: Workspace) -> None:
    routers = {"health": {"snat": True, "external_network": "extranet"}, "other": {"snat": None}}
    made = plan(on_stack("stack/zhengwu/health", intended={"health": {"routers": routers}}))
    assert told(city, made) == [("internet-egress", "tenant/health", Severity.ERROR)]


def test_a_plan_is_judged_by_what_it_touches(city: Workspace) -> None:
    wanting = altered(city, "tenants", "health", internet_egress=True)
    breach = [("internet-egress", "tenant/health", Severity.ERROR)]
    assert told(wanting, plan(on_stack("stack/zhengwu/health"))) == breach
    assert told(wanting, plan(on_stack("stack/zhengwu/health-servers"))) == breach
    assert told(wanting, plan(on_stack("stack/zhengwu/finance"), on_device("yz-acc-1"))) == []


WAIVER = Waiver(policy="internet-egress", target="tenant/health", owner="周敏", reason="hospital link", until="2026-12-31")


@pytest.mark.parametrize(
    ("today", "severity", "word"),
    [
        (date(2026, 11, 22), Severity.INFO, "waived until 2026-12-31 by 周敏: hospital link"),
        (date(2026, 12, 31), Severity.INFO, "waived"),
        (date(2027, 1, 1), Severity.ERROR, "the waiver by 周敏 expired on 2026-12-31"),
    ],
)
def test_a_waiver_holds_until_its_day(city: Workspace, today: date, severity: Severity, word: str) -> None:
    wanting = altered(city, "tenants", "health", internet_egress=True).model_copy(update={"waivers": (WAIVER,)})
    (finding,) = policies.check(wanting, None, today)
    assert finding.severity is severity
    assert word in finding.message


def test_a_waiver_is_for_its_rule_and_its_target_alone(city: Workspace) -> None:
    wanting = altered(city, "tenants", "finance", internet_egress=True)
    waived = wanting.model_copy(
        update={"waivers": (WAIVER, WAIVER.model_copy(update={"policy": "other", "target": "tenant/finance"}))}
    )
    assert told(waived) == [
        ("internet-egress", "tenant/finance", Severity.ERROR),
        ("unknown-policy", "tenant/finance", Severity.WARNING),
    ]
