"""The dry run: a device with a candidate is asked and left as it was; no line of configuration reaches any other."""

from __future__ import annotations

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.plan import Change
from yunwang.network.jobs import DualStackJob
from yunwang.network.transport import LineRejected

VRP8, ONE_STAGE = "yz-core-a", ("yz-agg-a", "yz-core-b", "lx-acc-1", "dh-agg-b", "yz-gw-a")


def job(city: Extranet) -> DualStackJob:
    return DualStackJob(city.workspace, timeouts=TIMEOUTS)


def planned(city: Extranet, name: str) -> Change:
    (change,) = job(city).draft({f"device/{name}": job(city).observe(f"device/{name}")}).changes
    return change


def test_device_shows_the_difference_and_keeps_nothing(city: Extranet) -> None:
    change = planned(city, VRP8)
    before = job(city).observe(change.target).facts
    heard = len(city.heard(VRP8))
    said = job(city).rehearse(change)
    assert said.evidence["candidate"]
    assert "+  ipv6 address 2001:DB8:1FE::/127" in str(said.evidence["difference"])
    lines = city.typed(VRP8, heard)
    assert lines[-2:] == ["clear configuration candidate", "return"]
    assert not any(line.startswith(("commit", "save")) for line in lines)
    assert job(city).observe(change.target).facts == before


def test_refusal_is_told_with_its_line(city: Extranet) -> None:
    change = planned(city, VRP8)
    city.fault(VRP8, reject="(?i)2001:db8:1fe::4/127")
    with pytest.raises(LineRejected) as caught:
        job(city).rehearse(change)
    assert caught.value.line == "ipv6 address 2001:db8:1fe::4/127"
    city.sound()
    assert planned(city, VRP8).text == change.text


@pytest.mark.parametrize("name", ONE_STAGE)
def test_one_stage_platform_is_not_even_called(city: Extranet, name: str) -> None:
    change = planned(city, name)
    heard = city.heard(name)
    said = job(city).rehearse(change)
    assert not said.evidence["candidate"]
    assert "would be sent" in said.summary
    assert city.heard(name) == heard


def test_two_stage_platform_whose_prompt_shows_no_candidate_gets_no_line(city: Extranet) -> None:
    change = planned(city, VRP8)
    city.fault(VRP8, one_stage=True)
    heard = len(city.heard(VRP8))
    said = job(city).rehearse(change)
    assert not said.evidence["candidate"]
    assert "its prompt shows no candidate" in said.summary
    lines = city.typed(VRP8, heard)
    assert lines[-2:] == ["system-view", "return"]
    assert set(lines) <= {"screen-length 0 temporary", "system-view", "return"}
