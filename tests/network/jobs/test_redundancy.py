"""No wave may put a site at risk: proved on drawn networks, and on plans that somebody wrote over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from yunwang.inventories.network import Device, Level, Link, Plane, Role, Site
from yunwang.inventories.plan import Action, Change, Plan, Wave
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.network.jobs.order import waves
from yunwang.network.jobs.redundancy import Redundancy, Upstream, prove


def device(name: str, site: str, role: Role = Role.ACCESS, plane: Plane = Plane.A) -> Device:
    return Device.model_validate(
        {
            "name": name,
            "platform": "frr",
            "site": site,
            "plane": plane,
            "role": role,
            "host": name,
            "username": "u",
            "password": "env://P",
        }
    )


def network(devices: Sequence[Device], links: Sequence[tuple[str, str]]) -> Workspace:
    sites = [Site(name=name, title=name, level=Level.COUNTY) for name in dict.fromkeys(one.site for one in devices)]
    made = [
        Link(name=f"{a}-{b}", plane=Plane.A, a_device=a, a_interface=b, b_device=b, b_interface=a, bandwidth_mbps=1)
        for a, b in links
    ]
    settings = Settings(version=2, name="drawn", title="drawn")
    return Workspace(
        root=Path("/nowhere"), digest="", settings=settings, sites=tuple(sites), devices=tuple(devices), links=tuple(made)
    )


def planned(workspace: Workspace, *together: Sequence[str]) -> Plan:
    changes = [
        Change(id=f"device-{name}", target=f"device/{name}", action=Action.UPDATE, summary="")
        for names in together
        for name in names
    ]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    order = [Wave(name=f"of {len(names)}", changes=tuple(f"device-{name}" for name in names)) for names in together]
    return Plan(
        job="j",
        title="",
        workspace="w",
        intent="",
        operator="o",
        created=now,
        expires=now,
        changes=tuple(changes),
        waves=tuple(order),
    )


CORE = device("core", "city", Role.CORE)
CHAIN = network([CORE, device("agg", "county"), device("acc", "township")], [("core", "agg"), ("agg", "acc")])
"""One way to everybody."""
DIAMOND = network(
    [CORE, device("left", "west"), device("right", "east"), device("acc", "township")],
    [("core", "left"), ("core", "right"), ("left", "acc"), ("right", "acc")],
)
"""Two ways to the township."""


def test_planes_of_a_site_are_not_changed_at_once() -> None:
    both = network([CORE, device("a", "county"), device("b", "county", plane=Plane.B)], [("core", "a"), ("core", "b")])
    assert "both planes of site county" in Redundancy(both).objection(["a", "b"])
    assert not Redundancy(both).objection(["a"])


def test_both_ends_of_the_last_way_are_not_changed_at_once() -> None:
    assert Redundancy(CHAIN).objection(["agg", "acc"]) == "acc and agg lie on the last way to site township"
    assert not Redundancy(CHAIN).objection(["acc"])


def test_two_that_together_cut_a_third_off_are_not_changed_at_once() -> None:
    assert "township" in Redundancy(DIAMOND).objection(["left", "right"])
    assert not Redundancy(DIAMOND).objection(["left", "acc"])


def test_waves_are_cut_where_a_whole_one_would_cut_a_site_off() -> None:
    cut = [[one.removeprefix("device-") for one in wave.changes] for wave in waves(DIAMOND, ["left", "right", "acc", "core"])]
    assert all(not {"left", "right"} <= set(wave) for wave in cut)
    assert sorted(name for wave in cut for name in wave) == ["acc", "core", "left", "right"]


def test_plan_whose_waves_somebody_wrote_together_is_refused_with_the_wave() -> None:
    [finding] = prove(CHAIN, planned(CHAIN, ["core"], ["agg", "acc"]))
    assert (finding.code, finding.severity) == ("wave-breaks-redundancy", "error")
    assert "wave of 2: acc and agg" in finding.message
    assert list(prove(CHAIN, planned(CHAIN, ["core"], ["agg"], ["acc"]))) == []


def test_plan_for_a_device_that_is_gone_is_refused() -> None:
    [finding] = prove(CHAIN, planned(CHAIN, ["nobody"]))
    assert "nobody" in finding.message


def test_way_to_the_core_stays_in_its_plane_where_it_can() -> None:
    devices = [CORE, device("b", "county", plane=Plane.B), device("a", "county"), device("acc", "township")]
    workspace = network(devices, [("core", "b"), ("b", "acc"), ("core", "a"), ("a", "acc")])
    assert Upstream(workspace).of("acc") == ("a", "core")
    assert Upstream(workspace, {"a"}).of("acc") == ("b", "core")
    assert Upstream(workspace, {"a", "b"}).of("acc") is None
    assert Upstream(workspace).of("core") == ()


@st.composite
def networks(draw: st.DrawFn) -> Workspace:
    count = draw(st.integers(2, 9))
    devices = [CORE] + [
        device(f"d{number}", f"s{draw(st.integers(0, 4))}", draw(st.sampled_from(Role)), draw(st.sampled_from(Plane)))
        for number in range(count)
    ]
    names = [one.name for one in devices]
    pairs = draw(
        st.sets(st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] < pair[1]), max_size=14)
    )
    return network(devices, sorted(pairs))


@settings(deadline=None)
@given(networks())
def test_what_is_drawn_up_is_always_proved(workspace: Workspace) -> None:
    made = waves(workspace, workspace.device_names)
    assert sorted(one for wave in made for one in wave.changes) == sorted(f"device-{name}" for name in workspace.device_names)
    together = [[one.removeprefix("device-") for one in wave.changes] for wave in made]
    assert list(prove(workspace, planned(workspace, *together))) == []


@settings(deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_a_wave_has_all_that_fit_one_by_one(workspace: Workspace, luck: Random) -> None:
    redundancy, names = Redundancy(workspace), sorted(workspace.device_names)
    luck.shuffle(names)
    wave = names[:1]
    for name in names[1:]:
        if not redundancy.objection([*wave, name]):
            wave.append(name)
    assert redundancy.fitting(names) == wave


@settings(deadline=None)
@given(networks(), st.data())
def test_a_wave_is_allowed_if_each_site_falls_by_one_device_or_by_none(workspace: Workspace, data: st.DataObject) -> None:
    """By trying every part of the wave."""
    chosen = data.draw(st.sets(st.sampled_from(sorted(workspace.device_names)), min_size=1, max_size=4))
    planes: dict[str, set[Plane]] = {}
    for name in chosen:
        planes.setdefault(workspace.device(name).site, set()).add(workspace.device(name).plane)
    down = {frozenset(part): served(workspace, part) for part in parts(sorted(chosen))}
    risky = any(
        site not in up and site in down[frozenset()] and sum(minimal(down, part, site) for part in down) != 1
        for part, up in down.items()
        for site in down[frozenset()]
    ) or any(minimal(down, part, site) and len(part) > 1 for part in down for site in down[frozenset()])
    assert bool(Redundancy(workspace).objection(sorted(chosen))) == (risky or any(len(each) > 1 for each in planes.values()))


def parts(names: list[str]) -> list[list[str]]:
    return [[name for bit, name in enumerate(names) if number >> bit & 1] for number in range(1 << len(names))]


def minimal(down: dict[frozenset[str], frozenset[str]], part: frozenset[str], site: str) -> bool:
    """Does a site fall with this part, and with no smaller one of it?"""
    return site not in down[part] and all(site in down[part - {name}] for name in part)


def served(workspace: Workspace, gone: list[str]) -> frozenset[str]:
    """The sites that reach a core without these devices, found step by step."""
    reached = {one.name for one in workspace.devices if one.role is Role.CORE and one.name not in gone}
    while True:
        near = {
            b
            for link in workspace.links
            for a, b in ((link.a_device, link.b_device), (link.b_device, link.a_device))
            if a in reached
        }
        if near - reached - set(gone) == set():
            return frozenset(workspace.device(name).site for name in reached)
        reached |= near - set(gone)
