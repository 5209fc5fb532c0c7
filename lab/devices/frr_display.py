"""What FRR's vtysh prints: tables computed from a device's state, in the shapes of real ones. Never changes anything."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from yunwang.lab.devices.render import configuration
from yunwang.lab.devices.tree import Call

CODES = {"direct": "C>*", "local": "L>*", "static": "S>*", "ospf": "O>*"}
DISTANCE = {"static": "[1/0]"}


def running_config(call: Call) -> str:
    """`show running-config`."""
    return (
        "\n".join(
            ["Building configuration...", "", "Current configuration:", "!", *configuration(call.device, call.device.running)]
        )
        + "\n"
    )


def version(call: Call) -> str:
    """`show version`."""
    return f"FRRouting 8.4.4 ({call.device.hostname}) on Linux.\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n"


def interface_brief(call: Call) -> str:
    """`show interface brief`."""
    lines = ["Interface       Status  VRF             Addresses", "---------       ------  ---             ---------"]
    for port in call.device.ports():
        every = [str(address) for address in (*port.ipv4, *port.ipv6)]
        lines.append(f"{port.name:<15} {'up' if port.up else 'down':<7} default         {every[0] if every else ''}".rstrip())
        lines += [" " * 40 + address for address in every[1:]]
    return "\n".join(lines) + "\n\n"


def ip_route(call: Call) -> str:
    """`show ip route`."""
    return _routes(call, 4)


def ipv6_route(call: Call) -> str:
    """`show ipv6 route`."""
    return _routes(call, 6)


def _routes(call: Call, version: int) -> str:
    lines = [
        "Codes: K - kernel route, C - connected, L - local, S - static,",
        "       O - OSPF, > - selected route, * - FIB route",
        "",
    ]
    for route in call.device.city.routes(call.device, version):
        if route.protocol == "local":
            continue
        how = (
            f"{DISTANCE.get(route.protocol, f'[110/{route.cost}]')} via {route.via}, {route.interface}"
            if route.via
            else f"is directly connected, {route.interface}"
        )
        lines.append(f"{CODES[route.protocol]} {route.network} {how}, 00:00:10")
    return "\n".join(lines) + "\n"


def ospf_neighbor(call: Call) -> str:
    """`show ip ospf neighbor`."""
    lines = [
        "",
        (
            "Neighbor ID     Pri State           Up Time         Dead Time Address         "
            "Interface                        RXmtL RqstL DBsmL"
        ),
    ]
    for one in call.device.city.adjacencies(call.device, 2):
        mine = one.port.ipv4[0].ip
        lines.append(
            f"{one.router!s:<15} {1:>3} Full/-          1m10s             34.123s "
            f"{one.neighbour.port.ipv4[0].ip!s:<15} {f'{one.port.name}:{mine}':<32}     0     0     0"
        )
    return "\n".join(lines) + "\n\n"


def ospf6_neighbor(call: Call) -> str:
    """`show ipv6 ospf6 neighbor`."""
    lines = ["Neighbor ID     Pri    DeadTime    State/IfState         Duration I/F[State]"]
    for one in call.device.city.adjacencies(call.device, 3):
        lines.append(f"{one.router!s:<15} {1:>3}    00:00:34     Full/PointToPoint    00:01:10 {one.port.name}[PointToPoint]")
    return "\n".join(lines) + "\n"


def forwarding(_: Call) -> str:
    """`show ipv6 forwarding`."""
    return "ipv6 forwarding is on\n"


def ping(call: Call) -> str:
    """`ping HOST`: five packets, as the kernel's ping prints them."""
    target = call.values["target"]
    assert isinstance(target, IPv4Address | IPv6Address)
    answered = call.device.city.reaches(call.device, target)
    lines = [f"PING {target} ({target}) 56(84) bytes of data."]
    lines += [f"64 bytes from {target}: icmp_seq={number} ttl=64 time=0.100 ms" for number in range(1, 6) if answered]
    got, loss = (5, 0) if answered else (0, 100)
    return (
        "\n".join(
            [
                *lines,
                "",
                f"--- {target} ping statistics ---",
                f"5 packets transmitted, {got} received, {loss}% packet loss, time 4000ms",
            ]
        )
        + "\n"
    )
