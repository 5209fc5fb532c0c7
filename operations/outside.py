"""Changes that another engine makes with our resources: what a plan must pass before, and what is written down. Makes none."""

from __future__ import annotations

from datetime import datetime

from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import ApprovalKind
from yunwang.journal.store import Journal
from yunwang.operations import approval, gate
from yunwang.operations.approval import Person
from yunwang.operations.job import Job, Say
from yunwang.operations.terms import Terms


def admit(plan: Plan, job: Job, workspace: Workspace, journal: Journal, person: Person, now: datetime, say: Say) -> None:
    """All that our engine asks before it applies a plan, but for the look at the targets, which the other engine takes itself.

    Raises Refused.
    """
    gate.unapplied(plan, journal)
    gate.admit(plan, workspace, Terms(), now)
    approval.vouch(plan, workspace, journal, person, now, ApprovalKind.APPLY)
    gate.admit_again(plan, job, workspace, journal, person.name, now, ApprovalKind.APPLY, say)


def record(plan: Plan, journal: Journal, person: Person, host: str, target: str, what: str) -> None:
    """What is about to be done outside of a run goes into the audit before it is done."""
    journal.audit.append(
        "outside.step", operator=person.name, host=host, command=person.command, plan_digest=plan.digest, target=target, result=what
    )
