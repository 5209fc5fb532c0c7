"""What RGOS prints, where it differs from IOS. Never changes anything."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address

from yunwang.lab.devices import cisco_display as cisco
from yunwang.lab.devices import health_display, neighbours
from yunwang.lab.devices.kinds import spell_mac
from yunwang.lab.devices.render import configuration, section
from yunwang.lab.devices.tree import Call, Row


def running_config(call: Call) -> str:
    """`show running-config [ interface NAME ]`."""
    device, interface = call.device, call.get("interface")
    if interface:
        nodes = [node for node in device.running.with_fact("interface") if node.values["interface"] == interface]
        body = [line for node in nodes for line in section(device, node)]
    else:
        body = configuration(device, device.running)
    size = len("\n".join(body))
    return "\n".join(["", "Building configuration...", f"Current configuration : {size} bytes", "", *body]) + "\n"


def startup_config(call: Call) -> str:
    """`show startup-config`."""
    return call.device.startup.read_text(encoding="utf-8")


def version(call: Call) -> str:
    """`show version`."""
    line = call.device.running.first("version")
    up = timedelta(seconds=int(time.time() - call.device.booted))
    return (
        "System description      : Ruijie Full Gigabit Routing Switch(S5750C-28GT4XS-H) By Ruijie Networks\n"
        f"System start time       : {datetime.fromtimestamp(call.device.booted, UTC):%Y-%m-%d %H:%M:%S}\n"
        f"System uptime           : {up.days}:{up.seconds // 3600:02}:{up.seconds % 3600 // 60:02}:{up.seconds % 60:02}\n"
        "System hardware version : 1.00\n"
        f"System software version : {line.values['version'] if line else 'RGOS 11.4'}\n"
        f"System serial number    : {call.device.mac().upper()}\n"
    )


def clock(_: Call) -> str:
    """`show clock`."""
    return f"{datetime.now(UTC):%H:%M:%S UTC %a, %b %d, %Y}\n"


def ip_interface_brief(call: Call) -> str:
    """`show ip interface brief`."""
    lines = ["Interface                        IP-Address(Pri)      IP-Address(Sec)      Status                 Protocol "]
    for port in call.device.ports():
        if port.kind == "port" and call.device.views(port.node)[0] == "if-port":
            continue
        first = str(port.ipv4[0]) if port.ipv4 else "no address"
        second = str(port.ipv4[1]) if len(port.ipv4) > 1 else "no address"
        lines.append(f"{port.name:<32} {first:<20} {second:<20} {'up' if port.up else 'down':<22} {'up' if port.up else 'down'}")
    return "\n".join(lines) + "\n"


def ipv6_interface(call: Call) -> str:
    """`show ipv6 interface [ NAME ]`."""
    wanted, lines = call.get("interface"), []
    for number, port in enumerate(call.device.ports(), start=1):
        if port.link_local is None or (wanted and port.name != wanted):
            continue
        lines += [f"interface {port.name} is {'Up' if port.up else 'Down'}, ifindex: {number}", "  address(es):"]
        lines.append(f"    Mac Address: {spell_mac(call.device.mac(port.name), 2, ':')}")
        lines.append(f"    INET6: {port.link_local} , subnet is fe80::/64")
        lines += [f"    INET6: {one.ip} , subnet is {one.network}" for one in port.ipv6]
        lines += ["  Joined group address(es):", "    ff02::1", "    ff02::2", "  MTU is 1500 bytes"]
        lines.append(f"  ND router advertisements are {'sent every 200 seconds' if port.advertises else 'suppressed'}")
    return "\n".join(lines) + "\n" if lines else ""


def ipv6_interface_brief(call: Call) -> str:
    """`show ipv6 interface brief`."""
    lines = []
    for port in call.device.ports():
        if port.link_local:
            state = "up" if port.up else "down"
            lines += [
                f"{port.name:<28}[{state}/{state}]",
                f"        {port.link_local}",
                *(f"        {one.ip}" for one in port.ipv6),
            ]
    return "\n".join(lines) + "\n" if lines else ""


def ipv6_neighbors(call: Call) -> str:
    """`show ipv6 neighbors`."""
    lines = ["IPv6 Address                             Linklayer Addr  Interface"]
    for one in neighbours.discovered(call.device):
        lines.append(f"{one.address!s:<40} {spell_mac(one.mac, 4, '.')}  {one.interface}")
    return "\n".join(lines) + "\n"


def arp(call: Call) -> str:
    """`show arp`."""
    found = list(neighbours.arp(call.device))
    lines = [
        f"Total Numbers of Arp: {len(found)}",
        "Protocol  Address          Age(min)  Hardware        Type   Interface           ",
    ]
    for one in found:
        lines.append(
            f"Internet  {one.address!s:<16} {'--' if one.own else '12':<9} {spell_mac(one.mac, 4, '.')}  arpa   {one.interface}"
        )
    return "\n".join(lines) + "\n"


def mac_table(call: Call) -> str:
    """`show mac-address-table`."""
    lines = ["Vlan        MAC Address          Type     Interface", "----------  -------------------- -------- -------------------"]
    for host in call.device.city.hosts(call.device):
        lines.append(f"{host.terminal.vlan:>4}        {spell_mac(host.mac, 4, '.'):<20} DYNAMIC  {host.port.name}")
    return "\n".join(lines) + "\n"


def address_bind(call: Call) -> str:
    """`show address-bind`."""
    found = [node for node in call.device.running.with_fact("bind") if node.line.startswith("address-bind")]
    lines = [
        f"Total Bind Addresses in System : {len(found)}",
        "IP Address                               Binding MAC Addr",
        "---------------------------------------- ----------------",
    ]
    lines += [f"{node.values['address']!s:<40} {spell_mac(str(node.values['mac']), 4, '.')}" for node in found]
    return "\n".join(lines) + "\n"


def source_binding(call: Call) -> str:
    """`show ip source binding`, `show ipv6 source binding`."""
    six = "ipv6" in call.line
    every = (node for node in call.device.running.with_fact("bind") if "source binding" in node.line)
    found = [node for node in every if isinstance(node.values["address"], IPv6Address) == six]
    lines = [
        f"Total number of bindings: {len(found)}",
        "NO.     MACADDRESS           IPADDRESS                                LEASE(SEC)   TYPE            VLAN  INTERFACE",
        (
            "------  -------------------- ---------------------------------------- ------------ "
            "--------------- ----- --------------------"
        ),
    ]
    for number, node in enumerate(found, start=1):
        mac = spell_mac(str(node.values["mac"]), 4, ".")
        lines.append(
            f"{number:<7} {mac:<20} {node.values['address']!s:<40} {'Infinite':<12} {'Static':<15} "
            f"{node.values['vlan']!s:<5} {node.values['interface']}"
        )
    return "\n".join(lines) + "\n"


def ospf_neighbor(call: Call) -> str:
    """`show ip ospf neighbor`."""
    found = call.device.city.adjacencies(call.device, 2)
    lines = [
        "",
        f"OSPF process 1, {len(found)} Neighbors, {len(found)} is Full:",
        "Neighbor ID     Pri   State                BFD State  Dead Time   Address         Interface",
    ]
    for one in found:
        lines.append(
            f"{one.router!s:<15} {1:>3}   Full/ -              -          00:00:34    "
            f"{one.neighbour.port.ipv4[0].ip!s:<15} {one.port.name}"
        )
    return "\n".join(lines) + "\n"


def ospfv3_neighbor(call: Call) -> str:
    """`show ipv6 ospf neighbor`."""
    found = call.device.city.adjacencies(call.device, 3)
    if not found:
        return ""
    lines = [
        f"OSPFv3 Process (1), {len(found)} Neighbors, {len(found)} is Full:",
        "Neighbor ID     Pri   State            BFD State  Dead Time   Instance ID   Interface",
    ]
    lines += [f"{one.router!s:<15} {1:>3}   Full/ -          -          00:00:34    0             {one.port.name}" for one in found]
    return "\n".join(lines) + "\n"


ROWS = (
    Row(syntax="show running-config [ interface <interface=existing> ]", do=running_config),
    Row(syntax="show startup-config", do=startup_config),
    Row(syntax="show version", do=version),
    Row(syntax="show clock", do=clock),
    Row(syntax="show ip interface brief", do=ip_interface_brief),
    Row(syntax="show ipv6 interface [ <interface=existing> ]", do=ipv6_interface),
    Row(syntax="show ipv6 interface brief", do=ipv6_interface_brief),
    Row(syntax="show ipv6 neighbors", do=ipv6_neighbors),
    Row(syntax="show arp", do=arp),
    Row(syntax="show mac-address-table", do=mac_table),
    Row(syntax="show vlan", do=cisco.vlan_brief),
    Row(syntax="show address-bind", do=address_bind),
    Row(syntax="show { ip | ipv6 } source binding", do=source_binding),
    Row(syntax="show ip ospf neighbor", do=ospf_neighbor),
    Row(syntax="show ipv6 ospf neighbor", do=ospfv3_neighbor),
    Row(syntax="show ip route", do=cisco.ip_route),
    Row(syntax="show ipv6 route", do=cisco.ipv6_route),
    *health_display.RGOS,
    Row(syntax="ping [ ip ] <target=ipv4> [ ntimes <count=1-100> ] [ source <source=ipv4> ]", do=cisco.ping),
    Row(syntax="ping [ ipv6 ] <target=ipv6> [ ntimes <count=1-100> ] [ source <source=ipv6> ]", do=cisco.ping),
)
"""The commands that show."""
