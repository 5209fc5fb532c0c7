"""The demo city's sixteen devices: every one gets its IPv6 half, once, and can give it back."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Interface

import pytest

from yunwang.inventories.demo import write
from yunwang.inventories.network import Device
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.network import binding
from yunwang.network.addresses.book import Book
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.patch import patch
from yunwang.network.design import dual_stack
from yunwang.network.vendors import vendor

DEVICES = [
    *("yz-core-a", "yz-core-b", "yz-agg-a", "yz-agg-b", "yz-acc-1", "yz-acc-2", "yz-gw-a", "yz-gw-b"),
    *("dh-agg-a", "dh-agg-b", "dh-acc-1", "dh-acc-2", "xl-agg-a", "xl-agg-b", "lx-acc-1", "sq-acc-1"),
]
ACCESS = [name for name in DEVICES if "-acc-" in name]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("city") / "demo"
    write(folder)
    workspace, findings = read(folder)
    assert workspace is not None, findings
    return workspace


def startup(city: Workspace, name: str) -> tuple[Device, Config]:
    device = city.device(name)
    text = (city.root / "lab" / "devices" / f"{name}.cfg").read_text(encoding="utf-8")
    return device, parse(text, vendor(device.platform).rules)


def test_the_demos_address_plan_is_sound(city: Workspace) -> None:
    assert not Book.of(city).check()


@pytest.mark.parametrize("name", DEVICES)
def test_a_startup_configuration_is_read_whole(city: Workspace, name: str) -> None:
    device, running = startup(city, name)
    assert running.complete
    assert running.header, "the software version is in it"
    again = parse(running.render(), vendor(device.platform).rules)
    assert list(again.lines()) == list(running.lines())
    assert not dual_stack.check(city, device, running)


@pytest.mark.parametrize("name", DEVICES)
def test_every_interface_gets_its_address_and_the_way_back_is_exact(city: Workspace, name: str) -> None:
    device, running = startup(city, name)
    its = vendor(device.platform)
    intended = dual_stack.intend(city, device, running)
    lines = patch(its, running, intended).commands()
    planned = {place: address for place, address in Book.of(city).addresses.items() if place[0] == name}
    assert {place[1] for place in planned} == {interface.name for interface in device.interfaces}
    for address in planned.values():
        assert f"ipv6 address {address}" in lines
    assert not [line for line in lines if line.startswith(("undo ", "no ")) and "nd" not in line], "nothing of IPv4 is touched"
    assert not diff(intended, dual_stack.intend(city, device, intended)), "a second time changes nothing"
    assert not diff(parse(intended.render(), its.rules), intended)
    back = patch(its, intended, running)
    assert back
    assert len(back.lines) <= len(patch(its, running, intended).lines)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("yz-acc-1", "undo ipv6 nd ra halt"),
        ("yz-acc-2", "undo ipv6 nd ra halt"),
        ("dh-acc-1", "no ipv6 nd suppress-ra"),
        ("lx-acc-1", "no ipv6 nd suppress-ra"),
        ("sq-acc-1", "no ipv6 nd suppress-ra"),
    ],
)
def test_terminals_hear_router_advertisements_last(city: Workspace, name: str, words: str) -> None:
    device, running = startup(city, name)
    lines = patch(vendor(device.platform), running, dual_stack.intend(city, device, running)).lines
    told = [line for line in lines if line.text == words]
    assert len(told) == 1, "only the terminals' VLAN"
    inside = [line.text for line in lines if line.view == told[0].view and not line.leaves_view]
    assert inside[-1] == words


def test_ios_keeps_quiet_on_links_and_talks_to_terminals(city: Workspace) -> None:
    device, running = startup(city, "dh-acc-2")
    text = patch(vendor(device.platform), running, dual_stack.intend(city, device, running)).text()
    assert text.count("ipv6 nd ra suppress") == 1
    assert "interface GigabitEthernet1/0/1\n ipv6 enable\n" in text


def test_ospfv3_runs_as_ospfv2_does(city: Workspace) -> None:
    device, running = startup(city, "yz-acc-1")
    by_name = {interface.name: interface for interface in dual_stack.design(city, device, running).interfaces}
    link, terminals = by_name["GigabitEthernet0/0/1"], by_name["Vlanif110"]
    assert (link.area, link.point_to_point, link.silent) == (IPv4Address(0), True, False)
    assert (terminals.area, terminals.point_to_point, terminals.silent) == (IPv4Address(0), False, True)
    assert terminals.address == IPv6Interface("2001:db8:100:110::1/64")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("!Software Version V300R023C00SPC500", "ipv6 nd ra halt disable"),
        ("!Software Version V800R012C10", "undo ipv6 nd ra halt"),
        ("!Software Version V600R025C00", "undo ipv6 nd ra halt"),
    ],
)
def test_the_software_version_decides_the_words_for_advertisements(city: Workspace, header: str, words: str) -> None:
    device = city.device("yz-core-a")
    interfaces = (*device.interfaces[:1], device.interfaces[1].model_copy(update={"terminals": True}))
    device = device.model_copy(update={"interfaces": interfaces})
    running = parse(f"{header}\n#\ninterface GE1/0/1\n ip address 10.64.254.1 30\n#\nreturn\n", vendor(device.platform).rules)
    assert words in dual_stack.intend(city, device, running).view("interface GE1/0/1")


def test_what_gets_no_ipv6_is_said(city: Workspace) -> None:
    device, running = startup(city, "yz-agg-a")
    text = running.render().replace("interface GigabitEthernet0/0/2\n", "interface GigabitEthernet0/0/7\n")
    findings = dual_stack.check(city, device, parse(text, running.rules))
    assert [finding.message.partition(": ")[2] for finding in findings] == [
        "GigabitEthernet0/0/2 is not on the device",
        "GigabitEthernet0/0/7 routes IPv4 but is not in the inventory",
    ]


def test_no_address_plan_is_told(city: Workspace) -> None:
    device, running = startup(city, "yz-agg-a")
    with pytest.raises(Fatal, match="no address plan"):
        dual_stack.intend(city.model_copy(update={"address_plan": None}), device, running)


@pytest.mark.parametrize("name", ACCESS)
def test_the_ledger_becomes_lines_and_is_read_from_them_again(city: Workspace, name: str) -> None:
    device, running = startup(city, name)
    its = vendor(device.platform)
    ledger = binding.ledger(city, device)
    intended = binding.intend(city, device, running)
    assert ledger
    assert not binding.unsupported(city, device)
    assert sum("bind" in line for line in patch(its, running, intended).commands()) == len(ledger)
    assert sum("bind" in line for line in patch(its, intended, running).commands()) == len(ledger)
    counts = binding.reconcile(ledger, binding.configured(device, intended), ()).counts
    assert counts[binding.Verdict.MISSING] == counts[binding.Verdict.DIFFERS] == counts[binding.Verdict.STRAY] == 0
    assert not diff(intended, binding.intend(city, device, intended))


def test_strays_stay_unless_told_otherwise(city: Workspace) -> None:
    device, running = startup(city, "yz-acc-1")
    stray = "user-bind static ip-address 10.64.110.250 mac-address 0259-5701-00fa"
    running = running.overlay(parse(stray, running.rules))
    assert stray in binding.intend(city, device, running).tree
    assert stray not in binding.intend(city, device, running, remove_strays=True).tree


def test_a_binding_that_the_platform_cannot_write_is_said(city: Workspace) -> None:
    device, _ = startup(city, "dh-acc-1")
    six = city.terminals[0].model_copy(update={"device": "dh-acc-1", "ipv6": IPv6Interface("2001:db8::1/128").ip})
    findings = binding.unsupported(city.model_copy(update={"terminals": (six,)}), device)
    assert [finding.code for finding in findings] == ["binding-unsupported"]
