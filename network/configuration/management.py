"""What keeps the way in to a device open, and which edits could close it. Never orders lines; see patch.py.

On the path lie: the interface with the management address and what it hangs on (parent interface, members of its trunk, the ports
in its VLAN), its VPN instance, the routes by default or through its network, the filters that it, the terminal lines or the server
name, and what says who may log in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from yunwang.network.configuration.command import NEGATED, Command
from yunwang.network.configuration.config import Config, Tree
from yunwang.network.configuration.edit import Edit
from yunwang.network.vlans import read as read_vlans

_DEFAULT = ("0.0.0.0 ", "0.0.0.0/", "::/0", ":: 0")
_VLAN = re.compile(r"(?i)interface vlan\D*(\d+)")
_TRUNK = re.compile(r"(?i)interface (?:\S*trunk|\S*channel|\S*-aggregation|aggregateport) ?(\d+)")


@dataclass(frozen=True)
class ManagementPath:
    """The path as two configurations have it."""

    address: str
    links: frozenset[str]
    """Identities of the interfaces it leads through."""
    vlans: int
    """The VLANs it leads through (see vlans.py): of the interface that has the address, and of the one that takes it over."""
    names: frozenset[str]
    """Definitions that its lines name: filters, VPN instances."""
    routes: frozenset[str]
    """Destinations of the routes that are intended."""
    networks: tuple[IPv4Network | IPv6Network, ...]
    """What the interface with the address is connected to."""

    def split(self, edits: tuple[Edit, ...]) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
        """The edits that leave the path as it is, and those that cut it or might, with what cannot go before them."""
        last = {at for at, edit in enumerate(edits) if self._cuts(edit)}
        if any(edits[at].first or any(child.command.rule.used_by for child in edits[at].children) for at in last):
            apart = {edit.command.text for edit in edits if edit.first}  # out, changed and in again: one after the other
            last |= {at for at, edit in enumerate(edits) if edit.command.text in apart}
        named = {word for at in last for text in _leaving(edits[at]) for word in text.split()}
        last |= {
            at for at, edit in enumerate(edits) if edit.new is None and edit.command.rule.opens and named & _names(edit.command)
        }
        return tuple(e for at, e in enumerate(edits) if at not in last), tuple(e for at, e in enumerate(edits) if at in last)

    def _cuts(self, edit: Edit) -> bool:
        """Might this edit, at the top, end the session or keep the next one out?"""
        command, life = edit.command, edit.command.rule.lifeline
        changed = edit.old is not None and edit.old is not edit.new
        if command.rule.vlans:
            return self._leaves(edit)
        if life == "route":
            return edit.new is None and _destination(command) not in self.routes and self._leads(command)
        if life == "guard":
            return True
        if life == "login":
            return changed or edit.anew or any(_touches_login(child) for child in edit.children)
        if life in ("name", "filter") and self.names & {*command.words.values()}:
            return changed or edit.anew or (edit.old is not None and (life == "filter" or _loses(edit)))
        link = command.key in self.links
        return (link and changed and not edit.children) or any(self._cuts_link(child, link=link) for child in edit.children)

    def _cuts_link(self, edit: Edit, *, link: bool) -> bool:
        """Might this edit inside an interface?"""
        rule = edit.command.rule
        if rule.vlans:
            return link and self._leaves(edit)
        if edit.old is edit.new:
            return False
        if rule.lifeline == "address":
            return self.address in {end.words.get("address") for end in (edit.old, edit.new) if end}
        return link and (
            (rule.lifeline == "link" and (edit.old is not None or rule.disruptive)) or rule.lifeline in ("filter", "name")
        )

    def _leads(self, route: Command) -> bool:
        """Is it a default route, or one through a network that the address is in?"""
        words = route.words
        return words["to"].startswith(_DEFAULT) or any(
            _within(hop, network) for hop in words.get("via", "").split() for network in self.networks
        )

    def _leaves(self, edit: Edit) -> bool:
        syntax = edit.command.rule.vlans
        assert syntax is not None
        before, after = (syntax.default if vlans is None else vlans for vlans in (edit.before, edit.after))
        return bool(before & ~after & self.vlans)


def management_path(address: str, *configs: Config) -> ManagementPath | None:
    """The path to an address through configurations, of which the last is the intended one; None when no interface has it."""
    shown = str(ip_address(address))
    rules = configs[-1].rules
    interfaces = [_interfaces(config) for config in configs]
    has = [
        (command.key, line)
        for config in interfaces
        for command, lines in config
        for line in lines
        if line.rule.lifeline == "address" and line.words.get("address") == shown
    ]
    own = {key for key, _ in has}
    if not own:
        return None
    masks = [line.words.get("mask") or line.words["length"] for _, line in has]
    networks = [network for mask in dict.fromkeys(masks) if (network := _network(shown, mask))]
    vlans = read_vlans(",".join(match[1] for key in own if (match := _VLAN.match(key))))
    links = own | {key.partition(".")[0] for key in own}
    for _ in range(2):  # ports of the VLAN, which may be trunks; members of the trunks
        links |= {command.key for config in interfaces for command, lines in config if _carries(command, lines, vlans, links)}
    names = {name for config, shown in zip(configs, interfaces, strict=True) for name in _named(config, shown, own)}
    wanted = (rules.read("", line) for line in configs[-1].tree)
    routes = {_destination(command) for command in wanted if command.rule.lifeline == "route"}
    return ManagementPath(shown, frozenset(links), vlans, frozenset(names), frozenset(routes), tuple(networks))


def _interfaces(config: Config) -> list[tuple[Command, list[Command]]]:
    return [
        (command, [config.rules.read("interface", line) for line in lines])
        for command, lines in config.commands()
        if command.rule.opens == "interface"
    ]


def _carries(port: Command, lines: list[Command], vlans: int, links: set[str]) -> bool:
    """Does the port bear one of the links: in a VLAN, or as a member of a trunk?"""
    trunks = {match[1] for key in links if (match := _TRUNK.match(key))}
    for line in lines:
        if line.rule.vlans and line.value != NEGATED and read_vlans(line.words.get("vlans", "")) & vlans:
            return True
        held = line.words if line.rule.lifeline == "link" else {}
        if read_vlans(held.get("vlan", "")) & vlans or held.get("trunk") in trunks:
            return True
    return False


def _names(definition: Command) -> set[str]:
    words = definition.words
    return {words[name] for name in definition.form.names}


def _destination(route: Command) -> str:
    return " ".join(route.words.get(name, "") for name in ("vpn", "to", "mask"))


def _network(shown: str, mask: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(f"{shown}/{mask}", strict=False)
    except ValueError:  # no mask: the device will say so
        return None


def _within(hop: str, network: IPv4Network | IPv6Network) -> bool:
    try:
        return ip_address(hop) in network
    except ValueError:
        return False


def _loses(edit: Edit) -> bool:
    """Does a view lose something that takes addresses with it (a VPN instance its family, or what tells it from others)?"""
    return any(
        (child.old is not None and child.old is not child.new and (child.old.rule.undo_disruptive or bool(child.old.rule.opens)))
        or _loses(child)
        for child in edit.children
    )


def _named(config: Config, interfaces: list[tuple[Command, list[Command]]], own: set[str]) -> Iterator[str]:
    """Words of the lines on the path that name definitions."""
    mine = [line for command, lines in interfaces if command.key in own for line in lines]
    logins = (
        config.rules.read(command.rule.opens, line)
        for command, lines in config.commands()
        if command.rule.lifeline == "login"
        for line in lines
    )
    guards = (command for command, _ in config.commands() if command.rule.lifeline == "guard")
    for line in (*mine, *logins, *guards):
        if line.rule.lifeline in ("filter", "name", "guard"):
            yield from " ".join(line.words.values()).split()


def _touches_login(edit: Edit) -> bool:
    """What is in place changes or goes, or a filter comes."""
    return edit.old is not None or edit.command.rule.lifeline == "filter"


def _leaving(edit: Edit) -> Iterator[str]:
    """The text of all that goes or changes."""
    if edit.old is not None and edit.old is not edit.new:
        yield edit.old.text
    yield from _all_lines(edit.lost)
    for child in (*edit.children, *edit.emptied):
        yield from _leaving(child)


def _all_lines(tree: Tree) -> Iterable[str]:
    for line, children in tree.items():
        yield line
        yield from _all_lines(children)
