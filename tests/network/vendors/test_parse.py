"""Display output becomes typed facts; what is not understood or was cut off is an error that quotes it, never an empty answer."""

from __future__ import annotations

from ipaddress import IPv6Address
from pathlib import Path

import pytest

from yunwang.inventories.network import Platform
from yunwang.inventories.verdict import Fatal
from yunwang.network.facts import Neighbor, StaticBinding
from yunwang.network.vendors import vendor

CAPTURES = Path(__file__).parents[4] / "shared" / "captures" / "ntc-templates"


def captured(path: str) -> str:
    file = CAPTURES / path
    if not file.exists():
        pytest.skip(f"{file} is not there (ntc-templates' captures are not part of the repository)")
    return file.read_text(encoding="utf-8")


def show(platform: str, fact: str, text: str) -> tuple[object, ...]:
    reader = getattr(vendor(Platform(platform)).parse, fact)
    found = reader(text)
    assert isinstance(found, tuple)
    return found


def brief(found: tuple[object, ...]) -> list[tuple[object, ...]]:
    """Neighbours and bindings in four columns."""
    rows: list[tuple[object, ...]] = []
    for one in found:
        assert isinstance(one, Neighbor | StaticBinding)
        rows.append((str(one.address), one.mac and str(one.mac), one.interface, one.vlan))
    return rows


def test_a_real_s_switch_shows_its_neighbors() -> None:
    text = captured("huawei_vrp/display_ipv6_neighbors/huawei_vrp_display_ipv6_neighbors_description1.raw")
    assert brief(show("huawei_vrp", "neighbors", text)) == [
        ("2::1", "70:7b:e8:e9:d3:29", "GE0/0/0", 200),
        ("fe80::727b:e8ff:fee9:d329", "70:7b:e8:e9:d3:29", "GE0/0/1", 100),
    ]


def test_a_real_s_switch_shows_its_arp_table_with_vlans_on_their_own_lines() -> None:
    text = captured("huawei_vrp/display_arp_all/huawei_vrp_display_arp_all.raw")
    rows = brief(show("huawei_vrp", "arp", text))
    assert rows[1] == ("10.10.10.1", "b0:76:1b:65:6a:4b", "Vlanif10", None)
    assert rows[2] == ("10.10.10.2", "b8:d6:f6:ff:73:9b", "XGE0/0/1", 10)
    assert [one.own for one in vendor(Platform.HUAWEI_VRP).parse.arp(text)] == [True, True, False, True, False]


def test_a_real_s_switch_shows_its_arp_table_in_brief() -> None:
    text = captured("huawei_vrp/display_arp_brief/huawei_vrp_display_arp_brief.raw")
    assert brief(show("huawei_vrp", "arp", text))[1:] == [
        ("192.168.120.1", "70:54:f5:df:9b:40", "GE0/0/0", 1),
        ("192.168.120.252", "04:f9:38:95:83:00", "GE0/0/0", 1),
    ]


def test_a_real_h3c_switch_shows_its_arp_table() -> None:
    text = captured("hp_comware/display_arp/hp_comware_display_arp.raw")
    assert brief(show("hp_comware", "arp", text)) == [
        ("10.20.10.1", "00:1e:c1:dc:fc:01", "M-GE0/0/0", None),
        ("10.20.1.254", "00:1e:c1:dc:fc:01", "XGE1/0/47", 1),
        ("10.20.1.2", "2c:23:3a:40:7e:18", "XGE1/0/48", 1),
    ]


def test_a_real_cisco_shows_its_arp_table() -> None:
    rows = brief(show("cisco_ios", "arp", captured("cisco_ios/show_arp/cisco_ios_show_arp.raw")))
    assert rows[1] == ("10.100.88.199", None, "", None), "who did not answer has no MAC and no interface"
    assert rows[2] == ("10.152.1.229", "48:8f:5a:5a:87:ea", "Vlan1", None)


def test_a_real_cisco_shows_its_interfaces() -> None:
    found = vendor(Platform.CISCO_IOS).parse.ipv6_interfaces(
        captured("cisco_ios/show_ipv6_interface_brief/cisco_ios_show_ipv6_interface_brief.raw")
    )
    assert found[0].addresses == (IPv6Address("fe80::333:3333:3333:3333"), IPv6Address("2a01:3333:3333::5"))
    assert found[0].up
    assert not found[2].addresses
    assert {one.up for one in found} == {True, False}


def test_bindings_that_dhcp_snooping_learned_are_not_static() -> None:
    text = captured("cisco_ios/show_ip_source_binding/cisco_ios_show_ip_source_binding.raw")
    assert show("cisco_ios", "static_bindings", text) == ()
    static = text.replace("dhcp-snooping", "static       ", 1).replace("583720", "infinite", 1)
    assert brief(show("cisco_xe", "static_bindings", static)) == [("192.168.1.48", "dc:a9:04:80:02:0f", "GigabitEthernet1/0/9", 1)]


# Hand-written in the shapes that the manuals and captures give (the command stands in each reader's docstring).
USER_BIND = """DHCP static Bind-table:
Flags:O - outer vlan ,I - inner vlan ,P - Vlan-mapping
IP Address                      MAC Address     VSI/VLAN(O/I/P) Interface
--------------------------------------------------------------------------------
10.0.0.1                        0001-0001-0001  --  /--  /--    GE0/0/1
2001:DB8::1:0:0:11              0001-0001-0002  10  /--  /--    --
--------------------------------------------------------------------------------
Print count:           2          Total count:           2
"""
IPV6_SOURCE_BINDING = """Total entries found: 2
IPv6 Address         MAC Address    Interface               VLAN Type
2012:1222:2012:1222: 000f-2202-0436 GE1/0/1                 N/A  Static
2012:1222:2012:1223
2001:DB8::11         000f-2202-0437 GE1/0/2                 20   Static
"""


def test_a_vrp_binding_table_of_both_families() -> None:
    assert brief(show("huawei_vrp", "static_bindings", USER_BIND)) == [
        ("10.0.0.1", "00:01:00:01:00:01", "GE0/0/1", None),
        ("2001:db8::1:0:0:11", "00:01:00:01:00:02", None, 10),
    ]


def test_a_ce_binding_table() -> None:
    text = "10.1.1.1            00e0-fc02-0003 10/--             GE1/0/1\n"
    assert brief(show("huawei_vrpv8", "static_bindings", text)) == [("10.1.1.1", "00:e0:fc:02:00:03", "GE1/0/1", 10)]


def test_an_address_that_wraps_over_two_lines() -> None:
    assert brief(show("hp_comware", "static_bindings", IPV6_SOURCE_BINDING)) == [
        ("2012:1222:2012:1222:2012:1222:2012:1223", "00:0f:22:02:04:36", "GE1/0/1", None),
        ("2001:db8::11", "00:0f:22:02:04:37", "GE1/0/2", 20),
    ]


def test_a_vrp8_interface_that_is_still_tentative() -> None:
    text = """Interface                    Physical              Protocol VPN
Eth-Trunk127.582             *down                 down     --
[IPv6 Address/Prefix Length] FC00::2B7/127  [TENTATIVE]
LoopBack0                    up                    up(s)    --
[IPv6 Address/Prefix Length] 2001:DB8:1FF::1/128
GE1/0/9                      up                    up       --
[IPv6 Address/Prefix Length] Unassigned
"""
    found = vendor(Platform.HUAWEI_VRPV8).parse.ipv6_interfaces(text)
    assert [(one.name, one.up, [str(address) for address in one.addresses]) for one in found] == [
        ("Eth-Trunk127.582", False, ["fc00::2b7"]),
        ("LoopBack0", True, ["2001:db8:1ff::1"]),
        ("GE1/0/9", True, []),
    ]


@pytest.mark.parametrize(
    ("platform", "line", "interface"),
    [
        ("huawei_vrp", "1.1.1.1          1 Full/ -         00:00:34  100GE1/0/2     0", "100GE1/0/2"),
        ("hp_comware", "1.1.1.1          1   Full/DR         00:00:33  0       GE1/0/1", "GE1/0/1"),
        ("ruijie_os", "1.1.1.1            1   Full/BDR        00:00:30    2    GigabitEthernet 0/1", "GigabitEthernet 0/1"),
        ("cisco_ios", "1.1.1.1           1   FULL/  -        00:00:37    3               GigabitEthernet0/1", "GigabitEthernet0/1"),
        ("frr", "1.1.1.1          1    00:00:33   Full/PointToPoint    00:01:02 eth1[PointToPoint]", "eth1"),
    ],
)
def test_an_ospfv3_neighbour_that_is_full(platform: str, line: str, interface: str) -> None:
    (peer,) = vendor(Platform(platform)).parse.ospfv3_peers(f"{line}\n")
    assert (str(peer.router_id), peer.interface, peer.full) == ("1.1.1.1", interface, True)


def test_an_ospfv3_neighbour_that_is_not_yet_full() -> None:
    (peer,) = vendor(Platform.CISCO_IOS).parse.ospfv3_peers("1.1.1.1  1  EXSTART/DR  00:00:37  3  Gi0/1\n")
    assert not peer.full


@pytest.mark.parametrize(
    ("platform", "fact", "text"),
    [
        ("hp_comware", "neighbors", "FE80::200:5EFF:FE32:B800 0000-5e32-b800 N/A GE1/0/1 REACH D 10"),
        ("ruijie_os", "neighbors", "fe80::200:5eff:fe32:b800  0000.5e32.b800  GigabitEthernet 0/1"),
        ("cisco_ios", "neighbors", "FE80::200:5EFF:FE32:B800   0 0000.5e32.b800  REACH Gi0/1"),
    ],
)
def test_a_neighbour_in_every_vendors_table(platform: str, fact: str, text: str) -> None:
    ((address, hardware, _, _),) = brief(show(platform, fact, text))
    assert (address, hardware) == ("fe80::200:5eff:fe32:b800", "00:00:5e:32:b8:00")


@pytest.mark.parametrize(
    ("platform", "fact", "text"),
    [
        ("huawei_vrp", "static_bindings", "Info: The number of static bind-table is zero.\n"),
        ("huawei_vrp", "neighbors", "-----\nTotal: 0       Dynamic: 0       Static: 0\n"),
        ("hp_comware", "static_bindings", "Total entries found: 0\n"),
        ("ruijie_os", "static_bindings", "Total Bind Addresses in System : 0\nIP Address      Binding MAC Addr\n"),
        ("cisco_ios", "static_bindings", "Total number of bindings: 0\n"),
        ("frr", "static_bindings", ""),
        *(
            (platform, fact, "")
            for platform in ("huawei_vrp", "hp_comware", "ruijie_os", "cisco_ios")
            for fact in ("arp", "ospfv3_peers")
        ),
    ],
)
def test_an_empty_table_is_no_facts(platform: str, fact: str, text: str) -> None:
    assert show(platform, fact, text) == ()


FACTS = ("ipv6_interfaces", "neighbors", "arp", "static_bindings", "ospfv3_peers")


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("platform", list(Platform))
def test_output_that_is_not_understood_is_quoted(platform: Platform, fact: str) -> None:
    with pytest.raises(Fatal, match="what is this then 7"):
        show(platform, fact, "what is this then 7\n")


@pytest.mark.parametrize(
    ("platform", "fact", "text"),
    [
        ("huawei_vrp", "static_bindings", USER_BIND.replace("Total count:           2", "Total count:           3")),
        ("hp_comware", "static_bindings", IPV6_SOURCE_BINDING.replace("found: 2", "found: 5")),
    ],
)
def test_output_that_was_cut_off_is_an_error(platform: str, fact: str, text: str) -> None:
    with pytest.raises(Fatal, match="cut off"):
        show(platform, fact, text)


def test_log_lines_and_paging_remnants_inside_a_table_are_skipped() -> None:
    lines = USER_BIND.splitlines()
    lines.insert(5, "Nov 22 2026 03:00:00+00:00 a %%01IFNET/4/LINK_STATE(l)[0]:The line protocol went UP.")
    lines[4] = "  ---- More ----\x1b[42D                    \x1b[42D" + lines[4]
    assert len(show("huawei_vrp", "static_bindings", "\r\n".join(lines))) == 2
