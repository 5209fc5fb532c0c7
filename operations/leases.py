"""What a run holds while it works: all its targets or none, renewed until it ends. Takes nothing from a run that lives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from yunwang.inventories.finding import Finding
from yunwang.inventories.verdict import Refused, Verdict
from yunwang.journal.leases import TTL
from yunwang.journal.records import Lease
from yunwang.journal.store import Journal
from yunwang.operations.clock import Clock
from yunwang.operations.job import Say

POLL_SECONDS = 1.0
"""How often a waiting run asks again."""

Ask = Callable[[], tuple[Lease, ...]]
"""Asks the journal for leases; what it returns stands against them."""


class Halted(Exception):
    """The run may not go on: its leases or its journal are lost. Raised between steps; no verdict, for no target is at fault."""


class Heartbeat:
    """Says that a run lives, in a thread of its own and at each step boundary, until it hears that the run is no longer ours."""

    def __init__(self, journal: Journal, run: str, clock: Clock) -> None:
        self._journal, self._run, self._clock = journal, run, clock
        self._renewed = clock.now()
        self._lost = ""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name=f"heartbeat {run}", daemon=True)
        self._thread.start()

    def guard(self) -> None:
        """Return if the run may go on. Raises Halted."""
        if abs(self._clock.now() - self._renewed) > TTL / 3:  # `abs`: the clock may have been turned back
            self.beat()
        if self._lost:
            raise Halted(self._lost)

    def end(self) -> None:
        """No further beat."""
        self._end.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._end.wait(TTL.total_seconds() / 3):
            self.beat()

    def beat(self) -> None:
        """Say it once, and hear whether it is still so."""
        now = self._clock.now()
        try:
            if self._journal.leases.renew(self._run):
                self._renewed = now
            else:
                self._lost = "its leases are another's now: the run was taken for dead, and resumed or given up"
        except Verdict as verdict:
            if now - self._renewed > TTL:  # shorter than that, nobody can have taken us for dead
                self._lost = verdict.message


def run_meant(name: str, journal: Journal) -> str:
    """The run that holds the target of that name (`yz-agg-a` also means `device/yz-agg-a`), else the one whose id begins so.

    Raises Fatal where there is none, or several.
    """
    holders = {lease.run for lease in journal.leases.all() if name in (lease.target, lease.target.partition("/")[2], lease.run)}
    return holders.pop() if len(holders) == 1 else journal.run(name).id


@contextmanager
def held(
    journal: Journal, run: str, ask: Ask, *, wait: float, clock: Clock, stop: threading.Event, say: Say
) -> Iterator[Heartbeat]:
    """Hold the leases that are asked for. Raises Refused, naming the holders, where they stand against it for `wait` seconds.

    They are freed when the run has ended or never began, and kept where it stopped in the middle, until it is resumed or given up.
    """
    _get(ask, wait, clock, stop, say)
    beating = Heartbeat(journal, run, clock)
    try:
        yield beating
    finally:
        beating.end()
        with suppress(Verdict):  # a lost journal frees nothing; the leases lapse
            journal.leases.release(run)


def _get(ask: Ask, wait: float, clock: Clock, stop: threading.Event, say: Say) -> None:
    told: set[str] = set()
    while against := ask():
        if wait <= 0 or stop.is_set():
            raise _refusal(against)
        for lease in against:
            if lease.run not in told:
                told.add(lease.run)
                say(f"waiting for {holder(lease)}")
        clock.sleep(min(POLL_SECONDS, wait))
        wait -= POLL_SECONDS


def _refusal(against: tuple[Lease, ...]) -> Refused:
    findings = tuple(
        Finding(
            code="leased",
            message=f"is held by {holder(lease)}",
            remedy=f"wait for it (--wait SECONDS); if it died: yunwang resume {lease.run}, or yunwang lock break {lease.run}",
            target=lease.target,
        )
        for lease in against
    )
    first = against[0]
    more = f" and {len(against) - 1} more" if len(against) > 1 else ""
    return Refused(f"{first.target}{more}: held by {holder(first)}", remedy="see above", findings=findings)


def holder(lease: Lease) -> str:
    """Who holds a target, in words."""
    return f"{lease.owner} on {lease.host} since {lease.since:%F %T} UTC, run {lease.run}: {lease.command}"
