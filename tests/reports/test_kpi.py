"""The figures: what counts, what does not, and what is said where there is nothing to count or nobody has looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yunwang.inventories.migration import Disposition, System
from yunwang.inventories.network import DedicatedNetwork
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.journal.records import Standing
from yunwang.reports.kpi import NEVER, Evidence, Kpi, kpis

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
IDS = ("on-cloud", "tenants", "dual-stack", "bindings", "dedicated-networks", "rooms")


@pytest.fixture
def city(demo_city: Path) -> Workspace:
    workspace, faults = read(demo_city)
    assert workspace is not None, faults
    return workspace


def seen(job: str, targets: Mapping[str, bool], facts: JsonObject | None = None) -> dict[str, dict[str, Standing]]:
    """What a job last saw: target → in line."""
    standings = {name: Standing(job=job, target=name, in_line=good, at=NOW, facts=facts or {}) for name, good in targets.items()}
    return {job: standings}


def figures(workspace: Workspace, *standings: dict[str, dict[str, Standing]]) -> dict[str, Kpi]:
    merged = {job: targets for each in standings for job, targets in each.items()}
    return {kpi.id: kpi for kpi in kpis(workspace, Evidence(standings=merged))}


def test_an_empty_workspace_has_nothing_to_count_and_no_rate_is_invented(tmp_path: Path) -> None:
    empty = Workspace(root=tmp_path, digest="", settings=Settings(version=1, name="empty", title="空"))
    found = figures(empty)
    assert tuple(found) == IDS
    assert {(kpi.part, kpi.whole, kpi.rate, kpi.percent, kpi.missing) for kpi in found.values()} == {(0, 0, None, "–", ())}


def test_where_nobody_has_looked_nothing_counts_as_done_and_that_is_said(city: Workspace) -> None:
    found = figures(city)
    assert {name: (kpi.part, kpi.whole) for name, kpi in found.items()} == {
        "on-cloud": (4, 12),
        "tenants": (0, 9),
        "dual-stack": (0, 16),
        "bindings": (0, 100),
        "dedicated-networks": (0, 2),
        "rooms": (0, 3),
    }
    assert {name for name, kpi in found.items() if kpi.basis == NEVER} == {"tenants", "dual-stack", "bindings"}


def test_only_what_was_in_line_when_last_looked_at_counts(city: Workspace) -> None:
    devices = {"device/yz-core-a": True, "device/yz-core-b": False, "device/sold-last-year": True}
    stacks = {"stack/zhengwu/finance": True, "stack/xinchuang/finance": False}
    found = figures(city, seen("dual-stack", devices), seen("cloud", stacks))
    assert (found["dual-stack"].part, found["dual-stack"].percent) == (1, "6.2 %")
    assert "device/yz-core-b" in found["dual-stack"].missing
    assert "device/yz-core-a" not in found["dual-stack"].missing
    assert found["tenants"].part == 1


def test_a_system_counts_as_on_the_cloud_once_it_was_seen_there(city: Workspace) -> None:
    moved = seen("cutover", {"system/school-roster": True, "system/exam-results": False, "stack/zhengwu/education-servers": True})
    assert figures(city, moved)["on-cloud"].part == 5
    assert "exam-results" in figures(city, moved)["on-cloud"].missing


def test_classified_systems_and_those_to_be_retired_are_not_due(city: Workspace) -> None:
    def instead(number: int, **facts: object) -> tuple[System, ...]:
        systems = list(city.systems)
        systems[number] = systems[number].model_copy(update=facts)
        return tuple(systems)

    for facts in ({"classified": True}, {"disposition": Disposition.RETIRE}):
        fewer = city.model_copy(update={"systems": instead(0, **facts)})
        assert figures(fewer)["on-cloud"].whole == 11


def test_a_terminal_that_is_missing_or_differs_is_not_bound(city: Workspace) -> None:
    reconciled = seen("reconcile", {"terminals": False}, {"bound": 93, "missing": 4, "differs": 3, "unknown": 7})
    found = figures(city, reconciled)["bindings"]
    assert (found.part, found.percent) == (93, "93.0 %")
    assert found.basis != NEVER


def test_dedicated_networks_count_by_the_register(city: Workspace) -> None:
    networks = [network.model_dump() for network in city.dedicated_networks]
    networks[0]["state"] = "integrated"
    done = city.model_copy(update={"dedicated_networks": tuple(DedicatedNetwork.model_validate(network) for network in networks)})
    assert figures(done)["dedicated-networks"].percent == "50.0 %"
