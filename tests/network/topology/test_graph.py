"""What fails with what, what links carry then, and the picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from ipaddress import IPv6Network
from itertools import combinations
from pathlib import Path

import pytest

from yunwang.inventories.demo import write
from yunwang.inventories.network import Device, Level, Link, Plane, Platform, Role, Site
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.network.topology import picture
from yunwang.network.topology.graph import Element, Failure, Topology
from yunwang.network.topology.load import Loads


def device(name: str, where: str, plane: str, role: Role = Role.ACCESS, *risks: str) -> Device:
    return Device(
        name=name,
        platform=Platform.FRR,
        site=where,
        plane=Plane(plane),
        role=role,
        host="192.0.2.1",
        username="u",
        password="env://P",
        risks=risks,
    )


def link(a: str, b: str, plane: str, load: int | None = None, *risks: str, bandwidth: int = 1000) -> Link:
    return Link(
        name=f"{a}-{b}",
        plane=Plane(plane),
        a_device=a,
        a_interface=b,
        b_device=b,
        b_interface=a,
        bandwidth_mbps=bandwidth,
        load_mbps=load,
        risks=risks,
    )


def workspace(devices: list[Device], links: list[Link]) -> Workspace:
    names = dict.fromkeys(device.site for device in devices)
    return Workspace(
        root=Path(),
        digest="",
        settings=Settings(version=1, name="t", title='town "T" & <co>'),
        sites=tuple(
            Site(name=name, title=f"site <{name}>", level=Level.COUNTY, ipv6=IPv6Network("2001:db8::/48")) for name in names
        ),
        devices=tuple(devices),
        links=tuple(links),
    )


def town(*risks: str) -> Workspace:
    """Two cores, a site on both planes, one on plane A alone; `risks` are on a line of each plane."""
    devices = [
        device("core-a", "city", "a", Role.CORE),
        device("core-b", "city", "b", Role.CORE),
        device("d-a", "both", "a"),
        device("d-b", "both", "b"),
        device("one", "single", "a"),
    ]
    links = [
        link("core-a", "d-a", "a", 400, *risks),
        link("core-b", "d-b", "b", 500, *risks),
        link("d-a", "one", "a", 100),
        link("core-a", "core-b", "a", None),
    ]
    return workspace(devices, links)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("city") / "demo"
    write(folder)
    found, findings = read(folder)
    assert found is not None, findings
    return found


def failures(topology: Topology) -> dict[Element, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {failure.element: (failure.sites, failure.devices) for failure in topology.failures()}


def test_a_site_loses_service_with_what_all_its_ways_pass() -> None:
    found = failures(Topology(town()))
    assert found["device", "d-a"] == (("single",), ("one",))
    assert found["link", "d-a-one"] == (("single",), ("one",))
    assert found["device", "one"] == (("single",), ())
    assert found["plane", "a"] == (("single",), ())
    assert ("link", "core-a-core-b") not in found
    assert ("plane", "b") not in found


def test_dominators_say_what_trying_every_failure_says(city: Workspace) -> None:
    for topology in (Topology(city), Topology(town())):
        tried: set[Failure] = set()
        for element in (*(("device", name) for name in topology.devices), *(("link", name) for name in topology.links)):
            down = topology.without({element})
            if down.sites or down.devices:
                tried.add(down)
        assert set(topology.single()) == tried


def test_planes_that_share_a_risk_are_not_disjoint() -> None:
    (finding,) = [one for one in Topology(town("bridge")).check() if one.code == "shared-risk"]
    assert finding.severity == "error"
    assert "it takes service from both, single" in finding.message
    assert not [one for one in Topology(town()).check() if one.severity == "error"]
    assert failures(Topology(town("bridge")))["risk", "bridge"][0] == ("both", "single")


def test_a_shared_risk_that_takes_no_site_is_a_warning() -> None:
    both = town()
    devices = (
        *(one.model_copy(update={"risks": ("feed",)}) if one.name == "d-b" else one for one in both.devices[:4]),
        device("one", "single", "a", Role.ACCESS, "feed"),
        device("two", "single", "b"),
    )
    made = both.revised(devices=devices, links=(*both.links, link("core-b", "two", "b")))
    (finding,) = [one for one in Topology(made).check() if one.code == "shared-risk"]
    assert finding.severity == "warning"


def test_a_site_that_leans_on_the_other_plane_is_told() -> None:
    devices = [device("core-a", "city", "a", Role.CORE), device("d-a", "both", "a"), device("d-b", "both", "b")]
    codes = {one.code for one in Topology(workspace(devices, [link("core-a", "d-a", "a"), link("d-a", "d-b", "a")])).check()}
    assert {"planes-not-disjoint", "single-point", "one-plane"} <= codes


def test_no_core_and_no_way_are_told() -> None:
    assert next(iter(Topology(workspace([device("d", "s", "a")], [])).check())).code == "no-core"
    lonely = workspace([device("core", "city", "a", Role.CORE), device("d", "s", "a")], [])
    assert "no-service" in {one.code for one in Topology(lonely).check()}


def test_what_a_failed_line_carried_takes_the_way_that_is_left() -> None:
    ring = workspace(
        [device("core", "city", "a", Role.CORE), device("x", "x", "a"), device("y", "y", "a")],
        [link("core", "x", "a", 600), link("core", "y", "a", 300), link("x", "y", "a", 0)],
    )
    loads = Loads(Topology(ring))
    assert loads.needs == {"x": 600, "y": 300}
    assert loads.after({("link", "core-x")}) == {"core-y": 900.0, "x-y": 600.0}
    worst = {one.link: one for one in loads.worst()}
    assert (worst["core-y"].worst, worst["core-y"].cause, worst["core-y"].wanted) == (900.0, ("link", "core-x"), 10_000)
    assert worst["x-y"].wanted is None
    assert [one.link for one in loads.worst()] == ["core-x", "core-y", "x-y"]


def test_users_of_a_failed_device_go_to_another_of_their_site() -> None:
    after = Loads(Topology(town())).after(Topology(town()).plane(Plane.A))
    assert after == {"core-b-d-b": 800.0}, "400 less the 100 of the site that has no other way"


def test_no_usual_rate_is_enough_and_nothing_measured() -> None:
    full = workspace(
        [device("core", "city", "a", Role.CORE), device("x", "x", "a")], [link("core", "x", "a", 790_000, bandwidth=800_000)]
    )
    assert [one.wanted for one in Loads(Topology(full)).worst()] == [0]
    bare = workspace([device("core", "city", "a", Role.CORE), device("x", "x", "a")], [link("core", "x", "a")])
    assert [(one.worst, one.wanted) for one in Loads(Topology(bare)).worst()] == [(0.0, None)]


def test_the_demos_fullest_lines_want_an_upgrade(city: Workspace) -> None:
    worst = Loads(Topology(city)).worst()
    assert worst[0].utilisation > 1
    assert worst[0].wanted == 10_000
    assert all(one.utilisation <= 0.7 for one in worst if one.wanted is None)


def test_the_picture_is_sound_readable_and_the_same_every_time(city: Workspace) -> None:
    for made in (city, town()):
        text = picture.svg(Topology(made))
        assert text == picture.svg(Topology(made))
        drawn = ET.fromstring(text)
        names = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert {one.name for one in made.devices} <= set(names)
        boxes = [
            (float(box.attrib["x"]), float(box.attrib["y"]))
            for box in drawn.iter("{http://www.w3.org/2000/svg}rect")
            if "rx" in box.attrib
        ]
        assert len(boxes) == len(made.devices)
        assert not [
            pair
            for pair in combinations(boxes, 2)
            if abs(pair[0][0] - pair[1][0]) < picture.WIDTH and abs(pair[0][1] - pair[1][1]) < picture.HEIGHT
        ], "no box lies over another"


def test_what_reaches_no_core_is_drawn_below() -> None:
    lonely = workspace([device("core", "city", "a", Role.CORE), device("d", "s", "a")], [])
    assert "d</text>" in picture.svg(Topology(lonely))


def test_mermaid_has_a_box_a_site_and_a_line_a_link() -> None:
    text = picture.mermaid(Topology(town()))
    assert text.startswith("flowchart TD\n")
    assert '  subgraph both["site <both>"]' in text
    assert "  core-a ---|1G 40%| d-a" in text
    assert text.count("---|") == 4
