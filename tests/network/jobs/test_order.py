"""Waves that a network engineer would sign: a canary, plane A before plane B, outwards from the core."""

from __future__ import annotations

from yunwang.inventories.workspace import Workspace
from yunwang.network.jobs.order import waves


def planned(paper: Workspace) -> list[list[str]]:
    return [[change.removeprefix("device-") for change in wave.changes] for wave in waves(paper, paper.device_names)]


def test_the_whole_city(paper: Workspace) -> None:
    assert planned(paper) == [
        ["xl-agg-a"],
        ["yz-core-a"],
        ["yz-agg-a", "yz-gw-a"],
        ["dh-agg-a"],
        ["yz-acc-1"],
        ["dh-acc-1"],
        ["lx-acc-1"],
        ["yz-core-b"],
        ["yz-agg-b", "yz-gw-b"],
        ["dh-agg-b", "xl-agg-b"],
        ["yz-acc-2"],
        ["dh-acc-2"],
        ["sq-acc-1"],
    ]


def test_no_wave_touches_both_planes(paper: Workspace) -> None:
    for wave in planned(paper):
        assert len({paper.device(name).plane for name in wave}) == 1


def test_canary_has_no_terminals_behind_it(paper: Workspace) -> None:
    [canary] = planned(paper)[0]
    assert not any(interface.terminals for interface in paper.device(canary).interfaces)


def test_every_device_has_its_wave_once(paper: Workspace) -> None:
    names = [name for wave in planned(paper) for name in wave]
    assert sorted(names) == sorted(paper.device_names)


def test_nothing_to_do_is_no_wave(paper: Workspace) -> None:
    assert waves(paper, ()) == ()
