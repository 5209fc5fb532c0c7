"""What Comware 7 prints: tables computed from a device's state, in the shapes of real ones. Never changes anything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

from yunwang.lab.devices import health_display, huawei_display, neighbours
from yunwang.lab.devices.checks import vlans
from yunwang.lab.devices.facts import Port, router_id
from yunwang.lab.devices.tree import Call, Node, Row

PROTOCOLS = {"direct": "Direct", "local": "Direct", "static": "Static", "ospf": "O_INTRA"}
PREFERENCES = {"direct": 0, "local": 0, "static": 60, "ospf": 10}


def version(call: Call) -> str:
    """`display version`."""
    line = call.device.running.first("version")
    up = timedelta(seconds=int(time.time() - call.device.booted))
    return (
        "H3C Comware Software, Version "
        f"{line.values['version'] if line else '7.1.070'}\n"
        "Copyright (c) 2004-2021 New H3C Technologies Co., Ltd. All rights reserved.\n"
        f"H3C S5560X-34S-EI uptime is 0 weeks, {up.days} days, {up.seconds // 3600} hours, {up.seconds % 3600 // 60} minutes\n"
        "Last reboot reason : Cold reboot\n"
    )


def clock(_: Call) -> str:
    """`display clock`."""
    return f"{datetime.now(UTC):%H:%M:%S} UTC {datetime.now(UTC):%a %m/%d/%Y}\n"


def interface_brief(call: Call) -> str:
    """`display interface brief`: ports that route, then ports that switch."""
    device = call.device
    routed = [port for port in device.ports() if not _bridges(call, port)]
    lines = [
        "Brief information on interfaces in route mode:",
        "Link: ADM - administratively down; Stby - standby",
        "Protocol: (s) - spoofing",
        "Interface            Link Protocol Primary IP      Description",
    ]
    for port in routed:
        address = str(port.ipv4[0].ip) if port.ipv4 else "--"
        lines.append(
            (
                f"{device.platform.short(port.name):<20} {_link(port):<4} {_protocol(port).upper():<8} "
                f"{address:<15} {port.description}"
            ).rstrip()
        )
    lines += [
        "",
        "Brief information on interfaces in bridge mode:",
        "Link: ADM - administratively down; Stby - standby",
        "Speed: (a) - auto",
        "Duplex: (a)/A - auto; H - half; F - full",
        "Type: A - access; T - trunk; H - hybrid",
        "Interface            Link Speed     Duplex Type PVID Description",
    ]
    for port in device.ports():
        if _bridges(call, port):
            kind = "T" if port.trunk else "A"
            lines.append(
                (
                    f"{device.platform.short(port.name):<20} {_link(port):<4} {'1G(a)' if port.up else 'auto':<9} "
                    f"{'F(a)' if port.up else 'A':<6} {kind:<4} {port.access_vlan or 1:<4} {port.description}"
                ).rstrip()
            )
    return "\n".join(lines) + "\n"


def ip_interface_brief(call: Call) -> str:
    """`display ip interface brief`."""
    lines = [
        "*down: administratively down",
        "(s): spoofing  (l): loopback",
        "Interface           Physical Protocol IP address/Mask    VPN instance Description",
    ]
    for port in call.device.ports():
        if not _bridges(call, port) and port.kind != "null":
            address = str(port.ipv4[0]) if port.ipv4 else "--"
            lines.append(
                (
                    f"{call.device.platform.short(port.name):<19} {_state(port):<8} {_protocol(port):<8} "
                    f"{address:<18} {port.vpn or '--':<12} {port.description[:15]}"
                ).rstrip()
            )
    return "\n".join(lines) + "\n"


def ipv6_interface_brief(call: Call) -> str:
    """`display ipv6 interface brief`: without prefix lengths."""
    lines = [
        "*down: administratively down",
        "(s): spoofing",
        "Interface                                Physical   Protocol   IPv6 Address",
    ]
    for port in call.device.ports():
        if port.link_local:
            first = _six(call, port.ipv6[0].ip) if port.ipv6 else _six(call, port.link_local)
            lines.append(f"{port.name:<40} {_state(port):<10} {_protocol(port):<10} {first}")
    return "\n".join(lines) + "\n"


def ipv6_interface(call: Call) -> str:
    """`display ipv6 interface NAME`."""
    port = call.device.port(call.get("interface"))
    if port is None or port.link_local is None:
        return ""
    lines = [
        f"{port.name} current state: {_state(port).upper()}",
        f"Line protocol current state: {_protocol(port).upper()}",
        f"IPv6 is enabled, link-local address is {_six(call, port.link_local)}",
        "  Global unicast address(es):",
    ]
    for one in port.ipv6:
        lines.append(f"    {_six(call, one.ip)}, subnet is {_six(call, one.network.network_address)}/{one.network.prefixlen}")
    lines += ["  Joined group address(es):", "    FF02::1", "    FF02::2", "  MTU is 1500 bytes"]
    if port.advertises:
        lines.append("  ND advertised router lifetime is 1800 seconds")
    return "\n".join(lines) + "\n"


def ipv6_neighbors(call: Call) -> str:
    """`display ipv6 neighbors all`."""
    lines = [
        "Type: S-Static    D-Dynamic    O-Openflow    R-Rule    IS-Invalid static",
        "IPv6 address              MAC address    VLAN/VSI   Interface      State T Aging",
    ]
    for one in neighbours.discovered(call.device):
        assert isinstance(one.address, IPv6Address)
        short = call.device.platform.short(one.port)
        mac = call.device.platform.spell_mac(one.mac)
        lines.append(f"{_six(call, one.address):<25} {mac:<14} {one.vlan or 'N/A'!s:<10} {short:<14} REACH D 10")
    return "\n".join(lines) + "\n"


def arp(call: Call) -> str:
    """`display arp`: others' entries."""
    lines = [
        "  Type: S-Static   D-Dynamic   O-Openflow   R-Rule   M-Multiport  I-Invalid",
        "IP address      MAC address    VLAN/VSI name Interface                Aging Type",
    ]
    for one in neighbours.arp(call.device):
        if not one.own:
            mac, short = call.device.platform.spell_mac(one.mac), call.device.platform.short(one.port)
            lines.append(f"{one.address!s:<15} {mac:<14} {one.vlan or '--'!s:<13} {short:<24} 1187  D   ")
    return "\n".join(lines) + "\n"


def mac_address(call: Call) -> str:
    """`display mac-address`."""
    lines = ["MAC Address      VLAN ID    State            Port/Nickname            Aging"]
    for host in call.device.city.hosts(call.device):
        mac, short = call.device.platform.spell_mac(host.mac), call.device.platform.short(host.port.name)
        lines.append(f"{mac:<16} {host.terminal.vlan:<10} {'Learned':<16} {short:<24} Y")
    return "\n".join(lines) + "\n"


def vlan_brief(call: Call) -> str:
    """`display vlan brief`."""
    device = call.device
    lines = [
        "Brief information about all VLANs:",
        "Supported Minimum VLAN ID: 1",
        "Supported Maximum VLAN ID: 4094",
        "Default VLAN ID: 1",
        "VLAN ID   Name                             Port",
    ]
    for number in sorted(vlans(device.running)):
        members = [
            device.platform.short(port.name)
            for port in device.ports()
            if _bridges(call, port) and (port.access_vlan or 1) == number
        ]
        rows = ["  ".join(members[at : at + 3]) for at in range(0, len(members), 3)] or [""]
        lines.append(f"{number:<9} {f'VLAN {number:04}':<32} {rows[0]}".rstrip())
        lines += [" " * 43 + row for row in rows[1:]]
    return "\n".join(lines) + "\n"


def _bindings(call: Call, family: type) -> list[tuple[Node, str]]:
    """Static bindings of a family with the port they are on; global ones have none."""
    root = call.device.running
    found = [(node, "N/A") for node in root.with_fact("bind")]
    for interface in root.with_fact("interface"):
        found += [(node, call.device.platform.short(str(interface.values["interface"]))) for node in interface.with_fact("bind")]
    return [(node, port) for node, port in found if isinstance(node.values.get("address"), family)]


def source_binding(call: Call) -> str:
    """`display ip source binding [ static ]`."""
    found = _bindings(call, IPv4Address)
    lines = [f"Total entries found: {len(found)}", "IP Address      MAC Address    Interface                VLAN Type"]
    for node, port in found:
        lines.append(
            f"{node.values['address']!s:<15} {_mac(call, node):<14} {port:<24} {node.values.get('vlan', 'N/A')!s:<4} Static"
        )
    return "\n".join(lines) + "\n"


def ipv6_source_binding(call: Call) -> str:
    """`display ipv6 source binding [ static ]`: an address longer than its column goes on in the next line."""
    found = _bindings(call, IPv6Address)
    lines = [f"Total entries found: {len(found)}", "IPv6 Address         MAC Address    Interface               VLAN Type"]
    for node, port in found:
        address = node.values["address"]
        assert isinstance(address, IPv6Address)
        first, rest = _wrap(_six(call, address), 20)
        lines.append(f"{first:<20} {_mac(call, node):<14} {port:<23} {node.values.get('vlan', 'N/A')!s:<4} Static")
        lines += [rest] if rest else []
    return "\n".join(lines) + "\n"


def _wrap(address: str, width: int) -> tuple[str, str]:
    if len(address) <= width:
        return address, ""
    cut = address.rindex(":", 0, width) + 1
    return address[:cut], address[cut:]


def ospf_peer(call: Call) -> str:
    """`display ospf peer`."""
    device = call.device
    lines = [
        "",
        f"\t OSPF Process 1 with Router ID {router_id(device, None, version=2)}",
        "\t       Neighbor Brief Information",
        "",
        " Area: 0.0.0.0",
        " Router ID       Address         Pri Dead-Time  State             Interface",
    ]
    for one in device.city.adjacencies(device, 2):
        lines.append(
            f" {one.router!s:<15} {one.neighbour.port.ipv4[0].ip!s:<15} 1   34         Full/ "
            f"-           {device.platform.short(one.port.name)}"
        )
    return "\n".join(lines) + "\n"


def ospfv3_peer(call: Call) -> str:
    """`display ospfv3 peer`."""
    device, lines = call.device, []
    for process in device.running.with_fact("ospf3-process"):
        number = process.values["process"]
        assert isinstance(number, int)
        rule = "-" * 73
        lines += [
            "",
            f"               OSPFv3 Process {number} with Router ID {router_id(device, number, version=3)}",
            "",
            " Area: 0.0.0.0",
            rule,
        ]
        lines.append(" Router ID       Pri State             Dead-Time InstID Interface")
        for one in device.city.adjacencies(device, 3):
            if one.port.ospf3 and one.port.ospf3[0] == number:
                lines.append(f" {one.router!s:<15} 1   Full/ -           00:00:33  0      {device.platform.short(one.port.name)}")
    return "\n".join(lines) + "\n" if lines else ""


def ip_routing_table(call: Call) -> str:
    """`display ip routing-table`."""
    routes = call.device.city.routes(call.device, 4)
    lines = [
        "",
        f"Destinations : {len(routes)}\tRoutes : {len(routes)}",
        "",
        "Destination/Mask   Proto   Pre Cost        NextHop         Interface",
    ]
    for route in routes:
        short = call.device.platform.short(route.interface)
        lines.append(
            f"{route.network!s:<18} {PROTOCOLS[route.protocol]:<7} {PREFERENCES[route.protocol]:<3} "
            f"{route.cost:<11} {route.via or '127.0.0.1'!s:<15} {short}"
        )
    return "\n".join(lines) + "\n"


def ipv6_routing_table(call: Call) -> str:
    """`display ipv6 routing-table`."""
    routes = call.device.city.routes(call.device, 6)
    lines = ["", f"Destinations : {len(routes)}\tRoutes : {len(routes)}", ""]
    for route in routes:
        address = route.network.network_address
        assert isinstance(address, IPv6Address)
        via = _six(call, route.via) if isinstance(route.via, IPv6Address) else "::1" if route.protocol == "local" else "::"
        lines += [
            f"Destination: {f'{_six(call, address)}/{route.network.prefixlen}':<43} Protocol  : {PROTOCOLS[route.protocol]}",
            f"NextHop    : {via:<43} Preference: {PREFERENCES[route.protocol]}",
            f"Interface  : {call.device.platform.short(route.interface):<43} Cost      : {route.cost}",
            "",
        ]
    return "\n".join(lines) + "\n"


def ping(call: Call) -> str:
    """`ping [ -c N ] [ -a SOURCE ] HOST`, `ping ipv6 …`."""
    target, source = call.values["target"], call.values.get("source")
    assert isinstance(target, IPv4Address | IPv6Address)
    count = int(call.get("count") or 5)
    answered = call.device.city.reaches(call.device, target, source if isinstance(source, IPv4Address | IPv6Address) else None)
    shown = str(target)
    lines = [f"Ping {shown} ({shown}): 56 data bytes, press CTRL_C to break"]
    for number in range(count):
        hops = f"icmp_seq={number} {'hlim=64' if target.version == 6 else 'ttl=255'} time=1.000 ms"
        lines.append(f"56 bytes from {shown}{', ' if target.version == 6 else ': '}{hops}" if answered else "Request time out")
    loss = 0.0 if answered else 100.0
    lines += [
        "",
        f"--- Ping statistics for {shown} ---",
        f"{count} packet(s) transmitted, {count if answered else 0} packet(s) received, {loss}% packet loss",
    ]
    if answered:
        lines.append("round-trip min/avg/max/std-dev = 1.000/1.000/1.000/0.000 ms")
    return "\n".join(lines) + "\n"


def _bridges(call: Call, port: Port) -> bool:
    return call.device.views(port.node)[0] == "if-port"


def _link(port: Port) -> str:
    return "UP" if port.up else "DOWN" if port.admin else "ADM"


def _state(port: Port) -> str:
    return "up" if port.up else "down" if port.admin else "*down"


def _protocol(port: Port) -> str:
    return "up(s)" if port.kind in ("loopback", "null") and port.up else "up" if port.up else "down"


def _six(call: Call, address: IPv6Address) -> str:
    return call.device.platform.spelling.spell(address)


def _mac(call: Call, node: Node) -> str:
    mac = node.values.get("mac")
    return call.device.platform.spell_mac(str(mac)) if mac else "N/A"


def _rows() -> Iterator[Row]:
    same = huawei_display
    yield Row(
        syntax="display current-configuration [ configuration <section> | interface <interface=existing> ]",
        do=same.current_configuration,
    )
    yield Row(syntax="display saved-configuration", do=same.saved_configuration)
    yield Row(syntax="display this", do=same.this)
    yield Row(syntax="display version", do=version)
    yield Row(syntax="display clock", do=clock)
    yield Row(syntax="display interface brief", do=interface_brief)
    yield Row(syntax="display ip interface brief", do=ip_interface_brief)
    yield Row(syntax="display ipv6 interface brief", do=ipv6_interface_brief)
    yield Row(syntax="display ipv6 interface <interface=existing>", do=ipv6_interface)
    yield Row(syntax="display ipv6 neighbors all", do=ipv6_neighbors)
    yield Row(syntax="display arp [ all ]", do=arp)
    yield Row(syntax="display mac-address", do=mac_address)
    yield Row(syntax="display vlan brief", do=vlan_brief)
    yield Row(syntax="display ip source binding [ static ]", do=source_binding)
    yield Row(syntax="display ipv6 source binding [ static ]", do=ipv6_source_binding)
    yield Row(syntax="display ospf peer", do=ospf_peer)
    yield Row(syntax="display ospfv3 peer", do=ospfv3_peer)
    yield Row(syntax="display ip routing-table", do=ip_routing_table)
    yield Row(syntax="display ipv6 routing-table", do=ipv6_routing_table)
    yield from health_display.COMWARE
    yield Row(syntax="ping [ -c <count=1-100> ] [ -a <source=ipv4> ] <target=ipv4>", do=ping)
    yield Row(syntax="ping ipv6 [ -c <count=1-100> ] [ -a <source=ipv6> ] <target=ipv6>", do=ping)


ROWS = tuple(_rows())
"""The commands that show, for every view."""
