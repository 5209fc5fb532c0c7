"""What Comware 7 shows, and which template reads it. Shapes: ntc-templates' real captures for ARP, H3C manuals for the rest.

ntc-templates' own are not used: `display_arp` skips every line that it does not know, cut rows with them; `display_bgp_peer_ipv4`
knows no IPv6 and no output whose first blanks were stripped; there is none for bindings, neighbours and IPv6 interfaces.
"""

from __future__ import annotations

from yunwang.network.facts import ntc
from yunwang.network.facts.display import Parse, Table, Values, names, rows_like, stated
from yunwang.network.facts.model import BgpPeer, BoundAddress, InterfaceIpv6, IsisPeer, Neighbor, OspfPeer, Ospfv3Peer, Route
from yunwang.network.vendors.hp_comware.rules import RULES


def neighbor(row: Values) -> Values:
    """`S` is static, `IS` static and not valid; a VSI's name in the VLAN's column is none."""
    vlan, kind = str(row["vlan"]), row.pop("type")
    return {**row, "static": kind in ("S", "IS"), "vlan": vlan if vlan.isdigit() else ""}


def binding(row: Values) -> Values:
    """`Static`, `DHCP snooping`, `802.1X` …"""
    source = str(row["source"]).lower().replace(" ", "-")
    return {**row, "source": source, "static": source.startswith("static")}


def snooped(row: Values) -> Values:
    """Snooping learns: none is static."""
    return {**row, "source": "nd-snooping" if ":" in str(row["address"]) else "dhcp-snooping", "static": False}


def route(row: Values) -> Values:
    """Only `verbose` shows a state."""
    state = row.pop("state")
    return {**row, "active": state in ("", "Active")}


BINDINGS = Table(
    noun=BoundAddress, template="hp_comware/display_source_binding", total=r"Total entries found:\s*(\d+)", row=binding
)
SNOOPED = Table(
    noun=BoundAddress,
    template="hp_comware/display_dhcp_snooping_binding",
    total=r"^\s*(?:(?=\d+ DHCP)|Total (?:entries found|number of [\w ]*entries)\s*:\s*)(\d+)",
    row=snooped,
)
ROUTES = Table(noun=Route, template="hp_comware/display_routing-table", total=r"(?:Routes|Summary count)\s*:\s*(\d+)", row=route)
BGP = Table(noun=BgpPeer, template="hp_comware/display_bgp_peer", total=r"Total number of peers\s*:\s*(\d+)")

PARSE = Parse(
    tables={
        "display arp": Table(noun=Neighbor, template="hp_comware/display_arp", row=neighbor),
        "display ipv6 neighbors": Table(noun=Neighbor, template="hp_comware/display_ipv6_neighbors", row=neighbor),
        "display ipv6 interface brief": Table(noun=InterfaceIpv6, template="hp_comware/display_ipv6_interface_brief"),
        "display ipv6 interface": Table(noun=InterfaceIpv6, template="huawei_vrp/display_ipv6_interface"),
        "display ip source binding": BINDINGS,
        "display ipv6 source binding": BINDINGS,
        "display dhcp snooping binding": SNOOPED,
        "display ipv6 dhcp snooping binding": SNOOPED,
        "display ip routing-table": ROUTES,
        "display ipv6 routing-table": ROUTES,
        "display ospfv3 peer": Table(noun=Ospfv3Peer, template="hp_comware/display_ospfv3_peer"),
        "display bgp peer": BGP,
        "display ospf peer": Table(noun=OspfPeer, template="hp_comware/display_ospf_peer"),
        "display isis peer": Table(noun=IsisPeer, template="hp_comware/display_isis_peer"),
        "display cpu-usage": stated(r"(\d+)% in last 1 minute"),
        "display memory": stated(r"^Mem: .* (\d+(?:\.\d+)?)%$", lambda found: 100 - float(found[1])),
        "display users": rows_like(r"\s*\+?\s*F?\s*\d+\s+VTY\s+\d+\b"),
    },
    interface=names(RULES.full_name, slots=True),
    others=ntc.tables("hp_comware"),
)
