"""A router of any platform on a line to another, with terminals behind it and a business in a VPN instance of its own. On paper."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv4Network, IPv6Network
from pathlib import Path

from yunwang.inventories.network import (
    AddressPlan,
    Device,
    Interface,
    Level,
    Link,
    Plane,
    Platform,
    PrefixPair,
    Role,
    Site,
    VpnInstance,
)
from yunwang.inventories.workspace import Settings, Workspace

PORTS = {
    Platform.HUAWEI_VRP: ("LoopBack0", "GigabitEthernet0/0/1", "Vlanif"),
    Platform.HUAWEI_VRPV8: ("LoopBack0", "GE1/0/1", "Vlanif"),
    Platform.HP_COMWARE: ("LoopBack0", "GigabitEthernet1/0/1", "Vlan-interface"),
    Platform.CISCO_IOS: ("Loopback0", "GigabitEthernet1/0/1", "Vlan"),
    Platform.RUIJIE_OS: ("Loopback 0", "GigabitEthernet 0/1", "VLAN "),
    Platform.FRR: ("lo", "eth1", ""),
}


def device(name: str, platform: Platform, *interfaces: Interface) -> Device:
    return Device(
        name=name,
        platform=platform,
        site="yunzhou",
        plane=Plane.A,
        role=Role.CORE,
        host="192.0.2.1",
        username="u",
        password="env://P",
        interfaces=interfaces,
    )


def workspace(platform: Platform) -> Workspace:
    """r1 of that platform, on a line to r2; one business with a class of its own."""
    loopback, port, vlan = PORTS[platform]
    interfaces = [
        Interface(name=loopback, ipv4=IPv4Interface("10.64.255.1/32"), loopback=True),
        Interface(name=port, ipv4=IPv4Interface("10.64.254.1/30")),
    ]
    if vlan:
        interfaces.append(Interface(name=f"{vlan}110", ipv4=IPv4Interface("10.64.110.1/24"), vlan=110, terminals=True))
        interfaces.append(Interface(name=f"{vlan}20", ipv4=IPv4Interface("10.64.20.1/24"), vlan=20, vpn_instance="health"))
    far = device(
        "r2",
        Platform.FRR,
        Interface(name="lo", ipv4=IPv4Interface("10.64.255.2/32"), loopback=True),
        Interface(name="eth1", ipv4=IPv4Interface("10.64.254.2/30")),
    )
    return Workspace(
        root=Path(),
        digest="",
        settings=Settings(
            version=1, name="t", title="", vpn_instances=(VpnInstance(name="health", route_distinguisher="65100:300", dscp="af41"),)
        ),
        sites=(Site(name="yunzhou", title="", level=Level.CITY, ipv6=IPv6Network("2001:db8:100::/48")),),
        address_plan=AddressPlan(
            ipv4=IPv4Network("10.64.0.0/12"),
            ipv6=IPv6Network("2001:db8:100::/40"),
            loopbacks=IPv6Network("2001:db8:1ff::/64"),
            loopbacks_ipv4=IPv4Network("10.64.255.0/24"),
            links=IPv6Network("2001:db8:1fe::/64"),
            links_ipv4=IPv4Network("10.64.254.0/24"),
            pairs=(PrefixPair(ipv4=IPv4Network("10.64.1.0/24"), ipv6=IPv6Network("2001:db8:1fd:1::/64")),),
        ),
        devices=(device("r1", platform, *interfaces), far),
        links=(
            Link(name="l", plane=Plane.A, a_device="r1", a_interface=port, b_device="r2", b_interface="eth1", bandwidth_mbps=1000),
        ),
    )
