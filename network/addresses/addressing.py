"""Where things stand in the IPv6 address plan: sites down the administrative tree, functions, VLANs, links, loopbacks. Arithmetic.

Never keeps anything: what was given out is in the register (address_register.py), and all that is here follows from the plan.
"""

from __future__ import annotations

import math
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Interface, IPv6Network

from yunwang.inventories.network import AddressPlan, Level, Scheme, Site

DIGITS_BITS = 16
"""From so many bits on, a VLAN's number stands in its prefix in decimal digits, whatever it is."""
NUMBER_BITS = 12
"""From so many bits on, every VLAN id has a place of its own; with fewer, places are given out."""
LEVELS = tuple(Level)


def loopback(plan: AddressPlan, ipv4: IPv4Address) -> IPv6Interface | None:
    """The /128 of a loopback: as far into the plan's loopbacks as its IPv4 address lies into theirs. None: outside."""
    offset = _offset(ipv4, plan.loopbacks_ipv4 or plan.ipv4)
    return None if offset is None else IPv6Interface((int(plan.loopbacks.network_address) + offset, 128))


def link(plan: AddressPlan, ipv4: IPv4Network) -> IPv6Network | None:
    """The /127 of a link (RFC 6164): as far into the plan's links as its IPv4 subnet lies into theirs. None: outside."""
    offset = _offset(ipv4.network_address, plan.links_ipv4 or plan.ipv4)
    return None if offset is None else IPv6Network((int(plan.links.network_address) + (offset & ~1), 127))


def _offset(address: IPv4Address, base: IPv4Network) -> int | None:
    return int(address) - int(base.network_address) if address in base else None


def bits(scheme: Scheme, level: Level) -> int:
    """Of a level's own number."""
    width: int = getattr(scheme, level.value)
    return width


def depth(scheme: Scheme, level: Level) -> int:
    """Bits from the plan's prefix down to and with a level's number."""
    return sum(bits(scheme, each) for each in LEVELS[: LEVELS.index(level) + 1])


def share_length(plan: AddressPlan, site: Site) -> int:
    """The prefix length of a site's own share."""
    if plan.scheme is None:
        return site.ipv6.prefixlen if site.ipv6 else 64
    return plan.ipv6.prefixlen + plan.scheme.site_bits


def block(plan: AddressPlan, site: Site) -> IPv6Network | None:
    """The prefix of a site with all that lies below it; its share alone where it is not as the scheme says. None: it has none."""
    if site.ipv6 is None or plan.scheme is None:
        return site.ipv6
    length = plan.ipv6.prefixlen + depth(plan.scheme, site.level)
    aligned = int(site.ipv6.network_address) % (1 << 128 - length) == 0
    return IPv6Network((int(site.ipv6.network_address), length)) if aligned and length <= site.ipv6.prefixlen else site.ipv6


def function(plan: AddressPlan, site: Site, name: str | None) -> IPv6Network:
    """The part of a site's share for a function; the whole share where there are no functions. Raises ValueError."""
    share = site.ipv6
    if share is None:
        raise ValueError(f"site {site.name} has no prefix yet")
    width = plan.scheme.function if plan.scheme else 0
    number = plan.scheme.functions.get(name or "", None if name else 0) if plan.scheme else 0
    if number is None:
        raise ValueError(f"the address plan has no function {name}")
    length = share.prefixlen + width
    if length > 64:
        raise ValueError(f"{share} of site {site.name} has no room for functions")
    return IPv6Network((int(share.network_address) + (number << 128 - length), length))


def vlan(part: IPv6Network, number: int) -> IPv6Network | None:
    """The /64 of a VLAN in a function's part; None where the part is too small to have one for every id (see NUMBER_BITS)."""
    width = 64 - part.prefixlen
    if width < NUMBER_BITS:
        return None
    subnet = int(str(number), 16) if width >= DIGITS_BITS else _places()[number]
    return IPv6Network((int(part.network_address) + (subnet << 64), 64))


@cache
def _places() -> tuple[int, ...]:
    """Each VLAN id's place among twelve bits: up to 999 in digits (110 is 0x110), the rest in order where no digits stand."""
    digits = [int(str(number), 16) for number in range(1000)]
    others = sorted(set(range(1 << NUMBER_BITS)) - set(digits))
    return (*digits, *others)


def gateway(network: IPv6Network) -> IPv6Interface:
    """The router's address in a VLAN: ::1."""
    return IPv6Interface((int(network.network_address) + 1, network.prefixlen))


def usable(scheme: Scheme, level: Level) -> int:
    """How many numbers of a level may be given out: not 0, which is the parent's own, and not the reserve."""
    capacity = 1 << bits(scheme, level)
    return max(0, capacity - math.ceil(capacity * scheme.reserve) - 1)
