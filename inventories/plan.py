"""A plan is a value: what was observed, what will be done in which order, what undoes it. Pure; never a secret."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject, Noun, canonical_json, digest


class Action(StrEnum):
    """What happens to a target, in one character as Terraform shows it; RUN is a runbook (a cutover, a retirement)."""

    CREATE = "+"
    UPDATE = "~"
    DELETE = "-"
    REPLACE = "∓"
    RUN = "→"


class Observation(Noun):
    """What a target looked like when the plan was made: a digest that must still hold when it is applied."""

    target: str
    digest: str
    summary: str = ""


class Observed(Noun):
    """A target as it was read just now; `facts` is all that a job decides from, so their digest tells whether it moved."""

    target: str
    summary: str = ""
    facts: JsonObject = Field(default_factory=dict)
    passing: JsonObject = Field(default_factory=dict)
    """What changes by itself (loads, neighbours): a job may decide from it, but it does not tell whether the target moved."""

    def seen(self) -> Observation:
        """What a plan keeps of it."""
        return Observation(target=self.target, digest=digest(self.facts), summary=self.summary)


class Step(Noun):
    """One thing inside a change, for people, policies and deletion budgets: `+ yunwang:Project finance`."""

    action: Action
    what: str


class Change(Noun):
    """The unit that is applied, verified and undone. `forward` and `reverse` are the job's own words for doing and undoing it.

    `target` names what is observed and leased (`device/sq-core-a`, `stack/zhengwu/finance`, `system/oa`).
    `group` is what it shares with its neighbours (a site, a cloud): only so many of a group run at a time.
    `text` is what people read (a patch, a list of resources); `facts` is what policies read.
    """

    id: str
    target: str
    group: str = ""
    action: Action
    summary: str
    steps: tuple[Step, ...] = ()
    text: str = ""
    forward: JsonObject = Field(default_factory=dict)
    reverse: JsonObject = Field(default_factory=dict)
    requires: tuple[str, ...] = ()
    facts: JsonObject = Field(default_factory=dict)


class Wave(Noun):
    """Changes (by id) that may run together, at most `parallel` at a time; the next wave waits for all of them to verify.

    In a `canary` wave none may fail, whatever the failure budget.
    """

    name: str
    canary: bool = False
    changes: tuple[str, ...]
    parallel: int = Field(default=4, ge=1)


class Plan(Noun):
    """Everything that an apply will do, and nothing else. Times are UTC."""

    version: Literal[1, 2] = 2
    """1: from before changes had groups and waves canaries; the journal's old runs have such plans, none is applied any more."""
    job: str
    title: str
    workspace: str
    intent: str
    """Digest of the workspace files that the plan was made from."""
    operator: str
    created: datetime
    expires: datetime
    options: JsonObject = Field(default_factory=dict)
    """What the job was asked beyond the workspace (a feature, a system, targets), so that `apply` can build the same job."""
    observations: tuple[Observation, ...] = ()
    changes: tuple[Change, ...] = ()
    waves: tuple[Wave, ...] = ()
    findings: tuple[Finding, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Identity of the plan: what is approved, recorded and applied once."""
        return digest(self.model_dump(mode="json"))

    def to_json(self) -> str:
        """The file's content: canonical JSON and a newline."""
        return canonical_json(self.model_dump(mode="json")) + "\n"

    def change(self, change_id: str) -> Change:
        """The change of that id. Raises KeyError."""
        return self._by_id[change_id]

    @cached_property
    def _by_id(self) -> dict[str, Change]:
        return {change.id: change for change in self.changes}

    def count(self) -> dict[Action, int]:
        """How many steps of each action (a change without steps counts once)."""
        counts: dict[Action, int] = {}
        for change in self.changes:
            for action in [step.action for step in change.steps] or [change.action]:
                counts[action] = counts.get(action, 0) + 1
        return counts


class Draft(Noun):
    """What a job hands the engine: the engine adds who, when, and from what, and makes it a Plan."""

    changes: tuple[Change, ...] = ()
    waves: tuple[Wave, ...] = ()
    findings: tuple[Finding, ...] = ()
    left_alone: tuple[str, ...] = ()
    """Targets that need a change and get none; the findings say why."""


class Outcome(Noun):
    """What one apply or undo of a change did: a line for people and the evidence for the journal."""

    summary: str
    evidence: JsonObject = Field(default_factory=dict)
