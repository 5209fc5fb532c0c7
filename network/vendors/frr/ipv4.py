"""How FRR says in IPv4 what its IPv6 half shall do: as IOS, masks as lengths. Source: FRR's user guide."""

from __future__ import annotations

from dataclasses import replace
from re import compile as words

from yunwang.network.design.words import NEVER
from yunwang.network.vendors.cisco_ios import ipv4 as ios

WORDS = replace(
    ios.WORDS,
    interface=words(r"interface (?P<name>\S+)(?: vrf (?P<vpn>\S+))?(?: .*)?"),
    address=words(r"ip address (?P<address>[\d.]+)/(?P<mask>\d+)"),
    area=words(r"ip ospf area (?P<area>\S+)"),
    relay=NEVER,
    vlan=words(r"(?:vlan|\S+\.)(?P<vlan>\d+)"),
    loopback=words(r"lo"),
    network=words(r"network (?P<address>[\d.]+)/(?P<mask>\d+) area (?P<area>\S+)"),
    router_id=words(r"(?:ospf router-id|(?:ip )?router-id) (?P<id>[\d.]+)"),
    advertised=words(r"network (?P<address>[\d.]+)(?:/(?P<mask>\d+))?"),
    static=words(r"ip route (?P<address>[\d.]+)/(?P<mask>\d+) (?P<rest>(?:(?! vrf ).)+)(?: vrf (?P<vpn>\S+))?"),
)
