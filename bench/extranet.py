"""A province's extranet of any size: sites, devices of five platforms on two planes, and what each runs in IPv4. Never real."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Network
from pathlib import Path

from yunwang.inventories.network import AddressPlan, Device, Interface, Level, Link, Plane, Platform, PrefixPair, Role, Scheme, Site
from yunwang.inventories.workspace import Settings, Workspace

PLATFORMS = (Platform.HUAWEI_VRP, Platform.HUAWEI_VRPV8, Platform.HP_COMWARE, Platform.RUIJIE_OS, Platform.CISCO_IOS)
A_SITE = 5
"""Devices a site, one of each platform."""
CORES = 2
"""The city's first devices, one a plane."""
VLANS = 40
"""Gateways a device."""
LINES = 1000
PLAN = AddressPlan(
    ipv4=IPv4Network("10.0.0.0/8"),
    ipv6=IPv6Network("2001:db8::/32"),
    loopbacks=IPv6Network("2001:db8:ffff::/64"),
    loopbacks_ipv4=IPv4Network("192.168.0.0/16"),
    links=IPv6Network("2001:db8:fffe::/64"),
    links_ipv4=IPv4Network("172.16.0.0/12"),
    scheme=Scheme(county=4, township=7, village=5, function=4, functions={"office": 0}),
    pairs=(PrefixPair(ipv4=IPv4Network("203.0.113.0/24"), ipv6=IPv6Network("2001:db8:fffd::/64")),),
)


def workspace(devices: int) -> Workspace:
    """Sites without prefixes in a tree; five devices each, in a chain of their plane up to the city's."""
    sites = tuple(_site(number) for number in range(devices // A_SITE))
    made = tuple(_device(number) for number in range(devices))
    links = tuple(_link(number) for number in range(CORES, devices))
    return Workspace(
        root=Path(),
        digest="",
        settings=Settings(version=1, name="bench", title=""),
        sites=sites,
        address_plan=PLAN,
        devices=made,
        links=links,
    )


def _site(number: int) -> Site:
    """The city, then ten counties, then townships (up to a hundred a county), then villages below townships."""
    if number == 0:
        return Site(name="s0", title="", level=Level.CITY)
    if number <= 10:
        return Site(name=f"s{number}", title="", level=Level.COUNTY, parent="s0")
    if number <= 1010:
        return Site(name=f"s{number}", title="", level=Level.TOWNSHIP, parent=f"s{(number - 11) % 10 + 1}")
    return Site(name=f"s{number}", title="", level=Level.VILLAGE, parent=f"s{(number - 1011) % 1000 + 11}")


def _name(platform: Platform, kind: str, number: int) -> str:
    """An interface's full name."""
    vrp = platform in (Platform.HUAWEI_VRP, Platform.HUAWEI_VRPV8)
    match kind:
        case "vlan":
            return {Platform.HP_COMWARE: "Vlan-interface", Platform.RUIJIE_OS: "VLAN ", Platform.CISCO_IOS: "Vlan"}.get(
                platform, "Vlanif"
            ) + str(number)
        case "loopback":
            return {Platform.RUIJIE_OS: "Loopback 0", Platform.CISCO_IOS: "Loopback0"}.get(platform, "LoopBack0")
        case _:
            space = " " if platform is Platform.RUIJIE_OS else ""
            return f"GigabitEthernet{space}{'0/0' if vrp else '1/0' if not space else '0'}/{number}"


def _host(network: int, number: int) -> IPv4Interface:
    return IPv4Interface((int(IPv4Address("10.0.0.0")) + network * 8 + number, 29))


def _end(number: int, end: int) -> IPv4Interface:
    """Of the link up from a device."""
    return IPv4Interface((int(IPv4Address("172.16.0.0")) + 4 * number + end, 30))


def _device(number: int) -> Device:
    platform = PLATFORMS[number % A_SITE]
    interfaces = [
        Interface(
            name=_name(platform, "loopback", 0), ipv4=IPv4Interface((int(IPv4Address("192.168.0.0")) + number, 32)), loopback=True
        )
    ]
    if number >= CORES:
        interfaces.append(Interface(name=_name(platform, "port", 1), ipv4=_end(number, 2)))
    interfaces.append(Interface(name=_name(platform, "port", 2), ipv4=_end(number + CORES, 1)))
    base = 100 * (number % A_SITE) + 101
    interfaces += [
        Interface(name=_name(platform, "vlan", base + one), ipv4=_host(number * VLANS + one, 1), vlan=base + one, terminals=True)
        for one in range(VLANS)
    ]
    return Device(
        name=f"d{number}",
        platform=platform,
        site=f"s{number // A_SITE}",
        plane=Plane.A if number % 2 else Plane.B,
        role=Role.CORE if number < CORES else Role.ACCESS,
        host=str(interfaces[0].ipv4.ip) if interfaces[0].ipv4 else "",
        username="u",
        password="env://P",
        router_id=interfaces[0].ipv4.ip if interfaces[0].ipv4 else None,
        interfaces=tuple(interfaces),
    )


def _link(number: int) -> Link:
    above, below = number - CORES, number
    return Link(
        name=f"l{number}",
        plane=Plane.A if number % 2 else Plane.B,
        a_device=f"d{above}",
        a_interface=_name(PLATFORMS[above % A_SITE], "port", 2),
        b_device=f"d{below}",
        b_interface=_name(PLATFORMS[below % A_SITE], "port", 1),
        bandwidth_mbps=1000,
        load_mbps=100,
    )


def running(device: Device) -> str:
    """What a device runs: about a thousand lines, IPv4 alone."""
    text = "\n".join(_LINES[device.platform in (Platform.RUIJIE_OS, Platform.CISCO_IOS)](device))
    missing = LINES - text.count("\n") - 4
    huawei = device.platform not in (Platform.RUIJIE_OS, Platform.CISCO_IOS)
    filler = (
        [
            f"acl number 2999\n{_filler(missing - 1)}"
            if device.platform is not Platform.HP_COMWARE
            else f"acl basic 2999\n{_filler(missing - 1)}"
        ]
        if huawei
        else [f"ip access-list extended 199\n{_filler_cisco(missing - 1)}"]
    )
    mark, end = ("#", "return") if huawei else ("!", "end")
    return "\n".join([text, mark, *filler, mark, end, ""])


def _filler(count: int) -> str:
    return "\n".join(f" rule {5 * one} permit source 10.{one // 200}.{one % 200}.0 0.0.0.255" for one in range(1, count + 1))


def _filler_cisco(count: int) -> str:
    return "\n".join(f" {10 * one} permit ip 10.{one // 200}.{one % 200}.0 0.0.0.255 any" for one in range(1, count + 1))


def _huawei(device: Device) -> Iterator[str]:
    h3c = device.platform is Platform.HP_COMWARE
    if h3c:
        yield " version 7.1.070, Release 6616P03"
    else:
        yield "!Software Version V200R019C00SPC500"
    yield from ("#", f"sysname {device.name}", "#", f"router id {device.router_id}", "#")
    yield from (
        ("acl advanced 3000", " rule 5 deny tcp destination-port eq 445", " rule 10 permit ip", "#")
        if h3c
        else ("acl number 3000", " rule 5 deny tcp destination-port eq 445", " rule 10 permit ip", "#")
    )
    for one in device.interfaces:
        yield f"interface {one.name}"
        yield f" description {device.name} {one.name}"
        assert one.ipv4
        yield f" ip address {one.ipv4.ip} {one.ipv4.netmask}"
        yield " ospf 1 area 0" if h3c else " ospf enable 1 area 0.0.0.0"
        if one.vlan:
            yield " ospf cost 20"
            yield " dhcp select relay"
            yield f" dhcp relay server-{'address' if h3c else 'ip'} 203.0.113.10"
            yield " packet-filter 3000 inbound" if h3c else " traffic-filter inbound acl 3000"
        yield "#"
    yield from (f"ospf 1 router-id {device.router_id}", " area 0.0.0.0", "#")
    yield "ip route-static 203.0.113.0 24 172.16.0.5" if h3c else "ip route-static 203.0.113.0 255.255.255.0 172.16.0.5"


def _cisco(device: Device) -> Iterator[str]:
    ruijie = device.platform is Platform.RUIJIE_OS
    yield from ("version RGOS 11.4(1)B12P32S1" if ruijie else "version 15.7", "!", f"hostname {device.name}", "!")
    yield from ("ip access-list extended 110", " 10 deny tcp any any eq 445", " 20 permit ip any any", "!")
    for one in device.interfaces:
        yield f"interface {one.name}"
        yield f" description {device.name} {one.name}"
        assert one.ipv4
        yield f" ip address {one.ipv4.ip} {one.ipv4.netmask}"
        yield " ip ospf 1 area 0"
        if one.vlan:
            yield " ip ospf cost 20"
            yield " ip helper-address 203.0.113.10"
            yield " ip access-group 110 in"
        yield "!"
    yield from ("router ospf 1", f" router-id {device.router_id}", "!")
    yield "ip route 203.0.113.0 255.255.255.0 172.16.0.5"


_LINES = {False: _huawei, True: _cisco}
