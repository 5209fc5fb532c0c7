"""What VRP prints: tables computed from a device's state, in the shapes of real ones. Never changes anything."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

from yunwang.lab.devices import neighbours
from yunwang.lab.devices.checks import vlans
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.facts import Port, router_id
from yunwang.lab.devices.render import configuration, section
from yunwang.lab.devices.tree import Call, Node

DASHES = "-" * 78
PROTOCOLS = {"direct": "Direct", "local": "Direct", "static": "Static", "ospf": "OSPF"}
PREFERENCES = {"direct": 0, "local": 0, "static": 60, "ospf": 10}


def current_configuration(call: Call) -> str:
    """`display current-configuration [ configuration SECTION | interface NAME ]`."""
    device, root = call.device, call.device.running
    interface, wanted = call.get("interface"), call.get("section")
    if interface:
        return _blocks(device, [node for node in root.with_fact("interface") if node.values["interface"] == interface])
    if wanted:
        return _blocks(device, [node for node in root.children.values() if node.row.opens and node.line.startswith(wanted)])
    return "\n".join(configuration(device, root)) + "\n"


def saved_configuration(call: Call) -> str:
    """`display saved-configuration`."""
    return call.device.startup.read_text(encoding="utf-8")


def this(call: Call) -> str:
    """`display this`: what runs of the view the user is in."""
    node: Node | None = call.device.running
    for slot in call.shell.path or ():
        node = node.children.get(slot) if node else None
    if node is None:
        return ""
    return _blocks(call.device, [node]) if node.row.opens != "system" else "\n".join(configuration(call.device, node)) + "\n"


def version(call: Call) -> str:
    """`display version`."""
    device = call.device
    software, release, model = _software(device)
    up = timedelta(seconds=int(time.time() - device.booted))
    hours, minutes = up.seconds // 3600, up.seconds % 3600 // 60
    return (
        "Huawei Versatile Routing Platform Software\n"
        f"VRP (R) software, Version {software} ({model} {release})\n"
        "Copyright (C) 2012-2022 Huawei Technologies Co., Ltd.\n"
        f"HUAWEI {model} uptime is {up.days} days, {hours} hours, {minutes} minutes\n"
    )


def clock(call: Call) -> str:
    """`display clock`."""
    now = datetime.now(UTC)
    return f"{now:%Y-%m-%d %H:%M:%S+00:00}\n{now:%A}\nTime Zone(UTC) : UTC+00:00\n"


def startup(call: Call) -> str:
    """`display startup`."""
    release = _software(call.device)[1]
    return (
        "MainBoard: \n"
        f"  Startup system software:                   flash:/{release}.cc\n"
        f"  Next startup system software:              flash:/{release}.cc\n"
        "  Backup system software for next startup:   null\n"
        "  Startup saved-configuration file:          flash:/vrpcfg.zip\n"
        "  Next startup saved-configuration file:     flash:/vrpcfg.zip\n"
        "  Startup patch package:                     null\n"
        "  Next startup patch package:                null\n"
    )


def interface_brief(call: Call) -> str:
    """`display interface brief`."""
    lines = [
        "PHY: Physical",
        "*down: administratively down",
        "(l): loopback",
        "(s): spoofing",
        "InUti/OutUti: input utility/output utility",
        "Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors",
    ]
    for port in call.device.ports():
        lines.append(f"{port.name:<28}{_state(port):<6}{_protocol(port):<10}   0%     0%          0          0")
    return "\n".join(lines) + "\n"


def ip_interface_brief(call: Call) -> str:
    """`display ip interface brief`."""
    shown = [port for port in call.device.ports() if port.kind in ("loopback", "vlan", "null") or _routed(call.device, port)]
    lines = [
        "*down: administratively down",
        "^down: standby",
        "(l): loopback",
        "(s): spoofing",
        f"The number of interface that is UP in Physical is {sum(port.up for port in shown)}",
        f"The number of interface that is DOWN in Physical is {sum(not port.up for port in shown)}",
        f"The number of interface that is UP in Protocol is {sum(port.up for port in shown)}",
        f"The number of interface that is DOWN in Protocol is {sum(not port.up for port in shown)}",
        "",
        "Interface                         IP Address/Mask      Physical   Protocol  ",
    ]
    for port in shown:
        address = str(port.ipv4[0]) if port.ipv4 else "unassigned"
        lines.append(f"{port.name:<34}{address:<21}{_state(port):<11}{_protocol(port):<10}")
    return "\n".join(lines) + "\n"


def ipv6_interface_brief(call: Call) -> str:
    """`display ipv6 interface brief`; VRP8 shows prefix lengths and the VPN."""
    eight = call.device.platform.two_stage
    lines = ["*down: administratively down", "!down: FIB overload down", "(l): loopback", "(s): spoofing"]
    head = "Interface                    Physical              Protocol"
    lines.append(f"{head} VPN" if eight else head)
    for port in call.device.ports():
        if port.link_local is None:
            continue
        lines.append(f"{port.name:<29}{_state(port):<22}{_protocol(port):<9}{port.vpn or '--' if eight else ''}".rstrip())
        shown = [_six(call.device, address.ip) + (f"/{address.network.prefixlen}" if eight else "") for address in port.ipv6]
        title = "[IPv6 Address/Prefix Length]" if eight else "[IPv6 Address]"
        lines += [f"{title} {address}" for address in shown or ["Unassigned"]]
    return "\n".join(lines) + "\n"


def ipv6_interface(call: Call) -> str:
    """`display ipv6 interface NAME`."""
    port = call.device.port(call.get("interface"))
    if port is None or port.link_local is None:
        return ""
    lines = [
        f"{port.name} current state : {_state(port).upper()}",
        f"IPv6 protocol current state : {_protocol(port).upper()}",
        f"IPv6 is enabled, link-local address is {_six(call.device, port.link_local)}",
        "  Global unicast address(es):",
    ]
    for address in port.ipv6:
        lines.append(
            f"    {_six(call.device, address.ip)}, subnet is "
            f"{_six(call.device, address.network.network_address)}/{address.network.prefixlen}"
        )
    lines += [
        "  Joined group address(es):",
        "    FF02::1",
        "    FF02::2",
        "  MTU is 1500 bytes",
        "  ND DAD is enabled, number of DAD attempts: 1",
    ]
    if port.advertises:
        lines.append("  ND router advertisement max interval 600 seconds, min interval 200 seconds")
    return "\n".join(lines) + "\n"


def ipv6_neighbors(call: Call) -> str:
    """`display ipv6 neighbors`: terminals and far ends of links."""
    device, lines = call.device, [DASHES]
    found = list(neighbours.discovered(device))
    for one in found:
        assert isinstance(one.address, IPv6Address)
        lines += [
            f"IPv6 Address : {_six(device, one.address):<40}",
            f"Link-layer   : {device.platform.spell_mac(one.mac):<33} State : REACH ",
            f"Interface    : {device.platform.short(one.port):<33} Age   : 00h00m10s ",
            f"VLAN         : {one.vlan or '-':<33} CEVLAN: -",
            f"VPN name     : {one.vpn:<33} Is Router: {str(one.router).upper()}",
            "Secure FLAG  : UN-SECURE",
            "",
        ]
    return "\n".join([*lines, DASHES, f"Total: {len(found)}       Dynamic: {len(found)}       Static: 0"]) + "\n"


def arp(call: Call) -> str:
    """`display arp [ all ]`."""
    device = call.device
    lines = [
        "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE ",
        "                                          VLAN/CEVLAN(SIP/DIP)",
        DASHES,
    ]
    found = list(neighbours.arp(device))
    for one in found:
        start = f"{one.address!s:<16}{device.platform.spell_mac(one.mac):<16}"
        if one.own:
            lines.append(f"{start}          I -         {one.port:<11} {one.vpn}".rstrip())
        else:
            lines.append(f"{start}17        D-0         {device.platform.short(one.port):<11} {one.vpn}".rstrip())
        if one.vlan:
            lines.append(f"                                          {one.vlan}/-")
    own = sum(one.own for one in found)
    return "\n".join([*lines, DASHES, f"Total:{len(found):<10}Dynamic:{len(found) - own:<8}Static:0     Interface:{own}"]) + "\n"


def mac_address(call: Call) -> str:
    """`display mac-address`."""
    device = call.device
    rule = "-" * 79
    lines = [rule, "MAC Address    VLAN/VSI/BD                       Learned-From        Type", rule]
    hosts = device.city.hosts(device)
    for host in hosts:
        lines.append(
            f"{device.platform.spell_mac(host.mac)} {f'{host.terminal.vlan}/-/-':<33} "
            f"{device.platform.short(host.port.name):<19} dynamic"
        )
    return "\n".join([*lines, "", rule, f"Total items displayed = {len(hosts)}"]) + "\n"


def vlan(call: Call) -> str:
    """`display vlan`."""
    device = call.device
    found = sorted(vlans(device.running))
    rule = "-" * 80
    lines = [
        f"The total number of VLANs is: {len(found)}",
        rule,
        "U: Up;         D: Down;         TG: Tagged;         UT: Untagged;",
        rule,
    ]
    lines += ["", "VID  Type    Ports", rule]
    for number in found:
        members = [
            f"{device.platform.short(port.name)}({'U' if port.up else 'D'})"
            for port in device.ports()
            if port.kind == "port" and port.access_vlan == number
        ]
        rows = ["     ".join(members[at : at + 4]) for at in range(0, len(members), 4)] or [""]
        lines.append(f"{number:<5}common  {'UT:' if members else ''}{rows[0]}".rstrip())
        lines += [f"                {row}" for row in rows[1:]]
    return "\n".join(lines) + "\n"


def user_bind(call: Call) -> str:
    """`display dhcp static user-bind all` (S-V200R) and `display user-bind static all` (CE, S-V600)."""
    device = call.device
    bindings = list(device.running.with_fact("bind"))
    if not bindings:
        return "Info: The number of static bind-table is zero.\n"
    lines = [
        "DHCP static Bind-table:" if "dhcp" in call.line else "Static Bind-table:",
        "Flags:O - outer vlan ,I - inner vlan ,P - Vlan-mapping ",
        "IP Address                      MAC Address     VSI/VLAN(O/I/P) Interface      ",
        "-" * 80,
    ]
    for node in bindings:
        address, mac = node.values["address"], node.values.get("mac")
        shown = _six(device, address) if isinstance(address, IPv6Address) else str(address)
        hardware = device.platform.spell_mac(str(mac)) if mac else "--"
        port = node.values.get("interface")
        short = device.platform.short(str(port)) if port else "--"
        lines.append(f"{shown:<32}{hardware:<16}{node.values.get('vlan', '--')!s:<4}/--  /--   {short}")
    lines += ["-" * 80, f"Print count:{len(bindings):>12}          Total count:{len(bindings):>12}"]
    return "\n".join(lines) + "\n"


def ospf_peer(call: Call) -> str:
    """`display ospf peer brief`."""
    device = call.device
    lines = [
        "",
        f"\t OSPF Process 1 with Router ID {router_id(device, None, version=2)}",
        "\t\t  Peer Statistic Information",
        " " + "-" * 76,
        " Area Id          Interface                        Neighbor id      State    ",
    ]
    for adjacency in device.city.adjacencies(device, 2):
        lines.append(f" 0.0.0.0          {adjacency.port.name:<32} {adjacency.router!s:<16} Full        ")
    return "\n".join([*lines, " " + "-" * 76]) + "\n"


def ospfv3_peer(call: Call) -> str:
    """`display ospfv3 peer`."""
    lines: list[str] = []
    adjacencies = call.device.city.adjacencies(call.device, 3)
    for process in call.device.running.with_fact("ospf3-process"):
        number = process.values["process"]
        lines += [f"OSPFv3 Process ({number})", "OSPFv3 Area (0.0.0.0)"]
        lines.append("Neighbor ID     Pri  State            Dead Time Interface            Instance ID")
        for one in adjacencies:
            if one.port.ospf3 and one.port.ospf3[0] == number:
                short = call.device.platform.short(one.port.name)
                lines.append(f"{one.router!s:<16}{1:>3}  Full/-           00:00:34  {short:<30} 0")
    return "\n".join(lines) + "\n" if lines else ""


def ip_routing_table(call: Call) -> str:
    """`display ip routing-table`."""
    routes = call.device.city.routes(call.device, 4)
    lines = [
        "Route Flags: R - relay, D - download to fib",
        DASHES,
        "Routing Tables: Public",
        f"         Destinations : {len(routes):<8} Routes : {len(routes):<8}",
        "",
        "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface",
        "",
    ]
    for route in routes:
        via = route.via or "127.0.0.1"
        proto = PROTOCOLS[route.protocol]
        lines.append(
            f"{route.network!s:>18}  {proto:<7} {PREFERENCES[route.protocol]:<4} {route.cost:<8} "
            f"   D   {via!s:<15} {route.interface}"
        )
    return "\n".join(lines) + "\n"


def ipv6_routing_table(call: Call) -> str:
    """`display ipv6 routing-table`."""
    routes = call.device.city.routes(call.device, 6)
    lines = ["Routing Table : Public", f"         Destinations : {len(routes):<8} Routes : {len(routes):<8}", ""]
    for route in routes:
        address = route.network.network_address
        assert isinstance(address, IPv6Address)
        via = route.via if isinstance(route.via, IPv6Address) else ip_address("::1" if route.protocol == "local" else "::")
        assert isinstance(via, IPv6Address)
        lines += [
            f" Destination  : {_six(call.device, address):<40} PrefixLength : {route.network.prefixlen}",
            f" NextHop      : {_six(call.device, via):<40} Preference   : {PREFERENCES[route.protocol]}",
            f" Cost         : {route.cost:<40} Protocol     : {PROTOCOLS[route.protocol].replace('OSPF', 'OSPFv3')}",
            f" RelayNextHop : {'::':<40} TunnelID     : 0x0",
            f" Interface    : {route.interface:<40} Flags        : D",
            "",
        ]
    return "\n".join(lines) + "\n"


def ping(call: Call) -> str:
    """`ping [ -c N ] [ -a SOURCE ] [ ipv6 ] HOST`: answered when the way there and back is."""
    target, source = call.values["target"], call.values.get("source")
    assert isinstance(target, IPv4Address | IPv6Address)
    count = int(call.get("count") or 5)
    answered = call.device.city.reaches(call.device, target, source if isinstance(source, IPv4Address | IPv6Address) else None)
    shown = _six(call.device, target) if isinstance(target, IPv6Address) else str(target)
    lines = [f"  PING {shown}: 56  data bytes, press CTRL_C to break"]
    for number in range(1, count + 1):
        if not answered:
            lines.append("    Request time out")
        elif target.version == 6:
            lines += [f"    Reply from {shown} ", f"    bytes=56 Sequence={number} hop limit=64  time = 1 ms"]
        else:
            lines.append(f"    Reply from {shown}: bytes=56 Sequence={number} ttl=255 time=1 ms")
    lines += [
        "",
        f"  --- {shown} ping statistics ---",
        f"    {count} packet(s) transmitted",
        f"    {count if answered else 0} packet(s) received",
    ]
    lines.append(f"    {0 if answered else 100:.2f}% packet loss")
    if answered:
        lines.append("    round-trip min/avg/max = 1/1/1 ms")
    return "\n".join(lines) + "\n\n"


def _blocks(device: Device, nodes: list[Node]) -> str:
    lines = _version_line(device)
    for node in nodes:
        lines += ["#", *section(device, node)]
    return "\n".join([*lines, "#", "return"]) + "\n" if nodes else ""


def _version_line(device: Device) -> list[str]:
    return [device.banner_line] if device.banner_line.startswith("[") else []


def _software(device: Device) -> tuple[str, str, str]:
    release = device.banner_line.strip("![]").split()[-1] if device.banner_line else "V200R019C00SPC500"
    if device.platform.two_stage:
        return "8.231", release, "CE6881"
    return ("5.170", release, "AR6280") if device.chassis == "router" else ("5.170", release, "S5735-S48T4X")


def _state(port: Port) -> str:
    return "up" if port.up else "down" if port.admin else "*down"


def _protocol(port: Port) -> str:
    if port.kind in ("loopback", "null"):
        return "up(s)" if port.up else "down"
    return "up" if port.up and (port.ipv4 or port.link_local or port.access_vlan) else "down"


def _routed(device: Device, port: Port) -> bool:
    return device.views(port.node)[0] in ("if-routed", "if-wan")


def _six(device: Device, address: IPv6Address) -> str:
    return device.platform.spelling.spell(address)
