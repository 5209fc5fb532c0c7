"""How VRP8 says in IPv4 what its IPv6 half shall do: as VRP5, and NE routers' DHCP servers in words of their own.

Source: NE40E V800R012 guide, IP Services, DHCP. A pool of BRAS subscribers (`ip pool NAME bas local`) is none.
"""

from __future__ import annotations

from dataclasses import replace
from re import compile as words

from yunwang.network.vendors.huawei_vrp import ipv4 as vrp5

WORDS = replace(
    vrp5.WORDS,
    serves=words(rf"{vrp5.WORDS.serves.pattern}|dhcp server enable"),
    pool=words(r"ip pool (?P<name>\S+)(?: server)?"),
    pool_network=words(r"(?:network|gateway) (?P<address>[\d.]+)(?: (?:mask )?(?P<mask>[\d.]+))?"),
    pool_dns=words(r"dns-(?:list|server) (?P<servers>[\d. ]+)"),
    pool_domain=words(r"(?:domain-name|dns-suffix) (?P<domain>\S+)"),
    pool_plain=words(rf"{vrp5.WORDS.pool_plain.pattern}|section |renewal-time |rebinding-time "),
)
