"""What cuts the way in to a device comes last and is marked, on every platform; nothing else is. 10.99.0.1 is the address."""

from __future__ import annotations

import pytest

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.management import management_path
from yunwang.network.configuration.patch import patch
from yunwang.network.vendors import vendor

ADDRESS = "10.99.0.1"
VRP = "interface Vlanif99\n ip address 10.99.0.1 255.255.255.0\n"
COMWARE = "interface Vlan-interface99\n ip address 10.99.0.1 255.255.255.0\n"
IOS = "interface Vlan99\n ip address 10.99.0.1 255.255.255.0\n"
RGOS = "interface VLAN 99\n ip address 10.99.0.1 255.255.255.0\n"
FRR = "interface eth0\n ip address 10.99.0.1/24\n"

CASES = {
    "the port of its VLAN becomes an access port": (
        "huawei_vrp",
        VRP + "interface GigabitEthernet0/0/24\n port link-type trunk\n port trunk allow-pass vlan 10 99\n",
        VRP + "vlan batch 20\ninterface GigabitEthernet0/0/24\n port link-type access\n port default vlan 99\n",
        ["undo port trunk allow-pass vlan 10 99", "port link-type access", "port default vlan 99"],
    ),
    "a trunk keeps its VLAN": (
        "huawei_vrp",
        VRP + "interface GigabitEthernet0/0/24\n port link-type trunk\n port trunk allow-pass vlan 10 99\n",
        VRP + "interface GigabitEthernet0/0/24\n port link-type trunk\n port trunk allow-pass vlan 20 99\n",
        [],
    ),
    "the address moves to another VLAN: the trunk loses one of two that lead to it": (
        "huawei_vrp",
        VRP + "interface GigabitEthernet0/0/24\n port link-type trunk\n port trunk allow-pass vlan 99\n",
        VRP.replace("Vlanif99", "Vlanif98")
        + "interface GigabitEthernet0/0/24\n port link-type trunk\n port trunk allow-pass vlan 98\n",
        [
            "undo interface Vlanif99",
            "ip address 10.99.0.1 255.255.255.0",
            "undo port trunk allow-pass vlan 99",
            "port trunk allow-pass vlan 98",
        ],
    ),
    "the members of its trunk leave while the mode changes": (
        "huawei_vrp",
        VRP + "interface Eth-Trunk1\n port trunk allow-pass vlan 99\ninterface GigabitEthernet0/0/1\n eth-trunk 1\n",
        VRP + "interface Eth-Trunk1\n port trunk allow-pass vlan 99\n mode lacp\ninterface GigabitEthernet0/0/1\n eth-trunk 1\n",
        ["undo eth-trunk", "mode lacp", "eth-trunk 1"],
    ),
    "its VPN instance gets another route distinguisher": (
        "huawei_vrp",
        "ip vpn-instance m\n ipv4-family\n  route-distinguisher 1:1\n"
        "interface MEth0/0/1\n ip binding vpn-instance m\n ip address 10.99.0.1 24\n",
        "ip vpn-instance m\n ipv4-family\n  route-distinguisher 1:2\n"
        "interface MEth0/0/1\n ip binding vpn-instance m\n ip address 10.99.0.1 24\n",
        ["undo route-distinguisher 1:1", "route-distinguisher 1:2"],
    ),
    "a route through its network goes": (
        "huawei_vrp",
        VRP + "ip route-static 10.50.0.0 255.255.0.0 10.99.0.254\nip route-static 10.51.0.0 255.255.0.0 10.9.0.1\n",
        VRP + "ip route-static 10.52.0.0 255.255.0.0 10.9.0.1\n",
        ["undo ip route-static 10.50.0.0 255.255.0.0 10.99.0.254"],
    ),
    "a route through its network gets another hop": (
        "huawei_vrp",
        VRP + "ip route-static 10.50.0.0 255.255.0.0 10.99.0.254\n",
        VRP + "ip route-static 10.50.0.0 255.255.0.0 10.99.0.253\n",
        [],
    ),
    "a new user is there before the old one goes": (
        "huawei_vrp",
        VRP + "aaa\n local-user a password irreversible-cipher x\n local-user a service-type ssh\n",
        VRP + "aaa\n local-user b password irreversible-cipher x\n local-user b service-type ssh\n",
        ["local-user b password irreversible-cipher x", "local-user b service-type ssh", "undo local-user a"],
    ),
    "the terminal lines get another filter": (
        "huawei_vrp",
        VRP + "acl number 2000\n rule 5 permit\nuser-interface vty 0 4\n acl 2000 inbound\n",
        VRP + "acl number 2001\n rule 5 permit\nuser-interface vty 0 4\n acl 2001 inbound\n",
        ["acl 2001 inbound", "undo acl number 2000"],
    ),
    "a filter of the terminal lines loses an entry": (
        "huawei_vrp",
        VRP
        + "acl number 2000\n rule 5 permit source 10.99.0.0 0.0.0.255\n rule 10 deny\nuser-interface vty 0 4\n acl 2000 inbound\n",
        VRP + "acl number 2000\n rule 10 deny\nuser-interface vty 0 4\n acl 2000 inbound\n",
        ["undo rule 5"],
    ),
    "the server stops": (
        "huawei_vrpv8",
        VRP + "stelnet server enable\nssh server port 22\n",
        VRP + "ssh server port 2022\n",
        ["ssh server port 2022", "undo stelnet server enable"],
    ),
    "the server gets a filter": (
        "hp_comware",
        COMWARE + "acl basic 2000\n rule 5 permit\n",
        COMWARE + "acl basic 2000\n rule 5 permit\nssh server acl 2000\n",
        ["ssh server acl 2000"],
    ),
    "a filter of the server changes": (
        "hp_comware",
        COMWARE + "acl basic 2000\n rule 5 permit\nssh server acl 2000\nacl basic 2001\n rule 5 permit\n",
        COMWARE + "acl basic 2000\n rule 5 deny\nssh server acl 2000\nacl basic 2001\n rule 5 deny\n",
        ["undo rule 5", "rule 5 deny"],
    ),
    "a user's ways in change": (
        "hp_comware",
        COMWARE + "local-user a class manage\n service-type ssh terminal\n authorization-attribute user-role network-admin\n",
        COMWARE + "local-user a class manage\n service-type ssh\n authorization-attribute user-role network-admin\n",
        ["undo service-type terminal"],
    ),
    "its port leaves the aggregation": (
        "hp_comware",
        COMWARE + "interface Bridge-Aggregation1\n port trunk permit vlan 99\n"
        "interface GigabitEthernet1/0/1\n port link-aggregation group 1\n",
        COMWARE + "interface Bridge-Aggregation1\n port trunk permit vlan 99\ninterface GigabitEthernet1/0/1\n description spare\n",
        ["undo port link-aggregation group", "description spare"],
    ),
    "its process is taken off its interface": (
        "hp_comware",
        COMWARE + " ospf 1 area 0.0.0.0\n",
        COMWARE + " ospf cost 5\n",
        ["undo ospf 1 area 0.0.0.0", "ospf cost 5"],
    ),
    "its VRF loses a family": (
        "cisco_ios",
        "vrf definition m\n address-family ipv4\n address-family ipv6\ninterface Vlan99\n vrf forwarding m\n"
        " ip address 10.99.0.1 255.255.255.0\n",
        "vrf definition m\n address-family ipv4\ninterface Vlan99\n vrf forwarding m\n ip address 10.99.0.1 255.255.255.0\n",
        ["no address-family ipv6"],
    ),
    "telnet gives way to SSH": (
        "cisco_ios",
        IOS + "username a privilege 15\nline vty 0 4\n transport input telnet\n",
        IOS + "username b privilege 15\nline vty 0 4\n transport input ssh\n",
        ["transport input ssh", "no username a"],
    ),
    "more terminal lines": (
        "cisco_ios",
        IOS + "line vty 0 4\n login local\n transport input ssh\n",
        IOS + "line vty 0 15\n login local\n transport input ssh\n",
        [],
    ),
    "the default route goes": (
        "cisco_xe",
        IOS + "ip route 0.0.0.0 0.0.0.0 10.9.0.1\nip route 10.50.0.0 255.255.0.0 10.9.0.1\n",
        IOS + "hostname r\n",
        ["no ip route 0.0.0.0 0.0.0.0 10.9.0.1"],
    ),
    "the server stops on RGOS": (
        "ruijie_os",
        RGOS + "enable service ssh-server\n",
        RGOS + "hostname r\n",
        ["no enable service ssh-server"],
    ),
    "the trunk of its VLAN loses it": (
        "ruijie_os",
        RGOS + "interface GigabitEthernet 0/24\n switchport mode trunk\n switchport trunk allowed vlan only 10,99\n",
        RGOS + "interface GigabitEthernet 0/24\n switchport mode trunk\n switchport trunk allowed vlan only 10\n",
        ["switchport trunk allowed vlan remove 99"],
    ),
    "the address moves": (
        "frr",
        FRR + "ip route 0.0.0.0/0 10.99.0.254\n",
        "interface eth0\n ip address 10.99.0.2/24\nip route 0.0.0.0/0 10.99.0.253\n",
        ["ip address 10.99.0.2/24", "no ip address 10.99.0.1/24"],
    ),
    "an interface elsewhere changes": (
        "frr",
        FRR + "interface eth1\n ip address 10.0.0.1/24\n",
        FRR + "interface eth1\n shutdown\n",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_cuts_the_way_in_is_marked_and_comes_last(name: str) -> None:
    platform, before, after, marked = CASES[name]
    its = vendor(Platform(platform))
    running, intended = parse(before, its.rules), parse(after, its.rules)
    made = patch(its, running, intended, management=management_path(ADDRESS, running, intended))
    assert made.lines
    assert [line.text for line in made.management if not (line.enters_view or line.leaves_view)] == marked
    flags = [line.management for line in made.lines]
    assert flags == sorted(flags), "what is marked comes after all else"


def test_nobody_has_the_address() -> None:
    its = vendor(Platform.HUAWEI_VRP)
    assert management_path("10.98.0.1", parse(VRP, its.rules)) is None


@pytest.mark.parametrize("written", ["2001:DB8:0:0::1", "2001:db8::1"])
def test_the_address_may_be_spelled_otherwise(written: str) -> None:
    its = vendor(Platform.HP_COMWARE)
    config = parse("interface Vlan-interface99\n ipv6 address 2001:DB8::1/64\n", its.rules)
    path = management_path(written, config)
    assert path is not None
    assert path.vlans == 1 << 99
