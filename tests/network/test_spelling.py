"""Interface names in the short forms that devices show, and written with a space or in other letters; per platform."""

from __future__ import annotations

import pytest

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.diff import diff
from yunwang.network.spelling import names
from yunwang.network.vendors import vendor

SAME = {
    "huawei_vrp": [
        ("GigabitEthernet0/0/1", "GE0/0/1"),
        ("XGigabitEthernet0/0/1", "XGE0/0/1"),
        ("LoopBack0", "Loop0"),
        ("Eth-Trunk1", "Eth-Trunk 1"),
        ("Vlanif10", "vlanif 10"),
        ("Virtual-Template1", "VT1"),
    ],
    "huawei_vrpv8": [("Vbdif10", "vbdif10"), ("Nve1", "nve 1")],
    "hp_comware": [
        ("Ten-GigabitEthernet1/0/49", "XGE1/0/49"),
        ("Twenty-FiveGigE1/0/1", "WGE1/0/1"),
        ("FortyGigE1/0/1", "FGE1/0/1"),
        ("HundredGigE1/0/1", "HGE1/0/1"),
        ("Vlan-interface10", "Vlan10"),
        ("Bridge-Aggregation1", "BAGG1"),
        ("Route-Aggregation1", "RAGG1"),
        ("InLoopBack0", "InLoop0"),
        ("Tunnel1", "Tun1"),
        ("M-GigabitEthernet0/0/0", "MGE0/0/0"),
    ],
    "cisco_ios": [
        ("TwentyFiveGigE1/0/1", "Twe1/0/1"),
        ("TwoGigabitEthernet1/0/1", "Tw1/0/1"),
        ("HundredGigE1/0/49", "Hu1/0/49"),
        ("FortyGigabitEthernet1/1/1", "Fo1/1/1"),
        ("TenGigabitEthernet1/1/1", "Te1/1/1"),
        ("Port-channel1", "Po1"),
        ("Tunnel0", "Tu0"),
        ("Serial0/0/0", "Se0/0/0"),
        ("BDI10", "BD10"),
        ("nve1", "nv1"),
    ],
    "ruijie_os": [
        ("GigabitEthernet 0/1", "Gi0/1"),
        ("AggregatePort 1", "Ag1"),
        ("VLAN 10", "Vl10"),
        ("HundredGigabitEthernet 0/49", "Hu0/49"),
        ("Mgmt 0", "Mg0"),
    ],
}


@pytest.mark.parametrize(("platform", "full", "short"), [(platform, *pair) for platform, pairs in SAME.items() for pair in pairs])
def test_a_short_name_is_the_full_one(platform: str, full: str, short: str) -> None:
    rules = vendor(Platform(platform)).rules
    assert rules.full_name(short) == rules.full_name(full) == full.replace(" ", "")
    shown, typed = (parse(f"interface {name}\n description to the core\n", rules) for name in (full, short))
    assert not diff(shown, typed)


@pytest.mark.parametrize("text", ["WAGE1", "Site1/0/1", "Tower 5", "10.1.1.1", "Gi"])
def test_what_is_no_interface_stays(text: str) -> None:
    assert vendor(Platform.CISCO_IOS).rules.full_name(text) == text


def test_names_of_types_with_their_short_ones() -> None:
    assert names("LoopBack Loop, Vlanif") == (("LoopBack", "LoopBack"), ("Loop", "LoopBack"), ("Vlanif", "Vlanif"))
