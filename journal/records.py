"""What the journal gives back: runs, steps, standings, as values. No database in here."""

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


class StepState(StrEnum):
    """STARTED is written before the deed; if nothing follows, the deed's outcome is unknown."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


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
