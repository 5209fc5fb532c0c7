"""The engine: through it alone anything is planned, applied, resumed or taken back. It decides nothing about a domain."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Run
from yunwang.journal.store import Journal
from yunwang.operations import gate, planning, recovery
from yunwang.operations.job import Job, Say
from yunwang.operations.lock import held
from yunwang.operations.waves import Walk


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Who works on which workspace. `stop` set: end after the steps in flight. `command`: as typed."""

    workspace: Workspace
    journal: Journal
    operator: str
    host: str
    command: str
    say: Say
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], datetime] = _now

    def plan(self, job: Job, targets: Sequence[str] = ()) -> Plan:
        """Observe the job's targets (those that match a pattern, if any is given) and plan what they need. Changes nothing.

        Raises Refused where a pattern matches no target.
        """
        return planning.make(job, self.workspace, self.journal, self.operator, self.clock(), targets, self.say)

    def apply(self, plan: Plan, job: Job) -> Run:
        """Apply exactly this plan: checked again, wave by wave, verified, recorded.

        A failure inside ends in a Run that says FAILED. Raises Refused, with nothing done, where the plan may not be applied.
        """
        with held(self.workspace, self.operator, self.command):
            gate.admit(plan, job, self.workspace, self.journal, self.clock(), self.say)
            run = self.journal.begin(plan, operator=self.operator, host=self.host, command=self.command)
            return self._walk(run, plan, job).go()

    def resume(self, run_id: str, job: Job) -> Run:
        """Go on with a run that crashed or was interrupted: what is unknown is settled by looking at the target, never guessed."""
        with held(self.workspace, self.operator, self.command):
            run = recovery.resumable(self.journal, run_id)
            plan = self.journal.plan_of(run.id)
            gate.admit_again(plan, job, self.workspace, self.clock())
            walk = self._walk(run, plan, job)
            recovery.settle(walk)
            return walk.go()

    def rollback(self, run_id: str, job: Job) -> Run:
        """Take back everything that a run did, last first. Raises Refused, with nothing done, where a target has moved since."""
        with held(self.workspace, self.operator, self.command):
            run = self.journal.run(run_id)
            plan = self.journal.plan_of(run.id)
            return recovery.take_back(self._walk(run, plan, job))

    def _walk(self, run: Run, plan: Plan, job: Job) -> Walk:
        return Walk(run=run, plan=plan, job=job, workspace=self.workspace, journal=self.journal, say=self.say, stop=self.stop)
