"""What IOS and IOS-XE print: tables computed from a device's state, in the shapes of real ones. Never changes anything."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from yunwang.lab.devices import neighbours
from yunwang.lab.devices.checks import vlans
from yunwang.lab.devices.facts import Port
from yunwang.lab.devices.kinds import spell_mac
from yunwang.lab.devices.render import configuration, section
from yunwang.lab.devices.tree import Call

CODES = {"direct": "C", "local": "L", "static": "S", "ospf": "O"}
DISTANCE = {"direct": "[0/0]", "local": "[0/0]", "static": "[1/0]"}


def running_config(call: Call) -> str:
    """`show running-config [ interface NAME ]`."""
    device = call.device
    interface = call.get("interface")
    if interface:
        nodes = [node for node in device.running.with_fact("interface") if node.values["interface"] == interface]
        body = [line for node in nodes for line in section(device, node)]
        size = len("\n".join(body))
        return "\n".join(["Building configuration...", "", f"Current configuration : {size} bytes", "!", *body, "end"]) + "\n\n"
    lines = configuration(device, device.running)
    size = len("\n".join(lines))
    return "\n".join(["Building configuration...", "", f"Current configuration : {size} bytes", *lines]) + "\n"


def startup_config(call: Call) -> str:
    """`show startup-config`."""
    text = call.device.startup.read_text(encoding="utf-8")
    return f"Using {len(text)} out of 524288 bytes\n{text}"


def version(call: Call) -> str:
    """`show version`."""
    device = call.device
    up = timedelta(seconds=int(time.time() - device.booted))
    model = "C9300-24T" if device.chassis == "switch" else "CISCO2911/K9"
    image = "Catalyst L3 Switch Software (CAT9K_IOSXE)" if device.chassis == "switch" else "C2900 Software (C2900-UNIVERSALK9-M)"
    return (
        f"Cisco IOS Software, {image}, Version {_release(call)}, RELEASE SOFTWARE (fc2)\n"
        "Technical Support: http://www.cisco.com/techsupport\n"
        "Copyright (c) 1986-2021 by Cisco Systems, Inc.\n\n"
        f"{device.hostname} uptime is {up.days} days, {up.seconds // 3600} hours, {up.seconds % 3600 // 60} minutes\n"
        "System returned to ROM by power-on\n\n"
        f"cisco {model} processor with 524288K bytes of memory.\nProcessor board ID {device.mac().upper()}\n"
        "Configuration register is 0x2102\n"
    )


def clock(call: Call) -> str:
    """`show clock`."""
    return f"{datetime.now(UTC):%H:%M:%S.%f}"[:-3] + f" UTC {datetime.now(UTC):%a %b %d %Y}\n"


def ip_interface_brief(call: Call) -> str:
    """`show ip interface brief`."""
    lines = ["Interface              IP-Address      OK? Method Status                Protocol"]
    for port in call.device.ports():
        address = str(port.ipv4[0].ip) if port.ipv4 else "unassigned"
        method = "NVRAM " if port.ipv4 else "unset "
        lines.append(f"{port.name:<22} {address:<15} YES {method} {_admin(port):<21} {_line(port)}")
    return "\n".join(lines) + "\n"


def ipv6_interface_brief(call: Call) -> str:
    """`show ipv6 interface brief`."""
    lines = []
    for port in call.device.ports():
        lines.append(f"{port.name:<22} [{_admin(port)}/{_line(port)}]")
        if port.link_local:
            lines += [f"    {_six(port.link_local)}", *(f"    {_six(address.ip)}" for address in port.ipv6)]
        else:
            lines.append("    unassigned")
    return "\n".join(lines) + "\n"


def ipv6_interface(call: Call) -> str:
    """`show ipv6 interface NAME`."""
    port = call.device.port(call.get("interface"))
    if port is None or port.link_local is None:
        return ""
    lines = [
        f"{port.name} is {_admin(port)}, line protocol is {_line(port)}",
        f"  IPv6 is enabled, link-local address is {_six(port.link_local)}",
    ]
    lines.append("  Global unicast address(es):" if port.ipv6 else "  No global unicast address is configured")
    for address in port.ipv6:
        lines.append(f"    {_six(address.ip)}, subnet is {_six(address.network.network_address)}/{address.network.prefixlen}")
    lines += ["  Joined group address(es):", "    FF02::1", "    FF02::2", "  MTU is 1500 bytes"]
    if port.advertises:
        lines.append("  ND router advertisements are sent every 200 seconds")
    return "\n".join(lines) + "\n"


def arp(call: Call) -> str:
    """`show arp`, `show ip arp`."""
    lines = ["Protocol  Address          Age (min)  Hardware Addr   Type   Interface"]
    for one in neighbours.arp(call.device):
        lines.append(
            f"Internet  {one.address!s:<16} {'-' if one.own else '12':>8}   {spell_mac(one.mac, 4, '.')}  ARPA   {one.interface}"
        )
    return "\n".join(lines) + "\n"


def ipv6_neighbors(call: Call) -> str:
    """`show ipv6 neighbors`."""
    lines = ["IPv6 Address                              Age Link-layer Addr State Interface"]
    for one in neighbours.discovered(call.device):
        assert isinstance(one.address, IPv6Address)
        lines.append(
            f"{_six(one.address):<41} {0:>3} {spell_mac(one.mac, 4, '.')}  REACH {call.device.platform.short(one.interface)}"
        )
    return "\n".join(lines) + "\n"


def mac_table(call: Call) -> str:
    """`show mac address-table`."""
    hosts = call.device.city.hosts(call.device)
    rule = "-------------------------------------------"
    lines = [
        "          Mac Address Table",
        rule,
        "",
        "Vlan    Mac Address       Type        Ports",
        "----    -----------       --------    -----",
    ]
    for host in hosts:
        lines.append(
            f"{host.terminal.vlan:>4}    {spell_mac(host.mac, 4, '.')}    DYNAMIC     {call.device.platform.short(host.port.name)}"
        )
    return "\n".join([*lines, f"Total Mac Addresses for this criterion: {len(hosts)}"]) + "\n"


def vlan_brief(call: Call) -> str:
    """`show vlan brief`."""
    device = call.device
    lines = [
        "VLAN Name                             Status    Ports",
        "---- -------------------------------- --------- -------------------------------",
    ]
    for number in sorted(vlans(device.running)):
        named = next((node.first("vlan-name") for node in device.running.with_fact("vlan") if node.values["vlan"] == number), None)
        name = str(named.values["name"]) if named else "default" if number == 1 else f"VLAN{number:04}"
        members = [
            device.platform.short(port.name) for port in device.ports() if port.kind == "port" and port.access_vlan == number
        ]
        rows = [", ".join(members[at : at + 4]) for at in range(0, len(members), 4)] or [""]
        lines.append(f"{number:<4} {name:<32} active    {rows[0]}".rstrip())
        lines += [" " * 48 + row for row in rows[1:]]
    return "\n".join(lines) + "\n"


def source_binding(call: Call) -> str:
    """`show ip source binding`: MACs with colons, upper case."""
    lines = [
        "MacAddress          IpAddress        Lease(sec)  Type           VLAN  Interface",
        "------------------  ---------------  ----------  -------------  ----  --------------------",
    ]
    bindings = [node for node in call.device.running.with_fact("bind") if isinstance(node.values["address"], IPv4Address)]
    for node in bindings:
        mac = spell_mac(str(node.values["mac"]), 2, ":").upper()
        lines.append(
            f"{mac}   {node.values['address']!s:<15}  infinite    static         "
            f"{node.values['vlan']!s:<5} {node.values['interface']}"
        )
    return "\n".join([*lines, f"Total number of bindings: {len(bindings)}"]) + "\n"


def device_tracking(call: Call) -> str:
    """`show device-tracking database`, `show ipv6 neighbors binding`: the static entries."""
    device = call.device
    bindings = [node for node in device.running.with_fact("bind") if isinstance(node.values["address"], IPv6Address)]
    lines = [
        f"Binding Table has {len(bindings)} entries, 0 dynamic (limit 200000)",
        (
            "Codes: L - Local, S - Static, ND - Neighbor Discovery, ARP - Address Resolution "
            "Protocol, DH4 - IPv4 DHCP, DH6 - IPv6 DHCP"
        ),
        "",
        (
            "    Network Layer Address                    Link Layer Address     Interface  "
            "vlan       prlvl      age        state      Time left"
        ),
    ]
    for node in bindings:
        address = node.values["address"]
        assert isinstance(address, IPv6Address)
        mac = spell_mac(str(node.values["mac"]), 4, ".")
        short = device.platform.short(str(node.values["interface"]))
        lines.append(
            f"S   {_six(address):<40} {mac:<22} {short:<10} {node.values['vlan']!s:<10} 0100       1mn        REACHABLE  N/A"
        )
    return "\n".join(lines) + "\n"


def ospf_neighbor(call: Call) -> str:
    """`show ip ospf neighbor`."""
    lines = ["", "Neighbor ID     Pri   State           Dead Time   Address         Interface"]
    for one in call.device.city.adjacencies(call.device, 2):
        lines.append(
            f"{one.router!s:<15} {1:>3}   FULL/  -        00:00:34    {one.neighbour.port.ipv4[0].ip!s:<15} {one.port.name}"
        )
    return "\n".join(lines) + "\n"


def ospfv3_neighbor(call: Call) -> str:
    """`show ospfv3 neighbor`, `show ipv6 ospf neighbor`."""
    lines: list[str] = []
    for number, one in enumerate(call.device.city.adjacencies(call.device, 3), start=1):
        if not lines:
            lines = [
                "",
                "          OSPFv3 1 address-family ipv6",
                "",
                "Neighbor ID     Pri   State           Dead Time   Interface ID    Interface",
            ]
        lines.append(f"{one.router!s:<15} {1:>3}   FULL/  -        00:00:34    {number:<15} {one.port.name}")
    return "\n".join(lines) + "\n" if lines else ""


def ip_route(call: Call) -> str:
    """`show ip route`."""
    lines = ["Codes: L - local, C - connected, S - static, O - OSPF", "", "Gateway of last resort is not set", ""]
    for route in call.device.city.routes(call.device, 4):
        assert isinstance(route.network, IPv4Network)
        if route.via is None:
            lines.append(f"{CODES[route.protocol]}        {route.network} is directly connected, {route.interface}")
        else:
            distance = DISTANCE.get(route.protocol, f"[110/{route.cost + 1}]")
            lines.append(f"{CODES[route.protocol]}        {route.network} {distance} via {route.via}, {route.interface}")
    return "\n".join(lines) + "\n"


def ipv6_route(call: Call) -> str:
    """`show ipv6 route`."""
    routes = call.device.city.routes(call.device, 6)
    lines = [
        f"IPv6 Routing Table - default - {len(routes) + 1} entries",
        "Codes: C - Connected, L - Local, S - Static, O - OSPF Intra",
    ]
    for route in routes:
        network = f"{_six(route.network.network_address)}/{route.network.prefixlen}"
        lines.append(f"{CODES[route.protocol]}   {network} {DISTANCE.get(route.protocol, f'[110/{route.cost}]')}")
        how = (
            f"{_six(route.via)}, {route.interface}"
            if route.via
            else f"{route.interface}, {'receive' if route.protocol == 'local' else 'directly connected'}"
        )
        lines.append(f"     via {how}")
    return "\n".join([*lines, "L   FF00::/8 [0/0]", "     via Null0, receive"]) + "\n"


def ping(call: Call) -> str:
    """`ping [ ip | ipv6 ] HOST [ repeat N ] [ source A ]`."""
    target, source = call.values["target"], call.values.get("source")
    assert isinstance(target, IPv4Address | IPv6Address)
    count = int(call.get("count") or 5)
    answered = call.device.city.reaches(call.device, target, source if isinstance(source, IPv4Address | IPv6Address) else None)
    got = count if answered else 0
    lines = ["Type escape sequence to abort.", f"Sending {count}, 100-byte ICMP Echos to {_six(target)}, timeout is 2 seconds:"]
    lines.append(("!" if answered else ".") * count)
    times = ", round-trip min/avg/max = 1/1/1 ms" if answered else ""
    return "\n".join([*lines, f"Success rate is {100 if answered else 0} percent ({got}/{count}){times}"]) + "\n"


def _release(call: Call) -> str:
    node = call.device.running.first("version")
    return str(node.values["version"]) if node else "15.7"


def _admin(port: Port) -> str:
    return "up" if port.up else "down" if port.admin else "administratively down"


def _line(port: Port) -> str:
    return "up" if port.up else "down"


def _six(address: object) -> str:
    return str(address).upper()
