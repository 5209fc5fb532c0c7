"""IP–MAC bindings: what the ledger wants on a switch; ledger, configuration and what was seen, compared. Sends nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Binding, Device
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.config import Config, Tree
from yunwang.network.design.model import Bound
from yunwang.network.facts.model import Neighbor
from yunwang.network.vendors import vendor


def ledger(workspace: Workspace, device: Device) -> tuple[Binding, ...]:
    """The ledger's bindings on a device: one per address of each terminal."""
    return tuple(
        Binding(device=device.name, mac=terminal.mac, address=address, interface=terminal.interface, vlan=terminal.vlan)
        for terminal in workspace.terminals
        if terminal.device == device.name
        for address in (terminal.ipv4, terminal.ipv6)
        if address is not None
    )


def intend(workspace: Workspace, device: Device, running: Config, *, remove_strays: bool = False) -> Config:
    """The running configuration with the ledger's bindings in it; nothing is enforced by that yet: that comes after.

    An address that is bound to another MAC or port is bound anew. Bindings that the ledger lacks stay, unless `remove_strays`.
    """
    lines = vendor(device.platform).bindings
    wanted = ledger(workspace, device)
    if remove_strays:
        addresses = {binding.address for binding in wanted}
        paths = ((*path, line) for path, line in running.lines())
        running = running.without(path for path in paths if (bound := lines.read(path)) and bound.address not in addresses)
    fragment: Tree = {}
    for binding in wanted:
        view = fragment
        for line in lines.write(_bound(binding)) or ():
            view = view.setdefault(running.rules.canonical(line), {})
    return running.overlay(replace(running, tree=fragment))


def configured(device: Device, running: Config) -> tuple[Binding, ...]:
    """The bindings that a configuration holds."""
    read = vendor(device.platform).bindings.read
    found = (read((*path, line)) for path, line in running.lines())
    return tuple(
        Binding(
            device=device.name,
            mac=bound.mac,
            address=bound.address,
            interface=bound.interface,
            vlan=bound.vlan,
            source="configured",
        )
        for bound in found
        if bound is not None
    )


def observed(device: Device, neighbors: Iterable[Neighbor]) -> tuple[Binding, ...]:
    """What was seen behind a device: ARP entries and ND neighbours but the device's own, unanswered and link-local ones."""
    return tuple(
        Binding(
            device=device.name, mac=one.mac, address=one.address, interface=one.interface or None, vlan=one.vlan, source="observed"
        )
        for one in neighbors
        if one.mac is not None and not one.own and not one.address.is_link_local
    )


def unsupported(workspace: Workspace, device: Device) -> tuple[Finding, ...]:
    """Bindings of the ledger that the device's platform has no words for."""
    write = vendor(device.platform).bindings.write
    return tuple(
        Finding(
            code="binding-unsupported",
            severity=Severity.WARNING,
            message=f"{device.name} ({device.platform}) cannot bind {binding.address} to {binding.mac}",
            remedy="bind it on another device, or leave that address to SAVI or ND snooping",
            target=f"device/{device.name}",
        )
        for binding in ledger(workspace, device)
        if write(_bound(binding)) is None
    )


def _bound(binding: Binding) -> Bound:
    return Bound(address=binding.address, mac=binding.mac, interface=binding.interface, vlan=binding.vlan)


class Verdict(StrEnum):
    """What three accounts of one binding say together; a ledger row may get several."""

    BOUND = "bound"
    """Ledger, configuration and what was seen agree."""
    MISSING = "missing"
    """In the ledger, not configured."""
    DIFFERS = "differs"
    """Configured otherwise than the ledger says (MAC, port or VLAN)."""
    STRAY = "stray"
    """Configured, not in the ledger."""
    MAC_CHANGED = "mac-changed"
    """The address was seen with another MAC: a new network card, or a stolen address."""
    IP_CHANGED = "ip-changed"
    """The MAC was seen with another address only."""
    MOVED = "moved"
    """Seen on another port."""
    UNPLUGGED = "unplugged"
    """Not seen at all."""
    UNKNOWN = "unknown"
    """Seen, in neither ledger nor configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One verdict with the accounts it rests on."""

    verdict: Verdict
    ledger: Binding | None = None
    configured: Binding | None = None
    observed: Binding | None = None

    @property
    def subject(self) -> Binding:
        """The binding it is about: the ledger's where there is one."""
        binding = self.ledger or self.configured or self.observed
        assert binding is not None
        return binding


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All rows, by ledger order, then strays, then unknown ones."""

    rows: tuple[Row, ...]

    def of(self, verdict: Verdict) -> tuple[Row, ...]:
        """The rows of one verdict."""
        return tuple(row for row in self.rows if row.verdict is verdict)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many rows of each verdict, all verdicts named."""
        counts = dict.fromkeys(Verdict, 0)
        for row in self.rows:
            counts[row.verdict] += 1
        return counts

    @property
    def bound(self) -> tuple[Row, ...]:
        """Rows on which all three agree."""
        return self.of(Verdict.BOUND)

    @property
    def missing(self) -> tuple[Row, ...]:
        """Ledger rows that are not configured."""
        return self.of(Verdict.MISSING)


Key = tuple[str, object]
"""Device and address, or device and MAC."""


def reconcile(ledger: Iterable[Binding], configured: Iterable[Binding], observed: Iterable[Binding]) -> Reconciliation:
    """Compare the three accounts. Pure, linear; how MACs, addresses and interfaces are spelled makes no difference."""
    book, held, seen = tuple(ledger), tuple(configured), tuple(observed)
    return Reconciliation(tuple(_Accounts(book, held, seen).rows()))


class _Accounts:
    def __init__(self, book: tuple[Binding, ...], held: tuple[Binding, ...], seen: tuple[Binding, ...]) -> None:
        self.book, self.held, self.seen = book, held, seen
        self.held_at = _grouped(held)
        self.seen_at = _grouped(seen)
        self.wanted = {(one.device, one.address) for one in book}
        self.strangers: dict[Key, list[Binding]] = defaultdict(list)
        """Seen with an address that the ledger gives to nobody, by MAC."""
        for one in seen:
            if (one.device, one.address) not in self.wanted:
                self.strangers[one.device, one.mac].append(one)

    def rows(self) -> Iterator[Row]:
        explained: set[Key] = set()
        for want in self.book:
            place = (want.device, want.address)
            rows = [*self._configuration(want, self.held_at.get(place, ())), *self._sight(want, self.seen_at.get(place, ()))]
            explained |= {(row.observed.device, row.observed.address) for row in rows if row.observed}
            yield from rows
            if not rows:
                yield Row(
                    verdict=Verdict.BOUND,
                    ledger=want,
                    configured=_best(want, self.held_at[place]),
                    observed=_best(want, self.seen_at[place]),
                )
        strays = {(have.device, have.address) for have in self.held} - self.wanted
        for have in self.held:
            if (have.device, have.address) in strays:
                yield Row(verdict=Verdict.STRAY, configured=have)
        macs = {(want.device, want.mac) for want in self.book}
        for one in self.seen:
            place = (one.device, one.address)
            autoconfigured = one.address.version == 6 and (one.device, one.mac) in macs
            if place not in self.wanted and place not in strays and place not in explained and not autoconfigured:
                yield Row(verdict=Verdict.UNKNOWN, observed=one)

    def _configuration(self, want: Binding, held: Iterable[Binding]) -> Iterator[Row]:
        have = _best(want, held)
        if have is None:
            yield Row(verdict=Verdict.MISSING, ledger=want)
        elif not (have.mac == want.mac and _same_port(have, want) and _same(have.vlan, want.vlan)):
            yield Row(verdict=Verdict.DIFFERS, ledger=want, configured=have)

    def _sight(self, want: Binding, seen: Iterable[Binding]) -> Iterator[Row]:
        one = _best(want, seen)
        if one is None:
            elsewhere = [
                other for other in self.strangers.get((want.device, want.mac), ()) if other.address.version == want.address.version
            ]
            if elsewhere:
                yield Row(verdict=Verdict.IP_CHANGED, ledger=want, observed=elsewhere[0])
            else:
                yield Row(verdict=Verdict.UNPLUGGED, ledger=want)
        elif one.mac != want.mac:
            yield Row(verdict=Verdict.MAC_CHANGED, ledger=want, observed=one)
        elif not (_same_port(one, want) and _same(one.vlan, want.vlan)):
            yield Row(verdict=Verdict.MOVED, ledger=want, observed=one)


def _grouped(bindings: Iterable[Binding]) -> dict[Key, list[Binding]]:
    groups: dict[Key, list[Binding]] = defaultdict(list)
    for one in bindings:
        groups[one.device, one.address].append(one)
    return groups


def _best(want: Binding, candidates: Iterable[Binding]) -> Binding | None:
    """Of several accounts of one address, the one that is most like the ledger's; the first of equals."""
    return max(candidates, key=lambda one: (one.mac == want.mac, _same_port(one, want), _same(one.vlan, want.vlan)), default=None)


def _same(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def _same_port(one: Binding, other: Binding) -> bool:
    return _same(port(one.interface), port(other.interface))


_KINDS = {
    "ge": ("ge", "gi", "gig", "gigabitethernet"),
    "xge": ("xge", "te", "xgigabitethernet", "ten-gigabitethernet", "tengigabitethernet", "10ge"),
    "fe": ("fa", "fastethernet"),
    "e": ("e", "et", "eth", "ethernet"),
}
_SPELLED = {spelling: kind for kind, spellings in _KINDS.items() for spelling in spellings}


def port(name: str | None) -> str | None:
    """A physical port in one spelling for all vendors (`GigabitEthernet 0/5` and `Gi0/5` are `ge0/5`).

    None where no port is known: an entry that was learned on a VLAN's interface tells none.
    """
    match = re.fullmatch(r"(10GE|[A-Za-z-]+) ?(\d[\d/.:]*)", name) if name else None
    if match is None:
        return name
    letters = match[1].lower()
    return None if letters.startswith(("vl", "bvi")) else _SPELLED.get(letters, letters) + match[2]
