"""Leases: who may change which target just now, across processes and machines. All or nothing; never takes one from the living."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.engine import Connection

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Plan
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal import process
from yunwang.journal.audit import Audit, By, Deed
from yunwang.journal.database import Database
from yunwang.journal.records import Lease, RunState, StepState
from yunwang.journal.tables import leases, runs, steps

TTL = timedelta(seconds=60)
"""How long a run may be silent before it counts as dead. Of a process of this machine it is known at once."""


class Leases:
    """The leases of one journal; `me` is the process that asks for them (`process.identity`)."""

    def __init__(self, database: Database, audit: Audit, now: Callable[[], datetime], me: str) -> None:
        self._database = database
        self._audit = audit
        self._now = now
        self._me = me
        self._ttl: dict[str, timedelta] = {}

    def acquire(
        self, run: str, targets: Iterable[str], *, owner: str, host: str, command: str, ttl: timedelta = TTL
    ) -> tuple[Lease, ...]:
        """Get all these targets for a run, or none: returns the leases that stand against it (nothing: all are ours).

        A lapsed lease passes on where its run never began or has ended; one of a run in the middle only through `take_over` or
        `give_up`.
        """
        with self._audit.deed() as deed:
            against = self._against(deed.db, run, targets)
            if not against:
                self._take(deed, run, targets, By(owner, host, command), ttl)
        return against

    def renew(self, run: str) -> bool:
        """The run lives. False: its leases are no longer this process's (taken over or given up), and it must not go on."""
        now = self._now()
        with self._database.writing() as db:
            renewed = db.execute(
                leases.update()
                .where(leases.c.run == run, leases.c.process == self._me)
                .values(heartbeat=now, expires=now + self._ttl.get(run, TTL))
            )
            return renewed.rowcount > 0

    def release(self, run: str) -> None:
        """Free the targets of a run that has ended or never began. One in the middle keeps them until it is resumed or given up."""
        with self._audit.deed() as deed:
            if _state(deed.db, run) not in (RunState.RUNNING, RunState.INTERRUPTED):
                free(deed, run, worker(deed.db, run))

    def all(self) -> tuple[Lease, ...]:
        """Every lease, by target."""
        with self._database.reading() as db:
            return _all(db)

    def lapsed(self, lease: Lease) -> bool:
        """Whether its holder counts as dead: silent for too long, or a process of this machine that is no more."""
        return lease.expires < self._now() or process.dead(lease.process)

    def take_over(self, run: str, *, owner: str, host: str, command: str, ttl: timedelta = TTL) -> tuple[Lease, ...]:
        """Go on with a run that crashed or was interrupted: it is RUNNING, and this process has the leases of all its targets.

        Returns the leases of other runs that stand against it (nothing: it is ours). Raises Refused where it ended or still lives.
        """
        by = By(owner, host, command)
        with self._audit.deed() as deed:
            state = _state(deed.db, run)
            if state is None or state.ended:
                raise Refused(f"run {run} has ended: {state}" if state else f"no run {run}", remedy="make a new plan")
            if state is RunState.RUNNING:
                self._silent(deed.db, run)
            row = deed.db.execute(select(runs.c.plan, runs.c.plan_digest).where(runs.c.id == run)).one()
            targets = {change.target for change in Plan.model_validate_json(row.plan).changes}
            against = tuple(lease for lease in self._against(deed.db, run, targets) if lease.run != run)
            if not against:
                deed.db.execute(leases.delete().where(leases.c.run == run))
                self._take(deed, run, targets, by, ttl)
                deed.db.execute(runs.update().where(runs.c.id == run).values(state=RunState.RUNNING.value, message="", ended=None))
                deed.tell("run.resumed", by, plan_digest=row.plan_digest, run=run)
        return against

    def give_up(
        self, run: str, *, operator: str, reason: str, host: str = "", command: str = "", force: bool = False, signature: str = ""
    ) -> None:
        """Free the targets of a run that nobody will resume; the run becomes ABANDONED. Raises Refused where it still lives.

        `force`: even then; it is fenced off, and stops before its next step. `signature`: the operator's, over their words.
        """
        by = By(operator, host or socket.gethostname(), command)
        with self._audit.deed() as deed:
            state = _state(deed.db, run)
            if state is None and not any(lease.run == run for lease in _all(deed.db)):
                raise Refused(
                    f"no run {run}, and no lease of one", remedy="`yunwang lock list` and `yunwang history list` show them"
                )
            if state is not RunState.INTERRUPTED and not force:
                self._silent(deed.db, run)
            if state is not None and not state.ended:
                ended = {"state": RunState.ABANDONED.value, "message": f"given up: {reason}", "ended": deed.now}
                deed.db.execute(runs.update().where(runs.c.id == run).values(**ended))
            why: JsonObject = {"reason": reason, "forced": force}
            if signature:
                why["signature"] = signature
            deed.tell("run.given-up", by, run=run, result=RunState.ABANDONED.value, details=why)
            free(deed, run, by)

    def _against(self, db: Connection, run: str, targets: Iterable[str]) -> tuple[Lease, ...]:
        wanted = set(targets)
        return tuple(lease for lease in _all(db) if lease.target in wanted and not self._passes(db, lease, run))

    def _passes(self, db: Connection, lease: Lease, run: str) -> bool:
        if lease.run == run and lease.process == self._me:
            return True
        return self.lapsed(lease) and (lease.run == run or not _in_the_middle(db, lease.run))

    def _take(self, deed: Deed, run: str, targets: Iterable[str], by: By, ttl: timedelta) -> None:
        self._ttl[run] = ttl
        wanted = sorted(set(targets))
        held = {"run": run, "owner": by.operator, "host": by.host, "pid": os.getpid(), "process": self._me, "command": by.command}
        times = {"since": deed.now, "heartbeat": deed.now, "expires": deed.now + ttl}
        if wanted:
            passed_on = leases.delete().where(leases.c.target == bindparam("wanted"))
            deed.db.execute(passed_on, [{"wanted": target} for target in wanted])
            deed.db.execute(leases.insert(), [{"target": target, **held, **times} for target in wanted])
            deed.tell("lease.acquired", by, run=run, details={"targets": [*wanted]})

    def _silent(self, db: Connection, run: str) -> None:
        for lease in _all(db):
            if lease.run == run and not self.lapsed(lease):
                raise Refused(
                    f"run {run} is still at work: {lease.owner} on {lease.host} (process {lease.pid}) since "
                    f"{lease.since:%F %T} UTC, last heard of {lease.heartbeat:%T}: {lease.command}",
                    remedy=f"end it there (Ctrl-C), or wait until it has been silent until {lease.expires:%F %T} UTC",
                )


def free(deed: Deed, run: str, by: By) -> None:
    """Remove a run's leases, and tell it."""
    held = [lease.target for lease in _all(deed.db) if lease.run == run]
    if held:
        deed.db.execute(leases.delete().where(leases.c.run == run))
        deed.tell("lease.released", by, run=run, details={"targets": [*held]})


def fence(db: Connection, run: str, target: str, me: str) -> None:
    """Stop a process that was taken for dead and is not: its run or its target is another's now. Raises Fatal."""
    row = db.execute(select(leases).where(leases.c.target == target)).mappings().first()
    if row is not None and (row["run"], row["process"]) != (run, me):
        lease = _lease(row)
        raise Fatal(
            f"{target} is leased to run {lease.run} by {lease.owner} on {lease.host} since {lease.since:%F %T} UTC",
            remedy="this run was taken for dead; `yunwang history show` tells how it went on",
            target=target,
        )


def walker(db: Connection, run: str, me: str) -> None:
    """Only who walks a run says how it ended: not who was taken for dead, and wakes after another has gone on. Raises Fatal."""
    holders = {row.process for row in db.execute(select(leases.c.process).where(leases.c.run == run))}
    state = _state(db, run)
    if me not in holders and (holders or (state is not None and state.ended)):
        raise Fatal(
            f"run {run} was taken for dead, and another process went on with it: it is {state}",
            remedy=f"`yunwang history show {run}` tells how it went on",
        )


def worker(db: Connection, run: str) -> By:
    """Who works on a run: the holder of its leases, who may have resumed it; where it has none, who began it."""
    holder = select(leases.c.owner, leases.c.host, leases.c.command).where(leases.c.run == run).limit(1)
    beginner = select(runs.c.operator, runs.c.host, runs.c.command).where(runs.c.id == run)
    return By(*(db.execute(holder).first() or db.execute(beginner).first() or ("",)))


def _in_the_middle(db: Connection, run: str) -> bool:
    """Whether what a run has begun is neither done nor taken back, as far as the journal knows."""
    state = _state(db, run)
    if state is None or not state.ended:
        return state is not None
    if state is RunState.ABANDONED:
        return False
    walked = db.execute(select(steps.c.change, steps.c.state).where(steps.c.run == run).order_by(steps.c.number))
    last = {step.change: StepState(step.state) for step in walked}
    return not all(state.known for state in last.values())


def _state(db: Connection, run: str) -> RunState | None:
    found = db.scalar(select(runs.c.state).where(runs.c.id == run))
    return None if found is None else RunState(found)


def _all(db: Connection) -> tuple[Lease, ...]:
    return tuple(_lease(row) for row in db.execute(select(leases).order_by(leases.c.target)).mappings())


def _lease(row: RowMapping) -> Lease:
    return Lease(**row)
