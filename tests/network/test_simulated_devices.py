"""Patches typed into the simulated devices, which share no code with the engine and refuse what the real ones refuse."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from parts.dialects import DIALECTS, MANAGEMENT, configurations
from parts.typist import booted, runs, shown, typed

from yunwang.inventories.network import Platform
from yunwang.lab.devices import checks
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.tree import Node
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.management import management_path
from yunwang.network.configuration.patch import patch
from yunwang.network.vendors import vendor

EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate]
)


@pytest.mark.parametrize("platform", Platform)
@EXAMPLES
@given(data=st.data())
def test_a_patch_leads_there_its_reverse_back_and_the_way_in_stays_open(platform: Platform, data: st.DataObject) -> None:
    before, after = (data.draw(configurations(platform)) for _ in range(2))
    its = vendor(platform)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for old, new in ((before, after), (after, before)):
            running, intended = parse(old, its.rules), parse(new, its.rules)
            path = management_path(MANAGEMENT, running, intended)
            lines = patch(its, running, intended, management=path).commands()
            device = typed(booted(platform, old, here), lines, watch=way_in(platform))
            assert runs(device) == runs(booted(platform, new, here))
            assert not diff(parse(shown(device), its.rules), intended), "what the device shows means what was intended"


def way_in(platform: Platform) -> Callable[[Device, str], None]:
    """Looks after each line whether one still gets in: an address, a port and a VLAN that lead to it, all that a login needs."""
    its = DIALECTS[platform]

    def look(device: Device, line: str) -> None:
        running = device.running
        mine = [node for node in running.with_fact("interface") if has(node, (f"ip address {MANAGEMENT}",))]
        assert mine, f"no address after {line!r}"
        assert not mine[0].first("shutdown"), f"shut down by {line!r}"
        missing = [path for path in its.needs if not has(running, path)]
        assert not missing, f"{missing} is gone after {line!r}"
        if its.uplink:
            (port,) = [node for node in running.with_fact("interface") if node.line == its.uplink]
            trunk = port.first("trunk-vlans")
            assert not port.first("shutdown")
            assert 99 in checks.vlans(running), f"no VLAN after {line!r}"
            assert trunk is None or 99 in trunk.values["vlans"], f"not on the trunk after {line!r}"  # type: ignore[operator]
        for guard in guards(running, its.guarded):
            assert has(running, (its.guard.format(id=guard), its.admit)), f"filter {guard} lets nobody in after {line!r}"

    return look


def has(node: Node, path: tuple[str, ...]) -> bool:
    """Is there a line that begins so, in views that begin so?"""
    first, *rest = path
    return any(child.line.startswith(first) and (not rest or has(child, tuple(rest))) for child in node.children.values())


def guards(running: Node, guarded: str) -> list[str]:
    """The filters that the terminal lines, or the server, name."""
    begin, _, end = guarded.partition("{id}")
    if not begin:
        return []
    named = re.compile(rf"{re.escape(begin)}(\d+){re.escape(end)}")
    lines = (child.line for node in (running, *running.children.values()) for child in node.children.values())
    return [match[1] for line in lines if (match := named.fullmatch(line))]
