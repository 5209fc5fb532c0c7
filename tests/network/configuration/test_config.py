"""A configuration as devices show it becomes a tree of commands with one spelling per value."""

from __future__ import annotations

import pytest

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.owned import Owned
from yunwang.network.configuration.patch import patch
from yunwang.network.vendors import vendor


def read(platform: str, text: str) -> Config:
    return parse(text, vendor(Platform(platform)).rules)


def test_header_log_lines_and_paging_remnants_are_no_commands() -> None:
    config = read(
        "huawei_vrp",
        "[V300R024C00SPC100]\r\n#\r\nsysname a\r\n  ---- More ----\x1b[42D                    \x1b[42D#\r\n"
        "interface Vlanif10\r\nNov 22 2026 03:00:00+00:00 a %%01IFNET/4/LINK_STATE(l)[0]:The line protocol went UP.\r\n"
        " ip address 10.0.0.1 255.255.255.0\r\n#\r\nreturn\r\n",
    )
    assert list(config.lines()) == [
        ((), "sysname a"),
        ((), "interface Vlanif10"),
        (("interface Vlanif10",), "ip address 10.0.0.1 255.255.255.0"),
    ]
    assert config.header == ("[V300R024C00SPC100]",)
    assert config.complete


def test_an_unfinished_configuration_says_so() -> None:
    assert not read("huawei_vrp", "#\nsysname a\n#\ninterface Vlanif10\n").complete
    assert not read("cisco_ios", "hostname a\n!\ninterface Vlan1\n").complete


def test_a_hash_separates_only_when_it_stands_alone() -> None:
    config = read("huawei_vrp", "interface Vlanif10\n description # spare #1\n #\n mtu 1400\n#\n sysname a\n")
    assert list(config.view("interface Vlanif10")) == ["description # spare #1", "mtu 1400"]
    assert "sysname a" in config.tree, "after a separator, an indented line stands at the top (Comware, AR)"


@pytest.mark.parametrize(
    ("platform", "shown", "canonical"),
    [
        ("huawei_vrp", "ipv6 address 2001:DB8:0:0:1::1 64", "ipv6 address 2001:db8::1:0:0:1/64"),
        ("huawei_vrp", "ip address 10.0.0.1 30", "ip address 10.0.0.1 255.255.255.252"),
        ("huawei_vrp", "ip address 10.0.0.1 24 sub", "ip address 10.0.0.1 255.255.255.0 sub"),
        (
            "huawei_vrp",
            "user-bind static ip-address 10.0.0.9 mac-address fe-e0-89",
            "user-bind static ip-address 10.0.0.9 mac-address 00fe-00e0-0089",
        ),
        ("huawei_vrp", "ospfv3 1 area 0", "ospfv3 1 area 0.0.0.0"),
        (
            "hp_comware",
            "ip source binding ip-address 10.0.0.9 mac-address 040A-0000-2000",
            "ip source binding ip-address 10.0.0.9 mac-address 040a-0000-2000",
        ),
        (
            "cisco_ios",
            "ip source binding DC:A9:04:80:02:0F vlan 1 10.0.0.9 interface Gi1/0/9",
            "ip source binding dca9.0480.020f vlan 1 10.0.0.9 interface Gi1/0/9",
        ),
        ("cisco_ios", "ospfv3 1 ipv6 area 0.0.0.0", "ospfv3 1 ipv6 area 0"),
        ("frr", "ipv6 route ::/0 2001:DB8::1", "ipv6 route ::/0 2001:db8::1"),
    ],
)
def test_a_value_has_one_spelling(platform: str, shown: str, canonical: str) -> None:
    assert list(read(platform, shown).tree) == [canonical]


@pytest.mark.parametrize(
    "text",
    ["description since 2026-11-22, see 2001:DB8::1", "clock timezone BJ add 08:00:00", "description room 1.1.070"],
)
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    assert list(read("huawei_vrp", f"interface Vlanif10\n {text}\n").view("interface Vlanif10")) == [text]


@pytest.mark.parametrize(
    "shown",
    [
        "interface Vlanif10\n  ---- More ----\x1b[42D" + " " * 42 + "\x1b[42D description a\n",
        "interface Vlanif10\n  ---- More ----" + " " * 42 + " description a\n",
        "interface Vlanif10\n  ---- More ----\n description a\n",
        "interface Vlanif10\n --More-- \x08\x08\x08\x08         \x08\x08\x08 description a\n",
        "interface Vlanif10\r\n --More-- \r          \r description a\r\n",
        "interface Vlanif10\r description a\r",
    ],
)
def test_a_line_behind_a_paging_remnant_is_read(shown: str) -> None:
    assert read("huawei_vrp", shown).tree == {"interface Vlanif10": {"description a": {}}}


def test_views_nest_no_deeper_than_any_device_does() -> None:
    deep = read("huawei_vrp", "\n".join(" " * depth + f"a {depth}" for depth in range(5000)))
    assert sum(1 for _ in deep.lines()) == 5000


def test_what_only_looks_like_the_beginning_of_a_block_is_a_line() -> None:
    tree = read(
        "hp_comware", "pki domain d\n certificate request entity e\n undo crl check enable\nheader login %\nsysname a\n"
    ).tree
    assert list(tree) == ["pki domain d", "header login %", "sysname a"]
    assert list(tree["pki domain d"]) == ["certificate request entity e", "undo crl check enable"]


def test_lines_that_only_close_a_view_are_left_out() -> None:
    config = read("cisco_ios", "router ospfv3 1\n address-family ipv6 unicast\n exit-address-family\n!\nend\n")
    assert list(config.lines()) == [((), "router ospfv3 1"), (("router ospfv3 1",), "address-family ipv6 unicast")]


def test_a_banner_is_one_command() -> None:
    config = read("cisco_ios", "banner login ^C\n!\ninterface Vlan1\n^C\nhostname a\n")
    assert list(config.tree) == ["banner login ^\n!\ninterface Vlan1\n^", "hostname a"]


def test_indentation_makes_the_views_however_uneven() -> None:
    config = read("huawei_vrp", "a 1\n    b 1\n  c 1\n    d 1\n   e 1\nf 1\n a 2\na 1\n g 1\n")
    assert config.tree == {"a 1": {"b 1": {}, "c 1": {"d 1": {}, "e 1": {}}, "g 1": {}}, "f 1": {"a 2": {}}}


def test_an_entry_at_the_top_joins_the_list_whose_header_stands_alone() -> None:
    text = "ip access-list standard 10\nip access-list standard 11\naccess-list 10 permit any\n"
    for _ in range(2):
        tree = read("cisco_ios", text).tree
        assert tree == {"ip access-list standard 10": {"permit any": {}}, "ip access-list standard 11": {}}


def test_what_follows_a_banner_more_deeply_stands_beside_it() -> None:
    tree = read("cisco_ios", "hostname a\nbanner motd ^x^\n ip routing\n").tree
    assert list(tree) == ["hostname a", "banner motd ^x^", "ip routing"]


@pytest.mark.parametrize(
    ("platform", "line"),
    [
        ("huawei_vrp", "undo route-policy A"),
        ("huawei_vrp", "interface GE0/0/1\n undo port trunk allow-pass vlan"),
        ("cisco_ios", "interface Gi0/1\n no switchport trunk allowed vlan"),
    ],
)
def test_a_negation_that_does_not_say_all_is_a_line_as_it_stands(platform: str, line: str) -> None:
    its = vendor(Platform(platform))
    assert line.rpartition("\n")[2].strip() in patch(its, read(platform, ""), read(platform, line)).commands()


def test_an_overlay_types_lines_into_a_configuration() -> None:
    running = read("huawei_vrp", "vlan batch 10\n#\ninterface GE0/0/1\n port default vlan 10\n description old\n#\nsysname a\n")
    typed = read("huawei_vrp", "vlan batch 20\n#\ninterface GigabitEthernet0/0/1\n description new\n ipv6 enable\n")
    result = running.overlay(typed)
    assert list(result.view("interface GE0/0/1")) == ["port default vlan 10", "description new", "ipv6 enable"]
    assert not diff(result, result.overlay(typed)), "typed twice it changes nothing"
    assert patch(vendor(Platform.HUAWEI_VRP), running, result).commands()[0] == "vlan batch 20"


def test_what_is_not_owned_stays() -> None:
    its = vendor(Platform.HUAWEI_VRP)
    running = read(
        "huawei_vrp", "sysname a\n#\ninterface Vlanif10\n description x\n ipv6 enable\n ipv6 mtu 1400\n#\nvlan batch 10 20\n"
    )
    intended = read("huawei_vrp", "interface Vlanif10\n")
    owned = Owned(("interface * > ipv6 *",))
    assert patch(its, running, intended, owned=owned).commands() == (
        "interface Vlanif10",
        "undo ipv6 mtu",
        "undo ipv6 enable",
        "quit",
    )


def test_views_may_be_deep() -> None:
    owned = Owned(("** > peer *",))
    assert owned.covers(("bgp 1", "ipv6-family unicast", "peer 2001:db8::1 enable"))
    assert owned.covers(("peer x",))
    assert not owned.covers(("bgp 1", "ipv6-family unicast"))
