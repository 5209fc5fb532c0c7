"""Display output becomes typed facts; what is not understood or was cut off is an error that quotes it, never an empty answer."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address, IPv6Network, ip_address
from pathlib import Path

import pytest
from ntc_templates.parse import parse_output  # type: ignore[import-untyped]

from yunwang.inventories.network import Platform
from yunwang.inventories.verdict import Fatal
from yunwang.network.facts.model import (
    BgpPeer,
    BoundAddress,
    Fact,
    Figure,
    InterfaceIpv6,
    Neighbor,
    Ospfv3Peer,
    Route,
    Row,
    SourceGuard,
)
from yunwang.network.vendors import vendor

CAPTURES = Path(__file__).parents[4] / "shared" / "captures" / "ntc-templates"


def captured(path: str) -> str:
    file = CAPTURES / path
    if not file.exists():
        pytest.skip(f"{file} is not there (ntc-templates' captures are not part of the repository)")
    return file.read_text(encoding="utf-8")


def read(platform: str, command: str, text: str) -> tuple[Fact, ...]:
    return vendor(Platform(platform)).parse.read(command, text)


def brief(platform: str, command: str, text: str) -> list[tuple[object, ...]]:
    """Neighbours and bindings in four columns."""
    return list(_columns(read(platform, command, text)))


def _columns(found: tuple[Fact, ...]) -> Iterator[tuple[object, ...]]:
    for one in found:
        assert isinstance(one, Neighbor | BoundAddress)
        yield str(one.address), one.mac and str(one.mac), one.interface, one.vlan


def paths(platform: str, command: str, text: str) -> list[tuple[object, ...]]:
    """Routes in four columns."""
    found = vendor(Platform(platform)).parse.read(command, text, Route)
    return [(str(one.network), one.next_hop and str(one.next_hop), one.interface, one.protocol) for one in found]


NEIGHBORS_VRP = "huawei_vrp/display_ipv6_neighbors/huawei_vrp_display_ipv6_neighbors_description1.raw"


def test_a_real_s_switch_shows_its_neighbors() -> None:
    assert brief("huawei_vrp", "display ipv6 neighbors", captured(NEIGHBORS_VRP)) == [
        ("2::1", "70:7b:e8:e9:d3:29", "GigabitEthernet0/0/0", 200),
        ("fe80::727b:e8ff:fee9:d329", "70:7b:e8:e9:d3:29", "GigabitEthernet0/0/1", 100),
    ]


def test_a_real_s_switch_shows_its_arp_table_with_vlans_on_their_own_lines() -> None:
    text = captured("huawei_vrp/display_arp_all/huawei_vrp_display_arp_all.raw")
    rows = brief("huawei_vrp", "display arp all", text)
    assert rows[1] == ("10.10.10.1", "b0:76:1b:65:6a:4b", "Vlanif10", None)
    assert rows[2] == ("10.10.10.2", "b8:d6:f6:ff:73:9b", "XGigabitEthernet0/0/1", 10)
    own = [one.own for one in vendor(Platform.HUAWEI_VRP).parse.read("display arp", text, Neighbor)]
    assert own == [True, True, False, True, False]


def test_a_real_s_switch_shows_its_arp_table_in_brief() -> None:
    text = captured("huawei_vrp/display_arp_brief/huawei_vrp_display_arp_brief.raw")
    assert brief("huawei_vrp", "display arp brief", text)[1:] == [
        ("192.168.120.1", "70:54:f5:df:9b:40", "GigabitEthernet0/0/0", 1),
        ("192.168.120.252", "04:f9:38:95:83:00", "GigabitEthernet0/0/0", 1),
    ]


def test_a_real_ar_router_shows_its_routes() -> None:
    folder = "huawei_vrp/display_ip_routing-table_verbose/huawei_vrp_display_ip_routing-table_verbose"
    found = vendor(Platform.HUAWEI_VRP).parse.read("display ip routing-table verbose", captured(f"{folder}_ipv4.raw"), Route)
    assert len(found) == 14
    assert [one.active for one in found][:3] == [True, False, True]
    six = captured(f"{folder}_ipv6.raw")
    assert paths("huawei_vrp", "display ipv6 routing-table verbose", six) == [("::1/128", "::1", "InLoopBack0", "Direct")]


def test_as_numbers_with_a_dot_are_numbers() -> None:
    text = captured("huawei_vrp/display_bgp_peer/huawei_vrp_display_bgp_peer.raw")
    found = vendor(Platform.HUAWEI_VRP).parse.read("display bgp peer", text, BgpPeer)
    assert (found[0].asn, found[0].established, found[0].prefixes) == ((635 << 16) + 66, True, 551)
    assert read("huawei_vrp", "display bgp peer", text.strip()) == found, "netmiko strips the first blanks"


def test_a_real_h3c_switch_shows_its_arp_table() -> None:
    assert brief("hp_comware", "display arp", captured("hp_comware/display_arp/hp_comware_display_arp.raw")) == [
        ("10.20.10.1", "00:1e:c1:dc:fc:01", "M-GigabitEthernet0/0/0", None),
        ("10.20.1.254", "00:1e:c1:dc:fc:01", "Ten-GigabitEthernet1/0/47", 1),
        ("10.20.1.2", "2c:23:3a:40:7e:18", "Ten-GigabitEthernet1/0/48", 1),
    ]


def test_a_real_h3c_switch_shows_its_bgp_peers() -> None:
    text = captured("hp_comware/display_bgp_peer_ipv4/hp_comware_display_bgp_peer_ipv4.raw")
    found = vendor(Platform.HP_COMWARE).parse.read("display bgp peer ipv4", text, BgpPeer)
    assert [one.established for one in found] == [True, False, False, True, True]


def test_a_real_cisco_shows_its_arp_table() -> None:
    rows = brief("cisco_ios", "show arp", captured("cisco_ios/show_arp/cisco_ios_show_arp.raw"))
    assert rows[1] == ("10.100.88.199", None, None, None), "who did not answer has no MAC and no interface"
    assert rows[2] == ("10.152.1.229", "48:8f:5a:5a:87:ea", "Vlan1", None)


def test_a_real_cisco_shows_its_interfaces() -> None:
    text = captured("cisco_ios/show_ipv6_interface_brief/cisco_ios_show_ipv6_interface_brief.raw")
    found = vendor(Platform.CISCO_IOS).parse.read("show ipv6 interface brief", text, InterfaceIpv6)
    assert found[0].addresses == (IPv6Address("fe80::333:3333:3333:3333"), IPv6Address("2a01:3333:3333::5"))
    assert found[0].up
    assert not found[2].addresses
    assert {one.up for one in found} == {True, False}


def test_a_real_cisco_shows_its_routes_with_each_path() -> None:
    text = captured("cisco_ios/show_ipv6_route/cisco_ios_show_ipv6_route.raw")
    assert paths("cisco_ios", "show ipv6 route", text)[1:4] == [
        ("2001:db8:4::/48", "fe80::a8bb:ccff:fe02:8b00", "Serial6/0", "B"),
        ("2001:db8:4::/48", "a8bb::fe80:ccff:fe02:8b00", "Serial4/0", "B"),
        ("ff00::/8", None, "Null0", "L"),
    ]


SOURCE_BINDING = "cisco_ios/show_ip_source_binding/cisco_ios_show_ip_source_binding.raw"


def test_bindings_that_dhcp_snooping_learned_are_not_static() -> None:
    text = captured(SOURCE_BINDING)
    static = text.replace("dhcp-snooping", "static       ", 1).replace("583720", "infinite", 1)
    for shown, expected in ((text, [False] * 3), (static, [True, False, False])):
        found = vendor(Platform.CISCO_XE).parse.read("show ip source binding", shown, BoundAddress)
        assert [one.static for one in found] == expected


def test_where_ntc_templates_is_wrong() -> None:
    static = captured(SOURCE_BINDING).replace("583720", "infinite", 1)
    with pytest.raises(Exception, match="State Error"):  # a static row's lease
        parse_output("cisco_ios", "show ip source binding", static)
    source_ip = captured(NEIGHBORS_VRP).replace("Secure FLAG", "Source IP    : \nSecure FLAG", 1)
    with pytest.raises(Exception, match="State Error"):
        parse_output("huawei_vrp", "display ipv6 neighbors", source_ip)
    assert len(read("huawei_vrp", "display ipv6 neighbors", source_ip)) == 2
    cut = captured("hp_comware/display_arp/hp_comware_display_arp.raw").rstrip()[:-30]
    assert len(parse_output("hp_comware", "display arp", cut)) == 2, "the cut row is left out without a word"
    route = captured("cisco_ios/show_ipv6_route/cisco_ios_show_ipv6_route.raw").replace("B   2001", "? what is this\nB   2001")
    assert parse_output("cisco_ios", "show ipv6 route", route), "an unknown line is skipped"
    with pytest.raises(Fatal, match="what is this"):
        read("cisco_ios", "show ipv6 route", route)


def test_a_command_without_a_noun_gives_ntc_templates_columns_in_one_spelling() -> None:
    text = captured("huawei_vrp/display_mac-address/huawei_vrp_display_mac-address.raw")
    first = read("huawei_vrp", "display mac-address", text)[0]
    assert isinstance(first, Row)
    assert (first.values["destination_address"], first.values["vlan_id"]) == ("b8:d6:f6:ff:73:90", 10)


# Hand-written in the shapes that manuals and captures give (the command stands beside each).
USER_BIND = """DHCP static Bind-table:
Flags:O - outer vlan ,I - inner vlan ,P - Vlan-mapping
IP Address                      MAC Address     VSI/VLAN(O/I/P) Interface
--------------------------------------------------------------------------------
10.0.0.1                        0001-0001-0001  --  /--  /--    GE0/0/1
2001:DB8::1:0:0:11              0001-0001-0002  10  /--  /--    --
--------------------------------------------------------------------------------
Print count:           2          Total count:           2
"""
SNOOPED = USER_BIND.replace("static", "Dynamic").replace("GE0/0/1", "GE0/0/1        2023.10.30-20:20")
IPV6_SOURCE_BINDING = """Total entries found: 2
IPv6 Address         MAC Address    Interface               VLAN Type
2012:1222:2012:1222: 000f-2202-0436 GE1/0/1                 N/A  Static
2012:1222:2012:1223
2001:DB8::11         000f-2202-0437 GE1/0/2                 20   DHCPv6 snooping
"""
GUARD = """DHCP Bind-table on slot 1:
--------------------------------------------------------------------------------
IP Address                MAC Address         Vlan(O/I)        Interface
                                              Type             Status
--------------------------------------------------------------------------------
10.1.1.254               00e0-fc12-3456       10   /-          100GE1/0/1
                                              Dynamic            IPv4/-
2001:DB8::2              00e0-fc12-3478       -   /-           -
                                              Static             -/-
--------------------------------------------------------------------------------
Total count:           2
"""
VERIFY_SOURCE = """Interface  Filter-type  Filter-mode  IP-address       Mac-address        Vlan
---------  -----------  -----------  ---------------  -----------------  ----
Gi1/0/13   ip-mac       active       10.1.1.101       00:0A:00:0B:00:01  10
Gi2/0/13   ip-mac       active       deny-all         deny-all           10,20-22
Gi1/0/2    ip           inactive-trust-port
"""
TRACKING = """Binding Table has 2 entries, 1 dynamic (limit 200000)
Codes: L - Local, S - Static, ND - Neighbor Discovery, ARP - Address Resolution Protocol, DH4 - IPv4 DHCP
Preflevel flags (prlvl):
0001:MAC and LLA match     0002:Orig trunk            0004:Orig access

    Network Layer Address                    Link Layer Address     Interface  vlan       prlvl      age        state      Time left
ND  2001:DB8::2                              7081.05ff.eb42         Gi1/0/2    228        0005       3mn        REACHABLE  100 s
S   10.10.10.10                              7081.05ff.eb41         Gi1/0/1    228        0100       10330mn    REACHABLE  N/A
"""
ADDRESS_BIND = """Total Bind Addresses in System : 2
IP Address                               Binding MAC Addr
---------------------------------------- ----------------
192.168.5.1                              00D0.F800.0001
2001:db8::5                              00d0.f800.0002
"""


def test_a_vrp_binding_table_of_both_families() -> None:
    rows = [
        ("10.0.0.1", "00:01:00:01:00:01", "GigabitEthernet0/0/1", None),
        ("2001:db8::1:0:0:11", "00:01:00:01:00:02", None, 10),
    ]
    assert brief("huawei_vrp", "display dhcp static user-bind all", USER_BIND) == rows
    assert brief("huawei_vrpv8", "display dhcp snooping user-bind all", SNOOPED) == rows
    static = [
        [one.static for one in vendor(Platform.HUAWEI_VRP).parse.read("display user-bind static", text, BoundAddress)]
        for text in (USER_BIND, SNOOPED)
    ]
    assert static == [[True, True], [False, False]]


def test_an_address_that_wraps_over_two_lines() -> None:
    assert brief("hp_comware", "display ipv6 source binding", IPV6_SOURCE_BINDING) == [
        ("2012:1222:2012:1222:2012:1222:2012:1223", "00:0f:22:02:04:36", "GigabitEthernet1/0/1", None),
        ("2001:db8::11", "00:0f:22:02:04:37", "GigabitEthernet1/0/2", 20),
    ]
    begun = USER_BIND.replace("2001:DB8::1:0:0:11   ", "2001:DB8:1111:2222:3333:4444:5555:6666\n   ")
    assert brief("huawei_vrp", "dis user-bind static all", begun)[1][0] == "2001:db8:1111:2222:3333:4444:5555:6666"


def test_whether_source_guard_is_effective() -> None:
    vrp = vendor(Platform.HUAWEI_VRPV8).parse.read("display ip source check user-bind status", GUARD, SourceGuard)
    assert [(str(one.address), one.effective, one.vlans) for one in vrp] == [
        ("10.1.1.254", True, (10,)),
        ("2001:db8::2", False, ()),
    ]
    ios = vendor(Platform.CISCO_IOS).parse.read("show ip verify source", VERIFY_SOURCE, SourceGuard)
    assert [(one.address and str(one.address), one.effective, one.vlans) for one in ios] == [
        ("10.1.1.101", True, (10,)),
        (None, True, (10, 20, 21, 22)),
        (None, False, ()),
    ]


def test_device_tracking_and_address_bind() -> None:
    found = vendor(Platform.CISCO_XE).parse.read("show device-tracking database", TRACKING, BoundAddress)
    assert [(str(one.address), one.static, one.source) for one in found] == [
        ("2001:db8::2", False, "ND"),
        ("10.10.10.10", True, "S"),
    ]
    assert brief("ruijie_os", "show address-bind", ADDRESS_BIND) == [
        ("192.168.5.1", "00:d0:f8:00:00:01", None, None),
        ("2001:db8::5", "00:d0:f8:00:00:02", None, None),
    ]


VRP8_INTERFACES = """Interface                    Physical              Protocol VPN
Eth-Trunk127.582             *down                 down     --
[IPv6 Address/Prefix Length] FC00::2B7/127  [TENTATIVE]
LoopBack0                    up                    up(s)    --
[IPv6 Address/Prefix Length] 2001:DB8:1FF::1/128
GE1/0/9                      UP                    UP       office
[IPv6 Address/Prefix Length] Unassigned
"""


def test_a_vrp8_interface_that_is_still_tentative() -> None:
    found = vendor(Platform.HUAWEI_VRPV8).parse.read("display ipv6 interface brief", VRP8_INTERFACES, InterfaceIpv6)
    assert [(one.name, one.up, [str(address) for address in one.addresses], one.vpn) for one in found] == [
        ("Eth-Trunk127.582", False, ["fc00::2b7"], None),
        ("LoopBack0", True, ["2001:db8:1ff::1"], None),
        ("GigabitEthernet1/0/9", True, [], "office"),
    ]
    assert found[0].tentative == found[0].addresses
    assert found[0].subnets == (IPv6Network("fc00::2b6/127"),)


@pytest.mark.parametrize(
    ("platform", "command", "text", "name"),
    [
        (
            "huawei_vrp",
            "display ipv6 interface Vlanif10",
            "Vlanif10 current state : UP\nIPv6 protocol current state : UP\n"
            "IPv6 is enabled, link-local address is FE80::1\n  Global unicast address(es):\n"
            "    2001:DB8::1, subnet is 2001:DB8::/64\n  Joined group address(es):\n    FF02::1\n  MTU is 1500 bytes\n",
            "Vlanif10",
        ),
        (
            "cisco_ios",
            "sh ipv6 int vlan 10",
            "Vlan10 is up, line protocol is up\n  IPv6 is enabled, link-local address is FE80::1\n"
            "  No Virtual link-local address(es):\n  Global unicast address(es):\n"
            "    2001:DB8::1, subnet is 2001:DB8::/64 [EUI]\n  Joined group address(es):\n    FF02::1\n",
            "Vlan10",
        ),
        (
            "ruijie_os",
            "show ipv6 interface",
            "interface VLAN 10 is Up, ifindex: 4106\n  address(es):\n    Mac Address: 00:d0:f8:00:00:01\n"
            "    INET6: FE80::1 , subnet is FE80::/64\n    INET6: 2001:DB8::1 [ TENTATIVE ], subnet is 2001:DB8::/64\n"
            "  Joined group address(es):\n    ff02::1\n",
            "VLAN10",
        ),
        ("ruijie_os", "show ipv6 interface brief", "VLAN 10      [up/up]\n        FE80::1\n        2001:DB8::1\n", "VLAN10"),
        (
            "frr",
            "show interface brief",
            "Interface       Status  VRF             Addresses\n---------       ------  ---             ---------\n"
            "eth0            up      default         10.0.0.1/24\n                                        fe80::1/64\n"
            "                                        2001:db8::1/64\n",
            "eth0",
        ),
    ],
)
def test_an_interfaces_addresses_on_every_platform(platform: str, command: str, text: str, name: str) -> None:
    (one,) = vendor(Platform(platform)).parse.read(command, text, InterfaceIpv6)
    assert (one.name.replace(" ", ""), one.up) == (name, True)
    assert one.addresses == (IPv6Address("fe80::1"), IPv6Address("2001:db8::1"))


OSPFV3 = {
    "huawei_vrp": ("display ospfv3 peer", "1.1.1.1          1 Full/ -         00:00:34  GE1/0/2     0", "GigabitEthernet1/0/2"),
    "huawei_vrpv8": ("display ospfv3 peer", "1.1.1.1          1 Full/ -         00:00:34  100GE1/0/2     0", "100GE1/0/2"),
    "hp_comware": (
        "display ospfv3 peer",
        "1.1.1.1          1   Full/DR         00:00:33  0       GE1/0/1",
        "GigabitEthernet1/0/1",
    ),
    "ruijie_os": (
        "show ipv6 ospf neighbor",
        "1.1.1.1            1   Full/BDR        00:00:30    2    GigabitEthernet 0/1",
        "GigabitEthernet0/1",
    ),
    "cisco_ios": (
        "show ospfv3 neighbor",
        "1.1.1.1           1   FULL/  -        00:00:37    3               Gi0/1",
        "GigabitEthernet0/1",
    ),
    "frr": ("show ipv6 ospf6 neighbor", "1.1.1.1   1    00:00:33   Full/PointToPoint    00:01:02 eth1[PointToPoint]", "eth1"),
}


@pytest.mark.parametrize("platform", OSPFV3)
def test_an_ospfv3_neighbour_that_is_full_and_one_that_is_not(platform: str) -> None:
    command, line, interface = OSPFV3[platform]
    text = f"{line}\n{line.replace('Full', 'ExStart').replace('FULL', 'EXSTART')}\n"
    full, begun = vendor(Platform(platform)).parse.read(command, text, Ospfv3Peer)
    assert (str(full.router_id), full.interface.replace(" ", ""), full.full) == ("1.1.1.1", interface, True)
    assert not begun.full


@pytest.mark.parametrize(
    ("platform", "command", "text"),
    [
        ("hp_comware", "display ipv6 neighbors all", "FE80::200:5EFF:FE32:B800 0000-5e32-b800 N/A GE1/0/1 REACH D 10"),
        ("hp_comware", "dis ipv6 nei all", "FE80::200:5EFF:FE32:B800\n    0000-5E32-B800 N/A GE1/0/1 REACH D 10"),
        ("ruijie_os", "show ipv6 neighbors", "fe80::200:5eff:fe32:b800  0000.5e32.b800  GigabitEthernet 0/1"),
        ("cisco_ios", "show ipv6 neighbors", "FE80::200:5EFF:FE32:B800   0 0000.5e32.b800  REACH Gi0/1"),
    ],
)
def test_a_neighbour_in_every_vendors_table(platform: str, command: str, text: str) -> None:
    ((address, hardware, _, _),) = brief(platform, command, f"{text}\n")
    assert (address, hardware) == ("fe80::200:5eff:fe32:b800", "00:00:5e:32:b8:00")


ROUTES = {
    ("huawei_vrp", "dis ip ro"): """Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Tables: Public
         Destinations : 1        Routes : 2

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

      10.1.0.0/16  O_ASE   150  1           D   10.0.0.1        GigabitEthernet0/0/1
                   O_ASE   150  1           D   10.0.0.2        GigabitEthernet0/0/2
""",
    ("hp_comware", "display ip routing-table"): """
Destinations : 1        Routes : 2

Destination/Mask   Proto   Pre Cost        NextHop         Interface
10.1.0.0/16        O_ASE2  150 1           10.0.0.1        GE0/0/1
                                           10.0.0.2        GE0/0/2
""",
    ("cisco_ios", "show ip route"): """Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       O - OSPF, IA - OSPF inter area, E1 - OSPF external type 1

Gateway of last resort is not set

      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks
O E2     10.1.0.0/16 [110/20] via 10.0.0.1, 00:01:02, GigabitEthernet0/0/1
                     [110/20] via 10.0.0.2, 00:01:02, GigabitEthernet0/0/2
""",
    ("frr", "show ip route"): """Codes: K - kernel route, C - connected, S - static, R - RIP,
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup

O>* 10.1.0.0/16 [110/20] via 10.0.0.1, GigabitEthernet0/0/1, weight 1, 00:01:02
  *                      via 10.0.0.2, GigabitEthernet0/0/2, weight 1, 00:01:02
""",
}


@pytest.mark.parametrize(("platform", "command"), ROUTES)
def test_a_route_with_two_next_hops_is_two_facts(platform: str, command: str) -> None:
    found = [one[:3] for one in paths(platform, command, ROUTES[platform, command])]
    assert found == [
        ("10.1.0.0/16", "10.0.0.1", "GigabitEthernet0/0/1"),
        ("10.1.0.0/16", "10.0.0.2", "GigabitEthernet0/0/2"),
    ]


IPV6_ROUTES = {
    ("huawei_vrpv8", "display ipv6 routing-table brief"): """Routing Table : _public_
         Destinations : 1        Routes : 1

Format :
Destination/Mask                             Protocol
Nexthop                                      Interface
------------------------------------------------------------------------------
 2001:DB8:2::/64                             Static
  FE80::2                                    GE1/0/2
""",
    ("huawei_vrp", "display ipv6 routing-table"): """Routing Table : Public
         Destinations : 1        Routes : 1

 Destination  : 2001:DB8:2::                             PrefixLength : 64
 NextHop      : FE80::2                                  Preference   : 10
 Cost         : 1                                        Protocol     : OSPFv3
 RelayNextHop : ::                                       TunnelID     : 0x0
 Interface    : GigabitEthernet1/0/2                     Flags        : D
""",
    ("hp_comware", "display ipv6 routing-table"): """
Destinations : 1        Routes : 1

Destination: 2001:DB8:2::/64                             Protocol  : O_INTRA
NextHop    : FE80::2                                     Preference: 10
Interface  : GE1/0/2                                     Cost      : 1
""",
    ("cisco_xe", "show ipv6 route"): """IPv6 Routing Table - default - 1 entries
Codes: C - Connected, L - Local, S - Static, U - Per-user Static route
       OI - OSPF Inter, OE1 - OSPF ext 1, OE2 - OSPF ext 2, ON1 - OSPF NSSA ext 1
O   2001:DB8:2::/64 [110/2]
     via FE80::2, GigabitEthernet1/0/2
""",
    ("frr", "show ipv6 route"): """Codes: K - kernel route, C - connected, S - static
       O - OSPFv3, > - selected route, * - FIB route

O>* 2001:db8:2::/64 [110/2] via fe80::2, GigabitEthernet1/0/2, weight 1, 00:01:02
""",
    (
        "frr",
        "show ipv6 route json",
    ): """{"2001:db8:2::/64":[{"prefix":"2001:db8:2::/64","protocol":"ospf6","vrfName":"default",
"selected":true,"distance":110,"metric":2,"nexthops":[{"ip":"fe80::2","afi":"ipv6","interfaceName":"GigabitEthernet1/0/2","active":true}]}]}
""",
}


@pytest.mark.parametrize(("platform", "command"), IPV6_ROUTES)
def test_an_ipv6_route_on_every_platform(platform: str, command: str) -> None:
    ((network, via, interface, _),) = paths(platform, command, IPV6_ROUTES[platform, command])
    assert (network, via, interface) == ("2001:db8:2::/64", "fe80::2", "GigabitEthernet1/0/2")


BGP = {
    ("huawei_vrpv8", "display bgp ipv6 peer"): """ BGP local router ID : 1.1.1.1
 Local AS number : 64500
 Total number of peers : 1                 Peers in established state : 1
  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  2001:DB8:F247:FFF3:1:2:3:1 4       64515   104321   103159     0 0490h58m Established        7
""".replace("                 Peers in", "\n Peers in"),
    ("hp_comware", "display bgp peer ipv6"): """ BGP local router ID: 1.1.1.1
 Local AS number: 64500
 Total number of peers: 1                 Peers in established state: 1

  * - Dynamically created peer
  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State

  2001:DB8:F247:FFF3:1:2:3:1
                       64515       10       10    0       7 00:05:00 Established
""",
    ("cisco_ios", "show bgp ipv6 unicast summary"): """BGP router identifier 1.1.1.1, local AS number 64500
BGP table version is 5, main routing table version 5

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
2001:DB8:F247:FFF3:1:2:3:1
                4        64515      10      10        5    0    0 00:05:00        7
""",
    ("frr", "show bgp ipv6 summary"): """
IPv6 Unicast Summary (VRF default):
BGP router identifier 1.1.1.1, local AS number 64500 vrf-id 0
BGP table version 1
RIB entries 1, using 192 bytes of memory
Peers 1, using 724 KiB of memory

Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc
2001:db8:f247:fff3:1:2:3:1 4      64515        10        10        0    0    0 00:05:00            7        3 N/A

Total number of neighbors 1
""",
    ("frr", "show bgp ipv6 summary json"): """{"ipv6Unicast":{"routerId":"1.1.1.1","as":64500,"peers":{"2001:db8:f247:fff3:1:2:3:1":
{"remoteAs":64515,"state":"Established","pfxRcd":7,"peerUptime":"00:05:00"}},"totalPeers":1}}
""",
}


@pytest.mark.parametrize(("platform", "command"), BGP)
def test_a_bgp_peer_over_ipv6_on_every_platform(platform: str, command: str) -> None:
    (peer,) = vendor(Platform(platform)).parse.read(command, BGP[platform, command], BgpPeer)
    assert peer.address == ip_address("2001:db8:f247:fff3:1:2:3:1")
    assert (peer.asn, peer.established, peer.prefixes) == (64515, True, 7)


@pytest.mark.parametrize(
    ("platform", "command", "text"),
    [
        ("huawei_vrp", "display dhcp static user-bind all", "Info: The number of static bind-table is zero.\n"),
        ("huawei_vrp", "display ipv6 neighbors", "-----\nTotal: 0       Dynamic: 0       Static: 0\n"),
        ("hp_comware", "display ip source binding", "Total entries found: 0\n"),
        ("ruijie_os", "show address-bind", "Total Bind Addresses in System : 0\nIP Address      Binding MAC Addr\n"),
        ("cisco_ios", "show ip source binding", "Total number of bindings: 0\n"),
        ("cisco_ios", "show bgp ipv6 unicast summary", "% BGP not active\n"),
        ("frr", "show ipv6 route json", "{}\n"),
        *(
            (platform.value, command, "")
            for platform in Platform
            for command, table in vendor(platform).parse.tables.items()
            if table.noun is not Figure
        ),
    ],
)
def test_an_empty_table_is_no_facts(platform: str, command: str, text: str) -> None:
    assert read(platform, command, text) == ()


EVERY = [(platform, command) for platform in Platform for command in vendor(platform).parse.tables]


@pytest.mark.parametrize(("platform", "command"), EVERY)
@pytest.mark.parametrize(
    "line",
    ["what is this then 7", "Error: Unrecognized command found at '^' position.", "% Invalid input detected at '^' marker.", "{ 7"],
)
def test_output_that_is_not_understood_is_quoted(platform: Platform, command: str, line: str) -> None:
    with pytest.raises(Fatal) as error:
        read(platform, command, f"{line}\n")
    assert line in error.value.message


SHOWN = {
    ("huawei_vrp", "display dhcp static user-bind all"): USER_BIND,
    ("huawei_vrpv8", "display ip source check user-bind status"): GUARD,
    ("huawei_vrpv8", "display ipv6 interface brief"): VRP8_INTERFACES,
    ("hp_comware", "display ipv6 source binding"): IPV6_SOURCE_BINDING,
    ("cisco_ios", "show device-tracking database"): TRACKING,
    ("ruijie_os", "show address-bind"): ADDRESS_BIND,
    **ROUTES,
    **IPV6_ROUTES,
    **BGP,
}


@pytest.mark.parametrize(("platform", "command"), SHOWN)
def test_a_table_that_lost_its_last_words_is_an_error(platform: str, command: str) -> None:
    text = SHOWN[platform, command].rstrip()
    last = text.rindex("Total") if text.splitlines()[-1].startswith(("Total", "Print")) else len(text)
    cut = text[:last].rstrip("- \n")
    with pytest.raises(Fatal):
        read(platform, command, cut[: cut.rindex("\n") + 1] + cut[cut.rindex("\n") + 1 :].rstrip()[:-14])


@pytest.mark.parametrize(("platform", "command"), SHOWN)
def test_another_platforms_output_is_an_error(platform: str, command: str) -> None:
    foreign = captured("huawei_vrp/display_version/huawei_vrp_display_version4.raw")
    with pytest.raises(Fatal):
        read(platform, command, foreign)


@pytest.mark.parametrize(
    ("platform", "command", "text"),
    [
        (
            "huawei_vrp",
            "display dhcp static user-bind all",
            USER_BIND.replace("count:           2\n", "count:           3\n"),
        ),
        ("huawei_vrp", "display dhcp static user-bind all", USER_BIND[: USER_BIND.index("Print")]),
        ("hp_comware", "display ipv6 source binding", IPV6_SOURCE_BINDING.replace("found: 2", "found: 5")),
        ("huawei_vrpv8", "display ipv6 interface brief", VRP8_INTERFACES[: VRP8_INTERFACES.rindex("[")]),
    ],
)
def test_output_that_was_cut_off_is_an_error(platform: str, command: str, text: str) -> None:
    with pytest.raises(Fatal, match="cut off"):
        read(platform, command, text)


LOGS = (
    "Nov 22 2026 03:00:00+00:00 a %%01IFNET/4/LINK_STATE(l)[0]:The line protocol went UP.",
    "%Nov 22 03:00:00:123 2026 H3C IFNET/3/PHY_UPDOWN: Physical state on the interface GE1/0/1 changed to up.",
    "*Nov 22 03:00:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up",
    "*Nov 22 03:00:00: %LINEPROTO-5-UPDOWN: Line protocol on Interface VLAN 10, changed state to up.",
    "2026/11/22 03:00:00 ZEBRA: [TZANK-DEMSE] netlink problem",
)


@pytest.mark.parametrize(
    "more", ["  ---- More ----\x1b[42D                    \x1b[42D", " --More-- \x08\x08\x08\x08        \x08\x08\x08\x08"]
)
@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize(("platform", "command"), [key for key in SHOWN if not key[1].endswith("json")])
def test_log_lines_pager_echo_and_prompt_around_a_table_are_skipped(platform: str, command: str, log: str, more: str) -> None:
    lines = SHOWN[platform, command].strip("\n").splitlines()
    middle = len(lines) - 2
    lines[middle] = more + lines[middle]
    lines.insert(middle, log)
    echo, prompt = ("<R1>", "<R1>") if "display" in command or command.startswith("dis") else ("R1#", "R1#")
    noisy = "\r\n".join([f"{echo}{command}", *lines, prompt])
    assert read(platform, command, noisy) == read(platform, command, SHOWN[platform, command])


def test_a_filtered_table_is_refused_since_nobody_sees_whether_it_is_whole() -> None:
    with pytest.raises(Fatal, match="filters"):
        read("huawei_vrp", "display arp | include 10", "")


def test_a_command_that_nobody_can_read_names_those_that_can() -> None:
    with pytest.raises(Fatal, match="no reader") as error:
        read("huawei_vrp", "display frobnication", "x")
    assert "display arp" in error.value.remedy


@pytest.mark.parametrize(
    ("platform", "command"),
    [("huawei_vrp", "dis ipv6 nei"), ("hp_comware", "dis ip ro"), ("cisco_ios", "sh ipv6 ro"), ("frr", "sh bgp ipv6 sum")],
)
def test_words_may_be_abbreviated(platform: str, command: str) -> None:
    assert vendor(Platform(platform)).parse.table(command)


def test_an_abbreviation_of_two_commands_is_refused() -> None:
    with pytest.raises(Fatal, match="ambiguous"):
        vendor(Platform.CISCO_IOS).parse.table("sh i route")


def test_a_ce_switch_shows_the_vlan_in_the_types_column() -> None:
    text = """IP ADDRESS      MAC ADDRESS    EXP(M) TYPE/VLAN       INTERFACE        VPN-INSTANCE
10.1.1.1        00E0-FC12-3456        I               MEth0/0/0        _management_vpn_
10.1.1.2        00e0-fc12-3457    20   D/10            GE1/0/1
10.1.1.3        00e0-fc12-3458    20   D/10/-          GE1/0/1
Total:3         Dynamic:2       Static:0    Interface:1    OpenFlow:0
"""
    assert [row[3] for row in brief("huawei_vrpv8", "display arp", text)] == [None, 10, 10]


def test_a_mask_from_the_line_above_and_a_path_from_the_line_below() -> None:
    text = """Gateway of last resort is 10.0.0.1 to network 0.0.0.0
     172.16.0.0/24 is subnetted, 1 subnets
C       172.16.1.0 is directly connected, Vlan1
S*   0.0.0.0/0 [1/0] via 10.0.0.1
O E2     10.100.100.100/32
           [110/20] via 10.0.0.3, 00:00:01, TenGigabitEthernet1/1/1
"""
    assert paths("cisco_ios", "show ip route", text) == [
        ("172.16.1.0/24", None, "Vlan1", "C"),
        ("0.0.0.0/0", "10.0.0.1", None, "S"),
        ("10.100.100.100/32", "10.0.0.3", "TenGigabitEthernet1/1/1", "O E2"),
    ]


def test_frrs_flags_are_not_part_of_the_network() -> None:
    assert paths("frr", "show ipv6 route", "C * fe80::/64 is directly connected, eth1, 00:00:10\n")[0][0] == "fe80::/64"
