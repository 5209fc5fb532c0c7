"""What each platform's words say in IPv4, and what gets no IPv6 half, with the reason."""

from __future__ import annotations

import pytest
from parts.one_router import workspace

from yunwang.inventories.finding import Severity
from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.design import dual_stack
from yunwang.network.design.model import DualStack
from yunwang.network.vendors import vendor

IOS = """hostname r1
!
vrf definition health
 rd 65100:300
 address-family ipv4
 exit-address-family
!
ip vrf old
 rd 65100:301
!
ip dhcp pool HEALTH
 network 10.64.20.0 255.255.255.0
!
interface Loopback0
 ip address 10.64.255.1 255.255.255.255
!
interface GigabitEthernet1/0/1
 no switchport
 ip address 10.64.254.1 255.255.255.252
 ip policy route-map NEAR
 ip nat inside
!
interface Vlan20
 vrf forwarding health
 ip address 10.64.20.1 255.255.255.0
 service-policy input GOLD
!
interface Vlan110
 ip address 10.64.110.1 255.255.255.0
 standby 1 ip 10.64.110.254
 ip helper-address 198.51.100.9
 ip access-group 10 in
 ip access-group TERMINALS out
!
router ospf 1
 router-id 10.64.255.1
 passive-interface default
 no passive-interface GigabitEthernet1/0/1
 network 10.64.0.0 0.0.255.255 area 0
 area 1 stub
 redistribute bgp 65100
!
router ospf 2 vrf health
 network 10.64.20.0 0.0.0.255 area 0
!
router isis
 net 49.0001.0100.6425.5001.00
!
router bgp 65100
 bgp router-id 10.64.255.1
 neighbor RR peer-group
 neighbor RR remote-as 65100
 neighbor RR update-source Loopback0
 neighbor 10.64.255.2 peer-group RR
 neighbor 10.64.255.2 route-map OUT out
 network 10.0.0.0
 address-family vpnv4
 exit-address-family
!
ip access-list standard 10
 permit 10.64.1.0 0.0.0.255
!
ip access-list extended TERMINALS
 remark what is for nobody
 deny tcp any any established
!
router rip
 version 2
!
logging host 10.64.1.20
snmp-server community 7chars RO 10
ip route vrf health 0.0.0.0 0.0.0.0 10.64.20.9
ip route 10.64.1.0 255.255.255.0 10.64.254.2
ntp server 198.51.100.123
!
end
"""
WHY = {
    "ip policy route-map NEAR": "policy routing",
    "ip nat inside": "no need of it",
    "service-policy input GOLD": "marks otherwise than class af41",
    "standby 1 ip 10.64.110.254": "gateway redundancy",
    "198.51.100.9": "DHCP server has no IPv6",
    "area 1 stub": "area's kind",
    "redistribute bgp 65100": "redistribution",
    "router ospf 2 vrf health": "OSPF in a VPN",
    "router isis": "wide metrics",
    "neighbor 10.64.255.2 route-map OUT out": "a setting of BGP",
    "network 10.0.0.0": "10.0.0.0/8 has no counterpart",
    "address-family vpnv4": "other than IPv4 unicast",
    "deny tcp any any established": "not understood",
    "ip vrf old": "old style",
    "ip dhcp pool HEALTH": "VPN instance",
    "router rip": "no IPv6 half",
    "logging host 10.64.1.20": "over IPv4 as before",
    "snmp-server community 7chars RO 10": "nothing guards SNMP",
    "ip route vrf health 0.0.0.0 0.0.0.0 10.64.20.9": "VPN instance health",
    "ntp server 198.51.100.123": "no IPv6 address",
}


def made(platform: Platform, text: str) -> DualStack:
    city = workspace(platform)
    return dual_stack.design(city, city.devices[0], parse(text, vendor(platform).rules))


def test_all_that_gets_no_ipv6_half_is_said_with_its_reason() -> None:
    found = made(Platform.CISCO_IOS, IOS)
    told = {one.path[-1]: one.why for one in found.unmirrored}
    for line, why in WHY.items():
        assert why in told.get(line, ""), line
    assert [(str(route.network), str(route.next_hop)) for route in found.routes] == [("2001:db8:1fd:1::/64", "2001:db8:1fe::1")]
    assert found.bgp
    assert [(str(peer.address), peer.asn, peer.source) for peer in found.bgp.peers] == [("2001:db8:1ff::2", "65100", "Loopback0")]


def test_on_ios_a_standard_list_passes_traffic_too() -> None:
    """Its IPv6 half is a whole list, which lets ICMPv6 through."""
    found = made(Platform.CISCO_IOS, IOS)
    assert [(one.name, one.basic, one.icmp) for one in found.filters] == [("10", False, True)]
    vlan = next(one for one in found.interfaces if one.name == "Vlan110")
    assert (vlan.filters, vlan.managed) == ((("10", "in"),), False)
    assert {one.name: one.silent for one in found.interfaces}["GigabitEthernet1/0/1"] is False
    assert vlan.silent


def test_on_vrp_a_basic_list_cannot_let_icmpv6_through() -> None:
    text = """sysname r1
acl number 2001
 rule 5 permit source 10.64.1.0 0.0.0.255
interface Vlanif110
 ip address 10.64.110.1 255.255.255.0
 traffic-filter inbound acl 2001
 dhcp select interface
bgp 65100 instance other
"""
    found = made(Platform.HUAWEI_VRP, text)
    told = {one.path[0]: one.why for one in found.unmirrored}
    assert "RFC 4890" in told["acl number 2001"]
    assert "SLAAC" in told["interface Vlanif110"]
    assert "BGP in a VPN instance" in told["bgp 65100 instance other"]
    assert not found.filters


@pytest.mark.parametrize(("vrf", "expected"), [(" vrf health", "eth1 vrf health"), ("", "eth1")])
def test_an_interface_keeps_the_name_that_its_view_has(vrf: str, expected: str) -> None:
    text = f"hostname r1\n!\ninterface eth1{vrf}\n ip address 10.64.254.1/30\nexit\n!\n"
    found = made(Platform.FRR, text)
    assert [one.name for one in found.interfaces] == [expected]
    assert f"interface {expected}\n ipv6 address 2001:db8:1fe::/127\n" in vendor(Platform.FRR).dual_stack(found)


def test_what_a_platform_lacks_is_a_warning() -> None:
    city = workspace(Platform.FRR)
    text = "hostname r1\n!\ninterface eth1 vrf health\n ip address 10.64.254.1/30\nexit\n!\n"
    said = dual_stack.remarks(city, city.devices[0], parse(text, vendor(Platform.FRR).rules))
    lacking = [one.finding for one in said if one.finding.code == "not-written"]
    assert [(one.severity, one.message) for one in lacking] == [
        (Severity.WARNING, "r1: qos is left out: FRR marks no packets: the kernel does")
    ]


NE = """!Software Version V800R012C10SPC300
#
sysname r1
#
dhcp enable
#
ip pool office-110 server
 gateway 10.64.110.1 255.255.255.0
 section 0 10.64.110.20 10.64.110.200
 lease 3 12
 dns-server 10.64.1.53 198.51.100.53
 dns-suffix yunzhou.example
 option 43 hex 01
#
interface Vlanif110
 ip address 10.64.110.1 255.255.255.0
 dhcp server enable
#
interface LoopBack0
 ip address 10.64.255.1 255.255.255.255
#
return
"""


def test_an_ne_router_serves_dhcpv6_beside_dhcp_and_a_ce_switch_does_not() -> None:
    router = made(Platform.HUAWEI_VRPV8, NE)
    lines = vendor(Platform.HUAWEI_VRPV8).dual_stack(router)
    pool = """dhcpv6 pool office_110
 address prefix 2001:db8:100:110::/64
 excluded-address 2001:db8:100:110::1
 dns-server 2001:db8:1fd:1::35
 dns-domain-name yunzhou.example
"""
    assert pool in lines
    assert " dhcpv6 server office_110\n" in lines
    assert " ipv6 nd autoconfig managed-address-flag\n" in lines
    assert [one.path[-1] for one in router.unmirrored] == ["option 43 hex 01", "ip pool office-110 server"]
    switch = made(Platform.HUAWEI_VRPV8, NE.replace("V800R012C10SPC300", "V300R023C00SPC500"))
    assert not switch.pools
    assert [one.why for one in switch.unmirrored] == ["CE switches relay DHCPv6 and do not serve it"]
