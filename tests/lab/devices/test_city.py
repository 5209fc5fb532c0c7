"""What devices see of each other follows from both ends' configurations."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Protocol

from yunwang.lab.devices.city import City


class Console(Protocol):
    def type(self, text: str) -> str: ...


Open = Callable[[str], Console]
VRP8 = (
    "system-view\nospfv3 1\nrouter-id 10.64.255.1\ninterface GE1/0/1\nipv6 enable\n"
    "ipv6 address 2001:db8:1fe::/127\nospfv3 1 area 0\ncommit\n"
)
VRP5 = (
    "system-view\nipv6\nospfv3 1\nrouter-id 10.64.255.3\ninterface GigabitEthernet0/0/1\nipv6 enable\n"
    "ipv6 address 2001:db8:1fe::1/127\nospfv3 1 area 0\n"
)


def test_ospfv3_is_full_only_when_both_ends_run_it(city: City, console: Open) -> None:
    core, agg = console("yz-core-a"), console("yz-agg-a")
    core.type(VRP8)
    assert "Full" not in core.type("display ospfv3 peer\n")
    agg.type(VRP5)
    assert "10.64.255.3       1  Full" in core.type("display ospfv3 peer\n")
    assert "10.64.255.1       1  Full" in agg.type("display ospfv3 peer\n")
    agg.type("undo ospfv3 1 area 0\n")
    assert "Full" not in core.type("display ospfv3 peer\n")


def test_ping_is_answered_once_there_is_a_way_and_a_way_back(city: City, console: Open) -> None:
    core, agg = console("yz-core-a"), console("yz-agg-a")
    core.type(VRP8)
    assert "100.00% packet loss" in core.type("ping ipv6 2001:db8:1fe::1\n")
    agg.type(VRP5)
    assert "0.00% packet loss" in core.type("ping ipv6 2001:db8:1fe::1\n")
    agg.type("interface LoopBack0\nipv6 enable\nipv6 address 2001:db8:1ff::3/128\n")
    assert "100.00% packet loss" in core.type("ping ipv6 2001:db8:1ff::3\n")
    agg.type("ospfv3 1 area 0\n")
    assert "0.00% packet loss" in core.type("ping ipv6 2001:db8:1ff::3\n")


def test_a_shut_interface_takes_the_line_down_at_both_ends(city: City, console: Open) -> None:
    near, far = city.devices["yz-acc-1"], city.devices["yz-core-a"]
    assert city.reaches(far, ip_address("10.64.110.1"))
    console("yz-acc-1").type("system-view\ninterface GigabitEthernet0/0/1\nshutdown\n")
    assert not city.reaches(far, ip_address("10.64.110.1"))
    aggregation = city.devices["yz-agg-a"].port("GigabitEthernet0/0/2")
    assert aggregation is not None
    assert not aggregation.up
    assert city.adjacencies(near, 2) == []


def test_planes_reach_each_other_through_the_gateways_alone(city: City, console: Open) -> None:
    core = city.devices["yz-core-a"]
    assert city.reaches(core, ip_address("10.66.110.1"))
    assert city.reaches(core, ip_address("10.66.120.1"))
    console("yz-gw-a").type("configure terminal\ninterface eth2\nshutdown\n")
    assert city.reaches(core, ip_address("10.66.110.1"))
    assert not city.reaches(core, ip_address("10.66.120.1"))


def test_terminals_speak_ipv6_when_their_gateway_does_and_take_an_address_when_it_advertises(city: City, console: Open) -> None:
    switch = console("yz-acc-2")
    assert "0259-5702-0001" not in switch.type("display ipv6 neighbors all\n")
    switch.type("system-view\ninterface Vlan-interface120\nipv6 address 2001:db8:100:120::1/64\n")
    shown = switch.type("display ipv6 neighbors all\n")
    assert "FE80::59:57FF:FE02:1      0259-5702-0001 120" in shown
    assert "2001:DB8:100:120:59:57FF:FE02:1" not in shown
    switch.type("undo ipv6 nd ra halt\n")
    assert "2001:DB8:100:120:59:57FF:FE02:1 0259-5702-0001 120" in switch.type("display ipv6 neighbors all\n")


def test_ios_advertises_from_the_first_address_on(city: City, console: Open) -> None:
    switch = console("dh-acc-2")
    switch.type("configure terminal\ninterface Vlan220\nipv6 address 2001:db8:110:220::1/64\nend\n")
    assert "2001:DB8:110:220:59:57FF:FE04:1" in switch.type("show ipv6 neighbors\n")
    switch.type("configure terminal\ninterface Vlan220\nipv6 nd ra suppress\nend\n")
    assert "2001:DB8:110:220:59:57FF:FE04:1" not in switch.type("show ipv6 neighbors\n")


def test_a_port_in_another_vlan_loses_its_terminal(city: City, console: Open) -> None:
    switch = console("yz-acc-1")
    assert "0259-5701-0001" in switch.type("display mac-address\n")
    switch.type("system-view\ninterface GigabitEthernet0/0/5\nport default vlan 999\n")
    assert "0259-5701-0001" not in switch.type("display mac-address\n")
    assert "0259-5701-0001" not in switch.type("display arp all\n")


def test_what_was_not_saved_is_gone_after_a_reboot(city: City, console: Open) -> None:
    console("yz-acc-2").type("system-view\nsysname saved\nsave force\nsysname lost\n")
    device = city.devices["yz-acc-2"]
    assert device.hostname == "lost"
    device.boot()
    assert device.hostname == "saved"


def test_a_commit_is_replayed_on_what_another_session_committed_and_may_fail(city: City, console: Open) -> None:
    first, second = console("yz-core-a"), console("yz-core-a")
    first.type("system-view\nvlan 50\ncommit\nquit\n")
    second.type("system-view\ninterface Vlanif50\nquit\nsysname yz-core-y\n")
    first.type("undo vlan 50\nsysname yz-core-x\ncommit\n")
    said = second.type("commit\n")
    assert "Error: The VLAN does not exist." in said
    assert "Failed to generate committed config" in said
    assert city.devices["yz-core-a"].hostname == "yz-core-x"
    second.type("clear configuration candidate\nsysname yz-core-y\ncommit\n")
    assert city.devices["yz-core-a"].hostname == "yz-core-y"
