"""What FRR's vtysh shows: its own JSON where the command has it, else a template. Shapes: FRR's topotests.

vtysh keeps no neighbours and bindings: the kernel does, and shows neighbours by `ip neighbor`. ntc-templates has nothing for FRR.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from yunwang.network.facts.display import Parse, Table, Values, cut_off, not_understood
from yunwang.network.facts.model import BgpPeer, InterfaceIpv6, IsisPeer, Neighbor, OspfPeer, Ospfv3Peer, Route
from yunwang.network.facts.transcript import cleaned
from yunwang.network.vendors.cisco_ios.parse import BGP

DEFAULT = "default"
"""The VRF that is none."""


def interface(row: Values) -> Values:
    """Both families stand in one column."""
    shown = row["shown"]
    assert isinstance(shown, list)
    return {**row, "shown": [one for one in shown if ":" in one], "vpn": "" if row["vpn"] == DEFAULT else row["vpn"]}


def route(row: Values) -> Values:
    """`>` is selected."""
    del row["path"]
    selected = row.pop("selected")
    return {**row, "active": selected == ">", "vpn": "" if row["vpn"] == DEFAULT else row["vpn"]}


def from_json(rows: Callable[[dict[str, Any]], Iterator[Values]]) -> Callable[[str], list[Values]]:
    """A reader of JSON. It raises Fatal for what is none, or not of this shape."""

    def read(text: str) -> list[Values]:
        lines = cleaned(text)
        try:
            found = json.loads("\n".join(lines) or "{}")
        except json.JSONDecodeError as error:
            at = min(error.lineno, len(lines))
            raise (
                not_understood(lines[at - 1]) if at < len(lines) else cut_off(f"{lines[-1].strip()!r} is its last line")
            ) from None
        try:
            return list(rows(found))
        except (AttributeError, KeyError, TypeError):
            raise not_understood(lines[0] if len(lines) == 1 else " ".join(line.strip() for line in lines[:3])) from None

    return read


def json_interfaces(found: dict[str, Any]) -> Iterator[Values]:
    """`show interface [ brief ] json`."""
    for name, one in found.items():
        every = one["addresses"] if "addresses" in one else one["ipAddresses"]
        shown = [address if isinstance(address, str) else address["address"] for address in every]
        vrf = one.get("vrfName", DEFAULT)
        yield {
            "name": name,
            "up": one["status"] if "status" in one else one["operationalStatus"],
            "vpn": "" if vrf == DEFAULT else vrf,
            "shown": [address for address in shown if ":" in address],
        }


def json_routes(found: dict[str, Any]) -> Iterator[Values]:
    """`show ip|ipv6 route json`."""
    for prefix, every in found.items():
        for one in every:
            vrf = one.get("vrfName", DEFAULT)
            for hop in one["nexthops"]:
                yield {
                    "network": prefix,
                    "protocol": one["protocol"],
                    "preference": one.get("distance", ""),
                    "metric": one.get("metric", ""),
                    "active": bool(one.get("selected", False)),
                    "vpn": "" if vrf == DEFAULT else vrf,
                    "next_hop": hop.get("ip", ""),
                    "interface": hop.get("interfaceName", ""),
                }


def json_ospfv3(found: dict[str, Any]) -> Iterator[Values]:
    """`show ipv6 ospf6 neighbor json`."""
    for one in found["neighbors"] if found else ():
        yield {
            "router_id": one["neighborId"],
            "interface": one["interfaceName"],
            "state": one["state"],
            "priority": one.get("priority", ""),
        }


def json_bgp(found: dict[str, Any]) -> Iterator[Values]:
    """`show bgp [ ipv6 [ unicast ] ] summary json`: with several families, each under its name."""
    families = [found] if "peers" in found or not found else list(found.values())
    for family in families:
        for address, one in family.get("peers", {}).items():
            yield {
                "address": address,
                "asn": one["remoteAs"],
                "state": one["state"],
                "uptime": one.get("peerUptime", ""),
                "prefixes": one.get("pfxRcd", ""),
            }


def neighbor(row: Values) -> Values:
    """`PERMANENT` is static."""
    return {**row, "static": row["state"] == "PERMANENT"}


NEIGHBORS = Table(noun=Neighbor, template="frr/ip_neighbor", row=neighbor)
ROUTES = Table(noun=Route, template="frr/show_route", row=route)
JSON_ROUTES = Table(noun=Route, text=from_json(json_routes))
JSON_BGP = Table(noun=BgpPeer, text=from_json(json_bgp))
JSON_INTERFACES = Table(noun=InterfaceIpv6, text=from_json(json_interfaces))

PARSE = Parse(
    tables={
        "ip neighbor": NEIGHBORS,
        "ip -6 neighbor": NEIGHBORS,
        "show interface brief": Table(noun=InterfaceIpv6, template="frr/show_interface_brief", row=interface),
        "show interface brief json": JSON_INTERFACES,
        "show interface json": JSON_INTERFACES,
        "show ip route": ROUTES,
        "show ipv6 route": ROUTES,
        "show ip route json": JSON_ROUTES,
        "show ipv6 route json": JSON_ROUTES,
        "show ipv6 ospf6 neighbor": Table(noun=Ospfv3Peer, template="frr/show_ipv6_ospf6_neighbor"),
        "show ipv6 ospf6 neighbor json": Table(noun=Ospfv3Peer, text=from_json(json_ospfv3)),
        "show ip ospf neighbor": Table(noun=OspfPeer, template="frr/show_ip_ospf_neighbor"),
        "show isis neighbor": Table(noun=IsisPeer, template="frr/show_isis_neighbor"),
        "show bgp ipv4 summary": BGP,
        "show bgp ipv6 summary": BGP,
        "show bgp ipv6 unicast summary": BGP,
        "show bgp summary json": JSON_BGP,
        "show bgp ipv6 summary json": JSON_BGP,
        "show bgp ipv6 unicast summary json": JSON_BGP,
    },
    interface=str,
)
