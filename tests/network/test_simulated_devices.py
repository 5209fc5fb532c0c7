"""Patches typed into the simulated devices, which share no code with the engine and refuse what the real ones refuse."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from parts.dialects import MANAGEMENT, configurations
from parts.typist import booted, runs, shown, typed

from yunwang.inventories.network import Platform
from yunwang.lab.devices.device import Device
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.management import management_path
from yunwang.network.configuration.patch import patch
from yunwang.network.vendors import vendor

EXAMPLES = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate]
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
            device = typed(booted(platform, old, here), lines, watch=way_in)
            assert runs(device) == runs(booted(platform, new, here))
            assert not diff(parse(shown(device), its.rules), intended), "what the device shows means what was intended"


def way_in(device: Device, line: str) -> None:
    """The management interface has its address."""
    assert any(
        child.line.startswith(f"ip address {MANAGEMENT}")
        for interface in device.running.with_fact("interface")
        for child in interface.children.values()
    ), f"cut off by {line!r}"
