"""Ledger, configuration and what was seen, compared: every verdict, and no false alarm over spelling."""

from __future__ import annotations

import re
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunwang.inventories.network import Binding
from yunwang.network.binding import Verdict, port, reconcile


def binding(address: str, mac: str, interface: str | None = "GigabitEthernet0/0/5", vlan: int | None = 110) -> Binding:
    return Binding.model_validate({"device": "yz-acc-1", "mac": mac, "address": address, "interface": interface, "vlan": vlan})


WANT = binding("10.64.110.11", "02:59:57:01:00:01")
SAME = binding("10.64.110.11", "0259-5701-0001", "GE0/0/5")


def verdicts(ledger: list[Binding], configured: list[Binding], observed: list[Binding]) -> list[str]:
    return [row.verdict.value for row in reconcile(ledger, configured, observed).rows]


def test_all_three_agree_in_different_spellings() -> None:
    seen = binding("10.64.110.11", "0259.5701.0001", "Gi0/0/5")
    assert verdicts([WANT], [SAME], [seen]) == ["bound"]


def test_a_platform_without_ports_binds_as_well() -> None:
    anywhere = binding("10.64.110.11", "0259.5701.0001", None, None)
    assert verdicts([WANT], [anywhere], [SAME]) == ["bound"]


def test_an_arp_entry_on_the_vlan_interface_tells_no_port() -> None:
    seen = binding("10.64.110.11", "0259-5701-0001", "Vlanif110", None)
    assert verdicts([WANT], [SAME], [seen]) == ["bound"]


@pytest.mark.parametrize(
    ("configured", "observed", "expected"),
    [
        ([], [SAME], ["missing"]),
        ([SAME], [], ["unplugged"]),
        ([], [], ["missing", "unplugged"]),
        ([binding("10.64.110.11", "0259-57ff-0001")], [SAME], ["differs"]),
        ([binding("10.64.110.11", "0259-5701-0001", "GE0/0/6")], [SAME], ["differs"]),
        ([binding("10.64.110.11", "0259-5701-0001", "GE0/0/5", 120)], [SAME], ["differs"]),
        ([SAME], [binding("10.64.110.11", "0259-57ff-0001")], ["mac-changed"]),
        ([SAME], [binding("10.64.110.99", "0259-5701-0001")], ["ip-changed"]),
        ([SAME], [binding("10.64.110.11", "0259-5701-0001", "GE0/0/9")], ["moved"]),
        ([SAME, binding("10.64.110.77", "0259-5701-0077")], [SAME], ["bound", "stray"]),
        ([SAME], [SAME, binding("10.64.110.88", "0259-5701-0088")], ["bound", "unknown"]),
    ],
)
def test_each_difference_has_its_verdict(configured: list[Binding], observed: list[Binding], expected: list[str]) -> None:
    assert verdicts([WANT], configured, observed) == expected


def test_an_address_that_a_terminal_made_itself_is_no_alarm() -> None:
    slaac = binding("2001:db8:100:110::abcd", "0259-5701-0001")
    assert verdicts([WANT], [SAME], [SAME, slaac]) == ["bound"]


def test_two_claim_one_address_and_the_rightful_one_is_there() -> None:
    thief = binding("10.64.110.11", "0259-57ff-0001", "GE0/0/9")
    assert verdicts([WANT], [SAME], [thief, SAME]) == ["bound"]


def test_the_same_address_on_another_switch_is_another_binding() -> None:
    elsewhere = SAME.model_copy(update={"device": "yz-acc-2"})
    assert verdicts([WANT], [SAME], [elsewhere]) == ["unplugged", "unknown"]


@pytest.mark.parametrize(
    ("spellings", "one"),
    [
        (["GigabitEthernet0/0/5", "GE0/0/5", "GigabitEthernet 0/0/5", "gi0/0/5"], "ge0/0/5"),
        (["XGE1/0/47", "Ten-GigabitEthernet1/0/47", "TenGigabitEthernet1/0/47"], "xge1/0/47"),
    ],
)
def test_a_port_has_one_spelling(spellings: list[str], one: str) -> None:
    assert {port(spelling) for spelling in spellings} == {one}


def test_a_vlan_interface_is_no_port() -> None:
    assert [port(name) for name in ("Vlanif110", "Vlan-interface120", "VLAN 210", "Vlan220", None)] == [None] * 5


MACS = st.integers(0, 2**48 - 1).map(lambda number: f"{number:012x}")
TERMINALS = st.lists(st.tuples(st.integers(1, 254), MACS), unique_by=(lambda one: one[0], lambda one: one[1]), max_size=30)


def spelled(mac: str, style: str) -> str:
    sign, group = {"-": ("-", 4), ".": (".", 4), ":": (":", 2)}[style]
    return sign.join(re.findall("." * group, mac)).upper()


@given(TERMINALS, st.data())
def test_spelling_never_makes_an_alarm(terminals: list[tuple[int, str]], data: st.DataObject) -> None:
    ledger: list[Binding] = []
    configured: list[Binding] = []
    observed: list[Binding] = []
    for host, mac in terminals:
        for account in (ledger, configured, observed):
            style = data.draw(st.sampled_from("-.:"))
            name = data.draw(st.sampled_from(["GE0/0/5", "GigabitEthernet0/0/5", "Gi 0/0/5"]))
            account.append(binding(f"10.0.0.{host}", spelled(mac, style), name))
    counts = reconcile(ledger, configured, observed).counts
    assert counts == dict.fromkeys(Verdict, 0) | {Verdict.BOUND: len(terminals)}


@given(TERMINALS, TERMINALS, TERMINALS)
def test_every_account_is_told_of(one: list[tuple[int, str]], two: list[tuple[int, str]], three: list[tuple[int, str]]) -> None:
    ledger, configured, observed = ([binding(f"10.0.0.{host}", mac) for host, mac in terminals] for terminals in (one, two, three))
    rows = reconcile(ledger, configured, observed).rows
    addresses = {account.address for row in rows for account in (row.ledger, row.configured, row.observed) if account}
    assert addresses == {ip_address(f"10.0.0.{host}") for host, _ in (*one, *two)} | {
        row.observed.address for row in rows if row.observed
    }
    assert {row.subject.address for row in rows if row.ledger} == {binding.address for binding in ledger}
