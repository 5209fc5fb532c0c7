"""What the journal gives back: runs, steps, standings, leases, approvals, audit entries, as values. No database in here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from yunwang.inventories.noun import JsonObject, Noun


class RunState(StrEnum):
    """How far a run of a plan is. RUNNING without a living process means: it crashed, `resume` settles it."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """Stopped at a failure; what was touched is taken back or said to be not."""
    INTERRUPTED = "interrupted"
    """Stopped by the operator between steps; `resume` goes on."""
    ROLLED_BACK = "rolled-back"
    ABANDONED = "abandoned"
    """Given up by an operator, who answers for what it left."""

    @property
    def ended(self) -> bool:
        """Nothing will follow: the run's leases are free."""
        return self not in (RunState.RUNNING, RunState.INTERRUPTED)


class StepState(StrEnum):
    """STARTED is written before the deed; if nothing follows, the deed's outcome is as unknown as where UNKNOWN was written."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The deed may or may not have happened (a worker or a connection was lost in the middle): the target must be looked at."""

    @property
    def known(self) -> bool:
        """Whether the journal says how the deed came out."""
        return self in (StepState.DONE, StepState.FAILED)


class Phase(StrEnum):
    """What a step did to its target."""

    APPLY = "apply"
    VERIFY = "verify"
    UNDO = "undo"


class Run(Noun):
    """One application of one plan. Times are UTC."""

    id: str
    job: str
    title: str
    plan_digest: str
    operator: str
    host: str
    command: str
    started: datetime
    ended: datetime | None = None
    state: RunState = RunState.RUNNING
    message: str = ""


class StepRecord(Noun):
    """One step of a run, in the order in which they were begun."""

    number: int
    run: str
    change: str
    target: str
    summary: str
    wave: str
    phase: Phase
    state: StepState
    started: datetime
    ended: datetime | None = None
    outcome: str = ""
    evidence: JsonObject = Field(default_factory=dict)


class Standing(Noun):
    """What was last seen of a target by a job: in line with intent or not. Reports are made from these."""

    job: str
    target: str
    in_line: bool
    at: datetime
    facts: JsonObject = Field(default_factory=dict)


class Lease(Noun):
    """Who may change a target just now. `heartbeat`: when the run last said that it lives; `expires`: until when that holds."""

    target: str
    run: str
    owner: str
    host: str
    pid: int
    process: str
    """Which process of which boot of which machine, so that a dead one can be told from a silent one (`process.identity`)."""
    command: str
    since: datetime
    heartbeat: datetime
    expires: datetime


class ApprovalKind(StrEnum):
    """What a person signs: as the second one, for want of a second one, or as the one who applies, resumes, rolls back."""

    APPROVAL = "approval"
    BREAK_GLASS = "break-glass"
    APPLY = "apply"
    RESUME = "resume"
    ROLLBACK = "rollback"


class Approval(Noun):
    """A named person answers for a plan. `signature`: armoured, over all other fields but the role; empty where none is asked."""

    plan_digest: str
    approver: str
    role: str
    kind: ApprovalKind = ApprovalKind.APPROVAL
    signature: str = ""
    reason: str = ""
    at: datetime


class Story(Noun):
    """All that the journal knows of a run but its plan. `unknown`: targets whose last step has no known outcome."""

    run: Run
    approvals: tuple[Approval, ...] = ()
    leases: tuple[Lease, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    unknown: tuple[str, ...] = ()


class AuditEntry(Noun):
    """One link of the audit chain: `hash` is over all that stands before it here, `previous` (the link before) included.

    `at` is a UTC time as written, with microseconds (`2026-11-22T06:20:00.000000Z`); the hashes are `sha256:…` or `sm3:…`.
    """

    seq: int
    at: str
    event: str
    operator: str
    host: str
    command: str
    plan_digest: str
    run: str
    target: str
    result: str
    details: str
    """Canonical JSON, as text: the hash is over what is written."""
    previous: str
    hash: str = ""
