"""The demo's startup configurations boot without a fault and display as they are written; terminals deviate where they should."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

import yunwang.inventories
from yunwang.lab.devices.city import City
from yunwang.lab.devices.render import configuration

FILES = Path(next(iter(yunwang.inventories.__path__))) / "demo" / "files"
NAMES = sorted(path.stem for path in (FILES / "lab" / "devices").glob("*.cfg"))
SECRETS = ("password", "cipher", "secret", "community", "md5")


@pytest.mark.parametrize("name", NAMES)
def test_startup_file_boots_without_a_fault_and_round_trips(name: str, city: City) -> None:
    device = city.devices[name]
    assert device.boot_faults == []
    assert configuration(device, device.running) == device.startup.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_startup_file_is_ipv4_only_and_holds_no_secret(name: str) -> None:
    text = (FILES / "lab" / "devices" / f"{name}.cfg").read_text(encoding="utf-8")
    assert "ipv6" not in text
    asking = ("authentication-type password", "service password-encryption")
    held = [line for line in text.splitlines() if any(word in line for word in SECRETS) and not line.endswith(asking)]
    assert held == []


def test_startup_addresses_are_those_of_the_inventory(city: City) -> None:
    hosts = yaml.safe_load((FILES / "network" / "hosts.yaml").read_text(encoding="utf-8"))["all"]["hosts"]
    assert set(hosts) == set(NAMES)
    for name, host in hosts.items():
        meant = {(one["name"], one["ipv4"]) for one in host["yunwang_interfaces"]}
        real = {(port.name, str(address)) for port in city.devices[name].ports() for address in port.ipv4}
        assert real == meant, name


def test_every_link_is_up_with_an_ospf_neighbour_at_its_end(city: City) -> None:
    for name, device in city.devices.items():
        ends = {link.name for link in city.links if name in (link.a_device, link.b_device)}
        assert len(city.adjacencies(device, 2)) == len(ends), name
        assert city.adjacencies(device, 3) == [], "the city is not dual stack yet"


def test_terminals_are_the_ledgers_but_for_four_surprises() -> None:
    def rows(path: str) -> dict[tuple[str, str], tuple[str, str, str]]:
        with (FILES / path).open(encoding="utf-8", newline="") as file:
            return {(row["device"], row["interface"]): (row["vlan"], row["mac"], row["ipv4"]) for row in csv.DictReader(file)}

    ledger, real = rows("network/terminals.csv"), rows("lab/terminals.csv")
    assert len(ledger) == 100
    places = {place for place in ledger.keys() | real.keys() if ledger.get(place) != real.get(place)}
    assert {place: real.get(place) for place in places} == {
        ("yz-acc-1", "GigabitEthernet0/0/7"): ("110", "02:59:57:ff:00:03", "10.64.110.13"),
        ("yz-acc-2", "GigabitEthernet1/0/11"): ("120", "02:59:57:02:00:07", "10.64.120.200"),
        ("dh-acc-1", "GigabitEthernet 0/25"): ("210", "02:59:57:ee:00:01", "10.65.210.99"),
        ("lx-acc-1", "GigabitEthernet 0/8"): None,
    }
    assert ("dh-acc-1", "GigabitEthernet 0/25") not in ledger


def test_every_terminal_is_seen_by_its_switch(city: City) -> None:
    seen = {(name, host.terminal.interface) for name, device in city.devices.items() for host in city.hosts(device)}
    assert seen == {(terminal.device, terminal.interface) for terminal in city.terminals}
