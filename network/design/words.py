"""How a platform says in IPv4 what its IPv6 half shall do: patterns, by what they say. Names no platform, reads no configuration.

A pattern matches a whole line unless said otherwise; its groups are called after what they catch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import Pattern

NEVER = re.compile(r"(?!)")
"""What a platform has no words for."""


@dataclass(frozen=True, slots=True)
class Left:
    """Lines that begin so get no IPv6 half: why, and whether something works or is guarded in IPv4 that will not be in IPv6."""

    begins: Pattern[str]
    why: str
    grave: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWords:
    """A kind of access list. `opens`: its view's line, with its name; `entry`: a line in it."""

    opens: Pattern[str]
    entry: Pattern[str]
    basic: bool = False
    """It matches sources alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A platform's words. Groups stand in brackets."""

    hostname: str
    """The word before it."""

    # on an interface
    address: Pattern[str]
    """(address, mask), the primary one"""
    vpn: Pattern[str]
    """(name)"""
    interface: Pattern[str] = re.compile(r"interface (?P<name>.+)")
    """(name) and, where the line that opens the view says it, (vpn)"""
    mtu: Pattern[str]
    """(mtu)"""
    area: Pattern[str]
    """(area) of OSPFv2"""
    point_to_point: Pattern[str]
    cost: Pattern[str]
    """(cost)"""
    isis: Pattern[str]
    """(tag)"""
    isis_cost: Pattern[str]
    """(cost)"""
    relay: Pattern[str] = NEVER
    """(server)"""
    serves: Pattern[str] = NEVER
    """The device answers DHCP there."""
    filter: Pattern[str] = NEVER
    """(name, way) of an access list, the way beginning with `in` or `out`"""
    policy: Pattern[str] = NEVER
    """(name) of what marks traffic that comes in"""
    member: Pattern[str] = NEVER
    """(vlan) of an access port"""
    tag: Pattern[str] = NEVER
    """(vlan) of a sub-interface"""
    vlan: Pattern[str]
    """(vlan) in an interface's name"""
    loopback: Pattern[str]
    """An interface's name"""
    alone: tuple[Left, ...] = ()

    # OSPFv2
    ospf: Pattern[str]
    """A process (vpn)"""
    network: Pattern[str]
    """(address, mask, area) in it; without area it stands in a view that begins with `area`"""
    silent: Pattern[str]
    """(not, name) of an interface without hellos"""
    imports: Pattern[str]
    """(source): static, connected or direct"""
    import_begins: str
    """How every import begins."""
    default_route: Pattern[str]
    """(always)"""
    router_id: Pattern[str]
    """(id), at the top or in a process"""
    area_kinds: Pattern[str]
    """Begins a line about an area's kind or a filter."""

    # IS-IS
    isis_process: Pattern[str]
    """(tag)"""
    wide: Pattern[str]
    """Begins what says that metrics are wide."""

    # BGP
    bgp: Pattern[str]
    """(asn, vpn)"""
    family: Pattern[str]
    """Begins a family's view, of BGP or of a VPN instance."""
    family4: Pattern[str]
    """IPv4 unicast's."""
    peer: Pattern[str]
    """(peer, asn)"""
    in_group: Pattern[str]
    """(peer, group)"""
    group: Pattern[str]
    """(group, asn)"""
    internal_group: Pattern[str] = NEVER
    """(group), of our own AS"""
    source: Pattern[str]
    """(peer, interface)"""
    advertised: Pattern[str]
    """(address, mask) of a network"""
    bgp_plain: Pattern[str]
    """Begins what is the same for IPv6, or of no concern to it."""

    # VPN instances
    instance: Pattern[str]
    """(name)"""
    instance_old: Pattern[str] = NEVER
    """(name) of one that holds IPv4 alone"""
    distinguisher: Pattern[str]
    """(rd)"""
    target: Pattern[str]
    """(target, way)"""

    static: Pattern[str]
    """(vpn, address, mask, rest)"""
    whole: tuple[Left, ...] = ()
    """At the top."""

    # DHCP pools
    pool: Pattern[str] = NEVER
    """(name)"""
    pool_network: Pattern[str] = NEVER
    """(address, mask)"""
    pool_dns: Pattern[str] = NEVER
    """(servers), a blank between two"""
    pool_domain: Pattern[str] = NEVER
    """(domain)"""
    pool_plain: Pattern[str] = NEVER
    """Begins what IPv6 has no need of."""

    # access lists
    lists: tuple[ListWords, ...] = ()
    basic6: bool = False
    """IPv6 has basic lists, too; they match no ICMPv6."""
    remark: Pattern[str] = NEVER
    """Begins what filters nothing."""
    line: Pattern[str] = NEVER
    """Terminal lines' view."""
    guard: Pattern[str] = NEVER
    """(name) of the list that guards them"""
    login: Pattern[str] = NEVER
    """(name) of the list that guards the login, at the top"""

    twins: tuple[tuple[Pattern[str], str], ...] = ()
    """Lines of management at the top and the same over IPv6: `{server}` there is the (server)'s IPv6 address."""
    binds: Pattern[str] = NEVER
    """Begins a binding that may stop IPv6."""


PORTS = r"eq \S+|range \S+ \S+|gt \S+|lt \S+|neq \S+"
"""Ports as all platforms write them in an access list."""
