"""Ask the targets of a plan what they would say to it. Changes nothing, records nothing, leases nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Change, Outcome, Plan
from yunwang.inventories.verdict import Refused, Verdict
from yunwang.operations.job import Job, Rehearses

PARALLEL = 8


def rehearse(job: Job, plan: Plan) -> tuple[tuple[Change, Outcome | Finding], ...]:
    """Each change in the plan's order, with what its target said, or why it would fail. Raises Refused."""
    if not isinstance(job, Rehearses):
        raise Refused(f"{plan.title} has no dry run", remedy="its plan is all that can be known before")
    changes = [plan.change(one) for wave in plan.waves for one in wave.changes]

    def ask(change: Change) -> Outcome | Finding:
        try:
            return job.rehearse(change)
        except Verdict as verdict:
            return Finding(
                code="would-fail", severity=Severity.ERROR, message=verdict.message, remedy=verdict.remedy, target=change.target
            )

    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="rehearse") as pool:
        return tuple(zip(changes, pool.map(ask, changes), strict=True))
