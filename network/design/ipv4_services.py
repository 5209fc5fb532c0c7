"""What a device does in IPv4 for hosts and for those who manage it: DHCP pools, time servers, logins. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from re import Match

from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.ipv4 import first, reading
from yunwang.network.design.model import Path
from yunwang.network.design.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool4:
    """Addresses that the device gives to hosts by DHCP. `odd`: lines of it that say more."""

    name: str
    network: IPv4Network
    dns: tuple[IPv4Address, ...]
    domain: str
    path: Path
    odd: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin4:
    """A line of management and its IPv6 words; `server` is the address to be found for them, if they name one."""

    path: Path
    ipv6: str
    server: IPv4Address | None


def pools(config: Config, words: Words) -> Iterator[Pool4]:
    """Those that say for which network they are; a static reservation's pool says none."""
    for line, lines in config.tree.items():
        if (opened := words.pool.fullmatch(line)) and (where := first(words.pool_network, lines)):
            with reading(line):
                yield _pool(words, line, lines, opened["name"], where)


def _pool(words: Words, line: str, lines: Tree, name: str, where: Match[str]) -> Pool4:
    dns, domain = first(words.pool_dns, lines), first(words.pool_domain, lines)
    known = (words.pool_network, words.pool_dns, words.pool_domain)
    return Pool4(
        name=name,
        network=IPv4Network((where["address"], where["mask"] or 24), strict=False),
        dns=tuple(map(IPv4Address, dns["servers"].split())) if dns else (),
        domain=domain["domain"] if domain else "",
        path=(line,),
        odd=tuple(
            (line, text)
            for text in lines
            if not any(pattern.fullmatch(text) for pattern in known) and not words.pool_plain.match(text)
        ),
    )


def twins(config: Config, words: Words) -> Iterator[Twin4]:
    """Lines of management that are the same over IPv6 but for an address."""
    for line in config.tree:
        for pattern, ipv6 in words.twins:
            if match := pattern.fullmatch(line):
                server = match.groupdict().get("server")
                with reading(line):
                    yield Twin4(path=(line,), ipv6=ipv6, server=IPv4Address(server) if server else None)
