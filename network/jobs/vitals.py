"""What a device says of itself that changes by itself: load, lines taken, locks, unsaved changes, neighbours, routes.

Reads only; says nothing of what follows from it. None of it is part of what tells whether a device moved since its plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from secrets import token_bytes
from typing import TypeVar

from yunwang.inventories.noun import JsonObject, Noun
from yunwang.inventories.verdict import Fatal
from yunwang.network.archive.secrecy import Masker
from yunwang.network.configuration.config import Config, parse
from yunwang.network.facts.model import BgpPeer, Fact, Figure, IsisPeer, Lock, Ospfv3Peer, Route
from yunwang.network.jobs.delta import delta
from yunwang.network.transport import Session
from yunwang.network.vendors import Vendor

T = TypeVar("T")
_CONNECTED = frozenset({"direct", "connected", "local", "c", "l"})
"""How the platforms call routes of their own interfaces."""
_NORMAL = frozenset({"2-way", "2way", "twoway"})
"""Of OSPF neighbours on a shared segment, neither of which is its designated router (RFC 2328, 10.3)."""


class Peer(Noun):
    """A routing neighbour; `id` is its router id (OSPF), its address (BGP) or its system (IS-IS)."""

    protocol: str
    id: str
    interface: str = ""
    up: bool

    def __str__(self) -> str:
        """`OSPF neighbour 10.0.0.1 on Vlanif10`."""
        return f"{self.protocol} neighbour {self.id}" + (f" on {self.interface}" if self.interface else "")

    @property
    def key(self) -> tuple[str, str, str]:
        """Who it is, up or not."""
        return self.protocol, self.id, self.interface


class RouteCount(Noun):
    """A routing table in short; `connected` are the networks of the device's own interfaces that are up."""

    routes: int = 0
    default: bool = False
    connected: tuple[str, ...] = ()


class Vitals(Noun):
    """`None` and empty: not shown by the platform, or not understood; `unseen` says which, and why."""

    cpu: float | None = None
    memory: float | None = None
    vtys: tuple[int, int] | None = None
    """Lines taken, lines in all."""
    holder: str = ""
    """Who holds the configuration lock."""
    unsaved: tuple[str, ...] = ()
    """Lines of the running configuration that the saved one lacks, and (with `no longer:`) the other way round; secrets masked."""
    as_saved: bool = False
    """Does it boot with exactly what it runs? Not where that is not known."""
    protocols: tuple[str, ...] = ()
    """Those that were asked for neighbours."""
    peers: tuple[Peer, ...] = ()
    ipv4: RouteCount | None = None
    ipv6: RouteCount | None = None
    unseen: tuple[str, ...] = ()

    def kept(self) -> JsonObject:
        """What a plan keeps of it: what must be there afterwards too."""
        return self.model_dump(mode="json", include={"protocols", "peers", "ipv4", "ipv6"})


class Examination:
    """One session's questions to one device; what it does not answer is remembered, and no obstacle."""

    def __init__(self, session: Session, its: Vendor) -> None:
        self._session, self._its, self._show = session, its, its.session.show
        self._unseen: list[str] = []

    def all(self, running: Config, intend: Callable[[Config], Config]) -> Vitals:
        """Everything, from a device that was just seen running that. Raises Retryable where it is lost over it.

        `intend`: what the job wants of a configuration. Unsaved lines that it wants itself are no one else's: a change of ours that
        was broken off left them.
        """
        seen, saved = self.now(running), self._saved()
        unsaved = self._unsaved(saved, running, intend) if saved else ()
        return seen.model_copy(
            update={"unsaved": unsaved, "as_saved": _same(saved, running), "unseen": tuple(self._unseen)},
        )

    def as_saved(self, running: Config) -> bool:
        """Would it boot with exactly what it runs? Not where it does not show that."""
        return _same(self._saved(), running)

    def now(self, running: Config) -> Vitals:
        """All but what is saved."""
        protocols = [one for one in self._show.protocols if any(re.match(one.runs, line) for line in running.tree)]
        return self.routing(tuple(one.name for one in protocols)).model_copy(
            update={
                "cpu": self._figure(self._show.cpu),
                "memory": self._figure(self._show.memory),
                "vtys": self._vtys(running),
                "holder": next((one.holder for one in self._ask(self._show.lock) if isinstance(one, Lock)), ""),
                "unseen": tuple(self._unseen),
            }
        )

    def routing(self, protocols: Collection[str]) -> Vitals:
        """Neighbours of these protocols, and routes."""
        return Vitals(
            protocols=tuple(protocols),
            peers=self.peers(protocols),
            ipv4=self._routes(self._show.routes4),
            ipv6=self._routes(self._show.routes6),
            unseen=tuple(self._unseen),
        )

    def peers(self, protocols: Collection[str]) -> tuple[Peer, ...]:
        """Neighbours of these protocols, up or not."""
        return tuple(
            _peer(one.name, fact)
            for one in self._show.protocols
            if one.name in protocols
            for fact in self._ask(one.peers)
            if isinstance(fact, Ospfv3Peer | IsisPeer | BgpPeer)
        )

    def _figure(self, command: str) -> float | None:
        return next((one.value for one in self._ask(command) if isinstance(one, Figure)), None)

    def _vtys(self, running: Config) -> tuple[int, int] | None:
        taken = self._figure(self._show.users)
        if taken is None:
            return None
        pattern, unsaid = self._show.vtys
        highest = max((int(found[1]) for line in running.tree if (found := re.match(pattern, line))), default=unsaid)
        return int(taken), highest + 1

    def _saved(self) -> Config | None:
        if not self._show.saved:
            return None
        text = self._try(self._show.saved, lambda: self._session.display(self._show.saved))
        if text is None:
            return None
        saved = parse(text, self._its.rules)
        if not saved.tree:
            self._unseen.append(f"{self._show.saved!r}: it shows no configuration")
            return None
        return saved

    def _unsaved(self, saved: Config, running: Config, intend: Callable[[Config], Config]) -> tuple[str, ...]:
        made = delta(saved, running)
        if made.added or made.removed:
            wanted = delta(saved, intend(replace(saved, header=running.header)))
            if {*made.added} <= {*wanted.added} and {*made.removed} <= {*wanted.removed}:
                return ()
        masked = Masker(token_bytes(), "", self._its.platform).mask  # nobody is to compare these masks with any other
        return tuple(
            mark + " › ".join(masked(line).text for line in path)
            for mark, paths in (("", made.added), ("no longer: ", made.removed))
            for path in paths
        )

    def _routes(self, command: str) -> RouteCount | None:
        found = self._try(command, lambda: [one for one in self._read(command) if isinstance(one, Route) and not one.vpn])
        if found is None:
            return None
        return RouteCount(
            routes=len({route.network for route in found}),
            default=any(route.network.prefixlen == 0 for route in found),
            connected=tuple(sorted({str(route.network) for route in found if route.protocol.lower() in _CONNECTED})),
        )

    def _ask(self, command: str) -> tuple[Fact, ...]:
        return (self._try(command, lambda: self._read(command)) or ()) if command else ()

    def _read(self, command: str) -> tuple[Fact, ...]:
        return self._its.parse.read(command, self._session.display(command))

    def _try(self, command: str, look: Callable[[], T]) -> T | None:
        """What is seen; None where the device refuses to show it, or shows what no reader knows."""
        try:
            return look()
        except Fatal as verdict:
            self._unseen.append(f"{command!r}: {verdict.message}")
            return None


def _same(saved: Config | None, running: Config) -> bool:
    return saved is not None and [*saved.lines()] == [*running.lines()]


def _peer(protocol: str, fact: Ospfv3Peer | IsisPeer | BgpPeer) -> Peer:
    if isinstance(fact, BgpPeer):
        return Peer(protocol=protocol, id=str(fact.address), up=fact.established)
    if isinstance(fact, IsisPeer):
        return Peer(protocol=protocol, id=fact.system, interface=fact.interface, up=fact.up)
    up = fact.full or fact.state.lower() in _NORMAL
    return Peer(protocol=protocol, id=str(fact.router_id), interface=fact.interface, up=up)
