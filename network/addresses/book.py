"""Every prefix and address of a workspace, IPv4 beside IPv6: what has which, how full it is, what is wrong. Gives out nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import AddressPlan, Device, Interface, Level, Link, Site
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses import addressing

Place = tuple[str, str]
"""A device's name and an interface's name as the inventory spells it."""

FILE = "network/address-plan.yaml"
ANY = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A prefix of the plan and who has it. `kind`: plan, loopbacks, links, site, function, vlan, link, loopback, pair."""

    kind: str
    name: str
    ipv6: IPv6Network
    ipv4: IPv4Network | None = None
    vlan: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How many numbers of a level below a site (None: at the top) are in use, of those that may be."""

    site: str | None
    level: Level
    used: int
    usable: int


@dataclass(frozen=True)
class Book:
    """A workspace with its address plan."""

    workspace: Workspace
    plan: AddressPlan

    @classmethod
    def of(cls, workspace: Workspace) -> Book:
        """The workspace's; the last two are kept. Raises Fatal when it has no address plan."""
        return _of(_Identity(workspace))

    @cached_property
    def sites(self) -> dict[str, Site]:
        """By name."""
        return {site.name: site for site in self.workspace.sites}

    @cached_property
    def addresses(self) -> dict[Place, IPv6Interface]:
        """The address of every interface that has one: what the inventory says itself, else what the plan does."""
        return {
            (device.name, interface.name): address
            for device in self.workspace.devices
            for interface in device.interfaces
            if (address := self._address(device, interface))
        }

    @cached_property
    def networks(self) -> dict[tuple[str | None, IPv4Network], IPv6Network]:
        """IPv4 network to IPv6 network, by VPN instance (None: the public one)."""
        found: dict[tuple[str | None, IPv4Network], IPv6Network] = {(None, self.plan.ipv4): self.plan.ipv6}
        for device in self.workspace.devices:
            for interface in device.interfaces:
                if interface.ipv4 and (address := self.addresses.get((device.name, interface.name))):
                    found[interface.vpn_instance, interface.ipv4.network] = address.network
        return found | {(None, pair.ipv4): pair.ipv6 for pair in self.plan.pairs}

    @cached_property
    def hosts(self) -> dict[tuple[str | None, IPv4Address], IPv6Address]:
        """IPv4 address to IPv6 address of interfaces and terminals, by VPN instance."""
        found: dict[tuple[str | None, IPv4Address], IPv6Address] = {
            (None, terminal.ipv4): terminal.ipv6 for terminal in self.workspace.terminals if terminal.ipv6 is not None
        }
        for device in self.workspace.devices:
            for interface in device.interfaces:
                if interface.ipv4 and (address := self.addresses.get((device.name, interface.name))):
                    found[interface.vpn_instance, interface.ipv4.ip] = address.ip
        return found

    def counterpart(self, network: IPv4Network, vpn: str | None = None) -> IPv6Network | None:
        """What an IPv4 network is in IPv6: a network or host of the plan, a pair, or everything. None: it has no counterpart."""
        if network == ANY[0]:
            return ANY[1]
        if found := self.networks.get((vpn, network)):
            return found
        host = self.host(network.network_address, vpn) if network.prefixlen == 32 else None
        return IPv6Network(host) if host else None

    def host(self, address: IPv4Address, vpn: str | None = None) -> IPv6Address | None:
        """What an IPv4 address is in IPv6: an interface's or a terminal's, or a host with the same number in a pair's network."""
        if found := self.hosts.get((vpn, address)):
            return found
        for pair in self.plan.pairs if vpn is None else ():
            if address in pair.ipv4:
                return IPv6Address(int(pair.ipv6.network_address) + int(address) - int(pair.ipv4.network_address))
        return None

    @cached_property
    def _link_of(self) -> dict[Place, tuple[Link, int]]:
        """Which link ends at an interface, and at which end of it."""
        links = self.workspace.links
        return {(one.a_device, one.a_interface): (one, 0) for one in links} | {
            (one.b_device, one.b_interface): (one, 1) for one in links
        }

    @cached_property
    def _vlan_records(self) -> dict[tuple[str, int | None], IPv6Network]:
        return {(record.name, record.vlan): record.ipv6 for record in self.workspace.addresses if record.kind == "vlan"}

    @cached_property
    def interfaces(self) -> dict[Place, Interface]:
        """By place."""
        return {(device.name, one.name): one for device in self.workspace.devices for one in device.interfaces}

    @cached_property
    def routes(self) -> int:
        """How many IPv6 prefixes every router would hear of, without summaries."""
        return len({address.network for address in self.addresses.values()})

    def link_prefix(self, link: Link) -> IPv6Network | None:
        """A link's /127: its own or registered one, else derived from the IPv4 subnet of its ends."""
        ends = (self.interfaces.get((link.a_device, link.a_interface)), self.interfaces.get((link.b_device, link.b_interface)))
        ipv4 = next((end.ipv4 for end in ends if end and end.ipv4), None)
        return link.ipv6 or (addressing.link(self.plan, ipv4.network) if ipv4 else None)

    def vlan_prefix(self, site: Site, number: int, function: str | None) -> IPv6Network | None:
        """A VLAN's /64: the registered one, else what its number says. Raises ValueError where its site has no room for it."""
        return self._vlan_records.get((site.name, number)) or addressing.vlan(
            addressing.function(self.plan, site, function), number
        )

    def _address(self, device: Device, interface: Interface) -> IPv6Interface | None:
        if interface.ipv6 is not None:
            return interface.ipv6
        if interface.loopback:
            return addressing.loopback(self.plan, interface.ipv4.ip) if interface.ipv4 else None
        if end := self._link_of.get((device.name, interface.name)):
            prefix = self.link_prefix(end[0])
            return IPv6Interface((int(prefix.network_address) + end[1], prefix.prefixlen)) if prefix else None
        site = self.sites.get(device.site)
        if interface.vlan is None or site is None:
            return None
        try:
            network = self.vlan_prefix(site, interface.vlan, interface.function)
        except ValueError:
            return None
        return addressing.gateway(network) if network else None

    def entries(self) -> tuple[Entry, ...]:
        """The plan, prefix by prefix, in the order of the prefixes."""
        plan = self.plan
        found = [
            Entry(kind="plan", name=self.workspace.settings.name, ipv6=plan.ipv6, ipv4=plan.ipv4),
            Entry(kind="loopbacks", name="loopbacks", ipv6=plan.loopbacks, ipv4=plan.loopbacks_ipv4),
            Entry(kind="links", name="links", ipv6=plan.links, ipv4=plan.links_ipv4),
            *(Entry(kind="pair", name=str(pair.ipv4), ipv6=pair.ipv6, ipv4=pair.ipv4, title=pair.title) for pair in plan.pairs),
            *self._site_entries(),
            *self._vlan_entries(),
            *self._interface_entries(),
        ]
        return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.ipv6.network_address, each.ipv6.prefixlen, each.kind)))

    def _site_entries(self) -> Iterator[Entry]:
        functions = self.plan.scheme.functions if self.plan.scheme else {}
        for site in self.workspace.sites:
            if site.ipv6 is not None:
                yield Entry(kind="site", name=site.name, ipv6=site.ipv6, title=site.title)
            for name in functions if site.ipv6 is not None and site.ipv6.prefixlen < 64 else ():
                yield Entry(kind="function", name=f"{site.name} {name}", ipv6=addressing.function(self.plan, site, name))

    def _vlan_entries(self) -> Iterator[Entry]:
        for device in self.workspace.devices:
            for one in device.interfaces:
                if one.vlan is not None and (address := self.addresses.get((device.name, one.name))):
                    ipv4 = one.ipv4.network if one.ipv4 else None
                    yield Entry(kind="vlan", name=device.site, vlan=one.vlan, ipv6=address.network, ipv4=ipv4)

    def _interface_entries(self) -> Iterator[Entry]:
        for device in self.workspace.devices:
            for one in device.interfaces:
                if one.loopback and (address := self.addresses.get((device.name, one.name))):
                    ipv4 = one.ipv4.network if one.ipv4 else None
                    yield Entry(kind="loopback", name=f"{device.name} {one.name}", ipv6=address.network, ipv4=ipv4)
        for link in self.workspace.links:
            if prefix := self.link_prefix(link):
                end = self.interfaces.get((link.a_device, link.a_interface))
                ipv4 = end.ipv4.network if end and end.ipv4 else None
                yield Entry(kind="link", name=link.name, ipv6=prefix, ipv4=ipv4)

    def uses(self) -> tuple[Use, ...]:
        """Utilisation of every site's numbers for the levels right below it that have any; from the top."""
        if (scheme := self.plan.scheme) is None:
            return ()
        counts: dict[tuple[str | None, Level], int] = {}
        for site in self.workspace.sites:
            if site.ipv6 is not None and addressing.bits(scheme, site.level):
                counts[site.parent, site.level] = counts.get((site.parent, site.level), 0) + 1
        return tuple(
            Use(site=parent, level=level, used=used, usable=addressing.usable(scheme, level))
            for (parent, level), used in sorted(counts.items(), key=lambda each: (each[0][0] or "", each[0][1]))
        )

    def check(self) -> tuple[Finding, ...]:
        """What is wrong: outside the plan, over one another, off the scheme, nearly full, without a prefix, one address twice."""
        return (
            *self._outside(),
            *self._overlaps(),
            *self._off_scheme(),
            *self._full(),
            *self._lacking(),
            *self._stale(),
            *self._twice(),
        )

    def _shares(self) -> Iterator[tuple[str, IPv6Network]]:
        yield "loopbacks", self.plan.loopbacks
        yield "links", self.plan.links
        yield from ((f"site {site.name}", site.ipv6) for site in self.workspace.sites if site.ipv6)

    def _outside(self) -> Iterator[Finding]:
        ours = self.plan.ipv6
        for name, network in self._shares():
            if not network.subnet_of(ours):
                yield finding(
                    "address-outside-plan", f"{name}: {network} is not inside {ours}", f"give {name} a prefix inside it", name
                )
        for name, pool, kind in (("loopbacks", self.plan.loopbacks, "loopback"), ("links", self.plan.links, "link")):
            strays = [entry for entry in self._interface_entries() if entry.kind == kind and not entry.ipv6.subnet_of(pool)]
            for entry in strays:
                message = f"{kind} {entry.name}: {entry.ipv6} is not inside the {name}' {pool}"
                yield finding("address-exhausted", message, f"give {name} a shorter prefix, or correct its own `ipv6`", entry.name)

    def _overlaps(self) -> Iterator[Finding]:
        """Neighbours in sorted order tell all: a prefix overlaps the last one that reaches as far."""
        widest: tuple[IPv6Network, str] | None = None
        vlans = {(entry.ipv6, f"VLAN {entry.vlan} of {entry.name}") for entry in self._vlan_entries()}
        for found in (sorted((network, name) for name, network in self._shares()), sorted(vlans)):
            widest = None
            for network, name in found:
                if widest and network.subnet_of(widest[0]):
                    message = f"{name}: {network} lies over {widest[0]} of {widest[1]}"
                    yield finding("address-overlap", message, "give one of them another prefix", name)
                else:
                    widest = (network, name)

    def _off_scheme(self) -> Iterator[Finding]:
        if (scheme := self.plan.scheme) is None:
            return
        for site in self.workspace.sites:
            parent = self.sites.get(site.parent or "")
            above = addressing.block(self.plan, parent) if parent else self.plan.ipv6
            if site.ipv6 is None or above is None:
                continue
            length = addressing.share_length(self.plan, site)
            shift = 128 - self.plan.ipv6.prefixlen - addressing.depth(scheme, site.level)
            if site.ipv6.prefixlen != length or int(site.ipv6.network_address) % (1 << shift) or not site.ipv6.subnet_of(above):
                message = f"site {site.name}: {site.ipv6} is not a /{length} at the beginning of a {site.level}'s part of {above}"
                yield finding("address-off-scheme", message, "leave it if it is in use", site.name, Severity.WARNING)

    def _full(self) -> Iterator[Finding]:
        scheme = self.plan.scheme
        for use in self.uses() if scheme else ():
            if scheme and use.used > use.usable * scheme.warn:
                where = f"below {use.site}" if use.site else "at the top"
                yield finding(
                    "address-nearly-full",
                    f"{use.used} of {use.usable} numbers for a {use.level} {where} are in use",
                    f"plan a wider prefix, or lower the reserve ({scheme.reserve:g})",
                    use.site or "",
                    Severity.WARNING,
                )

    def _lacking(self) -> Iterator[Finding]:
        remedy = "`yunwang net address plan --write` gives it one"
        for site in self.workspace.sites:
            if site.ipv6 is None:
                yield finding("address-not-given", f"site {site.name} has no prefix yet", remedy, site.name)
        for link in self.workspace.links:
            if self.link_prefix(link) is None:
                yield finding("address-not-given", f"link {link.name} has no prefix yet", remedy, link.name)
        for device in self.workspace.devices:
            stands = self.sites.get(device.site)
            for one in device.interfaces:
                place = (device.name, one.name)
                if one.vlan is None or stands is None or stands.ipv6 is None or place in self.addresses:
                    continue
                try:
                    self.vlan_prefix(stands, one.vlan, one.function)
                except ValueError as error:
                    yield finding("address-exhausted", f"{' '.join(place)}: {error}", "correct the scheme or the VLAN", device.name)
                else:
                    yield finding(
                        "address-not-given", f"VLAN {one.vlan} of site {stands.name} has no prefix yet", remedy, stands.name
                    )

    def _stale(self) -> Iterator[Finding]:
        links = {link.name for link in self.workspace.links}
        for record in self.workspace.addresses:
            if record.name not in (links if record.kind == "link" else self.sites):
                message = f"{record.ipv6} is registered for {record.kind} {record.name}, which is gone"
                remedy = "take the row out of network/addresses.csv once nothing uses the prefix"
                yield finding("address-stale", message, remedy, record.name, Severity.WARNING)

    def _twice(self) -> Iterator[Finding]:
        first: dict[tuple[str | None, IPv6Address], Place] = {}
        for place, address in self.addresses.items():
            other = first.setdefault((self.interfaces[place].vpn_instance, address.ip), place)
            if other != place:
                message = f"{' '.join(place)} and {' '.join(other)} both get {address.ip}"
                yield finding("address-twice", message, "give one of them an `ipv6` of its own, or another VLAN", place[0])


def finding(code: str, message: str, remedy: str, target: str, severity: Severity = Severity.ERROR) -> Finding:
    """About the address plan."""
    return Finding(code=code, severity=severity, message=message, remedy=remedy, file=FILE, target=target)


@dataclass(frozen=True, eq=False)
class _Identity:
    """A workspace by which it is, not by what is in it: the book of ten thousand devices is made once."""

    workspace: Workspace

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.workspace is other.workspace

    def __hash__(self) -> int:
        return id(self.workspace)


@lru_cache(maxsize=2)
def _of(key: _Identity) -> Book:
    if key.workspace.address_plan is None:
        raise Fatal(
            "the workspace has no address plan", remedy="write network/address-plan.yaml (see `yunwang schema address-plan`)"
        )
    return Book(key.workspace, key.workspace.address_plan)
