"""The engine: through it alone anything is planned, applied, resumed or taken back. It decides nothing about a domain."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial

from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import ApprovalKind, Lease, Phase, Run
from yunwang.journal.store import Journal
from yunwang.operations import gate, leases, planning, recovery
from yunwang.operations.clock import Clock, SystemClock
from yunwang.operations.deeds import Deeds
from yunwang.operations.executor import Steps, Threads
from yunwang.operations.job import Job, Say
from yunwang.operations.leases import Heartbeat
from yunwang.operations.observing import Observer
from yunwang.operations.terms import Terms
from yunwang.operations.waves import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Who works on which workspace, on which terms, and with what.

    `command`: as typed. `stop` set: end after the steps in flight. `in_flight`: the targets at which something is being done just
    now, for who ends the process over it. Deeds are done by `steps`, those of a wave from a `pool` of so many threads.
    """

    workspace: Workspace
    journal: Journal
    operator: str
    host: str
    command: str
    say: Say
    terms: Terms = field(default_factory=Terms)
    stop: threading.Event = field(default_factory=threading.Event)
    in_flight: dict[str, Phase] = field(default_factory=dict)
    steps: Steps = field(default_factory=Threads)
    clock: Clock = field(default_factory=SystemClock)
    pool: Callable[[int], Executor] = ThreadPoolExecutor

    def plan(self, job: Job, targets: Sequence[str] = ()) -> Plan:
        """Observe the job's targets (those that match a pattern, if any is given) and plan what they need. Changes nothing.

        Raises Refused where a pattern matches no target.
        """
        return planning.make(self._observer(job), self.workspace, self.journal, self.operator, targets)

    def apply(self, plan: Plan, job: Job) -> Run:
        """Apply exactly this plan: leased, checked again, wave by wave, verified, recorded.

        A failure inside ends in a Run that says FAILED. Raises Refused, with nothing done, where the plan may not be applied.
        """
        gate.unapplied(plan, self.journal)
        run_id = self.journal.new_run_id()
        with self._held(run_id, partial(self._acquire, run_id, plan)) as heartbeat:
            gate.unapplied(plan, self.journal)  # whom we waited for may have done it
            gate.admit(plan, self.workspace, self.terms, self.clock.now())
            self._admit(plan, job, ApprovalKind.APPLY)
            seen = gate.unmoved(plan, self._observer(job))
            run = self.journal.begin(plan, run=run_id, operator=self.operator, host=self.host, command=self.command)
            self.journal.observe(run.id, seen)
            walk = self._walk(run, plan, job, heartbeat)
            return walk.to_the_end(walk.go)

    def resume(self, run_id: str, job: Job) -> Run:
        """Go on with a run that crashed or was interrupted: what is unknown is settled by looking at the target, never guessed."""
        run = recovery.unfinished(self.journal, run_id)
        plan = self.journal.plan_of(run.id)
        self._admit(plan, job, ApprovalKind.RESUME)
        with self._held(run.id, partial(self._take_over, run.id)) as heartbeat:
            walk = self._walk(run, plan, job, heartbeat)

            def go_on() -> Run:
                recovery.settle(walk)
                return walk.go()

            return walk.to_the_end(go_on)

    def rollback(self, run_id: str, job: Job) -> Run:
        """Take back everything that a run did, last first. Raises Refused, with nothing done, where a target has moved since."""
        run = self.journal.run(run_id)
        plan = self.journal.plan_of(run.id)
        gate.answered_for(plan, self.workspace, self.journal, self.operator, self.clock.now(), ApprovalKind.ROLLBACK, self.say)
        ask = partial(self._acquire, run.id, plan) if run.state.ended else partial(self._take_over, run.id)
        with self._held(run.id, ask) as heartbeat:
            walk = self._walk(run, plan, job, heartbeat)
            return walk.to_the_end(partial(recovery.take_back, walk), "rollback")

    def _admit(self, plan: Plan, job: Job, deed: ApprovalKind) -> None:
        gate.admit_again(plan, job, self.workspace, self.journal, self.operator, self.clock.now(), deed, self.say)

    def _held(self, run: str, ask: leases.Ask) -> AbstractContextManager[Heartbeat]:
        return leases.held(self.journal, run, ask, wait=self.terms.wait, clock=self.clock, stop=self.stop, say=self.say)

    def _acquire(self, run: str, plan: Plan) -> tuple[Lease, ...]:
        targets = {change.target for change in plan.changes}
        return self.journal.leases.acquire(run, targets, owner=self.operator, host=self.host, command=self.command)

    def _take_over(self, run: str) -> tuple[Lease, ...]:
        return self.journal.leases.take_over(run, owner=self.operator, host=self.host, command=self.command)

    def _observer(self, job: Job) -> Observer:
        return Observer(job=job, steps=self.steps, clock=self.clock, pool=self.pool, say=self.say)

    def _walk(self, run: Run, plan: Plan, job: Job, heartbeat: Heartbeat) -> Walk:
        deeds = Deeds(
            run=run,
            plan=plan,
            journal=self.journal,
            observer=self._observer(job),
            heartbeat=heartbeat,
            in_flight=self.in_flight,
        )
        return Walk(
            deeds=deeds,
            settings=self.workspace.settings.apply,
            say=self.say,
            stop=self.stop,
            clock=self.clock,
            pool=self.pool,
            obstacle=partial(self._obstacle, plan),
        )

    def _obstacle(self, plan: Plan, what: str) -> str:
        if window := gate.freeze(plan, self.workspace, self.journal, self.clock.now()):
            return window
        asked = self.terms.go_on
        return "paused" if asked is not None and not asked(f"Go on with {what}?") else ""
