"""The IPv6 half of a device that runs IPv4: designed from the address plan and from what the device does in IPv4. Sends nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, IPv6Interface

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device, Dscp, Interface
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses.book import Book
from yunwang.network.configuration.config import Config, parse
from yunwang.network.design import ipv4, ipv4_filters, ipv4_routing, ipv4_services, mirror
from yunwang.network.design.ipv4_services import Pool4
from yunwang.network.design.model import ConfiguredInterface, DualStack, DualStackInterface, Path, Pool, Unmirrored
from yunwang.network.design.words import Words
from yunwang.network.vendors import vendor

MINIMUM_MTU = 1280
"""RFC 8200, 5."""
_TABLE = 0.8
"""A table fuller than this is told."""


def intend(workspace: Workspace, device: Device, running: Config) -> Config:
    """The running configuration with IPv6 on every layer-3 interface of the inventory; of its own result it makes the same again.

    Raises Fatal when the workspace has no address plan, or the device no router id that OSPFv3 could have.
    """
    its = vendor(device.platform)
    return running.overlay(parse(its.dual_stack(design(workspace, device, running)), its.rules))


def design(workspace: Workspace, device: Device, running: Config) -> DualStack:
    """What `intend` puts in, as a value. Raises Fatal as it does."""
    book, its = Book.of(workspace), vendor(device.platform)
    words = its.ipv4
    configured = _configured(running, words)
    draft = _Draft(
        book=book,
        words=words,
        running=running,
        classes={instance.name: instance.dscp for instance in workspace.settings.vpn_instances},
        pools=tuple(ipv4_services.pools(running, words)),
        no_server=its.lacking(running.header).get("server"),
        left=list(ipv4.alone(running, words)),
        served={},
    )
    interfaces = tuple(
        draft.interface(interface, address, there)
        for interface in device.interfaces
        if (there := configured.get(running.rules.full_name(interface.name)))
        and (address := book.addresses.get((device.name, interface.name)))
    )
    routing = ipv4_routing.routing(running, words)
    routes, no_routes = mirror.routes(book, routing.statics)
    bgp, no_bgp = mirror.bgp(book, routing.bgp) if routing.bgp else (None, ())
    management, no_management = mirror.management(book, ipv4_services.twins(running, words))
    guards = ipv4_filters.guards(running, words)
    applied = frozenset(name for interface in interfaces for name, _ in interface.filters)
    guarding = frozenset(name for _, name in guards)
    lists = ipv4_filters.lists(running, words, applied | guarding)
    filters, no_filters = mirror.filters(book, lists, applied, guarding, basic6=words.basic6)
    mirrored = {one.name for one in filters}
    router_id = device.router_id or ipv4.router_id(running, words)
    if router_id is None and (bgp or any(interface.area is not None for interface in interfaces)):
        raise Fatal(
            f"{device.name} has no router id, which OSPFv3 needs",
            remedy="give the device a yunwang_router_id in network/hosts.yaml",
            target=f"device/{device.name}",
        )
    used = {one.vpn for one in configured.values() if one.vpn and one.ipv4}
    return DualStack(
        process=device.ospfv3_process,
        router_id=router_id,
        interfaces=tuple(_filtered(one, mirrored) for one in interfaces),
        imports=routing.imports,
        default_route=routing.default_route,
        isis=tuple(name for name in routing.isis if any(one.isis == name for one in interfaces)),
        bgp=bgp,
        routes=routes,
        filters=filters,
        lines=tuple((path[0], name) for path, name in guards if name in mirrored),
        vpns=tuple(vpn for vpn in routing.vpns if vpn.name in used),
        pools=tuple(draft.served.values()),
        management=management,
        guarded=tuple(_ports(running, words, {one.vlan for one in device.interfaces if one.terminals})),
        compatible_binds=any(map(words.binds.match, running.tree))
        or any(terminal.device == device.name for terminal in workspace.terminals),  # before the ledger's bindings are there
        header=running.header,
        unmirrored=(
            *draft.left,
            *draft.unserved(),
            *(*routing.unmirrored, *no_routes, *no_bgp, *no_management, *no_filters),
            *(
                Unmirrored(path=path, why="over IPv6 nothing guards the login: its list is IPv4 only")
                for path, name in guards
                if name not in mirrored
            ),
        ),
    )


def check(workspace: Workspace, device: Device, running: Config) -> tuple[Finding, ...]:
    """What of the device's IPv4 gets no IPv6, and what it needs first; the gravest only."""
    return tuple(each.finding for each in remarks(workspace, device, running) if each.finding.severity is not Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A finding about a line of the configuration; `path` is () where it is about the device."""

    finding: Finding
    path: Path = ()


def remarks(workspace: Workspace, device: Device, running: Config) -> tuple[Remark, ...]:
    """All that is to be said about a device's IPv6 half. Raises Fatal as `design` does."""
    made = design(workspace, device, running)
    return (
        *_without(workspace, device, running),
        *(_left(device, one) for one in made.unmirrored),
        *_words(device, made),
        *_first(workspace, device, running),
    )


def _without(workspace: Workspace, device: Device, running: Config) -> Iterator[Remark]:
    planned = Book.of(workspace).addresses
    every = _configured(running, vendor(device.platform).ipv4)
    known = {running.rules.full_name(interface.name): interface for interface in device.interfaces}
    remedy = "put the interface, its VLAN or its link into the network's files, or leave it IPv4 only"
    for name, interface in known.items():
        if name not in every:
            yield _remark(device, "interface-without-ipv6", f"{interface.name} is not on the device", remedy)
        elif (device.name, interface.name) not in planned:
            path = (every[name].line,)
            yield _remark(device, "interface-without-ipv6", f"{interface.name} has no IPv6 address in the plan", remedy, path)
    for name, there in every.items():
        if there.ipv4 and name not in known:
            text = f"{there.name} routes IPv4 but is not in the inventory"
            yield _remark(device, "interface-without-ipv6", text, remedy, (there.line,))


def _left(device: Device, one: Unmirrored) -> Remark:
    severity = Severity.WARNING if one.grave else Severity.INFO
    text = f"{' › '.join(one.path)!r} gets no IPv6 half: {one.why}"
    return _remark(device, "not-mirrored", text, "decide what IPv6 needs here, and add it by hand", one.path, severity)


def _words(device: Device, made: DualStack) -> Iterator[Remark]:
    its = vendor(device.platform)
    lacks = its.lacking(made.header)
    for feature in sorted(made.features):
        if why := lacks.get(feature):
            # RA guard is beside what IPv4 has; all else is done in IPv4 and would not be in IPv6
            severity = Severity.INFO if feature == "guard" else Severity.WARNING
            yield _remark(device, "not-written", f"{feature} is left out: {why}", "add it by hand", (), severity)
        elif words := its.unverified.get(feature):
            remedy = "try them on one device first"
            yield _remark(device, "words-not-verified", f"words that no document at hand shows: {words}", remedy, (), Severity.INFO)


def _first(workspace: Workspace, device: Device, running: Config) -> Iterator[Remark]:
    for need in vendor(device.platform).prerequisites:
        line = next((line for line in running.tree if re.fullmatch(need.present, line)), None)
        if line and not any(re.fullmatch(need.absent, other) for other in running.tree):
            yield _remark(device, "needed-first", need.message, need.remedy, (line,))
    prefixes = Book.of(workspace).routes
    if device.ipv6_table and prefixes > device.ipv6_table * _TABLE:
        text = f"the plan has {prefixes} prefixes, its table {device.ipv6_table} places"
        yield _remark(device, "table-size", text, "summarise at the area borders, or use another device")


def _remark(device: Device, code: str, text: str, remedy: str, path: Path = (), severity: Severity = Severity.WARNING) -> Remark:
    message = f"{device.name}: {text}"
    return Remark(
        finding=Finding(code=code, severity=severity, message=message, remedy=remedy, target=f"device/{device.name}"), path=path
    )


def _configured(running: Config, words: Words) -> dict[str, ConfiguredInterface]:
    return {running.rules.full_name(interface.name): interface for interface in ipv4.interfaces(running, words)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What designing an interface looks at. `left` and `served` grow: what got no IPv6 half, and DHCPv6 pools by the IPv4 pool."""

    book: Book
    words: Words
    running: Config
    classes: Mapping[str, Dscp | None]
    pools: tuple[Pool4, ...]
    no_server: str | None
    """Why the platform's DHCPv6 server is not written."""
    left: list[Unmirrored]
    served: dict[Path, Pool]

    def interface(self, interface: Interface, address: IPv6Interface, there: ConfiguredInterface) -> DualStackInterface:
        """One that gets IPv6."""
        relays = tuple(self._relays(there))
        pool = None if there.relays else self._pool(there, address)
        mtu = there.mtu
        if mtu is not None and mtu < MINIMUM_MTU:
            self.left.append(Unmirrored(path=(there.line, f"mtu {mtu}"), why=f"IPv6 needs an MTU of {MINIMUM_MTU} (RFC 8200)"))
            mtu = None
        return DualStackInterface(
            name=there.line.removeprefix("interface "),
            address=address,
            loopback=interface.loopback,
            advertise=interface.terminals,
            managed=interface.terminals and bool(relays or pool),
            relays=relays,
            pool=pool,
            mtu=mtu,
            area=there.area,
            point_to_point=there.point_to_point,
            silent=there.silent,
            cost=there.cost,
            isis=there.isis,
            isis_cost=there.isis_cost,
            filters=there.filters,
            qos=self._class(there),
        )

    def unserved(self) -> Iterator[Unmirrored]:
        """Pools that no interface is served from."""
        why = self.no_server or "a DHCP pool of hosts behind a relay, or in a VPN instance"
        yield from (Unmirrored(path=pool.path, why=why, grave=False) for pool in self.pools if pool.path not in self.served)

    def _relays(self, there: ConfiguredInterface) -> Iterator[IPv6Address]:
        for server in there.relays:
            if six := self.book.host(server, there.vpn) or self.book.host(server):
                yield six
            else:
                why = "the DHCP server has no IPv6 address that we know"
                self.left.append(Unmirrored(path=(there.line, str(server)), why=why))

    def _pool(self, there: ConfiguredInterface, address: IPv6Interface) -> str | None:
        """The name of the DHCPv6 pool beside the IPv4 one of its network."""
        four = next((one for one in self.pools if there.ipv4 and not there.vpn and there.ipv4.ip in one.network), None)
        if four is None or self.no_server:
            if there.serves and four is None:
                why = "a DHCP server without a pool of its own: hosts autoconfigure instead (SLAAC)"
                self.left.append(Unmirrored(path=(there.line,), why=why, grave=False))
            return None
        pool, left = mirror.pool(self.book, four, address)
        self.left.extend(left)
        self.served[four.path] = pool
        return pool.name

    def _class(self, there: ConfiguredInterface) -> str | None:
        """The class of the interface's business, unless the interface marks by a policy of its own."""
        wanted = self.classes.get(there.vpn or "")
        for line in self.running.view(there.line) if wanted else ():
            match = self.words.policy.fullmatch(line)
            if match and match["name"] != f"yunwang-{wanted}":
                why = f"it marks otherwise than class {wanted} of {there.vpn}"
                self.left.append(Unmirrored(path=(there.line, line), why=why))
                return None
        return wanted


def _filtered(interface: DualStackInterface, there: Container[str]) -> DualStackInterface:
    """The interface with those of its lists that have an IPv6 half."""
    kept = tuple((name, way) for name, way in interface.filters if name in there)
    if kept == interface.filters:
        return interface
    return replace(interface, filters=kept)


def _ports(running: Config, words: Words, vlans: set[int | None]) -> Iterator[str]:
    """Access ports of terminals' VLANs."""
    for line, lines in running.tree.items():
        if line.startswith("interface "):
            match = ipv4.first(words.member, lines)
            if match and int(match["vlan"]) in vlans:
                yield line.removeprefix("interface ")
