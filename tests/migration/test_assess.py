"""What the assessment says of a system, one fact at a time, and where placement puts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from yunwang.inventories.migration import System
from yunwang.inventories.workspace import Workspace
from yunwang.migration.assess import Assessment, Readiness, assess
from yunwang.migration.placement import place, servers

TODAY = date(2026, 11, 22)
MakeSystem = Callable[..., System]
MakeWorkspace = Callable[..., Workspace]
XINCHUANG = {"xinchuang": True, "architecture": "aarch64"}

CASES = [
    pytest.param({}, "ready", 100, "zhengwu", [], id="nothing in its way"),
    pytest.param({"room": None, "cloud": "zhengwu"}, "on-cloud", 100, "zhengwu", [], id="already there"),
    pytest.param({"disposition": "retire"}, "retire", 100, "zhengwu", [], id="to be switched off"),
    pytest.param({"classified": True}, "retain", 100, "zhengwu", ["retained"], id="classified stays, at no cost"),
    pytest.param({"disposition": "retain"}, "retain", 90, "zhengwu", ["retained"], id="stays though it could move"),
    pytest.param(
        {"mlps_level": 3},
        "blocked",
        20,
        "zhengwu",
        ["mlps-level", "crypto-assessment"],
        id="MLPS 3 on a level-2 tenant, unassessed",
    ),
    pytest.param(
        {"mlps_level": 3, "crypto_assessed_until": "2026-11-21"},
        "blocked",
        20,
        "zhengwu",
        ["mlps-level", "crypto-assessment"],
        id="ended yesterday",
    ),
    pytest.param(
        {"mlps_level": 3, "crypto_assessed_until": "2026-11-22"}, "blocked", 60, "zhengwu", ["mlps-level"], id="valid through today"
    ),
    pytest.param({"downtime_minutes": 0}, "blocked", 60, "zhengwu", ["no-downtime"], id="may never be down"),
    pytest.param({"service": None, "new_host": None}, "ready", 90, "zhengwu", ["no-runbook"], id="only by hand"),
    pytest.param(XINCHUANG, "ready", 100, "xinchuang", [], id="Xinchuang goes to the Xinchuang cloud"),
    pytest.param({"xinchuang": True}, "blocked", 60, None, ["no-cloud"], id="Xinchuang on x86_64 needs replatforming"),
    pytest.param({"xinchuang": True, "disposition": "replatform"}, "ready", 100, "xinchuang", [], id="replatformed it fits"),
    pytest.param({**XINCHUANG, "cores": 32}, "blocked", 60, None, ["no-cloud"], id="no Xinchuang capacity"),
    pytest.param({"cloud": "moon"}, "blocked", 60, None, ["no-cloud"], id="a cloud that there is not"),
    pytest.param({"network": "dmz"}, "blocked", 60, None, ["no-cloud"], id="a network that its tenant has not"),
    pytest.param({"security_groups": "web"}, "blocked", 60, None, ["no-cloud"], id="a security group that its tenant has not"),
    pytest.param({"security_groups": "default"}, "ready", 100, "zhengwu", [], id="the group that every tenant has"),
]


@pytest.mark.parametrize(("facts", "readiness", "score", "cloud", "codes"), CASES)
def test_assessment(
    make_system: MakeSystem,
    make_workspace: MakeWorkspace,
    facts: dict[str, object],
    readiness: str,
    score: int,
    cloud: str | None,
    codes: list[str],
) -> None:
    [found] = assess(make_workspace([make_system("roster", **facts)]), TODAY)
    assert (found.readiness, found.score, found.cloud, [finding.code for finding in found.findings]) == (
        readiness,
        score,
        cloud,
        codes,
    )


def only(assessments: tuple[Assessment, ...], name: str) -> Assessment:
    return next(each for each in assessments if each.system == name)


def test_a_refusal_names_every_cloud_and_its_reason(make_system: MakeSystem, make_workspace: MakeWorkspace) -> None:
    [found] = assess(make_workspace([make_system("roster", **XINCHUANG, cores=9, servers=2)]), TODAY)
    assert [finding.message for finding in found.findings] == [
        "no cloud takes it: xinchuang has 16 cores left for education, 18 are needed; zhengwu is no Xinchuang cloud"
    ]


def test_quota_is_used_up_in_the_order_of_the_register_and_by_what_is_there_already(
    make_system: MakeSystem, make_workspace: MakeWorkspace
) -> None:
    systems = [
        make_system("first", cores=6),
        make_system("second", cores=6),
        make_system("there", room=None, cloud="zhengwu", cores=8),
    ]
    found = assess(make_workspace(systems), TODAY)
    assert [(each.system, each.readiness) for each in found] == [
        ("first", Readiness.READY),
        ("second", Readiness.BLOCKED),
        ("there", Readiness.ON_CLOUD),
    ]
    assert "2 cores left for education, 6 are needed" in only(found, "second").findings[0].message


def test_servers_are_booked_in_the_groups_of_their_system(make_system: MakeSystem, make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace([make_system("roster", security_groups="default"), make_system("results")])
    (booked,) = servers(workspace.systems, place(workspace), workspace).values()
    assert [(server.name, server.security_groups) for server in booked] == [("roster-1", ("default",)), ("results-1", ())]


def test_servers_are_booked_per_cloud_and_tenant(make_system: MakeSystem, make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace([make_system("roster", servers=2), make_system("results"), make_system("archive", **XINCHUANG)])
    booked = servers(workspace.systems, place(workspace), workspace)
    assert {key: [(server.name, server.architecture) for server in each] for key, each in booked.items()} == {
        ("zhengwu", "education"): [("roster-1", "x86_64"), ("roster-2", "x86_64"), ("results-1", "x86_64")],
        ("xinchuang", "education"): [("archive-1", "aarch64")],
    }
